/* page_peers.c: networks that could be peered with where we are already, going by PeeringDB; and making sessions of them. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { A_ASN, A_NAME, A_CONNECTION, A_ADDRESS, A_SET, A_MAX6, A_MAX4, A_KEY, A_EXCHANGE, A_CONNECTION_NAME, A_SERVER, A_POLICY, A_PORT, A_EXCHANGE_ID,
	A_OURS, A_SPEED };

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
	return peers_put(r, val_null(), search_pattern(r, asked(r)), ctx) && page_render(r, "peers.html", ctx);
}

bool page_peers_of(struct req *r) {
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "peers")) == NULL)
		return false;
	page_crumb(r, ctx, "Available Peers", NULL);
	put_bool(ctx, "linked", !val_is_null(row_get(row, "peeringdb_ixlan")));
	return peers_put(r, val_int(row->id), search_pattern(r, asked(r)), ctx) && page_render(r, "peers.html", ctx);
}

/* The sessions that ports (or all of an AS number) lack, at one exchange or any. */
static bool lacking(struct req *r, struct val ports, struct val exchange, struct val asn, struct result *out) {
	return db_named(r->db, r->a, Q_PAGE_AVAILABLE_SESSIONS, (struct val[]){ ports, exchange, asn }, out, &r->err);
}

static struct val named_row(struct req *r, const struct result *q, size_t i, const char *const *names) {
	struct map *m = map_new(r->a, q->cols + 1);

	for (size_t k = 0; k < q->cols; k++) {
		if (names[k] != NULL)
			map_set(m, names[k], result_at(q, i, k));
	}
	return val_map(m);
}

/* What is not set up with us: our side, session by session, ready to be added. */
static bool missing_here(struct req *r, struct val asn, struct map *ctx) {
	static const char *const names[] = { NULL, NULL, NULL, "theirs", NULL, NULL, NULL, "key", "exchange", "connection", "server", NULL, NULL, "exchange_id",
		"ours", "speed" };
	struct list *out;
	struct result q;

	if (!lacking(r, val_list(list_new(r->a, 0)), val_null(), asn, &q))
		return false;
	out = list_new(r->a, q.n);
	for (size_t i = 0; i < q.n && i < LIMIT_BULK; i++) {
		struct val v = named_row(r, &q, i, names);

		put_str(v.u.map, "exchange_href", page_href(r, "/internet-exchanges/%lld/", (long long)result_at(&q, i, A_EXCHANGE_ID).u.i));
		list_push(out, v);
	}
	map_set(ctx, "lacking", val_list(out));
	return true;
}

/* And what we have set up that does not come up: theirs, of the sessions that the user may see. */
static bool missing_there(struct req *r, const struct row *as, struct map *ctx) {
	static const char *const names[] = { "id", "theirs", NULL, "exchange", "connection", "ours", "status", "state", "last", "known" };
	struct param mine = { "autonomous_system_id", arena_printf(r->a, "%lld", (long long)as->id) };
	struct query all = { .res = &res_internet_exchange_peering_session, .params = &mine, .nparams = 1, .form = FORM_ID };
	struct list *ids = list_new(r->a, 16), *out;
	struct rows rows;
	struct val param;
	struct result q;

	if (!may(&r->store, all.res, "view")) {
		map_set(ctx, "awaited", val_null());
		return true;
	}
	if (!store_list(&r->store, &all, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		list_push(ids, val_int(rows.row[i]->id));
	param = val_list(ids);
	if (!db_named(r->db, r->a, Q_PAGE_AWAITED_SESSIONS, &param, &q, &r->err))
		return false;
	out = list_new(r->a, q.n);
	for (size_t i = 0; i < q.n; i++) {
		struct val v = named_row(r, &q, i, names);

		put_str(v.u.map, "href", page_href(r, "/internet-exchange-peering-sessions/%lld/", (long long)result_at(&q, i, 0).u.i));
		put_str(v.u.map, "exchange_href", page_href(r, "/internet-exchanges/%lld/", (long long)result_at(&q, i, 2).u.i));
		put_str(v.u.map, "last", time_text(r, result_at(&q, i, 8)));
		list_push(out, v);
	}
	map_set(ctx, "awaited", val_list(out));
	return true;
}

/* Where an autonomous system and we are both: what is missing between us, on either side. */
bool page_peers_of_as(struct req *r) {
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "peers")) == NULL)
		return false;
	page_crumb(r, ctx, "Available Sessions", NULL);
	put_bool(ctx, "can_add", may(&r->store, &res_internet_exchange_peering_session, "add"));
	put_bool(ctx, "can_write", may(&r->store, &res_autonomous_system, "send_email"));
	return missing_here(r, row_get(row, "asn"), ctx) && missing_there(r, row, ctx) && page_render(r, "as_peers.html", ctx);
}

/* ---- making sessions ---- */

/* AS numbers that are in the book: number -> id. */
static bool known_as(struct req *r, struct map *const *systems, size_t n, struct map *ids) {
	static const char *const columns[] = { "asn", NULL };
	struct param *params = arena_new(r->a, struct param, n);
	struct query all = { .res = &res_autonomous_system, .params = params, .form = FORM_COLUMNS, .columns = columns };
	struct store everything = r->store;
	struct actor someone = { .superuser = true };
	struct map *seen = map_new(r->a, n);
	struct rows rows;

	for (size_t i = 0; i < n; i++) {
		struct val asn = map_get(systems[i], "asn");

		if (map_find(seen, asn) == NULL)
			params[all.nparams++] = (struct param){ "asn", arena_printf(r->a, "%lld", (long long)asn.u.i) };
		map_put(seen, asn, val_null());
	}
	everything.actor = &someone;    /* a reference asks for no right to see what it names */
	if (!store_list(&everything, &all, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		map_put(ids, row_get(rows.row[i], "asn"), val_int(rows.row[i]->id));
	return true;
}

bool page_put_all(struct req *r, const struct resource *res, struct put *put, size_t n, const char *const *names) {
	const char *field = NULL, *why, *name;
	size_t bad;

	if (n == 0 || store_put_all(&r->store, res, put, n, &bad, &r->problems, &r->err))
		return true;
	if (r->err.code == ERR_UNAVAILABLE || r->err.code == ERR_INTERNAL)
		return false;
	field = r->err.field;
	why = problems_any(&r->problems) ? problems_first(&r->problems, &field) : r->err.msg;
	name = names != NULL ? names[bad] : arena_printf(r->a, "%s %zu of %zu", res_title(r->a, res), bad + 1, n);
	return req_fail(r, r->err.code == ERR_NONE ? ERR_INVALID : r->err.code, "%s: %s%s%s", name, field == NULL ? "" : field, field == NULL ? "" : ": ", why);
}

bool page_systems(struct req *r, struct map *const *systems, size_t n, struct map *ids) {
	struct put *put = arena_new(r->a, struct put, n);
	size_t made = 0;

	if (n == 0 || !known_as(r, systems, n, ids))
		return n == 0;
	for (size_t i = 0; i < n; i++) {
		struct val asn = map_get(systems[i], "asn");

		if (map_find(ids, asn) != NULL)
			continue;
		if (!may(&r->store, &res_autonomous_system, "add"))
			return req_fail(r, ERR_DENIED, "AS%lld is not in the book, and you may not add it.", (long long)asn.u.i);
		map_put(ids, asn, val_null());
		put[made++] = (struct put){ .input = systems[i], .key = map_new(r->a, 0) };
	}
	if (!page_put_all(r, &res_autonomous_system, put, made, NULL))
		return false;
	for (size_t i = 0; i < made; i++)
		map_put(ids, map_get(put[i].input, "asn"), val_int(put[i].id));
	return true;
}

/* An autonomous system as PeeringDB has it. */
static struct map *system_input(struct req *r, const struct result *q, size_t i) {
	struct map *input = map_new(r->a, 6);

	map_set(input, "asn", result_at(q, i, A_ASN));
	map_set(input, "name", result_at(q, i, A_NAME));
	map_set(input, "irr_as_set", val_cstr(result_at(q, i, A_SET), "")[0] == '\0' ? val_null() : result_at(q, i, A_SET));
	map_set(input, "ipv6_max_prefixes", result_at(q, i, A_MAX6));
	map_set(input, "ipv4_max_prefixes", result_at(q, i, A_MAX4));
	return input;
}

/* The session of a row as the form has it; NULL when it was not ticked. */
static struct map *session_input(struct req *r, const struct result *q, size_t i, const char *status) {
	const char *key = val_cstr(result_at(q, i, A_KEY), ""), *own = req_form(r, arena_printf(r->a, "status.%s", key));
	bool reviewed = req_form(r, "_reviewed") != NULL;
	struct map *input;

	if (reviewed && !form_has(r, "session", key))
		return NULL;
	input = map_new(r->a, 5);
	put_bool(input, "is_route_server", reviewed ? form_has(r, "rs", key) : result_at(q, i, A_SERVER).u.b);
	map_set(input, "ixp_connection", result_at(q, i, A_CONNECTION));
	map_set(input, "ip_address", result_at(q, i, A_ADDRESS));
	put_str(input, "status", own == NULL ? status : own);
	return input;
}

/* In as many statements for many as for one. */
static bool sessions_add(struct req *r, const struct result *q, const char *status, size_t *made) {
	struct map *ids = map_new(r->a, q->n), **systems = arena_new(r->a, struct map *, q->n), **inputs = arena_new(r->a, struct map *, q->n);
	struct put *put = arena_new(r->a, struct put, q->n);
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++) {
		inputs[n] = session_input(r, q, i, status);
		if (inputs[n] != NULL)
			systems[n++] = system_input(r, q, i);
	}
	*made = n;
	if (!page_systems(r, systems, n, ids))
		return false;
	for (size_t i = 0; i < n; i++) {
		map_set(inputs[i], "autonomous_system", *map_find(ids, map_get(systems[i], "asn")));
		put[i] = (struct put){ .input = inputs[i], .key = map_new(r->a, 0) };
	}
	return page_put_all(r, &res_internet_exchange_peering_session, put, n, NULL);
}

/* What is about to be made, one row a session, to be looked at first: what is ticked is made, each with its status. */
static bool review(struct req *r, const struct result *q, struct list *ports, const char *status, const char *back) {
	struct map *ctx = page_new(r, "Add sessions");
	struct list *out = list_new(r->a, q->n);

	page_crumb(r, ctx, "Internet Exchange Peering Sessions", "/internet-exchange-peering-sessions/");
	page_crumb(r, ctx, "Add", NULL);
	for (size_t i = 0; i < q->n; i++) {
		struct map *m = map_new(r->a, 8);

		if (req_form(r, "session") != NULL && !form_has(r, "session", val_cstr(result_at(q, i, A_KEY), "")))
			continue;
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
	map_set(ctx, "sessions", val_list(out));
	map_set(ctx, "ports", val_list(ports));
	put_str(ctx, "exchange", req_form(r, "internet_exchange_id"));
	put_str(ctx, "status", status);
	put_str(ctx, "back", back);
	put_str(ctx, "cancel", page_href(r, "%s", back));
	return page_render(r, "peers_review.html", ctx);
}

/* Ports that were ticked, or those of the sessions that were: "PORT-CONNECTION-FAMILY". */
static struct list *ticked(struct req *r) {
	struct list *ids = list_new(r->a, r->nform);

	for (size_t i = 0; i < r->nform; i++) {
		const char *s = r->form[i].value;
		size_t digits = strspn(s, "0123456789");
		bool port = strcmp(r->form[i].name, "pk") == 0, session = strcmp(r->form[i].name, "session") == 0;

		if ((port || session) && digits > 0 && digits < 19 && s[digits] == (port ? '\0' : '-'))
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
	const char *back = page_return(r, "/peeringdb/available-ixp-peers/");
	struct list *ids = ticked(r);
	struct result q;
	size_t made;

	if (ids->n == 0) {
		page_flash(r, "warning", "Nothing was selected.");
		return req_redirect(r, back);
	}
	if (!lacking(r, val_list(ids), exchange == NULL || *exchange == '\0' ? val_null() : val_int(strtoll(exchange, NULL, 10)), val_null(), &q))
		return false;
	if (q.n > LIMIT_BULK)
		return req_fail(r, ERR_TOO_LARGE, "%zu sessions are too many for one go: at most %d are made.", q.n, LIMIT_BULK);
	if (status == NULL || *status == '\0')
		status = "requested";
	if (req_form(r, "_review") != NULL)
		return review(r, &q, ids, status, back);
	if (!sessions_add(r, &q, status, &made))
		return false;
	page_flash(r, made == 0 ? "warning" : "success", "Created %zu internet exchange peering session%s.", made, made == 1 ? "" : "s");
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
