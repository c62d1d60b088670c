"""What scripted routers with a command line share: a terminal that echoes as a router does, lines, and the faults of peer.py."""
import os
import sys
import time
import tty

from peer import FLOOD, Router


class Gone(Exception):
    pass


class Cli:
    """A subclass has prompt() and do(line), which returns the answer; self.router is locked and loaded meanwhile."""
    banner = ''

    def __init__(self, folder):
        self.router = Router(folder)
        self.buffer = b''
        tty.setraw(0)

    def put(self, text):
        data = text.replace('\n', '\r\n').encode()
        while data:
            data = data[os.write(1, data):]

    def line(self, echo=True):
        while b'\r' not in self.buffer and b'\n' not in self.buffer:
            piece = os.read(0, 65536)
            if not piece:
                raise Gone
            self.buffer += piece
        at = min(i for i in (self.buffer.find(b'\r'), self.buffer.find(b'\n')) if i >= 0)
        line, self.buffer = self.buffer[:at].decode(), self.buffer[at + 1:]
        self.put((line if echo else '') + '\n')
        return line

    def faulty(self, line):
        """A fault is named by the first words of a command."""
        words = line.split()
        for n in range(len(words), 0, -1):
            kind = self.router.fault(' '.join(words[:n]))
            if kind:
                return kind
        return ''

    def serve(self):
        self.put(self.banner)
        while True:
            self.put(self.prompt())
            line = self.line()
            if not line.strip():
                continue
            self.router.said(line)
            fault = self.faulty(line)
            if fault == 'cut':
                raise Gone
            if fault == 'hang':
                time.sleep(5)
            if fault == 'flood':
                for _ in range(FLOOD // 65536):
                    self.put('flood ' * 10922 + '\n')
            if fault == 'garbage':
                self.put('\x00\x07not what was asked for <html>\n')
                continue
            with self.router:
                answer = self.refuse(line) if fault == 'refuse' else self.do(line.strip())
            if fault == 'cut-after':
                raise Gone
            if answer is not None:
                self.put(answer if answer.endswith('\n') or not answer else answer + '\n')


def main(kind):
    try:
        kind(sys.argv[1]).serve()
    except (Gone, OSError):
        pass
