/* arith.c: + - * / // % ** as Python has them; integers of any size (bignum.c), floats, text, lists. */
#include "config.h"

#include <math.h>

#include "template/engine.h"

enum { BITS_MAX = 40000 };              /* of an integer: 12,000 digits */

bool is_int(struct val v) {
	return v.type == V_INT || v.type == V_BOOL || is_obj(v, &big_class);
}

bool is_number(struct val v) {
	return v.type == V_INT || v.type == V_FLOAT || v.type == V_BOOL || is_obj(v, &big_class);
}

bool to_float(struct val v, double *out) {
	if (v.type == V_FLOAT)
		*out = v.u.f;
	else if (v.type == V_INT)
		*out = (double)v.u.i;
	else if (v.type == V_BOOL)
		*out = v.u.b ? 1 : 0;
	else if (is_obj(v, &big_class))
		*out = big_float(v);
	else
		return false;
	return true;
}

bool as_float(struct interp *in, struct val v, double *out) {
	if (!to_float(v, out))
		return fail_type(in, "must be real number, not %s", type_name(v));
	if (isinf(*out) && v.type != V_FLOAT)
		return fail(in, "OverflowError", "int too large to convert to float");
	return true;
}

bool count_of(struct interp *in, struct val v, int64_t *out) {
	if (is_obj(v, &big_class))
		return fail(in, "OverflowError", "cannot fit 'int' into an index-sized integer");
	return index_of(in, v, out);
}

bool flag_of(struct interp *in, struct val v, bool *out) {
	if (!is_int(v))
		return fail_type(in, "'%s' object cannot be interpreted as an integer", type_name(v));
	return truth(in, v, out);
}

bool index_of(struct interp *in, struct val v, int64_t *out) {
	if (v.type == V_INT)
		*out = v.u.i;
	else if (v.type == V_BOOL)
		*out = v.u.b ? 1 : 0;
	else if (is_obj(v, &big_class))
		*out = big_negative(v) ? INT64_MIN / 2 : INT64_MAX / 2;
	else
		return fail_type(in, "'%s' object cannot be interpreted as an integer", type_name(v));
	return true;
}

static int64_t small(struct val v) {
	return v.type == V_BOOL ? (v.u.b ? 1 : 0) : v.u.i;
}

/* Python's // and %: towards minus infinity. */
static int64_t floordiv(int64_t a, int64_t b) {
	int64_t q = a / b;

	return a % b != 0 && ((a < 0) != (b < 0)) ? q - 1 : q;
}

static bool int_small(enum op op, int64_t a, int64_t b, struct val *out) {
	int64_t r;

	switch ((int)op) {
	case OP_ADD:
		if (__builtin_add_overflow(a, b, &r))
			return false;
		break;
	case OP_SUB:
		if (__builtin_sub_overflow(a, b, &r))
			return false;
		break;
	case OP_MUL:
		if (__builtin_mul_overflow(a, b, &r))
			return false;
		break;
	case OP_FLOORDIV:
		if (a == INT64_MIN)
			return false;
		r = floordiv(a, b);
		break;
	default:
		if (a == INT64_MIN)
			return false;
		r = a % b;
		if (r != 0 && (r < 0) != (b < 0))
			r += b;
		break;
	}
	*out = val_int(r);
	return true;
}

static bool divide(struct interp *in, struct val a, struct val b, struct val *out) {
	double x = 0, y = 0;

	if (!is_int(a) || !is_int(b)) {
		if (!as_float(in, a, &x) || !as_float(in, b, &y))
			return false;
		if (y == 0)
			return fail(in, "ZeroDivisionError", "float division by zero");
		*out = val_float(x / y);
		return true;
	}
	if (b.type != V_OBJ && small(b) == 0)
		return fail(in, "ZeroDivisionError", "division by zero");
	if (a.type != V_OBJ && b.type != V_OBJ)         /* a long double holds 64 bits: rounded once, at the end */
		x = (double)((long double)small(a) / (long double)small(b));
	else
		x = big_quotient(in->a, a, b);
	if (isinf(x))
		return fail(in, "OverflowError", "integer division result too large for a float");
	*out = val_float(x);
	return true;
}

static bool int_pow(struct interp *in, struct val a, int64_t n, struct val *out) {
	struct val r = val_int(1);
	double bits = (double)big_bits(a) * (double)n;

	if (bits > BITS_MAX)
		return fail(in, "OverflowError", "the result of ** would have more than 12000 digits");
	while (n > 0) {
		if (n & 1)
			r = big_arith(in->a, OP_MUL, r, a);
		n >>= 1;
		if (n > 0)
			a = big_arith(in->a, OP_MUL, a, a);
	}
	*out = r;
	return true;
}

static bool power(struct interp *in, struct val a, struct val b, struct val *out) {
	double x = 0, y = 0;
	int64_t n;

	to_float(a, &x);
	to_float(b, &y);
	if (is_int(a) && is_int(b) && y >= 0) {
		if (x == 0 || x == 1) {
			*out = val_int(x == 0 && y > 0 ? 0 : 1);
			return true;
		}
		if (x == -1) {
			*out = val_int(fmod(y, 2) == 0 ? 1 : -1);
			return true;
		}
		return index_of(in, b, &n) && int_pow(in, a, n, out);
	}
	if (!as_float(in, a, &x) || !as_float(in, b, &y))
		return false;
	if (x == 0 && y < 0)
		return fail(in, "ZeroDivisionError", "0.0 cannot be raised to a negative power");
	if (x < 0 && y != floor(y) && isfinite(y))
		return fail(in, "ValueError", "a negative number to a fractional power is a complex number");
	*out = val_float(pow(x, y));
	if (isinf(out->u.f) && isfinite(x) && isfinite(y))
		return fail(in, "OverflowError", "(34, 'Numerical result out of range')");
	return true;
}

static bool float_arith(struct interp *in, enum op op, double x, double y, struct val *out) {
	double m;

	switch ((int)op) {
	case OP_ADD: *out = val_float(x + y); return true;
	case OP_SUB: *out = val_float(x - y); return true;
	case OP_MUL: *out = val_float(x * y); return true;
	default: break;
	}
	if (y == 0)
		return fail(in, "ZeroDivisionError", op == OP_MOD ? "float modulo" : "float floor division by zero");
	m = fmod(x, y);
	if (m != 0 && (m < 0) != (y < 0))
		m += y;
	else if (m == 0)
		m = copysign(0, y);
	if (op == OP_MOD) {
		*out = val_float(m);
		return true;
	}
	x = (x - m) / y;
	*out = val_float(x == 0 ? copysign(0, x) : x - floor(x) > 0.5 ? floor(x) + 1 : floor(x));
	return true;
}

static bool numbers(struct interp *in, enum op op, struct val a, struct val b, struct val *out) {
	double x = 0, y = 0;

	if (op == OP_DIV)
		return divide(in, a, b, out);
	if (op == OP_POW)
		return power(in, a, b, out);
	if (a.type == V_FLOAT || b.type == V_FLOAT)
		return as_float(in, a, &x) && as_float(in, b, &y) && float_arith(in, op, x, y, out);
	if ((op == OP_FLOORDIV || op == OP_MOD) && (b.type == V_INT || b.type == V_BOOL) && small(b) == 0)
		return fail(in, "ZeroDivisionError", "integer %s by zero", op == OP_MOD ? "modulo" : "division or modulo");
	if (op == OP_MUL && (a.type == V_OBJ || b.type == V_OBJ) && big_bits(a) + big_bits(b) > BITS_MAX)
		return fail(in, "OverflowError", "the result of * would have more than 12000 digits");
	if (a.type == V_OBJ || b.type == V_OBJ || !int_small(op, small(a), small(b), out))
		*out = big_arith(in->a, op, a, b);
	return true;
}

bool repeat(struct interp *in, struct val v, int64_t times, struct val *out) {
	struct sbuf b;
	struct list *l;
	size_t i;

	if (times < 0)
		times = 0;
	if (v.type == V_STR) {
		uint64_t size;

		if (__builtin_mul_overflow((uint64_t)times, (uint64_t)v.len, &size))
			size = UINT64_MAX;
		if (!room(in, size))
			return false;
		sb_init(&b, in->a);
		sb_reserve(&b, size + 1);
		while (v.len > 0 && times-- > 0)
			sb_mem(&b, v.u.s, v.len);
		*out = val_mem(b.s, b.len);
		out->flags = v.flags;
		return true;
	}
	if (v.u.list->n > 0 && !room(in, (uint64_t)times > STRING_MAX ? UINT64_MAX : (uint64_t)times * v.u.list->n * sizeof(struct val)))
		return false;
	l = list_new(in->a, v.u.list->n * (size_t)(v.u.list->n == 0 ? 0 : times));
	while (v.u.list->n > 0 && times-- > 0) {
		for (i = 0; i < v.u.list->n; i++)
			list_push(l, v.u.list->v[i]);
	}
	*out = val_list(l);
	out->flags = v.flags & VF_TUPLE;
	return true;
}

/* str + str; if one is markup, the other is escaped. */
static bool join_text(struct interp *in, struct val a, struct val b, struct val *out) {
	bool safe = is_safe(a) || is_safe(b);
	char *s;

	if (safe) {
		a = is_safe(a) ? a : html_escape(in->a, a);
		b = is_safe(b) ? b : html_escape(in->a, b);
	}
	if (!room(in, (uint64_t)a.len + b.len))
		return false;
	s = arena_alloc(in->a, (size_t)a.len + b.len + 1);
	memcpy(s, a.u.s, a.len);
	memcpy(s + a.len, b.u.s, b.len);
	*out = val_mem(s, (size_t)a.len + b.len);
	out->flags = safe ? VF_SAFE : 0;
	return true;
}

static bool join_lists(struct interp *in, struct val a, struct val b, struct val *out) {
	struct list *l;
	size_t i;

	if (!room(in, (a.u.list->n + b.u.list->n) * sizeof(struct val)))
		return false;
	l = list_new(in->a, a.u.list->n + b.u.list->n);
	for (i = 0; i < a.u.list->n; i++)
		l->v[l->n++] = a.u.list->v[i];
	for (i = 0; i < b.u.list->n; i++)
		l->v[l->n++] = b.u.list->v[i];
	*out = val_list(l);
	out->flags = a.flags & VF_TUPLE;
	return true;
}

static const char *sign(enum op op) {
	static const char *const signs[OP__COUNT] = {
		[OP_ADD] = "+", [OP_SUB] = "-", [OP_MUL] = "*", [OP_DIV] = "/", [OP_FLOORDIV] = "//", [OP_MOD] = "%", [OP_POW] = "** or pow()",
	};

	return signs[op];
}

static bool sequences(struct interp *in, enum op op, struct val a, struct val b, struct val *out, bool *done) {
	int64_t n;

	*done = true;
	if (op == OP_ADD && a.type == V_STR && b.type == V_STR)
		return join_text(in, a, b, out);
	if (op == OP_ADD && a.type == V_LIST && b.type == V_LIST && is_tuple(a) == is_tuple(b))
		return join_lists(in, a, b, out);
	if (op == OP_MUL && (a.type == V_STR || a.type == V_LIST) && is_int(b))
		return count_of(in, b, &n) && repeat(in, a, n, out);
	if (op == OP_MUL && (b.type == V_STR || b.type == V_LIST) && is_int(a))
		return count_of(in, a, &n) && repeat(in, b, n, out);
	if (op == OP_MOD && a.type == V_STR)
		return format_printf(in, a, b, out);
	*done = false;
	return true;
}

bool arith(struct interp *in, enum op op, struct val a, struct val b, struct val *out) {
	bool done;

	if (is_number(a) && is_number(b))
		return numbers(in, op, a, b, out);
	if (a.type == V_UNDEF)
		return undef_fail(in, a);
	if (op == OP_SUB && is_obj(a, &view_class) && ((struct view *)a.u.obj)->kind != VIEW_VALUES && iter_is(b))
		return view_minus(in, (struct view *)a.u.obj, b, out);
	if (!sequences(in, op, a, b, out, &done))
		return false;
	if (done)
		return true;
	if (b.type == V_UNDEF)
		return undef_fail(in, b);
	if (op == OP_ADD && a.type == V_STR)
		return fail_type(in, "can only concatenate str (not \"%s\") to str", type_name(b));
	if (op == OP_ADD && a.type == V_LIST)
		return fail_type(in, "can only concatenate %s (not \"%s\") to %s", type_name(a), type_name(b), type_name(a));
	return fail_type(in, "unsupported operand type(s) for %s: '%s' and '%s'", sign(op), type_name(a), type_name(b));
}

bool arith_unary(struct interp *in, enum op op, struct val v, struct val *out) {
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	if (!is_number(v))
		return fail_type(in, "bad operand type for unary %s: '%s'", op == OP_NEG ? "-" : "+", type_name(v));
	if (v.type == V_BOOL)
		v = val_int(v.u.b ? 1 : 0);
	if (op == OP_POS)
		*out = v;
	else if (v.type == V_FLOAT)
		*out = val_float(-v.u.f);
	else
		*out = big_neg(in->a, v);
	return true;
}
