#!/bin/bash
# The cache of PeeringDB, its feed, renumbering and report as pages and API, on the demo's rows with their second snapshot.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_redis
peerage=$build/peerage
"$peerage" peeringdb load "$top/demo.d/peeringdb" > "$work/out" 2>&1 || die "$(cat "$work/out")"
"$peerage" load "$top/demo.d/book" > "$work/out" 2>&1 || die "$(cat "$work/out")"
"$peerage" --json peeringdb load --changes "$top/demo.d/peeringdb-changes" > "$work/out" 2>&1 || die "$(cat "$work/out")"
start_handlers
start_nginx
user admin true true > /dev/null
grant "$(user reader)" view
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-admin'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'"
csrf=$(printf 'c%.0s' {1..64})
get() { status=$(curl -s -o "$work/page" -w '%{http_code}' -H "Cookie: sessionid=session-admin; csrftoken=$csrf" "$url$1"); }
post() { local p=$1; shift; status=$(curl -s -o "$work/page" -w '%{http_code}' -H "Cookie: sessionid=session-admin; csrftoken=$csrf" --data-urlencode "csrfmiddlewaretoken=$csrf" "$@" "$url$p"); }
has() { holds "$1: $2" grep -qF -- "$2" "$work/page"; }
ask() { sql "SET search_path = peerage, public; $1"; }

# ---- the snapshot ----
same "what the second snapshot did" "1 31 1" "$(jq -r '"\(.created) \(.updated) \(.deleted)"' "$work/out")"
same "a partial snapshot removes nothing else" "$(($(jq '.data | length' "$top/demo.d/peeringdb/netixlan.json")))" "$(ask 'SELECT count(*) FROM peeringdb_network_ixlan')"

# ---- the feed ----
api GET '/api/peeringdb/changes/?state=open&limit=100'
same "the feed" 200 "$status"
same "open ones are counted" "$(ask "SELECT count(*) FROM peeringdb_change WHERE state = 'open'")" "$(j .count)"
lan=$(ask "SELECT id FROM peeringdb_change WHERE kind = 'lan'") policy=$(ask "SELECT id FROM peeringdb_change WHERE kind = 'policy'")
api GET "/api/peeringdb/changes/$lan/"
same "old and new" "194.116.96.0/24 203.0.113.0/24" "$(j '"\(.old) \(.new)"')"
holds "what follows is listed" test "$(j '.follows | length')" -gt 20
get '/peeringdb/changes/?state=open'
same "the list" 200 "$status"
has "kind" "LAN renumbered"
has "effect" "Connection moves"
has "of the change only what changed" '<td>194.116.96.249</td>'
has "several at once" 'formaction="/peeringdb/changes/accept/"'
get "/peeringdb/changes/$lan/"
has "a change with what follows" "What follows"
has "what is guessed says so" "a guess"
has "and leads to the row there" 'href="/peeringdb/ixlan-prefixes/132/"'
ask "UPDATE peeringdb_rule SET action = 'accept' WHERE kind = 'lan'" > /dev/null
"$peerage" peeringdb load --changes "$top/demo.d/peeringdb-changes" > /dev/null
same "no rule accepts a guess" open "$(ask "SELECT state FROM peeringdb_change WHERE id = $lan")"
ask "UPDATE peeringdb_rule SET action = 'ask' WHERE kind = 'lan'" > /dev/null
who=reader; api POST "/api/peeringdb/changes/$policy/ignore/"; who=admin
same "who may not decide does not" 403 "$status"
post "/peeringdb/changes/$policy/ignore/"
same "ignored from its page" "302 ignored admin" "$status $(ask "SELECT c.state || ' ' || u.username FROM peeringdb_change c JOIN auth_user u ON u.id = c.decided_by_id WHERE c.id = $policy")"
api POST "/api/peeringdb/changes/$policy/accept/"
same "decided is decided" 409 "$status"
one=$(ask "SELECT min(c.id) FROM peeringdb_change c WHERE kind = 'address' AND jsonb_array_length(peeringdb_change_follows(c)) = 1")
two=$(ask "SELECT max(c.id) FROM peeringdb_change c WHERE kind = 'address' AND jsonb_array_length(peeringdb_change_follows(c)) = 1")
api POST "/api/peeringdb/changes/$one/accept/?dry_run=1"
same "a dry run shows" "200 open" "$status $(ask "SELECT state FROM peeringdb_change WHERE id = $one")"
holds "what would change" test "$(j '.changes | length')" -ge 1
before=$(ask 'SELECT count(*) FROM object_change')
post /peeringdb/changes/accept/ -d "pk=$one" -d "pk=$two"
same "two at once" "302 2" "$status $(ask "SELECT count(*) FROM peeringdb_change WHERE id IN ($one, $two) AND state = 'accepted'")"
same "each with its line in the change log" $((before + 2)) "$(ask 'SELECT count(*) FROM object_change')"

# ---- synchronising an autonomous system ----
facebook=$(ask 'SELECT id FROM autonomous_system WHERE asn = 32934')
api PATCH "/api/peering/autonomous-systems/$facebook/" '{"ipv4_max_prefixes": 7}'
api POST "/api/peering/autonomous-systems/$facebook/sync-with-peeringdb/"
same "an autonomous system in line" "200 150" "$status $(ask "SELECT ipv4_max_prefixes FROM autonomous_system WHERE id = $facebook")"
api POST /api/peering/autonomous-systems/ '{"asn": 4199999999, "name": "Unknown"}'
api POST "/api/peering/autonomous-systems/$(j .id)/sync-with-peeringdb/"
same "one that PeeringDB does not know" 204 "$status"

# ---- links between the book and PeeringDB ----
get "/autonomous-systems/$facebook/peeringdb/"
same "an autonomous system's network" 200 "$status"
has "leads there" '/peeringdb/networks/979/"'
has "and to what is shared" 'TOP-IX</a>'
get /peeringdb/networks/979/in-book/
same "and back" 200 "$status"
has "to the autonomous system" "/autonomous-systems/$facebook/\""
for p in internet-exchanges/31 facilities/$(ask 'SELECT min(fac_id) FROM peeringdb_internet_exchange_facility'); do
	get "/peeringdb/$p/in-book/"
	has "from $p to our exchange" '/internet-exchanges/'
done

# ---- every field of every type ----
# what is not kept is a copy of a parent's; a reference is its object
while read -r tag endpoint copies; do
	id=$(jq '.data[0].id' "$top/demo.d/peeringdb/$tag.json")
	api GET "/api/peeringdb/$endpoint/$id/?fields=all"
	same "$tag: every key of PeeringDB is in the API for who asks for all" "" "$(jq -r --argjson got "$body" --arg copies " status $copies " '[.data[] | keys[]] | unique[]
		| select(. as $k | ($copies | contains(" \($k) ") | not)) | sub("_id$"; "") | select(. as $k | $got | has($k) | not)' "$top/demo.d/peeringdb/$tag.json" | tr '\n' ' ')"
	api GET "/api/peeringdb/$endpoint/$id/"
	same "$tag: but unasked only Peering Manager's" false "$(j 'has("updated")')"
	get "/peeringdb/$endpoint/$id/"
	same "$tag: a page of its own" 200 "$status"
done <<-T
	org organizations
	campus campuses org_name
	fac facilities org_name
	carrier carriers org_name
	carrierfac carrier-facilities name
	net networks
	ix internet-exchanges
	ixfac internet-exchange-facilities name city country
	ixlan ixlans
	ixpfx ixlan-prefixes
	netfac network-facilities name city country
	netixlan network-ixlans ix_id name
T
api GET '/api/peeringdb/networks/979/?fields=asn,allow_ixp_update'
same "fields may name what is not shown unasked" '{"asn":32934,"allow_ixp_update":false}' "$body"
api GET '/api/peeringdb/facilities/?campus_id=22&limit=1'
same "facilities of a campus" "1 22" "$(j .count) $(ask "SELECT campus_id FROM peeringdb_facility WHERE id = $(j '.results[0].id')")"
for p in campuses/22/facilities carriers/$(ask 'SELECT min(carrier_id) FROM peeringdb_carrier_facility')/facilities organizations/8897/networks organizations/2/facilities organizations/2/in-book; do
	get "/peeringdb/$p/"
	same "$p" 200 "$status"
done
has "the organisation of our exchange's buildings" "Ours, and in its facility"
get /peeringdb/campuses/22/
has "a campus leads to PeeringDB" 'href="https://www.peeringdb.com/campus/22"'

ask "UPDATE peeringdb_network SET extra = '{\"brand_new\": \"yes\"}' WHERE id = 979" > /dev/null
get /peeringdb/networks/979/
has "a key that has no field yet is shown" brand_new
has "in cards" "General policy"

# ---- linking ----
ix=$(ask "SELECT id FROM internet_exchange WHERE slug = 'de-cix-frankfurt'")
ask "UPDATE internet_exchange SET peeringdb_ixlan_id = NULL WHERE id = $ix; UPDATE connection SET peeringdb_netixlan_id = NULL WHERE internet_exchange_point_id = $ix"
api POST "/api/peering/internet-exchanges/$ix/link-to-peeringdb/"
same "an exchange finds its LAN" "200 31" "$status $(ask "SELECT peeringdb_ixlan_id FROM internet_exchange WHERE id = $ix")"

# ---- renumbering ----
api GET /api/peeringdb/renumbering/
holds "what moved" test "$(j length)" -gt 15
printf '%s' "$body" > "$work/proposals"
get /peeringdb/renumbering/
same "the page" 200 "$status"
has "with the new address of ours" "203.0.113.249/24"
api POST /api/peeringdb/renumbering/ "$(jq -c '.[0].new = "203.0.113.1"' "$work/proposals")"
same "what is not proposed is not written" 409 "$status"
api POST '/api/peeringdb/renumbering/?dry_run=1' "$(cat "$work/proposals")"
same "a dry run" "200 true" "$status $(j .dry_run)"
same "writes nothing" "194.116.96.249/24" "$(ask "SELECT ipv4_address FROM connection WHERE ipv4_address <<= '194.116.96.0/24'")"
post /peeringdb/renumbering/ $(jq -r '.[] | "\(.type) \(.id) \(.field) \(.old) \(.new)" | @uri | "-d proposal=\(.)"' "$work/proposals")
same "written from the page" "302 0" "$status $(ask "SELECT count(*) FROM internet_exchange_peering_session WHERE ip_address <<= '194.116.96.0/24'")"
same "our own port too" "203.0.113.249/24" "$(ask "SELECT ipv4_address FROM connection WHERE ipv4_address <<= '203.0.113.0/24'")"
api GET /api/peeringdb/renumbering/
same "then nothing is left" 0 "$(j length)"

# ---- our record ----
connection=$(ask "SELECT id FROM connection WHERE ipv4_address = '203.0.113.249/24'")
api PATCH "/api/net/connections/$connection/" '{"speed": 400000}'
same "a port has a speed, which Peering Manager's clients are not shown" "200 null 400000" "$status $(j .speed) $(sql "SELECT speed FROM connection WHERE id = $connection")"
api GET /api/peeringdb/report/
same "the record says otherwise" "TOP-IX 400G" "$(j '.[] | select(.subject == "speed" and .place == "TOP-IX") | "\(.place) \(.ours)"')"
get /peeringdb/report/
has "as a page" "Correct the speed of the port"
holds "and as a command" grep -q "you have 400G" <("$peerage" peeringdb report)

# ---- the cache ----
get /peeringdb/cache/
same "the cache" 200 "$status"
has "with its types" "netixlan<"
ask "UPDATE peeringdb_namespace SET brake_rows = 2889, brake_gone = 2000, brake_changed = 3 WHERE tag = 'netixlan'" > /dev/null
get /peeringdb/cache/
has "the brake asks" "it would remove 2000 and change 3"
post /peeringdb/cache/go-on/
same "going on is a job that is forced" "302 true" "$status $(ask "SELECT parameters ->> 'force' FROM job ORDER BY id DESC LIMIT 1")"
post /peeringdb/cache/drop/
same "throwing away ends the question" 0 "$(ask 'SELECT count(*) FROM peeringdb_namespace WHERE brake_rows IS NOT NULL')"
who=reader; api POST /api/peeringdb/cache/update-local/; who=admin
same "not everybody may update" 403 "$status"
api POST /api/peeringdb/cache/update-local/
same "updating is a job" "202 peeringdb.synchronise pending" "$status $(j '"\(.name) \(.status.value)"')"
get /peeringdb/cache/
has "which the page shows" "This page renews itself"
hidden=$(ask "INSERT INTO hidden_peer (peeringdb_network_id, peeringdb_ixlan_id) VALUES (979, 31) RETURNING id")
api POST /api/peeringdb/cache/clear-local/
same "clearing" '200 success' "$status $(j .status)"
same "leaves nothing" 0 "$(ask 'SELECT count(*) FROM peeringdb_network')"
same "but hidden peers by id" "979 31" "$(ask "SELECT peeringdb_network_id_copy || ' ' || peeringdb_ixlan_id_copy FROM hidden_peer WHERE id = $hidden AND peeringdb_network_id IS NULL")"
get /peeringdb/cache/
same "the empty cache has its page" 200 "$status"
"$peerage" peeringdb load "$top/demo.d/peeringdb" > /dev/null
same "hidden peers are back after the next run" 979 "$(ask "SELECT peeringdb_network_id FROM hidden_peer WHERE id = $hidden")"
