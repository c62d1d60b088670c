/* ix_api.c: `peerage ix-api`. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "model/tables/tables.h"
#include "outside/ix_api.h"
#include "peering/ix_api.h"

static const char help[] =
	"usage: peerage ix-api read IX-API\n"
	"       peerage ix-api show EXCHANGE\n"
	"       peerage ix-api change CONNECTION FIELD=VALUE ... [--send]\n\n"
	"Read an exchange's IX-API; show what it was read to have for an exchange, config by config; change a connection's network service config there:\n"
	"macs (with commas between), capacity, listed, purchase_order, contract_ref, external_ref. Without --send it is only shown what would be changed.\n"
	"IX-API, EXCHANGE and CONNECTION are an id or FIELD=VALUE; an exchange may be its slug. When a reading fails, what was known stays.\n";

static bool which(struct cli *c, struct world *w, const struct resource *res, const char *arg, int64_t *id, struct err *e) {
	bool plain = res == &res_internet_exchange && strchr(arg, '=') == NULL && arg[strspn(arg, "0123456789")] != '\0';

	return world_which(w, res, plain ? arena_printf(c->a, "slug=%s", arg) : arg, id, e);
}

static int read_it(struct cli *c, struct world *w, const char *arg) {
	struct err e;
	int64_t id;
	size_t n;

	if (!which(c, w, &res_ixapi, arg, &id, &e) || !ix_api_synchronise(c->a, w->db, &w->conf, id, &n, &e))
		return cli_fail(c, &e);
	if (c->json)
		printf("{\"objects\": %zu}\n", n);
	else
		printf("%zu objects\n", n);
	return 0;
}

static const char *words(struct cli *c, struct val list) {
	struct sbuf b;

	sb_init(&b, c->a);
	for (size_t i = 0; list.type == V_LIST && i < list.u.list->n; i++)
		sb_fmt(&b, "%s%s", i == 0 ? "" : ",", val_cstr(list.u.list->v[i], ""));
	return b.s;
}

static int show(struct cli *c, struct world *w, const char *arg) {
	struct list *configs;
	struct err e;
	int64_t id;

	if (!which(c, w, &res_internet_exchange, arg, &id, &e) || !ixapi_configs(w->db, c->a, id, 0, &configs, &e))
		return cli_fail(c, &e);
	if (c->json) {
		cli_json_line(c, val_list(configs));
		return 0;
	}
	printf("%-20s %-26s %-10s %-44s %s\n", "config", "state", "here", "addresses", "MAC addresses");
	for (size_t i = 0; i < configs->n; i++) {
		const struct map *m = configs->v[i].u.map;
		struct val ours = map_get(m, "connection");

		printf("%-20s %-26s %-10s %-44s %s\n", val_cstr(map_get(m, "id"), ""), val_cstr(map_get(m, "state"), ""),
		    ours.type == V_INT ? arena_printf(c->a, "%lld%s", (long long)ours.u.i, map_get(m, "same_mac").u.b ? "" : " (MAC!)") : "-",
		    words(c, map_get(m, "addresses")), words(c, map_get(m, "macs")));
	}
	return 0;
}

/* "macs=a,b", "capacity=1000", "listed=true"; nothing behind the sign is null. */
static bool argument(struct cli *c, const char *arg, struct map *input, struct err *e) {
	const char *eq = strchr(arg, '='), *name = eq == NULL ? arg : arena_strndup(c->a, arg, (size_t)(eq - arg));
	struct val v;

	if (eq == NULL)
		return err_set(e, ERR_INVALID, NULL, "\"%s\" is not FIELD=VALUE", arg);
	if (strcmp(name, "macs") == 0) {
		struct list *l = list_new(c->a, 2);

		for (const char *s = eq + 1; *s != '\0'; s += strspn(s, ", ")) {
			size_t n = strcspn(s, ", ");

			list_push(l, val_str(arena_strndup(c->a, s, n)));
			s += n;
		}
		v = val_list(l);
	} else if (eq[1] == '\0') {
		v = val_null();
	} else if ((strcmp(name, "capacity") != 0 && strcmp(name, "listed") != 0) || !json_parse(c->a, eq + 1, strlen(eq + 1), 1, &v, e)) {
		v = val_str(eq + 1);
	}
	map_set(input, name, v);
	return true;
}

static int change(struct cli *c, struct world *w, int n, bool send) {
	struct row row = { 0 };
	struct action_call call = { .s = &w->store, .res = &res_connection, .object = &row };
	struct map *input = map_new(c->a, 6), *set, *config, *seen;
	struct ix_api_change asked;
	struct sbuf now, then;
	struct err e;

	for (int i = 3; i <= n; i++) {
		if (!argument(c, c->argv[i], input, &e))
			return cli_fail(c, &e);
	}
	if (!which(c, w, &res_connection, c->argv[2], &row.id, &e) || !ixapi_wanted(c->a, input, &set, &e) || !ixapi_config_of(&call, &config, &e))
		return cli_fail(c, &e);
	seen = ixapi_seen(c->a, config, set);
	asked = (struct ix_api_change){ .id = map_get(config, "ixapi").u.i, .config = val_cstr(map_get(config, "id"), ""), .seen = val_map(seen), .set = set };
	sb_init(&now, c->a);
	sb_init(&then, c->a);
	json_write(&now, val_map(seen));
	json_write(&then, val_map(set));
	printf("config %s\n now  %s\n then %s\n", asked.config, now.s, then.s);
	if (!send) {
		printf("Nothing was sent: repeat it with --send.\n");
		return 0;
	}
	if (!ix_api_change(c->a, w->db, &w->conf, &asked, &e))
		return cli_fail(c, &e);
	printf("%s; state %s\n", asked.confirmed ? "done" : "taken, but not shown yet", asked.state);
	return 0;
}

int cmd_ix_api(struct cli *c) {
	bool send = false;
	const struct cli_option options[] = { { "--send", &send, NULL }, { NULL, NULL, NULL } };
	struct world w;
	struct err e;
	int n;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n))
		return 2;
	if (n < 2 || (n != 2 && strcmp(c->argv[1], "change") != 0))
		return cli_usage(help, true);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	if (strcmp(c->argv[1], "read") == 0)
		return read_it(c, &w, c->argv[2]);
	if (strcmp(c->argv[1], "show") == 0)
		return show(c, &w, c->argv[2]);
	return n > 2 && strcmp(c->argv[1], "change") == 0 ? change(c, &w, n, send) : cli_usage(help, true);
}
