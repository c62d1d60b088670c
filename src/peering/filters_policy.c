/* filters_policy.c: filters of routing policies and communities. */
#include "config.h"

#include <stdio.h>

#include "peering/filters.h"

static bool communities(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	struct gset *s = NULL;

	if (o != NULL && !own_communities(o, &s, c->e))
		return false;
	if (s != NULL)
		return filter_field(c, s, val_cstr(filter_arg(c, 0, val_null()), ""), out);
	*out = val_list(list_new(c->a, 0));
	return true;
}

static bool merge_communities(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	struct gset *s = NULL;

	if (o != NULL && !merged_communities(o, &s, c->e))
		return false;
	if (s != NULL)
		return filter_field(c, s, val_cstr(filter_arg(c, 0, val_null()), ""), out);
	*out = val_list(list_new(c->a, 0));
	return true;
}

/* The policies that serve an address family; a negative one: all. */
static struct gset *of_family(struct gset *s, int family) {
	struct gset *r;
	size_t i;

	if (family < 0)
		return s;
	r = gset_new(s->g, T_POLICY, s->n);
	for (i = 0; i < s->n; i++) {
		int64_t f = s->o[i]->v[POLICY_FAMILY].u.i;

		if (f == 0 || f == family)
			gset_push(r, s->o[i]);
	}
	return r;
}

static bool iter_policies(struct call *c, enum direction d, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	struct gset *s;

	if (o == NULL || !gobj_has_policies(o))
		return filter_fail(c, "AttributeError", d == DIR_IMPORT ? "value has no import policies" : "value has no export policies");
	return own_policies(o, d, &s, c->e) &&
	    filter_field(c, of_family(s, filter_int(c, 1, -1)), val_cstr(filter_arg(c, 0, val_null()), ""), out);
}

static bool iter_import_policies(struct call *c, struct val *out) {
	return iter_policies(c, DIR_IMPORT, out);
}

static bool iter_export_policies(struct call *c, struct val *out) {
	return iter_policies(c, DIR_EXPORT, out);
}

static bool merge_policies(struct call *c, enum direction d, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	struct gset *s, *r;
	size_t i;

	if (o == NULL || !gobj_has_policies(o))
		return filter_fail(c, "AttributeError", d == DIR_IMPORT ? "value has no import policies" : "value has no export policies");
	if (!merged_policies(o, d, &s, c->e))
		return false;
	if (strcmp(val_cstr(filter_arg(c, 0, val_null()), ""), "reverse") != 0)
		return filter_give(out, s);
	r = gset_new(s->g, T_POLICY, s->n);
	for (i = s->n; i > 0; i--)
		gset_push(r, s->o[i - 1]);
	return filter_give(out, r);
}

static bool merge_import_policies(struct call *c, struct val *out) {
	return merge_policies(c, DIR_IMPORT, out);
}

static bool merge_export_policies(struct call *c, struct val *out) {
	return merge_policies(c, DIR_EXPORT, out);
}

static bool routing_policies(struct call *c, struct val *out) {
	struct gobj *router = val_gobj(c->args[0], T_ROUTER);
	struct gset *s;

	if (router == NULL)
		return filter_fail(c, "AttributeError", "value is not a router");
	return router_policies(router, &s, c->e) &&
	    filter_field(c, of_family(s, filter_int(c, 1, -1)), val_cstr(filter_arg(c, 0, val_null()), ""), out);
}

const struct tmpl_def filters_policy[] = {
	{ "communities", communities, 0, 1, "field=''", "The communities of an object, or a field of each",
	  "{{ as | communities('value') | join(' ') }}" },
	{ "iter_export_policies", iter_export_policies, 0, 2, "field='', family=-1", "An object's own export policies, or a field of each",
	  "{{ ixp | iter_export_policies('slug') | join(' ') }}" },
	{ "iter_import_policies", iter_import_policies, 0, 2, "field='', family=-1", "An object's own import policies, or a field of each",
	  "{{ ixp | iter_import_policies('slug', family=6) | join(' ') }}" },
	{ "merge_communities", merge_communities, 0, 1, "field=''",
	  "The communities of a session, its autonomous system, its group or exchange and its router", "{% for c in session | merge_communities %}" },
	{ "merge_export_policies", merge_export_policies, 0, 1, "order=''",
	  "The export policies of a session, its autonomous system and its group or exchange; 'reverse' turns them round",
	  "{{ session | merge_export_policies | iterate('slug') | join(' ') }}" },
	{ "merge_import_policies", merge_import_policies, 0, 1, "order=''",
	  "The import policies of a session, its autonomous system and its group or exchange; 'reverse' turns them round",
	  "{{ session | merge_import_policies | iterate('slug') | join(' ') }}" },
	{ "routing_policies", routing_policies, 0, 2, "field='', family=-1", "The policies that a router's sessions use, by name",
	  "{{ router | routing_policies('slug') | join(' ') }}" },
	{ .name = NULL },
};
