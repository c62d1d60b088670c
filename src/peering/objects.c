/* objects.c: rows of the graph as template objects: attributes, str(), equality. */
#include "config.h"

#include <stdio.h>

#include "base/seal.h"
#include "peering/text.h"
#include "peering/values.h"

enum { ARGS_MAX = 4 };

static bool same(const char *name, size_t n, const char *other) {
	return strlen(other) == n && memcmp(name, other, n) == 0;
}

static int find_column(const struct gtable *gt, const char *name, size_t len) {
	size_t c;

	for (c = 0; c < gt->ncolumns; c++) {
		const struct column *col = &gt->columns[c];
		size_t n = strlen(col->name);

		if (col->kind == K_HIDDEN || n < len || memcmp(col->name, name, len) != 0)
			continue;
		if (n == len)
			return SLOT_COLUMN + (int)c;
		if (col->kind == K_REF && n == len + 3)
			return SLOT_REF + (int)c;
	}
	return -1;
}

static int find_label(const struct gtable *gt, const char *name, size_t len) {
	static const char before[] = "get_", after[] = "_display";
	size_t extra = sizeof(before) - 1 + sizeof(after) - 1, c;

	if (len <= extra || memcmp(name, before, sizeof(before) - 1) != 0 ||
	    memcmp(name + len - (sizeof(after) - 1), after, sizeof(after) - 1) != 0)
		return -1;
	for (c = 0; c < gt->ncolumns; c++) {
		if (gt->columns[c].kind == K_CHOICE && same(name + sizeof(before) - 1, len - extra, gt->columns[c].name))
			return SLOT_LABEL + (int)c;
	}
	return -1;
}

int gobj_slot(enum table_id t, const char *name, size_t len) {
	const struct gtable *gt = &gtables[t];
	int slot, i;

	if (same(name, len, "pk"))
		return SLOT_COLUMN + COL_ID;
	slot = find_column(gt, name, len);
	for (i = 0; slot < 0 && gt->attrs[i].name != NULL; i++) {
		if (same(name, len, gt->attrs[i].name))
			slot = SLOT_ATTR + i;
	}
	return slot >= 0 ? slot : find_label(gt, name, len);
}

/* A column's value as templates see it; what was made once is kept in the row. */
static bool column_value(struct gobj *o, int column, struct val *out, struct err *e) {
	struct val *v = &o->v[column];
	struct addr addr;

	if (v->type == V_STR) {
		switch (gtables[o->table].columns[column].kind) {
		case K_HOST:
		case K_IFACE:
		case K_NET:
			if (addr_parse(v->u.s, v->len, &addr))
				*v = addr_val(o->g->a, addr, gtables[o->table].columns[column].kind == K_HOST ? ADDR_ADDRESS :
				    gtables[o->table].columns[column].kind == K_NET ? ADDR_NETWORK : ADDR_INTERFACE);
			break;
		case K_TIME:
			*v = time_val(o->g->a, v->u.s);
			break;
		case K_SECRET:
			if (seal_is_sealed(v->u.s)) {
				const char *clear;

				if (o->g->seal == NULL)
					return err_set(e, ERR_INTERNAL, NULL, "secret_file is not set: the key of a session is sealed");
				if (!unseal_text(o->g->seal, o->g->a, v->u.s, &clear, e))
					return false;
				*v = val_str(clear);
			}
			break;
		case K_PLAIN:
		case K_REF:
		case K_MAC:
		case K_CHOICE:
		case K_HIDDEN:
			break;
		}
	}
	*out = *v;
	return true;
}

/* ---- methods */

struct method_obj {
	struct obj obj;
	struct gobj *self;
	const struct attr *attr;
	int column;             /* of a label, when attr is NULL */
};

static bool label_of(struct gobj *o, int column, struct arena *a, struct val *out) {
	const struct choice *c;
	struct val v = o->v[column];
	const char *value = v.type == V_INT ? arena_printf(a, "%lld", (long long)v.u.i) : val_cstr(v, NULL);

	*out = v;
	for (c = gtables[o->table].columns[column].choices; value != NULL && c->value != NULL; c++) {
		if (strcmp(c->value, value) == 0)
			*out = val_str(c->label);
	}
	return true;
}

static bool method_call(struct obj *obj, struct call *c, struct val *out) {
	struct method_obj *m = (struct method_obj *)obj;
	struct val args[ARGS_MAX];
	struct call bound = *c;

	if (m->attr == NULL)
		return label_of(m->self, m->column, c->a, out);
	if (!call_bind(c, m->attr->name, m->attr->params, args, ARGS_MAX))
		return false;
	bound.args = args;
	bound.nargs = ARGS_MAX;
	bound.nkw = 0;
	return m->attr->method(m->self, &bound, out);
}

static bool method_text(struct obj *obj, struct sbuf *out, struct err *e) {
	struct method_obj *m = (struct method_obj *)obj;

	(void)e;
	sb_fmt(out, "<bound method %s.%s>", gtables[m->self->table].class_name, m->attr == NULL ? "get_display" : m->attr->name);
	return true;
}

static const struct obj_class gmethod_class = { .name = "method", .call = method_call, .text = method_text };

static struct val method_new(struct arena *a, struct gobj *self, const struct attr *attr, int column) {
	struct method_obj *m = arena_new(a, struct method_obj, 1);

	*m = (struct method_obj){ { &gmethod_class }, self, attr, column };
	return val_obj(&m->obj);
}

/* ---- attributes */

static bool attr_value(struct gobj *o, const struct attr *x, struct arena *a, struct val *out, struct err *e) {
	struct gset *s = NULL;
	bool ok = true;

	switch (x->kind) {
	case ATTR_LINK: ok = gobj_linked(o, x->link, &s, e); break;
	case ATTR_LINKED: ok = gobj_linked_from(o, x->table, x->link, &s, e); break;
	case ATTR_REVERSE: ok = gobj_reverse(o, x->table, x->column, &s, e); break;
	case ATTR_ASSIGNED: ok = gobj_assigned(o, x->table, &s, e); break;
	case ATTR_PROPERTY: return x->property(o, out, e);
	case ATTR_METHOD:
		*out = method_new(a, o, x, -1);
		return true;
	}
	if (ok)
		*out = gset_val(s);
	return ok;
}

bool gobj_slot_get(struct gobj *o, int slot, struct arena *a, struct val *out, struct err *e) {
	struct gobj *ref;

	if (slot >= SLOT_ATTR)
		return attr_value(o, &gtables[o->table].attrs[slot - SLOT_ATTR], a, out, e);
	if (slot >= SLOT_LABEL) {
		*out = method_new(a, o, NULL, slot - SLOT_LABEL);
		return true;
	}
	if (slot >= SLOT_REF) {
		if (!gobj_ref(o, slot - SLOT_REF, &ref, e))
			return false;
		*out = gobj_val(ref);
		return true;
	}
	return column_value(o, slot, out, e);
}

bool gobj_attr(struct gobj *o, const char *name, size_t len, struct val *out, struct err *e) {
	int slot = gobj_slot((enum table_id)o->table, name, len);

	*out = val_undef();
	return slot < 0 || gobj_slot_get(o, slot, o->g->a, out, e);
}

struct addr gobj_addr(const struct gobj *o, int column) {
	struct addr a = { .family = 0 };
	enum addr_kind kind;

	if (!val_addr(o->v[column], &a, &kind))
		a.family = 0;
	return a;
}

/* ---- str() */

static void put_text(struct val v, struct sbuf *out) {
	if (v.type == V_STR)
		sb_mem(out, v.u.s, v.len);
	else if (v.type == V_INT)
		sb_int(out, v.u.i);
}

bool text_as(struct gobj *o, struct sbuf *out, struct err *e) {
	(void)e;
	sb_str(out, "AS");
	put_text(o->v[AS_ASN], out);
	sb_str(out, " - ");
	put_text(o->v[AS_NAME], out);
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
		put_text(ixp->v[IXP_NAME], out);
	if (ixp != NULL && router != NULL)
		sb_str(out, " on ");
	if (router != NULL) {
		put_text(router->v[ROUTER_NAME], out);
		if (o->v[CONNECTION_INTERFACE].len > 0) {
			sb_chr(out, ' ');
			put_text(o->v[CONNECTION_INTERFACE], out);
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
		put_text(of->v[NAMED_NAME], out);
		sb_str(out, " - ");
	}
	sb_str(out, "AS");
	if (as != NULL)
		put_text(as->v[AS_ASN], out);
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

bool text_netixlan(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *net, *ixlan;

	if (!gobj_ref(o, NETIXLAN_NET, &net, e) || !gobj_ref(o, NETIXLAN_IXLAN, &ixlan, e))
		return false;
	if (net != NULL && !gobj_text(net, out, e))
		return false;
	sb_str(out, " on ");
	return ixlan == NULL || gobj_text(ixlan, out, e);
}

bool text_ixlan(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *ix;

	if (o->v[IXLAN_NAME].type == V_STR && o->v[IXLAN_NAME].len > 0) {
		put_text(o->v[IXLAN_NAME], out);
		return true;
	}
	if (!gobj_ref(o, IXLAN_IX, &ix, e))
		return false;
	return ix == NULL || gobj_text(ix, out, e);
}

bool text_ixlan_prefix(struct gobj *o, struct sbuf *out, struct err *e) {
	struct addr addr = gobj_addr(o, IXLAN_PREFIX_PREFIX);
	char text[ADDR_TEXT_MAX];

	(void)e;
	sb_fmt(out, "%s/%u", addr_text(&addr, ADDR_HOST, text), addr.plen);
	return true;
}

bool text_netfac(struct gobj *o, struct sbuf *out, struct err *e) {
	struct gobj *net, *fac;

	if (!gobj_ref(o, NETFAC_NET, &net, e) || !gobj_ref(o, NETFAC_FAC, &fac, e))
		return false;
	if (net != NULL && !gobj_text(net, out, e))
		return false;
	sb_str(out, " @ ");
	return fac == NULL || gobj_text(fac, out, e);
}

bool gobj_text(struct gobj *o, struct sbuf *out, struct err *e) {
	const struct gtable *gt = &gtables[o->table];
	size_t c;

	if (gt->text != NULL)
		return gt->text(o, out, e);
	for (c = 0; c < gt->ncolumns; c++) {
		if (strcmp(gt->columns[c].name, "name") == 0)
			put_text(o->v[c], out);
	}
	return true;
}

/* ---- the class of each table */

static int class_find(const struct obj *obj, const char *name, size_t len) {
	return gobj_slot((enum table_id)((const struct gobj *)obj)->table, name, len);
}

static void class_names(const struct obj *obj, struct map *to) {
	const struct gtable *gt = &gtables[((const struct gobj *)obj)->table];
	size_t i;

	for (i = 0; i < gt->ncolumns; i++) {
		const struct column *col = &gt->columns[i];

		if (col->kind == K_REF)         /* "router_id", and what it points at as "router" */
			map_set(to, arena_strndup(to->keys->a, col->name, strlen(col->name) - 3), val_null());
		if (col->kind != K_HIDDEN)
			map_set(to, col->name, val_null());
	}
	for (i = 0; gt->attrs[i].name != NULL; i++)
		map_set(to, gt->attrs[i].name, val_null());
}

static bool class_get(struct obj *obj, int slot, struct arena *a, struct val *out, struct err *e) {
	return gobj_slot_get((struct gobj *)obj, slot, a, out, e);
}

static bool class_text(struct obj *obj, struct sbuf *out, struct err *e) {
	return gobj_text((struct gobj *)obj, out, e);
}

static bool class_repr(struct obj *obj, struct sbuf *out, struct err *e) {
	sb_fmt(out, "<%s: ", obj->class->name);
	if (!class_text(obj, out, e))
		return false;
	sb_chr(out, '>');
	return true;
}

#define GCLASS(python) \
	{ .name = (python), .find = class_find, .names = class_names, .get = class_get, .text = class_text, .repr = class_repr }

const struct obj_class gclasses[T__COUNT] = {
	[T_ROUTER] = GCLASS("Router"), [T_PLATFORM] = GCLASS("Platform"), [T_CONFIGURATION] = GCLASS("Configuration"),
	[T_AS] = GCLASS("AutonomousSystem"), [T_GROUP] = GCLASS("BGPGroup"), [T_IXP] = GCLASS("InternetExchange"),
	[T_CONNECTION] = GCLASS("Connection"), [T_DIRECT] = GCLASS("DirectPeeringSession"),
	[T_IX] = GCLASS("InternetExchangePeeringSession"), [T_POLICY] = GCLASS("RoutingPolicy"), [T_COMMUNITY] = GCLASS("Community"),
	[T_RELATIONSHIP] = GCLASS("Relationship"), [T_BFD] = GCLASS("BFD"), [T_TAG] = GCLASS("Tag"),
	[T_CONTEXT] = GCLASS("ConfigContext"), [T_CONTEXT_ASSIGNMENT] = GCLASS("ConfigContextAssignment"),
	[T_CONTACT] = GCLASS("Contact"), [T_ROLE] = GCLASS("ContactRole"), [T_CONTACT_ASSIGNMENT] = GCLASS("ContactAssignment"),
	[T_NETWORK] = GCLASS("Network"), [T_NETIXLAN] = GCLASS("NetworkIXLan"), [T_IXLAN] = GCLASS("IXLan"),
	[T_IXLAN_PREFIX] = GCLASS("IXLanPrefix"), [T_PDB_IX] = GCLASS("InternetExchange"), [T_NETFAC] = GCLASS("NetworkFacility"),
	[T_FACILITY] = GCLASS("Facility"), [T_POC] = GCLASS("NetworkContact"),
};

struct gobj *val_any_gobj(struct val v) {
	if (v.type != V_OBJ || v.u.obj->class < gclasses || v.u.obj->class >= gclasses + T__COUNT)
		return NULL;
	return (struct gobj *)v.u.obj;
}

struct gobj *val_gobj(struct val v, enum table_id t) {
	return v.type == V_OBJ && v.u.obj->class == &gclasses[t] ? (struct gobj *)v.u.obj : NULL;
}
