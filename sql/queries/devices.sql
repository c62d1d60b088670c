-- How routers are reached, and what host keys they showed.

-- name: device_router
SELECT r.name, r.hostname, coalesce(r.management_port, 0), coalesce(r.napalm_username, ''), coalesce(r.napalm_password, ''),
       coalesce(r.private_key, ''), r.host_key, r.jump_host, r.jump_host_key, r.napalm_timeout, coalesce(p.napalm_args, '{}'::jsonb),
       coalesce(r.napalm_args, '{}'::jsonb), coalesce(p.napalm_driver, ''), coalesce(p.name, ''), coalesce(p.slug, ''),
       coalesce(nullif(r.enable_secret, ''), p.enable_secret, '')
  FROM router r LEFT JOIN platform p ON p.id = r.platform_id
 WHERE r.id = $1;

-- name: device_offered
-- Router $1 showed host key $2, its jump host $3; empty: it was not come so far.
UPDATE router SET host_key_offered = coalesce(nullif($2, ''), host_key_offered), host_key_seen = CASE $2 WHEN '' THEN host_key_seen ELSE now() END,
       jump_host_key_offered = coalesce(nullif($3, ''), jump_host_key_offered)
 WHERE id = $1;
