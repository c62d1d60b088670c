/* json.c: reading and writing JSON. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

/*
 * A document is read in one pass straight into values: what json-c makes of 6 MB takes 40 MB, and rounds integers beyond
 * 64 bits. A key, a short text and the keys of an object that were seen before are shared.
 */
struct reader {
	struct arena *a;
	const char *text, *p, *end;
	unsigned depth;                 /* levels that may still be opened */
	unsigned max;
	struct err *e;
	json_big *big;
	struct val keys[256], texts[1024];       /* by hash, the last one seen */
	struct map_keys *shapes[64];        /* of objects, by hash, the last one seen */
	struct arena *side;
	struct val *items;              /* of the lists and objects that are open, in `side` */
	size_t top, room_items;
	char *room;                     /* strings lie side by side: most are shorter than what aligning each would waste */
	size_t left;
};

static bool fail_at(const struct reader *r, const char *at, const char *what) {
	size_t line = 1, column = 1;
	const char *p;

	for (p = r->text; p < at; p++) {
		column++;
		if (*p == '\n') {
			line++;
			column = 1;
		}
	}
	return err_set(r->e, ERR_INVALID, NULL, "%s: line %zu column %zu (char %zu)", what, line, column, (size_t)(at - r->text));
}

static void skip_space(struct reader *r) {
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

static bool hex4(const char *s, const char *end, uint32_t *out) {
	int i;

	*out = 0;
	for (i = 0; i < 4; i++) {
		char c = s + i < end ? s[i] : 'x';
		uint32_t d = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (uint32_t)((c | 0x20) - 'a') + 10 : 16;

		if (d == 16)
			return false;
		*out = *out << 4 | d;
	}
	return true;
}

/* An escape, r->p after its backslash. */
static bool read_escape(struct reader *r, char **to) {
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	char c = r->p < r->end ? *r->p : '\0';
	const char *known = c == '\0' ? NULL : strchr(from, c);
	uint32_t high, low;

	if (known != NULL) {
		*(*to)++ = into[known - from];
		r->p++;
		return true;
	}
	if (c != 'u' || !hex4(r->p + 1, r->end, &high))
		return fail_at(r, r->p - 1, "Invalid \\escape");
	r->p += 5;
	if (high >= 0xD800 && high < 0xDC00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u' && hex4(r->p + 2, r->end, &low) &&
	    low >= 0xDC00 && low < 0xE000) {
		high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
		r->p += 6;
	}
	if (high == 0 && r->big == NULL)
		return fail_at(r, r->p - 6, "A NUL in a string");
	*to += utf8_put(*to, high >= 0xD800 && high < 0xE000 ? 0xFFFD : high);
	return true;
}

static char *string_room(struct reader *r, size_t n) {
	enum { CHUNK = 4096 };
	char *p;

	if (n > CHUNK / 4)
		return arena_alloc_raw(r->a, n);
	if (n > r->left) {
		r->room = arena_alloc_raw(r->a, CHUNK);
		r->left = CHUNK;
	}
	p = r->room;
	r->room += n;
	r->left -= n;
	return p;
}

static bool read_string(struct reader *r, struct val *out) {
	const char *start = ++r->p, *q = start;
	char *text, *to;

	while (q < r->end && *q != '"') {
		if ((unsigned char)*q < 0x20)
			return fail_at(r, q, "Invalid control character");
		q += *q == '\\' ? 2 : 1;
	}
	if (q >= r->end)
		return fail_at(r, start - 1, "Unterminated string");
	text = to = string_room(r, (size_t)(q - start) + 1);
	while (r->p < q) {
		const char *plain = memchr(r->p, '\\', (size_t)(q - r->p));
		size_t n = (size_t)((plain == NULL ? q : plain) - r->p);

		memcpy(to, r->p, n);
		to += n;
		r->p += n;
		if (plain == NULL)
			break;
		r->p++;
		if (!read_escape(r, &to))
			return false;
	}
	*to = '\0';
	r->p = q + 1;
	*out = val_mem(text, (size_t)(to - text));
	return true;
}

/* A short text that is plain, the same as the last one of its hash: shared. *seen: where to remember it when not. */
static bool seen_text(struct reader *r, struct val *out, struct val **seen) {
	enum { SHORT = 16 };
	const char *start = r->p + 1, *q = start;
	uint64_t part[2] = { 0, 0 };

	*seen = NULL;
	while (q < r->end && q - start < SHORT && *q != '"' && *q != '\\' && (unsigned char)*q >= 0x20)
		q++;
	if (q >= r->end || *q != '"')
		return false;
	memcpy(part, start, (size_t)(q - start));
	*seen = &r->texts[((part[0] ^ part[1] * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u >> 32) % ARRAY_LEN(r->texts)];
	if ((*seen)->type != V_STR || (*seen)->len != (size_t)(q - start) || memcmp((*seen)->u.s, start, (*seen)->len) != 0)
		return false;
	*out = **seen;
	r->p = q + 1;
	return true;
}

static bool read_text(struct reader *r, struct val *out) {
	struct val *seen;

	if (seen_text(r, out, &seen))
		return true;
	if (!read_string(r, out))
		return false;
	if (seen != NULL)
		*seen = *out;
	return true;
}

static bool read_key(struct reader *r, struct val *out) {
	const char *start = r->p + 1, *q = r->p + 1;
	uint32_t h = 5381;

	while (q < r->end && *q != '"' && *q != '\\' && (unsigned char)*q >= 0x20)
		h = h * 33 + (unsigned char)*q++;
	if (q < r->end && *q == '"') {
		struct val *seen = &r->keys[h & 255];

		if (seen->type == V_STR && seen->len == (size_t)(q - start) && memcmp(seen->u.s, start, seen->len) == 0) {
			*out = *seen;
			r->p = q + 1;
			return true;
		}
		if (!read_string(r, out))
			return false;
		*seen = *out;
		return true;
	}
	return read_string(r, out);
}

static bool digits(const char **p, const char *end) {
	const char *start = *p;

	while (*p < end && **p >= '0' && **p <= '9')
		(*p)++;
	return *p > start;
}

static bool read_number(struct reader *r, struct val *out) {
	const char *start = r->p, *q = r->p + (*r->p == '-');
	bool whole = true, ok = q < r->end && (*q == '0' ? (q++, true) : digits(&q, r->end));
	long long i;

	if (ok && q < r->end && *q == '.') {
		whole = false;
		q++;
		ok = digits(&q, r->end);
	}
	if (ok && q < r->end && (*q | 0x20) == 'e') {
		whole = false;
		q++;
		q += q < r->end && (*q == '+' || *q == '-');
		ok = digits(&q, r->end);
	}
	if (!ok)
		return fail_at(r, start, "Expecting value");
	r->p = q;
	errno = 0;
	i = whole ? strtoll(start, NULL, 10) : 0;
	if (whole && errno == 0)
		*out = val_int(i);
	else if (whole && r->big != NULL)
		*out = r->big(r->a, start, (size_t)(q - start));
	else
		*out = val_float(strtod(start, NULL));
	return true;
}

static bool read_value(struct reader *r, struct val *out);

static bool open_level(struct reader *r) {
	if (r->depth == 0)
		return err_set(r->e, ERR_INVALID, NULL, "nested deeper than %u levels", r->max);
	r->depth--;
	r->p++;
	skip_space(r);
	return true;
}

/* After an item: a comma, or the end. */
static bool next_item(struct reader *r, char end, bool *more) {
	skip_space(r);
	*more = r->p < r->end && *r->p == ',';
	if (!*more && (r->p >= r->end || *r->p != end))
		return fail_at(r, r->p, "Expecting ',' delimiter");
	r->p++;
	if (*more)
		skip_space(r);
	return true;
}

/* Items are gathered on the side and copied tight: most lists and objects are small and there are many. */
static void gather(struct reader *r, struct val v) {
	if (r->top == r->room_items) {
		r->items = arena_grow_raw(r->side, r->items, r->top * sizeof(v), (r->top * 2 + 64) * sizeof(v));
		r->room_items = r->top * 2 + 64;
	}
	r->items[r->top++] = v;
}

static bool read_list(struct reader *r, struct val *out) {
	size_t from = r->top;
	struct list *l;
	struct val v;
	bool more = true;

	if (!open_level(r))
		return false;
	if (r->p < r->end && *r->p == ']') {
		r->p++;
		more = false;
	}
	while (more) {
		if (!read_value(r, &v) || !next_item(r, ']', &more))
			return false;
		gather(r, v);
	}
	l = list_new(r->a, r->top - from);
	l->n = r->top - from;
	if (l->n > 0)
		memcpy(l->v, r->items + from, l->n * sizeof(v));
	r->top = from;
	r->depth++;
	*out = val_list(l);
	return true;
}

/* The keys of one object, which lie before their values; those that an object before it had as well are shared with it. */
static struct map_keys *shape(struct reader *r, const struct map_entry *e, size_t n) {
	enum { MANY = 32 };
	struct val keys[MANY];
	struct map_keys **seen;
	uint32_t h = (uint32_t)n;
	size_t i, k;

	if (n > MANY)
		return NULL;
	for (i = 0; i < n; i++)
		h = (h ^ (uint32_t)((uintptr_t)e[i].key.u.s >> 1)) * 16777619u;
	seen = &r->shapes[(h ^ h >> 16) % ARRAY_LEN(r->shapes)];
	if (*seen != NULL && (*seen)->n == n) {
		for (i = 0; i < n && (*seen)->k[i].len == e[i].key.len && (*seen)->k[i].u.s == e[i].key.u.s; i++)
			continue;
		if (i == n)
			return *seen;
	}
	for (i = 0; i < n; i++) {
		keys[i] = e[i].key;
		for (k = 0; k < i; k++) {
			if (val_equal(keys[i], keys[k]))
				return NULL;
		}
	}
	return *seen = map_keys_new(r->a, keys, n);
}

static bool read_entry(struct reader *r, bool *more) {
	struct val v;

	if (r->p >= r->end || *r->p != '"')
		return fail_at(r, r->p, "Expecting property name enclosed in double quotes");
	if (!read_key(r, &v))
		return false;
	gather(r, v);
	skip_space(r);
	if (r->p >= r->end || *r->p != ':')
		return fail_at(r, r->p, "Expecting ':' delimiter");
	r->p++;
	if (!read_value(r, &v))
		return false;
	gather(r, v);
	return next_item(r, '}', more);
}

static bool read_map(struct reader *r, struct val *out) {
	const struct map_entry *e;
	struct map_keys *alike;
	struct map *m;
	size_t from = r->top, n, i;
	bool more = true;

	if (!open_level(r))
		return false;
	if (r->p < r->end && *r->p == '}') {    /* where nothing was read yet there is no place for items either */
		r->p++;
		r->depth++;
		*out = val_map(map_new(r->a, 0));
		return true;
	}
	while (more) {
		if (!read_entry(r, &more))
			return false;
	}
	e = (const struct map_entry *)(const void *)(r->items + from);
	n = (r->top - from) / 2;
	alike = shape(r, e, n);
	m = alike == NULL ? map_new(r->a, n) : map_like(alike);
	for (i = 0; i < n; i++) {
		if (alike == NULL)
			map_put(m, e[i].key, e[i].val);
		else
			*map_at(m, i) = e[i].val;
	}
	r->top = from;
	r->depth++;
	*out = val_map(m);
	return true;
}

static bool read_word(struct reader *r, const char *word, struct val v, struct val *out) {
	size_t n = strlen(word);

	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return fail_at(r, r->p, "Expecting value");
	r->p += n;
	*out = v;
	return true;
}

static bool read_value(struct reader *r, struct val *out) {
	skip_space(r);
	if (r->p >= r->end)
		return fail_at(r, r->p, "Unexpected end of data");
	switch (*r->p) {
	case '{': return read_map(r, out);
	case '[': return read_list(r, out);
	case '"': return read_text(r, out);
	case 't': return read_word(r, "true", val_bool(true), out);
	case 'f': return read_word(r, "false", val_bool(false), out);
	case 'n': return read_word(r, "null", val_null(), out);
	default: break;
	}
	if (*r->p == '-' || (*r->p >= '0' && *r->p <= '9'))
		return read_number(r, out);
	return fail_at(r, r->p, "Expecting value");
}

bool json_parse_exact(struct arena *a, const char *text, size_t len, unsigned depth, json_big *big, struct val *out, struct err *e) {
	struct reader r = { .a = a, .text = text, .p = text, .end = text + len, .depth = depth, .max = depth, .e = e, .big = big };
	bool ok;

	if (!utf8_valid(text, len))
		return err_set(e, ERR_INVALID, NULL, "the text is not valid UTF-8");
	r.side = arena_new_root();
	ok = read_value(&r, out);
	arena_free(r.side);
	if (!ok)
		return false;
	skip_space(&r);
	return r.p == r.end || fail_at(&r, r.p, "Extra data");
}

bool json_parse(struct arena *a, const char *text, size_t len, unsigned depth, struct val *out, struct err *e) {
	return json_parse_exact(a, text, len, depth, NULL, out, e);
}

/* Python's layout of the digits that %.*e gave: plain between 1e-4 and 1e16, else with an exponent of two digits at least. */
static void float_layout(struct sbuf *b, const char *digits, size_t n, int exp10) {
	int i;

	if (exp10 < -4 || exp10 >= 16) {
		sb_chr(b, digits[0]);
		if (n > 1)
			sb_chr(b, '.');
		sb_mem(b, digits + 1, n - 1);
		sb_fmt(b, "e%c%02d", exp10 < 0 ? '-' : '+', abs(exp10));
		return;
	}
	if (exp10 < 0) {
		sb_str(b, "0.");
		for (i = -1; i > exp10; i--)
			sb_chr(b, '0');
		sb_mem(b, digits, n);
		return;
	}
	for (i = 0; i <= exp10 || (size_t)i < n; i++) {
		if (i == exp10 + 1)
			sb_chr(b, '.');
		sb_chr(b, (size_t)i < n ? digits[i] : '0');
	}
	if (n <= (size_t)exp10 + 1)
		sb_str(b, ".0");
}

void json_float(struct sbuf *b, double f) {
	char text[40], digits[20];
	size_t n = 0, i;
	int precision;

	if (isnan(f) || isinf(f)) {
		sb_str(b, isnan(f) ? "nan" : f < 0 ? "-inf" : "inf");
		return;
	}
	if (signbit(f))
		sb_chr(b, '-');
	f = fabs(f);
	/* fifteen digits always read back as they are; the shortest form is then without the zeros at the end */
	for (precision = f < 1e-300 ? 0 : 14; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, f);
		if (strtod(text, NULL) == f)
			break;
	}
	for (i = 0; text[i] != 'e'; i++) {
		if (text[i] != '.')
			digits[n++] = text[i];
	}
	while (n > 1 && digits[n - 1] == '0')
		n--;
	float_layout(b, digits, n, (int)strtol(text + i + 1, NULL, 10));
}

struct writer {
	struct sbuf *b;
	unsigned indent;                /* 0: compact */
	enum json_order order;
};

static void newline(const struct writer *w, unsigned depth) {
	unsigned i;

	if (w->indent == 0)
		return;
	sb_chr(w->b, '\n');
	for (i = 0; i < depth * w->indent; i++)
		sb_chr(w->b, ' ');
}

static void write_val(const struct writer *w, struct val v, unsigned depth);

static void write_map(const struct writer *w, const struct map *m, unsigned depth) {
	const struct map_entry *sorted = w->order == JSON_SORTED ? map_pairs(w->b->a, m, true) : NULL;
	size_t i;

	sb_chr(w->b, '{');
	for (i = 0; i < m->n; i++) {
		struct map_entry e = sorted == NULL ? map_pair(m, i) : sorted[i];

		if (i > 0)
			sb_chr(w->b, ',');
		newline(w, depth + 1);
		if (e.key.type == V_STR) {
			sb_json(w->b, e.key.u.s, e.key.len);
		} else {
			sb_chr(w->b, '"');
			write_val(w, e.key, depth);
			sb_chr(w->b, '"');
		}
		sb_str(w->b, w->indent == 0 ? ":" : ": ");
		write_val(w, e.val, depth + 1);
	}
	if (m->n > 0)
		newline(w, depth);
	sb_chr(w->b, '}');
}

static void write_list(const struct writer *w, const struct list *l, unsigned depth) {
	size_t i;

	sb_chr(w->b, '[');
	for (i = 0; i < l->n; i++) {
		if (i > 0)
			sb_chr(w->b, ',');
		newline(w, depth + 1);
		write_val(w, l->v[i], depth + 1);
	}
	if (l->n > 0)
		newline(w, depth);
	sb_chr(w->b, ']');
}

static void write_val(const struct writer *w, struct val v, unsigned depth) {
	switch ((enum vtype)v.type) {
	case V_BOOL: sb_str(w->b, v.u.b ? "true" : "false"); break;
	case V_INT: sb_int(w->b, v.u.i); break;
	case V_FLOAT:
		if (isfinite(v.u.f))
			json_float(w->b, v.u.f);
		else
			sb_str(w->b, "null");
		break;
	case V_STR: sb_json(w->b, v.u.s, v.len); break;
	case V_LIST: write_list(w, v.u.list, depth); break;
	case V_MAP: write_map(w, v.u.map, depth); break;
	case V_UNDEF:
	case V_NULL:
	case V_OBJ:
	case V__COUNT: sb_str(w->b, "null"); break;
	}
}

void json_write(struct sbuf *b, struct val v) {
	write_val(&(struct writer){ .b = b }, v, 0);
}

void json_write_pretty(struct sbuf *b, struct val v, unsigned indent, enum json_order order) {
	write_val(&(struct writer){ .b = b, .indent = indent, .order = order }, v, 0);
}
