/* parse.c: statements. The tags are a table; expressions are in parse_expr.c. */
#include "config.h"

#include "template/parse.h"

void nl_push(struct parser *p, struct nodelist *l, struct node *n) {
	if (l->n == l->cap) {
		uint32_t cap = l->cap == 0 ? 4 : l->cap * 2;

		l->v = arena_grow(p->a, l->v, l->cap * sizeof(*l->v), cap * sizeof(*l->v));
		l->cap = cap;
	}
	l->v[l->n++] = n;
}

struct nodes nl_done(struct parser *p, struct nodelist *l) {
	(void)p;
	return (struct nodes){ .v = l->v, .n = l->n };
}

struct node *node_new(struct parser *p, enum node_kind kind, const struct token *at) {
	struct node *n = arena_new(p->a, struct node, 1);

	n->kind = kind;
	n->line = at->line;
	n->pos = at->pos;
	n->height = 1;
	return n;
}

struct node *node_above(struct parser *p, struct node *n, const struct node *child) {
	if (child == NULL || n == NULL)
		return NULL;
	if (n->height <= child->height)
		n->height = (uint16_t)(child->height + 1);
	if (n->height > HEIGHT_MAX)
		return parse_fail(p, &p->cur, "nested deeper than %d levels", HEIGHT_MAX);
	return n;
}

static void *fail_kind(struct parser *p, const struct token *at, const char *kind, const char *text) {
	if (!p->failed) {
		err_kind(p->e, ERR_TEMPLATE, kind, "%s", text);
		p->e_line = at->line;
		p->e_pos = at->pos;
		p->failed = true;
	}
	return NULL;
}

void *parse_fail(struct parser *p, const struct token *at, const char *fmt, ...) {
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(p->a, fmt, ap);
	va_end(ap);
	return fail_kind(p, at, "TemplateSyntaxError", text);
}

void *parse_fail_assertion(struct parser *p, const struct token *at, const char *fmt, ...) {
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(p->a, fmt, ap);
	va_end(ap);
	return fail_kind(p, at, "TemplateAssertionError", text);
}

static bool read_token(struct parser *p, struct token *t) {
	if (lexer_next(p->lex, t))
		return true;
	p->failed = true;
	p->e_line = lexer_line(p->lex);
	p->e_pos = lexer_pos(p->lex);
	return false;
}

bool advance(struct parser *p) {
	if (p->has_ahead) {
		p->cur = p->ahead;
		p->has_ahead = false;
		return true;
	}
	return read_token(p, &p->cur);
}

bool look(struct parser *p, struct token *t) {
	if (!p->has_ahead) {
		p->ahead = p->cur;
		if (!read_token(p, &p->ahead))
			return false;
		p->has_ahead = true;
	}
	*t = p->ahead;
	return true;
}

bool is_name(const struct token *t, const char *word) {
	return t->type == T_NAME && strlen(word) == t->v.len && memcmp(t->v.u.s, word, t->v.len) == 0;
}

bool skip_if(struct parser *p, enum token_type type, bool *skipped) {
	*skipped = p->cur.type == type;
	return !*skipped || advance(p);
}

bool skip_name(struct parser *p, const char *word, bool *skipped) {
	*skipped = is_name(&p->cur, word);
	return !*skipped || advance(p);
}

static bool unexpected(struct parser *p, const char *wanted) {
	const char *got = token_describe(p->a, &p->cur);

	if (p->cur.type == T_EOF)
		parse_fail(p, &p->cur, "unexpected end of template, expected %s.", quoted(p->a, val_str(wanted)));
	else
		parse_fail(p, &p->cur, "expected token %s, got %s", quoted(p->a, val_str(wanted)), quoted(p->a, val_str(got)));
	return false;
}

bool expect(struct parser *p, enum token_type type, struct token *got) {
	if (p->cur.type != type)
		return unexpected(p, token_name(type));
	if (got != NULL)
		*got = p->cur;
	return advance(p);
}

static bool expect_name(struct parser *p, const char *word) {
	return is_name(&p->cur, word) ? advance(p) : unexpected(p, word);
}

/* ---- bodies */

static char *words_or(struct parser *p, const char *const *words) {
	struct sbuf b;

	sb_init(&b, p->a);
	for (; *words != NULL; words++)
		sb_fmt(&b, "%s'%s'", b.len == 0 ? "" : " or ", *words);
	return b.s;
}

static bool expected_anywhere(const struct parser *p, struct val name) {
	const struct ends *e;
	size_t i;

	for (e = p->ends; e != NULL; e = e->outer) {
		for (i = 0; e->words[i] != NULL; i++) {
			if (val_equal(name, val_str(e->words[i])))
				return true;
		}
	}
	return false;
}

/* An unknown tag (name), or the end of the template (name V_NULL) where an end tag was awaited. */
static void *fail_tag(struct parser *p, struct val name, const struct token *at) {
	struct sbuf b;

	sb_init(&b, p->a);
	if (name.type == V_NULL)
		sb_str(&b, "Unexpected end of template.");
	else
		sb_fmt(&b, "Encountered unknown tag %s.", quoted(p->a, name));
	if (p->ends != NULL && name.type != V_NULL && expected_anywhere(p, name))
		sb_fmt(&b, " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for %s.",
			words_or(p, p->ends->words));
	else if (p->ends != NULL)
		sb_fmt(&b, " Jinja was looking for the following tags: %s.", words_or(p, p->ends->words));
	if (p->tags != NULL)
		sb_fmt(&b, " The innermost block that needs to be closed is %s.", quoted(p->a, p->tags->name));
	return parse_fail(p, at, "%s", b.s);
}

static struct node *parse_statement(struct parser *p);

static bool flush(struct parser *p, struct nodelist *body, struct nodelist *out) {
	struct node *n;
	uint32_t i;

	if (out->n == 0)
		return true;
	n = arena_new(p->a, struct node, 1);
	n->kind = N_OUTPUT;
	n->line = out->v[0]->line;
	n->pos = out->v[0]->pos;
	n->u.items = nl_done(p, out);
	for (i = 0; i < out->n; i++) {
		if (node_above(p, n, out->v[i]) == NULL)
			return false;
	}
	nl_push(p, body, n);
	*out = (struct nodelist){ 0 };
	return true;
}

/* A variable tag or text. */
static bool subparse_output(struct parser *p, struct nodelist *out) {
	struct node *n;

	if (p->cur.type == T_DATA) {
		n = node_new(p, N_DATA, &p->cur);
		n->u.val = p->cur.v;
		nl_push(p, out, n);
		return advance(p);
	}
	if (!advance(p) || (n = parse_tuple(p, WITH_COND)) == NULL)
		return false;
	nl_push(p, out, n);
	return expect(p, T_VARIABLE_END, NULL);
}

static bool at_end(const struct parser *p, const char *const *ends) {
	size_t i;

	for (i = 0; ends != NULL && ends[i] != NULL; i++) {
		if (is_name(&p->cur, ends[i]))
			return true;
	}
	return false;
}

/* Up to one of the end tags, whose name is then cur; or to the end of the text. */
static bool subparse(struct parser *p, const char *const *ends, struct nodes *result) {
	struct nodelist body = { 0 }, out = { 0 };

	while (p->cur.type != T_EOF) {
		struct node *n;

		if (p->cur.type != T_BLOCK_BEGIN) {
			if (!subparse_output(p, &out))
				return false;
			continue;
		}
		if (!flush(p, &body, &out) || !advance(p))
			return false;
		if (at_end(p, ends)) {
			*result = nl_done(p, &body);
			return true;
		}
		if ((n = parse_statement(p)) == NULL)
			return false;
		nl_push(p, &body, n);
		if (!expect(p, T_BLOCK_END, NULL))
			return false;
	}
	if (!flush(p, &body, &out))
		return false;
	*result = nl_done(p, &body);
	return true;
}

static bool parse_body(struct parser *p, const char *const *ends, struct nodes *out, struct val *end) {
	struct ends awaited = { .outer = p->ends, .words = ends };
	bool colon;

	if (!skip_if(p, T_COLON, &colon) || !expect(p, T_BLOCK_END, NULL))
		return false;
	p->ends = &awaited;
	if (++p->depth > HEIGHT_MAX / 2)
		return parse_fail(p, &p->cur, "tags nested deeper than %d levels", HEIGHT_MAX / 2) != NULL;
	if (!subparse(p, ends, out))
		return false;
	p->depth--;
	if (p->cur.type == T_EOF)
		return fail_tag(p, val_null(), &p->cur) != NULL;
	p->ends = awaited.outer;
	if (end != NULL)
		*end = p->cur.v;
	return advance(p);
}

static bool word_is(struct val v, const char *word) {
	return val_equal(v, val_str(word));
}

/* ---- the statements */

static struct node *parse_set(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endset", NULL };
	bool assign_sign;

	if ((n->u.set.target = parse_target(p, WITH_NAMESPACE)) == NULL || !skip_if(p, T_ASSIGN, &assign_sign))
		return NULL;
	if (assign_sign) {
		n->u.set.value = parse_tuple(p, WITH_COND);
		return node_above(p, n, n->u.set.value);
	}
	n->kind = N_SETBLOCK;
	if (p->cur.type == T_PIPE) {
		n->u.set.value = parse_filter(p, NULL, false);
		if (node_above(p, n, n->u.set.value) == NULL)
			return NULL;
	}
	return parse_body(p, ends, &n->u.set.body, NULL) ? n : NULL;
}

static struct node *parse_for(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endfor", "else", NULL }, *const else_ends[] = { "endfor", NULL };
	struct for_info *f = arena_new(p->a, struct for_info, 1);
	struct val end;
	bool has_test;

	n->u.loop = f;
	if ((f->target = parse_target(p, 0)) == NULL || !expect_name(p, "in") ||
	    (f->iter = parse_tuple(p, 0)) == NULL || !skip_name(p, "if", &has_test))
		return NULL;
	if (has_test && (f->test = parse_expression(p)) == NULL)
		return NULL;
	if (!skip_name(p, "recursive", &f->recursive) || !parse_body(p, ends, &f->body, &end))
		return NULL;
	if (word_is(end, "else") && !parse_body(p, else_ends, &f->otherwise, NULL))
		return NULL;
	return node_above(p, n, f->iter);
}

static struct node *parse_if(struct parser *p, struct node *n) {
	static const char *const ends[] = { "elif", "else", "endif", NULL }, *const else_ends[] = { "endif", NULL };
	struct branch *v = NULL;
	uint32_t used = 0, cap = 0;
	struct val end = val_null();

	do {
		struct branch *b;

		if (used + 2 > cap) {
			v = arena_grow(p->a, v, cap * sizeof(*v), (cap + 4) * 2 * sizeof(*v));
			cap = (cap + 4) * 2;
		}
		b = &v[used++];
		if ((b->test = parse_tuple(p, 0)) == NULL || node_above(p, n, b->test) == NULL ||
		    !parse_body(p, ends, &b->body, &end))
			return NULL;
	} while (word_is(end, "elif"));
	if (word_is(end, "else")) {
		v[used].test = NULL;
		if (!parse_body(p, else_ends, &v[used++].body, NULL))
			return NULL;
	}
	n->u.branches.v = v;
	n->u.branches.n = used;
	return n;
}

static struct node *parse_with(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endwith", NULL };
	struct nodelist targets = { 0 }, values = { 0 };

	while (p->cur.type != T_BLOCK_END) {
		struct node *target, *value;

		if (targets.n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if ((target = parse_target(p, 0)) == NULL || !expect(p, T_ASSIGN, NULL) ||
		    (value = parse_expression(p)) == NULL || node_above(p, n, value) == NULL)
			return NULL;
		nl_push(p, &targets, target);
		nl_push(p, &values, value);
	}
	n->u.with.targets = nl_done(p, &targets);
	n->u.with.values = nl_done(p, &values);
	return parse_body(p, ends, &n->u.with.body, NULL) ? n : NULL;
}

static struct node *parse_autoescape(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endautoescape", NULL };

	n->u.escape.value = parse_expression(p);
	if (node_above(p, n, n->u.escape.value) == NULL)
		return NULL;
	return parse_body(p, ends, &n->u.escape.body, NULL) ? n : NULL;
}

static bool only_space(const struct nodes *body) {
	uint32_t i, k;
	size_t at, len;

	for (i = 0; i < body->n; i++) {
		if (body->v[i]->kind != N_OUTPUT)
			return false;
		for (k = 0; k < body->v[i]->u.items.n; k++) {
			const struct node *d = body->v[i]->u.items.v[k];

			if (d->kind != N_DATA)
				return false;
			for (at = 0; at < d->u.val.len; at += len) {
				if (!uc_space(utf8_at(d->u.val, at, &len)))
					return false;
			}
		}
	}
	return true;
}

static struct node *parse_block(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endblock", NULL };
	struct block_info *b = arena_new(p->a, struct block_info, 1);
	struct token name;
	bool same;

	n->u.block = b;
	if (!expect(p, T_NAME, &name) || !skip_name(p, "scoped", &b->scoped) || !skip_name(p, "required", &b->required))
		return NULL;
	b->name = name.v;
	if (p->cur.type == T_SUB)
		return parse_fail(p, &p->cur, "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, "
			"use an underscore instead.");
	if (!parse_body(p, ends, &b->body, NULL))
		return NULL;
	if (b->required && !only_space(&b->body))
		return parse_fail(p, &p->cur, "Required blocks can only contain comments or whitespace");
	return skip_name(p, b->name.u.s, &same) ? n : NULL;
}

/* `with context`, `without context`. */
static bool parse_context(struct parser *p, bool *with, bool *found) {
	struct token next;
	bool is_with = is_name(&p->cur, "with");

	*found = false;
	if (!is_with && !is_name(&p->cur, "without"))
		return true;
	if (!look(p, &next))
		return false;
	if (!is_name(&next, "context"))
		return true;
	*with = is_with;
	*found = true;
	return advance(p) && advance(p);
}

static struct import_info *import_new(struct parser *p, struct node *n) {
	struct import_info *i = arena_new(p->a, struct import_info, 1);

	n->u.import = i;
	i->template = parse_expression(p);
	return node_above(p, n, i->template) == NULL ? NULL : i;
}

static struct node *parse_extends(struct parser *p, struct node *n) {
	return import_new(p, n) == NULL ? NULL : n;
}

static struct node *parse_include(struct parser *p, struct node *n) {
	struct import_info *i = import_new(p, n);
	struct token next;
	bool found;

	if (i == NULL)
		return NULL;
	i->with_context = true;
	if (is_name(&p->cur, "ignore")) {
		if (!look(p, &next))
			return NULL;
		if (is_name(&next, "missing")) {
			i->ignore_missing = true;
			if (!advance(p) || !advance(p))
				return NULL;
		}
	}
	return parse_context(p, &i->with_context, &found) ? n : NULL;
}

static struct node *parse_import(struct parser *p, struct node *n) {
	struct import_info *i = import_new(p, n);
	bool found;

	if (i == NULL || !expect_name(p, "as") || (i->target = parse_name_target(p)) == NULL)
		return NULL;
	return parse_context(p, &i->with_context, &found) ? n : NULL;
}

static bool from_name(struct parser *p, struct list *names, struct nodelist *aliases) {
	struct token at = p->cur;
	struct node *target = parse_name_target(p);
	bool as;

	if (target == NULL)
		return false;
	if (target->u.name.name.u.s[0] == '_')
		return parse_fail_assertion(p, &at, "names starting with an underline can not be imported") != NULL;
	list_push(names, target->u.name.name);
	if (!skip_name(p, "as", &as) || (as && (target = parse_name_target(p)) == NULL))
		return false;
	nl_push(p, aliases, target);
	return true;
}

static struct node *parse_from(struct parser *p, struct node *n) {
	struct import_info *i = import_new(p, n);
	struct list *names = list_new(p->a, 4);
	struct nodelist aliases = { 0 };
	bool found = false;

	if (i == NULL || !expect_name(p, "import"))
		return NULL;
	while (!found) {
		if (names->n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if (p->cur.type != T_NAME)
			return expect(p, T_NAME, NULL) ? n : NULL;
		if (!parse_context(p, &i->with_context, &found))
			return NULL;
		if (found)
			break;
		if (!from_name(p, names, &aliases) || !parse_context(p, &i->with_context, &found))
			return NULL;
		if (p->cur.type != T_COMMA)
			break;
	}
	i->names = names->v;
	i->aliases = nl_done(p, &aliases);
	return n;
}

static bool parse_signature(struct parser *p, struct macro_info *m) {
	struct nodelist params = { 0 }, defaults = { 0 };
	uint32_t i;

	if (!expect(p, T_LPAREN, NULL))
		return false;
	while (p->cur.type != T_RPAREN) {
		struct node *target, *value;
		bool has_default;

		if (params.n > 0 && !expect(p, T_COMMA, NULL))
			return false;
		if ((target = parse_name_target(p)) == NULL || !skip_if(p, T_ASSIGN, &has_default))
			return false;
		if (has_default) {
			if ((value = parse_expression(p)) == NULL)
				return false;
			nl_push(p, &defaults, value);
		} else if (defaults.n > 0) {
			return parse_fail(p, &p->cur, "non-default argument follows default argument") != NULL;
		}
		for (i = 0; i < params.n; i++) {
			if (val_equal(params.v[i]->u.name.name, target->u.name.name))
				return fail_kind(p, &p->cur, "SyntaxError", arena_printf(p->a, "duplicate argument '%s' in function definition",
					target->u.name.name.u.s)) != NULL;
		}
		nl_push(p, &params, target);
	}
	m->params = nl_done(p, &params);
	m->defaults = defaults.v;
	m->ndefaults = defaults.n;
	return advance(p);
}

static struct macro_info *macro_info_new(struct parser *p, struct node *n) {
	n->u.macro.m = arena_new(p->a, struct macro_info, 1);
	n->u.macro.m->name = val_null();
	n->u.macro.m->fn = arena_new(p->a, struct func, 1);
	return n->u.macro.m;
}

static struct node *parse_macro(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endmacro", NULL };
	struct macro_info *m = macro_info_new(p, n);
	struct node *name = parse_name_target(p);

	if (name == NULL)
		return NULL;
	m->name = name->u.name.name;
	return parse_signature(p, m) && parse_body(p, ends, &m->fn->body, NULL) ? n : NULL;
}

static struct node *parse_call_block(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endcall", NULL };
	struct macro_info *m = macro_info_new(p, n);
	struct token at = { .line = n->line, .pos = n->pos };

	if (p->cur.type == T_LPAREN && !parse_signature(p, m))
		return NULL;
	n->u.macro.call = parse_expression(p);
	if (node_above(p, n, n->u.macro.call) == NULL)
		return NULL;
	if (n->u.macro.call->kind != N_CALL)
		return parse_fail(p, &at, "expected call");
	return parse_body(p, ends, &m->fn->body, NULL) ? n : NULL;
}

static struct node *parse_filter_block(struct parser *p, struct node *n) {
	static const char *const ends[] = { "endfilter", NULL };

	n->u.set.value = parse_filter(p, NULL, true);
	if (node_above(p, n, n->u.set.value) == NULL)
		return NULL;
	return parse_body(p, ends, &n->u.set.body, NULL) ? n : NULL;
}

static struct node *parse_print(struct parser *p, struct node *n) {
	struct nodelist items = { 0 };

	while (p->cur.type != T_BLOCK_END) {
		struct node *item;

		if (items.n > 0 && !expect(p, T_COMMA, NULL))
			return NULL;
		if ((item = parse_expression(p)) == NULL || node_above(p, n, item) == NULL)
			return NULL;
		nl_push(p, &items, item);
	}
	n->flags |= NF_PRINT;
	n->u.items = nl_done(p, &items);
	return n;
}

static struct node *parse_do(struct parser *p, struct node *n) {
	n->u.x.a = parse_tuple(p, WITH_COND);
	return node_above(p, n, n->u.x.a);
}

static struct node *parse_flow(struct parser *p, struct node *n) {
	(void)p;
	return n;
}

static struct node *parse_trans_tag(struct parser *p, struct node *n) {
	(void)n;
	return parse_trans(p);
}

enum extension { EXT_NONE, EXT_DO, EXT_LOOPCONTROLS, EXT_I18N };

static const struct statement {
	const char *tag;
	enum node_kind kind;
	struct node *(*parse)(struct parser *, struct node *);
	enum extension needs;
} statements[] = {
	{ "autoescape", N_AUTOESCAPE, parse_autoescape, EXT_NONE },
	{ "block", N_BLOCK, parse_block, EXT_NONE },
	{ "break", N_BREAK, parse_flow, EXT_LOOPCONTROLS },
	{ "call", N_CALLBLOCK, parse_call_block, EXT_NONE },
	{ "continue", N_CONTINUE, parse_flow, EXT_LOOPCONTROLS },
	{ "do", N_DO, parse_do, EXT_DO },
	{ "extends", N_EXTENDS, parse_extends, EXT_NONE },
	{ "filter", N_FILTERBLOCK, parse_filter_block, EXT_NONE },
	{ "for", N_FOR, parse_for, EXT_NONE },
	{ "from", N_FROM, parse_from, EXT_NONE },
	{ "if", N_IF, parse_if, EXT_NONE },
	{ "import", N_IMPORT, parse_import, EXT_NONE },
	{ "include", N_INCLUDE, parse_include, EXT_NONE },
	{ "macro", N_MACRO, parse_macro, EXT_NONE },
	{ "print", N_OUTPUT, parse_print, EXT_NONE },
	{ "set", N_SET, parse_set, EXT_NONE },
	{ "trans", N_TRANS, parse_trans_tag, EXT_I18N },
	{ "with", N_WITH, parse_with, EXT_NONE },
};

static bool enabled(const struct tmpl_options *o, enum extension x) {
	switch (x) {
	case EXT_NONE: return true;
	case EXT_DO: return o->ext_do;
	case EXT_LOOPCONTROLS: return o->ext_loopcontrols;
	case EXT_I18N: return o->ext_i18n;
	}
	return false;
}

/* `{% include_configuration X %}`: only the spelling of X counts. */
static struct node *parse_include_tag(struct parser *p, const struct tmpl_include_tag *tag, struct node *n) {
	struct import_info *i;
	struct sbuf b;

	if (!advance(p) || (i = import_new(p, n)) == NULL)
		return NULL;
	sb_init(&b, p->a);
	sb_str(&b, tag->prefix);
	if (i->template->kind == N_NAME) {
		sb_mem(&b, i->template->u.name.name.u.s, i->template->u.name.name.len);
	} else if (i->template->kind == N_CONST && i->template->u.val.type == V_STR) {
		sb_mem(&b, i->template->u.val.u.s, i->template->u.val.len);
	} else if (i->template->kind == N_CONST && i->template->u.val.type == V_INT) {
		sb_int(&b, i->template->u.val.u.i);
	} else {
		return parse_fail(p, &p->cur, "%s takes a name, a string or a number", tag->tag);
	}
	i->names = arena_new(p->a, struct val, 2);
	i->names[0] = val_mem(b.s, b.len);
	i->names[1] = val_str(tag->tag);
	i->with_context = true;
	return n;
}

static struct node *dispatch(struct parser *p, const struct token *at) {
	const struct tmpl_include_tag *tag = p->t->env->o.include_tags;
	size_t i;

	for (i = 0; i < ARRAY_LEN(statements); i++) {
		const struct statement *s = &statements[i];

		if (is_name(at, s->tag) && enabled(&p->t->env->o, s->needs))
			return advance(p) ? s->parse(p, node_new(p, s->kind, at)) : NULL;
	}
	for (; tag != NULL && tag->tag != NULL; tag++) {
		if (is_name(at, tag->tag))
			return parse_include_tag(p, tag, node_new(p, N_INCLUDETAG, at));
	}
	p->tags = p->tags->outer;
	return fail_tag(p, at->v, at);
}

static struct node *parse_statement(struct parser *p) {
	struct token at = p->cur;
	struct tag tag = { .outer = p->tags, .name = at.v };
	struct node *n;

	if (at.type != T_NAME)
		return parse_fail(p, &at, "tag name expected");
	p->tags = &tag;
	n = dispatch(p, &at);
	p->tags = tag.outer;
	return n;
}

bool parse_template(struct arena *a, struct tmpl *t, struct tmpl_err *e) {
	struct parser p = { .a = a, .t = t, .e = &e->e };
	const struct node *where = NULL;

	if (t->len >= UINT32_MAX / 2) {
		err_kind(&e->e, ERR_TOO_LARGE, "TemplateSyntaxError", "the template has %zu bytes, too many", t->len);
		return false;
	}
	p.lex = lexer_new(a, t, &e->e);
	p.cur.line = 0;
	if (!advance(&p) || !subparse(&p, NULL, &t->body)) {
		tmpl_err_fill(a, e, t, p.e_line, p.e_pos);
		return false;
	}
	if (scope_resolve(a, t, &e->e, &where))
		return true;
	tmpl_err_fill(a, e, t, where->line, where->pos);
	return false;
}
