/* book.c: see book.h. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/secret.h"
#include "book.h"
#include "pg.h"

static const char *problems_json(struct book *b) {
	struct sbuf out;
	struct map *m;

	sb_init(&out, b->a);
	if (b->e.code == ERR_INVALID && problems_any(&b->problems)) {
		json_write(&out, val_map(b->problems.fields));
		return out.s;
	}
	m = map_new(b->a, 2);
	map_set(m, "error", val_str(err_slug(b->e.code)));
	map_set(m, "detail", val_str(b->e.msg));
	json_write(&out, val_map(m));
	return out.s;
}

static void must(bool ok, struct book *b, const char *what) {
	if (!ok) {
		fprintf(stderr, "%s: %s\n", what, b->e.msg);
		abort();
	}
}

static const char *write_key(struct arena *a) {
	char *path = arena_strdup(a, "/tmp/peerage-key.XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, "0123456789abcdef0123456789abcdef", 32) != 32)
		abort();
	close(fd);
	return path;
}

void book_open(struct book *b) {
	static const char user[] = "INSERT INTO auth_user (username, is_superuser, is_staff) VALUES ('tester', true, true)";

	memset(b, 0, sizeof(*b));
	b->a = arena_new_root();
	b->db = pg_fresh(b->a, &b->database);
	must(db_query(b->db, b->a, user, NULL, 0, NULL, &b->e), b, "user");
	must(conf_load(b->a, "/dev/null", &b->conf, &b->e), b, "settings");
	b->conf.secret_file = write_key(b->a);
	must(actor_load(b->a, b->db, 1, &b->actor, &b->e), b, "actor");
	b->s = (struct store){ .a = b->a, .db = b->db, .conf = &b->conf, .actor = &b->actor, .base_url = "http://x", .request_id = random_uuid(b->a) };
	b->problems.a = b->a;
}

void book_close(struct book *b) {
	unlink(b->conf.secret_file);
	arena_free(b->a);
}

static const struct resource *resource(const char *api) {
	const struct resource *res = res_by_api(api);

	if (res == NULL) {
		fprintf(stderr, "no resource %s\n", api);
		abort();
	}
	return res;
}

static const struct map *input(struct book *b, const char *json) {
	struct val v;

	must(json_parse(b->a, json, strlen(json), 32, &v, &b->e) && v.type == V_MAP, b, json);
	return v.u.map;
}

static const char *answer(struct book *b, bool ok, const struct row *row) {
	struct sbuf out;

	if (!ok || !db_commit(b->db, &b->e)) {
		db_rollback(b->db);
		return problems_json(b);
	}
	if (row == NULL)
		return "{}";
	sb_init(&out, b->a);
	row_json(&b->s, &out, row, FORM_FULL, NULL, NULL);
	return out.s;
}

static void begin(struct book *b, enum db_mode mode) {
	b->problems.fields = NULL;
	b->e.code = ERR_NONE;
	must(db_begin(b->db, mode, &b->e), b, "begin");
}

const char *book_create(struct book *b, const char *api, const char *json) {
	struct row *row = NULL;
	bool ok;

	begin(b, DB_WRITE);
	ok = store_create(&b->s, resource(api), input(b, json), &row, &b->problems, &b->e);
	return answer(b, ok, row);
}

static const char *update(struct book *b, const char *api, int64_t id, const char *json, enum write_mode mode) {
	struct row *row = NULL;
	bool ok;

	begin(b, DB_WRITE);
	ok = store_update(&b->s, resource(api), id, input(b, json), mode, &row, &b->problems, &b->e);
	return answer(b, ok, row);
}

const char *book_patch(struct book *b, const char *api, int64_t id, const char *json) {
	return update(b, api, id, json, WRITE_PATCH);
}

const char *book_put(struct book *b, const char *api, int64_t id, const char *json) {
	return update(b, api, id, json, WRITE_PUT);
}

const char *book_delete(struct book *b, const char *api, int64_t id) {
	bool ok;

	begin(b, DB_WRITE);
	ok = store_delete(&b->s, resource(api), id, &b->e);
	return answer(b, ok, NULL);
}

const char *book_get(struct book *b, const char *api, int64_t id) {
	struct row *row = NULL;
	bool ok;

	begin(b, DB_READ);
	ok = store_get(&b->s, resource(api), id, "view", &row, &b->e);
	return answer(b, ok, row);
}

static size_t parameters(struct book *b, const char *query, struct param out[32]) {
	char *s = arena_strdup(b->a, query), *end;
	size_t n = 0;

	for (; s != NULL && *s != '\0' && n < 32; s = end) {
		char *is = strchr(s, '=');

		end = strchr(s, '&');
		if (end != NULL)
			*end++ = '\0';
		if (is != NULL)
			*is++ = '\0';
		out[n++] = (struct param){ .name = s, .value = is == NULL ? "" : is };
	}
	return n;
}

const char *book_list(struct book *b, const char *api, const char *query) {
	struct param params[32];
	struct query q = { .res = resource(api), .params = params, .nparams = parameters(b, query, params), .form = FORM_BRIEF, .count = true };
	struct rows rows;
	struct sbuf out;
	size_t i;
	bool ok;

	begin(b, DB_READ);
	ok = store_list(&b->s, &q, &rows, &b->problems, &b->e);
	db_rollback(b->db);
	if (!ok)
		return problems_json(b);
	if (rows.total != (int64_t)rows.n)
		return "the total is not the number of rows";
	sb_init(&out, b->a);
	for (i = 0; i < rows.n; i++)
		sb_fmt(&out, "%s%s", i > 0 ? "; " : "", val_cstr(rows.row[i]->display, "?"));
	return out.s;
}

const char *book_sql(struct book *b, const char *sql) {
	struct result r;
	struct sbuf out;

	must(db_query(b->db, b->a, sql, NULL, 0, &r, &b->e), b, sql);
	sb_init(&out, b->a);
	json_write(&out, r.n == 0 ? val_null() : result_at(&r, 0, 0));
	return out.s;
}

const char *book_field(struct book *b, const char *json, const char *path) {
	struct val v;
	struct sbuf out;

	must(json_parse(b->a, json, strlen(json), 64, &v, &b->e), b, json);
	sb_init(&out, b->a);
	json_write(&out, val_path(b->a, v, path));
	return out.s;
}

int64_t book_id(struct book *b, const char *api, const char *json) {
	const char *out = book_create(b, api, json), *id = book_field(b, out, "id");

	if (strcmp(id, "null") == 0) {
		fprintf(stderr, "%s %s: %s\n", api, json, out);
		abort();
	}
	return strtoll(id, NULL, 10);
}
