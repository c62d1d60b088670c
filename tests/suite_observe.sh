#!/bin/bash
# What monitoring sees: /health, /metrics as OpenMetrics, read by a real Prometheus with our rules; the dashboard asks for what there is.
. "$(dirname "$0")/lib.sh"
start_postgres
start_redis
start_handlers 2
start_nginx
user admin true true > /dev/null
user plain > /dev/null
sql "INSERT INTO autonomous_system (asn, name) VALUES (64500, 'Us'), (64501, 'Them');
	INSERT INTO internet_exchange (name, slug, local_autonomous_system_id, status) SELECT 'IX \"quoted\" \\ back', 'ix', id, 'enabled' FROM autonomous_system WHERE asn = 64500;
	INSERT INTO router (name, hostname, local_autonomous_system_id, status, poll_bgp_sessions_state) SELECT 'r1', 'r1.example.net', id, 'enabled', true FROM autonomous_system WHERE asn = 64500;
	INSERT INTO router_poll (router_id, succeeded, milliseconds, neighbours) SELECT id, now(), 250, 3 FROM router;
	INSERT INTO connection (internet_exchange_point_id, router_id) SELECT x.id, r.id FROM internet_exchange x, router r;
	INSERT INTO internet_exchange_peering_session (autonomous_system_id, ixp_connection_id, ip_address, bgp_state, received_prefix_count, accepted_prefix_count, status)
		SELECT a.id, c.id, v.ip, v.state, v.n, v.n - 1, 'enabled' FROM autonomous_system a, connection c,
			(VALUES ('192.0.2.1'::inet, 'established', 120), ('192.0.2.2', 'active', 1), ('192.0.2.3', NULL, 1)) v(ip, state, n) WHERE a.asn = 64501;
	INSERT INTO peeringdb_synchronisation (time) VALUES (now() - interval '1 hour');
	INSERT INTO webhook (name, payload_url, type_create, enabled, failures) VALUES ('chat', 'https://chat.example.net/', true, true, 2), ('quiet', 'https://quiet.example.net/', true, false, 0);
	INSERT INTO event (request_id, action, object_type_id, object_id, handled) SELECT gen_random_uuid(), 'create', min(id), 1, now() FROM object_type;
	INSERT INTO webhook_delivery (event_id, webhook_id, created) SELECT e.id, w.id, now() - interval '20 minutes' FROM event e, webhook w WHERE w.name = 'chat';
	INSERT INTO job (object_type_id, name) SELECT min(id), 'core.noop' FROM object_type" > /dev/null || die "no data"

# ---- health ----
who=
api GET /health/live
want "live" 200 '{"status":"ok"}'
api GET /health/ready
want "ready" 200 '{"status":"ok","checks":{"database":"ok","redis":"ok"}}'
stop_redis
api GET /health/ready
same "without Redis it is ready and says so" "200 ok true" "$status $(j .status) $(j '.checks.redis | startswith("unreachable")')"
start_redis
sql CHECKPOINT          # the tests' server does not wait for its disk
"$pg_bin/pg_ctl" -D "$work/pg" -m immediate stop > /dev/null
api GET /health/ready
same "without the database it is not" "503 unavailable unreachable" "$status $(j .status) $(j .checks.database)"
api GET /health/live
want "but alive" 200
api GET /api/extras/tags/ "" -H "Authorization: Token $(token_of admin)"
same "what needs it says so" "503 application/json" "$status $(header Content-Type)"
stop_handlers
start_handlers 2
api GET /health/ready
same "programs that start without it wait for it" "503 unreachable" "$status $(j .checks.database)"
"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null
ready() { api GET /health/ready; [ "$status" = 200 ]; }
holds "and ready again with it" until_true 10 ready

# ---- metrics ----
api GET /api/extras/tags/
api GET /api/extras/tags/424242/
api GET /metrics
want "loopback may read the metrics" 200
same "their type" "application/openmetrics-text; version=1.0.0; charset=utf-8" "$(header Content-Type)"
cp "$work/body" "$work/metrics"
line() { grep -F -- "$1" "$work/metrics" | awk '{ print $NF }'; }
labels='asn="64501",address="192.0.2.1"}'
same "a session that is up" 1 "$(grep '^peerage_bgp_session_up{' "$work/metrics" | grep -F "$labels" | awk '{ print $NF }')"
same "one that is not, and one that nobody asked for" "0 " "$(line 'peerage_bgp_session_up{type="exchange",id="2"') $(line 'peerage_bgp_session_up{type="exchange",id="3"')"
same "its prefixes" "120 119" "$(line 'peerage_bgp_session_received_prefixes{type="exchange",id="1"') $(line 'peerage_bgp_session_accepted_prefixes{type="exchange",id="1"')"
same "a webhook: told of events, given up, waiting" "1 2 1 0" "$(line 'peerage_webhook_enabled{webhook="chat"}') $(line 'peerage_webhook_failures{webhook="chat"}') $(line 'peerage_webhook_deliveries_waiting{webhook="chat"}') $(line 'peerage_webhook_deliveries_waiting{webhook="quiet"}')"
holds "and how long" grep -qE '^peerage_webhook_delivery_wait_seconds\{webhook="chat"\} 120[0-9]' "$work/metrics"
holds "a name with quotes is escaped" grep -qF 'exchange="IX \"quoted\" \\ back"' "$work/metrics"
same "requests by route, of another program" 1 "$(line 'peerage_http_requests_total{family="extras",method="GET",route="/api/extras/tags/{id}/",status="403"}')"
holds "and their time" grep -q '^peerage_http_request_duration_seconds_count{family="extras"} [2-9]$' "$work/metrics"
same "the last line" "# EOF" "$(tail -1 "$work/metrics")"
same "no name twice" "" "$(grep '^# TYPE' "$work/metrics" | sort | uniq -d)"
stop_handlers
start_handlers 1
api GET /metrics
want "after a restart" 200
cp "$work/body" "$work/metrics"
same "counters survive the programs" 1 "$(line 'peerage_http_requests_total{family="extras",method="GET",route="/api/extras/tags/{id}/",status="403"}')"
PEERAGE_METRICS_ALLOW=198.51.100.0/24
export PEERAGE_METRICS_ALLOW
stop_handlers
start_handlers 1
api GET /metrics
same "others may not" 403 "$status"
who=plain
api GET /metrics
same "nor who is not staff" 403 "$status"
who=admin
api GET /api/core/metrics/
same "staff may, by token" "200 # EOF" "$status $(tail -1 "$work/body")"
# ---- the system page ----
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('$(token_of admin)'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user
	WHERE username = 'admin'" > /dev/null
system=$(curl -s -H "Cookie: sessionid=$(token_of admin)" "$url/core/system/")
for fact in "Connections to the database" "Queue: default" "Job runners" "Schema" "Redis" "Disk here" "Last jobs"; do holds "the system page has: $fact" grep -qF ">$fact<" <<< "$system"; done
holds "with values" grep -qE 'Disk here</th><td>[0-9.]+ of [0-9.]+ GB free' <<< "$system"
unset PEERAGE_METRICS_ALLOW
PEERAGE_LOG_FORMAT=json
export PEERAGE_LOG_FORMAT
stop_handlers
: > "$work/handlers.log"
start_handlers 1
api GET '/search/?q=%22%5C%ff'
api GET /metrics
unset PEERAGE_LOG_FORMAT
same "log lines as JSON, with the request's id" "$(header X-Request-ID)" "$(grep '^{' "$work/handlers.log" | jq -r 'select(.message | startswith("GET /metrics")) | .request')"
same "each of them" "" "$(grep -v '^{' "$work/handlers.log" | grep peerage-)"

# ---- Prometheus ----
holds "the rules are rules" promtool check rules "$top/monitoring/peerage.rules.yml"
prom=$(free_port)
sed -e "s|https|http|; s|60s|1s|; s|peering.example.net|${url#http://}|" "$top/monitoring/prometheus.yml" > "$work/prometheus.yml"
echo "rule_files: [$top/monitoring/peerage.rules.yml]" >> "$work/prometheus.yml"
sed -i '1i global: { evaluation_interval: 1s }' "$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --web.listen-address="127.0.0.1:$prom" > "$work/prometheus.log" 2>&1 &
pids+=($!)
ask() { curl -s -G "http://127.0.0.1:$prom/api/v1/query" --data-urlencode "query=$1" | jq -r '[.data.result[].value[1]] | join(" ")'; }
scraped() { [ "$(ask 'sum(peerage_bgp_session_up)')" = 1 ]; }
holds "a real Prometheus reads them" until_true 20 scraped || cat "$work/prometheus.log"
same "and finds no fault" "" "$(curl -s "http://127.0.0.1:$prom/api/v1/targets" | jq -r '.data.activeTargets[].lastError')"
recorded() { [ "$(ask 'peerage:bgp_sessions_down:by_router{router="r1"}')" = 1 ]; }
holds "the rules see the session that is down" until_true 20 recorded
pending() { curl -s "http://127.0.0.1:$prom/api/v1/alerts" | jq -e '.data.alerts[] | select(.labels.alertname == "PeerageSessionDown" and .labels.address == "192.0.2.2")'; }
holds "and would tell of it" until_true 20 pending
same "the dashboard has panels" true "$(jq '.panels | length > 10' "$top/monitoring/peerage-dashboard.json")"
while IFS= read -r q; do
	same "the dashboard's question: $q" success "$(curl -s -G "http://127.0.0.1:$prom/api/v1/query" --data-urlencode "query=$q" | jq -r .status)"
	for m in $(grep -oE 'peerage_[a-z_]+' <<< "$q" | sort -u); do holds "there is $m" grep -q "^$m[{ ]" "$work/metrics"; done
done < <(jq -r '.panels[].targets[].expr' "$top/monitoring/peerage-dashboard.json")
