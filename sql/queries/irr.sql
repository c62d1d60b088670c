-- What was read from the routing registries, as a document: AS number to {"prefixes": {"ipv4": [entry ...], "ipv6": ...},
-- "as_list": [ASN ...]}, an entry being what bgpq prints. Systems that the book does not have are passed over.

-- name: irr_prefixes_drop
DELETE FROM autonomous_system_prefix p
 USING autonomous_system a, jsonb_each($1::text::jsonb) AS d(asn, found)
 WHERE a.asn = d.asn::bigint AND p.autonomous_system_id = a.id AND d.found ? 'prefixes';

-- name: irr_prefixes_put
INSERT INTO autonomous_system_prefix (autonomous_system_id, family, n, prefix, exact, greater_equal, less_equal)
SELECT a.id, f.family, e.n - 1, (e.entry->>'prefix')::cidr, coalesce((e.entry->>'exact')::boolean, true),
       (e.entry->>'greater-equal')::smallint, (e.entry->>'less-equal')::smallint
  FROM jsonb_each($1::text::jsonb) AS d(asn, found)
  JOIN autonomous_system a ON a.asn = d.asn::bigint
 CROSS JOIN (VALUES (4, 'ipv4'), (6, 'ipv6')) AS f(family, key)
 CROSS JOIN LATERAL jsonb_array_elements(d.found->'prefixes'->f.key) WITH ORDINALITY AS e(entry, n);

-- name: irr_as_list_drop
DELETE FROM autonomous_system_as_list l
 USING autonomous_system a, jsonb_each($1::text::jsonb) AS d(asn, found)
 WHERE a.asn = d.asn::bigint AND l.autonomous_system_id = a.id AND d.found ? 'as_list';

-- name: irr_as_list_put
INSERT INTO autonomous_system_as_list (autonomous_system_id, n, asn)
SELECT a.id, e.n - 1, e.member::bigint
  FROM jsonb_each($1::text::jsonb) AS d(asn, found)
  JOIN autonomous_system a ON a.asn = d.asn::bigint
 CROSS JOIN LATERAL jsonb_array_elements_text(d.found->'as_list') WITH ORDINALITY AS e(member, n);

-- name: irr_read
-- $2: what they were read from.
UPDATE autonomous_system a
   SET prefixes_updated = CASE WHEN d.found ? 'prefixes' THEN now() ELSE a.prefixes_updated END,
       prefixes_source = CASE WHEN d.found ? 'prefixes' THEN $2 ELSE a.prefixes_source END,
       as_list_updated = CASE WHEN d.found ? 'as_list' THEN now() ELSE a.as_list_updated END,
       as_list_source = CASE WHEN d.found ? 'as_list' THEN $2 ELSE a.as_list_source END
  FROM jsonb_each($1::text::jsonb) AS d(asn, found)
 WHERE a.asn = d.asn::bigint;
