#!/usr/bin/python3
"""A scripted IOS: ios.py FOLDER, as the program behind a shell with a terminal. Its command line, its Tcl shell, its flash, its archive and timer.

Files in its folder: `user` (the prompt is not privileged: enable asks for "se cret"), `noarchive`, `notcl`, `notrigger` (an error does not revert)."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import Cli, main  # noqa: E402
from peer import diff, merged  # noqa: E402

INVALID = "            ^\n% Invalid input detected at '^' marker.\n"


class Ios(Cli):
    banner = '\nWelcome, r1 speaks #\n\n'

    def __init__(self, folder):
        super().__init__(folder)
        self.mode = ''
        self.privileged = not self.router.flag('user')
        self.handle, self.tcl, self.open = None, '', None

    def prompt(self):
        if self.tcl:
            return '+>'
        with self.router:
            m = re.search(r'^hostname (\S+)', self.router.s['running'], re.M)
        return (m[1] if m else 'r1') + self.mode + ('#' if self.privileged else '>')

    def ask(self, question):
        self.put(question)
        return self.line()

    def refuse(self, line):
        return '% Refused\n'

    # ---- Tcl ----

    def tcl_line(self, line):
        self.tcl += line + '\n'
        command = self.tcl.rstrip('\n')
        if len(re.findall(r'(?<!\\)(?:\\\\)*"', command)) % 2:
            return ''
        self.tcl = ''
        if m := re.fullmatch(r'set f \[open "(\S+)" w\]', command):
            self.open = m[1]
            self.router.s['files'][self.open] = ''
            return 'file0'
        if m := re.fullmatch(r'puts -nonewline \$f "(.*)"', command, re.S):
            if '?' in m[1]:
                return 'help is shown instead'
            text = re.sub(r'\\(n|[0-7]{3}|.)', lambda x: '\n' if x[1] == 'n' else chr(int(x[1], 8)) if len(x[1]) == 3 else x[1], m[1])
            self.router.s['files'][self.open] += text
            return ''
        if command == 'close $f':
            return ''
        if command == 'tclquit':
            self.mode = ''
            return ''
        return 'invalid command name "%s"' % command.split()[0]

    # ---- changes ----

    def config(self, text):
        """Line by line, as IOS takes it: what is wrong is said and the rest goes on."""
        said, running = '', self.router.s['running']
        for line in text.splitlines():
            if 'bogus' in line:
                said += line + '\n' + INVALID
            elif line not in ('end', '') and not line.startswith('!'):
                running = merged(running, line)
        return running, said

    def arm(self, minutes, running):
        s = self.router.s
        if self.router.flag('noarchive'):
            return '%Please turn config archive on before using this feature\n'
        if s.get('pending'):
            return '%Rollback Confirmed Change is already pending\n'
        startup = s['startup']
        self.router.commit(running, minutes * self.router.minute())
        s['startup'] = startup
        return ''

    def replace(self, path, minutes):
        s = self.router.s
        if path not in s['files']:
            return '%%Error opening %s (No such file or directory)\n' % path
        text = ''.join(x + '\n' for x in s['files'][path].splitlines() if x != 'end' and not x.startswith('!'))
        bad = 'bogus' in text
        said = self.arm(minutes, text.replace('bogus line\n', ''))
        if said:
            return said
        head = 'Timed Rollback: Backing up current running config to flash:archive-1\n\n'
        if not bad:
            return head + 'Total number of passes: 1\nRollback Done\n\n'
        if not self.router.flag('notrigger'):
            self.router.go_back('error')
        return head + 'The rollback configlet from the last pass is listed below:\n********\nbogus line\n********\n\nRollback aborted after 5 passes\n'

    def copy(self, path):
        if self.ask('Destination filename [running-config]? ') not in ('', 'running-config'):
            return '% Wrong name\n'
        self.router.s['running'], said = self.config(self.router.s['files'][path])
        return said + '\n%d bytes copied in 0.7 secs\n' % len(self.router.s['files'][path])

    def timer(self):
        p = self.router.s.get('pending')
        if not p:
            return '%No Rollback Confirmed Change pending\n'
        return 'Time configured(or reconfigured): 18:00:00 UTC Sat Nov 21 2026\nTimer type: absolute timer\nTimer value: 2 min\nUser: peerage\n'

    def show(self, line):
        s, files = self.router.s, self.router.s['files']
        if line == 'show running-config':
            return 'Building configuration...\n\nCurrent configuration : %d bytes\n%send\n\n' % (len(s['running']), s['running'])
        if line == 'show archive':
            return 'Archive feature not enabled\n' if self.router.flag('noarchive') else 'The maximum archive configurations allowed is 10.\n'
        if line == 'show archive config rollback timer':
            return self.timer()
        if m := re.fullmatch(r'show archive config incremental-diffs (\S+) ignorecase', line):
            if not files[m[1]].endswith('end\n'):
                return '%Error: returned error 5\n'
            new = [x for x in files[m[1]].splitlines() if x != 'end' and x not in s['running'].splitlines()]
            return '!List of Commands:\n%send\n%s' % (''.join(x + '\n' for x in new), '' if new else '!No changes were found\n')
        if m := re.fullmatch(r'show archive config differences system:running-config (\S+)', line):
            text = files[m[1]].replace('\nend\n', '\n')
            return '\n!Contextual Config Diffs:\n%s\n' % (diff(s['running'], text) or '!No changes were found')
        if line == 'show bgp all neighbors' and (bgp := self.neighbours()) is not None:
            return bgp
        return self.router.answer(re.sub(r'\W+', '_', line) + '.txt') or INVALID

    def neighbours(self):
        """The recorded answers of each address family below its heading, as the command that asks for all has them."""
        said = ''
        for family, file in (('IPv4 Unicast', 'ipv4_unicast'), ('IPv6 Unicast', 'ipv6_unicast'), ('VPNv4 Unicast', 'vpnv4_unicast_all'),
                             ('IPv4 Multicast', 'ipv4_multicast'), ('IPv4 MDT', 'ipv4_mdt_all')):
            part = self.router.answer('show_bgp_%s_neighbors.txt' % file)
            if part:
                said += 'For address family: %s\n%s\n' % (family, part)
        return said or None

    def do(self, line):
        s = self.router.s
        if self.mode == '(tcl)':
            return self.tcl_line(line)
        if line == 'enable' and not self.privileged:
            self.put('Password: ')
            self.privileged = self.line(False) == 'se cret'
            return '' if self.privileged else '% Access denied\n'
        if not self.privileged:
            return INVALID
        if line in ('terminal length 0', 'terminal width 0'):
            return ''
        if line == 'end':
            self.mode = ''
            return ''
        if line == 'tclsh':
            if self.router.flag('notcl'):
                return INVALID
            self.mode = '(tcl)'
            return ''
        if m := re.fullmatch(r'more (\S+)', line):
            return s['files'].get(m[1], '%%Error opening %s (No such file or directory)\n' % m[1])
        if m := re.fullmatch(r'delete /force (\S+)', line):
            return '' if s['files'].pop(m[1], None) is not None else '%%Error deleting %s (No such file or directory)\n' % m[1]
        if m := re.fullmatch(r'configure replace (\S+) force revert trigger error timer (\d+)', line):
            return self.replace(m[1], int(m[2]))
        if m := re.fullmatch(r'configure terminal revert timer (\d+)', line):
            said = self.arm(int(m[1]), s['running'])
            self.mode = '' if said else '(config)'
            return said or 'Rollback Confirmed Change: Backing up current running config to flash:archive-1\nEnter configuration commands, one per line.\n'
        if m := re.fullmatch(r'copy (\S+) running-config', line):
            return self.copy(m[1])
        if line in ('configure confirm', 'configure revert now'):
            if not s.get('pending'):
                return self.timer()
            if line == 'configure confirm':
                s['pending'] = None
                return ''
            self.router.go_back('by hand')
            return 'Total number of passes: 1\nRollback Done\n\n'
        if line == 'write memory':
            s['startup'] = s['running']
            return 'Building configuration...\n[OK]\n'
        return self.show(line) if line.startswith('show ') else INVALID


if __name__ == '__main__':
    main(Ios)
