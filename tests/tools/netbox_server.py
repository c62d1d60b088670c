#!/usr/bin/env python3
"""A stand-in for NetBox's REST API: devices, with token, filters and pages.   netbox_server.py DIR [CERTIFICATE KEY]

DIR/devices.json: [{"id", "name", "role": "router", "platform": "junos", "status": "active", "site": "ams", "tags": ["x"]} ...]; DIR/token: the token.
"""
import json
import os
import sys
import urllib.parse

sys.dont_write_bytecode = True
import standin  # noqa: E402

folder = sys.argv[1]
LABELS = {"active": "Active", "offline": "Offline", "planned": "Planned"}


def nested(base, i, slug, kind):
    return None if not slug else {"id": i, "url": "%s/api/dcim/%s/%d/" % (base, kind, i), "display": slug.title(), "name": slug.title(), "slug": slug}


def device(base, d):
    return {"id": d["id"], "url": "%s/api/dcim/devices/%d/" % (base, d["id"]), "display": d.get("name") or "?", "name": d.get("name"),
            "device_type": {"id": 1, "model": "MX204"}, "role": nested(base, 1, d.get("role"), "device-roles"),
            "platform": nested(base, 2, d.get("platform"), "platforms"), "site": nested(base, 3, d.get("site"), "sites"),
            "status": {"value": d["status"], "label": LABELS[d["status"]]}, "primary_ip": {"id": 1, "family": 4, "address": d["ip"]} if "ip" in d else None,
            "local_context_data": d.get("context"), "config_context": {}, "tags": [{"slug": t, "name": t} for t in d.get("tags", [])]}


def respond(request):
    if request.headers.get("Authorization") != "Token " + open(os.path.join(folder, "token")).read().strip():
        return 403, {"detail": "Invalid token"}
    if request.path != "/api/dcim/devices/" or request.method != "GET":
        return 404, {"detail": "Not found."}
    q = urllib.parse.parse_qs(urllib.parse.urlsplit(request.full).query)
    rows = [d for d in json.load(open(os.path.join(folder, "devices.json")))
            if (not q.get("role") or d.get("role") in q["role"]) and all(t in d.get("tags", []) for t in q.get("tag", []))]
    base = "%s://%s" % ("https" if len(sys.argv) > 2 else "http", request.headers["Host"])
    limit, offset = min(int(q.get("limit", ["50"])[0]), 2), int(q.get("offset", ["0"])[0])
    more = [("limit", limit), ("offset", offset + limit)] + [(k, v) for k in ("role", "tag") for v in q.get(k, [])]
    elsewhere = os.path.exists(os.path.join(folder, "elsewhere"))
    return 200, {"count": len(rows), "previous": None, "results": [device(base, d) for d in rows[offset:offset + limit]],
                 "next": ("http://192.0.2.1" if elsewhere else base) + "/api/dcim/devices/?" + urllib.parse.urlencode(more) if offset + limit < len(rows) else None}


standin.serve(folder, respond, sys.argv[2:4] if len(sys.argv) > 3 else None)
