/* poll.c: `peerage poll`. */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"
#include "model/action.h"
#include "model/tables/tables.h"

static const char help[] =
	"usage: peerage poll [--wait SECONDS] ROUTER...\n"
	"       peerage poll [--wait SECONDS] --all\n\n"
	"Ask routers, given by name or id, how their sessions are; the runner does it, a job for each. --all: every router that is enabled, has\n"
	"a driver and polling switched on. With --wait it is told how each poll ended; the exit status is 6 when one failed.\n";

static bool find(struct world *w, const char *name, struct list *ids, struct err *e) {
	int64_t id;

	if (!world_which(w, &res_router, name, &id, e))
		return false;
	list_push(ids, val_int(id));
	return true;
}

static bool routers_of(struct cli *c, struct world *w, int n, bool all, struct list *ids, struct err *e) {
	struct result r;

	for (int i = 1; i <= n && !all; i++) {
		/* a bare word is a name unless it is a number */
		const char *which = strspn(c->argv[i], "0123456789") == strlen(c->argv[i]) || strchr(c->argv[i], '=') != NULL ? c->argv[i] :
		    arena_printf(c->a, "name=%s", c->argv[i]);

		if (!find(w, which, ids, e))
			return false;
	}
	if (all && !db_named(w->db, c->a, Q_POLL_ROUTERS, NULL, &r, e))
		return false;
	for (size_t i = 0; all && i < r.n; i++)
		list_push(ids, result_at(&r, i, 0));
	return true;
}

static bool ask(struct world *w, const struct list *ids, struct action_call *call, struct err *e) {
	if (!db_begin(w->db, DB_WRITE, e))
		return false;
	for (size_t i = 0; i < ids->n; i++) {
		int64_t id = ids->v[i].u.i;

		if (!action_job(call, &(struct job_request){ .name = "devices.router.poll_bgp_sessions", .res = &res_router, .object_id = id,
		    .lock_key = job_lock(w->store.a, &res_router, id) }, e)) {
			db_rollback(w->db);
			return false;
		}
	}
	if (!db_commit(w->db, e))
		return false;
	job_wake(redis_new(w->store.a, w->conf.redis), JOB_NEW);
	return true;
}

static int tell(struct cli *c, struct world *w, struct action_call *call) {
	struct list *l = list_new(c->a, call->jobs->n);
	int status = 0;

	for (size_t i = 0; i < call->jobs->n; i++) {
		struct map *m = map_new(c->a, 5);
		struct result r;
		struct err e;

		if (!db_named(w->db, c->a, Q_POLL_TOLD, &call->jobs->v[i], &r, &e))
			return cli_fail(c, &e);
		map_set(m, "job", call->jobs->v[i]);
		map_set(m, "router", result_at(&r, 0, 0));
		map_set(m, "status", result_at(&r, 0, 1));
		map_set(m, "error", result_at(&r, 0, 2));
		map_set(m, "result", result_at(&r, 0, 3));
		list_push(l, val_map(m));
		if (!c->json)
			printf("%s: job %lld: %s%s%s\n", val_cstr(result_at(&r, 0, 0), ""), (long long)call->jobs->v[i].u.i, val_cstr(result_at(&r, 0, 1), ""),
			    result_at(&r, 0, 2).type == V_NULL ? "" : ": ", val_cstr(result_at(&r, 0, 2), ""));
		if (strcmp(val_cstr(result_at(&r, 0, 1), ""), "failed") == 0 || strcmp(val_cstr(result_at(&r, 0, 1), ""), "errored") == 0)
			status = 6;
	}
	if (c->json)
		cli_json(c, val_list(l));
	return status;
}

int cmd_poll(struct cli *c) {
	const char *seconds = "0";
	bool all = false, ended;
	const struct cli_option options[] = { { "--all", &all, NULL }, { "--wait", NULL, &seconds }, { NULL, NULL, NULL } };
	struct list *ids = list_new(c->a, 8);
	struct action_call call;
	struct world w;
	struct err e;
	int n, wait;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n) || sscanf(seconds, "%d", &wait) != 1 || wait < 0 || wait > 86400 || (n == 0) != all)
		return cli_usage(help, true);
	if (!world_open(c, &w, &e) || !routers_of(c, &w, n, all, ids, &e))
		return cli_fail(c, &e);
	call = (struct action_call){ .s = &w.store, .res = &res_router, .jobs = list_new(c->a, ids->n), .wait = (unsigned)wait * 1000 };
	if (!ask(&w, ids, &call, &e) || (wait > 0 && call.jobs->n > 0 && !action_wait(&call, &ended, &e)))
		return cli_fail(c, &e);
	return tell(c, &w, &call);
}
