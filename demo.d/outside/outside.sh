#!/bin/bash
# What a network's book talks to, as stand-ins on loopback: a mail server (exim, all mail into one box), an exchange's IX-API (made from its official
# schema) and member export, NetBox, a folder of files, and a receiver of webhooks, `peerage webhooks listen`.
# outside.sh start|settings|book TOP DIR [PEERAGE]: start what does not run, print the settings, or write the book's objects and print their folder.
set -eu
top=$2 out=$3/outside
mkdir -p "$out/ix-api" "$out/netbox" "$out/www" "$out/mail" "$out/files"
cd "$out"
free_port() { local p=$1; while (exec 3<> "/dev/tcp/127.0.0.1/$p") 2> /dev/null; do p=$((p + 1)); done; echo "$p"; }
[ -s ports ] || echo "smtp=$(free_port 25250) ixapi=$(free_port 25260) netbox=$(free_port 25270) www=$(free_port 25280) hooks=$(free_port 25290)" > ports
eval "$(cat ports)"
secret=$(printf 's%.0s' {1..86})

# Whatever is there already goes on.
daemon() { # NAME PORT COMMAND...
	local name=$1 port=$2
	shift 2
	! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || return 0
	STANDIN_PORT=$port setsid "$@" >> "$out/$name.log" 2>&1 < /dev/null &
	echo $! > "../outside-$name.pid"
}
start() {
	[ -s www/members.json ] || python3 -B "$top/demo.d/outside/data.py" "$top/demo.d" "$out"
	echo "0123456789abcdef $secret" > ix-api/key
	echo demo-token-of-netbox > netbox/token
	printf '%s\n' "exim_user = $(id -un)" "exim_group = $(id -gn)" "primary_hostname = localhost" "spool_directory = $out/mail/spool" "log_file_path = $out/mail/%slog" \
		"pid_file_path = $out/mail/pid" "keep_environment =" "local_interfaces = 127.0.0.1" "daemon_smtp_ports = $smtp" "tls_advertise_hosts =" "host_lookup =" "rfc1413_hosts =" \
		"deliver_drop_privilege = true" "never_users =" "acl_smtp_rcpt = rcpt" "begin acl" "rcpt:" "  deny message = no such user here" "       local_parts = nobody" \
		"  accept" "begin routers" "box:" "  driver = accept" "  transport = box" "begin transports" "box:" "  driver = appendfile" "  file = $out/mail/box" \
		"  user = $(id -un)" "  group = $(id -gn)" "  no_check_owner" "  no_mode_fail_narrower" "  envelope_to_add" > mail/conf
	mkdir -p mail/spool
	daemon mail "$smtp" "$(command -v exim4 || echo /usr/sbin/exim4)" -C "$out/mail/conf" -bdf -q1m
	daemon ix-api "$ixapi" python3 -B "$top/tests/tools/ixapi_server.py" "$out/ix-api" "$top/tests/data/ix-api/ix-api-2.1.0.json"
	daemon netbox "$netbox" python3 -B "$top/tests/tools/netbox_server.py" "$out/netbox"
	daemon www "$www" python3 -B -m http.server --bind 127.0.0.1 -d "$out/www" "$www"
	daemon webhooks "$hooks" "$4" webhooks listen --port "$hooks" --secret demo-secret
}
settings() {
	printf '%s\n' "internal_hosts = 127.0.0.1" "email_from = peering@skerry.example.net" "email_server = smtp://127.0.0.1:$smtp" \
		"netbox_api = http://127.0.0.1:$netbox" "netbox_api_token = demo-token-of-netbox" "data_folders = $out/files"
}
# object NN ENDPOINT JSON
object() { printf '[%s]\n' "$3" > "book/$1-$2.json"; }
book() {
	mkdir -p book
	object 10 extras.ix-api "{\"name\": \"DE-CIX\", \"api_url\": \"http://127.0.0.1:$ixapi/api/v2/\", \"api_key\": \"0123456789abcdef\", \"api_secret\": \"$secret\", \"identity\": \"acc-skerry\"}"
	object 11 peering.internet-exchanges "{\"name\": \"DE-CIX Frankfurt\", \"slug\": \"de-cix-frankfurt\", \"ixapi_endpoint\": {\"name\": \"DE-CIX\"}, \"euro_ix_url\": \"http://127.0.0.1:$www/members.json\"}"
	object 12 extras.webhooks "{\"name\": \"Changes of sessions and networks\", \"type_create\": true, \"type_update\": true, \"type_delete\": true,
		\"content_types\": [\"peering.autonomoussystem\", \"peering.directpeeringsession\", \"peering.internetexchangepeeringsession\"],
		\"payload_url\": \"http://127.0.0.1:$hooks/{{ model }}\", \"http_method\": \"POST\", \"secret\": \"demo-secret\"}"
	cp "$top"/demo.d/templates/*.j2 "$out/files/"
	object 13 core.data-sources "{\"name\": \"Templates\", \"type\": \"local\", \"source_url\": \"$out/files\", \"enabled\": true}"
	echo "$out/book"
}
"$1" "$@"
