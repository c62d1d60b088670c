/* json.c: the one file that knows json-c, and the writer. */
#include "config.h"

#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

static void put_object(void *p) {
	json_object_put(p);
}

static void free_tokener(void *p) {
	json_tokener_free(p);
}

static struct val from_json(struct arena *a, struct json_object *o);

static struct val from_object(struct arena *a, struct json_object *o) {
	struct map *m = map_new(a, (size_t)json_object_object_length(o));
	struct json_object_iterator it = json_object_iter_begin(o), end = json_object_iter_end(o);

	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		const char *key = json_object_iter_peek_name(&it);

		map_put(m, val_copy(a, key, strlen(key)), from_json(a, json_object_iter_peek_value(&it)));
	}
	return val_map(m);
}

static struct val from_array(struct arena *a, struct json_object *o) {
	size_t i, n = json_object_array_length(o);
	struct list *l = list_new(a, n);

	for (i = 0; i < n; i++)
		list_push(l, from_json(a, json_object_array_get_idx(o, i)));
	return val_list(l);
}

static struct val from_int(struct json_object *o) {
	int64_t i = json_object_get_int64(o);

	if (i == INT64_MAX && json_object_get_uint64(o) > (uint64_t)INT64_MAX)
		return val_float((double)json_object_get_uint64(o));
	return val_int(i);
}

static struct val from_json(struct arena *a, struct json_object *o) {
	switch (json_object_get_type(o)) {
	case json_type_null: return val_null();
	case json_type_boolean: return val_bool(json_object_get_boolean(o));
	case json_type_int: return from_int(o);
	case json_type_double: return val_float(json_object_get_double(o));
	case json_type_string: return val_copy(a, json_object_get_string(o), (size_t)json_object_get_string_len(o));
	case json_type_array: return from_array(a, o);
	case json_type_object: return from_object(a, o);
	}
	return val_null();
}

static bool fail_at(struct err *e, const char *text, size_t at, const char *what) {
	size_t i, line = 1, column = 1;

	for (i = 0; i < at; i++) {
		column++;
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return err_set(e, ERR_INVALID, NULL, "%s: line %zu column %zu (char %zu)", what, line, column, at);
}

/* json-c skips what it takes for white space and comments; what is left after the document must be white space. */
static bool only_space(const char *s, size_t n) {
	while (n > 0 && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')) {
		s++;
		n--;
	}
	return n == 0;
}

/* What json-c lets through: names in single quotes, comments, and control characters within strings (RFC 8259 7). */
static const char *beyond_json(const char *text, size_t len, size_t *at) {
	bool inside = false;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		*at = i;
		if (c == '"')
			inside = !inside;
		else if (inside && c < 0x20)
			return "Invalid control character";
		else if (inside && c == '\\')
			i++;
		else if (!inside && c == '\'')
			return "Expecting property name enclosed in double quotes";
		else if (!inside && c == '/')
			return "Expecting value";
	}
	return NULL;
}

bool json_parse(struct arena *a, const char *text, size_t len, unsigned depth, struct val *out, struct err *e) {
	struct json_tokener *tok;
	struct json_object *o;
	enum json_tokener_error je;
	const char *wrong;
	size_t end;

	if (!utf8_valid(text, len))
		return err_set(e, ERR_INVALID, NULL, "the text is not valid UTF-8");
	if (len > INT32_MAX)
		return err_set(e, ERR_TOO_LARGE, NULL, "the text has %zu bytes, more than 2 GiB", len);
	if ((wrong = beyond_json(text, len, &end)) != NULL)
		return fail_at(e, text, end, wrong);
	if ((tok = json_tokener_new_ex((int)depth)) == NULL)
		abort();
	arena_defer(a, free_tokener, tok);
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	o = json_tokener_parse_ex(tok, text, (int)len);
	je = json_tokener_get_error(tok);
	if (je == json_tokener_continue) {
		o = json_tokener_parse_ex(tok, "", 1);          /* the NUL ends a number at the end of the text */
		je = json_tokener_get_error(tok);
		if (je != json_tokener_success)
			return fail_at(e, text, len, "Unexpected end of data");
		end = len;
	} else {
		end = json_tokener_get_parse_end(tok);
	}
	if (o != NULL)
		arena_defer(a, put_object, o);
	if (je == json_tokener_error_depth)
		return err_set(e, ERR_INVALID, NULL, "nested deeper than %u levels", depth);
	if (je != json_tokener_success)
		return fail_at(e, text, end, je == json_tokener_error_parse_object_key_name ? "Expecting property name enclosed in double quotes"
		    : json_tokener_error_desc(je));
	if (end < len && !only_space(text + end, len - end))
		return fail_at(e, text, end, "Extra data");
	*out = from_json(a, o);
	return true;
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
	for (precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, f);
		if (strtod(text, NULL) == f)
			break;
	}
	for (i = 0; text[i] != 'e'; i++) {
		if (text[i] != '.')
			digits[n++] = text[i];
	}
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

static int by_key(const void *a, const void *b) {
	const struct map_entry *const *x = a, *const *y = b;

	return strcmp(val_cstr((*x)->key, ""), val_cstr((*y)->key, ""));
}

static void write_val(const struct writer *w, struct val v, unsigned depth);

static void write_map(const struct writer *w, const struct map *m, unsigned depth) {
	const struct map_entry **e = arena_new(w->b->a, const struct map_entry *, m->n);
	size_t i;

	for (i = 0; i < m->n; i++)
		e[i] = &m->e[i];
	if (w->order == JSON_SORTED)
		qsort(e, m->n, sizeof(*e), by_key);
	sb_chr(w->b, '{');
	for (i = 0; i < m->n; i++) {
		if (i > 0)
			sb_chr(w->b, ',');
		newline(w, depth + 1);
		if (e[i]->key.type == V_STR) {
			sb_json(w->b, e[i]->key.u.s, e[i]->key.len);
		} else {
			sb_chr(w->b, '"');
			write_val(w, e[i]->key, depth);
			sb_chr(w->b, '"');
		}
		sb_str(w->b, w->indent == 0 ? ":" : ": ");
		write_val(w, e[i]->val, depth + 1);
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
