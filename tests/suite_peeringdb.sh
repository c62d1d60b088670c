#!/bin/bash
# The cache of PeeringDB against a stand-in that can do wrong: whatever it does ends as a clear error, the cache as it was, and the
# next run well.
. "$(dirname "$0")/lib.sh"
start_postgres
peerage="$build/peerage"
pdb=$work/pdb
mkdir -p "$pdb/since"
cp "$top"/demo.d/peeringdb/*.json "$pdb"
chmod u+w "$pdb"/*.json
now=2027-03-01T00:00:00Z
printf '{"data": [{"id": 1, "org_id": 8897, "org_name": "x", "name": "Campus", "name_long": null, "aka": null, "notes": "", "website": "", "social_media": [], "country": "DE", "city": "", "zipcode": "", "state": "", "logo": null, "status": "ok", "created": "%s", "updated": "%s"}]}' $now $now |
	jq --argjson org "$(jq '.data[0].id' "$pdb/org.json")" '.data[0].org_id = $org' > "$pdb/campus.json"
jq -c '{data: [.data[0:3][] | {id, org_id, org_name: "x", name: "Carrier \(.id)", aka: "", name_long: "", website: "", social_media: [], notes: "", fac_count: 1, logo: null,
	status: "ok", created: "2020-01-01T00:00:00Z", updated: "2020-01-01T00:00:00Z"}]}' "$pdb/net.json" > "$pdb/carrier.json"
jq -c --argjson fac "$(jq '.data[0].id' "$pdb/fac.json")" '{data: [.data[] | {id, name: "x", carrier_id: .id, fac_id: $fac, status: "ok",
	created: "2020-01-01T00:00:00Z", updated: "2020-01-01T00:00:00Z"}]}' "$pdb/carrier.json" > "$pdb/carrierfac.json"
jq -c '{data: [.data[0:40][] | {id: (.id + 10), net_id: .id, role: "NOC", visible: (if .id % 2 == 0 then "Users" else "Public" end), name: "N", phone: "",
	email: "noc@example.net", url: "", status: "ok", created: "2020-01-01T00:00:00Z", updated: "2020-01-01T00:00:00Z"}]}' "$pdb/net.json" > "$pdb/poc.json"
"$build/tests/tools/peeringdb_server" "$pdb" > "$work/server.log" 2>&1 &
pids+=($!)
until_true 10 test -s "$pdb/port" || die "the stand-in does not start"
base=http://127.0.0.1:$(cat "$pdb/port")
cat >> "$work/peerage.conf" <<C
peeringdb_url = $base/api
peeringdb_bulk_url =
peeringdb_pause = 0
peeringdb_timeout = 2
C

sync() { "$peerage" --json peeringdb sync "$@" > "$work/out" 2> "$work/err"; status=$?; }
got() { jq -r "$1" "$work/out"; }
wrong() { printf '%s\n' "$*" > "$pdb/behaviour"; }
well() { rm -f "$pdb/behaviour"; }
asked() { cut -d' ' -f1 "$pdb/requests"; : > "$pdb/requests"; }
# edit TYPE FILTER: change the stand-in's rows
edit() { jq -c "$2" "$pdb/$1.json" > "$pdb/$1.tmp" && mv "$pdb/$1.tmp" "$pdb/$1.json"; }
# what there is, to the last column
picture() {
	local t
	for t in organization campus facility carrier carrier_facility network internet_exchange internet_exchange_facility ixlan ixlan_prefix \
		network_facility network_ixlan network_contact pending namespace; do
		sql "SET search_path = peerage, public; SELECT '$t', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM (SELECT $([ $t = namespace ] && echo 'tag, since' || echo '*') FROM peeringdb_$t) t"
	done
}
count() { sql "SET search_path = peerage, public; SELECT count(*) FROM peeringdb_$1"; }
ask() { sql "SET search_path = peerage, public; $1"; }

# ---- the first time, and again ----

sync
same "the first run reads everything" 0 $status
same "every network" "$(jq '.data | length' "$pdb/net.json")" "$(count network)"
same "every port" "$(jq '.data | length' "$pdb/netixlan.json")" "$(count network_ixlan)"
same "contacts that are public" "$(jq '[.data[] | select(.visible == "Public")] | length' "$pdb/poc.json")" "$(count network_contact)"
same "one query a type" 13 "$(asked | wc -l)"
same "the first time all is new" "$(got .created)" "$(got '[.types[].read] | add')"
sync
same "nothing changed" "0 0 0" "$(got '"\(.created) \(.updated) \(.deleted)"')"
same "only changes were asked for" 13 "$(asked | grep -c 'since=[1-9]')"
same "a row for every run that changed something" 1 "$(count synchronisation)"
same "a column that PeeringDB does not fill has its default" 0 "$(ask "SELECT count(*) FROM peeringdb_network WHERE notes_private <> ''")"

# ---- changes, deletions, rows that came too early ----

net=$(jq '.data[5].id' "$pdb/net.json") port=$(jq '.data[7].id' "$pdb/netixlan.json")
edit net '(.data[] | select(.id == '$net')) += {name: "Renamed \"it\"\\now\tthen", updated: "'$now'", policy_general: "Whatever", new_key: {"a": [1]}}'
edit netixlan '(.data[] | select(.id == '$port')) += {status: "deleted", ipaddr4: null, ipaddr6: null, updated: "'$now'"}'
edit netixlan '.data += [.data[0] + {id: 99999, status: "deleted", updated: "'$now'"}]'
edit net '.data += [.data[0] + {id: 99999, asn: 65000, org_id: 99999, name: "Early", updated: "'$now'"}]'
sync
same "one changed, one gone" "0 1 1 1" "$(got '"\(.created) \(.updated) \(.deleted) \(.pending)"')"
same "text arrives as it is" 'Renamed "it"\now'$'\t''then' "$(ask "SELECT name FROM peeringdb_network WHERE id = $net")"
same "a key without a column is kept" '{"new_key": {"a": [1]}}' "$(ask "SELECT extra FROM peeringdb_network WHERE id = $net")"
same "a value that we do not know is kept" Whatever "$(ask "SELECT policy_general FROM peeringdb_network WHERE id = $net")"
same "what was deleted before we saw it is not made" 0 "$(ask "SELECT count(*) FROM peeringdb_network_ixlan WHERE id IN (99999, $port)")"
same "a row without its parent waits" "net 99999 org 99999 is missing" "$(ask "SELECT tag || ' ' || id || ' ' || reason FROM peeringdb_pending")"
sync
sync
same "nothing more is gone" "0 0 0" "$(got '"\(.created) \(.updated) \(.deleted)"')"
same "and nothing comes back" 0 "$(ask "SELECT count(*) FROM peeringdb_network_ixlan WHERE id IN (99999, $port)")"
same "tries are counted" 3 "$(ask "SELECT attempt FROM peeringdb_pending")"
edit org '.data += [.data[0] + {id: 99999, name: "Late", updated: "'$now'"}]'
sync
same "when the parent arrives the row joins it" "Early 0" "$(ask "SELECT name || ' ' || (SELECT count(*) FROM peeringdb_pending) FROM peeringdb_network WHERE id = 99999")"
edit net '(.data[] | select(.id == 99999)) += {status: "deleted", updated: "2027-03-02T00:00:00Z"} | .data += [.data[0] + {id: 99998, asn: 65000, org_id: 99999, name: "Successor", updated: "2027-03-02T00:00:00Z"}]'
sync
same "an AS number passes to another row" "99998" "$(ask "SELECT id FROM peeringdb_network WHERE asn = 65000")"
edit org '(.data[] | select(.id == 99999)) += {status: "deleted", updated: "2027-03-03T00:00:00Z"}'
edit net '(.data[] | select(.id == 99998)) += {org_id: '"$(jq '.data[0].id' "$pdb/org.json")"', updated: "2027-03-03T00:00:00Z"}'
sync
same "a network that moved outlives its old organisation" 1 "$(ask "SELECT count(*) FROM peeringdb_network WHERE id = 99998")"
edit netixlan '(.data[] | select(.id == '"$(jq '.data[9].id' "$pdb/netixlan.json")"')) += {ipaddr4: "300.1.1.1", updated: "2027-03-03T00:00:00Z"}'
sync
same "a value that cannot be stored keeps its row aside" 'ipaddr4 "300.1.1.1" is not an address' "$(ask "SELECT reason FROM peeringdb_pending")"
same "and the others go on" 0 $status
edit netixlan '(.data[] | select(.ipaddr4 == "300.1.1.1")) += {ipaddr6: ("x" + "\u00e4" * 200)} | .data[10].ipaddr4 = ("\u20ac" * 200) | .data[10].updated = "2027-03-03T00:00:00Z"'
sync
same "however long and foreign it is" "0 2" "$status $(count pending)"
edit netixlan '.data[10] += {ipaddr4: null, updated: "2027-03-03T02:00:00Z"} | (.data[] | select(.ipaddr4 == "300.1.1.1")).ipaddr6 = null'
edit netixlan '(.data[] | select(.ipaddr4 == "300.1.1.1")) += {ipaddr4: null, updated: "2027-03-03T01:00:00Z"}'
sync
same "until it is mended" 0 "$(count pending)"

# ---- the other side does wrong ----

edit net '(.data[] | select(.id == '$net')) += {name: "Wrong", updated: "2027-03-04T00:00:00Z"}'
before=$(picture)
# goes_wrong NAME STATUS MESSAGE
goes_wrong() {
	ask 'DELETE FROM peeringdb_stage' > /dev/null # an earlier run left its finished types
	sync
	same "$1: the run fails" "$2" $status
	case $(jq -r .detail "$work/out") in *"$3"*) pass ;; *) fail "$1: $(head -c 300 "$work/out") $(cat "$work/err")" ;; esac
	same "$1: the cache is as it was" "" "$(diff <(echo "$before") <(picture))"
	well
}
wrong net html; goes_wrong "HTML" 6 'there is "<!DOCTYPE html>'
wrong netixlan cut; goes_wrong "a cut connection" 6 'netixlan: '
wrong netixlan short; goes_wrong "half an answer" 6 'ends in the middle'
wrong netfac slow; goes_wrong "an answer that takes too long" 6 'no whole answer in 2 s'
wrong ix close; goes_wrong "no answer" 6 'ix: '
wrong ix 500; goes_wrong "a server that fails" 6 'answers 500: Oops'
wrong ix 404; goes_wrong "not there" 6 'answers 404'
wrong ix redirect https://example.net/; goes_wrong "a redirect to another host" 4 'redirects to another host'
wrong fac 429 3600; goes_wrong "a limit for an hour" 6 '3600 s'
cp "$pdb/net.json" "$work/net.json"
edit net '(.data[] | select(.id == '$net')).asn = "one"'
goes_wrong "a wrong type" 6 "net $net: asn is a JSON string; it should be a whole number"
cp "$work/net.json" "$pdb/net.json"
edit net '.data += [.data[] | select(.id == '$net')]'
goes_wrong "an id twice" 6 "the answer has id $net twice"
cp "$work/net.json" "$pdb/net.json"
edit net 'del(.data[] | select(.id == '$net') | .id)' 2> /dev/null || edit net '.data |= map(if .id == '$net' then del(.id) else . end)'
goes_wrong "no id" 6 "has no id"
cp "$work/net.json" "$pdb/net.json"
sync
same "and afterwards all is well" "0 Wrong" "$status $(ask "SELECT name FROM peeringdb_network WHERE id = $net")"
wrong net 429 1 2
SECONDS=0
edit net '(.data[] | select(.id == '$net')) += {name: "Patient", updated: "2027-03-05T00:00:00Z"}'
sync
same "a short wait is waited" "0 Patient" "$status $(ask "SELECT name FROM peeringdb_network WHERE id = $net")"
holds "as long as was asked" test $SECONDS -ge 2
wrong '*' 500 0 1
sync
same "one failure is tried again" 0 $status
well

# ---- goes on where it was interrupted ----

"$peerage" peeringdb sync --flush > /dev/null
same "a flush leaves nothing" "0 0 0" "$(count organization) $(count network_ixlan) $(count synchronisation)"
wrong netfac 429 3600
: > "$pdb/requests"
sync
same "refused in the middle" "6 0" "$status $(count organization)"
same "the error stands with the type" 1 "$(ask "SELECT count(*) FROM peeringdb_namespace WHERE tag = 'netfac' AND error LIKE '%3600 s%'")"
well
: > "$pdb/requests"
sync
same "the next run asks only for the rest" "/api/netfac?depth=0 /api/netixlan?depth=0 /api/poc?depth=0" "$(asked | tr '\n' ' ' | sed 's/ $//')"
same "and has everything" "$(jq '[.data[] | select(.status == "ok")] | length' "$pdb/net.json")" "$(count network)"
"$peerage" peeringdb sync --flush > /dev/null
wrong netfac slow
"$peerage" peeringdb sync > "$work/out" 2>&1 &
victim=$!
until_true 20 grep -q netfac "$pdb/requests"
kill -9 $victim
wait $victim 2> /dev/null
well
same "a run that is killed changes nothing" 0 "$(count organization)"
: > "$pdb/requests"
until_true 10 sync
same "and the next goes on" "0 3" "$status $(asked | wc -l)"

# ---- pages, daily files, keys ----

wrong '*' page 100
"$peerage" peeringdb sync --flush > /dev/null
sync
same "pages are read to the last" "$(jq '[.data[] | select(.status == "ok")] | length' "$pdb/netixlan.json")" "$(count network_ixlan)"
well
"$peerage" peeringdb sync --flush > /dev/null
sed -i "s|^peeringdb_bulk_url.*|peeringdb_bulk_url = $base/bulk|" "$work/peerage.conf"
date -d 2027-03-04T12:00:00Z +%s > "$pdb/generated"
: > "$pdb/requests"
sync
same "daily files come first" 12 "$(grep -c '^/bulk/.*-0.json' "$pdb/requests")"
same "then what changed since they were made" "$(($(cat "$pdb/generated") - 60))" "$(grep '/api/net?' "$pdb/requests" | sed 's/.*since=//')"
same "everything is there" "$(jq '[.data[] | select(.status == "ok")] | length' "$pdb/netixlan.json")" "$(count network_ixlan)"
echo sesame > "$pdb/key"
PEERAGE_PEERINGDB_API_KEY=wrong sync
same "a wrong key is refused" "4 org: PeeringDB refuses the API key (401): Invalid API key" "$status $(jq -r .detail "$work/out")"
PEERAGE_PEERINGDB_API_KEY=sesame sync
same "a key that comes later brings the contacts that were hidden" "$(jq '.data | length' "$pdb/poc.json")" "$(count network_contact)"
: > "$pdb/requests"
PEERAGE_PEERINGDB_API_KEY=sesame sync
same "once" "0 13" "$status $(grep -c 'since=.*key' "$pdb/requests")"
sed -i "s|^peeringdb_bulk_url.*|peeringdb_bulk_url =|" "$work/peerage.conf"
rm -f "$pdb/key"

# ---- the brake, and everything again ----

edit netixlan '.data |= map(select(.id % 3 != 0))'
before=$(picture)
sync
same "what is left out is not missed by changes" 0 "$(got .deleted)"
sync --reconcile
same "too much at once stops" 5 $status
case $(jq -r .detail "$work/out") in *"of netixlan this run would remove"*"--force"*) pass ;; *) fail "the brake says so: $(cat "$work/out")" ;; esac
same "and changes nothing" "$before" "$(picture)"
same "it asks about each type" netixlan "$("$peerage" --json peeringdb brake | jq -r '.[].tag')"
"$peerage" peeringdb brake drop
same "dropped, nothing is asked and nothing kept" "0 0" "$("$peerage" --json peeringdb brake | jq length) $(count stage)"
"$peerage" peeringdb brake go-on 2> /dev/null
same "nor is there anything to go on with" 3 $?
sync --reconcile
: > "$pdb/requests"
"$peerage" peeringdb brake go-on > "$work/out"
same "what was read is gone on with" "0 0" "$? $(asked | wc -l)"
same "once" "0" "$("$peerage" --json peeringdb brake | jq length)"
sync --reconcile --force
same "unless forced" "$(jq '[.data[] | select(.status == "ok")] | length' "$pdb/netixlan.json")" "$(count network_ixlan)"

# ---- what is ours ----

read -r port lan asn ip4 ip6 < <(jq -r '[.data[] | select(.status == "ok" and .ipaddr4 and .ipaddr6)][0] | "\(.id) \(.ixlan_id) \(.asn) \(.ipaddr4) \(.ipaddr6)"' "$pdb/netixlan.json")
other=$(jq --argjson asn "$asn" '[.data[] | select(.status == "ok" and .asn != $asn)][1].id' "$pdb/net.json")
ask "INSERT INTO autonomous_system (id, asn, name, affiliated) VALUES (1, $asn, 'us', true);
	INSERT INTO internet_exchange (id, name, slug, local_autonomous_system_id) VALUES (1, 'ix', 'ix', 1);
	INSERT INTO connection (id, internet_exchange_point_id, ipv4_address, ipv6_address) VALUES (1, 1, '$ip4/24', '$ip6/64'), (2, 1, '$ip4/24', '2001:db8::1/64');
	INSERT INTO hidden_peer (id, peeringdb_network_id, peeringdb_ixlan_id) VALUES (1, $other, $lan)" > /dev/null
links() { ask "SELECT coalesce(c.peeringdb_netixlan_id::text, 'none') || ' ' || coalesce(x.peeringdb_ixlan_id::text, 'none') || ' ' || coalesce(h.peeringdb_network_id::text, 'none')
	FROM connection c, internet_exchange x, hidden_peer h WHERE c.id = $1"; }
sync
same "a connection finds its port, the exchange its LAN" "$port $lan $other" "$(links 1)"
same "an address that is another's does not" "none $lan $other" "$(links 2)"
edit netixlan '(.data[] | select(.id == '$port')) += {status: "deleted", updated: "2027-03-06T00:00:00Z"}
	| .data += [(.data[] | select(.id == '$port')) + {id: 88888, status: "ok", updated: "2027-03-06T00:00:00Z"}]'
sync
same "a port that is made anew is found again" "88888 $lan $other" "$(links 1)"
"$peerage" peeringdb sync --flush > /dev/null
same "a flush takes the links" "none none none" "$(links 1)"
sync
same "and the next run gives them back" "88888 $lan $other" "$(links 1)"

# ---- the feed of what concerns us ----

feed() { ask "SELECT kind || ' ' || field || ' ' || coalesce(old #>> '{}', '-') || ' -> ' || coalesce(new #>> '{}', '-') FROM peeringdb_change WHERE state = 'open' OR '${1:-}' <> '' ORDER BY id"; }
same "nothing so far but the ports that moved" "" "$(feed | grep -v '^left\|^joined\|^address')"
ask "DELETE FROM peeringdb_change; INSERT INTO autonomous_system (id, asn, name) SELECT 2, asn, 'them' FROM peeringdb_network WHERE id = $other" > /dev/null
edit net '(.data[] | select(.id == '$other')) += {info_prefixes4: 4711, irr_as_set: "AS-NEW", policy_general: "No", updated: "2027-03-07T00:00:00Z"}'
edit poc '.data += [.data[0] + {id: 77777, net_id: '$other', role: "Policy", visible: "Public", email: "peering@example.net", updated: "2027-03-07T00:00:00Z"}]'
edit netixlan '(.data[] | select(.id == 88888)) += {ipaddr4: null, updated: "2027-03-07T00:00:00Z"}
	| .data += [(.data[] | select(.id == 88888)) + {id: 88887, net_id: '$other', asn: '"$(ask "SELECT asn FROM peeringdb_network WHERE id = $other")"', ipaddr4: null, ipaddr6: null, updated: "2027-03-07T00:00:00Z"}]'
prefix=$(ask "SELECT id FROM peeringdb_ixlan_prefix WHERE ixlan_id = $lan AND protocol = 'IPv4' LIMIT 1")
edit ixpfx '(.data[] | select(.id == '$prefix')) += {prefix: "198.18.0.0/22", updated: "2027-03-07T00:00:00Z"}'
was=$(ask "SELECT n.info_prefixes4, n.irr_as_set, n.policy_general, p.prefix FROM peeringdb_network n, peeringdb_ixlan_prefix p WHERE n.id = $other AND p.id = $prefix" | tr '|' ' ')
read -r was4 wasset waspolicy wasprefix <<< "$was"
sync
same "what changed of ours is told, old and new" "as-set irr_as_set $wasset -> AS-NEW
lan prefix $wasprefix -> 198.18.0.0/22
policy policy_general $waspolicy -> No
prefix-limit info_prefixes4 $was4 -> 4711" "$(feed all | grep -v '^contact\|^joined\|^address' | sort)"
same "a contact came" 1 "$(feed | grep -c '^contact .*- -> .*peering@example.net')"
same "a network we know joined an exchange of ours" 1 "$(feed | grep -c '^joined  - ->')"
same "an address changed" 1 "$(feed | grep -c '^address ')"
same "as many as the run says" "$(feed all | wc -l)" "$(got .changes)"
same "what the switches take over is written" "4711 AS-NEW $(ask "SELECT name FROM peeringdb_network WHERE id = $other")" "$(ask "SELECT ipv4_max_prefixes || ' ' || irr_as_set || ' ' || name FROM autonomous_system WHERE id = 2")"
same "and is accepted by nobody" "2 0" "$(ask "SELECT count(*) || ' ' || count(decided_by_id) FROM peeringdb_change WHERE state = 'accepted'")"
log_of() { ask "SELECT count(*) FROM object_change c JOIN object_type o ON o.id = c.changed_object_type_id WHERE o.model = '$1' AND c.changed_object_id = $2"; }
same "with a line in the change log" 1 "$(log_of autonomoussystem 2)"
same "and an event" 1 "$(ask "SELECT count(*) FROM event e JOIN object_type o ON o.id = e.object_type_id WHERE o.model = 'autonomoussystem' AND e.object_id = 2")"
sync
same "once" 1 "$(log_of autonomoussystem 2)"

# ---- deciding ----

change_of() { ask "SELECT max(id) FROM peeringdb_change WHERE state = 'open' AND $1"; }
system() { ask "SELECT coalesce(ipv4_max_prefixes::text, 'null') || ' ' || coalesce(ipv6_max_prefixes::text, 'null') || ' ' || irr_as_set FROM autonomous_system WHERE id = 2"; }
ask "UPDATE autonomous_system SET ipv4_max_prefixes_peeringdb_sync = false, irr_as_set_peeringdb_sync = false WHERE id = 2" > /dev/null
edit net '(.data[] | select(.id == '$other')) += {info_prefixes4: 5000, info_prefixes6: 600, irr_as_set: "AS-NEWER", updated: "2027-03-07T01:00:00Z"}'
sync
same "each field by its own switch" "4711 600 AS-NEW" "$(system)"
edit net '(.data[] | select(.id == '$other')) += {info_prefixes4: 6000, updated: "2027-03-07T02:00:00Z"}'
sync
same "a field that changes again is one change" "4711 -> 6000" "$(ask "SELECT (old #>> '{}') || ' -> ' || (new #>> '{}') FROM peeringdb_change WHERE state = 'open' AND field = 'info_prefixes4'")"
same "the one before is superseded" 1 "$(ask "SELECT count(*) FROM peeringdb_change WHERE state = 'superseded'")"
id=$(change_of "field = 'info_prefixes4'")
same "what follows is told" "ipv4_max_prefixes 4711 6000" "$(ask "SELECT (f ->> 'field') || ' ' || (f ->> 'old') || ' ' || (f ->> 'new') FROM peeringdb_change c, jsonb_array_elements(peeringdb_change_follows(c)) f WHERE c.id = $id")"
same "in words" 1 "$("$peerage" peeringdb changes open | grep -c 'ipv4 max prefixes 4711 → 6000')"
before=$(log_of autonomoussystem 2)
same "accepted, it is written" "1 changes accepted, 1 objects written" "$("$peerage" peeringdb accept "$id")"
same "to the book" "6000 600 AS-NEW" "$(system)"
same "with a line in the change log" $((before + 1)) "$(log_of autonomoussystem 2)"
"$peerage" peeringdb accept "$id" 2> /dev/null
same "twice is a conflict" 5 $?
id=$(change_of "field = 'irr_as_set'")
"$peerage" peeringdb ignore "$id" > /dev/null
sync
same "ignored, it is not" "6000 600 AS-NEW ignored" "$(system) $(ask "SELECT state FROM peeringdb_change WHERE id = $id")"
ask "UPDATE autonomous_system SET ipv4_max_prefixes_peeringdb_sync = true WHERE id = 2; UPDATE peeringdb_rule SET most = 50 WHERE kind = 'prefix-limit';
	UPDATE peeringdb_rule SET action = 'accept' WHERE kind = 'as-set'; UPDATE peeringdb_rule SET action = 'ignore' WHERE kind = 'policy'" > /dev/null
edit net '(.data[] | select(.id == '$other')) += {info_prefixes4: 60000, info_prefixes6: 700, irr_as_set: "AS-NEWEST", policy_general: "Open", updated: "2027-03-07T03:00:00Z"}'
sync
same "a rule asks about a large step, takes a small one, goes past a switch" "6000 700 AS-NEWEST" "$(system)"
same "and ignores what it is told to" 0 "$(ask "SELECT count(*) FROM peeringdb_change WHERE state = 'open' AND kind = 'policy'")"
ask "UPDATE peeringdb_rule SET most = NULL; UPDATE peeringdb_rule SET action = 'switch' WHERE kind = 'as-set'" > /dev/null
edit net '(.data[] | select(.id == '$other')) += {irr_as_set: "AS-NEW", info_prefixes4: 4711, updated: "2027-03-07T05:00:00Z"}'
sync
"$peerage" peeringdb ignore 999999 2> /dev/null
same "one that is not there" 3 $?
before=$(feed)
sync
same "the same is not told twice" "$before" "$(feed)"

# ---- renumbering ----

asn2=$(ask "SELECT asn FROM autonomous_system WHERE id = 2")
ask "UPDATE connection SET ipv4_address = '198.51.100.10/24', ipv6_address = NULL WHERE id = 1; UPDATE connection SET ipv4_address = NULL, ipv6_address = NULL WHERE id = 2;
	DELETE FROM peeringdb_change;
	INSERT INTO internet_exchange_peering_session (id, autonomous_system_id, ixp_connection_id, ip_address, status) VALUES
		(1, 2, 1, '198.51.100.20', 'enabled'), (2, 2, 1, '198.51.100.30', 'enabled'), (3, 2, 1, '198.18.0.77', 'enabled')" > /dev/null
edit netixlan '(.data[] | select(.id == 88888)) += {ipaddr4: "198.18.0.10", updated: "2027-03-08T00:00:00Z"} | (.data[] | select(.id == 88887)) += {ipaddr4: "198.18.0.20", updated: "2027-03-08T00:00:00Z"}'
sync
"$peerage" --json peeringdb renumber > "$work/renumber"
same "ports and sessions in the old prefix get their place in the new one" "net.connection ipv4_address 198.51.100.10/24 198.18.0.10/22 listed
peering.internetexchangepeeringsession ip_address 198.51.100.20 198.18.0.20 listed
peering.internetexchangepeeringsession ip_address 198.51.100.30 198.18.0.30 place" "$(jq -r '.[] | "\(.type) \(.field) \(.old) \(.new) \(.reason)"' "$work/renumber")"
ask "DELETE FROM internet_exchange_peering_session WHERE id = 2" > /dev/null
"$peerage" peeringdb renumber --apply ix > /dev/null
same "applied in one go" "198.18.0.10/22 198.18.0.20" "$(ask "SELECT c.ipv4_address || ' ' || host(s.ip_address) FROM connection c, internet_exchange_peering_session s WHERE c.id = 1 AND s.id = 1")"
same "with lines in the change log" "1 1" "$(log_of connection 1) $(log_of internetexchangepeeringsession 1)"
same "then nothing is left to move" "[]" "$("$peerage" --json peeringdb renumber | jq -c .)"
edit netixlan '(.data[] | select(.id == 88887)) += {ipaddr4: "198.18.0.21", updated: "2027-03-08T01:00:00Z"}'
sync
id=$(change_of "kind = 'address' AND autonomous_system_id = 2")
same "a neighbour that moves" "ip_address 198.18.0.20 198.18.0.21" "$(ask "SELECT (f ->> 'field') || ' ' || (f ->> 'old') || ' ' || (f ->> 'new') FROM peeringdb_change c, jsonb_array_elements(peeringdb_change_follows(c)) f WHERE c.id = $id")"
same "is proposed too" moved "$("$peerage" --json peeringdb renumber | jq -r '.[].reason')"
ask "UPDATE peeringdb_rule SET action = 'accept' WHERE kind = 'address'" > /dev/null
sync
same "and may be followed by rule" "198.18.0.21 accepted" "$(ask "SELECT host(s.ip_address) || ' ' || c.state FROM internet_exchange_peering_session s, peeringdb_change c WHERE s.id = 1 AND c.id = $id")"
edit netixlan '(.data[] | select(.id == 88887)) += {ipaddr4: "198.18.0.77", updated: "2027-03-08T01:30:00Z"}'
sync
same "what the book refuses stays open and is told" "0 1 198.18.0.21 open" "$status $(got '.refused | length') $(ask "SELECT host(s.ip_address) || ' ' || c.state
	FROM internet_exchange_peering_session s, peeringdb_change c WHERE s.id = 1 ORDER BY c.id DESC LIMIT 1")"
ask "DELETE FROM internet_exchange_peering_session WHERE id = 3" > /dev/null
sync
same "until it can be done" "0 198.18.0.77" "$(got '.refused | length') $(ask "SELECT host(ip_address) FROM internet_exchange_peering_session WHERE id = 1")"
edit netixlan '(.data[] | select(.id == 88887)) += {status: "deleted", updated: "2027-03-08T02:00:00Z"}'
sync
id=$(change_of "kind = 'left'")
"$peerage" peeringdb accept "$id" > /dev/null
same "who has left is disabled" "disabled" "$(ask "SELECT status FROM internet_exchange_peering_session WHERE id = 1")"
ask "DELETE FROM autonomous_system WHERE id = 2; DELETE FROM connection" > /dev/null
"$peerage" peeringdb sync --flush > /dev/null
sync
same "an exchange without connections too" "$lan" "$(ask 'SELECT peeringdb_ixlan_id FROM internet_exchange')"
"$peerage" --json peeringdb sync --tasks --reconcile > "$work/out" 2> /dev/null
same "--tasks asks the runner" "peeringdb.synchronise pending true" "$(ask "SELECT name || ' ' || status || ' ' || (parameters ->> 'reconcile') FROM job WHERE id = $(got .job)")"
sync --from http://10.255.255.1:1/api
same "an address that does not answer is an error" 6 $status
sync --from /nonexistent
same "a folder that is not there too" 1 $status
