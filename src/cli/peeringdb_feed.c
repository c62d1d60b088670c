/* peeringdb_feed.c: `peerage peeringdb changes`, `accept`, `ignore`, `renumber`, `brake`: what a run found, and what is to be done about it. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/peeringdb.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/peeringdb.h"

static const char *shown(struct arena *a, struct val v) {
	struct sbuf b;

	if (val_is_null(v))
		return "-";
	if (v.type == V_STR)
		return v.u.s;
	sb_init(&b, a);
	json_write(&b, v);
	return b.s;
}

static const char *words(struct val v) {
	const char *s = val_cstr(v, "");

	return *s == '\0' ? "-" : s;
}

static int changes(struct cli *c, struct world *w) {
	struct result r;
	struct err e;
	size_t i;

	if (!db_named(w->db, c->a, Q_PEERINGDB_CHANGES, (struct val[]){ val_str_or_null(c->argc > 2 ? c->argv[2] : NULL), val_int(1000) }, &r, &e))
		return cli_fail(c, &e);
	if (c->json) {
		cli_json(c, result_maps(c->a, &r, NULL));
		return 0;
	}
	for (i = 0; i < r.n; i++) {
		const char *asn = val_is_null(result_at(&r, i, 3)) ? "" : arena_printf(c->a, "AS%s", shown(c->a, result_at(&r, i, 3)));
		const char *exchange = val_cstr(result_at(&r, i, 5), ""), *field = val_cstr(result_at(&r, i, 8), ""), *follows = val_cstr(result_at(&r, i, 12), "");

		printf("%-6s %.16s %-9s %-12s %s%s%s:%s%s %s -> %s%s%s\n", shown(c->a, result_at(&r, i, 0)), shown(c->a, result_at(&r, i, 1)),
		    shown(c->a, result_at(&r, i, 11)), shown(c->a, result_at(&r, i, 2)), asn, *asn != '\0' && *exchange != '\0' ? " at " : "", exchange,
		    *field == '\0' ? "" : " ", field, words(result_at(&r, i, 13)), words(result_at(&r, i, 14)), *follows == '\0' ? "" : "; ", follows);
	}
	return 0;
}

/* ---- deciding ---- */

static bool numbers(struct cli *c, int64_t *ids, struct err *e) {
	int i;

	for (i = 2; i < c->argc; i++) {
		char *end;

		ids[i - 2] = strtoll(c->argv[i], &end, 10);
		if (*end != '\0' || end == c->argv[i])
			return err_set(e, ERR_INVALID, NULL, "%s is not the number of a change", c->argv[i]);
	}
	return true;
}

static bool decide_all(struct world *w, bool accept, const int64_t *ids, size_t n, struct pdb_decided *d, struct problems *p, struct err *e) {
	size_t i;

	if (!db_begin(w->db, DB_WRITE, e))
		return false;
	for (i = 0; i < n; i++) {
		if (accept ? !pdb_accept(&w->store, ids + i, 1, d, p, e) : !pdb_ignore(&w->store, ids + i, 1, d, e)) {
			db_rollback(w->db);
			return false;
		}
	}
	return db_commit(w->db, e);
}

static int decide(struct cli *c, struct world *w) {
	bool accept = strcmp(c->argv[1], "accept") == 0;
	int64_t *ids = arena_new(c->a, int64_t, (size_t)c->argc);
	struct problems p = { .a = c->a };
	struct pdb_decided d = { 0 };
	struct err e;

	if (!numbers(c, ids, &e))
		return cli_fail(c, &e);
	if (!decide_all(w, accept, ids, (size_t)c->argc - 2, &d, &p, &e))
		return cli_fail_input(c, &e, &p);
	if (c->json) {
		struct map *m = map_new(c->a, 2);

		map_set(m, "changes", val_int(d.changes));
		map_set(m, "objects", val_int(d.objects));
		cli_json(c, val_map(m));
	} else {
		printf("%lld changes %s, %lld objects written\n", (long long)d.changes, accept ? "accepted" : "ignored", (long long)d.objects);
	}
	return 0;
}

/* ---- renumbering ---- */

static bool exchange_of(struct world *w, const char *slug, int64_t *id, struct err *e) {
	struct map *m = map_new(w->store.a, 1);

	*id = 0;
	if (slug == NULL)
		return true;
	map_set(m, "slug", val_str(slug));
	return store_find(&w->store, &res_internet_exchange, m, id, e);
}

static void print_proposals(const struct list *l) {
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct map *m = l->v[i].u.map;

		printf("%-24s %s: %s %s -> %s (%s)\n", val_cstr(map_get(m, "exchange_name"), ""), val_cstr(map_get(m, "display"), ""),
		    val_cstr(map_get(m, "field"), ""), val_cstr(map_get(m, "old"), ""), val_cstr(map_get(m, "new"), ""), val_cstr(map_get(m, "reason"), ""));
	}
	if (l->n == 0)
		puts("Nothing moved.");
}

static int renumber(struct cli *c, struct world *w) {
	bool apply = c->argc > 2 && strcmp(c->argv[2], "--apply") == 0;
	const char *slug = c->argc > 2 + apply ? c->argv[2 + apply] : NULL;
	struct problems p = { .a = c->a };
	int64_t exchange, n = 0;
	struct list *l;
	struct err e;

	if (!exchange_of(w, slug, &exchange, &e) || !db_begin(w->db, apply ? DB_WRITE : DB_READ, &e))
		return cli_fail(c, &e);
	if (!pdb_renumbering(&w->store, exchange, &l, &e) || (apply && !pdb_write(&w->store, l, &n, &p, &e))) {
		db_rollback(w->db);
		return cli_fail_input(c, &e, &p);
	}
	if (!db_commit(w->db, &e))
		return cli_fail(c, &e);
	if (c->json)
		cli_json(c, val_list(l));
	else
		print_proposals(l);
	if (apply && !c->json)
		printf("%lld objects written\n", (long long)n);
	return 0;
}

/* ---- our own record ---- */

static int report(struct cli *c, struct world *w) {
	struct result r;
	struct err e;
	size_t i;

	if (!db_named(w->db, c->a, Q_PDB_REPORT, NULL, &r, &e))
		return cli_fail(c, &e);
	if (c->json) {
		cli_json(c, result_maps(c->a, &r, NULL));
		return 0;
	}
	for (i = 0; i < r.n; i++) {
		const char *place = val_cstr(result_at(&r, i, 4), ""), *port = val_cstr(result_at(&r, i, 5), "");

		printf("AS%s%s%s: %s: your record says %s, you have %s. %s.\n", shown(c->a, result_at(&r, i, 0)), *place == '\0' ? "" : " at ",
		    *port == '\0' ? place : arena_printf(c->a, "%s (%s)", place, port), val_cstr(result_at(&r, i, 6), ""), val_cstr(result_at(&r, i, 7), ""),
		    val_cstr(result_at(&r, i, 8), ""), val_cstr(result_at(&r, i, 9), ""));
	}
	if (r.n == 0)
		puts("The record and the book agree.");
	return 0;
}

/* ---- the brake ---- */

static bool asks(struct cli *c, struct world *w, struct result *r, struct err *e) {
	return db_named(w->db, c->a, Q_PEERINGDB_BRAKE, NULL, r, e);
}

static bool drop(struct cli *c, struct world *w, struct err *e) {
	return db_begin(w->db, DB_WRITE, e) && db_named(w->db, c->a, Q_PEERINGDB_STAGE_DONE, NULL, NULL, e) &&
	    db_named(w->db, c->a, Q_PEERINGDB_BRAKE_CLEAR, NULL, NULL, e) && db_commit(w->db, e);
}

static int brake(struct cli *c, struct world *w) {
	const char *answer = c->argc > 2 ? c->argv[2] : NULL;
	struct peeringdb_options o = { .force = true };
	struct result r;
	struct err e;
	size_t i;

	if (!asks(c, w, &r, &e))
		return cli_fail(c, &e);
	if (answer == NULL && c->json) {
		cli_json(c, result_maps(c->a, &r, NULL));
		return 0;
	}
	for (i = 0; i < r.n && answer == NULL; i++)
		printf("of %s rows of %s the run would remove %s and change %s, such as %s\n", shown(c->a, result_at(&r, i, 1)), shown(c->a, result_at(&r, i, 0)),
		    shown(c->a, result_at(&r, i, 2)), shown(c->a, result_at(&r, i, 3)), shown(c->a, result_at(&r, i, 4)));
	if (r.n == 0 && answer != NULL) {
		err_set(&e, ERR_NOT_FOUND, NULL, "the brake did not stop a run: there is nothing to answer");
		return cli_fail(c, &e);
	}
	if (r.n == 0)
		puts("The brake did not stop a run.");
	if (answer == NULL)
		return 0;
	if (strcmp(answer, "go-on") == 0)
		return peeringdb_sync_now(c, w, &o);
	return drop(c, w, &e) ? 0 : cli_fail(c, &e);
}

/* ---- the table ---- */

static const struct {
	const char *word;
	int least, most;        /* arguments */
	int (*fn)(struct cli *, struct world *);
} deeds[] = {
	{ "accept", 1, 1000, decide }, { "brake", 0, 1, brake }, { "changes", 0, 1, changes }, { "ignore", 1, 1000, decide },
	{ "renumber", 0, 2, renumber }, { "report", 0, 0, report },
};

static bool fits(const struct cli *c) {
	const char *arg = c->argc > 2 ? c->argv[2] : NULL;

	if (strcmp(c->argv[1], "brake") == 0)
		return arg == NULL || strcmp(arg, "go-on") == 0 || strcmp(arg, "drop") == 0;
	if (strcmp(c->argv[1], "changes") == 0)
		return arg == NULL || arg[0] != '-';
	return strcmp(c->argv[1], "renumber") != 0 || arg == NULL || arg[0] != '-' || strcmp(arg, "--apply") == 0;
}

int cmd_peeringdb_feed(struct cli *c) {
	struct world w;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(deeds); i++) {
		if (c->argc < 2 || strcmp(c->argv[1], deeds[i].word) != 0)
			continue;
		if (c->argc - 2 < deeds[i].least || c->argc - 2 > deeds[i].most || !fits(c))
			return -1;
		return world_open(c, &w, &e) ? deeds[i].fn(c, &w) : cli_fail(c, &e);
	}
	return -1;
}
