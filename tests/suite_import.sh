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
holds "with the rule and the row" grep -qE "refused by bfd_[a-z_]+_check, which wants .*: 1 row \(id [0-9]+\)" <<< "$(echo "$third" | of bfd '.notes[]')"
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

# ---- its users sign in with their passwords, its tokens work ----
start_redis
start_handlers
start_nginx
bearer() { curl -s -o "$work/body" -w '%{http_code}' -H "Authorization: Token $1" "$url/api/users/users/?limit=1"; }
same "a token of theirs works here" 200 "$(bearer 0123456789abcdef0123456789abcdef01234567)"
same "one that had expired does not" '403 {"detail":"Token expired"}' "$(bearer 2222222222222222222222222222222222222222) $(cat "$work/body")"
same "one that is bound to addresses is still" "403 192.0.2.0/24" "$(bearer 3333333333333333333333333333333333333333) $(ask "SELECT allowed_ips[1] FROM auth_token WHERE id = 4")"
sign_in() { # PASSWORD: status of the answer
	curl -s -o /dev/null -c "$work/jar" "$url/login/"
	curl -s -o /dev/null -w '%{http_code}' -b "$work/jar" -c "$work/jar" -d "username=admin" -d "password=$1" \
		-d "csrfmiddlewaretoken=$(awk '$6 == "csrftoken" { print $7 }' "$work/jar")" "$url/login/"
}
same "a wrong password does not sign in" 403 "$(sign_in wrong)"
same "their password does" 302 "$(sign_in admin-baseline)"
contains "and its hash is replaced" "$(ask "SELECT password FROM auth_user WHERE username = 'admin'")" '$y$'

# ---- a database as 1.8 had it: models before they moved to today's apps ----
sql_in postgres 'CREATE DATABASE old TEMPLATE theirs' > /dev/null
sql_in postgres 'CREATE DATABASE ours2' > /dev/null
while read -r now before; do
	sql_in old "ALTER TABLE $now RENAME TO $before"
done > /dev/null <<'T'
devices_router peering_router
devices_router_communities peering_router_communities
devices_configuration peering_configuration
bgp_community peering_community
messaging_email peering_emailtemplate
extras_tag utils_tag
extras_taggeditem utils_taggeditem
core_objectchange utils_objectchange
core_job extras_job
T
sql_in old "UPDATE django_content_type SET app_label = 'stale' WHERE (app_label, model) IN (('peering', 'router'), ('peering', 'configuration'), ('peering', 'community'),
		('peering', 'emailtemplate'), ('utils', 'tag'), ('utils', 'taggeditem'), ('utils', 'objectchange'), ('extras', 'job'));
	UPDATE django_content_type SET app_label = 'peering' WHERE (app_label, model) IN (('devices', 'router'), ('devices', 'configuration'), ('bgp', 'community'));
	UPDATE django_content_type SET app_label = 'peering', model = 'emailtemplate' WHERE (app_label, model) = ('messaging', 'email');
	UPDATE django_content_type SET app_label = 'utils' WHERE (app_label, model) IN (('extras', 'tag'), ('extras', 'taggeditem'), ('core', 'objectchange'));
	UPDATE django_content_type SET app_label = 'extras' WHERE (app_label, model) = ('core', 'job')" > /dev/null || fail "the types of before"
sed 's/dbname=peerage/dbname=ours2/' "$work/peerage.conf" > "$work/two.conf"
PEERAGE_CONF=$work/two.conf "$build/peerage" migrate > "$work/migrate2.log" 2>&1 || fail "migrate: $(tail -1 "$work/migrate2.log")"
theirs="host=$work user=peerage dbname=old"
fourth=$(PEERAGE_CONF=$work/two.conf import) || fail "$(cat "$work/import.err")"
for t in router router_communities configuration community email tag tagged_item object_change job; do
	same "1.8: as many of $t" "$(echo "$third" | of $t .read) 0" "$(echo "$fourth" | of $t '"\(.created) \(.refused)"')"
done
same "1.8: tags lie on routers" "$(ask "SELECT count(*) FROM tagged_item g JOIN object_type o ON o.id = g.object_type_id WHERE o.model = 'router'")" \
	"$(sql_in ours2 "SET search_path = peerage, public; SELECT count(*) FROM tagged_item g JOIN object_type o ON o.id = g.object_type_id WHERE o.model = 'router'")"
