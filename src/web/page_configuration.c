/* page_configuration.c: a text that was rendered for an object, with line numbers and as a file; or why there is none. */
#include "config.h"

#include "web/page.h"
#include "web/pages.h"

/* A name that can stand in a header: what else it holds becomes "-". */
static const char *file_name(struct req *r, const char *text, const char *ending) {
	char *s = arena_printf(r->a, "%s%s", text, ending);

	for (char *p = s; *p != '\0'; p++) {
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", *p) == NULL)
			*p = '-';
	}
	return s;
}

bool page_file(struct req *r, const char *name, const char *ending, const char *text, size_t len) {
	sb_reset(&r->body);
	sb_mem(&r->body, text, len);
	r->response_type = "text/plain; charset=utf-8";
	req_header(r, "Content-Disposition", arena_printf(r->a, "attachment; filename=\"%s\"", file_name(r, name, ending)));
	return true;
}

static int64_t count_lines(const struct sbuf *text) {
	int64_t n = text->len > 0 && text->s[text->len - 1] != '\n';

	for (size_t i = 0; i < text->len; i++)
		n += text->s[i] == '\n';
	return n;
}

bool page_configuration(struct req *r, const struct rendered *done) {
	const struct tmpl_err *te = done->error;
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row))
		return false;
	if (req_param(r, "raw") != NULL && te == NULL)
		return page_file(r, row_text(r, row), ".conf", done->text->s, done->text->len);
	ctx = detail_new(r, row, "configuration");
	if (ctx == NULL)
		return false;
	page_crumb(r, ctx, "Configuration", NULL);
	put_bool(ctx, "failed", te != NULL);
	put_str(ctx, "error", te == NULL ? "" : te->e.msg);
	put_str(ctx, "error_kind", te == NULL || te->e.kind == NULL ? "" : te->e.kind);
	put_str(ctx, "error_text", te == NULL || te->text == NULL ? "" : te->text);
	put_str(ctx, "error_name", te == NULL || te->name == NULL ? "" : te->name);
	put_int(ctx, "error_line", te == NULL ? 0 : te->line);
	put_int(ctx, "error_column", te == NULL ? 0 : te->column);
	map_set(ctx, "text", te == NULL ? val_mem(done->text->s, done->text->len) : val_str(""));
	put_int(ctx, "lines", te == NULL ? count_lines(done->text) : 0);
	put_int(ctx, "sessions", (int64_t)done->sessions);
	put_int(ctx, "milliseconds", done->milliseconds);
	return page_render_for(r, r->res, "configuration.html", ctx);
}
