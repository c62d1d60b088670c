#!/bin/bash
# VyOS through its configuration shell, against a scripted router behind a real sshd: the life of a change, the undo script, faults.
. "$(dirname "$0")/peers.sh"

driver=vyos state=$work/state-vyos
ssh_peer "ForceCommand $work/peer-vyos/bin/login"
options=("arg.state_dir=$state")
new_vyos() { peer_new vyos vyos; "$peers/vyos.py" "$peer"; }
# its timer is the script in the state folder
peer_has() {
	[ "$1" != pending ] || { compgen -G "$state/*.[pu]*ing" > /dev/null && echo deadline || echo null; return; }
	"$peers/peer.py" "$peer" show "$1"
}
new_vyos

ssh-keygen -q -t ed25519 -N '' -f "$work/stranger"
says "a wrong key" '^error permission_denied auth' "$(key=$work/stranger drive <<< open)"
says "a host key nobody confirmed" '^error permission_denied host-key-unknown' "$(pin='' drive <<< open)"

# ---- what is read ----

out=$(drive <<< 'open
facts
neighbours')
says "vendor" '^vendor=VyOS$' "$out"
says "version" '^version=1.4.0$' "$out"
says "one of IPv4" '^neighbour=100.64.0.2 vrf= asn=65002 state=established shutdown=0 received=-1 accepted=1 advertised=1 uptime=47 ' "$out"
says "one of IPv6" '^neighbour=2001:db8:ff::3 vrf= asn=65003 state=established .*accepted=1 advertised=1' "$out"
says "one of another VRF, held down" '^neighbour=10.7.0.1 vrf=blue asn=65003 state=idle shutdown=1 .*reset=Admin. shutdown.* description=held down$' "$out"
same "all of them" 8 "$(grep -c ^neighbour= <<< "$out")"

# ---- the life of a change ----

unit=30 quick=0.02 uncommittable=''
base='set system host-name r1' old='set protocols bgp neighbor 192.0.2.1 description old' new='set protocols bgp neighbor 192.0.2.1 description new' mode=merge
life "VyOS, commands"
base='system { host-name r1 }' old='protocols { bgp { neighbor 192.0.2.1 { description old } } }' new='protocols { bgp { neighbor 192.0.2.1 { description new } } }' mode=replace
rm -rf "$state"; new_vyos
life "VyOS, in braces"

# ---- texts ----

printf '%s\n' '# comment' "set system host-name 'a b'" 'set interfaces dummy dum0 description "$(touch '"$work"'/pwned); `id`"' 'delete system domain-name' 'set system host-name "a b"' > "$work/text"
peer_set running 'set system x
'
out=$(drive <<< "open
stage text-1 merge $work/text
check
diff
commit 10
pending text-1
running
confirm text-1")
says "what is there or gone already is no fault" '^ok check' "$out"
says "the least that its timer runs" '^given=30$' "$out"
says "seconds left" '^pending=1 seconds=[0-9]+$' "$out"
says "a text's words are words, whatever is in them" "^set interfaces dummy dum0 description '\\\$\\(touch .*/pwned\\); \`id\`'$" "$out"
holds "and no shell has read them" [ ! -e "$work/pwned" ]
says "confirmed" '^ok confirm' "$out"
printf '%s\n' 'set system a' '' 'set system bogus b' 'set system c' > "$work/text"
out=$(drive <<< "open
stage text-2 merge $work/text
check
commit 30")
says "a path that is none is told with its line" '^error invalid check .*line 3:.*\[bogus\] is not valid' "$out"
never "and never committed" '^ok commit' "$out"
printf '%s\n' 'set system a' 'reboot now' > "$work/text"
says "no command but those that change a candidate" '^error invalid check .*line 2 begins with "reboot"' "$(drive <<< "open
stage text-3 merge $work/text")"
printf '%s\n' "set system host-name 'a b" > "$work/text"
says "a quote that is not closed" '^error invalid check .*line 1: a quote' "$(drive <<< "open
stage text-4 merge $work/text")"
printf '%s\n' 'set system a' > "$work/text"
says "a list of commands does not replace" '^error invalid check .*braces' "$(drive <<< "open
stage text-5 replace $work/text")"
printf 'system { bogus }\n' > "$work/text"
says "braces that do not load" '^error invalid check .*Failed to parse' "$(drive <<< "open
stage text-6 replace $work/text
check")"

peer_set running "set system host-name r1
set protocols bgp neighbor 192.0.2.9 remote-as 1
set protocols bgp neighbor 192.0.2.9 description 'a b'
"
printf '%s\n' 'delete protocols bgp neighbor 192.0.2.9' 'delete system domain-name' 'system {' '    name-server 192.0.2.53' '}' > "$work/text"
out=$(drive <<< "open
stage text-7 merge $work/text
check
diff
commit 30
running
confirm text-7")
says "what is taken away before a text in braces" '^-set protocols bgp neighbor 192.0.2.9 remote-as 1$' "$out"
never "is gone" '^set protocols bgp neighbor 192.0.2.9' "$out"
says "and the text is merged" '^    name-server 192.0.2.53$' "$out"
says "confirmed as well" '^ok confirm' "$out"
printf '%s\n' 'delete protocols bogus' 'system {' '}' > "$work/text"
says "what cannot be taken away is told" '^error invalid check .*line 1:.*\[bogus\] is not valid' "$(drive <<< "open
stage text-8 merge $work/text
check")"
printf '%s\n' 'delete system a' 'system { bogus }' > "$work/text"
says "braces behind it that do not load" '^error invalid check .*Failed to parse' "$(drive <<< "open
stage text-9 merge $work/text
check")"

# ---- faults ----

base='set system host-name r1' old='set system a' new='set system b' mode=merge
printf '%s\n' "$base" "$old" > "$work/old"; printf '%s\n' "$base" "$old" "$new" > "$work/new"
peer_set running "$(cat "$work/old")
"
cuts "VyOS" set compare save commit
before=$(peer_has running)
fault 'refuse commit'
out=$(drive <<< "open
stage no-1 merge $work/new
check
commit 30
confirm no-1")
no_fault
says "a commit that is refused in part" '^error upstream commit .*protocols bgp.*failed' "$out"
says "has nothing to confirm" '^error not_found none .*was undone' "$out"
same "and is undone whole" "$before" "$(peer_has running)"
fault 'locked commit'
says "somebody else commits" '^error conflict locked' "$(drive <<< "open
stage no-2 merge $work/new
check
commit 30")"
no_fault
same "nothing is changed then" "$before" "$(peer_has running)"
fault 'refuse save'
says "a confirmation that is not kept over a restart is told as that" '^error upstream command .*runs for good, but' "$(drive <<< "open
stage no-3 merge $work/new
check
commit 30
confirm no-3")"
no_fault
peer_set running "$before
"
answers "VyOS" 'show bgp vrf all neighbors json' neighbours
answers "VyOS" 'show configuration' running
fault 'hang compare'
says "a session that hangs" '^error timeout time' "$(seconds=1 drive <<< "open
stage no-4 merge $work/new
check")"
no_fault
rm "$peer/bin/vbash"
says "a host that is no VyOS" '^error upstream garbage .*configuration shell' "$(drive <<< "open
stage no-5 merge $work/new
check")"
