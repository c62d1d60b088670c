/* trans.c: running {% trans %}, and gettext without a catalogue: every text is its own translation. */
#include "config.h"

#include "template/engine.h"

/* The count of a call is computed once, as it may do something; everything else twice, as Jinja2 does it. */
static bool values(struct interp *in, const struct trans_info *t, struct val count, struct map *m) {
	struct val v;
	uint32_t i;

	for (i = 0; i < t->values.n; i++) {
		if (t->values.v[i] == t->count && t->count->kind == N_CALL)
			v = count;
		else if (!eval(in, t->values.v[i], &v))
			return false;
		map_put(m, t->names[i], v);
	}
	return true;
}

static struct call_args keywords(struct interp *in, const struct trans_info *t, const struct map *m) {
	struct list *names = list_new(in->a, m->n), *vals = list_new(in->a, m->n);
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (t->count_is_num && val_equal(map_key(m, i), val_str("num")))
			continue;
		list_push(names, map_key(m, i));
		list_push(vals, map_val(m, i));
	}
	return (struct call_args){ .kwnames = names->v, .kwargs = vals->v, .nkw = names->n };
}

bool exec_trans(struct interp *in, const struct node *n) {
	const struct trans_info *t = n->u.trans;
	bool newstyle = in->env->o.newstyle_gettext;
	struct map *m = map_new(in->a, t->values.n);
	struct val callee, args[4], count = val_null(), text;
	struct call_args call = { 0 };
	size_t k = 0;

	if (!eval(in, t->function, &callee))
		return false;
	if (t->context.type != V_NULL)
		args[k++] = t->context;
	args[k++] = t->singular;
	if (t->count != NULL) {
		if (!eval(in, t->count, &count))
			return false;
		args[k++] = t->plural;
		args[k++] = count;
	}
	if (newstyle) {
		if (!values(in, t, count, m))
			return false;
		call = keywords(in, t, m);
	}
	call.v = args;
	call.n = k;
	if (!call_value(in, callee, &call, &text))
		return false;
	if (!newstyle) {
		if (in->ctx->escape && text.type == V_STR)
			text = val_safe(text);
		if (t->has_vars && (!values(in, t, count, m) || !arith(in, OP_MOD, text, val_map(m), &text)))
			return false;
	}
	return write_value(in, text, n->esc == ESC_YES || (n->esc == ESC_VOLATILE && in->ctx->escape));
}

/* New style: the text is markup where escaping is on, and its places are filled from the keywords. */
static bool enough(struct call *c, size_t n) {
	return c->nargs == n + 1 || fail_type(interp_of(c), "gettext() takes %zu positional arguments but %zu were given", n, c->nargs - 1);
}

static bool finish(struct call *c, struct val text, const char *more, struct val more_value, struct val *out) {
	struct interp *in = interp_of(c);
	struct map *m;
	size_t i;

	*out = text;
	if (!in->env->o.newstyle_gettext)
		return c->nkw == 0 || fail_type(in, "gettext() got an unexpected keyword argument %s", quoted(c->a, c->kwnames[0]));
	if (in->ctx->escape && text.type == V_STR)
		text = val_safe(text);
	m = map_new(c->a, c->nkw + 1);
	for (i = 0; i < c->nkw; i++)
		map_put(m, c->kwnames[i], c->kwargs[i]);
	if (more != NULL && map_find(m, val_str(more)) == NULL)
		map_set(m, more, more_value);
	return arith(in, OP_MOD, text, val_map(m), out);
}

static bool choose(struct call *c, size_t at, struct val *out) {
	bool one;

	if (!equal(interp_of(c), c->args[at + 2], val_int(1), &one))
		return false;
	*out = c->args[one ? at : at + 1];
	return true;
}

static bool i_gettext(struct call *c, struct val *out) {
	return enough(c, 1) && finish(c, c->args[1], NULL, val_null(), out);
}

static bool i_ngettext(struct call *c, struct val *out) {
	struct val text;

	return enough(c, 3) && choose(c, 1, &text) && finish(c, text, "num", c->args[3], out);
}

static bool i_pgettext(struct call *c, struct val *out) {
	return enough(c, 2) && finish(c, c->args[2], "context", c->args[1], out);
}

static bool i_npgettext(struct call *c, struct val *out) {
	struct val text;

	return enough(c, 4) && choose(c, 2, &text) && finish(c, text, "num", c->args[4], out);
}

const struct tmpl_def tmpl_i18n_globals[] = {
	{ "_", i_gettext, 1, -1, "*message", "Another name of gettext.", "{{ _('text') }}", true },
	{ "gettext", i_gettext, 1, -1, "*message", "The text, translated.", "{{ gettext('text') }}", true },
	{ "ngettext", i_ngettext, 3, -1, "*singular, plural, n", "The text for that number, translated.", "{{ ngettext('%d peer', '%d peers', n) }}", true },
	{ "npgettext", i_npgettext, 4, -1, "*msgctxt, singular, plural, n", "The text for that number in a context, translated.", "{{ npgettext('bgp', 'peer', 'peers', 2) }}", true },
	{ "pgettext", i_pgettext, 2, -1, "*msgctxt, message", "The text in a context, translated.", "{{ pgettext('bgp', 'peer') }}", true },
	{ .name = NULL },
};
