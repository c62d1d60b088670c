/* peeringdb: the cache of PeeringDB and what follows from it. */
#include "config.h"

#include "handlers.h"
#include "messaging_mail.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"
#include "peeringdb_pages.h"
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

static const struct route routes[] = {
	{ M_GET, "/api/peeringdb/cache/statistics/", &res_peeringdb_synchronisation, "view", cache_statistics, 0, "Rows of the cache", NULL },
	{ M_POST, "/api/peeringdb/cache/update-local/", NULL, NULL, cache_update, ROUTE_STAFF | ROUTE_WRITES, "Bring the cache up to date",
	    "202 with the job. {\"reconcile\": true} reads everything again, {\"force\": true} goes past the brake." },
	{ M_POST, "/api/peeringdb/cache/clear-local/", NULL, NULL, cache_clear, ROUTE_STAFF | ROUTE_WRITES, "Empty the cache",
	    "Hidden peers stay, links come back with the next run; 409 while one is at work." },
	{ M_GET, "/api/peeringdb/renumbering/", &res_peeringdb_change, "view", api_renumbering, 0, "Addresses at exchanges that moved",
	    "?internet_exchange_id= for one. Lists {type, id, display, field, old, new, reason, exchange, exchange_name}." },
	{ M_POST, "/api/peeringdb/renumbering/", &res_peeringdb_change, "change", api_renumber, ROUTE_WRITES, "Write new addresses",
	    "A list as GET gives it, all or none; 409 when one of them is no longer proposed." },
	{ M_GET, "/api/peeringdb/report/", &res_peeringdb_change, "view", api_report, 0, "Our record in PeeringDB against the book",
	    "What it says otherwise: {asn, place, subject, record, ours, advice, ...}." },
	{ M_GET, "/peeringdb/cache/", NULL, NULL, page_cache, ROUTE_STAFF, "PeeringDB cache", NULL },
	{ M_POST, "/peeringdb/cache/update/", NULL, NULL, page_cache_update, ROUTE_STAFF | ROUTE_WRITES, "Update the cache", NULL },
	{ M_POST, "/peeringdb/cache/clear/", NULL, NULL, page_cache_clear, ROUTE_STAFF | ROUTE_WRITES, "Clear the cache", NULL },
	{ M_POST, "/peeringdb/cache/go-on/", NULL, NULL, page_cache_go_on, ROUTE_STAFF | ROUTE_WRITES, "Go on past the brake", NULL },
	{ M_POST, "/peeringdb/cache/drop/", NULL, NULL, page_cache_drop, ROUTE_STAFF | ROUTE_WRITES, "Throw away what was read", NULL },
	{ M_GET, "/peeringdb/campuses/{id}/", &res_peeringdb_campus, "view", page_pdb_object, ROUTE_OBJECT, "Show", NULL },
	{ M_GET, "/peeringdb/carriers/{id}/", &res_peeringdb_carrier, "view", page_pdb_object, ROUTE_OBJECT, "Show", NULL },
	{ M_GET, "/peeringdb/facilities/{id}/", &res_peeringdb_facility, "view", page_pdb_object, ROUTE_OBJECT, "Show", NULL },
	{ M_GET, "/peeringdb/internet-exchanges/{id}/", &res_peeringdb_internet_exchange, "view", page_pdb_object, ROUTE_OBJECT, "Show", NULL },
	{ M_GET, "/peeringdb/networks/{id}/", &res_peeringdb_network, "view", page_pdb_object, ROUTE_OBJECT, "Show", NULL },
	{ M_GET, "/peeringdb/organizations/{id}/", &res_peeringdb_organization, "view", page_pdb_object, ROUTE_OBJECT, "Show", NULL },
	{ M_GET, "/peeringdb/campuses/{id}/in-book/", &res_peeringdb_campus, "view", page_in_book, ROUTE_OBJECT, "In This Book", NULL },
	{ M_GET, "/peeringdb/carriers/{id}/in-book/", &res_peeringdb_carrier, "view", page_in_book, ROUTE_OBJECT, "In This Book", NULL },
	{ M_GET, "/peeringdb/facilities/{id}/in-book/", &res_peeringdb_facility, "view", page_in_book, ROUTE_OBJECT, "In This Book", NULL },
	{ M_GET, "/peeringdb/internet-exchanges/{id}/in-book/", &res_peeringdb_internet_exchange, "view", page_in_book, ROUTE_OBJECT, "In This Book", NULL },
	{ M_GET, "/peeringdb/networks/{id}/in-book/", &res_peeringdb_network, "view", page_in_book, ROUTE_OBJECT, "In This Book", NULL },
	{ M_GET, "/peeringdb/organizations/{id}/in-book/", &res_peeringdb_organization, "view", page_in_book, ROUTE_OBJECT, "In This Book", NULL },
	{ M_GET, "/peeringdb/networks/{id}/email/", &res_peeringdb_network, "view", page_mail_one, ROUTE_OBJECT, "E-mail", NULL, mail_may },
	{ M_POST, "/peeringdb/networks/{id}/email/", &res_peeringdb_network, "view", page_mail_one_post, ROUTE_OBJECT | ROUTE_WRITES, NULL, NULL },
	{ M_GET, "/peeringdb/renumbering/", &res_peeringdb_change, "view", page_renumbering, 0, "Renumbering", NULL },
	{ M_POST, "/peeringdb/renumbering/", &res_peeringdb_change, "change", page_renumber, ROUTE_WRITES, "Write new addresses", NULL },
	{ M_GET, "/peeringdb/report/", &res_peeringdb_change, "view", page_report, 0, "Our record in PeeringDB", NULL },
	{ M_GET, "/peeringdb/available-ixp-peers/", &res_peeringdb_network_ixlan, "view", page_peers, 0, "Available IXP peers", NULL },
	{ M_POST, "/peeringdb/hidden-peers/hide/", &res_hidden_peer, "add", page_peers_hide, ROUTE_WRITES, "Hide a peer", NULL },
	{ 0 }
};

const struct handler handler_peeringdb = { "peeringdb", resources, routes, peering_behaviours, peering_actions };
