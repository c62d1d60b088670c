/* errors.c: saying what went wrong, where, on the way from what, and what was perhaps meant. */
#include "config.h"

#include <stdio.h>

#include "template/engine.h"

bool fail(struct interp *in, const char *kind, const char *fmt, ...) {
	va_list ap;

	in->e->code = ERR_TEMPLATE;
	in->e->field = NULL;
	in->e->kind = kind;
	va_start(ap, fmt);
	vsnprintf(in->e->msg, sizeof(in->e->msg), fmt, ap);
	va_end(ap);
	return false;
}

bool fail_type(struct interp *in, const char *fmt, ...) {
	va_list ap;

	in->e->code = ERR_TEMPLATE;
	in->e->field = NULL;
	in->e->kind = "TypeError";
	va_start(ap, fmt);
	vsnprintf(in->e->msg, sizeof(in->e->msg), fmt, ap);
	va_end(ap);
	return false;
}

void trace_add(struct interp *in, const char *fmt, ...) {
	va_list ap;

	if (in->trace == NULL) {
		in->trace = arena_new(in->a, struct sbuf, 1);
		sb_init(in->trace, in->a);
	}
	if (in->trace->len > 1000)
		return;                         /* a deep recursion is one story told often */
	va_start(ap, fmt);
	sb_str(in->trace, arena_vprintf(in->a, fmt, ap));
	va_end(ap);
}

/* Edits that turn one name into the other, no more than `max`. */
static unsigned distance(const char *x, size_t n, const char *y, size_t m, unsigned max) {
	unsigned row[64], diagonal, above;
	size_t i, k;

	if (n > 60 || m > 60 || (n > m ? n - m : m - n) > max)
		return max + 1;
	for (k = 0; k <= m; k++)
		row[k] = (unsigned)k;
	for (i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (k = 1; k <= m; k++) {
			unsigned best = diagonal + (x[i - 1] != y[k - 1]);

			above = row[k];
			best = above + 1 < best ? above + 1 : best;
			best = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
			row[k] = best;
			diagonal = above;
		}
	}
	return row[m];
}

const char *did_you_mean(struct arena *a, const char *name, const struct map *known) {
	size_t n = strlen(name), i;
	unsigned best = n <= 3 ? 2 : n <= 6 ? 3 : 4;
	struct val found = val_null();

	for (i = 0; known != NULL && i < known->n; i++) {
		struct val k = map_key(known, i);
		unsigned d = k.type != V_STR ? best : distance(name, n, k.u.s, k.len, best);

		if (d < best) {
			best = d;
			found = k;
		}
	}
	return found.type == V_NULL ? "" : arena_printf(a, "Did you mean \"%s\"?", found.u.s);
}

static void place(const struct tmpl *t, uint32_t line, uint32_t pos, const char **start, size_t *len, unsigned *column) {
	size_t from = pos < t->len ? pos : t->len, to;
	uint32_t at = 1;

	/* the line that is reported, which for an end of the text is not the one pos is on */
	for (*start = t->text; at < line; at++) {
		const char *nl = memchr(*start, '\n', (size_t)(t->text + t->len - *start));

		if (nl == NULL)
			break;
		*start = nl + 1;
	}
	to = (size_t)(*start - t->text);
	*len = 0;
	while (to + *len < t->len && (*start)[*len] != '\n')
		(*len)++;
	*column = from >= to && from <= to + *len ? (unsigned)utf8_count(*start, from - to) + 1 : 1;
}

void tmpl_err_fill(struct arena *a, struct tmpl_err *e, const struct tmpl *t, uint32_t line, uint32_t pos) {
	const char *start;
	size_t len;
	struct sbuf b;

	e->name = t->name;
	e->line = line;
	place(t, line, pos, &start, &len, &e->column);
	sb_init(&b, a);
	sb_fmt(&b, "%s:%u:%u: %s: %s\n", t->name == NULL ? "<template>" : t->name, e->line, e->column,
		e->e.kind == NULL ? "error" : e->e.kind, e->e.msg);
	if (t->hint != NULL && t->hint[0] != '\0')
		sb_fmt(&b, "%s\n", t->hint);
	sb_fmt(&b, "    %.*s\n    %*s^\n", (int)(len > 200 ? 200 : len), start, (int)(e->column > 200 ? 200 : e->column) - 1, "");
	e->text = b.s;
}

void error_finish(struct interp *in, struct tmpl_err *e) {
	struct sbuf b;

	if (e->e.kind == NULL)
		e->e.kind = "TemplateRuntimeError";
	if (in->parse_err != NULL) {
		struct err *keep = in->e;

		*e = *in->parse_err;
		in->e = keep;
	} else {
		struct tmpl *t = in->at_tmpl == NULL ? in->tmpl : in->at_tmpl;

		if (in->hint != NULL)
			t->hint = in->hint;
		tmpl_err_fill(in->a, e, t, in->at == NULL ? 1 : in->at->line, in->at == NULL ? 0 : in->at->pos);
		t->hint = NULL;
	}
	if (in->trace == NULL)
		return;
	sb_init(&b, in->a);
	sb_str(&b, e->text);
	sb_mem(&b, in->trace->s, in->trace->len);
	e->text = b.s;
}

static const char *class_of_undefined(const struct interp *in, struct val v) {
	static const char *const names[] = {
		[TMPL_DEFAULT] = "Undefined", [TMPL_STRICT] = "StrictUndefined", [TMPL_CHAINABLE] = "ChainableUndefined",
		[TMPL_DEBUG] = "DebugUndefined",
	};

	return v.u.undef != NULL && v.u.undef->plain ? "Undefined" : names[in->env->o.undefined];
}

const char *undef_message(struct interp *in, struct val v) {
	const struct undef *u = v.u.undef;
	struct sbuf b;

	if (u == NULL)
		return arena_printf(in->a, "%s value", class_of_undefined(in, v));
	if (u->hint != NULL)
		return u->hint;
	sb_init(&b, in->a);
	if (u->object == NULL) {
		sb_fmt(&b, "%s is undefined", quoted(in->a, u->name));
		return b.s;
	}
	if (u->name.type == V_STR)
		sb_fmt(&b, "%s has no attribute ", quoted(in->a, val_str(u->object)));
	else
		sb_fmt(&b, "%s has no element ", u->object);
	if (!repr(in, u->name, &b))
		return u->object;
	return b.s;
}

bool undef_fail(struct interp *in, struct val v) {
	const struct undef *u = v.u.undef;

	if (u != NULL && u->object == NULL && u->hint == NULL && u->name.type == V_STR && in->hint == NULL)
		in->hint = ctx_suggest(in, u->name.u.s);
	else if (u != NULL && u == in->missed && u->name.type == V_STR && in->hint == NULL)
		in->hint = attr_suggest(in, u);
	return fail(in, u != NULL && u->unsafe ? "SecurityError" : "UndefinedError", "%s", undef_message(in, v));
}
