-- Who could be peered with where we are: one definition for the API, the pages and the templates.

CREATE FUNCTION available_ports(of_exchange bigint, with_hidden boolean)
	RETURNS TABLE (port bigint, asn bigint, network bigint, exchange bigint, name text) LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH k AS (SELECT c.internet_exchange_point_id AS ix, count(*) AS n FROM connection c WHERE c.internet_exchange_point_id IS NOT NULL GROUP BY 1),
	-- addresses that are a neighbour on each of our connections there; a connection has an address once
	done AS MATERIALIZED (
		SELECT c.internet_exchange_point_id AS ix, s.ip_address
		FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id JOIN k ON k.ix = c.internet_exchange_point_id
		WHERE of_exchange IS NULL OR k.ix = of_exchange
		GROUP BY 1, 2 HAVING count(*) = min(k.n)),
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
COMMENT ON FUNCTION available_ports(bigint, boolean) IS 'Ports in PeeringDB on the LANs of our exchanges (or of one) without a session on each of our connections there, not ours, and not hidden unless asked for';
