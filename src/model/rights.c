/* rights.c: who may do what. Default deny; a grant may end at a predicate in the language of list filters. */
#include "config.h"

#include <stdio.h>

#include "base/conf.h"
#include "db/queries.h"
#include "model/engine.h"

/* A grant is a map: type "app.model", actions list, constraints (null: all objects). */
static bool grants(const struct val grant, const char *type, const char *action) {
	struct val v = map_get(grant.u.map, "type"), actions = map_get(grant.u.map, "actions");
	size_t i;

	if (v.type != V_STR || strcmp(v.u.s, type) != 0 || actions.type != V_LIST)
		return false;
	for (i = 0; i < actions.u.list->n; i++) {
		if (strcmp(val_cstr(actions.u.list->v[i], ""), action) == 0)
			return true;
	}
	return false;
}

const struct list *actor_permissions(struct arena *a, const struct result *r) {
	struct list *l = list_new(a, r->n);
	size_t i;

	for (i = 0; i < r->n; i++) {
		struct map *m = map_new(a, 3);

		map_set(m, "type", result_at(r, i, 0));
		map_set(m, "actions", result_at(r, i, 1));
		map_set(m, "constraints", result_at(r, i, 2));
		list_push(l, val_map(m));
	}
	return l;
}

bool actor_load(struct arena *a, struct db *db, int64_t user_id, struct actor *out, struct err *e) {
	const struct val id = val_int(user_id);
	struct db_call calls[2] = { { .sql = named_queries[Q_USER_BY_ID].sql, .params = &id, .nparams = 1 },
		{ .sql = named_queries[Q_USER_GRANTS].sql, .params = &id, .nparams = 1 } };
	const struct result *user = &calls[0].result;

	*out = (struct actor){ .user_name = "", .permissions = list_new(a, 0) };
	if (user_id == 0)
		return true;
	if (!db_batch(db, a, calls, 2, e))
		return false;
	if (user->n == 0 || !result_at(user, 0, 2).u.b)
		return err_set(e, ERR_UNAUTHENTICATED, NULL, "User inactive");
	*out = (struct actor){ .user_id = user_id, .user_name = result_at(user, 0, 1).u.s, .authenticated = true,
		.staff = result_at(user, 0, 3).u.b, .superuser = result_at(user, 0, 4).u.b, .permissions = actor_permissions(a, &calls[1].result) };
	return true;
}

static bool unconstrained(struct val c) {
	return val_is_null(c) || (c.type == V_MAP && c.u.map->n == 0);
}

/* Nobody is signed in: reading, where settings allow it, of what is not about users. */
static bool anonymous_may(const struct store *s, const struct resource *res, const char *action) {
	return s->conf != NULL && !s->conf->login_required && strcmp(action, "view") == 0 && strcmp(res->app, "users") != 0 &&
	    strcmp(res->app, "auth") != 0;
}

/* What permissions give, whoever owns it. */
static enum right granted(const struct store *s, const struct resource *res, const char *action) {
	enum right right = RIGHT_NONE;
	char type[128];
	size_t i;

	if (!s->actor->authenticated)
		return anonymous_may(s, res, action) ? RIGHT_ALL : RIGHT_NONE;
	snprintf(type, sizeof(type), "%s.%s", res->app, res->model);
	for (i = 0; s->actor->permissions != NULL && i < s->actor->permissions->n; i++) {
		struct val g = s->actor->permissions->v[i];

		if (!grants(g, type, action))
			continue;
		if (unconstrained(map_get(g.u.map, "constraints")))
			return RIGHT_ALL;
		right = RIGHT_SOME;
	}
	return right;
}

enum right right_to(const struct store *s, const struct resource *res, const char *action) {
	enum right right;

	if (s->actor == NULL || s->actor->superuser)
		return RIGHT_ALL;
	right = granted(s, res, action);
	return res->owner != NULL && (right == RIGHT_ALL || s->actor->authenticated) ? RIGHT_SOME : right;
}

bool may(const struct store *s, const struct resource *res, const char *action) {
	return right_to(s, res, action) != RIGHT_NONE;
}

bool may_by_permission(const struct store *s, const struct resource *res, const char *action) {
	return s->actor == NULL || s->actor->superuser || granted(s, res, action) != RIGHT_NONE;
}

static void add_param(struct arena *a, struct param *params, size_t *n, const char *name, struct val v) {
	struct sbuf b;

	sb_init(&b, a);
	if (v.type == V_NULL)
		sb_str(&b, "null");
	else if (v.type == V_BOOL)
		sb_str(&b, v.u.b ? "true" : "false");
	else
		value_text(&b, v);
	params[(*n)++] = (struct param){ .name = name, .value = b.s };
}

/* The parameters that one entry of a constraint stands for; a value that is a list repeats the parameter. */
static struct param *entry_params(struct arena *a, struct map_entry entry, size_t *n) {
	const struct list *l = entry.val.type == V_LIST ? entry.val.u.list : NULL;
	struct param *params = arena_new(a, struct param, l == NULL ? 1 : l->n);
	size_t i;

	*n = 0;
	for (i = 0; l != NULL && i < l->n; i++)
		add_param(a, params, n, val_cstr(entry.key, ""), l->v[i]);
	if (l == NULL)
		add_param(a, params, n, val_cstr(entry.key, ""), entry.val);
	return params;
}

bool predicate_entry(struct where *w, struct map_entry entry, const char **sql, struct problems *bad, bool *unknown, struct err *e) {
	struct sbuf outer = w->sql;
	struct param *params;
	size_t n;
	bool ok, nested = w->nested;

	params = entry_params(w->store->a, entry, &n);
	sb_init(&w->sql, w->store->a);
	w->nested = true;
	ok = filter_apply(w, params, n, bad, unknown, e);
	w->nested = nested;
	*sql = w->sql.len == 0 ? "" : w->sql.s;
	w->sql = outer;
	return ok;
}

/* What names no filter, a value that the filter cannot take, or one that it would ignore matches nothing: rights never grow by a mistake. */
static bool entry_where(struct where *w, struct map_entry entry, struct err *e) {
	struct problems bad = { .a = w->store->a };
	const char *sql;
	bool unknown = false;

	if (!predicate_entry(w, entry, &sql, &bad, &unknown, e))
		return false;
	where_and(w);
	sb_str(&w->sql, *sql == '\0' || unknown || problems_any(&bad) ? "FALSE" : sql);
	return true;
}

bool predicate_where(struct where *w, const struct map *m, struct err *e) {
	struct sbuf outer = w->sql;
	const char *inner;
	size_t i;
	bool ok = true;

	sb_init(&w->sql, w->store->a);
	for (i = 0; ok && i < m->n; i++)
		ok = entry_where(w, map_pair(m, i), e);
	inner = w->sql.len == 0 ? "TRUE" : w->sql.s;
	w->sql = outer;
	sb_fmt(&w->sql, "(%s)", inner);
	return ok;
}

static bool one_constraint(struct where *w, struct val c, bool *first, struct err *e) {
	if (c.type != V_MAP)
		return true;
	if (!*first)
		sb_str(&w->sql, " OR ");
	*first = false;
	return predicate_where(w, c.u.map, e);
}

/* The predicates of the actor's permissions, any of which is enough. */
static bool granted_where(struct where *w, const char *action, struct err *e) {
	const struct actor *actor = w->store->actor;
	enum right right = granted(w->store, w->res, action);
	char type[128];
	bool first = true;
	size_t i, k;

	if (right != RIGHT_SOME) {
		sb_str(&w->sql, right == RIGHT_ALL ? "TRUE" : "FALSE");
		return true;
	}
	sb_chr(&w->sql, '(');
	snprintf(type, sizeof(type), "%s.%s", w->res->app, w->res->model);
	for (i = 0; i < actor->permissions->n; i++) {
		struct val g = actor->permissions->v[i], c;

		if (!grants(g, type, action))
			continue;
		c = map_get(g.u.map, "constraints");
		if (c.type == V_MAP && !one_constraint(w, c, &first, e))
			return false;
		for (k = 0; c.type == V_LIST && k < c.u.list->n; k++) {
			if (!one_constraint(w, c.u.list->v[k], &first, e))
				return false;
		}
	}
	sb_str(&w->sql, first ? "FALSE)" : ")");
	return true;
}

bool right_where(struct where *w, const char *action, struct err *e) {
	const char *owner = w->res->owner, *me;

	if (right_to(w->store, w->res, action) == RIGHT_ALL)
		return true;
	where_and(w);
	if (owner == NULL)
		return granted_where(w, action, e);
	me = where_param(w, val_int(w->store->actor->user_id));
	if (strcmp(action, "view") == 0) {
		sb_fmt(&w->sql, "(t0.shared OR t0.%s_id = %s)", owner, me);
		return true;
	}
	sb_fmt(&w->sql, "((t0.%s_id = %s AND NOT t0.shared) OR ((t0.shared OR t0.%s_id = %s) AND ", owner, me, owner, me);
	if (!granted_where(w, action, e))
		return false;
	sb_str(&w->sql, "))");
	return true;
}
