-- What a new session over an exchange costs, for thousands come at once.

-- Its address is always a host's, so those within a network lie beside each other in the plain index. GiST cost a tenth of an import to keep, and
-- as much again where it was chosen to look for one address.
DROP INDEX internet_exchange_peering_session_ip_address_idx1;
CREATE FUNCTION last_host(inet) RETURNS inet LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN set_masklen(broadcast($1), CASE family($1) WHEN 4 THEN 32 ELSE 128 END);
COMMENT ON FUNCTION last_host(inet) IS 'The highest address of a network; its hosts sort between network() and this';

-- One function for a new row instead of two; names with their schema instead of a search path that is set and put back for each row.
CREATE FUNCTION session_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	known record;
BEGIN
	-- ports are counted, for EXISTS would rather read a table that has no statistics yet
	IF family(NEW.ip_address) = 4 THEN
		SELECT a.asn, (SELECT count(*) FROM peerage.peeringdb_network_ixlan x JOIN peerage.peeringdb_network n ON n.id = x.net_id
			WHERE x.ipaddr4 = NEW.ip_address AND n.asn = a.asn) AS ports INTO known FROM peerage.autonomous_system a WHERE a.id = NEW.autonomous_system_id;
	ELSE
		SELECT a.asn, (SELECT count(*) FROM peerage.peeringdb_network_ixlan x JOIN peerage.peeringdb_network n ON n.id = x.net_id
			WHERE x.ipaddr6 = NEW.ip_address AND n.asn = a.asn) AS ports INTO known FROM peerage.autonomous_system a WHERE a.id = NEW.autonomous_system_id;
	END IF;
	NEW.asn := coalesce(known.asn, 0);      -- 0: the foreign key then refuses the row, and says why
	NEW.exists_in_peeringdb := coalesce(known.ports, 0) > 0;
	NEW.is_abandoned := false;
	IF NEW.bgp_state IN ('idle', 'active') AND NOT NEW.exists_in_peeringdb THEN
		NEW.is_abandoned := peerage.session_abandoned(NEW);
	END IF;
	RETURN NEW;
END $$;
COMMENT ON FUNCTION session_new() IS 'Row trigger: what the database keeps with a new session over an exchange';
DROP TRIGGER asn ON internet_exchange_peering_session;
DROP TRIGGER peeringdb_insert ON internet_exchange_peering_session;
CREATE TRIGGER asn BEFORE UPDATE OF autonomous_system_id, asn ON internet_exchange_peering_session FOR EACH ROW EXECUTE FUNCTION session_asn();
CREATE TRIGGER session_new BEFORE INSERT ON internet_exchange_peering_session FOR EACH ROW EXECUTE FUNCTION session_new();

-- Two lists of trigrams of one table go into one index: a row is taken in once.
DROP INDEX object_change_user_name_idx, object_change_object_repr_idx;
CREATE INDEX ON object_change USING gin (object_repr gin_trgm_ops, user_name gin_trgm_ops);
