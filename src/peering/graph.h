/*
 * graph.h: the part of the book that templates see, in memory.
 *
 * What every configuration is made of is read with the router, in two round trips. Other tables are read when first touched, each by
 * one statement: those that grow (autonomous systems, sessions, their links, PeeringDB) in the reach of one router, and once more whole
 * when a template leaves that reach. So a render costs a number of statements that depends on its template and never on the number of
 * rows. Rows are template objects (val.h), found by id.
 */
#ifndef PEERAGE_GRAPH_H
#define PEERAGE_GRAPH_H

#include "base/net.h"
#include "model/store.h"

enum table_id {
	T_ROUTER, T_PLATFORM, T_CONFIGURATION, T_AS, T_GROUP, T_IXP, T_CONNECTION, T_DIRECT, T_IX, T_POLICY, T_COMMUNITY,
	T_RELATIONSHIP, T_BFD, T_TAG, T_CONTEXT, T_CONTEXT_ASSIGNMENT, T_CONTACT, T_ROLE, T_CONTACT_ASSIGNMENT,
	T_NETWORK, T_NETIXLAN, T_IXLAN, T_IXLAN_PREFIX, T_PDB_IX, T_NETFAC, T_FACILITY, T_POC, T_ORG, T_CAMPUS, T_CARRIER, T_CARRIERFAC, T_IXFAC,
	T_HIDDEN_PEER, T_TAGGED_ITEM, T_JOURNAL, T_IXAPI, T_DATA_SOURCE, T_DATA_FILE,
	T__COUNT
};

/* Many to many; the numbers are those of the query render_links. */
enum link_id {
	L_TAGS, L_AS_IMPORT, L_AS_EXPORT, L_AS_COMMUNITIES, L_GROUP_IMPORT, L_GROUP_EXPORT, L_GROUP_COMMUNITIES,
	L_IXP_IMPORT, L_IXP_EXPORT, L_IXP_COMMUNITIES, L_DIRECT_IMPORT, L_DIRECT_EXPORT, L_DIRECT_COMMUNITIES,
	L_IX_IMPORT, L_IX_EXPORT, L_IX_COMMUNITIES, L_ROUTER_COMMUNITIES, L_POLICY_COMMUNITIES,
	L__COUNT
};

/*
 * How far a table or a link was read; the numbers are those of the queries. PeeringDB has more than the book knows of: beyond what concerns
 * our autonomous systems come the ports at our exchanges with their networks, and then everything.
 */
enum reach { REACH_NONE, REACH_SCOPE, REACH_ALL, REACH_EXCHANGES, REACH_WORLD };

enum column_kind {
	K_PLAIN,        /* as the database gave it */
	K_REF,          /* id of a row of `ref`; the attribute is the column's name without _id */
	K_HOST, K_IFACE, K_NET, K_MAC, K_TIME,
	K_SECRET,       /* opened when read */
	K_CHOICE,       /* has get_<name>_display(); without `choices` they are those of the resource's field */
	K_HIDDEN        /* ours, not a template's */
};

struct column {
	const char *name;
	enum column_kind kind;
	enum table_id ref;
	const struct choice *choices;
};

/* Columns that C code names, in the places that tables.c gives them. The first is always the id. */
enum { COL_ID = 0 };
enum { ROUTER_ID, ROUTER_NAME, ROUTER_STATUS, ROUTER_PLATFORM, ROUTER_ENCRYPT, ROUTER_POLL, ROUTER_AS, ROUTER_CONFIGURATION,
	ROUTER_NETBOX, ROUTER_HOSTNAME };
enum { PLATFORM_ID, PLATFORM_NAME, PLATFORM_SLUG, PLATFORM_DRIVER };
enum { CONFIGURATION_ID, CONFIGURATION_NAME, CONFIGURATION_TEMPLATE, CONFIGURATION_TRIM, CONFIGURATION_LSTRIP };
enum { AS_ID, AS_ASN, AS_NAME, AS_IRR, AS_MAX6, AS_MAX4, AS_AFFILIATED, AS_PREFIXES_UPDATED };
enum { GROUP_ID, GROUP_NAME, GROUP_SLUG, GROUP_STATUS };
enum { IXP_ID, IXP_NAME, IXP_SLUG, IXP_STATUS, IXP_IXLAN, IXP_AS, IXP_IXAPI };
enum { CONNECTION_ID, CONNECTION_STATUS, CONNECTION_IXP, CONNECTION_ROUTER, CONNECTION_IPV6, CONNECTION_IPV4, CONNECTION_MAC,
	CONNECTION_INTERFACE, CONNECTION_NETIXLAN };
/* The two kinds of session share their first columns. */
enum { SESSION_ID, SESSION_STATUS, SESSION_AS, SESSION_IP, SESSION_BFD, SESSION_PASSWORD, SESSION_ENCRYPTED, SESSION_STATE,
	SESSION__COMMON };
enum { DIRECT_LOCAL_AS = SESSION__COMMON, DIRECT_LOCAL_IP, DIRECT_GROUP, DIRECT_RELATIONSHIP, DIRECT_ROUTER, DIRECT_CONNECTION };
enum { IX_CONNECTION = SESSION__COMMON, IX_ROUTE_SERVER };
enum { POLICY_ID, POLICY_NAME, POLICY_SLUG, POLICY_WEIGHT, POLICY_FAMILY, POLICY_TYPE };
enum { COMMUNITY_ID, COMMUNITY_NAME, COMMUNITY_SLUG, COMMUNITY_VALUE };
enum { NAMED_ID, NAMED_NAME, NAMED_SLUG, NAMED_COLOR };         /* relationship, BFD, tag, contact role */
enum { CONTEXT_ID, CONTEXT_NAME, CONTEXT_ACTIVE, CONTEXT_DATA };
enum { ASSIGNMENT_ID, ASSIGNMENT_KEY, ASSIGNMENT_OTHER, ASSIGNMENT_ROLE };      /* of a context, of a contact in a role */
enum { CONTACT_ID, CONTACT_NAME, CONTACT_EMAIL };
enum { NETWORK_ID, NETWORK_ASN, NETWORK_NAME, NETWORK_IRR, NETWORK_MAX6, NETWORK_MAX4, NETWORK_POLICY, NETWORK_ORG };
enum { NETIXLAN_ID, NETIXLAN_NET, NETIXLAN_IXLAN, NETIXLAN_ASN, NETIXLAN_IPV6, NETIXLAN_IPV4, NETIXLAN_NET_SIDE, NETIXLAN_IX_SIDE };
enum { IXLAN_ID, IXLAN_IX, IXLAN_NAME };
enum { IXLAN_PREFIX_ID, IXLAN_PREFIX_IXLAN, IXLAN_PREFIX_PREFIX };
enum { NETFAC_ID, NETFAC_NET, NETFAC_FAC };
enum { POC_ID, POC_NET, POC_ROLE, POC_NAME, POC_EMAIL };
enum { PDB_IX_ID, PDB_IX_ORG };
enum { FACILITY_ID, FACILITY_ORG, FACILITY_CAMPUS };
enum { CAMPUS_ID, CAMPUS_ORG };                         /* carriers too */
enum { CARRIERFAC_ID, CARRIERFAC_CARRIER, CARRIERFAC_FAC, CARRIERFAC_CAMPUS };
enum { IXFAC_ID, IXFAC_IX, IXFAC_FAC };
enum { HIDDEN_ID, HIDDEN_NET, HIDDEN_IXLAN, HIDDEN_EXPIRED, HIDDEN_NET_COPY, HIDDEN_IXLAN_COPY };
enum { DATA_FILE_ID, DATA_FILE_SOURCE, DATA_FILE_PATH };

/* An attribute's slot says what it is and which: a column as it is, what it points at, its label, a row of attrs[]. */
enum { SLOT_COLUMN = 0, SLOT_REF = 1000, SLOT_LABEL = 2000, SLOT_ATTR = 3000 };

struct graph;
struct gobj;
struct gset;

/* What a class of objects has beside its columns. */
enum attr_kind {
	ATTR_LINK,              /* set: the targets of `link` */
	ATTR_LINKED,            /* set: the owners in `table` whose `link` has this object */
	ATTR_REVERSE,           /* set: the rows of `table` whose column `column` is this object */
	ATTR_ASSIGNED,          /* set: the rows of `table` whose object_key is this object */
	ATTR_PROPERTY,
	ATTR_METHOD
};
typedef bool property_fn(struct gobj *, struct val *out, struct err *);
typedef bool method_fn(struct gobj *, struct call *, struct val *out);

struct attr {
	const char *name;
	enum attr_kind kind;
	enum link_id link;
	enum table_id table;
	int column;
	property_fn *property;
	method_fn *method;
	const char *params;             /* of a method, in order */
};

/* A table of the graph, as data. */
struct gtable {
	const char *class_name, *model; /* "AutonomousSystem", "peering.autonomoussystem" */
	int object_type;                /* id in object_type; 0: nothing is assigned to it */
	unsigned scope_query, all_query;        /* enum query_id; they take the router's id, and nothing; the same number: always whole */
	bool by_asn;                    /* the query takes the AS numbers that are wanted, before the reach */
	bool outward;                   /* has rows beyond REACH_ALL; the query takes the reach */
	const struct column *columns;
	size_t ncolumns;
	const struct attr *attrs;       /* ended by a NULL name */
	bool (*text)(struct gobj *, struct sbuf *, struct err *);       /* str(); NULL: the name */
};
extern const struct gtable gtables[T__COUNT];
extern const struct obj_class gclasses[T__COUNT];

struct gobj {
	struct obj obj;
	struct graph *g;
	struct val *v;                  /* by column */
	int64_t id;
	uint32_t rank;                  /* place in the table's order */
	uint8_t table;                  /* enum table_id */
	uint8_t reach;                  /* in which it was first read */
	bool in_scope;
	struct val context;             /* merged, when it was asked for; else V_UNDEF */
};

/* Objects of one table, in order: a query set, a manager, a plain list, all in one. */
struct gset {
	struct obj obj;
	struct graph *g;
	enum table_id table;
	struct gobj **o;
	size_t n;
};
extern const struct obj_class gset_class;

struct pair {
	int64_t key, value;
	int64_t place;                  /* order among those with the same key */
};

struct pairs {
	struct pair *p;
	size_t n;
	enum reach reach;
};

struct gindex {                 /* of a column: its value -> place in the table */
	struct pairs pairs;
	bool made;
};

struct loaded {
	enum reach reach;
	struct gobj **o;                /* in order */
	size_t n;
	uint32_t *slots;                /* id -> place + 1 */
	size_t nslots;
	struct gindex *index;           /* by column */
};

struct graph {
	struct arena *a;
	struct db *db;
	const struct conf *conf;        /* or NULL: defaults */
	struct seal *seal;              /* or NULL: sealed texts cannot be opened */
	int64_t router_id;              /* 0: no router, tables are read whole */
	struct gobj *router;
	int64_t also_asn;               /* a network to know of besides those of our autonomous systems; 0: none */
	struct loaded tab[T__COUNT];
	struct pairs links[L__COUNT];
	enum reach link_reach;
	enum reach prefix_reach, as_list_reach;
	struct map *prefixes, *as_lists;        /* AS id -> value */
};

/* A graph around a router (ERR_NOT_FOUND when there is none), or around nothing (id 0). Reads only through `db`. */
bool graph_new(struct arena *, struct db *, const struct conf *, int64_t router_id, struct graph **out, struct err *);

/* Have a table in memory at least so far. */
bool graph_need(struct graph *, enum table_id, enum reach, struct err *);
/* The row, or NULL in *out when there is none. */
bool graph_find(struct graph *, enum table_id, int64_t id, struct gobj **out, struct err *);
/* The rows whose column has this number; the table must be in memory. */
struct gset *graph_with(struct graph *, enum table_id, int column, int64_t key);
/* Every row. */
bool graph_all(struct graph *, enum table_id, struct gset **out, struct err *);

/* What a reference points at, NULL when nothing. */
bool gobj_ref(struct gobj *, int column, struct gobj **out, struct err *);
/* The object that an object_key names, NULL when nothing of the graph has that type. */
bool graph_object(struct graph *, int64_t key, struct gobj **out, struct err *);
/* Rows that point here through a column; targets of a link; assignments of contexts or contacts. */
bool gobj_reverse(struct gobj *, enum table_id, int column, struct gset **out, struct err *);
bool gobj_linked(struct gobj *, enum link_id, struct gset **out, struct err *);
bool gobj_linked_from(struct gobj *, enum table_id, enum link_id, struct gset **out, struct err *);
bool gobj_assigned(struct gobj *, enum table_id, struct gset **out, struct err *);
enum table_id link_target(enum link_id);
/* An attribute by name as a template sees it; V_UNDEF in *out when there is none. */
bool gobj_attr(struct gobj *, const char *name, size_t len, struct val *out, struct err *);
int gobj_slot(enum table_id, const char *name, size_t len);
bool gobj_slot_get(struct gobj *, int slot, struct arena *, struct val *out, struct err *);
bool gobj_text(struct gobj *, struct sbuf *, struct err *);

/* NULL when v is not an object of that table. */
struct gobj *val_gobj(struct val, enum table_id);
struct gobj *val_any_gobj(struct val);
struct gset *val_gset(struct val);
static inline struct val gobj_val(struct gobj *o) { return o == NULL ? val_null() : val_obj(&o->obj); }
static inline struct val gset_val(struct gset *s) { return val_obj(&s->obj); }

/* An address column without making an object of it; family 0 when it is null. */
struct addr gobj_addr(const struct gobj *, int column);

struct gset *gset_new(struct graph *, enum table_id, size_t room);
static inline void gset_push(struct gset *s, struct gobj *o) { s->o[s->n++] = o; }
void gset_sort(struct gset *);                  /* into the table's order, without doubles */
bool gset_has(const struct gset *, const struct gobj *);
struct gset *gset_union(struct gset *, struct gset *);
/* The distinct objects that a column of the set's objects points at, in their table's order. */
bool gset_refs(struct gset *, int column, struct gset **out, struct err *);
/* filter(**kw) and exclude(**kw) of a query set. */
enum match { MATCH_FILTER, MATCH_EXCLUDE };
bool gset_filter(struct gset *, struct call *, enum match, struct gset **out);
bool gset_distinct_on(struct gset *, struct call *, const char *field, struct gset **out);

#endif
