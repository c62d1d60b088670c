/*
 * store.h: reading and writing resources. The one place that writes a user's resource: permission predicate, validation,
 * row, change log, search index and event outbox in one transaction, for a page, the API, a job and the command alike.
 */
#ifndef PEERAGE_STORE_H
#define PEERAGE_STORE_H

#include "db/db.h"
#include "model/model.h"

/* Who acts. A job acts for the user that asked for it; the command is a superuser named by the operating system's user. */
struct actor {
	int64_t user_id;                /* 0: nobody */
	const char *user_name;
	bool authenticated, superuser, staff;
	const struct list *permissions; /* maps {type, actions, constraints}, loaded by actor_load() */
};

/* User, groups' and own permissions in one round trip. 0: nobody. ERR_UNAUTHENTICATED when the user is gone or inactive. */
bool actor_load(struct arena *, struct db *, int64_t user_id, struct actor *out, struct err *);
struct result;
const struct list *actor_permissions(struct arena *, const struct result *grants);     /* of the query user_grants */

struct behaviour;
struct conf;

/* Objects that references named, kept while many rows are written that name the same ones: only while nothing else writes those. */
struct refs_memo {
	struct arena *a;                /* outlives the rows; the store's own is given back between them */
	struct map *known;              /* table and attributes as text -> row; what rules looked up for them, under names of their own */
};

struct store {
	struct arena *a;                /* of the request or job */
	struct db *db;
	const struct conf *conf;
	const struct actor *actor;
	const char *request_id;
	const char *base_url;           /* "https://host/base": what url and display_url begin with; "" in webhooks */
	const struct behaviour *const *behaviours;      /* ended by NULL */
	struct refs_memo *memo;         /* references that were looked up already; NULL: none is kept */
	bool last;                      /* what is read next is the last of the transaction, which may end with it */
};

/* What is wrong with an input, gathered: {"field": ["message", ...]}. */
struct problems {
	struct arena *a;
	struct map *fields;             /* field -> list of messages; NULL while there are none */
};
void problem_add(struct problems *, const char *field, const char *fmt, ...) PRINTF(3, 4);      /* field NULL: "__all__" */
const char *python_type(struct val);    /* "dict", "str", "NoneType": what Peering Manager's messages call it */
const char *problems_first(const struct problems *, const char **field);        /* the first message and its field; NULL: there is none */
static inline bool problems_any(const struct problems *p) { return p->fields != NULL && p->fields->n > 0; }

/* ---- rights (DESIGN 10): default deny; a right may end at a predicate over the resource ---- */

/* Superuser, or some enabled permission of the user or a group of theirs names the action on the resource. */
bool may(const struct store *, const struct resource *, const char *action);
/* The same by permissions alone: where a resource has an owner, may() is true for anybody's own. */
bool may_by_permission(const struct store *, const struct resource *, const char *action);

/* ---- reading ---- */

enum form {             /* which fields are read */
	FORM_FULL,      /* the API's and the detail page's */
	FORM_BRIEF,     /* id, display and the nested keys */
	FORM_COLUMNS,   /* those of `columns` */
	FORM_ID
};

/* A parameter of a query string, decoded. Repeated names are repeated entries. */
struct param {
	const char *name, *value;
};

struct query {
	const struct resource *res;
	const struct param *params;     /* filters, q, ordering; unknown names are ignored */
	size_t nparams;
	const char *order;              /* "field,-field"; NULL: the resource's own. Unknown names are ignored */
	const int64_t *ids;             /* only these, when not NULL */
	size_t nids;
	const struct child *child;      /* only rows that point at child_of */
	int64_t child_of;
	const char *action;             /* whose permission predicate restricts the rows; NULL: "view" */
	size_t offset, limit;           /* limit 0: no limit */
	enum form form;
	const char *const *columns;     /* FORM_COLUMNS: names, ended by NULL */
	bool count;                     /* fill rows.total */
	size_t count_most;              /* count no further: rows.total is then one more than that. 0: to the end */
};

struct rows {
	struct row **row;
	size_t n;
	int64_t total;                  /* -1 when not asked for */
};

struct row *rows_find(const struct rows *, int64_t id);         /* NULL: it is not among them */

/* Rows in order with all that their form names, in a number of statements that does not depend on how many there are.
 * Bad filter values go to *bad (API: 400 with them; pages: the filter is dropped and the rest applied when bad == NULL). */
bool store_list(struct store *, const struct query *, struct rows *out, struct problems *bad, struct err *);

/* One row by id, within the actor's right to `action`; ERR_NOT_FOUND when there is none or it is outside. */
bool store_get(struct store *, const struct resource *, int64_t id, const char *action, struct row **out, struct err *);

/* The id of the one object with these attributes ({"asn": 64500}, {"internet_exchange_point": {"slug": "x"}}), as references name it.
 * ERR_NOT_FOUND when there is none, ERR_CONFLICT when there are several, ERR_INVALID when a key is no attribute. No rights are asked. */
bool store_find(struct store *, const struct resource *, const struct map *attributes, int64_t *id, struct err *);

/* ---- writing: input is a map of JSON as a client sends it ---- */

enum write_mode { WRITE_CREATE, WRITE_PUT, WRITE_PATCH };

/* Validate, write, log, index, queue the event. False with *p filled when the input is wrong (e->code ERR_INVALID), else with *e.
 * *out is the row as it is now, in full form. The caller has begun a DB_WRITE transaction and commits it. */
bool store_create(struct store *, const struct resource *, const struct map *input, struct row **out, struct problems *, struct err *);
bool store_update(struct store *, const struct resource *, int64_t id, const struct map *input, enum write_mode, struct row **out,
    struct problems *, struct err *);

/* One of many rows that are to be in the book. */
enum put_outcome { PUT_REFUSED, PUT_SAME, PUT_CREATED, PUT_UPDATED };
struct put {
	const struct map *input, *key;  /* in: as a client sends it; attributes of it that tell which object it is. {} of key: a new one */
	bool table;                     /* in: of a table, where an empty text and null look alike: what is there of the two stays */
	enum write_mode mode;           /* in, of one that is there: WRITE_PUT, else it is changed as WRITE_PATCH does */
	bool checked;                   /* in: the rules are asked even when the input changes nothing */
	enum put_outcome outcome;
	int64_t id;
	const struct row *before, *after;       /* as far as there is such a row */
	struct problems problems;       /* PUT_REFUSED: why; or err.msg when there are none */
	struct err err;
};

/*
 * Put rows into the book: those that are there are changed, the others made. The same checks, change log, events and search entries
 * as one after the other, in a number of statements that does not depend on how many they are, unless the database refuses one. A row that is refused does not keep the others from being written: who wants all or nothing rolls back. False only when
 * the database fails. The caller has begun DB_WRITE.
 */
bool store_put_many(struct store *, const struct resource *, struct put *, size_t n, struct err *);
/* What the rules of these rows look up, into the store's memo, in as many statements as for one. */
bool store_prepare(struct store *, const struct resource *, const struct rows *, struct err *);
/* All of them or none: false with the place of the first that is refused, its problems and its error. The caller rolls back. */
bool store_put_all(struct store *, const struct resource *, struct put *, size_t n, size_t *bad, struct problems *, struct err *);
enum { PUT_PIECE = 500 };       /* as many rows are put together where there may be LIMIT_BULK: memory is given back between */

/* Delete, with what goes along (change log for each); ERR_CONFLICT naming up to 50 dependents when something protects it. */
bool store_delete(struct store *, const struct resource *, int64_t id, struct err *);

/* The same for all of these that the actor may delete, or none of them; those that are not there or not within the right are passed over.
 * In a number of statements that does not depend on how many they are. *bad: the id of one that could not go. */
bool store_delete_many(struct store *, const struct resource *, const int64_t *ids, size_t n, int64_t *bad, struct err *);

/* A revision of the row for ETag and If-Match: changes with every write of it. */
const char *store_etag(struct store *, const struct row *);
const char *text_etag(struct arena *, const char *text, size_t len);    /* the same, of the row's FORM_FULL as it was written */

/* Make the search index anew from the rows, after they were written by other means (an import). The caller has begun DB_WRITE. */
bool store_reindex(struct store *, struct err *);

/* ---- JSON ---- */

/* The API's form. `only` and `except`: comma lists of keys for ?fields= and ?exclude=, or NULL. */
void row_json(struct store *, struct sbuf *, const struct row *, enum form, const char *only, const char *except);

/* What the change log keeps: every column, references as ids, tags as names; secrets left out. */
struct val row_snapshot(struct store *, const struct row *);

/* A config context, or the merged ones so far, with another over it, as the settings say. Neither is changed; what is no map adds nothing. */
struct val contexts_merge(struct arena *, const struct conf *, struct val base, struct val over);

#endif
