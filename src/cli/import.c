/* import.c: `peerage import-peering-manager`. */
#include "config.h"

#include <stdio.h>

#include "base/seal.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "outside/import_pm.h"

static const char help[] =
	"usage: peerage import-peering-manager [--dry-run] CONNINFO\n\n"
	"Copy a Peering Manager database (1.8 to 1.10) into a freshly migrated one, whole and in one transaction. CONNINFO is libpq's:\n"
	"a URL (postgresql://user@host/name) or 'host=... dbname=... user=...'. It is only read. A second run brings what changed since;\n"
	"what is only here stays, and is counted; links (policies, communities, tags, contexts, contacts, members of groups) that an import\n"
	"brought and that are gone there since are taken away, those made here stay.\n"
	"--dry-run does everything, prints the report and takes it back.\n";

static int64_t total(const struct import_report *r, size_t offset) {
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < r->n; i++)
		sum += *(const int64_t *)(const void *)((const char *)&r->line[i] + offset);
	return sum;
}

static void print_text(const struct import_report *r) {
	size_t i, k;

	printf("%-58s %8s %8s %8s %9s %8s %9s\n", "", "read", "created", "updated", "unchanged", "refused", "only here");
	for (i = 0; i < r->n; i++) {
		const struct import_line *l = &r->line[i];

		printf("%-58s %8lld %8lld %8lld %9lld %8lld %9lld\n", l->table, (long long)l->read, (long long)l->created, (long long)l->updated,
		    (long long)l->unchanged, (long long)l->refused, (long long)l->only_here);
		for (k = 0; k < l->notes->n; k++)
			printf("    %s\n", l->notes->v[k].u.s);
	}
	printf("%-58s %8lld %8lld %8lld %9lld %8lld %9lld\n", "in all", (long long)total(r, offsetof(struct import_line, read)),
	    (long long)total(r, offsetof(struct import_line, created)), (long long)total(r, offsetof(struct import_line, updated)),
	    (long long)total(r, offsetof(struct import_line, unchanged)), (long long)total(r, offsetof(struct import_line, refused)), (long long)total(r, offsetof(struct import_line, only_here)));
}

static struct val as_value(struct arena *a, const struct import_report *r) {
	struct list *out = list_new(a, r->n);
	size_t i;

	for (i = 0; i < r->n; i++) {
		struct map *m = map_new(a, 9);

		map_set(m, "table", val_str(r->line[i].table));
		map_set(m, "from", val_str(r->line[i].from));
		map_set(m, "read", val_int(r->line[i].read));
		map_set(m, "created", val_int(r->line[i].created));
		map_set(m, "updated", val_int(r->line[i].updated));
		map_set(m, "unchanged", val_int(r->line[i].unchanged));
		map_set(m, "refused", val_int(r->line[i].refused));
		map_set(m, "only_here", val_int(r->line[i].only_here));
		map_set(m, "notes", val_list(r->line[i].notes));
		list_push(out, val_map(m));
	}
	return val_list(out);
}

/* What was written beside the store is not in the search index yet. */
static bool reindex(struct world *w, struct err *e) {
	return db_begin(w->db, DB_WRITE, e) && store_reindex(&w->store, e) && db_commit(w->db, e);
}

int cmd_reindex(struct cli *c) {
	struct world w;
	struct err e;

	if (cli_wants_help(c) || c->argc > 1)
		return cli_usage("usage: peerage reindex\n\nMake the search index anew, after rows were written by other means than ours.\n", c->argc > 1);
	if (!world_open(c, &w, &e) || !reindex(&w, &e))
		return cli_fail(c, &e);
	return 0;
}

int cmd_import(struct cli *c) {
	enum import_mode mode = IMPORT_FOR_GOOD;
	struct import_report report;
	const char *conninfo = NULL;
	struct db *from;
	struct world w;
	struct err e;
	int i;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	for (i = 1; i < c->argc; i++) {
		if (strcmp(c->argv[i], "--dry-run") == 0)
			mode = IMPORT_DRY_RUN;
		else if (conninfo == NULL && c->argv[i][0] != '-')
			conninfo = c->argv[i];
		else
			return cli_usage(help, true);
	}
	if (conninfo == NULL)
		return cli_usage(help, true);
	if (!world_open(c, &w, &e) || !db_open(c->a, conninfo, "peerage", &from, &e) ||
	    !import_peering_manager(c->a, from, w.db, seal_new(c->a, w.conf.secret_file), mode, &report, &e) ||
	    (mode == IMPORT_FOR_GOOD && !reindex(&w, &e)))
		return cli_fail(c, &e);
	if (c->json)
		cli_json(c, as_value(c->a, &report));
	else
		print_text(&report);
	if (!c->json && mode == IMPORT_DRY_RUN)
		printf("dry run: nothing was changed\n");
	return 0;
}
