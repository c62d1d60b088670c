/*
 * write_many.c: many rows of one resource at once, whoever writes them. What store_create() asks of the database row by row is asked here for all
 * rows together: PostgreSQL makes rows of the table's own types out of one JSON list, so no type is written down twice.
 */
#include "config.h"

#include "base/json.h"
#include "model/many.h"

const char *many_rows(struct arena *a, const struct resource *res) {
	return arena_printf(a, "jsonb_populate_recordset(NULL::%s, $1::jsonb) WITH ORDINALITY k", res->table);
}

/* A column's value as JSON has it. */
static struct val many_value(const struct changes *c, const struct field *f, struct val v) {
	return f->type == F_JSON ? v : param_of(c, f, v);
}

void many_row(struct sbuf *b, const struct changes *c, const struct row *row, const bool *with) {
	char before = '{';

	if (row->id != 0) {
		sb_fmt(b, "{\"id\":%lld", (long long)row->id);
		before = ',';
	}
	for (size_t i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];

		if (!field_is_column(f) || (with == NULL ? row->v[i].type == V_UNDEF : !with[i]))
			continue;
		sb_chr(b, before);
		sb_fmt(b, "\"%s\":", field_column(c->store->a, f));
		json_write(b, many_value(c, f, row->v[i]));
		before = ',';
	}
	sb_str(b, before == '{' ? "{}" : "}");
}

/* ---- which object is meant ---- */

/* The fields of a key as the row would have them, or false: then who writes it is told what is wrong with it. */
static bool key_values(struct store *s, const struct resource *res, const struct map *key, struct changes *c, bool *ok, struct err *e) {
	struct problems *p = arena_new(s->a, struct problems, 1);
	size_t i;

	p->a = s->a;
	if (!write_begin(c, s, res, p, e) || !validate(c, key, WRITE_PATCH, e))
		return false;
	*ok = !problems_any(p) && key->n > 0;
	for (i = 0; *ok && i < key->n; i++) {
		int f = res_field(res, val_cstr(map_key(key, i), ""));

		*ok = f >= 0 && c->v[f].type != V_UNDEF && field_is_column(&res->fields[f]) && res->fields[f].type != F_JSON && res->fields[f].type != F_SECRET;
	}
	return true;
}

static void join_column(struct sbuf *on, struct arena *a, const struct field *f, bool nulls) {
	const char *column = field_column(a, f);

	sb_fmt(on, "%st.\"%s\" %s k.\"%s\"", on->len == 0 ? "" : " AND ", column, nulls ? "IS NOT DISTINCT FROM" : "=", column);
}

/* Ids of what has these attributes; 0: nothing, -1: several, -2: the key itself is wrong. Keys of a kind are asked for together. */
static bool find_many(struct store *s, const struct resource *res, const struct map *const *keys, size_t n, int64_t *ids, struct err *e) {
	struct changes c;
	struct sbuf list, on;
	size_t *place = arena_new(s->a, size_t, n), asked = 0, i, k;
	bool *nulls = arena_new(s->a, bool, res->nfields), *used = arena_new(s->a, bool, res->nfields), ok;
	struct result r;
	struct val param;

	sb_init(&list, s->a);
	sb_init(&on, s->a);
	for (i = 0; i < n; i++) {
		struct map *row;

		ids[i] = keys[i]->n == 0 ? 0 : -2;
		if (!key_values(s, res, keys[i], &c, &ok, e))
			return false;
		if (!ok)
			continue;
		row = map_new(s->a, keys[i]->n);
		for (k = 0; k < res->nfields; k++) {
			if (c.v[k].type == V_UNDEF)
				continue;
			used[k] = true;
			nulls[k] = nulls[k] || c.v[k].type == V_NULL;
			map_set(row, field_column(s->a, &res->fields[k]), many_value(&c, &res->fields[k], c.v[k]));
		}
		ids[i] = 0;
		place[asked++] = i;
		sb_str(&list, asked == 1 ? "[" : ",");
		json_write(&list, val_map(row));
	}
	if (asked == 0)
		return true;
	sb_chr(&list, ']');
	for (k = 0; k < res->nfields; k++) {
		if (used[k])
			join_column(&on, s->a, &res->fields[k], nulls[k]);
	}
	param = val_mem(list.s, list.len);
	if (!db_query(s->db, s->a, arena_printf(s->a, "SELECT k.ordinality, t.id FROM %s JOIN %s t ON %s", many_rows(s->a, res), res->table, on.s), &param, 1, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		int64_t *id = &ids[place[result_at(&r, i, 0).u.i - 1]];

		*id = *id == 0 ? result_at(&r, i, 1).u.i : -1;
	}
	return true;
}

/* ---- references, looked up for all rows before any is checked ---- */

static bool memo_rows(struct store *s, struct model *m, const struct resource *res, const struct list *names, const int64_t *ids, struct err *e) {
	struct arena *own = s->a;
	struct rows rows;
	size_t n = 0, i;
	int64_t *known = arena_new(s->a, int64_t, names->n);
	bool ok;

	for (i = 0; i < names->n; i++) {
		if (ids[i] > 0)
			known[n++] = ids[i];
	}
	s->a = s->memo->a;
	ok = n == 0 || read_rows(s, m, plan_get(m, res, (enum form)FORM_NESTED, NULL), known, n, READ_ORDERED, &rows, e);
	s->a = own;
	for (i = 0; ok && n > 0 && i < names->n; i++) {
		struct row *row = ids[i] > 0 ? rows_find(&rows, ids[i]) : NULL;

		if (row != NULL)
			map_put(s->memo->known, val_copy(s->memo->a, names->v[i].u.s, names->v[i].len), val_obj(&row->obj));
	}
	return ok;
}

static bool memo_fill(struct store *s, struct model *m, const struct field *f, const struct put *put, size_t n, struct err *e) {
	const struct map **keys = arena_new(s->a, const struct map *, n);
	struct list *names = list_new(s->a, n);
	struct map *seen = map_new(s->a, n), *none = map_new(s->a, 0);
	int64_t *ids, *plain = arena_new(s->a, int64_t, n);
	bool maps = false;
	size_t i;

	for (i = 0; i < n; i++) {
		struct val v = map_get(put[i].input, f->name), name;
		struct sbuf b;

		if (v.type != V_MAP && v.type != V_INT)
			continue;
		sb_init(&b, s->a);
		memo_key(&b, f->ref, v);
		name = val_mem(b.s, b.len);
		if (map_find(s->memo->known, name) != NULL || map_find(seen, name) != NULL)
			continue;
		map_put(seen, name, val_null());
		keys[names->n] = v.type == V_MAP ? v.u.map : none;
		plain[names->n] = v.type == V_INT ? v.u.i : 0;
		maps = maps || v.type == V_MAP;
		list_push(names, name);
	}
	ids = arena_new(s->a, int64_t, names->n);
	if (maps && !find_many(s, f->ref, keys, names->n, ids, e))
		return false;
	for (i = 0; i < names->n; i++)
		ids[i] = plain[i] != 0 ? plain[i] : ids[i];
	return names->n == 0 || memo_rows(s, m, f->ref, names, ids, e);
}

/* ---- rows that are new ---- */

static bool check_one(struct many *w, size_t i, struct err *e) {
	struct put *p = &w->put[i];
	struct changes *c = &w->c[i];

	if (!write_begin(c, w->s, w->res, &p->problems, e) || !take_input(c, p->input, WRITE_CREATE, NULL, e))
		return false;
	w->after[i] = new_row(c, NULL);
	return objects_exist(c, w->after[i], e);
}

static bool unique_asked(struct many *w, size_t i, const int *field, size_t nfields) {
	bool touched = w->before[i] == NULL;

	if (w->after[i] == NULL || problems_any(&w->put[i].problems))
		return false;
	for (size_t k = 0; k < nfields; k++)
		touched = touched || !val_equal(w->before[i]->v[field[k]], w->after[i]->v[field[k]]);
	return touched;
}

/* The row was looked for by just these fields, and the table has none such. */
static bool looked_for(const struct many *w, size_t i, const int *field, size_t nfields) {
	const struct map *key = w->put[i].key;

	if (w->before[i] != NULL || key->n != nfields)
		return false;
	for (size_t k = 0; k < nfields; k++) {
		if (map_find(key, val_str(w->res->fields[field[k]].name)) == NULL)
			return false;
	}
	return true;
}

/* Whether an earlier one of these rows has the same; where one value is null there is no same. */
static bool stands_twice(struct many *w, size_t i, const int *field, size_t nfields, struct map *seen) {
	struct val text;
	struct sbuf b;

	sb_init(&b, w->s->a);
	for (size_t k = 0; k < nfields; k++) {
		const struct val v = many_value(&w->c[i], &w->res->fields[field[k]], w->after[i]->v[field[k]]);

		if (val_is_null(v))
			return false;
		json_write(&b, v);
		sb_chr(&b, ',');
	}
	text = val_mem(b.s, b.len);
	if (map_find(seen, text) != NULL)
		return true;
	map_put(seen, text, val_null());
	return false;
}

static void not_unique(struct many *w, size_t i, const struct field *f, const char *set) {
	if (set == NULL)
		unique_problem(&w->c[i], f);
	else
		problem_add(&w->put[i].problems, "non_field_errors", "The fields %s must make a unique set.", set);
}

/* What is unique: other rows have it, or an earlier one of these. */
static bool unique_many(struct many *w, const int *field, size_t nfields, const char *set, struct err *e) {
	struct arena *a = w->s->a;
	struct sbuf list, on, names, given;
	size_t *place = arena_new(a, size_t, w->n), asked = 0, i, k;
	struct map *seen = map_new(a, w->n);
	struct result r;
	struct val param;
	bool known = true;

	for (i = 0; i < w->n; i++)
		known = known && (!unique_asked(w, i, field, nfields) || looked_for(w, i, field, nfields));
	sb_init(&list, a);
	sb_init(&on, a);
	sb_init(&names, a);
	sb_init(&given, a);
	for (k = 0; k < nfields; k++) {
		const char *column = field_column(a, &w->res->fields[field[k]]);

		join_column(&on, a, &w->res->fields[field[k]], false);
		sb_fmt(&names, "%s\"%s\"", k == 0 ? "" : ", ", column);
		sb_fmt(&given, "%s\"%s\" IS NOT NULL", k == 0 ? "" : " AND ", column);
	}
	for (i = 0; i < w->n; i++) {
		struct map *m = map_new(a, nfields + 1);

		if (!unique_asked(w, i, field, nfields))
			continue;
		if (known && stands_twice(w, i, field, nfields, seen))
			not_unique(w, i, &w->res->fields[field[0]], set);
		if (known)
			continue;
		if (w->after[i]->id != 0)
			map_set(m, "id", val_int(w->after[i]->id));
		for (k = 0; k < nfields; k++) {
			const struct field *f = &w->res->fields[field[k]];

			map_set(m, field_column(a, f), many_value(&w->c[i], f, w->after[i]->v[field[k]]));
		}
		place[asked++] = i;
		sb_str(&list, asked == 1 ? "[" : ",");
		json_write(&list, val_map(m));
	}
	if (asked == 0)
		return true;
	sb_chr(&list, ']');
	param = val_mem(list.s, list.len);
	if (!db_query(w->s->db, a, arena_printf(a, "WITH k AS MATERIALIZED (SELECT * FROM %s) SELECT DISTINCT k.ordinality FROM k JOIN %s t ON %s AND t.id IS DISTINCT FROM k.id"
	    " UNION SELECT x.ordinality FROM (SELECT ordinality, row_number() OVER (PARTITION BY %s ORDER BY ordinality) n FROM k WHERE %s) x WHERE x.n > 1",
	    many_rows(a, w->res), w->res->table, on.s, names.s, given.s), &param, 1, &r, e))
		return false;
	for (i = 0; i < r.n; i++)
		not_unique(w, place[result_at(&r, i, 0).u.i - 1], &w->res->fields[field[0]], set);
	return true;
}

bool many_unique(struct many *w, struct err *e) {
	int *field = arena_new(w->s->a, int, w->res->nfields);
	const char *sets = w->res->unique, *item, *name;
	size_t len, n;

	for (size_t i = 0; i < w->res->nfields; i++) {
		field[0] = (int)i;
		if ((w->res->fields[i].flags & FF_UNIQUE) != 0 && field_is_column(&w->res->fields[i]) && !unique_many(w, field, 1, NULL, e))
			return false;
	}
	while (next_item(&sets, ';', &item, &len)) {
		const char *set = arena_strndup(w->s->a, item, len), *at = set;
		bool columns = true;

		for (n = 0; next_item(&at, ',', &name, &len); columns = columns && field[n] >= 0, n++)
			field[n] = field_named(w->res, name, len);
		if (columns && !unique_many(w, field, n, set, e))
			return false;
	}
	return true;
}

static bool same_columns(const struct resource *res, const struct row *a, const struct row *b) {
	for (size_t i = 0; i < res->nfields; i++) {
		if (field_is_column(&res->fields[i]) && (a->v[i].type == V_UNDEF) != (b->v[i].type == V_UNDEF))
			return false;
	}
	return true;
}

static const char *insert_sql(struct many *w, const struct row *like) {
	struct sbuf columns;

	sb_init(&columns, w->s->a);
	for (size_t i = 0; i < w->res->nfields; i++) {
		const struct field *f = &w->res->fields[i];

		if (field_is_column(f) && like->v[i].type != V_UNDEF)
			sb_fmt(&columns, "%s\"%s\"", columns.len == 0 ? "" : ", ", field_column(w->s->a, f));
	}
	return columns.len == 0 ? NULL : arena_printf(w->s->a, "INSERT INTO %s (%s) SELECT %s FROM %s ORDER BY k.ordinality RETURNING id", w->res->table,
	    columns.s, columns.s, many_rows(w->s->a, w->res));
}

/* A right that ends at a predicate: whether all these rows lie within it. */
bool many_within(struct many *w, const int64_t *ids, size_t n, const char *action, bool *within, struct err *e) {
	struct list *l = list_new(w->s->a, n);
	struct where where;
	struct result r;

	*within = true;
	if (right_to(w->s, w->res, action) != RIGHT_SOME)
		return true;
	for (size_t i = 0; i < n; i++)
		list_push(l, val_int(ids[i]));
	where_init(&where, w->s, w->m, w->res);
	sb_fmt(&where.sql, "t0.id = ANY(%s)", where_param(&where, val_list(l)));
	if (!right_where(&where, action, e) || !db_query(w->s->db, w->s->a,
	    arena_printf(w->s->a, "SELECT count(*) FROM %s t0 WHERE %s", w->res->table, where.sql.s), where.params->v, where.params->n, &r, e))
		return false;
	*within = result_at(&r, 0, 0).u.i == (int64_t)n;
	return true;
}

static bool finish_rows(struct many *w, const size_t *at, const int64_t *ids, size_t n, struct err *e) {
	struct rows rows;
	size_t i;

	if (!read_rows(w->s, w->m, plan_get(w->m, w->res, FORM_FULL, NULL), ids, n, READ_AS_GIVEN, &rows, e) ||
	    !log_created(w->s, w->m, &rows, e))
		return false;
	for (i = 0; i < rows.n; i++) {
		w->put[at[i]].after = rows.row[i];
		if (w->b != NULL && w->b->written != NULL && !w->b->written(w->s, NULL, rows.row[i], e))
			return false;
	}
	return true;
}

/* Something that only the database refuses, or that lies outside of a right: one after the other, to know which it is. */
static bool create_each(struct many *w, const size_t *at, size_t n, struct err *e) {
	for (size_t i = 0; i < n; i++) {
		struct put *p = &w->put[at[i]];
		struct row *row;

		if (!db_savepoint(w->s->db, "put", e))
			return false;
		if (store_create(w->s, w->res, p->input, &row, &p->problems, &p->err)) {
			p->outcome = PUT_CREATED;
			p->id = row->id;
			p->after = row;
		} else {
			p->outcome = PUT_REFUSED;
			if (!db_rollback_to(w->s->db, "put", e))
				return false;
		}
	}
	return true;
}

static bool insert_group(struct many *w, const size_t *at, size_t n, struct err *e) {
	const char *sql = insert_sql(w, w->after[at[0]]);
	int64_t *ids = arena_new(w->s->a, int64_t, n);
	struct sbuf list;
	struct result r;
	struct val param;
	struct err why;
	bool within = true;

	sb_init(&list, w->s->a);
	for (size_t i = 0; i < n; i++) {
		sb_str(&list, i == 0 ? "[" : ",");
		many_row(&list, &w->c[at[i]], w->after[at[i]], NULL);
	}
	sb_chr(&list, ']');
	param = val_mem(list.s, list.len);
	if (!db_savepoint(w->s->db, "many", e))
		return false;
	if (sql == NULL || !db_query(w->s->db, w->s->a, sql, &param, 1, &r, &why))
		return db_rollback_to(w->s->db, "many", e) && create_each(w, at, n, e);
	for (size_t i = 0; i < n; i++) {
		ids[i] = w->put[at[i]].id = result_at(&r, i, 0).u.i;
		w->put[at[i]].outcome = PUT_CREATED;
	}
	if (!many_links(w, at, n, e) || !many_within(w, ids, n, "add", &within, e))
		return false;
	return within ? finish_rows(w, at, ids, n, e) : db_rollback_to(w->s->db, "many", e) && create_each(w, at, n, e);
}

/* Rows with the same columns go together. */
static bool insert_all(struct many *w, struct err *e) {
	size_t *at = arena_new(w->s->a, size_t, w->n), n, i, k;
	bool *done = arena_new(w->s->a, bool, w->n);

	for (i = 0; i < w->n; i++) {
		for (n = 0, k = i; w->after[i] != NULL && k < w->n; k++) {
			if (w->after[k] == NULL || done[k] || problems_any(&w->put[k].problems) || !same_columns(w->res, w->after[i], w->after[k]))
				continue;
			done[k] = true;
			at[n++] = k;
		}
		if (n > 0 && !insert_group(w, at, n, e))
			return false;
	}
	return true;
}

bool many_rules(struct many *w, struct err *e) {
	if (w->b != NULL && w->b->prepare != NULL && !w->b->prepare(w->s, w->before, w->after, w->n, e))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		struct put *p = &w->put[i];

		if (w->after[i] != NULL && !problems_any(&p->problems) && w->b != NULL && w->b->check != NULL &&
		    !w->b->check(w->s, w->before[i], w->after[i], &p->problems, e))
			return false;
		if (w->after[i] == NULL || !problems_any(&p->problems))
			continue;
		p->outcome = PUT_REFUSED;
		err_set(&p->err, ERR_INVALID, NULL, "the input is wrong");
		w->after[i] = NULL;
	}
	return true;
}

static bool create_all(struct many *w, struct err *e) {
	bool may_add = right_to(w->s, w->res, "add") != RIGHT_NONE;
	size_t i;

	for (i = 0; i < w->n; i++) {
		struct put *p = &w->put[i];

		if (p->id > 0 || p->id == -1)
			continue;
		if (!may_add) {
			write_denied(&p->err, w->s);
			continue;
		}
		if (!check_one(w, i, e))
			return false;
	}
	return many_unique(w, e) && many_rules(w, e) && insert_all(w, e);
}

static bool lookups(struct many *w, struct err *e) {
	const struct map **keys = arena_new(w->s->a, const struct map *, w->n);
	int64_t *ids = arena_new(w->s->a, int64_t, w->n);
	size_t i;

	for (i = 0; i < w->res->nfields; i++) {
		const struct field *f = &w->res->fields[i];

		if (f->type == F_REF && (f->flags & FF_READONLY) == 0 && !memo_fill(w->s, w->m, f, w->put, w->n, e))
			return false;
	}
	for (i = 0; i < w->n; i++)
		keys[i] = w->put[i].key;
	if (!find_many(w->s, w->res, keys, w->n, ids, e))
		return false;
	for (i = 0; i < w->n; i++) {
		struct put *p = &w->put[i];

		if (p->id > 0)          /* the caller knows */
			continue;
		p->id = ids[i];
		if (ids[i] == -1)
			err_set(&p->err, ERR_CONFLICT, NULL, "several objects match %s: name it by its id", p->key->n == 0 ? "" : "what identifies it");
	}
	return true;
}

bool store_put_many(struct store *s, const struct resource *res, struct put *put, size_t n, struct err *e) {
	struct many w = { .s = s, .res = res, .put = put, .n = n, .m = model_of(s, e), .b = behaviour_of(s, res) };
	struct refs_memo own = { .a = s->a, .known = map_new(s->a, 8) }, *kept = s->memo;
	size_t i;
	bool ok;

	if (w.m == NULL)
		return false;
	w.c = arena_new(s->a, struct changes, n);
	w.before = arena_new(s->a, struct row *, n);
	w.after = arena_new(s->a, struct row *, n);
	for (i = 0; i < n; i++) {
		put[i].outcome = PUT_REFUSED;
		put[i].problems = (struct problems){ .a = s->a };
	}
	if (kept == NULL)
		s->memo = &own;
	ok = lookups(&w, e) && many_update(&w, e) && create_all(&w, e);
	s->memo = kept;
	return ok;
}

bool store_prepare(struct store *s, const struct resource *res, const struct rows *rows, struct err *e) {
	const struct behaviour *b = behaviour_of(s, res);

	return b == NULL || b->prepare == NULL || rows->n == 0 || b->prepare(s, rows->row, rows->row, rows->n, e);
}

bool store_put_all(struct store *s, const struct resource *res, struct put *put, size_t n, size_t *bad, struct problems *p, struct err *e) {
	if (!store_put_many(s, res, put, n, e))
		return false;
	for (*bad = 0; *bad < n && put[*bad].outcome != PUT_REFUSED; ++*bad)
		;
	if (*bad == n)
		return true;
	p->fields = put[*bad].problems.fields;
	*e = put[*bad].err;
	return false;
}
