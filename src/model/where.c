/* where.c: conditions with bound values, and reaching a column through references without multiplying rows. */
#include "config.h"

#include "model/engine.h"

void where_init(struct where *w, struct store *s, struct model *m, const struct resource *res) {
	*w = (struct where){ .model = m, .store = s, .res = res, .params = list_new(s->a, 8) };
	sb_init(&w->sql, s->a);
}

const char *where_param(struct where *w, struct val v) {
	list_push(w->params, v);
	return arena_printf(w->store->a, "$%u", w->params->n);
}

void where_and(struct where *w) {
	if (w->sql.len > 0)
		sb_str(&w->sql, " AND ");
}

/*
 * Through a reference:       t0.a_id IN (SELECT r1.id FROM a r1 WHERE <condition on r1.column>)
 * Through many to many:      t0.id IN (SELECT l1.t_id FROM link l1 JOIN x r1 ON r1.id = l1.x_id WHERE ...)
 * The inner SELECT runs once and is hashed, or drives the outer one through its index.
 */
void reach_open(struct where *w, const struct resource *res, const struct path *path, struct reach *out) {
	struct arena *a = w->store->a;
	const struct field *last = path_field(res, path);
	struct path full = *path, *p = &full;
	const char *alias = "t0";
	size_t i;

	if (last != NULL && last->type == F_REFS && full.n < PATH_MAX_STEPS)
		full.step[full.n++] = PATH_ID;
	*out = (struct reach){ .depth = 0 };
	for (i = 0; i + 1 < p->n; i++) {
		const struct field *f = &res->fields[p->step[i]];
		const char *next = arena_printf(a, "r%zu", i + 1);

		if (f->type == F_REFS)
			sb_fmt(&w->sql, "%s.id IN (SELECT l%zu.%s_id FROM %s l%zu JOIN %s %s ON %s.id = l%zu.%s_id WHERE ", alias, i + 1, res->table,
			    f->link, i + 1, f->ref->table, next, next, i + 1, f->ref->table);
		else
			sb_fmt(&w->sql, "%s.%s IN (SELECT %s.id FROM %s %s WHERE ", alias, field_column(a, f), next, f->ref->table, next);
		res = f->ref;
		alias = next;
		out->depth++;
	}
	out->column = p->step[p->n - 1] == PATH_ID ? arena_printf(a, "%s.id", alias) :
	    arena_printf(a, "%s.%s", alias, field_column(a, &res->fields[p->step[p->n - 1]]));
}

void reach_close(struct where *w, const struct reach *r) {
	unsigned i;

	for (i = 0; i < r->depth; i++)
		sb_chr(&w->sql, ')');
}

/* The resource that step i of a path, counted from 1, is a field of. */
static const struct resource *owner_of(const struct resource *res, const struct path *p, size_t i) {
	size_t k;

	for (k = 0; k + 1 < i; k++)
		res = res->fields[p->step[k]].ref;
	return res;
}

/* The path leads to null: its last column is, or a reference on the way; of many to many, that there is none. */
void reach_null(struct where *w, const struct resource *res, const struct path *p) {
	struct path part = *p;
	struct reach r;
	size_t i;

	sb_chr(&w->sql, '(');
	for (i = 1; i <= p->n; i++) {
		const struct field *f;

		part = *p;
		part.n = i;
		f = path_field(res, &part);
		if (f != NULL && f->type == F_REFS)
			part.step[i - 1] = PATH_ID;
		if (i > 1)
			sb_str(&w->sql, " OR ");
		reach_open(w, res, &part, &r);
		if (f != NULL && f->type == F_REFS)
			sb_fmt(&w->sql, "NOT EXISTS (SELECT FROM %s n WHERE n.%s_id = %s)", f->link, owner_of(res, p, i)->table, r.column);
		else
			sb_fmt(&w->sql, "%s IS NULL", r.column);
		reach_close(w, &r);
	}
	sb_chr(&w->sql, ')');
}
