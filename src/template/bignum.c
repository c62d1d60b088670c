/*
 * bignum.c: integers beyond 64 bits, so that arithmetic is exact or an error, never wrong. A number is kept as a sign
 * and 32-bit digits, lowest first; results that fit into 64 bits come back as ordinary integers.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "template/engine.h"

struct big {
	struct obj o;
	bool negative;
	size_t n;
	uint32_t *d;
};

/* A view of any int as a struct big; `small` holds the digits of an ordinary one. */
static struct big view(struct val v, uint32_t small[2]) {
	struct big b = { .d = small };
	uint64_t m;

	if (v.type == V_OBJ)
		return *(struct big *)v.u.obj;
	if (v.type == V_BOOL)
		v = val_int(v.u.b ? 1 : 0);
	b.negative = v.u.i < 0;
	m = v.u.i < 0 ? (uint64_t)0 - (uint64_t)v.u.i : (uint64_t)v.u.i;
	small[0] = (uint32_t)m;
	small[1] = (uint32_t)(m >> 32);
	b.n = small[1] != 0 ? 2 : small[0] != 0 ? 1 : 0;
	return b;
}

static struct val done(struct arena *a, struct big b) {
	struct big *o;
	uint64_t m;

	while (b.n > 0 && b.d[b.n - 1] == 0)
		b.n--;
	m = b.n == 0 ? 0 : b.n == 1 ? b.d[0] : (uint64_t)b.d[1] << 32 | b.d[0];
	if (b.n <= 2 && m <= (uint64_t)INT64_MAX + (b.negative ? 1 : 0))
		return val_int(b.negative ? (int64_t)((uint64_t)0 - m) : (int64_t)m);
	o = arena_new(a, struct big, 1);
	*o = b;
	o->o.class = &big_class;
	return val_obj(&o->o);
}

static int compare_digits(const struct big *a, const struct big *b) {
	size_t i;

	if (a->n != b->n)
		return a->n > b->n ? 1 : -1;
	for (i = a->n; i-- > 0;) {
		if (a->d[i] != b->d[i])
			return a->d[i] > b->d[i] ? 1 : -1;
	}
	return 0;
}

static struct big sum(struct arena *a, const struct big *x, const struct big *y) {
	size_t n = (x->n > y->n ? x->n : y->n) + 1, i;
	struct big r = { .d = arena_new(a, uint32_t, n), .n = n };
	uint64_t carry = 0;

	for (i = 0; i < n; i++) {
		carry += (i < x->n ? x->d[i] : 0) + (uint64_t)(i < y->n ? y->d[i] : 0);
		r.d[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return r;
}

/* x - y for x >= y. */
static struct big difference(struct arena *a, const struct big *x, const struct big *y) {
	struct big r = { .d = arena_new(a, uint32_t, x->n), .n = x->n };
	int64_t borrow = 0;
	size_t i;

	for (i = 0; i < x->n; i++) {
		borrow += (int64_t)x->d[i] - (i < y->n ? y->d[i] : 0);
		r.d[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	return r;
}

static struct val add(struct arena *a, struct big x, struct big y) {
	struct big r;

	if (x.negative == y.negative) {
		r = sum(a, &x, &y);
		r.negative = x.negative;
	} else if (compare_digits(&x, &y) >= 0) {
		r = difference(a, &x, &y);
		r.negative = x.negative;
	} else {
		r = difference(a, &y, &x);
		r.negative = y.negative;
	}
	return done(a, r);
}

static struct val multiply(struct arena *a, const struct big *x, const struct big *y) {
	struct big r = { .d = arena_new(a, uint32_t, x->n + y->n + 1), .n = x->n + y->n, .negative = x->negative != y->negative };
	size_t i, k;

	for (i = 0; i < x->n; i++) {
		uint64_t carry = 0;

		for (k = 0; k < y->n; k++) {
			carry += r.d[i + k] + (uint64_t)x->d[i] * y->d[k];
			r.d[i + k] = (uint32_t)carry;
			carry >>= 32;
		}
		r.d[i + k] = (uint32_t)carry;
	}
	return done(a, r);
}

/* Quotient of the magnitudes, the remainder through *rest: schoolbook, bit by bit for the few digits there are. */
static struct big divide(struct arena *a, const struct big *x, const struct big *y, struct big *rest) {
	struct big q = { .d = arena_new(a, uint32_t, x->n + 1), .n = x->n };
	struct big r = { .d = arena_new(a, uint32_t, y->n + 2), .n = 0 };
	size_t i, k;
	int bit;

	for (i = x->n; i-- > 0;) {
		for (bit = 31; bit >= 0; bit--) {
			uint32_t carry = x->d[i] >> bit & 1;

			for (k = 0; k < r.n || carry != 0; k++) {
				uint32_t top = r.d[k] >> 31;

				r.d[k] = r.d[k] << 1 | carry;
				carry = top;
				if (k == r.n)
					r.n++;
			}
			if (compare_digits(&r, y) < 0)
				continue;
			int64_t borrow = 0;

			for (k = 0; k < r.n; k++) {
				borrow += (int64_t)r.d[k] - (k < y->n ? y->d[k] : 0);
				r.d[k] = (uint32_t)borrow;
				borrow >>= 32;
			}
			while (r.n > 0 && r.d[r.n - 1] == 0)
				r.n--;
			q.d[i] |= 1u << bit;
		}
	}
	while (q.n > 0 && q.d[q.n - 1] == 0)
		q.n--;
	*rest = r;
	return q;
}

/* Python's // and %: the quotient goes towards minus infinity, the remainder has the divisor's sign. */
static struct val divmod(struct arena *a, enum op op, struct big x, struct big y) {
	static uint32_t const digit_one[1] = { 1 };
	struct big rest, q = divide(a, &x, &y, &rest), one = { .n = 1 };

	one.d = arena_new(a, uint32_t, 1);
	one.d[0] = digit_one[0];
	if (rest.n > 0 && x.negative != y.negative) {
		q = sum(a, &q, &one);
		rest = difference(a, &y, &rest);
	}
	q.negative = x.negative != y.negative;
	rest.negative = y.negative;
	return done(a, op == OP_FLOORDIV ? q : rest);
}

struct val big_arith(struct arena *a, enum op op, struct val left, struct val right) {
	uint32_t s[2], t[2];
	struct big x = view(left, s), y = view(right, t);

	switch ((int)op) {
	case OP_SUB: y.negative = !y.negative;
	/* fall through */
	case OP_ADD: return add(a, x, y);
	case OP_MUL: return multiply(a, &x, &y);
	default: return divmod(a, op, x, y);
	}
}

struct val big_neg(struct arena *a, struct val v) {
	return big_arith(a, OP_SUB, val_int(0), v);
}

static struct big times_plus(struct arena *a, struct big b, uint32_t factor, uint32_t more) {
	uint64_t carry = more;
	size_t i;

	for (i = 0; i < b.n; i++) {
		carry += (uint64_t)b.d[i] * factor;
		b.d[i] = (uint32_t)carry;
		carry >>= 32;
	}
	(void)a;
	if (carry != 0)
		b.d[b.n++] = (uint32_t)carry;
	return b;
}

static unsigned digit_value(char c) {
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

struct val big_parse(struct arena *a, const char *digits, size_t n, unsigned base) {
	struct big b = { .d = arena_new(a, uint32_t, n / 5 + 2) };
	uint64_t small = 0;
	size_t i;

	if (n <= 12) {
		for (i = 0; i < n; i++)
			small = small * base + digit_value(digits[i]);
		return val_int((int64_t)small);
	}
	for (i = 0; i < n; i++)
		b = times_plus(a, b, base, digit_value(digits[i]));
	return done(a, b);
}

struct val tmpl_big_int(struct arena *a, const char *text, size_t n) {
	bool negative = n > 0 && text[0] == '-';
	struct val v = big_parse(a, text + negative, n - negative, 10);

	return negative ? big_neg(a, v) : v;
}

void big_text(struct sbuf *out, struct val v, unsigned base) {
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint32_t s[2];
	struct big x = view(v, s), b;
	struct sbuf rev;
	size_t i;

	if (v.type == V_INT && base == 10) {
		sb_int(out, v.u.i);
		return;
	}
	b = x;
	b.d = arena_new(out->a, uint32_t, x.n + 1);
	if (x.n > 0)
		memcpy(b.d, x.d, x.n * sizeof(*x.d));
	sb_init(&rev, out->a);
	do {
		uint64_t rest = 0;

		for (i = b.n; i-- > 0;) {
			rest = rest << 32 | b.d[i];
			b.d[i] = (uint32_t)(rest / base);
			rest %= base;
		}
		while (b.n > 0 && b.d[b.n - 1] == 0)
			b.n--;
		sb_chr(&rev, letters[rest]);
	} while (b.n > 0);
	if (x.negative)
		sb_chr(out, '-');
	while (rev.len > 0)
		sb_chr(out, rev.s[--rev.len]);
}

/* The top 64 bits, with the lowest set if any bit below them is, so that rounding to 53 is right. */
static double magnitude(const struct big *b) {
	uint64_t top = 0;
	size_t bits, i, shift;

	if (b->n == 0)
		return 0;
	bits = b->n * 32 - (size_t)__builtin_clz(b->d[b->n - 1]);
	if (bits <= 64)
		return (double)((b->n > 1 ? (uint64_t)b->d[1] << 32 : 0) | b->d[0]);
	shift = bits - 64;
	for (i = 0; i < 64; i++)
		top |= (uint64_t)(b->d[(shift + i) / 32] >> (shift + i) % 32 & 1) << i;
	for (i = 0; i < shift; i++) {
		if (b->d[i / 32] >> i % 32 & 1) {
			top |= 1;
			break;
		}
	}
	return ldexp((double)top, (int)(shift > 2000 ? 2000 : shift));
}

double big_float(struct val v) {
	uint32_t s[2];
	struct big b = view(v, s);
	double m = magnitude(&b);

	return b.negative ? -m : m;
}

static struct val shifted(struct arena *a, struct val v, size_t bits) {
	struct big two = { .n = bits / 32 + 1 };

	two.d = arena_new(a, uint32_t, two.n);
	two.d[two.n - 1] = (uint32_t)1 << bits % 32;
	return big_arith(a, OP_MUL, v, done(a, two));
}

double big_quotient(struct arena *a, struct val x, struct val y) {
	enum { BITS = 66 };             /* of the whole quotient: more than a float keeps */
	long shift = BITS - ((long)big_bits(x) - (long)big_bits(y));

	if (shift > 0)
		x = shifted(a, x, (size_t)shift);
	else
		y = shifted(a, y, (size_t)-shift);
	return ldexp(big_float(big_arith(a, OP_FLOORDIV, x, y)), (int)-shift);
}

struct val big_from_float(struct arena *a, double f) {
	struct big b = { .negative = f < 0 };
	int exp;
	uint64_t m = (uint64_t)ldexp(frexp(fabs(f), &exp), 64);
	size_t i, shift;

	if (exp <= 62)
		return val_int((int64_t)f);
	shift = (size_t)exp - 64 + 64;          /* the lowest bit of m is worth 2^(exp - 64); room below for exp 63 */
	b.n = (size_t)exp / 32 + 2;
	b.d = arena_new(a, uint32_t, b.n);
	for (i = 0; i < 64; i++) {
		if ((m >> i & 1) && shift + i >= 64)
			b.d[(shift + i - 64) / 32] |= 1u << (shift + i - 64) % 32;
	}
	return done(a, b);
}

int big_compare(struct val left, struct val right) {
	uint32_t s[2], t[2];
	struct big x = view(left, s), y = view(right, t);
	int d;

	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	d = compare_digits(&x, &y);
	return x.negative ? -d : d;
}

size_t big_bits(struct val v) {
	uint32_t s[2];
	struct big b = view(v, s);

	return b.n == 0 ? 0 : b.n * 32 - (size_t)__builtin_clz(b.d[b.n - 1]);
}

bool big_negative(struct val v) {
	uint32_t s[2];

	return view(v, s).negative;
}

/* Is it a float without rounding: at most 53 bits that count? */
static bool exact(const struct obj *o) {
	const struct big *b = (const struct big *)o;
	size_t zeros = 0, bits = b->n * 32 - (size_t)__builtin_clz(b->d[b->n - 1]);

	while (b->d[zeros / 32] == 0)
		zeros += 32;
	return bits - zeros - (size_t)__builtin_ctz(b->d[zeros / 32]) <= 53;
}

static bool big_equal(const struct obj *o, struct val other) {
	union { const struct obj *in; struct obj *out; } u = { .in = o };

	if (other.type == V_FLOAT)
		return exact(o) && big_float(val_obj(u.out)) == other.u.f;
	return is_obj(other, &big_class) && big_compare(val_obj(u.out), other) == 0;
}

static uint32_t big_hash(const struct obj *o) {
	const struct big *b = (const struct big *)o;
	uint32_t h = 17;
	size_t i;

	for (i = 0; i < b->n; i++)
		h = h * 31 + b->d[i];
	return h;
}

const struct obj_class big_class = { .name = "int", .equal = big_equal, .hash = big_hash };
