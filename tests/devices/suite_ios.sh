#!/bin/bash
# IOS and IOS-XE on their command line, against a scripted router behind a real SSH server: recorded answers, the life of a change, faults.
. "$(dirname "$0")/peers.sh"

driver=ios
password_peer --shell "exec $peers/ios.py $work/peer-ios"

# ---- who may come in ----

peer_new ios ios/normal
says "a wrong password" '^error permission_denied auth .*peerage' "$(secret=wrong drive <<< open)"
same "and nothing was typed" "" "$(cat "$peer/log" 2> /dev/null)"
touch "$peer/user"
says "not privileged: enable by the password" '^ok running' "$(drive <<< 'open
running')"
says "and by another one that is wrong" '^error permission_denied auth .*level 15' "$(drive arg.secret=wrong <<< open)"
rm "$peer/user"

# ---- recorded answers ----

out=$(drive <<< 'open
facts
neighbours')
says "IOS: version" '^version=17.03.04a$' "$out"
says "IOS: model" '^model=ISR4331/K9$' "$out"
says "IOS: serial number" '^serial=FDO21520XXX$' "$out"
says "IOS: name" '^hostname=edge1$' "$out"
says "IOS: uptime" '^uptime=33019500$' "$out"
same "IOS: neighbours as NAPALM reads them, both families" "$(napalm_read "$recorded/ios/normal/expected_result.json" | sed 's/description=.*//')" "$(as_napalm <<< "$out" | sed 's/description=.*//')"
says "IOS: why one went down, and its description" '^neighbour=192.168.0.1 vrf= asn=65001 .* reset=Peer closed the session of session 1 description=external-1$' "$out"
says "IOS: one held down on purpose" '^neighbour=192.168.0.3 .*shutdown=1' "$out"
peer_new ios ios/vrfs_mdt
out=$(drive <<< 'open
neighbours')
same "IOS: neighbours of VRFs, and each counted once" "$(napalm_read "$recorded/ios/vrfs_mdt/expected_result.json")" "$(as_napalm <<< "$out")"
peer_new ios ios/bgp_inactive
out=$(drive <<< 'open
neighbours')
says "IOS: without BGP there are none" '^ok neighbours' "$out"

# ---- the life of a change ----

base='hostname r1' unit=60 quick=1 old='neighbor 192.0.2.1 description old' new='neighbor 192.0.2.1 description new' uncommittable='' checks=no
for mode in replace merge; do
	peer_new ios ios/normal
	life "IOS, $mode"
done
peer_new ios ios/normal
touch "$peer/notrigger"
mode=replace
life "IOS that does not go back on an error by itself"

printf 'hostname edge-router-with-a-long-name\nip as-path access-list 1 permit ^65000_[0-9]+(_.*)?$\nbanner motd ^C\n\n  "brace { and $dollar \\ back"\n! not a comment\n^C\n' > "$work/odd"
out=$(drive <<< "open
stage odd-1 replace $work/odd
check
commit 61
running")
says "IOS: seconds are rounded up to minutes" '^given=120$' "$out"
says "IOS: a question mark, brackets and a dollar arrive" '^ip as-path access-list 1 permit \^65000_\[0-9\]\+\(_\.\*\)\?\$$' "$out"
says "IOS: quotes, braces, blanks and a backslash arrive" '^  "brace \{ and \$dollar \\ back"$' "$out"
says "IOS: a change of its name" '^ok running' "$out"
says "IOS: the change is taken back under the old name" '^ok rollback' "$(drive <<< 'open
rollback odd-1')"
printf '%0300d\n' 0 > "$work/long"
says "IOS: a line that it cannot read" '^error invalid check .*line 1 has 300' "$(drive <<< "open
stage long-1 merge $work/long")"

# ---- faults ----

peer_set running "$(cat "$work/old")
"
before=$(peer_has running)
mode=merge
for at in tclsh 'puts' more 'configure terminal revert' copy 'show archive config rollback'; do
	fault "cut $at"
	out=$(drive <<< "open
stage cut-1 merge $work/new
check
diff
commit 60")
	says "cut at $at" '^error upstream cut' "$out"
	no_fault
	[ "$(peer_has pending)" = null ] || drive <<< 'open
rollback cut-1' > /dev/null
	same "cut at $at: it runs what it ran" "$before" "$(peer_has running)"
done
for at in 'configure replace' 'copy'; do
	[ "$at" = copy ] && mode=merge || mode=replace
	fault "cut-after $at"
	out=$(drive <<< "open
stage cut-2 $mode $work/new
check
commit 60
close
open
pending cut-2
rollback cut-2")
	says "cut after $at" '^error upstream cut' "$out"
	no_fault
	says "cut after $at: it waits all the same" '^pending=1' "$out"
	says "cut after $at: and is taken back from a new session" '^ok rollback' "$out"
	same "cut after $at: it runs what it ran" "$before" "$(peer_has running)"
	fault "refuse $at"
	says "refused at $at" '^error upstream commit .*Refused' "$(drive <<< "open
stage no-1 $mode $work/new
check
commit 60")"
	no_fault
	same "refused at $at: it runs what it ran, and nothing waits" "$before null" "$(peer_has running) $(peer_has pending)"
done
fault 'refuse write memory'
says "what is confirmed and not kept is told" '^error .*was not written to the start' "$(drive <<< "open
stage keep-1 merge $work/new
check
commit 60
confirm keep-1")"
no_fault
fault 'garbage show running-config' 'garbage show version'
says "garbage for a configuration" '^error upstream garbage' "$(drive <<< 'open
running')"
says "garbage for facts" '^error upstream garbage' "$(drive <<< 'open
facts')"
answers IOS 'show bgp all neighbors' neighbours
touch "$peer/noarchive"
says "without an archive there is no timer" '^error .*cannot .*path flash:archive' "$(drive <<< "open
stage archive-1 merge $work/new")"
rm "$peer/noarchive"
touch "$peer/notcl"
says "without Tcl no file" '^error .*cannot .*tclsh' "$(drive <<< "open
stage tcl-1 merge $work/new")"
