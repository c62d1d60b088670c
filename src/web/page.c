/* page.c: the frame of every page: templates, navigation, user, messages; and the page of an error. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"

enum { TEMPLATE_MAX = 512 * 1024, FLASH_MAX = 1000, FLASH_SECONDS = 60 };

/* ---- templates: read once a process and kept ---- */

static FILE *template_open(const struct site *site, struct arena *a, const char *name) {
	bool ours = *name != '/' && strstr(name, "..") == NULL;

	return ours ? fopen(arena_printf(a, "%s/%s", site->dir, name), "re") : NULL;
}

static bool site_load(struct tmpl_loader *self, struct arena *a, const char *name, const char **text, size_t *len, struct err *e) {
	FILE *f = template_open((const struct site *)self, a, name);
	char *buf;
	size_t n;

	if (f == NULL)
		return false;
	buf = arena_alloc(a, TEMPLATE_MAX);
	n = fread(buf, 1, TEMPLATE_MAX - 1, f);
	fclose(f);
	if (n == TEMPLATE_MAX - 1)
		return err_set(e, ERR_TOO_LARGE, NULL, "%s has %d bytes or more", name, TEMPLATE_MAX - 1);
	*text = arena_strndup(a, buf, n);
	*len = n;
	return true;
}

static struct site *site_open(struct arena *root, void **kept, const struct conf *conf) {
	struct tmpl_options o = { .trim_blocks = true, .lstrip_blocks = true, .escape = TMPL_ESCAPE, .undefined = TMPL_STRICT, .ext_do = true };
	struct site *site = *kept;

	if (site != NULL)
		return site;
	site = *kept = arena_new(root, struct site, 1);
	site->loader.load = site_load;
	site->a = root;
	site->dir = conf->html_dir;
	site->known = map_new(root, 64);
	o.loader = &site->loader;
	site->env = tmpl_env_new(root, &o);
	return site;
}

struct site *site_of(struct req *r) {
	return site_open(r->root, r->kept, r->conf);
}

static bool template_exists(struct site *site, const char *name) {
	struct val *known = map_find(site->known, val_str(name));
	FILE *f;

	if (known != NULL)
		return known->u.b;
	f = template_open(site, site->a, name);
	if (f != NULL)
		fclose(f);
	map_set(site->known, arena_strdup(site->a, name), val_bool(f != NULL));
	return f != NULL;
}

bool page_start(struct arena *root, void **kept, const struct conf *conf, struct err *e) {
	static const char *const first[] = { "home.html", "list.html", "detail.html", "child.html", "form.html", "search.html", "error.html" };
	struct site *site = site_open(root, kept, conf);
	struct tmpl_err te = { 0 };
	struct tmpl *t;

	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		if (!tmpl_get(site->env, first[i], &t, &te))
			return err_set(e, ERR_INTERNAL, NULL, "%s", te.text == NULL ? te.e.msg : te.text);
	}
	return true;
}

/* ---- messages: they wait in a cookie for the next page ---- */

static void flash_set(struct req *r, const char *level, const char *text, const char *href) {
	size_t len = strlen(text);
	struct sbuf sb;

	/* no more than a cookie holds, and no half of a letter */
	for (len = len > FLASH_MAX ? FLASH_MAX : len; len > 0 && (text[len] & 0xC0) == 0x80; len--)
		;
	sb_init(&sb, r->a);
	sb_str(&sb, level);
	sb_chr(&sb, '.');
	sb_url(&sb, text, len);
	if (href != NULL)
		sb_fmt(&sb, "&u=%s", href);
	req_set_cookie(r, "messages", sb.s, FLASH_SECONDS);
}

void page_flash(struct req *r, const char *level, const char *fmt, ...) {
	va_list ap;

	va_start(ap, fmt);
	flash_set(r, level, arena_vprintf(r->a, fmt, ap), NULL);
	va_end(ap);
}

bool page_flash_undo(struct req *r, const char *text) {
	struct val id = val_str(r->request_id);
	struct result q;

	if (!db_named(r->db, r->a, Q_CHANGE_OF_REQUEST, &id, &q, &r->err))
		return false;
	flash_set(r, "success", text, q.n == 0 || !may(&r->store, &res_object_change, "view") ? NULL :
	    page_href(r, "/core/changelog/%lld/", (long long)result_at(&q, 0, 0).u.i));
	return true;
}

void page_flash_err(struct req *r, const struct err *e) {
	page_flash(r, "danger", "%s", e->msg[0] == '\0' ? "That did not work." : e->msg);
}

static struct val flashes(struct req *r) {
	const char *cookie = req_cookie(r, "messages"), *dot = cookie == NULL ? NULL : strchr(cookie, '.');
	struct list *out = list_new(r->a, 1);
	struct param *p;
	struct map *m;
	size_t n;

	if (dot == NULL)
		return val_list(out);
	req_set_cookie(r, "messages", "", 0);
	if (!params_parse(r, arena_printf(r->a, "t=%s", dot + 1), strlen(dot + 1) + 2, &p, &n) || n < 1 || n > 2)
		return val_list(out);
	m = map_new(r->a, 3);
	put_str(m, "level", strncmp(cookie, "success", 7) == 0 ? "success" : strncmp(cookie, "warning", 7) == 0 ? "warning" : "danger");
	put_str(m, "text", p[0].value);
	put_str(m, "undo", n == 2 && strncmp(p[1].value, "/", 1) == 0 && strncmp(p[1].value, "//", 2) != 0 ? p[1].value : NULL);
	list_push(out, val_map(m));
	return val_list(out);
}

/* ---- context ---- */

const char *page_href(struct req *r, const char *fmt, ...) {
	va_list ap;
	const char *path;

	va_start(ap, fmt);
	path = arena_vprintf(r->a, fmt, ap);
	va_end(ap);
	return *r->conf->base_path == '\0' ? path : arena_printf(r->a, "%s%s", r->conf->base_path, path);
}

const char *page_peeringdb(struct req *r, const char *path) {
	const char *api = r->conf->peeringdb_url;
	size_t n = strlen(api);

	while (n > 0 && api[n - 1] == '/')
		n--;
	if (n > 4 && memcmp(api + n - 4, "/api", 4) == 0)
		n -= 4;
	return arena_printf(r->a, "%.*s/%s", (int)n, api, path);
}

const char *page_return(struct req *r, const char *other) {
	const char *to = req_form(r, "return_url");

	if (to == NULL || *to == '\0')
		to = req_param(r, "return_url");
	return to != NULL && to[0] == '/' && to[1] != '/' && strpbrk(to, "\\\r\n") == NULL ? to : other;
}

struct map *page_new(struct req *r, const char *title) {
	struct map *ctx = map_new(r->a, 40);

	put_str(ctx, "title", title);
	map_set(ctx, "crumbs", val_list(list_new(r->a, 4)));
	return ctx;
}

void page_crumb(struct req *r, struct map *ctx, const char *text, const char *href) {
	struct map *m = map_new(r->a, 2);

	put_str(m, "text", text);
	put_str(m, "href", href == NULL ? NULL : page_href(r, "%s", href));
	list_push(map_get(ctx, "crumbs").u.list, val_map(m));
}

static struct val user_map(struct req *r) {
	struct map *m = map_new(r->a, 4);

	if (!r->actor.authenticated)
		return val_null();
	put_str(m, "name", r->actor.user_name);
	put_bool(m, "staff", r->actor.staff || r->actor.superuser);
	put_int(m, "id", r->actor.user_id);
	return val_map(m);
}

static void frame(struct req *r, struct map *ctx) {
	map_set(ctx, "user", user_map(r));
	map_set(ctx, "nav", r->actor.authenticated || !r->conf->login_required ? nav_list(r) : val_list(list_new(r->a, 0)));
	if (map_get(ctx, "active").type == V_UNDEF)
		put_str(ctx, "active", r->res == NULL ? "" : r->res->page);
	put_str(ctx, "base", r->conf->base_path);
	put_str(ctx, "static", page_href(r, "/static"));
	put_str(ctx, "csrf", r->csrf == NULL ? "" : r->csrf);
	put_str(ctx, "version", PACKAGE_VERSION);
	put_str(ctx, "request_id", r->request_id);
	put_str(ctx, "zone", zone_of(r));
	put_str(ctx, "theme", val_cstr(prefs_get(r, "theme"), ""));
	put_str(ctx, "path", r->path);
	put_str(ctx, "here", *r->raw_query == '\0' ? r->path : arena_printf(r->a, "%s?%s", r->path, r->raw_query));
	if (map_get(ctx, "crumbs").type == V_UNDEF)
		map_set(ctx, "crumbs", val_list(list_new(r->a, 0)));
	if (map_get(ctx, "search_text").type == V_UNDEF)
		put_str(ctx, "search_text", "");
	map_set(ctx, "flashes", flashes(r));
}

static bool render(struct req *r, const char *name, struct map *ctx, struct tmpl_err *te) {
	struct site *site = site_of(r);
	struct tmpl *t;

	frame(r, ctx);
	sb_reserve(&r->body, 48 * 1024);
	r->response_type = "text/html; charset=utf-8";
	return tmpl_get(site->env, name, &t, te) && tmpl_render(t, r->a, ctx, r, &r->body, te);
}

bool page_render(struct req *r, const char *name, struct map *ctx) {
	struct tmpl_err te = { 0 };

	if (render(r, name, ctx, &te))
		return true;
	log_msg(LOG_LEVEL_ERROR, "template %s: %s", name, te.text == NULL ? te.e.msg : te.text);
	return req_fail(r, ERR_INTERNAL, "The page %s cannot be shown: %s", name, te.e.msg);
}

bool page_render_for(struct req *r, const struct resource *res, const char *name, struct map *ctx) {
	const char *special = arena_printf(r->a, "%s/%s", res->command, name);

	return page_render(r, template_exists(site_of(r), special) ? special : name, ctx);
}

/* Without the template, plain words: an error must never fail. Where no route was found nobody has asked who it is yet. */
void page_error(struct req *r, int status, const char *title, const char *text) {
	struct tmpl_err te = { 0 };
	struct map *ctx = page_new(r, title);
	struct err kept = r->err;

	if (status == 404 && r->route == NULL && !r->actor.authenticated)
		(void)auth_identify(r);
	r->err = kept;

	put_int(ctx, "status", status);
	put_str(ctx, "text", text);
	page_crumb(r, ctx, title, NULL);
	sb_reset(&r->body);
	if (!render(r, "error.html", ctx, &te)) {
		log_msg(LOG_LEVEL_ERROR, "template error.html: %s", te.text == NULL ? te.e.msg : te.text);
		sb_reset(&r->body);
		sb_fmt(&r->body, "%d %s\n\n%s\n\n%s\n", status, title, text, r->request_id);
		r->response_type = "text/plain; charset=utf-8";
	}
	r->status = status;
}
