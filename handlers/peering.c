/* peering: autonomous systems, groups, exchanges, connections, sessions. */
#include "config.h"

#include "handlers.h"
#include "messaging_mail.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"
#include "peering_ixapi.h"
#include "peering_members.h"
#include "peeringdb_pages.h"
#include "web/pages.h"

static const struct resource *const resources[] = {
	&res_autonomous_system,
	&res_bfd,
	&res_bgp_group,
	&res_connection,
	&res_direct_peering_session,
	&res_internet_exchange,
	&res_internet_exchange_peering_session,
	&res_irr_list,
	NULL
};

static const struct route routes[] = {
	{ M_GET, "/internet-exchanges/import-from-peeringdb/", &res_internet_exchange, "add", page_peers_import, 0, "Import from PeeringDB", NULL },
	{ M_POST, "/internet-exchanges/import-from-peeringdb/", &res_internet_exchange, "add", page_peers_import_post, ROUTE_WRITES,
	    "Import from PeeringDB", NULL },
	{ M_GET, "/autonomous-systems/{id}/peers/", &res_autonomous_system, "view", page_peers_of_as, ROUTE_OBJECT, "Available Sessions", NULL },
	{ M_GET, "/internet-exchanges/{id}/peers/", &res_internet_exchange, "view", page_peers_of, ROUTE_OBJECT, "Available Peers", NULL },
	{ M_GET, "/internet-exchanges/{id}/members/", &res_internet_exchange, "view", page_members, ROUTE_OBJECT, "Members", NULL },
	{ M_GET, "/internet-exchanges/{id}/ixapi/", &res_internet_exchange, "view_internet_exchange_point_ixapi", page_ixapi_exchange, ROUTE_OBJECT, "IX-API",
	    NULL, ixapi_shown_exchange },
	{ M_GET, "/net/connections/{id}/ixapi/", &res_connection, "view", page_ixapi_connection, ROUTE_OBJECT, "IX-API", NULL, ixapi_shown_connection },
	{ M_GET, "/net/connections/{id}/ixapi/change/", &res_connection, "change", page_ixapi_change, ROUTE_OBJECT, "Change at the exchange", NULL },
	{ M_POST, "/net/connections/{id}/ixapi/change/", &res_connection, "change", page_ixapi_change_post, ROUTE_OBJECT | ROUTE_WRITES, NULL, NULL },
	{ M_POST, "/net/connections/{id}/ixapi/use-mac/", &res_connection, "change", page_ixapi_use_mac, ROUTE_OBJECT | ROUTE_WRITES, NULL, NULL },
	{ M_POST, "/internet-exchange-peering-sessions/add_from_peeringdb/", &res_internet_exchange_peering_session, "add", page_peers_add,
	    ROUTE_WRITES, "Add sessions with networks of PeeringDB", NULL },
	{ M_GET, "/internet-exchange-peering-sessions/found/", &res_internet_exchange_peering_session, "add", page_found, 0, "Sessions found on routers", NULL },
	{ M_POST, "/internet-exchange-peering-sessions/found/", &res_internet_exchange_peering_session, "add", page_found_post, ROUTE_WRITES,
	    "Make sessions found on routers", NULL },
	{ M_GET, "/autonomous-systems/{id}/email/", &res_autonomous_system, "send_email", page_mail_one, ROUTE_OBJECT, "E-mail", NULL },
	{ M_POST, "/autonomous-systems/{id}/email/", &res_autonomous_system, "send_email", page_mail_one_post, ROUTE_OBJECT | ROUTE_WRITES, NULL, NULL },
	{ M_GET, "/autonomous-systems/{id}/peeringdb/", &res_autonomous_system, "view", page_as_peeringdb, ROUTE_OBJECT, "PeeringDB", NULL },
	{ M_GET, "/autonomous-systems/{id}/prefixes/", &res_autonomous_system, "view", page_prefixes, ROUTE_OBJECT, "Prefixes", NULL },
	{ 0 }
};

const struct handler handler_peering = { "peering", resources, routes, peering_behaviours, peering_actions };
