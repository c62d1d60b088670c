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
SELECT port FROM available_ports($1, false);

-- name: cache_statistics
SELECT (SELECT count(*) FROM peeringdb_campus) AS "campus-count", (SELECT count(*) FROM peeringdb_carrier) AS "carrier-count",
       (SELECT count(*) FROM peeringdb_carrier_facility) AS "carrierfac-count", (SELECT count(*) FROM peeringdb_facility) AS "fac-count",
       (SELECT count(*) FROM peeringdb_internet_exchange) AS "ix-count", (SELECT count(*) FROM peeringdb_internet_exchange_facility) AS "ixfac-count",
       (SELECT count(*) FROM peeringdb_ixlan) AS "ixlan-count", (SELECT count(*) FROM peeringdb_ixlan_prefix) AS "ixpfx-count",
       (SELECT count(*) FROM peeringdb_network) AS "net-count", (SELECT count(*) FROM peeringdb_network_contact) AS "poc-count",
       (SELECT count(*) FROM peeringdb_network_facility) AS "netfac-count", (SELECT count(*) FROM peeringdb_network_ixlan) AS "netixlan-count",
       (SELECT count(*) FROM peeringdb_organization) AS "org-count", (SELECT count(*) FROM peeringdb_synchronisation) AS "sync-count";
