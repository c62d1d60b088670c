#!/bin/bash
# table.sh: what of which driver is proven, and by which suite: runs the suites of the drivers and counts the steps that worked. Of a scripted router
# or a real daemon, as the suite has it. PEERAGE_TOP and PEERAGE_BUILD as for a suite.
export PEERAGE_COVER=$(mktemp)
chmod 666 "$PEERAGE_COVER"
for s in daemons https ios iosxr netconf nxos routeros srlinux sros vyos; do
	bash "${PEERAGE_TOP:?}/tests/devices/suite_$s.sh" | tail -1 >&2
done
awk 'BEGIN { n = split("facts neighbours vrf reset running stage check diff timer confirm rollback pending", want)
	printf "| driver | suite | facts | neighbours | of a VRF | why reset | running | stage | check | diff | commit, timer | confirm | roll back | pending |\n"
	printf "|---|---|"; for (i = 1; i <= n; i++) printf "---:|"; print "" }
	$1 != "raw" { key = $1 " | `" $2 "`"; seen[key] = 1; count[key, $3]++ }
	END { for (key in seen) { line = "| " key; for (i = 1; i <= n; i++) line = line " | " (count[key, want[i]] ? count[key, want[i]] : "–"); print line " |" | "sort" } }' "$PEERAGE_COVER"
rm -f "$PEERAGE_COVER"
