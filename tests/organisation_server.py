"""An organisation that signs its people in: an OpenID provider on loopback, which can be made to misbehave.

It answers as ``issuer`` says it is; ``person`` are the claims of whoever signs in there. ``spoilt`` changes the claims
of the next token, ``key_of_somebody_else`` signs it with a key that nobody published.
"""

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "planner", "a secret of the tests"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OrganisationServer:
    def __init__(self):
        self.key, self.other_key = new_key(), new_key()
        self.person = {}
        self.spoilt = {}
        self.key_of_somebody_else = False
        self.codes = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"organisation": self}))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/tenant/v2.0"
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.called = self.issuer

    def start(self):
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def document(self):
        return {
            "issuer": self.called,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }

    def keys(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "first", "alg": "RS256", "use": "sig"}]}

    def sign_in(self, leaving):
        """The path and query with which a browser comes back that was sent to ``leaving``."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(leaving).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked):
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            **self.person,
            **self.spoilt,
        }
        key = self.other_key if self.key_of_somebody_else else self.key
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "first"})

    def redeem(self, form):
        """A code is good once, for whom it was given, by whoever can show the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != SECRET or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "none", "token_type": "Bearer", "id_token": self.token(asked)}


class Handler(BaseHTTPRequestHandler):
    organisation = None

    def do_GET(self):
        pages = {
            "/tenant/v2.0/.well-known/openid-configuration": self.organisation.document,
            "/keys": self.organisation.keys,
        }
        page = pages.get(urlsplit(self.path).path)
        self.answer(200, page()) if page else self.answer(404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.answer(*self.organisation.redeem(form))

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
