#!/bin/bash
# Who could be peered with at all exchanges at once: 80,000 ports in PeeringDB, 20,000 sessions. The page through nginx beside its statement
# in psql, best of N (20) each. A benchmark, not a test. PEERAGE_BUILD=build/demo tests/bench/candidates.sh
. "$(dirname "$0")/../lib.sh"
times=${1:-20}
start_postgres
start_redis
psql -X -q -h "$work" -U peerage -d peerage -v ON_ERROR_STOP=1 -f "$top/tests/bench/book.sql" || die "the book"
user bench true true > /dev/null
sql "SET search_path = peerage, public;
	INSERT INTO peeringdb_organization (id, name) VALUES (1, 'Org');
	INSERT INTO peeringdb_network (id, org_id, asn, name) SELECT n, 1, 100000 + n, 'Network ' || n FROM generate_series(1, 30000) n;
	INSERT INTO peeringdb_internet_exchange (id, org_id, name) SELECT n, 1, 'IX ' || n FROM generate_series(1, 1000) n;
	INSERT INTO peeringdb_ixlan (id, ix_id) SELECT n, n FROM generate_series(1, 1000) n;
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4, ipaddr6)
		SELECT n, 1 + n % 30000, x, 100001 + n % 30000, 10000, ('10.' || x % 256 || '.' || n / 250 % 250 || '.' || 1 + n % 250)::inet,
		('2001:db8:' || to_hex(x) || '::' || to_hex(n / 60000) || ':' || to_hex(n % 60000))::inet FROM (SELECT n, CASE WHEN n % 3 = 0 THEN 1 + n % 60 ELSE 61 + n % 940 END AS x FROM generate_series(1, 80000) n) p;
	UPDATE internet_exchange SET peeringdb_ixlan_id = id;
	INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('$(token_of bench)'), id, now() + interval '1 day', '$(token_of bench | sha1sum | head -c 40)' FROM auth_user;
	ANALYZE" > /dev/null || die "the ports"
start_handlers
start_nginx
best() { sort -n | head -1; }
{
	echo 'SET search_path = peerage, public; \timing on'
	echo "PREPARE q (bigint, text, bigint, bigint) AS"
	awk '/^-- name:/ { on = $3 == "page_available_peers"; next } on' "$top/sql/queries/pages.sql"
	for _ in $(seq "$times"); do echo "EXECUTE q (NULL, '%%', 50, 0);"; done
} > "$work/psql.sql"
alone=$(psql -X -q -h "$work" -U peerage -d peerage -f "$work/psql.sql" | awk '/^Time:/ { print $2 }' | tail -n "$times" | best)
page() { curl -s -o "$work/page" -w '%{http_code} %{time_total}\n' -H "Cookie: sessionid=$(token_of bench)" "$url/peeringdb/available-ixp-peers/"; }
through=$(for _ in $(seq "$times"); do page; done | awk '$1 == 200 { print $2 * 1000 }' | best)
grep -q 'AS100' "$work/page" || fail "the page shows nobody"
printf '%-44s %10s\n%-44s %7.1f ms\n%-44s %7.1f ms\n' "80,000 ports, 20,000 sessions" "" "the statement in psql" "$alone" "the page through nginx" "$through"
awk -v a="$alone" -v b="$through" 'BEGIN { printf "%-44s %10.2f\n", "ratio", b / a }'
