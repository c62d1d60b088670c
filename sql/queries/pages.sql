-- name: change_last
-- Who last changed the object $2 of table $1.
SELECT c.id, c.user_name, c.time
  FROM object_change c
 WHERE c.changed_object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $1) AND c.changed_object_id = $2
 ORDER BY c.time DESC, c.id DESC LIMIT 1;

-- name: session_history
-- The last 30 days of a session as x from 0 to 1000, the state before them at 0.
SELECT greatest(0, 1000 * (1 - extract(epoch FROM now() - h.time) / (30 * 86400)))::float8, h.time, h.bgp_state, h.accepted_prefix_count
  FROM session_history h
 WHERE h.object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $1) AND h.object_id = $2
   AND h.time >= coalesce((SELECT max(b.time) FROM session_history b WHERE b.object_type_id = h.object_type_id AND b.object_id = h.object_id
                              AND b.time < now() - interval '30 days'), '-infinity')
 ORDER BY h.time LIMIT 1000;

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
(SELECT 'related', o.id, o.action, o.object_repr FROM c JOIN object_change o ON o.request_id = c.request_id AND o.id <> c.id ORDER BY o.id LIMIT 50);

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
-- Objects that a word is found in, the best kinds of hit first within a type; $2 as a whole counts more than a part.
WITH hits AS (
	SELECT e.object_type_id, e.object_id, min(e.weight - CASE WHEN lower(e.value) = lower($2) THEN 10000 ELSE 0 END) AS rank
	FROM search_entry e WHERE e.value ILIKE $1 GROUP BY 1, 2 ORDER BY rank, 1, 2 LIMIT $3
)
SELECT o.app_label || '.' || o.model, h.object_id
  FROM hits h JOIN object_type o ON o.id = h.object_type_id
 ORDER BY min(h.rank) OVER (PARTITION BY o.id), o.id, h.rank, h.object_id;

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
SELECT 'PostgreSQL', current_setting('server_version')
UNION ALL SELECT 'Database size', pg_size_pretty(pg_database_size(current_database()))
UNION ALL SELECT 'Jobs pending', count(*)::text FROM job WHERE status = 'pending'
UNION ALL SELECT 'Jobs running', count(*)::text FROM job WHERE status = 'running'
UNION ALL SELECT 'Jobs failed in the last day', count(*)::text FROM job WHERE status IN ('errored', 'failed') AND created > now() - interval '1 day'
UNION ALL SELECT 'Events that wait', count(*)::text FROM event WHERE handled IS NULL
UNION ALL SELECT 'Changes kept', peerage_count('object_change')::text
UNION ALL SELECT 'Last synchronisation with PeeringDB', coalesce(to_char(max(time), 'YYYY-MM-DD HH24:MI'), 'never') FROM peeringdb_synchronisation;
