/* filters_html.c: filters that make or take apart markup: escape, tojson, xmlattr, urlencode, striptags. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "template/filters.h"

bool f_escape(struct call *c, struct val *out) {
	return escape_val(interp_of(c), c->args[0], out);
}

bool f_forceescape(struct call *c, struct val *out) {
	struct val v;

	if (!str_val(interp_of(c), c->args[0], &v))
		return false;
	*out = html_escape(c->a, v);
	return true;
}

bool f_safe(struct call *c, struct val *out) {
	struct val v;

	if (!str_val(interp_of(c), c->args[0], &v))
		return false;
	*out = val_safe(v);
	return true;
}

/* ---- striptags: comments, then tags, then white space, then entities */

static struct val without(struct arena *a, struct val v, const char *start, const char *end) {
	struct sbuf b;
	size_t i = 0, n = strlen(start);

	sb_init(&b, a);
	while (i < v.len) {
		const char *open = memmem(v.u.s + i, v.len - i, start, n), *close;

		close = open == NULL ? NULL : memmem(open + (n > 1 ? n : 0), (size_t)(v.u.s + v.len - open) - (n > 1 ? n : 0), end, strlen(end));
		if (n > 1 && open != NULL)
			close = memmem(open, (size_t)(v.u.s + v.len - open), end, strlen(end));
		if (close == NULL)
			break;
		sb_mem(&b, v.u.s + i, (size_t)(open - v.u.s) - i);
		i = (size_t)(close - v.u.s) + strlen(end);
	}
	sb_mem(&b, v.u.s + i, v.len - i);
	return val_mem(b.s, b.len);
}

static struct val collapse(struct arena *a, struct val v) {
	struct sbuf b;
	size_t i, len;
	bool gap = false;

	sb_init(&b, a);
	for (i = 0; i < v.len; i += len) {
		if (uc_space(utf8_at(v, i, &len))) {
			gap = true;
			continue;
		}
		if (gap && b.len > 0)
			sb_chr(&b, ' ');
		gap = false;
		sb_mem(&b, v.u.s + i, len);
	}
	return val_mem(b.s, b.len);
}

bool f_striptags(struct call *c, struct val *out) {
	struct val v;

	if (!str_val(interp_of(c), c->args[0], &v))
		return false;
	v = without(c->a, v, "<!--", "-->");
	v = without(c->a, v, "<", ">");
	*out = html_unescape(c->a, collapse(c->a, v));
	return true;
}

/* ---- tojson */

struct writer {
	struct interp *in;
	struct sbuf *b;
	struct val indent;              /* text of one level, or V_NULL */
	unsigned depth;
};

/* As Python with ensure_ascii: all but ASCII as \uXXXX. */
static void json_text(struct sbuf *b, struct val v) {
	size_t i, len;

	sb_chr(b, '"');
	for (i = 0; i < v.len; i += len) {
		uint32_t c = utf8_at(v, i, &len);

		if (c == '"' || c == '\\')
			sb_fmt(b, "\\%c", (int)c);
		else if (c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f')
			sb_str(b, c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : c == '\b' ? "\\b" : "\\f");
		else if (c >= 0x20 && c < 0x7F)
			sb_chr(b, (char)c);
		else if (c < 0x10000)
			sb_fmt(b, "\\u%04x", c);
		else
			sb_fmt(b, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
	}
	sb_chr(b, '"');
}

static void write_float(struct sbuf *b, double f) {
	if (isfinite(f))
		json_float(b, f);
	else
		sb_str(b, isnan(f) ? "NaN" : f < 0 ? "-Infinity" : "Infinity");
}

static void line(struct writer *w) {
	unsigned i;

	if (w->indent.type == V_NULL)
		return;
	sb_chr(w->b, '\n');
	for (i = 0; i < w->depth; i++)
		sb_mem(w->b, w->indent.u.s, w->indent.len);
}

static bool write(struct writer *w, struct val v);

static bool write_key(struct writer *w, struct val key) {
	struct sbuf text;

	if (key.type == V_STR) {
		json_text(w->b, key);
		return true;
	}
	if (key.type != V_NULL && !is_number(key))
		return fail_type(w->in, "keys must be str, int, float, bool or None, not %s", type_name(key));
	sb_init(&text, w->in->a);
	if (key.type == V_NULL || key.type == V_BOOL)
		sb_str(&text, key.type == V_NULL ? "null" : key.u.b ? "true" : "false");
	else if (key.type == V_FLOAT)
		write_float(&text, key.u.f);
	else if (!str(w->in, key, &text))
		return false;
	json_text(w->b, val_mem(text.s, text.len));
	return true;
}

static bool write_map(struct writer *w, const struct map *m) {
	struct val *keys = arena_new(w->in->a, struct val, m->n), *values = arena_new(w->in->a, struct val, m->n);
	size_t i;

	for (i = 0; i < m->n; i++) {
		keys[i] = map_key(m, i);
		values[i] = map_val(m, i);
	}
	if (!sort_values(w->in, keys, values, m->n, 0))
		return false;
	sb_chr(w->b, '{');
	w->depth++;
	for (i = 0; i < m->n; i++) {
		if (i > 0)
			sb_str(w->b, w->indent.type == V_NULL ? ", " : ",");
		line(w);
		if (!write_key(w, keys[i]))
			return false;
		sb_str(w->b, ": ");
		if (!write(w, values[i]))
			return false;
	}
	w->depth--;
	if (m->n > 0)
		line(w);
	sb_chr(w->b, '}');
	return true;
}

static bool write_list(struct writer *w, const struct list *l) {
	size_t i;

	sb_chr(w->b, '[');
	w->depth++;
	for (i = 0; i < l->n; i++) {
		if (i > 0)
			sb_str(w->b, w->indent.type == V_NULL ? ", " : ",");
		line(w);
		if (!write(w, l->v[i]))
			return false;
	}
	w->depth--;
	if (l->n > 0)
		line(w);
	sb_chr(w->b, ']');
	return true;
}

static bool write(struct writer *w, struct val v) {
	bool ok;

	if (!step(w->in))
		return false;
	switch ((enum vtype)v.type) {
	case V_NULL: sb_str(w->b, "null"); return true;
	case V_BOOL: sb_str(w->b, v.u.b ? "true" : "false"); return true;
	case V_INT: sb_int(w->b, v.u.i); return true;
	case V_FLOAT: write_float(w->b, v.u.f); return true;
	case V_STR: json_text(w->b, v); return true;
	case V_OBJ:
		if (is_obj(v, &big_class))
			return str(w->in, v, w->b);
	/* fall through */
	case V_UNDEF:
	case V__COUNT: return fail_type(w->in, "Object of type %s is not JSON serializable", type_name(v));
	case V_LIST:
	case V_MAP: break;
	}
	if (!enter_call(w->in))
		return false;
	ok = v.type == V_LIST ? write_list(w, v.u.list) : write_map(w, v.u.map);
	leave_call(w->in);
	return ok;
}

bool f_tojson(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct sbuf plain, b;
	struct writer w = { .in = in, .b = &plain, .indent = c->args[1] };
	int64_t n;
	size_t i;

	if (w.indent.type != V_NULL && w.indent.type != V_STR && c->args[0].type != V_STR) {
		if (w.indent.type == V_UNDEF)
			return undef_fail(in, w.indent);
		if (!count_of(in, w.indent, &n) || !repeat(in, val_mem(" ", 1), n, &w.indent))
			return false;
	}
	sb_init(&plain, c->a);
	if (!write(&w, c->args[0]))
		return false;
	sb_init(&b, c->a);
	for (i = 0; i < plain.len; i++) {
		char ch = plain.s[i];

		if (ch == '<' || ch == '>' || ch == '&' || ch == '\'')
			sb_fmt(&b, "\\u%04x", (unsigned)ch);
		else
			sb_chr(&b, ch);
	}
	*out = val_safe(val_mem(b.s, b.len));
	return true;
}

/* ---- xmlattr, urlencode */

static bool bad_key(struct val key) {
	size_t i;

	for (i = 0; i < key.len; i++) {
		char ch = key.u.s[i];

		if ((ch >= 9 && ch <= 13) || ch == ' ' || ch == '/' || ch == '>' || ch == '=')
			return true;
	}
	return false;
}

bool f_xmlattr(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val d = c->args[0], key, v;
	struct sbuf b;
	bool space;
	size_t i;

	if (d.type == V_UNDEF)
		return undef_fail(in, d);
	if (d.type != V_MAP)
		return fail(in, "AttributeError", "'%s' object has no attribute 'items'", type_name(d));
	if (!truth(in, c->args[1], &space))
		return false;
	sb_init(&b, c->a);
	for (i = 0; i < d.u.map->n; i++) {
		key = map_key(d.u.map, i);
		v = map_val(d.u.map, i);
		if (val_is_null(v))
			continue;
		if (key.type != V_STR)
			return fail_type(in, "expected string or bytes-like object, got '%s'", type_name(key));
		if (bad_key(key))
			return fail(in, "ValueError", "Invalid character in attribute name: %s", quoted(c->a, key));
		if (!escape_val(in, key, &key) || !escape_val(in, v, &v))
			return false;
		sb_str(&b, b.len > 0 || space ? " " : "");
		sb_mem(&b, key.u.s, key.len);
		sb_str(&b, "=\"");
		sb_mem(&b, v.u.s, v.len);
		sb_chr(&b, '"');
	}
	*out = val_mem(b.s, b.len);
	out->flags = in->ctx->escape ? VF_SAFE : 0;
	return true;
}

static bool quote(struct interp *in, struct sbuf *b, struct val v, bool query) {
	struct val text;
	struct sbuf q;
	size_t i;

	if (!str_val(in, v, &text))
		return false;
	sb_init(&q, in->a);
	sb_url(&q, text.u.s, text.len);
	for (i = 0; i < q.len; i++) {
		if (!query && strncmp(q.s + i, "%2F", 3) == 0) {
			sb_chr(b, '/');
			i += 2;
		} else if (query && strncmp(q.s + i, "%20", 3) == 0) {
			sb_chr(b, '+');
			i += 2;
		} else {
			sb_chr(b, q.s[i]);
		}
	}
	return true;
}

static bool encode_pair(struct interp *in, struct sbuf *b, struct val key, struct val v) {
	sb_str(b, b->len > 0 ? "&" : "");
	if (!quote(in, b, key, true))
		return false;
	sb_chr(b, '=');
	return quote(in, b, v, true);
}

bool f_urlencode(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0];
	struct list *l, *two;
	struct sbuf b;
	size_t i;

	sb_init(&b, c->a);
	if (v.type == V_MAP) {
		for (i = 0; i < v.u.map->n; i++) {
			if (!encode_pair(in, &b, map_key(v.u.map, i), map_val(v.u.map, i)))
				return false;
		}
	} else if (v.type == V_STR || (!iter_is(v) && v.type != V_UNDEF)) {
		if (!quote(in, &b, v, false))
			return false;
	} else {
		if (!iter_list(in, v, &l))
			return false;
		for (i = 0; i < l->n; i++) {
			if (!iter_list(in, l->v[i], &two))
				return false;
			if (two->n != 2)
				return fail(in, "ValueError", two->n < 2 ? "not enough values to unpack (expected 2, got %u)" :
					"too many values to unpack (expected 2)", two->n);
			if (!encode_pair(in, &b, two->v[0], two->v[1]))
				return false;
		}
	}
	*out = val_mem(b.s, b.len);
	return true;
}
