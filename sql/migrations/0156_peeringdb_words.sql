-- What the feed and the report say, said shorter: the change stands beside what follows from it, and a port by its address.

-- Of values that have several parts only those that changed.
CREATE FUNCTION peeringdb_parts(v jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(v) = 'object' AND jsonb_typeof(other) = 'object' THEN
	(SELECT coalesce(jsonb_object_agg(p.key, p.value), '{}') FROM jsonb_each(v) AS p (key, value) WHERE p.key = 'name' OR p.value IS DISTINCT FROM other -> p.key)
	ELSE v END;
COMMENT ON FUNCTION peeringdb_parts(jsonb, jsonb) IS 'The parts of a value that differ from another, and its name';

CREATE OR REPLACE FUNCTION peeringdb_change_before(c peeringdb_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN peeringdb_value_shown(peeringdb_parts(c.old, c.new));
CREATE OR REPLACE FUNCTION peeringdb_change_after(c peeringdb_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN peeringdb_value_shown(peeringdb_parts(c.new, c.old));

CREATE OR REPLACE FUNCTION peeringdb_change_effect(c peeringdb_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN c.state <> 'open' THEN '' ELSE (
	SELECT CASE
		WHEN count(*) = 0 THEN CASE c.kind WHEN 'joined' THEN 'Can be peered with' WHEN 'network' THEN 'PeeringDB no longer knows the network'
			WHEN 'prefix-limit' THEN 'Ours is the same' WHEN 'as-set' THEN 'Ours is the same' WHEN 'name' THEN 'Ours is the same'
			WHEN 'policy' THEN 'Nothing of ours has it' WHEN 'contact' THEN CASE WHEN c.new IS NULL THEN 'Mail no longer goes there' ELSE 'Mail goes there' END
			ELSE 'Nothing of ours' END
		WHEN c.kind IN ('address', 'lan', 'left') THEN concat_ws(' and ',
			CASE count(DISTINCT f.id) FILTER (WHERE f.type = 'net.connection') WHEN 0 THEN NULL WHEN 1 THEN 'Connection'
				ELSE count(DISTINCT f.id) FILTER (WHERE f.type = 'net.connection') || ' connections' END,
			CASE count(DISTINCT f.id) FILTER (WHERE f.type <> 'net.connection') WHEN 0 THEN NULL WHEN 1 THEN 'Session'
				ELSE count(DISTINCT f.id) FILTER (WHERE f.type <> 'net.connection') || ' sessions' END)
			|| CASE WHEN c.kind = 'left' THEN ' disabled'
				WHEN count(DISTINCT (f.type, f.id)) = 1 THEN ' moves' ELSE ' move' END
		ELSE string_agg(replace(f.field, '_', ' ') || ' ' || coalesce(nullif(f.old, ''), 'none') || ' → ' || coalesce(nullif(f.new, ''), 'none'), '; ') END
	FROM jsonb_to_recordset(peeringdb_change_follows(c)) AS f (type text, id bigint, field text, old text, new text)
) END;
COMMENT ON FUNCTION peeringdb_change_effect(peeringdb_change) IS 'What follows from it, in words; the change itself stands beside it';

DROP FUNCTION peeringdb_report();
CREATE FUNCTION peeringdb_report() RETURNS TABLE (asn bigint, autonomous_system_id bigint, internet_exchange_id bigint, connection_id bigint, place text,
	port text, subject text, record text, ours text, advice text) LANGUAGE sql STABLE PARALLEL SAFE AS $$
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
	SELECT u.asn, u.id, NULL::bigint, NULL::bigint, '', '', 'network', 'none', 'AS' || u.asn, 'PeeringDB has no network with this number: register it'
	FROM us u WHERE u.net IS NULL
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', '', f.label, coalesce(nullif(d.theirs #>> '{}', ''), 'none'), coalesce(nullif(d.ours #>> '{}', ''), 'none'), 'Bring the record in line, or ours'
	FROM us u JOIN autonomous_system_divergence d ON d.id = u.id
	JOIN (VALUES ('name', 'name'), ('irr_as_set', 'IRR AS-SET'), ('ipv6_max_prefixes', 'IPv6 prefixes'), ('ipv4_max_prefixes', 'IPv4 prefixes')) AS f (field, label)
		ON f.field = d.field
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', '', 'IPv' || k.family || ' prefixes', coalesce(k.says::text, 'none'), k.n::text,
		'The registries have more prefixes of ours than the limit in the record: peers would drop the sessions'
	FROM us u JOIN peeringdb_network n ON n.id = u.net
	CROSS JOIN LATERAL (SELECT p.family, count(*) AS n, CASE p.family WHEN 4 THEN n.info_prefixes4 ELSE n.info_prefixes6 END AS says
		FROM autonomous_system_prefix p WHERE p.autonomous_system_id = u.id GROUP BY p.family) k
	WHERE k.n > coalesce(k.says, 0)
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', '', 'IPv6', 'no', 'yes', 'The record says that we have no IPv6'
	FROM us u JOIN peeringdb_network n ON n.id = u.net
	WHERE NOT n.info_ipv6 AND EXISTS (SELECT FROM port WHERE port.owner = u.id AND port.ip6 IS NOT NULL)
	UNION ALL
	SELECT u.asn, u.id, NULL, NULL, '', '', 'contacts', 'none', '', 'Nobody can be reached by the record: add a contact for policy and one for operations'
	FROM us u WHERE u.net IS NOT NULL AND NOT EXISTS (SELECT FROM peeringdb_network_contact c WHERE c.net_id = u.net)
		AND EXISTS (SELECT FROM peeringdb_namespace s WHERE s.tag = 'poc' AND s.keyed)
	UNION ALL
	SELECT p.asn, p.owner, p.ix, p.id, p.ix_name, coalesce(host(p.ip4), host(p.ip6)), 'port', 'none', concat_ws(', ', host(p.ip4), host(p.ip6)),
		CASE WHEN p.ixlan IS NULL THEN 'The exchange is not linked to PeeringDB' ELSE 'Add the port to the record' END
	FROM port p WHERE p.port IS NULL AND p.status <> 'disabled'
	UNION ALL
	SELECT p.asn, p.owner, p.ix, p.id, p.ix_name, coalesce(host(p.ip4), host(p.ip6)), f.subject, coalesce(f.record, 'none'), coalesce(f.ours, 'none'), f.advice
	FROM port p CROSS JOIN LATERAL (VALUES
		('IPv4 address', host(p.ipaddr4), host(p.ip4), 'Correct the address of the port', true),
		('IPv6 address', host(p.ipaddr6), host(p.ip6), 'Correct the address of the port', true),
		('speed', speed_shown(p.says), speed_shown(p.speed), 'Correct the speed of the port', p.speed IS NOT NULL),
		('operational', CASE WHEN p.operational THEN 'yes' ELSE 'no' END, CASE WHEN p.status = 'disabled' THEN 'no' ELSE 'yes' END,
			CASE WHEN p.operational THEN 'Untick' ELSE 'Tick' END || ' "Operational" on the port', p.status IN ('enabled', 'disabled')),
		('route server peer', CASE WHEN p.is_rs_peer THEN 'yes' ELSE 'no' END, CASE WHEN EXISTS (SELECT FROM internet_exchange_peering_session s
			WHERE s.ixp_connection_id = p.id AND s.is_route_server AND s.status = 'enabled') THEN 'yes' ELSE 'no' END, CASE WHEN p.is_rs_peer THEN 'Untick' ELSE 'Tick' END || ' "RS Peer" on the port',
			EXISTS (SELECT FROM internet_exchange_peering_session s WHERE s.ixp_connection_id = p.id)),
		('BFD', CASE WHEN p.bfd_support THEN 'yes' ELSE 'no' END, 'yes', 'Tick "BFD Support" on the port', NOT p.bfd_support AND EXISTS (SELECT FROM
			internet_exchange_peering_session s WHERE s.ixp_connection_id = p.id AND s.bfd_id IS NOT NULL AND s.status = 'enabled'))
	) AS f (subject, record, ours, advice, told)
	WHERE p.port IS NOT NULL AND f.told AND f.record IS DISTINCT FROM f.ours
	UNION ALL
	SELECT u.asn, u.id, x.id, NULL, coalesce(x.name, i.name), coalesce(host(n.ipaddr4), host(n.ipaddr6)), 'port', concat_ws(', ', host(n.ipaddr4), host(n.ipaddr6)), 'none',
		CASE WHEN x.id IS NULL THEN 'Take the exchange over into the book, or take the port out of the record'
		ELSE 'Take the connection over into the book, or take the port out of the record' END
	FROM us u JOIN peeringdb_network_ixlan n ON n.net_id = u.net JOIN peeringdb_ixlan l ON l.id = n.ixlan_id JOIN peeringdb_internet_exchange i ON i.id = l.ix_id
	LEFT JOIN LATERAL (SELECT x.id, x.name FROM internet_exchange x WHERE x.peeringdb_ixlan_id = n.ixlan_id AND x.local_autonomous_system_id = u.id
		ORDER BY x.id LIMIT 1) x ON true
	WHERE NOT EXISTS (SELECT FROM port WHERE port.port = n.id)
	ORDER BY 1, 5, 6, 7
$$;


COMMENT ON FUNCTION peeringdb_report() IS 'What our records in PeeringDB say otherwise than the book; port: which, by its address';
