/* peeringdb.c: `peerage peeringdb`. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "outside/peeringdb.h"

static const char help[] =
	"usage: peerage peeringdb sync [--from DIR|URL] [--reconcile] [--force]\n"
	"       peerage peeringdb sync --flush\n"
	"       peerage peeringdb load [--force] DIR\n\n"
	"Bring the cache of PeeringDB up to date: everything the first time, afterwards what changed since. DIR holds org.json, net.json and so\n"
	"on, each {\"data\": [...]}; a type without a file stays as it is. URL is that of an API such as https://www.peeringdb.com/api.\n"
	"--reconcile reads everything again and removes what is gone; --force goes past the brake that stops a run which would remove or\n"
	"change too much; --flush empties the cache. `load DIR` is `sync --from DIR`.\n";

/* On a terminal one line that is written over; else nothing: a log does not want it. */
static void show(void *arg, const struct peeringdb_progress *p) {
	(void)arg;
	fprintf(stderr, "\r\033[K%2zu/%zu %s %s", p->step + (p->step < p->steps), p->steps, p->what, p->tag);
	if (p->rows > 0)
		fprintf(stderr, " %lld", (long long)p->rows);
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

static struct val as_value(struct arena *a, const struct peeringdb_report *r) {
	struct map *m = map_new(a, 8);
	struct list *types = list_new(a, r->n);
	size_t i;

	for (i = 0; i < r->n; i++) {
		const struct peeringdb_line *l = &r->line[i];
		struct map *t = map_new(a, 8);

		if (!l->read)
			continue;
		map_set(t, "type", val_str(l->tag));
		map_set(t, "whole", val_bool(l->whole));
		map_set(t, "read", val_int(l->rows));
		map_set(t, "created", val_int(l->created));
		map_set(t, "updated", val_int(l->updated));
		map_set(t, "deleted", val_int(l->deleted));
		map_set(t, "pending", val_int(l->pending));
		list_push(types, val_map(t));
	}
	map_set(m, "created", val_int(r->created));
	map_set(m, "updated", val_int(r->updated));
	map_set(m, "deleted", val_int(r->deleted));
	map_set(m, "pending", val_int(r->pending));
	map_set(m, "linked", val_int(r->linked));
	map_set(m, "changes", val_int(r->changes));
	map_set(m, "types", val_list(types));
	return val_map(m);
}

static int flush(struct cli *c, struct world *w) {
	struct map *m = map_new(c->a, 1);
	int64_t removed;
	struct err e;

	if (!peeringdb_flush(c->a, w->db, &removed, &e))
		return cli_fail(c, &e);
	map_set(m, "removed", val_int(removed));
	if (c->json)
		cli_json(c, val_map(m));
	else
		printf("%lld rows removed\n", (long long)removed);
	return 0;
}

static int sync_now(struct cli *c, struct world *w, struct peeringdb_options *o) {
	struct peeringdb_report report;
	struct err e;
	bool ok;

	o->conf = &w->conf;
	if (!c->json && isatty(STDERR_FILENO))
		o->progress = show;
	ok = peeringdb_sync(c->a, w->db, o, &report, &e);
	if (o->progress != NULL)
		fprintf(stderr, "\r\033[K");
	if (!ok)
		return cli_fail(c, &e);
	if (c->json)
		cli_json(c, as_value(c->a, &report));
	else
		print_text(&report);
	return 0;
}

struct asked {
	struct peeringdb_options o;
	bool flush;
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
		else if (!load && strcmp(arg, "--from") == 0 && i + 1 < c->argc)
			k->o.from = c->argv[++i];
		else if (load && k->o.from == NULL && arg[0] != '-')
			k->o.from = arg;
		else
			return false;
	}
	return !load || k->o.from != NULL;
}

int cmd_peeringdb(struct cli *c) {
	struct asked k = { .flush = false };
	struct world w;
	struct err e;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!take_options(c, &k))
		return cli_usage(help, true);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	return k.flush ? flush(c, &w) : sync_now(c, &w, &k.o);
}
