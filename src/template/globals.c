/* globals.c: the functions that every template has. */
#include "config.h"

#include "template/engine.h"

enum { SANDBOX_RANGE_MAX = 100000 };

static bool g_range(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	int64_t v[3] = { 0, 0, 1 };
	size_t i, n = c->nargs - 1;

	if (c->nkw > 0)
		return fail_type(in, "range() takes no keyword arguments");
	if (n < 1 || n > 3)
		return fail_type(in, n < 1 ? "range expected at least 1 argument, got %zu" : "range expected at most 3 arguments, got %zu", n);
	for (i = 0; i < n; i++) {
		if (!index_of(in, c->args[i + 1], &v[n == 1 ? 1 : i]))
			return false;
	}
	if (v[2] == 0)
		return fail(in, "ValueError", "range() arg 3 must not be zero");
	*out = range_new(c->a, v[0], v[1], v[2]);
	if (in->env->o.sandboxed && range_len((struct range *)out->u.obj) > SANDBOX_RANGE_MAX)
		return fail(in, "OverflowError", "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d).", SANDBOX_RANGE_MAX);
	return true;
}

static bool g_dict(struct call *c, struct val *out) {
	*out = val_map(map_new(c->a, c->nkw));
	return dict_fill(c, out->u.map, "dict");
}

static bool g_namespace(struct call *c, struct val *out) {
	struct ns *ns = arena_new(c->a, struct ns, 1);

	ns->o.class = &namespace_class;
	ns->attrs = map_new(c->a, c->nkw);
	*out = val_obj(&ns->o);
	return dict_fill(c, ns->attrs, "dict");
}

struct cycler {
	struct obj o;
	struct list *items;
	size_t at;
};

static bool g_cycler(struct call *c, struct val *out) {
	struct cycler *y = arena_new(c->a, struct cycler, 1);
	size_t i;

	if (c->nargs < 2)
		return fail(interp_of(c), "RuntimeError", "at least one item has to be provided");
	y->o.class = &cycler_class;
	y->items = list_new(c->a, c->nargs);
	for (i = 1; i < c->nargs; i++)
		list_push(y->items, c->args[i]);
	*out = val_obj(&y->o);
	return true;
}

static bool m_next(struct call *c, struct val *out) {
	struct cycler *y = (struct cycler *)c->args[0].u.obj;

	*out = y->items->v[y->at];
	y->at = (y->at + 1) % y->items->n;
	return true;
}

static bool m_reset(struct call *c, struct val *out) {
	((struct cycler *)c->args[0].u.obj)->at = 0;
	*out = val_null();
	return true;
}

const struct tmpl_def tmpl_cycler_methods[] = {
	{ .name = "next", .fn = m_next, .params = "" },
	{ .name = "reset", .fn = m_reset, .params = "" },
	{ .name = NULL },
};

bool cycler_attr(struct interp *in, struct obj *o, struct val name, struct val *out, bool *found) {
	const struct cycler *y = (const struct cycler *)o;

	(void)in;
	*found = true;
	if (strcmp(name.u.s, "current") == 0)
		*out = y->items->v[y->at];
	else if (strcmp(name.u.s, "items") == 0)
		*out = val_tuple(y->items);
	else if (strcmp(name.u.s, "pos") == 0)
		*out = val_int((int64_t)y->at);
	else
		*found = false;
	return true;
}

struct joiner {
	struct obj o;
	struct val sep;
	bool used;
};

static bool g_joiner(struct call *c, struct val *out) {
	struct joiner *j = arena_new(c->a, struct joiner, 1);

	j->o.class = &joiner_class;
	j->sep = c->args[1];
	*out = val_obj(&j->o);
	return true;
}

bool joiner_call(struct interp *in, struct obj *o, struct val *out) {
	struct joiner *j = (struct joiner *)o;

	(void)in;
	*out = j->used ? j->sep : val_mem("", 0);
	j->used = true;
	return true;
}

/* Words in a fixed order that looks like chance: a page does not change each time it is drawn. */
static bool g_lipsum(struct call *c, struct val *out) {
	static const char *const words[] = {
		"lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "tempor", "incididunt", "labore",
		"magna", "aliqua", "enim", "minim", "veniam", "quis", "nostrud", "ullamco", "laboris", "nisi", "commodo", "duis", "aute",
		"irure", "velit", "esse", "cillum", "fugiat",
	};
	struct interp *in = interp_of(c);
	int64_t n, low, high, most, i, k, count;
	uint64_t seed = 12345;
	struct sbuf b;
	bool html;

	if (!index_of(in, c->args[1], &n) || !truth(in, c->args[2], &html) || !index_of(in, c->args[3], &low) ||
	    !index_of(in, c->args[4], &high))
		return false;
	most = high > low ? high : low;
	if (!room(in, n <= 0 || most <= 0 ? 0 : n > STRING_MAX || most > STRING_MAX ? UINT64_MAX : (uint64_t)n * (uint64_t)most * 12))
		return false;
	sb_init(&b, c->a);
	for (i = 0; i < n; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		count = high > low ? low + (int64_t)((seed >> 33) % (uint64_t)(high - low)) : low;
		sb_str(&b, html ? (i > 0 ? "\n<p>" : "<p>") : i > 0 ? "\n\n" : "");
		for (k = 0; k < count; k++) {
			const char *word;

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			word = words[(seed >> 33) % ARRAY_LEN(words)];
			sb_str(&b, k > 0 ? " " : "");
			sb_chr(&b, k > 0 ? word[0] : (char)(word[0] - 32));
			sb_str(&b, word + 1);
		}
		sb_str(&b, html ? ".</p>" : ".");
	}
	*out = val_mem(b.s, b.len);
	out->flags = html ? VF_SAFE : 0;
	return true;
}

const struct tmpl_def tmpl_globals[] = {
	{ "cycler", g_cycler, 0, -1, "*items", "Gives its items one after the other, again and again: .next(), .current, .reset().", "{% set row = cycler('a', 'b') %}{{ row.next() }}", false },
	{ "dict", g_dict, 0, -1, "*pairs", "A dict of keywords.", "{{ dict(a=1) }}", true },
	{ "joiner", g_joiner, 0, 1, "sep=', '", "Gives nothing when called first, then the separator.", "{% set comma = joiner() %}{% for n in [1, 2] %}{{ comma() }}{{ n }}{% endfor %}", false },
	{ "lipsum", g_lipsum, 0, 4, "n=5, html=true, min=20, max=100", "Text without meaning.", "{{ lipsum(1) }}", false },
	{ "namespace", g_namespace, 0, -1, "*pairs", "An object whose attributes can be set anywhere: {% set ns.x = 1 %}.", "{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}", true },
	{ "range", g_range, 0, -1, "*numbers", "Whole numbers: range(stop), range(start, stop, step).", "{% for i in range(3) %}{{ i }}{% endfor %}", false },
	{ .name = NULL },
};

const struct obj_class namespace_class = { .name = "Namespace" }, cycler_class = { .name = "Cycler" }, joiner_class = { .name = "Joiner" };
