#!/usr/bin/python3
"""A scripted router with an API over HTTPS: jsonrpc.py FOLDER PORT CERTIFICATE. Arista's eAPI. User peerage, password "se cret"."""
import base64
import http.server
import json
import os
import re
import ssl
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer import FLOOD, Router, diff, merged  # noqa: E402

folder, port, certificate = sys.argv[1:4]
signed_in = 'Basic ' + base64.b64encode(b'peerage:se cret').decode()


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


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def send(self, status, data, length=None):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        if self.headers.get('Authorization') != signed_in:
            self.send(401, b'Unable to authenticate user')
            return
        request = json.loads(body)
        router = Router(folder)
        words = [c if isinstance(c, str) else c['cmd'] for c in request['params']['cmds']]
        for w in words:
            router.said(w)
        fault = next((f for f in (router.fault(w) for w in words) if f and f != 'refuse'), '')
        if fault == 'cut':
            self.close_connection = True
            return
        if fault == 'garbage':
            self.send(200, b'<html>not what was asked for</html>')
            return
        if fault == 'hang':
            time.sleep(5)
            return
        if fault == 'flood':
            self.send(200, b'[', FLOOD)
            try:
                for _ in range(FLOOD // 65536):
                    self.wfile.write(b'1,' * 32768)
            except OSError:
                pass
            self.close_connection = True
            return
        with router:
            answer = command_api(router, request)
        if fault == 'cut-after':
            self.close_connection = True
            return
        self.send(200, json.dumps(answer).encode())


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
server = Server(('127.0.0.1', int(port)), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
