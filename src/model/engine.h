/*
 * engine.h: what the files of the resource engine share; nobody outside src/model includes it.
 *
 * A resource's table is turned into an `info` once a process: compiled display text, JSON keys, its class for templates; and, for
 * each form that is read, into a `plan`: the statements and which of their columns goes where.
 */
#ifndef PEERAGE_ENGINE_H
#define PEERAGE_ENGINE_H

#include "base/seal.h"
#include "model/behaviour.h"
#include "model/store.h"

/* ---- registry.c: what is derived once a process ---- */

struct object_type {
	int64_t id;
	const char *name;               /* "peering.bgpgroup" */
	const struct resource *res;     /* NULL: no resource of that name */
};

enum { PATH_MAX_STEPS = 4 };

enum path_form { PATH_PLAIN, PATH_LABEL, PATH_LOWER, PATH_TITLE, PATH_MINUTE };

/* A way from a row to a value: F_REF fields and a last field; PATH_ID stands for the id. */
enum { PATH_ID = -1 };
struct path {
	int step[PATH_MAX_STEPS];
	size_t n;
	enum path_form form;
};

enum piece_kind { PIECE_TEXT, PIECE_PATH, PIECE_OPEN, PIECE_CLOSE, PIECE_OR };
struct piece {
	enum piece_kind kind;
	const char *text;
	size_t len;
	struct path path;
};

enum key_kind { KEY_ID, KEY_URL, KEY_DISPLAY_URL, KEY_DISPLAY, KEY_FIELD };
struct json_key {
	enum key_kind kind;
	int field;
	const char *text;               /* "\"name\":" */
	size_t len;
};

enum shape { SHAPE_FULL, SHAPE_BRIEF, SHAPE_ASKED, SHAPE__COUNT };   /* asked: what ?fields= may name */

struct info {
	const struct resource *res;
	int64_t otype;                  /* object_type.id; 0: none */
	struct obj_class class;         /* its own, so that a template may cache slots by class */
	struct piece *display;
	size_t ndisplay;
	struct json_key *keys[SHAPE__COUNT];
	size_t nkeys[SHAPE__COUNT];
	bool *nested;                   /* by field: in the nested form */
	const char *api, *page;         /* "/api/peering/communities/" and "/bgp/communities/": what an address has before the id */
	size_t api_len, page_len;
	struct info *next;
};

struct model {
	struct arena *a;                /* of the process */
	struct db *db;
	struct object_type *otypes;
	size_t notypes;
	struct info *infos[256];        /* hashed by resource */
	struct plan *plans;
	struct seal *seal;
};

/* NULL with *e filled when the object types cannot be read. */
struct model *model_of(const struct store *, struct err *);
struct info *info_of(struct model *, const struct resource *);
const struct object_type *otype_by_id(const struct model *, int64_t id);
const struct object_type *otype_by_name(const struct model *, const char *name, size_t len);   /* case of letters does not matter */

/* One item of "a, b; c" lists, trimmed: fills *item and *len and moves *s on; false at the end. */
bool next_item(const char **s, char separator, const char **item, size_t *len);
int field_named(const struct resource *, const char *name, size_t len);         /* PATH_ID for "id", -2: none */
bool path_parse(const struct resource *, const char *text, size_t len, struct path *);
const struct field *path_field(const struct resource *, const struct path *);    /* the last field; NULL for an id */

bool field_is_column(const struct field *);
const char *field_column(struct arena *, const struct field *);
bool field_is_text(const struct field *);
/* "ASN", "local IP address": a field's name within a sentence. */
const char *field_words(struct arena *, const struct field *);
const struct choice *choice_find(const struct choice *, const char *value, size_t len);
const struct behaviour *behaviour_of(const struct store *, const struct resource *);

/* ---- display.c ---- */
void display_compile(struct model *, struct info *);
void display_text(const struct model *, struct info *, const struct row *, struct sbuf *);
void value_text(struct sbuf *, struct val);     /* as it stands in a display text; "" for null */

/* ---- plan.c: what to read for a form ---- */

struct node {                   /* one table of the SELECT */
	struct info *info;
	unsigned alias;
	struct node *parent;
	int parent_field;
	int id_col;
	int *col;                       /* by field: column of the result, or -1 */
	struct node **child;            /* by field: the row that an F_REF points at, or NULL */
	bool display;                   /* its display text is wanted */
	struct node *next;              /* in the order they were made: parents first */
};

enum side_kind { SIDE_LINK, SIDE_TYPES, SIDE_COUNT, SIDE_IN };
struct side {                   /* what hangs on rows by id and is read for all of them at once */
	enum side_kind kind;
	int field;
};

struct plan {
	struct info *info;
	enum form form;
	const char *columns;            /* of FORM_COLUMNS, joined by commas; else NULL */
	bool *want;                     /* by field of the resource itself */
	struct node *root, *last;
	unsigned naliases;
	int ncols;
	const char *many, *one, *hundreds;      /* WHERE t0.id = ANY($1); the same for a single id, and for many ids */
	const char *ordered;                    /* as many, in the resource's order */
	const char *select, *joins, *order_joins, *order;       /* what those are made of */
	const char *sides_sql, *sides_one;      /* what is counted or told of several rows and of one; NULL: nothing */
	struct side *sides;
	size_t nsides;
	struct links *links;            /* one for each resource that the rows link to */
	size_t nlinks;
	bool contexts, alone;           /* alone: all of it comes in one round trip */
	struct plan *next;
};

/* Links of all sides that lead to one resource: the side, the row's id, then what the target's nested form shows, in the target's order. */
struct links {
	struct plan *target;
	const char *sql, *one;          /* for the rows $1, for the row $1 */
};
enum { LINK_COLUMNS = 2, LINKS_MAX = 16 };

enum { FORM_NESTED = 100 };     /* beyond enum form: the nested form with its display */
struct plan *plan_get(struct model *, const struct resource *, enum form, const char *const *columns);

/* ---- where.c, filter.c, order.c ---- */

struct where {
	struct model *model;
	struct store *store;
	const struct resource *res;
	struct sbuf sql;                /* conditions joined by AND; empty: none */
	struct list *params;
	bool nested;                    /* within a predicate: saved filters are not looked up there */
	bool skewed;                    /* how many rows a condition selects depends much on its value */
};

void where_init(struct where *, struct store *, struct model *, const struct resource *);
const char *where_param(struct where *, struct val);    /* "$3" */
void where_and(struct where *);         /* call before each condition */

/* A condition over a path's last column, reached by nested IN: `t.a_id IN (SELECT id FROM a WHERE <open>...)`. */
struct reach {
	const char *column;             /* qualified, of the last step */
	unsigned depth;
};
void reach_open(struct where *, const struct resource *, const struct path *, struct reach *);
void reach_close(struct where *, const struct reach *);
void reach_null(struct where *, const struct resource *, const struct path *);

/* Conditions for the parameters that name filters of the resource. Bad values go to *bad (NULL: they are dropped). *unknown, when not
 * NULL, becomes true when a parameter is no filter. False with *e only when the database fails. */
bool filter_apply(struct where *, const struct param *, size_t n, struct problems *bad, bool *unknown, struct err *);

/* JOINs and ORDER BY; both end up in *joins and *order. */
void order_build(struct model *, const struct resource *, const char *order, struct sbuf *joins, struct sbuf *order_by);

/* ---- rights.c ---- */
enum right { RIGHT_NONE, RIGHT_ALL, RIGHT_SOME };
/* The condition of one entry of a predicate; "": the filter passes its value over. *unknown: it names no filter. */
bool predicate_entry(struct where *, struct map_entry, const char **sql, struct problems *bad, bool *unknown, struct err *);
/* One object of a predicate: all of its entries, in parentheses. What names no filter, or a value that the filter cannot take, selects nothing. */
bool predicate_where(struct where *, const struct map *, struct err *);
enum right right_to(const struct store *, const struct resource *, const char *action);
/* Adds the predicate of the actor's grants; RIGHT_NONE adds FALSE. */
bool right_where(struct where *, const char *action, struct err *);

/* ---- read.c ---- */
/* Rows of a plan by ids, in the order of ids (missing ones left out), or in the resource's own order. */
enum read_order { READ_AS_GIVEN, READ_ORDERED };
bool read_rows(struct store *, struct model *, struct plan *, const int64_t *ids, size_t n, enum read_order, struct rows *, struct err *);
bool read_one(struct store *, struct model *, struct plan *, int64_t id, struct row **, struct err *);     /* *row NULL: none */
/* What a plan's other statements answered in the round trip of its rows. */
struct answers {
	struct result sides, contexts, links[LINKS_MAX];
};
/* The rows that stand in a result from a column on, each object made once. */
void take_rows(struct store *, struct model *, struct plan *, const struct result *, size_t first, struct rows *out);
/* sides.c: put what hangs on the rows where it belongs. */
bool fill_rows(struct store *, struct model *, struct plan *, struct rows *, const struct answers *, struct err *);

/* ---- validate.c, refs.c ---- */

struct change {                 /* what an input asks of one field */
	int field;
	struct val v;                   /* as struct row has it: V_OBJ rows for references, V_LIST of rows for F_REFS and F_TAGS */
};
struct changes {
	struct val *v;                  /* by field; V_UNDEF: untouched */
	struct store *store;
	struct model *model;
	const struct resource *res;
	struct problems *problems;
};
bool validate(struct changes *, const struct map *input, enum write_mode, struct err *);
bool take_input(struct changes *, const struct map *input, enum write_mode, const struct row *before, struct err *);       /* after the behaviour saw it */
bool resolve_ref(struct changes *, const struct field *, struct val in, struct val *out, struct err *);
bool resolve_many(struct changes *, const struct field *, struct val in, struct val *out, struct err *);        /* F_REFS and F_TAGS */
bool resolve_object_id(struct changes *, int field, struct val in, struct val *out, struct err *);
bool objects_exist(struct changes *, const struct row *after, struct err *);
void python_repr(struct sbuf *, struct val);
void problem_put(struct problems *, const char *field, struct val message);

/* ---- changelog.c ---- */
enum change_action { CHANGE_CREATE, CHANGE_UPDATE, CHANGE_DELETE };
/* At most `max` characters of a text. */
struct val text_cut(struct arena *, struct val text, size_t max);

/* What the search index is to hold of rows of one resource: statements for db_batch(), how many. */
bool search_has(const struct resource *);
size_t search_calls(struct store *, struct info *, const struct rows *, bool had, struct db_call out[2]);      /* had: they may have entries that no longer hold */

/* Change log rows, events and search entries of rows of one resource, in four statements at most. before (of what was made) or after (of what
 * is gone) may be NULL. */
bool log_changes(struct store *, struct model *, enum change_action, struct row *const *before, struct row *const *after, size_t n, struct err *);

/* Rows that were just made, all of one resource: change log, events and search entries by one COPY each. */
bool log_created(struct store *, struct model *, const struct rows *, struct err *);
void search_lines(struct store *, const struct info *, const struct rows *, struct sbuf *out);  /* lines for COPY search_entry */

/* ---- write.c ---- */
bool write_begin(struct changes *, struct store *, const struct resource *, struct problems *, struct err *);
struct row *new_row(struct changes *, const struct row *before);
struct val param_of(const struct changes *, const struct field *, struct val);
bool same_value(const struct changes *, const struct field *, struct val old, struct val new);
void unique_problem(struct changes *, const struct field *);
struct val link_ids(const struct changes *, const struct field *, struct val rows);       /* of F_REFS, F_TAGS, F_OBJTYPES */
bool is_link(const struct field *);
bool write_denied(struct err *, const struct store *);
/* Look up what many inputs refer to, so that each finds it in the store's memo. */
void memo_key(struct sbuf *, const struct resource *, struct val);
int64_t ref_id(struct val v);           /* of V_OBJ rows and V_INT; 0: none */
struct val ref_ids(struct arena *, struct val rows);    /* of a list of them */

#endif
