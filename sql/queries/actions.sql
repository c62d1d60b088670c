-- name: shared_exchanges
-- Exchanges of our AS $1 at which PeeringDB sees both it and the AS $2.
SELECT x.id
  FROM internet_exchange x
  JOIN autonomous_system ours ON ours.id = $1 AND ours.id = x.local_autonomous_system_id
  JOIN autonomous_system theirs ON theirs.id = $2 AND theirs.id <> ours.id
 WHERE EXISTS (SELECT FROM peeringdb_network_ixlan n WHERE n.asn = ours.asn AND n.ixlan_id = x.peeringdb_ixlan_id)
   AND EXISTS (SELECT FROM peeringdb_network_ixlan n WHERE n.asn = theirs.asn AND n.ixlan_id = x.peeringdb_ixlan_id);

-- name: shared_facilities
-- Facilities in which PeeringDB sees both AS $1 and AS $2.
SELECT f.fac_id
  FROM autonomous_system ours
  JOIN autonomous_system theirs ON theirs.id = $2 AND theirs.id <> ours.id
  JOIN peeringdb_network one ON one.asn = ours.asn
  JOIN peeringdb_network two ON two.asn = theirs.asn
  JOIN peeringdb_network_facility f ON f.net_id = one.id
 WHERE ours.id = $1 AND EXISTS (SELECT FROM peeringdb_network_facility g WHERE g.net_id = two.id AND g.fac_id = f.fac_id)
 GROUP BY f.fac_id;

-- name: available_peers
-- Ports at the exchange $1 with an address that is not a neighbour yet on each of our connections; hidden peers left out.
WITH x AS (SELECT e.id, e.peeringdb_ixlan_id, l.asn FROM internet_exchange e LEFT JOIN autonomous_system l ON l.id = e.local_autonomous_system_id
            WHERE e.id = $1),
c AS (SELECT id FROM connection WHERE internet_exchange_point_id = $1),
done AS (SELECT host(s.ip_address)::inet AS ip FROM internet_exchange_peering_session s JOIN c ON c.id = s.ixp_connection_id
          GROUP BY 1 HAVING count(DISTINCT s.ixp_connection_id) = (SELECT count(*) FROM c))
SELECT n.id
  FROM x JOIN peeringdb_network_ixlan n ON n.ixlan_id = x.peeringdb_ixlan_id
 WHERE n.asn IS DISTINCT FROM x.asn
   AND NOT EXISTS (SELECT FROM hidden_peer h JOIN peeringdb_network w ON w.id = coalesce(h.peeringdb_network_id, h.peeringdb_network_id_copy)
                    WHERE w.asn = n.asn AND coalesce(h.peeringdb_ixlan_id, h.peeringdb_ixlan_id_copy) = n.ixlan_id
                      AND (h.until IS NULL OR h.until > now()))
   AND ((n.ipaddr6 IS NOT NULL AND n.ipaddr6 NOT IN (SELECT ip FROM done)) OR (n.ipaddr4 IS NOT NULL AND n.ipaddr4 NOT IN (SELECT ip FROM done)));

-- name: cache_statistics
SELECT (SELECT count(*) FROM peeringdb_campus) AS "campus-count", (SELECT count(*) FROM peeringdb_carrier) AS "carrier-count",
       (SELECT count(*) FROM peeringdb_carrier_facility) AS "carrierfac-count", (SELECT count(*) FROM peeringdb_facility) AS "fac-count",
       (SELECT count(*) FROM peeringdb_internet_exchange) AS "ix-count", (SELECT count(*) FROM peeringdb_internet_exchange_facility) AS "ixfac-count",
       (SELECT count(*) FROM peeringdb_ixlan) AS "ixlan-count", (SELECT count(*) FROM peeringdb_ixlan_prefix) AS "ixpfx-count",
       (SELECT count(*) FROM peeringdb_network) AS "net-count", (SELECT count(*) FROM peeringdb_network_contact) AS "poc-count",
       (SELECT count(*) FROM peeringdb_network_facility) AS "netfac-count", (SELECT count(*) FROM peeringdb_network_ixlan) AS "netixlan-count",
       (SELECT count(*) FROM peeringdb_organization) AS "org-count", (SELECT count(*) FROM peeringdb_synchronisation) AS "sync-count";
