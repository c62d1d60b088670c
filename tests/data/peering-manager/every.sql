-- every.sql: rows of every kind that the book of this folder lacks, and in each table one row with a value in every column.
INSERT INTO core_datafile (created, updated, path, size, hash, data, source_id)
	SELECT now(), now(), 'templates/base.j2', 6, encode(sha256('hello!'), 'hex'), 'hello!', min(id) FROM core_datasource;
INSERT INTO core_autosynchronisationrecord (object_id, data_file_id, object_type_id)
	SELECT (SELECT min(id) FROM devices_configuration), (SELECT min(id) FROM core_datafile), id FROM django_content_type WHERE (app_label, model) = ('devices', 'configuration');
INSERT INTO peeringdb_campus (id, name, name_long, aka, website, notes, org_id, social_media, created, updated)
	SELECT 1, 'Campus', 'The campus', 'C', 'https://campus.example', 'A note', min(id), '{"x": "y"}', now(), now() FROM peeringdb_organization;
INSERT INTO auth_group_permissions (group_id, permission_id)
	SELECT (SELECT min(id) FROM auth_group), id FROM auth_permission WHERE codename IN ('view_router', 'deploy_router_configuration', 'change_community', 'view_objectchange');
INSERT INTO auth_user_user_permissions (user_id, permission_id)
	SELECT (SELECT max(id) FROM auth_user), id FROM auth_permission WHERE codename IN ('add_autonomoussystem', 'send_email', 'view_tag');
INSERT INTO auth_user (password, username, first_name, last_name, email, is_superuser, is_staff, is_active, date_joined)
	VALUES ('!', 'gone', 'Without', 'Password', 'gone@example.net', false, false, false, now());
-- a tag, a context, a contact and journal entries on whatever may have them
INSERT INTO extras_taggeditem (tag_id, content_type_id, object_id)
	SELECT (SELECT min(id) FROM extras_tag), t.id, o.id FROM django_content_type t CROSS JOIN LATERAL (
		SELECT min(id) AS id FROM core_datasource WHERE (t.app_label, t.model) = ('core', 'datasource') UNION ALL SELECT min(id) FROM devices_configuration WHERE (t.app_label, t.model) = ('devices', 'configuration') UNION ALL
		SELECT min(id) FROM devices_platform WHERE (t.app_label, t.model) = ('devices', 'platform') UNION ALL SELECT min(id) FROM messaging_contact WHERE (t.app_label, t.model) = ('messaging', 'contact') UNION ALL
		SELECT min(id) FROM messaging_contactrole WHERE (t.app_label, t.model) = ('messaging', 'contactrole') UNION ALL SELECT min(id) FROM messaging_email WHERE (t.app_label, t.model) = ('messaging', 'email') UNION ALL
		SELECT min(id) FROM net_bfd WHERE (t.app_label, t.model) = ('net', 'bfd') UNION ALL SELECT min(id) FROM net_connection WHERE (t.app_label, t.model) = ('net', 'connection') UNION ALL
		SELECT min(id) FROM bgp_relationship WHERE (t.app_label, t.model) = ('bgp', 'relationship') UNION ALL SELECT min(id) FROM peering_bgpgroup WHERE (t.app_label, t.model) = ('peering', 'bgpgroup') UNION ALL
		SELECT min(id) FROM extras_journalentry WHERE (t.app_label, t.model) = ('extras', 'journalentry')) AS o WHERE o.id IS NOT NULL;
INSERT INTO extras_configcontextassignment (created, updated, object_id, weight, config_context_id, content_type_id)
	SELECT now(), now(), x.id, 200, (SELECT min(id) FROM extras_configcontext), t.id FROM django_content_type t, peering_internetexchange x
	WHERE (t.app_label, t.model) = ('peering', 'internetexchange');
INSERT INTO messaging_contactassignment (created, updated, object_id, contact_id, content_type_id, role_id)
	SELECT now(), now(), x.id, (SELECT min(id) FROM messaging_contact), t.id, (SELECT min(id) FROM messaging_contactrole) FROM django_content_type t, peering_internetexchange x
	WHERE (t.app_label, t.model) = ('peering', 'internetexchange');
INSERT INTO extras_journalentry (created, updated, assigned_object_id, kind, comments, assigned_object_type_id, created_by_id)
	SELECT now(), now(), (SELECT min(id) FROM peering_autonomoussystem), k, 'Line one' || E'\n' || '# "quotes" and \ tabs' || E'\t', t.id, NULL
	FROM django_content_type t, unnest(ARRAY['info', 'success', 'warning', 'danger']) AS k WHERE (t.app_label, t.model) = ('peering', 'autonomoussystem');
-- what has a form of its own
UPDATE extras_webhook SET conditions = '{"and": [{"attr": "status.value", "value": "enabled"}]}', type_delete = true, ssl_verification = true, ca_file_path = '/etc/ssl/ca.pem';
UPDATE peering_autonomoussystem SET as_list = ARRAY[64500, 64501], local_context_data = '{"a": [1, {"b": null}]}' WHERE id = (SELECT min(id) FROM peering_autonomoussystem);
UPDATE devices_router SET napalm_args = '{"port": 830}', napalm_password = 'router-secret' WHERE id = (SELECT min(id) FROM devices_router);
UPDATE peering_internetexchangepeeringsession SET encrypted_password = '$9$ikqf' WHERE id = (SELECT min(id) FROM peering_internetexchangepeeringsession);
UPDATE peering_directpeeringsession SET encrypted_password = '7 0E1A0B1B0D17393C2B3A37' WHERE id = (SELECT min(id) FROM peering_directpeeringsession);
UPDATE peeringdb_network SET notes_private = 'Private', info_types = 'NSP,Content' WHERE id = (SELECT min(id) FROM peeringdb_network);
UPDATE users_token SET allowed_ips = '{192.0.2.0/24,2001:db8::/32}', last_used = now() WHERE id = (SELECT max(id) FROM users_token);
-- whatever is still empty in every row of a table
DO $$
DECLARE
	c record;
	n bigint;
BEGIN
	FOR c IN SELECT t.relname AS tab, a.attname AS col, y.typname AS type, a.atttypmod - 4 AS len, f.confrelid::regclass::text AS ref
		FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type y ON y.oid = a.atttypid
		LEFT JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
		WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND t.relname !~ '^(social|django|taggit)_' AND a.attname <> 'id'
		ORDER BY (f.confrelid IS NULL), t.relname, a.attnum
	LOOP
		EXECUTE format('SELECT count(*) FROM %I WHERE %I IS NOT NULL AND %2$I::text NOT IN ('''', ''0'', ''{}'', ''false'')', c.tab, c.col) INTO n;
		CONTINUE WHEN n > 0;
		EXECUTE format('UPDATE %I SET %I = %s WHERE id = (SELECT min(id) FROM %1$I)', c.tab, c.col, CASE
			WHEN c.ref IS NOT NULL THEN format('(SELECT min(id) FROM %s)', c.ref)
			WHEN c.type = 'bool' THEN 'true' WHEN c.type IN ('int2', 'int4', 'int8', 'numeric') THEN '7'
			WHEN c.type = 'jsonb' THEN '''{"key": ["value", 1, null]}''' WHEN c.type = 'timestamptz' THEN '''2024-02-29 12:34:56.789012+00'''
			WHEN c.type = 'macaddr' THEN '''00:00:5e:00:53:01''' WHEN c.type = 'varchar' AND c.len > 0 THEN quote_literal(left('a value of ' || c.col, c.len))
			ELSE quote_literal('text of ' || c.col) END);
	END LOOP;
END $$;
