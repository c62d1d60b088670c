/* values.c: what Python's values do when they are tested, compared and looked into. */
#include "config.h"

#include <math.h>

#include "template/engine.h"

static bool is_class(const struct fn *f) {
	static const char *const names[] = { "range", "dict", "namespace", "cycler", "joiner" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(names) && !f->host; i++) {
		if (strcmp(f->def->name, names[i]) == 0)
			return true;
	}
	return false;
}

const char *type_name(struct val v) {
	static const char *const views[] = { "dict_keys", "dict_values", "dict_items", "set" };

	switch ((enum vtype)v.type) {
	case V_UNDEF: return "Undefined";
	case V_NULL: return "NoneType";
	case V_BOOL: return "bool";
	case V_INT: return "int";
	case V_FLOAT: return "float";
	case V_STR: return is_safe(v) ? "Markup" : "str";
	case V_LIST: return is_tuple(v) ? "tuple" : "list";
	case V_MAP: return "dict";
	case V_OBJ:
		if (is_obj(v, &view_class))
			return views[((const struct view *)v.u.obj)->kind];
		if (is_obj(v, &function_class) && is_class((const struct fn *)v.u.obj))
			return "type";
		return is_obj(v, &gen_class) ? ((struct gen *)v.u.obj)->type : v.u.obj->class->name;
	case V__COUNT: break;
	}
	return "object";
}

bool undef_strict(const struct interp *in, struct val v) {
	return in->env->o.undefined == TMPL_STRICT && (v.u.undef == NULL || !v.u.undef->plain);
}

struct val undef_new(struct interp *in, const struct undef *u) {
	struct undef *copy = arena_new(in->a, struct undef, 1);

	*copy = *u;
	return (struct val){ .type = V_UNDEF, .u.undef = copy };
}

bool truth_of(struct interp *in, struct val v, bool *out) {
	size_t n;
	bool has;

	switch ((enum vtype)v.type) {
	case V_UNDEF:
		*out = false;
		return !undef_strict(in, v) || undef_fail(in, v);
	case V_NULL: *out = false; return true;
	case V_BOOL: *out = v.u.b; return true;
	case V_INT: *out = v.u.i != 0; return true;
	case V_FLOAT: *out = v.u.f != 0; return true;
	case V_STR: *out = v.len != 0; return true;
	case V_LIST: *out = v.u.list->n != 0; return true;
	case V_MAP: *out = v.u.map->n != 0; return true;
	case V_OBJ:
		if (v.u.obj->class->truth != NULL) {
			*out = v.u.obj->class->truth(v.u.obj);
			return true;
		}
		*out = true;
		if (is_obj(v, &loop_class) || is_obj(v, &gen_class))
			return true;
		if (!length(in, v, &n, &has))
			return false;
		*out = !has || n > 0;
		return true;
	case V__COUNT: break;
	}
	return true;
}

static bool same_view(const struct val a, const struct val b, bool *out) {
	const struct view *x = (const struct view *)a.u.obj, *y = (const struct view *)b.u.obj;
	size_t i;

	*out = (x->kind == VIEW_ITEMS) == (y->kind == VIEW_ITEMS) && y->kind != VIEW_VALUES && x->kind != VIEW_VALUES && x->map->n == y->map->n;
	for (i = 0; *out && i < x->map->n; i++) {
		const struct val *other = map_find(y->map, map_key(x->map, i));

		*out = other != NULL && (x->kind != VIEW_ITEMS || val_equal(map_val(x->map, i), *other));
	}
	return true;
}

static bool equal_lists(struct interp *in, const struct list *a, const struct list *b, bool *out) {
	size_t i;

	*out = a->n == b->n;
	for (i = 0; *out && i < a->n && i < b->n; i++) {
		if (!equal(in, a->v[i], b->v[i], out))
			return false;
	}
	return true;
}

static bool equal_maps(struct interp *in, const struct map *a, const struct map *b, bool *out) {
	size_t i;

	*out = a->n == b->n;
	for (i = 0; *out && i < a->n; i++) {
		const struct val *other = map_find(b, map_key(a, i));

		*out = other != NULL;
		if (*out && !equal(in, map_val(a, i), *other, out))
			return false;
	}
	return true;
}

static bool equal_deep(struct interp *in, struct val a, struct val b, bool *out) {
	bool ok;

	if (!enter_call(in))
		return false;
	ok = a.type == V_LIST ? equal_lists(in, a.u.list, b.u.list, out) : equal_maps(in, a.u.map, b.u.map, out);
	leave_call(in);
	return ok;
}

bool equal(struct interp *in, struct val a, struct val b, bool *out) {
	if (a.type == V_INT && b.type == V_INT) {
		*out = a.u.i == b.u.i;
		return true;
	}
	if (a.type == V_UNDEF || b.type == V_UNDEF) {
		if (a.type == V_UNDEF && undef_strict(in, a))
			return undef_fail(in, a);
		if (b.type == V_UNDEF && undef_strict(in, b))
			return undef_fail(in, b);
		*out = a.type == b.type;
		return true;
	}
	if (a.type == V_LIST && b.type == V_LIST && is_tuple(a) == is_tuple(b)) {
		*out = true;
		return a.u.list == b.u.list || equal_deep(in, a, b, out);
	}
	if (a.type == V_MAP && b.type == V_MAP) {
		*out = true;
		return a.u.map == b.u.map || equal_deep(in, a, b, out);
	}
	if (is_obj(a, &view_class) && is_obj(b, &view_class))
		return same_view(a, b, out);
	*out = val_equal(a, b);
	return true;
}

/* -1, 0, 1; or *comparable false. */
static int compare_numbers(struct interp *in, struct val a, struct val b, bool *unordered) {
	double x, y;

	*unordered = false;
	if (a.type == V_INT && b.type == V_INT)
		return (a.u.i > b.u.i) - (a.u.i < b.u.i);
	if (a.type != V_FLOAT && b.type != V_FLOAT)
		return big_compare(a, b);
	if (!to_float(a, &x) || !to_float(b, &y))
		return 0;
	*unordered = x != x || y != y;
	if (x == y && (a.type != V_FLOAT || b.type != V_FLOAT) && fabs(x) > 9e15 && isfinite(x))
		return big_compare(a.type == V_FLOAT ? big_from_float(in->a, x) : a, b.type == V_FLOAT ? big_from_float(in->a, y) : b);
	return (x > y) - (x < y);
}

static int compare_str(struct val a, struct val b) {
	uint32_t n = a.len < b.len ? a.len : b.len;
	int d = n == 0 ? 0 : memcmp(a.u.s, b.u.s, n);

	return d != 0 ? d : (a.len > b.len) - (a.len < b.len);
}

static bool decide(enum op op, int d) {
	return op == OP_LT ? d < 0 : op == OP_LE ? d <= 0 : op == OP_GT ? d > 0 : d >= 0;
}

static bool order_lists(struct interp *in, enum op op, const struct list *a, const struct list *b, bool *out) {
	size_t i, n = a->n < b->n ? a->n : b->n;
	bool same;

	for (i = 0; i < n; i++) {
		if (!equal(in, a->v[i], b->v[i], &same))
			return false;
		if (!same)
			return order(in, op, a->v[i], b->v[i], out);
	}
	*out = decide(op, (a->n > b->n) - (a->n < b->n));
	return true;
}

bool view_is_set(struct val v) {
	return is_obj(v, &view_class) && ((const struct view *)v.u.obj)->kind != VIEW_VALUES;
}

static bool within(struct interp *in, struct val a, struct val b, bool *out) {
	struct iter it;
	struct val item;
	bool more = true;

	if (!iter_init(in, a, &it))
		return false;
	for (*out = true; *out;) {
		if (!step(in) || !iter_next(&it, &item, &more))
			return false;
		if (!more)
			break;
		if (!contains(in, item, b, out))
			return false;
	}
	return true;
}

/* Keys and items are ordered as sets are: one within the other. */
static bool order_views(struct interp *in, enum op op, struct val a, struct val b, bool *out) {
	size_t na = ((const struct view *)a.u.obj)->map->n, nb = ((const struct view *)b.u.obj)->map->n;

	if (op == OP_GT || op == OP_GE)
		return order_views(in, op == OP_GT ? OP_LT : OP_LE, b, a, out);
	*out = false;
	return na > nb || (op == OP_LT && na == nb) || within(in, a, b, out);
}

bool order(struct interp *in, enum op op, struct val a, struct val b, bool *out) {
	static const char *const signs[OP__COUNT] = { [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=" };
	bool unordered = false, comparable = false, ok;

	if (a.type == V_INT && b.type == V_INT) {
		*out = decide(op, (a.u.i > b.u.i) - (a.u.i < b.u.i));
		return true;
	}
	if (is_number(a) && is_number(b)) {
		int d = compare_numbers(in, a, b, &unordered);

		*out = !unordered && decide(op, d);
		return true;
	}
	if (a.type == V_STR && b.type == V_STR) {
		*out = decide(op, compare_str(a, b));
		return true;
	}
	if (a.type == V_LIST && b.type == V_LIST && is_tuple(a) == is_tuple(b)) {
		if (!enter_call(in))
			return false;
		ok = order_lists(in, op, a.u.list, b.u.list, out);
		leave_call(in);
		return ok;
	}
	if (a.type == V_UNDEF || b.type == V_UNDEF)
		return undef_fail(in, a.type == V_UNDEF ? a : b);
	if (view_is_set(a) && view_is_set(b))
		return order_views(in, op, a, b, out);
	if (a.type == V_OBJ && a.u.obj->class->compare != NULL) {
		int d = a.u.obj->class->compare(a.u.obj, b, &comparable);

		*out = decide(op, d);
	}
	return comparable || fail_type(in, "'%s' not supported between instances of '%s' and '%s'", signs[op], type_name(a), type_name(b));
}

static bool contains_str(struct interp *in, struct val item, struct val text, bool *out) {
	if (item.type != V_STR)
		return fail_type(in, "'in <string>' requires string as left operand, not %s", type_name(item));
	*out = item.len == 0 || memmem(text.u.s, text.len, item.u.s, item.len) != NULL;
	return true;
}

static bool contains_key(struct interp *in, struct val key, const struct map *m, bool *out) {
	if (!hashable(in, key))
		return false;
	*out = map_find(m, key) != NULL;
	return true;
}

bool contains(struct interp *in, struct val item, struct val what, bool *out) {
	struct iter it;
	struct val v;
	bool more = true;

	*out = false;
	if (what.type == V_STR)
		return contains_str(in, item, what, out);
	if (what.type == V_MAP)
		return contains_key(in, item, what.u.map, out);
	if (is_obj(what, &view_class) && (((struct view *)what.u.obj)->kind == VIEW_KEYS || ((struct view *)what.u.obj)->kind == VIEW_SET))
		return contains_key(in, item, ((struct view *)what.u.obj)->map, out);
	if (!iter_is(what) && what.type != V_UNDEF && !is_obj(what, &self_class))
		return fail_type(in, "argument of type '%s' is not iterable", type_name(what));
	if (!iter_init(in, what, &it))
		return false;
	while (!*out) {
		if (!step(in) || !iter_next(&it, &v, &more))
			return false;
		if (!more)
			break;
		if (v.type == V_OBJ && item.type == V_OBJ && v.u.obj == item.u.obj)
			*out = true;
		else if (!equal(in, v, item, out))
			return false;
	}
	return true;
}

bool hashable(struct interp *in, struct val v) {
	size_t i;

	if (v.type == V_MAP || (v.type == V_LIST && !is_tuple(v)))
		return fail_type(in, "unhashable type: '%s'", type_name(v));
	if (v.type == V_UNDEF && undef_strict(in, v))
		return undef_fail(in, v);
	if (is_obj(v, &slice_class) || (is_obj(v, &view_class) && ((struct view *)v.u.obj)->kind != VIEW_VALUES))
		return fail_type(in, "unhashable type: '%s'", type_name(v));
	for (i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		if (!hashable(in, v.u.list->v[i]))
			return false;
	}
	return true;
}
