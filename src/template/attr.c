/* attr.c: v.name, v[key] and slices. A dot looks for an attribute and then for an item; brackets the other way round. */
#include "config.h"

#include "template/engine.h"

static const char *object_name(struct interp *in, struct val v) {
	static const struct { const struct obj_class *c; const char *name; } own[] = {
		{ &namespace_class, "jinja2.utils.Namespace object" }, { &loop_class, "jinja2.runtime.LoopContext object" },
		{ &macro_class, "jinja2.runtime.Macro object" }, { &module_class, "jinja2.environment.TemplateModule object" },
		{ &cycler_class, "jinja2.utils.Cycler object" }, { &joiner_class, "jinja2.utils.Joiner object" },
		{ &block_class, "jinja2.runtime.BlockReference object" },
	};
	size_t i;

	if (v.type == V_NULL)
		return "None";
	if (is_safe(v))
		return "markupsafe.Markup object";
	for (i = 0; v.type == V_OBJ && i < ARRAY_LEN(own); i++) {
		if (v.u.obj->class == own[i].c)
			return own[i].name;
	}
	switch ((enum vtype)v.type) {
	case V_STR: return "str object";
	case V_MAP: return "dict object";
	case V_LIST: return is_tuple(v) ? "tuple object" : "list object";
	case V_UNDEF:
	case V_NULL:
	case V_BOOL:
	case V_INT:
	case V_FLOAT:
	case V_OBJ:
	case V__COUNT: break;
	}
	return arena_printf(in->a, "%s object", type_name(v));
}

static struct val missed(struct interp *in, const struct undef *u, struct val of) {
	in->missed = u;
	in->missed_in = of;
	return (struct val){ .type = V_UNDEF, .u.undef = u };
}

struct val undef_attr(struct interp *in, struct val of, struct val name) {
	return missed(in, undef_new(in, &(struct undef){ .name = name, .object = object_name(in, of) }).u.undef, of);
}

static void add_names(struct map *to, const struct map *from) {
	uint32_t i;

	for (i = 0; from != NULL && i < from->n; i++)
		map_put(to, map_key(from, i), val_null());
}

const char *attr_suggest(struct interp *in, const struct undef *u) {
	struct map *known = map_new(in->a, 0);
	struct val of = in->missed_in;
	int group = method_group(of);

	if (of.type == V_MAP)
		add_names(known, of.u.map);
	else if (of.type == V_OBJ && of.u.obj->class->names != NULL)
		of.u.obj->class->names(of.u.obj, known);
	if (group >= 0)
		add_names(known, in->env->methods[group]);
	return did_you_mean(in->a, u->name.u.s, known);
}

int method_group(struct val v) {
	if (v.type == V_STR)
		return METHOD_STR;
	if (v.type == V_MAP)
		return METHOD_MAP;
	if (v.type == V_LIST)
		return is_tuple(v) ? METHOD_TUPLE : METHOD_LIST;
	if (is_obj(v, &loop_class))
		return METHOD_LOOP;
	if (is_obj(v, &range_class))
		return METHOD_RANGE;
	if (is_int(v))
		return METHOD_INT;
	if (v.type == V_FLOAT)
		return METHOD_FLOAT;
	if (is_obj(v, &bytes_class))
		return METHOD_BYTES;
	if (view_is_set(v))
		return METHOD_VIEW;
	return is_obj(v, &cycler_class) ? METHOD_CYCLER : -1;
}

static const struct fn *find_method(struct interp *in, struct val of, struct val name) {
	int group = method_group(of);

	return group < 0 ? NULL : env_method(in->env, (enum method_of)group, name);
}

/* Attributes that every Python object has and that the sandbox keeps away. */
static bool is_internal(struct val name) {
	static const char *const known[] = {
		"__class__", "__doc__", "__init__", "__new__", "__str__", "__repr__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__",
		"__ge__", "__hash__", "__dir__", "__format__", "__reduce__", "__reduce_ex__", "__getattribute__", "__setattr__",
		"__delattr__", "__sizeof__", "__subclasshook__", "__init_subclass__", "__dict__", "__module__", "__len__",
		"__getitem__", "__contains__", "__iter__", "__add__", "__mul__",
	};
	size_t i;

	if (name.type != V_STR || name.len < 2 || name.u.s[0] != '_' || name.u.s[1] != '_')
		return false;
	for (i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i], name.u.s) == 0)
			return true;
	}
	return false;
}

static struct val unsafe(struct interp *in, struct val of, struct val name) {
	bool safe_range = is_obj(of, &function_class) && strcmp(((const struct fn *)of.u.obj)->def->name, "range") == 0;

	return undef_new(in, &(struct undef){ .name = name, .unsafe = true, .hint = arena_printf(in->a,
		"access to attribute %s of '%s' object is unsafe.", quoted(in->a, name), safe_range ? "function" : type_name(of)) });
}

static bool host_attr(struct interp *in, struct val v, struct val name, struct val *out, bool *found) {
	struct obj *o = v.u.obj;
	int slot = o->class->find == NULL ? -1 : o->class->find(o, name.u.s, name.len);

	*found = slot >= 0;
	in->effects++;
	return slot < 0 || o->class->get(o, slot, in->a, out, in->e);
}

static bool host_item(struct interp *in, struct val v, struct val key, struct val *out, bool *found) {
	*found = false;
	if (v.u.obj->class->item == NULL)
		return true;
	in->effects++;
	if (!v.u.obj->class->item(v.u.obj, key, in->a, out, in->e))
		return false;
	*found = out->type != V_UNDEF;
	return true;
}

static bool view_attr(struct val v, struct val name, struct val *out, bool *found) {
	*found = val_equal(name, val_str("mapping"));
	if (*found)
		*out = val_map(((struct view *)v.u.obj)->map);
	return true;
}

static bool range_attr(struct val v, struct val name, struct val *out, bool *found) {
	const struct range *r = (const struct range *)v.u.obj;
	int64_t n = val_equal(name, val_str("start")) ? r->start : val_equal(name, val_str("stop")) ? r->stop : r->step;

	*found = n != r->step || val_equal(name, val_str("step")) || val_equal(name, val_str("start")) || val_equal(name, val_str("stop"));
	*out = val_int(n);
	return true;
}

static bool ns_attr(struct val v, struct val name, struct val *out, bool *found) {
	const struct val *at = map_find(((struct ns *)v.u.obj)->attrs, name);

	*found = at != NULL;
	if (at != NULL)
		*out = *at;
	return true;
}

static bool number_attr(struct val v, struct val name, struct val *out, bool *found) {
	*found = true;
	if (strcmp(name.u.s, "real") == 0 || (strcmp(name.u.s, "numerator") == 0 && v.type != V_FLOAT))
		*out = v.type == V_BOOL ? val_int(v.u.b ? 1 : 0) : v;
	else if (strcmp(name.u.s, "imag") == 0)
		*out = v.type == V_FLOAT ? val_float(0) : val_int(0);
	else if (strcmp(name.u.s, "denominator") == 0 && v.type != V_FLOAT)
		*out = val_int(1);
	else
		*found = false;
	return true;
}

/* An attribute of one of the engine's own objects. */
static bool builtin_attr(struct interp *in, struct val v, struct val name, struct val *out, bool *found) {
	const struct obj_class *c = v.u.obj->class;

	*found = false;
	if (c == &loop_class)
		return loop_attr(in, v.u.obj, name, out, found);
	if (c == &namespace_class)
		return ns_attr(v, name, out, found);
	if (c == &macro_class)
		return macro_attr(in, v.u.obj, name, out, found);
	if (c == &module_class)
		return module_attr(in, v.u.obj, name, out, found);
	if (c == &cycler_class)
		return cycler_attr(in, v.u.obj, name, out, found);
	if (c == &self_class || c == &block_class)
		return reference_attr(in, v.u.obj, name, out, found);
	if (c == &range_class)
		return range_attr(v, name, out, found);
	if (c == &view_class)
		return view_attr(v, name, out, found);
	return host_attr(in, v, name, out, found);
}

static bool attribute(struct interp *in, struct val v, struct val name, struct val *out, bool *found) {
	const struct fn *m = find_method(in, v, name);

	*found = true;
	if (m != NULL) {
		*out = bound_method(in->a, m, v);
		return true;
	}
	if (in->env->o.sandboxed && is_internal(name)) {
		*out = unsafe(in, v, name);
		return true;
	}
	if (is_number(v))
		return number_attr(v, name, out, found);
	if (v.type == V_OBJ)
		return builtin_attr(in, v, name, out, found);
	*found = v.type == V_LIST && (v.flags & VF_GROUP) != 0 && (strcmp(name.u.s, "grouper") == 0 || strcmp(name.u.s, "list") == 0);
	if (*found)
		*out = v.u.list->v[name.u.s[0] == 'g' ? 0 : 1];
	return true;
}

bool get_attr_only(struct interp *in, struct val v, struct val name, struct val *out, bool *found) {
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	return attribute(in, v, name, out, found);
}

bool get_attr_name(struct interp *in, struct val v, struct val name, struct val *out) {
	bool found;

	if (v.type == V_UNDEF) {
		*out = in->env->o.sandboxed && is_internal(name) ? unsafe(in, v, name) : v;
		return out->u.undef != v.u.undef || in->env->o.undefined == TMPL_CHAINABLE || undef_fail(in, v);
	}
	if (!attribute(in, v, name, out, &found))
		return false;
	if (found)
		return true;
	if (v.type == V_MAP) {
		const struct val *at = map_find(v.u.map, name);

		*out = at == NULL ? undef_attr(in, v, name) : *at;
		return true;
	}
	if (v.type == V_OBJ && !host_item(in, v, name, out, &found))
		return false;
	if (!found)
		*out = undef_attr(in, v, name);
	return true;
}

static bool attr_of_host(struct interp *in, struct val v, const struct node *n, struct val *out) {
	struct obj *o = v.u.obj;
	union { const struct node *in; struct node *out; } cache = { .in = n };

	if (n->u.attr.class != o->class) {
		cache.out->u.attr.class = o->class;
		cache.out->u.attr.class_slot = o->class->find(o, n->u.attr.name.u.s, n->u.attr.name.len);
	}
	if (n->u.attr.class_slot < 0)
		return get_attr_name(in, v, n->u.attr.name, out);
	in->effects++;
	return o->class->get(o, n->u.attr.class_slot, in->a, out, in->e);
}

bool get_attr(struct interp *in, struct val v, const struct node *n, struct val *out) {
	const struct val *at;
	union { const struct node *in; struct node *out; } cache = { .in = n };

	if (v.type == V_MAP && (n->u.attr.methods == NULL || n->u.attr.methods[METHOD_MAP] == NULL) && !(in->env->o.sandboxed && n->u.attr.name.u.s[0] == '_')) {
		const struct map *m = v.u.map;

		if (m->keys == n->u.attr.keys && n->u.attr.run == in->run) {
			at = n->u.attr.place == UINT32_MAX ? NULL : map_at(m, n->u.attr.place);
		} else {
			at = map_find_at(m, n->u.attr.name, n->u.attr.hash, &cache.out->u.attr.place);
			cache.out->u.attr.keys = m->keys->shared ? m->keys : NULL;
			cache.out->u.attr.run = in->run;
			if (at == NULL)
				cache.out->u.attr.place = UINT32_MAX;
		}
		if (at != NULL) {
			*out = *at;
			return true;
		}
		if (n->u.attr.undef == NULL) {
			struct undef *u = arena_new(in->env->a, struct undef, 1);

			u->name = n->u.attr.name;
			u->object = "dict object";
			cache.out->u.attr.undef = u;
		}
		*out = missed(in, n->u.attr.undef, v);
		return true;
	}
	if (is_obj(v, &namespace_class) && n->u.attr.name.u.s[0] != '_') {
		at = map_find_hash(((struct ns *)v.u.obj)->attrs, n->u.attr.name, n->u.attr.hash);
		if (at != NULL) {
			*out = *at;
			return true;
		}
	}
	if (v.type == V_OBJ && v.u.obj->class->find != NULL && n->u.attr.name.u.s[0] != '_')
		return attr_of_host(in, v, n, out);
	return get_attr_name(in, v, n->u.attr.name, out);
}

/* ---- items */

static struct val str_at(struct interp *in, struct val s, int64_t i) {
	size_t n = utf8_count(s.u.s, s.len), at = 0, len;
	struct val v;

	if (i < 0)
		i += (int64_t)n;
	if (i < 0 || (uint64_t)i >= n)
		return val_missing();
	if (n == s.len) {
		at = (size_t)i;
		len = 1;
	} else {
		while (utf8_at(s, at, &len) && i > 0) {
			at += len;
			i--;
		}
		(void)utf8_at(s, at, &len);
	}
	v = val_copy(in->a, s.u.s + at, len);
	v.flags = s.flags;
	return v;
}

static bool item_at(struct interp *in, struct val v, int64_t i, struct val *out) {
	const struct range *r = (const struct range *)v.u.obj;
	int64_t n;

	*out = val_missing();
	if (v.type == V_STR) {
		*out = str_at(in, v, i);
	} else if (v.type == V_LIST) {
		n = (int64_t)v.u.list->n;
		i += i < 0 ? n : 0;
		if (i >= 0 && i < n)
			*out = v.u.list->v[i];
	} else if (is_obj(v, &range_class)) {
		n = range_len(r);
		i += i < 0 ? n : 0;
		if (i >= 0 && i < n)
			*out = val_int(r->start + i * r->step);
	}
	return true;
}

static bool hash_quietly(struct val key) {
	size_t i;

	if (key.type == V_MAP || (key.type == V_LIST && !is_tuple(key)))
		return false;
	for (i = 0; key.type == V_LIST && i < key.u.list->n; i++) {
		if (!hash_quietly(key.u.list->v[i]))
			return false;
	}
	return !is_obj(key, &slice_class) && !is_obj(key, &view_class);
}

static bool own_item(struct interp *in, struct val v, struct val key, struct val *out) {
	const struct val *at;
	bool found;

	*out = val_missing();
	if (v.type == V_MAP || is_obj(v, &namespace_class)) {
		if (key.type == V_UNDEF && undef_strict(in, key))
			return undef_fail(in, key);
		at = !hash_quietly(key) ? NULL : map_find(v.type == V_MAP ? v.u.map : ((struct ns *)v.u.obj)->attrs, key);
		if (at != NULL)
			*out = *at;
		return true;
	}
	if (is_obj(key, &slice_class))
		return get_slice(in, v, ((struct slice *)key.u.obj)->part, out);
	if (key.type == V_INT || key.type == V_BOOL)
		if (v.type != V_OBJ || is_obj(v, &range_class))
			return item_at(in, v, key.type == V_INT ? key.u.i : key.u.b, out);
	if (v.type == V_OBJ && v.u.obj->class->item != NULL) {
		if (!host_item(in, v, key, out, &found))
			return false;
		if (!found)
			*out = val_missing();
	}
	return true;
}

bool get_item(struct interp *in, struct val v, struct val key, struct val *out) {
	bool found = false;

	if (v.type == V_UNDEF) {
		*out = v;
		return in->env->o.undefined == TMPL_CHAINABLE || undef_fail(in, v);
	}
	if (!own_item(in, v, key, out))
		return false;
	if (!is_missing(*out))
		return true;
	if (key.type == V_STR && !attribute(in, v, key, out, &found))
		return false;
	if (!found)
		*out = undef_attr(in, v, key);
	return true;
}

/* ---- slices */

int64_t range_len(const struct range *r) {
	if (r->step > 0)
		return r->start < r->stop ? (int64_t)(((uint64_t)r->stop - (uint64_t)r->start - 1) / (uint64_t)r->step) + 1 : 0;
	return r->start > r->stop ? (int64_t)(((uint64_t)r->start - (uint64_t)r->stop - 1) / ((uint64_t)0 - (uint64_t)r->step)) + 1 : 0;
}

struct val range_new(struct arena *a, int64_t start, int64_t stop, int64_t step) {
	struct range *r = arena_new(a, struct range, 1);

	*r = (struct range){ .o.class = &range_class, .start = start, .stop = stop, .step = step };
	return val_obj(&r->o);
}

static bool bound(struct interp *in, struct val v, int64_t n, bool down, int64_t *at) {
	if (v.type == V_NULL)
		return true;
	if (v.type == V_UNDEF || !is_int(v))
		return fail_type(in, "slice indices must be integers or None or have an __index__ method");
	if (!index_of(in, v, at))
		return false;
	if (*at < 0)
		*at += n;
	if (*at < 0)
		*at = down ? -1 : 0;
	if (*at > (down ? n - 1 : n))
		*at = down ? n - 1 : n;
	return true;
}

static bool bounds(struct interp *in, const struct val part[3], int64_t n, int64_t at[3]) {
	at[2] = 1;
	if (part[2].type != V_NULL) {
		if (part[2].type == V_UNDEF || !is_int(part[2]))
			return fail_type(in, "slice indices must be integers or None or have an __index__ method");
		if (!index_of(in, part[2], &at[2]))
			return false;
	}
	if (at[2] == 0)
		return fail(in, "ValueError", "slice step cannot be zero");
	at[0] = at[2] < 0 ? n - 1 : 0;
	at[1] = at[2] < 0 ? -1 : n;
	return bound(in, part[0], n, at[2] < 0, &at[0]) && bound(in, part[1], n, at[2] < 0, &at[1]);
}

static bool slice_str(struct interp *in, struct val v, const int64_t at[3], struct val *out) {
	size_t n = utf8_count(v.u.s, v.len), len, k = 0;
	struct range r = { .start = at[0], .stop = at[1], .step = at[2] };
	uint32_t *where = arena_new(in->a, uint32_t, n + 1);
	int64_t i, count = range_len(&r);
	struct sbuf b;

	while (k < n) {
		(void)utf8_at(v, where[k], &len);
		where[k + 1] = where[k] + (uint32_t)len;
		k++;
	}
	sb_init(&b, in->a);
	if (at[2] == 1 && count > 0) {
		sb_mem(&b, v.u.s + where[at[0]], where[at[1]] - where[at[0]]);
		count = 0;
	}
	for (i = 0; i < count; i++) {
		k = (size_t)(at[0] + i * at[2]);
		sb_mem(&b, v.u.s + where[k], where[k + 1] - where[k]);
	}
	*out = val_mem(b.s, b.len);
	out->flags = v.flags;
	return true;
}

bool get_slice(struct interp *in, struct val v, const struct val part[3], struct val *out) {
	struct range r, *old = (struct range *)v.u.obj;
	int64_t at[3], n, i, count;
	struct list *l;

	if (v.type == V_UNDEF) {
		*out = v;
		return in->env->o.undefined == TMPL_CHAINABLE || undef_fail(in, v);
	}
	if (v.type == V_MAP)
		return fail_type(in, "unhashable type: 'slice'");
	if (v.type == V_OBJ && v.u.obj->class->item != NULL && v.u.obj->class->list != NULL) {  /* a sequence of the host's */
		if (!v.u.obj->class->list(v.u.obj, in->a, &l, in->e))
			return false;
		v = val_list(l);
	}
	if (v.type != V_STR && v.type != V_LIST && !is_obj(v, &range_class))
		return fail_type(in, "'%s' object is not subscriptable", type_name(v));
	n = v.type == V_STR ? (int64_t)utf8_count(v.u.s, v.len) : v.type == V_LIST ? (int64_t)v.u.list->n : range_len(old);
	if (!bounds(in, part, n, at))
		return false;
	if (v.type == V_STR)
		return slice_str(in, v, at, out);
	if (v.type == V_OBJ) {
		*out = range_new(in->a, old->start + at[0] * old->step, old->start + at[1] * old->step, old->step * at[2]);
		return true;
	}
	r = (struct range){ .start = at[0], .stop = at[1], .step = at[2] };
	count = range_len(&r);
	l = list_new(in->a, (size_t)count);
	for (i = 0; i < count; i++)
		list_push(l, v.u.list->v[at[0] + i * at[2]]);
	*out = val_list(l);
	out->flags = v.flags & VF_TUPLE;
	return true;
}

const struct obj_class slice_class = { .name = "slice" };
