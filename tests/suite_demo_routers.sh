#!/bin/bash
# The three real routers of `./demo routers`, with the demonstration's own book and templates, used through the pages as a person does: a session is
# added, planned, its difference looked at, approved, deployed, and comes up; a change that breaks a session goes back without a hand on it;
# so does one whose runner is killed in the middle, also while no other runner is there.
. "$(dirname "$0")/lib.sh"
start_postgres
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
user second true true > /dev/null
mkdir "$work/run"
lab=$work/lab
peerage() { "$build/peerage" "$@"; }

# ---- as ./demo does it ----

"$top/demo.d/lab/lab.sh" book "$top" "$work" "$work/run" > "$work/log" 2>&1 || die "$(cat "$work/log")"
peerage load "$top"/demo.d/book/0[1-5]*.json > "$work/log" 2>&1 || die "the policies: $(tail -3 "$work/log")"
peerage load "$lab/book" > "$work/log" 2>&1 || die "the routers: $(tail -3 "$work/log")"
"$top/demo.d/lab/lab.sh" access "$top" "$work" "$work/run" | psql -qX -h "$work" -U peerage -d peerage || die access
for d in bird frr openbgpd; do peerage render "lab-$d" > "$lab/$d.new" || die "lab-$d does not render"; done
"$top/demo.d/lab/lab.sh" start "$top" "$work" "$work/run" > "$work/log" 2>&1 || die "the routers: $(cat "$work/log" "$lab"/*.log)"
for d in sshd bird frr openbgpd; do pids+=("$(cat "$work/lab-$d.pid")"); done
start_runner() {
	"$build/peerage-runner" --poll 0.2 --lease 3 -n 4 2>> "$work/runner.log" &
	runner=$!
	pids+=($runner)
}
start_runner

# ---- what the daemons say, apart from all of ours ----

in_bird() { /usr/sbin/birdc -s "$work/run/lab-bird.ctl" show protocols all "as$1"; }
bird_up() { in_bird "$1" | grep -q 'BGP state: *Established'; }
in_openbgpd() { /usr/sbin/bgpctl -s "$work/run/lab-openbgpd.sock" -j show neighbor 127.0.0.2 | jq -r ".neighbors[0].$1"; }
in_frr() { vtysh --vty_socket "$work/run/lab-frr" --config_dir "$lab/frr" -c 'show running-config' 2> /dev/null | grep -q -- "$1"; }
until_true 20 bird_up 65001 && pass || fail "BIRD and FRR peer"

# ---- a person with a browser ----

page=$work/page.html
jar=$work/admin.jar
get() { local p=$1; shift; status=$(curl -s -b "$jar" -c "$jar" -o "$page" -D "$work/headers" -w '%{http_code}' "$@" "$url$p"); }
post() { local p=$1; shift; get "$p" --data-urlencode "csrfmiddlewaretoken=$(awk '$6 == "csrftoken" { print $7 }' "$jar")" "$@"; }
location() { sed -n 's/^[Ll]ocation: //p' "$work/headers" | tr -d '\r'; }
has() { if tr "\n" " " < "$page" | grep -qE -- "$2"; then pass; else fail "$1: no \"$2\" ($status)"; grep -o "<main.*" "$page" | head -c 300; tail -2 "$work/handlers.log"; fi; }
sign_in() { jar=$work/$1.jar; get /login/; post /login/ -d "username=$1" --data-urlencode "password=$password"; [ "$status" = 302 ] || die "sign-in of $1: $status"; }
id_of() { sql "SELECT id FROM peerage.$1 WHERE $2"; }
router() { id_of router "name = '$1'"; }
session_of() { sql "SELECT s.id FROM peerage.direct_peering_session s JOIN peerage.router r ON r.id = s.router_id WHERE r.name = '$1' AND host(s.ip_address) = '$2'"; }
d() { sql "SELECT $1 FROM peerage.deployment WHERE id = $id"; }
is() { [ "$(d status)" = "$1" ]; }
ends() { until_true "$2" is "$1" && { pass; return; }; fail "deployment $id is $(d "status || ': ' || outcome"), not $1"; tail -3 "$work/runner.log"; }
plan() { # ROUTER CONFIRM GATE: from the form; sets $id
	get "/devices/deployments/new/?router=$(router "$1")"
	post /devices/deployments/plan/ -d "routers=$(router "$1")" -d "reason=a demonstration" -d "confirm_seconds=$2" -d "gate_seconds=$3"
	same "planning leads to the plan" 302 "$status"
	id=$(location); id=${id%/}; id=${id##*/}
	until_true 20 eval '! is planning' || fail "still planned: $(tail -3 "$work/runner.log")"
	get "/devices/deployments/$id/"
}
approve_run() {
	sign_in second
	get "/devices/deployments/$id/"
	post "/devices/deployments/$id/approve/"
	sign_in admin
	get "/devices/deployments/$id/"
	has "the page says who approved it" 'approved by <b>second'
	post "/devices/deployments/$id/run/"
	same "and is asked to run it" 302 "$status"
}
sign_in admin

# ---- a session is added; planned, seen, approved, deployed, it comes up ----

same "BIRD knows nothing of AS65003" "" "$(in_bird 65003 2> /dev/null | grep -o Established)"
get "/direct-peering-sessions/add/?router=$(router lab-bird)"
post /direct-peering-sessions/add/ -d "router=$(router lab-bird)" -d local_autonomous_system=AS65002 -d autonomous_system=AS65003 -d ip_address=127.0.0.3/32 \
	-d "relationship=$(id_of relationship "slug = 'private-peering'")" -d status=enabled -d multihop_ttl=1
same "a session is added in the page" 302 "$status"
plan lab-bird 20 15
same "it is planned" planned "$(d status)"
has "with the router's difference" '<td class="[^"]*after[^"]*".*protocol bgp as65003|protocol bgp as65003'
has "and the neighbour that comes" '127.0.0.3.*added'
approve_run
ends confirmed 40
until_true 20 bird_up 65003 && pass || fail "the session comes up: $(in_bird 65003)"
get "/devices/deployments/$id/"
has "the page tells the end" 'Confirmed: the router keeps it'
has "each step" '>gate<'

# ---- a change that breaks a session ----

until_true 20 eval '[ "$(in_openbgpd state)" = Established ]' && pass || fail "OpenBGPD peers with BIRD"
session=$(session_of lab-openbgpd 127.0.0.2)
get "/direct-peering-sessions/$session/edit/"
post "/direct-peering-sessions/$session/edit/" -d "router=$(router lab-openbgpd)" -d local_autonomous_system=AS65003 -d autonomous_system=AS65001 -d ip_address=127.0.0.2/32 \
	-d "relationship=$(id_of relationship "slug = 'private-peering'")" -d status=enabled -d multihop_ttl=1
same "its AS is changed in the page" 302 "$status"
plan lab-openbgpd 20 9
has "the difference is shown" 'remote-as 65001'
approve_run
until_true 20 eval '[ "$(in_openbgpd state)" != Established ]' && pass || fail "the session breaks with the commit"
ends rolled-back 40
case $(d outcome) in *127.0.0.2*) pass ;; *) fail "why: $(d outcome)" ;; esac
until_true 30 eval '[ "$(in_openbgpd state)" = Established ]' && pass || fail "nobody did anything and it is up again: $(in_openbgpd state)"
same "with its right AS" 65002 "$(in_openbgpd remote_as)"
get "/devices/deployments/$id/"
has "the page tells it" 'Rolled back'

# ---- the runner is killed between commit and confirm, and there is no other ----

peerage set autonomous-system asn=65002 "name=Lab Renamed" > /dev/null
plan lab-frr 12 8
has "the difference is shown" 'description Lab Renamed'
approve_run
until_true 20 is waiting && pass || fail "it never waited"
in_frr 'description Lab Renamed' && pass || fail "FRR has the change"
kill -9 "$runner"
wait "$runner" 2> /dev/null
gone() { ! in_frr 'description Lab Renamed'; }
until_true 25 gone && pass || fail "FRR goes back by itself while nobody is there"
same "the deployment waits for somebody to find out" waiting "$(d status)"
start_runner
ends rolled-back 30
case $(d outcome) in *"its runner was lost"*) pass ;; *) fail "what is told: $(d outcome)" ;; esac
holds "FRR has its old description" in_frr 'description Lab BIRD'
until_true 20 bird_up 65001 && pass || fail "and its session"

# ---- one click back to what BIRD ran before the first of them ----

first=$(id_of deployment "id = (SELECT min(id) FROM peerage.deployment)")
version=$(id_of configuration_version "deployment_id = $first AND origin = 'before' AND kind = 'running'")
sign_in admin
get "/devices/configuration-versions/$version/"
has "the archive has it, and when it was" 'Before a deployment'
action=$(grep -o 'action="[^"]*/plan/"' "$page" | cut -d'"' -f2)
post "$action"
same "going back leads to a plan" 302 "$status"
id=$(location); id=${id%/}; id=${id##*/}
until_true 20 eval '! is planning' || fail "still planned: $(tail -3 "$work/runner.log")"
get "/devices/deployments/$id/"
has "which takes away what came since" '127.0.0.3.*removed'
approve_run
ends confirmed 40
until_true 10 eval '! in_bird 65003 | grep -q "Neighbor address"' && pass || fail "BIRD runs what it ran before"
holds "and its other session is up" bird_up 65001
