/* context.c: config contexts merged into what an object's config_context is. */
#include "config.h"

#include "peering/rules.h"

bool merged_context(struct gobj *o, struct val *out, struct err *e) {
	struct gset *assigned;
	struct val all = val_map(map_new(o->g->a, 0)), local;
	size_t i;

	if (o->context.type != V_UNDEF) {
		*out = o->context;
		return true;
	}
	if (!gobj_assigned(o, T_CONTEXT_ASSIGNMENT, &assigned, e))
		return false;
	for (i = 0; i < assigned->n; i++) {
		struct gobj *context;

		if (!gobj_ref(assigned->o[i], ASSIGNMENT_OTHER, &context, e))
			return false;
		if (context != NULL && context->v[CONTEXT_ACTIVE].type == V_BOOL && context->v[CONTEXT_ACTIVE].u.b)
			all = contexts_merge(o->g->a, o->g->conf, all, context->v[CONTEXT_DATA]);
	}
	if (!gobj_attr(o, "local_context_data", strlen("local_context_data"), &local, e))
		return false;
	if (local.type == V_MAP && local.u.map->n > 0)
		all = contexts_merge(o->g->a, o->g->conf, all, local);
	o->context = all.type == V_MAP && all.u.map->n > 0 ? all : val_null();
	*out = o->context;
	return true;
}
