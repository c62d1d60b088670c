# bench.sh: what the benchmarks begin with; source it instead of ../lib.sh.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
token=0123456789abcdef0123456789abcdef01234567

# the_book: PostgreSQL, Redis and a book with 20,000 exchange sessions
the_book() {
	start_postgres
	start_redis
	psql -X -q -h "$work" -U peerage -d peerage -v ON_ERROR_STOP=1 -f "$top/tests/bench/book.sql" || die "the book"
}
# a_reader: a superuser with an API token and a browser's session, both of them $token
a_reader() {
	sql "SET search_path = peerage, public;
		INSERT INTO auth_user (username, password, is_superuser, is_staff) VALUES ('bench', '', true, true);
		INSERT INTO auth_token (user_id, key_hash, key_hint) SELECT id, sha256('$token'), right('$token', 6) FROM auth_user WHERE username = 'bench';
		INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('$token'), id, now() + interval '1 day', '$token' FROM auth_user WHERE username = 'bench'" > /dev/null || die "the reader"
}
# who PATH: the header that says who asks: programs have a token, browsers a session
who() { case $1 in /api/*) echo "Authorization: Token $token" ;; *) echo "Cookie: sessionid=$token" ;; esac; }

# best: least and median of the numbers that it reads, a line each
best() { sort -n | awk '{ v[NR] = $1 } END { printf "%.1f %.1f", v[1], v[int((NR + 1) / 2)] }'; }
# cpu PID: milliseconds of processor time it has had, without its children
cpu() { awk -v t="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / t }' "/proc/$1/stat"; }
# busiest: the backend of the database that has worked most
busiest() {
	pgrep -P "$(head -1 "$work/pg/postmaster.pid")" -f 'peerage peerage .*idle' | while read -r p; do echo "$(cpu "$p") $p"; done | sort -rn | head -1 | cut -d' ' -f2
}
# through TIMES PATH [CURL'S ARGUMENTS]: best and median of so many requests through nginx, in milliseconds; the last answer in $work/page
through() {
	local times=$1 path=$2 all; shift 2
	all=$(for _ in $(seq "$times"); do curl -s -o "$work/page" -w '%{http_code} %{time_total}\n' -H "$(who "$path")" "$@" "$url$path"; done)
	case $all in *[345]0[0-9]\ *) fail "$path: $(echo "$all" | head -1) $(head -c 300 "$work/page")" ;; esac
	echo "$all" | awk '{ print $2 * 1000 }' | best
}
# alone TIMES FILE: best and median of the times that psql needs for the statements of a file, the last so many
alone() {
	{ echo 'SET search_path = peerage, public; \timing on'; cat "$2"; } > "$work/timed.sql"
	psql -X -q -h "$work" -U peerage -d peerage -f "$work/timed.sql" | awk '/^Time:/ { print $2 }' | tail -n "$1" | best
}
# named QUERY TYPES: the PREPARE of a statement of sql/queries/pages.sql, as q
named() {
	echo "PREPARE q ($2) AS"
	awk -v name="$1" '/^-- name:/ { on = $3 == name; next } on' "$top/sql/queries/pages.sql"
}
