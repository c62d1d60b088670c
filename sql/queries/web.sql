-- name: session_find
-- $1: SHA-256 of the cookie in hexadecimal.
SELECT u.id, u.username, u.is_active, u.is_staff, u.is_superuser, s.csrf, s.last_seen < now() - interval '60 seconds', p.data
  FROM auth_session s
  JOIN auth_user u ON u.id = s.user_id
  LEFT JOIN user_preference p ON p.user_id = u.id
 WHERE s.id_hash = decode($1, 'hex') AND s.expires > now();

-- name: session_seen
UPDATE auth_session SET last_seen = now() WHERE id_hash = decode($1, 'hex');

-- name: session_add
INSERT INTO auth_session (id_hash, user_id, expires, address, user_agent, csrf)
VALUES (decode($1, 'hex'), $2, now() + make_interval(secs => $3), $4::text::inet, $5, $6);

-- name: session_drop
DELETE FROM auth_session WHERE id_hash = decode($1, 'hex');

-- name: session_drop_others
-- Of user $1, all but the session $2 (hexadecimal; null: all).
DELETE FROM auth_session WHERE user_id = $1 AND ($2::text IS NULL OR id_hash <> decode($2, 'hex'));

-- name: user_signed_in
UPDATE auth_user SET last_login = now(), password = coalesce($2, password) WHERE id = $1;

-- name: user_password
SELECT password, username, first_name, last_name, email FROM auth_user WHERE id = $1;

-- name: moment
-- The same text means that no transaction has ended in between. A standby's snapshot does not tell all of them, a new server counts anew.
SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text END;

-- name: token_find
-- $1: SHA-256 of the key in hexadecimal, $2: the client's address or null.
SELECT t.id, t.write_enabled, coalesce(t.expires <= now(), false), coalesce(t.last_used < now() - interval '60 seconds', true),
       coalesce(cardinality(t.allowed_ips), 0) = 0, coalesce($2::text::inet <<= ANY (t.allowed_ips), false),
       u.id, u.username, u.is_active, u.is_staff, u.is_superuser
  FROM auth_token t JOIN auth_user u ON u.id = t.user_id
 WHERE t.key_hash = decode($1, 'hex');

-- name: token_used
UPDATE auth_token SET last_used = now() WHERE id = $1;

-- name: remote_user
-- The user $1 with the names of their groups.
SELECT u.id, u.username, u.is_active, u.is_staff, u.is_superuser, p.data,
       ARRAY(SELECT g.name FROM auth_user_group m JOIN auth_group g ON g.id = m.auth_group_id WHERE m.auth_user_id = u.id ORDER BY g.name),
       u.last_login IS NULL OR u.last_login < now() - interval '8 hours'
  FROM auth_user u LEFT JOIN user_preference p ON p.user_id = u.id
 WHERE u.username = $1;

-- name: remote_seen
-- User $1 works again after a pause; no row: another request was first.
UPDATE auth_user SET last_login = now() WHERE id = $1 AND (last_login IS NULL OR last_login < now() - interval '8 hours') RETURNING id;

-- name: remote_refused
-- How often the name was refused in the last hour.
SELECT count(*) FROM sign_in_event WHERE event = 'refused-remote' AND user_name = $1 AND time > now() - interval '1 hour';

-- name: remote_user_add
INSERT INTO auth_user (username, is_remote) VALUES ($1, true) ON CONFLICT (username) DO NOTHING;

-- name: remote_groups
-- Make the groups of user $1 those of the list $2 that there are.
WITH want AS (SELECT id FROM auth_group WHERE name = ANY ($2::text[])),
gone AS (DELETE FROM auth_user_group WHERE auth_user_id = $1 AND auth_group_id NOT IN (SELECT id FROM want))
INSERT INTO auth_user_group (auth_user_id, auth_group_id) SELECT $1, id FROM want ON CONFLICT DO NOTHING;

-- name: remote_superuser
UPDATE auth_user SET is_superuser = $2 WHERE id = $1 AND is_superuser <> $2;

-- name: preferences
SELECT data FROM user_preference WHERE user_id = $1;

-- name: preferences_lock
SELECT data FROM user_preference WHERE user_id = $1 FOR UPDATE;

-- name: preferences_save
INSERT INTO user_preference (user_id, data) VALUES ($1, $2::jsonb) ON CONFLICT (user_id) DO UPDATE SET data = EXCLUDED.data;

-- name: changes_of_request
-- What request $1 changed, in order: what a dry run shows.
SELECT o.app_label || '.' || o.model, c.changed_object_id, c.object_repr, c.action, c.prechange_data, c.postchange_data
  FROM object_change c JOIN object_type o ON o.id = c.changed_object_type_id
 WHERE c.request_id = $1::text::uuid
 ORDER BY c.id;

-- name: tags_named
SELECT id, name FROM tag WHERE name = ANY ($1::text[]) ORDER BY name;

-- name: changes_since_request
-- The first change of an object that request $1 changed by a later request: what, by whom, when.
SELECT n.object_repr, n.user_name, to_char(n.time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
  FROM object_change c
  JOIN object_change n ON n.changed_object_type_id = c.changed_object_type_id AND n.changed_object_id = c.changed_object_id AND n.id > c.id
   AND n.request_id <> c.request_id
 WHERE c.request_id = $1::text::uuid
 ORDER BY n.id LIMIT 1;

-- name: workers_running
SELECT count(*), current_setting('server_version') FROM pg_stat_activity WHERE application_name LIKE 'peerage-runner%' AND datname = current_database();

-- name: import_keep
-- A file for user $1 and the type $2, until it is imported or a day has passed.
INSERT INTO import_upload (user_id, object_type_id, content) SELECT $1, o.id, $3 FROM object_type o WHERE o.table_name = $2 RETURNING id;

-- name: import_kept
SELECT content FROM import_upload
 WHERE id = $1::text::uuid AND user_id = $2 AND object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = $3) AND created > now() - interval '1 day';

-- name: import_done
DELETE FROM import_upload WHERE id = $1::text::uuid AND user_id = $2;
