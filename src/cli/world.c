/* world.c: settings, database and errors of subcommands. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "base/log.h"
#include "cli/world.h"

bool world_open(struct cli *c, struct world *w, struct err *e) {
	return conf_load(c->a, c->conf_path, &w->conf, e) && db_open(c->a, w->conf.database, "peerage", &w->db, e);
}

void cli_json(const struct cli *c, struct val v) {
	struct sbuf b;

	sb_init(&b, c->a);
	json_write_pretty(&b, v, 2, JSON_AS_IS);
	printf("%s\n", b.s);
}

int cli_fail(const struct cli *c, const struct err *e) {
	if (c->json) {
		struct map *m = map_new(c->a, 3);

		map_set(m, "error", val_str(err_slug(e->code)));
		map_set(m, "field", val_str_or_null(e->field));
		map_set(m, "detail", val_str(e->msg));
		cli_json(c, val_map(m));
	} else {
		fprintf(stderr, "peerage: %s\n", e->msg);
	}
	return err_exit(e->code);
}

int cli_usage(const char *text, bool wrong) {
	fputs(text, wrong ? stderr : stdout);
	return wrong ? 2 : 0;
}

bool cli_wants_help(const struct cli *c) {
	return c->argc > 1 && (strcmp(c->argv[1], "--help") == 0 || strcmp(c->argv[1], "-h") == 0);
}
