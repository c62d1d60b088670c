/* methods_form.c: the methods of text that pad it, format it or ask what it is made of. */
#include "config.h"

#include "template/filters.h"

/* What a table of translate() has for a character: a number, a text, None to leave it out; V_UNDEF: it stays. */
static bool translated(struct interp *in, struct val table, uint32_t c, struct sbuf *b, const char *same, size_t n) {
	const struct val *to = map_find(table.u.map, val_int(c));
	char utf8[4];

	if (to == NULL)
		sb_mem(b, same, n);
	else if (to->type == V_STR)
		sb_mem(b, to->u.s, to->len);
	else if (to->type == V_INT && to->u.i >= 0 && to->u.i <= 0x10FFFF)
		sb_mem(b, utf8, utf8_put(utf8, (uint32_t)to->u.i));
	else if (to->type == V_INT)
		return fail(in, "ValueError", "character mapping must be in range(0x110000)");
	else if (to->type != V_NULL)
		return fail_type(in, "character mapping must return integer, None or str");
	return true;
}

bool m_translate(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val s = c->args[0], table = c->args[1];
	struct sbuf b;
	size_t i, n;

	if (table.type != V_MAP)
		return fail_type(in, "translate() takes a dict: of character numbers to numbers, strings or None");
	sb_init(&b, c->a);
	for (i = 0; i < s.len; i += n) {
		uint32_t at = utf8_at(s, i, &n);

		if (!translated(in, table, at, &b, s.u.s + i, n) || !room(in, b.len))
			return false;
	}
	*out = val_mem(b.s, b.len);
	out->flags = s.flags;
	return true;
}

static bool table_of_dict(struct interp *in, const struct map *from, struct map *table) {
	size_t i, n;

	for (i = 0; i < from->n; i++) {
		struct val key = map_key(from, i);

		if (key.type == V_STR && utf8_count(key.u.s, key.len) != 1)
			return fail(in, "ValueError", "string keys in translate table must be of length 1");
		if (key.type != V_STR && key.type != V_INT)
			return fail_type(in, "keys in translate table must be strings or integers");
		map_put(table, key.type == V_STR ? val_int(utf8_at(key, 0, &n)) : key, map_val(from, i));
	}
	return true;
}

bool m_maketrans(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val x = c->args[1], y = c->args[2], z = c->args[3];
	struct map *table = map_new(c->a, 0);
	size_t i, k, n, m;

	*out = val_map(table);
	if (y.type == V_NULL)
		return x.type == V_MAP ? table_of_dict(in, x.u.map, table) :
			fail_type(in, "if you give only one argument to maketrans it must be a dict");
	if (x.type != V_STR || y.type != V_STR || (z.type != V_STR && z.type != V_NULL))
		return fail_type(in, "maketrans() arguments must be str");
	if (utf8_count(x.u.s, x.len) != utf8_count(y.u.s, y.len))
		return fail(in, "ValueError", "the first two maketrans arguments must have equal length");
	for (i = k = 0; i < x.len; i += n, k += m) {
		uint32_t from = utf8_at(x, i, &n), to = utf8_at(y, k, &m);

		map_put(table, val_int(from), val_int(to));
	}
	for (i = 0; z.type == V_STR && i < z.len; i += n)
		map_put(table, val_int(utf8_at(z, i, &n)), val_null());
	return true;
}

static struct val self(const struct call *c) {
	return c->args[0];
}

/* left and right: how many fill characters. */
static bool pad(struct interp *in, struct val v, struct val fill, int64_t left, int64_t right, struct val *out) {
	struct sbuf b;

	if (!room(in, v.len + (uint64_t)(left + right) * fill.len))
		return false;
	sb_init(&b, in->a);
	while (left-- > 0)
		sb_mem(&b, fill.u.s, fill.len);
	sb_mem(&b, v.u.s, v.len);
	while (right-- > 0)
		sb_mem(&b, fill.u.s, fill.len);
	*out = keep_mark(val_mem(b.s, b.len), v);
	return true;
}

static bool padding(struct call *c, struct val *fill, int64_t *width, int64_t *missing) {
	struct interp *in = interp_of(c);

	*fill = c->args[2];
	if (!count_of(in, c->args[1], width))
		return false;
	if (fill->type != V_STR)
		return fail_type(in, "The fill character must be a unicode character, not %s", type_name(*fill));
	if (utf8_count(fill->u.s, fill->len) != 1)
		return fail_type(in, "The fill character must be exactly one character long");
	*missing = *width - (int64_t)utf8_count(self(c).u.s, self(c).len);
	*missing = *missing < 0 ? 0 : *missing;
	return true;
}

/* Where the odd blank goes is CPython's rule. */
static int64_t center_left(int64_t missing, int64_t width) {
	return missing / 2 + (missing & width & 1);
}

bool str_center(struct interp *in, struct val v, int64_t width, struct val *out) {
	int64_t missing = width - (int64_t)utf8_count(v.u.s, v.len), left;

	missing = missing < 0 ? 0 : missing;
	left = center_left(missing, width);
	return pad(in, v, val_mem(" ", 1), left, missing - left, out);
}

static bool m_center(struct call *c, struct val *out) {
	struct val fill;
	int64_t width, missing, left;

	if (!padding(c, &fill, &width, &missing))
		return false;
	left = center_left(missing, width);
	return pad(interp_of(c), self(c), fill, left, missing - left, out);
}

static bool m_ljust(struct call *c, struct val *out) {
	struct val fill;
	int64_t width, missing;

	return padding(c, &fill, &width, &missing) && pad(interp_of(c), self(c), fill, 0, missing, out);
}

static bool m_rjust(struct call *c, struct val *out) {
	struct val fill;
	int64_t width, missing;

	return padding(c, &fill, &width, &missing) && pad(interp_of(c), self(c), fill, missing, 0, out);
}

static bool m_zfill(struct call *c, struct val *out) {
	struct val v = self(c);
	bool sign = v.len > 0 && (v.u.s[0] == '-' || v.u.s[0] == '+');
	int64_t width, missing;
	struct sbuf b;

	if (!count_of(interp_of(c), c->args[1], &width))
		return false;
	missing = width - (int64_t)utf8_count(v.u.s, v.len);
	if (missing > 0 && !room(interp_of(c), (uint64_t)width))
		return false;
	sb_init(&b, c->a);
	sb_mem(&b, v.u.s, sign ? 1 : 0);
	while (missing-- > 0)
		sb_chr(&b, '0');
	sb_mem(&b, v.u.s + (sign ? 1 : 0), v.len - (sign ? 1 : 0));
	*out = keep_mark(val_mem(b.s, b.len), v);
	return true;
}

static bool m_expandtabs(struct call *c, struct val *out) {
	struct val v = self(c);
	struct sbuf b;
	int64_t size, column = 0, n;
	size_t i, len;

	if (!count_of(interp_of(c), c->args[1], &size) || !room(interp_of(c), (uint64_t)v.len * (uint64_t)(size > 0 ? size : 1)))
		return false;
	sb_init(&b, c->a);
	for (i = 0; i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);

		if (ch == '\t') {
			for (n = size > 0 ? size - column % size : 0; n > 0; n--, column++)
				sb_chr(&b, ' ');
			continue;
		}
		sb_mem(&b, v.u.s + i, len);
		column = ch == '\n' || ch == '\r' ? 0 : column + 1;
	}
	*out = keep_mark(val_mem(b.s, b.len), v);
	return true;
}

static bool m_format(struct call *c, struct val *out) {
	struct call_args args = { 0 };
	struct list *pos = list_new(c->a, c->nargs), *names = list_new(c->a, c->nkw), *values = list_new(c->a, c->nkw);
	size_t i;

	for (i = 1; i < c->nargs; i++)
		list_push(pos, c->args[i]);
	for (i = 0; i < c->nkw; i++) {
		list_push(names, c->kwnames[i]);
		list_push(values, c->kwargs[i]);
	}
	args = (struct call_args){ .v = pos->v, .n = pos->n, .kwnames = names->v, .kwargs = values->v, .nkw = names->n };
	return format_str(interp_of(c), self(c), &args, out);
}

static bool m_format_map(struct call *c, struct val *out) {
	struct call_args args = { 0 };
	struct list *names, *values;
	size_t i;

	if (c->args[1].type != V_MAP)
		return fail_type(interp_of(c), "'%s' object is not subscriptable", type_name(c->args[1]));
	names = list_new(c->a, 0);
	values = list_new(c->a, 0);
	for (i = 0; i < c->args[1].u.map->n; i++) {
		list_push(names, map_key(c->args[1].u.map, i));
		list_push(values, map_val(c->args[1].u.map, i));
	}
	args = (struct call_args){ .kwnames = names->v, .kwargs = values->v, .nkw = names->n, .mapping = true };
	return format_str(interp_of(c), self(c), &args, out);
}

/* ---- what it is made of */

static bool all(struct call *c, bool (*is)(uint32_t), bool empty, struct val *out) {
	struct val v = self(c);
	size_t i, len;
	bool yes = v.len > 0 || empty;

	for (i = 0; yes && i < v.len; i += len)
		yes = is(utf8_at(v, i, &len));
	*out = val_bool(yes);
	return true;
}

static bool m_isdigit(struct call *c, struct val *out) {
	return all(c, uc_digit, false, out);
}

static bool m_isdecimal(struct call *c, struct val *out) {
	return all(c, uc_decimal, false, out);
}

static bool m_isnumeric(struct call *c, struct val *out) {
	return all(c, uc_numeric, false, out);
}

static bool m_isalpha(struct call *c, struct val *out) {
	return all(c, uc_alpha, false, out);
}

static bool alnum(uint32_t ch) {
	return uc_alpha(ch) || uc_numeric(ch);
}

static bool m_isalnum(struct call *c, struct val *out) {
	return all(c, alnum, false, out);
}

static bool m_isspace(struct call *c, struct val *out) {
	return all(c, uc_space, false, out);
}

static bool m_isprintable(struct call *c, struct val *out) {
	return all(c, uc_printable, true, out);
}

static bool ascii(uint32_t ch) {
	return ch < 0x80;
}

static bool m_isascii(struct call *c, struct val *out) {
	return all(c, ascii, true, out);
}

static bool case_is(struct call *c, bool upper, struct val *out) {
	struct val v = self(c);
	bool any = false;
	size_t i, len;

	for (i = 0; i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);

		if (upper ? uc_lower(ch) || uc_title(ch) : uc_upper(ch) || uc_title(ch)) {
			*out = val_bool(false);
			return true;
		}
		any = any || (upper ? uc_upper(ch) : uc_lower(ch));
	}
	*out = val_bool(any);
	return true;
}

static bool m_isupper(struct call *c, struct val *out) {
	return case_is(c, true, out);
}

static bool m_islower(struct call *c, struct val *out) {
	return case_is(c, false, out);
}

static bool m_istitle(struct call *c, struct val *out) {
	struct val v = self(c);
	bool any = false, in_word = false, ok = true;
	size_t i, len;

	for (i = 0; ok && i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);
		bool up = uc_upper(ch) || uc_title(ch);

		if (up)
			ok = !in_word;
		else if (uc_lower(ch))
			ok = in_word;
		in_word = up || uc_lower(ch);
		any = any || in_word;
	}
	*out = val_bool(ok && any);
	return true;
}

static bool m_isidentifier(struct call *c, struct val *out) {
	struct val v = self(c);
	bool yes = v.len > 0;
	size_t i, len;

	for (i = 0; yes && i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);

		yes = i == 0 ? uc_start(ch) || ch == '_' : uc_continue(ch);
	}
	*out = val_bool(yes);
	return true;
}

const struct tmpl_def tmpl_str_methods[] = {
	{ .name = "center", .fn = m_center, .min = 1, .max = 2, .params = "width, fillchar=' '" },
	{ .name = "encode", .fn = m_encode, .max = 2, .params = "encoding='utf-8', errors='strict'" },
	{ .name = "expandtabs", .fn = m_expandtabs, .max = 1, .params = "tabsize=8" },
	{ .name = "format", .fn = m_format, .max = -1, .params = "*args" },
	{ .name = "format_map", .fn = m_format_map, .min = 1, .max = 1, .params = "mapping" },
	{ .name = "isalnum", .fn = m_isalnum, .params = "" },
	{ .name = "isalpha", .fn = m_isalpha, .params = "" },
	{ .name = "isascii", .fn = m_isascii, .params = "" },
	{ .name = "isdecimal", .fn = m_isdecimal, .params = "" },
	{ .name = "isdigit", .fn = m_isdigit, .params = "" },
	{ .name = "isidentifier", .fn = m_isidentifier, .params = "" },
	{ .name = "islower", .fn = m_islower, .params = "" },
	{ .name = "isnumeric", .fn = m_isnumeric, .params = "" },
	{ .name = "isprintable", .fn = m_isprintable, .params = "" },
	{ .name = "isspace", .fn = m_isspace, .params = "" },
	{ .name = "istitle", .fn = m_istitle, .params = "" },
	{ .name = "isupper", .fn = m_isupper, .params = "" },
	{ .name = "ljust", .fn = m_ljust, .min = 1, .max = 2, .params = "width, fillchar=' '" },
	{ .name = "rjust", .fn = m_rjust, .min = 1, .max = 2, .params = "width, fillchar=' '" },
	{ .name = "zfill", .fn = m_zfill, .min = 1, .max = 1, .params = "width" },
	{ .name = NULL },
};
