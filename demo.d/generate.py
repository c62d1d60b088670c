#!/usr/bin/env python3
"""Write the demo's book and PeeringDB cache. Run by hand when plan.py changes; the demo itself reads only the result.

usage: generate.py FOLDER      FOLDER holds the PeeringDB extracts that SOURCE names
"""

import ipaddress
import json
import os
import random
import sys
from datetime import datetime, timedelta

import plan
from cache import Cache
from texts import CONFIGURATIONS, EMAILS, EXPORTS, JOURNAL, WEBHOOKS

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = datetime.strptime(plan.AS_OF, "%Y-%m-%dT%H:%M:%SZ")
WILLING = {"Open": .97, "Selective": .8, "Restrictive": .15, "No": 0}


def slug(s):
    return {"slug": s}


def slugs(list_of_slugs):
    return [slug(s) for s in list_of_slugs]


def asn(n):
    return {"asn": n}


def named(n):
    return {"name": n}


def hostname(router):
    return f"{router}.skerry.example.net"


def slugify(text):
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split()
    return "-".join(words)


class Book:
    """The book's objects by endpoint, in the order they must be loaded."""

    def __init__(self, pdb):
        self.pdb = pdb
        self.dice = random.Random(plan.OURS)
        self.docs = {}
        self.peers = {}       # asn -> willing to peer
        self.connections = {}  # our IPv4 address -> port row
        self.links = {4: 0, 6: 0}

    def put(self, endpoint, rows):
        self.docs.setdefault(endpoint, []).extend(rows)

    # ---- policy, tags, platforms ----
    def basics(self):
        self.put("extras.tags", [dict(name=n, slug=s, color=c, description=d) for n, s, c, d in plan.TAGS])
        located = [(f"At {x['name']}", f"at-{slugify(x['name'])}", f"{plan.OURS}:20:{x['id']}", "ingress",
                    "Exchange, by its PeeringDB number") for x in self.pdb.rows["ix"].values()]
        self.put("bgp.communities", [dict(name=n, slug=s, value=v, type=t, description=d)
                                     for n, s, v, t, d in plan.COMMUNITIES + located])
        self.put("bgp.relationships", [dict(name=n, slug=s, color=c, description=d)
                                       for n, s, c, d in plan.RELATIONSHIPS])
        self.put("peering.routing-policies", [
            dict(name=n, slug=s, type=t, weight=w, address_family=f, communities=slugs(c), local_context_data=x)
            for n, s, t, w, f, c, x in plan.POLICIES])
        self.put("net.bfd", [dict(name=n, slug=s, minimum_transmit_interval=tx, minimum_receive_interval=rx,
                                  detection_multiplier=m, hold_time=h, description=d)
                             for n, s, tx, rx, m, h, d in plan.BFDS])
        self.put("devices.platforms", [dict(name=n, slug=s, napalm_driver=d, description=t)
                                       for n, s, d, t in plan.PLATFORMS])
        self.put("extras.config-contexts", [
            dict(name="Hygiene", description="What no neighbour may send us, and default limits", data=plan.HYGIENE),
            dict(name="Originated by AS64500", description="Prefixes that every edge originates", data=plan.ORIGINATE),
            dict(name="Originated by AS64501", description="Prefixes of the cloud", data=plan.ORIGINATE_CLOUD),
            dict(name="RPKI caches", description="RTR servers of every edge", data=plan.RPKI)])

    def people(self):
        self.put("messaging.contact-roles", [dict(name=n, slug=s, description=d) for n, s, d in plan.ROLES])
        self.put("messaging.contacts", [
            dict(name="Skerry NOC", email="noc@skerry.example.net", phone="+44 20 7946 0100", title="24/7 desk"),
            dict(name="Skerry Peering", email="peering@skerry.example.net", title="Peering coordination"),
            dict(name="Skerry Abuse", email="abuse@skerry.example.net")])

    def templates(self):
        self.put("devices.configurations", CONFIGURATIONS)
        self.put("messaging.emails", EMAILS)
        self.put("extras.export-templates", EXPORTS)
        self.put("extras.webhooks", WEBHOOKS)

    # ---- autonomous systems ----
    def autonomous_systems(self):
        ours = dict(affiliated=True, name_peeringdb_sync=False, ipv4_max_prefixes_peeringdb_sync=False,
                    ipv6_max_prefixes_peeringdb_sync=False, irr_as_set_peeringdb_sync=False)
        rows = [dict(asn=plan.OURS, name="Skerry Networks", irr_as_set="AS64500:AS-SKERRY", ipv4_max_prefixes=60,
                     ipv6_max_prefixes=60, description="Carrier in Europe and at the American east coast", **ours),
                dict(asn=plan.CLOUD, name="Skerry Cloud", irr_as_set="AS64501:AS-SKERRY-CLOUD", ipv4_max_prefixes=10,
                     ipv6_max_prefixes=10, description="Hosting in Frankfurt", **ours)]
        for n, name, as_set, count, _, tags in plan.CUSTOMERS:
            rows.append(dict(asn=n, name=name, irr_as_set=as_set, ipv4_max_prefixes=10 * count,
                             ipv6_max_prefixes=10 * count, tags=slugs(tags), description="Customer"))
        rows.append(dict(asn=plan.SCRUBBER[0], name=plan.SCRUBBER[1], ipv4_max_prefixes=20, ipv6_max_prefixes=20,
                         retrieve_prefixes=False, retrieve_as_list=False, description="Invented scrubbing service"))
        self.put("peering.autonomous-systems", rows)

    def real_systems(self, used):
        content = {n["asn"] for n in self.pdb.rows["net"].values() if n["info_type"] == "Content"}
        priority = {a for a, _ in plan.PRIVATE}
        for n in sorted(used):
            net = self.pdb.network(n)
            row = dict(asn=n, name=net["name"], irr_as_set=net["irr_as_set"] or None,
                       ipv4_max_prefixes=net["info_prefixes4"] or 0, ipv6_max_prefixes=net["info_prefixes6"] or 0)
            tags = ["content"] * (n in content) + ["priority-peer"] * (n in priority)
            if tags:
                row["tags"] = slugs(tags)
            if self.dice.random() < .04 and row["ipv4_max_prefixes"]:
                row.update(ipv4_max_prefixes=row["ipv4_max_prefixes"] * 2, ipv4_max_prefixes_peeringdb_sync=False,
                           comments="Limit raised by hand: PeeringDB's number is lower than what is announced.")
            self.put("peering.autonomous-systems", [row])

    # ---- groups, routers, exchanges, connections ----
    def groups(self):
        self.put("peering.bgp-groups", [
            dict(name=n, slug=s, status=st, import_routing_policies=slugs(i), export_routing_policies=slugs(e),
                 local_context_data=x, **({"communities": slugs(["blackhole"])} if s == "services" else {}))
            for n, s, st, i, e, x in plan.GROUPS])

    def routers(self):
        for name, local, platform, config, city, loc, status, more in plan.ROUTERS:
            context = {"router_id": f"192.0.2.{loc}", "location": city,
                       "loopback": {"ipv4": f"192.0.2.{loc}", "ipv6": f"2001:db8::{loc}"}}
            if name in plan.REFLECTORS:
                context["cluster_id"] = f"192.0.2.{loc}"
            self.put("devices.routers", [dict(
                name=name, hostname=hostname(name), platform=slug(platform), status=status,
                configuration_template=named(config), local_autonomous_system=asn(local),
                poll_bgp_sessions_state=True, communities=slugs([plan.SEEN[name]]), local_context_data=context,
                comments=f"Edge router in {city}.", **more)])

    def exchanges(self):
        for ix_id, local in dict.fromkeys((p[1], p[2]) for p in plan.PORTS):
            ix = self.pdb.rows["ix"][ix_id]
            name = ix["name"] if local == plan.OURS else f"{ix['name']}, cloud"
            self.put("peering.internet-exchanges", [dict(
                name=name, slug=slugify(name), status="enabled", local_autonomous_system=asn(local),
                peeringdb_ixlan=ix_id, description=f"{ix['city']}, {ix['country']}",
                import_routing_policies=slugs(plan.SANITY + ["in-peer"]),
                export_routing_policies=slugs(["out-peer", "out-strip"]),
                communities=slugs([f"at-{slugify(ix['name'])}"]), local_context_data={"role": "peer"})])

    def our_address(self, ix_id, local, count):
        """An address of the peering LAN that no row of the sources uses; the highest ones are the least likely ones."""
        used = {p[k] for p in self.pdb.ports(ix_id) for k in ("ipaddr4", "ipaddr6")}
        v4, v6 = self.pdb.prefix(ix_id, 4), self.pdb.prefix(ix_id, 6)
        at = int(v4.broadcast_address) - 6 - count
        while str(ipaddress.ip_address(at)) in used:
            at -= 1
        six = ipaddress.ip_address(int(v6.network_address) + (local << 32) + count + 1)
        return f"{ipaddress.ip_address(at)}/{v4.prefixlen}", f"{six}/{v6.prefixlen}"

    def ports(self):
        count = {}
        for router, ix_id, local, share, interface, vlan, status, tags in plan.PORTS:
            k = count[ix_id] = count.get(ix_id, -1) + 1
            ip4, ip6 = self.our_address(ix_id, local, k)
            speed = 100000 if "core-ix" in tags else 10000
            row_id = self.pdb.add_port(local, ix_id, ip4.split("/")[0], ip6.split("/")[0], speed)
            name = self.pdb.rows["ix"][ix_id]["name"]
            name = name if local == plan.OURS else f"{name}, cloud"
            row = dict(internet_exchange_point=slug(slugify(name)), router=named(router), interface=interface,
                       ipv4_address=ip4, ipv6_address=ip6, status=status, peeringdb_netixlan=row_id, speed=speed,
                       mac_address=f"02:00:5e:{ix_id >> 8:02x}:{ix_id & 255:02x}:{k + 1:02x}",
                       description=f"{speed // 1000} Gbit/s", tags=slugs(tags))
            if vlan:
                row["vlan"] = vlan
            self.put("net.connections", [row])
            self.connections[ip4] = dict(router=router, ix=ix_id, local=local, share=share, status=status)

    def record(self):
        """Our ports in PeeringDB say what the sessions over them are, but for a few that nobody kept up to date."""
        rows = {}
        for c in self.docs["net.connections"]:
            row = self.pdb.rows["netixlan"][c["peeringdb_netixlan"]]
            row["operational"] = c["status"] != "disabled"
            rows[c["ipv4_address"]] = row
        for s in self.docs["peering.internet-exchange-peering-sessions"]:
            row = rows[s["ixp_connection"]["ipv4_address"]]
            if s.get("status", "enabled") == "enabled":
                row["is_rs_peer"] |= s.get("is_route_server", False)
                row["bfd_support"] |= "bfd" in s
        for (ix, key), value in plan.FORGOTTEN.items():
            next(r for r in rows.values() if r["ixlan_id"] == ix)[key] = value

    # ---- sessions ----
    def state(self, status, received, advertised, up=.955):
        """Plausible figures of a session polled at plan.AS_OF."""
        if status in ("requested", "provisioning", "decommissioned"):
            return {}
        if status in ("disabled", "maintenance"):
            return {"bgp_state": "idle"}
        if self.dice.random() > up:
            state = self.dice.choice(["idle", "active", "active", "connect", "opensent"])
            gone = NOW - timedelta(minutes=self.dice.randrange(30, 60 * 24 * 90))
            return {"bgp_state": state, "last_established_state": gone.strftime("%Y-%m-%dT%H:%M:%SZ")}
        accepted = max(0, received - self.dice.randrange(0, received // 30 + 2)) if received else 0
        at = NOW - timedelta(seconds=self.dice.randrange(0, 240))
        return {"bgp_state": "established", "received_prefix_count": received, "accepted_prefix_count": accepted,
                "advertised_prefix_count": advertised, "last_established_state": at.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def received(self, n, version):
        net = self.pdb.network(n)
        limit = (net["info_prefixes4"] if version == 4 else net["info_prefixes6"]) or 20
        share = self.dice.choice([.15, .3, .45, .6, .75, .9])
        return max(1, int(limit * share))

    def password(self):
        return "demo-" + "".join(self.dice.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(14))

    def ix_status(self):
        x = self.dice.random()
        for limit, status in ((.948, "enabled"), (.962, "requested"), (.970, "provisioning"), (.982, "disabled"),
                              (.986, "pre-maintenance"), (.992, "maintenance"), (.994, "post-maintenance"),
                              (.997, "decommissioning"), (1, "decommissioned")):
            if x < limit:
                return status
        return "enabled"

    def willing(self, n):
        if n not in self.peers:
            net = self.pdb.network(n)
            carrier = n in plan.HYGIENE["transit_asns"]  # their routes are refused on exchanges
            self.peers[n] = not carrier and self.dice.random() < WILLING.get(net["policy_general"], .5)
        return self.peers[n]

    def ix_sessions(self):
        used = set()
        servers = {(i, a) for i, a, _, _ in plan.ROUTE_SERVERS} | set(plan.KNOWN_ROUTE_SERVERS)
        for ip4, conn in self.connections.items():
            for port in self.pdb.ports(conn["ix"]):
                if port["asn"] in (plan.OURS, plan.CLOUD) or not (port["ipaddr4"] or port["ipaddr6"]):
                    continue
                is_rs = (conn["ix"], port["asn"]) in servers
                if is_rs:
                    known = plan.KNOWN_ROUTE_SERVERS.get((conn["ix"], port["asn"]))
                    if known and port["ipaddr4"] not in known:
                        continue
                elif not self.willing(port["asn"]) or self.dice.random() > conn["share"]:
                    continue
                used.add(port["asn"])
                self.ix_pair(ip4, conn, port, is_rs)
        return used

    def ix_pair(self, ip4, conn, port, is_rs):
        status = "enabled" if is_rs else self.ix_status()
        key = self.password() if not is_rs and self.dice.random() < .05 else None
        both = .85 if port["ipaddr4"] and not is_rs else 1
        for version in (6, 4):
            address = port[f"ipaddr{version}"]
            if address and ipaddress.ip_address(address) not in self.pdb.prefix(conn["ix"], version):
                continue  # the other half of an exchange that is being renumbered
            if not address or (version == 6 and self.dice.random() > both):
                continue
            row = dict(autonomous_system=asn(port["asn"]), ixp_connection={"ipv4_address": ip4}, ip_address=address)
            if status != "enabled":
                row["status"] = status
            if is_rs:
                row.update(self.route_server(port["asn"]))
            if key:
                row["password"] = key
                if self.dice.random() < .3:
                    row["tags"] = slugs(["legacy-md5"])
            self.ix_extras(row, conn, is_rs)
            effective = conn["status"] if conn["status"] != "enabled" and status == "enabled" else status
            many = 180000 if version == 4 else 60000
            row.update(self.state(effective, int(many * (.5 + self.dice.random() / 2)) if is_rs
                                  else self.received(port["asn"], version), 19 if version == 4 else 17,
                                  1 if is_rs else .955))
            self.put("peering.internet-exchange-peering-sessions", [row])

    def route_server(self, n):
        egress = {6695: "rs-de-cix-all", 6777: "rs-ams-ix-all", 8714: "rs-linx-all"}.get(n)
        row = dict(is_route_server=True, import_routing_policies=slugs(["in-rs"]),
                   export_routing_policies=slugs(["out-rs"]), local_context_data={"role": "rs-client"})
        if egress:
            row["communities"] = slugs([egress])
        return row

    def ix_extras(self, row, conn, is_rs):
        x = self.dice.random()
        if is_rs or x > .09:
            return
        if x < .02:
            row["passive"] = True
        elif x < .045:
            row["bfd"] = slug("bfd-1000")
        elif x < .06:
            row["import_routing_policies"] = slugs(["in-prefer"])
        elif x < .075:
            row["export_routing_policies"] = slugs(["out-prepend-1"])
        elif x < .085:
            row["import_routing_policies"] = slugs(["in-backup"])
            row["export_routing_policies"] = slugs(["out-prepend-3"])
        else:
            row.setdefault("tags", []).append(slug("gtsm"))

    def abandoned(self):
        """Some sessions with neighbours that left: nothing in PeeringDB, down for long."""
        pool = sorted({(c["ix"], ip4) for ip4, c in self.connections.items() if c["share"] > .9})
        left = [n["asn"] for n in self.pdb.rows["net"].values() if self.peers.get(n["asn"])]
        for k in range(24):
            ix_id, ip4 = pool[self.dice.randrange(len(pool))]
            lan = self.pdb.prefix(ix_id, 4)
            address = str(lan.network_address + lan.num_addresses - 30 - k)
            if any(p["ipaddr4"] == address for p in self.pdb.ports(ix_id)):
                continue
            gone = NOW - timedelta(days=self.dice.randrange(40, 400))
            self.put("peering.internet-exchange-peering-sessions", [dict(
                autonomous_system=asn(left[self.dice.randrange(len(left))]), ixp_connection={"ipv4_address": ip4},
                ip_address=address, bgp_state=self.dice.choice(["idle", "active"]), tags=slugs(["to-be-cleaned"]),
                last_established_state=gone.strftime("%Y-%m-%dT%H:%M:%SZ"))])

    def link(self, version):
        """The next point-to-point link of our own: our end, their end."""
        k = self.links[version]
        self.links[version] += 1
        if version == 4:
            low = ipaddress.ip_address("192.0.2.64") + 2 * k
            return f"{low}/31", f"{low + 1}/31"
        low = ipaddress.ip_address("2001:db8:0:1::") + (k << 64)
        return f"{low}/127", f"{low + 1}/127"

    def direct(self, remote, router, group, relationship, reference, received, advertised, **more):
        local = plan.CLOUD if router == "fra2" else plan.OURS
        for version in (4, 6):
            ours, theirs = self.link(version)
            row = dict(service_reference=reference, local_autonomous_system=asn(local), local_ip_address=ours,
                       autonomous_system=asn(remote), bgp_group=slug(group), ip_address=theirs,
                       relationship=slug(relationship), router=named(router))
            row.update(more)
            status = "maintenance" if group == "services" else row.get("status", "enabled")
            row.update(self.state(status, received[version], advertised[version], 1))
            self.put("peering.direct-peering-sessions", [row])

    def direct_sessions(self):
        full = {4: 1012400, 6: 231800}
        small = {4: 19, 6: 17}
        for k, (n, router) in enumerate(plan.TRANSIT):
            more = dict(password=self.password(), tags=slugs(["bgp-role"]))
            if k % 2:
                more.update(import_routing_policies=slugs(["in-backup"]), comments="Second link, less preferred.")
            got = {v: full[v] - self.dice.randrange(9000) for v in (4, 6)}
            self.direct(n, router, "transit", "transit-provider", f"TRA-{n}-{router}", got, small, **more)
        for k, (n, router) in enumerate(plan.PRIVATE):
            more = dict(bfd=slug("bfd-300")) if k % 3 == 0 else {}
            if k % 4 == 1:
                more["password"] = self.password()
            if k % 5 == 2:
                more.setdefault("tags", []).append(slug("gtsm"))
            if k == 7:
                more.update(status="pre-maintenance", comments="Their card is replaced, see the maintenance mail.")
            got = {v: self.received(n, v) for v in (4, 6)}
            self.direct(n, router, "private-peering", "private-peering", f"PNI-{n}-{router}", got, small, **more)
        self.customers(full)
        self.direct(plan.SCRUBBER[0], "ams1", "services", "service", "SVC-SCRUB", {4: 0, 6: 0}, small,
                    multihop_ttl=5, passive=True, password=self.password())
        self.affiliated(small)
        self.ibgp()

    def customers(self, full):
        for k, (n, _, _, count, where, tags) in enumerate(plan.CUSTOMERS):
            for j, router in enumerate(where):
                more = dict(password=self.password()) if k % 2 == 0 else {}
                if "bgp-role" in tags:
                    more["tags"] = slugs(["bgp-role"])
                if k == 6:
                    more["status"] = "provisioning"
                if k == 11:
                    more["status"] = "disabled"
                if j:
                    more["import_routing_policies"] = slugs(["in-customer-backup"])
                if n in (64502, 65538):
                    more["communities"] = slugs(["soo-aldermoor" if n == 64502 else "soo-cairn"])
                if k in (1, 5):
                    more["bfd"] = slug("bfd-300")
                if k in (9, 13):
                    more["export_routing_policies"] = slugs(["out-own", "out-no-export"])
                self.direct(n, router, "customers", "customer", f"CUST-{n}-{j + 1}", {4: count, 6: count}, full, **more)

    def affiliated(self, small):
        for router in ("fra1", "ams1"):
            key = self.password()
            for version in (4, 6):
                ours, theirs = self.link(version)
                both = dict(bgp_group=slug("affiliated"), relationship=slug("affiliated"), bfd=slug("bfd-100"),
                            password=key, service_reference=f"INT-CLOUD-{router}", status="enabled")
                ends = (("fra2", plan.CLOUD, plan.OURS, ours, theirs), (router, plan.OURS, plan.CLOUD, theirs, ours))
                for at, local, remote, here, there in ends:
                    row = dict(router=named(at), local_autonomous_system=asn(local), local_ip_address=here,
                               autonomous_system=asn(remote), ip_address=there, **both)
                    row.update(self.state("enabled", small[version], small[version], 1))
                    self.put("peering.direct-peering-sessions", [row])

    def ibgp(self):
        table = {4: 1014200, 6: 232100}
        loc = {r[0]: r[5] for r in plan.ROUTERS if r[1] == plan.OURS}
        key = self.password()
        for a in loc:
            for b in loc:
                if a == b or (a not in plan.REFLECTORS and b not in plan.REFLECTORS):
                    continue
                group = "ibgp-clients" if a in plan.REFLECTORS and b not in plan.REFLECTORS else "ibgp-reflectors"
                for version in (4, 6):
                    form = "192.0.2.{}/32" if version == 4 else "2001:db8::{}/128"
                    row = dict(service_reference=f"IBGP-{a}-{b}", local_autonomous_system=asn(plan.OURS),
                               local_ip_address=form.format(loc[a]), autonomous_system=asn(plan.OURS),
                               bgp_group=slug(group), ip_address=form.format(loc[b]), relationship=slug("internal"),
                               router=named(a), multihop_ttl=255, password=key)
                    row.update(self.state("enabled", table[version] // 3, table[version] // 3, 1))
                    self.put("peering.direct-peering-sessions", [row])

    # ---- what hangs on the rest ----
    def attachments(self, used):
        contacts, assigned = [], []

        def contact(name, email, role, kind, target, **more):
            contacts.append(dict(name=name, email=email, **more))
            assigned.append(dict(content_type=kind, object_id=target, contact=named(name), role=slug(role)))
        for n in (plan.OURS, plan.CLOUD):
            for name, role in (("Skerry NOC", "noc"), ("Skerry Peering", "peering"), ("Skerry Abuse", "abuse")):
                assigned.append(dict(content_type="peering.autonomoussystem", object_id=asn(n), contact=named(name),
                                     role=slug(role)))
        for n, name, *_ in plan.CUSTOMERS:
            contact(f"{name} NOC", f"as{n}-noc@example.net", "noc", "peering.autonomoussystem", asn(n))
            contact(f"{name} accounts", f"as{n}-accounts@example.net", "commercial", "peering.autonomoussystem", asn(n))
        for n in sorted(used)[:60]:
            contact(f"AS{n} peering desk", f"as{n}-peering@example.org", "peering", "peering.autonomoussystem", asn(n))
        for ix in self.docs["peering.internet-exchanges"]:
            if ix["local_autonomous_system"]["asn"] == plan.OURS:
                contact(f"{ix['name']} support", f"{ix['slug']}@example.org", "technical", "peering.internetexchange",
                        slug(ix["slug"]))
        self.put("messaging.contacts", contacts)
        self.put("messaging.contact-assignments", assigned)
        for name, local, *_ in plan.ROUTERS:
            own = "Originated by AS64500" if local == plan.OURS else "Originated by AS64501"
            for context, weight in (("Hygiene", 1000), ("RPKI caches", 1100), (own, 1200)):
                self.put("extras.config-context-assignments", [dict(
                    content_type="devices.router", object_id=named(name), config_context=named(context),
                    weight=weight)])
        self.put("extras.journal-entries", [
            dict(assigned_object_type="peering.autonomoussystem", assigned_object_id=asn(n), kind=k, comments=c)
            for n, k, c in JOURNAL])
        ours = {p[1] for p in plan.PORTS}
        hide = [p for p in self.pdb.rows["netixlan"].values() if p["ixlan_id"] in ours
                and self.peers.get(p["asn"]) is False][:40:8]
        self.put("peeringdb.hidden-peers", [
            dict(peeringdb_network=p["net_id"], peeringdb_ixlan=p["ixlan_id"], comments="Peers over transit only.",
                 until=None if k % 2 else "2027-06-30T00:00:00Z") for k, p in enumerate(hide)])


ORDER = ("extras.tags", "bgp.communities", "bgp.relationships", "peering.routing-policies", "net.bfd",
         "devices.platforms", "extras.config-contexts", "messaging.contact-roles", "messaging.contacts",
         "messaging.emails", "devices.configurations", "extras.export-templates", "extras.webhooks",
         "peering.autonomous-systems", "peering.bgp-groups", "devices.routers", "peering.internet-exchanges",
         "net.connections", "peering.direct-peering-sessions", "peering.internet-exchange-peering-sessions",
         "messaging.contact-assignments", "extras.config-context-assignments", "extras.journal-entries",
         "peeringdb.hidden-peers")


def irr():
    """What an IRR would answer for our customers, for `prefixes` and `as_list`."""
    blocks = ipaddress.ip_network("203.0.113.0/24").subnets(new_prefix=28)
    found = {}
    for k, (n, _, _, count, _, _) in enumerate(plan.CUSTOMERS):
        v4 = [{"prefix": str(next(blocks)), "exact": True} for _ in range(count)]
        six = [{"prefix": f"2001:db8:{0x1000 + 16 * k + j:x}::/48", "exact": True} for j in range(count)]
        found[str(n)] = {"prefixes": {"ipv6": six, "ipv4": v4}, "as_list": [n]}
    return found


def write(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        lines = [json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows]
        f.write("[\n" + ",\n".join(lines) + "\n]\n")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    exchanges = sorted({p[1] for p in plan.PORTS} | {248, 74, 804, 5, 7, 24, 30})
    pdb = Cache(sys.argv[1])
    pdb.load(exchanges)
    pdb.add_network(plan.OURS, "Skerry Networks", irr_as_set="AS64500:AS-SKERRY", info_prefixes4=60, info_prefixes6=60)
    pdb.add_network(plan.CLOUD, "Skerry Cloud", irr_as_set="AS64501:AS-SKERRY-CLOUD", info_type="Content",
                    info_types=["Content"], info_prefixes4=10, info_prefixes6=10)
    for _, local, _, _, city, *_ in plan.ROUTERS:
        pdb.add_presence(local, city)
    for ix_id, n, name, ends in plan.ROUTE_SERVERS:
        if not pdb.network(n):
            pdb.add_network(n, name, info_type="Route Server", info_types=["Route Server"])
        for end in ends:
            v4, v6 = pdb.prefix(ix_id, 4), pdb.prefix(ix_id, 6)
            pdb.add_port(n, ix_id, str(v4[-1] - (255 - end)), str(v6[(n << 32) + end]), 10000)
    book = Book(pdb)
    book.basics()
    book.people()
    book.templates()
    book.autonomous_systems()
    book.groups()
    book.routers()
    book.exchanges()
    book.ports()
    used = book.ix_sessions()
    book.abandoned()
    book.direct_sessions()
    used |= {a for a, _ in plan.TRANSIT} | {a for a, _ in plan.PRIVATE}
    used |= {s["autonomous_system"]["asn"] for s in book.docs["peering.internet-exchange-peering-sessions"]}
    book.record()
    book.real_systems(used)
    book.attachments(used)
    pdb.complete_orgs()
    pdb.save(os.path.join(HERE, "peeringdb"))
    for k, endpoint in enumerate(ORDER, 1):
        write(os.path.join(HERE, "book", f"{k:02d}-{endpoint}.json"), book.docs[endpoint])
    with open(os.path.join(HERE, "irr.json"), "w", encoding="utf-8") as f:
        json.dump(irr(), f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
