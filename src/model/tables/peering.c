/* peering.c: autonomous systems, BGP groups, exchanges, BFD timers. Their sessions are in peering_sessions.c. */
#include "model/tables/tables.h"

static const struct field autonomous_system_fields[] = {
	{ "asn", "ASN", NULL, F_ASN, FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_FILTER | FF_SEARCH },
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 200 },
	{ "name_peeringdb_sync", NULL, NULL, F_BOOL, FF_BULK | FF_NOCOLUMN, .def = "true", .caption = "Take the name from PeeringDB" },
	FIELD_DESCRIPTION(FF_BULK),
	FIELD_COMMENTS(0),
	{ "irr_as_set", "IRR AS-SET", NULL, F_TEXT, FF_NULL | FF_LIST | FF_FILTER | FF_SEARCH, .max = 255 },
	{ "irr_as_set_peeringdb_sync", NULL, NULL, F_BOOL, FF_BULK | FF_NOCOLUMN, .def = "true", .caption = "Take the AS-SET from PeeringDB" },
	{ "ipv6_max_prefixes", "IPv6 max prefix", NULL, F_INT, FF_NULL | FF_FILTER | FF_BULK, 0, INT32_MAX, .def = "0" },
	{ "ipv6_max_prefixes_peeringdb_sync", NULL, NULL, F_BOOL, FF_BULK | FF_NOCOLUMN, .def = "true",
	    .caption = "Take the IPv6 max prefix from PeeringDB" },
	{ "ipv4_max_prefixes", "IPv4 max prefix", NULL, F_INT, FF_NULL | FF_FILTER | FF_BULK, 0, INT32_MAX, .def = "0" },
	{ "ipv4_max_prefixes_peeringdb_sync", NULL, NULL, F_BOOL, FF_BULK | FF_NOCOLUMN, .def = "true",
	    .caption = "Take the IPv4 max prefix from PeeringDB" },
	FIELD_POLICIES("autonomoussystem", "autonomous_system"),
	FIELD_COMMUNITIES("autonomous_system"),
	{ "prefixes", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOCOLUMN | FF_NOLOG, .via = "autonomous_system_prefixes" },
	{ "retrieve_prefixes", NULL, NULL, F_BOOL, FF_BULK | FF_NOCOLUMN, .def = "true" },
	{ "as_list", NULL, NULL, F_FUNC, FF_READONLY | FF_NOCOLUMN | FF_NOLOG, .via = "autonomous_system_as_list", .caption = "AS list" },
	{ "retrieve_as_list", NULL, NULL, F_BOOL, FF_BULK | FF_NOCOLUMN, .def = "true", .caption = "Retrieve AS list" },
	{ "irr_sources_override", "IRR sources override",
	    "Override for BGPQ3_SOURCES, use a comma separated list of sources, e.g. RIPE,RADB", F_TEXT, FF_NOCOLUMN, .max = 255 },
	{ "irr_ipv6_prefixes_args_override", "IRR IPv6 prefix arguments override", "Override for BGPQ3_ARGS['ipv6']", F_TEXT, FF_NOCOLUMN,
	    .max = 255 },
	{ "irr_ipv4_prefixes_args_override", "IRR IPv4 prefix arguments override", "Override for BGPQ3_ARGS['ipv4']", F_TEXT, FF_NOCOLUMN,
	    .max = 255 },
	{ "affiliated", NULL, NULL, F_BOOL, FF_FILTER | FF_BULK, .def = "false" },
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	{ "prefixes_updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOLOG },
	{ "prefixes_source", NULL, NULL, F_TEXT, FF_READONLY | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG, .max = 255 },
	{ "as_list_updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOLOG, .caption = "AS list updated" },
	{ "as_list_source", NULL, NULL, F_TEXT, FF_READONLY | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG, .max = 255 },
	{ "general_policy", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOLOG, .via = "autonomous_system_general_policy" },
	{ "directpeeringsession_count", "Direct Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG,
	    .ref = &res_direct_peering_session, .via = "autonomous_system" },
	{ "internetexchangepeeringsession_count", "IX Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG,
	    .ref = &res_internet_exchange_peering_session, .via = "autonomous_system" },
};

static const struct filter autonomous_system_filters[] = {
	FILTERS_COMMON,
};

static const struct child autonomous_system_children[] = {
	{ &res_direct_peering_session, "autonomous_system", "direct-peering-sessions", "Direct Peering Sessions", 2000 },
	{ &res_internet_exchange_peering_session, "autonomous_system", "ix-peering-sessions", "IX Peering Sessions", 3000 },
};

const struct resource res_autonomous_system = {
	.name = "autonomous system", .plural = "autonomous systems",
	.table = "autonomous_system", .app = "peering", .model = "autonomoussystem", .class_name = "AutonomousSystem",
	.api = "peering/autonomous-systems", .page = "autonomous-systems", .command = "autonomous-system",
	.display = "AS{asn} - {name}",
	.order = "asn",
	.nested = "asn, name, ipv6_max_prefixes, ipv4_max_prefixes",
	.form = "Autonomous System: asn, name, description, affiliated, irr_as_set, ipv6_max_prefixes, ipv4_max_prefixes;"
	    " Routing Policies: import_routing_policies, export_routing_policies, communities;"
	    " Synchronise with PeeringDB: name_peeringdb_sync, irr_as_set_peeringdb_sync, ipv6_max_prefixes_peeringdb_sync,"
	    " ipv4_max_prefixes_peeringdb_sync;"
	    " IRR Objects Retrieval: retrieve_prefixes, retrieve_as_list, irr_sources_override, irr_ipv6_prefixes_args_override,"
	    " irr_ipv4_prefixes_args_override;"
	    " Config Context: local_context_data; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_CONTACTS | RF_TEMPLATES,
	.fields = ROWS(autonomous_system_fields),
	.filters = ROWS(autonomous_system_filters),
	.children = ROWS(autonomous_system_children),
};

/* ---- BGP group ---- */

static const struct field bgp_group_fields[] = {
	FIELD_NAME(0),
	FIELD_SLUG(0),
	FIELD_DESCRIPTION(FF_BULK),
	{ "status", NULL, NULL, F_ENUM, FF_LIST | FF_BULK, .def = "enabled", .choices = choices_status },
	FIELD_POLICIES("bgpgroup", "bgp_group"),
	FIELD_COMMUNITIES("bgp_group"),
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	{ "directpeeringsession_count", "Direct Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG,
	    .ref = &res_direct_peering_session, .via = "bgp_group" },
};

static const struct filter bgp_group_filters[] = {
	{ "status", FILTER_CHOICE, "status", FILTERF_EMPTY },
	FILTERS_COMMON,
};

static const struct child bgp_group_children[] = {
	{ &res_direct_peering_session, "bgp_group", "peering-sessions", "Direct Peering Sessions", 2000 },
};

const struct resource res_bgp_group = {
	.name = "BGP group", .plural = "BGP groups",
	.table = "bgp_group", .app = "peering", .model = "bgpgroup", .class_name = "BGPGroup",
	.api = "peering/bgp-groups", .page = "bgp-groups", .command = "bgp-group",
	.display = "{name}",
	.order = "name, slug",
	.nested = "name, slug, status",
	.form = "BGP Group: name, slug, description, status;"
	    " Routing Policies: import_routing_policies, export_routing_policies, communities;"
	    " Config Context: local_context_data; Tags: tags",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_TEMPLATES,
	.fields = ROWS(bgp_group_fields),
	.filters = ROWS(bgp_group_filters),
	.children = ROWS(bgp_group_children),
};

/* ---- exchange ---- */

static const struct field internet_exchange_fields[] = {
	{ "peeringdb_ixlan", NULL, NULL, F_REF, FF_NULL | FF_BARE | FF_NOFORM, .ref = &res_peeringdb_ixlan, .on_delete = DEL_SET_NULL,
	    .caption = "PeeringDB LAN" },
	{ "peeringdb_prefixes", NULL, NULL, F_FUNC, FF_READONLY | FF_NOCOLUMN | FF_NOLOG, .via = "internet_exchange_peeringdb_prefixes",
	    .caption = "PeeringDB prefixes" },
	{ "ixapi_endpoint", NULL, NULL, F_REF, FF_NULL | FF_BULK, .ref = &res_ixapi, .on_delete = DEL_SET_NULL, .caption = "IX-API" },
	FIELD_NAME(0),
	FIELD_SLUG(0),
	FIELD_DESCRIPTION(FF_BULK),
	{ "status", NULL, NULL, F_ENUM, FF_LIST | FF_BULK, .def = "enabled", .choices = choices_status },
	{ "local_autonomous_system", NULL, NULL, F_REF, FF_REQUIRED | FF_OLDNULL | FF_FILTER | FF_BULK, .ref = &res_autonomous_system,
	    .on_delete = DEL_CASCADE },
	FIELD_POLICIES("internetexchange", "internet_exchange"),
	FIELD_COMMUNITIES("internet_exchange"),
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_TAGS,
	{ "euro_ix_url", NULL, "Address of the exchange's member export (Euro-IX JSON)", F_URL, FF_NOAPI | FF_NOCOLUMN, .max = 2000,
	    .caption = "Member export" },
	{ "euro_ix_id", NULL, "ixp_id of the exchange there, needed when the export is about several and the LAN does not tell", F_INT,
	    FF_NULL | FF_NOAPI | FF_NOCOLUMN, 0, INT32_MAX, .caption = "Number in the export" },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	{ "connection_count", "Connections", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG,
	    .ref = &res_connection, .via = "internet_exchange_point" },
	{ "session_count", "Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG,
	    .ref = &res_internet_exchange_peering_session, .via = "ixp_connection.internet_exchange_point" },
};

static const struct filter internet_exchange_filters[] = {
	{ "status", FILTER_CHOICE, "status", FILTERF_EMPTY },
	FILTERS_AS("local_autonomous_system"),
	FILTERS_COMMON,
};

static const struct child internet_exchange_children[] = {
	{ &res_connection, "internet_exchange_point", "connections", "Connections", 1000 },
	{ &res_internet_exchange_peering_session, "ixp_connection.internet_exchange_point", "peering-sessions", "Peering Sessions", 2000 },
};

const struct resource res_internet_exchange = {
	.name = "internet exchange", .plural = "internet exchanges",
	.table = "internet_exchange", .app = "peering", .model = "internetexchange", .class_name = "InternetExchange",
	.api = "peering/internet-exchanges", .page = "internet-exchanges", .command = "internet-exchange",
	.display = "{name}",
	.order = "local_autonomous_system, name, slug",
	.nested = "name, slug, status",
	.search = "local_autonomous_system.name, local_autonomous_system.asn",
	.form = "Internet Exchange Point: name, slug, description, status, local_autonomous_system;"
	    " Routing Policies: import_routing_policies, export_routing_policies, communities;"
	    " Config Context: local_context_data; Third Party: ixapi_endpoint, euro_ix_url, euro_ix_id; Tags: tags",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_CONTACTS | RF_TEMPLATES,
	.fields = ROWS(internet_exchange_fields),
	.filters = ROWS(internet_exchange_filters),
	.children = ROWS(internet_exchange_children),
};

/* ---- BFD (RFC 5880) ---- */

static const struct field bfd_fields[] = {
	FIELD_NAME(0),
	FIELD_SLUG(0),
	FIELD_DESCRIPTION(FF_BULK),
	{ "minimum_transmit_interval", NULL, "Minimum transmit interval in milliseconds", F_INT, FF_LIST | FF_FILTER | FF_BULK, 1, 255000,
	    .def = "300" },
	{ "minimum_receive_interval", NULL, "Minimum receive interval in milliseconds", F_INT, FF_LIST | FF_FILTER | FF_BULK, 1, 255000,
	    .def = "300" },
	{ "detection_multiplier", NULL, "Number of missed messages before declaring a session down", F_INT, FF_LIST | FF_FILTER | FF_BULK, 1, 255,
	    .def = "3" },
	{ "hold_time", NULL, "How long a session must remain up in milliseconds before state change", F_INT, FF_LIST | FF_FILTER | FF_BULK,
	    0, 255000, .def = "0" },
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter bfd_filters[] = {
	FILTERS_COMMON,
};

const struct resource res_bfd = {
	.name = "BFD configuration", .plural = "BFD configurations",
	.table = "bfd", .app = "net", .model = "bfd", .class_name = "BFD",
	.api = "net/bfd", .page = "net/bfd", .command = "bfd",
	.display = "{name}",
	.order = "name",
	.nested = "name, slug",
	.form = "Bidirectional Forwarding Detection: name, slug, description;"
	    " Timing Values: minimum_transmit_interval, minimum_receive_interval, detection_multiplier, hold_time;"
	    " Config Context: local_context_data; Tags: tags",
	.flags = RF_CONTEXTS | RF_TEMPLATES,
	.fields = ROWS(bfd_fields),
	.filters = ROWS(bfd_filters),
};
