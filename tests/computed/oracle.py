#!/usr/bin/env python3
"""What Peering Manager makes of its own tables: its objects, and its template filters, for the real Jinja2.

Written from its documented rules, to be an independent second opinion on what an imported book computes. Where Peering
Manager is known to be wrong (inactive contexts merged, every policy for a router without sessions, policies() as an
intersection) it says what was meant. Reads through psql; imports nothing but Jinja2.

    oracle.py render CONNINFO TEMPLATE_FILE ROUTER ...    the template for each router, one after the other
    oracle.py configurations CONNINFO FOLDER              every router's own template into FOLDER/ROUTER.conf
    oracle.py relations CONNINFO                          every way back of a reference, of every object: kind.name, number, numbers
    oracle.py computed CONNINFO                           JSON lines of what the API computes: {"path", "key", "id", "value"}
"""
import ipaddress
import json
import subprocess
import sys
from datetime import datetime, timezone

import jinja2
from jinja2.sandbox import SandboxedEnvironment

POLICIES = {"import_routing_policies": "policy", "export_routing_policies": "policy"}
LISTS = {**POLICIES, "communities": "community"}
AS_ORDER = "{0}.asn, {0}.affiliated"
# name: (class, table, order, joins, {reference: name}, {many to many: name})
MODELS = {
    "as": ("AutonomousSystem", "peering_autonomoussystem", "t.asn, t.affiliated", "", {}, LISTS),
    "group": ("BGPGroup", "peering_bgpgroup", "t.name, t.slug", "", {}, LISTS),
    "ixp": ("InternetExchange", "peering_internetexchange", "a.asn, a.affiliated, t.name, t.slug",
            "LEFT JOIN peering_autonomoussystem a ON a.id = t.local_autonomous_system_id",
            {"local_autonomous_system": "as", "peeringdb_ixlan": "ixlan"}, LISTS),
    "router": ("Router", "devices_router", "a.asn, a.affiliated, t.name",
               "LEFT JOIN peering_autonomoussystem a ON a.id = t.local_autonomous_system_id",
               {"local_autonomous_system": "as", "platform": "platform", "configuration_template": "configuration"},
               {"communities": "community"}),
    "connection": ("Connection", "net_connection", "xa.asn, xa.affiliated, x.name, x.slug, ra.asn, ra.affiliated, r.name, t.id",
                   "LEFT JOIN peering_internetexchange x ON x.id = t.internet_exchange_point_id"
                   " LEFT JOIN peering_autonomoussystem xa ON xa.id = x.local_autonomous_system_id"
                   " LEFT JOIN devices_router r ON r.id = t.router_id"
                   " LEFT JOIN peering_autonomoussystem ra ON ra.id = r.local_autonomous_system_id",
                   {"internet_exchange_point": "ixp", "router": "router", "peeringdb_netixlan": "netixlan"}, {}),
    "direct": ("DirectPeeringSession", "peering_directpeeringsession",
               "t.service_reference, l.asn, l.affiliated, a.asn, a.affiliated, t.ip_address, t.id",
               "LEFT JOIN peering_autonomoussystem l ON l.id = t.local_autonomous_system_id"
               " LEFT JOIN peering_autonomoussystem a ON a.id = t.autonomous_system_id",
               {"local_autonomous_system": "as", "autonomous_system": "as", "bgp_group": "group", "relationship": "relationship",
                "router": "router", "connection": "connection", "bfd": "bfd"}, LISTS),
    "ix": ("InternetExchangePeeringSession", "peering_internetexchangepeeringsession",
           "t.service_reference, a.asn, a.affiliated, xa.asn, xa.affiliated, x.name, x.slug, ra.asn, ra.affiliated, r.name, t.ip_address, t.id",
           "LEFT JOIN peering_autonomoussystem a ON a.id = t.autonomous_system_id"
           " LEFT JOIN net_connection c ON c.id = t.ixp_connection_id"
           " LEFT JOIN peering_internetexchange x ON x.id = c.internet_exchange_point_id"
           " LEFT JOIN peering_autonomoussystem xa ON xa.id = x.local_autonomous_system_id"
           " LEFT JOIN devices_router r ON r.id = c.router_id"
           " LEFT JOIN peering_autonomoussystem ra ON ra.id = r.local_autonomous_system_id",
           {"autonomous_system": "as", "ixp_connection": "connection", "bfd": "bfd"}, LISTS),
    "policy": ("RoutingPolicy", "peering_routingpolicy", "t.weight DESC, t.name", "", {}, {"communities": "community"}),
    "community": ("Community", "bgp_community", "t.value, t.name, t.id", "", {}, {}),
    "relationship": ("Relationship", "bgp_relationship", "t.name", "", {}, {}),
    "bfd": ("BFD", "net_bfd", "t.name", "", {}, {}),
    "platform": ("Platform", "devices_platform", "t.name", "", {}, {}),
    "configuration": ("Configuration", "devices_configuration", "t.name, t.id", "", {}, {}),
    "tag": ("Tag", "extras_tag", "t.name", "", {}, {}),
    "context": ("ConfigContext", "extras_configcontext", "t.name", "", {}, {}),
    "assignment": ("ConfigContextAssignment", "extras_configcontextassignment", "t.weight, c.name, t.id",
                   "JOIN extras_configcontext c ON c.id = t.config_context_id", {"config_context": "context"}, {}),
    "contact": ("Contact", "messaging_contact", "t.name", "", {}, {}),
    "role": ("ContactRole", "messaging_contactrole", "t.name", "", {}, {}),
    "contacts": ("ContactAssignment", "messaging_contactassignment", "c.name, t.id",
                 "JOIN messaging_contact c ON c.id = t.contact_id", {"contact": "contact", "role": "role"}, {}),
    "network": ("Network", "peeringdb_network", "t.asn", "", {}, {}),
    "ixlan": ("IXLan", "peeringdb_ixlan", "t.id", "", {"ix": "pdbix"}, {}),
    "pdbix": ("InternetExchange", "peeringdb_internetexchange", "t.id", "", {}, {}),
    "prefix": ("IXLanPrefix", "peeringdb_ixlanprefix", "t.prefix", "", {"ixlan": "ixlan"}, {}),
    "netixlan": ("NetworkIXLan", "peeringdb_networkixlan", "t.asn, t.ipaddr6, t.ipaddr4", "", {"net": "network", "ixlan": "ixlan"}, {}),
    "netfac": ("NetworkFacility", "peeringdb_networkfacility", "t.id", "", {"net": "network", "fac": "facility"}, {}),
    "facility": ("Facility", "peeringdb_facility", "t.name", "", {}, {}),
    "poc": ("NetworkContact", "peeringdb_networkcontact", "t.id", "", {"net": "network"}, {}),
    "hidden": ("HiddenPeer", "peeringdb_hiddenpeer", "t.until, n.asn, t.id", "LEFT JOIN peeringdb_network n ON n.id = t.peeringdb_network_id",
               {"peeringdb_network": "network", "peeringdb_ixlan": "ixlan"}, {}),
}
INTERFACES = {"direct": ("ip_address", "local_ip_address"), "connection": ("ipv6_address", "ipv4_address")}
HOSTS = {"ix": ("ip_address",), "netixlan": ("ipaddr6", "ipaddr4")}
MAINTENANCE = ("pre-maintenance", "maintenance", "post-maintenance")


def psql(conninfo, sql):
    out = subprocess.run(["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-c", sql], check=True, capture_output=True)
    return [json.loads(line) for line in out.stdout.decode().splitlines()]


class Set(list):
    """A query set."""

    def all(self):
        return self

    def filter(self, **wanted):
        return Set(o for o in self if all(getattr(o, k) == v for k, v in wanted.items()))

    def first(self):
        return self[0] if self else None

    def count(self):
        return len(self)


def distinct(objects, table):
    """Each once, in the order of the table."""
    there = {o.id for o in objects if o is not None}
    return Set(o for o in table if o.id in there)


class Object:
    model = ""

    def __init__(self, book, fields):
        self.book = book
        self.__dict__.update(fields)

    def __getattr__(self, name):
        references, many = MODELS[self.model][4:]
        if name in references:
            number = self.__dict__[name + "_id"]
            return None if number is None else self.book.by_id[references[name]].get(number)
        if name in many:
            return self.book.linked(self, name, many[name])
        if name == "tags":
            return Set(self.book.tags.get((self.model, self.id), ()))
        if name == "config_context":
            return self.book.context_of(self)
        raise AttributeError(name)

    def __str__(self):
        return self.name


class AutonomousSystem(Object):
    def __str__(self):
        return f"AS{self.asn} - {self.name}"

    @property
    def is_private(self):
        n = self.asn
        return n in (0, 23456, 65535, 4294967295) or 64496 <= n <= 64511 or 64512 <= n <= 65534 or 65536 <= n <= 131071 or 4200000000 <= n <= 4294967294

    @property
    def peeringdb_network(self):
        return None if self.is_private and not self.affiliated else self.book.network_by_asn.get(self.asn)

    @property
    def general_policy(self):
        return self.peeringdb_network.policy_general if self.peeringdb_network else None

    @property
    def peeringdb_contacts(self):
        net = self.peeringdb_network
        return self.book.pocs.get(net.id, Set()) if net else Set()

    @property
    def contacts(self):
        return self.book.contacts_of(self)

    @property
    def can_receive_email(self):
        return bool(self.contacts) or bool(self.peeringdb_contacts)

    def export_policies(self):
        return self.export_routing_policies

    def import_policies(self):
        return self.import_routing_policies

    def policies(self):
        return distinct(list(self.import_routing_policies) + list(self.export_routing_policies), self.book.policy)

    def get_direct_peering_sessions(self, bgp_group=None):
        return Set(s for s in self.book.direct_by["autonomous_system_id"].get(self.id, ()) if bgp_group is None or s.bgp_group_id == bgp_group.id)

    def get_ixp_peering_sessions(self, internet_exchange_point=None):
        x = internet_exchange_point
        return Set(s for s in self.book.ix_by["autonomous_system_id"].get(self.id, ()) if x is None or s.ixp_connection.internet_exchange_point_id == x.id)

    def get_relationships(self, local_autonomous_system=None):
        return distinct([s.relationship for s in self.get_direct_peering_sessions()
                         if local_autonomous_system is None or s.local_autonomous_system_id == local_autonomous_system.id], self.book.relationship)

    def get_internet_exchange_points(self, other):
        return distinct([x for x in (s.ixp_connection.internet_exchange_point for s in self.get_ixp_peering_sessions())
                         if x is not None and x.local_autonomous_system_id == other.id], self.book.ixp)

    def _ixlans(self):
        net = self.peeringdb_network
        return {n.ixlan_id for n in self.book.netixlans.get(net.id, ())} if net else set()

    def get_shared_internet_exchange_points(self, other):
        if self is other or not self.peeringdb_network or not other.peeringdb_network:
            return Set()
        both = self._ixlans() & other._ixlans()
        return Set(x for x in self.book.ixp if x.local_autonomous_system_id == other.id and x.peeringdb_ixlan_id in both)

    def get_peeringdb_shared_facilities(self, other):
        if self is other or not self.peeringdb_network or not other.peeringdb_network:
            return Set()
        mine, theirs = (self.book.netfacs.get(a.peeringdb_network.id, ()) for a in (self, other))
        there = {f.fac_id for f in theirs}
        return distinct([f.fac for f in mine if f.fac_id in there], self.book.facility)

    def get_missing_peering_sessions(self, other, internet_exchange_point=None):
        if self is other or self.is_private:
            return Set()
        have = {s.ip_address for s in self.get_ixp_peering_sessions(internet_exchange_point)}
        lans = {x.peeringdb_ixlan_id for x in ([internet_exchange_point] if internet_exchange_point else self.get_shared_internet_exchange_points(other))}
        return Set(n for n in self.book.netixlans_by_asn.get(self.asn, ()) if n.ixlan_id in lans
                   and ((n.ipaddr6 and n.ipaddr6 not in have) or (n.ipaddr4 and n.ipaddr4 not in have)))

    def get_routers(self):
        return distinct([s.router for s in self.get_direct_peering_sessions()] + [s.ixp_connection.router for s in self.get_ixp_peering_sessions()],
                        self.book.router)

    def are_bgp_sessions_pollable(self):
        return any(r.poll_bgp_sessions_state for r in self.get_routers())

    def divergence_from_peeringdb(self):
        net = self.peeringdb_network
        keys = (("Name", "name", "name"), ("IRR AS-SET", "irr_as_set", "irr_as_set"), ("IPv6 Max Prefix", "ipv6_max_prefixes", "info_prefixes6"),
                ("IPv4 Max Prefix", "ipv4_max_prefixes", "info_prefixes4"))
        return [{"label": label, "local_key": ours, "peeringdb_key": theirs, "local_value": getattr(self, ours), "peeringdb_value": getattr(net, theirs)}
                for label, ours, theirs in keys if net and getattr(self, ours) != getattr(net, theirs)]

    def get_contact_email_addresses(self):
        out = []
        for who in [c.contact for c in self.contacts] + list(self.peeringdb_contacts):
            if who.email and who.email not in [e for e, _ in out]:
                out.append((who.email, f"{who.name} - {who.email}" if who.name else who.email))
        return out

    def get_irr_as_set_prefixes(self, address_family=0):
        known = self.prefixes or {"ipv6": [], "ipv4": []}
        return known[f"ipv{address_family}"] if address_family in (4, 6) else {k: known[k] for k in ("ipv6", "ipv4")}

    def get_irr_as_set_as_list(self):
        return self.as_list


class BGPGroup(Object):
    export_policies, import_policies = AutonomousSystem.export_policies, AutonomousSystem.import_policies
    policies = AutonomousSystem.policies

    def get_peering_sessions(self):
        return Set(self.book.direct_by["bgp_group_id"].get(self.id, ()))

    def get_routers(self):
        return distinct([s.router for s in self.get_peering_sessions()], self.book.router)

    def are_bgp_sessions_pollable(self):
        return any(r.poll_bgp_sessions_state and r.is_usable_for_task() for r in self.get_routers())


class InternetExchange(Object):
    export_policies, import_policies = AutonomousSystem.export_policies, AutonomousSystem.import_policies
    policies, contacts = AutonomousSystem.policies, AutonomousSystem.contacts

    def merged_import_policies(self, reverse=False):
        return Set(reversed(self.import_routing_policies)) if reverse else self.import_routing_policies

    def merged_export_policies(self, reverse=False):
        return Set(reversed(self.export_routing_policies)) if reverse else self.export_routing_policies

    @property
    def linked_to_peeringdb(self):
        return self.peeringdb_ixlan_id is not None

    def get_connections(self):
        return Set(self.book.connections_by["internet_exchange_point_id"].get(self.id, ()))

    def get_routers(self):
        return distinct([c.router for c in self.get_connections()], self.book.router)

    @property
    def has_connected_routers(self):
        return bool(self.get_routers())

    def get_prefixes(self, family=0):
        return Set(p for p in self.book.prefix if self.linked_to_peeringdb and p.ixlan_id == self.peeringdb_ixlan_id
                   and family in (0, ipaddress.ip_network(p.prefix).version))

    @property
    def peeringdb_prefixes(self):
        out = {}
        for family in (6, 4):
            if self.get_prefixes(family):
                out[f"ipv{family}"] = [p.prefix for p in self.get_prefixes(family)]
        return out

    def get_peering_sessions(self):
        mine = {c.id for c in self.get_connections()}
        return Set(s for s in self.book.ix if s.ixp_connection_id in mine)

    def get_autonomous_systems(self):
        return distinct([s.autonomous_system for s in self.get_peering_sessions()], self.book.as_)

    def get_hidden_peers(self):
        return Set(h for h in self.book.hidden if self.linked_to_peeringdb and h.peeringdb_ixlan_id == self.peeringdb_ixlan_id and not h.is_expired)

    def get_available_peers(self, show_hidden=False):
        if not self.linked_to_peeringdb:
            return Set()
        at = [{s.ip_address for s in self.book.ix_by["ixp_connection_id"].get(c.id, ())} for c in self.get_connections()]
        have = set.intersection(*at) if at else set()
        out = {self.local_autonomous_system.asn} | (set() if show_hidden else {h.peeringdb_network.asn for h in self.get_hidden_peers() if h.peeringdb_network})
        return Set(n for n in self.book.netixlan if n.ixlan_id == self.peeringdb_ixlan_id and n.asn not in out
                   and ((n.ipaddr6 and n.ipaddr6 not in have) or (n.ipaddr4 and n.ipaddr4 not in have)))


class Connection(Object):
    @property
    def name(self):
        x, r = self.internet_exchange_point, self.router
        text = (x.name if x else "") + (" on " if x and r else "") + (r.name if r else "") + (f" {self.interface}" if r and self.interface else "")
        return text or f"Connection #{self.id}"

    @property
    def linked_to_peeringdb(self):
        return self.peeringdb_netixlan_id is not None


class Session(Object):
    @property
    def enabled(self):
        return self.status == "enabled"

    @property
    def version(self):
        return self.ip_address.version

    def merged(self, name, reverse=False):
        out = list(getattr(self, name))
        for owner in (self.autonomous_system, self.parent):
            for p in getattr(owner, name) if owner else ():
                if p not in out and p.address_family in (0, self.version):
                    out.append(p)
        return Set(reversed(out) if reverse else out)

    def merged_import_policies(self, reverse=False):
        return self.merged("import_routing_policies", reverse)

    def merged_export_policies(self, reverse=False):
        return self.merged("export_routing_policies", reverse)

    def merged_communities(self):
        out = []
        for owner in (self, self.autonomous_system, self.parent, self.at_router):
            out += [c for c in (owner.communities if owner else ()) if c not in out]
        return Set(out)


class DirectPeeringSession(Session):
    def __str__(self):
        return f"{self.relationship} - AS{self.autonomous_system.asn} - IP {self.ip_address}"

    @property
    def parent(self):
        return self.bgp_group

    @property
    def at_router(self):
        return self.router


class InternetExchangePeeringSession(Session):
    def __str__(self):
        x = self.parent
        return (f"{x.name} - " if x else "") + f"AS{self.autonomous_system.asn} - IP {self.ip_address}"

    @property
    def parent(self):
        return self.ixp_connection.internet_exchange_point

    @property
    def at_router(self):
        return self.ixp_connection.router

    @property
    def exists_in_peeringdb(self):
        return any(self.ip_address in (n.ipaddr6, n.ipaddr4) for n in self.book.netixlans_by_asn.get(self.autonomous_system.asn, ()))

    @property
    def is_abandoned(self):
        router = self.at_router
        return (self.ixp_connection.linked_to_peeringdb and (router is None or router.poll_bgp_sessions_state)
                and self.autonomous_system.peeringdb_network is not None and not self.exists_in_peeringdb and self.bgp_state in ("idle", "active"))


class Router(Object):
    def is_netbox_device(self):
        return self.netbox_device_id != 0

    def is_usable_for_task(self):
        return self.status != "disabled" and self.platform is not None and bool(self.platform.napalm_driver)

    def get_connections(self, internet_exchange_point=None):
        x = internet_exchange_point
        return Set(c for c in self.book.connections_by["router_id"].get(self.id, ()) if x is None or c.internet_exchange_point_id == x.id)

    connection_set = property(get_connections)

    def get_internet_exchange_points(self):
        return distinct([c.internet_exchange_point for c in self.get_connections()], self.book.ixp)

    def get_direct_peering_sessions(self, bgp_group=None):
        return Set(s for s in self.book.direct_by["router_id"].get(self.id, ()) if bgp_group is None or s.bgp_group_id == bgp_group.id)

    def get_ixp_peering_sessions(self, internet_exchange_point=None):
        mine = {c.id for c in self.get_connections(internet_exchange_point)}
        return self.book.over(mine)

    def get_bgp_groups(self):
        return distinct([s.bgp_group for s in self.get_direct_peering_sessions()], self.book.group)

    def get_direct_autonomous_systems(self, bgp_group=None):
        return distinct([s.autonomous_system for s in self.get_direct_peering_sessions(bgp_group)], self.book.as_)

    def get_ixp_autonomous_systems(self, internet_exchange_point=None):
        return distinct([s.autonomous_system for s in self.get_ixp_peering_sessions(internet_exchange_point)], self.book.as_)

    def get_autonomous_systems(self):
        return distinct(list(self.get_direct_autonomous_systems()) + list(self.get_ixp_autonomous_systems()), self.book.as_)

    def get_bfd_configs(self):
        return distinct([s.bfd for s in list(self.get_direct_peering_sessions()) + list(self.get_ixp_peering_sessions())], self.book.bfd)

    def get_routing_policies(self):
        direct, ix = self.get_direct_peering_sessions(), self.get_ixp_peering_sessions()
        owners = {(o.model, o.id): o for s in list(direct) + list(ix) for o in (s, s.autonomous_system, s.parent) if o}.values()
        used = {p.id for o in owners for p in list(o.import_routing_policies) + list(o.export_routing_policies)}
        return Set(sorted((p for p in self.book.policy if p.id in used), key=lambda p: p.name))


class Community(Object):
    @property
    def kind(self):
        part = self.value.split(":")
        if len(part) == 2 and all(p.isdigit() for p in part) and 1 <= int(part[0]) <= 65535 and int(part[1]) <= 65535:
            return "standard"
        if len(part) == 3 and part[0] in ("origin", "target") and part[2].isdigit() and int(part[2]) >= 1:
            try:
                admin = int(part[1]) if part[1].isdigit() else int(ipaddress.IPv4Address(part[1]))
            except ValueError:
                return None
            return "extended" if int(part[2]) <= (65535 if admin > 65535 else 4294967295) else None
        if len(part) == 3 and all(p.isdigit() and int(p) <= 4294967295 for p in part) and int(part[0]) >= 1:
            return "large"
        return None


class HiddenPeer(Object):
    @property
    def is_expired(self):
        return self.until is not None and datetime.fromisoformat(self.until) <= datetime.now(timezone.utc)


def merge_contexts(a, b):
    if not a or a == b:
        return b
    out = dict(a)
    for k, v in b.items():
        out[k] = merge_contexts(out[k], v) if isinstance(out.get(k), dict) and isinstance(v, dict) else v
    return out


CLASSES = {c.__name__: c for c in (AutonomousSystem, BGPGroup, InternetExchange, Connection, DirectPeeringSession, InternetExchangePeeringSession, Router,
                                   Community, HiddenPeer)}


class Book:
    """Every table of theirs, in memory, in the order of its model."""

    def __init__(self, conninfo):
        self.by_id = {}
        for kind, (name, table, order, joins, _, _) in MODELS.items():
            base = Object if kind == "pdbix" else CLASSES.get(name, Object)
            made = type(name, (base,), {"model": kind})
            rows = psql(conninfo, f"SELECT row_to_json(t) FROM {table} t {joins} ORDER BY {order}")
            objects = Set(made(self, self.parsed(kind, r)) for r in rows)
            setattr(self, "as_" if kind == "as" else kind, objects)
            self.by_id[kind] = {o.id: o for o in objects}
        self.read_links(conninfo)
        self.index()

    @staticmethod
    def parsed(kind, row):
        for names, make in ((INTERFACES, ipaddress.ip_interface), (HOSTS, lambda v: ipaddress.ip_interface(v).ip)):
            for name in names.get(kind, ()):
                row[name] = make(row[name]) if row[name] else None
        if kind == "as":        # as bgpq writes them; a generated book has "2001:db8:0::/48"
            for entry in [e for family in (row["prefixes"] or {}).values() for e in family]:
                entry["prefix"] = str(ipaddress.ip_network(entry["prefix"]))
        return row

    def read_links(self, conninfo):
        self.pairs = {}
        targets = {"policy": "routingpolicy_id", "community": "community_id"}
        for kind, (_, table, _, _, _, many) in MODELS.items():
            owner = table.split("_", 1)[1] + "_id"
            for name, target in many.items():
                found = self.pairs[kind, name] = {}
                for a, b in psql(conninfo, f"SELECT json_build_array({owner}, {targets[target]}) FROM {table}_{name}"):
                    found.setdefault(a, set()).add(b)
        types = {n: f"{t.split('_')[0]}.{t.split('_')[1]}" for n, (_, t, *_) in MODELS.items()}
        kinds = {v: k for k, v in types.items()}
        content = {r["id"]: kinds.get(f"{r['app_label']}.{r['model']}") for r in psql(conninfo, "SELECT row_to_json(t) FROM django_content_type t")}
        self.tags, self.contexts, self.contacts_at = {}, {}, {}
        for t in psql(conninfo, "SELECT row_to_json(t) FROM extras_taggeditem t ORDER BY id"):
            at = self.tags.setdefault((content[t["content_type_id"]], t["object_id"]), [])
            tag = self.by_id["tag"][t["tag_id"]]
            if tag not in at:
                at.append(tag)
        for objects, into in ((self.assignment, self.contexts), (self.contacts, self.contacts_at)):
            for o in objects:
                into.setdefault((content[o.content_type_id], o.object_id), Set()).append(o)

    def index(self):
        def grouped(objects, column):
            out = {}
            for o in objects:
                out.setdefault(getattr(o, column), Set()).append(o)
            return out
        self.direct_by = {c: grouped(self.direct, c) for c in ("autonomous_system_id", "bgp_group_id", "router_id")}
        self.ix_by = {c: grouped(self.ix, c) for c in ("autonomous_system_id", "ixp_connection_id")}
        self.connections_by = {c: grouped(self.connection, c) for c in ("internet_exchange_point_id", "router_id")}
        self.network_by_asn = {n.asn: n for n in self.network}
        self.netixlans, self.netfacs, self.pocs = grouped(self.netixlan, "net_id"), grouped(self.netfac, "net_id"), grouped(self.poc, "net_id")
        self.netixlans_by_asn = {n.asn: self.netixlans.get(n.id, Set()) for n in self.network}
        self.by_place = {s.id: i for i, s in enumerate(self.ix)}

    def over(self, connections):
        return Set(sorted((s for c in connections for s in self.ix_by["ixp_connection_id"].get(c, ())), key=lambda s: self.by_place[s.id]))

    def linked(self, owner, name, target):
        there = self.pairs[owner.model, name].get(owner.id, ())
        return Set(o for o in getattr(self, target) if o.id in there) if there else Set()

    def contacts_of(self, o):
        return self.contacts_at.get((o.model, o.id), Set())

    def context_of(self, o):
        out = {}
        for a in self.contexts.get((o.model, o.id), ()):
            if a.config_context.is_active:
                out = merge_contexts(out, a.config_context.data)
        if o.local_context_data:
            out = merge_contexts(out, o.local_context_data)
        return out or None


# ---- the template filters that this book's templates use ----

def family_of(objects, family):
    return Set(s for s in objects if family in (0, s.version))


def field_of(objects, field):
    return [getattr(o, field) for o in objects] if field else objects


def inherited_status(o):
    status = getattr(o, "status", None)
    if status is None:
        raise AttributeError("value has no status property")
    if status == "disabled" or o.model not in ("connection", "direct", "ix"):
        return status
    if o.model == "connection":
        x, r = o.internet_exchange_point, o.router
        if x and x.status in ("disabled", *MAINTENANCE):
            return x.status
        return r.status if r and r.status in MAINTENANCE else status
    if o.model == "direct":
        if o.bgp_group and o.bgp_group.status in ("disabled", "maintenance"):
            return o.bgp_group.status
        return o.router.status if o.router and o.router.status in MAINTENANCE else status
    imposed = inherited_status(o.ixp_connection)
    return imposed if imposed in ("disabled", *MAINTENANCE) else status


def local_ips(o, family=0):
    if o.model == "direct":
        return o.local_ip_address
    if o.model == "ix":
        return getattr(o.ixp_connection, f"ipv{o.version}_address")
    if o.model == "ixp":
        return [a for c in o.get_connections() for a in ([] if family == 6 else [c.ipv4_address]) + ([] if family == 4 else [c.ipv6_address]) if a]
    return None


def contact(o, role, field=""):
    o = o.autonomous_system if o.model in ("direct", "ix") else o
    for c in o.contacts:
        if c.role.name.lower() == role.lower():
            return getattr(c.contact, field, None) if field else c.contact
    return None


def context_get_key(o, key, default=None, recursive=True):
    missing = object()

    def look(data):
        for k, v in data.items():
            if k == key:
                return v
            if recursive and isinstance(v, dict):
                found = look(v)
                if found is not missing:
                    return found
        return missing
    found = look(o.config_context or {})
    return default if found is missing else found


def strip_irr_sources(value):
    text = value if isinstance(value, str) else value.irr_as_set
    if not isinstance(value, str) and not (text or "").strip():
        return [f"AS{value.asn}"]
    out = []
    for word in (text or "").replace("/", " ").replace(",", " ").replace("&", " ").split():
        for source in "RPKI,RIPE,ARIN,APNIC,AFRINIC,LACNIC,RIPE-NONAUTH,RADB,ALTDB,NTTCOM,LEVEL3,TC".split(","):
            if word.startswith(source + ":"):
                word = word[len(source):].lstrip(":")
                break
        for family in ("ipv4:", "ipv6:"):
            word = word.removeprefix(family)
        if word not in out:
            out.append(word)
    return out


def peers_of(objects, wanted):
    return [o for o in objects if o.slug == wanted][:1] or [None]


def prefix_list(o, family=0):
    if o.model == "as":
        return o.get_irr_as_set_prefixes(family)
    return o.peeringdb_prefixes.get(f"ipv{family}", []) if family else o.peeringdb_prefixes


def mac(o, format=""):
    digits = (o if isinstance(o, str) else o.mac_address).replace(":", "").lower()
    if format == "cisco":
        return ".".join(digits[i:i + 4] for i in (0, 4, 8))
    return digits if format == "bare" else ":".join(digits[i:i + 2] for i in range(0, 12, 2))


FILTERS = {
    "safe_string": lambda v: __import__("unicodedata").normalize("NFKD", v).encode("ascii", "ignore").decode(),
    "tags": lambda o: o.tags,
    "has_tag": lambda o, tag: any(tag in (t.name, t.slug) for t in o.tags),
    "has_not_tag": lambda o, tag: not any(tag in (t.name, t.slug) for t in o.tags),
    "inherited_status": inherited_status,
    "ip": lambda v: str(getattr(v, "ip_address", v)).split("/")[0],
    "ip_version": lambda s: s.version,
    "max_prefix": lambda s: getattr(s.autonomous_system, f"ipv{s.version}_max_prefixes"),
    "mac": mac,
    "length": len, "len": len, "count": len,
    "filter": lambda v, **kw: v.filter(**kw),
    "iterate": lambda v, field: (getattr(o, field, None) for o in v),
    "unique_items": lambda v, field: Set({getattr(o, field).id: o for o in reversed(v)}.values()),
    "ixps": lambda a, other: a.get_internet_exchange_points(other),
    "shared_ixps": lambda a, other: a.get_shared_internet_exchange_points(other),
    "shared_facilities": lambda a, other: a.get_peeringdb_shared_facilities(other),
    "missing_sessions": lambda a, other, ixp=None: a.get_missing_peering_sessions(other, ixp),
    "prefix_list": prefix_list,
    "as_list": lambda a, family=0: a.as_list,
    "strip_irr_sources": strip_irr_sources,
    "relationships": lambda a, local_autonomous_system=None: a.get_relationships(local_autonomous_system),
    "local_ips": local_ips,
    "direct_sessions": lambda o, family=0, group=None: family_of(o.get_direct_peering_sessions(group), family),
    "ixp_sessions": lambda o, family=0, ixp=None: family_of(o.get_ixp_peering_sessions(ixp), family),
    "sessions": lambda o, family=0: family_of(o.get_peering_sessions(), family),
    "route_server": lambda x, family=0: family_of([s for s in x.get_peering_sessions() if s.is_route_server], family),
    "connections": lambda o: o.get_connections(),
    "direct_peers": lambda r, group="": r.get_direct_autonomous_systems(*peers_of(r.book.group, group)),
    "ixp_peers": lambda r, ixp="": r.get_ixp_autonomous_systems(*peers_of(r.book.ixp, ixp)),
    "bfds": lambda r: r.get_bfd_configs(),
    "routing_policies": lambda r, field="", family=-1: field_of([p for p in r.get_routing_policies() if family < 0 or p.address_family in (0, family)], field),
    "communities": lambda o, field="": field_of(o.communities, field),
    "merge_communities": lambda o: o.merged_communities() if isinstance(o, Session) else o.communities,
    "contact": contact,
    "iter_import_policies": lambda o, field="", family=-1: field_of(
        [p for p in o.import_routing_policies if family < 0 or p.address_family in (0, family)], field),
    "iter_export_policies": lambda o, field="", family=-1: field_of(
        [p for p in o.export_routing_policies if family < 0 or p.address_family in (0, family)], field),
    "merge_import_policies": lambda o, order="": o.merged_import_policies(order == "reverse"),
    "merge_export_policies": lambda o, order="": o.merged_export_policies(order == "reverse"),
    "context_has_key": lambda o, key, recursive=True: context_get_key(o, key, FILTERS, recursive) is not FILTERS,
    "context_has_not_key": lambda o, key, recursive=True: context_get_key(o, key, FILTERS, recursive) is FILTERS,
    "context_get_key": context_get_key,
}


def render(book, router, text, trim, lstrip):
    env = SandboxedEnvironment(trim_blocks=trim, lstrip_blocks=lstrip)
    env.filters.update(FILTERS)
    return env.from_string(text).render(
        router=router, local_as=router.local_autonomous_system, autonomous_systems=router.get_autonomous_systems(), bgp_groups=router.get_bgp_groups(),
        internet_exchange_points=router.get_internet_exchange_points(), communities=book.community, routing_policies=router.get_routing_policies())


# ---- what the API computes ----

def computed(book):
    def lines(path, objects, **values):
        for key, value in values.items():
            for o in objects:
                yield {"path": path, "key": key, "id": o.id, "value": value(o)}

    def display(o):
        return str(o)

    def context(o):
        return o.config_context

    contexts = (("bgp/communities", book.community), ("net/bfd", book.bfd), ("net/connections", book.connection), ("devices/routers", book.router),
                ("peering/autonomous-systems", book.as_), ("peering/bgp-groups", book.group), ("peering/direct-peering-sessions", book.direct),
                ("peering/internet-exchanges", book.ixp), ("peering/internet-exchange-peering-sessions", book.ix), ("peering/routing-policies", book.policy))
    for path, objects in contexts:
        yield from lines(path, objects, display=display, config_context=context)
    yield from lines("bgp/communities", book.community, kind=lambda o: o.kind)
    yield from lines("net/connections", book.connection, name=lambda o: o.name)
    yield from lines("peering/autonomous-systems", book.as_, prefixes=lambda o: o.prefixes, as_list=lambda o: o.as_list)
    yield from lines("peering/internet-exchanges", book.ixp, peeringdb_prefixes=lambda o: o.peeringdb_prefixes)
    yield from lines("peering/internet-exchange-peering-sessions", book.ix, exists_in_peeringdb=lambda o: o.exists_in_peeringdb,
                     is_abandoned=lambda o: o.is_abandoned)
    yield from lines("peeringdb/hidden-peers", book.hidden, is_expired=lambda o: o.is_expired)
    for x in book.ixp:
        yield {"path": f"peering/internet-exchanges/{x.id}/available-peers", "key": "ids", "id": 0, "value": sorted(n.id for n in x.get_available_peers())}
        yield {"path": f"peering/internet-exchanges/{x.id}/prefixes", "key": "all", "id": 0, "value": x.peeringdb_prefixes}
    ours = next(a for a in book.as_ if a.affiliated)
    for a in book.as_:
        at = f"peering/autonomous-systems/{a.id}"
        yield {"path": f"{at}/shared-ixps/?as={ours.asn}", "key": "ids", "id": 0, "value": sorted(x.id for x in a.get_shared_internet_exchange_points(ours))}
        yield {"path": f"{at}/shared-facilities/?as={ours.asn}", "key": "ids", "id": 0,
               "value": sorted(x.id for x in a.get_peeringdb_shared_facilities(ours))}


# Ways back that have a name of their own. "": none. The others are named after the model: router_set.
WAYS_BACK = {
    ("peering_directpeeringsession", "local_autonomous_system_id"): "directpeeringsession_local_autonomous_system",
    ("extras_configcontextassignment", "config_context_id"): "assignments", ("messaging_contactassignment", "contact_id"): "assignments",
    ("messaging_contactassignment", "role_id"): "assignments", ("core_datafile", "source_id"): "datafiles",
    ("peeringdb_campus", "org_id"): "campus_set", ("peeringdb_facility", "org_id"): "fac_set", ("peeringdb_facility", "campus_id"): "fac_set",
    ("peeringdb_carrier", "org_id"): "carrier_set", ("peeringdb_carrierfacility", "carrier_id"): "carrierfac_set",
    ("peeringdb_carrierfacility", "fac_id"): "carrierfac_set", ("peeringdb_carrierfacility", "campus_id"): "carrierfac_set",
    ("peeringdb_network", "org_id"): "net_set", ("peeringdb_internetexchange", "org_id"): "ix_set",
    ("peeringdb_internetexchangefacility", "ix_id"): "ixfac_set", ("peeringdb_internetexchangefacility", "fac_id"): "ixfac_set",
    ("peeringdb_ixlan", "ix_id"): "ixlan_set", ("peeringdb_ixlanprefix", "ixlan_id"): "ixpfx_set",
    ("peeringdb_networkfacility", "net_id"): "netfac_set", ("peeringdb_networkfacility", "fac_id"): "netfac_set",
    ("peeringdb_networkixlan", "net_id"): "netixlan_set", ("peeringdb_networkixlan", "ixlan_id"): "netixlan_set",
    ("peeringdb_networkixlan", "net_side_id"): "net_side_set", ("peeringdb_networkixlan", "ix_side_id"): "ix_side_set",
    ("peeringdb_networkcontact", "net_id"): "poc_set", ("peeringdb_hiddenpeer", "peeringdb_network_id"): "hidden_on",
    ("peeringdb_hiddenpeer", "peeringdb_ixlan_id"): "hidden_peers",
    **{(t, c): "" for t in ("devices_router", "devices_configuration", "messaging_email", "extras_configcontext", "extras_exporttemplate")
       for c in ("data_source_id", "data_file_id")},
}
# Not for templates: who did what, what runs, and what is told to others. Tags are found from their objects.
NOT_SEEN = ("auth_", "users_", "django_", "core_job", "core_objectchange", "core_autosynchronisationrecord", "extras_webhook", "extras_exporttemplate",
            "extras_taggeditem", "extras_journalentry", "taggit_")
GENERIC = {"config_contexts": ("extras_configcontextassignment", "content_type_id", "object_id"), "contacts": ("messaging_contactassignment", "content_type_id",
           "object_id"), "journal_entries": ("extras_journalentry", "assigned_object_type_id", "assigned_object_id")}


def relations(conninfo):
    """(kind, name, SQL of object and other): the foreign keys of the database, many to many on both sides, and what is assigned to objects."""
    keys = psql(conninfo, """SELECT json_build_array(c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text) FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' ORDER BY c.conrelid::regclass::text, a.attname""")
    models = {f"{app}_{model}": (number, model) for number, app, model in psql(conninfo, "SELECT json_build_array(id, app_label, model) FROM django_content_type")}
    for table, column, target in keys:
        if table.startswith(NOT_SEEN) or target.startswith(NOT_SEEN):
            continue
        if table in models:
            name = WAYS_BACK.get((table, column), models[table][1] + "_set")
            if name:
                yield target, name, f"SELECT {column}, id FROM {table} WHERE {column} IS NOT NULL"
            continue
        owner = max((m for m in models if table.startswith(m + "_")), key=len)
        field, mine = table[len(owner) + 1:], models[owner][1]
        if column == mine + "_id":
            other = next(c for t, c, _ in keys if t == table and c != column)
            yield owner, field, f"SELECT {column}, {other} FROM {table}"
        else:
            name = f"{mine}_{field}" if field.endswith("policies") else mine + "_set"
            yield target, name, f"SELECT {column}, {mine}_id FROM {table}"
    for name, (table, type_column, column) in GENERIC.items():
        for kind in {"journal_entries": ("peering_autonomoussystem",), "contacts": ("peering_autonomoussystem", "peering_internetexchange")}.get(
                name, ("devices_router", "peering_autonomoussystem", "peering_bgpgroup", "peering_internetexchange", "net_connection")):
            yield kind, name, f"SELECT {column}, id FROM {table} WHERE {type_column} = {models[kind][0]}"


def print_relations(conninfo):
    for kind, name, sql in relations(conninfo):
        pairs = psql(conninfo, f"SELECT json_build_array(x.o, y.ids) FROM (SELECT id AS o FROM {kind}) x LEFT JOIN (SELECT o, json_agg(i ORDER BY i) AS ids"
                     f" FROM ({sql}) AS p (o, i) GROUP BY 1) y USING (o) ORDER BY x.o")
        for number, ids in pairs:
            print(f"{kind}.{name} {number} {''.join(f'{i},' for i in ids or ())}")


def main():
    if sys.argv[1] == "relations":
        print_relations(sys.argv[2])
        return
    what, conninfo, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
    book = Book(conninfo)
    routers = {r.name: r for r in book.router}
    if what == "render":
        with open(rest[0], encoding="utf-8") as f:
            text = f.read()
        for name in rest[1:]:
            sys.stdout.write(render(book, routers[name], text, False, False))
    elif what == "configurations":
        for r in book.router:
            t = r.configuration_template
            with open(f"{rest[0]}/{r.name}.conf", "w", encoding="utf-8") as f:
                f.write(render(book, r, t.template, t.jinja2_trim, t.jinja2_lstrip))
    else:
        for line in computed(book):
            print(json.dumps(line))


main()
