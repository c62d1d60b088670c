#!/usr/bin/python3
"""Print src/template/entities.h: HTML's named character references (the HTML standard's list, as Python's html.entities has it)."""
import html.entities

print("/* entities.h: made by tools/entities.py from the named character references of the HTML standard. Included by entities.c only. */")
print("static const struct entity entities[] = {")
line = "\t"
for name, text in sorted(html.entities.html5.items()):
    item = '{ "%s", "%s" }, ' % (name, "".join("\\%03o" % b for b in text.encode()))
    if len(line) + len(item) > 150:
        print(line.rstrip())
        line = "\t"
    line += item
print(line.rstrip())
print("};")
