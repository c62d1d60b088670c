/* check.c: `peerage check` and `peerage schema sql-check`: would this installation run? */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/schema.h"
#include "cli/world.h"
#include "db/migrate.h"
#include "handlers.h"
#include "model/check.h"
#include "web/openapi.h"

static const char help[] =
	"usage: peerage check\n\n"
	"Prints the settings, then whether the database answers, which migrations are missing, whether the server takes every statement\n"
	"and whether the tables of the resources agree with its columns. The exit status is 0 only when all is well.\n";

static const char schema_help[] =
	"usage: peerage schema sql RESOURCE...|sql-check|filters|objects|openapi\n\n"
	"sql: the statements that are derived to read resources.\n"
	"sql-check: PREPARE every derived and named statement and compare every field with its column.\n"
	"filters: the filters, tests and functions of templates, with an example of each.\n"
	"objects: what hangs off the objects that configuration templates see.\n"
	"openapi: the API's document (OpenAPI 3.1), in YAML, or with --json in JSON.\n";

static void settings(struct cli *c, const struct conf *conf) {
	struct list *l = conf_describe(c->a, conf);
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct val v = map_get(l->v[i].u.map, "value");
		char number[32];

		snprintf(number, sizeof(number), "%lld", (long long)v.u.i);
		printf("%-34s %-30s %s\n", map_get(l->v[i].u.map, "name").u.s, v.type == V_STR ? v.u.s : v.type == V_BOOL ? (v.u.b ? "yes" : "no") : number,
		    map_get(l->v[i].u.map, "help").u.s);
	}
}

static int migrations(struct cli *c, struct world *w) {
	struct migration *m;
	struct err e;
	size_t n, i, missing = 0;

	if (!migrate_status(c->a, w->db, migrate_dir(), &m, &n, &e))
		return cli_fail(c, &e);
	for (i = 0; i < n; i++) {
		if (m[i].state == MIGRATION_PENDING || m[i].state == MIGRATION_CHANGED) {
			printf("migration %s: %s\n", m[i].name, m[i].state == MIGRATION_PENDING ? "not applied; run `peerage migrate`" : "changed after it was applied");
			missing++;
		}
	}
	if (missing == 0)
		printf("migrations: %zu, all applied\n", n);
	return missing == 0 ? 0 : 1;
}

static int statements(struct cli *c, struct world *w) {
	struct list *wrong;
	struct err e;
	size_t n, i;

	if (!model_check(&w->store, &wrong, &n, &e))
		return cli_fail(c, &e);
	if (c->json) {
		struct map *m = map_new(c->a, 2);

		map_set(m, "statements", val_int((int64_t)n));
		map_set(m, "wrong", val_list(wrong));
		cli_json(c, val_map(m));
	} else {
		for (i = 0; i < wrong->n; i++)
			printf("%s\n", wrong->v[i].u.s);
		printf("%zu statements prepared, %u disagreements\n", n, wrong->n);
	}
	return wrong->n == 0 ? 0 : 1;
}

int cmd_check(struct cli *c) {
	struct world w;
	struct err e;
	int status;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc > 1)
		return cli_usage(help, true);
	if (!conf_load(c->a, c->conf_path, &w.conf, &e))
		return cli_fail(c, &e);
	if (!c->json)
		settings(c, &w.conf);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	status = migrations(c, &w);
	return status != 0 ? status : statements(c, &w);
}

static int print_openapi(struct cli *c) {
	struct val doc = openapi_document(c->a, all_handlers);
	struct sbuf out;

	sb_init(&out, c->a);
	if (c->json)
		json_write_pretty(&out, doc, 2, JSON_AS_IS);
	else
		yaml_write(&out, doc);
	return fwrite(out.s, 1, out.len, stdout) == out.len ? 0 : 7;
}

static int print_sql(struct cli *c) {
	struct world w;
	struct sbuf out;
	struct err e;
	int i;

	sb_init(&out, c->a);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	for (i = 2; i < c->argc; i++) {
		const struct resource *res = res_by_command(c->argv[i]);

		if (res == NULL) {
			err_set(&e, ERR_NOT_FOUND, NULL, "there is no resource \"%.100s\"; `peerage list` names them", c->argv[i]);
			return cli_fail(c, &e);
		}
		if (!model_sql(&w.store, res, &out, &e))
			return cli_fail(c, &e);
	}
	return fwrite(out.s, 1, out.len, stdout) == out.len ? 0 : 7;
}

int cmd_schema(struct cli *c) {
	struct world w;
	struct err e;

	if (cli_wants_help(c))
		return cli_usage(schema_help, false);
	if (c->argc == 2 && strcmp(c->argv[1], "filters") == 0)
		return schema_filters(c);
	if (c->argc == 2 && strcmp(c->argv[1], "objects") == 0)
		return schema_objects(c);
	if (c->argc == 2 && strcmp(c->argv[1], "openapi") == 0)
		return print_openapi(c);
	if (c->argc > 2 && strcmp(c->argv[1], "sql") == 0)
		return print_sql(c);
	if (c->argc != 2 || strcmp(c->argv[1], "sql-check") != 0)
		return cli_usage(schema_help, true);
	return world_open(c, &w, &e) ? statements(c, &w) : cli_fail(c, &e);
}
