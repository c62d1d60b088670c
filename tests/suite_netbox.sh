#!/bin/bash
# NetBox: its devices read page by page with its token, linked to routers or made into them; what goes wrong leaves what was known.
. "$(dirname "$0")/lib.sh"
start_postgres
start_redis
mkdir "$work/nb"
echo t0ken-of-netbox > "$work/nb/token"
cat > "$work/nb/devices.json" <<'J'
[{"id": 11, "name": "ams1", "role": "router", "platform": "junos", "status": "active", "site": "ams", "ip": "192.0.2.1/32", "context": {"pop": "ams"}},
 {"id": 12, "name": "lon1", "role": "router", "platform": "junos", "status": "planned", "site": "lon"},
 {"id": 13, "name": "fw1", "role": "firewall", "platform": "fortios", "status": "active"},
 {"id": 14, "name": "sw1", "role": "switch", "platform": "eos", "status": "active"},
 {"id": 15, "name": null, "role": "router", "platform": "junos", "status": "active"},
 {"id": 16, "name": "PAR1", "role": "router", "platform": "junos", "status": "active"}]
J
python3 "$top/tests/tools/netbox_server.py" "$work/nb" 2> "$work/nb.log" &
pids+=($!)
until_true 10 test -s "$work/nb/port" || die "the stand-in: $(cat "$work/nb.log")"
nb=http://127.0.0.1:$(cat "$work/nb/port")
echo 'netbox_api_timeout = 2' >> "$work/peerage.conf"
start_handlers
start_nginx
user admin true true > /dev/null
who=admin
has() { case $2 in *"$3"*) pass ;; *) fail "$1: no \"$3\": $(printf %.300s "$2")" ;; esac; }
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('s'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'"
cookie="sessionid=s; csrftoken=$(printf 'c%.0s' {1..64})"
page() { curl -s -H "Cookie: $cookie" "$url$1"; }
post() { local p=$1; shift; curl -s -o "$work/page" -D "$work/headers" -w '%{http_code} %{redirect_url}' -H "Cookie: $cookie" -d "csrfmiddlewaretoken=$(printf 'c%.0s' {1..64})" "$@" "$url$p"; }
flash() { tr -d '\r' < "$work/headers" | sed -n 's/^Set-Cookie: messages=[a-z]*\.\([^;]*\).*/\1/Ip' | python3 -c 'import sys, urllib.parse; print(urllib.parse.unquote(sys.stdin.read().strip()))'; }
api POST /api/peering/autonomous-systems/ '{"asn":64500,"name":"Us","affiliated":true}'
api POST /api/devices/platforms/ '{"name":"Junos","slug":"junos"}'
api POST /api/devices/routers/ '{"name":"par1","hostname":"par1.example.net","platform":1,"local_autonomous_system":1}'
want "a router" 201; par=$(j .id)

# ---- without one ----
api POST /api/devices/routers/read-netbox/
same "it says what to set" "409 The settings name no NetBox: set netbox_api and netbox_api_token." "$status $(j .detail)"
has "the page too" "$(page /devices/routers/netbox/)" "The settings name no NetBox"
stop_handlers
printf 'netbox_api = %s/api/\nnetbox_api_token = t0ken-of-netbox\n' "$nb" >> "$work/peerage.conf"
start_handlers
"$build/peerage-runner" --poll 0.2 > /dev/null 2> "$work/runner.log" &
pids+=($!)
runner=$!
ended() { until_true 20 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c \"SELECT status FROM job WHERE id = $1\" | grep -qE 'completed|failed|errored'"; sql "SELECT status FROM job WHERE id = $1"; }
read_it() { api POST /api/devices/routers/read-netbox/; [ "$status" = 202 ] || echo "$status $body"; local id; id=$(j .id); echo "$(ended "$id") $(sql "SELECT error FROM job WHERE id = $id")"; }

# ---- reading ----
same "it is read" "completed " "$(read_it)"
same "routers and firewalls that have a name" "11 ams1,12 lon1,13 fw1,16 PAR1" "$(sql "SELECT string_agg(id || ' ' || name, ',' ORDER BY id) FROM netbox_device")"
same "page by page" 3 "$(wc -l < "$work/nb/requests")"
same "with the token" "Token t0ken-of-netbox" "$(jq -r .authorization "$work/nb/requests" | sort -u)"
api GET /api/devices/routers/netbox-devices/
same "the API has them, with the routers that they could be" "ams1 null null,fw1 null null,lon1 null null,PAR1 null par1" \
	"$(j '[.devices[] | "\(.name) \(.router) \(.same_name_name)"] | sort_by(ascii_downcase) | join(",")')"
p=$(page /devices/routers/netbox/)
for t in 'value="11" aria-label="ams1"' "same name" "no platform fortios here" "$nb/dcim/devices/11/" "4 devices, read at"; do has "the page" "$p" "$t"; done
same "what has no platform cannot be ticked" 0 "$(grep -c 'value="13" aria-label' <<< "$p")"

# ---- taking over ----
api POST /api/devices/routers/import-from-netbox/ '{"devices":[11,13]}'
want "one without a platform: none of them" 400
same "nothing was made" 1 "$(sql "SELECT count(*) FROM router")"
api POST /api/devices/routers/import-from-netbox/ '{"devices":[99]}'
want "one that is not there" 404
for d in '{}' '{"devices":[]}' '{"devices":["x"]}' '{"devices":5}'; do api POST /api/devices/routers/import-from-netbox/ "$d"; want "refused: $d" 400; done
post /devices/routers/netbox/ > /dev/null
same "nothing ticked" "Nothing was ticked." "$(flash)"
post /devices/routers/netbox/ -d pk=11 -d pk=12 -d pk=16 > /dev/null
same "two made, one linked" "2 made, 1 linked, 0 brought up to date." "$(flash)"
same "as they are there" "ams1 enabled 11,lon1 disabled 12,par1 enabled 16" "$(sql "SELECT string_agg(name || ' ' || status || ' ' || netbox_device_id, ',' ORDER BY name) FROM router")"
api GET "/api/devices/routers/?name=ams1"
same "with platform and context" "junos ams" "$(j '.results[0] | "\(.platform.slug) \(.local_context_data.pop)"')"
same "each with its change log row" "create create update" "$(sql "SELECT string_agg(action, ' ' ORDER BY action) FROM object_change WHERE changed_object_type_id = (SELECT id FROM object_type WHERE table_name = 'router') AND request_id = (SELECT request_id FROM object_change ORDER BY id DESC LIMIT 1)")"
same "the linked one keeps what it had" par1.example.net "$(sql "SELECT hostname FROM router WHERE id = $par")"
jq '.[0].status = "offline"' "$work/nb/devices.json" > "$work/new" && cp "$work/new" "$work/nb/devices.json"
read_it > /dev/null
api POST /api/devices/routers/import-from-netbox/ '{"devices":[11]}'
same "again: brought up to date" '200 {"created":0,"linked":0,"updated":1} disabled' "$status $body $(sql "SELECT status FROM router WHERE netbox_device_id = 11")"
has "and linked" "$(page /devices/routers/netbox/)" '<span class="badge tone-success">linked</span>'
api POST /api/devices/routers/update-from-netbox/ '{"event":"updated","data":{"id":11,"name":"ams1","platform":{"slug":"junos"},"status":{"value":"active"},"local_context_data":null}}'
same "NetBox's webhook finds the same router" "200 enabled 3" "$status $(sql "SELECT status FROM router WHERE netbox_device_id = 11") $(sql "SELECT count(*) FROM router")"

# ---- rights ----
viewer=$(user viewer)
grant "$viewer" view '' devices.router
who=viewer api GET /api/devices/routers/netbox-devices/
want "who may see routers sees devices" 200
who=viewer api POST /api/devices/routers/import-from-netbox/ '{"devices":[11]}'
want "taking over wants to add and to change" 403
who=viewer api POST /api/devices/routers/read-netbox/
want "as does reading" 403
who=admin

# ---- what goes wrong ----
bad() { # NAME PATTERN [BEHAVIOUR]
	local got
	echo "${3:-}" > "$work/nb/behaviour"
	got=$(read_it)
	case $got in "completed"*) fail "$1: is taken" ;; *"$2"*) pass ;; *) fail "$1: $got" ;; esac
	same "$1: what was known stays" 4 "$(sql "SELECT count(*) FROM netbox_device")"
	has "$1: written down" "$(sql "SELECT error FROM netbox_reading")" "$2"
	rm "$work/nb/behaviour"
}
bad "403" "refuses the token" "* status 403"
bad "429" "asked too often" "* retry 60"
bad "500" "answers 500" "* status 500"
bad "a web page" "looks like a web page" "* html"
bad "garbage" "not a page of devices" "* garbage"
bad "one that hangs" "2 s" "* slow 20"
bad "a redirect elsewhere" "redirect" "* redirect http://192.0.2.1/"
bad "the second page fails" "answers 502" "offset=2 status 502"
touch "$work/nb/elsewhere"; bad "a next page elsewhere: the token does not go there" "is not $nb" ""; rm "$work/nb/elsewhere"
echo other > "$work/nb/token"; bad "another token" "Invalid token" ""; echo t0ken-of-netbox > "$work/nb/token"
has "the page tells why" "$(page /devices/routers/netbox/)" "failed, and what came at"
same "the token stands in no log" 0 "$(cat "$work/runner.log" "$work/handlers.log" | grep -c t0ken)"
same "nor in a page" 0 "$(page /core/system/ | grep -c t0ken)"

# ---- over TLS with a certificate of its own ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/nb.key" -out "$work/nb.pem" -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2> /dev/null
mkdir "$work/nbs"; cp "$work/nb/devices.json" "$work/nb/token" "$work/nbs/"
python3 "$top/tests/tools/netbox_server.py" "$work/nbs" "$work/nb.pem" "$work/nb.key" 2> "$work/nbs.log" &
pids+=($!)
until_true 10 test -s "$work/nbs/port"
kill "$runner"; wait "$runner" 2> /dev/null
restart() { "$build/peerage-runner" --poll 0.2 > /dev/null 2>> "$work/runner.log" & runner=$!; pids+=("$runner"); }
sed -i "s|^netbox_api = .*|netbox_api = https://127.0.0.1:$(cat "$work/nbs/port")|" "$work/peerage.conf"
restart
bad "a certificate that nobody signed" "certificate" ""
kill "$runner"; wait "$runner" 2> /dev/null
echo "netbox_api_verify_ssl = false" >> "$work/peerage.conf"
restart
same "unless it is not to be looked at" "completed " "$(read_it)"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" "$work/runner.log" | head -5)"
