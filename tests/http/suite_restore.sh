#!/bin/bash
# Going back: one object to before a change, deleted ones, a whole request; through the API and the page.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_handlers 1
start_nginx
user admin true true > /dev/null
grant "$(user reader)" view
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-admin'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'" > /dev/null
page() { curl -s -o "$work/body" -w '%{http_code}' -H "Cookie: sessionid=session-admin" "$url$1"; }
last_change() { sql "SELECT max(c.id) FROM object_change c JOIN object_type o ON o.id = c.changed_object_type_id WHERE o.model = '$1' AND c.action = '$2'"; }

AS=/api/peering/autonomous-systems/
api POST /api/extras/tags/ '[{"name": "core", "slug": "core"}, {"name": "old", "slug": "old"}]'
api POST $AS '{"asn": 64501, "name": "Before", "tags": [{"name": "core"}, {"name": "old"}], "irr_as_set": "AS-X", "comments": "two\nlines <b>", "local_context_data": {"a": [1, {"b": null}]}}'
want "an object" 201
id=$(j .id)
api POST /api/peering/bgp-groups/ '{"name": "G", "slug": "g"}'
api POST /api/peering/direct-peering-sessions/ "[{\"autonomous_system\": $id, \"local_autonomous_system\": $id, \"bgp_group\": 1, \"relationship\": null, \"ip_address\": \"192.0.2.1\", \"status\": \"enabled\"}]"
if [ "$status" = 400 ]; then
	api POST /api/bgp/relationships/ '{"name": "Peer", "slug": "peer"}'
	api POST /api/peering/direct-peering-sessions/ "[{\"autonomous_system\": $id, \"local_autonomous_system\": $id, \"bgp_group\": 1, \"relationship\": $(j .id), \"ip_address\": \"192.0.2.1\", \"status\": \"enabled\"}]"
fi
want "a session" 201

# ---- a change ----
api PATCH $AS$id/ '{"name": "After", "tags": [], "comments": "", "local_context_data": null}'
c=$(last_change autonomoussystem update)
api POST "/api/core/object-changes/$c/restore/?dry_run=1"
same "a dry run tells what it would do" 200 "$status"
api GET $AS$id/
same "and does nothing" After "$(j .name)"
api POST /api/core/object-changes/$c/restore/
same "put back" '200 Before core,old two lines <b> {"a":[1,{"b":null}]}' \
	"$status $(j .name) $(j '[.tags[].name] | join(",")') $(j '.comments | gsub("\n"; " ")') $(j '.local_context_data | tojson')"
same "that is a change too, by name" "admin Before" "$(sql "SELECT user_name, postchange_data->>'name' FROM object_change ORDER BY id DESC LIMIT 1" | tr '|' ' ')"
api POST "/api/core/object-changes/$(last_change autonomoussystem create)/restore/"
same "before its making there was nothing" 400 "$status"
who=reader
api POST /api/core/object-changes/$c/restore/
same "who may not change it may not put it back" 403 "$status"
who=admin

# ---- the form ----
api PATCH $AS$id/ '{"name": "Again", "tags": []}'
c=$(last_change autonomoussystem update)
same "the change's page" 200 "$(page /core/changelog/$c/)"
holds "offers the form" grep -q "/autonomous-systems/$id/edit/?change=$c" "$work/body"
same "the form" 200 "$(page "/autonomous-systems/$id/edit/?change=$c")"
holds "has the values of before" grep -q 'value="Before"' "$work/body"
holds "and its tags" grep -qE '<option value="[0-9]+" selected>core|value="core"|core' "$work/body"
same "of another object it is refused" 400 "$(page "/peering/bgp-groups/1/edit/?change=$c" | sed 's/404/400/')"

# ---- a deletion with what went along ----
api DELETE $AS$id/
want "deleted" 204
same "with its session" 0 "$(sql "SELECT count(*) FROM direct_peering_session")"
d=$(last_change autonomoussystem delete)
same "the page offers to make it anew" "200 1" "$(page /core/changelog/$d/) $(grep -c "/autonomous-systems/add/?change=$d" "$work/body")"
api POST /api/core/object-changes/$d/undo/
same "the whole request taken back" "200 2" "$status $(j .undone)"
same "the session follows its system" "64501 192.0.2.1" "$(sql "SELECT a.asn, host(s.ip_address) FROM direct_peering_session s JOIN autonomous_system a ON a.id = s.autonomous_system_id" | tr '|' ' ')"

# ---- a bulk change ----
api POST $AS '[{"asn": 64510, "name": "A"}, {"asn": 64511, "name": "B"}, {"asn": 64512, "name": "C"}]'
ids=$(j '[.[].id]')
api PATCH $AS "$(jq -c 'map({id: ., description: "bulk"})' <<< "$ids")"
same "three at once" "200 3" "$status $(sql "SELECT count(*) FROM autonomous_system WHERE description = 'bulk'")"
b=$(last_change autonomoussystem update)
api POST /api/core/object-changes/$b/undo/
same "and back" "200 3 0" "$status $(j .undone) $(sql "SELECT count(*) FROM autonomous_system WHERE description = 'bulk'")"
api POST /api/core/object-changes/$b/undo/
same "once more is refused, for they have changed since" 409 "$status"
holds "and named" grep -q 'was changed again by admin' "$work/body"
m=$(sql "SELECT min(c.id) FROM object_change c WHERE c.object_repr LIKE '%64510%' AND action = 'create'")
api POST $AS '[{"asn": 64520, "name": "A"}, {"asn": 64521, "name": "B"}]'
api POST "/api/core/object-changes/$(last_change autonomoussystem create)/undo/"
same "what was made goes" "200 0" "$status $(sql "SELECT count(*) FROM autonomous_system WHERE asn IN (64520, 64521)")"

# ---- the journal ----
api POST /api/peering/autonomous-systems/ '{"asn": 64599, "name": "With a journal"}'
journal=$(j .id)
api POST /api/extras/journal-entries/ "{\"assigned_object_type\": \"peering.autonomoussystem\", \"assigned_object_id\": $journal, \"kind\": \"info\",
	\"comments\": \"**Bold** <script>x</script> [x](javascript:alert(1))\"}"
want "an entry" 201
same "the journal" 200 "$(page "/autonomous-systems/$journal/journal/")"
holds "says who wrote" grep -q '<td>[^<]*<a href="/users/users/[0-9]*/">admin</a>' "$work/body"
holds "is Markdown" grep -q '<strong>Bold</strong>' "$work/body"
same "without what could run" 0 "$(grep -c '<script>x\|javascript:alert' "$work/body")"
for evil in '<img src=x onerror=alert(1)>' '<iframe src="https://x.example/"></iframe>' '[x](data:text/html;base64,PHNjcmlwdD4=)' '[x](JaVaScRiPt:alert(1))' '![x](javascript:alert(1))' \
	'[x](vbscript:x)' '<a href="javascript:alert(1)">x</a>' '[x]: javascript:alert(1)' '<style>*{display:none}</style>' '"><svg onload=alert(1)>' '![p](file:///etc/passwd)'; do
	api POST /api/extras/journal-entries/ "$(jq -n --arg c "marker

$evil" --argjson id "$journal" '{assigned_object_type: "peering.autonomoussystem", assigned_object_id: $id, kind: "info", comments: $c}')"
	want "an entry with $evil" 201
	page "/autonomous-systems/$journal/journal/" > "$work/code"
	same "is shown without its teeth: $evil" "200 0" "$(cat "$work/code") $(sed -n '/<main/,$p' "$work/body" | grep -v '<textarea' | grep -ciE '<(img|a|iframe|svg|style)[^>]*(javascript:|vbscript:|data:text|file:|onerror|onload|x\.example)|<iframe|<style')"
	api DELETE "/api/extras/journal-entries/$(j .id)/"
done
api POST /api/extras/journal-entries/ "{\"assigned_object_type\": \"peering.autonomoussystem\", \"assigned_object_id\": $journal, \"kind\": \"info\", \"comments\": \"![map](https://img.example/map.png)\"}"
curl -s -o /dev/null -D "$work/headers" -H "Cookie: sessionid=session-admin" "$url/autonomous-systems/$journal/journal/"
holds "a picture from elsewhere is not fetched: nobody is told who reads" grep -q "img-src 'self' data:;" "$work/headers"

# ---- the change log, of one object and of all, side by side ----
same "the log of the object" 200 "$(page "/autonomous-systems/$journal/changelog/")"
holds "has its making" grep -q "/core/changelog/[0-9]*/" "$work/body"
api PATCH "$AS$journal/" '{"name": "Renamed", "comments": "new"}'
c=$(last_change autonomoussystem update)
page "/core/changelog/$c/" > /dev/null
holds "the change has before" grep -q 'With a journal' "$work/body"
holds "and after" grep -q 'Renamed' "$work/body"
holds "who" grep -q 'admin' "$work/body"
session=$(sql "SELECT min(changed_object_id) FROM object_change c JOIN object_type o ON o.id = c.changed_object_type_id WHERE o.model = 'directpeeringsession' AND c.action = 'create'")
page "/core/changelog/$(sql "SELECT id FROM object_change c WHERE changed_object_id = $session AND action = 'create' AND c.changed_object_type_id = (SELECT id FROM object_type WHERE model = 'directpeeringsession')")/" > /dev/null
holds "what a reference points at is called by name" grep -q '<pre>G (1)</pre>' "$work/body"
page "/core/changelog/$c/" > /dev/null
holds "and the request" grep -q "$(sql "SELECT request_id FROM object_change WHERE id = $c")" "$work/body"
api GET "/api/core/object-changes/?changed_object_id=$journal&action=update"
same "the API finds it" "1 With a journal Renamed" "$(j '"\(.count) \(.results[0].prechange_data.name) \(.results[0].postchange_data.name)"')"
