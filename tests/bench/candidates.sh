#!/bin/bash
# Who could be peered with at all exchanges at once: 80,000 ports in PeeringDB, 20,000 sessions. The page through nginx beside its statement
# in psql, best of N (20) each. A benchmark, not a test. PEERAGE_BUILD=build/demo tests/bench/candidates.sh
. "$(dirname "$0")/bench.sh"
times=${1:-20}
the_book
a_reader
sql "SET search_path = peerage, public;
	INSERT INTO peeringdb_organization (id, name) VALUES (1, 'Org');
	INSERT INTO peeringdb_network (id, org_id, asn, name) SELECT n, 1, 100000 + n, 'Network ' || n FROM generate_series(1, 30000) n;
	INSERT INTO peeringdb_internet_exchange (id, org_id, name) SELECT n, 1, 'IX ' || n FROM generate_series(1, 1000) n;
	INSERT INTO peeringdb_ixlan (id, ix_id) SELECT n, n FROM generate_series(1, 1000) n;
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4, ipaddr6)
		SELECT n, 1 + n % 30000, x, 100001 + n % 30000, 10000, ('10.' || x % 256 || '.' || n / 250 % 250 || '.' || 1 + n % 250)::inet,
		('2001:db8:' || to_hex(x) || '::' || to_hex(n / 60000) || ':' || to_hex(n % 60000))::inet FROM (SELECT n, CASE WHEN n % 3 = 0 THEN 1 + n % 60 ELSE 61 + n % 940 END AS x FROM generate_series(1, 80000) n) p;
	UPDATE internet_exchange SET peeringdb_ixlan_id = id;
	ANALYZE" > /dev/null || die "the ports"
sql "VACUUM peerage.peeringdb_network_ixlan" > /dev/null	# as a server's autovacuum leaves it
start_handlers
start_nginx
{
	named page_available_peers "bigint, text, bigint, bigint"
	for _ in $(seq "$times"); do echo "EXECUTE q (NULL, '%%', 50, 0);"; done
} > "$work/q.sql"
statement=$(alone "$times" "$work/q.sql")
ours=$(through "$times" /peeringdb/available-ixp-peers/)
grep -q 'AS100' "$work/page" || fail "the page shows nobody"
echo "80,000 ports, 20,000 sessions; best and median of $times, ms"
printf '%-44s %s\n' "the statement in psql" "$statement" "the page through nginx" "$ours"
awk -v a="${statement% *}" -v b="${ours% *}" 'BEGIN { printf "%-44s %.2f\n", "ratio", b / a }'
