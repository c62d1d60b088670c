#!/bin/bash
# How many statements an answer costs does not depend on how many rows it is about: lists, objects, their tabs and flows, in the API and as
# pages, over a book with hundreds of sessions.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_redis
sql_in postgres 'CREATE DATABASE theirs'
xz -dc "$top/tests/data/peering-manager/book.sql.xz" | psql -X -q -h "$work" -U peerage -d theirs -v ON_ERROR_STOP=1 > "$work/restore.log" 2>&1
"$build/peerage" import-peering-manager "host=$work user=peerage dbname=theirs" > "$work/import.log" 2>&1 || die "$(tail -3 "$work/import.log")"
start_handlers 1
start_nginx
user counter true true > /dev/null
who=counter
csrf=$(printf 'c%.0s' {1..64})
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session'), id, now() + interval '1 day', '$csrf' FROM auth_user WHERE username = 'counter'" > /dev/null
ask() { sql "SET search_path = peerage, public; $1"; }
touch_book() { ask "UPDATE tag SET updated = clock_timestamp() WHERE id = (SELECT min(id) FROM tag)" > /dev/null; }

# spent PATH [curl options]: what the request asked of the database, told by the log; nothing is remembered from before
spent() {
	local path=$1 before
	shift
	touch_book
	before=$(wc -l < "$work/handlers.log")
	curl -s -o "$work/page" -w '%{http_code}' -H "Cookie: sessionid=session; csrftoken=$csrf" "$@" "$url$path" > "$work/status"
	until_true 5 test "$(wc -l < "$work/handlers.log")" -gt "$before"
	tail -n +$((before + 1)) "$work/handlers.log" | sed -n 's/.*statements=\([0-9]*\).*/\1/p' | tail -1
}
# spread PATH...: the difference between the dearest and the cheapest; sets $all
spread() {
	local p n least= most=0
	all=
	for p; do
		spent "$p" > /dev/null  # what is remembered of it is older now
		n=$(spent "$p")
		case $(cat "$work/status") in 200 | 302) ;; *) all="$p: status $(cat "$work/status")"; return 1 ;; esac
		all="$all $n"
		least=${least:-$n}
		[ "$n" -ge "$least" ] || least=$n
		[ "$n" -le "$most" ] || most=$n
	done
	[ $((most - least)) -le 2 ]
}
# constant NAME PATH...: as many for each of them, but for a statement or two that nothing at all (no tag, no session) spares. Now and then a
# process learns anew who asks, so it is counted again.
constant() {
	local name=$1 try
	shift
	for try in 1 2 3; do
		if spread "$@"; then pass; return; fi
	done
	fail "$name:$all"
}

some() { ask "SELECT id FROM $1 ORDER BY md5(id::text) LIMIT 4"; }
while read -r api page table; do
	constant "api/$api: one, ten, all" "/api/$api/?limit=1" "/api/$api/?limit=10" "/api/$api/?limit=1000"
	constant "api/$api: brief" "/api/$api/?limit=1&brief=1" "/api/$api/?limit=100&brief=1"
	mapfile -t ids < <(some "$table")
	ids=("${ids[@]/%//}")
	constant "api/$api/{id}" "${ids[@]/#//api/$api/}"
	if [ "$page" != - ]; then
		constant "$page: one, ten, a hundred" "/$page/?per_page=1" "/$page/?per_page=10" "/$page/?per_page=100"
		[ "$page" = devices/platforms ] || constant "$page/{id}" "${ids[@]/#//$page/}"
	fi
done <<'T'
bgp/communities bgp/communities community
bgp/relationships bgp/relationships relationship
net/bfd net/bfd bfd
net/connections net/connections connection
devices/configurations devices/configurations configuration
devices/platforms devices/platforms platform
devices/routers devices/routers router
peering/autonomous-systems autonomous-systems autonomous_system
peering/bgp-groups bgp-groups bgp_group
peering/direct-peering-sessions direct-peering-sessions direct_peering_session
peering/internet-exchanges internet-exchanges internet_exchange
peering/internet-exchange-peering-sessions internet-exchange-peering-sessions internet_exchange_peering_session
peering/routing-policies routing-policies routing_policy
messaging/contacts messaging/contacts contact
extras/config-contexts - config_context
extras/tags - tag
core/object-changes - object_change
peeringdb/network-ixlans - peeringdb_network_ixlan
T

# ---- tabs ----
mapfile -t as < <(some autonomous_system)
mapfile -t ixp < <(some internet_exchange)
mapfile -t router < <(some router)
for tab in peers peeringdb prefixes direct-peering-sessions ix-peering-sessions changelog; do
	mapfile -t paths < <(printf "/autonomous-systems/%s/$tab/\n" "${as[@]}")
	constant "an AS's $tab" "${paths[@]}"
done
for tab in peers peering-sessions connections; do
	mapfile -t paths < <(printf "/internet-exchanges/%s/$tab/\n" "${ixp[@]}")
	constant "an exchange's $tab" "${paths[@]}"
done
mapfile -t paths < <(printf '/api/peering/internet-exchanges/%s/available-peers/\n' "${ixp[@]}")
constant "available peers in the API" "${paths[@]}"
mapfile -t paths < <(printf '/api/peering/autonomous-systems/%s/shared-ixps/?as=64500\n' "${as[@]}")
constant "all available peers" "/peeringdb/available-ixp-peers/?per_page=1" "/peeringdb/available-ixp-peers/?per_page=100"

# ---- candidates to become sessions ----
form() { # NUMBER OF PORTS FIELD...: of candidates at the exchange with most of them
	local n=$1 f args
	shift
	args=(-d "csrfmiddlewaretoken=$csrf" -d "internet_exchange_id=$at")
	for f in $(ask "SELECT port FROM available_ports($at, false) ORDER BY asn, port LIMIT $n"); do args+=(-d "pk=$f"); done
	for f; do args+=(-d "$f"); done
	spent /internet-exchange-peering-sessions/add_from_peeringdb/ "${args[@]}"
}
at=$(ask "SELECT exchange FROM available_ports(NULL, false) GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
form 1 _review=1 > /dev/null
same "the review of one and of fifteen" "$(form 1 _review=1)" "$(form 15 _review=1)"
