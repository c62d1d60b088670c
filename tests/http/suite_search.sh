#!/bin/bash
# The search over everything: what is found, in which order, marked where it stands, within what may be seen; on the page and in the API.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('s'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user" > /dev/null
sql "INSERT INTO peeringdb_organization (id, name) VALUES (1, 'O'); INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'Far IX');
	INSERT INTO peeringdb_ixlan (id, ix_id) VALUES (1, 1); INSERT INTO peeringdb_ixlan_prefix (id, ixlan_id, protocol, prefix) VALUES (1, 1, 'IPv4', '198.51.100.0/24');
	INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (1, 1, 64510, 'Zebra Net'), (2, 1, 64511, 'Far Zebra');
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr4, speed) VALUES (1, 1, 1, 64510, '198.51.100.9', 1000)" > /dev/null
make() { # PATH JSON: $id
	api POST "/api/$1/" "$2"
	[ "$status" = 201 ] || fail "POST $1: $status $body"
	id=$(j .id)
}
make peering/autonomous-systems '{"asn":64500,"name":"Us","affiliated":true}'; us=$id
make peering/autonomous-systems '{"asn":64501,"name":"Quagga"}'; them=$id
make peering/autonomous-systems '{"asn":64502,"name":"Quagga Networks"}'
make peering/autonomous-systems '{"asn":64503,"name":"The Quagga Club"}'
make peering/autonomous-systems '{"asn":64504,"name":"Subquaggas"}'
make peering/autonomous-systems '{"asn":645010,"name":"Longer number"}'
make peering/internet-exchanges "{\"name\":\"Near IX\",\"slug\":\"near\",\"local_autonomous_system\":$us}"; ix=$id
make devices/platforms '{"name":"P","slug":"p"}'
make devices/routers "{\"name\":\"edge1\",\"hostname\":\"edge1.example.net\",\"platform\":$id,\"local_autonomous_system\":$us}"; router=$id
make net/connections "{\"internet_exchange_point\":$ix,\"router\":$router,\"ipv4_address\":\"192.0.2.1/24\",\"vlan\":1}"; con=$id
make peering/internet-exchange-peering-sessions "{\"autonomous_system\":$them,\"ixp_connection\":$con,\"ip_address\":\"192.0.2.77\",\"service_reference\":\"SVC-4711\",\"comments\":\"Everything about it and its friends, told at length before the word Okapi comes and after, $(printf 'so on %.0s' {1..50}) until the Quokka comes at last\"}"; session=$id
make bgp/communities '{"name":"Blackhole","slug":"blackhole","value":"64500:666","type":"ingress"}'
make messaging/contacts '{"name":"Jane Doe","email":"noc@zebra.example"}'

find_() { api GET "/api/core/search/?q=$1${2:-}"; }
names() { j '[.results[] | select(.object_type == "'"$1"'") | .display] | join(", ")'; }
first() { j '.results[0] | "\(.object_type) \(.display) \(.rank)"'; }
found() { # NAME QUERY TYPE DISPLAY RANK [FIELD]
	find_ "$2"
	same "$1" "$4|$5${6:+|$6}" "$(j '[.results[] | select(.object_type == "'"$3"'")][0] | "\(.display)|\(.rank)'"${6:+|\\(.field)}"'"')"
}
found "a number" 64501 peering.autonomoussystem "AS64501 - Quagga" exact asn
same "the longer one after it" "AS64501 - Quagga, AS645010 - Longer number" "$(names peering.autonomoussystem)"
found "with AS before it" AS64501 peering.autonomoussystem "AS64501 - Quagga" exact asn
found "a name: exact, beginning, word, part" quagga peering.autonomoussystem "AS64501 - Quagga" exact name
same "in this order" "AS64501 - Quagga, AS64502 - Quagga Networks, AS64503 - The Quagga Club, AS64504 - Subquaggas" "$(names peering.autonomoussystem)"
same "and it says so" "exact prefix word part" "$(j '[.results[] | select(.object_type == "peering.autonomoussystem") | .rank] | join(" ")')"
found "a community" 64500:666 bgp.community "Blackhole" exact value 2> /dev/null
found "a contact by address" noc@zebra.example messaging.contact "Jane Doe" exact email
found "a service reference" svc-4711 peering.internetexchangepeeringsession "$(sql "SELECT label FROM search_entry WHERE value = 'SVC-4711'")" exact service_reference
found "an address finds its session" 192.0.2.77 peering.internetexchangepeeringsession "$(sql "SELECT label FROM search_entry WHERE value = 'SVC-4711'")" exact ip_address
same "and the exchange whose LAN it lies in" "Near IX" "$(names peering.internetexchange)"
found "our own port" 192.0.2.1 net.connection "$(api GET "/api/net/connections/$con/"; j .display)" exact ipv4_address
found "a free address finds the LAN" 192.0.2.200 peering.internetexchange "Near IX" prefix lan
found "a network finds what lies in it" 192.0.2.64/26 peering.internetexchangepeeringsession "$(sql "SELECT label FROM search_entry WHERE value = 'SVC-4711'")" exact ip_address
found "a port of PeeringDB" 198.51.100.9 peeringdb.networkixlan "AS64510 - Zebra Net on Far IX" exact ipaddr4
found "its LAN" 198.51.100.200 peeringdb.internetexchange "Far IX" prefix lan
found "a network of PeeringDB by number" 64510 peeringdb.network "$(api GET /api/peeringdb/networks/1/; j .display)" exact asn
found "and by name" zebra peeringdb.network "$(api GET /api/peeringdb/networks/1/; j .display)" prefix name
same "both of them" 2 "$(j '[.results[] | select(.object_type == "peeringdb.network")] | length')"
find_ zebra '&limit=1'
same "no more of a type than asked for" 1 "$(j '[.results[] | select(.object_type == "peeringdb.network")] | length')"
found "two letters: what begins so" qu peering.autonomoussystem "AS64501 - Quagga" prefix name
same "and no more" "AS64501 - Quagga, AS64502 - Quagga Networks" "$(names peering.autonomoussystem)"
for q in "" a %25%25 '%5C' '%27' '%00' '100%25' '1.2.3' '::' '1.2.3.4%2F99' 99999999999999; do
	find_ "$q"
	[ "$status" = 200 ] || [ "$status" = 400 ] || fail "q=$q: $status"
	pass
done
find_ '%25%25%25'
same "what LIKE takes for patterns stands for itself" 0 "$(j .count)"
page() { curl -s -H 'Cookie: sessionid=s' "$url/search/?q=$1"; }
holds "the page marks the word" grep -q 'AS64502 - <mark>Quagga</mark> Networks' <(page quagga)
holds "and shows where it stands otherwise" grep -q '… *[^<]*<mark>Okapi</mark> comes' <(page okapi)
holds "far into a text as well" grep -q '… *[^<]*the <mark>Quokka</mark> comes' <(page quokka)
holds "by the field's name" grep -q 'Comments: ' <(page okapi)
same "a tag is text" 0 "$(page '%3Cb%3Ex' | grep -c '<b>x')"
viewer=$(user viewer)
grant "$viewer" view '' peering.internetexchange
who=viewer find_ 192.0.2.77
same "who may not see sessions does not find them" "peering.internetexchange" "$(j '[.results[].object_type] | unique | join(" ")')"
who='' find_ quagga
same "nobody finds anything" 403 "$status"
api PATCH "/api/peering/autonomous-systems/$them/" '{"name":"Okapi"}'
found "what was renamed is found by its new name" okapi peering.autonomoussystem "AS64501 - Okapi" exact name
find_ Quagga
same "no longer by the old one" "AS64502 - Quagga Networks, AS64503 - The Quagga Club, AS64504 - Subquaggas" "$(names peering.autonomoussystem)"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
