#!/usr/bin/python3
"""A scripted VyOS. vyos.py FOLDER makes what stands on it in FOLDER/bin: `login`, which sshd runs instead of a login shell; sg, vbash, vtysh, the op-mode
wrapper, and what script-template has for a session (vyos-session). Shell, scripts and the time that passes are real; with the file "minute" in the
folder a second of `sleep` is that much of a second."""
import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from peer import FLOOD, Router, diff, merged  # noqa: E402

# Aliases and functions, as the router's own has them: exit statuses say less than the words.
TEMPLATE = '''shopt -s expand_aliases
in_session() {
	local line
	printf '%s\\0' "$#" "$@" >&"${SESSION[1]}"
	while IFS= read -r line <&"${SESSION[0]}"; do
		case $line in $'\\1'*) return "${line#?}";; *) echo "$line";; esac
	done
}
alias configure='coproc SESSION { vyos-session; }; in_session configure'
for word in set delete comment copy rename load merge compare commit discard save exit; do
	alias $word="in_session $word"
done
'''
VERSION = '// vyos-config-version: "bgp@5:system@27"\n// Release version: 1.4.0\n'


SCRIPTS = {
    # what sshd runs instead of the login shell
    'login': 'export PEER=%(folder)s SSHD=$PPID vyatta_sysconfdir=%(folder)s vyatta_bindir=%(folder)s/bin PATH=%(folder)s/bin:$PATH\n'
             'exec sh -c "$SSH_ORIGINAL_COMMAND"\n',
    'sg': 'exec sh -c "$3"\n',
    'vbash': 'exec bash "$@"\n',
    'sleep': 'exec /bin/sleep $(if [ -e "$PEER/minute" ]; then echo "$1 $(cat "$PEER/minute")" | awk \'{ print $1 * $2 }\'; else echo "$1"; fi)\n',
}


def prepare(folder):
    for d in ('bin', 'functions', 'config'):
        os.makedirs(os.path.join(folder, d), exist_ok=True)
    with open(os.path.join(folder, 'functions', 'script-template'), 'w') as f:
        f.write(TEMPLATE)
    with open(os.path.join(folder, 'config', 'config.boot'), 'w') as f:
        f.write('system {\n}\n' + VERSION)
    for name, text in SCRIPTS.items():
        path = os.path.join(folder, 'bin', name)
        with open(path, 'w') as f:
            f.write('#!/bin/sh\n' + text % {'folder': folder} if '%(' in text else '#!/bin/sh\n' + text)
        os.chmod(path, 0o755)
    for name in PROGRAMS:
        os.symlink(os.path.realpath(__file__), os.path.join(folder, 'bin', name))


def cut():
    """The line goes down: what runs on the router goes on."""
    os.kill(int(os.environ['SSHD']), signal.SIGKILL)


def fault(router, where):
    """True: nothing more is to be said."""
    router.said(where)
    kind = router.fault(where)
    if kind == 'cut':
        cut()
        time.sleep(0.3)
    elif kind == 'garbage':
        print('Segmentation fault (core dumped)')
    elif kind == 'hang':
        time.sleep(5)
    elif kind == 'flood':
        try:
            for _ in range(FLOOD // 65536):
                sys.stdout.write('x' * 65536)
            sys.stdout.flush()
        except BrokenPipeError:
            os._exit(0)
    return kind in ('cut', 'garbage', 'hang', 'flood')


def refused(words):
    bad = next((w for w in words if 'bogus' in w), None)
    if bad:
        print('\n  Configuration path: %s [%s] is not valid\n  Set failed\n' % (' '.join(words[:words.index(bad)]), bad))
    return bad is not None


def take(router, command, words, session):
    """set, delete and their like on a candidate. What was there already is told, and is an error to the shell."""
    line = 'set ' + ' '.join("'%s'" % w if re.search(r'[^\w.:/-]', w) else w for w in words)
    if refused(words):
        return 1
    lines = session.splitlines()
    if command == 'delete':
        under = [x for x in lines if (x + ' ').startswith(line + ' ')]
        if not under:
            print('  Nothing to delete (the specified node does not exist)')
            return 1
        lines = [x for x in lines if x not in under]
    elif line in lines:
        print('  Configuration path: [%s] already exists' % ' '.join(words))
        return 1
    else:
        lines.append(line)
    return '\n'.join(lines) + '\n'


def load(router, command, path, session):
    with open(path) as f:
        text = f.read()
    if '// vyos-config-version' not in text:
        print('Migrating configuration of version 0')
        text = 'broken\n'
    text = ''.join(x + '\n' for x in text.splitlines() if not x.startswith('//'))
    if 'bogus' in text:
        print("Failed to parse specified config file")
        return session
    after = text if command == 'load' else merged(session, text)
    print("%s complete. Use 'commit' to make changes effective." % command.capitalize() if after != session else 'No configuration changes to commit.')
    return after


def commit(router, pid, comment):
    s = router.s
    candidate = s['sessions'][pid]
    if candidate == s['running']:
        print('No configuration changes to commit')
    elif router.fault('commit') == 'locked':
        print('Configuration system temporarily locked due to another commit in progress')
    elif router.fault('commit') == 'refuse' and not comment.endswith('taken back'):
        # part by part: what came before the bad part stays
        s['running'] = s['running'] + 'set half taken\n'
        print('[ protocols bgp ]\noperation refused\n\n[[protocols bgp]] failed\nCommit failed')
    else:
        s['running'] = candidate
    s['sessions'][pid] = s['running']


def in_session(router, pid, command, *words):
    where = command if command != 'commit' or 'taken back' not in ' '.join(words) else 'commit back'
    if fault(router, where):
        return 0
    status = 0
    with router:
        s = router.s
        session = s['sessions'].get(pid, s['running'])
        if command == 'configure':
            s['sessions'][pid] = s['running']
        elif command == 'exit':
            s['sessions'].pop(pid, None)
        elif command in ('load', 'merge'):
            s['sessions'][pid] = load(router, command, words[0], session)
        elif command == 'compare':
            print(diff(s['running'], session) or 'No changes between working and active configurations.')
        elif command == 'discard':
            s['sessions'][pid] = s['running']
        elif command == 'commit':
            commit(router, pid, ' '.join(words))
        elif command == 'save' and words:
            with open(words[0], 'w') as f:
                f.write(s['running'] + VERSION)
        elif command == 'save' and router.fault('save') == 'refuse':
            print('save failed: no space left on device')
        elif command == 'save':
            s['startup'] = s['running']
            print("Saving configuration to '/config/config.boot'...\nDone")
        else:
            after = take(router, command, list(words), session)
            if after == 1:
                status = 1
            else:
                s['sessions'][pid] = after
    if router.fault(where) == 'cut-after':
        cut()
    return status


def serve():
    """What a script says in its session: a number, so many words, each ended by NUL; answered by text and a line "\\1STATUS"."""
    router, pid, text = Router(os.environ['PEER']), str(os.getpid()), b''
    while piece := os.read(0, 65536):
        text += piece
        while text.count(b'\0') > (n := int(text.partition(b'\0')[0] or 0)) and text:
            _, *words, text = text.split(b'\0', n + 1)
            print('\1%d' % in_session(router, pid, *[w.decode() for w in words]), flush=True)
            if words[0] == b'exit':
                return 0
    return 0


def operate(*words):
    router = Router(os.environ['PEER'])
    if fault(router, ' '.join(words)):
        return 0
    if words == ('show', 'version'):
        print('Version:          VyOS 1.4.0\nRelease train:    sagitta\n\nHardware S/N:     0123456789')
    elif words == ('show', 'configuration'):
        with router:
            print(router.s['running'], end='')
    else:
        print('\n  Invalid command: [%s]\n' % ' '.join(words))
    return 0


def vtysh(_, command):
    router = Router(os.environ['PEER'])
    if not fault(router, command):
        print(router.answer(re.sub(r'\W+', '_', command) + '.json') or '% Unknown command: ' + command)
    return 0


PROGRAMS = {'vtysh': vtysh, 'vyatta-op-cmd-wrapper': operate, 'vyos-session': serve}
name = os.path.basename(sys.argv[0])
if name in PROGRAMS:
    sys.exit(PROGRAMS[name](*sys.argv[1:]))
prepare(sys.argv[1])
