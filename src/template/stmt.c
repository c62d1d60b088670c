/* stmt.c: statements. */
#include "config.h"

#include "template/engine.h"

struct act *act_new(struct interp *in, const struct func *f, struct act *outer) {
	struct act *a = arena_alloc(in->a, sizeof(*a) + f->nslots * sizeof(struct val));

	a->outer = outer;
	a->slots = (struct val *)(a + 1);       /* zeroed: nothing in any of them */
	return a;
}

void enter_scope(struct interp *in, const struct scope_info *s) {
	uint32_t i;

	for (i = 0; i < s->nloads; i++) {
		const struct load *l = &s->loads[i];
		struct val v = val_missing();

		if (l->action == LOAD_RESOLVE)
			v = ctx_resolve(in, l->name, l->hash);
		else if (l->action == LOAD_ALIAS)
			v = *act_slot(in, l->from_hops, l->from_slot);
		in->act->slots[l->slot] = v;
	}
}

void leave_scope(struct interp *in, const struct scope_info *s) {
	uint32_t i;

	for (i = 0; i < s->nloads; i++)
		in->act->slots[s->loads[i].slot] = val_missing();
}

bool write_value(struct interp *in, struct val v, bool escape) {
	if (v.type == V_STR) {
		if (escape && !is_safe(v))
			sb_html(in->out, v.u.s, v.len);
		else
			sb_mem(in->out, v.u.s, v.len);
		return v.len < 4096 || room(in, v.len);
	}
	if (v.type == V_INT) {
		sb_int(in->out, v.u.i);
		return true;
	}
	if (!escape || v.type == V_NULL || v.type == V_BOOL || v.type == V_FLOAT)
		return str(in, v, in->out);
	if (!escape_val(in, v, &v))
		return false;
	sb_mem(in->out, v.u.s, v.len);
	return true;
}

static bool escaping(const struct interp *in, const struct node *n) {
	return n->esc == ESC_YES || (n->esc == ESC_VOLATILE && in->ctx->escape);
}

static bool failed_at(struct interp *in, const struct node *n) {
	if (in->at == NULL) {
		in->at = n;
		in->at_tmpl = in->tmpl;
	}
	return false;
}

/* `{{ macro(...) }}` writes straight to the output. */
static bool output_call(struct interp *in, const struct node *n, bool escape) {
	struct val callee, v, small[ARGS_SMALL];
	struct call_args args;

	if (!eval(in, n->u.call.of, &callee))
		return false;
	if (!eval_args(in, n->u.call.args, small, &args))
		return failed_at(in, n);
	if (macro_is(callee) && (!escape || in->ctx->escape))
		return macro_write(in, callee.u.obj, &args) || (macro_trace(in, callee.u.obj), failed_at(in, n));
	return (call_value(in, callee, &args, &v) && write_value(in, v, escape)) || failed_at(in, n);
}

/* An item whose value needs memory: given back when its text is written. */
static bool output_scratch(struct interp *in, const struct node *n, bool escape) {
	struct memory before = remember(in);
	struct val v;

	if (n->kind == N_CALL && n->u.call.of->kind != N_GETATTR) {
		if (!step(in) || !output_call(in, n, escape))
			return failed_at(in, n);
	} else if (!eval(in, n, &v) || !write_value(in, v, escape)) {
		return failed_at(in, n);
	}
	forget(in, &before);
	return true;
}

static bool exec_output(struct interp *in, const struct node *n) {
	bool escape = escaping(in, n);
	uint32_t i;

	if ((n->flags & NF_CHECK) && in->extended)
		return true;
	for (i = 0; i < n->u.items.n; i++) {
		const struct node *item = n->u.items.v[i];
		struct val v;

		if (item->kind == N_DATA) {
			sb_mem(in->out, item->u.val.u.s, item->u.val.len);
			continue;
		}
		if (!(item->flags & NF_PURE)) {
			if (!output_scratch(in, item, escape))
				return false;
			continue;
		}
		if (!eval(in, item, &v) || !write_value(in, v, item->kind == N_CONST ? item->esc == ESC_YES : escape))
			return failed_at(in, item);
	}
	return true;
}

static bool exec_if(struct interp *in, const struct node *n) {
	uint32_t i;

	for (i = 0; i < n->u.branches.n; i++) {
		const struct branch *b = &n->u.branches.v[i];
		struct val v;
		bool yes = true;

		if (b->test != NULL && (b->test->flags & NF_PURE)) {
			if (!eval(in, b->test, &v) || !truth(in, v, &yes))
				return failed_at(in, b->test);
		} else if (b->test != NULL) {
			struct memory before = remember(in);

			if (!eval(in, b->test, &v) || !truth(in, v, &yes))
				return failed_at(in, b->test);
			forget(in, &before);
		}
		if (yes)
			return exec(in, &b->body);
	}
	return true;
}

static void export_target(struct interp *in, const struct node *target) {
	uint32_t i;

	if (target->kind == N_NAME)
		ctx_export(in, target->u.name.name, *act_slot(in, target->hops, target->slot));
	for (i = 0; target->kind == N_TUPLE && i < target->u.items.n; i++)
		export_target(in, target->u.items.v[i]);
}

static bool check_namespaces(struct interp *in, const struct node *target) {
	uint32_t i;

	if (target->kind == N_NSREF && !is_obj(*act_slot(in, target->hops, target->slot), &namespace_class))
		return fail(in, "TemplateRuntimeError", "cannot assign attribute on non-namespace object");
	for (i = 0; target->kind == N_TUPLE && i < target->u.items.n; i++) {
		if (!check_namespaces(in, target->u.items.v[i]))
			return false;
	}
	return true;
}

static bool exec_set(struct interp *in, const struct node *n) {
	struct val v;

	if (!check_namespaces(in, n->u.set.target) || !eval(in, n->u.set.value, &v) || !assign(in, n->u.set.target, v))
		return false;
	if (n->toplevel)
		export_target(in, n->u.set.target);
	return true;
}

/* What the statements write, as a value and not as output. */
static bool captured(struct interp *in, const struct nodes *body, struct val *out) {
	size_t before = in->out->len;

	if (!exec(in, body))
		return false;
	*out = val_copy(in->a, in->out->s + before, in->out->len - before);
	sb_cut(in->out, before);
	return true;
}

static bool exec_set_block(struct interp *in, const struct node *n) {
	struct val v;
	bool ok;

	enter_scope(in, &n->u.set.scope);
	ok = captured(in, &n->u.set.body, &v);
	if (ok && n->u.set.value != NULL) {
		if (n->u.set.value->esc == ESC_YES || (n->u.set.value->esc == ESC_VOLATILE && in->ctx->escape))
			v = val_safe(v);
		ok = eval_filter_on(in, n->u.set.value, v, &v);
	}
	if (ok && in->ctx->escape)
		ok = str_val(in, v, &v);
	if (ok && in->ctx->escape)
		v = val_safe(v);
	ok = ok && assign(in, n->u.set.target, v);
	if (ok && n->toplevel)
		export_target(in, n->u.set.target);
	leave_scope(in, &n->u.set.scope);
	return ok;
}

bool write_text(struct interp *in, struct val v) {
	if (v.type != V_STR)
		return fail_type(in, "sequence item 0: expected str instance, %s found", type_name(v));
	return write_value(in, v, false);
}

static bool exec_filter_block(struct interp *in, const struct node *n) {
	struct val v;
	bool ok;

	enter_scope(in, &n->u.set.scope);
	ok = captured(in, &n->u.set.body, &v);
	if (ok && escaping(in, n))
		v = val_safe(v);
	ok = ok && eval_filter_on(in, n->u.set.value, v, &v) && write_text(in, v);
	leave_scope(in, &n->u.set.scope);
	return ok;
}

static bool exec_with(struct interp *in, const struct node *n) {
	struct val v;
	uint32_t i;
	bool ok = true;

	enter_scope(in, &n->u.with.scope);
	for (i = 0; ok && i < n->u.with.targets.n; i++)
		ok = eval(in, n->u.with.values.v[i], &v) && assign(in, n->u.with.targets.v[i], v);
	ok = ok && exec(in, &n->u.with.body);
	leave_scope(in, &n->u.with.scope);
	return ok;
}

static bool exec_autoescape(struct interp *in, const struct node *n) {
	bool before = in->ctx->escape, ok;
	struct ctx *ctx = in->ctx;
	struct val v;

	enter_scope(in, &n->u.escape.scope);
	ok = eval(in, n->u.escape.value, &v) && truth(in, v, &ctx->escape) && exec(in, &n->u.escape.body);
	ctx->escape = before;
	leave_scope(in, &n->u.escape.scope);
	return ok;
}

static bool exec_macro(struct interp *in, const struct node *n) {
	struct val v;

	if (!macro_new(in, n->u.macro.m, &v))
		return false;
	*act_slot(in, n->hops, n->slot) = v;
	if (n->toplevel)
		ctx_export(in, n->u.macro.m->name, v);
	return true;
}

static bool exec_one(struct interp *in, const struct node *n) {
	struct val v;

	switch ((int)n->kind) {
	case N_OUTPUT: return exec_output(in, n);
	case N_IF: return exec_if(in, n);
	case N_FOR: return exec_for(in, n);
	case N_SET: return exec_set(in, n);
	case N_SETBLOCK: return exec_set_block(in, n);
	case N_FILTERBLOCK: return exec_filter_block(in, n);
	case N_WITH: return exec_with(in, n);
	case N_AUTOESCAPE: return exec_autoescape(in, n);
	case N_MACRO: return exec_macro(in, n);
	case N_CALLBLOCK: return exec_callblock(in, n);
	case N_BLOCK: return exec_block(in, n);
	case N_EXTENDS: return exec_extends(in, n);
	case N_INCLUDE:
	case N_INCLUDETAG: return exec_include(in, n);
	case N_IMPORT:
	case N_FROM: return exec_import(in, n);
	case N_DO: return eval(in, n->u.x.a, &v);
	case N_TRANS: return ((n->flags & NF_CHECK) && in->extended) || exec_trans(in, n);
	case N_BREAK: in->flow = FLOW_BREAK; return true;
	case N_CONTINUE: in->flow = FLOW_CONTINUE; return true;
	default: return fail(in, "TemplateRuntimeError", "this cannot be done");
	}
}

bool exec(struct interp *in, const struct nodes *body) {
	uint32_t i;

	for (i = 0; i < body->n && in->flow == FLOW_ON; i++) {
		if (step(in) && exec_one(in, body->v[i]))
			continue;
		if (in->at == NULL) {
			in->at = body->v[i];
			in->at_tmpl = in->tmpl;
		}
		return false;
	}
	return true;
}
