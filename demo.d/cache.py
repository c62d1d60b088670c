"""The demo's PeeringDB cache: real rows cut to what the demo needs, completed where the sources have gaps. See SOURCE."""

import ipaddress
import json
import os
import re

MADE_UP = 900000  # ids of rows that are not PeeringDB's start here
CONTACT_KEYS = ("tech_email", "tech_phone", "policy_email", "policy_phone", "sales_email", "sales_phone")
STAMP = "2026-11-01T00:00:00Z"
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ADDRESS = ("address1", "address2", "city", "state", "zipcode", "country", "suite", "floor")


def read(folder, path, key="data"):
    with open(os.path.join(folder, path), encoding="utf-8") as f:
        doc = json.load(f)
    return doc[key] if key and isinstance(doc, dict) else doc


def stamped(row):
    """The row with its two times, made good where the source garbled them."""
    times = {k: row[k] if WHEN.fullmatch(row.get(k) or "") else STAMP for k in ("created", "updated")}
    return {**row, **times, "status": "ok"}


class Cache:
    """Rows by type and id; `load` fills it, `add_*` puts in what only the demo knows, `save` writes the files."""

    def __init__(self, folder):
        self.folder = folder
        self.next_id = {}
        self.rows = {t: {} for t in ("org", "campus", "fac", "carrier", "carrierfac", "net", "ix", "ixlan", "ixpfx", "ixfac",
                                     "netfac", "netixlan")}

    def new_id(self, kind):
        self.next_id[kind] = self.next_id.get(kind, MADE_UP) + 1
        return self.next_id[kind]

    def load(self, exchanges):
        """Everything about these exchanges, and every network of the sample."""
        self._load_exchanges(exchanges)
        self._load_networks()
        self._load_facilities()
        self._load_campuses()
        self._load_carriers()

    def _load_exchanges(self, exchanges):
        complete = {x["id"]: x for x in read(self.folder, "2026-01-ix-complete/ix.json")}
        lans = {x["ix_id"]: x for x in read(self.folder, "2026-04-first500/merged/ixlan.json")}
        known = {x["prefix"]: x for x in read(self.folder, "2026-04-first500/merged/ixpfx.json")}
        for i in exchanges:
            ix = {k: ("" if k in CONTACT_KEYS else v) for k, v in complete[i].items()}
            self.rows["ix"][i] = stamped({**ix, "ixf_last_import": None, "ixf_import_request": None})
            lan = lans.get(i, {"id": i, "ix_id": i, "name": "", "descr": "", "mtu": 1500, "dot1q_support": False,
                               "rs_asn": None, "arp_sponge": None, "ixf_ixp_member_list_url_visible": "Private",
                               "ixf_ixp_import_enabled": False})
            self.rows["ixlan"][lan["id"]] = stamped(lan)
        for row in read(self.folder, "2026-05-ixlan-prefixes/peeringdb_peeringlan.json", None):
            i, prefix = int(row["id"][4:]), row["peeringlan"]
            if i not in self.rows["ix"]:
                continue
            pfx = known.get(prefix) or {"id": self.new_id("ixpfx"), "ixlan_id": i, "prefix": prefix, "in_dfz": False,
                                        "protocol": "IPv6" if ":" in prefix else "IPv4"}
            self.rows["ixpfx"][pfx["id"]] = stamped({**pfx, "ixlan_id": i})

    def _load_networks(self):
        defaults = {"name_long": "", "social_media": [], "info_types": [], "info_never_via_route_servers": False,
                    "status_dashboard": None, "rir_status": "ok", "logo": None, "allow_ixp_update": False}
        ports = read(self.folder, "2018-11-sample/netixlan.json")
        for net in read(self.folder, "2018-11-sample/net.json"):
            types = [net["info_type"]] if net["info_type"] not in ("", "Not Disclosed") else []
            self.rows["net"][net["id"]] = stamped({**defaults, **net, "notes": "", "info_types": types,
                                                   "website": net["website"] or ""})
        for p in ports:
            net = self.rows["net"].get(p["net_id"])
            if p["ixlan_id"] in self.rows["ixlan"] and net and net["asn"] == p["asn"]:
                self._port(p)

    def _port(self, p):
        """A port is kept with the addresses that lie in today's peering LAN; renumbered ones fall away."""
        lan = self.prefixes(p["ixlan_id"])
        keep = {}
        for key in ("ipaddr4", "ipaddr6"):
            inside = p[key] and any(ipaddress.ip_address(p[key]) in n for n in lan)
            keep[key] = p[key] if inside else None
        if keep["ipaddr4"] or keep["ipaddr6"]:
            row = {**p, **keep, "notes": "", "bfd_support": False, "operational": True, "net_side_id": None,
                   "ix_side_id": None, "name": self.rows["ix"][p["ixlan_id"]]["name"], "ix_id": p["ixlan_id"]}
            self.rows["netixlan"][p["id"]] = stamped(row)

    def _load_facilities(self):
        facs = {x["id"]: x for x in read(self.folder, "2026-04-first500/merged/fac.json")}
        for kind, owner in (("ixfac", "ix"), ("netfac", "net")):
            for row in read(self.folder, f"2026-04-first500/merged/{kind}.json"):
                fac = facs.get(row["fac_id"])
                if fac and row[owner + "_id"] in self.rows[owner]:
                    self.rows[kind][row["id"]] = stamped(row)
                    bare = {k: ("" if k in CONTACT_KEYS else v) for k, v in fac.items()}
                    self.rows["fac"][fac["id"]] = stamped({**bare, "notes": "", "logo": None})

    def _load_campuses(self):
        campuses = {x["id"]: x for x in read(self.folder, "2026-04-first500/merged/campus.json")}
        for fac in self.rows["fac"].values():
            campus = campuses.get(fac["campus_id"])
            if campus is None:
                fac["campus_id"] = None
            else:
                self.rows["campus"][campus["id"]] = stamped({**campus, "notes": "", "logo": None})

    def _load_carriers(self):
        carriers = {x["id"]: x for x in read(self.folder, "2026-04-first500/merged/carrier.json")}
        for row in read(self.folder, "2026-04-first500/merged/carrierfac.json"):
            carrier = carriers.get(row["carrier_id"])
            if carrier and row["fac_id"] in self.rows["fac"]:
                self.rows["carrierfac"][row["id"]] = stamped(row)
                self.rows["carrier"][carrier["id"]] = stamped({**carrier, "notes": "", "logo": None})

    def prefixes(self, ixlan):
        return [ipaddress.ip_network(r["prefix"]) for r in self.rows["ixpfx"].values() if r["ixlan_id"] == ixlan]

    def prefix(self, ixlan, version):
        """The LAN's prefix of that version in which most of its ports are."""
        addresses = [ipaddress.ip_address(p[f"ipaddr{version}"]) for p in self.ports(ixlan) if p[f"ipaddr{version}"]]
        known = [p for p in self.prefixes(ixlan) if p.version == version]
        return max(known, key=lambda n: (sum(a in n for a in addresses), str(n)))

    def ports(self, ixlan):
        return [r for r in self.rows["netixlan"].values() if r["ixlan_id"] == ixlan]

    def network(self, asn):
        return next((n for n in self.rows["net"].values() if n["asn"] == asn), None)

    def add_network(self, asn, name, **more):
        """A network that PeeringDB's sample does not hold: our own and some route servers."""
        net_id, org_id = self.new_id("net"), self.new_id("org")
        like = dict(next(iter(self.rows["net"].values())))
        blank = {k: ("" if isinstance(v, str) else v) for k, v in like.items()}
        self.rows["net"][net_id] = stamped({
            **blank, "id": net_id, "org_id": org_id, "name": name, "asn": asn, "info_type": "NSP", "info_types": ["NSP"],
            "info_prefixes4": 0, "info_prefixes6": 0, "policy_general": "Open", "policy_locations": "Not Required",
            "policy_ratio": False, "policy_contracts": "Not Required", "info_ipv6": True, "info_scope": "Europe",
            "rir_status": "ok", "notes": "Row made for the demonstration, not from PeeringDB.",
            "created": STAMP, "updated": STAMP, **more})
        self._org(org_id, name)

    def add_port(self, asn, ixlan, ip4, ip6, speed):
        row_id = self.new_id("netixlan")
        self.rows["netixlan"][row_id] = stamped({
            "id": row_id, "net_id": self.network(asn)["id"], "ix_id": ixlan, "ixlan_id": ixlan, "asn": asn,
            "name": self.rows["ix"][ixlan]["name"], "notes": "", "speed": speed, "ipaddr4": ip4, "ipaddr6": ip6,
            "is_rs_peer": False, "bfd_support": False, "operational": True, "net_side_id": None, "ix_side_id": None})
        return row_id

    def add_presence(self, asn, city):
        """The network is in the city's facility where most others are; nowhere when the sample has none there."""
        count = {f: 0 for f, row in self.rows["fac"].items() if row["city"].startswith(city)}
        for row in self.rows["netfac"].values():
            if row["fac_id"] in count:
                count[row["fac_id"]] += 1
        if not count:
            return
        fac = self.rows["fac"][max(count, key=lambda f: (count[f], -f))]
        row_id = self.new_id("netfac")
        self.rows["netfac"][row_id] = stamped({
            "id": row_id, "name": fac["name"], "city": fac["city"], "country": fac["country"],
            "net_id": self.network(asn)["id"], "fac_id": fac["id"], "local_asn": asn})

    def _org(self, org_id, name, website=""):
        names = {o["name"] for o in self.rows["org"].values()}
        name = name if name not in names else f"{name} ({org_id})"
        self.rows["org"][org_id] = stamped({
            "id": org_id, "name": name, "aka": "", "name_long": "", "website": website, "social_media": [], "notes": "",
            "logo": None, **{k: "" for k in ADDRESS}, "latitude": None, "longitude": None})

    def complete_orgs(self):
        """Organisations of every row kept: real ones where the sources have them, else named after what they run."""
        real = {o["id"]: o for o in read(self.folder, "2026-04-first500/merged/org.json")}
        for kind in ("ix", "fac", "net", "campus", "carrier"):
            for row in self.rows[kind].values():
                if row["org_id"] in self.rows["org"]:
                    continue
                if row["org_id"] in real:
                    self.rows["org"][row["org_id"]] = stamped({**real[row["org_id"]], "notes": "", "logo": None})
                else:
                    self._org(row["org_id"], row.get("org_name") or row["name"], row.get("website", ""))

    def save(self, folder):
        for kind, rows in self.rows.items():
            with open(os.path.join(folder, kind + ".json"), "w", encoding="utf-8") as f:
                lines = [json.dumps(rows[i], ensure_ascii=False, separators=(",", ":")) for i in sorted(rows)]
                f.write('{"data":[\n' + ",\n".join(lines) + '\n],"meta":{}}\n')
