"""What scripted routers with an API over HTTPS share: TLS, signing in (user peerage, password "se cret"), faults. `serve` takes
FOLDER PORT CERTIFICATE from the command line and a class of Api with words() and answer()."""
import base64
import http.server
import json
import os
import ssl
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer import FLOOD, Router  # noqa: E402

signed_in = 'Basic ' + base64.b64encode(b'peerage:se cret').decode()


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def words(self, body):
        """What a request says, a line each: for the router's log, and where faults may be."""
        raise NotImplementedError

    def answer(self, router, body):
        """HTTP status and value of a request; body is its JSON, None without."""
        raise NotImplementedError

    def log_message(self, *_):
        pass

    def send(self, status, data, length=None):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def flood(self):
        self.send(200, b'[', FLOOD)
        try:
            for _ in range(FLOOD // 65536):
                self.wfile.write(b'1,' * 32768)
        except OSError:
            pass
        self.close_connection = True

    def handle_request(self):
        text = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if self.headers.get('Authorization') != signed_in:
            self.send(401, b'Unable to authenticate user')
            return
        body = json.loads(text) if text else None
        router = Router(self.server.folder)
        words = self.words(body)
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
            self.flood()
            return
        with router:
            status, answer = self.answer(router, body)
        if fault == 'cut-after':
            self.close_connection = True
            return
        self.send(status, json.dumps(answer).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def serve(api):
    folder, port, certificate = sys.argv[1:4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(('127.0.0.1', int(port)), api)
    server.folder = folder
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()
