/* action.c: `peerage action`: what the buttons of the pages and the API's further endpoints do. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

static const char help[] =
	"usage: peerage action [RESOURCE]\n"
	"       peerage action [--wait SECONDS] RESOURCE NAME [WHICH] [FIELD=VALUE ...]\n\n"
	"Without a NAME it lists what there is. WHICH is an id or FIELD=VALUE that one object has (asn=64500); an action about the whole type\n"
	"takes none. What an action makes of itself is printed, as JSON with --json; of a job its number, and with --wait how it ended.\n";

static int list(struct cli *c, const struct resource *res) {
	struct list *l = list_new(c->a, 32);

	for (const struct action *t = peering_actions; t->name != NULL; t++) {
		struct map *m = map_new(c->a, 9);

		if (res != NULL && t->res != res)
			continue;
		map_set(m, "resource", val_str(t->res->command));
		map_set(m, "name", val_str(t->name));
		map_set(m, "permission", val_str(res_perm(c->a, t->res, t->verb)));
		map_set(m, "label", val_str(t->label));
		map_set(m, "further", t->further == NULL ? val_null() : val_str(t->further));
		map_set(m, "method", val_str(action_gets(t) ? "GET" : "POST"));
		map_set(m, "api", val_str(action_path(c->a, t, true, false)));
		map_set(m, "many", val_bool((t->flags & ACTION_MANY) != 0));
		map_set(m, "button", action_button(t) ? val_str(action_path(c->a, t, false, false)) : val_null());
		list_push(l, val_map(m));
		if (!c->json)
			printf("%-28s %-24s %s\n", t->res->command, t->name, t->label);
	}
	if (c->json)
		cli_json_line(c, val_list(l));
	return 0;
}

static bool input_of(struct cli *c, int from, int n, struct map *m, struct err *e) {
	for (int i = from; i <= n; i++) {
		const char *is = strchr(c->argv[i], '=');
		struct val v;

		if (is == NULL)
			return err_set(e, ERR_INVALID, NULL, "\"%s\" is not of the form name=value", c->argv[i]);
		v = val_str(is + 1);
		if (strchr("[{", is[1]) != NULL && is[1] != '\0' && !json_parse(c->a, is + 1, strlen(is + 1), LIMIT_JSON_DEPTH, &v, e))
			return false;
		map_set(m, arena_strndup(c->a, c->argv[i], (size_t)(is - c->argv[i])), v);
	}
	return true;
}

static void job_json(struct world *w, const struct row *job) {
	struct sbuf b;

	sb_init(&b, w->store.a);
	row_json(&w->store, &b, job, FORM_FULL, NULL, NULL);
	printf("%s\n", b.s);
}

/* How each job ended, in JSON one a line; a job that did not end well is the command's failure too. */
static int jobs_told(struct cli *c, struct world *w, struct action_call *call, bool waited) {
	int status = 0;

	for (size_t i = 0; i < call->jobs->n; i++) {
		struct err e;
		struct row *job;

		if (!store_get(&w->store, &res_job, call->jobs->v[i].u.i, "view", &job, &e))
			return cli_fail(c, &e);
		if (c->json)
			job_json(w, job);
		else
			printf("job %lld: %s\n", (long long)job->id, val_cstr(row_get(job, "status"), ""));
		if (!c->json && waited && *val_cstr(row_get(job, "output"), "") != '\0')
			printf("%s\n", val_cstr(row_get(job, "output"), ""));
		if (waited && strcmp(val_cstr(row_get(job, "status"), ""), "completed") != 0)
			status = 6;
	}
	return status;
}

/* The answer: JSON as the API has it, else words. */
static int tell(struct cli *c, struct world *w, const struct action *t, struct action_call *call, bool ended) {
	if (call->status >= 400) {
		fprintf(stderr, "peerage: %s: %s\n", t->name, *call->said == '\0' ? "not done" : call->said);
		return call->status == 404 ? 3 : call->status == 403 ? 4 : call->status < 500 ? 1 : 6;
	}
	if (call->jobs->n > 0 && (ended || !c->json) && !(ended && t->then != NULL))
		return jobs_told(c, w, call, ended);
	if (call->body->len > 0)
		printf("%s\n", call->body->s);
	else if (!c->json && *call->said != '\0')
		printf("%s\n", call->said);
	return 0;
}

static bool run(struct world *w, const struct action *t, struct action_call *call, struct err *e) {
	if (!db_begin(w->db, t->flags & ACTION_READS ? DB_READ : DB_WRITE, e))
		return false;
	if (action_run(call, t, e) && db_commit(w->db, e)) {
		if (call->jobs->n > 0 || call->stops)
			job_wake(redis_new(w->store.a, w->conf.redis), call->stops ? JOB_STOP : JOB_NEW);
		return true;
	}
	db_rollback(w->db);
	return false;
}

int cmd_action(struct cli *c) {
	const char *seconds = "0";
	const struct cli_option options[] = { { "--wait", NULL, &seconds }, { NULL, NULL, NULL } };
	struct map *input = map_new(c->a, 4);
	const struct resource *res;
	const struct action *t;
	struct row *row = NULL;
	struct action_call call;
	struct world w;
	struct err e;
	bool ended = false, type;
	int64_t id = 0;
	int n, wait;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n) || sscanf(seconds, "%d", &wait) != 1 || wait < 0)
		return cli_usage(help, true);
	res = n < 1 ? NULL : res_by_command(c->argv[1]);
	if (n >= 1 && res == NULL) {
		err_set(&e, ERR_INVALID, NULL, "there is no resource \"%s\"; `peerage list` names them all", c->argv[1]);
		return cli_fail(c, &e);
	}
	if (n < 2)
		return list(c, res);
	t = action_find(peering_actions, res, c->argv[2]);
	if (t == NULL) {
		err_set(&e, ERR_INVALID, NULL, "a %s has no action \"%s\"; `peerage action %s` lists them", res->name, c->argv[2], res->command);
		return cli_fail(c, &e);
	}
	type = (t->flags & ACTION_TYPE) != 0;
	if (!type && n < 3)
		return cli_usage(help, true);
	if (!input_of(c, type ? 3 : 4, n, input, &e) || !world_open(c, &w, &e) || (!type && !world_which(&w, res, c->argv[3], &id, &e)) ||
	    (!type && !store_get(&w.store, res, id, t->verb, &row, &e)))
		return cli_fail(c, &e);
	call = action_call(&w.store, t, row, input);
	if (!run(&w, t, &call, &e))
		return cli_fail_input(c, &e, &call.problems);
	call.wait = (unsigned)wait * 1000;
	if (call.jobs->n > 0 && wait > 0 && !action_wait(&call, &ended, &e))
		return cli_fail(c, &e);
	if (ended && t->then != NULL) {
		sb_reset(call.body);
		call.status = 0;
		if ((row != NULL && !store_get(&w.store, res, id, t->verb, &call.object, &e)) || !t->then(&call, &e))
			return cli_fail(c, &e);
	}
	return tell(c, &w, t, &call, ended);
}
