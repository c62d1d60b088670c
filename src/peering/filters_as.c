/* filters_as.c: filters of autonomous systems, exchanges and routers. */
#include "config.h"

#include <stdio.h>

#include "base/conf.h"
#include "peering/filters.h"

/* Registries that a source may name when the settings do not list them. */
static const char default_sources[] = "RPKI,RIPE,ARIN,APNIC,AFRINIC,LACNIC,RIPE-NONAUTH,RADB,ALTDB,NTTCOM,LEVEL3,TC";

static struct gobj *piped(const struct call *c, enum table_id t) {
	return val_gobj(c->args[0], t);
}

/* An AS or PeeringDB's network; NULL when it is neither. */
static struct gobj *peer(struct val v) {
	struct gobj *o = val_gobj(v, T_AS);

	return o != NULL ? o : val_gobj(v, T_NETWORK);
}

static bool ixps(struct call *c, struct val *out) {
	struct gobj *as = piped(c, T_AS), *other = val_gobj(filter_arg(c, 0, val_null()), T_AS);
	struct gset *s;

	if (as == NULL || other == NULL)
		return filter_fail(c, "AttributeError", "value is not an autonomous system");
	return as_ixps(as, other, &s, c->e) && filter_give(out, s);
}

static bool filter_shared_ixps(struct call *c, struct val *out) {
	struct gobj *x = peer(c->args[0]), *y = peer(filter_arg(c, 0, val_null()));
	struct gset *s;

	if (x == NULL || y == NULL || (x->table != T_AS && y->table != T_AS))
		return filter_fail(c, "AttributeError", "one of the values must be an autonomous system");
	return shared_ixps(x, y, &s, c->e) && filter_give(out, s);
}

static bool filter_shared_facilities(struct call *c, struct val *out) {
	struct gobj *x = peer(c->args[0]), *y = peer(filter_arg(c, 0, val_null()));
	struct gset *s;

	if (x == NULL || y == NULL)
		return filter_fail(c, "AttributeError", "one of the values must be an autonomous system");
	return shared_facilities(x, y, &s, c->e) && filter_give(out, s);
}

static bool filter_missing_sessions(struct call *c, struct val *out) {
	struct gobj *x = peer(c->args[0]), *y = peer(filter_arg(c, 0, val_null())), *ixp = val_gobj(filter_arg(c, 1, val_null()), T_IXP);
	struct gset *s;

	if (x == NULL || y == NULL)
		return filter_fail(c, "AttributeError", "one of the values must be an autonomous system");
	return missing_sessions(x, y, ixp, &s, c->e) && filter_give(out, s);
}

static bool prefix_list(struct call *c, struct val *out) {
	struct gobj *as = piped(c, T_AS), *ixp = piped(c, T_IXP);
	int family = filter_int(c, 0, 0);
	struct val all;

	if (as != NULL)
		return as_prefix_list(as, family, out, c->e);
	if (ixp == NULL)
		return filter_fail(c, "AttributeError", "value has no prefixes");
	if (!ixp_prefixes(ixp, &all, c->e))
		return false;
	*out = all;
	if (family == 4 || family == 6) {
		*out = map_get(all.u.map, family == 6 ? "ipv6" : "ipv4");
		if (out->type == V_UNDEF)
			*out = val_list(list_new(c->a, 0));
	}
	return true;
}

static bool as_list(struct call *c, struct val *out) {
	struct gobj *as = piped(c, T_AS);

	if (as == NULL)
		return filter_fail(c, "AttributeError", "value has no AS list");
	return as_members(as, out, c->e);
}

static bool strip_irr_sources(struct call *c, struct val *out) {
	struct gobj *as = piped(c, T_AS);
	struct val text = as != NULL ? as->v[AS_IRR] : c->args[0];
	const char *sources = default_sources;
	struct list *l = list_new(c->a, 4);
	struct as_set *sets;
	size_t n, i, k;

	if (as == NULL && text.type != V_STR)
		return filter_fail(c, "AttributeError", "value is neither an autonomous system nor an AS-SET");
	if (as != NULL && as->g->conf != NULL && as->g->conf->bgpq_sources != NULL && as->g->conf->bgpq_sources[0] != '\0')
		sources = as->g->conf->bgpq_sources;
	n = as_sets(c->a, val_cstr(text, ""), as != NULL ? as->v[AS_ASN].u.i : 0, sources, &sets);
	for (i = 0; i < n && (as != NULL || text.len > 0); i++) {
		for (k = 0; k < l->n && strcmp(l->v[k].u.s, sets[i].name) != 0; k++)
			;
		if (k == l->n)
			list_push(l, val_str(sets[i].name));
	}
	*out = val_list(l);
	return true;
}

static bool relationships(struct call *c, struct val *out) {
	struct gobj *as = piped(c, T_AS);
	struct gset *s;

	if (as == NULL)
		return filter_fail(c, "AttributeError", "value is not an autonomous system");
	return as_relationships(as, val_gobj(filter_arg(c, 0, val_null()), T_AS), &s, c->e) && filter_give(out, s);
}

/* ---- routers and exchanges */

static bool connections(struct call *c, struct val *out) {
	struct gobj *ixp = piped(c, T_IXP), *router = piped(c, T_ROUTER);
	struct gset *s;

	if (ixp == NULL && router == NULL)
		return filter_fail(c, "AttributeError", "value has no connections");
	return gobj_reverse(ixp != NULL ? ixp : router, T_CONNECTION, ixp != NULL ? CONNECTION_IXP : CONNECTION_ROUTER, &s, c->e) &&
	    filter_give(out, s);
}

/* The row with this slug; NULL when there is none. */
static bool by_slug(struct graph *g, enum table_id t, int column, struct val slug, struct gobj **out, struct err *e) {
	struct gset *all;
	size_t i;

	*out = NULL;
	if (slug.type != V_STR || slug.len == 0)
		return true;
	if (!graph_all(g, t, &all, e))
		return false;
	for (i = 0; i < all->n && *out == NULL; i++) {
		if (val_equal(all->o[i]->v[column], slug))
			*out = all->o[i];
	}
	return true;
}

static bool direct_peers(struct call *c, struct val *out) {
	struct gobj *router = piped(c, T_ROUTER), *group;
	struct gset *s, *r;
	size_t i;

	if (router == NULL)
		return filter_fail(c, "AttributeError", "value is not a router");
	if (!by_slug(router->g, T_GROUP, GROUP_SLUG, filter_arg(c, 0, val_null()), &group, c->e) ||
	    !gobj_reverse(router, T_DIRECT, DIRECT_ROUTER, &s, c->e))
		return false;
	r = gset_new(s->g, T_DIRECT, s->n);
	for (i = 0; i < s->n; i++) {
		struct val g = s->o[i]->v[DIRECT_GROUP];

		if (group == NULL || (g.type == V_INT && g.u.i == group->id))
			gset_push(r, s->o[i]);
	}
	return gset_refs(r, SESSION_AS, &s, c->e) && filter_give(out, s);
}

static bool ixp_peers(struct call *c, struct val *out) {
	struct gobj *router = piped(c, T_ROUTER), *ixp;
	struct gset *s;

	if (router == NULL)
		return filter_fail(c, "AttributeError", "value is not a router");
	if (!by_slug(router->g, T_IXP, IXP_SLUG, filter_arg(c, 0, val_null()), &ixp, c->e) || !router_ixp_sessions(router, &s, c->e) ||
	    (ixp != NULL && !sessions_at(s, ixp, &s, c->e)))
		return false;
	return gset_refs(s, SESSION_AS, &s, c->e) && filter_give(out, s);
}

static bool bfds(struct call *c, struct val *out) {
	struct gobj *router = piped(c, T_ROUTER);
	struct gset *s;

	if (router == NULL)
		return filter_fail(c, "AttributeError", "value is not a router");
	return router_bfds(router, &s, c->e) && filter_give(out, s);
}

/* The first contact in a role, or one of its fields. */
static bool contact(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	const char *role = val_cstr(filter_arg(c, 0, val_null()), ""), *field = val_cstr(filter_arg(c, 1, val_null()), "");
	struct gset *s;
	size_t i;

	if (o != NULL && gobj_is_session(o) && !gobj_ref(o, SESSION_AS, &o, c->e))
		return false;
	if (o == NULL || (o->table != T_AS && o->table != T_IXP))
		return filter_fail(c, "AttributeError", "value has no contacts");
	if (!gobj_assigned(o, T_CONTACT_ASSIGNMENT, &s, c->e))
		return false;
	*out = val_null();
	for (i = 0; i < s->n; i++) {
		struct gobj *r, *who;

		if (!gobj_ref(s->o[i], ASSIGNMENT_ROLE, &r, c->e) || !gobj_ref(s->o[i], ASSIGNMENT_OTHER, &who, c->e))
			return false;
		if (r == NULL || who == NULL || strcasecmp(val_cstr(r->v[NAMED_NAME], ""), role) != 0)
			continue;
		if (field[0] == '\0') {
			*out = gobj_val(who);
			return true;
		}
		if (!filter_attr(c, gobj_val(who), field, out))
			return false;
		if (out->type == V_UNDEF)
			*out = val_null();
		return true;
	}
	return true;
}

const struct tmpl_def filters_as[] = {
	{ "as_list", as_list, 0, 1, "family=0", "The AS numbers of an autonomous system's AS-SET", "{{ as | as_list | join(' ') }}" },
	{ "bfds", bfds, 0, 0, "", "The BFD configurations that a router's sessions use", "{% for b in router | bfds %}" },
	{ "connections", connections, 0, 0, "", "The connections of a router or an exchange", "{% for c in router | connections %}" },
	{ "contact", contact, 1, 2, "role, field=''", "The first contact in a role, or one of its fields",
	  "{{ session | contact('technical', field='email') }}" },
	{ "direct_peers", direct_peers, 0, 1, "group=''", "The autonomous systems with which a router has direct sessions, of a group by slug",
	  "{% for as in router | direct_peers('transits') %}" },
	{ "ixp_peers", ixp_peers, 0, 1, "ixp=''", "The autonomous systems that a router meets at exchanges, at one by slug",
	  "{% for as in router | ixp_peers('de-cix') %}" },
	{ "ixps", ixps, 1, 1, "other", "The exchanges of the other autonomous system where we have sessions with this one",
	  "{% for i in as | ixps(local_as) %}" },
	{ "missing_sessions", filter_missing_sessions, 1, 2, "other, ixp=none",
	  "PeeringDB's rows of it on shared exchanges for which there is no session yet",
	  "{% for m in as | missing_sessions(local_as) %}{{ m.ipaddr6 }}{% endfor %}" },
	{ "prefix_list", prefix_list, 0, 1, "family=0", "The prefixes of an autonomous system from the registries, or of an exchange from PeeringDB",
	  "{{ as | prefix_list(6) }}" },
	{ "relationships", relationships, 0, 1, "local_autonomous_system=none", "The relationships that we have with an autonomous system",
	  "{% if 'transit' in as | relationships | iterate('slug') %}" },
	{ "shared_facilities", filter_shared_facilities, 1, 1, "other", "The facilities where both are", "{{ as | shared_facilities(local_as) }}" },
	{ "shared_ixps", filter_shared_ixps, 1, 1, "other", "The exchanges where both are", "{{ as | shared_ixps(local_as) }}" },
	{ "strip_irr_sources", strip_irr_sources, 0, 0, "", "The AS-SETs of an autonomous system or a text without their registries",
	  "{{ \"RIPE::AS-X RADB:AS-X\" | strip_irr_sources }} gives ['AS-X']" },
	{ .name = NULL },
};
