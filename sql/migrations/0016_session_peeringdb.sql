-- Whether PeeringDB knows a session, and whether its other end has left, is kept with the session: lists are filtered and
-- counted by it. The database keeps both right by itself, from every side that they depend on.

DROP VIEW session_in_peeringdb, session_abandoned;

ALTER TABLE internet_exchange_peering_session
	ADD exists_in_peeringdb boolean NOT NULL DEFAULT false,
	ADD is_abandoned boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN internet_exchange_peering_session.exists_in_peeringdb IS 'PeeringDB has this address for this autonomous system; kept by the database';
COMMENT ON COLUMN internet_exchange_peering_session.is_abandoned IS 'It is down and its other end has left the exchange, going by PeeringDB; kept by the database';

CREATE FUNCTION session_in_peeringdb(of_asn bigint, address inet) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id WHERE x.ipaddr4 = address AND n.asn = of_asn)
	OR EXISTS (SELECT FROM peeringdb_network_ixlan x JOIN peeringdb_network n ON n.id = x.net_id WHERE x.ipaddr6 = address AND n.asn = of_asn);
COMMENT ON FUNCTION session_in_peeringdb(bigint, inet) IS 'PeeringDB has the address for that AS number';

-- All must hold: it is down, its port is linked to PeeringDB, no router says that it is not polled, and PeeringDB knows the network
-- but not the address.
CREATE FUNCTION session_abandoned(s internet_exchange_peering_session) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(s.bgp_state IN ('idle', 'active'), false) AND NOT s.exists_in_peeringdb AND NOT asn_is_private(s.asn)
	AND EXISTS (SELECT FROM peeringdb_network n WHERE n.asn = s.asn)
	AND EXISTS (SELECT FROM connection c LEFT JOIN router r ON r.id = c.router_id
		WHERE c.id = s.ixp_connection_id AND c.peeringdb_netixlan_id IS NOT NULL AND (r.id IS NULL OR r.poll_bgp_sessions_state));
COMMENT ON FUNCTION session_abandoned(internet_exchange_peering_session) IS 'Its other end has left the exchange, going by PeeringDB';

-- On the session itself. Named to run after the trigger that sets the AS number.
CREATE FUNCTION session_peeringdb() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	NEW.exists_in_peeringdb := session_in_peeringdb(NEW.asn, NEW.ip_address);
	NEW.is_abandoned := session_abandoned(NEW);
	RETURN NEW;
END $$;
COMMENT ON FUNCTION session_peeringdb() IS 'Row trigger: ask PeeringDB''s cache about the session';
CREATE TRIGGER peeringdb_insert BEFORE INSERT ON internet_exchange_peering_session
	FOR EACH ROW EXECUTE FUNCTION session_peeringdb();
CREATE TRIGGER peeringdb_update BEFORE UPDATE ON internet_exchange_peering_session
	FOR EACH ROW WHEN ((OLD.asn, OLD.ip_address, OLD.bgp_state, OLD.ixp_connection_id, OLD.exists_in_peeringdb, OLD.is_abandoned)
		IS DISTINCT FROM (NEW.asn, NEW.ip_address, NEW.bgp_state, NEW.ixp_connection_id, NEW.exists_in_peeringdb, NEW.is_abandoned))
	EXECUTE FUNCTION session_peeringdb();

-- On ports of PeeringDB: the sessions with an address that came, went or moved.
CREATE FUNCTION session_peeringdb_port() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	UPDATE internet_exchange_peering_session s SET exists_in_peeringdb = NOT s.exists_in_peeringdb
	WHERE s.ip_address IN (SELECT ipaddr4 FROM changed UNION SELECT ipaddr6 FROM changed)
	AND s.exists_in_peeringdb <> session_in_peeringdb(s.asn, s.ip_address);
	IF TG_OP = 'UPDATE' THEN
		UPDATE internet_exchange_peering_session s SET exists_in_peeringdb = NOT s.exists_in_peeringdb
		WHERE s.ip_address IN (SELECT ipaddr4 FROM was UNION SELECT ipaddr6 FROM was)
		AND s.exists_in_peeringdb <> session_in_peeringdb(s.asn, s.ip_address);
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION session_peeringdb_port() IS 'Statement trigger: ask again for the sessions with these addresses';
CREATE TRIGGER session_insert AFTER INSERT ON peeringdb_network_ixlan REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION session_peeringdb_port();
CREATE TRIGGER session_update AFTER UPDATE ON peeringdb_network_ixlan REFERENCING OLD TABLE AS was NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION session_peeringdb_port();
CREATE TRIGGER session_delete AFTER DELETE ON peeringdb_network_ixlan REFERENCING OLD TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION session_peeringdb_port();

-- On networks of PeeringDB: the sessions with an AS number that came, went or changed.
CREATE FUNCTION session_peeringdb_network() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	UPDATE internet_exchange_peering_session s SET exists_in_peeringdb = session_in_peeringdb(s.asn, s.ip_address),
		is_abandoned = NOT s.is_abandoned -- so that the row's own trigger looks at it
	WHERE s.asn IN (SELECT asn FROM changed)
	AND (s.is_abandoned <> session_abandoned(s) OR s.exists_in_peeringdb <> session_in_peeringdb(s.asn, s.ip_address));
	IF TG_OP = 'UPDATE' THEN
		UPDATE internet_exchange_peering_session s SET exists_in_peeringdb = session_in_peeringdb(s.asn, s.ip_address),
			is_abandoned = NOT s.is_abandoned
		WHERE s.asn IN (SELECT asn FROM was EXCEPT SELECT asn FROM changed)
		AND (s.is_abandoned <> session_abandoned(s) OR s.exists_in_peeringdb <> session_in_peeringdb(s.asn, s.ip_address));
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION session_peeringdb_network() IS 'Statement trigger: ask again for the sessions with these AS numbers';
CREATE TRIGGER session_insert AFTER INSERT ON peeringdb_network REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION session_peeringdb_network();
CREATE TRIGGER session_update AFTER UPDATE ON peeringdb_network REFERENCING OLD TABLE AS was NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION session_peeringdb_network();
CREATE TRIGGER session_delete AFTER DELETE ON peeringdb_network REFERENCING OLD TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION session_peeringdb_network();

-- On our ports and routers: the sessions that run over them.
CREATE FUNCTION session_peeringdb_connection() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	UPDATE internet_exchange_peering_session s SET is_abandoned = NOT s.is_abandoned
	WHERE s.ixp_connection_id IN (SELECT c.id FROM connection c
		WHERE CASE TG_TABLE_NAME WHEN 'router' THEN c.router_id ELSE c.id END = NEW.id)
	AND s.is_abandoned <> session_abandoned(s);
	RETURN NULL;
END $$;
COMMENT ON FUNCTION session_peeringdb_connection() IS 'Row trigger: ask again for the sessions over this port or router';
CREATE TRIGGER session_update AFTER UPDATE ON connection
	FOR EACH ROW WHEN ((OLD.peeringdb_netixlan_id IS NULL, OLD.router_id) IS DISTINCT FROM (NEW.peeringdb_netixlan_id IS NULL, NEW.router_id))
	EXECUTE FUNCTION session_peeringdb_connection();
CREATE TRIGGER session_update AFTER UPDATE ON router
	FOR EACH ROW WHEN (OLD.poll_bgp_sessions_state <> NEW.poll_bgp_sessions_state)
	EXECUTE FUNCTION session_peeringdb_connection();

UPDATE internet_exchange_peering_session s SET exists_in_peeringdb = true WHERE session_in_peeringdb(s.asn, s.ip_address);
UPDATE internet_exchange_peering_session s SET is_abandoned = true WHERE session_abandoned(s);

CREATE INDEX ON internet_exchange_peering_session (service_reference, asn, id) WHERE NOT exists_in_peeringdb;
CREATE INDEX ON internet_exchange_peering_session (service_reference, asn, id) WHERE is_abandoned;
