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
