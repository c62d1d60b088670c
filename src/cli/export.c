/* export.c: `peerage export`: the book, or kinds of its objects, as a file that `peerage apply` takes. */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "model/book.h"

static const char help[] =
	"usage: peerage export [RESOURCE ...] [--format yaml|json|csv] [--secrets]\n\n"
	"Without RESOURCE the whole book: what people write, in the order in which it can be made. Objects go by what names them (asn, slug,\n"
	"name), not by numbers. Keys of sessions are left out unless --secrets is given. CSV holds one kind of object.\n";

static bool one(struct world *w, const struct resource *res, const struct book_export *x, bool *first, struct err *e) {
	struct query q = { .res = res, .order = "id" };
	struct sbuf out;

	sb_init(&out, w->store.a);
	if (!book_export_rows(&w->store, &q, x, &out, NULL, e))
		return false;
	if (x->format == BOOK_JSON && !*first)
		fputs(",\n", stdout);
	*first = false;
	fwrite(out.s, 1, out.len, stdout);
	return true;
}

static bool all(struct cli *c, struct world *w, const struct resource *const *res, const struct book_export *x, struct err *e) {
	bool first = true, json = x->format == BOOK_JSON;
	size_t i;

	if (!db_begin(w->db, DB_READ, e))
		return false;
	if (x->format != BOOK_CSV)
		fputs(json ? "{\n\"peerage\": 1,\n" : "peerage: 1\n", stdout);
	w->store.a = arena_new_root();
	for (i = 0; res[i] != NULL; i++) {
		if (!one(w, res[i], x, &first, e))
			return false;
		arena_reset(w->store.a);
	}
	arena_free(w->store.a);
	w->store.a = c->a;
	if (json)
		fputs("\n}\n", stdout);
	return db_commit(w->db, e);
}

int cmd_export(struct cli *c) {
	const char *format = "yaml";
	struct book_export x = { .document = true };
	const struct cli_option options[] = { { "--format", NULL, &format }, { "--secrets", &x.secrets, NULL }, { NULL, NULL, NULL } };
	const struct resource **res;
	struct world w;
	struct err e;
	int n;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n) || !book_format_named(format, &x.format) || x.format == BOOK_AUTO || (x.format == BOOK_CSV && n != 1))
		return cli_usage(help, true);
	res = n == 0 ? book_resources(c->a) : arena_new(c->a, const struct resource *, (size_t)n + 1);
	for (int i = 0; i < n; i++) {
		res[i] = res_by_command(c->argv[i + 1]);
		if (res[i] == NULL) {
			err_set(&e, ERR_INVALID, NULL, "there is no resource \"%s\"; `peerage list` names them all", c->argv[i + 1]);
			return cli_fail(c, &e);
		}
	}
	x.document = x.format != BOOK_CSV;
	if (!world_open(c, &w, &e) || !all(c, &w, res, &x, &e))
		return cli_fail(c, &e);
	return 0;
}
