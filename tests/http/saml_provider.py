"""A small SAML 2 identity provider for a test: a request comes by redirect, the answer goes back in a form. It asks nobody for a password: who signs
in stands in the file DIR/user, as JSON {"name": ..., "groups": [...], "wrong": ...}; "wrong" names what is to be wrong with the answer.
Signing is xmlsec1's. Usage: saml_provider.py DIR PORT, with DIR/idp.key and DIR/idp.crt; writes DIR/idp.xml."""
import base64
import datetime
import html
import http.server
import json
import os
import secrets
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as tree
import zlib

folder, port = sys.argv[1], int(sys.argv[2])
issuer = "http://127.0.0.1:%d/metadata" % port
DS = "http://www.w3.org/2000/09/xmldsig#"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"


def at(name):
    return os.path.join(folder, name)


def when(seconds):
    return (datetime.datetime.utcnow() + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id():
    return "_" + secrets.token_hex(16)


def metadata():
    with open(at("idp.crt")) as f:
        cert = "".join(line.strip() for line in f if "---" not in line)
    return f"""<EntityDescriptor xmlns="{MD}" entityID="{issuer}"><IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">
<KeyDescriptor use="signing"><KeyInfo xmlns="{DS}"><X509Data><X509Certificate>{cert}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="http://127.0.0.1:{port}/sso"/>
</IDPSSODescriptor></EntityDescriptor>"""


def signature(of):
    rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    canonical = "http://www.w3.org/2001/10/xml-exc-c14n#"
    return f"""<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{canonical}"/><ds:SignatureMethod Algorithm="{rsa}"/>
<ds:Reference URI="#{of}"><ds:Transforms><ds:Transform Algorithm="{DS}enveloped-signature"/><ds:Transform Algorithm="{canonical}"/></ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"""


def assertion(who, to, request, audience):
    ours = new_id()
    wrong = who.get("wrong")
    until = when(-600 if wrong == "late" else 300)
    groups = "".join("<AttributeValue>%s</AttributeValue>" % html.escape(g) for g in who.get("groups", []))
    if wrong == "audience":
        audience = "http://elsewhere.example.net/"
    return ours, f"""<Assertion xmlns="{SAML}" ID="{ours}" Version="2.0" IssueInstant="{when(0)}"><Issuer>{issuer}</Issuer>{signature(ours)}
<Subject><NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">{html.escape(who["name"])}</NameID>
<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData InResponseTo="{request}" NotOnOrAfter="{until}" Recipient="{to}"/>
</SubjectConfirmation></Subject><Conditions NotBefore="{when(-60)}" NotOnOrAfter="{until}"><AudienceRestriction><Audience>{audience}</Audience>
</AudienceRestriction></Conditions><AuthnStatement AuthnInstant="{when(0)}" SessionIndex="{new_id()}"><AuthnContext>
<AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</AuthnContextClassRef></AuthnContext></AuthnStatement>
<AttributeStatement><Attribute Name="groups">{groups}</Attribute></AttributeStatement></Assertion>"""


def response(to, request, status, inside):
    return f"""<samlp:Response xmlns:samlp="{SAMLP}" ID="{new_id()}" Version="2.0" IssueInstant="{when(0)}" Destination="{to}" InResponseTo="{request}">
<Issuer xmlns="{SAML}">{issuer}</Issuer><samlp:Status>{status}</samlp:Status>{inside}</samlp:Response>"""


def answer(asked):
    to, request = asked.get("AssertionConsumerServiceURL"), asked.get("ID")
    audience = asked.find("{%s}Issuer" % SAML).text
    with open(at("user")) as f:
        who = json.load(f)
    if who.get("wrong") == "refused":
        return to, response(to, request, f'<samlp:StatusCode Value="{STATUS}Responder"><samlp:StatusCode Value="{STATUS}AuthnFailed"/></samlp:StatusCode>', "")
    ours, inside = assertion(who, to, request, audience)
    whole = response(to, request, f'<samlp:StatusCode Value="{STATUS}Success"/>', inside)
    if who.get("wrong") == "unsigned":
        return to, whole.replace(signature(ours), "")
    with open(at("answer.xml"), "w") as f:
        f.write(whole)
    key = at("other.key" if who.get("wrong") == "key" else "idp.key")
    done = subprocess.run(["xmlsec1", "--sign", "--privkey-pem", key, "--id-attr:ID", SAML + ":Assertion", at("answer.xml")], capture_output=True, check=True)
    signed = done.stdout.decode()
    return to, signed.replace(">kim<", ">lee<") if who.get("wrong") == "changed" else signed


class Provider(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path != "/sso":
            return self.send_error(404)
        to, text = answer(tree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"]), -15)))
        body = '<form method="post" action="%s"><input name="SAMLResponse" value="%s"><input name="RelayState" value="%s"></form>' % (
            html.escape(to), base64.b64encode(text.encode()).decode(), html.escape(query.get("RelayState", "")))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


with open(at("idp.xml"), "w") as f:
    f.write(metadata())
http.server.HTTPServer(("127.0.0.1", port), Provider).serve_forever()
