#!/usr/bin/env python3
"""What the stand-ins of `./demo outside` serve, made from the demonstration's own cache and book.   data.py DEMO.D DIR

DIR/ix-api/objects.json: the IX-API of DE-CIX Frankfurt as our account sees it. DIR/www/members.json: its member export, with differences to PeeringDB as
exports have them. DIR/netbox/devices.json: NetBox's devices: the book's routers and two that are not in it.
"""
import json
import os
import sys

demo, out = sys.argv[1:3]
LAN, ASN = 31, 64500


def cache(name):
    return json.load(open(os.path.join(demo, "peeringdb", name + ".json")))["data"]


def book(name):
    return json.load(open(os.path.join(demo, "book", name)))


def keep(path, value):
    path = os.path.join(out, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        json.dump(value, f)


ports = [p for p in cache("netixlan") if p["ixlan_id"] == LAN]
networks = {n["id"]: n for n in cache("net")}
prefixes = {p["protocol"]: p["prefix"] for p in cache("ixpfx") if p["ixlan_id"] == LAN}
ours = next(c for c in book("18-net.connections.json") if c["peeringdb_netixlan"] == 900019)
servers = [p for p in ports if networks[p["net_id"]].get("info_type") == "Route Server"]

# ---- the IX-API: two ports in a bundle, one config of ours with a MAC address that is no longer the router's ----
address4, address6 = ours["ipv4_address"].split("/"), ours["ipv6_address"].split("/")
keep("ix-api/objects.json", {
    "accounts": [{"id": "acc-skerry", "name": "Skerry Networks", "state": "production"},
                 {"id": "acc-reseller", "name": "A reseller's customer", "state": "production", "managing_account": "acc-skerry"}],
    "connections": [{"id": "con-fra1", "name": "fra1 bundle", "mode": "lag_lacp", "speed": 200000, "state": "production", "ports": ["port-1", "port-2"]}],
    "ports": [{"id": "port-%d" % n, "name": "fra1 et-0/0/%d" % n, "state": "production", "connection": "con-fra1", "speed": 100000, "media_type": "100GBASE-LR"}
              for n in (1, 2)],
    "ips": [{"id": "ip-4", "version": 4, "address": address4[0], "prefix_length": int(address4[1])},
            {"id": "ip-6", "version": 6, "address": address6[0], "prefix_length": int(address6[1])}],
    "macs": [{"id": "mac-old", "address": "02:00:5e:00:1f:99", "managing_account": "acc-skerry", "consuming_account": "acc-skerry"}],
    "network-services": [{"type": "exchange_lan", "id": "lan-fra", "name": "Frankfurt peering LAN", "state": "production", "subnet_v4": prefixes["IPv4"],
                          "subnet_v6": prefixes["IPv6"], "peeringdb_ixid": 31}],
    "network-features": [{"type": "route_server", "id": "rs-%d" % n, "name": "rs%d" % n, "network_service": "lan-fra", "asn": p["asn"], "ip_v4": p["ipaddr4"],
                          "ip_v6": p["ipaddr6"]} for n, p in enumerate(servers, 1) if p["ipaddr4"] and p["ipaddr6"]],
    "network-service-configs": [{"type": "exchange_lan", "id": "config-fra1", "state": "production", "network_service": "lan-fra", "connection": "con-fra1",
                                 "ips": ["ip-4", "ip-6"], "macs": ["mac-old"], "managing_account": "acc-skerry", "consuming_account": "acc-skerry",
                                 "vlan_config": {"vlan_type": "dot1q", "vlan": 100, "vlan_ethertype": "0x8100"}, "capacity": 100000, "listed": True,
                                 "purchase_order": "PO-2026-17", "contract_ref": "C-4711"}],
    "product-offerings": [{"type": "exchange_lan", "id": "peering", "display_name": "GlobePEER", "exchange_lan_network_service": "lan-fra"}],
})
keep("ix-api/statistics", {"config-fra1": {"aggregates": {"5m": {"title": "5 minutes", "average_ops_in": 5340000000, "average_ops_out": 2170000000},
                                                          "1d": {"title": "1 day", "average_ops_in": 4210000000, "average_ops_out": 1890000000}}}})

# ---- the member export: a few ports are not in it, a few have another speed, some are only there ----
members = {}
for n, p in enumerate(sorted(ports, key=lambda p: p["id"])):
    if n % 29 == 7:
        continue
    vlan = {"vlan_id": 100}
    for family, key in (("ipv4", "ipaddr4"), ("ipv6", "ipaddr6")):
        if p[key]:
            vlan[family] = {"address": p[key], "routeserver": p["is_rs_peer"], "max_prefix": networks[p["net_id"]].get("info_prefixes" + family[3]) or None}
    members.setdefault(p["asn"], {"asnum": p["asn"], "member_type": "peering", "name": networks[p["net_id"]]["name"], "connection_list": []})[
        "connection_list"].append({"ixp_id": 1, "state": "active", "if_list": [{"switch_id": 1, "if_speed": p["speed"] * (2 if n % 41 == 3 else 1)}],
                                   "vlan_list": [vlan]})
members[ASN] = {"asnum": ASN, "member_type": "peering", "name": "Skerry Networks", "connection_list": [
    {"ixp_id": 1, "state": "active", "if_list": [{"switch_id": 1, "if_speed": 100000}], "vlan_list": [
        {"vlan_id": 100, "ipv4": {"address": address4[0], "routeserver": True}, "ipv6": {"address": address6[0], "routeserver": True}}]}]}
for n in (1, 2, 3):
    members[64510 + n] = {"asnum": 64510 + n, "member_type": "peering", "name": "New member %d" % n, "connection_list": [
        {"ixp_id": 1, "state": "active", "if_list": [{"switch_id": 1, "if_speed": 10000}], "vlan_list": [
            {"vlan_id": 100, "ipv4": {"address": "80.81.199.%d" % (200 + n), "routeserver": True}}]}]}
keep("www/members.json", {"version": "1.0", "timestamp": "2026-11-21T10:00:00Z", "ixp_list": [
    {"ixp_id": 1, "shortname": "DE-CIX Frankfurt", "switch": [{"id": 1, "name": "edge1"}], "vlan": [
        {"id": 100, "name": "Peering LAN", "ipv4": dict(zip(("prefix", "mask_length"), prefixes["IPv4"].split("/"))),
         "ipv6": dict(zip(("prefix", "mask_length"), prefixes["IPv6"].split("/")))}]}], "member_list": list(members.values())})

# ---- NetBox ----
devices = [{"id": n, "name": r["name"], "role": "router", "platform": r["platform"]["slug"], "status": "active", "site": r["name"][:3], "ip": "192.0.2.%d/32" % n}
           for n, r in enumerate(book("16-devices.routers.json"), 1)]
devices += [{"id": 101, "name": "mil1", "role": "router", "platform": "juniper-junos", "status": "active", "site": "mil", "ip": "192.0.2.101/32"},
            {"id": 102, "name": "waw1", "role": "router", "platform": "arista-eos", "status": "planned", "site": "waw", "ip": "192.0.2.102/32"}]
keep("netbox/devices.json", devices)
