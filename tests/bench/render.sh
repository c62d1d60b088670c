#!/bin/bash
# A router's configuration with 1,000 and 10,000 exchange sessions: the whole of `peerage render` (start, connect, load the graph, render, print), and
# the same through nginx from a handler that runs, the page's raw text and the API with its job.
# Beside it, a lower bound: psql reading the same sessions' rows alone. A benchmark, not a test.
. "$(dirname "$0")/bench.sh"
the_book
a_reader
sql "SET search_path = peerage, public; INSERT INTO configuration (name, template) VALUES ('bench', pg_read_file('$top/tests/bench/render.j2'));
	UPDATE router SET configuration_template_id = (SELECT id FROM configuration WHERE name = 'bench') WHERE id = 1" > /dev/null || die "the template"
start_handlers
start_nginx
for n in 1000 10000; do
	sql "SET search_path = peerage, public;
		UPDATE connection SET router_id = 40;
		UPDATE connection SET router_id = 1 WHERE id <= $n / 167 + 1" > /dev/null
	sql "VACUUM ANALYZE" > /dev/null
	sessions=$(sql "SET search_path = peerage, public; SELECT count(*) FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id WHERE c.router_id = 1")
	template=$top/tests/bench/render.j2
	ours=$(for _ in $(seq 20); do
		s=$(date +%s%N)
		"$build/peerage" render rtr1.pop1 --template "$template" > "$work/out" 2> "$work/err" || die "$(cat "$work/err")"
		echo $((($(date +%s%N) - s) / 1000))
	done | awk '{ print $1 / 1000 }' | best)
	s=$(date +%s%N)
	"$pg_bin/psql" -X -qAt -h "$work" -U peerage -d peerage -c "SET search_path = peerage, public" -c "SELECT * FROM internet_exchange_peering_session s JOIN connection c
		ON c.id = s.ixp_connection_id JOIN autonomous_system a ON a.id = s.autonomous_system_id WHERE c.router_id = 1" > "$work/rows"
	low=$((($(date +%s%N) - s) / 1000000))
	printf '%d sessions, %d kB of configuration; best and median of 20 in ms\n' "$sessions" $(($(wc -c < "$work/out") / 1024))
	raw=$(through 20 "/devices/routers/1/configuration/?raw")
	same "the same text" "$(sha256sum < "$work/out")" "$(sha256sum < "$work/page")"
	printf '%-44s %s\n' "the command, from start to exit" "$ours" "a handler's raw page, through nginx" "$raw" \
		"the API with its job, through nginx" "$(through 20 /api/devices/routers/1/configuration/)" "psql reading the sessions' rows, once" "$low"
done
pass
