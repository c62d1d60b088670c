#!/usr/bin/python3
"""The benchmark proper; template.sh calls it with the path of the built command."""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

import context

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPLATE = os.path.join(HERE, "router.conf.j2")
NUMBER = re.compile(r"^(parse|render|resident) ([0-9.]+)", re.M)


def run(argv):
    """Output, figures of standard error, and peak resident memory in KiB of one child."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        child.wait()
        out.seek(0)
        err.seek(0)
        text, said = out.read(), err.read().decode("utf-8", "replace")
    if child.returncode != 0:
        sys.exit("%s ended with status %d: %s" % (" ".join(argv), child.returncode, said[-800:]))
    figures = {k: float(v) for k, v in NUMBER.findall(said)}
    for wanted in ("parse", "render", "resident"):
        if wanted not in figures:
            sys.exit("%s did not say \"%s MS ms\" on standard error: %r" % (argv[0], wanted, said[-300:]))
    return text, figures, figures["resident"]


def ours(command, template, data, runs):
    return run([command, "template", template, "--data", data, "--trim-blocks", "--lstrip-blocks", "--bench", str(runs)])


def reference(template, data, runs):
    return run([sys.executable, os.path.join(HERE, "reference.py"), template, data, str(runs)])


def line(what, a, b, unit):
    print("%-34s %12.2f %12.2f %s   %6.1f times" % (what, a, b, unit, b / a if a else float("inf")))


def check(text, n):
    with open(os.path.join(HERE, "expected-%d.sha256" % n), encoding="ascii") as f:
        return hashlib.sha256(text).hexdigest() == f.read().strip()


def sessions(command, folder, n, runs):
    data = os.path.join(folder, "context-%d.json" % n)
    with open(data, "w", encoding="utf-8") as f:
        json.dump(context.build(n), f, ensure_ascii=False)
    text, fast, fast_rss = ours(command, TEMPLATE, data, runs)
    expected, slow, slow_rss = reference(TEMPLATE, data, runs)
    line("render %d sessions" % n, fast["render"], slow["render"], "ms")
    line("memory, %d sessions" % n, fast_rss / 1024, slow_rss / 1024, "MiB")
    same = text == expected and check(text, n)
    print("output of %d sessions: %d bytes, %s" % (n, len(text), "the same text as expected" if same else "WRONG TEXT"))
    return fast["render"], slow["render"], fast_rss, same


def long_template(command, folder, lines):
    """Parse time of a template of so many lines: the router template over and over."""
    path, data = os.path.join(folder, "long.j2"), os.path.join(folder, "small.json")
    with open(TEMPLATE, encoding="utf-8") as f:
        source = f.read()
    copies = -(-lines // source.count("\n"))
    with open(path, "w", encoding="utf-8") as f:
        f.write(source * copies)
    with open(data, "w", encoding="utf-8") as f:
        json.dump(context.build(10), f)
    text, fast, _ = ours(command, path, data, 3)
    expected, slow, _ = reference(path, data, 3)
    line("parse %d lines" % (source.count("\n") * copies), fast["parse"], slow["parse"], "ms")
    return text == expected


def main(command):
    print("%-34s %12s %12s" % ("", "peerage", "Jinja2"))
    with tempfile.TemporaryDirectory() as folder:
        a = sessions(command, folder, 1000, 15)
        b = sessions(command, folder, 10000, 5)
        same = long_template(command, folder, 2000)
    print("growth of render, 10 times the sessions: peerage %.1f times, Jinja2 %.1f times" % (b[0] / a[0], b[1] / a[1]))
    print("growth of memory, 10 times the sessions: peerage %.1f times" % (b[2] / a[2]))
    if not (a[3] and b[3] and same):
        sys.exit("a text differs")


if __name__ == "__main__":
    main(sys.argv[1])
