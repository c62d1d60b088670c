/* loop.c: `for`, and the object `loop` that its body sees. */
#include "config.h"

#include "template/engine.h"

struct loop {
	struct obj o;
	const struct node *node;
	struct iter it;
	struct val iterable;
	struct list *buffer;            /* items taken ahead to count them */
	size_t buffer_at;
	int64_t index0;
	unsigned depth0;
	bool counted;
	size_t length;
	struct val previous, current, after;    /* after: one taken ahead, or missing */
	struct list *last_changed;
	struct act *outer;              /* where a recursive loop was met */
	struct ctx *ctx;
	struct tmpl *tmpl;
	bool at_end;
};

/* The next item that the loop's own condition accepts. */
static bool accepted(struct interp *in, struct loop *l, struct val *out, bool *more) {
	const struct for_info *f = l->node->u.loop;
	struct val v;
	bool yes;

	while (true) {
		if (!step(in) || !iter_next(&l->it, out, more))
			return false;
		if (!*more || f->test == NULL)
			return true;
		if (!assign(in, f->test_target, *out))
			return false;
		enter_scope(in, &f->test_scope);
		if (!eval(in, f->test, &v) || !truth(in, v, &yes))
			return false;
		if (yes)
			return true;
	}
}

static bool pull(struct interp *in, struct loop *l, struct val *out, bool *more) {
	if (l->buffer != NULL) {
		*more = l->buffer_at < l->buffer->n;
		if (*more)
			*out = l->buffer->v[l->buffer_at++];
		return true;
	}
	return accepted(in, l, out, more);
}

static bool peek(struct interp *in, struct loop *l, bool *more) {
	struct act *act = in->act;
	bool ok;

	*more = true;
	if (!is_missing(l->after))
		return true;
	in->effects++;
	ok = pull(in, l, &l->after, more);
	in->act = act;
	if (!*more)
		l->after = val_missing();
	return ok;
}

static bool advance(struct interp *in, struct loop *l, struct val *out, bool *more) {
	*more = true;
	if (!is_missing(l->after)) {
		*out = l->after;
		l->after = val_missing();
	} else if (!pull(in, l, out, more)) {
		return false;
	}
	if (!*more)
		return true;
	l->index0++;
	l->previous = l->current;
	l->current = *out;
	return true;
}

bool loop_length(struct interp *in, struct obj *o, size_t *out) {
	struct loop *l = (struct loop *)o;
	struct list *rest;
	struct val v;
	bool has = false, more;

	if (!l->counted && l->node->u.loop->test == NULL && !length(in, l->iterable, &l->length, &has))
		return false;
	if (!l->counted && !has) {
		in->effects++;
		rest = list_new(in->a, 0);
		while (true) {
			if (!pull(in, l, &v, &more))
				return false;
			if (!more)
				break;
			list_push(rest, v);
		}
		l->buffer = rest;
		l->buffer_at = 0;
		l->length = rest->n + (size_t)(l->index0 + 1) + (is_missing(l->after) ? 0 : 1);
	}
	l->counted = true;
	*out = l->length;
	return true;
}

static bool run(struct interp *in, struct loop *l) {
	const struct for_info *f = l->node->u.loop;
	bool more, completed = false, ok = true;
	struct memory before;
	struct val v;

	while (ok) {
		if (!advance(in, l, &v, &more) || (more && !assign(in, f->target, v)))
			return false;
		if (!more)
			break;
		if (f->extended)
			in->act->slots[f->loop_slot] = val_obj(&l->o);
		before = remember(in);  /* what the body sets ends with it */
		enter_scope(in, &f->scope);
		ok = exec(in, &f->body);
		if (ok)
			forget(in, &before);
		if (in->flow == FLOW_BREAK) {
			in->flow = FLOW_ON;
			break;
		}
		if (in->flow == FLOW_CONTINUE)
			in->flow = FLOW_ON;
		else
			completed = true;
	}
	leave_scope(in, &f->scope);
	if (!ok || completed || f->otherwise.n == 0)
		return ok;
	enter_scope(in, &f->else_scope);
	ok = exec(in, &f->otherwise);
	leave_scope(in, &f->else_scope);
	return ok;
}

static bool start(struct interp *in, struct loop *l, const struct node *n, struct val iterable) {
	l->o.class = &loop_class;
	l->node = n;
	l->iterable = iterable;
	l->index0 = -1;
	l->previous = l->current = l->after = val_missing();
	l->ctx = in->ctx;
	l->tmpl = in->tmpl;
	return iter_init(in, iterable, &l->it);
}

/* A recursive loop runs as a function of its own; its text goes to the output. */
static bool run_recursive(struct interp *in, struct loop *l, struct act *outer) {
	struct act *act = in->act;
	bool ok;

	if (!enter_call(in))
		return false;
	l->outer = outer;
	in->act = act_new(in, l->node->u.loop->fn, outer);
	ok = run(in, l);
	in->act = act;
	leave_call(in);
	return ok;
}

bool exec_for(struct interp *in, const struct node *n) {
	const struct for_info *f = n->u.loop;
	struct memory before = remember(in);
	struct loop *l, plain = { 0 };
	struct val iterable;

	if (!eval(in, f->iter, &iterable))
		return false;
	l = f->extended ? arena_new(in->a, struct loop, 1) : &plain;
	if (!start(in, l, n, iterable)) {
		if (in->at == NULL) {
			in->at = n;
			in->at_tmpl = in->tmpl;
		}
		return false;
	}
	if (!(f->recursive ? run_recursive(in, l, in->act) : run(in, l)))
		return false;
	forget(in, &before);
	return true;
}

bool loop_call(struct interp *in, struct obj *o, const struct call_args *args, struct val *out) {
	struct loop *l = (struct loop *)o, *deeper = arena_new(in->a, struct loop, 1);
	size_t before = in->out->len;
	struct ctx *ctx = in->ctx;
	struct tmpl *tmpl = in->tmpl;

	if (!l->node->u.loop->recursive)
		return fail(in, "TypeError", "The loop must have the 'recursive' marker to be called recursively.");
	if (args->n != 1 || args->nkw > 0)
		return fail_type(in, "loop() takes 1 argument");
	if (!start(in, deeper, l->node, args->v[0])) {
		in->at = l->node;
		in->at_tmpl = l->tmpl;
		return false;
	}
	deeper->depth0 = l->depth0 + 1;
	deeper->ctx = in->ctx = l->ctx;
	deeper->tmpl = in->tmpl = l->tmpl;
	if (!run_recursive(in, deeper, l->outer))
		return false;
	in->ctx = ctx;
	in->tmpl = tmpl;
	*out = val_copy(in->a, in->out->s + before, in->out->len - before);
	out->flags = l->node->esc == ESC_YES || (l->node->esc == ESC_VOLATILE && l->ctx->escape) ? VF_SAFE : 0;
	sb_cut(in->out, before);
	return true;
}

/* `for x in loop`: goes on with the loop's own items, as (item, loop). */
bool loop_iter(struct interp *in, struct obj *o, struct val *out, bool *more) {
	struct loop *l = (struct loop *)o;
	struct list *pair;
	struct val v;

	in->effects++;
	if (!advance(in, l, &v, more) || !*more)
		return *more == false && in->e->code == ERR_NONE;
	pair = list_new(in->a, 2);
	list_push(pair, v);
	list_push(pair, val_obj(o));
	*out = val_tuple(pair);
	return true;
}

bool loop_str(struct interp *in, struct obj *o, struct sbuf *b) {
	size_t n;

	if (!loop_length(in, o, &n))
		return false;
	sb_fmt(b, "<LoopContext %lld/%zu>", (long long)((struct loop *)o)->index0 + 1, n);
	return true;
}

enum loop_attr { L_INDEX, L_INDEX0, L_REVINDEX, L_REVINDEX0, L_FIRST, L_LAST, L_LENGTH, L_DEPTH, L_DEPTH0, L_PREVITEM, L_NEXTITEM, L__COUNT };

static bool measured(struct interp *in, struct loop *l, enum loop_attr a, struct val *out) {
	size_t n;

	if (!loop_length(in, &l->o, &n))
		return false;
	*out = val_int((int64_t)n - (a == L_LENGTH ? 0 : l->index0 + (a == L_REVINDEX0 ? 1 : 0)));
	return true;
}

static bool neighbour(struct interp *in, struct loop *l, enum loop_attr a, struct val *out) {
	bool more = l->index0 > 0;

	if (a == L_NEXTITEM && !peek(in, l, &more))
		return false;
	if (!more)
		*out = undef_new(in, &(struct undef){ .hint = a == L_NEXTITEM ? "there is no next item" : "there is no previous item" });
	else
		*out = a == L_NEXTITEM ? l->after : l->previous;
	return true;
}

bool loop_attr(struct interp *in, struct obj *o, struct val name, struct val *out, bool *found) {
	static const char *const names[L__COUNT] = {
		[L_INDEX] = "index", [L_INDEX0] = "index0", [L_REVINDEX] = "revindex", [L_REVINDEX0] = "revindex0", [L_FIRST] = "first",
		[L_LAST] = "last", [L_LENGTH] = "length", [L_DEPTH] = "depth", [L_DEPTH0] = "depth0", [L_PREVITEM] = "previtem",
		[L_NEXTITEM] = "nextitem",
	};
	struct loop *l = (struct loop *)o;
	int i;
	bool more;

	for (i = 0; i < L__COUNT && strcmp(names[i], name.u.s) != 0; i++)
		continue;
	*found = i < L__COUNT;
	switch ((enum loop_attr)i) {
	case L_INDEX: *out = val_int(l->index0 + 1); return true;
	case L_INDEX0: *out = val_int(l->index0); return true;
	case L_FIRST: *out = val_bool(l->index0 == 0); return true;
	case L_DEPTH: *out = val_int((int64_t)l->depth0 + 1); return true;
	case L_DEPTH0: *out = val_int(l->depth0); return true;
	case L_LAST:
		if (!peek(in, l, &more))
			return false;
		*out = val_bool(!more);
		return true;
	case L_REVINDEX:
	case L_REVINDEX0:
	case L_LENGTH: return measured(in, l, (enum loop_attr)i, out);
	case L_PREVITEM:
	case L_NEXTITEM: return neighbour(in, l, (enum loop_attr)i, out);
	case L__COUNT: break;
	}
	return true;
}

static bool m_cycle(struct call *c, struct val *out) {
	struct loop *l = (struct loop *)c->args[0].u.obj;

	if (c->nkw > 0)
		return fail_type(interp_of(c), "LoopContext.cycle() got an unexpected keyword argument %s", quoted(c->a, c->kwnames[0]));
	if (c->nargs < 2)
		return fail_type(interp_of(c), "no items for cycling given");
	*out = c->args[1 + (size_t)l->index0 % (c->nargs - 1)];
	return true;
}

static bool m_changed(struct call *c, struct val *out) {
	struct loop *l = (struct loop *)c->args[0].u.obj;
	struct list *now = list_new(c->a, c->nargs);
	bool same = false;
	size_t i;

	if (c->nkw > 0)
		return fail_type(interp_of(c), "LoopContext.changed() got an unexpected keyword argument %s", quoted(c->a, c->kwnames[0]));
	for (i = 1; i < c->nargs; i++)
		list_push(now, c->args[i]);
	if (l->last_changed != NULL && !equal(interp_of(c), val_tuple(l->last_changed), val_tuple(now), &same))
		return false;
	interp_of(c)->effects++;
	l->last_changed = now;
	*out = val_bool(!same);
	return true;
}

const struct tmpl_def tmpl_loop_methods[] = {
	{ .name = "cycle", .fn = m_cycle, .max = -1, .params = "*args" },
	{ .name = "changed", .fn = m_changed, .max = -1, .params = "*value" },
	{ .name = NULL },
};

const struct obj_class loop_class = { .name = "LoopContext" };
