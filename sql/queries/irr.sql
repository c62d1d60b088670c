-- Routing registries: what is asked of them, what they answered.

-- name: irr_load
-- A document: AS number to {"prefixes": {"ipv4": [entry ...], "ipv6": ...}, "as_list": [ASN ...]}, an entry being what bgpq prints, read from
-- $2. Systems that the book does not have are passed over; no list is too different. How many systems it was about.
SELECT count(DISTINCT a.id), count(c.outcome)
  FROM jsonb_each($1::text::jsonb) AS d(asn, found)
  JOIN autonomous_system a ON a.asn = d.asn::bigint
  LEFT JOIN LATERAL (VALUES ('ipv4-prefixes', d.found->'prefixes'->'ipv4'), ('ipv6-prefixes', d.found->'prefixes'->'ipv6'),
       ('as-list', d.found->'as_list')) AS k(kind, list) ON k.list IS NOT NULL
  LEFT JOIN LATERAL irr_came(a.id, k.kind, '', $2, k.list, 1000000000) AS c ON k.kind IS NOT NULL;

-- name: irr_wanted
-- What is to be read for autonomous system $1, or for all when it is null.
SELECT id, asn, name, irr_as_set, retrieve_prefixes, retrieve_as_list, irr_sources_override, irr_ipv6_prefixes_args_override,
       irr_ipv4_prefixes_args_override
  FROM autonomous_system
 WHERE ($1::bigint IS NULL OR id = $1) AND (retrieve_prefixes OR (retrieve_as_list AND coalesce(irr_as_set, '') <> ''))
   AND (coalesce(irr_as_set, '') <> '' OR NOT asn_is_private(asn))
 ORDER BY asn;

-- name: irr_came
SELECT outcome, was, entries, added, removed, list_id FROM irr_came($1::bigint, $2::text, $3::text, $4::text, $5::text::jsonb, $6::bigint);

-- name: irr_failed
SELECT irr_failed($1::bigint, $2::text, $3::text, $4::text, $5::text);

-- name: irr_list_decide
-- User $2 of the name $3 decides about version $1: it is used ($4), or rejected. No row: it is not held, or in use already.
WITH d AS (
	UPDATE irr_list SET decided = now(), decided_by_id = $2::bigint, decided_by_name = left($3::text, 150),
	       status = CASE WHEN $4::boolean THEN status ELSE 'rejected' END
	 WHERE id = $1::bigint AND (status = 'held' OR ($4 AND status <> 'current')) RETURNING id
)
SELECT id FROM d;

-- name: irr_list_use
SELECT irr_list_use($1::bigint);

-- name: irr_page
-- The last readings and the versions that are held, for the page of autonomous system $1; of a held one the first twenty entries that would
-- go and that would come.
SELECT id, kind, status, time, source, entries, added, removed, decided_by_name,
       CASE status WHEN 'held' THEN ARRAY(SELECT rtrim(replace(x, ' - ', '-'), ' -') FROM (SELECT x FROM irr_entries($1, kind) AS x
           EXCEPT SELECT irr_entry_text(e) FROM jsonb_array_elements(list) AS e) AS d ORDER BY x LIMIT 20) END,
       CASE status WHEN 'held' THEN ARRAY(SELECT rtrim(replace(x, ' - ', '-'), ' -') FROM (SELECT irr_entry_text(e) AS x
           FROM jsonb_array_elements(list) AS e EXCEPT SELECT x FROM irr_entries($1, kind) AS x) AS d ORDER BY x LIMIT 20) END
  FROM irr_list WHERE autonomous_system_id = $1 AND (status = 'held' OR id IN
       (SELECT l.id FROM irr_list l WHERE l.autonomous_system_id = $1 ORDER BY l.time DESC, l.id DESC LIMIT 12))
 ORDER BY (status = 'held') DESC, time DESC, id DESC;

-- name: irr_last_failure
-- Of each kind whose last reading failed: when, and why.
SELECT kind, time, error FROM (
	SELECT DISTINCT ON (kind) kind, time, outcome, error FROM autonomous_system_irr_fetch WHERE autonomous_system_id = $1
	ORDER BY kind, time DESC, id DESC) AS f
 WHERE outcome = 'failed';

-- name: irr_job_of
-- A job that reads for autonomous system $1 already.
SELECT max(id) FROM job WHERE name = 'peering.autonomous_system.get_irr_data' AND status IN ('pending', 'running') AND object_id = $1;

-- name: irr_answers
-- What is known about the names $1, not older than $3 seconds, from source $2.
SELECT query, family, list, error FROM irr_answer
 WHERE query = ANY ($1::text[]) AND source = $2 AND time > now() - make_interval(secs => $3::float8);

-- name: irr_answer_put
INSERT INTO irr_answer (query, family, source, list, error) VALUES ($1, $2::bigint, $3, $4::text::jsonb, $5)
ON CONFLICT (query, family, source) DO UPDATE SET time = now(), list = CASE WHEN excluded.error = '' THEN excluded.list ELSE irr_answer.list END,
	error = excluded.error;
