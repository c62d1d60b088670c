#!/usr/bin/python3
"""A scripted router with an API over HTTPS: jsonrpc.py FOLDER PORT CERTIFICATE. Arista's eAPI. User peerage, password "se cret"."""
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer import diff, merged  # noqa: E402
from web import Api, serve  # noqa: E402


class Refused(Exception):
    pass


def lines_in(sessions, name, line):
    if re.search(r'\bbogus\b', line):
        raise Refused("Invalid input (at token 0: 'bogus')")
    if line == 'rollback clean-config':
        sessions[name] = ''
    else:
        sessions[name] = merged(sessions[name], line)


def eapi(router, cmd, at):
    """One command of eAPI; `at` is the session that its list is in."""
    s, sessions = router.s, router.s['sessions']
    text = cmd if isinstance(cmd, str) else cmd['cmd'] + '\n' + cmd['input'].rstrip()
    if router.fault(text) == 'refuse':
        raise Refused('operation refused')
    if m := re.fullmatch(r'configure session (\S+)', text):
        at['name'] = m[1]
        sessions.setdefault(m[1], s['running'])
    elif at.get('name') and text != 'end':
        lines_in(sessions, at['name'], text)
    elif text in ('enable', 'end'):
        at.pop('name', None)
    elif m := re.fullmatch(r'no configure session (\S+)', text):
        if m[1] not in sessions:
            raise Refused('Session %s does not exist' % m[1])
        del sessions[m[1]]
    elif m := re.fullmatch(r'configure session (\S+) commit timer (\d\d):(\d\d):(\d\d)', text):
        if 'uncommittable' in sessions[m[1]]:
            raise Refused('Commit failed')
        seconds = int(m[2]) * 3600 + int(m[3]) * 60 + int(m[4])
        startup = s['startup']
        router.commit(sessions.pop(m[1]), seconds * router.minute() / 60, m[1])
        s['startup'] = startup
    elif m := re.fullmatch(r'configure session (\S+) commit', text):
        p, startup = s.get('pending'), s['startup']
        if p and p['log'] == m[1]:
            s['pending'] = None
        else:
            router.commit(sessions.pop(m[1]), 0, m[1])
            s['startup'] = startup
    elif m := re.fullmatch(r'configure session (\S+) abort', text):
        if s.get('pending') and s['pending']['log'] == m[1]:
            router.go_back('abort')
        else:
            del sessions[m[1]]
    elif text == 'show configuration sessions detail':
        p = s.get('pending')
        if router.flag('new') and p:
            return {'sessions': {}, 'commitTimerSessionName': p['log'], 'commitTimerExpireTime': time.monotonic()}
        found = {n: {'state': 'pending', 'description': ''} for n in sessions}
        if p:
            found[p['log']] = {'state': 'pendingCommitTimer', 'commitBy': time.monotonic() + 60}
        return {'sessions': found, 'maxSavedSessions': 1, 'maxOpenSessions': 5}
    elif m := re.fullmatch(r'show session-config named (\S+) diffs', text):
        d = diff(s['running'], sessions[m[1]])
        return {'output': d + '\n' if d else ''}
    elif text == 'show running-config':
        return {'output': s['running']}
    elif text == 'write memory':
        s['startup'] = s['running']
    else:
        recorded = router.answer(re.sub(r'\W+', '_', text) + '.json')
        if recorded is None:
            raise Refused("Invalid input (at token 1: '%s')" % text)
        return json.loads(recorded)
    return {}


def command_api(router, request):
    results, at, cmds = [], {}, request['params']['cmds']
    for i, cmd in enumerate(cmds, 1):
        try:
            results.append(eapi(router, cmd, at))
        except Refused as e:
            text = cmd if isinstance(cmd, str) else cmd['cmd']
            return {'jsonrpc': '2.0', 'id': request['id'], 'error': {
                'code': 1002, 'message': "CLI command %d of %d '%s' failed: invalid command" % (i, len(cmds), text), 'data': results + [{'errors': [str(e)]}]}}
    return {'jsonrpc': '2.0', 'id': request['id'], 'result': results}


class Eapi(Api):
    def words(self, body):
        return [c if isinstance(c, str) else c['cmd'] for c in body['params']['cmds']]

    def answer(self, router, body):
        return 200, command_api(router, body)


serve(Eapi)
