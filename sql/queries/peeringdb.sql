-- The synchronisation with PeeringDB: what does not depend on the type. What does is made from the catalogue by src/outside/peeringdb_merge.c.

-- name: peeringdb_lock
-- One run at a time, for as long as the connection lives or until it is given back.
SELECT pg_try_advisory_lock(hashtext('peerage'), hashtext('peeringdb'));

-- name: peeringdb_lock_run
-- The same until the end of the transaction.
SELECT pg_try_advisory_xact_lock(hashtext('peerage'), hashtext('peeringdb'));

-- name: peeringdb_unlock
SELECT pg_advisory_unlock(hashtext('peerage'), hashtext('peeringdb'));

-- name: peeringdb_state
-- $1: the source, $2: whether there is a key. How far each type has been read, and what an interrupted run left of it.
SELECT n.tag, floor(extract(epoch FROM n.since))::bigint, coalesce(n.synchronised < now() - interval '25 days', true), n.keyed,
       s.tag IS NOT NULL AND s.source = $1 AND s.keyed = $2::boolean AND s.staged > now() - interval '6 hours', coalesce(s.whole, false), coalesce(s.rows, 0)
  FROM peeringdb_namespace n LEFT JOIN peeringdb_stage s USING (tag)
 ORDER BY n.position;

-- name: peeringdb_errors_clear
-- What a run says of itself is not mixed with what one before it said.
UPDATE peeringdb_namespace SET error = '' WHERE error <> '';

-- name: peeringdb_waiting
SELECT row_data FROM peeringdb_pending WHERE tag = $1 ORDER BY id;

-- name: peeringdb_staged
INSERT INTO peeringdb_stage (tag, source, whole, keyed, generated, rows) VALUES ($1, $2, $3, $4, to_timestamp($5::float8), $6)
ON CONFLICT (tag) DO UPDATE SET (source, whole, keyed, generated, rows, staged) = ROW (excluded.source, excluded.whole, excluded.keyed, excluded.generated,
	excluded.rows, now());

-- name: peeringdb_staged_types
SELECT tag FROM peeringdb_stage;

-- name: peeringdb_merged
-- $1: type, $2: whole. "updated" never goes back, whatever an older file says.
UPDATE peeringdb_namespace n
   SET since = CASE WHEN $3::text IS NULL THEN n.since ELSE greatest(n.since, $3::text::timestamptz) END, synchronised = now(), error = '',
       reconciled = CASE WHEN $2::boolean THEN now() ELSE n.reconciled END,
       keyed = CASE WHEN $2::boolean THEN s.keyed ELSE n.keyed END
  FROM peeringdb_stage s WHERE n.tag = $1 AND s.tag = $1;

-- name: peeringdb_failed
UPDATE peeringdb_namespace SET error = $2 WHERE tag = $1 OR $1 = '';

-- name: peeringdb_synchronised
INSERT INTO peeringdb_synchronisation (time, created, updated, deleted)
SELECT coalesce((SELECT min(generated) FROM peeringdb_stage), now()), $1, $2, $3 WHERE $1 > 0 OR $2 > 0 OR $3 > 0;

-- name: peeringdb_stage_done
DELETE FROM peeringdb_stage;

-- name: peeringdb_links
-- What linking would write: type, id, field, old, new. $1: at this exchange (null: everywhere), $2: what was read is being merged.
SELECT * FROM peeringdb_links($1, $2);

-- name: peeringdb_link_remember
INSERT INTO peeringdb_link (kind, object_id, peeringdb_id)
SELECT 'connection', id, peeringdb_netixlan_id FROM connection WHERE peeringdb_netixlan_id IS NOT NULL
UNION ALL
SELECT 'exchange', id, peeringdb_ixlan_id FROM internet_exchange WHERE peeringdb_ixlan_id IS NOT NULL
ON CONFLICT (kind, object_id) DO UPDATE SET peeringdb_id = excluded.peeringdb_id;

-- name: peeringdb_unlinks
-- All links, as what taking them away would write.
SELECT 'net.connection', id, 'peeringdb_netixlan', peeringdb_netixlan_id, NULL::bigint FROM connection WHERE peeringdb_netixlan_id IS NOT NULL
UNION ALL
SELECT 'peering.internetexchange', id, 'peeringdb_ixlan', peeringdb_ixlan_id, NULL FROM internet_exchange WHERE peeringdb_ixlan_id IS NOT NULL
UNION ALL
SELECT 'peeringdb.hiddenpeer', id, 'peeringdb_network', peeringdb_network_id, NULL FROM hidden_peer WHERE peeringdb_network_id IS NOT NULL
UNION ALL
SELECT 'peeringdb.hiddenpeer', id, 'peeringdb_ixlan', peeringdb_ixlan_id, NULL FROM hidden_peer WHERE peeringdb_ixlan_id IS NOT NULL
 ORDER BY 1, 2, 3;

-- name: peeringdb_link_forget
DELETE FROM peeringdb_link l
 WHERE (l.kind = 'exchange' AND NOT EXISTS (SELECT FROM internet_exchange x WHERE x.id = l.object_id AND x.peeringdb_ixlan_id IS NULL))
    OR (l.kind = 'connection' AND NOT EXISTS (SELECT FROM connection c WHERE c.id = l.object_id AND c.peeringdb_netixlan_id IS NULL));

-- The feed. These run when a type was staged and checked and before it is merged, so both sides are there to compare.

-- name: peeringdb_changed_net
INSERT INTO peeringdb_change (kind, autonomous_system_id, tag, peeringdb_id, field, old, new)
SELECT v.kind, a.id, 'net', n.id, v.field, v.old, v.new
  FROM peeringdb_stage_net s
  JOIN peeringdb_network n ON n.id = s.id
  JOIN autonomous_system a ON a.asn = n.asn
 CROSS JOIN LATERAL (VALUES
	('prefix-limit', 'info_prefixes4', to_jsonb(n.info_prefixes4), to_jsonb(s.info_prefixes4)),
	('prefix-limit', 'info_prefixes6', to_jsonb(n.info_prefixes6), to_jsonb(s.info_prefixes6)),
	('as-set', 'irr_as_set', to_jsonb(n.irr_as_set), to_jsonb(coalesce(s.irr_as_set, ''))),
	('name', 'name', to_jsonb(n.name), to_jsonb(s.name)),
	('policy', 'policy_general', to_jsonb(n.policy_general), to_jsonb(coalesce(s.policy_general, ''))),
	('policy', 'policy_locations', to_jsonb(n.policy_locations), to_jsonb(coalesce(s.policy_locations, ''))),
	('policy', 'policy_ratio', to_jsonb(n.policy_ratio), to_jsonb(coalesce(s.policy_ratio, false))),
	('policy', 'policy_contracts', to_jsonb(n.policy_contracts), to_jsonb(coalesce(s.policy_contracts, ''))),
	('policy', 'info_never_via_route_servers', to_jsonb(n.info_never_via_route_servers), to_jsonb(coalesce(s.info_never_via_route_servers, false)))
 ) AS v (kind, field, old, new)
 WHERE NOT s.gone AND s.why IS NULL AND s.updated >= n.updated AND v.old IS DISTINCT FROM v.new
UNION ALL
SELECT 'network', a.id, 'net', n.id, '', jsonb_build_object('asn', n.asn, 'name', n.name), NULL
  FROM peeringdb_stage_net s JOIN peeringdb_network n ON n.id = s.id JOIN autonomous_system a ON a.asn = n.asn
 WHERE s.gone AND NOT EXISTS (SELECT FROM peeringdb_stage_net o WHERE o.asn = n.asn AND NOT o.gone AND o.why IS NULL);

-- name: peeringdb_changed_poc
INSERT INTO peeringdb_change (kind, autonomous_system_id, tag, peeringdb_id, field, old, new)
SELECT 'contact', a.id, 'poc', s.id, '', v.old, v.new
  FROM peeringdb_stage_poc s
  LEFT JOIN peeringdb_network_contact c ON c.id = s.id
  JOIN peeringdb_network n ON n.id = coalesce(c.net_id, s.net_id)
  JOIN autonomous_system a ON a.asn = n.asn
 CROSS JOIN LATERAL (SELECT
	CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('role', c.role, 'name', c.name, 'email', c.email, 'phone', c.phone) END,
	CASE WHEN NOT s.gone THEN jsonb_build_object('role', s.role, 'name', coalesce(s.name, ''), 'email', coalesce(s.email, ''), 'phone', coalesce(s.phone, '')) END
 ) AS v (old, new)
 WHERE s.why IS NULL AND v.old IS DISTINCT FROM v.new AND (s.gone OR c.id IS NULL OR s.updated >= c.updated);

-- name: peeringdb_changed_netixlan
-- A port that was made anew with the same addresses is none; addresses that move to another port of the same network are a change of address.
WITH old AS (
	SELECT t.*, s.gone FROM peeringdb_stage_netixlan s JOIN peeringdb_network_ixlan t ON t.id = s.id WHERE s.why IS NULL AND (s.gone OR s.updated >= t.updated)
), new AS (
	SELECT s.id, s.asn, s.ixlan_id, s.ipaddr4, s.ipaddr6, s.speed FROM peeringdb_stage_netixlan s WHERE NOT s.gone AND s.why IS NULL
)
INSERT INTO peeringdb_change (kind, autonomous_system_id, internet_exchange_id, tag, peeringdb_id, field, old, new)
SELECT CASE WHEN o.id IS NULL THEN 'joined' WHEN n.id IS NULL THEN 'left' ELSE 'address' END, a.id, x.id, 'netixlan', coalesce(n.id, o.id), '',
       CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('ipaddr4', host(o.ipaddr4), 'ipaddr6', host(o.ipaddr6), 'speed', o.speed) END,
       CASE WHEN n.id IS NOT NULL THEN jsonb_build_object('ipaddr4', host(n.ipaddr4), 'ipaddr6', host(n.ipaddr6), 'speed', n.speed) END
  FROM (SELECT * FROM old WHERE NOT gone OR NOT EXISTS (SELECT FROM new n WHERE n.asn = old.asn AND n.ixlan_id = old.ixlan_id
           AND (n.ipaddr4, n.ipaddr6) IS NOT DISTINCT FROM (old.ipaddr4, old.ipaddr6))) o
  FULL JOIN (SELECT * FROM new WHERE EXISTS (SELECT FROM old o WHERE o.id = new.id) OR NOT EXISTS (SELECT FROM peeringdb_network_ixlan o
           WHERE o.asn = new.asn AND o.ixlan_id = new.ixlan_id AND (o.ipaddr4, o.ipaddr6) IS NOT DISTINCT FROM (new.ipaddr4, new.ipaddr6))) n ON n.id = o.id
  JOIN autonomous_system a ON a.asn = coalesce(n.asn, o.asn)
  JOIN internet_exchange x ON x.peeringdb_ixlan_id = coalesce(n.ixlan_id, o.ixlan_id)
 WHERE (o.ipaddr4, o.ipaddr6) IS DISTINCT FROM (n.ipaddr4, n.ipaddr6) OR o.id IS NULL OR n.id IS NULL;

-- name: peeringdb_changed_ixpfx
INSERT INTO peeringdb_change (kind, internet_exchange_id, tag, peeringdb_id, field, old, new)
SELECT 'lan', x.id, 'ixpfx', s.id, 'prefix', to_jsonb(p.prefix), CASE WHEN NOT s.gone THEN to_jsonb(s.prefix) END
  FROM peeringdb_stage_ixpfx s
  LEFT JOIN peeringdb_ixlan_prefix p ON p.id = s.id
  JOIN internet_exchange x ON x.peeringdb_ixlan_id = coalesce(p.ixlan_id, s.ixlan_id)
 WHERE s.why IS NULL AND (s.gone OR p.prefix IS DISTINCT FROM s.prefix) AND (p.id IS NULL OR s.gone OR s.updated >= p.updated);

-- name: peeringdb_changes
-- $1: state or null, $2: at most.
SELECT c.id, c.time, c.kind, a.asn, a.name AS autonomous_system, x.name AS internet_exchange, c.tag AS type, c.peeringdb_id, c.field, c.old, c.new, c.state,
       peeringdb_change_effect(c) AS effect, peeringdb_change_before(c) AS before, peeringdb_change_after(c) AS after
  FROM peeringdb_change c
  LEFT JOIN autonomous_system a ON a.id = c.autonomous_system_id
  LEFT JOIN internet_exchange x ON x.id = c.internet_exchange_id
 WHERE $1::text IS NULL OR c.state = $1
 ORDER BY c.time DESC, c.id DESC LIMIT $2;

-- name: peeringdb_supersede
-- A field that changed once more before anybody decided is one change, from its first value to its last; back to the first one it is none.
WITH chain AS (
	SELECT c.id, first_value(c.old) OVER (PARTITION BY c.kind, c.autonomous_system_id, c.internet_exchange_id, c.tag, c.peeringdb_id, c.field ORDER BY c.id) AS old,
		row_number() OVER (PARTITION BY c.kind, c.autonomous_system_id, c.internet_exchange_id, c.tag, c.peeringdb_id, c.field ORDER BY c.id DESC) AS back,
		count(*) OVER (PARTITION BY c.kind, c.autonomous_system_id, c.internet_exchange_id, c.tag, c.peeringdb_id, c.field) AS n
	FROM peeringdb_change c WHERE c.state = 'open' AND c.kind NOT IN ('joined', 'left', 'network', 'address')
)
UPDATE peeringdb_change c
   SET old = CASE WHEN k.back = 1 THEN k.old ELSE c.old END,
       state = CASE WHEN k.back > 1 OR k.old IS NOT DISTINCT FROM c.new THEN 'superseded' ELSE 'open' END
  FROM chain k WHERE k.id = c.id AND k.n > 1;

-- name: peeringdb_brake_clear
UPDATE peeringdb_namespace SET brake_rows = NULL, brake_gone = NULL, brake_changed = NULL, brake_examples = NULL WHERE brake_rows IS NOT NULL;

-- name: peeringdb_brake_asked
-- $1: type, $2: its rows, $3: would be removed, $4: would be changed, $5: some of them.
UPDATE peeringdb_namespace SET brake_rows = $2, brake_gone = $3, brake_changed = $4, brake_examples = $5 WHERE tag = $1;

-- name: peeringdb_brake
-- What the brake asks about, if anything.
SELECT tag, brake_rows, brake_gone, brake_changed, brake_examples FROM peeringdb_namespace WHERE brake_rows IS NOT NULL ORDER BY position;

-- name: peeringdb_flush
SELECT peeringdb_flush();

-- What follows from PeeringDB for objects of ours.

-- name: pdb_as_known
SELECT asn_is_private(a.asn), EXISTS (SELECT FROM peeringdb_network n WHERE n.asn = a.asn) FROM autonomous_system a WHERE a.id = $1;

-- name: pdb_as_switched
SELECT d.id, d.field, d.ours, d.theirs FROM autonomous_system_divergence d WHERE d.id = $1 AND d.switched ORDER BY d.field;

-- name: pdb_as_by_itself
SELECT d.id, d.field, d.ours, d.theirs, a.asn FROM autonomous_system_divergence d JOIN autonomous_system a ON a.id = d.id WHERE d.by_itself ORDER BY d.id, d.field;

-- name: pdb_changes_take
SELECT c.id, c.state FROM peeringdb_change c WHERE c.id = ANY ($1::bigint[]) ORDER BY c.id FOR UPDATE;

-- name: pdb_change_follows
SELECT peeringdb_change_follows(c) FROM peeringdb_change c WHERE c.id = $1;

-- name: pdb_changes_decide
-- $1: numbers, $2: accepted or ignored, $3: who, null: a rule.
UPDATE peeringdb_change SET state = $2, decided = now(), decided_by_id = $3 WHERE id = ANY ($1::bigint[]) AND state = 'open';

-- name: pdb_changes_settled
-- Changes of autonomous systems that the switches or rules let through and that are done by now.
UPDATE peeringdb_change c SET state = 'accepted', decided = now()
  FROM autonomous_system a, peeringdb_rule r
 WHERE c.state = 'open' AND c.kind IN ('prefix-limit', 'as-set', 'name') AND a.id = c.autonomous_system_id AND r.kind = c.kind
   AND (r.action = 'accept' OR (r.action = 'switch' AND CASE c.field WHEN 'info_prefixes4' THEN a.ipv4_max_prefixes_peeringdb_sync
	WHEN 'info_prefixes6' THEN a.ipv6_max_prefixes_peeringdb_sync WHEN 'irr_as_set' THEN a.irr_as_set_peeringdb_sync ELSE a.name_peeringdb_sync END))
   AND peeringdb_change_follows(c) = '[]';

-- name: pdb_changes_ignored
UPDATE peeringdb_change c SET state = 'ignored', decided = now() FROM peeringdb_rule r WHERE c.state = 'open' AND r.kind = c.kind AND r.action = 'ignore';

-- name: pdb_changes_by_rule
SELECT c.id FROM peeringdb_change c JOIN peeringdb_rule r ON r.kind = c.kind
 WHERE c.state = 'open' AND r.action = 'accept' AND c.kind NOT IN ('prefix-limit', 'as-set', 'name')
   AND NOT peeringdb_change_follows(c) @> '[{"guess": true}]' ORDER BY c.id;

-- name: pdb_renumbering
-- At exchange $1, or at all.
SELECT r.object_type AS type, r.object_id AS id, r.display, r.field, inet_shown(r.old) AS old, inet_shown(r.new) AS new, r.reason,
	r.internet_exchange_id AS exchange, x.name AS exchange_name
  FROM peeringdb_renumbering($1) r JOIN internet_exchange x ON x.id = r.internet_exchange_id
 ORDER BY x.name, r.object_type, r.display, r.object_id, r.field;

-- name: pdb_propose
-- What our records could take over from the book, for PeeringDB's page where their keeper confirms it: of our autonomous system $1, or of all.
-- The name is not among what that page takes.
SELECT a.id, a.asn, replace(encode(convert_to(jsonb_build_object('source', 'Peerage', 'reason', 'Synchronisation with our book', 'updates', jsonb_build_array(
	jsonb_build_object('ref_tag', 'net', 'obj_id', n.id, 'data', jsonb_object_agg(f.theirs, d.ours))))::text, 'UTF8'), 'base64'), E'\n', '') AS proposal
  FROM autonomous_system_divergence d
  JOIN autonomous_system a ON a.id = d.id
  JOIN peeringdb_network n ON n.asn = a.asn
  JOIN (VALUES ('irr_as_set', 'irr_as_set'), ('ipv6_max_prefixes', 'info_prefixes6'), ('ipv4_max_prefixes', 'info_prefixes4')) AS f (ours, theirs) ON f.ours = d.field
 WHERE a.affiliated AND coalesce(a.id = $1::bigint, true)
 GROUP BY a.id, a.asn, n.id ORDER BY a.asn;

-- name: pdb_report
SELECT * FROM peeringdb_report();

-- name: pdb_cache
-- The types of the cache and how each stands; what waits, what an interrupted run left, what the brake asks.
SELECT n.tag, n.since, n.synchronised, n.reconciled, n.error, n.brake_rows, n.brake_gone, n.brake_changed,
       (SELECT count(*) FROM peeringdb_pending p WHERE p.tag = n.tag) AS pending, s.staged, s.rows, n.brake_examples
  FROM peeringdb_namespace n LEFT JOIN peeringdb_stage s USING (tag) ORDER BY n.position;

-- name: pdb_cache_job
-- The last run: number, status, what it is at, and whether it goes on; when it is tried again after a failure; and when the cache was last
-- brought up to date.
SELECT j.id, j.status, j.progress_done, j.progress_total, j.progress_label, j.error,
       j.status = 'running' OR (j.status = 'pending' AND j.run_after <= now()) AS going, CASE WHEN j.status = 'pending' AND j.run_after > now() THEN j.run_after END AS again,
       (SELECT max(s.time) FROM peeringdb_synchronisation s) AS time, (SELECT count(*) FROM peeringdb_change c WHERE c.state = 'open') AS open
  FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT * FROM job WHERE name = 'peeringdb.synchronise' ORDER BY id DESC LIMIT 1) j ON true;
