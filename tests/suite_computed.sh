#!/bin/bash
# What is computed from a book: each derived attribute, method and filter of templates and each computed key of the API, against what
# Peering Manager's rules (computed/oracle.py, over its own tables, through the real Jinja2) make of the same database.
. "$(dirname "$0")/lib.sh"
start_postgres
sql_in postgres 'CREATE DATABASE theirs'
xz -dc "$top/tests/data/peering-manager/book.sql.xz" | psql -X -q -h "$work" -U peerage -d theirs -v ON_ERROR_STOP=1 > "$work/restore.log" 2>&1
theirs="host=$work user=peerage dbname=theirs"
oracle() { python3 "$top/tests/computed/oracle.py" "$@"; }
import() { "$build/peerage" import-peering-manager "$theirs" > "$work/import.log" 2>&1 || die "$(tail -3 "$work/import.log")"; }
mapfile -t routers < <(sql_in theirs "SELECT name FROM devices_router ORDER BY name")

# ---- every router with every template of that database ----
import
mkdir "$work/here" "$work/there"
oracle configurations "$theirs" "$work/there" || die "the oracle"
"$build/peerage" render "${routers[@]}" --output "$work/here" 2> "$work/err" || fail "$(cat "$work/err")"
for r in "${routers[@]}"; do holds "$r renders as there" cmp "$work/here/$r.conf" "$work/there/$r.conf"; done
xz -dc "$top/tests/data/peering-manager/rtr09.pop05.conf.xz" > "$work/recorded"
holds "the oracle gives what was recorded there" cmp "$work/recorded" "$work/there/rtr09.pop05.conf"
for id in $(sql_in theirs "SELECT id FROM devices_configuration ORDER BY id"); do
	sql_in theirs "SELECT template FROM devices_configuration WHERE id = $id" > "$work/template"
	oracle render "$theirs" "$work/template" "${routers[@]}" > "$work/there/template"
	"$build/peerage" render "${routers[@]}" --template "$work/template" > "$work/here/template" 2> "$work/err"
	same "template $id renders as there for every router: $(cat "$work/err")" "" "$(diff "$work/here/template" "$work/there/template" | head -4)"
done

# ---- every attribute, on a network with more to it ----
psql -X -q -h "$work" -U peerage -d theirs -v ON_ERROR_STOP=1 -f "$top/tests/computed/more.sql" > "$work/prepare.log" 2>&1 || die "$(cat "$work/prepare.log")"
import
oracle render "$theirs" "$top/tests/computed/walk.j2" "${routers[@]}" > "$work/there/walk" || die "the oracle"
"$build/peerage" render "${routers[@]}" --template "$top/tests/computed/walk.j2" > "$work/here/walk" 2> "$work/err" || fail "$(cat "$work/err")"
same "as many lines" "$(wc -l < "$work/there/walk")" "$(wc -l < "$work/here/walk")"
for name in $(cut -d' ' -f1 "$work/there/walk" | sort -u); do
	grep "^$name " "$work/there/walk" > "$work/a"
	grep "^$name " "$work/here/walk" > "$work/b"
	same "$name of $(wc -l < "$work/a") objects" "" "$(diff "$work/a" "$work/b" | head -4 | cut -c1-400)"
done

# ---- every way back of a reference ----
oracle relations "$theirs" | sort -u > "$work/there/relations" || die "the oracle"
"$build/peerage" render "${routers[@]}" --template "$top/tests/computed/relations.j2" 2> "$work/err" | grep . | sort -u > "$work/here/relations"
same "ways back render" "" "$(cat "$work/err")"
for name in $(cut -d' ' -f1 "$work/there/relations" | uniq); do
	grep "^$name " "$work/here/relations" > "$work/b"
	same "$name of $(wc -l < "$work/b") objects, $(cut -d' ' -f3 "$work/b" | tr -dc , | wc -c) others" "" \
		"$([ -s "$work/b" ] || echo "never asked for"; comm -13 "$work/there/relations" "$work/b" | head -4 | cut -c1-300)"
done

# ---- what the API computes ----
start_redis
start_handlers
start_nginx
sql "SET search_path = peerage, public; UPDATE auth_token SET allowed_ips = NULL" > /dev/null
oracle computed "$theirs" > "$work/expected"
python3 "$top/tests/computed/compare.py" "$url/api" 0123456789abcdef0123456789abcdef01234567 "$work/expected" > "$work/computed" || fail "the comparison: $(tail -1 "$work/computed")"
while read -r name values wrong first; do
	same "$name: $values values $first" 0 "$wrong"
done < "$work/computed"

echo
echo "computed                                                     objects"
{
	cut -d' ' -f1 "$work/there/walk" | sort | uniq -c | awk '{ print $2, $1 }'
	cut -d' ' -f1 "$work/here/relations" | uniq -c | awk '{ print $2, $1 }'
	cut -d' ' -f1,2 "$work/computed"
} | awk '{ printf "%-60s %7d\n", $1, $2 }'
