#!/bin/bash
# record.sh [ROUTERS [NEIGHBOURS]]: how many neighbours PostgreSQL records a minute, two routers at a time: one statement a router, its own transaction.
# Four rounds: all come up; nothing moved; the counts moved; all went down. The reference, in the same run: a plain UPDATE of the same columns in a
# table that has nothing but these and its key. Prints neighbours a minute by the clock, and PostgreSQL's processor time a router.
. "$(dirname "$0")/../lib.sh"
routers=${1:-200} neighbours=${2:-200}
start_postgres
[ "${RECORD_SQL:-}" ] && psql -X -q -v ON_ERROR_STOP=1 -h "$work" -U peerage -d peerage -f "$RECORD_SQL"
sql "INSERT INTO autonomous_system (asn, name, affiliated) VALUES (65002, 'us', true);
	INSERT INTO autonomous_system (asn, name, affiliated) SELECT 100000 + n, 'peer ' || n, false FROM generate_series(1, $neighbours) n;
	INSERT INTO relationship (name, slug) VALUES ('Bench', 'bench');
	INSERT INTO router (name, hostname, local_autonomous_system_id, poll_bgp_sessions_state)
	SELECT 'r' || n, 'r' || n, (SELECT id FROM autonomous_system WHERE asn = 65002), true FROM generate_series(1, $routers) n;
	INSERT INTO internet_exchange (name, slug, local_autonomous_system_id) SELECT 'X', 'x', id FROM autonomous_system WHERE asn = 65002;
	INSERT INTO connection (internet_exchange_point_id, router_id) SELECT (SELECT id FROM internet_exchange), id FROM router;
	INSERT INTO direct_peering_session (local_autonomous_system_id, autonomous_system_id, ip_address, relationship_id, router_id)
	SELECT (SELECT id FROM autonomous_system WHERE asn = 65002), a.id, ('10.0.' || n / 250 || '.' || n % 250)::inet,
	       (SELECT id FROM relationship WHERE slug = 'bench'), r.id FROM router r, generate_series(1, $neighbours / 2) n JOIN autonomous_system a ON a.asn = 100000 + n;
	INSERT INTO internet_exchange_peering_session (autonomous_system_id, ixp_connection_id, ip_address)
	SELECT a.id, c.id, ('10.0.' || n / 250 || '.' || n % 250)::inet
	  FROM connection c, generate_series($neighbours / 2 + 1, $neighbours) n JOIN autonomous_system a ON a.asn = 100000 + n;
	CREATE TABLE plain (id bigint PRIMARY KEY, router bigint, state text, received int, accepted int, advertised int, seen timestamptz) WITH (fillfactor = 50);
	INSERT INTO plain (id, router) SELECT row_number() OVER (), r.id FROM router r, generate_series(1, $neighbours);
	CREATE INDEX ON plain (router);
	ANALYZE" > /dev/null
hz=$(getconf CLK_TCK)
cpu() { awk -v hz="$hz" '{ print ($14 + $15 + $16 + $17) / hz }' "/proc/$(head -1 "$work/pg/postmaster.pid")/stat"; }
half() { # PARITY STATEMENT-OF-A-ROUTER
	echo "SELECT format(\$s\$$2\$s\$, id) FROM router WHERE id % 2 = $1 ORDER BY id \\gexec" | psql -X -qAt -v ON_ERROR_STOP=1 -h "$work" -U peerage -d peerage > "$work/half.$1"
}
round() { # NAME STATEMENT
	local begin=$EPOCHREALTIME before; before=$(cpu)
	half 0 "$2" & local other=$!
	half 1 "$2"
	wait "$other"
	local end=$EPOCHREALTIME
	awk -v name="$1" -v n="$routers" -v k="$neighbours" -v b="$begin" -v e="$end" -v x="$before" -v y="$(cpu)" \
		'BEGIN { printf "%-28s %6.2f s %10.0f neighbours a minute %7.1f ms CPU a router\n", name, e - b, 60 * n * k / (e - b), 1000 * (y - x) / n }'
}
record() { # STATE COUNT
	echo "SELECT told, missing, turned FROM poll_record(%s, (SELECT array_agg(''10.0.'' || n / 250 || ''.'' || n %% 250 ORDER BY n) FROM generate_series(1, $neighbours) n),
		array_fill(''''::text, ARRAY[$neighbours]), (SELECT array_agg(100000 + n ORDER BY n) FROM generate_series(1, $neighbours) n), array_fill(''$1''::text, ARRAY[$neighbours]),
		array_fill($2, ARRAY[$neighbours]), array_fill($2, ARRAY[$neighbours]), array_fill($2, ARRAY[$neighbours]),
		array_fill(-1::bigint, ARRAY[$neighbours]), array_fill(''''::text, ARRAY[$neighbours]), 100)" | sed "s/''/'/g"
}
round "all come up" "$(record established 100)"
same "all are up" "$((routers * neighbours))" "$(sql "SELECT count(*) FROM session_state WHERE ended IS NULL AND bgp_state = 'established'")"
round "nothing moved" "$(record established 100)"
round "counts moved" "$(record established 200)"
same "counts are kept" "$((2 * routers * neighbours))" "$(sql "SELECT count(*) FROM session_history")"
round "all went down" "$(record active 0)"
same "all are down" "$((routers * neighbours))" "$(sql "SELECT count(*) FROM session_state WHERE ended IS NULL AND bgp_state = 'active'")"
round "reference: plain UPDATE" "UPDATE plain SET state = 'established', received = 1, accepted = 1, advertised = 1, seen = clock_timestamp() WHERE router = %s"
round "reference: once more" "UPDATE plain SET state = 'established', received = 2, accepted = 1, advertised = 1, seen = clock_timestamp() WHERE router = %s"
[ -z "${RECORD_STATS:-}" ] || sql "SELECT relname, n_tup_upd, n_tup_hot_upd, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_stat_user_tables WHERE n_tup_upd > 1000"
