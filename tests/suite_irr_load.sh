#!/bin/bash
# `peerage irr-load`: what registries answered, out of a file; a mistake in the file empties nothing.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
start_postgres
sql "INSERT INTO peerage.autonomous_system (asn, name) VALUES (64496, 'a'), (4200000000, 'b')" > /dev/null
prefixes() { sql "SELECT string_agg(host(prefix) || '/' || masklen(prefix) || coalesce('-' || less_equal, ''), ' ' ORDER BY family, n)
	FROM peerage.autonomous_system_prefix p JOIN peerage.autonomous_system a ON a.id = p.autonomous_system_id WHERE asn = $1"; }
members() { sql "SELECT string_agg(l.asn::text, ' ' ORDER BY n) FROM peerage.autonomous_system_as_list l
	JOIN peerage.autonomous_system a ON a.id = l.autonomous_system_id WHERE a.asn = $1"; }
load() { printf %s "$1" > "$work/irr.json"; "$peerage" irr-load "$work/irr.json" > "$work/out" 2> "$work/err"; }

load '{"64496": {"prefixes": {"ipv4": [{"prefix": "192.0.2.0/24", "exact": true}, {"prefix": "198.51.100.0/24", "exact": false,
	"greater-equal": 24, "less-equal": 26}], "ipv6": [{"prefix": "2001:db8::/32", "exact": true}]}, "as_list": [64496, 4200000000]},
	"65551": {"as_list": [1]}}'
same "the file is taken" 0 $?
same "systems that are not in the book are passed over" "1 autonomous systems" "$(cat "$work/out")"
same "prefixes are kept in order, with their lengths" "192.0.2.0/24 198.51.100.0/24-26 2001:db8::/32" "$(prefixes 64496)"
same "members may have four bytes" "64496 4200000000" "$(members 64496)"
same "where they come from is kept" irr.json "$(sql "SELECT prefixes_source FROM peerage.autonomous_system WHERE asn = 64496")"

load '{"64496": {"as_list": [64497]}}'
same "what the file does not speak of stays" "192.0.2.0/24 198.51.100.0/24-26 2001:db8::/32" "$(prefixes 64496)"
same "what it speaks of is replaced" 64497 "$(members 64496)"

# Refused: with which message
refused() {
	load "$2"
	same "$1 is refused" 1 $?
	if grep -qF "$3" "$work/err"; then pass; else fail "$1: $(cat "$work/err")"; fi
	same "after $1 all is as it was" "192.0.2.0/24 198.51.100.0/24-26 2001:db8::/32" "$(prefixes 64496)"
}
refused "a list" '[64496]' "a JSON object of AS numbers was expected"
refused "one family alone" '{"64496": {"prefixes": {"ipv4": []}}}' 'an object of two lists'
refused "a number for a list" '{"64496": {"prefixes": {"ipv4": 1, "ipv6": []}}}' 'an object of two lists'
refused "a prefix with host bits" '{"64496": {"prefixes": {"ipv4": [{"prefix": "10.0.0.1/8"}], "ipv6": []}}}' '10.0.0.1/8'
refused "an AS number of letters" '{"64496": {"prefixes": {"ipv4": [], "ipv6": []}}, "x": {}}' '"x"'
refused "half a document" '{"64496": {' "line 1"
"$peerage" irr-load "$work/nothing" > "$work/out" 2> "$work/err"
same "a file that is not there" 3 $?
"$peerage" irr-load > "$work/out" 2> "$work/err"
same "no file" 2 $?
