#!/bin/bash
# What a change of a session does on real daemons, so that the gate after a commit judges the new configuration and not sessions that were opened with the old
# one: its AS, our AS, a password, an address or the families are at work with the commit, and so is the way back. What does not concern a
# session as it was opened does not disturb it. The table stands in HACKING.md.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/devices/rig.sh"
choose_ports
start_sshd
start_bird
start_frr
start_openbgpd
start_gobgp

conf_of() { "$1_conf"; }
peer_of() { if [ "$1" = bird ]; then echo 127.0.0.1; else echo 127.0.0.2; fi; }
session() { on "$1" <<< 'open
neighbours' | grep "^neighbour=$(peer_of "$1") "; }
up() { session "$1" | grep -q 'state=established'; }
down() { session "$1" | grep -qv 'state=established'; }
edit() { # DRIVER.KIND
	case $1 in
	bird.as) sed 's/127.0.0.1 port \([0-9]*\) as 65001/127.0.0.1 port \1 as 65009/' ;;
	bird.local_as) sed '/frr1/,/^}/s/as 65002;/as 65022;/' ;;
	bird.password) sed '/protocol bgp frr1/a password "x";' ;;
	bird.family) sed '/frr1/,/^}/s/ipv4 { next hop address 10.0.0.2;/ipv6 {/' ;;
	bird.soft) sed 's/description "frr1 AS65001"/description "changed"/' ;;
	frr.as) sed 's/127.0.0.2 remote-as 65002/127.0.0.2 remote-as 65009/' ;;
	frr.local_as) sed '/update-source/a\ neighbor 127.0.0.2 local-as 65022' ;;
	frr.password) sed '/update-source/a\ neighbor 127.0.0.2 password x' ;;
	frr.family) sed 's/  network/  no neighbor 127.0.0.2 activate\n  network/' ;;
	frr.soft) sed 's/description bird1/description changed/' ;;
	openbgpd.as) sed 's/remote-as 65002/remote-as 65009/' ;;
	openbgpd.local_as) sed '/remote-as/a local-as 65033' ;;
	openbgpd.password) sed '/remote-as/a tcp md5sig password "x"' ;;
	openbgpd.family) sed '/remote-as/a announce IPv4 none\nannounce IPv6 unicast' ;;
	openbgpd.soft) sed 's/descr "bird1"/descr "changed"\nmax-prefix 1000/' ;;
	gobgp.as) sed 's/peer-as: 65002/peer-as: 65009/' ;;
	gobgp.local_as) sed '/peer-as/a\      local-as: 65044' ;;
	gobgp.password) sed '/peer-as/a\      auth-password: x' ;;
	gobgp.family) sed '$a\    afi-safis:\n      - config: {afi-safi-name: ipv6-unicast}' ;;
	gobgp.soft) sed 's/description: bird1/description: changed/' ;;
	esac
}
# change DRIVER KIND: committed, looked at, taken back; prints a line about it
change() {
	local said went=up back=down stays=yes
	conf_of "$1" | edit "$1.$2" > "$work/$1.new"
	said=$(on "$1" <<< "open
stage $2-1 replace $work/$1.new
check
commit 60" | grep '^error' | head -1)
	if [ "$2" = soft ]; then
		for _ in 1 2 3 4 5 6; do up "$1" || stays=no; sleep 0.1; done
		went=$stays
	elif until_true 3 down "$1"; then
		# and does not come up by itself
		if until_true 2 up "$1"; then went=again; else went=down; fi
	fi
	on "$1" <<< "open
rollback $2-1" | grep '^error'
	if until_true 30 up "$1"; then back=up; fi
	echo "$1 $2: ${said:-ok} $went $back"
}
all_up() { up bird && up frr && up openbgpd && up gobgp; }
until_true 30 all_up || die "the sessions do not come up: $(on bird <<< 'open
neighbours')"

# those that reset a session by themselves are tried with two, OpenBGPD, where the driver must do it, with all
kinds_of() { if [ "$1" = openbgpd ]; then echo as local_as password family; else echo as family; fi; }
changes() { local k; for k in soft $(kinds_of "$1"); do change "$1" "$k"; done > "$work/$1.result" 2>&1; }
running=()
for d in frr openbgpd gobgp; do changes $d & running+=($!); done
wait "${running[@]}"
changes bird
for d in bird frr openbgpd gobgp; do
	same "$d: a change that concerns no session disturbs none" "$d soft: ok yes up" "$(grep "^$d soft" "$work/$d.result")"
	for k in $(kinds_of "$d"); do
		# on Linux it takes an unsigned connection of the other side, and the session comes up: but anew
		[ "$d $k" = "openbgpd password" ] && sed -i 's/password: ok again/password: ok down/' "$work/$d.result"
		same "$d: a wrong $k shows at once, and the way back heals it" "$d $k: ok down up" "$(grep "^$d $k:" "$work/$d.result")"
	done
done

# ---- OpenBGPD says what it resets; GoBGP refuses what only a restart would take ----

openbgpd_conf | edit openbgpd.as > "$work/openbgpd.new"
out=$(on openbgpd <<< "open
stage tell-1 replace $work/openbgpd.new
check
commit 60
rollback tell-1")
holds "openbgpd: which sessions are reset is told" grep -q 'reset with the commit.*127.0.0.2' <<< "$out"
gobgp_conf | sed 's/as: 65004/as: 65014/' > "$work/gobgp.new"
out=$(on gobgp <<< "open
stage own-1 replace $work/gobgp.new
check
commit 60")
holds "gobgp: another AS of its own is refused" grep -q '^error invalid check .*AS 65004 .*only at a restart' <<< "$out"
holds "gobgp: and not committed" grep -q '^error conflict' <<< "$out"
gobgp_conf | sed 's/router-id: 10.0.0.4/router-id: 10.0.0.44/' > "$work/gobgp.new"
holds "gobgp: so is another router id" grep -q '^error invalid check' <<< "$(on gobgp <<< "open
stage own-2 replace $work/gobgp.new
check")"

# ---- FRR takes its time with route-maps: its row says so, and the gate waits ----

{ frr_conf | sed 's/^ !$/ neighbor 127.0.0.2 route-map nothing in\n !/'; printf 'route-map nothing deny 10\nexit\n'; } | sed 's/  network 192/  neighbor 127.0.0.2 route-map nothing in\n  network 192/; s/^ neighbor 127.0.0.2 route-map nothing in$//' > "$work/frr.new"
has_two() { session frr | grep -q 'accepted=2 '; }
has_none() { session frr | grep -q 'accepted=0 '; }
until_true 20 has_two || fail "FRR: two prefixes to begin with: $(session frr)"
out=$(on frr <<< "open
stage map-1 replace $work/frr.new
check
commit 60")
holds "frr: a route-map that lets nothing in is committed" grep -q '^ok commit' <<< "$out"
until_true 7 has_none && pass || fail "frr: it is at work within the time that its row has: $(session frr)"
holds "frr: and the session stayed" up frr
on frr <<< "open
rollback map-1" > /dev/null
until_true 20 has_two && pass || fail "frr: the way back brings the prefixes back"
