-- What of our book a row of PeeringDB has to do with: type, id, what it is called, and why.

-- name: pdb_book_network
SELECT 'peering.autonomoussystem' AS type, a.id, 'AS' || a.asn || ' - ' || a.name AS display, 'The same network' AS why
  FROM peeringdb_network n JOIN autonomous_system a ON a.asn = n.asn WHERE n.id = $1
UNION ALL
SELECT 'peering.internetexchangepeeringsession', s.id, host(s.ip_address) || ' at ' || x.name, s.status || coalesce(', ' || s.bgp_state, '')
  FROM peeringdb_network n JOIN internet_exchange_peering_session s ON s.asn = n.asn
  JOIN connection c ON c.id = s.ixp_connection_id JOIN internet_exchange x ON x.id = c.internet_exchange_point_id WHERE n.id = $1
UNION ALL
SELECT 'peering.directpeeringsession', s.id, host(s.ip_address), s.status || coalesce(', ' || s.bgp_state, '')
  FROM peeringdb_network n JOIN autonomous_system a ON a.asn = n.asn JOIN direct_peering_session s ON s.autonomous_system_id = a.id WHERE n.id = $1
UNION ALL
SELECT 'peering.internetexchange', x.id, x.name, 'Both are there: sessions can be set up'
  FROM peeringdb_network n JOIN internet_exchange x ON EXISTS (SELECT FROM peeringdb_network_ixlan p WHERE p.net_id = n.id AND p.ixlan_id = x.peeringdb_ixlan_id)
 WHERE n.id = $1 AND NOT EXISTS (SELECT FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id
	WHERE s.asn = n.asn AND c.internet_exchange_point_id = x.id)
 LIMIT 1000;

-- name: pdb_book_organization
SELECT 'peering.autonomoussystem' AS type, a.id, 'AS' || a.asn || ' - ' || a.name AS display, CASE WHEN a.affiliated THEN 'Ours, and a network of it' ELSE 'A network of it' END AS why
  FROM peeringdb_network n JOIN autonomous_system a ON a.asn = n.asn WHERE n.org_id = $1
UNION ALL
SELECT 'peering.internetexchange', x.id, x.name, 'An exchange of it'
  FROM peeringdb_internet_exchange i JOIN peeringdb_ixlan l ON l.ix_id = i.id JOIN internet_exchange x ON x.peeringdb_ixlan_id = l.id WHERE i.org_id = $1
UNION ALL
SELECT DISTINCT 'peering.autonomoussystem', a.id, 'AS' || a.asn || ' - ' || a.name, 'Ours, and in its facility ' || g.name
  FROM peeringdb_facility g JOIN peeringdb_network_facility f ON f.fac_id = g.id JOIN peeringdb_network n ON n.id = f.net_id
  JOIN autonomous_system a ON a.asn = n.asn AND a.affiliated WHERE g.org_id = $1
 LIMIT 1000;

-- name: pdb_book_exchange
SELECT 'peering.internetexchange' AS type, x.id, x.name AS display, 'The same exchange' AS why
  FROM peeringdb_ixlan l JOIN internet_exchange x ON x.peeringdb_ixlan_id = l.id WHERE l.ix_id = $1
UNION ALL
SELECT 'net.connection', c.id, connection_display(c), concat_ws(', ', host(c.ipv6_address), host(c.ipv4_address))
  FROM peeringdb_ixlan l JOIN internet_exchange x ON x.peeringdb_ixlan_id = l.id JOIN connection c ON c.internet_exchange_point_id = x.id WHERE l.ix_id = $1
 LIMIT 1000;

-- name: pdb_book_facility
SELECT DISTINCT 'peering.autonomoussystem' AS type, a.id, 'AS' || a.asn || ' - ' || a.name AS display,
       CASE WHEN a.affiliated THEN 'Ours, and in this facility' ELSE 'Is in this facility' END AS why
  FROM peeringdb_network_facility f JOIN peeringdb_network n ON n.id = f.net_id JOIN autonomous_system a ON a.asn = n.asn WHERE f.fac_id = $1
UNION ALL
SELECT DISTINCT 'peering.internetexchange', x.id, x.name, 'Can be reached here'
  FROM peeringdb_internet_exchange_facility f JOIN peeringdb_ixlan l ON l.ix_id = f.ix_id JOIN internet_exchange x ON x.peeringdb_ixlan_id = l.id WHERE f.fac_id = $1
 LIMIT 1000;

-- name: pdb_book_campus
SELECT DISTINCT 'peering.autonomoussystem' AS type, a.id, 'AS' || a.asn || ' - ' || a.name AS display, 'Is in ' || g.name AS why
  FROM peeringdb_facility g JOIN peeringdb_network_facility f ON f.fac_id = g.id JOIN peeringdb_network n ON n.id = f.net_id
  JOIN autonomous_system a ON a.asn = n.asn WHERE g.campus_id = $1
UNION ALL
SELECT DISTINCT 'peering.internetexchange', x.id, x.name, 'Can be reached in ' || g.name
  FROM peeringdb_facility g JOIN peeringdb_internet_exchange_facility f ON f.fac_id = g.id JOIN peeringdb_ixlan l ON l.ix_id = f.ix_id
  JOIN internet_exchange x ON x.peeringdb_ixlan_id = l.id WHERE g.campus_id = $1
 LIMIT 1000;

-- name: pdb_book_carrier
-- Where it and we are.
SELECT DISTINCT 'peering.autonomoussystem' AS type, a.id, 'AS' || a.asn || ' - ' || a.name AS display, 'Is in ' || g.name || ', as the carrier is' AS why
  FROM peeringdb_carrier_facility k JOIN peeringdb_facility g ON g.id = k.fac_id JOIN peeringdb_network_facility f ON f.fac_id = g.id
  JOIN peeringdb_network n ON n.id = f.net_id JOIN autonomous_system a ON a.asn = n.asn WHERE k.carrier_id = $1
 LIMIT 1000;

-- name: pdb_of_as
-- The network of our autonomous system $1 and what differs: id, name, policy, limits, AS-SET, and the differences as a list.
SELECT n.id, n.name, n.policy_general, n.policy_url, n.info_prefixes6, n.info_prefixes4, n.irr_as_set, n.info_type, n.info_traffic, n.website, n.looking_glass,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('field', d.field, 'ours', d.ours, 'theirs', d.theirs, 'switched', d.switched) ORDER BY d.field), '[]')
          FROM autonomous_system_divergence d WHERE d.id = a.id),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('role', c.role, 'name', c.name, 'email', c.email, 'phone', c.phone) ORDER BY c.role, c.name), '[]')
          FROM peeringdb_network_contact c WHERE c.net_id = n.id),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'city', f.city) ORDER BY f.name), '[]') FROM peeringdb_facility f
         WHERE f.id IN (SELECT t.fac_id FROM peeringdb_network_facility t WHERE t.net_id = n.id)
           AND f.id IN (SELECT o.fac_id FROM peeringdb_network_facility o JOIN peeringdb_network w ON w.id = o.net_id JOIN autonomous_system u ON u.asn = w.asn WHERE u.affiliated)),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name, 'ports', p.n, 'sessions', (SELECT count(*) FROM internet_exchange_peering_session s
		JOIN connection c ON c.id = s.ixp_connection_id WHERE c.internet_exchange_point_id = x.id AND s.autonomous_system_id = a.id)) ORDER BY x.name), '[]')
          FROM internet_exchange x JOIN LATERAL (SELECT count(*) AS n FROM peeringdb_network_ixlan p WHERE p.net_id = n.id AND p.ixlan_id = x.peeringdb_ixlan_id) p ON p.n > 0)
  FROM autonomous_system a JOIN peeringdb_network n ON n.asn = a.asn WHERE a.id = $1;
