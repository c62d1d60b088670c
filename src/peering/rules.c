/* rules.c: policies, communities and statuses as they reach a session. */
#include "config.h"

#include <stdlib.h>

#include "peering/rules.h"
#include "peering/values.h"

int session_family(const struct gobj *session) {
	return gobj_addr(session, SESSION_IP).family;
}

static const char *status_of(const struct gobj *o) {
	int column = o->table == T_ROUTER ? (int)ROUTER_STATUS : o->table == T_IXP ? (int)IXP_STATUS : o->table == T_GROUP ? (int)GROUP_STATUS :
	    o->table == T_CONNECTION ? (int)CONNECTION_STATUS : (int)SESSION_STATUS;

	return val_cstr(o->v[column], "");
}

bool session_router(struct gobj *session, struct gobj **out, struct err *e) {
	struct gobj *connection;

	if (session->table == T_DIRECT)
		return gobj_ref(session, DIRECT_ROUTER, out, e);
	*out = NULL;
	if (!gobj_ref(session, IX_CONNECTION, &connection, e))
		return false;
	return connection == NULL || gobj_ref(connection, CONNECTION_ROUTER, out, e);
}

/* The group of a direct session, the exchange of one at an exchange. */
static bool session_parent(struct gobj *session, struct gobj **out, struct err *e) {
	struct gobj *connection;

	if (session->table == T_DIRECT)
		return gobj_ref(session, DIRECT_GROUP, out, e);
	*out = NULL;
	if (!gobj_ref(session, IX_CONNECTION, &connection, e))
		return false;
	return connection == NULL || gobj_ref(connection, CONNECTION_IXP, out, e);
}

/* What leads from an object to its policies (by direction) and communities. L_TAGS, which is 0: it has none by nature. */
static const struct { enum link_id policies[2], communities; } links[T__COUNT] = {
	[T_AS] = { { L_AS_IMPORT, L_AS_EXPORT }, L_AS_COMMUNITIES },
	[T_GROUP] = { { L_GROUP_IMPORT, L_GROUP_EXPORT }, L_GROUP_COMMUNITIES },
	[T_IXP] = { { L_IXP_IMPORT, L_IXP_EXPORT }, L_IXP_COMMUNITIES },
	[T_DIRECT] = { { L_DIRECT_IMPORT, L_DIRECT_EXPORT }, L_DIRECT_COMMUNITIES },
	[T_IX] = { { L_IX_IMPORT, L_IX_EXPORT }, L_IX_COMMUNITIES },
	[T_ROUTER] = { { L_TAGS, L_TAGS }, L_ROUTER_COMMUNITIES },
	[T_POLICY] = { { L_TAGS, L_TAGS }, L_POLICY_COMMUNITIES },
};

bool own_policies(struct gobj *o, enum direction d, struct gset **out, struct err *e) {
	return gobj_linked(o, links[o->table].policies[d], out, e);
}

/* Those of `from` that the session can use and that are not in `to` yet. */
static void add_policies(struct gset *to, const struct gset *from, int family) {
	size_t i;

	for (i = 0; i < from->n; i++) {
		int64_t f = from->o[i]->v[POLICY_FAMILY].u.i;

		if ((f == 0 || f == family) && !gset_has(to, from->o[i]))
			gset_push(to, from->o[i]);
	}
}

bool merged_policies(struct gobj *o, enum direction d, struct gset **out, struct err *e) {
	struct gobj *as, *parent;
	struct gset *own, *of_as = NULL, *of_parent = NULL, *all;
	size_t i;

	if (!own_policies(o, d, &own, e))
		return false;
	if (!gobj_is_session(o)) {
		*out = own;
		return true;
	}
	if (!gobj_ref(o, SESSION_AS, &as, e) || !session_parent(o, &parent, e))
		return false;
	if ((as != NULL && !own_policies(as, d, &of_as, e)) || (parent != NULL && !own_policies(parent, d, &of_parent, e)))
		return false;
	all = gset_new(o->g, T_POLICY, own->n + (as == NULL ? 0 : of_as->n) + (parent == NULL ? 0 : of_parent->n));
	for (i = 0; i < own->n; i++)
		gset_push(all, own->o[i]);
	if (as != NULL)
		add_policies(all, of_as, session_family(o));
	if (parent != NULL)
		add_policies(all, of_parent, session_family(o));
	*out = all;
	return true;
}

bool own_communities(struct gobj *o, struct gset **out, struct err *e) {
	*out = NULL;
	return links[o->table].communities == L_TAGS || gobj_linked(o, links[o->table].communities, out, e);
}

bool merged_communities(struct gobj *o, struct gset **out, struct err *e) {
	struct gobj *from[4] = { o, NULL, NULL, NULL };
	struct gset *part[4] = { NULL, NULL, NULL, NULL }, *all;
	size_t i, k, room = 0;

	if (!gobj_is_session(o))
		return own_communities(o, out, e);
	if (!gobj_ref(o, SESSION_AS, &from[1], e) || !session_parent(o, &from[2], e) || !session_router(o, &from[3], e))
		return false;
	for (i = 0; i < ARRAY_LEN(from); i++) {
		if (from[i] != NULL && !own_communities(from[i], &part[i], e))
			return false;
		room += part[i] == NULL ? 0 : part[i]->n;
	}
	all = gset_new(o->g, T_COMMUNITY, room);
	for (i = 0; i < ARRAY_LEN(from); i++) {
		for (k = 0; part[i] != NULL && k < part[i]->n; k++) {
			if (!gset_has(all, part[i]->o[k]))
				gset_push(all, part[i]->o[k]);
		}
	}
	*out = all;
	return true;
}

/* ---- status */

static bool is_maintenance(const char *status) {
	return strcmp(status, "pre-maintenance") == 0 || strcmp(status, "maintenance") == 0 || strcmp(status, "post-maintenance") == 0;
}

/* What a router imposes: only maintenance, not being disabled. */
static const char *imposed_by_router(struct gobj *router, const char *own) {
	return router != NULL && is_maintenance(status_of(router)) ? status_of(router) : own;
}

static bool connection_status(struct gobj *c, const char **out, struct err *e) {
	const char *own = status_of(c);
	struct gobj *ixp, *router;

	*out = own;
	if (strcmp(own, "disabled") == 0)
		return true;
	if (!gobj_ref(c, CONNECTION_IXP, &ixp, e) || !gobj_ref(c, CONNECTION_ROUTER, &router, e))
		return false;
	if (ixp != NULL && (strcmp(status_of(ixp), "disabled") == 0 || is_maintenance(status_of(ixp))))
		*out = status_of(ixp);
	else
		*out = imposed_by_router(router, own);
	return true;
}

static bool session_status(struct gobj *s, const char **out, struct err *e) {
	const char *own = status_of(s), *imposed;
	struct gobj *parent, *router;

	*out = own;
	if (strcmp(own, "disabled") == 0)
		return true;
	if (s->table == T_IX) {
		struct gobj *connection;

		if (!gobj_ref(s, IX_CONNECTION, &connection, e))
			return false;
		if (connection == NULL)
			return true;
		if (!connection_status(connection, &imposed, e))
			return false;
		if (strcmp(imposed, "disabled") == 0 || is_maintenance(imposed))
			*out = imposed;
		return true;
	}
	if (!session_parent(s, &parent, e) || !session_router(s, &router, e))
		return false;
	imposed = parent == NULL ? "" : status_of(parent);
	if (strcmp(imposed, "disabled") == 0 || strcmp(imposed, "maintenance") == 0)
		*out = imposed;
	else
		*out = imposed_by_router(router, own);
	return true;
}

bool inherited_status(struct gobj *o, struct val *out, struct err *e) {
	const char *status = "";
	bool ok = true;

	if (gobj_is_session(o))
		ok = session_status(o, &status, e);
	else if (o->table == T_CONNECTION)
		ok = connection_status(o, &status, e);
	else if (o->table == T_ROUTER || o->table == T_IXP || o->table == T_GROUP)
		status = status_of(o);
	else
		return err_kind(e, ERR_TEMPLATE, "AttributeError", "value has no status property");
	if (ok)
		*out = val_str(status);
	return ok;
}

/* ---- sets of sessions */

struct gset *sessions_family(struct gset *s, int family) {
	struct gset *r;
	size_t i;

	if (family != 4 && family != 6)
		return s;
	r = gset_new(s->g, s->table, s->n);
	for (i = 0; i < s->n; i++) {
		if (session_family(s->o[i]) == family)
			gset_push(r, s->o[i]);
	}
	return r;
}

bool sessions_at(struct gset *s, const struct gobj *ixp, struct gset **out, struct err *e) {
	struct gset *r = gset_new(s->g, s->table, s->n);
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct gobj *c;

		if (!gobj_ref(s->o[i], IX_CONNECTION, &c, e))
			return false;
		if (c != NULL && c->v[CONNECTION_IXP].type == V_INT && c->v[CONNECTION_IXP].u.i == ixp->id)
			gset_push(r, s->o[i]);
	}
	*out = r;
	return true;
}

/* The sessions over a set of connections, in their own order. */
static bool over_connections(struct gset *connections, struct gset **out, struct err *e) {
	struct gset *all = gset_new(connections->g, T_IX, 0), *part;
	struct gset **parts = arena_new(connections->g->a, struct gset *, connections->n);
	size_t i, k, room = 0;

	for (i = 0; i < connections->n; i++) {
		if (!gobj_reverse(connections->o[i], T_IX, IX_CONNECTION, &parts[i], e))
			return false;
		room += parts[i]->n;
	}
	all = gset_new(connections->g, T_IX, room);
	for (i = 0; i < connections->n; i++) {
		part = parts[i];
		for (k = 0; k < part->n; k++)
			gset_push(all, part->o[k]);
	}
	gset_sort(all);
	*out = all;
	return true;
}

bool router_ixp_sessions(struct gobj *router, struct gset **out, struct err *e) {
	struct gset *connections;

	return gobj_reverse(router, T_CONNECTION, CONNECTION_ROUTER, &connections, e) && over_connections(connections, out, e);
}

bool ixp_sessions_all(struct gobj *ixp, struct gset **out, struct err *e) {
	struct gset *connections;

	if (!graph_need(ixp->g, T_IX, REACH_ALL, e))
		return false;
	return gobj_reverse(ixp, T_CONNECTION, CONNECTION_IXP, &connections, e) && over_connections(connections, out, e);
}

bool router_ixps(struct gobj *router, struct gset **out, struct err *e) {
	struct gset *connections;

	return gobj_reverse(router, T_CONNECTION, CONNECTION_ROUTER, &connections, e) && gset_refs(connections, CONNECTION_IXP, out, e);
}

bool router_autonomous_systems(struct gobj *router, struct gset **out, struct err *e) {
	struct gset *direct, *ix, *x, *y;

	if (!gobj_reverse(router, T_DIRECT, DIRECT_ROUTER, &direct, e) || !router_ixp_sessions(router, &ix, e) ||
	    !gset_refs(direct, SESSION_AS, &x, e) || !gset_refs(ix, SESSION_AS, &y, e))
		return false;
	*out = gset_union(x, y);
	return true;
}

bool router_bfds(struct gobj *router, struct gset **out, struct err *e) {
	struct gset *direct, *ix, *x, *y;

	if (!gobj_reverse(router, T_DIRECT, DIRECT_ROUTER, &direct, e) || !router_ixp_sessions(router, &ix, e) ||
	    !gset_refs(direct, SESSION_BFD, &x, e) || !gset_refs(ix, SESSION_BFD, &y, e))
		return false;
	*out = gset_union(x, y);
	return true;
}

bool router_usable(struct gobj *router, bool *out, struct err *e) {
	struct gobj *platform;

	if (!gobj_ref(router, ROUTER_PLATFORM, &platform, e))
		return false;
	*out = strcmp(status_of(router), "disabled") != 0 && platform != NULL && platform->v[PLATFORM_DRIVER].len > 0;
	return true;
}

static bool mark_policies(struct gset *owners, bool *used, struct err *e) {
	enum direction d;
	size_t i, k;

	for (i = 0; i < owners->n; i++) {
		for (d = DIR_IMPORT; d <= DIR_EXPORT; d++) {
			struct gset *s;

			if (!own_policies(owners->o[i], d, &s, e))
				return false;
			for (k = 0; k < s->n; k++)
				used[s->o[k]->rank] = true;
		}
	}
	return true;
}

static int by_name(const void *x, const void *y) {
	const struct gobj *const *a = x, *const *b = y;

	return strcmp(val_cstr((*a)->v[POLICY_NAME], ""), val_cstr((*b)->v[POLICY_NAME], ""));
}

bool router_policies(struct gobj *router, struct gset **out, struct err *e) {
	struct gset *direct, *ix, *as, *groups, *ixps, *all, *r;
	bool *used;
	size_t i;

	if (!gobj_reverse(router, T_DIRECT, DIRECT_ROUTER, &direct, e) || !router_ixp_sessions(router, &ix, e) ||
	    !router_autonomous_systems(router, &as, e) || !gset_refs(direct, DIRECT_GROUP, &groups, e))
		return false;
	if (!gset_refs(ix, IX_CONNECTION, &ixps, e) || !gset_refs(ixps, CONNECTION_IXP, &ixps, e) ||
	    !graph_all(router->g, T_POLICY, &all, e))
		return false;
	used = arena_new(router->g->a, bool, all->n);
	if (!mark_policies(direct, used, e) || !mark_policies(ix, used, e) || !mark_policies(as, used, e) ||
	    !mark_policies(groups, used, e) || !mark_policies(ixps, used, e))
		return false;
	r = gset_new(router->g, T_POLICY, all->n);
	for (i = 0; i < all->n; i++) {
		if (used[all->o[i]->rank])
			gset_push(r, all->o[i]);
	}
	if (r->n > 1)
		qsort(r->o, r->n, sizeof(struct gobj *), by_name);
	*out = r;
	return true;
}
