-- A deleted community, routing policy or data source has a column "type", which the trigger's own variable of that name was taken for.

CREATE OR REPLACE FUNCTION forget_object() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
	kind_of_gone CONSTANT smallint := (SELECT o.id FROM object_type o WHERE o.table_name = TG_TABLE_NAME);
BEGIN
	IF NOT EXISTS (SELECT FROM gone) THEN
		RETURN NULL;
	END IF;
	DELETE FROM tagged_item x USING gone g WHERE x.object_type_id = kind_of_gone AND x.object_id = g.id;
	DELETE FROM config_context_assignment x USING gone g WHERE x.content_type_id = kind_of_gone AND x.object_id = g.id;
	DELETE FROM contact_assignment x USING gone g WHERE x.content_type_id = kind_of_gone AND x.object_id = g.id;
	DELETE FROM journal_entry x USING gone g WHERE x.assigned_object_type_id = kind_of_gone AND x.assigned_object_id = g.id;
	DELETE FROM auto_synchronisation_record x USING gone g WHERE x.object_type_id = kind_of_gone AND x.object_id = g.id;
	DELETE FROM search_entry x USING gone g WHERE x.object_type_id = kind_of_gone AND x.object_id = g.id;
	DELETE FROM session_history x USING gone g WHERE x.object_type_id = kind_of_gone AND x.object_id = g.id;
	DELETE FROM job x USING gone g WHERE x.object_type_id = kind_of_gone AND x.object_id = g.id AND x.status <> 'running';
	RETURN NULL;
END $$;
