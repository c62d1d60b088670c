-- Data sources, their files, and what follows them.

-- name: data_file_text
-- Of file $1: its source and path, its text (null: it is none).
SELECT source_id, path, data_file_text(data), now() FROM data_file WHERE id = $1;

-- name: data_sources_wanted
-- Source $1, or all that are enabled when it is null.
SELECT id, name FROM data_source WHERE CASE WHEN $1::bigint IS NULL THEN enabled ELSE id = $1 END ORDER BY name;

-- name: data_source_get
SELECT name, type, source_url, enabled, ignore_rules, coalesce(parameters->>'username', ''), coalesce(parameters->>'branch', ''), coalesce(password, ''),
       coalesce(private_key, ''), host_key
  FROM data_source WHERE id = $1;

-- name: data_source_begins
UPDATE data_source SET status = $2 WHERE id = $1;

-- name: data_source_ended
-- Source $1: the revision (null: as before), the error (empty: none), and whether it was read.
UPDATE data_source SET status = CASE WHEN $3 = '' THEN 'completed' ELSE 'failed' END, error = $3, revision = coalesce($2, revision),
       last_synchronised = CASE WHEN $3 = '' AND $4::boolean THEN now() ELSE last_synchronised END
 WHERE id = $1;

-- name: data_files_known
SELECT path, hash FROM data_file WHERE source_id = $1;

-- name: data_files_put
INSERT INTO data_file (source_id, path, size, hash, data)
SELECT $1, f.path, f.size, f.hash, decode(f.data, 'hex') FROM unnest($2::text[], $3::integer[], $4::text[], $5::text[]) AS f (path, size, hash, data)
ON CONFLICT (source_id, path) DO UPDATE SET size = excluded.size, hash = excluded.hash, data = excluded.data, updated = now()
 WHERE data_file.hash <> excluded.hash;

-- name: data_files_gone
DELETE FROM data_file WHERE source_id = $1 AND path <> ALL ($2::text[]);

-- name: data_file_find
SELECT id FROM data_file WHERE source_id = $1 AND path = $2;

-- name: data_followers
-- What follows files of source $1 by itself and has not read the newest: type and id.
SELECT x.type, x.id, f.path FROM data_file f JOIN (
	SELECT 'devices.configuration' AS type, id, data_file_id, auto_synchronisation_enabled AS auto, data_synchronised FROM configuration
	UNION ALL SELECT 'messaging.email', id, data_file_id, auto_synchronisation_enabled, data_synchronised FROM email
	UNION ALL SELECT 'extras.exporttemplate', id, data_file_id, auto_synchronisation_enabled, data_synchronised FROM export_template
	UNION ALL SELECT 'extras.configcontext', id, data_file_id, auto_synchronisation_enabled, data_synchronised FROM config_context
) x ON x.data_file_id = f.id
 WHERE f.source_id = $1 AND x.auto AND (x.data_synchronised IS NULL OR x.data_synchronised < f.updated) ORDER BY x.type, x.id;

-- name: data_source_of_router
-- Where the configuration of router $1 is pushed to, and when it last was.
SELECT r.name, r.data_source_id, r.data_path, r.data_pushed, d.name FROM router r LEFT JOIN data_source d ON d.id = r.data_source_id WHERE r.id = $1;

-- name: data_pushed
UPDATE router SET data_file_id = (SELECT id FROM data_file WHERE source_id = $2 AND path = $3), data_pushed = now() WHERE id = $1;

-- name: data_changes_since
-- What changed in the book since $1 (null: nothing is told), newest first, at most ten lines.
SELECT c.action, c.object_repr, c.user_name, t.app_label || '.' || t.model, count(*) OVER () FROM object_change c
  JOIN object_type t ON t.id = c.changed_object_type_id
 WHERE c.time > $1::timestamptz ORDER BY c.time DESC, c.id DESC LIMIT 10;

-- name: data_push_wanted
-- Routers that have a template and a place to push to.
SELECT id, data_source_id FROM router WHERE data_source_id IS NOT NULL AND data_path <> '' AND configuration_template_id IS NOT NULL ORDER BY name;

-- name: data_job_waits
-- A job of this name about object $2 of type $3 that has not begun yet.
SELECT j.id FROM job j JOIN object_type t ON t.id = j.object_type_id
 WHERE j.name = $1 AND j.object_id = $2 AND t.app_label || '.' || t.model = $3 AND j.status = 'pending' ORDER BY j.id LIMIT 1;
