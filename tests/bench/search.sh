#!/bin/bash
# The search over 25,000 sessions, 34,000 networks of PeeringDB and 100,000 changes, through nginx: names, numbers, addresses, a common word, nothing. Under 20 ms
# are asked for. The reference, in the same run, is the search's one statement in psql. Processor time of handler and database is printed beside them,
# for the times by the clock mean something on an idle machine only. A benchmark, not a test.
#     PEERAGE_BUILD=build/demo tests/bench/search.sh [TIMES]
. "$(dirname "$0")/../lib.sh"
times=${1:-20}
start_postgres
start_redis
psql -X -q -h "$work" -U peerage -d peerage -v ON_ERROR_STOP=1 -f "$top/tests/bench/book.sql" || die "the book"
user bench true true > /dev/null
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
cpu() { awk -v t="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / t }' "/proc/$1/stat"; }
best() { sort -n | awk '{ v[NR] = $1 } END { printf "%.1f %.1f", v[1], v[int((NR + 1) / 2)] }'; }
ask() { for _ in $(seq "$times"); do curl -G -s -o "$work/page" -w '%{time_total}\n' -H "Authorization: Token $(token_of bench)" --data-urlencode "q=$1" "$url/api/core/search/"; done |
	awk '{ print $1 * 1000 }' | best; }
ask warm > /dev/null
database=$(pgrep -P "$(head -1 "$work/pg/postmaster.pid")" -f 'peerage peerage .*idle' | while read -r p; do echo "$(cpu "$p") $p"; done | sort -rn | head -1 | cut -d' ' -f2)
alone() { # the statement: as the handler asks it
	{
		echo 'SET search_path = peerage, public; \timing on'
		echo "PREPARE q (text, text, text, text, bigint) AS"
		awk '/^-- name:/ { on = $3 == "search"; next } on' "$top/sql/queries/pages.sql"
		for _ in $(seq "$times"); do echo "EXECUTE q ('$1', '$1%', '%$1%', $([[ $1 == *.*.*.* ]] && echo "'$1'" || echo NULL), 15);"; done
	} > "$work/q.sql"
	psql -X -q -h "$work" -U peerage -d peerage -f "$work/q.sql" | awk '/^Time:/ { print $2 }' | tail -n "$times" | best
}
printf '%-18s %18s %18s %22s\n' "best, median in ms" "API through nginx" "statement in psql" "CPU: handler, database"
for q in 101234 'Network 1234' 10.0.1.3 network carrier 64500:1 nothing-like-it ca; do
	h=$(cpu "$core") d=$(cpu "$database")
	through=$(ask "$q")
	printf '%-18s %18s %18s %22s\n' "$q" "$through" "$(alone "$q")" "$(awk -v a="$h" -v b="$(cpu "$core")" -v c="$d" -v d="$(cpu "$database")" -v n="$times" 'BEGIN { printf "%.1f %.1f", (b - a) / n, (d - c) / n }')"
done
