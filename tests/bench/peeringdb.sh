#!/bin/bash
# Time a first synchronisation of all of PeeringDB and one with 1,000 changes, beside PostgreSQL's plain COPY of the same rows into
# the same tables plus parsing the same files with json-c; see README.md.   peeringdb.sh [BUILD FOLDER]
PEERAGE_BUILD=${1:-${PEERAGE_BUILD:-$(cd "$(dirname "$0")/../.." && pwd)/build}}
export PEERAGE_BUILD
if [ "$(id -u)" = 0 ]; then exec "$(dirname "$0")/../../tools/unprivileged" bash "$(cd "$(dirname "$0")" && pwd)/peeringdb.sh" "$@"; fi
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib.sh" > /dev/null
for p in peerage tests/tools/jsonc_parse tests/tools/peeringdb_server; do [ -x "$build/$p" ] || die "no $build/$p: make it first"; done
start_postgres
data=$work/data
python3 "$here/peeringdb/generate.py" "$data" changed
tables="organization campus facility carrier carrier_facility network internet_exchange internet_exchange_facility ixlan ixlan_prefix
 network_facility network_ixlan network_contact"
psql() { command psql -X -q -h "$work" -U peerage -v ON_ERROR_STOP=1 "$@"; }
# took FILE: seconds of the command before, from time's output
timed() { local out=$1; shift; /usr/bin/env bash -c 'TIMEFORMAT=%R; time "$@" > /dev/null 2> "$0.err"' "$work/timed" "$@" 2> "$out"; }
memory() { local out=$1; shift; "$@" > /dev/null & local p=$! m=0 n; while n=$(awk '/VmHWM/ { print $2 }' "/proc/$p/status" 2> /dev/null) && [ -n "$n" ]; do m=$n; sleep 0.05; done; wait $p; echo "$m" > "$out"; }

echo "$(cat "$data"/*.json | wc -c) bytes of JSON in $(ls "$data"/*.json | wc -l) files"
timed "$work/sync" "$build/peerage" peeringdb sync --from "$data"
echo "rows: $(sql 'SET search_path = peerage, public; SELECT sum(n) FROM (SELECT count(*) AS n FROM peeringdb_network_ixlan UNION ALL SELECT count(*) FROM peeringdb_network_facility
	UNION ALL SELECT count(*) FROM peeringdb_network_contact UNION ALL SELECT count(*) FROM peeringdb_network UNION ALL SELECT count(*) FROM peeringdb_organization) x') in the five largest types"

# the reference: the same rows, as COPY wrote them, into fresh tables
for t in $tables; do psql -d peerage -c "\\copy peerage.peeringdb_$t TO '$work/$t.copy'"; done
psql -d postgres -c 'CREATE DATABASE plain'
sed "s/dbname=peerage/dbname=plain/" "$work/peerage.conf" > "$work/plain.conf"
"$build/peerage" -c "$work/plain.conf" migrate > /dev/null
{
	echo 'SET search_path = peerage, public; BEGIN;'
	for t in $tables; do echo "\\copy peeringdb_$t FROM '$work/$t.copy'"; done
	echo 'COMMIT;'
} > "$work/plain.sql"
timed "$work/copy" psql -h "$work" -U peerage -d plain -f "$work/plain.sql"
timed "$work/parse" "$build/tests/tools/jsonc_parse" "$data"/*.json

# a second database, over HTTP: the memory, then the changes
psql -d postgres -c 'CREATE DATABASE remote'
"$build/tests/tools/peeringdb_server" "$data" &
pids+=($!)
until_true 10 test -s "$data/port"
{
	sed "s/dbname=peerage/dbname=remote/" "$work/peerage.conf"
	echo "peeringdb_url = http://127.0.0.1:$(cat "$data/port")/api"
	echo "peeringdb_bulk_url ="
	echo "peeringdb_pause = 0"
} > "$work/remote.conf"
"$build/peerage" -c "$work/remote.conf" migrate > /dev/null
"$build/peerage" -c "$work/remote.conf" peeringdb sync --from "$data" > /dev/null
timed "$work/changes" "$build/peerage" -c "$work/remote.conf" peeringdb sync
changed=$(psql -At -d remote -c 'SELECT sum(updated) FROM peerage.peeringdb_synchronisation')
timed "$work/again" "$build/peerage" -c "$work/remote.conf" peeringdb sync --from "$data"
"$build/peerage" -c "$work/remote.conf" peeringdb sync --flush > /dev/null
memory "$work/memory" "$build/peerage" -c "$work/remote.conf" peeringdb sync --from "$data"

awk -v sync="$(tail -1 "$work/sync")" -v copy="$(tail -1 "$work/copy")" -v parse="$(tail -1 "$work/parse")" -v changes="$(tail -1 "$work/changes")" \
	-v again="$(tail -1 "$work/again")" -v memory="$(cat "$work/memory")" -v changed="$changed" 'BEGIN {
	printf "first synchronisation   %6.2f s\n", sync
	printf "reference               %6.2f s  (COPY %.2f s + json-c %.2f s)\n", copy + parse, copy, parse
	printf "ratio                   %6.2f\n", sync / (copy + parse)
	printf "%5d changes           %6.2f s\n", changed, changes
	printf "everything compared     %6.2f s\n", again
	printf "memory of the command   %6.1f MB\n", memory / 1024 }'
trap - EXIT
finish > /dev/null
exit 0
