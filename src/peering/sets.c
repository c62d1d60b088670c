/* sets.c: query sets: objects of one table in order, with what Django's managers and query sets can be asked in a template. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "peering/lookups.h"
#include "peering/values.h"

enum { FIELDS_MAX = 16 };

struct gset *gset_new(struct graph *g, enum table_id t, size_t room) {
	struct gset *s = arena_new(g->a, struct gset, 1);

	*s = (struct gset){ .obj = { &gset_class }, .g = g, .table = t, .o = arena_new(g->a, struct gobj *, room) };
	return s;
}

static int by_rank(const void *x, const void *y) {
	const struct gobj *const *a = x, *const *b = y;

	return ((*a)->rank > (*b)->rank) - ((*a)->rank < (*b)->rank);
}

void gset_sort(struct gset *s) {
	size_t i, n = 0;

	if (s->n > 1)
		qsort(s->o, s->n, sizeof(struct gobj *), by_rank);
	for (i = 0; i < s->n; i++) {
		if (i == 0 || s->o[i] != s->o[n - 1])
			s->o[n++] = s->o[i];
	}
	s->n = n;
}

bool gset_has(const struct gset *s, const struct gobj *o) {
	size_t i;

	for (i = 0; i < s->n && s->o[i] != o; i++)
		;
	return i < s->n;
}

struct gset *gset_union(struct gset *x, struct gset *y) {
	struct gset *s = gset_new(x->g, x->table, x->n + y->n);
	size_t i;

	for (i = 0; i < x->n; i++)
		gset_push(s, x->o[i]);
	for (i = 0; i < y->n; i++)
		gset_push(s, y->o[i]);
	gset_sort(s);
	return s;
}

bool gset_refs(struct gset *s, int column, struct gset **out, struct err *e) {
	struct gset *r = gset_new(s->g, gtables[s->table].columns[column].ref, s->n);
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct gobj *o;

		if (!gobj_ref(s->o[i], column, &o, e))
			return false;
		if (o != NULL)
			gset_push(r, o);
	}
	gset_sort(r);
	*out = r;
	return true;
}

bool gset_filter(struct gset *s, struct call *c, enum match match, struct gset **out) {
	struct gset *r = gset_new(s->g, s->table, s->n);
	struct lookup **l = arena_new(c->a, struct lookup *, c->nkw);
	size_t i, k;

	for (k = 0; k < c->nkw; k++) {
		if (!lookup_parse(c->a, s->g, s->table, c->kwnames[k].u.s, c->kwargs[k], &l[k], c->e))
			return false;
	}
	for (i = 0; i < s->n; i++) {
		bool holds = true;

		for (k = 0; k < c->nkw && holds; k++) {
			if (!lookup_holds(l[k], s->o[i], &holds, c->e))
				return false;
		}
		if (holds == (match == MATCH_FILTER))
			gset_push(r, s->o[i]);
	}
	*out = r;
	return true;
}

bool gset_distinct_on(struct gset *s, struct call *c, const char *field, struct gset **out) {
	struct gset *r = gset_new(s->g, s->table, s->n);
	struct map *seen = map_new(c->a, s->n);
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct val v;

		if (!lookup_value(c->a, s->o[i], field, &v, c->e))
			return false;
		if (map_find(seen, v) != NULL)
			continue;
		map_put(seen, v, val_bool(true));
		gset_push(r, s->o[i]);
	}
	*out = r;
	return true;
}

/* ---- methods: self, call, result */

static struct gset *copy(struct gset *s) {
	struct gset *r = gset_new(s->g, s->table, s->n);

	if (s->n > 0)
		memcpy(r->o, s->o, s->n * sizeof(*r->o));
	r->n = s->n;
	return r;
}

static bool set_all(void *self, struct call *c, struct val *out) {
	(void)c;
	*out = gset_val(copy(self));
	return true;
}

static bool set_none(void *self, struct call *c, struct val *out) {
	struct gset *s = self;

	(void)c;
	*out = gset_val(gset_new(s->g, s->table, 0));
	return true;
}

static bool set_matching(struct gset *s, struct call *c, enum match match, struct val *out) {
	struct gset *r;

	if (c->nargs > 0)
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "filter() and exclude() take keyword arguments, like asn=64500");
	if (!gset_filter(s, c, match, &r))
		return false;
	*out = gset_val(r);
	return true;
}

static bool set_filter(void *self, struct call *c, struct val *out) {
	return set_matching(self, c, MATCH_FILTER, out);
}

static bool set_exclude(void *self, struct call *c, struct val *out) {
	return set_matching(self, c, MATCH_EXCLUDE, out);
}

static bool set_first(void *self, struct call *c, struct val *out) {
	struct gset *s = self;

	(void)c;
	*out = s->n == 0 ? val_null() : gobj_val(s->o[0]);
	return true;
}

static bool set_last(void *self, struct call *c, struct val *out) {
	struct gset *s = self;

	(void)c;
	*out = s->n == 0 ? val_null() : gobj_val(s->o[s->n - 1]);
	return true;
}

static bool set_count(void *self, struct call *c, struct val *out) {
	(void)c;
	*out = val_int((int64_t)((struct gset *)self)->n);
	return true;
}

static bool set_exists(void *self, struct call *c, struct val *out) {
	(void)c;
	*out = val_bool(((struct gset *)self)->n > 0);
	return true;
}

static bool set_contains(void *self, struct call *c, struct val *out) {
	struct gobj *o = c->nargs == 1 ? val_any_gobj(c->args[0]) : NULL;

	*out = val_bool(o != NULL && gset_has(self, o));
	return true;
}

static bool set_get(void *self, struct call *c, struct val *out) {
	struct gset *s = self, *r;

	if (!gset_filter(s, c, MATCH_FILTER, &r))
		return false;
	if (r->n == 0)
		return err_kind(c->e, ERR_TEMPLATE, "DoesNotExist", "%s matching query does not exist.", gtables[s->table].class_name);
	if (r->n > 1)
		return err_kind(c->e, ERR_TEMPLATE, "MultipleObjectsReturned", "get() returned more than one %s -- it returned %zu!",
		    gtables[s->table].class_name, r->n);
	*out = gobj_val(r->o[0]);
	return true;
}

struct keyed {
	struct gobj *o;
	struct val key[FIELDS_MAX];
	const bool *down;
	size_t n;
};

/* PostgreSQL: nulls last going up, first going down. */
static int by_keys(const void *x, const void *y) {
	const struct keyed *a = x, *b = y;
	size_t i;

	for (i = 0; i < a->n; i++) {
		int order = lookup_compare(a->key[i], b->key[i]);

		if (order != 0)
			return a->down[i] ? -order : order;
	}
	return (a->o->rank > b->o->rank) - (a->o->rank < b->o->rank);
}

static bool set_order_by(void *self, struct call *c, struct val *out) {
	struct gset *s = self, *r;
	struct keyed *keys = arena_new(c->a, struct keyed, s->n);
	bool *down = arena_new(c->a, bool, FIELDS_MAX);
	size_t i, k;

	if (c->nargs > FIELDS_MAX)
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "order_by() takes at most %d fields", FIELDS_MAX);
	for (i = 0; i < s->n; i++) {
		keys[i] = (struct keyed){ .o = s->o[i], .down = down, .n = c->nargs };
		for (k = 0; k < c->nargs; k++) {
			const char *field = val_cstr(c->args[k], "");

			down[k] = field[0] == '-';
			if (!lookup_value(c->a, s->o[i], field + (field[0] == '-' || field[0] == '+'), &keys[i].key[k], c->e))
				return false;
		}
	}
	if (s->n > 1)
		qsort(keys, s->n, sizeof(*keys), by_keys);
	r = gset_new(s->g, s->table, s->n);
	for (i = 0; i < s->n; i++)
		gset_push(r, keys[i].o);
	*out = gset_val(r);
	return true;
}

/* latest("-created") is the last in that order, earliest() the first. */
static bool set_at_end(void *self, struct call *c, const char *name, bool last, struct val *out) {
	struct gset *s;

	if (c->nargs == 0)
		return err_kind(c->e, ERR_TEMPLATE, "ValueError", "%s() takes the fields to order by", name);
	if (!set_order_by(self, c, out))
		return false;
	s = val_gset(*out);
	if (s->n == 0)
		return err_kind(c->e, ERR_TEMPLATE, "DoesNotExist", "%s matching query does not exist.", gtables[s->table].class_name);
	*out = gobj_val(s->o[last ? s->n - 1 : 0]);
	return true;
}

static bool set_latest(void *self, struct call *c, struct val *out) {
	return set_at_end(self, c, "latest", true, out);
}

static bool set_earliest(void *self, struct call *c, struct val *out) {
	return set_at_end(self, c, "earliest", false, out);
}

/* union(), intersection(), difference() with other sets of the same kind of objects. */
static bool set_combined(struct gset *s, struct call *c, bool joined, bool kept, struct val *out) {
	struct gset *r = copy(s);

	for (size_t k = 0; k < c->nargs; k++) {
		struct gset *other = val_gset(c->args[k]);
		size_t n = 0;

		if (other == NULL || other->table != s->table)
			return err_kind(c->e, ERR_TEMPLATE, "TypeError", "the arguments must be sets of %s", gtables[s->table].class_name);
		if (joined) {
			r = gset_union(r, other);
			continue;
		}
		for (size_t i = 0; i < r->n; i++) {
			if (gset_has(other, r->o[i]) == kept)
				r->o[n++] = r->o[i];
		}
		r->n = n;
	}
	*out = gset_val(r);
	return true;
}

static bool set_union(void *self, struct call *c, struct val *out) {
	return set_combined(self, c, true, true, out);
}

static bool set_intersection(void *self, struct call *c, struct val *out) {
	return set_combined(self, c, false, true, out);
}

static bool set_difference(void *self, struct call *c, struct val *out) {
	return set_combined(self, c, false, false, out);
}

static bool set_reverse(void *self, struct call *c, struct val *out) {
	struct gset *s = self, *r = gset_new(s->g, s->table, s->n);
	size_t i;

	(void)c;
	for (i = s->n; i > 0; i--)
		gset_push(r, s->o[i - 1]);
	*out = gset_val(r);
	return true;
}

static bool set_distinct(void *self, struct call *c, struct val *out) {
	struct gset *s = copy(self), *next;
	size_t i;

	for (i = 0; i < c->nargs; i++) {
		if (!gset_distinct_on(s, c, val_cstr(c->args[i], ""), &next))
			return false;
		s = next;
	}
	*out = gset_val(s);
	return true;
}

/* A field of values() and values_list(): references are ids there. */
static bool field_value(struct call *c, struct gobj *o, const char *field, struct val *out) {
	if (!lookup_value(c->a, o, field, out, c->e))
		return false;
	if (val_any_gobj(*out) != NULL)
		*out = val_int(val_any_gobj(*out)->id);
	return true;
}

/* The fields asked for, or every column. */
static size_t fields_of(struct gset *s, struct call *c, const char *fields[64]) {
	size_t i, n = 0;

	for (i = 0; i < c->nargs && n < 64; i++)
		fields[n++] = val_cstr(c->args[i], "");
	for (i = 0; c->nargs == 0 && i < gtables[s->table].ncolumns && n < 64; i++) {
		if (gtables[s->table].columns[i].kind != K_HIDDEN)
			fields[n++] = gtables[s->table].columns[i].name;
	}
	return n;
}

static bool set_values(void *self, struct call *c, struct val *out) {
	struct gset *s = self;
	struct list *l = list_new(c->a, s->n);
	const char *fields[64];
	size_t n = fields_of(s, c, fields), i, k;

	for (i = 0; i < s->n; i++) {
		struct map *m = map_new(c->a, n);

		for (k = 0; k < n; k++) {
			struct val v;

			if (!field_value(c, s->o[i], fields[k], &v))
				return false;
			map_set(m, fields[k], v);
		}
		list_push(l, val_map(m));
	}
	*out = val_list(l);
	return true;
}

static bool wants_flat(const struct call *c) {
	size_t i;

	for (i = 0; i < c->nkw; i++) {
		if (strcmp(c->kwnames[i].u.s, "flat") == 0)
			return c->kwargs[i].type == V_BOOL && c->kwargs[i].u.b;
	}
	return false;
}

static bool set_values_list(void *self, struct call *c, struct val *out) {
	struct gset *s = self;
	struct list *l = list_new(c->a, s->n);
	const char *fields[64];
	size_t n = fields_of(s, c, fields), i, k;
	bool flat = wants_flat(c);

	if (flat && n != 1)
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "'flat' is not valid when values_list is called with more than one field.");
	for (i = 0; i < s->n; i++) {
		struct list *row = list_new(c->a, n);
		struct val v = val_null();

		for (k = 0; k < n; k++) {
			if (!field_value(c, s->o[i], fields[k], &v))
				return false;
			list_push(row, v);
		}
		list_push(l, flat ? v : (struct val){ .type = V_LIST, .flags = VF_TUPLE, .u.list = row });
	}
	*out = val_list(l);
	return true;
}

static const struct { const char *name; bound_fn *fn; } set_methods[] = {
	{ "all", set_all }, { "filter", set_filter }, { "exclude", set_exclude }, { "order_by", set_order_by }, { "first", set_first },
	{ "last", set_last }, { "count", set_count }, { "exists", set_exists }, { "get", set_get }, { "values_list", set_values_list },
	{ "values", set_values }, { "distinct", set_distinct }, { "none", set_none }, { "reverse", set_reverse },
	{ "contains", set_contains }, { "latest", set_latest }, { "earliest", set_earliest }, { "union", set_union },
	{ "intersection", set_intersection }, { "difference", set_difference },
	/* what only tells a database how to read */
	{ "select_related", set_all }, { "prefetch_related", set_all }, { "only", set_all }, { "defer", set_all }, { "iterator", set_all },
};

static int set_find(const struct obj *obj, const char *name, size_t len) {
	size_t i;

	(void)obj;
	for (i = 0; i < ARRAY_LEN(set_methods); i++) {
		if (strlen(set_methods[i].name) == len && memcmp(set_methods[i].name, name, len) == 0)
			return (int)i;
	}
	return -1;
}

static bool set_attr(struct obj *obj, int slot, struct arena *a, struct val *out, struct err *e) {
	(void)e;
	*out = bound_val(a, set_methods[slot].name, obj, set_methods[slot].fn);
	return true;
}

static bool set_item(struct obj *obj, struct val key, struct arena *a, struct val *out, struct err *e) {
	struct gset *s = (struct gset *)obj;
	int64_t i = key.u.i;

	(void)a;
	(void)e;
	*out = val_undef();
	if (key.type != V_INT)
		return true;
	if (i < 0)
		i += (int64_t)s->n;
	if (i >= 0 && (uint64_t)i < s->n)
		*out = gobj_val(s->o[i]);
	return true;
}

static bool set_list(struct obj *obj, struct arena *a, struct list **out, struct err *e) {
	struct gset *s = (struct gset *)obj;
	size_t i;

	(void)e;
	*out = list_new(a, s->n);
	for (i = 0; i < s->n; i++)
		list_push(*out, gobj_val(s->o[i]));
	return true;
}

static bool set_len(struct obj *obj, struct arena *a, size_t *n, struct err *e) {
	(void)a;
	(void)e;
	*n = ((struct gset *)obj)->n;
	return true;
}

static bool set_truth(struct obj *obj) {
	return ((struct gset *)obj)->n > 0;
}

static bool set_text(struct obj *obj, struct sbuf *out, struct err *e) {
	struct gset *s = (struct gset *)obj;
	size_t i, most = s->n < 20 ? s->n : 20;

	sb_str(out, "<QuerySet [");
	for (i = 0; i < most; i++) {
		sb_str(out, i == 0 ? "" : ", ");
		if (!gclasses[s->table].repr(&s->o[i]->obj, out, e))
			return false;
	}
	sb_str(out, s->n > most ? ", '...(remaining elements truncated)...']>" : "]>");
	return true;
}

const struct obj_class gset_class = {
	.name = "QuerySet", .find = set_find, .get = set_attr, .item = set_item, .list = set_list, .count = set_len, .truth = set_truth,
	.text = set_text, .repr = set_text,
};

struct gset *val_gset(struct val v) {
	return v.type == V_OBJ && v.u.obj->class == &gset_class ? (struct gset *)v.u.obj : NULL;
}
