#!/bin/bash
# Every list of the API beside Peering Manager 1.10's OpenAPI document: how it answers (contract.py), and each of the query parameters that Peering Manager 1.10's lists know (tests/data/api/parameters.tsv): known, filters, refuses.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything
user second true true > /dev/null

# The book: every line a list that is made with one request.
while read -r line; do
	line=${line%,}
	[ "${line:1:1}" = '"' ] || continue
	endpoint=$(jq -r '.[0]' <<< "$line")
	api POST "/api/$endpoint/" "$(jq -c '.[1]' <<< "$line")"
	want "$endpoint: a list of new ones" 201
done < "$top/tests/data/api/book.json"
psql -X -q -v ON_ERROR_STOP=1 -h "$work" -U peerage -d peerage -f "$top/tests/data/api/book.sql" > "$work/book.log" 2>&1 || die "$(cat "$work/book.log")"
api PATCH /api/peering/internet-exchange-peering-sessions/1/ '{"comments":"changed"}'
for e in $(jq -r '.[][0]' "$top/tests/data/api/book.json"); do
	case $e in extras/tags | users/* | core/data-sources) continue ;; esac
	api GET "/api/$e/?limit=1"
	id=$(j '.results[0].id')
	api PATCH "/api/$e/" "[{\"id\":$id,\"$(jq -rn --arg e "$e" '{"extras/journal-entries":"comments","extras/webhooks":"body_template","extras/ix-api":"identity","messaging/contacts":"comments",
		"messaging/emails":"comments","net/connections":"comments","devices/configurations":"comments","devices/routers":"comments","peering/direct-peering-sessions":"comments",
		"peering/internet-exchange-peering-sessions":"service_reference","extras/config-context-assignments":"weight","messaging/contact-assignments":"nothing"}[$e] // "description"')\":$([[ $e = *context-assignments ]] && echo 7 || echo '"changed"')}]"
	want "$e: changed in a list" 200
done
who=second
api PATCH /api/messaging/contact-assignments/1/ '{"contact":2}'
api POST /api/extras/journal-entries/ '{"assigned_object_type":"peering.autonomoussystem","assigned_object_id":1,"comments":"By another"}'
want "an entry of another" 201
who=admin
for e in extras/tags:1 core/data-sources:1; do api PATCH "/api/${e%:*}/${e#*:}/" '{"description":"changed"}'; done

user powerless > /dev/null
/usr/bin/python3 "$top/tests/http/contract.py" "$url" "$(token_of admin)" "$(token_of powerless)" "$work/contract.tsv" > "$work/contract.log" 2>&1
grep -v '^contract: ' "$work/contract.log" | head -${PEERAGE_LINES:-60}
read -r _ good bad < <(grep '^contract: ' "$work/contract.log" || echo "contract: 0 1")
passed=$((passed + good)) failed=$((failed + bad))

# ---- what a list's JSON does not tell, from statements written for this ----
facts=[]
fact() { # ENDPOINT PARAMETER SQL of (id, value)
	facts=$(jq -c --arg e "$1" --arg p "$2" --argjson v "$(sql "SELECT coalesce(json_object_agg(id, v), '{}') FROM (SELECT id, json_agg(v) AS v FROM ($3) AS f (id, v) GROUP BY id) x")" \
		'. + [{endpoint: $e, parameter: $p, values: $v}]' <<< "$facts")
}
while read -r e p kind many; do
	case $p in created_by_request | updated_by_request)
		action=${p%d_by_request}
		model=$(jq -r --arg e "$e" '.[$e] // ""' <<< "${models:=$(sql "SELECT json_object_agg(e, id) FROM (SELECT o.id, CASE o.app_label || '.' || o.model
			WHEN 'bgp.community' THEN 'bgp/communities' WHEN 'bgp.relationship' THEN 'bgp/relationships' WHEN 'net.bfd' THEN 'net/bfd' WHEN 'net.connection' THEN 'net/connections'
			WHEN 'peering.routingpolicy' THEN 'peering/routing-policies' WHEN 'peering.autonomoussystem' THEN 'peering/autonomous-systems' WHEN 'peering.bgpgroup' THEN 'peering/bgp-groups'
			WHEN 'peering.internetexchange' THEN 'peering/internet-exchanges' WHEN 'peering.directpeeringsession' THEN 'peering/direct-peering-sessions'
			WHEN 'peering.internetexchangepeeringsession' THEN 'peering/internet-exchange-peering-sessions' WHEN 'devices.platform' THEN 'devices/platforms'
			WHEN 'devices.configuration' THEN 'devices/configurations' WHEN 'devices.router' THEN 'devices/routers' WHEN 'extras.tag' THEN 'extras/tags'
			WHEN 'extras.configcontext' THEN 'extras/config-contexts' WHEN 'extras.configcontextassignment' THEN 'extras/config-context-assignments'
			WHEN 'extras.exporttemplate' THEN 'extras/export-templates' WHEN 'extras.ixapi' THEN 'extras/ix-api' WHEN 'extras.journalentry' THEN 'extras/journal-entries'
			WHEN 'messaging.contact' THEN 'messaging/contacts' WHEN 'messaging.contactrole' THEN 'messaging/contact-roles' WHEN 'messaging.contactassignment' THEN 'messaging/contact-assignments'
			WHEN 'messaging.email' THEN 'messaging/emails' WHEN 'core.datasource' THEN 'core/data-sources' WHEN 'core.datafile' THEN 'core/data-files' END AS e FROM object_type o) m WHERE e IS NOT NULL")}")
		fact "$e" "$p" "SELECT changed_object_id, request_id::text FROM object_change WHERE changed_object_type_id = ${model:-0} AND action = '${action}' AND request_id IS NOT NULL"
		;;
	esac
done < "$top/tests/data/api/parameters.tsv"
stamps() { for p in created updated; do fact "$1" $p "SELECT id, to_json($p)#>>'{}' FROM $2"; done; }
stamps extras/config-contexts config_context
stamps extras/export-templates export_template
stamps extras/ix-api ixapi
stamps extras/tags tag
stamps messaging/contact-assignments contact_assignment
fact core/data-files created "SELECT id, to_json(created)#>>'{}' FROM data_file"
fact peering/internet-exchange-peering-sessions internet_exchange_id "SELECT s.id, c.internet_exchange_point_id FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id"
fact peering/internet-exchange-peering-sessions internet_exchange "SELECT s.id, i.name FROM internet_exchange_peering_session s JOIN connection c ON c.id = s.ixp_connection_id JOIN internet_exchange i ON i.id = c.internet_exchange_point_id"
fact core/data-sources tag "SELECT g.object_id, t.slug FROM tagged_item g JOIN tag t ON t.id = g.tag_id JOIN object_type o ON o.id = g.object_type_id WHERE o.model = 'datasource'"
fact peeringdb/campuses id "SELECT name, id FROM peeringdb_campus"
fact core/object-changes changed_object_type_id "SELECT id, changed_object_type_id FROM object_change"
fact core/object-changes object_repr "SELECT id, object_repr FROM object_change"
fact core/object-changes user_id "SELECT id, user_id FROM object_change"
fact core/object-changes user "SELECT c.id, u.username FROM object_change c JOIN auth_user u ON u.id = c.user_id"
fact core/jobs object_type "SELECT id, object_type_id FROM job"
fact core/jobs user "SELECT id, user_id FROM job"
fact extras/config-context-assignments content_type_id "SELECT id, content_type_id FROM config_context_assignment"
fact messaging/contact-assignments content_type_id "SELECT id, content_type_id FROM contact_assignment"
fact extras/journal-entries assigned_object_type_id "SELECT id, assigned_object_type_id FROM journal_entry"
fact extras/journal-entries created_by "SELECT e.id, u.username FROM journal_entry e JOIN auth_user u ON u.id = e.created_by_id"
fact extras/journal-entries created_by_id "SELECT id, created_by_id FROM journal_entry"
fact extras/tags content_type "SELECT DISTINCT g.tag_id, o.app_label || '.' || o.model FROM tagged_item g JOIN object_type o ON o.id = g.object_type_id"
fact extras/tags content_type_id "SELECT DISTINCT tag_id, object_type_id FROM tagged_item"
fact peeringdb/network-contacts net_asn "SELECT c.id, n.asn FROM peeringdb_network_contact c JOIN peeringdb_network n ON n.id = c.net_id"
fact peeringdb/network-ixlans net_asn "SELECT c.id, n.asn FROM peeringdb_network_ixlan c JOIN peeringdb_network n ON n.id = c.net_id"
for p in info_scope info_traffic info_type policy_contracts policy_general policy_locations policy_ratio; do
	fact peeringdb/network-ixlans net__$p "SELECT c.id, n.$p FROM peeringdb_network_ixlan c JOIN peeringdb_network n ON n.id = c.net_id"
done
fact peeringdb/hidden-peers peeringdb_network_asn "SELECT h.id, n.asn FROM hidden_peer h JOIN peeringdb_network n ON n.id = h.peeringdb_network_id"

/usr/bin/python3 "$top/tests/http/contract_filters.py" "$url" "$(token_of admin)" "$facts" "$work/filters.tsv" > "$work/filters.log" 2>&1
grep -v '^filters: ' "$work/filters.log" | head -${PEERAGE_LINES:-60}
read -r _ good bad < <(grep '^filters: ' "$work/filters.log" || echo "filters: 0 1")
passed=$((passed + good)) failed=$((failed + bad))
same "as many parameters as the original has" 1351 "$(awk '{ n += $2 } END { print n }' "$work/filters.tsv")"
api GET '/api/schema/?format=json'
# A webhook's secret cannot be asked for letter by letter.
same "OpenAPI tells all of them" "" "$(jq -r --rawfile p "$top/tests/data/api/parameters.tsv" '.paths as $paths | $p | split("\n")[] | select(. != "") | split("\t")
	| select(.[0] != "extras/webhooks" or (.[1] | startswith("secret") | not)) | . as $row
	| select([$paths["/api/\(.[0])/"].get.parameters[].name] | index($row[1]) | not) | "\(.[0])?\(.[1])"' <<< "$body" | head -5)"
same "and those of prefix lists" "af as-set skip-cache" "$(jq -r '[.paths["/api/extras/prefix-list/"].get.parameters[].name] | sort | join(" ")' <<< "$body")"
[ -z "${PEERAGE_TABLE:-}" ] || awk -F '\t' '
	NR == FNR { good[$1] = $2; bad[$1] = $3; next }
	FNR == 1 { print "| endpoint | answers | passed | parameters | passed | questions | passed |\n|---|---:|---:|---:|---:|---:|---:|" }
	{ c = good[$1] + bad[$1]; q = $4 + $5; print "| " $1 " | " c " | " good[$1] " | " $2 " | " $3 " | " q " | " $4 " |"
		tc += c; tg += good[$1]; tp += $2; tk += $3; tq += q; tr += $4 }
	END { print "| **all '"$(wc -l < "$work/filters.tsv")"'** | " tc " | " tg " | " tp " | " tk " | " tq " | " tr " |" }' "$work/contract.tsv" "$work/filters.tsv"
