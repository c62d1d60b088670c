/* token.c: `peerage token`: keys for programs. A key is shown once; the database has its hash alone. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/net.h"
#include "base/secret.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "db/queries.h"
#include "model/types.h"

static const char help[] =
	"usage: peerage token add USER [--description TEXT] [--read-only] [--expires TIME] [--allow CIDR,CIDR] [--quiet]\n"
	"       peerage token list\n"
	"       peerage token revoke ID\n\n"
	"add prints the key, this once. --quiet prints nothing else.\n";

static bool networks(struct cli *c, const char *text, struct val *out, struct err *e) {
	struct list *l = list_new(c->a, 2);
	struct addr a;
	char buf[ADDR_TEXT_MAX];

	*out = val_null();
	while (text != NULL && *text != '\0') {
		size_t n = strcspn(text, ",");

		if (!addr_parse(text, n, &a))
			return err_set(e, ERR_INVALID, "allow", "\"%.*s\" is no address or network", (int)n, text);
		a = addr_network(&a);
		list_push(l, val_str(arena_strdup(c->a, addr_text(&a, ADDR_WITH_LENGTH, buf))));
		text += n + (text[n] == ',');
		*out = val_list(l);
	}
	return true;
}

static bool insert(struct cli *c, struct world *w, const char *user, const char *key, const struct val rest[4], int64_t *id, struct err *e) {
	char hash[SHA256_HEX];
	struct result r;
	int64_t owner;

	if (!world_user(w, user, &owner, e))
		return false;
	sha256_hex(key, strlen(key), hash);
	if (!db_named(w->db, c->a, Q_TOKEN_ADD, (struct val[]){ val_int(owner), val_str(hash), val_str(key + strlen(key) - 6), rest[0], rest[1],
	    rest[2], rest[3] }, &r, e))
		return false;
	*id = result_at(&r, 0, 0).u.i;
	return true;
}

static int add(struct cli *c, struct world *w) {
	const char *description = "", *expires = NULL, *allow = NULL, *when = NULL, *key = random_hex(c->a, 20);
	bool read_only = false, quiet = false;
	const struct cli_option options[] = { { "--description", NULL, &description }, { "--read-only", &read_only, NULL },
		{ "--expires", NULL, &expires }, { "--allow", NULL, &allow }, { "--quiet", &quiet, NULL }, { NULL, NULL, NULL } };
	struct val allowed;
	struct err e;
	int64_t id = 0;
	int n;

	if (!cli_options(c, options, &n) || n != 2)
		return cli_usage(help, true);
	if (expires != NULL && !time_parse(c->a, expires, strlen(expires), &when)) {
		err_set(&e, ERR_INVALID, "expires", "\"%s\" is no time; write 2026-12-31 or 2026-12-31T18:00:00Z", expires);
		return cli_fail(c, &e);
	}
	if (!networks(c, allow, &allowed, &e) || !insert(c, w, c->argv[2], key,
	    (struct val[]){ val_str_or_null(when), val_bool(!read_only), val_str(description), allowed }, &id, &e))
		return cli_fail(c, &e);
	if (c->json) {
		struct map *m = map_new(c->a, 2);

		map_set(m, "id", val_int(id));
		map_set(m, "key", val_str(key));
		cli_json(c, val_map(m));
	} else if (quiet) {
		printf("%s\n", key);
	} else {
		printf("token %lld of %s: %s\n(it is not shown again)\n", (long long)id, c->argv[2], key);
	}
	return 0;
}

static int list(struct cli *c, struct world *w) {
	struct result r;
	struct err e;
	size_t i;

	if (!db_named(w->db, c->a, Q_TOKEN_LIST, NULL, &r, &e))
		return cli_fail(c, &e);
	for (i = 0; i < r.n && !c->json; i++)
		printf("%5lld  %-20s ...%s  expires %-20s %-10s %s\n", (long long)result_at(&r, i, 0).u.i, result_at(&r, i, 1).u.s, result_at(&r, i, 2).u.s,
		    val_cstr(result_at(&r, i, 4), "never"), result_at(&r, i, 6).u.b ? "" : "read only", val_cstr(result_at(&r, i, 7), ""));
	if (c->json)
		cli_json_line(c, result_maps(c->a, &r, NULL));
	return 0;
}

static int revoke(struct cli *c, struct world *w) {
	struct result r;
	struct err e;
	int64_t id;

	if (c->argc != 3 || !int_parse(c->argv[2], strlen(c->argv[2]), &id))
		return cli_usage(help, true);
	if (!db_named(w->db, c->a, Q_TOKEN_REVOKE, (struct val[]){ val_int(id) }, &r, &e))
		return cli_fail(c, &e);
	if (r.n == 0) {
		err_set(&e, ERR_NOT_FOUND, NULL, "there is no token %s; `peerage token list` lists them", c->argv[2]);
		return cli_fail(c, &e);
	}
	return 0;
}

int cmd_token(struct cli *c) {
	static const struct cli_verb verbs[] = { { "add", add }, { "list", list }, { "revoke", revoke }, { NULL, NULL } };

	return cli_verbs(c, verbs, help);
}
