-- A book for benchmarks: 2,000 networks, 60 exchanges, 40 routers, 120 connections, 20,000 exchange sessions, 5,000 direct sessions,
-- policies, communities and tags on them. Everything is a function of its number: each run makes the same rows.
SET search_path = peerage, public;
BEGIN;
INSERT INTO community (id, name, slug, value, type)
	SELECT n, 'Community ' || n, 'community-' || n, '64500:' || n, CASE n % 2 WHEN 0 THEN 'ingress' ELSE 'egress' END FROM generate_series(1, 200) n;
INSERT INTO routing_policy (id, name, slug, type, weight, address_family)
	SELECT n, 'POLICY-' || n, 'policy-' || n, (ARRAY['import-policy', 'export-policy', 'import-export-policy'])[1 + n % 3], n % 50, (ARRAY[0, 4, 6])[1 + n % 3]
	FROM generate_series(1, 100) n;
INSERT INTO relationship (id, name, slug, color) VALUES (1, 'Transit Provider', 'transit-provider', 'f44336'), (2, 'Customer', 'customer', '4caf50'),
	(3, 'Private Peering', 'private-peering', '2196f3');
INSERT INTO autonomous_system (id, asn, name, irr_as_set, ipv6_max_prefixes, ipv4_max_prefixes, affiliated)
	SELECT n, CASE n WHEN 1 THEN 64500 ELSE 100000 + n END, 'Network ' || n, 'AS-NET' || n, n % 500, n % 3000, n = 1 FROM generate_series(1, 2000) n;
INSERT INTO router (id, name, hostname, platform_id, local_autonomous_system_id, poll_bgp_sessions_state)
	SELECT n, 'rtr' || n || '.pop' || n % 10, 'rtr' || n || '.pop' || n % 10 || '.example.net', (SELECT min(id) FROM platform), 1, true FROM generate_series(1, 40) n;
INSERT INTO internet_exchange (id, name, slug, local_autonomous_system_id)
	SELECT n, 'IX ' || n, 'ix-' || n, 1 FROM generate_series(1, 60) n;
INSERT INTO connection (id, internet_exchange_point_id, router_id, vlan, ipv4_address, ipv6_address, interface)
	SELECT n, 1 + (n - 1) / 2, 1 + (n - 1) % 40, 100 + n, ('10.' || (n - 1) / 2 || '.255.' || n || '/16')::inet,
	('2001:db8:' || to_hex((n - 1) / 2) || '::ffff:' || to_hex(n) || '/64')::inet, 'et-0/0/' || n FROM generate_series(1, 120) n;
INSERT INTO internet_exchange_peering_session (id, autonomous_system_id, ixp_connection_id, ip_address, is_route_server, bgp_state, received_prefix_count,
	accepted_prefix_count, advertised_prefix_count, password)
	SELECT n, 2 + n % 1999, 1 + n % 120, CASE n % 2 WHEN 0 THEN ('10.' || (n % 120) / 2 || '.' || n / 250 || '.' || 1 + n % 250)::inet
	ELSE ('2001:db8:' || to_hex((n % 120) / 2) || '::' || to_hex(n))::inet END, n % 100 = 0,
	(ARRAY['established', 'established', 'established', 'idle', 'active'])[1 + n % 5], n % 1000, n % 900, n % 300, CASE n % 10 WHEN 0 THEN 'secret' || n END
	FROM generate_series(1, 20000) n;
INSERT INTO direct_peering_session (id, local_autonomous_system_id, autonomous_system_id, relationship_id, router_id, ip_address, local_ip_address, bgp_state)
	SELECT n, 1, 2 + n % 1999, 1 + n % 3, 1 + n % 40, ('172.16.' || n / 64 || '.' || (n % 64) * 4 + 1 || '/30')::inet,
	('172.16.' || n / 64 || '.' || (n % 64) * 4 + 2 || '/30')::inet, 'established' FROM generate_series(1, 5000) n;
INSERT INTO internet_exchange_peering_session_import_routing_policies SELECT n, 1 + n % 100 FROM generate_series(1, 20000, 5) n;
INSERT INTO internet_exchange_peering_session_export_routing_policies SELECT n, 1 + n % 100 FROM generate_series(1, 20000, 5) n;
INSERT INTO internet_exchange_peering_session_communities SELECT n, 1 + n % 200 FROM generate_series(1, 20000, 20) n;
INSERT INTO tag (id, name, slug) SELECT n, 'Tag ' || n, 'tag-' || n FROM generate_series(1, 20) n;
INSERT INTO tagged_item (tag_id, object_type_id, object_id)
	SELECT 1 + n % 20, (SELECT id FROM object_type WHERE model = 'internetexchangepeeringsession'), n FROM generate_series(1, 20000, 2) n;
DO $$
DECLARE t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['community', 'routing_policy', 'relationship', 'autonomous_system', 'router', 'internet_exchange', 'connection',
		'internet_exchange_peering_session', 'direct_peering_session', 'tag'] LOOP
		EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), (SELECT max(id) FROM %I))', t, t);
	END LOOP;
END $$;
COMMIT;
VACUUM ANALYZE;
