-- Where many sessions are asked about together the question has to be part of the statement, as an SQL function becomes; a row by itself is
-- asked about by its trigger, which keeps its plans. There the rows are counted: EXISTS expects a hit and so would rather read a table that
-- has no statistics yet, which is all of it when there is none.

CREATE OR REPLACE FUNCTION session_in_peeringdb(of_asn bigint, address inet) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id WHERE x.ipaddr4 = address AND n.asn = of_asn)
	OR EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id WHERE x.ipaddr6 = address AND n.asn = of_asn);

CREATE OR REPLACE FUNCTION session_peeringdb() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	IF family(NEW.ip_address) = 4 THEN
		NEW.exists_in_peeringdb := (SELECT count(*) > 0 FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id
			WHERE x.ipaddr4 = NEW.ip_address AND n.asn = NEW.asn);
	ELSE
		NEW.exists_in_peeringdb := (SELECT count(*) > 0 FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id
			WHERE x.ipaddr6 = NEW.ip_address AND n.asn = NEW.asn);
	END IF;
	NEW.is_abandoned := false;
	IF NEW.bgp_state IN ('idle', 'active') AND NOT NEW.exists_in_peeringdb THEN     -- all else is not abandoned, whoever is asked
		NEW.is_abandoned := session_abandoned(NEW);
	END IF;
	RETURN NEW;
END $$;
