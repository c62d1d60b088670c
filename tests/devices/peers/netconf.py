#!/usr/bin/python3
"""A scripted Junos, or, with the file "iosxr" or "sros" in its folder, an IOS-XR or SR OS: sshd runs it as its subsystem netconf, with the router's folder as argument. RFC 6242 framing of both kinds."""
import os
import re
import sys
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer import FLOOD, Router, braces, diff, join_braces, merged, print_braces  # noqa: E402

BASE = 'urn:ietf:params:netconf:base:1.'
JUNOS = 'http://xml.juniper.net/netconf/junos/1.0'
out = sys.stdout.buffer
inp = sys.stdin.buffer
router = Router(sys.argv[1])
me = os.getpid()
chunked = False
buffered = b''


def read_some():
    global buffered
    piece = os.read(0, 65536)
    if not piece:
        leave()
    buffered += piece


def read_message():
    global buffered
    if not chunked:
        while b']]>]]>' not in buffered:
            read_some()
        message, _, buffered = buffered.partition(b']]>]]>')
        return message
    message = b''
    while True:
        while not (m := re.match(rb'\n#(\d+|#)\n', buffered)):
            read_some()
        buffered = buffered[m.end():]
        if m.group(1) == b'#':
            return message
        while len(buffered) < int(m.group(1)):
            read_some()
        message += buffered[:int(m.group(1))]
        buffered = buffered[int(m.group(1)):]


def send(text):
    data = text.encode()
    if chunked:        # two chunks, so that putting them together is seen
        half = max(1, len(data) // 2)
        for piece in (data[:half], data[half:]):
            if piece:
                out.write(b'\n#%d\n' % len(piece) + piece)
        out.write(b'\n##\n')
    else:
        out.write(data + b']]>]]>')
    out.flush()


def leave():
    with router:
        if router.s['owner'] == me:
            router.s['owner'] = 0
    sys.exit(0)


def name_of(x):
    return x.tag.rpartition('}')[2]


class Refused(Exception):
    pass


def error(message, tag='operation-failed', severity='error', element=''):
    return ('<rpc-error><error-type>protocol</error-type><error-tag>%s</error-tag><error-severity>%s</error-severity>'
            '<error-message>\n%s\n</error-message>%s</rpc-error>' %
            (tag, severity, escape(message), '<error-info><bad-element>%s</bad-element></error-info>' % element if element else ''))


def candidate():
    return router.s['sessions'].get('candidate', router.s['running'])


def load(x):
    if x.get('rollback') is not None:
        n = int(x.get('rollback'))
        history = [h['config'] for h in router.s['history']] + ['']
        router.s['sessions']['candidate'] = router.s['pending']['previous'] if n == 1 and router.s.get('pending') else history[n]
        return '<load-configuration-results><ok/></load-configuration-results>'
    text = ''.join(x.itertext())
    bad = re.search(r'^.*\bbogus\b.*$', text, re.M)
    if bad:
        line = text[:bad.start()].count('\n') + 1
        return '<load-configuration-results>%s<load-error-count>1</load-error-count></load-configuration-results>' % error(
            'syntax error on line %d' % line, element='bogus')
    if x.get('action') == 'override':
        router.s['sessions']['candidate'] = text.strip() + '\n'
    elif x.get('action') != 'set' and '{' in text:
        router.s['sessions']['candidate'] = print_braces(join_braces(braces(candidate()), braces(text)))
    else:
        router.s['sessions']['candidate'] = merged(candidate(), text.strip())
    return '<load-configuration-results>%s<ok/></load-configuration-results>' % (
        error('statement has been deprecated', severity='warning') if 'deprecated' in text else '')


def commit(x):
    if 'uncommittable' in candidate():
        return error('Policy error: Policy uncommittable referenced but not defined') + error('configuration check-out failed')
    if x.find('{*}check') is not None:
        return '<commit-results><routing-engine><name>re0</name><commit-check-success/></routing-engine></commit-results><ok/>'
    if router.fault('commit-configuration') == 'refuse':
        return error('commit failed: daemon file exists, try again')
    minutes = int(x.findtext('{*}confirm-timeout', '10')) if x.find('{*}confirmed') is not None else 0
    router.commit(candidate(), minutes * router.minute(), x.findtext('{*}log', ''), minutes)
    router.s['sessions'].pop('candidate', None)
    return '<commit-results><routing-engine><name>re0</name><commit-success/></routing-engine></commit-results><ok/>'


def history():
    rows = ''.join('<commit-history><sequence-number>%d</sequence-number><user>peerage</user><client>netconf</client>'
                   '<date-time junos:seconds="%d">2026-11-21 12:00:00 UTC</date-time>%s%s</commit-history>' %
                   (i, h['time'], '<comment>%s</comment>' % h['comment'] if h['comment'] else '', '<log>%s</log>' % escape(h['log']) if h['log'] else '')
                   for i, h in enumerate(router.s['history']))
    return '<commit-information xmlns:junos="http://xml.juniper.net/junos/21.4R0/junos">%s</commit-information>' % rows


def end_trial(x):
    """RFC 6241 8.4: what a persist-id ends. A message when it ends nothing."""
    p, named = router.s.get('pending'), x.findtext('{*}persist-id', '')
    if not p or p['log'] != named:
        return error('persist-id does not match a pending confirmed commit', 'invalid-value')
    return None


def iosxr(x, name):
    """What IOS-XR has of its own; None: as Junos."""
    if name == 'lock' and x.find('{*}target/{*}running') is not None:
        return error('the configuration is locked by a confirmed commit', 'lock-denied') if router.s.get('pending') else '<ok/>'
    if name == 'unlock' and x.find('{*}target/{*}running') is not None:
        return '<ok/>'
    if name in ('edit-config', 'copy-config'):
        text = ''.join(x.find('.//{*}cli').itertext())
        if 'bogus' in text:
            return error("'bogus line': Invalid input detected", 'operation-failed')
        router.s['sessions']['candidate'] = text.strip() + '\n' if name == 'copy-config' else merged(candidate(), text.strip())
        return '<ok/>'
    if name == 'validate':
        return error('uncommittable: policy is not defined') if 'uncommittable' in candidate() else '<ok/>'
    if name == 'get-cli-config-diff':
        return '<cli-diff xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-diff-act">\n%s\n</cli-diff>' % escape(diff(router.s['running'], candidate()))
    if name == 'get-config':
        return '<data><cli xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg">\n%s</cli></data>' % escape(router.s['running'])
    if name == 'cancel-commit':
        wrong = end_trial(x)
        if not wrong:
            router.go_back('cancelled')
        return wrong or '<ok/>'
    if name == 'commit' and x.find('{*}persist-id') is not None:
        wrong = end_trial(x)
        if not wrong:
            router.commit(router.s['running'], 0)
        return wrong or '<ok/>'
    if name == 'commit':
        if router.fault('commit') == 'refuse':
            return error('Failed to commit one or more configuration items')
        if router.s.get('pending'):
            return error('datastore locked', 'in-use')
        seconds = int(x.findtext('{*}confirm-timeout', '600')) if x.find('{*}confirmed') is not None else 0
        router.commit(candidate(), seconds * router.minute() / 60, x.findtext('{*}persist', ''))
        router.s['sessions'].pop('candidate', None)
        return '<ok/>'
    if name == 'get':
        return router.answer('facts.xml' if x.find('.//{*}inventory') is not None else 'bgp.xml')
    return None


def sros(x, name):
    """What SR OS has of its own, the rest being as IOS-XR has it: the models, in place of which all of the configuration is one <text> (see mdcli.py)."""
    if name == 'edit-config':
        text = x.findtext('.//{*}configure/{*}text')
        if text is None or 'bogus' in text:
            return error("Unknown element - 'bogus'", 'unknown-element')
        router.s['sessions']['candidate'] = text.strip() + '\n'
        return '<ok/>'
    if name == 'get-config':
        text = candidate() if x.find('{*}source/{*}candidate') is not None else router.s['running']
        return '<data><configure xmlns="urn:nokia.com:sros:ns:yang:sr:conf"><text>%s</text></configure></data>' % escape(text.strip())
    if name == 'copy-config':
        if router.fault(name) == 'refuse':
            return error('the disk is full')
        router.s['startup'] = router.s['running']
        return '<ok/>'
    if name == 'get':
        return router.answer('bgp.xml' if x.find('.//{*}current-time') is not None else 'facts.xml')
    startup, answer = router.s['startup'], iosxr(x, name)
    if name == 'commit':
        router.s['startup'] = startup
    return answer


def do(x):
    name = name_of(x)
    if router.flag('sros') and (own := sros(x, name)) is not None:
        return own
    if router.flag('iosxr') and (own := iosxr(x, name)) is not None:
        return own
    if name == 'lock':
        if router.s['owner'] not in (0, me) and os.path.exists('/proc/%d' % router.s['owner']):
            return error('configuration database locked by: peerage terminal (pid %d)' % router.s['owner'], 'lock-denied')
        router.s['owner'] = me
        return '<ok/>'
    if name == 'unlock':
        router.s['owner'] = 0
        return '<ok/>'
    if name == 'discard-changes':
        router.s['sessions'].pop('candidate', None)
        return '<ok/>'
    if name == 'load-configuration':
        return load(x)
    if name == 'commit-configuration':
        return commit(x)
    if name == 'get-commit-information':
        return history()
    if name == 'get-configuration' and x.get('compare'):
        text = diff(router.s['running'], candidate())
        return '<configuration-information><configuration-output>\n%s\n</configuration-output></configuration-information>' % escape(text)
    if name == 'get-configuration':
        return '<configuration-text>\n%s</configuration-text>' % escape(router.s['running'])
    recorded = router.answer(name + '.xml')
    return recorded if recorded is not None else error('syntax error, expecting <command>', 'unknown-element', element=name)


def serve(x, message_id):
    what = [c for c in x][0]
    fault = router.fault(name_of(what))
    router.said(name_of(what))
    if fault == 'cut':
        leave()
    if fault == 'hang':
        while True:
            read_some()
    if fault == 'garbage':
        out.write(b'\x00\xff{"not": "xml"}' * 100 + b']]>]]>' * 2)
        out.flush()
        return
    if fault == 'flood':
        out.write(b'\n#%d\n' % FLOOD if chunked else b'<rpc-reply>')
        try:
            for _ in range(FLOOD // 65536):
                out.write(b'x' * 65536)
            out.flush()
        except BrokenPipeError:
            leave()
        return
    if name_of(what) == 'close-session':
        with router:
            if router.s['owner'] == me:
                router.s['owner'] = 0
        send('<rpc-reply xmlns="%s0" message-id="%s"><ok/></rpc-reply>' % (BASE, message_id))
        leave()
    with router:
        answer = do(what)
    send('<nc:rpc-reply xmlns:nc="%s0" xmlns:junos="http://xml.juniper.net/junos/21.4R0/junos" message-id="%s">\n%s\n</nc:rpc-reply>' %
         (BASE, message_id, re.sub(r'<(/?)(rpc-error|ok)', r'<\1nc:\2', answer)))
    if fault == 'cut-after':
        leave()


if router.fault('hello') == 'garbage':
    out.write(b'This is no NETCONF\n')
    out.flush()
    sys.exit(0)
bases = [BASE + '0'] + ([] if router.flag('base10') else [BASE + '1'])
other = [] if router.flag('nojunos') else [JUNOS]
if router.flag('iosxr'):
    other = ['http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg?module=Cisco-IOS-XR-cli-cfg', 'urn:ietf:params:netconf:capability:confirmed-commit:1.1']
if router.flag('sros'):
    other = ['urn:nokia.com:sros:ns:yang:sr:conf?module=nokia-conf', 'urn:ietf:params:netconf:capability:confirmed-commit:1.1',
             'urn:ietf:params:netconf:capability:startup:1.0']
send('<hello xmlns="%s0"><capabilities>%s</capabilities><session-id>%d</session-id></hello>' %
     (BASE, ''.join('<capability>%s</capability>' % c for c in bases + ['urn:ietf:params:netconf:capability:candidate:1.0'] + other), me))
hello = read_message().decode()
chunked = BASE + '1<' in hello and not router.flag('base10')
while True:
    rpc = ET.fromstring(read_message())
    serve(rpc, rpc.get('message-id'))
