/* schedule.c: `peerage schedule`. */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/schedule.h"

static const char help[] =
	"usage: peerage schedule list\n"
	"       peerage schedule run NAME\n"
	"       peerage schedule enable NAME\n"
	"       peerage schedule disable NAME\n\n"
	"NAME may be the schedule's number as well. `run` makes its job now, whatever its time; `peerage jobs log --follow` shows it.\n";

static int list(struct cli *c, struct world *w) {
	static const char *const names[] = { "id", "name", "description", "job", "cron", "time_zone", "enabled", "overlap", "missed", "last_run",
		"next_run", "last_job", "last_status" };
	struct result r;
	struct err e;
	size_t i;

	if (!db_named(w->db, c->a, Q_SCHEDULE_LIST, NULL, &r, &e))
		return cli_fail(c, &e);
	if (!c->json)
		printf("%-4s %-30s %-34s %-16s %-3s %-20s %-20s %s\n", "id", "name", "when", "zone", "on", "next", "last", "status");
	for (i = 0; i < r.n && !c->json; i++) {
		const struct val *v = &r.v[i * r.cols];

		printf("%-4lld %-30s %-34s %-16s %-3s %-20.19s %-20.19s %s\n", (long long)v[0].u.i, v[1].u.s, v[4].u.s, v[5].u.s, v[6].u.b ? "yes" : "no",
		    val_cstr(v[10], "-"), val_cstr(v[9], "-"), val_cstr(v[12], "-"));
	}
	if (c->json)
		cli_json(c, result_maps(c->a, &r, names));
	return 0;
}

static int done(struct cli *c, const char *key, struct val v, const char *text) {
	struct map *m = map_new(c->a, 1);

	map_set(m, key, v);
	if (c->json)
		cli_json(c, val_map(m));
	else
		printf("%s\n", text);
	return 0;
}

static int run(struct cli *c, struct world *w, int64_t id) {
	struct err e;
	int64_t job_id;

	if (!db_begin(w->db, DB_WRITE, &e) || !schedule_run_now(w->db, c->a, id, 0, &job_id, &e) || !db_commit(w->db, &e))
		return cli_fail(c, &e);
	job_wake(redis_new(c->a, w->conf.redis), JOB_NEW);
	return done(c, "job", val_int(job_id), arena_printf(c->a, "job %lld", (long long)job_id));
}

int cmd_schedule(struct cli *c) {
	struct result r;
	struct world w;
	struct err e;
	bool on;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc == 2 && strcmp(c->argv[1], "list") == 0)
		return world_open(c, &w, &e) ? list(c, &w) : cli_fail(c, &e);
	if (c->argc != 3 || (strcmp(c->argv[1], "run") != 0 && strcmp(c->argv[1], "enable") != 0 && strcmp(c->argv[1], "disable") != 0))
		return cli_usage(help, true);
	if (!world_open(c, &w, &e) || !db_named(w.db, c->a, Q_SCHEDULE_FIND, (struct val[]){ val_str(c->argv[2]) }, &r, &e))
		return cli_fail(c, &e);
	if (r.n == 0) {
		err_set(&e, ERR_NOT_FOUND, NULL, "there is no schedule \"%s\"; `peerage schedule list` shows them", c->argv[2]);
		return cli_fail(c, &e);
	}
	if (c->argv[1][0] == 'r')
		return run(c, &w, result_at(&r, 0, 0).u.i);
	on = c->argv[1][0] == 'e';
	if (!db_named(w.db, c->a, Q_SCHEDULE_ENABLE, (struct val[]){ result_at(&r, 0, 0), val_bool(on) }, NULL, &e))
		return cli_fail(c, &e);
	return done(c, "enabled", val_bool(on), on ? "enabled" : "disabled");
}
