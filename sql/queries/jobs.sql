-- name: job_add
-- About the object $3 of type $1.$2: what ($4), for whom ($5, in request $6), parameters, queue, priority, seconds to wait,
-- seconds it may take (null: as its kind has it), lock, schedule, more locks.
INSERT INTO job (object_type_id, object_id, name, user_id, request_id, parameters, queue, priority, run_after, time_limit, lock_key, schedule_id, lock_keys)
SELECT t.id, $3::bigint, $4::text, $5::bigint, $6::text::uuid, $7::text::jsonb, $8::text, $9::smallint,
       now() + make_interval(secs => $10::float8), make_interval(secs => $11::float8), $12::text, $13::bigint, $14::text[]
  FROM object_type t
 WHERE t.app_label = $1 AND t.model = $2
RETURNING id;

-- name: job_cancel
-- Job $1, by $2: one that waits ends at once, one that runs is asked to.
WITH j AS (
	UPDATE job
	   SET cancel_requested = true,
	       status = CASE status WHEN 'pending' THEN 'failed' ELSE status END,
	       completed = CASE status WHEN 'pending' THEN now() END,
	       error = CASE status WHEN 'pending' THEN 'Cancelled by ' || $2::text ELSE error END
	 WHERE id = $1 AND status IN ('pending', 'running')
	RETURNING id, status, error
), l AS (
	INSERT INTO job_log (job_id, n, level, message)
	SELECT j.id, (SELECT coalesce(max(x.n), 0) + 1 FROM job_log x WHERE x.job_id = j.id), 'failure', j.error FROM j WHERE j.status = 'failed'
)
SELECT status FROM j;

-- name: job_status
SELECT status FROM job WHERE id = $1;

-- name: job_again
-- Ask anew, for user $2, for what job $1 was asked.
INSERT INTO job (object_type_id, object_id, name, user_id, parameters, queue, priority, lock_key, lock_keys, schedule_id)
SELECT object_type_id, object_id, name, $2::bigint, parameters, queue, priority, lock_key, lock_keys, schedule_id
  FROM job WHERE id = $1 AND status IN ('completed', 'errored', 'failed')
RETURNING id;

-- name: job_claim
-- For owner $1, from the queues $2 in that order, at most $3 jobs. Kinds: names $4, seconds they may take $5, tries $6.
-- One that takes several locks comes before those that want one of them: else it would never find them all free.
-- Those and the locks of what runs are few: they are looked for once and not for each job, whatever the planner thinks of a table that fills
-- and empties within seconds.
WITH kind AS (SELECT * FROM unnest($4::text[], $5::float8[], $6::smallint[]) AS k(name, seconds, tries)),
wide AS MATERIALIZED (SELECT w.id, w.lock_keys FROM job w WHERE w.status = 'pending' AND w.lock_keys IS NOT NULL AND w.run_after <= now()),
busy AS MATERIALIZED (SELECT r.lock_key FROM job r WHERE r.status = 'running' AND r.lock_key IS NOT NULL),
due AS (
	SELECT c.id, c.name, c.keys, row_number() OVER (ORDER BY q.n, c.priority DESC, c.run_after, c.id) AS place
	  FROM unnest($2::text[]) WITH ORDINALITY AS q(queue, n)
	 CROSS JOIN LATERAL (
		SELECT j.id, j.name, array_remove(j.lock_keys || j.lock_key, NULL) AS keys, j.priority, j.run_after
		  FROM job j
		 WHERE j.queue = q.queue AND j.status = 'pending' AND j.run_after <= now()
		   AND (j.lock_key IS NULL OR NOT EXISTS (SELECT FROM busy b WHERE b.lock_key = j.lock_key))
		   AND (j.lock_key IS NULL AND j.lock_keys IS NULL OR NOT EXISTS (SELECT FROM job_lock l WHERE l.key = ANY (j.lock_keys || j.lock_key)))
		   AND (j.lock_key IS NULL OR NOT EXISTS (SELECT FROM wide w WHERE j.lock_key = ANY (w.lock_keys) AND w.id <> j.id))
		 ORDER BY j.priority DESC, j.run_after, j.id
		 LIMIT $3
		   FOR UPDATE OF j SKIP LOCKED
	) c
),
mine AS (
	SELECT d.id, d.name, d.place FROM due d
	 WHERE d.keys = '{}' OR NOT EXISTS (SELECT FROM due o WHERE o.place < d.place AND o.keys && d.keys)
	 ORDER BY d.place LIMIT $3
),
taken AS (
	UPDATE job j
	   SET status = 'running', owner = $1, started = clock_timestamp(), heartbeat = clock_timestamp(), attempt = j.attempt + 1,
	       time_limit = coalesce(j.time_limit, make_interval(secs => k.seconds), interval '300 seconds'),
	       deadline = clock_timestamp() + coalesce(j.time_limit, make_interval(secs => k.seconds), interval '300 seconds'),
	       max_attempts = coalesce(k.tries, 1), progress_done = 0, progress_total = NULL, progress_label = '', error = NULL, result = NULL
	  FROM mine m LEFT JOIN kind k ON k.name = m.name
	 WHERE j.id = m.id AND j.status = 'pending'
	RETURNING j.*, m.place
),
locked AS (
	INSERT INTO job_lock (key, job_id)
	SELECT DISTINCT ON (k) k, t.id FROM taken t CROSS JOIN LATERAL unnest(t.lock_keys || t.lock_key) AS k WHERE k IS NOT NULL ORDER BY k
)
SELECT t.id, t.name, o.app_label || '.' || o.model, t.object_id, t.parameters, t.user_id, t.request_id, t.attempt, t.max_attempts,
       extract(epoch FROM t.time_limit)::float8, t.schedule_id,
       (SELECT coalesce(max(l.n), 0) FROM job_log l WHERE l.job_id = t.id AND t.attempt > 1)
  FROM taken t JOIN object_type o ON o.id = t.object_type_id
 ORDER BY t.place;

-- name: job_beat
-- Sign of life for the jobs $2 of owner $1; what is not in the answer is no longer that owner's.
UPDATE job SET heartbeat = clock_timestamp() WHERE id = ANY ($2::bigint[]) AND owner = $1 AND status = 'running'
RETURNING id, attempt, cancel_requested;

-- name: job_lines
-- Log lines of attempt $3 of job $1 by owner $2: numbers, times (seconds since 1970), levels, objects, their pages, groups, messages.
INSERT INTO job_log (job_id, n, time, level, object_repr, object_url, grp, message)
SELECT $1::bigint, x.n, to_timestamp(x.time), x.level, x.repr, x.url, x.grp, x.message
  FROM unnest($4::int[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]) AS x(n, time, level, repr, url, grp, message)
 WHERE EXISTS (SELECT FROM job j WHERE j.id = $1::bigint AND j.owner = $2 AND j.attempt = $3)
ON CONFLICT DO NOTHING;

-- name: job_progress
UPDATE job SET progress_done = $4, progress_total = $5, progress_label = left($6, 200)
 WHERE id = $1 AND owner = $2 AND attempt = $3 AND status = 'running';

-- name: job_settle
-- The end of attempt $3 of job $1 by owner $2: status $4, where pending means once more after $5 seconds; error, result, output.
UPDATE job
   SET status = $4::text, error = $6, result = $7::text::jsonb, output = coalesce($8, ''),
       completed = CASE WHEN $4::text <> 'pending' THEN clock_timestamp() END,
       run_after = CASE WHEN $4::text = 'pending' THEN now() + make_interval(secs => $5::float8) ELSE run_after END,
       heartbeat = NULL, deadline = NULL
 WHERE id = $1 AND owner = $2 AND attempt = $3 AND status = 'running';

-- name: job_lost
-- Jobs whose runner gave no sign of life for $1 seconds wait again, or end. Kinds: names $2, what a second run of each would hurt $3
-- (null: nothing), whether it begins with a recovery $4; not after the $5th time.
WITH kind AS (SELECT * FROM unnest($2::text[], $3::text[], $4::boolean[]) AS k(name, hurt, recovers)),
lost AS (
	SELECT j.id, CASE
		WHEN j.cancel_requested THEN 'cancelled'
		WHEN k.name IS NULL THEN 'its kind is not known here'
		WHEN k.hurt IS NOT NULL AND NOT k.recovers THEN 'it is not run again: ' || k.hurt
		WHEN j.attempt >= greatest(j.max_attempts, $5::int) THEN 'it was the ' || j.attempt || '. time'
		END AS why
	  FROM job j LEFT JOIN kind k ON k.name = j.name
	 WHERE j.status = 'running' AND coalesce(j.heartbeat, j.started, j.created) < clock_timestamp() - make_interval(secs => $1::float8)
	   FOR UPDATE OF j SKIP LOCKED
),
ended AS (
	UPDATE job j
	   SET status = CASE WHEN l.why IS NULL THEN 'pending' WHEN l.why = 'cancelled' THEN 'failed' ELSE 'errored' END,
	       error = 'The runner ' || j.owner || ' was lost' || coalesce('; ' || l.why, '; it is run again'),
	       completed = CASE WHEN l.why IS NOT NULL THEN now() END, heartbeat = NULL, deadline = NULL
	  FROM lost l WHERE j.id = l.id
	RETURNING j.id, j.status, j.error
),
lines AS (
	INSERT INTO job_log (job_id, n, level, message)
	SELECT e.id, (SELECT coalesce(max(x.n), 0) + 1 FROM job_log x WHERE x.job_id = e.id),
	       CASE e.status WHEN 'pending' THEN 'warning' ELSE 'failure' END, e.error FROM ended e
)
SELECT id, status, error FROM ended;

-- name: job_show
SELECT j.id, j.name, j.status, o.app_label || '.' || o.model, j.object_id, u.username, j.created, j.started, j.completed,
       j.queue, j.priority, j.attempt, j.max_attempts, j.owner, j.deadline, j.lock_key, j.progress_done, j.progress_total, j.progress_label,
       j.parameters, j.result, j.error, j.output, j.cancel_requested, s.name
  FROM job j JOIN object_type o ON o.id = j.object_type_id LEFT JOIN auth_user u ON u.id = j.user_id LEFT JOIN schedule s ON s.id = j.schedule_id
 WHERE j.id = $1;

-- name: job_progress_of
SELECT error, result, output, status IN ('pending', 'running'), (SELECT coalesce(max(l.n), 0) FROM job_log l WHERE l.job_id = j.id),
       status, progress_label
  FROM job j WHERE id = $1;

-- name: job_list
-- With status $1 and name $2 where they are not null; the newest $3.
SELECT j.id, j.name, j.status, o.app_label || '.' || o.model, j.object_id, u.username, j.created,
       extract(epoch FROM coalesce(j.completed, clock_timestamp()) - j.started)::float8, j.progress_done, j.progress_total
  FROM job j JOIN object_type o ON o.id = j.object_type_id LEFT JOIN auth_user u ON u.id = j.user_id
 WHERE ($1::text IS NULL OR j.status = $1) AND ($2::text IS NULL OR j.name = $2)
 ORDER BY j.created DESC, j.id DESC
 LIMIT $3;

-- name: job_log_after
-- Lines of job $1 after the $2th.
SELECT n, time, level, object_repr, message, grp FROM job_log WHERE job_id = $1 AND n > $2 ORDER BY n;

-- name: schedule_due
-- One that is due or new, held until the transaction ends: late by seconds, null when it never was reckoned.
SELECT id, name, job, parameters, cron, time_zone, overlap, missed, queue, extract(epoch FROM deadline)::float8,
       extract(epoch FROM now() - next_run)::float8, extract(epoch FROM now())::bigint
  FROM schedule
 WHERE enabled AND (next_run IS NULL OR next_run <= now())
 ORDER BY next_run NULLS FIRST
 LIMIT 1
   FOR UPDATE SKIP LOCKED;

-- name: schedule_get
SELECT id, name, job, parameters, cron, time_zone, overlap, missed, queue, extract(epoch FROM deadline)::float8,
       NULL::float8, extract(epoch FROM now())::bigint
  FROM schedule
 WHERE id = $1
   FOR UPDATE;

-- name: schedule_busy
-- How many of its jobs wait, how many run.
SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'running')
  FROM job WHERE schedule_id = $1 AND status IN ('pending', 'running');

-- name: schedule_ran
UPDATE schedule SET last_run = now(), last_job_id = $2, last_status = 'pending' WHERE id = $1;

-- name: schedule_next
UPDATE schedule SET next_run = to_timestamp($2::float8) WHERE id = $1;

-- name: schedule_enable
UPDATE schedule SET enabled = $2 WHERE id = $1;

-- name: schedule_find
-- By name, or by id where the name is a number.
SELECT id FROM schedule WHERE name = $1 OR id::text = $1 ORDER BY name = $1 DESC LIMIT 1;

-- name: schedule_list
SELECT id, name, description, job, cron, time_zone, enabled, overlap, missed, last_run, next_run, last_job_id, last_status FROM schedule ORDER BY name;

-- name: zone_offset
-- Seconds that zone $1 is ahead of UTC at $2 (seconds since 1970).
SELECT extract(epoch FROM timezone($1, to_timestamp($2::float8)) - timezone('UTC', to_timestamp($2::float8)))::bigint;

-- name: zone_change
-- The first moment after $2 and up to $3 at which zone $1 has another offset than at $2, to the quarter of an hour.
SELECT min(extract(epoch FROM t))::bigint
  FROM generate_series(to_timestamp($2::float8), to_timestamp($3::float8), interval '15 minutes') AS t
 WHERE timezone($1, t) - timezone('UTC', t) <> timezone($1, to_timestamp($2::float8)) - timezone('UTC', to_timestamp($2::float8));

-- name: housekeeping_changes
SELECT object_change_expire(make_interval(days => $1::int));

-- name: housekeeping_jobs
DELETE FROM job WHERE created < now() - make_interval(days => $1::int) AND status IN ('completed', 'errored', 'failed');

-- name: housekeeping_irr
-- Versions that are not in use and not waited for, readings, and answers that are not given again.
WITH fetched AS (DELETE FROM autonomous_system_irr_fetch WHERE time < now() - make_interval(days => $1::int) RETURNING 1),
answers AS (DELETE FROM irr_answer WHERE time < now() - interval '30 days' RETURNING 1),
lists AS (DELETE FROM irr_list WHERE status IN ('replaced', 'rejected') AND time < now() - make_interval(days => $1::int) RETURNING 1)
SELECT (SELECT count(*) FROM fetched) + (SELECT count(*) FROM answers) + (SELECT count(*) FROM lists);

-- name: housekeeping_sessions
WITH steps AS (DELETE FROM auth_second_step WHERE expires < now())
DELETE FROM auth_session WHERE expires < now();

-- name: housekeeping_sign_ins
DELETE FROM sign_in_event WHERE time < now() - make_interval(days => $1::int);

-- name: housekeeping_events
-- Told long ago: the deliveries of an event go with it.
DELETE FROM event WHERE handled < now() - make_interval(days => $1::int);

-- name: housekeeping_hidden_peers
DELETE FROM hidden_peer WHERE until < now();

-- name: housekeeping_uploads
DELETE FROM import_upload WHERE created < now() - interval '1 day';

-- name: housekeeping_counts
SELECT peerage_count_compact();

-- name: jobs_going
-- How many of the jobs $1 have not ended, and how many runners there are to end them.
SELECT (SELECT count(*) FROM job WHERE id = ANY ($1::bigint[]) AND status IN ('pending', 'running')),
       (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'peerage-runner%' AND datname = current_database());
