#!/bin/bash
# Resident memory of a handler over 100,000 requests of every kind, every 10,000. A benchmark, not a test; the goal is 30 MB.
. "$(dirname "$0")/bench.sh"
the_book
echo "requests_per_process = 1000000" >> "$work/peerage.conf"
a_reader
start_handlers 1
start_nginx
pid=$(pgrep -xf "$build/handlers/peering" | tail -1)
rss() { awk '/VmRSS/ { print $2 }' "/proc/$pid/status"; }
cat > "$work/mixed.lua" <<'L'
local n = 0
function request()
	n = n + 1
	local id = 1 + (n * 7919) % 20000
	local paths = { "/api/peering/internet-exchange-peering-sessions/" .. id .. "/", "/api/peering/internet-exchange-peering-sessions/?limit=50&offset=" .. id % 5000,
		"/api/peering/autonomous-systems/" .. 1 + id % 2000 .. "/", "/api/peering/internet-exchange-peering-sessions/?limit=20&bgp_state=idle&offset=" .. id % 500,
		"/internet-exchange-peering-sessions/" .. id .. "/", "/autonomous-systems/?q=Network+" .. id % 100 }
	return wrk.format("GET", paths[1 + n % #paths])
end
L
echo "requests  RSS (kB)"
done_=0
while [ $done_ -lt 100000 ]; do
	printf '%8d  %s\n' $done_ "$(rss)"
	goal=$((done_ - done_ % 10000 + 10000))
	while [ $done_ -lt $goal ]; do
		n=$(wrk -t1 -c4 -d5s -s "$work/mixed.lua" -H "Authorization: Token $token" "$url" | awk '/requests in/ { print $1 }')
		done_=$((done_ + n))
	done
done
printf '%8d  %s\n' $done_ "$(rss)"
if [ "$(rss)" -lt 30720 ]; then pass; else fail "more than 30 MB"; fi
