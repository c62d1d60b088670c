#!/bin/bash
# 1,000 events to 10 receivers, one of which never answers: when the other nine have all of theirs. At most 10 seconds are asked for. Beside it,
# in the same run, what curl needs for as many requests over one connection.
. "$(dirname "$0")/../lib.sh"
events=${1:-1000}
start_postgres
printf 'internal_hosts = 127.0.0.1\n' >> "$work/peerage.conf"
start_redis
mkdir "$work/receiver"
"$build/tests/tools/receiver" "$work/receiver" &
pids+=($!)
until_true 10 test -s "$work/receiver/port"
hooks=http://127.0.0.1:$(cat "$work/receiver/port")
sql "SET search_path = peerage;
	INSERT INTO webhook (name, type_create, payload_url) SELECT 'w' || n, true, '$hooks/' || CASE n WHEN 10 THEN 'hang' ELSE 'ok/' || n END FROM generate_series(1, 10) n;
	INSERT INTO webhook_content_types SELECT w.id, t.id FROM webhook w, object_type t WHERE t.app_label = 'peering' AND t.model = 'autonomoussystem'"
"$build/peerage-runner" 2> "$work/runner.log" &
runner=$!
pids+=($!)
until_true 10 grep -q "takes jobs" "$work/runner.log"
cpu() { # PID: seconds of processor time of it and its children, of those that ended as well
	for p in "$1" $(pgrep -P "$1"); do cat "/proc/$p/stat"; done 2> /dev/null | awk -v t="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); n += $12 + $13 + $14 + $15 } END { print n / t }'
}
postmaster=$(head -1 "$work/pg/postmaster.pid") own=$(cpu "$runner") db=$(cpu "$(head -1 "$work/pg/postmaster.pid")")
begin=$EPOCHREALTIME
sql "SET search_path = peerage; INSERT INTO event (request_id, user_name, action, object_type_id, object_id, data)
	SELECT gen_random_uuid(), 'bench', 'create', t.id, n, json_build_object('id', n, 'asn', 64500, 'name', repeat('x', 1000))
	FROM generate_series(1, $events) n, object_type t WHERE t.app_label = 'peering' AND t.model = 'autonomoussystem'"
all_there() { [ "$(grep -c '"path":"/ok/' "$work/receiver/requests")" -ge $((9 * events)) ]; }
until_true 60 all_there && pass || fail "all arrive: $(grep -c '"path":"/ok/' "$work/receiver/requests") of $((9 * events))"
end=$EPOCHREALTIME
awk -v a="$own" -v b="$(cpu "$runner")" -v c="$db" -v d="$(cpu "$postmaster")" 'BEGIN { printf "processor time: %.1f s of the runner, %.1f s of the database\n", b - a, d - c }'
same "each once" $((9 * events)) "$(grep -c '"path":"/ok/' "$work/receiver/requests")"
seq "$events" | sed "s|.*|url = \"$hooks/ok/reference\"\noutput = /dev/null\ndata = x|" > "$work/curl"
first=$EPOCHREALTIME
curl -s -K "$work/curl"
last=$EPOCHREALTIME
awk -v n="$events" -v b="$begin" -v e="$end" -v f="$first" -v l="$last" 'BEGIN {
	printf "%d events to nine receivers beside one that hangs: %.2f s, %.0f deliveries/s\n", n, e - b, 9 * n / (e - b)
	printf "%d requests of curl over one connection: %.2f s; a delivery costs %.1f of them\n", n, l - f, (e - b) / 9 / (l - f) }'
holds "within 10 seconds" awk -v b="$begin" -v e="$end" 'BEGIN { exit !(e - b <= 10) }'
kill "$runner"; wait "$runner" 2> /dev/null
