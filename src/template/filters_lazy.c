/* filters_lazy.c: filters that give a one-shot iterator: nothing is done before it is asked for. */
#include "config.h"

#include "template/filters.h"

static bool gen_make(struct interp *in, struct gen *g, struct val over, bool (*next)(struct gen *, struct val *, bool *), struct val *out) {
	g->o.class = &gen_class;
	g->in = in;
	g->next = next;
	g->type = g->type == NULL ? "generator" : g->type;
	*out = val_obj(&g->o);
	return iter_init(in, over, &g->src);
}

static bool empty(struct interp *in, struct val *out) {
	struct gen *g = arena_new(in->a, struct gen, 1);

	g->done = true;
	g->o.class = &gen_class;
	g->type = "generator";
	*out = val_obj(&g->o);
	return true;
}

struct failing {
	struct gen g;
	struct err e;
	const char *hint;
};

static bool failing_next(struct gen *g, struct val *out, bool *more) {
	const struct failing *f = (const struct failing *)g;

	(void)out;
	(void)more;
	*g->in->e = f->e;
	g->in->hint = f->hint;
	return false;
}

/* As Python's generators: what is wrong with the arguments is said when the first item is asked for. */
static bool lazily(struct call *c, bool (*make)(struct call *, struct val *), struct val *out) {
	struct interp *in = interp_of(c);
	struct failing *f;

	if (make(c, out))
		return true;
	f = arena_new(c->a, struct failing, 1);
	f->g = (struct gen){ .o.class = &gen_class, .in = in, .type = "generator", .next = failing_next };
	f->e = *in->e;
	f->hint = in->hint;
	*in->e = (struct err){ 0 };
	in->hint = NULL;
	*out = val_obj(&f->g.o);
	return true;
}

/* ---- map, select, reject and their attribute forms */

struct each {
	struct gen g;
	struct path path;
	struct val dflt, name;
	struct call_args args;
	bool by_attribute, want, truth_only;
};

static bool map_next(struct gen *g, struct val *out, bool *more) {
	struct each *e = (struct each *)g;
	struct val v;

	if (!step(g->in) || !iter_next(&g->src, &v, more))
		return false;
	if (!*more)
		return true;
	if (e->by_attribute)
		return attr_path_get(g->in, &e->path, v, e->dflt, out);
	return call_filter(g->in, e->name, v, &e->args, out);
}

static bool map_attribute(struct call *c, struct each *e) {
	struct interp *in = interp_of(c);
	size_t i;

	e->by_attribute = true;
	e->dflt = val_null();
	for (i = 0; i < c->nkw; i++) {
		if (val_equal(c->kwnames[i], val_str("attribute")))
			e->path = attr_path_parse(c->a, c->kwargs[i]);
		else if (val_equal(c->kwnames[i], val_str("default")))
			e->dflt = c->kwargs[i];
		else
			return fail(in, "FilterArgumentError", "Unexpected keyword argument %s", quoted(c->a, c->kwnames[i]));
	}
	return true;
}

static void rest(struct call *c, size_t skip, struct call_args *args) {
	struct val *v = arena_new(c->a, struct val, c->nargs), *names = arena_new(c->a, struct val, c->nkw),
		*values = arena_new(c->a, struct val, c->nkw);

	args->n = c->nargs - skip;
	if (args->n > 0)
		memcpy(v, c->args + skip, args->n * sizeof(*v));
	if (c->nkw > 0) {
		memcpy(names, c->kwnames, c->nkw * sizeof(*names));
		memcpy(values, c->kwargs, c->nkw * sizeof(*values));
	}
	args->v = v;
	args->kwnames = names;
	args->kwargs = values;
	args->nkw = c->nkw;
}

static bool make_map(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct each *e;
	bool any, attribute = false;
	size_t i;

	if (!truth(in, c->args[0], &any))
		return false;
	if (!any)
		return empty(in, out);
	e = arena_new(c->a, struct each, 1);
	for (i = 0; i < c->nkw; i++)
		attribute = attribute || val_equal(c->kwnames[i], val_str("attribute"));
	if (c->nargs == 1 && attribute) {
		if (!map_attribute(c, e))
			return false;
	} else if (c->nargs == 1) {
		return fail(in, "FilterArgumentError", "map requires a filter argument");
	} else {
		e->name = c->args[1];
		rest(c, 2, &e->args);
	}
	return gen_make(in, &e->g, c->args[0], map_next, out);
}

bool f_map(struct call *c, struct val *out) {
	return lazily(c, make_map, out);
}

static bool select_next(struct gen *g, struct val *out, bool *more) {
	struct each *e = (struct each *)g;
	struct val v;
	bool yes;

	while (true) {
		if (!step(g->in) || !iter_next(&g->src, out, more))
			return false;
		if (!*more)
			return true;
		v = *out;
		if (e->by_attribute && !attr_path_get(g->in, &e->path, v, val_null(), &v))
			return false;
		if (!(e->truth_only ? truth(g->in, v, &yes) : call_test(g->in, e->name, v, &e->args, &yes)))
			return false;
		if (yes == e->want)
			return true;
	}
}

static bool choose(struct call *c, bool want, bool by_attribute, struct val *out) {
	struct interp *in = interp_of(c);
	size_t skip = by_attribute ? 2 : 1;
	struct each *e;
	bool any;

	if (!truth(in, c->args[0], &any))
		return false;
	if (!any)
		return empty(in, out);
	if (by_attribute && c->nargs < 2)
		return fail(in, "FilterArgumentError", "Missing parameter for attribute name");
	e = arena_new(c->a, struct each, 1);
	e->want = want;
	e->by_attribute = by_attribute;
	if (by_attribute)
		e->path = attr_path_parse(c->a, c->args[1]);
	e->truth_only = c->nargs <= skip;
	if (!e->truth_only) {
		e->name = c->args[skip];
		rest(c, skip + 1, &e->args);
	}
	return gen_make(in, &e->g, c->args[0], select_next, out);
}

static bool make_select(struct call *c, struct val *out) {
	return choose(c, true, false, out);
}

static bool make_reject(struct call *c, struct val *out) {
	return choose(c, false, false, out);
}

static bool make_selectattr(struct call *c, struct val *out) {
	return choose(c, true, true, out);
}

static bool make_rejectattr(struct call *c, struct val *out) {
	return choose(c, false, true, out);
}

bool f_select(struct call *c, struct val *out) {
	return lazily(c, make_select, out);
}

bool f_reject(struct call *c, struct val *out) {
	return lazily(c, make_reject, out);
}

bool f_selectattr(struct call *c, struct val *out) {
	return lazily(c, make_selectattr, out);
}

bool f_rejectattr(struct call *c, struct val *out) {
	return lazily(c, make_rejectattr, out);
}

/* ---- unique */

struct unique {
	struct gen g;
	struct path path;
	struct map *seen;
	bool cased;
};

static bool unique_next(struct gen *g, struct val *out, bool *more) {
	struct unique *u = (struct unique *)g;
	struct val key;

	while (true) {
		if (!step(g->in) || !iter_next(&g->src, out, more))
			return false;
		if (!*more)
			return true;
		if (!attr_path_get(g->in, &u->path, *out, val_null(), &key) || !hashable(g->in, key))
			return false;
		key = u->cased ? key : lower_if_text(g->in->a, key);
		if (map_find(u->seen, key) != NULL)
			continue;
		g->in->effects++;
		map_put(u->seen, key, val_null());
		return true;
	}
}

static bool make_unique(struct call *c, struct val *out) {
	struct unique *u = arena_new(c->a, struct unique, 1);

	u->path = attr_path_parse(c->a, c->args[2]);
	u->seen = map_new(c->a, 0);
	return truth(interp_of(c), c->args[1], &u->cased) && gen_make(interp_of(c), &u->g, c->args[0], unique_next, out);
}

bool f_unique(struct call *c, struct val *out) {
	return lazily(c, make_unique, out);
}

/* ---- batch, slice */

struct batch {
	struct gen g;
	int64_t count, at;
	struct val fill;
	struct list *items;
	bool ended, odd;                /* odd: the count is no int */
};

static bool batch_next(struct gen *g, struct val *out, bool *more) {
	struct batch *b = (struct batch *)g;
	struct list *l = b->items;
	struct val v;
	bool got;

	*more = false;
	g->in->effects++;
	while (!b->ended) {
		if (!step(g->in) || !iter_next(&g->src, &v, &got))
			return false;
		if (!got) {
			b->ended = true;
			break;
		}
		if ((int64_t)l->n == b->count) {
			b->items = list_new(g->in->a, 4);
			list_push(b->items, v);
			*out = val_list(l);
			*more = true;
			return true;
		}
		list_push(l, v);
	}
	if (l == NULL || l->n == 0)
		return true;
	if (b->fill.type != V_NULL && b->odd)
		return fail_type(g->in, "what batches are filled to must be an int");
	if (b->fill.type != V_NULL && b->count > (int64_t)l->n && !room(g->in, (uint64_t)b->count * sizeof(v)))
		return false;
	while (b->fill.type != V_NULL && (int64_t)l->n < b->count)
		list_push(l, b->fill);
	*out = val_list(l);
	*more = true;
	b->items = NULL;
	return true;
}

static bool make_batch(struct call *c, struct val *out) {
	struct batch *b = arena_new(c->a, struct batch, 1);

	b->fill = c->args[2];
	b->items = list_new(c->a, 4);
	b->count = -1;                  /* what is no number is never reached */
	b->odd = !is_int(c->args[1]);
	if (is_int(c->args[1]) && !index_of(interp_of(c), c->args[1], &b->count))
		return false;
	return gen_make(interp_of(c), &b->g, c->args[0], batch_next, out);
}

bool f_batch(struct call *c, struct val *out) {
	return lazily(c, make_batch, out);
}

static bool slice_next(struct gen *g, struct val *out, bool *more) {
	struct batch *b = (struct batch *)g;
	struct list *l, *all;
	int64_t n, per, extra, from, to, i;

	if (!b->ended) {
		g->in->effects++;
		if (!iter_list(g->in, b->g.src.of, &b->items))
			return false;
		b->ended = true;
		if (b->count == 0)
			return fail(g->in, "ZeroDivisionError", "integer division or modulo by zero");
	}
	all = b->items;
	*more = b->at < b->count;
	if (!*more || !step(g->in))
		return !*more;
	n = (int64_t)all->n;
	per = n / b->count;
	extra = n % b->count;
	from = b->at * per + (b->at < extra ? b->at : extra);
	to = from + per + (b->at < extra ? 1 : 0);
	l = list_new(g->in->a, (size_t)(to - from) + 1);
	for (i = from; i < to; i++)
		list_push(l, all->v[i]);
	if (b->fill.type != V_NULL && b->at >= extra)
		list_push(l, b->fill);
	b->at++;
	*out = val_list(l);
	return true;
}

static bool make_slice(struct call *c, struct val *out) {
	struct batch *b = arena_new(c->a, struct batch, 1);

	b->fill = c->args[2];
	return index_of(interp_of(c), c->args[1], &b->count) && gen_make(interp_of(c), &b->g, c->args[0], slice_next, out);
}

bool f_slice(struct call *c, struct val *out) {
	return lazily(c, make_slice, out);
}

/* ---- items, reverse */

static bool pass_next(struct gen *g, struct val *out, bool *more) {
	return step(g->in) && iter_next(&g->src, out, more);
}

static struct val view_of(struct arena *a, struct map *m, enum view_kind kind) {
	struct view *v = arena_new(a, struct view, 1);

	*v = (struct view){ .o.class = &view_class, .kind = kind, .map = m };
	return val_obj(&v->o);
}

static bool not_mapping_next(struct gen *g, struct val *out, bool *more) {
	(void)out;
	(void)more;
	return fail(g->in, "TypeError", "Can only get item pairs from a mapping.");
}

bool f_items(struct call *c, struct val *out) {
	struct gen *g = arena_new(c->a, struct gen, 1);
	struct val v = c->args[0];

	if (v.type == V_MAP)
		return gen_make(interp_of(c), g, view_of(c->a, v.u.map, VIEW_ITEMS), pass_next, out);
	if (v.type == V_UNDEF)
		return empty(interp_of(c), out);
	g->o.class = &gen_class;
	g->in = interp_of(c);
	g->type = "generator";
	g->next = not_mapping_next;
	*out = val_obj(&g->o);
	return true;
}

struct reversed {
	struct gen g;
	struct list *l;
	size_t left;
};

static bool reverse_next(struct gen *g, struct val *out, bool *more) {
	struct reversed *r = (struct reversed *)g;

	*more = r->left > 0 && r->left <= r->l->n;
	if (*more)
		*out = r->l->v[--r->left];
	return true;
}

static struct val reverse_text(struct arena *a, struct val v) {
	char *s = arena_alloc(a, (size_t)v.len + 1);
	size_t i, len;

	for (i = 0; i < v.len; i += len) {
		(void)utf8_at(v, i, &len);
		memcpy(s + v.len - i - len, v.u.s + i, len);
	}
	return keep_mark(val_mem(s, v.len), v);
}

bool f_reverse(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct reversed *r = arena_new(c->a, struct reversed, 1);
	struct val v = c->args[0];
	struct list *copy;
	size_t i;

	if (v.type == V_STR) {
		*out = reverse_text(c->a, v);
		return true;
	}
	if (v.type != V_UNDEF && !iter_is(v))
		return fail(in, "FilterArgumentError", "argument must be iterable");
	if (!iter_list(in, v, &r->l))
		return false;
	r->left = r->l->n;
	r->g.type = v.type == V_LIST && !is_tuple(v) ? "list_reverseiterator" : v.type == V_MAP ? "dict_reversekeyiterator" : "reversed";
	if (is_obj(v, &gen_class) || v.type == V_UNDEF) {
		copy = list_new(c->a, r->left);
		for (i = r->left; i-- > 0;)
			list_push(copy, r->l->v[i]);
		*out = val_list(copy);
		return true;
	}
	r->g.o.class = &gen_class;
	r->g.in = in;
	r->g.next = reverse_next;
	*out = val_obj(&r->g.o);
	return true;
}
