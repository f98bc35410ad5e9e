"""Somebody at the estate's door: a browser's few habits (cookies, the token of a form), and every answer counted."""

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

SESSION_COOKIE = "__Host-sid"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# What ./run manage shell is told: a session of this person, as after signing in with a second step.
SIGN_IN = """
import sys, time
from django.test import Client
from django.utils import timezone
from partnership.models import User
client = Client()
client.force_login(User.objects.get(email={email!r}))
session = client.session
session["account_authentication_methods_user"] = str(session["_auth_user_id"])
session["account_authentication_methods"] = [
    {{"method": "password", "at": time.time()}}, {{"method": "mfa", "at": time.time(), "type": "totp"}}
]
session.save()
print("session", session.session_key)
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes
    seconds: float

    @property
    def text(self):
        return self.body.decode(errors="replace")


class Client:
    """Each request on a connection of its own. An answer that did not come whole is an OSError or HTTPException."""

    def __init__(self, port, host, session="", *, address="127.0.0.1"):
        self.port = port
        self.address = address
        self.host = host
        self.cookies = {SESSION_COOKIE: session} if session else {}

    def get(self, address, **headers):
        return self.ask("GET", address, **headers)

    def post(self, address, fields, *, page=None, **headers):
        """Send ``fields`` with the token that the form at ``page`` (or the address itself) has."""
        found = TOKEN.search(self.get(page or address).text)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        return self.send(address, fields | token, **headers)

    def send(self, address, fields, **headers):
        """Send ``fields`` as they are, token and all."""
        return self.ask("POST", address, urlencode(fields, doseq=True), **headers)

    def ask(self, method, address, body=None, *, seconds=60, **headers):
        headers = {
            "Host": self.host,
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}),
            **({"Referer": f"https://{self.host}/", "Origin": f"https://{self.host}"} if method == "POST" else {}),
            **headers,
        }
        link = http.client.HTTPConnection(self.address, self.port, timeout=seconds)
        began = time.monotonic()
        try:
            link.request(method, address, body, headers)
            response = link.getresponse()
            answer = Answer(response.status, dict(response.headers), response.read(), time.monotonic() - began)
            self.keep_cookies(response.headers.get_all("Set-Cookie") or [])
        finally:
            link.close()
        return answer

    def keep_cookies(self, lines):
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if value and value != '""':
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


def session_of(estate, email):
    """The key of a new session of the person with that address."""
    said = estate.run("manage", "shell", "-c", SIGN_IN.format(email=email))
    return re.search(r"^session (\S+)$", said, re.MULTILINE)[1]
