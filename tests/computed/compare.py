#!/usr/bin/env python3
"""compare.py URL TOKEN FILE: asks the API for what FILE (of oracle.py computed) says, and prints a line for each key: its
name, how many values there are, how many differ, and the first that does."""
import json
import sys
import urllib.request

url, token, path = sys.argv[1:]


def get(address):
    request = urllib.request.Request(address, headers={"Authorization": f"Token {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def rows(path):
    out, offset = {}, 0
    while True:
        page = get(f"{url}/{path}/?limit=1000&offset={offset}")
        out.update((r["id"], r) for r in page["results"])
        offset += 1000
        if page["next"] is None:
            return out


def plain(value):
    """Lists of entries of a registry come without a promise about the order of keys."""
    return json.loads(json.dumps(value, sort_keys=True))


lists, counts = {}, {}
with open(path, encoding="utf-8") as f:
    for line in map(json.loads, f):
        where, key, want = line["path"], line["key"], line["value"]
        if line["id"]:
            if where not in lists:
                lists[where] = rows(where)
            got = lists[where].get(line["id"], {}).get(key, "no such object")
            name = f"{where}.{key}"
        else:
            got = get(f"{url}/{where}" + ("" if "?" in where else "/"))
            if key == "ids":
                got = sorted(r["id"] for r in got)
            name = "/".join("{id}" if p.isdigit() else p for p in where.split("?")[0].split("/"))
        count = counts.setdefault(name, [0, 0, ""])
        count[0] += 1
        if plain(got) != plain(want):
            count[1] += 1
            count[2] = count[2] or f"at {where} {line['id']}: want {json.dumps(want)[:150]}, got {json.dumps(got)[:150]}"
for name, (n, wrong, first) in sorted(counts.items()):
    print(name, n, wrong, first)
