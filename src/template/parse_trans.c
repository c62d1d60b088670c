/* parse_trans.c: {% trans %} ... {% pluralize %} ... {% endtrans %}: a message with named places for values. */
#include "config.h"

#include "template/parse.h"

struct draft {
	struct list *names;             /* variables in order */
	struct nodelist values;
	struct node *count;
	bool count_is_num;
	int trimmed;                    /* -1: not said */
};

static bool has_name(const struct list *l, struct val name, size_t *at) {
	for (*at = 0; *at < l->n; (*at)++) {
		if (val_equal(l->v[*at], name))
			return true;
	}
	return false;
}

static struct node *name_node(struct parser *p, struct val name, const struct token *at) {
	struct node *n = node_new(p, N_NAME, at);
	struct undef *u = arena_new(p->a, struct undef, 1);

	u->name = name;
	n->u.name.name = name;
	n->u.name.hash = val_hash(name);
	n->u.name.undef = u;
	return n;
}

/* name, name=expression, trimmed, notrimmed. */
static bool variable(struct parser *p, struct draft *d) {
	struct token at;
	struct node *value;
	size_t place;
	bool assigned;

	if (!expect(p, T_NAME, &at))
		return false;
	if (has_name(d->names, at.v, &place))
		return parse_fail_assertion(p, &at, "translatable variable %s defined twice.", quoted(p->a, at.v)) != NULL;
	if (!skip_if(p, T_ASSIGN, &assigned))
		return false;
	if (!assigned && d->trimmed < 0 && (is_name(&at, "trimmed") || is_name(&at, "notrimmed"))) {
		d->trimmed = is_name(&at, "trimmed");
		return true;
	}
	value = assigned ? parse_expression(p) : name_node(p, at.v, &at);
	if (value == NULL)
		return false;
	list_push(d->names, at.v);
	nl_push(p, &d->values, value);
	if (d->count == NULL) {
		d->count = value;
		d->count_is_num = is_name(&at, "num");
	}
	return true;
}

static bool head(struct parser *p, struct draft *d) {
	bool colon;

	while (p->cur.type != T_BLOCK_END) {
		if (d->names->n > 0 && !expect(p, T_COMMA, NULL))
			return false;
		if (!skip_if(p, T_COLON, &colon))
			return false;
		if (colon)
			break;
		if (!variable(p, d))
			return false;
	}
	return expect(p, T_BLOCK_END, NULL);
}

static bool stray_tag(struct parser *p, bool may_pluralize, bool *end) {
	*end = is_name(&p->cur, "endtrans") || (may_pluralize && is_name(&p->cur, "pluralize"));
	if (*end)
		return true;
	if (is_name(&p->cur, "pluralize"))
		parse_fail(p, &p->cur, "a translatable section can have only one pluralize section");
	else if (is_name(&p->cur, "trans"))
		parse_fail(p, &p->cur, "trans blocks can't be nested; did you mean `endtrans`?");
	else
		parse_fail(p, &p->cur, "control structures in translatable sections are not allowed; saw `%s`",
			p->cur.type == T_NAME ? p->cur.v.u.s : "None");
	return false;
}

/* Text and plain names up to pluralize or endtrans, as a printf format. */
static bool message(struct parser *p, bool may_pluralize, struct list *used, struct sbuf *text) {
	struct token name;
	bool end = false;
	size_t i, at;

	while (!end) {
		switch ((int)p->cur.type) {
		case T_DATA:
			for (i = 0; i < p->cur.v.len; i++) {
				if (p->cur.v.u.s[i] == '%')
					sb_chr(text, '%');
				sb_chr(text, p->cur.v.u.s[i]);
			}
			if (!advance(p))
				return false;
			break;
		case T_VARIABLE_BEGIN:
			if (!advance(p) || !expect(p, T_NAME, &name) || !expect(p, T_VARIABLE_END, NULL))
				return false;
			sb_fmt(text, "%%(%s)s", name.v.u.s);
			if (!has_name(used, name.v, &at))
				list_push(used, name.v);
			break;
		case T_BLOCK_BEGIN:
			if (!advance(p) || !stray_tag(p, may_pluralize, &end))
				return false;
			break;
		default: return parse_fail(p, &p->cur, "unclosed translation block") != NULL;
		}
	}
	return true;
}

static bool plural(struct parser *p, struct draft *d, struct list *used, struct sbuf *text) {
	struct token name;
	size_t at;

	if (!advance(p))
		return false;
	if (p->cur.type != T_BLOCK_END) {
		if (!expect(p, T_NAME, &name))
			return false;
		if (!has_name(d->names, name.v, &at))
			return parse_fail_assertion(p, &name, "unknown variable %s for pluralization", quoted(p->a, name.v)) != NULL;
		d->count = d->values.v[at];
		d->count_is_num = is_name(&name, "num");
	}
	return expect(p, T_BLOCK_END, NULL) && message(p, false, used, text);
}

/* Each run of white space with a line break becomes one blank; none at the ends. */
static struct val trimmed(struct parser *p, const struct sbuf *text) {
	struct val v = val_mem(text->s, text->len);
	struct sbuf b;
	size_t i = 0, end = v.len, len, start;

	while (i < end && uc_space(utf8_at(v, i, &len)))
		i += len;
	while (end > i && uc_space((unsigned char)v.u.s[end - 1]))
		end--;
	sb_init(&b, p->a);
	while (i < end) {
		bool newline = false;

		for (start = i; i < end && uc_space(utf8_at(v, i, &len)); i += len)
			newline = newline || v.u.s[i] == '\n';
		if (newline)
			sb_chr(&b, ' ');
		else
			sb_mem(&b, v.u.s + start, i - start);
		if (i < end) {
			(void)utf8_at(v, i, &len);
			sb_mem(&b, v.u.s + i, len);
			i += len;
		}
	}
	return val_mem(b.s, b.len);
}

static struct val finished(struct parser *p, const struct draft *d, struct sbuf *text, bool format) {
	struct val v = d->trimmed == 1 ? trimmed(p, text) : val_mem(text->s, text->len);
	struct sbuf b;
	uint32_t i;

	if (format)
		return v;
	sb_init(&b, p->a);
	for (i = 0; i < v.len; i++) {
		sb_chr(&b, v.u.s[i]);
		if (v.u.s[i] == '%' && i + 1 < v.len && v.u.s[i + 1] == '%')
			i++;
	}
	return val_mem(b.s, b.len);
}

struct node *parse_trans(struct parser *p) {
	struct token at = p->cur, context = p->cur;
	struct node *n = node_new(p, N_TRANS, &at);
	struct trans_info *t = arena_new(p->a, struct trans_info, 1);
	struct draft d = { .names = list_new(p->a, 2), .trimmed = -1 };
	struct list *used = list_new(p->a, 2);
	struct sbuf one, many;
	bool has_context, has_plural;
	size_t i, place;
	char *func;

	sb_init(&one, p->a);
	sb_init(&many, p->a);
	if (!skip_if(p, T_STRING, &has_context) || !head(p, &d) || !message(p, true, used, &one))
		return NULL;
	if (used->n > 0 && d.count == NULL) {
		d.count = name_node(p, used->v[0], &at);
		d.count_is_num = val_equal(used->v[0], val_str("num"));
	}
	has_plural = is_name(&p->cur, "pluralize");
	if ((has_plural && !plural(p, &d, used, &many)) || !advance(p))
		return NULL;
	for (i = 0; i < used->n; i++) {
		if (has_name(d.names, used->v[i], &place))
			continue;
		list_push(d.names, used->v[i]);
		nl_push(p, &d.values, name_node(p, used->v[i], &at));
	}
	if (has_plural && d.count == NULL)
		return parse_fail(p, &at, "pluralize without variables");
	t->names = d.names->v;
	t->values = nl_done(p, &d.values);
	t->has_vars = d.names->n > 0;
	t->format = used->n > 0 || p->t->env->o.newstyle_gettext;
	t->context = has_context ? context.v : val_null();
	t->singular = finished(p, &d, &one, t->format);
	t->plural = has_plural ? finished(p, &d, &many, t->format) : val_null();
	t->count = has_plural ? d.count : NULL;
	t->count_is_num = has_plural && d.count_is_num;
	func = arena_printf(p->a, "%s%sgettext", has_plural ? "n" : "", has_context ? "p" : "");
	t->function = name_node(p, val_str(func), &at);
	n->u.trans = t;
	for (i = 0; i < t->values.n; i++) {
		if (node_above(p, n, t->values.v[i]) == NULL)
			return NULL;
	}
	return n;
}
