/* texts.c: str() of the graph's objects whose name is not enough. */
#include "config.h"

#include "peering/text.h"

void text_put(struct val v, struct sbuf *out) {
	if (v.type == V_STR)
		sb_mem(out, v.u.s, v.len);
	else if (v.type == V_INT)
		sb_int(out, v.u.i);
}

bool text_as(struct gobj *o, struct sbuf *out, struct err *e) {
	(void)e;
	sb_str(out, "AS");
	text_put(o->v[AS_ASN], out);
	sb_str(out, " - ");
	text_put(o->v[AS_NAME], out);
	return true;
}

bool text_connection(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *ixp, *router;

	if (!gobj_ref(o, CONNECTION_IXP, &ixp, e) || !gobj_ref(o, CONNECTION_ROUTER, &router, e))
		return false;
	if (ixp == NULL && router == NULL) {
		sb_fmt(out, "Connection #%lld", (long long)o->id);
		return true;
	}
	if (ixp != NULL)
		text_put(ixp->v[IXP_NAME], out);
	if (ixp != NULL && router != NULL)
		sb_str(out, " on ");
	if (router != NULL) {
		text_put(router->v[ROUTER_NAME], out);
		if (o->v[CONNECTION_INTERFACE].len > 0) {
			sb_chr(out, ' ');
			text_put(o->v[CONNECTION_INTERFACE], out);
		}
	}
	return true;
}

bool text_session(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *of = NULL, *as;
	struct addr addr = gobj_addr(o, SESSION_IP);
	char text[ADDR_TEXT_MAX];

	if (!gobj_ref(o, o->table == T_DIRECT ? DIRECT_RELATIONSHIP : IX_CONNECTION, &of, e) || !gobj_ref(o, SESSION_AS, &as, e))
		return false;
	if (of != NULL && o->table == T_IX && !gobj_ref(of, CONNECTION_IXP, &of, e))
		return false;
	if (of != NULL) {
		text_put(of->v[NAMED_NAME], out);
		sb_str(out, " - ");
	}
	sb_str(out, "AS");
	if (as != NULL)
		text_put(as->v[AS_ASN], out);
	sb_fmt(out, " - IP %s", addr_text(&addr, ADDR_HOST, text));
	if (o->table == T_DIRECT)
		sb_fmt(out, "/%u", addr.plen);
	return true;
}

bool text_assignment(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *other;

	if (!gobj_ref(o, ASSIGNMENT_OTHER, &other, e))
		return false;
	return other == NULL || gobj_text(other, out, e);
}

/* The objects that two columns point at with words between them. */
static bool text_two(struct gobj *o, int first, const char *between, int second, struct sbuf *out, struct err *e) {
	struct gobj *x, *y;

	if (!gobj_ref(o, first, &x, e) || !gobj_ref(o, second, &y, e) || (x != NULL && !gobj_text(x, out, e)))
		return false;
	sb_str(out, between);
	return y == NULL || gobj_text(y, out, e);
}

bool text_netixlan(struct gobj *o, struct sbuf *out, struct err *e) {
	return text_two(o, NETIXLAN_NET, " on ", NETIXLAN_IXLAN, out, e);
}

bool text_netfac(struct gobj *o, struct sbuf *out, struct err *e) {
	return text_two(o, NETFAC_NET, " at ", NETFAC_FAC, out, e);
}

bool text_ixfac(struct gobj *o, struct sbuf *out, struct err *e) {
	return text_two(o, IXFAC_IX, " at ", IXFAC_FAC, out, e);
}

bool text_carrierfac(struct gobj *o, struct sbuf *out, struct err *e) {
	return text_two(o, CARRIERFAC_CARRIER, " @ ", CARRIERFAC_FAC, out, e);
}

bool text_ixlan(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *ix;

	if (!gobj_ref(o, IXLAN_IX, &ix, e) || (ix != NULL && !gobj_text(ix, out, e)))
		return false;
	if (o->v[IXLAN_NAME].type == V_STR && o->v[IXLAN_NAME].len > 0) {
		sb_str(out, " - ");
		text_put(o->v[IXLAN_NAME], out);
	}
	return true;
}

bool text_ixlan_prefix(struct gobj *o, struct sbuf *out, struct err *e) {
	struct addr addr = gobj_addr(o, IXLAN_PREFIX_PREFIX);
	char text[ADDR_TEXT_MAX];
	struct gobj *ixlan;

	if (!gobj_ref(o, IXLAN_PREFIX_IXLAN, &ixlan, e) || (ixlan != NULL && !gobj_text(ixlan, out, e)))
		return false;
	sb_fmt(out, " - %s/%u", addr_text(&addr, ADDR_HOST, text), addr.plen);
	return true;
}

bool text_poc(struct gobj *o, struct sbuf *out, struct err *e) {
	(void)e;
	text_put(o->v[POC_NAME], out);
	if (o->v[POC_EMAIL].type == V_STR && o->v[POC_EMAIL].len > 0) {
		sb_str(out, " <");
		text_put(o->v[POC_EMAIL], out);
		sb_chr(out, '>');
	}
	return true;
}

/* What PeeringDB has no more is named by the number that it had. */
static bool text_hidden(struct gobj *o, int column, int copy, const char *what, struct sbuf *out, struct err *e) {
	struct gobj *x;

	if (!gobj_ref(o, column, &x, e))
		return false;
	if (x != NULL)
		return gobj_text(x, out, e);
	sb_str(out, what);
	text_put(o->v[copy], out);
	return true;
}

bool text_hidden_peer(struct gobj *o, struct sbuf *out, struct err *e) {
	if (!text_hidden(o, HIDDEN_NET, HIDDEN_NET_COPY, "Network ID ", out, e))
		return false;
	sb_str(out, " hidden on ");
	return text_hidden(o, HIDDEN_IXLAN, HIDDEN_IXLAN_COPY, "IX LAN ID ", out, e);
}

bool text_tagged_item(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *to;

	if (!graph_object(o->g, o->v[ASSIGNMENT_KEY].u.i, &to, e) || (to != NULL && !gobj_text(to, out, e)))
		return false;
	sb_str(out, " tagged with ");
	return text_assignment(o, out, e);
}

bool text_journal(struct gobj *o, struct sbuf *out, struct err *e) {
	struct val created, kind;

	if (!gobj_attr(o, "created", 7, &created, e) || !gobj_attr(o, "kind", 4, &kind, e))
		return false;
	if (created.type == V_OBJ && !created.u.obj->class->text(created.u.obj, out, e))
		return false;
	sb_fmt(out, " (%s)", val_cstr(kind, ""));
	return true;
}

bool text_data_file(struct gobj *o, struct sbuf *out, struct err *e) {
	(void)e;
	text_put(o->v[DATA_FILE_PATH], out);
	return true;
}
