/* rules.h: what peering means, over the graph: which policies and communities a session ends up with, what a status is worth, who is where. */
#ifndef PEERAGE_RULES_H
#define PEERAGE_RULES_H

#include "peering/graph.h"

enum direction { DIR_IMPORT, DIR_EXPORT };

static inline bool gobj_is_session(const struct gobj *o) { return o->table == T_DIRECT || o->table == T_IX; }
static inline bool gobj_has_policies(const struct gobj *o) {
	return gobj_is_session(o) || o->table == T_AS || o->table == T_GROUP || o->table == T_IXP;
}
int session_family(const struct gobj *session);         /* 4 or 6 */
/* The router of a session, through its connection at an exchange; NULL when there is none. */
bool session_router(struct gobj *session, struct gobj **out, struct err *);

/* The object's own policies, heaviest first. It must have policies. */
bool own_policies(struct gobj *, enum direction, struct gset **out, struct err *);

/* A session's own policies, then those of its AS, then of its group or exchange, each by weight and name, without those already there
 * and those of the other address family (the session's own always count). Of anything else: its own. */
bool merged_policies(struct gobj *, enum direction, struct gset **out, struct err *);

/* A session's own communities, then those of its AS, its group or exchange, its router, without doubles. *out NULL: it has none by nature. */
bool own_communities(struct gobj *, struct gset **out, struct err *);
bool merged_communities(struct gobj *, struct gset **out, struct err *);

/* Own status, or what the group, exchange, connection or router imposes. ERR_TEMPLATE when it has no status. */
bool inherited_status(struct gobj *, struct val *out, struct err *);

/* Its config contexts by weight, then its local data, merged as the settings say; null when empty. */
bool merged_context(struct gobj *, struct val *out, struct err *);

/* Sessions of a set with this address family; 0: all. */
struct gset *sessions_family(struct gset *, int family);
/* Exchange sessions of a set that are on connections to this exchange. */
bool sessions_at(struct gset *, const struct gobj *ixp, struct gset **out, struct err *);
/* Sessions of a router over exchanges; of an exchange over every router. */
bool router_ixp_sessions(struct gobj *router, struct gset **out, struct err *);
bool ixp_sessions_all(struct gobj *ixp, struct gset **out, struct err *);
bool router_ixps(struct gobj *router, struct gset **out, struct err *);
bool router_autonomous_systems(struct gobj *router, struct gset **out, struct err *);
bool router_policies(struct gobj *router, struct gset **out, struct err *);    /* by name */
bool router_bfds(struct gobj *router, struct gset **out, struct err *);
bool router_usable(struct gobj *router, bool *out, struct err *);

/* ---- autonomous systems and PeeringDB ---- */
bool as_is_private(const struct gobj *as);
/* PeeringDB's network of an AS, or the network itself; NULL when there is none. */
bool network_of(struct gobj *as_or_network, struct gobj **out, struct err *);
/* PeeringDB's rows that point at the network by a column of their table; none when it has no record. */
bool network_rows(struct gobj *as_or_network, enum table_id, int column, struct gset **out, struct err *);
/* Exchanges of ours on which both are, going by PeeringDB. */
bool shared_ixps(struct gobj *one, struct gobj *other, struct gset **out, struct err *);
bool shared_facilities(struct gobj *one, struct gobj *other, struct gset **out, struct err *);
/* PeeringDB's rows of `one` on exchanges shared with `other` that have an address without a session; only at ixp unless it is NULL. */
bool missing_sessions(struct gobj *one, struct gobj *other, struct gobj *ixp, struct gset **out, struct err *);
bool session_in_peeringdb(struct gobj *session, bool *out, struct err *);
bool session_abandoned(struct gobj *session, bool *out, struct err *);
bool as_relationships(struct gobj *as, const struct gobj *local, struct gset **out, struct err *);
bool as_ixps(struct gobj *as, const struct gobj *other, struct gset **out, struct err *);
bool as_routers(struct gobj *as, struct gset **out, struct err *);
bool as_prefixes(struct gobj *as, struct val *out, struct err *);      /* {"ipv4": [...], "ipv6": [...]}, null when never read */
bool as_prefix_list(struct gobj *as, int family, struct val *out, struct err *);
bool as_members(struct gobj *as, struct val *out, struct err *);       /* its AS list */
bool ixp_prefixes(struct gobj *ixp, struct val *out, struct err *);    /* of PeeringDB, by family */

/* ---- AS-SETs as people write them: "RIPE::AS-FOO, AS-BAR" ---- */
struct as_set {
	const char *source;     /* "" when none is named */
	const char *name;
};
/* Every AS-SET of a text; of none: one, AS and the number. `sources`: registries known, separated by commas. */
size_t as_sets(struct arena *, const char *text, int64_t asn, const char *sources, struct as_set **out);

/* rules_users.c */
extern const struct behaviour permission_behaviour, saved_filter_behaviour;

#endif
