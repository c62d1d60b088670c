#!/bin/bash
# SSH as routers speak it, and everything that may go wrong with it: against OpenSSH's sshd, against a server of our own for what an unprivileged sshd cannot do,
# and through a proxy that spoils connections.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/devices/rig.sh"

sshd_extra="LogLevel DEBUG3"
start_sshd
raw() { on raw "$@"; }
# at PORT [OPTION ...]: a server that is not the sshd
at() { local port=$1; shift; raw "port=$port" key_file=/dev/null "user=router" "$@"; }
# says NAME PATTERN ANSWER
silent() { if grep -qF -- "$2" <<< "$3"; then fail "$1: \"$2\" is in it"; else pass; fi; }

# ---- keys, commands, files ----

out=$(raw <<< 'open
run echo out; echo err >&2; exit 3
run true
close
run true
open
run echo again')
says "a command's output and status" '^status=3 out=4 err=4$' "$out"
says "a closed connection says so" '^error upstream cut' "$out"
says "it can be opened again" '^again$' "$out"

head -c 3000000 /dev/urandom | base64 > "$work/run.in"
size=$(stat -c %s "$work/run.in")
out=$(raw <<< "open
run cat | sha256sum
run cat
run cat > /dev/null; exit 7
run kill -9 \$\$")
says "megabytes in" "^$(sha256sum < "$work/run.in" | cut -d' ' -f1)" "$out"
says "megabytes in and out at once" "^status=0 out=$size err=0" "$out"
says "a status after much input" '^status=7 ' "$out"
says "ended by a signal" '^status=-1 ' "$out"
rm "$work/run.in"

out=$(raw <<< "open
put $work/a'b c.txt $work/sshd.conf
get $work/a'b c.txt
get $work/nothing
put /nowhere/x $work/sshd.conf")
silent "a path with a quote does not break out" "unexpected" "$out"
out=$(raw <<< "open
put $work/copy $work/sshd.conf
get $work/nothing
put /nowhere/x $work/sshd.conf")
holds "a file is put whole" cmp "$work/copy" "$work/sshd.conf"
same "with the mode that was asked for" 640 "$(stat -c %a "$work/copy")"
says "a file that is not there" '^error not_found none there is no file' "$out"
says "a file that cannot be written" '^error upstream file the file /nowhere/x could not be written' "$out"
same "nothing is left half written" "" "$(ls "$work" | grep '\.new$')"

# ---- host keys ----

out=$(raw host_key= <<< open)
says "an unknown host key is refused and shown" "^error permission_denied host-key-unknown .* shows the host key ${host_key//+/.}" "$out"
out=$(raw host_key= <<< offered)
same "the key that is offered" "offered=$host_key" "$(head -1 <<< "$out")"
other="ssh-ed25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
out=$(raw "host_key=$other" password=topsecret <<< open)
says "a changed host key is refused with both" "^error permission_denied host-key-changed .*${host_key//+/.}, but $other was confirmed" "$out"
same "and nobody tried to sign in" 0 "$(grep -c 'Failed password' "$work/sshd.log")"

# ---- signing in ----

says "a key with a passphrase" '^ok open' "$(raw "key_file=$work/locked" 'password=pass phrase' <<< open)"
says "a wrong passphrase" '^error permission_denied auth .*not its passphrase' "$(raw "key_file=$work/locked" password=wrong <<< open)"
says "no key of ours" "^error permission_denied auth .* does not let user \"$me\" in" "$(raw "key_file=$work/host" <<< open)"
out=$(raw key_file=/dev/null password=topsecret <<< open)
says "a wrong password, and what it takes" "^error permission_denied auth .* does not let user \"$me\" in with its password; it takes.* publickey" "$out"
silent "no secret in a message" topsecret "$out"
says "neither key nor password" '^error permission_denied auth .*neither password nor private key' "$(raw key_file=/dev/null <<< open)"

# an agent that has the right key, and a home with that key and a configuration, are left alone
mkdir -p "$work/home/.ssh"
cp "$work/key" "$work/home/.ssh/id_ed25519"
printf 'Host *\n\tIdentityFile %s\n\tProxyCommand touch %s\n' "$work/key" "$work/proxied" > "$work/home/.ssh/config"
eval "$(ssh-agent -a "$work/agent" 2> /dev/null)" > /dev/null
pids+=("$SSH_AGENT_PID")
ssh-add -q "$work/key" 2> /dev/null
same "the agent has the key" 1 "$(ssh-add -l | grep -c ED25519)"
says "no agent is asked, and no key of the user's own" '^error permission_denied auth .*neither password nor private key' "$(HOME=$work/home raw key_file=/dev/null <<< open)"
says "not even after another key" '^error permission_denied auth .* with its key' "$(HOME=$work/home raw "key_file=$work/host" <<< open)"
holds "nor is the user's configuration read" test ! -e "$work/proxied"
unset SSH_AUTH_SOCK SSH_AGENT_PID

ssh_server() { local p; p=$(free_port); "$build/tests/tools/ssh_server" "$p" "$work/host" router topsecret "$@" > "$work/server.log" 2>&1 & pids+=($!); port=$p
	until_true 10 bash -c "exec 3<> /dev/tcp/127.0.0.1/$p" || die "ssh_server"; }

cat > "$work/cli" <<'C'
printf 'Welcome to R1\r\n'
p='R1>'
while printf '\033[1m%s\033[0m ' "$p" && IFS= read -r line; do
	case $line in
	enable) p='R1#' ;;
	show*) i=0; while [ $i -lt 30 ]; do i=$((i + 1)); echo "line $i of $line"; [ $i != 20 ] || { printf -- ' --More-- '; stty -icanon -echo; dd bs=1 count=1 2> /dev/null > /dev/null; stty icanon echo; printf '\b\b\b\b\b\b\b\b\b\b'; }; done ;;
	hang) sleep 60 ;;
	endless) while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done ;;
	exit) exit ;;
	*) echo "% Unknown command: $line" ;;
	esac
done
C
ssh_server --shell "sh $work/cli" --subsystem cat
says "a password" '^ok open' "$(at "$port" password=topsecret <<< open)"
says "a wrong password" '^error permission_denied auth .*it takes password' "$(at "$port" password=wrong <<< open)"
says "a wrong user" '^error permission_denied auth' "$(at "$port" user=nobody password=topsecret <<< open)"
out=$(at "$port" password=topsecret <<< 'open
shell R1[>#]. hello world
shell R1[>#]. show things')
says "a shell with a prompt" '^% Unknown command: hello world' "$out"
says "its prompt, without terminal codes" '^prompt=R1> $' "$out"
says "through a pager" '^line 30 of show things' "$out"
silent "the pager is not in it" More "$out"
out=$(at "$port" password=topsecret seconds=1 <<< 'open
shell R1[>#]. hang now')
says "a command that does not end" '^(error timeout time|% Unknown)' "$out"
says "a time-out of a shell" '^error timeout time ' "$(at "$port" password=topsecret seconds=1 <<< 'open
shell R9> show')"
ssh_server --interactive
says "keyboard-interactive" '^ok open' "$(at "$port" password=topsecret <<< open)"
says "keyboard-interactive, wrong" '^error permission_denied auth .*keyboard-interactive' "$(at "$port" password=wrong <<< open)"

# ---- a long silence ----

from=$(wc -l < "$work/sshd.log")
said() { tail -n +"$((from + 1))" "$work/sshd.log" | grep -c 'Received SSH2_MSG_IGNORE'; }
raw arg.ssh_keepalive=1 > "$work/kept" <<< 'open
run sleep 2.5; echo done' &
kept=$!
until_true 5 eval 'grep -q "ok open" "$work/kept"' || fail "it does not open: $(cat "$work/kept")"
says "the kernel looks after the connection too" "127.0.0.1:$ssh_port .*timer:\\((keepalive|on)" "$(ss -tno state established "( dport = :$ssh_port )")"
wait $kept
says "a command that says nothing for long" '^done$' "$(cat "$work/kept")"
same "a sign of life goes out every second, as asked for" "2" "$(said)"

# ---- a jump host ----

jump=(jump_host=127.0.0.1 "jump_port=$ssh_port" "jump_user=$me" "jump_key_file=$work/key")
head -c 300000 /dev/urandom | base64 > "$work/run.in"
out=$(raw "${jump[@]}" "jump_host_key=$host_key" <<< 'open
run cat | sha256sum
run head -c 5000000 /dev/zero
close')
says "through a jump host" "^$(sha256sum < "$work/run.in" | cut -d' ' -f1)" "$out"
says "megabytes through a jump host" '^status=0 out=5000000 err=0' "$out"
rm "$work/run.in"
says "a jump host with an unknown key" "^error permission_denied host-key-unknown .*the jump host .* shows the host key ${host_key//+/.}.*jump host's own" "$(raw "${jump[@]}" <<< open)"
says "a jump host with a changed key" '^error permission_denied host-key-changed .*jump host' "$(raw "${jump[@]}" "jump_host_key=$other" <<< open)"
says "a router with a changed key behind one" '^error permission_denied host-key-changed .* the router ' "$(raw "${jump[@]}" "jump_host_key=$host_key" "host_key=$other" <<< open)"
closed=$(free_port)
says "nobody behind the jump host" '^error upstream unreachable .*jump host' "$(raw "${jump[@]}" "jump_host_key=$host_key" "port=$closed" <<< open)"
says "no jump host" '^error upstream refused' "$(raw "${jump[@]}" "jump_port=$closed" "jump_host_key=$host_key" <<< open)"

# ---- what goes wrong on the way ----

says "connection refused" '^error upstream refused .*Connection refused' "$(raw "port=$closed" <<< open)"
says "a name that leads nowhere" '^error upstream unreachable .*leads to no address' "$(raw host=no.such.name.invalid <<< open)"
says "a command beyond its time" '^error timeout time ' "$(raw seconds=1 <<< 'open
run sleep 30')"
cutter() { local p; p=$(free_port); "$build/tests/tools/cutter" "$p" "$ssh_port" "$@" & pids+=($!) cutter_pid=$!; port=$p
	until_true 10 bash -c "grep -qi ':$(printf %04X "$p") .* 0A ' /proc/net/tcp" || die cutter; }
cutter garbage
says "an answer that is not SSH" '^error (upstream (garbage|cut)|timeout time) ' "$(raw "port=$port" connect_seconds=2 <<< open)"
cutter flood
says "an endless greeting" '^error (upstream (garbage|cut)|timeout time) ' "$(raw "port=$port" connect_seconds=2 <<< open)"
cutter mute
says "no greeting" '^error timeout time ' "$(raw "port=$port" connect_seconds=1 <<< open)"
for bytes in 5 700 1300 1900 2300 2600; do
	cutter cut $bytes
	out=$(raw "port=$port" connect_seconds=3 seconds=3 <<< 'open
run head -c 100000 /dev/zero')
	says "cut after $bytes bytes" '^error upstream (cut|garbage) ' "$out"
	kill "$cutter_pid"
done
for bytes in 60 1300 2300; do
	cutter stall $bytes
	says "silent after $bytes bytes" '^error timeout time ' "$(raw "port=$port" connect_seconds=1 seconds=1 <<< 'open
run head -c 100000 /dev/zero')"
	kill "$cutter_pid"
done
