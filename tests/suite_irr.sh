#!/bin/bash
# The routing registries: bgpq against a stand-in that speaks IRRd's protocol: lists, versions, what is held back, what fails.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
irrd() { # NAME: a registry of its own; its port in $port_NAME, its data in $work/NAME/data
	mkdir -p "$work/$1"
	: > "$work/$1/data"
	"$build/tests/tools/irrd_server" "$work/$1" &
	pids+=($!)
	until_true 10 test -s "$work/$1/port" || die "the stand-in $1"
	eval "port_$1=$(cat "$work/$1/port")"
}
start_postgres
start_redis
irrd one
irrd two
start_handlers
start_nginx
cat >> "$work/peerage.conf" <<-C
	bgpq_host = 127.0.0.1:$port_one
	bgpq_second_host = 127.0.0.1:$port_two
	bgpq_sources = TEST,OTHER
	bgpq_timeout = 2
C
stop_handlers
start_handlers
user admin true true > /dev/null
"$build/peerage-runner" --poll 0.2 > /dev/null 2> "$work/runner.log" &
pids+=($!) runner=$!

registry() { # the good data, with ARGUMENTS as further lines
	cat <<-D
		set AS-FOO AS2906 AS2907 AS-BAR
		set AS-BAR AS3333 AS400000 AS-FOO
		route4 AS2906 192.0.2.0/24 198.51.100.0/24
		route4 AS3333 203.0.113.0/24
		route6 AS2906 2001:db8::/32
		route6 AS3333 2001:db8:ffff::/48
	D
	printf '%s\n' "$@"
}
registry > "$work/one/data"
registry > "$work/two/data"
api POST /api/peering/autonomous-systems/ '{"asn":2906,"name":"Foo","irr_as_set":"TEST::AS-FOO"}'
api POST /api/peering/autonomous-systems/ '{"asn":64500,"name":"Private"}'
api POST /api/peering/autonomous-systems/ '{"asn":3333,"name":"Bar"}'
read_irr() { "$peerage" action --wait 20 autonomous-system get-irr-data "asn=${1:-2906}" > "$work/out" 2>&1; }
prefixes() { sql "SELECT string_agg(text(prefix) || coalesce('-' || less_equal, ''), ' ' ORDER BY family, n) FROM autonomous_system_prefix p JOIN autonomous_system a ON a.id = p.autonomous_system_id WHERE asn = ${1:-2906}"; }
members() { sql "SELECT string_agg(l.asn::text, ' ' ORDER BY n) FROM autonomous_system_as_list l JOIN autonomous_system a ON a.id = l.autonomous_system_id WHERE a.asn = ${1:-2906}"; }
good4="192.0.2.0/24 198.51.100.0/24 203.0.113.0/24"
good="$good4 2001:db8::/32-48"

# ---- a first reading, by a client that asks for prefixes ----
api GET /api/peering/autonomous-systems/1/as-set-prefixes/
same "a client that asks gets what the registry says" '200 ["192.0.2.0/24","198.51.100.0/24","203.0.113.0/24"]' "$status $(j -c '[.ipv4[].prefix]')"
same "IPv6 is aggregated up to 48" '{"exact":false,"prefix":"2001:db8::/32","less-equal":48}' "$(j -c '.ipv6[0]')"
same "kept in order" "$good" "$(prefixes)"
same "the AS list, with the AS itself" "2906 2907 3333 400000" "$(members)"
same "one version of each" "as-list current 4,ipv4-prefixes current 3,ipv6-prefixes current 1" "$(sql 'SELECT kind, status, entries FROM irr_list ORDER BY kind' | tr '|' ' ' | paste -sd,)"
same "with source and question" "127.0.0.1:$port_one TEST,OTHER|AS-FOO" "$(sql "SELECT source, query FROM irr_list WHERE kind = 'as-list'")"
n=$(wc -l < "$work/one/requests")
api GET /api/peering/autonomous-systems/1/as-set-prefixes/
same "asked again, nobody is asked" "200 $n" "$status $(wc -l < "$work/one/requests")"
api GET /api/peering/autonomous-systems/2/as-set-prefixes/
want "of a private AS nothing is to be known" 200 '{"ipv6":[],"ipv4":[]}'

# ---- again ----
read_irr
same "the same again" "0 0 3" "$? $(sql "SELECT count(*) FILTER (WHERE status <> 'current') || ' ' || count(*) FROM irr_list")"
same "is written down" 3 "$(sql "SELECT count(*) FROM autonomous_system_irr_fetch WHERE outcome = 'unchanged'")"
registry 'route4 AS2907 198.18.0.0/24' > "$work/one/data"
read_irr
same "one more is taken" "192.0.2.0/24 198.18.0.0/24 198.51.100.0/24 203.0.113.0/24" "$(prefixes | cut -d' ' -f1-4)"
same "the version before is kept" "replaced 3" "$(sql "SELECT status, entries FROM irr_list WHERE kind = 'ipv4-prefixes' ORDER BY id LIMIT 1" | tr '|' ' ')"
registry > "$work/one/data"
read_irr
same "one of four goes, which is less than 30 percent" "$good" "$(prefixes)"

# ---- too much ----
sed 's/203.0.113.0\/24//; s/198.51.100.0\/24//' <(registry) > "$work/one/data"
read_irr
same "two of three gone is held back" "$good" "$(prefixes)"
same "as a version that waits" "held 1 0 2" "$(sql "SELECT status, entries, added, removed FROM irr_list WHERE status = 'held'" | tr '|' ' ')"
read_irr
same "once, however often it comes" 1 "$(sql "SELECT count(*) FROM irr_list WHERE status = 'held'")"
held=$(sql "SELECT id FROM irr_list WHERE status = 'held'")
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-admin'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user" > /dev/null
page=$(curl -s -H "Cookie: sessionid=session-admin" "$url/autonomous-systems/1/prefixes/")
holds "the page asks for a decision, and tells what would go" grep -q "Gone: <code>198.51.100.0/24</code> <code>203.0.113.0/24</code>" <<< "$page"
api GET "/api/peering/irr-lists/?status=held"
same "the API lists it" "1 $held ipv4-prefixes 2906" "$(j '.count, .results[0].id, .results[0].kind.value, .results[0].autonomous_system.asn' | paste -sd' ')"
api POST "/api/peering/irr-lists/$held/reject/"
want "rejected" 200 ''
read_irr
same "it is not asked about again" "0 $good" "$(sql "SELECT count(*) FROM irr_list WHERE status = 'held'") $(prefixes)"
api POST "/api/peering/irr-lists/$held/reject/"
want "what is not held cannot be rejected" 409
same "the command accepts it after all" "The list is in use now." "$("$peerage" action irr-list accept "$held")"
same "and it is in use" "192.0.2.0/24 2001:db8::/32-48" "$(prefixes)"
same "who decided is kept" "$(id -un) t" "$(sql "SELECT decided_by_name, decided IS NOT NULL FROM irr_list WHERE id = $held" | tr '|' ' ')"
api POST "/api/peering/irr-lists/$held/accept/"
want "accepted once" 409
api POST "/api/peering/irr-lists/$(sql "SELECT min(id) FROM irr_list WHERE kind = 'ipv4-prefixes'")/accept/"
same "an older version can be used again" "200 $good" "$status $(prefixes)"
{ registry; echo "route4 AS2907$(for i in $(seq 1 12); do printf ' 198.18.%d.0/24' $((2 * i)); done)"; } > "$work/one/data"
read_irr
same "five times as many are held back too" "$good 12" "$(prefixes) $(sql "SELECT added FROM irr_list WHERE status = 'held'")"
registry > "$work/one/data"
read_irr
same "when the registry is as before, nothing waits any more" "0 $good" "$(sql "SELECT count(*) FROM irr_list WHERE status = 'held'") $(prefixes)"
registry | sed 's/^route4.*//' > "$work/one/data"
read_irr
same "an empty answer empties no filter" "$good" "$(prefixes)"

# ---- failures ----
# The first server FAILS; WHAT it is that fails
broken() {
	registry "$2" > "$work/one/data"
	registry "${3:-$2}" > "$work/two/data"
	read_irr
	[ $? != 0 ] && pass || fail "$1: the command says nothing of it"
	same "$1: the last good list stays" "$good|2906 2907 3333 400000" "$(prefixes)|$(members)"
	same "$1: it is written down" "failed" "$(sql 'SELECT DISTINCT outcome FROM (SELECT outcome FROM autonomous_system_irr_fetch ORDER BY id DESC LIMIT 3) AS x')"
}
broken "an error of the registry" "fail AS-FOO"
broken "an answer that is cut off" "cut AS-FOO"
t=$SECONDS
broken "a registry that does not answer" "slow 20000"
holds "is given up in time" test $((SECONDS - t)) -lt 12
same "and says so" 1 "$(sql "SELECT count(DISTINCT error) FROM autonomous_system_irr_fetch WHERE error LIKE 'no answer within%'")"
registry "fail AS-FOO" > "$work/one/data"
registry > "$work/two/data"
sql "DELETE FROM autonomous_system_irr_fetch" > /dev/null
read_irr
same "the second server is asked when the first fails" "0 3 127.0.0.1:$port_two TEST,OTHER" "$? $(sql "SELECT count(*), min(source) FROM autonomous_system_irr_fetch WHERE outcome = 'unchanged'" | tr '|' ' ')"
registry > "$work/one/data"
api PATCH /api/peering/autonomous-systems/3/ '{"irr_as_set":"AS-FOO;reboot"}'
read_irr 3333
same "what is no AS-SET is not asked for" "1 0" "$(sql "SELECT count(*) FROM autonomous_system_irr_fetch WHERE error LIKE '%is no AS-SET%' AND kind = 'as-list'") $(grep -c reboot "$work/one/requests")"
api PATCH /api/peering/autonomous-systems/3/ '{"irr_as_set":"","irr_ipv4_prefixes_args_override":"-A -h evil.example.net"}'
same "arguments that lead elsewhere are refused" '400 {"irr_ipv4_prefixes_args_override":["\"-h\" may not be given to bgpq: -A, -w, and -r, -R, -m, -L with a number are taken."]}' "$status $(j -c .)"
api PATCH /api/peering/autonomous-systems/3/ '{"irr_as_set":""}'
sql "UPDATE autonomous_system SET irr_ipv4_prefixes_args_override = '-A -h evil.example.net' WHERE id = 3; DELETE FROM autonomous_system_irr_fetch" > /dev/null
read_irr 3333
same "arguments that lead elsewhere are not given" "1" "$(sql "SELECT count(*) FROM autonomous_system_irr_fetch WHERE error LIKE '%may not be given%'")"
api PATCH /api/peering/autonomous-systems/3/ '{"irr_ipv4_prefixes_args_override":"-R 26"}'
read_irr 3333
same "those of its own are" "203.0.113.0/24-26 2001:db8:ffff::/48" "$(prefixes 3333)"

# ---- all of them, AS-SETs on demand ----
same "all at once, as the schedule does it" "0" "$("$peerage" jobs run peering.autonomous_system.get_irr_data > "$work/out" 2>&1; echo $?)"
holds "there is a schedule for it" test "$(sql "SELECT count(*) FROM schedule WHERE job = 'peering.autonomous_system.get_irr_data'")" = 1
api GET '/api/extras/prefix-list/?as-set=TEST::AS-BAR,3333&af=4'
same "prefixes of AS-SETs that the book does not have" '200 {"AS-BAR":{"ipv4":3},"AS3333":{"ipv4":1}}' "$status $(j -c 'map_values(map_values(length))')"
n=$(wc -l < "$work/one/requests")
api GET '/api/extras/prefix-list/?as-set=AS-BAR&af=4'
same "known for a while" "200 $n" "$status $(wc -l < "$work/one/requests")"
api GET '/api/extras/prefix-list/?as-set=AS-BAR&af=4&skip-cache'
holds "or asked for anew" test "$status" = 200 -a "$(wc -l < "$work/one/requests")" -gt "$n"
api GET '/api/extras/prefix-list/?as-set=AS-NONE'
want "nobody knows it" 200 '{"AS-NONE":{"ipv4":[],"ipv6":[]}}'
api GET '/api/extras/prefix-list/?asn=64500'
want "no AS-SET" 400 '{"detail":"No valid IRR AS-SETs or AS numbers given."}'
api GET '/api/extras/prefix-list/?as-set=AS-BAR&af=x'
want "no family" 400 '{"detail":"Invalid af parameter, must be 4, 6 or both."}'
kill "$runner"; wait "$runner" 2> /dev/null
sql "UPDATE autonomous_system SET prefixes_updated = NULL" > /dev/null
api GET /api/peering/autonomous-systems/1/as-set-prefixes/
same "without a runner the answer is the job" "202 peering.autonomous_system.get_irr_data" "$status $(j .name)"
first=$(j .id)
api GET /api/peering/autonomous-systems/1/as-set-prefixes/
same "one, however often it is asked for" "202 $first" "$status $(j .id)"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" "$work/runner.log" | head -5)"
