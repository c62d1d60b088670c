#!/bin/bash
# Every kind of change of PeeringDB that the feed tells: a table of known differences between snapshots, and what each must become:
# one row with old and new, the object that it concerns, what follows; accepted, ignored, accepted or ignored by rule.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peeringdb.sh"

# ---- PeeringDB before, and our book ----

read -r us lan < <(jq -r '[.data[] | select(.status == "ok" and .ipaddr4)][0] | "\(.asn) \(.ixlan_id)"' "$pdb/netixlan.json")
lan2=$(jq --argjson lan "$lan" '[.data[] | select(.id != $lan)][0].id' "$pdb/ixlan.json")
read -r usnet < <(jq --argjson asn "$us" '.data[] | select(.asn == $asn) | .id' "$pdb/net.json")
# networks that are at neither exchange: one that changes, four that will be gone
mapfile -t nets < <(jq -r --argjson us "$us" --slurpfile x "$pdb/netixlan.json" --argjson lans "[$lan, $lan2]" '[$x[0].data[] | select(.ixlan_id | IN($lans[])) | .net_id] as $in
	| [.data[] | select(.status == "ok" and .asn != $us and (.id | IN($in[]) | not))][0:5][] | "\(.id) \(.asn)"' "$pdb/net.json")
read -r net asn <<< "${nets[0]}"
row='{status: "ok", created: "2020-01-01T00:00:00Z", updated: "2020-01-01T00:00:00Z"}'
port="$row + {net_id: $net, asn: $asn, ix_id: $lan, ixlan_id: $lan, name: \"\", notes: \"\", speed: 10000, ipaddr4: null, ipaddr6: null, is_rs_peer: false, bfd_support: false, operational: true, net_side_id: null, ix_side_id: null}"
contact="$row + {net_id: $net, role: \"NOC\", visible: \"Public\", name: \"N\", phone: \"\", url: \"\"}"
edit net '(.data[] | select(.id == '"$net"')) += {name: "Name 0", irr_as_set: "AS-SET0", info_prefixes4: 1000, info_prefixes6: 2000, policy_general: "General 0",
	policy_locations: "Locations 0", policy_ratio: false, policy_contracts: "Contracts 0", info_never_via_route_servers: false}'
edit netixlan ".data += [range(1; 5) | $port + {id: (70100 + .), ipaddr4: \"198.18.1.\\(.)\"}] + [$port + {id: 70200, ipaddr4: \"198.18.2.100\"},
	$port + {id: 70300, net_id: $usnet, asn: $us, ix_id: $lan2, ixlan_id: $lan2, ipaddr6: \"2001:db8:9::1\"}]"
edit ixpfx ".data |= map(select(.ixlan_id != $lan2)) + [$row + {id: 60000, ixlan_id: $lan2, protocol: \"IPv6\", prefix: \"2001:db8::/48\", in_dfz: false},
	$row + {id: 60100, ixlan_id: $lan2, protocol: \"IPv4\", prefix: \"198.19.0.0/24\", in_dfz: false}]"
edit poc ".data |= map(select(.net_id != $net)) + [range(1; 5) | $contact + {id: (77700 + .), email: \"gone\\(.)@example.net\"}] + [$contact + {id: 77600, email: \"c0@example.net\"}]"
sync
same "the first snapshot" 0 $status
ask "INSERT INTO autonomous_system (id, asn, name, affiliated) VALUES (1, $us, 'us', true);
	INSERT INTO autonomous_system (id, asn, name, irr_as_set, ipv4_max_prefixes, ipv6_max_prefixes, name_peeringdb_sync, irr_as_set_peeringdb_sync,
		ipv4_max_prefixes_peeringdb_sync, ipv6_max_prefixes_peeringdb_sync) VALUES (2, $asn, 'Name 0', 'AS-SET0', 1000, 2000, false, false, false, false);
	INSERT INTO autonomous_system (id, asn, name) VALUES $(for i in 1 2 3 4; do read -r _ a <<< "${nets[$i]}"; printf "%s(%s, %s, '%s')" "$([ $i = 1 ] || echo ,)" $((10 + i)) "$a" \
		"$(jq -r --argjson a "$a" '.data[] | select(.asn == $a) | .name' "$pdb/net.json" | sed "s/'/''/g")"; done);
	INSERT INTO internet_exchange (id, name, slug, local_autonomous_system_id, peeringdb_ixlan_id) VALUES (1, 'ix', 'ix', 1, $lan), (2, 'two', 'two', 1, NULL);
	INSERT INTO connection (id, internet_exchange_point_id, ipv4_address) VALUES (1, 1, '198.18.0.1/16');
	INSERT INTO connection (id, internet_exchange_point_id, ipv4_address, ipv6_address) VALUES (2, 2, '198.19.0.9/24', '2001:db8:9::1/64');
	INSERT INTO internet_exchange_peering_session (id, autonomous_system_id, ixp_connection_id, ip_address, status) VALUES
		(101, 2, 1, '198.18.1.1', 'enabled'), (102, 2, 1, '198.18.1.2', 'enabled'), (103, 2, 1, '198.18.1.3', 'enabled'), (104, 2, 1, '198.18.1.4', 'enabled'),
		(200, 2, 1, '198.18.2.100', 'enabled');
	UPDATE peeringdb_rule SET action = 'ask', most = NULL" > /dev/null
sync
same "an exchange is linked by its port's address" "$lan2" "$(ask 'SELECT peeringdb_ixlan_id FROM internet_exchange WHERE id = 2')"
same "nothing differs yet" 0 "$(count change)"

# ---- the table ----
# For snapshot @n after @o, with the book as it was left at @b: TYPE | what changes there | the row of the feed: kind, field, old, new, object concerned |
# what follows: object, field, old, new (none: -) | value of the book when it is written.
table=$(cat <<T
net|(.data[] \| select(.id == $net)).name = "Name @n"|name name "Name @o" "Name @n" as2|autonomoussystem 2 name Name @b Name @n|SELECT name FROM autonomous_system WHERE id = 2
net|(.data[] \| select(.id == $net)).irr_as_set = "AS-SET@n"|as-set irr_as_set "AS-SET@o" "AS-SET@n" as2|autonomoussystem 2 irr_as_set AS-SET@b AS-SET@n|SELECT irr_as_set FROM autonomous_system WHERE id = 2
net|(.data[] \| select(.id == $net)).info_prefixes4 = 100@n|prefix-limit info_prefixes4 100@o 100@n as2|autonomoussystem 2 ipv4_max_prefixes 100@b 100@n|SELECT ipv4_max_prefixes FROM autonomous_system WHERE id = 2
net|(.data[] \| select(.id == $net)).info_prefixes6 = 200@n|prefix-limit info_prefixes6 200@o 200@n as2|autonomoussystem 2 ipv6_max_prefixes 200@b 200@n|SELECT ipv6_max_prefixes FROM autonomous_system WHERE id = 2
net|(.data[] \| select(.id == $net)).policy_general = "General @n"|policy policy_general "General @o" "General @n" as2|-|
net|(.data[] \| select(.id == $net)).policy_locations = "Locations @n"|policy policy_locations "Locations @o" "Locations @n" as2|-|
net|(.data[] \| select(.id == $net)).policy_contracts = "Contracts @n"|policy policy_contracts "Contracts @o" "Contracts @n" as2|-|
net|(.data[] \| select(.id == $net)).policy_ratio = (@n % 2 == 1)|policy policy_ratio @even @odd as2|-|
net|(.data[] \| select(.id == $net)).info_never_via_route_servers = (@n % 2 == 1)|policy info_never_via_route_servers @even @odd as2|-|
net|(.data[] \| select(.id == @net)).status = "deleted"|network - {"asn": @asn} null as1@n|-|
poc|(.data[] \| select(.id == 77600)).email = "c@n@example.net"|contact - {"email": "c@o@example.net"} {"email": "c@n@example.net"} as2|-|
poc|.data += [$contact + {id: (77800 + @n), email: "new@n@example.net"}]|contact - null {"email": "new@n@example.net"} as2|-|
poc|(.data[] \| select(.id == 7770@n)).status = "deleted"|contact - {"email": "gone@n@example.net"} null as2|-|
netixlan|.data += [$port + {id: (70000 + @n), ipaddr4: "198.18.3.@n"}]|joined - null {"ipaddr4": "198.18.3.@n"} as2 ix1|-|
netixlan|(.data[] \| select(.id == 7010@n)).status = "deleted"|left - {"ipaddr4": "198.18.1.@n"} null as2 ix1|internetexchangepeeringsession 10@n status enabled disabled|SELECT status FROM internet_exchange_peering_session WHERE id = 10@n
netixlan|(.data[] \| select(.id == 70200)).ipaddr4 = "198.18.2.10@n"|address - {"ipaddr4": "198.18.2.10@o"} {"ipaddr4": "198.18.2.10@n"} as2 ix1|@address|SELECT host(ip_address) FROM internet_exchange_peering_session WHERE id = 200
ixpfx|(.data[] \| select(.id == 60100)).prefix = "198.19.@n.0/24"|lan prefix "198.19.@o.0/24" "198.19.@n.0/24" ix2|@lan|SELECT host(ipv4_address) FROM connection WHERE id = 2
ixpfx|(.data[] \| select(.id == 6000@o)).status = "deleted"|lan prefix "2001:db8:@o::/48" null ix2|-|
ixpfx|.data += [$row + {id: 6000@n, ixlan_id: $lan2, protocol: "IPv6", prefix: "2001:db8:@n::/48", in_dfz: false}]|lan prefix null "2001:db8:@n::/48" ix2|-|
T
)
# What differs by snapshot in more than its number. An address or a prefix that nobody followed has no successor to go by: an address not followed is not where
# the next change begins; the place in a prefix is.
filled() {
	local n=$1 o=$(($1 - 1)) b=$2 text even=true odd=false
	read -r fnet fasn <<< "${nets[$n]}"
	[ $((n % 2)) = 0 ] || { even=false odd=true; }
	local address="internetexchangepeeringsession 200 ip_address 198.18.2.10@o 198.18.2.10@n" moved="connection 2 ipv4_address 198.19.@b.9/24 198.19.@n.9/24"
	[ "$o" = "$b" ] || address=- moved=-
	text=$(sed -e "s|@address|$address|; s|@lan|$moved|; s|@net|$fnet|g; s|@asn|$fasn|g; s|@even|$even|g; s|@odd|$odd|g" <<< "$table")
	sed -e 's/2001:db8:0::/2001:db8::/g' <<< "${text//@n/$n}" | sed -e "s/@example/%example/g; s/@o/$o/g; s/@b/$b/g; s/%example/@example/g; s/2001:db8:0::/2001:db8::/g"
}
column() { sed 's/\\|/\x01/g' | cut -d'|' -f"$1" | tr '\001' '|'; }

# snapshot N BOOK: all differences at once, and a run
snapshot() {
	local type
	filled "$1" "$2" > "$work/lines"
	for type in net poc netixlan ixpfx; do
		edit $type "$(grep "^$type|" "$work/lines" | column 2 | awk '{ printf "%s%s", (NR > 1 ? " | " : ""), $0 }') | ((\$was[0].data | map({(.id | tostring): .}) | add) as \$old
			| .data[] | select(\$old[.id | tostring] != .)).updated = \"2027-04-0$1T00:00:00Z\""
	done
	sync
	same "snapshot $1: the run" 0 "$status"
	ask "SELECT c.id, c.kind || ' ' || coalesce(nullif(c.field, ''), '-') || ' ' || peeringdb_kinds_shown(c.old) || ' ' || peeringdb_kinds_shown(c.new)
			|| coalesce(' as' || c.autonomous_system_id, '') || coalesce(' ix' || c.internet_exchange_id, ''),
		coalesce((SELECT string_agg(split_part(f ->> 'type', '.', 2) || ' ' || (f ->> 'id') || ' ' || (f ->> 'field') || ' ' || (f ->> 'old') || ' ' || (f ->> 'new'), ', ')
			FROM jsonb_array_elements(peeringdb_change_follows(c)) f), '-'), c.state FROM peeringdb_change c WHERE c.time = (SELECT max(time) FROM peeringdb_change)" > "$work/feed"
}
# edit with the rows as they were before
edit() { cp "$pdb/$1.json" "$work/was.json"; jq -c --slurpfile was "$work/was.json" "$2" "$pdb/$1.json" > "$pdb/$1.tmp" && mv "$pdb/$1.tmp" "$pdb/$1.json"; }
# of an object only what the table names
ask "CREATE FUNCTION peeringdb_kinds_shown(v jsonb) RETURNS text LANGUAGE sql RETURN CASE WHEN v IS NULL THEN 'null'
	WHEN v ? 'asn' THEN jsonb_build_object('asn', v -> 'asn')::text WHEN v ? 'email' THEN jsonb_build_object('email', v -> 'email')::text
	WHEN v ? 'ipaddr4' THEN jsonb_build_object('ipaddr4', v -> 'ipaddr4')::text ELSE v::text END" > /dev/null
changed() { ask "SELECT count(*) FROM object_change"; }
events() { ask "SELECT count(*) FROM event"; }
# told N: the feed has these rows, each with what follows, and no others
told() {
	same "snapshot $1: exactly these rows" "$(column 3 < "$work/lines" | sort)" "$(cut -d'|' -f2 "$work/feed" | sort)"
}
follows() {
	same "snapshot $1: each with what follows from it" "$(sed 's/\\|/\x01/g' "$work/lines" | awk -F'|' '{ print $3 "|" $4 }' | sort)" "$(cut -d'|' -f2,3 "$work/feed" | sort)"
}
writes() { column 4 < "$work/lines" | grep -c '^[a-z]'; }
# values: of what the table says is written, and what it should be; $1: column of the follows that counts (the last word: new)
book() { local line sql; while IFS= read -r line; do sql=$(column 5 <<< "$line"); [ -z "$sql" ] || ask "$sql"; done < "$work/lines"; }
news() { sed 's/\\|/\x01/g' "$work/lines" | awk -F'|' '$5 != "" { print $4 == "-" ? "-" : $4 }' | sed -E 's/^autonomoussystem 2 name .* (Name [0-9])$/\1/; t; s/.* //; s|/24$||'; }

# ---- accepted ----

snapshot 1 0
told 1
follows 1
same "until somebody decides nothing is written" "0 0" "$(ask "SELECT count(*) FROM autonomous_system WHERE name = 'Name 1'") $(ask "SELECT count(*) FROM peeringdb_change WHERE state <> 'open'")"
before=$(changed) events=$(events)
while IFS='|' read -r id what _; do
	"$peerage" peeringdb accept "$id" > "$work/out" 2>&1 || fail "accepting $what: $(cat "$work/out")"
done < "$work/feed"
same "accepted, the book has it" "$(news)" "$(book)"
same "with a line in the change log for each" $((before + $(writes))) "$(changed)"
same "and an event" $((events + $(writes))) "$(events)"
same "all are accepted" "$(wc -l < "$work/feed") accepted" "$(ask "SELECT count(*) || ' ' || state FROM peeringdb_change GROUP BY state")"

# ---- ignored ----

snapshot 2 1
told 2
follows 2
was=$(book) before=$(changed) events=$(events)
"$peerage" peeringdb ignore $(cut -d'|' -f1 "$work/feed") > "$work/out" 2>&1 || fail "ignoring: $(cat "$work/out")"
same "ignored, the book is as it was" "$was $before $events" "$(book) $(changed) $(events)"
same "all are ignored" "$(wc -l < "$work/feed")" "$(ask "SELECT count(*) FROM peeringdb_change WHERE state = 'ignored'")"
sync
same "and the next run does not write them" "$was" "$(book)"

# ---- by rule ----

ask "UPDATE peeringdb_rule SET action = 'accept'" > /dev/null
before=$(changed) events=$(events)
snapshot 3 1
told 3
same "accepted by rule, by nobody" "$(wc -l < "$work/feed") accepted 0" "$(ask "SELECT count(*) || ' ' || state || ' ' || count(decided_by_id) FROM peeringdb_change WHERE time = (SELECT max(time) FROM peeringdb_change) GROUP BY state")"
same "the autonomous system has all" "Name 3 AS-SET3 1003 2003" "$(ask "SELECT name || ' ' || irr_as_set || ' ' || ipv4_max_prefixes || ' ' || ipv6_max_prefixes FROM autonomous_system WHERE id = 2")"
same "who left is disabled" disabled "$(ask 'SELECT status FROM internet_exchange_peering_session WHERE id = 103')"
same "our port in the LAN that was renumbered twice, and followed once" "198.19.1.9" "$(ask 'SELECT host(ipv4_address) FROM connection WHERE id = 2')"
same "a rule takes all autonomous systems in line, ours and one that had no limits too" 3 "$(got .systems)"
same "one line for each, however many fields, and one for the session" $((before + 4)) "$(changed)"
same "with an event each" $((events + 4)) "$(events)"
ask "UPDATE peeringdb_rule SET action = 'ignore'" > /dev/null
before=$(changed) events=$(events)
snapshot 4 3
told 4
same "ignored by rule" "$(wc -l < "$work/feed") ignored 0" "$(ask "SELECT count(*) || ' ' || state || ' ' || count(decided_by_id) FROM peeringdb_change WHERE time = (SELECT max(time) FROM peeringdb_change) GROUP BY state")"
same "and nothing is written" "$before $events" "$(changed) $(events)"
