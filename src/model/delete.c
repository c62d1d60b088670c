/* delete.c: deleting an object with what goes along. The database cascades; this file knows beforehand what it will take, and says so. */
#include "config.h"

#include "model/engine.h"

enum { NAMED_MAX = 50, LEVELS_MAX = 16 };

/* A reference to the deleted: which field of which resource. */
struct edge {
	const struct resource *res;
	int field;
};

/* Rows of one resource that go, or lose a reference. */
struct group {
	const struct resource *res;
	int64_t *id;
	size_t n, cap;
	size_t walked;                  /* how many of them were looked at for dependents of their own */
	struct group *next;
};

struct removal {
	struct store *s;
	struct model *m;
	struct group *gone, *loosened;
	struct list *protectors;        /* rows, as values */
};

static struct group *group_of(struct removal *r, struct group **list, const struct resource *res) {
	struct group **at;

	for (at = list; *at != NULL; at = &(*at)->next) {
		if ((*at)->res == res)
			return *at;
	}
	*at = arena_new(r->s->a, struct group, 1);
	(*at)->res = res;
	return *at;
}

static bool group_has(const struct group *g, int64_t id) {
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (g->id[i] == id)
			return true;
	}
	return false;
}

static void group_add(struct removal *r, struct group *g, int64_t id) {
	if (group_has(g, id))
		return;
	if (g->n == g->cap) {
		size_t cap = g->cap == 0 ? 16 : g->cap * 2;

		g->id = arena_grow(r->s->a, g->id, g->cap * sizeof(*g->id), cap * sizeof(*g->id));
		g->cap = cap;
	}
	g->id[g->n++] = id;
}

static size_t edges_to(const struct resource *res, struct edge *out) {
	size_t n = 0, i, k;

	for (i = 0; all_resources[i] != NULL; i++) {
		for (k = 0; k < all_resources[i]->nfields; k++) {
			const struct field *f = &all_resources[i]->fields[k];

			if (f->type == F_REF && f->ref == res && field_is_column(f)) {
				if (out != NULL)
					out[n] = (struct edge){ all_resources[i], (int)k };
				n++;
			}
		}
	}
	return n;
}

static bool protect(struct removal *r, const struct resource *res, const struct result *found, struct err *e) {
	int64_t *ids = arena_new(r->s->a, int64_t, found->n);
	struct rows rows;
	size_t i;

	for (i = 0; i < found->n; i++)
		ids[i] = result_at(found, i, 0).u.i;
	if (!read_rows(r->s, r->m, plan_get(r->m, res, (enum form)FORM_NESTED, NULL), ids, found->n, READ_ORDERED, &rows, e))
		return false;
	for (i = 0; i < rows.n; i++)
		list_push(r->protectors, val_obj(&rows.row[i]->obj));
	return true;
}

static bool sort_out(struct removal *r, const struct edge *edge, const struct result *found, struct err *e) {
	const struct field *f = &edge->res->fields[edge->field];
	struct group *g;
	size_t i;

	if (found->n == 0)
		return true;
	if (f->on_delete == DEL_PROTECT)
		return protect(r, edge->res, found, e);
	g = group_of(r, f->on_delete == DEL_CASCADE ? &r->gone : &r->loosened, edge->res);
	for (i = 0; i < found->n; i++)
		group_add(r, g, result_at(found, i, 0).u.i);
	return true;
}

/* Everything that points at the newly found rows of one group, in one round trip. */
static bool walk(struct removal *r, struct group *g, struct err *e) {
	size_t n = edges_to(g->res, NULL), i;
	struct edge *edges = arena_new(r->s->a, struct edge, n);
	struct db_call *calls = arena_new(r->s->a, struct db_call, n);
	struct list *ids = list_new(r->s->a, g->n - g->walked);
	struct val *param = arena_new(r->s->a, struct val, 1);

	for (i = g->walked; i < g->n; i++)
		list_push(ids, val_int(g->id[i]));
	g->walked = g->n;
	*param = val_list(ids);
	edges_to(g->res, edges);
	for (i = 0; i < n; i++) {
		calls[i] = (struct db_call){ .params = param, .nparams = 1 };
		calls[i].sql = arena_printf(r->s->a, "SELECT id FROM %s WHERE %s = ANY($1) ORDER BY id", edges[i].res->table,
		    field_column(r->s->a, &edges[i].res->fields[edges[i].field]));
	}
	if (!db_batch(r->s->db, r->s->a, calls, n, e))
		return false;
	for (i = 0; i < n; i++) {
		if (!sort_out(r, &edges[i], &calls[i].result, e))
			return false;
	}
	return true;
}

static bool collect(struct removal *r, struct err *e) {
	struct group *g;
	bool more = true;
	unsigned level;

	for (level = 0; more && level < LEVELS_MAX; level++) {
		more = false;
		for (g = r->gone; g != NULL; g = g->next) {
			if (g->walked == g->n)
				continue;
			more = true;
			if (!walk(r, g, e))
				return false;
		}
	}
	return true;
}

static bool refuse(struct removal *r, struct err *e) {
	struct sbuf b;
	size_t i;

	sb_init(&b, r->s->a);
	for (i = 0; i < r->protectors->n && i < NAMED_MAX; i++) {
		const struct row *row = row_of_val(r->protectors->v[i]);

		sb_fmt(&b, "%s%s (%lld)", i > 0 ? ", " : "", val_cstr(row->display, ""), (long long)row->id);
	}
	return err_set(e, ERR_CONFLICT, NULL, "unable to delete object. %u dependent objects were found: %s", r->protectors->n, b.s);
}

static bool logged(const struct resource *res) {
	return (res->flags & RF_NOLOG) == 0;
}

/* What goes is logged while it is still there to be read. */
static bool log_gone(struct removal *r, struct err *e) {
	const struct group *g;
	struct rows rows;

	for (g = r->gone; g != NULL; g = g->next) {
		if (logged(g->res) && (!read_rows(r->s, r->m, plan_get(r->m, g->res, FORM_FULL, NULL), g->id, g->n, READ_AS_GIVEN, &rows, e) ||
		    !log_changes(r->s, r->m, CHANGE_DELETE, rows.row, NULL, rows.n, e)))
			return false;
	}
	return true;
}

struct kept {           /* rows that lose a reference, as they were */
	const struct group *g;
	struct rows rows;
	struct kept *next;
};

static bool read_loosened(struct removal *r, struct kept **out, struct err *e) {
	const struct group *g;

	*out = NULL;
	for (g = r->loosened; g != NULL; g = g->next) {
		struct kept *k;

		if (!logged(g->res))
			continue;
		k = arena_new(r->s->a, struct kept, 1);
		k->g = g;
		k->next = *out;
		*out = k;
		if (!read_rows(r->s, r->m, plan_get(r->m, g->res, FORM_FULL, NULL), g->id, g->n, READ_AS_GIVEN, &k->rows, e))
			return false;
	}
	return true;
}

/* What lost a reference is logged as changed; what went meanwhile by another way is not there any more. */
static bool log_loosened(struct removal *r, const struct kept *k, struct err *e) {
	struct rows now;

	for (; k != NULL; k = k->next) {
		struct row **before = arena_new(r->s->a, struct row *, k->rows.n), **after = arena_new(r->s->a, struct row *, k->rows.n);
		size_t n = 0;

		if (!read_rows(r->s, r->m, plan_get(r->m, k->g->res, FORM_FULL, NULL), k->g->id, k->g->n, READ_AS_GIVEN, &now, e))
			return false;
		for (size_t i = 0; i < k->rows.n; i++) {
			before[n] = k->rows.row[i];
			after[n] = rows_find(&now, k->rows.row[i]->id);
			n += after[n] != NULL;
		}
		if (!log_changes(r->s, r->m, CHANGE_UPDATE, before, after, n, e))
			return false;
	}
	return true;
}

static bool remove_rows(struct removal *r, const struct rows *rows, struct err *e) {
	const struct behaviour *b = behaviour_of(r->s, rows->row[0]->res);
	struct list *ids = list_new(r->s->a, rows->n);
	const struct val param = val_list(ids);
	struct kept *kept;

	for (size_t i = 0; i < rows->n; i++)
		list_push(ids, val_int(rows->row[i]->id));
	if (!log_gone(r, e) || !read_loosened(r, &kept, e))
		return false;
	if (!db_query(r->s->db, r->s->a, arena_printf(r->s->a, "DELETE FROM %s WHERE id = ANY($1::bigint[])", rows->row[0]->res->table), &param, 1, NULL, e)) {
		if (e->kind != NULL && strncmp(e->kind, "23", 2) == 0)
			return err_set(e, ERR_CONFLICT, NULL, "unable to delete object. Something that refers to it was made a moment ago.");
		return false;
	}
	if (!log_loosened(r, kept, e))
		return false;
	for (size_t i = 0; b != NULL && b->written != NULL && i < rows->n; i++) {
		if (!b->written(r->s, rows->row[i], NULL, e))
			return false;
	}
	return true;
}

/* What protects another and goes itself protects nothing. */
static void protectors_left(struct removal *r) {
	struct list *left = list_new(r->s->a, r->protectors->n);

	for (size_t i = 0; i < r->protectors->n; i++) {
		const struct row *row = row_of_val(r->protectors->v[i]);

		if (!group_has(group_of(r, &r->gone, row->res), row->id))
			list_push(left, r->protectors->v[i]);
	}
	r->protectors = left;
}

static bool remove_all(struct removal *r, const struct rows *rows, struct err *e) {
	for (size_t i = 0; i < rows->n; i++)
		group_add(r, group_of(r, &r->gone, rows->row[i]->res), rows->row[i]->id);
	if (!collect(r, e))
		return false;
	protectors_left(r);
	return r->protectors->n == 0 ? remove_rows(r, rows, e) : refuse(r, e);
}

bool store_delete(struct store *s, const struct resource *res, int64_t id, struct err *e) {
	struct removal r = { .s = s, .m = model_of(s, e), .protectors = list_new(s->a, 0) };
	struct row *row;

	return r.m != NULL && store_get(s, res, id, "delete", &row, e) && remove_all(&r, &(struct rows){ &row, 1, -1 }, e);
}

/* Which of them it was that could not go. */
static void blame(struct store *s, const struct rows *rows, size_t *bad) {
	for (size_t i = 0; i < rows->n; i++) {
		struct removal one = { .s = s, .m = model_of(s, &(struct err){ 0 }), .protectors = list_new(s->a, 0) };
		struct err why;

		group_add(&one, group_of(&one, &one.gone, rows->row[i]->res), rows->row[i]->id);
		*bad = i;
		if (!collect(&one, &why) || one.protectors->n > 0)
			return;
	}
}

bool store_delete_many(struct store *s, const struct resource *res, const int64_t *ids, size_t n, int64_t *bad, struct err *e) {
	struct removal r = { .s = s, .m = model_of(s, e), .protectors = list_new(s->a, 0) };
	struct query q = { .res = res, .ids = ids, .nids = n, .action = "delete", .form = FORM_FULL };
	struct rows rows = { 0 };
	size_t at = 0;

	*bad = 0;
	if (r.m == NULL || (n > 0 && !store_list(s, &q, &rows, NULL, e)))
		return false;
	if (rows.n == 0 || remove_all(&r, &rows, e))
		return true;
	if (e->code == ERR_CONFLICT)
		blame(s, &rows, &at);
	*bad = rows.row[at]->id;
	return false;
}
