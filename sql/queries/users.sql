-- name: user_grants
-- What user $1 may do, directly or through a group: one row for each permission and object type.
SELECT o.app_label || '.' || o.model, p.actions, p.constraints
  FROM auth_permission p
  JOIN auth_permission_object_types t ON t.auth_permission_id = p.id
  JOIN object_type o ON o.id = t.object_type_id
 WHERE p.enabled
   AND (EXISTS (SELECT FROM auth_permission_users u WHERE u.auth_permission_id = p.id AND u.auth_user_id = $1)
        OR EXISTS (SELECT FROM auth_permission_groups g JOIN auth_user_group m ON m.auth_group_id = g.auth_group_id
                    WHERE g.auth_permission_id = p.id AND m.auth_user_id = $1));

-- name: user_grants_named
-- The same with where each comes from: the permission, the groups of theirs that it was given to, whether they have it themselves.
SELECT o.app_label || '.' || o.model, p.actions, p.constraints, p.id, p.name,
       coalesce((SELECT json_agg(g.name ORDER BY g.name) FROM auth_permission_groups pg JOIN auth_group g ON g.id = pg.auth_group_id
                   JOIN auth_user_group m ON m.auth_group_id = g.id AND m.auth_user_id = $1 WHERE pg.auth_permission_id = p.id), '[]'),
       EXISTS (SELECT FROM auth_permission_users u WHERE u.auth_permission_id = p.id AND u.auth_user_id = $1)
  FROM auth_permission p
  JOIN auth_permission_object_types t ON t.auth_permission_id = p.id
  JOIN object_type o ON o.id = t.object_type_id
 WHERE p.enabled
   AND (EXISTS (SELECT FROM auth_permission_users u WHERE u.auth_permission_id = p.id AND u.auth_user_id = $1)
        OR EXISTS (SELECT FROM auth_permission_groups g JOIN auth_user_group m ON m.auth_group_id = g.auth_group_id
                    WHERE g.auth_permission_id = p.id AND m.auth_user_id = $1))
 ORDER BY p.name;

-- name: user_by_id
SELECT id, username, is_active, is_staff, is_superuser FROM auth_user WHERE id = $1;

-- name: user_by_name
SELECT id, username, is_active, is_staff, is_superuser, password FROM auth_user WHERE username = $1;

-- name: user_list
SELECT id, username, first_name, last_name, email, is_active, is_staff, is_superuser, last_login FROM auth_user ORDER BY username;

-- name: user_set_password
UPDATE auth_user SET password = $2 WHERE username = $1 RETURNING id;

-- name: token_add
-- $2: SHA-256 in hexadecimal.
INSERT INTO auth_token (user_id, key_hash, key_hint, expires, write_enabled, description, allowed_ips)
VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7) RETURNING id;

-- name: token_list
SELECT t.id, u.username, t.key_hint, t.created, t.expires, t.last_used, t.write_enabled, t.description, t.allowed_ips
  FROM auth_token t JOIN auth_user u ON u.id = t.user_id
 ORDER BY u.username, t.id;

-- name: token_revoke
DELETE FROM auth_token WHERE id = $1 RETURNING id;

-- name: totp_get
-- The second factor of user $1, with how many recovery codes are left.
SELECT t.secret, t.confirmed IS NOT NULL, t.last_step, coalesce(t.failures >= 10 AND t.failed > now() - interval '15 minutes', false), t.confirmed,
       (SELECT count(*) FROM auth_recovery_code c WHERE c.user_id = t.user_id AND c.used IS NULL)
  FROM auth_totp t WHERE t.user_id = $1;

-- name: totp_begin
-- A new secret $2 for user $1, unless one is in force.
INSERT INTO auth_totp (user_id, secret) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, created = now(), last_step = 0 WHERE auth_totp.confirmed IS NULL
RETURNING user_id;

-- name: totp_taken
-- The code of time step $2 was right (0: a recovery code); the first one puts the factor in force. No row: another request took it first.
UPDATE auth_totp SET last_step = greatest(last_step, $2), confirmed = coalesce(confirmed, now()), failures = 0, failed = NULL
 WHERE user_id = $1 AND (last_step < $2 OR $2 = 0) RETURNING user_id;

-- name: totp_wrong
UPDATE auth_totp SET failures = CASE WHEN failed > now() - interval '15 minutes' THEN least(failures, 32000) + 1 ELSE 1 END, failed = now()
 WHERE user_id = $1;

-- name: totp_drop
-- With its recovery codes, and with sign-ins that wait for a code.
WITH steps AS (DELETE FROM auth_second_step WHERE user_id = $1)
DELETE FROM auth_totp WHERE user_id = $1 RETURNING user_id;

-- name: recovery_codes_set
-- $2: SHA-256 of each in hexadecimal.
WITH gone AS (DELETE FROM auth_recovery_code WHERE user_id = $1)
INSERT INTO auth_recovery_code (user_id, code_hash) SELECT $1, decode(h, 'hex') FROM unnest($2::text[]) h;

-- name: recovery_code_use
UPDATE auth_recovery_code SET used = now() WHERE user_id = $1 AND code_hash = decode($2, 'hex') AND used IS NULL RETURNING id;

-- name: second_step_add
INSERT INTO auth_second_step (id_hash, user_id, expires) VALUES (decode($1, 'hex'), $2, now() + interval '5 minutes');

-- name: second_step_find
SELECT u.id, u.username FROM auth_second_step s JOIN auth_user u ON u.id = s.user_id
 WHERE s.id_hash = decode($1, 'hex') AND s.expires > now() AND u.is_active FOR UPDATE OF s;

-- name: second_step_wrong
-- After the fifth wrong code the password is asked for again.
WITH gone AS (DELETE FROM auth_second_step WHERE id_hash = decode($1, 'hex') AND failures >= 4)
UPDATE auth_second_step SET failures = failures + 1 WHERE id_hash = decode($1, 'hex') AND failures < 4 RETURNING failures;

-- name: second_step_drop
DELETE FROM auth_second_step WHERE id_hash = decode($1, 'hex');

-- name: sign_in_note
INSERT INTO sign_in_event (user_id, user_name, event, address, user_agent) VALUES ($1, $2, $3, $4::text::inet, $5);

-- name: session_list
-- The sessions of user $1; $2: SHA-256 of the cookie that asks, or null.
SELECT encode(id_hash, 'hex'), id_hash = coalesce(decode($2, 'hex'), '') AS here, created, last_seen, expires, host(address), user_agent
  FROM auth_session WHERE user_id = $1 AND expires > now() ORDER BY 2 DESC, last_seen DESC;

-- name: session_end
-- Session $2 (hexadecimal) of user $1.
DELETE FROM auth_session WHERE user_id = $1 AND encode(id_hash, 'hex') = $2 RETURNING 1;

-- name: sign_ins_of
SELECT time, event, host(address), user_agent FROM sign_in_event WHERE user_id = $1 ORDER BY time DESC, id DESC LIMIT 20;
