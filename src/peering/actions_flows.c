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
	struct map *names;              /* of exchanges made in this call */
	struct map *made;               /* "LAN AS" -> exchange made in this call */
	struct put *put;
	size_t n;
};

static const char *lan_and_as(const struct importing *m, size_t i) {
	return arena_printf(m->c->s->a, "%lld %lld", (long long)result_at(m->q, i, P_LAN).u.i, (long long)result_at(m->q, i, P_AS).u.i);
}

static void exchange_add(struct importing *m, size_t i) {
	struct arena *a = m->c->s->a;
	struct map *input = map_new(a, 5);
	const char *name = val_cstr(result_at(m->q, i, P_NAME), ""), *slug = val_cstr(result_at(m->q, i, P_SLUG), "");
	long long asn = result_at(m->q, i, P_ASN).u.i;

	/* an exchange where two of our autonomous systems are is two in the book, and names are unique */
	if (result_at(m->q, i, P_TAKEN).u.b || map_get(m->names, name).type != V_UNDEF) {
		name = arena_printf(a, "%s AS%lld", name, asn);
		slug = arena_printf(a, "%s-as%lld", slug, asn);
	}
	map_set(m->names, val_cstr(result_at(m->q, i, P_NAME), ""), val_bool(true));
	map_set(input, "name", val_str(name));
	map_set(input, "slug", val_str(slug));
	map_set(input, "local_autonomous_system", result_at(m->q, i, P_AS));
	map_set(input, "peeringdb_ixlan", result_at(m->q, i, P_LAN));
	map_set(m->made, lan_and_as(m, i), val_int((int64_t)m->n));
	m->put[m->n++] = (struct put){ .input = input, .key = map_new(a, 0) };
}

/* The exchanges that the book does not have: all of them together. */
static bool exchanges_add(struct importing *m, struct err *e) {
	size_t bad;

	for (size_t i = 0; i < m->q->n; i++) {
		if (result_at(m->q, i, P_EXCHANGE).type != V_INT && map_get(m->made, lan_and_as(m, i)).type == V_UNDEF)
			exchange_add(m, i);
	}
	return store_put_all(m->c->s, &res_internet_exchange, m->put, m->n, &bad, &m->c->problems, e);
}

static bool connections_add(struct importing *m, struct err *e) {
	struct put *put = arena_new(m->c->s->a, struct put, m->q->n);
	size_t bad;

	for (size_t i = 0; i < m->q->n; i++) {
		struct val exchange = result_at(m->q, i, P_EXCHANGE);
		struct map *input = map_new(m->c->s->a, 6);

		map_set(input, "internet_exchange_point", exchange.type == V_INT ? exchange : val_int(m->put[map_get(m->made, lan_and_as(m, i)).u.i].id));
		map_set(input, "router", val_null());
		map_set(input, "ipv6_address", result_at(m->q, i, P_IPV6));
		map_set(input, "ipv4_address", result_at(m->q, i, P_IPV4));
		map_set(input, "peeringdb_netixlan", result_at(m->q, i, P_ID));
		put[i] = (struct put){ .input = input, .key = map_new(m->c->s->a, 0) };
	}
	return store_put_all(m->c->s, &res_connection, put, m->q->n, &bad, &m->c->problems, e);
}

/* Input: {"ports": [ids of PeeringDB's network-ixlans]}; without it all that the book lacks. */
bool act_import_exchanges(struct action_call *c, struct err *e) {
	struct importing m = { .c = c, .names = map_new(c->s->a, 8), .made = map_new(c->s->a, 8) };
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
	m.put = arena_new(c->s->a, struct put, q.n);
	if (q.n > 0 && (!exchanges_add(&m, e) || !connections_add(&m, e)))
		return false;
	c->said = q.n == 0 ? "No IXPs nor connections to import." : arena_printf(c->s->a, "Imported %zu IXPs %zu connections.", m.n, q.n);
	map_set(out, "internet_exchanges", val_int((int64_t)m.n));
	map_set(out, "connections", val_int((int64_t)q.n));
	json_write(c->body, val_map(out));
	return true;
}
