#!/bin/bash
# /metrics of a book with 25,000 sessions, all of them polled: how long it takes through nginx, and whose processor time that is. Under 100 ms are asked for.
# The reference, in the same run: a file of the same size through the same nginx. A benchmark, not a test.
#     PEERAGE_BUILD=build/demo tests/bench/metrics.sh [TIMES]
. "$(dirname "$0")/bench.sh"
times=${1:-20}
the_book
a_reader
start_handlers
start_nginx
core=$(pgrep -P "$handler_core" | head -1)
curl -s -o "$work/page" "$url/metrics"
database=$(busiest)
from=$(cpu "$core") db=$(cpu "$database")
ours=$(through "$times" /metrics)
to=$(cpu "$core") db_to=$(cpu "$database")
bytes=$(stat -c %s "$work/page") lines=$(grep -vc '^#' "$work/page")
mkdir "$work/plain"; cp "$work/page" "$work/plain/page"
port=$(free_port)
printf 'pid %s; error_log %s; daemon off; events {} http { access_log off; server { listen 127.0.0.1:%s; root %s; } client_body_temp_path %s; proxy_temp_path %s; fastcgi_temp_path %s; uwsgi_temp_path %s; scgi_temp_path %s; }\n' \
	"$work/plain.pid" "$work/plain.log" "$port" "$work/plain" "$work/nginx" "$work/nginx" "$work/nginx" "$work/nginx" "$work/nginx" > "$work/plain.conf"
/usr/sbin/nginx -e "$work/plain.log" -p "$work" -c "$work/plain.conf" &
pids+=($!)
until_true 5 curl -s -o /dev/null "http://127.0.0.1:$port/page"
file=$(url=http://127.0.0.1:$port through "$times" /page)
echo "$lines samples, $bytes bytes; best and median of $times"
echo "/metrics, ms                   $ours"
echo "a file of that size, ms        $file"
awk -v h="$from" -v i="$to" -v d="$db" -v e="$db_to" -v n="$times" 'BEGIN { printf "processor time, ms             handler %.1f database %.1f\n", (i - h) / n, (e - d) / n }'
