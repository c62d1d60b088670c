/* macro.c: macros, and the bodies of call blocks, which are macros without a name. */
#include "config.h"

#include "template/engine.h"

struct macro {
	struct obj o;
	const struct macro_info *m;
	struct act *outer;              /* where it was defined: its names are read when it is called */
	struct ctx *ctx;
	struct tmpl *tmpl;
};

bool macro_new(struct interp *in, const struct macro_info *m, struct val *out) {
	struct macro *o = arena_new(in->a, struct macro, 1);

	*o = (struct macro){ .o.class = &macro_class, .m = m, .outer = in->act, .ctx = in->ctx, .tmpl = in->tmpl };
	*out = val_obj(&o->o);
	return true;
}

static struct val macro_name(const struct macro *m) {
	return m->m->name.type == V_NULL ? val_str("None") : m->m->name;
}

bool macro_str(struct interp *in, struct obj *o, struct sbuf *b) {
	const struct macro *m = (const struct macro *)o;

	if (m->m->name.type == V_NULL)
		sb_str(b, "<Macro anonymous>");
	else
		sb_fmt(b, "<Macro %s>", quoted(in->a, m->m->name));
	return true;
}

bool macro_attr(struct interp *in, struct obj *o, struct val name, struct val *out, bool *found) {
	const struct macro_info *m = ((const struct macro *)o)->m;
	struct list *l;
	uint32_t i;

	*found = true;
	if (strcmp(name.u.s, "name") == 0) {
		*out = m->name;
	} else if (strcmp(name.u.s, "arguments") == 0) {
		l = list_new(in->a, m->params.n);
		for (i = 0; i < m->params.n; i++)
			list_push(l, m->params.v[i]->u.name.name);
		*out = val_tuple(l);
	} else if (strcmp(name.u.s, "catch_kwargs") == 0) {
		*out = val_bool(m->catch_kwargs);
	} else if (strcmp(name.u.s, "catch_varargs") == 0) {
		*out = val_bool(m->catch_varargs);
	} else if (strcmp(name.u.s, "caller") == 0) {
		*out = val_bool(m->catch_caller);
	} else if (strcmp(name.u.s, "explicit_caller") == 0) {
		*out = val_bool(m->explicit_caller);
	} else {
		*found = false;
	}
	return true;
}

/* The keyword of that name, taken out of `left`. */
static bool take(struct map *left, const char *name, struct val *out) {
	const struct val *v = map_find(left, val_str(name));

	if (v == NULL)
		return false;
	*out = *v;
	map_del(left, val_str(name));
	return true;
}

static bool bind_rest(struct interp *in, const struct macro *o, const struct call_args *args, struct map *left) {
	const struct macro_info *m = o->m;
	struct list *rest;
	size_t i;

	if (m->catch_kwargs) {
		in->act->slots[m->kwargs_slot] = val_map(left);
	} else if (left->n > 0) {
		if (map_find(left, val_str("caller")) != NULL)
			return fail(in, "TypeError", "macro %s was invoked with two values for the special caller argument. This is most "
				"likely a bug.", quoted(in->a, macro_name(o)));
		return fail(in, "TypeError", "macro %s takes no keyword argument %s", m->name.type == V_NULL ? "None" :
			quoted(in->a, m->name), quoted(in->a, map_key(left, 0)));
	}
	if (m->catch_varargs) {
		rest = list_new(in->a, 0);
		for (i = m->params.n; i < args->n; i++)
			list_push(rest, args->v[i]);
		in->act->slots[m->varargs_slot] = val_tuple(rest);
	} else if (args->n > m->params.n) {
		return fail(in, "TypeError", "macro %s takes not more than %u argument(s)", m->name.type == V_NULL ? "None" :
			quoted(in->a, m->name), m->params.n);
	}
	return true;
}

/* Values into the slots of the new activation; missing ones stay so. */
static bool bind(struct interp *in, const struct macro *o, const struct call_args *args) {
	const struct macro_info *m = o->m;
	struct val *slots = in->act->slots;
	struct map *left = NULL;
	bool caller = m->explicit_caller && args->n >= m->params.n;
	uint32_t i;
	size_t k;

	if (args->nkw > 0 || m->catch_kwargs)
		left = map_new(in->a, args->nkw);
	for (k = 0; k < args->nkw; k++)
		map_put(left, args->kwnames[k], args->kwargs[k]);
	for (i = 0; i < m->params.n; i++) {
		const struct node *p = m->params.v[i];

		if (i < args->n) {
			slots[p->slot] = args->v[i];
			continue;
		}
		slots[p->slot] = val_missing();
		if (left != NULL)
			take(left, p->u.name.name.u.s, &slots[p->slot]);
		caller = caller || strcmp(p->u.name.name.u.s, "caller") == 0;
	}
	if (m->catch_caller && !caller && m->caller_slot != UINT32_MAX) {
		struct val v = val_null();

		if (left == NULL || !take(left, "caller", &v) || v.type == V_NULL)
			v = undef_new(in, &(struct undef){ .name = val_str("caller"), .hint = "No caller defined" });
		slots[m->caller_slot] = v;
	}
	if (left == NULL && args->n <= m->params.n && !m->catch_varargs)
		return true;
	return bind_rest(in, o, args, left == NULL ? map_new(in->a, 0) : left);
}

static bool defaults(struct interp *in, const struct macro_info *m) {
	uint32_t i, first = m->params.n - m->ndefaults;

	for (i = 0; i < m->params.n; i++) {
		struct val *slot = &in->act->slots[m->params.v[i]->slot];

		if (!is_missing(*slot))
			continue;
		if (i >= first) {
			struct val v;

			if (!eval(in, m->defaults[i - first], &v))
				return false;
			*slot = v;
		} else {
			*slot = undef_new(in, &(struct undef){ .name = m->params.v[i]->u.name.name, .hint = arena_printf(in->a,
				"parameter %s was not provided", quoted(in->a, m->params.v[i]->u.name.name)) });
		}
	}
	return true;
}

bool macro_is(struct val v) {
	return is_obj(v, &macro_class);
}

bool macro_write(struct interp *in, struct obj *obj, const struct call_args *args) {
	const struct macro *o = (const struct macro *)obj;
	struct act *act = in->act;
	struct ctx *ctx = in->ctx;
	struct tmpl *tmpl = in->tmpl;
	bool extended = in->extended, ok;

	if (!enter_call(in))
		return false;
	in->act = act_new(in, o->m->fn, o->outer);
	ok = bind(in, o, args);
	if (ok) {
		in->ctx = o->ctx;
		in->tmpl = o->tmpl;
		in->extended = false;
		enter_scope(in, &o->m->fn->scope);
		ok = defaults(in, o->m) && exec(in, &o->m->fn->body);
	}
	in->act = act;
	in->ctx = ctx;
	in->tmpl = tmpl;
	in->extended = extended;
	leave_call(in);
	return ok;
}

void macro_trace(struct interp *in, const struct obj *o) {
	const struct macro *m = (const struct macro *)o;

	if (m->m->name.type != V_NULL)
		trace_add(in, "  in macro %s of %s\n", m->m->name.u.s, m->tmpl->name == NULL ? "<template>" : m->tmpl->name);
}

bool macro_call(struct interp *in, struct obj *o, const struct call_args *args, struct val *out) {
	size_t before = in->out->len;

	if (!macro_write(in, o, args)) {
		macro_trace(in, o);
		return false;
	}
	*out = val_copy(in->a, in->out->s + before, in->out->len - before);
	out->flags = in->ctx->escape ? VF_SAFE : 0;
	sb_cut(in->out, before);
	return true;
}

bool exec_callblock(struct interp *in, const struct node *n) {
	const struct node *call = n->u.macro.call;
	struct call_args args;
	struct val caller, callee, result, small[ARGS_SMALL];
	struct list *names, *values;
	size_t i;

	if (!macro_new(in, n->u.macro.m, &caller) || !eval(in, call->u.call.of, &callee) || !eval_args(in, call->u.call.args, small, &args))
		return false;
	names = list_new(in->a, args.nkw + 1);
	values = list_new(in->a, args.nkw + 1);
	for (i = 0; i < args.nkw; i++) {
		if (val_equal(args.kwnames[i], val_str("caller")))
			return fail_type(in, "got multiple values for keyword argument 'caller'");
		list_push(names, args.kwnames[i]);
		list_push(values, args.kwargs[i]);
	}
	list_push(names, val_str("caller"));
	list_push(values, caller);
	args.kwnames = names->v;
	args.kwargs = values->v;
	args.nkw++;
	return call_value(in, callee, &args, &result) && write_text(in, result);
}

const struct obj_class macro_class = { .name = "Macro" };
