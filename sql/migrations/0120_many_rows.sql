-- What one row of an import costs the database. An SQL function with subqueries is prepared anew in each statement that calls it from a
-- trigger; PL/pgSQL keeps its plans. And the types of a statement's changes, events and search entries, thousands, are looked up together.

CREATE OR REPLACE FUNCTION session_in_peeringdb(of_asn bigint, address inet) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	IF family(address) = 4 THEN
		RETURN EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id WHERE x.ipaddr4 = address AND n.asn = of_asn);
	END IF;
	RETURN EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id WHERE x.ipaddr6 = address AND n.asn = of_asn);
END $$;

CREATE OR REPLACE FUNCTION session_peeringdb() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	NEW.exists_in_peeringdb := session_in_peeringdb(NEW.asn, NEW.ip_address);
	NEW.is_abandoned := false;
	IF NEW.bgp_state IN ('idle', 'active') AND NOT NEW.exists_in_peeringdb THEN     -- all else is not abandoned, whoever is asked
		NEW.is_abandoned := session_abandoned(NEW);
	END IF;
	RETURN NEW;
END $$;

CREATE FUNCTION object_type_known() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
	unknown smallint;
BEGIN
	IF TG_TABLE_NAME = 'object_change' THEN
		SELECT a.changed_object_type_id INTO unknown FROM added a WHERE NOT EXISTS (SELECT FROM object_type o WHERE o.id = a.changed_object_type_id) LIMIT 1;
	ELSE
		SELECT a.object_type_id INTO unknown FROM added a WHERE NOT EXISTS (SELECT FROM object_type o WHERE o.id = a.object_type_id) LIMIT 1;
	END IF;
	IF unknown IS NOT NULL THEN
		RAISE foreign_key_violation USING MESSAGE = format('there is no object type %s', unknown), TABLE = TG_TABLE_NAME;
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION object_type_known() IS 'Statement trigger: in place of a foreign key to object_type, whose rows only migrations change';
ALTER TABLE event DROP CONSTRAINT event_object_type_id_fkey;
CREATE TRIGGER object_type_known AFTER INSERT ON event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION object_type_known();
ALTER TABLE search_entry DROP CONSTRAINT search_entry_object_type_id_fkey;
CREATE TRIGGER object_type_known AFTER INSERT ON search_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION object_type_known();
ALTER TABLE object_change DROP CONSTRAINT object_change_changed_object_type_id_fkey;
CREATE TRIGGER object_type_known AFTER INSERT ON object_change REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION object_type_known();
