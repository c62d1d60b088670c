/* lookups.c: the lookups that Django's query sets know, evaluated over the graph. */
#include "config.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>

#include "base/json.h"
#include "peering/lookups.h"
#include "peering/values.h"

enum op {
	OP_EXACT, OP_IEXACT, OP_CONTAINS, OP_ICONTAINS, OP_IN, OP_GT, OP_GTE, OP_LT, OP_LTE, OP_STARTSWITH, OP_ISTARTSWITH,
	OP_ENDSWITH, OP_IENDSWITH, OP_ISNULL, OP_RANGE, OP_REGEX, OP_IREGEX, OP_FAMILY, OP_HOST, OP_NET_CONTAINED, OP__COUNT
};

static const char *const op_names[OP__COUNT] = {
	[OP_EXACT] = "exact", [OP_IEXACT] = "iexact", [OP_CONTAINS] = "contains", [OP_ICONTAINS] = "icontains", [OP_IN] = "in",
	[OP_GT] = "gt", [OP_GTE] = "gte", [OP_LT] = "lt", [OP_LTE] = "lte", [OP_STARTSWITH] = "startswith",
	[OP_ISTARTSWITH] = "istartswith", [OP_ENDSWITH] = "endswith", [OP_IENDSWITH] = "iendswith", [OP_ISNULL] = "isnull",
	[OP_RANGE] = "range", [OP_REGEX] = "regex", [OP_IREGEX] = "iregex", [OP_FAMILY] = "family", [OP_HOST] = "host",
	[OP_NET_CONTAINED] = "net_contained",
};

enum { STEPS_MAX = 8 };

struct lookup {
	struct arena *a;
	const char *text;
	const char *step[STEPS_MAX];
	size_t steplen[STEPS_MAX];
	size_t nsteps;
	enum op op;
	struct val wanted;              /* objects are their ids */
	regex_t regex;
};

static bool fail_lookup(struct err *e, const char *kind, const char *text, const char *what) {
	return err_kind(e, ERR_TEMPLATE, kind, "filter on '%s': %s", text, what);
}

static int op_find(const char *s, size_t n) {
	int i;

	for (i = 0; i < OP__COUNT; i++) {
		if (strlen(op_names[i]) == n && memcmp(op_names[i], s, n) == 0)
			return i;
	}
	return -1;
}

/* An object stands for its id, also within a list; a query set for the ids of its objects. */
static struct val plain_wanted(struct arena *a, struct val v) {
	struct gobj *o = val_any_gobj(v);
	struct gset *s = val_gset(v);
	struct list *l;
	size_t i;

	if (o != NULL)
		return val_int(o->id);
	if (s != NULL) {
		l = list_new(a, s->n);
		for (i = 0; i < s->n; i++)
			list_push(l, val_int(s->o[i]->id));
		return val_list(l);
	}
	if (v.type == V_LIST) {
		l = list_new(a, v.u.list->n);
		for (i = 0; i < v.u.list->n; i++)
			list_push(l, plain_wanted(a, v.u.list->v[i]));
		return val_list(l);
	}
	return v;
}

/* Links and reverse relations lead to objects of another table; what is derived leads to a value. */
static bool is_set_attr(enum table_id t, int slot, enum table_id *target) {
	const struct attr *x;

	if (slot < SLOT_ATTR)
		return false;
	x = &gtables[t].attrs[slot - SLOT_ATTR];
	switch (x->kind) {
	case ATTR_LINK: *target = link_target(x->link); return true;
	case ATTR_LINKED:
	case ATTR_REVERSE:
	case ATTR_ASSIGNED: *target = x->table; return true;
	case ATTR_PROPERTY:
	case ATTR_METHOD: return false;
	}
	return false;
}

/* Django names reverse relations without _set in lookups: connection__router. */
static int find_step(struct arena *a, enum table_id t, const char *s, size_t n) {
	int slot = gobj_slot(t, s, n);

	if (slot < 0) {
		const char *with_set = arena_printf(a, "%.*s_set", (int)n, s);

		slot = gobj_slot(t, with_set, strlen(with_set));
	}
	return slot;
}

static bool parse_steps(struct lookup *l, enum table_id t, struct err *e) {
	const char *s = l->text, *next;
	bool open = true;       /* the last step led to objects, so another may follow */

	l->op = OP_EXACT;
	for (; s != NULL; s = next == NULL ? NULL : next + 2) {
		size_t n;
		int slot = -1, op;

		next = strstr(s, "__");
		n = next == NULL ? strlen(s) : (size_t)(next - s);
		if (open && (slot = find_step(l->a, t, s, n)) >= 0) {
			if (l->nsteps == STEPS_MAX)
				return fail_lookup(e, "FieldError", l->text, "the path is too long");
			if (gobj_slot(t, s, n) < 0) {
				s = arena_printf(l->a, "%.*s_set", (int)n, s);
				n += 4;
			}
			l->step[l->nsteps] = s;
			l->steplen[l->nsteps++] = n;
			if (slot >= SLOT_REF && slot < SLOT_LABEL)
				t = gtables[t].columns[slot - SLOT_REF].ref;
			else
				open = is_set_attr(t, slot, &t);
			continue;
		}
		op = op_find(s, n);
		if (op >= 0 && next == NULL && l->nsteps > 0) {
			l->op = (enum op)op;
			continue;
		}
		if (l->nsteps > 0 && !open) {   /* a key of a JSON value */
			if (l->nsteps == STEPS_MAX)
				return fail_lookup(e, "FieldError", l->text, "the path is too long");
			l->step[l->nsteps] = s;
			l->steplen[l->nsteps++] = n;
			continue;
		}
		return err_kind(e, ERR_TEMPLATE, "FieldError", "Cannot resolve keyword '%.*s' into field of %s", (int)n, s,
		    gtables[t].class_name);
	}
	return true;
}

static void regex_done(void *p) {
	regfree(p);
}

bool lookup_parse(struct arena *a, struct graph *g, enum table_id t, const char *text, struct val wanted, struct lookup **out,
    struct err *e) {
	struct lookup *l = arena_new(a, struct lookup, 1);

	(void)g;
	*l = (struct lookup){ .a = a, .text = text, .wanted = plain_wanted(a, wanted) };
	if (!parse_steps(l, t, e))
		return false;
	if ((l->op == OP_IN || l->op == OP_RANGE) && l->wanted.type != V_LIST)
		return fail_lookup(e, "TypeError", text, "needs a list");
	if (l->op == OP_RANGE && l->wanted.u.list->n != 2)
		return fail_lookup(e, "TypeError", text, "needs a list of two");
	if (l->op == OP_REGEX || l->op == OP_IREGEX) {
		if (l->wanted.type != V_STR || l->wanted.len > 500 ||
		    regcomp(&l->regex, l->wanted.u.s, REG_EXTENDED | REG_NOSUB | (l->op == OP_IREGEX ? REG_ICASE : 0)) != 0)
			return fail_lookup(e, "DataError", text, "is not a regular expression");
		arena_defer(a, regex_done, &l->regex);
	}
	*out = l;
	return true;
}

/* ---- comparing */

/* As text, for the lookups that compare text; false for null. */
static bool text_of(struct arena *a, struct val v, const char **s, size_t *n) {
	struct sbuf b;

	if (v.type == V_STR) {
		*s = v.u.s;
		*n = v.len;
		return true;
	}
	if (val_is_null(v))
		return false;
	sb_init(&b, a);
	if (v.type == V_OBJ && v.u.obj->class->text != NULL) {
		struct err ignored;

		if (!v.u.obj->class->text(v.u.obj, &b, &ignored))
			return false;
	} else {
		json_write(&b, v);
	}
	*s = b.s;
	*n = b.len;
	return true;
}

static int fold(char c, bool ignore) {
	return ignore ? tolower((unsigned char)c) : (unsigned char)c;
}

static bool same_at(const char *s, const char *w, size_t n, bool ignore) {
	size_t i;

	for (i = 0; i < n; i++) {
		if (fold(s[i], ignore) != fold(w[i], ignore))
			return false;
	}
	return true;
}

enum place { PLACE_ALL, PLACE_START, PLACE_END, PLACE_ANY };

static bool text_match(struct arena *a, struct val v, struct val wanted, enum place place, bool ignore) {
	const char *s, *w;
	size_t n, m, i;

	if (!text_of(a, v, &s, &n) || !text_of(a, wanted, &w, &m) || m > n)
		return false;
	switch (place) {
	case PLACE_ALL: return n == m && same_at(s, w, n, ignore);
	case PLACE_START: return same_at(s, w, m, ignore);
	case PLACE_END: return same_at(s + n - m, w, m, ignore);
	case PLACE_ANY: break;
	}
	for (i = 0; i + m <= n; i++) {
		if (same_at(s + i, w, m, ignore))
			return true;
	}
	return false;
}

/* Equal as a database would find them: an address and its text, 4 and "4", a time and its text. */
static bool loosely_equal(struct arena *a, struct val v, struct val wanted) {
	struct addr x, y;
	enum addr_kind kx, ky;

	if (val_equal(v, wanted))
		return true;
	if (val_is_addr(v) && val_addr(v, &x, &kx) && val_addr(wanted, &y, &ky))
		return addr_compare(&x, &y) == 0;
	if (v.type == V_INT && wanted.type == V_STR)
		return text_match(a, v, wanted, PLACE_ALL, false);
	if (val_is_time(v) && wanted.type == V_STR)
		return val_equal(v, time_val(a, wanted.u.s));
	return false;
}

int lookup_compare(struct val x, struct val y) {
	bool comparable;
	size_t n;
	int order;

	if (val_is_null(x) || val_is_null(y))
		return val_is_null(x) - val_is_null(y);
	if (x.type == V_STR && y.type == V_STR) {
		n = x.len < y.len ? x.len : y.len;
		order = memcmp(x.u.s, y.u.s, n);
		return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
	}
	if ((x.type == V_INT || x.type == V_BOOL) && (y.type == V_INT || y.type == V_BOOL)) {
		int64_t a = x.type == V_INT ? x.u.i : x.u.b, b = y.type == V_INT ? y.u.i : y.u.b;

		return (a > b) - (a < b);
	}
	if ((x.type == V_INT || x.type == V_FLOAT) && (y.type == V_INT || y.type == V_FLOAT)) {
		double a = x.type == V_INT ? (double)x.u.i : x.u.f, b = y.type == V_INT ? (double)y.u.i : y.u.f;

		return (a > b) - (a < b);
	}
	if (val_any_gobj(x) != NULL && val_any_gobj(y) != NULL)
		return (val_any_gobj(x)->rank > val_any_gobj(y)->rank) - (val_any_gobj(x)->rank < val_any_gobj(y)->rank);
	if (val_is_addr(x) && val_is_addr(y)) {
		struct addr a, b;
		enum addr_kind k;

		return val_addr(x, &a, &k) && val_addr(y, &b, &k) ? addr_compare(&a, &b) : 0;
	}
	if (x.type == V_OBJ && x.u.obj->class->compare != NULL)
		return x.u.obj->class->compare(x.u.obj, y, &comparable);
	return (int)x.type - (int)y.type;
}

/* An address compares with an address that is written as text, a time with its text. */
static int compare_wanted(struct arena *a, struct val v, struct val wanted) {
	struct addr addr;

	if (val_is_addr(v) && wanted.type == V_STR && addr_parse(wanted.u.s, wanted.len, &addr))
		wanted = addr_val(a, addr, ADDR_INTERFACE);
	else if (val_is_time(v) && wanted.type == V_STR)
		wanted = time_val(a, wanted.u.s);
	return lookup_compare(v, wanted);
}

static bool in_list(struct arena *a, struct val v, const struct list *l) {
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (!val_is_null(l->v[i]) && loosely_equal(a, v, l->v[i]))
			return true;
	}
	return false;
}

static bool is_true(struct val v) {
	return (v.type == V_BOOL && v.u.b) || (v.type == V_INT && v.u.i != 0);
}

static bool address_holds(const struct lookup *l, struct val v) {
	struct addr x, y;
	enum addr_kind kind;

	if (!val_addr(v, &x, &kind))
		return false;
	if (l->op == OP_FAMILY)
		return loosely_equal(l->a, val_int(x.family), l->wanted);
	if (!val_addr(l->wanted, &y, &kind))
		return false;
	if (l->op == OP_HOST)
		return x.family == y.family && memcmp(x.b, y.b, sizeof(x.b)) == 0;
	return x.family == y.family && addr_contains(&y, &x);
}

static bool value_holds(const struct lookup *l, struct val v) {
	if (val_any_gobj(v) != NULL)
		v = val_int(val_any_gobj(v)->id);
	if (l->op == OP_ISNULL)
		return val_is_null(v) == is_true(l->wanted);
	if (l->op == OP_EXACT && val_is_null(l->wanted))
		return val_is_null(v);
	if (val_is_null(v))
		return false;
	switch (l->op) {
	case OP_EXACT: return loosely_equal(l->a, v, l->wanted);
	case OP_IEXACT: return text_match(l->a, v, l->wanted, PLACE_ALL, true);
	case OP_CONTAINS:
		return v.type == V_LIST ? in_list(l->a, l->wanted, v.u.list) : text_match(l->a, v, l->wanted, PLACE_ANY, false);
	case OP_ICONTAINS: return text_match(l->a, v, l->wanted, PLACE_ANY, true);
	case OP_IN: return in_list(l->a, v, l->wanted.u.list);
	case OP_GT: return compare_wanted(l->a, v, l->wanted) > 0;
	case OP_GTE: return compare_wanted(l->a, v, l->wanted) >= 0;
	case OP_LT: return compare_wanted(l->a, v, l->wanted) < 0;
	case OP_LTE: return compare_wanted(l->a, v, l->wanted) <= 0;
	case OP_STARTSWITH: return text_match(l->a, v, l->wanted, PLACE_START, false);
	case OP_ISTARTSWITH: return text_match(l->a, v, l->wanted, PLACE_START, true);
	case OP_ENDSWITH: return text_match(l->a, v, l->wanted, PLACE_END, false);
	case OP_IENDSWITH: return text_match(l->a, v, l->wanted, PLACE_END, true);
	case OP_RANGE:
		return compare_wanted(l->a, v, l->wanted.u.list->v[0]) >= 0 && compare_wanted(l->a, v, l->wanted.u.list->v[1]) <= 0;
	case OP_REGEX:
	case OP_IREGEX: {
		const char *s;
		size_t n;

		return text_of(l->a, v, &s, &n) && regexec(&l->regex, s, 0, NULL, 0) == 0;
	}
	case OP_FAMILY:
	case OP_HOST:
	case OP_NET_CONTAINED: return address_holds(l, v);
	case OP_ISNULL:
	case OP__COUNT: break;
	}
	return false;
}

/* ---- walking the path */

static bool step_holds(struct lookup *l, size_t step, struct val v, bool *out, struct err *e);

static bool set_holds(struct lookup *l, size_t step, struct gset *s, bool *out, struct err *e) {
	size_t i;

	*out = s->n == 0 && l->op == OP_ISNULL && is_true(l->wanted);
	for (i = 0; i < s->n && !*out; i++) {
		if (!step_holds(l, step, gobj_val(s->o[i]), out, e))
			return false;
	}
	return true;
}

static bool step_holds(struct lookup *l, size_t step, struct val v, bool *out, struct err *e) {
	struct gobj *o = val_any_gobj(v);
	struct gset *s = val_gset(v);

	if (s != NULL)
		return set_holds(l, step, s, out, e);
	if (step == l->nsteps || val_is_null(v)) {
		*out = value_holds(l, v);
		return true;
	}
	if (o == NULL) {
		struct val *found = v.type == V_MAP ? map_find(v.u.map, val_mem(l->step[step], l->steplen[step])) : NULL;

		return step_holds(l, step + 1, found == NULL ? val_null() : *found, out, e);
	}
	if (!gobj_attr(o, l->step[step], l->steplen[step], &v, e))
		return false;
	return step_holds(l, step + 1, v, out, e);
}

bool lookup_holds(struct lookup *l, struct gobj *o, bool *out, struct err *e) {
	return step_holds(l, 0, gobj_val(o), out, e);
}

bool lookup_value(struct arena *a, struct gobj *o, const char *path, struct val *out, struct err *e) {
	struct lookup *l;
	struct val v = gobj_val(o);
	size_t i;

	if (!lookup_parse(a, o->g, (enum table_id)o->table, path, val_null(), &l, e))
		return false;
	for (i = 0; i < l->nsteps && !val_is_null(v); i++) {
		struct gset *s = val_gset(v);

		if (s != NULL)
			v = s->n == 0 ? val_null() : gobj_val(s->o[0]);
		if (val_any_gobj(v) == NULL)
			break;
		if (!gobj_attr(val_any_gobj(v), l->step[i], l->steplen[i], &v, e))
			return false;
	}
	*out = v;
	return true;
}
