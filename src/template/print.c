/* print.c: what tools ask of a parsed template: its tree, and names that nothing defines. */
#include "config.h"

#include "template/engine.h"

static const char *const kinds[N__COUNT] = {
	[N_CONST] = "Const", [N_NAME] = "Name", [N_NSREF] = "NSRef", [N_TUPLE] = "Tuple", [N_LIST] = "List", [N_DICT] = "Dict",
	[N_UNARY] = "Unary", [N_BINARY] = "Binary", [N_AND] = "And", [N_OR] = "Or", [N_NOT] = "Not", [N_CONCAT] = "Concat",
	[N_COMPARE] = "Compare", [N_COND] = "CondExpr", [N_GETATTR] = "Getattr", [N_GETITEM] = "Getitem", [N_SLICE] = "Slice",
	[N_CALL] = "Call", [N_FILTER] = "Filter", [N_TEST] = "Test", [N_DATA] = "Data", [N_OUTPUT] = "Output", [N_IF] = "If",
	[N_FOR] = "For", [N_SET] = "Assign", [N_SETBLOCK] = "AssignBlock", [N_MACRO] = "Macro", [N_CALLBLOCK] = "CallBlock",
	[N_FILTERBLOCK] = "FilterBlock", [N_WITH] = "With", [N_AUTOESCAPE] = "Autoescape", [N_BLOCK] = "Block", [N_EXTENDS] = "Extends",
	[N_INCLUDE] = "Include", [N_IMPORT] = "Import", [N_FROM] = "FromImport", [N_DO] = "Do", [N_BREAK] = "Break",
	[N_CONTINUE] = "Continue", [N_TRANS] = "Trans", [N_INCLUDETAG] = "IncludeTag",
}, *const ops[OP__COUNT] = {
	[OP_ADD] = "+", [OP_SUB] = "-", [OP_MUL] = "*", [OP_DIV] = "/", [OP_FLOORDIV] = "//", [OP_MOD] = "%", [OP_POW] = "**",
	[OP_NEG] = "-", [OP_POS] = "+", [OP_EQ] = "==", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=",
	[OP_IN] = "in", [OP_NOTIN] = "not in",
};

struct dumper {
	struct visitor v;
	struct sbuf *b;
	unsigned depth;
};

const char *op_text(enum op op) {
	return ops[op];
}

void print_literal(struct sbuf *b, struct val v) {
	struct interp plain = { .a = b->a, .stack = __builtin_frame_address(0) };
	struct tmpl_env env = { 0 };

	plain.env = &env;
	plain.next_check = UINT64_MAX;
	(void)repr(&plain, v, b);
}

static void detail(struct sbuf *b, const struct node *n) {
	uint32_t i;

	switch ((int)n->kind) {
	case N_CONST:
	case N_DATA: print_literal(b, n->u.val); break;
	case N_NAME:
	case N_NSREF: sb_mem(b, n->u.name.name.u.s, n->u.name.name.len); break;
	case N_GETATTR: sb_mem(b, n->u.attr.name.u.s, n->u.attr.name.len); break;
	case N_UNARY:
	case N_BINARY: sb_str(b, ops[n->op]); break;
	case N_COMPARE:
		for (i = 0; i < n->u.cmp.rest.n; i++)
			sb_fmt(b, "%s%s", i > 0 ? " " : "", ops[n->u.cmp.ops[i]]);
		break;
	case N_FILTER:
	case N_TEST: sb_mem(b, n->u.call.name.u.s, n->u.call.name.len); break;
	case N_MACRO: sb_mem(b, n->u.macro.m->name.u.s, n->u.macro.m->name.len); break;
	case N_BLOCK: sb_mem(b, n->u.block->name.u.s, n->u.block->name.len); break;
	case N_TRANS: print_literal(b, n->u.trans->singular); break;
	case N_INCLUDETAG: print_literal(b, n->u.import->names[0]); break;
	default: break;
	}
}

static void dump(struct visitor *v, struct node *n) {
	struct dumper *d = (struct dumper *)v;
	unsigned i;
	uint32_t k;

	for (i = 0; i < d->depth; i++)
		sb_str(d->b, "  ");
	sb_fmt(d->b, "%s ", kinds[n->kind]);
	detail(d->b, n);
	for (k = 0; (n->kind == N_CALL || n->kind == N_FILTER || n->kind == N_TEST) && k < n->u.call.args->kw.n; k++)
		sb_fmt(d->b, " %s=", n->u.call.args->kwnames[k].u.s);
	while (d->b->len > 0 && d->b->s[d->b->len - 1] == ' ')
		d->b->len--;
	sb_chr(d->b, '\n');
	d->depth++;
	tree_children(v, n);
	d->depth--;
}

void tmpl_dump(const struct tmpl *t, struct sbuf *b) {
	struct dumper d = { .v.visit = dump, .b = b };

	tree_visit(&d.v, &t->body);
}

/* ---- names that nothing defines */

struct asker {
	struct visitor v;
	const struct tmpl *t;
	struct arena *a;
	const struct map *known;
	struct map *defined, *told;
	struct list *out;
};

static void collect_defined(struct visitor *v, struct node *n) {
	struct asker *k = (struct asker *)v;
	uint32_t i;

	if (n->kind == N_NAME && (n->flags & NF_STORE))
		map_put(k->defined, n->u.name.name, val_null());
	if (n->kind == N_MACRO)
		map_put(k->defined, n->u.macro.m->name, val_null());
	if (n->kind == N_IMPORT)
		map_put(k->defined, n->u.import->target->u.name.name, val_null());
	for (i = 0; n->kind == N_FROM && i < n->u.import->aliases.n; i++)
		map_put(k->defined, n->u.import->aliases.v[i]->u.name.name, val_null());
	tree_children(v, n);
}

static unsigned column(const struct tmpl *t, const struct node *n) {
	size_t at = n->pos < t->len ? n->pos : t->len, from = at;

	while (from > 0 && t->text[from - 1] != '\n')
		from--;
	return (unsigned)utf8_count(t->text + from, at - from) + 1;
}

static void ask(struct visitor *v, struct node *n) {
	struct asker *k = (struct asker *)v;
	struct val name = n->u.name.name;
	const char *hint;

	if (n->kind == N_NAME && !(n->flags & NF_STORE) && map_find(k->defined, name) == NULL && map_find(k->told, name) == NULL &&
	    map_find(k->known, name) == NULL && is_missing(env_global(k->t->env, name, val_hash(name)))) {
		map_put(k->told, name, val_null());
		hint = did_you_mean(k->a, name.u.s, k->known);
		list_push(k->out, val_printf(k->a, "%u:%u: '%s' is not known%s%s", n->line, column(k->t, n), name.u.s,
			hint[0] == '\0' ? "" : ". ", hint));
	}
	tree_children(v, n);
}

struct list *tmpl_unknown(const struct tmpl *t, struct arena *a, const struct map *known) {
	static const char *const special[] = { "loop", "self", "super", "caller", "varargs", "kwargs" };
	struct asker k = { .v.visit = collect_defined, .t = t, .a = a, .known = known, .defined = map_new(a, 0), .told = map_new(a, 0),
		.out = list_new(a, 0) };
	size_t i;

	for (i = 0; i < ARRAY_LEN(special); i++)
		map_put(k.defined, val_str(special[i]), val_null());
	tree_visit(&k.v, &t->body);
	k.v.visit = ask;
	tree_visit(&k.v, &t->body);
	return k.out;
}
