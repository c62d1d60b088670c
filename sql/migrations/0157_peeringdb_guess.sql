-- Of what follows from a new prefix of a LAN, what is only guessed says so: it is for a person to accept, never for a rule.

CREATE OR REPLACE FUNCTION peeringdb_change_follows(c peeringdb_change) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(CASE
	WHEN c.kind IN ('prefix-limit', 'as-set', 'name') THEN (
		SELECT jsonb_agg(jsonb_build_object('type', 'peering.autonomoussystem', 'id', a.id, 'display', 'AS' || a.asn || ' - ' || a.name,
			'field', v.field, 'old', v.ours, 'new', v.new))
		FROM autonomous_system a
		CROSS JOIN LATERAL (SELECT m.field, m.ours, CASE WHEN m.theirs = 'name' THEN to_jsonb(left(c.new #>> '{}', 200)) ELSE coalesce(c.new, 'null') END AS new
			FROM (VALUES ('info_prefixes4', 'ipv4_max_prefixes', coalesce(to_jsonb(a.ipv4_max_prefixes), 'null')),
				('info_prefixes6', 'ipv6_max_prefixes', coalesce(to_jsonb(a.ipv6_max_prefixes), 'null')),
				('irr_as_set', 'irr_as_set', to_jsonb(coalesce(a.irr_as_set, ''))), ('name', 'name', to_jsonb(a.name))) AS m (theirs, field, ours)
			WHERE m.theirs = c.field) v
		WHERE a.id = c.autonomous_system_id AND v.ours <> v.new)
	WHEN c.kind = 'address' THEN (
		SELECT jsonb_agg(jsonb_build_object('type', t.type, 'id', t.id, 'display', t.display, 'field', t.field, 'old', inet_shown(t.address),
			'new', inet_shown(CASE WHEN t.type = 'net.connection' THEN set_masklen(t.new, masklen(t.address)) ELSE t.new END)) ORDER BY t.type, t.id, t.field)
		FROM (
			SELECT 'peering.internetexchangepeeringsession' AS type, s.id, 'Session with AS' || s.asn || ' - ' || a.name AS display, 'ip_address' AS field,
				s.ip_address AS address, v.new
			FROM (VALUES ((c.old ->> 'ipaddr6')::inet, (c.new ->> 'ipaddr6')::inet), ((c.old ->> 'ipaddr4')::inet, (c.new ->> 'ipaddr4')::inet)) AS v (old, new)
			JOIN internet_exchange_peering_session s ON s.ip_address = v.old AND s.autonomous_system_id = c.autonomous_system_id
			JOIN connection k ON k.id = s.ixp_connection_id AND k.internet_exchange_point_id = c.internet_exchange_id
			JOIN autonomous_system a ON a.id = s.autonomous_system_id
			WHERE v.new <> v.old
			UNION ALL
			SELECT 'net.connection', k.id, connection_display(k), f.field, f.address, f.new
			FROM internet_exchange x JOIN connection k ON k.internet_exchange_point_id = x.id
			CROSS JOIN LATERAL (VALUES ('ipv6_address', k.ipv6_address, (c.old ->> 'ipaddr6')::inet, (c.new ->> 'ipaddr6')::inet),
				('ipv4_address', k.ipv4_address, (c.old ->> 'ipaddr4')::inet, (c.new ->> 'ipaddr4')::inet)) AS f (field, address, old, new)
			WHERE x.id = c.internet_exchange_id AND x.local_autonomous_system_id = c.autonomous_system_id AND host(f.address)::inet = f.old AND f.new <> f.old
		) t)
	WHEN c.kind = 'left' THEN (
		SELECT jsonb_agg(jsonb_build_object('type', 'peering.internetexchangepeeringsession', 'id', s.id, 'display',
			'Session with AS' || s.asn || ' - ' || a.name || ' (' || host(s.ip_address) || ')', 'field', 'status', 'old', s.status, 'new', 'disabled') ORDER BY s.id)
		FROM internet_exchange_peering_session s
		JOIN connection k ON k.id = s.ixp_connection_id AND k.internet_exchange_point_id = c.internet_exchange_id
		JOIN autonomous_system a ON a.id = s.autonomous_system_id
		WHERE s.autonomous_system_id = c.autonomous_system_id AND host(s.ip_address) IN (c.old ->> 'ipaddr4', c.old ->> 'ipaddr6')
		AND s.status NOT IN ('disabled', 'decommissioning', 'decommissioned') AND NOT s.exists_in_peeringdb)
	WHEN c.kind = 'lan' AND jsonb_typeof(c.old) = 'string' THEN (
		SELECT jsonb_agg(jsonb_build_object('type', p.object_type, 'id', p.object_id, 'display', p.display, 'field', p.field,
			'old', inet_shown(p.old), 'new', inet_shown(p.new)) || CASE WHEN p.reason = 'place' THEN '{"guess": true}'::jsonb ELSE '{}' END ORDER BY p.object_type, p.object_id, p.field)
		FROM peeringdb_renumbering(c.internet_exchange_id) p WHERE host(p.old)::inet <<= (c.old #>> '{}')::inet)
END, '[]');
COMMENT ON FUNCTION peeringdb_change_follows(peeringdb_change) IS 'What accepting it writes; guess: PeeringDB does not list it, it is the same place in the new prefix';
