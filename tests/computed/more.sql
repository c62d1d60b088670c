-- more.sql: what a generated network has too little of, put into a database of Peering Manager: every status, states and addresses that
-- PeeringDB does not know, hidden peers that ended, contexts on everything, numbers and communities of every kind.
UPDATE peering_bgpgroup SET status = (ARRAY['enabled', 'pre-maintenance', 'maintenance', 'post-maintenance', 'disabled'])[1 + id % 5];
UPDATE peering_internetexchange SET status = (ARRAY['enabled', 'enabled', 'enabled', 'maintenance', 'disabled', 'pre-maintenance', 'post-maintenance'])[1 + id % 7];
UPDATE net_connection SET status = (ARRAY['enabled', 'enabled', 'enabled', 'disabled', 'maintenance'])[1 + id % 5], vlan = 100 + id % 100;
UPDATE net_connection SET mac_address = '00:1b:77:49:54:fd' WHERE id % 2 = 0;
UPDATE net_connection SET peeringdb_netixlan_id = NULL WHERE id % 7 = 0;
UPDATE devices_router SET status = (ARRAY['enabled', 'maintenance', 'post-maintenance', 'disabled'])[1 + id % 4], poll_bgp_sessions_state = id % 3 <> 0,
	netbox_device_id = id % 2;
UPDATE peering_internetexchangepeeringsession SET status = (ARRAY['requested', 'provisioning', 'pre-maintenance', 'maintenance', 'post-maintenance',
	'disabled', 'decommissioning', 'decommissioned'])[1 + id % 8] WHERE id % 3 = 0;
UPDATE peering_internetexchangepeeringsession SET bgp_state = (ARRAY['idle', 'active', 'connect', 'opensent', 'openconfirm', NULL])[1 + id % 6] WHERE id % 4 = 0;
UPDATE peering_internetexchangepeeringsession SET service_reference = 'S' || id % 7 WHERE id % 5 = 0;
UPDATE peering_internetexchangepeeringsession SET ip_address = CASE family(ip_address) WHEN 4 THEN inet '198.18.0.0' ELSE inet '2001:db8:ffff::' END + id
	WHERE id % 9 = 0;
UPDATE peering_internetexchangepeeringsession SET bfd_id = (SELECT min(id) FROM net_bfd) WHERE id % 6 = 0;
UPDATE peering_directpeeringsession SET status = (ARRAY['requested', 'provisioning', 'maintenance', 'disabled', 'decommissioned'])[1 + id % 5] WHERE id % 3 = 0;
UPDATE peering_directpeeringsession SET bgp_group_id = NULL WHERE id % 11 = 0;
UPDATE peering_autonomoussystem SET asn = (ARRAY[23456, 64496, 64511, 64512, 65534, 65535, 65536, 131071, 4200000000, 4294967294, 4294967295])[n]
	FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM peering_autonomoussystem WHERE NOT affiliated AND id % 13 = 0) AS x
	WHERE x.id = peering_autonomoussystem.id AND n <= 11;
UPDATE peering_autonomoussystem SET irr_as_set = (ARRAY['RIPE::AS-ONE RADB:AS-TWO', 'AS-ONE, AS-ONE', ' ', NULL, 'ipv6:AS-SIX/AS-FOUR', 'AS65535:AS-FOO'])[1 + id % 6]
	WHERE id % 3 = 0;
UPDATE peering_autonomoussystem SET as_list = ARRAY[64500, id::integer] WHERE id % 4 = 0;
UPDATE peering_autonomoussystem SET local_context_data = jsonb_build_object('ntp', jsonb_build_array('192.0.2.9'), 'syslog', jsonb_build_object('port', id)) WHERE id % 5 = 0;
UPDATE peering_autonomoussystem SET prefixes = '{"ipv6": [], "ipv4": []}' WHERE id % 17 = 0;
UPDATE peering_autonomoussystem a SET name = n.name FROM peeringdb_network n WHERE n.asn = a.asn AND a.id % 2 = 0;
UPDATE peering_routingpolicy SET address_family = (ARRAY[0, 4, 6])[1 + id % 3], weight = id % 4;
UPDATE bgp_community SET value = (ARRAY['64500:1', '64500:1:2', 'target:64500:1', 'origin:192.0.2.1:70', '0:5', '65535:65535', '4294967295:0:0'])[1 + id % 7];
UPDATE extras_configcontext SET is_active = id % 2 = 1;
UPDATE extras_configcontext SET data = '{"syslog": {"port": 514, "deep": {"host": "192.0.2.200"}}, "host": "top"}' WHERE id = (SELECT max(id) FROM extras_configcontext);
INSERT INTO extras_configcontextassignment (content_type_id, object_id, config_context_id, weight)
	SELECT t.id, o.id, c.id, (o.id * 7 + c.id) % 5 * 100 FROM django_content_type t CROSS JOIN extras_configcontext c CROSS JOIN LATERAL (
		SELECT id FROM devices_router WHERE t.model = 'router' UNION ALL SELECT id FROM net_connection WHERE t.model = 'connection' UNION ALL
		SELECT id FROM peering_bgpgroup WHERE t.model = 'bgpgroup' UNION ALL SELECT id FROM peering_internetexchange WHERE t.model = 'internetexchange' UNION ALL
		SELECT id FROM peering_autonomoussystem WHERE t.model = 'autonomoussystem' AND id % 6 = 0 UNION ALL
		SELECT id FROM peering_routingpolicy WHERE t.model = 'routingpolicy' AND id % 4 = 0 UNION ALL
		SELECT id FROM bgp_community WHERE t.model = 'community' AND id % 4 = 0 UNION ALL SELECT id FROM net_bfd WHERE t.model = 'bfd' UNION ALL
		SELECT id FROM peering_internetexchangepeeringsession WHERE t.model = 'internetexchangepeeringsession' AND id % 10 = 0 UNION ALL
		SELECT id FROM peering_directpeeringsession WHERE t.model = 'directpeeringsession' AND id % 10 = 0) AS o
	WHERE (o.id + c.id) % 2 = 0 AND t.app_label IN ('devices', 'net', 'peering', 'bgp') ON CONFLICT DO NOTHING;
INSERT INTO peeringdb_hiddenpeer (comments, until, peeringdb_network_id, peeringdb_network_id_copy, peeringdb_ixlan_id, peeringdb_ixlan_id_copy)
	SELECT '', (ARRAY[NULL, timestamptz '2020-01-01', timestamptz '2999-01-01'])[1 + n.net_id % 3], n.net_id, n.net_id, n.ixlan_id, n.ixlan_id
	FROM (SELECT DISTINCT net_id, ixlan_id FROM peeringdb_networkixlan WHERE id % 5 = 0) AS n
	WHERE n.ixlan_id IN (SELECT peeringdb_ixlan_id FROM peering_internetexchange) ON CONFLICT DO NOTHING;
UPDATE messaging_contact SET email = '' WHERE id % 4 = 0;
INSERT INTO messaging_contactassignment (content_type_id, object_id, contact_id, role_id)
	SELECT t.id, x.id, (SELECT min(id) FROM messaging_contact), (SELECT min(id) FROM messaging_contactrole) FROM django_content_type t, peering_internetexchange x
	WHERE (t.app_label, t.model) = ('peering', 'internetexchange') AND x.id % 2 = 0 ON CONFLICT DO NOTHING;
INSERT INTO peeringdb_campus (id, created, updated, name, notes, org_id) SELECT 1, now(), now(), 'Campus', '', org_id FROM peeringdb_internetexchangefacility f
	JOIN peeringdb_internetexchange x ON x.id = f.ix_id WHERE x.id IN (SELECT l.ix_id FROM peeringdb_ixlan l JOIN peering_internetexchange i ON i.peeringdb_ixlan_id = l.id) ORDER BY f.id LIMIT 1;
UPDATE peeringdb_facility SET campus_id = 1 WHERE id % 3 = 0 AND EXISTS (SELECT FROM peeringdb_campus);
UPDATE peeringdb_carrierfacility SET campus_id = 1 WHERE id % 2 = 0 AND EXISTS (SELECT FROM peeringdb_campus);
UPDATE peeringdb_networkixlan n SET net_side_id = f.id, ix_side_id = (SELECT max(id) FROM peeringdb_facility WHERE id % 2 = n.id % 2)
	FROM peeringdb_facility f WHERE f.id = (SELECT min(y.id) FROM peeringdb_facility y WHERE y.id >= n.id % 500) AND n.id % 3 = 0;
INSERT INTO peeringdb_networkfacility (id, created, updated, local_asn, avail_sonet, avail_ethernet, avail_atm, net_id, fac_id)
	SELECT 900000 + row_number() OVER (), now(), now(), n.asn, false, true, false, n.id, f.id FROM peeringdb_network n JOIN peeringdb_facility f ON f.id % 40 = n.id % 40 ON CONFLICT DO NOTHING;
UPDATE peering_internetexchange SET ixapi_endpoint_id = (SELECT min(id) FROM extras_ixapi) WHERE id % 2 = 0;
UPDATE devices_router SET data_source_id = (SELECT min(id) FROM core_datasource);
INSERT INTO extras_journalentry (created, updated, assigned_object_id, assigned_object_type_id, kind, comments)
	SELECT now(), now(), a.id, t.id, 'info', 'Walked' FROM peering_autonomoussystem a, django_content_type t WHERE t.model = 'autonomoussystem' AND a.id % 7 = 0;
