/* eval.c: expressions. One switch over the kinds of node; what a kind does is a function above it. */
#include "config.h"

#include <math.h>

#include "template/engine.h"

static inline struct val name_value(struct interp *in, const struct node *n) {
	struct val v = *act_slot(in, n->hops, n->slot);

	if (v.type == V_UNDEF && (is_missing(v) || v.u.undef == NULL))
		return (struct val){ .type = V_UNDEF, .u.undef = n->u.name.undef };
	return v;
}

/* Names and constants are most of what there is to evaluate. */
static inline bool eval_leaf(struct interp *in, const struct node *n, struct val *out) {
	if (n->kind == N_NAME)
		*out = name_value(in, n);
	else if (n->kind == N_CONST)
		*out = n->u.val;
	else
		return eval(in, n, out);
	return true;
}

static NOINLINE bool eval_items(struct interp *in, const struct node *n, struct val *out) {
	struct list *l = list_new(in->a, n->u.items.n);
	uint32_t i;

	for (i = 0; i < n->u.items.n; i++) {
		if (!eval(in, n->u.items.v[i], &l->v[i]))
			return false;
	}
	l->n = n->u.items.n;
	*out = n->kind == N_TUPLE ? val_tuple(l) : val_list(l);
	return true;
}

static NOINLINE bool eval_dict(struct interp *in, const struct node *n, struct val *out) {
	struct map *m = map_new(in->a, n->u.items.n / 2);
	struct val key, v;
	uint32_t i;

	for (i = 0; i + 1 < n->u.items.n; i += 2) {
		if (!eval(in, n->u.items.v[i], &key) || !eval(in, n->u.items.v[i + 1], &v) || !hashable(in, key))
			return false;
		map_put(m, key, v);
	}
	*out = val_map(m);
	return true;
}

static NOINLINE bool eval_concat(struct interp *in, const struct node *n, struct val *out) {
	struct list *l = list_new(in->a, n->u.items.n);
	bool mark = n->esc == ESC_YES, safe = false;
	struct sbuf b;
	uint32_t i;

	for (i = 0; i < n->u.items.n; i++) {
		if (!eval(in, n->u.items.v[i], &l->v[i]))
			return false;
		safe = safe || is_safe(l->v[i]) || is_obj(l->v[i], &module_class);
	}
	safe = safe && mark && !(n->flags & NF_CONST);
	sb_init(&b, in->a);
	for (i = 0; i < n->u.items.n; i++) {
		struct val v = l->v[i];

		if (safe && !escape_val(in, v, &v))
			return false;
		if (!str(in, v, &b) || !room(in, b.len))
			return false;
	}
	*out = val_mem(b.s, b.len);
	out->flags = safe ? VF_SAFE : 0;
	return true;
}

static bool compare(struct interp *in, enum op op, struct val a, struct val b, bool *out) {
	switch ((int)op) {
	case OP_EQ: return equal(in, a, b, out);
	case OP_NE:
		if (!equal(in, a, b, out))
			return false;
		*out = !*out;
		return true;
	case OP_IN: return contains(in, a, b, out);
	case OP_NOTIN:
		if (!contains(in, a, b, out))
			return false;
		*out = !*out;
		return true;
	default: return order(in, op, a, b, out);
	}
}

/* Most of what is compared in conditions: two integers. */
static bool compare_ints(enum op op, int64_t a, int64_t b) {
	switch ((int)op) {
	case OP_EQ: return a == b;
	case OP_NE: return a != b;
	case OP_LT: return a < b;
	case OP_LE: return a <= b;
	case OP_GT: return a > b;
	default: return a >= b;
	}
}

static NOINLINE bool eval_compare(struct interp *in, const struct node *n, struct val *out) {
	struct val left, right;
	bool yes = true;
	uint32_t i;

	if (!eval_leaf(in, n->u.cmp.first, &left))
		return false;
	for (i = 0; yes && i < n->u.cmp.rest.n; i++) {
		enum op op = (enum op)n->u.cmp.ops[i];

		if (!eval_leaf(in, n->u.cmp.rest.v[i], &right))
			return false;
		if (left.type == V_INT && right.type == V_INT && op < OP_IN)
			yes = compare_ints(op, left.u.i, right.u.i);
		else if (!compare(in, op, left, right, &yes))
			return false;
		left = right;
	}
	*out = val_bool(yes);
	return true;
}

static NOINLINE bool eval_cond(struct interp *in, const struct node *n, struct val *out) {
	struct val test;
	bool yes;

	if (!eval(in, n->u.x.a, &test) || !truth(in, test, &yes))
		return false;
	if (yes)
		return eval(in, n->u.x.b, out);
	if (n->u.x.c != NULL)
		return eval(in, n->u.x.c, out);
	if (n->u.x.undef == NULL) {
		union { const struct node *in; struct node *out; } cache = { .in = n };
		struct undef *u = arena_new(in->env->a, struct undef, 1);
		const char *name = in->tmpl->name == NULL ? "" : arena_printf(in->env->a, " in %s", quoted(in->a, val_str(in->tmpl->name)));

		u->plain = true;
		u->hint = arena_printf(in->env->a,
			"the inline if-expression on line %u%s evaluated to false and no else section was defined.", n->line, name);
		cache.out->u.x.undef = u;
	}
	*out = (struct val){ .type = V_UNDEF, .u.undef = n->u.x.undef };
	return true;
}

static NOINLINE bool eval_logic(struct interp *in, const struct node *n, struct val *out) {
	bool yes;

	if (!eval(in, n->u.x.a, out) || !truth(in, *out, &yes))
		return false;
	return yes == (n->kind == N_OR) || eval(in, n->u.x.b, out);
}

static bool eval_slice_parts(struct interp *in, const struct node *n, struct val part[3]) {
	struct node *const nodes[3] = { n->u.x.a, n->u.x.b, n->u.x.c };
	int i;

	for (i = 0; i < 3; i++) {
		part[i] = val_null();
		if (nodes[i] != NULL && !eval(in, nodes[i], &part[i]))
			return false;
	}
	return true;
}

static NOINLINE bool eval_slice(struct interp *in, const struct node *n, struct val *out) {
	struct slice *s = arena_new(in->a, struct slice, 1);

	s->o.class = &slice_class;
	*out = val_obj(&s->o);
	return eval_slice_parts(in, n, s->part);
}

/* A slice of constants is computed when Jinja2 parses, where a wrong type only means that there is nothing. */
static bool folded(struct interp *in, const struct node *n, struct val *out) {
	if (!(n->flags & NF_CONST) || strcmp(in->e->kind, "TypeError") != 0)
		return false;
	*in->e = (struct err){ 0 };
	*out = val_undef();
	return true;
}

static NOINLINE bool eval_getitem(struct interp *in, const struct node *n, struct val *out) {
	struct val of, key, part[3];

	if (!eval(in, n->u.x.a, &of))
		return false;
	if (n->u.x.b->kind == N_SLICE)
		return eval_slice_parts(in, n->u.x.b, part) && (get_slice(in, of, part, out) || folded(in, n, out));
	return eval(in, n->u.x.b, &key) && get_item(in, of, key, out);
}

static inline bool eval_getattr(struct interp *in, const struct node *n, struct val *out) {
	struct val of;

	if (!eval_leaf(in, n->u.attr.of, &of))
		return false;
	if (attr_is_where_it_was(in, of, n)) {
		*out = *map_at(of.u.map, n->u.attr.place);
		return true;
	}
	return get_attr(in, of, n, out);
}

/* `x.method(...)` of a text, list or dict: without making an object of the method. */
static NOINLINE bool eval_method(struct interp *in, const struct node *n, struct val *out, bool *done) {
	const struct node *callee = n->u.call.of;
	struct call_args args;
	const struct fn *m;
	struct val of, small[ARGS_SMALL];
	int group;

	if (!eval(in, callee->u.attr.of, &of))
		return false;
	group = method_group(of);
	m = group < 0 || callee->u.attr.methods == NULL ? NULL : callee->u.attr.methods[group];
	*done = m != NULL;
	if (m == NULL)
		return get_attr(in, of, callee, out);
	if (call_is_plain(m, n->u.call.args))
		return call_plain(in, m, of, n->u.call.args, out);
	return eval_args(in, n->u.call.args, small, &args) && call_fn(in, m, of, &args, out);
}

static NOINLINE bool eval_call(struct interp *in, const struct node *n, struct val *out) {
	struct call_args args;
	struct val callee, small[ARGS_SMALL];
	bool done = false;

	if (n->u.call.of->kind == N_GETATTR) {
		if (!eval_method(in, n, &callee, &done))
			return false;
		if (done) {
			*out = callee;
			return true;
		}
	} else if (!eval(in, n->u.call.of, &callee)) {
		return false;
	}
	return eval_args(in, n->u.call.args, small, &args) && call_value(in, callee, &args, out);
}

static bool unknown_fn(struct interp *in, const struct node *n) {
	return fail(in, "TemplateRuntimeError", "No %s named %s found.", n->kind == N_FILTER ? "filter" : "test",
		quoted(in->a, n->u.call.name));
}

bool eval_filter_on(struct interp *in, const struct node *n, struct val piped, struct val *out) {
	struct call_args args;
	struct val small[ARGS_SMALL];

	if (n->u.call.of != NULL) {                     /* of a filter block or set: the innermost takes the text */
		if (n->u.call.of->kind != N_FILTER)
			return fail_type(in, "a filter block takes filters only");
		if (!eval_filter_on(in, n->u.call.of, piped, &piped))
			return false;
	}
	if (n->u.call.fn == NULL)
		return unknown_fn(in, n);
	if (!eval_args(in, n->u.call.args, small, &args))
		return false;
	if (call_fn(in, n->u.call.fn, piped, &args, out))
		return true;
	if (in->at == NULL) {
		in->at = n;
		in->at_tmpl = in->tmpl;
	}
	return false;
}

static NOINLINE bool eval_filter(struct interp *in, const struct node *n, struct val *out) {
	struct call_args args;
	struct val piped, small[ARGS_SMALL];

	if (n->u.call.fn == NULL)
		return unknown_fn(in, n);
	if (!eval_leaf(in, n->u.call.of, &piped))
		return false;
	if (call_is_plain(n->u.call.fn, n->u.call.args))
		return call_plain(in, n->u.call.fn, piped, n->u.call.args, out);
	return eval_args(in, n->u.call.args, small, &args) && call_fn(in, n->u.call.fn, piped, &args, out);
}

static NOINLINE bool eval_not(struct interp *in, const struct node *n, struct val *out) {
	struct val v;
	bool yes;

	if (!eval(in, n->u.x.a, &v) || !truth(in, v, &yes))
		return false;
	*out = val_bool(!yes);
	return true;
}

/* Jinja2 writes a constant that it computed into its code as it prints: `(-2) ** x` becomes -2 ** x, which is -(2 ** x). */
static NOINLINE bool power_of_constant(struct interp *in, const struct node *n, struct val *out) {
	struct val a, b;
	double f;
	bool negative;

	if (!eval(in, n->u.x.a, &a) || !eval(in, n->u.x.b, &b))
		return false;
	negative = is_number(a) && to_float(a, &f) && signbit(f);
	if (negative && !arith_unary(in, OP_NEG, a, &a))
		return false;
	return arith(in, OP_POW, a, b, out) && (!negative || arith_unary(in, OP_NEG, *out, out));
}

static NOINLINE bool eval_binary(struct interp *in, const struct node *n, struct val *out) {
	struct val a, b;

	if (n->op == OP_POW && (n->flags & NF_CONST))
		return power_of_constant(in, n, out);
	return eval_leaf(in, n->u.x.a, &a) && eval_leaf(in, n->u.x.b, &b) && arith(in, (enum op)n->op, a, b, out);
}

static NOINLINE bool eval_unary(struct interp *in, const struct node *n, struct val *out) {
	struct val v;

	return eval(in, n->u.x.a, &v) && arith_unary(in, (enum op)n->op, v, out);
}

static bool eval_node(struct interp *in, const struct node *n, struct val *out) {
	switch ((int)n->kind) {
	case N_TUPLE:
	case N_LIST: return eval_items(in, n, out);
	case N_DICT: return eval_dict(in, n, out);
	case N_UNARY: return eval_unary(in, n, out);
	case N_BINARY: return eval_binary(in, n, out);
	case N_AND:
	case N_OR: return eval_logic(in, n, out);
	case N_NOT: return eval_not(in, n, out);
	case N_CONCAT: return eval_concat(in, n, out);
	case N_COMPARE: return eval_compare(in, n, out);
	case N_COND: return eval_cond(in, n, out);
	case N_GETITEM: return eval_getitem(in, n, out);
	case N_SLICE: return eval_slice(in, n, out);
	case N_CALL: return eval_call(in, n, out);
	case N_FILTER:
	case N_TEST: return eval_filter(in, n, out);
	default: return fail(in, "TemplateRuntimeError", "this cannot be computed");
	}
}

bool eval(struct interp *in, const struct node *n, struct val *out) {
	if (n->kind == N_CONST) {
		*out = n->u.val;
		return true;
	}
	if (n->kind == N_NAME) {
		*out = name_value(in, n);
		return true;
	}
	if (step(in) && (n->kind == N_GETATTR ? eval_getattr(in, n, out) : eval_node(in, n, out)))
		return true;
	if (in->at == NULL) {
		in->at = n;
		in->at_tmpl = in->tmpl;
	}
	return false;
}

/* ---- assignment */

static bool assign_tuple(struct interp *in, const struct node *target, struct val v) {
	uint32_t want = target->u.items.n, i;
	struct iter it;
	struct list *got;
	struct val item;
	bool more = true;

	if (v.type != V_UNDEF && !iter_is(v))
		return fail_type(in, "cannot unpack non-iterable %s object", type_name(v));
	if (v.type == V_LIST) {
		got = v.u.list;
	} else {
		if (!iter_init(in, v, &it))
			return false;
		got = list_new(in->a, want + 1);
		while (got->n <= want) {
			if (!iter_next(&it, &item, &more))
				return false;
			if (!more)
				break;
			list_push(got, item);
		}
	}
	if (got->n < want)
		return fail(in, "ValueError", "not enough values to unpack (expected %u, got %u)", want, got->n);
	if (got->n > want)
		return fail(in, "ValueError", "too many values to unpack (expected %u)", want);
	for (i = 0; i < want; i++) {
		if (!assign(in, target->u.items.v[i], got->v[i]))
			return false;
	}
	return true;
}

static bool assign_attr(struct interp *in, const struct node *target, struct val v) {
	struct val ns = name_value(in, target), *old;

	if (!is_obj(ns, &namespace_class))
		return fail(in, "TemplateRuntimeError", "cannot assign attribute on non-namespace object");
	old = map_find(((struct ns *)ns.u.obj)->attrs, target->u.name.attr);
	if (old != NULL && v.type >= V_NULL && v.type <= V_FLOAT) {
		*old = v;               /* a number keeps no memory */
		return true;
	}
	in->effects++;
	map_put(((struct ns *)ns.u.obj)->attrs, target->u.name.attr, v);
	return true;
}

bool assign(struct interp *in, const struct node *target, struct val v) {
	if (target->kind == N_TUPLE)
		return assign_tuple(in, target, v);
	if (target->kind == N_NSREF)
		return assign_attr(in, target, v);
	*act_slot(in, target->hops, target->slot) = v;
	return true;
}
