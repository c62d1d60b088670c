/* resource.c: `peerage list|show|add|set|remove`: every resource on the command line, by the same store as pages and API. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "model/types.h"

static const char help[] =
	"usage: peerage list RESOURCE [FILTER=VALUE ...] [--limit N] [--offset N] [--order FIELDS]\n"
	"       peerage show RESOURCE WHICH\n"
	"       peerage add RESOURCE FIELD=VALUE ...\n"
	"       peerage set RESOURCE WHICH FIELD=VALUE ...\n"
	"       peerage remove RESOURCE WHICH\n\n"
	"RESOURCE is as autonomous-system or ix-peering-session; `peerage list` alone names them all. WHICH is an id, or FIELD=VALUE\n"
	"that one object has (asn=64500, name=rtr1). A VALUE that begins with [ or { is JSON; FIELD= empties the field.\n"
	"--json before the command prints what the API would answer.\n";

static const struct resource *resource_of(struct cli *c, struct err *e) {
	const struct resource *res = c->argc < 2 ? NULL : res_by_command(c->argv[1]);

	if (res == NULL)
		res = c->argc < 2 ? NULL : res_by_api(c->argv[1]);
	if (res == NULL)
		err_set(e, ERR_INVALID, NULL, "there is no resource \"%s\"; `peerage list` names them all", c->argc < 2 ? "" : c->argv[1]);
	return res;
}

static int names(struct cli *c) {
	struct list *l = list_new(c->a, 64);
	size_t i;

	for (i = 0; all_resources[i] != NULL; i++) {
		if (all_resources[i]->command == NULL)
			continue;
		list_push(l, val_str(all_resources[i]->command));
		if (!c->json)
			printf("%-32s %s\n", all_resources[i]->command, all_resources[i]->plural);
	}
	if (c->json)
		cli_json_line(c, val_list(l));
	return 0;
}

static bool split(struct cli *c, const char *arg, struct param *out, struct err *e) {
	const char *is = strchr(arg, '=');

	if (is == NULL)
		return err_set(e, ERR_INVALID, NULL, "\"%s\" is not of the form name=value", arg);
	*out = (struct param){ .name = arg[0] == '\0' ? "" : arena_strndup(c->a, arg, (size_t)(is - arg)), .value = is + 1 };
	return true;
}

static void print_json(struct world *w, const struct row *row) {
	struct sbuf b;

	sb_init(&b, w->store.a);
	row_json(&w->store, &b, row, FORM_FULL, NULL, NULL);
	fputs(b.s, stdout);
}

static void print_rows(struct cli *c, struct world *w, const struct rows *rows) {
	size_t i;

	if (!c->json) {
		for (i = 0; i < rows->n; i++)
			printf("%8lld  %s\n", (long long)rows->row[i]->id, val_cstr(rows->row[i]->display, ""));
		return;
	}
	putchar('[');
	for (i = 0; i < rows->n; i++) {
		fputs(i > 0 ? "," : "", stdout);
		print_json(w, rows->row[i]);
	}
	puts("]");
}

int cmd_list(struct cli *c) {
	const char *limit = "0", *offset = "0", *order = NULL;
	const struct cli_option options[] = { { "--limit", NULL, &limit }, { "--offset", NULL, &offset }, { "--order", NULL, &order }, { NULL, NULL, NULL } };
	struct query q = { .form = c->json ? FORM_FULL : FORM_BRIEF };
	struct problems bad = { .a = c->a };
	struct param *params;
	struct world w;
	struct rows rows;
	struct err e;
	int64_t from, most;
	int n, i;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n))
		return cli_usage(help, true);
	if (n == 0)
		return names(c);
	q.res = resource_of(c, &e);
	if (q.res == NULL)
		return cli_fail(c, &e);
	params = arena_new(c->a, struct param, (size_t)n);
	for (i = 2; i <= n; i++) {
		if (!split(c, c->argv[i], &params[q.nparams++], &e))
			return cli_fail(c, &e);
	}
	if (!int_parse(limit, strlen(limit), &most) || !int_parse(offset, strlen(offset), &from) || most < 0 || from < 0)
		return cli_usage(help, true);
	q.params = params;
	q.order = order;
	q.limit = (size_t)most;
	q.offset = (size_t)from;
	if (!world_open(c, &w, &e) || !store_list(&w.store, &q, &rows, &bad, &e))
		return cli_fail_input(c, &e, &bad);
	print_rows(c, &w, &rows);
	return 0;
}

static int show(struct cli *c, struct world *w, const struct row *row) {
	struct sbuf b;
	struct val v;
	struct err e;
	size_t i;

	sb_init(&b, c->a);
	row_json(&w->store, &b, row, FORM_FULL, NULL, NULL);
	if (!json_parse(c->a, b.s, b.len, LIMIT_JSON_DATA_DEPTH, &v, &e))
		return cli_fail(c, &e);
	if (c->json) {
		cli_json(c, v);
		return 0;
	}
	for (i = 0; i < v.u.map->n; i++) {
		struct val field = map_val(v.u.map, i);

		sb_reset(&b);
		if (field.type == V_STR)
			sb_mem(&b, field.u.s, field.len);
		else if (field.type == V_MAP && map_get(field.u.map, "display").type == V_STR)
			sb_str(&b, map_get(field.u.map, "display").u.s);
		else if (field.type == V_MAP && map_get(field.u.map, "label").type == V_STR)
			sb_str(&b, map_get(field.u.map, "label").u.s);
		else if (!val_is_null(field))
			json_write(&b, field);
		printf("%-28s %s\n", map_key(v.u.map, i).u.s, b.s);
	}
	return 0;
}

int cmd_show(struct cli *c) {
	const struct resource *res;
	struct row *row;
	struct world w;
	struct err e;
	int64_t id;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc != 3)
		return cli_usage(help, true);
	if ((res = resource_of(c, &e)) == NULL || !world_open(c, &w, &e) || !world_which(&w, res, c->argv[2], &id, &e) ||
	    !store_get(&w.store, res, id, "view", &row, &e))
		return cli_fail(c, &e);
	return show(c, &w, row);
}

/* FIELD=VALUE arguments as a client's JSON. Repeating a list's field adds to it. */
static bool input_of(struct cli *c, const struct resource *res, int from, struct map *m, struct err *e) {
	int i;

	for (i = from; i < c->argc; i++) {
		struct param p;
		struct val v;
		int f;

		if (!split(c, c->argv[i], &p, e))
			return false;
		f = res_field(res, p.name);
		if (f < 0)
			return err_set(e, ERR_INVALID, NULL, "%s has no field \"%s\"", res->name, p.name);
		v = val_str(p.value);
		if ((p.value[0] == '[' || p.value[0] == '{') && !json_parse(c->a, p.value, strlen(p.value), LIMIT_JSON_DEPTH, &v, e))
			return false;
		if (p.value[0] == '\0' && (res->fields[f].flags & FF_NULL) != 0)
			v = val_null();
		map_set(m, p.name, v);
	}
	return true;
}

static int write_row(struct cli *c, const struct resource *res, const char *arg, const struct map *input) {
	struct problems p = { .a = c->a };
	struct row *row = NULL;
	struct world w;
	struct err e;
	int64_t id = 0;
	bool ok;

	if (!world_open(c, &w, &e) || (arg != NULL && !world_which(&w, res, arg, &id, &e)) || !db_begin(w.db, DB_WRITE, &e))
		return cli_fail(c, &e);
	ok = arg == NULL ? store_create(&w.store, res, input, &row, &p, &e) : store_update(&w.store, res, id, input, WRITE_PATCH, &row, &p, &e);
	if (!ok || !db_commit(w.db, &e)) {
		db_rollback(w.db);
		return cli_fail_input(c, &e, &p);
	}
	if (c->json)
		return show(c, &w, row);
	printf("%s %lld: %s\n", res->name, (long long)row->id, val_cstr(row->display, ""));
	return 0;
}

int cmd_add(struct cli *c) {
	struct map *input = map_new(c->a, 8);
	const struct resource *res;
	struct err e;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc < 3)
		return cli_usage(help, true);
	if ((res = resource_of(c, &e)) == NULL || !input_of(c, res, 2, input, &e))
		return cli_fail(c, &e);
	return write_row(c, res, NULL, input);
}

int cmd_set(struct cli *c) {
	struct map *input = map_new(c->a, 8);
	const struct resource *res;
	struct err e;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc < 4)
		return cli_usage(help, true);
	if ((res = resource_of(c, &e)) == NULL || !input_of(c, res, 3, input, &e))
		return cli_fail(c, &e);
	return write_row(c, res, c->argv[2], input);
}

int cmd_remove(struct cli *c) {
	const struct resource *res;
	struct world w;
	struct err e;
	int64_t id;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc != 3)
		return cli_usage(help, true);
	if ((res = resource_of(c, &e)) == NULL || !world_open(c, &w, &e) || !world_which(&w, res, c->argv[2], &id, &e) || !db_begin(w.db, DB_WRITE, &e))
		return cli_fail(c, &e);
	if (!store_delete(&w.store, res, id, &e) || !db_commit(w.db, &e)) {
		db_rollback(w.db);
		return cli_fail(c, &e);
	}
	return 0;
}
