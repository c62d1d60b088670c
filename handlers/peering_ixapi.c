/* peering_ixapi.c: what an exchange's IX-API says of it and of our connections, as it was last read; changes there, seen before they are asked for. */
#include "config.h"

#include <stdlib.h>

#include "model/tables/tables.h"
#include "peering/ix_api.h"
#include "peering_ixapi.h"
#include "web/page.h"

bool ixapi_shown_exchange(struct req *r, const struct row *row) {
	(void)r;
	return !val_is_null(row_get(row, "ixapi_endpoint"));
}

bool ixapi_shown_connection(struct req *r, const struct row *row) {
	struct err ignored;
	int64_t id = 0;

	return ixapi_of(r->db, r->a, 0, row->id, &id, &ignored) && id != 0;
}

/* ---- what was read ---- */

/* The averages that the exchange has, octets a second, in Mbit/s. */
static struct val traffic_of(struct req *r, struct val aggregates) {
	struct list *out = list_new(r->a, 4);

	for (size_t i = 0; aggregates.type == V_MAP && i < aggregates.u.map->n; i++) {
		static const char *const ways[] = { "average_ops_in", "average_ops_out" };
		struct val one = map_val(aggregates.u.map, i);
		struct map *m = map_new(r->a, 3);

		if (one.type != V_MAP)
			continue;
		map_set(m, "period", map_key(aggregates.u.map, i));
		for (size_t k = 0; k < ARRAY_LEN(ways); k++) {
			struct val n = map_get(one.u.map, ways[k]);
			double octets = n.type == V_INT ? (double)n.u.i : n.type == V_FLOAT ? n.u.f : -1;

			put_str(m, k == 0 ? "in" : "out", octets < 0 ? "" : arena_printf(r->a, "%.1f", octets * 8 / 1e6));
		}
		list_push(out, val_map(m));
	}
	return val_list(out);
}

/* The form of a new connection with what the exchange has for it. */
static const char *setup_href(struct req *r, const struct map *m, int64_t exchange) {
	struct val addresses = map_get(m, "addresses"), vlan = map_get(m, "vlan"), macs = map_get(m, "macs");
	struct sbuf b;

	sb_init(&b, r->a);
	sb_fmt(&b, "%s?internet_exchange_point=%lld", page_href(r, "/net/connections/add/"), (long long)exchange);
	if (vlan.type == V_INT)
		sb_fmt(&b, "&vlan=%lld", (long long)vlan.u.i);
	for (size_t i = 0; i < addresses.u.list->n; i++) {
		const char *s = val_cstr(addresses.u.list->v[i], "");
		int family = strchr(s, ':') == NULL ? 4 : 6;
		struct val length = map_get(m, family == 4 ? "ipv4_length" : "ipv6_length");

		sb_fmt(&b, "&ipv%d_address=", family);
		sb_url(&b, s, strlen(s));
		if (length.type == V_INT)
			sb_fmt(&b, "%%2F%lld", (long long)length.u.i);
	}
	if (macs.u.list->n > 0) {
		sb_str(&b, "&mac_address=");
		sb_url(&b, macs.u.list->v[0].u.s, macs.u.list->v[0].len);
	}
	sb_fmt(&b, "&return_url=/internet-exchanges/%lld/ixapi/", (long long)exchange);
	return b.s;
}

/* Our connections that configs are of, by one statement. */
static bool connections_of(struct req *r, const struct list *configs, struct rows *out) {
	int64_t *ids = arena_new(r->a, int64_t, configs->n);
	struct query q = { .res = &res_connection, .ids = ids, .form = FORM_BRIEF };

	*out = (struct rows){ 0 };
	for (size_t i = 0; i < configs->n; i++) {
		struct val ours = map_get(configs->v[i].u.map, "connection");

		if (ours.type == V_INT)
			ids[q.nids++] = ours.u.i;
	}
	return q.nids == 0 || !may(&r->store, &res_connection, "view") || store_list(&r->store, &q, out, NULL, &r->err);
}

static const char *connection_text(struct req *r, const struct rows *rows, int64_t id) {
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->row[i]->id == id)
			return row_text(r, rows->row[i]);
	}
	return arena_printf(r->a, "Connection %lld", (long long)id);
}

static bool dress(struct req *r, struct list *configs, int64_t exchange) {
	struct rows ours_all;

	if (!connections_of(r, configs, &ours_all))
		return false;
	for (size_t i = 0; i < configs->n; i++) {
		struct map *m = configs->v[i].u.map;
		struct val ours = map_get(m, "connection");

		map_set(m, "traffic", traffic_of(r, map_get(m, "traffic")));
		put_str(m, "href", ours.type == V_INT ? page_href(r, "/net/connections/%lld/ixapi/", (long long)ours.u.i) : NULL);
		put_str(m, "text", ours.type == V_INT ? connection_text(r, &ours_all, ours.u.i) : NULL);
		put_str(m, "setup", ours.type == V_INT || exchange == 0 || !may(&r->store, &res_connection, "add") ? NULL : setup_href(r, m, exchange));
	}
	return true;
}

/* "reading", with its times as they are shown; nothing when there is no IX-API. */
static bool reading_put(struct req *r, int64_t id, struct map *ctx) {
	static const char *const times[] = { "tried", "fetched" };
	struct map *m;

	map_set(ctx, "reading", val_null());
	if (id == 0)
		return true;
	if (!ixapi_reading(r->db, r->a, id, &m, &r->err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		put_str(m, times[i], time_text(r, map_get(m, times[i])));
	put_str(m, "href", may(&r->store, &res_ixapi, "view") ? page_href(r, "/extras/ix-api/%lld/objects/", (long long)id) : NULL);
	put_str(m, "synchronise", may(&r->store, &res_ixapi, "change") ? page_href(r, "/extras/ix-api/%lld/synchronise/", (long long)id) : NULL);
	map_set(ctx, "reading", val_map(m));
	return true;
}

bool page_ixapi_exchange(struct req *r) {
	struct list *accounts, *services, *configs;
	struct map *ctx;
	struct row *row;
	int64_t id;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "ixapi")) == NULL)
		return false;
	page_crumb(r, ctx, "IX-API", NULL);
	if (!ixapi_of(r->db, r->a, row->id, 0, &id, &r->err) || !reading_put(r, id, ctx) || !ixapi_accounts(r->db, r->a, id, &accounts, &r->err) ||
	    !ixapi_services(r->db, r->a, row->id, &services, &r->err) || !ixapi_configs(r->db, r->a, row->id, 0, &configs, &r->err) ||
	    !dress(r, configs, row->id))
		return false;
	map_set(ctx, "accounts", val_list(accounts));
	map_set(ctx, "services", val_list(services));
	map_set(ctx, "configs", val_list(configs));
	return page_render_for(r, &res_internet_exchange, "ixapi.html", ctx);
}

bool page_ixapi_connection(struct req *r) {
	struct list *configs;
	struct map *ctx;
	struct row *row;
	int64_t id;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "ixapi")) == NULL)
		return false;
	page_crumb(r, ctx, "IX-API", NULL);
	if (!ixapi_of(r->db, r->a, 0, row->id, &id, &r->err) || !reading_put(r, id, ctx) || !ixapi_configs(r->db, r->a, 0, row->id, &configs, &r->err) ||
	    !dress(r, configs, 0))
		return false;
	map_set(ctx, "configs", val_list(configs));
	return page_render_for(r, &res_connection, "ixapi.html", ctx);
}

/* ---- taking the exchange's MAC address into the book ---- */

bool page_ixapi_use_mac(struct req *r) {
	const char *mac = req_form(r, "mac"), *back = arena_printf(r->a, "/net/connections/%lld/ixapi/", (long long)r->id);
	struct map *input = map_new(r->a, 1);
	struct row *row;

	put_str(input, "mac_address", mac == NULL ? "" : mac);
	if (store_update(&r->store, &res_connection, r->id, input, WRITE_PATCH, &row, &r->problems, &r->err)) {
		page_flash(r, "success", "The connection has the MAC address %s.", val_cstr(row_get(row, "mac_address"), ""));
		return req_redirect(r, back);
	}
	if (!problems_any(&r->problems))
		return false;
	db_rollback(r->db);
	r->err = (struct err){ 0 };
	r->problems.fields = NULL;
	page_flash(r, "danger", "\"%s\" is no MAC address.", mac == NULL ? "" : mac);
	return req_redirect(r, back);
}

/* ---- changing what the exchange has ---- */

static const struct {
	const char *key, *label;
} keys[] = {
	{ "macs", "MAC addresses" },
	{ "capacity", "Capacity, Mbit/s" },
	{ "listed", "Listed as member" },
	{ "purchase_order", "Purchase order" },
	{ "contract_ref", "Contract" },
	{ "external_ref", "Our reference" },
};

/* A value as a form has it, and as it is shown. */
static const char *text_of(struct arena *a, struct val v) {
	struct sbuf b;

	sb_init(&b, a);
	if (v.type == V_LIST) {
		for (size_t i = 0; i < v.u.list->n; i++)
			sb_fmt(&b, "%s%s", i == 0 ? "" : "\n", val_cstr(v.u.list->v[i], ""));
		return b.s;
	}
	return v.type == V_INT ? arena_printf(a, "%lld", (long long)v.u.i) : v.type == V_BOOL ? (v.u.b ? "true" : "false") : val_cstr(v, "");
}

static struct val macs_typed(struct arena *a, const char *s) {
	static const char blanks[] = " ,;\r\n\t";
	struct list *out = list_new(a, 2);

	for (s += strspn(s, blanks); *s != '\0'; s += strspn(s, blanks)) {
		size_t n = strcspn(s, blanks);

		list_push(out, val_str(arena_strndup(a, s, n)));
		s += n;
	}
	return val_list(out);
}

/* What was typed, as the API takes it; what does not fit stays a text and is refused. */
static struct val typed(struct arena *a, const char *key, const char *s) {
	char *end;
	long long n;

	if (strcmp(key, "macs") == 0)
		return macs_typed(a, s);
	if (*s == '\0')
		return val_null();
	if (strcmp(key, "listed") == 0)
		return strcmp(s, "true") == 0 || strcmp(s, "false") == 0 ? val_bool(*s == 't') : val_str(s);
	n = strtoll(s, &end, 10);
	return strcmp(key, "capacity") == 0 && *end == '\0' ? val_int(n) : val_str(s);
}

static bool has(const struct list *l, const char *s) {
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(val_cstr(l->v[i], ""), s) == 0)
			return true;
	}
	return false;
}

static bool is_same(struct val now, struct val then) {
	if (now.type == V_LIST && then.type == V_LIST) {
		for (size_t i = 0; i < now.u.list->n; i++) {
			if (!has(then.u.list, val_cstr(now.u.list->v[i], "")))
				return false;
		}
		return now.u.list->n == then.u.list->n;
	}
	if (val_is_null(now) || (now.type == V_STR && now.len == 0))
		return val_is_null(then);
	return val_equal(now, then);
}

/* The form's values that differ from what the exchange has. */
static bool changes_of(struct req *r, const struct map *config, struct map **set) {
	struct map *input = map_new(r->a, ARRAY_LEN(keys)), *checked;

	*set = map_new(r->a, ARRAY_LEN(keys));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *s = req_form(r, keys[i].key);

		if (s != NULL && !(strcmp(keys[i].key, "listed") == 0 && *s == '\0'))
			map_set(input, keys[i].key, typed(r->a, keys[i].key, s));
	}
	if (!ixapi_wanted(r->a, input, &checked, &r->err))
		return false;
	for (size_t i = 0; i < checked->n; i++) {
		if (!is_same(map_get(config, val_cstr(map_key(checked, i), "")), map_val(checked, i)))
			map_put(*set, map_key(checked, i), map_val(checked, i));
	}
	return (*set)->n > 0 || req_fail(r, ERR_INVALID, "The exchange has all that already: there is nothing to change.");
}

/* The form: what the exchange has, or what was typed; `set`: what would be changed, to be looked at first. */
static bool change_page(struct req *r, struct row *row, struct map *config, const struct map *set) {
	struct list *fields = list_new(r->a, ARRAY_LEN(keys)), *diff = list_new(r->a, 4);
	struct map *ctx = detail_new(r, row, "ixapi");
	struct sbuf seen;

	if (ctx == NULL)
		return false;
	page_crumb(r, ctx, "IX-API", arena_printf(r->a, "/net/connections/%lld/ixapi/", (long long)row->id));
	page_crumb(r, ctx, "Change", NULL);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *key = keys[i].key, *given = req_form(r, key) != NULL ? req_form(r, key) : req_param(r, key);
		const char *was = text_of(r->a, map_get(config, key));
		struct map *m = map_new(r->a, 5);

		put_str(m, "name", key);
		put_str(m, "label", keys[i].label);
		put_str(m, "was", was);
		put_str(m, "value", given != NULL ? given : was);
		put_str(m, "then", set == NULL ? "" : text_of(r->a, map_get(set, key)));
		list_push(fields, val_map(m));
		if (set != NULL && map_get(set, key).type != V_UNDEF)
			list_push(diff, val_map(m));
	}
	sb_init(&seen, r->a);
	if (set != NULL)
		json_write(&seen, val_map(ixapi_seen(r->a, config, set)));
	put_str(ctx, "seen", seen.s);
	map_set(ctx, "fields", val_list(fields));
	map_set(ctx, "diff", val_list(diff));
	map_set(ctx, "config", val_map(config));
	put_str(ctx, "error", r->err.code == ERR_NONE ? "" : arena_strdup(r->a, r->err.msg));
	put_str(ctx, "back", page_href(r, "/net/connections/%lld/ixapi/", (long long)row->id));
	r->err = (struct err){ 0 };
	return page_render_for(r, &res_connection, "ixapi_change.html", ctx);
}

static bool config_or_back(struct req *r, struct action_call *c, struct map **config) {
	if (ixapi_config_of(c, config, &r->err))
		return true;
	if (r->err.code != ERR_INVALID)
		return false;
	page_flash(r, "warning", "%s", r->err.msg);
	r->err = (struct err){ 0 };
	*config = NULL;
	return req_redirect(r, arena_printf(r->a, "/net/connections/%lld/ixapi/", (long long)r->id));
}

bool page_ixapi_change(struct req *r) {
	struct action_call c = { .s = &r->store, .res = &res_connection, .object = r->object };
	struct map *config;

	if (!config_or_back(r, &c, &config) || config == NULL)
		return config == NULL && r->err.code == ERR_NONE;
	return change_page(r, r->object, config, NULL);
}

bool page_ixapi_change_post(struct req *r) {
	struct action_call c = { .s = &r->store, .res = &res_connection, .object = r->object, .jobs = list_new(r->a, 1) };
	const char *text = req_form(r, "seen");
	struct map *config;
	struct val seen;
	struct map *set;

	if (!config_or_back(r, &c, &config) || config == NULL)
		return config == NULL && r->err.code == ERR_NONE;
	if (!changes_of(r, config, &set))
		return r->err.code == ERR_INVALID && change_page(r, r->object, config, NULL);
	if (req_form(r, "send") == NULL)
		return change_page(r, r->object, config, set);
	if (text == NULL || !json_parse(r->a, text, strlen(text), 4, &seen, &r->err) || seen.type != V_MAP)
		return req_fail(r, ERR_INVALID, "The form is not whole: go back and look at the change again.");
	/* what the exchange was read to have since is not what was looked at */
	if (!val_equal(seen, val_map(ixapi_seen(r->a, config, set)))) {
		err_set(&r->err, ERR_INVALID, NULL, "What the exchange has is not what you looked at any more. Look again.");
		return change_page(r, r->object, config, set);
	}
	if (!ixapi_change_job(&c, config, seen, set, &r->err))
		return false;
	r->news = JOB_NEW;
	return req_redirect(r, arena_printf(r->a, "/core/jobs/%lld/log/", (long long)c.jobs->v[0].u.i));
}
