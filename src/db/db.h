/*
 * db.h: PostgreSQL, behind values. libpq is included by db.c alone.
 *
 * Every value is bound; there is no function that formats a value into SQL. A statement is prepared on first use on its
 * connection and then executed by name. Results come as values by their PostgreSQL type:
 *   bool -> V_BOOL; int2, int4, int8, oid -> V_INT; float4, float8, numeric -> V_FLOAT; json, jsonb -> parsed;
 *   timestamptz -> V_STR in ISO 8601 UTC with "Z" as DRF prints it (no fraction when zero, else six digits);
 *   arrays of the above -> V_LIST; all else (text, inet, cidr, macaddr, uuid) -> V_STR as PostgreSQL prints it.
 * Parameters: V_NULL, V_BOOL, V_INT, V_FLOAT, V_STR as text; V_LIST of scalars as an array literal (`= ANY($1)`);
 * V_MAP as JSON. A statement that needs a list as JSON says $1::jsonb and passes text.
 */
#ifndef PEERAGE_DB_H
#define PEERAGE_DB_H

#include "base/val.h"

struct db;

struct result {
	size_t n, cols;         /* rows, columns */
	struct val *v;          /* n * cols, row by row */
	const char **names;     /* of the columns */
	size_t affected;        /* rows that an INSERT, UPDATE or DELETE touched */
};

static inline struct val result_at(const struct result *r, size_t row, size_t col) { return r->v[row * r->cols + col]; }

/*
 * A row, or all as a list, as maps by `names`, one a column from the first on and ended by NULL where there are fewer than columns;
 * names NULL: by the columns' own.
 */
struct map *result_map(struct arena *, const struct result *, size_t row, const char *const *names);
struct val result_maps(struct arena *, const struct result *, const char *const *names);

/*
 * Connect, waiting at most 5 s. `conninfo` is libpq's (several hosts allowed); search_path, time zone UTC, time-outs and
 * application_name = program are set on every connection, so also after a reconnect. The connection is closed with the arena.
 * When the server cannot be reached *out is there all the same, and connects when it is first used.
 */
bool db_open(struct arena *, const char *conninfo, const char *program, struct db **out, struct err *);

/*
 * Run one statement. Outside a transaction a broken connection is made anew once and the statement repeated; inside one the
 * error is ERR_UNAVAILABLE and the transaction is lost. SQLSTATE stands in e->kind. A violated constraint is
 * ERR_CONFLICT (unique 23505, foreign key 23503) or ERR_INVALID (23502, 23514, 22xxx) with the constraint's name for db_constraint().
 */
bool db_query(struct db *, struct arena *, const char *sql, const struct val *params, size_t nparams, struct result *, struct err *);

/* The same for a named query of sql/queries (enum query_id is generated from them). */
bool db_named(struct db *, struct arena *, unsigned query_id, const struct val *params, struct result *, struct err *);

/* Several statements without parameters, separated by semicolons: migrations only. */
bool db_script(struct db *, const char *sql, struct err *);

/* Constraint, table and column of the last failed statement; "" when it had none. */
const char *db_constraint(const struct db *);
const char *db_column(const struct db *);

enum db_mode { DB_READ, DB_WRITE };     /* DB_READ: REPEATABLE READ, READ ONLY: a page sees one moment */
bool db_begin(struct db *, enum db_mode, struct err *);
bool db_commit(struct db *, struct err *);
void db_rollback(struct db *);          /* also when no transaction is open */
bool db_in_transaction(const struct db *);
bool db_savepoint(struct db *, const char *name, struct err *);
bool db_rollback_to(struct db *, const char *name, struct err *);

/* COPY table FROM STDIN; rows are given as text format lines that copy_* builds. For imports and the PeeringDB cache. */
bool db_copy_begin(struct db *, const char *copy_sql, struct err *);
bool db_copy_data(struct db *, const char *data, size_t len, struct err *);
bool db_copy_end(struct db *, struct err *);
void db_copy_abort(struct db *);        /* take back what was sent; an open transaction then only can be rolled back */

/* COPY (query) TO STDOUT: each row, a line of the text format, goes to `sink`, which may end it by returning false. */
typedef bool db_sink(void *arg, const char *data, size_t len, struct err *);
bool db_copy_out(struct db *, const char *copy_sql, db_sink *, void *arg, struct err *);

/* Statements run on this connection so far: tests hold that a page costs a fixed number. */
uint64_t db_statements(const struct db *);

/*
 * Several statements in one round trip: they are sent together and answered in order. The first failure ends the batch:
 * the statements after it are not run. For what does not depend on one another: rows, their links, their counts.
 */
struct db_call {
	const char *sql;
	const struct val *params;
	size_t nparams;
	bool planned_anew;              /* planned for these values each time: where the right way depends on them */
	bool as_written;                /* and its joins in the order that they are written in: weighing all others would cost more than they do */
	struct arena *a;                /* where the result is to live; NULL: in the batch's arena */
	struct result result;           /* out */
};
bool db_batch(struct db *, struct arena *, struct db_call *calls, size_t ncalls, struct err *);

/*
 * These calls go out with the next batch, before its own, and so cost no round trip; they must live until then. Once that batch was
 * answered their results have names. n = 0: there are none any more.
 */
void db_ahead(struct db *, struct db_call *calls, size_t n);

/* The next batch is the last of this DB_READ transaction: it ends in the same round trip. */
void db_last(struct db *);

/* One pointer that lives as long as the connection, for what the layer above derives once a process; NULL at first. */
void **db_keep(struct db *);
struct arena *db_arena(struct db *);    /* the arena that it and the connection live in */

/* Prepare only: true when the server accepts the statement. For the check of all derived and named statements. */
bool db_prepares(struct db *, const char *sql, struct err *);

#endif
