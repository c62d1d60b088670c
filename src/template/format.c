/* format.c: the % operator on text (printf as Python has it). */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "template/engine.h"

struct spec {
	bool alt, zero, minus, space, plus;
	int64_t width, precision;       /* -1: none */
	char type;
};

struct printf_state {
	struct interp *in;
	struct val fmt, args;
	size_t at;                      /* in fmt */
	size_t used;                    /* arguments taken */
	bool keyed;
	struct sbuf out;
	bool safe;
};

bool format_float(struct sbuf *b, double f, char type, int precision, bool alt) {
	char layout[8] = "%", *text;
	int n;

	if (!isfinite(f)) {
		bool up = isupper((unsigned char)type);

		sb_str(b, isnan(f) ? (up ? "NAN" : "nan") : f < 0 ? (up ? "-INF" : "-inf") : up ? "INF" : "inf");
		return true;
	}
	snprintf(layout, sizeof(layout), "%%%s.*%c", alt ? "#" : "", type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = snprintf(NULL, 0, layout, precision, f);
	text = arena_alloc(b->a, (size_t)n + 1);
	snprintf(text, (size_t)n + 1, layout, precision, f);
#pragma GCC diagnostic pop
	sb_mem(b, text, (size_t)n);
	return true;
}

static bool next_arg(struct printf_state *p, struct val *out) {
	if (p->keyed)
		return fail_type(p->in, "not enough arguments for format string");
	if (is_tuple(p->args)) {
		if (p->used >= p->args.u.list->n)
			return fail_type(p->in, "not enough arguments for format string");
		*out = p->args.u.list->v[p->used++];
		return true;
	}
	if (p->used > 0)
		return fail_type(p->in, "not enough arguments for format string");
	p->used++;
	*out = p->args;
	return true;
}

static bool number(struct printf_state *p, int64_t *out) {
	struct val v;

	*out = 0;
	if (p->at < p->fmt.len && p->fmt.u.s[p->at] == '*') {
		p->at++;
		if (!next_arg(p, &v))
			return false;
		if (!is_int(v))
			return fail_type(p->in, "* wants int");
		if (v.type == V_OBJ)
			return fail(p->in, "OverflowError", "Python int too large to convert to C int");
		return index_of(p->in, v, out);
	}
	while (p->at < p->fmt.len && isdigit((unsigned char)p->fmt.u.s[p->at])) {
		*out = *out * 10 + (p->fmt.u.s[p->at++] - '0');
		if (*out > STRING_MAX)
			return fail(p->in, "ValueError", "width too big");
	}
	return true;
}

static bool flags(struct printf_state *p, struct spec *s) {
	for (; p->at < p->fmt.len; p->at++) {
		switch (p->fmt.u.s[p->at]) {
		case '#': s->alt = true; break;
		case '0': s->zero = true; break;
		case '-': s->minus = true; break;
		case ' ': s->space = true; break;
		case '+': s->plus = true; break;
		default: return true;
		}
	}
	return true;
}

static bool parse_spec(struct printf_state *p, struct spec *s) {
	*s = (struct spec){ .width = -1, .precision = -1 };
	if (!flags(p, s) || !number(p, &s->width))
		return false;
	if (s->width < 0) {
		s->minus = true;
		s->width = -s->width;
	}
	if (p->at < p->fmt.len && p->fmt.u.s[p->at] == '.') {
		p->at++;
		if (!number(p, &s->precision))
			return false;
		s->precision = s->precision < 0 ? 0 : s->precision;
	}
	while (p->at < p->fmt.len && strchr("hlL", p->fmt.u.s[p->at]) != NULL && p->fmt.u.s[p->at] != '\0')
		p->at++;
	if (p->at >= p->fmt.len)
		return fail(p->in, "ValueError", "incomplete format");
	s->type = p->fmt.u.s[p->at++];
	return true;
}

/* Sign and prefix first, then zeros, then digits; or blanks around it all. */
static bool put_padded(struct printf_state *p, const struct spec *s, const char *prefix, const char *digits, size_t n, bool numeric) {
	size_t width = utf8_count(digits, n) + strlen(prefix);
	int64_t pad = s->width > (int64_t)width ? s->width - (int64_t)width : 0, i;
	bool zero = numeric && s->zero && !s->minus;

	if (!room(p->in, p->out.len + (uint64_t)pad + n))
		return false;
	for (i = 0; !s->minus && !zero && i < pad; i++)
		sb_chr(&p->out, ' ');
	sb_str(&p->out, prefix);
	for (i = 0; zero && i < pad; i++)
		sb_chr(&p->out, '0');
	sb_mem(&p->out, digits, n);
	for (i = 0; s->minus && i < pad; i++)
		sb_chr(&p->out, ' ');
	return true;
}

static bool put_number(struct printf_state *p, const struct spec *s, const char *text, const char *base_prefix) {
	char prefix[4];                 /* a sign and 0x */
	bool negative = text[0] == '-';
	struct sbuf b;
	size_t n;

	text += negative;
	n = strlen(text);
	prefix[0] = negative ? '-' : s->plus ? '+' : ' ';
	memcpy(prefix + (negative || s->plus || s->space), base_prefix, strlen(base_prefix) + 1);
	if (s->precision <= (int64_t)n || strchr("diuxXo", s->type) == NULL)
		return put_padded(p, s, prefix, text, n, true);
	if (!room(p->in, (uint64_t)s->precision))
		return false;
	sb_init(&b, p->in->a);
	while ((int64_t)(b.len + n) < s->precision)
		sb_chr(&b, '0');
	sb_mem(&b, text, n);
	return put_padded(p, s, prefix, b.s, b.len, true);
}

static bool put_int(struct printf_state *p, const struct spec *s, struct val v) {
	bool decimal = strchr("diu", s->type) != NULL;
	unsigned base = decimal ? 10 : s->type == 'o' ? 8 : 16;
	struct sbuf b;
	size_t i;

	if (decimal && v.type == V_FLOAT) {
		if (!isfinite(v.u.f))
			return fail(p->in, isnan(v.u.f) ? "ValueError" : "OverflowError", "cannot convert float %s to integer",
				isnan(v.u.f) ? "NaN" : "infinity");
		v = big_from_float(p->in->a, trunc(v.u.f));
	}
	if (v.type == V_UNDEF && decimal)
		return undef_fail(p->in, v);
	if (!is_int(v))
		return fail_type(p->in, decimal ? "%%%c format: a real number is required, not %s" : "%%%c format: an integer is required, not %s",
			s->type, type_name(v));
	sb_init(&b, p->in->a);
	big_text(&b, v, base);
	for (i = 0; s->type == 'X' && i < b.len; i++)
		b.s[i] = (char)toupper((unsigned char)b.s[i]);
	return put_number(p, s, b.s, !s->alt || decimal ? "" : s->type == 'o' ? "0o" : s->type == 'x' ? "0x" : "0X");
}

static bool put_float(struct printf_state *p, const struct spec *s, struct val v) {
	struct sbuf b;
	double f;

	if (v.type == V_UNDEF)
		return undef_fail(p->in, v);
	if (!as_float(p->in, v, &f))
		return false;
	if (s->precision > 10000)
		return fail(p->in, "ValueError", "precision too large");
	sb_init(&b, p->in->a);
	format_float(&b, f, s->type, s->precision < 0 ? 6 : (int)s->precision, s->alt);
	return put_number(p, s, b.s, "");
}

static bool put_char(struct printf_state *p, const struct spec *s, struct val v) {
	char u[4];
	int64_t c;

	if (v.type == V_STR) {
		if (utf8_count(v.u.s, v.len) != 1)
			return fail_type(p->in, "%%c requires int or char");
		return put_padded(p, s, "", v.u.s, v.len, false);
	}
	if (!is_int(v))
		return fail_type(p->in, "%%c requires int or char");
	if (!index_of(p->in, v, &c))
		return false;
	if (c < 0 || c > 0x10FFFF)
		return fail(p->in, "OverflowError", "%%c arg not in range(0x110000)");
	return put_padded(p, s, "", u, utf8_put(u, (uint32_t)c), false);
}

static void ascii_only(struct sbuf *to, const struct sbuf *from) {
	size_t i, len;

	for (i = 0; i < from->len; i += len) {
		uint32_t c = utf8_get(from->s + i, from->len - i, &len);

		if (c < 0x80)
			sb_chr(to, (char)c);
		else
			sb_fmt(to, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
	}
}

static bool put_text(struct printf_state *p, const struct spec *s, struct val v) {
	struct sbuf b, a;
	size_t n, len;
	int64_t left = s->precision;
	struct val e;

	sb_init(&b, p->in->a);
	if (s->type == 's' ? !str(p->in, v, &b) : !repr(p->in, v, &b))
		return false;
	if (s->type == 'a') {
		sb_init(&a, p->in->a);
		ascii_only(&a, &b);
		b = a;
	}
	if (p->safe && (s->type != 's' || !is_safe(v))) {
		e = html_escape(p->in->a, val_mem(b.s, b.len));
		sb_reset(&b);
		sb_mem(&b, e.u.s, e.len);
	}
	for (n = 0; left >= 0 && n < b.len && left > 0; left--, n += len)
		(void)utf8_get(b.s + n, b.len - n, &len);
	return put_padded(p, s, "", b.s, s->precision >= 0 ? n : b.len, false);
}

static bool keyed_arg(struct printf_state *p, struct val *out) {
	size_t start = ++p->at, depth = 1;
	struct val key;
	const struct val *at;

	if (p->args.type == V_UNDEF)
		return undef_fail(p->in, p->args);
	if (p->args.type != V_MAP)
		return fail_type(p->in, "format requires a mapping");
	while (p->at < p->fmt.len && depth > 0) {
		depth += p->fmt.u.s[p->at] == '(' ? 1 : 0;
		depth -= p->fmt.u.s[p->at] == ')' ? 1 : 0;
		p->at++;
	}
	if (depth > 0)
		return fail(p->in, "ValueError", "incomplete format key");
	key = val_copy(p->in->a, p->fmt.u.s + start, p->at - 1 - start);
	if ((at = map_find(p->args.u.map, key)) == NULL)
		return fail(p->in, "KeyError", "%s", quoted(p->in->a, key));
	*out = *at;
	p->keyed = true;
	return true;
}

static bool directive(struct printf_state *p) {
	struct spec s;
	struct val v = val_null();
	bool has_key = p->at < p->fmt.len && p->fmt.u.s[p->at] == '(';

	if (has_key && !keyed_arg(p, &v))
		return false;
	if (!parse_spec(p, &s))
		return false;
	if (s.type == '%' && p->fmt.u.s[p->at - 2] == '%') {
		sb_chr(&p->out, '%');
		return true;
	}
	if (!has_key && !next_arg(p, &v))
		return false;
	if (strchr("diuxXo", s.type) != NULL)
		return put_int(p, &s, v);
	if (strchr("eEfFgG", s.type) != NULL)
		return put_float(p, &s, v);
	if (s.type == 'c')
		return put_char(p, &s, v);
	if (s.type == 's' || s.type == 'r' || s.type == 'a')
		return put_text(p, &s, v);
	return fail(p->in, "ValueError", "unsupported format character '%c' (0x%x) at index %zu", s.type, (unsigned)(unsigned char)s.type,
		utf8_count(p->fmt.u.s, p->at - 1));
}

bool format_printf(struct interp *in, struct val fmt, struct val args, struct val *out) {
	struct printf_state p = { .in = in, .fmt = fmt, .args = args, .safe = is_safe(fmt) };

	sb_init(&p.out, in->a);
	while (p.at < fmt.len) {
		const char *pc = memchr(fmt.u.s + p.at, '%', fmt.len - p.at);
		size_t end = pc == NULL ? fmt.len : (size_t)(pc - fmt.u.s);

		sb_mem(&p.out, fmt.u.s + p.at, end - p.at);
		p.at = end + 1;
		if (pc != NULL && !directive(&p))
			return false;
	}
	if (is_tuple(args) ? p.used < args.u.list->n
	                   : !p.keyed && p.used == 0 && args.type != V_MAP && args.type != V_LIST && args.type != V_UNDEF &&
	                     !is_obj(args, &range_class))
		return fail_type(in, "not all arguments converted during string formatting");
	*out = val_mem(p.out.s, p.out.len);
	out->flags = p.safe ? VF_SAFE : 0;
	return true;
}
