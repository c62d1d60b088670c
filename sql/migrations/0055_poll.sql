-- What polling routers leaves behind: how each poll went, and the states of sessions as intervals.

CREATE TABLE session_state (
	object_type_id smallint NOT NULL REFERENCES object_type ON DELETE CASCADE,
	object_id bigint NOT NULL,
	began timestamptz NOT NULL,
	ended timestamptz CHECK (ended >= began),
	bgp_state text NOT NULL CHECK (bgp_state IN ('', 'idle', 'connect', 'active', 'opensent', 'openconfirm', 'established')),
	reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
	PRIMARY KEY (object_type_id, object_id, began)
);
COMMENT ON TABLE session_state IS 'How long sessions were in which state; down is one interval, whatever the router tried meanwhile';
COMMENT ON COLUMN session_state.object_type_id IS 'Type of the session';
COMMENT ON COLUMN session_state.object_id IS 'Session';
COMMENT ON COLUMN session_state.began IS 'Since when: as the router tells it, else when it was seen';
COMMENT ON COLUMN session_state.ended IS 'Until when; null: it is so now';
COMMENT ON COLUMN session_state.bgp_state IS 'State; empty: the router does not have the session';
COMMENT ON COLUMN session_state.reason IS 'Why, in the router''s words';
CREATE UNIQUE INDEX session_state_open ON session_state (object_type_id, object_id) WHERE ended IS NULL;
CREATE INDEX ON session_state (ended);

CREATE TABLE router_poll (
	router_id bigint PRIMARY KEY REFERENCES router ON DELETE CASCADE,
	tried timestamptz NOT NULL DEFAULT now(),
	succeeded timestamptz,
	error text NOT NULL DEFAULT '',
	failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
	milliseconds integer NOT NULL DEFAULT 0 CHECK (milliseconds >= 0),
	neighbours integer NOT NULL DEFAULT 0 CHECK (neighbours >= 0),
	sessions integer NOT NULL DEFAULT 0 CHECK (sessions >= 0)
);
COMMENT ON TABLE router_poll IS 'How the last poll of each router went';
COMMENT ON COLUMN router_poll.router_id IS 'Router';
COMMENT ON COLUMN router_poll.tried IS 'When it was last asked';
COMMENT ON COLUMN router_poll.succeeded IS 'When it last answered; null: never';
COMMENT ON COLUMN router_poll.error IS 'Why it did not answer the last time; empty: it did';
COMMENT ON COLUMN router_poll.failures IS 'Times in a row that it did not answer';
COMMENT ON COLUMN router_poll.milliseconds IS 'Time that the last poll took';
COMMENT ON COLUMN router_poll.neighbours IS 'Neighbours that it told of';
COMMENT ON COLUMN router_poll.sessions IS 'Sessions of the book among them';

-- What is known of sessions goes with them.
CREATE FUNCTION forget_session_state() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	DELETE FROM session_state x USING gone g
	 WHERE x.object_type_id = (SELECT o.id FROM object_type o WHERE o.table_name = TG_TABLE_NAME) AND x.object_id = g.id;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION forget_session_state() IS 'Statement trigger: remove the states of deleted sessions';
CREATE TRIGGER forget_session_state AFTER DELETE ON direct_peering_session REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION forget_session_state();
CREATE TRIGGER forget_session_state AFTER DELETE ON internet_exchange_peering_session REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION forget_session_state();

-- What earlier versions kept about states.
INSERT INTO session_state (object_type_id, object_id, began, ended, bgp_state)
SELECT h.object_type_id, h.object_id, h.time, lead(h.time) OVER (PARTITION BY h.object_type_id, h.object_id ORDER BY h.time), coalesce(h.bgp_state, '')
  FROM (SELECT *, lag(bgp_state) OVER (PARTITION BY object_type_id, object_id ORDER BY time) AS was,
               row_number() OVER (PARTITION BY object_type_id, object_id ORDER BY time) AS n FROM session_history) h
 WHERE h.n = 1 OR h.bgp_state IS DISTINCT FROM h.was;

INSERT INTO schedule (name, description, job, cron, enabled) VALUES
	('Poll routers', 'Ask the routers how their sessions are; enable it once routers can be reached', 'commands.poll_bgp_sessions', '*/5 * * * *', false);

CREATE FUNCTION sessions_of(kind text, id bigint) RETURNS TABLE (object_type_id smallint, object_id bigint)
LANGUAGE plpgsql STABLE ROWS 100 SET search_path FROM CURRENT AS $$
DECLARE
	direct CONSTANT smallint := (SELECT o.id FROM object_type o WHERE o.table_name = 'direct_peering_session');
	ix CONSTANT smallint := (SELECT o.id FROM object_type o WHERE o.table_name = 'internet_exchange_peering_session');
BEGIN
	CASE kind
	WHEN 'direct_peering_session' THEN RETURN QUERY SELECT direct, $2;
	WHEN 'internet_exchange_peering_session' THEN RETURN QUERY SELECT ix, $2;
	WHEN 'autonomous_system' THEN
		RETURN QUERY SELECT direct, s.id FROM direct_peering_session s WHERE s.autonomous_system_id = $2;
		RETURN QUERY SELECT ix, s.id FROM internet_exchange_peering_session s WHERE s.autonomous_system_id = $2;
	WHEN 'bgp_group' THEN RETURN QUERY SELECT direct, s.id FROM direct_peering_session s WHERE s.bgp_group_id = $2;
	WHEN 'internet_exchange' THEN
		RETURN QUERY SELECT ix, s.id FROM connection c JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id
			WHERE c.internet_exchange_point_id = $2;
	WHEN 'connection' THEN
		RETURN QUERY SELECT direct, s.id FROM direct_peering_session s WHERE s.connection_id = $2;
		RETURN QUERY SELECT ix, s.id FROM internet_exchange_peering_session s WHERE s.ixp_connection_id = $2;
	WHEN 'router' THEN
		RETURN QUERY SELECT direct, s.id FROM direct_peering_session s WHERE s.router_id = $2;
		RETURN QUERY SELECT ix, s.id FROM connection c JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id WHERE c.router_id = $2;
	ELSE RAISE EXCEPTION 'no sessions belong to a %', kind;
	END CASE;
END $$;
COMMENT ON FUNCTION sessions_of(text, bigint) IS 'The sessions of an object of that table';

-- What a router told of its neighbours: addresses, VRFs, AS numbers (0: unknown), states, prefixes received, accepted and advertised,
-- seconds in that state (-1: unknown), reasons. Writes states, counts, intervals and history of its sessions. A neighbour in several VRFs
-- counts as the one with the session's AS number, then as that of the default VRF. A session that came up again since the last poll was down
-- between. Counts are kept when they moved by a hundredth, else hourly. Returns how many sessions were told of, how many not, how many turned.
CREATE FUNCTION poll_record(router_asked bigint, addresses text[], vrfs text[], asns bigint[], states text[], receiveds int[], accepteds int[],
	advertiseds int[], since_seconds bigint[], reasons text[], took int, OUT told bigint, OUT missing bigint, OUT turned bigint)
LANGUAGE sql SET search_path FROM CURRENT AS $$
WITH t AS MATERIALIZED (
	SELECT clock_timestamp() AS now, coalesce((SELECT succeeded FROM router_poll WHERE router_id = router_asked), '-infinity') AS last,
	       (SELECT id FROM object_type WHERE table_name = 'direct_peering_session') AS direct,
	       (SELECT id FROM object_type WHERE table_name = 'internet_exchange_peering_session') AS ix
), told AS MATERIALIZED (
	SELECT * FROM unnest(addresses, vrfs, asns, states, receiveds, accepteds, advertiseds, since_seconds, reasons)
	    AS n(address, vrf, asn, state, received, accepted, advertised, seconds, reason)
), ours AS MATERIALIZED (
	SELECT t.direct AS kind, s.id, s.asn, host(s.ip_address) AS address FROM t, direct_peering_session s WHERE s.router_id = router_asked
	UNION ALL
	SELECT t.ix, s.id, s.asn, host(s.ip_address) FROM t, connection c JOIN internet_exchange_peering_session s ON s.ixp_connection_id = c.id WHERE c.router_id = router_asked
), seen AS MATERIALIZED (
	SELECT DISTINCT ON (o.kind, o.id) o.kind, o.id, n.address IS NOT NULL AS there, nullif(n.state, '') AS state, coalesce(n.received, 0) AS received,
	       coalesce(n.accepted, 0) AS accepted, coalesce(n.advertised, 0) AS advertised,
	       CASE WHEN n.address IS NULL THEN 'The router does not have it' ELSE left(n.reason, 200) END AS reason,
	       CASE WHEN n.seconds >= 0 THEN t.now - n.seconds * interval '1 second' END AS since
	  FROM t, ours o LEFT JOIN told n ON n.address = o.address
	 ORDER BY o.kind, o.id, n.asn = o.asn DESC, n.vrf = '' DESC, n.state = 'established' DESC
), stood AS MATERIALIZED (
	SELECT s.*, p.began, p.bgp_state AS was FROM seen s LEFT JOIN session_state p ON p.object_type_id = s.kind AND p.object_id = s.id AND p.ended IS NULL
), turned AS MATERIALIZED (
	SELECT s.kind, s.id, s.state, s.reason, s.began, s.was,
	       greatest(least(coalesce(s.since, t.now), t.now), CASE WHEN s.began IS NOT NULL THEN t.last END, s.began + interval '1 microsecond') AS at
	  FROM t, stood s
	 WHERE (s.began IS NULL AND s.state IS NOT NULL) OR (s.was = '') <> (s.state IS NULL) OR (s.was = 'established') <> (coalesce(s.state, '') = 'established')
	    OR (s.state = 'established' AND s.since > greatest(t.last, s.began) + interval '5 seconds')
), closed AS (
	UPDATE session_state p SET ended = u.at FROM turned u
	 WHERE p.object_type_id = u.kind AND p.object_id = u.id AND p.ended IS NULL RETURNING p.object_type_id AS kind, p.object_id AS id
), opened AS (
	INSERT INTO session_state (object_type_id, object_id, began, bgp_state, reason)
	SELECT u.kind, u.id, u.at, coalesce(u.state, ''), CASE WHEN u.state = 'established' AND u.was IS DISTINCT FROM 'established' THEN '' ELSE u.reason END
	  FROM turned u LEFT JOIN closed c ON c.kind = u.kind AND c.id = u.id
), tried AS (
	UPDATE session_state p SET bgp_state = s.state, reason = CASE WHEN p.reason = '' THEN s.reason ELSE p.reason END FROM stood s
	 WHERE p.object_type_id = s.kind AND p.object_id = s.id AND p.ended IS NULL AND s.was NOT IN ('', 'established')
	   AND s.state <> 'established' AND (s.was <> s.state OR (p.reason = '' AND s.reason <> ''))
), counted AS (
	INSERT INTO session_history (object_type_id, object_id, time, bgp_state, received_prefix_count, accepted_prefix_count, advertised_prefix_count)
	SELECT s.kind, s.id, t.now, s.state, s.received, s.accepted, s.advertised
	  FROM t, seen s LEFT JOIN LATERAL (SELECT * FROM session_history h WHERE h.object_type_id = s.kind AND h.object_id = s.id ORDER BY h.time DESC LIMIT 1) h ON true
	 WHERE (h.time IS NULL AND s.state IS NOT NULL) OR (h.bgp_state = 'established') <> (coalesce(s.state, '') = 'established')
	    OR 100::bigint * abs(s.received - h.received_prefix_count) > h.received_prefix_count OR 100::bigint * abs(s.accepted - h.accepted_prefix_count) > h.accepted_prefix_count
	    OR 100::bigint * abs(s.advertised - h.advertised_prefix_count) > h.advertised_prefix_count
	    OR (h.time < t.now - interval '1 hour' AND (s.received, s.accepted, s.advertised) IS DISTINCT FROM
	        (h.received_prefix_count, h.accepted_prefix_count, h.advertised_prefix_count))
), direct AS (
	UPDATE direct_peering_session x SET bgp_state = s.state, received_prefix_count = s.received, accepted_prefix_count = s.accepted,
	       advertised_prefix_count = s.advertised, last_established_state = CASE WHEN s.state = 'established' THEN t.now ELSE x.last_established_state END
	  FROM t, seen s
	 WHERE s.kind = t.direct AND x.id = s.id AND (s.state = 'established' OR (x.bgp_state, x.received_prefix_count, x.accepted_prefix_count, x.advertised_prefix_count)
	       IS DISTINCT FROM (s.state, s.received, s.accepted, s.advertised))
), ix AS (
	UPDATE internet_exchange_peering_session x SET bgp_state = s.state, received_prefix_count = s.received, accepted_prefix_count = s.accepted,
	       advertised_prefix_count = s.advertised, last_established_state = CASE WHEN s.state = 'established' THEN t.now ELSE x.last_established_state END
	  FROM t, seen s
	 WHERE s.kind = t.ix AND x.id = s.id AND (s.state = 'established' OR (x.bgp_state, x.received_prefix_count, x.accepted_prefix_count, x.advertised_prefix_count)
	       IS DISTINCT FROM (s.state, s.received, s.accepted, s.advertised))
), router AS (
	UPDATE router SET poll_bgp_sessions_last_updated = t.now FROM t WHERE router.id = router_asked
), poll AS (
	INSERT INTO router_poll (router_id, tried, succeeded, milliseconds, neighbours, sessions)
	SELECT router_asked, t.now, t.now, took, (SELECT count(*) FROM told), (SELECT count(*) FROM seen WHERE there) FROM t
	ON CONFLICT (router_id) DO UPDATE SET tried = excluded.tried, succeeded = excluded.succeeded, error = '', failures = 0,
	   milliseconds = excluded.milliseconds, neighbours = excluded.neighbours, sessions = excluded.sessions
)
SELECT (SELECT count(*) FROM seen WHERE there), (SELECT count(*) FROM seen WHERE NOT there), (SELECT count(*) FROM turned WHERE began IS NOT NULL)
$$;
COMMENT ON FUNCTION poll_record(bigint, text[], text[], bigint[], text[], int[], int[], int[], bigint[], text[], int)
	IS 'Write what a router told of its neighbours: states, counts, intervals and history of its sessions';
