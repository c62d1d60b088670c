#!/usr/bin/python3
"""Write DIR/<tag>.json: a PeeringDB of the size it had in April 2026 (270,000 rows, some 90 MB), made up but for its shape.

generate.py DIR [changed]    with "changed": DIR/since/<tag>.json with 1,000 rows of it that were changed a day later
"""
import json
import os
import random
import sys

COUNTS = dict(org=33556, campus=74, fac=5855, carrier=276, carrierfac=3600, net=34235, ix=1302, ixfac=5600, ixlan=1302, ixpfx=2583,
              netfac=63000, netixlan=75000, poc=43800)
CHANGED = dict(org=60, fac=20, net=300, ix=20, ixlan=20, netfac=120, netixlan=400, poc=60)
TIMES = {"created": "2015-06-01T08:00:00Z", "status": "ok"}
words = ("internet transit exchange fibre backbone hosting carrier neutral regional metro cloud content delivery research education "
         "university wireless access mobile satellite broadband community cooperative data centre communications").split()
rnd = random.Random(64500)


def text(low, high):
    return " ".join(rnd.choice(words) for _ in range(rnd.randint(low, high)))


def updated():
    return f"20{rnd.randint(16, 25):02}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}T{rnd.randint(0, 23):02}:{rnd.randint(0, 59):02}:{rnd.randint(0, 59):02}Z"


def place():
    return {"address1": text(2, 3), "address2": "", "city": text(1, 1).title(), "country": rnd.choice(("DE", "US", "BR", "JP", "FR")), "state": "",
            "zipcode": str(rnd.randint(10000, 99999)), "floor": "", "suite": "", "latitude": round(rnd.uniform(-60, 60), 6),
            "longitude": round(rnd.uniform(-180, 180), 6)}


def some(tag):
    return rnd.randint(1, COUNTS[tag])


def web(n):
    return f"https://www.example-{n}.net/"


def named(kind, n):
    return {"name": f"{text(1, 2).title()} {kind} {n}", "aka": "", "name_long": "", "website": web(n), "social_media": [{"service": "website", "identifier": web(n)}],
            "notes": text(0, 12), "logo": None}


def org(n):
    return {**named("Org", n), **place()}


def campus(n):
    return {**named("Campus", n), "org_id": some("org"), "org_name": "x", "country": "DE", "city": "Town", "zipcode": "1", "state": ""}


def fac(n):
    return {**named("Facility", n), **place(), "org_id": some("org"), "org_name": text(2, 3), "campus_id": some("campus") if n % 50 == 0 else None, "clli": "",
            "rencode": "", "npanxx": "", "net_count": 5, "ix_count": 1, "carrier_count": 0, "sales_email": "", "sales_phone": "", "tech_email": "noc@example.net",
            "tech_phone": "+49 1", "available_voltage_services": ["48 VDC", "400 VAC"], "diverse_serving_substations": None, "property": None,
            "region_continent": "Europe", "status_dashboard": None}


def carrier(n):
    return {**named("Carrier", n), "org_id": some("org"), "org_name": "x", "fac_count": 3}


def carrierfac(n):
    return {"name": text(2, 3), "carrier_id": some("carrier"), "fac_id": some("fac")}


def net(n):
    return {**named("Net", n), "org_id": some("org"), "asn": 1000 + n * 7, "looking_glass": "", "route_server": "", "irr_as_set": f"RIPE::AS-EXAMPLE{n}",
            "info_type": "NSP", "info_types": ["NSP"], "info_prefixes4": rnd.randint(0, 5000), "info_prefixes6": rnd.randint(0, 500), "info_traffic": "1-5Gbps",
            "info_ratio": "Balanced", "info_scope": "Regional", "info_unicast": True, "info_multicast": False, "info_ipv6": True,
            "info_never_via_route_servers": False, "ix_count": 2, "fac_count": 2, "notes": text(5, 40), "netixlan_updated": "2024-01-01T00:00:00Z",
            "netfac_updated": "2024-01-01T00:00:00Z", "poc_updated": None, "policy_url": "", "policy_general": "Open", "policy_locations": "Not Required",
            "policy_ratio": False, "policy_contracts": "Not Required", "allow_ixp_update": False, "ixp_update_exclude": [], "status_dashboard": None,
            "rir_status": "ok", "rir_status_updated": "2024-01-01T00:00:00Z"}


def ix(n):
    return {**named("IX", n), "org_id": some("org"), "city": "Town", "country": "DE", "region_continent": "Europe", "media": "Ethernet", "proto_unicast": True,
            "proto_multicast": False, "proto_ipv6": True, "url_stats": "", "tech_email": "noc@example.net", "tech_phone": "", "policy_email": "",
            "policy_phone": "", "sales_phone": "", "sales_email": "", "net_count": 9, "fac_count": 1, "ixf_net_count": 0, "ixf_last_import": None,
            "ixf_import_request": None, "ixf_import_request_status": "queued", "service_level": "Not Disclosed", "terms": "Not Disclosed",
            "status_dashboard": None}


def ixfac(n):
    return {"name": text(2, 3), "city": "Town", "country": "DE", "ix_id": some("ix"), "fac_id": some("fac")}


def ixlan(n):
    return {"ix_id": n, "name": "", "descr": "", "mtu": 1500, "dot1q_support": False, "rs_asn": 0, "arp_sponge": None,
            "ixf_ixp_member_list_url_visible": "Private", "ixf_ixp_import_enabled": False}


def ixpfx(n):
    lan, six = (n + 1) // 2, n % 2 == 0
    return {"ixlan_id": min(lan, COUNTS["ixlan"]), "protocol": "IPv6" if six else "IPv4", "in_dfz": True,
            "prefix": f"2a00:{lan:x}::/64" if six else f"{11 + lan // 256}.{lan % 256}.0.0/16"}


def netfac(n):
    return {"name": text(2, 3), "city": "Town", "country": "DE", "net_id": some("net"), "fac_id": some("fac"), "local_asn": 1000 + n}


def netixlan(n):
    lan = n % COUNTS["ixlan"] + 1
    host, who = n // COUNTS["ixlan"] + 1, n % COUNTS["net"] + 1
    return {"net_id": who, "ix_id": lan, "name": text(2, 3), "ixlan_id": lan, "notes": "", "speed": 10000, "asn": 1000 + who * 7,
            "ipaddr4": f"{11 + lan // 256}.{lan % 256}.{host // 256}.{host % 256}", "ipaddr6": f"2a00:{lan:x}::{host:x}", "is_rs_peer": n % 2 == 0,
            "bfd_support": False, "operational": True, "net_side_id": None, "ix_side_id": some("fac") if n % 12 == 0 else None}


def poc(n):
    return {"net_id": n % COUNTS["net"] + 1, "role": "NOC", "visible": "Public", "name": text(2, 2), "phone": "+49 30 1234567", "email": f"noc@example-{n}.net",
            "url": ""}


def write(path, rows):
    with open(path, "w") as f:
        f.write('{"data": [')
        f.write(",\n".join(map(json.dumps, rows)))
        f.write('], "meta": {}}')


def main():
    to, changed = sys.argv[1], len(sys.argv) > 2
    os.makedirs(to + "/since", exist_ok=True)
    for tag, count in COUNTS.items():
        rows = [{"id": n, **globals()[tag](n), **TIMES, "updated": updated()} for n in range(1, count + 1)]
        write(f"{to}/{tag}.json", rows)
        if changed:
            some_rows = rnd.sample(rows, CHANGED.get(tag, 0))
            for row in some_rows:
                row["updated"] = "2026-05-01T00:00:00Z"
                row["notes"] = row.get("notes", "") + " changed"
            write(f"{to}/since/{tag}.json", some_rows)


main()
