/* row.c: a row as templates see it, and reading it by name. */
#include "config.h"

#include "model/engine.h"

enum { SLOT_ID = 100000 };

struct row *row_of_val(struct val v) {
	/* every resource has a class of its own; what they share is where attributes come from */
	return v.type == V_OBJ && v.u.obj->class->get == row_class.get ? (struct row *)v.u.obj : NULL;
}

int64_t ref_id(struct val v) {
	const struct row *r = row_of_val(v);

	return r != NULL ? r->id : v.type == V_INT ? v.u.i : 0;
}

struct val ref_ids(struct arena *a, struct val rows) {
	struct list *l = list_new(a, 0);
	size_t i;

	for (i = 0; rows.type == V_LIST && i < rows.u.list->n; i++)
		list_push(l, val_int(ref_id(rows.u.list->v[i])));
	return val_list(l);
}

struct val row_get(const struct row *r, const char *name) {
	int f = field_named(r->res, name, strlen(name));

	return f == PATH_ID ? val_int(r->id) : f < 0 ? val_undef() : r->v[f];
}

static int row_find(const struct obj *o, const char *name, size_t len) {
	const struct row *r = (const struct row *)o;
	int f;

	if (len == 0)
		return -1;
	f = field_named(r->res, name, len);
	return f == PATH_ID ? SLOT_ID : f < 0 ? -1 : f;
}

static bool row_slot(struct obj *o, int slot, struct arena *a, struct val *out, struct err *e) {
	const struct row *r = (const struct row *)o;

	(void)a;
	(void)e;
	*out = slot == SLOT_ID ? val_int(r->id) : r->v[slot];
	return true;
}

static bool row_text(struct obj *o, struct sbuf *b, struct err *e) {
	(void)e;
	value_text(b, val_obj(o));
	return true;
}

static bool row_repr(struct obj *o, struct sbuf *b, struct err *e) {
	const struct row *r = (const struct row *)o;

	sb_fmt(b, "<%s: ", r->res->class_name);
	row_text(o, b, e);
	sb_chr(b, '>');
	return true;
}

static bool row_equal(const struct obj *o, struct val other) {
	const struct row *a = (const struct row *)o, *b = row_of_val(other);

	return b != NULL && a->res == b->res && a->id == b->id;
}

static uint32_t row_hash(const struct obj *o) {
	const struct row *r = (const struct row *)o;

	return val_hash(val_int(r->id));
}

const struct obj_class row_class = {
	.name = "row", .find = row_find, .get = row_slot, .text = row_text, .repr = row_repr, .equal = row_equal, .hash = row_hash,
};
