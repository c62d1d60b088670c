-- name: event_lock
-- Events become deliveries in one process at a time, so that those of an object keep their order.
SELECT pg_try_advisory_xact_lock(hashtext('peerage events'));

-- name: event_waiting
-- The first $1 events that no deliveries were made of.
SELECT e.id, e.action, e.object_type_id, e.object_id, e.data FROM event e WHERE e.handled IS NULL ORDER BY e.id LIMIT $1;

-- name: event_webhooks
-- Who may want to hear: types of object, of change, conditions.
SELECT w.id, w.type_create, w.type_update, w.type_delete, w.conditions,
       ARRAY(SELECT t.object_type_id::int FROM webhook_content_types t WHERE t.webhook_id = w.id)
  FROM webhook w WHERE w.enabled ORDER BY w.id;

-- name: event_deliver
-- A delivery of each event $1 to the webhook $2 beside it; what happened before there was the webhook is none of its business.
INSERT INTO webhook_delivery (event_id, webhook_id, object_type_id, object_id, action)
SELECT e.id, x.webhook, e.object_type_id, e.object_id, e.action
  FROM unnest($1::bigint[], $2::bigint[]) AS x(event, webhook)
  JOIN event e ON e.id = x.event
  JOIN webhook w ON w.id = x.webhook AND (w.created IS NULL OR e.time >= w.created)
ON CONFLICT DO NOTHING;

-- name: event_handled
UPDATE event SET handled = now() WHERE id = ANY ($1::bigint[]);

-- name: delivery_claim
-- Deliveries that are due, held for $3 seconds: for each webhook as many as it has room for ($1 ids, $2 how many are under way of each;
-- $4 at most at once), in all $5. One of an object waits until those before it are over.
WITH busy AS (SELECT * FROM unnest($1::bigint[], $2::int[]) AS b(id, n)),
due AS (
	SELECT d.id
	  FROM webhook w
	  LEFT JOIN busy b ON b.id = w.id
	 CROSS JOIN LATERAL (
		SELECT p.id
		  FROM webhook_delivery p
		 WHERE p.webhook_id = w.id AND p.status = 'pending' AND p.next_attempt <= now() AND (w.enabled OR p.kind = 'test')
		   AND (p.kind <> 'event' OR NOT EXISTS (
			SELECT FROM webhook_delivery o
			 WHERE o.webhook_id = p.webhook_id AND o.status = 'pending' AND o.object_type_id = p.object_type_id AND o.object_id = p.object_id
			   AND o.event_id < p.event_id AND o.kind = 'event'))
		 ORDER BY p.next_attempt, p.event_id
		 LIMIT greatest(0, $4::int - coalesce(b.n, 0))
		   FOR UPDATE OF p SKIP LOCKED
	) d
	 LIMIT $5
),
taken AS (
	UPDATE webhook_delivery p
	   SET attempt = least(p.attempt + 1, 32000), sent = clock_timestamp(), next_attempt = clock_timestamp() + make_interval(secs => $3::float8)
	  FROM due WHERE p.id = due.id
	RETURNING p.*
)
SELECT t.id, t.attempt, t.kind, t.webhook_id, w.payload_url, w.http_method, w.http_content_type, w.additional_headers, w.body_template, w.secret,
       w.ssl_verification, w.ca_file_path, e.action, o.model, e.data, e.prechange, e.postchange, e.user_name, e.request_id,
       to_char(e.time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00:00"')
  FROM taken t JOIN webhook w ON w.id = t.webhook_id JOIN event e ON e.id = t.event_id JOIN object_type o ON o.id = e.object_type_id
 ORDER BY t.event_id, t.id;

-- name: delivery_settle
-- How tries ended: deliveries $1, attempts $2, status $3 (pending: once more after $4 seconds), milliseconds $5, HTTP status $6 (0: none),
-- answers $7, errors $8, URLs $9, bodies $10. A webhook that $11 deliveries in a row could not reach is named in the answer.
WITH x AS (
	SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::float8[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[])
		AS x(id, attempt, status, again, ms, http, answer, error, url, body)
),
told AS (
	UPDATE webhook_delivery d
	   SET status = x.status, duration_ms = x.ms, response_status = nullif(x.http, 0), response = x.answer, error = x.error, target = x.url, body = x.body,
	       next_attempt = CASE WHEN x.status = 'pending' THEN clock_timestamp() + make_interval(secs => x.again) END
	  FROM x WHERE d.id = x.id AND d.attempt = x.attempt AND d.status = 'pending'
	RETURNING d.webhook_id, d.status, d.kind
),
score AS (
	SELECT webhook_id, bool_or(status = 'delivered') AS good, count(*) FILTER (WHERE status = 'failed' AND kind <> 'test') AS bad
	  FROM told WHERE status <> 'pending' GROUP BY 1
),
counted AS (
	UPDATE webhook w
	   SET failures = CASE WHEN s.good THEN 0 ELSE least(w.failures + s.bad, 32000) END
	  FROM score s WHERE w.id = s.webhook_id AND (s.bad > 0 OR (s.good AND w.failures > 0))
	RETURNING w.id, w.name, w.failures, w.enabled
)
SELECT id, name, failures FROM counted WHERE enabled AND failures >= $11 AND $11 > 0;

-- name: webhook_give_up
UPDATE webhook SET notice = $2 WHERE id = $1;

-- name: webhook_trust_again
UPDATE webhook SET failures = 0, notice = '' WHERE id = $1 AND (failures > 0 OR notice <> '');

-- name: delivery_release
-- What was held and will not be tried by us: deliveries $1 are due at once, and the try does not count.
UPDATE webhook_delivery SET next_attempt = now(), attempt = greatest(0, attempt - 1) WHERE id = ANY ($1::bigint[]) AND status = 'pending';

-- name: delivery_replay
-- Tell once more what delivery $1 told.
INSERT INTO webhook_delivery (event_id, webhook_id, object_type_id, object_id, action, kind)
SELECT event_id, webhook_id, object_type_id, object_id, action, 'replay' FROM webhook_delivery WHERE id = $1
RETURNING id;

-- name: webhook_test_event
-- An event that is nobody's change: a trial of webhook $1 by $2 in request $3, with data $4.
INSERT INTO event (request_id, user_name, action, object_type_id, object_id, data, handled)
SELECT $3::text::uuid, $2, 'test', t.id, $1, $4::text::json, now() FROM object_type t WHERE t.app_label = 'extras' AND t.model = 'webhook'
RETURNING id;

-- name: webhook_test
-- Try webhook $1 with event $2.
INSERT INTO webhook_delivery (event_id, webhook_id, object_type_id, object_id, action, kind)
SELECT e.id, $1, e.object_type_id, e.object_id, e.action, 'test' FROM event e WHERE e.id = $2
RETURNING id;

-- name: webhook_events
-- The latest $2 events of the types of webhook $1.
SELECT e.id, e.action, o.model, e.object_id, e.user_name, e.time, e.data
  FROM event e
  JOIN webhook_content_types c ON c.object_type_id = e.object_type_id AND c.webhook_id = $1
  JOIN object_type o ON o.id = e.object_type_id
 ORDER BY e.id DESC LIMIT $2;

-- name: event_get
SELECT e.id, e.action, o.model, e.data, e.prechange, e.postchange, e.user_name, e.request_id,
       to_char(e.time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00:00"')
  FROM event e JOIN object_type o ON o.id = e.object_type_id WHERE e.id = $1;

-- name: webhook_secret
SELECT secret FROM webhook WHERE id = $1;

-- name: event_any
SELECT 1 FROM event WHERE handled IS NULL LIMIT 1;
