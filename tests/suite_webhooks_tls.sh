#!/bin/bash
# Webhooks to a receiver whose certificate a CA of one's own has signed: the right CA file, another one, none, one that is not there; no look at it at all.
. "$(dirname "$0")/lib.sh"
start_postgres
printf 'internal_hosts = 127.0.0.1, localhost\nwebhook_timeout = 5\nwebhook_tries = 1\nwebhook_max_failures = 0\n' >> "$work/peerage.conf"
start_redis
start_handlers
start_nginx
user admin true true > /dev/null

ca() { openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/$1.key" -out "$work/$1.pem" -days 2 -subj "/CN=$1" 2> /dev/null; }
ca own; ca other
openssl req -newkey rsa:2048 -nodes -keyout "$work/server.key" -out "$work/server.csr" -subj /CN=localhost 2> /dev/null
printf 'subjectAltName = DNS:localhost\n' > "$work/server.ext"
openssl x509 -req -in "$work/server.csr" -CA "$work/own.pem" -CAkey "$work/own.key" -CAcreateserial -days 2 -extfile "$work/server.ext" -out "$work/server.pem" 2> /dev/null
mkdir "$work/receiver"
python3 "$top/tests/tools/standin.py" "$work/receiver" "$work/server.pem" "$work/server.key" 2> "$work/receiver.log" &
pids+=($!)
until_true 10 test -s "$work/receiver/port" || die "receiver: $(cat "$work/receiver.log")"
port=$(cat "$work/receiver/port")

hook() { # NAME HOST [JSON of further fields]
	api POST /api/extras/webhooks/ "$(jq -cn --arg n "$1" --arg u "https://$2:$port/$1" --argjson more "${3:-{\}}" '{name: $n, payload_url: $u, http_method: "POST",
		content_types: ["peering.autonomoussystem"], type_create: true} + $more')"
	want "webhook $1" 201
	eval "$1=$(j .id)"
}
hook trusted localhost "{\"ca_file_path\": \"$work/own.pem\"}"
hook system localhost
hook strange localhost "{\"ca_file_path\": \"$work/other.pem\"}"
hook absent localhost "{\"ca_file_path\": \"$work/none.pem\"}"
hook name 127.0.0.1 "{\"ca_file_path\": \"$work/own.pem\"}"
hook unseen 127.0.0.1 '{"ssl_verification": false}'
api POST /api/peering/autonomous-systems/ '{"asn": 64500, "name": "Us"}'
"$build/peerage-runner" --poll 0.2 2> "$work/runner.log" &
pids+=($!)
until_true 30 eval '[ "$(sql "SELECT count(*) FROM webhook_delivery WHERE status <> '"'pending'"'")" = 6 ]' || fail "all are tried: $(sql "SELECT webhook_id, status, error FROM webhook_delivery")"
outcome() { sql "SELECT status || ' ' || coalesce(response_status, 0) || ' ' || error FROM webhook_delivery WHERE webhook_id = $1"; }
got() { jq -r .path "$work/receiver/requests" | grep -c "^/$1\$"; }
matches() { case "$2" in $3) pass ;; *) fail "$1"; printf '  want: %s\n  got:  %s\n' "$3" "$2" ;; esac; }

same "the right CA: delivered" "delivered 200  1" "$(outcome "$trusted") $(got trusted)"
matches "the system's CAs do not know it" "$(outcome "$system")" "failed 0 *certificate*"
same "and nothing is sent" 0 "$(got system)"
matches "another CA" "$(outcome "$strange")" "failed 0 *certificate*"
same "and nothing is sent" 0 "$(got strange)"
matches "a CA file that is not there" "$(outcome "$absent")" "failed 0 *the CA file $work/none.pem cannot be read*"
same "and nothing is sent" 0 "$(got absent)"
matches "the right CA, and a name that is not the certificate's" "$(outcome "$name")" "failed 0 *"
same "and nothing is sent" 0 "$(got name)"
same "not looked at: delivered" "delivered 200  1" "$(outcome "$unseen") $(got unseen)"
same "the body came whole" 64500 "$(jq -r 'select(.path == "/trusted").body | fromjson.data.asn' "$work/receiver/requests")"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" "$work/runner.log" | head -5)"
