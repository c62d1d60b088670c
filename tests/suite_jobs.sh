#!/bin/bash
# The runner against real servers: what becomes of jobs when they fail, crash, take too long, are cancelled or killed; when runners,
# Redis and PostgreSQL go away; of locks, queues and the schedule.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
start_postgres
start_redis

# start_runner NAME [OPTIONS]: its pid in $runner_NAME
start_runner() {
	local name=$1
	shift
	"$build/peerage-runner" --poll 0.2 --lease 3 --events no "$@" 2>> "$work/runner-$name.log" &
	pids+=($!)
	eval "runner_$name=$!"
	until_true 10 grep -q "takes jobs" "$work/runner-$name.log" || die "runner: $(cat "$work/runner-$name.log")"
}
# stop_runner NAME [SIGNAL]: and wait for its end; $status is how it left
stop_runner() {
	local pid
	eval "pid=\$runner_$1"
	kill "-${2:-TERM}" "$pid"
	wait "$pid" 2> /dev/null
	status=$?
	: > "$work/runner-$1.log"
}
ask() { "$peerage" --json jobs run "$@" | jq .id; }
field() { sql "SELECT $2 FROM peerage.job WHERE id = $1"; }
is() { [ "$(field "$1" status)" = "$2" ]; }
# ended ID STATUS [SECONDS]
ended() {
	until_true "${3:-30}" is "$1" "$2" && return
	fail "job $1 is $(field "$1" "status || ' ' || coalesce(error, '')"), not $2"
	tail -n 5 "$work"/runner-*.log
	return 1
}
# The process of the job that runs alone under runner $1
child_of() { pgrep -P "$1" | head -1; }
has_child() { [ -n "$(child_of "$1")" ]; }
lines() { sql "SELECT string_agg(level || ' ' || message, '|' ORDER BY n) FROM peerage.job_log WHERE job_id = $1"; }
matches() { case "$2" in $3) pass ;; *) fail "$1"; printf '  want: %s\n  got:  %s\n' "$3" "$2" ;; esac; }

# ---- without a runner ----

waiting=$(ask core.noop)
same "a job waits while there is no runner" pending "$(field "$waiting" status)"
"$peerage" jobs cancel "$waiting" > /dev/null
same "and is cancelled at once" failed "$(field "$waiting" status)"
matches "with who did it" "$(field "$waiting" error)" "Cancelled by *"
"$peerage" jobs cancel "$waiting" > /dev/null 2>&1
same "an ended one is not cancelled" 5 $?
"$peerage" jobs cancel 999999 > /dev/null 2>&1
same "nor one that is not there" 3 $?
"$peerage" jobs run core.nonsense > /dev/null 2>&1
same "an unknown kind is not asked for" 3 $?
"$peerage" jobs show > /dev/null 2>&1
same "a missing number is a usage error" 2 $?
again=$("$peerage" --json jobs retry "$waiting" | jq .id)
same "it may be asked for again" "pending core.noop" "$(field "$again" "status || ' ' || name")"

# ---- the ordinary ----

start_runner one -n 4
ended "$again" completed && pass || echo "what waited is taken by a runner that comes"
id=$(ask core.noop --set lines=3 --set 'result={"n": 1}' --set 'output=héllo "x"')
ended "$id" completed && pass || echo "a job completes"
matches "its lines are there" "$(lines "$id")" "info Started by *|info Line 1|info Line 2|info Line 3|success Completed"
same "its progress" "3 3 Writing lines" "$(field "$id" "concat_ws(' ', progress_done, progress_total, progress_label)")"
same "its result and output" '{"n": 1} héllo "x"' "$(field "$id" "result::text || ' ' || output")"
same "one attempt, and a time for everything" "1 t" "$(field "$id" "attempt || ' ' || (created <= started AND started <= completed)::text::char")"
same "the log in Peering Manager's form" "1 4 5" \
	"$(sql "SELECT concat_ws(' ', d->'main'->'success', d->'total'->'info', jsonb_array_length(d->'main'->'log')) FROM (SELECT peerage.job_data(j) d FROM peerage.job j WHERE id = $id) x")"
same "the command shows it" completed "$("$peerage" --json jobs show "$id" | jq -r .status)"
same "and its log" 5 "$("$peerage" --json jobs log "$id" | jq length)"
"$peerage" jobs run --wait --set then=fail core.noop > "$work/out"
same "--wait tells that it failed" 6 $?
matches "and why" "$(tail -1 "$work/out")" "*asked to fail"
"$peerage" jobs run --wait core.noop > /dev/null
same "--wait tells that it worked" 0 $?

# ---- crashes ----

id=$(ask core.noop --set then=fail)
ended "$id" failed && same "a failure says why" "asked to fail" "$(field "$id" error)"
id=$(ask core.noop --set then=abort)
ended "$id" errored && matches "an abort is told by its signal" "$(field "$id" error)" "*SIGABRT*"
id=$(ask core.noop --set then=exit)
ended "$id" errored && matches "so is an exit" "$(field "$id" error)" "*status 3"
id=$(ask core.noop --set lines=2 --set seconds=60)
until_true 10 is "$id" running
until_true 10 has_child "$runner_one"
until_true 10 eval 'lines "$id" | grep -q "Line 2"' && pass || fail "lines show while it runs"
kill -9 "$(child_of "$runner_one")"
ended "$id" errored && matches "kill -9 of the child is told" "$(field "$id" error)" "*SIGKILL"
matches "and its lines stay" "$(lines "$id")" "*Line 2|failure *SIGKILL"
sql "INSERT INTO peerage.job (object_type_id, name) VALUES (23, 'core.nonsense')"
id=$(sql "SELECT max(id) FROM peerage.job")
ended "$id" errored && matches "an unknown kind says so" "$(field "$id" error)" "there is no kind*"

# ---- retry ----

id=$(ask core.noop_tries --set then=fail --set until=2)
ended "$id" completed && same "a failed try is repeated" "2 t" "$(field "$id" "attempt || ' ' || (started - created > interval '0.9 s')::text::char")"
matches "and both are in the log" "$(lines "$id")" "*try 1 of 3|warning asked to fail*|info Started*try 2 of 3|success Completed"
id=$(ask core.noop_tries --set then=abort)
ended "$id" errored 20 && same "as often as its kind says" 3 "$(field "$id" attempt)"

# ---- deadline and cancelling ----

id=$(ask core.noop --set seconds=60 --limit 1)
ended "$id" errored && matches "the deadline ends a job" "$(field "$id" error)" "It took longer than its 1 seconds*"
until_true 20 eval '! has_child "$runner_one"' && pass || fail "its process is gone"
id=$(ask core.noop --set seconds=60)
until_true 10 is "$id" running
"$peerage" jobs cancel "$id" > /dev/null
ended "$id" failed && same "a running job is cancelled" Cancelled "$(field "$id" error)"
id=$(ask core.noop_asks --set seconds=60)
until_true 10 is "$id" running
"$peerage" jobs cancel "$id" > /dev/null
ended "$id" failed && same "one that asks ends itself" "Cancelled: ended by itself" "$(field "$id" error)"

# ---- locks and order ----

ids=
for _ in 1 2 3; do ids="$ids,$(ask core.noop --set seconds=1 --lock router:1)"; done
until_true 15 eval '[ "$(sql "SELECT count(*) FROM peerage.job WHERE id IN (${ids#,}) AND status = '"'completed'"'")" = 3 ]' && pass || fail "three with one lock complete"
same "never two at a time" 0 "$(sql "SELECT count(*) FROM peerage.job a JOIN peerage.job b ON a.id < b.id AND tstzrange(a.started, a.completed) && tstzrange(b.started, b.completed)
	WHERE a.id IN (${ids#,}) AND b.id IN (${ids#,})")"
stop_runner one
same "a stopped runner leaves with 0" 0 "$status"
low=$(ask core.noop --queue low) normal=$(ask core.noop) first=$(ask core.noop --priority 5) high=$(ask core.noop --queue high)
start_runner one -n 1
for id in $low $normal $first $high; do ended "$id" completed; done
same "queues and priorities are kept" "$high $first $normal $low" "$(sql "SELECT string_agg(id::text, ' ' ORDER BY started) FROM peerage.job WHERE id IN ($low, $normal, $first, $high)")"
stop_runner one

# ---- stopping ----

start_runner one
id=$(ask core.noop --set seconds=1)
until_true 10 is "$id" running
stop_runner one
same "SIGTERM lets what runs come to its end" completed "$(field "$id" status)"
start_runner one
id=$(ask core.noop --set seconds=60) never=$(ask core.noop_once --set seconds=60)
until_true 10 is "$id" running
until_true 10 is "$never" running
kill "$runner_one"
until_true 20 grep -q "brought to their end" "$work/runner-one.log"
stop_runner one
same "a second one ends it; it waits again" pending "$(field "$id" status)"
same "but never where twice would hurt" errored "$(field "$never" status)"
matches "and says so" "$(field "$never" error)" "*not run again: what it counts*"
"$peerage" jobs cancel "$id" > /dev/null

# ---- kill -9 of the runner ----

start_runner one
id=$(ask core.noop --set seconds=2) never=$(ask core.noop_once --set seconds=60)
until_true 10 is "$id" running
until_true 10 is "$never" running
until_true 10 has_child "$runner_one"
children=$(pgrep -P "$runner_one")
stop_runner one KILL
gone() { local p; for p in $children; do ! kill -0 "$p" 2> /dev/null || return 1; done; }
until_true 20 gone && pass || fail "children die with their runner"
start_runner two
ended "$id" completed 20 && same "another runner does it once more" 2 "$(field "$id" attempt)"
ended "$never" errored && matches "but not what must not be done twice" "$(field "$never" error)" "The runner * was lost; it is not run again*"
matches "the log tells" "$(lines "$id")" "*warning The runner*was lost; it is run again|info Started*|success Completed"

# ---- two runners ----

start_runner one
for _ in $(seq 20); do echo "INSERT INTO peerage.job (object_type_id, name, parameters) VALUES (23, 'core.noop', '{\"seconds\": 1}');"; done | psql -qX -h "$work" -U peerage -d peerage
batch="name = 'core.noop' AND parameters = '{\"seconds\": 1}' AND id > $never"
all_done() { [ "$(sql "SELECT count(*) FROM peerage.job WHERE $batch AND status = 'completed'")" = 20 ]; }
until_true 30 all_done && pass || fail "two runners do twenty jobs"
same "both have a part in it" 2 "$(sql "SELECT count(DISTINCT owner) FROM peerage.job WHERE $batch")"
same "none was done twice" 20 "$(sql "SELECT sum(attempt) FROM peerage.job WHERE $batch")"
stop_runner two

# ---- without Redis ----

stop_redis
id=$(ask core.noop)
ended "$id" completed && pass || echo "without Redis it goes on by looking"
id=$(ask core.noop --set seconds=60)
until_true 10 is "$id" running
"$peerage" jobs cancel "$id" > /dev/null
ended "$id" failed && pass || echo "and still hears of cancelling"
start_redis
stop_runner one
start_runner one --poll 60
heard() { redis-cli -s "$work/redis.sock" pubsub numsub peerage:jobs | grep -qx 1; }
until_true 20 heard && pass || fail "it listens to Redis"
redis-cli -s "$work/redis.sock" flushall > /dev/null
id=$(ask core.noop)
ended "$id" completed 30 && pass || echo "Redis wakes it, also after a flush"
stop_runner one

# ---- PostgreSQL away ----

start_runner one
id=$(ask core.noop --set lines=1 --set seconds=1)
until_true 10 is "$id" running
"$pg_bin/pg_ctl" -D "$work/pg" -m fast -w stop > /dev/null
until_true 10 grep -q "the database is tried again" "$work/runner-one.log" && pass || fail "the runner stays when PostgreSQL goes"
"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null
ended "$id" completed 20 && same "what ran is recorded when it is back" "1" "$(field "$id" attempt)"
id=$(ask core.noop)
ended "$id" completed && pass || echo "and the next one runs"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'peerage-runner'" > /dev/null
id=$(ask core.noop)
ended "$id" completed && pass || echo "a lost connection comes back"

id=$(ask core.noop --set seconds=60) never=$(ask core.noop_once --set seconds=60)
until_true 10 is "$id" running
until_true 10 is "$never" running
until_true 10 has_child "$runner_one"
"$pg_bin/pg_ctl" -D "$work/pg" -m fast -w stop > /dev/null
until_true 10 eval '! has_child "$runner_one"' && pass || fail "a runner that cannot renew its hold ends its jobs before they count as lost"
"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null
until_true 10 eval '[ "$(field "$id" "attempt || status")" = 2running ]' && pass || fail "then it begins once more: $(field "$id" "attempt || status")"
ended "$never" errored && matches "but not what must not" "$(field "$never" error)" "Its runner was stopped; it is not run again*"
"$peerage" jobs cancel "$id" > /dev/null
ended "$id" failed

# told to stop while the database is away, it does not stay for ever; another runner finds what it left
id=$(ask core.noop --set lines=1 --set seconds=1)
until_true 10 is "$id" running
until_true 10 has_child "$runner_one"
"$pg_bin/pg_ctl" -D "$work/pg" -m fast -w stop > /dev/null
kill "$runner_one"
has_left() { ! kill -0 "$runner_one" 2> /dev/null; }
until_true 15 has_left && pass || fail "a runner told to stop leaves without the database"
wait "$runner_one" 2> /dev/null
holds "and says what it could not record" grep -q 'the ends of 1 jobs are not recorded' "$work/runner-one.log"
"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null
: > "$work/runner-one.log"
start_runner one
ended "$id" completed 20 && same "another runner finds it lost and does it" 2 "$(field "$id" attempt)"

# ---- the schedule ----

run_schedule() { "$peerage" schedule run "$1" > "$work/out" 2>&1; }
until_true 10 eval '[ -n "$(sql "SELECT next_run FROM peerage.schedule WHERE name = '"'Housekeeping'"'")" ]' && pass || fail "the next run is reckoned"
sql "UPDATE peerage.schedule SET next_run = now() - interval '1 min' WHERE name = 'Housekeeping'"
last_status() { sql "SELECT last_status FROM peerage.schedule WHERE name = '$1'"; }
until_true 10 eval '[ "$(last_status Housekeeping)" = completed ]' && pass || fail "what is due is run: $(last_status Housekeeping)"
same "and is due again" t "$(sql "SELECT next_run > now() FROM peerage.schedule WHERE name = 'Housekeeping'")"
sql "INSERT INTO peerage.schedule (name, job, parameters, cron, overlap, missed) VALUES
	('long', 'core.noop', '{\"seconds\": 60}', '@yearly', 'skip', 'once'), ('missed', 'core.noop', '{}', '@yearly', 'skip', 'skip'),
	('bad', 'core.noop', '{}', '@yearly', 'skip', 'once')"
until_true 10 eval '[ "$(sql "SELECT count(*) FROM peerage.schedule WHERE enabled AND next_run IS NULL")" = 0 ]'
sql "UPDATE peerage.schedule SET time_zone = 'Mars/Olympus' WHERE name = 'bad'"
until_true 10 eval '[ "$(sql "SELECT enabled FROM peerage.schedule WHERE name = '"'bad'"'")" = f ]' && pass || fail "what cannot be reckoned is switched off"
sql "UPDATE peerage.schedule SET next_run = now() - interval '1 h' WHERE name = 'missed'"
until_true 10 eval '[ "$(sql "SELECT next_run > now() FROM peerage.schedule WHERE name = '"'missed'"'")" = t ]'
same "a missed run is left out where it should be" "" "$(last_status missed)"
run_schedule long
same "run now" 0 $?
until_true 10 eval '[ "$(last_status long)" = running ]'
run_schedule long
same "not over the one that runs" 5 $?
sql "UPDATE peerage.schedule SET next_run = now() WHERE name = 'long'"
until_true 10 eval '[ "$(sql "SELECT next_run > now() FROM peerage.schedule WHERE name = '"'long'"'")" = t ]'
same "nor by itself" 1 "$(sql "SELECT count(*) FROM peerage.job j JOIN peerage.schedule s ON s.id = j.schedule_id WHERE s.name = 'long'")"
"$peerage" jobs cancel "$(sql "SELECT last_job_id FROM peerage.schedule WHERE name = 'long'")" > /dev/null
until_true 10 eval '[ "$(last_status long)" = failed ]' && pass || fail "the schedule shows how its job ended"
"$peerage" schedule disable long > /dev/null
same "switched off" false "$("$peerage" --json schedule list | jq '.[] | select(.name == "long") | .enabled')"
run_schedule nonsense
same "an unknown schedule" 3 $?

# ---- on the pages and in the API ----

start_handlers
start_nginx
user admin true > /dev/null
user reader > /dev/null
grant "$(sql "SELECT id FROM peerage.auth_user WHERE username = 'reader'")" view
id=$(ask core.noop --set seconds=60 --set lines=3)
until_true 10 is "$id" running
api POST "/api/core/jobs/$id/retry/" '{}'
want "what runs is not retried" 409
who=reader api POST "/api/core/jobs/$id/cancel/" '{}'
want "who may only look cancels nothing" 403
api POST "/api/core/jobs/$id/cancel/" '{}'
want "a running job is asked to end" 202
ended "$id" failed && pass || echo "and does"
api POST "/api/core/jobs/$id/cancel/" '{}'
want "once" 409
api POST "/api/core/jobs/$id/retry/" '{}'
want "an ended job is asked for again" 202
again=$(j .id)
until_true 10 is "$again" running && pass || fail "and runs at once"
api POST "/api/core/jobs/$again/cancel/" '{}'
ended "$again" failed
api POST "/api/core/schedules/$(sql "SELECT id FROM peerage.schedule WHERE name = 'Housekeeping'")/run/" '{}'
want "a schedule is run now" 202
ended "$(j .id)" completed && pass || echo "and its job completes"
schedule=$(sql "SELECT id FROM peerage.schedule WHERE name = 'Housekeeping'")
curl -s -c "$work/jar" -o /dev/null "$url/login/"
form() { curl -s -b "$work/jar" -c "$work/jar" -o "$work/page" -w '%{http_code}' --data-urlencode "csrfmiddlewaretoken=$(awk '$6 == "csrftoken" { print $7 }' "$work/jar")" "$@"; }
form -d username=admin --data-urlencode "password=$password" "$url/login/" > /dev/null
curl -s -b "$work/jar" -o "$work/page" "$url/core/schedules/$schedule/"
action=$(grep -o 'action="[^"]*/run/"' "$work/page" | cut -d'"' -f2)
holds "the page shows how its last job ended" grep -qi completed "$work/page"
before=$(sql "SELECT last_job_id FROM peerage.schedule WHERE id = $schedule")
same "its button runs it" 302 "$(form "$url$action")"
until_true 10 eval '[ "$(sql "SELECT last_job_id > $before AND last_status = '"'completed'"' FROM peerage.schedule WHERE id = $schedule")" = t ]' && pass || fail "and its job completes"
api POST /api/core/schedules/ '{"name": "wrong", "job": "core.noop", "cron": "61 * * * *", "time_zone": "Mars/Olympus"}'
want "a schedule that cannot be reckoned is refused" 400
matches "with what is wrong" "$(j '.cron[0] + .time_zone[0]')" 'the minute "61" is not understood*there is no time zone "Mars/Olympus"*'
api POST /api/core/schedules/ '{"name": "right", "job": "core.noop", "cron": "1 2 * * mon", "time_zone": "Europe/Berlin"}'
want "one that can be is taken" 201

# ---- a router's configuration ----

number_of() { "$peerage" --json show "$@" | jq .id; }
"$peerage" add autonomous-system asn=64500 name=us affiliated=true > /dev/null
"$peerage" add platform name=p slug=p > /dev/null
"$peerage" add configuration name=c 'template=hostname {{ router.hostname }}' > /dev/null
"$peerage" add router name=r1 hostname=r1.example platform="$(number_of platform name=p)" local_autonomous_system="$(number_of autonomous-system asn=64500)" \
	configuration_template="$(number_of configuration name=c)" > "$work/out" 2>&1
router=$(number_of router name=r1)
id=$(ask --object "devices.router:$router" devices.router.render_configuration)
ended "$id" completed && same "a configuration is a job's output" "hostname r1.example" "$(field "$id" output)"
"$peerage" set configuration name=c 'template=x {{ 1 // 0 }}' > /dev/null
id=$(ask --object "devices.router:$router" devices.router.render_configuration)
ended "$id" errored && matches "a template that fails says where" "$(field "$id" error)" "*line 1: *"

# ---- a thousand lines, and bytes that no database takes ----

id=$(ask core.noop --set lines=2000)
ended "$id" completed && same "many lines, all in order" 2002 "$(sql "SELECT max(n) FROM peerage.job_log WHERE job_id = $id")"
same "no runner complained of more" "" "$(grep -h ' error ' "$work"/runner-*.log | grep -v 'switched off')"
stop_runner one
