#!/bin/bash
# Nokia SR Linux through JSON-RPC, against a scripted router with TLS: recorded answers, the life of a change in both forms of text, faults.
. "$(dirname "$0")/peers.sh"

driver=srlinux
https_peer srlinux.py srlinux

says "nobody confirmed its certificate" '^error permission_denied host-key-unknown .*sha256//' "$(pin='' drive <<< open)"
same "and nothing was sent" "" "$(cat "$peer/log" 2> /dev/null)"
says "a wrong password" '^error permission_denied auth .*peerage' "$(secret=wrong drive <<< open)"
never "which is not told" 'wrong' "$(secret=wrong drive <<< open)"

# ---- recorded answers ----

out=$(drive <<< 'open
facts
neighbours')
says "version" '^version=v25.3.2-312-ga0c5002f15$' "$out"
says "model" '^model=7220 IXR-D2L$' "$out"
says "serial number" '^serial=Sim Serial No.$' "$out"
says "host name" '^hostname=srl1$' "$out"
says "uptime" '^uptime=6395$' "$out"
says "both families counted, the notification that ended the last session" '^neighbour=10.0.0.2 vrf= asn=65002 state=established shutdown=0 received=7 accepted=7 advertised=2 uptime=22 reset=Cease/Other Configuration Change description=srl2$' "$out"
says "what the policy rejects is not accepted" '^neighbour=10.8.0.2 vrf=customers asn=65008 state=established shutdown=0 received=7 accepted=4 advertised=2 ' "$out"
says "one that is down, of IPv6" '^neighbour=2001:db8:1::2 vrf= asn=4200000001 state=active shutdown=0 received=-1 accepted=-1 advertised=-1 uptime=-1 reset=Hold Timer Expired description=down$' "$out"
says "one held down on purpose" '^neighbour=10.9.0.2 vrf=customers asn=65009 state=idle shutdown=1 .* reset=stop ' "$out"
same "of all network instances" 4 "$(grep -c ^neighbour= <<< "$out")"

# ---- the life of a change ----

peer_set running 'set / system name host-name r1
'
says "what runs, flat" '^set / system name host-name r1$' "$(drive <<< 'open
running')"

base='set / system name host-name r1' old='set / interface ethernet-1/1 description old' new='set / interface ethernet-1/1 description new'
uncommittable='set / interface ethernet-1/2 vrf uncommittable' unit=60 quick=1
mode=replace
life "SR Linux"
never "no candidate is left behind" '-1"' "$(peer_has sessions)"
mode=merge
peer_new srlinux srlinux
touch "$peer/slow"
life "SR Linux, merging"
printf '# a comment\nsystem {\n    name {\n        host-name r2\n    }\n}\nset / interface lo0 admin-state enable\n' > "$work/braces"
out=$(drive <<< "open
stage text-1 replace $work/braces
check
commit 61 it's \"quoted\"")
says "seconds as they are asked for" '^given=61$' "$out"
says "a block in braces is one command" '^    name {$' "$(peer_has running | sed 's/^ */    /')"
same "comments are left out, nothing else is left" "system {
name {
host-name r2
}
}
set / interface lo0 admin-state enable" "$(peer_has running)"
printf 'delete / system name host-name\nset / interface lo0 admin-state enable\ninterface lo1 {\n    admin-state enable\n}\n' > "$work/mixed"
out=$(drive <<< "open
rollback text-1
stage mixed-1 merge $work/mixed
check
commit 61
rollback mixed-1")
says "lines of delete, of set and a block" 'enter candidate private name mixed-1; delete / system name host-name; set / interface lo0 admin-state enable; interface lo1 {' \
	"$(tr '\n' ';' < "$peer/log" | sed 's/;/; /g')"
says "are committed as one" '^ok commit' "$out"
drive <<< "open
stage text-1 replace $work/braces
check
commit 61" > /dev/null
says "somebody else's confirmed commit is not ours" '^error not_found none' "$(drive <<< 'open
confirm text-2')"
drive <<< 'open
rollback text-1' > /dev/null
says "for good, with a comment" '^ok commit' "$(drive <<< "open
stage text-3 merge $work/new
check
commit 0 it\"s")"
says "which is one word to it" '^commit now comment "text-3 it s"$' "$(cat "$peer/log")"

# ---- as JSON ----

printf '%s\n' "$base" "$old" > "$work/old"
peer_set running "$(cat "$work/old")
"
echo '{"srl_nokia-system:system": {"name": {"host-name": "r1"}}, "srl_nokia-interfaces:interface": [{"name": "ethernet-1/1", "description": "new"}]}' > "$work/tree"
echo '{"deletes": [{"path": "/interface[name=ethernet-1/1]/description"}], "updates": [{"path": "/interface[name=lo0]", "value": {"admin-state": "enable"}}]}' > "$work/lists"
echo '{"system": {"bogus": 1}}' > "$work/bad"
echo '{"system": {"name": {"host-name": "uncommittable"}}}' > "$work/late"
echo '{"system": ' > "$work/half"
out=$(drive <<< "open
stage json-1 replace $work/half
stage json-1 replace $work/lists
stage json-1 replace $work/bad
check
commit 60
stage json-1 merge $work/late
check
commit 60")
says "JSON: half of it" '^error invalid check .*line 2' "$out"
says "JSON: lists that add do not replace" '^error invalid check .*"deletes"' "$out"
says "JSON: an unknown name" "^error invalid check .*Unknown token 'bogus'" "$out"
says "JSON: what the router finds in its own check" '^error invalid check .*uncommittable' "$out"
same "JSON: none of these is committed" 2 "$(grep -c '^error conflict .*was not checked' <<< "$out")"
same "JSON: it runs what it ran" "$(cat "$work/old")" "$(peer_has running)"
out=$(drive <<< "open
stage json-2 replace $work/tree
check
diff
commit 60
close
open
pending json-2
pending json-1
stage json-3 replace $work/tree
confirm json-2")
says "JSON: the difference" '^\+set / interface ethernet-1/1 description new$' "$out"
says "JSON: committed with a timer" '^given=60$' "$out"
says "JSON: it waits, seen from a new connection" '^pending=1 ' "$out"
says "JSON: another change does not" '^pending=0 ' "$out"
says "JSON: a second change is refused meanwhile" '^error conflict locked' "$out"
says "JSON: confirmed" '^ok confirm' "$out"
says "JSON: kept over a restart" 'description new' "$(peer_has startup)"
out=$(drive <<< "open
stage json-4 merge $work/lists
check
commit 60
close
open
rollback json-4")
says "JSON: rolled back by hand" '^ok rollback' "$out"
says "JSON: it runs what it ran" 'description new' "$(peer_has running)"
echo 1 > "$peer/minute"
out=$(drive <<< "open
stage json-5 merge $work/lists
check
commit 60")
gone() { [ "$(peer_has pending)" = null ]; }
holds "JSON: the timer runs out" until_true 10 gone
rm "$peer/minute"
says "JSON: it runs what it ran, by itself" 'description new' "$(peer_has running)"
# the checkpoint of json-5 is still there when somebody else waits
printf '%s\n' "$new" "set / system name host-name r9" > "$work/new"
says "JSON: somebody else commits with a timer" '^ok commit' "$(drive <<< "open
stage other-1 merge $work/new
check
commit 60")"
says "JSON: and that is not taken for ours" '^error not_found none' "$(drive <<< 'open
confirm json-5')"
drive <<< 'open
rollback other-1' > /dev/null

# ---- faults ----

printf '%s\n' "$base" "$old" > "$work/old"; printf '%s\n' "$base" "$new" > "$work/new"
cuts "SR Linux" 'discard now' "$new" 'commit validate' diff 'commit confirmed timeout 60'
fault 'refuse commit confirmed timeout 60'
says "a commit that is refused" '^error upstream commit .*operation refused' "$(drive <<< "open
stage no-1 merge $work/new
check
commit 60")"
no_fault
never "and leaves nothing" no-1 "$(peer_has sessions)"
fault 'refuse save startup'
out=$(drive <<< "open
stage no-2 merge $work/new
check
commit 60
confirm no-2")
no_fault
says "a confirmation that is not kept over a restart is told as that" '^error upstream rpc .*runs for good, but' "$out"
answers "SR Linux" 'get /network-instance[name=*]/protocols/bgp' neighbours
answers "SR Linux" 'info flat from running /' running
stop_peer
says "nobody there" '^error upstream refused' "$(drive <<< open)"
