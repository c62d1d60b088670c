#!/bin/bash
# What readers have left of their requests a second while the cache is brought up to date: wrk on a list of the API and on a page, before, during
# and after a first synchronisation, one that compares everything, and one of 1,000 changes. A benchmark, not a test; see README.md.
#   peeringdb_readers.sh [SECONDS OF A MEASUREMENT]
. "$(dirname "$0")/../lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-10}
start_postgres
start_redis
psql -X -q -h "$work" -U peerage -d peerage -v ON_ERROR_STOP=1 -f "$here/book.sql" || die "the book"
token=0123456789abcdef0123456789abcdef01234567
sql "SET search_path = peerage, public;
	INSERT INTO auth_user (username, password, is_superuser, is_staff) VALUES ('bench', '', true, true);
	INSERT INTO auth_token (user_id, key_hash, key_hint) SELECT id, sha256('$token'), right('$token', 6) FROM auth_user;
	INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('$token'), id, now() + interval '1 day', '$token' FROM auth_user"
data=$work/data
python3 "$here/peeringdb/generate.py" "$data" changed
mkdir "$work/changes"
for f in "$data"/since/*.json; do cp "$f" "$work/changes/"; done
start_handlers 4
start_nginx
echo 'local n = 0
request = function() n = n % 20000 + 1; return wrk.format(nil, (wrk.path:gsub("@", tostring(n)))) end' > "$work/vary.lua"

# readers SECONDS: requests both have had, for as long; waits for the end
readers() {
	wrk -t1 -c4 -d"$1s" -s "$work/vary.lua" -H "Authorization: Token $token" "$url/api/peering/internet-exchange-peering-sessions/?limit=50&offset=@" > "$work/list.out" &
	local list=$!
	wrk -t1 -c4 -d"$1s" -s "$work/vary.lua" -H "Cookie: sessionid=$token" "$url/internet-exchange-peering-sessions/@/" > "$work/page.out"
	wait $list
	awk '/Requests\/sec/ { s += $2 } END { print s }' "$work/list.out" "$work/page.out"
}
# measure NAME COMMAND...: the command again and again for as long as the readers read
measure() {
	local name=$1 before during after runs started
	shift
	before=$(readers "$seconds")
	: > "$work/runs"
	( while [ -s "$work/go" ]; do "$@" >> "$work/sync.log" 2>&1; echo >> "$work/runs"; done ) &
	local loop=$!
	started=$(date +%s%N)
	if [ "$name" = changes ]; then during=$(readers "$seconds"); runs=$(wc -l < "$work/runs"); : > "$work/go"; wait $loop
	else
		: > "$work/rates"
		while kill -0 $loop 2> /dev/null && [ ! -s "$work/runs" ]; do readers 3 >> "$work/rates"; done
		: > "$work/go"
		wait $loop
		during=$(awk '{ s += $1; n++ } END { print s / n }' "$work/rates")
		runs=1
	fi
	echo go > "$work/go"
	after=$(readers "$seconds")
	awk -v n="$name" -v b="$before" -v d="$during" -v a="$after" -v r="$runs" -v s="$started" -v e="$(date +%s%N)" \
		'BEGIN { printf "%-22s %9.0f %9.0f %9.0f %8.2f %6d\n", n, b, d, a, 2 * d / (a + b), r }'
}
echo go > "$work/go"
printf '%-22s %9s %9s %9s %8s %6s\n' "requests a second" before during after ratio runs
readers 3 > /dev/null
measure "first" "$build/peerage" peeringdb sync --from "$data"
measure "everything compared" "$build/peerage" peeringdb sync --from "$data"
one_change() { "$build/peerage" peeringdb load --changes "$work/changes"; sleep 2; }
measure "changes" one_change
grep -h 'peerage:' "$work/sync.log" | head -3
trap - EXIT
finish > /dev/null
exit 0
