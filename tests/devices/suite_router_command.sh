#!/bin/bash
# A router of the book: its secrets sealed, its host key confirmed by a person, `peerage router`, and the action for the key that it showed.
. "$(dirname "$0")/peers.sh"

start_postgres
choose_ports
start_sshd
start_bird
peerage() { "$build/peerage" "$@" 2>&1; }
fingerprint=${host_key#* }

sql "INSERT INTO autonomous_system (asn, name, affiliated) VALUES (65002, 'Ours', true)" > /dev/null
sql "INSERT INTO platform (name, slug, napalm_driver, napalm_args) VALUES ('BIRD', 'bird-2', 'bird2', '{\"file\": \"$work/bird/bird.conf\", \"socket\": \"/nowhere\"}')" > /dev/null
says "a router" . "$(peerage add router name=r1 hostname=127.0.0.1 "management_port=$ssh_port" platform="$(sql "SELECT id FROM platform WHERE slug = 'bird-2'")" \
	local_autonomous_system="$(sql 'SELECT id FROM autonomous_system')" "napalm_username=$me" napalm_password=topsecret "private_key=$(tr -d '\n' < "$work/key")" \
	"napalm_args={\"socket\": \"$work/bird/ctl\", \"state_dir\": \"$work/state\"}")"
same "its secrets are sealed" "seal1: seal1:" "$(sql "SELECT left(napalm_password, 6) || ' ' || left(private_key, 6) FROM router")"
same "and are in no change log" 0 "$(sql "SELECT count(*) FROM object_change WHERE postchange_data::text ~ 'topsecret|BEGIN OPENSSH'")"

out=$(peerage router facts r1)
says "nothing is asked before the host key is confirmed" "shows the host key ${host_key//+/.}, which nobody has confirmed" "$out"
same "what it showed is remembered" "$host_key" "$(sql 'SELECT host_key_offered FROM router')"
says "another fingerprint is not taken" 'that is not SHA256:nothing' "$(peerage router trust r1 SHA256:nothing)"
says "nor a no" 'not confirmed; nothing was changed' "$(echo no | peerage router trust r1)"
same "nothing is pinned" "" "$(sql 'SELECT host_key FROM router')"
says "the right one is" '^confirmed' "$(peerage router trust r1 "$fingerprint")"
same "pinned" "$host_key" "$(sql 'SELECT host_key FROM router')"
says "facts" '"version": "2\.' "$(peerage router facts r1)"
says "neighbours" '^127.0.0.1 .* 65001 ' "$(peerage router neighbours r1)"
says "neighbours as JSON" '"address": ?"127.0.0.3"' "$(peerage --json router neighbours r1)"
says "the running configuration" '^router id 10.0.0.2;' "$(peerage router running r1)"
says "no change waits" 'peerage-1 does not wait' "$(peerage router pending r1 peerage-1)"
says "nothing to confirm" 'does not wait for a confirmation' "$(peerage router confirm r1 peerage-1)"

sql "UPDATE router SET host_key = 'ssh-ed25519 SHA256:old'" > /dev/null
says "a changed key is refused" 'SHA256:old was confirmed' "$(peerage router facts r1)"
says "the action takes the one that was shown" . "$(peerage action router trust-host-key name=r1)"
same "and pins it" "$host_key" "$(sql 'SELECT host_key FROM router')"

# ---- its jump host: the same, one after the other ----

sql "UPDATE router SET jump_host = '127.0.0.1:$ssh_port', host_key = ''" > /dev/null
says "nobody confirmed the jump host" "the jump host 127.0.0.1 shows the host key ${host_key//+/.}, which nobody has confirmed" "$(peerage router facts r1)"
same "what it showed is remembered" "$host_key" "$(sql 'SELECT jump_host_key_offered FROM router')"
says "the action takes it first" "the host key of this router's jump host" "$(peerage action router trust-host-key name=r1)"
same "and pins it alone" "$host_key|" "$(sql 'SELECT jump_host_key, host_key FROM router')"
says "then the router's" 'the host key of this router\.' "$(peerage action router trust-host-key name=r1)"
says "all the way" '"version": "2\.' "$(peerage router facts r1)"
sql "UPDATE router SET jump_host_key = 'ssh-ed25519 SHA256:old'" > /dev/null
says "a changed one is refused" 'the jump host .* SHA256:old was confirmed' "$(peerage router facts r1)"
says "the command shows which it is about" "^the jump host of r1 .*port $ssh_port\) shows the key ${host_key//+/.}" "$(peerage router trust r1 "$fingerprint")"
says "and goes on" '"version": "2\.' "$(peerage router facts r1)"

# ---- a password for the privileged mode is a secret of its own, wherever it comes from ----

driver=ios
peer_port=$(free_port)
"$build/tests/tools/ssh_server" "$peer_port" "$work/host" peerage 'se cret' --shell "exec $peers/ios.py $work/peer-ios" > "$work/server.log" 2>&1 & pids+=($!)
until_true 10 bash -c "exec 3<> /dev/tcp/127.0.0.1/$peer_port" || die "ssh_server: $(cat "$work/server.log")"
peer_new ios ios/normal
touch "$peer/user"
says "a router with NAPALM's argument for enable" . "$(peerage add router name=r2 hostname=127.0.0.1 "management_port=$peer_port" platform="$(sql "SELECT id FROM platform WHERE slug = 'cisco-ios'")" \
	local_autonomous_system="$(sql 'SELECT id FROM autonomous_system')" napalm_username=peerage 'napalm_password=se cret' "host_key=$host_key" 'napalm_args={"secret": "not that", "x": 1}')"
same "it is sealed, and no argument any more" '{"x": 1} seal1:' "$(sql "SELECT napalm_args::text || ' ' || left(enable_secret, 6) FROM router WHERE name = 'r2'")"
same "nor in the change log" 0 "$(sql "SELECT count(*) FROM object_change WHERE postchange_data::text LIKE '%not that%'")"
says "the router is given it" 'gets no privileged mode' "$(peerage router facts r2)"
says "that of the platform" . "$(peerage set platform slug=cisco-ios 'enable_secret=se cret')"
sql "UPDATE router SET enable_secret = NULL WHERE name = 'r2'" > /dev/null
says "stands in for one of its own" '"version": "17' "$(peerage router facts r2)"
says "a router without a driver" 'names the driver "none", which there is not; there are .*bird.*frr' "$(sql "UPDATE platform SET napalm_driver = 'none' WHERE slug = 'bird-2'"; peerage router facts r1)"
