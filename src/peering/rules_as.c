/* rules_as.c: autonomous systems: what PeeringDB and the routing registries know of them, and where we meet them. */
#include "config.h"

#include <stdio.h>

#include "db/queries.h"
#include "peering/rules.h"
#include "peering/values.h"

bool as_is_private(const struct gobj *as) {
	return as->v[AS_ASN].type != V_INT || asn_is_private((uint32_t)as->v[AS_ASN].u.i);
}

bool network_of(struct gobj *o, struct gobj **out, struct err *e) {
	struct gset *s;

	*out = o->table == T_NETWORK ? o : NULL;
	/* Nobody has a private number in PeeringDB; but who says it is ours and has a row there means that row. */
	if (o->table == T_NETWORK || (as_is_private(o) && !(o->v[AS_AFFILIATED].type == V_BOOL && o->v[AS_AFFILIATED].u.b)))
		return true;
	if (!graph_need(o->g, T_NETWORK, o->in_scope ? REACH_SCOPE : REACH_ALL, e))
		return false;
	s = graph_with(o->g, T_NETWORK, NETWORK_ASN, o->v[AS_ASN].u.i);
	*out = s->n == 0 ? NULL : s->o[0];
	return true;
}

bool network_rows(struct gobj *o, enum table_id table, int column, struct gset **out, struct err *e) {
	struct gobj *net;

	if (!network_of(o, &net, e))
		return false;
	if (net == NULL) {
		*out = gset_new(o->g, table, 0);
		return true;
	}
	return gobj_reverse(net, table, column, out, e);
}

static bool has_number(struct gset *s, int column, struct val id) {
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->o[i]->v[column].type == V_INT && id.type == V_INT && s->o[i]->v[column].u.i == id.u.i)
			return true;
	}
	return false;
}

bool shared_ixps(struct gobj *one, struct gobj *other, struct gset **out, struct err *e) {
	struct gobj *local = other->table == T_AS ? other : one;
	struct gset *ixps, *x, *y, *r;
	size_t i;

	if (!network_rows(one, T_NETIXLAN, NETIXLAN_NET, &x, e) || !network_rows(other, T_NETIXLAN, NETIXLAN_NET, &y, e) || !graph_all(one->g, T_IXP, &ixps, e))
		return false;
	r = gset_new(one->g, T_IXP, ixps->n);
	for (i = 0; i < ixps->n && one != other; i++) {
		struct gobj *ixp = ixps->o[i];

		if (ixp->v[IXP_AS].type == V_INT && ixp->v[IXP_AS].u.i == local->id && has_number(x, NETIXLAN_IXLAN, ixp->v[IXP_IXLAN]) &&
		    has_number(y, NETIXLAN_IXLAN, ixp->v[IXP_IXLAN]))
			gset_push(r, ixp);
	}
	*out = r;
	return true;
}

static bool facilities_of(struct gobj *o, struct gset **out, struct err *e) {
	struct gset *links;

	return network_rows(o, T_NETFAC, NETFAC_NET, &links, e) && gset_refs(links, NETFAC_FAC, out, e);
}

bool shared_facilities(struct gobj *one, struct gobj *other, struct gset **out, struct err *e) {
	struct gset *x, *y, *r;
	size_t i;

	if (!facilities_of(one, &x, e) || !facilities_of(other, &y, e))
		return false;
	r = gset_new(one->g, T_FACILITY, x->n);
	for (i = 0; i < x->n && one != other; i++) {
		if (gset_has(y, x->o[i]))
			gset_push(r, x->o[i]);
	}
	*out = r;
	return true;
}

static bool any_session_with(struct gset *sessions, struct addr addr) {
	size_t i;

	for (i = 0; i < sessions->n; i++) {
		struct addr a = gobj_addr(sessions->o[i], SESSION_IP);

		if (a.family == addr.family && memcmp(a.b, addr.b, sizeof(a.b)) == 0)
			return true;
	}
	return false;
}

/* An address of PeeringDB's row that no session has. */
static bool lacks_session(struct gobj *netixlan, struct gset *sessions) {
	struct addr v6 = gobj_addr(netixlan, NETIXLAN_IPV6), v4 = gobj_addr(netixlan, NETIXLAN_IPV4);

	return (v6.family != 0 && !any_session_with(sessions, v6)) || (v4.family != 0 && !any_session_with(sessions, v4));
}

/* With a network that is not in the book: its rows on exchanges common to both, whatever sessions there are. */
static bool missing_with_network(struct gobj *one, struct gobj *other, struct gset **out, struct err *e) {
	struct gset *x, *y, *r, *theirs, *ours;
	size_t i;

	if (!network_rows(one, T_NETIXLAN, NETIXLAN_NET, &x, e) || !network_rows(other, T_NETIXLAN, NETIXLAN_NET, &y, e))
		return false;
	theirs = one->table == T_NETWORK ? x : y;
	ours = one->table == T_NETWORK ? y : x;
	r = gset_new(one->g, T_NETIXLAN, theirs->n);
	for (i = 0; i < theirs->n; i++) {
		if (has_number(ours, NETIXLAN_IXLAN, theirs->o[i]->v[NETIXLAN_IXLAN]))
			gset_push(r, theirs->o[i]);
	}
	*out = r;
	return true;
}

bool missing_sessions(struct gobj *one, struct gobj *other, struct gobj *ixp, struct gset **out, struct err *e) {
	struct gset *rows, *sessions, *shared, *r;
	size_t i;

	if (one->table == T_NETWORK || other->table == T_NETWORK)
		return missing_with_network(one, other, out, e);
	*out = gset_new(one->g, T_NETIXLAN, 0);
	if (one == other || as_is_private(one))
		return true;
	if (!network_rows(one, T_NETIXLAN, NETIXLAN_NET, &rows, e) || !gobj_reverse(one, T_IX, SESSION_AS, &sessions, e) || !shared_ixps(one, other, &shared, e))
		return false;
	if (ixp != NULL && !sessions_at(sessions, ixp, &sessions, e))
		return false;
	r = gset_new(one->g, T_NETIXLAN, rows->n);
	for (i = 0; i < rows->n; i++) {
		struct val ixlan = rows->o[i]->v[NETIXLAN_IXLAN];
		bool there = ixp == NULL ? has_number(shared, IXP_IXLAN, ixlan) :
		    ixp->v[IXP_IXLAN].type == V_INT && ixp->v[IXP_IXLAN].u.i == ixlan.u.i;

		if (there && lacks_session(rows->o[i], sessions))
			gset_push(r, rows->o[i]);
	}
	*out = r;
	return true;
}

bool session_in_peeringdb(struct gobj *session, bool *out, struct err *e) {
	struct addr addr = gobj_addr(session, SESSION_IP);
	struct gobj *as;
	struct gset *rows;
	size_t i;

	*out = false;
	if (!gobj_ref(session, SESSION_AS, &as, e))
		return false;
	if (as == NULL)
		return true;
	if (!network_rows(as, T_NETIXLAN, NETIXLAN_NET, &rows, e))
		return false;
	for (i = 0; i < rows->n && !*out; i++) {
		struct addr a = gobj_addr(rows->o[i], addr.family == 6 ? NETIXLAN_IPV6 : NETIXLAN_IPV4);

		*out = a.family == addr.family && memcmp(a.b, addr.b, sizeof(a.b)) == 0;
	}
	return true;
}

bool session_abandoned(struct gobj *session, bool *out, struct err *e) {
	const char *state = val_cstr(session->v[SESSION_STATE], "");
	struct gobj *connection, *router, *as, *net;
	bool there;

	*out = false;
	if (strcmp(state, "idle") != 0 && strcmp(state, "active") != 0)
		return true;
	if (!gobj_ref(session, IX_CONNECTION, &connection, e) || !session_router(session, &router, e) ||
	    !gobj_ref(session, SESSION_AS, &as, e))
		return false;
	if (connection == NULL || as == NULL || connection->v[CONNECTION_NETIXLAN].type != V_INT)
		return true;
	if (router != NULL && !(router->v[ROUTER_POLL].type == V_BOOL && router->v[ROUTER_POLL].u.b))
		return true;
	if (!network_of(as, &net, e) || !session_in_peeringdb(session, &there, e))
		return false;
	*out = net != NULL && !there;
	return true;
}

bool as_relationships(struct gobj *as, const struct gobj *local, struct gset **out, struct err *e) {
	struct gset *sessions, *r;
	size_t i;

	if (!gobj_reverse(as, T_DIRECT, SESSION_AS, &sessions, e))
		return false;
	r = gset_new(as->g, T_DIRECT, sessions->n);
	for (i = 0; i < sessions->n; i++) {
		struct val l = sessions->o[i]->v[DIRECT_LOCAL_AS];

		if (local == NULL || (l.type == V_INT && l.u.i == local->id))
			gset_push(r, sessions->o[i]);
	}
	return gset_refs(r, DIRECT_RELATIONSHIP, out, e);
}

bool as_ixps(struct gobj *as, const struct gobj *other, struct gset **out, struct err *e) {
	struct gset *sessions, *connections, *ixps, *r;
	size_t i;

	if (!gobj_reverse(as, T_IX, SESSION_AS, &sessions, e) || !gset_refs(sessions, IX_CONNECTION, &connections, e) ||
	    !gset_refs(connections, CONNECTION_IXP, &ixps, e))
		return false;
	r = gset_new(as->g, T_IXP, ixps->n);
	for (i = 0; i < ixps->n; i++) {
		struct val l = ixps->o[i]->v[IXP_AS];

		if (other == NULL || (l.type == V_INT && l.u.i == other->id))
			gset_push(r, ixps->o[i]);
	}
	*out = r;
	return true;
}

bool as_routers(struct gobj *as, struct gset **out, struct err *e) {
	struct gset *direct, *ix, *connections, *x, *y;

	if (!gobj_reverse(as, T_DIRECT, SESSION_AS, &direct, e) || !gobj_reverse(as, T_IX, SESSION_AS, &ix, e) ||
	    !gset_refs(direct, DIRECT_ROUTER, &x, e) || !gset_refs(ix, IX_CONNECTION, &connections, e) ||
	    !gset_refs(connections, CONNECTION_ROUTER, &y, e))
		return false;
	*out = gset_union(x, y);
	return true;
}

/* ---- prefixes and members from the registries */

static struct val autonomous_ids(struct graph *g, enum reach reach) {
	struct list *l = list_new(g->a, g->tab[T_AS].n);
	size_t i;

	for (i = 0; i < g->tab[T_AS].n; i++) {
		if (reach == REACH_ALL || g->tab[T_AS].o[i]->in_scope)
			list_push(l, val_int(g->tab[T_AS].o[i]->id));
	}
	return val_list(l);
}

/* As bgpq writes an entry, with the keys in the order in which a jsonb column gives them back. */
static struct val prefix_entry(struct arena *a, const struct result *r, size_t row) {
	struct map *m = map_new(a, 4);

	map_set(m, "exact", result_at(r, row, 3));
	map_set(m, "prefix", result_at(r, row, 2));
	if (result_at(r, row, 5).type == V_INT)
		map_set(m, "less-equal", result_at(r, row, 5));
	if (result_at(r, row, 4).type == V_INT)
		map_set(m, "greater-equal", result_at(r, row, 4));
	return val_map(m);
}

static struct val empty_prefixes(struct arena *a) {
	struct map *m = map_new(a, 2);

	map_set(m, "ipv4", val_list(list_new(a, 0)));
	map_set(m, "ipv6", val_list(list_new(a, 0)));
	return val_map(m);
}

static bool need_prefixes(struct graph *g, enum reach reach, struct err *e) {
	struct val ids;
	struct result r;
	size_t i;

	if (g->prefix_reach >= reach)
		return true;
	if (!graph_need(g, T_AS, reach, e))
		return false;
	ids = autonomous_ids(g, reach);
	if (!db_named(g->db, g->a, Q_RENDER_PREFIXES, &ids, &r, e))
		return false;
	g->prefixes = map_new(g->a, 64);
	g->prefix_reach = reach;
	for (i = 0; i < r.n; i++) {
		struct val id = result_at(&r, i, 0), *entry = map_find(g->prefixes, id);

		if (entry == NULL) {
			map_put(g->prefixes, id, empty_prefixes(g->a));
			entry = map_find(g->prefixes, id);
		}
		list_push(map_get(entry->u.map, result_at(&r, i, 1).u.i == 6 ? "ipv6" : "ipv4").u.list, prefix_entry(g->a, &r, i));
	}
	return true;
}

bool as_prefixes(struct gobj *as, struct val *out, struct err *e) {
	struct val *found;

	*out = val_null();
	if (val_is_null(as->v[AS_PREFIXES_UPDATED]))
		return true;
	if (!need_prefixes(as->g, as->in_scope ? REACH_SCOPE : REACH_ALL, e))
		return false;
	found = map_find(as->g->prefixes, val_int(as->id));
	*out = found != NULL ? *found : empty_prefixes(as->g->a);
	return true;
}

bool as_prefix_list(struct gobj *as, int family, struct val *out, struct err *e) {
	struct val all;
	struct map *m;

	if (!as_prefixes(as, &all, e))
		return false;
	if (all.type != V_MAP)
		all = empty_prefixes(as->g->a);
	if (family == 4 || family == 6) {
		*out = map_get(all.u.map, family == 6 ? "ipv6" : "ipv4");
		return true;
	}
	m = map_new(as->g->a, 2);
	map_set(m, "ipv6", map_get(all.u.map, "ipv6"));
	map_set(m, "ipv4", map_get(all.u.map, "ipv4"));
	*out = val_map(m);
	return true;
}

static bool need_members(struct graph *g, enum reach reach, struct err *e) {
	struct val ids;
	struct result r;
	size_t i;

	if (g->as_list_reach >= reach)
		return true;
	if (!graph_need(g, T_AS, reach, e))
		return false;
	ids = autonomous_ids(g, reach);
	if (!db_named(g->db, g->a, Q_RENDER_AS_LISTS, &ids, &r, e))
		return false;
	g->as_lists = map_new(g->a, 64);
	g->as_list_reach = reach;
	for (i = 0; i < r.n; i++) {
		struct val id = result_at(&r, i, 0), *entry = map_find(g->as_lists, id);

		if (entry == NULL) {
			map_put(g->as_lists, id, val_list(list_new(g->a, 8)));
			entry = map_find(g->as_lists, id);
		}
		list_push(entry->u.list, result_at(&r, i, 1));
	}
	return true;
}

bool as_members(struct gobj *as, struct val *out, struct err *e) {
	struct val *found;

	if (!need_members(as->g, as->in_scope ? REACH_SCOPE : REACH_ALL, e))
		return false;
	found = map_find(as->g->as_lists, val_int(as->id));
	*out = found != NULL ? *found : val_list(list_new(as->g->a, 0));
	return true;
}

bool ixp_prefixes(struct gobj *ixp, struct val *out, struct err *e) {
	struct gobj *ixlan;
	struct gset *prefixes;
	struct map *m = map_new(ixp->g->a, 2);
	size_t i;

	*out = val_map(m);
	if (!gobj_ref(ixp, IXP_IXLAN, &ixlan, e))
		return false;
	if (ixlan == NULL)
		return true;
	if (!graph_need(ixp->g, T_IXLAN_PREFIX, REACH_ALL, e))
		return false;
	prefixes = graph_with(ixp->g, T_IXLAN_PREFIX, IXLAN_PREFIX_IXLAN, ixlan->id);
	for (i = 0; i < prefixes->n; i++) {
		struct addr a = gobj_addr(prefixes->o[i], IXLAN_PREFIX_PREFIX);
		const char *family = a.family == 6 ? "ipv6" : "ipv4";
		char text[ADDR_TEXT_MAX];

		if (a.family == 0)
			continue;
		if (map_get(m, family).type == V_UNDEF)
			map_set(m, family, val_list(list_new(ixp->g->a, 2)));
		list_push(map_get(m, family).u.list, val_printf(ixp->g->a, "%s/%u", addr_text(&a, ADDR_HOST, text), a.plen));
	}
	return true;
}
