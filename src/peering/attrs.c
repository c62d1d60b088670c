/* attrs.c: derived attributes and methods of objects, over the rules. Arguments stand in their places (V_UNDEF: not given). */
#include "config.h"

#include <stdio.h>

#include "base/conf.h"
#include "model/model.h"
#include "peering/attrs.h"
#include "peering/rules.h"
#include "peering/values.h"

static bool give(struct val *out, struct gset *s) {
	*out = gset_val(s);
	return true;
}

/* An optional argument that must be an object of one table. */
static bool object_arg(struct call *c, size_t i, enum table_id t, struct gobj **out) {
	*out = val_gobj(c->args[i], t);
	if (*out == NULL && !val_is_null(c->args[i]))
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "the argument must be a %s", gtables[t].class_name);
	return true;
}

/* An AS or a network of PeeringDB. */
static bool peer_arg(struct call *c, size_t i, struct gobj **out) {
	*out = val_gobj(c->args[i], T_AS);
	if (*out == NULL)
		*out = val_gobj(c->args[i], T_NETWORK);
	if (*out == NULL)
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "the argument must be an autonomous system");
	return true;
}

static bool is_true(struct val v) {
	return v.type == V_BOOL ? v.u.b : v.type == V_INT ? v.u.i != 0 : v.type == V_STR && v.len > 0;
}

/* ---- of every object */

bool attr_config_context(struct gobj *o, struct val *out, struct err *e) {
	return merged_context(o, out, e);
}

bool attr_absolute_url(struct gobj *o, struct call *c, struct val *out) {
	const struct resource *r = res_by_model(gtables[o->table].model);

	*out = r == NULL || r->page == NULL ? val_str("") : val_printf(c->a, "/%s/%lld/", r->page, (long long)o->id);
	return true;
}

/* ---- sessions */

bool attr_session_enabled(struct gobj *o, struct val *out, struct err *e) {
	(void)e;
	*out = val_bool(strcmp(val_cstr(o->v[SESSION_STATUS], ""), "enabled") == 0);
	return true;
}

bool attr_exists_in_peeringdb(struct gobj *o, struct val *out, struct err *e) {
	bool there;

	if (!session_in_peeringdb(o, &there, e))
		return false;
	*out = val_bool(there);
	return true;
}

bool attr_is_abandoned(struct gobj *o, struct val *out, struct err *e) {
	bool gone;

	if (!session_abandoned(o, &gone, e))
		return false;
	*out = val_bool(gone);
	return true;
}

static struct gset *reversed(struct gset *s) {
	struct gset *r = gset_new(s->g, s->table, s->n);
	size_t i;

	for (i = s->n; i > 0; i--)
		gset_push(r, s->o[i - 1]);
	return r;
}

static bool merged(struct gobj *o, enum direction d, struct call *c, struct val *out) {
	struct gset *s;

	if (!merged_policies(o, d, &s, c->e))
		return false;
	return give(out, is_true(c->args[0]) ? reversed(s) : s);
}

bool attr_merged_import_policies(struct gobj *o, struct call *c, struct val *out) {
	return merged(o, DIR_IMPORT, c, out);
}

bool attr_merged_export_policies(struct gobj *o, struct call *c, struct val *out) {
	return merged(o, DIR_EXPORT, c, out);
}

bool attr_merged_communities(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return merged_communities(o, &s, c->e) && give(out, s);
}

bool attr_import_policies(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return own_policies(o, DIR_IMPORT, &s, c->e) && give(out, s);
}

bool attr_export_policies(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return own_policies(o, DIR_EXPORT, &s, c->e) && give(out, s);
}

bool attr_policies(struct gobj *o, struct call *c, struct val *out) {
	struct gset *x, *y;

	return own_policies(o, DIR_IMPORT, &x, c->e) && own_policies(o, DIR_EXPORT, &y, c->e) && give(out, gset_union(x, y));
}

/* ---- autonomous systems */

bool attr_as_is_private(struct gobj *o, struct val *out, struct err *e) {
	(void)e;
	*out = val_bool(as_is_private(o));
	return true;
}

bool attr_as_network(struct gobj *o, struct val *out, struct err *e) {
	struct gobj *net;

	if (!network_of(o, &net, e))
		return false;
	*out = gobj_val(net);
	return true;
}

bool attr_as_general_policy(struct gobj *o, struct val *out, struct err *e) {
	struct gobj *net;

	if (!network_of(o, &net, e))
		return false;
	*out = net == NULL ? val_null() : net->v[NETWORK_POLICY];
	return true;
}

bool attr_as_contacts(struct gobj *o, struct val *out, struct err *e) {
	struct gset *s;

	return network_rows(o, T_POC, POC_NET, &s, e) && give(out, s);
}

bool attr_as_can_receive_email(struct gobj *o, struct val *out, struct err *e) {
	struct gset *ours, *theirs;

	if (!gobj_assigned(o, T_CONTACT_ASSIGNMENT, &ours, e) || !network_rows(o, T_POC, POC_NET, &theirs, e))
		return false;
	*out = val_bool(ours->n > 0 || theirs->n > 0);
	return true;
}

bool attr_as_prefixes(struct gobj *o, struct val *out, struct err *e) {
	return as_prefixes(o, out, e);
}

bool attr_as_list(struct gobj *o, struct val *out, struct err *e) {
	return as_members(o, out, e);
}

/* Rows that point here through one column and, when an argument is given, at it through another. */
static bool sessions_with(struct gobj *o, struct call *c, enum table_id t, int to_here, int to_arg, struct val *out) {
	struct gset *s;
	struct gobj *arg = NULL;
	size_t i, n = 0;

	if (!val_is_null(c->args[0]) && !object_arg(c, 0, gtables[t].columns[to_arg].ref, &arg))
		return false;
	if (!gobj_reverse(o, t, to_here, &s, c->e))
		return false;
	for (i = 0; i < s->n; i++) {
		if (arg == NULL || (s->o[i]->v[to_arg].type == V_INT && s->o[i]->v[to_arg].u.i == arg->id))
			s->o[n++] = s->o[i];
	}
	s->n = n;
	return give(out, s);
}

bool attr_as_direct_sessions(struct gobj *o, struct call *c, struct val *out) {
	return sessions_with(o, c, T_DIRECT, SESSION_AS, DIRECT_GROUP, out);
}

bool attr_as_ixp_sessions(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *ixp;

	if (!object_arg(c, 0, T_IXP, &ixp) || !gobj_reverse(o, T_IX, SESSION_AS, &s, c->e))
		return false;
	return (ixp == NULL || sessions_at(s, ixp, &s, c->e)) && give(out, s);
}

bool attr_as_relationships(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *local;

	return object_arg(c, 0, T_AS, &local) && as_relationships(o, local, &s, c->e) && give(out, s);
}

bool attr_as_ixps(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *other;

	return object_arg(c, 0, T_AS, &other) && as_ixps(o, other, &s, c->e) && give(out, s);
}

bool attr_as_shared_ixps(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *other;

	return peer_arg(c, 0, &other) && shared_ixps(o, other, &s, c->e) && give(out, s);
}

bool attr_as_shared_facilities(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *other;

	return peer_arg(c, 0, &other) && shared_facilities(o, other, &s, c->e) && give(out, s);
}

bool attr_as_missing_sessions(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	struct gobj *other, *ixp;

	return peer_arg(c, 0, &other) && object_arg(c, 1, T_IXP, &ixp) && missing_sessions(o, other, ixp, &s, c->e) && give(out, s);
}

bool attr_as_routers(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;

	return as_routers(o, &s, c->e) && give(out, s);
}

bool attr_as_pollable(struct gobj *o, struct call *c, struct val *out) {
	struct gset *s;
	size_t i;
	bool any = false;

	if (!as_routers(o, &s, c->e))
		return false;
	for (i = 0; i < s->n; i++)
		any |= is_true(s->o[i]->v[ROUTER_POLL]);
	*out = val_bool(any);
	return true;
}

bool attr_as_divergence(struct gobj *o, struct call *c, struct val *out) {
	static const struct { const char *label, *ours, *theirs; int here, there; } fields[] = {
		{ "Name", "name", "name", AS_NAME, NETWORK_NAME },
		{ "IRR AS-SET", "irr_as_set", "irr_as_set", AS_IRR, NETWORK_IRR },
		{ "IPv6 Max Prefix", "ipv6_max_prefixes", "info_prefixes6", AS_MAX6, NETWORK_MAX6 },
		{ "IPv4 Max Prefix", "ipv4_max_prefixes", "info_prefixes4", AS_MAX4, NETWORK_MAX4 },
	};
	struct list *l = list_new(c->a, ARRAY_LEN(fields));
	struct gobj *net;
	size_t i;

	if (!network_of(o, &net, c->e))
		return false;
	for (i = 0; net != NULL && i < ARRAY_LEN(fields); i++) {
		struct map *m = map_new(c->a, 5);

		if (val_equal(o->v[fields[i].here], net->v[fields[i].there]))
			continue;
		map_set(m, "label", val_str(fields[i].label));
		map_set(m, "local_key", val_str(fields[i].ours));
		map_set(m, "peeringdb_key", val_str(fields[i].theirs));
		map_set(m, "local_value", o->v[fields[i].here]);
		map_set(m, "peeringdb_value", net->v[fields[i].there]);
		list_push(l, val_map(m));
	}
	*out = val_list(l);
	return true;
}

bool attr_as_irr_prefixes(struct gobj *o, struct call *c, struct val *out) {
	return as_prefix_list(o, c->args[0].type == V_INT ? (int)c->args[0].u.i : 0, out, c->e);
}

bool attr_as_irr_as_list(struct gobj *o, struct call *c, struct val *out) {
	return as_members(o, out, c->e);
}

/* Add (address, "name - address") unless the address is there. */
static void add_address(struct arena *a, struct list *l, struct val name, struct val email) {
	struct list *pair = list_new(a, 2);
	size_t i;

	if (email.type != V_STR || email.len == 0)
		return;
	for (i = 0; i < l->n; i++) {
		if (val_equal(l->v[i].u.list->v[0], email))
			return;
	}
	list_push(pair, email);
	list_push(pair, name.type == V_STR && name.len > 0 ? val_printf(a, "%s - %s", name.u.s, email.u.s) : email);
	list_push(l, (struct val){ .type = V_LIST, .flags = VF_TUPLE, .u.list = pair });
}

bool attr_as_email_addresses(struct gobj *o, struct call *c, struct val *out) {
	struct list *l = list_new(c->a, 4);
	struct gset *ours, *theirs;
	size_t i;

	if (!gobj_assigned(o, T_CONTACT_ASSIGNMENT, &ours, c->e) || !network_rows(o, T_POC, POC_NET, &theirs, c->e))
		return false;
	for (i = 0; i < ours->n; i++) {
		struct gobj *contact;

		if (!gobj_ref(ours->o[i], ASSIGNMENT_OTHER, &contact, c->e))
			return false;
		if (contact != NULL)
			add_address(c->a, l, contact->v[CONTACT_NAME], contact->v[CONTACT_EMAIL]);
	}
	for (i = 0; i < theirs->n; i++)
		add_address(c->a, l, theirs->o[i]->v[POC_NAME], theirs->o[i]->v[POC_EMAIL]);
	*out = val_list(l);
	return true;
}

/* The addresses that every mail is copied to, as pairs like those above. */
bool attr_as_cc_contacts(struct gobj *o, struct call *c, struct val *out) {
	const char *p = o->g->conf == NULL ? "" : o->g->conf->email_cc;
	struct list *l = list_new(c->a, 2);

	while (*p != '\0') {
		size_t skip = strspn(p, ", "), n = strcspn(p + skip, ", ");

		if (n > 0)
			add_address(c->a, l, val_null(), val_str(arena_strndup(c->a, p + skip, n)));
		p += skip + n;
	}
	*out = val_list(l);
	return true;
}
