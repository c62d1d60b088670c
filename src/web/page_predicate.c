/* page_predicate.c: the editor of a predicate: rows of filter, lookup and value, or the JSON itself; and what it selects as it stands. */
#include "config.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "model/explain.h"
#include "web/openapi_schema.h"
#include "web/page.h"

enum { BLANK_ROWS = 2, LEAST_ROWS = 3 };

static const struct choice lookups[] = {
	{ "", "is", NULL }, { "n", "is not", NULL }, { "ic", "contains", NULL }, { "nic", "does not contain", NULL }, { "isw", "begins with", NULL },
	{ "nisw", "does not begin with", NULL }, { "iew", "ends with", NULL }, { "niew", "does not end with", NULL },
	{ "ie", "is, in capitals or not", NULL }, { "nie", "is not, in capitals or not", NULL }, { "lt", "is below", NULL },
	{ "lte", "is at most", NULL }, { "gt", "is above", NULL }, { "gte", "is at least", NULL }, { "empty", "is empty", NULL }, { NULL, NULL, NULL }
};

struct condition {
	const char *field, *lookup, *value;
	bool other;             /* "or": it begins a further object of the list */
};

/* ---- from the form ---- */

static const char *nth(struct req *r, const char *name, size_t n) {
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, name) == 0 && n-- == 0)
			return r->form[i].value;
	}
	return NULL;
}

static size_t conditions_typed(struct req *r, const struct field *f, struct condition **out) {
	const char *field = arena_printf(r->a, "%s.field", f->name), *lookup = arena_printf(r->a, "%s.lookup", f->name);
	const char *value = arena_printf(r->a, "%s.value", f->name), *other = arena_printf(r->a, "%s.or", f->name), *name;
	size_t n = 0;

	*out = arena_new(r->a, struct condition, r->nform + 1);
	for (size_t i = 0; (name = nth(r, field, i)) != NULL; i++) {
		const char *l = nth(r, lookup, i), *v = nth(r, value, i), *o = nth(r, other, i);

		name += strspn(name, " ");
		if (*name == '\0' && (v == NULL || *v == '\0'))
			continue;
		(*out)[n++] = (struct condition){ arena_strndup(r->a, name, strcspn(name, " ")), l == NULL ? "" : l, v == NULL ? "" : v,
			o != NULL && strcmp(o, "or") == 0 };
	}
	return n;
}

static struct val value_typed(struct req *r, const char *s, size_t len) {
	struct val v;
	struct err e;

	while (len > 0 && *s == ' ')
		s++, len--;
	while (len > 0 && s[len - 1] == ' ')
		len--;
	/* numbers, true, false and null as JSON has them; all else is text */
	if (len > 0 && json_parse(r->a, s, len, 1, &v, &e) && (v.type == V_INT || v.type == V_BOOL || v.type == V_NULL))
		return v;
	return val_copy(r->a, s, len);
}

static struct val values_typed(struct req *r, const char *s) {
	struct list *l;

	if (strchr(s, ',') == NULL)
		return value_typed(r, s, strlen(s));
	l = list_new(r->a, 4);
	while (*s != '\0') {
		size_t n = strcspn(s, ",");
		struct val v = value_typed(r, s, n);

		if (v.type != V_STR || v.len > 0)
			list_push(l, v);
		s += n + (s[n] == ',');
	}
	return val_list(l);
}

static void add_condition(struct req *r, const struct field *f, struct map *m, const struct condition *c, struct problems *p) {
	struct val key = *c->lookup == '\0' ? val_str(c->field) : val_printf(r->a, "%s__%s", c->field, c->lookup);
	struct val value = *c->value == '\0' && strcmp(c->lookup, "empty") == 0 ? val_bool(true) : values_typed(r, c->value);

	if (*c->field == '\0')
		problem_add(p, f->name, "The row with the value \"%s\" names no field.", c->value);
	else if ((value.type == V_STR && value.len == 0) || (value.type == V_LIST && value.u.list->n == 0))
		problem_add(p, f->name, "The row of \"%s\" has no value; \"null\" is none, and \"is empty\" asks for it.", c->field);
	else if (map_find(m, key) != NULL)
		problem_add(p, f->name, "\"%s\" stands in two rows that must both hold: write its values into one row, with commas between.", key.u.s);
	else
		map_put(m, key, value);
}

/* What the rows say: an object when there is no "or", else a list of them; null when there are none. */
static struct val conditions_value(struct req *r, const struct field *f, const struct condition *c, size_t n, struct problems *p) {
	struct list *l = list_new(r->a, 2);
	struct map *m = NULL;

	for (size_t i = 0; i < n; i++) {
		if (m == NULL || c[i].other) {
			m = map_new(r->a, 4);
			list_push(l, val_map(m));
		}
		add_condition(r, f, m, &c[i], p);
	}
	return l->n == 0 ? val_null() : l->n == 1 ? l->v[0] : val_list(l);
}

static const char *how_typed(struct req *r, const struct field *f) {
	return req_form(r, arena_printf(r->a, "%s.how", f->name));
}

bool predicate_input(struct req *r, const struct field *f, struct val *out) {
	const char *how = how_typed(r, f);
	struct condition *c;
	size_t n;

	*out = val_null();
	if (how == NULL || strcmp(how, "json") == 0)
		return false;
	if (strcmp(how, "rows") != 0)
		return true;
	n = conditions_typed(r, f, &c);
	if (n == 0)
		problem_add(&r->problems, f->name, "There is no condition. Choose \"all objects\" if that is what is meant.");
	*out = conditions_value(r, f, c, n, &r->problems);
	return true;
}

/* ---- from the value ---- */

static const char *plain(struct req *r, struct val v) {
	struct sbuf b;

	if (v.type == V_STR)
		return strchr(v.u.s, ',') == NULL && *v.u.s != '\0' ? v.u.s : NULL;
	if (v.type == V_MAP || v.type == V_LIST)
		return NULL;
	sb_init(&b, r->a);
	json_write(&b, v);
	return b.s;
}

/* A value as a row has it; NULL when only JSON can tell it. */
static const char *value_shown(struct req *r, struct val v) {
	struct sbuf b;

	if (v.type != V_LIST)
		return plain(r, v);
	sb_init(&b, r->a);
	for (size_t i = 0; i < v.u.list->n; i++) {
		const char *s = plain(r, v.u.list->v[i]);

		if (s == NULL)
			return NULL;
		sb_fmt(&b, "%s%s", i == 0 ? "" : ", ", s);
	}
	return v.u.list->n < 2 ? NULL : b.s;
}

static void split_name(struct req *r, const char *name, struct condition *c) {
	c->field = name;
	c->lookup = "";
	for (const struct choice *l = lookups + 1; l->value != NULL; l++) {
		size_t n = strlen(name), k = strlen(l->value);

		if (n > k + 2 && strcmp(name + n - k, l->value) == 0 && strncmp(name + n - k - 2, "__", 2) == 0) {
			c->field = arena_strndup(r->a, name, n - k - 2);
			c->lookup = l->value;
		}
	}
}

static bool object_conditions(struct req *r, const struct map *m, bool other, struct condition *out, size_t *n) {
	for (size_t i = 0; i < m->n; i++) {
		struct condition *c = &out[*n];

		split_name(r, val_cstr(map_key(m, i), ""), c);
		c->other = other && i == 0;
		c->value = value_shown(r, map_val(m, i));
		if (c->value == NULL)
			return false;
		(*n)++;
	}
	return m->n > 0;
}

/* False: rows cannot show it. */
static bool conditions_of(struct req *r, struct val v, struct condition **out, size_t *n) {
	size_t room = 1;
	bool ok = v.type == V_MAP || v.type == V_LIST;

	*n = 0;
	for (size_t i = 0; v.type == V_LIST && i < v.u.list->n; i++)
		room += v.u.list->v[i].type == V_MAP ? v.u.list->v[i].u.map->n : 0;
	*out = arena_new(r->a, struct condition, room + (v.type == V_MAP ? v.u.map->n : 0));
	if (v.type == V_MAP)
		ok = object_conditions(r, v.u.map, false, *out, n);
	for (size_t i = 0; ok && v.type == V_LIST && i < v.u.list->n; i++)
		ok = v.u.list->v[i].type == V_MAP && object_conditions(r, v.u.list->v[i].u.map, i > 0, *out, n);
	return ok;
}

/* ---- what the form shows ---- */

static const struct resource *nth_type(const struct field *f, const struct widget_use *use, size_t n) {
	struct val v = use->row == NULL ? val_undef() : row_get(use->row, f->via);
	bool given = false;

	for (size_t i = 0; i < use->nparams; i++) {
		if (strcmp(use->params[i].name, f->via) != 0)
			continue;
		given = true;
		if (n-- == 0)
			return res_by_model(use->params[i].value);
	}
	if (given || use->typed || v.type != V_LIST || n >= v.u.list->n)
		return NULL;
	return res_by_model(val_cstr(v.u.list->v[n], ""));
}

static bool is_lookup(const char *name) {
	const char *mark = strstr(name, "__");

	for (const struct choice *l = lookups + 1; mark != NULL && l->value != NULL; l++) {
		if (strcmp(mark + 2, l->value) == 0)
			return true;
	}
	return false;
}

static bool has_filter(const struct list *params, const char *name) {
	for (size_t i = 0; i < params->n; i++) {
		if (strcmp(val_cstr(map_get(params->v[i].u.map, "name"), ""), name) == 0)
			return true;
	}
	return false;
}

/* Names of filters that every chosen list has. */
static struct val names_of(struct req *r, const struct resource *const *types, size_t ntypes) {
	struct list **params = arena_new(r->a, struct list *, ntypes + 1), *out = list_new(r->a, 32);

	for (size_t t = 0; t < ntypes; t++) {
		params[t] = list_new(r->a, 64);
		schema_query(r->a, types[t], params[t]);
	}
	for (size_t i = 0; ntypes > 0 && i < params[0]->n; i++) {
		const char *name = val_cstr(map_get(params[0]->v[i].u.map, "name"), "");
		bool all = !is_lookup(name);

		for (size_t t = 1; all && t < ntypes; t++)
			all = has_filter(params[t], name);
		if (all)
			list_push(out, val_str(name));
	}
	return val_list(out);
}

static void tell(struct req *r, const struct field *f, const struct problems *p) {
	struct val all = p->fields == NULL ? val_undef() : map_get(p->fields, f->name);

	r->problems.a = r->a;
	for (size_t i = 0; all.type == V_LIST && i < all.u.list->n; i++)
		problem_add(&r->problems, f->name, "%s", val_cstr(all.u.list->v[i], ""));
}

/* "2 of 3 tags" for each type; what is wrong goes to the field's messages where nothing is said there yet. */
static bool matches_put(struct req *r, const struct field *f, const struct resource *const *types, size_t ntypes, struct val v, struct map *m) {
	struct list *out = list_new(r->a, ntypes);
	struct problems p = { .a = r->a };
	bool told = r->problems.fields != NULL && map_find(r->problems.fields, val_str(f->name)) != NULL;

	map_set(m, "matches", val_list(out));
	for (size_t t = 0; t < ntypes; t++) {
		struct map *one;
		int64_t n, all;

		if (!predicate_check(&r->store, types[t], v, f->name, &p, &r->err))
			return false;
		if (problems_any(&p))
			continue;
		if (!predicate_count(&r->store, types[t], v, &n, &r->err) || !predicate_count(&r->store, types[t], val_null(), &all, &r->err))
			return false;
		one = map_new(r->a, 3);
		put_str(one, "name", all == 1 ? types[t]->name : types[t]->plural);
		put_int(one, "n", n);
		put_int(one, "all", all);
		list_push(out, val_map(one));
	}
	if (!told)
		tell(r, f, &p);
	return true;
}

static struct val row_shown(struct req *r, const struct condition *c) {
	struct map *m = map_new(r->a, 5);
	struct list *l = list_new(r->a, ARRAY_LEN(lookups));

	for (const struct choice *k = lookups; k->value != NULL; k++) {
		struct map *o = map_new(r->a, 3);

		put_str(o, "value", k->value);
		put_str(o, "label", k->label);
		put_bool(o, "on", strcmp(k->value, c->lookup) == 0);
		list_push(l, val_map(o));
	}
	put_str(m, "field", c->field);
	put_str(m, "value", c->value);
	put_bool(m, "other", c->other);
	map_set(m, "lookups", val_list(l));
	return val_map(m);
}

static void rows_put(struct req *r, const struct condition *c, size_t n, struct map *m) {
	static const struct condition blank = { "", "", "", false };
	size_t all = n + BLANK_ROWS < LEAST_ROWS ? LEAST_ROWS : n + BLANK_ROWS;
	struct list *l = list_new(r->a, all);

	for (size_t i = 0; i < all; i++)
		list_push(l, row_shown(r, i < n ? &c[i] : &blank));
	map_set(m, "rows", val_list(l));
}

/* `v` from `text`; when it is no JSON, that is told and nothing is selected. */
static bool value_of_text(struct req *r, const char *text, struct val *v) {
	struct err e;

	*v = val_null();
	return *text == '\0' || json_parse(r->a, text, strlen(text), LIMIT_JSON_DEPTH, v, &e);
}

bool predicate_put(struct req *r, const struct field *f, const struct widget_use *use, struct map *m) {
	const char *text = val_cstr(map_get(m, "value"), ""), *how = use->typed ? how_typed(r, f) : NULL;
	const struct resource **types = arena_new(r->a, const struct resource *, use->nparams + 256), *one;
	struct problems quiet = { .a = r->a };
	struct condition *c = NULL;
	size_t n = 0, ntypes = 0;
	bool known = true;
	struct val v;

	for (size_t i = 0; i < 255 && (one = nth_type(f, use, i)) != NULL; i++)
		types[ntypes++] = one;
	if (how != NULL && strcmp(how, "json") != 0) {
		n = conditions_typed(r, f, &c);
		v = strcmp(how, "rows") == 0 ? conditions_value(r, f, c, n, &quiet) : val_null();
	} else {
		known = value_of_text(r, text, &v);
		if (how == NULL)
			how = val_is_null(v) && known ? "all" : known && conditions_of(r, v, &c, &n) ? "rows" : "json";
		if (strcmp(how, "json") == 0)
			n = 0;
	}
	if (use->typed && req_form(r, "_refresh") != NULL)
		tell(r, f, &quiet);
	put_str(m, "kind", "predicate");
	put_str(m, "how", how);
	rows_put(r, c, n, m);
	map_set(m, "names", names_of(r, types, ntypes));
	return matches_put(r, f, types, known && !problems_any(&quiet) ? ntypes : 0, v, m);
}
