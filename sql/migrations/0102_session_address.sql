-- An exchange session's address may be anything, as it may in Peering Manager; what is probably a slip is said where it is seen.

CREATE VIEW internet_exchange_lan AS
SELECT c.internet_exchange_point_id AS internet_exchange_id, network(c.ipv4_address) AS prefix FROM connection c WHERE masklen(c.ipv4_address) < 32
UNION
SELECT c.internet_exchange_point_id, network(c.ipv6_address) FROM connection c WHERE masklen(c.ipv6_address) < 128
UNION
SELECT i.id, p.prefix FROM internet_exchange i JOIN peeringdb_ixlan_prefix p ON p.ixlan_id = i.peeringdb_ixlan_id;
COMMENT ON VIEW internet_exchange_lan IS 'Networks of an exchange''s LAN, going by the connections there and by PeeringDB';
COMMENT ON COLUMN internet_exchange_lan.internet_exchange_id IS 'Exchange';
COMMENT ON COLUMN internet_exchange_lan.prefix IS 'Network';

CREATE VIEW session_address_doubt AS
SELECT s.id, coalesce(outside.why, another.why) AS why
FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id
LEFT JOIN LATERAL (
	SELECT 'It lies outside the LAN of the exchange, ' || string_agg(l.prefix::text, ', ' ORDER BY l.prefix) AS why
	FROM internet_exchange_lan l WHERE l.internet_exchange_id = c.internet_exchange_point_id AND family(l.prefix) = family(s.ip_address)
	HAVING NOT bool_or(s.ip_address <<= l.prefix)
) outside ON true
LEFT JOIN LATERAL (
	SELECT 'At this exchange it is also the address of ' || string_agg(DISTINCT 'AS' || o.asn, ', ') AS why
	FROM internet_exchange_peering_session o JOIN connection k ON k.id = o.ixp_connection_id
	WHERE o.ip_address = s.ip_address AND o.asn <> s.asn AND k.internet_exchange_point_id = c.internet_exchange_point_id
	HAVING count(*) > 0
) another ON true
WHERE outside.why IS NOT NULL OR another.why IS NOT NULL;
COMMENT ON VIEW session_address_doubt IS 'Exchange sessions whose address is probably a slip';
COMMENT ON COLUMN session_address_doubt.id IS 'Session';
COMMENT ON COLUMN session_address_doubt.why IS 'Why, in words';

CREATE FUNCTION session_address_warning(s internet_exchange_peering_session) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT d.why FROM session_address_doubt d WHERE d.id = s.id);
COMMENT ON FUNCTION session_address_warning(internet_exchange_peering_session) IS 'Why its address is probably a slip, or null';

DO $$
DECLARE
	r text;
BEGIN
	FOREACH r IN ARRAY ARRAY['peerage_web', 'peerage_jobs'] LOOP
		IF EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('GRANT SELECT ON internet_exchange_lan, session_address_doubt TO %I', r);
		END IF;
	END LOOP;
END $$;
