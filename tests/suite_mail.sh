#!/bin/bash
# Mail through a real server, exim on loopback with TLS and a password: one recipient of ten refused, a server that is away or says later, many
# networks at once each with its own text, the journal, who was mailed lately, reminders.
. "$(dirname "$0")/lib.sh"
exim=$(command -v exim4 || command -v exim || echo /usr/sbin/exim4)
start_postgres
smtp=$(free_port)
cat >> "$work/peerage.conf" <<-C
	email_from = peering@us.example
	email_server = smtp://localhost:$smtp
	email_user = peerage
	email_password = mail-secret
	email_tls = always
	email_ca_file = $work/exim/cert.pem
	email_cc = archive@us.example
	email_rate = 0
C
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
reader=$(user reader)
grant "$reader" view

# ---- the server: takes what is for example networks, refuses nobody@, puts off later@ ----

mkdir -p "$work/exim/spool" "$work/exim/log" "$work/exim/box"
chmod 755 "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/exim/key.pem" -out "$work/exim/cert.pem" -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2> /dev/null
cat > "$work/exim/conf" <<-C
	exim_user = $(id -un)
	exim_group = $(id -gn)
	primary_hostname = localhost
	spool_directory = $work/exim/spool
	log_file_path = $work/exim/log/%slog
	pid_file_path = $work/exim/pid
	keep_environment =
	add_environment = PATH=/usr/bin
	local_interfaces = 127.0.0.1
	daemon_smtp_ports = $smtp
	tls_advertise_hosts = *
	tls_certificate = $work/exim/cert.pem
	tls_privatekey = $work/exim/key.pem
	auth_advertise_hosts = *
	host_lookup =
	rfc1413_hosts =
	deliver_drop_privilege = true
	never_users =
	acl_smtp_rcpt = rcpt
	domainlist known = *.example : example
	begin acl
	rcpt:
	  deny message = sign in first
	       !authenticated = *
	  deny message = no such user here
	       local_parts = nobody
	  defer message = come back later
	       local_parts = later
	       condition = \${if !exists{$work/exim/open}}
	  accept domains = +known
	  deny message = relay not permitted
	begin routers
	box:
	  driver = accept
	  transport = box
	begin transports
	box:
	  driver = appendfile
	  file = $work/exim/box/all
	  user = $(id -un)
	  group = $(id -gn)
	  no_check_owner
	  no_mode_fail_narrower
	  envelope_to_add
	begin authenticators
	plain:
	  driver = plaintext
	  public_name = PLAIN
	  server_prompts = :
	  server_condition = \${if and{{eq{\$auth2}{peerage}}{eq{\$auth3}{mail-secret}}}}
	  server_set_id = \$auth2
C
start_exim() {
	"$exim" -C "$work/exim/conf" -bdf -q1m >> "$work/exim/out" 2>&1 &
	exim_pid=$!
	pids+=($!)
	until_true 10 eval '(exec 3<> /dev/tcp/127.0.0.1/$smtp)' || die "exim: $(cat "$work/exim/out" "$work"/exim/log/* 2> /dev/null | tail -5)"
}
start_exim
"$build/peerage-runner" --poll 0.2 --lease 3 --events no 2>> "$work/runner.log" &
runner=$!
pids+=($!)

make() { api POST "/api/$1/" "$2"; [ "$status" = 201 ] || die "$1: $status $body"; id=$(j .id); }
send() { api POST /api/messaging/send/ "$1"; }
message() { sql "SELECT $2 FROM peerage.email_message WHERE id = $1"; }
settled() { case "$(message "$1" status)" in sent | failed) return 0 ;; *) return 1 ;; esac; }
box() { awk -v to="Envelope-to: $1@" 'BEGIN { RS = "\nFrom " } index($0, to) { print }' "$work/exim/box/all" 2> /dev/null; }
arrived() { grep -q "^Envelope-to: $1@" "$work/exim/box/all"; }
matches() { case "$2" in $3) pass ;; *) fail "$1"; printf '  want: %s\n  got:  %s\n' "$3" "$2" ;; esac; }

# ---- the book ----

make peering/autonomous-systems '{"asn": 64500, "name": "Us", "affiliated": true}'; us=$id
make messaging/contact-roles '{"name": "Peering", "slug": "peering"}'; role=$id
make messaging/emails '{"name": "Hello", "subject": "Peering of AS{{ affiliated_autonomous_systems.0.asn }} with {{ autonomous_system.name }}", "template": "Dear {{ autonomous_system.name }},\nlet us peer. Grüße\n.\nBye"}'; hello=$id
make messaging/emails '{"name": "Cold", "subject": "Hello AS{{ autonomous_systems.1.asn }}", "template": "From {{ autonomous_systems.0.name }}"}'; cold=$id
make messaging/emails '{"name": "Broken", "subject": "x", "template": "one\n{{ 1 / 0 }}"}'; broken=$id
peer() { # ASN NAME ADDRESS ...
	local asn=$1 name=$2 as; shift 2
	make peering/autonomous-systems "{\"asn\": $asn, \"name\": \"$name\"}"; as=$id
	for a; do
		make messaging/contacts "{\"name\": \"${a%@*}\", \"email\": \"$a\"}"
		make messaging/contact-assignments "{\"content_type\": \"peering.autonomoussystem\", \"object_id\": $as, \"contact\": $id, \"role\": $role}"
	done
	id=$as
}
peer 64501 "One" one@one.example; one=$id
peer 64502 "Ten" a1@ten.example a2@ten.example a3@ten.example a4@ten.example nobody@ten.example a6@ten.example a7@ten.example a8@ten.example a9@ten.example a10@ten.example; ten=$id
peer 64503 "Nobody" nobody@no.example; none=$id
peer 64504 "Later" later@slow.example; later=$id
peer 64505 "Silent"
sql "INSERT INTO peerage.peeringdb_organization (id, name) VALUES (1, 'Org');
	INSERT INTO peerage.peeringdb_network (id, org_id, asn, name) VALUES (1, 1, 64600, 'Stranger');
	INSERT INTO peerage.peeringdb_network_contact (id, net_id, role, name, email) VALUES (1, 1, 'NOC', 'Noc', 'noc@str.example'), (2, 1, 'Policy', 'Peering', 'policy@str.example')" > /dev/null

# ---- the plan ----

send "{\"email\": $hello, \"asns\": [64501, 64502, 64505, 64600, 64999], \"dry_run\": true}"
want "a dry run" 200
same "sends nothing" "0 0" "$(j .posted) $(sql 'SELECT count(*) FROM peerage.email_message')"
same "each has its own text" "Peering of AS64500 with One|Peering of AS64500 with Ten" "$(j '[.mails[:2][].subject] | join("|")')"
same "its contacts" "10 one@one.example" "$(j '"\(.mails[1].to | length) \(.mails[0].to[0])"')"
same "and copies" "archive@us.example" "$(j '.mails[0].cc | join(" ")')"
same "who cannot be mailed is told" "nobody there has an e-mail address|neither the book nor PeeringDB knows this network" "$(j '[.mails[] | select(.asn == 64505 or .asn == 64999) | .skip] | join("|")')"
send "{\"email\": $cold, \"asns\": [64600], \"dry_run\": true}"
same "an unknown network is written to at its policy desk" "Hello AS64600 From Us policy@str.example null" "$(j '.mails[0] | "\(.subject) \(.body) \(.to | join(" ")) \(.skip)"')"
send "{\"email\": $broken, \"asns\": [64501]}"
matches "a template that fails sends nothing and tells the line" "$(j '"\(.posted) \(.mails[0].skip)"')" "0 the template fails: * line 2: *zero*"
send '{"asns": [64501]}'
matches "without template or text" "$status $body" "400 *choose a template*"
send "{\"email\": $hello, \"asns\": []}"
matches "or networks" "$status $body" "400 *no network was named*"
send "{\"email\": $hello, \"asns\": [64501], \"to\": [\"x y@z\"]}"
matches "or with an address that is none" "$status $body" "400 *must be an e-mail address*"
who=reader send "{\"email\": $hello, \"asns\": [64501]}"
want "sending needs its right" 403

# ---- sending ----

send "{\"email\": $hello, \"asns\": [64501, 64502, 64503], \"cc\": [\"copy@us.example\"]}"
want "mail is asked for" 202
first=$(j '.mails[0].message') second=$(j '.mails[1].message') third=$(j '.mails[2].message')
until_true 30 eval 'settled $first && settled $second && settled $third' || fail "it is sent: $(tail -3 "$work/runner.log") $(sql "SELECT error FROM peerage.email_message LIMIT 1") $(sql "SELECT error FROM peerage.job WHERE name = 'messaging.send' ORDER BY id DESC LIMIT 1") $(tail -3 "$work"/exim/log/mainlog)"
same "through a server that wants TLS and a password" "sent  " "$(message "$first" "status || ' ' || error || ' ' || array_to_string(refused, ',')")"
holds "it wanted both" grep -qE "A=plain:peerage.*|X=TLS1.*A=plain" "$work/exim/log/mainlog"
until_true 20 arrived one && pass || fail "it is there: $(tail -n 3 "$work/exim/out")"
same "the subject is the template's" "Subject: Peering of AS64500 with One" "$(box one | tr -d '\r' | grep ^Subject)"
same "from whom" "From: peering@us.example" "$(box one | tr -d '\r' | grep ^From:)"
holds "the text is quoted-printable in UTF-8" grep -q 'Gr=C3=BC=C3=9Fe' "$work/exim/box/all"
holds "a point alone ends nothing" grep -q '^Bye' "$work/exim/box/all"
until_true 20 arrived copy && pass || fail "copies go out"
same "nine of ten get it" "sent 11 nobody@ten.example: 550 no such user here" "$(message "$second" "status || ' ' || cardinality(accepted) || ' ' || array_to_string(refused, ',')")"
nine() { local n; for n in 1 2 3 4 6 7 8 9 10; do arrived a$n || return 1; done; }
until_true 20 nine && pass || fail "all nine"
same "all of it refused but the copies" "sent 2 nobody@no.example: 550 no such user here" "$(message "$third" "status || ' ' || cardinality(accepted) || ' ' || array_to_string(refused, ',')")"
api GET "/api/extras/journal-entries/?assigned_object_id=$ten"
same "the journal tells, with the refused one" "warning admin 1" "$(j '.results[] | "\(.kind.value) \(.created_by) \(.comments | test("Refused: nobody@ten.example: 550"))"' | sed "s/ 1 true/ admin 1/; s/ null true/ nobody 1/")"
api GET "/api/messaging/email-messages/$second/"
same "so does the log" "64502 1" "$(j '"\(.asn) \(.refused | length)"')"
api GET "/api/messaging/email-messages/?asn=64502&status=sent"
same "which has filters" 1 "$(j .count)"

# ---- later ----

send "{\"email\": $hello, \"asns\": [64504]}"
id=$(j '.mails[0].message')
until_true 20 eval '[ "$(message $id attempt)" = 1 ] && [ "$(message $id status)" = pending ]' && pass || fail "a recipient put off waits: $(message $id "status || error")"
same "those who took it are not written to again" "archive@us.example" "$(message "$id" "array_to_string(accepted, ',')")"
touch "$work/exim/open"
sql "UPDATE peerage.email_message SET next_attempt = now() WHERE id = $id; UPDATE peerage.job SET run_after = now() WHERE status = 'pending'" > /dev/null
until_true 20 settled "$id"
same "and gets it then" "sent 2 2" "$(message "$id" "status || ' ' || attempt || ' ' || cardinality(accepted)")"
kill "$exim_pid"; wait "$exim_pid" 2> /dev/null
send '{"asns": [64600], "subject": "Own words", "body": "Ä text", "to": ["x@str.example"]}'
id=$(j '.mails[0].message')
until_true 20 eval '[ -n "$(message $id error)" ]'
matches "a server that is away is tried again" "$(message "$id" "status || ' ' || error")" "pending the mail server: *"
start_exim
sql "UPDATE peerage.email_message SET next_attempt = now() WHERE id = $id; UPDATE peerage.job SET run_after = now() WHERE status = 'pending'" > /dev/null
until_true 20 settled "$id"
same "and takes it when it is back" sent "$(message "$id" status)"
api POST "/api/messaging/email-messages/$id/send/"
want "what everybody got is not sent again" 409
api POST "/api/messaging/email-messages/$second/send/"
want "what somebody did not get is" 202
until_true 20 settled "$second"
same "to that one alone" "sent 11 1" "$(message "$second" "status || ' ' || cardinality(accepted) || ' ' || cardinality(refused)")"
same "the others have it once" 1 "$(grep -c "^Envelope-to: a1@" "$work/exim/box/all")"

# ---- who was mailed lately ----

send "{\"email\": $hello, \"asns\": [64501], \"not_mailed_days\": 7}"
matches "who was mailed lately is left out" "$(j '"\(.posted) \(.mails[0].skip)"')" "0 mailed in the last day"
sql "UPDATE peerage.email_message SET created = now() - interval '20 days' WHERE id = $first" > /dev/null
send "{\"email\": $hello, \"reminder_days\": 14, \"dry_run\": true}"
same "a reminder is to those mailed long ago" "64501" "$(j '[.mails[].asn] | join(" ")')"

# ---- the page ----

jar=$work/jar
csrf() { awk '$6 == "csrftoken" { print $7 }' "$jar"; }
page() { local p=$1; shift; status=$(curl -s -b "$jar" -c "$jar" -o "$work/page" -w '%{http_code}' "$@" "$url$p"); }
page /login/
page /login/ --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d username=admin --data-urlencode "password=$password"
page "/messaging/send/?asns=AS64501"
same "the page" 200 "$status"
page /messaging/send/ --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "asns=AS64501, 64505" -d "email=$hello" -d preview=1
same "previews" 200 "$status"
holds "what would be sent" grep -q "Peering of AS64500 with One" "$work/page"
holds "and who is left out" grep -q "nobody there has an e-mail address" "$work/page"
page /messaging/send/ --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "asns=AS64501" -d "email=$hello" -d send=1
same "and sends" 302 "$status"

# ---- the tab of one network ----

page "/autonomous-systems/$one/"
holds "an AS has the tab" grep -q "href=\"/autonomous-systems/$one/email/\"" "$work/page"
page "/autonomous-systems/$one/email/" --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "email=$hello" -d cc=tab@us.example -d preview=1
holds "it previews" grep -q "Peering of AS64500 with One" "$work/page"
holds "with the copies" grep -q "tab@us.example" "$work/page"
before=$(sql "SELECT count(*) FROM peerage.email_message")
page "/autonomous-systems/$one/email/" --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "email=$broken" -d send=1
same "a template that fails sends nothing" "200 $before" "$status $(sql "SELECT count(*) FROM peerage.email_message")"
holds "and tells the line" grep -q "the template fails: .*line 2" "$work/page"
page "/autonomous-systems/$one/email/" --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "email=$hello" -d cc=tab@us.example -d send=1
same "it sends" 302 "$status"
id=$(sql "SELECT max(id) FROM peerage.email_message")
until_true 20 eval 'settled $id' && same "to the contact and the copy" "64501 sent one@one.example,archive@us.example,tab@us.example" "$(message "$id" "asn || ' ' || status || ' ' || array_to_string(accepted, ',')")"
same "the journal of the AS has it" 1 "$(sql "SELECT count(*) FROM peerage.journal_entry WHERE assigned_object_id = $one AND comments LIKE '%tab@us.example%'")"
page /peeringdb/networks/1/
holds "a network of PeeringDB has the tab" grep -q 'href="/peeringdb/networks/1/email/"' "$work/page"
page /peeringdb/networks/1/email/ --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "email=$cold" -d preview=1
holds "it previews what the template says of both" grep -q "Hello AS64600" "$work/page"
holds "to its policy desk" grep -q "policy@str.example" "$work/page"
page /peeringdb/networks/1/email/ --data-urlencode "csrfmiddlewaretoken=$(csrf)" -d "email=$cold" -d cc=copy@us.example -d send=1
same "and sends" 302 "$status"
id=$(sql "SELECT max(id) FROM peerage.email_message")
until_true 20 eval 'settled $id' && same "the log has it" "64600 sent" "$(message "$id" "asn || ' ' || status")"
sql "INSERT INTO peerage.auth_session (id_hash, user_id, expires, csrf) VALUES (sha256('reader'), $reader, now() + interval '1 day', repeat('c', 64))" > /dev/null
for p in "/peeringdb/networks/1/email/" "/autonomous-systems/$one/email/"; do
	same "who may not send mail has none of it: $p" 403 "$(curl -s -o /dev/null -w '%{http_code}' -H "Cookie: sessionid=reader" "$url$p")"
done
same "nor the tab" 0 "$(curl -s -H "Cookie: sessionid=reader" "$url/peeringdb/networks/1/" | grep -c '/email/"')"

until_true 20 eval '[ "$(sql "SELECT count(*) FROM peerage.job WHERE status IN ('"'pending', 'running'"')")" = 0 ]' && pass || fail "all work is done in the end"
kill "$runner"; wait "$runner" 2> /dev/null

# ---- no faster than it is allowed ----

sed -i 's/^email_rate = .*/email_rate = 60/' "$work/peerage.conf"
"$build/peerage-runner" --poll 0.2 2>> "$work/runner.log" &
runner=$!
pids+=("$runner")
send "{\"email\": $hello, \"asns\": [64501, 64502, 64503]}"
same "three are asked for" "202 3" "$status $(j .posted)"
first=$(j '.mails[0].message') second=$(j '.mails[1].message') third=$(j '.mails[2].message')
until_true 30 eval 'settled $first && settled $second && settled $third'
gap=$(sql "SELECT extract(epoch FROM max(created) - min(created)) >= 1.8 FROM (SELECT created FROM peerage.journal_entry ORDER BY id DESC LIMIT 3) AS t")
same "60 a minute are one a second" t "$gap"
kill "$runner"; wait "$runner" 2> /dev/null
