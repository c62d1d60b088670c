/* peeringdb_net.c: the PeeringDB cache: networks, their contacts, facilities and ports. */
#include "model/tables/peeringdb_fields.h"
#include "model/tables/tables.h"

#define PDB_URL(name, caption_) \
	{ name, NULL, NULL, F_URL, FF_READONLY | FF_NOCOLUMN, .max = 255, .caption = caption_ }
#define PDB_BOOL(name, caption_) \
	{ name, NULL, NULL, F_BOOL, FF_READONLY, .caption = caption_ }
#define PDB_CHOICE(name, choices_, caption_) \
	{ name, NULL, NULL, F_ENUM, FF_READONLY | FF_BARE, .choices = choices_, .caption = caption_ }
#define PDB_REF(name, caption_, table_, related_) \
	{ name, NULL, NULL, F_REF, FF_READONLY | FF_LIST | FF_FILTER, .ref = &res_peeringdb_##table_, .on_delete = DEL_CASCADE, \
	    .related = related_, .caption = caption_ }

static const struct choice policy_general[] = {
	{ "Open", "Open", "success" },
	{ "Selective", "Selective", "warning" },
	{ "Restrictive", "Restrictive", "danger" },
	{ "No", "No", "danger" },
	{ 0 }
};

static const struct choice policy_locations[] = {
	{ "Not Required", "Not Required", NULL },
	{ "Preferred", "Preferred", NULL },
	{ "Required - US", "Required Us", NULL },
	{ "Required - EU", "Required Eu", NULL },
	{ "Required - International", "Required Int", NULL },
	{ 0 }
};

static const struct choice policy_contracts[] = {
	{ "Not Required", "Not Required", NULL },
	{ "Private Only", "Private Only", NULL },
	{ "Required", "Required", NULL },
	{ 0 }
};

static const struct field network_fields[] = {
	{ "asn", "ASN", NULL, F_ASN, FF_READONLY | FF_UNIQUE | FF_LIST | FF_FILTER | FF_SEARCH },
	{ "name", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 255 },
	PDB_TEXT("name_long", 255, "Long name"),
	{ "aka", "Also Known As", NULL, F_TEXT, FF_READONLY, .max = 255 },
	{ "irr_as_set", "IRR AS-SET/ROUTE-SET", "Reference to an AS-SET or ROUTE-SET in Internet Routing Registry (IRR)", F_TEXT,
	    FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 255 },
	{ "website", NULL, NULL, F_URL, FF_READONLY, .max = 255 },
	PDB_URL("looking_glass", NULL),
	PDB_URL("route_server", NULL),
	{ "notes", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN },
	{ "notes_private", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN },
	PDB_CHOICE("info_traffic", choices_network_traffic, "Traffic"),
	PDB_CHOICE("info_ratio", choices_network_ratio, "Traffic ratio"),
	PDB_CHOICE("info_scope", choices_network_scope, "Scope"),
	PDB_CHOICE("info_type", choices_network_type, "Kind"),
	{ "info_types", NULL, NULL, F_TEXTS, FF_READONLY | FF_NULL, .caption = "Kinds" },
	{ "info_prefixes4", NULL,
	    "Recommended maximum number of IPv4 routes/prefixes to be configured on peering sessions for this ASN", F_INT,
	    FF_READONLY | FF_NULL, 0, INT32_MAX, .caption = "IPv4 prefixes" },
	{ "info_prefixes6", NULL,
	    "Recommended maximum number of IPv6 routes/prefixes to be configured on peering sessions for this ASN", F_INT,
	    FF_READONLY | FF_NULL, 0, INT32_MAX, .caption = "IPv6 prefixes" },
	PDB_BOOL("info_unicast", "Unicast"),
	PDB_BOOL("info_multicast", "Multicast"),
	PDB_BOOL("info_ipv6", "IPv6"),
	{ "info_never_via_route_servers", NULL, "Indicates if this network will announce its routes via route servers or not", F_BOOL,
	    FF_READONLY, .caption = "Never via route servers" },
	PDB_URL("policy_url", "Policy page"),
	{ "policy_general", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE | FF_LIST | FF_FILTER, .choices = policy_general, .caption = "General policy" },
	PDB_CHOICE("policy_locations", policy_locations, "Locations"),
	PDB_BOOL("policy_ratio", "Ratio required"),
	PDB_CHOICE("policy_contracts", policy_contracts, "Contract"),
	PDB_REF("org", "Organization", organization, "net_set"),
	{ "status_dashboard", NULL, NULL, F_URL, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN, .max = 255, .caption = "Status page" },
	{ "rir_status", "RIR status", NULL, F_TEXT, FF_READONLY | FF_NULL | PDB_ASKED, .max = 255 },
	{ "rir_status_updated", "RIR status updated", NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED },
	{ "social_media", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	PDB_LOGO,
	PDB_COUNTED("ix_count", "Exchanges, as counted by PeeringDB", "Exchanges it counts"),
	PDB_COUNTED("fac_count", "Facilities, as counted by PeeringDB", "Facilities it counts"),
	{ "allow_ixp_update", "Exchanges may update it", NULL, F_BOOL, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	{ "ixp_update_exclude", "But not these", NULL, F_JSON, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	{ "netixlan_updated", "Ports changed", NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	{ "netfac_updated", "Facilities changed", NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	{ "poc_updated", "Contacts changed", NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	PDB_STAMPS,
};

static const struct child network_children[] = {
	{ &res_peeringdb_network_ixlan, "net", "internet-exchanges", "Internet Exchanges", 1000 },
	{ &res_peeringdb_network_facility, "net", "facilities", "Facilities", 2000 },
	{ &res_peeringdb_network_contact, "net", "contacts", "Contacts", 3000 },
};

const struct resource res_peeringdb_network = {
	.name = "network", .plural = "networks",
	.table = "peeringdb_network", .app = "peeringdb", .model = "network", .class_name = "Network",
	.api = "peeringdb/networks", .page = "peeringdb/networks", .command = "peeringdb-network",
	.display = "AS{asn} - {name}",
	.order = "id",
	.head = "id, display",
	.form = "Network: asn, name, name_long, aka, org, irr_as_set, website, looking_glass, route_server, status_dashboard, social_media, notes;"
	    " Policy: policy_general, policy_url, policy_locations, policy_ratio, policy_contracts, info_never_via_route_servers;"
	    " Traffic: info_types, info_type, info_scope, info_traffic, info_ratio, info_prefixes6, info_prefixes4, info_ipv6, info_unicast, info_multicast;"
	    " Record: rir_status, rir_status_updated, allow_ixp_update, ixp_update_exclude, netixlan_updated, netfac_updated, poc_updated, ix_count, fac_count",
	.peeringdb = "net",
	.flags = PDB_FLAGS,
	.fields = ROWS(network_fields),
	.children = ROWS(network_children),
};

static const struct choice contact_roles[] = {
	{ "Abuse", "Abuse", NULL },
	{ "Maintenance", "Maintenance", NULL },
	{ "Policy", "Policy", NULL },
	{ "Technical", "Technical", NULL },
	{ "NOC", "NOC", NULL },
	{ "Public Relations", "Public Relations", NULL },
	{ "Sales", "Sales", NULL },
	{ 0 }
};

static const struct field network_contact_fields[] = {
	{ "role", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE | FF_LIST | FF_FILTER, .choices = contact_roles },
	{ "visible", NULL, NULL, F_ENUM, FF_READONLY, .choices = choices_visibility },
	{ "name", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER, .max = 254 },
	{ "phone", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST, .max = 100 },
	{ "email", NULL, NULL, F_EMAIL, FF_READONLY | FF_LIST | FF_FILTER, .max = 254, .caption = "E-mail" },
	{ "url", NULL, NULL, F_URL, FF_READONLY, .max = 255, .caption = "URL" },
	PDB_REF("net", "Network", network, "poc_set"),
	PDB_STAMPS,
};

static const struct filter by_network_filters[] = {
	{ "net_asn", FILTER_NAMES, "net.asn", FILTERF_NOFORM },
};

const struct resource res_peeringdb_network_contact = {
	.name = "network contact", .plural = "network contacts",
	.table = "peeringdb_network_contact", .app = "peeringdb", .model = "networkcontact", .class_name = "NetworkContact",
	.api = "peeringdb/network-contacts", .page = "peeringdb/network-contacts", .command = "peeringdb-network-contact",
	.display = "{name} <{email}>|{name}",
	.order = "id",
	.head = "id, display",
	.flags = PDB_FLAGS,
	.fields = ROWS(network_contact_fields),
	.filters = ROWS(by_network_filters),
};

static const struct field network_facility_fields[] = {
	{ "local_asn", NULL, NULL, F_ASN, FF_READONLY | FF_NULL | FF_FILTER, .caption = "Local ASN" },
	PDB_BOOL("avail_sonet", "SONET"),
	PDB_BOOL("avail_ethernet", "Ethernet"),
	PDB_BOOL("avail_atm", "ATM"),
	PDB_REF("net", "Network", network, "netfac_set"),
	PDB_REF("fac", "Facility", facility, "netfac_set"),
	PDB_STAMPS,
};

const struct resource res_peeringdb_network_facility = {
	.name = "network facility", .plural = "network facilities",
	.table = "peeringdb_network_facility", .app = "peeringdb", .model = "networkfacility", .class_name = "NetworkFacility",
	.api = "peeringdb/network-facilities", .page = "peeringdb/network-facilities", .command = "peeringdb-network-facility",
	.display = "{net} at {fac}",
	.order = "id",
	.head = "id",
	.flags = PDB_FLAGS,
	.fields = ROWS(network_facility_fields),
};

static const struct field network_ixlan_fields[] = {
	{ "asn", NULL, NULL, F_ASN, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .caption = "ASN" },
	{ "ipaddr4", "IPv4", NULL, F_IFACE, FF_READONLY | FF_NULL | FF_LIST | FF_SEARCH, 4, 4 },
	{ "ipaddr6", "IPv6", NULL, F_IFACE, FF_READONLY | FF_NULL | FF_LIST | FF_SEARCH, 6, 6 },
	{ "is_rs_peer", NULL, NULL, F_BOOL, FF_READONLY | FF_LIST | FF_FILTER, .caption = "On route server" },
	{ "bfd_support", NULL, NULL, F_BOOL, FF_READONLY | FF_FILTER, .caption = "BFD" },
	PDB_TEXT("notes", 255, NULL),
	{ "speed", NULL, NULL, F_INT, FF_READONLY | FF_LIST, 0, INT32_MAX, .caption = "Mbit/s" },
	PDB_BOOL("operational", NULL),
	{ "net", "Network", NULL, F_REF, FF_READONLY | FF_BARE | FF_LIST | FF_FILTER, .ref = &res_peeringdb_network,
	    .on_delete = DEL_CASCADE, .related = "netixlan_set", .caption = "Network" },
	{ "ixlan", "Internet Exchange LAN", NULL, F_REF, FF_READONLY | FF_BARE | FF_LIST | FF_FILTER, .ref = &res_peeringdb_ixlan,
	    .on_delete = DEL_CASCADE, .related = "netixlan_set" },
	{ "net_side", NULL, NULL, F_REF, FF_READONLY | FF_NULL, .ref = &res_peeringdb_facility, .on_delete = DEL_SET_NULL,
	    .related = "net_side_set", .caption = "Network side" },
	{ "ix_side", NULL, NULL, F_REF, FF_READONLY | FF_NULL, .ref = &res_peeringdb_facility, .on_delete = DEL_SET_NULL,
	    .related = "ix_side_set", .caption = "Exchange side" },
	PDB_STAMPS,
};

#define FILTER_NET(field) \
	{ "net__" field, FILTER_CHOICE, "net." field }

static const struct filter network_ixlan_filters[] = {
	{ "net_asn", FILTER_NAMES, "net.asn", FILTERF_NOFORM },
	FILTER_NET("info_traffic"),
	FILTER_NET("info_scope"),
	FILTER_NET("info_type"),
	FILTER_NET("policy_general"),
	FILTER_NET("policy_locations"),
	{ "net__policy_ratio", FILTER_BOOL, "net.policy_ratio" },
	FILTER_NET("policy_contracts"),
};

const struct resource res_peeringdb_network_ixlan = {
	.name = "network IX LAN", .plural = "network IX LANs", .title = "Public Peering Exchange Point",
	.table = "peeringdb_network_ixlan", .app = "peeringdb", .model = "networkixlan", .class_name = "NetworkIXLan",
	.api = "peeringdb/network-ixlans", .page = "peeringdb/network-ixlans", .command = "peeringdb-network-ixlan",
	.display = "{net} on {ixlan}",
	.order = "id",
	.head = "id",
	.search = "net.name",
	.flags = PDB_FLAGS,
	.fields = ROWS(network_ixlan_fields),
	.filters = ROWS(network_ixlan_filters),
};
