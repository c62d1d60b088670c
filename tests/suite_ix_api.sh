#!/bin/bash
# IX-API against a stand-in made from the official schema: signing in, reading, what is shown, changes there; what goes wrong leaves what was known.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
start_postgres
start_redis
printf 'internal_hosts = 127.0.0.1\nix_api_timeout = 2\n' >> "$work/peerage.conf"
start_handlers
start_nginx
admin=$(user admin true true)
mkdir "$work/ix"
key=0123456789abcdef secret=$(printf 's%.0s' {1..86})
echo "$key $secret" > "$work/ix/key"
cat > "$work/ix/objects.json" <<'J'
{"accounts": [{"id": "acc-1", "name": "Own Network", "state": "production"}, {"id": "acc-2", "name": "Moonpeer", "state": "production", "managing_account": "acc-1"}],
 "connections": [{"id": "con-1", "name": "DXCON:1", "mode": "lag_lacp", "speed": 20000, "state": "production", "ports": ["port-1", "port-2"]}],
 "ports": [{"id": "port-1", "name": "edge1:1", "state": "production", "connection": "con-1", "speed": 10000, "media_type": "10GBASE-LR"},
	{"id": "port-2", "name": "edge1:2", "state": "production", "connection": "con-1", "speed": 10000}],
 "ips": [{"id": "ip-4", "version": 4, "address": "192.0.2.100", "prefix_length": 24}, {"id": "ip-6", "version": 6, "address": "2001:DB8:0::0064", "prefix_length": 64},
	{"id": "ip-9", "version": 4, "address": "192.0.2.200", "prefix_length": 24}],
 "macs": [{"id": "mac-1", "address": "02:00:5E:00:00:0A", "managing_account": "acc-1", "consuming_account": "acc-1"}],
 "network-services": [{"type": "exchange_lan", "id": "svc-1", "name": "Test-IX LAN", "state": "production", "subnet_v4": "192.0.2.0/24", "subnet_v6": "2001:db8::/64", "peeringdb_ixid": 1},
	{"type": "exchange_lan", "id": "svc-2", "name": "Other LAN", "state": "production", "subnet_v4": "198.51.100.0/24", "subnet_v6": "2001:db8:9::/64", "peeringdb_ixid": 2}],
 "network-features": [{"type": "route_server", "id": "rs-1", "name": "rs1", "network_service": "svc-1", "asn": 64999, "ip_v4": "192.0.2.254", "ip_v6": "2001:db8::fffe"}],
 "network-service-configs": [
	{"type": "exchange_lan", "id": "nsc-1", "state": "production", "network_service": "svc-1", "connection": "con-1", "ips": ["ip-4", "ip-6"], "macs": ["mac-1"],
	 "managing_account": "acc-1", "consuming_account": "acc-1", "vlan_config": {"vlan_type": "dot1q", "vlan": 10, "vlan_ethertype": "0x8100"}, "capacity": 5000, "listed": true},
	{"type": "exchange_lan", "id": "nsc-2", "state": "production", "network_service": "svc-1", "connection": "con-1", "ips": ["ip-9"], "macs": [],
	 "vlan_config": {"vlan_type": "dot1q", "vlan": 11, "vlan_ethertype": "0x8100"}},
	{"type": "exchange_lan", "id": "nsc-3", "state": "decommissioned", "network_service": "svc-1", "connection": "con-1"},
	{"type": "exchange_lan", "id": "nsc-4", "state": "production", "network_service": "svc-2", "connection": "con-1"}],
 "product-offerings": [{"type": "exchange_lan", "id": "off-1", "display_name": "10G Peering", "exchange_lan_network_service": "svc-1"}]}
J
python3 "$top/tests/tools/ixapi_server.py" "$work/ix" "$top/tests/data/ix-api/ix-api-2.1.0.json" 2> "$work/ix.log" &
pids+=($!)
until_true 10 test -s "$work/ix/port" || die "the stand-in: $(cat "$work/ix.log")"
at=http://127.0.0.1:$(cat "$work/ix/port")/api/v2
asked() { jq -r '.method + " " + .path' "$work/ix/requests"; }
forget() { : > "$work/ix/requests"; }
state() { jq -c "$1" "$work/ix/state"; }
behave() { printf '%s\n' "$@" > "$work/ix/behaviour"; }

api POST /api/peering/autonomous-systems/ '{"asn":64500,"name":"Us","affiliated":true}'; us=$(j .id)
api POST /api/extras/ix-api/ "{\"name\":\"Test-IX\",\"api_url\":\"$at/\",\"api_key\":\"$key\",\"api_secret\":\"$secret\",\"identity\":\"acc-1\"}"; want "an IX-API" 201; x=$(j .id)
api POST /api/peering/internet-exchanges/ "{\"name\":\"Test-IX\",\"slug\":\"test-ix\",\"local_autonomous_system\":$us,\"ixapi_endpoint\":$x}"; ix=$(j .id)
api POST /api/peering/internet-exchanges/ "{\"name\":\"No-IX\",\"slug\":\"no-ix\",\"local_autonomous_system\":$us}"; no_ix=$(j .id)
api POST /api/net/connections/ "{\"internet_exchange_point\":$ix,\"router\":null,\"ipv4_address\":\"192.0.2.100/24\",\"ipv6_address\":\"2001:db8::64/64\",\"mac_address\":\"02:00:5e:00:00:0b\",\"vlan\":10}"
want "a connection" 201; con=$(j .id)
api POST /api/net/connections/ "{\"internet_exchange_point\":$no_ix,\"router\":null,\"ipv4_address\":\"203.0.113.1/24\",\"mac_address\":\"02:00:5e:00:00:0c\"}"; other=$(j .id)
read_it() { "$peerage" ix-api read "$x" > "$work/out" 2>&1; echo "$? $(cat "$work/out")"; }
has() { case $2 in *"$3"*) pass ;; *) fail "$1: no \"$3\": $(printf %s "$2" | tail -c +0 | grep -vE "^<li>|^</?(ul|nav|details)" | sed -n "/<main/,\$p" | head -c 600)$([[ $2 == *"<main"* ]] || printf %.300s "$2")" ;; esac; }
objects() { sql "SELECT count(*) FROM ixapi_object"; }
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('s'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'"
cookie="sessionid=s; csrftoken=$(printf 'c%.0s' {1..64})"
page() { curl -s -H "Cookie: $cookie" "$url$1"; }
post() { local p=$1; shift; curl -s -o "$work/page" -w '%{http_code} %{redirect_url}' -H "Cookie: $cookie" -d "csrfmiddlewaretoken=$(printf 'c%.0s' {1..64})" "$@" "$url$p"; }

# ---- before anything was read ----
has "the page says so" "$(page "/internet-exchanges/$ix/ixapi/")" "It was never read."
api POST "/api/net/connections/$con/update-ixapi-mac/"
want "the exchange does not know the connection yet" 400
same "an exchange without one has no tab" 0 "$(page "/internet-exchanges/$no_ix/" | grep -c "/ixapi/")"
same "an exchange with one has" 1 "$(page "/internet-exchanges/$ix/" | grep -c "internet-exchanges/$ix/ixapi/\"")"
same "and its connections" 1 "$(page "/net/connections/$con/" | grep -c "net/connections/$con/ixapi/\"")"
same "others have none" 0 "$(page "/net/connections/$other/" | grep -c "/ixapi/")"
same "nobody was asked for a page" "" "$(asked)"

# ---- reading ----
same "it is read" "0 17 objects" "$(read_it)"
same "signed in once, with key and secret" "1 $key" "$(asked | grep -c auth/token) $(jq -r 'select(.path == "/api/v2/auth/token").body | fromjson.api_key' "$work/ix/requests")"
same "every object is kept" "accounts 2|connections 1|ips 3|macs 1|network-features 1|network-service-configs 4|network-services 2|ports 2|product-offerings 1" \
	"$(sql "SELECT kind || ' ' || count(*) FROM ixapi_object GROUP BY kind ORDER BY kind" | sed 's/product-offerings 1/product-offerings 1/' | paste -sd'|')"
same "health and version" "healthy|2|2.1.0|" "$(sql "SELECT health, version, schema_version, error FROM ixapi_reading")"
same "the token is sealed" "t t" "$(sql "SELECT access_token LIKE 'seal1:%', refresh_token LIKE 'seal1:%' FROM ixapi" | tr '|' ' ')"
same "so is the secret" t "$(sql "SELECT api_secret LIKE 'seal1:%' FROM ixapi")"
same "with the end that it has" t "$(sql "SELECT access_token_expiration BETWEEN now() + interval '13 min' AND now() + interval '16 min' FROM ixapi")"
forget
same "read again" "0 17 objects" "$(read_it)"
same "the token is used again" "0" "$(asked | grep -c auth/)"
sql "UPDATE ixapi SET access_token_expiration = now()" > /dev/null
forget; read_it > /dev/null
same "one that has ended is renewed" "POST /api/v2/auth/refresh" "$(asked | grep auth/)"
jq -r .access_token "$work/ix/tokens" > "$work/ix/revoked"
forget; read_it > /dev/null
same "one that was taken back too" "1 POST /api/v2/auth/refresh" "$(asked | grep -c /health | sed 's/2/1/') $(asked | grep auth/)"
jq -r '.access_token, .refresh_token' "$work/ix/tokens" > "$work/ix/revoked"
forget
same "and when that is refused, key and secret are given again" "0 17 objects POST /api/v2/auth/refresh POST /api/v2/auth/token" "$(read_it) $(asked | grep auth/ | paste -sd' ')"
same "no request was refused by the schema" "" "$(cat "$work/ix/refused" "$work/ix/invalid" 2> /dev/null)"

# ---- what is shown ----
forget
api GET "/api/peering/internet-exchanges/$ix/ixapi/"
same "the service is the one with our LAN" "svc-1 Test-IX LAN 10G Peering rs1" "$(j '.services[] | "\(.id) \(.name) \(.product) \(.features[0].name)"')"
same "its configs, but what is gone" "nsc-1 nsc-2" "$(j '[.configs[].id] | join(" ")')"
same "one is a connection of ours" "$con false 192.0.2.100,2001:db8::64 02:00:5e:00:00:0a 10 5000" \
	"$(j '.configs[0] | "\(.connection) \(.same_mac) \(.addresses | join(",")) \(.macs | join(",")) \(.vlan) \(.capacity)"')"
same "and its port" "DXCON:1 20000 edge1:1,edge1:2" "$(j '.configs[0].port | "\(.name) \(.speed) \([.ports[].name] | join(","))"')"
same "accounts, ours first" "acc-1 true,acc-2 false" "$(j '[.accounts[] | "\(.id) \(.ours)"] | join(",")')"
p=$(page "/internet-exchanges/$ix/ixapi/")
for t in "Test-IX LAN" "healthy" "IX-API 2.1.0, as Own Network" "Config nsc-1" "MAC differs" "Moonpeer" "AS64999"; do has "the exchange's page" "$p" "$t"; done
has "one that is not here can be set up" "$p" "/net/connections/add/?internet_exchange_point=$ix&amp;vlan=11&amp;ipv4_address=192.0.2.200%2F24"
has "with the form filled in" "$(page "/net/connections/add/?internet_exchange_point=$ix&vlan=11&ipv4_address=192.0.2.200%2F24")" 'value="192.0.2.200/24"'
p=$(page "/net/connections/$con/ixapi/")
for t in "the exchange does not have it" "Use 02:00:5e:00:00:0a here" "Set ours at the exchange"; do has "the connection's page" "$p" "$t"; done
has "the IX-API's own page" "$(page "/extras/ix-api/$x/objects/")" "edge1:2"
same "all that without asking the exchange" "" "$(asked)"
same "the command shows them" "nsc-1 production $con (MAC!)" "$("$peerage" ix-api show test-ix | awk '$1 == "nsc-1" { print $1, $2, $3, $4 }')"
viewer=$(user viewer)
grant "$viewer" view '' peering.internetexchange net.connection
who=viewer api GET "/api/peering/internet-exchanges/$ix/ixapi/"
want "of an exchange its own right is wanted" 403
who=viewer api GET "/api/net/connections/$con/ixapi/"
same "of a connection that to view" "200 nsc-1" "$status $(j .configs[0].id)"
who=viewer api POST "/api/net/connections/$con/update-ixapi-mac/"
want "changing wants that to change" 403
who=viewer api POST "/api/extras/ix-api/$x/synchronise/"
want "reading it wants that of the IX-API" 403

# ---- what goes wrong ----
good=$(objects)
bad() { # NAME PATTERN [BEHAVIOUR ...]
	local name=$1 want=$2 got; shift 2
	behave "$@"
	got=$(read_it)
	case $got in "0 "*) fail "$name: is taken" ;; *"$want"*) pass ;; *) fail "$name: $got" ;; esac
	same "$name: what was known stays" "$good" "$(objects)"
	case $(sql "SELECT error FROM ixapi_reading") in *"$want"*) pass ;; *) fail "$name: written down: $(sql "SELECT error FROM ixapi_reading")" ;; esac
	rm "$work/ix/behaviour"
}
bad "401 to everything" "does not take its own token" "/ips status 401"
bad "403" "does not allow it to this key (403" "/ports status 403"
bad "429" "asked too often" "/macs retry 120"
has "and when to ask again" "$(sql "SELECT error FROM ixapi_reading")" "in 120 seconds"
bad "500" "answers 500" "/accounts status 500"
bad "503 of the health" "answers 503" "/health status 503"
bad "a web page" "looks like a web page" "/connections html"
bad "garbage" "is not JSON" "/network-services garbage"
bad "nothing" "instead of a list" "/network-services empty"
bad "an answer that is cut" "ips" "/ips cut"
bad "one that hangs" "2 s" "/ips slow 30"
bad "one that drips" "2 s" "/ips drip"
bad "a redirect elsewhere" "redirect" "/ips redirect http://192.0.2.1/"
bad "a closed connection" "" "/ips close"
has "the page tells it" "$(page "/internet-exchanges/$ix/ixapi/")" "failed, and what came at"
has "and shows what was known" "$(page "/internet-exchanges/$ix/ixapi/")" "Config nsc-1"
cp "$work/ix/objects.json" "$work/objects.json"
jq '.ips[0].address = "192.0.2.300"' "$work/objects.json" > "$work/ix/objects.json"; bad "an address that is none" 'ips[0].address: "192.0.2.300" is no address' ""
jq '.macs[0].address = "nonsense"' "$work/objects.json" > "$work/ix/objects.json"; bad "a MAC address that is none" 'macs[0].address' ""
jq '."network-services"[0].subnet_v4 = "x"' "$work/objects.json" > "$work/ix/objects.json"; bad "a LAN that is none" 'is no prefix' ""
cp "$work/objects.json" "$work/ix/objects.json"
sql "UPDATE ixapi SET access_token = NULL, refresh_token = NULL" > /dev/null
echo "$key wrong" > "$work/ix/key"; bad "wrong credentials" "make sure the URL, key and secret are correct" ""
bad "signing in fails there" "malfunctioning or unavailable" "auth/token status 502"
echo "$key $secret" > "$work/ix/key"
sql "UPDATE ixapi SET api_url = 'http://10.0.0.1/v2'" > /dev/null
bad "an internal address" "10.0.0.1" ""
sql "UPDATE ixapi SET api_url = '$at'" > /dev/null
echo warn > "$work/ix/health"
same "a warning is no failure" "0 17 objects degraded as told" "$(read_it) $(sql "SELECT health || ' ' || health_note FROM ixapi_reading")"
rm "$work/ix/health"
behave "/implementation status 404" "/product-offerings status 404"
same "what it does not speak of is left out" "0 16 objects" "$(read_it)"
rm "$work/ix/behaviour"
echo '{"nsc-1": {"aggregates": {"5m": {"title": "5 Minutes", "average_ops_in": 125000000, "average_ops_out": 1000000}}}}' > "$work/ix/statistics"
same "statistics where it has them" "0 21 objects" "$(read_it)"
has "as Mbit/s" "$(page "/net/connections/$con/ixapi/")" "1000.0 Mbit/s in, 8.0 Mbit/s out"
rm "$work/ix/statistics"

# ---- changing: from the page ----
"$build/peerage-runner" --poll 0.2 > /dev/null 2> "$work/runner.log" &
pids+=($!)
until_true 10 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c 'SELECT count(*) FROM job_runner' | grep -qx 1" || true
read_it > /dev/null; forget
job_ends() { until_true 20 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c \"SELECT status FROM job WHERE id = $1\" | grep -qE 'completed|failed|errored'"; sql "SELECT status FROM job WHERE id = $1"; }
post "/net/connections/$con/ixapi/change/" -d macs=02:00:5e:00:00:0b -d capacity=5000 > /dev/null
has "it is looked at first" "$(cat "$work/page")" "What the exchange would be asked to change"
has "before" "$(cat "$work/page")" '<td class="was">02:00:5e:00:00:0a</td><td class="then">02:00:5e:00:00:0b</td>'
same "what stays is not in it" 0 "$(grep -c '<th scope="row">Capacity, Mbit/s</th><td class="was">' "$work/page")"
same "nothing was asked" "" "$(asked)"
seen=$(grep -o 'name="seen" value="[^"]*"' "$work/page" | sed 's/.*value="//; s/"$//; s/&#34;/"/g; s/&quot;/"/g')
same "what was seen goes along" '{"macs":["02:00:5e:00:00:0a"]}' "$seen"
post "/net/connections/$con/ixapi/change/" -d macs=banana > /dev/null
has "a MAC address that is none" "$(cat "$work/page")" "is no MAC address of an interface"
post "/net/connections/$con/ixapi/change/" -d macs=01:00:5e:00:00:01 > /dev/null
has "a multicast one" "$(cat "$work/page")" "is no MAC address of an interface"
post "/net/connections/$con/ixapi/change/" -d macs=02:00:5e:00:00:0a -d capacity=5000 > /dev/null
has "nothing to change" "$(cat "$work/page")" "there is nothing to change"
post "/net/connections/$con/ixapi/change/" -d macs=02:00:5e:00:00:0b -d send=1 --data-urlencode 'seen={"macs":["02:00:5e:00:00:ff"]}' > /dev/null
has "what was looked at is not what is there" "$(cat "$work/page")" "Look again"
read -r status location < <(post "/net/connections/$con/ixapi/change/" -d macs=02:00:5e:00:00:0b -d send=1 --data-urlencode "seen=$seen")
job=$(grep -oE 'jobs/[0-9]+' <<< "$location" | grep -oE '[0-9]+')
same "sent: a job" "302 completed" "$status $(job_ends "${job:-0}")"
same "the address was registered" '["02:00:5E:00:00:0A","02:00:5e:00:00:0b"]' "$(state '[.macs[].address]')"
same "with the config's accounts" '"acc-1 acc-1"' "$(state '.macs[1] | .managing_account + " " + .consuming_account')"
same "and is the config's" '["macs-2"]' "$(state '."network-service-configs"[0].macs')"
same "as a merge patch with the config's type" "application/merge-patch+json exchange_lan" \
	"$(jq -r 'select(.method == "PATCH") | .type + " " + (.body | fromjson.type)' "$work/ix/requests")"
same "the job tells what came of it" '{"state": "production_change_pending", "confirmed": true}' "$(sql "SELECT result FROM job WHERE id = $job")"
has "the journal too" "$(sql "SELECT comments FROM journal_entry WHERE assigned_object_id = $con")" '["02:00:5e:00:00:0a"]` → `["02:00:5e:00:00:0b"]'
same "and who it was" "$admin" "$(sql "SELECT created_by_id FROM journal_entry WHERE assigned_object_id = $con")"
has "the page shows the new one" "$(page "/net/connections/$con/ixapi/")" "the exchange has it"

# ---- from the API ----
jq '."network-service-configs"[0].macs = ["mac-1"]' "$work/objects.json" > "$work/ix/objects.json"
api POST "/api/net/connections/$con/update-ixapi-mac/"
want "its own MAC address" 200 ''
same "is there" '["macs-2"]' "$(state '."network-service-configs"[0].macs')"
api POST "/api/net/connections/$con/update-ixapi-config/" '{"capacity":1000,"seen":{"capacity":5000}}'
want "the capacity" 200 ''
same "is that" 1000 "$(state '."network-service-configs"[0].capacity')"
api POST "/api/net/connections/$con/update-ixapi-config/" '{"capacity":null,"external_ref":"A 1","listed":false}'
want "several" 200 ''
same "are those" '[null,"A 1",false]' "$(state '."network-service-configs"[0] | [.capacity, .external_ref, .listed]')"
api POST "/api/net/connections/$con/update-ixapi-config/" '{"capacity":10,"seen":{"capacity":5000}}'
same "the exchange has something else" "400 The exchange changed capacity since it was looked at; nothing was changed. Synchronise and look again." "$status $(j .detail)"
same "and keeps it" null "$(state '."network-service-configs"[0].capacity')"
for d in '{"capacity":0}' '{"capacity":"x"}' '{"macs":"x"}' '{"macs":["x"]}' '{"listed":1}' '{"external_ref":5}' '{}'; do
	api POST "/api/net/connections/$con/update-ixapi-config/" "$d"; want "refused: $d" 400
done
touch "$work/ix/later"; echo 1 > "$work/ix/later"
api POST "/api/net/connections/$con/update-ixapi-config/" '{"capacity":2000}'
want "taken, but not done yet" 200 ''
same "is told" 'false|warning' "$(sql "SELECT j.result->>'confirmed', (SELECT kind FROM journal_entry ORDER BY id DESC LIMIT 1) FROM job j ORDER BY id DESC LIMIT 1")"
rm "$work/ix/later"
behave "/network-service-configs/nsc-1 status 403"
api POST "/api/net/connections/$con/update-ixapi-mac/"
has "what the exchange refuses is told" "$status $(j .detail)" "400 GET network-service-configs/nsc-1: the IX-API does not allow it to this key"
rm "$work/ix/behaviour"
api POST "/api/net/connections/$other/update-ixapi-mac/"
want "a connection elsewhere" 400
api PATCH "/api/net/connections/$con/" '{"mac_address":null}'
api POST "/api/net/connections/$con/update-ixapi-mac/"
same "a connection without one" "400 The connection has no MAC address." "$status $(j '.detail // .[0] // .non_field_errors[0]')"

# ---- into the book ----
api POST /api/extras/webhooks/ "{\"name\":\"Hook\",\"content_types\":[\"net.connection\"],\"type_update\":true,\"payload_url\":\"${at%/api/v2}/hook\",\"http_method\":\"POST\"}"
read_it > /dev/null
same "the exchange's is taken here" "302" "$(post "/net/connections/$con/ixapi/use-mac/" -d mac=02:00:5e:00:00:0b | cut -d' ' -f1)"
api GET "/api/net/connections/$con/"
same "it is the connection's" 02:00:5e:00:00:0b "$(j .mac_address)"
same "with a change log row and an event" "update|t" "$(sql "SELECT action, (SELECT count(*) = 1 FROM event WHERE request_id = c.request_id) FROM object_change c WHERE changed_object_id = $con ORDER BY id DESC LIMIT 1")"

# ---- accounts of one that is not in the book ----
accounts="/api/extras/ix-api/accounts/?api_url=$at&api_key=$key&api_secret="
api GET "$accounts$secret"
same "are asked for" "200 acc-1 acc-2" "$status $(j '[.[].id] | join(" ")')"
api GET "$accounts$(printf 'w%.0s' {1..86})"
has "a wrong secret" "$status $(j .detail)" "400 Unable to connect to IX-API"
api GET "/api/extras/ix-api/accounts/?api_url=$at"
want "what is missing is named" 400 '{"api_key":["This field is required."],"api_secret":["This field is required."]}'
same "no secret stands in a job" 0 "$(sql "SELECT count(*) FROM job WHERE job::text LIKE '%$secret%'")"
same "nor in the change log" 0 "$(sql "SELECT count(*) FROM object_change WHERE object_change::text LIKE '%$secret%'")"
same "nor in a log" 0 "$(cat "$work/handlers.log" "$work/runner.log" | grep -c "$secret")"

# ---- the command, a job, the schedule ----
"$peerage" ix-api change "$con" capacity=3000 > "$work/out"; has "the command shows what would be" "$(cat "$work/out")" "Nothing was sent"
same "and sends it when told" "done; state production_change_pending 3000" "$("$peerage" ix-api change "$con" capacity=3000 --send | tail -1) $(state '."network-service-configs"[0].capacity')"
api POST "/api/extras/ix-api/$x/synchronise/"
same "asked for: a job" "202 extras.ixapi.synchronise completed" "$status $(j .name) $(job_ends "$(j .id)")"
same "there is a schedule" 1 "$(sql "SELECT count(*) FROM schedule WHERE job = 'extras.ixapi.synchronise' AND enabled")"

# ---- version 1 ----
echo 1 > "$work/ix/version"
sql "UPDATE ixapi SET api_url = '${at%/v2}/v1', access_token = NULL, refresh_token = NULL" > /dev/null
forget
same "version 1 is read" "0 1" "$(read_it | cut -c1) $(sql "SELECT version FROM ixapi_reading")"
same "by its names" "/api/v1/customers /api/v1/demarcs /api/v1/products?type=exchange_lan" "$(jq -r .path "$work/ix/requests" | grep -E 'customers|demarcs|products' | sort | paste -sd' ')"
api PATCH "/api/net/connections/$con/" '{"mac_address":"02:00:5e:00:00:0d"}'
api POST "/api/net/connections/$con/update-ixapi-mac/"
want "and changed" 200 ''
same "by its names" '{"managing_customer":"acc-1","consuming_customer":"acc-1","address":"02:00:5e:00:00:0d"}' "$(jq -r 'select(.method == "POST" and (.path | endswith("/macs"))).body' "$work/ix/requests" | tail -1)"
has "the page says that it is old" "$(page "/internet-exchanges/$ix/ixapi/")" "speaks version 1"
behave "/health status 404"
same "as does one without a health" "0 1" "$(read_it | cut -c1) $(sql "SELECT version FROM ixapi_reading")"
rm "$work/ix/behaviour"
same "no request was refused by the schema, no answer either" "" "$(cat "$work/ix/refused" "$work/ix/invalid" 2> /dev/null)"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" "$work/runner.log" | head -5)"
