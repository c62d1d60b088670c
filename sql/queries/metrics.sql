-- name: metrics_places
-- What sessions run over, ports ('exchange') and routers ('direct'): the labels of theirs that are names.
SELECT 'exchange', c.id, coalesce(r.name, ''), coalesce(x.name, '') FROM connection c
  LEFT JOIN internet_exchange x ON x.id = c.internet_exchange_point_id LEFT JOIN router r ON r.id = c.router_id
UNION ALL SELECT 'direct', r.id, r.name, '' FROM router r;

-- name: metrics_flaps
-- How often sessions went down in the last day, those that did.
SELECT CASE o.table_name WHEN 'direct_peering_session' THEN 'direct' ELSE 'exchange' END, s.object_id, count(*)
  FROM session_state s JOIN object_type o ON o.id = s.object_type_id
 WHERE s.ended > now() - interval '1 day' AND s.bgp_state = 'established' GROUP BY 1, 2;

-- name: metrics_exchange_sessions
-- Each session over an exchange, for COPY: no column may hold what COPY escapes. There are tens of thousands, so what can be done where the
-- text is made is not done here.
SELECT id, ixp_connection_id, asn, ip_address, status, bgp_state, received_prefix_count, accepted_prefix_count, advertised_prefix_count,
       date_part('epoch', last_established_state)::bigint
  FROM internet_exchange_peering_session;

-- name: metrics_direct_sessions
-- The same of direct sessions.
SELECT id, router_id, asn, ip_address, status, bgp_state, received_prefix_count, accepted_prefix_count, advertised_prefix_count,
       date_part('epoch', last_established_state)::bigint
  FROM direct_peering_session;

-- name: metrics_totals
-- Single numbers: metric, labels as they are printed (null: none), value.
SELECT 'peerage_jobs', format('queue="%s",status="%s"', queue, status), count(*)::float FROM job WHERE status IN ('pending', 'running') GROUP BY queue, status
UNION ALL SELECT 'peerage_jobs_failed_last_day', NULL, count(*) FROM job WHERE status IN ('errored', 'failed') AND created > now() - interval '1 day'
UNION ALL SELECT 'peerage_job_wait_seconds', NULL, coalesce(extract(epoch FROM now() - min(run_after)), 0) FROM job WHERE status = 'pending' AND run_after <= now()
UNION ALL SELECT 'peerage_runners', NULL, count(*) FROM pg_stat_activity WHERE application_name LIKE 'peerage-runner%' AND datname = current_database()
UNION ALL SELECT 'peerage_events_waiting', NULL, count(*) FROM event WHERE handled IS NULL
UNION ALL SELECT 'peerage_event_wait_seconds', NULL, coalesce(extract(epoch FROM now() - min(time)), 0) FROM event WHERE handled IS NULL
UNION ALL SELECT 'peerage_peeringdb_age_seconds', NULL, extract(epoch FROM now() - max(time)) FROM peeringdb_synchronisation HAVING max(time) IS NOT NULL
UNION ALL SELECT 'peerage_database_bytes', NULL, pg_database_size(current_database())
UNION ALL SELECT 'peerage_database_connections', NULL, count(*) FROM pg_stat_activity WHERE datname = current_database();

-- name: metrics_schedules
-- Each schedule that is enabled: name, when it last ran, whether the last run ended well (null: none ended yet).
SELECT name, extract(epoch FROM last_run)::bigint::float8, CASE WHEN last_status IN ('errored', 'failed') THEN 0 WHEN last_status = 'completed' THEN 1 END::float8
  FROM schedule WHERE enabled ORDER BY name;

-- name: metrics_polls
-- Each router that is polled: name, last try, last answer, whether the last try succeeded, how long it took in seconds, neighbours.
SELECT r.name, extract(epoch FROM p.tried)::float8, extract(epoch FROM p.succeeded)::float8, CASE WHEN p.error = '' THEN 1 ELSE 0 END::float8,
       p.milliseconds / 1000.0::float8, p.neighbours::float8
  FROM router_poll p JOIN router r ON r.id = p.router_id WHERE r.poll_bgp_sessions_state ORDER BY r.name;

-- name: metrics_webhooks
-- Each webhook: name, whether it is told of events, deliveries given up in a row, those that wait, age of the oldest of them.
SELECT w.name, w.enabled::integer::float8, w.failures::float8, count(d.id)::float8, coalesce(extract(epoch FROM now() - min(d.created)), 0)::float8
  FROM webhook w LEFT JOIN webhook_delivery d ON d.webhook_id = w.id AND d.status = 'pending' GROUP BY w.id ORDER BY w.name;

-- name: health
-- That the database answers, takes writes, and how far its schema is.
SELECT pg_is_in_recovery(), (SELECT max(name) FROM migration), current_setting('server_version');
