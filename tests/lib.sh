# lib.sh: what black-box suites begin with: a private PostgreSQL, Redis, the handlers, nginx, Apache; requests; counting.
# Source it; then start_postgres, start_redis, start_handlers, start_nginx ... All of it lives in one folder below /tmp and ends
# with the suite. As root everything runs as the packaged user postgres. The last line is "N passed, N failed".

top=${PEERAGE_TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
build=${PEERAGE_BUILD:-$top/build}
if [ "$(id -u)" = 0 ]; then
	PEERAGE_TOP=$top PEERAGE_BUILD=$build exec "$top/tools/unprivileged" bash "$0" "$@"
fi
set -u
work=$(mktemp -d /tmp/peerage-suite.XXXXXX)
pids=()
passed=0 failed=0
families="core devices extras messaging peering peeringdb policy users"
export PEERAGE_MIGRATIONS=$top/sql/migrations PEERAGE_CONF=$work/peerage.conf

finish() {
	local p
	for p in "${pids[@]}"; do kill "$p" 2> /dev/null; done
	[ ! -s "$work/pg/postmaster.pid" ] || "$pg_bin/pg_ctl" -D "$work/pg" -m immediate stop > /dev/null 2>&1
	wait 2> /dev/null
	if [ "${PEERAGE_KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
trap 'finish || exit 1' EXIT
trap 'exit 1' INT TERM

# ---- counting ----

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED: $*"; }
# same NAME WANT GOT
same() { if [ "$2" = "$3" ]; then pass; else fail "$1"; printf '  want: %.600s\n  got:  %.600s\n' "$2" "$3"; fi; }
# holds NAME COMMAND...: the command succeeds
holds() { local name=$1; shift; if "$@" > /dev/null 2>&1; then pass; else fail "$name"; fi; }
die() { echo "cannot go on: $*"; failed=$((failed + 1)); exit 1; }

# until_true SECONDS COMMAND...: wait for what comes
until_true() {
	local end=$((SECONDS + $1)); shift
	until "$@" > /dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.05; done
}

# ---- servers ----

pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)

start_postgres() {
	"$pg_bin/initdb" -D "$work/pg" -U peerage -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$work/initdb.log" 2>&1 || die "$(cat "$work/initdb.log")"
	cat >> "$work/pg/postgresql.conf" <<-C
		listen_addresses = ''
		unix_socket_directories = '$work'
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		shared_buffers = 64MB
		max_connections = 60
	C
	"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null || die "$(cat "$work/pg.log")"
	sql_in postgres 'CREATE DATABASE peerage' > /dev/null
	head -c 32 /dev/urandom > "$work/secret.key"
	chmod 600 "$work/secret.key"
	cat > "$work/peerage.conf" <<-C
		database = host=$work user=peerage dbname=peerage
		redis = unix:$work/redis.sock
		secret_file = $work/secret.key
		html_dir = $top/html
		tally_file = $work/requests
	C
	"$build/peerage" migrate > "$work/migrate.log" 2>&1 || die "$(cat "$work/migrate.log")"
}

sql_in() { local db=$1; shift; psql -X -qAt -v ON_ERROR_STOP=1 -h "$work" -U peerage -d "$db" -c "$*"; }
sql() { sql_in peerage "$@"; }

# until_sql SECONDS CONDITION: wait within the database, where a look costs nothing
until_sql() {
	sql "DO \$\$ BEGIN FOR i IN 1 .. $1 * 20 LOOP IF $2 THEN RETURN; END IF; PERFORM pg_sleep(0.05); END LOOP; RAISE 'not in time'; END \$\$" > /dev/null 2>&1
}

start_redis() {
	redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' --logfile "$work/redis.log" > /dev/null 2>&1 &
	pids+=($!) redis_pid=$!
	until_true 10 test -S "$work/redis.sock" || die "redis: $(cat "$work/redis.log")"
}
stop_redis() { kill "$redis_pid"; wait "$redis_pid" 2> /dev/null; rm -f "$work/redis.sock"; }

# start_handlers [PROCESSES]: a family each, on $work/FAMILY.sock
start_handlers() {
	local f
	for f in $families; do
		spawn-fcgi -n -s "$work/$f.sock" -M 0666 -- "$(command -v multiwatch)" -f "${1:-1}" -r 1000 -t 100 -- "$build/handlers/$f" 2>> "$work/handlers.log" &
		pids+=($!)
		eval "handler_$f=$!"
	done
	for f in $families; do until_true 10 test -S "$work/$f.sock" || die "handler $f: $(cat "$work/handlers.log")"; done
}
stop_handlers() {
	local f p
	for f in $families; do
		eval "p=\$handler_$f"
		kill "$p" 2> /dev/null
		wait "$p" 2> /dev/null
		rm -f "$work/$f.sock"
	done
}

free_port() {
	local p
	for p in $(shuf -i 20000-32000 -n 200); do
		(exec 3<> "/dev/tcp/127.0.0.1/$p") 2> /dev/null || { echo "$p"; return; }
	done
	die "no free port"
}

ours() { sed -e "s|/run/peerage/|$work/|g" -e "s|/usr/share/peerage/html|$top/html|g" "$1"; }

# Sets $url (http://127.0.0.1:PORT)
start_nginx() {
	port=$(free_port)
	mkdir -p "$work/nginx"
	cat > "$work/nginx.conf" <<-C
		pid $work/nginx.pid;
		error_log $work/nginx.log;
		worker_processes 1;
		daemon off;
		events { worker_connections 512; }
		http {
			access_log off;
			client_body_temp_path $work/nginx; proxy_temp_path $work/nginx; fastcgi_temp_path $work/nginx; uwsgi_temp_path $work/nginx; scgi_temp_path $work/nginx;
			server {
				listen 127.0.0.1:$port;
				$(ours "$top/nginx/peerage.conf")
			}
		}
	C
	/usr/sbin/nginx -e "$work/nginx.log" -p "$work" -c "$work/nginx.conf" &
	pids+=($!)
	url=http://127.0.0.1:$port
	until_true 10 curl -s -o /dev/null "$url/api/" || die "nginx: $(cat "$work/nginx.log")"
}

# Sets $apache_url. apache_modules and apache_extra: more modules, more of its configuration.
start_apache() {
	local port m
	port=$(free_port)
	{
		echo "ServerRoot $work"; echo "ServerName localhost"; echo "Listen 127.0.0.1:$port"; echo "PidFile $work/apache.pid"
		echo "ErrorLog $work/apache.log"; echo "Mutex file:$work"
		for m in mpm_event authz_core alias proxy proxy_fcgi setenvif ${apache_modules:-}; do echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"; done
		ours "$top/apache/peerage.conf"
		printf '%s\n' "${apache_extra:-}"
	} > "$work/apache.conf"
	/usr/sbin/apache2 -d "$work" -f "$work/apache.conf" -D FOREGROUND >> "$work/apache.log" 2>&1 &
	pids+=($!)
	apache_url=http://127.0.0.1:$port
	until_true 10 curl -s -o /dev/null "$apache_url/api/" || die "apache: $(cat "$work/apache.log")"
}

# ---- people ----

password=secret-horse-9
password_hash='$y$j9T$abcdefghijklmnop$2e5KH8B/9pgUiLJh2UiCQskox1eDwSYWKZMUruI7NL0'
password_django='pbkdf2_sha256$20000$saltsalt$jgAIuTPEnxuOH8Fcoe8bHuS5qKw2Bf0mlp3dKw/hZcw='

# user NAME [SQL of columns]: makes one, prints the id; its token is NAME repeated to 40 characters
token_of() { printf '%s%s' "$1" 0000000000000000000000000000000000000000 | head -c 40; }
user() {
	local id
	id=$(sql "INSERT INTO auth_user (username, password, is_superuser, is_staff) VALUES ('$1', '$password_hash', ${2:-false}, ${3:-false}) RETURNING id")
	sql "INSERT INTO auth_token (user_id, key_hash, key_hint) VALUES ($id, sha256('$(token_of "$1")'), right('$(token_of "$1")', 6))" > /dev/null
	echo "$id"
}
# grant USER_ID ACTIONS [CONSTRAINTS_JSON] [app.model ...]: on all types, or on these
grant() {
	local id=$1 actions=$2 constraints=${3:-} types=
	shift; shift; [ $# -gt 0 ] && shift
	for t; do types="$types,'$t'"; done
	sql "WITH p AS (INSERT INTO auth_permission (name, actions, constraints) VALUES ('p' || nextval(pg_get_serial_sequence('auth_permission', 'id')), '{$actions}',
			$([ "$constraints" ] && echo "'$constraints'" || echo NULL)) RETURNING id),
		t AS (INSERT INTO auth_permission_object_types SELECT p.id, o.id FROM p, object_type o ${types:+WHERE o.app_label || '.' || o.model IN (${types#,})})
		INSERT INTO auth_permission_users SELECT id, $id FROM p" > /dev/null
}

# ---- requests ----

who=admin       # whose token api() carries; empty: nobody's
# api METHOD PATH [BODY] [curl options ...]: sets $status and $body; headers are in $work/headers
api() {
	local method=$1 path=$2 data=${3:-} args=(-s -X "$1" -D "$work/headers" -o "$work/body" -w '%{http_code}')
	shift; shift; [ $# -gt 0 ] && shift
	[ "$method" != HEAD ] || args+=(-I)
	[ -z "$who" ] || args+=(-H "Authorization: Token $(token_of "$who")")
	if [ "$data" ]; then
		printf %s "$data" > "$work/data"
		args+=(--data-binary "@$work/data")
		[[ "$*" == *Content-Type:* ]] || args+=(-H "Content-Type: application/json")
	fi
	: > "$work/body"
	status=$(curl "${args[@]}" "$@" "$url$path")
	if [ "$method" = HEAD ]; then body=; else body=$(tr -d '\0' < "$work/body"); fi
}
header() { tr -d '\r' < "$work/headers" | sed -n "s/^$1: //Ip" | tail -1; }
j() { printf %s "$body" | jq -r "$@" 2> /dev/null; }
# want NAME STATUS [BODY]: what the last request gave
want() {
	if [ "$status" != "$2" ]; then fail "$1: status $status, not $2: $(printf %.300s "$body")"; return; fi
	if [ $# -gt 2 ] && [ "$body" != "$3" ]; then fail "$1"; printf '  want: %.600s\n  got:  %.600s\n' "$3" "$body"; return; fi
	pass
}
