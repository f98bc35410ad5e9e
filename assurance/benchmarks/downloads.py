"""A hundred people download one published report at once, against the same bytes as a static file."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from partnership.models import PublishedFile, User
from partnership.publishing import publish_file

PEOPLE = 100
ROUNDS = 5
SIZE = 900_000  # bytes: a report of 60 pages
AT_LEAST = 0.8
SECONDS_TO_START = 120

# The same server with nothing behind it but WhiteNoise, which serves static files.
STATIC = """
from whitenoise import WhiteNoise
def nothing(environ, start_response):
    start_response("404 Not Found", [])
    return []
application = WhiteNoise(nothing, root={folder!r}, prefix="files")
"""


def downloads():
    """How many downloads a second, as a multiple of those of a static file, in turns on one machine."""
    content = os.urandom(SIZE)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "static").mkdir()
        (folder / "broker").mkdir()
        (folder / "static" / "report.pdf").write_bytes(content)
        (folder / "static_only.py").write_text(STATIC.format(folder=str(folder / "static")))
        published = publish(content)
        ours = server("partnership.wsgi", settings.BASE_DIR, {"DATA_DIR": str(folder)})
        alone = server("static_only", folder, {})
        with ours as our_port, alone as their_port:
            our_file, their_file = (our_port, published.get_absolute_url()), (their_port, "/files/report.pdf")
            for file in (our_file, their_file):
                at_once(*file, content)
            ours_took, theirs_took = [], []
            for _ in range(ROUNDS):
                theirs_took.append(at_once(*their_file, content))
                ours_took.append(at_once(*our_file, content))
    best, bar = PEOPLE / min(ours_took), PEOPLE / min(theirs_took)
    return [
        Figure(
            f"{PEOPLE} downloads of {SIZE // 1000} kB at once ÷ a static file of the same server",
            best / bar,
            f"{best:.0f} a second against {bar:.0f}, best of {ROUNDS}; all bytes as published",
            at_least=AT_LEAST,
        )
    ]


def publish(content):
    """A published file that a server of its own can see: the database of this measurement is thrown away."""
    office, _ = User.objects.get_or_create(email="downloads@example.org")
    return publish_file(
        partnerships=[],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title="A report",
        filename="report.pdf",
        content=content,
        by=office,
        at=timezone.now(),
    )


@contextlib.contextmanager
def server(application, folder, environment, *, config=None):
    """gunicorn with our settings (or those of the file ``config``) on a free port; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, "-c", str(config or settings.BASE_DIR / "gunicorn.conf.py")],
        cwd=folder,
        env=os.environ | {"PORT": str(port), "MODE": "demo", "PYTHONPATH": str(settings.BASE_DIR)} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port):
    gives_up_at = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > gives_up_at:
                raise
            time.sleep(0.2)


def at_once(port, path, content):
    """Seconds until all people have the file; every byte is compared."""
    wrong = []

    def download():
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        server.request("GET", path)
        if server.getresponse().read() != content:
            wrong.append(path)
        server.close()

    people = [threading.Thread(target=download) for _ in range(PEOPLE)]
    started = time.monotonic()
    for each in people:
        each.start()
    for each in people:
        each.join()
    took = time.monotonic() - started
    if wrong:
        raise AssertionError(f"{len(wrong)} of {PEOPLE} downloads were not what was published")
    return took
