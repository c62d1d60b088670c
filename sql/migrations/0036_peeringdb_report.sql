-- Our own record in PeeringDB against what the book has: what somebody should put right there.

ALTER TABLE connection ADD speed integer CHECK (speed BETWEEN 1 AND 2147483647);
COMMENT ON COLUMN connection.speed IS 'Mbit/s of the port, to be compared with PeeringDB; null: not known';

CREATE FUNCTION speed_shown(mbits bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN mbits >= 1000 AND mbits % 100 = 0 THEN trim_scale(mbits / 1000.0)::text || 'G' ELSE mbits || 'M' END;
COMMENT ON FUNCTION speed_shown(bigint) IS 'A speed in Mbit/s as people write it: 10G';

-- One row a difference: subject (a field of the network, or of a port), what the record says, what we have, and what to do.
CREATE FUNCTION peeringdb_report() RETURNS TABLE (asn bigint, autonomous_system_id bigint, internet_exchange_id bigint, connection_id bigint, place text,
	subject text, record text, ours text, advice text) LANGUAGE sql STABLE PARALLEL SAFE AS $$
	WITH us AS (
		SELECT a.*, n.id AS net FROM autonomous_system a LEFT JOIN peeringdb_network n ON n.asn = a.asn WHERE a.affiliated AND (n.id IS NOT NULL OR NOT asn_is_private(a.asn))
	), port AS (
		SELECT c.id, x.id AS ix, x.name AS ix_name, x.peeringdb_ixlan_id AS ixlan, u.id AS owner, u.asn, c.speed, c.status,
			host(c.ipv4_address)::inet AS ip4, host(c.ipv6_address)::inet AS ip6, p.id AS port, p.ipaddr4, p.ipaddr6, p.speed AS says, p.is_rs_peer,
			p.bfd_support, p.operational
		FROM us u JOIN internet_exchange x ON x.local_autonomous_system_id = u.id
		JOIN connection c ON c.internet_exchange_point_id = x.id
		LEFT JOIN connection_peeringdb_port v ON v.id = c.id LEFT JOIN peeringdb_network_ixlan p ON p.id = v.port
		WHERE u.net IS NOT NULL AND (c.ipv4_address IS NOT NULL OR c.ipv6_address IS NOT NULL)
	)
	SELECT u.asn, u.id, NULL::bigint, NULL::bigint, '', 'network', 'none', 'AS' || u.asn, 'PeeringDB has no network with this number: register it'
	FROM us u WHERE u.net IS NULL
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', f.label, coalesce(nullif(d.theirs #>> '{}', ''), 'none'), coalesce(nullif(d.ours #>> '{}', ''), 'none'), 'Bring the record in line, or ours'
	FROM us u JOIN autonomous_system_divergence d ON d.id = u.id
	JOIN (VALUES ('name', 'name'), ('irr_as_set', 'IRR AS-SET'), ('ipv6_max_prefixes', 'IPv6 prefixes'), ('ipv4_max_prefixes', 'IPv4 prefixes')) AS f (field, label)
		ON f.field = d.field
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', 'IPv' || k.family || ' prefixes', coalesce(k.says::text, 'none'), k.n::text,
		'The registries have more prefixes of ours than the limit in the record: peers would drop the sessions'
	FROM us u JOIN peeringdb_network n ON n.id = u.net
	CROSS JOIN LATERAL (SELECT p.family, count(*) AS n, CASE p.family WHEN 4 THEN n.info_prefixes4 ELSE n.info_prefixes6 END AS says
		FROM autonomous_system_prefix p WHERE p.autonomous_system_id = u.id GROUP BY p.family) k
	WHERE k.n > coalesce(k.says, 0)
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', 'IPv6', 'no', 'yes', 'The record says that we have no IPv6'
	FROM us u JOIN peeringdb_network n ON n.id = u.net
	WHERE NOT n.info_ipv6 AND EXISTS (SELECT FROM port WHERE port.owner = u.id AND port.ip6 IS NOT NULL)
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', 'contacts', 'none', '', 'Nobody can be reached by the record: add a contact for policy and one for operations'
	FROM us u WHERE u.net IS NOT NULL AND NOT EXISTS (SELECT FROM peeringdb_network_contact c WHERE c.net_id = u.net)
		AND EXISTS (SELECT FROM peeringdb_namespace s WHERE s.tag = 'poc' AND s.keyed)
	UNION ALL
	SELECT p.asn, p.owner, p.ix, p.id, p.ix_name, 'port', 'none', concat_ws(', ', host(p.ip4), host(p.ip6)),
		CASE WHEN p.ixlan IS NULL THEN 'The exchange is not linked to PeeringDB' ELSE 'Add the port to the record' END
	FROM port p WHERE p.port IS NULL AND p.status <> 'disabled'
	UNION ALL
	SELECT p.asn, p.owner, p.ix, p.id, p.ix_name, f.subject, coalesce(f.record, 'none'), coalesce(f.ours, 'none'), f.advice
	FROM port p CROSS JOIN LATERAL (VALUES
		('IPv4 address', host(p.ipaddr4), host(p.ip4), 'Correct the address of the port', true),
		('IPv6 address', host(p.ipaddr6), host(p.ip6), 'Correct the address of the port', true),
		('speed', speed_shown(p.says), speed_shown(p.speed), 'Correct the speed of the port', p.speed IS NOT NULL),
		('operational', CASE WHEN p.operational THEN 'yes' ELSE 'no' END, CASE WHEN p.status = 'disabled' THEN 'no' ELSE 'yes' END,
			'Correct whether the port is in use', p.status IN ('enabled', 'disabled')),
		('route server peer', CASE WHEN p.is_rs_peer THEN 'yes' ELSE 'no' END, CASE WHEN EXISTS (SELECT FROM internet_exchange_peering_session s
			WHERE s.ixp_connection_id = p.id AND s.is_route_server AND s.status = 'enabled') THEN 'yes' ELSE 'no' END, 'Correct whether we peer with the route servers',
			EXISTS (SELECT FROM internet_exchange_peering_session s WHERE s.ixp_connection_id = p.id)),
		('BFD', CASE WHEN p.bfd_support THEN 'yes' ELSE 'no' END, 'yes', 'Say that we support BFD', NOT p.bfd_support AND EXISTS (SELECT FROM
			internet_exchange_peering_session s WHERE s.ixp_connection_id = p.id AND s.bfd_id IS NOT NULL AND s.status = 'enabled'))
	) AS f (subject, record, ours, advice, told)
	WHERE p.port IS NOT NULL AND f.told AND f.record IS DISTINCT FROM f.ours
	UNION ALL
	SELECT u.asn, u.id, x.id, NULL, coalesce(x.name, i.name), 'port', concat_ws(', ', host(n.ipaddr4), host(n.ipaddr6)), 'none',
		CASE WHEN x.id IS NULL THEN 'Take the exchange over into the book, or take the port out of the record'
		ELSE 'Take the connection over into the book, or take the port out of the record' END
	FROM us u JOIN peeringdb_network_ixlan n ON n.net_id = u.net JOIN peeringdb_ixlan l ON l.id = n.ixlan_id JOIN peeringdb_internet_exchange i ON i.id = l.ix_id
	LEFT JOIN LATERAL (SELECT x.id, x.name FROM internet_exchange x WHERE x.peeringdb_ixlan_id = n.ixlan_id AND x.local_autonomous_system_id = u.id
		ORDER BY x.id LIMIT 1) x ON true
	WHERE NOT EXISTS (SELECT FROM port WHERE port.port = n.id)
	ORDER BY 1, 5, 6
$$;

COMMENT ON FUNCTION peeringdb_report() IS 'What our records in PeeringDB say otherwise than the book';
