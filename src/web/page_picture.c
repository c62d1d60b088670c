/* page_picture.c: what is better looked at than read: numbers for the SVG that the templates draw. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"

static int64_t int_of(struct val v) {
	return v.type == V_INT ? v.u.i : v.type == V_FLOAT ? (int64_t)v.u.f : 0;
}

/* ---- sessions by state ---- */

/* Sessions by state as parts of a bar 1000 wide. */
struct val picture_states(struct req *r, struct val by_state, const char *href) {
	static const struct { const char *state, *label, *tone; } known[] = {
		{ "established", "Established", "success" }, { "openconfirm", "OpenConfirm", "info" }, { "opensent", "OpenSent", "info" },
		{ "connect", "Connect", "warning" }, { "active", "Active", "warning" }, { "idle", "Idle", "danger" }, { "", "Unknown", "secondary" },
	};
	struct list *out = list_new(r->a, ARRAY_LEN(known));
	int64_t total = 0;
	double x = 0;

	for (size_t i = 0; i < ARRAY_LEN(known) && by_state.type == V_MAP; i++)
		total += int_of(map_get(by_state.u.map, known[i].state));
	for (size_t i = 0; i < ARRAY_LEN(known) && total > 0; i++) {
		int64_t n = int_of(map_get(by_state.u.map, known[i].state));
		struct map *m;

		if (n == 0)
			continue;
		m = map_new(r->a, 7);
		put_str(m, "label", known[i].label);
		put_str(m, "tone", known[i].tone);
		put_int(m, "n", n);
		put_int(m, "percent", (n * 200 + total) / (2 * total));
		map_set(m, "x", val_float(x));
		map_set(m, "w", val_float(1000.0 * (double)n / (double)total));
		put_str(m, "href", *known[i].state == '\0' ? href : arena_printf(r->a, "%s%cbgp_state=%s", href, strchr(href, '?') == NULL ? '?' : '&', known[i].state));
		list_push(out, val_map(m));
		x += 1000.0 * (double)n / (double)total;
	}
	return val_list(out);
}

/* Whose page shows the states of its sessions: the query that counts them, the tabs that list them. */
static const struct {
	const struct resource *res;
	unsigned query;
	const char *ix_tab, *direct_tab;
} summed[] = {
	{ &res_internet_exchange, Q_STATES_OF_EXCHANGE, "peering-sessions", NULL },
	{ &res_autonomous_system, Q_STATES_OF_AS, "ix-peering-sessions", "direct-peering-sessions" },
	{ &res_router, Q_STATES_OF_ROUTER, "ix-peering-sessions", "direct-peering-sessions" },
	{ &res_connection, Q_STATES_OF_CONNECTION, "ix-peering-sessions", "direct-peering-sessions" },
	{ &res_bgp_group, Q_STATES_OF_GROUP, NULL, "peering-sessions" },
};

static void bar_put(struct req *r, struct list *bars, const struct row *row, const char *title, const char *slug, const struct result *q, const char *kind) {
	struct map *counts = map_new(r->a, 8), *m;

	for (size_t i = 0; i < q->n; i++) {
		if (strcmp(val_cstr(result_at(q, i, 0), ""), kind) == 0)
			map_put(counts, result_at(q, i, 1), result_at(q, i, 2));
	}
	if (slug == NULL || counts->n == 0)
		return;
	m = map_new(r->a, 2);
	put_str(m, "title", title);
	map_set(m, "parts", picture_states(r, val_map(counts), page_href(r, "/%s/%lld/%s/", row->res->page, (long long)row->id, slug)));
	list_push(bars, val_map(m));
}

bool picture_sessions(struct req *r, const struct row *row, struct map *ctx) {
	struct list *bars = list_new(r->a, 2);
	struct val id = val_int(row->id);
	struct result q;

	map_set(ctx, "bars", val_list(bars));
	for (size_t i = 0; i < ARRAY_LEN(summed); i++) {
		if (summed[i].res != row->res)
			continue;
		if (!db_named(r->db, r->a, summed[i].query, &id, &q, &r->err))
			return false;
		if (may(&r->store, &res_internet_exchange_peering_session, "view"))
			bar_put(r, bars, row, "Exchange sessions", summed[i].ix_tab, &q, "ix");
		if (may(&r->store, &res_direct_peering_session, "view"))
			bar_put(r, bars, row, "Direct sessions", summed[i].direct_tab, &q, "direct");
	}
	return true;
}

/* ---- prefixes against the most that the peer may announce ---- */

struct val picture_share(struct req *r, const struct row *row, const char *field, struct val cell) {
	const struct row *as = row_of_val(row_get(row, "autonomous_system"));
	bool six = strchr(val_cstr(row_get(row, "ip_address"), ""), ':') != NULL;
	int64_t most = as == NULL ? 0 : int_of(row_get(as, six ? "ipv6_max_prefixes" : "ipv4_max_prefixes"));
	int64_t n = int_of(row_get(row, field));

	if (most <= 0 || n < 0)
		return cell;
	put_str(cell.u.map, "k", "share");
	put_str(cell.u.map, "t", arena_printf(r->a, "%lld of %lld", (long long)n, (long long)most));
	put_str(cell.u.map, "c", n > most ? "danger" : n * 10 > most * 9 ? "warning" : "success");
	map_set(cell.u.map, "w", val_float(n > most ? 1000 : 1000.0 * (double)n / (double)most));
	return cell;
}
