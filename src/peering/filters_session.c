/* filters_session.c: filters that find sessions, and filters of a session. */
#include "config.h"

#include <stdio.h>

#include "peering/filters.h"

static bool filter_status(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);

	if (o == NULL)
		return filter_fail(c, "AttributeError", "value has no status property");
	return inherited_status(o, out, c->e);
}

static bool max_prefix(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]), *as;

	if (o == NULL || !gobj_is_session(o))
		return filter_fail(c, "AttributeError", "value is not a bgp session");
	if (!gobj_ref(o, SESSION_AS, &as, c->e))
		return false;
	*out = as == NULL ? val_null() : as->v[session_family(o) == 6 ? AS_MAX6 : AS_MAX4];
	return true;
}

static bool push_address(struct call *c, struct list *l, struct gobj *connection, int column) {
	struct val v;

	if (!gobj_slot_get(connection, SLOT_COLUMN + column, c->a, &v, c->e))
		return false;
	if (!val_is_null(v))
		list_push(l, v);
	return true;
}

static bool ixp_local_ips(struct call *c, struct gobj *ixp, int family, struct val *out) {
	struct gset *s;
	struct list *l;
	size_t i;

	if (!gobj_reverse(ixp, T_CONNECTION, CONNECTION_IXP, &s, c->e))
		return false;
	l = list_new(c->a, 2 * s->n);
	for (i = 0; i < s->n; i++) {
		if ((family != 6 && !push_address(c, l, s->o[i], CONNECTION_IPV4)) ||
		    (family != 4 && !push_address(c, l, s->o[i], CONNECTION_IPV6)))
			return false;
	}
	*out = val_list(l);
	return true;
}

static bool local_ips(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]), *connection;

	*out = val_null();
	if (o == NULL)
		return true;
	if (o->table == T_DIRECT)
		return gobj_slot_get(o, SLOT_COLUMN + DIRECT_LOCAL_IP, c->a, out, c->e);
	if (o->table == T_IXP)
		return ixp_local_ips(c, o, filter_int(c, 0, 0), out);
	if (o->table != T_IX)
		return true;
	if (!gobj_ref(o, IX_CONNECTION, &connection, c->e))
		return false;
	return connection == NULL ||
	    gobj_slot_get(connection, SLOT_COLUMN + (session_family(o) == 6 ? CONNECTION_IPV6 : CONNECTION_IPV4), c->a, out, c->e);
}

static bool no_sessions(struct call *c, const char *kind) {
	struct sbuf b;

	sb_init(&b, c->a);
	if (!tmpl_text(c, c->args[0], &b))
		return false;
	return err_kind(c->e, ERR_TEMPLATE, "AttributeError", "%.200s has no %s peering sessions, try `sessions`", b.s, kind);
}

static bool direct_sessions(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]), *group = val_gobj(filter_arg(c, 1, val_null()), T_GROUP);
	int family = filter_int(c, 0, 0);
	struct gset *s, *r;
	size_t i;

	if (o == NULL || (o->table != T_AS && o->table != T_ROUTER))
		return no_sessions(c, "direct");
	if (!gobj_reverse(o, T_DIRECT, o->table == T_AS ? (int)SESSION_AS : (int)DIRECT_ROUTER, &s, c->e))
		return false;
	r = gset_new(s->g, T_DIRECT, s->n);
	for (i = 0; i < s->n; i++) {
		struct val g = s->o[i]->v[DIRECT_GROUP];

		if ((group == NULL || (g.type == V_INT && g.u.i == group->id)) && (family == 0 || session_family(s->o[i]) == family))
			gset_push(r, s->o[i]);
	}
	return filter_give(out, r);
}

static bool ixp_sessions(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]), *ixp = val_gobj(filter_arg(c, 1, val_null()), T_IXP);
	struct gset *s;

	if (o == NULL || (o->table != T_AS && o->table != T_ROUTER))
		return no_sessions(c, "IX");
	if (!(o->table == T_AS ? gobj_reverse(o, T_IX, SESSION_AS, &s, c->e) : router_ixp_sessions(o, &s, c->e)))
		return false;
	if (ixp != NULL && !sessions_at(s, ixp, &s, c->e))
		return false;
	return filter_give(out, sessions_family(s, filter_int(c, 0, 0)));
}

static bool sessions(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	struct gset *s;

	if (o == NULL || (o->table != T_GROUP && o->table != T_IXP))
		return filter_fail(c, "AttributeError", "value has no peering sessions, try `direct_sessions` or `ixp_sessions`");
	if (!(o->table == T_GROUP ? gobj_reverse(o, T_DIRECT, DIRECT_GROUP, &s, c->e) : ixp_sessions_all(o, &s, c->e)))
		return false;
	return filter_give(out, sessions_family(s, filter_int(c, 0, 0)));
}

static bool route_server(struct call *c, struct val *out) {
	struct gobj *o = val_gobj(c->args[0], T_IXP);
	struct gset *s, *r;
	size_t i;

	if (o == NULL)
		return filter_fail(c, "AttributeError", "value is not an internet exchange");
	if (!ixp_sessions_all(o, &s, c->e))
		return false;
	r = gset_new(s->g, T_IX, s->n);
	for (i = 0; i < s->n; i++) {
		if (s->o[i]->v[IX_ROUTE_SERVER].type == V_BOOL && s->o[i]->v[IX_ROUTE_SERVER].u.b)
			gset_push(r, s->o[i]);
	}
	return filter_give(out, sessions_family(r, filter_int(c, 0, 0)));
}

const struct tmpl_def filters_session[] = {
	{ "direct_sessions", direct_sessions, 0, 2, "family=0, group=none", "The direct sessions of a router or an autonomous system",
	  "{% for s in router | direct_sessions(6, group) %}" },
	{ "inherited_status", filter_status, 0, 0, "", "The status of an object, or the one that what it belongs to imposes on it",
	  "{{ session | inherited_status }}" },
	{ "ixp_sessions", ixp_sessions, 0, 2, "family=0, ixp=none", "The exchange sessions of a router or an autonomous system",
	  "{% for s in router | ixp_sessions(family=4, ixp=ixp) %}" },
	{ "local_ips", local_ips, 0, 1, "family=0", "Our address of a session, or our addresses at an exchange", "{{ session | local_ips }}" },
	{ "max_prefix", max_prefix, 0, 0, "", "How many prefixes the session's autonomous system may announce in the session's family",
	  "maximum-prefix {{ session | max_prefix }}" },
	{ "route_server", route_server, 0, 1, "family=0", "The sessions with an exchange's route servers", "{% for s in ixp | route_server %}" },
	{ "sessions", sessions, 0, 1, "family=0", "All sessions of a group or an exchange, on every router", "{% for s in ixp | sessions %}" },
	{ .name = NULL },
};
