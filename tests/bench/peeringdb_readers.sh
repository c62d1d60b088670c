#!/bin/bash
# What readers have left of their requests a second while the cache is brought up to date: wrk on a list of the API and on a page, before, during
# and after a first synchronisation, one that compares everything, and one of 1,000 changes. A benchmark, not a test; see README.md.
#   peeringdb_readers.sh [SECONDS OF A MEASUREMENT [MOST SECONDS OF A SYNCHRONISATION]]
. "$(dirname "$0")/bench.sh"
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-3}
most=${2:-60}
the_book
a_reader
data=$work/data
python3 "$here/peeringdb/generate.py" "$data" changed
mkdir "$work/changes"
for f in "$data"/since/*.json; do cp "$f" "$work/changes/"; done
start_handlers 4
start_nginx
echo 'local n = 0
request = function() n = n % 20000 + 1; return wrk.format(nil, (wrk.path:gsub("@", tostring(n)))) end' > "$work/vary.lua"

# readers: requests a second that both have, in so many seconds
readers() {
	timeout -k 2 $((seconds + 5)) wrk -t1 -c4 -d"${seconds}s" -s "$work/vary.lua" -H "Authorization: Token $token" \
		"$url/api/peering/internet-exchange-peering-sessions/?limit=50&offset=@" > "$work/list.out" &
	local list=$!
	timeout -k 2 $((seconds + 5)) wrk -t1 -c4 -d"${seconds}s" -s "$work/vary.lua" -H "Cookie: sessionid=$token" "$url/internet-exchange-peering-sessions/@/" > "$work/page.out"
	wait $list
	awk '/Requests\/sec/ { s += $2 } END { print s }' "$work/list.out" "$work/page.out"
}
mean() { awk '{ s += $1; n++ } END { print n ? s / n : 0 }' "$1"; }
several() { local i; : > "$work/alone"; for i in 1 2 3; do readers >> "$work/alone"; done; mean "$work/alone"; }
# measure NAME COMMAND...: readers for a while, then two seconds without them, until the command is through (a synchronisation steps back for
# readers and would take long if they never paused; so each of its phases is met) or $most seconds are over
measure() {
	local name=$1 before after job started took
	shift
	before=$(several)
	: > "$work/rates"
	started=$SECONDS
	timeout -k 5 "$most" "$@" >> "$work/sync.log" 2>&1 &
	job=$!
	while kill -0 $job 2> /dev/null; do readers >> "$work/rates"; sleep 2; done
	wait $job || echo "$name did not end: $?" >> "$work/sync.log"
	took=$((SECONDS - started))
	after=$(several)
	awk -v n="$name" -v b="$before" -v d="$(mean "$work/rates")" -v a="$after" -v s="$took" -v w="$(wc -l < "$work/rates")" \
		'BEGIN { printf "%-22s %9.0f %9.0f %9.0f %8.2f %6d s %4d\n", n, b, d, a, 2 * d / (a + b), s, w }'
}
printf '%-22s %9s %9s %9s %8s %8s %4s\n' "requests a second" before during after ratio took seen
readers > /dev/null
measure "first" "$build/peerage" peeringdb sync --from "$data"
measure "everything compared" "$build/peerage" peeringdb sync --from "$data"
changes() { local i; for i in 1 2 3 4; do "$build/peerage" peeringdb load --changes "$work/changes"; sleep 2; done; }
export -f changes
export build work
measure "changes, four times" bash -c changes
grep -hE 'peerage:|did not end' "$work/sync.log" | head -3
trap - EXIT
finish > /dev/null
exit 0
