-- IX-APIs of exchanges.

-- name: ix_api_wanted
-- IX-API $1, or all when it is null.
SELECT id, name FROM ixapi WHERE $1::bigint IS NULL OR id = $1 ORDER BY name, id;

-- name: ix_api_access
-- How to sign in; tokens only while they are good.
SELECT api_url, api_key, api_secret, CASE WHEN access_token_expiration > now() + interval '30 seconds' THEN access_token END,
       CASE WHEN refresh_token_expiration > now() + interval '30 seconds' THEN refresh_token END FROM ixapi WHERE id = $1;

-- name: ix_api_tokens
UPDATE ixapi SET access_token = $2, access_token_expiration = to_timestamp($3::bigint), refresh_token = $4, refresh_token_expiration = to_timestamp($5::bigint)
 WHERE id = $1;

-- name: ix_api_take
SELECT object_count FROM ixapi_take($1::bigint, $2::integer, $3, $4, $5, $6::text::jsonb);

-- name: ix_api_failed
-- Why it could not be read, and what it said of its health if it did.
INSERT INTO ixapi_reading (ixapi_id, error, health, health_note) VALUES ($1, $2, $3, $4)
ON CONFLICT (ixapi_id) DO UPDATE SET tried = now(), error = excluded.error, health = excluded.health, health_note = excluded.health_note;

-- name: ix_api_reading
-- Of IX-API $1: what it is, and how the last reading went.
SELECT x.id, x.name, x.api_url, x.identity, (SELECT o.data->>'name' FROM ixapi_object o
       WHERE o.ixapi_id = x.id AND o.kind = 'accounts' AND o.remote_id = x.identity), r.tried, r.fetched, coalesce(r.error, ''), r.version,
       coalesce(r.schema_version, ''), coalesce(r.health, ''), coalesce(r.health_note, ''),
       (SELECT coalesce(jsonb_object_agg(k.kind, k.n), '{}') FROM (SELECT o.kind, count(*) AS n FROM ixapi_object o WHERE o.ixapi_id = x.id
       GROUP BY o.kind) AS k)
  FROM ixapi x LEFT JOIN ixapi_reading r ON r.ixapi_id = x.id WHERE x.id = $1;

-- name: ix_api_of
-- The IX-API of exchange $1, or of the exchange of connection $2.
SELECT ixapi_endpoint_id FROM internet_exchange WHERE ixapi_endpoint_id IS NOT NULL
   AND id = coalesce($1::bigint, (SELECT internet_exchange_point_id FROM connection WHERE id = $2::bigint));

-- name: ix_api_accounts
SELECT o.remote_id, coalesce(o.data->>'name', o.data->>'company_name', ''), coalesce(o.data->>'state', ''),
       coalesce(o.data->>'managing_account', o.data->>'parent', ''), o.remote_id = x.identity
  FROM ixapi_object o JOIN ixapi x ON x.id = o.ixapi_id WHERE o.ixapi_id = $1 AND o.kind = 'accounts' ORDER BY 5 DESC, 2, 1;

-- name: ix_api_services
-- Of exchange $1, with product, metro area network and route servers.
SELECT s.service_id, coalesce(s.service->>'name', ''), coalesce(s.service->>'state', ''), coalesce(s.service->>'metro_area_network', s.service->>'metro_area', ''),
       coalesce(s.service->>'subnet_v4', ''), coalesce(s.service->>'subnet_v6', ''),
       coalesce((SELECT string_agg(DISTINCT coalesce(p.data->>'display_name', p.data->>'name', ''), ', ') FROM ixapi_object p WHERE p.ixapi_id = s.ixapi_id
         AND p.kind = 'product-offerings' AND (p.data->>'exchange_lan_network_service' = s.service_id OR p.remote_id IN (s.service->>'product_offering',
         s.service->>'product'))), ''),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', f.data->>'name', 'type', f.data->>'type', 'asn', f.data->'asn', 'fqdn', f.data->>'fqdn',
         'ip_v4', f.data->>'ip_v4', 'ip_v6', f.data->>'ip_v6', 'required', f.data->'required') ORDER BY f.data->>'name'), '[]') FROM ixapi_object f
         WHERE f.ixapi_id = s.ixapi_id AND f.kind = 'network-features' AND f.data->>'network_service' = s.service_id)
  FROM ixapi_services($1::bigint) AS s ORDER BY 2, 1;

-- name: ix_api_configs
-- Of exchange $1, or of connection $2: what stands there, and what stands here.
SELECT k.ixapi_id, k.config_id, k.config, k.service, (SELECT array_agg(host(p)) FROM unnest(k.addresses) AS p), k.macs, k.connection_id,
       c.mac_address::text, c.ipv4_address::text, c.ipv6_address::text, c.vlan, coalesce(n.data->>'name', n.remote_id, ''),
       (n.data->>'speed')::bigint, coalesce(n.data->>'mode', ''), coalesce(n.data->>'state', ''),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.remote_id, 'name', coalesce(nullif(p.data->>'name', ''), p.remote_id), 'state', p.data->>'state',
         'speed', p.data->'speed', 'media_type', p.data->>'media_type') ORDER BY p.remote_id), '[]') FROM ixapi_object p
         WHERE p.ixapi_id = k.ixapi_id AND p.kind = 'ports' AND p.data->>'connection' = n.remote_id),
       (SELECT t.data->'aggregates' FROM ixapi_object t WHERE t.ixapi_id = k.ixapi_id AND t.kind = 'statistics' AND t.remote_id = k.config_id),
       (SELECT (a.data->>'prefix_length')::int FROM ixapi_object a WHERE a.ixapi_id = k.ixapi_id AND a.kind = 'ips' AND k.config->'ips' ? a.remote_id
         AND family((a.data->>'address')::inet) = 4 LIMIT 1),
       (SELECT (a.data->>'prefix_length')::int FROM ixapi_object a WHERE a.ixapi_id = k.ixapi_id AND a.kind = 'ips' AND k.config->'ips' ? a.remote_id
         AND family((a.data->>'address')::inet) = 6 LIMIT 1)
  FROM ixapi_configs(coalesce($1::bigint, (SELECT internet_exchange_point_id FROM connection WHERE id = $2::bigint))) AS k
  LEFT JOIN connection c ON c.id = k.connection_id
  LEFT JOIN ixapi_object n ON n.ixapi_id = k.ixapi_id AND n.kind = 'connections' AND n.remote_id = k.config->>'connection'
 WHERE $2::bigint IS NULL OR k.connection_id = $2 ORDER BY k.service, k.config_id, k.connection_id;

-- name: ix_api_list
-- Of IX-API $1 the objects of kind $2.
SELECT data FROM ixapi_object WHERE ixapi_id = $1 AND kind = $2 ORDER BY coalesce(data->>'name', ''), remote_id LIMIT 1000;

-- name: ix_api_outcome
-- How job $1 ended, why it failed, what came out.
SELECT status, coalesce(error, ''), result FROM job WHERE id = $1;
