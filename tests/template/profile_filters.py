"""The context-free filters, the include tags and the global of Peering Manager's template environment, for generate.py.

Written from the documented behaviour of Peering Manager 1.10's templates; only what does not need its database.
"""
import ipaddress
import json
import re
import unicodedata

import jinja2
import yaml
from jinja2 import nodes
from jinja2.ext import Extension


class Readable(dict):
    """A JSON object whose keys can be read as attributes, as the fields of a model can."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def readable(value):
    if isinstance(value, dict):
        return Readable((k, readable(v)) for k, v in value.items())
    if isinstance(value, list):
        return [readable(v) for v in value]
    return value


def safe_string(value):
    return unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii")


def quote(value, char='"'):
    return char + str(value) + char if value else ""


def parse(value, version):
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        try:
            address = ipaddress.ip_interface(value)
        except ValueError:
            return None
    return address if address.version == version else None


def ipv4(value):
    return parse(value, 4)


def ipv6(value):
    return parse(value, 6)


def ip(value):
    if isinstance(value, list):
        return [ip(v) for v in value]
    if isinstance(value, dict):
        value = value["ip_address"]
    if isinstance(value, (ipaddress.IPv4Interface, ipaddress.IPv6Interface)):
        return str(value.ip)
    if isinstance(value, str):
        return str(ipaddress.ip_interface(value).ip)
    return str(value)


def mac(value, format=""):
    if isinstance(value, dict):
        value = value["mac_address"]
    digits = re.sub(r"[^0-9a-f]", "", str(value).lower())
    if len(digits) != 12:
        raise ValueError("value is not a valid mac address")
    if format == "cisco":
        return ".".join(digits[i:i + 4] for i in (0, 4, 8))
    if format == "bare":
        return digits
    return ":".join(digits[i:i + 2] for i in range(0, 12, 2))


def drop_seven(value):
    return value[2:] if value.startswith("7 ") else value


def matches(item, wanted):
    return all(hasattr(item, k) and getattr(item, k) == v for k, v in wanted.items())


def filter_items(value, **wanted):
    if not hasattr(value, "__iter__"):
        raise ValueError("value cannot be filtered (not iterable)")
    return [item for item in value if matches(item, wanted)]


def unique_items(value, field):
    if not hasattr(value, "__iter__"):
        raise ValueError("value cannot be filtered (not iterable)")
    seen, out = [], []
    for item in value:
        if hasattr(item, field) and getattr(item, field) not in seen:
            seen.append(getattr(item, field))
            out.append(item)
    return out


def iterate(value, field):
    for item in value:
        yield getattr(item, field, None)


def search(context, key, recursive):
    """Depth first, in key order, a parent before its children: (found, value)."""
    for k, v in context.items():
        if k == key:
            return True, v
        if recursive and isinstance(v, dict):
            found, value = search(v, key, recursive)
            if found:
                return found, value
    return False, None


def merged(value):
    """An object's merged context stands under config_context; any other dict is a context itself."""
    return value["config_context"] or {} if "config_context" in value else value


def context_has_key(value, key, recursive=True):
    return search(merged(value), key, recursive)[0]


def context_has_not_key(value, key, recursive=True):
    return not context_has_key(value, key, recursive)


def context_get_key(value, key, default=None, recursive=True):
    found, result = search(merged(value), key, recursive)
    return result if found else default


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def as_json(value, indent=4, sort_keys=True):
    return json.dumps(plain(value), indent=indent, sort_keys=sort_keys)


def as_yaml(value, indent=2, sort_keys=True):
    return yaml.dump(plain(value), indent=indent, sort_keys=sort_keys, default_flow_style=False)


def indent(value, n, chars=" ", reset=False):
    lines = str(value).splitlines(True)
    if reset:
        lines = [line.lstrip(chars) for line in lines]
    return "".join(chars * n + line for line in lines)


FILTERS = {
    "arista_password": drop_seven, "as_json": as_json, "as_yaml": as_yaml, "cisco_password": drop_seven,
    "context_get_key": context_get_key, "context_has_key": context_has_key, "context_has_not_key": context_has_not_key,
    "count": len, "filter": filter_items, "indent": indent, "ip": ip, "ipv4": ipv4, "ipv6": ipv6, "iterate": iterate,
    "len": len, "length": len, "mac": mac, "quote": quote, "safe_string": safe_string, "unique_items": unique_items,
}


class IncludeExtension(Extension):
    """include_configuration X and its two kin: X is a constant or a bare word, taken as it is spelled."""

    tags = {"include_configuration", "include_email", "include_exporttemplate"}

    def parse(self, parser):
        tag = next(parser.stream)
        word = parser.parse_expression()
        name = word.name if isinstance(word, nodes.Name) else word.value
        node = nodes.Include(lineno=tag.lineno)
        node.template = nodes.Const("%s::%s" % (tag.value.partition("_")[2], name), lineno=tag.lineno)
        node.with_context, node.ignore_missing = True, False
        return node


def install(env):
    env.filters.update(FILTERS)
