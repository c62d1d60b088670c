/* page_peers.c: networks that could be peered with where we are already, going by PeeringDB; and making sessions of them. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { A_ASN, A_NAME, A_CONNECTION, A_ADDRESS, A_SET, A_MAX6, A_MAX4, A_KEY, A_EXCHANGE, A_CONNECTION_NAME, A_SERVER, A_POLICY };

/* Whether the form has that value under that name. */
static bool form_has(const struct req *r, const char *name, const char *value) {
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, name) == 0 && strcmp(r->form[i].value, value) == 0)
			return true;
	}
	return false;
}

static struct val peer(struct req *r, const struct result *q, size_t i) {
	static const char *const names[] = { "id", "asn", "name", "ix", "ix_name", "ipv6", "ipv4", "policy", "speed", "route_server", "network", "ixlan", NULL };
	struct map *m = result_map(r->a, q, i, names);

	put_str(m, "ix_href", page_href(r, "/internet-exchanges/%lld/", (long long)result_at(q, i, 3).u.i));
	return val_map(m);
}

static const char *asked(struct req *r) {
	return req_param(r, "q") == NULL ? "" : req_param(r, "q");
}

/* `who`: a pattern for name or AS number. */
static bool peers_put(struct req *r, struct val exchange, struct val who, struct map *ctx) {
	const char *q = asked(r);
	int64_t page = list_page(r), size = list_size(r);
	struct val params[4] = { exchange, who, val_int(size), val_int((page - 1) * size) };
	struct list *out = list_new(r->a, (size_t)size);
	struct result found;

	if (!db_named(r->db, r->a, Q_PAGE_AVAILABLE_PEERS, params, &found, &r->err))
		return false;
	for (size_t i = 0; i < found.n; i++)
		list_push(out, peer(r, &found, i));
	map_set(ctx, "peers", val_list(out));
	map_set(ctx, "exchange", exchange);
	map_set(ctx, "pager", list_pager(r, page, size, found.n == 0 ? 0 : result_at(&found, 0, 12).u.i, found.n));
	put_str(ctx, "q", q);
	put_bool(ctx, "can_add", may(&r->store, &res_internet_exchange_peering_session, "add"));
	put_bool(ctx, "can_hide", may(&r->store, &res_hidden_peer, "add"));
	return true;
}

bool page_peers(struct req *r) {
	struct map *ctx = page_new(r, "Available IXP Peers");

	page_crumb(r, ctx, "Available IXP Peers", NULL);
	put_str(ctx, "active", r->path);
	put_bool(ctx, "linked", true);
	put_bool(ctx, "one", false);
	return peers_put(r, val_null(), search_pattern(r, asked(r)), ctx) && page_render(r, "peers.html", ctx);
}

bool page_peers_of(struct req *r) {
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "peers")) == NULL)
		return false;
	page_crumb(r, ctx, "Available Peers", NULL);
	put_bool(ctx, "linked", !val_is_null(row_get(row, "peeringdb_ixlan")));
	put_bool(ctx, "one", false);
	return peers_put(r, val_int(row->id), search_pattern(r, asked(r)), ctx) && page_render(r, "peers.html", ctx);
}

/* Where an autonomous system and we are both, what is missing between us. */
bool page_peers_of_as(struct req *r) {
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "peers")) == NULL)
		return false;
	page_crumb(r, ctx, "Available Sessions", NULL);
	put_bool(ctx, "linked", true);
	put_bool(ctx, "one", true);
	return peers_put(r, val_null(), val_str(arena_printf(r->a, "%lld", (long long)row_get(row, "asn").u.i)), ctx) &&
	    page_render(r, "peers.html", ctx);
}

/* ---- making sessions ---- */

/* The id of the autonomous system, made from PeeringDB's row when the book does not have it yet. */
static bool as_of(struct req *r, const struct result *q, size_t i, int64_t *id) {
	struct map *input = map_new(r->a, 6);
	struct row *row;
	size_t n = 0;

	if (!refs_find(r, &res_autonomous_system, arena_printf(r->a, "AS%lld", (long long)result_at(q, i, 0).u.i), id, 1, &n))
		return false;
	if (n > 0)
		return true;
	if (!may(&r->store, &res_autonomous_system, "add"))
		return req_fail(r, ERR_DENIED, "AS%lld is not in the book, and you may not add it.", (long long)result_at(q, i, 0).u.i);
	map_set(input, "asn", result_at(q, i, 0));
	map_set(input, "name", result_at(q, i, 1));
	map_set(input, "irr_as_set", val_cstr(result_at(q, i, 4), "")[0] == '\0' ? val_null() : result_at(q, i, 4));
	map_set(input, "ipv6_max_prefixes", result_at(q, i, 5));
	map_set(input, "ipv4_max_prefixes", result_at(q, i, 6));
	if (!store_create(&r->store, &res_autonomous_system, input, &row, &r->problems, &r->err))
		return false;
	*id = row->id;
	return true;
}

static bool session_add(struct req *r, const struct result *q, size_t i, int64_t as, const char *status) {
	struct map *input = map_new(r->a, 5);
	bool reviewed = req_form(r, "_reviewed") != NULL;
	struct row *row;

	put_bool(input, "is_route_server", reviewed ? form_has(r, "rs", val_cstr(result_at(q, i, A_KEY), "")) : result_at(q, i, A_SERVER).u.b);

	put_int(input, "autonomous_system", as);
	map_set(input, "ixp_connection", result_at(q, i, 2));
	map_set(input, "ip_address", result_at(q, i, 3));
	put_str(input, "status", status);
	return store_create(&r->store, &res_internet_exchange_peering_session, input, &row, &r->problems, &r->err);
}

/* What is about to be made, one row a session, to be looked at first: what is ticked is made, each with its status. */
static bool review(struct req *r, const struct result *q, const char *status, const char *back) {
	struct map *ctx = page_new(r, "Add sessions");
	struct list *out = list_new(r->a, q->n), *ports = list_new(r->a, r->nform);

	page_crumb(r, ctx, "Internet Exchange Peering Sessions", "/internet-exchange-peering-sessions/");
	page_crumb(r, ctx, "Add", NULL);
	for (size_t i = 0; i < q->n; i++) {
		struct map *m = map_new(r->a, 8);

		put_int(m, "asn", result_at(q, i, 0).u.i);
		map_set(m, "name", result_at(q, i, 1));
		map_set(m, "address", result_at(q, i, A_ADDRESS));
		map_set(m, "key", result_at(q, i, A_KEY));
		map_set(m, "exchange", result_at(q, i, A_EXCHANGE));
		map_set(m, "connection", result_at(q, i, A_CONNECTION_NAME));
		put_bool(m, "server", result_at(q, i, A_SERVER).u.b);
		map_set(m, "policy", result_at(q, i, A_POLICY));
		list_push(out, val_map(m));
	}
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "pk") == 0)
			list_push(ports, val_str(r->form[i].value));
	}
	map_set(ctx, "sessions", val_list(out));
	map_set(ctx, "ports", val_list(ports));
	put_str(ctx, "exchange", req_form(r, "internet_exchange_id"));
	put_str(ctx, "status", status);
	put_str(ctx, "back", back);
	put_str(ctx, "cancel", page_href(r, "%s", back));
	return page_render(r, "peers_review.html", ctx);
}

static struct list *ticked(struct req *r) {
	struct list *ids = list_new(r->a, r->nform);

	for (size_t i = 0; i < r->nform; i++) {
		const char *s = r->form[i].value;

		if (strcmp(r->form[i].name, "pk") == 0 && *s != '\0' && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 19)
			list_push(ids, val_int(strtoll(s, NULL, 10)));
	}
	return ids;
}

static bool first_problem(struct req *r) {
	const char *field, *why = problems_first(&r->problems, &field);

	return r->err.code == ERR_INVALID && why != NULL && req_fail(r, ERR_INVALID, "%s: %s", field, why);
}

bool page_peers_add(struct req *r) {
	const char *exchange = req_form(r, "internet_exchange_id"), *status = req_form(r, "status");
	struct list *ids = ticked(r);
	struct val params[2] = { val_list(ids), exchange == NULL || *exchange == '\0' ? val_null() : val_int(strtoll(exchange, NULL, 10)) };
	const char *back = page_return(r, "/peeringdb/available-ixp-peers/");
	int64_t as = 0, asn = 0;
	size_t made = 0;
	struct result q;

	if (ids->n == 0) {
		page_flash(r, "warning", "Nothing was selected.");
		return req_redirect(r, back);
	}
	if (!db_named(r->db, r->a, Q_PAGE_AVAILABLE_SESSIONS, params, &q, &r->err))
		return false;
	if (q.n > LIMIT_BULK)
		return req_fail(r, ERR_TOO_LARGE, "%zu sessions are too many for one go: at most %d are made.", q.n, LIMIT_BULK);
	if (status == NULL || *status == '\0')
		status = "requested";
	if (req_form(r, "_review") != NULL)
		return review(r, &q, status, back);
	for (size_t i = 0; i < q.n; i++) {
		const char *own = req_form(r, arena_printf(r->a, "status.%s", val_cstr(result_at(&q, i, A_KEY), "")));

		if (req_form(r, "_reviewed") != NULL && !form_has(r, "session", val_cstr(result_at(&q, i, A_KEY), "")))
			continue;
		if (result_at(&q, i, 0).u.i != asn && !as_of(r, &q, i, &as))
			return first_problem(r);
		asn = result_at(&q, i, 0).u.i;
		if (!session_add(r, &q, i, as, own == NULL ? status : own))
			return first_problem(r);
		made++;
	}
	page_flash(r, made == 0 ? "warning" : "success", "Created %zu internet exchange peering sessions.", made);
	return req_redirect(r, back);
}

bool page_peers_hide(struct req *r) {
	const char *network = req_form(r, "network"), *ixlan = req_form(r, "ixlan");
	struct map *input = map_new(r->a, 2);
	struct row *row;

	if (network == NULL || ixlan == NULL)
		return req_fail(r, ERR_INVALID, "Which network is to be hidden on which LAN?");
	put_int(input, "peeringdb_network", strtoll(network, NULL, 10));
	put_int(input, "peeringdb_ixlan", strtoll(ixlan, NULL, 10));
	if (!store_create(&r->store, &res_hidden_peer, input, &row, &r->problems, &r->err))
		return first_problem(r);
	page_flash(r, "success", "%s.", row_text(r, row));
	return req_redirect(r, page_return(r, "/peeringdb/available-ixp-peers/"));
}
