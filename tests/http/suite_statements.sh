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

# ---- writing: as many statements for three as for fifteen ----
flow() { # NAME COMMAND...: the command gets how many; it must have been answered well. Twice, as a process learns anew who asks
	local name=$1 few many try
	shift
	for try in 1 2 3; do
		few=$("$@" 3)
		case $(cat "$work/status") in 20? | 302) ;; *) fail "$name: $(cat "$work/status") $(head -c 300 "$work/page")"; return ;; esac
		many=$("$@" 15)
		case $(cat "$work/status") in 20? | 302) ;; *) fail "$name: $(cat "$work/status") $(head -c 300 "$work/page")"; return ;; esac
		[ $((many - few)) -gt 2 ] || { pass; return; }
	done
	fail "$name: $few for three, $many for fifteen"
}
added() { local had; had=$(ask "SELECT count(*) FROM internet_exchange_peering_session"); form "$1"; [ "$(ask "SELECT count(*) FROM internet_exchange_peering_session")" -gt "$had" ] || echo 9999; }
flow "sessions out of candidates" added
ids_of() { ask "SELECT id FROM $1 ORDER BY md5(id::text || '$2') LIMIT $3"; }
posted() { # PATH FIELD... HOW MANY: a form about as many sessions
	local args=() id n=${*: -1} path=$1
	shift
	salt=$((1000 + SRANDOM % 9000))
	for id in $(ids_of internet_exchange_peering_session "$salt$n" "$n"); do args+=(-d "pk=$id"); done
	for id in "${@:1:$#-1}"; do args+=(-d "$id"); done
	spent "$path" -d "csrfmiddlewaretoken=$csrf" "${args[@]}"
}
api() { # METHOD PATH BODY HOW MANY: the objects of the list as the body says, with ID and N in it; no body: {"id": ID}
	local list=() id i=0 n=$4 b
	salt=$((1000 + SRANDOM % 9000))
	for id in $(ids_of internet_exchange_peering_session "$salt$n" "$n"); do
		i=$((i + 1)); b=${3//ID/$id}; list+=("${b//NN/$((salt * 100 + i))}")
	done
	spent "$2" -X "$1" -H "X-CSRFToken: $csrf" -H 'Content-Type: application/json' -d "[$(IFS=,; echo "${list[*]}")]"
}
s=/internet-exchange-peering-sessions
flow "several edited on a page" posted $s/edit/ _apply=1 "comments=edited" "status=maintenance"
policies_off() { ask "DELETE FROM internet_exchange_peering_session_export_routing_policies; DELETE FROM internet_exchange_peering_session_import_routing_policies" > /dev/null; "$@"; }
flow "several with policies" policies_off posted $s/edit/ _apply=1 "import_routing_policies=$(ask "SELECT min(id) FROM routing_policy WHERE address_family = 0")"
flow "several deleted on a page" posted $s/delete/ _confirm=1
reset() { ask "UPDATE internet_exchange_peering_session SET status = 'maintenance', encrypted_password = NULL" > /dev/null; "$@"; }
for a in enable disable encrypt-password; do flow "several: $a" reset posted $s/$a/; done
api=/api/peering/internet-exchange-peering-sessions/
flow "PATCH of several" api PATCH $api '{"id":ID,"comments":"NN"}'
flow "several enabled in the API" reset api POST ${api}enable/ '{"id":ID}'
flow "DELETE of several" api DELETE $api '{"id":ID}'
flow "POST of several" api POST /api/peering/autonomous-systems/ '{"asn":42NN,"name":"of a list NN"}'
flow "POST of several with links" api POST /api/peering/routing-policies/ '{"name":"p NN","slug":"p-NN","type":"import-policy","weight":0,"address_family":0}'
undone() { # COMMAND... HOW MANY: take back what the command did
	"$@" > /dev/null
	spent "/api/core/object-changes/$(ask "SELECT id FROM object_change ORDER BY id DESC LIMIT 1")/undo/" -X POST -H "X-CSRFToken: $csrf"
}
# each list of tags, policies or communities that differs is looked up once: here none has any
links_off() { ask "DELETE FROM tagged_item; DELETE FROM internet_exchange_peering_session_communities" > /dev/null; policies_off "$@"; }
flow "undo of a bulk edit" undone links_off reset posted $s/edit/ _apply=1 "comments=edited" "status=enabled"
flow "undo of a bulk deletion" undone links_off posted $s/delete/ _confirm=1
flow "undo of what a list made" undone api POST /api/peering/autonomous-systems/ '{"asn":42NN,"name":"of a list NN"}'
# what a router was found to have
found() {
	local n=$1 job args=() i
	salt=$((1000 + SRANDOM % 9000))
	job=$(ask "INSERT INTO job (name, status, object_type_id, object_id, user_id, completed, result) SELECT 'peering.internet_exchange.import_sessions', 'completed',
		(SELECT id FROM object_type WHERE app_label = 'devices' AND model = 'router'), r.id, u.id, now(),
		jsonb_build_object('found', (SELECT jsonb_agg(jsonb_build_object('address', '203.0.' || $salt % 250 || '.' || i, 'asn', 4210000000 + $salt * 100 + i, 'name', 'found ' || i,
			'router_id', r.id, 'local_as_id', r.local_autonomous_system_id)) FROM generate_series(1, $n) i))
		FROM (SELECT * FROM router WHERE local_autonomous_system_id IS NOT NULL ORDER BY id LIMIT 1) r, (SELECT id FROM auth_user WHERE username = 'counter') u RETURNING id" | head -1)
	for ((i = 0; i < n; i++)); do args+=(-d "session=$i"); done
	spent "/internet-exchange-peering-sessions/found/" -d "csrfmiddlewaretoken=$csrf" -d "job=$job" -d "relationship=$(ask 'SELECT min(id) FROM relationship')" "${args[@]}"
}
flow "sessions found on a router" found
# exchanges and connections that PeeringDB has for our own number
imported() {
	local n=$1
	ask "DELETE FROM connection WHERE peeringdb_netixlan_id IN (SELECT id FROM peeringdb_network_ixlan WHERE asn = 64999);
		UPDATE peeringdb_network_ixlan p SET asn = (SELECT asn FROM autonomous_system WHERE affiliated ORDER BY id LIMIT 1), net_id = p.net_id
		 WHERE p.id IN (SELECT x.id FROM peeringdb_network_ixlan x WHERE NOT EXISTS (SELECT FROM connection c WHERE c.peeringdb_netixlan_id = x.id)
		 AND x.asn NOT IN (SELECT asn FROM autonomous_system WHERE affiliated) AND x.ipaddr6 IS NOT NULL ORDER BY md5(x.id::text) LIMIT $n)" > /dev/null
	spent /api/peering/internet-exchanges/import-from-peeringdb/ -X POST -H "X-CSRFToken: $csrf" -H 'Content-Type: application/json' -d '{}'
}
flow "exchanges and connections out of PeeringDB" imported
