/* filters_text.c: filters that take a text and give a text. Markup stays markup where Jinja2 keeps it. */
#include "config.h"

#include "template/filters.h"

bool text_arg(struct interp *in, struct val v, struct val *out) {
	return str_val(in, v, out);
}

struct val keep_mark(struct val out, struct val like) {
	out.flags = (uint8_t)(like.flags & VF_SAFE);
	return out;
}

static bool convert(struct call *c, enum uc_case to, struct val *out) {
	struct val v;

	if (!text_arg(interp_of(c), c->args[0], &v))
		return false;
	*out = uc_convert(c->a, v, to);
	return true;
}

bool f_upper(struct call *c, struct val *out) {
	return convert(c, UC_UPPER, out);
}

bool f_lower(struct call *c, struct val *out) {
	return convert(c, UC_LOWER, out);
}

struct val str_capitalize(struct arena *a, struct val v) {
	struct sbuf b;
	size_t i, len;

	if (v.len == 0)
		return v;
	sb_init(&b, a);
	sb_reserve(&b, v.len);
	uc_put(&b, UC_TITLE, utf8_at(v, 0, &len));
	for (i = len; i < v.len; i += len) {
		(void)utf8_at(v, i, &len);
		uc_put_lower(&b, v, i, len);
	}
	return keep_mark(val_mem(b.s, b.len), v);
}

bool f_capitalize(struct call *c, struct val *out) {
	struct val v;

	if (!text_arg(interp_of(c), c->args[0], &v))
		return false;
	*out = str_capitalize(c->a, v);
	return true;
}

static bool word_gap(uint32_t c) {
	return c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || uc_space(c);
}

bool f_title(struct call *c, struct val *out) {
	struct val v, rest;
	struct sbuf b;
	size_t i, start, len, first;

	if (!text_arg(interp_of(c), c->args[0], &v))
		return false;
	sb_init(&b, c->a);
	for (i = 0; i < v.len;) {
		bool gap = word_gap(utf8_at(v, i, &first));

		for (start = i; i < v.len && word_gap(utf8_at(v, i, &len)) == gap; i += len)
			continue;
		uc_put(&b, UC_UPPER, utf8_at(v, start, &first));
		rest = uc_convert(c->a, val_mem(v.u.s + start + first, i - start - first), UC_LOWER);
		sb_mem(&b, rest.u.s, rest.len);
	}
	*out = val_mem(b.s, b.len);
	return true;
}

bool f_trim(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v, chars = c->args[1];

	if (!text_arg(in, c->args[0], &v))
		return false;
	if (chars.type != V_NULL && chars.type != V_STR)
		return fail_type(in, "strip arg must be None or str");
	if (is_safe(v) && chars.type == V_STR && !is_safe(chars))
		chars = html_escape(c->a, chars);
	*out = str_strip(v, chars, 3);
	return true;
}

bool f_replace(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val s, old, new_;
	int64_t count = -1;

	if (c->args[3].type != V_NULL && !count_of(in, c->args[3], &count))
		return false;
	if (!text_arg(in, c->args[0], &s) || !text_arg(in, c->args[1], &old) || !text_arg(in, c->args[2], &new_))
		return false;
	if (in->ctx->escape) {
		if (is_safe(old) || (is_safe(new_) && !is_safe(s)))
			s = is_safe(s) ? s : html_escape(c->a, s);
		if (is_safe(s)) {
			old = is_safe(old) ? old : html_escape(c->a, old);
			new_ = is_safe(new_) ? new_ : html_escape(c->a, new_);
		}
	} else {
		s.flags = 0;
	}
	if (!room(in, (uint64_t)s.len + (old.len == 0 ? (uint64_t)s.len + 1 : s.len / old.len) * new_.len))
		return false;
	*out = str_replace(c->a, s, old, new_, count);
	return true;
}

bool f_center(struct call *c, struct val *out) {
	struct val v;
	int64_t width;

	return text_arg(interp_of(c), c->args[0], &v) && count_of(interp_of(c), c->args[1], &width) &&
	       str_center(interp_of(c), v, width, out);
}

/* Bytes of the line boundary at `at`, as str.splitlines knows them; 0: none. */
static size_t line_break(struct val v, size_t at) {
	size_t len;
	uint32_t ch = utf8_at(v, at, &len);

	if (ch == '\r' && at + 1 < v.len && v.u.s[at + 1] == '\n')
		return 2;
	return (ch >= 10 && ch <= 13) || (ch >= 0x1C && ch <= 0x1E) || ch == 0x85 || ch == 0x2028 || ch == 0x2029 ? len : 0;
}

static bool indent_prefix(struct call *c, struct val *out) {
	struct val width = c->args[1];
	int64_t n;

	if (width.type == V_STR) {
		*out = width;
		return true;
	}
	if (width.type == V_UNDEF)
		return undef_fail(interp_of(c), width);
	if (!is_int(width))
		return fail_type(interp_of(c), "can't multiply sequence by non-int of type '%s'", type_name(width));
	return count_of(interp_of(c), width, &n) && repeat(interp_of(c), val_mem(" ", 1), n, out);
}

bool f_indent(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0], pad;
	bool first, blank, any = false;
	struct sbuf b;
	size_t i = 0, start, len;

	if (!indent_prefix(c, &pad))
		return false;
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	if (v.type == V_LIST && !is_tuple(v))
		return fail(in, "AttributeError", "'list' object has no attribute 'splitlines'");
	if (v.type != V_STR)
		return fail_type(in, "unsupported operand type(s) for +=: '%s' and 'str'", type_name(v));
	if (!truth(in, c->args[2], &first) || !truth(in, c->args[3], &blank))
		return false;
	if (is_safe(v) && !is_safe(pad))
		pad = html_escape(c->a, pad);
	sb_init(&b, c->a);
	while (i < v.len) {
		for (start = i; i < v.len && (len = line_break(v, i)) == 0;)
			i += utf8_at(v, i, &len) == 0 ? len : len;
		if (any)
			sb_chr(&b, '\n');
		if ((any || first) && (blank || i > start || (!any && first)))
			sb_mem(&b, pad.u.s, pad.len);
		sb_mem(&b, v.u.s + start, i - start);
		if (!room(in, b.len))
			return false;
		any = true;
		if (i >= v.len)
			break;
		i += line_break(v, i);
		if (i >= v.len) {                       /* a final newline stays: an empty last line */
			sb_chr(&b, '\n');
			if (blank)
				sb_mem(&b, pad.u.s, pad.len);
		}
	}
	if (v.len == 0 && first)
		sb_mem(&b, pad.u.s, pad.len);
	*out = keep_mark(val_mem(b.s, b.len), v);
	return true;
}

static size_t offset_of(struct val v, int64_t chars) {
	size_t i = 0, len;

	for (; chars > 0 && i < v.len; chars--, i += len)
		(void)utf8_at(v, i, &len);
	return i;
}

/* An assertion of Jinja2's own: a number that is not too small. */
static bool at_least(struct interp *in, const char *what, struct val v, int64_t least) {
	struct val text;
	bool less;

	if (v.type == V_INT && v.u.i >= least)
		return true;
	if (!order(in, OP_LT, v, val_int(least), &less))
		return false;
	return !less || (str_val(in, v, &text) && fail(in, "AssertionError", "expected %s >= %lld, got %s", what, (long long)least, text.u.s));
}

bool f_truncate(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0], end = c->args[3], cut, leeway = c->args[4].type == V_NULL ? val_int(5) : c->args[4];
	int64_t limit, n;
	size_t count;
	bool kill, has, fits;

	if (end.type != V_STR)
		return fail_type(in, "object of type '%s' has no len()", type_name(end));
	n = (int64_t)utf8_count(end.u.s, end.len);
	if (!at_least(in, "length", c->args[1], n) || !at_least(in, "leeway", leeway, 0))
		return false;
	if (!length(in, v, &count, &has))
		return false;
	if (!has)
		return fail_type(in, "object of type '%s' has no len()", type_name(v));
	*out = v;
	fits = c->args[1].type == V_INT && (int64_t)count <= c->args[1].u.i;
	if (!fits && (!arith(in, OP_ADD, c->args[1], leeway, &leeway) || !order(in, OP_LE, val_int((int64_t)count), leeway, &fits)))
		return false;
	if (fits)
		return true;
	if (v.type != V_STR)
		return fail_type(in, "'%s' object cannot be cut", type_name(v));
	if (!truth(in, c->args[2], &kill) || !index_of(in, c->args[1], &limit))
		return false;
	cut = val_mem(v.u.s, offset_of(v, limit - n));
	if (!kill) {
		size_t at = cut.len;

		while (at > 0 && cut.u.s[at - 1] != ' ')
			at--;
		if (at > 0)
			cut.len = (uint32_t)at - 1;
	}
	return arith(in, OP_ADD, keep_mark(val_copy(c->a, cut.u.s, cut.len), v), end, out);
}

bool f_wordcount(struct call *c, struct val *out) {
	struct val v;
	size_t i, len;
	int64_t n = 0;
	bool in_word = false;

	if (!text_arg(interp_of(c), c->args[0], &v))
		return false;
	for (i = 0; i < v.len; i += len) {
		bool word = uc_word(utf8_at(v, i, &len));

		n += word && !in_word;
		in_word = word;
	}
	*out = val_int(n);
	return true;
}

bool f_string(struct call *c, struct val *out) {
	return str_val(interp_of(c), c->args[0], out);
}

bool f_format(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v, args;
	struct list *l;
	size_t i;

	if (c->nargs > 1 && c->nkw > 0)
		return fail(in, "FilterArgumentError", "can't handle positional and keyword arguments at the same time");
	if (!text_arg(in, c->args[0], &v))
		return false;
	if (c->nkw > 0) {
		args = val_map(map_new(c->a, c->nkw));
		for (i = 0; i < c->nkw; i++)
			map_put(args.u.map, c->kwnames[i], c->kwargs[i]);
	} else {
		l = list_new(c->a, c->nargs);
		for (i = 1; i < c->nargs; i++)
			list_push(l, c->args[i]);
		args = val_tuple(l);
	}
	return format_printf(in, v, args, out);
}
