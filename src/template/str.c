/* str.c: str() and repr() as Python has them, and HTML escaping. */
#include "config.h"

#include "base/json.h"
#include "template/engine.h"

void repr_str(struct sbuf *b, const char *s, size_t n) {
	char quote = memchr(s, '\'', n) != NULL && memchr(s, '"', n) == NULL ? '"' : '\'';
	size_t i, len;

	sb_chr(b, quote);
	for (i = 0; i < n; i += len) {
		uint32_t c = utf8_get(s + i, n - i, &len);

		if (c == (unsigned char)quote || c == '\\') {
			sb_chr(b, '\\');
			sb_chr(b, (char)c);
		} else if (c == '\n' || c == '\r' || c == '\t') {
			sb_str(b, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
		} else if ((c >= 0x20 && c < 0x7F) || (c >= 0x7F && uc_printable(c))) {
			sb_mem(b, s + i, len);
		} else {
			sb_fmt(b, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
		}
	}
	sb_chr(b, quote);
}

char *quoted(struct arena *a, struct val v) {
	struct sbuf b;

	sb_init(&b, a);
	repr_str(&b, v.u.s, v.len);
	return b.s;
}

static bool repr_list(struct interp *in, struct val v, struct sbuf *b) {
	const struct list *l = v.u.list;
	size_t i;

	sb_chr(b, is_tuple(v) ? '(' : '[');
	for (i = 0; i < l->n; i++) {
		if (i > 0)
			sb_str(b, ", ");
		if (!step(in) || !repr(in, l->v[i], b))
			return false;
	}
	sb_str(b, !is_tuple(v) ? "]" : l->n == 1 ? ",)" : ")");
	return true;
}

static bool repr_map(struct interp *in, const struct map *m, struct sbuf *b) {
	size_t i;

	sb_chr(b, '{');
	for (i = 0; i < m->n; i++) {
		if (i > 0)
			sb_str(b, ", ");
		if (!step(in) || !repr(in, map_key(m, i), b))
			return false;
		sb_str(b, ": ");
		if (!repr(in, map_val(m, i), b))
			return false;
	}
	sb_chr(b, '}');
	return true;
}

static bool repr_view(struct interp *in, const struct view *v, struct sbuf *b) {
	static const char *const names[] = { "dict_keys", "dict_values", "dict_items", "set" };
	size_t i;

	if (v->kind == VIEW_SET && v->map->n > 0)
		sb_chr(b, '{');
	else
		sb_fmt(b, v->kind == VIEW_SET ? "%s(" : "%s([", names[v->kind]);
	for (i = 0; i < v->map->n; i++) {
		const struct map_entry e = map_pair(v->map, i);

		sb_str(b, i > 0 ? ", " : "");
		sb_str(b, v->kind == VIEW_ITEMS ? "(" : "");
		if (v->kind != VIEW_VALUES && !repr(in, e.key, b))
			return false;
		sb_str(b, v->kind == VIEW_ITEMS ? ", " : "");
		if ((v->kind == VIEW_VALUES || v->kind == VIEW_ITEMS) && !repr(in, e.val, b))
			return false;
		sb_str(b, v->kind == VIEW_ITEMS ? ")" : "");
	}
	sb_str(b, v->kind != VIEW_SET ? "])" : v->map->n > 0 ? "}" : ")");
	return true;
}

static void repr_fn(const struct fn *f, struct sbuf *b) {
	static const char *const classes[][2] = {
		{ "range", "range" }, { "dict", "dict" }, { "namespace", "jinja2.utils.Namespace" }, { "cycler", "jinja2.utils.Cycler" },
		{ "joiner", "jinja2.utils.Joiner" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(classes) && !f->host; i++) {
		if (strcmp(f->def->name, classes[i][0]) == 0) {
			sb_fmt(b, "<class '%s'>", classes[i][1]);
			return;
		}
	}
	sb_fmt(b, "<function %s>", f->def->name);
}

static bool repr_obj(struct interp *in, struct val v, struct sbuf *b) {
	const struct obj_class *c = v.u.obj->class;
	const struct range *r = (const struct range *)v.u.obj;

	if (c == &big_class) {
		if (big_bits(v) > 14284)
			return fail(in, "ValueError", "Exceeds the limit (4300 digits) for integer string conversion; use "
				"sys.set_int_max_str_digits() to increase the limit");
		big_text(b, v, 10);
	} else if (c == &range_class) {
		sb_fmt(b, r->step == 1 ? "range(%lld, %lld" : "range(%lld, %lld, %lld", (long long)r->start, (long long)r->stop,
			(long long)r->step);
		sb_chr(b, ')');
	} else if (c == &view_class) {
		return repr_view(in, (const struct view *)v.u.obj, b);
	} else if (c == &namespace_class) {
		sb_str(b, "<Namespace ");
		if (!repr_map(in, ((struct ns *)v.u.obj)->attrs, b))
			return false;
		sb_chr(b, '>');
	} else if (c == &macro_class) {
		return macro_str(in, v.u.obj, b);
	} else if (c == &loop_class) {
		return loop_str(in, v.u.obj, b);
	} else if (c == &function_class) {
		repr_fn((const struct fn *)v.u.obj, b);
	} else if (c == &self_class) {
		self_str(in, v.u.obj, b);
	} else if (c == &method_class) {
		sb_fmt(b, "<built-in method %s of %s object at 0x%012llx>", ((struct method *)v.u.obj)->fn->def->name,
			type_name(((struct method *)v.u.obj)->self), (unsigned long long)(uintptr_t)v.u.obj);
	} else if (c->repr != NULL) {
		return c->repr(v.u.obj, b, in->e);
	} else if (c->text != NULL) {
		return c->text(v.u.obj, b, in->e);
	} else {
		sb_fmt(b, "<%s object at 0x%012llx>", type_name(v), (unsigned long long)(uintptr_t)v.u.obj);
	}
	return true;
}

/* A container within itself is printed as dots. */
struct printing {
	struct printing *up;
	const void *what;
};

bool repr(struct interp *in, struct val v, struct sbuf *b) {
	const struct printing *up;
	struct printing here;
	bool ok;

	switch ((enum vtype)v.type) {
	case V_UNDEF: sb_str(b, "Undefined"); return true;
	case V_NULL: sb_str(b, "None"); return true;
	case V_BOOL: sb_str(b, v.u.b ? "True" : "False"); return true;
	case V_INT: sb_int(b, v.u.i); return true;
	case V_FLOAT: json_float(b, v.u.f); return true;
	case V_STR:
		sb_str(b, is_safe(v) ? "Markup(" : "");
		repr_str(b, v.u.s, v.len);
		sb_str(b, is_safe(v) ? ")" : "");
		return true;
	case V_LIST:
	case V_MAP:
	case V_OBJ: break;
	case V__COUNT: return true;
	}
	for (up = in->printing; v.type != V_OBJ && up != NULL; up = up->up) {
		if (up->what == (v.type == V_LIST ? (const void *)v.u.list : v.u.map)) {
			sb_str(b, v.type == V_MAP ? "{...}" : is_tuple(v) ? "(...)" : "[...]");
			return true;
		}
	}
	if (!enter_call(in))
		return false;
	here = (struct printing){ .up = in->printing, .what = v.type == V_LIST ? (const void *)v.u.list : v.u.map };
	in->printing = &here;
	ok = v.type == V_LIST ? repr_list(in, v, b) : v.type == V_MAP ? repr_map(in, v.u.map, b) : repr_obj(in, v, b);
	in->printing = here.up;
	leave_call(in);
	return ok;
}

static bool str_undef(struct interp *in, struct val v, struct sbuf *b) {
	const struct undef *u = v.u.undef;

	if (u != NULL && u->plain)
		return true;
	if (in->env->o.undefined == TMPL_STRICT)
		return undef_fail(in, v);
	if (in->env->o.undefined != TMPL_DEBUG || u == NULL)
		return true;
	if (u->hint != NULL) {
		sb_fmt(b, "{{ undefined value printed: %s }}", u->hint);
	} else if (u->object == NULL) {
		sb_fmt(b, "{{ %s }}", u->name.u.s);
	} else {
		sb_fmt(b, "{{ no such element: %s[", u->object);
		if (!repr(in, u->name, b))
			return false;
		sb_str(b, "] }}");
	}
	return true;
}

bool str(struct interp *in, struct val v, struct sbuf *b) {
	if (v.type == V_STR) {
		sb_mem(b, v.u.s, v.len);
		return true;
	}
	if (v.type == V_UNDEF)
		return str_undef(in, v, b);
	if (is_obj(v, &module_class))
		return module_str(in, v.u.obj, b);
	if (v.type == V_OBJ && v.u.obj->class->text != NULL)
		return v.u.obj->class->text(v.u.obj, b, in->e);
	return repr(in, v, b);
}

bool str_val(struct interp *in, struct val v, struct val *out) {
	struct sbuf b;

	if (v.type == V_STR) {
		*out = v;
		return true;
	}
	sb_init(&b, in->a);
	if (!str(in, v, &b))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}

struct val html_escape(struct arena *a, struct val text) {
	struct sbuf b;
	struct val v;

	sb_init(&b, a);
	sb_html(&b, text.u.s, text.len);
	v = val_mem(b.s, b.len);
	v.flags = VF_SAFE;
	return v;
}

bool escape_val(struct interp *in, struct val v, struct val *out) {
	struct val text;

	if (v.type == V_UNDEF && in->env->o.undefined == TMPL_CHAINABLE && (v.u.undef == NULL || !v.u.undef->plain)) {
		*out = val_safe(val_mem("", 0));
		return true;
	}
	if (!str_val(in, v, &text))
		return false;
	*out = is_safe(text) || is_obj(v, &module_class) ? val_safe(text) : html_escape(in->a, text);
	return true;
}
