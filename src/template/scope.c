/*
 * scope.c: which variable a name means, decided when the template is parsed.
 *
 * A scope first looks through the statements that stand directly in it (analyse) and learns which names it reads and
 * writes; what it reads and no outer scope has is fetched from the context when the scope is entered, what it writes
 * starts as the outer scope's value or as nothing. Branches of an `if` are looked through apart and then merged, as a
 * name may be written in only some of them. Then each name is given its slot (walk). This is the order in which Jinja2
 * does it, and its results show in what a template sees.
 */
#include "config.h"

#include "template/engine.h"

struct sym {
	struct val name;
	struct load load;
	bool stored;
	bool in_branch;                 /* newly written in a branch of the `if` at hand */
};

/* Symbols of a scope, or what a branch of an `if` adds to them. */
struct symtab {
	struct symtab *base;
	struct map *index;
	struct sym *v;
	uint32_t n, cap;
};

struct function {
	struct func *fn;
	unsigned level;
};

struct scope {
	struct scope *parent;
	struct function *function;
	struct symtab *table;            /* the innermost while branches are looked through */
	struct map *slots;              /* name -> slot, one for all branches */
};

struct resolver {
	struct arena *a;
	struct tmpl *t;
	struct err *e;
	const struct node *where;
	struct node **last_block;
	struct map *blocks;
	bool extends;                   /* beyond an `extends` that stands in no `if` */
	bool failed;
};

/* How the statements that are walked stand. */
struct place {
	struct scope *scope;
	bool toplevel, soft, check, in_loop;
	bool constant;                          /* within an output that Jinja2 computes when it parses */
	enum escape_mode esc, outer_esc;        /* outer: before it became volatile; what constants go by */
};

static void fail_at(struct resolver *r, const struct node *n, const char *kind, const char *text) {
	if (r->failed)
		return;
	r->failed = true;
	r->where = n;
	err_kind(r->e, ERR_TEMPLATE, kind, "%s", text);
}

static struct scope *scope_new(struct resolver *r, struct scope *parent, struct function *f) {
	struct scope *s = arena_new(r->a, struct scope, 1);

	s->parent = parent;
	s->function = f;
	s->table = arena_new(r->a, struct symtab, 1);
	return s;
}

static struct function *function_new(struct resolver *r, struct func *fn, const struct function *outer) {
	struct function *f = arena_new(r->a, struct function, 1);

	f->fn = fn;
	f->level = outer == NULL ? 0 : outer->level + 1;
	return f;
}

/* ---- tables */

static struct sym *table_find(const struct symtab *t, struct val name) {
	uint32_t i;

	if (t->index != NULL) {
		const struct val *at = map_find(t->index, name);

		return at == NULL ? NULL : &t->v[at->u.i];
	}
	for (i = 0; i < t->n; i++) {
		if (val_equal(t->v[i].name, name))
			return &t->v[i];
	}
	return NULL;
}

static struct sym *table_add(struct resolver *r, struct symtab *t, struct val name) {
	uint32_t i;

	if (t->n == t->cap) {
		uint32_t cap = t->cap == 0 ? 8 : t->cap * 2;

		t->v = arena_grow(r->a, t->v, t->cap * sizeof(*t->v), cap * sizeof(*t->v));
		t->cap = cap;
	}
	if (t->n == 12) {
		t->index = map_new(r->a, 32);
		for (i = 0; i < t->n; i++)
			map_put(t->index, t->v[i].name, val_int(i));
	}
	if (t->index != NULL)
		map_put(t->index, name, val_int(t->n));
	t->v[t->n].name = name;
	return &t->v[t->n++];
}

static struct sym *own(const struct scope *s, struct val name) {
	const struct symtab *t;
	struct sym *found;

	for (t = s->table; t != NULL; t = t->base) {
		if ((found = table_find(t, name)) != NULL)
			return found;
	}
	return NULL;
}

/* The nearest scope outwards from s that has the name. */
static struct sym *find(const struct scope *s, struct val name, const struct scope **where) {
	struct sym *found;

	for (; s != NULL; s = s->parent) {
		if ((found = own(s, name)) != NULL) {
			*where = s;
			return found;
		}
	}
	return NULL;
}

static uint32_t new_slot(struct resolver *r, struct scope *s, struct val name) {
	const struct val *old;
	uint32_t slot;

	if (s->slots == NULL)
		s->slots = map_new(r->a, 0);
	if ((old = map_find(s->slots, name)) != NULL)
		return (uint32_t)old->u.i;
	slot = s->function->fn->nslots++;
	map_put(s->slots, name, val_int(slot));
	return slot;
}

/* The entry of the name in the innermost table; a copy of what an outer table of the same scope has. */
static struct sym *entry(struct resolver *r, struct scope *s, struct val name) {
	struct sym *mine = table_find(s->table, name), *old = own(s, name);

	if (mine != NULL)
		return mine;
	mine = table_add(r, s->table, name);
	if (old != NULL) {
		*mine = *old;
	} else {
		mine->load.slot = new_slot(r, s, name);
		mine->load.name = name;
		mine->load.hash = val_hash(name);
	}
	return mine;
}

static bool alias_outer(const struct scope *s, struct sym *y) {
	const struct scope *where;
	const struct sym *outer = s->parent == NULL ? NULL : find(s->parent, y->name, &where);

	if (outer == NULL)
		return false;
	y->load.action = LOAD_ALIAS;
	y->load.from_slot = outer->load.slot;
	y->load.from_hops = s->function->level - where->function->level;
	return true;
}

static void declare(struct resolver *r, struct scope *s, struct val name) {
	struct sym *y = entry(r, s, name);

	y->stored = true;
	y->load.action = LOAD_PARAM;
}

static void store(struct resolver *r, struct scope *s, struct val name) {
	bool known = own(s, name) != NULL;
	struct sym *y = entry(r, s, name);

	y->stored = true;
	if (!known && !alias_outer(s, y))
		y->load.action = LOAD_UNDEF;
}

static void load(struct resolver *r, struct scope *s, struct val name) {
	const struct scope *where;

	if (find(s, name, &where) == NULL)
		entry(r, s, name)->load.action = LOAD_RESOLVE;
}

/* ---- what stands directly in a scope */

struct analyser {
	struct visitor v;
	struct resolver *r;
	struct scope *s;
	bool param;
};

static void analyse_branch(struct analyser *a, struct symtab *t, struct symtab *base) {
	*t = (struct symtab){ .base = base };
	a->s->table = t;
}

static void merge(struct analyser *a, struct symtab *base, struct symtab *branch) {
	uint32_t i;

	a->s->table = base;
	for (i = 0; i < branch->n; i++) {
		const struct sym *from = &branch->v[i];
		struct sym *to = entry(a->r, a->s, from->name);
		bool newly = from->stored && !to->stored;

		to->load = from->load;
		to->stored = to->stored || from->stored;
		to->in_branch = to->in_branch || newly;
	}
}

static void analyse_if(struct analyser *a, struct node *n) {
	struct symtab *base = a->s->table, body, elifs, other;
	const struct branch *b = n->u.branches.v;
	uint32_t i, last = n->u.branches.n;
	struct sym *y;

	a->v.visit(&a->v, b[0].test);
	analyse_branch(a, &body, base);
	tree_visit(&a->v, &b[0].body);
	if (last > 1 && b[last - 1].test == NULL)
		last--;
	analyse_branch(a, &elifs, base);
	for (i = 1; i < last; i++) {
		struct node one = *n;

		one.u.branches.v = n->u.branches.v + i;
		one.u.branches.n = 1;
		analyse_if(a, &one);
	}
	analyse_branch(a, &other, base);
	if (last < n->u.branches.n)
		tree_visit(&a->v, &b[last].body);
	merge(a, base, &body);
	merge(a, base, &elifs);
	merge(a, base, &other);
	for (i = 0; i < base->n; i++) {
		y = &base->v[i];
		if (y->in_branch && !alias_outer(a->s, y))
			y->load.action = LOAD_RESOLVE;
		y->in_branch = false;
	}
}

static void analyse(struct visitor *v, struct node *n) {
	struct analyser *a = (struct analyser *)v;
	uint32_t i;

	switch ((int)n->kind) {
	case N_NAME:
		if (a->param)
			declare(a->r, a->s, n->u.name.name);
		else if (n->flags & NF_STORE)
			store(a->r, a->s, n->u.name.name);
		else
			load(a->r, a->s, n->u.name.name);
		break;
	case N_NSREF: load(a->r, a->s, n->u.name.name); break;
	case N_IF: analyse_if(a, n); break;
	case N_MACRO: store(a->r, a->s, n->u.macro.m->name); break;
	case N_IMPORT:
		analyse(v, n->u.import->template);
		store(a->r, a->s, n->u.import->target->u.name.name);
		break;
	case N_FROM:
		analyse(v, n->u.import->template);
		for (i = 0; i < n->u.import->aliases.n; i++)
			store(a->r, a->s, n->u.import->aliases.v[i]->u.name.name);
		break;
	case N_SET:
		analyse(v, n->u.set.value);
		analyse(v, n->u.set.target);
		break;
	case N_FOR: analyse(v, n->u.loop->iter); break;
	case N_CALLBLOCK: analyse(v, n->u.macro.call); break;
	case N_FILTERBLOCK: analyse(v, n->u.set.value); break;
	case N_WITH: tree_visit(v, &n->u.with.values); break;
	case N_SETBLOCK: analyse(v, n->u.set.target); break;
	case N_AUTOESCAPE:
	case N_BLOCK: break;
	default: tree_children(v, n); break;
	}
}

static void analyse_nodes(struct resolver *r, struct scope *s, const struct nodes *list) {
	struct analyser a = { .v.visit = analyse, .r = r, .s = s };

	tree_visit(&a.v, list);
}

static void analyse_node(struct resolver *r, struct scope *s, struct node *n) {
	if (n != NULL)
		analyse_nodes(r, s, &(struct nodes){ .v = &n, .n = 1 });
}

static void analyse_params(struct resolver *r, struct scope *s, const struct nodes *list) {
	struct analyser a = { .v.visit = analyse, .r = r, .s = s, .param = true };

	tree_visit(&a.v, list);
}

/* What the scope does when it is entered. */
static struct scope_info scope_done(struct resolver *r, const struct scope *s) {
	const struct symtab *t = s->table;
	struct scope_info info = { .loads = arena_new(r->a, struct load, t->n) };
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		if (t->v[i].load.action != LOAD_PARAM)
			info.loads[info.nloads++] = t->v[i].load;
	}
	return info;
}

/* All that is assigned in this scope and those around it. */
static struct visible *visible(struct resolver *r, const struct scope *from, uint32_t *n) {
	struct list *names = list_new(r->a, 8);
	struct map *seen = map_new(r->a, 8);
	const struct scope *s, *where = from;
	struct visible *v;
	uint32_t i;

	for (s = from; s != NULL; s = s->parent) {
		for (i = 0; i < s->table->n; i++) {
			if (!s->table->v[i].stored || map_find(seen, s->table->v[i].name) != NULL)
				continue;
			map_put(seen, s->table->v[i].name, val_null());
			list_push(names, s->table->v[i].name);
		}
	}
	v = arena_new(r->a, struct visible, names->n);
	for (i = 0; i < names->n; i++) {
		const struct sym *y = find(from, names->v[i], &where);

		v[i] = (struct visible){ .name = names->v[i], .slot = y->load.slot, .hops = from->function->level - where->function->level };
	}
	*n = (uint32_t)names->n;
	return v;
}

/* ---- giving out slots */

struct walker {
	struct visitor v;
	struct resolver *r;
	struct place at;
};

static void walk(struct visitor *v, struct node *n);

static void walk_nodes(struct resolver *r, struct place at, const struct nodes *list) {
	struct walker w = { .v.visit = walk, .r = r, .at = at };

	tree_visit(&w.v, list);
}

static void walk_node(struct resolver *r, struct place at, struct node *n) {
	if (n != NULL)
		walk_nodes(r, at, &(struct nodes){ .v = &n, .n = 1 });
}

static struct place inner(const struct place *at, struct scope *s) {
	struct place p = *at;

	p.scope = s;
	p.toplevel = p.soft = false;
	return p;
}

static void use(struct resolver *r, const struct scope *s, struct node *n, struct val name) {
	const struct scope *where = s;
	const struct sym *y = find(s, name, &where);

	(void)r;
	n->slot = y->load.slot;
	n->hops = s->function->level - where->function->level;
}

struct search {
	struct visitor v;
	struct resolver *r;
	bool found;
};

static void find_loop_store(struct visitor *v, struct node *n) {
	struct search *s = (struct search *)v;

	if (n->kind == N_NAME && (n->flags & NF_STORE) && val_equal(n->u.name.name, val_str("loop")))
		fail_at(s->r, n, "TemplateAssertionError", "Can't assign to special loop variable in for-loop target");
	tree_children(v, n);
}

static void find_scoped(struct visitor *v, struct node *n) {
	struct search *s = (struct search *)v;

	if (n->kind == N_BLOCK && n->u.block->scoped)
		s->found = true;
	tree_children(v, n);
}

static bool loop_extended(struct resolver *r, struct node *n) {
	static const char *const names[MENTIONS_MAX] = { "loop", NULL, NULL };
	bool found[MENTIONS_MAX] = { false };
	struct search s = { .v.visit = find_scoped, .r = r };

	tree_mentions(&n->u.loop->body, names, found);
	tree_children(&s.v, n);
	return n->u.loop->recursive || found[0] || s.found;
}

static void walk_for(struct resolver *r, const struct place *at, struct node *n) {
	struct for_info *f = n->u.loop;
	struct function *fn = at->scope->function;
	struct search s = { .v.visit = find_loop_store, .r = r };
	struct scope *body, *test, *other;
	struct place place;

	if (f->recursive) {
		f->fn = arena_new(r->a, struct func, 1);
		fn = function_new(r, f->fn, fn);
	}
	body = scope_new(r, at->scope, fn);
	test = scope_new(r, at->scope, fn);
	other = scope_new(r, at->scope, fn);
	f->extended = loop_extended(r, n);
	if (f->extended) {
		declare(r, body, val_str("loop"));
		f->loop_slot = own(body, val_str("loop"))->load.slot;
	}
	analyse_params(r, body, &(struct nodes){ .v = &f->target, .n = 1 });
	analyse_nodes(r, body, &f->body);
	analyse_nodes(r, other, &f->otherwise);
	if (f->test != NULL) {
		f->test_target = tree_clone_target(r->a, f->target);
		analyse_params(r, test, &(struct nodes){ .v = &f->test_target, .n = 1 });
		analyse_node(r, test, f->test);
		f->test_scope = scope_done(r, test);
		walk_node(r, inner(at, test), f->test_target);
		walk_node(r, inner(at, test), f->test);
	}
	f->scope = scope_done(r, body);
	f->else_scope = scope_done(r, other);
	tree_children(&s.v, n);
	walk_node(r, inner(at, body), f->target);
	walk_node(r, *at, f->iter);
	place = inner(at, body);
	place.in_loop = true;
	walk_nodes(r, place, &f->body);
	place = inner(at, other);
	place.in_loop = at->in_loop && !f->recursive;
	walk_nodes(r, place, &f->otherwise);
}

static uint32_t special(struct resolver *r, struct scope *s, const char *name) {
	declare(r, s, val_str(name));
	return own(s, val_str(name))->load.slot;
}

static bool has_param(const struct macro_info *m, const char *name, uint32_t *index) {
	for (*index = 0; *index < m->params.n; (*index)++) {
		if (val_equal(m->params.v[*index]->u.name.name, val_str(name)))
			return true;
	}
	return false;
}

static void walk_macro(struct resolver *r, const struct place *at, struct node *n) {
	static const char *const names[MENTIONS_MAX] = { "caller", "kwargs", "varargs" };
	struct macro_info *m = n->u.macro.m;
	struct function *fn = function_new(r, m->fn, at->scope->function);
	struct scope *s = scope_new(r, at->scope, fn);
	struct place place = inner(at, s);
	struct nodes defaults = { .v = m->defaults, .n = m->ndefaults };
	bool found[MENTIONS_MAX] = { false };
	uint32_t i;

	place.check = place.in_loop = false;
	analyse_params(r, s, &m->params);
	analyse_nodes(r, s, &defaults);
	analyse_nodes(r, s, &m->fn->body);
	tree_mentions(&m->fn->body, names, found);
	m->explicit_caller = has_param(m, "caller", &i);
	m->catch_caller = found[0];
	if (found[0] && m->explicit_caller && i + m->ndefaults < m->params.n)
		fail_at(r, n, "TemplateAssertionError", "When defining macros or call blocks the special \"caller\" argument must be "
			"omitted or be given a default.");
	m->caller_slot = found[0] && !m->explicit_caller ? special(r, s, "caller") : UINT32_MAX;
	m->catch_kwargs = found[1] && !has_param(m, "kwargs", &i);
	m->kwargs_slot = m->catch_kwargs ? special(r, s, "kwargs") : UINT32_MAX;
	m->catch_varargs = found[2] && !has_param(m, "varargs", &i);
	m->varargs_slot = m->catch_varargs ? special(r, s, "varargs") : UINT32_MAX;
	m->fn->scope = scope_done(r, s);
	walk_nodes(r, place, &m->params);
	walk_nodes(r, place, &defaults);
	walk_nodes(r, place, &m->fn->body);
}

static void walk_set_block(struct resolver *r, const struct place *at, struct node *n) {
	struct scope *s = scope_new(r, at->scope, at->scope->function);
	struct place place = inner(at, s);

	if (n->kind == N_SETBLOCK)
		place.check = false;
	analyse_nodes(r, s, &n->u.set.body);
	analyse_node(r, s, n->u.set.value);
	n->u.set.scope = scope_done(r, s);
	walk_nodes(r, place, &n->u.set.body);
	walk_node(r, place, n->u.set.value);
	walk_node(r, *at, n->u.set.target);
}

static void walk_with(struct resolver *r, const struct place *at, struct node *n) {
	struct scope *s = scope_new(r, at->scope, at->scope->function);

	analyse_params(r, s, &n->u.with.targets);
	analyse_nodes(r, s, &n->u.with.body);
	n->u.with.scope = scope_done(r, s);
	walk_nodes(r, *at, &n->u.with.values);
	walk_nodes(r, inner(at, s), &n->u.with.targets);
	walk_nodes(r, inner(at, s), &n->u.with.body);
}

static void walk_autoescape(struct resolver *r, const struct place *at, struct node *n) {
	struct scope *s = scope_new(r, at->scope, at->scope->function);
	struct place place = inner(at, s);
	struct node *value = n->u.escape.value;

	analyse_node(r, s, value);
	analyse_nodes(r, s, &n->u.escape.body);
	n->u.escape.scope = scope_done(r, s);
	walk_node(r, place, value);
	if (at->esc != ESC_VOLATILE) {
		place.esc = ESC_VOLATILE;
		place.outer_esc = at->esc;
		if (value->kind == N_CONST && (value->u.val.type == V_BOOL || value->u.val.type == V_NULL))
			place.esc = value->u.val.type == V_BOOL && value->u.val.u.b ? ESC_YES : ESC_NO;
	}
	walk_nodes(r, place, &n->u.escape.body);
}

static void walk_if(struct resolver *r, const struct place *at, struct node *n) {
	struct place place = *at;
	uint32_t i;

	place.soft = true;
	for (i = 0; i < n->u.branches.n; i++) {
		struct node *test = n->u.branches.v[i].test;

		walk_node(r, place, test);
		if (test != NULL && tree_plain(test))
			test->flags |= NF_PURE;
		walk_nodes(r, place, &n->u.branches.v[i].body);
	}
}

static void walk_call(struct walker *w, struct node *n) {
	struct place at = w->at;
	uint32_t i, k;

	for (i = 0; i < n->u.call.args->kw.n; i++) {
		for (k = 0; k < i; k++) {
			if (val_equal(n->u.call.args->kwnames[i], n->u.call.args->kwnames[k]))
				fail_at(w->r, n, "SyntaxError", "keyword argument repeated");
		}
	}
	if (n->kind != N_CALL && n->u.call.fn == NULL) {
		const char *what = n->kind == N_FILTER ? "filter" : "test";

		n->flags |= at.soft ? NF_SOFT : 0;
		if (!at.soft && !w->r->failed) {
			fail_at(w->r, n, "TemplateAssertionError",
				arena_printf(w->r->a, "No %s named %s.", what, quoted(w->r->a, n->u.call.name)));
			w->r->t->hint = did_you_mean(w->r->a, n->u.call.name.u.s,
				w->r->t->env->fns[n->kind == N_FILTER ? TABLE_FILTERS : TABLE_TESTS]);
		}
	}
	tree_children(&w->v, n);
}

static void walk_import(struct resolver *r, const struct place *at, struct node *n) {
	struct import_info *i = n->u.import;

	if (n->kind == N_EXTENDS && !at->toplevel)
		fail_at(r, n, "TemplateAssertionError", "cannot use extend from a non top-level scope");
	if (n->kind == N_EXTENDS && !at->soft)
		r->extends = true;
	if (n->kind != N_INCLUDETAG)
		walk_node(r, *at, i->template);
	if (n->kind != N_EXTENDS && i->with_context)
		i->visible = visible(r, at->scope, &i->nvisible);
	walk_node(r, *at, i->target);
	walk_nodes(r, *at, &i->aliases);
}

static void walk_statement(struct walker *w, struct node *n) {
	struct resolver *r = w->r;

	switch ((int)n->kind) {
	case N_FOR: walk_for(r, &w->at, n); break;
	case N_IF: walk_if(r, &w->at, n); break;
	case N_MACRO:
		use(r, w->at.scope, n, n->u.macro.m->name);
		walk_macro(r, &w->at, n);
		break;
	case N_CALLBLOCK:
		walk_macro(r, &w->at, n);
		walk_node(r, w->at, n->u.macro.call);
		break;
	case N_SETBLOCK:
	case N_FILTERBLOCK: walk_set_block(r, &w->at, n); break;
	case N_WITH: walk_with(r, &w->at, n); break;
	case N_AUTOESCAPE: walk_autoescape(r, &w->at, n); break;
	case N_BLOCK:
		n->flags |= w->at.toplevel && r->t->have_extends ? NF_CHECK : 0;
		if (n->u.block->scoped)
			n->u.block->visible = visible(r, w->at.scope, &n->u.block->nvisible);
		break;
	case N_BREAK:
	case N_CONTINUE:
		if (!w->at.in_loop)
			fail_at(r, n, "SyntaxError", n->kind == N_BREAK ? "'break' outside loop" : "'continue' not properly in loop");
		break;
	case N_EXTENDS:
	case N_INCLUDE:
	case N_INCLUDETAG:
	case N_IMPORT:
	case N_FROM: walk_import(r, &w->at, n); break;
	default: tree_children(&w->v, n); break;
	}
}

/* `a[1:2, 3]`: Jinja2's grammar has it, but Python does not have the tuple that it becomes. */
static bool has_slice(const struct node *key) {
	uint32_t i;

	for (i = 0; key->kind == N_TUPLE && i < key->u.items.n; i++) {
		if (key->u.items.v[i]->kind == N_SLICE)
			return true;
	}
	return false;
}

static void walk(struct visitor *v, struct node *n) {
	struct walker *w = (struct walker *)v;
	struct place soft = w->at;
	uint32_t i;

	n->toplevel = w->at.toplevel;
	n->esc = (uint16_t)w->at.esc;
	switch ((int)n->kind) {
	case N_NAME:
	case N_NSREF: use(w->r, w->at.scope, n, n->u.name.name); break;
	case N_CONST: n->esc = (uint16_t)(w->at.esc == ESC_VOLATILE ? w->at.outer_esc : w->at.esc); break;
	case N_GETITEM:
		if (has_slice(n->u.x.b))
			fail_at(w->r, n, "SyntaxError", "invalid syntax");
		n->flags |= w->at.constant && n->u.x.b->kind == N_SLICE ? NF_CONST : 0;
		tree_children(v, n);
		break;
	case N_COND:
		soft.soft = true;
		walk_node(w->r, soft, n->u.x.b);
		walk_node(w->r, soft, n->u.x.a);
		walk_node(w->r, soft, n->u.x.c);
		break;
	case N_CALL:
	case N_FILTER:
	case N_TEST: walk_call(w, n); break;
	case N_CONCAT:
		n->flags |= tree_const(n) ? NF_CONST : 0;
		tree_children(v, n);
		break;
	case N_OUTPUT:
	case N_TRANS:
		n->flags |= w->at.check ? NF_CHECK : 0;
		if (w->at.check && w->r->extends)       /* never runs: Jinja2 does not even look at it */
			break;
		if (n->kind == N_TRANS) {
			tree_children(v, n);
			break;
		}
		for (i = 0; i < n->u.items.n; i++) {
			w->at.constant = tree_const(n->u.items.v[i]);
			v->visit(v, n->u.items.v[i]);
			n->u.items.v[i]->flags |= tree_plain(n->u.items.v[i]) ? NF_PURE : 0;
		}
		w->at.constant = false;
		break;
	default: walk_statement(w, n); break;
	}
}

/* ---- the template */

static void collect(struct visitor *v, struct node *n) {
	struct search *s = (struct search *)v;
	struct resolver *r = s->r;

	if (n->kind == N_EXTENDS)
		r->t->have_extends = true;
	if (n->kind == N_BLOCK) {
		if (map_find(r->blocks, n->u.block->name) != NULL)
			fail_at(r, n, "TemplateAssertionError",
				arena_printf(r->a, "block %s defined twice", quoted(r->a, n->u.block->name)));
		map_put(r->blocks, n->u.block->name, val_null());
		*r->last_block = n;
		r->last_block = &n->u.block->next;
	}
	tree_children(v, n);
}

static void resolve_block(struct resolver *r, struct node *n) {
	static const char *const names[MENTIONS_MAX] = { "self", "super", NULL };
	struct block_info *b = n->u.block;
	struct scope *s;
	bool found[MENTIONS_MAX] = { false };
	struct place at = { .esc = r->t->escape ? ESC_YES : ESC_NO };

	b->fn = arena_new(r->a, struct func, 1);
	b->fn->body = b->body;
	s = scope_new(r, NULL, function_new(r, b->fn, NULL));
	tree_mentions(&b->body, names, found);
	b->self_slot = found[0] ? special(r, s, "self") : UINT32_MAX;
	b->super_slot = found[1] ? special(r, s, "super") : UINT32_MAX;
	analyse_nodes(r, s, &b->body);
	b->fn->scope = scope_done(r, s);
	at.scope = s;
	walk_nodes(r, at, &b->body);
}

bool scope_resolve(struct arena *a, struct tmpl *t, struct err *e, const struct node **where) {
	static const char *const names[MENTIONS_MAX] = { "self", NULL, NULL };
	struct resolver r = { .a = a, .t = t, .e = e, .last_block = &t->blocks, .blocks = map_new(a, 0) };
	struct search all = { .v.visit = collect, .r = &r };
	struct place at = { .toplevel = true, .esc = t->escape ? ESC_YES : ESC_NO };
	bool found[MENTIONS_MAX] = { false };
	struct scope *s;
	struct node *b;

	tree_visit(&all.v, &t->body);
	t->fn = arena_new(a, struct func, 1);
	t->fn->body = t->body;
	s = scope_new(&r, NULL, function_new(&r, t->fn, NULL));
	tree_mentions(&t->body, names, found);
	t->self_slot = found[0] ? special(&r, s, "self") : UINT32_MAX;
	analyse_nodes(&r, s, &t->body);
	t->fn->scope = scope_done(&r, s);
	at.scope = s;
	at.check = t->have_extends;
	walk_nodes(&r, at, &t->body);
	for (b = t->blocks; b != NULL; b = b->u.block->next)
		resolve_block(&r, b);
	*where = r.where;
	return !r.failed;
}
