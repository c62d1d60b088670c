#!/bin/bash
# ROWS (10,000) exchange sessions as CSV into a book of 2,000 networks: `peerage import` with all checks, rights, change log, events and search
# entries, beside psql's COPY of the same rows into the same indexed table in the same run. At least 5,000 rows a second are asked for. The times by
# the clock mean something on an idle machine only; processor time of command and database is printed beside them. A benchmark, not a test.
#     PEERAGE_BUILD=build/demo tests/bench/import.sh [ROWS]
. "$(dirname "$0")/bench.sh"
rows=${1:-10000}
the_book
csv() { # as people have it: references by what identifies them
	sql "SET search_path = peerage, public; COPY (
		SELECT a.asn AS \"autonomous_system.asn\", x.slug AS \"ixp_connection.internet_exchange_point.slug\", c.ipv4_address AS \"ixp_connection.ipv4_address\",
			(set_masklen(network(c.ipv4_address), 32) + 20000 + n)::inet AS ip_address, 'enabled' AS status, 'key' || n AS password, n % 50 = 0 AS is_route_server,
			'made by hand' AS comments
		FROM generate_series(1, $rows) n JOIN autonomous_system a ON a.id = 2 + n % 1999 JOIN connection c ON c.id = 1 + n % 120
		JOIN internet_exchange x ON x.id = c.internet_exchange_point_id ORDER BY n) TO STDOUT WITH (FORMAT csv, HEADER)"
}
csv > "$work/sessions.csv"
cpu() { # PID: its processor time in ms; of the database's backends those that are gone as well, for the postmaster waited for them
	awk -v t="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13 + $14 + $15) * 1000 / t }' "/proc/$1/stat"
}
postmaster=$(head -1 "$work/pg/postmaster.pid")
timed() { # COMMAND...: $ms by the clock, $db and $own of processors
	local from to before after
	before=$(cpu "$postmaster"); from=$(date +%s%N)
	TIMEFORMAT='%U %S'; own=$({ time "$@" > "$work/out" 2>&1; } 2>&1 | tail -1 | awk '{ print ($1 + $2) * 1000 }')
	to=$(date +%s%N); until_true 5 sh -c "! pgrep -P $postmaster -f 'peerage peerage'"; after=$(cpu "$postmaster")
	ms=$(((to - from) / 1000000)); db=$(awk -v a="$before" -v b="$after" 'BEGIN { print b - a }')
}
line() { awk -v n="$rows" -v name="$1" -v ms="$2" -v own="$3" -v db="$4" 'BEGIN { printf "%-34s %8d ms  %8d rows/s %10d ms command %8d ms database\n", name, ms, n * 1000 / ms, own, db }'; }
copy() { sql "SET search_path = peerage, public; COPY internet_exchange_peering_session (autonomous_system_id, ixp_connection_id, ip_address, status, is_route_server,
	comments) FROM '$work/copy.txt'"; }
sql "SET search_path = peerage, public; COPY (SELECT 2 + n % 1999, 1 + n % 120, (set_masklen(network(c.ipv4_address), 32) + 20000 + n)::inet, 'enabled', n % 50 = 0,
	'made by hand' FROM generate_series(1, $rows) n JOIN connection c ON c.id = 1 + n % 120) TO '$work/copy.txt'" > /dev/null
for run in 1 2; do
	timed copy
	line "COPY of the rows alone" "$ms" "$own" "$db"; copied=$ms
	sql "DELETE FROM peerage.internet_exchange_peering_session WHERE id > 20000; VACUUM ANALYZE peerage.internet_exchange_peering_session" > /dev/null 2>&1 ||
		sql "DELETE FROM peerage.internet_exchange_peering_session WHERE id > 20000" > /dev/null
	timed "$build/peerage" import ix-peering-session "$work/sessions.csv" --dry-run
	grep -q "$rows to create" "$work/out" || die "$(tail -5 "$work/out")"
	line "import, dry run" "$ms" "$own" "$db"
	timed "$build/peerage" import ix-peering-session "$work/sessions.csv"
	grep -q "$rows to create" "$work/out" || die "$(tail -5 "$work/out")"
	line "import" "$ms" "$own" "$db"
	awk -v a="$copied" -v b="$ms" 'BEGIN { printf "%-34s %8.1f\n", "ratio to COPY", b / a }'
	timed "$build/peerage" import ix-peering-session "$work/sessions.csv"
	grep -q "Nothing to do" "$work/out" || die "$(tail -5 "$work/out")"
	line "the same again, nothing to do" "$ms" "$own" "$db"
	sql "DELETE FROM peerage.internet_exchange_peering_session WHERE id > 20000" > /dev/null
done
