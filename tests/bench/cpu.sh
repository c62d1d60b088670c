#!/bin/bash
# Processor time of one request, in microseconds, by who spends it: PostgreSQL's backends, the handlers, nginx. Unlike the rates of api.sh
# it hardly depends on what else the machine does. A benchmark, not a test. Arguments: seconds a measurement (3), a pattern of names.
# Build first without --enable-devel: PEERAGE_BUILD=build/demo tests/bench/cpu.sh
. "$(dirname "$0")/../lib.sh"
seconds=${1:-3} only=${2:-.}
start_postgres
start_redis
psql -X -q -h "$work" -U peerage -d peerage -v ON_ERROR_STOP=1 -f "$top/tests/bench/book.sql" || die "the book"
token=0123456789abcdef0123456789abcdef01234567
sql "SET search_path = peerage, public;
	INSERT INTO auth_user (username, password, is_superuser, is_staff) VALUES ('bench', '', true, true);
	INSERT INTO auth_token (user_id, key_hash, key_hint) SELECT id, sha256('$token'), right('$token', 6) FROM auth_user;
	INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('$token'), id, now() + interval '1 day', '$token' FROM auth_user"
echo "requests_per_process = 1000000" >> "$work/peerage.conf"       # what a process that left has used is not seen
start_handlers 2
start_nginx
# who PATH: the header that says who asks: programs have a token, browsers a session
who() { case $1 in /api/*) echo "Authorization: Token $token" ;; *) echo "Cookie: sessionid=$token" ;; esac; }

tick=$(getconf CLK_TCK)
postmaster=$(head -1 "$work/pg/postmaster.pid")
# ticks PID...: user and system time they have used
ticks() { local p; for p; do cat "/proc/$p/stat" 2> /dev/null; done | sed 's/^.*) //' | awk '{ s += $12 + $13 } END { print s + 0 }'; }
all_of() { pgrep -P "$1"; }
handlers() { local f p; for f in $families; do eval "p=\$handler_$f"; all_of "$p"; done; }
servers() { local p; for p in $(handlers); do all_of "$p"; done; handlers; }
snapshot() { echo "$(ticks $(all_of "$postmaster")) $(ticks $(servers | sort -u)) $(ticks $(all_of "${pids[-1]}"))"; }

printf '%-34s %9s %9s %9s %9s %9s\n' "request" "database" "handler" "nginx" "all" "bytes"
while read -r name path; do
	[[ $name =~ $only ]] || continue
	curl -s -o "$work/answer" -H "$(who "$path")" "$url$path"
	wrk -t1 -c8 -d1s -H "$(who "$path")" "$url$path" > /dev/null
	before=$(snapshot)
	n=$(wrk -t1 -c8 -d"${seconds}s" -H "$(who "$path")" "$url$path" | awk '/requests in/ { print $1 }')
	echo "$name $n $tick $before $(snapshot) $(stat -c %s "$work/answer")" | awk '{ u = 1e6 / $3 / $2
		printf "%-34s %9.0f %9.0f %9.0f %9.0f %9d\n", $1, ($7 - $4) * u, ($8 - $5) * u, ($9 - $6) * u, ($7 + $8 + $9 - $4 - $5 - $6) * u, $10 }'
done < <(sed -n '/^done <<-E/,/^E$/p' "$top/tests/bench/api.sh" | grep / )
pass
