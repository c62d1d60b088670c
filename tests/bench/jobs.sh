#!/bin/bash
# 1,000 jobs that do nothing, one process each, from the asking to the last line of the log, on a PostgreSQL that syncs to disk. Beside it, in
# the same run, what starting as many processes costs a shell that does nothing else. At least 200 jobs a second are asked for.
. "$(dirname "$0")/../lib.sh"
jobs=${1:-1000} children=${2:-4}
start_postgres
start_redis
sql_in postgres "ALTER SYSTEM SET fsync = on" > /dev/null
sql_in postgres "ALTER SYSTEM SET synchronous_commit = on" > /dev/null
sql_in postgres "SELECT pg_reload_conf()" > /dev/null
"$build/peerage-runner" -n "$children" 2> "$work/runner.log" &
pids+=($!)
until_true 10 grep -q "takes jobs" "$work/runner.log"

begin=$EPOCHREALTIME
sql "INSERT INTO peerage.job (object_type_id, name) SELECT 23, 'core.noop' FROM generate_series(1, $jobs)"
redis-cli -s "$work/redis.sock" publish peerage:jobs new > /dev/null
until_true 120 eval '[ "$(sql "SELECT count(*) FROM peerage.job WHERE completed IS NOT NULL")" = '"$jobs"' ]'
end=$EPOCHREALTIME
same "all completed" "$jobs" "$(sql "SELECT count(*) FROM peerage.job WHERE status = 'completed'")"
same "each with its two lines" "$((2 * jobs))" "$(sql "SELECT count(*) FROM peerage.job_log")"

forks=$EPOCHREALTIME
for ((i = 0; i < jobs; i++)); do (:); done
forked=$EPOCHREALTIME
awk -v n="$jobs" -v c="$children" -v s="$begin" -v e="$end" -v f="$forks" -v g="$forked" 'BEGIN {
	printf "%d jobs, %d at a time: %.2f s, %.0f jobs/s\n", n, c, e - s, n / (e - s)
	printf "%d empty processes of a shell, one after the other: %.2f s; a job costs %.1f of them\n", n, g - f, (e - s) / (g - f)
}'
rate=$(awk -v n="$jobs" -v s="$begin" -v e="$end" 'BEGIN { printf "%d", n / (e - s) }')
holds "at least 200 jobs a second" test "$rate" -ge 200
