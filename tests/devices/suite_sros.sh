#!/bin/bash
# SR OS: NETCONF for what is read and committed, the MD-CLI for texts of its kind, against a scripted router behind a real SSH server.
. "$(dirname "$0")/peers.sh"

driver=sros
password_peer --shell "exec $peers/mdcli.py $work/peer-sros" --subsystem "exec $peers/netconf.py $work/peer-sros"
options=("arg.cli_port=$peer_port")
new_router() { peer_new sros sros; touch "$peer/sros"; }
new_router

# ---- what is read ----

says "a wrong password" '^error permission_denied auth .*peerage' "$(secret=wrong drive <<< open)"
same "and nothing was said" "" "$(cat "$peer/log" 2> /dev/null)"
out=$(drive <<< 'open
facts
neighbours')
says "SR OS: version" '^version=B-19.10.R4$' "$out"
says "SR OS: model" '^model=7750 SR-1s$' "$out"
says "SR OS: uptime in seconds" '^uptime=3802044$' "$out"
says "SR OS: a neighbour of the base router" '^neighbour=80.81.192.10 vrf= asn=13414 state=established shutdown=0 received=1 accepted=1 advertised=3 uptime=4036 reset= description=Twitter$' "$out"
says "SR OS: of IPv6" '^neighbour=2001:7f8::3466:0:1 vrf= asn=13414 state=established .*advertised=1 uptime=4036' "$out"
says "SR OS: of a VPRN" '^neighbour=10.1.0.2 vrf=test asn=13414 state=established .*advertised=1 uptime=26957' "$out"
says "SR OS: its group's AS, and why it went down" '^neighbour=192.0.2.1 vrf= asn=64512 state=active shutdown=0 received=-1 accepted=-1 advertised=-1 uptime=-1 reset=HOLDTIME \(Hold Timer Expired\) description=of a group$' "$out"
says "SR OS: one held down" '^neighbour=192.0.2.2 vrf= asn=64513 state=idle shutdown=1' "$out"
says "SR OS: what is kept is what no policy rejected" '^neighbour=192.0.2.3 vrf= asn=0 state=established shutdown=0 received=10 accepted=7 advertised=2 uptime=6' "$out"
same "SR OS: each once" 6 "$(grep -c ^neighbour= <<< "$out")"

# ---- the life of a change ----

base='system name r1' unit=60 quick=1 old='router "Base" bgp neighbor 192.0.2.1 description old' new='router "Base" bgp neighbor 192.0.2.1 description new'
uncommittable='policy uncommittable' names_it=no
for mode in merge replace; do
	new_router
	life "SR OS, $mode"
done
cuts "SR OS" 'edit-config private' 'compare netconf-rpc' lock validate commit
says "SR OS: what runs, as the MD-CLI shows it" '^configure \{' "$(drive <<< 'open
running')"
same "SR OS: and nothing around it" 0 "$(drive <<< 'open
running' | grep -c '#\|persistent')"
printf '# a comment\n\n    %s\n' "$new" > "$work/indented"
out=$(drive <<< "open
stage text-1 merge $work/indented
check
diff
discard
stage text-2 merge $work/old
check
diff")
says "SR OS: comments and indents are none of the text" "^\\+$new" "$out"
same "SR OS: what runs already has no difference" "ok diff" "$(tail -1 <<< "$out")"
same "SR OS: and nothing before it" 'ok check' "$(tail -2 <<< "$out" | head -1)"

# ---- XML ----

printf '<?xml version="1.0"?>\n<configure xmlns="urn:nokia.com:sros:ns:yang:sr:conf"><text>%s\n</text></configure>\n' "$new" > "$work/new.xml"
out=$(drive arg.cli_port=1 <<< "open
stage xml-1 replace $work/new.xml
check
diff
commit 60
close
open
confirm xml-1")
says "SR OS: XML needs no command line" '^ok confirm' "$out"
says "SR OS: and is compared as XML" "^\\+    <text>$new</text>" "$out"
same "SR OS: and replaces" "$new" "$(peer_has running)"
says "SR OS: and is kept over a restart" "$new" "$(peer_has startup)"
says "SR OS: with nobody at the command line's port" '^error upstream refused' "$(drive arg.cli_port=1 <<< "open
stage cli-1 merge $work/new")"
printf '<configure><text>%s</configure>' "$new" > "$work/broken.xml"
says "SR OS: XML that is none" '^error invalid check' "$(drive <<< "open
stage xml-2 merge $work/broken.xml")"
printf '<router/>' > "$work/other.xml"
says "SR OS: XML of something else" '^error invalid check .*<router>' "$(drive <<< "open
stage xml-3 merge $work/other.xml")"

# ---- faults ----

fault 'refuse commit'
says "SR OS: a commit that is refused" '^error upstream commit .*Failed to commit' "$(drive <<< "open
stage no-1 merge $work/old
check
commit 60")"
fault 'refuse copy-config'
says "SR OS: what is confirmed and not kept is told" '^error .*was not written to the start' "$(drive <<< "open
stage keep-1 merge $work/old
check
commit 60
confirm keep-1")"
no_fault
touch "$peer/old"
says "SR OS: an MD-CLI that cannot tell it as NETCONF" '^error .*cannot .*22.7' "$(drive <<< "open
stage old-1 merge $work/new")"
rm "$peer/old"; touch "$peer/classic"
says "SR OS: the classic command line" '^error .*cannot .*classic' "$(drive <<< "open
stage classic-1 merge $work/new")"
rm "$peer/classic"
answers "SR OS" get neighbours
rm "$peer/sros"
says "NETCONF that is no SR OS" '^error upstream garbage .*SR OS' "$(drive <<< open)"
