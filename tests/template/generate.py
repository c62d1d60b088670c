#!/usr/bin/python3
"""Write the conformance corpus of the template engine from its case files.

    generate.py [FEATURE ...]      renew corpus/FEATURE.jsonl from cases/FEATURE.txt
    generate.py --show FEATURE     print each template with its result instead

The results come from the real Jinja2 (Debian 12: python3-jinja2 3.1.2, python3-markupsafe 2.1.2; python3-yaml for as_yaml).
A development tool: the tests themselves read only corpus/ and need no Python.  cases/README.md describes the case files.
"""
import json
import linecache
import os
import re
import sys

import jinja2
import jinja2.sandbox
import jinja2.exceptions

import profile_filters

HERE = os.path.dirname(os.path.abspath(__file__))
UNDEFINED = {"default": jinja2.Undefined, "strict": jinja2.StrictUndefined,
             "chainable": jinja2.ChainableUndefined, "debug": jinja2.DebugUndefined}
EXTENSIONS = {"do": "jinja2.ext.do", "loopcontrols": "jinja2.ext.loopcontrols", "i18n": "jinja2.ext.i18n"}
ADDRESS = re.compile(r" at 0x[0-9a-f]{8,}")
# Wording that comes from CPython rather than from Jinja2, inside errors of Jinja2's own classes.
FOREIGN = re.compile(r"jinja2\.|codec|\\\w+ escape|profile_filters\.|builtins|(illegal|unknown) Unicode|position \d")


def fail(where, text):
    sys.exit("%s: %s" % (where, text))


class Section:
    """What holds for all cases of a section until it is changed: context, options, files, compare, the variables of @each."""

    def __init__(self, name):
        self.name, self.count = name, 0
        self.context, self.options, self.files, self.each = {}, {}, {}, {}
        self.compare = self.since = None


class CaseFile:
    """Reads one case file into records without results."""

    def __init__(self, path):
        self.path, self.records, self.names = path, [], set()
        self.feature = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8", newline="\n") as f:
            self.lines = f.read().split("\n")
        self.at, self.section = 0, None
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            self.line(line)

    def where(self):
        return "%s:%d" % (self.path, self.at)

    def line(self, line):
        if line == "" or line.startswith("# ") or line == "#":
            return
        if line.startswith("== "):
            return self.start(line[3:].strip())
        if self.section is None:
            fail(self.where(), "a case file starts with a section: == name")
        if line.startswith("> "):
            return self.case(line[2:])
        if line.startswith("j "):
            return self.case(json.loads(line[2:]))
        if line == "<<<":
            return self.case(self.block())
        if line.startswith("@"):
            return self.directive(*line[1:].partition(" ")[::2])
        fail(self.where(), "expected a case, a directive, a section or a comment, got %r" % line)

    def start(self, name):
        if not re.fullmatch(r"[a-z0-9-]+", name) or name in self.names:
            fail(self.where(), "section name %r is not new or not of a-z 0-9 -" % name)
        self.names.add(name)
        self.section = Section(name)

    def directive(self, word, rest):
        s = self.section
        if word == "context" and rest.startswith("<"):
            with open(os.path.join(HERE, "cases", "contexts", rest[1:] + ".json"), encoding="utf-8") as f:
                s.context = json.load(f)
        elif word in ("context", "options"):
            setattr(s, word, self.json(rest))
        elif word == "file":
            name, _, text = rest.partition(' "')
            if not text:
                if self.lines[self.at] != "<<<":
                    fail(self.where(), "the text of a file stands on the line as JSON or follows between <<< and >>>")
                self.at += 1
            s.files = dict(s.files, **{name: json.loads('"' + text) if text else self.block()})
        elif word == "nofiles":
            s.files = {}
        elif word == "compare":
            s.compare = rest.split() or None
        elif word == "since":
            s.since = rest or None
        elif word == "each":
            name, _, values = rest.partition(" ")
            s.each = dict(s.each)
            s.each.pop(name, None)
            if values:
                s.each[name] = values.split(" ; ")
        else:
            fail(self.where(), "unknown directive @" + word)

    def json(self, text):
        """A JSON value may go on over further lines until it is complete."""
        while True:
            try:
                return json.loads(text or "{}")
            except json.JSONDecodeError as e:
                if self.at >= len(self.lines) or self.lines[self.at].startswith(("> ", "== ", "<<<", "@")):
                    fail(self.where(), "bad JSON: %s" % e)
                text += "\n" + self.lines[self.at]
                self.at += 1

    def block(self):
        start = self.at
        try:
            end = self.lines.index(">>>", start)
        except ValueError:
            fail(self.where(), "<<< without >>>")
        self.at = end + 1
        return "\n".join(self.lines[start:end])

    def case(self, template):
        s = self.section
        s.count += 1
        variants = [(template, "")]
        for name, values in s.each.items():
            if "$" + name in template:
                variants = [(t.replace("$" + name, v), tag + "." + str(i + 1))
                            for t, tag in variants for i, v in enumerate(values)]
        for text, tag in variants:
            record = {"id": "%s/%s-%d%s" % (self.feature, s.name, s.count, tag), "template": text}
            for key in ("context", "options", "files"):
                if getattr(s, key):
                    record[key] = getattr(s, key)
            self.records.append((record, s.compare, s.since, self.where()))


def make_environment(options, files):
    o = dict(options)
    extensions = [EXTENSIONS[x] for x in o.pop("extensions", [])]
    undefined = UNDEFINED[o.pop("undefined", "default")]
    autoescape = o.pop("autoescape", False)
    if autoescape == "select":
        autoescape = jinja2.select_autoescape()
    profile = o.pop("profile", None)
    if profile not in (None, "peering-manager"):
        raise ValueError("unknown profile " + profile)
    newstyle = o.pop("newstyle_gettext", False)
    sandboxed = o.pop("sandboxed", profile is not None)
    cls = jinja2.sandbox.SandboxedEnvironment if sandboxed else jinja2.Environment
    if profile:
        extensions.append(profile_filters.IncludeExtension)
    env = cls(loader=jinja2.DictLoader(files), undefined=undefined, autoescape=autoescape, extensions=extensions, **o)
    if profile:
        profile_filters.install(env)
    if EXTENSIONS["i18n"] in extensions:
        env.install_null_translations(newstyle=newstyle)
    return env


def innermost(tb):
    """Line and name of the innermost template frame, and whether Jinja2 itself raised the error by a raise statement."""
    lineno = name = None
    found = own = False
    while tb is not None:
        template = tb.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            lineno, name, found = template.get_corresponding_lineno(tb.tb_lineno), template.name, True
        last, tb = tb, tb.tb_next
    code = last.tb_frame.f_code.co_filename
    if os.sep + "jinja2" + os.sep in code or code.endswith("profile_filters.py"):
        own = linecache.getline(code, last.tb_lineno).strip().startswith("raise ")
    return lineno if found else None, name, own


def spans_lines(source, options):
    """Is there a tag over several lines?  Then Jinja2's line of a runtime error is imprecise."""
    o = {k: v for k, v in options.items() if k.endswith(("_string", "_prefix"))}
    depth_line = None
    try:
        for lineno, kind, _ in jinja2.Environment(**o).lex(source):
            if kind in ("block_begin", "variable_begin"):
                depth_line = lineno
            elif kind in ("block_end", "variable_end") and depth_line is not None and lineno != depth_line:
                return True
    except jinja2.TemplateSyntaxError:
        pass
    return False


def describe_error(e, record):
    """The error object, and the keys of it that are worth comparing."""
    cls = type(e).__name__
    compare = ["class", "message", "lineno", "template"]
    if isinstance(e, jinja2.TemplateSyntaxError):
        error = {"class": cls, "message": e.message, "lineno": e.lineno, "template": e.name}
        foreign = FOREIGN.search(e.message)
    elif isinstance(e, SyntaxError):
        return {"class": cls, "message": "", "lineno": None, "template": None}, ["class"]
    else:
        lineno, name, own = innermost(e.__traceback__)
        error = {"class": cls, "message": str(e), "lineno": lineno, "template": name}
        foreign = FOREIGN.search(str(e)) or not (isinstance(e, jinja2.TemplateError) or own)
        sources = [record["template"]] + list(record.get("files", {}).values())
        if lineno is None or any(spans_lines(s, record.get("options", {})) for s in sources):
            compare.remove("lineno")
    if foreign:
        compare.remove("message")
    return error, compare


def evaluate(record):
    env = make_environment(record.get("options", {}), record.get("files", {}))
    context = json.loads(json.dumps(record.get("context", {})))
    if record.get("options", {}).get("profile"):
        context = profile_filters.readable(context)
    try:
        template = env.from_string(record["template"])
        return {"output": template.environment.concat(template.root_render_func(template.new_context(context)))}, None
    except RecursionError:
        sys.exit(record["id"] + " never ends")
    except Exception as e:
        error, compare = describe_error(e, record)
        return {"error": error}, compare


def old_results(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        return {r["id"]: r for r in map(json.loads, f)}


def complete(record, compare, since, old):
    """Add the result; a case of a newer Jinja2 than the one at hand keeps the result that stands in the corpus."""
    version = tuple(map(int, jinja2.__version__.split(".")))
    if since and version < tuple(map(int, since.split("."))):
        kept = old.get(record["id"])
        if kept is None or kept["template"] != record["template"]:
            return None
        return kept
    result, possible = evaluate(record)
    record = dict(record, **result)
    if "error" in result:
        wanted = [k for k in possible if compare is None or k in compare]
        if len(wanted) < 4:
            record["compare"] = wanted
    return record


def generate(feature, show):
    cases = CaseFile(os.path.join(HERE, "cases", feature + ".txt"))
    path = os.path.join(HERE, "corpus", feature + ".jsonl")
    old, out, seen = old_results(path), [], {}
    for record, compare, since, where in cases.records:
        done = complete(record, compare, since, old)
        if done is None:
            print("%s: %s needs Jinja2 %s, left out" % (where, record["id"], since))
            continue
        text = done.get("output", "")
        if ADDRESS.search(text):
            print("%s: %s prints an address, left out: %s" % (where, done["id"], text))
            continue
        key = json.dumps([done.get(k) for k in ("template", "context", "options", "files")])
        if key in seen:
            fail(where, "%s is the same case as %s" % (done["id"], seen[key]))
        seen[key] = done["id"]
        out.append(done)
        if show:
            print("%-24s %s\n    -> %s" % (done["id"], done["template"], json.dumps(done.get("error", text), ensure_ascii=False)))
    if not show:
        with open(path, "w", encoding="utf-8") as f:
            for record in out:
                f.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
    return len(out), sum("error" in r for r in out)


def main():
    args = sys.argv[1:]
    show = "--show" in args
    args = [a for a in args if a != "--show"]
    features = args or sorted(f[:-4] for f in os.listdir(os.path.join(HERE, "cases")) if f.endswith(".txt"))
    total = 0
    for feature in features:
        n, errors = generate(feature, show)
        total += n
        print("%-24s %5d cases, %4d of them errors" % (feature, n, errors))
    print("%-24s %5d" % ("total", total))


if __name__ == "__main__":
    sys.setrecursionlimit(5000)
    main()
