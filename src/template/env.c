/* env.c: environments: options, tables of functions, the cache of parsed templates; and the public entry points. */
#include "config.h"

#include <stdlib.h>

#include "template/engine.h"

/* ---- parameters: "width=80, fill=' ', *rest" taken apart */

static struct val constant(struct arena *a, const char *s, size_t n) {
	char *text = arena_strndup(a, s, n), *end;
	double f;

	if (n >= 2 && (s[0] == '\'' || s[0] == '"'))
		return val_copy(a, s + 1, n - 2);
	if (strcmp(text, "none") == 0 || strcmp(text, "None") == 0)
		return val_null();
	if (strcmp(text, "true") == 0 || strcmp(text, "True") == 0 || strcmp(text, "false") == 0 || strcmp(text, "False") == 0)
		return val_bool((text[0] | 0x20) == 't');
	if (strchr(text, '.') == NULL)
		return val_int(strtoll(text, NULL, 10));
	f = strtod(text, &end);
	return val_float(f);
}

static size_t param_end(const char *s) {
	size_t i;
	char quote = '\0';

	for (i = 0; s[i] != '\0' && (quote != '\0' || s[i] != ','); i++) {
		if (quote != '\0')
			quote = s[i] == quote ? '\0' : quote;
		else if (s[i] == '\'' || s[i] == '"')
			quote = s[i];
	}
	return i;
}

static void fn_prepare(struct arena *a, struct fn *f) {
	const char *s = f->def->params == NULL ? "" : f->def->params;
	struct param all[ARGS_MAX];
	size_t n, name, value;

	while (*s != '\0' && f->nparams < ARGS_MAX) {
		s += strspn(s, " ,");
		n = param_end(s);
		if (n == 0)
			break;
		name = strcspn(s, " =,");
		if (s[0] != '*') {
			struct param *p = &all[f->nparams++];

			*p = (struct param){ .name = val_copy(a, s, name < n ? name : n), .required = name >= n };
			value = name + strspn(s + name, " =");
			if (!p->required)
				p->value = constant(a, s + value, n - value);
		}
		s += n;
	}
	f->params = arena_new(a, struct param, f->nparams);
	f->least = (unsigned)f->def->min;
	f->most = (unsigned)f->def->max < f->nparams ? (unsigned)f->def->max : f->nparams;
	if (f->def->max < 0)
		f->least = f->nparams + 1;      /* any number: never plain */
	if (f->nparams > 0)
		memcpy(f->params, all, f->nparams * sizeof(all[0]));
	f->ready = true;
}

static bool is_method(const struct tmpl_def *defs) {
	return defs == tmpl_str_methods || defs == tmpl_str_methods_search || defs == tmpl_list_methods || defs == tmpl_tuple_methods ||
	       defs == tmpl_map_methods;
}

static bool takes_keywords(const char *method) {
	static const char *const names[] = { "split", "rsplit", "splitlines", "expandtabs", "encode", "sort", "format", "update" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], method) == 0)
			return true;
	}
	return false;
}

static void add_table(struct arena *a, struct map *m, const struct tmpl_def *defs, bool host) {
	size_t n = 0, i;
	struct fn *fns;

	while (defs[n].name != NULL)
		n++;
	fns = arena_new(a, struct fn, n);
	for (i = 0; i < n; i++) {
		fns[i].o.class = &function_class;
		fns[i].def = &defs[i];
		fns[i].host = host;
		fns[i].positional = !host && is_method(defs) && !takes_keywords(defs[i].name);
		map_put(m, val_str(defs[i].name), val_obj(&fns[i].o));
	}
}

static struct map *build(struct arena *a, const struct tmpl_def *builtin, const struct tmpl_def *const *more) {
	struct map *m = map_new(a, 64);

	add_table(a, m, builtin, false);
	for (; more != NULL && *more != NULL; more++)
		add_table(a, m, *more, true);
	return m;
}

static const struct fn *lookup(struct arena *a, const struct map *m, struct val name) {
	const struct val *v = map_find(m, name);
	struct fn *f;

	if (v == NULL)
		return NULL;
	f = (struct fn *)v->u.obj;
	if (!f->ready)
		fn_prepare(a, f);
	return f;
}

const struct fn *env_fn(const struct tmpl_env *env, enum table t, struct val name) {
	return lookup(env->a, env->fns[t], name);
}

const struct fn *env_method(const struct tmpl_env *env, enum method_of m, struct val name) {
	return lookup(env->a, env->methods[m], name);
}

/* Which groups have a method of some name, for all the names there are. */
static void build_rows(struct tmpl_env *env) {
	uint32_t total = 0, i, k;

	for (i = 0; i < METHOD__COUNT; i++)
		total += env->methods[i]->n;
	env->by_name = map_new(env->a, total);
	env->method_rows = arena_array(env->a, total, sizeof(*env->method_rows));
	for (i = 0; i < METHOD__COUNT; i++) {
		for (k = 0; k < env->methods[i]->n; k++) {
			struct val name = map_key(env->methods[i], k);

			if (map_find(env->by_name, name) == NULL)
				map_put(env->by_name, name, val_int(env->by_name->n));
			env->method_rows[map_find(env->by_name, name)->u.i][i] = env_method(env, (enum method_of)i, name);
		}
	}
}

const struct fn *const *env_methods(const struct tmpl_env *env, struct val name) {
	const struct val *row = map_find(env->by_name, name);

	return row == NULL ? NULL : env->method_rows[row->u.i];
}

static void free_arena(void *a) {
	arena_free(a);
}

/* A render gives back memory of its arena in between, so what lives as long as the environment is kept apart from it. */
static struct arena *own_arena(struct arena *a) {
	struct arena *own = arena_new_root();

	arena_defer(a, free_arena, own);
	return own;
}

struct tmpl_env *tmpl_env_new(struct arena *a, const struct tmpl_options *o) {
	static const struct tmpl_def *const methods[METHOD__COUNT] = {
		[METHOD_STR] = tmpl_str_methods, [METHOD_LIST] = tmpl_list_methods, [METHOD_TUPLE] = tmpl_tuple_methods,
		[METHOD_MAP] = tmpl_map_methods, [METHOD_RANGE] = tmpl_tuple_methods, [METHOD_LOOP] = tmpl_loop_methods,
		[METHOD_CYCLER] = tmpl_cycler_methods, [METHOD_INT] = tmpl_int_methods, [METHOD_FLOAT] = tmpl_float_methods,
		[METHOD_BYTES] = tmpl_bytes_methods, [METHOD_VIEW] = tmpl_view_methods,
	};
	struct tmpl_env *env = arena_new(a, struct tmpl_env, 1);
	int i;

	a = own_arena(a);
	env->a = a;
	env->o = *o;
	env->fns[TABLE_FILTERS] = build(a, tmpl_filters, o->filters);
	env->fns[TABLE_TESTS] = build(a, tmpl_tests, o->tests);
	env->fns[TABLE_GLOBALS] = build(a, tmpl_globals, o->globals);
	if (o->ext_i18n)
		add_table(a, env->fns[TABLE_GLOBALS], tmpl_i18n_globals, false);
	for (i = 0; i < METHOD__COUNT; i++)
		env->methods[i] = build(a, methods[i], NULL);
	add_table(a, env->methods[METHOD_STR], tmpl_str_methods_search, false);
	build_rows(env);
	env->cache = map_new(a, 0);
	return env;
}

struct val env_global(const struct tmpl_env *env, struct val name, uint32_t hash) {
	const struct val *v = map_find_hash(env->fns[TABLE_GLOBALS], name, hash);

	if (v == NULL)
		return val_missing();
	lookup(env->a, env->fns[TABLE_GLOBALS], name);
	return *v;
}

/* ---- templates */

static bool ends_with(const char *s, const char *end) {
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcasecmp(s + n - k, end) == 0;
}

static bool escapes(const struct tmpl_options *o, const char *name) {
	switch (o->escape) {
	case TMPL_PLAIN: return false;
	case TMPL_ESCAPE: return true;
	case TMPL_ESCAPE_BY_NAME: break;
	}
	return name == NULL || ends_with(name, ".html") || ends_with(name, ".htm") || ends_with(name, ".xml");
}

bool tmpl_parse(struct tmpl_env *env, const char *name, const char *text, size_t len, struct tmpl **out, struct tmpl_err *e) {
	struct tmpl *t = arena_new(env->a, struct tmpl, 1);

	t->env = env;
	t->name = name == NULL ? NULL : arena_strdup(env->a, name);
	t->text = text;
	t->len = len;
	t->escape = escapes(&env->o, name);
	*e = (struct tmpl_err){ 0 };
	if (env->o.limits.output > 0 && len > env->o.limits.output) {
		e->text = "the source is too long";
		return err_kind(&e->e, ERR_TEMPLATE, "LimitError", "the source has more than %zu bytes", env->o.limits.output);
	}
	if (!parse_template(env->a, t, e))
		return false;
	*out = t;
	return true;
}

static void cache_add(struct tmpl_env *env, const char *name, struct tmpl *t) {
	if (env->ntemplates == env->room) {
		size_t room = env->room == 0 ? 8 : env->room * 2;

		env->templates = arena_grow(env->a, env->templates, env->room * sizeof(*env->templates), room * sizeof(*env->templates));
		env->room = room;
	}
	map_put(env->cache, val_copy(env->a, name, strlen(name)), val_int((int64_t)env->ntemplates));
	env->templates[env->ntemplates++] = t;
}

bool tmpl_get(struct tmpl_env *env, const char *name, struct tmpl **out, struct tmpl_err *e) {
	const struct val *known = map_find(env->cache, val_str(name));
	const char *text;
	size_t len;

	*e = (struct tmpl_err){ 0 };
	if (known != NULL) {
		*out = env->templates[known->u.i];
		return true;
	}
	if (env->o.loader == NULL || !env->o.loader->load(env->o.loader, env->a, name, &text, &len, &e->e)) {
		if (e->e.code == ERR_NONE)
			err_kind(&e->e, ERR_TEMPLATE, "TemplateNotFound", "%s", name);
		e->text = arena_printf(env->a, "there is no template \"%s\"", name);
		return false;
	}
	if (!tmpl_parse(env, name, text, len, out, e))
		return false;
	cache_add(env, name, *out);
	return true;
}

static void start(struct interp *in, struct tmpl *t, struct arena *a, struct sbuf *out, struct err *e) {
	in->env = t->env;
	in->a = a;
	in->out = out;
	in->e = e;
	in->tmpl = t;
	in->arena_start = arena_used(a);
	in->stack = __builtin_frame_address(0);
	in->modules = map_new(a, 0);
	limits_start(in);
}

bool tmpl_render(struct tmpl *t, struct arena *a, const struct map *context, void *host, struct sbuf *out, struct tmpl_err *e) {
	struct interp in = { .host = host };
	struct ctx *ctx;
	size_t before = out->len;

	*e = (struct tmpl_err){ 0 };
	start(&in, t, a, out, &e->e);
	in.run = ++t->env->runs;
	ctx = ctx_new(&in, t);
	ctx->base = context;
	if (run_template(&in, t, ctx) && limits_check(&in))
		return true;
	sb_cut(out, before);
	error_finish(&in, e);
	return false;
}

void *tmpl_host(const struct call *c) {
	return interp_of(c)->host;
}

bool tmpl_text(struct call *c, struct val v, struct sbuf *out) {
	return str(interp_of(c), v, out);
}

bool tmpl_truth(struct call *c, struct val v, bool *out) {
	return truth(interp_of(c), v, out);
}

bool tmpl_attr(struct call *c, struct val v, const char *name, struct val *out) {
	return get_attr_name(interp_of(c), v, val_str(name), out);
}

bool tmpl_iterate(struct call *c, struct val v, struct list **out) {
	return iter_list(interp_of(c), v, out);
}
