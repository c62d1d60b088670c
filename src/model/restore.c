/* restore.c: objects put back as a change found them, one or all that a request changed. What is put back is written as anything else is. */
#include "config.h"

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

		if (f->type == F_TAGS) {
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

static bool take_back(struct undo *u, const struct val *c, struct err *e) {
	const struct resource *res = restorable(val_cstr(c[C_TYPE], ""), e);
	const char *action = val_cstr(c[C_ACTION], "");
	struct row *row;
	int64_t id;

	if (res == NULL)
		return false;
	id = now_id(u, res, c[C_ID].u.i);
	if (strcmp(action, "create") == 0)
		return store_delete(u->s, res, id, e);
	if (c[C_BEFORE].type != V_MAP)
		return err_set(e, ERR_INVALID, NULL, "The change of %s kept nothing of what was before it.", val_cstr(c[C_REPR], ""));
	if (strcmp(action, "update") == 0)
		return put_back(u, res, id, c[C_BEFORE].u.map, &row, e);
	if (!put_back(u, res, 0, c[C_BEFORE].u.map, &row, e))
		return false;
	u->moved[u->nmoved++] = (struct moved){ res, c[C_ID].u.i, row->id };
	return true;
}

static bool deletes(const struct result *q, size_t i) {
	return strcmp(val_cstr(result_at(q, i, C_ACTION), ""), "delete") == 0;
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
	u.moved = arena_array(s->a, q.n + 1, sizeof(*u.moved));
	/* a deletion is logged before those that it took along, which point at it: these come back in the log's own order */
	for (size_t i = 0; i < q.n; i++) {
		if (deletes(&q, i) && !take_back(&u, &q.v[i * q.cols], e))
			return false;
	}
	for (size_t i = q.n; i-- > 0;) {
		if (!deletes(&q, i) && !take_back(&u, &q.v[i * q.cols], e))
			return false;
	}
	*n = q.n;
	return true;
}
