/*
 * peeringdb.c: `peerage peeringdb load`: the cache from files in PeeringDB's own form, through COPY. Ids are kept. Which columns there
 * are, and what they hold, is asked of the database, so that a new column needs a migration and nothing here.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/world.h"

static const char help[] =
	"usage: peerage peeringdb load DIRECTORY\n\n"
	"Loads TYPE.json (org fac net ix ixlan ...), each {\"data\": [...]} as PeeringDB's API gives it. Rows that are there are changed; rows\n"
	"whose parent is missing are left out.\n";

static const struct { const char *type, *table; } types[] = {   /* parents first */
	{ "org", "peeringdb_organization" }, { "campus", "peeringdb_campus" }, { "fac", "peeringdb_facility" }, { "carrier", "peeringdb_carrier" },
	{ "carrierfac", "peeringdb_carrier_facility" }, { "net", "peeringdb_network" }, { "poc", "peeringdb_network_contact" },
	{ "ix", "peeringdb_internet_exchange" }, { "ixlan", "peeringdb_ixlan" }, { "ixpfx", "peeringdb_ixlan_prefix" },
	{ "ixfac", "peeringdb_internet_exchange_facility" }, { "netfac", "peeringdb_network_facility" }, { "netixlan", "peeringdb_network_ixlan" },
};

static const char columns_sql[] =
	"SELECT a.attname::text, a.attnotnull, t.typcategory::text, t.typname::text,"
	" (SELECT c.confrelid::regclass::text FROM pg_constraint c WHERE c.conrelid = a.attrelid AND c.contype = 'f' AND c.conkey = ARRAY[a.attnum])"
	" FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped"
	" AND a.attgenerated = '' ORDER BY a.attnum";

struct column {
	const char *name, *category, *type, *parent;
	bool required;
};

struct table {
	const char *name;
	struct column *col;
	size_t n;
	struct sbuf names;              /* "id", "name", ... */
};

static bool read_columns(struct arena *a, struct db *db, const char *name, struct table *t, struct err *e) {
	const struct val param = val_str(name);
	struct result r;
	size_t i;

	if (!db_query(db, a, columns_sql, &param, 1, &r, e))
		return false;
	t->name = name;
	t->n = r.n;
	t->col = arena_new(a, struct column, r.n);
	sb_init(&t->names, a);
	for (i = 0; i < r.n; i++) {
		t->col[i] = (struct column){ .name = result_at(&r, i, 0).u.s, .required = result_at(&r, i, 1).u.b, .category = result_at(&r, i, 2).u.s,
			.type = result_at(&r, i, 3).u.s, .parent = val_cstr(result_at(&r, i, 4), NULL) };
		sb_fmt(&t->names, "%s\"%s\"", i > 0 ? ", " : "", t->col[i].name);
	}
	return true;
}

/* A value of COPY's text format. */
static void copy_text(struct sbuf *b, const char *s, size_t len) {
	size_t i;

	for (i = 0; i < len; i++) {
		switch (s[i]) {
		case '\\': sb_str(b, "\\\\"); break;
		case '\t': sb_str(b, "\\t"); break;
		case '\n': sb_str(b, "\\n"); break;
		case '\r': sb_str(b, "\\r"); break;
		case '\0': break;
		default: sb_chr(b, s[i]);
		}
	}
}

/* What stands for a missing value where the column must have one. */
static const char *nothing(const struct column *c) {
	if (!c->required)
		return "\\N";
	switch (c->category[0]) {
	case 'B': return "f";
	case 'N': return "0";
	case 'D': return "epoch";
	case 'U': return strcmp(c->type, "jsonb") == 0 ? "{}" : "\\N";
	case 'A': return "{}";
	default: return "";
	}
}

static void copy_value(struct sbuf *b, struct arena *a, const struct column *c, struct val v) {
	bool json = strcmp(c->type, "jsonb") == 0, text = c->category[0] == 'S';
	struct sbuf t;
	size_t i;

	if (val_is_null(v) || (v.type == V_STR && v.len == 0 && !text)) {
		sb_str(b, nothing(c));
		return;
	}
	sb_init(&t, a);
	if (v.type == V_STR && !json) {
		sb_mem(&t, v.u.s, v.len);
	} else if (v.type == V_LIST && c->category[0] == 'A') {
		sb_chr(&t, '{');
		for (i = 0; i < v.u.list->n; i++) {
			sb_str(&t, i > 0 ? "," : "");
			json_write(&t, v.u.list->v[i]);         /* quoted and escaped as an array's text wants it */
		}
		sb_chr(&t, '}');
	} else {
		json_write(&t, v);
	}
	copy_text(b, t.s, t.len);
}

static bool known(const struct table *t, const char *key) {
	static const char *const dropped[] = { "status", "org_name", "name_sort" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(dropped); i++) {
		if (strcmp(dropped[i], key) == 0)
			return true;
	}
	for (i = 0; i < t->n; i++) {
		if (strcmp(t->col[i].name, key) == 0)
			return true;
	}
	return false;
}

/* Keys that have no column yet. */
static struct val extra_of(struct arena *a, const struct table *t, const struct map *row) {
	struct map *m = map_new(a, 0);
	size_t i;

	for (i = 0; i < row->n; i++) {
		if (!known(t, val_cstr(row->e[i].key, "")) && !val_is_null(row->e[i].val))
			map_put(m, row->e[i].key, row->e[i].val);
	}
	return val_map(m);
}

static void copy_row(struct sbuf *b, struct arena *a, const struct table *t, const struct map *row) {
	size_t i;

	for (i = 0; i < t->n; i++) {
		struct val v = strcmp(t->col[i].name, "extra") == 0 ? extra_of(a, t, row) : map_get(row, t->col[i].name);

		if (i > 0)
			sb_chr(b, '\t');
		copy_value(b, a, &t->col[i], v);
	}
	sb_chr(b, '\n');
}

static bool copy_rows(struct world *w, struct arena *a, const struct table *t, const struct list *data, size_t *n, struct err *e) {
	struct arena *scratch = arena_new_root();
	struct sbuf b;
	bool ok = true;
	size_t i;

	if (!db_copy_begin(w->db, arena_printf(a, "COPY stage_%s (%s) FROM STDIN", t->name, t->names.s), e)) {
		arena_free(scratch);
		return false;
	}
	for (i = 0; ok && i < data->n; i++) {
		if (data->v[i].type != V_MAP || strcmp(val_cstr(map_get(data->v[i].u.map, "status"), "ok"), "ok") != 0)
			continue;
		sb_init(&b, scratch);
		copy_row(&b, scratch, t, data->v[i].u.map);
		ok = db_copy_data(w->db, b.s, b.len, e);
		arena_reset(scratch);
		++*n;
	}
	arena_free(scratch);
	return db_copy_end(w->db, e) && ok;
}

/* Rows without their parent cannot stand; a parent that need not be is forgotten. */
static bool drop_orphans(struct world *w, struct arena *a, const struct table *t, struct err *e) {
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct column *c = &t->col[i];
		const char *sql;

		if (c->parent == NULL)
			continue;
		sql = c->required ? arena_printf(a, "DELETE FROM stage_%s s WHERE NOT EXISTS (SELECT FROM %s p WHERE p.id = s.%s)", t->name, c->parent, c->name) :
		    arena_printf(a, "UPDATE stage_%s s SET %s = NULL WHERE NOT EXISTS (SELECT FROM %s p WHERE p.id = s.%s)", t->name, c->name, c->parent, c->name);
		if (!db_script(w->db, sql, e))
			return false;
	}
	return true;
}

static bool merge(struct world *w, struct arena *a, const struct table *t, struct err *e) {
	struct sbuf set;
	size_t i;

	sb_init(&set, a);
	for (i = 0; i < t->n; i++) {
		if (strcmp(t->col[i].name, "id") != 0)
			sb_fmt(&set, "%s\"%s\" = excluded.\"%s\"", set.len > 0 ? ", " : "", t->col[i].name, t->col[i].name);
	}
	return db_script(w->db, arena_printf(a, "INSERT INTO %s (%s) SELECT %s FROM stage_%s ON CONFLICT (id) DO UPDATE SET %s", t->name, t->names.s,
	    t->names.s, t->name, set.s), e);
}

static void close_file(void *f) {
	fclose(f);
}

static bool read_data(struct arena *a, const char *path, struct list **out, struct err *e) {
	FILE *f = fopen(path, "r");
	struct val v, data;
	struct sbuf b;
	char chunk[65536];
	struct err why;
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	arena_defer(a, close_file, f);
	sb_init(&b, a);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sb_mem(&b, chunk, n);
	if (!json_parse(a, b.s, b.len, LIMIT_JSON_DATA_DEPTH, &v, &why))
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, why.msg);
	data = v.type == V_MAP ? map_get(v.u.map, "data") : v;
	if (data.type != V_LIST)
		return err_set(e, ERR_INVALID, NULL, "%s: has no list \"data\"", path);
	*out = data.u.list;
	return true;
}

static bool load_type(struct cli *c, struct world *w, const char *path, const char *name, size_t *n, struct err *e) {
	struct arena *a = arena_new_root();
	struct list *data;
	struct table t;
	struct err why;
	bool ok;

	ok = read_data(a, path, &data, &why) && read_columns(a, w->db, name, &t, &why) &&
	    db_script(w->db, arena_printf(a, "CREATE TEMP TABLE stage_%s (LIKE %s INCLUDING DEFAULTS) ON COMMIT DROP", name, name), &why) &&
	    copy_rows(w, a, &t, data, n, &why) && drop_orphans(w, a, &t, &why) && merge(w, a, &t, &why);
	if (!ok)
		err_set(e, why.code, NULL, "%s: %s", arena_strdup(c->a, path), why.msg);
	arena_free(a);
	return ok;
}

static bool load(struct cli *c, struct world *w, const char *dir, struct map *counts, struct err *e) {
	size_t i;

	if (!db_begin(w->db, DB_WRITE, e) || !db_query(w->db, c->a, "SET LOCAL statement_timeout = 0", NULL, 0, NULL, e))
		return false;
	for (i = 0; i < ARRAY_LEN(types); i++) {
		const char *path = arena_printf(c->a, "%s/%s.json", dir, types[i].type);
		size_t n = 0;

		if (access(path, R_OK) != 0)
			continue;
		if (!load_type(c, w, path, types[i].table, &n, e))
			return false;
		map_set(counts, types[i].type, val_int((int64_t)n));
	}
	if (counts->n == 0)
		return err_set(e, ERR_INVALID, NULL, "%s: no file of PeeringDB's (net.json, ix.json ...) is there", dir);
	return db_commit(w->db, e);
}

int cmd_peeringdb(struct cli *c) {
	struct map *counts = map_new(c->a, ARRAY_LEN(types));
	struct world w;
	struct err e;
	size_t i;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (c->argc != 3 || strcmp(c->argv[1], "load") != 0)
		return cli_usage(help, true);
	if (!world_open(c, &w, &e))
		return cli_fail(c, &e);
	if (!load(c, &w, c->argv[2], counts, &e)) {
		db_rollback(w.db);
		return cli_fail(c, &e);
	}
	if (c->json)
		cli_json(c, val_map(counts));
	for (i = 0; !c->json && i < counts->n; i++)
		printf("%-12s %8lld\n", counts->e[i].key.u.s, (long long)counts->e[i].val.u.i);
	return 0;
}
