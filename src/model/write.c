/* write.c: the one place that writes a user's resource. Validation, row, links, change log, search index and event in one transaction. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "model/engine.h"

bool write_denied(struct err *e, const struct store *s) {
	bool known = s->actor != NULL && s->actor->authenticated;

	return err_set(e, known ? ERR_DENIED : ERR_UNAUTHENTICATED, NULL, "%s", known ? "You do not have permission to perform this action." :
	    "Authentication credentials were not provided.");
}

static bool invalid(struct err *e) {
	return err_set(e, ERR_INVALID, NULL, "the input is wrong");
}

/* ---- values as parameters ---- */

struct val param_of(const struct changes *c, const struct field *f, struct val v) {
	const struct object_type *t;
	struct sbuf b;

	if (val_is_null(v))
		return val_null();
	if (f->type == F_REF)
		return val_int(ref_id(v));
	if (f->type == F_OBJTYPE) {
		t = otype_by_name(c->model, val_cstr(v, ""), v.len);
		return t == NULL ? val_null() : val_int(t->id);
	}
	if (f->type == F_JSON) {
		sb_init(&b, c->store->a);
		json_write(&b, v);
		return val_mem(b.s, b.len);
	}
	return v;
}

/* ---- uniqueness ---- */

static bool touched(const struct row *before, const struct row *after, int f) {
	return before == NULL || !val_equal(before->v[f], after->v[f]);
}

static bool field_unique(const struct changes *c, const struct row *before, const struct row *after, int i, struct db_call *call) {
	struct arena *a = c->store->a;
	const struct field *f = &c->res->fields[i];
	struct val *params = arena_new(a, struct val, 2);

	if ((f->flags & FF_UNIQUE) == 0 || !field_is_column(f) || val_is_null(c->v[i]) || !touched(before, after, i))
		return false;
	params[0] = param_of(c, f, after->v[i]);
	params[1] = val_int(before == NULL ? 0 : before->id);
	*call = (struct db_call){ .params = params, .nparams = 2 };
	call->sql = arena_printf(a, "SELECT 1 FROM %s WHERE %s = $1 AND id <> $2 LIMIT 1", c->res->table, field_column(a, f));
	return true;
}

void unique_problem(struct changes *c, const struct field *f) {
	problem_add(c->problems, f->name, "%s with this %s already exists.", c->res->name, field_words(c->store->a, f));
}

/* Of each unique field that the input gives, whether another row has the value: all in one round trip. */
static bool check_fields(struct changes *c, const struct row *before, const struct row *after, struct err *e) {
	struct db_call *calls = arena_new(c->store->a, struct db_call, c->res->nfields);
	int *field = arena_new(c->store->a, int, c->res->nfields);
	size_t n = 0, i;

	for (i = 0; i < c->res->nfields; i++) {
		if (field_unique(c, before, after, (int)i, &calls[n]))
			field[n++] = (int)i;
	}
	if (n > 0 && !db_batch(c->store->db, c->store->a, calls, n, e))
		return false;
	for (i = 0; i < n; i++) {
		if (calls[i].result.n > 0)
			unique_problem(c, &c->res->fields[field[i]]);
	}
	return true;
}

/* One set of fields that are unique together, "ixp_connection, ip_address": nulls are never equal. */
static bool check_set(struct changes *c, const struct row *before, const struct row *after, const char *set, struct err *e) {
	struct arena *a = c->store->a;
	const char *names = set, *item;
	struct list *params = list_new(a, 4);
	struct sbuf sql;
	struct result r;
	bool any = before == NULL;
	size_t len;

	sb_init(&sql, a);
	list_push(params, val_int(before == NULL ? 0 : before->id));
	while (next_item(&names, ',', &item, &len)) {
		int f = field_named(c->res, item, len);
		struct val v;

		if (f < 0)
			return true;
		v = param_of(c, &c->res->fields[f], after->v[f]);
		if (val_is_null(v))
			return true;
		any = any || touched(before, after, f);
		list_push(params, v);
		sb_fmt(&sql, " AND %s = $%u", field_column(a, &c->res->fields[f]), params->n);
	}
	if (!any)
		return true;
	if (!db_query(c->store->db, a, arena_printf(a, "SELECT 1 FROM %s WHERE id <> $1%s LIMIT 1", c->res->table, sql.s), params->v, params->n, &r, e))
		return false;
	if (r.n > 0)
		problem_add(c->problems, "non_field_errors", "The fields %s must make a unique set.", set);
	return true;
}

static bool unique_check(struct changes *c, const struct row *before, const struct row *after, struct err *e) {
	const char *sets = c->res->unique, *item;
	size_t len;

	if (!check_fields(c, before, after, e))
		return false;
	while (!problems_any(c->problems) && next_item(&sets, ';', &item, &len)) {
		if (!check_set(c, before, after, arena_strndup(c->store->a, item, len), e))
			return false;
	}
	return true;
}

/* ---- what the database refuses after all: a race, or a rule that only it has ---- */

static int constrained_field(const struct changes *c, const char *constraint, const char *suffix) {
	size_t i;

	for (i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];

		if (field_is_column(f) && strcmp(constraint, arena_printf(c->store->a, "%s_%s_%s", c->res->table, field_column(c->store->a, f), suffix)) == 0)
			return (int)i;
	}
	return -1;
}

static int column_field(const struct changes *c, const char *column) {
	size_t i;

	for (i = 0; i < c->res->nfields; i++) {
		if (field_is_column(&c->res->fields[i]) && strcmp(field_column(c->store->a, &c->res->fields[i]), column) == 0)
			return (int)i;
	}
	return -1;
}

/* True when *e was about the input: it is a problem on its field now. */
static bool refused(struct changes *c, struct err *e) {
	const char *constraint = db_constraint(c->store->db), *state = e->kind == NULL ? "" : e->kind;
	int f;

	if (strcmp(state, "23505") == 0) {
		f = constrained_field(c, constraint, "key");
		if (f >= 0)
			unique_problem(c, &c->res->fields[f]);
		else
			problem_add(c->problems, "non_field_errors", "%s with these values already exists.", c->res->name);
	} else if (strcmp(state, "23502") == 0) {
		f = column_field(c, db_column(c->store->db));
		problem_put(c->problems, f < 0 ? NULL : c->res->fields[f].name, val_str("This field may not be null."));
	} else if (strcmp(state, "23503") == 0) {
		f = constrained_field(c, constraint, "fkey");
		problem_put(c->problems, f < 0 ? NULL : c->res->fields[f].name, val_str("Related object not found: it was deleted a moment ago."));
	} else if (strcmp(state, "23514") == 0) {
		f = constrained_field(c, constraint, "check");
		problem_add(c->problems, f < 0 ? NULL : c->res->fields[f].name, f < 0 ? "This is not allowed: %s." : "This value is not allowed (%s).", constraint);
	} else if (strncmp(state, "22", 2) == 0 || strcmp(state, "P0001") == 0) {
		problem_add(c->problems, NULL, "%s", e->msg);
	} else {
		return false;
	}
	return true;
}

static bool failed(struct changes *c, struct err *e) {
	return refused(c, e) ? invalid(e) : false;
}

/* ---- links ---- */

static struct val type_ids(const struct changes *c, struct val names) {
	struct list *l = list_new(c->store->a, 0);
	size_t i;

	for (i = 0; names.type == V_LIST && i < names.u.list->n; i++) {
		const struct object_type *t = otype_by_name(c->model, val_cstr(names.u.list->v[i], ""), names.u.list->v[i].len);

		if (t != NULL)
			list_push(l, val_int(t->id));
	}
	return val_list(l);
}

struct val link_ids(const struct changes *c, const struct field *f, struct val rows) {
	return f->type == F_OBJTYPES ? type_ids(c, rows) : ref_ids(c->store->a, rows);
}

/* Two statements a link field: what is no longer there goes, what is new comes. */
static void link_calls(const struct changes *c, const struct field *f, int64_t id, struct val rows, struct db_call out[2]) {
	struct arena *a = c->store->a;
	struct val *params = arena_new(a, struct val, 3);
	const char *owner, *other, *table = f->link, *extra = "", *extra_value = "";

	params[0] = val_int(id);
	params[1] = link_ids(c, f, rows);
	owner = arena_printf(a, "%s_id", c->res->table);
	other = f->type == F_OBJTYPES ? "object_type_id" : f->type == F_TAGS ? "tag_id" : arena_printf(a, "%s_id", f->ref->table);
	if (f->type == F_TAGS) {
		long long type = (long long)info_of(c->model, c->res)->otype;

		table = "tagged_item";
		owner = "object_id";
		extra = ", object_type_id";
		extra_value = arena_printf(a, ", %lld", type);
		out[0].sql = arena_printf(a, "DELETE FROM tagged_item WHERE object_type_id = %lld AND object_id = $1 AND tag_id <> ALL($2)", type);
	} else {
		out[0].sql = arena_printf(a, "DELETE FROM %s WHERE %s = $1 AND %s <> ALL($2)", table, owner, other);
	}
	out[1].sql = arena_printf(a, "INSERT INTO %s (%s, %s%s) SELECT $1, x%s FROM unnest($2::%s[]) x ON CONFLICT DO NOTHING", table, owner, other, extra,
	    extra_value, f->type == F_OBJTYPES ? "smallint" : "bigint");
	out[0].params = out[1].params = params;
	out[0].nparams = out[1].nparams = 2;
}

bool is_link(const struct field *f) {
	return f->type == F_REFS || f->type == F_TAGS || f->type == F_OBJTYPES;
}

static bool empty_list(struct val v) {
	return v.type != V_LIST || v.u.list->n == 0;
}

/* *changed: some link differs from before. */
static bool write_links(struct changes *c, const struct row *before, const struct row *after, int64_t id, bool *changed, struct err *e) {
	struct db_call *calls = arena_new(c->store->a, struct db_call, c->res->nfields * 2);
	size_t n = 0, i;

	*changed = false;
	for (i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];
		struct val v = after->v[i];

		if (!is_link(f) || v.type == V_UNDEF || (before == NULL ? empty_list(v) : val_equal(before->v[i], v)))
			continue;
		link_calls(c, f, id, v, &calls[n]);
		if (before == NULL)
			calls[n] = calls[n + 1];        /* nothing to remove */
		n += before == NULL ? 1 : 2;
		*changed = true;
	}
	return n == 0 || db_batch(c->store->db, c->store->a, calls, n, e);
}

/* ---- the row ---- */

static bool insert(struct changes *c, const struct row *after, int64_t *id, struct err *e) {
	struct arena *a = c->store->a;
	struct list *params = list_new(a, c->res->nfields);
	struct sbuf columns, values;
	struct result r;
	const char *sql;
	size_t i;

	sb_init(&columns, a);
	sb_init(&values, a);
	for (i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];

		if (!field_is_column(f) || after->v[i].type == V_UNDEF)
			continue;
		list_push(params, param_of(c, f, after->v[i]));
		sb_fmt(&columns, "%s\"%s\"", params->n > 1 ? ", " : "", field_column(a, f));
		sb_fmt(&values, "%s$%u", params->n > 1 ? ", " : "", params->n);
	}
	if (after->id != 0) {           /* an id that is kept: PeeringDB's rows, a migrated book */
		list_push(params, val_int(after->id));
		sb_fmt(&columns, "%sid", params->n > 1 ? ", " : "");
		sb_fmt(&values, "%s$%u", params->n > 1 ? ", " : "", params->n);
	}
	sql = params->n == 0 ? arena_printf(a, "INSERT INTO %s DEFAULT VALUES RETURNING id", c->res->table) :
	    arena_printf(a, "INSERT INTO %s (%s) VALUES (%s) RETURNING id", c->res->table, columns.s, values.s);
	if (!db_query(c->store->db, a, sql, params->v, params->n, &r, e))
		return failed(c, e);
	*id = result_at(&r, 0, 0).u.i;
	return true;
}

/* A secret that was read is clear, one that is to be written is sealed: they are compared open. */
bool same_value(const struct changes *c, const struct field *f, struct val old, struct val new) {
	const char *clear;
	struct err e;

	if (f->type == F_SECRET && new.type == V_STR && old.type == V_STR && seal_is_sealed(new.u.s))
		return c->model->seal != NULL && unseal_text(c->model->seal, c->store->a, new.u.s, &clear, &e) && strcmp(clear, old.u.s) == 0;
	return val_equal(old, new);
}

static bool update(struct changes *c, const struct row *before, const struct row *after, bool links, struct err *e) {
	struct arena *a = c->store->a;
	struct list *params = list_new(a, c->res->nfields);
	struct sbuf set;
	size_t i;

	sb_init(&set, a);
	list_push(params, val_int(before->id));
	for (i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];

		if (!field_is_column(f) || after->v[i].type == V_UNDEF || same_value(c, f, before->v[i], after->v[i]))
			continue;
		list_push(params, param_of(c, f, after->v[i]));
		sb_fmt(&set, "%s\"%s\" = $%u", params->n > 2 ? ", " : "", field_column(a, f), params->n);
	}
	if (params->n == 1 && !links)
		return true;
	if (res_field(c->res, "updated") >= 0)
		sb_fmt(&set, "%supdated = now()", params->n > 1 ? ", " : "");
	if (set.len == 0 || db_query(c->store->db, a, arena_printf(a, "UPDATE %s SET %s WHERE id = $1", c->res->table, set.s), params->v, params->n, NULL, e))
		return true;
	return failed(c, e);
}

/* ---- create and update ---- */

struct row *new_row(struct changes *c, const struct row *before) {
	struct row *row = arena_new(c->store->a, struct row, 1);
	size_t i;

	row->obj.class = &info_of(c->model, c->res)->class;
	row->res = c->res;
	row->display = before == NULL ? val_null() : before->display;
	row->id = before == NULL ? 0 : before->id;
	row->v = arena_new(c->store->a, struct val, c->res->nfields);
	for (i = 0; i < c->res->nfields; i++)
		row->v[i] = c->v[i].type != V_UNDEF ? c->v[i] : before == NULL ? val_undef() : before->v[i];
	return row;
}

bool write_begin(struct changes *c, struct store *s, const struct resource *res, struct problems *p, struct err *e) {
	*c = (struct changes){ .store = s, .res = res, .problems = p, .model = model_of(s, e) };
	if (p->a == NULL)
		p->a = s->a;
	c->v = arena_new(s->a, struct val, res->nfields);
	return c->model != NULL;
}

bool take_input(struct changes *c, const struct map *input, enum write_mode mode, const struct row *before, struct err *e) {
	const struct behaviour *b = behaviour_of(c->store, c->res);

	return (b == NULL || b->input == NULL || b->input(c->store, before, &input, c->problems, e)) && validate(c, input, mode, e);
}

/* Fields, then uniqueness, then rules over several fields, each only on what passed the one before. */
static bool check_all(struct changes *c, const struct map *input, enum write_mode mode, const struct row *before, struct row **after, struct err *e) {
	const struct behaviour *b = behaviour_of(c->store, c->res);

	if (!take_input(c, input, mode, before, e))
		return false;
	*after = new_row(c, before);
	if (!objects_exist(c, *after, e) || !unique_check(c, before, *after, e))
		return false;
	if (!problems_any(c->problems) && b != NULL && b->check != NULL && !b->check(c->store, before, *after, c->problems, e))
		return false;
	return !problems_any(c->problems) || invalid(e);
}

/* The row must still lie within the right after the write: nobody writes themselves out of what they may see or into more. */
static bool still_within(struct changes *c, int64_t id, const char *action, struct err *e) {
	struct where w;
	struct result r;

	if (right_to(c->store, c->res, action) != RIGHT_SOME)
		return true;
	where_init(&w, c->store, c->model, c->res);
	sb_fmt(&w.sql, "t0.id = %s", where_param(&w, val_int(id)));
	if (!right_where(&w, action, e) || !db_query(c->store->db, c->store->a,
	    arena_printf(c->store->a, "SELECT 1 FROM %s t0 WHERE %s", c->res->table, w.sql.s), w.params->v, w.params->n, &r, e))
		return false;
	return r.n > 0 || err_set(e, ERR_DENIED, NULL, "You do not have permission to perform this action: the object would lie outside of what you may %s.",
	    action);
}

static bool finish(struct changes *c, enum change_action action, struct row *before, int64_t id, struct row **out, struct err *e) {
	const struct behaviour *b = behaviour_of(c->store, c->res);
	struct row *now;

	if (!still_within(c, id, action == CHANGE_CREATE ? "add" : "change", e))
		return false;
	if (!read_one(c->store, c->model, plan_get(c->model, c->res, FORM_FULL, NULL), id, &now, e))
		return false;
	if (now == NULL)
		return err_set(e, ERR_CONFLICT, NULL, "%s %lld was deleted by another writer", c->res->name, (long long)id);
	if (!log_changes(c->store, c->model, action, before == NULL ? NULL : &before, &now, 1, e))
		return false;
	if (b != NULL && b->written != NULL && !b->written(c->store, before, now, e))
		return false;
	*out = now;
	return true;
}

bool store_create(struct store *s, const struct resource *res, const struct map *input, struct row **out, struct problems *p, struct err *e) {
	struct changes c;
	struct row *after;
	int64_t id = 0;
	bool links;

	if (!write_begin(&c, s, res, p, e))
		return false;
	if (right_to(s, res, "add") == RIGHT_NONE)
		return write_denied(e, s);
	if (!check_all(&c, input, WRITE_CREATE, NULL, &after, e) || !insert(&c, after, &id, e))
		return false;
	if (!write_links(&c, NULL, after, id, &links, e))
		return failed(&c, e);
	return finish(&c, CHANGE_CREATE, NULL, id, out, e);
}

bool store_update(struct store *s, const struct resource *res, int64_t id, const struct map *input, enum write_mode mode, struct row **out,
    struct problems *p, struct err *e) {
	const struct val lock = val_int(id);
	struct row *before, *after;
	struct changes c;
	bool links;

	if (!write_begin(&c, s, res, p, e))
		return false;
	if (right_to(s, res, "change") == RIGHT_NONE)
		return write_denied(e, s);
	if (!db_query(s->db, s->a, arena_printf(s->a, "SELECT 1 FROM %s WHERE id = $1 FOR UPDATE", res->table), &lock, 1, NULL, e) ||
	    !store_get(s, res, id, "change", &before, e) || !check_all(&c, input, mode, before, &after, e))
		return false;
	if (!write_links(&c, before, after, id, &links, e))
		return failed(&c, e);
	return update(&c, before, after, links, e) && finish(&c, CHANGE_UPDATE, before, id, out, e);
}
