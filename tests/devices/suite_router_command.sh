#!/bin/bash
# A router of the book: its secrets sealed, its host key confirmed by a person, `peerage router`, and the action for the key that it showed.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/devices/rig.sh"

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
says "a router without a driver" 'names the driver "none", which there is not; there are .*bird.*frr' "$(sql "UPDATE platform SET napalm_driver = 'none' WHERE slug = 'bird-2'"; peerage router facts r1)"
