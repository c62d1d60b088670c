/* import_pm_tables.c: the tables of Peering Manager 1.8 to 1.10 and their place in ours. */
#include "config.h"

#include <stddef.h>

#include "outside/import_pm_tables.h"

#define LINK(ours, a, b, theirs, ta, tb) { .into = ours, .from = theirs, .link = true, .columns = a " = " ta "; " b " = " tb }
#define POLICIES(ours, theirs, model) \
	LINK(ours "_communities", ours "_id", "community_id", theirs "_communities", model "_id", "community_id"), \
	LINK(ours "_import_routing_policies", ours "_id", "routing_policy_id", theirs "_import_routing_policies", model "_id", "routingpolicy_id"), \
	LINK(ours "_export_routing_policies", ours "_id", "routing_policy_id", theirs "_export_routing_policies", model "_id", "routingpolicy_id")

/* JSON lists of IRR prefixes become rows. */
#define PREFIXES "(SELECT a.id AS autonomous_system_id, f.family::smallint AS family, (p.n - 1)::integer AS n, (p.v->>'prefix')::cidr AS prefix," \
	" coalesce((p.v->>'exact')::boolean, true) AS exact, (p.v->>'greater-equal')::smallint AS greater_equal," \
	" (p.v->>'less-equal')::smallint AS less_equal" \
	" FROM peering_autonomoussystem a CROSS JOIN (VALUES ('ipv4', 4), ('ipv6', 6)) AS f (key, family)" \
	" CROSS JOIN LATERAL jsonb_array_elements(a.prefixes->f.key) WITH ORDINALITY AS p (v, n)" \
	" WHERE jsonb_typeof(a.prefixes->f.key) = 'array')"
#define AS_LIST "(SELECT a.id AS autonomous_system_id, (l.n - 1)::integer AS n, l.asn::bigint AS asn FROM peering_autonomoussystem a" \
	" CROSS JOIN LATERAL unnest(a.as_list) WITH ORDINALITY AS l (asn, n))"

/* NAPALM's argument for enable is a secret. */
#define ENABLE_SECRET "enable_secret = s.napalm_args->>'secret'; napalm_args = CASE jsonb_typeof(s.napalm_args) WHEN 'object' THEN s.napalm_args - 'secret' ELSE s.napalm_args END"

const struct import_table import_tables[] = {
	{ .into = "auth_user", .from = "auth_user" },
	{ .into = "auth_group", .from = "auth_group" },
	LINK("auth_user_group", "auth_user_id", "auth_group_id", "auth_user_groups", "user_id", "group_id"),
	{ .into = "auth_token", .from = "users_token",
	  .columns = "key_hash = sha256(convert_to(s.key, 'UTF8')); key_hint = right(s.key, 6); last_used = {have:last_used|s.last_used};"
	             " allowed_ips = {have:allowed_ips|s.allowed_ips}" },
	{ .into = "user_preference", .from = "users_userpreferences" },

	{ .into = "peeringdb_organization", .from = "peeringdb_organization" },
	{ .into = "peeringdb_campus", .from = "peeringdb_campus" },
	{ .into = "peeringdb_facility", .from = "peeringdb_facility",
	  .columns = "available_voltage_services = CASE WHEN s.available_voltage_services <> '' THEN"
	             " string_to_array(s.available_voltage_services, ',') END" },
	{ .into = "peeringdb_carrier", .from = "peeringdb_carrier" },
	{ .into = "peeringdb_carrier_facility", .from = "peeringdb_carrierfacility" },
	{ .into = "peeringdb_network", .from = "peeringdb_network",
	  .columns = "info_types = {have:info_types|CASE WHEN s.info_types <> '' THEN string_to_array(s.info_types, ',') END}" },
	{ .into = "peeringdb_internet_exchange", .from = "peeringdb_internetexchange" },
	{ .into = "peeringdb_internet_exchange_facility", .from = "peeringdb_internetexchangefacility" },
	{ .into = "peeringdb_ixlan", .from = "peeringdb_ixlan" },
	{ .into = "peeringdb_ixlan_prefix", .from = "peeringdb_ixlanprefix" },
	{ .into = "peeringdb_network_contact", .from = "peeringdb_networkcontact" },
	{ .into = "peeringdb_network_facility", .from = "peeringdb_networkfacility" },
	{ .into = "peeringdb_network_ixlan", .from = "peeringdb_networkixlan",
	  .columns = "ipaddr4 = host(s.ipaddr4)::inet; ipaddr6 = host(s.ipaddr6)::inet" },
	{ .into = "peeringdb_synchronisation", .from = "peeringdb_synchronisation" },
	{ .into = "hidden_peer", .from = "peeringdb_hiddenpeer", .link = true },

	{ .into = "data_source", .from = "core_datasource", .sealed = "password",
	  .columns = "password = s.parameters->>'password'; parameters = s.parameters - 'password'" },
	{ .into = "data_file", .from = "core_datafile" },
	{ .into = "auto_synchronisation_record", .from = "core_autosynchronisationrecord", .columns = "object_type_id = {type:object_type_id}" },

	{ .into = "tag", .from = "extras_tag" },
	{ .into = "ixapi", .from = "extras_ixapi", .columns = "api_url = {have:url|s.url}", .sealed = "api_secret access_token refresh_token" },
	{ .into = "community", .from = "bgp_community" },
	{ .into = "relationship", .from = "bgp_relationship" },
	{ .into = "routing_policy", .from = "peering_routingpolicy" },
	LINK("routing_policy_communities", "routing_policy_id", "community_id", "peering_routingpolicy_communities", "routingpolicy_id", "community_id"),
	{ .into = "bfd", .from = "net_bfd" },
	{ .into = "platform", .from = "devices_platform", .columns = ENABLE_SECRET, .sealed = "enable_secret" },
	{ .into = "configuration", .from = "devices_configuration" },
	{ .into = "email", .from = "messaging_email" },

	{ .into = "autonomous_system", .from = "peering_autonomoussystem", .elsewhere = "prefixes as_list",
	  .columns = "prefixes_updated = {have:prefixes|CASE WHEN s.prefixes IS NOT NULL THEN coalesce(s.updated, s.created, 'epoch') END};"
	             " as_list_updated = {have:as_list|CASE WHEN s.as_list <> '{}' THEN coalesce(s.updated, s.created, 'epoch') END}" },
	{ .into = "autonomous_system_prefix", .from = "peering_autonomoussystem", .source = PREFIXES, .needs = "prefixes",
	  .lists_of = "SELECT id FROM peering_autonomoussystem WHERE prefixes IS NOT NULL" },
	{ .into = "autonomous_system_as_list", .from = "peering_autonomoussystem", .source = AS_LIST, .needs = "as_list",
	  .lists_of = "SELECT id FROM peering_autonomoussystem WHERE as_list <> '{}'" },
	POLICIES("autonomous_system", "peering_autonomoussystem", "autonomoussystem"),
	{ .into = "bgp_group", .from = "peering_bgpgroup" },
	POLICIES("bgp_group", "peering_bgpgroup", "bgpgroup"),
	{ .into = "internet_exchange", .from = "peering_internetexchange" },
	POLICIES("internet_exchange", "peering_internetexchange", "internetexchange"),
	{ .into = "router", .from = "devices_router", .columns = ENABLE_SECRET, .sealed = "napalm_password enable_secret" },
	LINK("router_communities", "router_id", "community_id", "devices_router_communities", "router_id", "community_id"),
	{ .into = "connection", .from = "net_connection" },
	{ .into = "direct_peering_session", .from = "peering_directpeeringsession", .sealed = "password" },
	POLICIES("direct_peering_session", "peering_directpeeringsession", "directpeeringsession"),
	{ .into = "internet_exchange_peering_session", .from = "peering_internetexchangepeeringsession",
	  .columns = "ip_address = host(s.ip_address)::inet", .sealed = "password" },
	POLICIES("internet_exchange_peering_session", "peering_internetexchangepeeringsession", "internetexchangepeeringsession"),

	{ .into = "tagged_item", .from = "extras_taggeditem", .link = true,
	  .source = "(SELECT min(id) AS id, tag_id, content_type_id, object_id FROM extras_taggeditem GROUP BY 2, 3, 4)", .columns = "object_type_id = {type:content_type_id}" },
	{ .into = "config_context", .from = "extras_configcontext" },
	{ .into = "config_context_assignment", .from = "extras_configcontextassignment", .link = true, .columns = "content_type_id = {type:content_type_id}" },
	{ .into = "export_template", .from = "extras_exporttemplate", .columns = "content_type_id = {type:content_type_id}" },
	{ .into = "webhook", .from = "extras_webhook", .sealed = "secret" },
	LINK("webhook_content_types", "webhook_id", "object_type_id", "extras_webhook_content_types", "webhook_id", "{type:contenttype_id}"),
	{ .into = "contact_role", .from = "messaging_contactrole" },
	{ .into = "contact", .from = "messaging_contact" },
	{ .into = "contact_assignment", .from = "messaging_contactassignment", .link = true, .columns = "content_type_id = {type:content_type_id}" },
	{ .into = "journal_entry", .from = "extras_journalentry", .columns = "assigned_object_type_id = {type:assigned_object_type_id}" },
	{ .into = "job", .from = "core_job",
	  .columns = "object_type_id = {type:object_type_id}; output = coalesce((SELECT string_agg(l.v->>4, E'\\n' ORDER BY l.n) FROM"
	             " jsonb_array_elements(CASE jsonb_typeof(s.data#>'{output,log}') WHEN 'array' THEN s.data#>'{output,log}' END)"
	             " WITH ORDINALITY AS l (v, n)), '')" },
	{ .into = "object_change", .from = "core_objectchange",
	  .columns = "changed_object_type_id = {type:changed_object_type_id}; related_object_type_id = {type:related_object_type_id}" },
	{ .into = NULL },
};

const struct import_move import_moved[] = {
	{ "devices_router", "peering_router", "devices.router", "peering.router" },
	{ "devices_router_communities", "peering_router_communities", NULL, NULL },
	{ "devices_configuration", "peering_configuration", "devices.configuration", "peering.configuration" },
	{ "bgp_community", "peering_community", "bgp.community", "peering.community" },
	{ "messaging_email", "peering_emailtemplate", "messaging.email", "peering.emailtemplate" },
	{ "extras_tag", "utils_tag", "extras.tag", "utils.tag" },
	{ "extras_taggeditem", "utils_taggeditem", "extras.taggeditem", "utils.taggeditem" },
	{ "core_objectchange", "utils_objectchange", "core.objectchange", "utils.objectchange" },
	{ "core_objectchange", "extras_objectchange", "core.objectchange", "extras.objectchange" },
	{ "core_job", "extras_job", "core.job", "extras.job" },
	{ NULL, NULL, NULL, NULL },
};
