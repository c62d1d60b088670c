/* attrs_peeringdb.c: derived attributes of PeeringDB's rows, and of what is given to an object. */
#include "config.h"

#include <ctype.h>

#include "peering/attrs.h"
#include "peering/values.h"

/* Where the documentation of its kind stands, below the static files. */
bool attr_docs_url(struct gobj *o, struct val *out, struct err *e) {
	const char *model = gtables[o->table].model, *dot = strchr(model, '.');

	(void)e;
	*out = val_printf(o->g->a, "/static/docs/models/%.*s/%s/", (int)(dot - model), model, dot + 1);
	return true;
}

bool attr_object(struct gobj *o, struct val *out, struct err *e) {
	struct gobj *to;

	if (!graph_object(o->g, o->v[ASSIGNMENT_KEY].u.i, &to, e))
		return false;
	*out = gobj_val(to);
	return true;
}

/* The prefix of its LAN that an address of a port is in, NULL when there is none. */
static bool prefix_of(struct gobj *o, int column, struct gobj **out, struct err *e) {
	struct addr at = gobj_addr(o, column);
	struct gobj *ixlan;
	struct gset *s;

	*out = NULL;
	if (at.family == 0)
		return true;
	if (!gobj_ref(o, NETIXLAN_IXLAN, &ixlan, e) || ixlan == NULL || !gobj_reverse(ixlan, T_IXLAN_PREFIX, IXLAN_PREFIX_IXLAN, &s, e))
		return ixlan == NULL;
	for (size_t i = 0; i < s->n && *out == NULL; i++) {
		struct addr lan = gobj_addr(s->o[i], IXLAN_PREFIX_PREFIX);

		if (lan.family == at.family && addr_contains(&lan, &at))
			*out = s->o[i];
	}
	return true;
}

/* The address with the length of its LAN; null when either is not known. */
static bool cidr(struct gobj *o, int column, struct val *out, struct err *e) {
	struct addr at = gobj_addr(o, column);
	struct gobj *prefix;

	*out = val_null();
	if (!prefix_of(o, column, &prefix, e))
		return false;
	if (prefix == NULL)
		return true;
	at.plen = gobj_addr(prefix, IXLAN_PREFIX_PREFIX).plen;
	*out = addr_val(o->g->a, at, ADDR_INTERFACE);
	return true;
}

bool attr_netixlan_cidr4(struct gobj *o, struct val *out, struct err *e) {
	return cidr(o, NETIXLAN_IPV4, out, e);
}

bool attr_netixlan_cidr6(struct gobj *o, struct val *out, struct err *e) {
	return cidr(o, NETIXLAN_IPV6, out, e);
}

bool attr_netixlan_cidr(struct gobj *o, struct call *c, struct val *out) {
	int64_t family = c->args[0].type == V_INT ? c->args[0].u.i : 4;

	if ((family != 4 && family != 6) || (c->args[0].type != V_INT && !val_is_null(c->args[0])))
		return err_kind(c->e, ERR_TEMPLATE, "ValueError", "Address family must be 4 or 6");
	if (gobj_addr(o, family == 4 ? NETIXLAN_IPV4 : NETIXLAN_IPV6).family == 0)
		return err_kind(c->e, ERR_TEMPLATE, "ValueError", "IPv%d address is not set", (int)family);
	if (!cidr(o, family == 4 ? NETIXLAN_IPV4 : NETIXLAN_IPV6, out, c->e))
		return false;
	return !val_is_null(*out) || err_kind(c->e, ERR_TEMPLATE, "ValueError", "No CIDR formatted IP address found");
}

/* The prefixes of its LAN that its addresses are in, IPv4 first. */
bool attr_netixlan_prefixes(struct gobj *o, struct call *c, struct val *out) {
	int64_t family = c->args[0].type == V_INT ? c->args[0].u.i : 0;
	struct list *l = list_new(c->a, 2);

	for (int f = 4; f <= 6; f += 2) {
		struct gobj *prefix;
		struct val v;

		if (family == 10 - f)
			continue;
		if (!prefix_of(o, f == 4 ? NETIXLAN_IPV4 : NETIXLAN_IPV6, &prefix, c->e))
			return false;
		if (prefix == NULL)
			continue;
		if (!gobj_attr(prefix, "prefix", 6, &v, c->e))
			return false;
		list_push(l, v);
	}
	*out = val_list(l);
	return true;
}

/* Whether the network meets the exchange in another building than the one that its equipment is in. */
bool attr_netixlan_remote(struct gobj *o, struct val *out, struct err *e) {
	struct val net = o->v[NETIXLAN_NET_SIDE], ix = o->v[NETIXLAN_IX_SIDE];

	(void)e;
	*out = val_bool(net.type == V_INT && ix.type == V_INT && net.u.i != ix.u.i);
	return true;
}

bool attr_pdb_ix_facilities(struct gobj *o, struct val *out, struct err *e) {
	struct gset *s;

	if (!gobj_reverse(o, T_IXFAC, IXFAC_IX, &s, e) || !gset_refs(s, IXFAC_FAC, &s, e))
		return false;
	*out = gset_val(s);
	return true;
}
