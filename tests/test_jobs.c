/* test_jobs.c: times that come again, jobs as rows, housekeeping. The runner itself is tried in suite_jobs.sh. */
#include "config.h"

#include <criterion/criterion.h>
#include <fcntl.h>

#include "base/cron.h"
#include "db/queries.h"
#include "devices/driver.h"
#include "jobs/jobs.h"
#include "model/job.h"
#include "model/schedule.h"
#include "model/tables/tables.h"
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

TestSuite(jobs, .init = setup, .fini = teardown);

static struct val one(const char *sql) {
	struct result r;

	cr_assert(db_query(db, a, sql, NULL, 0, &r, &e), "%s: %s", sql, e.msg);
	return r.n == 0 ? val_undef() : result_at(&r, 0, 0);
}

static int64_t count(const char *sql) {
	return one(sql).u.i;
}

/* ---- cron ---- */

Test(cron, what_is_refused) {
	static const struct { const char *text, *says; } bad[] = {
		{ "", "0 fields" }, { "* * * *", "4 fields" }, { "* * * * * *", "more than five" }, { "60 * * * *", "minute \"60\"" },
		{ "* 24 * * *", "hour \"24\"" }, { "* * 0 * *", "day of month" }, { "* * * 13 *", "month" }, { "* * * * 8", "day of week" },
		{ "5-1 * * * *", "minute" }, { "*/0 * * * *", "minute" }, { "5/2 * * * *", "minute" }, { "1,,2 * * * *", "minute" }, { "1, * * * *", "minute" },
		{ "x * * * *", "minute" }, { "* * * foo *", "month" }, { "-1 * * * *", "minute" }, { "* * 30 2 *", "never" }, { "* * 31 4,6 *", "never" },
		{ "@often", "@hourly" }, { "000 * * * *", "minute" },
	};
	struct cron c;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		cr_expect(!cron_parse(bad[i].text, &c, &e), "%s", bad[i].text);
		cr_expect(strstr(e.msg, bad[i].says) != NULL, "%s: %s", bad[i].text, e.msg);
	}
}

/* By PostgreSQL's calendar, not by ours. */
static int64_t minute_of(const char *when) {
	struct result r;

	cr_assert(db_query(db, a, "SELECT (extract(epoch FROM $1::timestamp) / 60)::bigint", (struct val[]){ val_str(when) }, 1, &r, &e), "%s", e.msg);
	return result_at(&r, 0, 0).u.i;
}

Test(jobs, times_that_come_next) {
	static const struct { const char *cron, *from, *next; } rows[] = {
		{ "* * * * *", "2026-11-21 13:30", "2026-11-21 13:30" },
		{ "17 3 * * *", "2026-11-21 13:30", "2026-11-22 03:17" },
		{ "*/15 * * * *", "2026-11-21 13:31", "2026-11-21 13:45" },
		{ "5-10/2 8,20 * * *", "2026-11-21 08:08", "2026-11-21 08:09" },
		{ "5-10/2 8,20 * * *", "2026-11-21 08:10", "2026-11-21 20:05" },
		{ "0 0 1 * *", "2026-12-01 00:01", "2027-01-01 00:00" },
		{ "0 0 29 2 *", "2026-03-01 00:00", "2028-02-29 00:00" },
		{ "0 0 29 2 *", "2096-03-01 00:00", "2104-02-29 00:00" },
		{ "30 6 * * mon-fri", "2026-11-21 00:00", "2026-11-23 06:30" },
		{ "0 12 * * 7", "2026-11-21 00:00", "2026-11-22 12:00" },
		{ "0 12 * * SUN", "2026-11-22 12:00", "2026-11-22 12:00" },
		{ "0 0 13 * fri", "2026-11-21 00:00", "2026-11-27 00:00" },
		{ "0 0 13 * *", "2026-11-21 00:00", "2026-12-13 00:00" },
		{ "0 0 1 jan,jul *", "2026-01-02 00:00", "2026-07-01 00:00" },
		{ "@hourly", "2026-11-21 13:01", "2026-11-21 14:00" },
		{ "@daily", "2026-12-31 00:01", "2027-01-01 00:00" },
		{ "@weekly", "2026-11-21 13:01", "2026-11-22 00:00" },
		{ "@monthly", "2026-11-21 13:01", "2026-12-01 00:00" },
		{ "@Yearly", "2026-11-21 13:01", "2027-01-01 00:00" },
	};
	struct cron c;
	int64_t next;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		cr_assert(cron_parse(rows[i].cron, &c, &e), "%s: %s", rows[i].cron, e.msg);
		cr_assert(cron_next(&c, minute_of(rows[i].from), &next));
		cr_expect_eq(next, minute_of(rows[i].next), "%s from %s", rows[i].cron, rows[i].from);
	}
}

Test(jobs, days_agree_with_the_database) {
	struct cron c;
	int64_t next;

	for (int64_t day = -1; day < 40000; day += 397) {
		struct result r;

		cr_assert(db_query(db, a, "SELECT to_char(date '1970-01-01' + $1::int, '\"0 0 \"FMDD FMMM \"*\"')", (struct val[]){ val_int(day) }, 1, &r, &e), "%s", e.msg);
		cr_assert(cron_parse(result_at(&r, 0, 0).u.s, &c, &e), "%s", e.msg);
		cr_assert(cron_next(&c, day * 1440, &next) && next == day * 1440, "day %lld", (long long)day);
		cr_assert(db_query(db, a, "SELECT to_char(date '1970-01-01' + $1::int, '\"0 0 * * \"dy')", (struct val[]){ val_int(day) }, 1, &r, &e), "%s", e.msg);
		cr_assert(cron_parse(result_at(&r, 0, 0).u.s, &c, &e), "%s", e.msg);
		cr_assert(cron_next(&c, day * 1440, &next) && next == day * 1440, "weekday of %lld", (long long)day);
	}
}

static int64_t instant(const char *when) {
	struct result r;

	cr_assert(db_query(db, a, "SELECT extract(epoch FROM $1::timestamptz)::bigint", (struct val[]){ val_str(when) }, 1, &r, &e), "%s", e.msg);
	return result_at(&r, 0, 0).u.i;
}

Test(jobs, clocks_that_are_changed) {
	static const struct { const char *cron, *zone, *after, *next; } rows[] = {
		{ "30 2 * * *", "UTC", "2026-03-29 00:00Z", "2026-03-29 02:30Z" },
		{ "30 2 * * *", "Europe/Berlin", "2026-11-21 00:00Z", "2026-11-21 01:30Z" },
		{ "30 2 * * *", "Europe/Berlin", "2026-07-21 01:00Z", "2026-07-22 00:30Z" },
		/* put forward at 02:00 on 2026-03-29: the time that is left out is the moment of the change, once */
		{ "30 2 * * *", "Europe/Berlin", "2026-03-28 12:00Z", "2026-03-29 01:00Z" },
		{ "30 2 * * *", "Europe/Berlin", "2026-03-29 01:00Z", "2026-03-30 00:30Z" },
		{ "0 4 * * *", "Europe/Berlin", "2026-03-28 12:00Z", "2026-03-29 02:00Z" },
		{ "*/30 * * * *", "Europe/Berlin", "2026-03-29 00:30Z", "2026-03-29 01:00Z" },
		{ "*/30 * * * *", "Europe/Berlin", "2026-03-29 01:00Z", "2026-03-29 01:30Z" },
		/* put back at 03:00 on 2026-10-25: the first of the two, once */
		{ "30 2 * * *", "Europe/Berlin", "2026-10-24 12:00Z", "2026-10-25 00:30Z" },
		{ "30 2 * * *", "Europe/Berlin", "2026-10-25 00:30Z", "2026-10-26 01:30Z" },
		{ "0 4 * * *", "Europe/Berlin", "2026-10-24 12:00Z", "2026-10-25 03:00Z" },
		{ "*/30 * * * *", "Europe/Berlin", "2026-10-25 00:30Z", "2026-10-25 01:00Z" },
		{ "*/30 * * * *", "Europe/Berlin", "2026-10-25 01:00Z", "2026-10-25 01:30Z" },
		{ "*/30 * * * *", "Europe/Berlin", "2026-10-25 01:30Z", "2026-10-25 02:00Z" },
		/* by half an hour, and whole days */
		{ "15 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00Z", "2026-10-03 15:30Z" },
		{ "0 0 * * *", "Asia/Kolkata", "2026-11-21 12:00Z", "2026-11-21 18:30Z" },
		{ "0 12 30 12 *", "Pacific/Apia", "2011-12-01 00:00Z", "2011-12-30 10:00Z" },
		/* from one half of the year to the other */
		{ "0 12 1 7 *", "Europe/Berlin", "2026-11-21 00:00Z", "2027-07-01 10:00Z" },
		{ "@yearly", "Europe/Berlin", "2026-07-21 00:00Z", "2026-12-31 23:00Z" },
	};
	int64_t next;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		cr_assert(schedule_next(db, a, rows[i].cron, rows[i].zone, instant(rows[i].after), &next, &e), "%s", e.msg);
		cr_expect_eq(next, instant(rows[i].next), "%s in %s after %s: %lld s off", rows[i].cron, rows[i].zone, rows[i].after,
		    (long long)(next - instant(rows[i].next)));
	}
	cr_assert(!schedule_next(db, a, "0 0 * * *", "Mars/Olympus", 0, &next, &e));
	cr_assert_str_eq(e.field, "time_zone");
	cr_assert(strstr(e.msg, "Mars/Olympus") != NULL, "%s", e.msg);
}

/* ---- jobs as rows ---- */

Test(jobs, asking_is_part_of_the_transaction) {
	struct job_request q = { .name = "core.noop", .res = &res_router, .object_id = 7, .lock_key = job_lock(a, &res_router, 7), .time_limit = 2.5 };
	int64_t id;

	cr_assert(db_begin(db, DB_WRITE, &e));
	cr_assert(job_enqueue(db, a, &q, &id, &e), "%s", e.msg);
	db_rollback(db);
	cr_assert_eq(count("SELECT count(*) FROM job"), 0);
	q.parameters = map_new(a, 1);
	map_set((struct map *)(uintptr_t)q.parameters, "a", val_str("b"));
	cr_assert(job_enqueue(db, a, &q, &id, &e), "%s", e.msg);
	cr_assert_eq(count("SELECT count(*) FROM job j JOIN object_type o ON o.id = j.object_type_id WHERE o.model = 'router' AND object_id = 7"
	    " AND lock_key = 'devices.router:7' AND parameters = '{\"a\": \"b\"}' AND status = 'pending' AND time_limit = '2.5 s' AND queue = 'default'"), 1);
}

static struct result claim(int64_t room) {
	struct result r;
	struct list *queues = list_new(a, 1), *none = list_new(a, 0);

	list_push(queues, val_str("high"));
	list_push(queues, val_str("default"));
	cr_assert(db_named(db, a, Q_JOB_CLAIM, (struct val[]){ val_str("me"), val_list(queues), val_int(room), val_list(none), val_list(none),
	    val_list(none) }, &r, &e), "%s", e.msg);
	return r;
}

Test(jobs, one_of_a_lock_at_a_time) {
	struct job_request q = { .name = "core.noop", .lock_key = "x" };
	struct result r;
	int64_t id[4];

	cr_assert(job_enqueue(db, a, &q, &id[0], &e) && job_enqueue(db, a, &q, &id[1], &e));
	q.lock_key = NULL;
	cr_assert(job_enqueue(db, a, &q, &id[2], &e));
	q.delay = 60;
	cr_assert(job_enqueue(db, a, &q, &id[3], &e));
	r = claim(10);
	cr_assert_eq(r.n, 2, "%zu", r.n);
	cr_assert_eq(result_at(&r, 0, 0).u.i, id[0]);
	cr_assert_eq(result_at(&r, 1, 0).u.i, id[2]);
	cr_assert_eq(claim(10).n, 0, "the second waits for the first, the last for its time");
	one("UPDATE job SET status = 'completed' WHERE id = (SELECT min(id) FROM job)");
	r = claim(10);
	cr_assert_eq(r.n, 1);
	cr_assert_eq(result_at(&r, 0, 0).u.i, id[1]);
}

Test(jobs, one_that_takes_several_locks) {
	struct job_request one_lock = { .name = "core.noop", .queue = "default" }, several = { .name = "core.noop", .queue = "high", .lock_keys = list_new(a, 2) };
	struct result r;
	int64_t x, y, z, both, again;

	list_push(several.lock_keys, val_str("x"));
	list_push(several.lock_keys, val_str("y"));
	one_lock.lock_key = "x";
	cr_assert(job_enqueue(db, a, &one_lock, &x, &e), "%s", e.msg);
	cr_assert_eq(claim(10).n, 1);
	cr_assert(job_enqueue(db, a, &several, &both, &e), "%s", e.msg);
	one_lock.lock_key = "y";
	cr_assert(job_enqueue(db, a, &one_lock, &y, &e));
	one_lock.lock_key = "z";
	cr_assert(job_enqueue(db, a, &one_lock, &z, &e));
	r = claim(10);
	cr_assert_eq(r.n, 1, "%zu: what waits for several comes before those that want one of them", r.n);
	cr_assert_eq(result_at(&r, 0, 0).u.i, z);
	one("UPDATE job SET status = 'completed' WHERE lock_key = 'x'");
	cr_assert(job_enqueue(db, a, &several, &again, &e));
	r = claim(10);
	cr_assert_eq(r.n, 1, "%zu", r.n);
	cr_assert_eq(result_at(&r, 0, 0).u.i, both);
	cr_assert_eq(count("SELECT count(*) FROM job_lock WHERE key IN ('x', 'y', 'z')"), 3);
	cr_assert_eq(claim(10).n, 0, "while it runs nothing else has x or y");
	one("UPDATE job SET status = 'pending', run_after = now() + interval '1 h' WHERE status = 'running' AND lock_keys IS NOT NULL");
	r = claim(10);
	cr_assert_eq(r.n, 1, "taken back, its keys are free");
	cr_assert_eq(result_at(&r, 0, 0).u.i, again);
	one("UPDATE job SET status = 'failed' WHERE lock_keys IS NOT NULL");
	r = claim(10);
	cr_assert_eq(r.n, 1);
	cr_assert_eq(result_at(&r, 0, 0).u.i, y);
}

Test(jobs, cancelling_and_retrying) {
	struct job_request q = { .name = "core.noop", .queue = "high", .priority = 3 };
	int64_t id, again;
	bool running;

	cr_assert(job_enqueue(db, a, &q, &id, &e));
	cr_assert(!job_retry(db, a, id, 0, &again, &e));
	cr_assert_eq(e.code, ERR_CONFLICT);
	cr_assert_eq(claim(1).n, 1);
	cr_assert(job_cancel(db, a, id, "me", &running, &e) && running);
	cr_assert_eq(count("SELECT count(*) FROM job WHERE status = 'running' AND cancel_requested AND completed IS NULL"), 1);
	one("UPDATE job SET status = 'failed'");
	cr_assert(!job_cancel(db, a, id, "me", &running, &e));
	cr_assert_eq(e.code, ERR_CONFLICT);
	cr_assert(job_retry(db, a, id, 0, &again, &e));
	cr_assert_eq(count("SELECT count(*) FROM job WHERE status = 'pending' AND queue = 'high' AND priority = 3 AND NOT cancel_requested"), 1);
	cr_assert(job_cancel(db, a, again, "me", &running, &e) && !running);
	cr_assert(!job_retry(db, a, 12345, 0, &again, &e));
	cr_assert_eq(e.code, ERR_NOT_FOUND);
}

Test(jobs, a_queue_that_is_not_there) {
	struct job_request q = { .name = "core.noop", .queue = "fast" };
	int64_t id;

	cr_assert(!job_enqueue(db, a, &q, &id, &e));
	cr_assert_eq(e.code, ERR_INVALID);
}

Test(jobs, a_changed_schedule_is_reckoned_anew) {
	size_t made;

	cr_assert(schedule_tick(db, a, &made, &e), "%s", e.msg);
	cr_assert_eq(made, 0);
	cr_assert_eq(count("SELECT count(*) FROM schedule WHERE enabled AND next_run IS NULL"), 0);
	one("UPDATE schedule SET description = 'x'");
	cr_assert_eq(count("SELECT count(*) FROM schedule WHERE enabled AND next_run IS NULL"), 0);
	one("UPDATE schedule SET cron = '1 1 * * *' WHERE name = 'Housekeeping'");
	cr_assert_eq(count("SELECT count(*) FROM schedule WHERE enabled AND next_run IS NULL"), 1);
	one("UPDATE schedule SET next_run = now() WHERE name = 'Housekeeping'");
	cr_assert(schedule_tick(db, a, &made, &e), "%s", e.msg);
	cr_assert_eq(made, 1);
	cr_assert_eq(count("SELECT count(*) FROM job WHERE name = 'core.housekeeping' AND schedule_id IS NOT NULL"), 1);
	one("UPDATE schedule SET next_run = now() WHERE name = 'Housekeeping'");
	cr_assert(schedule_tick(db, a, &made, &e), "%s", e.msg);
	cr_assert_eq(made, 0, "the one before still waits");
	one("UPDATE schedule SET next_run = now(), overlap = 'wait' WHERE name = 'Housekeeping'");
	one("UPDATE job SET status = 'running'");
	cr_assert(schedule_tick(db, a, &made, &e), "%s", e.msg);
	cr_assert_eq(made, 1, "one may wait");
	one("UPDATE schedule SET next_run = now() WHERE name = 'Housekeeping'");
	cr_assert(schedule_tick(db, a, &made, &e), "%s", e.msg);
	cr_assert_eq(made, 0, "but not two");
}

/* ---- kinds ---- */

Test(kinds, are_whole) {
	for (const struct job_type *t = job_types; t->name != NULL; t++) {
		cr_expect(t->run != NULL && t->help != NULL, "%s", t->name);
		cr_expect_eq(job_type_find(t->name), t, "%s is there twice", t->name);
		cr_expect(t->twice == NULL || t->recover != NULL || t->tries < 2, "%s: twice would hurt, yet it is tried again", t->name);
		cr_expect(t == job_types || strcmp(t[-1].name, t->name) < 0, "%s: not in order", t->name);
	}
}

/* Each driver can be chosen in a new book. */
Test(jobs, every_driver_has_a_platform) {
	struct result r;

	cr_assert(db_query(db, a, "SELECT napalm_driver FROM platform", NULL, 0, &r, &e), "%s", e.msg);
	for (size_t i = 0; i < r.n; i++)
		cr_expect_not_null(driver_find(result_at(&r, i, 0).u.s), "no driver %s", result_at(&r, i, 0).u.s);
	for (const struct driver *const *d = drivers; *d != NULL; d++) {
		size_t n = 0;

		for (size_t i = 0; i < r.n; i++)
			n += driver_find(result_at(&r, i, 0).u.s) == *d;
		cr_expect_eq(n, 1, "%zu platforms have the driver %s", n, (*d)->name);
	}
}

Test(jobs, housekeeping) {
	struct conf conf;
	struct job j = { .a = a, .conf = &conf, .parameters = map_new(a, 0), .out = open("/dev/null", O_WRONLY) };
	int64_t id;

	cr_assert(conf_load(a, "/dev/null", &conf, &e), "%s", e.msg);
	conf.database = pg_conninfo(a, database);
	conf.changelog_retention = 10;
	conf.job_retention = 20;
	cr_assert(job_enqueue(db, a, &(struct job_request){ .name = "core.noop" }, &id, &e));
	one("INSERT INTO job (object_type_id, name, status, created) VALUES (23, 'old', 'completed', now() - interval '21 days'),"
	    " (23, 'old but running', 'running', now() - interval '21 days'), (23, 'young', 'failed', now() - interval '19 days')");
	one("INSERT INTO object_change (time, user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr)"
	    " SELECT now() - make_interval(days => d), 'x', gen_random_uuid(), 'update', 23, 1, 'x' FROM unnest(ARRAY[1, 9, 11, 100]) d");
	one("INSERT INTO event (time, request_id, action, object_type_id, object_id, handled)"
	    " SELECT now() - make_interval(days => d), gen_random_uuid(), 'update', 23, 1, CASE WHEN d < 90 THEN now() - make_interval(days => d) END"
	    " FROM unnest(ARRAY[1, 60, 99]) d");
	one("WITH u AS (INSERT INTO auth_user (username) VALUES ('u') RETURNING id) INSERT INTO auth_session (id_hash, user_id, expires, csrf)"
	    " SELECT sha256(i::text::bytea), u.id, now() + make_interval(hours => i), repeat('c', 20) FROM u, unnest(ARRAY[-1, 1]) i");
	cr_assert(job_housekeeping(&j, &e), "%s", e.msg);
	cr_assert_eq(count("SELECT count(*) FROM job WHERE name = 'old'"), 0);
	cr_assert_eq(count("SELECT count(*) FROM job"), 3);
	cr_assert_eq(count("SELECT count(*) FROM object_change"), 2);
	cr_assert_eq(count("SELECT count(*) FROM event"), 2, "what nobody was told stays");
	cr_assert_eq(count("SELECT count(*) FROM auth_session"), 1);
	cr_assert_eq(count("SELECT max(c) FROM (SELECT count(*) AS c FROM table_count GROUP BY table_name) x"), 1);
	conf.changelog_retention = 0;
	cr_assert(job_housekeeping(&j, &e), "%s", e.msg);
	cr_assert_eq(count("SELECT count(*) FROM object_change"), 2, "0 is for ever");
	for (int64_t days = 120; days > 0; days = days * 2 / 3) {
		/* around the time that is set, to the minute; below a week it is a week */
		const char *sql = arena_printf(a, "INSERT INTO object_change (time, user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr)"
		    " SELECT now() - make_interval(days => %lld, mins => m), 'edge', gen_random_uuid(), 'update', 23, m + 10, 'x' FROM unnest(ARRAY[-2, 2]) m",
		    (long long)days);

		one(sql);
		conf.changelog_retention = days;
		cr_assert(job_housekeeping(&j, &e), "%s", e.msg);
		cr_expect_eq(count("SELECT count(*) FROM object_change WHERE user_name = 'edge' AND changed_object_id = 8"), 1, "%lld days: none younger goes",
		    (long long)days);
		cr_expect_eq(count("SELECT count(*) FROM object_change WHERE user_name = 'edge' AND changed_object_id = 12"), days < 7 ? 1 : 0, "%lld days",
		    (long long)days);
		if (days < 7)
			break;
	}
}
