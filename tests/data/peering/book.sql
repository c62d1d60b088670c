-- A small book that has one of everything a template can ask for. Router 1 is the one that tests render; router 2 is another.
INSERT INTO community (id, name, slug, value, type) VALUES
	(1, 'Customer', 'customer', '64500:100', 'ingress'), (2, 'Peer', 'peer', '64500:200', 'ingress'), (3, 'Blackhole', 'blackhole', '64500:666', 'egress'),
	(4, 'Router', 'on-r1', '64500:1:1', NULL);
INSERT INTO relationship (id, name, slug, color) VALUES (1, 'Customer', 'customer', '4caf50'), (2, 'Transit', 'transit', 'f44336');
INSERT INTO routing_policy (id, name, slug, type, weight, address_family) VALUES
	(1, 'Reject all', 'reject-all', 'import-policy', 0, 0), (2, 'Peers v6', 'peers-v6', 'import-policy', 10, 6), (3, 'Peers v4', 'peers-v4', 'import-policy', 10, 4),
	(4, 'Announce', 'announce', 'export-policy', 5, 0), (5, 'Special', 'special', 'import-export-policy', 20, 0), (6, 'Unused', 'unused', 'import-policy', 99, 0);
INSERT INTO routing_policy_communities VALUES (5, 3), (5, 1);
INSERT INTO bfd (id, name, slug, minimum_transmit_interval, detection_multiplier) VALUES (1, 'Fast', 'fast', 100, 3);
INSERT INTO autonomous_system (id, asn, name, irr_as_set, ipv6_max_prefixes, ipv4_max_prefixes, affiliated, prefixes_updated, comments) VALUES
	(1, 201281, 'Guillaume', 'AS-US', 0, 0, true, NULL, ''),
	(2, 2914, 'NTT', 'RIPE::AS2914:AS-GLOBAL RADB:AS2914:AS-GLOBAL, AS-V6', 200000, 900000, false, '2026-11-01 10:00:00+00', 'Big'),
	(3, 65550, 'Private', NULL, 10, 20, false, NULL, ''),
	(4, 15169, 'Göogle', 'AS-GOOGLE', NULL, 15000, false, NULL, '');
INSERT INTO autonomous_system_prefix VALUES
	(2, 4, 0, '192.0.2.0/24', true, NULL, NULL), (2, 4, 1, '198.51.100.0/22', false, 23, 24), (2, 6, 0, '2001:db8::/32', false, NULL, 48);
INSERT INTO autonomous_system_as_list VALUES (2, 0, 2914), (2, 1, 4200000001);
INSERT INTO autonomous_system_communities VALUES (2, 2);
INSERT INTO autonomous_system_import_routing_policies VALUES (2, 2), (2, 3);
INSERT INTO autonomous_system_export_routing_policies VALUES (2, 4);
INSERT INTO bgp_group (id, name, slug, status) VALUES (1, 'Transits', 'transits', 'maintenance'), (2, 'Customers', 'customers', 'enabled'), (3, 'Empty', 'empty', 'enabled');
INSERT INTO bgp_group_communities VALUES (1, 3);
INSERT INTO bgp_group_import_routing_policies VALUES (1, 1), (2, 5);
INSERT INTO bgp_group_export_routing_policies VALUES (1, 5);
INSERT INTO platform (id, name, slug, napalm_driver, password_algorithm) VALUES (100, 'Test OS', 'test-os', 'junos', 'juniper-type9');
INSERT INTO configuration (id, name, template, jinja2_trim, jinja2_lstrip) VALUES
	(1, 'Main', E'{% include_configuration Part %}\nhost {{ router.name }}\n', true, true), (2, 'Part', 'part of {{ router.hostname }};', false, false);
INSERT INTO email (id, name, subject, template) VALUES (1, 'Hello', 'To AS{{ autonomous_system.asn }}', 'Hello from {{ affiliated_autonomous_systems.first().name }}');
INSERT INTO export_template (id, content_type_id, name, template) VALUES (1, 10, 'values', '{% for c in dataset %}{{ c.value }};{% endfor %}');
INSERT INTO router (id, name, hostname, platform_id, status, configuration_template_id, local_autonomous_system_id, napalm_username, napalm_password,
	netbox_device_id, poll_bgp_sessions_state, local_context_data) VALUES
	(1, 'r1', 'r1.example.net', 100, 'enabled', 1, 1, 'admin', 'hunter2', 7, true, '{"ntp": {"server": "192.0.2.123"}, "list": [3]}'),
	(2, 'r2', 'r2.example.net', NULL, 'pre-maintenance', NULL, 1, NULL, NULL, 0, false, NULL);
INSERT INTO router_communities VALUES (1, 4);
INSERT INTO config_context (id, name, is_active, data) VALUES
	(1, 'Base', true, '{"ntp": {"key": 5}, "region": "eu", "list": [1, 2], "deep": {"region": "inner"}}'), (2, 'Off', false, '{"region": "off"}'),
	(3, 'Later', true, '{"region": "us"}');
INSERT INTO config_context_assignment (content_type_id, object_id, config_context_id, weight) VALUES (32, 1, 1, 2000), (32, 1, 3, 1000), (32, 1, 2, 3000), (70, 2, 3, 1000);
INSERT INTO peeringdb_organization (id, name) VALUES (1, 'Org');
INSERT INTO peeringdb_facility (id, org_id, name, city) VALUES (1, 1, 'Equinix FR5', 'Frankfurt'), (2, 1, 'Interxion FRA1', 'Frankfurt');
INSERT INTO peeringdb_network (id, org_id, asn, name, irr_as_set, info_prefixes4, info_prefixes6, policy_general) VALUES
	(1, 1, 201281, 'Guillaume Mazoyer', 'AS-US', 5, 5, 'Open'), (2, 1, 2914, 'NTT', 'AS2914:AS-GLOBAL', 900000, 200000, 'Restrictive'),
	(3, 1, 15169, 'Google', 'AS-GOOGLE', 15000, 5000, 'Selective');
INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'DE-CIX Frankfurt'), (2, 1, 'AMS-IX');
INSERT INTO peeringdb_ixlan (id, ix_id) VALUES (1, 1), (2, 2);
INSERT INTO peeringdb_ixlan_prefix (id, ixlan_id, protocol, prefix) VALUES (1, 1, 'IPv6', '2001:7f8::/64'), (2, 1, 'IPv4', '80.81.192.0/21');
INSERT INTO peeringdb_network_facility (id, net_id, fac_id) VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2);
INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr4, ipaddr6) VALUES
	(1, 1, 1, 201281, '80.81.192.1', '2001:7f8::1'), (2, 2, 1, 2914, '80.81.192.10', '2001:7f8::10'), (3, 3, 1, 15169, '80.81.192.20', '2001:7f8::20'),
	(4, 2, 2, 2914, '80.249.208.10', NULL);
INSERT INTO hidden_peer (peeringdb_network_id, peeringdb_network_id_copy, peeringdb_ixlan_id, peeringdb_ixlan_id_copy) VALUES (3, 3, 1, 1);
INSERT INTO peeringdb_network_contact (id, net_id, role, name, email) VALUES (1, 2, 'Policy', 'Peering', 'peering@ntt.example');
INSERT INTO internet_exchange (id, name, slug, status, local_autonomous_system_id, peeringdb_ixlan_id) VALUES
	(1, 'DE-CIX', 'de-cix', 'enabled', 1, 1), (2, 'AMS-IX', 'ams-ix', 'maintenance', 1, 2), (3, 'Elsewhere', 'elsewhere', 'enabled', 1, NULL);
INSERT INTO internet_exchange_communities VALUES (1, 2), (1, 1);
INSERT INTO internet_exchange_import_routing_policies VALUES (1, 1), (1, 3);
INSERT INTO internet_exchange_export_routing_policies VALUES (1, 4);
INSERT INTO connection (id, status, vlan, mac_address, ipv6_address, ipv4_address, internet_exchange_point_id, router_id, interface, peeringdb_netixlan_id) VALUES
	(1, 'enabled', 100, '00:1B:77:49:54:FD', '2001:7f8::1/64', '80.81.192.1/21', 1, 1, 'xe-0/0/0', 1),
	(2, 'enabled', NULL, NULL, NULL, '80.249.208.1/21', 2, 1, '', NULL),
	(3, 'enabled', NULL, NULL, '2001:7f8::2/64', '80.81.192.2/21', 1, 2, 'et-1', NULL);
INSERT INTO direct_peering_session (id, service_reference, local_autonomous_system_id, local_ip_address, autonomous_system_id, bgp_group_id, ip_address,
	relationship_id, status, password, router_id, bfd_id, multihop_ttl) VALUES
	(1, 'T-1', 1, '192.0.2.1/30', 2, 1, '192.0.2.2/30', 2, 'enabled', 'sesame', 1, 1, 1),
	(2, NULL, 1, '2001:db8:1::1/64', 3, 2, '2001:db8:1::2/64', 1, 'disabled', NULL, 1, NULL, 2),
	(3, NULL, 1, NULL, 2, 1, '198.51.100.2/31', 2, 'enabled', NULL, 2, NULL, 1);
INSERT INTO direct_peering_session_communities VALUES (1, 1), (1, 3);
INSERT INTO direct_peering_session_import_routing_policies VALUES (1, 2), (1, 5);
INSERT INTO direct_peering_session_export_routing_policies VALUES (2, 4);
INSERT INTO internet_exchange_peering_session (id, autonomous_system_id, ixp_connection_id, ip_address, status, is_route_server, bgp_state, bfd_id) VALUES
	(1, 2, 1, '2001:7f8::10', 'enabled', false, 'established', NULL), (2, 2, 1, '80.81.192.10', 'enabled', false, 'idle', 1),
	(3, 4, 1, '80.81.192.99', 'enabled', true, 'idle', NULL), (4, 2, 2, '80.249.208.10', 'requested', false, NULL, NULL),
	(5, 4, 3, '2001:7f8::20', 'enabled', false, NULL, NULL);
INSERT INTO internet_exchange_peering_session_import_routing_policies VALUES (2, 5);
INSERT INTO internet_exchange_peering_session_export_routing_policies VALUES (2, 5);
INSERT INTO internet_exchange_peering_session_communities VALUES (2, 3);
INSERT INTO tag (id, name, slug) VALUES (1, 'Filter prefixes', 'filter-prefixes'), (2, 'Lab', 'lab');
INSERT INTO tagged_item VALUES (1, 70, 2), (2, 70, 2), (2, 72, 1), (1, 74, 2), (2, 32, 1), (1, 73, 1);
INSERT INTO contact (id, name, email) VALUES (1, 'Alice', 'alice@example.net'), (2, 'Bob', 'bob@example.net');
INSERT INTO contact_role (id, name, slug) VALUES (1, 'Technical', 'technical'), (2, 'Policy', 'policy');
INSERT INTO contact_assignment (content_type_id, object_id, contact_id, role_id) VALUES (70, 2, 1, 1), (70, 2, 2, 2), (73, 1, 2, 1);
