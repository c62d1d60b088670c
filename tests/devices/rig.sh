# rig.sh: routers for the suites of src/devices, after tests/lib.sh: an sshd of our own, and real daemons on addresses of the loopback and free
# ports, as an ordinary user. They peer with BIRD at 127.0.0.2: FRR 127.0.0.1 (AS 65001), OpenBGPD 127.0.0.3 (AS 65003), GoBGP 127.0.0.4 (AS 65004).

device=$build/tests/tools/device
me=$(id -un)
sshd=/usr/sbin/sshd
export PEERAGE_SUITE=$(basename "$0" .sh)        # for the table of what is proven (tests/tools/device.c)

# says NAME PATTERN TEXT; never: the same for what must not be in it
says() { if grep -qE -- "$2" <<< "$3"; then pass; else fail "$1"; printf '  want: %s\n  got:  %.1500s\n' "$2" "$3"; fi; }
never() { if grep -qE -- "$2" <<< "$3"; then fail "$1"; printf '  must not have: %s\n  got:  %.1500s\n' "$2" "$3"; else pass; fi; }

# An sshd with its own host key on a free port: sets $ssh_port and $host_key. Ours are the user keys $work/key and $work/locked (passphrase "pass phrase").
# $sshd_extra: more lines for its configuration.
start_sshd() {
	ssh-keygen -q -t ed25519 -N '' -f "$work/host"
	ssh-keygen -q -t ed25519 -N '' -f "$work/key"
	ssh-keygen -q -t rsa -b 2048 -m PEM -N 'pass phrase' -f "$work/locked"
	cat "$work/key.pub" "$work/locked.pub" > "$work/authorized"
	ssh_port=$(free_port)
	cat > "$work/sshd.conf" <<-C
		Port $ssh_port
		ListenAddress 127.0.0.1
		HostKey $work/host
		PidFile $work/sshd.pid
		AuthorizedKeysFile $work/authorized
		UsePAM no
		StrictModes no
		UseDNS no
		MaxStartups 100
		AcceptEnv HOME
		${sshd_extra:-}
	C
	$sshd -D -e -f "$work/sshd.conf" > "$work/sshd.log" 2>&1 &
	pids+=($!) sshd_pid=$!
	until_true 10 grep -q 'Server listening' "$work/sshd.log" || die "sshd: $(cat "$work/sshd.log")"
	host_key="ssh-ed25519 $(ssh-keygen -lf "$work/host.pub" | awk '{ print $2 }')"
}

# The free ports of all four, before any of them is started.
choose_ports() { frr_port=$(free_port) bird_port=$(free_port) openbgpd_port=$(free_port) gobgp_port=$(free_port) gobgp_api=$(free_port); }

bird_peer() { # NAME ADDRESS PORT AS
	cat <<-C
		protocol bgp $1 {
			description "$1 AS$4";
			local 127.0.0.2 port $bird_port as 65002;
			neighbor $2 port $3 as $4;
			multihop; strict bind on; connect delay time 1; connect retry time 1; error wait time 1, 2;
			ipv4 { next hop address 10.0.0.2; import all; export filter { if proto = "nets" then accept; reject; }; };
		}
	C
}
bird_conf() {
	echo 'router id 10.0.0.2;'
	echo 'protocol device { }'
	echo 'protocol static nets { ipv4; route 198.51.100.0/25 blackhole; route 198.51.100.128/25 blackhole; }'
	bird_peer frr1 127.0.0.1 "$frr_port" 65001
	bird_peer openbgpd1 127.0.0.3 "$openbgpd_port" 65003
	bird_peer gobgp1 127.0.0.4 "$gobgp_port" 65004
}
start_bird() {
	mkdir -p "$work/bird"
	bird_conf > "$work/bird/bird.conf"
	bird -f -c "$work/bird/bird.conf" -s "$work/bird/ctl" -P "$work/bird/pid" > "$work/bird.log" 2>&1 &
	pids+=($!) bird_pid=$!
	until_true 10 test -S "$work/bird/ctl" || die "bird: $(cat "$work/bird.log")"
}

frr_conf() {
	cat <<-C
		frr version 8.4.4
		frr defaults traditional
		log file $work/frr/log
		bgp no-rib
		service integrated-vtysh-config
		!
		router bgp 65001
		 bgp router-id 10.0.0.1
		 no bgp ebgp-requires-policy
		 neighbor 127.0.0.2 remote-as 65002
		 neighbor 127.0.0.2 description bird1
		 neighbor 127.0.0.2 ebgp-multihop 5
		 neighbor 127.0.0.2 disable-connected-check
		 neighbor 127.0.0.2 port $bird_port
		 neighbor 127.0.0.2 update-source 127.0.0.1
		 neighbor 127.0.0.2 timers connect 1
		 !
		 address-family ipv4 unicast
		  network 192.0.2.0/24
		 exit-address-family
		exit
		!
	C
}
frr_vtysh() { vtysh --vty_socket "$work/frr" --config_dir "$work/frr" "$@" 2> /dev/null; }
start_frr() {
	mkdir -p "$work/frr"
	frr_conf > "$work/frr/frr.conf"
	echo "service integrated-vtysh-config" > "$work/frr/vtysh.conf"
	/usr/lib/frr/bgpd -S -n -p "$frr_port" -l 127.0.0.1 -i "$work/frr/pid" -z "$work/frr/zserv" --vty_socket "$work/frr" -P 0 > "$work/frr.log" 2>&1 &
	pids+=($!) frr_pid=$!
	until_true 10 test -S "$work/frr/bgpd.vty" || die "bgpd of FRR: $(cat "$work/frr.log")"
	frr_vtysh -b > /dev/null
	[ "$(frr_vtysh -c 'show running-config' | grep -c 'neighbor 127.0.0.2 remote-as')" = 1 ] || die "FRR did not take its configuration: $(cat "$work/frr.log")"
}

openbgpd_conf() {
	cat <<-C
		AS 65003
		router-id 10.0.0.3
		listen on 127.0.0.3 port $openbgpd_port
		fib-update no
		socket "$work/openbgpd/sock"
		network 203.0.113.0/24
		neighbor 127.0.0.2 {
			remote-as 65002
			descr "bird1"
			port $bird_port
			local-address 127.0.0.3
			multihop 5
		}
		allow from any
		allow to any
	C
}
start_openbgpd() {
	mkdir -p "$work/openbgpd"
	(umask 077; openbgpd_conf > "$work/openbgpd/bgpd.conf")
	gcc -shared -fPIC -o "$work/noroot.so" "$top/tests/tools/noroot.c" || die "noroot.so"
	LD_PRELOAD=$work/noroot.so bgpd -d -f "$work/openbgpd/bgpd.conf" > "$work/openbgpd.log" 2>&1 &
	pids+=($!) openbgpd_pid=$!
	until_true 10 test -S "$work/openbgpd/sock" || die "bgpd of OpenBSD: $(cat "$work/openbgpd.log")"
}

gobgp_conf() {
	cat <<-C
		global:
		  config:
		    as: 65004
		    router-id: 10.0.0.4
		    port: $gobgp_port
		    local-address-list: [127.0.0.4]
		neighbors:
		  - config:
		      neighbor-address: 127.0.0.2
		      peer-as: 65002
		      description: bird1
		    transport:
		      config:
		        passive-mode: true
		        local-address: 127.0.0.4
		    ebgp-multihop:
		      config:
		        enabled: true
		        multihop-ttl: 5
	C
}
start_gobgp() {
	mkdir -p "$work/gobgp"
	gobgp_conf > "$work/gobgp/gobgpd.yaml"
	gobgpd -t yaml -f "$work/gobgp/gobgpd.yaml" --api-hosts "127.0.0.1:$gobgp_api" --pprof-disable > "$work/gobgp.log" 2>&1 &
	pids+=($!) gobgp_pid=$!
	echo "$gobgp_pid" > "$work/gobgp/pid"
	until_true 10 gobgp -u 127.0.0.1 -p "$gobgp_api" global || die "gobgpd: $(cat "$work/gobgp.log")"
}

# on DRIVER [OPTION ...] < SCRIPT: the steps of tests/tools/device on that router
on() {
	local driver=$1; shift
	case $driver in
	bird) set -- "arg.file=$work/bird/bird.conf" "arg.socket=$work/bird/ctl" "$@" ;;
	frr) set -- "arg.vty_socket=$work/frr" "arg.config_dir=$work/frr" "$@" ;;
	openbgpd) set -- "arg.file=$work/openbgpd/bgpd.conf" "arg.socket=$work/openbgpd/sock" "$@" ;;
	gobgp) set -- "arg.file=$work/gobgp/gobgpd.yaml" "arg.api_host=127.0.0.1" "arg.api_port=$gobgp_api" "arg.pid_file=$work/gobgp/pid" "$@" ;;
	esac
	(cd "$work" && timeout -k 1 60 "$device" "driver=$driver" host=127.0.0.1 "port=$ssh_port" "user=$me" "key_file=$work/key" "host_key=$host_key" "arg.state_dir=$work/state-$driver" "$@")
}
