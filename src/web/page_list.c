/* page_list.c: a list: columns that the user chose, order, pages, filters, bulk actions. Also stands as a tab of another page. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "web/page.h"

enum { LIST_COUNTED = 10000 };

/* ---- columns ---- */

static bool can_be_column(const struct field *f) {
	if (f->type == F_LONGTEXT)
		return (f->flags & FF_LIST) != 0;
	return f->type != F_JSON && f->type != F_SECRET && f->type != F_PASSWORD && f->type != F_COMPUTED && (f->flags & FF_NOCOLUMN) == 0;
}

static const char *prefs_key(struct req *r, const struct resource *res, const char *what) {
	return arena_printf(r->a, "tables.%sTable.%s", res->class_name, what);
}

static bool chosen(const struct list *l, const char *name) {
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].type == V_STR && strcmp(l->v[i].u.s, name) == 0)
			return true;
	}
	return false;
}

/* What the page itself says of every row of the list: the reference back to it, the object that all of them are about. */
static bool said_by_page(const struct table *t, const struct field *f) {
	if (t->child != NULL && strcmp(f->name, t->child->via) == 0)
		return true;
	for (size_t i = 0; i < t->nextra; i++) {
		if (strcmp(f->name, t->extra[i].name) == 0 || (f->type == F_OBJECT && f->via != NULL && strcmp(f->via, t->extra[i].name) == 0))
			return true;
	}
	return false;
}

/* Field indices in the user's order, else the table's own. */
static size_t columns_of(struct req *r, const struct table *t, int *out) {
	struct val prefs = prefs_get(r, prefs_key(r, t->res, "columns"));
	size_t n = 0;

	for (size_t i = 0; prefs.type == V_LIST && i < prefs.u.list->n; i++) {
		int f = prefs.u.list->v[i].type == V_STR ? res_field(t->res, prefs.u.list->v[i].u.s) : -1;

		if (f >= 0 && can_be_column(&t->res->fields[f]) && n < t->res->nfields)
			out[n++] = f;
	}
	for (size_t i = 0; prefs.type != V_LIST && i < t->res->nfields; i++) {
		const struct field *f = &t->res->fields[i];

		if ((f->flags & FF_LIST) != 0 && can_be_column(f) && !said_by_page(t, f))
			out[n++] = (int)i;
	}
	return n;
}

static struct val chooser(struct req *r, const struct resource *res, const int *cols, size_t n) {
	struct list *out = list_new(r->a, res->nfields);

	for (size_t i = 0; i < res->nfields; i++) {
		struct map *m;
		bool on = false;

		if (!can_be_column(&res->fields[i]))
			continue;
		for (size_t k = 0; k < n; k++)
			on = on || cols[k] == (int)i;
		m = map_new(r->a, 3);
		put_str(m, "name", res->fields[i].name);
		put_str(m, "label", field_caption(r->a, &res->fields[i]));
		put_bool(m, "on", on);
		list_push(out, val_map(m));
	}
	return val_list(out);
}

bool page_columns(struct req *r) {
	struct list *names = list_new(r->a, r->res->nfields);
	bool reset = req_form(r, "reset") != NULL;

	for (size_t i = 0; i < r->nform; i++) {
		int f = strcmp(r->form[i].name, "column") == 0 ? res_field(r->res, r->form[i].value) : -1;

		if (f >= 0 && can_be_column(&r->res->fields[f]) && !chosen(names, r->form[i].value))
			list_push(names, val_str(r->res->fields[f].name));
	}
	if (!prefs_set(r, prefs_key(r, r->res, "columns"), reset || names->n == 0 ? val_null() : val_list(names)))
		return false;
	page_flash(r, "success", reset ? "The columns are the usual ones again." : "The columns are kept for you.");
	return req_redirect(r, page_return(r, arena_printf(r->a, "/%s/", r->res->page)));
}

/* ---- links that keep the rest of the query ---- */

static void query_add(struct sbuf *sb, const char *name, const char *value) {
	sb_chr(sb, sb->len == 0 ? '?' : '&');
	sb_url(sb, name, strlen(name));
	sb_chr(sb, '=');
	sb_url(sb, value, strlen(value));
}

const char *page_query(struct req *r, const char *drop, const char *only, const char *put) {
	struct sbuf sb;

	sb_init(&sb, r->a);
	for (size_t i = 0; i < r->nparams; i++) {
		const struct param *p = &r->params[i];
		bool dropped = drop != NULL && strcmp(p->name, drop) == 0 && (only == NULL || strcmp(p->value, only) == 0);

		if (strcmp(p->name, "page") != 0 && !dropped && *p->value != '\0')
			query_add(&sb, p->name, p->value);
	}
	if (put != NULL)
		query_add(&sb, drop, put);
	return sb.len == 0 ? "?" : sb.s;
}

static struct val column_heads(struct req *r, const struct table *t, const int *cols, size_t n, const char *order) {
	struct list *out = list_new(r->a, n);

	for (size_t i = 0; i < n; i++) {
		const struct field *f = &t->res->fields[cols[i]];
		struct map *m = map_new(r->a, 5);
		bool sortable = f->type != F_REFS && f->type != F_TAGS && f->type != F_OBJECT && f->type != F_PATH && f->type != F_COUNT &&
		    f->type != F_FUNC && f->type != F_IN && f->type != F_OBJTYPES && f->type != F_DISPLAY;
		bool up = strcmp(order, f->name) == 0, down = *order == '-' && strcmp(order + 1, f->name) == 0;

		put_str(m, "label", field_caption(r->a, f));
		put_str(m, "name", f->name);
		put_str(m, "sort", sortable ? page_query(r, "sort", NULL, up ? arena_printf(r->a, "-%s", f->name) : f->name) : NULL);
		put_str(m, "dir", up ? "ascending" : down ? "descending" : NULL);
		put_bool(m, "num", f->type == F_INT || f->type == F_FLOAT || f->type == F_COUNT);
		list_push(out, val_map(m));
	}
	return val_list(out);
}

/* ---- pages ---- */

static int64_t number(const char *s, int64_t least, int64_t most, int64_t other) {
	int64_t n = s == NULL || *s == '\0' || s[strspn(s, "0123456789")] != '\0' || strlen(s) > 12 ? 0 : strtoll(s, NULL, 10);

	return n < least ? other : n > most ? most : n;
}

int64_t list_page(struct req *r) {
	return number(req_param(r, "page"), 1, 1000000, 1);
}

int64_t list_size(struct req *r) {
	struct val prefs = prefs_get(r, "pagination.per_page");
	int64_t usual = prefs.type == V_INT && prefs.u.i > 0 && prefs.u.i <= LIMIT_PAGE ? prefs.u.i : r->conf->page_size;

	return number(req_param(r, "per_page"), 1, LIMIT_PAGE, usual > 0 ? usual : LIMIT_PAGE_DEFAULT);
}

/* Of what nobody but the program writes there may be millions of rows, and nobody wants to know how many exactly. 0: all are counted. */
static int64_t most_counted(const struct resource *res) {
	return (res->flags & RF_READONLY) != 0 ? LIST_COUNTED : 0;
}

static void page_link(struct req *r, struct list *out, int64_t page, int64_t now) {
	struct map *m = map_new(r->a, 3);

	put_str(m, "text", page == 0 ? "…" : arena_printf(r->a, "%lld", (long long)page));
	put_str(m, "href", page == 0 ? NULL : page_query(r, "page", NULL, arena_printf(r->a, "%lld", (long long)page)));
	put_bool(m, "now", page == now);
	list_push(out, val_map(m));
}

struct val list_pager(struct req *r, int64_t page, int64_t size, int64_t total, size_t shown) {
	static const int64_t sizes[] = { 20, 25, 50, 100, 250, 500, 1000 };
	struct map *m = map_new(r->a, 10);
	struct list *links = list_new(r->a, 9), *choices = list_new(r->a, ARRAY_LEN(sizes));
	bool more = total < 0;
	int64_t all = more ? -total : total, pages = all == 0 ? 1 : (all + size - 1) / size, last = 0;

	for (int64_t p = 1; pages > 1 && p <= pages; p++) {
		if (p != 1 && p != pages && (p < page - 2 || p > page + 2)) {
			p = p < page - 2 ? page - 3 : pages - 1;
			continue;
		}
		if (last != 0 && p > last + 1)
			page_link(r, links, 0, page);
		page_link(r, links, p, page);
		last = p;
	}
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct map *c = map_new(r->a, 3);

		put_int(c, "n", sizes[i]);
		put_str(c, "href", page_query(r, "per_page", NULL, arena_printf(r->a, "%lld", (long long)sizes[i])));
		put_bool(c, "now", sizes[i] == size);
		list_push(choices, val_map(c));
	}
	put_int(m, "page", page);
	put_int(m, "pages", pages);
	put_int(m, "size", size);
	put_int(m, "total", all);
	put_bool(m, "more", more);
	put_int(m, "first", shown == 0 ? 0 : (page - 1) * size + 1);
	put_int(m, "last", (page - 1) * size + (int64_t)shown);
	put_str(m, "prev", page > 1 ? page_query(r, "page", NULL, arena_printf(r->a, "%lld", (long long)page - 1)) : NULL);
	put_str(m, "next", page < pages || (more && shown == (size_t)size) ? page_query(r, "page", NULL, arena_printf(r->a, "%lld", (long long)page + 1)) : NULL);
	map_set(m, "links", val_list(links));
	map_set(m, "sizes", val_list(choices));
	return val_map(m);
}

/* ---- rows ---- */

static bool leads(const struct field *f) {
	return f->type == F_TEXT || f->type == F_ASN || f->type == F_INET || f->type == F_IFACE || f->type == F_SLUG || f->type == F_TIME ||
	    f->type == F_UUID || f->type == F_DISPLAY;
}

static struct val row_map(struct req *r, const struct row *row, const int *cols, size_t n) {
	struct map *m = map_new(r->a, 5);
	struct list *cells = list_new(r->a, n);
	const char *path = row_path(r, row);
	bool linked = path == NULL;

	for (size_t i = 0; i < n; i++) {
		struct val cell = cell_of(r, row, cols[i]);

		if (!linked && leads(&row->res->fields[cols[i]]) && *map_get(cell.u.map, "t").u.s != '\0') {
			put_str(cell.u.map, "u", page_href(r, "%s", path));
			linked = true;
		}
		list_push(cells, cell);
	}
	put_int(m, "id", row->id);
	put_str(m, "text", row->display.type == V_STR ? row->display.u.s : arena_printf(r->a, "#%lld", (long long)row->id));
	put_str(m, "href", path == NULL ? NULL : page_href(r, "%s", path));
	put_bool(m, "linked", linked);
	map_set(m, "cells", val_list(cells));
	return val_map(m);
}

static const char *sort_of(struct req *r, const struct resource *res) {
	const char *sort = req_param(r, "sort");
	struct val prefs = prefs_get(r, prefs_key(r, res, "ordering"));

	if (sort != NULL)
		return sort;
	return prefs.type == V_LIST && prefs.u.list->n > 0 ? val_cstr(prefs.u.list->v[0], "") : "";
}

static bool read_rows(struct req *r, const struct table *t, const int *cols, size_t ncols, const char *sort, int64_t *page, int64_t size,
    struct rows *rows) {
	const char **names = arena_new(r->a, const char *, ncols + 1);
	struct query q = { .res = t->res, .child = t->child, .child_of = t->child_of, .form = FORM_COLUMNS, .count = true,
		.count_most = (size_t)most_counted(t->res) };
	struct param *params;

	for (size_t i = 0; i < ncols; i++)
		names[i] = t->res->fields[cols[i]].name;
	if (!filter_params(r, t->res, &params, &q.nparams))
		return false;
	for (size_t i = 0; i < t->nextra; i++)
		params[q.nparams++] = t->extra[i];
	q.params = params;
	q.order = *sort == '\0' ? NULL : sort;
	q.columns = names;
	q.limit = (size_t)size;
	q.offset = (size_t)((*page - 1) * size);
	if (!store_list(&r->store, &q, rows, NULL, &r->err))
		return false;
	if (rows->n > 0 || *page == 1)
		return true;
	/* beyond the end: the last page */
	*page = rows->total <= 0 ? 1 : (rows->total + size - 1) / size;
	q.offset = (size_t)((*page - 1) * size);
	return store_list(&r->store, &q, rows, NULL, &r->err);
}

bool table_put(struct req *r, const struct table *t, struct map *ctx) {
	int *cols = arena_new(r->a, int, t->res->nfields + 1);
	size_t n = columns_of(r, t, cols), active = 0;
	const char *sort = sort_of(r, t->res);
	int64_t size = list_size(r), page = list_page(r), most = most_counted(t->res);
	struct rows rows;
	struct list *out;

	if (!read_rows(r, t, cols, n, sort, &page, size, &rows))
		return false;
	out = list_new(r->a, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		list_push(out, row_map(r, rows.row[i], cols, n));
	map_set(ctx, "res", res_map(r, t->res));
	map_set(ctx, "columns", column_heads(r, t, cols, n, sort));
	map_set(ctx, "rows", val_list(out));
	map_set(ctx, "pager", list_pager(r, page, size, most > 0 && rows.total > most ? -most : rows.total, rows.n));
	map_set(ctx, "filters", t->bare ? val_list(list_new(r->a, 0)) : filter_card(r, t->res, r->params, r->nparams, &active));
	map_set(ctx, "chooser", chooser(r, t->res, cols, n));
	put_int(ctx, "active_filters", (int64_t)active);
	put_str(ctx, "q", req_param(r, "q") == NULL ? "" : req_param(r, "q"));
	put_str(ctx, "sort", sort);
	put_str(ctx, "query", page_query(r, NULL, NULL, NULL) + 1);
	put_bool(ctx, "bare", t->bare);
	return t->bare || t->child != NULL || saved_put(r, t->res, ctx);
}

bool page_list(struct req *r) {
	struct table t = { .res = r->res };
	struct map *ctx = page_new(r, res_titles(r->a, r->res));

	page_crumb(r, ctx, res_titles(r->a, r->res), NULL);
	if (!table_put(r, &t, ctx))
		return false;
	return page_render_for(r, r->res, "list.html", ctx);
}
