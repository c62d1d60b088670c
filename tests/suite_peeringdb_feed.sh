#!/bin/bash
# What PeeringDB changes of ours: told with what follows, written by switch, by rule and by decision; addresses that move.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peeringdb.sh"

sync
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
log_of() { ask "SELECT count(*) FROM object_change c JOIN object_type o ON o.id = c.changed_object_type_id WHERE o.model = '$1' AND c.changed_object_id = $2"; }
events_of() { ask "SELECT count(*) FROM event e JOIN object_type o ON o.id = e.object_type_id WHERE o.model = '$1' AND e.object_id = $2"; }
# link_log: the last line about the connection: the port before and after, and who
link_log() { ask "SELECT coalesce(c.prechange_data ->> 'peeringdb_netixlan', 'none') || ' ' || coalesce(c.postchange_data ->> 'peeringdb_netixlan', 'none') FROM object_change c
	JOIN object_type o ON o.id = c.changed_object_type_id WHERE o.model = 'connection' AND c.changed_object_id = 1 ORDER BY c.id DESC LIMIT 1"; }
same "a connection finds its port, the exchange its LAN" "$port $lan $other" "$(links 1)"
same "which the run tells" 2 "$(got .linked)"
same "and the change log" "none $port" "$(link_log)"
same "of both, with an event" "1 1 1 1" "$(log_of connection 1) $(log_of internetexchange 1) $(events_of connection 1) $(events_of internetexchange 1)"
same "what stays as it was has none" "0 0" "$(log_of connection 2) $(log_of hiddenpeer 1)"
same "an address that is another's does not" "none $lan $other" "$(links 2)"
edit netixlan '(.data[] | select(.id == '$port')) += {status: "deleted", updated: "2027-03-06T00:00:00Z"}
	| .data += [(.data[] | select(.id == '$port')) + {id: 88888, status: "ok", updated: "2027-03-06T00:00:00Z"}]'
sync
same "a port that is made anew is found again" "88888 $lan $other" "$(links 1)"
same "from the old to the new in one step" "$port 88888 2" "$(link_log) $(log_of connection 1)"
"$peerage" peeringdb sync --flush > /dev/null
same "a flush takes the links" "none none none" "$(links 1)"
same "and says so of each" "88888 none 2 1" "$(link_log) $(log_of internetexchange 1) $(log_of hiddenpeer 1)"
sync
same "and the next run gives them back" "88888 $lan $other" "$(links 1)"
same "saying so" "none 88888 3 2" "$(link_log) $(log_of internetexchange 1) $(log_of hiddenpeer 1)"

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
before=$(log_of connection 1)
"$peerage" peeringdb renumber --apply ix > /dev/null
same "applied in one go" "198.18.0.10/22 198.18.0.20" "$(ask "SELECT c.ipv4_address || ' ' || host(s.ip_address) FROM connection c, internet_exchange_peering_session s WHERE c.id = 1 AND s.id = 1")"
same "with lines in the change log" "$((before + 1)) 1" "$(log_of connection 1) $(log_of internetexchangepeeringsession 1)"
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

# ---- an exchange alone ----

ask "DELETE FROM connection" > /dev/null
"$peerage" peeringdb sync --flush > /dev/null
sync
same "an exchange without connections too" "$lan" "$(ask 'SELECT peeringdb_ixlan_id FROM internet_exchange')"
