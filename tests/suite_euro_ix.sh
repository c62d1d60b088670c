#!/bin/bash
# Member exports of exchanges: read, kept, compared with PeeringDB and our sessions; what is wrong with one leaves the last good copy.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
start_postgres
start_redis
export_port=$(free_port)
mkdir -p "$work/www" "$work/www_tmp"
cat > "$work/www.conf" <<-C
	pid $work/www.pid; error_log $work/www.log; daemon off; worker_processes 1; events { worker_connections 64; }
	http { access_log off; client_body_temp_path $work/www_tmp; proxy_temp_path $work/www_tmp; fastcgi_temp_path $work/www_tmp; uwsgi_temp_path $work/www_tmp;
		scgi_temp_path $work/www_tmp; server { listen 127.0.0.1:$export_port; root $work/www; } }
C
/usr/sbin/nginx -e "$work/www.log" -p "$work" -c "$work/www.conf" &
pids+=($!)
echo "internal_hosts = 127.0.0.1" >> "$work/peerage.conf"
start_handlers
start_nginx
user admin true true > /dev/null
"$build/peerage-runner" --poll 0.2 > /dev/null 2> "$work/runner.log" &
pids+=($!)

sql "INSERT INTO peeringdb_organization (id, name) VALUES (1, 'O'); INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'X');
	INSERT INTO peeringdb_ixlan (id, ix_id) VALUES (1, 1);
	INSERT INTO peeringdb_ixlan_prefix (id, ixlan_id, protocol, prefix) VALUES (1, 1, 'IPv4', '192.0.2.0/24');
	INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (1, 1, 2906, 'Foo'), (2, 1, 3333, 'Bar'), (3, 1, 2907, 'Baz');
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr4, speed, is_rs_peer) VALUES (1, 1, 1, 2906, '192.0.2.1', 10000, true),
		(2, 2, 1, 3333, '192.0.2.2', 1000, false), (3, 3, 1, 2907, '192.0.2.5', 1000, false), (4, 1, 1, 2906, '192.0.2.8', 10000, true)" > /dev/null
api POST /api/peering/autonomous-systems/ '{"asn":64500,"name":"Us","affiliated":true}'
us=$(j .id)
for as in 2906 3333 2907 2908; do api POST /api/peering/autonomous-systems/ "{\"asn\":$as,\"name\":\"AS $as\",\"irr_as_set\":\"RIPE::AS-$as\"}"; eval "as$as=$(j .id)"; done
api POST /api/peering/internet-exchanges/ "{\"name\":\"Test-IX\",\"slug\":\"test-ix\",\"local_autonomous_system\":$us,\"peeringdb_ixlan\":1}"
ix=$(j .id)
sql "UPDATE internet_exchange SET peeringdb_ixlan_id = 1" > /dev/null
api POST /api/net/connections/ "{\"internet_exchange_point\":$ix,\"router\":null,\"ipv4_address\":\"192.0.2.100/24\",\"vlan\":10}"
want "a connection" 201
con=$(j .id)
for s in "$as2906 192.0.2.1" "$as3333 192.0.2.2" "$as2907 192.0.2.5" "$as2908 192.0.2.6"; do
	api POST /api/peering/internet-exchange-peering-sessions/ "{\"autonomous_system\":${s% *},\"ixp_connection\":$con,\"ip_address\":\"${s#* }\",\"status\":\"enabled\"}"
	want "a session with $s" 201
done

port() { # ASN ADDRESS [more of the address' object] [ixp]
	echo "{\"asnum\":$1,\"member_type\":\"peering\",\"name\":\"Member ${1//\"/}\",\"connection_list\":[{\"ixp_id\":${4:-7},\"state\":\"active\",
		\"if_list\":[{\"switch_id\":1,\"if_speed\":10000}],\"vlan_list\":[{\"vlan_id\":2,\"ipv4\":{\"address\":\"$2\",\"routeserver\":true${3:-}}}]}]}"
}
ixp() { echo "{\"ixp_id\":$1,\"shortname\":\"IX $1\",\"vlan\":[{\"id\":2,\"name\":\"Peering LAN\",\"ipv4\":{\"prefix\":\"$2\",\"mask_length\":24}}]}"; }
document() { # VERSION IXPS MEMBERS...
	local v=$1 i=$2; shift 2
	echo "{\"version\":\"$v\",\"timestamp\":\"2026-11-21T10:00:00Z\",\"ixp_list\":[$i],\"member_list\":[$(IFS=,; echo "$*")]}"
}
good() {
	document "${1:-1.0}" "$(ixp 7 192.0.2.0)" "$(port 2906 192.0.2.1 ',"as_macro":"AS-2906","max_prefix":50,"mac_addresses":["00-11-22-33-44-55"]')" \
		"$(port 64501 192.0.2.2)" "$(port 64502 192.0.2.3)" "$(port 2908 192.0.2.6)" "$(port 2906 192.0.2.8)" "$(port 64503 '')"
}
fetch() { "$peerage" euro-ix fetch test-ix > "$work/out" 2>&1; echo "$? $(cat "$work/out")"; }
ports() { sql "SELECT string_agg(host(address) || '=' || asn, ' ' ORDER BY address) FROM euro_ix_port"; }
all="192.0.2.1=2906 192.0.2.2=64501 192.0.2.3=64502 192.0.2.6=2908 192.0.2.8=2906"

# ---- without an address of one ----
case $(fetch) in *"set euro_ix_url"*) pass ;; *) fail "it says what to set: $(fetch)" ;; esac
api POST "/api/peering/internet-exchanges/$ix/fetch-members/"
want "nothing to fetch" 409
api PATCH "/api/peering/internet-exchanges/$ix/" "{\"euro_ix_url\":\"http://127.0.0.1:$export_port/members.json\"}"
want "its address can be set" 200

# ---- without one: the other two are compared ----
api GET "/api/peering/internet-exchanges/$ix/members/"
same "before one was read none is missing from it" "192.0.2.1 agrees,192.0.2.100 only-in-book,192.0.2.2 agrees,192.0.2.5 agrees,192.0.2.6 only-in-book,192.0.2.8 no-session" \
	"$(j '.addresses | sort_by(.address)[] | .address + " " + .state' | paste -sd,)"

# ---- a good one, in each version ----
for v in 0.6 0.7 1.0; do
	good $v > "$work/www/members.json"
	same "version $v" "0 version $v: 4 members with 5 addresses" "$(fetch)"
	same "its addresses" "$all" "$(ports)"
done
same "what is told about a port" "Member 2906|Peering LAN|active|10000|AS-2906|50|t|{00:11:22:33:44:55}" \
	"$(sql "SELECT name, vlan, state, speed, as_set, max_prefixes, route_server, mac_addresses FROM euro_ix_port WHERE address = '192.0.2.1'")"

# ---- three sides ----
api GET "/api/peering/internet-exchanges/$ix/members/"
same "each address and how it stands" "192.0.2.1 agrees,192.0.2.100 only-in-book,192.0.2.2 differs,192.0.2.3 only-in-export,192.0.2.5 not-in-export,192.0.2.6 not-in-peeringdb,192.0.2.8 no-session" \
	"$(j '.addresses | sort_by(.address)[] | .address + " " + .state' | paste -sd,)"
same "in what it differs" "AS number, speed, route server|64501|3333|3333" "$(j -r '.addresses[] | select(.state == "differs") | "\(.differences)|\(.export_asn)|\(.peeringdb_asn)|\(.book_asn)"')"
same "counts and the reading" "1 1 5 1.0" "$(j '[.states.agrees, .states.differs, .export.ports, .export.version] | map(tostring) | join(" ")')"
api GET "/api/peering/internet-exchanges/$ix/members/?state=no-session"
same "one kind alone" "192.0.2.8" "$(j '.addresses[].address')"
sql "UPDATE autonomous_system SET irr_as_set = 'AS-OTHER', ipv4_max_prefixes = 20 WHERE asn = 2906" > /dev/null
api GET "/api/peering/internet-exchanges/$ix/members/?state=differs"
same "AS-SET and prefix limit are compared" "AS-SET, prefix limit" "$(j '.addresses[] | select(.address == "192.0.2.1").differences')"
sql "UPDATE autonomous_system SET irr_as_set = 'RIPE::as-2906', ipv4_max_prefixes = NULL WHERE asn = 2906" > /dev/null
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('s'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user"
page() { curl -s -H 'Cookie: sessionid=s' "$url/internet-exchanges/$ix/members/${1:-}"; }
holds "the page has the rows" grep -q '<code>192.0.2.3</code>' <(page)
same "and those of a state" "1" "$(page '?state=agrees' | grep -c '<tr><td><code>')"
same "and those found by number" "1" "$(page '?q=AS64502' | grep -c '<tr><td><code>')"
viewer=$(user viewer)
grant "$viewer" view '' peering.internetexchange
who=viewer api GET "/api/peering/internet-exchanges/$ix/members/"
same "who may not see sessions does not see ours" "200 0" "$status $(j '[.addresses[] | select(.book_asn != null)] | length')"
same "the command compares too" "1" "$("$peerage" euro-ix compare test-ix agrees | grep -c '192.0.2.1 ')"

# ---- what is wrong with one ----
bad() { # NAME PATTERN: the export that stands there now is refused
	local got
	got=$(fetch)
	case $got in "0 "*) fail "$1 is taken: $got" ;; *$2*) pass ;; *) fail "$1: $got" ;; esac
	same "$1: the last good copy stays" "$all" "$(ports)"
	case $(sql "SELECT error FROM euro_ix_export") in *$2*) pass ;; *) fail "$1: written down: $(sql "SELECT error FROM euro_ix_export")" ;; esac
}
export=$work/www/members.json
echo '<!DOCTYPE html><html><body>Maintenance</body></html>' > "$export"; bad "a web page" "looks like a web page"
good | head -c 700 > "$export"; bad "one that is cut" "not the JSON of a member export"
: > "$export"; bad "an empty one" "not the JSON"
echo '[]' > "$export"; bad "a list" "a member export is an object"
echo '{"version":"1.0"}' > "$export"; bad "one without members" "member_list"
document 9.1 "$(ixp 7 192.0.2.0)" "$(port 1 192.0.2.1)" > "$export"; bad "a version of the future" "0.3 to 1.x"
document 1.0 "$(ixp 7 192.0.2.0)" "$(port '"1"' 192.0.2.1)" > "$export"; bad "an AS number that is text" "member_list[[]0].asnum"
document 1.0 "$(ixp 7 192.0.2.0)" "$(port 4294967296 192.0.2.1)" > "$export"; bad "an AS number that is too large" "asnum"
document 1.0 "$(ixp 7 192.0.2.0)" "$(port 1 192.0.2.300)" > "$export"; bad "no address" "is no IPv4 address"
document 1.0 "$(ixp 7 192.0.2.0)" "$(port 1 2001:db8::1)" > "$export"; bad "IPv6 for IPv4" "is no IPv4 address"
document 1.0 "$(ixp 7 192.0.2.0)" '{"asnum":1,"connection_list":{}}' > "$export"; bad "connections that are no list" "a list is right"
document 1.0 "$(ixp 7 192.0.2.0)" 7 > "$export"; bad "a member that is a number" "an object is right"
document 1.0 "$(ixp 7 192.0.2.0)" "$(port 1 192.0.2.1)" "$(port 2 192.0.2.1)" > "$export"; bad "an address of two" "is AS1's already"
document 1.0 "$(ixp 7 192.0.2.0)" > "$export"; bad "nobody" "has an address"
{ printf '{"version":"1.0","member_list":['; head -c 104857600 /dev/zero | tr '\0' ' '; } > "$export"; bad "100 MB" "more than 33554432 bytes"
rm "$export"; bad "none there" "404"
api GET "/api/peering/internet-exchanges/$ix/members/"
case $(j .export.error) in *404*) pass ;; *) fail "the API tells why" ;; esac
holds "so does the page" grep -q 'answers 404' <(page)
sql "UPDATE internet_exchange SET euro_ix_url = 'http://10.0.0.1/x'" > /dev/null
bad "an internal address" "10.0.0.1"
sql "UPDATE internet_exchange SET euro_ix_url = 'http://127.0.0.1:$export_port/members.json'" > /dev/null

# ---- several exchanges in one export ----
document 1.0 "$(ixp 7 192.0.2.0),$(ixp 8 198.51.100.0)" "$(port 2906 192.0.2.1)" "$(port 2906 198.51.100.1 '' 8)" > "$export"
same "the one with our LAN is meant" "0 version 1.0: 1 members with 1 addresses 192.0.2.1=2906" "$(fetch) $(ports)"
all=192.0.2.1=2906
document 1.0 "$(ixp 7 203.0.113.0),$(ixp 8 198.51.100.0)" "$(port 2906 192.0.2.1)" "$(port 2906 198.51.100.1 '' 8)" > "$export"
bad "none of them has it" "7 (IX 7), 8 (IX 8)"
sql "UPDATE internet_exchange SET euro_ix_id = 8" > /dev/null
same "unless it is said" "0 version 1.0: 1 members with 1 addresses 198.51.100.1=2906" "$(fetch) $(ports)"
sql "UPDATE internet_exchange SET euro_ix_id = NULL" > /dev/null
document 1.0 "$(ixp 7 192.0.2.0)" "$(port 2906 192.0.2.1)" "$(port 2906 192.0.2.1)" > "$export"
same "the same twice is one" "0 version 1.0: 1 members with 1 addresses" "$(fetch)"

# ---- as a job, and by schedule ----
good > "$export"
api POST "/api/peering/internet-exchanges/$ix/fetch-members/"
same "asked for: a job" "202 peering.internet_exchange.fetch_members" "$status $(j .name)"
job=$(j .id)
until_true 15 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c \"SELECT status FROM job WHERE id = $job\" | grep -q completed" || fail "the job: $(sql "SELECT status FROM job WHERE id = $job")"
same "and the addresses are there" 5 "$(sql "SELECT count(*) FROM euro_ix_port")"
same "there is a schedule" 1 "$(sql "SELECT count(*) FROM schedule WHERE job = 'peering.internet_exchange.fetch_members'")"
"$peerage" schedule run "$(sql "SELECT id FROM schedule WHERE job = 'peering.internet_exchange.fetch_members'")" > "$work/out" 2>&1
until_true 15 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c \"SELECT count(*) FROM job WHERE name = 'peering.internet_exchange.fetch_members' AND status = 'completed'\" | grep -qx 2" \
	|| fail "the scheduled job: $(sql "SELECT name, status, error FROM job") $(cat "$work/out")"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" "$work/runner.log" | head -5)"
