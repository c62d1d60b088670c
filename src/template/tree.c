/* tree.c: walking the tree without caring what it means. */
#include "config.h"

#include "template/engine.h"

static void one(struct visitor *v, struct node *n) {
	if (n != NULL)
		v->visit(v, n);
}

void tree_visit(struct visitor *v, const struct nodes *list) {
	uint32_t i;

	for (i = 0; i < list->n; i++)
		v->visit(v, list->v[i]);
}

static void args(struct visitor *v, const struct args *a) {
	tree_visit(v, &a->pos);
	tree_visit(v, &a->kw);
	one(v, a->dyn);
	one(v, a->dynkw);
}

static void signature(struct visitor *v, const struct macro_info *m) {
	tree_visit(v, &m->params);
	tree_visit(v, &(struct nodes){ .v = m->defaults, .n = m->ndefaults });
	tree_visit(v, &m->fn->body);
}

static void branches(struct visitor *v, const struct node *n) {
	uint32_t i;

	for (i = 0; i < n->u.branches.n; i++) {
		one(v, n->u.branches.v[i].test);
		tree_visit(v, &n->u.branches.v[i].body);
	}
}

static void loop(struct visitor *v, const struct for_info *f) {
	one(v, f->target);
	one(v, f->iter);
	tree_visit(v, &f->body);
	tree_visit(v, &f->otherwise);
	one(v, f->test);
}

static void statement(struct visitor *v, struct node *n) {
	switch ((int)n->kind) {
	case N_IF: branches(v, n); break;
	case N_FOR: loop(v, n->u.loop); break;
	case N_SET:
		one(v, n->u.set.target);
		one(v, n->u.set.value);
		break;
	case N_SETBLOCK:
	case N_FILTERBLOCK:
		one(v, n->u.set.target);
		one(v, n->u.set.value);
		tree_visit(v, &n->u.set.body);
		break;
	case N_CALLBLOCK: one(v, n->u.macro.call);
	/* fall through */
	case N_MACRO: signature(v, n->u.macro.m); break;
	case N_WITH:
		tree_visit(v, &n->u.with.targets);
		tree_visit(v, &n->u.with.values);
		tree_visit(v, &n->u.with.body);
		break;
	case N_AUTOESCAPE:
		one(v, n->u.escape.value);
		tree_visit(v, &n->u.escape.body);
		break;
	case N_BLOCK: tree_visit(v, &n->u.block->body); break;
	case N_EXTENDS:
	case N_INCLUDE:
	case N_IMPORT:
	case N_FROM: one(v, n->u.import->template); break;
	case N_TRANS:
		one(v, n->u.trans->function);
		one(v, n->u.trans->count);
		tree_visit(v, &n->u.trans->values);
		break;
	default: break;
	}
}

void tree_children(struct visitor *v, struct node *n) {
	switch ((int)n->kind) {
	case N_TUPLE:
	case N_LIST:
	case N_DICT:
	case N_CONCAT:
	case N_OUTPUT: tree_visit(v, &n->u.items); break;
	case N_UNARY:
	case N_BINARY:
	case N_AND:
	case N_OR:
	case N_NOT:
	case N_COND:
	case N_SLICE:
	case N_DO:
		one(v, n->u.x.a);
		one(v, n->u.x.b);
		one(v, n->u.x.c);
		break;
	case N_GETITEM:
		one(v, n->u.x.a);
		one(v, n->u.x.b);
		break;
	case N_COMPARE:
		one(v, n->u.cmp.first);
		tree_visit(v, &n->u.cmp.rest);
		break;
	case N_GETATTR: one(v, n->u.attr.of); break;
	case N_CALL:
	case N_FILTER:
	case N_TEST:
		one(v, n->u.call.of);
		args(v, n->u.call.args);
		break;
	default: statement(v, n); break;
	}
}

struct mentions {
	struct visitor v;
	const char *const *names;
	bool *found;
	bool over[MENTIONS_MAX];
};

static void mention(struct visitor *v, struct node *n) {
	struct mentions *m = (struct mentions *)v;
	size_t i;

	if (n->kind == N_BLOCK)
		return;
	if (n->kind != N_NAME) {
		tree_children(v, n);
		return;
	}
	for (i = 0; i < MENTIONS_MAX && m->names[i] != NULL; i++) {
		if (!val_equal(n->u.name.name, val_str(m->names[i])))
			continue;
		if (n->flags & NF_STORE)
			m->over[i] = true;
		else if (!m->over[i])
			m->found[i] = true;
	}
}

void tree_mentions(const struct nodes *list, const char *const names[MENTIONS_MAX], bool found[MENTIONS_MAX]) {
	struct mentions m = { .v.visit = mention, .names = names, .found = found };

	tree_visit(&m.v, list);
}

struct constness {
	struct visitor v;
	bool constant;
};

static void check_const(struct visitor *v, struct node *n) {
	struct constness *c = (struct constness *)v;
	static const char *const varying[] = { "map", "select", "reject", "selectattr", "rejectattr", "random" };
	size_t i;

	if (n->kind == N_NAME || n->kind == N_CALL)
		c->constant = false;
	for (i = 0; n->kind == N_FILTER && i < ARRAY_LEN(varying); i++) {
		if (val_equal(n->u.call.name, val_str(varying[i])))
			c->constant = false;
	}
	if (c->constant)
		tree_children(v, n);
}

static bool all_plain(const struct nodes *list) {
	uint32_t i;

	for (i = 0; i < list->n; i++) {
		if (!tree_plain(list->v[i]))
			return false;
	}
	return true;
}

/* A test, or `default`: they look at values and make none. */
static bool plain_call(const struct node *n) {
	const struct args *a = n->u.call.args;

	if (n->u.call.fn == NULL || n->u.call.fn->host || a->kw.n > 0 || a->dyn != NULL || a->dynkw != NULL)
		return false;
	if (n->kind == N_FILTER && !val_equal(n->u.call.name, val_str("default")) && !val_equal(n->u.call.name, val_str("d")))
		return false;
	return tree_plain(n->u.call.of) && all_plain(&a->pos);
}

bool tree_plain(const struct node *n) {
	switch ((int)n->kind) {
	case N_NAME:
	case N_CONST:
	case N_DATA: return true;
	case N_GETATTR: return tree_plain(n->u.attr.of);
	case N_NOT: return tree_plain(n->u.x.a);
	case N_AND:
	case N_OR: return tree_plain(n->u.x.a) && tree_plain(n->u.x.b);
	case N_COND: return tree_plain(n->u.x.a) && tree_plain(n->u.x.b) && (n->u.x.c == NULL || tree_plain(n->u.x.c));
	case N_COMPARE: return tree_plain(n->u.cmp.first) && all_plain(&n->u.cmp.rest);
	case N_FILTER:
	case N_TEST: return plain_call(n);
	default: return false;
	}
}

bool tree_const(const struct node *n) {
	struct constness c = { .v.visit = check_const, .constant = true };
	union { const struct node *in; struct node *out; } u = { .in = n };

	check_const(&c.v, u.out);
	return c.constant;
}

struct node *tree_clone_target(struct arena *a, const struct node *n) {
	struct node *copy = arena_new(a, struct node, 1);
	uint32_t i;

	*copy = *n;
	if (n->kind == N_TUPLE) {
		copy->u.items.v = arena_new(a, struct node *, n->u.items.n);
		for (i = 0; i < n->u.items.n; i++)
			copy->u.items.v[i] = tree_clone_target(a, n->u.items.v[i]);
	}
	return copy;
}
