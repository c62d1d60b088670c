#!/bin/bash
# The demonstration's cache and book load whole, and what hangs together there hangs together in the database.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage demo=$top/demo.d
start_postgres
works() {
	local name=$1
	shift
	if "$@" > "$work/out" 2> "$work/err"; then pass; else fail "$name: $(tail -c 400 "$work/err")"; fi
}
# rows TABLE; in_file GLOB: objects in the book's file
rows() { sql "SELECT count(*) FROM peerage.$1"; }
in_file() { cat "$demo"/book/[0-9][0-9]-"$1".json | jq length; }

works "the cache loads" "$peerage" peeringdb load "$demo/peeringdb"
for pair in net:network ix:internet_exchange ixlan:ixlan ixpfx:ixlan_prefix netixlan:network_ixlan fac:facility org:organization campus:campus carrier:carrier \
	carrierfac:carrier_facility; do
	same "rows of ${pair%%:*}" "$(jq '.data | length' "$demo/peeringdb/${pair%%:*}.json")" "$(rows "peeringdb_${pair##*:}")"
done

same "and none waits for another" 0 "$(rows peeringdb_pending)"

works "the book loads" "$peerage" load "$demo/book"
while read -r endpoint table; do
	same "$endpoint" "$(in_file "$endpoint")" "$(rows "$table")"
done <<-E2
	bgp.communities community
	bgp.relationships relationship
	extras.config-contexts config_context
	extras.config-context-assignments config_context_assignment
	extras.journal-entries journal_entry
	extras.tags tag
	messaging.contacts contact
	messaging.contact-assignments contact_assignment
	net.bfd bfd
	net.connections connection
	peering.autonomous-systems autonomous_system
	peering.bgp-groups bgp_group
	peering.direct-peering-sessions direct_peering_session
	peering.internet-exchanges internet_exchange
	peering.internet-exchange-peering-sessions internet_exchange_peering_session
	peering.routing-policies routing_policy
	devices.routers router
	devices.configurations configuration
E2
same "templates come from their files" "$(wc -c < "$demo/templates/frr.j2")" \
	"$(sql "SELECT octet_length(template) FROM peerage.configuration WHERE name = 'FRR edge'")"
same "ports of ours are PeeringDB's" 0 "$(sql "SELECT count(*) FROM peerage.connection c LEFT JOIN peerage.peeringdb_network_ixlan n
	ON n.id = c.peeringdb_netixlan_id AND n.ipaddr4 = host(c.ipv4_address)::inet WHERE n.id IS NULL")"
same "no session key is in clear" 0 "$(sql "SELECT count(*) FROM peerage.internet_exchange_peering_session WHERE password LIKE '%demo-%'")"
works "it loads again" "$peerage" --json load "$demo/book"
same "and nothing is there twice" "$(in_file peering.internet-exchange-peering-sessions)" "$(rows internet_exchange_peering_session)"
same "nor any assignment" "$(in_file messaging.contact-assignments)" "$(rows contact_assignment)"
