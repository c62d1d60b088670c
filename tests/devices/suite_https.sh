#!/bin/bash
# Platforms driven through an API over HTTPS, against a scripted router with TLS: recorded answers, certificates, the life of a change, faults.
. "$(dirname "$0")/peers.sh"

certificate "$work/cert2"
driver=eos
https_peer jsonrpc.py eos/normal

# ---- whose certificate it is ----

same "what key it shows" "offered=$right_pin" "$(pin='' drive <<< offered | head -1)"
says "nobody confirmed it" '^error permission_denied host-key-unknown .*sha256//' "$(pin='' drive <<< open)"
same "and nothing was sent" "" "$(cat "$peer/log" 2> /dev/null)"
says "pinned" '^ok open' "$(drive <<< open)"
says "signed by the authority that is named" '^ok open' "$(pin='' drive "ca_file=$work/cert1.crt" <<< open)"
says "signed by another" '^error permission_denied host-key-unknown' "$(pin='' drive "ca_file=$work/cert2.crt" <<< open)"
# through a jump host, which alone knows the router's name
start_sshd
through=(jump_host=127.0.0.1 "jump_port=$ssh_port" "jump_user=$me" "jump_key_file=$work/key")
says "a jump host that nobody confirmed" "^error permission_denied host-key-unknown .*jump host .*${host_key//+/.}" "$(drive "${through[@]}" <<< open)"
through+=("jump_host_key=$host_key")
same "what key it shows behind one" "offered=$right_pin" "$(pin='' drive "${through[@]}" <<< offered | head -1)"
straight=$(drive <<< 'open
neighbours')
logins() { grep -c 'Accepted publickey' "$work/sshd.log"; }
before=$(logins)
same "all of it goes through" "$straight" "$(drive "${through[@]}" <<< 'open
neighbours')"
same "over one connection to the jump host" $((before + 1)) "$(logins)"
says "by a name of its own" '^error permission_denied host-key-unknown .*localhost' "$(pin='' drive "${through[@]}" host=localhost "ca_file=$work/cert1.crt" <<< open)"
says "another certificate behind it" '^error permission_denied host-key-changed' "$(pin="tls sha256//AAAA" drive "${through[@]}" <<< open)"
says "nobody behind it" '^error upstream unreachable .*jump host' "$(drive "${through[@]}" "port=$(free_port)" <<< open)"
says "a jump host that does not let us in" '^error permission_denied auth' "$(drive "${through[@]}" jump_key_file="$work/host" <<< open)"
says "a wrong password" '^error permission_denied auth .*peerage' "$(secret=wrong drive <<< open)"
never "which is not told" 'wrong' "$(secret=wrong drive <<< open)"

# ---- recorded answers ----

out=$(drive <<< 'open
facts
neighbours')
says "EOS: version" '^version=4.31.2F$' "$out"
says "EOS: uptime" '^uptime=86461$' "$out"
same "EOS: neighbours as NAPALM reads them" "$(napalm_read "$recorded/eos/normal/expected_result.json" | grep -v 'up=false')" "$(as_napalm <<< "$out" | grep -v 'up=false')"
says "EOS: why one is down" '^neighbour=10.0.0.3 vrf= asn=65003 state=active .*reset=Cease/connection rejected' "$out"
# the same neighbours in another VRF: recorded answers, its name alone is changed
mkdir "$work/vrf"
for f in "$recorded"/eos/normal/show_*.json; do
	jq 'if .vrfs then .vrfs |= with_entries(if .key == "default" then .key = "customers" else . end) | (.vrfs[].peerList?[]? | .vrf) = "customers" else . end' "$f" > "$work/vrf/${f##*/}"
done
default=$(drive <<< 'open
neighbours' | sed 's/vrf= /vrf=customers /')
peer_new eos
ln -s "$work/vrf" "$peer/answers"
same "EOS: neighbours of a VRF" "$default" "$(drive <<< 'open
neighbours')"
peer_new eos eos/linklocal
out=$(drive <<< 'open
neighbours')
says "EOS: link-local ones without zone, AS in dots, both families counted" '^neighbour=fe80::a8c1:abff:fe94:4171 vrf= asn=4259906564 state=established shutdown=0 received=6 accepted=6 advertised=18 ' "$out"

# ---- the life of a change ----

base='hostname r1' old='neighbor 192.0.2.1 description old' new='neighbor 192.0.2.1 description new' uncommittable='' mode=replace unit=60 quick=1
for flag in old new; do
	peer_new eos eos/normal
	touch "$peer/$flag"
	life "EOS, $flag sessions"
done
printf '! a comment\nhostname r2\nbanner motd\nhello\n  there\nEOF\nip routing\n' > "$work/banner"
out=$(drive <<< "open
stage text-1 replace $work/banner
check
commit 3661
running")
says "EOS: seconds as they are asked for" '^given=3661$' "$out"
says "EOS: hours, minutes, seconds" '^configure session text-1 commit timer 01:01:01$' "$(cat "$peer/log")"
says "EOS: a banner in one piece" '^  there$' "$out"
never "EOS: no comment" 'a comment' "$(cat "$peer/log")"
drive <<< 'open
rollback text-1' > /dev/null

# ---- faults ----

before=$(peer_has running)
for at in 'rollback clean-config' 'show session-config named cut-1 diffs' 'configure session cut-1 commit timer 00:01:00'; do
	fault "cut $at"
	out=$(drive <<< "open
stage cut-1 replace $work/new
check
diff
commit 60")
	says "cut at $at" '^error upstream cut' "$out"
	no_fault
	[ "$(peer_has pending)" = null ] || drive <<< 'open
rollback cut-1' > /dev/null
	same "cut at $at: it runs what it ran" "$before" "$(peer_has running)"
done
fault 'cut-after configure session cut-2 commit timer 00:01:00'
out=$(drive <<< "open
stage cut-2 replace $work/new
check
commit 60
pending cut-2
rollback cut-2")
says "cut after the commit: it is not known to have worked" '^error upstream cut' "$out"
says "but the router says that it waits" '^pending=1' "$out"
same "and goes back" "$before" "$(peer_has running)"
no_fault
fault 'refuse configure session no-1 commit timer 00:01:00'
says "a commit that is refused" '^error upstream commit .*operation refused' "$(drive <<< "open
stage no-1 replace $work/new
check
commit 60")"
never "and leaves nothing" no-1 "$(peer_has sessions)"
fault 'garbage show running-config'
says "garbage" '^error upstream garbage' "$(drive <<< 'open
running')"
fault 'flood show running-config'
says "80 megabytes" '^error too_large limit' "$(drive <<< 'open
running')"
fault 'hang show running-config'
says "no answer" '^error timeout time' "$(drive connect_seconds=1 seconds=1 <<< 'open
running')"
no_fault
stop_peer
says "nobody there" '^error upstream refused' "$(drive <<< open)"
start_peer "$work/cert2"
says "another certificate" '^error permission_denied host-key-changed .*nothing was sent' "$(drive <<< open)"
