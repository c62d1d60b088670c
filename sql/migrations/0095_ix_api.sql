-- What the IX-API of an exchange answered, kept so that pages need not wait for it.

CREATE TABLE ixapi_reading (
	ixapi_id bigint PRIMARY KEY REFERENCES ixapi ON DELETE CASCADE,
	tried timestamptz NOT NULL DEFAULT now(),
	fetched timestamptz,
	error text NOT NULL DEFAULT '',
	version integer,
	schema_version text NOT NULL DEFAULT '',
	health text NOT NULL DEFAULT '',
	health_note text NOT NULL DEFAULT ''
);
COMMENT ON TABLE ixapi_reading IS 'The last reading of an IX-API';
COMMENT ON COLUMN ixapi_reading.ixapi_id IS 'IX-API';
COMMENT ON COLUMN ixapi_reading.tried IS 'When it was last asked';
COMMENT ON COLUMN ixapi_reading.fetched IS 'When what is kept came; null: never';
COMMENT ON COLUMN ixapi_reading.error IS 'Why the last reading failed; empty: it did not';
COMMENT ON COLUMN ixapi_reading.version IS 'Version that it speaks, 1 or 2; null: not known';
COMMENT ON COLUMN ixapi_reading.schema_version IS 'Version of the schema as it says itself, such as 2.1.0; empty: it does not';
COMMENT ON COLUMN ixapi_reading.health IS 'healthy, degraded or unhealthy, as it says itself; empty: it does not';
COMMENT ON COLUMN ixapi_reading.health_note IS 'What it adds to that';

CREATE TABLE ixapi_object (
	ixapi_id bigint NOT NULL REFERENCES ixapi ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('accounts', 'connections', 'ips', 'macs', 'network-features', 'network-service-configs', 'network-services',
		'ports', 'product-offerings', 'statistics')),
	remote_id text NOT NULL,
	data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
	PRIMARY KEY (ixapi_id, kind, remote_id)
);
COMMENT ON TABLE ixapi_object IS 'Objects of an IX-API as they were last read';
COMMENT ON COLUMN ixapi_object.ixapi_id IS 'IX-API';
COMMENT ON COLUMN ixapi_object.kind IS 'Kind of object as version 2 names it; statistics: of the network service config with that id';
COMMENT ON COLUMN ixapi_object.remote_id IS 'Its id there';
COMMENT ON COLUMN ixapi_object.data IS 'The object; addresses in the form that we print them in';

-- What came, {"accounts": [...], ...}, in the place of what was kept, both in one transaction.
CREATE FUNCTION ixapi_take(api bigint, speaks integer, schema_is text, state text, note text, objects jsonb, OUT object_count bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	PERFORM 1 FROM ixapi x WHERE x.id = api FOR UPDATE;
	DELETE FROM ixapi_object WHERE ixapi_id = api;
	INSERT INTO ixapi_object (ixapi_id, kind, remote_id, data)
	SELECT api, k.key, o.value->>'id', o.value FROM jsonb_each(objects) AS k CROSS JOIN LATERAL jsonb_array_elements(k.value) AS o
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS object_count = ROW_COUNT;
	INSERT INTO ixapi_reading AS r (ixapi_id, fetched, version, schema_version, health, health_note)
	VALUES (api, now(), speaks, schema_is, state, note)
	ON CONFLICT (ixapi_id) DO UPDATE SET tried = now(), fetched = now(), error = '', version = excluded.version,
		schema_version = excluded.schema_version, health = excluded.health, health_note = excluded.health_note;
END $$;
COMMENT ON FUNCTION ixapi_take(bigint, integer, text, text, text, jsonb) IS 'Keep what an IX-API answered';

-- Which service is the LAN of an exchange: its subnet holds an address of ours; else PeeringDB's number for the exchange says so.
CREATE FUNCTION ixapi_services(exchange bigint) RETURNS TABLE (ixapi_id bigint, service_id text, service jsonb)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH s AS (
		SELECT o.ixapi_id, o.remote_id, o.data,
			EXISTS (SELECT FROM connection c WHERE c.internet_exchange_point_id = i.id
				AND (c.ipv4_address <<= (o.data->>'subnet_v4')::cidr OR c.ipv6_address <<= (o.data->>'subnet_v6')::cidr)) AS holds_ours,
			o.data->>'peeringdb_ixid' = l.ix_id::text AS same_number
		FROM internet_exchange i
		JOIN ixapi_object o ON o.ixapi_id = i.ixapi_endpoint_id AND o.kind = 'network-services'
		LEFT JOIN peeringdb_ixlan l ON l.id = i.peeringdb_ixlan_id
		WHERE i.id = exchange
	)
	SELECT s.ixapi_id, s.remote_id, s.data FROM s WHERE s.holds_ours OR (s.same_number AND NOT EXISTS (SELECT FROM s t WHERE t.holds_ours));
END;
COMMENT ON FUNCTION ixapi_services(bigint) IS 'Network services of an exchange''s IX-API that are the LAN of the exchange';

-- The network service configs of an exchange: those of its service, and those that have an address of one of our connections there.
CREATE FUNCTION ixapi_configs(exchange bigint)
RETURNS TABLE (ixapi_id bigint, config_id text, config jsonb, service text, addresses inet[], macs jsonb, connection_id bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH x AS (SELECT i.ixapi_endpoint_id AS id FROM internet_exchange i WHERE i.id = exchange AND i.ixapi_endpoint_id IS NOT NULL),
	k AS (
		SELECT o.ixapi_id, o.remote_id, o.data,
			ARRAY(SELECT (p.data->>'address')::inet FROM ixapi_object p
				WHERE p.ixapi_id = x.id AND p.kind = 'ips' AND o.data->'ips' ? p.remote_id ORDER BY 1) AS addresses,
			(SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.remote_id, 'address', m.data->>'address') ORDER BY m.data->>'address'), '[]')
				FROM ixapi_object m WHERE m.ixapi_id = x.id AND m.kind = 'macs' AND o.data->'macs' ? m.remote_id) AS macs
		FROM x JOIN ixapi_object o ON o.ixapi_id = x.id AND o.kind = 'network-service-configs'
		WHERE coalesce(o.data->>'state', '') NOT IN ('archived', 'decommissioned', 'cancelled')
	)
	SELECT k.ixapi_id, k.remote_id, k.data,
		coalesce((SELECT s.data->>'name' FROM ixapi_object s
			WHERE s.ixapi_id = k.ixapi_id AND s.kind = 'network-services' AND s.remote_id = k.data->>'network_service'), ''),
		k.addresses, k.macs, c.id
	FROM k
	LEFT JOIN connection c ON c.internet_exchange_point_id = exchange
		AND (host(c.ipv4_address)::inet = ANY (k.addresses) OR host(c.ipv6_address)::inet = ANY (k.addresses))
	WHERE c.id IS NOT NULL OR k.data->>'network_service' IN (SELECT s.service_id FROM ixapi_services(exchange) AS s);
END;
COMMENT ON FUNCTION ixapi_configs(bigint) IS 'Network service configs that an exchange''s IX-API has for it, with our connections';

INSERT INTO schedule (name, description, job, cron, enabled) VALUES
	('IX-APIs', 'Read accounts, services, ports and addresses from the IX-APIs of exchanges', 'extras.ixapi.synchronise',
	format('%s * * * *', floor(random() * 60)), true);
