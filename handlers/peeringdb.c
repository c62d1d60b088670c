/* peeringdb: the cache of PeeringDB and what follows from it. */
#include "config.h"

#include "db/queries.h"
#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"
#include "web/pages.h"

static const struct resource *const resources[] = {
	&res_hidden_peer,
	&res_peeringdb_campus,
	&res_peeringdb_carrier,
	&res_peeringdb_carrier_facility,
	&res_peeringdb_change,
	&res_peeringdb_facility,
	&res_peeringdb_internet_exchange,
	&res_peeringdb_internet_exchange_facility,
	&res_peeringdb_ixlan,
	&res_peeringdb_ixlan_prefix,
	&res_peeringdb_network,
	&res_peeringdb_network_contact,
	&res_peeringdb_network_facility,
	&res_peeringdb_network_ixlan,
	&res_peeringdb_organization,
	&res_peeringdb_rule,
	&res_peeringdb_synchronisation,
	NULL
};

static bool cache_statistics(struct req *r) {
	struct map *m = map_new(r->a, 16);
	struct result q;

	if (!db_named(r->db, r->a, Q_CACHE_STATISTICS, NULL, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.cols; i++)
		map_set(m, q.names[i], result_at(&q, 0, i));
	return req_json(r, val_map(m));
}

static const struct route routes[] = {
	{ M_GET, "/api/peeringdb/cache/statistics/", &res_peeringdb_synchronisation, "view", cache_statistics, 0, "Rows of the cache", NULL },
	{ M_GET, "/peeringdb/available-ixp-peers/", &res_peeringdb_network_ixlan, "view", page_peers, 0, "Available IXP peers", NULL },
	{ M_POST, "/peeringdb/hidden-peers/hide/", &res_hidden_peer, "add", page_peers_hide, ROUTE_WRITES, "Hide a peer", NULL },
	{ 0 }
};

const struct handler handler_peeringdb = { "peeringdb", resources, routes, peering_behaviours, peering_actions };
