/* inherit.c: contexts; templates that extend, include and import one another. */
#include "config.h"

#include "template/engine.h"

/* The definitions of a block, the most derived first. */
struct definition {
	const struct node *block;
	struct tmpl *tmpl;
};

struct block_stack {
	struct obj o;                   /* never seen: a map holds it */
	struct definition *v;
	size_t n, cap;
};

struct reference {                      /* self.x, super */
	struct obj o;
	struct ctx *ctx;
	struct val name;
	size_t depth;
};

struct module {
	struct obj o;
	struct ctx *ctx;
	struct val text;
};

static struct block_stack *stack_of(const struct ctx *ctx, struct val name) {
	const struct val *v = ctx->blocks == NULL ? NULL : map_find(ctx->blocks, name);

	return v == NULL ? NULL : (struct block_stack *)v->u.obj;
}

static void add_blocks(struct interp *in, struct ctx *ctx, struct tmpl *t) {
	const struct node *b;

	for (b = t->blocks; b != NULL; b = b->u.block->next) {
		struct block_stack *s;

		if (ctx->blocks == NULL)
			ctx->blocks = map_new(in->a, 0);
		if ((s = stack_of(ctx, b->u.block->name)) == NULL) {
			s = arena_new(in->a, struct block_stack, 1);
			map_put(ctx->blocks, b->u.block->name, val_obj(&s->o));
		}
		if (s->n == s->cap) {
			s->v = arena_grow(in->a, s->v, s->cap * sizeof(*s->v), (s->cap + 2) * 2 * sizeof(*s->v));
			s->cap = (s->cap + 2) * 2;
		}
		s->v[s->n++] = (struct definition){ .block = b, .tmpl = t };
	}
}

struct ctx *ctx_new(struct interp *in, struct tmpl *t) {
	struct ctx *c = arena_new(in->a, struct ctx, 1);

	c->vars = map_new(in->a, 0);
	c->exported = map_new(in->a, 0);
	c->escape = t->escape;
	c->tmpl = t;
	add_blocks(in, c, t);
	return c;
}

static bool found(const struct map *m, struct val name, uint32_t hash, struct val *out) {
	const struct val *v = m == NULL ? NULL : map_find_hash(m, name, hash);

	if (v == NULL || (v->type == V_UNDEF && v->u.undef == NULL))
		return false;
	*out = *v;
	return true;
}

struct val ctx_resolve(struct interp *in, struct val name, uint32_t hash) {
	const struct ctx *c;
	struct val v;

	for (c = in->ctx; c != NULL; c = c->parent) {
		if (found(c->vars, name, hash, &v) || found(c->locals, name, hash, &v) || found(c->base, name, hash, &v))
			return v;
	}
	return env_global(in->env, name, hash);
}

void ctx_export(struct interp *in, struct val name, struct val v) {
	in->effects++;
	map_put(in->ctx->vars, name, v);
	if (name.len > 0 && name.u.s[0] != '_')
		map_put(in->ctx->exported, name, val_null());
}

static void add_names(struct map *to, const struct map *from) {
	size_t i;

	for (i = 0; from != NULL && i < from->n; i++)
		map_put(to, map_key(from, i), val_null());
}

const char *ctx_suggest(struct interp *in, const char *name) {
	struct map *known = map_new(in->a, 0);
	const struct ctx *c;

	for (c = in->ctx; c != NULL; c = c->parent) {
		add_names(known, c->vars);
		add_names(known, c->locals);
		add_names(known, c->base);
	}
	add_names(known, in->env->fns[TABLE_GLOBALS]);
	map_del(known, val_str(name));
	return did_you_mean(in->a, name, known);
}

/* ---- running */

struct saved {
	struct act *act;
	struct ctx *ctx;
	struct tmpl *tmpl, *parent;
	bool extended;
	enum flow flow;
};

static struct saved save(const struct interp *in) {
	return (struct saved){ .act = in->act, .ctx = in->ctx, .tmpl = in->tmpl, .parent = in->parent, .extended = in->extended,
		.flow = in->flow };
}

static void restore(struct interp *in, const struct saved *s) {
	in->act = s->act;
	in->ctx = s->ctx;
	in->tmpl = s->tmpl;
	in->parent = s->parent;
	in->extended = s->extended;
	in->flow = s->flow;
}

static struct val self_reference(struct interp *in) {
	struct reference *r = arena_new(in->a, struct reference, 1);

	r->o.class = &self_class;
	r->ctx = in->ctx;
	return val_obj(&r->o);
}

/* It names the template that is rendered, in the blocks of its parents as well. */
void self_str(struct interp *in, const struct obj *o, struct sbuf *b) {
	const char *name = ((const struct reference *)o)->ctx->tmpl->name;

	sb_fmt(b, "<TemplateReference %s>", name == NULL ? "None" : quoted(in->a, val_str(name)));
}

bool run_template(struct interp *in, struct tmpl *t, struct ctx *ctx) {
	struct saved before = save(in);
	bool ok = enter_call(in);

	while (ok && t != NULL) {
		in->act = act_new(in, t->fn, NULL);
		in->ctx = ctx;
		in->tmpl = t;
		in->extended = false;
		in->parent = NULL;
		in->flow = FLOW_ON;
		if (t->self_slot != UINT32_MAX)
			in->act->slots[t->self_slot] = self_reference(in);
		enter_scope(in, &t->fn->scope);
		ok = exec(in, &t->fn->body);
		t = in->parent;
	}
	restore(in, &before);
	leave_call(in);
	return ok;
}

static struct val reference_new(struct interp *in, struct ctx *ctx, struct val name, size_t depth) {
	const struct block_stack *s = stack_of(ctx, name);
	struct reference *r;

	if (s == NULL || depth >= s->n)
		return undef_new(in, &(struct undef){ .name = val_str("super"),
			.hint = arena_printf(in->a, "there is no parent block called %s.", quoted(in->a, name)) });
	r = arena_new(in->a, struct reference, 1);
	*r = (struct reference){ .o.class = &block_class, .ctx = ctx, .name = name, .depth = depth };
	return val_obj(&r->o);
}

static struct val super_reference(struct interp *in, struct val name, const struct node *block) {
	const struct block_stack *s = stack_of(in->ctx, name);
	size_t i;

	for (i = 0; s != NULL && i < s->n && s->v[i].block != block; i++)
		continue;
	return reference_new(in, in->ctx, name, i + 1);
}

static bool run_block(struct interp *in, struct ctx *ctx, const struct definition *d) {
	const struct block_info *b = d->block->u.block;
	struct saved before = save(in);
	bool ok = enter_call(in);

	if (ok) {
		in->act = act_new(in, b->fn, NULL);
		in->ctx = ctx;
		in->tmpl = d->tmpl;
		in->extended = false;
		in->flow = FLOW_ON;
		if (b->self_slot != UINT32_MAX)
			in->act->slots[b->self_slot] = self_reference(in);
		if (b->super_slot != UINT32_MAX)
			in->act->slots[b->super_slot] = super_reference(in, b->name, d->block);
		enter_scope(in, &b->fn->scope);
		ok = exec(in, &b->fn->body);
	}
	restore(in, &before);
	leave_call(in);
	return ok;
}

/* The variables of the place, for those who look them up by name. */
static struct map *locals(struct interp *in, const struct visible *v, uint32_t n) {
	struct map *m = map_new(in->a, n);
	uint32_t i;

	for (i = 0; i < n; i++) {
		struct val x = *act_slot(in, v[i].hops, v[i].slot);

		if (x.type != V_UNDEF || x.u.undef != NULL)
			map_put(m, v[i].name, x);
	}
	return m;
}

static struct ctx *derived(struct interp *in, struct tmpl *t, const struct visible *v, uint32_t n) {
	struct ctx *c = arena_new(in->a, struct ctx, 1);

	c->vars = map_new(in->a, 0);
	c->exported = map_new(in->a, 0);
	c->escape = t->escape;
	c->tmpl = t;
	c->parent = in->ctx;
	c->locals = locals(in, v, n);
	return c;
}

bool exec_block(struct interp *in, const struct node *n) {
	const struct block_info *b = n->u.block;
	const struct block_stack *s = stack_of(in->ctx, b->name);
	struct ctx *ctx = in->ctx;

	if ((n->flags & NF_CHECK) && in->extended)
		return true;
	if (s == NULL)
		return true;
	if (b->required && s->n <= 1)
		return fail(in, "TemplateRuntimeError", "Required block %s not found", quoted(in->a, b->name));
	if (b->scoped) {
		ctx = derived(in, in->ctx->tmpl, b->visible, b->nvisible);
		ctx->escape = in->ctx->escape;
		ctx->blocks = in->ctx->blocks;
	}
	return run_block(in, ctx, &s->v[0]);
}

bool reference_attr(struct interp *in, struct obj *o, struct val name, struct val *out, bool *got) {
	struct reference *r = (struct reference *)o;

	*got = true;
	if (o->class == &block_class) {
		if (strcmp(name.u.s, "super") == 0)
			*out = reference_new(in, r->ctx, r->name, r->depth + 1);
		else if (strcmp(name.u.s, "name") == 0)
			*out = r->name;
		else
			*got = false;
		return true;
	}
	*got = stack_of(r->ctx, name) != NULL;
	if (*got)
		*out = reference_new(in, r->ctx, name, 0);
	return true;
}

bool reference_call(struct interp *in, struct obj *o, struct val *out) {
	const struct reference *r = (const struct reference *)o;
	size_t before = in->out->len;

	if (!run_block(in, r->ctx, &stack_of(r->ctx, r->name)->v[r->depth]))
		return false;
	*out = val_copy(in->a, in->out->s + before, in->out->len - before);
	out->flags = r->ctx->escape ? VF_SAFE : 0;
	sb_cut(in->out, before);
	return true;
}

/* ---- other templates */

/* A template by name. *missing: there is none, which *in->e says as well; any other failure is the template's own. */
static bool load(struct interp *in, struct val name, struct tmpl **out, bool *missing) {
	struct tmpl_err e;
	struct val text;

	*missing = false;
	if (name.type == V_UNDEF)
		return undef_fail(in, name);
	if (in->env->o.loader == NULL)
		return fail_type(in, "no loader for this environment specified");
	if (!hashable(in, name) || !str_val(in, name, &text))
		return false;
	if (tmpl_get(in->env, text.u.s, out, &e))
		return true;
	*in->e = e.e;
	*missing = e.e.kind != NULL && strcmp(e.e.kind, "TemplateNotFound") == 0;
	if (!*missing) {
		in->parse_err = arena_new(in->a, struct tmpl_err, 1);
		*in->parse_err = e;
	}
	return false;
}

static bool load_first(struct interp *in, struct val names, struct tmpl **out, bool *missing) {
	struct list *l;
	struct sbuf b;
	size_t i;
	bool any;

	*missing = false;
	if (names.type == V_UNDEF)
		return undef_fail(in, names);
	if (!truth(in, names, &any) || (any && !iter_list(in, names, &l)))
		return false;
	*missing = true;
	if (!any || l->n == 0)
		return fail(in, "TemplatesNotFound", "Tried to select from an empty list of templates.");
	sb_init(&b, in->a);
	for (i = 0; i < l->n; i++) {
		bool absent;

		if (load(in, l->v[i], out, &absent)) {
			*in->e = (struct err){ 0 };
			return true;
		}
		if (!absent && l->v[i].type != V_UNDEF) {
			*missing = false;
			return false;
		}
		sb_str(&b, i > 0 ? ", " : "");
		if (l->v[i].type == V_UNDEF)
			sb_str(&b, undef_message(in, l->v[i]));
		else if (!str(in, l->v[i], &b))
			return false;
	}
	return fail(in, "TemplatesNotFound", "none of the templates given were found: %s", b.s);
}

bool exec_extends(struct interp *in, const struct node *n) {
	struct val name;
	struct tmpl *t;
	bool missing;

	if (in->extended)
		return fail(in, "TemplateRuntimeError", "extended multiple times");
	if (!eval(in, n->u.import->template, &name) || !load(in, name, &t, &missing))
		return false;
	in->effects++;
	add_blocks(in, in->ctx, t);
	in->extended = true;
	in->parent = t;
	return true;
}

static bool trace_place(struct interp *in, const struct node *n, const char *how) {
	trace_add(in, "  %s at %s:%u\n", how, in->tmpl->name == NULL ? "<template>" : in->tmpl->name, n->line);
	return false;
}

/* A module of its own: the template run without the variables of this place, once a render. */
static bool default_module(struct interp *in, struct tmpl *t, struct module **out) {
	const struct val *known = t->name == NULL ? NULL : map_find(in->modules, val_str(t->name));
	struct module *m;
	size_t before = in->out->len;

	if (known != NULL) {
		*out = (struct module *)known->u.obj;
		return true;
	}
	in->effects++;
	m = arena_new(in->a, struct module, 1);
	m->o.class = &module_class;
	m->ctx = ctx_new(in, t);
	if (!run_template(in, t, m->ctx))
		return false;
	m->text = val_copy(in->a, in->out->s + before, in->out->len - before);
	sb_cut(in->out, before);
	if (t->name != NULL)
		map_put(in->modules, val_str(t->name), val_obj(&m->o));
	*out = m;
	return true;
}

bool exec_include(struct interp *in, const struct node *n) {
	const struct import_info *i = n->u.import;
	struct val name;
	struct tmpl *t;
	struct module *m;
	struct ctx *ctx;
	bool missing, ok;

	if (n->kind == N_INCLUDETAG)
		name = i->names[0];
	else if (!eval(in, i->template, &name))
		return false;
	ok = name.type == V_STR ? load(in, name, &t, &missing) : load_first(in, name, &t, &missing);
	if (!ok && missing && i->ignore_missing) {
		*in->e = (struct err){ 0 };
		return true;
	}
	if (!ok)
		return in->parse_err == NULL ? false : trace_place(in, n, "included");
	if (!i->with_context) {
		if (!default_module(in, t, &m))
			return trace_place(in, n, "included");
		sb_mem(in->out, m->text.u.s, m->text.len);
		return true;
	}
	ctx = derived(in, t, i->visible, i->nvisible);
	add_blocks(in, ctx, t);
	return run_template(in, t, ctx) || trace_place(in, n, "included");
}

static bool import_module(struct interp *in, const struct node *n, struct module **out) {
	const struct import_info *i = n->u.import;
	size_t before = in->out->len;
	struct val name;
	struct tmpl *t;
	struct module *m;
	bool missing;

	if (!eval(in, i->template, &name))
		return false;
	if (!load(in, name, &t, &missing))
		return in->parse_err == NULL ? false : trace_place(in, n, "imported");
	if (!i->with_context)
		return default_module(in, t, out) || trace_place(in, n, "imported");
	m = arena_new(in->a, struct module, 1);
	m->o.class = &module_class;
	m->ctx = derived(in, t, i->visible, i->nvisible);
	add_blocks(in, m->ctx, t);
	if (!run_template(in, t, m->ctx))
		return trace_place(in, n, "imported");
	m->text = val_copy(in->a, in->out->s + before, in->out->len - before);
	sb_cut(in->out, before);
	*out = m;
	return true;
}

bool module_attr(struct interp *in, struct obj *o, struct val name, struct val *out, bool *got) {
	const struct module *m = (const struct module *)o;
	const struct val *v = map_find(m->ctx->exported, name) == NULL ? NULL : map_find(m->ctx->vars, name);

	(void)in;
	*got = v != NULL;
	if (v != NULL)
		*out = *v;
	return true;
}

bool module_str(struct interp *in, struct obj *o, struct sbuf *b) {
	const struct module *m = (const struct module *)o;

	(void)in;
	sb_mem(b, m->text.u.s, m->text.len);
	return true;
}

static struct val not_exported(struct interp *in, const struct node *n, const struct module *m, struct val name) {
	const char *module = m->ctx->tmpl->name == NULL ? "None" : quoted(in->a, val_str(m->ctx->tmpl->name));
	const char *where = in->tmpl->name == NULL ? "" : arena_printf(in->a, " in %s", quoted(in->a, val_str(in->tmpl->name)));

	return undef_new(in, &(struct undef){ .name = name, .hint = arena_printf(in->a,
		"the template %s (imported on line %u%s) does not export the requested name %s", module, n->line, where,
		quoted(in->a, name)) });
}

static void import_name(struct interp *in, const struct node *n, const struct node *target, struct val v) {
	*act_slot(in, target->hops, target->slot) = v;
	if (!n->toplevel)
		return;
	in->effects++;
	map_put(in->ctx->vars, target->u.name.name, v);
	map_del(in->ctx->exported, target->u.name.name);
}

bool exec_import(struct interp *in, const struct node *n) {
	const struct import_info *i = n->u.import;
	struct module *m;
	struct val v;
	uint32_t k;
	bool got;

	if (!import_module(in, n, &m))
		return false;
	if (n->kind == N_IMPORT)
		import_name(in, n, i->target, val_obj(&m->o));
	for (k = 0; n->kind == N_FROM && k < i->aliases.n; k++) {
		if (!module_attr(in, &m->o, i->names[k], &v, &got))
			return false;
		import_name(in, n, i->aliases.v[k], got ? v : not_exported(in, n, m, i->names[k]));
	}
	return true;
}

const struct obj_class module_class = { .name = "TemplateModule" }, block_class = { .name = "BlockReference" },
	self_class = { .name = "TemplateReference" };
