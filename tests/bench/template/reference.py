#!/usr/bin/python3
"""Render with python3-jinja2, the template compiled and the context loaded beforehand.

    reference.py TEMPLATE CONTEXT.json RUNS     the text on standard output; on standard error, as `peerage template --bench`:
                                                "parse MS ms", "render MS ms" (the median), "resident KIB KiB"
"""
import json
import statistics
import sys
import time

import jinja2


def milliseconds(function, *args):
    start = time.process_time()         # as the command: others may use the machine as well
    result = function(*args)
    return (time.process_time() - start) * 1e3, result


def main(template, context, runs):
    env = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    with open(template, encoding="utf-8") as f:
        source = f.read()
    with open(context, encoding="utf-8") as f:
        variables = json.load(f)
    parse, compiled = milliseconds(env.from_string, source)
    times = []
    for _ in range(int(runs)):
        spent, text = milliseconds(compiled.render, variables)
        times.append(spent)
    sys.stdout.write(text)
    with open("/proc/self/status", encoding="ascii") as f:     # ru_maxrss would begin at what the starting process had
        resident = next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))
    sys.stderr.write("parse %.3f ms\nrender %.3f ms\nresident %d KiB\n" % (parse, statistics.median(times), resident))


if __name__ == "__main__":
    main(*sys.argv[1:])
