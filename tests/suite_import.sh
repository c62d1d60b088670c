#!/bin/bash
# A real Peering Manager database is copied into ours; run again, nothing changes; what our rules refuse is named.
. "$(dirname "$0")/lib.sh"
start_postgres
sql_in postgres 'CREATE DATABASE theirs'
xz -dc "$top/tests/data/peering-manager/book.sql.xz" | psql -X -q -h "$work" -U peerage -d theirs -v ON_ERROR_STOP=1 > "$work/restore.log" 2>&1
theirs="host=$work user=peerage dbname=theirs"
import() { "$build/peerage" --json import-peering-manager "$@" "$theirs" 2> "$work/import.err"; }
total() { jq "[.[].$1] | add"; }
ask() { sql "SET search_path = peerage, public; $1"; }
there() { sql_in theirs "$1"; }
contains() { case $2 in *"$3"*) pass ;; *) fail "$1"; echo "  in: $2" ;; esac; }
of() { jq -r ".[] | select(.table == \"$1\") | $2"; }

same "a dry run says what would be" 4 "$(import --dry-run | of router '.created')"
same "and changes nothing" 0 "$(ask 'SELECT count(*) FROM router')"

first=$(import)
same "every row that was read was made" "$(echo "$first" | total read)" "$(echo "$first" | total created)"
same "no row was refused" 0 "$(echo "$first" | total refused)"
same "ids are kept" "$(there "SELECT id FROM devices_router WHERE name = 'rtr09.pop05'")" "$(ask "SELECT id FROM router WHERE name = 'rtr09.pop05'")"
same "tags lie on the same objects" "$(there 'SELECT count(DISTINCT (tag_id, content_type_id, object_id)) FROM extras_taggeditem')" "$(ask 'SELECT count(*) FROM tagged_item')"
same "no token is kept in clear" 0 "$(ask "SELECT count(*) FROM auth_token t WHERE t::text LIKE '%0123456789abcdef%'")"
same "session keys are sealed" 0 "$(ask "SELECT count(*) FROM internet_exchange_peering_session WHERE password <> '' AND password NOT LIKE 'seal1:%'")"

same "what came is found" "$(ask 'SELECT count(*) FROM internet_exchange_peering_session')" \
	"$(ask "SELECT count(DISTINCT object_id) FROM search_entry WHERE object_type_id = 74 AND field = 'ip_address'")"

second=$(import)
same "a second run creates nothing" 0 "$(echo "$second" | total created)"
same "and changes nothing" 0 "$(echo "$second" | total updated)"

psql -X -q -U peerage -h "$work" -d theirs -c "UPDATE peering_autonomoussystem SET name = 'Renamed' WHERE id = (SELECT min(id) FROM peering_autonomoussystem)" \
	-c "ALTER TABLE devices_router DROP COLUMN poll_bgp_sessions_state" \
	-c "INSERT INTO net_bfd (name, slug, description, minimum_transmit_interval, minimum_receive_interval, detection_multiplier, hold_time)
	    VALUES ('too fast', 'too-fast', '', 0, 300, 3, 0)" \
	-c "ALTER TABLE extras_journalentry DROP CONSTRAINT IF EXISTS extras_journalentry_created_by_id_fk, ADD COLUMN mood text"
third=$(import)
same "a change over there arrives" 1 "$(echo "$third" | of autonomous_system '.updated')"
same "a column that an older version lacks keeps its value here" 0 "$(echo "$third" | of router '.updated')"
same "a row that breaks a rule is refused" 1 "$(echo "$third" | of bfd '.refused')"
contains "with the rule's name and its id" "$(echo "$third" | of bfd '.notes[]')" minimum_transmit_interval
contains "a column without a place is named" "$(echo "$third" | of journal_entry '.notes[]')" mood

sql_in postgres "CREATE DATABASE empty"
"$build/peerage" import-peering-manager "host=$work user=peerage dbname=empty" > "$work/out" 2> "$work/err"
same "another database is refused" 1 $?
contains "and the message says why" "$(cat "$work/err")" "not a Peering Manager database"

"$build/peerage" render rtr09.pop05 > "$work/ours.conf" 2> "$work/err"
xz -dc "$top/tests/data/peering-manager/rtr09.pop05.conf.xz" > "$work/theirs.conf"
cmp "$work/ours.conf" "$work/theirs.conf" > "$work/cmp" 2>&1
status=$?
same "the router renders byte for byte as there: $(head -c 200 "$work/err" "$work/cmp")" 0 $status
