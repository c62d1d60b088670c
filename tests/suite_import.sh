#!/bin/bash
# A real Peering Manager database is copied into ours; run again, nothing changes; what our rules refuse is named.
. "$(dirname "$0")/lib.sh"
peerage="$PEERAGE_BUILD/peerage"
start_postgres
createdb -h "$PGHOST" theirs
xz -dc "$PEERAGE_TOP/tests/data/peering-manager/book.sql.xz" | psql -q -h "$PGHOST" -d theirs -v ON_ERROR_STOP=1 > "$T/restore.log" 2>&1
theirs="host=$PGHOST user=$PGUSER dbname=theirs"
import() { "$peerage" --json import-peering-manager "$@" "$theirs" 2> "$T/import.err"; }
total() { jq "[.[].$1] | add"; }
ask() { psql -qAt -h "$PGHOST" -d peerage -c "SET search_path = peerage, public" -c "$1"; }

equal "a dry run says what would be" "$(import --dry-run | jq -r '.[] | select(.table == "router") | .created')" 4
equal "and changes nothing" "$(ask 'SELECT count(*) FROM router')" 0

first=$(import)
equal "every row that was read was made" "$(echo "$first" | total created)" "$(echo "$first" | total read)"
equal "no row was refused" "$(echo "$first" | total refused)" 0
equal "ids are kept" "$(ask "SELECT id FROM router WHERE name = 'rtr09.pop05'")" \
	"$(psql -qAt -h "$PGHOST" -d theirs -c "SELECT id FROM devices_router WHERE name = 'rtr09.pop05'")"
equal "tags lie on the same objects" "$(ask 'SELECT count(*) FROM tagged_item')" \
	"$(psql -qAt -h "$PGHOST" -d theirs -c 'SELECT count(DISTINCT (tag_id, content_type_id, object_id)) FROM extras_taggeditem')"
equal "no token is kept in clear" "$(ask "SELECT count(*) FROM auth_token t WHERE t::text LIKE '%0123456789abcdef%'")" 0
equal "session keys are sealed" "$(ask "SELECT count(*) FROM internet_exchange_peering_session WHERE password <> '' AND password NOT LIKE 'seal1:%'")" 0

second=$(import)
equal "a second run creates nothing" "$(echo "$second" | total created)" 0
equal "and changes nothing" "$(echo "$second" | total updated)" 0

psql -q -h "$PGHOST" -d theirs -c "UPDATE peering_autonomoussystem SET name = 'Renamed' WHERE id = (SELECT min(id) FROM peering_autonomoussystem)" \
	-c "ALTER TABLE devices_router DROP COLUMN poll_bgp_sessions_state" \
	-c "INSERT INTO net_bfd (name, slug, description, minimum_transmit_interval, minimum_receive_interval, detection_multiplier, hold_time)
	    VALUES ('too fast', 'too-fast', '', 0, 300, 3, 0)" \
	-c "ALTER TABLE extras_journalentry DROP CONSTRAINT IF EXISTS extras_journalentry_created_by_id_fk, ADD COLUMN mood text"
third=$(import)
equal "a change over there arrives" "$(echo "$third" | jq -r '.[] | select(.table == "autonomous_system") | .updated')" 1
equal "a column that an older version lacks keeps its value here" "$(echo "$third" | jq -r '.[] | select(.table == "router") | .updated')" 0
equal "a row that breaks a rule is refused" "$(echo "$third" | jq -r '.[] | select(.table == "bfd") | .refused')" 1
contains "with the rule's name and its id" "$(echo "$third" | jq -r '.[] | select(.table == "bfd") | .notes[]')" minimum_transmit_interval
contains "a column without a place is named" "$(echo "$third" | jq -r '.[] | select(.table == "journal_entry") | .notes[]')" mood

createdb -h "$PGHOST" empty
"$peerage" import-peering-manager "host=$PGHOST user=$PGUSER dbname=empty" > "$T/out" 2> "$T/err"
equal "another database is refused" $? 1
contains "and the message says why" "$(cat "$T/err")" "not a Peering Manager database"

"$peerage" render rtr09.pop05 > "$T/ours.conf" 2> "$T/err"
xz -dc "$PEERAGE_TOP/tests/data/peering-manager/rtr09.pop05.conf.xz" > "$T/theirs.conf"
cmp "$T/ours.conf" "$T/theirs.conf" > "$T/cmp" 2>&1
status=$?
equal "the router renders byte for byte as there $(head -c 200 "$T/cmp")" $status 0
finish
