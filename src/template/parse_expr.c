/* parse_expr.c: expressions, from the loosest binding to the tightest. */
#include "config.h"

#include "template/parse.h"

static struct node *binary(struct parser *p, enum node_kind kind, enum op op, struct node *a, struct node *b, const struct token *at) {
	struct node *n = node_new(p, kind, at);

	n->op = (uint8_t)op;
	n->u.x.a = a;
	n->u.x.b = b;
	return node_above(p, node_above(p, n, a), b);
}

static struct node *parse_or(struct parser *p);

static struct node *parse_cond(struct parser *p) {
	struct token at = p->cur;
	struct node *value = parse_or(p);
	bool is_if, is_else;

	while (value != NULL) {
		struct node *test, *other = NULL, *n;

		if (!skip_name(p, "if", &is_if))
			return NULL;
		if (!is_if)
			return value;
		if ((test = parse_or(p)) == NULL || !skip_name(p, "else", &is_else))
			return NULL;
		if (is_else && (other = parse_cond(p)) == NULL)
			return NULL;
		n = binary(p, N_COND, OP_ADD, test, value, &at);
		if (n != NULL && other != NULL)
			n = node_above(p, n, other);
		if (n != NULL)
			n->u.x.c = other;
		value = n;
		at = p->cur;
	}
	return NULL;
}

/* Counts the levels that are open: a bracket costs a dozen frames of the C stack. */
struct node *parse_expression(struct parser *p) {
	struct node *n;

	if (++p->depth > HEIGHT_MAX)
		return parse_fail(p, &p->cur, "nested deeper than %d levels", HEIGHT_MAX);
	n = parse_cond(p);
	p->depth--;
	return n;
}

static struct node *parse_compare(struct parser *p);

static struct node *parse_not(struct parser *p) {
	struct token at = p->cur;
	struct node *n, *of;

	if (!is_name(&p->cur, "not"))
		return parse_compare(p);
	if (++p->depth > HEIGHT_MAX)
		return parse_fail(p, &p->cur, "nested deeper than %d levels", HEIGHT_MAX);
	if (!advance(p) || (of = parse_not(p)) == NULL)
		return NULL;
	p->depth--;
	n = node_new(p, N_NOT, &at);
	n->u.x.a = of;
	return node_above(p, n, of);
}

static struct node *parse_and(struct parser *p) {
	struct token at = p->cur;
	struct node *left = parse_not(p);
	bool found = true;

	while (left != NULL) {
		struct node *right;

		if (!skip_name(p, "and", &found))
			return NULL;
		if (!found)
			return left;
		if ((right = parse_not(p)) == NULL)
			return NULL;
		left = binary(p, N_AND, OP_ADD, left, right, &at);
		at = p->cur;
	}
	return NULL;
}

static struct node *parse_or(struct parser *p) {
	struct token at = p->cur;
	struct node *left = parse_and(p);
	bool found = true;

	while (left != NULL) {
		struct node *right;

		if (!skip_name(p, "or", &found))
			return NULL;
		if (!found)
			return left;
		if ((right = parse_and(p)) == NULL)
			return NULL;
		left = binary(p, N_OR, OP_ADD, left, right, &at);
		at = p->cur;
	}
	return NULL;
}

static struct node *parse_math1(struct parser *p);

/* A comparison sign at cur, skipped; *found false when there is none. */
static bool compare_op(struct parser *p, enum op *op, bool *found) {
	static const struct { enum token_type t; enum op op; } signs[] = {
		{ T_EQ, OP_EQ }, { T_NE, OP_NE }, { T_LT, OP_LT }, { T_LTEQ, OP_LE }, { T_GT, OP_GT }, { T_GTEQ, OP_GE },
	};
	struct token next;
	size_t i;

	*found = true;
	for (i = 0; i < ARRAY_LEN(signs); i++) {
		if (p->cur.type == signs[i].t) {
			*op = signs[i].op;
			return advance(p);
		}
	}
	*op = OP_IN;
	if (is_name(&p->cur, "in"))
		return advance(p);
	*found = false;
	if (!is_name(&p->cur, "not"))
		return true;
	if (!look(p, &next))
		return false;
	if (!is_name(&next, "in"))
		return true;
	*found = true;
	*op = OP_NOTIN;
	return advance(p) && advance(p);
}

static struct node *parse_compare(struct parser *p) {
	struct token at = p->cur;
	struct node *first = parse_math1(p), *n;
	struct nodelist rest = { 0 };
	struct sbuf ops = { 0 };
	enum op op;
	bool found;

	if (first == NULL)
		return NULL;
	n = node_new(p, N_COMPARE, &at);
	while (true) {
		struct node *right;

		if (!compare_op(p, &op, &found))
			return NULL;
		if (!found)
			break;
		if ((right = parse_math1(p)) == NULL || node_above(p, n, right) == NULL)
			return NULL;
		if (rest.n == 0)
			sb_init(&ops, p->a);
		nl_push(p, &rest, right);
		sb_chr(&ops, (char)op);
	}
	if (rest.n == 0)
		return first;
	n->u.cmp.first = first;
	n->u.cmp.rest = nl_done(p, &rest);
	n->u.cmp.ops = (uint8_t *)ops.s;
	return node_above(p, n, first);
}

static struct node *parse_unary(struct parser *p, bool with_filter);

static struct node *parse_pow(struct parser *p) {
	struct token at = p->cur;
	struct node *left = parse_unary(p, true);
	bool quirk;

	while (left != NULL && p->cur.type == T_POW) {
		struct node *right;

		if (!advance(p) || (right = parse_unary(p, true)) == NULL)
			return NULL;
		quirk = tree_const(left) && !tree_const(right);
		left = binary(p, N_BINARY, OP_POW, left, right, &at);
		if (left != NULL && quirk)
			left->flags |= NF_CONST;
		at = p->cur;
	}
	return left;
}

static struct node *parse_math2(struct parser *p) {
	struct token at = p->cur;
	struct node *left = parse_pow(p);

	while (left != NULL) {
		struct node *right;
		enum op op = p->cur.type == T_MUL ? OP_MUL : p->cur.type == T_DIV ? OP_DIV
		           : p->cur.type == T_FLOORDIV ? OP_FLOORDIV : p->cur.type == T_MOD ? OP_MOD : OP__COUNT;

		if (op == OP__COUNT)
			return left;
		if (!advance(p) || (right = parse_pow(p)) == NULL)
			return NULL;
		left = binary(p, N_BINARY, op, left, right, &at);
		at = p->cur;
	}
	return NULL;
}

static struct node *parse_concat(struct parser *p) {
	struct token at = p->cur;
	struct node *first = parse_math2(p), *n;
	struct nodelist items = { 0 };

	if (first == NULL || p->cur.type != T_TILDE)
		return first;
	n = node_new(p, N_CONCAT, &at);
	nl_push(p, &items, first);
	while (p->cur.type == T_TILDE) {
		struct node *next;

		if (!advance(p) || (next = parse_math2(p)) == NULL || node_above(p, n, next) == NULL)
			return NULL;
		nl_push(p, &items, next);
	}
	n->u.items = nl_done(p, &items);
	return node_above(p, n, first);
}

static struct node *parse_math1(struct parser *p) {
	struct token at = p->cur;
	struct node *left = parse_concat(p);

	while (left != NULL && (p->cur.type == T_ADD || p->cur.type == T_SUB)) {
		enum op op = p->cur.type == T_ADD ? OP_ADD : OP_SUB;
		struct node *right;

		if (!advance(p) || (right = parse_concat(p)) == NULL)
			return NULL;
		left = binary(p, N_BINARY, op, left, right, &at);
		at = p->cur;
	}
	return left;
}

/* ---- primaries */

static struct node *constant(struct parser *p, const struct token *at, struct val v) {
	struct node *n = node_new(p, N_CONST, at);

	n->u.val = v;
	return n;
}

static struct node *name_node(struct parser *p, const struct token *at) {
	struct node *n = node_new(p, N_NAME, at);
	struct undef *u = arena_new(p->a, struct undef, 1);

	n->u.name.name = at->v;
	n->u.name.hash = val_hash(at->v);
	u->name = at->v;
	n->u.name.undef = u;
	return n;
}

static struct node *parse_name(struct parser *p, unsigned flags) {
	static const char *const words[] = { "true", "True", "false", "False", "none", "None" };
	struct token at = p->cur, attr;
	struct node *n;
	size_t i;

	if (!advance(p))
		return NULL;
	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (is_name(&at, words[i]))
			return constant(p, &at, i < 4 ? val_bool(i < 2) : val_null());
	}
	n = name_node(p, &at);
	if (!(flags & WITH_NAMESPACE) || p->cur.type != T_DOT)
		return n;
	if (!advance(p) || !expect(p, T_NAME, &attr))
		return NULL;
	n->kind = N_NSREF;
	n->u.name.attr = attr.v;
	return n;
}

static struct node *parse_string(struct parser *p) {
	struct token at = p->cur;
	struct sbuf b;

	if (!advance(p))
		return NULL;
	if (p->cur.type != T_STRING)
		return constant(p, &at, at.v);
	sb_init(&b, p->a);
	sb_mem(&b, at.v.u.s, at.v.len);
	while (p->cur.type == T_STRING) {
		sb_mem(&b, p->cur.v.u.s, p->cur.v.len);
		if (!advance(p))
			return NULL;
	}
	return constant(p, &at, val_mem(b.s, b.len));
}

static struct node *parse_list(struct parser *p) {
	struct node *n = node_new(p, N_LIST, &p->cur);
	struct nodelist items = { 0 };

	if (!advance(p))
		return NULL;
	while (p->cur.type != T_RBRACKET) {
		struct node *item;

		if (items.n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if (p->cur.type == T_RBRACKET)
			break;
		if ((item = parse_expression(p)) == NULL || node_above(p, n, item) == NULL)
			return NULL;
		nl_push(p, &items, item);
	}
	n->u.items = nl_done(p, &items);
	return advance(p) ? n : NULL;
}

static struct node *parse_dict(struct parser *p) {
	struct node *n = node_new(p, N_DICT, &p->cur);
	struct nodelist items = { 0 };

	if (!advance(p))
		return NULL;
	while (p->cur.type != T_RBRACE) {
		struct node *key, *value;

		if (items.n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if (p->cur.type == T_RBRACE)
			break;
		if ((key = parse_expression(p)) == NULL || !expect(p, T_COLON, NULL) || (value = parse_expression(p)) == NULL ||
		    node_above(p, n, key) == NULL || node_above(p, n, value) == NULL)
			return NULL;
		nl_push(p, &items, key);
		nl_push(p, &items, value);
	}
	n->u.items = nl_done(p, &items);
	return advance(p) ? n : NULL;
}

static struct node *parse_parentheses(struct parser *p) {
	struct node *n;

	if (!advance(p) || (n = parse_tuple(p, WITH_COND | PARENTHESES)) == NULL || !expect(p, T_RPAREN, NULL))
		return NULL;
	n->flags |= NF_PARENS;
	return n;
}

static struct node *parse_primary(struct parser *p, unsigned flags) {
	struct token at = p->cur;

	switch ((int)at.type) {
	case T_NAME: return parse_name(p, flags);
	case T_STRING: return parse_string(p);
	case T_INTEGER:
	case T_FLOAT: return advance(p) ? constant(p, &at, at.v) : NULL;
	case T_LPAREN: return parse_parentheses(p);
	case T_LBRACKET: return parse_list(p);
	case T_LBRACE: return parse_dict(p);
	default: return parse_fail(p, &at, "unexpected %s", quoted(p->a, val_str(token_describe(p->a, &at))));
	}
}

static bool tuple_end(const struct parser *p) {
	return p->cur.type == T_VARIABLE_END || p->cur.type == T_BLOCK_END || p->cur.type == T_RPAREN;
}

static struct node *tuple_item(struct parser *p, unsigned flags) {
	struct node *n;

	if (flags & SIMPLIFIED)
		return parse_primary(p, flags);
	if (flags & WITH_COND)
		return parse_expression(p);
	if (++p->depth > HEIGHT_MAX)
		return parse_fail(p, &p->cur, "nested deeper than %d levels", HEIGHT_MAX);
	n = parse_or(p);
	p->depth--;
	return n;
}

struct node *parse_tuple(struct parser *p, unsigned flags) {
	struct token at = p->cur;
	struct nodelist items = { 0 };
	bool is_tuple = false;
	struct node *n;
	uint32_t i;

	while (true) {
		if (items.n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if (tuple_end(p))
			break;
		if ((n = tuple_item(p, flags)) == NULL)
			return NULL;
		nl_push(p, &items, n);
		if (p->cur.type != T_COMMA)
			break;
		is_tuple = true;
	}
	if (!is_tuple && items.n > 0)
		return items.v[0];
	if (!is_tuple && !(flags & PARENTHESES))
		return parse_fail(p, &p->cur, "Expected an expression, got %s", quoted(p->a, val_str(token_describe(p->a, &p->cur))));
	n = node_new(p, N_TUPLE, &at);
	n->u.items = nl_done(p, &items);
	for (i = 0; i < items.n; i++) {
		if (node_above(p, n, items.v[i]) == NULL)
			return NULL;
	}
	return n;
}

/* ---- what follows a primary */

static struct node *attribute(struct parser *p, struct node *of, const struct token *at) {
	struct token name = p->cur;
	struct node *n;

	if (!advance(p))
		return NULL;
	if (name.type == T_INTEGER) {
		n = binary(p, N_GETITEM, OP_ADD, of, constant(p, &name, name.v), at);
		return n;
	}
	if (name.type != T_NAME)
		return parse_fail(p, &name, "expected name or number");
	n = node_new(p, N_GETATTR, at);
	n->u.attr.of = of;
	n->u.attr.name = name.v;
	n->u.attr.hash = val_hash(name.v);
	n->u.attr.class_slot = -1;
	n->u.attr.methods = env_methods(p->t->env, name.v);
	return node_above(p, n, of);
}

static struct node *slice_part(struct parser *p, struct node *n, struct node **part) {
	*part = NULL;
	if (p->cur.type == T_COLON || p->cur.type == T_RBRACKET || p->cur.type == T_COMMA)
		return n;
	*part = parse_expression(p);
	return node_above(p, n, *part);
}

static struct node *subscribed(struct parser *p) {
	struct node *n = node_new(p, N_SLICE, &p->cur), *first = NULL;
	bool colon;

	if (p->cur.type != T_COLON) {
		if ((first = parse_expression(p)) == NULL || p->cur.type != T_COLON)
			return first;
		if (node_above(p, n, first) == NULL)
			return NULL;
	}
	n->u.x.a = first;
	if (!advance(p) || slice_part(p, n, &n->u.x.b) == NULL || !skip_if(p, T_COLON, &colon))
		return NULL;
	return colon ? slice_part(p, n, &n->u.x.c) : n;
}

static struct node *subscript(struct parser *p, struct node *of) {
	struct token at = p->cur;
	struct nodelist items = { 0 };
	struct node *arg;
	uint32_t i;

	if (!advance(p))
		return NULL;
	if (at.type == T_DOT)
		return attribute(p, of, &at);
	while (p->cur.type != T_RBRACKET) {
		if (items.n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if ((arg = subscribed(p)) == NULL)
			return NULL;
		nl_push(p, &items, arg);
	}
	if (!advance(p))
		return NULL;
	if (items.n == 1)
		return binary(p, N_GETITEM, OP_ADD, of, items.v[0], &at);
	arg = node_new(p, N_TUPLE, &at);
	arg->u.items = nl_done(p, &items);
	for (i = 0; i < items.n; i++) {
		if (node_above(p, arg, items.v[i]) == NULL)
			return NULL;
	}
	return binary(p, N_GETITEM, OP_ADD, of, arg, &at);
}

static bool argument(struct parser *p, struct args *args, struct nodelist *pos, struct nodelist *kw, struct list *names) {
	bool star = p->cur.type == T_MUL, stars = p->cur.type == T_POW, ok;
	struct token key = p->cur, next = { .type = T_EOF };
	struct node *n;

	if (p->cur.type == T_NAME && !look(p, &next))
		return false;
	if (star)
		ok = args->dyn == NULL && args->dynkw == NULL;
	else if (stars || next.type == T_ASSIGN)
		ok = args->dynkw == NULL;
	else
		ok = args->dyn == NULL && args->dynkw == NULL && kw->n == 0;
	if (!ok)
		return parse_fail(p, &p->cur, "invalid syntax for function call expression") != NULL;
	if (((star || stars) && !advance(p)) || (next.type == T_ASSIGN && (!advance(p) || !advance(p))) ||
	    (n = parse_expression(p)) == NULL)
		return false;
	if (star)
		args->dyn = n;
	else if (stars)
		args->dynkw = n;
	else if (next.type == T_ASSIGN) {
		nl_push(p, kw, n);
		list_push(names, key.v);
	} else
		nl_push(p, pos, n);
	return true;
}

static struct args *parse_args(struct parser *p) {
	struct args *args = arena_new(p->a, struct args, 1);
	struct nodelist pos = { 0 }, kw = { 0 };
	struct list *names = list_new(p->a, 0);
	bool comma = false;

	if (!expect(p, T_LPAREN, NULL))
		return NULL;
	while (p->cur.type != T_RPAREN) {
		if (comma && !expect(p, T_COMMA, NULL))
			return NULL;
		if (comma && p->cur.type == T_RPAREN)
			break;
		if (!argument(p, args, &pos, &kw, names))
			return NULL;
		comma = true;
	}
	args->pos = nl_done(p, &pos);
	args->kw = nl_done(p, &kw);
	args->kwnames = names->v;
	return advance(p) ? args : NULL;
}

static struct node *above_args(struct parser *p, struct node *n) {
	const struct args *a = n->u.call.args;
	uint32_t i;

	for (i = 0; n != NULL && i < a->pos.n; i++)
		n = node_above(p, n, a->pos.v[i]);
	for (i = 0; n != NULL && i < a->kw.n; i++)
		n = node_above(p, n, a->kw.v[i]);
	if (n != NULL && a->dyn != NULL)
		n = node_above(p, n, a->dyn);
	if (n != NULL && a->dynkw != NULL)
		n = node_above(p, n, a->dynkw);
	return n;
}

static struct node *parse_call(struct parser *p, struct node *of) {
	struct node *n = node_new(p, N_CALL, &p->cur);

	n->u.call.of = of;
	if ((n->u.call.args = parse_args(p)) == NULL || node_above(p, n, of) == NULL)
		return NULL;
	return above_args(p, n);
}

/* `name.name`, as filters and tests of other systems are called. */
static bool dotted(struct parser *p, struct val *out) {
	struct token part;
	struct sbuf b;

	if (!expect(p, T_NAME, &part))
		return false;
	*out = part.v;
	if (p->cur.type != T_DOT)
		return true;
	sb_init(&b, p->a);
	sb_mem(&b, part.v.u.s, part.v.len);
	while (p->cur.type == T_DOT) {
		if (!advance(p) || !expect(p, T_NAME, &part))
			return false;
		sb_chr(&b, '.');
		sb_mem(&b, part.v.u.s, part.v.len);
	}
	*out = val_mem(b.s, b.len);
	return true;
}

struct node *parse_filter(struct parser *p, struct node *of, bool inline_start) {
	while (inline_start || p->cur.type == T_PIPE) {
		struct node *n;

		if (!inline_start && !advance(p))
			return NULL;
		inline_start = false;
		n = node_new(p, N_FILTER, &p->cur);
		n->u.call.of = of;
		if (!dotted(p, &n->u.call.name))
			return NULL;
		n->u.call.fn = env_fn(p->t->env, TABLE_FILTERS, n->u.call.name);
		n->u.call.args = p->cur.type == T_LPAREN ? parse_args(p) : arena_new(p->a, struct args, 1);
		if (n->u.call.args == NULL || (of != NULL && node_above(p, n, of) == NULL) || above_args(p, n) == NULL)
			return NULL;
		of = n;
	}
	return of;
}

static struct node *parse_postfix(struct parser *p, struct node *n) {
	while (n != NULL) {
		if (p->cur.type == T_DOT || p->cur.type == T_LBRACKET)
			n = subscript(p, n);
		else if (p->cur.type == T_LPAREN)
			n = parse_call(p, n);
		else
			break;
	}
	return n;
}

/* The argument that a test takes without parentheses, if one follows. */
static bool test_argument(struct parser *p, struct args *args) {
	enum token_type t = p->cur.type;
	struct nodelist pos = { 0 };
	struct node *n;

	if (t != T_NAME && t != T_STRING && t != T_INTEGER && t != T_FLOAT && t != T_LBRACKET && t != T_LBRACE)
		return true;
	if (is_name(&p->cur, "else") || is_name(&p->cur, "or") || is_name(&p->cur, "and"))
		return true;
	if (is_name(&p->cur, "is"))
		return parse_fail(p, &p->cur, "You cannot chain multiple tests with is") != NULL;
	if ((n = parse_primary(p, 0)) == NULL || (n = parse_postfix(p, n)) == NULL)
		return false;
	nl_push(p, &pos, n);
	args->pos = nl_done(p, &pos);
	return true;
}

static struct node *parse_test(struct parser *p, struct node *of) {
	struct token at = p->cur;
	struct node *n = node_new(p, N_TEST, &at), *not;
	bool negated;

	if (!advance(p) || !skip_name(p, "not", &negated) || !dotted(p, &n->u.call.name))
		return NULL;
	n->u.call.of = of;
	n->u.call.fn = env_fn(p->t->env, TABLE_TESTS, n->u.call.name);
	if (p->cur.type == T_LPAREN) {
		if ((n->u.call.args = parse_args(p)) == NULL)
			return NULL;
	} else {
		n->u.call.args = arena_new(p->a, struct args, 1);
		if (!test_argument(p, n->u.call.args))
			return NULL;
	}
	if (node_above(p, n, of) == NULL || above_args(p, n) == NULL)
		return NULL;
	if (!negated)
		return n;
	not = node_new(p, N_NOT, &at);
	not->u.x.a = n;
	return node_above(p, not, n);
}

static struct node *parse_filter_expr(struct parser *p, struct node *n) {
	while (n != NULL) {
		if (p->cur.type == T_PIPE)
			n = parse_filter(p, n, false);
		else if (is_name(&p->cur, "is"))
			n = parse_test(p, n);
		else if (p->cur.type == T_LPAREN)
			n = parse_call(p, n);
		else
			break;
	}
	return n;
}

static struct node *parse_unary(struct parser *p, bool with_filter) {
	struct token at = p->cur;
	struct node *n;

	if (at.type == T_SUB || at.type == T_ADD) {
		struct node *of;

		if (++p->depth > HEIGHT_MAX)
			return parse_fail(p, &p->cur, "nested deeper than %d levels", HEIGHT_MAX);
		if (!advance(p) || (of = parse_unary(p, false)) == NULL)
			return NULL;
		p->depth--;
		n = node_new(p, N_UNARY, &at);
		n->op = at.type == T_SUB ? OP_NEG : OP_POS;
		n->u.x.a = of;
		n = node_above(p, n, of);
	} else {
		n = parse_primary(p, 0);
	}
	n = parse_postfix(p, n);
	return with_filter ? parse_filter_expr(p, n) : n;
}

/* ---- targets of assignments */

static const char *kind_name(const struct node *n) {
	static const char *const kinds[N__COUNT] = {
		[N_CONST] = "const", [N_NAME] = "name", [N_NSREF] = "nsref", [N_TUPLE] = "tuple", [N_LIST] = "list", [N_DICT] = "dict",
		[N_AND] = "and", [N_OR] = "or", [N_NOT] = "not", [N_CONCAT] = "concat", [N_COMPARE] = "compare", [N_COND] = "condexpr",
		[N_GETATTR] = "getattr", [N_GETITEM] = "getitem", [N_SLICE] = "slice", [N_CALL] = "call", [N_FILTER] = "filter",
		[N_TEST] = "test",
	}, *const ops[OP__COUNT] = {
		[OP_ADD] = "add", [OP_SUB] = "sub", [OP_MUL] = "mul", [OP_DIV] = "div", [OP_FLOORDIV] = "floordiv", [OP_MOD] = "mod",
		[OP_POW] = "pow", [OP_NEG] = "neg", [OP_POS] = "pos",
	};

	return n->kind == N_UNARY || n->kind == N_BINARY ? ops[n->op] : kinds[n->kind];
}

static bool make_target(struct node *n) {
	uint32_t i;
	bool ok = true;

	if (n->kind == N_TUPLE) {
		for (i = 0; i < n->u.items.n; i++)
			ok = make_target(n->u.items.v[i]) && ok;
		return ok;
	}
	if (n->kind != N_NAME && n->kind != N_NSREF)
		return false;
	if (n->kind == N_NAME)
		n->flags |= NF_STORE;
	return true;
}

struct node *parse_target(struct parser *p, unsigned flags) {
	struct token at = p->cur;
	struct node *n = parse_tuple(p, flags | SIMPLIFIED);

	if (n == NULL)
		return NULL;
	at.line = n->line;
	at.pos = n->pos;
	return make_target(n) ? n : parse_fail(p, &at, "can't assign to '%s'", kind_name(n));
}

struct node *parse_name_target(struct parser *p) {
	static const char *const words[] = { "true", "True", "false", "False", "none", "None" };
	struct token at;
	struct node *n;
	size_t i;

	if (!expect(p, T_NAME, &at))
		return NULL;
	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (is_name(&at, words[i]))
			return parse_fail(p, &at, "can't assign to 'name'");
	}
	n = name_node(p, &at);
	n->flags |= NF_STORE;
	return n;
}
