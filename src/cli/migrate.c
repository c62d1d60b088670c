/* migrate.c: `peerage migrate`. */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "db/migrate.h"

static const char help[] =
	"usage: peerage migrate [--status]\n\n"
	"Bring the database's schema forward, each migration in a transaction of its own. --status only tells how it stands.\n"
	"The migrations lie where they were installed; PEERAGE_MIGRATIONS names another folder.\n";

static int show(struct cli *c, struct world *w) {
	static const char *const words[] = { "applied", "pending", "CHANGED", "without file" };
	struct migration *m;
	struct list *l = list_new(c->a, 0);
	struct err e;
	size_t n, i;

	if (!migrate_status(c->a, w->db, migrate_dir(), &m, &n, &e))
		return cli_fail(c, &e);
	for (i = 0; i < n; i++) {
		struct map *row = map_new(c->a, 2);

		map_set(row, "name", val_str(m[i].name));
		map_set(row, "state", val_str(words[m[i].state]));
		list_push(l, val_map(row));
		if (!c->json)
			printf("%-24s %s\n", m[i].name, words[m[i].state]);
	}
	if (c->json)
		cli_json(c, val_list(l));
	return 0;
}

int cmd_migrate(struct cli *c) {
	struct world w;
	struct err e;
	size_t applied;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	if (c->argc == 2 && strcmp(c->argv[1], "--status") == 0)
		return show(c, &w);
	if (c->argc > 1)
		return cli_usage(help, true);
	if (!migrate_run(c->a, w.db, migrate_dir(), &applied, &e))
		return cli_fail(c, &e);
	if (c->json) {
		struct map *m = map_new(c->a, 1);

		map_set(m, "applied", val_int((int64_t)applied));
		cli_json(c, val_map(m));
	} else {
		printf("%zu migrations applied\n", applied);
	}
	return 0;
}
