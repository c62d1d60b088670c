#!/bin/bash
# What may be done with objects beyond reading and writing them: endpoints, buttons, several at once, the command.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything
peerage=$build/peerage

# button PATH [curl options]: press a button as admin; $status, $location
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-admin'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'" > /dev/null
cookie="sessionid=session-admin; csrftoken=$(printf 'c%.0s' {1..64})"
button() {
	local p=$1; shift
	read -r status location < <(curl -s -o "$work/page" -w '%{http_code} %{redirect_url}\n' -H "Cookie: $cookie" -d "csrfmiddlewaretoken=$(printf 'c%.0s' {1..64})" "$@" "$url$p")
	location=${location#"$url"}
}
page() { status=$(curl -s -o "$work/page" -w '%{http_code}' -H "Cookie: $cookie" "$url$1"); }
flash() { page "${1:-/}"; grep -oE 'class="alert alert-[a-z]+[^>]*>[^<]*' "$work/page" | sed 's/.*>//' | paste -sd'|'; }

# ---- keys of sessions ----
direct=/api/peering/direct-peering-sessions/1
key() { api GET $direct/; j .encrypted_password; }
api POST $direct/encrypt-password/
want "a router that wants no ciphers" 503 ''
api PATCH /api/devices/platforms/1/ '{"password_algorithm":"juniper-type9"}'
api PATCH /api/devices/routers/1/ '{"encrypt_passwords":true}'
holds "switching it on writes the keys of all its sessions" test "$(key)" = '$9$jxHP5FnCpu1rl' -o "$(key | cut -c1-3)" = '$9$'
first=$(key)
same "of both kinds" '$9$' "$(api GET /api/peering/internet-exchange-peering-sessions/1/; j '.encrypted_password' | cut -c1-3)"
api POST $direct/encrypt-password/
want "asked for" 200 ''
same "the key is the same" "$first" "$(key)"
api POST $direct/encrypt-password/ '{"ip_address":"192.0.2.99"}'
same "what a client sends with it is not written" "200 192.0.2.2/30" "$status $(api GET $direct/; j .ip_address)"
api PATCH /api/devices/platforms/1/ '{"password_algorithm":"arista-type7"}'
same "another algorithm, other keys" '7 ' "$(key | cut -c1-2)"
same "of both kinds again" '7 ' "$(api GET /api/peering/internet-exchange-peering-sessions/1/; j '.encrypted_password' | cut -c1-2)"
arista=$(key)
api PATCH $direct/ '{"ip_address":"192.0.2.5/29","local_ip_address":"192.0.2.1/29"}'
want "an address changes" 200
holds "and the key with it" test "$(key)" != "$arista"
api PATCH $direct/ '{"ip_address":"192.0.2.2/30","local_ip_address":"192.0.2.1/30"}'
same "and back" "$arista" "$(key)"
api POST /api/devices/routers/ '{"name":"r2","hostname":"r2.example.net","platform":1,"local_autonomous_system":1}'
api PATCH /api/net/connections/1/ '{"router":2}'
same "a connection moves to a router that wants none" null "$(api GET /api/peering/internet-exchange-peering-sessions/1/; j '.encrypted_password')"
api PATCH /api/net/connections/1/ '{"router":1}'
same "and back" '7 ' "$(api GET /api/peering/internet-exchange-peering-sessions/1/; j '.encrypted_password' | cut -c1-2)"
api PATCH /api/devices/platforms/1/ '{"password_algorithm":""}'
same "without an algorithm nothing stands there, least of all the password" null "$(key)"
api PATCH /api/devices/platforms/1/ '{"password_algorithm":"juniper-type9"}'
same "and comes back with one" "$first" "$(key)"
api PATCH /api/devices/routers/1/ '{"encrypt_passwords":false}'
same "switched off, what was made goes" null "$(key)"
api PATCH $direct/ '{"encrypted_password":"$9$given"}'
same "what somebody gives stays" '$9$given' "$(key)"
api PATCH /api/devices/routers/1/ '{"encrypt_passwords":true}'
same "nothing is stored in clear" 0 "$(sql "SELECT count(*) FROM direct_peering_session WHERE password ~ '^(pw|[$]9|7 )' OR encrypted_password ~ '^(pw|[$]9|7 )'")"
same "no key in the change log" 0 "$(sql "SELECT count(*) FROM object_change WHERE object_change::text ~ '([$]9[$]|\"pw\")'")"

# ---- enable, disable, several ----
ixs=/api/peering/internet-exchange-peering-sessions
sql "UPDATE internet_exchange_peering_session SET bgp_state = 'established', received_prefix_count = 9" > /dev/null
api POST $ixs/1/disable/
want "disabled" 200 ''
same "with its state" "disabled idle 0" "$(api GET $ixs/1/; j '.status.value, .bgp_state, .received_prefix_count' | paste -sd' ')"
api POST $ixs/1/enable/
same "enabled" "200 enabled" "$status $(api GET $ixs/1/; j .status.value)"
for n in 21 22 23; do make peering/internet-exchange-peering-sessions "{\"autonomous_system\":2,\"ixp_connection\":1,\"ip_address\":\"198.51.100.$n\",\"status\":\"requested\"}"; done
api POST $ixs/enable/ '[{"id":2},{"id":3}]'
same "several at once" '200 2 0' "$status $(j '.done, .refused' | paste -sd' ')"
same "those and no others" "enabled enabled requested" "$(sql 'SELECT status FROM internet_exchange_peering_session WHERE id > 1 ORDER BY id' | paste -sd' ')"
api POST $ixs/enable/ '{"id":2}'
want "several are a list" 400
api POST $ixs/disable/ '[{"id":2},{"name":"x"}]'
same "a mistake in one, and none is done" "400 enabled" "$status $(sql 'SELECT status FROM internet_exchange_peering_session WHERE id = 2')"
button /internet-exchange-peering-sessions/disable/ -d pk=2 -d pk=3
same "the list's button" "302 disabled disabled" "$status $(sql 'SELECT status FROM internet_exchange_peering_session WHERE id IN (2, 3)' | paste -sd' ')"
button /internet-exchange-peering-sessions/enable/ -d _all=1 -d query=
same "all of them" "302 4" "$status $(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE status = 'enabled'")"
button /internet-exchange-peering-sessions/2/disable/
same "the page's button leads back" "302 /internet-exchange-peering-sessions/2/" "$status $location"
page /internet-exchange-peering-sessions/2/
holds "one that is disabled can be enabled" grep -q 'action="[^"]*/2/enable/"' "$work/page"
holds "and not disabled" test "$(grep -c 'action="[^"]*/2/disable/"' "$work/page")" = 0
page /internet-exchange-peering-sessions/
holds "the list has the buttons" grep -q 'formaction="[^"]*/internet-exchange-peering-sessions/disable/"' "$work/page"
button /direct-peering-sessions/1/encrypt-password/
same "a key by its button" "302" "$status"

# ---- e-mails ----
make messaging/emails '{"name":"Ask","subject":"Peering with {{ autonomous_system.name }}","template":"Dear AS{{ autonomous_system.asn }}, we are {% for a in affiliated_autonomous_systems %}AS{{ a.asn }}{% endfor %}."}'
api POST /api/peering/autonomous-systems/2/generate-email/ '{"email":2}'
want "an e-mail from a template" 200 '{"subject":"Peering with Them","body":"Dear AS64501, we are AS64500."}'
api POST /api/peering/autonomous-systems/2/generate-email/ '{}'
want "from which?" 400
api POST /api/peering/autonomous-systems/2/generate-email/ '{"email":99}'
want "there is none" 404 ''
make messaging/emails '{"name":"Broken","subject":"x","template":"\n{{ 1 // 0 }}"}'
api POST /api/peering/autonomous-systems/2/generate-email/ '{"email":3}'
holds "a template that fails is an error with its place" test "$status" = 400 -a "$(printf %s "$body" | grep -c 'Broken:2:')" = 1
make messaging/emails '{"name":"New","subject":"{{ autonomous_systems.1.name }}","template":"AS{{ autonomous_systems.0.asn }}"}'
api POST /api/peeringdb/networks/render-email/ '{"email":4,"autonomous_system":1,"network":1}'
want "to a network that only PeeringDB knows" 200 '{"subject":"Net","body":"AS64500"}'
api POST /api/peeringdb/networks/render-email/ '{"email":4,"autonomous_system":1,"network":77}'
want "or knows not" 404 ''

# ---- exports ----
make extras/export-templates '{"name":"ASNs","content_type":"peering.autonomoussystem","template":"{% for a in dataset %}{{ a.asn }} {% endfor %}"}'
api GET /api/extras/export-templates/2/render-synchronous/
want "an export at once" 200 '{"rendered":"64500 64501 "}'
api GET /api/extras/export-templates/2/render/
same "as a job" "202 extras.exporttemplate.render extras.exporttemplate 2 pending" "$status $(j '.name, .object_type, .object_id, .status.value' | paste -sd' ')"
same "with the keys of a job" "$(api GET "/api/core/jobs/$(j .id)/"; j 'keys_unsorted | join(",")')" "$(api GET /api/extras/export-templates/2/render/; j 'keys_unsorted | join(",")')"
button /extras/export-templates/2/render/
holds "its button leads to the job" test "$status" = 302 -a "${location#/core/jobs/}" != "$location"
nobody=$(user poor)
grant "$nobody" view "" extras.exporttemplate
who=poor
api GET /api/extras/export-templates/2/render-synchronous/
want "an export shows what one may view, no more" 403
who=admin

# ---- NetBox ----
box='{"event":"EV","data":{"id":7,"name":"NAME","device_role":{"slug":"router"},"platform":{"slug":"junos"},"status":{"value":"active"},"local_context_data":null},"local_autonomous_system":1}'
ev() { local b=${box/EV/$1}; api POST /api/devices/routers/update-from-netbox/ "${b/NAME/$2}"; }
ev created core7
want "a device becomes a router" 201 ''
same "as it is there" "core7 core7 enabled 7" "$(sql 'SELECT name, hostname, status, netbox_device_id FROM router WHERE netbox_device_id = 7' | tr '|' ' ')"
ev updated core8
same "and follows it" "200 core8" "$status $(sql 'SELECT name FROM router WHERE netbox_device_id = 7')"
box=${box/active/offline} ev updated core8
same "also when it goes" "disabled" "$(box=${box/active/offline}; ev updated core8; sql 'SELECT status FROM router WHERE netbox_device_id = 7')"
box=${box/junos/what} ev updated core8
api POST /api/devices/routers/update-from-netbox/ "${box/junos/what}"
want "a platform that is not known" 501 ''
ev deleted core8
same "deleted with it" "200 0" "$status $(sql 'SELECT count(*) FROM router WHERE netbox_device_id = 7')"
ev deleted core8
want "once" 404 ''
api POST /api/devices/routers/update-from-netbox/ '{"event":"created"}'
want "no device in it" 400 ''
api POST /api/devices/routers/update-from-netbox/ '{"event":"created","data":[]}'
want "or none that is one" 400 ''

# ---- our own ports, from PeeringDB into the book ----
sql "INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (3, 1, 64500, 'Us');
	INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (2, 1, 'Other IX (Süd)');
	INSERT INTO peeringdb_ixlan (id, ix_id, name) VALUES (2, 2, 'LAN');
	INSERT INTO peeringdb_ixlan_prefix (id, ixlan_id, prefix, protocol) VALUES (2, 2, '203.0.113.0/25', 'IPv4'), (3, 2, '2001:db8:2::/64', 'IPv6');
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4, ipaddr6) VALUES
		(30, 3, 2, 64500, 1000, '203.0.113.1', '2001:db8:2::1'), (31, 3, 2, 64500, 1000, '203.0.113.2', NULL), (32, 3, 2, 64500, 1000, NULL, NULL),
		(33, 3, 1, 64500, 1000, '198.51.100.1', NULL);
	UPDATE internet_exchange SET peeringdb_ixlan_id = 1" > /dev/null || fail "rows of PeeringDB"
page /internet-exchanges/import-from-peeringdb/
same "ports that the book lacks, and no others" "200 30 31" "$status $(grep -oE 'name="pk" value="[0-9]+"' "$work/page" | tr -dc '0-9\n' | paste -sd' ')"
page /internet-exchanges/
holds "the list of exchanges leads there" grep -q 'internet-exchanges/import-from-peeringdb/' "$work/page"
button /internet-exchanges/import-from-peeringdb/ -d pk=30 -d pk=31
same "two of them" "302 /internet-exchanges/" "$status $location"
same "are one exchange" "Other IX (Süd)|other-ix-s-d-2|64500|2" "$(sql "SELECT x.name, slug, a.asn, peeringdb_ixlan_id FROM internet_exchange x JOIN autonomous_system a ON a.id = x.local_autonomous_system_id WHERE x.id > 1")"
same "with two connections" "30 203.0.113.1/25 2001:db8:2::1/64,31 203.0.113.2/25 " "$(sql 'SELECT peeringdb_netixlan_id, ipv4_address, ipv6_address FROM connection WHERE id > 1 ORDER BY 1' | tr '|' ' ' | paste -sd,)"
api POST /api/peering/internet-exchanges/import-from-peeringdb/ '{}'
want "nothing is left" 200 '{"internet_exchanges":0,"connections":0}'
api POST /api/peering/internet-exchanges/import-from-peeringdb/ '{"ports":"all"}'
want "ports are a list" 400

# ---- candidates become sessions ----
sql "INSERT INTO peeringdb_network (id, org_id, asn, name, info_type) VALUES (4, 1, 64510, 'Servers', 'Route Server'), (5, 1, 64511, 'Peer', 'NSP');
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4, is_rs_peer) VALUES (40, 4, 1, 64510, 1000, '198.51.100.40', true), (41, 5, 1, 64511, 1000, '198.51.100.41', true)" > /dev/null
add=/internet-exchange-peering-sessions/add_from_peeringdb/
button $add -d pk=40 -d pk=41 -d internet_exchange_id=1 -d status=requested -d _review=1
same "they are looked at first" "200 2 0" "$status $(grep -c 'name="session"' "$work/page") $(sql "SELECT count(*) FROM autonomous_system WHERE asn IN (64510, 64511)")"
same "a route server is known by what its network says" "40-1-4" "$(grep -oE 'name="rs" value="[^"]*" checked' "$work/page" | cut -d'"' -f4)"
button $add -d pk=40 -d pk=41 -d internet_exchange_id=1 -d status=requested -d _reviewed=1 -d session=40-1-4 -d rs=40-1-4 -d status.40-1-4=provisioning -d return_url=/internet-exchanges/1/peers/
same "what was ticked is made, as it was set" "302 /internet-exchanges/1/peers/ 64510 provisioning t" "$status $location $(sql "SELECT a.asn, s.status, s.is_route_server FROM internet_exchange_peering_session s JOIN autonomous_system a ON a.id = s.autonomous_system_id WHERE host(ip_address) = '198.51.100.40'" | tr '|' ' ')"
same "the rest is not, nor its AS" 0 "$(sql "SELECT count(*) FROM autonomous_system WHERE asn = 64511")"
make peering/autonomous-systems '{"asn":64511,"name":"Peer"}'
peers=/autonomous-systems/$(j .id)/peers/
page "$peers"
same "the page of an AS has what is missing with it, address by address" "200 41-1-4" "$status $(grep -oE 'name="session" value="[^"]+"' "$work/page" | cut -d'"' -f4 | paste -sd' ')"
holds "as a tab" grep -q 'Available Sessions' "$work/page"
button $add -d session=41-1-4 -d status=requested -d _review=1 -d "return_url=$peers"
same "what is ticked there is looked at" "200 41-1-4" "$status $(grep -oE 'name="session" value="[^"]+"' "$work/page" | cut -d'"' -f4 | paste -sd' ')"
button $add -d pk=41 -d session=41-1-4 -d _reviewed=1 -d status.41-1-4=requested -d "return_url=$peers"
same "and made" "302 $peers 1" "$status $location $(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE host(ip_address) = '198.51.100.41'")"
page "$peers"
same "then it is theirs to set up, with our address" "0 198.51.100.41 198.51.100.1" \
	"$(grep -c 'name="session"' "$work/page") $(sed -n '/Missing there/,/<.section>/p' "$work/page" | grep -oE '<code>[^<]+' | cut -c7- | paste -sd' ')"
sql "UPDATE internet_exchange_peering_session SET bgp_state = 'established' WHERE host(ip_address) = '198.51.100.41'" > /dev/null
page "$peers"
holds "until it is up" grep -q 'All our sessions with them are up' "$work/page"

# ---- the command ----
same "it lists what there is" "$(for f in $families; do "$build/handlers/$f" -r; done | grep -cE ' /api/.*(encrypt-password|enable|disable)/ ')" "$(( $("$peerage" action | grep -cE 'encrypt-password|enable|disable') * 2 ))"
same "does it" "Disabled." "$("$peerage" action ix-peering-session disable ip_address=198.51.100.22)"
same "really" disabled "$(sql "SELECT status FROM internet_exchange_peering_session WHERE ip_address = '198.51.100.22'")"
same "answers as the API" '{"rendered":"64500 64501 64510 64511 "}' "$("$peerage" action export-template render-synchronous 2)"
same "with inputs" "IX" "$("$peerage" action autonomous-system shared-ixps asn=64501 as=64500 | jq -r '.[0].name')"
"$peerage" action autonomous-system nonsense 1 2> "$work/err"
same "a wrong name is told" "1 1" "$? $(grep -c 'peerage action autonomous-system' "$work/err")"
"$peerage" action ix-peering-session disable 999 2> /dev/null
same "no such object" 3 $?

# ---- every row of the table: who may not, who may, its place in OpenAPI, the command, the button ----
"$peerage" --json action > "$work/actions.json"
api GET /api/schema/ '' -H 'Accept: application/json'
printf '%s' "$body" > "$work/schema.json"
nobody=$(user nobody2 false)
reader=$(user reader2 false)
able=$(user able2 false)
grant "$reader" view
# each permission that the table names, on its own type
jq -r '.[] | [.permission, (.further // "" | split(", ")[])] | .[]' "$work/actions.json" | sort -u | while IFS=. read -r app code; do
	[ -z "$app" ] || printf '%s %s %s\n' "$app" "${code%_*}" "${code##*_}"
done > "$work/permissions"
while read -r app verb model; do
	grant "$able" "$verb" "" "$app.$model" 2>> "$work/grants" || true
done < "$work/permissions"
grant "$able" view
rows=$(jq length "$work/actions.json")
printf '%-26s %-26s %-5s %7s %7s %5s %8s %8s %7s\n' resource action verb without reading with OpenAPI command button > "$work/table"
bad=
while IFS=$'\t' read -r resource name method path permission many button further; do
	one=${path/\{id\}/999999999}
	try=$one; [ "$path" != "$one" ] || try="$one?dry_run=1"
	[ "$method" != GET ] || try=$one
	data=; [ "$method" = GET ] || data='{}'
	who=nobody2 api "$method" "$try" "$data"; without=$status
	who=reader2 api "$method" "$try" "$data"; reading=$status
	who=able2 api "$method" "$try" "$data"; with=$status
	documented=$(jq --arg p "$path" --arg m "${method,,}" '.paths[$p][$m] != null' "$work/schema.json")
	"$peerage" action "$resource" "$name" --help > /dev/null 2>&1
	if [ "$path" = "$one" ]; then command=type; else "$peerage" action "$resource" "$name" 999999999 > /dev/null 2>&1; command=$?; fi
	page=-
	if [ "$button" != - ] && [ "$path" != "$one" ]; then
		page=$(curl -s -o /dev/null -w '%{http_code}' -H "Cookie: $cookie" -d "csrfmiddlewaretoken=$(printf 'c%.0s' {1..64})" "$url${button/\{id\}/999999999}")
	fi
	printf '%-26s %-26s %-5s %7s %7s %5s %8s %8s %7s\n' "$resource" "$name" "$method" "$without" "$reading" "$with" "$documented" "$command" "$page" >> "$work/table"
	[ "$without" = 403 ] || bad="$bad $resource/$name:without=$without"
	if [[ $permission =~ \.view_[a-z0-9]+$ ]] && [ "$further" = - ]; then [ "$reading" != 403 ] || bad="$bad $resource/$name:reading=$reading"
	else [ "$reading" = 403 ] || [ "$path" != "$one" ] || bad="$bad $resource/$name:reading=$reading"; fi
	if [ "$path" = "$one" ]; then case $with in 401 | 403 | 404 | 405 | 500) bad="$bad $resource/$name:with=$with" ;; esac
	else [ "$with" = 404 ] || bad="$bad $resource/$name:with=$with"; fi
	[ "$documented" = true ] || bad="$bad $resource/$name:openapi"
	case $command in type | 3) ;; *) bad="$bad $resource/$name:command=$command" ;; esac
	case $page in - | 404) ;; *) bad="$bad $resource/$name:button=$page" ;; esac
	if [ "$many" = true ]; then
		who=nobody2 api POST "${path/\{id\}\//}" '[]'; [ "$status" = 403 ] || bad="$bad $resource/$name:many without=$status"
		who=able2 api POST "${path/\{id\}\//}" '[]'; [ "$status" = 200 ] || bad="$bad $resource/$name:many with=$status"
	fi
done < <(jq -r '.[] | [.resource, .name, .method, .api, .permission, (.many | tostring), (.button // "-"), (.further // "-")] | @tsv' "$work/actions.json")
[ -z "$bad" ] || cat "$work/table"
same "each of the $rows actions has a permission, an endpoint that OpenAPI knows, a command, and a button where it says so" "" "$bad"
holds "and there are many of them" test "$rows" -ge 80
# a page shows the buttons that fit its object to who may, and none to who may only read
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-reader2'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'reader2'" > /dev/null
buttons() { curl -s -H "Cookie: sessionid=session-$1" "$url$2" | grep -oE "action=\"$2[a-z-]+/\"" | sort -u | sed 's#.*/\([a-z-]*\)/"#\1#' | grep -vE '^(delete|journal)$' | paste -sd' '; }
while IFS='|' read -r p admins readers; do
	same "buttons of $p" "$admins" "$(buttons admin "$p")"
	same "and of who may only read" "$readers" "$(buttons reader2 "$p")"
done <<'T'
/direct-peering-sessions/1/|disable encrypt-password poll|
/internet-exchange-peering-sessions/1/|disable encrypt-password poll|
/autonomous-systems/2/|get-irr-data poll-bgp-sessions sync-with-peeringdb|
/bgp-groups/1/|import-sessions poll-bgp-sessions|
/internet-exchanges/1/|import-sessions poll-bgp-sessions|
/net/connections/1/|import-sessions|
/devices/routers/1/|import-sessions plan poll-bgp-sessions test-napalm-connection|test-napalm-connection
T

same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
