#!/bin/bash
# A synchronisation while it runs: its progress in the page, the job and the command, from a stand-in that answers slowly; and what a run
# leaves that is interrupted: by the end of its process, of PostgreSQL, in the middle of reading and of merging.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../peeringdb.sh"
sed -i 's/^peeringdb_timeout.*/peeringdb_timeout = 60/' "$work/peerage.conf"
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
"$build/peerage-runner" --poll 0.2 --lease 10 --events no 2>> "$work/runner.log" &
runner=$!
pids+=($runner)
until_true 10 grep -q "takes jobs" "$work/runner.log" || die "runner: $(cat "$work/runner.log")"
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-admin'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'"
page() { curl -s -o "$work/page" -H "Cookie: sessionid=session-admin" "$url/peeringdb/cache/"; }
begin() { api POST /api/peeringdb/cache/update-local/; job=$(j .id); }
field() { ask "SELECT $1 FROM job WHERE id = $job"; }
is() { [ "$(field status)" = "$1" ]; }
waits() { [ "$(field "status = 'pending' AND run_after > now()")" = t ]; }
asked_for() { grep -q "/api/$1?" "$pdb/requests"; }
child() { pgrep -P "$runner" | head -1; }

# ---- progress ----

wrong netfac steps 4
begin
same "the run is asked for" 202 "$status"
: > "$work/seen"
until_true 5 asked_for org
while is pending || is running; do
	field "progress_done || '/' || progress_total || ' ' || progress_label" >> "$work/seen"
	case $(tail -1 "$work/seen") in *"fetching netfac"*) page; cat "$work/page" >> "$work/pages" ;; esac
	api GET "/api/core/jobs/$job/"
	printf '%s\n' "$body" >> "$work/jobs"
done
same "it is completed" completed "$(field status)"
well
holds "the job's row tells of bytes that come" test "$(grep -o 'fetching netfac: [0-9]* kB' "$work/seen" | sort -u | wc -l)" -ge 2
holds "which become more" sh -c "grep -o 'fetching netfac: [0-9]*' '$work/seen' | sort -c -t: -k2 -n"
holds "and steps, which become more too" sh -c "cut -d/ -f1 '$work/seen' | grep . | sort -c -n"
holds "the page shows the bar" grep -q '<progress class="wide" max="26" value="' "$work/pages"
holds "and the bytes as they come" test "$(grep -o 'fetching netfac: [0-9]* kB' "$work/pages" | sort -u | wc -l)" -ge 2
holds "and renews itself" grep -q "This page renews itself" "$work/pages"
same "the last word is the end of the way" "26 26" "$(field "progress_done || ' ' || progress_total")"
same "the result has every type" 13 "$(field "jsonb_array_length(result -> 'types')")"
page
holds "then the page is still" sh -c "! grep -q 'renews itself' '$work/page'"
"$peerage" peeringdb sync --flush > /dev/null
script -qec "$peerage peeringdb sync" /dev/null < /dev/null | tr '\r' '\n' > "$work/terminal"
holds "the command tells the type it is at" grep -q '10/13 \|12/13 reading netixlan' "$work/terminal"
holds "with rows done and in all" grep -q 'reading netixlan: 1000 of about [0-9]* rows' "$work/terminal"
holds "reading" grep -q "reading netixlan: $(jq '.data | length' "$pdb/netixlan.json") of $(jq '.data | length' "$pdb/netixlan.json") rows" "$work/terminal"
holds "and merging" grep -q "merging netixlan: [0-9]* of $(jq '.data | length' "$pdb/netixlan.json") rows" "$work/terminal"

# ---- interrupted ----

all=$(jq '[.data[] | select(.status == "ok")] | length' "$pdb/netixlan.json")
# interrupted NAME STATUS-SQL: what a run leaves, and the next one
interrupted() {
	until_true 20 waits || fail "$1: the job is $(field "status || ' ' || coalesce(error, '')")"
	case $(field error) in *$2*) pass ;; *) fail "$1: the job says $(field error)" ;; esac
	same "$1: the cache is as it was" "" "$(diff <(echo "$before") <(picture))"
	page
	holds "$1: the page says when it is tried again" grep -q "is tried again after\|$3" "$work/page"
	"$peerage" jobs cancel "$job" > /dev/null
	: > "$pdb/requests"
	begin
	until_true 20 is completed || fail "$1: the next run is $(field "status || ' ' || coalesce(error, '')")"
	same "$1: the next run asks for what is left" "$4" "$(grep -c /api/ "$pdb/requests")"
	same "$1: and has everything" "$all" "$(count network_ixlan)"
}
# slow TYPE SECONDS: a run from an empty cache that is at this type
slow() {
	"$peerage" peeringdb sync --flush > /dev/null
	before=$(picture)
	wrong "$1" steps "$2"
	: > "$pdb/requests"
	begin
	until_true 20 asked_for "$1" || fail "it does not come to $1"
}

slow netfac 30
until_true 10 test -n "$(child)"
kill -9 "$(child)"
well
interrupted "its process killed while reading" SIGKILL SIGKILL 3

# a lock on a table stops the merge in its middle: twelve types are merged, and nobody sees it
mkfifo "$work/hold"
psql -X -q -h "$work" -U peerage -d peerage < "$work/hold" > /dev/null 2>&1 &
exec 9> "$work/hold"
"$peerage" peeringdb sync --flush > /dev/null
before=$(picture)
echo "BEGIN; LOCK TABLE peerage.peeringdb_network_contact IN SHARE ROW EXCLUSIVE MODE;" >&9
begin
until_true 20 sh -c "psql -X -qAt -h '$work' -U peerage -d peerage -c \"SELECT progress_label FROM peerage.job WHERE id = $job\" | grep -q '^merging poc'"
same "in the middle of the merge readers see what was before" "" "$(diff <(echo "$before") <(picture))"
kill -9 "$(child)"
echo 'ROLLBACK;' >&9
exec 9>&-
until_true 20 waits
interrupted "its process killed while merging" SIGKILL SIGKILL 0

# restarted MODE CHECK: PostgreSQL goes and comes while the run reads
restarted() {
	slow netixlan 3
	"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -m "$1" -w restart > /dev/null
	well
	$2
}
all_of_it() {
	until_true 20 is completed || fail "PostgreSQL restarted: the job is $(field "status || ' ' || coalesce(error, '')")"
	same "PostgreSQL restarted: the run goes on, with everything" "$all 0" "$(count network_ixlan) $(count pending)"
}
# what was read after the crash is kept
nothing_of_it() { interrupted "PostgreSQL crashed" "lost what was read" "lost what was read" 11; }
restarted fast all_of_it
restarted immediate nothing_of_it
