#!/bin/bash
# Polling: ROUTERS simulated routers with NEIGHBOURS neighbours each, over a real sshd behind a relay that holds every packet back for half a round
# trip in each direction. The sshd answers as BIRD does, with the output of a real one whose block of a neighbour is repeated. Ideal is round
# trips x latency / parallelism; the round trips are counted by the relay: how often the direction changes on a connection, and one for TCP.
# Then the same answers once more, each session changed, with twice as many jobs at a time: how many neighbours are recorded a minute.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/devices/rig.sh"
routers=${1:-200} neighbours=${2:-200} children=${3:-8} latency=${4:-50}
start_postgres
start_redis
start_sshd
cat > "$work/relay.py" <<'P'
# relay.py PORT TO MILLISECONDS STATS: each direction is half of it late; TCP's own round trip is waited for before the first byte
import asyncio, sys
port, to, late, stats = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 2000, sys.argv[4]
total = [0, 0]
async def pump(reader, writer, side, turn):
    loop, queue = asyncio.get_running_loop(), asyncio.Queue()
    async def out():
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                break
            writer.write(data)
        try: writer.close()
        except Exception: pass
    task = asyncio.create_task(out())
    try:
        while data := await reader.read(65536):
            if turn[0] != side:
                turn[0] = side
                turn[1] += 1
            queue.put_nowait((loop.time() + late, data))
    except ConnectionError:
        pass
    queue.put_nowait((loop.time() + late, b""))
    await task
async def serve(r, w):
    await asyncio.sleep(2 * late)
    turn = [None, 0]
    r2, w2 = await asyncio.open_connection("127.0.0.1", to)
    await asyncio.gather(pump(r, w2, 0, turn), pump(r2, w, 1, turn))
    total[0] += 1
    total[1] += turn[1] / 2 + 1
    open(stats, "w").write("%d %.2f\n" % (total[0], total[1] / total[0]))
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", port, backlog=512) as s:
        await s.serve_forever()
asyncio.run(main())
P
relay=$(free_port)
python3 "$work/relay.py" "$relay" "$ssh_port" "$latency" "$work/stats" &
pids+=($!)

# what BIRD 2 prints of a neighbour
answer() { # STATE PREFIXES
	echo "BIRD 2.0.12 ready."
	echo "BIRD 2.0.12"; echo "Router ID is 10.0.0.2"; echo "Hostname is bench"
	echo "Current server time is $(date '+%Y-%m-%d %H:%M:%S').000"; echo "Last reboot on 2026-01-01 00:00:00.000"
	echo "Last reconfiguration on 2026-01-01 00:00:00.000"; echo "Daemon is up and running"
	echo "BIRD 2.0.12 ready."; echo "Name       Proto      Table      State  Since         Info"
	awk -v n="$neighbours" -v state="$1" -v p="$2" 'BEGIN { for (i = 1; i <= n; i++) printf "peer%d      BGP        ---        %s  2026-01-01 00:00:00  %s   \n" \
		"  BGP state:          %s\n    Neighbor address: 10.%d.%d.1\n    Neighbor AS:      65001\n    Local AS:         65002\n    Neighbor ID:      10.0.0.1\n" \
		"    Session:          external multihop AS4\n    Source address:   127.0.0.2\n    Hold timer:       122.316/180\n    Keepalive timer:  27.571/60\n" \
		"  Channel ipv4\n    State:          UP\n    Table:          master4\n    Preference:     100\n    Input filter:   ACCEPT\n" \
		"    Routes:         %d imported, 2 exported, 0 preferred\n    Route change stats:     received   rejected   filtered    ignored   accepted\n" \
		"      Import updates:              1          0          0          0          1\n\n", i, state == "Established" ? "up   " : "start", state, state, int(i / 250), i % 250, p }'
}
answer Established 100 > "$work/answer"
printf '#!/bin/sh\nexec cat %s\n' "$work/answer" > "$work/answer.sh"; chmod +x "$work/answer.sh"
sed -i "s|^|restrict,command=\"$work/answer.sh\" |" "$work/authorized"
sed -i 's/^MaxStartups.*/MaxStartups 1000:30:2000/' "$work/sshd.conf"
kill -HUP "$sshd_pid"; sleep 0.5

sql "INSERT INTO autonomous_system (asn, name, affiliated) VALUES (65001, 'peer', false), (65002, 'us', true);
	INSERT INTO relationship (name, slug) VALUES ('Bench', 'bench');
	INSERT INTO platform (name, slug, napalm_driver) VALUES ('Bench', 'bench', 'bird');
	INSERT INTO router (name, hostname, platform_id, local_autonomous_system_id, poll_bgp_sessions_state, napalm_username, management_port, host_key, private_key)
	SELECT 'r' || n, '127.0.0.1', (SELECT id FROM platform WHERE slug = 'bench'), (SELECT id FROM autonomous_system WHERE asn = 65002), true, '$me', $relay, '$host_key',
	       pg_read_file('$work/key') FROM generate_series(1, $routers) n;
	INSERT INTO direct_peering_session (local_autonomous_system_id, autonomous_system_id, ip_address, relationship_id, router_id)
	SELECT (SELECT id FROM autonomous_system WHERE asn = 65002), (SELECT id FROM autonomous_system WHERE asn = 65001), ('10.' || n / 250 || '.' || n % 250 || '.1/32')::inet,
	       (SELECT id FROM relationship WHERE slug = 'bench'), r.id FROM router r, generate_series(1, $neighbours) n; ANALYZE" > /dev/null
# The runner, with so many jobs at a time.
start_runner() {
	"$build/peerage-runner" -n "$1" 2>> "$work/runner.log" &
	pids+=($!) runner_pid=$!
}
start_runner "$children"
# seconds of CPU that a server and its ended children took: runner, PostgreSQL, sshd. On a busy machine they tell more than the clock.
cpu() { for p in "$runner_pid" "$(head -1 "$work/pg/postmaster.pid")" "$sshd_pid"; do awk -v hz="$(getconf CLK_TCK)" '{ printf "%.2f ", ($14 + $15 + $16 + $17) / hz }' "/proc/$p/stat"; done; }
until_true 10 grep -q "takes jobs" "$work/runner.log"

run() { # prints seconds
	local begin=$EPOCHREALTIME
	sql "INSERT INTO job (object_type_id, name) SELECT id, 'commands.poll_bgp_sessions' FROM object_type WHERE table_name = 'router'" > /dev/null
	redis-cli -s "$work/redis.sock" publish peerage:jobs new > /dev/null
	# asked twice a second: psql costs more than recording a router
	for ((i = 0; i < 400; i++)); do
		[ "$(sql "SELECT count(*) FROM router_poll WHERE tried > to_timestamp($begin)")" = "$routers" ] && break
		sleep 0.5
	done
	until_true 1 eval '[ "$(sql "SELECT count(*) FROM router_poll WHERE tried > to_timestamp('"$begin"')")" = '"$routers"' ]' || die "only $(sql "SELECT count(*) FROM router_poll") polled"
	awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { print e - b }'
}
# prints the CPU that a round took; took: its seconds
round() { # NAME
	local before; before=$(cpu)
	took=$(run)
	sleep 0.5
	awk -v name="$1" -v n="$routers" -v b="$before" -v a="$(cpu)" -v load="$(cut -d' ' -f1 /proc/loadavg)" 'BEGIN { split(b, x); split(a, y)
		printf "%s: CPU a router: runner %.0f ms, PostgreSQL %.0f ms, sshd %.0f ms; load of the machine %s\n", name, 1000 * (y[1] - x[1]) / n, 1000 * (y[2] - x[2]) / n, 1000 * (y[3] - x[3]) / n, load }'
}
round "all come up"
same "each session is established" "$((routers * neighbours))" "$(sql "SELECT count(*) FROM direct_peering_session WHERE bgp_state = 'established' AND accepted_prefix_count = 100")"
read -r n trips < "$work/stats"
awk -v r="$routers" -v n="$neighbours" -v c="$children" -v l="$latency" -v t="$trips" -v s="$took" 'BEGIN { ideal = r * t * l / 1000 / c
	printf "%d routers x %d neighbours, %d ms, %d at a time: %.2f s; %.1f round trips a router, ideal %.2f s: %.2f times the ideal\n", r, n, l, c, s, t, ideal, s / ideal }'
holds "at most twice the ideal" awk -v r="$routers" -v c="$children" -v l="$latency" -v t="$trips" -v s="$took" 'BEGIN { exit !(s <= 2 * r * t * l / 1000 / c) }'
round "nothing changed"
# how many are recorded is a matter of the cores, not of the way there: twice as many at a time
kill "$runner_pid"; wait "$runner_pid" 2> /dev/null
start_runner $((2 * children))
answer Active 0 > "$work/answer"
round "all go down"
same "all went down" "$((routers * neighbours))" "$(sql "SELECT count(*) FROM session_state WHERE ended IS NULL AND bgp_state = 'active'")"
awk -v k="$((routers * neighbours))" -v s="$took" 'BEGIN { printf "%d neighbours that all changed: %.2f s, %.0f a minute\n", k, s, 60 * k / s }'
holds "100,000 neighbours a minute" awk -v k="$((routers * neighbours))" -v s="$took" 'BEGIN { exit !(60 * k / s >= 100000) }'
