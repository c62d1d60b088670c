#!/usr/bin/python3
"""A scripted SR Linux: JSON-RPC over HTTPS with named candidates, commits that wait and go back. srlinux.py FOLDER PORT CERTIFICATE. With the file
"slow" in its folder going back takes two further looks."""
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


def stamp():
    t = time.time()
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(t)) + '.%06dZ' % (t % 1 * 1e6)


def check(text):
    if bad := re.search(r'\bbogus\b', text):
        raise Refused("Parsing error: Unknown token '%s'. Options are ['#', '/', 'acl', 'bfd', 'interface']" % bad[0])


def validate(text):
    if 'uncommittable' in text:
        raise Refused("Commit failed: the leafref 'uncommittable' does not exist")


def commit(router, text, seconds, name):
    validate(text)
    if router.s.get('pending'):
        raise Refused('A confirmed commit is in progress')
    commits = router.s.setdefault('commits', [])
    startup = router.s['startup']
    one = {'id': len(commits) + 1, 'type': 'private', 'name': name, 'status': 'complete', 'username': 'peerage', 'started': stamp()}
    commits.append(one)
    router.commit(text, seconds * router.minute() / 60, str(one['id']))
    router.s['startup'] = startup


def end(router, accept):
    p = router.s.get('pending')
    if not p:
        raise Refused('There is no confirmed commit in progress')
    if accept:
        router.s['pending'] = None
    else:
        router.go_back('rejected')
        router.s['reverting'] = [p['log'], 2 if router.flag('slow') else 0]


def commits(router):
    """The list as the state has it: the one that waits is unconfirmed, the one that is being taken back is reverting."""
    p, back = router.s.get('pending'), router.s.get('reverting') or ['', 0]
    found = []
    for c in router.s.get('commits', []):
        c = dict(c)
        if p and p['log'] == str(c['id']):
            c['status'] = 'unconfirmed'
        elif back[0] == str(c['id']) and back[1] > 0:
            c['status'] = 'reverting'
            router.s['reverting'] = [back[0], back[1] - 1]
        found.append(c)
    return found


def tree_lines(value, path='/'):
    """A tree of JSON as the lines that the command line has for it."""
    if isinstance(value, dict):
        return [x for k, v in value.items() for x in tree_lines(v, '%s %s' % (path, k.rpartition(':')[2]))]
    if isinstance(value, list):
        return [x for v in value for x in (tree_lines(dict(list(v.items())[1:]), '%s %s' % (path, list(v.values())[0])) if isinstance(v, dict) else tree_lines(v, path))]
    return ['set %s %s' % (path, json.dumps(value) if ' ' in str(value) else value)]


def candidate(router, commands):
    """What the running configuration is after these commands."""
    text = router.s['running']
    check(json.dumps(commands))
    for c in commands:
        path = re.sub(r'\[[^=\]]*=([^\]]*)\]', r' \1', c['path']).replace('/', ' ').strip()
        under = ('set / ' + path).strip()
        if c['action'] in ('replace', 'delete'):
            text = ''.join(x + '\n' for x in text.splitlines() if not x.startswith(under))
        if c['action'] != 'delete':
            text = merged(text, '\n'.join(tree_lines(c['value'], ('/ ' + path).strip())))
    return text


def cli(router, command, at):
    """One command; `at` is what its request is in. Its output."""
    s, open_ones = router.s, router.s['sessions']
    name = at.get('name')
    if router.fault(command) == 'refuse':
        raise Refused('operation refused')
    if m := re.fullmatch(r'enter candidate private name (\S+)', command):
        at['name'] = m[1]
        open_ones.setdefault(m[1], s['running'])
    elif command == 'info flat from running /':
        return s['running']
    elif m := re.fullmatch(r'/tools system configuration generate-checkpoint name (\S+) comment "([^"]*)"', command):
        s.setdefault('checkpoints', []).insert(0, {'id': 0, 'name': m[1], 'comment': m[2], 'created': stamp(), 'username': 'peerage'})
    elif m := re.fullmatch(r'/tools system configuration confirmed-(accept|reject)', command):
        end(router, m[1] == 'accept')
    elif command == 'save startup':
        s['startup'] = s['running']
        return '/system:\n    Saved current running configuration as initial (startup) configuration\n'
    elif not name:
        raise Refused("Parsing error: Unknown token '%s'" % command.split()[0])
    elif command == 'discard now':
        del open_ones[at.pop('name')]
    elif command == 'diff':
        d = diff(s['running'], open_ones[name])
        return d + '\n' if d else ''
    elif command == 'commit validate':
        validate(open_ones[name])
        return 'All changes are valid\n'
    elif m := re.fullmatch(r'commit confirmed timeout (\d+)', command):
        commit(router, open_ones[name], int(m[1]), name)
    elif re.fullmatch(r'commit now comment "[^"]*"', command):
        commit(router, open_ones.pop(at.pop('name')), 0, name)
        return 'All changes have been committed. Leaving candidate mode.\n'
    elif command == 'delete /':
        open_ones[name] = ''
    else:
        check(command)
        open_ones[name] = open_ones[name] + command + '\n' if '\n' in command else merged(open_ones[name], command)
    return ''


def get(router, path):
    if path == '/system/configuration/commit[id=*]':
        found = commits(router)
        return {'commit': found} if found else {}
    if path == '/system/configuration/checkpoint[id=*]':
        return {'checkpoint': router.s['checkpoints']} if router.s.get('checkpoints') else {}
    if path == '/system/name/host-name':
        return 'srl1'
    recorded = router.answer(re.sub(r'\W+', '_', path).strip('_') + '.json')
    if recorded is None:
        raise Refused("Path not valid - unknown element '%s'" % path)
    return json.loads(recorded)


def method(router, name, params):
    if name == 'get':
        return [get(router, c['path']) for c in params['commands']]
    if name == 'cli':
        at = {}
        return [''.join([cli(router, c, at) for c in params['commands']])]
    text = candidate(router, params['commands'])
    if router.fault(name) == 'refuse':
        raise Refused('operation refused')
    if name == 'validate':
        validate(text)
    elif name == 'diff':
        return [diff(router.s['running'], text)]
    elif name == 'set' and params.get('datastore') == 'candidate':
        commit(router, text, params.get('confirm-timeout', 0), 'private-peerage')
    else:
        raise Refused('Invalid method')
    return [{}]


class JsonRpc(Api):
    def words(self, body):
        if body['method'] == 'cli':
            return body['params']['commands']
        return ['get ' + c['path'] for c in body['params']['commands']] if body['method'] == 'get' else [body['method']]

    def answer(self, router, body):
        if self.path != '/jsonrpc':
            return 404, {}
        try:
            return 200, {'result': method(router, body['method'], body['params']), 'id': body['id'], 'jsonrpc': '2.0'}
        except Refused as e:
            return 200, {'error': {'code': -1, 'message': str(e)}, 'id': body['id'], 'jsonrpc': '2.0'}


serve(JsonRpc)
