-- How routers are reached, and what host keys they showed.

-- name: device_router
SELECT r.name, r.hostname, coalesce(r.management_port, 0), coalesce(r.napalm_username, ''), coalesce(r.napalm_password, ''),
       coalesce(r.private_key, ''), r.host_key, r.jump_host, r.jump_host_key, r.napalm_timeout, coalesce(p.napalm_args, '{}'::jsonb),
       coalesce(r.napalm_args, '{}'::jsonb), coalesce(p.napalm_driver, ''), coalesce(p.name, ''), coalesce(p.slug, '')
  FROM router r LEFT JOIN platform p ON p.id = r.platform_id
 WHERE r.id = $1;

-- name: device_offered
UPDATE router SET host_key_offered = $2, host_key_seen = now() WHERE id = $1;
