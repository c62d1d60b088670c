#!/usr/bin/python3
"""A scripted NX-OS: nxos.py FOLDER PORT CERTIFICATE. NX-API over HTTPS: JSON-RPC (cli, cli_ascii) and the ins_api of its bash; checkpoints, the scheduler
that goes back, configure replace. Files in its folder: `noscheduler`, `nobash` (these features are off), `short` (the flash is full)."""
import base64
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer import diff, merged  # noqa: E402
from web import Api, serve  # noqa: E402


class Refused(Exception):
    pass


def plain(text):
    """Lines below lines are kept whole: the configuration of this router is flat but for its indents."""
    return ''.join(x + '\n' for x in text.splitlines() if x.strip() and not x.startswith('!'))


def scheduler(s, at, cmd):
    """The lines of its scheduler; None: it is none of them."""
    if m := re.fullmatch(r'scheduler job name (\S+)', cmd):
        at['job'] = m[1]
        s['jobs'][m[1]] = ''
    elif at.get('job') and cmd.startswith('rollback '):
        s['jobs'][at['job']] = cmd
    elif m := re.fullmatch(r'scheduler schedule name (\S+)', cmd):
        at['schedule'] = m[1]
        s['schedules'][m[1]] = {}
    elif at.get('schedule') and (m := re.fullmatch(r'job name (\S+)', cmd)):
        s['schedules'][at['schedule']]['job'] = m[1]
    elif at.get('schedule') and (m := re.fullmatch(r'time start \+(\d+):(\d+):(\d+)', cmd)):
        s['schedules'][at['schedule']]['minutes'] = (int(m[1]) * 24 + int(m[2])) * 60 + int(m[3])
    elif m := re.fullmatch(r'no scheduler (job|schedule) name (\S+)', cmd):
        if s[m[1] + 's'].pop(m[2], None) is None:
            raise Refused('ERROR: %s %s is not defined' % (m[1], m[2]))
        if m[1] == 'schedule':
            s['pending'] = None
    elif cmd == 'exit':
        at.pop('job', None)
        at.pop('schedule', None)
    else:
        return None
    return ''


def checkpoints(router, cmd):
    s = router.s
    if m := re.fullmatch(r'checkpoint (\S+)', cmd):
        if m[1] in s['checkpoints']:
            raise Refused('ERROR: Checkpoint already exists')
        s['checkpoints'][m[1]] = s['running']
        for x in s['schedules'].values():
            if m[1] in s['jobs'].get(x.get('job'), ''):        # now it would go back to it
                startup = s['startup']
                router.commit(s['running'], (x['minutes'] - 1) * router.minute())
                s['startup'] = startup
        return ''
    if m := re.fullmatch(r'no checkpoint (\S+)', cmd):
        if s['checkpoints'].pop(m[1], None) is None:
            raise Refused('ERROR: Checkpoint does not exist')
        return ''
    if cmd == 'show checkpoint summary':
        return 'User Checkpoint Summary\n' + '-' * 80 + '\n' + ''.join(
            '%d) %s:\nCreated by peerage\nCreated at Sat, 18:00:00 21 Nov 2026\nSize is %d bytes\nDescription: None\n\n' % (i, n, len(t))
            for i, (n, t) in enumerate(s['checkpoints'].items(), 1))
    if m := re.fullmatch(r'rollback running-config checkpoint (\S+) atomic', cmd):
        if m[1] not in s['checkpoints']:
            raise Refused('ERROR: Checkpoint does not exist')
        s['running'] = s['checkpoints'][m[1]]
        return 'Collecting Running-Config\n#Generating Rollback Patch\nExecuting Rollback Patch\nVerification is Successful.\n\nRollback completed successfully.\n'
    if cmd == 'show scheduler schedule':
        if router.flag('noscheduler'):
            raise Refused('% Invalid command')
        waits = s.get('pending') is not None
        return ''.join('Schedule Name       : %s\n--------------------------\nUser Name           : peerage\nSchedule Type       : Run once on Sat Nov 21 18:05:00 2026\n'
                       'Last Execution Time : %s\n' % (n, 'Yet to be executed' if waits else 'Sat Nov 21 18:05:00 2026') for n in s['schedules'])
    return None


def replace(router, path, how):
    s = router.s
    if path not in s['files']:
        return 'ERROR: no such file %s\n' % path
    text = plain(s['files'][path])
    head = 'Collecting Running-Config\nConverting to checkpoint file\n#Generating Rollback Patch\n'
    if 'bogus' in text:
        return head + 'Verification Failed\n`bogus line`\n% Invalid command\n'
    if how == 'show-patch':
        patch = (('no ' if x[0] == '-' else '') + x[1:] for x in diff(s['running'], text).splitlines())
        return head + '!!\n' + ''.join(x + '\n' for x in patch)
    if how == 'verify-only':
        return head + ('Verification Failed: commit of uncommittable\n' if 'uncommittable' in text else 'Verification Succeeded.\n')
    s['running'] = text
    return head + 'Configure replace completed successfully. Please run \'show config-replace log exec\'\n'


def config(router, at, cmd):
    if 'bogus' in cmd:
        raise Refused("% Invalid command at '^' marker.")
    router.s['running'] = merged(router.s['running'], cmd)
    return ''


def cli(router, at, cmd, method):
    s = router.s
    for name in ('jobs', 'schedules', 'checkpoints'):
        s.setdefault(name, {})
    if router.fault(cmd) == 'refuse' and not at.get('job'):
        raise Refused('operation refused')
    said = None if at.get('job') else checkpoints(router, cmd)
    if said is not None:
        return said
    if cmd == 'configure terminal':
        at['config'] = True
        return ''
    if m := re.fullmatch(r'configure replace (\S+) (show-patch|verify-only|verify-and-commit)', cmd):
        return replace(router, m[1], m[2])
    if m := re.fullmatch(r'show file (\S+)', cmd):
        return s['files'].get(m[1], '')
    if m := re.fullmatch(r'delete (\S+) no-prompt', cmd):
        if s['files'].pop(m[1], None) is None:
            raise Refused('No such file or directory')
        return ''
    if cmd == 'copy running-config startup-config':
        s['startup'] = s['running']
        return '[########################################] 100%\nCopy complete.\n'
    if cmd == 'show running-config':
        ours = ''.join('scheduler job name %s\n  %s\n\nend-job\n\n' % x for x in s['jobs'].items())
        return '\n!Command: show running-config\n!Running configuration last done at: Sat Nov 21 2026\n!Time: Sat Nov 21 18:00:00 2026\n\n' + s['running'] + ours
    if cmd == 'show hostname':
        return 'nxos1 \n'
    if at.get('config'):
        said = scheduler(s, at, cmd)
        return said if said is not None else config(router, at, cmd)
    recorded = router.answer(re.sub(r'\W+', '_', cmd) + ('.json' if method == 'cli' else '.txt'))
    if recorded is None and re.fullmatch(r'show bgp vrf \S+ all neighbors', cmd):
        return ''
    if recorded is None:
        raise Refused("% Invalid command at '^' marker.")
    return json.loads(recorded) if method == 'cli' else recorded


def bash(router, command):
    m = re.fullmatch(r'echo (\S+) \| base64 -d (>>?) /bootflash/(\S+)', command)
    if router.flag('nobash') or not m:
        return {'code': '400', 'msg': 'Input CLI command error', 'clierror': '% bash-shell is not enabled'}
    path = 'bootflash:' + m[3]
    data = base64.b64decode(m[1]).decode()
    if router.flag('short'):
        data = data[:5]
    router.s['files'][path] = (router.s['files'].get(path, '') if m[2] == '>>' else '') + data
    return {'code': '200', 'msg': 'Success', 'body': ''}


class NxApi(Api):
    def words(self, body):
        return [x['params']['cmd'] for x in body] if isinstance(body, list) else [body['ins_api']['input'].split()[0]]

    def answer(self, router, body):
        if isinstance(body, dict):
            return 200, {'ins_api': {'type': 'bash', 'version': '1.0', 'outputs': {'output': bash(router, body['ins_api']['input'])}}}
        answers, at = [], {}
        for x in body:
            try:
                said = cli(router, at, x['params']['cmd'], x['method'])
                result = None if said == '' else {'body' if x['method'] == 'cli' else 'msg': said}
                answers.append({'jsonrpc': '2.0', 'result': result, 'id': x['id']})
            except Refused as e:
                answers.append({'jsonrpc': '2.0', 'error': {'code': -32602, 'message': 'Invalid params', 'data': {'msg': str(e)}}, 'id': x['id']})
                if x.get('rollback') == 'stop-on-error':
                    break
        return (500 if 'error' in answers[-1] else 200), answers[0] if len(body) == 1 else answers


serve(NxApi)
