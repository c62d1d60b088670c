-- Where a synchronisation with PeeringDB puts what it reads, type by type, before all of it is merged in one transaction. A run that
-- was interrupted leaves its finished types here for the next one. Not logged: after a crash of the server they are simply empty.

DO $$
DECLARE
	k record;
	c record;
BEGIN
	FOR k IN SELECT * FROM (VALUES ('org', 'peeringdb_organization'), ('campus', 'peeringdb_campus'), ('fac', 'peeringdb_facility'),
		('carrier', 'peeringdb_carrier'), ('carrierfac', 'peeringdb_carrier_facility'), ('net', 'peeringdb_network'),
		('ix', 'peeringdb_internet_exchange'), ('ixfac', 'peeringdb_internet_exchange_facility'), ('ixlan', 'peeringdb_ixlan'),
		('ixpfx', 'peeringdb_ixlan_prefix'), ('netfac', 'peeringdb_network_facility'), ('netixlan', 'peeringdb_network_ixlan'),
		('poc', 'peeringdb_network_contact')) AS v (tag, origin) LOOP
		EXECUTE format('CREATE UNLOGGED TABLE peeringdb_stage_%s AS SELECT 0::bigint AS seq, false AS gone, ''''::text AS why, ''{}''::jsonb AS raw, t.*'
			' FROM %I t WITH NO DATA', k.tag, k.origin);
		EXECUTE format('ALTER TABLE peeringdb_stage_%s SET (autovacuum_enabled = off)', k.tag);
		EXECUTE format('COMMENT ON TABLE peeringdb_stage_%s IS ''Rows of PeeringDB on their way into %s''', k.tag, k.origin);
		EXECUTE format('COMMENT ON COLUMN peeringdb_stage_%s.seq IS ''Order of arrival: of a row that came twice the later counts''', k.tag);
		EXECUTE format('COMMENT ON COLUMN peeringdb_stage_%s.gone IS ''To be removed''', k.tag);
		EXECUTE format('COMMENT ON COLUMN peeringdb_stage_%s.why IS ''Why it cannot be stored yet''', k.tag);
		EXECUTE format('COMMENT ON COLUMN peeringdb_stage_%s.raw IS ''The row as received, if its values do not fit the columns''', k.tag);
		FOR c IN SELECT attname, col_description(attrelid, attnum) AS text FROM pg_attribute
			WHERE attrelid = k.origin::regclass AND attnum > 0 AND NOT attisdropped LOOP
			EXECUTE format('COMMENT ON COLUMN peeringdb_stage_%s.%I IS %L', k.tag, c.attname, c.text);
		END LOOP;
		IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'peerage_jobs') THEN
			EXECUTE format('GRANT TRUNCATE ON peeringdb_stage_%s TO peerage_jobs', k.tag);
		END IF;
	END LOOP;
END $$;

CREATE UNLOGGED TABLE peeringdb_stage (
	tag text PRIMARY KEY,
	source text NOT NULL,
	whole boolean NOT NULL,
	keyed boolean NOT NULL,
	generated timestamptz,
	staged timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE peeringdb_stage IS 'Types that have been read and wait for the merge';
COMMENT ON COLUMN peeringdb_stage.tag IS 'Type';
COMMENT ON COLUMN peeringdb_stage.source IS 'Where it was read';
COMMENT ON COLUMN peeringdb_stage.whole IS 'All rows, so that others are gone; else changes only';
COMMENT ON COLUMN peeringdb_stage.keyed IS 'Read with an API key';
COMMENT ON COLUMN peeringdb_stage.generated IS 'State of PeeringDB that it shows, where told';
COMMENT ON COLUMN peeringdb_stage.staged IS 'When it was read';

ALTER TABLE peeringdb_namespace ADD keyed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN peeringdb_namespace.keyed IS 'The whole table was read with an API key, which shows more contacts';

-- What a flush of the cache would forget, until the next synchronisation restores it.
CREATE TABLE peeringdb_link (
	kind text NOT NULL CHECK (kind IN ('connection', 'exchange')),
	object_id bigint NOT NULL,
	peeringdb_id bigint NOT NULL,
	PRIMARY KEY (kind, object_id)
);
COMMENT ON TABLE peeringdb_link IS 'Links of connections and exchanges into the cache as they were when it was emptied';
COMMENT ON COLUMN peeringdb_link.kind IS 'Connection (to a port) or exchange (to a LAN)';
COMMENT ON COLUMN peeringdb_link.object_id IS 'The connection or exchange';
COMMENT ON COLUMN peeringdb_link.peeringdb_id IS 'The port or LAN, by PeeringDB''s id';
