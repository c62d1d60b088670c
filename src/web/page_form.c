/* page_form.c: adding, editing and deleting one object. */
#include "config.h"

#include "base/json.h"
#include "web/page.h"

/* ---- the form ---- */

struct val form_errors(struct req *r, bool bulk) {
	struct list *out = list_new(r->a, 2);
	const struct map *m = r->problems.fields;

	for (size_t i = 0; m != NULL && i < m->n; i++) {
		const char *name = val_cstr(map_key(m, i), "");
		int f = res_field(r->res, name);
		struct val v = map_val(m, i);
		const char *label = f < 0 ? NULL : field_caption(r->a, &r->res->fields[f]);

		if (f >= 0 && (!bulk || (r->res->fields[f].flags & FF_BULK) != 0) && field_on_form(r->res, f) && (r->res->form == NULL || list_has(r->res->form, name)))
			continue;
		for (size_t k = 0; v.type == V_LIST && k < v.u.list->n; k++)
			list_push(out, label == NULL ? v.u.list->v[k] : val_printf(r->a, "%s: %s", label, val_cstr(v.u.list->v[k], "")));
		if (v.type == V_STR)
			list_push(out, v);
	}
	return val_list(out);
}

static bool form_show(struct req *r, const struct row *row, bool typed) {
	struct widget_use use = { .row = row, .params = typed ? r->form : r->params, .nparams = typed ? r->nform : r->nparams, .typed = typed,
		.creating = row == NULL };
	const char *title = row == NULL ? arena_printf(r->a, "Add %s %s", res_article(r->res), r->res->name) :
	    arena_printf(r->a, "Edit %s", row_text(r, row));
	struct map *ctx = page_new(r, title);
	const char *list = arena_printf(r->a, "/%s/", r->res->page);
	struct val errors = form_errors(r, false);
	struct list *cards;
	bool refresh = typed && req_form(r, "_refresh") != NULL;        /* the form again with what was typed, and nothing saved */

	page_crumb(r, ctx, res_titles(r->a, r->res), list);
	if (row != NULL && row_path(r, row) != NULL)
		page_crumb(r, ctx, row_text(r, row), row_path(r, row));
	page_crumb(r, ctx, row == NULL ? "Add" : "Edit", NULL);
	if (!form_preset(r, row, &use) || !form_cards(r, r->res, &use, &cards))
		return false;
	map_set(ctx, "res", res_map(r, r->res));
	map_set(ctx, "cards", val_list(cards));
	map_set(ctx, "errors", errors);
	put_bool(ctx, "wrong", typed && !refresh);
	put_bool(ctx, "creating", row == NULL);
	put_str(ctx, "return_url", page_return(r, ""));
	put_str(ctx, "cancel", page_href(r, "%s", page_return(r, row != NULL && row_path(r, row) != NULL ? row_path(r, row) : list)));
	r->status = typed && !refresh ? 400 : 200;
	return page_render_for(r, r->res, "form.html", ctx);
}

bool page_form(struct req *r) {
	struct row *row = NULL;

	if (r->id != 0 && !store_get(&r->store, r->res, r->id, "change", &row, &r->err))
		return false;
	return form_show(r, row, false);
}

static const char *after_write(struct req *r, const struct row *row) {
	const char *path = row_path(r, row);

	if (req_form(r, "_addanother") != NULL)
		return arena_printf(r->a, "/%s/add/", r->res->page);
	return page_return(r, path == NULL ? arena_printf(r->a, "/%s/", r->res->page) : path);
}

/* An error that has a place or a reason for people goes back to the form; all else is the page's own failure. */
static bool as_problem(struct req *r) {
	if (problems_any(&r->problems)) {
		r->err = (struct err){ 0 };
		return true;
	}
	if (r->err.code != ERR_INVALID && r->err.code != ERR_CONFLICT)
		return false;
	problem_add(&r->problems, r->err.field, "%s", r->err.msg);
	r->err = (struct err){ 0 };
	return true;
}

/* What the form itself found wrong is said first; the store is asked all the same, so that every message comes at once. */
static bool save(struct req *r, int64_t id, struct row **row) {
	struct map *input = map_new(r->a, r->res->nfields), *found;
	bool ok;

	if (!input_form(r, r->res, input))
		return false;
	found = r->problems.fields;
	r->problems.fields = NULL;
	ok = id == 0 ? store_create(&r->store, r->res, input, row, &r->problems, &r->err) :
	    store_update(&r->store, r->res, id, input, WRITE_PATCH, row, &r->problems, &r->err);
	if (found == NULL || found->n == 0 || (!ok && !problems_any(&r->problems) && r->err.code != ERR_INVALID))
		return ok;
	for (size_t i = 0; r->problems.fields != NULL && i < r->problems.fields->n; i++) {
		struct map_entry e = map_pair(r->problems.fields, i);

		if (map_find(found, e.key) == NULL)
			map_put(found, e.key, e.val);
	}
	r->problems.fields = found;
	return false;
}

bool page_form_post(struct req *r) {
	struct row *row = NULL, *before = NULL;

	r->problems.a = r->a;
	if (r->id != 0 && !store_get(&r->store, r->res, r->id, "change", &before, &r->err))
		return false;
	if (req_form(r, "_refresh") != NULL)
		return form_show(r, before, true);
	if (!db_savepoint(r->db, "form", &r->err))
		return false;
	if (save(r, r->id, &row)) {
		page_flash(r, "success", "%s %s %s.", r->id == 0 ? "Created" : "Modified", r->res->name, row_text(r, row));
		return req_redirect(r, after_write(r, row));
	}
	if (!as_problem(r))
		return false;
	return db_rollback_to(r->db, "form", &r->err) && form_show(r, before, true);
}

/* ---- deleting ---- */

/* What goes along, or stands in the way: rows of other tables that point here. */
static bool dependents(struct req *r, const struct row *row, struct list *out) {
	for (const struct resource *const *p = all_resources; *p != NULL; p++) {
		for (size_t i = 0; i < (*p)->nfields; i++) {
			const struct field *f = &(*p)->fields[i];
			struct child c = { *p, f->name, "", "", 0 };
			struct query q = { .res = *p, .child = &c, .child_of = row->id, .form = FORM_ID, .count = true, .limit = 1 };
			struct map *m;
			struct rows rows;

			if (f->type != F_REF || f->ref != row->res || !may(&r->store, *p, "view"))
				continue;
			if (!store_list(&r->store, &q, &rows, NULL, &r->err))
				return false;
			if (rows.total <= 0)
				continue;
			m = map_new(r->a, 4);
			put_int(m, "count", rows.total);
			put_str(m, "name", rows.total == 1 ? (*p)->name : (*p)->plural);
			put_str(m, "field", field_caption(r->a, f));
			put_str(m, "what", f->on_delete == DEL_CASCADE ? "delete" : f->on_delete == DEL_PROTECT ? "protect" : "unset");
			list_push(out, val_map(m));
		}
	}
	return true;
}

bool page_delete(struct req *r) {
	struct list *deps = list_new(r->a, 4);
	struct row *row;
	struct map *ctx;

	if (!store_get(&r->store, r->res, r->id, "delete", &row, &r->err) || !dependents(r, row, deps))
		return false;
	ctx = page_new(r, arena_printf(r->a, "Delete %s", row_text(r, row)));
	page_crumb(r, ctx, res_titles(r->a, r->res), arena_printf(r->a, "/%s/", r->res->page));
	if (row_path(r, row) != NULL)
		page_crumb(r, ctx, row_text(r, row), row_path(r, row));
	page_crumb(r, ctx, "Delete", NULL);
	map_set(ctx, "res", res_map(r, r->res));
	put_str(ctx, "text", row_text(r, row));
	map_set(ctx, "dependents", val_list(deps));
	put_str(ctx, "return_url", page_return(r, ""));
	put_str(ctx, "cancel", page_href(r, "%s", page_return(r, row_path(r, row) == NULL ? arena_printf(r->a, "/%s/", r->res->page) : row_path(r, row))));
	return page_render_for(r, r->res, "delete.html", ctx);
}

bool page_delete_post(struct req *r) {
	const char *self = arena_printf(r->a, "/%s/%lld/", r->res->page, (long long)r->id), *back, *text;
	struct row *row;

	if (!store_get(&r->store, r->res, r->id, "delete", &row, &r->err))
		return false;
	text = row_text(r, row);
	if (!db_savepoint(r->db, "deleting", &r->err))
		return false;
	if (store_delete(&r->store, r->res, r->id, &r->err)) {
		back = page_return(r, arena_printf(r->a, "/%s/", r->res->page));
		page_flash(r, "success", "Deleted %s %s.", r->res->name, text);
		/* the page that is no more is not gone back to */
		return req_redirect(r, strncmp(back, self, strlen(self)) == 0 ? arena_printf(r->a, "/%s/", r->res->page) : back);
	}
	if (r->err.code != ERR_CONFLICT)
		return false;
	page_flash_err(r, &r->err);
	r->err = (struct err){ 0 };
	return db_rollback_to(r->db, "deleting", &r->err) && req_redirect(r, res_has_page(r->res) ? self : arena_printf(r->a, "/%s/", r->res->page));
}
