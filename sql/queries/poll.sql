-- name: poll_router
-- What keeps router $1 from being polled; null: nothing. No row: there is no such router.
SELECT CASE WHEN r.status = 'disabled' THEN 'Router is disabled.'
            WHEN r.platform_id IS NULL THEN 'Router has no assigned platform.'
            WHEN coalesce(p.napalm_driver, '') = '' THEN 'Router''s platform has no NAPALM driver.'
            WHEN NOT r.poll_bgp_sessions_state THEN 'Polling of BGP sessions is switched off for this router.' END, r.name
  FROM router r LEFT JOIN platform p ON p.id = r.platform_id WHERE r.id = $1;

-- name: poll_routers
-- Routers that are to be polled and are not about to be.
SELECT r.id, r.name FROM router r JOIN platform p ON p.id = r.platform_id
 WHERE r.poll_bgp_sessions_state AND r.status <> 'disabled' AND p.napalm_driver <> ''
   AND NOT EXISTS (SELECT FROM job j WHERE j.name = 'devices.router.poll_bgp_sessions' AND j.status IN ('pending', 'running')
       AND j.object_id = r.id AND j.object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = 'router'))
 ORDER BY r.name;

-- name: poll_routers_of
-- Routers with sessions of object $2 of table $1.
SELECT DISTINCT c.router_id
  FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id
 WHERE c.router_id IS NOT NULL AND (($1::text = 'autonomous_system' AND s.autonomous_system_id = $2) OR ($1 = 'internet_exchange' AND c.internet_exchange_point_id = $2)
   OR ($1 = 'internet_exchange_peering_session' AND s.id = $2))
UNION
SELECT d.router_id FROM direct_peering_session d
 WHERE d.router_id IS NOT NULL AND (($1 = 'autonomous_system' AND d.autonomous_system_id = $2) OR ($1 = 'bgp_group' AND d.bgp_group_id = $2)
   OR ($1 = 'direct_peering_session' AND d.id = $2))
ORDER BY 1;

-- name: poll_record
-- What router $1 told of its neighbours (poll_record() has the order); how many sessions it told of, how many not, how many turned.
SELECT told, missing, turned FROM poll_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: poll_failed
-- Router $1 did not answer, why, after so many milliseconds.
INSERT INTO router_poll (router_id, error, failures, milliseconds) VALUES ($1, left($2, 500), 1, $3)
ON CONFLICT (router_id) DO UPDATE SET tried = now(), error = excluded.error, failures = router_poll.failures + 1, milliseconds = excluded.milliseconds;

-- name: poll_outcome
-- How job $1 ended, and the error it has.
SELECT status, coalesce(error, '') FROM job WHERE id = $1;

-- name: poll_told
-- Of poll job $1: router, how it stands, why it failed, what came out.
SELECT r.name, j.status, j.error, j.result FROM job j LEFT JOIN router r ON r.id = j.object_id WHERE j.id = $1;

-- name: housekeeping_states
-- States that ended longer than $1 days ago.
DELETE FROM session_state WHERE ended < now() - $1 * interval '1 day';

-- name: housekeeping_history
-- Counts: of the last week all, up to 90 days one an hour, then one a day, none older than $1 days.
WITH old AS (
	SELECT object_type_id, object_id, time, row_number() OVER (PARTITION BY object_type_id, object_id,
	       date_trunc(CASE WHEN time < now() - interval '90 days' THEN 'day' ELSE 'hour' END, time) ORDER BY time) AS n
	  FROM session_history WHERE time < now() - interval '7 days'
)
DELETE FROM session_history h USING old o
 WHERE h.object_type_id = o.object_type_id AND h.object_id = o.object_id AND h.time = o.time AND (o.n > 1 OR h.time < now() - $1 * interval '1 day');

-- name: history_numbers
-- Of the sessions of object $2 of table $1 (a session itself too) within $3 days: how often one went down in the last day and in all, the longest
-- outage, seconds down in all, seconds that are known of. An outage is at most as long as that time.
WITH t AS (
	SELECT now() - $3 * interval '1 day' AS since
), own AS MATERIALIZED (
	SELECT * FROM sessions_of($1, $2)
), p AS (
	SELECT s.bgp_state, s.ended, greatest(s.began, t.since) AS began, coalesce(s.ended, now()) AS until
	  FROM t, own o JOIN session_state s ON s.object_type_id = o.object_type_id AND s.object_id = o.object_id AND (s.ended IS NULL OR s.ended > now() - $3 * interval '1 day')
)
SELECT count(*) FILTER (WHERE bgp_state = 'established' AND ended > now() - interval '1 day'), count(*) FILTER (WHERE bgp_state = 'established' AND ended IS NOT NULL),
       coalesce(max(extract(epoch FROM until - began)) FILTER (WHERE bgp_state NOT IN ('established', '')), 0)::bigint,
       coalesce(sum(extract(epoch FROM until - began)) FILTER (WHERE bgp_state NOT IN ('established', '')), 0)::bigint,
       coalesce(sum(extract(epoch FROM until - began)) FILTER (WHERE bgp_state <> ''), 0)::bigint
  FROM p;

-- name: history_states
-- The states of session $2 of table $1 within $3 days, the last one first.
SELECT nullif(s.bgp_state, ''), s.began, s.ended, extract(epoch FROM coalesce(s.ended, now()) - s.began)::bigint, s.reason
  FROM session_state s
 WHERE s.object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $1) AND s.object_id = $2
   AND (s.ended IS NULL OR s.ended > now() - $3 * interval '1 day')
 ORDER BY s.began DESC LIMIT 2000;

-- name: history_counts
-- Its prefixes, the oldest first.
SELECT h.time, h.received_prefix_count, h.accepted_prefix_count, h.advertised_prefix_count
  FROM session_history h
 WHERE h.object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $1) AND h.object_id = $2 AND h.time > now() - $3 * interval '1 day'
 ORDER BY h.time LIMIT 5000;

-- name: history_age
-- Seconds since the first that is known of the sessions of object $2 of table $1; null: nothing.
SELECT extract(epoch FROM now() - min(s.began))::float8 FROM sessions_of($1, $2) o JOIN session_state s USING (object_type_id, object_id);

-- name: history_spans
-- The states of session $2 of table $1 within the last $3 days, from x to x of 1000.
SELECT greatest(0, 1000 * (1 - extract(epoch FROM now() - s.began) / ($3::float8 * 86400)))::float8,
       (1000 * (1 - extract(epoch FROM now() - coalesce(s.ended, now())) / ($3::float8 * 86400)))::float8, s.bgp_state, s.began, s.reason
  FROM session_state s
 WHERE s.object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $1) AND s.object_id = $2
   AND (s.ended IS NULL OR s.ended > now() - $3::float8 * interval '1 day')
 ORDER BY s.began LIMIT 1000;

-- name: history_sums
-- The last $3 days of the sessions of object $2 of table $1, at each of 1000 x where something changed: how many are established ('up') and known of
-- ('known'), prefixes accepted ('prefixes'). A session itself too.
WITH own AS MATERIALIZED (
	SELECT * FROM sessions_of($1, $2)
), s AS (
	SELECT bgp_state, greatest(0, ceil(1000 * (1 - extract(epoch FROM now() - began) / ($3::float8 * 86400))))::int AS x,
	       ceil(1000 * (1 - extract(epoch FROM now() - ended) / ($3::float8 * 86400)))::int AS y
	  FROM own JOIN session_state USING (object_type_id, object_id) WHERE bgp_state <> '' AND (ended IS NULL OR ended > now() - $3::float8 * interval '1 day')
), h AS (
	SELECT greatest(0, ceil(1000 * (1 - extract(epoch FROM now() - h.time) / ($3::float8 * 86400))))::int AS x,
	       coalesce(h.accepted_prefix_count, 0) - coalesce(lag(h.accepted_prefix_count) OVER (PARTITION BY h.object_type_id, h.object_id ORDER BY h.time), 0) AS d
	  FROM own JOIN session_history h USING (object_type_id, object_id)
	 WHERE h.time >= coalesce((SELECT max(b.time) FROM session_history b WHERE b.object_type_id = h.object_type_id AND b.object_id = h.object_id
	                              AND b.time < now() - $3::float8 * interval '1 day'), '-infinity')
), d AS (
	SELECT 'up' AS what, x, (bgp_state = 'established')::int AS d FROM s UNION ALL SELECT 'up', y, -1 FROM s WHERE bgp_state = 'established' AND y IS NOT NULL
	UNION ALL SELECT 'known', x, 1 FROM s UNION ALL SELECT 'known', y, -1 FROM s WHERE y IS NOT NULL
	UNION ALL SELECT 'prefixes', x, d FROM h
)
SELECT what, x::bigint, sum(sum(d)) OVER (PARTITION BY what ORDER BY x)::bigint FROM d GROUP BY what, x ORDER BY what, x;

-- name: poll_of_router
SELECT tried, succeeded, error, failures, milliseconds, neighbours, sessions FROM router_poll WHERE router_id = $1;

-- name: import_routers
-- Routers to look for sessions of object $2 of type $1 ("net.connection"): id, name, why it cannot be asked (null: it can).
SELECT DISTINCT r.id, r.name, CASE WHEN r.status = 'disabled' THEN 'Router is disabled.' WHEN p.id IS NULL THEN 'Router has no assigned platform.'
       WHEN p.napalm_driver = '' THEN 'Router''s platform has no NAPALM driver.' END
  FROM router r LEFT JOIN platform p ON p.id = r.platform_id
 WHERE ($1::text = 'devices.router' AND r.id = $2)
    OR ($1 = 'peering.internetexchange' AND r.id IN (SELECT c.router_id FROM connection c WHERE c.internet_exchange_point_id = $2))
    OR ($1 = 'net.connection' AND r.id IN (SELECT c.router_id FROM connection c WHERE c.id = $2))
    OR ($1 = 'peering.bgpgroup' AND r.id IN (SELECT d.router_id FROM direct_peering_session d WHERE d.bgp_group_id = $2))
 ORDER BY r.name;

-- name: import_lacking
-- Of the neighbours that router $1 told of (addresses, VRFs, AS numbers, states, descriptions) those that are no session of it: at an exchange when
-- the address is in the LAN of one of its connections, else direct. $7 and $8: only for that object.
SELECT DISTINCT ON (n.address) CASE WHEN c.id IS NULL THEN 'direct' ELSE 'exchange' END, r.id, r.name, n.address, n.vrf, n.asn, nullif(n.state, ''), n.description,
       a.id, coalesce(a.name, p.name), c.id, coalesce(x.name, '') || CASE WHEN c.interface <> '' THEN ' ' || c.interface ELSE '' END, x.name,
       coalesce(x.local_autonomous_system_id, r.local_autonomous_system_id)
  FROM router r, unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[]) AS n(address, vrf, asn, state, description)
  LEFT JOIN connection c ON c.router_id = $1 AND c.internet_exchange_point_id IS NOT NULL
   AND (n.address::inet <<= network(c.ipv4_address) OR n.address::inet <<= network(c.ipv6_address))
  LEFT JOIN internet_exchange x ON x.id = c.internet_exchange_point_id
  LEFT JOIN autonomous_system a ON a.asn = n.asn
  LEFT JOIN peeringdb_network p ON p.asn = n.asn
 WHERE r.id = $1 AND n.asn > 0
   AND NOT EXISTS (SELECT FROM direct_peering_session d WHERE d.router_id = $1 AND host(d.ip_address) = n.address)
   AND NOT EXISTS (SELECT FROM internet_exchange_peering_session s JOIN connection k ON k.id = s.ixp_connection_id
                    WHERE k.router_id = $1 AND host(s.ip_address) = n.address)
   AND CASE $7::text WHEN 'peering.internetexchange' THEN c.internet_exchange_point_id = $8 WHEN 'net.connection' THEN c.id = $8
       WHEN 'peering.bgpgroup' THEN c.id IS NULL ELSE true END
 ORDER BY n.address, n.vrf = '' DESC, c.id;

-- name: import_found
-- What job $1 found; no row when it is no such job, null while it has not ended well.
SELECT CASE WHEN j.status = 'completed' THEN j.result END, o.app_label || '.' || o.model, j.object_id
  FROM job j LEFT JOIN object_type o ON o.id = j.object_type_id WHERE j.id = $1 AND j.name = 'peering.internet_exchange.import_sessions';
