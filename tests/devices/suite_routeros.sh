#!/bin/bash
# MikroTik RouterOS through its command line, against a scripted router behind a real sshd: the life of a change, restarts, faults.
. "$(dirname "$0")/peers.sh"

driver=routeros
ssh_peer "ForceCommand $peers/routeros.py $work/peer-routeros"
peer_new routeros routeros

ssh-keygen -q -t ed25519 -N '' -f "$work/stranger"
says "a wrong key" '^error permission_denied auth' "$(key=$work/stranger drive <<< open)"

# ---- what is read ----

out=$(drive <<< 'open
facts
neighbours')
says "model" '^model=CHR QEMU Standard PC' "$out"
says "version" '^version=7.16.1$' "$out"
says "serial number" '^serial=HF0123456AB$' "$out"
says "host name" '^hostname=MikroTik$' "$out"
says "uptime" '^uptime=788645$' "$out"
says "one that is up, with its last notification and the comment of its connection" '^neighbour=192.168.1.2 vrf= asn=65532 state=established shutdown=0 received=1836 accepted=-1 advertised=-1 uptime=4758576 reset=Cease/Maximum Number of Prefixes Reached description=the first$' "$out"
says "one of IPv6 in a VRF" '^neighbour=2001:db8::2 vrf=customers asn=4200000002 state=established .*received=2 .*uptime=4 ' "$out"
says "one that is tried" '^neighbour=192.168.3.2 vrf= asn=65533 state=active .*reset=Hold Timer Expired ' "$out"
says "one held down, which has no session" '^neighbour=192.168.4.2 vrf=blue asn=65534 state=idle shutdown=1 .*description=held; down$' "$out"
same "a net from which anybody may come is none" 4 "$(grep -c ^neighbour= <<< "$out")"

# ---- the life of a change ----

base='/routing/bgp/template set default as=65531' old='/routing/bgp/connection add name=ix remote.address=192.0.2.1 comment="error: old"' new='/routing/bgp/connection add name=ix remote.address=192.0.2.1 comment=new'
unit=60 quick=2 uncommittable='' mode=merge
life RouterOS
same "no entry, no file is left" "null {}" "$(peer_has entry) $(peer_has files)"
touch "$peer/old" "$peer/flash"; rm "$peer/log"
printf '%s\n' "$base" "$new" > "$work/new"
out=$(drive <<< "open
stage one-1 merge $work/new
check
commit 60
pending one-1
running
confirm one-1
stage two-1 replace $work/new")
says "before 7.16 the parser checks" '^ok check' "$out"
never "and a dry run is not asked for" dry-run "$(cat "$peer/log")"
says "what must outlive a restart lies in flash" '^ok confirm' "$out"
says "what runs is told without date and machine" '^/routing/bgp/template set' "$out"
never "of any export" 'software id' "$out"
says "nothing replaces" '^error method_not_allowed cannot' "$out"
rm "$peer/flash"
printf '%s\n' "$base" "bogus line" > "$work/bad"
says "the parser's word" '^error invalid check .*line 2 column 1' "$(drive <<< "open
stage three-1 merge $work/bad
check")"
rm "$peer/old"

# ---- faults ----

peer_set running "$base
$old
"
before=$(peer_has running)
fault 'refuse import'
out=$(drive <<< "open
stage half-1 merge $work/new
check
commit 60
pending half-1
running")
no_fault
says "an import that fails half-way" '^error upstream commit .*already have such' "$out"
says "is told to mean a restart" '^log=.*restarts' "$out"
same "it runs what it ran" "$before" "$(peer_has running)"
says "and is there again on this connection" '^ok running' "$out"
cuts RouterOS 'scp' '/system/resource' '/system/backup' '/system/scheduler add' dry-run import
answers RouterOS '/routing/bgp/session' neighbours
answers RouterOS '/export' running
fault 'garbage /file'
says "a host that is no RouterOS" '^error upstream garbage .*no RouterOS 7' "$(drive <<< open)"
