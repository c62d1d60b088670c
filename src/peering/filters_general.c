/* filters_general.c: filters that work on any value, plain JSON included. */
#include "config.h"

#include <stdio.h>

#include "base/utf8.h"
#include "peering/filters.h"

bool filter_fail(struct call *c, const char *kind, const char *text) {
	return err_kind(c->e, ERR_TEMPLATE, kind, "%s", text);
}

bool filter_attr(struct call *c, struct val v, const char *name, struct val *out) {
	struct gobj *o = val_any_gobj(v);

	if (o != NULL)
		return gobj_attr(o, name, strlen(name), out, c->e);
	if (v.type == V_MAP) {
		*out = map_get(v.u.map, name);
		return true;
	}
	return tmpl_attr(c, v, name, out);
}

bool filter_field(struct call *c, struct gset *s, const char *field, struct val *out) {
	struct list *l;
	size_t i;

	if (field[0] == '\0')
		return filter_give(out, s);
	l = list_new(c->a, s->n);
	for (i = 0; i < s->n; i++) {
		struct val v;

		if (!filter_attr(c, gobj_val(s->o[i]), field, &v))
			return false;
		list_push(l, v.type == V_UNDEF ? val_null() : v);
	}
	*out = val_list(l);
	return true;
}

/* ---- text */

static bool safe_string(struct call *c, struct val *out) {
	struct val v = c->args[0];
	struct sbuf b;
	size_t i, n;
	char one[2];

	if (v.type == V_UNDEF)
		v = val_str("");
	if (v.type != V_STR)
		return filter_fail(c, "TypeError", "safe_string needs text");
	sb_init(&b, c->a);
	for (i = 0; i < v.len; i += n)
		sb_str(&b, ascii_of(utf8_get(v.u.s + i, v.len - i, &n), one));
	*out = val_mem(b.s, b.len);
	return true;
}

static bool quote(struct call *c, struct val *out) {
	struct val mark = filter_arg(c, 0, val_str("\""));
	struct sbuf b;
	bool something;

	if (!tmpl_truth(c, c->args[0], &something))
		return false;
	sb_init(&b, c->a);
	if (something) {
		sb_mem(&b, val_cstr(mark, ""), mark.len);
		if (!tmpl_text(c, c->args[0], &b))
			return false;
		sb_mem(&b, val_cstr(mark, ""), mark.len);
	}
	*out = val_mem(b.s, b.len);
	return true;
}

static bool drop_seven(struct call *c, struct val *out) {
	struct val v = c->args[0];

	if (v.type != V_STR)
		return filter_fail(c, "AttributeError", "the value is not an encrypted password");
	*out = v.len >= 2 && memcmp(v.u.s, "7 ", 2) == 0 ? val_mem(v.u.s + 2, v.len - 2) : v;
	return true;
}

/* Bytes of the line that begins at s, its end included, where Python's splitlines() ends it. */
static size_t line_len(const char *s, size_t n) {
	size_t i, len;

	for (i = 0; i < n; i += len) {
		uint32_t cp = utf8_get(s + i, n - i, &len);

		if (cp == '\r' && i + 1 < n && s[i + 1] == '\n')
			return i + 2;
		if ((cp >= '\n' && cp <= '\r') || (cp >= 0x1c && cp <= 0x1e) || cp == 0x85 || cp == 0x2028 || cp == 0x2029)
			return i + len;
	}
	return n;
}

static size_t strip_left(const char *s, size_t n, struct val chars) {
	size_t i, len, k, clen;

	for (i = 0; i < n; i += len) {
		uint32_t cp = utf8_get(s + i, n - i, &len);
		bool strip = false;

		for (k = 0; k < chars.len && !strip; k += clen)
			strip = utf8_get(chars.u.s + k, chars.len - k, &clen) == cp;
		if (!strip)
			break;
	}
	return i;
}

static bool indent(struct call *c, struct val *out) {
	int times = filter_int(c, 0, 0), k;
	struct val chars = filter_arg(c, 1, val_str(" "));
	bool reset = false;
	struct sbuf in, b;
	size_t at = 0, n, skip;

	sb_init(&in, c->a);
	sb_init(&b, c->a);
	if (chars.type != V_STR)
		return filter_fail(c, "TypeError", "indent needs text to indent with");
	if (!tmpl_text(c, c->args[0], &in) || !tmpl_truth(c, filter_arg(c, 2, val_bool(false)), &reset))
		return false;
	for (; at < in.len; at += n) {
		n = line_len(in.s + at, in.len - at);
		skip = reset ? strip_left(in.s + at, n, chars) : 0;
		if ((size_t)(times < 0 ? 0 : times) * chars.len > 1 << 20)
			return filter_fail(c, "OverflowError", "indent is too deep");
		for (k = 0; k < times; k++)
			sb_mem(&b, chars.u.s, chars.len);
		sb_mem(&b, in.s + at + skip, n - skip);
	}
	*out = val_mem(b.s, b.len);
	return true;
}

/* ---- tags */

static bool tags_of(struct call *c, struct val *out) {
	struct val v;

	if (!filter_attr(c, c->args[0], "tags", &v))
		return false;
	if (v.type == V_UNDEF)
		return filter_fail(c, "AttributeError", "object has no tags");
	*out = v;
	return true;
}

static bool tagged(struct call *c, bool *out) {
	struct val tags, wanted = filter_arg(c, 0, val_str(""));
	struct list *l;
	size_t i;

	if (!tags_of(c, &tags) || !tmpl_iterate(c, tags, &l))
		return false;
	*out = false;
	for (i = 0; i < l->n && !*out; i++) {
		struct val name, slug;

		if (!filter_attr(c, l->v[i], "name", &name) || !filter_attr(c, l->v[i], "slug", &slug))
			return false;
		*out = val_equal(name, wanted) || val_equal(slug, wanted) || val_equal(l->v[i], wanted);
	}
	return true;
}

static bool has_tag(struct call *c, struct val *out) {
	bool has;

	if (!tagged(c, &has))
		return false;
	*out = val_bool(has);
	return true;
}

static bool has_not_tag(struct call *c, struct val *out) {
	bool has;

	if (!tagged(c, &has))
		return false;
	*out = val_bool(!has);
	return true;
}

/* ---- counting and filtering */

static bool length(struct call *c, struct val *out) {
	static const char *const names[V__COUNT] = { [V_NULL] = "NoneType", [V_BOOL] = "bool", [V_INT] = "int", [V_FLOAT] = "float" };
	struct val v = c->args[0];
	size_t n = 0;

	switch ((enum vtype)v.type) {
	case V_UNDEF: break;
	case V_STR: n = utf8_count(v.u.s, v.len); break;
	case V_LIST: n = v.u.list->n; break;
	case V_MAP: n = v.u.map->n; break;
	case V_OBJ:
		if (v.u.obj->class->count == NULL)
			return err_kind(c->e, ERR_TEMPLATE, "TypeError", "object of type '%s' has no len()", v.u.obj->class->name);
		if (!v.u.obj->class->count(v.u.obj, c->a, &n, c->e))
			return false;
		break;
	case V_NULL:
	case V_BOOL:
	case V_INT:
	case V_FLOAT:
	case V__COUNT:
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "object of type '%s' has no len()", names[v.type]);
	}
	*out = val_int((int64_t)n);
	return true;
}

static bool matches(struct call *c, struct val item, bool *out) {
	size_t k;

	*out = true;
	for (k = 0; k < c->nkw && *out; k++) {
		struct val v;

		if (!filter_attr(c, item, c->kwnames[k].u.s, &v))
			return false;
		*out = v.type != V_UNDEF && val_equal(v, c->kwargs[k]);
	}
	return true;
}

static bool filter_items(struct call *c, struct val *out) {
	struct gset *s = val_gset(c->args[0]), *r;
	struct list *items, *l;
	size_t i;

	if (s != NULL)
		return gset_filter(s, c, MATCH_FILTER, &r) && filter_give(out, r);
	if (!tmpl_iterate(c, c->args[0], &items))
		return filter_fail(c, "ValueError", "value cannot be filtered (not iterable)");
	l = list_new(c->a, items->n);
	for (i = 0; i < items->n; i++) {
		bool holds;

		if (!matches(c, items->v[i], &holds))
			return false;
		if (holds)
			list_push(l, items->v[i]);
	}
	*out = val_list(l);
	return true;
}

static bool get(struct call *c, struct val *out) {
	struct gset *s;

	if (!filter_items(c, out))
		return false;
	s = val_gset(*out);
	if (s != NULL && s->n == 1)
		*out = gobj_val(s->o[0]);
	else if (out->type == V_LIST && out->u.list->n == 1)
		*out = out->u.list->v[0];
	return true;
}

static bool unique_items(struct call *c, struct val *out) {
	const char *field = val_cstr(filter_arg(c, 0, val_null()), "");
	struct gset *s = val_gset(c->args[0]), *r;
	struct list *items, *l, *seen;
	size_t i, k;

	if (s != NULL)
		return gset_distinct_on(s, c, field, &r) && filter_give(out, r);
	if (!tmpl_iterate(c, c->args[0], &items))
		return filter_fail(c, "ValueError", "value cannot be filtered (not iterable)");
	l = list_new(c->a, items->n);
	seen = list_new(c->a, items->n);
	for (i = 0; i < items->n; i++) {
		struct val v;

		if (!filter_attr(c, items->v[i], field, &v))
			return false;
		for (k = 0; k < seen->n && !val_equal(seen->v[k], v); k++)
			;
		if (v.type == V_UNDEF || k < seen->n)
			continue;
		list_push(seen, v);
		list_push(l, items->v[i]);
	}
	*out = val_list(l);
	return true;
}

static bool iterate(struct call *c, struct val *out) {
	const char *field = val_cstr(filter_arg(c, 0, val_null()), "");
	struct list *items, *l;
	size_t i;

	if (!tmpl_iterate(c, c->args[0], &items))
		return false;
	l = list_new(c->a, items->n);
	for (i = 0; i < items->n; i++) {
		struct val v;

		if (!filter_attr(c, items->v[i], field, &v))
			return false;
		list_push(l, v.type == V_UNDEF ? val_null() : v);
	}
	*out = val_list(l);
	return true;
}

/* ---- config contexts */

static bool context_of(struct call *c, struct val *out) {
	struct val v;

	if (!filter_attr(c, c->args[0], "config_context", &v))
		return false;
	if (v.type == V_UNDEF && c->args[0].type == V_MAP)      /* a context by itself */
		v = c->args[0];
	*out = v.type == V_MAP ? v : val_map(map_new(c->a, 0));
	return true;
}

/* Depth first, a key before what is below it. */
static const struct val *search(const struct map *m, struct val key, bool recursive) {
	const struct val *found = NULL;
	size_t i;

	for (i = 0; i < m->n && found == NULL; i++) {
		if (val_equal(map_key(m, i), key))
			return map_at(m, i);
		if (recursive && map_val(m, i).type == V_MAP)
			found = search(map_val(m, i).u.map, key, true);
	}
	return found;
}

static bool context_search(struct call *c, size_t recursive_arg, const struct val **found) {
	struct val context;
	bool recursive;

	if (!context_of(c, &context) || !tmpl_truth(c, filter_arg(c, recursive_arg, val_bool(true)), &recursive))
		return false;
	*found = search(context.u.map, filter_arg(c, 0, val_null()), recursive);
	return true;
}

static bool context_has_key(struct call *c, struct val *out) {
	const struct val *found;

	if (!context_search(c, 1, &found))
		return false;
	*out = val_bool(found != NULL);
	return true;
}

static bool context_has_not_key(struct call *c, struct val *out) {
	const struct val *found;

	if (!context_search(c, 1, &found))
		return false;
	*out = val_bool(found == NULL);
	return true;
}

static bool context_get_key(struct call *c, struct val *out) {
	const struct val *found;

	if (!context_search(c, 2, &found))
		return false;
	*out = found != NULL ? *found : filter_arg(c, 1, val_null());
	return true;
}

const struct tmpl_def filters_general[] = {
	{ "arista_password", drop_seven, 0, 0, "", "An encrypted password without the leading \"7 \" that Arista EOS adds",
	  "{{ session.encrypted_password | arista_password }}" },
	{ "cisco_password", drop_seven, 0, 0, "", "An encrypted password without the leading \"7 \" that Cisco IOS adds",
	  "{{ \"7 0448\" | cisco_password }} gives 0448" },
	{ "context_get_key", context_get_key, 1, 3, "key, default=none, recursive=true",
	  "The value of a key of the object's config context, wherever it stands in it", "{{ router | context_get_key('region', default='eu') }}" },
	{ "context_has_key", context_has_key, 1, 2, "key, recursive=true", "Whether the object's config context has a key",
	  "{% if router | context_has_key('ntp') %}" },
	{ "context_has_not_key", context_has_not_key, 1, 2, "key, recursive=true", "Whether the object's config context lacks a key",
	  "{% if router | context_has_not_key('ntp') %}" },
	{ "count", length, 0, 0, "", "How many items there are", "{{ router | direct_sessions | count }}" },
	{ "filter", filter_items, 0, -1, NULL, "The items whose attributes have these values; for sets of objects all of Django's lookups",
	  "{{ bgp_groups | filter(status='enabled') }}" },
	{ "get", get, 0, -1, NULL, "As filter, but the item itself when exactly one matches", "{{ autonomous_systems | get(asn=64500) }}" },
	{ "has_not_tag", has_not_tag, 1, 1, "tag", "Whether the object lacks a tag, by name or slug", "{% if ixp | has_not_tag('x') %}" },
	{ "has_tag", has_tag, 1, 1, "tag", "Whether the object has a tag, by name or slug", "{% if as | has_tag('filter-prefixes') %}" },
	{ "indent", indent, 1, 3, "n, chars=' ', reset=false", "Every line with n times chars before it; reset strips leading chars first",
	  "{{ text | indent(4) }}" },
	{ "iterate", iterate, 1, 1, "field", "An attribute of every item", "{{ policies | iterate('slug') | join(' ') }}" },
	{ "len", length, 0, 0, "", "How many items there are", "{{ sessions | len }}" },
	{ "length", length, 0, 0, "", "How many items there are", "{{ sessions | length }}" },
	{ "quote", quote, 0, 1, "char='\"'", "The value between quotes; nothing for what is empty", "{{ 5 | quote }} gives \"5\"" },
	{ "safe_string", safe_string, 0, 0, "", "Text in ASCII: accents are taken off, what is left over is dropped",
	  "{{ \"Téle\" | safe_string }} gives Tele" },
	{ "tags", tags_of, 0, 0, "", "The object's tags", "{{ ixp | tags | join(',') }}" },
	{ "unique_items", unique_items, 1, 1, "field", "The first item of each value of an attribute",
	  "{{ sessions | unique_items('autonomous_system') }}" },
	{ .name = NULL },
};
