/* search.c: the search over everything, as a page and in the API: the best hits of each type, the word marked where it stands. */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#include "base/net.h"
#include "db/pgtext.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum {
	SEARCH_MIN = 2,                 /* letters; with fewer than PART_MIN only what begins so is found */
	PART_MIN = 3,
	SHOWN = 15, SHOWN_MOST = 50,    /* of a type */
	AROUND = 40,                    /* characters shown before the word */
	EXCERPT = 200                   /* of what is shown of a long text */
};

struct search {
	struct req *r;
	const char *word;               /* as it is looked for: "64500" of "AS64500" */
	const char *typed;
	struct result found;
};

static const char *const ranks[] = { "exact", "prefix", "word", "part" };

/* An address or network as PostgreSQL has them; null when the text is none. */
static struct val address_of(struct req *r, const char *text) {
	char out[ADDR_TEXT_MAX];
	struct addr a;

	if ((strchr(text, '.') == NULL && strchr(text, ':') == NULL) || !addr_parse(text, strlen(text), &a))
		return val_null();
	a = strchr(text, '/') == NULL ? a : addr_network(&a);
	return val_str(arena_strdup(r->a, addr_text(&a, ADDR_WITH_LENGTH, out)));
}

static bool look(struct search *s, int64_t most) {
	struct val params[5] = { val_str(s->word), pg_like(s->r->a, s->word, false, true), strlen(s->word) < PART_MIN ? val_null() : pg_like(s->r->a, s->word, true, true),
		address_of(s->r, s->word), val_int(most) };

	return db_named(s->r->db, s->r->a, Q_SEARCH, params, &s->found, &s->r->err);
}

static bool begin(struct req *r, struct search *s) {
	const char *text = req_param(r, "q") == NULL ? "" : req_param(r, "q");
	size_t len;

	text += strspn(text, " ");
	len = strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	*s = (struct search){ .r = r, .typed = arena_strndup(r->a, text, len) };
	s->word = strncasecmp(s->typed, "AS", 2) == 0 && s->typed[2] >= '0' && s->typed[2] <= '9' ? s->typed + 2 : s->typed;
	return len >= SEARCH_MIN;
}

/* ---- the word in a text ---- */

static const char *find_word(const char *text, const char *word) {
	size_t n = strlen(word);

	for (; *text != '\0'; text++) {
		if (strncasecmp(text, word, n) == 0)
			return text;
	}
	return NULL;
}

/* What surrounds the word in a long text. */
static const char *excerpt(struct search *s, const char *text) {
	const char *at = find_word(text, s->word), *from = at == NULL || at - text < EXCERPT / 2 ? text : at - EXCERPT / 2, *end;

	while (from > text && ((unsigned char)*from & 0xc0) == 0x80)
		from--;
	end = strlen(from) <= EXCERPT ? from + strlen(from) : from + EXCERPT;
	while (((unsigned char)*end & 0xc0) == 0x80)
		end--;
	return arena_strndup(s->r->a, from, (size_t)(end - from));
}

/* {before, mark, after}: the text with the word in it set apart; a long text begins shortly before it. */
static struct val marked(struct search *s, const char *text) {
	const char *at = find_word(text, s->word), *from = text;
	struct map *m = map_new(s->r->a, 3);

	if (at != NULL && at - text > AROUND) {
		for (from = at - AROUND; from > text && ((unsigned char)*from & 0xc0) == 0x80; from--)
			;
	}
	put_str(m, "before", at == NULL ? text : arena_printf(s->r->a, "%s%.*s", from > text ? "…" : "", (int)(at - from), from));
	put_str(m, "mark", at == NULL ? "" : arena_strndup(s->r->a, at, strlen(s->word)));
	put_str(m, "after", at == NULL ? "" : at + strlen(s->word));
	return val_map(m);
}

/* ---- hits ---- */

static struct val hit(struct search *s, const struct resource *res, const struct row *row, const struct val *v) {
	const char *path = row_path(s->r, row), *text = row_text(s->r, row), *value = excerpt(s, val_cstr(v[4], ""));
	int field = res_field(res, v[3].u.s);
	struct map *m = map_new(s->r->a, 7);

	put_int(m, "id", row->id);
	put_str(m, "text", text);
	put_str(m, "href", path == NULL ? NULL : page_href(s->r, "%s", path));
	put_str(m, "rank", ranks[v[2].u.i]);
	put_str(m, "field", v[3].u.s);
	put_str(m, "value", value);
	map_set(m, "name", marked(s, text));
	map_set(m, "where", val_null());
	if (find_word(text, s->word) == NULL) {
		put_str(m, "caption", field >= 0 ? field_caption(s->r->a, &res->fields[field]) : strcmp(v[3].u.s, "lan") == 0 ? "LAN" : v[3].u.s);
		map_set(m, "where", marked(s, value));
	}
	return val_map(m);
}

/* The hits of one type that the actor may see, in their order. */
static bool group_put(struct search *s, const struct resource *res, size_t from, size_t n, struct list *out) {
	struct query q = { .res = res, .nids = n, .form = FORM_BRIEF };
	int64_t *ids = arena_new(s->r->a, int64_t, n);
	struct list *hits = list_new(s->r->a, n);
	struct map *m = map_new(s->r->a, 6);
	struct rows rows;
	struct sbuf more;

	for (size_t i = 0; i < n; i++)
		ids[i] = result_at(&s->found, from + i, 1).u.i;
	q.ids = ids;
	if (!may(&s->r->store, res, "view"))
		return true;
	if (!store_list(&s->r->store, &q, &rows, NULL, &s->r->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < rows.n; k++) {
			if (rows.row[k]->id == ids[i])
				list_push(hits, hit(s, res, rows.row[k], &s->found.v[(from + i) * s->found.cols]));
		}
	}
	if (hits->n == 0)
		return true;
	sb_init(&more, s->r->a);
	sb_fmt(&more, "/%s/?q=", res->page);
	sb_url(&more, s->typed, strlen(s->typed));
	put_str(m, "type", arena_printf(s->r->a, "%s.%s", res->app, res->model));
	put_str(m, "title", res_titles(s->r->a, res));
	put_int(m, "n", (int64_t)hits->n);
	put_bool(m, "full", n == SHOWN);        /* there may be more than are shown */
	put_str(m, "more", page_href(s->r, "%s", more.s));
	map_set(m, "hits", val_list(hits));
	list_push(out, val_map(m));
	return true;
}

static bool groups_put(struct search *s, struct list *out) {
	for (size_t i = 0, n; i < s->found.n; i += n) {
		const char *type = result_at(&s->found, i, 0).u.s;
		const struct resource *res = res_by_model(type);

		for (n = 1; i + n < s->found.n && strcmp(result_at(&s->found, i + n, 0).u.s, type) == 0; n++)
			;
		if (res != NULL && (res->flags & RF_NOPAGES) == 0 && !group_put(s, res, i, n, out))
			return false;
	}
	return true;
}

bool page_search(struct req *r) {
	struct map *ctx = page_new(r, "Search");
	struct list *groups = list_new(r->a, 8);
	struct search s;
	bool enough = begin(r, &s);

	page_crumb(r, ctx, "Search", NULL);
	put_str(ctx, "search_text", s.typed);
	put_bool(ctx, "short", !enough);
	map_set(ctx, "groups", val_list(groups));
	if (enough && (!look(&s, SHOWN) || !groups_put(&s, groups)))
		return false;
	return page_render(r, "search.html", ctx);
}

/* {"count", "results": [{"object_type", "object_type_title", "id", "display", "display_url", "rank", "field", "value"}]}; ?limit= of each type. */
bool api_search(struct req *r) {
	static const char *const keys[][2] = { { "id", "id" }, { "display", "text" }, { "display_url", "href" }, { "rank", "rank" }, { "field", "field" },
		{ "value", "value" } };
	const char *limit = req_param(r, "limit");
	int64_t most = limit == NULL || *limit < '0' || *limit > '9' ? SHOWN : strtoll(limit, NULL, 10);
	struct list *groups = list_new(r->a, 8), *out = list_new(r->a, 32);
	struct map *m = map_new(r->a, 2);
	struct search s;

	if (begin(r, &s) && (!look(&s, most < 1 ? 1 : most > SHOWN_MOST ? SHOWN_MOST : most) || !groups_put(&s, groups)))
		return false;
	for (size_t i = 0; i < groups->n; i++) {
		const struct list *hits = map_get(groups->v[i].u.map, "hits").u.list;

		for (size_t k = 0; k < hits->n; k++) {
			struct map *h = map_new(r->a, 8);

			map_set(h, "object_type", map_get(groups->v[i].u.map, "type"));
			map_set(h, "object_type_title", map_get(groups->v[i].u.map, "title"));
			for (size_t j = 0; j < ARRAY_LEN(keys); j++)
				map_set(h, keys[j][0], map_get(hits->v[k].u.map, keys[j][1]));
			list_push(out, val_map(h));
		}
	}
	put_int(m, "count", (int64_t)out->n);
	map_set(m, "results", val_list(out));
	return req_json(r, val_map(m));
}
