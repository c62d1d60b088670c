/*
 * model.h: what a resource is, as data. From one `struct resource` follow its SQL, validation, JSON, forms, lists, filters,
 * change log, search index, permissions, OPTIONS, OpenAPI and template attributes. HACKING.md has the matrix of who reads what.
 *
 * No SQL, no layout and no void * in a row. Rules over several fields, computed attributes and actions are behaviour
 * (behaviour.h), attached by a program that has the layers they need.
 */
#ifndef PEERAGE_MODEL_H
#define PEERAGE_MODEL_H

#include "base/val.h"

struct resource;

enum ftype {            /* what a type means to SQL, JSON, forms, filters and OpenAPI stands in one row of types.c */
	F_ID,
	F_BOOL,
	F_INT,          /* smallint, integer, bigint: range by min and max */
	F_FLOAT,
	F_ASN,
	F_TEXT,         /* one line */
	F_LONGTEXT,     /* many lines; Markdown where labelled Comments */
	F_SLUG,
	F_EMAIL,
	F_URL,
	F_COLOR,        /* rrggbb */
	F_ENUM,         /* choices; JSON {"value","label"}, bare with FF_BARE; integer choices (address family) with FF_BARE too */
	F_INET,         /* host address: a length is dropped on input */
	F_IFACE,        /* address with its prefix length, always printed with it */
	F_CIDR,
	F_MAC,
	F_TIME,         /* timestamptz */
	F_DATE,
	F_UUID,
	F_JSON,         /* any JSON; FF_OBJECT: an object or null */
	F_SECRET,       /* sealed or clear text by FF_CLEAR; never in lists, logs, search, change log */
	F_PASSWORD,     /* write-only, hashed */
	F_REF,          /* foreign key; JSON nested form, or the bare id with FF_BARE; column name_id */
	F_REFS,         /* many to many through `link`; JSON list of nested forms (FF_BARE: of ids) */
	F_TAGS,
	F_OBJTYPE,      /* column name_id smallint -> object_type; JSON "app.model" */
	F_OBJTYPES,     /* many to many to object_type through `link`; JSON list of "app.model" */
	F_OBJECT,       /* read-only: the object that the F_OBJTYPE field `via` and the F_INT field beside it point at (content_type: object_id,
	                 * x_type: x_id); nested form; FF_BARE: id, url, display_url, display, name whatever it is */
	F_ASNS,         /* bigint[] */
	F_CIDRS,        /* cidr[] */
	F_TEXTS,        /* text[] */
	F_COUNT,        /* read-only: how many rows of `ref` point here through their field or path `via`; or how many rows of the
	                 * table `link` have this id in their column `via` */
	F_PATH,         /* read-only, lists: another field reached through references, `via` = "ixp_connection.internet_exchange_point" */
	F_DISPLAY,      /* read-only: what the resource's `display` gives (a connection's name) */
	F_IN,           /* read-only bool: the row's id is in the view `link`, defined in a migration; FF_FILTER: ?name=true|false */
	F_FUNC,         /* read-only: the SQL function `via` of the row, defined in a migration; its own type tells the JSON */
	F_COMPUTED,     /* read-only: a behaviour fills it for a whole list with one statement; config_context: the engine itself */
	F__COUNT
};

enum fflag {            /* absent means: optional, writable, not null, shown in detail, API and form, not filtered */
	FF_REQUIRED = 1 << 0,   /* the API and the form want it on create */
	FF_NULL     = 1 << 1,   /* may be null; else NOT NULL in the schema */
	FF_UNIQUE   = 1 << 2,
	FF_READONLY = 1 << 3,   /* never taken from a client */
	FF_LIST     = 1 << 4,   /* a column that lists show unless the user chose otherwise; every field but long ones may be chosen */
	FF_FILTER   = 1 << 5,   /* ?name= with the suffixes of its type; F_REF: ?name_id= */
	FF_SEARCH   = 1 << 6,   /* in the search index and in ?q= */
	FF_NOLOG    = 1 << 7,   /* left out of the change log (poll state) */
	FF_NOAPI    = 1 << 8,   /* not in the JSON (but a column, a form input) */
	FF_NOFORM   = 1 << 9,   /* not in the form (but in the API) */
	FF_NOCOLUMN = 1 << 10,  /* never a column of a list */
	FF_BARE     = 1 << 11,  /* F_ENUM: plain value in JSON; F_REF(S): plain id */
	FF_BLANK    = 1 << 12,  /* text: "" is accepted though the schema says NOT NULL (the default for text that is not required) */
	FF_OBJECT   = 1 << 13,  /* F_JSON: must be an object when it is not empty */
	FF_CLEAR    = 1 << 14,  /* F_SECRET: a session key that templates and the API print to those who may see it */
	FF_BULK     = 1 << 15,  /* in the bulk edit form; with FF_NULL or blank text it can be emptied there */
	FF_PREDICATE = 1 << 17, /* F_JSON: conditions in the language of list filters, on the types that the field `via` names */
	FF_VERBS    = 1 << 18,  /* F_TEXTS: actions of permissions */
	FF_OLDNULL  = 1 << 16,  /* the column may hold null from before (an import), but a client cannot write it */
	FF_ASKED    = 1 << 19,  /* with FF_NOAPI: in the JSON all the same for who names it in ?fields=, or asks for all */
	FF_WARNING  = 1 << 17,  /* F_FUNC: a sentence that the page of the object begins with, when there is one */
};

enum on_delete { DEL_CASCADE, DEL_SET_NULL, DEL_PROTECT };

struct choice {
	const char *value, *label, *badge;      /* badge: Bootstrap colour (success, danger ...) or NULL; value NULL ends the table */
};

struct field {
	const char *name;               /* JSON key, form input, template attribute, and the SQL column (F_REF, F_OBJTYPE: name_id) */
	const char *label, *help;       /* OPTIONS' label and OpenAPI's title, NULL: "Local ip address" for local_ip_address; help: their description */
	enum ftype type;
	unsigned flags;                 /* enum fflag */
	int64_t min, max;               /* value of numbers, length of text (characters); 0, 0: the type's own range; F_IFACE: 4, 4 or 6, 6: that
	                                 * family alone */
	const char *def;                /* default as a client would send it; NULL: null, "" or none */
	const struct choice *choices;
	const struct resource *ref;     /* F_REF, F_REFS, F_COUNT */
	enum on_delete on_delete;       /* F_REF: what deleting the other does here; the database agrees */
	const char *link;               /* F_REFS, F_OBJTYPES: link table, columns <table>_id and <ref's table>_id */
	const char *via;                /* F_COUNT, F_PATH, F_OBJECT: see there; FF_PREDICATE: the F_OBJTYPES field */
	const char *column;             /* where the column has another name; "" when there is none */
	const char *related;            /* reverse name for templates (router.connection_set); NULL: <model>_set, "": none */
	const char *caption;            /* on pages, where the label, being a contract, reads badly; NULL: label */
};

/*
 * A filter beyond those that FF_FILTER derives: another name, a path through references (F_REFS too), or another kind; it takes the
 * place of a derived filter of its name. Derived: F_BOOL and F_IN BOOL, numbers NUMBER, F_ENUM CHOICE, F_TIME TIME, F_UUID UUID, text and
 * F_MAC TEXT, F_REF name_id REF, F_OBJTYPE name OBJTYPE and name_id OBJTYPE_ID. Every resource has ?id= (NUMBER), and ?q= when
 * it has `search` or an FF_SEARCH field: text contains, numbers begin with, addresses equal, a time never.
 */
enum filter_kind {
	FILTER_TEXT,            /* suffixes n ic nic isw nisw iew niew ie nie */
	FILTER_NUMBER,          /* n lt lte gt gte */
	FILTER_TIME,            /* n lt lte gt gte */
	FILTER_BOOL,
	FILTER_EXACT,           /* one value, no suffix, last wins */
	FILTER_CHOICE,          /* values of the field's choices; n; FILTERF_EMPTY: an empty value selects null or '' */
	FILTER_REF,             /* ids that must exist; "null"; n */
	FILTER_NAMES,           /* values of another table's column that must exist there; "null"; n: path ends in that column */
	FILTER_FAMILY,          /* 4 or 6 of an address; anything else: no filter */
	FILTER_UUID,
	FILTER_REQUEST,         /* created_by_request, updated_by_request: path is the change log's action, "create" or "update" */
	FILTER_TAG,             /* slugs, all of them; n */
	FILTER_OBJTYPE,         /* "app.model" */
	FILTER_OBJTYPE_ID,      /* by its number; "app.model" is understood too */
	FILTER_TAGGED,          /* tags: those that are on some object of that type */
	FILTER_TAGGED_ID,
	FILTER_BEFORE, FILTER_AFTER,    /* <= and >= a time */
	FILTER_POLICY_TYPE,     /* routing policies: import-export-policy always matches too */
	FILTER__COUNT
};

/* ONE: of several values the last counts, and what is no choice is refused without being named. MANY: object types by number, "null" too. */
enum { FILTERF_EMPTY = 1 << 0, FILTERF_NO_NEGATE = 1 << 1, FILTERF_NO_NULL = 1 << 2, FILTERF_NOFORM = 1 << 3, FILTERF_ONE = 1 << 4,
	FILTERF_MANY = 1 << 5 };

struct filter {
	const char *name;
	enum filter_kind kind;
	const char *path;       /* field, or path through F_REFs: "router.hostname"; FILTER_REF: "ixp_connection.internet_exchange_point" */
	unsigned flags;         /* FILTERF_* */
	const char *label;      /* in the list page's filter card; NULL: derived */
};

/* A tab of the detail page and a list restricted to this object. */
struct child {
	const struct resource *res;
	const char *via;        /* its F_REF (or path) that points here */
	const char *slug, *label;       /* URL part (".../direct-peering-sessions/") and tab */
	int weight;             /* order among tabs; the object's own is 0, change log 10000 */
};

enum rflag {
	RF_NOLOG       = 1 << 0,        /* no change log (jobs, PeeringDB's rows) */
	RF_READONLY    = 1 << 1,        /* no writes by clients */
	RF_NOEVENTS    = 1 << 2,        /* no webhooks */
	RF_CONTEXTS    = 1 << 3,        /* has config contexts: config_context is derived */
	RF_NOPAGES     = 1 << 4,        /* no pages of its own */
	RF_NODETAIL    = 1 << 5,        /* no detail page (platform) */
	RF_NOBULKEDIT  = 1 << 7,
	RF_JOURNAL     = 1 << 8,
	RF_JOBS        = 1 << 9,
	RF_NOAPI       = 1 << 10,       /* pages only (tokens) */
	RF_CONTACTS    = 1 << 11,       /* may have contacts */
	RF_TEMPLATES   = 1 << 12        /* export templates may be made for it */
};

struct resource {
	const char *name, *plural;      /* for people, lower case: "BGP group", "BGP groups" */
	const char *title;              /* for headings: "BGP Group"; NULL: name with capitals */
	const char *table;
	const char *app, *model;        /* Peering Manager's: "peering", "bgpgroup"; permissions are app.verb_model */
	const char *class_name;         /* "BGPGroup": in messages and templates */
	const char *api;                /* below /api/: "peering/bgp-groups" */
	const char *page;               /* below /: "bgp-groups" */
	const char *command;            /* on the command line: "bgp-group" */
	const char *display;            /* "AS{asn} - {name}"; {path}; {path.label} of a choice, {path.lower} the same in lower case, {path.title}
	                                 * of an F_OBJTYPE ("Peering | BGP group"), {path.minute} of a time; [...] is left out when a path in
	                                 * it is empty; "a|b": the first of them whose paths outside [] are all filled */
	const char *order;              /* "-weight, name"; an F_REF orders by that resource's own order; by id in the end */
	const char *head;               /* JSON keys before the fields; NULL: "id, url, display_url, display" */
	const char *nested;             /* keys of the nested and brief form after the head; NULL: all (PeeringDB's); F_ENUM is bare in it */
	const char *search;             /* paths that ?q= looks through, beyond FF_SEARCH fields: "router.name, router.hostname" */
	const char *form;               /* "Peer: bgp_group, relationship; Local: router, connection"; NULL: one card with all */
	const char *unique;             /* sets of fields unique together: "ixp_connection, ip_address; ..." */
	unsigned flags;                 /* enum rflag */
	const char *peeringdb;          /* PeeringDB's pages of such objects, below its address, with their id behind: "net" */
	const char *owner;              /* F_REF to a user whose it is: who is signed in may do everything with their own unless it is `shared`, and
	                                 * sees what is; what others do not share is not there. NULL: it is everybody's, as permissions say */
	const struct field *fields;
	size_t nfields;
	const struct filter *filters;
	size_t nfilters;
	const struct child *children;
	size_t nchildren;
};

/* All resources, for programs that serve or check everything; ended by NULL. In src/model/tables/all.c. */
extern const struct resource *const all_resources[];

/* Found by API path ("peering/bgp-groups"), by "app.model", by command name; NULL when there is none. */
const struct resource *res_by_api(const char *api);
const struct resource *res_by_model(const char *app_model);
const struct resource *res_by_command(const char *command);

/* The index of a field, or -1. */
int res_field(const struct resource *, const char *name);

/* "peering.view_bgpgroup" for verb "view"; verbs: view add change delete, or an action's own. */
const char *res_perm(struct arena *, const struct resource *, const char *verb);

/* A row that was read: values by field index; V_UNDEF for what the query did not ask for. F_REF: V_OBJ of a struct row in its
 * nested form, or V_INT; F_REFS, F_TAGS: V_LIST of rows. It is a template object as well (val.h). */
struct row {
	struct obj obj;
	const struct resource *res;
	int64_t id;
	struct val *v;
	struct val display;
};

extern const struct obj_class row_class;

/* The row that a value is, or NULL. Each resource has a class of its own, so compare with this and not with row_class. */
struct row *row_of_val(struct val);

static inline struct val row_val(const struct row *r, int field) { return r->v[field]; }
struct val row_get(const struct row *, const char *name);       /* by name; V_UNDEF when there is no such field */

#endif
