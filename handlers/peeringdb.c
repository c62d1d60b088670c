/* peeringdb: the cache of PeeringDB and what follows from it. */
#include "config.h"

#include "handlers.h"
#include "model/tables/tables.h"

static const struct resource *const resources[] = {
	&res_hidden_peer,
	&res_peeringdb_campus,
	&res_peeringdb_carrier,
	&res_peeringdb_carrier_facility,
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
	&res_peeringdb_synchronisation,
	NULL
};

static const struct route routes[] = {
	{ 0 }
};

static const struct behaviour *const behaviours[] = {
	NULL
};

const struct handler handler_peeringdb = { "peeringdb", resources, routes, behaviours };
