#!/bin/bash
# Platforms driven through NETCONF, against a scripted router behind a real sshd: both framings, recorded answers, the life of a change, faults.
. "$(dirname "$0")/peers.sh"

driver=junos
ssh_peer "Subsystem netconf $peers/netconf.py $work/peer-junos"

# ---- recorded answers ----

peer_new junos junos/descriptions
out=$(drive <<< 'open
facts
neighbours')
says "facts: version" '^version=21.4R3-S5.4$' "$out"
says "facts: model" '^model=mx204$' "$out"
says "facts: serial number" '^serial=BC123$' "$out"
says "facts: uptime" '^uptime=86461$' "$out"
same "neighbours as NAPALM reads them, with descriptions" "$(napalm_read "$recorded/junos/descriptions/expected_result.json" | counted '=10.92.99')" "$(as_napalm <<< "$out" | counted '=10.92.99')"
says "routes of all families are counted" '^neighbour=10.92.99.91 .*received=15 accepted=15 advertised=15' "$out"
peer_new junos junos/instance
out=$(drive <<< 'open
neighbours')
same "neighbours of another instance: as many, up and down" "$(napalm_read "$recorded/junos/instance/expected_result.json" | grep -c up=true) up" "$(grep -c state=established <<< "$out") up"
says "instance from its tables" '^neighbour=10.2.1.254 vrf=frontend asn=29999 state=established shutdown=0 received=4 accepted=4 advertised=7 uptime=12688392' "$out"
says "one held down on purpose" '^neighbour=192.169.1.2 .*state=idle shutdown=1' "$out"
says "why it went down" '^neighbour=2a01:280:100::1 .*shutdown=0 .*reset=Hold Timer Expired Error' "$out"

# ---- the life of a change, in both framings ----

base='set system host-name r1' old='set protocols bgp group ix neighbor 192.0.2.1 description old' new='set protocols bgp group ix neighbor 192.0.2.1 description new'
uncommittable='set protocols bgp import uncommittable' mode=merge unit=60 quick=1
peer_new junos junos/descriptions
life "Junos, in chunks"
peer_new junos junos/descriptions
touch "$peer/base10"
life "Junos, ended by ]]>]]>"
same "a merge keeps what is there" 1 "$(peer_has running | grep -c host-name)"

printf 'system {\n    host-name r1;\n}\n' > "$work/whole"
out=$(drive <<< "open
stage six-1 replace $work/new
stage six-1 replace $work/whole
check
commit 61
running")
says "a list of commands does not replace" '^error invalid check .*set commands' "$out"
says "a text in braces does" '^    host-name r1;$' "$out"
says "seconds are rounded up to minutes" '^given=120$' "$out"
same "and nothing else is left" "$(cat "$work/whole")" "$(peer_has running)"
drive <<< 'open
rollback six-1' > /dev/null
echo 'set system deprecated' > "$work/warned"
out=$(drive <<< "open
stage seven-1 merge $work/warned
check")
says "a warning is no error" '^log=.*deprecated' "$out"
says "the staging goes on" '^ok check' "$out"
out=$(drive <<< "open
stage seven-1 merge $work/new
check
close
open
stage eight-1 merge $work/new")
says "a session that ends gives its lock back" '^ok stage' "$(tail -1 <<< "$out")"

# what is no longer wanted, as a deployment has it in front of what is: the router takes away exactly that
cat > "$work/braces" <<-C
	protocols { bgp { group ix { neighbor 192.0.2.1 { peer-as 64501; } neighbor 192.0.2.2 { peer-as 64502; } } group other { type internal; } } }
C
cat > "$work/less" <<-C
	protocols {
	    bgp {
	        group ix {
	            delete: neighbor 192.0.2.1;
	        }
	    }
	}
	protocols { bgp { group ix { neighbor 192.0.2.2 { peer-as 64503; } } } }
C
out=$(drive <<< "open
stage braces-1 replace $work/braces
check
commit 0
stage braces-2 merge $work/less
check
commit 0
running")
same "braces: both are committed" 2 "$(grep -c '^ok commit' <<< "$out")"
never "braces: what goes is gone" '192.0.2.1' "$(peer_has running)"
says "braces: what stays is there, with its new value" 'peer-as 64503;' "$(peer_has running)"
says "braces: and what is not ours" 'type internal;' "$(peer_has running)"
peer_set running "$(cat "$work/whole")
"

# ---- faults ----

# one holds the candidate while another asks for it
mkfifo "$work/steps"
drive < "$work/steps" > "$work/holder" & pids+=($!)
exec 8> "$work/steps"
printf 'open\nstage hold-1 merge %s\n' "$work/new" >&8
until_true 10 grep -q 'ok stage' "$work/holder" || fail "the first does not get its lock: $(cat "$work/holder")"
says "a candidate that somebody else holds" '^error conflict locked .*locked by' "$(drive <<< "open
stage nine-1 merge $work/new")"
exec 8>&-

before=$(peer_has running)
for at in load-configuration commit-configuration get-commit-information lock; do
	fault "cut $at"
	out=$(drive <<< "open
stage cut-1 merge $work/new
check
commit 60")
	says "cut at $at" '^error upstream cut' "$out"
	never "cut at $at: nothing is committed" '^ok commit' "$out"
	no_fault
	same "cut at $at: it runs what it ran" "$before" "$(peer_has running)"
	says "cut at $at: the next change is taken" '^ok check' "$(drive <<< "open
stage again-1 merge $work/new
check
discard")"
done
fault 'refuse commit-configuration'
out=$(drive <<< "open
stage no-1 merge $work/new
check
commit 60
stage no-2 merge $work/new")
says "a commit that is refused" '^error upstream commit .*try again' "$out"
says "and the candidate is free again" '^ok stage' "$(tail -1 <<< "$out")"
same "it runs what it ran" "$before" "$(peer_has running)"
fault 'garbage get-bgp-neighbor-information'
says "garbage" '^error upstream garbage' "$(drive <<< 'open
neighbours')"
rm "$peer/base10"
says "garbage in chunks" '^error upstream garbage' "$(drive <<< 'open
neighbours')"
fault 'flood get-bgp-neighbor-information'
says "80 megabytes" '^error too_large limit|^error upstream garbage' "$(drive <<< 'open
neighbours')"
fault 'hang get-bgp-neighbor-information'
says "no answer" '^error timeout time' "$(seconds=1 drive <<< 'open
neighbours')"
fault 'garbage hello'
says "no hello" '^error upstream (cut|garbage)' "$(seconds=2 drive <<< open)"
no_fault
touch "$peer/nojunos"
says "NETCONF that is no Junos" '^error upstream garbage .*no Junos' "$(drive <<< open)"
rm "$peer/nojunos"
ssh-keygen -q -t ed25519 -N '' -f "$work/stranger"
says "a wrong key" '^error permission_denied auth' "$(key=$work/stranger drive <<< open)"
says "another host key" '^error permission_denied host-key-changed' "$(pin="ssh-ed25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" drive <<< open)"
