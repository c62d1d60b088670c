/*
 * lex.c: from text to tokens, one at a time, so that an error in front is found before one behind it.
 *
 * Two states: in the text between tags, and inside a tag. White space that `-`, trim_blocks and lstrip_blocks take
 * away is taken away here; later stages never see it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "template/engine.h"

enum tag { TAG_NONE, TAG_VARIABLE, TAG_LINE_STATEMENT, TAG_LINE_COMMENT, TAG_COMMENT, TAG_BLOCK, TAG_RAW };

struct start {
	enum tag tag;
	const char *text;
	size_t len;
};

struct lexer {
	struct arena *a;
	struct tmpl *t;
	struct err *e;
	const char *s;
	size_t n, pos;
	uint32_t line;                  /* of pos */
	size_t counted;                 /* lines are counted up to here */
	enum tag in;
	bool line_start;                /* what was read last ended in a newline */
	struct start starts[5];         /* longest first */
	unsigned nstarts;
	bool first[256];                /* bytes that a tag can begin with */
	char *stack;                    /* closing brackets that are awaited */
	size_t depth, room;
	enum tag next;                  /* tag that begins at pos, after text was handed out */
	size_t next_len;
};

static const char *or_else(const char *s, const char *other) {
	return s == NULL ? other : s;
}

/* Newlines become \n; one at the end goes unless it is to be kept. Also of use for the text of data tokens. */
static void normalise(struct arena *a, struct tmpl *t) {
	char *d = arena_alloc(a, t->len + 1);
	size_t i, n = 0;

	for (i = 0; i < t->len; i++) {
		if (t->text[i] == '\r') {
			d[n++] = '\n';
			if (i + 1 < t->len && t->text[i + 1] == '\n')
				i++;
		} else {
			d[n++] = t->text[i];
		}
	}
	if (!t->env->o.keep_trailing_newline && n > 0 && d[n - 1] == '\n')
		n--;
	d[n] = '\0';
	t->text = d;
	t->len = n;
}

static int by_length(const void *x, const void *y) {
	const struct start *a = x, *b = y;

	if (a->len != b->len)
		return a->len > b->len ? -1 : 1;
	return (int)a->tag - (int)b->tag;
}

struct lexer *lexer_new(struct arena *a, struct tmpl *t, struct err *e) {
	struct lexer *l = arena_new(a, struct lexer, 1);
	const struct tmpl_options *o = &t->env->o;
	const struct start all[] = {
		{ TAG_VARIABLE, or_else(o->variable_start, "{{"), 0 },
		{ TAG_LINE_STATEMENT, o->line_statement_prefix, 0 },
		{ TAG_LINE_COMMENT, o->line_comment_prefix, 0 },
		{ TAG_COMMENT, or_else(o->comment_start, "{#"), 0 },
		{ TAG_BLOCK, or_else(o->block_start, "{%"), 0 },
	};
	size_t i;

	normalise(a, t);
	l->a = a;
	l->t = t;
	l->e = e;
	l->s = t->text;
	l->n = t->len;
	l->line = 1;
	l->line_start = true;
	for (i = 0; i < ARRAY_LEN(all); i++) {
		if (all[i].text == NULL)
			continue;
		l->starts[l->nstarts] = all[i];
		l->starts[l->nstarts++].len = strlen(all[i].text);
		l->first[(unsigned char)all[i].text[0]] = true;
		if (all[i].tag == TAG_LINE_STATEMENT || all[i].tag == TAG_LINE_COMMENT)
			l->first[' '] = l->first['\t'] = l->first['\v'] = l->first['\f'] = true;
	}
	qsort(l->starts, l->nstarts, sizeof(l->starts[0]), by_length);
	return l;
}

static uint32_t line_at(struct lexer *l, size_t pos) {
	const char *p;

	while (l->counted < pos && (p = memchr(l->s + l->counted, '\n', pos - l->counted)) != NULL) {
		l->line++;
		l->counted = (size_t)(p - l->s) + 1;
	}
	l->counted = pos > l->counted ? pos : l->counted;
	return l->line;
}

uint32_t lexer_line(const struct lexer *l) {
	return l->line;
}

uint32_t lexer_pos(const struct lexer *l) {
	return (uint32_t)l->pos;
}

static bool at(const struct lexer *l, size_t pos, const char *text) {
	size_t n = strlen(text);

	return n <= l->n - pos && memcmp(l->s + pos, text, n) == 0;
}

/* Bytes of the white space character at pos, or 0. */
static size_t space_at(const struct lexer *l, size_t pos) {
	size_t len;

	if (pos >= l->n)
		return 0;
	return uc_space(utf8_get(l->s + pos, l->n - pos, &len)) ? len : 0;
}

static size_t skip_space(const struct lexer *l, size_t pos) {
	size_t len;

	while ((len = space_at(l, pos)) > 0)
		pos += len;
	return pos;
}

static bool syntax(struct lexer *l, const char *fmt, ...) PRINTF(2, 3);
static bool syntax(struct lexer *l, const char *fmt, ...) {
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(l->a, fmt, ap);
	va_end(ap);
	return err_kind(l->e, ERR_TEMPLATE, "TemplateSyntaxError", "%s", text);
}

/* Length of the end of a tag at pos with what it takes along, or 0. `plus`: "+%}" is an end as well. */
static size_t end_at(const struct lexer *l, size_t pos, const char *end, bool plus, bool trim) {
	size_t n = strlen(end);

	if (l->s[pos] == '-' && at(l, pos + 1, end))
		return skip_space(l, pos + 1 + n) - pos;
	if (plus && l->s[pos] == '+' && at(l, pos + 1, end))
		return 1 + n;
	if (!at(l, pos, end))
		return 0;
	return n + (trim && pos + n < l->n && l->s[pos + n] == '\n' ? 1 : 0);
}

/* `{% raw %}` at pos: its length, or 0; the sign after the start string through *sign. */
static size_t raw_at(const struct lexer *l, size_t pos, const char *word, char *sign) {
	const struct tmpl_options *o = &l->t->env->o;
	const char *start = or_else(o->block_start, "{%"), *end = or_else(o->block_end, "%}");
	bool closing = word[0] == 'e';
	size_t p = pos + strlen(start), n;

	if (!at(l, pos, start))
		return 0;
	*sign = '\0';
	if (p < l->n && (l->s[p] == '-' || l->s[p] == '+'))
		*sign = l->s[p++];
	p = skip_space(l, p);
	if (!at(l, p, word))
		return 0;
	p = skip_space(l, p + strlen(word));
	if (p > l->n)
		return 0;
	n = end_at(l, p, end, closing, closing && o->trim_blocks);
	return n == 0 ? 0 : p + n - pos;
}

static size_t blanks(const struct lexer *l, size_t pos, const char *set) {
	while (pos < l->n && l->s[pos] != '\0' && strchr(set, l->s[pos]) != NULL)
		pos++;
	return pos;
}

/* Does this start string match at pos? Its length with leading blanks, or 0. */
static size_t start_at(const struct lexer *l, size_t pos, const struct start *st) {
	bool line_begin = pos == 0 || l->s[pos - 1] == '\n';
	size_t p = pos, back;

	if (st->tag == TAG_LINE_STATEMENT) {
		if (!line_begin)
			return 0;
		p = blanks(l, pos, " \t\v");
	} else if (st->tag == TAG_LINE_COMMENT) {
		for (back = pos; back > 0 && ((unsigned char)l->s[back - 1] & 0xC0) == 0x80; back--)
			continue;
		if (!line_begin && space_at(l, back > 0 ? back - 1 : 0) > 0)
			return 0;
		p = blanks(l, pos, " \t\v\f");
	}
	return st->len <= l->n - p && memcmp(l->s + p, st->text, st->len) == 0 ? p + st->len - pos : 0;
}

/* The tag at pos, its length with the sign through *len, the sign through *sign. */
static enum tag tag_at(const struct lexer *l, size_t pos, size_t *len, char *sign) {
	unsigned i;
	size_t n;

	if ((n = raw_at(l, pos, "raw", sign)) > 0) {
		*len = n;
		return TAG_RAW;
	}
	for (i = 0; i < l->nstarts; i++) {
		if ((n = start_at(l, pos, &l->starts[i])) == 0)
			continue;
		*sign = '\0';
		if (pos + n < l->n && (l->s[pos + n] == '-' || l->s[pos + n] == '+'))
			*sign = l->s[pos + n++];
		*len = n;
		return l->starts[i].tag;
	}
	return TAG_NONE;
}

/* Where the text before a tag ends when its white space is cut as the sign and lstrip_blocks ask. */
static size_t cut(const struct lexer *l, size_t from, size_t to, char sign, bool variable) {
	size_t p = to, line;

	if (sign == '-') {
		while (p > from) {
			size_t q = p - 1, len;

			while (q > from && ((unsigned char)l->s[q] & 0xC0) == 0x80)
				q--;
			if (!uc_space(utf8_get(l->s + q, to - q, &len)))
				break;
			p = q;
		}
		return p;
	}
	if (sign == '+' || variable || !l->t->env->o.lstrip_blocks)
		return to;
	for (line = to; line > from && l->s[line - 1] != '\n'; line--)
		continue;
	if (line == from && !(l->line_start || (line > from && l->s[line - 1] == '\n')))
		return to;
	return skip_space(l, line) >= to ? line : to;
}

/* Data between from and to, with newlines as the environment writes them. */
static struct val data(struct lexer *l, size_t from, size_t to) {
	const char *nl = l->t->env->o.newline;
	struct sbuf b;
	size_t i;

	if (nl == NULL || strcmp(nl, "\n") == 0)
		return val_mem(l->s + from, to - from);
	sb_init(&b, l->a);
	for (i = from; i < to; i++) {
		if (l->s[i] == '\n')
			sb_str(&b, nl);
		else
			sb_chr(&b, l->s[i]);
	}
	return val_mem(b.s, b.len);
}

static void token_set(struct lexer *l, struct token *t, enum token_type type, size_t pos) {
	t->type = type;
	t->line = line_at(l, pos);
	t->pos = (uint32_t)pos;
	t->v = val_null();
}

/* `{# ... #}` whose start was read: skip it. */
static bool comment(struct lexer *l) {
	const char *end = or_else(l->t->env->o.comment_end, "#}");
	size_t p, n;

	if (l->pos >= l->n)
		return true;
	for (p = l->pos; p < l->n; p++) {
		if ((n = end_at(l, p, end, true, l->t->env->o.trim_blocks)) > 0) {
			l->pos = p + n;
			l->line_start = l->s[l->pos - 1] == '\n';
			return true;
		}
	}
	line_at(l, l->pos);
	return syntax(l, "Missing end of comment tag");
}

/* The inside of raw, whose start was read. */
static bool raw(struct lexer *l, struct token *t, bool *got) {
	size_t p, n, end;
	char sign;

	*got = false;
	if (l->pos >= l->n)
		return true;
	for (p = l->pos; p < l->n; p++) {
		if ((n = raw_at(l, p, "endraw", &sign)) == 0)
			continue;
		end = cut(l, l->pos, p, sign, false);
		token_set(l, t, T_DATA, l->pos);
		t->v = data(l, l->pos, end);
		*got = end > l->pos;
		l->pos = p + n;
		l->line_start = l->s[l->pos - 1] == '\n';
		return true;
	}
	line_at(l, l->pos);
	return syntax(l, "Missing end of raw directive");
}

/* The tag that begins at pos is read up to after its sign. False in *more when there was nothing to hand out. */
static bool open_tag(struct lexer *l, enum tag tag, size_t len, struct token *t, bool *more) {
	size_t start = l->pos;

	l->pos += len;
	l->line_start = l->s[l->pos - 1] == '\n';
	*more = false;
	switch (tag) {
	case TAG_COMMENT: return comment(l);
	case TAG_RAW: return raw(l, t, more);
	case TAG_LINE_COMMENT: {
		const char *nl = memchr(l->s + l->pos, '\n', l->n - l->pos);

		l->pos = nl == NULL ? l->n : (size_t)(nl - l->s);
		l->line_start = false;
		return true;
	}
	case TAG_VARIABLE:
	case TAG_BLOCK:
	case TAG_LINE_STATEMENT:
		l->in = tag;
		l->depth = 0;
		token_set(l, t, tag == TAG_VARIABLE ? T_VARIABLE_BEGIN : T_BLOCK_BEGIN, start);
		*more = true;
		return true;
	case TAG_NONE: break;
	}
	return true;
}

/* Outside of tags. */
static bool text(struct lexer *l, struct token *t, bool *got) {
	size_t p, len = 0, end;
	char sign = '\0';
	enum tag tag = TAG_NONE;

	if (l->next != TAG_NONE) {
		tag = l->next;
		l->next = TAG_NONE;
		return open_tag(l, tag, l->next_len, t, got);
	}
	for (p = l->pos; p < l->n; p++) {
		if (l->first[(unsigned char)l->s[p]] && (tag = tag_at(l, p, &len, &sign)) != TAG_NONE)
			break;
	}
	end = tag == TAG_NONE ? p : cut(l, l->pos, p, sign, tag == TAG_VARIABLE);
	*got = end > l->pos;
	if (*got) {
		token_set(l, t, T_DATA, l->pos);
		t->v = data(l, l->pos, end);
	}
	l->pos = p;
	l->next = tag;
	l->next_len = len;
	return true;
}

/* ---- inside of tags */

static bool digit(int c, unsigned base) {
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') < base;
	c |= 0x20;
	return base == 16 && c >= 'a' && c <= 'f';
}

/* Digits with single underscores between them, as far as they go. */
static size_t digits(const struct lexer *l, size_t p, unsigned base) {
	while (p < l->n && (digit(l->s[p], base) || (l->s[p] == '_' && p + 1 < l->n && digit(l->s[p + 1], base))))
		p++;
	return p;
}

/* The end of a float at p, or 0. */
static size_t float_end(const struct lexer *l, size_t p) {
	size_t q, r;

	if ((p > 0 && l->s[p - 1] == '.') || !digit(l->s[p], 10))
		return 0;
	q = digits(l, p, 10);
	r = q;
	if (q < l->n && l->s[q] == '.' && q + 1 < l->n && digit(l->s[q + 1], 10))
		r = digits(l, q + 1, 10);
	if (r < l->n && (l->s[r] | 0x20) == 'e') {
		size_t x = r + 1;

		if (x < l->n && (l->s[x] == '+' || l->s[x] == '-'))
			x++;
		if (x < l->n && digit(l->s[x], 10))
			return digits(l, x, 10);
	}
	return r > q ? r : 0;
}

static size_t int_end(const struct lexer *l, size_t p, unsigned *base) {
	static const struct { char letter; unsigned base; } prefixes[] = { { 'b', 2 }, { 'o', 8 }, { 'x', 16 } };
	size_t i;

	*base = 10;
	if (!digit(l->s[p], 10))
		return 0;
	if (l->s[p] != '0')
		return digits(l, p, 10);
	for (i = 0; i < ARRAY_LEN(prefixes); i++) {
		size_t q = p + 2;

		if (q >= l->n || (l->s[p + 1] | 0x20) != prefixes[i].letter)
			continue;
		if (l->s[q] == '_')
			q++;
		if (q < l->n && digit(l->s[q], prefixes[i].base)) {
			*base = prefixes[i].base;
			return digits(l, q, *base);
		}
	}
	while (p < l->n && (l->s[p] == '0' || (l->s[p] == '_' && p + 1 < l->n && l->s[p + 1] == '0')))
		p++;
	return p;
}

static char *without_underscores(struct arena *a, const char *s, size_t n) {
	char *d = arena_alloc(a, n + 1);
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (s[i] != '_')
			d[k++] = s[i];
	}
	return d;
}

static bool number(struct lexer *l, struct token *t, bool *got) {
	size_t end = float_end(l, l->pos);
	unsigned base;
	char *d;

	*got = true;
	if (end > 0) {
		token_set(l, t, T_FLOAT, l->pos);
		t->v = val_float(strtod(without_underscores(l->a, l->s + l->pos, end - l->pos), NULL));
		l->pos = end;
		return true;
	}
	if ((end = int_end(l, l->pos, &base)) == 0) {
		*got = false;
		return true;
	}
	token_set(l, t, T_INTEGER, l->pos);
	d = without_underscores(l->a, l->s + l->pos + (base == 10 ? 0 : 2), end - l->pos - (base == 10 ? 0 : 2));
	if (base == 10 && strlen(d) > 4300)
		return syntax(l, "Exceeds the limit (4300 digits) for integer string conversion: value has %zu digits; use "
			"sys.set_int_max_str_digits() to increase the limit", strlen(d));
	t->v = big_parse(l->a, d, strlen(d), base);
	l->pos = end;
	return true;
}

static bool word_char(uint32_t c) {
	return c < 0x80 ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
	                : uc_word(c) || uc_continue(c);
}

static bool name(struct lexer *l, struct token *t, bool *got) {
	size_t p = l->pos, len;
	bool ok = true;

	for (; p < l->n; p += len) {
		uint32_t c = utf8_get(l->s + p, l->n - p, &len);

		if (!word_char(c))
			break;
		if (c >= 0x80)
			ok = ok && (p == l->pos ? uc_start(c) : uc_continue(c));
		else if (p == l->pos && c >= '0' && c <= '9')
			ok = false;
	}
	*got = p > l->pos;
	if (!*got)
		return true;
	token_set(l, t, T_NAME, l->pos);
	if (!ok)
		return syntax(l, "Invalid character in identifier");
	t->v = val_copy(l->a, l->s + l->pos, p - l->pos);
	l->pos = p;
	return true;
}

static int hex(int c) {
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \xhh, \uhhhh, \Uhhhhhhhh at s (after the letter); the digits read, or false. */
static bool escape_hex(const char *s, size_t n, unsigned want, uint32_t *out) {
	unsigned i;

	*out = 0;
	for (i = 0; i < want; i++) {
		if (i >= n || hex(s[i]) < 0)
			return false;
		*out = *out << 4 | (uint32_t)hex(s[i]);
	}
	return *out <= 0x10FFFF;
}

static void put(struct sbuf *b, uint32_t c) {
	char u[4];

	sb_mem(b, u, utf8_put(u, c));
}

static size_t escape_octal(struct sbuf *b, const char *s, size_t n) {
	uint32_t c = 0;
	size_t i;

	for (i = 0; i < 3 && i < n && s[i] >= '0' && s[i] <= '7'; i++)
		c = c << 3 | (uint32_t)(s[i] - '0');
	put(b, c);
	return i;
}

/* One escape, s after the backslash; how many bytes it took, 0 when it is broken. */
static size_t escape(struct sbuf *b, const char *s, size_t n) {
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	const char *p = s[0] == '\0' ? NULL : strchr(from, s[0]);
	unsigned want = s[0] == 'x' ? 2 : s[0] == 'u' ? 4 : s[0] == 'U' ? 8 : 0;
	uint32_t c;
	size_t len;

	if (s[0] == '\n')
		return 1;
	if (p != NULL) {
		sb_chr(b, to[p - from]);
		return 1;
	}
	if (s[0] >= '0' && s[0] <= '7')
		return escape_octal(b, s, n);
	if (want > 0) {
		if (!escape_hex(s + 1, n - 1, want, &c))
			return 0;
		put(b, c);
		return 1 + want;
	}
	if (s[0] == 'N')
		return uc_named(b, s + 1, n - 1);
	sb_chr(b, '\\');
	c = utf8_get(s, n, &len);
	if (c < 0x80)
		sb_chr(b, (char)c);
	else                            /* Python spells it out before it looks for escapes */
		sb_fmt(b, c < 0x100 ? "x%02x" : c < 0x10000 ? "u%04x" : "U%08x", c);
	return len;
}

static bool unescape(struct lexer *l, struct val raw_text, struct val *out) {
	const char *s = raw_text.u.s, *end = s + raw_text.len;
	struct sbuf b;

	if (memchr(s, '\\', raw_text.len) == NULL) {
		*out = val_copy(l->a, s, raw_text.len);
		return true;
	}
	sb_init(&b, l->a);
	while (s < end) {
		size_t used;

		if (*s != '\\') {
			sb_chr(&b, *s++);
			continue;
		}
		if (s[1] == '\r' && s[2] == '\n') {             /* a newline of the environment's own kind */
			sb_str(&b, "\\\r\n");
			s += 3;
			continue;
		}
		if ((used = escape(&b, s + 1, (size_t)(end - s) - 1)) == 0)
			return syntax(l, s[1] == 'N' ? "malformed or unknown \\N character escape" : "truncated \\%c escape", s[1]);
		s += 1 + used;
	}
	*out = val_mem(b.s, b.len);
	return true;
}

static bool string(struct lexer *l, struct token *t, bool *got) {
	char q = l->s[l->pos];
	size_t p = l->pos + 1;

	*got = false;
	if (q != '"' && q != '\'')
		return true;
	while (p < l->n && l->s[p] != q)
		p += l->s[p] == '\\' ? 2 : 1;
	if (p >= l->n)
		return true;
	*got = true;
	token_set(l, t, T_STRING, l->pos);
	if (!unescape(l, data(l, l->pos + 1, p), &t->v))
		return false;
	l->pos = p + 1;
	return true;
}

static const struct operator {
	char text[3];
	enum token_type type;
} operators[] = {
	{ "//", T_FLOORDIV }, { "**", T_POW }, { "==", T_EQ }, { "!=", T_NE }, { ">=", T_GTEQ }, { "<=", T_LTEQ }, { "+", T_ADD },
	{ "-", T_SUB }, { "/", T_DIV }, { "*", T_MUL }, { "%", T_MOD }, { "~", T_TILDE }, { "[", T_LBRACKET }, { "]", T_RBRACKET },
	{ "(", T_LPAREN }, { ")", T_RPAREN }, { "{", T_LBRACE }, { "}", T_RBRACE }, { ">", T_GT }, { "<", T_LT }, { "=", T_ASSIGN },
	{ ".", T_DOT }, { ":", T_COLON }, { "|", T_PIPE }, { ",", T_COMMA }, { ";", T_SEMICOLON },
};

static bool balance(struct lexer *l, char c) {
	static const char open[] = "([{", close[] = ")]}";
	const char *p = strchr(open, c);

	if (p != NULL) {
		if (l->depth == l->room) {
			l->stack = arena_grow(l->a, l->stack, l->room, l->room == 0 ? 64 : l->room * 2);
			l->room = l->room == 0 ? 64 : l->room * 2;
		}
		l->stack[l->depth++] = close[p - open];
		return true;
	}
	if (strchr(close, c) == NULL)
		return true;
	if (l->depth == 0)
		return syntax(l, "unexpected '%c'", c);
	if (l->stack[--l->depth] != c)
		return syntax(l, "unexpected '%c', expected '%c'", c, l->stack[l->depth]);
	return true;
}

static bool operator(struct lexer *l, struct token *t, bool *got) {
	size_t i;

	*got = false;
	for (i = 0; i < ARRAY_LEN(operators); i++) {
		if (!at(l, l->pos, operators[i].text))
			continue;
		token_set(l, t, operators[i].type, l->pos);
		*got = true;
		if (operators[i].text[1] == '\0' && !balance(l, operators[i].text[0]))
			return false;
		l->pos += strlen(operators[i].text);
		return true;
	}
	return true;
}

/* The end of the tag that pos is in: its length, or 0. */
static size_t tag_end(const struct lexer *l) {
	const struct tmpl_options *o = &l->t->env->o;
	size_t p;

	if (l->in == TAG_BLOCK)
		return l->pos >= l->n ? 0 : end_at(l, l->pos, or_else(o->block_end, "%}"), true, o->trim_blocks);
	if (l->in == TAG_VARIABLE)
		return l->pos >= l->n ? 0 : end_at(l, l->pos, or_else(o->variable_end, "}}"), false, false);
	p = skip_space(l, l->pos);      /* a line statement ends with its last newline, or with the text */
	if (p >= l->n)
		return p - l->pos;
	while (p > l->pos && l->s[p - 1] != '\n')
		p--;
	return p - l->pos;
}

static bool unexpected(struct lexer *l) {
	size_t len;

	line_at(l, l->pos);
	utf8_get(l->s + l->pos, l->n - l->pos, &len);
	return syntax(l, "unexpected char %s at %zu", quoted(l->a, val_mem(l->s + l->pos, len)), utf8_count(l->s, l->pos));
}

static bool inside(struct lexer *l, struct token *t, bool *got) {
	static bool (*const readers[])(struct lexer *, struct token *, bool *) = { number, name, string, operator };
	size_t n, i, before = l->pos;

	*got = true;
	if (l->depth == 0 && ((n = tag_end(l)) > 0 || (l->in == TAG_LINE_STATEMENT && l->pos >= l->n))) {
		token_set(l, t, l->in == TAG_VARIABLE ? T_VARIABLE_END : T_BLOCK_END, l->pos);
		l->pos += n;
		l->in = TAG_NONE;
		l->line_start = l->pos > 0 && l->s[l->pos - 1] == '\n';
		return true;
	}
	l->pos = skip_space(l, l->pos);
	if (l->pos >= l->n) {
		*got = false;
		return true;
	}
	if (l->pos > before && l->depth == 0) {
		*got = false;           /* the end of the tag may stand here */
		return true;
	}
	for (i = 0; i < ARRAY_LEN(readers); i++) {
		if (!readers[i](l, t, got))
			return false;
		if (*got)
			return true;
	}
	return unexpected(l);
}

bool lexer_next(struct lexer *l, struct token *t) {
	bool got = false;

	while (!got) {
		if (l->pos >= l->n && l->next == TAG_NONE && l->in != TAG_LINE_STATEMENT)
			break;
		if (l->in == TAG_NONE ? !text(l, t, &got) : !inside(l, t, &got))
			return false;
		if (!got && l->in == TAG_LINE_STATEMENT && l->pos >= l->n && l->depth > 0)
			break;
	}
	if (!got) {
		uint32_t line = t->line;        /* of the last token: where the text ends */

		t->type = T_EOF;
		t->line = line == 0 ? 1 : line;
		t->v = val_null();
	}
	return true;
}

const char *token_name(enum token_type type) {
	static const char *const names[T__COUNT] = {
		[T_EOF] = "end of template", [T_DATA] = "template data / text", [T_VARIABLE_BEGIN] = "begin of print statement",
		[T_VARIABLE_END] = "end of print statement", [T_BLOCK_BEGIN] = "begin of statement block",
		[T_BLOCK_END] = "end of statement block", [T_NAME] = "name", [T_STRING] = "string", [T_INTEGER] = "integer",
		[T_FLOAT] = "float",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(operators); i++) {
		if (operators[i].type == type)
			return operators[i].text;
	}
	return names[type];
}

const char *token_describe(struct arena *a, const struct token *t) {
	return t->type == T_NAME ? arena_strndup(a, t->v.u.s, t->v.len) : token_name(t->type);
}
