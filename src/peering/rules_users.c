/* rules_users.c: a permission's predicate must mean something on every list that it is about: a mistake in it would give nobody anything. */
#include "config.h"

#include "model/explain.h"
#include "model/tables/tables.h"
#include "peering/peering.h"
#include "peering/rules.h"

static bool check_permission(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	struct val predicate = row_get(after, "constraints"), types = row_get(after, "object_types");

	if (before != NULL && val_equal(row_get(before, "constraints"), predicate) && val_equal(row_get(before, "object_types"), types))
		return true;
	for (size_t i = 0; types.type == V_LIST && i < types.u.list->n; i++) {
		const struct resource *res = res_by_model(val_cstr(types.u.list->v[i], ""));

		if (res != NULL && !predicate_check(s, res, predicate, "constraints", p, e))
			return false;
	}
	return true;
}

const struct behaviour permission_behaviour = { .res = &res_auth_permission, .check = check_permission };
