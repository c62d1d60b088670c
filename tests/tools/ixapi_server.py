#!/usr/bin/env python3
"""A stand-in for an exchange's IX-API, made from its schema.   ixapi_server.py DIR SCHEMA

Every request must be one that the schema has, with a body that it allows, else it is answered as the schema says (400, 401, 404); every answer is held
against the schema before it leaves, and one that is not by it is a 500 and a line in DIR/invalid. Objects are those of DIR/objects.json, {"macs":
[{...}]}, what a required property lacks made up by the schema. DIR/key: "KEY SECRET". DIR/ttl: seconds that an access token is good. DIR/health: the
status. DIR/later: changes are taken, but not shown. DIR/statistics: of configs, {"id": {"aggregates": ...}}: newer schemas have them. DIR/version: 1
answers as version 1 did, with its names for accounts, offerings and ports. DIR/state has the objects as they are now.
"""
import base64
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import standin  # noqa: E402

folder, schema_file = sys.argv[1:3]
document = json.load(open(schema_file))
schemas = document["components"]["schemas"]
BASE = document["servers"][0]["url"]
FIRST_NAMES = {"accounts": "customers", "product-offerings": "products", "ports": "demarcs"}
FIRST_KEYS = {"managing_account": "managing_customer", "consuming_account": "consuming_customer"}
tokens, objects, loaded, made = {}, {}, 0, 0


def local(name):
    try:
        return open(os.path.join(folder, name)).read().strip()
    except FileNotFoundError:
        return ""


# ---- the schema ----

def deref(s):
    while "$ref" in s:
        s = schemas[s["$ref"].rsplit("/", 1)[1]]
    return s


def flat(s, value=None):
    """With allOf put together, and of oneOf the one that the discriminator names."""
    s = deref(s)
    if "oneOf" in s:
        d = s["discriminator"]
        name = (value or {}).get(d["propertyName"]) if isinstance(value, dict) else None
        ref = d["mapping"].get(name)
        if ref is None:
            return {"type": "object", "properties": {}, "required": [], "wrong": "%s must be one of %s" % (d["propertyName"], ", ".join(d["mapping"]))}
        return flat({"$ref": ref}, value)
    out = {k: v for k, v in s.items() if k != "allOf"}
    out["properties"] = dict(s.get("properties") or {})
    out["required"] = list(s.get("required") or [])
    for part in s.get("allOf", []):
        part = flat(part, value)
        out["properties"] = {**part["properties"], **out["properties"]} if "properties" in part else out["properties"]
        out["required"] += part.get("required", [])
        for k in ("type", "wrong"):
            if k in part:
                out.setdefault(k, part[k])
    if out["properties"] and "type" not in out:
        out["type"] = "object"
    return out


TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}


def problems(s, value, where="", writing=False):
    s = flat(s, value)
    if value is None:
        return [] if s.get("nullable") else ["%s: null" % where]
    if "wrong" in s:
        return ["%s: %s" % (where, s["wrong"])]
    t = s.get("type")
    if t and (not isinstance(value, TYPES[t]) or (isinstance(value, bool) and t != "boolean")):
        return ["%s: not of type %s" % (where, t)]
    found = []
    if "enum" in s and value not in s["enum"]:
        found.append("%s: %r is none of %s" % (where, value, s["enum"]))
    if t == "string" and not s.get("minLength", 0) <= len(value) <= s.get("maxLength", 1 << 30):
        found.append("%s: %d characters" % (where, len(value)))
    if t == "string" and s.get("format") == "date-time" and not re.match(r"\d{4}-\d\d-\d\dT", value):
        found.append("%s: no date-time" % where)
    if t in ("integer", "number") and not s.get("minimum", value) <= value <= s.get("maximum", value):
        found.append("%s: %s is out of range" % (where, value))
    for i, item in enumerate(value if t == "array" else []):
        found += problems(s["items"], item, "%s[%d]" % (where, i), writing)
    if t == "object" and s.get("properties"):
        found += ["%s.%s: missing" % (where, k) for k in s["required"] if k not in value]
        for k, v in value.items():
            if k not in s["properties"]:
                found += ["%s.%s: unknown" % (where, k)] if writing else []
            elif writing and deref(s["properties"][k]).get("readOnly"):
                found.append("%s.%s: read only" % (where, k))
            else:
                found += problems(s["properties"][k], v, "%s.%s" % (where, k), writing)
    return found


def make(s, given=None):
    """Something that the schema allows, with what is given in it."""
    if given is not None and not isinstance(given, dict):
        return given
    s = deref(s)
    if given is None and "oneOf" in s:
        name = next(iter(s["discriminator"]["mapping"]))
        return make(s, {s["discriminator"]["propertyName"]: name})
    s = flat(s, given)
    if given is None and "example" in s:
        return s["example"]
    if given is None and "default" in s:
        return s["default"]
    if given is None and s.get("enum"):
        return s["enum"][0]
    t = s.get("type")
    if t == "object" or s.get("properties"):
        out = {k: make(s["properties"][k]) for k in s["required"] if k not in (given or {}) and k in s["properties"]}
        for k, v in (given or {}).items():
            out[k] = make(s["properties"][k], v) if isinstance(v, dict) and k in s["properties"] else v
        return out
    if t == "string" and s.get("format") in ("date", "date-time"):
        return "2026-01-01" if s["format"] == "date" else "2026-01-01T00:00:00Z"
    return {"string": "x" * s.get("minLength", 1), "integer": s.get("minimum", 1), "number": 1.0, "boolean": False, "array": []}.get(t)


def operation(method, path):
    for pattern, methods in document["paths"].items():
        m = re.fullmatch(re.sub(r"\{\w+\}", r"([^/]+)", pattern), path)
        if m and method.lower() in methods:
            return methods[method.lower()], pattern, m.groups()
    return None, None, ()


def item_schema(kind):
    return document["paths"]["/" + kind]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["items"]


# ---- the objects ----

def load():
    global objects, loaded
    path = os.path.join(folder, "objects.json")
    if os.path.exists(path) and os.stat(path).st_mtime_ns != loaded:
        loaded = os.stat(path).st_mtime_ns
        objects = {kind: [make(item_schema(kind), o) for o in rows] for kind, rows in json.load(open(path)).items()}
        keep()


def keep():
    with open(os.path.join(folder, "state"), "w") as out:
        json.dump(objects, out)


def problem(status, title, kind, detail=""):
    p = {"type": "https://errors.ix-api.net/v2/%s.html" % kind, "title": title, "status": status}
    return status, {**p, "detail": detail} if detail else p


def new_tokens():
    def jwt(seconds):
        global made
        made += 1
        text = json.dumps({"exp": int(time.time() + seconds), "jti": made}).encode()
        token = "e30." + base64.urlsafe_b64encode(text).decode().rstrip("=") + ".x%d" % made
        tokens[token] = time.time() + seconds
        return token
    pair = {"access_token": jwt(float(local("ttl") or 900)), "refresh_token": jwt(86400)}
    with open(os.path.join(folder, "tokens"), "a") as out:
        out.write(json.dumps(pair) + "\n")
    return 201, pair


def good(token):
    return tokens.get(token, 0) > time.time() and token not in local("revoked")


def act(method, pattern, ids, request, body):
    kind = pattern.split("/")[1]
    if pattern == "/auth/token":
        return new_tokens() if "%s %s" % (body["api_key"], body["api_secret"]) == local("key") else \
            problem(401, "Authentication Credentials Invalid", "authentication-error")
    if pattern == "/auth/refresh":
        return new_tokens() if good(body["refresh_token"]) else problem(401, "Authentication Credentials Invalid", "signature-expired")
    if pattern == "/health":
        return 200, {"status": local("health") or "pass", "version": local("version") or "2", "output": "as told"}
    if pattern == "/implementation":
        return 200, make(document["paths"][pattern]["get"]["responses"]["200"]["content"]["application/json"]["schema"],
                         {"schema_version": document["info"]["version"]})
    rows = objects.setdefault(kind, [])
    if not ids and method == "GET":
        return 200, [o for o in rows if all(str(o.get(k)) == v for k, v in request.query.items() if k in o)]
    if not ids and method == "POST":
        row = make(item_schema(kind), {**body, "id": "%s-%d" % (kind, len(rows) + 1)})
        rows.append(row)
        keep()
        return 201, row
    found = [o for o in rows if o["id"] == ids[0]]
    if not found:
        return problem(404, "Not found.", "not-found")
    if method == "PATCH":
        if not local("later"):
            found[0].update(body)
        found[0]["state"] = "production_change_pending"
        keep()
        return 202, found[0]
    return 200, found[0]


# ---- version 1 ----

def renamed(value, names):
    if isinstance(value, list):
        return [renamed(v, names) for v in value]
    return {names.get(k, k): renamed(v, names) for k, v in value.items()} if isinstance(value, dict) else value


def respond(request):
    load()
    first = local("version") == "1"
    base = BASE.replace("v2", "v1") if first else BASE
    path = request.path[len(base):] if request.path.startswith(base + "/") else ""
    statistics = re.fullmatch(r"/network-service-configs/([^/]+)/statistics", path)
    if first:
        kind = path.split("/")[1] if path else ""
        if kind in FIRST_NAMES or path == "/implementation":
            return problem(404, "Not found.", "not-found")
        path = path.replace("/" + kind, "/" + {v: k for k, v in FIRST_NAMES.items()}.get(kind, kind), 1)
    op, pattern, ids = operation(request.method, path)
    if op is None and not (statistics and local("statistics")):
        return problem(404, "Not found.", "not-found")
    token = (request.headers.get("Authorization") or "").replace("Bearer ", "")
    if (op or {}).get("security") != [] and not good(token):
        return problem(401, "Authentication Credentials Invalid", "signature-expired")
    if op is None:
        return 200, json.loads(local("statistics")).get(statistics.group(1), {"aggregates": {}})
    body = None
    if "requestBody" in op:
        content = {"application/json": v for v in op["requestBody"]["content"].values()} if first else op["requestBody"]["content"]
        kind = (request.headers.get("Content-Type") or "").split(";")[0]
        if kind not in content:
            return problem(415, "Content-Type is %s, not %s" % (kind, ", ".join(content)), "validation-error")
        try:
            body = request.json()
        except ValueError:
            return problem(400, "Some fields did not validate.", "validation-error", "no JSON")
        body = renamed(body, {v: k for k, v in FIRST_KEYS.items()}) if first else body
        wrong = problems(content[kind]["schema"], body, "body", True)
        if wrong:
            with open(os.path.join(folder, "refused"), "a") as out:
                out.write("%s %s: %s\n" % (request.method, path, "; ".join(wrong)))
            return problem(400, "Some fields did not validate.", "validation-error", "; ".join(wrong))
    elif request.body:
        return problem(400, "No body is wanted.", "validation-error")
    status, answer = act(request.method, pattern, ids, request, body)
    wanted = op["responses"].get(str(status), {}).get("content", {}).get("application/json", {}).get("schema")
    wrong = ["status %d" % status] if wanted is None else problems(wanted, answer, "answer") if status < 300 else []
    if wrong:
        with open(os.path.join(folder, "invalid"), "a") as out:
            out.write("%s %s: %s\n" % (request.method, path, "; ".join(wrong)))
        return 500, {"title": "This answer is not by the schema", "detail": "; ".join(wrong)[:200]}
    return status, renamed(answer, FIRST_KEYS) if first else answer


standin.serve(folder, respond)
