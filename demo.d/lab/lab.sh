#!/bin/bash
# Three real daemons as routers of the demonstration's book: FRR 127.0.0.1 (AS 65001), BIRD 127.0.0.2 (AS 65002), OpenBGPD 127.0.0.3 (AS 65003),
# behind an sshd of our own, all as the user that runs this, on loopback and free ports. No route is put into the system.
# lab.sh book|access|start TOP DIR RUN: print the book's objects, where the routers are reached (SQL), or start what does not run.
set -eu
top=$2 lab=$3/lab run=$4
mkdir -p "$lab"
cd "$lab"
me=$(id -un)

taken() { local a; for a in 1 2 3; do if (exec 3<> "/dev/tcp/127.0.0.$a/$1") 2> /dev/null; then return 0; fi; done; return 1; }
free_port() { local p=$1; while taken "$p"; do p=$((p + 1)); done; echo "$p"; }
if [ ! -s ports ]; then
	echo "ssh=$(free_port 22322) frr=$(free_port 17911) bird=$(free_port 17921) openbgpd=$(free_port 17931)" > ports
	ssh-keygen -q -t ed25519 -N '' -f host
	ssh-keygen -q -t ed25519 -N '' -f key
fi
eval "$(cat ports)"
text() { python3 -c 'import json, sys; print(json.dumps(open(sys.argv[1]).read()))' "$1" 2> /dev/null || sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' "$1" | awk 'BEGIN { printf "\"" } { printf "%s\\n", $0 } END { print "\"" }'; }

# object ENDPOINT JSON: in the order of the calls
object() { nn=$((${nn:-9} + 1)); printf '[%s]\n' "$2" > "book/$nn-$1.json"; }
router() { # DRIVER NAME ADDRESS AS PREFIXES ARGS
	object devices.platforms "{\"name\": \"Lab $2\", \"slug\": \"lab-$1\", \"napalm_driver\": \"$1\", \"napalm_args\": $6}"
	object devices.configurations "{\"name\": \"Lab $2\", \"template\": $(text "$top/demo.d/lab/$1.j2"), \"jinja2_trim\": true, \"jinja2_lstrip\": true}"
	object devices.routers "{\"name\": \"lab-$1\", \"hostname\": \"127.0.0.1\", \"status\": \"enabled\", \"poll_bgp_sessions_state\": true, \"platform\": {\"slug\": \"lab-$1\"}, \"configuration_template\": {\"name\": \"Lab $2\"},
		\"local_autonomous_system\": {\"asn\": $4}, \"local_context_data\": {\"router_id\": \"10.0.0.${3##*.}\", \"address\": \"$3\", \"originate\": [$5],
		\"socket\": \"$run/lab-openbgpd.sock\", \"ports\": {\"127.0.0.1\": $frr, \"127.0.0.2\": $bird, \"127.0.0.3\": $openbgpd}}}"
}
session() { # ROUTER AS PEER_AS ADDRESS
	object peering.direct-peering-sessions "{\"router\": {\"name\": \"lab-$1\"}, \"local_autonomous_system\": {\"asn\": $2}, \"autonomous_system\": {\"asn\": $3},
		\"ip_address\": \"$4/32\", \"relationship\": {\"slug\": \"private-peering\"}, \"status\": \"enabled\"}"
}
book() {
	mkdir -p book
	object peering.autonomous-systems "$(for x in '65001 FRR' '65002 BIRD' '65003 OpenBGPD'; do printf '{"asn": %s, "name": "Lab %s", "affiliated": true},' $x; done | sed 's/,$//')"
	router frr FRR 127.0.0.1 65001 '"192.0.2.0/24"' "{\"vty_socket\": \"$run/lab-frr\", \"config_dir\": \"$lab/frr\", \"state_dir\": \"$lab/state-frr\", \"deploy\": \"merge\"}"
	router bird BIRD 127.0.0.2 65002 '"198.51.100.0/25", "198.51.100.128/25"' "{\"file\": \"$lab/bird/bird.conf\", \"socket\": \"$run/lab-bird.ctl\", \"state_dir\": \"$lab/state-bird\"}"
	router openbgpd OpenBGPD 127.0.0.3 65003 '"203.0.113.0/24"' "{\"file\": \"$lab/openbgpd/bgpd.conf\", \"socket\": \"$run/lab-openbgpd.sock\", \"state_dir\": \"$lab/state-openbgpd\"}"
	session bird 65002 65001 127.0.0.1
	session frr 65001 65002 127.0.0.2
	session openbgpd 65003 65002 127.0.0.2
	echo "$lab/book"
}

# How the routers are reached: not part of the API.
access() {
	echo "UPDATE peerage.router SET management_port = $ssh, napalm_username = '$me', private_key = '$(cat key)'," \
		"host_key = 'ssh-ed25519 $(ssh-keygen -lf host.pub | awk '{ print $2 }')' WHERE name IN ('lab-bird', 'lab-frr', 'lab-openbgpd');"
}

daemon() { # NAME COMMAND...
	local name=$1
	shift
	setsid "$@" > "$name.log" 2>&1 < /dev/null &
	echo $! > "../lab-$name.pid"
}
wait_for() { for _ in $(seq 100); do test -e "$1" && return; sleep 0.1; done; echo "lab: $1 did not come" >&2; return 1; }

# The routers begin with what the book has: rendered to FILE.new by who calls this.
start() {
	mkdir -p bird frr openbgpd "$run/lab-frr"
	rm -f "$run"/lab-bird.ctl "$run"/lab-openbgpd.sock "$run"/lab-frr/*
	printf '%s\n' "Port $ssh" "ListenAddress 127.0.0.1" "HostKey $lab/host" "PidFile $lab/sshd.pid" "AuthorizedKeysFile $lab/key.pub" "UsePAM no" \
		"StrictModes no" "UseDNS no" > sshd.conf
	[ -s bird/bird.conf ] || cp bird.new bird/bird.conf
	[ -s frr/frr.conf ] || { printf '%s\n' "frr defaults traditional" "log file $lab/frr/log" "bgp no-rib" "service integrated-vtysh-config" "!"; cat frr.new; } > frr/frr.conf
	[ -s openbgpd/bgpd.conf ] || (umask 077; cp openbgpd.new openbgpd/bgpd.conf)
	chmod 600 openbgpd/bgpd.conf
	echo "service integrated-vtysh-config" > frr/vtysh.conf
	daemon sshd /usr/sbin/sshd -D -e -f "$lab/sshd.conf"
	daemon bird bird -f -c "$lab/bird/bird.conf" -s "$run/lab-bird.ctl" -P "$lab/bird/pid"
	daemon frr /usr/lib/frr/bgpd -S -n -p "$frr" -l 127.0.0.1 -i "$lab/frr/pid" -z "$lab/frr/zserv" --vty_socket "$run/lab-frr" -P 0
	# OpenBGPD wants to be root to become another user; here it stays who it is
	gcc -shared -fPIC -o noroot.so "$top/tests/tools/noroot.c"
	LD_PRELOAD=$lab/noroot.so daemon openbgpd bgpd -d -f "$lab/openbgpd/bgpd.conf"
	wait_for "$run/lab-bird.ctl"
	wait_for "$run/lab-frr/bgpd.vty"
	vtysh --vty_socket "$run/lab-frr" --config_dir "$lab/frr" -b > /dev/null 2>&1 || true
	wait_for "$run/lab-openbgpd.sock"
}

"$1"
