/* rules_users.c: predicates must mean something on every list that they are about: a mistake in a permission's would give nobody anything. */
#include "config.h"

#include "model/explain.h"
#include "model/tables/tables.h"
#include "peering/peering.h"
#include "peering/rules.h"

static bool check_predicate(struct store *s, const struct row *before, struct row *after, const char *field, struct problems *p, struct err *e) {
	struct val predicate = row_get(after, field), types = row_get(after, "object_types");

	if (before != NULL && val_equal(row_get(before, field), predicate) && val_equal(row_get(before, "object_types"), types))
		return true;
	for (size_t i = 0; types.type == V_LIST && i < types.u.list->n; i++) {
		const struct resource *res = res_by_model(val_cstr(types.u.list->v[i], ""));

		if (res != NULL && !predicate_check(s, res, predicate, field, p, e))
			return false;
	}
	return true;
}

static bool check_permission(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	return check_predicate(s, before, after, "constraints", p, e);
}

static bool check_saved_filter(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	int user = res_field(after->res, "user");

	if (before == NULL && s->actor != NULL && s->actor->user_id > 0)
		after->v[user] = val_int(s->actor->user_id);
	return check_predicate(s, before, after, "parameters", p, e);
}

const struct behaviour permission_behaviour = { .res = &res_auth_permission, .check = check_permission };
const struct behaviour saved_filter_behaviour = { .res = &res_saved_filter, .check = check_saved_filter };
