/*
 * template.c: `peerage template`: the template engine on plain JSON, without a database: to try a template, to check it,
 * to look at its tree, to time it, and to run many (--batch).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "template/template.h"

enum { FILE_MAX = 1 << 30, BATCH_STEPS = 10 * 1000 * 1000 };

/* Texts by name: from a map, from files of a directory. */
struct loader {
	struct tmpl_loader l;           /* first */
	const struct map *files;
	const char *dir;
};

struct job {
	struct tmpl_options o;
	struct loader loader;
	const char *file, *data, *dir;
	bool check, ast, print, explain;
	long bench;
};

/* ---- files */

static bool read_stream(struct arena *a, FILE *f, struct sbuf *b) {
	size_t n;

	sb_init(b, a);
	do {
		sb_reserve(b, 64 * 1024);
		n = fread(b->s + b->len, 1, 64 * 1024, f);
		b->len += n;
		b->s[b->len] = '\0';
	} while (n > 0 && b->len < FILE_MAX);
	return !ferror(f);
}

static bool read_file(struct arena *a, const char *path, struct sbuf *b, struct err *e) {
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	bool ok;

	if (f == NULL)
		return err_set(e, ERR_NOT_FOUND, NULL, "%s cannot be opened", path);
	ok = read_stream(a, f, b);
	if (f != stdin)
		fclose(f);
	return ok || err_set(e, ERR_INVALID, NULL, "%s cannot be read", path);
}

/* Names stay below the directory. */
static bool harmless(const char *name) {
	return name[0] != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 && strstr(name, "/../") == NULL &&
	       (strlen(name) < 3 || strcmp(name + strlen(name) - 3, "/..") != 0);
}

static bool load(struct tmpl_loader *tl, struct arena *a, const char *name, const char **text, size_t *len, struct err *e) {
	struct loader *l = (struct loader *)tl;
	struct val v = l->files == NULL ? val_undef() : map_get(l->files, name);
	struct sbuf b;
	FILE *f;

	(void)e;
	if (v.type == V_STR) {
		*text = v.u.s;
		*len = v.len;
		return true;
	}
	if (l->dir == NULL || !harmless(name) || (f = fopen(arena_printf(a, "%s/%s", l->dir, name), "rb")) == NULL)
		return false;
	if (!read_stream(a, f, &b)) {
		fclose(f);
		return false;
	}
	fclose(f);
	*text = b.s;
	*len = b.len;
	return true;
}

/* ---- options */

static bool set_extension(struct tmpl_options *o, const char *name, struct err *e) {
	const char *last = strrchr(name, '.');

	last = last == NULL ? name : last + 1;
	if (strcmp(last, "do") == 0)
		o->ext_do = true;
	else if (strcmp(last, "loopcontrols") == 0)
		o->ext_loopcontrols = true;
	else if (strcmp(last, "i18n") == 0)
		o->ext_i18n = true;
	else if (strcmp(last, "with_") != 0 && strcmp(last, "autoescape") != 0)
		return err_set(e, ERR_INVALID, "extensions", "there is no extension \"%s\": do, loopcontrols, i18n", name);
	return true;
}

static const struct text_option {
	const char *name;
	size_t offset;
} text_options[] = {
	{ "block_start_string", offsetof(struct tmpl_options, block_start) },
	{ "block_end_string", offsetof(struct tmpl_options, block_end) },
	{ "variable_start_string", offsetof(struct tmpl_options, variable_start) },
	{ "variable_end_string", offsetof(struct tmpl_options, variable_end) },
	{ "comment_start_string", offsetof(struct tmpl_options, comment_start) },
	{ "comment_end_string", offsetof(struct tmpl_options, comment_end) },
	{ "line_statement_prefix", offsetof(struct tmpl_options, line_statement_prefix) },
	{ "line_comment_prefix", offsetof(struct tmpl_options, line_comment_prefix) },
	{ "newline_sequence", offsetof(struct tmpl_options, newline) },
}, flag_options[] = {
	{ "trim_blocks", offsetof(struct tmpl_options, trim_blocks) },
	{ "lstrip_blocks", offsetof(struct tmpl_options, lstrip_blocks) },
	{ "keep_trailing_newline", offsetof(struct tmpl_options, keep_trailing_newline) },
	{ "sandboxed", offsetof(struct tmpl_options, sandboxed) },
	{ "newstyle_gettext", offsetof(struct tmpl_options, newstyle_gettext) },
};

static bool yes(struct val v) {
	return v.type == V_BOOL ? v.u.b : v.type == V_INT && v.u.i != 0;
}

static bool set_undefined(struct tmpl_options *o, struct val v, struct err *e) {
	static const char *const names[] = {
		[TMPL_DEFAULT] = "default", [TMPL_STRICT] = "strict", [TMPL_CHAINABLE] = "chainable", [TMPL_DEBUG] = "debug",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(val_cstr(v, ""), names[i]) == 0) {
			o->undefined = (enum tmpl_undefined)i;
			return true;
		}
	}
	return err_set(e, ERR_INVALID, "undefined", "undefined is default, strict, chainable or debug");
}

static bool set_option(struct tmpl_options *o, const char *name, struct val v, struct err *e) {
	size_t i;

	for (i = 0; i < ARRAY_LEN(text_options); i++) {
		if (strcmp(name, text_options[i].name) == 0) {
			*(const char **)(void *)((char *)o + text_options[i].offset) = v.type == V_STR ? v.u.s : NULL;
			return true;
		}
	}
	for (i = 0; i < ARRAY_LEN(flag_options); i++) {
		if (strcmp(name, flag_options[i].name) == 0) {
			*(bool *)((char *)o + flag_options[i].offset) = yes(v);
			return true;
		}
	}
	if (strcmp(name, "autoescape") == 0) {
		o->escape = v.type == V_STR ? TMPL_ESCAPE_BY_NAME : yes(v) ? TMPL_ESCAPE : TMPL_PLAIN;
		return true;
	}
	if (strcmp(name, "undefined") == 0)
		return set_undefined(o, v, e);
	for (i = 0; strcmp(name, "extensions") == 0 && v.type == V_LIST && i < v.u.list->n; i++) {
		if (!set_extension(o, val_cstr(v.u.list->v[i], ""), e))
			return false;
	}
	if (strcmp(name, "profile") == 0 && v.type == V_STR && strcmp(v.u.s, "peering-manager") == 0)
		template_profile(o);
	else if (strcmp(name, "profile") == 0 && v.type != V_NULL)
		return err_set(e, ERR_INVALID, "profile", "there is one profile: peering-manager");
	return true;
}

/* ---- --batch */

static void limit(struct tmpl_options *o) {
	o->limits = (struct tmpl_limits){ .steps = BATCH_STEPS, .output = 64u << 20, .memory = 128u << 20, .depth = 0, .milliseconds = 10000 };
}

/* The options of a request, its files, its template. */
static struct tmpl *batch_parse(struct arena *a, const struct map *request, struct tmpl_env **env, struct tmpl_err *te) {
	struct tmpl_options o = { 0 };
	struct loader *loader = arena_new(a, struct loader, 1);
	struct val options = map_get(request, "options"), files = map_get(request, "files"), text = map_get(request, "template");
	struct tmpl *t;
	size_t i;

	/* the profile first: what the case says of itself goes over it */
	if (options.type == V_MAP && !set_option(&o, "profile", map_get(options.u.map, "profile").type == V_UNDEF ? val_null()
	    : map_get(options.u.map, "profile"), &te->e))
		return NULL;
	for (i = 0; options.type == V_MAP && i < options.u.map->n; i++) {
		if (!set_option(&o, val_cstr(map_key(options.u.map, i), ""), map_val(options.u.map, i), &te->e))
			return NULL;
	}
	limit(&o);
	loader->l.load = load;
	loader->files = files.type == V_MAP ? files.u.map : map_new(a, 0);
	o.loader = &loader->l;
	if (text.type != V_STR) {
		err_set(&te->e, ERR_INVALID, "template", "\"template\" must be a string");
		return NULL;
	}
	*env = tmpl_env_new(a, &o);
	return tmpl_parse(*env, NULL, text.u.s, text.len, &t, te) ? t : NULL;
}

/* The template printed back: *same says whether that is parsed to the same tree, and prints the same again. */
static void print_back(struct arena *a, struct tmpl_env *env, const struct tmpl *t, struct sbuf *out, bool *same) {
	struct tmpl_err te = { 0 };
	struct sbuf again, tree[2];
	struct tmpl *t2;

	tmpl_print(t, out);
	*same = tmpl_parse(env, NULL, out->s, out->len, &t2, &te);
	if (!*same)
		return;
	sb_init(&again, a);
	sb_init(&tree[0], a);
	sb_init(&tree[1], a);
	tmpl_print(t2, &again);
	tmpl_dump(t, &tree[0]);
	tmpl_dump(t2, &tree[1]);
	*same = strcmp(out->s, again.s) == 0 && strcmp(tree[0].s, tree[1].s) == 0;
}

static void batch_line(struct arena *a, const char *line, size_t len, bool print) {
	struct map *answer = map_new(a, 2), *error;
	struct tmpl_err te = { 0 };
	struct val request = val_null(), context;
	struct tmpl_env *env = NULL;
	struct tmpl *t = NULL;
	struct sbuf out, json;
	bool ok, same;

	sb_init(&out, a);
	sb_init(&json, a);
	ok = json_parse_exact(a, line, len, LIMIT_JSON_DATA_DEPTH, tmpl_big_int, &request, &te.e);
	if (ok && request.type != V_MAP)
		ok = err_set(&te.e, ERR_INVALID, NULL, "a line is an object with \"id\" and \"template\"");
	map_set(answer, "id", request.type == V_MAP ? map_get(request.u.map, "id") : val_null());
	if (ok)
		t = batch_parse(a, request.u.map, &env, &te);
	context = t == NULL ? val_null() : map_get(request.u.map, "context");
	if (t != NULL && print) {
		print_back(a, env, t, &out, &same);
		map_set(answer, "output", val_mem(out.s, out.len));
		map_set(answer, "same", val_bool(same));
	} else if (t != NULL && tmpl_render(t, a, context.type == V_MAP ? context.u.map : map_new(a, 0), NULL, &out, &te)) {
		map_set(answer, "output", val_mem(out.s, out.len));
	} else {
		error = map_new(a, 4);
		map_set(error, "class", val_str(te.e.kind == NULL ? "ValueError" : te.e.kind));
		map_set(error, "message", val_str(te.e.msg));
		map_set(error, "lineno", te.line == 0 ? val_null() : val_int(te.line));
		map_set(error, "template", val_str_or_null(te.name));
		map_set(answer, "error", val_map(error));
	}
	json_write(&json, val_map(answer));
	sb_chr(&json, '\n');
	fwrite(json.s, 1, json.len, stdout);
	fflush(stdout);
}

static int batch(bool print) {
	struct arena *a = arena_new_root();
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n > 0)
			batch_line(a, line, (size_t)n, print);
		arena_reset(a);
	}
	arena_free(a);
	return 0;
}

/* ---- one template */

/* One line for programs; the line of the template with a caret, a hint and the chain of includes and macros for who looks. */
static int complain(const struct job *j, const struct tmpl_err *e) {
	const char *more = e->text == NULL ? NULL : strchr(e->text, '\n');

	fprintf(stderr, "%s:%u:%u: %s%s%s\n", e->name == NULL ? j->file : e->name, e->line, e->column,
		e->e.kind == NULL ? "" : e->e.kind, e->e.kind == NULL ? "" : ": ", e->e.msg);
	if (more != NULL && (j->explain || isatty(STDERR_FILENO)))
		fputs(more + 1, stderr);
	return 1;
}

static double seconds(void) {
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);   /* others may use the machine as well */
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b) {
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The most memory that was resident, in KiB; ru_maxrss begins at what the process had that started this one. */
static long peak(void) {
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long kib = 0;

	while (f != NULL && kib == 0 && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	}
	if (f != NULL)
		fclose(f);
	return kib;
}

/* Times go to standard error, the text of the last render where it would go without --bench. */
static int bench(const struct job *j, struct arena *keep, struct tmpl *t, const struct map *context, double parsed) {
	struct arena *a = arena_new_root(), *text = arena_new_root();
	double *took = arena_new(keep, double, (size_t)j->bench), start, median;
	struct tmpl_err e = { 0 };
	struct sbuf out;
	long i;

	sb_init(&out, text);
	for (i = 0; i < j->bench; i++) {
		arena_reset(a);
		sb_reset(&out);
		start = seconds();
		if (!tmpl_render(t, a, context, NULL, &out, &e))
			return complain(j, &e);
		took[i] = seconds() - start;
	}
	qsort(took, (size_t)j->bench, sizeof(*took), by_size);
	median = took[j->bench / 2];
	fprintf(stderr, "parse %.3f ms\nrender %.3f ms\nresident %ld KiB\n%zu bytes, %.1f MB/s\n", parsed * 1e3, median * 1e3,
		peak(), out.len, (double)out.len / median / 1e6);
	fwrite(out.s, 1, out.len, stdout);
	arena_free(a);
	arena_free(text);
	return 0;
}

static int check(const struct job *j, struct arena *a, struct tmpl *t, const struct map *context) {
	struct list *unknown = tmpl_unknown(t, a, context);
	size_t i;

	for (i = 0; i < unknown->n; i++)
		fprintf(stderr, "%s:%s\n", j->file, val_cstr(unknown->v[i], ""));
	return unknown->n > 0 ? 1 : 0;
}

static int one(struct cli *cli, struct job *j) {
	struct arena *a = cli->a, *scratch = arena_new_root();
	struct tmpl_err te = { 0 };
	struct val context = val_map(map_new(a, 0));
	struct sbuf text, json, out;
	struct tmpl_env *env;
	struct tmpl *t;
	double start;

	if (j->data != NULL && (!read_file(scratch, j->data, &json, &te.e) || !json_parse_exact(a, json.s, json.len, LIMIT_JSON_DATA_DEPTH, tmpl_big_int, &context, &te.e)))
		return fprintf(stderr, "%s:1:1: %s\n", j->data, te.e.msg), 1;
	arena_reset(scratch);           /* the text of the data is read: its memory goes to the output */
	if (context.type != V_MAP)
		return fprintf(stderr, "%s:1:1: the data must be an object\n", j->data), 1;
	if (!read_file(a, j->file, &text, &te.e))
		return fprintf(stderr, "%s:1:1: %s\n", j->file, te.e.msg), 1;
	j->loader = (struct loader){ .l.load = load, .dir = j->dir };
	j->o.loader = &j->loader.l;
	start = seconds();
	env = tmpl_env_new(a, &j->o);
	if (!tmpl_parse(env, j->file, text.s, text.len, &t, &te))
		return complain(j, &te);
	start = seconds() - start;
	sb_init(&out, scratch);
	if (j->check)
		return check(j, a, t, context.u.map);
	if (j->bench > 0)
		return bench(j, a, t, context.u.map, start);
	if (j->ast)
		tmpl_dump(t, &out);
	else if (j->print)
		tmpl_print(t, &out);
	else if (!tmpl_render(t, a, context.u.map, NULL, &out, &te))
		return complain(j, &te);
	fwrite(out.s, 1, out.len, stdout);
	return 0;
}

static int usage(void) {
	fprintf(stderr, "usage: peerage template FILE.j2 [--data CONTEXT.json] [--dir DIR] [--check | --ast | --print | --bench N]\n"
		"           [--trim-blocks] [--lstrip-blocks] [--keep-trailing-newline] [--autoescape] [--strict] [--do] [--loopcontrols]\n"
		"           [--i18n] [--sandboxed] [--peering-manager] [--explain]\n"
		"       peerage template --batch [--print]\n"
		"An error is one line, FILE:LINE:COLUMN: message; on a terminal, or with --explain, the line of the template, a hint and\n"
		"the chain of includes and macros follow.\n");
	return 2;
}

static bool flag(struct job *j, const char *arg) {
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--trim-blocks", &j->o.trim_blocks }, { "--lstrip-blocks", &j->o.lstrip_blocks },
		{ "--keep-trailing-newline", &j->o.keep_trailing_newline }, { "--check", &j->check }, { "--ast", &j->ast }, { "--print", &j->print },
		{ "--do", &j->o.ext_do }, { "--loopcontrols", &j->o.ext_loopcontrols }, { "--i18n", &j->o.ext_i18n },
		{ "--sandboxed", &j->o.sandboxed }, { "--explain", &j->explain },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(flags); i++) {
		if (strcmp(arg, flags[i].name) == 0) {
			*flags[i].flag = true;
			return true;
		}
	}
	if (strcmp(arg, "--autoescape") == 0)
		j->o.escape = TMPL_ESCAPE;
	else if (strcmp(arg, "--strict") == 0)
		j->o.undefined = TMPL_STRICT;
	else if (strcmp(arg, "--peering-manager") == 0)
		template_profile(&j->o);
	else
		return false;
	return true;
}

int cmd_template(struct cli *cli) {
	struct job j = { 0 };
	int i;

	for (i = 1; i < cli->argc; i++) {
		const char *arg = cli->argv[i];

		if (strcmp(arg, "--batch") == 0)
			return batch(i + 1 < cli->argc && strcmp(cli->argv[i + 1], "--print") == 0);
		if (strcmp(arg, "--data") == 0 && i + 1 < cli->argc)
			j.data = cli->argv[++i];
		else if (strcmp(arg, "--dir") == 0 && i + 1 < cli->argc)
			j.dir = cli->argv[++i];
		else if (strcmp(arg, "--bench") == 0 && i + 1 < cli->argc)
			j.bench = strtol(cli->argv[++i], NULL, 10);
		else if (arg[0] == '-' && arg[1] != '\0' && !flag(&j, arg))
			return usage();
		else if (arg[0] != '-' || arg[1] == '\0')
			j.file = arg;
	}
	if (j.file == NULL)
		return usage();
	limit(&j.o);
	return one(cli, &j);
}
