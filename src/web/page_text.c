/* page_text.c: words and links that follow from a resource's table; a user's preferences. */
#include "config.h"

#include <ctype.h>
#include <strings.h>

#include "base/log.h"
#include "db/pgtext.h"
#include "web/page.h"

/* "local_ip_address" -> "Local ip address" */
static const char *words(struct arena *a, const char *name) {
	char *s = arena_strdup(a, name);

	for (char *p = s; *p != '\0'; p++)
		*p = *p == '_' ? ' ' : *p;
	*s = (char)toupper((unsigned char)*s);
	return s;
}

const char *field_caption(struct arena *a, const struct field *f) {
	return f->caption != NULL ? f->caption : f->label != NULL ? f->label : words(a, f->name);
}

/* "BGP group" -> "BGP Group" */
static const char *capitals(struct arena *a, const char *text) {
	char *s = arena_strdup(a, text);

	for (char *p = s; *p != '\0'; p++) {
		if (p == s || p[-1] == ' ')
			*p = (char)toupper((unsigned char)*p);
	}
	return s;
}

const char *res_title(struct arena *a, const struct resource *res) {
	return res->title != NULL ? res->title : capitals(a, res->name);
}

/* What is PeeringDB's is called so: it stands beside ours of the same name. */
const char *res_titles(struct arena *a, const struct resource *res) {
	bool cached = strcmp(res->app, "peeringdb") == 0 && (res->flags & RF_READONLY) != 0 && strncmp(res->plural, "PeeringDB", 9) != 0;
	const char *titles = capitals(a, res->plural);

	return cached ? arena_printf(a, "PeeringDB %s", titles) : titles;
}

/* By sound, as far as our names go: "an API token", "an e-mail", "a user", "an IX-API". */
const char *res_article(const struct resource *res) {
	return strchr("aeioAEIO", res->name[0]) != NULL ? "an" : "a";
}

bool form_card_next(struct arena *a, const struct resource *res, const char **at, struct form_card *card) {
	const char *s = *at + strspn(*at, "; ");
	size_t title = strcspn(s, ":;"), end = strcspn(s, ";");

	*card = (struct form_card){ .title = arena_strndup(a, s, title), .fields = arena_new(a, int, res->nfields) };
	*at = s + end;
	if (*s == '\0')
		return false;
	for (size_t i = title; i < end;) {
		size_t n;
		int f;

		i += strspn(s + i, ":, ");
		n = strcspn(s + i, ", ;");
		f = res_field(res, arena_strndup(a, s + i, n));
		if (f >= 0 && card->n < res->nfields)
			card->fields[card->n++] = f;
		i += n;
	}
	return true;
}

struct list *card_new(struct req *r, struct list *cards, const char *title, const char *key) {
	struct map *m = map_new(r->a, 2);
	struct list *items = list_new(r->a, 8);

	put_str(m, "title", title);
	map_set(m, key, val_list(items));
	list_push(cards, val_map(m));
	return items;
}

bool res_has_page(const struct resource *res) {
	return res->page != NULL && (res->flags & (RF_NOPAGES | RF_NODETAIL)) == 0;
}

struct val res_map(struct req *r, const struct resource *res) {
	bool writes = (res->flags & RF_READONLY) == 0;
	struct map *m = map_new(r->a, 13), *can = map_new(r->a, 6);

	put_str(m, "name", res->name);
	put_str(m, "plural", res->plural);
	put_str(m, "title", res_title(r->a, res));
	put_str(m, "titles", res_titles(r->a, res));
	put_str(m, "article", res_article(res));
	put_str(m, "href", page_href(r, "/%s/", res->page));
	put_str(m, "page", res->page);
	put_str(m, "api", (res->flags & RF_NOAPI) != 0 ? NULL : page_href(r, "/api/%s/", res->api));
	put_bool(m, "detail", res_has_page(res));
	put_bool(m, "log", (res->flags & RF_NOLOG) == 0);
	put_bool(can, "add", writes && may(&r->store, res, "add"));
	put_bool(can, "change", writes && may(&r->store, res, "change"));
	put_bool(can, "delete", writes && may(&r->store, res, "delete"));
	put_bool(can, "bulk_edit", writes && (res->flags & RF_NOBULKEDIT) == 0 && may(&r->store, res, "change"));
	map_set(m, "can", val_map(can));
	map_set(m, "actions", action_buttons(r, res, NULL));
	return val_map(m);
}

const char *row_path(struct req *r, const struct row *row) {
	return res_has_page(row->res) ? arena_printf(r->a, "/%s/%lld/", row->res->page, (long long)row->id) : NULL;
}

const char *row_text(struct req *r, const struct row *row) {
	if (row->display.type == V_STR && row->display.len > 0)
		return row->display.u.s;
	return arena_printf(r->a, "%s #%lld", res_title(r->a, row->res), (long long)row->id);
}

const struct choice *choice_of(const struct field *f, struct val v) {
	char number[24] = "";
	const char *text = val_cstr(v, NULL);

	if (v.type == V_INT) {
		struct { int64_t i; } x = { v.u.i };
		size_t n = sizeof(number) - 1;
		bool minus = x.i < 0;

		number[n] = '\0';
		do {
			number[--n] = (char)('0' + (minus ? -(x.i % 10) : x.i % 10));
			x.i /= 10;
		} while (x.i != 0);
		if (minus)
			number[--n] = '-';
		text = number + n;
	}
	for (const struct choice *c = f->choices; text != NULL && c != NULL && c->value != NULL; c++) {
		if (strcmp(c->value, text) == 0)
			return c;
	}
	return NULL;
}

const struct field *path_end(const struct resource *res, const char *path, const struct resource **end) {
	const struct field *f = NULL;

	while (res != NULL && path != NULL) {
		size_t n = strcspn(path, ".");

		f = NULL;
		for (size_t i = 0; i < res->nfields; i++) {
			if (strncmp(res->fields[i].name, path, n) == 0 && res->fields[i].name[n] == '\0')
				f = &res->fields[i];
		}
		if (f == NULL)
			return NULL;
		if (end != NULL)
			*end = f->ref;
		if (path[n] == '\0')
			return f;
		path += n + 1;
		res = f->ref;
	}
	return NULL;
}

const char *slug_text(struct arena *a, const char *name) {
	char *slug = arena_strdup(a, name);

	for (char *s = slug; *s != '\0'; s++)
		*s = (*s >= 'A' && *s <= 'Z') ? (char)(*s + 32) : (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') ? *s : '-';
	return slug;
}

bool list_has(const char *list, const char *name) {
	size_t n = strlen(name);

	for (const char *s = list; s != NULL && *s != '\0';) {
		size_t len;

		s += strspn(s, ", ;:");
		len = strcspn(s, ", ;:");
		if (len == n && strncmp(s, name, n) == 0)
			return true;
		s += len;
	}
	return false;
}

/* ---- preferences: a document nested by dotted key ---- */

struct val prefs_get(const struct req *r, const char *path) {
	return r->preferences == NULL ? val_undef() : val_path(r->a, val_map((struct map *)(uintptr_t)r->preferences), path);
}

/* A copy of `m` in which the path leads to v; v null: the key is gone. */
static struct map *with(struct arena *a, const struct map *m, const char *path, struct val v) {
	size_t n = strcspn(path, ".");
	struct map *out = m == NULL ? map_new(a, 1) : map_copy(a, m, 1);
	struct val key = val_copy(a, path, n), *old;

	old = map_find(out, key);
	if (path[n] == '.')
		map_put(out, key, val_map(with(a, old != NULL && old->type == V_MAP ? old->u.map : NULL, path + n + 1, v)));
	else if (v.type == V_NULL)
		map_del(out, key);
	else
		map_put(out, key, v);
	return out;
}

bool prefs_set(struct req *r, const char *path, struct val v) {
	struct map *now = with(r->a, r->preferences, path, v);
	struct val params[2] = { val_int(r->actor.user_id), val_map(now) };
	struct result q;

	if (!r->actor.authenticated)
		return true;
	r->preferences = now;
	return db_query(r->db, r->a, "INSERT INTO user_preference (user_id, data) VALUES ($1, $2)"
	    " ON CONFLICT (user_id) DO UPDATE SET data = excluded.data", params, 2, &q, &r->err);
}

struct val search_pattern(struct req *r, const char *q) {
	bool as = strncasecmp(q, "AS", 2) == 0 && q[2] >= '0' && q[2] <= '9';

	return pg_like(r->a, as ? q + 2 : q, true, true);
}
