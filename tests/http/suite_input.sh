#!/bin/bash
# What must not break us: wrong types, unknown keys, NULs, broken UTF-8, what is too long or too much, references to nothing,
# deleting what is in use, two who save at once. Never a 500, never half a row.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything 2
detail() { same "$1" "$2 $3" "$status $(j .detail)"; }
counts() { sql "SELECT (SELECT count(*) FROM tag) || ' ' || (SELECT count(*) FROM autonomous_system) || ' ' || (SELECT count(*) FROM internet_exchange_peering_session)"; }
before=$(counts)

# ---- keys and types ----
api PATCH /api/extras/tags/1/ '{"nope":1,"id":77,"url":"x","display":"y"}'
same "unknown and read-only keys are passed over" "200 1 core" "$status $(j '.id, .display' | paste -sd' ')"
bad() { # NAME ENDPOINT BODY WANT
	api POST "/api/$2/" "$3"
	want "$1" 400 "$4"
}
bad "nothing" peering/internet-exchange-peering-sessions '{}' '{"autonomous_system":["This field is required."],"ixp_connection":["This field is required."],"ip_address":["This field is required."]}'
bad "a string for a body" extras/tags '"hello"' '{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}'
bad "a number for a body" extras/tags 7 '{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}'
bad "a list within a list" extras/tags '[[1]]' '[{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}]'
bad "twice the same" extras/tags '{"name":"core","slug":"core"}' '{"name":["tag with this name already exists."],"slug":["tag with this slug already exists."]}'
bad "a set that must be unique" peering/internet-exchange-peering-sessions '{"autonomous_system":2,"ixp_connection":1,"ip_address":"198.51.100.7"}' '{"non_field_errors":["The fields ixp_connection, ip_address must make a unique set."]}'
bad "no colour" extras/tags '{"name":"x","slug":"x","color":"zzz"}' '{"color":["Enter a valid hexadecimal RGB color code."]}'
bad "no address" peering/internet-exchange-peering-sessions '{"autonomous_system":2,"ixp_connection":1,"ip_address":"300.1.2.3"}' "{\"ip_address\":[\"'300.1.2.3' does not appear to be an IPv4 or IPv6 interface\"]}"
bad "no choice" peering/internet-exchange-peering-sessions '{"autonomous_system":2,"ixp_connection":1,"ip_address":"198.51.100.8","status":"bogus"}' '{"status":["bogus is not a valid choice."]}'
bad "a reference to nothing" peering/internet-exchange-peering-sessions '{"autonomous_system":999,"ixp_connection":1,"ip_address":"198.51.100.8"}' '{"autonomous_system":["Related object not found using the provided numeric ID: 999"]}'
bad "tags by name" extras/journal-entries '{"assigned_object_type":"peering.autonomoussystem","assigned_object_id":1,"comments":"x","tags":["core"]}' '{"tags":[["Related objects must be referenced by numeric ID or by dictionary of attributes. Received an unrecognized value: core"]]}'
api PATCH /api/peering/internet-exchange-peering-sessions/1/ '{"import_routing_policies":[99999]}'
want "a policy that is not there" 400 '{"import_routing_policies":["Invalid pk \"99999\" - object does not exist."]}'
for v in null true 7 7.5 '"text"' '""' '[]' '[1]' '{}' '{"a":1}' 1e400 99999999999999999999 -1 '[null]' '{"id":1}' '{"id":null}' '"\u0000"'; do
	for f in asn name affiliated tags communities local_context_data irr_as_set ipv4_max_prefixes; do
		api PATCH /api/peering/autonomous-systems/2/ "{\"$f\":$v}"
		case $status in 200 | 400) pass ;; *) fail "$f as $v: $status $(printf %.200s "$body")" ;; esac
	done
	for f in router ip_address status bfd multihop_ttl password last_established_state; do
		api PATCH /api/peering/direct-peering-sessions/1/ "{\"$f\":$v}"
		case $status in 200 | 400) pass ;; *) fail "$f as $v: $status $(printf %.200s "$body")" ;; esac
	done
	for f in content_types payload_url conditions secret; do
		api PATCH /api/extras/webhooks/1/ "{\"$f\":$v}"
		case $status in 200 | 400) pass ;; *) fail "$f as $v: $status $(printf %.200s "$body")" ;; esac
	done
done

# ---- JSON ----
for t in '{' '{"name":}' '[1,' 'nul' '{"a":1}}' "{'a':1}" "$(printf '{"name":"\001"}')"; do
	api POST /api/extras/tags/ "$t"
	same "JSON that is none: $t" "400 JSON" "$status $(j .detail | cut -c1-4)"
done
api POST /api/extras/tags/ "$(printf '[%.0s' $(seq 100000))"
want "JSON too deep" 400
printf '{"name":"a\377b","slug":"x"}' > "$work/raw"
api POST /api/extras/tags/ "" --data-binary "@$work/raw" -H "Content-Type: application/json"
want "UTF-8 that is none" 400
printf '{"name":"a\0b","slug":"x"}' > "$work/raw"
api POST /api/extras/tags/ "" --data-binary "@$work/raw" -H "Content-Type: application/json"
want "a NUL in JSON" 400
api POST /api/extras/tags/ '{"name":"a\u0000b","slug":"x"}'
want "an escaped NUL" 400

# ---- addresses and parameters ----
for p in '/api/extras/tags/?q=%00' '/api/extras/tags/?q=%ff%fe' '/api/extras/tags/%00/' '/api/extras/%c0%af/' '/api/extras/tags/?name=%ed%a0%80'; do
	api GET "$p"
	case $status in 400 | 404) pass ;; *) fail "$p: $status" ;; esac
done
api GET "/api/extras/tags/?q=%" && want "a percent sign alone" 200
api GET "/api/extras/tags/?&&=&x&=y&&" && want "empty parameters" 200
api GET "/api/extras/tags/?offset=-1&limit=-1" && want "negative offsets" 200
api GET "/api/extras/tags/?offset=99999999999999999999999&limit=99999999999999999" && want "enormous offsets" 200
api GET "/api/extras/tags/?cursor=x&limit=1" && want "a cursor of nonsense" 200
api GET "/api/extras/tags/?ordering=nope,-,,name;drop" && want "an order of nonsense" 200
api GET "/api/extras/tags/?id=x" && want "a filter's value" 400 '{"id":["Enter a whole number."]}'
api GET "/api/extras/tags/?id=99999999999999999999" && holds "a filter's number that fits in none" test "$status" -lt 500
api GET "/api/peering/autonomous-systems/?tag=nope-nope" && want "a tag that is not there" 400 '{"tag":["Select a valid choice. nope-nope is not one of the available choices."]}'
api GET "/api/peering/direct-peering-sessions/?created__gte=yesterday" && want "a time that is none" 400 '{"created__gte":["Enter a valid date/time."]}'
for v in "%27" "%22" "%5C" "%25" "_" "%3B--" "NULL" "null" "%F0%9F%92%A9"; do
	for p in name slug__ic description__n q id color tag; do
		api GET "/api/extras/tags/?$p=$v"
		holds "$p=$v" test "$status" -lt 500
	done
done
echo "url = \"$url/api/extras/tags/?$(for i in $(seq 2500); do printf 'a=%d&' "$i"; done)\"" > "$work/many"
status=$(curl -s -o "$work/body" -w '%{http_code}' -H "Authorization: Token $(token_of admin)" -K "$work/many")
case $status in 413 | 414) pass ;; *) fail "2,500 parameters: $status" ;; esac
for i in $(seq 10000); do printf 'a%d=1&' "$i"; done > "$work/form"
api POST /api/extras/tags/ "" --data-binary "@$work/form" -H "Content-Type: application/x-www-form-urlencoded"
detail "10,000 parameters" 413 "10001 parameters are too many: at most 2000 are taken."
echo "url = \"$url/api/extras/tags/?q=$(head -c 20000 /dev/zero | tr '\0' a)\"" > "$work/long"
status=$(curl -s -o "$work/body" -w '%{http_code}' -H "Authorization: Token $(token_of admin)" -K "$work/long")
case $status in 413 | 414) pass ;; *) fail "a long address: $status" ;; esac

# ---- bodies ----
{ printf '{"name":"'; head -c 10485760 /dev/zero | tr '\0' a; printf '","slug":"big"}'; } > "$work/big"
api POST /api/extras/tags/ "" --data-binary "@$work/big" -H "Content-Type: application/json"
detail "ten megabytes" 413 "This is larger than 8 MB: send it in parts. On the server, peerage import takes files of up to 64 MB."
head -c 20000000 /dev/zero > "$work/huge"
api POST /api/extras/tags/ "" --data-binary "@$work/huge" -H "Content-Type: text/csv"
same "twenty: the web server says what would be right" "413 1" "$status $(grep -c 'send it in parts' "$work/body")"
{ printf '{"name":"'; head -c 7000000 /dev/zero | tr '\0' a; printf '","slug":"big"}'; } > "$work/big"
api POST /api/extras/tags/ "" --data-binary "@$work/big" -H "Content-Type: application/json"
want "seven megabytes of name" 400 '{"name":["Ensure this field has no more than 100 characters."]}'
{ printf '['; for i in $(seq 10001); do printf '{"id":%d},' "$i"; done | sed 's/,$//'; printf ']'; } > "$work/list"
api DELETE /api/extras/tags/ "" --data-binary "@$work/list" -H "Content-Type: application/json"
want "a list too long" 413
multipart() { printf -- "$1" > "$work/raw"; api POST /api/extras/tags/ "" --data-binary "@$work/raw" -H "Content-Type: multipart/form-data; boundary=$2"; }
multipart 'x' b && want "multipart without parts" 400
multipart '--b\r\n\r\n\r\n--b--' b && want "a part without a name" 400
multipart '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nabc' b && want "multipart cut off" 400
multipart 'x' '' && want "no boundary" 400
multipart '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\377\r\n--b--' b && want "broken UTF-8 in a part" 400
api POST /api/extras/tags/ 'name=%00&slug=x' -H "Content-Type: application/x-www-form-urlencoded"
want "a NUL in a form" 400
api POST /api/extras/tags/ 'x' -H "Content-Type:"
holds "no media type" test "$status" = 415 -o "$status" = 400
curl -s --max-time 0.02 -o /dev/null -H "Authorization: Token $(token_of admin)" "$url/api/peering/autonomous-systems/?limit=0"
api GET /api/extras/tags/1/
want "a client that went away" 200

# ---- what is in use ----
api DELETE /api/messaging/contacts/1/
same "a contact that is assigned" 409 "$status"
holds "and by what" grep -q 'unable to delete object. 1 dependent objects were found: ' "$work/body"
api DELETE /api/messaging/contacts/ '[{"id":1}]'
want "nor in bulk" 409
same "it is still there" 1 "$(sql 'SELECT count(*) FROM contact')"

# ---- two at once ----
for i in $(seq 12); do
	curl -s -o "$work/race.$i" -w '%{http_code}\n' -H "Authorization: Token $(token_of admin)" -H "Content-Type: application/json" -d '{"name":"race","slug":"race"}' "$url/api/extras/tags/" > "$work/race.$i.s" &
	racers[i]=$!
done
wait "${racers[@]}"
same "twelve who make the same: one does, the others are told" "1 11" "$(cat "$work"/race.*.s | grep -c 201) $(cat "$work"/race.*.s | grep -c 400)"
api DELETE "/api/extras/tags/$(sql "SELECT id FROM tag WHERE name = 'race'")/"
api GET /api/extras/tags/1/
etag=$(header ETag)
for i in $(seq 8); do
	curl -s -o /dev/null -w '%{http_code}\n' -X PATCH -H "If-Match: $etag" -H "Authorization: Token $(token_of admin)" -H "Content-Type: application/json" -d "{\"description\":\"by $i\"}" "$url/api/extras/tags/1/" > "$work/save.$i" &
	racers[i]=$!
done
wait "${racers[@]}"
same "eight who save the same form: one does, the others are told" "1 7" "$(cat "$work"/save.* | grep -c 200) $(cat "$work"/save.* | grep -c 412)"

same "nothing was made on the way" "$before" "$(counts)"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
