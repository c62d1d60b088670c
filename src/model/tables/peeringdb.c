/*
 * peeringdb.c: the PeeringDB cache: organizations, places, exchanges and their LANs; hidden peers. Networks are in peeringdb_net.c.
 *
 * Rows of the cache have no URL of their own in the API, only an id; nested they are shown whole. Columns that Peering Manager's
 * API does not show are there for pages and templates.
 */
#include "model/tables/peeringdb_fields.h"
#include "model/tables/tables.h"

#define PDB_NAME \
	{ "name", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 255 }
#define PDB_AKA \
	PDB_TEXT("name_long", 255, "Long name"), \
	{ "aka", "Also Known As", NULL, F_TEXT, FF_READONLY, .max = 255 }
#define PDB_WEBSITE \
	{ "website", NULL, NULL, F_URL, FF_READONLY, .max = 255 }
#define PDB_NOTES \
	{ "notes", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN }
#define PDB_EMAIL(name, caption_) \
	{ name, NULL, NULL, F_EMAIL, FF_READONLY | FF_NOCOLUMN, .max = 254, .caption = caption_ }
#define PDB_PHONE(name, caption_) \
	{ name, NULL, NULL, F_TEXT, FF_READONLY | FF_NOCOLUMN, .max = 192, .caption = caption_ }
#define PDB_ADDRESS \
	PDB_TEXT("address1", 255, "Address"), PDB_TEXT("address2", 255, "Address, continued"), \
	{ "city", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST, .max = 255 }, \
	PDB_TEXT("state", 255, NULL), PDB_TEXT("zipcode", 48, "Postal code"), \
	{ "country", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST, .max = 7 }, \
	{ "latitude", NULL, NULL, F_FLOAT, FF_READONLY | FF_NULL | FF_NOCOLUMN }, \
	{ "longitude", NULL, NULL, F_FLOAT, FF_READONLY | FF_NULL | FF_NOCOLUMN }, \
	PDB_TEXT("suite", 255, NULL), PDB_TEXT("floor", 255, NULL)
#define PDB_REF(name, caption_, table_, related_) \
	{ name, NULL, NULL, F_REF, FF_READONLY | FF_LIST | FF_FILTER, .ref = &res_peeringdb_##table_, .on_delete = DEL_CASCADE, \
	    .related = related_, .caption = caption_ }
#define PDB_STATUS_DASHBOARD \
	{ "status_dashboard", NULL, NULL, F_URL, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN, .max = 255, .caption = "Status page" }
#define PDB_SOCIAL(also) \
	{ "social_media", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | FF_NOCOLUMN | (also) }

static const struct field organization_fields[] = {
	PDB_ADDRESS,
	PDB_NAME,
	PDB_AKA,
	PDB_WEBSITE,
	PDB_NOTES,
	PDB_SOCIAL(PDB_ASKED),
	PDB_LOGO,
	PDB_STAMPS,
};

static const struct child organization_children[] = {
	{ &res_peeringdb_network, "org", "networks", "Networks", 1000 },
	{ &res_peeringdb_internet_exchange, "org", "internet-exchanges", "Internet Exchanges", 2000 },
	{ &res_peeringdb_facility, "org", "facilities", "Facilities", 3000 },
	{ &res_peeringdb_carrier, "org", "carriers", "Carriers", 4000 },
	{ &res_peeringdb_campus, "org", "campuses", "Campuses", 5000 },
};

const struct resource res_peeringdb_organization = {
	.name = "organization", .plural = "organizations",
	.table = "peeringdb_organization", .app = "peeringdb", .model = "organization", .class_name = "Organization",
	.api = "peeringdb/organizations", .page = "peeringdb/organizations", .command = "peeringdb-organization",
	.display = "{name}",
	.order = "id",
	.head = "id",
	.form = "Organization: name, name_long, aka, website, social_media, logo, notes; Place: address1, address2, suite, floor, zipcode, city, state,"
	    " country, latitude, longitude",
	.peeringdb = "org",
	.flags = PDB_FLAGS,
	.fields = ROWS(organization_fields),
	.children = ROWS(organization_children),
};

static const struct field campus_fields[] = {
	PDB_NAME,
	{ "name_long", NULL, NULL, F_TEXT, FF_READONLY | FF_NULL, .max = 255, .caption = "Long name" },
	{ "aka", NULL, NULL, F_TEXT, FF_READONLY | FF_NULL, .max = 255 },
	{ "website", NULL, NULL, F_URL, FF_READONLY | FF_NULL, .max = 255 },
	PDB_SOCIAL(0),
	PDB_NOTES,
	PDB_REF("org", "Organization", organization, "campus_set"),
	{ "country", NULL, NULL, F_TEXT, FF_READONLY | PDB_ASKED | FF_LIST, .max = 7 },
	{ "city", NULL, NULL, F_TEXT, FF_READONLY | PDB_ASKED | FF_LIST, .max = 255 },
	{ "zipcode", NULL, NULL, F_TEXT, FF_READONLY | PDB_ASKED, .max = 48, .caption = "Postal code" },
	{ "state", NULL, NULL, F_TEXT, FF_READONLY | PDB_ASKED, .max = 255 },
	PDB_LOGO,
	PDB_STAMPS,
};

static const struct child campus_children[] = {
	{ &res_peeringdb_facility, "campus", "facilities", "Facilities", 1000 },
};

const struct resource res_peeringdb_campus = {
	.name = "campus", .plural = "campuses",
	.table = "peeringdb_campus", .app = "peeringdb", .model = "campus", .class_name = "Campus",
	.api = "peeringdb/campuses", .page = "peeringdb/campuses", .command = "peeringdb-campus",
	.display = "{name}",
	.order = "id",
	.head = "",
	.form = "Campus: name, name_long, aka, org, website, social_media, logo, notes; Place: zipcode, city, state, country",
	.peeringdb = "campus",
	.flags = PDB_FLAGS,
	.fields = ROWS(campus_fields),
	.children = ROWS(campus_children),
};

static const struct choice facility_property[] = {
	{ "", "Not Disclosed", NULL },
	{ "Owner", "Owner", NULL },
	{ "Lessee", "Lessee", NULL },
	{ 0 }
};

static const struct field facility_fields[] = {
	PDB_ADDRESS,
	PDB_NAME,
	PDB_AKA,
	PDB_WEBSITE,
	PDB_TEXT("clli", 18, "CLLI"),
	PDB_TEXT("rencode", 18, "RenCode"),
	PDB_TEXT("npanxx", 21, "NPA-NXX"),
	PDB_EMAIL("tech_email", "Technical e-mail"),
	PDB_PHONE("tech_phone", "Technical phone"),
	PDB_EMAIL("sales_email", "Sales e-mail"),
	PDB_PHONE("sales_phone", "Sales phone"),
	{ "property", NULL, NULL, F_ENUM, FF_READONLY | FF_NULL | FF_BARE, .choices = facility_property },
	{ "diverse_serving_substations", NULL, NULL, F_BOOL, FF_READONLY | FF_NULL },
	{ "available_voltage_services", NULL, NULL, F_TEXTS, FF_READONLY | FF_NULL, .caption = "Voltages" },
	PDB_NOTES,
	PDB_REF("org", "Organization", organization, "fac_set"),
	{ "campus", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER | PDB_ASKED, .ref = &res_peeringdb_campus, .on_delete = DEL_SET_NULL,
	    .related = "fac_set" },
	{ "region_continent", NULL, NULL, F_ENUM, FF_READONLY | FF_NULL | FF_BARE | PDB_ASKED, .choices = choices_region, .caption = "Region" },
	PDB_STATUS_DASHBOARD,
	PDB_SOCIAL(PDB_ASKED),
	PDB_LOGO,
	PDB_COUNTED("net_count", "Networks, as counted by PeeringDB", "Networks"),
	PDB_COUNTED("ix_count", "Exchanges, as counted by PeeringDB", "Exchanges"),
	PDB_COUNTED("carrier_count", "Carriers, as counted by PeeringDB", "Carriers"),
	PDB_STAMPS,
};

static const struct child facility_children[] = {
	{ &res_peeringdb_network_facility, "fac", "networks", "Networks", 1000 },
	{ &res_peeringdb_internet_exchange_facility, "fac", "internet-exchanges", "Internet Exchanges", 2000 },
	{ &res_peeringdb_carrier_facility, "fac", "carriers", "Carriers", 3000 },
};

const struct resource res_peeringdb_facility = {
	.name = "facility", .plural = "facilities",
	.table = "peeringdb_facility", .app = "peeringdb", .model = "facility", .class_name = "Facility",
	.api = "peeringdb/facilities", .page = "peeringdb/facilities", .command = "peeringdb-facility",
	.display = "{name}",
	.order = "id",
	.head = "id",
	.form = "Facility: name, name_long, aka, org, campus, website, status_dashboard, property, diverse_serving_substations, available_voltage_services,"
	    " clli, rencode, npanxx, social_media, notes; Place: address1, address2, suite, floor, zipcode, city, state, country, region_continent, latitude,"
	    " longitude; Contact: tech_email, tech_phone, sales_email, sales_phone; As counted by PeeringDB: net_count, ix_count, carrier_count",
	.peeringdb = "fac",
	.flags = PDB_FLAGS,
	.fields = ROWS(facility_fields),
	.children = ROWS(facility_children),
};

static const struct field carrier_fields[] = {
	PDB_NAME,
	{ "aka", "Also Known As", NULL, F_TEXT, FF_READONLY, .max = 255 },
	PDB_TEXT("name_long", 255, "Long name"),
	{ "website", NULL, NULL, F_URL, FF_READONLY | FF_NULL, .max = 255 },
	PDB_SOCIAL(0),
	PDB_NOTES,
	PDB_REF("org", "Organization", organization, "carrier_set"),
	PDB_LOGO,
	PDB_COUNTED("fac_count", "Facilities, as counted by PeeringDB", "Facilities"),
	PDB_STAMPS,
};

static const struct child carrier_children[] = {
	{ &res_peeringdb_carrier_facility, "carrier", "facilities", "Facilities", 1000 },
};

const struct resource res_peeringdb_carrier = {
	.name = "carrier", .plural = "carriers",
	.table = "peeringdb_carrier", .app = "peeringdb", .model = "carrier", .class_name = "Carrier",
	.api = "peeringdb/carriers", .page = "peeringdb/carriers", .command = "peeringdb-carrier",
	.display = "{name}",
	.order = "id",
	.head = "id",
	.form = "Carrier: name, name_long, aka, org, website, social_media, logo, notes; As counted by PeeringDB: fac_count",
	.peeringdb = "carrier",
	.flags = PDB_FLAGS,
	.fields = ROWS(carrier_fields),
	.children = ROWS(carrier_children),
};

static const struct field carrier_facility_fields[] = {
	PDB_REF("carrier", NULL, carrier, "carrierfac_set"),
	PDB_REF("fac", "Facility", facility, "carrierfac_set"),
	{ "campus", NULL, NULL, F_REF, FF_READONLY | FF_NULL | PDB_ASKED, .ref = &res_peeringdb_campus, .on_delete = DEL_SET_NULL,
	    .related = "carrierfac_set" },
	PDB_STAMPS,
};

const struct resource res_peeringdb_carrier_facility = {
	.name = "carrier facility", .plural = "carrier facilities",
	.table = "peeringdb_carrier_facility", .app = "peeringdb", .model = "carrierfacility", .class_name = "CarrierFacility",
	.api = "peeringdb/carrier-facilities", .page = "peeringdb/carrier-facilities", .command = "peeringdb-carrier-facility",
	.display = "{carrier} at {fac}",
	.order = "id",
	.head = "id",
	.flags = PDB_FLAGS,
	.fields = ROWS(carrier_facility_fields),
};

/* ---- exchanges ---- */

static const struct choice internet_exchange_media[] = {
	{ "Ethernet", "Ethernet", NULL },
	{ "ATM", "Atm", NULL },
	{ "Multiple", "Multiple", NULL },
	{ 0 }
};

static const struct field internet_exchange_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 64 },
	PDB_AKA,
	{ "city", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST, .max = 192 },
	{ "country", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST, .max = 7 },
	PDB_NOTES,
	{ "region_continent", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE, .choices = choices_region, .caption = "Region" },
	{ "media", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE, .choices = internet_exchange_media },
	{ "proto_unicast", NULL, NULL, F_BOOL, FF_READONLY, .caption = "Unicast" },
	{ "proto_multicast", NULL, NULL, F_BOOL, FF_READONLY, .caption = "Multicast" },
	{ "proto_ipv6", NULL, NULL, F_BOOL, FF_READONLY, .caption = "IPv6" },
	PDB_WEBSITE,
	{ "url_stats", NULL, NULL, F_URL, FF_READONLY, .max = 255, .caption = "Statistics" },
	PDB_EMAIL("tech_email", "Technical e-mail"),
	PDB_PHONE("tech_phone", "Technical phone"),
	PDB_EMAIL("policy_email", "Policy e-mail"),
	PDB_PHONE("policy_phone", "Policy phone"),
	PDB_EMAIL("sales_email", "Sales e-mail"),
	PDB_PHONE("sales_phone", "Sales phone"),
	{ "ixf_net_count", NULL, NULL, F_INT, FF_READONLY, INT32_MIN, INT32_MAX, .caption = "IX-F networks" },
	{ "ixf_last_import", NULL, NULL, F_TIME, FF_READONLY | FF_NULL, .caption = "Last IX-F import" },
	{ "service_level", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE, .choices = choices_service_level },
	{ "terms", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE, .choices = choices_terms },
	PDB_REF("org", "Organization", organization, "ix_set"),
	PDB_STATUS_DASHBOARD,
	PDB_SOCIAL(PDB_ASKED),
	PDB_LOGO,
	PDB_COUNTED("net_count", "Networks, as counted by PeeringDB", "Networks"),
	PDB_COUNTED("fac_count", "Facilities, as counted by PeeringDB", "Facilities"),
	{ "ixf_import_request", "IX-F import asked for", NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	{ "ixf_import_request_status", "IX-F import's state", NULL, F_TEXT, FF_READONLY | PDB_ASKED | FF_NOCOLUMN, .max = 255 },
	PDB_STAMPS,
};

static const struct child internet_exchange_children[] = {
	{ &res_peeringdb_ixlan, "ix", "lans", "LANs", 1000 },
	{ &res_peeringdb_network_ixlan, "ixlan.ix", "networks", "Networks", 2000 },
	{ &res_peeringdb_internet_exchange_facility, "ix", "facilities", "Facilities", 3000 },
};

const struct resource res_peeringdb_internet_exchange = {
	.name = "internet exchange", .plural = "internet exchanges",
	.table = "peeringdb_internet_exchange", .app = "peeringdb", .model = "internetexchange", .class_name = "InternetExchange",
	.api = "peeringdb/internet-exchanges", .page = "peeringdb/internet-exchanges", .command = "peeringdb-internet-exchange",
	.display = "{name}",
	.order = "id",
	.head = "id",
	.form = "Internet Exchange: name, name_long, aka, org, city, country, region_continent, website, url_stats, status_dashboard, social_media, notes;"
	    " Service: media, proto_ipv6, proto_unicast, proto_multicast, service_level, terms, ixf_net_count, ixf_last_import, ixf_import_request,"
	    " ixf_import_request_status; As counted by PeeringDB: net_count, fac_count; Contact: tech_email, tech_phone,"
	    " policy_email, policy_phone, sales_email, sales_phone",
	.peeringdb = "ix",
	.flags = PDB_FLAGS,
	.fields = ROWS(internet_exchange_fields),
	.children = ROWS(internet_exchange_children),
};

static const struct field internet_exchange_facility_fields[] = {
	PDB_REF("ix", "Exchange", internet_exchange, "ixfac_set"),
	PDB_REF("fac", "Facility", facility, "ixfac_set"),
	PDB_STAMPS,
};

const struct resource res_peeringdb_internet_exchange_facility = {
	.name = "internet exchange facility", .plural = "internet exchange facilities",
	.table = "peeringdb_internet_exchange_facility", .app = "peeringdb", .model = "internetexchangefacility",
	.class_name = "InternetExchangeFacility",
	.api = "peeringdb/internet-exchange-facilities", .page = "peeringdb/internet-exchange-facilities",
	.command = "peeringdb-internet-exchange-facility",
	.display = "{ix} at {fac}",
	.order = "id",
	.head = "id",
	.flags = PDB_FLAGS,
	.fields = ROWS(internet_exchange_facility_fields),
};

static const struct field ixlan_fields[] = {
	PDB_TEXT("name", 255, NULL),
	{ "descr", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN, .caption = "Description" },
	{ "mtu", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_LIST, 0, INT32_MAX, .caption = "MTU" },
	{ "vlan", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_FILTER, 0, INT32_MAX, .caption = "VLAN" },
	{ "dot1q_support", NULL, NULL, F_BOOL, FF_READONLY, .caption = "802.1Q" },
	{ "rs_asn", "Route Server ASN", NULL, F_INT, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, 0, UINT32_MAX, .caption = "Route server ASN" },
	{ "arp_sponge", "ARP sponging MAC", NULL, F_MAC, FF_READONLY | FF_NULL },
	{ "ixf_ixp_member_list_url", "IX-F Member Export URL", NULL, F_URL, FF_READONLY | FF_NULL, .max = 200, .caption = "Member export" },
	{ "ixf_ixp_member_list_url_visible", "IX-F Member Export URL Visibility", NULL, F_ENUM, FF_READONLY | FF_BARE,
	    .choices = choices_visibility, .caption = "Member export visible to" },
	PDB_REF("ix", "Exchange", internet_exchange, "ixlan_set"),
	{ "ixf_ixp_import_enabled", "IX-F import", NULL, F_BOOL, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN },
	PDB_STAMPS,
};

static const struct child ixlan_children[] = {
	{ &res_peeringdb_network_ixlan, "ixlan", "networks", "Networks", 1000 },
	{ &res_peeringdb_ixlan_prefix, "ixlan", "prefixes", "Prefixes", 2000 },
};

const struct resource res_peeringdb_ixlan = {
	.name = "IX LAN", .plural = "IX LANs", .title = "Internet Exchange LAN",
	.table = "peeringdb_ixlan", .app = "peeringdb", .model = "ixlan", .class_name = "IXLan",
	.api = "peeringdb/ixlans", .page = "peeringdb/ixlans", .command = "peeringdb-ixlan",
	.display = "{ix}[ - {name}]",
	.order = "id",
	.head = "id",
	.search = "ix.name",
	.flags = PDB_FLAGS,
	.fields = ROWS(ixlan_fields),
	.children = ROWS(ixlan_children),
};

static const struct choice ixlan_prefix_protocols[] = {
	{ "IPv4", "Ipv4", NULL },
	{ "IPv6", "Ipv6", NULL },
	{ 0 }
};

static const struct field ixlan_prefix_fields[] = {
	PDB_TEXT("notes", 255, NULL),
	{ "protocol", NULL, NULL, F_ENUM, FF_READONLY | FF_BARE | FF_LIST, .choices = ixlan_prefix_protocols },
	{ "prefix", NULL, NULL, F_CIDR, FF_READONLY | FF_LIST | FF_SEARCH },
	{ "in_dfz", NULL, NULL, F_BOOL, FF_READONLY | FF_LIST | FF_FILTER, .caption = "In DFZ" },
	PDB_REF("ixlan", "LAN", ixlan, "ixpfx_set"),
	PDB_STAMPS,
};

const struct resource res_peeringdb_ixlan_prefix = {
	.name = "IX LAN prefix", .plural = "IX LAN prefixes", .title = "Internet Exchange LAN Prefix",
	.table = "peeringdb_ixlan_prefix", .app = "peeringdb", .model = "ixlanprefix", .class_name = "IXLanPrefix",
	.api = "peeringdb/ixlan-prefixes", .page = "peeringdb/ixlan-prefixes", .command = "peeringdb-ixlan-prefix",
	.display = "{prefix}",
	.order = "id",
	.head = "id",
	.flags = PDB_FLAGS,
	.fields = ROWS(ixlan_prefix_fields),
};

/* ---- runs of the synchronisation ---- */

static const struct field synchronisation_fields[] = {
	{ "time", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
	{ "created", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
	{ "updated", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
	{ "deleted", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
};

const struct resource res_peeringdb_synchronisation = {
	.name = "synchronisation", .plural = "synchronisations",
	.table = "peeringdb_synchronisation", .app = "peeringdb", .model = "synchronisation", .class_name = "Synchronisation",
	.api = "peeringdb/synchronisations", .page = "peeringdb/synchronisations", .command = "peeringdb-synchronisation",
	.display = "Synchronised at {time.minute}",
	.order = "-time, -id",
	.head = "id",
	.flags = PDB_FLAGS,
	.fields = ROWS(synchronisation_fields),
};

/* ---- hidden peers: ours, not PeeringDB's ---- */

static const struct field hidden_peer_fields[] = {
	{ "peeringdb_network", NULL, NULL, F_REF, FF_NULL | FF_BARE | FF_LIST | FF_FILTER, .ref = &res_peeringdb_network,
	    .on_delete = DEL_SET_NULL, .related = "hidden_on", .caption = "Network" },
	{ "peeringdb_ixlan", "PeeringDB IX LAN", NULL, F_REF, FF_NULL | FF_BARE | FF_LIST | FF_FILTER, .ref = &res_peeringdb_ixlan,
	    .on_delete = DEL_SET_NULL, .related = "hidden_peers", .caption = "IX LAN" },
	{ "until", NULL, NULL, F_TIME, FF_NULL | FF_LIST | FF_FILTER | FF_BULK },
	{ "comments", NULL, NULL, F_LONGTEXT, FF_SEARCH | FF_BULK },
	{ "is_expired", NULL, NULL, F_IN, FF_READONLY | FF_LIST | FF_FILTER | FF_NOLOG, .link = "hidden_peer_expired", .caption = "Expired" },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOLOG },
	{ "peeringdb_network_id_copy", NULL, NULL, F_INT, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN | FF_NOLOG, 1, INT64_MAX },
	{ "peeringdb_ixlan_id_copy", NULL, NULL, F_INT, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN | FF_NOLOG, 1, INT64_MAX },
};

static const struct filter hidden_peer_filters[] = {
	{ "peeringdb_network_asn", FILTER_NAMES, "peeringdb_network.asn", FILTERF_NOFORM },
};

const struct resource res_hidden_peer = {
	.name = "hidden peer", .plural = "hidden peers",
	.table = "hidden_peer", .app = "peeringdb", .model = "hiddenpeer", .class_name = "HiddenPeer",
	.api = "peeringdb/hidden-peers", .page = "peeringdb/hidden-peers", .command = "hidden-peer",
	.display = "{peeringdb_network} hidden on {peeringdb_ixlan}|{peeringdb_network} hidden on IX LAN ID {peeringdb_ixlan_id_copy}"
	    "|Network ID {peeringdb_network_id_copy} hidden on {peeringdb_ixlan}"
	    "|Network ID {peeringdb_network_id_copy} hidden on IX LAN ID {peeringdb_ixlan_id_copy}",
	.order = "until, peeringdb_network, peeringdb_ixlan",
	.nested = "peeringdb_network, peeringdb_ixlan, until",
	.search = "peeringdb_network.name, peeringdb_network.asn, peeringdb_ixlan.name",
	.form = "Hidden Peer: peeringdb_network, peeringdb_ixlan, until; Comments: comments",
	.unique = "peeringdb_network, peeringdb_ixlan",
	.flags = RF_NOEVENTS,
	.fields = ROWS(hidden_peer_fields),
	.filters = ROWS(hidden_peer_filters),
};
