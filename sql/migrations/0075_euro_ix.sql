-- Member exports of exchanges (Euro-IX / IX-F JSON): who says it has which port, beside PeeringDB and our own book.

-- A table whose row type a function takes gets no column with a check; the function is made again below.
DROP FUNCTION internet_exchange_peeringdb_prefixes(internet_exchange);
ALTER TABLE internet_exchange
	ADD COLUMN euro_ix_url text NOT NULL DEFAULT '' CHECK (length(euro_ix_url) <= 2000),
	ADD COLUMN euro_ix_id bigint CHECK (euro_ix_id >= 0);
COMMENT ON COLUMN internet_exchange.euro_ix_url IS 'Address of the exchange''s member export';
COMMENT ON COLUMN internet_exchange.euro_ix_id IS 'Its ixp_id in that export; null: the only one, or the one whose LAN holds our connections';

CREATE FUNCTION internet_exchange_peeringdb_prefixes(i internet_exchange) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
	SELECT coalesce(jsonb_object_agg(f.name, f.prefixes), '{}')
	FROM (
		SELECT 'ipv' || family(p.prefix) AS name, jsonb_agg(p.prefix::text ORDER BY p.prefix) AS prefixes
		FROM peeringdb_ixlan_prefix p WHERE p.ixlan_id = i.peeringdb_ixlan_id GROUP BY 1
	) f
);
COMMENT ON FUNCTION internet_exchange_peeringdb_prefixes(internet_exchange) IS 'The prefixes of its LAN in PeeringDB, by family';

CREATE TABLE euro_ix_export (
	internet_exchange_id bigint PRIMARY KEY REFERENCES internet_exchange ON DELETE CASCADE,
	url text NOT NULL DEFAULT '',
	tried timestamptz NOT NULL DEFAULT now(),
	fetched timestamptz,
	error text NOT NULL DEFAULT '',
	version text NOT NULL DEFAULT '',
	generated text NOT NULL DEFAULT '',
	members integer NOT NULL DEFAULT 0 CHECK (members >= 0),
	ports integer NOT NULL DEFAULT 0 CHECK (ports >= 0)
);
COMMENT ON TABLE euro_ix_export IS 'The last reading of an exchange''s member export';
COMMENT ON COLUMN euro_ix_export.internet_exchange_id IS 'Internet exchange';
COMMENT ON COLUMN euro_ix_export.url IS 'Where the good copy came from';
COMMENT ON COLUMN euro_ix_export.tried IS 'When it was last asked for';
COMMENT ON COLUMN euro_ix_export.fetched IS 'When the good copy came; null: never';
COMMENT ON COLUMN euro_ix_export.error IS 'Why the last reading failed; empty: it did not';
COMMENT ON COLUMN euro_ix_export.version IS 'Version of the schema';
COMMENT ON COLUMN euro_ix_export.generated IS 'When the exchange says it was made';
COMMENT ON COLUMN euro_ix_export.members IS 'AS numbers in it';
COMMENT ON COLUMN euro_ix_export.ports IS 'Addresses in it';

CREATE TABLE euro_ix_port (
	internet_exchange_id bigint NOT NULL REFERENCES internet_exchange ON DELETE CASCADE,
	address inet NOT NULL CHECK (masklen(address) = CASE family(address) WHEN 4 THEN 32 ELSE 128 END),
	asn bigint NOT NULL CHECK (asn BETWEEN 1 AND 4294967295),
	name text NOT NULL DEFAULT '',
	vlan text NOT NULL DEFAULT '',
	state text NOT NULL DEFAULT '',
	speed bigint CHECK (speed >= 0),
	as_set text NOT NULL DEFAULT '',
	max_prefixes bigint CHECK (max_prefixes >= 0),
	route_server boolean,
	mac_addresses text[] NOT NULL DEFAULT '{}',
	PRIMARY KEY (internet_exchange_id, address)
);
COMMENT ON TABLE euro_ix_port IS 'Addresses of the good copy of a member export';
COMMENT ON COLUMN euro_ix_port.internet_exchange_id IS 'Internet exchange';
COMMENT ON COLUMN euro_ix_port.address IS 'Address on the LAN';
COMMENT ON COLUMN euro_ix_port.asn IS 'AS number of the member';
COMMENT ON COLUMN euro_ix_port.name IS 'Name of the member';
COMMENT ON COLUMN euro_ix_port.vlan IS 'Name or number of the VLAN';
COMMENT ON COLUMN euro_ix_port.state IS 'State of the connection in the words of the exchange';
COMMENT ON COLUMN euro_ix_port.speed IS 'Mbit/s of its interfaces together; null: not told';
COMMENT ON COLUMN euro_ix_port.as_set IS 'AS-SET';
COMMENT ON COLUMN euro_ix_port.max_prefixes IS 'Prefix limit; null: not told';
COMMENT ON COLUMN euro_ix_port.route_server IS 'Peers with the route servers; null: not told';
COMMENT ON COLUMN euro_ix_port.mac_addresses IS 'MAC addresses';

-- The new copy in the place of the last one, both in one transaction.
CREATE FUNCTION euro_ix_take(exchange bigint, from_url text, schema_version text, made text, list jsonb, OUT member_count bigint, OUT port_count bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM 1 FROM internet_exchange i WHERE i.id = exchange FOR UPDATE;
	DELETE FROM euro_ix_port WHERE internet_exchange_id = exchange;
	INSERT INTO euro_ix_port (internet_exchange_id, address, asn, name, vlan, state, speed, as_set, max_prefixes, route_server, mac_addresses)
	SELECT exchange, p.address::inet, p.asn, p.name, p.vlan, p.state, p.speed, p.as_set, p.max_prefixes, p.route_server,
		ARRAY(SELECT jsonb_array_elements_text(p.macs))
	FROM jsonb_to_recordset(list) AS p (address text, asn bigint, name text, vlan text, state text, speed bigint, as_set text, max_prefixes bigint,
		route_server boolean, macs jsonb);
	SELECT count(DISTINCT asn), count(*) INTO member_count, port_count FROM euro_ix_port WHERE internet_exchange_id = exchange;
	INSERT INTO euro_ix_export AS x (internet_exchange_id, url, fetched, version, generated, members, ports)
	VALUES (exchange, from_url, now(), schema_version, made, member_count, port_count)
	ON CONFLICT (internet_exchange_id) DO UPDATE SET url = excluded.url, tried = now(), fetched = now(), error = '', version = excluded.version,
		generated = excluded.generated, members = excluded.members, ports = excluded.ports;
END $$;
COMMENT ON FUNCTION euro_ix_take(bigint, text, text, text, jsonb) IS 'Keep a member export that came as the good copy';

CREATE FUNCTION euro_ix_plain_set(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN upper(regexp_replace(coalesce($1, ''), '^[A-Za-z0-9-]+::', ''));
COMMENT ON FUNCTION euro_ix_plain_set(text) IS 'An AS-SET without its source, in capitals, for comparing';

-- Every address that one of the three knows there. Ours are the sessions and our own connections; without `sees_book` they are left out.
CREATE FUNCTION euro_ix_comparison(exchange bigint, sees_book boolean)
RETURNS TABLE (address inet, name text, export_asn bigint, peeringdb_asn bigint, book_asn bigint, sessions bigint, own boolean, export_speed bigint,
	peeringdb_speed bigint, export_as_set text, book_as_set text, export_limit bigint, book_limit bigint, export_route_server boolean,
	peeringdb_route_server boolean, differences text[], state text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH p AS (
		SELECT DISTINCT ON (v.address) v.address, l.asn, l.speed, l.is_rs_peer, n.name
		FROM internet_exchange i
		JOIN peeringdb_network_ixlan l ON l.ixlan_id = i.peeringdb_ixlan_id
		JOIN peeringdb_network n ON n.id = l.net_id
		CROSS JOIN LATERAL (VALUES (l.ipaddr4), (l.ipaddr6)) AS v (address)
		WHERE i.id = exchange AND v.address IS NOT NULL ORDER BY v.address, l.updated DESC, l.id
	), known AS (
		SELECT s.ip_address AS address, s.asn, 1 AS session, false AS own, a.name, a.irr_as_set AS as_set,
			CASE family(s.ip_address) WHEN 4 THEN a.ipv4_max_prefixes ELSE a.ipv6_max_prefixes END::bigint AS max_prefixes
		FROM connection c
		JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id
		JOIN autonomous_system a ON a.id = s.autonomous_system_id
		WHERE c.internet_exchange_point_id = exchange AND sees_book
		UNION ALL
		SELECT host(v.address)::inet, a.asn, 0, true, a.name, a.irr_as_set,
			CASE family(v.address) WHEN 4 THEN a.ipv4_max_prefixes ELSE a.ipv6_max_prefixes END::bigint
		FROM connection c
		JOIN internet_exchange i ON i.id = c.internet_exchange_point_id
		JOIN autonomous_system a ON a.id = i.local_autonomous_system_id
		CROSS JOIN LATERAL (VALUES (c.ipv4_address), (c.ipv6_address)) AS v (address)
		WHERE c.internet_exchange_point_id = exchange AND v.address IS NOT NULL AND sees_book
	), b AS (
		SELECT k.address, min(k.asn) AS asn, max(k.asn) AS asn_most, sum(k.session) AS sessions, bool_or(k.own) AS own, min(k.name) AS name,
			min(k.as_set) AS as_set, min(k.max_prefixes) AS max_prefixes
		FROM known k GROUP BY k.address
	), e AS (SELECT * FROM euro_ix_port x WHERE x.internet_exchange_id = exchange),
	every AS (SELECT e.address FROM e UNION SELECT p.address FROM p UNION SELECT b.address FROM b),
	d AS (
		SELECT t.address, coalesce(nullif(e.name, ''), p.name, b.name) AS name, e.asn AS e_asn, p.asn AS p_asn, b.asn AS b_asn,
			coalesce(b.sessions, 0) AS sessions, coalesce(b.own, false) AS own, e.speed AS e_speed, p.speed::bigint AS p_speed, e.as_set AS e_set,
			b.as_set AS b_set, e.max_prefixes AS e_max, b.max_prefixes AS b_max, e.route_server AS e_rs, p.is_rs_peer AS p_rs,
			array_remove(ARRAY[
				CASE WHEN e.asn <> p.asn OR e.asn <> b.asn OR p.asn <> b.asn OR b.asn <> b.asn_most THEN 'AS number' END,
				CASE WHEN e.speed > 0 AND p.speed > 0 AND e.speed <> p.speed THEN 'speed' END,
				CASE WHEN e.route_server <> p.is_rs_peer THEN 'route server' END,
				CASE WHEN e.as_set <> '' AND b.as_set <> '' AND euro_ix_plain_set(e.as_set) <> euro_ix_plain_set(b.as_set) THEN 'AS-SET' END,
				CASE WHEN e.max_prefixes > 0 AND b.max_prefixes > 0 AND e.max_prefixes <> b.max_prefixes THEN 'prefix limit' END
			], NULL) AS differences
		FROM every t LEFT JOIN e ON e.address = t.address LEFT JOIN p ON p.address = t.address LEFT JOIN b ON b.address = t.address
	)
	SELECT d.address, d.name, d.e_asn, d.p_asn, d.b_asn, d.sessions, d.own, d.e_speed, d.p_speed, d.e_set, d.b_set, d.e_max, d.b_max, d.e_rs, d.p_rs,
		d.differences, CASE
			WHEN cardinality(d.differences) > 0 THEN 'differs'
			WHEN d.e_asn IS NOT NULL AND d.p_asn IS NOT NULL AND d.b_asn IS NOT NULL THEN 'agrees'
			WHEN d.e_asn IS NOT NULL AND d.p_asn IS NOT NULL THEN 'no-session'
			WHEN d.e_asn IS NOT NULL AND d.b_asn IS NOT NULL THEN 'not-in-peeringdb'
			WHEN d.p_asn IS NOT NULL AND d.b_asn IS NOT NULL THEN 'not-in-export'
			WHEN d.e_asn IS NOT NULL THEN 'only-in-export'
			WHEN d.p_asn IS NOT NULL THEN 'only-in-peeringdb'
			ELSE 'only-in-book' END
	FROM d;
END;
COMMENT ON FUNCTION euro_ix_comparison(bigint, boolean) IS 'Member export, PeeringDB and our sessions of an exchange side by side, one row an address';

INSERT INTO schedule (name, description, job, cron, enabled) VALUES
	('Member exports', 'Read the member exports of all exchanges that have the address of one', 'peering.internet_exchange.fetch_members',
	format('%s %s * * *', floor(random() * 60), floor(random() * 6)), true);
