/*
 * unparse.c: a parsed template as text again, which parses to the same tree. What is compound stands in parentheses within others; white
 * space at tags is protected by `+`, text that looks like a tag by raw.
 */
#include "config.h"

#include <math.h>

#include "template/engine.h"

struct out {
	struct sbuf *b;
	const struct tmpl *t;
};

static void expr(struct out *o, const struct node *n);  /* in parentheses when it is compound */
static void bare(struct out *o, const struct node *n);  /* without: where commas or brackets end it */
static void body(struct out *o, const struct nodes *list);

static const char *or_else(const char *s, const char *other) {
	return s == NULL ? other : s;
}

static void open_tag(struct out *o) {
	sb_str(o->b, or_else(o->t->env->o.block_start, "{%"));
	sb_str(o->b, o->t->env->o.lstrip_blocks ? "+ " : " ");
}

static void close_tag(struct out *o) {
	sb_str(o->b, o->t->env->o.trim_blocks ? " +" : " ");
	sb_str(o->b, or_else(o->t->env->o.block_end, "%}"));
}

static void simple(struct out *o, const char *words) {
	open_tag(o);
	sb_str(o->b, words);
	close_tag(o);
}

static void put(struct out *o, struct val v) {
	sb_mem(o->b, v.u.s, v.len);
}

static void string(struct out *o, struct val v) {
	uint32_t i;

	sb_chr(o->b, '"');
	for (i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.u.s[i];

		if (c < 0x20 || c == 0x7F)
			sb_fmt(o->b, "\\x%02x", c);
		else if (c == '"' || c == '\\')
			sb_fmt(o->b, "\\%c", c);
		else
			sb_chr(o->b, (char)c);
	}
	sb_chr(o->b, '"');
}

static void constant(struct out *o, struct val v) {
	if (v.type == V_STR)
		string(o, v);
	else if (v.type == V_FLOAT && isinf(v.u.f))
		sb_str(o->b, "1e999");
	else
		print_literal(o->b, v);
}

static void list(struct out *o, const struct nodes *items, const char *sep) {
	uint32_t i;

	for (i = 0; i < items->n; i++) {
		sb_str(o->b, i > 0 ? sep : "");
		bare(o, items->v[i]);
	}
}

static void args(struct out *o, const struct args *a) {
	bool any = a->pos.n > 0;
	uint32_t i;

	sb_chr(o->b, '(');
	list(o, &a->pos, ", ");
	for (i = 0; i < a->kw.n; i++, any = true) {
		sb_str(o->b, any ? ", " : "");
		put(o, a->kwnames[i]);
		sb_chr(o->b, '=');
		bare(o, a->kw.v[i]);
	}
	if (a->dyn != NULL) {
		sb_str(o->b, any ? ", *" : "*");
		expr(o, a->dyn);
		any = true;
	}
	if (a->dynkw != NULL) {
		sb_str(o->b, any ? ", **" : "**");
		expr(o, a->dynkw);
	}
	sb_chr(o->b, ')');
}

/*
 * Does its text begin with a variable called `not`? The grammar knows that name only as an operand (`1 < not.x`); first within
 * parentheses it would be the operator. So what begins with it was written without parentheses, and is printed without.
 */
static bool begins_with_not(const struct node *n) {
	while (n != NULL) {
		switch ((int)n->kind) {
		case N_NAME: return strcmp(n->u.name.name.u.s, "not") == 0;
		case N_NOT: n = n->u.x.a->kind == N_TEST ? n->u.x.a : NULL; break;
		case N_BINARY:
		case N_GETITEM: n = n->u.x.a; break;
		case N_CONCAT: n = n->u.items.v[0]; break;
		case N_COMPARE: n = n->u.cmp.first; break;
		case N_GETATTR: n = n->u.attr.of; break;
		case N_CALL:
		case N_FILTER:
		case N_TEST: n = n->u.call.of; break;
		default: return false;
		}
	}
	return false;
}

/* What a dot, bracket or call may follow directly. */
static void operand(struct out *o, const struct node *n) {
	bool constant = n->kind == N_CONST;

	sb_str(o->b, constant ? "(" : "");
	expr(o, n);
	sb_str(o->b, constant ? ")" : "");
}

static void filters(struct out *o, const struct node *n) {
	const struct node *of = n->u.call.of;

	if (of != NULL && of->kind == N_FILTER)
		filters(o, of);
	else if (of != NULL)
		expr(o, of);
	sb_str(o->b, of == NULL ? "" : "|");
	put(o, n->u.call.name);
	args(o, n->u.call.args);
}

static void slice(struct out *o, const struct node *n) {
	const struct node *const parts[] = { n->u.x.a, n->u.x.b, n->u.x.c };
	int i;

	for (i = 0; i < 3; i++) {
		sb_str(o->b, i > 0 ? ":" : "");
		if (parts[i] != NULL)
			expr(o, parts[i]);
	}
}

static void subscript(struct out *o, const struct node *n) {
	const struct node *key = n->u.x.b;
	bool slices = false;
	uint32_t i;

	operand(o, n->u.x.a);
	sb_chr(o->b, '[');
	for (i = 0; key->kind == N_TUPLE && i < key->u.items.n; i++)
		slices = slices || key->u.items.v[i]->kind == N_SLICE;
	if (slices)
		list(o, &key->u.items, ", ");
	else
		bare(o, key);
	sb_chr(o->b, ']');
}

static void dict(struct out *o, const struct node *n) {
	uint32_t i;

	sb_chr(o->b, '{');
	for (i = 0; i < n->u.items.n; i++) {
		sb_str(o->b, i == 0 ? "" : i % 2 == 0 ? ", " : ": ");
		bare(o, n->u.items.v[i]);
	}
	sb_chr(o->b, '}');
}

static void infix(struct out *o, const struct node *a, const char *op, const struct node *b) {
	expr(o, a);
	sb_str(o->b, op);
	expr(o, b);
}

/* `- - x` and `not not x` have as many parentheses as there: none, or what is nested just not too deep would be so when read back. */
static void prefix(struct out *o, const struct node *n, const char *op, const struct node *of) {
	sb_str(o->b, op);
	if (of->kind == n->kind)
		bare(o, of);
	else
		expr(o, of);
}

static void joined(struct out *o, const struct nodes *items, const char *op) {
	uint32_t i;

	for (i = 0; i < items->n; i++) {
		sb_str(o->b, i > 0 ? op : "");
		expr(o, items->v[i]);
	}
}

static void compare(struct out *o, const struct node *n) {
	uint32_t i;

	expr(o, n->u.cmp.first);
	for (i = 0; i < n->u.cmp.rest.n; i++) {
		sb_fmt(o->b, " %s ", op_text((enum op)n->u.cmp.ops[i]));
		expr(o, n->u.cmp.rest.v[i]);
	}
}

static void cond(struct out *o, const struct node *n) {
	expr(o, n->u.x.b);
	sb_str(o->b, " if ");
	expr(o, n->u.x.a);
	if (n->u.x.c != NULL) {
		sb_str(o->b, " else ");
		expr(o, n->u.x.c);
	}
}

static void test(struct out *o, const struct node *n, const char *is) {
	const struct args *a = n->u.call.args;

	expr(o, n->u.call.of);
	sb_str(o->b, is);
	put(o, n->u.call.name);
	if (a->pos.n == 1 && begins_with_not(a->pos.v[0])) {
		sb_chr(o->b, ' ');
		expr(o, a->pos.v[0]);
	} else {
		args(o, a);
	}
}

static void tuple(struct out *o, const struct node *n) {
	sb_chr(o->b, '(');
	list(o, &n->u.items, ", ");
	sb_str(o->b, n->u.items.n == 1 ? ",)" : ")");
}

static void bare(struct out *o, const struct node *n) {
	switch ((int)n->kind) {
	case N_CONST: constant(o, n->u.val); break;
	case N_NAME: put(o, n->u.name.name); break;
	case N_NSREF:
		put(o, n->u.name.name);
		sb_chr(o->b, '.');
		put(o, n->u.name.attr);
		break;
	case N_TUPLE: tuple(o, n); break;
	case N_LIST:
		sb_chr(o->b, '[');
		list(o, &n->u.items, ", ");
		sb_chr(o->b, ']');
		break;
	case N_DICT: dict(o, n); break;
	case N_UNARY: prefix(o, n, op_text((enum op)n->op), n->u.x.a); break;
	case N_BINARY: infix(o, n->u.x.a, arena_printf(o->b->a, " %s ", op_text((enum op)n->op)), n->u.x.b); break;
	case N_AND: infix(o, n->u.x.a, " and ", n->u.x.b); break;
	case N_OR: infix(o, n->u.x.a, " or ", n->u.x.b); break;
	case N_NOT:
		if (begins_with_not(n))
			test(o, n->u.x.a, " is not ");
		else
			prefix(o, n, "not ", n->u.x.a);
		break;
	case N_CONCAT: joined(o, &n->u.items, " ~ "); break;
	case N_COMPARE: compare(o, n); break;
	case N_COND: cond(o, n); break;
	case N_GETATTR:
		operand(o, n->u.attr.of);
		sb_chr(o->b, '.');
		put(o, n->u.attr.name);
		break;
	case N_GETITEM: subscript(o, n); break;
	case N_SLICE: slice(o, n); break;
	case N_CALL:
		operand(o, n->u.call.of);
		args(o, n->u.call.args);
		break;
	case N_FILTER: filters(o, n); break;
	default: test(o, n, " is "); break;
	}
}

static bool is_compound(const struct node *n) {
	switch ((int)n->kind) {
	case N_UNARY:
	case N_BINARY:
	case N_AND:
	case N_OR:
	case N_NOT:
	case N_CONCAT:
	case N_COMPARE:
	case N_COND:
	case N_FILTER:
	case N_TEST: return true;
	default: return false;
	}
}

static void expr(struct out *o, const struct node *n) {
	bool parens = is_compound(n) && !begins_with_not(n);

	sb_str(o->b, parens ? "(" : "");
	bare(o, n);
	sb_str(o->b, parens ? ")" : "");
}

/* ---- text */

static bool looks_like_tag(const struct tmpl_options *p, struct val v) {
	const char *const starts[] = { or_else(p->block_start, "{%"), or_else(p->variable_start, "{{"), or_else(p->comment_start, "{#") };
	size_t i;

	if (p->line_statement_prefix != NULL || p->line_comment_prefix != NULL)
		return true;
	for (i = 0; i < ARRAY_LEN(starts); i++) {
		if (memchr(v.u.s, starts[i][0], v.len) != NULL)
			return true;
	}
	return false;
}

static void data(struct out *o, struct val v) {
	const struct tmpl_options *p = &o->t->env->o;

	if (!looks_like_tag(p, v)) {
		put(o, v);
		return;
	}
	sb_str(o->b, or_else(p->block_start, "{%"));
	sb_str(o->b, p->lstrip_blocks ? "+ raw " : " raw ");
	sb_str(o->b, or_else(p->block_end, "%}"));
	put(o, v);
	simple(o, "endraw");
}

static void output(struct out *o, const struct node *n) {
	const struct tmpl_options *p = &o->t->env->o;
	uint32_t i;

	if (n->flags & NF_PRINT) {
		open_tag(o);
		sb_str(o->b, "print ");
		list(o, &n->u.items, ", ");
		close_tag(o);
		return;
	}
	for (i = 0; i < n->u.items.n; i++) {
		const struct node *item = n->u.items.v[i];

		if (item->kind != N_DATA) {
			sb_fmt(o->b, "%s ", or_else(p->variable_start, "{{"));
			bare(o, item);
			sb_fmt(o->b, " %s", or_else(p->variable_end, "}}"));
			continue;
		}
		if (i > 0 && n->u.items.v[i - 1]->kind == N_DATA)
			sb_fmt(o->b, "%s+ +%s", or_else(p->comment_start, "{#"), or_else(p->comment_end, "#}"));
		data(o, item->u.val);
	}
}

/* ---- statements */

static void branches(struct out *o, const struct node *n) {
	uint32_t i;

	for (i = 0; i < n->u.branches.n; i++) {
		const struct branch *b = &n->u.branches.v[i];

		open_tag(o);
		sb_str(o->b, i == 0 ? "if " : b->test == NULL ? "else" : "elif ");
		if (b->test != NULL)
			expr(o, b->test);
		close_tag(o);
		body(o, &b->body);
	}
	simple(o, "endif");
}

static void target(struct out *o, const struct node *n) {
	if (n->kind == N_TUPLE && n->u.items.n > 0) {
		list(o, &n->u.items, ", ");
		sb_str(o->b, n->u.items.n == 1 ? "," : "");
		return;
	}
	expr(o, n);
}

static void loop(struct out *o, const struct for_info *f) {
	open_tag(o);
	sb_str(o->b, "for ");
	expr(o, f->target);
	sb_str(o->b, " in ");
	expr(o, f->iter);
	if (f->test != NULL) {
		sb_str(o->b, " if ");
		expr(o, f->test);
	}
	sb_str(o->b, f->recursive ? " recursive" : "");
	close_tag(o);
	body(o, &f->body);
	if (f->otherwise.n > 0) {
		simple(o, "else");
		body(o, &f->otherwise);
	}
	simple(o, "endfor");
}

static void set(struct out *o, const struct node *n) {
	open_tag(o);
	sb_str(o->b, n->kind == N_FILTERBLOCK ? "filter " : "set ");
	if (n->kind != N_FILTERBLOCK)
		target(o, n->u.set.target);
	if (n->kind == N_SET) {
		sb_str(o->b, " = ");
		expr(o, n->u.set.value);
		close_tag(o);
		return;
	}
	if (n->u.set.value != NULL) {
		sb_str(o->b, n->kind == N_SETBLOCK ? " | " : "");
		filters(o, n->u.set.value);
	}
	close_tag(o);
	body(o, &n->u.set.body);
	simple(o, n->kind == N_SETBLOCK ? "endset" : "endfilter");
}

static void signature(struct out *o, const struct macro_info *m) {
	uint32_t i, first = m->params.n - m->ndefaults;

	sb_chr(o->b, '(');
	for (i = 0; i < m->params.n; i++) {
		sb_str(o->b, i > 0 ? ", " : "");
		expr(o, m->params.v[i]);
		if (i >= first) {
			sb_chr(o->b, '=');
			expr(o, m->defaults[i - first]);
		}
	}
	sb_chr(o->b, ')');
}

static void macro(struct out *o, const struct node *n) {
	const struct macro_info *m = n->u.macro.m;

	open_tag(o);
	sb_str(o->b, n->kind == N_MACRO ? "macro " : "call");
	if (n->kind == N_MACRO)
		put(o, m->name);
	signature(o, m);
	if (n->kind == N_CALLBLOCK) {
		sb_chr(o->b, ' ');
		expr(o, n->u.macro.call);
	}
	close_tag(o);
	body(o, &m->fn->body);
	simple(o, n->kind == N_MACRO ? "endmacro" : "endcall");
}

static void with(struct out *o, const struct node *n) {
	uint32_t i;

	open_tag(o);
	sb_str(o->b, "with ");
	for (i = 0; i < n->u.with.targets.n; i++) {
		sb_str(o->b, i > 0 ? ", " : "");
		expr(o, n->u.with.targets.v[i]);
		sb_str(o->b, " = ");
		expr(o, n->u.with.values.v[i]);
	}
	close_tag(o);
	body(o, &n->u.with.body);
	simple(o, "endwith");
}

static void block(struct out *o, const struct block_info *b) {
	open_tag(o);
	sb_fmt(o->b, "block %s%s%s", b->name.u.s, b->scoped ? " scoped" : "", b->required ? " required" : "");
	close_tag(o);
	body(o, &b->body);
	simple(o, "endblock");
}

static void import(struct out *o, const struct node *n) {
	static const char *const words[N__COUNT] = {
		[N_EXTENDS] = "extends ", [N_INCLUDE] = "include ", [N_IMPORT] = "import ", [N_FROM] = "from ",
	};
	const struct import_info *i = n->u.import;
	uint32_t k;

	open_tag(o);
	if (n->kind == N_INCLUDETAG)
		sb_fmt(o->b, "%s ", i->names[1].u.s);
	else
		sb_str(o->b, words[n->kind]);
	expr(o, i->template);
	if (n->kind == N_IMPORT)
		sb_fmt(o->b, " as %s", i->target->u.name.name.u.s);
	if (n->kind == N_FROM)
		sb_str(o->b, " import");        /* of nothing at all, when a context is named */
	for (k = 0; n->kind == N_FROM && k < i->aliases.n; k++)
		sb_fmt(o->b, "%s%s as %s", k == 0 ? " " : ", ", i->names[k].u.s, i->aliases.v[k]->u.name.name.u.s);
	if (i->ignore_missing)
		sb_str(o->b, " ignore missing");
	if (n->kind == N_INCLUDE || n->kind == N_IMPORT || n->kind == N_FROM)
		sb_str(o->b, i->with_context ? " with context" : " without context");
	close_tag(o);
}

/* The message of trans: a format again with its variables as tags. */
static void message(struct out *o, struct val v, bool format) {
	const struct tmpl_options *p = &o->t->env->o;
	uint32_t i = 0, start = 0;

	for (; format && i < v.len; i++) {
		const char *end;

		if (v.u.s[i] != '%' || i + 1 >= v.len)
			continue;
		data(o, val_mem(v.u.s + start, i - start + (v.u.s[i + 1] == '%' ? 1 : 0)));
		if (v.u.s[i + 1] == '(' && (end = memchr(v.u.s + i, ')', v.len - i)) != NULL) {
			sb_fmt(o->b, "%s ", or_else(p->variable_start, "{{"));
			sb_mem(o->b, v.u.s + i + 2, (size_t)(end - v.u.s) - i - 2);
			sb_fmt(o->b, " %s", or_else(p->variable_end, "}}"));
			i = (uint32_t)(end - v.u.s);
		}
		i++;
		start = i + 1;
	}
	if (start < v.len)
		data(o, val_mem(v.u.s + start, v.len - start));
}

static void trans(struct out *o, const struct trans_info *t) {
	uint32_t i;

	open_tag(o);
	sb_str(o->b, "trans ");
	if (t->context.type == V_STR)
		string(o, t->context);
	for (i = 0; i < t->values.n; i++) {
		sb_fmt(o->b, "%s%s=", i > 0 ? ", " : " ", t->names[i].u.s);
		expr(o, t->values.v[i]);
	}
	close_tag(o);
	message(o, t->singular, t->format);
	if (t->plural.type == V_STR) {
		for (i = 0; i + 1 < t->values.n && t->values.v[i] != t->count; i++)
			continue;
		open_tag(o);
		sb_fmt(o->b, "pluralize %s", t->names[i].u.s);
		close_tag(o);
		message(o, t->plural, t->format);
	}
	simple(o, "endtrans");
}

static void statement(struct out *o, const struct node *n) {
	switch ((int)n->kind) {
	case N_OUTPUT: output(o, n); break;
	case N_IF: branches(o, n); break;
	case N_FOR: loop(o, n->u.loop); break;
	case N_SET:
	case N_SETBLOCK:
	case N_FILTERBLOCK: set(o, n); break;
	case N_MACRO:
	case N_CALLBLOCK: macro(o, n); break;
	case N_WITH: with(o, n); break;
	case N_AUTOESCAPE:
		open_tag(o);
		sb_str(o->b, "autoescape ");
		expr(o, n->u.escape.value);
		close_tag(o);
		body(o, &n->u.escape.body);
		simple(o, "endautoescape");
		break;
	case N_BLOCK: block(o, n->u.block); break;
	case N_DO:
		open_tag(o);
		sb_str(o->b, "do ");
		expr(o, n->u.x.a);
		close_tag(o);
		break;
	case N_BREAK: simple(o, "break"); break;
	case N_CONTINUE: simple(o, "continue"); break;
	case N_TRANS: trans(o, n->u.trans); break;
	default: import(o, n); break;
	}
}

static void body(struct out *o, const struct nodes *list) {
	uint32_t i;

	for (i = 0; i < list->n; i++)
		statement(o, list->v[i]);
}

void tmpl_print(const struct tmpl *t, struct sbuf *b) {
	struct out o = { .b = b, .t = t };

	body(&o, &t->body);
	if (b->len > 0 && b->s[b->len - 1] == '\n' && !t->env->o.keep_trailing_newline)
		sb_chr(b, '\n');
}
