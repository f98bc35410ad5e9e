"""``./run demo``: everything the product consists of, started together and stopped together.

Run by its path and with nothing but Python's own library, so that the web server starts soon::

    python -I partnership/demo.py

What it starts are words of ``./run``, the same that production's containers run. Each is the head
of a process group of its own, so that a Ctrl-C reaches only us and we end the others in order.
"""

import contextlib
import ctypes
import fcntl
import glob
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DATA_DIR") or PROJECT / ".data").resolve()
LOGS = DATA / "logs"
BROKER = DATA / "broker"  # where Celery keeps its messages without Redis; it wants it made
ROOMS = ("partnership", "plans", "reviews", "training", "assurance")
PARTS = ("web", "worker", "beat")
WITH_OWN_DATABASE = "--own-database"
SECONDS_TO_STOP = 2  # for the parts, and again for the database
SECONDS_TO_ANSWER = 120
# Of prctl(2), which Linux alone has.
SET_PARENT_DEATH_SIGNAL = 1
SET_CHILD_SUBREAPER = 36


class Refused(Exception):
    """The demo cannot go on; the message says why."""


# ---------------------------------------------------------------------------------------------
# Before anything is started


def read_port():
    given = os.environ.get("PORT", "8000")
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Refused(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def claim_folder(address):
    """One demo for each data folder. The lock is the process's, so a killed one leaves none."""
    try:
        for folder in (LOGS, BROKER):
            folder.mkdir(parents=True, exist_ok=True)
        claim = open(DATA / "demo.lock", "a+")
    except PermissionError as refusal:
        raise Refused(
            f"{DATA} belongs to another user of this machine: "
            "run this as that user, or set DATA_DIR to a folder of your own."
        ) from refusal
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as refusal:
        claim.seek(0)
        raise Refused(f"A demo of this folder already runs: {claim.read().strip()}") from refusal
    claim.truncate(0)
    claim.write(address)
    claim.flush()
    return claim


def refuse_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as refusal:
            raise Refused(f"Port {port} needs more rights: try PORT=8001 ./run demo") from refusal
        except OSError as refusal:
            raise Refused(f"Port {port} is taken: try another, PORT={port % 65535 + 1} ./run demo") from refusal


# ---------------------------------------------------------------------------------------------
# The database's contents


def prepare_database():
    """Migrate and load the sample, unless our own database was prepared by exactly this code."""
    stamp = DATA / "postgres" / "prepared"
    digest = digest_of_code()
    is_own = WITH_OWN_DATABASE in sys.argv
    if is_own and stamp.exists() and stamp.read_text() == digest:
        return
    say("Preparing the database")
    run("migrate")
    if any(PROJECT.glob("*/management/commands/load_sample.py")):
        run("manage", "load_sample", "--if-empty")
    if is_own:
        stamp.write_text(digest)


def digest_of_code():
    """Changes with any migration, model or trigger of ours, and with any locked package."""
    names = ["requirements-demo.txt"]
    for room in ROOMS:
        names += glob.glob(f"{room}/**/*.py", root_dir=PROJECT, recursive=True)
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(name.encode())
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()


def run(*words):
    """Do one thing to its end; what it says is shown only where it fails."""
    log = LOGS / f"{words[:2][-1]}.log"
    with open(log, "w") as output:
        finished = subprocess.run(
            ["./run", *words],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    if finished.returncode:
        raise Refused(f"{last_words(log)}\n./run {' '.join(words)} failed; see {log}")


def last_words(log):
    return "\n".join(log.read_text(errors="replace").rstrip().split("\n")[-15:])


# ---------------------------------------------------------------------------------------------
# The processes


class Part:
    """One of the processes, its words going to a log of its own."""

    def __init__(self, word):
        self.word = word
        self.log = LOGS / f"{word}.log"
        self.started_at = time.monotonic()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                ["./run", word],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"DATABASE_URL": os.environ.get("APP_DATABASE_URL") or os.environ["DATABASE_URL"]},
                start_new_session=True,
                preexec_fn=follow_parent,
            )

    @property
    def has_ended(self):
        return self.process.poll() is not None

    def kill(self):
        """End what is left of the whole group, and see the last of each process in it."""
        group = self.process.pid
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-group, 0)


def ask_kernel(wish, value):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(wish, value)


def follow_parent():
    """Stop this process should the supervisor be killed."""
    ask_kernel(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


class Supervisor:
    """Starts the parts, starts a fallen worker again, and ends them all."""

    def __init__(self, port):
        self.port = port
        self.address = f"http://localhost:{port}"
        self.parts = {}

    def start(self):
        """The web server first: it is what the person waits for."""
        first, *others = PARTS
        self.parts[first] = Part(first)
        self.wait_for_web()
        say(f"\nPartnership Planner is ready: {self.address}\n")
        for word in others:
            self.parts[word] = Part(word)
        subprocess.run(["./run", "manage", "demo_accounts"], cwd=PROJECT)
        say(f"\nCtrl-C stops everything. What each part says is in {LOGS}/")

    def wait_for_web(self):
        for _ in range(SECONDS_TO_ANSWER * 50):
            self.refuse_fallen_web()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise Refused(f"The web server did not answer in {SECONDS_TO_ANSWER} seconds.")

    def refuse_fallen_web(self):
        web = self.parts["web"]
        if web.has_ended:
            raise Refused(f"{last_words(web.log)}\nThe web server stopped; see {web.log}")

    def watch(self):
        while True:
            self.refuse_fallen_web()
            for part in list(self.parts.values()):
                if part.has_ended:
                    self.start_again(part)
            time.sleep(0.25)

    def start_again(self, part):
        if time.monotonic() - part.started_at < 10:
            raise Refused(f"{last_words(part.log)}\nThe {part.word} keeps stopping; see {part.log}")
        say(f"The {part.word} stopped; starting it again.")
        part.kill()
        self.parts[part.word] = Part(part.word)

    def stop(self):
        """Ask all, wait for a moment, then end the rest.

        Celery's worker without Redis needs seven seconds to end by itself. A task that is cut off is
        taken up at the next start: what must happen stands in the database.
        """
        for part in self.parts.values():
            if not part.has_ended:
                part.process.terminate()
        patience_ends = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < patience_ends:
            if all(part.has_ended for part in self.parts.values()):
                break
            time.sleep(0.02)
        for part in self.parts.values():
            part.kill()


def let_go_of_database():
    """Let our own database stop, and see it go unless somebody else still uses it."""
    lock = os.environ.get("DATABASE_LOCK")
    if not lock:
        return
    os.close(int(lock))
    patience_ends = time.monotonic() + SECONDS_TO_STOP
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < patience_ends:
            os.waitpid(-1, os.WNOHANG)
            time.sleep(0.02)


def say(words):
    print(words, flush=True)


def leave(*_):
    raise SystemExit


def main():
    port = read_port()
    claim = claim_folder(f"http://localhost:{port}")
    refuse_taken(port)
    if not os.environ.get("DATABASE_URL"):
        # Become ourselves again with a database, whose lock we then hold as long as we live.
        embedded = Path(__file__).with_name("embedded.py")
        claim.close()
        here = [sys.executable, "-I", __file__, WITH_OWN_DATABASE]
        os.execv(sys.executable, [sys.executable, "-I", str(embedded), "exec", *here])
    for interruption in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(interruption, leave)
    ask_kernel(SET_CHILD_SUBREAPER, 1)
    supervisor = Supervisor(port)
    try:
        prepare_database()
        supervisor.start()
        supervisor.watch()
    finally:
        for interruption in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(interruption, signal.SIG_IGN)
        supervisor.stop()
        let_go_of_database()
        say("Stopped.")


if __name__ == "__main__":
    try:
        main()
    except Refused as reason:
        sys.exit(str(reason))
