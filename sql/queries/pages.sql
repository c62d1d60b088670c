-- name: change_last
-- Who last changed the object $2 of table $1.
SELECT c.id, c.user_name, c.time
  FROM object_change c
 WHERE c.changed_object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $1) AND c.changed_object_id = $2
 ORDER BY c.time DESC, c.id DESC LIMIT 1;

-- name: change_neighbours
-- The change before and the one after on the same object as change $1, and the others of its request.
WITH c AS (SELECT * FROM object_change WHERE id = $1)
(SELECT 'older' AS what, o.id, o.action, o.object_repr FROM c JOIN object_change o
     ON o.changed_object_type_id = c.changed_object_type_id AND o.changed_object_id = c.changed_object_id AND (o.time, o.id) < (c.time, c.id)
  ORDER BY o.time DESC, o.id DESC LIMIT 1)
UNION ALL
(SELECT 'newer', o.id, o.action, o.object_repr FROM c JOIN object_change o
     ON o.changed_object_type_id = c.changed_object_type_id AND o.changed_object_id = c.changed_object_id AND (o.time, o.id) > (c.time, c.id)
  ORDER BY o.time, o.id LIMIT 1)
UNION ALL
(SELECT 'related', o.id, o.action, o.object_repr FROM c JOIN object_change o ON o.request_id = c.request_id AND o.id <> c.id ORDER BY o.id LIMIT 50)
UNION ALL
(SELECT 'all', count(*), '', '' FROM c JOIN object_change o ON o.request_id = c.request_id AND o.id <> c.id);

-- name: change_of_request
-- The first change that request $1 made.
SELECT id FROM object_change WHERE request_id = $1::text::uuid ORDER BY id LIMIT 1;

-- name: home_numbers
-- Every number of the home page.
SELECT jsonb_build_object(
	'autonomous_system', peerage_count('autonomous_system'), 'internet_exchange', peerage_count('internet_exchange'),
	'internet_exchange_peering_session', peerage_count('internet_exchange_peering_session'),
	'direct_peering_session', peerage_count('direct_peering_session'), 'bgp_group', peerage_count('bgp_group'),
	'router', peerage_count('router'), 'connection', peerage_count('connection'), 'routing_policy', peerage_count('routing_policy'),
	'community', peerage_count('community'), 'contact', peerage_count('contact'),
	'ix_states', (SELECT jsonb_object_agg(s.state, s.n) FROM (
		SELECT coalesce(bgp_state, '') AS state, count(*) AS n FROM internet_exchange_peering_session GROUP BY 1) s),
	'direct_states', (SELECT jsonb_object_agg(s.state, s.n) FROM (
		SELECT coalesce(bgp_state, '') AS state, count(*) AS n FROM direct_peering_session GROUP BY 1) s),
	'exchanges', (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name, 'connections', x.connections, 'total', x.total, 'up', x.up)
			ORDER BY x.total DESC, i.name)
		FROM internet_exchange i JOIN LATERAL (
			SELECT count(DISTINCT c.id) AS connections, count(s.id) AS total, count(s.id) FILTER (WHERE s.bgp_state = 'established') AS up
			FROM connection c LEFT JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id
			WHERE c.internet_exchange_point_id = i.id) x ON true));

-- name: search
-- What $1 finds: as a whole (0), as a beginning (1; $2 is the pattern), as a word (2), within ($3, a pattern, null for what is too short: 3). Each way gives so
-- many that a common word costs no more than a rare one. $4, an address or network or null, finds what has it or lies in it, and the LAN it lies in.
-- $5 objects at most of a type; their type, id, rank, and the field and text that the word stands in; types by their best hit.
WITH found AS (
	(SELECT e.object_type_id AS type, e.object_id AS id, e.field, e.weight::integer AS weight, e.value, 0 AS rank
	   FROM search_entry e WHERE lower(left(e.value, 100)) = lower(left($1, 100)) AND lower(e.value) = lower($1) LIMIT 500)
	UNION ALL
	(SELECT e.object_type_id, e.object_id, e.field, e.weight, e.value, 1
	   FROM search_entry e WHERE lower(left(e.value, 100)) ~>=~ lower($1) AND lower(left(e.value, 100)) ~<~ (lower($1) || chr(1114111)) LIMIT 500)
	UNION ALL
	(SELECT e.object_type_id, e.object_id, e.field, e.weight, e.value,
		CASE WHEN ' ' || translate(lower(e.value), '-_.:/,;()[]''"', '             ') || ' ' LIKE '% ' || translate(lower(btrim($3, '%')), '-_.:/,;()[]''"', '             ') || ' %' THEN 2 ELSE 3 END
	   FROM search_entry e WHERE e.value ILIKE $3 LIMIT 1500)
	UNION ALL
	(SELECT (SELECT o.id FROM object_type o WHERE o.table_name = 'peeringdb_network'), n.id, 'asn', 600, n.asn::text, 0
	   FROM peeringdb_network n WHERE n.asn = CASE WHEN $1 ~ '^[0-9]{1,10}$' THEN $1::bigint END)
	UNION ALL
	(SELECT (SELECT o.id FROM object_type o WHERE o.table_name = 'peeringdb_network'), n.id, 'name', 600, n.name,
		CASE WHEN lower(n.name) = lower($1) THEN 0 WHEN lower(n.name) LIKE lower($2) THEN 1 ELSE 3 END
	   FROM peeringdb_network n WHERE n.name ILIKE $3 LIMIT 300)
	UNION ALL
	(SELECT (SELECT o.id FROM object_type o WHERE o.table_name = 'peeringdb_internet_exchange'), n.id, 'name', 600, n.name,
		CASE WHEN lower(n.name) = lower($1) THEN 0 WHEN lower(n.name) LIKE lower($2) THEN 1 ELSE 3 END
	   FROM peeringdb_internet_exchange n WHERE n.name ILIKE $3 LIMIT 300)
	UNION ALL
	SELECT (SELECT o.id FROM object_type o WHERE o.table_name = a.of), a.id, a.field, 0, a.value, a.rank FROM (
		(SELECT 'internet_exchange_peering_session' AS of, s.id, 'ip_address' AS field, host(s.ip_address) AS value, 0 AS rank
		   FROM internet_exchange_peering_session s WHERE s.ip_address BETWEEN network($4) AND last_host($4) LIMIT 200)
		UNION ALL
		(SELECT 'direct_peering_session', s.id, 'ip_address', s.ip_address::text, 0 FROM direct_peering_session s WHERE s.ip_address <<= $4::inet LIMIT 200)
		UNION ALL
		(SELECT 'direct_peering_session', s.id, 'ip_address', s.ip_address::text, 0 FROM direct_peering_session s WHERE host(s.ip_address) = host($4::inet) LIMIT 200)
		UNION ALL
		(SELECT 'direct_peering_session', s.id, 'local_ip_address', s.local_ip_address::text, 0
		   FROM direct_peering_session s WHERE host(s.local_ip_address) = host($4::inet) LIMIT 200)
		UNION ALL
		(SELECT 'connection', c.id, 'ipv4_address', c.ipv4_address::text, 0 FROM connection c WHERE host(c.ipv4_address) = host($4::inet)
		 UNION ALL SELECT 'connection', c.id, 'ipv6_address', c.ipv6_address::text, 0 FROM connection c WHERE host(c.ipv6_address) = host($4::inet))
		UNION ALL
		(SELECT 'peeringdb_network_ixlan', p.id, 'ipaddr4', host(p.ipaddr4), 0 FROM peeringdb_network_ixlan p WHERE host(p.ipaddr4) = host($4::inet) LIMIT 20)
		UNION ALL
		(SELECT 'peeringdb_network_ixlan', p.id, 'ipaddr6', host(p.ipaddr6), 0 FROM peeringdb_network_ixlan p WHERE host(p.ipaddr6) = host($4::inet) LIMIT 20)
		UNION ALL
		(SELECT 'internet_exchange', c.internet_exchange_point_id, 'lan', network(n.address)::text, 1
		   FROM connection c, LATERAL (VALUES (c.ipv4_address), (c.ipv6_address)) n (address) WHERE n.address >>= $4::inet)
		UNION ALL
		(SELECT 'internet_exchange', i.id, 'lan', p.prefix::text, 1
		   FROM peeringdb_ixlan_prefix p JOIN internet_exchange i ON i.peeringdb_ixlan_id = p.ixlan_id WHERE p.prefix >>= $4::inet)
		UNION ALL
		(SELECT 'peeringdb_internet_exchange', l.ix_id, 'lan', p.prefix::text, 1
		   FROM peeringdb_ixlan_prefix p JOIN peeringdb_ixlan l ON l.id = p.ixlan_id WHERE p.prefix >>= $4::inet)
	) a
), best AS (
	SELECT DISTINCT ON (f.type, f.id) f.* FROM found f ORDER BY f.type, f.id, f.rank, f.weight
), top AS (
	SELECT b.*, row_number() OVER (PARTITION BY b.type ORDER BY b.rank, b.weight, b.id) AS n FROM best b
)
SELECT o.app_label || '.' || o.model, t.id, t.rank, t.field, t.value
  FROM top t JOIN object_type o ON o.id = t.type WHERE t.n <= $5
 ORDER BY min(t.rank * 1000 + t.weight) OVER (PARTITION BY t.type), t.type, t.rank, t.weight, t.id;

-- name: user_profile
SELECT u.username, u.first_name, u.last_name, u.email, u.is_staff, u.is_superuser, u.date_joined, u.last_login,
	ARRAY(SELECT g.name FROM auth_group g JOIN auth_user_group m ON m.auth_group_id = g.id WHERE m.auth_user_id = u.id ORDER BY 1) AS groups
  FROM auth_user u WHERE u.id = $1;

-- name: user_tokens
SELECT id, key_hint, created, expires, last_used, write_enabled, description, allowed_ips FROM auth_token WHERE user_id = $1 ORDER BY id;

-- name: user_token_revoke
DELETE FROM auth_token WHERE id = $1 AND user_id = $2 RETURNING id;

-- name: states_of_exchange
SELECT 'ix', coalesce(s.bgp_state, ''), count(*)
  FROM connection c JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id
 WHERE c.internet_exchange_point_id = $1 GROUP BY 2;

-- name: states_of_as
SELECT 'ix', coalesce(bgp_state, ''), count(*) FROM internet_exchange_peering_session WHERE autonomous_system_id = $1 GROUP BY 2
UNION ALL
SELECT 'direct', coalesce(bgp_state, ''), count(*) FROM direct_peering_session WHERE autonomous_system_id = $1 GROUP BY 2;

-- name: states_of_router
SELECT 'ix', coalesce(s.bgp_state, ''), count(*)
  FROM connection c JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id WHERE c.router_id = $1 GROUP BY 2
UNION ALL
SELECT 'direct', coalesce(bgp_state, ''), count(*) FROM direct_peering_session WHERE router_id = $1 GROUP BY 2;

-- name: states_of_connection
SELECT 'ix', coalesce(bgp_state, ''), count(*) FROM internet_exchange_peering_session WHERE ixp_connection_id = $1 GROUP BY 2
UNION ALL
SELECT 'direct', coalesce(bgp_state, ''), count(*) FROM direct_peering_session WHERE connection_id = $1 GROUP BY 2;

-- name: states_of_group
SELECT 'direct', coalesce(bgp_state, ''), count(*) FROM direct_peering_session WHERE bgp_group_id = $1 GROUP BY 2;

-- name: system_facts
-- What an operator asks first, as label and text.
SELECT 'PostgreSQL', current_setting('server_version') || CASE WHEN pg_is_in_recovery() THEN ', a standby' ELSE '' END
UNION ALL SELECT 'Schema', max(name) FROM migration
UNION ALL SELECT 'Database size', pg_size_pretty(pg_database_size(current_database()))
UNION ALL SELECT 'Connections to the database', count(*) || ' of ' || current_setting('max_connections') FROM pg_stat_activity WHERE datname = current_database()
UNION ALL SELECT 'Job runners', count(*)::text FROM pg_stat_activity WHERE application_name LIKE 'peerage-runner%' AND datname = current_database()
UNION ALL SELECT 'Queue: ' || q.name, count(j.id) FILTER (WHERE j.status = 'pending') || ' wait, ' || count(j.id) FILTER (WHERE j.status = 'running') || ' run'
	FROM unnest(ARRAY['high', 'default', 'low']) q(name) LEFT JOIN job j ON j.queue = q.name AND j.status IN ('pending', 'running') GROUP BY q.name
UNION ALL SELECT 'Jobs failed in the last day', count(*)::text FROM job WHERE status IN ('errored', 'failed') AND created > now() - interval '1 day'
UNION ALL SELECT 'Events that wait', count(*)::text FROM event WHERE handled IS NULL
UNION ALL SELECT 'Changes kept', peerage_count('object_change')::text
UNION ALL SELECT 'Last synchronisation with PeeringDB', coalesce(to_char(max(time), 'YYYY-MM-DD HH24:MI'), 'never') FROM peeringdb_synchronisation;

-- name: page_available_peers
-- Available ports at our exchanges (or at exchange $1); $2: a pattern for name or AS number. $3, $4: how many, from where. Names are fetched for
-- the page alone.
WITH a AS MATERIALIZED (
	SELECT a.port, a.asn, a.exchange, a.name
	FROM available_ports($1, false) a
	WHERE $2 = '%%' OR a.asn::text LIKE $2 OR EXISTS (SELECT FROM peeringdb_network w WHERE w.id = a.network AND w.name ILIKE $2)),
f AS (SELECT * FROM a ORDER BY a.asn, a.name, a.port LIMIT $3 OFFSET $4)
SELECT p.id, p.asn, n.name, f.exchange, f.name, host(p.ipaddr6), host(p.ipaddr4), n.policy_general, p.speed, p.is_rs_peer, n.id, p.ixlan_id,
       (SELECT count(*) FROM a)
  FROM f JOIN peeringdb_network_ixlan p ON p.id = f.port JOIN peeringdb_network n ON n.id = p.net_id
 ORDER BY f.asn, f.name, f.port;

-- name: page_available_sessions
-- The sessions that ports $1, or all ports of AS number $3, (at exchange $2, or at any of ours) still lack: one row an address and connection of
-- ours with that family. A network that says it is a route server is one.
SELECT p.asn, n.name, c.id, host(x.address), n.irr_as_set, n.info_prefixes6, n.info_prefixes4,
       p.id || '-' || c.id || '-' || family(x.address), i.name,
       coalesce(r.name || coalesce(' ' || nullif(c.interface, ''), ''), 'Connection #' || c.id),
       n.info_type = 'Route Server' OR 'Route Server' = ANY (coalesce(n.info_types, '{}')), n.policy_general, p.id, i.id, host(x.ours), p.speed
  FROM peeringdb_network_ixlan p
  JOIN peeringdb_network n ON n.id = p.net_id
  JOIN internet_exchange i ON i.peeringdb_ixlan_id = p.ixlan_id
  LEFT JOIN autonomous_system a ON a.id = i.local_autonomous_system_id
  JOIN connection c ON c.internet_exchange_point_id = i.id
  LEFT JOIN router r ON r.id = c.router_id
  JOIN LATERAL (VALUES (p.ipaddr6, c.ipv6_address), (p.ipaddr4, c.ipv4_address)) x (address, ours)
       ON x.address IS NOT NULL AND (x.ours IS NOT NULL OR (c.ipv6_address IS NULL AND c.ipv4_address IS NULL))
 WHERE (p.id = ANY ($1::bigint[]) OR (p.asn = $3::bigint AND p.asn IS DISTINCT FROM a.asn)) AND ($2::bigint IS NULL OR i.id = $2)
   AND NOT EXISTS (SELECT FROM internet_exchange_peering_session s WHERE s.ixp_connection_id = c.id AND s.ip_address = x.address)
 ORDER BY p.asn, c.id, family(x.address) DESC;

-- name: page_awaited_sessions
-- Those of the exchange sessions $1 that are not up, though they should be: what the other side lacks, with the address of ours that it has to name.
SELECT s.id, host(s.ip_address), i.id, i.name, coalesce(r.name || coalesce(' ' || nullif(c.interface, ''), ''), 'Connection #' || c.id),
       host(CASE family(s.ip_address) WHEN 6 THEN c.ipv6_address ELSE c.ipv4_address END), s.status, s.bgp_state, s.last_established_state,
       s.exists_in_peeringdb
  FROM internet_exchange_peering_session s
  JOIN connection c ON c.id = s.ixp_connection_id
  LEFT JOIN internet_exchange i ON i.id = c.internet_exchange_point_id
  LEFT JOIN router r ON r.id = c.router_id
 WHERE s.id = ANY ($1::bigint[]) AND s.status IN ('enabled', 'requested', 'provisioning') AND s.bgp_state IS DISTINCT FROM 'established'
 ORDER BY i.name, c.id, s.ip_address;

-- name: our_ports
-- Ports that PeeringDB has for autonomous systems of ours and that no connection of the book is: those of $1, or all when it is null. With the
-- exchange of the book that is on that LAN, and whether a name and a short name for a new one are taken.
SELECT p.id, a.asn, a.id, l.id, ix.name, e.id, host(p.ipaddr6) || '/' || x6.len, host(p.ipaddr4) || '/' || x4.len, p.speed, p.operational,
       trim(BOTH '-' FROM regexp_replace(lower(ix.name || ' ' || ix.id), '[^a-z0-9]+', '-', 'g')) AS slug,
       EXISTS (SELECT FROM internet_exchange o WHERE o.name = left(ix.name, 100))
  FROM peeringdb_network_ixlan p
  JOIN autonomous_system a ON a.asn = p.asn AND a.affiliated
  JOIN peeringdb_ixlan l ON l.id = p.ixlan_id
  JOIN peeringdb_internet_exchange ix ON ix.id = l.ix_id
  LEFT JOIN LATERAL (SELECT o.id FROM internet_exchange o WHERE o.peeringdb_ixlan_id = l.id AND o.local_autonomous_system_id = a.id
                      ORDER BY o.id LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT masklen(x.prefix) AS len FROM peeringdb_ixlan_prefix x WHERE x.ixlan_id = l.id AND x.prefix >> p.ipaddr6
                      ORDER BY 1 DESC LIMIT 1) x6 ON true
  LEFT JOIN LATERAL (SELECT masklen(x.prefix) AS len FROM peeringdb_ixlan_prefix x WHERE x.ixlan_id = l.id AND x.prefix >> p.ipaddr4
                      ORDER BY 1 DESC LIMIT 1) x4 ON true
 WHERE ($1::bigint[] IS NULL OR p.id = ANY ($1)) AND (x6.len IS NOT NULL OR x4.len IS NOT NULL)
   AND NOT EXISTS (SELECT FROM connection c WHERE c.peeringdb_netixlan_id = p.id OR host(c.ipv6_address) = host(p.ipaddr6)
                      OR host(c.ipv4_address) = host(p.ipaddr4))
 ORDER BY a.asn, ix.name, p.id;
