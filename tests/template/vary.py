#!/usr/bin/python3
"""Write the case files varied-*.txt: templates put together by chance, with a fixed seed, to meet what nobody thought of.

    vary.py            renew the case files; then run generate.py
"""
import json
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
CONTEXT = {"i": 7, "j": -3, "z": 0, "f": 2.5, "g": -0.75, "s": "Hello World", "e": "", "n": None, "t": True, "u": "é日x",
           "l": [3, 1, 2], "w": ["b", "A", "c"], "m": [1, "a", None, 2.5], "el": [], "d": {"a": 1, "b": {"c": [1, 2]}, "k": "v"},
           "o": [{"name": "x", "v": 2, "on": True}, {"name": "Y", "v": 1, "on": False}, {"name": "z", "v": 2}]}


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *choices):
        return self.r.choice(choices)

    def number(self, depth):
        if depth <= 0:
            return self.pick("i", "j", "z", "f", "g", "0", "1", "2", "10", "3.5", "-1", "t", "d.a", "l[0]", "l[-1]", "o[0].v")
        kind = self.r.randrange(9)
        a, b = self.number(depth - 1), self.number(depth - 1)
        if kind < 4:
            return "%s %s %s" % (a, self.pick("+", "-", "*", "//", "%", "/"), b)
        if kind == 4:
            return "(%s)" % a
        if kind == 5:
            return "%s|%s" % (self.pick("(%s)" % a, "f", "i"), self.pick("int", "float", "abs", "round", "round(1)", "round(0, 'ceil')", "default(5)"))
        if kind == 6:
            return "%s|%s" % (self.sequence(depth - 1), self.pick("length", "sum", "first", "last", "max", "min", "count"))
        if kind == 7:
            return "(%s if %s else %s)" % (a, self.truth(depth - 1), b)
        return "%s.%s" % (self.pick("s", "u", "'banana'"), self.pick("find('a')", "count('l')", "rfind('o')", "index('x')"))

    def text(self, depth):
        if depth <= 0:
            return self.pick("s", "e", "u", "'abc'", "'a-b-c'", "w[0]", "d.k", "s[1:4]", "s[::-1]", "u[0]", "n", "i", "m", "missing", "d.missing", "' pad '")
        kind = self.r.randrange(9)
        a = self.text(depth - 1)
        if kind == 0:
            return "%s ~ %s" % (a, self.pick(self.text(depth - 1), "1", "f"))
        if kind == 1:
            return "(%s)" % a
        if kind in (2, 3):
            return "%s|%s" % (self.pick(a, "(%s)" % a), self.pick(
                "upper", "lower", "title", "capitalize", "trim", "replace('a', 'b')", "replace('l', '', 1)", "string", "center(9)",
                "truncate(5, true, '..', 0)", "default('d')", "default('d', true)", "e", "reverse", "wordcount", "length", "first",
                "indent(2)", "join('.')", "list", "urlencode", "striptags", "tojson", "string|length"))
        if kind == 4:
            return "%s.%s" % (self.pick("s", "u", "'a-b-c'", "d.k"), self.pick(
                "upper()", "lower()", "split('-')", "split()", "strip('a')", "replace('l', 'L')", "startswith('H')", "endswith('d')",
                "zfill(5)", "ljust(4, '.')", "partition('-')", "title()", "swapcase()", "isdigit()", "format(1)", "rjust(12)", "splitlines()"))
        if kind == 5:
            return "'%s' %% %s" % (self.pick("%s", "<%5s>", "%-6s|", "%r"), self.pick("s", "i", "f", "n", "u", "(s,)"))
        if kind == 6:
            return "%s|%s" % (self.sequence(depth - 1), self.pick("join(',')", "join", "first", "last", "string", "tojson"))
        if kind == 7:
            return "(%s if %s%s)" % (a, self.truth(depth - 1), self.pick("", " else " + self.text(depth - 1)))
        return self.pick("'{:>%d}'.format(%s)" % (self.r.randrange(9), self.pick("s", "i", "f")), "'{0}-{1!r}'.format(%s, %s)" % (self.pick("s", "i"), self.pick("u", "n", "m")))

    def sequence(self, depth):
        if depth <= 0:
            return self.pick("l", "w", "m", "el", "o", "d", "[1, 2, 3]", "(1, 'x')", "range(4)", "s", "d.b.c", "l[1:]", "w[::-1]", "missing")
        kind = self.r.randrange(5)
        a = self.sequence(depth - 1)
        if kind == 0:
            return "(%s + %s)" % (self.pick("l", "w", "[9]", "el"), self.pick("l", "w", "[9]", "m"))
        if kind == 1:
            return "[%s, %s]" % (self.number(depth - 1), self.text(depth - 1))
        if kind == 2:
            return "%s|%s|list" % (a, self.pick("map('string')", "map('upper')", "select", "reject('none')", "select('number')", "unique", "reverse",
                                                "batch(2)", "slice(2)", "batch(2, 'x')", "map('int')", "select('string')"))
        if kind == 3:
            return "%s|%s" % (a, self.pick("sort", "list", "sort(reverse=true)", "sort(case_sensitive=true)"))
        return "o|%s" % self.pick("map(attribute='name')|list", "selectattr('on')|list", "rejectattr('on')|map(attribute='v')|list", "sort(attribute='v')|map(attribute='name')|list",
                                  "sort(attribute='v,name')|map(attribute='name')|list", "groupby('v')|map('first')|list", "selectattr('v', 'gt', 1)|map(attribute='name')|list",
                                  "map(attribute='on', default=0)|list", "unique(attribute='v')|map(attribute='name')|list", "sum('v')", "max(attribute='v')", "map(attribute='name')|sort|join")

    def truth(self, depth):
        if depth <= 0:
            return self.pick("t", "n", "s", "e", "el", "l", "z", "missing", "i > 3", "s == 'x'", "d.a", "true", "false")
        kind = self.r.randrange(7)
        if kind == 0:
            return "%s %s %s" % (self.truth(depth - 1), self.pick("and", "or"), self.truth(depth - 1))
        if kind == 1:
            return "not %s" % self.truth(depth - 1)
        if kind == 2:
            return "%s %s %s" % (self.number(depth - 1), self.pick("<", ">", "<=", ">=", "==", "!="), self.number(depth - 1))
        if kind == 3:
            return "%s %s %s" % (self.pick("1", "'a'", "'b'", "n", "i"), self.pick("in", "not in"), self.pick("l", "w", "m", "d", "[1]", "('b', n)"))
        if kind == 4:
            return "%s is %s%s" % (self.pick("i", "f", "s", "n", "l", "d", "t", "missing", "u", "z"), self.pick("", "not "), self.pick(
                "defined", "none", "string", "number", "mapping", "sequence", "iterable", "boolean", "integer", "float", "true", "lower", "upper", "eq(7)", "in([7, s])"))
        if kind == 5:
            return "(%s)" % self.truth(depth - 1)
        return "%s == %s" % (self.text(depth - 1), self.text(depth - 1))

    def expression(self, depth):
        return self.pick(self.number, self.text, self.sequence, self.truth)(depth)

    def sign(self):
        return self.r.choices(["", "-", "+"], [6, 3, 1])[0]

    def blank(self):
        return self.pick("", "", "\n", " ", "  ", "\n  ", "\n\n", " \n", "\t")

    def tag(self, text):
        return "{%%%s %s %s%%}" % (self.sign(), text, self.sign())

    def body(self, depth, loop):
        return "".join(self.blank() + self.node(depth, loop) for _ in range(self.r.randrange(1, 4))) + self.blank()

    def node(self, depth, loop):
        kind = self.r.randrange(12) if depth > 0 else self.r.randrange(4)
        if kind == 0:
            return self.pick("a", "text here", "x\ny", "!", "set a b")
        if kind in (1, 2):
            inner = self.pick("v", "i", "s", "loop.index" if loop else "l", "v|default('-')", "x", "'q'")
            return "{{%s %s %s}}" % (self.pick("", "", "-"), inner, self.pick("", "", "-"))
        if kind == 3:
            return self.pick("{#%s c %s#}" % (self.sign(), self.sign()), self.tag("set v = " + self.pick("1", "s", "v", "[i]", "x")))
        if kind in (4, 5):
            middle = self.tag("else") + self.body(depth - 1, loop) if self.r.random() < 0.4 else ""
            if self.r.random() < 0.3:
                middle = self.tag("elif " + self.truth(0)) + self.body(depth - 1, loop) + middle
            return self.tag("if " + self.truth(1)) + self.body(depth - 1, loop) + middle + self.tag("endif")
        if kind in (6, 7):
            target = self.pick("x", "v", "i")
            condition = self.pick("", "", " if %s" % target, " if t")
            other = self.tag("else") + self.body(depth - 1, False) if self.r.random() < 0.3 else ""
            return self.tag("for %s in %s%s" % (target, self.pick("l", "w", "el", "range(2)", "m", "'xy'"), condition)) + self.body(depth - 1, True) + other + self.tag("endfor")
        if kind == 8:
            return self.tag("with v = " + self.pick("i", "s", "'w'")) + self.body(depth - 1, loop) + self.tag("endwith")
        if kind == 9:
            return self.tag("filter " + self.pick("upper", "trim", "replace('a', 'A')", "indent(2)")) + self.body(depth - 1, loop) + self.tag("endfilter")
        if kind == 10:
            return self.tag("set v") + self.body(depth - 1, loop) + self.tag("endset")
        return self.tag("raw").replace("+%}", "%}") + self.pick(" {{ x }} ", "\n{% if %}\n", "") + self.tag("endraw").replace("-%}", "%}")


def write(name, title, sections):
    with open(os.path.join(HERE, "cases", name + ".txt"), "w", encoding="utf-8") as f:
        f.write("# %s Written by vary.py.\n" % title)
        seen = set()
        for head, cases in sections:
            f.write("\n".join(head) + "\n")
            for text in cases:
                if text in seen:
                    continue
                seen.add(text)
                f.write("j %s\n" % json.dumps(text, ensure_ascii=False))


def main():
    context = "@context " + json.dumps(CONTEXT, ensure_ascii=False)
    m = Maker(64500)
    write("varied-expressions", "Expressions put together by chance.",
          [(["== depth-%d" % depth, context], ["{{ %s }}" % m.expression(depth) for _ in range(count)]) for depth, count in ((1, 150), (2, 300), (3, 250))])
    options = [("plain", {}), ("trim", {"trim_blocks": True}), ("lstrip", {"lstrip_blocks": True}), ("both", {"trim_blocks": True, "lstrip_blocks": True})]
    write("varied-statements", "Tags, texts and whitespace signs put together by chance.",
          [(["== " + name, context, "@options " + json.dumps(o)], [m.body(2, False) for _ in range(90)]) for name, o in options])


if __name__ == "__main__":
    main()
