/* router.c: `peerage router`: what a person asks a router directly, and confirming its host key. */
#include "config.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "devices/driver.h"
#include "model/tables/tables.h"

static const char help[] =
	"usage: peerage router trust ROUTER [FINGERPRINT]\n"
	"       peerage router facts|neighbours|running ROUTER\n"
	"       peerage router pending|confirm|rollback ROUTER CHANGE\n\n"
	"ROUTER is its name, id or FIELD=VALUE. `trust` shows the host key (or certificate) of the router and, once it is confirmed, accepts no other;\n"
	"with a fingerprint it asks nothing and accepts that one only. CHANGE names a deployment as it stands on the router: \"peerage-12\".\n";

struct talk {
	struct cli *c;
	struct world *w;
	struct device *d;
	const char *change;             /* or the fingerprint; NULL: none */
};

static void text(struct map *m, const char *key, const char *value) {
	map_set(m, key, val_str(value));
}

static void count(struct map *m, const char *key, int64_t n) {
	map_set(m, key, n < 0 ? val_null() : val_int(n));
}

static bool facts(struct talk *t, struct err *e) {
	struct map *m = map_new(t->c->a, 7);
	struct facts f;

	if (!device_facts(t->d, t->c->a, &f, e))
		return false;
	text(m, "driver", t->d->driver->name);
	text(m, "vendor", f.vendor);
	text(m, "model", f.model);
	text(m, "version", f.version);
	text(m, "serial", f.serial);
	text(m, "hostname", f.hostname);
	count(m, "uptime", f.uptime);
	cli_json(t->c, val_map(m));
	return true;
}

static struct val neighbour_value(struct talk *t, const struct neighbour *n) {
	struct map *m = map_new(t->c->a, 11);

	text(m, "address", n->address);
	text(m, "vrf", n->vrf);
	map_set(m, "asn", val_int(n->asn));
	text(m, "state", bgp_state_name(n->state));
	map_set(m, "shutdown", val_bool(n->shutdown));
	count(m, "received", n->received);
	count(m, "accepted", n->accepted);
	count(m, "advertised", n->advertised);
	count(m, "uptime", n->uptime);
	text(m, "last_reset", n->last_reset);
	text(m, "description", n->description);
	return val_map(m);
}

static bool neighbours(struct talk *t, struct err *e) {
	struct list *l = list_new(t->c->a, 0);
	struct neighbours found;
	size_t i;

	if (!device_neighbours(t->d, t->c->a, &found, e))
		return false;
	for (i = 0; i < found.n; i++) {
		const struct neighbour *n = &found.v[i];

		list_push(l, neighbour_value(t, n));
		if (!t->c->json)
			printf("%-40s %-12s %10u %-12s %9lld %9lld %9lld %9lld  %s%s%s\n", n->address, n->vrf, n->asn, bgp_state_name(n->state),
			    (long long)n->received, (long long)n->accepted, (long long)n->advertised, (long long)n->uptime, n->description,
			    n->last_reset[0] == '\0' ? "" : " | ", n->last_reset);
	}
	if (t->c->json)
		cli_json(t->c, val_list(l));
	return true;
}

static bool running(struct talk *t, struct err *e) {
	struct sbuf b;

	sb_init(&b, t->c->a);
	if (!device_running(t->d, &b, e))
		return false;
	fwrite(b.s, 1, b.len, stdout);
	return true;
}

static bool pending(struct talk *t, struct err *e) {
	struct pending p;

	if (!device_pending(t->d, t->change, &p, e))
		return false;
	if (p.running)
		printf("%s waits for a confirmation, %lld seconds more\n", t->change, (long long)p.seconds);
	else
		printf("%s does not wait for a confirmation\n", t->change);
	return true;
}

static bool confirm(struct talk *t, struct err *e) {
	return device_confirm(t->d, t->change, e) && printf("confirmed\n") > 0;
}

static bool rollback(struct talk *t, struct err *e) {
	return device_rollback(t->d, t->change, e) && printf("rolled back\n") > 0;
}

/* Is it the key that was meant: all of it, or its fingerprint? */
static bool is_meant(const char *offered, const char *meant) {
	const char *blank = strchr(offered, ' ');

	return strcmp(offered, meant) == 0 || (blank != NULL && strcmp(blank + 1, meant) == 0);
}

/* A key that was shown: of the router, or of its jump host. */
struct shown {
	const char *field, *of, *host, *offered, *pinned;
	uint16_t port;
};

static bool trust_key(struct talk *t, const struct shown *k, struct err *e) {
	struct problems problems = { .a = t->c->a };
	struct map *m = map_new(t->c->a, 1);
	const char *answer;
	struct row *after;

	printf("%s (%s port %u) shows the key %s\n", k->of, k->host, (unsigned)k->port, k->offered);
	if (k->pinned[0] != '\0')
		printf("%s\n", strcmp(k->pinned, k->offered) == 0 ? "that one is confirmed already" : arena_printf(t->c->a, "confirmed is %s", k->pinned));
	if (t->change == NULL) {
		printf("Is it its own? yes/no: ");
		fflush(stdout);
		answer = cli_read_line(t->c);
		if (answer == NULL || strcmp(answer, "yes") != 0)
			return err_set(e, ERR_DENIED, NULL, "not confirmed; nothing was changed");
	} else if (!is_meant(k->offered, t->change)) {
		return err_set(e, ERR_DENIED, NULL, "that is not %s; nothing was changed", t->change);
	}
	map_set(m, k->field, val_str(k->offered));
	return db_begin(t->w->db, DB_WRITE, e) && device_save_offered(t->w->db, t->d, e) &&
	    store_update(&t->w->store, &res_router, t->d->router_id, m, WRITE_PATCH, &after, &problems, e) && db_commit(t->w->db, e) && printf("confirmed\n") > 0;
}

static bool trust(struct talk *t, struct err *e) {
	struct device *d = t->d;
	const struct device_hop *hop = d->jump;

	if (device_offered(d, e))
		return trust_key(t, &(struct shown){ "host_key", d->name, d->host, d->offered, d->host_key, d->port }, e);
	/* the way goes through the jump host: its key comes first */
	return hop != NULL && d->jump_offered[0] != '\0' && strcmp(d->jump_offered, hop->host_key) != 0 &&
	    trust_key(t, &(struct shown){ "jump_host_key", arena_printf(t->c->a, "the jump host of %s", d->name), hop->host, d->jump_offered, hop->host_key,
	    hop->port }, e) && printf("now the router's own key can be seen: ask once more\n") > 0;
}

static const struct verb {
	const char *name;
	bool (*fn)(struct talk *, struct err *);
	bool connects, change;
} verbs[] = {
	{ "confirm", confirm, true, true },
	{ "facts", facts, true, false },
	{ "neighbours", neighbours, true, false },
	{ "pending", pending, true, true },
	{ "rollback", rollback, true, true },
	{ "running", running, true, false },
	{ "trust", trust, false, false },
};

static bool talk(struct talk *t, const struct verb *v, const char *router, struct err *e) {
	int64_t id;
	bool ok;

	if (!world_which(t->w, &res_router, router[strspn(router, "0123456789")] == '\0' || strchr(router, '=') != NULL ? router :
	    arena_printf(t->c->a, "name=%s", router), &id, e) || !device_load(t->c->a, t->w->db, &t->w->conf, id, NULL, &t->d, e))
		return false;
	if (!v->connects)
		return v->fn(t, e);
	ok = device_open(t->d, e);
	if (!ok) {
		struct err ignored;

		device_save_offered(t->w->db, t->d, &ignored);
		return false;
	}
	ok = v->fn(t, e);
	device_close(t->d);
	return ok;
}

int cmd_router(struct cli *c) {
	struct world w;
	struct talk t = { .c = c, .w = &w };
	struct err e;
	size_t i;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	for (i = 0; i < ARRAY_LEN(verbs) && (c->argc < 3 || strcmp(c->argv[1], verbs[i].name) != 0); i++)
		;
	if (i == ARRAY_LEN(verbs) || c->argc > 4 || (verbs[i].change && c->argc != 4) || (c->argc == 4 && verbs[i].connects && !verbs[i].change))
		return cli_usage(help, true);
	t.change = c->argc == 4 ? c->argv[3] : NULL;
	if (!world_open(c, &w, &e) || !talk(&t, &verbs[i], c->argv[2], &e))
		return cli_fail(c, &e);
	return 0;
}
