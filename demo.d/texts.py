"""Longer texts of the demo's book: configurations, e-mails, export templates, webhooks, journal."""

CONFIGURATIONS = [
    dict(name=name, template_file=f"templates/{stem}.j2", jinja2_trim=True, jinja2_lstrip=True, description=text)
    for name, stem, text in (
        ("Junos edge", "junos", "Peering edge on Juniper Junos"),
        ("EOS edge", "eos", "Peering edge on Arista EOS"),
        ("IOS-XR edge", "iosxr", "Peering edge on Cisco IOS-XR"),
        ("SR OS edge", "sros", "Peering edge on Nokia SR OS, MD-CLI"),
        ("FRR edge", "frr", "Peering edge on FRR"),
        ("BIRD edge", "bird", "Peering edge on BIRD 2"),
        ("OpenBGPD edge", "openbgpd", "Peering edge on OpenBGPD"),
        ("Session plan", "session-plan", "Included first by every edge: which session gets which filter"),
    )
]

SIGNATURE = "\n\nKind regards,\nSkerry Networks peering\npeering@skerry.example.net\n"

EMAILS = [
    dict(name="Peering request", jinja2_trim=True, jinja2_lstrip=True,
         subject="Peering between AS64500 and AS{{ autonomous_system.asn }}",
         template="""Hello {{ autonomous_system.name }},

we are Skerry Networks and would like to exchange routes with you.
{% set local_as = affiliated_autonomous_systems | get(asn=64500) %}
{% for ixp in autonomous_system | shared_ixps(local_as) %}
{% set missing = autonomous_system | missing_sessions(local_as, ixp) %}
{% if missing | count > 0 %}

{{ ixp.name }}
  our AS:   {{ local_as.asn }}
  our IPv6: {{ ixp | local_ips(6) | ip | join(", ") }}
  our IPv4: {{ ixp | local_ips(4) | ip | join(", ") }}
{% for port in missing %}
  yours:    {{ port.ipaddr6 | ip if port.ipaddr6 else "-" }} {{ port.ipaddr4 | ip if port.ipaddr4 else "-" }}
{% endfor %}
{% endif %}
{% else %}

We do not see an exchange that we share; would a cross-connect suit you?
{% endfor %}

AS-SET: {{ local_as.irr_as_set }}, at most {{ local_as.ipv4_max_prefixes }} IPv4 and
{{ local_as.ipv6_max_prefixes }} IPv6 prefixes. We need no session key; tell us if you want one.""" + SIGNATURE),
    dict(name="Maintenance notice", jinja2_trim=True, jinja2_lstrip=True,
         subject="Planned work on sessions between AS64500 and AS{{ autonomous_system.asn }}",
         template="""Dear NOC of {{ autonomous_system.name }},

we plan work that takes down the sessions below. We drain them first (RFC 8326), so traffic moves before they go.

{% for session in autonomous_system | ixp_sessions %}
{% if session | inherited_status in ("pre-maintenance", "maintenance") %}
* {{ session.ixp_connection.internet_exchange_point.name }}: {{ session | ip }}
{% endif %}
{% endfor %}
{% for session in autonomous_system | direct_sessions %}
{% if session | inherited_status in ("pre-maintenance", "maintenance") %}
* {{ session.service_reference }}: {{ session | ip }}
{% endif %}
{% endfor %}""" + SIGNATURE),
    dict(name="Sessions that stay down", jinja2_trim=True, jinja2_lstrip=True,
         subject="BGP sessions with AS{{ autonomous_system.asn }} that are down",
         template="""Hello {{ autonomous_system.name }},

these sessions with AS64500 have been down for a while. Are they still wanted? Without an answer we remove them in
four weeks.

{% for session in autonomous_system | ixp_sessions %}
{% if session.bgp_state and session.bgp_state != "established" %}
* {{ session.ixp_connection.internet_exchange_point.name }}: {{ session | ip }} ({{ session.bgp_state }})
{% endif %}
{% endfor %}""" + SIGNATURE),
    dict(name="First contact", jinja2_trim=True, jinja2_lstrip=True,
         subject="Peering with AS{{ autonomous_systems.0.asn }}",
         template="""Hello {{ autonomous_systems.1.name }},

AS{{ autonomous_systems.0.asn }} ({{ autonomous_systems.0.name }}) would like to peer with your
AS{{ autonomous_systems.1.asn }}. Please tell us where it suits you.""" + SIGNATURE),
]

EXPORTS = [
    dict(name="AS numbers and limits", content_type="peering.autonomoussystem",
         description="For a spreadsheet", jinja2_trim=True,
         template="asn,name,ipv4,ipv6\n{% for a in dataset %}\n"
                  "{{ a.asn }},\"{{ a.name | replace('\"', '\"\"') }}\",{{ a.ipv4_max_prefixes or 0 }},"
                  "{{ a.ipv6_max_prefixes or 0 }}\n{% endfor %}\n"),
    dict(name="Routers for rancid", content_type="devices.router", description="router.db of a configuration archive",
         jinja2_trim=True,
         template="{% for r in dataset %}\n{{ r.hostname }};{{ r.platform.slug }};"
                  "{{ 'up' if r.status != 'disabled' else 'down' }}\n{% endfor %}\n"),
]

WEBHOOKS = [
    dict(name="Chat on session changes", enabled=False, type_create=True, type_update=True, type_delete=True,
         content_types=["peering.directpeeringsession", "peering.internetexchangepeeringsession"],
         payload_url="https://hooks.example.net/peering",
         conditions={"and": [{"attr": "status.value", "value": "enabled"}]}),
    dict(name="Ticket on new customers", enabled=False, type_create=True,
         content_types=["peering.autonomoussystem"], payload_url="https://tickets.example.net/api/new"),
]

JOURNAL = [
    (64496, "success", "Second link in **Amsterdam** turned up, traffic balanced by local preference."),
    (64496, "info", "Asked for an increase of the prefix limit from 10 to 20 from January on."),
    (64499, "warning", "Sessions flapped for ten minutes during their software upgrade."),
    (64502, "info", "Site of origin agreed for both links: `origin:64500:4`."),
    (64504, "info", "Cross-connect ordered in Zurich, hand-over expected next week. Sessions are *provisioning*."),
    (65541, "danger", "Contract ended; sessions disabled, to be removed after the notice period."),
    (65538, "success", "AS-SET checked, filters renewed from the IRR."),
    (64510, "info", "Test of the scrubbing tunnel every first Tuesday of the month."),
    (64501, "info", "Cloud moves its second uplink from Frankfurt to Amsterdam in spring."),
    (64500, "info", "New peering policy published: open, no contract, AS-SET required."),
    (15169, "info", "Two private links, Frankfurt and Amsterdam; exchanges stay as a fallback."),
    (20940, "info", "Turn-up of the London cross-connect finished."),
    (2906, "info", "Asked for sessions at Paris as well, done the same day."),
    (8075, "info", "Maintenance window at Ashburn announced by mail, link drained in advance."),
    (6939, "info", "IPv6 over Vienna compared with Zurich, no difference in latency."),
    (16276, "info", "Moved from the exchange to a cross-connect in Paris."),
]
