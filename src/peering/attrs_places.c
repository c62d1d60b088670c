/* attrs_places.c: derived attributes and methods of groups, exchanges, connections and routers. */
#include "config.h"

#include <stdlib.h>

#include "db/queries.h"
#include "peering/attrs.h"
#include "peering/rules.h"
#include "peering/values.h"

static bool give(struct val *out, struct gset *s) {
	*out = gset_val(s);
	return true;
}

static bool is_true(struct val v) {
	return v.type == V_BOOL && v.u.b;
}

static bool optional(struct call *c, enum table_id t, struct gobj **out) {
	*out = val_gobj(c->args[0], t);
	if (*out == NULL && !val_is_null(c->args[0]))
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "the argument must be a %s", gtables[t].class_name);
	return true;
}

/* Those that point at `to` through a column; all when it is NULL. */
static struct gset *only(struct gset *s, int column, const struct gobj *to) {
	struct gset *r;
	size_t i;

	if (to == NULL)
		return s;
	r = gset_new(s->g, s->table, s->n);
	for (i = 0; i < s->n; i++) {
		if (s->o[i]->v[column].type == V_INT && s->o[i]->v[column].u.i == to->id)
			gset_push(r, s->o[i]);
	}
	return r;
}

/* ---- groups */

bool attr_group_sessions(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return gobj_reverse(o, T_DIRECT, DIRECT_GROUP, &s, c->e) && give(out, s);
}

bool attr_group_routers(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return gobj_reverse(o, T_DIRECT, DIRECT_GROUP, &s, c->e) && gset_refs(s, DIRECT_ROUTER, &s, c->e) && give(out, s);
}

bool attr_group_pollable(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	size_t i;
	bool any = false, usable;

	if (!gobj_reverse(o, T_DIRECT, DIRECT_GROUP, &s, c->e) || !gset_refs(s, DIRECT_ROUTER, &s, c->e))
		return false;
	for (i = 0; i < s->n; i++) {
		if (!router_usable(s->o[i], &usable, c->e))
			return false;
		any |= usable && is_true(s->o[i]->v[ROUTER_POLL]);
	}
	*out = val_bool(any);
	return true;
}

/* ---- exchanges */

bool attr_ixp_linked(struct gobj *o, struct val *out, struct err *e) {
	(void)e;
	*out = val_bool(o->v[IXP_IXLAN].type == V_INT);
	return true;
}

bool attr_ixp_has_routers(struct gobj *o, struct val *out, struct err *e) {
	struct gset *s;

	if (!gobj_reverse(o, T_CONNECTION, CONNECTION_IXP, &s, e) || !gset_refs(s, CONNECTION_ROUTER, &s, e))
		return false;
	*out = val_bool(s->n > 0);
	return true;
}

bool attr_ixp_prefixes(struct gobj *o, struct val *out, struct err *e) {
	return ixp_prefixes(o, out, e);
}

bool attr_ixp_get_prefixes(struct gobj *o, struct call *c, struct val *out) {
	int64_t family = c->args[0].type == V_INT ? c->args[0].u.i : 0;
	struct gobj *ixlan;
	struct gset *s, *r = gset_new(o->g, T_IXLAN_PREFIX, 0);
	size_t i;

	if (!gobj_ref(o, IXP_IXLAN, &ixlan, c->e))
		return false;
	if (ixlan != NULL) {
		if (!gobj_reverse(ixlan, T_IXLAN_PREFIX, IXLAN_PREFIX_IXLAN, &s, c->e))
			return false;
		r = gset_new(o->g, T_IXLAN_PREFIX, s->n);
		for (i = 0; i < s->n; i++) {
			if (family == 0 || gobj_addr(s->o[i], IXLAN_PREFIX_PREFIX).family == family)
				gset_push(r, s->o[i]);
		}
	}
	return give(out, r);
}

bool attr_ixp_connections(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return gobj_reverse(o, T_CONNECTION, CONNECTION_IXP, &s, c->e) && give(out, s);
}

bool attr_ixp_routers(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return gobj_reverse(o, T_CONNECTION, CONNECTION_IXP, &s, c->e) && gset_refs(s, CONNECTION_ROUTER, &s, c->e) && give(out, s);
}

bool attr_ixp_sessions(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return ixp_sessions_all(o, &s, c->e) && give(out, s);
}

/* One statement an exchange, beside those that read every port at our exchanges. */
bool attr_ixp_available_peers(struct gobj *o, struct call *c, struct val *out) {
	struct val params[2] = { val_int(o->id), val_bool(is_true(c->args[0])) };
	struct gset *s;
	struct result q;

	if (!db_named(o->g->db, o->g->a, Q_RENDER_AVAILABLE_PEERS, params, &q, c->e) || !graph_need(o->g, T_NETIXLAN, REACH_EXCHANGES, c->e))
		return false;
	s = gset_new(o->g, T_NETIXLAN, q.n);
	for (size_t i = 0; i < q.n; i++) {
		struct gobj *port;

		if (!graph_find(o->g, T_NETIXLAN, result_at(&q, i, 0).u.i, &port, c->e))
			return false;
		if (port != NULL)
			gset_push(s, port);
	}
	gset_sort(s);
	return give(out, s);
}

/* Those that are hidden now. */
bool attr_ixp_hidden_peers(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s = gset_new(o->g, T_HIDDEN_PEER, 0);
	struct gobj *ixlan;
	size_t n = 0;

	if (!gobj_ref(o, IXP_IXLAN, &ixlan, c->e) || (ixlan != NULL && !gobj_reverse(ixlan, T_HIDDEN_PEER, HIDDEN_IXLAN, &s, c->e)))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		if (!is_true(s->o[i]->v[HIDDEN_EXPIRED]))
			s->o[n++] = s->o[i];
	}
	s->n = n;
	return give(out, s);
}

bool attr_ixp_autonomous_systems(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return ixp_sessions_all(o, &s, c->e) && gset_refs(s, SESSION_AS, &s, c->e) && give(out, s);
}

/* ---- connections, communities, relationships */

bool attr_connection_name(struct gobj *o, struct val *out, struct err *e) {
	struct sbuf b;

	sb_init(&b, o->g->a);
	if (!gobj_text(o, &b, e))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}

bool attr_connection_linked(struct gobj *o, struct val *out, struct err *e) {
	(void)e;
	*out = val_bool(o->v[CONNECTION_NETIXLAN].type == V_INT);
	return true;
}

bool attr_community_kind(struct gobj *o, struct val *out, struct err *e) {
	static const char *const kinds[] = { [COMMUNITY_INVALID] = NULL, [COMMUNITY_STANDARD] = "standard", [COMMUNITY_EXTENDED] = "extended",
		[COMMUNITY_LARGE] = "large" };

	(void)e;
	*out = val_str_or_null(kinds[community_kind(val_cstr(o->v[COMMUNITY_VALUE], ""))]);
	return true;
}

/* The name on its colour, in black or white, whichever can be read. */
bool attr_relationship_html(struct gobj *o, struct call *c, struct val *out) {
	const char *color = val_cstr(o->v[NAMED_COLOR], "9e9e9e"), *name = val_cstr(o->v[NAMED_NAME], "");
	unsigned long rgb = strtoul(color, NULL, 16);
	double light = 0.299 * (double)(rgb >> 16 & 255) + 0.587 * (double)(rgb >> 8 & 255) + 0.114 * (double)(rgb & 255);
	struct sbuf b;

	sb_init(&b, c->a);
	sb_fmt(&b, "<span class=\"badge\" style=\"color: %s; background-color: #", light > 186 ? "#000000" : "#ffffff");
	sb_html(&b, color, strlen(color));
	sb_str(&b, "\">");
	sb_html(&b, name, strlen(name));
	sb_str(&b, "</span>");
	*out = val_mem(b.s, b.len);
	out->flags = VF_SAFE;
	return true;
}

/* ---- routers */

bool attr_router_is_netbox(struct gobj *o, struct call *c, struct val *out) {
	(void)c;
	*out = val_bool(o->v[ROUTER_NETBOX].type == V_INT && o->v[ROUTER_NETBOX].u.i != 0);
	return true;
}

bool attr_router_usable(struct gobj *o, struct call *c, struct val *out) {
	bool usable;

	if (!router_usable(o, &usable, c->e))
		return false;
	*out = val_bool(usable);
	return true;
}

bool attr_router_groups(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return gobj_reverse(o, T_DIRECT, DIRECT_ROUTER, &s, c->e) && gset_refs(s, DIRECT_GROUP, &s, c->e) && give(out, s);
}

bool attr_router_connections(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *ixp;

	return optional(c, T_IXP, &ixp) && gobj_reverse(o, T_CONNECTION, CONNECTION_ROUTER, &s, c->e) &&
	    give(out, only(s, CONNECTION_IXP, ixp));
}

bool attr_router_ixps(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return router_ixps(o, &s, c->e) && give(out, s);
}

bool attr_router_direct_as(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *group;

	return optional(c, T_GROUP, &group) && gobj_reverse(o, T_DIRECT, DIRECT_ROUTER, &s, c->e) &&
	    gset_refs(only(s, DIRECT_GROUP, group), SESSION_AS, &s, c->e) && give(out, s);
}

bool attr_router_ixp_as(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *ixp;

	if (!optional(c, T_IXP, &ixp) || !router_ixp_sessions(o, &s, c->e) || (ixp != NULL && !sessions_at(s, ixp, &s, c->e)))
		return false;
	return gset_refs(s, SESSION_AS, &s, c->e) && give(out, s);
}

bool attr_router_as(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return router_autonomous_systems(o, &s, c->e) && give(out, s);
}

bool attr_router_direct_sessions(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *group;

	return optional(c, T_GROUP, &group) && gobj_reverse(o, T_DIRECT, DIRECT_ROUTER, &s, c->e) &&
	    give(out, only(s, DIRECT_GROUP, group));
}

bool attr_router_ixp_sessions(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *ixp;

	if (!optional(c, T_IXP, &ixp) || !router_ixp_sessions(o, &s, c->e))
		return false;
	return (ixp == NULL || sessions_at(s, ixp, &s, c->e)) && give(out, s);
}

bool attr_router_bfds(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return router_bfds(o, &s, c->e) && give(out, s);
}

bool attr_router_policies(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return router_policies(o, &s, c->e) && give(out, s);
}
