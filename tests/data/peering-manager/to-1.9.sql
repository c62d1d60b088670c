-- to-1.9.sql: the tables as Peering Manager 1.9.0 had them (from its release notes and the names of its migrations).
ALTER TABLE bgp_community RENAME TO peering_community;
UPDATE django_content_type SET app_label = 'stale' WHERE (app_label, model) = ('peering', 'community');
UPDATE django_content_type SET app_label = 'peering' WHERE (app_label, model) = ('bgp', 'community');
ALTER TABLE extras_ixapi RENAME COLUMN api_url TO url;
DROP TABLE peeringdb_hiddenpeer;
DELETE FROM extras_taggeditem WHERE content_type_id IN (SELECT id FROM django_content_type WHERE model = 'journalentry');
DROP TABLE extras_journalentry;
ALTER TABLE users_token DROP COLUMN last_used, DROP COLUMN allowed_ips;
ALTER TABLE peering_directpeeringsession DROP COLUMN connection_id;
ALTER TABLE peering_autonomoussystem DROP COLUMN as_list, DROP COLUMN retrieve_as_list, DROP COLUMN retrieve_prefixes, DROP COLUMN irr_sources_override,
	DROP COLUMN irr_ipv4_prefixes_args_override, DROP COLUMN irr_ipv6_prefixes_args_override;
DO $$
DECLARE
	t text;
BEGIN
	FOR t IN SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'peeringdb\_%' AND table_name <> 'peeringdb_synchronisation' LOOP
		EXECUTE format('ALTER TABLE %I DROP COLUMN created, DROP COLUMN updated', t);
	END LOOP;
END $$;
