/* actions_flows.c: from what PeeringDB has of us to exchanges and connections of the book. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

enum { P_ID, P_ASN, P_AS, P_LAN, P_NAME, P_EXCHANGE, P_IPV6, P_IPV4, P_SPEED, P_OPERATIONAL, P_SLUG, P_TAKEN };

struct importing {
	struct action_call *c;
	const struct result *q;
	struct map *made;               /* "LAN AS" -> exchange made in this call */
	int64_t exchanges, connections;
};

static bool exchange_add(struct importing *m, size_t i, int64_t *id, struct err *e) {
	struct arena *a = m->c->s->a;
	struct map *input = map_new(a, 5);
	const char *name = val_cstr(result_at(m->q, i, P_NAME), ""), *slug = val_cstr(result_at(m->q, i, P_SLUG), "");
	long long asn = result_at(m->q, i, P_ASN).u.i;
	struct row *row;

	/* an exchange where two of our autonomous systems are is two in the book, and names are unique */
	if (result_at(m->q, i, P_TAKEN).u.b || map_get(m->made, name).type != V_UNDEF) {
		name = arena_printf(a, "%s AS%lld", name, asn);
		slug = arena_printf(a, "%s-as%lld", slug, asn);
	}
	map_set(m->made, val_cstr(result_at(m->q, i, P_NAME), ""), val_bool(true));
	map_set(input, "name", val_str(name));
	map_set(input, "slug", val_str(slug));
	map_set(input, "local_autonomous_system", result_at(m->q, i, P_AS));
	map_set(input, "peeringdb_ixlan", result_at(m->q, i, P_LAN));
	if (!store_create(m->c->s, &res_internet_exchange, input, &row, &m->c->problems, e))
		return false;
	m->exchanges++;
	*id = row->id;
	return true;
}

/* The exchange of the book, or the one that this call has made, or a new one. */
static bool exchange_of(struct importing *m, size_t i, int64_t *id, struct err *e) {
	const char *key = arena_printf(m->c->s->a, "%lld %lld", (long long)result_at(m->q, i, P_LAN).u.i, (long long)result_at(m->q, i, P_AS).u.i);
	struct val known = result_at(m->q, i, P_EXCHANGE), made = map_get(m->made, key);

	*id = known.type == V_INT ? known.u.i : made.type == V_INT ? made.u.i : 0;
	if (*id != 0)
		return true;
	if (!exchange_add(m, i, id, e))
		return false;
	map_set(m->made, key, val_int(*id));
	return true;
}

static bool connection_add(struct importing *m, size_t i, int64_t exchange, struct err *e) {
	struct map *input = map_new(m->c->s->a, 6);
	struct row *row;

	map_set(input, "internet_exchange_point", val_int(exchange));
	map_set(input, "router", val_null());
	map_set(input, "ipv6_address", result_at(m->q, i, P_IPV6));
	map_set(input, "ipv4_address", result_at(m->q, i, P_IPV4));
	map_set(input, "peeringdb_netixlan", result_at(m->q, i, P_ID));
	if (!store_create(m->c->s, &res_connection, input, &row, &m->c->problems, e))
		return false;
	m->connections++;
	return true;
}

/* Input: {"ports": [ids of PeeringDB's network-ixlans]}; without it all that the book lacks. */
bool act_import_exchanges(struct action_call *c, struct err *e) {
	struct importing m = { .c = c, .made = map_new(c->s->a, 8) };
	struct val ports = map_get(c->input, "ports");
	struct map *out = map_new(c->s->a, 2);
	struct result q;

	if (ports.type != V_UNDEF && ports.type != V_LIST) {
		problem_add(&c->problems, "ports", "A list of ids of ports in PeeringDB is wanted.");
		return err_set(e, ERR_INVALID, "ports", "a list of ids of ports in PeeringDB is wanted");
	}
	for (size_t i = 0; ports.type == V_LIST && i < ports.u.list->n; i++) {
		if (ports.u.list->v[i].type != V_INT)
			return err_set(e, ERR_INVALID, "ports", "entry %zu of \"ports\" is no number", i);
	}
	if (!db_named(c->s->db, c->s->a, Q_OUR_PORTS, (struct val[]){ ports.type == V_LIST ? ports : val_null() }, &q, e))
		return false;
	m.q = &q;
	for (size_t i = 0; i < q.n; i++) {
		int64_t exchange;

		if (!exchange_of(&m, i, &exchange, e) || !connection_add(&m, i, exchange, e))
			return false;
	}
	c->said = q.n == 0 ? "No IXPs nor connections to import." : arena_printf(c->s->a, "Imported %lld IXPs %lld connections.",
	    (long long)m.exchanges, (long long)m.connections);
	map_set(out, "internet_exchanges", val_int(m.exchanges));
	map_set(out, "connections", val_int(m.connections));
	json_write(c->body, val_map(out));
	return true;
}
