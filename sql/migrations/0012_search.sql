-- The search index, what goes with an object when it is deleted, and which tables are counted.

CREATE TABLE search_entry (
	object_type_id smallint NOT NULL REFERENCES object_type ON DELETE CASCADE,
	object_id bigint NOT NULL,
	field text NOT NULL,
	weight smallint NOT NULL DEFAULT 500,
	value text NOT NULL,
	label text NOT NULL DEFAULT '',
	PRIMARY KEY (object_type_id, object_id, field)
);
COMMENT ON TABLE search_entry IS 'Words by which objects are found';
COMMENT ON COLUMN search_entry.object_type_id IS 'Type of the object';
COMMENT ON COLUMN search_entry.object_id IS 'Object';
COMMENT ON COLUMN search_entry.field IS 'Field that the words are in';
COMMENT ON COLUMN search_entry.weight IS 'How much a hit there counts; lower shows first';
COMMENT ON COLUMN search_entry.value IS 'The words';
COMMENT ON COLUMN search_entry.label IS 'Name of the object, for showing';
CREATE INDEX ON search_entry USING gin (value gin_trgm_ops);
-- An index entry has a limit of 2,700 bytes; whoever looks for a beginning types fewer letters than this.
CREATE INDEX search_entry_prefix_idx ON search_entry (lower(left(value, 100)) text_pattern_ops);

-- Rows that point to an object by type and id cannot have a foreign key; this takes its place.
CREATE FUNCTION forget_object() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
	type smallint := (SELECT o.id FROM object_type o WHERE o.table_name = TG_TABLE_NAME);
BEGIN
	IF NOT EXISTS (SELECT FROM gone) THEN
		RETURN NULL;
	END IF;
	DELETE FROM tagged_item x USING gone g WHERE x.object_type_id = type AND x.object_id = g.id;
	DELETE FROM config_context_assignment x USING gone g WHERE x.content_type_id = type AND x.object_id = g.id;
	DELETE FROM contact_assignment x USING gone g WHERE x.content_type_id = type AND x.object_id = g.id;
	DELETE FROM journal_entry x USING gone g WHERE x.assigned_object_type_id = type AND x.assigned_object_id = g.id;
	DELETE FROM auto_synchronisation_record x USING gone g WHERE x.object_type_id = type AND x.object_id = g.id;
	DELETE FROM search_entry x USING gone g WHERE x.object_type_id = type AND x.object_id = g.id;
	DELETE FROM session_history x USING gone g WHERE x.object_type_id = type AND x.object_id = g.id;
	DELETE FROM job x USING gone g WHERE x.object_type_id = type AND x.object_id = g.id AND x.status <> 'running';
	RETURN NULL;
END $$;
COMMENT ON FUNCTION forget_object() IS 'Statement trigger: remove what points to the deleted objects by type and id';

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['community', 'relationship', 'routing_policy', 'data_source', 'configuration', 'platform', 'router',
		'contact', 'contact_role', 'email', 'bfd', 'connection', 'autonomous_system', 'bgp_group', 'direct_peering_session',
		'internet_exchange', 'internet_exchange_peering_session', 'config_context', 'export_template', 'journal_entry', 'tag',
		'webhook', 'ixapi', 'hidden_peer', 'auth_user', 'auth_group'] LOOP
		EXECUTE format('CREATE TRIGGER forget_object AFTER DELETE ON %I REFERENCING OLD TABLE AS gone'
			' FOR EACH STATEMENT EXECUTE FUNCTION forget_object()', name);
	END LOOP;
	FOREACH name IN ARRAY ARRAY['autonomous_system', 'bgp_group', 'community', 'connection', 'contact', 'contact_assignment', 'data_file',
		'deployment', 'direct_peering_session', 'email_message', 'event', 'hidden_peer', 'internet_exchange',
		'internet_exchange_peering_session', 'job', 'journal_entry', 'object_change', 'peeringdb_campus', 'peeringdb_carrier',
		'peeringdb_carrier_facility', 'peeringdb_facility', 'peeringdb_internet_exchange', 'peeringdb_internet_exchange_facility',
		'peeringdb_ixlan', 'peeringdb_ixlan_prefix', 'peeringdb_network', 'peeringdb_network_contact', 'peeringdb_network_facility',
		'peeringdb_network_ixlan', 'peeringdb_organization', 'peeringdb_synchronisation', 'router', 'routing_policy',
		'webhook_delivery'] LOOP
		PERFORM count_keep(name);
	END LOOP;
END $$;
