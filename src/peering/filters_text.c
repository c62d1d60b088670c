/* filters_text.c: values as JSON and YAML text, and now(). */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "peering/filters.h"
#include "peering/peering.h"

enum { DEPTH_MAX = 200 };

/* ---- objects as maps of their fields */

static bool plain(struct call *c, struct val v, unsigned depth, struct val *out);

static bool link_value(struct call *c, struct gobj *o, const struct attr *x, struct val *out) {
	struct list *l;
	struct gset *s;
	size_t i;

	if (!gobj_linked(o, x->link, &s, c->e))
		return false;
	l = list_new(c->a, s->n);
	for (i = 0; i < s->n; i++)
		list_push(l, x->link == L_TAGS ? s->o[i]->v[NAMED_NAME] : val_int(s->o[i]->id));
	*out = val_list(l);
	return true;
}

/* The columns but the id, references as ids, links as lists of ids, tags as their names. */
static bool object(struct call *c, struct gobj *o, unsigned depth, struct val *out) {
	const struct gtable *gt = &gtables[o->table];
	struct map *m = map_new(c->a, gt->ncolumns);
	struct val v;
	size_t i;

	for (i = 1; i < gt->ncolumns; i++) {
		const struct column *col = &gt->columns[i];
		size_t n = strlen(col->name);

		if (col->kind == K_HIDDEN)
			continue;
		if (!gobj_slot_get(o, SLOT_COLUMN + (int)i, c->a, &v, c->e) || !plain(c, v, depth + 1, &v))
			return false;
		map_set(m, col->kind == K_REF ? arena_strndup(c->a, col->name, n - 3) : col->name, v);
	}
	for (i = 0; gt->attrs[i].name != NULL; i++) {
		if (gt->attrs[i].kind != ATTR_LINK)
			continue;
		if (!link_value(c, o, &gt->attrs[i], &v))
			return false;
		map_set(m, gt->attrs[i].name, v);
	}
	*out = val_map(m);
	return true;
}

static bool plain_list(struct call *c, const struct list *from, unsigned depth, struct val *out) {
	struct list *l = list_new(c->a, from->n);
	size_t i;

	for (i = 0; i < from->n; i++) {
		struct val v;

		if (!plain(c, from->v[i], depth + 1, &v))
			return false;
		list_push(l, v);
	}
	*out = val_list(l);
	return true;
}

static bool plain_obj(struct call *c, struct val v, unsigned depth, struct val *out) {
	struct gobj *o = val_any_gobj(v);
	struct list *l;
	struct sbuf b;

	if (o != NULL)
		return object(c, o, depth, out);
	if (val_gset(v) != NULL || v.u.obj->class->list != NULL)
		return tmpl_iterate(c, v, &l) && plain_list(c, l, depth, out);
	sb_init(&b, c->a);
	if (val_is_time(v))
		time_json(v, &b);
	else if (!tmpl_text(c, v, &b))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}

static bool plain(struct call *c, struct val v, unsigned depth, struct val *out) {
	struct map *m;
	size_t i;

	if (depth > DEPTH_MAX)
		return err_kind(c->e, ERR_TEMPLATE, "RecursionError", "the value is nested too deeply");
	*out = v;
	if (v.type == V_LIST)
		return plain_list(c, v.u.list, depth, out);
	if (v.type == V_OBJ)
		return plain_obj(c, v, depth, out);
	if (v.type != V_MAP)
		return true;
	m = map_new(c->a, v.u.map->n);
	for (i = 0; i < v.u.map->n; i++) {
		struct val item;

		if (!plain(c, map_val(v.u.map, i), depth + 1, &item))
			return false;
		map_put(m, map_key(v.u.map, i), item);
	}
	*out = val_map(m);
	return true;
}

/* Objects as maps of their fields, sets as lists of such, the rest as it is. */
static bool dump_plain(struct call *c, struct val v, struct val *out) {
	return plain(c, v, 0, out);
}

/* ---- JSON as Python's json.dumps() writes it: ASCII only */

struct json_out {
	struct call *c;
	struct sbuf *out;
	const char *indent;     /* NULL: on one line */
	size_t step;
	bool sort;
};

static void json_ascii(struct sbuf *out, const char *s, size_t n) {
	static const char plain_escape[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	size_t i, len;

	sb_chr(out, '"');
	for (i = 0; i < n; i += len) {
		uint32_t c = utf8_get(s + i, n - i, &len);
		const char *e = c != 0 && c < 128 ? strchr(plain_escape, (int)c) : NULL;

		if (e != NULL)
			sb_fmt(out, "\\%c", letters[e - plain_escape]);
		else if (c >= 0x10000)
			sb_fmt(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)), (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
		else if (c < 0x20 || c > 0x7e)
			sb_fmt(out, c == 0x7f ? "\x7f" : "\\u%04x", (unsigned)c);
		else
			sb_chr(out, (char)c);
	}
	sb_chr(out, '"');
}

static void json_line(struct json_out *j, unsigned depth) {
	unsigned i;

	if (j->indent == NULL)
		return;
	sb_chr(j->out, '\n');
	for (i = 0; i < depth; i++)
		sb_mem(j->out, j->indent, j->step);
}

static void json_scalar(struct sbuf *out, struct val v) {
	if (v.type == V_STR)
		json_ascii(out, v.u.s, v.len);
	else if (v.type == V_FLOAT && isnan(v.u.f))
		sb_str(out, "NaN");
	else if (v.type == V_FLOAT && isinf(v.u.f))
		sb_str(out, v.u.f < 0 ? "-Infinity" : "Infinity");
	else
		json_write(out, v);
}

static bool json_node(struct json_out *j, struct val v, unsigned depth);

static bool json_map(struct json_out *j, const struct map *m, unsigned depth) {
	const struct map_entry *e;
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (j->sort && map_key(m, i).type != map_key(m, 0).type)
			return err_kind(j->c->e, ERR_TEMPLATE, "TypeError", "'<' not supported between keys of different types");
		if (map_key(m, i).type == V_LIST)
			return err_kind(j->c->e, ERR_TEMPLATE, "TypeError", "keys must be str, int, float, bool or None, not tuple");
	}
	e = map_pairs(j->c->a, m, j->sort);
	sb_chr(j->out, '{');
	for (i = 0; i < m->n; i++) {
		sb_str(j->out, i == 0 ? "" : j->indent == NULL ? ", " : ",");
		json_line(j, depth + 1);
		if (e[i].key.type != V_STR)
			sb_chr(j->out, '"');
		json_scalar(j->out, e[i].key);
		sb_str(j->out, e[i].key.type != V_STR ? "\": " : ": ");
		if (!json_node(j, e[i].val, depth + 1))
			return false;
	}
	if (m->n > 0)
		json_line(j, depth);
	sb_chr(j->out, '}');
	return true;
}

static bool json_node(struct json_out *j, struct val v, unsigned depth) {
	size_t i;

	if (v.type == V_MAP)
		return json_map(j, v.u.map, depth);
	if (v.type == V_UNDEF)
		return err_kind(j->c->e, ERR_TEMPLATE, "TypeError", "Object of type Undefined is not JSON serializable");
	if (v.type != V_LIST) {
		json_scalar(j->out, v);
		return true;
	}
	sb_chr(j->out, '[');
	for (i = 0; i < v.u.list->n; i++) {
		sb_str(j->out, i == 0 ? "" : j->indent == NULL ? ", " : ",");
		json_line(j, depth + 1);
		if (!json_node(j, v.u.list->v[i], depth + 1))
			return false;
	}
	if (v.u.list->n > 0)
		json_line(j, depth);
	sb_chr(j->out, ']');
	return true;
}

/* json.dumps() of Python. */
static bool dump_json(struct call *c, struct val v, struct val indent, bool sort_keys, struct sbuf *out) {
	struct json_out j = { .c = c, .out = out, .sort = sort_keys };
	int64_t n = indent.type == V_INT ? indent.u.i : 0;

	if (indent.type == V_STR) {
		j.indent = indent.u.s;
		j.step = indent.len;
	} else if (!val_is_null(indent)) {
		if (n > 1000)
			return filter_fail(c, "OverflowError", "the indent is too deep");
		j.step = n < 0 ? 0 : (size_t)n;
		j.indent = memset(arena_alloc(c->a, j.step + 1), ' ', j.step);
	}
	return json_node(&j, v, 0);
}

static bool as_json(struct call *c, struct val *out) {
	struct val v;
	struct sbuf b;
	bool sort;

	sb_init(&b, c->a);
	if (!tmpl_truth(c, filter_arg(c, 1, val_bool(true)), &sort) || !dump_plain(c, c->args[0], &v) ||
	    !dump_json(c, v, filter_arg(c, 0, val_int(4)), sort, &b))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}

static bool as_yaml(struct call *c, struct val *out) {
	struct val v;
	struct sbuf b;
	bool sort;

	sb_init(&b, c->a);
	if (!tmpl_truth(c, filter_arg(c, 1, val_bool(true)), &sort) || !dump_plain(c, c->args[0], &v) ||
	    !dump_yaml(c, v, filter_int(c, 0, 2), sort, &b))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}

const struct tmpl_def filters_text[] = {
	{ "as_json", as_json, 0, 2, "indent=4, sort_keys=true", "The value as JSON; an object as the map of its fields", "{{ router | as_json }}" },
	{ "as_yaml", as_yaml, 0, 2, "indent=2, sort_keys=true", "The value as YAML; an object as the map of its fields",
	  "{{ {'b': 1} | as_yaml }} gives b: 1" },
	{ .name = NULL },
};

/* ---- now() */

static bool now(struct call *c, struct val *out) {
	const struct render_host *host = tmpl_host(c);
	struct val args[2];

	if (c->nkw > 0 ? !call_bind(c, "now", "format, timezone", args, 2) : false)
		return false;
	if (c->nkw == 0) {
		args[0] = c->nargs > 0 ? c->args[0] : val_undef();
		args[1] = c->nargs > 1 ? c->args[1] : val_undef();
	}
	if (args[1].type != V_STR || args[1].len == 0)
		args[1] = val_str(host != NULL && host->time_zone != NULL ? host->time_zone : "UTC");
	return now_text(c->a, args[1].u.s, val_cstr(args[0], "%Y-%m-%dT%H:%M:%SZ"), out, c->e);
}

const struct tmpl_def globals_peering[] = {
	{ "now", now, 0, 2, "format='%Y-%m-%dT%H:%M:%SZ', timezone=''", "The time, in the system's time zone or another",
	  "{{ now(format='%Y-%m-%d') }}" },
	{ .name = NULL },
};
