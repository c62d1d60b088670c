/* rights.c: who may do what. Default deny: what no grant names is refused. */
#include "config.h"

#include "base/conf.h"
#include "db/queries.h"
#include "model/store.h"

bool actor_load(struct arena *a, struct db *db, struct actor *actor, struct err *e) {
	struct val id = val_int(actor->user_id);
	struct grant *grants;
	struct result r;

	actor->grants = NULL;
	actor->ngrants = 0;
	if (actor->superuser || actor->user_id == 0)
		return true;
	if (!db_named(db, a, Q_USER_GRANTS, &id, &r, e))
		return false;
	grants = arena_new(a, struct grant, r.n);
	for (size_t i = 0; i < r.n; i++) {
		const struct resource *res = res_by_model(val_cstr(result_at(&r, i, 0), ""));
		struct val actions = result_at(&r, i, 1);

		if (res == NULL || actions.type != V_LIST)
			continue;
		grants[actor->ngrants++] = (struct grant){ res, actions.u.list, result_at(&r, i, 2) };
	}
	actor->grants = grants;
	return true;
}

static bool names(const struct list *actions, const char *action) {
	for (size_t i = 0; i < actions->n; i++) {
		if (strcmp(val_cstr(actions->v[i], ""), action) == 0)
			return true;
	}
	return false;
}

bool may(const struct store *s, const struct resource *res, const char *action) {
	const struct actor *actor = s->actor;

	if (actor->superuser)
		return true;
	if (!actor->authenticated)
		return s->conf != NULL && !s->conf->login_required && strcmp(action, "view") == 0;
	for (size_t i = 0; i < actor->ngrants; i++) {
		if (actor->grants[i].res == res && names(actor->grants[i].actions, action))
			return true;
	}
	return false;
}
