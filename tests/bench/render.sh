#!/bin/bash
# The whole of `peerage render`: start, connect, load the graph, render, print; for a router with 1,000 and 10,000 exchange sessions.
# Beside it, a lower bound: psql reading the same sessions' rows alone. A benchmark, not a test.
. "$(dirname "$0")/bench.sh"
the_book
for n in 1000 10000; do
	sql "SET search_path = peerage, public;
		UPDATE connection SET router_id = 40;
		UPDATE connection SET router_id = 1 WHERE id <= $n / 167 + 1" > /dev/null
	sql "VACUUM ANALYZE" > /dev/null
	sessions=$(sql "SET search_path = peerage, public; SELECT count(*) FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id WHERE c.router_id = 1")
	template=$top/tests/bench/render.j2
	best=999999
	for _ in 1 2 3 4 5; do
		s=$(date +%s%N)
		"$build/peerage" render rtr1.pop1 --template "$template" > "$work/out" 2> "$work/err" || die "$(cat "$work/err")"
		t=$((($(date +%s%N) - s) / 10000))
		[ $t -lt $best ] && best=$t
	done
	s=$(date +%s%N)
	"$pg_bin/psql" -X -qAt -h "$work" -U peerage -d peerage -c "SET search_path = peerage, public" -c "SELECT * FROM internet_exchange_peering_session s JOIN connection c
		ON c.id = s.ixp_connection_id JOIN autonomous_system a ON a.id = s.autonomous_system_id WHERE c.router_id = 1" > "$work/rows"
	low=$((($(date +%s%N) - s) / 10000))
	printf '%6d sessions: %d.%02d ms, %d kB of configuration; psql reads the rows in %d.%02d ms\n' "$sessions" $((best / 100)) $((best % 100)) \
		$(($(wc -c < "$work/out") / 1024)) $((low / 100)) $((low % 100))
done
pass
