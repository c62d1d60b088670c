#!/bin/bash
# The command: users, tokens, every kind of object, loading a book twice, and what its exit status says.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
start_postgres

# says NAME STATUS TEXT COMMAND...: the exit status, and a text in what it prints
says() {
	local name=$1 status=$2 text=$3 out got
	shift 3
	out=$("$peerage" "$@" 2>&1 < /dev/null)
	got=$?
	[ "$got" = "$status" ] && case $out in *"$text"*) pass; return ;; esac
	fail "$name: status $got, wanted $status; $(printf '%.300s' "$out")"
}

for c in user token check list show add set remove load migrate peeringdb schema; do
	says "$c --help" 0 usage: "$c" --help
done
says "no such command" 2 "there is no command" frobnicate
says "an option that is none" 2 "has no option --nope" user add x --nope
says "migrations" 0 applied migrate --status
says "check" 0 "0 disagreements" check
says "check as JSON" 0 '"wrong": []' --json schema sql-check

same "a user is added" "user demo added" "$(echo secret | "$peerage" user add demo --superuser --password-stdin)"
says "twice" 1 "user with this username already exists." user add demo --no-password
says "an empty password" 1 "the password is empty" user passwd demo --password-stdin
same "yescrypt" '$y$' "$(sql "SELECT left(password, 3) FROM peerage.auth_user")"
before=$(sql "SELECT password FROM peerage.auth_user")
echo other | "$peerage" user passwd demo --password-stdin
[ "$before" != "$(sql "SELECT password FROM peerage.auth_user")" ] && pass || fail "the password is another"
says "nobody of that name" 3 "there is no user" token add nobody
says "users" 0 superuser user list

key=$("$peerage" token add demo --quiet --read-only --allow 192.0.2.7/24,2001:db8::/32 --expires 2099-01-01)
same "a key has 40 digits" 40 "$(printf %s "$key" | grep -cE '^[0-9a-f]{40}$' | sed s/1/40/)"
same "it is kept as its hash" 1 "$(sql "SELECT count(*) FROM peerage.auth_token WHERE key_hash = sha256('$key') AND NOT write_enabled AND allowed_ips = '{192.0.2.0/24,2001:db8::/32}'")"
says "a network that is none" 1 "no address or network" token add demo --allow x
says "a time that is none" 1 "is no time" token add demo --expires soon
says "tokens" 0 "read only" token list
says "revoked" 0 "" token revoke 1
says "twice revoked" 3 "there is no token" token revoke 1

says "kinds" 0 autonomous-system list
says "made" 0 "AS64500 - Ours" add autonomous-system asn=64500 name=Ours affiliated=yes 'local_context_data={"a": 1}'
says "refused" 1 "asn:" add autonomous-system asn=x name=y
says "no such field" 1 "has no field" add autonomous-system nope=1
says "no such kind" 1 "there is no resource" list nothing
says "listed" 0 "AS64500 - Ours" list autonomous-system name__ic=our
says "a bad filter" 1 "Enter a whole number." list autonomous-system asn=x
says "shown" 0 "Ours" show autonomous-system asn=64500
says "none such" 3 "not found" show autonomous-system asn=1
says "changed" 0 "New" set autonomous-system asn=64500 name=New irr_as_set=
same "JSON is the API's" New "$("$peerage" --json show autonomous-system 1 | jq -r .name)"
same "lists are JSON too" 64500 "$("$peerage" --json list autonomous-system | jq -r '.[0].asn')"
same "and problems" '["A valid integer is required."]' "$("$peerage" --json add autonomous-system asn=x name=y | jq -c .fields.asn)"
says "an exchange" 0 "IX" add internet-exchange name=IX slug=ix 'local_autonomous_system={"asn": 64500}'
says "a platform in use" 0 "r1" add router name=r1 hostname=r1 platform=1 local_autonomous_system=1
says "stays" 5 "1 dependent objects were found: r1 (1)" remove platform 1
says "removed with what hangs on it" 0 "" remove autonomous-system asn=64500
same "all gone" 0 "$(sql "SELECT (SELECT count(*) FROM peerage.internet_exchange) + (SELECT count(*) FROM peerage.router)")"
same "all told" "create create create delete delete delete update" \
	"$(sql "SELECT string_agg(action, ' ' ORDER BY action) FROM peerage.object_change WHERE changed_object_type_id BETWEEN 32 AND 73")"

mkdir -p "$work/book"
echo '[{"name": "One", "slug": "one"}, {"name": "Two", "slug": "two", "color": "f44336"}]' > "$work/book/01-extras.tags.json"
echo '[{"asn": 64501, "name": "Peer", "tags": [{"slug": "one"}]}]' > "$work/book/02-peering.autonomous-systems.json"
echo '[{"assigned_object_type": "peering.autonomoussystem", "assigned_object_id": {"asn": 64501}, "comments": "Hello"}]' > "$work/book/03-extras.journal-entries.json"
says "a book" 0 "4 objects made" load "$work/book"
says "again" 0 "0 objects made, 4 already there" load "$work/book"
same "nothing is doubled" 1 "$(sql "SELECT count(*) FROM peerage.journal_entry")"
same "nothing is logged twice" 0 "$(sql "SELECT count(*) FROM peerage.object_change WHERE action = 'update' AND changed_object_type_id <> 70")"
echo '[{"name": "Three", "slug": "three"}, {"name": "", "slug": "four"}]' > "$work/book/01-extras.tags.json"
says "one object that is wrong" 1 "object 2 is refused; nothing was loaded" load "$work/book/01-extras.tags.json"
same "undoes all" 2 "$(sql "SELECT count(*) FROM peerage.tag")"
says "a file of no kind" 1 "not of the form" load "$work/peerage.conf"
PEERAGE_DATABASE="host=$work/none" says "no database" 6 "cannot be reached" list tag
