#!/bin/bash
# What may go wrong with a deployment on a real router (BIRD behind a real sshd), one after another: who cannot sign in, whom a key does not fit, what is cut in each
# phase, what answers nonsense, what refuses the commit, what moved meanwhile. Each ends as it should, and the router runs what it should. And drift:
# what is changed behind our back is found, with the difference and since when. (The rest is in suite_deploy.sh, suite_demo_routers.sh, test_deploy.c.)
. "$(dirname "$0")/lib.sh"
. "$top/tests/devices/rig.sh"
. "$top/tests/devices/book.sh"
start_postgres
start_redis
mkdir "$work/bin"
sshd_extra="SetEnv PATH=$work/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
start_sshd
choose_ports
start_bird
start_frr
"$build/peerage-runner" --poll 0.2 --lease 3 -n 4 --events no 2>> "$work/runner.log" &
pids+=($!)
routers_book
birdc() { /usr/sbin/birdc -s "$work/bird/ctl" "$@"; }
established() { birdc show protocols frr1 | grep -q Established; }
until_true 20 established || die "the routers do not peer"

d() { sql "SELECT $1 FROM peerage.deployment WHERE id = $id"; }
peerage() { "$build/peerage" "$@"; }
conf=$(bird_conf)
template() { peerage set configuration name=bird "template=$(printf '%s\n' "$conf" | sed "$1")" > /dev/null || fail "template"; }
plan() { peerage deploy plan --wait --confirm 8 --gate 3 bird1 > "$work/out" 2>&1; id=$(sql "SELECT max(id) FROM peerage.deployment"); }
run() { peerage deploy approve "$id" > /dev/null && peerage deploy run --wait "$id" > "$work/out" 2>&1; }
# ended NAME STATUS OUTCOME
ended() {
	same "$1: how it ended" "$2" "$(d status)"
	case "$(d outcome)" in $3) pass ;; *) fail "$1: $(d outcome)" ;; esac
}
has_route() { birdc show route protocol nets | grep -q "$1"; }
unchanged() { holds "$1: the router runs what it ran" has_route 198.51.100.0/25; holds "$1: nothing is left on it" sh -c "! ls $work/bird | grep -q 'peerage-'"; }
field() { sql "UPDATE peerage.router SET $1 WHERE name = 'bird1'"; }
template 's/198.51.100.0\/25/198.51.99.0\/24/'

# ---- who is not let in ----

sql "UPDATE peerage.router SET private_key = '$(cat "$work/host")' WHERE name = 'bird1'"
plan
ended "a wrong key" failed "*does not let user*"
unchanged "a wrong key"
sql "UPDATE peerage.router SET private_key = '$(cat "$work/key")' WHERE name = 'bird1'"
password_port=$(free_port)
"$build/tests/tools/ssh_server" "$password_port" "$work/host" router topsecret > "$work/server.log" 2>&1 & pids+=($!)
until_true 10 bash -c "exec 3<> /dev/tcp/127.0.0.1/$password_port" || die ssh_server
field "management_port = $password_port, napalm_username = 'router', napalm_password = 'notthatone', private_key = ''"
plan
ended "a wrong password" failed "*does not let user*in with its password*"
same "which stands in no line about it" 0 "$(sql "SELECT count(*) FROM peerage.job_log WHERE message LIKE '%notthatone%'")"
field "management_port = $ssh_port, napalm_username = '$me', napalm_password = NULL, private_key = '$(cat "$work/key")'"
other="ssh-ed25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
field "host_key = '$other'"
plan
ended "another host key" failed "*$host_key, but $other was confirmed*"
same "the one it showed waits for a person" "$host_key" "$(sql "SELECT host_key_offered FROM peerage.router WHERE name = 'bird1'")"
field "host_key = ''"
plan
ended "a host key that nobody confirmed" failed "*shows the host key*"
field "host_key = '$host_key', management_port = $(free_port)"
plan
ended "nobody listens" failed "*Connection refused*"
field "management_port = $ssh_port"

# ---- cut, in each phase; nonsense; megabytes ----

# on_birdc PATTERN BEFORE AFTER: what the router's birdc does once when it is asked for that; cut ends the SSH session that it was asked on
on_birdc() {
	cat > "$work/bin/birdc" <<-C
		#!/bin/bash
		cut() { p=\$PPID; while [ "\$(cat /proc/\$p/comm)" != sshd ]; do p=\$(awk '{ print \$4 }' /proc/\$p/stat); done; kill -9 \$p; sleep 5; exit 1; }
		case "\$*" in
		$1) if mkdir "$work/once" 2> /dev/null; then $2
			/usr/sbin/birdc "\$@"; s=\$?
			$3
			exit \$s; fi ;;
		esac
		exec /usr/sbin/birdc "\$@"
	C
	chmod +x "$work/bin/birdc"
	rmdir "$work/once" 2> /dev/null
}
honest() { rm -f "$work/bin/birdc"; }
happened() { holds "$1: it happened" test -d "$work/once"; }

on_birdc "*show?protocols*" cut :
plan
ended "cut while its neighbours are read" failed "*could not be planned*"
happened "cut while reading"
printf '#!/bin/sh\ncase "$*" in */bird.conf) touch "%s"; p=$PPID; while [ "$(cat /proc/$p/comm)" != sshd ]; do p=$(awk "{ print \\$4 }" /proc/$p/stat); done; kill -9 $p ;; esac\nexec /bin/cat "$@"\n' "$work/read" > "$work/bin/cat"
chmod +x "$work/bin/cat"
plan
rm "$work/bin/cat"
ended "cut while its configuration is read" failed "*could not be planned*"
holds "cut while reading it: it happened" test -e "$work/read"
on_birdc "*configure?check*" cut :
plan
ended "cut while it checks" failed "*could not be planned*"
happened "cut while checking"
on_birdc "*show?protocols*" 'head -c 3000 /dev/urandom; exit 0;' :
plan
ended "nonsense" failed "*could not be planned*BIRD does not list its protocols*"
on_birdc "*show?protocols*" 'yes "what a router may say" | head -c 300000000; exit 0;' :
plan
ended "hundreds of megabytes" failed "*could not be planned*"
case "$(d outcome)" in *MiB* | *bytes* | *limit* | *more\ than*) pass ;; *) fail "it names the limit: $(d outcome)" ;; esac
honest
unchanged "all of these"

plan
on_birdc "*configure?check*" cut :
run
ended "cut while it is staged" failed "Nothing was changed*"
happened "cut while staging"
honest
holds "cut while staging: the router runs what it ran" has_route 198.51.100.0/25
plan
on_birdc "*timeout*" cut :
run
case "$(d status)" in failed | rolled-back) pass ;; *) fail "cut before the commit: $(d status)" ;; esac
honest
unchanged "cut before the commit"
plan
on_birdc "*timeout*" : cut
run
ended "cut after it has committed" rolled-back "Rolled back, it went back when asked*"
happened "cut after the commit"
honest
unchanged "cut after the commit"
plan
on_birdc "*timeout*" 'echo "0002-Reading configuration from x"; echo "8002 out of memory"; exit 1;' :
run
ended "a refused commit" failed "Nothing was changed, the router refused the commit: *out of memory*"
honest
unchanged "a refused commit"
plan
on_birdc "*configure?confirm*" cut :
run
ended "cut while it confirms" confirmed "*"
happened "cut while confirming"
honest
holds "it was confirmed on another connection" has_route 198.51.99.0/24
holds "and would stay over a restart" grep -q 198.51.99.0 "$work/bird/bird.conf"

# ---- what moved; two at once ----

template 's/198.51.100.0\/25/198.51.98.0\/24/'
plan
printf '# by hand\n' >> "$work/bird/bird.conf"
birdc configure > /dev/null
run
ended "somebody else changed the router" stale "*the router runs another configuration than when this was planned*"
plan; first=$id
plan; second=$id
for id in $first $second; do peerage deploy approve "$id" > /dev/null; done
peerage deploy run "$first" > /dev/null; peerage deploy run "$second" > /dev/null
until_sql 40 "(SELECT count(*) FROM peerage.deployment WHERE id IN ($first, $second) AND finished IS NOT NULL) = 2"
same "two asked for one router at the same time: one is run, one is stale" "confirmed,stale" \
	"$(sql "SELECT string_agg(status, ',' ORDER BY status) FROM peerage.deployment WHERE id IN ($first, $second)")"
same "never both at once" 0 "$(sql "SELECT count(*) FROM peerage.job a JOIN peerage.job b ON a.id < b.id AND tstzrange(a.started, a.completed) && tstzrange(b.started, b.completed)
	WHERE a.lock_keys && b.lock_keys")"
has_route 198.51.98.0/24 && pass || fail "the one that was run is there"

# ---- drift: a schedule that looks, a router that is changed behind our back ----

peerage set configuration name=frr "template=$(frr_conf | sed -n '/^router bgp/,$p')" > /dev/null
# both routers are looked at after the command
look() { local now; now=$(sql "SELECT clock_timestamp()"); "$@" > /dev/null; until_sql 25 "(SELECT count(*) FROM peerage.drift WHERE checked > '$now') = 2" || fail "the drift was not looked at: $(sql "SELECT string_agg(name || ' ' || status, ', ') FROM peerage.job WHERE name LIKE '%drift%'")"; }
drift() { sql "SELECT d.$2 FROM peerage.drift d JOIN peerage.router r ON r.id = d.router_id WHERE r.name = '$1'"; }
look peerage schedule run Drift
same "both are as intended" "as-intended as-intended" "$(drift bird1 state) $(drift frr1 state)"
same "the schedule shows how its run ended" completed "$(sql "SELECT last_status FROM peerage.schedule WHERE name = 'Drift'")"
sed -i 's/198.51.98.0/198.51.90.0/' "$work/bird/bird.conf"
birdc configure > /dev/null
sql "UPDATE peerage.schedule SET enabled = true WHERE name = 'Drift'"
until_sql 10 "(SELECT next_run FROM peerage.schedule WHERE name = 'Drift') IS NOT NULL"
look sql "UPDATE peerage.schedule SET next_run = now() WHERE name = 'Drift'"
same "what was changed behind our back is found when it is due" "differs as-intended" "$(drift bird1 state) $(drift frr1 state)"
since=$(drift bird1 since)
case "$(sql "SELECT t.content FROM peerage.drift d JOIN peerage.configuration_text t ON t.hash = d.diff_hash JOIN peerage.router r ON r.id = d.router_id WHERE r.name = 'bird1'")" in
*-*198.51.90.0*+*198.51.98.0*) pass ;; *) fail "with the difference" ;; esac
look peerage schedule run Drift
same "since when stays" "$since" "$(drift bird1 since)"
case "$(peerage deploy drift)" in *bird1*differs*) pass ;; *) fail "the command lists it" ;; esac
sed -i 's/198.51.90.0/198.51.98.0/' "$work/bird/bird.conf"
birdc configure > /dev/null
look peerage schedule run Drift
same "put right again" as-intended "$(drift bird1 state)"
same "nothing was changed by looking" "" "$(ls "$work/bird" | grep peerage-)"

# ---- each fault has its test: the table in tests/README.md ----

rows=0
while IFS='|' read -r _ _ suite name _; do
	suite=$(tr -d ' `' <<< "$suite") name=$(sed 's/^ *//; s/ *$//' <<< "$name")
	[ "$name" ] && [ "$name" != assertion ] && [ "$name" != --- ] || continue
	rows=$((rows + 1))
	holds "$suite has \"$name\"" grep -qF -- "$name" "$top/tests/$suite.sh"
done < <(sed -n '/^<!-- faults -->/,/^<!-- end -->/p' "$top/tests/README.md")
holds "the table of faults is there" test "$rows" -gt 30
