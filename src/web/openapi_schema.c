/* openapi_schema.c: what goes in and out of the API, as JSON Schema 2020-12, from the resources' tables. */
#include "config.h"

#include <stdio.h>

#include "model/types.h"
#include "web/openapi_schema.h"

static struct map *typed(struct arena *a, const char *type) {
	struct map *m = map_new(a, 4);

	if (type != NULL)
		map_set(m, "type", val_str(type));
	return m;
}

static struct val ref_to(struct arena *a, const char *prefix, const char *name) {
	struct map *m = map_new(a, 1);

	map_set(m, "$ref", val_str(arena_printf(a, "#/components/schemas/%s%s", prefix, name)));
	return val_map(m);
}

/* peeringdb's Network is not ours: two resources may have one class name. */
static const char *name_of(struct arena *a, const struct resource *res) {
	if (strcmp(res->app, "peeringdb") == 0 && strncmp(res->class_name, "PeeringDB", 9) != 0)
		return arena_printf(a, "PeeringDB%s", res->class_name);
	return res->class_name;
}

static struct val either(struct arena *a, struct val one, struct val two) {
	struct list *l = list_new(a, 2);
	struct map *m = map_new(a, 1);

	list_push(l, one);
	list_push(l, two);
	map_set(m, "oneOf", val_list(l));
	return val_map(m);
}

static struct val array_of(struct arena *a, struct val items) {
	struct map *m = typed(a, "array");

	map_set(m, "items", items);
	return val_map(m);
}

static struct val choice_values(struct arena *a, const struct field *f) {
	struct list *l = list_new(a, 8);
	struct map *m = typed(a, "string");

	for (const struct choice *c = f->choices; c != NULL && c->value != NULL; c++)
		list_push(l, val_str(c->value));
	if (l->n > 0)
		map_set(m, "enum", val_list(l));
	return val_map(m);
}

static struct val choice_object(struct arena *a, const struct field *f) {
	struct map *m = typed(a, "object"), *p = map_new(a, 2);

	map_set(p, "value", choice_values(a, f));
	map_set(p, "label", val_map(typed(a, "string")));
	map_set(m, "properties", val_map(p));
	return val_map(m);
}

static struct val plain(struct arena *a, const struct field *f) {
	const struct type_info *t = type_info(f->type);
	struct map *m = typed(a, t->openapi);

	if (t->format != NULL)
		map_set(m, "format", val_str(t->format));
	if (t->openapi != NULL && strcmp(t->openapi, "array") == 0)
		map_set(m, "items", val_map(typed(a, f->type == F_ASNS ? "integer" : "string")));
	if (f->type == F_INT || f->type == F_ASN) {
		map_set(m, "minimum", val_int(f->min == 0 && f->max == 0 ? t->min : f->min));
		map_set(m, "maximum", val_int(f->max == 0 ? t->max : f->max));
	} else if (f->max > 0 && ((f->type >= F_TEXT && f->type <= F_COLOR) || f->type == F_SECRET || f->type == F_PASSWORD)) {
		map_set(m, "maxLength", val_int(f->max));
	}
	return val_map(m);
}

enum side { READ, WRITE };

static struct val bare_schema(struct arena *a, const struct field *f, enum side side) {
	struct val id = val_map(typed(a, "integer"));

	switch ((int)f->type) {
	case F_ENUM:
		return side == WRITE || (f->flags & FF_BARE) ? choice_values(a, f) : choice_object(a, f);
	case F_REF:
		if (f->flags & FF_BARE)
			return id;
		return side == READ ? ref_to(a, "Brief", name_of(a, f->ref)) : either(a, id, val_map(typed(a, "object")));
	case F_REFS:
		if (side == WRITE || (f->flags & FF_BARE))
			return array_of(a, id);
		return array_of(a, ref_to(a, "Brief", name_of(a, f->ref)));
	case F_TAGS:
		return array_of(a, side == READ ? ref_to(a, "Brief", "Tag") : either(a, id, val_map(typed(a, "object"))));
	case F_OBJECT:
		return val_map(typed(a, "object"));
	default:
		return plain(a, f);
	}
}

static struct val field_schema(struct arena *a, const struct field *f, enum side side) {
	struct val v = bare_schema(a, f, side);

	if (f->flags & (FF_NULL | FF_OLDNULL))
		v = either(a, v, val_map(typed(a, "null")));
	if (f->help != NULL)
		map_set(v.u.map, "description", val_str(f->help));
	if (f->label != NULL && map_find(v.u.map, val_str("$ref")) == NULL)
		map_set(v.u.map, "title", val_str(f->label));
	return v;
}

static void put_head(struct arena *a, const struct resource *res, struct map *props) {
	const char *s = res->head == NULL ? "id, url, display_url, display" : res->head;

	while (*s != '\0') {
		size_t n = strcspn(s, ", ");
		char *key = arena_strndup(a, s, n);

		if (n > 0 && res_field(res, key) < 0) {
			struct map *m = typed(a, strcmp(key, "id") == 0 ? "integer" : "string");

			map_set(m, "readOnly", val_bool(true));
			map_set(props, key, val_map(m));
		}
		s += n + strspn(s + n, ", ");
	}
}

static bool within(const char *list, const char *name) {
	size_t n = strlen(name);

	for (const char *s = list; s != NULL && (s = strstr(s, name)) != NULL; s += n) {
		if ((s == list || s[-1] == ' ' || s[-1] == ',') && (s[n] == '\0' || s[n] == ','))
			return true;
	}
	return false;
}

static bool fixed(const struct field *f) {
	return (f->flags & FF_READONLY) != 0 || f->type == F_COUNT || f->type == F_OBJECT || f->type >= F_PATH;
}

static struct val read_schema(struct arena *a, const struct resource *res, bool brief) {
	struct map *m = typed(a, "object"), *props = map_new(a, res->nfields + 4);

	put_head(a, res, props);
	for (size_t i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];

		if (((f->flags & FF_NOAPI) && (brief || (f->flags & FF_ASKED) == 0)) || f->type == F_PASSWORD || (brief && res->nested != NULL && !within(res->nested, f->name)))
			continue;
		map_set(props, f->name, field_schema(a, f, READ));
	}
	map_set(m, "properties", val_map(props));
	return val_map(m);
}

static struct val write_schema(struct arena *a, const struct resource *res, bool patch) {
	struct map *m = typed(a, "object"), *props = map_new(a, res->nfields + 1);
	struct list *required = list_new(a, 8);

	if (patch)
		map_set(props, "id", val_map(typed(a, "integer")));
	for (size_t i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];

		if ((f->flags & FF_NOAPI) || fixed(f))
			continue;
		map_set(props, f->name, field_schema(a, f, WRITE));
		if ((f->flags & FF_REQUIRED) && !patch)
			list_push(required, val_str(f->name));
	}
	map_set(m, "properties", val_map(props));
	if (required->n > 0)
		map_set(m, "required", val_list(required));
	return val_map(m);
}

const char *schema_add(struct arena *a, const struct resource *res, struct map *schemas) {
	const char *name = name_of(a, res);

	map_set(schemas, name, read_schema(a, res, false));
	map_set(schemas, arena_printf(a, "Brief%s", name), read_schema(a, res, true));
	if ((res->flags & RF_READONLY) == 0) {
		map_set(schemas, arena_printf(a, "%sRequest", name), write_schema(a, res, false));
		map_set(schemas, arena_printf(a, "Patched%sRequest", name), write_schema(a, res, true));
	}
	return name;
}

struct val schema_page(struct arena *a, struct val item) {
	struct map *m = typed(a, "object"), *props = map_new(a, 4), *link = map_new(a, 2);
	struct list *types = list_new(a, 2);

	list_push(types, val_str("string"));
	list_push(types, val_str("null"));
	map_set(link, "type", val_list(types));
	map_set(props, "count", val_map(typed(a, "integer")));
	map_set(props, "next", val_map(link));
	map_set(props, "previous", val_map(link));
	map_set(props, "results", array_of(a, item));
	map_set(m, "properties", val_map(props));
	return val_map(m);
}

void schema_common(struct arena *a, struct map *schemas) {
	struct map *error = typed(a, "object"), *p = map_new(a, 1), *problems = typed(a, "object"), *id = typed(a, "object"), *q = map_new(a, 1);

	map_set(p, "detail", val_map(typed(a, "string")));
	map_set(error, "properties", val_map(p));
	map_set(schemas, "Error", val_map(error));
	map_set(problems, "additionalProperties", array_of(a, val_map(typed(a, "string"))));
	map_set(schemas, "Problems", val_map(problems));
	map_set(q, "id", val_map(typed(a, "integer")));
	map_set(id, "properties", val_map(q));
	map_set(schemas, "Id", val_map(id));
}

/* ---- filters ---- */

static const struct {
	const char *type;
	const char *suffixes;
} kinds[FILTER__COUNT] = {
	[FILTER_TEXT] = { "string", "n ic nic isw nisw iew niew ie nie empty" }, [FILTER_NUMBER] = { "integer", "n lt lte gt gte empty" },
	[FILTER_TIME] = { "string", "n lt lte gt gte empty" }, [FILTER_BOOL] = { "boolean", "" }, [FILTER_EXACT] = { "string", "" },
	[FILTER_CHOICE] = { "string", "n" }, [FILTER_REF] = { "string", "n" }, [FILTER_NAMES] = { "string", "n" },
	[FILTER_FAMILY] = { "integer", "" }, [FILTER_UUID] = { "string", "" }, [FILTER_REQUEST] = { "string", "" },
	[FILTER_TAG] = { "string", "n" }, [FILTER_OBJTYPE] = { "string", "n" }, [FILTER_OBJTYPE_ID] = { "integer", "n" },
	[FILTER_TAGGED] = { "string", "" }, [FILTER_TAGGED_ID] = { "integer", "" }, [FILTER_BEFORE] = { "string", "" },
	[FILTER_AFTER] = { "string", "" }, [FILTER_POLICY_TYPE] = { "string", "" },
};

static bool there(const struct list *params, const char *name) {
	for (size_t i = 0; i < params->n; i++) {
		if (strcmp(val_cstr(map_get(params->v[i].u.map, "name"), ""), name) == 0)
			return true;
	}
	return false;
}

static void put_one(struct arena *a, struct list *params, const char *name, const char *type) {
	struct map *m = map_new(a, 3);

	if (there(params, name))
		return;
	map_set(m, "name", val_str(name));
	map_set(m, "in", val_str("query"));
	map_set(m, "schema", array_of(a, val_map(typed(a, type))));
	list_push(params, val_map(m));
}

static void put_filter(struct arena *a, struct list *params, const char *name, enum filter_kind kind) {
	put_one(a, params, name, kinds[kind].type);
	for (const char *s = kinds[kind].suffixes; *s != '\0';) {
		size_t n = strcspn(s, " ");

		put_one(a, params, arena_printf(a, "%s__%.*s", name, (int)n, s), n == 5 ? "boolean" : kinds[kind].type);
		s += n + (s[n] == ' ');
	}
}

void schema_query(struct arena *a, const struct resource *res, struct list *params) {
	put_one(a, params, "q", "string");
	put_one(a, params, "filter", "string");
	put_one(a, params, "filter_id", "integer");
	for (size_t i = 0; i < res->nfilters; i++)
		put_filter(a, params, res->filters[i].name, res->filters[i].kind);
	put_filter(a, params, "id", FILTER_NUMBER);
	for (size_t i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];
		int kind = type_info(f->type)->filter;

		if ((f->flags & FF_FILTER) == 0 || kind < 0)
			continue;
		put_filter(a, params, f->type == F_REF || f->type == F_REFS ? arena_printf(a, "%s_id", f->name) : f->name, (enum filter_kind)kind);
		if (f->type == F_OBJTYPE)
			put_filter(a, params, arena_printf(a, "%s_id", f->name), FILTER_OBJTYPE_ID);
	}
}
