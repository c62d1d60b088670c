#!/usr/bin/python3
"""Every list of the API beside what Peering Manager 1.10's OpenAPI document says of it (tests/data/api/endpoints.json) and how it answers
to what is wrong: envelope, keys in their order, types, nested and brief forms, statuses and the texts of errors.

contract.py URL TOKEN POWERLESS_TOKEN TABLE. Prints FAILED lines; TABLE gets a line an endpoint."""
import collections, http.client, json, os, re, sys, urllib.parse

url, token, powerless, table = sys.argv[1:5]
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "api")
server = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
passed, failed, endpoint = collections.Counter(), collections.Counter(), None


class Answer:
    def __init__(self, response):
        self.status, self.headers, text = response.status, response.headers, response.read().decode()
        self.text = text
        try:
            self.body = json.loads(text) if text else None
        except ValueError:
            self.body = text


def ask(method, path, body=None, who=token, **headers):
    headers = {k.replace("_", "-"): v for k, v in headers.items()}
    if who:
        headers["Authorization"] = "Token " + who
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
        body = body if isinstance(body, (str, bytes)) else json.dumps(body)
    server.request(method, path, body, headers)
    return Answer(server.getresponse())


def same(what, want, got):
    if want == got:
        passed[endpoint] += 1
    else:
        failed[endpoint] += 1
        print(f"FAILED: {endpoint}: {what}: want {str(want)[:300]}, got {str(got)[:300]}")


def said(what, status, body, answer):
    same(what, (status, body), (answer.status, answer.body))


# ---- shapes ----

JSON = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict, "number": (int, float)}
# Said in the document and otherwise in recorded answers: choices are objects, contexts any JSON.
CHOICE = {"value", "label"}


def shape(told, obj):
    same("keys and their order", list(told), list(obj))
    wrong = []
    for k, v in obj.items():
        want = told.get(k, {}).get("type", "any")
        if v is None or want == "any" or isinstance(v, dict) and set(v) == CHOICE:
            continue
        if not isinstance(v, JSON[want]) or want == "integer" and isinstance(v, bool):
            wrong.append((k, want, v))
    same("types", [], wrong)


def nested(told, objects):
    for k, t in told.items():
        found = [x for o in objects for x in (o.get(k) if isinstance(o.get(k), list) else [o.get(k)]) if isinstance(x, dict) and set(x) != CHOICE]
        if "keys" in t and found:
            same(f"nested form of {k}", t["keys"], list(found[0]))


def reading(e, told, base):
    first = ask("GET", base + "?limit=1")
    same("envelope", ["count", "next", "previous", "results"], list(first.body))
    same("one of many", (200, 1, True), (first.status, len(first.body["results"]), first.body["count"] > 1))
    same("next", url + base + "?limit=1&offset=1", first.body["next"])
    same("headers", ("1.10", "application/json", True), (first.headers["API-Version"], (first.headers["Content-Type"] or "").split(";")[0],
         bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first.headers["X-Request-ID"] or ""))))
    second = ask("GET", base + "?offset=1&limit=1&ordering=-id")
    same("previous", url + base + "?limit=1&ordering=-id", second.body["previous"])
    every = ask("GET", base + "?limit=0")
    same("limit=0 is everything", (every.body["count"], None, None), (len(every.body["results"]), every.body["next"], every.body["previous"]))
    same("beyond the end", [], ask("GET", base + "?offset=100000").body["results"])
    same("a limit that is none", True, len(ask("GET", base + "?limit=abc").body["results"]) in (every.body["count"], 20))
    same("a negative offset", first.body["results"], ask("GET", base + "?limit=1&offset=-5").body["results"])
    same("no order", every.text, ask("GET", base + "?limit=0&ordering=nothing").text)
    objects = every.body["results"]
    for o in objects[:1]:
        shape(told["keys"], o)
    nested(told["keys"], objects)
    names = list(told["keys"])[:3]
    same("fields=", names, list(ask("GET", base + "?limit=1&fields=" + ",".join(names)).body["results"][0]))
    same("exclude=", list(told["keys"])[1:], list(ask("GET", base + f"?limit=1&exclude={names[0]}").body["results"][0]))
    if "nested" in told:
        same("brief", told["nested"], list(ask("GET", base + "?limit=1&brief=1").body["results"][0]))
    if "id" in told["keys"]:
        same("ordering", sorted(o["id"] for o in objects), [o["id"] for o in ask("GET", base + "?limit=0&ordering=id").body["results"]])
        same("ordering backwards", sorted((o["id"] for o in objects), reverse=True), [o["id"] for o in ask("GET", base + "?limit=0&ordering=-id").body["results"]])
        one = ask("GET", f"{base}{objects[0]['id']}/")
        said("the object by itself", 200, objects[0], one)
        same("HEAD", (200, ""), (lambda a: (a.status, a.text))(ask("HEAD", f"{base}{objects[0]['id']}/")))
    if "url" in told["keys"] and objects[0]["url"].startswith(url + "/api"):
        same("its url leads to it", objects[0], ask("GET", objects[0]["url"][len(url):]).body)
    same("nothing there", (404, True), (lambda a: (a.status, bool(re.fullmatch(r"No \w+ matches the given query\.", a.body["detail"]))))(ask("GET", base + "999999999/")))
    same("no number", 404, ask("GET", base + "nope/").status)
    return objects


def signing_in(methods, base):
    missing = {"detail": "Authentication credentials were not provided."}
    denied = {"detail": "You do not have permission to perform this action."}
    said("nobody reads", 403, missing, ask("GET", base, who=None))
    said("nobody writes", 403, missing, ask("POST", base, {}, who=None))
    said("nobody changes many", 403, missing, ask("PATCH", base, [], who=None))
    said("nobody deletes many", 403, missing, ask("DELETE", base, [], who=None))
    said("a token that is none", 403, {"detail": "Invalid token"}, ask("GET", base, who="0" * 40))
    said("a token with a space", 403, {"detail": "Invalid token header. Token string should not contain spaces."}, ask("GET", base, who="a b"))
    said("Bearer is no scheme", 403, missing, ask("GET", base, who=None, Authorization="Bearer " + token))
    same("token in small letters", 200, ask("GET", base + "?limit=1", who=None, Authorization="token " + token).status)
    said("no right to read", 403, denied, ask("GET", base, who=powerless))
    if "POST" not in methods:
        return
    said("no right to write", 403, denied, ask("POST", base, {}, who=powerless))
    said("no right to write many", 403, denied, ask("PATCH", base, [{"id": 1}], who=powerless))


def how_asked(base):
    same("no slash", True, (lambda a: a.status == 200 or a.status == 301 and a.headers["Location"].endswith(base))(ask("GET", base[:-1])))
    same("Accept: */*", 200, ask("GET", base + "?limit=1", Accept="*/*").status)
    same("media types with a trailing semicolon", 200, ask("GET", base + "?limit=1", Accept="application/json;", Content_Type="application/json;").status)
    said("no such version", 406, {"detail": 'Invalid version in "Accept" header.'}, ask("GET", base, Accept="application/json; version=9"))
    same("this version", 200, ask("GET", base + "?limit=1", Accept="application/json; version=1.10").status)
    same("unknown parameters are passed over", 200, ask("GET", base + "?limit=1&no_such_thing=7").status)


def refusing(methods, base):
    for m in ("POST", "PUT", "PATCH", "DELETE"):
        if m not in methods:
            said(m + " is not allowed", 405, {"detail": f'Method "{m}" not allowed.'}, ask(m, base, {}))


REQUIRED = ["This field is required."]
# What the document says need not be given, and the original refuses without; what it says it wants and does not.
ALSO = {"devices/routers": ["local_autonomous_system", "platform"], "net/connections": ["internet_exchange_point", "router"],
        "peering/direct-peering-sessions": ["local_autonomous_system"], "peering/internet-exchanges": ["local_autonomous_system"],
        "peering/internet-exchange-peering-sessions": ["ixp_connection"]}


def writing(e, told, base, objects):
    wanted = sorted(set(told["required"] or []) | set(ALSO.get(e, [])))
    errors = {k: REQUIRED for k in told["keys"] if k in wanted} | {k: REQUIRED for k in wanted if k not in told["keys"]}
    one = f"{base}{objects[0]['id']}/"
    if errors:
        said("nothing given", 400, errors, ask("POST", base, {}))
        said("nothing given in a list", 400, [errors], ask("POST", base, [{}]))
        said("nothing given for the whole", 400, errors, ask("PUT", one, {}))
    said("a list of none", 201, [], ask("POST", base, []))
    said("a string for a body", 400, {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}, ask("POST", base, '"x"'))
    same("broken JSON", (400, True), (lambda a: (a.status, a.body["detail"].startswith("JSON parse error - ")))(ask("POST", base, "{")))
    said("another media type", 415, {"detail": 'Unsupported media type "application/xml" in request.'}, ask("POST", base, "<x/>", Content_Type="application/xml"))
    no_list = {"non_field_errors": ['Expected a list of items but got type "dict".']}
    for m in ("PUT", "PATCH", "DELETE"):
        said(m + " of no list", 400, no_list, ask(m, base, {"id": 1}))
    for m in ("PUT", "PATCH"):
        if m == "PATCH" or not errors:
            said(m + " without an id", 400, [{"id": REQUIRED}], ask(m, base, [{}]))
    said("PATCH of what is not there", 200, [], ask("PATCH", base, [{"id": 999999999}]))
    said("DELETE of what is not there", 204, None, ask("DELETE", base, [{"id": 999999999}]))
    same("DELETE of what is not there, alone", 404, ask("DELETE", base + "999999999/").status)
    before = ask("GET", one)
    said("PATCH of nothing changes nothing", 200, before.body, ask("PATCH", one, {}))
    said("unknown and read-only keys are passed over", 200, before.body, ask("PATCH", one, {"id": 7, "url": "x", "display": "x", "nope": 1}))
    many = ask("PATCH", base, [{"id": o["id"]} for o in reversed(objects[:2])])
    same("PATCH of many, in the list's order", (200, [o["id"] for o in ask("GET", base + "?limit=0").body["results"] if o["id"] in [x["id"] for x in objects[:2]]]),
         (many.status, [o["id"] for o in many.body]))
    gone = ask("DELETE", f"{base}{objects[-1]['id']}/?dry_run=1")
    same("a rehearsal deletes nothing", 200, ask("GET", f"{base}{objects[-1]['id']}/").status)
    same("a rehearsal of a deletion", True, gone.status in (200, 204, 409))


def options(methods, base):
    a = ask("OPTIONS", base)
    same("OPTIONS", (200, ["name", "description", "renders", "parses"]), (a.status, list(a.body)[:4]))
    same("OPTIONS tells what may be done", "POST" in methods, "POST" in a.body.get("actions", {}))


def main():
    global endpoint
    told = json.load(open(os.path.join(here, "endpoints.json")), object_pairs_hook=collections.OrderedDict)
    for endpoint, t in told.items():
        base = f"/api/{endpoint}/"
        methods = ["GET"] if endpoint == "core/object-changes" else t["methods"]
        objects = reading(endpoint, t, base)
        signing_in(methods, base)
        how_asked(base)
        options(methods, base)
        refusing(methods, base)
        if "POST" in methods:
            writing(endpoint, t, base, objects)
    with open(table, "w") as out:
        for e in told:
            out.write(f"{e}\t{passed[e]}\t{failed[e]}\n")
    print(f"contract: {sum(passed.values())} {sum(failed.values())}")


main()
