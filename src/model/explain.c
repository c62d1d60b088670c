/* explain.c: rights told to people; and predicates held against the filters of the lists that they are about. */
#include "config.h"

#include <stdio.h>

#include "db/queries.h"
#include "model/engine.h"
#include "model/explain.h"

enum { G_TYPE, G_ACTIONS, G_CONSTRAINTS, G_ID, G_NAME, G_GROUPS, G_DIRECT };

static bool names(struct val list, const char *word) {
	for (size_t i = 0; list.type == V_LIST && i < list.u.list->n; i++) {
		if (strcmp(val_cstr(list.u.list->v[i], ""), word) == 0)
			return true;
	}
	return false;
}

static struct val source(struct arena *a, const struct result *grants, size_t i) {
	struct map *m = map_new(a, 5);

	map_set(m, "id", result_at(grants, i, G_ID));
	map_set(m, "name", result_at(grants, i, G_NAME));
	map_set(m, "constraints", result_at(grants, i, G_CONSTRAINTS));
	map_set(m, "groups", result_at(grants, i, G_GROUPS));
	map_set(m, "direct", result_at(grants, i, G_DIRECT));
	return val_map(m);
}

static struct val given_by(struct store *s, const struct result *grants, const struct resource *res, const char *action) {
	struct list *out = list_new(s->a, 2);
	char type[128];

	snprintf(type, sizeof(type), "%s.%s", res->app, res->model);
	for (size_t i = 0; i < grants->n; i++) {
		if (strcmp(val_cstr(result_at(grants, i, G_TYPE), ""), type) == 0 && names(result_at(grants, i, G_ACTIONS), action))
			list_push(out, source(s->a, grants, i));
	}
	return val_list(out);
}

static bool one_right(struct store *s, const struct resource *res, const char *action, const struct result *grants, struct list *out,
    struct err *e) {
	static const char *const words[] = { [RIGHT_NONE] = "none", [RIGHT_ALL] = "all", [RIGHT_SOME] = "some" };
	struct query q = { .res = res, .action = action, .form = FORM_ID, .limit = 1, .count = true };
	enum right right = right_to(s, res, action);
	struct map *m = map_new(s->a, 4);
	struct rows rows = { .total = -1 };

	if (right == RIGHT_SOME && !store_list(s, &q, &rows, NULL, e))
		return false;
	map_set(m, "action", val_str(action));
	map_set(m, "right", val_str(words[right]));
	map_set(m, "rows", right == RIGHT_SOME ? val_int(rows.total) : val_null());
	map_set(m, "permissions", given_by(s, grants, res, action));
	list_push(out, val_map(m));
	return true;
}

static bool told(const struct list *l, const char *action) {
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(val_cstr(map_get(l->v[i].u.map, "action"), ""), action) == 0)
			return true;
	}
	return false;
}

static bool of_resource(struct store *s, const struct resource *res, const struct action *actions, const struct result *grants, struct list *out,
    struct err *e) {
	static const char *const verbs[] = { "view", "add", "change", "delete" };
	struct list *rights = list_new(s->a, 8);
	struct map *m = map_new(s->a, 3);

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if ((i == 0 || (res->flags & RF_READONLY) == 0) && !one_right(s, res, verbs[i], grants, rights, e))
			return false;
	}
	for (const struct action *a = actions; a != NULL && a->name != NULL; a++) {
		if (a->res == res && !told(rights, a->verb) && !one_right(s, res, a->verb, grants, rights, e))
			return false;
	}
	map_set(m, "resource", val_str(arena_printf(s->a, "%s.%s", res->app, res->model)));
	map_set(m, "name", val_str(res->plural));
	map_set(m, "rights", val_list(rights));
	list_push(out, val_map(m));
	return true;
}

bool rights_explain(struct store *s, int64_t who, const struct action *actions, const struct resource *only, struct list **out, struct err *e) {
	struct store theirs = *s;
	struct val id = val_int(who);
	struct result grants;
	struct actor actor;

	*out = list_new(s->a, 64);
	if (!actor_load(s->a, s->db, who, &actor, e) || !db_named(s->db, s->a, Q_USER_GRANTS_NAMED, &id, &grants, e))
		return false;
	theirs.actor = &actor;
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		if ((only == NULL || only == all_resources[i]) && !of_resource(&theirs, all_resources[i], actions, &grants, *out, e))
			return false;
	}
	return true;
}

/* ---- predicates ---- */

static void say(const struct resource *res, const char *field, const char *name, const struct problems *bad, struct problems *p) {
	struct val first = bad->fields == NULL || bad->fields->n == 0 ? val_undef() : map_val(bad->fields, 0);

	if (first.type == V_LIST && first.u.list->n > 0)
		first = first.u.list->v[0];
	problem_add(p, field, "%s, of %s: %s", name, res->plural, val_cstr(first, "this value selects nothing that the filter knows"));
}

/* One object of the predicate: each of its entries is a filter of the list, with a value that it takes. */
static bool check_entries(struct store *s, const struct resource *res, const struct map *m, const char *field, struct problems *p, struct err *e) {
	struct model *model = model_of(s, e);

	if (model == NULL)
		return false;
	for (size_t i = 0; i < m->n; i++) {
		const char *name = val_cstr(map_key(m, i), "");
		struct problems bad = { .a = s->a };
		struct where w;
		const char *sql;
		bool unknown = false;

		where_init(&w, s, model, res);
		if (!predicate_entry(&w, map_pair(m, i), &sql, &bad, &unknown, e))
			return false;
		if (unknown)
			problem_add(p, field, "\"%s\" is no filter of the list of %s. Its filters stand on that list's page and in /api/schema/.", name, res->plural);
		else if (*sql == '\0' || problems_any(&bad))
			say(res, field, name, &bad, p);
	}
	return true;
}

bool predicate_check(struct store *s, const struct resource *res, struct val v, const char *field, struct problems *p, struct err *e) {
	if (v.type == V_MAP)
		return check_entries(s, res, v.u.map, field, p, e);
	for (size_t i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		struct val one = v.u.list->v[i];

		if (one.type != V_MAP)
			problem_add(p, field, "A list has objects in it, such as [{\"name\": \"x\"}, {\"name\": \"y\"}]: any of them is enough.");
		else if (!check_entries(s, res, one.u.map, field, p, e))
			return false;
	}
	if (v.type != V_LIST && !val_is_null(v))
		problem_add(p, field, "This is an object of filters with their values, such as {\"tag\": \"core\"}, or a list of such objects.");
	return true;
}

bool predicate_count(struct store *s, const struct resource *res, struct val predicate, int64_t *n, struct err *e) {
	struct map *grant = map_new(s->a, 3);
	struct list *actions = list_new(s->a, 1), *grants = list_new(s->a, 1);
	struct actor somebody = { .user_name = "", .authenticated = true, .permissions = grants };
	struct store theirs = *s;
	struct query q = { .res = res, .form = FORM_ID, .limit = 1, .count = true };
	struct rows rows;

	list_push(actions, val_str("view"));
	map_set(grant, "type", val_printf(s->a, "%s.%s", res->app, res->model));
	map_set(grant, "actions", val_list(actions));
	map_set(grant, "constraints", predicate);
	list_push(grants, val_map(grant));
	theirs.actor = &somebody;
	if (!store_list(&theirs, &q, &rows, NULL, e))
		return false;
	*n = rows.total;
	return true;
}
