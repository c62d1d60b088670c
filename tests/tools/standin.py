"""standin.py: what the stand-ins for other people's APIs share.   import standin; standin.serve(DIR, respond)
Alone it answers everything with {"ok": true}.   standin.py DIR [CERTIFICATE KEY]

respond(request) gives (status, value or bytes[, {header: value}]). DIR/port is written when it listens, DIR/requests has a line of JSON a request.
DIR/behaviour is read anew for each request: lines `PATH-PART WHAT [ARGUMENT [TIMES]]`, `*` for every path: what goes wrong instead.
  status N | retry SECONDS | html | garbage | cut | slow SECONDS | drip | redirect URL | empty | close
It ends with its parent; with STANDIN_PORT in the environment it has that port and stays.
"""
import ctypes
import http.server
import json
import os
import signal
import ssl
import sys
import threading
import time
import urllib.parse

HTML = b"<!DOCTYPE html><html><body>We are down for maintenance</body></html>"
lock = threading.Lock()
spent = {}


class Request:
    def __init__(self, handler, body):
        url = urllib.parse.urlsplit(handler.path)
        self.method, self.path, self.full = handler.command, url.path, handler.path
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.headers, self.body = handler.headers, body

    def json(self):
        return json.loads(self.body)


def rule(folder, path):
    try:
        lines = open(os.path.join(folder, "behaviour")).read().splitlines()
    except FileNotFoundError:
        return None
    for line in lines:
        words = line.split()
        if len(words) < 2 or (words[0] != "*" and words[0] not in path):
            continue
        if len(words) > 3:
            spent[line] = spent.get(line, 0) + 1
            if spent[line] > int(words[3]):
                continue
        return words[1], words[2] if len(words) > 2 else ""
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, value=b"", headers=None, kind="application/json", length=None):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def misbehave(self, what, argument):
        if what == "status":
            self.send(int(argument), {"title": "It was told to", "detail": "answer %s" % argument})
        elif what == "retry":
            self.send(429, {"title": "Too many requests"}, {"Retry-After": argument})
        elif what == "html":
            self.send(200, HTML, kind="text/html")
        elif what == "garbage":
            self.send(200, b"\x00\xff{]")
        elif what == "cut":
            self.send(200, b"[{\"id\": ", length=1000)
        elif what == "drip":
            self.send(200, b"[", length=100000)
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)
        elif what == "redirect":
            self.send(307, b"", {"Location": argument})
        elif what == "empty":
            self.send(200, b"")
        elif what == "close":
            self.close_connection = True
        else:
            self.send(500, {"title": "behaviour: " + what})

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self, body)
        with lock:
            with open(os.path.join(self.server.folder, "requests"), "a") as log:
                log.write(json.dumps({"method": self.command, "path": self.path, "type": self.headers.get("Content-Type"),
                                      "authorization": self.headers.get("Authorization"), "body": body.decode(errors="replace")}) + "\n")
            wrong = rule(self.server.folder, self.path)
        try:
            if wrong and wrong[0] == "slow":
                time.sleep(float(wrong[1]))
            elif wrong:
                return self.misbehave(*wrong)
            with lock:
                answer = self.server.respond(request)
            self.send(answer[0], answer[1], *answer[2:])
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], (ssl.SSLError, OSError)):
            super().handle_error(request, address)


def serve(folder, respond, certificate=None):
    port = int(os.environ.get("STANDIN_PORT", "0"))
    if port == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    server = Server(("127.0.0.1", port), Handler)
    server.folder, server.respond = folder, respond
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    open(os.path.join(folder, "requests"), "a").close()
    with open(os.path.join(folder, "port.new"), "w") as out:
        out.write(str(server.server_address[1]))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    server.serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1], lambda request: (200, {"ok": True}), sys.argv[2:4] if len(sys.argv) > 3 else None)
