/* netbox.c: see the header. */
#include "config.h"

#include "base/json.h"
#include "base/limits.h"
#include "db/queries.h"
#include "outside/http.h"
#include "outside/netbox.h"
#include "peering/netbox.h"

enum { ROWS = 200, PAGES_MOST = 500 };

static void each(struct sbuf *b, const char *name, const char *list) {
	for (const char *s = list + strspn(list, ", "); *s != '\0'; s += strspn(s, ", ")) {
		size_t n = strcspn(s, ", ");

		sb_fmt(b, "&%s=", name);
		sb_url(b, s, n);
		s += n;
	}
}

static bool refused(struct arena *a, const struct http_response *resp, struct val v, struct err *e) {
	const char *detail = v.type == V_MAP ? val_cstr(map_get(v.u.map, "detail"), "") : "";
	const char *why = arena_printf(a, "%ld%s%.200s", resp->status, *detail == '\0' ? "" : ": ", detail);

	if (resp->status == 401 || resp->status == 403)
		return err_set(e, ERR_DENIED, NULL, "NetBox refuses the token of netbox_api_token (%s)", why);
	if (resp->status == 429)
		return err_set(e, ERR_THROTTLED, NULL, "NetBox was asked too often (%s)", why);
	return err_set(e, ERR_UPSTREAM, NULL, "NetBox answers %s", why);
}

struct reading {
	struct arena *a;
	const struct conf *conf;
	struct http *http;
	const char *root;
	struct list *devices;
};

static bool page_of(struct reading *d, const char *url, struct val *out, struct err *e) {
	const char *const headers[] = { "Accept: application/json", arena_printf(d->a, "Authorization: Token %s", d->conf->netbox_api_token), NULL };
	const struct http_request req = { .url = url, .headers = headers, .named = true,
		.unverified = !d->conf->netbox_api_verify_ssl, .seconds = (long)d->conf->netbox_api_timeout, .max_bytes = LIMIT_NETBOX };
	struct http_response resp;
	struct err why;

	*out = val_undef();
	if (!http_do(d->http, d->a, &req, &resp, e))
		return false;
	if (!json_parse(d->a, resp.body.s, resp.body.len, LIMIT_JSON_DEPTH, out, &why))
		*out = val_undef();
	if (resp.status != 200)
		return refused(d->a, &resp, *out, e);
	return out->type == V_MAP || err_set(e, ERR_UPSTREAM, NULL, "NetBox's answer is not a page of devices%s; is netbox_api its address?",
	    resp.body.len > 0 && resp.body.s[strspn(resp.body.s, " \t\r\n")] == '<' ? " (it looks like a web page)" : "");
}

static bool take_devices(struct reading *d, const struct map *page, struct err *e) {
	struct val rows = map_get(page, "results");

	if (rows.type != V_LIST)
		return err_set(e, ERR_UPSTREAM, NULL, "NetBox's answer has no list \"results\"");
	for (size_t i = 0; i < rows.u.list->n; i++) {
		struct val row = rows.u.list->v[i], id = row.type == V_MAP ? map_get(row.u.map, "id") : val_undef();

		if (id.type != V_INT || id.u.i <= 0 || id.u.i > INT32_MAX)
			return err_set(e, ERR_UPSTREAM, NULL, "results[%zu] has no \"id\" that is a number", i);
		if (map_get(row.u.map, "name").type == V_STR)   /* a device without a name is no router */
			list_push(d->devices, row);
	}
	return true;
}

static bool read_all(struct reading *d, struct err *e) {
	const char *next;
	struct sbuf url;
	struct val page;

	sb_init(&url, d->a);
	sb_fmt(&url, "%s/api/dcim/devices/?limit=%d", d->root, ROWS);
	each(&url, "role", d->conf->netbox_device_roles);
	each(&url, "tag", d->conf->netbox_tags);
	next = url.s;
	for (int i = 0; next != NULL; i++) {
		if (i == PAGES_MOST)
			return err_set(e, ERR_TOO_LARGE, NULL, "NetBox has more than %d devices; set netbox_device_roles or netbox_tags", PAGES_MOST * ROWS);
		if (!page_of(d, next, &page, e) || !take_devices(d, page.u.map, e))
			return false;
		next = val_cstr(map_get(page.u.map, "next"), NULL);
		/* the token goes nowhere else */
		if (next != NULL && (strncmp(next, d->root, strlen(d->root)) != 0 || next[strlen(d->root)] != '/'))
			return err_set(e, ERR_DENIED, NULL, "NetBox says that the next page is at %.100s, which is not %.100s", next, d->root);
	}
	return true;
}

bool netbox_synchronise(struct arena *a, struct db *db, const struct conf *conf, size_t *n, struct err *e) {
	struct reading d = { .a = a, .conf = conf, .http = http_new(a, conf->http_proxy), .root = netbox_root(a, conf->netbox_api), .devices = list_new(a, ROWS) };
	struct result r;
	struct sbuf text;
	struct err why;

	*n = 0;
	if (*conf->netbox_api == '\0')
		return err_set(e, ERR_INVALID, NULL, "The settings name no NetBox: set netbox_api and netbox_api_token.");
	if (!read_all(&d, e)) {
		db_named(db, a, Q_NETBOX_FAILED, (struct val[]){ val_str(e->msg) }, &r, &why);
		return false;
	}
	sb_init(&text, a);
	json_write(&text, val_list(d.devices));
	if (!db_named(db, a, Q_NETBOX_TAKE, (struct val[]){ val_mem(text.s, text.len) }, &r, e))
		return false;
	*n = (size_t)result_at(&r, 0, 0).u.i;
	return true;
}
