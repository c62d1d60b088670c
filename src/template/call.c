/* call.c: arguments, and calling what can be called. Keywords find their places by the names in a def's `params`. */
#include "config.h"

#include "template/engine.h"

static bool add_positional(struct interp *in, const struct node *dyn, struct call_args *out) {
	struct list *more;
	struct val v, *all;

	if (!eval(in, dyn, &v))
		return false;
	if (!iter_is(v) && v.type != V_UNDEF)
		return fail_type(in, "argument after * must be an iterable, not %s", type_name(v));
	if (!iter_list(in, v, &more))
		return false;
	all = arena_new(in->a, struct val, out->n + more->n);
	if (out->n > 0)
		memcpy(all, out->v, out->n * sizeof(*all));
	if (more->n > 0)
		memcpy(all + out->n, more->v, more->n * sizeof(*all));
	out->v = all;
	out->n += more->n;
	return true;
}

static bool add_keywords(struct interp *in, const struct args *a, struct call_args *out) {
	struct val v = val_null();
	struct map *m;
	size_t more, i, k;

	if (a->dynkw != NULL && !eval(in, a->dynkw, &v))
		return false;
	if (a->dynkw != NULL && v.type == V_UNDEF)
		return undef_fail(in, v);
	if (a->dynkw != NULL && v.type != V_MAP)
		return fail_type(in, "argument after ** must be a mapping, not %s", type_name(v));
	m = v.type == V_MAP ? v.u.map : NULL;
	more = m == NULL ? 0 : m->n;
	out->kwnames = arena_new(in->a, struct val, a->kw.n + more);
	out->kwargs = arena_new(in->a, struct val, a->kw.n + more);
	for (i = 0; i < a->kw.n; i++)
		out->kwnames[out->nkw++] = a->kwnames[i];
	for (i = 0; i < more; i++) {
		if (map_key(m, i).type != V_STR)
			return fail_type(in, "keywords must be strings");
		for (k = 0; k < a->kw.n; k++) {
			if (val_equal(map_key(m, i), a->kwnames[k]))
				return fail_type(in, "got multiple values for keyword argument %s", quoted(in->a, a->kwnames[k]));
		}
		out->kwargs[out->nkw] = map_val(m, i);
		out->kwnames[out->nkw++] = map_key(m, i);
	}
	return true;
}

bool eval_args(struct interp *in, const struct args *a, struct val small[ARGS_SMALL], struct call_args *out) {
	struct val values[ARGS_SMALL];
	struct val *kw = a->kw.n <= ARGS_SMALL ? values : arena_new(in->a, struct val, a->kw.n);
	uint32_t i;

	if (a->pos.n == 0 && a->kw.n == 0 && a->dyn == NULL && a->dynkw == NULL) {
		*out = (struct call_args){ .v = small };
		return true;
	}
	*out = (struct call_args){ .v = a->pos.n <= ARGS_SMALL ? small : arena_new(in->a, struct val, a->pos.n) };
	for (i = 0; i < a->pos.n; i++) {
		if (!eval(in, a->pos.v[i], &out->v[i]))
			return false;
	}
	out->n = a->pos.n;
	if (a->kw.n == 0 && a->dyn == NULL && a->dynkw == NULL)
		return true;
	for (i = 0; i < a->kw.n; i++) {
		if (!eval(in, a->kw.v[i], &kw[i]))
			return false;
	}
	if ((a->dyn != NULL && !add_positional(in, a->dyn, out)) || !add_keywords(in, a, out))
		return false;
	for (i = 0; i < a->kw.n; i++)
		out->kwargs[i] = kw[i];
	return true;
}

static bool place_keywords(struct interp *in, const struct fn *f, const struct call_args *args, struct val *argv, struct call *c) {
	struct list *names = list_new(in->a, args->nkw), *values = list_new(in->a, args->nkw);
	size_t i;
	unsigned k;

	for (i = 0; i < args->nkw; i++) {
		for (k = 0; k < f->nparams; k++) {
			if (val_equal(f->params[k].name, args->kwnames[i]))
				break;
		}
		if (k == f->nparams) {
			if (f->def->max >= 0 && !f->def->any_keyword)
				return fail_type(in, "%s() got an unexpected keyword argument %s", f->def->name, quoted(in->a, args->kwnames[i]));
			list_push(names, args->kwnames[i]);
			list_push(values, args->kwargs[i]);
			continue;
		}
		if (!is_missing(argv[k + 1]))
			return fail_type(in, "%s() got multiple values for argument '%s'", f->def->name, f->params[k].name.u.s);
		argv[k + 1] = args->kwargs[i];
	}
	c->kwnames = names->v;
	c->kwargs = values->v;
	c->nkw = names->n;
	return true;
}

/* More positional arguments than named parameters: only for a def that takes any number. */
static bool call_many(struct interp *in, const struct fn *f, struct val self, const struct call_args *args, struct val *out) {
	struct val *argv = arena_new(in->a, struct val, args->n + 1);
	struct call c = { .a = in->a, .args = argv, .nargs = args->n + 1, .kwnames = args->kwnames, .kwargs = args->kwargs,
		.nkw = args->nkw, .interp = in, .e = in->e };

	argv[0] = self;
	if (args->n > 0)
		memcpy(argv + 1, args->v, args->n * sizeof(*argv));
	return f->def->fn(&c, out);
}

bool call_fn(struct interp *in, const struct fn *f, struct val self, const struct call_args *args, struct val *out) {
	struct val argv[ARGS_MAX + 1];
	struct call c = { .a = in->a, .args = argv, .nargs = f->nparams + 1u, .interp = in, .e = in->e };
	unsigned i;

	if (f->host)
		in->effects++;
	if (f->positional && args->nkw > 0)
		return fail_type(in, "%s() takes no keyword arguments", f->def->name);
	if (args->n < (size_t)f->def->min && args->nkw == 0)
		return fail_type(in, "%s() missing %zu required positional argument%s", f->def->name, (size_t)f->def->min - args->n,
			(size_t)f->def->min - args->n == 1 ? "" : "s");
	if (f->def->max >= 0 && args->n > (size_t)f->def->max)
		return fail_type(in, "%s() takes %d positional arguments but %zu were given", f->def->name, f->def->max + 1, args->n + 1);
	if (f->def->max < 0 || args->n > f->nparams)
		return call_many(in, f, self, args, out);
	argv[0] = self;
	for (i = 0; i < args->n; i++)
		argv[i + 1] = args->v[i];
	for (; i < f->nparams; i++)
		argv[i + 1] = val_missing();
	if (args->nkw > 0 && !place_keywords(in, f, args, argv, &c))
		return false;
	for (i = args->nkw > 0 ? 0 : (unsigned)args->n; i < f->nparams; i++) {
		if (!is_missing(argv[i + 1]))
			continue;
		if (f->params[i].required && i < (unsigned)f->def->min)
			return fail_type(in, "%s() missing 1 required positional argument: '%s'", f->def->name, f->params[i].name.u.s);
		argv[i + 1] = f->params[i].value;
	}
	return f->def->fn(&c, out);
}

bool call_plain(struct interp *in, const struct fn *f, struct val self, const struct args *a, struct val *out) {
	struct val argv[ARGS_MAX + 1];
	struct call c = { .a = in->a, .args = argv, .nargs = f->nparams + 1u, .interp = in, .e = in->e };
	unsigned i;

	if (f->host)
		in->effects++;
	argv[0] = self;
	for (i = 0; i < a->pos.n; i++) {
		if (!eval(in, a->pos.v[i], &argv[i + 1]))
			return false;
	}
	for (; i < f->nparams; i++)
		argv[i + 1] = f->params[i].value;
	return f->def->fn(&c, out);
}

static bool unknown(struct interp *in, const char *what, struct val name, enum table t) {
	struct sbuf b;

	sb_init(&b, in->a);
	if (!hashable(in, name) || !repr(in, name, &b))
		return false;
	if (name.type == V_UNDEF)
		return fail(in, "TemplateRuntimeError", "No %s named %s. (%s; did you forget to quote the callable name?)", what, b.s,
			undef_message(in, name));
	if (name.type == V_STR)
		in->hint = did_you_mean(in->a, name.u.s, in->env->fns[t]);
	return fail(in, "TemplateRuntimeError", "No %s named %s.", what, b.s);
}

bool call_filter(struct interp *in, struct val name, struct val piped, const struct call_args *args, struct val *out) {
	const struct fn *f = name.type == V_STR ? env_fn(in->env, TABLE_FILTERS, name) : NULL;

	return f == NULL ? unknown(in, "filter", name, TABLE_FILTERS) : call_fn(in, f, piped, args, out);
}

bool call_test(struct interp *in, struct val name, struct val piped, const struct call_args *args, bool *out) {
	const struct fn *f = name.type == V_STR ? env_fn(in->env, TABLE_TESTS, name) : NULL;
	struct val v;

	if (f == NULL)
		return unknown(in, "test", name, TABLE_TESTS);
	return call_fn(in, f, piped, args, &v) && truth(in, v, out);
}

struct val bound_method(struct arena *a, const struct fn *f, struct val self) {
	struct method *m = arena_new(a, struct method, 1);

	m->o.class = &method_class;
	m->fn = f;
	m->self = self;
	return val_obj(&m->o);
}

static bool call_host(struct interp *in, struct obj *o, const struct call_args *args, struct val *out) {
	struct call c = { .a = in->a, .args = args->v, .nargs = args->n, .kwnames = args->kwnames, .kwargs = args->kwargs,
		.nkw = args->nkw, .interp = in, .e = in->e };

	in->effects++;
	return o->class->call(o, &c, out);
}

bool call_value(struct interp *in, struct val v, const struct call_args *args, struct val *out) {
	const struct obj_class *c = v.type == V_OBJ ? v.u.obj->class : NULL;

	if (c == &method_class)
		return call_fn(in, ((struct method *)v.u.obj)->fn, ((struct method *)v.u.obj)->self, args, out);
	if (c == &function_class)
		return call_fn(in, (const struct fn *)v.u.obj, val_null(), args, out);
	if (c == &macro_class)
		return macro_call(in, v.u.obj, args, out);
	if (c == &block_class)
		return reference_call(in, v.u.obj, out);
	if (c == &loop_class)
		return loop_call(in, v.u.obj, args, out);
	if (c == &joiner_class)
		return joiner_call(in, v.u.obj, out);
	if (c != NULL && c->call != NULL)
		return call_host(in, v.u.obj, args, out);
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	return fail_type(in, "'%s' object is not callable", type_name(v));
}

const struct obj_class method_class = { .name = "builtin_function_or_method" }, function_class = { .name = "function" };
