#!/bin/bash
# Polling against daemons that run: BIRD and FRR peer with each other over the loopback, a session goes down and comes up, and the history says so;
# beside them a router that is away and one that talks nonsense.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/devices/rig.sh"

start_postgres
start_redis
user admin true true > /dev/null
start_sshd
choose_ports
start_bird
start_frr
"$build/peerage-runner" -n 4 --poll 0.2 2> "$work/runner.log" &
pids+=($!)
start_handlers
start_nginx
until_true 10 grep -q "takes jobs" "$work/runner.log" || die "runner: $(cat "$work/runner.log")"
bird_up() { birdc -s "$work/bird/ctl" show protocols all frr1 | grep -q '1 imported, 2 exported'; }
until_true 20 bird_up || die "BIRD and FRR do not peer"

# ---- the book: BIRD's AS 65002 with its peers, and routers that cannot be read ----

(umask 077; printf '%s' "$(cat "$work/key")" > "$work/key.txt")
made() { api POST "$1" "$2"; [ "$status" = 201 ] || die "POST $1: $status $body"; id=$(j .id); }
for n in 65001 65002 65003; do made /api/peering/autonomous-systems/ "{\"asn\":$n,\"name\":\"AS$n\",\"affiliated\":$([ $n = 65002 ] && echo true || echo false)}"; eval "as$n=$id"; done
made /api/bgp/relationships/ '{"name":"Peer","slug":"peer"}'; relationship=$id
made /api/devices/platforms/ '{"name":"BIRD","slug":"bird-2","napalm_driver":"bird"}'; platform=$id
router() { # NAME PORT SOCKET
	made /api/devices/routers/ "{\"name\":\"$1\",\"hostname\":\"127.0.0.1\",\"platform\":$platform,\"local_autonomous_system\":$as65002,\"poll_bgp_sessions_state\":true,
		\"napalm_username\":\"$me\",\"napalm_timeout\":5,\"napalm_args\":{\"socket\":\"$3\",\"file\":\"$work/bird/bird.conf\"}}"
	sql "UPDATE router SET management_port = $2, host_key = '$host_key', private_key = pg_read_file('$work/key') WHERE id = $id" > /dev/null
}
router bird1 "$ssh_port" "$work/bird/ctl"; bird1=$id
router away "$(free_port)" "$work/bird/ctl"; away=$id
router nonsense "$ssh_port" "$work/bird/nonsense"; nonsense=$id
session() { made /api/peering/direct-peering-sessions/ "{\"local_autonomous_system\":$as65002,\"autonomous_system\":$1,\"ip_address\":\"$2\",\"relationship\":$relationship,\"router\":$3,\"multihop_ttl\":5}"; }
session "$as65001" 127.0.0.1 "$bird1"; up=$id
session "$as65003" 127.0.0.3 "$bird1"; down=$id
session "$as65003" 127.0.0.9 "$bird1"; unknown=$id
session "$as65001" 127.0.0.1 "$away"; elsewhere=$id
made /api/peering/bgp-groups/ '{"name":"Peers","slug":"peers"}'; group=$id
api PATCH "/api/peering/direct-peering-sessions/$up/" "{\"bgp_group\":$group}"

of() { sql "SELECT $2 FROM direct_peering_session WHERE id = $1"; }
states() { sql "SELECT string_agg(bgp_state, ' ' ORDER BY began) FROM session_state WHERE object_id = $1 AND object_type_id = (SELECT id FROM object_type WHERE table_name = 'direct_peering_session')"; }

# ---- one router ----

changes=$(sql "SELECT count(*) FROM object_change")
out=$("$build/peerage" poll --wait 20 bird1 2>&1); same "the command tells that it went well" "0 bird1: job completed" "$? $(sed 's/job [0-9]*: /job /' <<< "$out")"
same "what is up is established" "established|1|1|2" "$(of "$up" "bgp_state || '|' || received_prefix_count || '|' || accepted_prefix_count || '|' || advertised_prefix_count")"
same "when it was last seen so" t "$(of "$up" "last_established_state > now() - interval '1 minute'")"
same "what is down is not" t "$(of "$down" "bgp_state IN ('active', 'connect', 'idle') AND last_established_state IS NULL")"
same "what the router does not have has no state" t "$(of "$unknown" "bgp_state IS NULL")"
same "of another router nothing is known" t "$(of "$elsewhere" "bgp_state IS NULL")"
same "polling is no change of the book" "$changes" "$(sql "SELECT count(*) FROM object_change")"
same "how it went is kept" "t||0|t|3|2" "$(sql "SELECT succeeded > now() - interval '1 minute', error, failures, milliseconds > 0, neighbours, sessions FROM router_poll WHERE router_id = $bird1")"
api GET "/api/devices/routers/$bird1/"
holds "the router tells when it was asked" test "$(j '.poll_bgp_sessions_last_updated')" != null
same "one interval" established "$(states "$up")"

# ---- it goes down, and up again ----

birdc -s "$work/bird/ctl" disable frr1 > /dev/null
api POST "/api/devices/routers/$bird1/poll-bgp-sessions/"; want "a router answers with its job" 202
same "of that name" devices.router.poll_bgp_sessions "$(j .name)"
ended() { [ "$(sql "SELECT count(*) FROM job WHERE status IN ('pending', 'running')")" = 0 ]; }
until_true 20 ended || fail "the poll does not end"
same "down" t "$(of "$up" "bgp_state <> 'established' AND received_prefix_count = 0")"
birdc -s "$work/bird/ctl" enable frr1 > /dev/null
until_true 20 bird_up || fail "the session does not come back"
api POST "/api/peering/direct-peering-sessions/$up/poll/"; want "a session answers once it was asked" 200 ""
same "up again" established "$(of "$up" bgp_state)"
same "the history says so" "established idle established" "$(states "$up")"
same "without holes" 0 "$(sql "SELECT count(*) FROM (SELECT ended, lead(began) OVER (PARTITION BY object_type_id, object_id ORDER BY began) AS next FROM session_state) x WHERE next IS NOT NULL AND ended IS DISTINCT FROM next")"
api GET "/api/peering/direct-peering-sessions/$up/history/"; want "its history" 200
same "flaps, states, the reason" "1 1 3 true" "$(j '"\(.flaps_day) \(.flaps) \(.states | length) \(.longest_outage >= 0 and (.states[1].reason | length) > 0)"')"
same "prefixes over time" "1 0 1" "$(j '[.prefixes[].accepted_prefix_count] | join(" ")')"

# a flap between two polls: the session is younger than the last poll
sql "UPDATE session_state SET began = began - interval '1 hour', ended = ended - interval '1 hour'; UPDATE router_poll SET succeeded = succeeded - interval '10 minutes'" > /dev/null
birdc -s "$work/bird/ctl" restart frr1 > /dev/null
until_true 20 bird_up || fail "the session does not come back"
"$build/peerage" poll --wait 20 bird1 > /dev/null
same "a flap between two polls is seen" "established idle established established" "$(states "$up")"

# ---- its secrets stand nowhere to be read: neither while the job runs nor afterwards, be they right or wrong ----

printf '#!/bin/sh\ntouch "%s"\nwhile [ ! -e "%s" ]; do sleep 0.05; done\nexec "$@"\n' "$work/asked" "$work/go" > "$work/slow.sh"; chmod +x "$work/slow.sh"
line=$(sed -n 5p "$work/locked")
was=$(sql "SELECT private_key FROM router WHERE id = $bird1")
"$build/peerage" set router name=bird1 "private_key=$(cat "$work/locked")" "napalm_password=pass phrase" > /dev/null
same "sealed in the database" "seal1: seal1:" "$(sql "SELECT left(napalm_password, 6) || ' ' || left(private_key, 6) FROM router WHERE id = $bird1")"
sql "UPDATE router SET napalm_args = napalm_args || jsonb_build_object('prefix', '$work/slow.sh') WHERE id = $bird1" > /dev/null
"$build/peerage" poll --wait 20 bird1 > "$work/told" 2>&1 & told=$!
until_true 20 test -e "$work/asked" || fail "it does not come to ask: $(cat "$work/told")"
{ printf '%s\n' 'pass phrase' 'wrong phrase' "$line"; } > "$work/secrets"
seen() { cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2> /dev/null | tr '\0' '\n' | grep -cFf "$work/secrets"; }
sh -c 'sleep 5; :' 'pass phrase' & bait=$!
same "such a look finds what is there" 1 "$(seen)"
kill $bait; wait $bait 2> /dev/null
same "while the job runs: in no process's arguments or environment" 0 "$(seen)"
holds "the job runs meanwhile" test "$(sql "SELECT count(*) FROM job WHERE status = 'running'")" = 1
touch "$work/go"
wait $told; same "and goes well" 0 $?
"$build/peerage" set router name=bird1 "napalm_password=wrong phrase" > /dev/null
"$build/peerage" poll --wait 20 bird1 > "$work/told" 2>&1
same "a wrong passphrase" 6 $?
holds "is told as such" grep -q 'not its passphrase' "$work/told"
api GET "/api/devices/routers/$bird1/"
cp "$work/body" "$work/api.log"
api GET "/api/core/object-changes/?limit=1000"
cp "$work/body" "$work/changes.log"
"$pg_bin/pg_dump" -h "$work" -U peerage peerage > "$work/dump.log"
holds "the dump is one" grep -q 'not its passphrase' "$work/dump.log"
same "afterwards: in no log, dump, change or answer" "" "$(grep -lFf "$work/secrets" "$work"/*.log "$work/told")"
sql "UPDATE router SET private_key = '$was', napalm_password = NULL, napalm_args = napalm_args - 'prefix' WHERE id = $bird1" > /dev/null

# ---- those that cannot be read hurt nobody ----

mkfifo "$work/unused" 2> /dev/null
printf '#!/bin/sh\nhead -c 3000000 /dev/urandom\n' > "$work/nonsense.sh"; chmod +x "$work/nonsense.sh"
sql "UPDATE router SET napalm_args = napalm_args || jsonb_build_object('prefix', '$work/nonsense.sh') WHERE id = $nonsense" > /dev/null
out=$("$build/peerage" poll --wait 40 --all 2>&1); code=$?
same "one away, one talking nonsense: the command fails" 6 "$code"
same "and says which" "away failed,bird1 completed,nonsense failed" "$(sed -E 's/^([a-z0-9]+): job [0-9]+: ([a-z]+).*/\1 \2/' <<< "$out" | sort | paste -sd,)"
same "the error is kept" "1 t t" "$(sql "SELECT failures || ' ' || CASE WHEN length(error) > 10 THEN 't' ELSE 'f' END || ' ' || CASE WHEN succeeded IS NULL THEN 't' ELSE 'f' END FROM router_poll WHERE router_id = $away")"
same "nonsense changes no session" established "$(of "$up" bgp_state)"
api POST "/api/peering/direct-peering-sessions/$elsewhere/poll/"; want "a session of a router that is away" 503 ""
api POST "/api/peering/direct-peering-sessions/$unknown/poll/"; want "a session that the router does not have" 503 ""
api PATCH "/api/devices/routers/$away/" '{"poll_bgp_sessions_state":false}'
api POST "/api/peering/direct-peering-sessions/$elsewhere/poll/"; want "of a router that is not to be polled" 503 ""

# ---- of an AS, a group, all ----

api POST "/api/peering/autonomous-systems/$as65003/poll-bgp-sessions/"; want "an AS" 202
same "one job a router" 1 "$(j length)"
api POST "/api/peering/autonomous-systems/$as65002/poll-bgp-sessions/"; want "an AS without sessions: no job" 202 "[]"
api POST "/api/peering/bgp-groups/$group/poll-bgp-sessions/"; want "a group" 202
same "about that router" "$bird1" "$(j '.[0].object_id')"
made /api/peering/internet-exchanges/ "{\"name\":\"IX\",\"slug\":\"ix\",\"local_autonomous_system\":$as65002}"
api POST "/api/peering/internet-exchanges/$id/poll-bgp-sessions/"; want "an exchange without sessions" 202 "[]"
until_true 30 ended || fail "polls do not end"
"$build/peerage" schedule run 'Poll routers' > /dev/null
until_true 30 ended || fail "the scheduled poll does not end"
same "the schedule asks each router that is to be asked" "bird1 nonsense" "$(sql "SELECT string_agg(r.name, ' ' ORDER BY r.name) FROM job j JOIN router r ON r.id = j.object_id WHERE j.name = 'devices.router.poll_bgp_sessions' AND j.queue = 'low'")"

# ---- rights ----

reader=$(user reader); grant "$reader" view
who=reader
api POST "/api/devices/routers/$bird1/poll-bgp-sessions/"; want "reading is not enough to poll a router" 403
api POST "/api/peering/direct-peering-sessions/$up/poll/"; want "nor a session" 403
grant "$reader" change '' peering.directpeeringsession
api POST "/api/devices/routers/$bird1/poll-bgp-sessions/"; want "nor the right to sessions of one kind" 403
api POST "/api/peering/direct-peering-sessions/$up/poll/"; want "a session then is" 200
grant "$reader" change '' peering.internetexchangepeeringsession
api POST "/api/devices/routers/$bird1/poll-bgp-sessions/"; want "with both" 202
who=admin
until_true 30 ended

# ---- where it is seen ----

jar=$work/jar
curl -s -o /dev/null -c "$jar" "$url/login/"
curl -s -o /dev/null -b "$jar" -c "$jar" -d username=admin -d "password=$password" -d "csrfmiddlewaretoken=$(awk '$6 == "csrftoken" { print $7 }' "$jar")" "$url/login/"
page() { curl -s -b "$work/jar" "$url$1"; }
page "/direct-peering-sessions/$up/" > "$work/page.html"
holds "the session's page has a strip" grep -q 'svg class="history"' "$work/page.html"
holds "with a rectangle for each state" test "$(grep -o 'rect class="fill-' "$work/page.html" | wc -l)" -ge 3
holds "and tells how often it went down" grep -q 'Went down 2 times in the last day' "$work/page.html"
for p in "/autonomous-systems/$as65001/" "/devices/routers/$bird1/" "/bgp-groups/$group/"; do
	page "$p" > "$work/page.html"
	holds "$p has lines" grep -q 'svg class="prefixes"' "$work/page.html"
done
page "/devices/routers/$nonsense/" > "$work/page.html"
holds "the router's page tells what failed" grep -q 'Poll failed' "$work/page.html"
api GET /metrics
same "metrics of routers" "1 0" "$(sed -n 's/^peerage_router_poll_success{router="\(bird1\|nonsense\)"} //p' <<< "$body" | paste -sd' ')"
holds "metrics of flaps" grep -q "^peerage_bgp_session_flaps_last_day{type=\"direct\",id=\"$up\".*} 2$" <<< "$body"

# ---- sessions that only the router knows ----

made /api/peering/internet-exchanges/ "{\"name\":\"Lab\",\"slug\":\"lab\",\"local_autonomous_system\":$as65002}"; lab=$id
made /api/net/connections/ "{\"internet_exchange_point\":$lab,\"router\":$bird1,\"ipv4_address\":\"127.0.0.2/24\"}"; connection=$id
api DELETE "/api/peering/direct-peering-sessions/$down/"
api POST "/api/peering/internet-exchanges/$lab/import-sessions/"; want "an exchange answers with its job" 202
job=$(j .id)
same "of that name" peering.internet_exchange.import_sessions "$(j .name)"
until_true 30 ended || fail "the import does not end"
same "it found those in its LAN that the book lacks" "127.0.0.3 65003 $connection exchange,127.0.0.4 65004 $connection exchange" \
	"$(sql "SELECT string_agg(concat_ws(' ', f->>'address', f->>'asn', f->>'connection_id', f->>'kind'), ',' ORDER BY f->>'address') FROM job, jsonb_array_elements(result->'found') f WHERE job.id = $job")"
same "and made none" 0 "$(sql "SELECT count(*) FROM internet_exchange_peering_session")"
page "/internet-exchange-peering-sessions/found/?job=$job" > "$work/page.html"
holds "the page lists them" test "$(grep -c '<td class="tick">' "$work/page.html")" = 2
csrf=$(sed -n 's/.*name="csrfmiddlewaretoken" value="\([^"]*\)".*/\1/p' "$work/page.html" | head -1)
make_found() { curl -s -o "$work/page.html" -w '%{http_code}' -b "$jar" -c "$jar" -d "csrfmiddlewaretoken=$csrf" "$@" "$url/internet-exchange-peering-sessions/found/"; }
same "a wrong AS number is refused" 400 "$(make_found -d "job=$job" -d session=0 -d session=1 -d asn.0=65003 -d asn.1=0)"
same "and nothing is made" 0 "$(sql "SELECT count(*) FROM internet_exchange_peering_session")"
same "what is ticked is made" 302 "$(make_found -d "job=$job" -d session=1 -d asn.1=65004)"
same "through the store, with its AS" "127.0.0.4 65004 enabled 2" "$(sql "SELECT host(s.ip_address), a.asn, s.status, (SELECT count(*) FROM object_change c WHERE c.request_id = (SELECT request_id FROM object_change ORDER BY id DESC LIMIT 1))
	FROM internet_exchange_peering_session s JOIN autonomous_system a ON a.id = s.autonomous_system_id" | tr '|' ' ')"
sql "UPDATE connection SET ipv4_address = '192.0.2.1/24' WHERE id = $connection" > /dev/null
api POST "/api/peering/bgp-groups/$group/import-sessions/"; want "a group" 202
job=$(j .id)
until_true 30 ended
same "has direct ones" "127.0.0.3 direct" "$(sql "SELECT string_agg((f->>'address') || ' ' || (f->>'kind'), ',') FROM job, jsonb_array_elements(result->'found') f WHERE job.id = $job")"
same "made with relationship and group" 302 "$(make_found -d "job=$job" -d session=0 -d "relationship=$relationship" -d "bgp_group=$group")"
same "as the form said" "127.0.0.3 $relationship $group $bird1" "$(sql "SELECT host(ip_address), relationship_id, bgp_group_id, router_id FROM direct_peering_session WHERE host(ip_address) = '127.0.0.3'" | tr '|' ' ')"
who=reader
api POST "/api/peering/internet-exchanges/$lab/import-sessions/"; want "without the right to add" 403
who=admin

# ---- old ones go ----

sql "UPDATE session_state SET began = began - interval '500 days', ended = ended - interval '500 days' WHERE ended IS NOT NULL;
	INSERT INTO session_history SELECT h.object_type_id, h.object_id, now() - interval '30 days' + n * interval '1 minute', 'established', n, n, n FROM session_history h, generate_series(1, 59) n
	WHERE h.object_id = $up AND h.time = (SELECT max(time) FROM session_history WHERE object_id = $up)" > /dev/null
"$build/peerage" schedule run Housekeeping > /dev/null
until_true 30 ended
same "states that ended long ago" 0 "$(sql "SELECT count(*) FROM session_state WHERE ended < now() - interval '400 days'")"
holds "of old counts one an hour" test "$(sql "SELECT count(*) FROM session_history WHERE time < now() - interval '7 days'")" -le 2
api DELETE "/api/peering/direct-peering-sessions/$up/"
same "and with the session all of it" 0 "$(sql "SELECT count(*) FROM session_state WHERE object_id = $up")"
