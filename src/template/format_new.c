/* format_new.c: "...".format(): fields with attributes and items, conversions, and the format specification. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "template/engine.h"

struct spec {
	struct val fill;
	char align, sign, type;         /* '\0': none */
	bool alt, zero, no_minus;       /* no_minus: of a zero */
	int64_t width, precision;       /* -1: none */
	char group;
};

struct formatter {
	struct interp *in;
	const struct call_args *args;
	int64_t next;                   /* of automatic numbering; -1: fields are numbered by hand */
	bool automatic;
	bool safe;
	unsigned depth;
};

static bool parse_spec(struct formatter *f, struct val text, struct spec *s) {
	const char *p = text.u.s, *end = text.u.s + text.len;
	size_t len = 0;

	*s = (struct spec){ .fill = val_mem(" ", 1), .width = -1, .precision = -1 };
	if (p < end)
		(void)utf8_get(p, (size_t)(end - p), &len);
	if (p + len < end && strchr("<>=^", p[len]) != NULL) {
		s->fill = val_mem(p, len);
		s->align = p[len];
		p += len + 1;
	} else if (p < end && strchr("<>=^", *p) != NULL) {
		s->align = *p++;
	}
	if (p < end && strchr("+- ", *p) != NULL)
		s->sign = *p++;
	if (p < end && *p == 'z') {
		s->no_minus = true;
		p++;
	}
	if (p < end && *p == '#') {
		s->alt = true;
		p++;
	}
	if (p < end && *p == '0') {
		s->zero = true;
		if (p == text.u.s || s->fill.u.s != text.u.s)
			s->fill = val_mem("0", 1);
		p++;
	}
	for (; p < end && isdigit((unsigned char)*p); p++) {
		s->width = (s->width < 0 ? 0 : s->width) * 10 + (*p - '0');
		if (s->width > STRING_MAX)
			return fail(f->in, "ValueError", "Too many decimal digits in format string");
	}
	if (p < end && (*p == ',' || *p == '_'))
		s->group = *p++;
	if (p < end && *p == '.') {
		p++;
		if (p >= end || !isdigit((unsigned char)*p))
			return fail(f->in, "ValueError", "Format specifier missing precision");
		for (s->precision = 0; p < end && isdigit((unsigned char)*p); p++) {
			s->precision = s->precision * 10 + (*p - '0');
			if (s->precision > STRING_MAX)
				return fail(f->in, "ValueError", "Too many decimal digits in format string");
		}
	}
	if (p + 1 < end)
		return fail(f->in, "ValueError", "Invalid format specifier");
	s->type = p < end ? *p : '\0';
	if (s->group != '\0' && s->type == 'n')
		return fail(f->in, "ValueError", "Cannot specify '%c' with 'n'.", s->group);
	return true;
}

/* prefix (sign, 0x) and body; `=` puts the filling between them. */
static bool padded(struct formatter *f, const struct spec *s, const char *prefix, const struct sbuf *body, char align, struct sbuf *out) {
	size_t width = strlen(prefix) + utf8_count(body->s, body->len);
	int64_t pad = s->width > (int64_t)width ? s->width - (int64_t)width : 0, left, i;

	if (!room(f->in, out->len + (uint64_t)pad * s->fill.len + body->len))
		return false;
	left = align == '<' ? 0 : align == '^' ? pad / 2 : pad;
	if (align == '=')
		sb_str(out, prefix);
	for (i = 0; i < left; i++)
		sb_mem(out, s->fill.u.s, s->fill.len);
	if (align != '=')
		sb_str(out, prefix);
	sb_mem(out, body->s, body->len);
	for (i = left; i < pad; i++)
		sb_mem(out, s->fill.u.s, s->fill.len);
	return true;
}

static void grouped(struct sbuf *out, const char *digits, size_t n, char sep, unsigned size) {
	size_t i;

	for (i = 0; i < n; i++) {
		if (sep != '\0' && i > 0 && (n - i) % size == 0)
			sb_chr(out, sep);
		sb_chr(out, digits[i]);
	}
}

static bool unknown(struct formatter *f, char type, struct val v) {
	return fail(f->in, "ValueError", "Unknown format code '%c' for object of type '%s'", type, type_name(v));
}

/* Digits with separators; with zero filling these go into the filling as well. */
static bool number_text(struct formatter *f, struct spec *s, const char *digits, const char *prefix, struct sbuf *out) {
	size_t whole = strspn(digits, "0123456789abcdefABCDEF"), shown, n = strlen(digits);
	unsigned size = s->type == 'b' || s->type == 'o' || s->type == 'x' || s->type == 'X' ? 4 : 3;
	char align = s->align != '\0' ? s->align : s->zero ? '=' : '>';
	struct sbuf body, zeros;

	if (strchr("eEfFgG%n", s->type) != NULL || s->type == '\0')
		whole = strspn(digits, "0123456789");
	sb_init(&body, f->in->a);
	sb_init(&zeros, f->in->a);
	if (s->group != '\0' && align == '=' && s->fill.len == 1 && s->fill.u.s[0] == '0') {
		shown = whole + (whole - 1) / size + (n - whole) + strlen(prefix);
		if (!room(f->in, s->width < 0 ? 0 : (uint64_t)s->width))
			return false;
		while ((int64_t)shown < s->width) {
			sb_chr(&zeros, '0');
			shown += (zeros.len + whole - 1) % size == 0 ? 2 : 1;
		}
	}
	sb_mem(&zeros, digits, whole);
	grouped(&body, zeros.s, zeros.len, s->group, size);
	sb_mem(&body, digits + whole, n - whole);
	return padded(f, s, prefix, &body, align, out);
}

static bool format_int(struct formatter *f, struct val v, struct spec *s, struct sbuf *out) {
	unsigned base = s->type == 'b' ? 2 : s->type == 'o' ? 8 : s->type == 'x' || s->type == 'X' ? 16 : 10;
	char prefix[8], u[4];
	struct sbuf b;
	int64_t c;
	size_t i;

	if (s->no_minus)
		return fail(f->in, "ValueError", "Negative zero coercion (z) not allowed in format specifier with integer format code");
	if (s->precision >= 0)
		return fail(f->in, "ValueError", "Precision not allowed in integer format specifier");
	sb_init(&b, f->in->a);
	if (s->type == 'c') {
		if (s->sign != '\0')
			return fail(f->in, "ValueError", "Sign not allowed with integer format specifier 'c'");
		if (!index_of(f->in, v, &c))
			return false;
		if (c < 0 || c > 0x10FFFF)
			return fail(f->in, "OverflowError", "%%c arg not in range(0x110000)");
		sb_mem(&b, u, utf8_put(u, (uint32_t)c));
		return padded(f, s, "", &b, s->align == '\0' ? '<' : s->align, out);
	}
	if (s->group == ',' && base != 10)
		return fail(f->in, "ValueError", "Cannot specify ',' with '%c'.", s->type);
	big_text(&b, v, base);
	for (i = 0; s->type == 'X' && i < b.len; i++)
		b.s[i] = (char)toupper((unsigned char)b.s[i]);
	snprintf(prefix, sizeof(prefix), "%s", b.s[0] == '-' ? "-" : s->sign == '+' ? "+" : s->sign == ' ' ? " " : "");
	if (s->alt && base != 10)
		snprintf(prefix + strlen(prefix), 4, "0%c", s->type);
	return number_text(f, s, b.s + (b.s[0] == '-'), prefix, out);
}

/* Without a type: as g, but never without a fraction, for which one digit is kept back. */
static void format_general(struct sbuf *b, double d, int precision, bool alt) {
	struct sbuf e;

	sb_init(&e, b->a);
	format_float(&e, d, 'e', precision - 1, false);
	if (isfinite(d) && strtol(strchr(e.s, 'e') + 1, NULL, 10) == precision - 1) {
		size_t n = strcspn(e.s, "e"), end = n;

		while (memchr(e.s, '.', n) != NULL && (e.s[end - 1] == '0' || e.s[end - 1] == '.') && end > 1 && e.s[end] != '.')
			end--;
		sb_mem(b, e.s, end);
		sb_str(b, e.s + n);
		return;
	}
	format_float(b, d, 'g', precision, alt);
	if (isfinite(d) && strpbrk(b->s, ".e") == NULL)
		sb_str(b, ".0");
}

static bool format_double(struct formatter *f, double d, struct spec *s, struct sbuf *out) {
	char type = s->type, prefix[2] = "";
	int precision = s->precision < 0 ? 6 : (int)s->precision;
	struct sbuf b;

	if (s->precision > 10000)
		return fail(f->in, "ValueError", "precision too big");
	sb_init(&b, f->in->a);
	if (type == '\0' && s->precision < 0) {
		if (!str(f->in, val_float(d), &b))
			return false;
	} else if (type == '\0') {
		format_general(&b, d, precision == 0 ? 1 : precision, s->alt);
	} else {
		format_float(&b, type == '%' ? d * 100 : d, type == '%' ? 'f' : type == 'n' ? 'g' : type,
			(type == 'g' || type == 'G') && precision == 0 ? 1 : precision, s->alt);
	}
	if (type == '%')
		sb_chr(&b, '%');
	if (s->no_minus && b.s[0] == '-' && strpbrk(b.s, "in") == NULL && strcspn(b.s, "123456789") >= strcspn(b.s, "eE"))
		memmove(b.s, b.s + 1, b.len--);
	prefix[0] = b.s[0] == '-' ? '-' : s->sign == '+' || s->sign == ' ' ? s->sign : '\0';
	return number_text(f, s, b.s + (b.s[0] == '-'), prefix, out);
}

static bool format_text(struct formatter *f, struct val v, const struct spec *s, struct sbuf *out) {
	struct sbuf b;
	size_t n = 0, len;
	int64_t left;

	if (s->type != '\0' && s->type != 's')
		return unknown(f, s->type, v);
	if (s->sign != '\0')
		return fail(f->in, "ValueError", "Sign not allowed in string format specifier");
	if (s->no_minus)
		return fail(f->in, "ValueError", "Negative zero coercion (z) not allowed in string format specifier");
	if (s->alt)
		return fail(f->in, "ValueError", "Alternate form (#) not allowed in string format specifier");
	if (s->align == '=')
		return fail(f->in, "ValueError", "'=' alignment not allowed in string format specifier");
	if (s->group != '\0')
		return fail(f->in, "ValueError", "Cannot specify '%c' with 's'.", s->group);
	sb_init(&b, f->in->a);
	for (left = s->precision; left > 0 && n < v.len; left--, n += len)
		(void)utf8_at(v, n, &len);
	sb_mem(&b, v.u.s, s->precision >= 0 ? n : v.len);
	return padded(f, s, "", &b, s->align == '\0' ? '<' : s->align, out);
}

static bool format_value(struct formatter *f, struct val v, struct val spec_text, struct sbuf *out) {
	struct spec s;
	double d;

	if (spec_text.len == 0)
		return str(f->in, v, out);
	if (!is_number(v) && v.type != V_STR)
		return fail_type(f->in, "unsupported format string passed to %s.__format__", type_name(v));
	if (!parse_spec(f, spec_text, &s))
		return false;
	if (v.type == V_STR)
		return format_text(f, v, &s, out);
	if (v.type != V_FLOAT && (s.type == '\0' || strchr("bcdoxXn", s.type) != NULL))
		return format_int(f, v, &s, out);
	if (s.type != '\0' && strchr("eEfFgGn%", s.type) == NULL)
		return unknown(f, s.type, v);
	return as_float(f->in, v, &d) && format_double(f, d, &s, out);
}

/* ---- fields */

static bool argument(struct formatter *f, const char *name, size_t n, struct val *out) {
	int64_t index = 0;
	size_t i;

	for (i = 0; i < n && isdigit((unsigned char)name[i]); i++)
		index = index > STRING_MAX ? index : index * 10 + (name[i] - '0');
	if (i == n) {
		if (n == 0 ? f->next < 0 : f->automatic)
			return fail(f->in, "ValueError", n == 0 ? "cannot switch from manual field specification to automatic field numbering"
			                                        : "cannot switch from automatic field numbering to manual field specification");
		if (n == 0) {
			f->automatic = true;
			index = f->next++;
		} else {
			f->next = -1;
		}
		if (f->args->mapping)
			return fail(f->in, "ValueError", "Format string contains positional fields");
		if ((uint64_t)index >= f->args->n)
			return fail(f->in, "IndexError", "Replacement index %lld out of range for positional args tuple", (long long)index);
		*out = f->args->v[index];
		return true;
	}
	for (i = f->args->nkw; i-- > 0;) {
		if (val_equal(f->args->kwnames[i], val_mem(name, n))) {
			*out = f->args->kwargs[i];
			return true;
		}
	}
	return fail(f->in, "KeyError", "%s", quoted(f->in->a, val_copy(f->in->a, name, n)));
}

/* A real attribute: not an item, and in the sandbox nothing that begins with an underscore. */
static bool attribute(struct formatter *f, struct val name, struct val *v) {
	struct val of = *v;
	bool found;

	if (name.len == 0)
		return fail(f->in, "ValueError", "Empty attribute in format string");
	if (of.type == V_UNDEF)
		return f->in->env->o.undefined == TMPL_CHAINABLE || undef_fail(f->in, of);
	if (f->in->env->o.sandboxed)
		return get_attr_name(f->in, of, name, v);
	if (!get_attr_only(f->in, of, name, v, &found))
		return false;
	return found || fail(f->in, "AttributeError", "'%s' object has no attribute %s", type_name(of), quoted(f->in->a, name));
}

static bool item(struct formatter *f, struct val key, struct val *v) {
	struct val of = *v;
	size_t i;

	for (i = 0; i < key.len && isdigit((unsigned char)key.u.s[i]); i++)
		continue;
	if (key.len == 0)
		return fail(f->in, "ValueError", "Empty attribute in format string");
	if (i == key.len)
		key = big_parse(f->in->a, key.u.s, key.len, 10);
	if (!get_item(f->in, of, key, v))
		return false;
	if (v->type != V_UNDEF || f->in->env->o.sandboxed)
		return true;
	if (of.type == V_MAP) {
		struct sbuf b;

		sb_init(&b, f->in->a);
		return repr(f->in, key, &b) && fail(f->in, "KeyError", "%s", b.s);
	}
	if (of.type == V_UNDEF)
		return true;
	if (of.type != V_STR && of.type != V_LIST && !is_obj(of, &range_class))
		return fail_type(f->in, "'%s' object is not subscriptable", type_name(of));
	if (key.type == V_STR)
		return fail_type(f->in, "%s indices must be integers or slices, not str", type_name(of));
	return fail(f->in, "IndexError", "%s index out of range", type_name(of));
}

static bool path(struct formatter *f, const char *s, size_t n, struct val *v) {
	size_t i = 0, start;

	while (i < n) {
		if (s[i] == '.') {
			for (start = ++i; i < n && s[i] != '.' && s[i] != '['; i++)
				continue;
			if (!attribute(f, val_copy(f->in->a, s + start, i - start), v))
				return false;
		} else if (s[i] == '[') {
			for (start = ++i; i < n && s[i] != ']'; i++)
				continue;
			if (i >= n)
				return fail(f->in, "ValueError", "Missing ']' in format string");
			if (!item(f, val_copy(f->in->a, s + start, i - start), v))
				return false;
			i++;
		} else {
			return fail(f->in, "ValueError", "Only '.' or '[' may follow ']' in format field specifier");
		}
	}
	return true;
}

static bool expand(struct formatter *f, const char *s, size_t n, struct sbuf *out);

static bool convert(struct formatter *f, char how, struct val *v) {
	struct sbuf b;
	size_t i, len;

	if (how != 's' && how != 'r' && how != 'a')
		return fail(f->in, "ValueError", "Unknown conversion specifier '%c'", how);
	sb_init(&b, f->in->a);
	if (how == 's' ? !str(f->in, *v, &b) : !repr(f->in, *v, &b))
		return false;
	*v = val_mem(b.s, b.len);
	if (how != 'a')
		return true;
	sb_init(&b, f->in->a);
	for (i = 0; i < v->len; i += len) {
		uint32_t c = utf8_at(*v, i, &len);

		if (c < 0x80)
			sb_chr(&b, (char)c);
		else
			sb_fmt(&b, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
	}
	*v = val_mem(b.s, b.len);
	return true;
}

/* name[.attr|[key]]*[!conversion][:spec] */
static bool field(struct formatter *f, const char *s, size_t n, struct sbuf *out) {
	size_t name, end, bracket;
	struct sbuf spec;
	struct val v, e;
	char how = '\0';

	for (end = 0, bracket = 0; end < n && (bracket > 0 || (s[end] != '!' && s[end] != ':')); end++) {
		bracket += s[end] == '[' ? 1 : 0;
		bracket -= s[end] == ']' && bracket > 0 ? 1 : 0;
	}
	for (name = 0; name < end && s[name] != '.' && s[name] != '['; name++)
		continue;
	if (!argument(f, s, name, &v) || !path(f, s + name, end - name, &v))
		return false;
	if (end < n && s[end] == '!') {
		if (end + 1 >= n)
			return fail(f->in, "ValueError", "end of string while looking for conversion specifier");
		how = s[end + 1];
		end += 2;
		if (end < n && s[end] != ':')
			return fail(f->in, "ValueError", "expected ':' after conversion specifier");
	}
	sb_init(&spec, f->in->a);
	if (end < n && !expand(f, s + end + 1, n - end - 1, &spec))
		return false;
	if (how != '\0' && !convert(f, how, &v))
		return false;
	if (!f->safe || f->depth > 1)
		return format_value(f, v, val_mem(spec.s, spec.len), out);
	if (is_safe(v) && spec.len == 0) {
		sb_mem(out, v.u.s, v.len);
		return true;
	}
	{
		struct sbuf plain;

		sb_init(&plain, f->in->a);
		if (!format_value(f, v, val_mem(spec.s, spec.len), &plain))
			return false;
		e = html_escape(f->in->a, val_mem(plain.s, plain.len));
		sb_mem(out, e.u.s, e.len);
	}
	return true;
}

static bool expand(struct formatter *f, const char *s, size_t n, struct sbuf *out) {
	size_t i = 0, start, open;

	if (++f->depth > 2)
		return fail(f->in, "ValueError", "Max string recursion exceeded");
	while (i < n) {
		if ((s[i] == '{' || s[i] == '}') && i + 1 < n && s[i + 1] == s[i] && f->depth == 1) {
			sb_chr(out, s[i]);
			i += 2;
			continue;
		}
		if (s[i] == '}')
			return fail(f->in, "ValueError", "Single '}' encountered in format string");
		if (s[i] != '{') {
			sb_chr(out, s[i++]);
			continue;
		}
		for (start = ++i, open = 1; i < n && open > 0; i++) {
			open += s[i] == '{' ? 1 : 0;
			open -= s[i] == '}' ? 1 : 0;
		}
		if (open > 0)
			return fail(f->in, "ValueError", start >= n ? "Single '{' encountered in format string" : "expected '}' before end of string");
		if (!field(f, s + start, i - 1 - start, out))
			return false;
	}
	f->depth--;
	return true;
}

bool format_str(struct interp *in, struct val fmt, const struct call_args *args, struct val *out) {
	struct formatter f = { .in = in, .args = args, .safe = is_safe(fmt) };
	struct sbuf b;

	sb_init(&b, in->a);
	if (!expand(&f, fmt.u.s, fmt.len, &b))
		return false;
	*out = val_mem(b.s, b.len);
	out->flags = fmt.flags;
	return true;
}
