/* peering: autonomous systems, groups, exchanges, connections, sessions. */
#include "config.h"

#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/peering.h"
#include "peering_actions.h"
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
	{ M_GET, "/internet-exchanges/{id}/peers/", &res_internet_exchange, "view", page_peers_of, ROUTE_OBJECT, "Available Peers", NULL },
	{ M_POST, "/internet-exchange-peering-sessions/add_from_peeringdb/", &res_internet_exchange_peering_session, "add", page_peers_add,
	    ROUTE_WRITES, "Add sessions with networks of PeeringDB", NULL },
	{ M_GET, "/autonomous-systems/{id}/prefixes/", &res_autonomous_system, "view", page_prefixes, ROUTE_OBJECT, "Prefixes", NULL },
	{ M_GET, "/api/peering/autonomous-systems/{id}/shared-ixps/", &res_autonomous_system, "view", as_shared_ixps, ROUTE_OBJECT,
	    "Exchanges shared with one's own AS", "The own AS is the preference context.as; 503 where there is none." },
	{ M_GET, "/api/peering/autonomous-systems/{id}/shared-facilities/", &res_autonomous_system, "view", as_shared_facilities, ROUTE_OBJECT,
	    "Facilities shared with one's own AS", "The own AS is the preference context.as; 503 where there is none." },
	{ M_GET, "/api/peering/autonomous-systems/{id}/as-set-prefixes/", &res_autonomous_system, "view", as_set_prefixes, ROUTE_OBJECT,
	    "Prefixes that the registries know", "As they were last fetched." },
	{ M_GET, "/api/peering/internet-exchanges/{id}/available-peers/", &res_internet_exchange, "view", exchange_available_peers, ROUTE_OBJECT,
	    "Ports there with which no session is set up", NULL },
	{ M_GET, "/api/peering/internet-exchanges/{id}/prefixes/", &res_internet_exchange, "view", exchange_prefixes, ROUTE_OBJECT,
	    "Prefixes of the peering LAN", NULL },
	{ 0 }
};

const struct handler handler_peering = { "peering", resources, routes, peering_behaviours };
