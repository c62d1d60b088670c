/* page_bulk.c: changing and deleting several objects at once: what was ticked, or all that the list's query finds. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "web/page.h"
#include "web/private.h"

static bool ticked(struct req *r, int64_t **ids, size_t *n) {
	*ids = arena_new(r->a, int64_t, r->nform + 1);
	*n = 0;
	for (size_t i = 0; i < r->nform; i++) {
		const char *s = r->form[i].value;

		if (strcmp(r->form[i].name, "pk") == 0 && *s != '\0' && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 19)
			(*ids)[(*n)++] = strtoll(s, NULL, 10);
	}
	return true;
}

bool query_params(struct req *r, const char *query, struct param **out, size_t *n) {
	struct param *given = r->params;
	size_t ngiven = r->nparams;
	bool ok;

	if (!params_parse(r, query == NULL ? "" : query, query == NULL ? 0 : strlen(query), &r->params, &r->nparams))
		return false;
	ok = filter_params(r, r->res, out, n);
	r->params = given;
	r->nparams = ngiven;
	return ok;
}

/* The rows that the form is about, within the right to `action`. */
bool page_selected(struct req *r, const char *action, enum form form, struct rows *out) {
	static const char *const none[] = { NULL };
	struct query q = { .res = r->res, .action = action, .form = form, .limit = LIMIT_BULK, .count = true, .columns = none };
	const char *query = req_form(r, "query");
	int64_t *ids;
	struct param *params;
	size_t n;

	if (req_form(r, "_all") != NULL) {
		if (!query_params(r, query, &params, &q.nparams))
			return false;
		q.params = params;
	} else {
		ticked(r, &ids, &n);
		if (n == 0) {
			*out = (struct rows){ 0 };
			return true;
		}
		q.ids = ids;
		q.nids = n;
	}
	if (!store_list(&r->store, &q, out, NULL, &r->err))
		return false;
	if (out->total > LIMIT_BULK)
		return req_fail(r, ERR_TOO_LARGE, "%lld objects are too many for one go: at most %d are taken.", (long long)out->total, LIMIT_BULK);
	return true;
}

static struct val rows_shown(struct req *r, const struct rows *rows) {
	struct list *out = list_new(r->a, rows->n);

	for (size_t i = 0; i < rows->n && i < PAGE_BULK_SHOWN; i++) {
		struct map *m = map_new(r->a, 3);
		const char *path = row_path(r, rows->row[i]);

		put_int(m, "id", rows->row[i]->id);
		put_str(m, "text", row_text(r, rows->row[i]));
		put_str(m, "href", path == NULL ? NULL : page_href(r, "%s", path));
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static struct map *bulk_new(struct req *r, const char *what, const struct rows *rows) {
	struct map *ctx = page_new(r, arena_printf(r->a, "%s %zu %s", what, rows->n, rows->n == 1 ? r->res->name : r->res->plural));
	struct list *ids = list_new(r->a, rows->n);

	page_crumb(r, ctx, res_titles(r->a, r->res), arena_printf(r->a, "/%s/", r->res->page));
	page_crumb(r, ctx, what, NULL);
	for (size_t i = 0; i < rows->n; i++)
		list_push(ids, val_int(rows->row[i]->id));
	map_set(ctx, "res", res_map(r, r->res));
	map_set(ctx, "rows", rows_shown(r, rows));
	map_set(ctx, "ids", val_list(ids));
	put_int(ctx, "count", (int64_t)rows->n);
	put_bool(ctx, "all", req_form(r, "_all") != NULL);
	put_str(ctx, "query", req_form(r, "query") == NULL ? "" : req_form(r, "query"));
	put_str(ctx, "return_url", page_return(r, ""));
	put_str(ctx, "cancel", page_href(r, "%s", page_return(r, arena_printf(r->a, "/%s/", r->res->page))));
	return ctx;
}

static const char *done_text(struct req *r, const char *what, size_t n) {
	return arena_printf(r->a, "%s %zu %s.", what, n, n == 1 ? r->res->name : r->res->plural);
}

static bool nothing(struct req *r) {
	page_flash(r, "warning", "Nothing was selected.");
	return req_redirect(r, page_return(r, arena_printf(r->a, "/%s/", r->res->page)));
}

/* `refused`: the object that could not be changed so; 0: it was the form itself. */
static bool edit_show(struct req *r, const struct rows *rows, int64_t refused) {
	struct widget_use use = { .params = r->form, .nparams = req_form(r, "_apply") == NULL ? 0 : r->nform, .bulk = true, .typed = true };
	struct map *ctx = bulk_new(r, "Edit", rows);
	struct list *cards;

	if (!form_cards(r, r->res, &use, &cards))
		return false;
	map_set(ctx, "cards", val_list(cards));
	map_set(ctx, "wrong", val_bool(problems_any(&r->problems)));
	map_set(ctx, "errors", form_errors(r, true));
	put_str(ctx, "refused", refused == 0 || rows_find(rows, refused) == NULL ? NULL : row_text(r, rows_find(rows, refused)));
	if (problems_any(&r->problems))
		r->status = 400;
	return page_render_for(r, r->res, "bulk_edit.html", ctx);
}

static bool nulled(struct req *r, const char *name) {
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "_nullify") == 0 && strcmp(r->form[i].value, name) == 0)
			return true;
	}
	return false;
}

/* Only what was filled in or is to be emptied. */
static bool bulk_input(struct req *r, struct map *input) {
	r->problems.a = r->a;
	for (size_t i = 0; i < r->res->nfields; i++) {
		const struct field *f = &r->res->fields[i];
		const char *given = req_form(r, f->name), *more = f->type == F_TAGS ? req_form(r, "tags.new") : NULL;
		bool list = f->type == F_REFS || f->type == F_TAGS;

		if ((f->flags & FF_BULK) == 0 || !field_on_form(r->res, (int)i))
			continue;
		if (nulled(r, f->name))
			map_set(input, f->name, list ? val_list(list_new(r->a, 0)) : (f->flags & FF_NULL) != 0 ? val_null() : val_str(""));
		else if (((given != NULL && *given != '\0') || (more != NULL && *more != '\0')) && !input_field(r, r->res, (int)i, input))
			return false;
	}
	return true;
}

static bool apply(struct req *r, const struct rows *rows, const struct map *input, int64_t *refused) {
	struct put *put = arena_new(r->a, struct put, rows->n);
	size_t bad = 0;
	bool ok;

	for (size_t i = 0; i < rows->n; i++)
		put[i] = (struct put){ .id = rows->row[i]->id, .input = input, .key = map_new(r->a, 0), .checked = true };
	ok = pieces_put(r, put, rows->n, &bad);
	*refused = ok || bad >= rows->n ? 0 : rows->row[bad]->id;
	items_end(r);
	return ok;
}

bool page_bulk_edit(struct req *r) {
	struct map *input = map_new(r->a, 8);
	bool applied = req_form(r, "_apply") != NULL;
	int64_t refused = 0;
	struct rows rows;

	if (!page_selected(r, "change", applied ? FORM_ID : FORM_BRIEF, &rows))
		return false;
	if (rows.n == 0)
		return nothing(r);
	if (!applied)
		return edit_show(r, &rows, 0);
	if (!db_savepoint(r->db, "bulk", &r->err) || !bulk_input(r, input))
		return false;
	if (!problems_any(&r->problems) && apply(r, &rows, input, &refused)) {
		return page_flash_undo(r, done_text(r, "Updated", rows.n)) && req_redirect(r, page_return(r, arena_printf(r->a, "/%s/", r->res->page)));
	}
	if (!problems_any(&r->problems)) {
		if (r->err.code != ERR_INVALID && r->err.code != ERR_CONFLICT)
			return false;
		problem_add(&r->problems, r->err.field, "%s", r->err.msg);
	}
	r->err = (struct err){ 0 };
	return db_rollback_to(r->db, "bulk", &r->err) && page_selected(r, "change", FORM_BRIEF, &rows) && edit_show(r, &rows, refused);
}

bool page_bulk_delete(struct req *r) {
	int64_t *ids, bad;
	struct rows rows;
	struct map *ctx;

	if (!page_selected(r, "delete", req_form(r, "_confirm") != NULL ? FORM_ID : FORM_BRIEF, &rows))
		return false;
	if (rows.n == 0)
		return nothing(r);
	if (req_form(r, "_confirm") == NULL) {
		ctx = bulk_new(r, "Delete", &rows);
		return page_render_for(r, r->res, "bulk_delete.html", ctx);
	}
	ids = arena_new(r->a, int64_t, rows.n);
	if (!db_savepoint(r->db, "bulk", &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = rows.row[i]->id;
	if (!pieces_delete(r, ids, rows.n, &bad)) {
		items_end(r);
		if (r->err.code != ERR_CONFLICT)
			return false;
		page_flash_err(r, &r->err);
		r->err = (struct err){ 0 };
		return db_rollback_to(r->db, "bulk", &r->err) && req_redirect(r, page_return(r, arena_printf(r->a, "/%s/", r->res->page)));
	}
	return page_flash_undo(r, done_text(r, "Deleted", rows.n)) && req_redirect(r, page_return(r, arena_printf(r->a, "/%s/", r->res->page)));
}
