/*
 * methods_str.c: the methods of text. On markup, those that MarkupSafe knows escape their texts and give markup again.
 */
#include "config.h"

#include "template/filters.h"

static struct val self(const struct call *c) {
	return c->args[0];
}

/* An argument that must be text; escaped when the text it works on is markup. */
static bool want(struct call *c, size_t i, struct val *out) {
	if (c->args[i].type != V_STR)
		return fail_type(interp_of(c), "expected str, not '%s'", type_name(c->args[i]));
	*out = is_safe(self(c)) && !is_safe(c->args[i]) ? html_escape(c->a, c->args[i]) : c->args[i];
	return true;
}

static struct val piece(struct call *c, const char *s, size_t n) {
	return keep_mark(val_copy(c->a, s, n), self(c));
}

/* ---- case */

static bool m_upper(struct call *c, struct val *out) {
	*out = uc_convert(c->a, self(c), UC_UPPER);
	return true;
}

static bool m_lower(struct call *c, struct val *out) {
	*out = uc_convert(c->a, self(c), UC_LOWER);
	return true;
}

static bool m_casefold(struct call *c, struct val *out) {
	*out = uc_convert(c->a, self(c), UC_FOLD);
	return true;
}

static bool m_capitalize(struct call *c, struct val *out) {
	*out = str_capitalize(c->a, self(c));
	return true;
}

static bool m_swapcase(struct call *c, struct val *out) {
	struct val v = self(c);
	struct sbuf b;
	size_t i, len;

	sb_init(&b, c->a);
	for (i = 0; i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);

		if (uc_upper(ch))
			uc_put_lower(&b, v, i, len);
		else if (uc_title(ch))
			sb_mem(&b, v.u.s + i, len);
		else
			uc_put(&b, UC_UPPER, ch);
	}
	*out = keep_mark(val_mem(b.s, b.len), v);
	return true;
}

static bool m_title(struct call *c, struct val *out) {
	struct val v = self(c);
	struct sbuf b;
	size_t i, len;
	bool in_word = false;

	sb_init(&b, c->a);
	for (i = 0; i < v.len; i += len) {
		uint32_t ch = utf8_at(v, i, &len);

		if (in_word)
			uc_put_lower(&b, v, i, len);
		else
			uc_put(&b, UC_TITLE, ch);
		in_word = uc_cased(ch);
	}
	*out = keep_mark(val_mem(b.s, b.len), v);
	return true;
}

/* ---- strip */

static bool strips(uint32_t ch, struct val chars) {
	size_t i, len;

	if (chars.type == V_NULL)
		return uc_space(ch);
	for (i = 0; i < chars.len; i += len) {
		if (utf8_at(chars, i, &len) == ch)
			return true;
	}
	return false;
}

struct val str_strip(struct val v, struct val chars, int sides) {
	size_t from = 0, to = v.len, len, at;
	struct val out;

	while ((sides & 1) && from < to && strips(utf8_at(v, from, &len), chars))
		from += len;
	while ((sides & 2) && to > from) {
		for (at = to - 1; at > from && ((unsigned char)v.u.s[at] & 0xC0) == 0x80; at--)
			continue;
		if (!strips(utf8_at(v, at, &len), chars))
			break;
		to = at;
	}
	out = val_mem(v.u.s + from, to - from);
	out.flags = v.flags;
	return out;
}

static bool strip(struct call *c, int sides, struct val *out) {
	struct val chars = c->args[1], v;

	if (chars.type != V_NULL && chars.type != V_STR)
		return fail_type(interp_of(c), "strip arg must be None or str");
	if (is_safe(self(c)) && chars.type == V_STR && !is_safe(chars))
		chars = html_escape(c->a, chars);
	v = str_strip(self(c), chars, sides);
	*out = piece(c, v.u.s, v.len);
	return true;
}

static bool m_strip(struct call *c, struct val *out) {
	return strip(c, 3, out);
}

static bool m_lstrip(struct call *c, struct val *out) {
	return strip(c, 1, out);
}

static bool m_rstrip(struct call *c, struct val *out) {
	return strip(c, 2, out);
}

/* ---- split and join */

static const char *rfind_mem(const char *s, size_t n, const char *what, size_t k) {
	size_t i;

	for (i = n >= k ? n - k + 1 : 0; i-- > 0;) {
		if (memcmp(s + i, what, k) == 0)
			return s + i;
	}
	return NULL;
}

static void split_space(struct call *c, struct list *l, int64_t max) {
	struct val v = self(c);
	size_t i = 0, start, len;

	while (i < v.len) {
		while (i < v.len && uc_space(utf8_at(v, i, &len)))
			i += len;
		if (i >= v.len)
			break;
		if (max == 0) {
			list_push(l, piece(c, v.u.s + i, v.len - i));
			return;
		}
		for (start = i; i < v.len && !uc_space(utf8_at(v, i, &len)); i += len)
			continue;
		list_push(l, piece(c, v.u.s + start, i - start));
		max -= max > 0;
	}
}

static void rsplit_space(struct call *c, struct list *l, int64_t max) {
	struct val v = self(c), chars = val_null();

	while (true) {
		size_t start, prev, len;

		v = str_strip(v, chars, 2);
		if (v.len == 0)
			return;
		if (max == 0) {
			list_push(l, piece(c, v.u.s, v.len));
			return;
		}
		for (start = v.len; start > 0; start = prev) {
			for (prev = start - 1; prev > 0 && ((unsigned char)v.u.s[prev] & 0xC0) == 0x80; prev--)
				continue;
			if (uc_space(utf8_at(v, prev, &len)))
				break;
		}
		list_push(l, piece(c, v.u.s + start, v.len - start));
		v.len = (uint32_t)start;
		max -= max > 0;
	}
}

static void split_at(struct call *c, struct list *l, struct val sep, int64_t max) {
	const char *s = self(c).u.s, *end = s + self(c).len, *p;

	while (max != 0 && (p = memmem(s, (size_t)(end - s), sep.u.s, sep.len)) != NULL) {
		list_push(l, piece(c, s, (size_t)(p - s)));
		s = p + sep.len;
		max -= max > 0;
	}
	list_push(l, piece(c, s, (size_t)(end - s)));
}

static void rsplit_at(struct call *c, struct list *l, struct val sep, int64_t max) {
	const char *s = self(c).u.s, *p;
	size_t n = self(c).len;

	while (max != 0 && (p = rfind_mem(s, n, sep.u.s, sep.len)) != NULL) {
		list_push(l, piece(c, p + sep.len, (size_t)(s + n - p) - sep.len));
		n = (size_t)(p - s);
		max -= max > 0;
	}
	list_push(l, piece(c, s, n));
}

static bool split(struct call *c, bool from_right, struct val *out) {
	struct interp *in = interp_of(c);
	struct val sep = c->args[1], v;
	struct list *l = list_new(c->a, 4);
	int64_t max;
	size_t i;

	if (!count_of(in, c->args[2], &max))
		return false;
	if (sep.type != V_NULL && sep.type != V_STR)
		return fail_type(in, "must be str or None, not %s", type_name(sep));
	if (sep.type == V_STR && sep.len == 0)
		return fail(in, "ValueError", "empty separator");
	if (sep.type == V_NULL)
		(from_right ? rsplit_space : split_space)(c, l, max);
	else
		(from_right ? rsplit_at : split_at)(c, l, sep, max);
	for (i = 0; from_right && i < l->n / 2; i++) {
		v = l->v[i];
		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = v;
	}
	*out = val_list(l);
	return true;
}

static bool m_split(struct call *c, struct val *out) {
	return split(c, false, out);
}

static bool m_rsplit(struct call *c, struct val *out) {
	return split(c, true, out);
}

static size_t line_end(struct val v, size_t at) {
	size_t len;
	uint32_t ch = utf8_at(v, at, &len);

	if (ch == '\r' && at + 1 < v.len && v.u.s[at + 1] == '\n')
		return 2;
	return (ch >= 10 && ch <= 13) || (ch >= 0x1C && ch <= 0x1E) || ch == 0x85 || ch == 0x2028 || ch == 0x2029 ? len : 0;
}

static bool m_splitlines(struct call *c, struct val *out) {
	struct val v = self(c);
	struct list *l = list_new(c->a, 8);
	size_t i = 0, start, len, end;
	bool keep;

	if (!flag_of(interp_of(c), c->args[1], &keep))
		return false;
	while (i < v.len) {
		for (start = i, end = 0; i < v.len && (end = line_end(v, i)) == 0; i += len)
			(void)utf8_at(v, i, &len);
		list_push(l, piece(c, v.u.s + start, i - start + (keep ? end : 0)));
		i += end;
	}
	*out = val_list(l);
	return true;
}

static bool m_join(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct list *l;
	struct sbuf b;
	size_t i;
	bool safe = is_safe(self(c));

	if (c->args[1].type != V_UNDEF && !iter_is(c->args[1]))
		return fail_type(in, "can only join an iterable");
	if (!iter_list(in, c->args[1], &l))
		return false;
	sb_init(&b, c->a);
	for (i = 0; i < l->n; i++) {
		struct val v = l->v[i];

		if (i > 0)
			sb_mem(&b, self(c).u.s, self(c).len);
		if (safe && !escape_val(in, v, &v))
			return false;
		if (v.type != V_STR)
			return fail_type(in, "sequence item %zu: expected str instance, %s found", i, type_name(v));
		sb_mem(&b, v.u.s, v.len);
		if (b.len > 65536 && !room(in, b.len))
			return false;
	}
	*out = keep_mark(val_mem(b.s, b.len), self(c));
	return true;
}

static bool partition(struct call *c, bool last, struct val *out) {
	struct val v = self(c), sep = c->args[1];
	struct list *l = list_new(c->a, 3);
	const char *p;

	if (sep.type != V_STR)
		return fail_type(interp_of(c), "must be str, not %s", type_name(sep));
	if (sep.len == 0)
		return fail(interp_of(c), "ValueError", "empty separator");
	p = last ? rfind_mem(v.u.s, v.len, sep.u.s, sep.len) : memmem(v.u.s, v.len, sep.u.s, sep.len);
	if (p == NULL) {
		list_push(l, last ? piece(c, "", 0) : v);
		list_push(l, piece(c, "", 0));
		list_push(l, last ? v : piece(c, "", 0));
	} else {
		list_push(l, piece(c, v.u.s, (size_t)(p - v.u.s)));
		list_push(l, piece(c, sep.u.s, sep.len));
		list_push(l, piece(c, p + sep.len, (size_t)(v.u.s + v.len - p) - sep.len));
	}
	*out = val_tuple(l);
	return true;
}

static bool m_partition(struct call *c, struct val *out) {
	return partition(c, false, out);
}

static bool m_rpartition(struct call *c, struct val *out) {
	return partition(c, true, out);
}

/* ---- replace and search */

struct val str_replace(struct arena *a, struct val s, struct val old, struct val new_, int64_t count) {
	const char *p = s.u.s, *end = s.u.s + s.len, *hit;
	struct sbuf b;
	size_t len;

	sb_init(&b, a);
	while (old.len == 0 && count != 0) {
		sb_mem(&b, new_.u.s, new_.len);
		count -= count > 0;
		if (p == end)
			break;
		(void)utf8_get(p, (size_t)(end - p), &len);
		sb_mem(&b, p, len);
		p += len;
	}
	while (old.len > 0 && count != 0 && (hit = memmem(p, (size_t)(end - p), old.u.s, old.len)) != NULL) {
		sb_mem(&b, p, (size_t)(hit - p));
		sb_mem(&b, new_.u.s, new_.len);
		p = hit + old.len;
		count -= count > 0;
	}
	sb_mem(&b, p, (size_t)(end - p));
	return keep_mark(val_mem(b.s, b.len), s);
}

static bool m_replace(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val old, new_;
	int64_t count;

	if (!want(c, 1, &old) || !want(c, 2, &new_) || !count_of(in, c->args[3], &count))
		return false;
	if (!room(in, self(c).len + (uint64_t)(self(c).len / (old.len == 0 ? 1 : old.len) + 1) * new_.len))
		return false;
	*out = str_replace(c->a, self(c), old, new_, count);
	return true;
}

/* The part of self that [start, end) in code points means; false: start lies beyond the end. */
static bool window(struct call *c, size_t first, struct val *out, int64_t *offset, bool *inside) {
	struct interp *in = interp_of(c);
	struct val v = self(c);
	int64_t n = (int64_t)utf8_count(v.u.s, v.len), from = 0, to = n, i;
	size_t at = 0, begin, len;

	if ((c->args[first].type != V_NULL && !index_of(in, c->args[first], &from)) ||
	    (c->args[first + 1].type != V_NULL && !index_of(in, c->args[first + 1], &to)))
		return false;
	from = from < 0 ? (from + n < 0 ? 0 : from + n) : from;
	to = to < 0 ? (to + n < 0 ? 0 : to + n) : to > n ? n : to;
	*inside = from <= n && from <= to;
	*offset = from;
	if (!*inside)
		return true;
	for (i = 0; i < from; i++, at += len)
		(void)utf8_at(v, at, &len);
	for (begin = at; i < to; i++, at += len)
		(void)utf8_at(v, at, &len);
	*out = val_mem(v.u.s + begin, at - begin);
	return true;
}

/* Where args[1] is found, in code points; -1: nowhere. */
static bool find(struct call *c, bool last, int64_t *at) {
	struct val part, what = c->args[1];
	const char *p;
	bool inside;

	*at = -1;
	if (what.type != V_STR)
		return fail_type(interp_of(c), "must be str, not %s", type_name(what));
	if (!window(c, 2, &part, at, &inside))
		return false;
	p = !inside ? NULL : last ? rfind_mem(part.u.s, part.len, what.u.s, what.len)
	                          : what.len == 0 ? part.u.s : memmem(part.u.s, part.len, what.u.s, what.len);
	*at = p == NULL ? -1 : *at + (int64_t)utf8_count(part.u.s, (size_t)(p - part.u.s));
	return true;
}

static bool found(struct call *c, bool last, bool must, struct val *out) {
	int64_t at;

	if (!find(c, last, &at))
		return false;
	*out = val_int(at);
	return at >= 0 || !must || fail(interp_of(c), "ValueError", "substring not found");
}

static bool m_find(struct call *c, struct val *out) {
	return found(c, false, false, out);
}

static bool m_rfind(struct call *c, struct val *out) {
	return found(c, true, false, out);
}

static bool m_index(struct call *c, struct val *out) {
	return found(c, false, true, out);
}

static bool m_rindex(struct call *c, struct val *out) {
	return found(c, true, true, out);
}

static bool m_count(struct call *c, struct val *out) {
	struct val part, what = c->args[1];
	int64_t n = 0, offset;
	const char *p;
	bool inside;

	if (what.type != V_STR)
		return fail_type(interp_of(c), "must be str, not %s", type_name(what));
	if (!window(c, 2, &part, &offset, &inside))
		return false;
	if (inside && what.len == 0)
		n = (int64_t)utf8_count(part.u.s, part.len) + 1;
	while (inside && what.len > 0 && (p = memmem(part.u.s, part.len, what.u.s, what.len)) != NULL) {
		n++;
		part = val_mem(p + what.len, (size_t)(part.u.s + part.len - p) - what.len);
	}
	*out = val_int(n);
	return true;
}

static bool ends(struct val v, struct val with, bool at_end) {
	return with.len <= v.len && memcmp(at_end ? v.u.s + v.len - with.len : v.u.s, with.u.s, with.len) == 0;
}

static bool affix(struct call *c, bool at_end, struct val *out) {
	const char *name = at_end ? "endswith" : "startswith";
	struct val part, with = c->args[1];
	int64_t offset;
	bool inside, yes = false;
	size_t i;

	if (!window(c, 2, &part, &offset, &inside))
		return false;
	if (with.type != V_STR && !is_tuple(with))
		return fail_type(interp_of(c), "%s first arg must be str or a tuple of str, not %s", name, type_name(with));
	if (with.type == V_STR)
		yes = inside && ends(part, with, at_end);
	for (i = 0; with.type == V_LIST && i < with.u.list->n; i++) {
		if (with.u.list->v[i].type != V_STR)
			return fail_type(interp_of(c), "tuple for %s must only contain str, not %s", name, type_name(with.u.list->v[i]));
		yes = yes || (inside && ends(part, with.u.list->v[i], at_end));
	}
	*out = val_bool(yes);
	return true;
}

static bool m_startswith(struct call *c, struct val *out) {
	return affix(c, false, out);
}

static bool m_endswith(struct call *c, struct val *out) {
	return affix(c, true, out);
}

static bool remove_affix(struct call *c, bool at_end, struct val *out) {
	struct val v = self(c), with = c->args[1];

	if (with.type != V_STR)
		return fail_type(interp_of(c), "must be str, not %s", type_name(with));
	*out = v;
	if (ends(v, with, at_end))
		*out = val_copy(c->a, v.u.s + (at_end ? 0 : with.len), v.len - with.len);
	out->flags = 0;
	return true;
}

static bool m_removeprefix(struct call *c, struct val *out) {
	return remove_affix(c, false, out);
}

static bool m_removesuffix(struct call *c, struct val *out) {
	return remove_affix(c, true, out);
}

const struct tmpl_def tmpl_str_methods_search[] = {
	{ .name = "capitalize", .fn = m_capitalize, .params = "" },
	{ .name = "casefold", .fn = m_casefold, .params = "" },
	{ .name = "count", .fn = m_count, .min = 1, .max = 3, .params = "sub, start=none, end=none" },
	{ .name = "endswith", .fn = m_endswith, .min = 1, .max = 3, .params = "suffix, start=none, end=none" },
	{ .name = "find", .fn = m_find, .min = 1, .max = 3, .params = "sub, start=none, end=none" },
	{ .name = "index", .fn = m_index, .min = 1, .max = 3, .params = "sub, start=none, end=none" },
	{ .name = "join", .fn = m_join, .min = 1, .max = 1, .params = "iterable" },
	{ .name = "lower", .fn = m_lower, .params = "" },
	{ .name = "lstrip", .fn = m_lstrip, .max = 1, .params = "chars=none" },
	{ .name = "maketrans", .fn = m_maketrans, .min = 1, .max = 3, .params = "x, y=none, z=none" },
	{ .name = "partition", .fn = m_partition, .min = 1, .max = 1, .params = "sep" },
	{ .name = "removeprefix", .fn = m_removeprefix, .min = 1, .max = 1, .params = "prefix" },
	{ .name = "removesuffix", .fn = m_removesuffix, .min = 1, .max = 1, .params = "suffix" },
	{ .name = "replace", .fn = m_replace, .min = 2, .max = 3, .params = "old, new, count=-1" },
	{ .name = "rfind", .fn = m_rfind, .min = 1, .max = 3, .params = "sub, start=none, end=none" },
	{ .name = "rindex", .fn = m_rindex, .min = 1, .max = 3, .params = "sub, start=none, end=none" },
	{ .name = "rpartition", .fn = m_rpartition, .min = 1, .max = 1, .params = "sep" },
	{ .name = "rsplit", .fn = m_rsplit, .max = 2, .params = "sep=none, maxsplit=-1" },
	{ .name = "rstrip", .fn = m_rstrip, .max = 1, .params = "chars=none" },
	{ .name = "split", .fn = m_split, .max = 2, .params = "sep=none, maxsplit=-1" },
	{ .name = "splitlines", .fn = m_splitlines, .max = 1, .params = "keepends=false" },
	{ .name = "startswith", .fn = m_startswith, .min = 1, .max = 3, .params = "prefix, start=none, end=none" },
	{ .name = "strip", .fn = m_strip, .max = 1, .params = "chars=none" },
	{ .name = "swapcase", .fn = m_swapcase, .params = "" },
	{ .name = "title", .fn = m_title, .params = "" },
	{ .name = "translate", .fn = m_translate, .min = 1, .max = 1, .params = "table" },
	{ .name = "upper", .fn = m_upper, .params = "" },
	{ .name = NULL },
};
