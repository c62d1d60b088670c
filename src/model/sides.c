/* sides.c: what hangs on rows by id: links, tags, counts, contexts, generic references, computed fields. Set-based, always. */
#include "config.h"

#include <stdlib.h>

#include "model/engine.h"

/* ---- sides ---- */

/* Rows by id, for the side results that come in any order. */
struct index {
	struct row **slot;
	size_t slots;
};

static void index_build(struct index *x, struct arena *a, struct row **row, size_t n) {
	size_t i, at;

	x->slots = 4;
	while (x->slots < n * 2)
		x->slots *= 2;
	x->slot = arena_new(a, struct row *, x->slots);
	for (i = 0; i < n; i++) {
		at = (size_t)((uint64_t)row[i]->id * 0x9E3779B97F4A7C15u >> 32) & (x->slots - 1);
		while (x->slot[at] != NULL)
			at = (at + 1) & (x->slots - 1);
		x->slot[at] = row[i];
	}
}

static size_t index_at(const struct index *x, int64_t id) {
	size_t at = (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 32) & (x->slots - 1);

	while (x->slot[at] != NULL && x->slot[at]->id != id)
		at = (at + 1) & (x->slots - 1);
	return at;
}

static struct row *index_find(const struct index *x, int64_t id) {
	return x->slot[index_at(x, id)];
}

/* Every side has a value for every row, also when nothing hangs there. */
static void put_empty(struct store *s, const struct plan *p, struct rows *rows) {
	size_t i, k;

	for (k = 0; k < p->nsides; k++) {
		for (i = 0; i < rows->n; i++) {
			struct val *v = &rows->row[i]->v[p->sides[k].field];

			*v = p->sides[k].kind == SIDE_COUNT ? val_int(0) : p->sides[k].kind == SIDE_IN ? val_bool(false) : val_list(list_new(s->a, 0));
		}
	}
}

static void put_simple(struct model *m, const struct plan *p, const struct index *x, const struct result *r) {
	size_t i;

	for (i = 0; i < r->n; i++) {
		const struct side *side = &p->sides[result_at(r, i, 0).u.i];
		struct row *row = result_at(r, i, 1).type == V_INT ? index_find(x, result_at(r, i, 1).u.i) : NULL;
		const struct object_type *t;

		if (row == NULL)
			continue;
		if (side->kind == SIDE_COUNT)
			row->v[side->field] = result_at(r, i, 2);
		else if (side->kind == SIDE_IN)
			row->v[side->field] = val_bool(true);
		else if ((t = otype_by_id(m, result_at(r, i, 2).u.i)) != NULL)
			list_push(row->v[side->field].u.list, val_str(t->name));
	}
}

static int by_number(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static size_t distinct(int64_t *ids, size_t n) {
	size_t i, k = 0;

	qsort(ids, n, sizeof(*ids), by_number);
	for (i = 0; i < n; i++) {
		if (i == 0 || ids[i] != ids[i - 1])
			ids[k++] = ids[i];
	}
	return k;
}

/* The targets come in their order, so the lists are in it too. */
static void put_links(struct store *s, struct model *m, struct plan *p, const struct links *l, const struct index *x, const struct result *r) {
	struct rows targets;
	size_t i;

	take_rows(s, m, l->target, r, LINK_COLUMNS, &targets);
	for (i = 0; i < r->n; i++) {
		const struct side *side = &p->sides[result_at(r, i, 0).u.i];
		struct row *owner = index_find(x, result_at(r, i, 1).u.i);

		if (owner != NULL)
			list_push(owner->v[side->field].u.list, val_obj(&targets.row[i]->obj));
	}
}

/* ---- generic references ---- */

/* The field after `via` holds the object's id. */
static bool points_at(const struct row *row, int via, const struct object_type **t, int64_t *id, const struct model *m) {
	struct val type = row->v[via], object = row->v[via + 1];

	if (type.type != V_STR || object.type != V_INT)
		return false;
	*t = otype_by_name(m, type.u.s, type.len);
	*id = object.u.i;
	return *t != NULL && (*t)->res != NULL;
}

/* One statement for each type of object that the rows point at. */
static bool put_objects(struct store *s, struct model *m, struct plan *p, struct rows *rows, int field, struct err *e) {
	int via = res_field(p->info->res, p->info->res->fields[field].via);
	int64_t *ids = arena_new(s->a, int64_t, rows->n), id;
	const struct object_type *t;
	struct index x;
	size_t i, k, n;

	for (i = 0; i < rows->n; i++)
		rows->row[i]->v[field] = val_null();
	for (k = 0; k < m->notypes; k++) {
		struct rows found;

		for (i = n = 0; i < rows->n; i++) {
			if (points_at(rows->row[i], via, &t, &id, m) && t == &m->otypes[k])
				ids[n++] = id;
		}
		if (n == 0)
			continue;
		n = distinct(ids, n);
		if (!read_rows(s, m, plan_get(m, m->otypes[k].res, (enum form)FORM_NESTED, NULL), ids, n, READ_AS_GIVEN, &found, e))
			return false;
		index_build(&x, s->a, found.row, found.n);
		for (i = 0; i < rows->n; i++) {
			struct row *to = points_at(rows->row[i], via, &t, &id, m) && t == &m->otypes[k] ? index_find(&x, id) : NULL;

			if (to != NULL)
				rows->row[i]->v[field] = val_obj(&to->obj);
		}
	}
	return true;
}

/* ---- the rest ---- */

static struct val path_value(const struct row *row, const struct path *p) {
	struct val v = val_null();
	size_t i;

	for (i = 0; i < p->n && row != NULL; i++) {
		v = p->step[i] == PATH_ID ? val_int(row->id) : row->v[p->step[i]];
		row = row_of_val(v);
		if (row == NULL && i + 1 < p->n)
			return val_null();
	}
	return v;
}

static void put_path(const struct plan *p, struct rows *rows, int field) {
	const char *via = p->info->res->fields[field].via;
	struct path path;
	size_t i;

	if (!path_parse(p->info->res, via, strlen(via), &path))
		return;
	for (i = 0; i < rows->n; i++)
		rows->row[i]->v[field] = path_value(rows->row[i], &path);
}

static bool put_computed(struct store *s, const struct plan *p, struct rows *rows, int field, struct err *e) {
	const struct behaviour *b = behaviour_of(s, p->info->res);
	size_t i;

	for (i = 0; i < rows->n; i++)
		rows->row[i]->v[field] = val_null();
	for (i = 0; b != NULL && i < b->ncomputed; i++) {
		if (strcmp(b->computed[i].field, p->info->res->fields[field].name) == 0)
			return b->computed[i].fill(s, rows, field, e);
	}
	return true;
}

static void put_contexts(struct store *s, struct plan *p, struct rows *rows, const struct index *x, const struct result *r) {
	int field = res_field(p->info->res, "config_context"), local = res_field(p->info->res, "local_context_data");
	size_t i;

	for (i = 0; i < rows->n; i++)
		rows->row[i]->v[field] = val_null();
	for (i = 0; i < r->n; i++) {
		struct row *row = index_find(x, result_at(r, i, 0).u.i);
		struct val so_far = row->v[field].type == V_MAP ? row->v[field] : val_map(map_new(s->a, 0));

		row->v[field] = contexts_merge(s->a, s->conf, so_far, result_at(r, i, 1));
	}
	for (i = 0; local >= 0 && i < rows->n; i++) {
		struct val *v = &rows->row[i]->v[field];

		if (rows->row[i]->v[local].type == V_MAP && rows->row[i]->v[local].u.map->n > 0)
			*v = v->type == V_MAP ? contexts_merge(s->a, s->conf, *v, rows->row[i]->v[local]) : rows->row[i]->v[local];
	}
	for (i = 0; i < rows->n; i++) {
		if (rows->row[i]->v[field].type == V_MAP && rows->row[i]->v[field].u.map->n == 0)
			rows->row[i]->v[field] = val_null();
	}
}

bool fill_rows(struct store *s, struct model *m, struct plan *p, struct rows *rows, const struct answers *got, struct err *e) {
	const struct resource *res = p->info->res;
	int context = p->contexts ? res_field(res, "config_context") : -1;
	struct index x;
	size_t i;

	index_build(&x, s->a, rows->row, rows->n);
	put_empty(s, p, rows);
	put_simple(m, p, &x, &got->sides);
	for (i = 0; i < p->nlinks; i++)
		put_links(s, m, p, &p->links[i], &x, &got->links[i]);
	for (i = 0; i < res->nfields; i++) {
		if (!p->want[i])
			continue;
		if (res->fields[i].type == F_PATH)
			put_path(p, rows, (int)i);
		else if (res->fields[i].type == F_OBJECT && !put_objects(s, m, p, rows, (int)i, e))
			return false;
		else if (res->fields[i].type == F_COMPUTED && (int)i != context && !put_computed(s, p, rows, (int)i, e))
			return false;
	}
	if (context >= 0)
		put_contexts(s, p, rows, &x, &got->contexts);
	return true;
}
