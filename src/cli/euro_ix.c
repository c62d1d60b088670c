/* euro_ix.c: `peerage euro-ix`. */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "outside/euro_ix.h"
#include "peering/members.h"

static const char help[] =
	"usage: peerage euro-ix fetch EXCHANGE\n"
	"       peerage euro-ix compare EXCHANGE [STATE]\n\n"
	"Read an exchange's member export (Euro-IX / IX-F JSON) from its euro_ix_url; compare it with PeeringDB and our sessions there, address by\n"
	"address. EXCHANGE is an id, a slug or FIELD=VALUE. STATE: agrees, differs, no-session, not-in-export, not-in-peeringdb, only-in-export,\n"
	"only-in-peeringdb or only-in-book. What is wrong with an export is said, and the last good copy stays.\n";

static bool which(struct cli *c, struct world *w, const char *arg, int64_t *id, struct err *e) {
	bool plain = strchr(arg, '=') == NULL && arg[strspn(arg, "0123456789")] != '\0';

	return world_which(w, &res_internet_exchange, plain ? arena_printf(c->a, "slug=%s", arg) : arg, id, e);
}

static int fetch(struct cli *c, struct world *w, int64_t id) {
	struct euro_ix_exchange x = { .id = id };
	struct euro_ix_report report;
	struct map *m = map_new(c->a, 3);
	struct result r;
	struct err e;

	if (!db_named(w->db, c->a, Q_EURO_IX_WANTED, (struct val[]){ val_int(id) }, &r, &e))
		return cli_fail(c, &e);
	x.url = val_cstr(result_at(&r, 0, 2), "");
	x.ixp_id = result_at(&r, 0, 3).type == V_INT ? result_at(&r, 0, 3).u.i : -1;
	if (!euro_ix_fetch(c->a, w->db, &w->conf, &x, &report, &e))
		return cli_fail(c, &e);
	map_set(m, "version", val_str(report.version));
	map_set(m, "members", val_int(report.members));
	map_set(m, "ports", val_int(report.ports));
	if (c->json)
		cli_json(c, val_map(m));
	else
		printf("version %s: %lld members with %lld addresses\n", report.version, (long long)report.members, (long long)report.ports);
	return 0;
}

static int64_t number(const struct map *m, const char *key) {
	struct val v = map_get(m, key);

	return v.type == V_INT ? v.u.i : 0;
}

static int compare(struct cli *c, struct world *w, int64_t id, const char *state) {
	struct members_query q = { .exchange = id, .sees_book = true, .state = state, .pattern = "%%", .limit = INT32_MAX };
	struct list *rows;
	struct err e;

	if (!members_rows(w->db, c->a, &q, &rows, &e))
		return cli_fail(c, &e);
	if (c->json) {
		cli_json_line(c, val_list(rows));
		return 0;
	}
	printf("%-40s %-18s %10s %10s %10s  %s\n", "address", "", "export", "PeeringDB", "book", "differs");
	for (size_t i = 0; i < rows->n; i++) {
		const struct map *m = rows->v[i].u.map;

		printf("%-40s %-18s %10lld %10lld %10lld  %s\n", val_cstr(map_get(m, "address"), ""), val_cstr(map_get(m, "state"), ""),
		    (long long)number(m, "export_asn"), (long long)number(m, "peeringdb_asn"), (long long)number(m, "book_asn"),
		    val_cstr(map_get(m, "differences"), ""));
	}
	return 0;
}

int cmd_euro_ix(struct cli *c) {
	bool reads = c->argc == 3 && strcmp(c->argv[1], "fetch") == 0;
	bool compares = (c->argc == 3 || c->argc == 4) && strcmp(c->argv[1], "compare") == 0;
	struct world w;
	struct err e;
	int64_t id;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!reads && !compares)
		return cli_usage(help, true);
	if (!world_open(c, &w, &e) || !which(c, &w, c->argv[2], &id, &e))
		return cli_fail(c, &e);
	return reads ? fetch(c, &w, id) : compare(c, &w, id, c->argc == 4 ? c->argv[3] : "");
}
