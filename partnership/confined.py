"""Work on files that people bring, in a process that can reach nothing and is stopped in time.

    answer, files = run_confined("partnership.paper_pdf", {"do": "prepare"}, [content])

Each question starts a process of its own, with an empty environment and its limits; what a file does to
that process ends there. The other side is ``serve``, which a program calls with its one function.
"""

import json
import logging
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from partnership.uploads import UnreadableFile

logger = logging.getLogger(__name__)

HOME = Path(__file__).resolve().parent.parent
SECONDS_BETWEEN_WORDS = 5
REFUSED_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn",
                  "os.remove", "os.rename", "os.mkdir", "ctypes.", "urllib.")  # fmt: skip
DAMAGED = "This file is damaged, or built in a way that we can’t read. Open it, save it again and try again."
TOO_MUCH = "This file takes too long to read, or too much memory. Save it again without large pictures and try again."


@dataclass(frozen=True)
class Limits:
    """What one question may take. A paper of 60 pages takes a second and 200 MB, of addresses; fewer are used."""

    cpu_seconds: int = 9
    wall_seconds: float = 20
    memory_bytes: int = 512 * 1024 * 1024


# Our side


def run_confined(module, question, files=(), *, limits=None, on_wait=None, too_much=TOO_MUCH):
    """What ``python -m module`` answers: (answer, list of bytes).

    ``question`` and the answer are JSON, ``files`` bytes. ``on_wait()`` is called every few seconds.
    Raises UnreadableFile, in words for a person, where it refuses, breaks or is stopped: ``too_much`` says that it
    took more than its limits.
    """
    limits = limits or Limits()
    header = {
        "question": question,
        "sizes": [len(content) for content in files],
        "limits": [limits.cpu_seconds, limits.memory_bytes],
    }
    try:
        said = _run(module, b"".join([json.dumps(header).encode(), b"\n", *files]), limits, on_wait)
        line, _, rest = said.partition(b"\n")
        header = json.loads(line)
    except (TimeoutError, ValueError) as killed:  # out of processor time or memory, so it said nothing
        raise UnreadableFile(too_much) from killed
    if "refused" in header:
        raise UnreadableFile(too_much if header["refused"] == TOO_MUCH else header["refused"])
    made, start = [], 0
    for size in header["sizes"]:
        made.append(rest[start : start + size])
        start += size
    return header["answer"], made


def _run(module, said, limits, on_wait):
    child = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=HOME,
        env={"PATH": os.defpath, "PYTHONPATH": str(HOME), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    gives_up_at = time.monotonic() + limits.wall_seconds
    try:
        while True:
            left = gives_up_at - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{module}: {limits.wall_seconds} s")
            try:
                answer, complaints = child.communicate(said, timeout=min(left, SECONDS_BETWEEN_WORDS))
                break
            except subprocess.TimeoutExpired:
                said = None  # it is on its way already
                if on_wait:
                    on_wait()
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if complaints:
        logger.warning("%s: %s", module, complaints[-500:].decode(errors="replace"))
    return answer


# The other side


def serve(work):
    """Answer the one question on standard input by ``work(question, files)``: (answer, files)."""
    channel, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no answer
    header = json.loads(sys.stdin.buffer.readline())
    files = [sys.stdin.buffer.read(size) for size in header["sizes"]]
    confine(*header["limits"])
    made = []
    try:
        answer, made = work(header["question"], files)
        said = {"answer": answer, "sizes": [len(content) for content in made]}
    except UnreadableFile as refusal:
        said = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        said = {"refused": TOO_MUCH}
    except Exception as fault:  # a file can be wrong in any way; each is a sentence, never a crash
        print(f"{type(fault).__name__}: {fault}"[:500], file=sys.stderr)
        said = {"refused": DAMAGED}
    channel.write(b"".join([json.dumps(said).encode(), b"\n", *made]))
    channel.flush()
    os._exit(0)  # whatever was made is given; taking it apart would cost a tenth


def confine(cpu_seconds, memory_bytes):
    """Give away memory, time, and every way out of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(refuse_outside)


def refuse_outside(event, args):
    """Reading a document needs no socket, no other program and no file to write."""
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(event)
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        raise PermissionError(event)
