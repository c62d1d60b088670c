#!/bin/bash
# The demonstration's book holds together: whatever an object speaks of is in the book, nothing is there twice, nobody's
# mailbox and nobody's unannounced address is in it.
set -u
shopt -s lastpipe # check counts, so it must run in this shell
top=${PEERAGE_TOP:-$(cd "$(dirname "$0")/.." && pwd)}
cd "$top/demo.d" || exit 2
passed=0 failed=0

# check NAME: what stands on standard input must be nothing.
check() {
	local found
	found=$(head -5)
	if [ -z "$found" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "not ok: $1: $found"; fi
}

# rows ENDPOINT: the file of that endpoint, whatever its number.
rows() { cat book/[0-9][0-9]-"$1".json; }

# refs ENDPOINT KEY FIELD: every value of KEY's natural key FIELD, lists or single.
refs() { rows "$1" | jq -r --arg k "$2" --arg f "$3" '.[][$k] | if type == "array" then .[] else . end | objects | .[$f] // empty'; }

# known ENDPOINT FIELD
known() { rows "$1" | jq -r --arg f "$2" '.[][$f]' | sort; }

# resolves ENDPOINT KEY TARGET FIELD
resolves() { comm -23 <(refs "$1" "$2" "$4" | sort -u) <(known "$3" "$4" | sort -u) | check "$1.$2 in $3"; }

for f in book/*.json peeringdb/*.json irr.json; do
	jq -e . "$f" > /dev/null 2>&1 || echo "$f"
done | check "all files are JSON"

for e in peering.routing-policies peering.bgp-groups peering.internet-exchanges peering.autonomous-systems devices.routers \
	peering.direct-peering-sessions peering.internet-exchange-peering-sessions; do
	resolves $e communities bgp.communities slug
done
for e in peering.bgp-groups peering.internet-exchanges peering.direct-peering-sessions peering.internet-exchange-peering-sessions; do
	resolves $e import_routing_policies peering.routing-policies slug
	resolves $e export_routing_policies peering.routing-policies slug
done
for e in peering.direct-peering-sessions peering.internet-exchange-peering-sessions; do
	resolves $e autonomous_system peering.autonomous-systems asn
	resolves $e bfd net.bfd slug
	resolves $e tags extras.tags slug
done
for e in devices.routers peering.internet-exchanges peering.direct-peering-sessions; do
	resolves $e local_autonomous_system peering.autonomous-systems asn
done
resolves peering.direct-peering-sessions bgp_group peering.bgp-groups slug
resolves peering.direct-peering-sessions relationship bgp.relationships slug
resolves peering.direct-peering-sessions router devices.routers name
resolves peering.internet-exchange-peering-sessions ixp_connection net.connections ipv4_address
resolves net.connections router devices.routers name
resolves net.connections internet_exchange_point peering.internet-exchanges slug
resolves devices.routers configuration_template devices.configurations name
resolves messaging.contact-assignments contact messaging.contacts name
resolves messaging.contact-assignments role messaging.contact-roles slug
resolves extras.config-context-assignments config_context extras.config-contexts name
resolves extras.journal-entries assigned_object_id peering.autonomous-systems asn

for e in bgp.communities peering.routing-policies peering.bgp-groups peering.internet-exchanges extras.tags devices.platforms; do
	known $e slug | uniq -d | check "$e: no slug twice"
	known $e name | uniq -d | check "$e: no name twice"
done
known peering.autonomous-systems asn | uniq -d | check "no AS twice"
known messaging.contacts name | uniq -d | check "no contact twice"

# A router can have a neighbour of an address once only, over whichever connection.
{
	jq -r --slurpfile c <(rows net.connections) '($c[0] | map({key: .ipv4_address, value: .router.name}) | from_entries) as $at
		| .[] | "\($at[.ixp_connection.ipv4_address]) \(.ip_address)"' <(rows peering.internet-exchange-peering-sessions)
	rows peering.direct-peering-sessions | jq -r '.[] | "\(.router.name) \(.ip_address | sub("/.*"; ""))"'
} | sort | uniq -d | check "no neighbour twice on a router"

rows messaging.contacts | jq -r '.[].email // empty' | grep -vE '@([a-z0-9-]+\.)?example\.(net|org)$' | check "mailboxes are of example.net and example.org"
jq -r '.data[] | (.tech_email, .policy_email, .sales_email, .tech_phone, .policy_phone, .sales_phone) // empty | select(. != "")' \
	peeringdb/ix.json peeringdb/fac.json | check "no mailbox nor telephone in the cache"
[ -e peeringdb/poc.json ] && echo poc.json | check "no persons in the cache"
rows peering.direct-peering-sessions | jq -r '.[] | .ip_address, .local_ip_address' | grep -vE '^(192\.0\.2\.|2001:db8:)' |
	check "links of our own are documentation space"

# dangling TYPE KEY TARGET: rows of the cache that speak of rows which are not there.
dangling() {
	comm -23 <(jq -r --arg k "$2" '.data[][$k] // empty' "peeringdb/$1.json" | sort -u) <(jq -r '.data[].id' "peeringdb/$3.json" | sort -u) |
		check "$1.$2 in $3"
}
for t in "net org_id org" "ix org_id org" "fac org_id org" "ixlan ix_id ix" "ixpfx ixlan_id ixlan" "ixfac ix_id ix" "ixfac fac_id fac" \
	"netfac net_id net" "netfac fac_id fac" "netixlan net_id net" "netixlan ixlan_id ixlan" "campus org_id org" "fac campus_id campus" \
	"carrier org_id org" "carrierfac carrier_id carrier" "carrierfac fac_id fac"; do
	# shellcheck disable=SC2086
	dangling $t
done
comm -23 <(rows net.connections | jq -r '.[].peeringdb_netixlan' | sort) <(jq -r '.data[].id' peeringdb/netixlan.json | sort) |
	check "our ports are in the cache"
comm -23 <(rows peering.internet-exchanges | jq -r '.[].peeringdb_ixlan' | sort -u) <(jq -r '.data[].id' peeringdb/ixlan.json | sort) |
	check "our exchanges are in the cache"

rows devices.configurations | jq -r '.[].template_file' | while read -r f; do [ -s "$f" ] || echo "$f"; done | check "template files are there"
for t in frr bird openbgpd junos eos iosxr sros; do
	grep -q 'include_configuration "Session plan"' "templates/$t.j2" || echo "$t"
done | check "every edge includes the session plan"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
