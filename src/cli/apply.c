/* apply.c: `peerage apply` and `peerage import`: make the book what a file says, after showing what that changes. */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "model/book.h"

static const char apply_help[] =
	"usage: peerage apply FILE [--dry-run] [--prune]\n\n"
	"FILE (- is standard input) is YAML or JSON as `peerage export` writes it: {autonomous-system: [...], router: [...]}. Objects that are\n"
	"there are changed where they differ, others are made; --prune deletes those of the kinds in the file that it does not have.\n"
	"Prints what changes (+ made, ~ changed, - deleted, ! refused). All or nothing: when one is refused nothing is written.\n"
	"Run twice, the second has nothing to do. Exit status: 0 done or nothing to do, 1 refused; with --dry-run 10 when there are changes.\n";
static const char import_help[] =
	"usage: peerage import RESOURCE FILE [--dry-run] [--format csv|yaml|json] [--map 'HEADING=FIELD,...']\n\n"
	"FILE (- is standard input) is a table whose first line names the fields, or a list in YAML or JSON. References go by what names the\n"
	"object: autonomous_system.asn, ixp_connection.internet_exchange_point.slug. --map takes a column for another field; an empty FIELD\n"
	"passes over it. Otherwise as `peerage apply`.\n";

enum { STATUS_CHANGES = 10 };

static void close_file(void *f) {
	fclose(f);
}

static bool read_file(struct cli *c, const char *path, struct book_source *out, struct err *e) {
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char chunk[16384];
	struct sbuf b;
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	if (f != stdin)
		arena_defer(c->a, close_file, f);
	sb_init(&b, c->a);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
		sb_mem(&b, chunk, n);
		if (b.len > LIMIT_IMPORT)
			return err_set(e, ERR_TOO_LARGE, NULL, "%s is larger than %d MB: split it", path, LIMIT_IMPORT / 1024 / 1024);
	}
	if (ferror(f))
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	out->text = b.s;
	out->len = b.len;
	return true;
}

/* ---- the plan ---- */

static const char *text(struct cli *c, struct val v) {
	struct sbuf b;

	sb_init(&b, c->a);
	json_write(&b, v);
	return b.s;
}

static void print_line(struct cli *c, const struct map *m) {
	static const char *const actions[] = { "create", "change", "delete", "refused" };
	const char *action = val_cstr(map_get(m, "action"), "");
	struct val fields = map_get(m, "fields"), problems = map_get(m, "problems"), line = map_get(m, "line");
	size_t i;

	for (i = 0; i < 3 && strcmp(action, actions[i]) != 0; i++)
		;
	printf("%c %s: %s", "+~-!"[i], val_cstr(map_get(m, "resource"), ""), val_cstr(map_get(m, "name"), ""));
	if (line.type == V_INT && i == 3)
		printf(" (line %lld)", (long long)line.u.i);
	putchar('\n');
	for (i = 0; fields.type == V_MAP && i < fields.u.map->n; i++) {
		const struct list *pair = map_val(fields.u.map, i).u.list;

		printf("    %s: %s -> %s\n", map_key(fields.u.map, i).u.s, text(c, pair->v[0]), text(c, pair->v[1]));
	}
	for (i = 0; problems.type == V_MAP && i < problems.u.map->n; i++) {
		struct val texts = map_val(problems.u.map, i);

		for (size_t k = 0; texts.type == V_LIST && k < texts.u.list->n; k++)
			printf("    %s: %s\n", map_key(problems.u.map, i).u.s, val_cstr(texts.u.list->v[k], text(c, texts.u.list->v[k])));
	}
}

static void print_plan(struct cli *c, const struct book_plan *p, bool dry) {
	const char *done = p->refused > 0 ? "Nothing was written" : dry ? "Would be" : "Done";
	struct map *m = map_new(c->a, 6);

	if (c->json) {
		map_set(m, "created", val_int((int64_t)p->created));
		map_set(m, "changed", val_int((int64_t)p->changed));
		map_set(m, "deleted", val_int((int64_t)p->deleted));
		map_set(m, "unchanged", val_int((int64_t)p->same));
		map_set(m, "refused", val_int((int64_t)p->refused));
		map_set(m, "lines", val_list(p->lines));
		cli_json(c, val_map(m));
		return;
	}
	for (size_t i = 0; i < p->lines->n; i++)
		print_line(c, p->lines->v[i].u.map);
	if (p->lines->n == 0)
		printf("Nothing to do: %zu objects are as the file has them.\n", p->same);
	else
		printf("%s: %zu to create, %zu to change, %zu to delete, %zu as they are, %zu refused.\n", done, p->created, p->changed, p->deleted, p->same,
		    p->refused);
}

static int run(struct cli *c, const char *path, struct book_source *src, bool dry, bool prune) {
	struct book_file file;
	struct book_plan plan;
	struct world w;
	struct err e, why;

	if (!read_file(c, path, src, &e))
		return cli_fail(c, &e);
	if (!book_read(c->a, src, &file, &why)) {
		err_set(&e, ERR_INVALID, NULL, "%s: %s", path, why.msg);
		return cli_fail(c, &e);
	}
	if (!world_open(c, &w, &e) || !db_begin(w.db, DB_WRITE, &e))
		return cli_fail(c, &e);
	if (!book_apply(&w.store, &file, prune, &plan, &e)) {
		db_rollback(w.db);
		return cli_fail(c, &e);
	}
	if (dry || plan.refused > 0)
		db_rollback(w.db);
	else if ((plan.created > 100 && !db_query(w.db, c->a, "SELECT peerage_count_compact()", NULL, 0, NULL, &e)) || !db_commit(w.db, &e))
		return cli_fail(c, &e);
	print_plan(c, &plan, dry);
	return plan.refused > 0 ? 1 : dry && plan.lines->n > 0 ? STATUS_CHANGES : 0;
}

int cmd_apply(struct cli *c) {
	struct book_source src = { .format = BOOK_AUTO };
	bool dry = false, prune = false;
	const struct cli_option options[] = { { "--dry-run", &dry, NULL }, { "--prune", &prune, NULL }, { NULL, NULL, NULL } };
	int n;

	if (cli_wants_help(c))
		return cli_usage(apply_help, false);
	if (!cli_options(c, options, &n) || n != 1)
		return cli_usage(apply_help, true);
	return run(c, c->argv[1], &src, dry, prune);
}

/* "HEADING=FIELD,HEADING=FIELD" */
static bool mapping(struct cli *c, const char *s, struct map *out) {
	while (*s != '\0') {
		size_t n = strcspn(s, ",");
		char *pair = arena_strndup(c->a, s, n), *is = strchr(pair, '=');

		if (is == NULL)
			return false;
		*is = '\0';
		map_set(out, pair, val_str(is + 1));
		s += n + (s[n] == ',');
	}
	return true;
}

int cmd_import_file(struct cli *c) {
	const char *format = "auto", *columns = "";
	struct book_source src = { .format = BOOK_AUTO };
	struct map *map = map_new(c->a, 4);
	bool dry = false;
	const struct cli_option options[] = { { "--dry-run", &dry, NULL }, { "--format", NULL, &format }, { "--map", NULL, &columns }, { NULL, NULL, NULL } };
	struct err e;
	int n;

	if (cli_wants_help(c))
		return cli_usage(import_help, false);
	if (!cli_options(c, options, &n) || n != 2 || !book_format_named(format, &src.format) || !mapping(c, columns, map))
		return cli_usage(import_help, true);
	src.only = res_by_command(c->argv[1]);
	src.columns = map;
	if (src.only == NULL || (src.only->flags & RF_READONLY) != 0) {
		err_set(&e, ERR_INVALID, NULL, "\"%s\" is no kind of object that can be imported; `peerage list` names them all", c->argv[1]);
		return cli_fail(c, &e);
	}
	return run(c, c->argv[2], &src, dry, false);
}
