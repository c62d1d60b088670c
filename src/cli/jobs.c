/* jobs.c: `peerage jobs`. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"
#include "jobs/jobs.h"
#include "model/job.h"

static const char help[] =
	"usage: peerage jobs list [--status STATUS] [--name NAME] [--limit N]\n"
	"       peerage jobs show ID\n"
	"       peerage jobs log [--follow] ID\n"
	"       peerage jobs run [--object TYPE:ID] [--set NAME=VALUE ...] [--queue QUEUE] [--priority N] [--limit SECONDS] [--lock KEY] [--wait] KIND\n"
	"       peerage jobs cancel ID\n"
	"       peerage jobs retry [--wait] ID\n"
	"       peerage jobs kinds\n\n"
	"STATUS is pending, running, completed, errored or failed; TYPE is as devices.router. VALUE is JSON, or text when it is not.\n"
	"--wait and --follow print the log as it grows; the exit status is then 0 when the job completed and 6 when it did not.\n";

struct jobs {
	struct cli *c;
	struct world w;
	struct job_request ask;
	struct map *parameters;
	const char *status, *name, *word;       /* word: ID or KIND */
	int64_t limit;
	bool limited, wait;
	int64_t seen;                           /* lines printed so far */
};

/* ---- output ---- */

static int list(struct jobs *j) {
	static const char *const names[] = { "id", "name", "status", "object_type", "object_id", "user", "created", "seconds", "done", "total" };
	struct arena *a = j->c->a;
	struct list *l = list_new(a, 0);
	struct result r;
	struct err e;
	size_t i;

	if (!db_named(j->w.db, a, Q_JOB_LIST, (struct val[]){ val_str_or_null(j->status), val_str_or_null(j->name),
	    val_int(j->limited ? j->limit : 30) }, &r, &e))
		return cli_fail(j->c, &e);
	for (i = 0; i < r.n; i++)
		list_push(l, val_map(result_map(a, &r, i, names)));
	if (j->c->json) {
		cli_json(j->c, val_list(l));
		return 0;
	}
	printf("%-8s %-10s %-40s %-36s %-14s %-20s %s\n", "id", "status", "kind", "object", "user", "created", "seconds");
	for (i = 0; i < r.n; i++) {
		struct val id = result_at(&r, i, 4), took = result_at(&r, i, 7);

		printf("%-8lld %-10s %-40s %-36s %-14s %-20.19s %s\n", (long long)result_at(&r, i, 0).u.i, result_at(&r, i, 2).u.s, result_at(&r, i, 1).u.s,
		    id.type == V_INT ? arena_printf(a, "%s:%lld", result_at(&r, i, 3).u.s, (long long)id.u.i) : "-", cli_text(a, result_at(&r, i, 5)),
		    result_at(&r, i, 6).u.s, took.type == V_FLOAT ? arena_printf(a, "%.1f", took.u.f) : "-");
	}
	return 0;
}

static bool number(const char *text, int64_t *out) {
	char *end;

	*out = strtoll(text, &end, 10);
	return end != text && *end == '\0';
}

static bool job_row(struct jobs *j, struct arena *a, int64_t id, struct result *r, struct err *e) {
	return db_named(j->w.db, a, Q_JOB_SHOW, (struct val[]){ val_int(id) }, r, e) &&
	    (r->n > 0 || err_set(e, ERR_NOT_FOUND, NULL, "there is no job %lld", (long long)id));
}

static int show(struct jobs *j) {
	static const char *const names[] = { "id", "name", "status", "object_type", "object_id", "user", "created", "started", "completed", "queue",
		"priority", "attempt", "max_attempts", "owner", "deadline", "lock", "done", "total", "doing", "parameters", "result", "error", "output",
		"cancel_requested", "schedule" };
	struct result r;
	struct err e;
	int64_t id;
	size_t i;

	if (!number(j->word, &id))
		return cli_usage(help, true);
	if (!job_row(j, j->c->a, id, &r, &e))
		return cli_fail(j->c, &e);
	if (j->c->json) {
		cli_json(j->c, val_map(result_map(j->c->a, &r, 0, names)));
		return 0;
	}
	for (i = 0; i < r.cols; i++) {
		const char *text = cli_text(j->c->a, result_at(&r, 0, i));

		if (*text != '\0')
			printf("%-17s %s\n", names[i], text);
	}
	return 0;
}

/* The lines after the *n-th; as JSON they are gathered in `all`. */
static bool print_lines(struct jobs *j, struct arena *a, int64_t id, struct list *all, struct err *e) {
	static const char *const names[] = { "n", "time", "level", "object", "message", "group" };
	struct result r;
	size_t i;

	if (!db_named(j->w.db, a, Q_JOB_LOG_AFTER, (struct val[]){ val_int(id), val_int(j->seen) }, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		j->seen = result_at(&r, i, 0).u.i;
		if (j->c->json)
			list_push(all, val_map(result_map(a, &r, i, names)));
		else
			printf("%.23s %-8s %s%s%s\n", result_at(&r, i, 1).u.s, result_at(&r, i, 2).u.s, val_cstr(result_at(&r, i, 3), ""),
			    result_at(&r, i, 3).type == V_STR ? ": " : "", result_at(&r, i, 4).u.s);
	}
	fflush(stdout);
	return true;
}

static int follow(struct jobs *j, int64_t id) {
	const struct timespec pause = { .tv_nsec = 100000000 };
	struct list *all = list_new(j->c->a, 0);
	struct arena *turn = arena_new_root(), *a = j->c->json ? j->c->a : turn;
	struct result r;
	struct err e;
	bool ended = false, completed = false;

	while (!ended) {
		arena_reset(turn);
		if (!job_row(j, a, id, &r, &e))
			return cli_fail(j->c, &e);
		completed = strcmp(result_at(&r, 0, 2).u.s, "completed") == 0;
		ended = completed || result_at(&r, 0, 8).type == V_STR || !j->wait;
		/* the state was read first: lines written before the end are there now */
		if (!print_lines(j, a, id, all, &e))
			return cli_fail(j->c, &e);
		if (!ended)
			nanosleep(&pause, NULL);
	}
	if (j->c->json)
		cli_json(j->c, val_list(all));
	return !j->wait || completed ? 0 : err_exit(ERR_UPSTREAM);
}

static int show_log(struct jobs *j) {
	int64_t id;

	return number(j->word, &id) ? follow(j, id) : cli_usage(help, true);
}

static int kinds(struct jobs *j) {
	struct list *l = list_new(j->c->a, 0);
	const struct job_type *t;

	for (t = job_types; t->name != NULL; t++) {
		struct map *m = map_new(j->c->a, 5);

		if ((t->flags & JOB_HIDDEN) != 0)
			continue;
		map_set(m, "name", val_str(t->name));
		map_set(m, "help", val_str(t->help));
		map_set(m, "seconds", val_int(t->seconds == 0 ? 300 : t->seconds));
		map_set(m, "tries", val_int(t->tries == 0 ? 1 : t->tries));
		map_set(m, "twice", val_str_or_null(t->twice));
		list_push(l, val_map(m));
		if (!j->c->json)
			printf("%-44s %s\n", t->name, t->help);
	}
	if (j->c->json)
		cli_json(j->c, val_list(l));
	return 0;
}

/* ---- asking ---- */

/* Says the number, or goes on to follow the job. */
static int asked(struct jobs *j, int64_t id) {
	struct map *m = map_new(j->c->a, 1);

	job_wake(redis_new(j->c->a, j->w.conf.redis), JOB_NEW);
	if (j->wait)
		return follow(j, id);
	map_set(m, "id", val_int(id));
	if (j->c->json)
		cli_json(j->c, val_map(m));
	else
		printf("job %lld\n", (long long)id);
	return 0;
}

static int run(struct jobs *j) {
	int64_t id;
	struct err e;

	if (job_type_find(j->word) == NULL) {
		err_set(&e, ERR_NOT_FOUND, NULL, "there is no kind of job \"%s\"; `peerage jobs kinds` lists them", j->word);
		return cli_fail(j->c, &e);
	}
	j->ask.name = j->word;
	j->ask.parameters = j->parameters;
	j->ask.time_limit = j->limited ? (double)j->limit : 0;
	return job_enqueue(j->w.db, j->c->a, &j->ask, &id, &e) ? asked(j, id) : cli_fail(j->c, &e);
}

static int retry(struct jobs *j) {
	int64_t id, again;
	struct err e;

	if (!number(j->word, &id))
		return cli_usage(help, true);
	return job_retry(j->w.db, j->c->a, id, 0, &again, &e) ? asked(j, again) : cli_fail(j->c, &e);
}

static int cancel(struct jobs *j) {
	const char *user = getenv("USER");
	struct map *m = map_new(j->c->a, 2);
	struct err e;
	int64_t id;
	bool running;

	if (!number(j->word, &id))
		return cli_usage(help, true);
	if (!job_cancel(j->w.db, j->c->a, id, user == NULL || *user == '\0' ? "the command" : user, &running, &e))
		return cli_fail(j->c, &e);
	job_wake(redis_new(j->c->a, j->w.conf.redis), JOB_STOP);
	map_set(m, "id", val_int(id));
	map_set(m, "running", val_bool(running));
	if (j->c->json)
		cli_json(j->c, val_map(m));
	else
		printf("job %lld %s\n", (long long)id, running ? "is asked to end" : "is cancelled");
	return 0;
}

/* ---- the command line ---- */

static bool set_parameter(struct jobs *j, const char *text) {
	const char *eq = strchr(text, '=');
	struct val v;
	struct err e;

	if (eq == NULL || eq == text)
		return false;
	if (!json_parse(j->c->a, eq + 1, strlen(eq + 1), 32, &v, &e))
		v = val_str(eq + 1);
	map_put(j->parameters, val_copy(j->c->a, text, (size_t)(eq - text)), v);
	return true;
}

static bool set_object(struct jobs *j, const char *text) {
	const char *colon = strrchr(text, ':');

	if (colon == NULL || !number(colon + 1, &j->ask.object_id))
		return false;
	j->ask.res = res_by_model(arena_strndup(j->c->a, text, (size_t)(colon - text)));
	return j->ask.res != NULL;
}

static bool set_text(const char **to, const char *value) {
	*to = value;
	return true;
}

static bool option(struct jobs *j, const char *name, const char *value) {
	int64_t n;

	if (strcmp(name, "--set") == 0)
		return set_parameter(j, value);
	if (strcmp(name, "--object") == 0)
		return set_object(j, value);
	if (strcmp(name, "--status") == 0)
		return set_text(&j->status, value);
	if (strcmp(name, "--name") == 0)
		return set_text(&j->name, value);
	if (strcmp(name, "--queue") == 0)
		return set_text(&j->ask.queue, value);
	if (strcmp(name, "--lock") == 0)
		return set_text(&j->ask.lock_key, value);
	if (strcmp(name, "--limit") == 0)
		return j->limited = number(value, &j->limit) && j->limit > 0;
	if (strcmp(name, "--priority") != 0 || !number(value, &n) || n < -32768 || n > 32767)
		return false;
	j->ask.priority = (int)n;
	return true;
}

static bool arguments(struct jobs *j) {
	int i;

	for (i = 2; i < j->c->argc; i++) {
		const char *s = j->c->argv[i];

		if (strcmp(s, "--wait") == 0 || strcmp(s, "--follow") == 0)
			j->wait = true;
		else if (strncmp(s, "--", 2) == 0 && i + 1 < j->c->argc) {
			if (!option(j, s, j->c->argv[++i]))
				return false;
		} else if (j->word == NULL && *s != '-')
			j->word = s;
		else
			return false;
	}
	return true;
}

static const struct {
	const char *name;
	int (*fn)(struct jobs *);
	bool word;
} verbs[] = {
	{ "list", list, false }, { "show", show, true }, { "log", show_log, true }, { "run", run, true }, { "cancel", cancel, true },
	{ "retry", retry, true }, { "kinds", kinds, false },
};

int cmd_jobs(struct cli *c) {
	struct jobs j = { .c = c, .parameters = map_new(c->a, 4) };
	struct err e;
	size_t i;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	for (i = 0; c->argc > 1 && i < ARRAY_LEN(verbs); i++) {
		if (strcmp(c->argv[1], verbs[i].name) != 0)
			continue;
		if (!arguments(&j) || (j.word != NULL) != verbs[i].word)
			return cli_usage(help, true);
		return world_open(c, &j.w, &e) ? verbs[i].fn(&j) : cli_fail(c, &e);
	}
	return cli_usage(help, true);
}
