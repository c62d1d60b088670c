#!/usr/bin/python3
"""Print src/template/unicode_class.h (argument `class`) or unicode_case.h (`case`) or unicode_names.h (`names`): properties and case mappings of the Unicode Character Database, as Python has them."""
import sys
import unicodedata as u

ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def runs(codes, key=lambda c: 0):
    """Runs of codes with a constant step of 1 or 2 and the same key."""
    out = []
    for c in codes:
        if out:
            start, end, step, k = out[-1]
            if k == key(c) and ((end == start and c - end in (1, 2)) or (end != start and c - end == step)):
                out[-1] = (start, c, c - end, k)
                continue
        out.append((c, c, 1, key(c)))
    return out


def table(name, rows, fmt):
    print("\nstatic const struct %s[] = {" % name)
    line = "\t"
    for r in rows:
        item = fmt(r) + ", "
        if len(line) + len(item) > 116:
            print(line.rstrip())
            line = "\t"
        line += item
    print(line.rstrip())
    print("};")


def prop(name, test):
    table("uc_run uc_%s_runs" % name, runs([c for c in ALL if test(chr(c))]), lambda r: "{ 0x%X, 0x%X, %d, 0 }" % r[:3])


def mapping(name, f):
    simple = [c for c in ALL if f(chr(c)) != chr(c) and len(f(chr(c))) == 1]
    table("uc_run uc_%s_shifts" % name, runs(simple, lambda c: ord(f(chr(c))) - c),
          lambda r: "{ 0x%X, 0x%X, %d, %d }" % r)
    special = [c for c in ALL if len(f(chr(c))) > 1]
    table("uc_special uc_%s_specials" % name, special,
          lambda c: "{ 0x%X, { %s } }" % (c, ", ".join("0x%X" % ord(x) for x in f(chr(c)))))


def cased(c):
    return c.isupper() or c.islower() or c.istitle()


def ignorable(c):
    """Case_Ignorable, as far as the final sigma needs it."""
    return u.category(c) in ("Mn", "Me", "Cf", "Lm", "Sk") or c in "'.:\u00b7\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a\u0387"


HEAD = "/* %s: made by tools/unicode.py from the Unicode Character Database %s. Included by one C file. */"
if sys.argv[1:] == ["class"]:
    print(HEAD % ("unicode_class.h", u.unidata_version))
    prop("alpha", str.isalpha)
    prop("decimal", str.isdecimal)
    prop("digit", lambda c: c.isdigit() and not c.isdecimal())
    prop("numeric", lambda c: c.isnumeric() and not c.isdigit())
    prop("title", lambda c: u.category(c) == "Lt")
    prop("ignorable", ignorable)
    prop("printable", str.isprintable)
    prop("start", lambda c: c.isidentifier() != c.isalpha())
    prop("continue", lambda c: ("a" + c).isidentifier() and not c.isidentifier())
elif sys.argv[1:] == ["names"]:
    # Latin, Greek, punctuation, currency, arrows, mathematics, boxes, symbols: what text in a template may name
    blocks = [(0x20, 0x17F), (0x391, 0x3C9), (0x2010, 0x2044), (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x226F), (0x2500, 0x25FF),
              (0x2600, 0x26FF), (0x2713, 0x271D), (0x1F600, 0x1F64F)]
    chars = [c for a, b in blocks for c in range(a, b + 1) if u.name(chr(c), None)]
    print(HEAD % ("unicode_names.h", u.unidata_version))
    print("static const struct named names[] = {")
    line = "\t"
    for name, c in sorted([(u.name(chr(c)), c) for c in chars] + [("NBSP", 0xA0), ("LF", 10), ("LINE FEED", 10), ("TAB", 9), ("NULL", 0)]):
        item = '{ "%s", 0x%X }, ' % (name, c)
        if len(line) + len(item) > 160:
            print(line.rstrip())
            line = "\t"
        line += item
    print(line.rstrip())
    print("};")
else:
    print(HEAD % ("unicode_case.h", u.unidata_version))
    prop("upper", str.isupper)
    prop("lower", str.islower)
    mapping("uppercase", str.upper)
    mapping("lowercase", str.lower)
    mapping("titlecase", lambda c: c.title())
    mapping("foldcase", str.casefold)
