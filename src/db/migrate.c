/* migrate.c: reads sql/migrations in order of name and applies what the database has not seen. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "db/migrate.h"

static const char prepare_sql[] =
	"CREATE SCHEMA IF NOT EXISTS peerage;"
	"CREATE TABLE IF NOT EXISTS peerage.migration (name text PRIMARY KEY, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now());"
	"COMMENT ON TABLE peerage.migration IS 'Which migrations this schema has seen'";

struct file {
	const char *name, *text;
	char sum[SHA256_HEX];
};

const char *migrate_dir(void) {
	const char *dir = getenv("PEERAGE_MIGRATIONS");

	return dir != NULL && *dir != '\0' ? dir : PEERAGE_DATADIR "/migrations";
}

static void close_dir(void *d) {
	closedir(d);
}

static void close_file(void *f) {
	fclose(f);
}

static bool read_text(struct arena *a, const char *path, struct sbuf *b, struct err *e) {
	FILE *f = fopen(path, "r");
	char chunk[8192];
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	arena_defer(a, close_file, f);
	sb_init(b, a);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sb_mem(b, chunk, n);
	return true;
}

static int by_name(const void *x, const void *y) {
	return strcmp(((const struct file *)x)->name, ((const struct file *)y)->name);
}

static bool read_files(struct arena *a, const char *dir, struct file **out, size_t *n, struct err *e) {
	DIR *d = opendir(dir);
	struct dirent *entry;
	struct file *files = NULL;
	size_t cap = 0;

	if (d == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s; PEERAGE_MIGRATIONS names the folder of the migrations", dir, strerror(errno));
	arena_defer(a, close_dir, d);
	*n = 0;
	while ((entry = readdir(d)) != NULL) {
		size_t len = strlen(entry->d_name);
		struct sbuf b;

		if (len < 5 || strcmp(entry->d_name + len - 4, ".sql") != 0)
			continue;
		if (!read_text(a, arena_printf(a, "%s/%s", dir, entry->d_name), &b, e))
			return false;
		if (*n == cap) {
			size_t more = cap == 0 ? 32 : cap * 2;

			files = arena_grow(a, files, cap * sizeof(*files), more * sizeof(*files));
			cap = more;
		}
		files[*n].name = arena_strndup(a, entry->d_name, len - 4);
		files[*n].text = b.s;
		sha256_hex(b.s, b.len, files[*n].sum);
		++*n;
	}
	if (*n > 0)
		qsort(files, *n, sizeof(*files), by_name);
	*out = files;
	return true;
}

static const char *applied_sum(const struct result *r, const char *name) {
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (strcmp(val_cstr(result_at(r, i, 0), ""), name) == 0)
			return val_cstr(result_at(r, i, 1), "");
	}
	return NULL;
}

static bool read_applied(struct arena *a, struct db *db, struct result *r, struct err *e) {
	if (!db_query(db, a, "SELECT to_regclass('peerage.migration') IS NOT NULL", NULL, 0, r, e))
		return false;
	if (!result_at(r, 0, 0).u.b) {
		*r = (struct result){ .n = 0 };
		return true;
	}
	return db_query(db, a, "SELECT name, checksum FROM peerage.migration ORDER BY name", NULL, 0, r, e);
}

static bool has_file(const struct file *f, size_t n, const char *name) {
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(f[i].name, name) == 0)
			return true;
	}
	return false;
}

bool migrate_status(struct arena *a, struct db *db, const char *dir, struct migration **out, size_t *n, struct err *e) {
	struct file *files = NULL;
	struct result r;
	struct migration *m;
	size_t nfiles, i;

	if (!read_files(a, dir, &files, &nfiles, e) || !read_applied(a, db, &r, e))
		return false;
	*out = m = arena_new(a, struct migration, nfiles + r.n);
	for (i = 0; i < nfiles; i++, m++) {
		const char *sum = applied_sum(&r, files[i].name);

		m->name = files[i].name;
		m->state = sum == NULL ? MIGRATION_PENDING : strcmp(sum, files[i].sum) == 0 ? MIGRATION_APPLIED : MIGRATION_CHANGED;
	}
	for (i = 0; i < r.n; i++) {
		const char *name = val_cstr(result_at(&r, i, 0), "");

		if (!has_file(files, nfiles, name))
			*m++ = (struct migration){ .name = name, .state = MIGRATION_UNKNOWN };
	}
	*n = (size_t)(m - *out);
	return true;
}

static bool apply(struct arena *a, struct db *db, const struct file *f, struct err *e) {
	const struct val params[] = { val_str(f->name), val_str(f->sum) };
	struct err why;

	if (!db_begin(db, DB_WRITE, e))
		return false;
	if (!db_script(db, "SET LOCAL statement_timeout = 0; SET LOCAL search_path = peerage, public", &why) || !db_script(db, f->text, &why)) {
		db_rollback(db);
		return err_set(e, ERR_INTERNAL, NULL, "migration %s: %s", f->name, why.msg);
	}
	return db_query(db, a, "INSERT INTO peerage.migration (name, checksum) VALUES ($1, $2)", params, 2, NULL, e) && db_commit(db, e);
}

static bool apply_all(struct arena *a, struct db *db, const char *dir, size_t *applied, struct err *e) {
	struct file *files = NULL;
	struct result r;
	size_t n, i;

	*applied = 0;
	if (!read_files(a, dir, &files, &n, e) || !db_script(db, prepare_sql, e) || !read_applied(a, db, &r, e))
		return false;
	for (i = 0; i < n; i++) {
		const char *sum = applied_sum(&r, files[i].name);

		if (sum != NULL && strcmp(sum, files[i].sum) != 0)
			return err_set(e, ERR_CONFLICT, NULL, "migration %s was applied with another text than its file has now; "
			    "a migration is never edited: put the change into a new one", files[i].name);
	}
	for (i = 0; i < n; i++) {
		if (applied_sum(&r, files[i].name) != NULL)
			continue;
		if (!apply(a, db, &files[i], e))
			return false;
		++*applied;
	}
	return true;
}

/* One migrator at a time: the lock is of the session and is given back also when the work fails. */
bool migrate_run(struct arena *a, struct db *db, const char *dir, size_t *applied, struct err *e) {
	struct err ignored;
	bool ok;

	if (!db_script(db, "SET statement_timeout = 0; SELECT pg_advisory_lock(7265311)", e))
		return false;
	ok = apply_all(a, db, dir, applied, e);
	if (!ok)
		db_rollback(db);
	return db_script(db, "SELECT pg_advisory_unlock(7265311)", ok ? e : &ignored) && ok;
}
