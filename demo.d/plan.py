"""The invented network: everything of the demo's book that no data source knows.

Skerry Networks (AS64500, a carrier) and its sister Skerry Cloud (AS64501, hosting) do not exist. Their AS numbers and
addresses are those reserved for documentation (RFC 5398, RFC 5737, RFC 3849), their names and mailboxes end in
example.net (RFC 2606). Only what they connect to is real: see SOURCE.
"""

OURS, CLOUD = 64500, 64501
AS_OF = "2026-11-20T06:00:00Z"  # the moment the book's session states speak of

# name, asn, platform slug, configuration, city, location code, router communities, status, extra fields
ROUTERS = [
    ("fra1", OURS, "juniper-junos", "Junos edge", "Frankfurt", 1, "enabled", {"encrypt_passwords": True}),
    ("fra2", CLOUD, "arista-eos", "EOS edge", "Frankfurt", 2, "enabled", {"encrypt_passwords": True}),
    ("ams1", OURS, "cisco-iosxr", "IOS-XR edge", "Amsterdam", 3, "enabled", {}),
    ("lon1", OURS, "nokia-sros", "SR OS edge", "London", 4, "enabled", {}),
    ("par1", OURS, "frr", "FRR edge", "Paris", 5, "enabled", {}),
    ("zrh1", OURS, "bird", "BIRD edge", "Zurich", 6, "enabled", {}),
    ("vie1", OURS, "openbgpd", "OpenBGPD edge", "Vienna", 7, "enabled", {}),
    ("ash1", OURS, "juniper-junos", "Junos edge", "Ashburn", 8, "enabled", {"encrypt_passwords": True}),
]

# The platforms that a fresh book does not have yet.
PLATFORMS = [
    ("BIRD 2", "bird", "bird", "Internet routing daemon, configured by one file"),
    ("FRR", "frr", "frr", "Free Range Routing, configured through vtysh or frr-reload"),
    ("Nokia SR OS", "nokia-sros", "sros", "Model-driven SR OS, MD-CLI"),
    ("OpenBGPD", "openbgpd", "openbgpd", "OpenBSD's BGP daemon, portable edition"),
]

# Our ports: router, exchange id in PeeringDB, our AS there, share of the willing peers we have sessions with,
# interface, vlan, status, tags.
PORTS = [
    ("fra1", 31, OURS, .95, "ae31.100", 100, "enabled", ["core-ix"]),
    ("fra1", 676, OURS, .95, "xe-0/1/4.0", None, "enabled", []),
    ("fra1", 209, OURS, .95, "ae31.209", 209, "enabled", ["remote-port"]),
    ("fra1", 73, OURS, .95, "ae31.73", 73, "enabled", ["remote-port"]),
    ("fra1", 26, OURS, .08, "ae31.26", 26, "pre-maintenance", ["remote-port"]),
    ("fra1", 60, OURS, .50, "ae31.60", 60, "enabled", ["remote-port"]),
    ("fra2", 31, CLOUD, .20, "Ethernet49/1", None, "enabled", ["core-ix"]),
    ("fra2", 87, CLOUD, .95, "Ethernet50/1.87", 87, "enabled", ["remote-port"]),
    ("fra2", 91, CLOUD, .95, "Ethernet50/1.91", 91, "enabled", ["remote-port"]),
    ("fra2", 676, CLOUD, .80, "Ethernet51/1", None, "enabled", []),
    ("ams1", 26, OURS, .95, "HundredGigE0/0/0/4", None, "enabled", ["core-ix"]),
    ("ams1", 64, OURS, .95, "TenGigE0/0/1/2.64", 64, "enabled", []),
    ("ams1", 59, OURS, .95, "TenGigE0/0/1/3.59", 59, "enabled", ["remote-port"]),
    ("ams1", 18, OURS, .10, "TenGigE0/0/1/3.18", 18, "enabled", ["remote-port"]),
    ("ams1", 12, OURS, .30, "TenGigE0/0/1/3.12", 12, "enabled", ["remote-port"]),
    ("lon1", 26, OURS, .25, "1/1/c9/1:26", 26, "enabled", ["remote-port"]),
    ("lon1", 18, OURS, .95, "lag-18", None, "enabled", ["core-ix"]),
    ("lon1", 321, OURS, .95, "lag-21", None, "enabled", ["core-ix"]),
    ("lon1", 53, OURS, .95, "1/1/c6/1", None, "enabled", []),
    ("lon1", 48, OURS, .95, "1/1/c8/1:48", 48, "enabled", ["remote-port"]),
    ("lon1", 583, OURS, .95, "1/1/c8/1:583", 583, "enabled", ["remote-port"]),
    ("par1", 53, OURS, .40, "enp2s0f1.53", 53, "enabled", ["remote-port"]),
    ("par1", 359, OURS, .95, "enp1s0f0", None, "enabled", ["core-ix"]),
    ("par1", 255, OURS, .95, "enp2s0f0", None, "enabled", []),
    ("par1", 34, OURS, .95, "enp2s0f1.34", 34, "maintenance", []),
    ("par1", 63, OURS, .95, "enp2s0f1.63", 63, "enabled", ["remote-port"]),
    ("par1", 31, OURS, .10, "enp2s0f1.31", 31, "enabled", ["remote-port"]),
    ("zrh1", 359, OURS, .30, "ens2f1.359", 359, "enabled", ["remote-port"]),
    ("zrh1", 60, OURS, .95, "ens1f0", None, "enabled", ["core-ix"]),
    ("zrh1", 29, OURS, .95, "ens2f0", None, "enabled", []),
    ("zrh1", 35, OURS, .95, "ens2f1.35", 35, "enabled", ["remote-port"]),
    ("zrh1", 115, OURS, .95, "ens2f1.115", 115, "post-maintenance", ["remote-port"]),
    ("zrh1", 50, OURS, .60, "ens2f1.50", 50, "enabled", ["remote-port"]),
    ("vie1", 31, OURS, .10, "vlan31", 31, "enabled", ["remote-port"]),
    ("vie1", 50, OURS, .95, "ix0", None, "enabled", ["core-ix"]),
    ("vie1", 71, OURS, .95, "vlan71", 71, "enabled", ["remote-port"]),
    ("vie1", 264, OURS, .95, "vlan264", 264, "enabled", ["remote-port"]),
    ("ash1", 1, OURS, .95, "et-0/0/1.0", None, "enabled", ["core-ix"]),
    ("ash1", 12, OURS, .95, "ae12.0", None, "enabled", []),
    ("ash1", 14, OURS, .95, "ae14.0", None, "enabled", []),
    ("ash1", 2, OURS, .95, "ae20.2", 2, "enabled", ["remote-port"]),
    ("ash1", 3, OURS, .95, "ae20.3", 3, "enabled", ["remote-port"]),
    ("ash1", 13, OURS, .95, "ae20.13", 13, "enabled", ["remote-port"]),
    ("ash1", 142, OURS, .95, "ae20.142", 142, "enabled", ["remote-port"]),
    ("ash1", 954, OURS, .95, "ae20.954", 954, "disabled", ["remote-port"]),
]

# What our record in PeeringDB says of the first port at an exchange though it is no longer so: exchange id, key.
FORGOTTEN = {(321, "speed"): 10000, (954, "operational"): True, (60, "is_rs_peer"): False, (1, "bfd_support"): False}

# Route servers whose ports the data do not hold: exchange id, ASN, name, last part of their IPv4 addresses.
ROUTE_SERVERS = [
    (26, 6777, "AMS-IX Route Servers", (251, 252)), (18, 8714, "LINX Route Servers", (253, 254)),
    (321, 8714, "LINX Route Servers", (253, 254)), (583, 8714, "LINX Route Servers", (253, 254)),
    (359, 51706, "France-IX Route Servers", (253, 254)), (64, 34307, "NL-ix Route Servers", (251, 252)),
    (53, 8550, "LONAP Route Servers", (251, 252)), (71, 47200, "NIX.CZ Route Servers", (251, 252)),
    (48, 43760, "INEX Route Servers", (8, 9)),
]
# Route servers that are in the data: exchange id, ASN, the addresses used.
KNOWN_ROUTE_SERVERS = {(31, 6695): ("80.81.192.157", "80.81.193.157"), (60, 42476): None, (115, 25309): None}

TAGS = [
    ("BGP role", "bgp-role", "673ab7", "Announce and enforce our role on the session (RFC 9234)"),
    ("Content", "content", "9c27b0", "Sends far more than it receives"),
    ("Core IX", "core-ix", "3f51b5", "Ports that carry most of our peering traffic"),
    ("Filter by IRR", "filter-irr", "009688", "Accept only what the IRR holds for the AS-SET"),
    ("GTSM", "gtsm", "ff9800", "TTL security agreed with the neighbour (RFC 5082)"),
    ("Legacy MD5", "legacy-md5", "795548", "Session key older than our key policy, to be replaced"),
    ("Priority peer", "priority-peer", "4caf50", "More than 2 Gbit/s at the 95th percentile"),
    ("Remote port", "remote-port", "9e9e9e", "The exchange is reached over a wavelength of a third party"),
    ("Renumbering", "renumbering", "ff5722", "The neighbour announced a change of addresses"),
    ("To be cleaned", "to-be-cleaned", "607d8b", "Looks abandoned, the neighbour was asked"),
]

# name, slug, value, type, description
COMMUNITIES = [
    ("Graceful shutdown", "graceful-shutdown", "65535:0", None, "RFC 8326"),
    ("Blackhole", "blackhole", "65535:666", None, "RFC 7999"),
    ("No export", "no-export", "65535:65281", "egress", "RFC 1997"),
    ("Originated by us", "origin-own", "64500:400", "ingress", "Set where AS64500 originates a prefix"),
    ("Learned from customer", "learned-customer", "64500:300", "ingress", ""),
    ("Learned from private peer", "learned-pni", "64500:220", "ingress", ""),
    ("Learned from route server", "learned-rs", "64500:210", "ingress", ""),
    ("Learned from peer", "learned-peer", "64500:200", "ingress", "Bilateral session at an exchange"),
    ("Learned from transit", "learned-transit", "64500:100", "ingress", ""),
    ("Prepend once to peers", "act-prepend1-peers", "64500:9:1", None, "Action, set by customers"),
    ("Prepend twice to peers", "act-prepend2-peers", "64500:9:2", None, "Action, set by customers"),
    ("Do not announce to peers", "act-no-peers", "64500:9:10", None, "Action, set by customers"),
    ("Do not announce to transit", "act-no-transit", "64500:9:20", None, "Action, set by customers"),
    ("Site of Aldermoor", "soo-aldermoor", "origin:64500:4", "ingress", "Site of origin of a customer with two links"),
    ("Site of Cairn", "soo-cairn", "origin:64500:8", "ingress", "Site of origin of a customer with two links"),
    ("Route target internet", "rt-internet", "target:64500:1", None, "Internet table where it lives in a VRF"),
    ("DE-CIX Frankfurt: announce to all", "rs-de-cix-all", "6695:6695", "egress", "Route server control"),
    ("AMS-IX: announce to all", "rs-ams-ix-all", "6777:6777", "egress", "Route server control"),
    ("LINX: announce to all", "rs-linx-all", "8714:8714", "egress", "Route server control"),
    ("Learned in Frankfurt", "seen-fra", "64500:1:1", "ingress", "Location"),
    ("Learned in Frankfurt, cloud", "seen-fra-cloud", "64500:1:2", "ingress", "Location"),
    ("Learned in Amsterdam", "seen-ams", "64500:1:3", "ingress", "Location"),
    ("Learned in London", "seen-lon", "64500:1:4", "ingress", "Location"),
    ("Learned in Paris", "seen-par", "64500:1:5", "ingress", "Location"),
    ("Learned in Zurich", "seen-zrh", "64500:1:6", "ingress", "Location"),
    ("Learned in Vienna", "seen-vie", "64500:1:7", "ingress", "Location"),
    ("Learned in Ashburn", "seen-ash", "64500:1:8", "ingress", "Location"),
]
SEEN = {"fra1": "seen-fra", "fra2": "seen-fra-cloud", "ams1": "seen-ams", "lon1": "seen-lon", "par1": "seen-par",
        "zrh1": "seen-zrh", "vie1": "seen-vie", "ash1": "seen-ash"}

RELATIONSHIPS = [
    ("Transit provider", "transit-provider", "e91e63", "We pay for the full table"),
    ("Customer", "customer", "4caf50", "They pay us"),
    ("Private peering", "private-peering", "2196f3", "Settlement-free over a cross-connect"),
    ("Internal", "internal", "9e9e9e", "iBGP inside AS64500"),
    ("Affiliated", "affiliated", "3f51b5", "Between our own autonomous systems"),
    ("Service", "service", "ff9800", "Scrubbing, collectors and the like"),
]

# name, slug, type, weight, family, communities, what the templates make of it. See templates/README.md for the words.
POLICIES = [
    ("Sanity IPv4", "in-sanity-v4", "import-policy", 1000, 4, [],
     {"reject": ["default-route", "bogon-prefixes", "own-prefixes", "too-specific"]}),
    ("Sanity IPv6", "in-sanity-v6", "import-policy", 1000, 6, [],
     {"reject": ["default-route", "bogon-prefixes", "own-prefixes", "too-specific"]}),
    ("Origin validation", "in-rpki", "import-policy", 900, 0, [], {"reject": ["rpki-invalid"]}),
    ("AS path hygiene", "in-path", "import-policy", 800, 0, [], {"reject": ["bogon-asns", "long-as-path"]}),
    ("From peer", "in-peer", "import-policy", 500, 0, ["learned-peer"],
     {"reject": ["transit-asns"], "local_preference": 200}),
    ("From route server", "in-rs", "import-policy", 500, 0, ["learned-rs"],
     {"reject": ["transit-asns"], "local_preference": 150}),
    ("From private peer", "in-pni", "import-policy", 500, 0, ["learned-pni"], {"local_preference": 250}),
    ("From transit", "in-transit", "import-policy", 500, 0, ["learned-transit"], {"local_preference": 100}),
    ("From customer", "in-customer", "import-policy", 500, 0, ["learned-customer"],
     {"reject": ["default-route", "long-as-path"], "local_preference": 400}),
    ("Prefer less", "in-backup", "import-policy", 200, 0, [], {"local_preference": 90}),
    ("From customer, second link", "in-customer-backup", "import-policy", 200, 0, [], {"local_preference": 350}),
    ("Prefer more", "in-prefer", "import-policy", 200, 0, [], {"local_preference": 230}),
    ("Strip our communities", "in-strip", "import-policy", 100, 0, [], {"strip": True}),
    ("To peer", "out-peer", "export-policy", 500, 0, [],
     {"accept": ["origin-own", "learned-customer"], "reject": ["act-no-peers"], "med": 0}),
    ("To route server", "out-rs", "export-policy", 500, 0, [],
     {"accept": ["origin-own", "learned-customer"], "reject": ["act-no-peers"], "med": 0}),
    ("To transit", "out-transit", "export-policy", 500, 0, [],
     {"accept": ["origin-own", "learned-customer"], "reject": ["act-no-transit"]}),
    ("To customer, full table", "out-full", "export-policy", 500, 0, [],
     {"accept": ["origin-own", "learned-customer", "learned-pni", "learned-peer", "learned-rs", "learned-transit"]}),
    ("To customer, our routes", "out-own", "export-policy", 500, 0, [],
     {"accept": ["origin-own", "learned-customer"]}),
    ("Do not leave the neighbour", "out-no-export", "export-policy", 300, 0, ["no-export"], {}),
    ("Prepend once", "out-prepend-1", "export-policy", 200, 0, [], {"prepend": 1}),
    ("Prepend three times", "out-prepend-3", "export-policy", 200, 0, [], {"prepend": 3}),
    ("Strip internal communities", "out-strip", "export-policy", 900, 0, [], {"strip": True}),
    ("Pass", "pass", "import-export-policy", 100, 0, [], {}),
]

BFDS = [
    ("BFD 300 ms", "bfd-300", 300, 300, 3, 0, "Default for cross-connects"),
    ("BFD 1 s", "bfd-1000", 1000, 1000, 3, 0, "Over exchanges and wavelengths"),
    ("BFD 100 ms", "bfd-100", 100, 100, 3, 0, "Backbone only"),
]

SANITY = ["in-sanity-v4", "in-sanity-v6", "in-rpki", "in-path", "in-strip"]
# name, slug, status, import, export, local context
GROUPS = [
    ("Transit", "transit", "enabled", SANITY + ["in-transit"], ["out-transit", "out-strip"], {"role": "customer"}),
    ("Customers", "customers", "enabled", ["in-rpki", "in-customer"], ["out-full", "out-strip"],
     {"role": "provider", "max_prefix_restart": 15}),
    ("Private peering", "private-peering", "enabled", SANITY + ["in-pni"], ["out-peer", "out-strip"],
     {"role": "peer"}),
    ("iBGP route reflectors", "ibgp-reflectors", "enabled", ["pass"], ["pass"],
     {"next_hop_self": True, "timers": {"keepalive": 10, "hold": 30}}),
    ("iBGP clients", "ibgp-clients", "enabled", ["pass"], ["pass"],
     {"next_hop_self": True, "route_reflector_client": True, "timers": {"keepalive": 10, "hold": 30}}),
    ("Affiliated", "affiliated", "enabled", ["in-rpki", "in-customer"], ["out-full"], {}),
    ("Services", "services", "maintenance", ["in-strip", "in-backup"], ["out-own", "out-strip"], {}),
]

# Bogons after RFC 6890 and the special registries. The demo's network lives in documentation space, so those three
# IPv4 blocks and 2001:db8::/32 are missing from the list on purpose.
HYGIENE = {
    "bogon_prefixes": {
        "ipv4": ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                 "192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"],
        "ipv6": ["::/8", "100::/64", "2001::/32", "2001:2::/48", "2001:10::/28", "2002::/16", "3ffe::/16",
                 "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"]},
    "bogon_asns": [[0, 0], [23456, 23456], [64496, 131071], [4200000000, 4294967295]],
    "bogon_asns_regex": "_(0|23456|6449[6-9]|64[5-9][0-9]{2}|6[5-9][0-9]{3}|[7-9][0-9]{4}|1[0-2][0-9]{4}|130[0-9]{3}"
                        "|1310[0-6][0-9]|13107[01]|42[0-9]{8})_",
    "transit_asns": [174, 701, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6461, 6762, 6830, 7018, 12956],
    "longest_prefix": {"ipv4": 24, "ipv6": 48},
    "longest_as_path": 50,
    "max_prefix": {"peer": {"ipv4": 1000, "ipv6": 200}, "full": {"ipv4": 1400000, "ipv6": 350000},
                   "route_server": {"ipv4": 400000, "ipv6": 120000}},
}
ORIGINATE = {"originate": {"ipv4": ["192.0.2.0/24", "203.0.113.0/24"], "ipv6": ["2001:db8::/33"]}}
ORIGINATE_CLOUD = {"originate": {"ipv4": ["198.51.100.0/24"], "ipv6": ["2001:db8:8000::/33"]}}
RPKI = {"rpki": [{"address": "192.0.2.30", "port": 323, "preference": 1},
                 {"address": "192.0.2.31", "port": 323, "preference": 2}]}

# asn, name, AS-SET, number of IPv4 /28 of 203.0.113.0/24, attachments, tags, comments
CUSTOMERS = [
    (64496, "Brightwater Fibre", "AS64496:AS-BRIGHTWATER", 2, ["lon1", "ams1"], ["filter-irr", "bgp-role"]),
    (64497, "Lindenhof Hosting", "AS64497:AS-LINDENHOF", 1, ["fra1"], ["filter-irr", "bgp-role"]),
    (64498, "Puffin Mobile", "AS64498:AS-PUFFIN", 2, ["lon1"], ["filter-irr"]),
    (64499, "Kestrel Broadcasting", "AS64499:AS-KESTREL", 1, ["lon1"], ["filter-irr"]),
    (64502, "Aldermoor University Network", "AS64502:AS-ALDERMOOR", 1, ["ams1", "par1"], ["filter-irr", "bgp-role"]),
    (64503, "Cobalt Games", "AS64503:AS-COBALT", 1, ["fra1"], ["filter-irr"]),
    (64504, "Northlight Retail Bank", "", 1, ["zrh1"], ["filter-irr"]),
    (64505, "Saltmarsh Broadband", "AS64505:AS-SALTMARSH", 1, ["ash1"], ["filter-irr"]),
    (65536, "Tern Wireless", "AS65536:AS-TERN", 1, ["par1"], ["filter-irr", "bgp-role"]),
    (65537, "Harrow & Vale IT", "", 1, ["zrh1"], ["filter-irr"]),
    (65538, "Cairn Data Centres", "AS65538:AS-CAIRN", 1, ["vie1", "zrh1"], ["filter-irr", "bgp-role"]),
    (65539, "Redstart Media Delivery", "AS65539:AS-REDSTART", 1, ["ash1"], ["filter-irr", "content"]),
    (65540, "Fulmar Energy Grid", "", 1, ["vie1"], ["filter-irr"]),
    (65541, "Wharfside Media", "", 1, ["par1"], ["filter-irr"]),
]
SCRUBBER = (64510, "Breakwater Scrubbing")

# asn, router, import policy of the session's own, export policy of its own, MD5, BFD, tags
TRANSIT = [(1299, "fra1"), (1299, "ams1"), (2914, "lon1"), (2914, "ash1"), (3257, "par1"), (3257, "zrh1"),
           (6939, "vie1")]
PRIVATE = [(15169, "fra1"), (15169, "ams1"), (20940, "lon1"), (20940, "fra1"), (2906, "ams1"), (2906, "par1"),
           (8075, "lon1"), (8075, "ash1"), (32934, "fra1"), (16276, "par1"), (10310, "ash1"), (3303, "zrh1")]
REFLECTORS = ["fra1", "ams1"]

ROLES = [
    ("NOC", "noc", "Reachable at any hour"),
    ("Peering", "peering", "Requests, turn-ups, depeering"),
    ("Technical", "technical", "Configuration questions"),
    ("Maintenance", "maintenance", "Announcements of planned work"),
    ("Abuse", "abuse", "Complaints"),
    ("Commercial", "commercial", "Contracts and invoices"),
]
