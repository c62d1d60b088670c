-- Who may do what in the database. The handlers run as a member of peerage_web, the runner of peerage_jobs; both may add to the
-- change log and read it, nobody but the owner may alter it, and the owner's function for old rows refuses young ones.

CREATE FUNCTION object_change_expire(keep interval) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
	least CONSTANT interval := '7 days';
	gone bigint;
BEGIN
	IF keep IS NULL OR keep < least THEN
		RAISE EXCEPTION 'The change log is kept for at least %', least
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a longer time to keep.';
	END IF;
	DELETE FROM object_change WHERE time < now() - keep;
	GET DIAGNOSTICS gone = ROW_COUNT;
	RETURN gone;
END $$;
COMMENT ON FUNCTION object_change_expire(interval) IS 'Remove changes older than that; returns how many. The only way to remove any';
REVOKE ALL ON FUNCTION object_change_expire(interval) FROM PUBLIC;

DO $$
DECLARE
	role text;
	schema text := current_schema();
BEGIN
	FOREACH role IN ARRAY ARRAY['peerage_owner', 'peerage_web', 'peerage_jobs'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
			BEGIN
				EXECUTE format('CREATE ROLE %I NOLOGIN', role);
			EXCEPTION
				WHEN duplicate_object OR unique_violation THEN NULL;
				WHEN insufficient_privilege THEN
					RAISE NOTICE 'role % is missing and may not be made by %; everything stays with the owner', role, current_user;
					CONTINUE;
			END;
		END IF;
		EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema, role);
		EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', schema, role);
		EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', schema, role);
		IF role = 'peerage_owner' THEN
			EXECUTE format('GRANT ALL ON SCHEMA %I TO %I', schema, role);
			EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA %I TO %I', schema, role);
		ELSE
			EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON object_change FROM %I', role);
			EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON object_type FROM %I', role);
		END IF;
		IF role = 'peerage_jobs' THEN
			EXECUTE format('GRANT EXECUTE ON FUNCTION object_change_expire(interval) TO %I', role);
		END IF;
	END LOOP;
END $$;
