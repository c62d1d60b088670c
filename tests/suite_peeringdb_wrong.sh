#!/bin/bash
# Everything that the stand-in PeeringDB can do wrong, through the runner: a table of misbehaviours, each of which ends as an error in the
# job that says what, the cache as it was, and the next run well.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peeringdb.sh"
start_redis
"$build/peerage-runner" --poll 0.2 --events no 2>> "$work/runner.log" &
pids+=($!)
until_true 10 grep -q "takes jobs" "$work/runner.log" || die "runner: $(cat "$work/runner.log")"
net=$(jq '.data[0].id' "$pdb/net.json")
sync
same "the first run" 0 $status
# from now on two rows of each type are all that changed
for t in org campus fac carrier carrierfac net ix ixfac ixlan ixpfx netfac netixlan poc; do jq -c '{data: .data[0:2]}' "$pdb/$t.json" > "$pdb/since/$t.json"; done

over() { [ "$(ask "SELECT status NOT IN ('running', 'pending') OR (attempt > 0 AND run_after > now()) FROM job WHERE id = $job")" = t ]; }
# run: a job, until it has ended or waits to be tried again; $outcome
run() {
	job=$("$peerage" --json peeringdb sync --tasks | jq .job)
	until_true 40 over || fail "job $job does not end"
	outcome=$(ask "SELECT CASE status WHEN 'pending' THEN 'again' ELSE status END FROM job WHERE id = $job")
	[ "$outcome" != again ] || "$peerage" jobs cancel "$job" > /dev/null
}
log() { ask "SELECT string_agg(message, '|' ORDER BY n) FROM job_log WHERE job_id = $job"; }
# change FILTER: of the rows of the type at hand, for as long as the row of the table lasts
change() { cp "$pdb/since/$type.json" "$work/kept.json"; edit "since/$type" "$1"; }
# body NAME TEXT: as the answer
body() { printf '%s' "$2" > "$pdb/$1"; printf 'file %s' "$1"; }

# a small answer that is packed, and one that would unpack to more than anybody wants
jq -c '{data: [], meta: {}}' <<< null | gzip > "$pdb/good.gz"
head -c 140M /dev/zero | gzip -1 > "$pdb/bomb.gz"
head -c 3000 "$pdb/bomb.gz" > "$pdb/half.gz"
printf '{"data": [], "meta": {}}' > "$pdb/plain.gz"
printf '{"data": [{"id": 1, "name": "\xff\xfe", "status": "ok"}]}' > "$pdb/latin"

# NAME | type | what the stand-in does (behaviour, or @ and a change of its rows) | how the job ends | what it says
# "again": it failed and is tried once more later; "failed": trying again is of no use
table=$(cat <<T
a page of HTML|net|html|again|there is "<!DOCTYPE html>
a connection that is cut|netixlan|cut|again|netixlan: *partial file
half a document|netixlan|short|again|ends in the middle
an answer that takes too long|netfac|slow|again|no whole answer in 2 s
no answer at all|ixpfx|silent|again|no whole answer in 2 s
a connection that is closed|ix|close|again|ix: *
what is not HTTP|ix|garbage|again|ix: *
an answer without end|ix|endless|again|ix: *
a document that unpacks to too much|ix|file bomb.gz|again|ix: *more than *bytes
a packed document that is cut|ix|file half.gz|again|ix: *
a document that is not packed as it says|ix|file plain.gz|again|ix: *
a server that fails|ix|500|again|ix: PeeringDB answers 500: Oops
a type that is not there|ix|404|again|ix: PeeringDB answers 404: Entity not found
an answer with nothing in it|ix|204|again|ix: PeeringDB answers 204
an empty document|ix|file none|again|ix: the answer ends in the middle
no key|poc|401|failed|poc: PeeringDB refuses a query without a key (401): Invalid API key
a key that is off|poc|403|failed|poc: PeeringDB refuses a query without a key (403): Inactive API key
a limit for an hour|fac|429 3600|again|fac: PeeringDB wants no more queries for 3600 s: Request was throttled; what was read is kept
a limit that says nonsense|fac|429 soon|again|fac: PeeringDB wants no more queries
a redirect to another host|ix|redirect https://example.net/|failed|redirects to another host
a redirect to a file|ix|redirect file:///etc/passwd|failed|redirects to
a redirect in a circle|ix|redirect /api/ix|again|ix: *redirect
a list where an object should be|ix|$(body root '[]')|again|there is "[]"
no list of rows|ix|$(body meta '{"meta": {}}')|again|the answer has no "data"
rows that are no list|ix|$(body object '{"data": {"id": 1}}')|again|the list of "data"
a row that is no object|ix|$(body number '{"data": [7]}')|again|a row
a comma too many|ix|$(body comma '{"data": [{"id": 1, "status": "deleted", "updated": "2020-01-01T00:00:00Z"},]}')|again|a row
two documents|ix|$(body two '{"data": []}{"data": []}')|again|the end
nested too deep|ix|$(body deep "{\"data\": [{\"id\": 1, \"x\": $(printf '[%.0s' {1..200})$(printf ']%.0s' {1..200})}]}")|again|the answer is not JSON
bytes that are no text|org|file latin|again|org: *
a page that is empty with a next one|carrier|$(body page '{"data": [], "meta": {"pagination": {"page": 1, "has_next": true}}}')|again|carrier: page 2 is empty and yet there is a next one
a text where a number should be|net|@(.data[] \| select(.id == $net)).asn = "one"|again|net $net: asn is a JSON string; it should be a whole number
an object where a text should be|net|@(.data[] \| select(.id == $net)).name = {"a": 1}|again|net $net: name is a JSON object; it should be text
a number where a boolean should be|net|@(.data[] \| select(.id == $net)).info_ipv6 = 7|again|net $net: info_ipv6 is a JSON integer; it should be
a status that is a number|net|@(.data[] \| select(.id == $net)).status = 1|again|status is a JSON integer; it should be text
a name that is missing|net|@(.data[] \| select(.id == $net)).name = null|again|net $net: name is missing
an id twice|net|@.data += [.data[] \| select(.id == $net)]|again|net: the answer has id $net twice
no id|net|@.data \|= map(if .id == $net then del(.id) else . end)|again|has no id that is a positive whole number
an id that is negative|net|@(.data[] \| select(.id == $net)).id = -1|again|has no id that is a positive whole number
an id that is a fraction|net|@(.data[] \| select(.id == $net)).id = 1.5|again|has no id that is a positive whole number
T
)

n=0
while IFS= read -r line; do
	IFS=$'\001' read -r name type does want says <<< "$(sed 's/\\|/\x02/g; s/|/\x01/g; s/\x02/|/g' <<< "$line")"
	n=$((n + 1))
	edit since/net "(.data[] | select(.id == $net)) += {name: \"Run $n\", updated: (1803859200 + $n | todate)}"
	before=$(picture)
	case $does in
		@*) change "${does#@}" ;;
		*) wrong "$type" "$does" ;;
	esac
	run
	same "$name: how the job ends" "$want" "$outcome"
	# shellcheck disable=SC2254
	case $(log) in *$says*) pass ;; *) fail "$name: it says $(log | head -c 400)" ;; esac
	same "$name: the cache is as it was" "" "$(diff <(echo "$before") <(picture))"
	well
	case $does in @*) mv "$work/kept.json" "$pdb/since/$type.json" ;; esac
	sync
	same "$name: the next run is well" "0 Run $n" "$status $(ask "SELECT name FROM peeringdb_network WHERE id = $net")"
done <<< "$table"

# ---- what only looks wrong ----

wrong carrier file good.gz
run
same "a packed answer is unpacked" completed "$outcome"
wrong net 429 1 2
SECONDS=0
run
same "a short limit is kept to" "completed" "$outcome"
holds "for as long as was asked" test $SECONDS -ge 2
well
wrong fac 429 7200
run
same "a long one puts the next try off" t "$(ask "SELECT run_after > created + interval '7100 seconds' FROM job WHERE id = $job")"
well
