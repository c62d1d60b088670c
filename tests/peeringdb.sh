# peeringdb.sh: the stand-in PeeringDB on the demo's rows, and a PostgreSQL of its own; after lib.sh, for the suites about the cache.
start_postgres
peerage="$build/peerage"
pdb=$work/pdb
mkdir -p "$pdb/since"
cp "$top"/demo.d/peeringdb/*.json "$pdb"
chmod u+w "$pdb"/*.json
now=2027-03-01T00:00:00Z
jq -c '{data: [.data[0:40][] | {id: (.id + 10), net_id: .id, role: "NOC", visible: (if .id % 2 == 0 then "Users" else "Public" end), name: "N", phone: "",
	email: "noc@example.net", url: "", status: "ok", created: "2020-01-01T00:00:00Z", updated: "2020-01-01T00:00:00Z"}]}' "$pdb/net.json" > "$pdb/poc.json"
"$build/tests/tools/peeringdb_server" "$pdb" > "$work/server.log" 2>&1 &
pids+=($!)
until_true 10 test -s "$pdb/port" || die "the stand-in does not start"
base=http://127.0.0.1:$(cat "$pdb/port")
cat >> "$work/peerage.conf" <<C
peeringdb_url = $base/api
peeringdb_bulk_url =
peeringdb_pause = 0
peeringdb_timeout = 2
C

sync() { "$peerage" --json peeringdb sync "$@" > "$work/out" 2> "$work/err"; status=$?; }
got() { jq -r "$1" "$work/out"; }
wrong() { printf '%s\n' "$*" > "$pdb/behaviour"; }
well() { rm -f "$pdb/behaviour"; }
asked() { cut -d' ' -f1 "$pdb/requests"; : > "$pdb/requests"; }
# edit TYPE FILTER: change the stand-in's rows
edit() { jq -c "$2" "$pdb/$1.json" > "$pdb/$1.tmp" && mv "$pdb/$1.tmp" "$pdb/$1.json"; }
# what there is, to the last column
picture() {
	local t all=
	for t in organization campus facility carrier carrier_facility network internet_exchange internet_exchange_facility ixlan ixlan_prefix \
		network_facility network_ixlan network_contact pending namespace; do
		all="$all${all:+ UNION ALL }SELECT '$t', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM (SELECT $([ $t = namespace ] && echo 'tag, since' || echo '*') FROM peeringdb_$t) t"
	done
	ask "$all"
}
count() { sql "SET search_path = peerage, public; SELECT count(*) FROM peeringdb_$1"; }
ask() { sql "SET search_path = peerage, public; $1"; }

