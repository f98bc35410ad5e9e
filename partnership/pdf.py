"""HTML and CSS to a tagged PDF, in a process that can reach nothing and is stopped when it takes too long.

    pdf = render_pdf(html, assets={"report.css": b"…"}, on_progress=print)
    pdf.content, pdf.page_count

``html`` names its assets by their bare names. Anything else that it asks for (a file, an address)
fails the whole document: our own templates never do, so it is a fault or an attack. What fails is a
``PdfProblem`` whose words can be shown to a person.

The layout process (``pdf_process.py``) starts with the first document and stays for the next; it ends
when this process does.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import Pipe
from pathlib import Path

PROGRAM = Path(__file__).with_name("pdf_process.py")
SECONDS_TO_START = 30
SECONDS_BETWEEN_WORDS = 5


class PdfProblem(Exception):
    """The PDF can't be made; the message says why."""


@dataclass(frozen=True)
class Limits:
    """What one document may take. A report of 60 pages takes 8 s and 200 MB."""

    cpu_seconds: int = 60
    wall_seconds: int = 90
    memory_bytes: int = 2_000_000_000


@dataclass(frozen=True)
class Pdf:
    content: bytes
    page_count: int
    cpu_seconds: float
    peak_bytes: int = 0


def render_pdf(html, *, assets, on_progress=None, limits=None):
    """``html`` (text) as a ``Pdf`` that conforms to PDF/UA-1.

    ``assets``: ``{name: bytes}``, all that the document may use beside itself (fonts, style sheets,
    drawings). ``on_progress(page)`` is called as the layout of each page begins, and again every few
    seconds while nothing new is known; a document with page numbers in its contents is laid out more
    than once, so ``page`` may start again.
    """
    with _layout.lock:
        return _layout.render(html, assets, on_progress or _ignore, limits or Limits())


def stop_layout():
    """End the layout process; the next document starts another."""
    with _layout.lock:
        _layout.stop()


def _ignore(page):
    pass


class _Layout:
    """The process that lays out, started when first needed; one document at a time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.process = None
        self.control = None
        self.owner_id = None

    def render(self, html, assets, on_progress, limits):
        self._start()
        ours, theirs = Pipe()
        try:
            with theirs:
                socket.send_fds(self.control, [b"j"], [theirs.fileno()])
            _send_job(ours, html, assets, limits)
            message, content = _receive(ours, on_progress, limits)
            ending = json.loads(self.control.recv(1000))
        except (OSError, ValueError) as fault:
            self.stop()
            raise PdfProblem("The PDF engine stopped without saying why.") from fault
        except BaseException:
            self.stop()
            raise
        finally:
            ours.close()
        if content is None:
            raise PdfProblem(message.get("problem") or _words_for(ending["status"], limits))
        return Pdf(content, message["page_count"], ending["cpu_seconds"], ending["peak_bytes"])

    def _start(self):
        """Have a running process of our own: a fork of ours (a Celery pool's child) needs another."""
        if self.owner_id == os.getpid() and self.process.poll() is None:
            return
        self.control, theirs = socket.socketpair()
        self.control.settimeout(SECONDS_TO_START)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(PROGRAM)],
                stdin=theirs,
                env={name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ},
                cwd="/",
                start_new_session=True,
            )
        self.owner_id = os.getpid()
        try:
            cannot = json.loads(self.control.recv(1000))["cannot"]
        except (OSError, ValueError) as fault:
            self.stop()
            raise PdfProblem("The PDF engine did not start.") from fault
        if cannot:
            self.stop()
            raise PdfProblem(
                "PDFs can’t be made on this machine: install Pango "
                f"(on Debian, apt-get install libpangoft2-1.0-0). {cannot}"
            )

    def stop(self):
        if self.owner_id == os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.control.close()
        self.owner_id = None


def _send_job(connection, html, assets, limits):
    header = {
        "assets": list(assets),
        "limits": {"cpu_seconds": limits.cpu_seconds, "memory_bytes": limits.memory_bytes},
    }
    connection.send_bytes(json.dumps(header).encode())
    connection.send_bytes(html.encode())
    for content in assets.values():
        connection.send_bytes(content)


def _receive(connection, on_progress, limits):
    """(last message, the file); the file is None where there is none, the message {} if killed."""
    gives_up_at = time.monotonic() + limits.wall_seconds
    page = 0
    while True:
        left = gives_up_at - time.monotonic()
        if left <= 0:
            raise PdfProblem(f"The PDF was not made within {limits.wall_seconds} seconds.")
        if not connection.poll(min(left, SECONDS_BETWEEN_WORDS)):
            on_progress(page)
            continue
        try:
            message = json.loads(connection.recv_bytes())
            if "page_count" in message:
                return message, connection.recv_bytes()
        except EOFError:
            return {}, None
        if "problem" in message:
            return message, None
        page = message["page"]
        on_progress(page)


def _words_for(status, limits):
    """Why a child that said nothing ended."""
    killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if killed_by in {signal.SIGXCPU, signal.SIGKILL}:
        return f"The document needs more than {limits.cpu_seconds} seconds of computing."
    return "The PDF engine broke down over this document."


_layout = _Layout()
