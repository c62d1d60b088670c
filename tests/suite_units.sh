#!/bin/bash
# The units of systemd/, as `make install` puts them, below a root of their own: systemd finds nothing to complain about in them, they shut
# the programs in, and every family of handlers has its socket.
. "$(dirname "$0")/lib.sh"

root=$work/root units=$work/root/usr/lib/systemd/system
command -v systemd-analyze > /dev/null || die "systemd-analyze is not there: it is of the package systemd"
mkdir -p "$root/etc"
make -C "$build" --no-print-directory install-dist_unitsDATA prefix=/usr DESTDIR="$root" > "$work/log" 2>&1 || die "$(tail -3 "$work/log")"
cp /usr/lib/systemd/system/*.target /usr/lib/systemd/system/*.slice "$units" || die "the units of systemd itself"
stand_for() { [ -x "$1" ] && mkdir -p "$(dirname "$root$2")" && install -m 755 /dev/null "$root$2"; }   # all that systemd looks at
stand_for "$build/peerage-runner" /usr/bin/peerage-runner
handlers=$(cd "$build/handlers" && find . -maxdepth 1 -type f -executable | sed 's,^\./,,' | sort)
for h in $handlers; do stand_for "$build/handlers/$h" "/usr/libexec/peerage/$h"; done
stand_for "$(command -v multiwatch)" "$(command -v multiwatch)"
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'peerage:x:990:990::/nonexistent:/usr/sbin/nologin' > "$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'peerage:x:990:' 'www-data:x:33:' > "$root/etc/group"

verify() { systemd-analyze verify --root="$root" --man=no --recursive-errors=no "$1" > "$work/said" 2>&1; }
guarded() { systemd-analyze security --no-pager --offline=true --root="$root" --threshold="$2" "$1" > "$work/said" 2>&1; }

# ---- nothing to complain about ----

all="peerage.target peerage-runner.service"
for h in $handlers; do all="$all peerage-$h.socket peerage@$h.service"; done
for u in $all; do
	verify "$u" && pass || fail "$u: rc $?"
	same "$u: not a word" "" "$(cat "$work/said")"
done
same "every family has a socket, and nothing else has" "$(printf 'peerage-%s.socket\n' $handlers)" "$(cd "$units" && ls peerage-*.socket)"
same "which the target starts, and the runner" "$({ printf 'peerage-%s.socket\n' $handlers; echo peerage-runner.service; } | sort)" \
	"$(sed -n 's/^Wants=//p' "$units/peerage.target" | tr ' ' '\n' | sort)"
for h in $handlers; do
	same "$h: where the web server looks for it" "ListenStream=/run/peerage/$h.sock" "$(grep '^ListenStream=' "$units/peerage-$h.socket")"
	for server in nginx apache; do holds "$h: $server does" grep -q "/run/peerage/$h.sock" "$top/$server/peerage.conf"; done
done

# ---- what a program may is little ----

guarded peerage-runner.service 20 && pass || fail "the runner is exposed: $(tail -1 "$work/said")"
guarded peerage@core.service 20 && pass || fail "the handlers are exposed: $(tail -1 "$work/said")"

# ---- and these checks see what is wrong ----

spoil() { sed -i "$2" "$units/$1"; }
runner=$(cat "$units/peerage-runner.service")
for wrong in 's/^ProtectHome=/ProtectHoem=/' 's/@system-service/@system-servic/' 's,/usr/bin/peerage-runner,/usr/bin/peerage-walker,' 's/^KillMode=.*/KillMode=none-of-these/'; do
	spoil peerage-runner.service "$wrong"
	verify peerage-runner.service && [ ! -s "$work/said" ] && fail "not seen: $wrong" || pass
	printf '%s\n' "$runner" > "$units/peerage-runner.service"
done
spoil peerage-runner.service '/^SystemCallFilter=/d; /^CapabilityBoundingSet=/d; /^PrivateDevices=/d; /^RestrictNamespaces=/d'
guarded peerage-runner.service 20 && fail "less is not seen" || pass
