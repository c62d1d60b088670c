# peers.sh: scripted routers for the suites of src/devices. A suite sets $driver, starts one way of reaching its router (ssh_peer, password_peer, https_peer),
# makes the router (peer_new) and talks to it (drive).
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
. "$top/tests/devices/rig.sh"

peers=$top/tests/devices/peers
recorded=$top/tests/data/devices


# peer_new NAME ANSWERS: a router with a configuration of its own; sets $peer (its folder)
peer_new() {
	peer=$work/peer-$1
	rm -rf "$peer"; mkdir -p "$peer"
	[ -z "${2:-}" ] || ln -s "$recorded/$2" "$peer/answers"
}
peer_has() { "$peers/peer.py" "$peer" show "$1"; }
peer_set() { "$peers/peer.py" "$peer" set "$1" "$2"; }
fault() { printf '%s\n' "$@" > "$peer/fault"; }
no_fault() { rm -f "$peer/fault"; }

# ---- how they are reached: sets $peer_port and $right_pin ----

# ssh_peer LINE: a real sshd with that line in its configuration; a key signs in
ssh_peer() {
	sshd_extra=$1
	start_sshd
	peer_port=$ssh_port right_pin=$host_key by_key=yes
}
# password_peer OPTION...: an SSH server that knows a password, and starts what ssh_server's options say
password_peer() {
	ssh-keygen -q -t ed25519 -N '' -f "$work/host"
	right_pin="ssh-ed25519 $(ssh-keygen -lf "$work/host.pub" | awk '{ print $2 }')"
	peer_port=$(free_port)
	"$build/tests/tools/ssh_server" "$peer_port" "$work/host" peerage 'se cret' "$@" > "$work/server.log" 2>&1 & pids+=($!)
	until_true 10 bash -c "exec 3<> /dev/tcp/127.0.0.1/$peer_port" || die "ssh_server: $(cat "$work/server.log")"
}
# https_peer PROGRAM ANSWERS: one of the drivers' name with an API over TLS
https_peer() {
	api=$1
	certificate "$work/cert1"
	right_pin=$(pin_of "$work/cert1.crt")
	peer_port=$(free_port)
	peer_new "$driver" "$2"
	start_peer "$work/cert1"
}

certificate() { # FILE: a key and a certificate for 127.0.0.1 that nobody else signed
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=r1 -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$1" -out "$1.crt" 2> /dev/null && cat "$1.crt" >> "$1"
}
start_peer() { # CERTIFICATE: $api at $peer_port, with the folder $peer
	"$peers/$api" "$peer" "$peer_port" "$1" 2> "$work/peer.log" & pids+=($!) peer_pid=$!
	until_true 10 bash -c "exec 3<> /dev/tcp/127.0.0.1/$peer_port" || die "the scripted router: $(cat "$work/peer.log")"
}
stop_peer() { kill "$peer_pid"; wait "$peer_pid" 2> /dev/null; }
pin_of() { echo "tls sha256//$(openssl x509 -in "$1" -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64)"; }
# Steps for the router at $peer_port; $options: more of them, $key, $secret, $pin: others than the right ones.
drive() {
	local who=(user=peerage "password=${secret-se cret}")
	[ -z "${by_key:-}" ] || who=("user=$me" "key_file=${key-$work/key}")
	timeout -k 1 60 "$device" "driver=$driver" name=r1 host=127.0.0.1 "port=$peer_port" "${who[@]}" "host_key=${pin-$right_pin}" \
		seconds="${seconds:-20}" connect_seconds=5 "${options[@]}" "$@"
}
options=()

# NAPALM's own reading of a recorded answer, and ours in its words. What it does not count is left out of both.
napalm_read() {
	jq -r 'to_entries[] | (if .key == "global" or .key == "default" then "" else .key end) as $vrf | .value.peers | to_entries[] |
	    (.value.address_family | [map(.received_prefixes), map(.accepted_prefixes), map(.sent_prefixes)] |
	        map(map(select(. >= 0)) | if length == 0 then -1 else add end)) as $n |
	    "neighbour=\(.key) vrf=\($vrf) asn=\(.value.remote_as) up=\(.value.is_up) shutdown=\(.value.is_enabled | not) received=\($n[0]) accepted=\($n[1]) advertised=\($n[2]) uptime=\(.value.uptime) description=\(.value.description)"' "$1" | sort
}
as_napalm() {
	sed -nE '/^neighbour=/{ s/state=established/up=true/; s/state=[a-z]*/up=false/; s/shutdown=0/shutdown=false/; s/shutdown=1/shutdown=true/; s/ reset=.* description=/ description=/; p; }' | sort
}
counted() { sed -E "/$1/s/received=.* uptime/uptime/"; }

# life DRIVER: the life of a change on the scripted router $peer, driven by `drive` (a function of the suite that reads steps). The texts are made of
# $old and $new (a line each that the router takes). $unit: seconds to ask for; with the folder's `minute` its timer then runs for $real seconds. $checks is "no" where the
# router only sees what is wrong when it runs it: it must have gone back when the commit returns.
life() {
	local d=$1 out
	printf '%s\n' "$base" "$old" > "$work/old"; printf '%s\n' "$base" "$new" > "$work/new"
	printf '%s\n' "$base" "bogus line" > "$work/bad"; printf '%s\n' "$base" "$uncommittable" > "$work/late"
	peer_set running "$(cat "$work/old")
"
	out=$(drive <<< "open
stage bad-1 $mode $work/bad
check
commit $unit
stage none-1 $mode $work/new
commit $unit
discard
commit $unit")
	says "$d: a syntax error is told" "^error $([ "${checks:-}" = no ] && echo upstream commit || echo invalid check) .*" "$out"
	holds "$d: and never committed, nor is what was not checked, nor what was discarded" [ "$(grep -c '^error conflict .*\(was not checked\|nothing is staged\)' <<< "$out")" -ge "$([ "${checks:-}" = no ] && echo 2 || echo 3)" ]
	same "$d: nothing waits" null "$(peer_has pending)"
	never "$d: no commit of these" '^ok commit' "$out"
	same "$d: it runs what it ran" "$(cat "$work/old")" "$(peer_has running)"
	if [ -n "$uncommittable" ]; then
		out=$(drive <<< "open
stage late-1 $mode $work/late
check
commit $unit
close")
		says "$d: what the router finds in its own check" '^error invalid check .*ommit' "$out"
		says "$d: is not committed" '^error conflict' "$out"
	fi

	# confirmed on a new connection
	out=$(drive <<< "open
stage one-1 $mode $work/new
check
diff
commit $unit planned work")
	says "$d: the difference" "^[-+ ]*\\+ *$new" "$out"
	says "$d: committed with a timer" '^ok commit' "$out"
	says "$d: it runs the change" "^ *$new" "$(peer_has running)"
	says "$d: the timer runs" deadline "$(peer_has pending)"
	out=$(drive <<< "open
pending one-1
pending other-1
stage two-1 $mode $work/old
confirm other-1
confirm one-1
pending one-1
confirm one-1
rollback one-1")
	says "$d: it waits, seen from a new connection" '^pending=1 ' "$out"
	same "$d: ${names_it:+(it does not tell whose)} another change does not, nor this one after its confirmation" "$([ -z "${names_it:-}" ] && echo 2 || echo 1)" "$(grep -c '^pending=0 seconds=-1' <<< "$out")"
	says "$d: a second change is refused meanwhile" '^error conflict locked' "$out"
	same "$d: another, a second time, taking it back: there is no such change" 3 "$(grep -c '^error not_found none' <<< "$out")"
	says "$d: confirmed" '^ok confirm' "$out"
	same "$d: and its timer is gone" null "$(peer_has pending)"
	says "$d: it runs the change still" "^ *$new" "$(peer_has running)"
	says "$d: and would after a restart" "^ *$new" "$(peer_has startup)"

	# rolled back by hand
	peer_set running "$(cat "$work/old")
"
	out=$(drive <<< "open
stage three-1 $mode $work/new
check
commit $unit
close
open
rollback three-1
pending three-1
confirm three-1")
	says "$d: rolled back by hand" '^ok rollback' "$out"
	same "$d: it runs what it ran" "$(cat "$work/old")" "$(peer_has running)"
	says "$d: and there is nothing to confirm" '^error not_found none' "$out"

	# by its timer, with nobody there
	echo "$quick" > "$peer/minute"
	out=$(drive <<< "open
stage four-1 $mode $work/new
check
commit $unit")
	says "$d: committed, to be left alone" '^ok commit' "$out"
	gone() { [ "$(peer_has pending)" = null ]; }
	holds "$d: the timer runs out" until_true 10 gone
	same "$d: and the router has gone back" "$(cat "$work/old")" "$(peer_has running)"
	says "$d: a confirmation comes too late" '^error not_found none' "$(drive <<< "open
confirm four-1")"
	rm -f "$peer/minute"

	# for good
	out=$(drive <<< "open
stage five-1 $mode $work/new
check
commit 0")
	says "$d: committed for good" '^ok commit' "$out"
	same "$d: without a timer" null "$(peer_has pending)"
	says "$d: kept over a restart" "^ *$new" "$(peer_has startup)"
	peer_set running "$(cat "$work/old")
"
}

# After life: cuts DRIVER PLACE ...: the connection ends at each of these places of a change, or right after the last of them, the commit.
cuts() {
	local d=$1 before at out; shift
	before=$(peer_has running)
	for at; do
		fault "cut $at"
		out=$(drive <<< "open
stage cut-1 $mode $work/new
check
diff
commit $unit")
		says "$d: cut at $at" '^error upstream cut' "$out"
		no_fault
		[ "$(peer_has pending)" = null ] || drive <<< 'open
rollback cut-1' > /dev/null
		same "$d: cut at $at: it runs what it ran" "$before" "$(peer_has running)"
		says "$d: cut at $at: the next change is taken" '^ok check' "$(drive <<< "open
stage again-1 $mode $work/new
check
discard")"
	done
	fault "cut-after $(sed s/cut-1/cut-2/ <<< "$at")"
	out=$(drive <<< "open
stage cut-2 $mode $work/new
check
commit $unit
close
open
pending cut-2
rollback cut-2")
	no_fault
	says "$d: cut after the commit: it is not known to have worked" '^error upstream cut' "$out"
	says "$d: but the router says that it waits" '^pending=1' "$out"
	says "$d: and is asked to go back" '^ok rollback' "$out"
	same "$d: and has gone back" "$before" "$(peer_has running)"
}

# answers DRIVER PLACE STEP: garbage, megabytes and silence instead of an answer there.
answers() {
	local d=$1 step=$3
	fault "garbage $2"
	says "$d: garbage" '^error upstream garbage' "$(drive <<< "open
$step")"
	fault "flood $2"
	says "$d: 80 megabytes" '^error too_large limit|^error upstream garbage' "$(drive <<< "open
$step")"
	fault "hang $2"
	says "$d: no answer" '^error timeout time' "$(seconds=1 drive connect_seconds=1 <<< "open
$step")"
	no_fault
}
