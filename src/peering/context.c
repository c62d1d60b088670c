/* context.c: config contexts merged into what an object's config_context is. */
#include "config.h"

#include "base/conf.h"
#include "peering/rules.h"

enum list_merge { LISTS_REPLACE, LISTS_KEEP, LISTS_APPEND, LISTS_PREPEND, LISTS_APPEND_RP, LISTS_PREPEND_RP, LISTS__COUNT };

static const char *const list_merges[LISTS__COUNT] = {
	[LISTS_REPLACE] = "replace", [LISTS_KEEP] = "keep", [LISTS_APPEND] = "append", [LISTS_PREPEND] = "prepend",
	[LISTS_APPEND_RP] = "append_rp", [LISTS_PREPEND_RP] = "prepend_rp",
};

struct merge {
	struct arena *a;
	bool recursive;
	enum list_merge lists;
};

static bool list_has(const struct list *l, struct val v) {
	size_t i;

	for (i = 0; i < l->n && !val_equal(l->v[i], v); i++)
		;
	return i < l->n;
}

/* x and then y, x without what y has when `without`. */
static struct val list_join(struct arena *a, const struct list *x, const struct list *y) {
	struct list *l = list_new(a, x->n + y->n);
	size_t i;

	for (i = 0; i < x->n; i++)
		list_push(l, x->v[i]);
	for (i = 0; i < y->n; i++)
		list_push(l, y->v[i]);
	return val_list(l);
}

static const struct list *list_without(struct arena *a, const struct list *x, const struct list *y) {
	struct list *l = list_new(a, x->n);
	size_t i;

	for (i = 0; i < x->n; i++) {
		if (!list_has(y, x->v[i]))
			list_push(l, x->v[i]);
	}
	return l;
}

static struct val merge_lists(const struct merge *m, const struct list *x, const struct list *y) {
	switch (m->lists) {
	case LISTS_KEEP: return list_join(m->a, x, list_new(m->a, 0));
	case LISTS_APPEND: return list_join(m->a, x, y);
	case LISTS_PREPEND: return list_join(m->a, y, x);
	case LISTS_APPEND_RP: return list_join(m->a, list_without(m->a, x, y), y);
	case LISTS_PREPEND_RP: return list_join(m->a, y, list_without(m->a, x, y));
	case LISTS_REPLACE:
	case LISTS__COUNT: break;
	}
	return list_join(m->a, y, list_new(m->a, 0));
}

static struct val merge(const struct merge *m, struct val a, struct val b) {
	struct map *out;
	size_t i;

	/* the same twice is the same, also where lists are joined */
	if (a.type != V_MAP || b.type != V_MAP || a.u.map->n == 0 || val_equal(a, b))
		return b;
	out = map_new(m->a, a.u.map->n + b.u.map->n);
	for (i = 0; i < a.u.map->n; i++)
		map_put(out, map_key(a.u.map, i), map_val(a.u.map, i));
	for (i = 0; i < b.u.map->n; i++) {
		struct val *was = map_find(out, map_key(b.u.map, i)), is = map_val(b.u.map, i);

		if (was != NULL && was->type == V_MAP && is.type == V_MAP && m->recursive)
			is = merge(m, *was, is);
		else if (was != NULL && was->type == V_LIST && is.type == V_LIST)
			is = merge_lists(m, was->u.list, is.u.list);
		map_put(out, map_key(b.u.map, i), is);
	}
	return val_map(out);
}

static struct merge settings(struct arena *a, const struct conf *conf) {
	struct merge m = { .a = a, .recursive = conf == NULL || conf->config_context_recursive_merge, .lists = LISTS_REPLACE };
	int i;

	for (i = 0; conf != NULL && conf->config_context_list_merge != NULL && i < LISTS__COUNT; i++) {
		if (strcmp(conf->config_context_list_merge, list_merges[i]) == 0)
			m.lists = (enum list_merge)i;
	}
	return m;
}

struct val context_merge(struct arena *a, const struct conf *conf, struct val x, struct val y) {
	struct merge m = settings(a, conf);

	return merge(&m, x, y);
}

bool merged_context(struct gobj *o, struct val *out, struct err *e) {
	struct merge m = settings(o->g->a, o->g->conf);
	struct gset *assigned;
	struct val all = val_map(map_new(o->g->a, 0)), local;
	size_t i;

	if (o->context.type != V_UNDEF) {
		*out = o->context;
		return true;
	}
	if (!gobj_assigned(o, T_CONTEXT_ASSIGNMENT, &assigned, e))
		return false;
	for (i = 0; i < assigned->n; i++) {
		struct gobj *context;

		if (!gobj_ref(assigned->o[i], ASSIGNMENT_OTHER, &context, e))
			return false;
		if (context != NULL && context->v[CONTEXT_ACTIVE].type == V_BOOL && context->v[CONTEXT_ACTIVE].u.b)
			all = merge(&m, all, context->v[CONTEXT_DATA]);
	}
	if (!gobj_attr(o, "local_context_data", strlen("local_context_data"), &local, e))
		return false;
	if (local.type == V_MAP && local.u.map->n > 0)
		all = merge(&m, all, local);
	o->context = all.type == V_MAP && all.u.map->n > 0 ? all : val_null();
	*out = o->context;
	return true;
}
