#!/usr/bin/env python3
"""A second snapshot of PeeringDB for the demo: the first one's rows with known differences, so that the feed has something to tell.

Writes peeringdb-changes/ from peeringdb/; only rows that changed are in it. The differences are made up.
"""

import ipaddress
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
WHEN = "2026-11-15T06:00:00Z"
RENUMBERED, OLD, NEW = 115, ipaddress.ip_network("194.116.96.0/24"), ipaddress.ip_network("203.0.113.0/24")
NETWORKS = {
    32934: {"info_prefixes4": 150, "info_prefixes6": 90},
    2906: {"irr_as_set": "RIPE::AS-NFLX"},
    16276: {"policy_general": "Selective"},
    12989: {"name": "StackPath", "info_prefixes4": 30000},
}


def read(tag):
    with open(os.path.join(HERE, "peeringdb", tag + ".json"), encoding="utf-8") as f:
        return json.load(f)["data"]


def write(tag, rows):
    os.makedirs(os.path.join(HERE, "peeringdb-changes"), exist_ok=True)
    rows = sorted(({**r, "updated": WHEN} for r in rows), key=lambda r: r["id"])
    with open(os.path.join(HERE, "peeringdb-changes", tag + ".json"), "w", encoding="utf-8") as f:
        f.write('{"data": [\n' + ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows) + "\n]}\n")


def moved(address):
    return str(NEW.network_address + (int(ipaddress.ip_address(address)) - int(OLD.network_address)))


def ports(rows):
    by_as = {}
    for row in rows:
        by_as.setdefault(row["asn"], []).append(row)
        if row["ixlan_id"] == RENUMBERED and row["ipaddr4"] and ipaddress.ip_address(row["ipaddr4"]) in OLD:
            yield {**row, "ipaddr4": moved(row["ipaddr4"])}
    others = [r for r in sorted(by_as[6939], key=lambda r: r["id"]) if r["ixlan_id"] != RENUMBERED and r["ipaddr4"]]
    yield {**others[0], "ipaddr4": str(ipaddress.ip_address(others[0]["ipaddr4"]) + 1)}
    gone = [r for r in sorted(by_as[22822], key=lambda r: r["id"]) if r["ixlan_id"] != RENUMBERED]
    yield {**gone[0], "status": "deleted"}
    new = gone[0]["ixlan_id"]
    guest = next(a for a in sorted(by_as) if a > 1000 and all(r["ixlan_id"] != new for r in by_as[a]))
    yield {**by_as[guest][0], "id": 950001, "ixlan_id": new, "ix_id": gone[0]["ix_id"], "ipaddr4": gone[0]["ipaddr4"], "ipaddr6": gone[0]["ipaddr6"],
           "status": "ok", "created": WHEN}


def main():
    write("net", [{**r, **NETWORKS[r["asn"]]} for r in read("net") if r["asn"] in NETWORKS])
    write("ixpfx", [{**r, "prefix": str(NEW)} for r in read("ixpfx") if r["prefix"] == str(OLD)])
    write("netixlan", ports(read("netixlan")))


if __name__ == "__main__":
    main()
