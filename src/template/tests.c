/* tests.c: the tests after `is`, and their table. */
#include "config.h"

#include <math.h>

#include "template/engine.h"

static bool answer(struct val *out, bool yes) {
	*out = val_bool(yes);
	return true;
}

static bool t_defined(struct call *c, struct val *out) {
	return answer(out, c->args[0].type != V_UNDEF);
}

static bool t_undefined(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_UNDEF);
}

static bool t_none(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_NULL);
}

static bool t_boolean(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_BOOL);
}

static bool t_true(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_BOOL && c->args[0].u.b);
}

static bool t_false(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_BOOL && !c->args[0].u.b);
}

static bool t_integer(struct call *c, struct val *out) {
	return answer(out, c->args[0].type != V_BOOL && is_int(c->args[0]));
}

static bool t_float(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_FLOAT);
}

static bool t_number(struct call *c, struct val *out) {
	return answer(out, is_number(c->args[0]));
}

static bool t_string(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_STR);
}

static bool t_mapping(struct call *c, struct val *out) {
	return answer(out, c->args[0].type == V_MAP);
}

static bool t_sequence(struct call *c, struct val *out) {
	struct val v = c->args[0];

	if (v.type == V_UNDEF) {                        /* has a length, and answers to any item by failing */
		if (undef_strict(interp_of(c), v))
			return answer(out, false);
		return answer(out, true);
	}
	if (v.type == V_OBJ && v.u.obj->class->count != NULL)
		return answer(out, v.u.obj->class->item != NULL || v.u.obj->class->list != NULL);
	return answer(out, v.type == V_STR || v.type == V_LIST || v.type == V_MAP || is_obj(v, &range_class));
}

static bool t_iterable(struct call *c, struct val *out) {
	struct val v = c->args[0];

	if (v.type == V_UNDEF && undef_strict(interp_of(c), v))
		return undef_fail(interp_of(c), v);
	return answer(out, v.type == V_UNDEF || iter_is(v));
}

static bool t_callable(struct call *c, struct val *out) {
	static const struct obj_class *const own[] = {
		&method_class, &function_class, &macro_class, &block_class, &loop_class, &joiner_class,
	};
	struct val v = c->args[0];
	bool yes = v.type == V_UNDEF || (v.type == V_OBJ && v.u.obj->class->call != NULL);
	size_t i;

	for (i = 0; i < ARRAY_LEN(own); i++)
		yes = yes || is_obj(v, own[i]);
	return answer(out, yes);
}

/* Is there a cased character, and are all of them of that case? */
static bool case_is(struct call *c, bool upper, struct val *out) {
	struct val v;
	bool any = false;
	size_t i, len;

	if (!str_val(interp_of(c), c->args[0], &v))
		return false;
	for (i = 0; i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);

		if (upper ? uc_lower(ch) || uc_title(ch) : uc_upper(ch) || uc_title(ch))
			return answer(out, false);
		any = any || (upper ? uc_upper(ch) : uc_lower(ch));
	}
	return answer(out, any);
}

static bool t_lower(struct call *c, struct val *out) {
	return case_is(c, false, out);
}

static bool t_upper(struct call *c, struct val *out) {
	return case_is(c, true, out);
}

static bool t_escaped(struct call *c, struct val *out) {
	struct val v = c->args[0];

	return answer(out, is_safe(v) || is_obj(v, &module_class) ||
		(v.type == V_UNDEF && interp_of(c)->env->o.undefined == TMPL_CHAINABLE && (v.u.undef == NULL || !v.u.undef->plain)));
}

static bool modulo_is(struct call *c, struct val by, int64_t want, struct val *out) {
	struct val rest;
	bool yes;

	if (!arith(interp_of(c), OP_MOD, c->args[0], by, &rest) || !equal(interp_of(c), rest, val_int(want), &yes))
		return false;
	return answer(out, yes);
}

static bool t_odd(struct call *c, struct val *out) {
	return modulo_is(c, val_int(2), 1, out);
}

static bool t_even(struct call *c, struct val *out) {
	return modulo_is(c, val_int(2), 0, out);
}

static bool t_divisibleby(struct call *c, struct val *out) {
	return modulo_is(c, c->args[1], 0, out);
}

static bool t_sameas(struct call *c, struct val *out) {
	struct val a = c->args[0], b = c->args[1];

	if (a.type != b.type)
		return answer(out, false);
	switch ((enum vtype)a.type) {
	case V_NULL: return answer(out, true);
	case V_BOOL: return answer(out, a.u.b == b.u.b);
	case V_INT: return answer(out, a.u.i == b.u.i);
	case V_FLOAT: return answer(out, a.u.f == b.u.f);
	case V_STR: return answer(out, a.len == b.len && a.flags == b.flags && memcmp(a.u.s, b.u.s, a.len) == 0);
	case V_LIST: return answer(out, a.u.list == b.u.list || (is_tuple(a) && is_tuple(b) && a.u.list->n == 0 && b.u.list->n == 0));
	case V_MAP: return answer(out, a.u.map == b.u.map);
	case V_OBJ: return answer(out, a.u.obj == b.u.obj);
	case V_UNDEF: return answer(out, a.u.undef == b.u.undef);
	case V__COUNT: break;
	}
	return answer(out, false);
}

static bool t_in(struct call *c, struct val *out) {
	bool yes;

	return contains(interp_of(c), c->args[0], c->args[1], &yes) && answer(out, yes);
}

static bool known(struct call *c, enum table t, struct val *out) {
	struct val name = c->args[0];

	if (!hashable(interp_of(c), name))
		return false;
	return answer(out, name.type == V_STR && env_fn(interp_of(c)->env, t, name) != NULL);
}

static bool t_filter(struct call *c, struct val *out) {
	return known(c, TABLE_FILTERS, out);
}

static bool t_test(struct call *c, struct val *out) {
	return known(c, TABLE_TESTS, out);
}

static bool t_eq(struct call *c, struct val *out) {
	bool yes;

	return equal(interp_of(c), c->args[0], c->args[1], &yes) && answer(out, yes);
}

static bool t_ne(struct call *c, struct val *out) {
	bool yes;

	return equal(interp_of(c), c->args[0], c->args[1], &yes) && answer(out, !yes);
}

static bool ordered(struct call *c, enum op op, struct val *out) {
	bool yes;

	return order(interp_of(c), op, c->args[0], c->args[1], &yes) && answer(out, yes);
}

static bool t_gt(struct call *c, struct val *out) {
	return ordered(c, OP_GT, out);
}

static bool t_ge(struct call *c, struct val *out) {
	return ordered(c, OP_GE, out);
}

static bool t_lt(struct call *c, struct val *out) {
	return ordered(c, OP_LT, out);
}

static bool t_le(struct call *c, struct val *out) {
	return ordered(c, OP_LE, out);
}

const struct tmpl_def tmpl_tests[] = {
	{ "!=", t_ne, 1, 1, "other", "Differs from the other value.", "{{ l|reject('!=', 1)|list }}", false },
	{ "<", t_lt, 1, 1, "other", "Less than the other value.", "{{ l|select('<', 3)|list }}", false },
	{ "<=", t_le, 1, 1, "other", "Not more than the other value.", "{{ l|select('<=', 3)|list }}", false },
	{ "==", t_eq, 1, 1, "other", "Equals the other value.", "{{ l|select('==', 3)|list }}", false },
	{ ">", t_gt, 1, 1, "other", "More than the other value.", "{{ l|select('>', 3)|list }}", false },
	{ ">=", t_ge, 1, 1, "other", "Not less than the other value.", "{{ l|select('>=', 3)|list }}", false },
	{ "boolean", t_boolean, 0, 0, "", "Is true or false.", "{{ x is boolean }}", false },
	{ "callable", t_callable, 0, 0, "", "Can be called.", "{{ x is callable }}", false },
	{ "defined", t_defined, 0, 0, "", "Exists.", "{{ x is defined }}", false },
	{ "divisibleby", t_divisibleby, 1, 1, "num", "Can be divided without a rest.", "{{ 9 is divisibleby 3 }}", false },
	{ "eq", t_eq, 1, 1, "other", "Equals the other value.", "{{ x is eq 3 }}", false },
	{ "equalto", t_eq, 1, 1, "other", "Equals the other value.", "{{ x is equalto 3 }}", false },
	{ "escaped", t_escaped, 0, 0, "", "Is markup.", "{{ x is escaped }}", false },
	{ "even", t_even, 0, 0, "", "Is an even number.", "{{ 2 is even }}", false },
	{ "false", t_false, 0, 0, "", "Is false itself.", "{{ x is false }}", false },
	{ "filter", t_filter, 0, 0, "", "Is the name of a filter.", "{{ 'upper' is filter }}", false },
	{ "float", t_float, 0, 0, "", "Is a float.", "{{ 1.0 is float }}", false },
	{ "ge", t_ge, 1, 1, "other", "Not less than the other value.", "{{ x is ge 3 }}", false },
	{ "greaterthan", t_gt, 1, 1, "other", "More than the other value.", "{{ x is greaterthan 3 }}", false },
	{ "gt", t_gt, 1, 1, "other", "More than the other value.", "{{ x is gt 3 }}", false },
	{ "in", t_in, 1, 1, "seq", "Is one of the items.", "{{ x is in [1, 2] }}", false },
	{ "integer", t_integer, 0, 0, "", "Is an integer, not true or false.", "{{ 1 is integer }}", false },
	{ "iterable", t_iterable, 0, 0, "", "Can be walked over.", "{{ x is iterable }}", false },
	{ "le", t_le, 1, 1, "other", "Not more than the other value.", "{{ x is le 3 }}", false },
	{ "lessthan", t_lt, 1, 1, "other", "Less than the other value.", "{{ x is lessthan 3 }}", false },
	{ "lower", t_lower, 0, 0, "", "Is lower case.", "{{ 'a' is lower }}", false },
	{ "lt", t_lt, 1, 1, "other", "Less than the other value.", "{{ x is lt 3 }}", false },
	{ "mapping", t_mapping, 0, 0, "", "Is a dict.", "{{ x is mapping }}", false },
	{ "ne", t_ne, 1, 1, "other", "Differs from the other value.", "{{ x is ne 3 }}", false },
	{ "none", t_none, 0, 0, "", "Is none.", "{{ x is none }}", false },
	{ "number", t_number, 0, 0, "", "Is a number, true and false included.", "{{ 1 is number }}", false },
	{ "odd", t_odd, 0, 0, "", "Is an odd number.", "{{ 1 is odd }}", false },
	{ "sameas", t_sameas, 1, 1, "other", "Is the same object.", "{{ x is sameas none }}", false },
	{ "sequence", t_sequence, 0, 0, "", "Has a length and items by place.", "{{ x is sequence }}", false },
	{ "string", t_string, 0, 0, "", "Is text.", "{{ x is string }}", false },
	{ "test", t_test, 0, 0, "", "Is the name of a test.", "{{ 'odd' is test }}", false },
	{ "true", t_true, 0, 0, "", "Is true itself.", "{{ x is true }}", false },
	{ "undefined", t_undefined, 0, 0, "", "Does not exist.", "{{ x is undefined }}", false },
	{ "upper", t_upper, 0, 0, "", "Is upper case.", "{{ 'A' is upper }}", false },
	{ .name = NULL },
};
