-- What the other migrations stand on: object types, row counts, and the tools that keep both.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE object_type (
	id smallint PRIMARY KEY,
	app_label text NOT NULL CHECK (app_label ~ '^[a-z]+$'),
	model text NOT NULL CHECK (model ~ '^[a-z]+$'),
	table_name text UNIQUE,
	CONSTRAINT object_type_app_label_model_key UNIQUE (app_label, model)
);
COMMENT ON TABLE object_type IS 'Every kind of object that a tag, a job, a change or a permission can point to';
COMMENT ON COLUMN object_type.id IS 'Fixed number of the type';
COMMENT ON COLUMN object_type.app_label IS 'Application part of the public name';
COMMENT ON COLUMN object_type.model IS 'Model part of the public name';
COMMENT ON COLUMN object_type.table_name IS 'Table that holds objects of this type';

INSERT INTO object_type (id, app_label, model, table_name) VALUES
	(1, 'auth', 'user', 'auth_user'),
	(2, 'auth', 'group', 'auth_group'),
	(3, 'auth', 'permission', 'auth_permission'),
	(4, 'users', 'token', 'auth_token'),
	(5, 'users', 'userpreferences', 'user_preference'),
	(10, 'bgp', 'community', 'community'),
	(11, 'bgp', 'relationship', 'relationship'),
	(20, 'core', 'autosynchronisationrecord', 'auto_synchronisation_record'),
	(21, 'core', 'datafile', 'data_file'),
	(22, 'core', 'datasource', 'data_source'),
	(23, 'core', 'job', 'job'),
	(24, 'core', 'objectchange', 'object_change'),
	(25, 'core', 'schedule', 'schedule'),
	(30, 'devices', 'configuration', 'configuration'),
	(31, 'devices', 'platform', 'platform'),
	(32, 'devices', 'router', 'router'),
	(33, 'devices', 'deployment', 'deployment'),
	(40, 'extras', 'configcontext', 'config_context'),
	(41, 'extras', 'configcontextassignment', 'config_context_assignment'),
	(42, 'extras', 'exporttemplate', 'export_template'),
	(43, 'extras', 'ixapi', 'ixapi'),
	(44, 'extras', 'journalentry', 'journal_entry'),
	(45, 'extras', 'tag', 'tag'),
	(46, 'extras', 'taggeditem', 'tagged_item'),
	(47, 'extras', 'webhook', 'webhook'),
	(50, 'messaging', 'contact', 'contact'),
	(51, 'messaging', 'contactassignment', 'contact_assignment'),
	(52, 'messaging', 'contactrole', 'contact_role'),
	(53, 'messaging', 'email', 'email'),
	(60, 'net', 'bfd', 'bfd'),
	(61, 'net', 'connection', 'connection'),
	(70, 'peering', 'autonomoussystem', 'autonomous_system'),
	(71, 'peering', 'bgpgroup', 'bgp_group'),
	(72, 'peering', 'directpeeringsession', 'direct_peering_session'),
	(73, 'peering', 'internetexchange', 'internet_exchange'),
	(74, 'peering', 'internetexchangepeeringsession', 'internet_exchange_peering_session'),
	(75, 'peering', 'routingpolicy', 'routing_policy'),
	(80, 'peeringdb', 'campus', 'peeringdb_campus'),
	(81, 'peeringdb', 'carrier', 'peeringdb_carrier'),
	(82, 'peeringdb', 'carrierfacility', 'peeringdb_carrier_facility'),
	(83, 'peeringdb', 'facility', 'peeringdb_facility'),
	(84, 'peeringdb', 'hiddenpeer', 'hidden_peer'),
	(85, 'peeringdb', 'internetexchange', 'peeringdb_internet_exchange'),
	(86, 'peeringdb', 'internetexchangefacility', 'peeringdb_internet_exchange_facility'),
	(87, 'peeringdb', 'ixlan', 'peeringdb_ixlan'),
	(88, 'peeringdb', 'ixlanprefix', 'peeringdb_ixlan_prefix'),
	(89, 'peeringdb', 'network', 'peeringdb_network'),
	(90, 'peeringdb', 'networkcontact', 'peeringdb_network_contact'),
	(91, 'peeringdb', 'networkfacility', 'peeringdb_network_facility'),
	(92, 'peeringdb', 'networkixlan', 'peeringdb_network_ixlan'),
	(93, 'peeringdb', 'organization', 'peeringdb_organization'),
	(94, 'peeringdb', 'synchronisation', 'peeringdb_synchronisation');

-- The total of a list is the sum of these rows, not a count over the table. Every statement that inserts or deletes
-- adds one row of its own, so that two writers never wait for each other; now and then the rows are folded into one.
CREATE TABLE table_count (
	table_name text NOT NULL,
	n bigint NOT NULL
);
COMMENT ON TABLE table_count IS 'Row counts of the tables that grow, as differences to be summed';
COMMENT ON COLUMN table_count.table_name IS 'Table that is counted';
COMMENT ON COLUMN table_count.n IS 'Rows added, or removed when negative';
CREATE INDEX ON table_count (table_name) INCLUDE (n);

CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	INSERT INTO table_count (table_name, n)
	SELECT TG_TABLE_NAME, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END FROM changed HAVING count(*) > 0;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION count_change() IS 'Statement trigger: note how many rows came or went';

CREATE FUNCTION count_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	INSERT INTO table_count (table_name, n)
	SELECT TG_TABLE_NAME, -sum(n) FROM table_count WHERE table_name = TG_TABLE_NAME;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION count_truncate() IS 'Statement trigger: note that all rows went';

CREATE FUNCTION count_keep(name text) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER count_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed'
		' FOR EACH STATEMENT EXECUTE FUNCTION count_change()', name);
	EXECUTE format('CREATE TRIGGER count_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed'
		' FOR EACH STATEMENT EXECUTE FUNCTION count_change()', name);
	EXECUTE format('CREATE TRIGGER count_truncate AFTER TRUNCATE ON %I'
		' FOR EACH STATEMENT EXECUTE FUNCTION count_truncate()', name);
	EXECUTE format('INSERT INTO table_count (table_name, n) SELECT %L, count(*) FROM %I', name, name);
END $$;
COMMENT ON FUNCTION count_keep(text) IS 'Begin to count a table; called by migrations';

CREATE FUNCTION peerage_count(name text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT sum(c.n)::bigint FROM table_count c WHERE c.table_name = name;
END;
COMMENT ON FUNCTION peerage_count(text) IS 'Rows of a counted table, NULL if that table is not counted';

-- A concurrent fold of the same rows waits for this one, finds them gone and folds the rest: the sum never changes.
CREATE FUNCTION peerage_count_compact() RETURNS bigint LANGUAGE sql SET search_path FROM CURRENT AS $$
	WITH gone AS (DELETE FROM table_count RETURNING table_name, n),
	folded AS (INSERT INTO table_count (table_name, n) SELECT table_name, sum(n) FROM gone GROUP BY 1 RETURNING 1)
	SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM folded);
$$;
COMMENT ON FUNCTION peerage_count_compact() IS 'Fold the differences into one row a table; returns how many rows that saved';
