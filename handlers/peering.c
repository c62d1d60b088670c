/* peering: autonomous systems, groups, exchanges, connections, sessions. */
#include "config.h"

#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/peering.h"
#include "web/pages.h"

static const struct resource *const resources[] = {
	&res_autonomous_system,
	&res_bfd,
	&res_bgp_group,
	&res_connection,
	&res_direct_peering_session,
	&res_internet_exchange,
	&res_internet_exchange_peering_session,
	NULL
};

static const struct route routes[] = {
	{ M_GET, "/autonomous-systems/{id}/prefixes/", &res_autonomous_system, "view", page_prefixes, ROUTE_OBJECT, "Prefixes", NULL },
	{ 0 }
};

const struct handler handler_peering = { "peering", resources, routes, peering_behaviours };
