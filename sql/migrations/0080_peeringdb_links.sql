-- Links of connections, exchanges and hidden peers into the cache are columns of the book's objects: what changes them is written as
-- any change is, with a line in the change log and an event. So the database says what is to be written, and no longer writes it.

-- Every port that a connection can be at, the better the higher `agree`.
CREATE VIEW connection_peeringdb_candidate AS
	SELECT m.id, p.id AS port, (p.ipaddr4 IS NOT NULL AND m.ip4 IS NOT NULL)::int + (p.ipaddr6 IS NOT NULL AND m.ip6 IS NOT NULL)::int AS agree,
		coalesce(p.id = m.now, false) AS linked
	FROM (
		SELECT c.id, c.peeringdb_netixlan_id AS now, host(c.ipv4_address)::inet AS ip4, host(c.ipv6_address)::inet AS ip6, a.asn
		FROM connection c
		LEFT JOIN internet_exchange x ON x.id = c.internet_exchange_point_id
		LEFT JOIN autonomous_system a ON a.id = x.local_autonomous_system_id
	) m
	JOIN peeringdb_network_ixlan p ON p.ipaddr4 = m.ip4 OR p.ipaddr6 = m.ip6
	WHERE coalesce(p.ipaddr4 = m.ip4, true) AND coalesce(p.ipaddr6 = m.ip6, true)
	AND (p.asn = m.asn OR (m.asn IS NULL AND p.asn IN (SELECT asn FROM autonomous_system WHERE affiliated)));
COMMENT ON VIEW connection_peeringdb_candidate IS 'Connections and the ports in PeeringDB that they can be, by address and AS number';
COMMENT ON COLUMN connection_peeringdb_candidate.id IS 'Connection';
COMMENT ON COLUMN connection_peeringdb_candidate.port IS 'Port (netixlan) of PeeringDB';
COMMENT ON COLUMN connection_peeringdb_candidate.agree IS 'How many addresses both sides know';
COMMENT ON COLUMN connection_peeringdb_candidate.linked IS 'It is linked to this port';

CREATE OR REPLACE VIEW connection_peeringdb_port AS
	SELECT DISTINCT ON (id) id, port FROM connection_peeringdb_candidate ORDER BY id, agree DESC, linked DESC, port;

-- What linking would write at exchange $1, or everywhere. merging: rows that were read and are to be removed count as gone already, so
-- that a link goes from the old row to the new one at once.
CREATE FUNCTION peeringdb_links(exchange bigint, merging boolean) RETURNS TABLE (object_type text, object_id bigint, field text, old bigint, new bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	WITH no_org AS (
		SELECT id FROM peeringdb_stage_org WHERE gone AND $2
	), no_net AS (
		SELECT id FROM peeringdb_stage_net WHERE gone AND $2
		UNION SELECT n.id FROM peeringdb_network n JOIN no_org o ON o.id = n.org_id
	), no_ix AS (
		SELECT id FROM peeringdb_stage_ix WHERE gone AND $2
		UNION SELECT i.id FROM peeringdb_internet_exchange i JOIN no_org o ON o.id = i.org_id
	), no_lan AS (
		SELECT id FROM peeringdb_stage_ixlan WHERE gone AND $2
		UNION SELECT l.id FROM peeringdb_ixlan l JOIN no_ix i ON i.id = l.ix_id
	), no_port AS (
		SELECT id FROM peeringdb_stage_netixlan WHERE gone AND $2
		UNION SELECT p.id FROM peeringdb_network_ixlan p JOIN no_net n ON n.id = p.net_id
		UNION SELECT p.id FROM peeringdb_network_ixlan p JOIN no_lan l ON l.id = p.ixlan_id
	), found AS (
		SELECT DISTINCT ON (v.id) v.id, v.port FROM connection_peeringdb_candidate v
		WHERE NOT EXISTS (SELECT FROM no_port g WHERE g.id = v.port)
		ORDER BY v.id, v.agree DESC, v.linked DESC, v.port
	), port AS (
		SELECT c.id, c.internet_exchange_point_id AS ix, c.peeringdb_netixlan_id AS old, coalesce(found.port,
			CASE WHEN NOT EXISTS (SELECT FROM no_port g WHERE g.id = c.peeringdb_netixlan_id) THEN c.peeringdb_netixlan_id END,
			(SELECT p.id FROM peeringdb_link l JOIN peeringdb_network_ixlan p ON p.id = l.peeringdb_id WHERE l.kind = 'connection' AND l.object_id = c.id
				AND c.ipv4_address IS NULL AND c.ipv6_address IS NULL AND NOT EXISTS (SELECT FROM no_port g WHERE g.id = p.id))) AS new
		FROM connection c LEFT JOIN found ON found.id = c.id
		WHERE $1 IS NULL OR c.internet_exchange_point_id = $1
	), lan AS (
		SELECT port.ix, min(p.ixlan_id) AS ixlan FROM port JOIN peeringdb_network_ixlan p ON p.id = port.new
		GROUP BY port.ix HAVING min(p.ixlan_id) = max(p.ixlan_id)
	), exchange AS (
		SELECT x.id, x.peeringdb_ixlan_id AS old, coalesce(lan.ixlan,
			CASE WHEN NOT EXISTS (SELECT FROM no_lan g WHERE g.id = x.peeringdb_ixlan_id) THEN x.peeringdb_ixlan_id END,
			(SELECT i.id FROM peeringdb_link l JOIN peeringdb_ixlan i ON i.id = l.peeringdb_id WHERE l.kind = 'exchange' AND l.object_id = x.id
				AND NOT EXISTS (SELECT FROM no_lan g WHERE g.id = i.id))) AS new
		FROM internet_exchange x LEFT JOIN lan ON lan.ix = x.id
		WHERE $1 IS NULL OR x.id = $1
	), hidden AS (
		SELECT h.id, h.peeringdb_network_id AS old_net, h.peeringdb_ixlan_id AS old_lan,
			(SELECT n.id FROM peeringdb_network n WHERE n.id = coalesce(h.peeringdb_network_id, h.peeringdb_network_id_copy)
				AND NOT EXISTS (SELECT FROM no_net g WHERE g.id = n.id)) AS new_net,
			(SELECT i.id FROM peeringdb_ixlan i WHERE i.id = coalesce(h.peeringdb_ixlan_id, h.peeringdb_ixlan_id_copy)
				AND NOT EXISTS (SELECT FROM no_lan g WHERE g.id = i.id)) AS new_lan
		FROM hidden_peer h WHERE $1 IS NULL
	)
	SELECT 'net.connection', id, 'peeringdb_netixlan', old, new FROM port WHERE old IS DISTINCT FROM new
	UNION ALL
	SELECT 'peering.internetexchange', id, 'peeringdb_ixlan', old, new FROM exchange WHERE old IS DISTINCT FROM new
	UNION ALL
	SELECT 'peeringdb.hiddenpeer', id, 'peeringdb_network', old_net, new_net FROM hidden WHERE old_net IS DISTINCT FROM new_net
	UNION ALL
	SELECT 'peeringdb.hiddenpeer', id, 'peeringdb_ixlan', old_lan, new_lan FROM hidden WHERE old_lan IS DISTINCT FROM new_lan
	ORDER BY 1, 2, 3
$$;
COMMENT ON FUNCTION peeringdb_links(bigint, boolean) IS 'Links into the cache that are to be written: field of an object, old and new row of PeeringDB';

-- Emptying the cache: links are remembered and taken away before, by who calls this.
CREATE OR REPLACE FUNCTION peeringdb_flush() RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
	t text;
	n bigint;
	removed bigint := 0;
BEGIN
	FOREACH t IN ARRAY ARRAY['network_contact', 'network_ixlan', 'network_facility', 'ixlan_prefix', 'ixlan', 'internet_exchange_facility',
		'internet_exchange', 'network', 'carrier_facility', 'carrier', 'facility', 'campus', 'organization'] LOOP
		EXECUTE format('DELETE FROM peeringdb_%s', t);
		GET DIAGNOSTICS n = ROW_COUNT;
		removed := removed + n;
	END LOOP;
	DELETE FROM peeringdb_pending;
	DELETE FROM peeringdb_synchronisation;
	DELETE FROM peeringdb_stage;
	UPDATE peeringdb_namespace SET since = NULL, synchronised = NULL, reconciled = NULL, error = '', keyed = false, brake_rows = NULL,
		brake_gone = NULL, brake_changed = NULL;
	RETURN removed;
END $$;
COMMENT ON FUNCTION peeringdb_flush() IS 'Empty the cache of PeeringDB; returns how many rows went';
