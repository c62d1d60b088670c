/* restore.c: objects put back as a change found them, one or all that a request changed. What is put back is written as anything else is. */
#include "config.h"

#include "base/secret.h"
#include "db/queries.h"
#include "model/restore.h"
#include "model/tables/tables.h"

/* An object that comes back gets another number; what pointed at it is to follow. */
struct moved {
	const struct resource *res;
	int64_t was, is;
};

struct undo {
	struct store *s;
	struct problems *problems;
	struct moved *moved;
	size_t nmoved;
	struct map *tags;               /* numbers of those that were there when it began, by name; NULL: not asked for */
};

enum { C_TYPE, C_ID, C_REPR, C_ACTION, C_BEFORE, C_AFTER };

static int64_t now_id(const struct undo *u, const struct resource *res, int64_t id) {
	for (size_t i = 0; i < u->nmoved; i++) {
		if (u->moved[i].res == res && u->moved[i].was == id)
			return u->moved[i].is;
	}
	return id;
}

/* A value of the change log as a client would send it. */
static struct val as_input(const struct undo *u, const struct field *f, struct val v) {
	struct arena *a = u->s->a;
	struct list *l;

	if (f->type == F_REF && v.type == V_INT)
		return val_int(now_id(u, f->ref, v.u.i));
	if ((f->type != F_REFS && f->type != F_TAGS) || v.type != V_LIST)
		return v;
	l = list_new(a, v.u.list->n);
	for (size_t i = 0; i < v.u.list->n; i++) {
		struct val item = v.u.list->v[i];

		if (f->type == F_TAGS && u->tags != NULL && map_find(u->tags, item) != NULL) {
			item = *map_find(u->tags, item);
		} else if (f->type == F_TAGS) {
			struct map *tag = map_new(a, 1);

			map_set(tag, "name", item);
			item = val_map(tag);
		} else if (item.type == V_INT) {
			item = val_int(now_id(u, f->ref, item.u.i));
		}
		list_push(l, item);
	}
	return val_list(l);
}

static struct map *input_of(const struct undo *u, const struct resource *res, const struct map *before) {
	struct map *in = map_new(u->s->a, before->n);

	for (size_t i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];
		struct val *v = map_find(before, val_str(f->name));

		if (v != NULL && (f->flags & FF_READONLY) == 0)
			map_set(in, f->name, as_input(u, f, *v));
	}
	return in;
}

/* `before` is the object as it is to be; id 0 when it is gone. */
static bool put_back(const struct undo *u, const struct resource *res, int64_t id, const struct map *before, struct row **out, struct err *e) {
	struct map *in = input_of(u, res, before);

	return id == 0 ? store_create(u->s, res, in, out, u->problems, e) :
	    store_update(u->s, res, id, in, WRITE_PATCH, out, u->problems, e);
}

static const struct resource *restorable(const char *type, struct err *e) {
	const struct resource *res = res_by_model(type);

	if (res == NULL || (res->flags & RF_READONLY) != 0) {
		err_set(e, ERR_INVALID, NULL, "Objects of the type %s are not written by people and are not put back.", type);
		return NULL;
	}
	return res;
}

bool store_restore(struct store *s, const struct row *change, struct row **out, struct problems *problems, struct err *e) {
	struct undo u = { .s = s, .problems = problems };
	const struct resource *res = restorable(val_cstr(row_get(change, "changed_object_type"), ""), e);
	struct val before = row_get(change, "prechange_data"), id = row_get(change, "changed_object_id");
	struct row *now = row_of_val(row_get(change, "changed_object"));

	if (res == NULL)
		return false;
	if (before.type != V_MAP || id.type != V_INT)
		return err_set(e, ERR_INVALID, NULL, "This change made the object: there is nothing before it to go back to. Delete the object instead.");
	return put_back(&u, res, now == NULL ? 0 : id.u.i, before.u.map, out, e);
}

/* ---- a request, piece by piece: changes of one kind on objects of one type, each object once ---- */

/* Those that the request made: all of them go, or who asked is told which one may not. */
static bool unmake(struct undo *u, const struct resource *res, const int64_t *ids, size_t n, struct err *e) {
	struct query q = { .res = res, .ids = ids, .nids = n, .action = "delete", .form = FORM_ID };
	struct rows rows;
	int64_t bad;

	if (!store_list(u->s, &q, &rows, NULL, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (rows_find(&rows, ids[i]) == NULL)
			return err_set(e, ERR_DENIED, NULL, "%s %lld, which the request made, is gone already or may not be deleted by you.", res->name, (long long)ids[i]);
	}
	return store_delete_many(u->s, res, ids, n, &bad, e);
}

/* Those that it changed or deleted. */
static bool put_piece(struct undo *u, const struct resource *res, const struct result *q, const size_t *at, size_t n, bool anew, struct err *e) {
	struct put *put = arena_new(u->s->a, struct put, n);
	struct err why = { 0 };
	size_t bad;

	for (size_t i = 0; i < n; i++) {
		const struct val *c = &q->v[at[i] * q->cols];

		if (c[C_BEFORE].type != V_MAP)
			return err_set(e, ERR_INVALID, NULL, "The change of %s kept nothing of what was before it.", val_cstr(c[C_REPR], ""));
		put[i] = (struct put){ .id = anew ? 0 : now_id(u, res, c[C_ID].u.i), .input = input_of(u, res, c[C_BEFORE].u.map), .key = map_new(u->s->a, 0) };
	}
	if (!store_put_all(u->s, res, put, n, &bad, u->problems, &why)) {
		if (bad >= n)
			return *e = why, false;
		return err_set(e, why.code, why.field, "%.150s: %.300s", val_cstr(result_at(q, at[bad], C_REPR), ""), why.msg);
	}
	for (size_t i = 0; anew && i < n; i++)
		u->moved[u->nmoved++] = (struct moved){ res, result_at(q, at[i], C_ID).u.i, put[i].id };
	return true;
}

static bool piece_back(struct undo *u, const struct result *q, const size_t *at, size_t n, struct err *e) {
	const struct resource *res = restorable(val_cstr(result_at(q, at[0], C_TYPE), ""), e);
	const char *action = val_cstr(result_at(q, at[0], C_ACTION), "");
	int64_t *ids = arena_new(u->s->a, int64_t, n);

	if (res == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		ids[i] = now_id(u, res, result_at(q, at[i], C_ID).u.i);
	return strcmp(action, "create") == 0 ? unmake(u, res, ids, n, e) : put_piece(u, res, q, at, n, strcmp(action, "delete") == 0, e);
}

static bool same(const struct result *q, size_t a, size_t b, int column) {
	return strcmp(val_cstr(result_at(q, a, (size_t)column), ""), val_cstr(result_at(q, b, (size_t)column), "")) == 0;
}

/* The changes `at` in this order. */
static bool all_back(struct undo *u, const struct result *q, const size_t *at, size_t n, struct err *e) {
	size_t i = 0, k;

	while (i < n) {
		struct map *seen = map_new(u->s->a, 16);

		for (k = i; k < n && k - i < PUT_PIECE && same(q, at[i], at[k], C_TYPE) && same(q, at[i], at[k], C_ACTION) &&
		    map_find(seen, result_at(q, at[k], C_ID)) == NULL; k++)
			map_put(seen, result_at(q, at[k], C_ID), val_null());
		if (!piece_back(u, q, at + i, k - i, e))
			return false;
		arena_reset(u->s->a);
		i = k;
	}
	return true;
}

/* The tags that the objects had, all asked for at once. */
static bool know_tags(struct undo *u, const struct result *q, struct err *e) {
	struct map *names = map_new(u->s->a, 8);
	struct list *l = list_new(u->s->a, 8);
	struct val param = val_list(l);
	struct result r;

	for (size_t i = 0; i < q->n; i++) {
		struct val before = result_at(q, i, C_BEFORE), tags = before.type == V_MAP ? map_get(before.u.map, "tags") : val_undef();

		for (size_t k = 0; tags.type == V_LIST && k < tags.u.list->n; k++) {
			if (tags.u.list->v[k].type == V_STR && map_find(names, tags.u.list->v[k]) == NULL) {
				map_put(names, tags.u.list->v[k], val_null());
				list_push(l, tags.u.list->v[k]);
			}
		}
	}
	u->tags = map_new(u->s->a, l->n);
	if (l->n == 0)
		return true;
	if (!db_named(u->s->db, u->s->a, Q_TAGS_NAMED, &param, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++)
		map_put(u->tags, result_at(&r, i, 1), result_at(&r, i, 0));
	return true;
}

static bool take_back(struct undo *u, const struct result *q, struct arena *a, struct err *e) {
	size_t *at = arena_array(a, q->n + 1, sizeof(*at)), n = 0, i;
	struct arena *own = u->s->a;
	bool ok;

	/* a deletion is logged before those that it took along, which point at it: these come back in the log's own order */
	for (int gone = 1; gone >= 0; gone--) {
		for (i = 0; i < q->n; i++) {
			size_t k = gone ? i : q->n - 1 - i;

			if ((strcmp(val_cstr(result_at(q, k, C_ACTION), ""), "delete") == 0) == (gone == 1))
				at[n++] = k;
		}
	}
	u->s->a = arena_new_root();
	ok = all_back(u, q, at, n, e);
	if (!ok && u->problems->fields != NULL)
		u->problems->fields = val_keep(a, val_map(u->problems->fields)).u.map;
	arena_free(u->s->a);
	u->s->a = own;
	return ok;
}

bool store_undo(struct store *s, const char *request_id, size_t *n, struct problems *problems, struct err *e) {
	struct undo u = { .s = s, .problems = problems };
	struct val id = val_str(request_id);
	struct result q, later;

	if (!db_named(s->db, s->a, Q_CHANGES_OF_REQUEST, &id, &q, e) || !db_named(s->db, s->a, Q_CHANGES_SINCE_REQUEST, &id, &later, e))
		return false;
	if (later.n > 0)
		return err_set(e, ERR_CONFLICT, NULL, "%s was changed again by %s at %s: take that back first, or put back single objects.",
		    val_cstr(result_at(&later, 0, 0), ""), val_cstr(result_at(&later, 0, 1), ""), val_cstr(result_at(&later, 0, 2), ""));
	if (s->request_id == NULL)
		s->request_id = random_uuid(s->a);      /* all of it belongs together */
	u.moved = arena_array(s->a, q.n + 1, sizeof(*u.moved));
	*n = q.n;
	return know_tags(&u, &q, e) && take_back(&u, &q, s->a, e);
}
