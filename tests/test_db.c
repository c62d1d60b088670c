/* test_db.c: the database layer against a real server: types both ways, transactions, errors, batches, a lost connection. */
#include "config.h"

#include <criterion/criterion.h>

#include "base/json.h"
#include "db/migrate.h"
#include "pg.h"

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
	(void)tests;
	pg_start();
}

static struct arena *a;
static struct db *db;
static const char *database;
static struct err e;

static void setup(void) {
	a = arena_new_root();
	db = pg_fresh(a, &database);
}

static void teardown(void) {
	arena_free(a);
}

TestSuite(db, .init = setup, .fini = teardown);

static const char *one(const char *sql, const struct val *params, size_t n) {
	struct result r;
	struct sbuf b;

	cr_assert(db_query(db, a, sql, params, n, &r, &e), "%s: %s", sql, e.msg);
	sb_init(&b, a);
	for (size_t i = 0; i < r.n * r.cols; i++) {
		if (i > 0)
			sb_chr(&b, ' ');
		json_write(&b, r.v[i]);
	}
	return b.s;
}

Test(db, values_by_type) {
	cr_assert_str_eq(one("SELECT true, 5::int2, -7::int8, 1.5::float8, 2.5::numeric, 'x'::text, NULL::int", NULL, 0), "true 5 -7 1.5 2.5 \"x\" null");
	cr_assert_str_eq(one("SELECT '2026-11-20 19:05:04.318142+00'::timestamptz, '2026-11-20 19:05:04+00'::timestamptz, '2026-11-20 19:05:04.5+00'::timestamptz", NULL, 0),
	    "\"2026-11-20T19:05:04.318142Z\" \"2026-11-20T19:05:04Z\" \"2026-11-20T19:05:04.500000Z\"");
	cr_assert_str_eq(one("SELECT '{\"b\": [1, null]}'::jsonb, '192.0.2.1/24'::inet, '192.0.2.1'::inet, '00-1B-77-49-54-FD'::macaddr", NULL, 0),
	    "{\"b\":[1,null]} \"192.0.2.1/24\" \"192.0.2.1\" \"00:1b:77:49:54:fd\"");
	cr_assert_str_eq(one("SELECT ARRAY[1,2]::bigint[], ARRAY['a b','c\"d',NULL], ARRAY[]::text[], ARRAY['192.0.2.0/24']::cidr[]", NULL, 0),
	    "[1,2] [\"a b\",\"c\\\"d\",null] [] [\"192.0.2.0/24\"]");
}

Test(db, parameters_of_every_kind) {
	struct list *l = list_new(a, 0), *t = list_new(a, 0);
	struct map *m = map_new(a, 1);

	list_push(l, val_int(3));
	list_push(l, val_int(4));
	list_push(t, val_str("a\"\\ ,{}"));
	map_set(m, "k", val_str("v"));
	const struct val params[] = { val_null(), val_bool(true), val_int(-1), val_float(0.5), val_str("it's"), val_list(l), val_list(t), val_map(m) };
	cr_assert_str_eq(one("SELECT $1::int, $2::bool, $3::bigint, $4::float8, $5::text, $6::bigint[], $7::text[], $8::jsonb", params, 8),
	    "null true -1 0.5 \"it's\" [3,4] [\"a\\\"\\\\ ,{}\"] {\"k\":\"v\"}");
}

Test(db, errors_have_codes) {
	struct val bad = val_str("x");

	cr_assert(!db_query(db, a, "SELECT * FROM nowhere", NULL, 0, NULL, &e));
	cr_assert_eq(e.code, ERR_INTERNAL);
	cr_assert(!db_query(db, a, "SELECT $1::int", &bad, 1, NULL, &e));
	cr_assert_eq(e.code, ERR_INVALID);
	cr_assert(!db_query(db, a, "INSERT INTO tag (name, slug) VALUES ('a', 'a'), ('b', 'a')", NULL, 0, NULL, &e));
	cr_assert_eq(e.code, ERR_CONFLICT);
	cr_assert_str_eq(e.kind, "23505");
	cr_assert_str_eq(db_constraint(db), "tag_slug_key");
	cr_assert(!db_query(db, a, "INSERT INTO tag (name, slug) VALUES ('a', 'a'), ('b', 'a')", NULL, 0, NULL, &e));
	cr_assert_str_eq(e.kind, "23505", "a statement that failed once is prepared all the same");
	cr_assert(!db_query(db, a, "INSERT INTO tag (name) VALUES ('a')", NULL, 0, NULL, &e));
	cr_assert_eq(e.code, ERR_INVALID);
	cr_assert_str_eq(db_column(db), "slug");
	cr_assert_str_eq(one("SELECT 1", NULL, 0), "1", "the connection goes on");
}

Test(db, transactions) {
	struct result r;

	cr_assert(db_begin(db, DB_WRITE, &e));
	cr_assert(db_in_transaction(db));
	cr_assert(db_query(db, a, "INSERT INTO tag (name, slug) VALUES ('a', 'a')", NULL, 0, &r, &e));
	cr_assert_eq(r.affected, 1);
	db_rollback(db);
	cr_assert_str_eq(one("SELECT count(*) FROM tag", NULL, 0), "0");
	cr_assert(db_begin(db, DB_WRITE, &e));
	cr_assert(db_savepoint(db, "s", &e));
	cr_assert(!db_query(db, a, "INSERT INTO tag (name) VALUES ('a')", NULL, 0, NULL, &e));
	cr_assert(db_rollback_to(db, "s", &e));
	cr_assert(db_query(db, a, "INSERT INTO tag (name, slug) VALUES ('a', 'a')", NULL, 0, NULL, &e));
	cr_assert(db_commit(db, &e), "%s", e.msg);
	cr_assert_str_eq(one("SELECT count(*) FROM tag", NULL, 0), "1");
	cr_assert(db_begin(db, DB_READ, &e));
	cr_assert(!db_query(db, a, "DELETE FROM tag", NULL, 0, NULL, &e), "a read only transaction takes no write");
	db_rollback(db);
	cr_assert(db_begin(db, DB_WRITE, &e));
	cr_assert(!db_query(db, a, "SELECT 1/0", NULL, 0, NULL, &e));
	cr_assert(!db_commit(db, &e), "a failed transaction does not commit");
	cr_assert_str_eq(one("SELECT 1", NULL, 0), "1");
}

Test(db, a_batch_stops_at_the_first_failure) {
	struct db_call calls[3] = { { .sql = "INSERT INTO tag (name, slug) VALUES ('b', 'b')" }, { .sql = "SELECT 1/0" }, { .sql = "INSERT INTO tag (name, slug) VALUES ('c', 'c')" } };
	struct db_call good[2] = { { .sql = "SELECT 1 AS x" }, { .sql = "SELECT 'two'" } };

	cr_assert(!db_batch(db, a, calls, 3, &e));
	cr_assert_str_eq(e.kind, "22012");
	cr_assert_str_eq(one("SELECT count(*) FROM tag", NULL, 0), "0");
	cr_assert(db_batch(db, a, good, 2, &e));
	cr_assert_eq(result_at(&good[0].result, 0, 0).u.i, 1);
	cr_assert_str_eq(good[0].result.names[0], "x");
	cr_assert_str_eq(result_at(&good[1].result, 0, 0).u.s, "two");
}

Test(db, only_what_asks_for_it_is_planned_for_its_values) {
	static const char sql[] = "SELECT current_setting('plan_cache_mode') || ' ' || current_setting('join_collapse_limit')",
		folded[] = "SELECT CASE WHEN random() > 2 THEN 1 / $1::int ELSE 0 END";      /* the planner divides, if it knows by what */
	struct val zero = val_int(0);
	struct db_call calls[] = { { .sql = sql, .planned_anew = true }, { .sql = sql }, { .sql = sql, .planned_anew = true, .as_written = true }, { .sql = sql } };
	struct db_call once = { .sql = folded, .params = &zero, .nparams = 1 }, anew = once;

	anew.planned_anew = true;
	cr_assert(db_begin(db, DB_READ, &e) && db_batch(db, a, calls, ARRAY_LEN(calls), &e), "%s", e.msg);
	cr_assert_str_eq(result_at(&calls[0].result, 0, 0).u.s, "force_custom_plan 8");
	cr_assert_str_eq(result_at(&calls[1].result, 0, 0).u.s, "force_generic_plan 8");
	cr_assert_str_eq(result_at(&calls[2].result, 0, 0).u.s, "force_custom_plan 1");
	cr_assert_str_eq(result_at(&calls[3].result, 0, 0).u.s, "force_generic_plan 8", "what was put aside for one statement holds again after it");
	cr_assert(db_batch(db, a, &once, 1, &e), "%s", e.msg);
	cr_assert(!db_batch(db, a, &anew, 1, &e));
	cr_assert_str_eq(e.kind, "22012");
}

Test(db, more_statements_than_are_kept_prepared) {
	for (int i = 0; i < 700; i++) {
		const char *sql = arena_printf(a, "SELECT %d", i);

		cr_assert_str_eq(one(sql, NULL, 0), sql + 7);
	}
	cr_assert_str_eq(one("SELECT 0", NULL, 0), "0");
	cr_assert_str_eq(one("SELECT count(*) <= 512 FROM pg_prepared_statements", NULL, 0), "true");
}

Test(db, a_lost_connection_comes_back_outside_a_transaction_only) {
	struct db *killer;
	struct result r;
	struct val pid;

	cr_assert(db_open(a, pg_conninfo(a, database), "killer", &killer, &e));
	cr_assert(db_query(db, a, "SELECT pg_backend_pid()", NULL, 0, &r, &e));
	pid = result_at(&r, 0, 0);
	cr_assert(db_query(killer, a, "SELECT pg_terminate_backend($1, 5000)", &pid, 1, &r, &e));
	cr_assert_str_eq(one("SELECT 'again'", NULL, 0), "\"again\"");
	cr_assert(db_query(db, a, "SELECT pg_backend_pid()", NULL, 0, &r, &e));
	pid = result_at(&r, 0, 0);
	cr_assert(db_begin(db, DB_READ, &e));
	cr_assert(db_query(killer, a, "SELECT pg_terminate_backend($1, 5000)", &pid, 1, &r, &e));
	cr_assert_str_eq(one("SELECT 'once more'", NULL, 0), "\"once more\"", "a transaction that had not begun yet begins again");
	cr_assert(db_commit(db, &e));
	cr_assert(db_begin(db, DB_WRITE, &e));
	cr_assert(db_query(db, a, "SELECT pg_backend_pid()", NULL, 0, &r, &e));
	pid = result_at(&r, 0, 0);
	cr_assert(db_query(killer, a, "SELECT pg_terminate_backend($1, 5000)", &pid, 1, &r, &e));
	cr_assert(!db_query(db, a, "SELECT 1", NULL, 0, NULL, &e));
	cr_assert_eq(e.code, ERR_UNAVAILABLE);
	cr_assert(!db_query(db, a, "SELECT 1", NULL, 0, NULL, &e), "nothing of a lost transaction goes on alone");
	cr_assert(!db_commit(db, &e));
	cr_assert_str_eq(one("SELECT 1", NULL, 0), "1");
}

static struct db *killer_of(void) {
	struct db *other;

	cr_assert(db_open(a, pg_conninfo(a, database), "other", &other, &e));
	return other;
}

Test(db, a_changed_table_is_prepared_anew) {
	cr_assert(db_script(db, "CREATE TABLE x (a int); INSERT INTO x VALUES (1)", &e));
	cr_assert_str_eq(one("SELECT * FROM x", NULL, 0), "1");
	cr_assert(db_script(db, "ALTER TABLE x ADD b int DEFAULT 2", &e));
	cr_assert_str_eq(one("SELECT * FROM x", NULL, 0), "1 2");
	cr_assert(db_script(db, "ALTER TABLE x ADD c int DEFAULT 3", &e));
	cr_assert(db_begin(db, DB_READ, &e));
	cr_assert_str_eq(one("SELECT * FROM x", NULL, 0), "1 2 3", "as the first statement of a transaction");
	cr_assert(db_commit(db, &e));
	cr_assert(db_begin(db, DB_READ, &e));
	cr_assert_str_eq(one("SELECT 1", NULL, 0), "1");
	cr_assert(db_script(killer_of(), "ALTER TABLE x ADD d int DEFAULT 4", &e));
	cr_assert(!db_query(db, a, "SELECT * FROM x", NULL, 0, NULL, &e), "in the middle of one it fails");
	db_rollback(db);
	cr_assert_str_eq(one("SELECT * FROM x", NULL, 0), "1 2 3 4", "and works again after it");
}

Test(db, copy_and_statement_count) {
	uint64_t before;

	cr_assert(db_begin(db, DB_WRITE, &e));
	cr_assert(db_copy_begin(db, "COPY tag (name, slug) FROM STDIN", &e), "%s", e.msg);
	cr_assert(db_copy_data(db, "A\ta\nB\tb\n", 8, &e));
	cr_assert(db_copy_end(db, &e), "%s", e.msg);
	cr_assert(db_commit(db, &e));
	before = db_statements(db);
	cr_assert_str_eq(one("SELECT count(*) FROM tag", NULL, 0), "2");
	cr_assert_eq(db_statements(db) - before, 1);
}

Test(db, migrations_are_applied_once_and_not_edited) {
	struct migration *m;
	size_t n;
	const char *dir = arena_printf(a, "%s/sql/migrations", getenv("PEERAGE_TOP") != NULL ? getenv("PEERAGE_TOP") : TEST_SRCDIR);

	cr_assert(migrate_run(a, db, dir, &n, &e), "%s", e.msg);
	cr_assert_eq(n, 0, "all were applied before");
	cr_assert(db_script(db, "UPDATE peerage.migration SET checksum = 'other' WHERE name = '0001_base'", &e));
	cr_assert(!migrate_run(a, db, dir, &n, &e));
	cr_assert_eq(e.code, ERR_CONFLICT);
	cr_assert(migrate_status(a, db, dir, &m, &n, &e));
	cr_assert_eq(m[0].state, MIGRATION_CHANGED);
	cr_assert_eq(m[1].state, MIGRATION_APPLIED);
}
