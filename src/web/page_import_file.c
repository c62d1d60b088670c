/* page_import_file.c: objects from a table, YAML or JSON: pasted or as a file, tried first, then written in one transaction. */
#include "config.h"

#include "model/book.h"
#include "web/page.h"

enum { SHOWN = 500, TEXT_SHOWN = 512 * 1024 };

static struct val fields_of(struct req *r) {
	struct list *out = list_new(r->a, r->res->nfields);

	for (size_t i = 0; i < r->res->nfields; i++) {
		if (book_field(&r->res->fields[i]))
			list_push(out, val_str(r->res->fields[i].name));
	}
	return val_list(out);
}

static struct map *frame(struct req *r, const struct book_source *src) {
	struct map *ctx = page_new(r, arena_printf(r->a, "Import %s", r->res->plural));

	page_crumb(r, ctx, res_titles(r->a, r->res), arena_printf(r->a, "/%s/", r->res->page));
	page_crumb(r, ctx, "Import", NULL);
	map_set(ctx, "res", res_map(r, r->res));
	map_set(ctx, "fields", fields_of(r));
	put_str(ctx, "format", req_form(r, "format") == NULL ? "auto" : req_form(r, "format"));
	put_str(ctx, "text", src != NULL && src->len <= TEXT_SHOWN ? arena_strndup(r->a, src->text, src->len) : "");
	put_str(ctx, "wrong", NULL);
	put_bool(ctx, "planned", false);
	map_set(ctx, "columns", val_null());
	put_bool(ctx, "long", src != NULL && src->len > TEXT_SHOWN);
	return ctx;
}

bool page_import_file(struct req *r) {
	return page_render(r, "import.html", frame(r, NULL));
}

/* A file that was chosen counts before what stands in the box. */
static struct book_source source_of(struct req *r) {
	struct book_source s = { .text = req_form(r, "text"), .only = r->res, .format = BOOK_AUTO };
	struct map *columns = map_new(r->a, 8);
	const char *name = NULL;

	for (size_t i = 0; i < r->nuploads; i++) {
		if (strcmp(r->uploads[i].name, "file") == 0 && r->uploads[i].len > 0) {
			s.text = r->uploads[i].data;
			s.len = r->uploads[i].len;
		}
	}
	if (s.text == NULL)
		s.text = "";
	if (s.len == 0)
		s.len = strlen(s.text);
	book_format_named(req_form(r, "format"), &s.format);
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "column") == 0)
			name = r->form[i].value;
		else if (strcmp(r->form[i].name, "to") == 0 && name != NULL)
			map_set(columns, name, val_str(r->form[i].value));
	}
	s.columns = columns;
	return s;
}

static void put_plan(struct map *ctx, const struct book_plan *p) {
	struct list *shown = p->lines;

	put_int(ctx, "created", (int64_t)p->created);
	put_int(ctx, "changed", (int64_t)p->changed);
	put_int(ctx, "same", (int64_t)p->same);
	put_int(ctx, "refused", (int64_t)p->refused);
	put_int(ctx, "more", p->lines->n > SHOWN ? (int64_t)(p->lines->n - SHOWN) : 0);
	if (shown->n > SHOWN)
		shown->n = SHOWN;
	map_set(ctx, "lines", val_list(shown));
	put_bool(ctx, "planned", true);
}

/* Refused ones first: they are what one has to look at. */
static void refused_first(struct arena *a, struct book_plan *p) {
	struct list *out = list_new(a, p->lines->n);

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < p->lines->n; i++) {
			if ((strcmp(val_cstr(map_get(p->lines->v[i].u.map, "action"), ""), "refused") == 0) == (pass == 0))
				list_push(out, p->lines->v[i]);
		}
	}
	p->lines = out;
}

bool page_import_file_post(struct req *r) {
	struct book_source src = source_of(r);
	struct book_file file;
	struct book_plan plan;
	struct map *ctx = frame(r, &src);
	struct err why;
	bool read = book_read(r->a, &src, &file, &why);

	if (file.columns != NULL)
		map_set(ctx, "columns", val_list(file.columns));
	if (!read) {
		put_str(ctx, "wrong", why.msg);
		r->status = 400;
		return page_render(r, "import.html", ctx);
	}
	if (!db_savepoint(r->db, "import", &r->err) || !book_apply(&r->store, &file, false, &plan, &r->err))
		return false;
	if (req_form(r, "_import") != NULL && plan.refused == 0) {
		page_flash(r, "success", "%zu %s: %zu created, %zu changed, %zu as they were.", file.n, r->res->plural, plan.created, plan.changed, plan.same);
		return req_redirect(r, arena_printf(r->a, "/%s/", r->res->page));
	}
	if (!db_rollback_to(r->db, "import", &r->err))
		return false;
	refused_first(r->a, &plan);
	put_plan(ctx, &plan);
	r->status = plan.refused > 0 ? 400 : 200;
	return page_render(r, "import.html", ctx);
}
