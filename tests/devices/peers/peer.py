#!/usr/bin/python3
"""What all scripted routers share: a configuration that is kept, staged, committed with a timer and goes back; and faults on demand.

A router is a folder: state.json, `minute` (how many seconds a minute of its timer has; default 60), `fault` (lines "KIND WHERE", see
fault()), `answers` (where recorded answers lie). Every connection, and the suite by `peer.py FOLDER show KEY`, sees the same router."""
import difflib
import fcntl
import json
import os
import re
import sys
import time

FLOOD = 80 * 1024 * 1024


class Router:
    def __init__(self, folder):
        self.folder = folder
        self.file = os.path.join(folder, 'state.json')
        self.lock = open(os.path.join(folder, 'lock'), 'w')

    def __enter__(self):
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        try:
            with open(self.file) as f:
                self.s = json.load(f)
        except FileNotFoundError:
            self.s = {'running': '', 'startup': '', 'sessions': {}, 'history': [], 'owner': 0, 'files': {}}
        self.tick()
        return self

    def __exit__(self, *_):
        with open(self.file + '.new', 'w') as f:
            json.dump(self.s, f)
        os.rename(self.file + '.new', self.file)
        fcntl.flock(self.lock, fcntl.LOCK_UN)

    def tick(self):
        """The timer: when it has run out, what was before runs again."""
        p = self.s.get('pending')
        if p and time.time() >= p['deadline']:
            self.go_back('timer')

    def go_back(self, why):
        self.s['running'] = self.s['pending']['previous']
        self.s['history'].insert(0, {'log': '', 'comment': 'rolled back: ' + why, 'time': int(time.time()), 'config': self.s['running']})
        self.s['pending'] = None

    def commit(self, text, seconds, log='', minutes=0):
        before = self.s['running']
        self.s['running'] = text
        comment = 'commit confirmed, rollback in %dmins' % minutes if seconds else ''
        self.s['history'].insert(0, {'log': log, 'comment': comment, 'time': int(time.time()), 'config': text})
        if seconds:
            old = self.s.get('pending')
            self.s['pending'] = {'deadline': time.time() + seconds, 'previous': old['previous'] if old else before, 'log': log}
        else:
            self.s['pending'] = None
            self.s['startup'] = text

    def minute(self):
        try:
            with open(os.path.join(self.folder, 'minute')) as f:
                return float(f.read())
        except FileNotFoundError:
            return 60.0

    def flag(self, name):
        return os.path.exists(os.path.join(self.folder, name))

    def fault(self, where):
        """The fault wanted here: "cut", "garbage", "flood", "hang", "refuse" or ''."""
        try:
            with open(os.path.join(self.folder, 'fault')) as f:
                for line in f:
                    kind, _, place = line.strip().partition(' ')
                    if place == where:
                        return kind
        except FileNotFoundError:
            pass
        return ''

    def answer(self, name):
        """A recorded answer, or None."""
        try:
            with open(os.path.join(self.folder, 'answers', name)) as f:
                return f.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def said(self, line):
        with open(os.path.join(self.folder, 'log'), 'a') as f:
            f.write(line + '\n')


def merged(running, text):
    """Lines that are not there yet come to the end; "no LINE" and "delete LINE" take one away."""
    lines = running.splitlines()
    for line in text.splitlines():
        for no in ('no ', 'delete '):
            if line.startswith(no):
                lines = [x for x in lines if x != line[len(no):] and x != 'set ' + line[len(no):]]
                break
        else:
            if line not in lines:
                lines.append(line)
    return '\n'.join(lines) + '\n'


def braces(text):
    """A configuration in braces as a tree: statements in their order, None where there is no block; marks ("delete:", "replace:") stay with the words."""
    root, words = {}, []
    stack = [root]
    for t in re.findall(r'"(?:\\\\.|[^"])*"|[{};]|[^\s{};]+', text):
        if t == '{':
            stack.append(stack[-1].setdefault(' '.join(words), {}))
        elif t == '}':
            stack.pop()
        elif t == ';':
            stack[-1][' '.join(words)] = None
        else:
            words.append(t)
            continue
        words = []
    return root


def join_braces(old, new):
    """What a load with marks makes of a tree: "delete:" takes a statement away, "replace:" puts another in its place."""
    for words, block in new.items():
        mark, _, rest = words.partition(': ')
        if mark == 'delete':
            for k in [k for k in old if k == rest or k.startswith(rest + ' ')]:
                del old[k]
        elif mark == 'replace':
            old[rest] = block
        elif block is None:
            for k in [k for k in old if words.split()[0] in ('description', 'peer-as') and k.split()[0] == words.split()[0]]:
                del old[k]
            old[words] = None
        else:
            old[words] = join_braces(old.get(words) or {}, block)
    return old


def print_braces(tree, depth=0):
    pad = '    ' * depth
    return ''.join('%s%s;\n' % (pad, k) if v is None else '%s%s {\n%s%s}\n' % (pad, k, print_braces(v, depth + 1), pad) for k, v in tree.items())


def diff(before, after):
    return '\n'.join(x for x in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm='', n=0) if not x.startswith(('---', '+++', '@@')))


if __name__ == '__main__':
    with Router(sys.argv[1]) as router:
        if sys.argv[2] == 'show':
            value = router.s.get(sys.argv[3])
            print(value if isinstance(value, str) else json.dumps(value))
        elif sys.argv[2] == 'set':
            router.s[sys.argv[3]] = sys.argv[4]
