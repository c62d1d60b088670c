/* tables.c: what the graph's tables are, as data: columns, relations, derived attributes. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/attrs.h"
#include "peering/text.h"

static const struct choice policy_types[] = {
	{ "export-policy", "Export", NULL }, { "import-policy", "Import", NULL }, { "import-export-policy", "Import+Export", NULL },
	{ NULL, NULL, NULL } };
static const struct choice community_types[] = { { "egress", "Egress", NULL }, { "ingress", "Ingress", NULL }, { NULL, NULL, NULL } };

/* Every object of the book ends in these. */
#define COMMON_COLUMNS { "local_context_data" }, { "description" }, { "created", K_TIME }, { "updated", K_TIME }
#define COMMON_ATTRS \
	{ .name = "tags", .kind = ATTR_LINK, .link = L_TAGS }, \
	{ .name = "config_contexts", .kind = ATTR_ASSIGNED, .table = T_CONTEXT_ASSIGNMENT }, \
	{ .name = "config_context", .kind = ATTR_PROPERTY, .property = attr_config_context }, \
	{ .name = "get_absolute_url", .kind = ATTR_METHOD, .method = attr_absolute_url }, \
	{ .name = "docs_url", .kind = ATTR_PROPERTY, .property = attr_docs_url }
/* What is given to an object: its type and id in one number, and the object itself. */
#define KEY_COLUMNS [ASSIGNMENT_KEY] = { "object_key", K_HIDDEN }
#define KEY_ATTRS { .name = "object", .kind = ATTR_PROPERTY, .property = attr_object }
/* PeeringDB's */
#define STAMP_COLUMNS { "created", K_TIME }, { "updated", K_TIME }
#define ADDRESS_COLUMNS \
	{ "address1" }, { "address2" }, { "city" }, { "state" }, { "zipcode" }, { "country" }, { "suite" }, { "floor" }, { "latitude" }, \
	{ "longitude" }
#define REVERSE(attr, of, through) { .name = (attr), .kind = ATTR_REVERSE, .table = (of), .column = (through) }

static const struct column router_columns[] = {
	[ROUTER_ID] = { "id" }, [ROUTER_NAME] = { "name" }, [ROUTER_STATUS] = { "status", K_CHOICE, 0, choices_status },
	[ROUTER_PLATFORM] = { "platform_id", K_REF, T_PLATFORM }, [ROUTER_ENCRYPT] = { "encrypt_passwords" },
	[ROUTER_POLL] = { "poll_bgp_sessions_state" }, [ROUTER_AS] = { "local_autonomous_system_id", K_REF, T_AS },
	[ROUTER_CONFIGURATION] = { "configuration_template_id", K_REF, T_CONFIGURATION }, [ROUTER_NETBOX] = { "netbox_device_id" },
	[ROUTER_HOSTNAME] = { "hostname" },
	{ "poll_bgp_sessions_last_updated", K_TIME }, { "napalm_timeout" }, { "napalm_args" }, { "data_source_id", K_REF, T_DATA_SOURCE },
	{ "data_file_id", K_REF, T_DATA_FILE }, { "data_path" }, { "data_pushed", K_TIME },
	{ "comments" }, COMMON_COLUMNS,
};
static const struct attr router_attrs[] = {
	{ .name = "connection_set", .kind = ATTR_REVERSE, .table = T_CONNECTION, .column = CONNECTION_ROUTER },
	{ .name = "directpeeringsession_set", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = DIRECT_ROUTER },
	{ .name = "communities", .kind = ATTR_LINK, .link = L_ROUTER_COMMUNITIES },
	{ .name = "is_netbox_device", .kind = ATTR_METHOD, .method = attr_router_is_netbox },
	{ .name = "is_usable_for_task", .kind = ATTR_METHOD, .method = attr_router_usable },
	{ .name = "get_bgp_groups", .kind = ATTR_METHOD, .method = attr_router_groups },
	{ .name = "get_connections", .kind = ATTR_METHOD, .method = attr_router_connections, .params = "internet_exchange_point" },
	{ .name = "get_internet_exchange_points", .kind = ATTR_METHOD, .method = attr_router_ixps },
	{ .name = "get_direct_autonomous_systems", .kind = ATTR_METHOD, .method = attr_router_direct_as, .params = "bgp_group" },
	{ .name = "get_ixp_autonomous_systems", .kind = ATTR_METHOD, .method = attr_router_ixp_as, .params = "internet_exchange_point" },
	{ .name = "get_autonomous_systems", .kind = ATTR_METHOD, .method = attr_router_as },
	{ .name = "get_direct_peering_sessions", .kind = ATTR_METHOD, .method = attr_router_direct_sessions, .params = "bgp_group" },
	{ .name = "get_ixp_peering_sessions", .kind = ATTR_METHOD, .method = attr_router_ixp_sessions, .params = "internet_exchange_point" },
	{ .name = "get_bfd_configs", .kind = ATTR_METHOD, .method = attr_router_bfds },
	{ .name = "get_routing_policies", .kind = ATTR_METHOD, .method = attr_router_policies },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column platform_columns[] = {
	[PLATFORM_ID] = { "id" }, [PLATFORM_NAME] = { "name" }, [PLATFORM_SLUG] = { "slug" }, [PLATFORM_DRIVER] = { "napalm_driver" },
	{ "napalm_args" }, { "password_algorithm", K_CHOICE, 0, choices_password_algorithm }, COMMON_COLUMNS,
};
static const struct attr platform_attrs[] = {
	{ .name = "router_set", .kind = ATTR_REVERSE, .table = T_ROUTER, .column = ROUTER_PLATFORM },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column configuration_columns[] = {
	[CONFIGURATION_ID] = { "id" }, [CONFIGURATION_NAME] = { "name" }, [CONFIGURATION_TEMPLATE] = { "template" },
	[CONFIGURATION_TRIM] = { "jinja2_trim" }, [CONFIGURATION_LSTRIP] = { "jinja2_lstrip" }, { "data_source_id", K_REF, T_DATA_SOURCE },
	{ "data_file_id", K_REF, T_DATA_FILE }, { "data_path" }, { "auto_synchronisation_enabled" }, { "data_synchronised", K_TIME },
	{ "comments" }, COMMON_COLUMNS,
};
static const struct attr configuration_attrs[] = {
	{ .name = "router_set", .kind = ATTR_REVERSE, .table = T_ROUTER, .column = ROUTER_CONFIGURATION },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column as_columns[] = {
	[AS_ID] = { "id" }, [AS_ASN] = { "asn" }, [AS_NAME] = { "name" }, [AS_IRR] = { "irr_as_set" },
	[AS_MAX6] = { "ipv6_max_prefixes" }, [AS_MAX4] = { "ipv4_max_prefixes" }, [AS_AFFILIATED] = { "affiliated" },
	[AS_PREFIXES_UPDATED] = { "prefixes_updated", K_TIME },
	{ "name_peeringdb_sync" }, { "irr_as_set_peeringdb_sync" }, { "ipv6_max_prefixes_peeringdb_sync" },
	{ "ipv4_max_prefixes_peeringdb_sync" }, { "retrieve_prefixes" }, { "retrieve_as_list" }, { "as_list_updated", K_TIME },
	{ "prefixes_source" }, { "as_list_source" }, { "irr_sources_override" }, { "irr_ipv6_prefixes_args_override" },
	{ "irr_ipv4_prefixes_args_override" }, { "comments" }, COMMON_COLUMNS,
};
static const struct attr as_attrs[] = {
	{ .name = "import_routing_policies", .kind = ATTR_LINK, .link = L_AS_IMPORT },
	{ .name = "export_routing_policies", .kind = ATTR_LINK, .link = L_AS_EXPORT },
	{ .name = "communities", .kind = ATTR_LINK, .link = L_AS_COMMUNITIES },
	{ .name = "directpeeringsession_set", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = SESSION_AS },
	{ .name = "directpeeringsession_local_autonomous_system", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = DIRECT_LOCAL_AS },
	{ .name = "internetexchangepeeringsession_set", .kind = ATTR_REVERSE, .table = T_IX, .column = SESSION_AS },
	{ .name = "internetexchange_set", .kind = ATTR_REVERSE, .table = T_IXP, .column = IXP_AS },
	{ .name = "router_set", .kind = ATTR_REVERSE, .table = T_ROUTER, .column = ROUTER_AS },
	{ .name = "contacts", .kind = ATTR_ASSIGNED, .table = T_CONTACT_ASSIGNMENT },
	{ .name = "journal_entries", .kind = ATTR_ASSIGNED, .table = T_JOURNAL },
	{ .name = "prefixes", .kind = ATTR_PROPERTY, .property = attr_as_prefixes },
	{ .name = "as_list", .kind = ATTR_PROPERTY, .property = attr_as_list },
	{ .name = "is_private", .kind = ATTR_PROPERTY, .property = attr_as_is_private },
	{ .name = "peeringdb_network", .kind = ATTR_PROPERTY, .property = attr_as_network },
	{ .name = "general_policy", .kind = ATTR_PROPERTY, .property = attr_as_general_policy },
	{ .name = "peeringdb_contacts", .kind = ATTR_PROPERTY, .property = attr_as_contacts },
	{ .name = "can_receive_email", .kind = ATTR_PROPERTY, .property = attr_as_can_receive_email },
	{ .name = "export_policies", .kind = ATTR_METHOD, .method = attr_export_policies },
	{ .name = "import_policies", .kind = ATTR_METHOD, .method = attr_import_policies },
	{ .name = "merged_export_policies", .kind = ATTR_METHOD, .method = attr_merged_export_policies, .params = "reverse" },
	{ .name = "merged_import_policies", .kind = ATTR_METHOD, .method = attr_merged_import_policies, .params = "reverse" },
	{ .name = "policies", .kind = ATTR_METHOD, .method = attr_policies },
	{ .name = "get_direct_peering_sessions", .kind = ATTR_METHOD, .method = attr_as_direct_sessions, .params = "bgp_group" },
	{ .name = "get_ixp_peering_sessions", .kind = ATTR_METHOD, .method = attr_as_ixp_sessions, .params = "internet_exchange_point" },
	{ .name = "get_relationships", .kind = ATTR_METHOD, .method = attr_as_relationships, .params = "local_autonomous_system" },
	{ .name = "get_internet_exchange_points", .kind = ATTR_METHOD, .method = attr_as_ixps, .params = "other" },
	{ .name = "get_shared_internet_exchange_points", .kind = ATTR_METHOD, .method = attr_as_shared_ixps, .params = "other" },
	{ .name = "get_peeringdb_shared_facilities", .kind = ATTR_METHOD, .method = attr_as_shared_facilities, .params = "other" },
	{ .name = "get_missing_peering_sessions", .kind = ATTR_METHOD, .method = attr_as_missing_sessions,
	  .params = "other, internet_exchange_point" },
	{ .name = "get_routers", .kind = ATTR_METHOD, .method = attr_as_routers },
	{ .name = "are_bgp_sessions_pollable", .kind = ATTR_METHOD, .method = attr_as_pollable },
	{ .name = "divergence_from_peeringdb", .kind = ATTR_METHOD, .method = attr_as_divergence },
	{ .name = "get_irr_as_set_prefixes", .kind = ATTR_METHOD, .method = attr_as_irr_prefixes, .params = "address_family" },
	{ .name = "get_irr_as_set_as_list", .kind = ATTR_METHOD, .method = attr_as_irr_as_list },
	{ .name = "get_cc_email_contacts", .kind = ATTR_METHOD, .method = attr_as_cc_contacts },
	{ .name = "get_contact_email_addresses", .kind = ATTR_METHOD, .method = attr_as_email_addresses },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column group_columns[] = {
	[GROUP_ID] = { "id" }, [GROUP_NAME] = { "name" }, [GROUP_SLUG] = { "slug" },
	[GROUP_STATUS] = { "status", K_CHOICE, 0, choices_status }, COMMON_COLUMNS,
};
static const struct attr group_attrs[] = {
	{ .name = "import_routing_policies", .kind = ATTR_LINK, .link = L_GROUP_IMPORT },
	{ .name = "export_routing_policies", .kind = ATTR_LINK, .link = L_GROUP_EXPORT },
	{ .name = "communities", .kind = ATTR_LINK, .link = L_GROUP_COMMUNITIES },
	{ .name = "directpeeringsession_set", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = DIRECT_GROUP },
	{ .name = "export_policies", .kind = ATTR_METHOD, .method = attr_export_policies },
	{ .name = "import_policies", .kind = ATTR_METHOD, .method = attr_import_policies },
	{ .name = "merged_export_policies", .kind = ATTR_METHOD, .method = attr_merged_export_policies, .params = "reverse" },
	{ .name = "merged_import_policies", .kind = ATTR_METHOD, .method = attr_merged_import_policies, .params = "reverse" },
	{ .name = "policies", .kind = ATTR_METHOD, .method = attr_policies },
	{ .name = "get_peering_sessions", .kind = ATTR_METHOD, .method = attr_group_sessions },
	{ .name = "get_routers", .kind = ATTR_METHOD, .method = attr_group_routers },
	{ .name = "are_bgp_sessions_pollable", .kind = ATTR_METHOD, .method = attr_group_pollable },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column ixp_columns[] = {
	[IXP_ID] = { "id" }, [IXP_NAME] = { "name" }, [IXP_SLUG] = { "slug" }, [IXP_STATUS] = { "status", K_CHOICE, 0, choices_status },
	[IXP_IXLAN] = { "peeringdb_ixlan_id", K_REF, T_IXLAN }, [IXP_AS] = { "local_autonomous_system_id", K_REF, T_AS },
	[IXP_IXAPI] = { "ixapi_endpoint_id", K_REF, T_IXAPI }, COMMON_COLUMNS,
};
static const struct attr ixp_attrs[] = {
	{ .name = "import_routing_policies", .kind = ATTR_LINK, .link = L_IXP_IMPORT },
	{ .name = "export_routing_policies", .kind = ATTR_LINK, .link = L_IXP_EXPORT },
	{ .name = "communities", .kind = ATTR_LINK, .link = L_IXP_COMMUNITIES },
	{ .name = "connection_set", .kind = ATTR_REVERSE, .table = T_CONNECTION, .column = CONNECTION_IXP },
	{ .name = "contacts", .kind = ATTR_ASSIGNED, .table = T_CONTACT_ASSIGNMENT },
	{ .name = "export_policies", .kind = ATTR_METHOD, .method = attr_export_policies },
	{ .name = "import_policies", .kind = ATTR_METHOD, .method = attr_import_policies },
	{ .name = "merged_export_policies", .kind = ATTR_METHOD, .method = attr_merged_export_policies, .params = "reverse" },
	{ .name = "merged_import_policies", .kind = ATTR_METHOD, .method = attr_merged_import_policies, .params = "reverse" },
	{ .name = "policies", .kind = ATTR_METHOD, .method = attr_policies },
	{ .name = "linked_to_peeringdb", .kind = ATTR_PROPERTY, .property = attr_ixp_linked },
	{ .name = "has_connected_routers", .kind = ATTR_PROPERTY, .property = attr_ixp_has_routers },
	{ .name = "peeringdb_prefixes", .kind = ATTR_PROPERTY, .property = attr_ixp_prefixes },
	{ .name = "get_prefixes", .kind = ATTR_METHOD, .method = attr_ixp_get_prefixes, .params = "family" },
	{ .name = "get_connections", .kind = ATTR_METHOD, .method = attr_ixp_connections },
	{ .name = "get_routers", .kind = ATTR_METHOD, .method = attr_ixp_routers },
	{ .name = "get_peering_sessions", .kind = ATTR_METHOD, .method = attr_ixp_sessions },
	{ .name = "get_autonomous_systems", .kind = ATTR_METHOD, .method = attr_ixp_autonomous_systems },
	{ .name = "get_available_peers", .kind = ATTR_METHOD, .method = attr_ixp_available_peers, .params = "show_hidden" },
	{ .name = "get_hidden_peers", .kind = ATTR_METHOD, .method = attr_ixp_hidden_peers },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column connection_columns[] = {
	[CONNECTION_ID] = { "id" }, [CONNECTION_STATUS] = { "status", K_CHOICE, 0, choices_status },
	[CONNECTION_IXP] = { "internet_exchange_point_id", K_REF, T_IXP }, [CONNECTION_ROUTER] = { "router_id", K_REF, T_ROUTER },
	[CONNECTION_IPV6] = { "ipv6_address", K_IFACE }, [CONNECTION_IPV4] = { "ipv4_address", K_IFACE },
	[CONNECTION_MAC] = { "mac_address", K_MAC }, [CONNECTION_INTERFACE] = { "interface" },
	[CONNECTION_NETIXLAN] = { "peeringdb_netixlan_id", K_REF, T_NETIXLAN }, { "vlan" }, { "comments" }, COMMON_COLUMNS,
};
static const struct attr connection_attrs[] = {
	{ .name = "internetexchangepeeringsession_set", .kind = ATTR_REVERSE, .table = T_IX, .column = IX_CONNECTION },
	{ .name = "directpeeringsession_set", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = DIRECT_CONNECTION },
	{ .name = "name", .kind = ATTR_PROPERTY, .property = attr_connection_name },
	{ .name = "linked_to_peeringdb", .kind = ATTR_PROPERTY, .property = attr_connection_linked },
	COMMON_ATTRS, { .name = NULL },
};

#define SESSION_COLUMNS \
	[SESSION_ID] = { "id" }, [SESSION_STATUS] = { "status", K_CHOICE, 0, choices_session_status }, \
	[SESSION_AS] = { "autonomous_system_id", K_REF, T_AS }, [SESSION_BFD] = { "bfd_id", K_REF, T_BFD }, \
	[SESSION_PASSWORD] = { "password", K_SECRET }, [SESSION_ENCRYPTED] = { "encrypted_password", K_SECRET }, \
	[SESSION_STATE] = { "bgp_state", K_CHOICE, 0, choices_bgp_state }
#define SESSION_PLAIN_COLUMNS \
	{ "service_reference" }, { "multihop_ttl" }, { "passive" }, { "received_prefix_count" }, { "accepted_prefix_count" }, \
	{ "advertised_prefix_count" }, { "last_established_state", K_TIME }, { "comments" }, COMMON_COLUMNS
#define SESSION_ATTRS \
	{ .name = "enabled", .kind = ATTR_PROPERTY, .property = attr_session_enabled }, \
	{ .name = "merged_export_policies", .kind = ATTR_METHOD, .method = attr_merged_export_policies, .params = "reverse" }, \
	{ .name = "merged_import_policies", .kind = ATTR_METHOD, .method = attr_merged_import_policies, .params = "reverse" }, \
	{ .name = "merged_communities", .kind = ATTR_METHOD, .method = attr_merged_communities }, \
	COMMON_ATTRS, { .name = NULL }

static const struct column direct_columns[] = {
	SESSION_COLUMNS, [SESSION_IP] = { "ip_address", K_IFACE },
	[DIRECT_LOCAL_AS] = { "local_autonomous_system_id", K_REF, T_AS }, [DIRECT_LOCAL_IP] = { "local_ip_address", K_IFACE },
	[DIRECT_GROUP] = { "bgp_group_id", K_REF, T_GROUP }, [DIRECT_RELATIONSHIP] = { "relationship_id", K_REF, T_RELATIONSHIP },
	[DIRECT_ROUTER] = { "router_id", K_REF, T_ROUTER }, [DIRECT_CONNECTION] = { "connection_id", K_REF, T_CONNECTION },
	SESSION_PLAIN_COLUMNS,
};
static const struct attr direct_attrs[] = {
	{ .name = "import_routing_policies", .kind = ATTR_LINK, .link = L_DIRECT_IMPORT },
	{ .name = "export_routing_policies", .kind = ATTR_LINK, .link = L_DIRECT_EXPORT },
	{ .name = "communities", .kind = ATTR_LINK, .link = L_DIRECT_COMMUNITIES },
	SESSION_ATTRS,
};

static const struct column ix_columns[] = {
	SESSION_COLUMNS, [SESSION_IP] = { "ip_address", K_HOST },
	[IX_CONNECTION] = { "ixp_connection_id", K_REF, T_CONNECTION }, [IX_ROUTE_SERVER] = { "is_route_server" },
	SESSION_PLAIN_COLUMNS,
};
static const struct attr ix_attrs[] = {
	{ .name = "import_routing_policies", .kind = ATTR_LINK, .link = L_IX_IMPORT },
	{ .name = "export_routing_policies", .kind = ATTR_LINK, .link = L_IX_EXPORT },
	{ .name = "communities", .kind = ATTR_LINK, .link = L_IX_COMMUNITIES },
	{ .name = "exists_in_peeringdb", .kind = ATTR_PROPERTY, .property = attr_exists_in_peeringdb },
	{ .name = "is_abandoned", .kind = ATTR_PROPERTY, .property = attr_is_abandoned },
	SESSION_ATTRS,
};

static const struct column policy_columns[] = {
	[POLICY_ID] = { "id" }, [POLICY_NAME] = { "name" }, [POLICY_SLUG] = { "slug" }, [POLICY_WEIGHT] = { "weight" },
	[POLICY_FAMILY] = { "address_family", K_CHOICE, 0, choices_family }, [POLICY_TYPE] = { "type", K_CHOICE, 0, policy_types }, COMMON_COLUMNS,
};
static const struct attr policy_attrs[] = {
	{ .name = "communities", .kind = ATTR_LINK, .link = L_POLICY_COMMUNITIES },
	{ .name = "autonomoussystem_import_routing_policies", .kind = ATTR_LINKED, .table = T_AS, .link = L_AS_IMPORT },
	{ .name = "autonomoussystem_export_routing_policies", .kind = ATTR_LINKED, .table = T_AS, .link = L_AS_EXPORT },
	{ .name = "bgpgroup_import_routing_policies", .kind = ATTR_LINKED, .table = T_GROUP, .link = L_GROUP_IMPORT },
	{ .name = "bgpgroup_export_routing_policies", .kind = ATTR_LINKED, .table = T_GROUP, .link = L_GROUP_EXPORT },
	{ .name = "internetexchange_import_routing_policies", .kind = ATTR_LINKED, .table = T_IXP, .link = L_IXP_IMPORT },
	{ .name = "internetexchange_export_routing_policies", .kind = ATTR_LINKED, .table = T_IXP, .link = L_IXP_EXPORT },
	{ .name = "directpeeringsession_import_routing_policies", .kind = ATTR_LINKED, .table = T_DIRECT, .link = L_DIRECT_IMPORT },
	{ .name = "directpeeringsession_export_routing_policies", .kind = ATTR_LINKED, .table = T_DIRECT, .link = L_DIRECT_EXPORT },
	{ .name = "internetexchangepeeringsession_import_routing_policies", .kind = ATTR_LINKED, .table = T_IX, .link = L_IX_IMPORT },
	{ .name = "internetexchangepeeringsession_export_routing_policies", .kind = ATTR_LINKED, .table = T_IX, .link = L_IX_EXPORT },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column community_columns[] = {
	[COMMUNITY_ID] = { "id" }, [COMMUNITY_NAME] = { "name" }, [COMMUNITY_SLUG] = { "slug" }, [COMMUNITY_VALUE] = { "value" },
	{ "type", K_CHOICE, 0, community_types }, COMMON_COLUMNS,
};
static const struct attr community_attrs[] = {
	{ .name = "kind", .kind = ATTR_PROPERTY, .property = attr_community_kind },
	{ .name = "autonomoussystem_set", .kind = ATTR_LINKED, .table = T_AS, .link = L_AS_COMMUNITIES },
	{ .name = "bgpgroup_set", .kind = ATTR_LINKED, .table = T_GROUP, .link = L_GROUP_COMMUNITIES },
	{ .name = "internetexchange_set", .kind = ATTR_LINKED, .table = T_IXP, .link = L_IXP_COMMUNITIES },
	{ .name = "directpeeringsession_set", .kind = ATTR_LINKED, .table = T_DIRECT, .link = L_DIRECT_COMMUNITIES },
	{ .name = "internetexchangepeeringsession_set", .kind = ATTR_LINKED, .table = T_IX, .link = L_IX_COMMUNITIES },
	{ .name = "router_set", .kind = ATTR_LINKED, .table = T_ROUTER, .link = L_ROUTER_COMMUNITIES },
	{ .name = "routingpolicy_set", .kind = ATTR_LINKED, .table = T_POLICY, .link = L_POLICY_COMMUNITIES },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column relationship_columns[] = {
	[NAMED_ID] = { "id" }, [NAMED_NAME] = { "name" }, [NAMED_SLUG] = { "slug" }, [NAMED_COLOR] = { "color" }, COMMON_COLUMNS,
};
static const struct attr relationship_attrs[] = {
	{ .name = "directpeeringsession_set", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = DIRECT_RELATIONSHIP },
	{ .name = "get_html", .kind = ATTR_METHOD, .method = attr_relationship_html },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column bfd_columns[] = {
	[NAMED_ID] = { "id" }, [NAMED_NAME] = { "name" }, [NAMED_SLUG] = { "slug" }, { "minimum_transmit_interval" },
	{ "minimum_receive_interval" }, { "detection_multiplier" }, { "hold_time" }, COMMON_COLUMNS,
};
static const struct attr bfd_attrs[] = {
	{ .name = "directpeeringsession_set", .kind = ATTR_REVERSE, .table = T_DIRECT, .column = SESSION_BFD },
	{ .name = "internetexchangepeeringsession_set", .kind = ATTR_REVERSE, .table = T_IX, .column = SESSION_BFD },
	COMMON_ATTRS, { .name = NULL },
};

static const struct column tag_columns[] = {
	[NAMED_ID] = { "id" }, [NAMED_NAME] = { "name" }, [NAMED_SLUG] = { "slug" }, [NAMED_COLOR] = { "color" }, { "description" },
	STAMP_COLUMNS,
};
static const struct attr tag_attrs[] = {
	REVERSE("extras_taggeditem_items", T_TAGGED_ITEM, ASSIGNMENT_OTHER), { .name = NULL },
};
static const struct column tagged_item_columns[] = {
	[ASSIGNMENT_ID] = { "id" }, KEY_COLUMNS, [ASSIGNMENT_OTHER] = { "tag_id", K_REF, T_TAG }, { "object_id" },
};
static const struct attr tagged_item_attrs[] = {
	{ .name = "content_object", .kind = ATTR_PROPERTY, .property = attr_object }, { .name = NULL },
};
static const struct column context_columns[] = {
	[CONTEXT_ID] = { "id" }, [CONTEXT_NAME] = { "name" }, [CONTEXT_ACTIVE] = { "is_active" }, [CONTEXT_DATA] = { "data" },
	{ "description" }, { "data_source_id", K_REF, T_DATA_SOURCE }, { "data_file_id", K_REF, T_DATA_FILE }, { "data_path" },
	{ "auto_synchronisation_enabled" }, { "data_synchronised", K_TIME }, STAMP_COLUMNS,
};
static const struct attr context_attrs[] = { REVERSE("assignments", T_CONTEXT_ASSIGNMENT, ASSIGNMENT_OTHER), { .name = NULL } };
static const struct column context_assignment_columns[] = {
	[ASSIGNMENT_ID] = { "id" }, KEY_COLUMNS, [ASSIGNMENT_OTHER] = { "config_context_id", K_REF, T_CONTEXT },
	{ "object_id" }, { "weight" }, STAMP_COLUMNS,
};
static const struct attr assignment_attrs[] = { KEY_ATTRS, { .name = NULL } };
static const struct column contact_columns[] = {
	[CONTACT_ID] = { "id" }, [CONTACT_NAME] = { "name" }, [CONTACT_EMAIL] = { "email" }, { "title" }, { "phone" }, { "address" },
	{ "comments" }, COMMON_COLUMNS,
};
static const struct attr contact_attrs[] = {
	REVERSE("assignments", T_CONTACT_ASSIGNMENT, ASSIGNMENT_OTHER), COMMON_ATTRS, { .name = NULL },
};
static const struct column role_columns[] = {
	[NAMED_ID] = { "id" }, [NAMED_NAME] = { "name" }, [NAMED_SLUG] = { "slug" }, COMMON_COLUMNS,
};
static const struct attr role_attrs[] = { REVERSE("assignments", T_CONTACT_ASSIGNMENT, ASSIGNMENT_ROLE), COMMON_ATTRS, { .name = NULL } };
static const struct column contact_assignment_columns[] = {
	[ASSIGNMENT_ID] = { "id" }, KEY_COLUMNS, [ASSIGNMENT_OTHER] = { "contact_id", K_REF, T_CONTACT },
	[ASSIGNMENT_ROLE] = { "role_id", K_REF, T_ROLE }, { "object_id" }, STAMP_COLUMNS,
};
static const struct column journal_columns[] = {
	[ASSIGNMENT_ID] = { "id" }, KEY_COLUMNS, { "kind", K_CHOICE }, { "comments" }, STAMP_COLUMNS,
};
static const struct attr journal_attrs[] = {
	{ .name = "assigned_object", .kind = ATTR_PROPERTY, .property = attr_object }, { .name = NULL },
};
static const struct column ixapi_columns[] = { { "id" }, { "name" }, { "api_url" }, STAMP_COLUMNS };
static const struct attr ixapi_attrs[] = { REVERSE("internetexchange_set", T_IXP, IXP_IXAPI), { .name = NULL } };
static const struct column data_source_columns[] = {
	{ "id" }, { "name" }, { "type", K_CHOICE }, { "source_url" }, { "status", K_CHOICE }, { "enabled" }, { "ignore_rules" },
	{ "last_synchronised", K_TIME }, { "comments" }, COMMON_COLUMNS,
};
static const struct attr data_source_attrs[] = { REVERSE("datafiles", T_DATA_FILE, DATA_FILE_SOURCE), COMMON_ATTRS, { .name = NULL } };
static const struct column data_file_columns[] = {
	[DATA_FILE_ID] = { "id" }, [DATA_FILE_SOURCE] = { "source_id", K_REF, T_DATA_SOURCE }, [DATA_FILE_PATH] = { "path" }, { "size" },
	{ "hash" }, STAMP_COLUMNS,
};

/* ---- PeeringDB */

static const struct column network_columns[] = {
	[NETWORK_ID] = { "id" }, [NETWORK_ASN] = { "asn" }, [NETWORK_NAME] = { "name" }, [NETWORK_IRR] = { "irr_as_set" },
	[NETWORK_MAX6] = { "info_prefixes6" }, [NETWORK_MAX4] = { "info_prefixes4" }, [NETWORK_POLICY] = { "policy_general", K_CHOICE },
	[NETWORK_ORG] = { "org_id", K_REF, T_ORG }, { "name_long" }, { "aka" }, { "website" }, { "social_media" }, { "looking_glass" },
	{ "route_server" }, { "notes" }, { "notes_private" }, { "info_traffic", K_CHOICE }, { "info_ratio", K_CHOICE },
	{ "info_scope", K_CHOICE }, { "info_type", K_CHOICE }, { "info_types" }, { "info_unicast" }, { "info_multicast" }, { "info_ipv6" },
	{ "info_never_via_route_servers" }, { "policy_url" }, { "policy_locations", K_CHOICE }, { "policy_ratio" },
	{ "policy_contracts", K_CHOICE }, { "status_dashboard" }, { "rir_status" }, { "rir_status_updated", K_TIME }, STAMP_COLUMNS,
};
static const struct attr network_attrs[] = {
	REVERSE("netixlan_set", T_NETIXLAN, NETIXLAN_NET), REVERSE("netfac_set", T_NETFAC, NETFAC_NET), REVERSE("poc_set", T_POC, POC_NET),
	REVERSE("hidden_on", T_HIDDEN_PEER, HIDDEN_NET),
	{ .name = "get_shared_internet_exchange_points", .kind = ATTR_METHOD, .method = attr_as_shared_ixps, .params = "other" },
	{ .name = NULL },
};
static const struct column netixlan_columns[] = {
	[NETIXLAN_ID] = { "id" }, [NETIXLAN_NET] = { "net_id", K_REF, T_NETWORK }, [NETIXLAN_IXLAN] = { "ixlan_id", K_REF, T_IXLAN },
	[NETIXLAN_ASN] = { "asn" }, [NETIXLAN_IPV6] = { "ipaddr6", K_IFACE }, [NETIXLAN_IPV4] = { "ipaddr4", K_IFACE },
	[NETIXLAN_NET_SIDE] = { "net_side_id", K_REF, T_FACILITY }, [NETIXLAN_IX_SIDE] = { "ix_side_id", K_REF, T_FACILITY },
	{ "is_rs_peer" }, { "bfd_support" }, { "speed" }, { "operational" }, { "notes" }, STAMP_COLUMNS,
};
static const struct attr netixlan_attrs[] = {
	REVERSE("connection_set", T_CONNECTION, CONNECTION_NETIXLAN),
	{ .name = "cidr4", .kind = ATTR_PROPERTY, .property = attr_netixlan_cidr4 },
	{ .name = "cidr6", .kind = ATTR_PROPERTY, .property = attr_netixlan_cidr6 },
	{ .name = "is_remote_peer", .kind = ATTR_PROPERTY, .property = attr_netixlan_remote },
	{ .name = "get_ixlan_prefix", .kind = ATTR_METHOD, .method = attr_netixlan_prefixes, .params = "address_family" },
	{ .name = "cidr", .kind = ATTR_METHOD, .method = attr_netixlan_cidr, .params = "address_family" },
	{ .name = NULL },
};
static const struct column ixlan_columns[] = {
	[IXLAN_ID] = { "id" }, [IXLAN_IX] = { "ix_id", K_REF, T_PDB_IX }, [IXLAN_NAME] = { "name" }, { "descr" }, { "mtu" }, { "vlan" },
	{ "dot1q_support" }, { "rs_asn" }, { "arp_sponge", K_MAC }, { "ixf_ixp_member_list_url" },
	{ "ixf_ixp_member_list_url_visible", K_CHOICE }, STAMP_COLUMNS,
};
static const struct attr ixlan_attrs[] = {
	REVERSE("ixpfx_set", T_IXLAN_PREFIX, IXLAN_PREFIX_IXLAN), REVERSE("netixlan_set", T_NETIXLAN, NETIXLAN_IXLAN),
	REVERSE("internetexchange_set", T_IXP, IXP_IXLAN), REVERSE("hidden_peers", T_HIDDEN_PEER, HIDDEN_IXLAN), { .name = NULL },
};
static const struct column ixlan_prefix_columns[] = {
	[IXLAN_PREFIX_ID] = { "id" }, [IXLAN_PREFIX_IXLAN] = { "ixlan_id", K_REF, T_IXLAN }, [IXLAN_PREFIX_PREFIX] = { "prefix", K_NET },
	{ "protocol", K_CHOICE }, { "in_dfz" }, { "notes" }, STAMP_COLUMNS,
};
static const struct column pdb_ix_columns[] = {
	[PDB_IX_ID] = { "id" }, [PDB_IX_ORG] = { "org_id", K_REF, T_ORG }, { "name" }, { "name_long" }, { "aka" }, { "city" }, { "country" },
	{ "notes" }, { "region_continent", K_CHOICE }, { "media", K_CHOICE }, { "proto_unicast" }, { "proto_multicast" }, { "proto_ipv6" },
	{ "website" }, { "social_media" }, { "url_stats" }, { "tech_email" }, { "tech_phone" }, { "policy_email" }, { "policy_phone" },
	{ "sales_email" }, { "sales_phone" }, { "ixf_net_count" }, { "ixf_last_import", K_TIME }, { "service_level", K_CHOICE },
	{ "terms", K_CHOICE }, { "status_dashboard" }, STAMP_COLUMNS,
};
static const struct attr pdb_ix_attrs[] = {
	REVERSE("ixlan_set", T_IXLAN, IXLAN_IX), REVERSE("ixfac_set", T_IXFAC, IXFAC_IX),
	{ .name = "fac_set", .kind = ATTR_PROPERTY, .property = attr_pdb_ix_facilities }, { .name = NULL },
};
static const struct column ixfac_columns[] = {
	[IXFAC_ID] = { "id" }, [IXFAC_IX] = { "ix_id", K_REF, T_PDB_IX }, [IXFAC_FAC] = { "fac_id", K_REF, T_FACILITY }, STAMP_COLUMNS,
};
static const struct column netfac_columns[] = {
	[NETFAC_ID] = { "id" }, [NETFAC_NET] = { "net_id", K_REF, T_NETWORK }, [NETFAC_FAC] = { "fac_id", K_REF, T_FACILITY },
	{ "local_asn" }, { "avail_sonet" }, { "avail_ethernet" }, { "avail_atm" }, STAMP_COLUMNS,
};
static const struct column facility_columns[] = {
	[FACILITY_ID] = { "id" }, [FACILITY_ORG] = { "org_id", K_REF, T_ORG }, [FACILITY_CAMPUS] = { "campus_id", K_REF, T_CAMPUS },
	{ "name" }, { "name_long" }, { "aka" }, { "website" }, { "social_media" }, { "clli" }, { "rencode" }, { "npanxx" }, { "tech_email" },
	{ "tech_phone" }, { "sales_email" }, { "sales_phone" }, { "property", K_CHOICE }, { "diverse_serving_substations" },
	{ "available_voltage_services" }, { "notes" }, { "region_continent", K_CHOICE }, { "status_dashboard" }, ADDRESS_COLUMNS, STAMP_COLUMNS,
};
static const struct attr facility_attrs[] = {
	REVERSE("netfac_set", T_NETFAC, NETFAC_FAC), REVERSE("ixfac_set", T_IXFAC, IXFAC_FAC),
	REVERSE("carrierfac_set", T_CARRIERFAC, CARRIERFAC_FAC), REVERSE("net_side_set", T_NETIXLAN, NETIXLAN_NET_SIDE),
	REVERSE("ix_side_set", T_NETIXLAN, NETIXLAN_IX_SIDE), { .name = NULL },
};
static const struct column poc_columns[] = {
	[POC_ID] = { "id" }, [POC_NET] = { "net_id", K_REF, T_NETWORK }, [POC_ROLE] = { "role", K_CHOICE }, [POC_NAME] = { "name" },
	[POC_EMAIL] = { "email" }, { "visible", K_CHOICE }, { "phone" }, { "url" }, STAMP_COLUMNS,
};
static const struct column org_columns[] = {
	{ "id" }, { "name" }, { "name_long" }, { "aka" }, { "website" }, { "social_media" }, { "notes" }, ADDRESS_COLUMNS, STAMP_COLUMNS,
};
static const struct attr org_attrs[] = {
	REVERSE("net_set", T_NETWORK, NETWORK_ORG), REVERSE("fac_set", T_FACILITY, FACILITY_ORG), REVERSE("ix_set", T_PDB_IX, PDB_IX_ORG),
	REVERSE("carrier_set", T_CARRIER, CAMPUS_ORG), REVERSE("campus_set", T_CAMPUS, CAMPUS_ORG), { .name = NULL },
};
static const struct column campus_columns[] = {
	[CAMPUS_ID] = { "id" }, [CAMPUS_ORG] = { "org_id", K_REF, T_ORG }, { "name" }, { "name_long" }, { "aka" }, { "website" },
	{ "social_media" }, { "notes" }, STAMP_COLUMNS,
};
static const struct attr campus_attrs[] = {
	REVERSE("fac_set", T_FACILITY, FACILITY_CAMPUS), REVERSE("carrierfac_set", T_CARRIERFAC, CARRIERFAC_CAMPUS), { .name = NULL },
};
static const struct attr carrier_attrs[] = { REVERSE("carrierfac_set", T_CARRIERFAC, CARRIERFAC_CARRIER), { .name = NULL } };
static const struct column carrierfac_columns[] = {
	[CARRIERFAC_ID] = { "id" }, [CARRIERFAC_CARRIER] = { "carrier_id", K_REF, T_CARRIER }, [CARRIERFAC_FAC] = { "fac_id", K_REF, T_FACILITY },
	[CARRIERFAC_CAMPUS] = { "campus_id", K_REF, T_CAMPUS }, STAMP_COLUMNS,
};
static const struct column hidden_peer_columns[] = {
	[HIDDEN_ID] = { "id" }, [HIDDEN_NET] = { "peeringdb_network_id", K_REF, T_NETWORK },
	[HIDDEN_IXLAN] = { "peeringdb_ixlan_id", K_REF, T_IXLAN }, [HIDDEN_EXPIRED] = { "is_expired" },
	[HIDDEN_NET_COPY] = { "peeringdb_network_id_copy" }, [HIDDEN_IXLAN_COPY] = { "peeringdb_ixlan_id_copy" }, { "until", K_TIME },
	{ "comments" }, STAMP_COLUMNS,
};
static const struct attr no_attrs[] = { { .name = NULL } };

#define TABLE(class, app_model, type, scope, all, asn, cols, extra, str) \
	{ .class_name = (class), .model = (app_model), .object_type = (type), .scope_query = (scope), .all_query = (all), .by_asn = (asn), \
	  .columns = (cols), .ncolumns = ARRAY_LEN(cols), .attrs = (extra), .text = (str) }
#define PEERINGDB(class, app_model, query, asn, cols, extra, str) \
	{ .class_name = (class), .model = (app_model), .scope_query = (query), .all_query = (query), .by_asn = (asn), .outward = true, \
	  .columns = (cols), .ncolumns = ARRAY_LEN(cols), .attrs = (extra), .text = (str) }

const struct gtable gtables[T__COUNT] = {
	[T_ROUTER] = TABLE("Router", "devices.router", 32, Q_RENDER_ROUTERS, Q_RENDER_ROUTERS, false, router_columns, router_attrs, NULL),
	[T_PLATFORM] = TABLE("Platform", "devices.platform", 31, Q_RENDER_PLATFORMS, Q_RENDER_PLATFORMS, false, platform_columns,
	    platform_attrs, NULL),
	[T_CONFIGURATION] = TABLE("Configuration", "devices.configuration", 30, Q_RENDER_CONFIGURATIONS, Q_RENDER_CONFIGURATIONS, false,
	    configuration_columns, configuration_attrs, NULL),
	[T_AS] = TABLE("AutonomousSystem", "peering.autonomoussystem", 70, Q_RENDER_ROUTER_AUTONOMOUS_SYSTEMS, Q_RENDER_AUTONOMOUS_SYSTEMS,
	    false, as_columns, as_attrs, text_as),
	[T_GROUP] = TABLE("BGPGroup", "peering.bgpgroup", 71, Q_RENDER_GROUPS, Q_RENDER_GROUPS, false, group_columns, group_attrs, NULL),
	[T_IXP] = TABLE("InternetExchange", "peering.internetexchange", 73, Q_RENDER_EXCHANGES, Q_RENDER_EXCHANGES, false, ixp_columns,
	    ixp_attrs, NULL),
	[T_CONNECTION] = TABLE("Connection", "net.connection", 61, Q_RENDER_CONNECTIONS, Q_RENDER_CONNECTIONS, false, connection_columns,
	    connection_attrs, text_connection),
	[T_DIRECT] = TABLE("DirectPeeringSession", "peering.directpeeringsession", 72, Q_RENDER_ROUTER_DIRECT_SESSIONS,
	    Q_RENDER_DIRECT_SESSIONS, false, direct_columns, direct_attrs, text_session),
	[T_IX] = TABLE("InternetExchangePeeringSession", "peering.internetexchangepeeringsession", 74, Q_RENDER_ROUTER_IX_SESSIONS,
	    Q_RENDER_IX_SESSIONS, false, ix_columns, ix_attrs, text_session),
	[T_POLICY] = TABLE("RoutingPolicy", "peering.routingpolicy", 75, Q_RENDER_POLICIES, Q_RENDER_POLICIES, false, policy_columns,
	    policy_attrs, NULL),
	[T_COMMUNITY] = TABLE("Community", "bgp.community", 10, Q_RENDER_COMMUNITIES, Q_RENDER_COMMUNITIES, false, community_columns,
	    community_attrs, NULL),
	[T_RELATIONSHIP] = TABLE("Relationship", "bgp.relationship", 11, Q_RENDER_RELATIONSHIPS, Q_RENDER_RELATIONSHIPS, false,
	    relationship_columns, relationship_attrs, NULL),
	[T_BFD] = TABLE("BFD", "net.bfd", 60, Q_RENDER_BFDS, Q_RENDER_BFDS, false, bfd_columns, bfd_attrs, NULL),
	[T_TAG] = TABLE("Tag", "extras.tag", 45, Q_RENDER_TAGS, Q_RENDER_TAGS, false, tag_columns, tag_attrs, NULL),
	[T_TAGGED_ITEM] = TABLE("TaggedItem", "extras.taggeditem", 0, Q_RENDER_TAGGED_ITEMS, Q_RENDER_TAGGED_ITEMS, false, tagged_item_columns,
	    tagged_item_attrs, text_tagged_item),
	[T_CONTEXT] = TABLE("ConfigContext", "extras.configcontext", 40, Q_RENDER_CONTEXTS, Q_RENDER_CONTEXTS, false, context_columns,
	    context_attrs, NULL),
	[T_CONTEXT_ASSIGNMENT] = TABLE("ConfigContextAssignment", "extras.configcontextassignment", 0, Q_RENDER_CONTEXT_ASSIGNMENTS,
	    Q_RENDER_CONTEXT_ASSIGNMENTS, false, context_assignment_columns, assignment_attrs, text_assignment),
	[T_CONTACT] = TABLE("Contact", "messaging.contact", 50, Q_RENDER_CONTACTS, Q_RENDER_CONTACTS, false, contact_columns,
	    contact_attrs, NULL),
	[T_ROLE] = TABLE("ContactRole", "messaging.contactrole", 52, Q_RENDER_CONTACT_ROLES, Q_RENDER_CONTACT_ROLES, false, role_columns,
	    role_attrs, NULL),
	[T_CONTACT_ASSIGNMENT] = TABLE("ContactAssignment", "messaging.contactassignment", 0, Q_RENDER_CONTACT_ASSIGNMENTS,
	    Q_RENDER_CONTACT_ASSIGNMENTS, false, contact_assignment_columns, assignment_attrs, text_assignment),
	[T_JOURNAL] = TABLE("JournalEntry", "extras.journalentry", 0, Q_RENDER_JOURNAL_ENTRIES, Q_RENDER_JOURNAL_ENTRIES, false,
	    journal_columns, journal_attrs, text_journal),
	[T_IXAPI] = TABLE("IXAPI", "extras.ixapi", 43, Q_RENDER_IX_APIS, Q_RENDER_IX_APIS, false, ixapi_columns, ixapi_attrs, NULL),
	[T_DATA_SOURCE] = TABLE("DataSource", "core.datasource", 22, Q_RENDER_DATA_SOURCES, Q_RENDER_DATA_SOURCES, false, data_source_columns,
	    data_source_attrs, NULL),
	[T_DATA_FILE] = TABLE("DataFile", "core.datafile", 21, Q_RENDER_DATA_FILES, Q_RENDER_DATA_FILES, false, data_file_columns, no_attrs,
	    text_data_file),
	[T_NETWORK] = PEERINGDB("Network", "peeringdb.network", Q_RENDER_NETWORKS, true, network_columns, network_attrs, text_as),
	[T_NETIXLAN] = PEERINGDB("NetworkIXLan", "peeringdb.networkixlan", Q_RENDER_NETIXLANS, true, netixlan_columns, netixlan_attrs,
	    text_netixlan),
	[T_IXLAN] = PEERINGDB("IXLan", "peeringdb.ixlan", Q_RENDER_IXLANS, true, ixlan_columns, ixlan_attrs, text_ixlan),
	[T_IXLAN_PREFIX] = PEERINGDB("IXLanPrefix", "peeringdb.ixlanprefix", Q_RENDER_IXLAN_PREFIXES, false, ixlan_prefix_columns, no_attrs,
	    text_ixlan_prefix),
	[T_NETFAC] = PEERINGDB("NetworkFacility", "peeringdb.networkfacility", Q_RENDER_NETFACS, true, netfac_columns, no_attrs, text_netfac),
	[T_FACILITY] = PEERINGDB("Facility", "peeringdb.facility", Q_RENDER_FACILITIES, true, facility_columns, facility_attrs, NULL),
	[T_POC] = PEERINGDB("NetworkContact", "peeringdb.networkcontact", Q_RENDER_NETWORK_CONTACTS, true, poc_columns, no_attrs, text_poc),
	[T_ORG] = PEERINGDB("Organization", "peeringdb.organization", Q_RENDER_ORGANIZATIONS, true, org_columns, org_attrs, NULL),
	[T_PDB_IX] = TABLE("InternetExchange", "peeringdb.internetexchange", 0, Q_RENDER_PEERINGDB_EXCHANGES, Q_RENDER_PEERINGDB_EXCHANGES,
	    false, pdb_ix_columns, pdb_ix_attrs, NULL),
	[T_CAMPUS] = TABLE("Campus", "peeringdb.campus", 0, Q_RENDER_CAMPUSES, Q_RENDER_CAMPUSES, false, campus_columns, campus_attrs, NULL),
	[T_CARRIER] = TABLE("Carrier", "peeringdb.carrier", 0, Q_RENDER_CARRIERS, Q_RENDER_CARRIERS, false, campus_columns, carrier_attrs, NULL),
	[T_CARRIERFAC] = TABLE("CarrierFacility", "peeringdb.carrierfacility", 0, Q_RENDER_CARRIER_FACILITIES, Q_RENDER_CARRIER_FACILITIES,
	    false, carrierfac_columns, no_attrs, text_carrierfac),
	[T_IXFAC] = TABLE("InternetExchangeFacility", "peeringdb.internetexchangefacility", 0, Q_RENDER_EXCHANGE_FACILITIES,
	    Q_RENDER_EXCHANGE_FACILITIES, false, ixfac_columns, no_attrs, text_ixfac),
	[T_HIDDEN_PEER] = TABLE("HiddenPeer", "peeringdb.hiddenpeer", 0, Q_RENDER_HIDDEN_PEERS, Q_RENDER_HIDDEN_PEERS, false,
	    hidden_peer_columns, no_attrs, text_hidden_peer),
};
