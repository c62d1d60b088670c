#!/usr/bin/python3
"""A scripted RouterOS 7 behind sshd, which runs this as routeros.py FOLDER for every command: exports, files, imports that stop half-way, backups,
a scheduler whose entry restarts the router. With the file "flash" in its folder it has a folder of that name, "old" makes it 7.12."""
import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from peer import FLOOD, Router, merged  # noqa: E402

folder = sys.argv[1]
files = os.path.join(folder, 'files')


class Refused(Exception):
    pass


def cut():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(0.3)


def faults(router, where):
    router.said(where)
    kind = router.fault(where)
    if kind == 'cut':
        cut()
        sys.exit(0)
    if kind == 'garbage':
        print('Welcome to some other box!')
        sys.exit(0)
    if kind == 'hang':
        time.sleep(5)
        sys.exit(0)
    if kind == 'flood':
        try:
            for _ in range(FLOOD // 65536):
                sys.stdout.write('x' * 65536)
            sys.stdout.flush()
        except BrokenPipeError:
            os._exit(0)
        sys.exit(0)


def records(name, router):
    text = router.answer(name + '.txt') or ''
    return text.strip().replace('\n', '')


def load_backup(router):
    router.go_back('backup loaded')
    router.s['up'] = time.time() + 1.5
    router.s['entry'] = None


def scheduler(router, verb, rest):
    e = router.s.get('entry') if router.s.get('pending') else None
    if verb == 'add':
        m = re.match(r'name="(\S+)" interval=(\d+)s comment="([^"]+)" on-event="/system/backup load name=(\S+) password=\\"\\""$', rest)
        if e or not m:
            raise Refused('failure: item with such name already exists' if e else 'expected end of command (line 1 column 40)')
        router.s['entry'] = {'name': m[1], 'interval': m[2], 'comment': m[3]}
        before = router.s['files'][m[4]]
        router.s['pending'] = {'deadline': time.time() + int(m[2]) * router.minute() / 60, 'previous': before, 'log': m[1]}
    elif verb == 'set':
        router.s['pending']['deadline'] = time.time() + 0.5
    else:
        router.s['entry'] = router.s['pending'] = None


def imported(router, name, really):
    try:
        with open(os.path.join(files, os.path.basename(name))) as f:
            text = f.read()
    except FileNotFoundError:
        raise Refused('input does not match any value of file-name')
    for n, line in enumerate(text.splitlines(), 1):
        if 'bogus' in line:
            raise Refused('bad command name bogus (line %d column 1)' % n)
        if really and router.fault('import') == 'refuse' and n == 2:
            raise Refused('failure: already have such connection')
        if really and not line.startswith('#'):
            router.s['running'] = merged(router.s['running'], line)
            router.s['startup'] = router.s['running']
    print('Script file loaded and executed successfully')


def put(router, what):
    if m := re.fullmatch(r'\[:len \[/file find where name="([^"]+)"\]\]', what):
        return '1' if m[1] == 'flash' and router.flag('flash') or m[1] in router.s['files'] else '0'
    if m := re.fullmatch(r'\[/file get \[find where name="([^"]+)"\] size\]', what):
        return str(os.path.getsize(os.path.join(files, os.path.basename(m[1]))))
    if m := re.fullmatch(r'\[:typeof \[:parse \[/file get \[find where name="([^"]+)"\] contents\]\]\]', what):
        imported(router, m[1], False)
        return 'code'
    if what == '[/system/resource get version]':
        return '7.12.1 (stable)' if router.flag('old') else '7.16.1 (stable)'
    if what == '[/system/identity get name]':
        return 'MikroTik'
    if what == '[/system/scheduler print as-value]':
        e = router.s.get('entry') if router.s.get('pending') else None
        other = '.id=*1;comment=failure: none;interval=1d;name=nightly;on-event=/log info "a;b=c";policy=ftp;reboot;read'
        return other + (';.id=*2;comment=%(comment)s;interval=00:10:00;name=%(name)s;next-run=2026-11-21 20:00:00' % e if e else '')
    if m := re.fullmatch(r'\[(\S+) print as-value\]', what):
        return records(m[1].strip('/').replace('/', '_'), router)
    raise Refused('syntax error (line 1 column 7)')


def command(router, text):
    if text == '/export terse show-sensitive':
        print('# 2026-11-21 20:00:00 by RouterOS 7.16.1\r\n# software id = AAAA-BBBB\r\n#')
        print(router.s['running'].replace('\n', '\r\n'), end='')
    elif m := re.fullmatch(r':put (.*)', text):
        print(put(router, m[1]), end='\r\n')
    elif m := re.fullmatch(r'/import file-name=(\S+)( verbose=yes dry-run)?', text):
        if m[2] and router.flag('old'):
            raise Refused('expected end of command (line 1 column 40)')
        imported(router, m[1], not m[2])
    elif m := re.fullmatch(r'/system/backup save name=(\S+) dont-encrypt=yes', text):
        router.s['files'][m[1] + '.backup'] = router.s['running']
        print('Saving system configuration\r\nConfiguration backup saved')
    elif m := re.match(r'/system/scheduler (add|set|remove) (.*)', text):
        scheduler(router, m[1], m[2])
    elif text.startswith('/file remove '):
        for name in re.findall(r'name="([^"]+)"', text):
            router.s['files'].pop(name, None)
            if os.path.exists(os.path.join(files, os.path.basename(name))):
                os.unlink(os.path.join(files, os.path.basename(name)))
    else:
        raise Refused('bad command name %s (line 1 column 1)' % text.split()[0])


def kind_of(text):
    """What a command is called in the log and for faults: without what differs each time."""
    return re.sub(r' .*', '', re.sub(r'^:put \[?\[?(:\w+ )?\[?', '', text)).strip('[]') if not text.startswith('/system/scheduler') else ' '.join(text.split()[:2])


class RouterOS(Router):
    """Going back is a restart."""
    def tick(self):
        p = self.s.get('pending')
        if p and time.time() >= p['deadline']:
            load_backup(self)


text = os.environ['SSH_ORIGINAL_COMMAND']
router = RouterOS(folder)
where = 'dry-run' if text.endswith(' dry-run') else kind_of(text).replace('/import', 'import')
os.makedirs(files, exist_ok=True)
with router:
    away = time.time() < router.s.get('up', 0)
if away:
    cut()
    sys.exit(0)
faults(router, where)
if text.startswith('scp -t '):
    sys.stdout.flush()
    os.execvp('scp', ['scp', '-t', os.path.join(files, os.path.basename(text[7:]))])
with router:
    try:
        command(router, text)
    except Refused as e:
        print(e, end='\r\n')
sys.stdout.flush()
if router.fault(where) == 'cut-after':
    cut()
