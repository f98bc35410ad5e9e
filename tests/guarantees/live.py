"""The product's own web server on a test's database, and people with browsers at it, many at the same moment."""

import http.client
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from lxml import html

from tests.faults.conftest import database_url, wait_for
from tests.faults.services import free_port
from tests.guarantees.filling import filled

WORKERS, THREADS = 2, 4
SECONDS = 60
TOKEN = "a" * 32


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    def form(self, name):
        """What the form with the control ``name`` would send as it stands on this page."""
        form = html.fromstring(self.text).xpath(f"//form[.//*[@name='{name}']]")[0]
        return filled(form, words="")


@dataclass
class Web:
    """A server that runs; ``port`` is where."""

    port: int
    seen: Counter = field(default_factory=Counter)

    def ask(self, method, address, values=None, cookies=""):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        link.request(method, address, urlencode(values, doseq=True) if values else None, headers)
        response = link.getresponse()
        answer = Answer(response.status, response.read().decode())
        link.close()
        self.seen[answer.status] += 1
        return answer

    @property
    def error_count(self):
        return sum(count for status, count in self.seen.items() if status >= 500)

    def answers(self):
        try:
            return self.ask("GET", "/sign-in/").status == 200
        except OSError:
            return False


@contextmanager
def live_web(folder, *, without=""):
    """A Web with two workers of four threads, on the day of the test; ``without`` is a guard of ``live_web``."""
    for name in ("broker", "broker-control"):
        (folder / name).mkdir(exist_ok=True)
    port = free_port()
    environment = {
        **os.environ,
        "MODE": "test",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(folder),
        "AS_OF": timezone.now().isoformat(),
        "SABOTAGE": without,
    }
    size = ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
    words = ["-b", f"127.0.0.1:{port}", *size, "tests.guarantees.live_web"]
    with open(folder / "web.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *words],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    web = Web(port)
    try:
        wait_for(lambda: web.answers() or server.poll() is not None, "the web server answers")
        assert server.poll() is None, (folder / "web.log").read_text()[-2000:]
        web.seen.clear()
        yield web
    finally:
        server.terminate()
        server.wait()


@dataclass
class Browser:
    """Of somebody who is signed in: ``client`` is a test client of theirs."""

    web: Web
    cookies: str

    @classmethod
    def of(cls, client, web):
        session = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
        return cls(web, f"{settings.CSRF_COOKIE_NAME}={TOKEN}; {session}")

    def get(self, address):
        return self.web.ask("GET", address, cookies=self.cookies)

    def post(self, address, values):
        return self.web.ask("POST", address, values, self.cookies)
