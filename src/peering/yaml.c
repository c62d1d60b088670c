/* yaml.c: values as YAML 1.1 in block style, in the form that PyYAML's dump() gives it: when to quote, where to break a line. */
#include "config.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "peering/filters.h"

enum { WIDTH = 80, SIMPLE_KEY = 128, DEPTH_MAX = 200 };

/* Plain text that would be read back as something else than text. */
static const char implicit[] =
	"^((yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)"
	"|[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?|\\.[0-9][0-9_]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*"
	"|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
	"|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+"
	"|<<|~|null|Null|NULL|=|!|&|\\*"
	"|[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
	"|[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?([Tt]|[ \t]+)[0-9][0-9]?:[0-9][0-9]:[0-9][0-9](\\.[0-9]*)?([ \t]*(Z|[-+][0-9][0-9]?(:[0-9][0-9])?))?"
	")$";

struct yaml {
	struct call *c;
	struct sbuf *out;
	regex_t implicit;
	int step;               /* columns a level */
	bool sort;
	int column, indent;     /* indent -1: not begun */
	bool whitespace, indention, open_ended;
	unsigned depth;
};

/* Where a node stands. */
struct place {
	bool root, mapping, simple_key;
};

static void put(struct yaml *y, const char *s, size_t n) {
	sb_mem(y->out, s, n);
	y->column += (int)utf8_count(s, n);
}

static void line_break(struct yaml *y) {
	sb_chr(y->out, '\n');
	y->whitespace = y->indention = true;
	y->column = 0;
}

static void write_indent(struct yaml *y) {
	int indent = y->indent < 0 ? 0 : y->indent;

	if (!y->indention || y->column > indent || (y->column == indent && !y->whitespace))
		line_break(y);
	if (y->column < indent) {
		y->whitespace = true;
		while (y->column < indent)
			put(y, " ", 1);
	}
}

static void indicator(struct yaml *y, const char *s, bool need_space, bool indention) {
	if (need_space && !y->whitespace)
		put(y, " ", 1);
	put(y, s, strlen(s));
	y->whitespace = false;
	y->indention = y->indention && indention;
	y->open_ended = false;
}

/* ---- scalars */

struct analysis {
	bool plain, single, multiline, empty;
};

static bool is_break(uint32_t c) {
	return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_blank(uint32_t c) {
	return c == 0 || c == ' ' || c == '\t' || c == '\r' || is_break(c);
}

static bool among(const char *set, uint32_t c) {
	return c != 0 && c < 128 && strchr(set, (int)c) != NULL;
}

/* Whether the character, where it stands, has a meaning for YAML. */
static bool is_indicator(uint32_t c, bool first, bool before_blank, bool after_blank) {
	if (first)
		return among("#,[]{}&*!|>'\"%@`", c) || (among("?:-", c) && before_blank);
	return (c == ':' && before_blank) || (c == '#' && after_blank);
}

static struct analysis analyze(const char *s, size_t n) {
	struct analysis a = { .plain = true, .single = true, .empty = n == 0 };
	bool after_blank = true, was_space = false, was_break = false, last, space_break = false;
	size_t i, len = 1, next;

	if (n >= 3 && (memcmp(s, "---", 3) == 0 || memcmp(s, "...", 3) == 0))
		a.plain = false;
	for (i = 0; i < n; i += len) {
		uint32_t c = utf8_get(s + i, n - i, &len);
		bool before_blank = i + len >= n || is_blank(utf8_get(s + i + len, n - i - len, &next));

		last = i + len >= n;
		if (is_indicator(c, i == 0, before_blank, after_blank))
			a.plain = false;
		if (is_break(c))
			a.multiline = true;
		if (c != '\n' && (c < 0x20 || c > 0x7e))
			a.plain = a.single = false;
		if ((c == ' ' || is_break(c)) && (i == 0 || last))
			a.plain = false;
		if (c == ' ' && was_break)
			a.plain = a.single = false;
		space_break |= is_break(c) && was_space;
		was_space = c == ' ';
		was_break = is_break(c);
		after_blank = is_blank(c);
	}
	if (space_break)
		a.plain = a.single = false;
	if (a.multiline)
		a.plain = false;
	return a;
}

/* Plain text: a single space past the width becomes a new line. */
static void write_plain(struct yaml *y, const char *s, size_t n, bool split) {
	size_t i, end;

	if (n == 0)
		return;
	if (!y->whitespace)
		put(y, " ", 1);
	y->whitespace = y->indention = false;
	for (i = 0; i < n; i = end) {
		bool spaces = s[i] == ' ';

		for (end = i; end < n && (s[end] == ' ') == spaces; end++)
			;
		if (spaces && end == i + 1 && y->column > WIDTH && split) {
			write_indent(y);
			y->whitespace = y->indention = false;
		} else {
			put(y, s + i, end - i);
		}
	}
}

static void write_breaks(struct yaml *y, size_t n) {
	size_t i;

	line_break(y);
	for (i = 0; i < n; i++)
		line_break(y);
	write_indent(y);
}

/* What may stand in single quotes is ASCII and newlines: see analyze(). */
static void write_single(struct yaml *y, const char *s, size_t n, bool split) {
	size_t i, end;

	indicator(y, "'", true, false);
	for (i = 0; i < n; i = end) {
		char c = s[i];

		for (end = i + 1; end < n && c != '\'' && (c == ' ' || c == '\n' ? s[end] == c : strchr(" \n'", s[end]) == NULL); end++)
			;
		if (c == '\'')
			put(y, "''", 2);
		else if (c == '\n')
			write_breaks(y, end - i);
		else if (c == ' ' && end == i + 1 && y->column > WIDTH && split && i != 0 && end != n)
			write_indent(y);
		else
			put(y, s + i, end - i);
	}
	indicator(y, "'", false, false);
}

static const char *escape(struct arena *a, uint32_t c) {
	static const struct { uint32_t c; const char *text; } named[] = {
		{ 0, "\\0" }, { 7, "\\a" }, { 8, "\\b" }, { 9, "\\t" }, { 10, "\\n" }, { 11, "\\v" }, { 12, "\\f" }, { 13, "\\r" }, { 27, "\\e" },
		{ '"', "\\\"" }, { '\\', "\\\\" }, { 0x85, "\\N" }, { 0xa0, "\\_" }, { 0x2028, "\\L" }, { 0x2029, "\\P" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(named); i++) {
		if (named[i].c == c)
			return named[i].text;
	}
	return arena_printf(a, c <= 0xff ? "\\x%02X" : c <= 0xffff ? "\\u%04X" : "\\U%08X", (unsigned)c);
}

static void write_double(struct yaml *y, const char *s, size_t n, bool split) {
	size_t start = 0, end = 0, len;

	indicator(y, "\"", true, false);
	for (;;) {
		uint32_t c = end < n ? utf8_get(s + end, n - end, &len) : 0;

		if (end >= n || c == '"' || c == '\\' || c < 0x20 || c > 0x7e) {
			if (start < end) {
				put(y, s + start, end - start);
				start = end;
			}
			if (end < n) {
				const char *text = escape(y->c->a, c);

				put(y, text, strlen(text));
				start = end + len;
			}
		}
		if (end > 0 && end + 1 < n && (c == ' ' || start >= end) && y->column + (start < end ? (int)(end - start) : 0) > WIDTH && split) {
			if (start < end) {
				put(y, s + start, end - start);
				start = end;
			}
			put(y, "\\", 1);
			write_indent(y);
			y->whitespace = y->indention = false;
			if (start < n && s[start] == ' ')
				put(y, "\\", 1);
		}
		if (end >= n)
			break;
		end += len;
	}
	indicator(y, "\"", false, false);
}

static void write_text(struct yaml *y, const char *s, size_t n, bool is_text, struct place p) {
	struct analysis a = analyze(s, n);
	bool read_as_text = !is_text || (n > 0 && regexec(&y->implicit, s, 0, NULL, 0) != 0), split = !p.simple_key;
	int saved = y->indent;

	y->indent = y->indent < 0 ? y->step : y->indent + y->step;
	if (a.plain && read_as_text && !(p.simple_key && (a.empty || a.multiline))) {
		y->open_ended |= p.root;
		write_plain(y, s, n, split);
	} else if (a.single && !(p.simple_key && a.multiline)) {
		write_single(y, s, n, split);
	} else {
		write_double(y, s, n, split);
	}
	y->indent = saved;
}

static void write_float(struct yaml *y, double f, struct place p) {
	struct sbuf b;
	char *e;

	sb_init(&b, y->c->a);
	if (isnan(f)) {
		sb_str(&b, ".nan");
	} else if (isinf(f)) {
		sb_str(&b, f < 0 ? "-.inf" : ".inf");
	} else {
		json_float(&b, f);
		e = strchr(b.s, 'e');
		if (e != NULL && strchr(b.s, '.') == NULL) {
			const char *tail = arena_strdup(y->c->a, e);

			*e = '\0';
			b.len = strlen(b.s);
			sb_fmt(&b, ".0%s", tail);
		}
	}
	write_text(y, b.s, b.len, false, p);
}

/* ---- collections */

static bool node(struct yaml *y, struct val v, struct place p);

static bool sequence(struct yaml *y, const struct list *l, struct place p) {
	int saved = y->indent;
	size_t i;

	if (l->n == 0) {
		indicator(y, "[]", true, false);
		return true;
	}
	if (y->indent < 0)
		y->indent = 0;
	else if (!(p.mapping && !y->indention))
		y->indent += y->step;
	for (i = 0; i < l->n; i++) {
		write_indent(y);
		indicator(y, "-", true, true);
		if (!node(y, l->v[i], (struct place){ .root = false }))
			return false;
	}
	y->indent = saved;
	return true;
}

static bool is_simple_key(struct val key) {
	struct analysis a;

	if (key.type != V_STR)
		return key.type != V_LIST && key.type != V_MAP;
	a = analyze(key.u.s, key.len);
	return utf8_count(key.u.s, key.len) < SIMPLE_KEY && !a.empty && !a.multiline;
}

/* Sorted where the keys can be compared: all text, or all integers. */
static const struct map_entry *entries(struct arena *a, const struct map *m, bool sort) {
	bool comparable = true;
	size_t i;

	for (i = 0; i < m->n; i++)
		comparable &= map_key(m, i).type == map_key(m, 0).type && (map_key(m, i).type == V_STR || map_key(m, i).type == V_INT);
	return map_pairs(a, m, sort && comparable);
}

static bool mapping(struct yaml *y, const struct map *m) {
	const struct map_entry *e = entries(y->c->a, m, y->sort);
	int saved = y->indent;
	size_t i;

	if (m->n == 0) {
		indicator(y, "{}", true, false);
		return true;
	}
	y->indent = y->indent < 0 ? 0 : y->indent + y->step;
	for (i = 0; i < m->n; i++) {
		bool simple = is_simple_key(e[i].key);

		write_indent(y);
		if (!simple)
			indicator(y, "?", true, true);
		if (!node(y, e[i].key, (struct place){ .mapping = true, .simple_key = simple }))
			return false;
		if (!simple)
			write_indent(y);
		indicator(y, ":", !simple, !simple);
		if (!node(y, e[i].val, (struct place){ .mapping = true }))
			return false;
	}
	y->indent = saved;
	return true;
}

static bool node(struct yaml *y, struct val v, struct place p) {
	struct sbuf b;
	bool ok = true;

	if (++y->depth > DEPTH_MAX)
		return err_kind(y->c->e, ERR_TEMPLATE, "RecursionError", "the value is nested too deeply for YAML");
	switch ((enum vtype)v.type) {
	case V_UNDEF:
	case V_NULL: write_text(y, "null", 4, false, p); break;
	case V_BOOL: write_text(y, v.u.b ? "true" : "false", v.u.b ? 4 : 5, false, p); break;
	case V_INT:
		sb_init(&b, y->c->a);
		sb_int(&b, v.u.i);
		write_text(y, b.s, b.len, false, p);
		break;
	case V_FLOAT: write_float(y, v.u.f, p); break;
	case V_STR: write_text(y, v.u.s, v.len, true, p); break;
	case V_LIST: ok = sequence(y, v.u.list, p); break;
	case V_MAP: ok = mapping(y, v.u.map); break;
	case V_OBJ:
		sb_init(&b, y->c->a);
		ok = tmpl_text(y->c, v, &b);
		if (ok)
			write_text(y, b.s, b.len, true, p);
		break;
	case V__COUNT: break;
	}
	y->depth--;
	return ok;
}

static void regex_done(void *p) {
	regfree(p);
}

bool dump_yaml(struct call *c, struct val v, int indent, bool sort_keys, struct sbuf *out) {
	struct yaml *y = arena_new(c->a, struct yaml, 1);

	*y = (struct yaml){ .c = c, .out = out, .step = indent > 1 && indent < 10 ? indent : 2, .sort = sort_keys, .indent = -1,
	    .whitespace = true, .indention = true };
	if (regcomp(&y->implicit, implicit, REG_EXTENDED | REG_NOSUB) != 0)
		return err_set(c->e, ERR_INTERNAL, NULL, "the pattern of YAML's scalars does not compile");
	arena_defer(c->a, regex_done, &y->implicit);
	if (!node(y, v, (struct place){ .root = true }))
		return false;
	write_indent(y);
	if (y->column > 0 || out->len == 0)
		line_break(y);
	if (y->open_ended)
		sb_str(out, "...\n");
	return true;
}
