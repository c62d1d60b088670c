#!/bin/bash
# Our answers beside recorded ones (tests/data/api): keys and their order, types, nested forms, OPTIONS, texts of 404.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything
sql "INSERT INTO peeringdb_synchronisation (time, created, updated, deleted) VALUES (now(), 1, 2, 3);
	INSERT INTO data_file (source_id, path, size, hash, data, updated) VALUES (1, 'x', 1, repeat('a', 64), '', now());
	INSERT INTO sign_in_event (user_name, event) VALUES ('x', 'sign-in');
	INSERT INTO job (object_type_id, object_id, name, user_id) VALUES (32, 1, 'devices.router.poll_bgp_sessions', 1)" > /dev/null || fail "rows by SQL"
recorded=$top/tests/data/api/recorded.json

cat > "$work/shape.jq" <<'J'
# What differs in shape; null on either side says nothing, nor do objects whose keys are somebody's data.
def free: ["changed_object", "object", "assigned_object", "config_context", "local_context_data", "prefixes", "peeringdb_prefixes", "data", "prechange_data", "postchange_data", "parameters", "napalm_args", "conditions"];
def diff($w; $g; $p):
	if $w == null or $g == null then empty
	elif ($w | type) != ($g | type) then "\($p): \($g | type), not \($w | type)"
	elif ($w | type) == "object" then
		(if ($w | keys_unsorted) != ($g | keys_unsorted) then "\($p): keys \($g | keys_unsorted), not \($w | keys_unsorted)" else empty end),
		($w | keys_unsorted[] | select(. as $k | free | index($k) | not) | . as $k | diff($w[$k]; $g[$k]; "\($p).\($k)"))
	elif ($w | type) == "array" and ($w | length) > 0 and ($g | length) > 0 then diff($w[0]; $g[0]; "\($p)[]")
	else empty end;
# Read-only and made by code: their inner form is not described. A choice that must be made has no empty one. Ids are 64 bits wide.
# An assignment's role is said to be optional there, and refused when it is not given.
def told_otherwise: ["as_list", "peeringdb_prefixes", "type", "object_id", "role"];
def options($w; $g):
	(if ($w | keys_unsorted) != ($g | keys_unsorted) then "keys \($g | keys_unsorted), not \($w | keys_unsorted)" else empty end),
	($w | keys_unsorted[] | select(. as $k | told_otherwise | index($k) | not) | . as $k
		| ($w[$k] | del(.help_text) | if .children then .children |= sort else . end) as $a
		| ($g[$k] // {} | (if .children then .children |= keys else . end) | (if .child.children then .child.children |= keys_unsorted else . end) | del(.help_text)) as $b
		| if $a == $b then empty else "\($k): \($b | tojson), not \($a | tojson)" end);
J

for ep in $(jq -r 'keys_unsorted[]' "$recorded"); do
	jq -c --arg e "$ep" '.[$e]' "$recorded" > "$work/want.json"
	api GET "/api/$ep/?limit=1"
	if [ "$(j '.results | length')" = 1 ]; then
		printf %s "$body" | jq -c '.results[0]' > "$work/got.json"
		same "$ep: the object in a list" "" "$(jq -nr --slurpfile w "$work/want.json" --slurpfile g "$work/got.json" \
			-f <(cat "$work/shape.jq"; echo 'diff($w[0].object; $g[0]; "")'))"
		id=$(j '.results[0].id // empty')
		[ -z "$id" ] || api GET "/api/$ep/$id/"
		[ -z "$id" ] || same "$ep: list and detail are alike" "$(jq -c . "$work/got.json")" "$(printf %s "$body" | jq -c .)"
	else
		fail "$ep: there is none to compare ($status $(printf %.200s "$body"))"
	fi
	api GET "/api/$ep/999999999/"
	missing=$(jq -r '.missing // empty' "$work/want.json")
	[ -z "$missing" ] || same "$ep: the text of a 404" "404 $missing" "$status $(j .detail)"
	if [ "$(jq '.options != null' "$work/want.json")" = true ]; then
		api OPTIONS "/api/$ep/"
		printf %s "$body" | jq -c '.' > "$work/got.json"
		same "$ep: OPTIONS" "" "$(jq -nr --slurpfile w "$work/want.json" --slurpfile g "$work/got.json" \
			-f <(cat "$work/shape.jq"; echo '(if $w[0].options.name != $g[0].name then "name \($g[0].name), not \($w[0].options.name)" else empty end), (if $w[0].options.fields and $g[0].actions.PUT then options($w[0].options.fields; $g[0].actions.PUT) else empty end)'))"
	fi
done

# ---- actions that read ----
same "prefixes of an exchange's LAN" '{"ipv4":["198.51.100.0/24"]}' "$(sql "UPDATE internet_exchange SET peeringdb_ixlan_id = 1" ; api GET /api/peering/internet-exchanges/1/prefixes/; printf %s "$body")"
api GET /api/peering/internet-exchanges/1/available-peers/
want "a peer with whom there is a session is not available" 200 '[]'
sql "INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (2, 1, 64502, 'Other'), (3, 1, 64500, 'Us');
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4) VALUES (2, 2, 1, 64502, 1000, '198.51.100.9'), (3, 3, 1, 64500, 1000, '198.51.100.1');
	INSERT INTO peeringdb_network_facility (id, net_id, fac_id, local_asn) VALUES (2, 3, 1, 64500)" > /dev/null
api GET /api/peering/internet-exchanges/1/available-peers/
same "another is, we are not" "200 64502" "$status $(j '[.[].asn] | join(" ")')"
sql "INSERT INTO hidden_peer (peeringdb_network_id, peeringdb_network_id_copy, peeringdb_ixlan_id, peeringdb_ixlan_id_copy) VALUES (2, 2, 1, 1)" > /dev/null
api GET /api/peering/internet-exchanges/1/available-peers/
want "unless hidden" 200 '[]'
api GET /api/peering/autonomous-systems/2/shared-ixps/
want "shared with whom?" 503 '{"detail":"User did not choose an affiliated AS."}'
api PATCH /api/users/userpref/ '{"context":{"as":1}}'
api GET /api/peering/autonomous-systems/2/shared-ixps/
same "shared exchanges, in the nested form" "200 IX id,url,display_url,display,name,slug,status" "$status $(j '.[0].name, (.[0] | keys_unsorted | join(","))' | paste -sd' ')"
api GET /api/peering/autonomous-systems/2/shared-facilities/
same "shared facilities" "200 Fac" "$status $(j '.[0].name')"
api GET /api/peering/autonomous-systems/1/shared-ixps/
want "nothing is shared with oneself" 200 '[]'
sql "INSERT INTO autonomous_system_prefix (autonomous_system_id, family, n, prefix) VALUES (2, 4, 1, '203.0.113.0/24'); UPDATE autonomous_system SET prefixes_updated = now() WHERE id = 2" > /dev/null
api GET /api/peering/autonomous-systems/2/as-set-prefixes/
same "prefixes of the registries" "200 203.0.113.0/24 []" "$status $(j '.ipv4[0].prefix, (.ipv6 | tojson)' | paste -sd' ')"
api GET /api/peeringdb/cache/statistics/
same "the cache in numbers" "200 campus-count,carrier-count,carrierfac-count,fac-count,ix-count,ixfac-count,ixlan-count,ixpfx-count,net-count,poc-count,netfac-count,netixlan-count,org-count,sync-count 3" \
	"$status $(j '(keys_unsorted | join(",")), .["net-count"]' | paste -sd' ')"
api GET /api/
same "the root" "bgp core devices extras messaging net peering peeringdb users status" "$(j 'keys_unsorted | map(select(. != "schema")) | join(" ")')"
for old in peering/routers devices/routers peering/communities bgp/communities extras/object-changes core/object-changes utils/tags extras/tags; do
	api GET "/api/$old/?limit=1"
	[ "${new:-}" ] && { same "$new_name is still known by its old name" "$new" "$(j .count)"; new=; continue; }
	new=$(j .count) new_name=$old
done
