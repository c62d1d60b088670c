#!/bin/bash
# A throw-away PostgreSQL: pg.sh start DIR PID makes it below DIR with its socket there, and ends it when process PID has ended.
# As root it runs as the packaged user postgres.
set -e
[ "$1" = start ] && [ -n "$3" ] || { echo "usage: $0 start DIR PID" >&2; exit 2; }
dir=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	chown postgres "$dir"
	as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
fi
cd "$dir"
as "$bin/initdb" -D "$dir/data" -U peerage_test -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
cat >> "$dir/data/postgresql.conf" <<C
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0777
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 48MB
max_connections = 60
autovacuum = off
wal_level = minimal
max_wal_senders = 0
C
as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start > /dev/null || { cat "$dir/server.log" >&2; exit 1; }
(
	tail --pid="$3" -f /dev/null
	as "$bin/pg_ctl" -D "$dir/data" -m immediate stop
	rm -rf "$dir"
) > /dev/null 2>&1 < /dev/null &
