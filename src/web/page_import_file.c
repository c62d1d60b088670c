/* page_import_file.c: objects from a table, YAML or JSON: pasted or as a file, tried first, then written in one transaction. */
#include "config.h"

#include "base/utf8.h"
#include "db/queries.h"
#include "model/book.h"
#include "web/page.h"

enum { SHOWN = 500, TEXT_SHOWN = 512 * 1024, UUID_LEN = 36 };

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
	put_str(ctx, "kept", NULL);
	return ctx;
}

bool page_import_file(struct req *r) {
	return page_render(r, "import.html", frame(r, NULL));
}

/* The file that was tried before and is too long for the box; it must not be gone. */
static bool kept(struct req *r, struct book_source *s) {
	const char *id = req_form(r, "kept");
	struct result q;

	if (id == NULL || *id == '\0')
		return true;
	if (strlen(id) != UUID_LEN || strspn(id, "0123456789abcdef-") != UUID_LEN)
		return req_fail(r, ERR_INVALID, "What was kept is named wrongly; choose the file again.");
	if (!db_named(r->db, r->a, Q_IMPORT_KEPT, (struct val[]){ val_str(id), val_int(r->actor.user_id), val_str(r->res->table) }, &q, &r->err))
		return false;
	if (q.n == 0)
		return req_fail(r, ERR_NOT_FOUND, "The file that was tried is no longer kept; choose it again.");
	s->text = result_at(&q, 0, 0).u.s;
	s->len = result_at(&q, 0, 0).len;
	return true;
}

/* One that is too long to be sent along with the form waits for the next button. */
static bool keep(struct req *r, const struct book_source *s, struct map *ctx) {
	const char *id = req_form(r, "kept");
	struct result q;

	if (s->len <= TEXT_SHOWN || r->actor.user_id == 0 || !utf8_valid(s->text, s->len) || memchr(s->text, '\0', s->len) != NULL)
		return true;
	if (id == NULL || *id == '\0') {
		if (!db_named(r->db, r->a, Q_IMPORT_KEEP, (struct val[]){ val_int(r->actor.user_id), val_str(r->res->table), val_str(arena_strndup(r->a, s->text, s->len)) }, &q, &r->err))
			return false;
		id = q.n == 0 ? NULL : result_at(&q, 0, 0).u.s;
	}
	put_str(ctx, "kept", id);
	return true;
}

static bool forget(struct req *r) {
	const char *id = req_form(r, "kept");

	return id == NULL || *id == '\0' || db_named(r->db, r->a, Q_IMPORT_DONE, (struct val[]){ val_str(id), val_int(r->actor.user_id) }, NULL, &r->err);
}

/* A file that was chosen counts before what stands in the box, that before what was kept. */
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
	if (s.len == 0 && (s.text == NULL || *s.text == '\0') && !kept(r, &s))
		return s;
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
	bool read;

	if (r->err.code != ERR_NONE)
		return false;
	read = book_read(r->a, &src, &file, &why);
	if (file.columns != NULL)
		map_set(ctx, "columns", val_list(file.columns));
	if (!read) {
		if (!keep(r, &src, ctx))
			return false;
		put_str(ctx, "wrong", why.msg);
		r->status = 400;
		return page_render(r, "import.html", ctx);
	}
	if (!db_savepoint(r->db, "import", &r->err) || !book_apply(&r->store, &file, false, &plan, &r->err))
		return false;
	if (req_form(r, "_import") != NULL && plan.refused == 0) {
		return forget(r) && page_flash_undo(r, arena_printf(r->a, "%zu %s: %zu created, %zu changed, %zu as they were.", file.n, r->res->plural, plan.created,
		    plan.changed, plan.same)) && req_redirect(r, arena_printf(r->a, "/%s/", r->res->page));
	}
	if (!db_rollback_to(r->db, "import", &r->err) || !keep(r, &src, ctx))
		return false;
	refused_first(r->a, &plan);
	put_plan(ctx, &plan);
	r->status = plan.refused > 0 ? 400 : 200;
	return page_render(r, "import.html", ctx);
}
