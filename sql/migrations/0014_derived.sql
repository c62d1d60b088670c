-- What follows from the tables and is read with them: as functions of a row, and as views of the ids for which something holds.

INSERT INTO object_type (id, app_label, model, table_name) VALUES
	(48, 'extras', 'webhookdelivery', 'webhook_delivery'),
	(54, 'messaging', 'emailmessage', 'email_message');

CREATE FUNCTION asn_is_private(asn bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN asn IN (0, 23456, 65535, 4294967295) OR asn BETWEEN 64496 AND 64511 OR asn BETWEEN 64512 AND 65534
	OR asn BETWEEN 65536 AND 131071 OR asn BETWEEN 4200000000 AND 4294967294;
COMMENT ON FUNCTION asn_is_private(bigint) IS 'Private, documentation and reserved AS numbers: nobody has them in PeeringDB';

-- RFC 1997, RFC 4360, RFC 8092, in the notation that configurations use
CREATE FUNCTION community_kind(c community) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN c.value ~ '^[0-9]+:[0-9]+$' THEN
		CASE WHEN split_part(c.value, ':', 1)::numeric BETWEEN 1 AND 65535 AND split_part(c.value, ':', 2)::numeric <= 65535
		THEN 'standard' END
	WHEN c.value ~ '^(origin|target):[0-9]+:[0-9]+$' THEN
		CASE WHEN split_part(c.value, ':', 3)::numeric BETWEEN 1 AND
			CASE WHEN split_part(c.value, ':', 2)::numeric > 65535 THEN 65535 ELSE 4294967295 END
		THEN 'extended' END
	WHEN c.value ~ '^(origin|target):((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9]):[0-9]+$' THEN
		CASE WHEN split_part(c.value, ':', 3)::numeric BETWEEN 1 AND 65535 THEN 'extended' END
	WHEN c.value ~ '^[0-9]+:[0-9]+:[0-9]+$' THEN
		CASE WHEN split_part(c.value, ':', 1)::numeric BETWEEN 1 AND 4294967295
			AND split_part(c.value, ':', 2)::numeric <= 4294967295 AND split_part(c.value, ':', 3)::numeric <= 4294967295
		THEN 'large' END
END;
COMMENT ON FUNCTION community_kind(community) IS 'standard, extended, large, or null when it is none of them';

CREATE FUNCTION autonomous_system_prefixes(a autonomous_system) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN a.prefixes_updated IS NOT NULL THEN (
	SELECT jsonb_build_object(
		'ipv6', coalesce(jsonb_agg(p.entry ORDER BY p.n) FILTER (WHERE p.family = 6), '[]'),
		'ipv4', coalesce(jsonb_agg(p.entry ORDER BY p.n) FILTER (WHERE p.family = 4), '[]'))
	FROM (
		SELECT x.family, x.n, jsonb_build_object('prefix', x.prefix::text, 'exact', x.exact)
			|| CASE WHEN x.less_equal IS NULL THEN '{}' ELSE jsonb_build_object('less-equal', x.less_equal) END
			|| CASE WHEN x.greater_equal IS NULL THEN '{}' ELSE jsonb_build_object('greater-equal', x.greater_equal) END AS entry
		FROM autonomous_system_prefix x WHERE x.autonomous_system_id = a.id
	) p
) END;
COMMENT ON FUNCTION autonomous_system_prefixes(autonomous_system) IS 'Its prefixes from the registries as bgpq prints them, by family; null when they were never read';

CREATE FUNCTION autonomous_system_as_list(a autonomous_system) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(SELECT x.asn FROM autonomous_system_as_list x WHERE x.autonomous_system_id = a.id ORDER BY x.n);
COMMENT ON FUNCTION autonomous_system_as_list(autonomous_system) IS 'The members of its AS-SET from the registries';

CREATE FUNCTION autonomous_system_general_policy(a autonomous_system) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT n.policy_general FROM peeringdb_network n WHERE n.asn = a.asn AND NOT asn_is_private(a.asn));
COMMENT ON FUNCTION autonomous_system_general_policy(autonomous_system) IS 'Its peering policy in PeeringDB';

CREATE FUNCTION internet_exchange_peeringdb_prefixes(i internet_exchange) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
	SELECT coalesce(jsonb_object_agg(f.name, f.prefixes), '{}')
	FROM (
		SELECT 'ipv' || family(p.prefix) AS name, jsonb_agg(p.prefix::text ORDER BY p.prefix) AS prefixes
		FROM peeringdb_ixlan_prefix p WHERE p.ixlan_id = i.peeringdb_ixlan_id GROUP BY 1
	) f
);
COMMENT ON FUNCTION internet_exchange_peeringdb_prefixes(internet_exchange) IS 'The prefixes of its LAN in PeeringDB, by family';

CREATE FUNCTION job_data(j job) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(j.data, (
	SELECT jsonb_object_agg(g.grp, g.entry) || jsonb_build_object('total', jsonb_build_object(
		'success', sum(g.success), 'info', sum(g.info), 'warning', sum(g.warning), 'failure', sum(g.failure)))
	FROM (
		SELECT n.grp, n.success, n.info, n.warning, n.failure, jsonb_build_object('success', n.success, 'info', n.info,
			'warning', n.warning, 'failure', n.failure, 'log', n.log) AS entry
		FROM (
			SELECT x.grp,
				count(*) FILTER (WHERE x.level = 'success') AS success, count(*) FILTER (WHERE x.level = 'info') AS info,
				count(*) FILTER (WHERE x.level = 'warning') AS warning, count(*) FILTER (WHERE x.level = 'failure') AS failure,
				jsonb_agg(jsonb_build_array(to_char(x.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), x.level,
					x.object_repr, x.object_url, x.message) ORDER BY x.n) AS log
			FROM job_log x WHERE x.job_id = j.id GROUP BY x.grp
		) n
	) g
));
COMMENT ON FUNCTION job_data(job) IS 'Its log in the form of Peering Manager: groups of lines, counted by level';

CREATE VIEW session_in_peeringdb AS
	SELECT s.id FROM internet_exchange_peering_session s
	JOIN peeringdb_network_ixlan x ON x.ipaddr4 = s.ip_address JOIN peeringdb_network n ON n.id = x.net_id AND n.asn = s.asn
	UNION ALL
	SELECT s.id FROM internet_exchange_peering_session s
	JOIN peeringdb_network_ixlan x ON x.ipaddr6 = s.ip_address JOIN peeringdb_network n ON n.id = x.net_id AND n.asn = s.asn;
COMMENT ON VIEW session_in_peeringdb IS 'Exchange sessions whose address PeeringDB has for their autonomous system; may name one twice';

CREATE VIEW session_abandoned AS
	SELECT s.id FROM internet_exchange_peering_session s
	JOIN connection c ON c.id = s.ixp_connection_id
	LEFT JOIN router r ON r.id = c.router_id
	WHERE s.bgp_state IN ('idle', 'active') AND c.peeringdb_netixlan_id IS NOT NULL
	AND (r.id IS NULL OR r.poll_bgp_sessions_state) AND NOT asn_is_private(s.asn)
	AND EXISTS (SELECT FROM peeringdb_network n WHERE n.asn = s.asn)
	AND NOT EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id AND n.asn = s.asn
		WHERE x.ipaddr4 = s.ip_address OR x.ipaddr6 = s.ip_address);
COMMENT ON VIEW session_abandoned IS 'Exchange sessions that are down and whose other end has left the exchange, going by PeeringDB';

CREATE VIEW hidden_peer_expired AS SELECT h.id FROM hidden_peer h WHERE h.until < now();
COMMENT ON VIEW hidden_peer_expired IS 'Hidden peers that show again';

DO $$
DECLARE
	v text;
BEGIN
	FOREACH v IN ARRAY ARRAY['session_in_peeringdb', 'session_abandoned', 'hidden_peer_expired'] LOOP
		EXECUTE format('COMMENT ON COLUMN %I.id IS %L', v, 'Row for which it holds');
		IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'peerage_web') THEN
			EXECUTE format('GRANT SELECT ON %I TO peerage_web', v);
		END IF;
		IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'peerage_jobs') THEN
			EXECUTE format('GRANT SELECT ON %I TO peerage_jobs', v);
		END IF;
	END LOOP;
END $$;
