/* contexts.c: one config context over another. */
#include "config.h"

#include "base/conf.h"
#include "model/store.h"

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

struct val contexts_merge(struct arena *a, const struct conf *conf, struct val base, struct val over) {
	struct merge m = settings(a, conf);

	return over.type != V_MAP ? base : merge(&m, base, over);
}
