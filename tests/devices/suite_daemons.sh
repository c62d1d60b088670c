#!/bin/bash
# The drivers of FRR, BIRD 2, OpenBGPD and GoBGP against the daemons themselves, behind a real sshd: what they read, and the life of a change.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/devices/rig.sh"

choose_ports
start_sshd
start_bird
start_frr
start_openbgpd
start_gobgp


# What each daemon is asked, apart from the driver: does it run the changed configuration? And its file: is it the changed one?
conf_of() { case $1 in bird) bird_conf ;; frr) frr_conf ;; openbgpd) openbgpd_conf ;; gobgp) gobgp_conf ;; esac; }
# The changed one has another description of the session, which does not touch the session itself.
changed_of() { conf_of "$1" | sed "s/description \"frr1 AS65001\"/description \"${2:-changed}\"/; s/\(description\) bird1/\1 ${2:-changed}/; s/description: bird1/description: ${2:-changed}/; s/descr \"bird1\"/descr \"${2:-changed}\"/"; }
broken_of() { conf_of "$1"; case $1 in bird) echo 'protocol bogus {' ;; frr) echo 'router bgp banana' ;; openbgpd) echo 'AS bogus' ;; gobgp) echo ' - } bogus' ;; esac; }
file_of() { case $1 in bird) echo "$work/bird/bird.conf" ;; frr) echo "$work/frr/frr.conf" ;; openbgpd) echo "$work/openbgpd/bgpd.conf" ;; gobgp) echo "$work/gobgp/gobgpd.yaml" ;; esac; }
runs() { # DRIVER WORD: the daemon runs what has the word in the session's description
	case $1 in
	bird) birdc -r -s "$work/bird/ctl" show protocols all frr1 | grep -q "Description:.*$2" ;;
	frr) frr_vtysh -c 'show running-config' | grep -q "description $2" ;;
	openbgpd) bgpctl -s "$work/openbgpd/sock" -j show neighbor | jq -e ".neighbors[0].description == \"$2\"" ;;
	gobgp) gobgp -u 127.0.0.1 -p "$gobgp_api" -j neighbor | jq -e ".[0].conf.description == \"$2\"" ;;
	esac > /dev/null 2>&1
}
old_word() { [ "$1" = bird ] && echo 'frr1 AS65001' || echo bird1; }

# ---- what is read ----

established() { [ "$(on bird <<< 'open
neighbours' | grep -c 'state=established')" = 3 ]; }
exchanged() { on bird <<< 'open
neighbours' | grep -q 'neighbour=127.0.0.1 .* accepted=1 advertised=2' && on gobgp <<< 'open
neighbours' | grep -q accepted=2; }
until_true 20 established && until_true 10 exchanged || fail "the sessions do not come up: $(on bird <<< 'open
neighbours')"
out=$(on bird <<< 'open
facts
neighbours')
says "BIRD: facts" '^version=2\.' "$out"
says "BIRD: a session" '^neighbour=127.0.0.1 vrf= asn=65001 state=established shutdown=0 received=-1 accepted=1 advertised=2 uptime=[0-9]+ .*description=frr1 AS65001$' "$out"
out=$(on frr <<< 'open
facts
neighbours
running')
says "FRR: facts" '^version=[89]\.' "$out"
says "FRR: a session" '^neighbour=127.0.0.2 vrf= asn=65002 state=established shutdown=0 received=-1 accepted=2 advertised=[0-9]+ uptime=[0-9]+ .*description=bird1$' "$out"
says "FRR: running configuration" '^router bgp 65001$' "$out"
out=$(on openbgpd <<< 'open
facts
neighbours
running')
says "OpenBGPD: facts" '^version=[0-9]' "$out"
says "OpenBGPD: a session" '^neighbour=127.0.0.2 vrf= asn=65002 state=established shutdown=0 received=2 accepted=-1 advertised=1 uptime=[0-9]+ .*description=bird1$' "$out"
says "OpenBGPD: running configuration" '^AS 65003$' "$out"
out=$(on gobgp <<< 'open
facts
neighbours')
says "GoBGP: facts" '^version=[0-9]' "$out"
says "GoBGP: a session" '^neighbour=127.0.0.2 vrf= asn=65002 state=established shutdown=0 received=2 accepted=2 advertised=0 uptime=[0-9]+ .*description=bird1$' "$out"

# a session that goes down tells why
bgpctl -s "$work/openbgpd/sock" neighbor 127.0.0.2 down "planned work" > /dev/null
until_true 10 bash -c "birdc -r -s $work/bird/ctl show protocols openbgpd1 | grep -qv Established"
out=$(on bird <<< 'open
neighbours')
says "BIRD: why a session went down" '^neighbour=127.0.0.3 .*state=(idle|active|connect) .*reset=.*planned work' "$out"
says "OpenBGPD: a session that is shut down" '^neighbour=127.0.0.2 .*state=idle shutdown=1' "$(on openbgpd <<< 'open
neighbours')"
bgpctl -s "$work/openbgpd/sock" neighbor 127.0.0.2 up > /dev/null
birdc -s "$work/bird/ctl" disable frr1 > /dev/null
until_true 10 eval 'out=$(on frr <<< "open
neighbours"); grep -q "reset=[^ ]" <<< "$out"'
says "FRR: why a session went down" '^neighbour=127.0.0.2 .*state=(idle|active|connect) .*reset=.*(Cease|Shutdown)' "$out"
birdc -s "$work/bird/ctl" enable frr1 > /dev/null
for d in bird gobgp; do
	same "$d: running configuration" "$(cat "$(file_of $d)")" "$(on $d <<< 'open
running' | sed '/^ok /d')"
done

# ---- the life of a change, on each ----

life() {
	local d=$1 file old out
	file=$(file_of "$d") old=$(old_word "$d")
	conf_of "$d" > "$work/$d.old"; changed_of "$d" > "$work/$d.new"; changed_of "$d" kept > "$work/$d.kept"; broken_of "$d" > "$work/$d.bad"
	cp -p "$file" "$work/$d.file"

	on "$d" > "$work/out" <<-S
		open
		stage bad-1 replace $work/$d.bad
		check
		commit 5
		stage none-1 replace $work/$d.new
		commit 5
		discard
		commit 5
	S
	out=$(< "$work/out")
	says "$d: a syntax error is told with its place" '^error invalid check .*(:[0-9]+[: ]|line [0-9]+)' "$out"
	same "$d: and never committed, nor is what was not checked, nor what was discarded" 3 "$(grep -c '^error conflict' <<< "$out")"
	holds "$d: the daemon runs what it ran" runs "$d" "$old"
	holds "$d: its file is as it was" cmp "$file" "$work/$d.file"

	# committed with a timer, confirmed on a new connection
	on "$d" > "$work/out" <<-S
		open
		stage one-1 replace $work/$d.new
		check
		diff
		commit 30 it's "planned" \$(work)
	S
	out=$(< "$work/out")
	says "$d: the difference takes the old line away" "^-.*${old}" "$out"
	says "$d: and adds the new one" '^\+.*changed' "$out"
	says "$d: committed" '^ok commit' "$out"
	holds "$d: the daemon runs the change" until_true 5 runs "$d" changed
	[ "$d" = gobgp ] || holds "$d: a restart would load the old file" cmp "$file" "$work/$d.file"
	on "$d" > "$work/out" <<-S
		open
		pending one-1
		pending other-1
		stage two-1 replace $work/$d.kept
		check
		commit 30
	S
	out=$(< "$work/out")
	says "$d: it waits, seen from a new connection" '^pending=1 seconds=([12][0-9]|30)$' "$out"
	says "$d: another change does not" '^pending=0 seconds=-1$' "$out"
	says "$d: a second change is refused meanwhile" '^error conflict locked' "$out"
	on "$d" > "$work/out" <<-S
		open
		confirm other-1
		confirm one-1
		pending one-1
		confirm one-1
		rollback one-1
	S
	out=$(< "$work/out")
	says "$d: confirmed" '^ok confirm' "$out"
	same "$d: another, or a second time, or taking it back: there is no such change" 3 "$(grep -c '^error not_found none' <<< "$out")"
	holds "$d: it still runs the change" runs "$d" changed
	holds "$d: and a restart would" grep -q changed "$file"

	# rolled back by hand
	on "$d" > "$work/out" <<-S
		open
		stage two-1 replace $work/$d.kept
		check
		commit 30
		close
		open
		rollback two-1
		pending two-1
		confirm two-1
	S
	out=$(< "$work/out")
	says "$d: rolled back" '^ok rollback' "$out"
	says "$d: it cannot be confirmed then" '^error not_found none' "$out"
	holds "$d: the daemon is back" until_true 5 runs "$d" changed
	holds "$d: and its file" grep -q changed "$file"

	# nobody confirms: the client is killed right after the commit
	(cd "$work" && { echo open; echo "stage three-1 replace $work/$d.kept"; echo check; echo "commit 2"; sleep 30; } | on "$d" > "$work/$d.out") & pids+=($!)
	until_true 20 grep -q '^ok commit' "$work/$d.out" || fail "$d: $(cat "$work/$d.out")"
	client=$(pgrep -f "^$device driver=$d .*arg.state_dir.$work/state-$d")
	holds "$d: there is a client to kill" test -n "$client"
	kill -9 $client
	kill $! 2> /dev/null
	holds "$d: it goes back by itself" until_true 30 bash -c "grep -q '^ok' $work/$d.out && $(declare -f runs frr_vtysh); work=$work gobgp_api=$gobgp_api; runs $d changed"
	on "$d" > "$work/out" <<-S
		open
		confirm three-1
		pending three-1
		neighbours
	S
	out=$(< "$work/out")
	says "$d: too late to confirm" '^error not_found none' "$out"
	says "$d: the session stayed up or came back" '^neighbour=127' "$out"

	# and to where we began, for good at once
	on "$d" > "$work/out" <<-S
		open
		stage four-1 replace $work/$d.old
		check
		commit 0
	S
	out=$(< "$work/out")
	says "$d: a commit without a timer" '^ok commit' "$out"
	holds "$d: runs" until_true 5 runs "$d" "$old"
	holds "$d: and stands in the file" grep -q "$old" "$file"
}

for d in bird frr openbgpd gobgp; do life "$d"; done

# ---- FRR: merging, and what is taken in part goes back ----

echo "router bgp 65001
 neighbor 127.0.0.77 remote-as 65077" > "$work/frr.merge"
on frr > "$work/out" <<-S
	open
	stage merge-1 merge $work/frr.merge
	check
	diff
	commit 30
	confirm merge-1
S
out=$(< "$work/out")
says "frr: the difference of a merge" '^\+ neighbor 127.0.0.77 remote-as 65077' "$out"
never "frr: a merge takes nothing away" '^-' "$out"
holds "frr: merged" bash -c "$(declare -f frr_vtysh); work=$work; frr_vtysh -c 'show running-config' | grep -q 127.0.0.77"
{ frr_conf | sed '/update-source/a\ neighbor 127.0.0.78 remote-as 65078\n neighbor 127.0.0.79 peer-group nowhere'; } > "$work/frr.half"
frr_vtysh -c 'show running-config no-header' > "$work/frr.before"
on frr > "$work/out" <<-S
	open
	stage half-1 replace $work/frr.half
	check
	commit 30
	pending half-1
S
out=$(< "$work/out")
says "frr: a fault that no check finds fails the commit" '^error upstream commit ' "$out"
frr_vtysh -c 'show running-config no-header' > "$work/frr.after"
holds "frr: and what was taken of it is gone again" cmp "$work/frr.before" "$work/frr.after"

# ---- neighbours of VRFs ----

cp "$work/bird/bird.conf" "$work/bird/before"
printf 'protocol bgp inblue { vrf "blue"; local 127.0.0.2 as 65002; neighbor 127.0.0.77 as 65077; multihop; ipv4 { import all; export none; }; }\n' >> "$work/bird/bird.conf"
birdc -s "$work/bird/ctl" configure > /dev/null
says "BIRD: a VRF's neighbour, which cannot come up here" '^neighbour=127.0.0.77 vrf=blue asn=65077 state=idle shutdown=0 .*reset=Error: No listening socket' "$(on bird <<< 'open
neighbours')"
mv "$work/bird/before" "$work/bird/bird.conf"
birdc -s "$work/bird/ctl" configure > /dev/null
frr_vtysh -c 'configure terminal' -c 'router bgp 65001 vrf blue' -c 'bgp router-id 10.0.0.9' -c 'neighbor 127.0.0.66 remote-as 65066' -c end
says "FRR: a VRF's neighbour" '^neighbour=127.0.0.66 vrf=blue asn=65066 state=idle ' "$(on frr <<< 'open
neighbours')"
frr_vtysh -c 'configure terminal' -c 'no router bgp 65001 vrf blue' -c end
gobgp -u 127.0.0.1 -p "$gobgp_api" vrf add blue rd 65004:1 rt both 65004:1 > /dev/null
gobgp -u 127.0.0.1 -p "$gobgp_api" neighbor add 127.0.0.88 as 65088 vrf blue > /dev/null
says "GoBGP: a VRF's neighbour" '^neighbour=127.0.0.88 vrf=blue asn=65088 ' "$(on gobgp <<< 'open
neighbours')"

# ---- faults of the daemons ----

kill "$gobgp_pid"; wait "$gobgp_pid" 2> /dev/null
says "a daemon that is down" '^error upstream command .*' "$(on gobgp <<< 'open
neighbours')"
says "a file that is not there" '^error upstream file .*driver argument' "$(on bird arg.file=/nowhere/bird.conf <<< 'open
running')"
says "a socket that is not there" '^error upstream ' "$(on bird arg.socket=/nowhere/ctl <<< 'open
neighbours')"
