/* iter.c: walking over values one item at a time, and len(). */
#include "config.h"

#include "template/engine.h"

bool iter_is(struct val v) {
	if (v.type == V_OBJ) {
		const struct obj_class *c = v.u.obj->class;

		return c == &gen_class || c == &range_class || c == &view_class || c == &loop_class || c->list != NULL;
	}
	return v.type == V_STR || v.type == V_LIST || v.type == V_MAP;
}

bool iter_init(struct interp *in, struct val v, struct iter *it) {
	*it = (struct iter){ .in = in, .of = v };
	if (v.type == V_UNDEF)
		return !undef_strict(in, v) || undef_fail(in, v);
	if (is_obj(v, &self_class))     /* no iterator, but it has items, which Python then asks for by number: a block 0 */
		return fail(in, "KeyError", "0");
	if (!iter_is(v))
		return fail_type(in, "'%s' object is not iterable", type_name(v));
	if (v.type == V_MAP)
		it->n = v.u.map->n;
	if (is_obj(v, &view_class))
		it->n = ((struct view *)v.u.obj)->map->n;
	if (is_obj(v, &range_class)) {
		const struct range *r = (const struct range *)v.u.obj;

		it->n = (size_t)range_len(r);
		it->at = r->start;
		it->step = r->step;
	} else if (v.type == V_OBJ && v.u.obj->class->list != NULL) {
		in->effects++;
		return v.u.obj->class->list(v.u.obj, in->a, &it->list, in->e);
	}
	return true;
}

static struct val pair(struct arena *a, struct val key, struct val v) {
	struct list *l = list_new(a, 2);

	l->v[0] = key;
	l->v[1] = v;
	l->n = 2;
	return val_tuple(l);
}

static bool next_entry(struct iter *it, const struct map *m, enum view_kind kind, struct val *out, bool *more) {
	struct map_entry e;

	if (m->n != it->n)
		return fail(it->in, "RuntimeError", "dictionary changed size during iteration");
	*more = it->i < m->n;
	if (!*more)
		return true;
	e = map_pair(m, it->i++);
	*out = kind == VIEW_KEYS || kind == VIEW_SET ? e.key : kind == VIEW_VALUES ? e.val : pair(it->in->a, e.key, e.val);
	return true;
}

static bool next_char(struct iter *it, struct val *out, bool *more) {
	size_t len;

	*more = it->i < it->of.len;
	if (!*more)
		return true;
	(void)utf8_at(it->of, it->i, &len);
	*out = val_copy(it->in->a, it->of.u.s + it->i, len);
	it->i += len;
	return true;
}

static bool next_of(const struct list *l, struct iter *it, struct val *out, bool *more) {
	*more = it->i < l->n;
	if (*more)
		*out = l->v[it->i++];
	return true;
}

bool iter_next(struct iter *it, struct val *out, bool *more) {
	struct val v = it->of;

	if (v.type == V_LIST)
		return next_of(v.u.list, it, out, more);
	if (v.type == V_MAP)
		return next_entry(it, v.u.map, VIEW_KEYS, out, more);
	if (v.type == V_STR)
		return next_char(it, out, more);
	*more = false;
	if (v.type != V_OBJ)
		return true;
	if (it->list != NULL)
		return next_of(it->list, it, out, more);
	if (v.u.obj->class == &view_class)
		return next_entry(it, ((struct view *)v.u.obj)->map, ((struct view *)v.u.obj)->kind, out, more);
	if (v.u.obj->class == &range_class) {
		*more = it->i < it->n;
		*out = val_int(it->at);
		it->at += *more ? it->step : 0;
		it->i++;
		return true;
	}
	if (v.u.obj->class == &gen_class) {
		struct gen *g = (struct gen *)v.u.obj;

		if (g->done)
			return true;
		if (!g->next(g, out, more))
			return false;
		g->done = !*more;
		return true;
	}
	return loop_iter(it->in, v.u.obj, out, more);
}

bool view_minus(struct interp *in, const struct view *v, struct val other, struct val *out) {
	struct iter it = { .in = in, .n = v->map->n };
	struct view *left = arena_new(in->a, struct view, 1);
	struct list *without;
	struct val item;
	bool more = true;
	size_t i;

	if (!iter_list(in, other, &without))
		return false;
	*left = (struct view){ .o.class = &view_class, .kind = VIEW_SET, .map = map_new(in->a, v->map->n) };
	while (next_entry(&it, v->map, v->kind, &item, &more) && more) {
		if (!hashable(in, item))
			return false;
		map_put(left->map, item, val_null());
	}
	for (i = 0; i < without->n; i++) {
		if (!hashable(in, without->v[i]))
			return false;
		map_del(left->map, without->v[i]);
	}
	*out = val_obj(&left->o);
	return true;
}

/* Room for what an iterator gives: of a short list as many as that has, of a long one some. */
static size_t gen_about(const struct gen *g) {
	enum { SOME = 64 };
	struct val of = g->src.of;

	if (of.type != V_LIST || g->done)
		return 0;
	return of.u.list->n - g->src.i < SOME ? of.u.list->n - g->src.i : SOME;
}

bool iter_list(struct interp *in, struct val v, struct list **out) {
	struct iter it;
	struct list *l;
	struct val item;
	bool more;

	if (v.type == V_LIST) {
		*out = v.u.list;
		return true;
	}
	if (!iter_init(in, v, &it))
		return false;
	if (it.list != NULL) {
		*out = it.list;
		return true;
	}
	if (!room(in, (uint64_t)it.n * sizeof(struct val)))
		return false;
	l = list_new(in->a, is_obj(v, &gen_class) ? gen_about((struct gen *)v.u.obj) : it.n);
	while (true) {
		if (!step(in) || !iter_next(&it, &item, &more))
			return false;
		if (!more)
			break;
		if (l->n == l->cap && !room(in, 2 * (uint64_t)l->cap * sizeof(struct val)))
			return false;
		list_push(l, item);
	}
	*out = l;
	return true;
}

bool length(struct interp *in, struct val v, size_t *out, bool *has) {
	*has = true;
	*out = 0;
	switch ((enum vtype)v.type) {
	case V_STR: *out = utf8_count(v.u.s, v.len); return true;
	case V_LIST: *out = v.u.list->n; return true;
	case V_MAP: *out = v.u.map->n; return true;
	case V_UNDEF: return !undef_strict(in, v) || undef_fail(in, v);
	case V_OBJ: break;
	case V_NULL:
	case V_BOOL:
	case V_INT:
	case V_FLOAT:
	case V__COUNT: *has = false; return true;
	}
	if (v.u.obj->class == &range_class) {
		*out = (size_t)range_len((const struct range *)v.u.obj);
	} else if (v.u.obj->class == &view_class) {
		*out = ((struct view *)v.u.obj)->map->n;
	} else if (v.u.obj->class == &loop_class) {
		return loop_length(in, v.u.obj, out);
	} else if (v.u.obj->class->count != NULL) {
		in->effects++;
		return v.u.obj->class->count(v.u.obj, in->a, out, in->e);
	} else {
		*has = false;
	}
	return true;
}

static bool range_equal(const struct obj *o, struct val other) {
	const struct range *a = (const struct range *)o, *b = (const struct range *)other.u.obj;
	int64_t n;

	if (!is_obj(other, &range_class) || (n = range_len(a)) != range_len(b))
		return false;
	return n == 0 || (a->start == b->start && (n == 1 || a->step == b->step));
}

const struct obj_class gen_class = { .name = "generator" }, view_class = { .name = "dict_view" },
	range_class = { .name = "range", .equal = range_equal };
