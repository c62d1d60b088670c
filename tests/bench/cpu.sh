#!/bin/bash
# Processor time of one request, in microseconds, by who spends it: PostgreSQL's backends, the handlers, nginx. Unlike the rates of api.sh
# it hardly depends on what else the machine does. A benchmark, not a test. Arguments: seconds a measurement (3), a pattern of names.
# Build first without --enable-devel: PEERAGE_BUILD=build/demo tests/bench/cpu.sh
. "$(dirname "$0")/bench.sh"
seconds=${1:-3} only=${2:-.}
the_book
a_reader
echo "requests_per_process = 1000000" >> "$work/peerage.conf"       # what a process that left has used is not seen
start_handlers 2
start_nginx

tick=$(getconf CLK_TCK)
postmaster=$(head -1 "$work/pg/postmaster.pid")
# ticks PID...: user and system time they have used
ticks() { local p; for p; do cat "/proc/$p/stat" 2> /dev/null; done | sed 's/^.*) //' | awk '{ s += $12 + $13 } END { print s + 0 }'; }
all_of() { pgrep -P "$1"; }
handlers() { local f p; for f in $families; do eval "p=\$handler_$f"; all_of "$p"; done; }
servers() { local p; for p in $(handlers); do all_of "$p"; done; handlers; }
snapshot() { echo "$(ticks $(all_of "$postmaster")) $(ticks $(servers | sort -u)) $(ticks $(all_of "${pids[-1]}"))"; }

printf '%-34s %9s %9s %9s %9s %9s\n' "request" "database" "handler" "nginx" "all" "bytes"
while read -r name path; do
	[[ $name =~ $only ]] || continue
	curl -s -o "$work/answer" -H "$(who "$path")" "$url$path"
	wrk -t1 -c8 -d1s -H "$(who "$path")" "$url$path" > /dev/null
	before=$(snapshot)
	n=$(wrk -t1 -c8 -d"${seconds}s" -H "$(who "$path")" "$url$path" | awk '/requests in/ { print $1 }')
	echo "$name $n $tick $before $(snapshot) $(stat -c %s "$work/answer")" | awk '{ u = 1e6 / $3 / $2
		printf "%-34s %9.0f %9.0f %9.0f %9.0f %9d\n", $1, ($7 - $4) * u, ($8 - $5) * u, ($9 - $6) * u, ($7 + $8 + $9 - $4 - $5 - $6) * u, $10 }'
done < <(sed -n '/^done <<-E/,/^E$/p' "$top/tests/bench/api.sh" | grep / )
pass
