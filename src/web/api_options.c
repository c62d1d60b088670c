/* api_options.c: OPTIONS: what an address takes, from the resource's table, with the actions that the caller may do. */
#include "config.h"

#include <ctype.h>

#include "model/types.h"
#include "web/private.h"

/* local_ip_address -> Local ip address */
static const char *label_of(struct arena *a, const struct field *f) {
	char *s;

	if (f->label != NULL)
		return f->label;
	s = arena_strdup(a, f->name);
	s[0] = (char)toupper((unsigned char)s[0]);
	for (char *p = s; *p != '\0'; p++) {
		if (*p == '_')
			*p = ' ';
	}
	return s;
}

static struct map *meta(struct arena *a, const char *type, bool required, bool read_only, const char *label) {
	struct map *m = map_new(a, 8);

	map_set(m, "type", val_str(type));
	map_set(m, "required", val_bool(required));
	map_set(m, "read_only", val_bool(read_only));
	if (label != NULL)
		map_set(m, "label", val_str(label));
	return m;
}

/* An address family's choices are numbers. */
static struct val choice_value(const struct choice *c) {
	const char *s = c->value;

	return *s >= '0' && *s <= '9' && s[1] == '\0' ? val_int(*s - '0') : val_str(s);
}

static void put_choices(struct arena *a, struct map *m, const struct field *f) {
	struct list *l = list_new(a, 8);

	for (const struct choice *c = f->choices; c->value != NULL; c++) {
		struct map *one = map_new(a, 2);

		map_set(one, "value", choice_value(c));
		map_set(one, "display_name", val_str(c->label));
		list_push(l, val_map(one));
	}
	map_set(m, "choices", val_list(l));
}

static const struct field *field_of(const struct resource *res, const char *name, size_t n) {
	for (size_t i = 0; i < res->nfields; i++) {
		if (strncmp(res->fields[i].name, name, n) == 0 && res->fields[i].name[n] == '\0')
			return &res->fields[i];
	}
	return NULL;
}

static struct val field_meta(struct arena *a, const struct field *f, bool nest);

/* The keys before the fields: the same words for every resource. */
static void put_key(struct arena *a, struct map *m, const struct resource *res, const char *key, size_t n) {
	const struct field *f = field_of(res, key, n);
	char *name = arena_strndup(a, key, n);

	if (n == 2 && memcmp(key, "id", 2) == 0) {
		map_set(m, "id", val_map(meta(a, "integer", false, true, "ID")));
	} else if (f != NULL) {
		map_set(m, name, field_meta(a, f, false));
	} else {
		char *label = arena_strdup(a, name);

		label[0] = (char)toupper((unsigned char)label[0]);
		for (char *p = label; *p != '\0'; p++)
			*p = *p == '_' ? ' ' : *p;
		map_set(m, name, val_map(meta(a, "field", false, true, label)));
	}
}

static void put_keys(struct arena *a, struct map *m, const struct resource *res, const char *keys) {
	while (keys != NULL && *keys != '\0') {
		size_t n = strcspn(keys, ", ");

		if (n > 0)
			put_key(a, m, res, keys, n);
		keys += n;
		keys += strspn(keys, ", ");
	}
}

static const char *head_of(const struct resource *res) {
	return res->head == NULL ? "id, url, display_url, display" : res->head;
}

static struct val children(struct arena *a, const struct resource *res) {
	struct map *m = map_new(a, 8);

	put_keys(a, m, res, head_of(res));
	put_keys(a, m, res, res->nested);
	return val_map(m);
}

static void put_limits(struct map *m, const struct field *f) {
	const struct type_info *t = type_info(f->type);
	bool whole = f->min == 0 && f->max == 0;

	if (f->type == F_INT || f->type == F_ASN) {
		map_set(m, "min_value", val_int(whole ? t->min : f->min));
		map_set(m, "max_value", val_int(whole ? t->max : f->max));
	} else if (f->max > 0 && ((f->type >= F_TEXT && f->type <= F_COLOR) || f->type == F_SECRET || f->type == F_PASSWORD)) {
		map_set(m, "max_length", val_int(f->max));
	}
}

static struct val field_meta(struct arena *a, const struct field *f, bool nest) {
	bool fixed = (f->flags & FF_READONLY) != 0 || f->type == F_COUNT || f->type >= F_PATH;
	const char *type = type_info(f->type)->options;
	struct map *m;

	if (f->type == F_ENUM && (f->flags & FF_BARE))
		type = "choice";
	if (f->type == F_TAGS)
		type = "field";
	if (f->type == F_URL)
		type = "string";
	if (f->type == F_REF && ((f->flags & FF_BARE) || !nest))
		type = "field";
	m = meta(a, type, !fixed && (f->flags & FF_REQUIRED), fixed, label_of(a, f));
	if (f->help != NULL)
		map_set(m, "help_text", val_str(f->help));
	if (!fixed)
		put_limits(m, f);
	if (f->type == F_ENUM && f->choices != NULL && !fixed)
		put_choices(a, m, f);
	if (f->type == F_REF && nest && (f->flags & FF_BARE) == 0)
		map_set(m, "children", children(a, f->ref));
	if (f->type == F_TAGS && nest && res_by_api("extras/tags") != NULL) {
		struct map *child = meta(a, "nested object", false, false, NULL);

		map_set(child, "children", children(a, res_by_api("extras/tags")));
		map_set(m, "child", val_map(child));
	}
	if (f->type == F_ASNS)
		map_set(m, "child", val_map(meta(a, "integer", false, fixed, NULL)));
	return val_map(m);
}

static struct val action_meta(struct arena *a, const struct resource *res) {
	struct map *m = map_new(a, res->nfields + 4);

	put_keys(a, m, res, head_of(res));
	for (size_t i = 0; i < res->nfields; i++) {
		if ((res->fields[i].flags & FF_NOAPI) == 0)
			map_set(m, res->fields[i].name, field_meta(a, &res->fields[i], true));
	}
	return val_map(m);
}

/* "BGP group" -> "BGP Group" */
static const char *title_of(struct arena *a, const struct resource *res) {
	char *s;

	if (res->title != NULL)
		return res->title;
	s = arena_strdup(a, res->name);
	for (char *p = s; *p != '\0'; p++) {
		if (p == s || p[-1] == ' ')
			*p = (char)toupper((unsigned char)*p);
	}
	return s;
}

static struct list *texts(struct arena *a, const char *const *t) {
	struct list *l = list_new(a, 4);

	for (; *t != NULL; t++)
		list_push(l, val_str(*t));
	return l;
}

bool api_options(struct req *r) {
	static const char *const renders[] = { "application/json", "text/csv", NULL };
	static const char *const parses[] = { "application/json", "application/x-www-form-urlencoded", "multipart/form-data", NULL };
	bool standard = r->route != NULL && r->route->fn == api_options && r->res != NULL;
	struct map *m = map_new(r->a, 6), *actions = map_new(r->a, 2);
	struct row *row;

	if (standard && (r->allow & M_POST) == 0 && r->id != 0 && !store_get(&r->store, r->res, r->id, "view", &row, &r->err))
		return api_fail_missing(r);
	map_set(m, "name", val_str(r->res != NULL ? title_of(r->a, r->res) : "Peerage"));
	map_set(m, "description", val_str(r->route != NULL && !standard && r->route->help != NULL ? r->route->help : ""));
	map_set(m, "renders", val_list(texts(r->a, renders)));
	map_set(m, "parses", val_list(texts(r->a, parses)));
	if (standard && (r->allow & M_PUT) && may(&r->store, r->res, "change"))
		map_set(actions, "PUT", action_meta(r->a, r->res));
	if (standard && (r->allow & M_POST) && may(&r->store, r->res, "add"))
		map_set(actions, "POST", action_meta(r->a, r->res));
	if (actions->n > 0)
		map_set(m, "actions", val_map(actions));
	return req_json(r, val_map(m));
}
