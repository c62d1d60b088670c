/* render.c: `peerage render`. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/world.h"
#include "peering/render.h"

static const char help[] =
	"usage: peerage render ROUTER... [--limit ROUTER,...] [--template FILE] [--output PATH] [--stats]\n\n"
	"Print the configuration of routers, given by name or id; of several, one after the other. --limit names them with commas between.\n"
	"--template renders FILE (- for standard input) instead of the routers' own templates. --output writes to PATH; if that is a\n"
	"folder, to ROUTER.conf in it. --stats tells on standard error how long it took. When a template fails, nothing of it is printed,\n"
	"and the exit status is 1.\n";

struct options {
	struct list *routers;           /* names or ids */
	const char *template, *output;
	bool stats;
};

static void add_names(struct cli *c, struct list *l, const char *names) {
	while (*names != '\0') {
		size_t n = strcspn(names, ",");

		if (n > 0)
			list_push(l, val_copy(c->a, names, n));
		names += n + (names[n] == ',');
	}
}

static bool parse(struct cli *c, struct options *o) {
	int i;

	*o = (struct options){ .routers = list_new(c->a, 4) };
	for (i = 1; i < c->argc; i++) {
		const char *arg = c->argv[i];
		bool more = i + 1 < c->argc;

		if (strcmp(arg, "--limit") == 0 && more)
			add_names(c, o->routers, c->argv[++i]);
		else if (strcmp(arg, "--template") == 0 && more)
			o->template = c->argv[++i];
		else if (strcmp(arg, "--output") == 0 && more)
			o->output = c->argv[++i];
		else if (strcmp(arg, "--stats") == 0)
			o->stats = true;
		else if (arg[0] == '-')
			return false;
		else
			list_push(o->routers, val_str(arg));
	}
	return o->routers->n > 0;
}

static bool read_file(struct arena *a, const char *path, const char **text, struct err *e) {
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	struct sbuf b;
	char buf[8192];
	size_t n;
	bool ok;

	if (f == NULL)
		return err_set(e, ERR_NOT_FOUND, NULL, "%s: %s", path, strerror(errno));
	sb_init(&b, a);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		sb_mem(&b, buf, n);
	ok = ferror(f) == 0;
	if (f != stdin)
		fclose(f);
	*text = b.s;
	return ok || err_set(e, ERR_INTERNAL, NULL, "%s cannot be read", path);
}

static bool write_file(struct arena *a, const char *path, const char *router, const struct sbuf *text, struct err *e) {
	struct stat st;
	FILE *f;
	bool ok;

	if (path == NULL)
		return fwrite(text->s, 1, text->len, stdout) == text->len || err_set(e, ERR_INTERNAL, NULL, "cannot write to standard output");
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (strchr(router, '/') != NULL || router[0] == '.')
			return err_set(e, ERR_INVALID, NULL, "the name \"%s\" cannot be that of a file", router);
		path = arena_printf(a, "%s/%s.conf", path, router);
	}
	f = fopen(path, "w");
	if (f == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "%s: %s", path, strerror(errno));
	ok = fwrite(text->s, 1, text->len, f) == text->len;
	ok = fclose(f) == 0 && ok;
	return ok || err_set(e, ERR_INTERNAL, NULL, "%s cannot be written", path);
}

static int fail_template(struct cli *c, const char *router, const struct tmpl_err *te) {
	if (c->json)
		return cli_fail(c, &te->e);
	fprintf(stderr, "peerage: %s: %s\n", router, te->text != NULL ? te->text : te->e.msg);
	return err_exit(te->e.code);
}

static int render_one(struct cli *c, struct store *s, const struct options *o, const char *text, const char *router) {
	struct render_report report;
	struct tmpl_err te;
	struct sbuf out;
	struct err e;
	int64_t id;

	sb_init(&out, c->a);
	if (!render_find_router(s, router, &id, &e))
		return cli_fail(c, &e);
	if (!render_router(s, id, text, &out, &report, &te))
		return fail_template(c, router, &te);
	if (!write_file(c->a, o->output, router, &out, &e))
		return cli_fail(c, &e);
	if (o->stats)
		fprintf(stderr, "%s: %zu sessions, %zu bytes, %u ms, %u of them to load the objects, %llu SQL statements\n", router,
		    report.sessions, report.bytes, report.milliseconds, report.load_milliseconds, (unsigned long long)report.statements);
	return 0;
}

int cmd_render(struct cli *c) {
	struct actor actor = { .superuser = true };
	const char *text = NULL;
	struct options o;
	struct world w;
	struct store s;
	struct err e;
	int status = 0;
	size_t i;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!parse(c, &o))
		return cli_usage(help, true);
	if (o.template != NULL && !read_file(c->a, o.template, &text, &e))
		return cli_fail(c, &e);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	s = (struct store){ .a = c->a, .db = w.db, .conf = &w.conf, .actor = &actor, .base_url = "" };
	for (i = 0; i < o.routers->n; i++) {
		int one = render_one(c, &s, &o, text, o.routers->v[i].u.s);

		status = status != 0 ? status : one;
	}
	return status;
}
