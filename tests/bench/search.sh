#!/bin/bash
# The search over 25,000 sessions, 34,000 networks of PeeringDB and 100,000 changes, through nginx: names, numbers, addresses, a common word, nothing. Under 20 ms
# are asked for. The reference, in the same run, is the search's one statement in psql. Processor time of handler and database is printed beside them,
# for the times by the clock mean something on an idle machine only. A benchmark, not a test.
#     PEERAGE_BUILD=build/demo tests/bench/search.sh [TIMES]
. "$(dirname "$0")/bench.sh"
times=${1:-20}
the_book
a_reader
sql "SET search_path = peerage, public;
	INSERT INTO peeringdb_organization (id, name) VALUES (1, 'Org');
	INSERT INTO peeringdb_network (id, org_id, asn, name, irr_as_set) SELECT n, 1, 200000 + n, 'Carrier ' || n || ' of ' || md5(n::text), 'AS-C' || n FROM generate_series(1, 34000) n;
	INSERT INTO object_change (user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr)
		SELECT 'bench', gen_random_uuid(), 'update', (SELECT id FROM object_type WHERE model = 'internetexchangepeeringsession'), 1 + n % 20000, 'Session ' || n
		FROM generate_series(1, 100000) n" > /dev/null || die "the rows"
"$build/peerage" reindex || die "no index"
sql "VACUUM ANALYZE" > /dev/null
start_handlers
start_nginx
core=$(pgrep -P "$handler_core" | head -1)
ask() { through "$times" /api/core/search/ -G --data-urlencode "q=$1"; }
ask warm > /dev/null
database=$(busiest)
statement() { # as the handler asks it
	named search "text, text, text, text, bigint"
	for _ in $(seq "$times"); do echo "EXECUTE q ('$1', '$1%', '%$1%', $([[ $1 == *.*.*.* ]] && echo "'$1'" || echo NULL), 15);"; done
}
printf '%-18s %18s %18s %22s\n' "best, median in ms" "API through nginx" "statement in psql" "CPU: handler, database"
for q in 101234 'Network 1234' 10.0.1.3 network carrier 64500:1 nothing-like-it ca; do
	h=$(cpu "$core") d=$(cpu "$database")
	ours=$(ask "$q")
	statement "$q" > "$work/q.sql"
	printf '%-18s %18s %18s %22s\n' "$q" "$ours" "$(alone "$times" "$work/q.sql")" "$(awk -v a="$h" -v b="$(cpu "$core")" -v c="$d" -v d="$(cpu "$database")" -v n="$times" 'BEGIN { printf "%.1f %.1f", (b - a) / n, (d - c) / n }')"
done
