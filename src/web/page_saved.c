/* page_saved.c: saved filters on a list's page: what it offers, and saving its query. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"

enum { S_ID, S_NAME, S_SLUG, S_DESCRIPTION, S_SHARED, S_OWN, S_PARAMETERS };

static bool offered(struct req *r, const struct resource *res, struct result *q) {
	struct val p[2] = { val_printf(r->a, "%s.%s", res->app, res->model), val_int(r->actor.user_id) };

	return db_named(r->db, r->a, Q_SAVED_FILTERS_OF_LIST, p, q, &r->err);
}

static bool applied(struct req *r, const char *slug) {
	for (size_t i = 0; i < r->nparams; i++) {
		if (strcmp(r->params[i].name, "filter") == 0 && strcmp(r->params[i].value, slug) == 0)
			return true;
	}
	return false;
}

bool saved_put(struct req *r, const struct resource *res, struct map *ctx) {
	struct list *out = list_new(r->a, 8);
	bool all = may_by_permission(&r->store, &res_saved_filter, "add");
	struct result q;
	int64_t on = 0;

	if (!offered(r, res, &q))
		return false;
	for (size_t i = 0; i < r->nparams; i++)
		on += *r->params[i].value != '\0' && (strcmp(r->params[i].name, "filter") == 0 || strcmp(r->params[i].name, "filter_id") == 0);
	for (size_t i = 0; i < q.n; i++) {
		const char *slug = val_cstr(result_at(&q, i, S_SLUG), "");
		bool own = result_at(&q, i, S_OWN).u.b, shared = result_at(&q, i, S_SHARED).u.b;
		struct map *m = map_new(r->a, 8);

		map_set(m, "name", result_at(&q, i, S_NAME));
		put_str(m, "slug", slug);
		put_str(m, "help", val_cstr(result_at(&q, i, S_DESCRIPTION), ""));
		put_str(m, "href", arena_printf(r->a, "?filter=%s", slug));
		put_str(m, "without", page_query(r, "filter", slug, NULL));
		put_bool(m, "on", applied(r, slug));
		put_bool(m, "shared", shared);
		put_str(m, "edit", (own && !shared) || all ? page_href(r, "/%s/%lld/edit/", res_saved_filter.page, (long long)result_at(&q, i, S_ID).u.i) : NULL);
		list_push(out, val_map(m));
	}
	put_int(ctx, "active_filters", map_get(ctx, "active_filters").u.i + on);
	map_set(ctx, "saved", val_list(out));
	put_bool(ctx, "may_share", all);
	return true;
}

/* ---- saving ---- */

static bool passed_over(const char *name) {
	return strcmp(name, "page") == 0 || strcmp(name, "per_page") == 0 || strcmp(name, "sort") == 0 || strcmp(name, "filter") == 0;
}

/* A value more for a parameter: two of them are a list. */
static void add_value(struct req *r, struct map *m, const char *name, struct val v) {
	struct val *old = map_find(m, val_str(name));
	struct list *l;

	if (old == NULL) {
		map_set(m, arena_strdup(r->a, name), v);
		return;
	}
	if (old->type == V_LIST) {
		list_push(old->u.list, v);
		return;
	}
	l = list_new(r->a, 2);
	list_push(l, *old);
	list_push(l, v);
	map_set(m, arena_strdup(r->a, name), val_list(l));
}

/* What saved filters of the query ask for stands in the new one itself, which then does not change with them. */
static void add_saved(struct map *m, const struct result *q, const char *slug) {
	for (size_t i = 0; i < q->n; i++) {
		const struct map *of = result_at(q, i, S_PARAMETERS).u.map;

		for (size_t k = 0; strcmp(val_cstr(result_at(q, i, S_SLUG), ""), slug) == 0 && k < of->n; k++) {
			if (map_find(m, map_key(of, k)) == NULL)
				map_put(m, map_key(of, k), map_val(of, k));
		}
	}
}

static const char *free_slug(struct req *r, const char *name) {
	const char *base = slug_text(r->a, name), *slug = base;
	struct val p = val_str(base);
	struct result q;

	if (!db_named(r->db, r->a, Q_SAVED_FILTER_SLUGS, &p, &q, &r->err))
		return NULL;
	for (size_t n = 2, i = 0; i < q.n; i++) {
		if (strcmp(val_cstr(result_at(&q, i, 0), ""), slug) != 0)
			continue;
		slug = arena_printf(r->a, "%.90s-%zu", base, n++);
		i = (size_t)-1; /* from the first again */
	}
	return slug;
}

/* One's own of that name is written anew, unless it is everybody's by now. */
static int64_t own_named(const struct result *q, const char *name) {
	for (size_t i = 0; i < q->n; i++) {
		if (result_at(q, i, S_OWN).u.b && !result_at(q, i, S_SHARED).u.b && strcmp(val_cstr(result_at(q, i, S_NAME), ""), name) == 0)
			return result_at(q, i, S_ID).u.i;
	}
	return 0;
}

static bool save(struct req *r, const struct result *q, const char *name, struct map *parameters, struct row **row) {
	struct map *input = map_new(r->a, 6);
	struct list *types = list_new(r->a, 1);
	int64_t id = own_named(q, name);
	const char *slug;

	map_set(input, "parameters", val_map(parameters));
	map_set(input, "shared", val_bool(req_form(r, "shared") != NULL));
	if (id != 0)
		return store_update(&r->store, &res_saved_filter, id, input, WRITE_PATCH, row, &r->problems, &r->err);
	if ((slug = free_slug(r, name)) == NULL)
		return false;
	list_push(types, val_printf(r->a, "%s.%s", r->res->app, r->res->model));
	put_str(input, "name", name);
	put_str(input, "slug", slug);
	map_set(input, "object_types", val_list(types));
	return store_create(&r->store, &res_saved_filter, input, row, &r->problems, &r->err);
}

bool page_saved_add(struct req *r) {
	const char *name = req_form(r, "name"), *query = req_form(r, "query"), *field, *list = arena_printf(r->a, "/%s/", r->res->page);
	const char *back = query == NULL || *query == '\0' ? list : arena_printf(r->a, "%s?%s", list, query);
	struct map *parameters = map_new(r->a, 8);
	struct param *params;
	struct result q;
	struct row *row;
	size_t n;

	r->problems.a = r->a;
	if (!query_params(r, query, &params, &n) || !offered(r, r->res, &q))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(params[i].name, "filter") == 0)
			add_saved(parameters, &q, params[i].value);
		else if (!passed_over(params[i].name))
			add_value(r, parameters, params[i].name, val_str(params[i].value));
	}
	if (parameters->n == 0 || name == NULL || *name == '\0') {
		page_flash(r, "danger", parameters->n == 0 ? "The list is not filtered: there is nothing to save." : "A saved filter needs a name.");
		return req_redirect(r, back);
	}
	if (!db_savepoint(r->db, "saved", &r->err))
		return false;
	if (save(r, &q, name, parameters, &row)) {
		page_flash(r, "success", "The query is saved as %s.", row_text(r, row));
		return req_redirect(r, arena_printf(r->a, "%s?filter=%s", list, val_cstr(row_get(row, "slug"), "")));
	}
	if (r->err.code != ERR_INVALID && r->err.code != ERR_CONFLICT && r->err.code != ERR_DENIED)
		return false;
	page_flash(r, "danger", "%s", problems_any(&r->problems) ? problems_first(&r->problems, &field) : r->err.msg);
	r->err = (struct err){ 0 };
	r->problems.fields = NULL;
	return db_rollback_to(r->db, "saved", &r->err) && req_redirect(r, back);
}
