/* filters_seq.c: filters over lists, dicts and what else can be walked. Sorting is stable, also in reverse. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include "template/filters.h"

/* A path with room for n parts, all in one piece of memory. */
static struct path path_new(struct arena *a, size_t n) {
	struct val *parts = arena_alloc(a, n * (sizeof(struct val) + 2 * sizeof(uint32_t)));
	uint32_t *hashes = (uint32_t *)(parts + n);

	return (struct path){ .parts = parts, .hashes = hashes, .places = hashes + n };
}

static void path_add(struct path *p, struct val part) {
	p->hashes[p->n] = part.type == V_STR ? val_hash(part) : 0;
	p->parts[p->n++] = part;
}

struct path attr_path_parse(struct arena *a, struct val attribute) {
	struct path p = { 0 };
	const char *s;
	size_t len, i, n = 1;

	if (attribute.type == V_NULL)
		return p;
	for (i = 0; attribute.type == V_STR && i < attribute.len; i++)
		n += attribute.u.s[i] == '.';
	p = path_new(a, n);
	if (attribute.type != V_STR || (n == 1 && !isdigit((unsigned char)attribute.u.s[0]))) {
		path_add(&p, attribute);
		return p;
	}
	for (s = attribute.u.s;; s += len + 1) {
		len = strcspn(s, ".");
		for (i = 0; i < len && s[i] >= '0' && s[i] <= '9'; i++)
			continue;
		path_add(&p, len > 0 && i == len ? big_parse(a, s, len, 10) : val_copy(a, s, len));
		if (s[len] == '\0')
			break;
	}
	return p;
}

bool attr_path_get(struct interp *in, const struct path *p, struct val of, struct val dflt, struct val *out) {
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (of.type == V_MAP && p->parts[i].type == V_STR) {
			const struct val *at = map_find_at(of.u.map, p->parts[i], p->hashes[i], &p->places[i]);

			if (at != NULL) {
				of = *at;
				continue;
			}
		}
		if (!get_item(in, of, p->parts[i], &of))
			return false;
		if (of.type == V_UNDEF && dflt.type != V_NULL)
			of = dflt;
	}
	*out = of;
	return true;
}

struct val lower_if_text(struct arena *a, struct val v) {
	uint32_t i;

	if (v.type != V_STR)
		return v;
	for (i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.u.s[i];

		if (c >= 0x80 || (c >= 'A' && c <= 'Z'))
			return uc_convert(a, v, UC_LOWER);
	}
	return v;
}

struct sort_item {
	struct val key, item;
};

/* Is a less than b? As lists of one they may be equal without having an order. */
static bool less_than(struct interp *in, struct val a, struct val b, unsigned how, bool *less) {
	if ((how & SORT_AS_LISTS) && a.type != V_INT && a.type != V_STR) {
		if (!equal(in, a, b, less))
			return false;
		if (*less) {
			*less = false;
			return true;
		}
	}
	return order(in, OP_LT, a, b, less);
}

static bool merge(struct interp *in, struct sort_item *v, struct sort_item *tmp, size_t n, unsigned how) {
	size_t half = n / 2, i = 0, k = half, out = 0;
	bool less;

	if (n < 2)
		return true;
	if (!merge(in, v, tmp, half, how) || !merge(in, v + half, tmp, n - half, how))
		return false;
	while (i < half && k < n) {
		/* an item of the right half goes first only if it must: equal ones keep their order */
		const struct sort_item *left = (how & SORT_REVERSE) ? &v[i] : &v[k], *right = (how & SORT_REVERSE) ? &v[k] : &v[i];

		if (!step(in) || !less_than(in, left->key, right->key, how, &less))
			return false;
		tmp[out++] = less ? v[k++] : v[i++];
	}
	while (i < half)
		tmp[out++] = v[i++];
	memcpy(v, tmp, out * sizeof(*v));
	return true;
}

/* Is it sorted already? Asked in the order in which Python compares first, so that what cannot be compared fails alike. */
static bool is_sorted(struct interp *in, const struct sort_item *v, size_t n, unsigned how, bool *yes) {
	bool down = false, less = false;
	size_t i;

	*yes = true;
	for (i = 1; i < n; i++) {
		const struct sort_item *b = (how & SORT_REVERSE) ? &v[n - 1 - i] : &v[i], *a = (how & SORT_REVERSE) ? &v[n - i] : &v[i - 1];

		if (!step(in) || !less_than(in, b->key, a->key, how, &less))
			return false;
		down = down || (i == 1 && less);
		*yes = *yes && !less;
		if (less != down)
			break;
	}
	return true;
}

bool sort_values(struct interp *in, struct val *keys, struct val *items, size_t n, unsigned how) {
	struct sort_item *v = arena_new(in->a, struct sort_item, n), *tmp = arena_new(in->a, struct sort_item, n);
	bool sorted;
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = (struct sort_item){ .key = keys[i], .item = items[i] };
	if (!is_sorted(in, v, n, how, &sorted))
		return false;
	if (sorted)
		return true;
	if (!merge(in, v, tmp, n, how))
		return false;
	for (i = 0; i < n; i++) {
		keys[i] = v[i].key;
		items[i] = v[i].item;
	}
	return true;
}

/* The items of args[0] in a list of their own. */
static bool copy_items(struct call *c, struct list **out) {
	struct list *l, *copy;

	if (!iter_list(interp_of(c), c->args[0], &l))
		return false;
	copy = list_new(c->a, l->n);
	if (l->n > 0)
		memcpy(copy->v, l->v, l->n * sizeof(*l->v));
	copy->n = l->n;
	*out = copy;
	return true;
}

bool f_length(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	size_t n;
	bool has;

	if (!length(in, c->args[0], &n, &has))
		return false;
	if (!has)
		return fail_type(in, "object of type '%s' has no len()", type_name(c->args[0]));
	*out = val_int((int64_t)n);
	return true;
}

static struct val no_item(struct call *c, const char *hint) {
	return undef_new(interp_of(c), &(struct undef){ .hint = hint });
}

bool f_first(struct call *c, struct val *out) {
	struct iter it;
	bool more;

	if (!iter_init(interp_of(c), c->args[0], &it) || !iter_next(&it, out, &more))
		return false;
	if (!more)
		*out = no_item(c, "No first item, sequence was empty.");
	return true;
}

bool f_last(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct list *l;

	if (is_obj(c->args[0], &gen_class))
		return fail_type(in, "'%s' object is not reversible", type_name(c->args[0]));
	if (c->args[0].type != V_UNDEF && !iter_is(c->args[0]))
		return fail_type(in, "'%s' object is not reversible", type_name(c->args[0]));
	if (!iter_list(in, c->args[0], &l))
		return false;
	*out = l->n > 0 ? l->v[l->n - 1] : no_item(c, "No last item, sequence was empty.");
	if (is_safe(c->args[0]) && l->n > 0)
		*out = val_safe(*out);
	return true;
}

bool f_list(struct call *c, struct val *out) {
	struct list *l;

	if (!copy_items(c, &l))
		return false;
	*out = val_list(l);
	return true;
}

static bool join_items(struct call *c, const struct list *l, struct val sep, bool mark, struct val *out) {
	struct interp *in = interp_of(c);
	struct sbuf b;
	size_t i;

	sb_init(&b, c->a);
	for (i = 0; i < l->n; i++) {
		struct val v = l->v[i];

		if (i > 0)
			sb_mem(&b, sep.u.s, sep.len);
		if (mark && !escape_val(in, v, &v))
			return false;
		if (!str(in, v, &b) || !step(in) || (b.len > 65536 && !room(in, b.len)))
			return false;
	}
	*out = val_mem(b.s, b.len);
	out->flags = mark ? VF_SAFE : 0;
	return true;
}

/* Without markup each text is written as it comes. */
static bool join_plain(struct call *c, struct val sep, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v;
	struct iter it;
	struct sbuf b;
	bool more, first;

	if (!text_arg(in, sep, &sep) || !iter_init(in, c->args[0], &it))
		return false;
	sb_init(&b, c->a);
	for (first = true;; first = false) {
		if (!step(in) || !iter_next(&it, &v, &more))
			return false;
		if (!more)
			break;
		if (!first)
			sb_mem(&b, sep.u.s, sep.len);
		if (!str(in, v, &b) || (b.len > 65536 && !room(in, b.len)))
			return false;
	}
	*out = val_mem(b.s, b.len);
	return true;
}

bool f_join(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val sep = c->args[1];
	struct path p;
	struct list *l, *items;
	size_t i;
	bool mark;

	if (c->args[2].type == V_NULL && !in->ctx->escape)
		return join_plain(c, sep, out);
	p = attr_path_parse(c->a, c->args[2]);
	if (!iter_list(in, c->args[0], &l))
		return false;
	items = l;
	if (p.n > 0) {
		items = list_new(c->a, l->n);
		for (i = 0; i < l->n; i++) {
			if (!attr_path_get(in, &p, l->v[i], val_null(), &items->v[i]))
				return false;
		}
		items->n = l->n;
	}
	mark = in->ctx->escape && is_safe(sep);
	for (i = 0; in->ctx->escape && i < items->n; i++)
		mark = mark || is_safe(items->v[i]);
	if (mark ? !escape_val(in, sep, &sep) : !text_arg(in, sep, &sep))
		return false;
	return join_items(c, items, sep, mark, out);
}

/* Keys to sort by: attributes of the items, texts in lower case unless case counts. "a,b" gives lists. */
static bool sort_keys(struct interp *in, const struct list *items, struct val attribute, bool cased, struct val *keys) {
	struct path p[8];
	size_t n = 0, i, k, len;
	const char *s;

	if (attribute.type == V_STR && strchr(attribute.u.s, ',') != NULL) {
		for (s = attribute.u.s; n < ARRAY_LEN(p); s += len + 1) {
			len = strcspn(s, ",");
			p[n++] = attr_path_parse(in->a, val_copy(in->a, s, len));
			if (s[len] == '\0')
				break;
		}
	} else {
		p[n++] = attr_path_parse(in->a, attribute);
	}
	for (i = 0; i < items->n; i++) {
		struct list *several = n > 1 ? list_new(in->a, n) : NULL;

		for (k = 0; k < n; k++) {
			struct val v;

			if (!step(in) || !attr_path_get(in, &p[k], items->v[i], val_null(), &v))
				return false;
			keys[i] = cased ? v : lower_if_text(in->a, v);
			if (several != NULL)
				list_push(several, keys[i]);
		}
		if (several != NULL)
			keys[i] = val_list(several);
	}
	return true;
}

bool f_sort(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct list *l;
	struct val *keys;
	bool reverse, cased;

	if (!truth(in, c->args[2], &cased) || !copy_items(c, &l) || !flag_of(in, c->args[1], &reverse))
		return false;
	keys = arena_new(c->a, struct val, l->n);
	if (!sort_keys(in, l, c->args[3], cased, keys) || !sort_values(in, keys, l->v, l->n, SORT_AS_LISTS | (reverse ? SORT_REVERSE : 0)))
		return false;
	*out = val_list(l);
	return true;
}

static bool extreme(struct call *c, enum op op, struct val *out) {
	struct interp *in = interp_of(c);
	struct path p = attr_path_parse(c->a, c->args[2]);
	struct iter it;
	struct val item, key, best_key = val_null();
	bool more, cased, better, any = false;

	if (!truth(in, c->args[1], &cased) || !iter_init(in, c->args[0], &it))
		return false;
	while (true) {
		if (!step(in) || !iter_next(&it, &item, &more))
			return false;
		if (!more)
			break;
		if (!attr_path_get(in, &p, item, val_null(), &key))
			return false;
		key = cased ? key : lower_if_text(c->a, key);
		better = !any;
		if (any && !order(in, op, key, best_key, &better))
			return false;
		if (better) {
			best_key = key;
			*out = item;
		}
		any = true;
	}
	if (!any)
		*out = no_item(c, "No aggregated item, sequence was empty.");
	return true;
}

bool f_min(struct call *c, struct val *out) {
	return extreme(c, OP_LT, out);
}

bool f_max(struct call *c, struct val *out) {
	return extreme(c, OP_GT, out);
}

static struct val pair(struct arena *a, struct val x, struct val y) {
	struct list *l = list_new(a, 2);

	list_push(l, x);
	list_push(l, y);
	return val_tuple(l);
}

bool f_groupby(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct path p = attr_path_parse(c->a, c->args[1]);
	struct list *l, *groups = list_new(c->a, 0), *members = NULL;
	struct val *keys, key, v;
	bool cased, same;
	size_t i;

	if (!truth(in, c->args[3], &cased) || !copy_items(c, &l))
		return false;
	keys = arena_new(c->a, struct val, l->n);
	for (i = 0; i < l->n; i++) {
		if (!attr_path_get(in, &p, l->v[i], c->args[2], &v))
			return false;
		keys[i] = cased ? v : lower_if_text(c->a, v);
	}
	if (!sort_values(in, keys, l->v, l->n, 0))
		return false;
	for (i = 0; i < l->n; i++) {
		same = false;
		if (i > 0 && !equal(in, keys[i], keys[i - 1], &same))
			return false;
		if (!same) {
			members = list_new(c->a, 4);
			if (!attr_path_get(in, &p, l->v[i], c->args[2], &key))
				return false;
			v = pair(c->a, key, val_list(members));
			v.flags |= VF_GROUP;
			list_push(groups, v);
		}
		list_push(members, l->v[i]);
	}
	*out = val_list(groups);
	return true;
}

bool f_dictsort(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val v = c->args[0], by = c->args[2];
	bool cased, reverse, by_key = val_equal(by, val_str("key"));
	struct list *l;
	struct val *keys;
	size_t i;

	if (!by_key && !val_equal(by, val_str("value")))
		return fail(in, "FilterArgumentError", "You can only sort by either \"key\" or \"value\"");
	if (!truth(in, c->args[1], &cased))
		return false;
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	if (v.type != V_MAP)
		return fail(in, "AttributeError", "'%s' object has no attribute 'items'", type_name(v));
	if (!flag_of(in, c->args[3], &reverse))
		return false;
	l = list_new(c->a, v.u.map->n);
	keys = arena_new(c->a, struct val, v.u.map->n);
	for (i = 0; i < v.u.map->n; i++) {
		const struct map_entry e = map_pair(v.u.map, i);

		keys[i] = by_key ? e.key : e.val;
		keys[i] = cased ? keys[i] : lower_if_text(c->a, keys[i]);
		list_push(l, pair(c->a, e.key, e.val));
	}
	if (!sort_values(in, keys, l->v, l->n, reverse ? SORT_REVERSE : 0))
		return false;
	*out = val_list(l);
	return true;
}

bool f_random(struct call *c, struct val *out) {
	struct list *l;
	struct timespec now;

	if (!iter_list(interp_of(c), c->args[0], &l))
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	*out = l->n > 0 ? l->v[(uint64_t)(now.tv_nsec / 7 + now.tv_sec) * 2654435761u % l->n]
	                : no_item(c, "No random item, sequence was empty.");
	return true;
}

bool f_default(struct call *c, struct val *out) {
	bool by_truth, yes = true;

	*out = c->args[0];
	if (c->args[0].type == V_UNDEF) {
		*out = c->args[1];
		return true;
	}
	if (!truth(interp_of(c), c->args[2], &by_truth) || (by_truth && !truth(interp_of(c), c->args[0], &yes)))
		return false;
	if (!yes)
		*out = c->args[1];
	return true;
}

bool f_attr(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct val name;
	bool found;

	if (c->args[0].type == V_UNDEF && in->env->o.undefined == TMPL_CHAINABLE) {
		*out = c->args[0];
		return true;
	}
	if (c->args[1].type != V_STR)
		return fail_type(in, "attribute name must be string, not '%s'", type_name(c->args[1]));
	if (!text_arg(in, c->args[1], &name) || !get_attr_only(in, c->args[0], name, out, &found))
		return false;
	if (!found && in->env->o.item_attributes && c->args[0].type == V_MAP)
		return get_item(in, c->args[0], name, out);
	if (!found)
		*out = undef_attr(in, c->args[0], name);
	return true;
}
