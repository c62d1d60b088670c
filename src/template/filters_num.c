/* filters_num.c: filters over numbers, and reading numbers from text as Python's int() and float() do. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "template/filters.h"

bool f_abs(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0];

	if (v.type == V_UNDEF || !is_number(v))
		return fail_type(in, "bad operand type for abs(): '%s'", type_name(v));
	if (v.type == V_FLOAT)
		*out = val_float(fabs(v.u.f));
	else
		*out = big_negative(v) ? big_neg(c->a, v) : v.type == V_BOOL ? val_int(v.u.b ? 1 : 0) : v;
	return true;
}

/* Half to even on the exact value of the double: what printing it with that many decimals gives. */
static double round_half_even(double f, int64_t digits) {
	char text[400];

	if (!isfinite(f) || digits > 308)
		return f;
	if (digits < -308)
		return copysign(0, f);
	if (digits == 0)
		return rint(f);
	if (digits > 0) {
		snprintf(text, sizeof(text), "%.*f", (int)digits, f);
		return strtod(text, NULL);
	}
	double unit = pow(10, (double)-digits), q = f / unit;

	return rint(q) * unit;
}

/* Ints to tens, hundreds ...: half to even, exactly. */
static struct val round_int(struct arena *a, struct val v, int64_t digits) {
	struct val unit = val_int(1), half, rest, q;
	int d;

	if (digits >= 0)
		return v.type == V_BOOL ? val_int(v.u.b ? 1 : 0) : v;
	if (digits < -4000)
		return val_int(0);
	while (digits++ < 0)
		unit = big_arith(a, OP_MUL, unit, val_int(10));
	q = big_arith(a, OP_FLOORDIV, v, unit);
	rest = big_arith(a, OP_MOD, v, unit);
	half = big_arith(a, OP_MUL, rest, val_int(2));
	d = big_compare(half, unit);
	if (d > 0 || (d == 0 && big_compare(big_arith(a, OP_MOD, q, val_int(2)), val_int(1)) == 0))
		q = big_arith(a, OP_ADD, q, val_int(1));
	return big_arith(a, OP_MUL, q, unit);
}

static bool round_towards(struct call *c, bool up, int64_t precision, struct val *out) {
	struct interp *in = interp_of(c);
	struct val factor, scaled;
	double f;

	if (!arith(in, OP_POW, val_int(10), val_int(precision), &factor) || !arith(in, OP_MUL, c->args[0], factor, &scaled))
		return false;
	if (scaled.type == V_FLOAT && !as_float(in, scaled, &f))
		return false;
	if (scaled.type != V_FLOAT)
		return arith(in, OP_DIV, scaled, factor, out);
	if (!isfinite(f))
		return fail(in, isnan(f) ? "ValueError" : "OverflowError", "cannot convert float %s to integer", isnan(f) ? "NaN" : "infinity");
	return arith(in, OP_DIV, big_from_float(c->a, up ? ceil(f) : floor(f)), factor, out);
}

static bool float_to_int(struct interp *in, double f, struct val *out) {
	if (isnan(f))
		return fail(in, "ValueError", "cannot convert float NaN to integer");
	if (isinf(f))
		return fail(in, "OverflowError", "cannot convert float infinity to integer");
	*out = big_from_float(in->a, trunc(f));
	return true;
}

bool f_round(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0], method = c->args[2];
	int64_t precision;

	if (!hashable(in, method))
		return false;
	if (!val_equal(method, val_str("common")) && !val_equal(method, val_str("ceil")) && !val_equal(method, val_str("floor")))
		return fail(in, "FilterArgumentError", "method must be common, ceil or floor");
	if (c->args[1].type == V_FLOAT)
		return fail_type(in, "'float' object cannot be interpreted as an integer");
	if (!val_equal(method, val_str("common")))
		return index_of(in, c->args[1], &precision) && round_towards(c, method.u.s[0] == 'c', precision, out);
	if (v.type == V_UNDEF || !is_number(v))
		return fail_type(in, "type %s doesn't define __round__ method", type_name(v));
	if (c->args[1].type == V_NULL)
		return v.type == V_FLOAT ? float_to_int(in, rint(v.u.f), out) : (*out = round_int(c->a, v, 0), true);
	if (!index_of(in, c->args[1], &precision))
		return false;
	*out = v.type == V_FLOAT ? val_float(round_half_even(v.u.f, precision)) : round_int(c->a, v, precision);
	return true;
}

/* The text without blanks around it, its digits as ASCII and underscores between digits gone; NULL when they are misplaced. */
static char *plain_digits(struct arena *a, struct val text, bool hex) {
	struct val v = str_strip(text, val_null(), 3);
	struct sbuf b;
	size_t i, len;
	bool digit = false, ok = true;

	sb_init(&b, a);
	for (i = 0; i < v.len; i += len) {
		uint32_t c = utf8_at(v, i, &len);
		int value = uc_decimal_value(c);

		if (c == '_') {
			ok = ok && digit && i + 1 < v.len && (isalnum((unsigned char)v.u.s[i + 1]) || (unsigned char)v.u.s[i + 1] >= 0x80);
			digit = false;
			continue;
		}
		digit = value >= 0 || (hex && c < 0x80 && isalnum((int)c));
		if (value >= 0)
			sb_chr(&b, (char)('0' + value));
		else if (c < 0x80 && c != 0)
			sb_chr(&b, (char)c);
		else
			ok = false;
	}
	return ok ? b.s : NULL;
}

static bool parse_float(struct arena *a, struct val text, double *out) {
	char *s = plain_digits(a, text, false), *end, *p;

	if (s == NULL || *s == '\0')
		return false;
	p = s + (*s == '+' || *s == '-');
	if (p[0] == '0' && (p[1] | 0x20) == 'x')
		return false;
	if (!isdigit((unsigned char)*p) && *p != '.' && strcasecmp(p, "inf") != 0 && strcasecmp(p, "infinity") != 0 && strcasecmp(p, "nan") != 0)
		return false;
	*out = strtod(s, &end);
	return *end == '\0';
}

static bool valid_digits(const char *s, unsigned base) {
	size_t i;

	for (i = 0; s[i] != '\0'; i++) {
		int c = tolower((unsigned char)s[i]);
		unsigned value = isdigit(c) ? (unsigned)(c - '0') : isalpha(c) ? (unsigned)(c - 'a') + 10 : 99;

		if (value >= base)
			return false;
	}
	return i > 0;
}

static bool parse_int(struct interp *in, struct val text, unsigned base, struct val *out, bool *ok) {
	static const struct { char letter; unsigned base; } prefixes[] = { { 'b', 2 }, { 'o', 8 }, { 'x', 16 } };
	char *s = plain_digits(in->a, text, true);
	bool negative;
	size_t i;
	struct val v = str_strip(text, val_null(), 3);

	*ok = false;
	if (s == NULL)
		return true;
	negative = *s == '-';
	s += *s == '+' || *s == '-';
	for (i = 0; s[0] == '0' && i < ARRAY_LEN(prefixes); i++) {
		if ((s[1] | 0x20) == prefixes[i].letter && (base == 0 || base == prefixes[i].base)) {
			base = prefixes[i].base;
			s += 2;
			break;
		}
	}
	if (base == 0 && s[0] == '0' && strspn(s, "0") != strlen(s))
		return true;
	base = base == 0 ? 10 : base;
	if (v.len > 0 && !valid_digits(s, base))
		return true;
	if (v.len == 0 || strlen(s) == 0)
		return true;
	if (strlen(s) > 4300 && base == 10)
		return true;
	*out = big_parse(in->a, s, strlen(s), base);
	if (negative)
		*out = big_neg(in->a, *out);
	*ok = true;
	return true;
}

bool f_int(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0];
	int64_t base;
	bool ok = false;
	double f;

	*out = c->args[1];
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	if (v.type == V_FLOAT) {
		if (isfinite(v.u.f))
			*out = big_from_float(c->a, trunc(v.u.f));
		return true;
	}
	if (is_number(v)) {
		*out = v.type == V_BOOL ? val_int(v.u.b ? 1 : 0) : v;
		return true;
	}
	if (v.type != V_STR)
		return true;
	base = 1;
	if (is_int(c->args[2]) && !index_of(in, c->args[2], &base))
		return false;
	if (base >= 0 && base <= 36 && base != 1 && !parse_int(in, v, (unsigned)base, out, &ok))
		return false;
	if (!ok && parse_float(c->a, v, &f) && isfinite(f))
		*out = big_from_float(c->a, trunc(f));
	return true;
}

bool f_float(struct call *c, struct val *out) {
	struct val v = c->args[0];
	double f;

	*out = c->args[1];
	if (v.type == V_UNDEF)
		return undef_fail(interp_of(c), v);
	if (is_number(v) && !as_float(interp_of(c), v, &f))
		return false;
	if (is_number(v) || (v.type == V_STR && parse_float(c->a, v, &f)))
		*out = val_float(f);
	return true;
}

bool f_filesizeformat(struct call *c, struct val *out) {
	static const char *const prefixes[2][8] = {
		{ "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB" }, { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB" },
	};
	struct interp *in = interp_of(c);
	struct val v = c->args[0];
	bool binary;
	double f, base, unit = 1;
	struct val limit;
	bool less;
	int i;

	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	if (v.type == V_STR ? !parse_float(c->a, v, &f) : !to_float(v, &f)) {
		if (v.type == V_STR)
			return fail(in, "ValueError", "could not convert string to float: %s", quoted(c->a, v));
		return fail_type(in, "float() argument must be a string or a real number, not '%s'", type_name(v));
	}
	if ((v.type != V_STR && !as_float(in, v, &f)) || !truth(in, c->args[1], &binary))
		return false;
	base = binary ? 1024 : 1000;
	limit = val_int((int64_t)base);
	if (f == 1) {
		*out = val_str("1 Byte");
		return true;
	}
	if (f < base) {
		if (!float_to_int(in, f, &v) || !str_val(in, v, &v))
			return false;
		*out = val_printf(c->a, "%s Bytes", v.u.s);
		return true;
	}
	for (i = 0; i < 8; i++) {
		limit = big_arith(c->a, OP_MUL, limit, val_int((int64_t)base));
		if (!order(in, OP_LT, val_float(f), limit, &less) || !to_float(limit, &unit))
			return false;
		if (less || i == 7)
			break;
	}
	*out = val_printf(c->a, "%.1f %s", base * f / unit, prefixes[binary][i]);
	return true;
}

bool f_sum(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct path p = attr_path_parse(c->a, c->args[1]);
	struct iter it;
	struct val v;
	bool more;

	*out = c->args[2];
	if (!iter_init(in, c->args[0], &it))
		return false;
	if (out->type == V_STR)
		return fail_type(in, "sum() can't sum strings [use ''.join(seq) instead]");
	while (true) {
		if (!step(in) || !iter_next(&it, &v, &more))
			return false;
		if (!more)
			return true;
		if (!attr_path_get(in, &p, v, val_null(), &v) || !arith(in, OP_ADD, *out, v, out))
			return false;
	}
}
