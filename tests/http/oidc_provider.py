"""A small OpenID Connect provider for a test: discovery, code flow, an RS256 key, userinfo. It asks nobody for a password: who signs in stands
in the file DIR/user, as JSON of claims; without it, it refuses. Signing is openssl's. Usage: oidc_provider.py DIR PORT"""
import base64
import hashlib
import http.server
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.parse

folder, port = sys.argv[1], int(sys.argv[2])
issuer = "http://127.0.0.1:%d" % port
key = os.path.join(folder, "op.key")
codes, tokens = {}, {}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def run(*args, data=None):
    return subprocess.run(args, input=data, capture_output=True, check=True).stdout


def jwk():
    modulus = run("openssl", "rsa", "-in", key, "-noout", "-modulus").decode().strip().split("=")[1]
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k1", "n": b64(bytes.fromhex(modulus)), "e": "AQAB"}


def signed(claims):
    text = b64(json.dumps({"alg": "RS256", "kid": "k1", "typ": "JWT"}).encode()) + "." + b64(json.dumps(claims).encode())
    return text + "." + b64(run("openssl", "dgst", "-sha256", "-sign", key, data=text.encode()))


class Provider(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def say(self, status, value, **headers):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/.well-known/openid-configuration":
            self.say(200, {"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
                           "userinfo_endpoint": issuer + "/userinfo", "jwks_uri": issuer + "/jwks", "response_types_supported": ["code"],
                           "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
                           "token_endpoint_auth_methods_supported": ["client_secret_basic"]})
        elif url.path == "/jwks":
            self.say(200, {"keys": [jwk()]})
        elif url.path == "/authorize":
            self.authorize(query)
        elif url.path == "/userinfo":
            claims = tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self.say(200 if claims else 401, claims or {"error": "invalid_token"})
        elif url.path == "/auth":
            self.auth()
        else:
            self.say(404, {})

    def auth(self):
        """What oauth2-proxy answers to nginx's auth_request."""
        if self.headers.get("Authorization", "").startswith("Token "):
            return self.say(200, {})
        try:
            with open(os.path.join(folder, "user")) as f:
                claims = json.load(f)
        except OSError:
            return self.say(401, {})
        return self.say(200, {}, **{"X-Auth-Request-Preferred-Username": claims["preferred_username"],
                                    "X-Auth-Request-Groups": ",".join(claims["groups"])})

    def authorize(self, query):
        answer = {"state": query.get("state", "")}
        try:
            with open(os.path.join(folder, "user")) as f:
                claims = json.load(f)
            answer["code"] = secrets.token_hex(8)
            codes[answer["code"]] = (claims, query)
        except OSError:
            answer["error"] = "access_denied"
        self.say(302, {}, Location=query["redirect_uri"] + "?" + urllib.parse.urlencode(answer))

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        want = "Basic " + base64.b64encode(b"peerage:client-secret-1").decode()
        claims, query = codes.pop(form.get("code"), (None, None))
        if self.path != "/token" or self.headers.get("Authorization") != want or claims is None or form["redirect_uri"] != query["redirect_uri"]:
            return self.say(400, {"error": "invalid_grant"})
        if "code_challenge" in query and b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != query["code_challenge"]:
            return self.say(400, {"error": "invalid_grant"})
        access = secrets.token_hex(16)
        tokens[access] = claims
        now = int(time.time())
        self.say(200, {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed(
            {"iss": issuer, "aud": "peerage", "iat": now, "exp": now + 300, "nonce": query.get("nonce"), **claims})})


http.server.ThreadingHTTPServer(("127.0.0.1", port), Provider).serve_forever()
