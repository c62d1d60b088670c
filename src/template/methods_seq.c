/* methods_seq.c: the methods of lists, tuples and dicts. Those that change a list or dict give none, as in Python. */
#include "config.h"

#include "template/filters.h"

static struct list *self(const struct call *c) {
	return c->args[0].u.list;
}

/* What a method that changes something gives: none. */
static bool none(struct call *c, struct val *out) {
	interp_of(c)->effects++;
	*out = val_null();
	return true;
}

static bool m_append(struct call *c, struct val *out) {
	list_push(self(c), c->args[1]);
	return none(c, out);
}

static bool m_extend(struct call *c, struct val *out) {
	struct list *l, *own = self(c);
	size_t i, n;

	if (!iter_list(interp_of(c), c->args[1], &l) || !room(interp_of(c), (own->n + l->n) * sizeof(struct val)))
		return false;
	for (i = 0, n = l->n; i < n; i++)
		list_push(own, l->v[i]);
	return none(c, out);
}

static bool m_insert(struct call *c, struct val *out) {
	struct list *l = self(c);
	int64_t at;

	if (!count_of(interp_of(c), c->args[1], &at))
		return false;
	at += at < 0 ? (int64_t)l->n : 0;
	at = at < 0 ? 0 : at > (int64_t)l->n ? (int64_t)l->n : at;
	list_push(l, val_null());
	memmove(l->v + at + 1, l->v + at, (l->n - 1 - (size_t)at) * sizeof(*l->v));
	l->v[at] = c->args[2];
	return none(c, out);
}

static void take_out(struct list *l, size_t at) {
	memmove(l->v + at, l->v + at + 1, (l->n - at - 1) * sizeof(*l->v));
	l->n--;
}

static bool m_pop(struct call *c, struct val *out) {
	struct list *l = self(c);
	int64_t at;

	if (!count_of(interp_of(c), c->args[1], &at))
		return false;
	if (l->n == 0)
		return fail(interp_of(c), "IndexError", "pop from empty list");
	at += at < 0 ? (int64_t)l->n : 0;
	if (at < 0 || at >= (int64_t)l->n)
		return fail(interp_of(c), "IndexError", "pop index out of range");
	*out = l->v[at];
	take_out(l, (size_t)at);
	return true;
}

static bool position(struct call *c, size_t from, size_t to, size_t *at) {
	bool same = false;

	for (*at = from; *at < to && *at < self(c)->n; (*at)++) {
		if (!equal(interp_of(c), self(c)->v[*at], c->args[1], &same))
			return false;
		if (same)
			return true;
	}
	*at = SIZE_MAX;
	return true;
}

static bool m_remove(struct call *c, struct val *out) {
	size_t at;

	if (!position(c, 0, SIZE_MAX, &at))
		return false;
	if (at == SIZE_MAX)
		return fail(interp_of(c), "ValueError", "list.remove(x): x not in list");
	take_out(self(c), at);
	return none(c, out);
}

static bool as_list(struct call *c, struct list **out) {
	return iter_list(interp_of(c), c->args[0], out);
}

static bool m_index(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct list *l;
	int64_t from, to, i;
	bool same = false;
	struct sbuf b;

	if (!as_list(c, &l) || !index_of(in, c->args[2], &from) || !index_of(in, c->args[3], &to))
		return false;
	from += from < 0 ? (int64_t)l->n : 0;
	to += to < 0 ? (int64_t)l->n : 0;
	for (i = from < 0 ? 0 : from; i < to && i < (int64_t)l->n; i++) {
		if (!equal(in, l->v[i], c->args[1], &same))
			return false;
		if (same) {
			*out = val_int(i);
			return true;
		}
	}
	if (is_tuple(c->args[0]))
		return fail(in, "ValueError", "tuple.index(x): x not in tuple");
	sb_init(&b, c->a);
	return repr(in, c->args[1], &b) && fail(in, "ValueError", "%s is not in %s", b.s, c->args[0].type == V_OBJ ? "range" : "list");
}

static bool m_count(struct call *c, struct val *out) {
	struct list *l;
	int64_t n = 0;
	bool same;
	size_t i;

	if (!as_list(c, &l))
		return false;
	for (i = 0; i < l->n; i++) {
		if (!equal(interp_of(c), l->v[i], c->args[1], &same))
			return false;
		n += same;
	}
	*out = val_int(n);
	return true;
}

static bool m_sort(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct list *l = self(c);
	struct val *keys;
	struct call_args one = { .n = 1 };
	bool reverse;
	size_t i;

	if (!flag_of(in, c->args[2], &reverse))
		return false;
	keys = arena_new(c->a, struct val, l->n);
	for (i = 0; i < l->n; i++) {
		keys[i] = l->v[i];
		one.v = &l->v[i];
		if (c->args[1].type != V_NULL && !call_value(in, c->args[1], &one, &keys[i]))
			return false;
	}
	return sort_values(in, keys, l->v, l->n, reverse ? SORT_REVERSE : 0) && none(c, out);
}

static bool m_reverse(struct call *c, struct val *out) {
	struct list *l = self(c);
	size_t i;

	for (i = 0; i < l->n / 2; i++) {
		struct val v = l->v[i];

		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = v;
	}
	return none(c, out);
}

static bool m_copy(struct call *c, struct val *out) {
	struct list *l = list_new(c->a, self(c)->n);
	size_t i;

	for (i = 0; i < self(c)->n; i++)
		list_push(l, self(c)->v[i]);
	*out = val_list(l);
	return true;
}

static bool m_clear(struct call *c, struct val *out) {
	self(c)->n = 0;
	return none(c, out);
}

static bool m_getitem(struct call *c, struct val *out) {
	if (!get_item(interp_of(c), c->args[0], c->args[1], out))
		return false;
	if (out->type != V_UNDEF)
		return true;
	return fail(interp_of(c), c->args[0].type == V_MAP ? "KeyError" : "IndexError", "there is no such item");
}

static bool m_setitem(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	int64_t at;

	if (c->args[0].type == V_MAP) {
		if (!hashable(in, c->args[1]))
			return false;
		map_put(c->args[0].u.map, c->args[1], c->args[2]);
		return none(c, out);
	}
	if (!count_of(in, c->args[1], &at))
		return false;
	at += at < 0 ? (int64_t)self(c)->n : 0;
	if (at < 0 || at >= (int64_t)self(c)->n)
		return fail(in, "IndexError", "list assignment index out of range");
	self(c)->v[at] = c->args[2];
	return none(c, out);
}

const struct tmpl_def tmpl_list_methods[] = {
	{ .name = "__getitem__", .fn = m_getitem, .min = 1, .max = 1, .params = "index" },
	{ .name = "__setitem__", .fn = m_setitem, .min = 2, .max = 2, .params = "index, value" },
	{ .name = "append", .fn = m_append, .min = 1, .max = 1, .params = "object" },
	{ .name = "clear", .fn = m_clear, .params = "" },
	{ .name = "copy", .fn = m_copy, .params = "" },
	{ .name = "count", .fn = m_count, .min = 1, .max = 1, .params = "value" },
	{ .name = "extend", .fn = m_extend, .min = 1, .max = 1, .params = "iterable" },
	{ .name = "index", .fn = m_index, .min = 1, .max = 3, .params = "value, start=0, stop=9223372036854775807" },
	{ .name = "insert", .fn = m_insert, .min = 2, .max = 2, .params = "index, object" },
	{ .name = "pop", .fn = m_pop, .max = 1, .params = "index=-1" },
	{ .name = "remove", .fn = m_remove, .min = 1, .max = 1, .params = "value" },
	{ .name = "reverse", .fn = m_reverse, .params = "" },
	{ .name = "sort", .fn = m_sort, .max = 2, .params = "key=none, reverse=false" },
	{ .name = NULL },
};

const struct tmpl_def tmpl_tuple_methods[] = {
	{ .name = "count", .fn = m_count, .min = 1, .max = 1, .params = "value" },
	{ .name = "index", .fn = m_index, .min = 1, .max = 3, .params = "value, start=0, stop=9223372036854775807" },
	{ .name = NULL },
};

/* ---- dicts */

static struct map *dict(const struct call *c) {
	return c->args[0].u.map;
}

static bool view(struct call *c, enum view_kind kind, struct val *out) {
	struct view *v = arena_new(c->a, struct view, 1);

	*v = (struct view){ .o.class = &view_class, .kind = kind, .map = dict(c) };
	*out = val_obj(&v->o);
	return true;
}

static bool m_items(struct call *c, struct val *out) {
	return view(c, VIEW_ITEMS, out);
}

static bool m_keys(struct call *c, struct val *out) {
	return view(c, VIEW_KEYS, out);
}

static bool m_values(struct call *c, struct val *out) {
	return view(c, VIEW_VALUES, out);
}

static bool m_isdisjoint(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct list *other;
	bool common = false;
	size_t i;

	if (!iter_list(in, c->args[1], &other))
		return false;
	for (i = 0; i < other->n && !common; i++) {
		if (!step(in) || !hashable(in, other->v[i]) || !contains(in, other->v[i], c->args[0], &common))
			return false;
	}
	*out = val_bool(!common);
	return true;
}

static bool m_get(struct call *c, struct val *out) {
	const struct val *at;

	if (!hashable(interp_of(c), c->args[1]))
		return false;
	at = map_find(dict(c), c->args[1]);
	*out = at == NULL ? c->args[2] : *at;
	return true;
}

bool dict_fill(struct call *c, struct map *m, const char *name) {
	struct interp *in = interp_of(c);
	struct list *l, *two;
	size_t i;

	if (c->nargs > 2)
		return fail_type(in, "%s expected at most 1 argument, got %zu", name, c->nargs - 1);
	if (c->nargs == 2 && c->args[1].type == V_MAP) {
		for (i = 0; i < c->args[1].u.map->n; i++)
			map_put(m, map_key(c->args[1].u.map, i), map_val(c->args[1].u.map, i));
	} else if (c->nargs == 2) {
		if (!iter_list(in, c->args[1], &l))
			return false;
		for (i = 0; i < l->n; i++) {
			if (!iter_is(l->v[i]))
				return fail_type(in, "cannot convert dictionary update sequence element #%zu to a sequence", i);
			if (!iter_list(in, l->v[i], &two))
				return false;
			if (two->n != 2)
				return fail(in, "ValueError", "dictionary update sequence element #%zu has length %u; 2 is required", i, two->n);
			if (!hashable(in, two->v[0]))
				return false;
			map_put(m, two->v[0], two->v[1]);
		}
	}
	for (i = 0; i < c->nkw; i++)
		map_put(m, c->kwnames[i], c->kwargs[i]);
	return true;
}

static bool m_update(struct call *c, struct val *out) {
	return dict_fill(c, dict(c), "update") && none(c, out);
}

static bool m_dict_pop(struct call *c, struct val *out) {
	const struct val *at;
	struct sbuf b;

	if (c->nargs < 2 || c->nargs > 3)
		return fail_type(interp_of(c), "pop expected 1 or 2 arguments, got %zu", c->nargs - 1);
	if (!hashable(interp_of(c), c->args[1]))
		return false;
	at = map_find(dict(c), c->args[1]);
	if (at == NULL && c->nargs == 3) {
		*out = c->args[2];
		return true;
	}
	if (at == NULL) {
		sb_init(&b, c->a);
		return repr(interp_of(c), c->args[1], &b) && fail(interp_of(c), "KeyError", "%s", b.s);
	}
	*out = *at;
	map_del(dict(c), c->args[1]);
	interp_of(c)->effects++;
	return true;
}

static bool m_popitem(struct call *c, struct val *out) {
	struct map *m = dict(c);
	struct list *l = list_new(c->a, 2);

	if (m->n == 0)
		return fail(interp_of(c), "KeyError", "'popitem(): dictionary is empty'");
	list_push(l, map_key(m, m->n - 1));
	list_push(l, map_val(m, m->n - 1));
	map_del(m, map_key(m, m->n - 1));
	interp_of(c)->effects++;
	*out = val_tuple(l);
	return true;
}

static bool m_setdefault(struct call *c, struct val *out) {
	const struct val *at;

	if (!hashable(interp_of(c), c->args[1]))
		return false;
	at = map_find(dict(c), c->args[1]);
	*out = at == NULL ? c->args[2] : *at;
	if (at == NULL)
		map_put(dict(c), c->args[1], c->args[2]);
	interp_of(c)->effects++;
	return true;
}

static bool m_dict_copy(struct call *c, struct val *out) {
	struct map *m = map_new(c->a, dict(c)->n);
	size_t i;

	for (i = 0; i < dict(c)->n; i++)
		map_put(m, map_key(dict(c), i), map_val(dict(c), i));
	*out = val_map(m);
	return true;
}

static bool m_dict_clear(struct call *c, struct val *out) {
	while (dict(c)->n > 0)
		map_del(dict(c), map_key(dict(c), dict(c)->n - 1));
	return none(c, out);
}

static bool m_fromkeys(struct call *c, struct val *out) {
	struct list *l;
	size_t i;

	if (!iter_list(interp_of(c), c->args[1], &l))
		return false;
	*out = val_map(map_new(c->a, l->n));
	for (i = 0; i < l->n; i++) {
		if (!hashable(interp_of(c), l->v[i]))
			return false;
		map_put(out->u.map, l->v[i], c->args[2]);
	}
	return true;
}

const struct tmpl_def tmpl_map_methods[] = {
	{ .name = "__getitem__", .fn = m_getitem, .min = 1, .max = 1, .params = "key" },
	{ .name = "__setitem__", .fn = m_setitem, .min = 2, .max = 2, .params = "key, value" },
	{ .name = "clear", .fn = m_dict_clear, .params = "" },
	{ .name = "copy", .fn = m_dict_copy, .params = "" },
	{ .name = "fromkeys", .fn = m_fromkeys, .min = 1, .max = 2, .params = "iterable, value=none" },
	{ .name = "get", .fn = m_get, .min = 1, .max = 2, .params = "key, default=none" },
	{ .name = "items", .fn = m_items, .params = "" },
	{ .name = "keys", .fn = m_keys, .params = "" },
	{ .name = "pop", .fn = m_dict_pop, .min = 1, .max = -1, .params = "*args" },
	{ .name = "popitem", .fn = m_popitem, .params = "" },
	{ .name = "setdefault", .fn = m_setdefault, .min = 1, .max = 2, .params = "key, default=none" },
	{ .name = "update", .fn = m_update, .max = -1, .params = "*args" },
	{ .name = "values", .fn = m_values, .params = "" },
	{ .name = NULL },
};

const struct tmpl_def tmpl_view_methods[] = {
	{ .name = "isdisjoint", .fn = m_isdisjoint, .min = 1, .max = 1, .params = "other" },
	{ .name = NULL },
};
