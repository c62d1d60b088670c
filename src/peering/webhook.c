/* webhook.c: the request of a webhook, and the rules of its row. */
#include "config.h"

#include <stdio.h>
#include <strings.h>

#include "base/json.h"
#include "base/secret.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/conditions.h"
#include "peering/peering.h"
#include "peering/render.h"
#include "peering/webhook.h"

/* ---- JSON as receivers know it: blanks after comma and colon ---- */

static void spaced(struct sbuf *b, struct val v) {
	size_t i;

	if (v.type == V_LIST) {
		sb_chr(b, '[');
		for (i = 0; i < v.u.list->n; i++) {
			sb_str(b, i > 0 ? ", " : "");
			spaced(b, v.u.list->v[i]);
		}
		sb_chr(b, ']');
	} else if (v.type == V_MAP) {
		sb_chr(b, '{');
		for (i = 0; i < v.u.map->n; i++) {
			sb_str(b, i > 0 ? ", " : "");
			json_write(b, map_key(v.u.map, i));
			sb_str(b, ": ");
			spaced(b, map_val(v.u.map, i));
		}
		sb_chr(b, '}');
	} else {
		json_write(b, v);
	}
}

static struct map *context_of(struct arena *a, const struct webhook_event *ev) {
	struct map *m = map_new(a, 7), *snapshots = map_new(a, 2);

	map_set(snapshots, "prechange", ev->prechange);
	map_set(snapshots, "postchange", ev->postchange);
	map_set(m, "event", val_str(ev->event));
	map_set(m, "timestamp", val_str(ev->timestamp));
	map_set(m, "model", val_str(ev->model));
	map_set(m, "username", val_str(ev->username));
	map_set(m, "request_id", val_str(ev->request_id));
	map_set(m, "data", ev->data);
	map_set(m, "snapshots", val_map(snapshots));
	return m;
}

/* ---- templates ---- */

static bool is_template(const char *text) {
	return strstr(text, "{{") != NULL || strstr(text, "{%") != NULL || strstr(text, "{#") != NULL;
}

static bool render(struct store *s, const char *what, const char *text, struct map *context, struct sbuf *out, struct err *e) {
	struct render_source source = { .name = what, .text = text };
	struct tmpl_err te;

	if (!is_template(text)) {
		sb_str(out, text);
		return true;
	}
	if (render_text(s, &source, context, out, &te))
		return true;
	if (te.e.code == ERR_UNAVAILABLE) {
		*e = te.e;
		return false;
	}
	return err_set(e, ERR_TEMPLATE, NULL, "the template of the %s fails in line %u: %.300s", what, te.line == 0 ? 1 : te.line, te.e.msg);
}

/* ---- headers ---- */

static bool header_is(const char *line, const char *name, size_t len) {
	return strncasecmp(line, name, len) == 0 && line[len] == ':';
}

/* One header a name: a later one takes the place of an earlier one. */
static void put_header(struct list *l, const char *name, size_t len, struct val line) {
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (header_is(l->v[i].u.s, name, len)) {
			l->v[i] = line;
			return;
		}
	}
	list_push(l, line);
}

static bool take_header(struct arena *a, struct list *l, const char *line, size_t len, size_t number, struct err *e) {
	const char *colon = memchr(line, ':', len), *value;
	size_t name = colon == NULL ? 0 : (size_t)(colon - line), i;

	while (name > 0 && line[name - 1] == ' ')
		name--;
	if (name == 0)
		return err_set(e, ERR_TEMPLATE, NULL, "line %zu of the additional headers is not of the form \"Name: value\": %.*s", number, (int)(len > 80 ? 80 : len),
		    line);
	if (header_is(line, "Content-Length", 14) || header_is(line, "Transfer-Encoding", 17))
		return err_set(e, ERR_TEMPLATE, NULL, "line %zu of the additional headers: %.*s follows from the body and cannot be set", number, (int)name, line);
	for (i = 0; i < len; i++) {
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f || (i < name && strchr("()<>@,;\\\"/[]?={} ", line[i]) != NULL))
			return err_set(e, ERR_TEMPLATE, NULL, "line %zu of the additional headers has a character that no header may have", number);
	}
	for (value = colon + 1; value < line + len && *value == ' '; value++)
		;
	/* libcurl takes "Name:" for a header to leave out and "Name;" for an empty one */
	put_header(l, line, name, value == line + len ? val_printf(a, "%.*s;", (int)name, line) :
	    val_printf(a, "%.*s: %.*s", (int)name, line, (int)(line + len - value), value));
	return true;
}

static bool take_headers(struct arena *a, struct list *l, const char *text, struct err *e) {
	size_t number = 1, len;

	for (; *text != '\0'; number++) {
		size_t all = strcspn(text, "\n");

		for (len = all; len > 0 && (text[len - 1] == '\r' || text[len - 1] == ' '); len--)
			;
		if (len > 0 && !take_header(a, l, text, len, number, e))
			return false;
		text += all + (text[all] != '\0');
	}
	return true;
}

bool webhook_compose(struct store *s, const struct webhook *w, const struct webhook_event *ev, struct webhook_request *out, struct err *e) {
	struct map *context = context_of(s->a, ev);
	struct sbuf url, headers;
	char sum[SHA512_HEX];

	sb_init(&url, s->a);
	sb_init(&headers, s->a);
	sb_init(&out->body, s->a);
	out->headers = list_new(s->a, 4);
	if (!render(s, "URL", w->url, context, &url, e) || !render(s, "additional headers", w->headers, context, &headers, e))
		return false;
	if (*w->body == '\0')
		spaced(&out->body, val_map(context));
	else if (!render(s, "body", w->body, context, &out->body, e))
		return false;
	put_header(out->headers, "Content-Type", 12, val_printf(s->a, "Content-Type: %s", w->content_type));
	if (!take_headers(s->a, out->headers, headers.s, e))
		return false;
	if (*w->secret != '\0')
		put_header(out->headers, "X-Hook-Signature", 16, val_printf(s->a, "X-Hook-Signature: %s",
		    hmac_sha512_hex(w->secret, out->body.s, out->body.len, sum)));
	out->url = url.s;
	return true;
}

/* ---- the rules of the row ---- */

static bool on(const struct row *r, const char *name) {
	struct val v = row_get(r, name);

	return v.type == V_BOOL && v.u.b;
}

static void check_template(struct store *s, const struct row *before, const struct row *after, const char *name, struct problems *p) {
	const char *text = val_cstr(row_get(after, name), "");
	struct render_source source = { .name = name, .text = text };
	struct tmpl_err te;

	if (before != NULL && strcmp(val_cstr(row_get(before, name), ""), text) == 0)
		return;
	if (is_template(text) && !render_check(s, &source, &te))
		problem_add(p, name, "The template is wrong in line %u: %.300s", te.line == 0 ? 1 : te.line, te.e.msg);
}

/* Types that are never told of are no types of a webhook. */
static void check_types(const struct row *before, const struct row *after, struct problems *p) {
	struct val types = row_get(after, "content_types");

	if (before != NULL && val_equal(row_get(before, "content_types"), types))
		return;
	for (size_t i = 0; types.type == V_LIST && i < types.u.list->n; i++) {
		const char *name = val_cstr(types.u.list->v[i], "");
		const struct resource *res = res_by_model(name);

		if (res == NULL || (res->flags & RF_NOEVENTS) != 0)
			problem_add(p, "content_types", "Invalid content type: %s", name);
	}
}

static bool check(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	struct err why;

	(void)e;
	if (!on(after, "type_create") && !on(after, "type_update") && !on(after, "type_delete"))
		problem_add(p, "non_field_errors", "At least one event type must be selected: create, update, and/or delete.");
	check_types(before, after, p);
	if (!conditions_check(row_get(after, "conditions"), &why))
		problem_add(p, "conditions", "%s", why.msg);
	if (!on(after, "ssl_verification") && *val_cstr(row_get(after, "ca_file_path"), "") != '\0')
		problem_add(p, "ca_file_path", "Do not specify a CA certificate file if SSL verification is disabled.");
	check_template(s, before, after, "payload_url", p);
	check_template(s, before, after, "additional_headers", p);
	check_template(s, before, after, "body_template", p);
	return true;
}

/* One that is enabled again begins with a clean slate. */
static bool written(struct store *s, const struct row *before, const struct row *after, struct err *e) {
	if (before == NULL || after == NULL || on(before, "enabled") || !on(after, "enabled"))
		return true;
	return db_named(s->db, s->a, Q_WEBHOOK_TRUST_AGAIN, (struct val[]){ val_int(after->id) }, NULL, e);
}

const struct behaviour webhook_behaviour = { .res = &res_webhook, .check = check, .written = written };
