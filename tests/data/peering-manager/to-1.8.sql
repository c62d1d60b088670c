-- to-1.8.sql: after to-1.9.sql, the tables as Peering Manager 1.8.0 had them.
DELETE FROM extras_taggeditem WHERE content_type_id IN (SELECT id FROM django_content_type WHERE (app_label, model) IN (('core', 'datasource'), ('net', 'bfd')));
DELETE FROM core_objectchange WHERE changed_object_type_id IN (SELECT id FROM django_content_type WHERE (app_label, model) IN (('core', 'datasource'), ('net', 'bfd')));
DELETE FROM core_job WHERE object_type_id IN (SELECT id FROM django_content_type WHERE (app_label, model) = ('core', 'datasource'));
DROP TABLE core_autosynchronisationrecord;
ALTER TABLE devices_configuration DROP COLUMN auto_synchronisation_enabled, DROP COLUMN data_file_id, DROP COLUMN data_path, DROP COLUMN data_source_id,
	DROP COLUMN data_synchronised;
ALTER TABLE messaging_email DROP COLUMN auto_synchronisation_enabled, DROP COLUMN data_file_id, DROP COLUMN data_path, DROP COLUMN data_source_id, DROP COLUMN data_synchronised;
ALTER TABLE extras_configcontext DROP COLUMN auto_synchronisation_enabled, DROP COLUMN data_file_id, DROP COLUMN data_path, DROP COLUMN data_source_id,
	DROP COLUMN data_synchronised;
ALTER TABLE extras_exporttemplate DROP COLUMN auto_synchronisation_enabled, DROP COLUMN data_file_id, DROP COLUMN data_path, DROP COLUMN data_source_id,
	DROP COLUMN data_synchronised;
ALTER TABLE devices_router DROP COLUMN data_file_id, DROP COLUMN data_path, DROP COLUMN data_pushed, DROP COLUMN data_source_id, ADD COLUMN use_netbox boolean NOT NULL DEFAULT false;
DROP TABLE core_datafile;
DROP TABLE core_datasource;
DROP TABLE devices_router_communities;
ALTER TABLE devices_router RENAME TO peering_router;
UPDATE django_content_type SET app_label = 'stale' WHERE (app_label, model) IN (('peering', 'router'), ('extras', 'objectchange'));
UPDATE django_content_type SET app_label = 'peering' WHERE (app_label, model) = ('devices', 'router');
ALTER TABLE core_objectchange RENAME TO extras_objectchange;
UPDATE django_content_type SET app_label = 'extras' WHERE (app_label, model) = ('core', 'objectchange');
ALTER TABLE peering_directpeeringsession DROP COLUMN bfd_id, DROP COLUMN passive, DROP COLUMN accepted_prefix_count;
ALTER TABLE peering_internetexchangepeeringsession DROP COLUMN bfd_id, DROP COLUMN passive, DROP COLUMN accepted_prefix_count;
DROP TABLE net_bfd;
ALTER TABLE peeringdb_network DROP COLUMN info_types;
ALTER TABLE peeringdb_networkixlan DROP COLUMN bfd_support, DROP COLUMN ix_side_id, DROP COLUMN net_side_id;
