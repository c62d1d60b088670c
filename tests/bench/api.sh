#!/bin/bash
# Requests a second of the API and the pages through nginx with 8 connections, over 20,000 exchange sessions, beside what
# pgbench reaches with the statements of the same request alone. "again" asks one address over and over, "anew" another each time; the
# ratio is of the latter. Pages are never answered from memory. A benchmark, not a test. Arguments: seconds a measurement (5).
# Build first without --enable-devel: PEERAGE_BUILD=build/demo tests/bench/api.sh
. "$(dirname "$0")/bench.sh"
seconds=${1:-5}
the_book
a_reader
start_handlers 4     # so that somebody works while others wait for the database
start_nginx

# In a path @ is a number: another one each time where nothing is to be answered from memory.
at() { printf %s "${1//@/$2}"; }

# statements PATH: what one warm request asks of PostgreSQL, with its values written in, as a pgbench script
statements() {
	local i
	for i in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -H "$(who "$1")" "$url$(at "$1" "$i")"; done
	sql "ALTER SYSTEM SET log_statement = 'all'; " ; sql "SELECT pg_reload_conf()" > /dev/null
	sleep 0.5
	: > "$work/pg.log"
	curl -s -o /dev/null -H "$(who "$1")" "$url$(at "$1" 815)"
	sql "ALTER SYSTEM RESET log_statement"; sql "SELECT pg_reload_conf()" > /dev/null
	sleep 0.3
	awk -f "$top/tests/bench/statements.awk" "$work/pg.log" | tee "$work/last.sql"
}

cat > "$work/vary.lua" <<-'L'
	local n = 0
	request = function() n = n % 20000 + 1; return wrk.format(nil, (wrk.path:gsub("@", tostring(n)))) end
L
# wrk_rate PATH [wrk's options]
wrk_rate() {
	local path=$1
	shift
	wrk -t2 -c8 -d"${seconds}s" -H "$(who "$path")" "$@" "$url$path" | tee "$work/wrk.out" | awk '/Requests\/sec/ { print $2 }'
	! grep -q Non-2xx "$work/wrk.out" || echo "$path: $(grep Non-2xx "$work/wrk.out")" >&2
}

printf '%-32s %10s %10s %10s %6s %6s\n' "request" "again/s" "anew/s" "pgbench/s" "ratio" "stmts"
while read -r name path; do
	[ "$name" ] || continue
	statements "$path" > "$work/one.sql"
	n=$(grep -c ';$' "$work/one.sql")
	code=$(curl -s -o /dev/null -w '%{http_code}' -H "$(who "$path")" "$url$(at "$path" 4711)")
	[ "$code" = 200 ] || { printf '%-32s answers %s\n' "$name" "$code"; continue; }
	again=$(wrk_rate "$(at "$path" 4711)")
	anew=$(wrk_rate "$path" -s "$work/vary.lua")
	pg=$(PGOPTIONS='-c search_path=peerage,public -c jit=off' pgbench -n -M prepared -c 8 -j 2 -T "$seconds" -f "$work/one.sql" -h "$work" -U peerage peerage 2>> "$work/pgbench.log" |
		awk '/^tps/ { print $3 }')
	printf '%-32s %10.0f %10.0f %10.0f %6s %6s\n' "$name" "$again" "$anew" "${pg:-0}" "$(awk -v a="$anew" -v b="${pg:-0}" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "?" }')" "$n"
done <<-E
	one-session /api/peering/internet-exchange-peering-sessions/@/
	list-of-50-sessions /api/peering/internet-exchange-peering-sessions/?limit=50&_=@
	list-of-1000-sessions /api/peering/internet-exchange-peering-sessions/?limit=1000&_=@
	list-of-50-filtered /api/peering/internet-exchange-peering-sessions/?limit=50&bgp_state=idle&_=@
	one-autonomous-system /api/peering/autonomous-systems/42/?_=@
	list-of-50-autonomous-systems /api/peering/autonomous-systems/?limit=50&_=@
	routers /api/devices/routers/?limit=50&_=@
	page-of-sessions /internet-exchange-peering-sessions/
	page-of-a-session /internet-exchange-peering-sessions/4711/
	page-of-an-autonomous-system /autonomous-systems/42/
	page-of-routers /devices/routers/
	home /
E
pass
