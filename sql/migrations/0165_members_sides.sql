-- A side that is not there at all is none that an address lacks: without a member export read, or without a LAN of PeeringDB, the other two are
-- compared. Every address that one of the three knows there. Ours are the sessions and our own connections; without `sees_book` they are left out.
CREATE OR REPLACE FUNCTION euro_ix_comparison(exchange bigint, sees_book boolean)
RETURNS TABLE (address inet, name text, export_asn bigint, peeringdb_asn bigint, book_asn bigint, sessions bigint, own boolean, export_speed bigint,
	peeringdb_speed bigint, export_as_set text, book_as_set text, export_limit bigint, book_limit bigint, export_route_server boolean,
	peeringdb_route_server boolean, differences text[], state text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH p AS (
		SELECT DISTINCT ON (v.address) v.address, l.asn, l.speed, l.is_rs_peer, n.name
		FROM internet_exchange i
		JOIN peeringdb_network_ixlan l ON l.ixlan_id = i.peeringdb_ixlan_id
		JOIN peeringdb_network n ON n.id = l.net_id
		CROSS JOIN LATERAL (VALUES (l.ipaddr4), (l.ipaddr6)) AS v (address)
		WHERE i.id = exchange AND v.address IS NOT NULL ORDER BY v.address, l.updated DESC, l.id
	), known AS (
		SELECT s.ip_address AS address, s.asn, 1 AS session, false AS own, a.name, a.irr_as_set AS as_set,
			CASE family(s.ip_address) WHEN 4 THEN a.ipv4_max_prefixes ELSE a.ipv6_max_prefixes END::bigint AS max_prefixes
		FROM connection c
		JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id
		JOIN autonomous_system a ON a.id = s.autonomous_system_id
		WHERE c.internet_exchange_point_id = exchange AND sees_book
		UNION ALL
		SELECT host(v.address)::inet, a.asn, 0, true, a.name, a.irr_as_set,
			CASE family(v.address) WHEN 4 THEN a.ipv4_max_prefixes ELSE a.ipv6_max_prefixes END::bigint
		FROM connection c
		JOIN internet_exchange i ON i.id = c.internet_exchange_point_id
		JOIN autonomous_system a ON a.id = i.local_autonomous_system_id
		CROSS JOIN LATERAL (VALUES (c.ipv4_address), (c.ipv6_address)) AS v (address)
		WHERE c.internet_exchange_point_id = exchange AND v.address IS NOT NULL AND sees_book
	), b AS (
		SELECT k.address, min(k.asn) AS asn, max(k.asn) AS asn_most, sum(k.session) AS sessions, bool_or(k.own) AS own, min(k.name) AS name,
			min(k.as_set) AS as_set, min(k.max_prefixes) AS max_prefixes
		FROM known k GROUP BY k.address
	), e AS (SELECT * FROM euro_ix_port x WHERE x.internet_exchange_id = exchange),
	every AS (SELECT e.address FROM e UNION SELECT p.address FROM p UNION SELECT b.address FROM b),
	d AS (
		SELECT t.address, coalesce(nullif(e.name, ''), p.name, b.name) AS name, e.asn AS e_asn, p.asn AS p_asn, b.asn AS b_asn,
			coalesce(b.sessions, 0) AS sessions, coalesce(b.own, false) AS own, e.speed AS e_speed, p.speed::bigint AS p_speed, e.as_set AS e_set,
			b.as_set AS b_set, e.max_prefixes AS e_max, b.max_prefixes AS b_max, e.route_server AS e_rs, p.is_rs_peer AS p_rs,
			array_remove(ARRAY[
				CASE WHEN e.asn <> p.asn OR e.asn <> b.asn OR p.asn <> b.asn OR b.asn <> b.asn_most THEN 'AS number' END,
				CASE WHEN e.speed > 0 AND p.speed > 0 AND e.speed <> p.speed THEN 'speed' END,
				CASE WHEN e.route_server <> p.is_rs_peer THEN 'route server' END,
				CASE WHEN e.as_set <> '' AND b.as_set <> '' AND euro_ix_plain_set(e.as_set) <> euro_ix_plain_set(b.as_set) THEN 'AS-SET' END,
				CASE WHEN e.max_prefixes > 0 AND b.max_prefixes > 0 AND e.max_prefixes <> b.max_prefixes THEN 'prefix limit' END
			], NULL) AS differences
		FROM every t LEFT JOIN e ON e.address = t.address LEFT JOIN p ON p.address = t.address LEFT JOIN b ON b.address = t.address
	)
	SELECT d.address, d.name, d.e_asn, d.p_asn, d.b_asn, d.sessions, d.own, d.e_speed, d.p_speed, d.e_set, d.b_set, d.e_max, d.b_max, d.e_rs, d.p_rs,
		d.differences, CASE
			WHEN cardinality(d.differences) > 0 THEN 'differs'
			WHEN d.e_asn IS NULL AND d.p_asn IS NULL THEN 'only-in-book'
			WHEN (d.e_asn IS NOT NULL OR NOT has.export) AND (d.p_asn IS NOT NULL OR NOT has.peeringdb) THEN
				CASE WHEN d.b_asn IS NOT NULL THEN 'agrees' ELSE 'no-session' END
			WHEN d.b_asn IS NOT NULL THEN CASE WHEN d.e_asn IS NOT NULL THEN 'not-in-peeringdb' ELSE 'not-in-export' END
			WHEN d.e_asn IS NOT NULL THEN 'only-in-export'
			ELSE 'only-in-peeringdb' END
	FROM d, (SELECT EXISTS (SELECT FROM euro_ix_export x WHERE x.internet_exchange_id = exchange AND x.fetched IS NOT NULL) AS export,
		EXISTS (SELECT FROM internet_exchange i WHERE i.id = exchange AND i.peeringdb_ixlan_id IS NOT NULL) AS peeringdb) has;
END;
COMMENT ON FUNCTION euro_ix_comparison(bigint, boolean) IS 'Member export, PeeringDB and our sessions of an exchange side by side, one row an address';
