#!/bin/bash
# IOS-XR through NETCONF, against a scripted router behind a real sshd: recorded answers, the life of a change by persist-id, faults.
. "$(dirname "$0")/peers.sh"

driver=iosxr
ssh_peer "Subsystem netconf $peers/netconf.py $work/peer-iosxr"
peer_new iosxr iosxr
touch "$peer/iosxr"
out=$(drive <<< 'open
facts
neighbours
running')
says "IOS-XR: version" '^version=7.3.2$' "$out"
says "IOS-XR: uptime" '^uptime=86461$' "$out"
xr_read() { grep -v 'state=\(idle\|active\)' | as_napalm; }
same "IOS-XR: neighbours as NAPALM reads them" "$(napalm_read "$recorded/iosxr/expected_result.json" | grep up=true)" "$(xr_read <<< "$out")"
says "IOS-XR: one of a VRF" '^neighbour=10.0.0.0 vrf=private asn=65010 state=active shutdown=0 received=-1' "$out"
same "IOS-XR: all of them" "$(napalm_read "$recorded/iosxr/expected_result.json" | wc -l)" "$(grep -c ^neighbour= <<< "$out")"
base='hostname r1' unit=60 quick=1 old='neighbor 192.0.2.1 description old' new='neighbor 192.0.2.1 description new' uncommittable='policy uncommittable' mode=replace names_it=no
life IOS-XR
mode=merge
life "IOS-XR, merging"
before=$(peer_has running)
for at in copy-config validate commit lock; do
	fault "cut $at"
	out=$(drive <<< "open
stage cut-1 replace $work/new
check
commit 60")
	says "IOS-XR: cut at $at" '^error upstream cut' "$out"
	no_fault
	same "IOS-XR: cut at $at: it runs what it ran" "$before" "$(peer_has running)"
done
fault 'cut-after commit'
out=$(drive <<< "open
stage cut-2 replace $work/new
check
commit 60
close
open
pending cut-2
rollback cut-2")
says "IOS-XR: cut after the commit" '^error upstream cut' "$out"
no_fault
says "IOS-XR: it waits all the same" '^pending=1' "$out"
says "IOS-XR: and is taken back from a new session" '^ok rollback' "$out"
same "IOS-XR: it runs what it ran" "$before" "$(peer_has running)"
fault 'refuse commit'
says "IOS-XR: a commit that is refused" '^error upstream commit .*Failed to commit' "$(drive <<< "open
stage no-1 replace $work/new
check
commit 60")"
fault 'garbage get'
says "IOS-XR: garbage" '^error upstream garbage' "$(drive <<< 'open
neighbours')"
no_fault
rm "$peer/iosxr"
says "NETCONF that is no IOS-XR" '^error upstream garbage .*cli-cfg' "$(drive <<< open)"
