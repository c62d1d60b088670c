#!/bin/bash
# The SQL that is derived from the tables of resources, held against tests/golden/derived.sql: of a few that have all there is between
# them. Where it is meant to change, `tests/suite_golden.sh renew` writes it anew and the difference is reviewed with the change.
. "$(dirname "$0")/lib.sh"
golden=$top/tests/golden/derived.sql
start_postgres
"$build/peerage" schema sql ix-peering-session autonomous-system router tag journal-entry webhook > "$work/derived.sql" || die "no SQL: $(tail -3 "$work/derived.sql")"
if [ "${1:-}" = renew ]; then
	cat "$work/derived.sql" > "$golden"
fi
if diff -u "$golden" "$work/derived.sql" > "$work/difference"; then pass; else fail "the derived SQL is not the recorded one"; head -40 "$work/difference"; fi
holds "of a resource that there is not there is none" test "$("$build/peerage" schema sql nothing 2>&1 > /dev/null)" = 'peerage: there is no resource "nothing"; `peerage list` names them'
