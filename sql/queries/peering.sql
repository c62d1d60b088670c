-- What a render reads: every table at most twice, once in the reach of the router and once whole if a template leaves that reach.
-- Rows come in the order that lists of them have.

-- name: render_routers
-- Every router, without what signs in to it.
SELECT r.id, r.name, r.hostname, r.description, r.platform_id, r.status, r.encrypt_passwords, r.poll_bgp_sessions_state,
	r.poll_bgp_sessions_last_updated, r.configuration_template_id, r.local_autonomous_system_id, r.netbox_device_id,
	r.napalm_timeout, r.napalm_args, r.data_source_id, r.data_file_id, r.data_path, r.data_pushed, r.comments, r.local_context_data, r.created, r.updated
FROM router r LEFT JOIN autonomous_system l ON l.id = r.local_autonomous_system_id
ORDER BY l.asn, l.affiliated, r.name, r.id;

-- name: render_platforms
SELECT p.id, p.name, p.slug, p.description, p.napalm_driver, p.napalm_args, p.password_algorithm, p.local_context_data, p.created,
	p.updated
FROM platform p ORDER BY p.name, p.id;

-- name: render_configurations
SELECT c.id, c.name, c.description, c.template, c.jinja2_trim, c.jinja2_lstrip, c.data_source_id, c.data_file_id, c.data_path,
	c.auto_synchronisation_enabled, c.data_synchronised, c.comments, c.local_context_data, c.created, c.updated
FROM configuration c ORDER BY c.name, c.id;

-- name: render_router_autonomous_systems
-- Those with the ids $1, those that exchanges belong to, and ours.
SELECT a.id, a.asn, a.name, a.name_peeringdb_sync, a.description, a.comments, a.irr_as_set, a.irr_as_set_peeringdb_sync,
	a.ipv6_max_prefixes, a.ipv6_max_prefixes_peeringdb_sync, a.ipv4_max_prefixes, a.ipv4_max_prefixes_peeringdb_sync,
	a.retrieve_prefixes, a.prefixes_updated, a.prefixes_source, a.retrieve_as_list, a.as_list_updated, a.as_list_source,
	a.irr_sources_override, a.irr_ipv6_prefixes_args_override, a.irr_ipv4_prefixes_args_override, a.affiliated,
	a.local_context_data, a.created, a.updated
FROM autonomous_system a
WHERE a.id IN (
	SELECT i.id FROM unnest($1::bigint[]) AS i (id)
	UNION SELECT o.id FROM autonomous_system o WHERE o.affiliated
	UNION SELECT x.local_autonomous_system_id FROM internet_exchange x)
ORDER BY a.asn, a.affiliated;

-- name: render_autonomous_systems
SELECT a.id, a.asn, a.name, a.name_peeringdb_sync, a.description, a.comments, a.irr_as_set, a.irr_as_set_peeringdb_sync,
	a.ipv6_max_prefixes, a.ipv6_max_prefixes_peeringdb_sync, a.ipv4_max_prefixes, a.ipv4_max_prefixes_peeringdb_sync,
	a.retrieve_prefixes, a.prefixes_updated, a.prefixes_source, a.retrieve_as_list, a.as_list_updated, a.as_list_source,
	a.irr_sources_override, a.irr_ipv6_prefixes_args_override, a.irr_ipv4_prefixes_args_override, a.affiliated,
	a.local_context_data, a.created, a.updated
FROM autonomous_system a ORDER BY a.asn, a.affiliated;

-- name: render_groups
SELECT g.id, g.name, g.slug, g.description, g.status, g.local_context_data, g.created, g.updated
FROM bgp_group g ORDER BY g.name, g.slug, g.id;

-- name: render_exchanges
SELECT i.id, i.name, i.slug, i.description, i.status, i.peeringdb_ixlan_id, i.ixapi_endpoint_id, i.local_autonomous_system_id,
	i.local_context_data, i.created, i.updated
FROM internet_exchange i LEFT JOIN autonomous_system l ON l.id = i.local_autonomous_system_id
ORDER BY l.asn, l.affiliated, i.name, i.slug, i.id;

-- name: render_connections
SELECT c.id, c.peeringdb_netixlan_id, c.status, c.vlan, c.mac_address, c.ipv6_address, c.ipv4_address, c.internet_exchange_point_id,
	c.router_id, c.interface, c.description, c.comments, c.local_context_data, c.created, c.updated
FROM connection c
LEFT JOIN internet_exchange i ON i.id = c.internet_exchange_point_id LEFT JOIN autonomous_system il ON il.id = i.local_autonomous_system_id
LEFT JOIN router r ON r.id = c.router_id LEFT JOIN autonomous_system rl ON rl.id = r.local_autonomous_system_id
ORDER BY il.asn, il.affiliated, i.name, i.slug, rl.asn, rl.affiliated, r.name, c.id;

-- name: render_router_direct_sessions
SELECT s.id, s.service_reference, s.local_autonomous_system_id, s.local_ip_address, s.autonomous_system_id, s.bgp_group_id, s.ip_address,
	s.relationship_id, s.status, s.password, s.encrypted_password, s.multihop_ttl, s.passive, s.bfd_id, s.router_id, s.connection_id,
	s.bgp_state, s.received_prefix_count, s.accepted_prefix_count, s.advertised_prefix_count, s.last_established_state,
	s.description, s.comments, s.local_context_data, s.created, s.updated
FROM direct_peering_session s
JOIN autonomous_system a ON a.id = s.autonomous_system_id LEFT JOIN autonomous_system l ON l.id = s.local_autonomous_system_id
WHERE s.router_id = $1::bigint
ORDER BY s.service_reference, l.asn, l.affiliated, a.asn, a.affiliated, s.ip_address, s.id;

-- name: render_direct_sessions
SELECT s.id, s.service_reference, s.local_autonomous_system_id, s.local_ip_address, s.autonomous_system_id, s.bgp_group_id, s.ip_address,
	s.relationship_id, s.status, s.password, s.encrypted_password, s.multihop_ttl, s.passive, s.bfd_id, s.router_id, s.connection_id,
	s.bgp_state, s.received_prefix_count, s.accepted_prefix_count, s.advertised_prefix_count, s.last_established_state,
	s.description, s.comments, s.local_context_data, s.created, s.updated
FROM direct_peering_session s
JOIN autonomous_system a ON a.id = s.autonomous_system_id LEFT JOIN autonomous_system l ON l.id = s.local_autonomous_system_id
ORDER BY s.service_reference, l.asn, l.affiliated, a.asn, a.affiliated, s.ip_address, s.id;

-- name: render_router_ix_sessions
SELECT s.id, s.service_reference, s.autonomous_system_id, s.ixp_connection_id, s.ip_address, s.status, s.password, s.encrypted_password,
	s.multihop_ttl, s.passive, s.bfd_id, s.is_route_server, s.bgp_state, s.received_prefix_count, s.accepted_prefix_count,
	s.advertised_prefix_count, s.last_established_state, s.description, s.comments, s.local_context_data, s.created, s.updated
FROM internet_exchange_peering_session s
JOIN autonomous_system a ON a.id = s.autonomous_system_id
JOIN connection c ON c.id = s.ixp_connection_id
LEFT JOIN internet_exchange i ON i.id = c.internet_exchange_point_id LEFT JOIN autonomous_system il ON il.id = i.local_autonomous_system_id
WHERE c.router_id = $1::bigint
ORDER BY s.service_reference, a.asn, a.affiliated, il.asn, il.affiliated, i.name, i.slug, s.ip_address, s.id;

-- name: render_ix_sessions
SELECT s.id, s.service_reference, s.autonomous_system_id, s.ixp_connection_id, s.ip_address, s.status, s.password, s.encrypted_password,
	s.multihop_ttl, s.passive, s.bfd_id, s.is_route_server, s.bgp_state, s.received_prefix_count, s.accepted_prefix_count,
	s.advertised_prefix_count, s.last_established_state, s.description, s.comments, s.local_context_data, s.created, s.updated
FROM internet_exchange_peering_session s
JOIN autonomous_system a ON a.id = s.autonomous_system_id
LEFT JOIN connection c ON c.id = s.ixp_connection_id
LEFT JOIN internet_exchange i ON i.id = c.internet_exchange_point_id LEFT JOIN autonomous_system il ON il.id = i.local_autonomous_system_id
LEFT JOIN router r ON r.id = c.router_id LEFT JOIN autonomous_system rl ON rl.id = r.local_autonomous_system_id
ORDER BY s.service_reference, a.asn, a.affiliated, il.asn, il.affiliated, i.name, i.slug, rl.asn, rl.affiliated, r.name, s.ip_address, s.id;

-- name: render_policies
SELECT p.id, p.name, p.slug, p.description, p.type, p.weight, p.address_family, p.local_context_data, p.created, p.updated
FROM routing_policy p ORDER BY p.weight DESC, p.name, p.id;

-- name: render_communities
SELECT c.id, c.name, c.slug, c.description, c.value, c.type, c.local_context_data, c.created, c.updated
FROM community c ORDER BY c.value, c.name, c.id;

-- name: render_relationships
SELECT r.id, r.name, r.slug, r.description, r.color, r.local_context_data, r.created, r.updated FROM relationship r ORDER BY r.name, r.id;

-- name: render_bfds
SELECT b.id, b.name, b.slug, b.description, b.minimum_transmit_interval, b.minimum_receive_interval, b.detection_multiplier,
	b.hold_time, b.local_context_data, b.created, b.updated
FROM bfd b ORDER BY b.name, b.id;

-- name: render_tags
SELECT t.id, t.name, t.slug, t.color, t.description, t.created, t.updated FROM tag t ORDER BY t.name, t.id;

-- name: render_contexts
SELECT c.id, c.name, c.description, c.is_active, c.data, c.data_source_id, c.data_file_id, c.data_path, c.auto_synchronisation_enabled,
	c.data_synchronised, c.created, c.updated
FROM config_context c ORDER BY c.name, c.id;

-- name: render_context_assignments
-- object_key: the type and the id of the object in one number, as in render_links.
SELECT a.id, (a.content_type_id::bigint << 48) | a.object_id AS object_key, a.object_id, a.config_context_id, a.weight, a.created, a.updated
FROM config_context_assignment a JOIN config_context c ON c.id = a.config_context_id
ORDER BY a.weight, c.name, a.id;

-- name: render_contacts
SELECT c.id, c.name, c.title, c.phone, c.email, c.address, c.description, c.comments, c.local_context_data, c.created, c.updated
FROM contact c ORDER BY c.name, c.id;

-- name: render_contact_roles
SELECT r.id, r.name, r.slug, r.description, r.local_context_data, r.created, r.updated FROM contact_role r ORDER BY r.name, r.id;

-- name: render_contact_assignments
SELECT a.id, (a.content_type_id::bigint << 48) | a.object_id AS object_key, a.object_id, a.contact_id, a.role_id, a.created, a.updated
FROM contact_assignment a JOIN contact c ON c.id = a.contact_id JOIN contact_role r ON r.id = a.role_id
ORDER BY c.name, r.name, a.id;

-- name: render_links
-- Every many-to-many relation as (which, owner, target, place); the numbers are enum link_id. Tags stand in the order in which they were
-- put on the object; the object is its type and its id in one number.
SELECT 0 AS link, (l.object_type_id::bigint << 48) | l.object_id AS owner, l.tag_id AS target, l.id AS place FROM tagged_item l
UNION ALL
SELECT 1, l.autonomous_system_id, l.routing_policy_id, 0 FROM autonomous_system_import_routing_policies l
UNION ALL
SELECT 2, l.autonomous_system_id, l.routing_policy_id, 0 FROM autonomous_system_export_routing_policies l
UNION ALL
SELECT 3, l.autonomous_system_id, l.community_id, 0 FROM autonomous_system_communities l
UNION ALL
SELECT 4, l.bgp_group_id, l.routing_policy_id, 0 FROM bgp_group_import_routing_policies l
UNION ALL
SELECT 5, l.bgp_group_id, l.routing_policy_id, 0 FROM bgp_group_export_routing_policies l
UNION ALL
SELECT 6, l.bgp_group_id, l.community_id, 0 FROM bgp_group_communities l
UNION ALL
SELECT 7, l.internet_exchange_id, l.routing_policy_id, 0 FROM internet_exchange_import_routing_policies l
UNION ALL
SELECT 8, l.internet_exchange_id, l.routing_policy_id, 0 FROM internet_exchange_export_routing_policies l
UNION ALL
SELECT 9, l.internet_exchange_id, l.community_id, 0 FROM internet_exchange_communities l
UNION ALL
SELECT 10, l.direct_peering_session_id, l.routing_policy_id, 0 FROM direct_peering_session_import_routing_policies l
UNION ALL
SELECT 11, l.direct_peering_session_id, l.routing_policy_id, 0 FROM direct_peering_session_export_routing_policies l
UNION ALL
SELECT 12, l.direct_peering_session_id, l.community_id, 0 FROM direct_peering_session_communities l
UNION ALL
SELECT 13, l.internet_exchange_peering_session_id, l.routing_policy_id, 0 FROM internet_exchange_peering_session_import_routing_policies l
UNION ALL
SELECT 14, l.internet_exchange_peering_session_id, l.routing_policy_id, 0 FROM internet_exchange_peering_session_export_routing_policies l
UNION ALL
SELECT 15, l.internet_exchange_peering_session_id, l.community_id, 0 FROM internet_exchange_peering_session_communities l
UNION ALL
SELECT 16, l.router_id, l.community_id, 0 FROM router_communities l
UNION ALL
SELECT 17, l.routing_policy_id, l.community_id, 0 FROM routing_policy_communities l;

-- name: render_router_links
-- The same, of sessions only those whose ids are given, $1 at exchanges and $2 direct ones, and of autonomous systems those that
-- render_router_autonomous_systems reads for $3.
WITH systems AS (
	SELECT i.id FROM unnest($3::bigint[]) AS i (id)
	UNION SELECT o.id FROM autonomous_system o WHERE o.affiliated
	UNION SELECT x.local_autonomous_system_id FROM internet_exchange x)
SELECT 0 AS link, (l.object_type_id::bigint << 48) | l.object_id AS owner, l.tag_id AS target, l.id AS place FROM tagged_item l
WHERE l.object_type_id < 70 OR l.object_type_id IN (71, 73) OR l.object_type_id > 74
UNION ALL
SELECT 0, (l.object_type_id::bigint << 48) | l.object_id, l.tag_id, l.id FROM (
	SELECT 74::smallint AS type, i.id FROM unnest($1::bigint[]) AS i (id)
	UNION ALL SELECT 72, i.id FROM unnest($2::bigint[]) AS i (id)
	UNION ALL SELECT 70, i.id FROM systems i
) o JOIN tagged_item l ON l.object_type_id = o.type AND l.object_id = o.id
UNION ALL
SELECT 1, l.autonomous_system_id, l.routing_policy_id, 0 FROM autonomous_system_import_routing_policies l JOIN systems i ON i.id = l.autonomous_system_id
UNION ALL
SELECT 2, l.autonomous_system_id, l.routing_policy_id, 0 FROM autonomous_system_export_routing_policies l JOIN systems i ON i.id = l.autonomous_system_id
UNION ALL
SELECT 3, l.autonomous_system_id, l.community_id, 0 FROM autonomous_system_communities l JOIN systems i ON i.id = l.autonomous_system_id
UNION ALL
SELECT 4, l.bgp_group_id, l.routing_policy_id, 0 FROM bgp_group_import_routing_policies l
UNION ALL
SELECT 5, l.bgp_group_id, l.routing_policy_id, 0 FROM bgp_group_export_routing_policies l
UNION ALL
SELECT 6, l.bgp_group_id, l.community_id, 0 FROM bgp_group_communities l
UNION ALL
SELECT 7, l.internet_exchange_id, l.routing_policy_id, 0 FROM internet_exchange_import_routing_policies l
UNION ALL
SELECT 8, l.internet_exchange_id, l.routing_policy_id, 0 FROM internet_exchange_export_routing_policies l
UNION ALL
SELECT 9, l.internet_exchange_id, l.community_id, 0 FROM internet_exchange_communities l
UNION ALL
SELECT 10, l.direct_peering_session_id, l.routing_policy_id, 0 FROM direct_peering_session_import_routing_policies l JOIN unnest($2::bigint[]) AS i (id) ON i.id = l.direct_peering_session_id
UNION ALL
SELECT 11, l.direct_peering_session_id, l.routing_policy_id, 0 FROM direct_peering_session_export_routing_policies l JOIN unnest($2::bigint[]) AS i (id) ON i.id = l.direct_peering_session_id
UNION ALL
SELECT 12, l.direct_peering_session_id, l.community_id, 0 FROM direct_peering_session_communities l JOIN unnest($2::bigint[]) AS i (id) ON i.id = l.direct_peering_session_id
UNION ALL
SELECT 13, l.internet_exchange_peering_session_id, l.routing_policy_id, 0 FROM internet_exchange_peering_session_import_routing_policies l JOIN unnest($1::bigint[]) AS i (id) ON i.id = l.internet_exchange_peering_session_id
UNION ALL
SELECT 14, l.internet_exchange_peering_session_id, l.routing_policy_id, 0 FROM internet_exchange_peering_session_export_routing_policies l JOIN unnest($1::bigint[]) AS i (id) ON i.id = l.internet_exchange_peering_session_id
UNION ALL
SELECT 15, l.internet_exchange_peering_session_id, l.community_id, 0 FROM internet_exchange_peering_session_communities l JOIN unnest($1::bigint[]) AS i (id) ON i.id = l.internet_exchange_peering_session_id
UNION ALL
SELECT 16, l.router_id, l.community_id, 0 FROM router_communities l
UNION ALL
SELECT 17, l.routing_policy_id, l.community_id, 0 FROM routing_policy_communities l;

-- name: render_prefixes
-- The prefixes that the registries gave for the autonomous systems $1.
SELECT p.autonomous_system_id, p.family, p.prefix::text, p.exact, p.greater_equal, p.less_equal
FROM autonomous_system_prefix p WHERE p.autonomous_system_id = ANY ($1::bigint[])
ORDER BY p.autonomous_system_id, p.family, p.n;

-- name: render_as_lists
SELECT l.autonomous_system_id, l.asn
FROM autonomous_system_as_list l WHERE l.autonomous_system_id = ANY ($1::bigint[]) ORDER BY l.autonomous_system_id, l.n;

-- What PeeringDB has is read in the reach $2 (enum reach): 1 and 2, of the networks with the AS numbers $1; 3, of every network that has a
-- port at our exchanges as well; 4, all of it. They are planned for the reach that is asked for.

-- name: render_networks
SELECT n.id, n.asn, n.name, n.name_long, n.aka, n.irr_as_set, n.website, n.social_media, n.looking_glass, n.route_server, n.notes,
	n.notes_private, n.info_traffic, n.info_ratio, n.info_scope, n.info_type, n.info_types, n.info_prefixes4, n.info_prefixes6,
	n.info_unicast, n.info_multicast, n.info_ipv6, n.info_never_via_route_servers, n.policy_url, n.policy_general,
	n.policy_locations, n.policy_ratio, n.policy_contracts, n.status_dashboard, n.rir_status, n.rir_status_updated, n.org_id,
	n.created, n.updated
FROM peeringdb_network n
WHERE $2::integer >= 4 OR n.asn = ANY ($1::bigint[]) OR ($2 = 3 AND n.id IN (
	SELECT x.net_id FROM internet_exchange i JOIN peeringdb_network_ixlan x ON x.ixlan_id = i.peeringdb_ixlan_id))
ORDER BY n.asn;

-- name: render_netixlans
SELECT x.id, x.net_id, x.ixlan_id, x.asn, x.ipaddr4, x.ipaddr6, x.is_rs_peer, x.bfd_support, x.speed, x.operational, x.notes,
	x.net_side_id, x.ix_side_id, x.created, x.updated
FROM peeringdb_network_ixlan x
WHERE $2::integer >= 4 OR x.id IN (
	SELECT y.id FROM unnest($1::bigint[]) AS a (asn) JOIN peeringdb_network_ixlan y ON y.asn = a.asn
	UNION SELECT c.peeringdb_netixlan_id FROM connection c
	UNION SELECT z.id FROM internet_exchange i JOIN peeringdb_network_ixlan z ON z.ixlan_id = i.peeringdb_ixlan_id WHERE $2 = 3)
ORDER BY x.asn, x.ipaddr6, x.ipaddr4, x.id;

-- name: render_ixlans
SELECT l.id, l.ix_id, l.name, l.descr, l.mtu, l.vlan, l.dot1q_support, l.rs_asn, l.arp_sponge, l.ixf_ixp_member_list_url,
	l.ixf_ixp_member_list_url_visible, l.created, l.updated
FROM peeringdb_ixlan l
WHERE $2::integer >= 3 OR l.id IN (
	SELECT x.ixlan_id FROM unnest($1::bigint[]) AS a (asn) JOIN peeringdb_network_ixlan x ON x.asn = a.asn
	UNION SELECT i.peeringdb_ixlan_id FROM internet_exchange i)
ORDER BY l.id;

-- name: render_ixlan_prefixes
-- Of the LANs of our exchanges; of all when the reach $1 is 4.
SELECT p.id, p.ixlan_id, p.protocol, p.prefix, p.in_dfz, p.notes, p.created, p.updated
FROM peeringdb_ixlan_prefix p
WHERE $1::integer >= 4 OR p.ixlan_id IN (SELECT i.peeringdb_ixlan_id FROM internet_exchange i)
ORDER BY p.prefix, p.id;

-- name: render_peeringdb_exchanges
SELECT x.id, x.name, x.name_long, x.aka, x.city, x.country, x.notes, x.region_continent, x.media, x.proto_unicast, x.proto_multicast,
	x.proto_ipv6, x.website, x.social_media, x.url_stats, x.tech_email, x.tech_phone, x.policy_email, x.policy_phone, x.sales_email,
	x.sales_phone, x.ixf_net_count, x.ixf_last_import, x.service_level, x.terms, x.status_dashboard, x.org_id, x.created, x.updated
FROM peeringdb_internet_exchange x ORDER BY x.name, x.id;

-- name: render_netfacs
SELECT f.id, f.net_id, f.fac_id, f.local_asn, f.avail_sonet, f.avail_ethernet, f.avail_atm, f.created, f.updated
FROM peeringdb_network_facility f JOIN peeringdb_network n ON n.id = f.net_id JOIN peeringdb_facility x ON x.id = f.fac_id
WHERE $2::integer >= 4 OR n.asn = ANY ($1::bigint[]) ORDER BY x.name, f.id;

-- name: render_facilities
SELECT f.id, f.name, f.name_long, f.aka, f.website, f.social_media, f.clli, f.rencode, f.npanxx, f.address1, f.address2, f.city, f.state,
	f.zipcode, f.country, f.suite, f.floor, f.latitude, f.longitude, f.tech_email, f.tech_phone, f.sales_email, f.sales_phone,
	f.property, f.diverse_serving_substations, f.available_voltage_services, f.notes, f.region_continent, f.status_dashboard,
	f.org_id, f.campus_id, f.created, f.updated
FROM peeringdb_facility f
WHERE $2::integer >= 3
   OR f.id IN (SELECT x.fac_id FROM peeringdb_network_facility x JOIN peeringdb_network n ON n.id = x.net_id WHERE n.asn = ANY ($1::bigint[]))
ORDER BY f.name, f.id;

-- name: render_network_contacts
SELECT c.id, c.net_id, c.role, c.visible, c.name, c.phone, c.email, c.url, c.created, c.updated
FROM peeringdb_network_contact c JOIN peeringdb_network n ON n.id = c.net_id
WHERE $2::integer >= 4 OR n.asn = ANY ($1::bigint[]) ORDER BY c.id;

-- name: render_organizations
SELECT o.id, o.name, o.name_long, o.aka, o.website, o.social_media, o.notes, o.address1, o.address2, o.city, o.state, o.zipcode,
	o.country, o.suite, o.floor, o.latitude, o.longitude, o.created, o.updated
FROM peeringdb_organization o
WHERE $2::integer >= 3 OR o.id IN (SELECT n.org_id FROM peeringdb_network n WHERE n.asn = ANY ($1::bigint[]))
ORDER BY o.name, o.id;

-- name: render_campuses
SELECT c.id, c.name, c.name_long, c.aka, c.website, c.social_media, c.notes, c.org_id, c.created, c.updated
FROM peeringdb_campus c ORDER BY c.name, c.id;

-- name: render_carriers
SELECT c.id, c.name, c.name_long, c.aka, c.website, c.social_media, c.notes, c.org_id, c.created, c.updated
FROM peeringdb_carrier c ORDER BY c.name, c.id;

-- name: render_carrier_facilities
SELECT f.id, f.carrier_id, f.fac_id, f.campus_id, f.created, f.updated FROM peeringdb_carrier_facility f ORDER BY f.id;

-- name: render_exchange_facilities
SELECT f.id, f.ix_id, f.fac_id, f.created, f.updated FROM peeringdb_internet_exchange_facility f ORDER BY f.id;

-- name: render_hidden_peers
SELECT h.id, h.peeringdb_network_id, h.peeringdb_ixlan_id, h.peeringdb_network_id_copy, h.peeringdb_ixlan_id_copy, h.until, h.comments,
	coalesce(h.until < now(), false) AS is_expired, h.created, h.updated
FROM hidden_peer h LEFT JOIN peeringdb_network n ON n.id = h.peeringdb_network_id ORDER BY h.until, n.asn, h.id;

-- name: render_tagged_items
SELECT l.id, (l.object_type_id::bigint << 48) | l.object_id AS object_key, l.tag_id, l.object_id FROM tagged_item l ORDER BY l.id;

-- name: render_journal_entries
-- What is written about autonomous systems; not by whom.
SELECT j.id, (j.assigned_object_type_id::bigint << 48) | j.assigned_object_id AS object_key, j.kind, j.comments, j.created, j.updated
FROM journal_entry j WHERE j.assigned_object_type_id = 70 ORDER BY j.created DESC, j.id DESC;

-- name: render_ix_apis
-- Without what signs in to them.
SELECT x.id, x.name, x.api_url, x.created, x.updated FROM ixapi x ORDER BY x.name, x.id;

-- name: render_data_sources
SELECT d.id, d.name, d.type, d.source_url, d.status, d.enabled, d.ignore_rules, d.last_synchronised, d.comments, d.local_context_data,
	d.description, d.created, d.updated
FROM data_source d ORDER BY d.name, d.id;

-- name: render_data_files
-- Without what is in them.
SELECT f.id, f.source_id, f.path, f.size, f.hash, f.created, f.updated FROM data_file f ORDER BY f.source_id, f.path;

-- name: render_include
-- A template that another includes: $1 "configuration", "email" or "exporttemplate"; $2 its id or its name. The model and how it treats
-- blanks only for an export template, which is rendered on its own.
SELECT t.template, t.model, t.jinja2_trim, t.jinja2_lstrip FROM (
	SELECT 'configuration' AS kind, c.id, c.name, c.template, NULL AS model, c.jinja2_trim, c.jinja2_lstrip FROM configuration c
	UNION ALL SELECT 'email', m.id, m.name, m.template, NULL, m.jinja2_trim, m.jinja2_lstrip FROM email m
	UNION ALL SELECT 'exporttemplate', x.id, x.name, x.template, o.app_label || '.' || o.model, x.jinja2_trim, x.jinja2_lstrip
		FROM export_template x JOIN object_type o ON o.id = x.content_type_id
) t WHERE t.kind = $1::text AND CASE WHEN $2::text ~ '^[0-9]{1,18}$' THEN t.id = $2::text::bigint ELSE t.name = $2::text END
LIMIT 2;

-- name: router_by_name
-- A router by its id $1 or its name $2.
SELECT r.id FROM router r WHERE r.id = $1::bigint OR r.name = $2::text ORDER BY r.name = $2::text DESC LIMIT 1;

-- name: render_job
-- A render that was done at once, as a job: router $1, user $2, request $3, status $4, text $5, error $6, milliseconds it took $7.
INSERT INTO job (object_type_id, object_id, name, user_id, request_id, status, started, completed, output, error)
VALUES (32, $1::bigint, 'devices.router.render_configuration', $2::bigint, $3::uuid, $4::text,
	now() - $7::bigint * interval '1 millisecond', now(), $5::text, $6::text)
RETURNING id;

-- name: session_ciphers_direct
-- How the routers $1 of direct sessions write keys. No row: it has no algorithm, or writes them clear.
SELECT r.id, p.password_algorithm FROM router r JOIN platform p ON p.id = r.platform_id
WHERE r.id = ANY($1::bigint[]) AND r.encrypt_passwords AND p.password_algorithm <> '';

-- name: session_ciphers_ix
-- The same for the routers of the connections $1.
SELECT c.id, p.password_algorithm FROM connection c JOIN router r ON r.id = c.router_id JOIN platform p ON p.id = r.platform_id
WHERE c.id = ANY($1::bigint[]) AND r.encrypt_passwords AND p.password_algorithm <> '';

-- name: session_keys_direct
-- What is stored of the keys of the sessions $1, sealed; whoever asks.
SELECT s.id, s.password, s.encrypted_password FROM direct_peering_session s WHERE s.id = ANY($1::bigint[]);

-- name: session_keys_ix
SELECT s.id, s.password, s.encrypted_password FROM internet_exchange_peering_session s WHERE s.id = ANY($1::bigint[]);

-- name: policies_of_other_family
-- Those of the policies $1 that are for another address family than $2.
SELECT p.name FROM routing_policy p WHERE p.id = ANY ($1::bigint[]) AND p.address_family NOT IN (0, $2::bigint) ORDER BY p.weight DESC, p.name;

-- name: session_keys_all
-- Keys of the sessions of router $2 ($1 = 0), of connection $2 (1), of the routers of platform $2 (2), with how their router writes them.
SELECT true, s.id, s.password, s.encrypted_password, host(s.ip_address), CASE WHEN r.encrypt_passwords THEN p.password_algorithm ELSE '' END
  FROM direct_peering_session s JOIN router r ON r.id = s.router_id LEFT JOIN platform p ON p.id = r.platform_id
 WHERE ($1::bigint = 0 AND r.id = $2::bigint) OR ($1 = 2 AND r.platform_id = $2)
UNION ALL
SELECT false, s.id, s.password, s.encrypted_password, host(s.ip_address), CASE WHEN r.encrypt_passwords THEN p.password_algorithm ELSE '' END
  FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id
  LEFT JOIN router r ON r.id = c.router_id LEFT JOIN platform p ON p.id = r.platform_id
 WHERE ($1 = 0 AND r.id = $2) OR ($1 = 1 AND c.id = $2) OR ($1 = 2 AND r.platform_id = $2);

-- name: session_keys_put_direct
-- Texts $2 for the sessions $1; the empty one stands for none.
UPDATE direct_peering_session s SET encrypted_password = nullif(n.text, ''), updated = now()
  FROM unnest($1::bigint[], $2::text[]) AS n (id, text) WHERE s.id = n.id;

-- name: session_keys_put_ix
UPDATE internet_exchange_peering_session s SET encrypted_password = nullif(n.text, ''), updated = now()
  FROM unnest($1::bigint[], $2::text[]) AS n (id, text) WHERE s.id = n.id;

-- name: render_available_peers
-- Ports at the exchange $1 with an address that is not a neighbour on each of our connections there, with hidden ones when $2.
SELECT a.port FROM available_ports($1::bigint, $2::boolean) a;
