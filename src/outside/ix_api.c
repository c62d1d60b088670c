/* ix_api.c: see the header. */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/net.h"
#include "base/seal.h"
#include "db/queries.h"
#include "outside/http.h"
#include "outside/ix_api.h"

enum { TOKEN_SECONDS = 300, FIRST = 1, STATISTICS_MOST = 500, VERSION_MOST = 9 };

struct ix_api {
	struct db *db;
	const struct conf *conf;
	struct http *http;
	struct seal *seal;
	int64_t id;                     /* 0: in no book; its tokens are not kept */
	const char *url, *key, *secret;
	const char *access, *refresh;   /* NULL: none that is good */
	int version;
	const char *schema, *health, *note;
};

/* Kinds of objects; the first version has other names for some. `only`: of one kind of service, where there are thousands of others. */
static const struct kind {
	const char *name, *first;
	bool only;
} kinds[] = {
	{ "accounts", "customers", false },
	{ "connections", "connections", false },
	{ "ips", "ips", false },
	{ "macs", "macs", false },
	{ "network-features", "network-features", false },
	{ "network-service-configs", "network-service-configs", true },
	{ "network-services", "network-services", true },
	{ "ports", "demarcs", false },
	{ "product-offerings", "products", true },
};

int ix_api_version(const struct ix_api *x) {
	return x->version;
}

/* ---- asking ---- */

/* True when there was an answer: its status, and its JSON (undefined when it has none). */
static bool ask(struct ix_api *x, struct arena *a, const char *token, struct ix_api_call *c, struct err *e) {
	const char *headers[4] = { "Accept: application/json" };
	struct http_request req = { .method = c->method, .url = arena_printf(a, "%s/%s", x->url, c->path), .headers = headers,
		.seconds = (long)x->conf->ix_api_timeout, .named = http_host_listed(a, x->url, x->conf->internal_hosts), .max_bytes = LIMIT_IX_API };
	struct http_response resp;
	struct sbuf body;
	size_t n = 1;

	if (token != NULL)
		headers[n++] = arena_printf(a, "Authorization: Bearer %s", token);
	sb_init(&body, a);
	if (c->body.type != V_UNDEF) {
		bool merges = c->method != NULL && strcmp(c->method, "PATCH") == 0 && x->version != FIRST;

		headers[n++] = merges ? "Content-Type: application/merge-patch+json" : "Content-Type: application/json";
		json_write(&body, c->body);
		req.body = body.s;
		req.body_len = body.len;
	}
	c->answer = val_undef();
	if (!http_do(x->http, a, &req, &resp, e))
		return false;
	c->status = resp.status;
	c->retry_after = resp.retry_after;
	if (resp.body.len > 0 && !json_parse(a, resp.body.s, resp.body.len, LIMIT_JSON_DEPTH, &c->answer, e)) {
		c->answer = val_undef();
		return resp.status / 100 != 2 || err_set(e, ERR_UPSTREAM, NULL, "%s: the answer is not JSON%s", c->path,
		    resp.body.s[strspn(resp.body.s, " \t\r\n")] == '<' ? " (it looks like a web page)" : "");
	}
	return true;
}

/* "400 Some fields did not validate: macs" of a problem (RFC 7807). */
static const char *reason(struct arena *a, const struct ix_api_call *c) {
	const struct map *m = c->answer.type == V_MAP ? c->answer.u.map : NULL;
	const char *title = m == NULL ? "" : val_cstr(map_get(m, "title"), ""), *detail = m == NULL ? "" : val_cstr(map_get(m, "detail"), "");

	return arena_printf(a, "%ld%s%.120s%s%.200s", c->status, *title == '\0' ? "" : " ", title, *detail == '\0' ? "" : ": ", detail);
}

bool ix_api_refused(struct arena *a, const struct ix_api_call *c, struct err *e) {
	const char *method = c->method == NULL ? "GET" : c->method, *why = reason(a, c);

	switch (c->status) {
	case 401:
		return err_set(e, ERR_DENIED, NULL, "%s %s: the IX-API does not take its own token (%s)", method, c->path, why);
	case 403:
		return err_set(e, ERR_DENIED, NULL, "%s %s: the IX-API does not allow it to this key (%s)", method, c->path, why);
	case 429:
		return err_set(e, ERR_THROTTLED, NULL, "%s %s: the IX-API was asked too often (%s)%s", method, c->path, why, c->retry_after <= 0 ? "" :
		    arena_printf(a, "; it may be asked again in %lld seconds", (long long)c->retry_after));
	default:
		return err_set(e, ERR_UPSTREAM, NULL, "%s %s: the IX-API answers %s", method, c->path, why);
	}
}

/* ---- signing in ---- */

/* When a JSON web token ends (RFC 7519, "exp"): seconds since 1970; soon when it does not say. */
static int64_t token_end(struct arena *a, const char *token) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *p = strchr(token, '.');
	unsigned bits = 0, n = 0;
	struct sbuf text;
	struct val v, end;
	struct err e;

	sb_init(&text, a);
	for (p = p == NULL ? "" : p + 1; *p != '\0' && strchr(digits, *p) != NULL; p++) {
		bits = (bits << 6 | (unsigned)(strchr(digits, *p) - digits)) & 0xffff;
		n += 6;
		if (n >= 8) {
			n -= 8;
			sb_chr(&text, (char)(bits >> n & 0xff));
		}
	}
	end = json_parse(a, text.s, text.len, LIMIT_JSON_DEPTH, &v, &e) && v.type == V_MAP ? map_get(v.u.map, "exp") : val_undef();
	return end.type == V_INT && end.u.i > 0 && end.u.i < INT32_MAX * 2LL ? end.u.i : (int64_t)time(NULL) + TOKEN_SECONDS;
}

/* A token as it may stand in a header. */
static const char *token_of(struct val v, const char *name) {
	const char *s = v.type == V_MAP ? val_cstr(map_get(v.u.map, name), NULL) : NULL;

	return s == NULL || *s == '\0' || s[strcspn(s, " \r\n\t")] != '\0' ? NULL : s;
}

static bool take_tokens(struct ix_api *x, struct arena *a, struct val v, struct err *e) {
	const char *access = token_of(v, "access_token"), *refresh = token_of(v, "refresh_token"), *sealed, *sealed_refresh = "";
	struct result r;

	if (access == NULL)
		return err_set(e, ERR_UPSTREAM, NULL, "the IX-API's answer to signing in has no \"access_token\"");
	x->access = access;
	x->refresh = refresh;
	if (x->id == 0)
		return true;
	return seal_text(x->seal, a, access, &sealed, e) && (refresh == NULL || seal_text(x->seal, a, refresh, &sealed_refresh, e)) &&
	    db_named(x->db, a, Q_IX_API_TOKENS, (struct val[]){ val_int(x->id), val_str(sealed), val_int(token_end(a, access)), val_str(sealed_refresh),
	    val_int(refresh == NULL ? 0 : token_end(a, refresh)) }, &r, e);
}

static bool sign_in(struct ix_api *x, struct arena *a, struct err *e) {
	struct map *m = map_new(a, 2), *again = map_new(a, 1);
	struct ix_api_call c = { .method = "POST", .path = "auth/token", .body = val_map(m) };
	struct ix_api_call renew = { .method = "POST", .path = "auth/refresh", .body = val_map(again) };
	const char *refresh = x->refresh;

	x->access = x->refresh = NULL;
	if (refresh != NULL && *refresh != '\0') {
		map_set(again, "refresh_token", val_str(refresh));
		if (!ask(x, a, refresh, &renew, e))
			return false;
		if (renew.status / 100 == 2)
			return take_tokens(x, a, renew.answer, e);
	}
	map_set(m, "api_key", val_str(x->key));
	map_set(m, "api_secret", val_str(x->secret));
	if (!ask(x, a, NULL, &c, e))
		return false;
	if (c.status / 100 == 2)
		return take_tokens(x, a, c.answer, e);
	if (c.status / 100 == 4 && c.status != 429)
		return err_set(e, ERR_DENIED, NULL, "Unable to connect to IX-API (%s), make sure the URL, key and secret are correct.", reason(a, &c));
	return c.status == 429 ? ix_api_refused(a, &c, e) :
	    err_set(e, ERR_UPSTREAM, NULL, "Unable to connect to IX-API (%s), the server is malfunctioning or unavailable.", reason(a, &c));
}

/* A token that was taken back before its end is asked for anew, once. */
bool ix_api_ask(struct ix_api *x, struct arena *a, struct ix_api_call *c, struct err *e) {
	for (int i = 0;; i++) {
		if (x->access == NULL && !sign_in(x, a, e))
			return false;
		if (!ask(x, a, x->access, c, e))
			return false;
		if (c->status != 401 || i > 0)
			return true;
		x->access = NULL;
	}
}

static bool absent(long status) {
	return status == 404 || status == 405 || status == 501;
}

/* ---- health (draft-inadarei-api-health-check) and version ---- */

static bool look(struct ix_api *x, struct arena *a, struct err *e) {
	static const struct { const char *said, *is; } states[] = { { "pass", "healthy" }, { "ok", "healthy" }, { "up", "healthy" }, { "warn", "degraded" } };
	struct ix_api_call c = { .path = "health" }, about = { .path = "implementation" };
	const char *status;

	if (!ix_api_ask(x, a, &c, e))
		return false;
	x->version = FIRST;
	if (absent(c.status))
		return true;
	status = c.answer.type == V_MAP ? val_cstr(map_get(c.answer.u.map, "status"), NULL) : NULL;
	if (status == NULL)
		return c.status / 100 != 2 ? ix_api_refused(a, &c, e) : err_set(e, ERR_UPSTREAM, NULL, "health: the IX-API does not tell its \"status\"");
	x->health = "unhealthy";
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		x->health = strcmp(status, states[i].said) == 0 ? states[i].is : x->health;
	x->note = val_cstr(map_get(c.answer.u.map, "output"), val_cstr(map_get(c.answer.u.map, "description"), ""));
	x->version = (int)strtol(val_cstr(map_get(c.answer.u.map, "version"), "1"), NULL, 10);
	if (x->version < FIRST || x->version > VERSION_MOST)
		return err_set(e, ERR_UPSTREAM, NULL, "health: \"version\" %.20s; versions 1 and 2 are understood",
		    val_cstr(map_get(c.answer.u.map, "version"), ""));
	if (x->version == FIRST)
		return true;
	if (!ix_api_ask(x, a, &about, e))
		return false;
	if (about.status == 200 && about.answer.type == V_MAP)
		x->schema = val_cstr(map_get(about.answer.u.map, "schema_version"), "");
	return true;
}

/* ---- opening ---- */

static struct ix_api *api_new(struct arena *a, struct db *db, const struct conf *conf, const char *url) {
	struct ix_api *x = arena_new(a, struct ix_api, 1);
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	*x = (struct ix_api){ .db = db, .conf = conf, .http = http_new(a, conf->http_proxy), .seal = seal_new(a, conf->secret_file),
		.url = arena_strndup(a, url, n), .schema = "", .health = "", .note = "" };
	return x;
}

static bool open_sealed(struct ix_api *x, struct arena *a, struct val v, const char **out, struct err *e) {
	*out = NULL;
	return v.type != V_STR || v.len == 0 || unseal_text(x->seal, a, v.u.s, out, e);
}

static bool api_of_book(struct arena *a, struct db *db, const struct conf *conf, int64_t id, struct ix_api **out, struct err *e) {
	struct result r;
	struct ix_api *x;

	if (!db_named(db, a, Q_IX_API_ACCESS, (struct val[]){ val_int(id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no IX-API with the number %lld", (long long)id);
	*out = x = api_new(a, db, conf, result_at(&r, 0, 0).u.s);
	x->id = id;
	return open_sealed(x, a, result_at(&r, 0, 1), &x->key, e) && open_sealed(x, a, result_at(&r, 0, 2), &x->secret, e) &&
	    open_sealed(x, a, result_at(&r, 0, 3), &x->access, e) && open_sealed(x, a, result_at(&r, 0, 4), &x->refresh, e);
}

bool ix_api_open(struct arena *a, struct db *db, const struct conf *conf, int64_t id, struct ix_api **out, struct err *e) {
	return api_of_book(a, db, conf, id, out, e) && look(*out, a, e);
}

/* ---- reading ---- */

struct place {
	struct arena *a;
	const char *kind;
	size_t i;
};

static bool tidy_address(const struct place *p, struct map *m, struct err *e) {
	struct val v = map_get(m, "address");
	char text[ADDR_TEXT_MAX];
	struct addr addr;

	if (v.type != V_STR || !addr_parse(v.u.s, v.len, &addr))
		return err_set(e, ERR_UPSTREAM, NULL, "%s[%zu].address: \"%.60s\" is no address", p->kind, p->i, val_cstr(v, val_type_name(v)));
	map_set(m, "address", val_str(arena_strdup(p->a, addr_text(&addr, ADDR_HOST, text))));
	return true;
}

static bool tidy_mac(const struct place *p, struct map *m, struct err *e) {
	struct val v = map_get(m, "address");
	uint8_t mac[6];
	char text[18];

	if (v.type != V_STR || !mac_parse(v.u.s, v.len, mac))
		return err_set(e, ERR_UPSTREAM, NULL, "%s[%zu].address: \"%.60s\" is no MAC address", p->kind, p->i, val_cstr(v, val_type_name(v)));
	map_set(m, "address", val_str(arena_strdup(p->a, mac_text(mac, text))));
	return true;
}

static bool tidy_subnets(const struct place *p, struct map *m, struct err *e) {
	static const char *const names[] = { "subnet_v4", "subnet_v6" };

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		struct val v = map_get(m, names[k]);
		char text[ADDR_TEXT_MAX];
		struct addr addr, net;

		if (val_is_null(v) || (v.type == V_STR && v.len == 0)) {
			map_set(m, names[k], val_null());
			continue;
		}
		if (v.type != V_STR || !addr_parse(v.u.s, v.len, &addr))
			return err_set(e, ERR_UPSTREAM, NULL, "%s[%zu].%s: \"%.60s\" is no prefix", p->kind, p->i, names[k], val_cstr(v, val_type_name(v)));
		net = addr_network(&addr);
		map_set(m, names[k], val_str(arena_strdup(p->a, addr_text(&net, ADDR_WITH_LENGTH, text))));
	}
	return true;
}

/* Addresses in the form that the database compares; what is none is a mistake of the exchange, and told. */
static bool tidy(const struct place *p, struct val v, struct err *e) {
	struct val id = v.type == V_MAP ? map_get(v.u.map, "id") : val_undef();

	if (id.type == V_INT)
		map_set(v.u.map, "id", val_printf(p->a, "%lld", (long long)id.u.i));
	else if (id.type != V_STR || id.len == 0)
		return err_set(e, ERR_UPSTREAM, NULL, "%s[%zu] has no \"id\"", p->kind, p->i);
	if (strcmp(p->kind, "ips") == 0)
		return tidy_address(p, v.u.map, e);
	if (strcmp(p->kind, "macs") == 0)
		return tidy_mac(p, v.u.map, e);
	return strcmp(p->kind, "network-services") != 0 || tidy_subnets(p, v.u.map, e);
}

static bool read_kind(struct ix_api *x, struct arena *a, const struct kind *k, struct list **out, struct err *e) {
	const char *name = x->version == FIRST ? k->first : k->name;
	struct ix_api_call c = { .path = arena_printf(a, "%s%s", name, k->only ? "?type=exchange_lan" : "") };

	*out = list_new(a, 0);
	if (!ix_api_ask(x, a, &c, e))
		return false;
	if (absent(c.status))
		return true;            /* not every exchange speaks of all */
	if (c.status != 200)
		return ix_api_refused(a, &c, e);
	if (c.answer.type != V_LIST)
		return err_set(e, ERR_UPSTREAM, NULL, "%s: the IX-API answers with a %s instead of a list", name, val_type_name(c.answer));
	*out = c.answer.u.list;
	for (size_t i = 0; i < (*out)->n; i++) {
		if (!tidy(&(struct place){ a, k->name, i }, (*out)->v[i], e))
			return false;
	}
	return true;
}

bool ix_api_list(struct ix_api *x, struct arena *a, const char *kind, struct list **out, struct err *e) {
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].name, kind) == 0)
			return read_kind(x, a, &kinds[i], out, e);
	}
	return err_set(e, ERR_INTERNAL, NULL, "the IX-API has no kind of object \"%s\"", kind);
}

/* Averages of the traffic of each config, where the exchange has them: {"id", "aggregates": {"5m": {"average_ops_in" ...}}}. */
static bool read_statistics(struct ix_api *x, struct arena *a, const struct list *configs, struct list **out, struct err *e) {
	*out = list_new(a, configs->n);
	for (size_t i = 0; x->version != FIRST && i < configs->n && i < STATISTICS_MOST; i++) {
		struct val id = map_get(configs->v[i].u.map, "id"), aggregates;
		struct ix_api_call c = { 0 };
		struct map *m = map_new(a, 2);
		struct sbuf path;

		sb_init(&path, a);
		sb_str(&path, "network-service-configs/");
		sb_url(&path, id.u.s, id.len);
		sb_str(&path, "/statistics");
		c.path = path.s;
		if (!ix_api_ask(x, a, &c, e))
			return false;
		if (absent(c.status))
			return true;
		if (c.status != 200)
			return ix_api_refused(a, &c, e);
		aggregates = c.answer.type == V_MAP ? map_get(c.answer.u.map, "aggregates") : val_undef();
		if (aggregates.type != V_MAP)
			return err_set(e, ERR_UPSTREAM, NULL, "%s: the answer has no object \"aggregates\"", c.path);
		map_set(m, "id", id);
		map_set(m, "aggregates", aggregates);
		list_push(*out, val_map(m));
	}
	return true;
}

bool ix_api_read(struct ix_api *x, struct arena *a, size_t *n, struct err *e) {
	struct map *all = map_new(a, ARRAY_LEN(kinds) + 1);
	struct list *l, *configs = NULL;
	struct sbuf text;
	struct result r;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!read_kind(x, a, &kinds[i], &l, e))
			return false;
		configs = strcmp(kinds[i].name, "network-service-configs") == 0 ? l : configs;
		map_set(all, kinds[i].name, val_list(l));
	}
	if (!read_statistics(x, a, configs, &l, e))
		return false;
	map_set(all, "statistics", val_list(l));
	sb_init(&text, a);
	json_write(&text, val_map(all));
	if (!db_named(x->db, a, Q_IX_API_TAKE, (struct val[]){ val_int(x->id), val_int(x->version), val_str(x->schema), val_str(x->health), val_str(x->note),
	    val_mem(text.s, text.len) }, &r, e))
		return false;
	*n = (size_t)result_at(&r, 0, 0).u.i;
	return true;
}

bool ix_api_synchronise(struct arena *a, struct db *db, const struct conf *conf, int64_t id, size_t *n, struct err *e) {
	struct ix_api *x = NULL;
	struct result ignored;
	struct err why;

	*n = 0;
	if (api_of_book(a, db, conf, id, &x, e) && look(x, a, e) && ix_api_read(x, a, n, e))
		return true;
	if (x != NULL)
		db_named(db, a, Q_IX_API_FAILED, (struct val[]){ val_int(id), val_str(e->msg), val_str(x->health), val_str(x->note) }, &ignored, &why);
	return false;
}

bool ix_api_accounts(struct arena *a, struct db *db, const struct conf *conf, const struct ix_api_key *k, struct list **out, struct err *e) {
	struct ix_api *x = api_new(a, db, conf, k->url);

	x->key = k->key;
	x->secret = k->secret;
	return look(x, a, e) && ix_api_list(x, a, "accounts", out, e);
}
