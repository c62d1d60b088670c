/*
 * db.c: the one file that knows libpq. The connection stays in pipeline mode, so that a transaction's begin, the preparing of
 * a new statement and the statements themselves share one round trip.
 */
#include "config.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/log.h"
#include "db/db.h"
#include "db/pgtext.h"
#include "db/queries.h"

enum {
	PREPARED_MAX = 512,             /* statements kept prepared on a connection; the least used makes room */
	PREPARED_SLOTS = 2048           /* of the hash over them; a power of two */
};

struct prepared {
	struct sbuf sql;
	uint32_t hash;
	uint64_t used;                  /* the statement counter at its last use */
	unsigned serial;                /* part of its name on the server */
	bool live;                      /* the server knows it */
};

struct db {
	struct arena *a;
	PGconn *conn;
	const char *conninfo, *program;
	uint64_t statements;
	struct prepared *prepared;
	size_t nprepared;
	uint16_t *slots;                /* hash -> index + 1; rebuilt when one makes room */
	unsigned serial;
	bool open;                      /* a transaction is open or about to be */
	const char *begin;              /* sent with the next statement; NULL: nothing to send */
	bool lost;                      /* the connection broke inside the transaction */
	bool reads;                     /* the open transaction is READ ONLY */
	bool stale;                     /* a prepared statement no longer fits the tables: all are to be prepared anew */
	bool cut;                       /* the server has closed it, whatever libpq says */
	bool owed;                      /* answers to a commit that nobody waited for are still to be read */
	bool last;                      /* the next batch ends the transaction */
	struct db_call *ahead;          /* what goes out before the next batch's own calls */
	size_t nahead;
	char constraint[128], column[128];
	void *keep;
};

/* ---- errors ---- */

/* What a SQLSTATE means to a caller; the longest prefix counts. */
static const struct { const char *prefix; enum err_code code; } states[] = {
	{ "23502", ERR_INVALID }, { "23514", ERR_INVALID }, { "23", ERR_CONFLICT }, { "22", ERR_INVALID }, { "P0001", ERR_INVALID },
	{ "40", ERR_CONFLICT }, { "55P03", ERR_CONFLICT }, { "57014", ERR_TIMEOUT }, { "57", ERR_UNAVAILABLE }, { "08", ERR_UNAVAILABLE },
	{ "53", ERR_UNAVAILABLE }, { "25P03", ERR_TIMEOUT },
};

static enum err_code state_code(const char *state) {
	enum err_code code = ERR_INTERNAL;
	size_t best = 0, i;

	for (i = 0; i < ARRAY_LEN(states); i++) {
		size_t n = strlen(states[i].prefix);

		if (n > best && strncmp(states[i].prefix, state, n) == 0) {
			best = n;
			code = states[i].code;
		}
	}
	return code;
}

static void note_field(char *to, size_t room, const PGresult *r, int field) {
	const char *s = PQresultErrorField(r, field);

	snprintf(to, room, "%s", s == NULL ? "" : s);
}

static bool fail(struct db *db, struct arena *a, const PGresult *r, const char *sql, struct err *e) {
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE), *msg = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	enum err_code code = state == NULL ? ERR_UNAVAILABLE : state_code(state);

	note_field(db->constraint, sizeof(db->constraint), r, PG_DIAG_CONSTRAINT_NAME);
	note_field(db->column, sizeof(db->column), r, PG_DIAG_COLUMN_NAME);
	if (code == ERR_INTERNAL && strcmp(state, "0A000") != 0)
		log_msg(LOG_LEVEL_ERROR, "database: %s (%s) in: %.2000s", msg == NULL ? "?" : msg, state, sql);
	return err_kind(e, code, state == NULL ? NULL : arena_strdup(a, state), "%s", msg == NULL ? PQerrorMessage(db->conn) : msg);
}

static bool away(struct db *db, struct err *e) {
	char text[256];

	snprintf(text, sizeof(text), "%s", db->conn == NULL ? "out of memory" : PQerrorMessage(db->conn));
	text[strcspn(text, "\n")] = '\0';
	return err_set(e, ERR_UNAVAILABLE, NULL, "the database cannot be reached: %s", text);
}

/* ---- connection ---- */

static void quiet(void *arg, const PGresult *r) {
	(void)arg;
	log_msg(LOG_LEVEL_DEBUG, "database: %s", PQresultErrorMessage(r));
}

static void forget_prepared(struct db *db) {
	size_t i;

	for (i = 0; i < db->nprepared; i++)
		db->prepared[i].live = false;
}

static bool connect_once(struct db *db, struct err *e) {
	static const char format[] = "-c search_path=peerage,public -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres"
		" -c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan -c statement_timeout=%ds"
		" -c idle_in_transaction_session_timeout=60000 -c client_min_messages=warning -c extra_float_digits=1";
	char options[sizeof(format) + 16];
	const char *keys[] = { "dbname", "connect_timeout", "application_name", "client_encoding", "options", NULL };
	const char *values[] = { db->conninfo, "5", db->program, "UTF8", options, NULL };

	snprintf(options, sizeof(options), format, LIMIT_STATEMENT_SECONDS);
	if (db->conn != NULL)
		PQfinish(db->conn);
	db->conn = PQconnectdbParams(keys, values, 1);
	db->owed = db->cut = false;
	forget_prepared(db);
	if (PQstatus(db->conn) != CONNECTION_OK)
		return away(db, e);
	PQsetNoticeReceiver(db->conn, quiet, NULL);
	return PQenterPipelineMode(db->conn) == 1 || away(db, e);
}

static void db_close(void *p) {
	struct db *db = p;

	PQfinish(db->conn);
}

bool db_open(struct arena *a, const char *conninfo, const char *program, struct db **out, struct err *e) {
	struct db *db = arena_new(a, struct db, 1);

	db->a = a;
	db->conninfo = arena_strdup(a, conninfo);
	db->program = arena_strdup(a, program);
	db->prepared = arena_new(a, struct prepared, PREPARED_MAX);
	db->slots = arena_new(a, uint16_t, PREPARED_SLOTS);
	arena_defer(a, db_close, db);
	*out = db;
	return connect_once(db, e);
}

static bool broken(const struct db *db) {
	return db->cut || PQstatus(db->conn) != CONNECTION_OK;
}

/* ---- prepared statements ---- */

static uint32_t hash_text(const char *s) {
	uint64_t h = 1469598103934665603u;
	size_t n = strlen(s);
	uint64_t word;

	for (; n >= 8; n -= 8, s += 8) {
		memcpy(&word, s, 8);
		h = (h ^ word) * 0x9E3779B97F4A7C15u;
		h ^= h >> 29;
	}
	for (; n > 0; n--, s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (uint32_t)(h ^ (h >> 32));
}

static void slot_add(struct db *db, size_t index) {
	size_t i = db->prepared[index].hash & (PREPARED_SLOTS - 1);

	while (db->slots[i] != 0)
		i = (i + 1) & (PREPARED_SLOTS - 1);
	db->slots[i] = (uint16_t)(index + 1);
}

static void slots_rebuild(struct db *db) {
	size_t i;

	memset(db->slots, 0, PREPARED_SLOTS * sizeof(*db->slots));
	for (i = 0; i < db->nprepared; i++)
		slot_add(db, i);
}

static size_t least_used(const struct db *db) {
	size_t i, least = 0;

	for (i = 1; i < db->nprepared; i++) {
		if (db->prepared[i].used < db->prepared[least].used)
			least = i;
	}
	return least;
}

/* The entry of a statement; one that was not known is made, and the least used leaves the server if there is no room. */
static struct prepared *prepared_find(struct db *db, const char *sql, size_t *sent) {
	uint32_t hash = hash_text(sql);
	size_t i;
	struct prepared *p;
	char text[64];

	for (i = hash & (PREPARED_SLOTS - 1); db->slots[i] != 0; i = (i + 1) & (PREPARED_SLOTS - 1)) {
		p = &db->prepared[db->slots[i] - 1];
		if (p->hash == hash && strcmp(p->sql.s, sql) == 0)
			return p;
	}
	if (db->nprepared < PREPARED_MAX) {
		i = db->nprepared++;
		sb_init(&db->prepared[i].sql, db->a);
	} else {
		i = least_used(db);
		if (db->prepared[i].live) {
			snprintf(text, sizeof(text), "DEALLOCATE s%u", db->prepared[i].serial);
			*sent += (size_t)PQsendQueryParams(db->conn, text, 0, NULL, NULL, NULL, NULL, 0);
		}
	}
	p = &db->prepared[i];
	sb_reset(&p->sql);
	sb_str(&p->sql, sql);
	p->hash = hash;
	p->live = false;
	p->serial = ++db->serial;
	if (i + 1 == db->nprepared && db->nprepared < PREPARED_MAX)
		slot_add(db, i);
	else
		slots_rebuild(db);
	return p;
}

/* ---- running ---- */

struct flight {         /* what was sent and is to be answered, in order */
	size_t before, after;   /* answers that belong to nobody: deallocate, prepare, settings */
	struct prepared *p;
	bool preparing;
};

static bool send_plain(struct db *db, const char *sql, size_t *answers) {
	++*answers;
	return PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

/* Connections plan a statement once for all values, those without a name too: that is put aside for this one. */
static bool send_anew(struct db *db, const struct db_call *c, const char *const values[], struct flight *f) {
	static const char custom[] = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)",
		as_written[] = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('join_collapse_limit', '1', true)",
		as_before[] = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('join_collapse_limit', '8', true)";

	db->statements++;
	return send_plain(db, c->as_written ? as_written : custom, &f->before) &&
	    PQsendQueryParams(db->conn, c->sql, (int)c->nparams, NULL, values, NULL, NULL, 0) == 1 && send_plain(db, as_before, &f->after);
}

static bool send_call(struct db *db, struct arena *a, const struct db_call *c, struct flight *f) {
	const char **values = arena_new(a, const char *, c->nparams);
	char name[32];
	size_t i;

	for (i = 0; i < c->nparams; i++)
		values[i] = pg_param(a, c->params[i]);
	if (c->planned_anew)
		return send_anew(db, c, values, f);
	f->p = prepared_find(db, c->sql, &f->before);
	f->p->used = ++db->statements;
	snprintf(name, sizeof(name), "s%u", f->p->serial);
	if (!f->p->live) {
		if (PQsendPrepare(db->conn, name, c->sql, 0, NULL) != 1)
			return false;
		f->before++;
		f->preparing = true;
		f->p->live = true;      /* so that a batch prepares it once; taken back when it fails */
	}
	return PQsendQueryPrepared(db->conn, name, (int)c->nparams, values, NULL, NULL, 0) == 1;
}

static void clear_result(void *r) {
	PQclear(r);
}

/* The next answer; consumes the NULL that follows each in pipeline mode. */
static PGresult *next_answer(struct db *db) {
	PGresult *r = PQgetResult(db->conn), *more;

	if (r == NULL)
		return NULL;
	if (PQresultStatus(r) == PGRES_PIPELINE_SYNC)
		return r;
	while ((more = PQgetResult(db->conn)) != NULL)
		PQclear(more);
	return r;
}

static void take_rows(struct arena *a, PGresult *r, struct result *out) {
	int rows = PQntuples(r), cols = PQnfields(r), i, j;
	struct val *v;

	arena_defer(a, clear_result, r);
	out->n = (size_t)rows;
	out->cols = (size_t)cols;
	out->affected = (size_t)strtoull(PQcmdTuples(r), NULL, 10);
	out->names = arena_new(a, const char *, out->cols);
	out->v = v = arena_new(a, struct val, out->n * out->cols);
	for (j = 0; j < cols; j++)
		out->names[j] = PQfname(r, j);
	for (i = 0; i < rows; i++) {
		for (j = 0; j < cols; j++, v++) {
			if (PQgetisnull(r, i, j))
				*v = val_null();
			else
				*v = pg_value(a, PQftype(r, j), PQgetvalue(r, i, j), (size_t)PQgetlength(r, i, j));
		}
	}
}

/* Read the answers to one call. On failure *e says why and the rest of the batch answers "aborted". */
static bool answer(struct db *db, struct arena *a, struct db_call *c, const struct flight *f, struct err *e) {
	PGresult *r, *mine = NULL;
	bool ok = true;
	size_t i;

	for (i = 0; i <= f->before + f->after; i++) {
		ExecStatusType status;

		r = next_answer(db);
		if (r == NULL)
			return away(db, e);
		status = PQresultStatus(r);
		if (ok && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
			ok = false;
			if (f->preparing && i < f->before)
				f->p->live = false;     /* once prepared it stays so, whatever its execution says */
			if (status != PGRES_PIPELINE_ABORTED)
				fail(db, a, r, c->sql, e);
		}
		if (i == f->before && ok)
			mine = r;
		else
			PQclear(r);
	}
	if (mine != NULL)
		take_rows(c->a == NULL ? a : c->a, mine, &c->result);
	return ok;
}

/*
 * Up to the sync. A server that is shut down may say so as an answer of its own, after which nothing comes, though libpq has not
 * seen the end of the connection yet: two answers of nothing in a row are that end.
 */
static bool drain(struct db *db) {
	bool nothing = false;
	PGresult *r;

	for (;;) {
		r = next_answer(db);
		if (r == NULL) {
			db->cut = nothing;
			if (broken(db))
				return false;
			nothing = true;
			continue;
		}
		nothing = false;
		if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
			PQclear(r);
			return true;
		}
		PQclear(r);
	}
}

/* Read what a commit that was not waited for had to say; whatever it is, the connection's state tells. */
static void settle(struct db *db) {
	if (db->owed) {
		db->owed = false;
		drain(db);
	}
}

static bool batch_once(struct db *db, struct arena *a, struct db_call *calls, size_t n, struct err *e) {
	struct flight *f = arena_new(a, struct flight, n);
	bool ok = true;
	size_t i;

	settle(db);

	for (i = 0; i < n && ok; i++)
		ok = send_call(db, a, &calls[i], &f[i]);
	if (!ok || PQpipelineSync(db->conn) != 1)
		return away(db, e);
	for (i = 0; i < n; i++) {
		struct err ignored, *mine = ok ? e : &ignored;

		ok = answer(db, a, &calls[i], &f[i], mine) && ok;
		if (broken(db))
			return false;
	}
	return (drain(db) || away(db, e)) && ok;
}

/* The server forgot what we think it has prepared, or a table changed its columns: preparing again helps. */
static bool stale(const struct err *e) {
	return e->kind != NULL && (strcmp(e->kind, "26000") == 0 || strcmp(e->kind, "0A000") == 0);
}

/* Forget all statements, on the server too; a transaction that failed on one is ended first. */
static void prepare_anew(struct db *db, bool rollback) {
	db->stale = false;
	forget_prepared(db);
	settle(db);
	PQexitPipelineMode(db->conn);
	if (rollback)
		PQclear(PQexec(db->conn, "ROLLBACK"));
	PQclear(PQexec(db->conn, "DEALLOCATE ALL"));
	PQenterPipelineMode(db->conn);
}

/* A batch, once more on a new connection or with new statements where that helps. `begins`: its first call begins the transaction. */
static bool batch_again(struct db *db, struct arena *a, struct db_call *calls, size_t n, bool begins, struct err *e) {
	bool began = db->open && !begins;

	if (batch_once(db, a, calls, n, e))
		return true;
	if (!broken(db)) {
		db->stale = db->stale || stale(e);
		if (!db->stale || began)
			return false;
		prepare_anew(db, begins);
		return batch_once(db, a, calls, n, e);
	}
	log_msg(LOG_LEVEL_WARNING, "database: the connection broke; connecting again");
	if (!connect_once(db, e))
		return false;
	if (began) {
		db->lost = true;
		return err_set(e, ERR_UNAVAILABLE, NULL, "the connection to the database broke and the transaction with it");
	}
	return batch_once(db, a, calls, n, e);
}

/* What goes out: the begin that waits for a statement, what was to go ahead, the calls, and after the last ones of a read its end. */
bool db_batch(struct db *db, struct arena *a, struct db_call *calls, size_t n, struct err *e) {
	bool begins = db->begin != NULL, ends = db->last && db->open && db->reads, ok;
	struct db_call *all, *ahead = db->ahead;
	size_t nahead = db->nahead, k = 0, i;

	db->constraint[0] = db->column[0] = '\0';
	if (db->stale && (!db->open || begins))
		prepare_anew(db, false);
	if (db->lost)
		return err_set(e, ERR_UNAVAILABLE, NULL, "the connection to the database broke and the transaction with it");
	if (n == 0)
		return true;
	all = arena_new(a, struct db_call, nahead + n + 2);
	if (begins)
		all[k++].sql = db->begin;
	for (i = 0; i < nahead; i++)
		all[k++] = ahead[i];
	memcpy(all + k, calls, n * sizeof(*all));
	k += n;
	if (ends)
		all[k++].sql = "COMMIT";
	db->begin = NULL;
	db_ahead(db, NULL, 0);
	db->last = false;
	ok = batch_again(db, a, all, k, begins, e);
	for (i = 0; i < nahead; i++)
		ahead[i].result = all[begins + i].result;
	for (i = 0; i < n; i++)
		calls[i].result = all[begins + nahead + i].result;
	if (ok && ends)
		db->open = false;
	return ok;
}

void db_ahead(struct db *db, struct db_call *calls, size_t n) {
	db->ahead = calls;
	db->nahead = n;
}

void db_last(struct db *db) {
	db->last = true;
}

bool db_query(struct db *db, struct arena *a, const char *sql, const struct val *params, size_t nparams, struct result *out, struct err *e) {
	struct db_call c = { .sql = sql, .params = params, .nparams = nparams };

	if (!db_batch(db, a, &c, 1, e))
		return false;
	if (out != NULL)
		*out = c.result;
	return true;
}

bool db_named(struct db *db, struct arena *a, unsigned id, const struct val *params, struct result *out, struct err *e) {
	return db_query(db, a, named_queries[id].sql, params, named_queries[id].nparams, out, e);
}

bool db_prepares(struct db *db, const char *sql, struct err *e) {
	PGresult *r;
	bool ok;

	settle(db);
	PQexitPipelineMode(db->conn);
	r = PQprepare(db->conn, "probe", sql, 0, NULL);
	ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	if (!ok)
		err_set(e, ERR_INTERNAL, NULL, "%s", PQresultErrorMessage(r));
	PQclear(r);
	if (ok)
		PQclear(PQexec(db->conn, "DEALLOCATE probe"));
	PQenterPipelineMode(db->conn);
	return ok;
}

/* Run a text of several statements, out of pipeline mode. */
bool db_script(struct db *db, const char *sql, struct err *e) {
	PGresult *r;
	bool ok;

	if (db->begin != NULL && !db_query(db, db->a, "SELECT 1", NULL, 0, NULL, e))
		return false;
	settle(db);
	PQexitPipelineMode(db->conn);
	r = PQexec(db->conn, sql);
	db->statements++;
	ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
	if (!ok) {
		const char *at = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION), *why = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
		long place = at == NULL ? 0 : strtol(at, NULL, 10), line = 1, i;

		for (i = 0; i < place - 1 && sql[i] != '\0'; i++)
			line += sql[i] == '\n';
		err_set(e, ERR_INTERNAL, NULL, "line %ld: %s", line, why == NULL ? PQerrorMessage(db->conn) : why);
	}
	PQclear(r);
	PQenterPipelineMode(db->conn);
	return ok;
}

const char *db_constraint(const struct db *db) {
	return db->constraint;
}

const char *db_column(const struct db *db) {
	return db->column;
}

uint64_t db_statements(const struct db *db) {
	return db->statements;
}

void **db_keep(struct db *db) {
	return &db->keep;
}

struct arena *db_arena(struct db *db) {
	return db->a;
}

/* ---- transactions ---- */

/* The begin goes out with the first statement: a transaction without one costs nothing. */
bool db_begin(struct db *db, enum db_mode mode, struct err *e) {
	if (db->open)
		return err_set(e, ERR_INTERNAL, NULL, "a transaction is open already");
	db->reads = mode == DB_READ;
	db->last = false;
	db->begin = mode == DB_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN";
	db->open = true;
	db->lost = false;
	return true;
}

/* A statement without rows; not prepared, being rare or never the same. */
static bool run_plain(struct db *db, const char *sql, struct err *e) {
	PGresult *r;
	bool ok;

	db->statements++;
	settle(db);
	if (PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0) != 1 || PQpipelineSync(db->conn) != 1)
		return away(db, e);
	r = next_answer(db);
	if (r == NULL)
		return away(db, e);
	ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	if (!ok)
		fail(db, db->a, r, sql, e);
	else if (strcmp(PQcmdStatus(r), "ROLLBACK") == 0 && strcmp(sql, "COMMIT") == 0)
		ok = err_set(e, ERR_CONFLICT, NULL, "the transaction had failed and was rolled back");
	PQclear(r);
	return (drain(db) || away(db, e)) && ok;
}

bool db_commit(struct db *db, struct err *e) {
	bool idle = db->begin != NULL || !db->open, lost = db->lost;

	db->begin = NULL;
	db->open = false;
	db->lost = false;
	if (lost)
		return err_set(e, ERR_UNAVAILABLE, NULL, "the connection to the database broke and the transaction with it");
	if (!idle && db->reads && !db->owed) {          /* what was read was read: nobody need wait for the end of it */
		db->statements++;
		db->owed = PQsendQueryParams(db->conn, "COMMIT", 0, NULL, NULL, NULL, NULL, 0) == 1 && PQpipelineSync(db->conn) == 1;
		return db->owed || away(db, e);
	}
	return idle || run_plain(db, "COMMIT", e);
}

void db_rollback(struct db *db) {
	bool idle = db->begin != NULL || !db->open || db->lost;
	struct err ignored;

	db->begin = NULL;
	db->open = false;
	db->lost = false;
	if (!idle && !run_plain(db, "ROLLBACK", &ignored) && broken(db) && !connect_once(db, &ignored))
		log_msg(LOG_LEVEL_WARNING, "database: %s", ignored.msg);
}

bool db_in_transaction(const struct db *db) {
	return db->open;
}

bool db_savepoint(struct db *db, const char *name, struct err *e) {
	char sql[96];

	if (db->begin != NULL && !db_query(db, db->a, "SELECT 1", NULL, 0, NULL, e))
		return false;
	snprintf(sql, sizeof(sql), "SAVEPOINT %.60s", name);
	return run_plain(db, sql, e);
}

bool db_rollback_to(struct db *db, const char *name, struct err *e) {
	char sql[96];

	snprintf(sql, sizeof(sql), "ROLLBACK TO SAVEPOINT %.60s", name);
	return run_plain(db, sql, e);
}

/* ---- COPY: not possible in pipeline mode ---- */

/* Begin it; back in pipeline mode when it cannot. */
static bool copy_enter(struct db *db, const char *sql, ExecStatusType want, struct err *e) {
	PGresult *r;
	bool ok;

	if (db->begin != NULL && !db_query(db, db->a, "SELECT 1", NULL, 0, NULL, e))
		return false;
	settle(db);
	PQexitPipelineMode(db->conn);
	db->statements++;
	r = PQexec(db->conn, sql);
	ok = PQresultStatus(r) == want || fail(db, db->a, r, sql, e);
	PQclear(r);
	if (!ok)
		PQenterPipelineMode(db->conn);
	return ok;
}

/* Read what it came to. */
static bool copy_leave(struct db *db, bool ok, struct err *e) {
	PGresult *r;

	while ((r = PQgetResult(db->conn)) != NULL) {
		if (ok && PQresultStatus(r) != PGRES_COMMAND_OK)
			ok = fail(db, db->a, r, "COPY", e);
		PQclear(r);
	}
	PQenterPipelineMode(db->conn);
	return ok;
}

bool db_copy_begin(struct db *db, const char *copy_sql, struct err *e) {
	return copy_enter(db, copy_sql, PGRES_COPY_IN, e);
}

bool db_copy_data(struct db *db, const char *data, size_t len, struct err *e) {
	return PQputCopyData(db->conn, data, (int)len) == 1 || away(db, e);
}

bool db_copy_end(struct db *db, struct err *e) {
	return copy_leave(db, PQputCopyEnd(db->conn, NULL) == 1 || away(db, e), e);
}

void db_copy_abort(struct db *db) {
	struct err ignored;

	PQputCopyEnd(db->conn, "given up");
	copy_leave(db, false, &ignored);
}

bool db_copy_out(struct db *db, const char *copy_sql, db_sink *sink, void *arg, struct err *e) {
	char *line = NULL;
	bool ok = true;
	int n;

	if (!copy_enter(db, copy_sql, PGRES_COPY_OUT, e))
		return false;
	while (ok && (n = PQgetCopyData(db->conn, &line, 0)) > 0) {
		ok = sink(arg, line, (size_t)n, e);
		PQfreemem(line);
	}
	return copy_leave(db, ok, e);
}
