#!/bin/bash
# The change log with ROWS (10,000,000) rows: its page and the API's list through nginx, whole, of one object, one user, a time, an action and a word; deep
# in it as well. Under 50 ms are asked for. The reference is the database's own
# time for the first page's statement, by psql. Making the rows takes minutes and some 8 GB below /tmp.
# A benchmark, not a test.
#     PEERAGE_BUILD=build/demo tests/bench/changes.sh [ROWS [TIMES]]
. "$(dirname "$0")/bench.sh"
rows=${1:-10000000} times=${2:-15}
the_book
printf 'shared_buffers = 512MB\nmaintenance_work_mem = 256MB\nmax_wal_size = 4GB\nautovacuum = off\n' >> "$work/pg/postgresql.conf"
"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w restart > /dev/null
a_reader
sql "SET search_path = peerage, public;
	INSERT INTO auth_user (username, password) SELECT 'person' || n, '!' FROM generate_series(1, 20) n" > /dev/null
# Indexes are made after the rows, as they are: their definitions come from the catalogue.
indexes=$(sql "SELECT string_agg(indexdef || ';', ' ') FROM pg_indexes WHERE schemaname = 'peerage' AND tablename = 'object_change' AND indexname <> 'object_change_pkey'")
sql "SET search_path = peerage, public;
	DO \$\$ DECLARE i text; BEGIN
		FOR i IN SELECT indexname FROM pg_indexes WHERE schemaname = 'peerage' AND tablename = 'object_change' AND indexname <> 'object_change_pkey' LOOP
			EXECUTE 'DROP INDEX peerage.' || i; END LOOP; END \$\$;
	SET session_replication_role = replica;
	INSERT INTO object_change (time, user_id, user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr, prechange_data, postchange_data)
		SELECT now() - (($rows - n) || ' seconds')::interval, u.id, u.username, ('00000000-0000-4000-8000-' || lpad(to_hex(n / 3), 12, '0'))::uuid,
			CASE n % 20 WHEN 0 THEN 'create' WHEN 1 THEN 'delete' ELSE 'update' END, t.id, 1 + n % 20000, 'Object ' || n % 20000,
			'{\"status\": \"enabled\"}', '{\"status\": \"disabled\"}'
		FROM generate_series(1, $rows) n, LATERAL (SELECT id, username FROM auth_user WHERE username = 'person' || 1 + n % 20) u,
			(SELECT id FROM object_type WHERE model = 'internetexchangepeeringsession') t;
	SET session_replication_role = origin; $indexes
	INSERT INTO table_count (table_name, n) VALUES ('object_change', $rows);
	" > "$work/out" 2>&1 || die "$(tail -3 "$work/out")"
sql "VACUUM ANALYZE peerage.object_change" > /dev/null    # as a server that runs does it by itself
start_handlers
start_nginx
first=$(sql "SELECT min(id) FROM peerage.object_change")
ask() { printf '%-52s %s\n' "$1" "$(through "$times" "$2")"; } # NAME PATH
for _ in $(seq "$times"); do echo 'SELECT * FROM object_change ORDER BY time DESC, id DESC LIMIT 20;'; done > "$work/q.sql"
echo "the statement in psql: $(alone "$times" "$work/q.sql")"
echo "$rows rows; best and median of $times in milliseconds"
ask "page" /core/changelog/
ask "page, the 100th" "/core/changelog/?page=100"
ask "page, of a user" "/core/changelog/?user=person7"
ask "page, of a type" "/core/changelog/?changed_object_type_id=$(sql "SELECT id FROM peerage.object_type WHERE model = 'internetexchangepeeringsession'")"
ask "page, of a day" "/core/changelog/?time_after=$(date -d '-31 days' +%F)&time_before=$(date -d '-30 days' +%F)"
ask "page, of an action" "/core/changelog/?action=delete"
ask "page, with a word" "/core/changelog/?q=Object+1234"
ask "an object's own changes" "/internet-exchange-peering-sessions/1234/changelog/"
ask "one change" "/core/changelog/$((first + rows / 2))/"
ask "API" "/api/core/object-changes/"
ask "API, of an object" "/api/core/object-changes/?changed_object_id=1234"
ask "API, of a request" "/api/core/object-changes/?request_id=$(sql "SELECT request_id FROM peerage.object_change WHERE id = $((first + rows / 2))")"
ask "API, of a user after a day" "/api/core/object-changes/?user_name=person3&time_after=$(date -d '-2 days' +%F)"
