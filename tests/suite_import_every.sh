#!/bin/bash
# A Peering Manager database with a row of every kind and a value in every column is imported, and each table is compared with what was
# there; then the same as versions 1.9 and 1.8 had it.
. "$(dirname "$0")/lib.sh"
data=$top/tests/data/peering-manager
start_postgres
fill() { # DATABASE
	sql_in postgres "CREATE DATABASE $1"
	xz -dc "$data/book.sql.xz" | psql -X -q -h "$work" -U peerage -d "$1" -v ON_ERROR_STOP=1 > "$work/restore.log" 2>&1 || die "$(tail -1 "$work/restore.log")"
	psql -X -q -1 -h "$work" -U peerage -d "$1" -v ON_ERROR_STOP=1 -f "$data/every.sql" > "$work/every.log" 2>&1 || die "$(cat "$work/every.log")"
}
import() { # DATABASE REPORT
	PEERAGE_CONF=${conf:-$PEERAGE_CONF} "$build/peerage" --json import-peering-manager "host=$work user=peerage dbname=$1" > "$2" 2> "$work/import.err" ||
		die "$1: $(cat "$2" "$work/import.err")"
}
total() { jq "[.[].$1] | add" "$2"; }

# ---- the data has what it says ----
fill theirs
blank=$(psql -X -q -h "$work" -U peerage -d theirs 2>&1 <<'Q' | sed -n 's/.*NOTICE: *//p'
DO $$
DECLARE
	c record;
	n bigint;
BEGIN
	FOR c IN SELECT t.relname AS tab, a.attname AS col FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND t.relname !~ '^(social|django|taggit)_'
	LOOP
		EXECUTE format('SELECT count(*) FROM %I WHERE %I IS NOT NULL AND %2$I::text NOT IN ('''', ''0'', ''{}'', ''false'')', c.tab, c.col) INTO n;
		IF n = 0 THEN RAISE NOTICE '%.%', c.tab, c.col; END IF;
	END LOOP;
END $$;
Q
)
same "every table has rows, every column a value" "" "$blank"

# ---- all of it arrives ----
import theirs "$work/first"
same "every row arrives" "$(total read "$work/first")" "$(total created "$work/first")"
same "none is refused" 0 "$(total refused "$work/first")"
same "nothing is without a place" "" "$(jq -r '.[] | select(.notes != []) | .table + ": " + (.notes | join("; "))' "$work/first")"
kinds=$(sql_in theirs "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '^(social|django|taggit)_' ORDER BY 1")
# what becomes rights is not copied as a table
same "every table of theirs is read" "$(echo "$kinds" | grep -v '^auth_permission$\|_permissions$')" "$(jq -r '.[].from' "$work/first" | sort -u)"

# The columns that bear other names or another form here are looked at below.
other="password napalm_password secret api_secret access_token refresh_token content_type_id object_type_id assigned_object_type_id
 changed_object_type_id related_object_type_id available_voltage_services info_types prefixes as_list data output"
# values DATABASE TABLE COLUMN...: what they hold, as one number
values() {
	local db=$1 table=$2 c list=
	shift 2
	for c; do list="$list, coalesce($c::text, '~')"; done
	sql_in "$db" "SET search_path = peerage, public; SELECT md5(string_agg(concat_ws('|'$list), E'\n' ORDER BY id)) FROM $table"
}
columns() { sql_in "$1" "SELECT attname FROM pg_attribute WHERE attrelid = '$2'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attname"; }
while read -r into from; do
	if [ "$into" = autonomous_system_prefix ] || [ "$into" = autonomous_system_as_list ]; then continue; fi
	mapfile -t both < <(comm -12 <(columns peerage "peerage.$into" | sort) <(columns theirs "$from" | sort) |
		{ if [ "$into" = data_file ]; then cat; else grep -vxF "$(printf '%s\n' $other)"; fi; })
	if [[ " ${both[*]} " == *" id "* ]]; then
		same "$into: ${#both[@]} columns" "$(values theirs "$from" "${both[@]}")" "$(values peerage "$into" "${both[@]}")"
	else    # a link: its two ends, in their order
		ends() { sql_in "$1" "SET search_path = peerage, public; SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '$2'::regclass AND attnum > 0 AND attname <> 'id'"; }
		pairs() { sql_in "$1" "SET search_path = peerage, public; SELECT count(*), md5(string_agg(x::text, ' ' ORDER BY x::text)) FROM (SELECT $3 FROM $2) x"; }
		case $from in *content_types) continue ;; esac
		same "$into: as many and the same" "$(pairs theirs "$from" "$(ends theirs "$from")")" "$(pairs peerage "$into" "$(ends peerage "$into")")"
	fi
done < <(jq -r '.[] | select(.read > 0) | .table + " " + .from' "$work/first")

# ---- what has another form here ----
ask() { sql "SET search_path = peerage, public; $1"; }
there() { sql_in theirs "$1"; }
for pair in "auto_synchronisation_record object_type_id core_autosynchronisationrecord" "config_context_assignment content_type_id extras_configcontextassignment" \
	"contact_assignment content_type_id messaging_contactassignment" "export_template content_type_id extras_exporttemplate" "job object_type_id core_job" \
	"journal_entry assigned_object_type_id extras_journalentry" "object_change changed_object_type_id core_objectchange" \
	"object_change related_object_type_id core_objectchange"; do
	set -- $pair
	same "$1.$2 names the same types" "$(there "SELECT md5(string_agg(s.id || ' ' || t.app_label || '.' || t.model, ',' ORDER BY s.id)) FROM $3 s JOIN django_content_type t ON t.id = s.$2")" \
		"$(ask "SELECT md5(string_agg(s.id || ' ' || t.app_label || '.' || t.model, ',' ORDER BY s.id)) FROM $1 s JOIN object_type t ON t.id = s.$2")"
done
same "tags lie on the same objects" "$(there "SELECT md5(string_agg(DISTINCT s.tag_id || ' ' || t.app_label || '.' || t.model || ' ' || s.object_id, ',')) FROM extras_taggeditem s JOIN django_content_type t ON t.id = s.content_type_id")" \
	"$(ask "SELECT md5(string_agg(DISTINCT s.tag_id || ' ' || t.app_label || '.' || t.model || ' ' || s.object_id, ',')) FROM tagged_item s JOIN object_type t ON t.id = s.object_type_id")"
same "webhooks are about the same types" "$(there "SELECT string_agg(t.app_label || '.' || t.model, ',' ORDER BY t.app_label, t.model) FROM extras_webhook_content_types s JOIN django_content_type t ON t.id = s.contenttype_id")" \
	"$(ask "SELECT string_agg(t.app_label || '.' || t.model, ',' ORDER BY t.app_label, t.model) FROM webhook_content_types s JOIN object_type t ON t.id = s.object_type_id")"
same "lists of the registries" "$(there "SELECT sum(jsonb_array_length(prefixes->'ipv4') + jsonb_array_length(prefixes->'ipv6')) || ' ' || sum(cardinality(as_list)) FROM peering_autonomoussystem WHERE prefixes IS NOT NULL OR as_list <> '{}'")" \
	"$(ask "SELECT (SELECT count(*) FROM autonomous_system_prefix) || ' ' || (SELECT count(*) FROM autonomous_system_as_list)")"
same "kinds of a network are a list" "{NSP,Content}" "$(ask "SELECT info_types FROM peeringdb_network ORDER BY id LIMIT 1")"
same "hashes of passwords stay as they are" "$(there "SELECT md5(string_agg(password, ' ' ORDER BY id)) FROM auth_user")" "$(ask "SELECT md5(string_agg(password, ' ' ORDER BY id)) FROM auth_user")"
same "a token is kept as a hash, its limits with it" "$(there "SELECT string_agg(encode(sha256(key::bytea), 'hex') || allowed_ips::text, ' ' ORDER BY id) FROM users_token WHERE allowed_ips IS NOT NULL")" \
	"$(ask "SELECT string_agg(encode(key_hash, 'hex') || allowed_ips::text, ' ' ORDER BY id) FROM auth_token WHERE allowed_ips IS NOT NULL")"
for c in router.napalm_password direct_peering_session.password internet_exchange_peering_session.password webhook.secret ixapi.api_secret ixapi.access_token; do
	same "${c} is sealed, not empty" "t" "$(ask "SELECT bool_and(${c#*.} LIKE 'seal1:%') FROM ${c%.*} WHERE ${c#*.} <> ''")"
done
same "rights of a group" "change deploy_router_configuration view" "$(ask "SELECT string_agg(DISTINCT a, ' ') FROM auth_permission p JOIN auth_permission_groups g ON g.auth_permission_id = p.id, unnest(p.actions) a")"

# ---- again ----
import theirs "$work/second"
same "a second run changes nothing" "0 0" "$(total created "$work/second") $(total updated "$work/second")"
same "and keeps everything" 0 "$(total only_here "$work/second")"

# ---- links that are taken away there go here; those that were made here stay, what was only changed here is as it is there ----
ours() { sql "SET search_path = peerage, public; $1"; }
pair=$(ours "SELECT autonomous_system_id || ' ' || community_id FROM autonomous_system_communities ORDER BY 1 LIMIT 1")
tag=$(ours "SELECT id FROM tagged_item ORDER BY id LIMIT 1")
made=$(ours "INSERT INTO autonomous_system_communities SELECT a.id, c.id FROM autonomous_system a, community c WHERE NOT EXISTS
	(SELECT FROM autonomous_system_communities x WHERE (x.autonomous_system_id, x.community_id) = (a.id, c.id)) LIMIT 1 RETURNING autonomous_system_id || ' ' || community_id" | head -1)
gone=$(sql_in theirs "WITH d AS (DELETE FROM peering_autonomoussystem_communities WHERE (autonomoussystem_id || ' ' || community_id) = '$pair' RETURNING 1),
	t AS (DELETE FROM extras_taggeditem WHERE id = $tag RETURNING 1) SELECT (SELECT count(*) FROM d) + (SELECT count(*) FROM t)")
same "two links are gone there" 2 "$gone"
import theirs "$work/third"
same "both go here" "0 0" "$(ours "SELECT count(*) FROM autonomous_system_communities WHERE autonomous_system_id || ' ' || community_id = '$pair'") $(ours "SELECT count(*) FROM tagged_item WHERE id = $tag")"
same "and are told" 2 "$(jq '[.[].notes[] | select(test("links? that are no longer there"))] | length' "$work/third")"
same "the one made here stays" 1 "$(ours "SELECT count(*) FROM autonomous_system_communities WHERE autonomous_system_id || ' ' || community_id = '$made'")"
import theirs "$work/fourth"
same "the next run changes nothing" "0 0" "$(total created "$work/fourth") $(total updated "$work/fourth")"
ours "DELETE FROM autonomous_system_communities WHERE autonomous_system_id || ' ' || community_id = '$made'" > /dev/null

# ---- all of it out and in again, as the whole book and kind by kind ----
back() { # NAME COMMAND...: there is nothing to do
	local out
	out=$("$build/peerage" "${@:2}" --dry-run 2>&1)
	case $out in "Nothing to do"*) pass ;; *) fail "$1 comes back unchanged: $(printf '%.400s' "$out")" ;; esac
}
for form in yaml json; do
	"$build/peerage" export --secrets --format $form > "$work/book.$form"
	back "the book as $form" apply "$work/book.$form"
done
for kind in $(jq -r 'del(.peerage) | keys[]' "$work/book.json"); do
	"$build/peerage" export "$kind" --format csv > "$work/kind.csv"
	back "$kind as csv" import "$kind" "$work/kind.csv"
done

# ---- as earlier versions had it ----
rendered() { # CONFIGURATION VERSION
	sql "SELECT template FROM peerage.configuration ORDER BY id OFFSET $([ "$2" = 1.9 ] && echo 0 || echo 1) LIMIT 1" > "$work/template"
	PEERAGE_CONF=$work/$1.conf "$build/peerage" render rtr09.pop05 --template "$work/template" 2>&1 | md5sum
}
for v in 1.9 1.8; do
	db=v${v#1.}
	fill "$db"
	for f in to-1.9.sql $([ $v = 1.9 ] || echo to-1.8.sql); do
		psql -X -q -1 -h "$work" -U peerage -d "$db" -v ON_ERROR_STOP=1 -f "$data/$f" > "$work/$f.log" 2>&1 || die "$f: $(cat "$work/$f.log")"
	done
	sql_in postgres "CREATE DATABASE ours_$db" > /dev/null
	conf=$work/$db.conf
	sed "s/dbname=peerage/dbname=ours_$db/" "$work/peerage.conf" > "$conf"
	PEERAGE_CONF=$conf "$build/peerage" migrate > "$work/migrate.log" 2>&1 || die "$(tail -1 "$work/migrate.log")"
	import "$db" "$work/report"
	same "$v: every row arrives" "$(total read "$work/report")" "$(total created "$work/report")"
	same "$v: none is refused" "" "$(jq -r '.[] | select(.refused > 0) | .table + ": " + (.notes | join("; "))' "$work/report")"
	for t in $(jq -r '.[] | select(.read > 0 and .table != "tagged_item") | .table' "$work/report"); do
		same "$v: as many of $t as from 1.10" "$(jq ".[] | select(.table == \"$t\") | .created" "$work/first")" "$(jq ".[] | select(.table == \"$t\") | .created" "$work/report")"
	done
	same "$v: what it does not have yet is named" "$(cat "$data/without-$v.txt")" "$(jq -r '.[] | select(.notes != []) | .table + ": " + (.notes | join("; "))' "$work/report")"
	same "$v: IX-API has its address" "$(there "SELECT string_agg(api_url, ' ') FROM extras_ixapi")" "$(sql_in "ours_$db" "SELECT string_agg(api_url, ' ') FROM peerage.ixapi")"
	# the one template says BFD and the communities of routers, which 1.8 does not have
	same "$v: a router renders as from 1.10" "$(rendered peerage $v)" "$(rendered "$db" $v)"
	import "$db" "$work/report"
	same "$v: a second run changes nothing" "0 0" "$(total created "$work/report") $(total updated "$work/report")"
done
unset conf

# ---- what 1.8 allowed and we do not ----
sql_in v8 "DO \$\$ DECLARE c record; BEGIN FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'peering_router'::regclass AND contype = 'u' LOOP
		EXECUTE 'ALTER TABLE peering_router DROP CONSTRAINT ' || quote_ident(c.conname); END LOOP; END \$\$;
	UPDATE peering_router SET name = 'of.many'" > /dev/null
conf=$work/v8.conf import v8 "$work/report"
same "routers of one name: one is carried" "3" "$(jq '.[] | select(.table == "router") | .refused' "$work/report")"
case $(jq -r '.[] | select(.table == "router") | .notes[]' "$work/report") in *router_name_key*twice*) pass ;; *) fail "and the rule is named: $(jq -c '.[] | select(.table == "router")' "$work/report")" ;; esac
