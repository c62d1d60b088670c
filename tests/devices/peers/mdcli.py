#!/usr/bin/python3
"""The command line of a scripted SR OS (MD-CLI): mdcli.py FOLDER, as the program behind a shell with a terminal; its NETCONF is netconf.py's on the same folder.

A candidate is private to its session and told as NETCONF in a stand-in for the models: <configure> with all of the text in <text>. Files in its folder:
`classic` (the command line is the classic one), `old` (compare knows no netconf-rpc)."""
import os
import sys
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import Cli, main  # noqa: E402
from peer import diff, merged  # noqa: E402

RPC = '''<rpc message-id="1" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">
    <edit-config>
        <target><candidate/></target>
        <config>
            <configure xmlns="urn:nokia.com:sros:ns:yang:sr:conf">
                <text>%s</text>
            </configure>
        </config>
    </edit-config>
</rpc>
'''


class MdCli(Cli):
    banner = '\r\n SR OS Software\n Copyright (c) Nokia 2026.  All Rights Reserved.\n\n'

    def __init__(self, folder):
        super().__init__(folder)
        self.candidate = None

    def prompt(self):
        if self.router.flag('classic'):
            return 'A:r1# '
        with self.router:
            changed = self.candidate is not None and self.candidate != self.router.s['running']
        return '\n%s%s[/]\nA:admin@r1# ' % ('*' if changed else '', '' if self.candidate is None else '(pr)')

    def refuse(self, line):
        return 'MINOR: MGMT_AGENT #2001: Refused\n'

    def compare(self, line):
        running = self.router.s['running']
        if line == 'compare':
            return '    configure {\n' + diff(running, self.candidate) + '\n    }\n' if self.candidate != running else ''
        if self.router.flag('old'):
            return "MINOR: MGMT_CORE #2201: Unknown element - 'netconf-rpc'\n"
        return RPC % escape(self.candidate) if self.candidate != running else ''

    def do(self, line):
        if line.startswith('/environment ') or line == 'exit all':
            return ''
        if line == 'edit-config private':
            self.candidate = self.router.s['running']
            return 'INFO: CLI #2070: Entering private configuration mode\nINFO: CLI #2061: Uncommitted changes are discarded on configuration mode exit\n'
        if line == 'admin show configuration':
            return '# TiMOS-B-22.10.R1\n# Generated SAT NOV 21 18:00:00 2026 UTC\n\nconfigure {\n%s}\n\npersistent-indices {\n}\n\n# Finished\n' % self.router.s['running']
        if self.candidate is None:
            return "MINOR: MGMT_CORE #2201: Unknown element - '%s'\n" % line.split()[0]
        if line.startswith('compare'):
            return self.compare(line)
        if line == 'delete configure':
            self.candidate = ''
        elif 'bogus' in line:
            return "%s\n ^^^^^\nMINOR: MGMT_CORE #2201: Unknown element - 'bogus'\n" % line
        else:
            self.candidate = merged(self.candidate, line)
        return ''


if __name__ == '__main__':
    main(MdCli)
