/* irr_load.c: `peerage irr-load`: what the routing registries answered, out of a file. */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"

static const char help[] =
	"usage: peerage irr-load FILE\n\n"
	"Take prefixes and AS lists of autonomous systems from a file instead of asking a routing registry: a JSON object of AS numbers,\n"
	"{\"64500\": {\"prefixes\": {\"ipv4\": [{\"prefix\": \"192.0.2.0/24\", \"exact\": true}], \"ipv6\": []}, \"as_list\": [64500]}}, the entries\n"
	"as bgpq prints them. What a system had is replaced; systems that the book does not have are passed over.\n";

static bool slurp(const char *path, struct sbuf *out, struct err *e) {
	FILE *f = fopen(path, "r");
	char chunk[8192];
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_NOT_FOUND, NULL, "%s: %s", path, strerror(errno));
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sb_mem(out, chunk, n);
	if (ferror(f) != 0) {
		fclose(f);
		return err_set(e, ERR_INVALID, NULL, "%s cannot be read", path);
	}
	fclose(f);
	return true;
}

/* What a mistake in the file would silently empty is refused: both families or none, and lists. */
static bool shaped(struct val found) {
	struct val prefixes, members;

	if (found.type != V_MAP)
		return false;
	members = map_get(found.u.map, "as_list");
	prefixes = map_get(found.u.map, "prefixes");
	if (members.type != V_UNDEF && members.type != V_LIST)
		return false;
	return prefixes.type == V_UNDEF || (prefixes.type == V_MAP && map_get(prefixes.u.map, "ipv4").type == V_LIST &&
	    map_get(prefixes.u.map, "ipv6").type == V_LIST);
}

static bool check(const char *file, struct val doc, struct err *e) {
	size_t i;

	if (doc.type != V_MAP)
		return err_set(e, ERR_INVALID, NULL, "%s: a JSON object of AS numbers was expected", file);
	for (i = 0; i < doc.u.map->n; i++) {
		if (!shaped(map_val(doc.u.map, i)))
			return err_set(e, ERR_INVALID, NULL, "%s: %s: \"prefixes\" must be an object of two lists, \"ipv4\" and \"ipv6\", and \"as_list\" a list",
			    file, map_key(doc.u.map, i).u.s);
	}
	return true;
}

/* Everything in one transaction: a filter is made of all of it or of what was there before. */
static bool store(struct cli *c, struct world *w, const struct val *params, size_t *systems, struct err *e) {
	struct result r;

	if (!db_begin(w->db, DB_WRITE, e))
		return false;
	if (!db_named(w->db, c->a, Q_IRR_LOAD, params, &r, e)) {
		db_rollback(w->db);
		return false;
	}
	*systems = (size_t)result_at(&r, 0, 0).u.i;
	return db_commit(w->db, e);
}

int cmd_irr_load(struct cli *c) {
	struct world w;
	struct sbuf text;
	struct val doc;
	struct err e;
	size_t systems = 0;
	const char *name;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc != 2)
		return cli_usage(help, true);
	sb_init(&text, c->a);
	if (!slurp(c->argv[1], &text, &e) || !json_parse(c->a, text.s, text.len, LIMIT_JSON_DEPTH, &doc, &e) || !check(c->argv[1], doc, &e))
		return cli_fail(c, &e);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	name = strrchr(c->argv[1], '/') != NULL ? strrchr(c->argv[1], '/') + 1 : c->argv[1];
	if (!store(c, &w, (struct val[]){ val_mem(text.s, text.len), val_str(name) }, &systems, &e))
		return cli_fail(c, &e);
	if (c->json) {
		struct map *m = map_new(c->a, 1);

		map_set(m, "autonomous_systems", val_int((int64_t)systems));
		cli_json(c, val_map(m));
	} else {
		printf("%zu autonomous systems\n", systems);
	}
	return 0;
}
