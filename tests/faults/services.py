"""A PostgreSQL and a Redis of a test's own, which it may stop as a power cut would."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import pytest

from partnership import embedded

SECONDS = 90  # a loaded machine takes long to start a worker


def wait_for(what, message):
    """Until ``what()`` is true; the clock here is the machine's, which no test moves.

    ``message``: words, or what gives them when it is too late.
    """
    give_up_at = time.monotonic() + SECONDS
    while time.monotonic() < give_up_at:
        if what():
            return
        time.sleep(0.1)
    pytest.fail(f"Not within {SECONDS} seconds: {message() if callable(message) else message}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class DiesWithUs:
    """Ends process ``pid`` when we end, however we do: whoever watches it reads from a pipe that closes with us."""

    WATCH = "import os, signal, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), signal.SIGQUIT)"

    def __init__(self, pid):
        command = [sys.executable, "-I", "-c", self.WATCH, str(pid)]
        self.watcher = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def no_more(self):
        self.watcher.kill()
        self.watcher.wait()


class PostgreSQL(embedded.Keeper):
    """As the product's embedded one, but what was committed is kept whatever happens to the server."""

    lasting = {"fsync": "off"}  # the machine itself stays up

    def __init__(self, folder):
        super().__init__(folder, throwaway=False)

    @property
    def url(self):
        return f"postgres://{embedded.OWNER}@{quote(str(self.sockets), safe='')}/{embedded.DATABASE}"

    def start(self):
        super().start()
        self.bound = DiesWithUs(self.process.pid)

    def stop(self):
        self.bound.no_more()
        super().stop()

    def restart(self):
        """At once, in the middle of whatever it does: "immediate" is a crash, and recovery at the next start."""
        self.bound.no_more()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.start()


class Redis:
    """Keeps nothing on disc: when it is killed, every message in it is lost."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    @staticmethod
    def is_here():
        return shutil.which("redis-server") is not None

    def start(self):
        with open(self.folder / "redis.log", "a") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.bound = DiesWithUs(self.process.pid)

    def stop(self):
        self.bound.no_more()
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.stop()
        time.sleep(1)
        self.start()
