/*
 * load.c: `peerage load`: a book as files of API-shaped objects. Each object is found by what identifies it and changed, or made.
 * All or nothing: the first object that is refused undoes the whole load.
 */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/world.h"
#include "model/book.h"

static const char help[] =
	"usage: peerage load DIRECTORY|FILE ...\n\n"
	"A file is named NN-APP.ENDPOINT.json (05-net.bfd.json) and holds a list of objects as one would POST them there. References are ids\n"
	"or attributes ({\"asn\": 64500}). An object that is in the book already is changed, others are made. The key \"template_file\" reads\n"
	"the template from a file, relative to the directory or the one above it. A directory's files are loaded in order of name.\n";

struct loading {
	struct cli *c;
	struct world w;
	struct arena *scratch;          /* reset after each object */
	const char *file, *dir;
	size_t index;
	size_t created, updated;
	struct problems problems;
};

static void close_file(void *f) {
	fclose(f);
}

static bool read_text(struct arena *a, const char *path, struct val *out, struct err *e) {
	FILE *f = fopen(path, "r");
	struct sbuf b;
	char chunk[16384];
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	arena_defer(a, close_file, f);
	sb_init(&b, a);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sb_mem(&b, chunk, n);
	*out = val_mem(b.s, b.len);
	return true;
}

/* "book/05-net.bfd.json" is about net/bfd. */
static const struct resource *resource_of(struct arena *a, const char *path, struct err *e) {
	const char *base = strrchr(path, '/'), *dot;
	const struct resource *res = NULL;
	char *api;
	size_t len;

	base = base == NULL ? path : base + 1;
	while (isdigit((unsigned char)*base) || *base == '-')
		base++;
	len = strlen(base);
	dot = strchr(base, '.');
	if (dot != NULL && len > 5 && strcmp(base + len - 5, ".json") == 0) {
		api = arena_strndup(a, base, len - 5);
		api[dot - base] = '/';
		res = res_by_api(api);
	}
	if (res == NULL)
		err_set(e, ERR_INVALID, NULL, "%s: the name is not of the form NN-APP.ENDPOINT.json with an endpoint that there is", path);
	return res;
}

/* Object ids as natural keys of the type beside them; templates from their files. */
static bool complete(struct loading *l, const struct resource *res, struct map *object, struct err *e) {
	struct val file = map_get(object, "template_file"), text;
	size_t i;

	for (i = 1; i < res->nfields; i++) {
		struct val v = map_get(object, res->fields[i].name), type = map_get(object, res->fields[i - 1].name);
		const struct resource *target = type.type == V_STR ? res_by_model(type.u.s) : NULL;
		int64_t id;

		if (res->fields[i].type != F_INT || res->fields[i - 1].type != F_OBJTYPE || v.type != V_MAP || target == NULL)
			continue;
		if (!store_find(&l->w.store, target, v.u.map, &id, e))
			return false;
		map_set(object, res->fields[i].name, val_int(id));
	}
	if (file.type != V_STR)
		return true;
	if (!read_text(l->scratch, arena_printf(l->scratch, "%s/%s", l->dir, file.u.s), &text, e) &&
	    !read_text(l->scratch, arena_printf(l->scratch, "%s/../%s", l->dir, file.u.s), &text, e))
		return false;
	map_set(object, "template", text);
	map_del(object, val_str("template_file"));
	return true;
}

static bool load_object(struct loading *l, const struct resource *res, struct val v, struct err *e) {
	struct store *s = &l->w.store;
	const struct map *key;
	struct row *row;
	int64_t id = 0;

	if (v.type != V_MAP)
		return err_set(e, ERR_INVALID, NULL, "this is a %s and not an object", val_type_name(v));
	if (!complete(l, res, v.u.map, e))
		return false;
	key = book_identity(l->scratch, res, v.u.map);
	e->code = ERR_NONE;
	if (key->n == 0 || !store_find(s, res, key, &id, e)) {
		if (e->code != ERR_NONE && e->code != ERR_NOT_FOUND)
			return false;
		l->created++;
		return store_create(s, res, v.u.map, &row, &l->problems, e);
	}
	l->updated++;
	return store_update(s, res, id, v.u.map, WRITE_PATCH, &row, &l->problems, e);
}

static bool load_file(struct loading *l, const char *path, struct err *e) {
	const struct resource *res = resource_of(l->c->a, path, e);
	const char *slash = strrchr(path, '/');
	struct val text, v;
	struct err why;
	size_t i;

	l->file = path;
	l->index = 0;
	l->dir = slash == NULL ? "." : arena_strndup(l->c->a, path, (size_t)(slash - path));
	if (res == NULL || !read_text(l->c->a, path, &text, e))
		return false;
	if (!json_parse(l->c->a, text.u.s, text.len, LIMIT_JSON_DATA_DEPTH, &v, &why))
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, why.msg);
	if (v.type != V_LIST)
		return err_set(e, ERR_INVALID, NULL, "%s: not a list of objects", path);
	for (i = 0; i < v.u.list->n; i++) {
		l->index = i + 1;
		l->problems = (struct problems){ .a = l->c->a };
		if (!load_object(l, res, v.u.list->v[i], &why)) {
			*e = why;
			return false;
		}
		arena_reset(l->scratch);
	}
	l->index = 0;
	return true;
}

static int by_name(const void *a, const void *b) {
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void close_dir(void *d) {
	closedir(d);
}

static bool load_dir(struct loading *l, const char *path, struct err *e) {
	DIR *d = opendir(path);
	const char **names = NULL;
	struct dirent *entry;
	size_t n = 0, cap = 0, i;

	if (d == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	arena_defer(l->c->a, close_dir, d);
	while ((entry = readdir(d)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len < 6 || strcmp(entry->d_name + len - 5, ".json") != 0)
			continue;
		if (n == cap) {
			names = arena_grow(l->c->a, names, cap * sizeof(*names), (cap + 64) * sizeof(*names));
			cap += 64;
		}
		names[n++] = arena_printf(l->c->a, "%s/%s", path, entry->d_name);
	}
	if (n > 0)
		qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++) {
		if (!load_file(l, names[i], e))
			return false;
	}
	return true;
}

static bool load_all(struct loading *l, struct err *e) {
	struct stat st;
	int i;

	if (!db_begin(l->w.db, DB_WRITE, e))
		return false;
	for (i = 1; i < l->c->argc; i++) {
		const char *path = l->c->argv[i];

		if (stat(path, &st) != 0)
			return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
		if (!(S_ISDIR(st.st_mode) ? load_dir(l, path, e) : load_file(l, path, e)))
			return false;
	}
	/* thousands of counted inserts leave as many differences behind */
	return db_query(l->w.db, l->c->a, "SELECT peerage_count_compact()", NULL, 0, NULL, e) && db_commit(l->w.db, e);
}

int cmd_load(struct cli *c) {
	struct loading l = { .c = c, .scratch = arena_new_root() };
	struct err e;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc < 2)
		return cli_usage(help, true);
	if (!world_open(c, &l.w, &e))
		return cli_fail(c, &e);
	l.w.store.a = l.scratch;
	if (!load_all(&l, &e)) {
		db_rollback(l.w.db);
		if (l.index > 0)
			fprintf(stderr, "peerage: %s: object %zu is refused; nothing was loaded\n", l.file, l.index);
		return cli_fail_input(c, &e, &l.problems);
	}
	if (c->json) {
		struct map *m = map_new(c->a, 2);

		map_set(m, "created", val_int((int64_t)l.created));
		map_set(m, "updated", val_int((int64_t)l.updated));
		cli_json(c, val_map(m));
	} else {
		printf("%zu objects made, %zu already there\n", l.created, l.updated);
	}
	return 0;
}
