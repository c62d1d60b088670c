#!/usr/bin/python3
"""Every query parameter of every list (tests/data/api/parameters.tsv, from Peering Manager 1.10's OpenAPI document) on the book of
tests/data/api/book.*: what the list gives is compared with what its JSON says, so no statement of ours is its own judge.

contract_filters.py URL TOKEN FACTS: FACTS is JSON of what the JSON of a list does not tell. Prints FAILED lines, then a table."""
import collections, datetime, http.client, ipaddress, json, os, sys, urllib.parse

url, token, facts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "api")
server = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)


def ask(endpoint, params):
    path = "/api/" + endpoint + "/?" + urllib.parse.urlencode(params)
    server.request("GET", path, headers={"Authorization": "Token " + token})
    answer = server.getresponse()
    text = answer.read().decode()
    return answer.status, json.loads(text) if text.startswith(("{", "[")) else text


# ---- what a parameter means, by the JSON of an object ----

# "endpoint parameter" or "parameter": where its value stands. The rest is found by rule: itself, a nested name, x_id, x_asn.
PLACES = {
    "tag": "tags.slug", "group": "groups.name", "group_id": "groups.id", "role role": "role.slug", "time_after": "time", "time_before": "time",
    "messaging/contact-assignments role": "role.slug", "net/connections router": "router.hostname", "router_name": "router.name",
    "peering/direct-peering-sessions router": "router.hostname", "core/object-changes user": "user.username", "core/jobs user": "user.id",
    "content_type": "content_type", "core/data-files source": "source.name", "core/object-changes user_id": "user.id",
}
# What the list's own objects do not show: id of the object -> values, handed over by the suite from SQL of its own.
FACTS = {(f["endpoint"], f["parameter"]): {int(k) if k.isdigit() else k: v for k, v in f["values"].items()} for f in facts}
SEARCH = {
    "bgp/communities": "name value slug description", "bgp/relationships": "name slug description", "net/bfd": "name slug description",
    "net/connections": "interface description router.name router.hostname ipv4_address ipv6_address", "devices/configurations": "name template",
    "devices/platforms": "name slug description", "devices/routers": "name hostname platform.name", "peering/bgp-groups": "name slug description",
    "peering/autonomous-systems": "name description irr_as_set asn", "peering/routing-policies": "name slug description",
    "peering/direct-peering-sessions": "service_reference comments autonomous_system.name bgp_group.name bgp_group.slug router.name router.hostname ip_address local_ip_address",
    "peering/internet-exchanges": "name slug local_autonomous_system.name local_autonomous_system.asn",
    "peering/internet-exchange-peering-sessions": "service_reference comments autonomous_system.name ip_address",
    "core/object-changes": "user_name", "core/jobs": "user.username name", "core/data-sources": "name description comments", "core/data-files": "path",
    "extras/config-contexts": "name description", "extras/export-templates": "name description", "extras/ix-api": "name api_url api_key",
    "extras/journal-entries": "comments", "extras/tags": "name slug description", "messaging/contact-roles": "name slug description",
    "messaging/contacts": "name title phone email address comments", "messaging/emails": "name subject template", "users/groups": "name",
    "users/users": "username first_name last_name email",
}
# Known, and yet nothing is found: a secret is not to be guessed letter by letter.
SILENT = ("extras/webhooks?secret",)
SUFFIXES = ("before", "after", "nisw", "niew", "isw", "iew", "nic", "nie", "lte", "gte", "ic", "ie", "lt", "gt", "n")


def key(obj):
    """A campus and a synchronisation have no id in their JSON."""
    return obj.get("id") or obj.get("name") or json.dumps(obj)


def reach(value, path):
    """All values at a path; a list on the way gives all of its own."""
    for step in path.split("."):
        if isinstance(value, list):
            value = [v.get(step) for v in value]
        elif value is not None:
            value = value.get(step)
    values = value if isinstance(value, list) else [value]
    return [v["value"] if isinstance(v, dict) and "value" in v else v for v in values]


def place(endpoint, name, example):
    path = PLACES.get(endpoint + " " + name) or PLACES.get(name)
    if path:
        return path
    for tail in ("_id", "_asn"):
        base = name[: -len(tail)]
        if name.endswith(tail) and base in example and name not in example:
            return base + "." + tail[1:] if any(isinstance(o, dict) for o in [example[base]]) else base
    if name in example:
        return name + ".name" if isinstance(example[name], dict) and "value" not in example[name] else name
    return None


def values_of(endpoint, name, obj, example):
    if (endpoint, name) in FACTS:
        return [v for v in FACTS[endpoint, name].get(key(obj), []) if v is not None]
    if name == "address_family" and endpoint.endswith("sessions"):
        return [ipaddress.ip_interface(obj["ip_address"]).version]
    path = place(endpoint, name, example)
    return None if path is None or path.split(".")[0] not in obj else reach(obj, path)


def when(text):
    t = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return t if t.tzinfo else t.replace(tzinfo=datetime.timezone.utc)


def judge(kind, suffix, values, asked, conjunct):
    """Does an object with these values answer to what is asked?"""
    if kind == "date-time":
        values, asked = [when(v) for v in values if v is not None], [when(v) for v in asked]
    elif kind in ("number", "id", "integer"):
        values, asked = [int(v) for v in values if v is not None], [int(v) for v in asked]
    else:
        values, asked = ["" if v is None else str(v) for v in values], [str(v) for v in asked]
    low, want = [str(v).lower() for v in values], [str(a).lower() for a in asked]
    if suffix == "":
        return all(a in values for a in asked) if conjunct else any(v in asked for v in values)
    if suffix == "n":
        return not any(v in asked for v in values)
    if suffix in ("lt", "lte", "gt", "gte", "before", "after"):
        suffix = {"before": "lte", "after": "gte"}.get(suffix, suffix)
        compare = {"lt": lambda v, a: v < a, "lte": lambda v, a: v <= a, "gt": lambda v, a: v > a, "gte": lambda v, a: v >= a}[suffix]
        return any(compare(v, a) for v in values for a in asked)
    positive = suffix[1:] if suffix.startswith("n") else suffix
    test = {"ic": lambda v, a: a in v, "isw": lambda v, a: v.startswith(a), "iew": lambda v, a: v.endswith(a), "ie": lambda v, a: v == a}[positive]
    return any(test(v, a) for v in low for a in want) != suffix.startswith("n")


class Table:
    def __init__(self):
        self.passed, self.failed, self.parameters, self.good = collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter()
        self.silent = []

    def check(self, endpoint, what, want, got):
        if want == got:
            self.passed[endpoint] += 1
            return True
        self.failed[endpoint] += 1
        print(f"FAILED: {endpoint}?{what}: want {want}, got {got}")
        return False


def split(name):
    for s in SUFFIXES:
        if name.endswith("__" + s):
            return name[: -len(s) - 2], s
    return name, ""


def pieces(suffix, text):
    """What to ask a text for, in the other case; no case is asked of a suffix that heeds it."""
    if suffix in ("", "n"):
        return text
    part = {"ic": text[1:-1] or text, "isw": text[: max(1, len(text) - 1)], "iew": text[-max(1, len(text) - 1):], "ie": text}[suffix.lstrip("n") if suffix != "n" else suffix]
    return part.swapcase()


def questions(kind, suffix, known, many):
    known = [k for k in known if k not in (None, "")]
    if not known:
        return []
    out = [[pieces(suffix, str(k)) if kind == "string" else k] for k in known[:3]]
    if many and len(known) > 1:
        out.append([o[0] for o in out[:2]])
    return out


BAD = {"date-time": ("2026-13-45", "Enter a valid date/time."), "number": ("zz", "Enter a whole number."), "uuid": ("zz", "Enter a valid UUID."),
       "choice": ("zz", "Select a valid choice. zz is not one of the available choices."), "id": ("999999", "Select a valid choice. 999999 is not one of the available choices.")}


# Numbers that a list takes one of, without suffixes.
PLAIN = ("created", "updated", "deleted", "asn", "local_asn", "rs_asn", "vlan", "id")


def refusal(endpoint, name, kind, many):
    """Parameter, value and text that differ from their kind's."""
    base = split(name)[0]
    if kind == "id" and base in PLAIN:
        return "zz", "Enter a number."
    if kind == "string" and base == "tag" or base in ("user", "created_by", "group", "source") and kind == "string" or \
       base in ("router", "router_name", "internet_exchange_point", "internet_exchange", "platform", "configuration_template", "local_autonomous_system", "autonomous_system",
                "bgp_group", "bfd", "relationship") and kind == "string" or base.endswith("_asn") or (base == "role" and endpoint == "messaging/contact-assignments"):
        return BAD["choice"]
    if kind == "string" and endpoint == "core/data-sources" and base in ("type", "status"):
        return BAD["choice"]
    if kind == "string":
        return None
    if base == "address_family" and endpoint.endswith("sessions"):
        return "zz", "Enter a number."
    if base in ("content_type_id", "changed_object_type_id") and many == "one" or base == "object_type" and endpoint == "core/jobs":
        return "999999", "Select a valid choice. That choice is not one of the available choices."
    if kind == "id" and base == "user":
        return "999999", "Select a valid choice. That choice is not one of the available choices."
    return BAD.get(kind)


def one(t, endpoint, name, kind, many, objects):
    base, suffix = split(name)
    if base in ("time_after", "time_before"):
        suffix = base[5:]
    ids = [key(o) for o in objects]
    if base == "q":
        return search(t, endpoint, objects)
    example = {}
    for o in objects:
        example.update({k: v for k, v in o.items() if v is not None or k not in example})
    held = {key(o): values_of(endpoint, base, o, example) for o in objects}
    if any(v is None for v in held.values()):
        return t.check(endpoint, name, "a place in the JSON", "none")
    known = list(dict.fromkeys(v for vs in held.values() for v in vs))
    told, good = False, True
    for asked in ([["true"], ["false"]] if kind == "boolean" else questions(kind, suffix, known, many == "many")):
        if kind == "boolean":
            want = [i for i in ids if any(str(v).lower() == asked[0] for v in held[i])]
        else:
            want = [i for i in ids if judge(kind, suffix, held[i], asked, base == "tag" and suffix == "")]
        if endpoint == "peering/routing-policies" and base == "type":
            want = [i for i in ids if i in want or "import-export-policy" in held[i]]
        status, body = ask(endpoint, [("limit", 0), ("ordering", "id")] + [(name, a) for a in asked])
        got = sorted(key(o) for o in body["results"]) if status == 200 else body
        good = t.check(endpoint, urllib.parse.urlencode([(name, a) for a in asked]), sorted(want), got) and good
        told = told or len(want) < len(ids)
    if not told and not f"{endpoint}?{name}".startswith(SILENT):
        t.silent.append(f"{endpoint}?{name}")
    bad = refusal(endpoint, name, kind, many)
    status, body = ask(endpoint, [(name, bad[0] if bad else "zz"), ("limit", 1)])
    if bad:
        good = t.check(endpoint, f"{name}={bad[0]}", (400, {name: [bad[1]]}), (status, body)) and good
    else:
        good = t.check(endpoint, f"{name}=zz", 200, status) and good
    status, body = ask(endpoint, [(name, ""), ("limit", 0)])
    if kind != "choice":
        good = t.check(endpoint, f"{name}=", (200, len(ids)), (status, len(body["results"]) if status == 200 else body)) and good
    if kind in ("id", "choice") or base in ("tag",):
        nothing(t, endpoint, name, kind, base, suffix, held, example)
    return good


# Choice filters refuse "null"; references take it, but those that are set by hand to not do so.
NO_NULL = {"core/jobs", "core/object-changes"}


def nothing(t, endpoint, name, kind, base, suffix, held, example):
    """The value null: that there is none."""
    if kind == "choice" or base in ("object_type", "user", "content_type_id", "changed_object_type_id") or name.endswith("_id") and endpoint in NO_NULL and base != "user_id":
        return
    if kind == "id" and base in PLAIN:
        return
    want = sorted(i for i, v in held.items() if ([x for x in v if x is not None] == []) != (suffix == "n"))
    status, body = ask(endpoint, [("limit", 0), (name, "null")])
    t.check(endpoint, name + "=null", want, sorted(key(o) for o in body["results"]) if status == 200 else body)


def search(t, endpoint, objects):
    paths = SEARCH.get(endpoint)
    if paths is None:
        return True
    good = True
    seen = set()
    for path in paths.split():
        for value in [v for o in objects for v in reach(o, path) if v not in (None, "")][:2]:
            text = str(value)
            q = text.split("/")[0] if "ip" in path and "address" in path else text[1:].upper() if len(text) > 3 and not isinstance(value, int) else text
            if q in seen:
                continue
            seen.add(q)
            least = {key(o) for o in objects if any(match(path, v, q) for v in reach(o, path) if v not in (None, ""))}
            allowed = {key(o) for o in objects for p in paths.split() for v in reach(o, p) if v not in (None, "") and match(p, v, q)} | {i for i, v in FACTS.get((endpoint, "object_repr"), {}).items() for x in v if match("", x, q)}
            status, body = ask(endpoint, [("limit", 0), ("q", q)])
            got = {key(o) for o in body["results"]} if status == 200 else body
            good = t.check(endpoint, "q=" + q, (sorted(least), []), (sorted(least & got), sorted(got - allowed) if endpoint != "peering/internet-exchange-peering-sessions" else [])) and good
    status, body = ask(endpoint, [("limit", 0), ("q", "no-such-thing-anywhere")])
    return t.check(endpoint, "q=no-such-thing-anywhere", 0, body.get("count")) and good


def empties(t, endpoint, names, objects):
    """name__empty, which Peering Manager documents and lacks: null or '', true and false."""
    for name in names:
        path = place(endpoint, name, objects[0])
        if path is None or (endpoint, name) in FACTS or f"{endpoint}?{name}".startswith(SILENT):
            continue
        for answer in (True, False):
            want = sorted(key(o) for o in objects if all(v in (None, "") for v in reach(o, path)) == answer)
            status, body = ask(endpoint, [("limit", 0), (name + "__empty", str(answer).lower())])
            t.check(endpoint, f"{name}__empty={answer}", want, sorted(key(o) for o in body["results"]) if status == 200 else body)
        status, body = ask(endpoint, [("limit", 0), (name + "__empty", "perhaps")])
        t.check(endpoint, f"{name}__empty=perhaps", (200, len(objects)), (status, body.get("count")))


def match(path, value, q):
    if "address" in path and ("ip" in path):
        return value.split("/")[0] == q
    if path.endswith("asn"):
        return q.isdigit() and str(value).startswith(q)
    return q.lower() in str(value).lower()


def main():
    t, lists, suffixed = Table(), {}, {}
    for line in open(os.path.join(here, "parameters.tsv")):
        endpoint, name, kind, many = line.rstrip("\n").split("\t")
        if endpoint not in lists:
            status, body = ask(endpoint, [("limit", 0)])
            lists[endpoint] = body["results"]
        t.parameters[endpoint] += 1
        if one(t, endpoint, name, kind, many, lists[endpoint]):
            t.good[endpoint] += 1
        if kind in ("string", "number", "date-time") and split(name)[1] in ("ie", "lt"):
            suffixed.setdefault(endpoint, []).append(split(name)[0])
    for endpoint, names in suffixed.items():
        empties(t, endpoint, names, lists[endpoint])
    for s in t.silent:
        print("FAILED: no value of the data set makes a difference: " + s)
    with open(sys.argv[4], "w") as out:
        for e in t.parameters:
            out.write(f"{e}\t{t.parameters[e]}\t{t.good[e]}\t{t.passed[e]}\t{t.failed[e]}\n")
    print(f"filters: {sum(t.passed.values())} {sum(t.failed.values()) + len(t.silent)}")


main()
