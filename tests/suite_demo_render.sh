#!/bin/bash
# The demonstration's routers, rendered from its book: the same bytes as the real Jinja2 makes of them (tests/data/demo/make.py),
# and configurations that the daemons themselves accept.
. "$(dirname "$0")/lib.sh"

peerage=$build/peerage

# works NAME FILE COMMAND ...: the command succeeds; what it prints is in FILE.
works() {
	local name=$1 out=$2
	shift 2
	if "$@" > "$out" 2> "$work/err"; then pass; else fail "$name: $(tail -c 400 "$work/err")$(tail -c 200 "$out")"; fi
}
# has NAME FILE TEXT
has() { if grep -qF -- "$3" "$2"; then pass; else fail "$1: no \"$3\""; fi; }

start_postgres
works "the cache loads" "$work/log" "$peerage" peeringdb load "$top/demo.d/peeringdb"
works "the book loads" "$work/log" "$peerage" load "$top/demo.d/book"
works "the IRR's answers load" "$work/log" "$peerage" irr-load "$top/demo.d/irr.json"

for router in ams1 lon1 par1 vie1 zrh1; do
	works "$router renders" "$work/$router.conf" "$peerage" render "$router"
	chmod 600 "$work/$router.conf"
	gzip -dc "$top/tests/data/demo/$router.conf.gz" > "$work/$router.jinja"
	works "$router is what Jinja2 makes of it" "$work/log" diff "$work/$router.jinja" "$work/$router.conf"
done

works "FRR accepts par1" "$work/log" vtysh -C -f "$work/par1.conf"
works "BIRD accepts zrh1" "$work/log" bird -p -c "$work/zrh1.conf"
PATH=$PATH:/usr/sbin works "OpenBGPD accepts vie1" "$work/log" bgpd -n -f "$work/vie1.conf"

# Session keys of these are sealed for the router, as its platform writes them.
for router in fra1 ash1; do
	works "$router renders" "$work/$router.conf" "$peerage" render "$router"
	has "its session keys are sealed" "$work/$router.conf" 'authentication-key "$9$'
	same "none is in clear" 0 "$(grep -c 'authentication-key "demo-' "$work/$router.conf")"
	same "its braces close" "$(sed 's/"[^"]*"//g' "$work/$router.conf" | tr -cd '{' | wc -c)" "$(sed 's/"[^"]*"//g' "$work/$router.conf" | tr -cd '}' | wc -c)"
done
works "fra2 renders" "$work/fra2.conf" "$peerage" render fra2
has "EOS has sealed keys too" "$work/fra2.conf" ' password 7 '

# A line each of what the book says of a few sessions.
has "a shut session says why" "$work/par1.conf" "shutdown message planned maintenance of Skerry Networks"
has "a drained session says so" "$work/zrh1.conf" "bgp_community.add((65535, 0));"
has "a customer's limit restarts" "$work/vie1.conf" "max-prefix 10 restart 15"

# Documentation numbers are in PeeringDB for nobody but us, who say so.
echo '{% for a in autonomous_systems if a.asn == 20940 %}{{ a | shared_ixps(local_as) | iterate("name") | join("|") }}{% endfor %}' > "$work/shared.j2"
works "a template of one's own renders" "$work/shared" "$peerage" render par1 --template "$work/shared.j2"
has "an AS of ours with a row in PeeringDB shares exchanges" "$work/shared" "|DE-CIX Frankfurt|"
