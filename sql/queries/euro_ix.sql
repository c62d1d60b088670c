-- Member exports of exchanges.

-- name: euro_ix_wanted
-- Exchange $1, or all with the address of an export when it is null.
SELECT id, name, euro_ix_url, euro_ix_id FROM internet_exchange
 WHERE CASE WHEN $1::bigint IS NULL THEN euro_ix_url <> '' ELSE id = $1 END ORDER BY name;

-- name: euro_ix_holds
-- Whether the prefixes $2 hold an address of ours at exchange $1, or are those of its LAN in PeeringDB.
SELECT EXISTS (
	SELECT FROM connection c WHERE c.internet_exchange_point_id = $1 AND (c.ipv4_address <<= ANY ($2::cidr[]) OR c.ipv6_address <<= ANY ($2::cidr[]))
	UNION ALL
	SELECT FROM internet_exchange i JOIN peeringdb_ixlan_prefix p ON p.ixlan_id = i.peeringdb_ixlan_id WHERE i.id = $1 AND p.prefix = ANY ($2::cidr[]));

-- name: euro_ix_take
SELECT member_count, port_count FROM euro_ix_take($1::bigint, $2, $3, $4, $5::text::jsonb);

-- name: euro_ix_failed
INSERT INTO euro_ix_export (internet_exchange_id, error) VALUES ($1, $2)
ON CONFLICT (internet_exchange_id) DO UPDATE SET tried = now(), error = excluded.error;

-- name: euro_ix_copy
SELECT url, tried, fetched, error, version, generated, members, ports FROM euro_ix_export WHERE internet_exchange_id = $1;

-- name: euro_ix_states
-- How many addresses of exchange $1 stand how; $2: with our side.
SELECT state, count(*) FROM euro_ix_comparison($1::bigint, $2::boolean) GROUP BY state ORDER BY state;

-- name: euro_ix_rows
-- Of exchange $1, with our side if $2, those that stand as $3 (empty: all) and match the pattern $4; $5, $6: how many, from where.
SELECT host(address), name, export_asn, peeringdb_asn, book_asn, sessions, own, export_speed, peeringdb_speed, export_as_set, book_as_set,
       export_limit, book_limit, export_route_server, peeringdb_route_server, array_to_string(differences, ', '), state, count(*) OVER ()
  FROM euro_ix_comparison($1::bigint, $2::boolean)
 WHERE ($3::text = '' OR state = $3) AND ($4::text = '%%' OR host(address) LIKE $4 OR name ILIKE $4 OR export_asn::text LIKE $4
       OR peeringdb_asn::text LIKE $4 OR book_asn::text LIKE $4)
 ORDER BY coalesce(export_asn, peeringdb_asn, book_asn), address LIMIT $5 OFFSET $6;
