#!/bin/bash
# The cache of PeeringDB against a stand-in: the first run, changes, rows that wait, going on where it was interrupted, pages, daily files,
# keys, the brake. What the other side can do wrong: suite_peeringdb_wrong.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peeringdb.sh"

# ---- the first time, and again ----

sync
same "the first run reads everything" 0 $status
same "every network" "$(jq '.data | length' "$pdb/net.json")" "$(count network)"
same "every port" "$(jq '.data | length' "$pdb/netixlan.json")" "$(count network_ixlan)"
same "contacts that are public" "$(jq '[.data[] | select(.visible == "Public")] | length' "$pdb/poc.json")" "$(count network_contact)"
same "one query a type" 13 "$(asked | wc -l)"
same "every key of today has its column" 0 "$(ask "SELECT sum(n) FROM ($(for t in organization campus facility carrier carrier_facility network internet_exchange \
	internet_exchange_facility ixlan ixlan_prefix network_facility network_ixlan network_contact; do echo "${or:+UNION ALL} SELECT count(*) AS n FROM peeringdb_$t WHERE extra <> '{}'"; or=1; done)) x")"
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

# ---- patience ----

edit net '(.data[] | select(.id == '$net')) += {name: "Wrong", updated: "2027-03-04T00:00:00Z"}'
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

# ---- elsewhere ----

"$peerage" --json peeringdb sync --tasks --reconcile > "$work/out" 2> /dev/null
same "--tasks asks the runner" "peeringdb.synchronise pending true" "$(ask "SELECT name || ' ' || status || ' ' || (parameters ->> 'reconcile') FROM job WHERE id = $(got .job)")"
sync --from http://10.255.255.1:1/api
same "an address that does not answer is an error" 6 $status
sync --from /nonexistent
same "a folder that is not there too" 1 $status
