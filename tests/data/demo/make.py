#!/usr/bin/env python3
"""Render the demonstration's routers with the real Jinja2 (python3-jinja2), for `suite_demo_render` to compare with.

The filters are written again here, as plainly as the book allows, from what Peering Manager documents; they share nothing
with ours but the facts. Run by hand when demo.d changes: tests/data/demo/make.py. Routers whose session keys are sealed are
left out (the seal is not Jinja2's matter).
"""

import glob
import gzip
import ipaddress
import json
import os
import re
import unicodedata

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "..", "..", "..", "demo.d")
DRAINING = ("pre-maintenance", "maintenance", "post-maintenance")


def merged(below, above):
    out = dict(below)
    for k, v in above.items():
        out[k] = merged(out[k], v) if isinstance(v, dict) and isinstance(out.get(k), dict) else v
    return out


class Row:
    """An object of the book; attributes that the book leaves out have their default."""

    defaults = {
        "status": "enabled", "password": None, "encrypted_password": None, "multihop_ttl": 1, "passive": False, "bfd": None,
        "import_routing_policies": [], "export_routing_policies": [], "communities": [], "local_context_data": None,
        "service_reference": None, "encrypt_passwords": False, "tags": [], "prefixes": None, "as_list": []}

    def __init__(self, kind, values):
        self.kind = kind
        self.contexts = []
        self.__dict__.update({**self.defaults, **values})

    def __str__(self):
        return self.name

    @property
    def config_context(self):
        out = {}
        for _, data in sorted(self.contexts, key=lambda c: c[0]):
            out = merged(out, data)
        return merged(out, self.local_context_data or {}) or None


class Book:
    keys = {"extras.tags": "slug", "bgp.communities": "slug", "peering.routing-policies": "slug", "net.bfd": "slug",
            "peering.autonomous-systems": "asn", "peering.bgp-groups": "slug", "devices.routers": "name",
            "peering.internet-exchanges": "slug", "net.connections": "ipv4_address", "devices.configurations": "name"}
    singles = {"autonomous_system": "peering.autonomous-systems", "local_autonomous_system": "peering.autonomous-systems",
               "bgp_group": "peering.bgp-groups", "router": "devices.routers", "bfd": "net.bfd",
               "internet_exchange_point": "peering.internet-exchanges", "ixp_connection": "net.connections",
               "configuration_template": "devices.configurations"}
    lists = {"tags": ("extras.tags", lambda t: t.name), "communities": ("bgp.communities", lambda c: (c.value, c.name)),
             "import_routing_policies": ("peering.routing-policies", lambda p: (-p.weight, p.name)),
             "export_routing_policies": ("peering.routing-policies", lambda p: (-p.weight, p.name))}

    def __init__(self):
        self.docs = {}
        for path in sorted(glob.glob(os.path.join(DEMO, "book", "*.json"))):
            self.docs[re.sub(r"^\d+-|\.json$", "", os.path.basename(path))] = self.read(path)
        self.of = {e: {r[k]: Row(e, r) for r in self.docs[e]} for e, k in self.keys.items()}
        self.direct = [Row("direct", r) for r in self.docs["peering.direct-peering-sessions"]]
        self.exchange = [Row("exchange", {"is_route_server": False, **r})
                         for r in self.docs["peering.internet-exchange-peering-sessions"]]
        for rows in list(self.of.values()) + [dict(enumerate(self.direct)), dict(enumerate(self.exchange))]:
            for row in rows.values():
                self.resolve(row)
        self.finish()

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8") as f:
            return json.load(f)

    def resolve(self, row):
        for name, endpoint in self.singles.items():
            value = getattr(row, name, None)
            if isinstance(value, dict):
                setattr(row, name, self.of[endpoint][value[self.keys[endpoint]]])
        for name, (endpoint, order) in self.lists.items():
            setattr(row, name, sorted((self.of[endpoint][v["slug"]] for v in getattr(row, name)), key=order))
        for name in ("ip_address", "local_ip_address", "ipv4_address", "ipv6_address"):
            if hasattr(row, name):
                setattr(row, name, ipaddress.ip_interface(getattr(row, name)))

    def finish(self):
        for c in self.of["bgp.communities"].values():
            parts = c.value.split(":")
            c.kind = "extended" if parts[0] in ("origin", "target") else "large" if len(parts) == 3 else "standard"
        for asn, found in self.read(os.path.join(DEMO, "irr.json")).items():
            self.of["peering.autonomous-systems"][int(asn)].__dict__.update(found)
        data = {r["name"]: r["data"] for r in self.docs["extras.config-contexts"]}
        for r in self.docs["extras.config-context-assignments"]:
            router = self.of["devices.routers"][r["object_id"]["name"]]
            router.contexts.append((r["weight"], data[r["config_context"]["name"]]))

    def sessions(self, router):
        """Direct and exchange sessions of a router, each in the order of their lists."""
        def address(s):
            return (s.ip_address.version, int(s.ip_address.ip), s.ip_address.network.prefixlen)
        direct = [s for s in self.direct if s.router is router]
        direct.sort(key=lambda s: (s.service_reference is None, s.service_reference or "", s.local_autonomous_system.asn,
                                   s.autonomous_system.asn, address(s)))
        exchange = [s for s in self.exchange if s.ixp_connection.router is router]
        exchange.sort(key=lambda s: (s.autonomous_system.asn, s.ixp_connection.internet_exchange_point.name, address(s)))
        return direct, exchange


def version(s):
    return s.ip_address.version


def scope(s):
    return s.ixp_connection.internet_exchange_point if s.kind == "exchange" else s.bgp_group


def inherited_status(s):
    if s.status == "disabled":
        return s.status
    if s.kind == "direct":
        above = [s.bgp_group.status if s.bgp_group and s.bgp_group.status in ("disabled", "maintenance") else "", s.router.status]
    else:
        c = s.ixp_connection
        above = [c.status] if c.status == "disabled" else [c.internet_exchange_point.status, c.router.status, c.status]
    return next((a for a in above if a in DRAINING + ("disabled",)), s.status)


def policies(way):
    key = way + "_routing_policies"

    def of_session(s, order=""):
        out = list(getattr(s, key))
        for above in (s.autonomous_system, scope(s)):
            out += [p for p in getattr(above, key) if p not in out and p.address_family in (0, version(s))]
        return out[::-1] if order == "reverse" else out
    return of_session


def merge_communities(s):
    out = []
    for above in (s, s.autonomous_system, scope(s), s.ixp_connection.router if s.kind == "exchange" else s.router):
        out += [c for c in above.communities if c not in out]
    return out


def context_get_key(row, key, default=None):
    def find(data):
        for k in sorted(data, key=lambda k: (len(k), k)):
            if k == key:
                return [data[k]]
            inside = find(data[k]) if isinstance(data[k], dict) else []
            if inside:
                return inside
        return []
    found = find(row.config_context or {})
    return found[0] if found else default


def host(value):
    return str((value.ip_address if isinstance(value, Row) else value).ip)


class Include(Extension):
    tags = {"include_configuration"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        name = nodes.Const(next(parser.stream).value)
        return nodes.Include(name, True, False, lineno=line)


def environment(book):
    def source(name):
        with open(os.path.join(DEMO, book.of["devices.configurations"][name].template_file), encoding="utf-8") as f:
            return f.read()
    env = SandboxedEnvironment(extensions=[Include], loader=jinja2.FunctionLoader(source), trim_blocks=True, lstrip_blocks=True)
    env.filters.update(
        safe_string=lambda s: unicodedata.normalize("NFKD", s).encode("ascii", "ignore").decode(),
        has_tag=lambda row, tag: any(tag in (t.name, t.slug) for t in row.tags),
        inherited_status=inherited_status, ip=host, ip_version=version,
        max_prefix=lambda s: getattr(s.autonomous_system, f"ipv{version(s)}_max_prefixes"),
        merge_import_policies=policies("import"), merge_export_policies=policies("export"),
        iter_import_policies=lambda row, field: [getattr(p, field) for p in row.import_routing_policies],
        iter_export_policies=lambda row, field: [getattr(p, field) for p in row.export_routing_policies],
        merge_communities=merge_communities, communities=lambda row: row.communities,
        local_ips=lambda s: s.local_ip_address if s.kind == "direct" else getattr(s.ixp_connection, f"ipv{version(s)}_address"),
        direct_sessions=lambda r: book.sessions(r)[0], ixp_sessions=lambda r: book.sessions(r)[1],
        bfds=lambda r: sorted({s.bfd for of in book.sessions(r) for s in of if s.bfd}, key=lambda b: b.name),
        prefix_list=lambda row, family: (row.prefixes or {}).get(f"ipv{family}", []),
        context_get_key=context_get_key, iterate=lambda rows, field: (getattr(r, field, None) for r in rows),
        cisco_password=lambda s: s, arista_password=lambda s: s, count=lambda rows: len(list(rows)))
    return env


def main():
    book = Book()
    env = environment(book)
    known = sorted(book.of["bgp.communities"].values(), key=lambda c: (c.value, c.name))
    for router in book.of["devices.routers"].values():
        if router.encrypt_passwords:
            continue
        text = env.get_template(router.configuration_template.name).render(
            router=router, local_as=router.local_autonomous_system, communities=known)
        with open(os.path.join(HERE, router.name + ".conf.gz"), "wb") as f:
            f.write(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
