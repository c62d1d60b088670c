-- What no client writes: PeeringDB's rows, jobs, files, states, and times that differ.
INSERT INTO peeringdb_organization (id, name) VALUES (2, 'Org two'), (3, 'Third org');
INSERT INTO peeringdb_campus (id, org_id, name, social_media) VALUES (2, 2, 'North campus', '[]');
INSERT INTO peeringdb_facility (id, org_id, name) VALUES (2, 2, 'Fac two'), (3, 3, 'House three');
INSERT INTO peeringdb_network (id, org_id, asn, name, info_scope, info_traffic, info_type, policy_general, policy_locations, policy_ratio, policy_contracts) VALUES
	(2, 2, 64520, 'Hoster', 'Europe', '1-5Gbps', 'Content', 'Open', 'Preferred', true, 'Not Required'),
	(3, 3, 64500, 'Us', 'Global', '5-10Gbps', 'NSP', 'Selective', 'Not Required', false, 'Required');
INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (2, 2, 'Big IX'), (3, 3, 'Third IX');
INSERT INTO peeringdb_internet_exchange_facility (id, ix_id, fac_id) VALUES (2, 2, 2), (3, 3, 3);
INSERT INTO peeringdb_ixlan (id, ix_id, name, rs_asn, vlan) VALUES (2, 2, 'LAN two', 65001, 20), (3, 3, 'Quarantine', 65002, 30);
INSERT INTO peeringdb_ixlan_prefix (id, ixlan_id, prefix, protocol, in_dfz) VALUES (2, 2, '203.0.113.0/24', 'IPv4', true), (3, 3, '192.0.2.128/26', 'IPv4', false);
INSERT INTO peeringdb_network_facility (id, net_id, fac_id, local_asn) VALUES (2, 2, 2, 64520), (3, 3, 3, 64500);
INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4, ipaddr6, is_rs_peer, bfd_support) VALUES
	(2, 2, 2, 64520, 1000, '203.0.113.20', NULL, true, true), (3, 3, 3, 64500, 10000, '192.0.2.129', '2001:db8:3::99', false, false);
INSERT INTO peeringdb_network_contact (id, net_id, role, name, email) VALUES (2, 2, 'Abuse', 'Desk', 'abuse@example.com'), (3, 3, 'Policy', 'Peering team', 'peering@example.org');
INSERT INTO peeringdb_synchronisation (time, created, updated, deleted) VALUES ('2026-01-01 00:00:00+00', 1, 2, 3), ('2026-02-01 00:00:00+00', 4, 5, 6), ('2026-02-02 00:00:00+00', 7, 8, 9);
INSERT INTO hidden_peer (peeringdb_network_id, peeringdb_network_id_copy, peeringdb_ixlan_id, peeringdb_ixlan_id_copy, until, comments) VALUES
	(2, 2, 2, 2, '2026-01-01 00:00:00+00', 'for long'), (NULL, 9, NULL, 9, '2036-01-01 00:00:00+00', 'gone');
UPDATE connection SET peeringdb_netixlan_id = id WHERE id IN (1, 2);
INSERT INTO data_file (source_id, path, size, hash, data, updated) VALUES (1, 'x/one.json', 1, repeat('a', 64), '', '2026-01-01 00:00:00+00'),
	(2, 'y/two.yml', 2, repeat('b', 64), '', '2026-02-01 00:00:00+00'), (3, 'z/three.txt', 3, repeat('c', 64), '', '2026-03-01 00:00:00+00');
INSERT INTO job (object_type_id, object_id, name, user_id, status, created, started, completed) SELECT t.id, v.object_id, v.name, u.id, v.status, v.created, v.started, v.completed
	FROM (VALUES ('router', 1, 'devices.router.render_configuration', 'admin', 'completed', timestamptz '2026-01-01', timestamptz '2026-01-02', timestamptz '2026-01-03'),
		('router', 2, 'devices.router.poll_bgp_sessions', 'ann', 'failed', '2026-02-01', '2026-02-02', '2026-02-03'),
		('internetexchange', 3, 'peering.internetexchange.import_sessions', NULL, 'pending', '2026-03-01', NULL, NULL)) AS v (model, object_id, name, username, status, created, started, completed)
	JOIN object_type t ON t.model = v.model AND t.app_label IN ('devices', 'peering') LEFT JOIN auth_user u ON u.username = v.username;
INSERT INTO tagged_item (tag_id, object_type_id, object_id) SELECT v.tag, t.id, v.source FROM (VALUES (1, 1), (1, 2), (2, 2)) AS v (tag, source) JOIN object_type t ON t.model = 'datasource';
UPDATE data_source SET status = 'completed' WHERE id = 2;
UPDATE data_file SET created = updated;
INSERT INTO object_change (time, user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr)
	SELECT now(), 'runner', v.request, v.action, t.id, v.file, 'a file' FROM object_type t
	CROSS JOIN (VALUES (uuid '00000000-0000-4000-8000-000000000001', 'create', 1), ('00000000-0000-4000-8000-000000000002', 'update', 2)) AS v (request, action, file)
	WHERE t.model = 'datafile';
