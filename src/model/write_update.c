/*
 * write_update.c: many rows that are in the book, changed together. What store_update() asks of the database row by row is asked here for
 * all of them; where the database refuses one, one after the other, to know which it is.
 */
#include "config.h"

#include "base/json.h"
#include "model/many.h"

/* ---- links ---- */

static bool link_differs(const struct many *w, size_t i, size_t field) {
	struct val now = w->after[i]->v[field];

	return now.type != V_UNDEF && (w->before[i] == NULL ? now.type == V_LIST && now.u.list->n > 0 : !val_equal(w->before[i]->v[field], now));
}

/* One kind of links, of all rows of which some differ. */
static bool put_links(struct many *w, const struct field *f, const size_t *at, size_t n, struct err *e) {
	struct arena *a = w->s->a;
	struct val p[3] = { val_list(list_new(a, n)), val_list(list_new(a, n)), val_list(list_new(a, n)) };
	const char *table = f->type == F_TAGS ? "tagged_item" : f->link, *type = f->type == F_OBJTYPES ? "smallint" : "bigint";
	const char *owner = f->type == F_TAGS ? "object_id" : arena_printf(a, "%s_id", w->res->table);
	const char *other = f->type == F_OBJTYPES ? "object_type_id" : f->type == F_TAGS ? "tag_id" : arena_printf(a, "%s_id", f->ref->table);
	const char *otype = f->type == F_TAGS ? arena_printf(a, "%lld", (long long)info_of(w->m, w->res)->otype) : NULL;
	size_t field = (size_t)(f - w->res->fields);
	bool had = false;

	for (size_t k = 0; k < n; k++) {
		struct val ids = link_ids(&w->c[at[k]], f, w->after[at[k]]->v[field]);

		if (!link_differs(w, at[k], field))
			continue;
		had = had || w->before[at[k]] != NULL;
		list_push(p[2].u.list, val_int(w->put[at[k]].id));
		for (size_t j = 0; j < ids.u.list->n; j++) {
			list_push(p[0].u.list, val_int(w->put[at[k]].id));
			list_push(p[1].u.list, ids.u.list->v[j]);
		}
	}
	if (had && !db_query(w->s->db, a, arena_printf(a, "DELETE FROM %s l WHERE %s%s%sl.%s = ANY($3::bigint[])"
	    " AND NOT EXISTS (SELECT FROM unnest($1::bigint[], $2::%s[]) x(a, b) WHERE x.a = l.%s AND x.b = l.%s)", table,
	    otype == NULL ? "" : "l.object_type_id = ", otype == NULL ? "" : otype, otype == NULL ? "" : " AND ", owner, type, owner, other), p, 3, NULL, e))
		return false;
	return p[0].u.list->n == 0 || db_query(w->s->db, a, arena_printf(a, "INSERT INTO %s (%s, %s%s) SELECT x.a, x.b%s%s"
	    " FROM unnest($1::bigint[], $2::%s[]) x(a, b) ON CONFLICT DO NOTHING", table, owner, other, otype == NULL ? "" : ", object_type_id",
	    otype == NULL ? "" : ", ", otype == NULL ? "" : otype, type), p, 2, NULL, e);
}

bool many_links(struct many *w, const size_t *at, size_t n, struct err *e) {
	for (size_t i = 0; i < w->res->nfields; i++) {
		bool any = false;

		for (size_t k = 0; is_link(&w->res->fields[i]) && !any && k < n; k++)
			any = link_differs(w, at[k], i);
		if (any && !put_links(w, &w->res->fields[i], at, n, e))
			return false;
	}
	return true;
}

/* ---- columns ---- */

static bool column_differs(const struct many *w, size_t i, size_t field) {
	const struct field *f = &w->res->fields[field];

	return field_is_column(f) && w->after[i]->v[field].type != V_UNDEF && !same_value(&w->c[i], f, w->before[i]->v[field], w->after[i]->v[field]);
}

static bool row_differs(const struct many *w, size_t i) {
	bool any = false;

	for (size_t k = 0; !any && k < w->res->nfields; k++)
		any = column_differs(w, i, k) || (is_link(&w->res->fields[k]) && link_differs(w, i, k));
	return any;
}

static bool same_set(const struct many *w, size_t i, const bool *set) {
	for (size_t k = 0; k < w->res->nfields; k++) {
		if (column_differs(w, i, k) != set[k])
			return false;
	}
	return true;
}

/* UPDATE of the rows in whom these columns differ, and no others. */
static bool put_columns(struct many *w, const bool *set, const struct sbuf *rows, struct err *e) {
	struct arena *a = w->s->a;
	struct val param = val_mem(rows->s, rows->len);
	struct sbuf sql;

	sb_init(&sql, a);
	for (size_t k = 0; k < w->res->nfields; k++) {
		const char *column = set[k] ? field_column(a, &w->res->fields[k]) : NULL;

		if (column != NULL)
			sb_fmt(&sql, "%s\"%s\" = k.\"%s\"", sql.len == 0 ? "" : ", ", column, column);
	}
	if (res_field(w->res, "updated") >= 0)
		sb_fmt(&sql, "%supdated = now()", sql.len == 0 ? "" : ", ");
	return sql.len == 0 || db_query(w->s->db, a, arena_printf(a, "UPDATE %s t SET %s FROM %s WHERE t.id = k.id", w->res->table, sql.s, many_rows(a, w->res)),
	    &param, 1, NULL, e);
}

/* A statement for each set of columns that differ; a bulk edit has a few. */
static bool write_columns(struct many *w, const size_t *at, size_t n, struct err *e) {
	bool *done = arena_new(w->s->a, bool, n);

	for (size_t i = 0; i < n; i++) {
		bool *set = arena_new(w->s->a, bool, w->res->nfields);
		struct sbuf rows;

		if (done[i])
			continue;
		sb_init(&rows, w->s->a);
		for (size_t k = 0; k < w->res->nfields; k++)
			set[k] = column_differs(w, at[i], k);
		for (size_t k = i; k < n; k++) {
			if (done[k] || !same_set(w, at[k], set))
				continue;
			done[k] = true;
			sb_str(&rows, rows.len == 0 ? "[" : ",");
			many_row(&rows, &w->c[at[k]], w->after[at[k]], set);
		}
		sb_chr(&rows, ']');
		if (!put_columns(w, set, &rows, e))
			return false;
	}
	return true;
}

/* ---- all of it ---- */

/* A row that the database refuses must not take the others with it. */
static bool update_one(struct many *w, struct put *p, struct err *e) {
	struct row *row;

	if (!db_savepoint(w->s->db, "put", e))
		return false;
	if (!store_update(w->s, w->res, p->id, p->input, p->mode == WRITE_PUT ? WRITE_PUT : WRITE_PATCH, &row, &p->problems, &p->err)) {
		p->outcome = PUT_REFUSED;
		return p->err.code != ERR_UNAVAILABLE ? db_rollback_to(w->s->db, "put", e) : (*e = p->err, false);
	}
	p->after = row;
	p->outcome = PUT_UPDATED;
	return true;
}

static bool update_each(struct many *w, const size_t *at, size_t n, struct err *e) {
	for (size_t i = 0; i < n; i++) {
		if (!update_one(w, &w->put[at[i]], e))
			return false;
	}
	return true;
}

static bool finish_rows(struct many *w, const size_t *at, const int64_t *ids, size_t n, struct err *e) {
	struct row **before = arena_new(w->s->a, struct row *, n);
	struct rows now;

	if (!read_rows(w->s, w->m, plan_get(w->m, w->res, FORM_FULL, NULL), ids, n, READ_AS_GIVEN, &now, e))
		return false;
	if (now.n != n)
		return err_set(e, ERR_CONFLICT, NULL, "one of %zu %s was deleted by another writer", n, w->res->plural);
	for (size_t i = 0; i < n; i++)
		before[i] = w->before[at[i]];
	if (!log_changes(w->s, w->m, CHANGE_UPDATE, before, now.row, n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		w->put[at[i]].after = now.row[i];
		w->put[at[i]].outcome = PUT_UPDATED;
		if (w->b != NULL && w->b->written != NULL && !w->b->written(w->s, before[i], now.row[i], e))
			return false;
	}
	return true;
}

static bool write_rows(struct many *w, const size_t *at, size_t n, struct err *e) {
	int64_t *ids = arena_new(w->s->a, int64_t, n);
	struct err why;
	bool within;

	for (size_t i = 0; i < n; i++)
		ids[i] = w->put[at[i]].id;
	if (!db_savepoint(w->s->db, "many", e))
		return false;
	if (!many_links(w, at, n, &why) || !write_columns(w, at, n, &why))
		return why.code != ERR_UNAVAILABLE ? db_rollback_to(w->s->db, "many", e) && update_each(w, at, n, e) : (*e = why, false);
	if (!many_within(w, ids, n, "change", &within, e))
		return false;
	return within ? finish_rows(w, at, ids, n, e) : db_rollback_to(w->s->db, "many", e) && update_each(w, at, n, e);
}

/* ---- before that: what is asked of each ---- */

static bool input_differs(const struct many *w, size_t i, const struct row *before) {
	bool any = false;

	for (size_t k = 0; !any && k < w->res->nfields; k++)
		any = w->c[i].v[k].type != V_UNDEF && !same_value(&w->c[i], &w->res->fields[k], before->v[k], w->c[i].v[k]);
	return any;
}

static const struct map *without_blanks(struct many *w, const struct put *p, const struct row *before) {
	struct map *m = map_new(w->s->a, p->input->n);

	for (size_t i = 0; i < p->input->n; i++) {
		struct map_entry pair = map_pair(p->input, i);
		int f = res_field(w->res, val_cstr(pair.key, ""));

		if (pair.val.type != V_NULL || f < 0 || before->v[f].type != V_STR || before->v[f].len > 0)
			map_put(m, pair.key, pair.val);
	}
	return m;
}

static bool take_one(struct many *w, size_t i, struct row *before, struct err *e) {
	struct put *p = &w->put[i];
	struct changes *c = &w->c[i];
	enum write_mode mode = p->mode == WRITE_PUT ? WRITE_PUT : WRITE_PATCH;

	if (!p->checked) {
		struct problems problems = { .a = w->s->a };

		if (!write_begin(c, w->s, w->res, &problems, e) || !validate(c, p->input, mode, e))
			return false;
		p->outcome = PUT_SAME;
		if (!problems_any(&problems) && !input_differs(w, i, before))
			return true;
	}
	if (!write_begin(c, w->s, w->res, &p->problems, e) || !take_input(c, p->input, mode, before, e))
		return false;
	w->before[i] = before;
	w->after[i] = new_row(c, before);
	return objects_exist(c, w->after[i], e);
}

/* The rows as they are, held until the transaction ends. An id that comes twice is taken once here. */
static bool hold(struct many *w, bool *again, struct rows *rows, struct err *e) {
	struct query q = { .res = w->res, .form = FORM_FULL, .action = "change" };
	struct map *seen = map_new(w->s->a, w->n);
	struct list *list = list_new(w->s->a, w->n);
	int64_t *ids = arena_new(w->s->a, int64_t, w->n);
	struct val param = val_list(list);

	for (size_t i = 0; i < w->n; i++) {
		struct val id = val_int(w->put[i].id);

		if (id.u.i <= 0)
			continue;
		again[i] = map_find(seen, id) != NULL;
		if (again[i])
			continue;
		map_put(seen, id, val_null());
		list_push(list, id);
		ids[q.nids++] = id.u.i;
	}
	q.ids = ids;
	return q.nids == 0 || (db_query(w->s->db, w->s->a, arena_printf(w->s->a, "SELECT id FROM %s WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",
	    w->res->table), &param, 1, NULL, e) && store_list(w->s, &q, rows, NULL, e));
}

/* Rules and writes of all that was taken; *at has room for them. */
static bool write_taken(struct many *w, size_t *at, struct err *e) {
	size_t n = 0;

	if (!many_unique(w, e) || !many_rules(w, e))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		if (w->after[i] == NULL)
			continue;
		w->put[i].outcome = PUT_SAME;
		w->put[i].after = w->before[i];
		if (row_differs(w, i))
			at[n++] = i;
	}
	return n == 0 || write_rows(w, at, n, e);
}

bool many_update(struct many *w, struct err *e) {
	bool *again = arena_new(w->s->a, bool, w->n), any = false;
	struct rows rows = { 0 };

	if (!hold(w, again, &rows, e))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		struct put *p = &w->put[i];
		struct row *before = p->id > 0 ? rows_find(&rows, p->id) : NULL;

		if (p->id <= 0)
			continue;
		any = true;
		if (before == NULL) {
			err_set(&p->err, ERR_DENIED, NULL, "there is no %s %lld that you may change", w->res->name, (long long)p->id);
			p->outcome = PUT_REFUSED;
			continue;
		}
		p->before = before;
		if (p->table)
			p->input = without_blanks(w, p, before);
		if (!again[i] && !take_one(w, i, before, e))
			return false;
	}
	if (any && !write_taken(w, arena_new(w->s->a, size_t, w->n), e))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		w->before[i] = w->after[i] = NULL;      /* what is new comes now */
		if (again[i] && w->put[i].before != NULL && !update_one(w, &w->put[i], e))
			return false;
	}
	return true;
}
