/* deploy.c: `peerage deploy`: changes of routers from the terminal, as the pages and the API have them. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/diff.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "peering/deploy.h"
#include "peering/render.h"

static const char help[] =
	"usage: peerage deploy plan [--reason TEXT] [--not-before TIME] [--not-after TIME] [--mode merge|replace] [--confirm SECONDS]\n"
	"                           [--gate SECONDS] [--share PERCENT] [--wait] ROUTER...\n"
	"       peerage deploy list | show ID | diff ID | approve ID | reject [--reason TEXT] ID\n"
	"       peerage deploy run [--wait] ID\n"
	"       peerage deploy stop [--reason TEXT] | resume | status\n"
	"       peerage deploy archive ROUTER | compare VERSION VERSION | back [--wait] VERSION\n"
	"       peerage deploy export FOLDER     the newest rendered and running configuration of each router, as files\n"
	"       peerage deploy drift\n\n"
	"Several routers are confirmed together or not at all. TIME is ISO 8601. --wait shows the steps as they happen; the exit status is then 0\n"
	"when the plan is there or the change is confirmed, and 6 otherwise. An approval counts as that of the operating system's user.\n";

struct deploy {
	struct cli *c;
	struct world w;
	const char *reason, *not_before, *not_after, *mode, *confirm, *gate, *share;
	bool wait;
	int n;                          /* words after the verb; they stand in c->argv from 2 on */
	enum job_news news;
	const char *already;            /* by whom it was approved before; NULL: it was not */
};

static const char *word(const struct deploy *d, int i) {
	return d->c->argv[2 + i];
}

static bool number(const char *text, int64_t *n, struct err *e) {
	char *end;

	*n = strtoll(text, &end, 10);
	return (end != text && *end == '\0') || err_set(e, ERR_INVALID, NULL, "\"%.60s\" is not a number", text);
}

/* ---- reading ---- */

static bool rows(struct deploy *d, unsigned query, const struct val *params, const char *const *names, struct list *out, struct err *e) {
	struct result r;

	if (!db_named(d->w.db, d->c->a, query, params, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++)
		list_push(out, val_map(result_map(d->c->a, &r, i, names)));
	return true;
}

/* As a table of its columns, or as JSON. */
static void print(struct deploy *d, const struct list *l, const char *const *names, const int *widths) {
	if (d->c->json) {
		cli_json(d->c, val_list((struct list *)(uintptr_t)l));
		return;
	}
	for (size_t k = 0; names[k] != NULL; k++)
		printf("%-*s%s", widths[k], names[k], names[k + 1] == NULL ? "\n" : " ");
	for (size_t i = 0; i < l->n; i++) {
		for (size_t k = 0; names[k] != NULL; k++)
			printf("%-*s%s", widths[k], cli_text(d->c->a, map_get(l->v[i].u.map, names[k])), names[k + 1] == NULL ? "\n" : " ");
	}
}

static bool list_some(struct deploy *d, struct err *e) {
	static const char *const names[] = { "id", "router", "status", "asked", "approved", "created", "outcome", NULL };
	struct list *l = list_new(d->c->a, 32);

	if (!rows(d, Q_DEPLOY_LIST, NULL, names, l, e))
		return false;
	print(d, l, names, (const int[]){ 6, 24, 12, 14, 14, 20, 0 });
	return true;
}

static bool show(struct deploy *d, struct err *e) {
	static const char *const step[] = { "n", "time", "step", "ok", "message", NULL };
	static const char *const neighbour[] = { "address", "vrf", "asn", "before", "after", "prefixes", "then", "change", NULL };
	struct list *steps = list_new(d->c->a, 8), *neighbours = list_new(d->c->a, 8);
	struct val id;
	struct row *row;
	struct sbuf b;

	if (!number(word(d, 0), &id.u.i, e) || !store_get(&d->w.store, &res_deployment, id.u.i, "view", &row, e))
		return false;
	id = val_int(row->id);
	sb_init(&b, d->c->a);
	row_json(&d->w.store, &b, row, FORM_FULL, NULL, "url,display_url,requested_by,approved_by,configuration");
	if (d->c->json)
		return printf("%s\n", b.s) > 0;
	printf("%s: %s\n%s\n", cli_text(d->c->a, row->display), cli_text(d->c->a, row_get(row, "status")), cli_text(d->c->a, row_get(row, "outcome")));
	printf("risks %s\nsummary %s\n\n", cli_text(d->c->a, row_get(row, "risks")), cli_text(d->c->a, row_get(row, "summary")));
	if (!rows(d, Q_DEPLOY_STEPS, &id, step, steps, e) || !rows(d, Q_DEPLOY_NEIGHBOURS, &id, neighbour, neighbours, e))
		return false;
	print(d, steps, step, (const int[]){ 3, 28, 10, 6, 0 });
	printf("\n");
	print(d, neighbours, neighbour, (const int[]){ 40, 8, 11, 12, 12, 9, 9, 0 });
	return true;
}

static bool diff_of(struct deploy *d, struct err *e) {
	struct result r;
	int64_t id;

	if (!number(word(d, 0), &id, e) || !db_named(d->w.db, d->c->a, Q_DEPLOY_TEXT_OF, (struct val[]){ val_int(id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no deployment %lld", (long long)id);
	fputs(val_cstr(result_at(&r, 0, 3), ""), stdout);
	return true;
}

/* ---- waiting ---- */

/* Prints the steps of a deployment as they come until it rests; *good tells whether it is as it should be. */
static bool follow(struct deploy *d, int64_t id, bool *good, struct err *e) {
	const struct timespec pause = { .tv_nsec = 200000000 };
	struct arena *turn = arena_new_root();
	int64_t seen = 0;
	bool ok = true;

	for (;;) {
		struct result r, s;
		const char *status;

		arena_reset(turn);
		ok = db_named(d->w.db, turn, Q_DEPLOY_STATUS, (struct val[]){ val_int(id) }, &r, e) &&
		    db_named(d->w.db, turn, Q_DEPLOY_STEPS, (struct val[]){ val_int(id) }, &s, e);
		if (!ok || r.n == 0)
			break;
		status = result_at(&r, 0, 0).u.s;
		for (size_t i = 0; i < s.n; i++) {
			/* a step under way is printed when it is over */
			if (result_at(&s, i, 0).u.i <= seen || (result_at(&s, i, 3).type != V_BOOL && deployment_under_way(status)))
				continue;
			seen = result_at(&s, i, 0).u.i;
			fprintf(stderr, "%.8s %-8s %s\n", result_at(&s, i, 1).u.s + 11, result_at(&s, i, 2).u.s, val_cstr(result_at(&s, i, 4), ""));
		}
		if (!deployment_under_way(status)) {
			*good = strcmp(status, "planned") == 0 || strcmp(status, "confirmed") == 0 || strcmp(status, "unchanged") == 0;
			printf("deployment %lld: %s%s%s\n", (long long)id, status, *val_cstr(result_at(&r, 0, 1), "") == '\0' ? "" : ": ",
			    val_cstr(result_at(&r, 0, 1), ""));
			break;
		}
		nanosleep(&pause, NULL);
	}
	arena_free(turn);
	return ok;
}

/* ---- writing ---- */

static bool settings(struct deploy *d, struct deploy_ask *q, struct err *e) {
	q->gate_share = -1;
	q->reason = d->reason;
	q->not_before = d->not_before;
	q->not_after = d->not_after;
	q->mode = d->mode;
	return (d->confirm == NULL || number(d->confirm, &q->confirm_seconds, e)) && (d->gate == NULL || number(d->gate, &q->gate_seconds, e)) &&
	    (d->share == NULL || number(d->share, &q->gate_share, e));
}

static bool asked(struct deploy *d, const struct deploy_ask *q, struct err *e) {
	int64_t *ids = arena_new(d->c->a, int64_t, q->nrouters);
	bool good = true, all = true;

	if (!db_begin(d->w.db, DB_WRITE, e))
		return false;
	if (!deploy_ask(&d->w.store, q, ids, e) || !db_commit(d->w.db, e)) {
		db_rollback(d->w.db);
		return false;
	}
	job_wake(redis_new(d->c->a, d->w.conf.redis), JOB_NEW);
	for (size_t i = 0; i < q->nrouters; i++) {
		if (!d->wait)
			printf("deployment %lld\n", (long long)ids[i]);
		else if (!follow(d, ids[i], &good, e))
			return false;
		all = all && good;
	}
	return all || err_set(e, ERR_UPSTREAM, NULL, "it could not be planned");
}

static bool plan(struct deploy *d, struct err *e) {
	int64_t *routers = arena_new(d->c->a, int64_t, (size_t)d->n);
	struct deploy_ask q = { .routers = routers, .nrouters = (size_t)d->n };

	for (int i = 0; i < d->n; i++) {
		if (!render_find_router(&d->w.store, word(d, i), &routers[i], e))
			return false;
	}
	return settings(d, &q, e) && asked(d, &q, e);
}

static bool back(struct deploy *d, struct err *e) {
	struct deploy_ask q = { .nrouters = 1 };
	struct result r;
	int64_t router;

	if (!settings(d, &q, e) || !number(word(d, 0), &q.restores, e) ||
	    !db_named(d->w.db, d->c->a, Q_DEPLOY_VERSION, (struct val[]){ val_int(q.restores) }, &r, e))
		return false;
	if (r.n == 0 || result_at(&r, 0, 1).type != V_INT)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no archived configuration %lld, or its router is gone", (long long)q.restores);
	router = result_at(&r, 0, 1).u.i;
	q.routers = &router;
	return asked(d, &q, e);
}

static bool in_transaction(struct deploy *d, bool (*fn)(struct deploy *, struct err *), struct err *e) {
	if (!db_begin(d->w.db, DB_WRITE, e))
		return false;
	if (fn(d, e) && db_commit(d->w.db, e)) {
		job_wake(redis_new(d->c->a, d->w.conf.redis), d->news);
		return true;
	}
	db_rollback(d->w.db);
	return false;
}

static bool approve_it(struct deploy *d, struct err *e) {
	int64_t id;

	return number(word(d, 0), &id, e) && deploy_approve(&d->w.store, id, &d->already, e);
}

static bool reject_it(struct deploy *d, struct err *e) {
	bool running;
	int64_t id;

	d->news = JOB_STOP;
	return number(word(d, 0), &id, e) && deploy_reject(&d->w.store, id, d->reason, &running, e);
}

static bool run_it(struct deploy *d, struct err *e) {
	int64_t id, job;

	d->news = JOB_NEW;
	return number(word(d, 0), &id, e) && deploy_run(&d->w.store, id, &job, e);
}

static bool stop_it(struct deploy *d, struct err *e) {
	d->news = JOB_STOP;
	return deploy_stop_set(&d->w.store, true, d->reason, e);
}

static bool resume_it(struct deploy *d, struct err *e) {
	return deploy_stop_set(&d->w.store, false, NULL, e);
}

static bool approve(struct deploy *d, struct err *e) {
	if (!in_transaction(d, approve_it, e))
		return false;
	if (d->already != NULL)
		return printf("deployment %s: approved by %s already, with those planned together\n", word(d, 0), d->already) > 0;
	return printf("deployment %s: approved, with those planned together\n", word(d, 0)) > 0;
}

static bool reject(struct deploy *d, struct err *e) {
	return in_transaction(d, reject_it, e);
}

static bool run(struct deploy *d, struct err *e) {
	bool good = true;
	int64_t id;

	if (!in_transaction(d, run_it, e))
		return false;
	if (!d->wait)
		return true;
	return number(word(d, 0), &id, e) && follow(d, id, &good, e) && (good || err_set(e, ERR_UPSTREAM, NULL, "it is not confirmed"));
}

static bool status(struct deploy *d, struct err *e) {
	struct deploy_stop s;

	if (!deploy_stop_read(d->w.db, d->c->a, &s, e))
		return false;
	if (s.stopped)
		return printf("the emergency stop is pressed by %s since %s%s%s\n", s.by_name, s.since, *s.reason == '\0' ? "" : ": ", s.reason) > 0;
	return printf("the emergency stop is not pressed\n") > 0;
}

static bool stop(struct deploy *d, struct err *e) {
	return in_transaction(d, stop_it, e) && status(d, e);
}

static bool resume(struct deploy *d, struct err *e) {
	return in_transaction(d, resume_it, e) && status(d, e);
}

/* ---- archive and drift ---- */

static bool versions(struct deploy *d, struct err *e) {
	static const char *const names[] = { "id", "kind", "origin", "bytes", "deployment", "by", "created", "reason", NULL };
	struct list *l = list_new(d->c->a, 32);
	struct val router;

	if (!render_find_router(&d->w.store, word(d, 0), &router.u.i, e))
		return false;
	router = val_int(router.u.i);
	if (!rows(d, Q_DEPLOY_VERSIONS, &router, names, l, e))
		return false;
	print(d, l, names, (const int[]){ 6, 9, 8, 9, 11, 14, 20, 0 });
	return true;
}

static bool compare(struct deploy *d, struct err *e) {
	const char *text[2];
	struct diff diff;
	struct result r;
	struct sbuf b;
	int64_t id;

	for (int i = 0; i < 2; i++) {
		if (!number(word(d, i), &id, e) || !db_named(d->w.db, d->c->a, Q_DEPLOY_VERSION, (struct val[]){ val_int(id) }, &r, e))
			return false;
		if (r.n == 0)
			return err_set(e, ERR_NOT_FOUND, NULL, "there is no archived configuration %lld", (long long)id);
		text[i] = result_at(&r, 0, 0).u.s;
	}
	sb_init(&b, d->c->a);
	diff_lines(d->c->a, text[0], strlen(text[0]), text[1], strlen(text[1]), &diff);
	diff_unified(&b, &diff, 3);
	fputs(b.s, stdout);
	return true;
}

static bool drift(struct deploy *d, struct err *e) {
	static const char *const names[] = { "router", "state", "added", "removed", "since", "checked", "message", NULL };
	struct list *l = list_new(d->c->a, 32);

	if (!rows(d, Q_DRIFT_LIST, NULL, names, l, e))
		return false;
	print(d, l, names, (const int[]){ 24, 16, 6, 8, 20, 20, 0 });
	return true;
}

/* ---- as files ---- */

/* A name of a router as that of a file: what else it holds becomes "-", also a dot in front. */
static const char *file_of(struct arena *a, const char *dir, const char *router, const char *kind) {
	char *name = arena_strdup(a, router);

	for (char *s = name; *s != '\0'; s++) {
		if (!isalnum((unsigned char)*s) && strchr("-_.", *s) == NULL)
			*s = '-';
	}
	if (*name == '.')
		*name = '-';
	return arena_printf(a, "%s/%s.%s", dir, name, kind);
}

/* Beside it first, so that a half one never stands in its place. */
static bool write_file(struct arena *a, const char *path, struct val text, struct err *e) {
	const char *beside = arena_printf(a, "%s.new", path);
	mode_t old = umask(077);
	FILE *f = fopen(beside, "we");
	bool ok;

	umask(old);
	if (f == NULL)
		return err_set(e, ERR_UNAVAILABLE, NULL, "%s cannot be written: %s", beside, strerror(errno));
	ok = fwrite(text.u.s, 1, text.len, f) == text.len;
	ok = fclose(f) == 0 && ok && rename(beside, path) == 0;
	return ok || err_set(e, ERR_UNAVAILABLE, NULL, "%s cannot be written: %s", path, strerror(errno));
}

static bool export_all(struct deploy *d, struct err *e) {
	const char *dir = word(d, 0);
	struct result r;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_UNAVAILABLE, NULL, "the folder %s cannot be made: %s", dir, strerror(errno));
	if (!db_named(d->w.db, d->c->a, Q_DEPLOY_NEWEST, NULL, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		const char *path = file_of(d->c->a, dir, result_at(&r, i, 0).u.s, result_at(&r, i, 1).u.s);

		if (!write_file(d->c->a, path, result_at(&r, i, 2), e))
			return false;
		puts(path);
	}
	return r.n > 0 || err_set(e, ERR_NOT_FOUND, NULL, "the archive is empty: plan a deployment first");
}

/* ---- the command line ---- */

static const struct {
	const char *name;
	bool (*fn)(struct deploy *, struct err *);
	int least, most;
} verbs[] = {
	{ "approve", approve, 1, 1 }, { "archive", versions, 1, 1 }, { "back", back, 1, 1 }, { "compare", compare, 2, 2 }, { "diff", diff_of, 1, 1 },
	{ "drift", drift, 0, 0 }, { "export", export_all, 1, 1 }, { "list", list_some, 0, 0 }, { "plan", plan, 1, DEPLOY_ROUTERS_MAX }, { "reject", reject, 1, 1 },
	{ "resume", resume, 0, 0 }, { "run", run, 1, 1 }, { "show", show, 1, 1 }, { "status", status, 0, 0 }, { "stop", stop, 0, 0 },
};

int cmd_deploy(struct cli *c) {
	struct deploy d = { .c = c };
	const struct cli_option options[] = {
		{ "--wait", &d.wait, NULL }, { "--reason", NULL, &d.reason }, { "--not-before", NULL, &d.not_before },
		{ "--not-after", NULL, &d.not_after }, { "--mode", NULL, &d.mode }, { "--confirm", NULL, &d.confirm }, { "--gate", NULL, &d.gate },
		{ "--share", NULL, &d.share }, { NULL, NULL, NULL },
	};
	struct err e;
	int n;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n) || n < 1)
		return cli_usage(help, true);
	d.n = n - 1;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(c->argv[1], verbs[i].name) != 0)
			continue;
		if (d.n < verbs[i].least || d.n > verbs[i].most)
			return cli_usage(help, true);
		return world_open(c, &d.w, &e) && verbs[i].fn(&d, &e) ? 0 : cli_fail(c, &e);
	}
	return cli_usage(help, true);
}
