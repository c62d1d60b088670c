/* nopages.c: until there are pages: an error says what it is, in plain HTML. */
#include "config.h"

#include "web/private.h"

const struct standard page_routes[] = { { 0, NULL, NULL, NULL, 0, 0, NULL } };

void page_error(struct req *r, int status, const char *title, const char *text) {
	(void)status;
	sb_str(&r->body, "<!doctype html><html lang=\"en\"><title>");
	sb_html(&r->body, title, strlen(title));
	sb_str(&r->body, "</title><h1>");
	sb_html(&r->body, title, strlen(title));
	sb_str(&r->body, "</h1><p>");
	sb_html(&r->body, text, strlen(text));
	sb_str(&r->body, "</p></html>");
}

/* The context as text: enough for a test to read. */
bool page_render(struct req *r, const char *name, struct map *context) {
	struct sbuf sb;

	if (r->csrf != NULL)
		map_set(context, "csrf_token", val_str(r->csrf));
	sb_init(&sb, r->a);
	json_write_pretty(&sb, val_map(context), 2, JSON_AS_IS);
	sb_str(&r->body, "<!doctype html><html lang=\"en\"><title>");
	sb_html(&r->body, name, strlen(name));
	sb_str(&r->body, "</title><pre>");
	sb_html(&r->body, sb.s, sb.len);
	sb_str(&r->body, "</pre></html>");
	return true;
}

void page_flash(struct req *r, const char *level, const char *fmt, ...) {
	(void)r;
	(void)level;
	(void)fmt;
}
