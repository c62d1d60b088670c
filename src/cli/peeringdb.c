/* peeringdb.c: `peerage peeringdb`. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/peeringdb.h"
#include "cli/world.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "outside/peeringdb.h"
#include "peering/peeringdb.h"

static const char help[] =
	"usage: peerage peeringdb sync [--from DIR|URL] [--reconcile] [--force]\n"
	"       peerage peeringdb sync --flush\n"
	"       peerage peeringdb sync --tasks [--reconcile] [--force]\n"
	"       peerage peeringdb load [--force] [--changes] DIR\n"
	"       peerage peeringdb brake [go-on|drop]\n"
	"       peerage peeringdb changes [open|accepted|ignored|superseded]\n"
	"       peerage peeringdb accept|ignore NUMBER ...\n"
	"       peerage peeringdb renumber [--apply] [EXCHANGE]\n"
	"       peerage peeringdb report\n\n"
	"Bring the cache of PeeringDB up to date: everything the first time, afterwards what changed since. DIR holds org.json, net.json and so\n"
	"on, each {\"data\": [...]}; a type without a file stays as it is. URL is that of an API such as https://www.peeringdb.com/api.\n"
	"--reconcile reads everything again and removes what is gone; --force goes past the brake that stops a run which would remove or\n"
	"change too much; --flush empties the cache; --tasks asks the runner to do it. `load DIR` is `sync --from DIR`;\n"
	"with --changes DIR holds no more than what changed, and what is not in it stays.\n"
	"Where the brake stopped a run, brake tells what it asks; go-on finishes with what was read, drop throws that away.\n"
	"changes lists what PeeringDB changed of networks and exchanges in the book; accept writes what follows from it, ignore leaves it.\n"
	"renumber lists addresses at exchanges (at EXCHANGE, a slug) that moved, and where to; --apply writes them, all or none.\n"
	"report compares our own records in PeeringDB with the book.\n";

/* On a terminal one line that is written over; else nothing: a log does not want it. */
static void show(void *arg, const struct peeringdb_progress *p) {
	struct arena *a = arg;
	struct arena_mark mark = arena_mark(a);

	fprintf(stderr, "\r\033[K%2zu/%zu %s", p->step + (p->step < p->steps), p->steps, peeringdb_progress_text(a, p));
	arena_rewind(a, mark);
}

static void print_text(const struct peeringdb_report *r) {
	size_t i;

	printf("%-12s %-8s %9s %9s %9s %9s %9s\n", "", "", "read", "created", "updated", "deleted", "aside");
	for (i = 0; i < r->n; i++) {
		const struct peeringdb_line *l = &r->line[i];

		if (l->read)
			printf("%-12s %-8s %9lld %9lld %9lld %9lld %9lld\n", l->tag, l->whole ? "whole" : "changes", (long long)l->rows,
			    (long long)l->created, (long long)l->updated, (long long)l->deleted, (long long)l->pending);
	}
	printf("%-12s %-8s %9s %9lld %9lld %9lld %9lld\n", "in all", "", "", (long long)r->created, (long long)r->updated, (long long)r->deleted,
	    (long long)r->pending);
}

static int flush(struct cli *c, struct world *w) {
	struct map *m = map_new(c->a, 1);
	int64_t removed;
	struct err e;

	if (!db_begin(w->db, DB_WRITE, &e))
		return cli_fail(c, &e);
	if (!pdb_flush(&w->store, &removed, &e) || !db_commit(w->db, &e)) {
		db_rollback(w->db);
		return cli_fail(c, &e);
	}
	map_set(m, "removed", val_int(removed));
	if (c->json)
		cli_json(c, val_map(m));
	else
		printf("%lld rows removed\n", (long long)removed);
	return 0;
}

/* Somebody at a terminal can be asked. */
static bool goes_on(struct cli *c, const struct err *e) {
	const char *answer;

	if (e->kind == NULL || strcmp(e->kind, "brake") != 0 || c->json || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return false;
	fprintf(stderr, "peerage: %s\nGo on? [y/N] ", e->msg);
	answer = cli_read_line(c);
	return answer != NULL && (*answer == 'y' || *answer == 'Y');
}

static bool run(struct world *w, const struct peeringdb_options *o, struct peeringdb_report *report, struct err *e) {
	bool ok = peeringdb_sync(&w->store, o, report, e);

	if (o->progress != NULL)
		fprintf(stderr, "\r\033[K");
	return ok;
}

static void print_refused(const struct list *refused) {
	for (size_t i = 0; i < refused->n; i++)
		printf("not written: %s\n", val_cstr(refused->v[i], ""));
}

static void print_applied(const struct peeringdb_report *r) {
	const struct pdb_applied *p = &r->applied;

	if (r->linked > 0)
		printf("%lld objects of the book linked otherwise\n", (long long)r->linked);
	if (p->systems > 0)
		printf("%lld autonomous systems brought in line\n", (long long)p->systems);
	if (p->accepted + p->ignored > 0)
		printf("%lld changes accepted, %lld ignored by rule\n", (long long)p->accepted, (long long)p->ignored);
	print_refused(r->refused);
	print_refused(p->refused);
}

int peeringdb_sync_now(struct cli *c, struct world *w, struct peeringdb_options *o) {
	struct peeringdb_report report;
	struct err e;
	bool ok;

	o->conf = &w->conf;
	if (!c->json && isatty(STDERR_FILENO))
		o->progress = show;
	o->arg = c->a;
	ok = run(w, o, &report, &e);
	if (!ok && goes_on(c, &e)) {
		o->force = true;
		ok = run(w, o, &report, &e);
	}
	if (!ok)
		return cli_fail(c, &e);
	if (c->json) {
		cli_json(c, peeringdb_report_value(c->a, &report));
		return 0;
	}
	print_text(&report);
	print_applied(&report);
	return 0;
}

/* ---- as a job ---- */

static int enqueue(struct cli *c, struct world *w, const struct peeringdb_options *o) {
	struct map *p = map_new(c->a, 2);
	const struct job_request ask = { .name = "peeringdb.synchronise", .res = &res_peeringdb_synchronisation, .parameters = p, .lock_key = "peeringdb" };
	int64_t id;
	struct err e;

	map_set(p, "reconcile", val_bool(o->reconcile));
	map_set(p, "force", val_bool(o->force));
	if (!job_enqueue(w->db, c->a, &ask, &id, &e))
		return cli_fail(c, &e);
	job_wake(redis_new(c->a, w->conf.redis), JOB_NEW);
	if (c->json) {
		struct map *m = map_new(c->a, 1);

		map_set(m, "job", val_int(id));
		cli_json(c, val_map(m));
	} else {
		printf("task #%lld\n", (long long)id);
	}
	return 0;
}

struct asked {
	struct peeringdb_options o;
	bool flush, tasks;
};

static bool take_options(struct cli *c, struct asked *k) {
	bool load = c->argc > 1 && strcmp(c->argv[1], "load") == 0;
	int i;

	if (!load && (c->argc < 2 || strcmp(c->argv[1], "sync") != 0))
		return false;
	for (i = 2; i < c->argc; i++) {
		const char *arg = c->argv[i];

		if (strcmp(arg, "--force") == 0)
			k->o.force = true;
		else if (!load && strcmp(arg, "--reconcile") == 0)
			k->o.reconcile = true;
		else if (!load && strcmp(arg, "--flush") == 0)
			k->flush = true;
		else if (!load && strcmp(arg, "--tasks") == 0)
			k->tasks = true;
		else if (!load && strcmp(arg, "--from") == 0 && i + 1 < c->argc)
			k->o.from = c->argv[++i];
		else if (load && strcmp(arg, "--changes") == 0)
			k->o.partial = true;
		else if (load && k->o.from == NULL && arg[0] != '-')
			k->o.from = arg;
		else
			return false;
	}
	return (!load || k->o.from != NULL) && !(k->tasks && k->o.from != NULL);
}

int cmd_peeringdb(struct cli *c) {
	struct asked k = { .flush = false };
	struct world w;
	struct err e;
	int status;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	status = cmd_peeringdb_feed(c);
	if (status >= 0)
		return status;
	if (!take_options(c, &k))
		return cli_usage(help, true);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	if (k.flush)
		return flush(c, &w);
	return k.tasks ? enqueue(c, &w, &k.o) : peeringdb_sync_now(c, &w, &k.o);
}
