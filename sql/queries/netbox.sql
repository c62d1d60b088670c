-- Devices of NetBox.

-- name: netbox_take
SELECT device_count FROM netbox_take($1::text::jsonb);

-- name: netbox_failed
INSERT INTO netbox_reading (error) VALUES ($1) ON CONFLICT (one) DO UPDATE SET tried = now(), error = excluded.error;

-- name: netbox_reading
SELECT tried, fetched, error, (SELECT count(*) FROM netbox_device) FROM (SELECT) AS always LEFT JOIN netbox_reading ON true;

-- name: netbox_devices
-- All of them, or those with the ids $1: the router that each is, else one of the same name that is linked to none; what its platform is here.
SELECT d.id, d.name, coalesce(d.data->'status'->>'value', ''), coalesce(d.data->'platform'->>'slug', ''),
       coalesce(d.data->'role'->>'name', d.data->'device_role'->>'name', ''), coalesce(d.data->'site'->>'name', ''),
       coalesce(d.data->'primary_ip'->>'address', ''), r.id, r.name, s.id, s.name, p.id, d.data
  FROM netbox_device d
  LEFT JOIN LATERAL (SELECT x.id, x.name FROM router x WHERE x.netbox_device_id = d.id ORDER BY x.id LIMIT 1) AS r ON true
  LEFT JOIN LATERAL (SELECT x.id, x.name FROM router x WHERE r.id IS NULL AND x.netbox_device_id = 0 AND lower(d.name) IN (lower(x.name), lower(x.hostname))
       ORDER BY x.id LIMIT 1) AS s ON true
  LEFT JOIN platform p ON p.slug = d.data->'platform'->>'slug'
 WHERE $1::bigint[] IS NULL OR d.id = ANY ($1) ORDER BY d.name, d.id;

-- name: netbox_own_as
-- The AS of ours that user $1 works for, else the first one.
SELECT a.id FROM autonomous_system a WHERE a.affiliated
 ORDER BY a.id::text = (SELECT p.data->'context'->>'as' FROM user_preference p WHERE p.user_id = $1) DESC NULLS LAST, a.asn LIMIT 1;
