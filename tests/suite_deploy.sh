#!/bin/bash
# Deployments on real routers, BIRD and FRR behind an sshd, through the API, the runner and the command: what goes well is confirmed, what goes
# wrong goes back; routers, runner, PostgreSQL and Redis go away in the middle.
. "$(dirname "$0")/lib.sh"
. "$top/tests/devices/rig.sh"
. "$top/tests/devices/book.sh"
start_postgres
start_redis
families=devices
start_handlers
families="core devices"
start_nginx
user admin true true > /dev/null
user boss true true > /dev/null
start_sshd
mkdir "$work/bin"
echo "SetEnv PATH=$work/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" >> "$work/sshd.conf"
start_sshd_again() {
	$sshd -D -e -f "$work/sshd.conf" > "$work/sshd.log" 2>&1 &
	pids+=($!) sshd_pid=$!
	until_true 10 grep -q 'Server listening' "$work/sshd.log" || die "sshd: $(cat "$work/sshd.log")"
}
kill "$sshd_pid"; wait "$sshd_pid" 2> /dev/null
start_sshd_again
choose_ports
start_bird
start_frr
birdc() { /usr/sbin/birdc -s "$work/bird/ctl" "$@"; }

start_runner() {
	"$build/peerage-runner" --poll 0.2 --lease 3 -n 4 2>> "$work/runner.log" &
	runner=$!
	pids+=($runner)
}
start_runner

# ---- the book ----

routers_book

template() { # NAME TEXT
	api PATCH "/api/devices/configurations/$(sql "SELECT id FROM peerage.configuration WHERE name = '$1'")/" "$(jq -n --arg t "$2" '{template: $t}')"
	[ "$status" = 200 ] || fail "template: $body"
}
d() { sql "SELECT $2 FROM peerage.deployment WHERE id = $1"; }
is() { [ "$(d "$1" status)" = "$2" ]; }
# ends ID STATUS [SECONDS]: wait for it
ends() {
	until_true "${3:-30}" is "$1" "$2" && { pass; return; }
	fail "deployment $1 is $(d "$1" "status || ': ' || outcome"), not $2"
	tail -3 "$work/runner.log"
}
# plan ROUTER_ID...: sets $id
plan() {
	api POST /api/devices/deployments/plan/ "{\"routers\": [$(IFS=,; echo "$*")], \"reason\": \"a test\", \"confirm_seconds\": 8, \"gate_seconds\": 4}"
	[ "$status" = 202 ] || { fail "plan: $status $body"; return; }
	id=$(j '.[0].id')
	until_true 20 eval '! is "$id" planning' || fail "it is still planned: $(tail -3 "$work/runner.log")"
}
approve_run() {
	who=${1:-admin} api POST "/api/devices/deployments/$id/approve/"
	want "approved" 200
	who=admin
	api POST "/api/devices/deployments/$id/run/"
	want "asked to run" 202
}
matches() { case "$2" in $3) pass ;; *) fail "$1"; printf '  want: %s\n  got:  %.600s\n' "$3" "$2" ;; esac; }
established() { birdc show protocols frr1 | grep -q Established; }
until_true 20 established || die "the routers do not peer: $(birdc show protocols)"

base=$(bird_conf)
with() { printf '%s\n' "$base" | sed "$1"; }    # the configuration with a change

# ---- as Peering Manager has it ----

template bird "$(with 's/route 198.51.100.0\/25/route 198.51.99.0\/24/')"
api GET "/api/devices/routers/$bird/test-napalm-connection/"
want "a connection is tried as a job" 202
job=$(j .id)
job_ended() { [[ "$(sql "SELECT status FROM peerage.job WHERE id = $1")" != [pr][eu]* ]]; }
until_true 20 job_ended "$job"
same "and works" "completed Connection successful." "$(sql "SELECT status || ' ' || (SELECT message FROM peerage.job_log WHERE job_id = $job AND level = 'success' ORDER BY n LIMIT 1) FROM peerage.job WHERE id = $job")"
api POST /api/devices/routers/configure/ "{\"routers\": [$bird], \"commit\": false}"
want "a dry run is a list of jobs" 202
job=$(j '.[0].id')
until_true 20 job_ended "$job"
matches "whose output is the difference" "$(sql "SELECT status || output FROM peerage.job WHERE id = $job")" "completed*-*route 198.51.100.0/25*+*route 198.51.99.0/24*"
same "in Peering Manager's words" 1 "$(sql "SELECT count(*) FROM peerage.job_log WHERE job_id = $job AND message = 'Configuration differences found.'")"
api POST /api/devices/routers/configure/ '{"routers": []}'
want "no routers are a mistake" 400 '["routers list must not be empty"]'
api POST /api/devices/routers/configure/ '{"commit": true}'
want "so are none" 400
api POST /api/devices/routers/configure/ '{"routers": [999]}'
want "and those that are not there" 404

# ---- planned, approved, run, confirmed ----

plan "$bird"
same "the plan is there" planned "$(d "$id" status)"
api GET "/api/devices/deployments/$id/texts/"
matches "with the router's difference" "$(j .diff)" "*+*route 198.51.99.0/24*"
api POST "/api/devices/deployments/$id/run/"
want "what is not approved is not run" 409
approve_run
ends "$id" confirmed
matches "the router has it" "$(birdc show route protocol nets)" "*198.51.99.0/24*"
holds "in its file too" grep -q 198.51.99.0 "$work/bird/bird.conf"
holds "and nothing waits" sh -c "/usr/sbin/birdc -s $work/bird/ctl configure status | grep -qv unconfirmed"
api GET "/api/devices/deployments/$id/steps/"
same "each step is kept" "render diff connect stage commit gate confirm" "$(j '[.steps[].step] | join(" ")')"
same "and the neighbours" "established established" "$(j '.neighbours[] | select(.address == "127.0.0.1") | .state_before + " " + .state_after')"
base=$(with 's/route 198.51.100.0\/25/route 198.51.99.0\/24/')

# ---- what goes wrong ----

template bird "$(with 's/neighbor 127.0.0.1 \(port [0-9]*\) as 65001/neighbor 127.0.0.1 \1 as 65009/')"
plan "$bird"
same "the neighbour of a changed block is touched" '["127.0.0.1"]' "$(d "$id" "summary->'neighbours'->'changed'")"
approve_run
ends "$id" rolled-back
matches "a session that does not come back brings it back" "$(d "$id" outcome)" "Rolled back*127.0.0.1 is *"
until_true 20 established && pass || fail "the session is up again"

template bird "$(with 's/import all/import al/')"
plan "$bird"
same "a syntax error never becomes a plan" failed "$(d "$id" status)"
matches "and is told" "$(d "$id" outcome)" "*syntax error*"

template bird "$(with 's/198.51.99.0/198.51.98.0/')"
plan "$bird"
# the router's way out ends with the commit
cat > "$work/bin/birdc" <<-C
	#!/bin/sh
	/usr/sbin/birdc "\$@"
	case "\$*" in *timeout*) touch "$work/cut"; p=\$(cat "$work/sshd.pid"); kill "\$p"; while kill -0 "\$p" 2> /dev/null; do sleep 0.05; done ;; esac
C
chmod +x "$work/bin/birdc"
approve_run
until_true 20 test -e "$work/cut"
rm "$work/bin/birdc"
until_true 20 eval '! birdc configure status | grep -q unconfirmed'
start_sshd_again
ends "$id" rolled-back
matches "an unreachable router goes back" "$(birdc show route protocol nets)" "*198.51.99.0/24*"

# ---- what moved ----

plan "$bird"
approve() { who=admin api POST "/api/devices/deployments/$id/approve/"; }
approve
template bird "$(with 's/198.51.99.0/198.51.97.0/')"
api POST "/api/devices/deployments/$id/run/"
ends "$id" stale
matches "the book has changed" "$(d "$id" outcome)" "*the book has changed*"
plan "$bird"; first=$id; approve
plan "$bird"; approve
api POST "/api/devices/deployments/$first/run/"
api POST "/api/devices/deployments/$id/run/"
ends "$first" confirmed
ends "$id" stale
base=$(with 's/198.51.99.0/198.51.97.0/')

# ---- who may ----

template bird "$(with '/^protocol bgp frr1/,/^}/d')"
plan "$bird"
same "removing a neighbour is a risk" '{"Removes neighbours"}' "$(d "$id" risks)"
api POST "/api/devices/deployments/$id/approve/"
want "that somebody else must take" 403
api POST /api/devices/routers/configure/ "{\"routers\": [$bird], \"commit\": true}"
job=$(j '.[0].id')
until_true 20 job_ended "$job"
same "also through configure" failed "$(sql "SELECT status FROM peerage.job WHERE id = $job")"
holds "nothing was removed" established
who=boss api POST "/api/devices/deployments/$id/approve/"
want "another one may" 200
api POST /api/devices/deployments/stop/ '{"reason": "a fire"}'
want "the emergency stop" 200
api POST "/api/devices/deployments/$id/run/"
want "keeps all from running" 409
"$build/peerage" action deployment resume > /dev/null
same "the command releases it" false "$(who=admin; api GET /api/devices/deployments/stopped/; j .stopped)"
api POST "/api/devices/deployments/$id/reject/" '{"reason": "no"}'
want "and it is rejected" 200
same "for ever" rejected "$(d "$id" status)"

# ---- several together: the second one breaks its session ----

frr_base=$(frr_conf | sed -n '/^router bgp/,$p')
template bird "$(with 's/198.51.97.0/198.51.96.0/')"
template frr "$(printf '%s\n' "$frr_base" | sed 's/remote-as 65002/remote-as 65009/')"
plan "$bird" "$frr"
second=$(sql "SELECT max(id) FROM peerage.deployment")
until_true 20 is "$second" planned
who=boss api POST "/api/devices/deployments/$id/approve/"
want "one is approved" 200
same "and with it all that were planned together" "approved boss" "$(d "$second" "status || ' ' || approved_by_name")"
api POST "/api/devices/deployments/$second/approve/"
want "approving the other one says nothing else" 200
same "and leaves it as it was approved" boss "$(d "$second" approved_by_name)"
matches "the command tells" "$("$build/peerage" deploy approve "$second")" "deployment $second: approved by boss already, with those planned together"
who=admin api POST "/api/devices/deployments/$id/run/"
want "asked to run" 202
job=$(d "$id" job_id)
until_true 20 is "$second" waiting
api POST "/api/devices/routers/$bird/poll-bgp-sessions/"
poll=$(j '.id // .[0].id')
"$build/peerage" --json jobs run core.noop --set seconds=0 --lock "devices.router:$frr" > "$work/out"
other=$(jq .id "$work/out")
until_true 3 eval '[ "$(sql "SELECT count(*) FROM peerage.job_lock WHERE job_id = $job")" = 2 ]' && pass || fail "a run of two routers holds both"
ends "$second" rolled-back 40
ends "$id" rolled-back
until_true 20 job_ended "$poll"
until_true 20 job_ended "$other"
same "polls and other jobs of either router waited for its end" "t t" "$(sql "SELECT string_agg((x.started >= g.completed)::text::char, ' ') FROM peerage.job x, peerage.job g
	WHERE x.id IN ($poll, $other) AND g.id = $job")"
matches "and the first went back with it" "$(birdc show route protocol nets)" "*198.51.97.0/24*"
until_true 20 established && pass || fail "the session is up again"

# ---- the world goes away ----

plan "$bird"
approve_run
until_true 20 is "$id" waiting
kill -9 "$runner"
start_runner
ends "$id" rolled-back 40
matches "a killed runner is no reason to keep it" "$(d "$id" outcome)" "*its runner was lost*"
matches "it is as before" "$(birdc show route protocol nets)" "*198.51.97.0/24*"

plan "$bird"
approve_run
until_true 20 is "$id" waiting
"$pg_bin/pg_ctl" -D "$work/pg" -m immediate -w stop > /dev/null
"$pg_bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null
stop_redis
start_redis
ends "$id" confirmed 40
matches "PostgreSQL and Redis restarted: it went on" "$(birdc show route protocol nets)" "*198.51.96.0/24*"

# ---- drift and the archive ----

api POST /api/devices/drift/check/
looked() { [ "$(sql "SELECT count(*) FROM peerage.drift")" = 2 ]; }
until_true 20 looked
same "one as intended, one not" "bird1 as-intended,frr1 differs" \
	"$(sql "SELECT string_agg(r.name || ' ' || d.state, ',' ORDER BY r.name) FROM peerage.drift d JOIN peerage.router r ON r.id = d.router_id")"
api GET "/api/devices/configuration-versions/?router_id=$bird&kind=running&ordering=created"
old=$(j '.results[0].id') new=$(j '.results[-1].id')
api GET "/api/devices/configuration-versions/$new/compare/?with=$old"
matches "two of the archive are compared" "$(j .diff)" "*-*198.51.100.0/25*+*198.51.96.0/24*"
api POST "/api/devices/configuration-versions/$old/plan/"
id=$(j .deployment)
until_true 20 is "$id" planned && pass || fail "back to the first is planned: $(d "$id" "status || outcome")"

# ---- the command ----

p="$build/peerage"
"$p" deploy approve "$id" > /dev/null
same "the command approves" approved "$(d "$id" status)"
"$p" deploy run --wait "$id" > "$work/out" 2> "$work/steps"
same "runs and waits" "0 confirm" "$? $(tail -1 "$work/steps" | awk '{ print $2 }')"
matches "and tells how it ended" "$(cat "$work/out")" "deployment $id: confirmed*"
matches "the router is back at the first" "$(birdc show route protocol nets)" "*198.51.100.0/25*"
"$p" deploy plan --wait --confirm 8 --gate 4 bird1 > "$work/out" 2> /dev/null
same "plans" 0 $?
matches "what the router would go back to" "$("$p" deploy diff "$(sql "SELECT max(id) FROM peerage.deployment")")" "*+*198.51.96.0/24*"
matches "lists" "$("$p" deploy list)" "*bird1*planned*"
matches "shows" "$("$p" deploy show "$id")" "*confirmed*127.0.0.1*established*"
matches "compares" "$("$p" deploy compare "$old" "$new")" "*+*198.51.96.0/24*"
matches "has the archive" "$("$p" deploy archive bird1)" "*running*after*"
"$p" deploy export "$work/archive" > "$work/out" 2>&1
same "exports the newest of each router as files" "bird1.rendered bird1.running frr1.rendered frr1.running" "$(ls "$work/archive" | tr '\n' ' ' | sed 's/ $//')"
holds "as the router has it" cmp "$work/archive/bird1.running" "$work/bird/bird.conf"
matches "has the drift" "$("$p" deploy drift)" "*frr1*differs*"
"$p" deploy stop --reason "a drill" > /dev/null
matches "presses the stop" "$("$p" deploy status)" "*pressed*a drill"
"$p" deploy resume > /dev/null
matches "releases it" "$("$p" deploy status)" "*not pressed"
"$p" deploy plan nowhere > /dev/null 2>&1
same "refuses a router that is not there" 3 $?
"$p" deploy run > /dev/null 2>&1
same "and wants an id" 2 $?
