/* page_home.c: the first page: how much there is, how the sessions are, what changed last. */
#include "config.h"

#include "base/limits.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum {
	HOME_SECONDS = 10               /* for which the numbers of the home page are kept: they are counted over all sessions */
};

static const struct {
	const struct resource *res;
	const char *label;
} counted[] = {
	{ &res_autonomous_system, "Autonomous systems" }, { &res_internet_exchange, "Exchanges" },
	{ &res_internet_exchange_peering_session, "Exchange sessions" }, { &res_direct_peering_session, "Direct sessions" },
	{ &res_bgp_group, "BGP groups" }, { &res_router, "Routers" }, { &res_connection, "Connections" },
	{ &res_routing_policy, "Routing policies" }, { &res_community, "Communities" }, { &res_contact, "Contacts" },
};

/* A right to all of a type: a number then tells nothing that a list would not. */
static bool sees_all(const struct req *r, const struct resource *res) {
	if (r->actor.superuser || (!r->actor.authenticated && !r->conf->login_required))
		return true;
	for (size_t i = 0; r->actor.permissions != NULL && i < r->actor.permissions->n; i++) {
		const struct map *g = r->actor.permissions->v[i].u.map;
		struct val actions = map_get(g, "actions"), only = map_get(g, "constraints");

		if (strcmp(val_cstr(map_get(g, "type"), ""), arena_printf(r->a, "%s.%s", res->app, res->model)) != 0 || !val_is_null(only))
			continue;
		for (size_t k = 0; actions.type == V_LIST && k < actions.u.list->n; k++) {
			if (strcmp(val_cstr(actions.u.list->v[k], ""), "view") == 0)
				return true;
		}
	}
	return false;
}

/* One JSON document with every number of the page, counted once in some seconds for all who may see all. */
static bool numbers(struct req *r, struct val *out) {
	struct result q;
	const char *text;
	struct sbuf sb;
	struct err e;
	size_t len;

	if (r->redis != NULL && redis_get(r->redis, r->a, "peerage:home", &text, &len) && text != NULL &&
	    json_parse(r->a, text, len, LIMIT_JSON_DEPTH, out, &e))
		return true;
	if (!db_named(r->db, r->a, Q_HOME_NUMBERS, NULL, &q, &r->err))
		return false;
	*out = result_at(&q, 0, 0);
	sb_init(&sb, r->a);
	json_write(&sb, *out);
	if (r->redis != NULL)
		redis_set(r->redis, "peerage:home", sb.s, sb.len, HOME_SECONDS);
	return true;
}

static struct val counts(struct req *r, const struct map *n) {
	struct list *out = list_new(r->a, ARRAY_LEN(counted));

	for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
		const struct resource *res = counted[i].res;
		struct map *m;

		if (!may(&r->store, res, "view"))
			continue;
		m = map_new(r->a, 3);
		put_str(m, "text", counted[i].label);
		put_str(m, "href", page_href(r, "/%s/", res->page));
		map_set(m, "n", sees_all(r, res) ? map_get(n, res->table) : val_null());
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static int64_t int_of(struct val v) {
	return v.type == V_INT ? v.u.i : v.type == V_FLOAT ? (int64_t)v.u.f : 0;
}

static struct val exchanges(struct req *r, struct val list) {
	struct list *out = list_new(r->a, 12);

	for (size_t i = 0; list.type == V_LIST && i < list.u.list->n; i++) {
		struct val v = list.u.list->v[i];
		struct map *m = map_new(r->a, 6);
		int64_t up, total;

		if (v.type != V_MAP)
			continue;
		up = int_of(map_get(v.u.map, "up"));
		total = int_of(map_get(v.u.map, "total"));
		put_str(m, "text", val_cstr(map_get(v.u.map, "name"), ""));
		put_str(m, "href", page_href(r, "/internet-exchanges/%lld/", (long long)int_of(map_get(v.u.map, "id"))));
		put_int(m, "up", up);
		put_int(m, "total", total);
		put_int(m, "connections", int_of(map_get(v.u.map, "connections")));
		map_set(m, "w", val_float(total == 0 ? 0 : 1000.0 * (double)up / (double)total));
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static bool last_changes(struct req *r, struct map *ctx) {
	static const char *const columns[] = { "time", "user_name", "action", "changed_object_type", "object_repr", NULL };
	struct query q = { .res = &res_object_change, .form = FORM_COLUMNS, .columns = columns, .limit = 8 };
	struct list *out = list_new(r->a, 8);
	struct rows rows;

	map_set(ctx, "changes", val_list(out));
	if (!may(&r->store, &res_object_change, "view"))
		return true;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		const struct row *row = rows.row[i];
		struct map *m = map_new(r->a, 6);

		put_str(m, "href", page_href(r, "/core/changelog/%lld/", (long long)row->id));
		put_str(m, "at", time_text(r, row_get(row, "time")));
		put_str(m, "by", val_cstr(row_get(row, "user_name"), ""));
		put_str(m, "text", val_cstr(row_get(row, "object_repr"), ""));
		map_set(m, "type", cell_of(r, row, res_field(row->res, "changed_object_type")));
		map_set(m, "action", cell_of(r, row, res_field(row->res, "action")));
		list_push(out, val_map(m));
	}
	return true;
}

bool page_home(struct req *r) {
	struct map *ctx = page_new(r, "Overview");
	bool ix = sees_all(r, &res_internet_exchange_peering_session), direct = sees_all(r, &res_direct_peering_session);
	struct val n;

	if (!numbers(r, &n) || n.type != V_MAP)
		return r->err.code == ERR_NONE ? req_fail(r, ERR_INTERNAL, "the numbers of the home page are no map") : false;
	map_set(ctx, "counts", counts(r, n.u.map));
	map_set(ctx, "ix_states", ix ? picture_states(r, map_get(n.u.map, "ix_states"), page_href(r, "/internet-exchange-peering-sessions/")) : val_list(list_new(r->a, 0)));
	map_set(ctx, "direct_states", direct ? picture_states(r, map_get(n.u.map, "direct_states"), page_href(r, "/direct-peering-sessions/")) : val_list(list_new(r->a, 0)));
	map_set(ctx, "exchanges", ix && sees_all(r, &res_internet_exchange) ? exchanges(r, map_get(n.u.map, "exchanges")) : val_list(list_new(r->a, 0)));
	return last_changes(r, ctx) && page_render(r, "home.html", ctx);
}
