#!/bin/bash
# NX-OS through NX-API, against a scripted router with TLS: recorded answers, checkpoints and the scheduler that goes back, the life of a change, faults.
. "$(dirname "$0")/peers.sh"

driver=nxos
https_peer nxos.py nxos/normal

# ---- who may come in ----

says "a wrong password" '^error permission_denied auth .*peerage' "$(secret=wrong drive <<< open)"
same "and nothing was said" "" "$(cat "$peer/log" 2> /dev/null)"
says "another certificate" '^error permission_denied host-key-changed .*nothing was sent' "$(pin='tls sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' drive <<< open)"

# ---- recorded answers ----

out=$(drive <<< 'open
facts
neighbours')
says "NX-OS: version" '^version=9.3\(5\)$' "$out"
says "NX-OS: model" '^model=Nexus9000 C93180YC-EX chassis$' "$out"
says "NX-OS: uptime" '^uptime=1573323$' "$out"
nx_read() { sed -E 's/(accepted|advertised|uptime)=[^ ]*//g; s/description=.*//'; }
same "NX-OS: neighbours of all VRFs as NAPALM reads them" "$(napalm_read "$recorded/nxos/normal/expected_result.json" | nx_read)" "$(as_napalm <<< "$out" | nx_read)"
says "NX-OS: prefixes kept and sent, why it went down last, its description, all of a recorded text" \
	'^neighbour=10.1.1.177 vrf=RED-PRE-PROD asn=64862 state=established shutdown=0 received=13 accepted=8684 advertised=613 uptime=3888000 reset=holdtimer expired error description=from boo to donkey$' "$out"
peer_new nxos nxos/issue_870
says "NX-OS: one held down on purpose" '^neighbour=10.1.1.177 vrf=RED-PRE-PROD asn=64862 state=idle shutdown=1 received=-1' "$(drive <<< 'open
neighbours')"

# ---- the life of a change ----

base='hostname r1' unit=60 quick=1 old='neighbor 192.0.2.1 description old' new='neighbor 192.0.2.1 description new'
peer_new nxos nxos/normal
mode=replace uncommittable='policy uncommittable'
life "NX-OS, replacing"
cuts "NX-OS, replacing" echo 'show file bootflash:peerage-cut-1.cfg' 'configure replace bootflash:peerage-cut-1.cfg verify-only' 'checkpoint peerage-cut-1' \
	'configure replace bootflash:peerage-cut-1.cfg verify-and-commit'
never "NX-OS: nothing is left behind" 'peerage-(one|two|three|five|cut)' "$(peer_has checkpoints)$(peer_has files)$(peer_has jobs)"
peer_new nxos nxos/normal
mode=merge uncommittable='' checks=no
life "NX-OS, merging"
cuts "NX-OS, merging" 'show scheduler schedule' 'checkpoint peerage-cut-1' 'neighbor 192.0.2.1 description new'

printf 'router bgp 65000\n  neighbor 192.0.2.1\n    remote-as 65001\n    description old\n' > "$work/has"
printf '! a comment\nrouter bgp 65000\n  neighbor 192.0.2.1\n    remote-as 65001\n    no description old\n    no shutdown\n  neighbor 192.0.2.2\n    remote-as 65002\n' > "$work/tree"
peer_set running "$(cat "$work/has")
"
out=$(drive <<< "open
stage tree-1 merge $work/tree
diff
running")
same "NX-OS: what a merge changes stands below what it stands in" " router bgp 65000
   neighbor 192.0.2.1
-    description old
 router bgp 65000
+  neighbor 192.0.2.2
 router bgp 65000
   neighbor 192.0.2.2
+    remote-as 65002" "$(sed -n '/^ok stage/,/^ok diff/{/^ok/d;p}' <<< "$out")"
never "NX-OS: the time is no part of the configuration" '!Time' "$out"

# ---- faults ----

printf '%s\n' "$base" "$old" > "$work/old"
peer_set running "$(cat "$work/old")
"
fault 'refuse copy running-config startup-config'
says "NX-OS: what is confirmed and not kept is told" '^error .*was not written to the start' "$(drive <<< "open
stage keep-1 merge $work/new
check
commit 60
confirm keep-1")"
peer_set running "$(cat "$work/old")
"
fault "refuse $new"
says "NX-OS: a line that is refused" '^error upstream commit .*operation refused' "$(drive <<< "open
stage no-1 merge $work/new
check
commit 60")"
no_fault
same "NX-OS: is taken back, and nothing waits" "$(cat "$work/old") null" "$(peer_has running) $(peer_has pending)"
fault 'refuse rollback running-config checkpoint no-2 atomic' "refuse $new" 'refuse rollback running-config checkpoint peerage-no-2 atomic'
out=$(drive <<< "open
stage no-2 merge $work/new
check
commit 60
pending no-2")
says "NX-OS: one that cannot be taken back at once is told" '^error upstream commit .*left to its timer' "$out"
says "NX-OS: and its timer runs" '^pending=1' "$out"
no_fault
drive <<< 'open
rollback no-2' > /dev/null
fault "cut $new"
echo 1 > "$peer/minute"
drive <<< "open
stage again-1 merge $work/new
check
commit 60" > /dev/null
no_fault
gone() { [ "$(peer_has pending)" = null ]; }
holds "NX-OS: cut in the middle of a change, its timer runs out" until_true 10 gone
rm "$peer/minute"
says "NX-OS: a second try of it finds no checkpoint of the first in its way" '^ok commit' "$(drive <<< "open
stage again-1 merge $work/new
check
commit 60
rollback again-1")"
touch "$peer/noscheduler"
says "NX-OS: without a scheduler there is no timer" '^error .*cannot .*feature scheduler' "$(drive <<< "open
stage sched-1 merge $work/new")"
rm "$peer/noscheduler"
touch "$peer/nobash"
says "NX-OS: without bash no text that replaces" '^error .*feature bash-shell' "$(drive <<< "open
stage bash-1 replace $work/new")"
rm "$peer/nobash"
touch "$peer/short"
says "NX-OS: a file that is not whole" '^error .*not what was sent' "$(drive <<< "open
stage short-1 replace $work/new")"
rm "$peer/short"
answers NX-OS 'show bgp all summary vrf all' neighbours
