-- name: deploy_add
-- Router $1; for user $2 named $3; why, window from $5 to $6, seconds to confirm, seconds and share of the gate, first of the
-- group $10, version to go back to $11.
INSERT INTO deployment (router_id, router_name, configuration_id, requested_by_id, requested_by_name, reason, not_before, not_after,
       confirm_seconds, gate_seconds, gate_share, together_id, restores_id)
SELECT r.id, r.name, CASE WHEN $11::bigint IS NULL THEN r.configuration_template_id END, $2::bigint, $3::text, $4::text, $5::text::timestamptz,
       $6::text::timestamptz, $7::int, $8::int, $9::int, $10::bigint, $11::bigint
  FROM router r WHERE r.id = $1
RETURNING id;

-- name: deploy_together
-- Deployment $1 is the first of its group.
UPDATE deployment SET together_id = id WHERE id = $1;

-- name: deploy_job
-- Job $2 works on deployment $1.
UPDATE deployment SET job_id = $2::bigint, updated = clock_timestamp() WHERE id = $1;

-- name: deploy_group
-- The deployments that stand and fall with $1, held until the end of the transaction.
SELECT d.id, d.router_id, d.router_name, d.status, d.risks, d.requested_by_id, d.requested_by_name, d.confirm_seconds, d.gate_seconds,
       extract(epoch FROM d.not_before - now())::float8, d.not_after < now(), d.job_id, d.not_after::text, d.approved_by_name
  FROM deployment d
 WHERE d.id = $1 OR d.together_id = (SELECT o.together_id FROM deployment o WHERE o.id = $1)
 ORDER BY d.id
   FOR UPDATE;

-- name: deploy_approve
UPDATE deployment SET status = 'approved', approved_by_id = $2::bigint, approved_by_name = $3, approved = now(), updated = clock_timestamp()
 WHERE id = ANY ($1::bigint[]) AND status = 'planned';

-- name: deploy_approve_archive
UPDATE configuration_version SET approved_by_name = $2 WHERE deployment_id = ANY ($1::bigint[]);

-- name: deploy_reject
UPDATE deployment SET status = 'rejected', approved_by_id = $2::bigint, approved_by_name = $3, outcome = $4::text, finished = now(), updated = clock_timestamp()
 WHERE id = ANY ($1::bigint[]) AND status IN ('planning', 'planned', 'approved', 'queued');

-- name: deploy_queue
UPDATE deployment SET status = 'queued', job_id = $2::bigint, run_by_name = $3, updated = clock_timestamp()
 WHERE id = ANY ($1::bigint[]) AND status = 'approved';

-- name: deploy_stop_state
SELECT stopped, by_name, reason, since FROM deployment_stop;

-- name: deploy_stop_set
UPDATE deployment_stop SET stopped = $1, by_name = $2, reason = $3, since = now();

-- name: deploy_running_jobs
-- Jobs of deployments that wait or run.
SELECT DISTINCT d.job_id FROM deployment d JOIN job j ON j.id = d.job_id
 WHERE d.status IN ('queued', 'applying', 'waiting') AND j.status IN ('pending', 'running');

-- name: deploy_of_job
-- The deployments that job $1 works on.
SELECT d.id, d.router_id, d.router_name, d.status, d.mode, d.confirm_seconds, d.gate_seconds, d.gate_share, d.book_revision, d.decision,
       d.restores_id, encode(d.rendered_hash, 'hex'), d.not_after < now(), d.not_before > now(), d.reason, d.requested_by_name, d.approved_by_name,
       extract(epoch FROM d.revert_by)::float8, d.committed IS NOT NULL, d.outcome, d.together_id, d.requested_by_id,
       EXISTS (SELECT FROM deployment_step s WHERE s.deployment_id = d.id AND s.step = 'commit')
  FROM deployment d WHERE d.job_id = $1 ORDER BY d.id;

-- name: deploy_texts
-- What deployment $1 gives the router, what that ran, and the difference that was seen.
SELECT c.content, r.content, x.content
  FROM deployment d
  LEFT JOIN configuration_text c ON c.hash = d.candidate_hash
  LEFT JOIN configuration_text r ON r.hash = d.running_hash
  LEFT JOIN configuration_text x ON x.hash = d.diff_hash
 WHERE d.id = $1;

-- name: deploy_last_rendered
-- What was last deployed on router $1 and stayed, or was seen to run there already.
SELECT t.content FROM deployment d JOIN configuration_text t ON t.hash = d.rendered_hash
 WHERE d.router_id = $1 AND d.status IN ('confirmed', 'unchanged')
 ORDER BY coalesce(d.committed, d.finished) DESC, d.id DESC LIMIT 1;

-- name: deploy_revision
SELECT coalesce(max(id), 0) FROM object_change;

-- name: deploy_keep_text
-- Text $1, kept once.
INSERT INTO configuration_text (hash, content) VALUES (sha256(convert_to($1, 'UTF8')), $1) ON CONFLICT DO NOTHING;

-- name: deploy_archive
-- Of deployment $1: kind, origin, text.
INSERT INTO configuration_version (router_id, router_name, kind, origin, hash, bytes, deployment_id, by_name, approved_by_name, reason)
SELECT d.router_id, d.router_name, $2, $3, sha256(convert_to($4, 'UTF8')), octet_length($4), d.id, d.requested_by_name, d.approved_by_name, d.reason
  FROM deployment d WHERE d.id = $1;

-- name: deploy_planned
-- Deployment $1: status, mode, rendered, candidate, running, difference, revision of the book, summary, risks, outcome.
UPDATE deployment SET status = $2, mode = $3, rendered_hash = sha256(convert_to($4, 'UTF8')), candidate_hash = sha256(convert_to($5, 'UTF8')),
       running_hash = sha256(convert_to($6, 'UTF8')), diff_hash = sha256(convert_to($7, 'UTF8')), book_revision = $8, summary = $9::text::jsonb,
       risks = $10, outcome = $11, finished = CASE WHEN $2::text = 'unchanged' THEN clock_timestamp() END, updated = clock_timestamp()
 WHERE id = $1 AND status = 'planning';

-- name: deploy_begin
-- Those of $1 that wait for job $2 begin; a router with another one under way refuses.
UPDATE deployment SET status = 'applying', started = clock_timestamp(), updated = clock_timestamp()
 WHERE id = ANY ($1::bigint[]) AND job_id = $2 AND status IN ('queued', 'approved')
RETURNING id;

-- name: deploy_committing
-- Deployment $1 is about to be committed; the router then goes back in $2 seconds.
UPDATE deployment SET revert_by = clock_timestamp() + make_interval(secs => $2::float8), updated = clock_timestamp() WHERE id = $1;

-- name: deploy_committed
UPDATE deployment SET status = 'waiting', committed = clock_timestamp(), revert_by = clock_timestamp() + make_interval(secs => $2::float8),
       updated = clock_timestamp()
 WHERE id = $1;

-- name: deploy_decide
UPDATE deployment SET decision = $2, updated = clock_timestamp() WHERE id = ANY ($1::bigint[]);

-- name: deploy_end
-- Deployment $1 ends with status $2 and outcome $3; what the router runs now ($4, null: not known).
UPDATE deployment SET status = $2, outcome = $3, after_hash = sha256(convert_to($4, 'UTF8')), finished = clock_timestamp(), updated = clock_timestamp()
 WHERE id = $1 AND status IN ('planning', 'planned', 'approved', 'queued', 'applying', 'waiting');

-- name: deploy_step
-- The next step of deployment $1: name, how it went, what was said.
INSERT INTO deployment_step (deployment_id, n, step, ok, message)
SELECT $1::bigint, coalesce(max(n), 0) + 1, $2::text, $3::boolean, $4::text FROM deployment_step WHERE deployment_id = $1
RETURNING n;

-- name: deploy_step_end
UPDATE deployment_step SET ok = $3, message = $4 WHERE deployment_id = $1 AND n = $2;

-- name: deploy_neighbours_before
-- Of deployment $1: addresses, VRFs, AS numbers, states, prefixes accepted, what the difference does.
INSERT INTO deployment_neighbour (deployment_id, address, vrf, asn, state_before, accepted_before, change)
SELECT $1::bigint, x.address, x.vrf, x.asn, x.state, x.accepted, x.change
  FROM unnest($2::inet[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::text[]) AS x(address, vrf, asn, state, accepted, change)
ON CONFLICT (deployment_id, address, vrf) DO UPDATE SET state_before = excluded.state_before, accepted_before = excluded.accepted_before,
       asn = coalesce(excluded.asn, deployment_neighbour.asn);

-- name: deploy_neighbours_after
-- Of deployment $1: addresses, VRFs, AS numbers, states, prefixes accepted.
INSERT INTO deployment_neighbour (deployment_id, address, vrf, asn, state_after, accepted_after, change)
SELECT $1::bigint, x.address, x.vrf, x.asn, x.state, x.accepted, 'added'
  FROM unnest($2::inet[], $3::text[], $4::bigint[], $5::text[], $6::int[]) AS x(address, vrf, asn, state, accepted)
ON CONFLICT (deployment_id, address, vrf) DO UPDATE SET state_after = excluded.state_after, accepted_after = excluded.accepted_after;

-- name: deploy_neighbours
-- Of deployment $1, those touched first.
SELECT host(n.address), n.vrf, n.asn, n.state_before, n.state_after, n.accepted_before, n.accepted_after, n.change, a.name, a.id
  FROM deployment_neighbour n LEFT JOIN autonomous_system a ON a.asn = n.asn
 WHERE n.deployment_id = $1
 ORDER BY n.change = '', n.address, n.vrf;

-- name: deploy_steps
SELECT n, time, step, ok, message FROM deployment_step WHERE deployment_id = $1 ORDER BY n;

-- name: deploy_members
-- The others of the group of deployment $1.
SELECT d.id, d.router_name, d.status, d.summary
  FROM deployment d
 WHERE d.together_id = (SELECT o.together_id FROM deployment o WHERE o.id = $1) AND d.id <> $1
 ORDER BY d.id;

-- name: deploy_rules
-- The rules for router $1.
SELECT name, condition, threshold FROM deployment_rule WHERE enabled AND (router_id IS NULL OR router_id = $1) ORDER BY name;

-- name: deploy_version
-- The text of version $1.
SELECT t.content, v.router_id, v.router_name, v.kind, v.created FROM configuration_version v JOIN configuration_text t ON t.hash = v.hash WHERE v.id = $1;

-- name: deploy_version_push
-- What is pushed of version $1, and where to: the data source of its router.
SELECT t.content, v.router_name, v.kind, v.origin, to_char(v.created AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), v.deployment_id, v.by_name, v.approved_by_name,
       v.reason, r.data_source_id, r.data_path, d.name
  FROM configuration_version v
  JOIN configuration_text t ON t.hash = v.hash
  LEFT JOIN router r ON r.id = v.router_id
  LEFT JOIN data_source d ON d.id = r.data_source_id
 WHERE v.id = $1;

-- name: deploy_drift_text
SELECT t.content FROM drift d JOIN configuration_text t ON t.hash = d.diff_hash WHERE d.id = $1;

-- name: deploy_text_of
-- Of deployment $1: rendered, candidate, running before, difference, running after.
SELECT (SELECT content FROM configuration_text WHERE hash = d.rendered_hash), (SELECT content FROM configuration_text WHERE hash = d.candidate_hash),
       (SELECT content FROM configuration_text WHERE hash = d.running_hash), (SELECT content FROM configuration_text WHERE hash = d.diff_hash),
       (SELECT content FROM configuration_text WHERE hash = d.after_hash)
  FROM deployment d WHERE d.id = $1;

-- name: deploy_sessions
-- Addresses of the sessions of router $1 in the book, with their AS numbers.
SELECT host(s.ip_address), a.asn FROM direct_peering_session s JOIN autonomous_system a ON a.id = s.autonomous_system_id WHERE s.router_id = $1
UNION
SELECT host(s.ip_address), a.asn
  FROM internet_exchange_peering_session s JOIN autonomous_system a ON a.id = s.autonomous_system_id JOIN connection c ON c.id = s.ixp_connection_id
 WHERE c.router_id = $1;

-- name: drift_routers
-- Routers that can be looked at.
SELECT r.id, r.name FROM router r JOIN platform p ON p.id = r.platform_id
 WHERE r.status <> 'disabled' AND p.napalm_driver <> '' ORDER BY r.name;

-- name: drift_set
-- Router $1: state, lines added and removed, message, difference.
INSERT INTO drift (router_id, state, lines_added, lines_removed, message, diff_hash)
VALUES ($1, $2, $3, $4, $5, sha256(convert_to($6, 'UTF8')))
ON CONFLICT (router_id) DO UPDATE SET state = excluded.state, lines_added = excluded.lines_added, lines_removed = excluded.lines_removed,
       message = excluded.message, diff_hash = excluded.diff_hash, checked = now(),
       since = CASE WHEN drift.state = excluded.state THEN drift.since ELSE now() END;

-- name: drift_archive
-- Router $1: kind, text; only when it is another one than the last.
INSERT INTO configuration_version (router_id, router_name, kind, origin, hash, bytes)
SELECT r.id, r.name, $2, 'drift', sha256(convert_to($3, 'UTF8')), octet_length($3)
  FROM router r
 WHERE r.id = $1 AND sha256(convert_to($3, 'UTF8')) IS DISTINCT FROM (SELECT v.hash FROM configuration_version v WHERE v.router_id = r.id AND v.kind = $2
       ORDER BY v.created DESC, v.id DESC LIMIT 1);


-- name: deploy_usable
-- Why router $1 may not be connected to; null: it may.
SELECT CASE WHEN status = 'disabled' THEN 'Router is disabled.' WHEN platform_id IS NULL THEN 'Router has no assigned platform.' END
  FROM router WHERE id = $1;

-- name: deploy_job_of
SELECT job_id FROM deployment WHERE id = $1;

-- name: deploy_again
-- The routers of the group of deployment $1, and how it was asked for.
SELECT d.router_id, d.router_name, d.reason, d.confirm_seconds, d.gate_seconds, d.gate_share, d.restores_id
  FROM deployment d
 WHERE d.id = $1 OR d.together_id = (SELECT o.together_id FROM deployment o WHERE o.id = $1)
 ORDER BY d.id;

-- name: deploy_status
SELECT status, outcome FROM deployment WHERE id = $1;

-- name: deploy_list
-- The newest thirty.
SELECT id, router_name, status, requested_by_name, approved_by_name, to_char(created, 'YYYY-MM-DD HH24:MI:SS'), outcome
  FROM deployment ORDER BY created DESC, id DESC LIMIT 30;

-- name: deploy_versions
-- The newest fifty of router $1.
SELECT id, kind, origin, bytes, deployment_id, by_name, to_char(created, 'YYYY-MM-DD HH24:MI:SS'), reason
  FROM configuration_version WHERE router_id = $1 ORDER BY created DESC, id DESC LIMIT 50;

-- name: deploy_newest
-- The newest rendered and running configuration of each router.
SELECT DISTINCT ON (v.router_name, v.kind) v.router_name, v.kind, t.content
  FROM configuration_version v JOIN configuration_text t ON t.hash = v.hash
 WHERE v.kind IN ('rendered', 'running')
 ORDER BY v.router_name, v.kind, v.created DESC, v.id DESC;

-- name: drift_list
-- Those that are not as intended first.
SELECT r.name, d.state, d.lines_added, d.lines_removed, to_char(d.since, 'YYYY-MM-DD HH24:MI:SS'), to_char(d.checked, 'YYYY-MM-DD HH24:MI:SS'), d.message
  FROM drift d JOIN router r ON r.id = d.router_id
 ORDER BY d.state = 'as-intended', d.since;
