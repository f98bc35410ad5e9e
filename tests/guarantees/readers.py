"""The processes that read what people bring, forked from one that has loaded their libraries already.

A process started anew for each of 5,000 files would load the same libraries for an hour. ``Readers`` starts one that
has them; it forks a child for each question, which does what ``python -m module`` does, with the same limits from the
same code, and says what that child took. ``python -m tests.guarantees.readers`` is its other side.
"""

import importlib
import io
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

from partnership import confined
from partnership.confined import HOME, serve
from plans import importer
from plans.importer import child as plan_child
from plans.importer import reader_of

PLAN = "plans.importer.child"
MODULES = (
    "assurance.annual.companion_check",
    "assurance.schools.reading",
    "partnership.paper_pdf",
    "partnership.paper_word",
    "partnership.workbook_reading",
    "plans.tracker_reading",
    "reviews.cleaned_pdf",
)
KIBIBYTE = 1024


@dataclass
class Taken:
    """What one child took."""

    module: str
    cpu_seconds: float
    peak_bytes: int


@dataclass
class Readers:
    """``with Readers() as readers:`` every file is read by its forks. ``taken``: what each took, in order."""

    taken: list = field(default_factory=list)

    def __enter__(self):
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.guarantees.readers"],
                cwd=HOME,
                stdin=theirs,
                env={"PATH": os.defpath, "PYTHONPATH": str(HOME), "PYTHONIOENCODING": "utf-8"},
            )
        self.stream = self.control.makefile("rwb")
        self.kept = confined._run, importer.subprocess
        confined._run = self.run
        importer.subprocess = SimpleNamespace(run=self.run_plan, TimeoutExpired=subprocess.TimeoutExpired)
        return self

    def __exit__(self, *_):
        confined._run, importer.subprocess = self.kept
        self.stream.close()
        self.control.close()
        self.process.wait(timeout=30)

    def run(self, module, said, limits, on_wait=None):
        """As ``confined._run``."""
        answer, _complaints = self.ask(module, said, limits.wall_seconds)
        if answer is None:
            raise TimeoutError(module)
        return answer

    def run_plan(self, command, *, timeout, **_):
        """As ``subprocess.run`` of the reader of plans, whose command ends with a path and a name."""
        answer, complaints = self.ask(PLAN, json.dumps(command[-2:]).encode(), timeout)
        if answer is None:
            raise subprocess.TimeoutExpired(command, timeout)
        return SimpleNamespace(stdout=answer, stderr=complaints)

    def ask(self, module, said, wall_seconds):
        """(what the child wrote, what it complained of); what it wrote is None if it had to be stopped."""
        write(self.stream, {"module": module, "wall_seconds": wall_seconds}, said)
        header, answer, complaints = read(self.stream, 2)
        self.taken.append(Taken(module, header["cpu_seconds"], header["peak_bytes"]))
        return (None if header["is_stopped"] else answer), complaints


def write(stream, header, *parts):
    stream.write(json.dumps(header | {"sizes": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        stream.write(part)
    stream.flush()


def read(stream, count):
    header = json.loads(stream.readline())
    return header, *(stream.read(size) for size in header["sizes"][:count])


# The other side


def main():
    programs = {module: importlib.import_module(module).main for module in MODULES}
    reader_of(".pdf")
    reader_of(".docx")
    reader_of(".xlsx")
    stream = socket.socket(fileno=os.dup(0)).makefile("rwb")
    while line := stream.readline():
        header = json.loads(line)
        said = stream.read(header["sizes"][0])
        pid, out, complaints = start(programs, header["module"], said)
        got, is_stopped = drain(pid, out, complaints, header["wall_seconds"])
        _, _status, usage = os.wait4(pid, 0)
        used = {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_bytes": usage.ru_maxrss * KIBIBYTE}
        write(stream, used | {"is_stopped": is_stopped}, got[out], got[complaints])
        os.close(out)
        os.close(complaints)


def start(programs, module, said):
    """(pid of the child, where it answers, where it complains)."""
    out, child_out = os.pipe()
    complaints, child_complaints = os.pipe()
    with tempfile.TemporaryFile() as given:
        given.write(said)
        given.seek(0)
        pid = os.fork()
        if pid == 0:
            os.dup2(given.fileno(), 0)
            os.dup2(child_out, 1)
            os.dup2(child_complaints, 2)
            os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
            be(programs, module)
    os.close(child_out)
    os.close(child_complaints)
    return pid, out, complaints


def be(programs, module):
    """What a process started for this question alone would be."""
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(io.FileIO(1, "w", closefd=False))
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True)
    sys.stdin = SimpleNamespace(buffer=io.BufferedReader(io.FileIO(0, closefd=False)))
    if module == PLAN:
        plan_child.main(*json.loads(sys.stdin.buffer.read()))
        sys.stdout.flush()
        os._exit(0)
    serve(programs[module])


def drain(pid, out, complaints, wall_seconds):
    """(all that it wrote on each, whether it had to be stopped)."""
    got, open_ends = {out: b"", complaints: b""}, {out, complaints}
    gives_up_at = time.monotonic() + wall_seconds
    parts = {out: [], complaints: []}
    is_stopped = False
    while open_ends:
        left = gives_up_at - time.monotonic()
        ready = select.select(list(open_ends), [], [], max(left, 0))[0] if left > 0 else []
        if not ready:
            os.kill(pid, signal.SIGKILL)
            is_stopped = True
            break
        for end in ready:
            part = os.read(end, 1 << 20)
            if part:
                parts[end].append(part)
            else:
                open_ends.discard(end)
    for end, some in parts.items():
        got[end] = b"".join(some)
    return got, is_stopped


if __name__ == "__main__":
    main()
