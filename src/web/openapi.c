/* openapi.c: paths and operations. The schemas of their bodies are in openapi_schema.c. */
#include "config.h"

#include <ctype.h>

#include "web/openapi.h"
#include "web/openapi_schema.h"
#include "web/private.h"

struct doc {
	struct arena *a;
	struct map *paths, *schemas;
};

static struct map *text_map(struct arena *a, const char *key, const char *value) {
	struct map *m = map_new(a, 2);

	map_set(m, key, val_str(value));
	return m;
}

static struct val ref_to(struct arena *a, const char *schema) {
	return val_map(text_map(a, "$ref", arena_printf(a, "#/components/schemas/%s", schema)));
}

static struct val array_of(struct arena *a, struct val items) {
	struct map *m = text_map(a, "type", "array");

	map_set(m, "items", items);
	return val_map(m);
}

static struct val one_or_list(struct arena *a, const char *schema) {
	struct list *l = list_new(a, 2);
	struct map *m = map_new(a, 1);

	list_push(l, ref_to(a, schema));
	list_push(l, array_of(a, ref_to(a, schema)));
	map_set(m, "oneOf", val_list(l));
	return val_map(m);
}

/* {"content": {"application/json": {"schema": S}}} beside what is in `m` already. */
static void put_content(struct arena *a, struct map *m, struct val schema) {
	struct map *json = map_new(a, 1), *content = map_new(a, 1);

	map_set(json, "schema", schema);
	map_set(content, "application/json", val_map(json));
	map_set(m, "content", val_map(content));
}

static void put_response(struct arena *a, struct map *op, const char *status, const char *text, struct val schema) {
	struct val *responses = map_find(op, val_str("responses"));
	struct map *one = text_map(a, "description", text);

	if (responses == NULL) {
		map_set(op, "responses", val_map(map_new(a, 4)));
		responses = map_find(op, val_str("responses"));
	}
	if (schema.type != V_UNDEF)
		put_content(a, one, schema);
	map_set(responses->u.map, status, val_map(one));
}

static struct val parameter(struct arena *a, const char *name, const char *in, const char *type, const char *text) {
	struct map *m = text_map(a, "name", name);

	map_set(m, "in", val_str(in));
	if (strcmp(in, "path") == 0)
		map_set(m, "required", val_bool(true));
	map_set(m, "schema", val_map(text_map(a, "type", type)));
	if (text != NULL)
		map_set(m, "description", val_str(text));
	return val_map(m);
}

static struct map *path_item(struct doc *d, const char *path) {
	struct val *old = map_find(d->paths, val_str(path));

	if (old != NULL)
		return old->u.map;
	map_set(d->paths, path, val_map(map_new(d->a, 4)));
	return map_find(d->paths, val_str(path))->u.map;
}

/* "/api/peering/bgp-groups/{id}/" and PATCH -> "peering_bgp_groups_partial_update" as its clients know it. */
static const char *operation_id(struct arena *a, const char *path, const char *verb) {
	struct sbuf sb;

	sb_init(&sb, a);
	for (const char *s = path + strlen("/api/"); *s != '\0'; s++) {
		if (*s == '{')
			s += strcspn(s, "}");
		else if (*s != '/' || (s[1] != '\0' && s[1] != '{'))
			sb_chr(&sb, isalnum((unsigned char)*s) ? *s : '_');
	}
	while (sb.len > 0 && sb.s[sb.len - 1] == '_')
		sb.s[--sb.len] = '\0';
	return verb == NULL ? sb.s : arena_printf(a, "%s_%s", sb.len == 0 ? "root" : sb.s, verb);
}

static struct map *operation(struct doc *d, const char *path, enum method m, const char *verb, const char *summary) {
	static const struct { enum method m; const char *key; } keys[] = {
		{ M_GET, "get" }, { M_POST, "post" }, { M_PUT, "put" }, { M_PATCH, "patch" }, { M_DELETE, "delete" },
	};
	struct map *item = path_item(d, path), *op = map_new(d->a, 6);
	struct list *tags = list_new(d->a, 1), *params = list_new(d->a, 4);
	const char *app = path + strlen("/api/");

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (keys[i].m == m)
			map_set(item, keys[i].key, val_map(op));
	}
	map_set(op, "operationId", val_str(operation_id(d->a, path, verb)));
	if (summary != NULL)
		map_set(op, "summary", val_str(summary));
	list_push(tags, val_str(*app == '\0' ? "api" : arena_strndup(d->a, app, strcspn(app, "/"))));
	map_set(op, "tags", val_list(tags));
	if (strstr(path, "{id}") != NULL)
		list_push(params, parameter(d->a, "id", "path", "integer", NULL));
	if (strstr(path, "{slug}") != NULL)
		list_push(params, parameter(d->a, "slug", "path", "string", NULL));
	if (method_writes(m))
		list_push(params, parameter(d->a, "dry_run", "query", "boolean", "Do everything, show what would change, keep nothing"));
	map_set(op, "parameters", val_list(params));
	return op;
}

static void put_body(struct doc *d, struct map *op, struct val schema) {
	struct map *body = map_new(d->a, 2);

	put_content(d->a, body, schema);
	map_set(body, "required", val_bool(true));
	map_set(op, "requestBody", val_map(body));
}

static void put_errors(struct doc *d, struct map *op, bool writes) {
	struct val error = ref_to(d->a, "Error");

	if (writes)
		put_response(d->a, op, "400", "The input is wrong: messages by field", ref_to(d->a, "Problems"));
	put_response(d->a, op, "403", "Nobody is signed in, or they may not", error);
	if (writes)
		put_response(d->a, op, "409", "In use, or changed at the same time", error);
}

static struct list *params_of(struct map *op) {
	return map_find(op, val_str("parameters"))->u.list;
}

static void list_paths(struct doc *d, const struct resource *res, const char *name) {
	static const struct { const char *name, *type, *text; } paging[] = {
		{ "limit", "integer", "Rows a page; 0: as many as there may be" }, { "offset", "integer", NULL },
		{ "cursor", "string", "Page by id: empty to begin, then follow next. No count, nothing skipped or seen twice" },
		{ "ordering", "string", "Fields, separated by commas; - before one turns it round" },
		{ "brief", "boolean", "The short form" }, { "fields", "string", "Only these keys, those too that are not shown unasked; all: every one" }, { "exclude", "string", "Not these keys" },
	};
	const char *path = arena_printf(d->a, "/api/%s/", res->api);
	struct map *op = operation(d, path, M_GET, "list", arena_printf(d->a, "List %s", res->plural));

	for (size_t i = 0; i < ARRAY_LEN(paging); i++)
		list_push(params_of(op), parameter(d->a, paging[i].name, "query", paging[i].type, paging[i].text));
	schema_query(d->a, res, params_of(op));
	put_response(d->a, op, "200", "A page of them", schema_page(d->a, ref_to(d->a, name)));
	put_errors(d, op, false);
	if (res->flags & RF_READONLY)
		return;
	op = operation(d, path, M_POST, "create", arena_printf(d->a, "Create one, or a list of %s", res->plural));
	put_body(d, op, one_or_list(d->a, arena_printf(d->a, "%sRequest", name)));
	put_response(d->a, op, "201", "As they are now", one_or_list(d->a, name));
	put_errors(d, op, true);
	for (int i = 0; i < 2; i++) {
		op = operation(d, path, i == 0 ? M_PUT : M_PATCH, i == 0 ? "bulk_update" : "bulk_partial_update",
		    arena_printf(d->a, "Change several %s, all or none", res->plural));
		put_body(d, op, array_of(d->a, ref_to(d->a, arena_printf(d->a, "Patched%sRequest", name))));
		put_response(d->a, op, "200", "As they are now", array_of(d->a, ref_to(d->a, name)));
		put_errors(d, op, true);
	}
	op = operation(d, path, M_DELETE, "bulk_destroy", arena_printf(d->a, "Delete several %s, all or none", res->plural));
	put_body(d, op, array_of(d->a, ref_to(d->a, "Id")));
	put_response(d->a, op, "204", "They are gone", val_undef());
	put_errors(d, op, true);
}

static void detail_paths(struct doc *d, const struct resource *res, const char *name) {
	const char *path = arena_printf(d->a, "/api/%s/{id}/", res->api);
	struct map *op = operation(d, path, M_GET, "retrieve", arena_printf(d->a, "Read one of the %s", res->plural));

	put_response(d->a, op, "200", "It", ref_to(d->a, name));
	put_errors(d, op, false);
	put_response(d->a, op, "404", "There is none of that id within your rights", ref_to(d->a, "Error"));
	for (int i = 0; i < 2 && (res->flags & RF_READONLY) == 0; i++) {
		op = operation(d, path, i == 0 ? M_PUT : M_PATCH, i == 0 ? "update" : "partial_update", arena_printf(d->a, "Change one of the %s", res->plural));
		list_push(params_of(op), parameter(d->a, "If-Match", "header", "string", "The ETag that was read: 412 when it changed since"));
		put_body(d, op, ref_to(d->a, arena_printf(d->a, "%s%sRequest", i == 0 ? "" : "Patched", name)));
		put_response(d->a, op, "200", "As it is now", ref_to(d->a, name));
		put_errors(d, op, true);
	}
	if (res->flags & RF_READONLY)
		return;
	op = operation(d, path, M_DELETE, "destroy", arena_printf(d->a, "Delete one of the %s", res->plural));
	put_response(d->a, op, "204", "It is gone", val_undef());
	put_errors(d, op, true);
}

/* What the queries of those that are no lists take. */
static const struct { const char *pattern, *name, *type, *text; } queries[] = {
	{ "/api/extras/prefix-list/", "as-set", "string", "AS-SETs and AS numbers, separated by commas" },
	{ "/api/extras/prefix-list/", "af", "string", "4, 6 or both, separated by commas; absent: both" },
	{ "/api/extras/prefix-list/", "skip-cache", "string", "Ask the registries anew, whatever was kept" },
	{ "/api/schema/", "format", "string", "json or yaml; absent: as the Accept header says" },
};

static void own_route(struct doc *d, const struct route *t) {
	static const enum method each[] = { M_GET, M_POST, M_PUT, M_PATCH, M_DELETE };

	for (size_t i = 0; i < ARRAY_LEN(each); i++) {
		struct map *op;

		if ((t->methods & each[i]) == 0)
			continue;
		op = operation(d, t->pattern, each[i], each[i] == M_GET ? "retrieve" : each[i] == M_POST ? "create" : "update", t->label);
		if (t->help != NULL)
			map_set(op, "description", val_str(t->help));
		for (size_t k = 0; k < ARRAY_LEN(queries); k++) {
			if (strcmp(queries[k].pattern, t->pattern) == 0)
				list_push(params_of(op), parameter(d->a, queries[k].name, "query", queries[k].type, queries[k].text));
		}
		put_response(d->a, op, "200", "Done", val_map(map_new(d->a, 0)));
		put_errors(d, op, method_writes(each[i]));
		if (t->flags & ROUTE_PUBLIC)
			map_set(op, "security", val_list(list_new(d->a, 0)));
	}
}

/* 202 with a job where it asks for one; else what its text tells. */
static void of_action(void *arg, const struct action *t, const struct route *route) {
	struct doc *d = arg;
	struct map *op;

	if (strncmp(route->pattern, "/api/", 5) != 0)
		return;
	op = operation(d, route->pattern, route->methods == M_GET ? M_GET : M_POST, route->methods == M_GET ? "retrieve" : "create", t->label);
	if (t->help != NULL)
		map_set(op, "description", val_str(t->help));
	if (route->methods == M_POST && strstr(route->pattern, "{id}") == NULL && (t->flags & ACTION_TYPE) == 0)
		put_body(d, op, array_of(d->a, ref_to(d->a, "Id")));
	put_response(d->a, op, "200", "Done", val_map(map_new(d->a, 0)));
	put_response(d->a, op, "202", "Asked for: the job, or a list of jobs", one_or_list(d->a, "Job"));
	put_errors(d, op, route->methods != M_GET);
}

static struct val security_schemes(struct arena *a) {
	struct map *m = map_new(a, 2), *cookie = text_map(a, "type", "apiKey"), *token = text_map(a, "type", "apiKey");

	map_set(cookie, "in", val_str("cookie"));
	map_set(cookie, "name", val_str("sessionid"));
	map_set(token, "in", val_str("header"));
	map_set(token, "name", val_str("Authorization"));
	map_set(token, "description", val_str("Token-based authentication with required prefix \"Token\""));
	map_set(m, "cookieAuth", val_map(cookie));
	map_set(m, "tokenAuth", val_map(token));
	return val_map(m);
}

static struct val security(struct arena *a) {
	static const char *const names[] = { "cookieAuth", "tokenAuth" };
	struct list *l = list_new(a, 2);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct map *m = map_new(a, 1);

		map_set(m, names[i], val_list(list_new(a, 0)));
		list_push(l, val_map(m));
	}
	return val_list(l);
}

struct val openapi_document(struct arena *a, const struct handler *const *handlers) {
	struct doc d = { .a = a, .paths = map_new(a, 256), .schemas = map_new(a, 256) };
	struct map *doc = map_new(a, 5), *info = text_map(a, "title", "Peerage API"), *components = map_new(a, 2);

	schema_common(a, d.schemas);
	for (const struct handler *const *h = handlers; *h != NULL; h++) {
		for (const struct route *t = (*h)->routes; t != NULL && t->pattern != NULL; t++) {
			if (strncmp(t->pattern, "/api/", 5) == 0)
				own_route(&d, t);
		}
		actions_each(a, *h, NULL, of_action, &d);
		for (const struct resource *const *res = (*h)->resources; *res != NULL; res++) {
			const char *name;

			if ((*res)->flags & RF_NOAPI)
				continue;
			name = schema_add(a, *res, d.schemas);
			list_paths(&d, *res, name);
			detail_paths(&d, *res, name);
		}
	}
	map_set(info, "version", val_str("1.10 (" PACKAGE_VERSION ")"));
	map_set(doc, "openapi", val_str("3.1.0"));
	map_set(doc, "info", val_map(info));
	map_set(doc, "paths", val_map(d.paths));
	map_set(components, "schemas", val_map(d.schemas));
	map_set(components, "securitySchemes", security_schemes(a));
	map_set(doc, "components", val_map(components));
	map_set(doc, "security", security(a));
	return val_map(doc);
}
