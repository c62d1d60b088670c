/* peering_sessions.c: connections and the two kinds of session. */
#include "model/tables/tables.h"

static const struct field connection_fields[] = {
	{ "name", NULL, NULL, F_DISPLAY, FF_READONLY | FF_NOCOLUMN | FF_NOLOG },
	{ "peeringdb_netixlan", NULL, NULL, F_REF, FF_NULL | FF_BARE | FF_NOFORM, .ref = &res_peeringdb_network_ixlan,
	    .on_delete = DEL_SET_NULL, .caption = "PeeringDB port" },
	{ "status", NULL, NULL, F_ENUM, FF_LIST | FF_FILTER | FF_BULK, .def = "enabled", .choices = choices_status },
	{ "vlan", "VLAN", NULL, F_INT, FF_NULL | FF_LIST | FF_FILTER, 1, 4094 },
	{ "mac_address", "MAC address", NULL, F_MAC, FF_NULL },
	{ "ipv6_address", NULL, NULL, F_IFACE, FF_NULL | FF_LIST | FF_SEARCH, 6, 6, .caption = "IPv6 address" },
	{ "ipv4_address", NULL, NULL, F_IFACE, FF_NULL | FF_LIST | FF_SEARCH, 4, 4, .caption = "IPv4 address" },
	{ "internet_exchange_point", NULL, NULL, F_REF, FF_REQUIRED | FF_NULL | FF_FILTER | FF_BULK, .ref = &res_internet_exchange,
	    .on_delete = DEL_CASCADE },
	{ "router", NULL, NULL, F_REF, FF_REQUIRED | FF_NULL | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_router,
	    .on_delete = DEL_SET_NULL },
	{ "interface", NULL, NULL, F_TEXT, FF_SEARCH, .max = 200 },
	FIELD_DESCRIPTION(FF_BULK),
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_COMMENTS(0),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	{ "speed", NULL, "Mbit/s of the port; compared with PeeringDB", F_INT, FF_NULL | FF_BULK | FF_NOAPI, 1, INT32_MAX, .caption = "Mbit/s" },
	{ "internetexchangepeeringsession_count", "IX Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_NOLOG,
	    .ref = &res_internet_exchange_peering_session, .via = "ixp_connection" },
};

static const struct filter connection_filters[] = {
	FILTER_BY_NAME("internet_exchange_point", "internet_exchange_point.name"),
	FILTER_BY_NAME("router_name", "router.name"),
	FILTER_BY_NAME("router", "router.hostname"),
	FILTERS_COMMON,
};

static const struct child connection_children[] = {
	{ &res_internet_exchange_peering_session, "ixp_connection", "ix-peering-sessions", "IX Peering Sessions", 2000 },
	{ &res_direct_peering_session, "connection", "direct-peering-sessions", "Direct Peering Sessions", 3000 },
};

const struct resource res_connection = {
	.name = "connection", .plural = "connections",
	.table = "connection", .app = "net", .model = "connection", .class_name = "Connection",
	.api = "net/connections", .page = "net/connections", .command = "connection",
	.display = "{internet_exchange_point} on {router}[ {interface}]|{router}[ {interface}]|{internet_exchange_point}|Connection #{id}",
	.order = "internet_exchange_point, router",
	.nested = "name, mac_address, ipv6_address, ipv4_address",
	.search = "router.name, router.hostname",
	.form = "Connection: status, vlan, mac_address, ipv6_address, ipv4_address, internet_exchange_point, router, interface, speed, description;"
	    " Config Context: local_context_data; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_TEMPLATES,
	.fields = ROWS(connection_fields),
	.filters = ROWS(connection_filters),
	.children = ROWS(connection_children),
};

/* ---- what both kinds of session have ---- */

#define SESSION_REFERENCE \
	{ "service_reference", NULL, "Optional internal service reference", F_TEXT, FF_NULL | FF_SEARCH, .max = 255 }
#define SESSION_STATUS \
	{ "status", NULL, NULL, F_ENUM, FF_LIST | FF_BULK, .def = "enabled", .choices = choices_session_status }
#define SESSION_PASSWORD \
	{ "password", NULL, NULL, F_SECRET, FF_NULL | FF_CLEAR | FF_NOCOLUMN, .max = 255 }, \
	{ "encrypted_password", NULL, NULL, F_SECRET, FF_NULL | FF_CLEAR | FF_NOFORM | FF_NOCOLUMN, .max = 255 }
#define SESSION_TTL \
	{ "multihop_ttl", "Multihop TTL", "Use a value greater than 1 for BGP multihop sessions", F_INT, FF_FILTER, 1, 255, .def = "1" }, \
	{ "passive", NULL, NULL, F_BOOL, FF_FILTER | FF_BULK, .def = "false" }
#define SESSION_BFD \
	{ "bfd", NULL, NULL, F_REF, FF_NULL | FF_FILTER | FF_BULK, .ref = &res_bfd, .on_delete = DEL_SET_NULL, .caption = "BFD" }
#define SESSION_COUNT(name, caption_, also) \
	{ name, NULL, NULL, F_INT, FF_NOFORM | FF_NOLOG | (also), 0, INT32_MAX, .def = "0", .caption = caption_ }
#define SESSION_STATE \
	{ "bgp_state", NULL, NULL, F_ENUM, FF_NULL | FF_BARE | FF_NOFORM | FF_NOLOG | FF_LIST, .choices = choices_bgp_state, .caption = "State" }, \
	SESSION_COUNT("received_prefix_count", "Received prefixes", FF_LIST), \
	SESSION_COUNT("accepted_prefix_count", "Accepted prefixes", 0), \
	SESSION_COUNT("advertised_prefix_count", "Advertised prefixes", 0), \
	{ "last_established_state", NULL, NULL, F_TIME, FF_NULL | FF_NOFORM | FF_NOLOG, .caption = "Last established" }
/* Not in the API of either. The AS number is there to be ordered by; the database keeps it. */
#define SESSION_HIDDEN \
	{ "description", NULL, NULL, F_TEXT, FF_NOAPI | FF_NOFORM | FF_NOCOLUMN, .max = 200 }, \
	{ "asn", "ASN", NULL, F_ASN, FF_READONLY | FF_NOAPI | FF_NOLOG }

#define SESSION_FILTERS \
	{ "status", FILTER_CHOICE, "status", FILTERF_EMPTY }, \
	{ "bgp_state", FILTER_CHOICE, "bgp_state", FILTERF_EMPTY, "State" }, \
	{ "address_family", FILTER_FAMILY, "ip_address" }, \
	FILTERS_AS("autonomous_system"), \
	FILTER_BY_NAME("bfd", "bfd.name"), \
	FILTERS_COMMON

/* ---- direct session ---- */

static const struct field direct_peering_session_fields[] = {
	SESSION_REFERENCE,
	{ "local_autonomous_system", NULL, NULL, F_REF, FF_REQUIRED | FF_OLDNULL | FF_LIST | FF_FILTER | FF_BULK,
	    .ref = &res_autonomous_system, .on_delete = DEL_CASCADE, .related = "directpeeringsession_local_autonomous_system" },
	{ "local_ip_address", "Local IP address", NULL, F_IFACE, FF_NULL | FF_SEARCH },
	{ "autonomous_system", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER, .ref = &res_autonomous_system,
	    .on_delete = DEL_CASCADE },
	{ "bgp_group", NULL, NULL, F_REF, FF_NULL | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_bgp_group, .on_delete = DEL_SET_NULL,
	    .caption = "BGP group" },
	{ "ip_address", "IP address", NULL, F_IFACE, FF_REQUIRED | FF_LIST | FF_SEARCH },
	SESSION_STATUS,
	{ "relationship", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_relationship,
	    .on_delete = DEL_PROTECT },
	SESSION_PASSWORD,
	SESSION_TTL,
	FIELD_POLICIES("directpeeringsession", "direct_peering_session"),
	FIELD_COMMUNITIES("direct_peering_session"),
	SESSION_BFD,
	{ "router", NULL, NULL, F_REF, FF_NULL | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_router, .on_delete = DEL_SET_NULL },
	{ "connection", NULL, NULL, F_REF, FF_NULL | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_connection, .on_delete = DEL_SET_NULL },
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	SESSION_STATE,
	FIELD_COMMENTS(FF_SEARCH),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	SESSION_HIDDEN,
	{ "local_asn", "Local ASN", NULL, F_ASN, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOLOG },
};

static const struct filter direct_peering_session_filters[] = {
	FILTERS_AS("local_autonomous_system"),
	FILTER_BY_NAME("bgp_group", "bgp_group.name"),
	FILTER_BY_NAME("relationship", "relationship.name"),
	FILTER_BY_NAME("router_name", "router.name"),
	FILTER_BY_NAME("router", "router.hostname"),
	SESSION_FILTERS,
};

const struct resource res_direct_peering_session = {
	.name = "direct peering session", .plural = "direct peering sessions",
	.table = "direct_peering_session", .app = "peering", .model = "directpeeringsession", .class_name = "DirectPeeringSession",
	.api = "peering/direct-peering-sessions", .page = "direct-peering-sessions", .command = "direct-peering-session",
	.display = "{relationship} - AS{autonomous_system.asn} - IP {ip_address}",
	.order = "service_reference, local_asn, asn, ip_address",
	.nested = "ip_address, status",
	.search = "autonomous_system.name, bgp_group.name, bgp_group.slug, router.name, router.hostname",
	.form = "Peer: bgp_group, relationship, autonomous_system, ip_address;"
	    " Local: local_autonomous_system, router, connection, local_ip_address;"
	    " Properties: service_reference, status, password, multihop_ttl, passive, bfd;"
	    " Routing Policies: import_routing_policies, export_routing_policies, communities;"
	    " Config Context: local_context_data; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_TEMPLATES,
	.fields = ROWS(direct_peering_session_fields),
	.filters = ROWS(direct_peering_session_filters),
};

/* ---- session over an exchange ---- */

static const struct field internet_exchange_peering_session_fields[] = {
	SESSION_REFERENCE,
	{ "autonomous_system", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER, .ref = &res_autonomous_system,
	    .on_delete = DEL_CASCADE },
	{ "ixp_connection", NULL, NULL, F_REF, FF_REQUIRED | FF_OLDNULL | FF_LIST | FF_FILTER, .ref = &res_connection,
	    .on_delete = DEL_CASCADE, .caption = "IXP connection" },
	{ "ip_address", "IP address", NULL, F_INET, FF_REQUIRED | FF_LIST | FF_SEARCH },
	SESSION_STATUS,
	SESSION_PASSWORD,
	SESSION_TTL,
	{ "is_route_server", "Route server", NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "false" },
	FIELD_POLICIES("internetexchangepeeringsession", "internet_exchange_peering_session"),
	FIELD_COMMUNITIES("internet_exchange_peering_session"),
	SESSION_BFD,
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	/* both are kept by the database */
	{ "exists_in_peeringdb", NULL, NULL, F_BOOL, FF_READONLY | FF_FILTER | FF_NOLOG, .caption = "Exists in PeeringDB" },
	{ "is_abandoned", NULL, NULL, F_BOOL, FF_READONLY | FF_FILTER | FF_NOLOG, .caption = "Abandoned" },
	SESSION_STATE,
	FIELD_COMMENTS(FF_SEARCH),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	SESSION_HIDDEN,
	{ "internet_exchange_point", NULL, NULL, F_PATH, FF_READONLY | FF_NOAPI | FF_NOLOG, .via = "ixp_connection.internet_exchange_point" },
	{ "address_in_doubt", NULL, NULL, F_IN, FF_READONLY | FF_NOAPI | FF_FILTER | FF_NOLOG, .link = "session_address_doubt" },
	{ "address_warning", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG | FF_WARNING, .via = "session_address_warning" },
};

static const struct filter internet_exchange_peering_session_filters[] = {
	{ "internet_exchange_id", FILTER_REF, "ixp_connection.internet_exchange_point" },
	FILTER_BY_NAME("internet_exchange", "ixp_connection.internet_exchange_point.name"),
	SESSION_FILTERS,
};

const struct resource res_internet_exchange_peering_session = {
	.name = "internet exchange peering session", .plural = "internet exchange peering sessions",
	.table = "internet_exchange_peering_session", .app = "peering", .model = "internetexchangepeeringsession",
	.class_name = "InternetExchangePeeringSession",
	.api = "peering/internet-exchange-peering-sessions", .page = "internet-exchange-peering-sessions", .command = "ix-peering-session",
	.display = "{ixp_connection.internet_exchange_point} - AS{autonomous_system.asn} - IP {ip_address}"
	    "|AS{autonomous_system.asn} - IP {ip_address}",
	.order = "service_reference, asn, ixp_connection, ip_address",
	.nested = "ip_address, status, is_route_server",
	.search = "autonomous_system.name, ixp_connection.router.name, ixp_connection.router.hostname,"
	    " ixp_connection.internet_exchange_point.name, ixp_connection.internet_exchange_point.slug",
	.form = "Internet Exchange Point: ixp_connection; Peer: autonomous_system, ip_address, is_route_server;"
	    " Properties: service_reference, status, password, multihop_ttl, passive, bfd;"
	    " Routing Policies: import_routing_policies, export_routing_policies, communities;"
	    " Config Context: local_context_data; Tags: tags; Comments: comments",
	.unique = "ixp_connection, ip_address",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_TEMPLATES,
	.fields = ROWS(internet_exchange_peering_session_fields),
	.filters = ROWS(internet_exchange_peering_session_filters),
};
