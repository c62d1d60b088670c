/* page_rights.c: what somebody can see and do, and through which permission: a tab of the user, everybody's own page, the API. */
#include "config.h"

#include "base/json.h"
#include "model/explain.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

/* ?resource=app.model narrows it. */
static bool explain(struct req *r, int64_t who, struct list **out) {
	const char *name = req_param(r, "resource");
	const struct resource *only = name == NULL || *name == '\0' ? NULL : res_by_model(name);

	if (name != NULL && *name != '\0' && only == NULL)
		return req_fail(r, ERR_INVALID, "There is no resource \"%.100s\"; they are written as \"devices.router\".", name);
	return rights_explain(&r->store, who, r->handler->actions, only, out, &r->err);
}

/* Whose rights they are: one that the asker may see, by who may see permissions too. */
static bool of_user(struct req *r, struct row **user) {
	if (!may(&r->store, &res_auth_permission, "view"))
		return req_fail(r, ERR_DENIED, "You do not have permission to see permissions.");
	return store_get(&r->store, &res_auth_user, r->id, "view", user, &r->err);
}

bool rights_shown(struct req *r, const struct row *user) {
	struct val active = row_get(user, "is_active");

	return may(&r->store, &res_auth_permission, "view") && active.type == V_BOOL && active.u.b;
}

bool api_rights(struct req *r) {
	struct row *user;
	struct list *out;

	return of_user(r, &user) && explain(r, user->id, &out) && req_json(r, val_list(out));
}

bool api_rights_own(struct req *r) {
	struct list *out;

	return explain(r, r->actor.user_id, &out) && req_json(r, val_list(out));
}

static bool given(const struct list *rights) {
	for (size_t i = 0; i < rights->n; i++) {
		if (strcmp(val_cstr(map_get(rights->v[i].u.map, "right"), ""), "none") != 0)
			return true;
	}
	return false;
}

static bool named(const struct list *l, struct val id) {
	for (size_t i = 0; i < l->n; i++) {
		if (val_equal(map_get(l->v[i].u.map, "id"), id))
			return true;
	}
	return false;
}

/* The permissions behind any of the rights, each once, with a link and the predicate as text. */
static struct val sources(struct req *r, const struct list *rights) {
	bool linked = may(&r->store, &res_auth_permission, "view");
	struct list *out = list_new(r->a, 4);

	for (size_t i = 0; i < rights->n; i++) {
		const struct list *by = map_get(rights->v[i].u.map, "permissions").u.list;

		for (size_t k = 0; k < by->n; k++) {
			struct map *m = by->v[k].u.map;
			struct val where = map_get(m, "constraints"), id = map_get(m, "id");
			struct sbuf b;

			if (named(out, id))
				continue;
			sb_init(&b, r->a);
			if (where.type == V_MAP || where.type == V_LIST)
				json_write(&b, where);
			put_str(m, "where", b.s == NULL ? "" : b.s);
			put_str(m, "href", linked ? page_href(r, "/%s/%lld/", res_auth_permission.page, (long long)id.u.i) : NULL);
			list_push(out, val_map(m));
		}
	}
	return val_list(out);
}

static void rights_put(struct req *r, const struct list *all, struct map *ctx) {
	struct list *some = list_new(r->a, all->n), *none = list_new(r->a, all->n);

	for (size_t i = 0; i < all->n; i++) {
		struct map *m = all->v[i].u.map;
		const struct list *rights = map_get(m, "rights").u.list;
		const struct resource *res = res_by_model(val_cstr(map_get(m, "resource"), ""));

		put_str(m, "title", res_titles(r->a, res));
		map_set(m, "sources", sources(r, rights));
		list_push(given(rights) ? some : none, all->v[i]);
	}
	map_set(ctx, "resources", val_list(some));
	map_set(ctx, "nothing", val_list(none));
}

bool page_rights(struct req *r) {
	struct list *all;
	struct map *ctx;
	struct row *user;
	struct val super;

	if (!of_user(r, &user))
		return false;
	if (!explain(r, user->id, &all))
		return r->err.code == ERR_UNAUTHENTICATED ? req_fail(r, ERR_CONFLICT, "This user is not active: nothing can be seen or done.") : false;
	if ((ctx = detail_new(r, user, "rights")) == NULL)
		return false;
	super = row_get(user, "is_superuser");
	put_bool(ctx, "superuser", super.type == V_BOOL && super.u.b);
	rights_put(r, all, ctx);
	return page_render(r, "user/rights.html", ctx);
}

bool page_rights_own(struct req *r) {
	struct map *ctx = user_new(r, "Rights", "rights");
	struct list *all;

	if (!explain(r, r->actor.user_id, &all))
		return false;
	put_bool(ctx, "superuser", r->actor.superuser);
	rights_put(r, all, ctx);
	return page_render(r, "user/rights_own.html", ctx);
}
