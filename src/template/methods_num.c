/* methods_num.c: the methods of numbers, and the bytes that a text's encode() gives. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "template/filters.h"

static bool pair(struct call *c, struct val a, struct val b, struct val *out) {
	struct list *l = list_new(c->a, 2);

	list_push(l, a);
	list_push(l, b);
	*out = val_tuple(l);
	return true;
}

static bool m_self(struct call *c, struct val *out) {
	*out = c->args[0].type == V_BOOL ? val_int(c->args[0].u.b) : c->args[0];
	return true;
}

static bool m_bit_length(struct call *c, struct val *out) {
	*out = val_int((int64_t)big_bits(c->args[0]));
	return true;
}

static bool m_bit_count(struct call *c, struct val *out) {
	struct sbuf b;
	int64_t n = 0;
	size_t i;

	sb_init(&b, c->a);
	big_text(&b, c->args[0], 2);
	for (i = 0; i < b.len; i++)
		n += b.s[i] == '1';
	*out = val_int(n);
	return true;
}

static bool m_int_ratio(struct call *c, struct val *out) {
	struct val v;

	return m_self(c, &v) && pair(c, v, val_int(1), out);
}

static bool wants_finite(struct call *c) {
	if (isfinite(c->args[0].u.f))
		return true;
	return fail(interp_of(c), isnan(c->args[0].u.f) ? "ValueError" : "OverflowError", "cannot convert %s to integer ratio",
		isnan(c->args[0].u.f) ? "NaN" : "Infinity");
}

static bool m_float_ratio(struct call *c, struct val *out) {
	double f = c->args[0].u.f;
	struct val below = val_int(1), above;
	int exp;

	if (!wants_finite(c))
		return false;
	f = frexp(f, &exp);
	for (; f != floor(f); exp--)
		f *= 2;
	above = big_from_float(c->a, f);
	for (; exp > 0; exp--)
		above = big_arith(c->a, OP_MUL, above, val_int(2));
	for (; exp < 0; exp++)
		below = big_arith(c->a, OP_MUL, below, val_int(2));
	return pair(c, above, below, out);
}

static bool m_is_integer(struct call *c, struct val *out) {
	*out = val_bool(isfinite(c->args[0].u.f) && floor(c->args[0].u.f) == c->args[0].u.f);
	return true;
}

/* Thirteen digits whatever they are, but for zero. */
static bool m_float_hex(struct call *c, struct val *out) {
	double f = c->args[0].u.f;

	if (isnan(f) || isinf(f))
		*out = val_str(isnan(f) ? "nan" : f < 0 ? "-inf" : "inf");
	else if (f == 0)
		*out = val_str(signbit(f) ? "-0x0.0p+0" : "0x0.0p+0");
	else
		*out = val_printf(c->a, "%.13a", f);
	return true;
}

const struct tmpl_def tmpl_int_methods[] = {
	{ .name = "as_integer_ratio", .fn = m_int_ratio, .params = "" },
	{ .name = "bit_count", .fn = m_bit_count, .params = "" },
	{ .name = "bit_length", .fn = m_bit_length, .params = "" },
	{ .name = "conjugate", .fn = m_self, .params = "" },
	{ .name = NULL },
};

const struct tmpl_def tmpl_float_methods[] = {
	{ .name = "as_integer_ratio", .fn = m_float_ratio, .params = "" },
	{ .name = "conjugate", .fn = m_self, .params = "" },
	{ .name = "hex", .fn = m_float_hex, .params = "" },
	{ .name = "is_integer", .fn = m_is_integer, .params = "" },
	{ .name = NULL },
};

/* ---- bytes */

struct bytes {
	struct obj o;
	struct val v;                   /* as a text: not always UTF-8 */
};

static struct val bytes_of(const struct obj *o) {
	return ((const struct bytes *)o)->v;
}

static bool bytes_count(struct obj *o, struct arena *a, size_t *n, struct err *e) {
	(void)a;
	(void)e;
	*n = bytes_of(o).len;
	return true;
}

static bool bytes_list(struct obj *o, struct arena *a, struct list **out, struct err *e) {
	struct val v = bytes_of(o);
	uint32_t i;

	(void)e;
	*out = list_new(a, v.len);
	for (i = 0; i < v.len; i++)
		list_push(*out, val_int((unsigned char)v.u.s[i]));
	return true;
}

static bool bytes_item(struct obj *o, struct val key, struct arena *a, struct val *out, struct err *e) {
	struct val v = bytes_of(o);
	int64_t i = key.type == V_INT ? key.u.i + (key.u.i < 0 ? v.len : 0) : -1;

	(void)a;
	(void)e;
	*out = i < 0 || i >= v.len ? val_undef() : val_int((unsigned char)v.u.s[i]);
	return true;
}

static bool bytes_repr(struct obj *o, struct sbuf *b, struct err *e) {
	struct val v = bytes_of(o);
	char quote = memchr(v.u.s, '\'', v.len) != NULL && memchr(v.u.s, '"', v.len) == NULL ? '"' : '\'';
	uint32_t i;

	(void)e;
	sb_chr(b, 'b');
	sb_chr(b, quote);
	for (i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.u.s[i];

		if (c == (unsigned char)quote || c == '\\')
			sb_fmt(b, "\\%c", c);
		else if (c == '\n' || c == '\r' || c == '\t')
			sb_str(b, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
		else if (c < 0x20 || c >= 0x7F)
			sb_fmt(b, "\\x%02x", c);
		else
			sb_chr(b, (char)c);
	}
	sb_chr(b, quote);
	return true;
}

static bool bytes_equal(const struct obj *o, struct val other) {
	return is_obj(other, &bytes_class) && val_equal(bytes_of(o), bytes_of(other.u.obj));
}

static uint32_t bytes_hash(const struct obj *o) {
	return val_hash(bytes_of(o));
}

static bool bytes_truth(struct obj *o) {
	return bytes_of(o).len > 0;
}

const struct obj_class bytes_class = {
	.name = "bytes", .count = bytes_count, .list = bytes_list, .item = bytes_item, .repr = bytes_repr, .equal = bytes_equal,
	.hash = bytes_hash, .truth = bytes_truth,
};

/* How many bits a character of the encoding may have: 7, 8, or 0 for UTF-8. -1: no such encoding here. */
static int encoding_bits(struct val name) {
	static const struct { const char *name; int bits; } known[] = {
		{ "utf8", 0 }, { "u8", 0 }, { "ascii", 7 }, { "usascii", 7 }, { "latin1", 8 }, { "iso88591", 8 }, { "l1", 8 },
	};
	char plain[16];
	size_t i, n = 0;

	for (i = 0; name.type == V_STR && i < name.len && n + 1 < sizeof(plain); i++) {
		if (name.u.s[i] != '-' && name.u.s[i] != '_' && name.u.s[i] != ' ')
			plain[n++] = (char)(name.u.s[i] >= 'A' && name.u.s[i] <= 'Z' ? name.u.s[i] + 32 : name.u.s[i]);
	}
	plain[n] = '\0';
	for (i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].name, plain) == 0)
			return known[i].bits;
	}
	return -1;
}

static bool wants_encoding(struct call *c, int *bits) {
	*bits = encoding_bits(c->args[1]);
	if (c->args[1].type != V_STR)
		return fail_type(interp_of(c), "encoding must be str, not %s", type_name(c->args[1]));
	return *bits >= 0 || fail(interp_of(c), "LookupError", "unknown encoding: %s", c->args[1].u.s);
}

bool m_encode(struct call *c, struct val *out) {
	struct bytes *o = arena_new(c->a, struct bytes, 1);
	const char *errors = val_cstr(c->args[2], "strict");
	struct val v = c->args[0];
	struct sbuf b;
	size_t i, len;
	int bits;

	if (!wants_encoding(c, &bits))
		return false;
	sb_init(&b, c->a);
	for (i = 0; bits > 0 && i < v.len; i += len) {
		uint32_t u = utf8_at(v, i, &len);

		if (u < 1u << bits)
			sb_chr(&b, (char)u);
		else if (strcmp(errors, "replace") == 0)
			sb_chr(&b, '?');
		else if (strcmp(errors, "ignore") != 0)
			return fail(interp_of(c), "UnicodeEncodeError", "'%s' codec can't encode character: ordinal not in range(%d)",
				bits == 7 ? "ascii" : "latin-1", 1 << bits);
	}
	o->o.class = &bytes_class;
	o->v = bits == 0 ? v : val_mem(b.s, b.len);
	o->v.flags = 0;
	*out = val_obj(&o->o);
	return true;
}

static bool m_decode(struct call *c, struct val *out) {
	struct val v = bytes_of(c->args[0].u.obj);
	struct sbuf b;
	char u[4];
	size_t i;
	int bits;

	if (!wants_encoding(c, &bits))
		return false;
	sb_init(&b, c->a);
	for (i = 0; bits > 0 && i < v.len; i++) {
		unsigned char byte = (unsigned char)v.u.s[i];

		if (byte >= 1u << bits)
			return fail(interp_of(c), "UnicodeDecodeError", "'ascii' codec can't decode byte 0x%02x in position %zu: ordinal not in "
				"range(128)", byte, i);
		sb_mem(&b, u, utf8_put(u, byte));
	}
	if (bits == 0 && !utf8_valid(v.u.s, v.len))
		return fail(interp_of(c), "UnicodeDecodeError", "'utf-8' codec can't decode these bytes");
	*out = bits == 0 ? v : val_mem(b.s, b.len);
	return true;
}

static bool m_bytes_hex(struct call *c, struct val *out) {
	struct val v = bytes_of(c->args[0].u.obj);
	struct sbuf b;
	uint32_t i;

	sb_init(&b, c->a);
	for (i = 0; i < v.len; i++)
		sb_fmt(&b, "%02x", (unsigned char)v.u.s[i]);
	*out = val_mem(b.s, b.len);
	return true;
}

const struct tmpl_def tmpl_bytes_methods[] = {
	{ .name = "decode", .fn = m_decode, .max = 2, .params = "encoding='utf-8', errors='strict'" },
	{ .name = "hex", .fn = m_bytes_hex, .params = "" },
	{ .name = NULL },
};
