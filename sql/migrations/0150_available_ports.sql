-- Who could be peered with: an address is done when it is a neighbour on the first of our connections there, and none of the others lacks
-- it. Counting how often each address stands in the sessions took a third of the time over all exchanges.

CREATE OR REPLACE FUNCTION available_ports(of_exchange bigint, with_hidden boolean)
	RETURNS TABLE (port bigint, asn bigint, network bigint, exchange bigint, name text) LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH k AS (
		SELECT c.internet_exchange_point_id AS ix, min(c.id) AS first FROM connection c
		WHERE c.internet_exchange_point_id IS NOT NULL AND (of_exchange IS NULL OR c.internet_exchange_point_id = of_exchange) GROUP BY 1),
	done AS MATERIALIZED (
		SELECT k.ix, s.ip_address FROM k JOIN internet_exchange_peering_session s ON s.ixp_connection_id = k.first
		WHERE NOT EXISTS (SELECT FROM connection c WHERE c.internet_exchange_point_id = k.ix AND c.id <> k.first AND NOT EXISTS (
			SELECT FROM internet_exchange_peering_session t WHERE t.ixp_connection_id = c.id AND t.ip_address = s.ip_address))),
	ours AS MATERIALIZED (
		SELECT x.id, x.name::text AS name, x.peeringdb_ixlan_id, coalesce(a.asn, 0) AS asn
		FROM internet_exchange x LEFT JOIN autonomous_system a ON a.id = x.local_autonomous_system_id WHERE of_exchange IS NULL OR x.id = of_exchange)
	SELECT p.id, p.asn, p.net_id, o.id, o.name
	FROM ours o JOIN peeringdb_network_ixlan p ON p.ixlan_id = o.peeringdb_ixlan_id
	WHERE p.asn <> o.asn
	AND (with_hidden OR (p.net_id, p.ixlan_id) NOT IN (SELECT h.peeringdb_network_id, h.peeringdb_ixlan_id FROM hidden_peer h
		WHERE (h.until IS NULL OR h.until > now()) AND h.peeringdb_network_id IS NOT NULL AND h.peeringdb_ixlan_id IS NOT NULL))
	AND ((p.ipaddr6 IS NOT NULL AND (o.id, p.ipaddr6) NOT IN (SELECT d.ix, d.ip_address FROM done d))
	     OR (p.ipaddr4 IS NOT NULL AND (o.id, p.ipaddr4) NOT IN (SELECT d.ix, d.ip_address FROM done d)));
END;
