#!/bin/bash
# Webhooks against a real receiver: what is sent, in which order, what becomes of receivers that refuse, hang or answer garbage, of templates
# that fail, of processes that are killed; replay, tests, the notice when a receiver is given up.
. "$(dirname "$0")/lib.sh"
start_postgres
cat >> "$work/peerage.conf" <<-C
	internal_hosts = 127.0.0.1, localhost
	webhook_timeout = 1
	webhook_tries = 3
	webhook_backoff = 60
	webhook_max_failures = 3
C
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
reader=$(user reader)
grant "$reader" view
mkdir "$work/receiver"
"$build/tests/tools/receiver" "$work/receiver" 2>> "$work/receiver.log" &
pids+=($!)
until_true 10 test -s "$work/receiver/port" || die "receiver: $(cat "$work/receiver.log")"
hooks=http://127.0.0.1:$(cat "$work/receiver/port")
requests=$work/receiver/requests

start_runner() {
	"$build/peerage-runner" --poll 0.2 --lease 3 2>> "$work/runner.log" &
	runner=$!
	pids+=($!)
}
# hook NAME PATH [JSON of further fields]: makes a webhook, its id in $hook
hook() {
	api POST /api/extras/webhooks/ "$(jq -cn --arg n "$1" --arg u "$hooks$2" --argjson more "${3:-null}" '{name: $n, payload_url: $u, http_method: "POST",
		content_types: ["peering.autonomoussystem"], type_create: true, type_update: true, type_delete: true} + ($more // {})')"
	[ "$status" = 201 ] || fail "webhook $1: $status $body"
	hook=$(j .id)
}
as() { api POST /api/peering/autonomous-systems/ "{\"asn\": $1, \"name\": \"${2:-AS $1}\"}"; [ "$status" = 201 ] || fail "AS $1: $body"; as=$(j .id); }
got() { jq -c "select(.path | startswith(\"$1\"))" "$requests"; }           # PATH
count() { got "$1" | wc -l; }
arrived() { [ "$(count "$1")" -ge "${2:-1}" ]; }                            # PATH [N]
deliveries() { sql "SELECT coalesce(string_agg(status || ' ' || attempt || ' ' || coalesce(response_status, 0), '|' ORDER BY id), '') FROM peerage.webhook_delivery WHERE webhook_id = $1"; }
delivery() { sql "SELECT $2 FROM peerage.webhook_delivery WHERE webhook_id = $1 ORDER BY id DESC LIMIT 1"; }
over() { [ "$(sql "SELECT count(*) FROM peerage.webhook_delivery WHERE webhook_id = $1 AND status <> 'pending'")" -ge "${2:-1}" ]; }
hurry() { sql "UPDATE peerage.webhook_delivery SET next_attempt = now() WHERE status = 'pending' AND next_attempt < now() + interval '1 hour' AND attempt > 0 AND error <> ''" > /dev/null; }
matches() { case "$2" in $3) pass ;; *) fail "$1"; printf '  want: %s\n  got:  %s\n' "$3" "$2" ;; esac; }

# ---- what is sent ----

as 64400 "Before the webhooks"
hook plain /ok/plain '{"secret": "key one", "additional_headers": "X-Of: {{ data.asn }}\nX-Empty:"}'; plain=$hook
hook shaped '/ok/{{ model }}/{{ data.asn }}' '{"body_template": "{{ event }} {{ data.name|upper }} by {{ username }}", "http_method": "PUT", "http_content_type": "text/plain"}'
hook only /ok/only '{"type_update": false, "type_delete": false, "conditions": {"and": [{"attr": "asn", "op": "gte", "value": 64600}, {"or": [{"attr": "name", "op": "regex", "value": "N\\w+"}, {"attr": "tags.slug", "op": "contains", "value": "x"}]}]}}'
as 64500
first=$as
same "an event waits while nobody delivers" 0 "$(count /)"
start_runner
until_true 10 arrived /ok/plain && pass || fail "it is delivered when a runner comes: $(tail -3 "$work/runner.log")"
sent=$(got /ok/plain | head -1)
same "the body is the reference's" "event timestamp model username request_id data snapshots" "$(jq -r '.body | fromjson | keys_unsorted | join(" ")' <<< "$sent")"
same "the object as the API has it" "id url display_url display asn" "$(jq -r '.body | fromjson | .data | keys_unsorted | .[:5] | join(" ")' <<< "$sent")"
same "with the event, the model, who, the object" "create autonomoussystem admin 64500 null 64500" \
	"$(jq -r '.body | fromjson | "\(.event) \(.model) \(.username) \(.data.asn) \(.snapshots.prechange) \(.snapshots.postchange.asn)"' <<< "$sent")"
same "addresses in it have no host" "/api/peering/autonomous-systems/$first/" "$(jq -r '.body | fromjson | .data.url' <<< "$sent")"
same "and blanks after comma and colon" '{"event": "create", "timestamp": "' "$(jq -r .body <<< "$sent" | head -c 34)"
holds "the time is as the reference writes it" grep -qE '"timestamp": "[0-9-]{10} [0-9:]{8}\.[0-9]{6}\+00:00"' <<< "$(jq -r .body <<< "$sent")"
same "the signature is HMAC-SHA512 of the body" "$(jq -j .body <<< "$sent" | openssl dgst -sha512 -hmac "key one" | sed 's/.* //')" "$(jq -r '.headers["X-Hook-Signature"]' <<< "$sent")"
same "headers are templates too" "64500 application/json" "$(jq -r '.headers | "\(.["X-Of"]) \(.["Content-Type"])"' <<< "$sent")"
until_true 10 arrived /ok/autonomoussystem/64500 && pass || fail "so is the URL"
same "and the body; any method, any type" "PUT text/plain create AS 64500 by admin" "$(got /ok/autonomoussystem | jq -r '"\(.method) \(.headers["Content-Type"]) \(.body)"' | head -1)"
same "without a secret there is no signature" null "$(got /ok/autonomoussystem | head -1 | jq -r '.headers["X-Hook-Signature"]')"
same "the request is the one of the change log" "$(sql "SELECT request_id FROM peerage.object_change WHERE changed_object_id = $first AND action = 'create' AND object_repr LIKE 'AS64500%'")" \
	"$(jq -r '.body | fromjson | .request_id' <<< "$sent")"

# ---- conditions ----

as 64601 "Nope"; as 64602 "zero"; as 64603 "North"
until_true 10 arrived /ok/only 2 && pass || fail "conditions let through what they name"
same "and nothing else" "64601 64603" "$(got /ok/only | jq -r '.body | fromjson | .data.asn' | sort | xargs)"
refused() { api POST /api/extras/webhooks/ "{\"name\":\"bad\",\"payload_url\":\"http://x/\",\"content_types\":[\"peering.autonomoussystem\"],\"type_create\":true,\"http_method\":\"POST\",$2}"; want "$1" 400 "$3"; }
refused "conditions are checked" '"conditions":"x"' '{"conditions":["Ruleset must be a dictionary, not <class '"'str'"'>."]}'
refused "one operator" '"conditions":{"and":[],"or":[]}' '{"conditions":["Ruleset must have exactly one logical operator (found 2)"]}'
refused "and or or" '"conditions":{"AND":[]}' '{"conditions":["Invalid logic type: AND (must be '"'and' or 'or'"')"]}'
refused "known operators" '"conditions":{"and":[{"attr":"a","value":1,"op":"like"}]}' '{"conditions":["Unknown operator: like. Must be one of: eq, gt, gte, lt, lte, in, contains, regex"]}'
refused "of the right type" '"conditions":{"and":[{"attr":"a","value":"b","op":"gt"}]}' '{"conditions":["Invalid type for gt operation: <class '"'str'"'>"]}'
refused "a regular expression is one" '"conditions":{"and":[{"attr":"a","value":"(","op":"regex"}]}' '{"conditions":["This is not a regular expression: ("]}'
for re in '((a{1,200}){1,200}){1,20}' '(.*)(.*)\\1\\2x' 'a{99999999999999999999}'; do
	refused "nor one that keeps everybody waiting: $re" "\"conditions\":{\"and\":[{\"attr\":\"a\",\"value\":\"$re\",\"op\":\"regex\"}]}" \
		"{\"conditions\":[\"This regular expression is not taken: it refers back to a group (\\\\1) or repeats more than 4096 times: $re\"]}"
done
refused "a type that is told of" '"content_types":["peering.autonomoussystem","extras.journalentry"]' '{"content_types":["Invalid content type: extras.journalentry"]}'
refused "unknown keys are told" '"conditions":{"and":[{"atr":"a","value":1}]}' '{"conditions":["Unknown key of a condition: atr. Must be one of: attr, value, op, negate"]}'
refused "a CA file needs verification" '"ssl_verification":false,"ca_file_path":"/x"' '{"ca_file_path":["Do not specify a CA certificate file if SSL verification is disabled."]}'
api POST /api/extras/webhooks/ "{\"name\":\"bad\",\"payload_url\":\"http://x/\",\"content_types\":[\"peering.autonomoussystem\"],\"type_create\":true,\"http_method\":\"POST\",\"body_template\":\"a\\n{{ b\"}"
want "a template is parsed" 400
matches "and the line told" "$body" '{"body_template":?"The template is wrong in line 2: *'

# ---- changes by the command and by imports ----

before=$(count /ok/plain)
"$build/peerage" set autonomous-system "$first" name=Renamed > /dev/null || fail "the command"
until_true 10 arrived /ok/plain $((before + 1)) && pass || fail "the command's changes are told"
same "with who" "update Renamed" "$(got /ok/plain | tail -1 | jq -r '.body | fromjson | "\(.event) \(.data.name)"')"
same "and what it was before" "AS 64500" "$(got /ok/plain | tail -1 | jq -r '.body | fromjson | .snapshots.prechange.name')"
echo '[{"model": "x"}]' > /dev/null
api DELETE "/api/peering/autonomous-systems/$as/"
until_true 10 eval 'got /ok/plain | tail -1 | grep -q "\\\\\"event\\\\\": \\\\\"delete\\\\\""' && pass || fail "a deletion is told: $(got /ok/plain | tail -1)"

# ---- order ----

for i in $(seq 20); do echo "{\"id\": $first, \"name\": \"Step $i\"}"; done | while read -r line; do api PATCH "/api/peering/autonomous-systems/$first/" "$line"; done
until_true 15 eval 'got /ok/plain | tail -1 | grep -q "Step 20"' && pass || fail "the last of twenty arrives"
same "in order for an object" "$(seq -s' ' 20)" "$(got /ok/plain | jq -r '.body | fromjson | .data.name' | sed -n 's/^Step //p' | xargs)"

same "what happened before there was the webhook is not told" 0 "$(got /ok/plain | grep -c 'Before the webhooks')"

# ---- receivers that misbehave ----

sql "UPDATE peerage.webhook SET enabled = false" > /dev/null
misbehave() { hook "$1" "$2" "${3:-}"; eval "$1=$hook"; }
misbehave made /status/201
misbehave refuses /status/500
misbehave hangs /hang
misbehave drips /drip
misbehave garbage /garbage
misbehave closes /close
misbehave big /big
misbehave moved /redirect
misbehave away /away
misbehave flaky /flaky/1
misbehave later /later
misbehave internal http '{"payload_url": "http://127.1.2.3:9/"}'
misbehave scheme x '{"payload_url": "ftp://127.0.0.1/x"}'
misbehave nonsense x '{"payload_url": "{{ data.name }}"}'
misbehave template /ok/template '{"body_template": "one\n{{ data.asn / 0 }}"}'
misbehave endless /ok/endless '{"body_template": "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"}'
misbehave headers /ok/headers '{"additional_headers": "Good: 1\nno colon here"}'
misbehave dead x '{"payload_url": "http://127.0.0.1:1/"}'
begin=$EPOCHREALTIME
as 64700
until_true 20 eval 'over $made && over $big && over $moved' && pass || fail "the well ones are told: $(tail -3 "$work/runner.log")"
same "any 2xx is success" "delivered 1 201" "$(deliveries "$made")"
same "a long answer does no harm" "delivered 1 200" "$(deliveries "$big")"
same "a redirect on the same host is followed, with the body" "64700" "$(got /ok/redirected | jq -r '.body | fromjson | .data.asn')"
for n in away internal scheme nonsense template endless headers; do
	eval "id=\$$n"
	until_true 15 over "$id" || fail "$n is not over"
	same "$n is not tried again" "failed 1" "$(deliveries "$id" | cut -d' ' -f1,2)"
done
matches "another host is not followed" "$(delivery "$away" error)" "*redirects to another host: http://127.0.0.2:*"
same "nor reached" 0 "$(count /ok/away)"
matches "an internal address is refused unless named" "$(delivery "$internal" error)" "*leads to the internal address 127.1.2.3; name the host*"
matches "only http and https" "$(delivery "$scheme" error)" "*only http and https are asked"
matches "a URL is one" "$(delivery "$nonsense" error)" "AS 64700*"
matches "a template that fails tells the line" "$(delivery "$template" error)" "the template of the body fails in line 2: *zero*"
same "and nothing is sent" 0 "$(count /ok/template)"
matches "an endless one is ended" "$(delivery "$endless" error)" "the template of the body fails*"
matches "a header is one" "$(delivery "$headers" error)" 'line 2 of the additional headers is not of the form "Name: value": no colon here'
tried() { [ "$(delivery "$1" attempt)" -ge "$2" ] && [ -n "$(delivery "$1" error)" ]; }
for n in refuses hangs drips garbage closes dead flaky later; do eval "id=\$$n"; until_true 15 tried "$id" 1 || fail "$n is not tried"; done
same "what may pass is tried again, later" 8 "$(sql "SELECT count(*) FROM peerage.webhook_delivery WHERE status = 'pending' AND attempt = 1 AND webhook_id IN ($refuses, $hangs, $drips, $garbage, $closes, $dead, $flaky, $later)")"
matches "a hanging receiver is told" "$(delivery "$hangs" error)" "*no whole answer in 1 s"
matches "so is garbage" "$(delivery "$garbage" error)" "*not HTTP"
matches "and a status" "$(delivery "$refuses" error)" "the receiver answered 500; any 2xx is success"
same "its answer is kept" "as asked" "$(delivery "$refuses" response)"
same "Retry-After counts only when it is longer" t "$(delivery "$later" "next_attempt - sent > interval '50 s'")"
same "the first time after the time set" t "$(delivery "$refuses" "next_attempt - sent BETWEEN interval '54 s' AND interval '67 s'")"
hurry
until_true 15 eval 'over $flaky && over $later' && same "then it arrives" "delivered 2 200|delivered 2 200" "$(deliveries "$flaky")|$(deliveries "$later")"
until_true 15 tried "$refuses" 2
same "twice as long the second time" t "$(delivery "$refuses" "next_attempt - sent BETWEEN interval '108 s' AND interval '134 s'")"
hurry
until_true 15 eval 'over $refuses && over $hangs && over $garbage && over $dead' && same "and is given up after the set number" "failed 3 500" "$(deliveries "$refuses")"
same "each try reached the receiver" 3 "$(count /status/500)"

# ---- given up ----

sql "UPDATE peerage.webhook SET enabled = false WHERE id <> $template" > /dev/null
as 64701; as 64702
off() { [ "$(sql "SELECT enabled FROM peerage.webhook WHERE id = $1")" = f ]; }
until_true 15 off "$template" && pass || fail "three failures in a row disable a webhook"
api GET "/api/extras/webhooks/$template/"
same "the API shows it" false "$(j .enabled)"
matches "with a notice" "$(sql "SELECT notice FROM peerage.webhook WHERE id = $template")" "Disabled after 3 deliveries in a row*"
same "it stands in the change log" "update system false" "$(sql "SELECT action || ' ' || user_name || ' ' || (postchange_data->>'enabled') FROM peerage.object_change WHERE changed_object_id = $template ORDER BY id DESC LIMIT 1")"
holds "and in the runner's" grep -q "is disabled: 3 deliveries" "$work/runner.log"
api PATCH "/api/extras/webhooks/$template/" '{"enabled": true, "body_template": "well"}'
same "enabled again it begins anew" "0 " "$(sql "SELECT failures || ' ' || notice FROM peerage.webhook WHERE id = $template")"
as 64703
until_true 15 arrived /ok/template && pass || fail "and is told again"

# ---- replay and test ----

id=$(sql "SELECT max(id) FROM peerage.webhook_delivery WHERE webhook_id = $template")
who=reader api POST "/api/extras/webhook-deliveries/$id/replay/"
want "replay needs its right" 403
before=$(count /ok/template)
api POST "/api/extras/webhook-deliveries/$id/replay/"
want "a replay is asked for" 202
again=$(j .id)
until_true 15 arrived /ok/template $((before + 1)) && pass || fail "it is told once more"
until_true 10 eval '[ "$(sql "SELECT status FROM peerage.webhook_delivery WHERE id = $again")" = delivered ]'
api GET "/api/extras/webhook-deliveries/$again/"
same "and stands in the log as what it is" "Replay Delivered 1 200" "$(j '"\(.kind.label) \(.status.label) \(.attempt) \(.response_status)"')"
api GET "/api/extras/webhook-deliveries/?webhook_id=$template&status=delivered&kind=replay"
same "the log has filters" 1 "$(j .count)"
api POST "/api/extras/webhooks/$plain/test/"
want "a test is asked for" 202
until_true 15 eval 'got /ok/plain | tail -1 | grep -q "\\\\\"event\\\\\": \\\\\"test\\\\\""' && pass || fail "a test arrives, though the webhook is disabled"
api POST "/api/extras/webhooks/$refuses/test/"
id=$(j .id)
until_true 10 eval '[ "$(sql "SELECT status FROM peerage.webhook_delivery WHERE id = $id")" = failed ]' && pass || fail "a test is tried once"
api GET "/api/extras/webhooks/$plain/preview/"
want "a preview" 200
same "it shows what would be sent" "$hooks/ok/plain POST true" "$(j '"\(.url) \(.method) \(.headers | any(startswith("X-Hook-Signature: ")))"')"
who=reader api POST "/api/extras/webhooks/$plain/test/"
want "a test needs the right to change" 403

# ---- killed ----

sql "UPDATE peerage.webhook SET enabled = (id = $plain)" > /dev/null
deliverer() { pgrep -P "$runner" | head -1; }
kill -9 "$(deliverer)"
as 64801
until_true 15 eval 'got /ok/plain | tail -1 | grep -q 64801' && pass || fail "the process that delivers is started again"
kill -9 "$runner"; wait "$runner" 2> /dev/null
for i in 64802 64803; do as $i; done
start_runner
until_true 20 eval 'got /ok/plain | tail -1 | grep -q 64803' && pass || fail "kill -9 of the runner loses nothing"
sql "UPDATE peerage.webhook SET enabled = (id = $hangs)" > /dev/null
as 64804
until_true 10 eval '[ "$(delivery $hangs status)" = pending ] && [ "$(delivery $hangs attempt)" = 1 ]'
kill -9 "$runner"; wait "$runner" 2> /dev/null
same "what was under way is held for a while" t "$(delivery "$hangs" "status = 'pending' AND next_attempt > now()")"
sql "UPDATE peerage.webhook SET payload_url = '$hooks/ok/after' WHERE id = $hangs; UPDATE peerage.webhook_delivery SET next_attempt = now() WHERE webhook_id = $hangs AND status = 'pending'" > /dev/null
start_runner
until_true 20 arrived /ok/after && pass || fail "and then tried again"
kill "$runner"; wait "$runner" 2> /dev/null
same "SIGTERM ends it all" "" "$(pgrep -P "$runner")"

# ---- peerage webhooks listen ----

port=$(free_port)
"$build/peerage" --json webhooks listen --port "$port" --secret s3 --count 2 > "$work/listened" 2> "$work/listen.log" &
pids+=($!)
until_true 10 grep -q listening "$work/listen.log"
printf '{"a": 1}' > "$work/data"
curl -s -o /dev/null -H "X-Hook-Signature: $(openssl dgst -sha512 -hmac s3 < "$work/data" | sed 's/.* //')" --data-binary "@$work/data" "http://127.0.0.1:$port/x"
same "the command answers" "Webhook received!" "$(curl -s -H 'X-Hook-Signature: 00' -d nonsense "http://127.0.0.1:$port/y")"
until_true 10 eval '[ "$(wc -l < "$work/listened")" = 2 ]'
same "and prints what arrives" 'right {"a":1}|wrong "nonsense"' "$(jq -r '"\(.signature) \(.body | tojson)"' "$work/listened" | paste -sd'|')"
