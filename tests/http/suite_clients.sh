#!/bin/bash
# How clients that exist talk to Peering Manager: pypeeringmanager (on pynetbox), its MCP servers, infrahub-sync, Salt, Junos and SR OS
# generators, import scripts, NetBox's webhook. Each block is one client's calls and what it reads of the answers.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything
for n in $(seq 60); do echo "{\"asn\":$((65000 + n)),\"name\":\"Net $n\"}"; done | jq -sc . > "$work/many.json"

# ---- pypeeringmanager: media types end in a semicolon, limit=0 is everything, lists make and change many ----
py=(-H 'Accept: application/json;' -H 'Content-Type: application/json;' -H 'Accept-Encoding: gzip, deflate')
api POST /api/peering/autonomous-systems/ "$(cat "$work/many.json")" "${py[@]}"
same "create([...])" "201 60 65001 65060" "$status $(j 'length, .[0].asn, .[59].asn' | paste -sd' ')"
api GET '/api/peering/autonomous-systems/?limit=0' '' "${py[@]}"
same "all()" "200 62 62 null" "$status $(j '.count, (.results | length), .next' | paste -sd' ')"
api GET '/api/peering/autonomous-systems/?limit=50&offset=0' '' "${py[@]}"
same "all(limit=50): next is absolute" "50 $url/api/peering/autonomous-systems/?limit=50&offset=50" "$(j '(.results | length), .next' | paste -sd' ')"
api GET "$(j .next | sed "s|$url||")" '' "${py[@]}"
same "and leads on" "12 null" "$(j '(.results | length), .next' | paste -sd' ')"
api GET '/api/peering/autonomous-systems/?asn=65001&asn=65002&limit=0' '' "${py[@]}"
same "filter(asn=[1,2])" "65001 65002" "$(j '.results[].asn' | paste -sd' ')"
api GET '/api/peering/autonomous-systems/?q=Net+7&limit=0' '' "${py[@]}"
same "filter('text')" "Net 7" "$(j '.results[].name')"
api GET '/api/peering/autonomous-systems/?limit=1' '' "${py[@]}"
same "count()" 62 "$(j .count)"
api GET '/api/peering/autonomous-systems/?asn=65001&limit=0' '' "${py[@]}"
one=$(j '.results[0].id')
api PATCH "/api/peering/autonomous-systems/$one/" '{"description":"saved"}' "${py[@]}"
same "save()" "200 saved" "$status $(j .description)"
api PATCH /api/peering/autonomous-systems/ "[{\"id\":$one,\"name\":\"First\"},{\"id\":$((one + 1)),\"name\":\"Second\"}]" "${py[@]}"
same "update([...])" "200 First Second" "$status $(j '.[].name' | paste -sd' ')"
api DELETE /api/peering/autonomous-systems/ "[{\"id\":$one},{\"id\":$((one + 1))}]" "${py[@]}"
want "delete([...])" 204 ''
api DELETE "/api/peering/autonomous-systems/$((one + 2))/" '' "${py[@]}"
want "record.delete()" 204 ''
api OPTIONS /api/peering/direct-peering-sessions/ '' "${py[@]}"
same "choices()" "established Enabled" "$(j '(.actions.POST.bgp_state.choices[] | select(.value == "established").value), (.actions.POST.status.choices[] | select(.value == "enabled").display_name)' | paste -sd' ')"
api GET /api/net/connections/1/ '' "${py[@]}"
nested=$(j .router.url)
api GET "${nested#"$url"}" '' "${py[@]}"
same "a nested object's url gives the rest" "200 r1.example.net" "$status $(j .hostname)"
api GET '/api/peering/direct-peering-sessions/?router=1&limit=0' '' "${py[@]}"
same "a host name that is no router's is said to be none" 400 "$status"

# ---- peering-manager-mcp-server: no Accept, limit and offset always ----
for q in 'peering/autonomous-systems/?asn=64501' 'peering/autonomous-systems/?affiliated=true' 'peering/direct-peering-sessions/?router_name=r1' \
	'peering/direct-peering-sessions/?router=r1.example.net' 'peering/direct-peering-sessions/?autonomous_system_asn=64501&status=enabled&address_family=4' \
	'peering/internet-exchange-peering-sessions/?autonomous_system_asn=64501&internet_exchange_id=1&is_route_server=false&address_family=4' \
	'devices/routers/?hostname=r1.example.net&platform_id=1&local_autonomous_system_id=1' 'peering/internet-exchanges/?local_autonomous_system_asn=64500&status=enabled' \
	'net/connections/?internet_exchange_point=IX&router_id=1&router_name=r1' 'peering/routing-policies/?type=import-policy&address_family=0' 'bgp/communities/?type=ingress' \
	'peeringdb/networks/?asn=64501' 'peeringdb/network-ixlans/?asn=64501' 'core/object-changes/?action=create&user=admin&time_after=2020-01-01T00:00:00Z'; do
	api GET "/api/$q&limit=100&offset=0" '' -H 'Accept:'
	same "$q" "200 true" "$status $(j '.count >= 1')"
done
api GET /api/peering/autonomous-systems/999999/
same "detail tells the reason" "404 No AutonomousSystem matches the given query." "$status $(j .detail)"
api GET /api/devices/routers/1/configuration/
same "a configuration is a job to look at" "202 devices.router" "$status $(j .object_type)"
job=$(j .url)
api GET "${job#"$url"}"
same "its url tells how it stands" "200 true" "$status $(j '.status.value | IN("pending", "running", "completed", "errored", "failed")')"

# ---- infrahub-sync, SR OS: no slash, no parameters ----
for p in peering/autonomous-systems bgp/communities peering/routing-policies peering/bgp-groups peering/internet-exchanges net/connections status devices/routers/1; do
	api GET "/api/$p" '' -L
	same "$p without a slash" 200 "$status"
done
api GET /api/status
same "status at once or by a redirection" 1 "$([[ $status = 200 || $status = 301 ]] && echo 1)"
api GET '/api/peering/direct-peering-sessions/?router_id=1&limit=0'
same "what SR OS reads of a session" "peer enabled pw true In" "$(j '.results[0] | .relationship.slug, .status.value, .password, (has("config_context")), .import_routing_policies[0].name' | paste -sd' ')"
api GET '/api/peering/internet-exchange-peering-sessions/?internet_exchange_id=1&limit=0'
same "and of an exchange's" "198.51.100.7 1" "$(j '.results[0] | .ip_address, .ixp_connection.id' | paste -sd' ')"
sql "INSERT INTO autonomous_system_prefix (autonomous_system_id, family, n, prefix, exact, less_equal) VALUES (2, 4, 0, '203.0.113.0/24', false, 32);
	UPDATE autonomous_system SET prefixes_updated = now() WHERE id = 2" > /dev/null
api GET /api/peering/autonomous-systems/2/
same "and of prefixes" '["203.0.113.0/24",false,32]' "$(j -c '.prefixes.ipv4[0] | [.prefix, .exact, .["less-equal"]]')"
same "whose keys come as they do there" '["exact","prefix","less-equal"]' "$(j -c '.prefixes.ipv4[0] | keys_unsorted')"

# ---- netdb-util: first page, q of an address, make, change, delete ----
api GET '/api/peering/direct-peering-sessions/?q=192.0.2.2'
same "a session by its address" "1 r1 1 2 core" "$(j '.count, (.results[0] | .router.name, .bgp_group.id, .autonomous_system.id, .tags[0].name)' | paste -sd' ')"
api POST /api/peering/direct-peering-sessions/ '{"local_autonomous_system":1,"local_ip_address":"192.0.2.5/30","autonomous_system":2,"relationship":1,"ip_address":"192.0.2.6/30","status":"enabled","router":1,"tags":[1]}'
same "made by ids" "201 192.0.2.6/30" "$status $(j .ip_address)"
api POST /api/peering/autonomous-systems/2/sync-with-peeringdb/
same "synchronised with an empty body" 1 "$([[ $status = 200 || $status = 202 || $status = 204 ]] && echo 1)"

# ---- pypeerman, wanda: the word token small, next until it ends ----
who=
next=/api/peering/autonomous-systems/?limit=10 got=0 pages=0
while [ "$next" != null ] && [ $pages -lt 20 ]; do
	api GET "$next" '' -H "authorization: token $(token_of admin)"
	got=$((got + $(j '.results | length'))) pages=$((pages + 1)) next=$(j .next | sed "s|$url||")
done
who=admin
same "every page by next" "59 6" "$got $pages"

# ---- old paths ----
for old in peering/routers peering/communities peering/configurations peering/email-templates extras/object-changes extras/jobs utils/tags; do
	api GET "/api/$old/?limit=1"
	same "/api/$old/ of before 1.9" 200 "$status"
done

# ---- bgp-te-tool: lists of objects by curl, in the order that references need ----
api POST /api/peering/routing-policies/ '[{"name":"A","slug":"a","type":"import-policy","weight":1},{"name":"B","slug":"b","type":"export-policy","weight":2}]'
same "policies in a list" "201 2" "$status $(j length)"
api POST /api/net/connections/ '[{"internet_exchange_point":1,"router":1,"ipv4_address":"198.51.100.3/24"},{"internet_exchange_point":1,"router":1,"ipv4_address":"198.51.100.4/24"}]'
same "connections in a list" "201 2" "$status $(j length)"
api POST /api/peering/internet-exchange-peering-sessions/ '[{"autonomous_system":2,"ixp_connection":1,"ip_address":"198.51.100.8"},{"autonomous_system":2,"ixp_connection":1,"ip_address":"nonsense"}]'
same "one that is wrong: none is made, and the list says which" '400 [{},{"ip_address":["'"'nonsense' does not appear to be an IPv4 or IPv6 interface"'"]}] 0' \
	"$status $body $(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE host(ip_address) = '198.51.100.8'")"

# ---- NetBox's webhook ----
api POST /api/devices/routers/update-from-netbox/ '{"event":"created"}'
same "a webhook without data" 400 "$status"

# ---- every rule's message on its field, once; all or nothing ----
api POST /api/peering/autonomous-systems/ '[{"asn":64900,"name":"ok"},{"asn":"x","name":"","irr_as_set":7,"ipv4_max_prefixes":-1,"tags":["core"]}]'
same "each field of the second item has one message" '400 {} ["asn","name","ipv4_max_prefixes","tags"] [1,1,1,1]' \
	"$status $(j -c '.[0], (.[1] | del(.irr_as_set) | keys_unsorted), (.[1] | del(.irr_as_set) | map(length))' | paste -sd' ')"
same "and the first is not made" 0 "$(sql 'SELECT count(*) FROM autonomous_system WHERE asn = 64900')"
api DELETE /api/bgp/relationships/ '[{"id":999999},{"id":1}]'
same "what is in use stays, and its place is told" "409 1 1" "$status $(header X-Item-Index) $(sql 'SELECT count(*) FROM relationship WHERE id = 1')"
api PATCH /api/net/connections/ '[{"id":1,"vlan":8},{"id":2,"vlan":5000}]'
same "a number too great ends the change of all" "400 vlan 1 7" "$status $(j 'keys[]') $(header X-Item-Index) $(sql 'SELECT vlan FROM connection WHERE id = 1')"
