"""The parts of the estate: processes that are started, asked to end, and killed, each with a log of its own."""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from partnership import embedded
from tests.faults.services import free_port, wait_for

PROJECT = Path(__file__).resolve().parents[2]
SECONDS_TO_LIVE = 3600
SECONDS_TO_STOP = 60

# Reads "PID" and "-PID" lines: the groups to end when the pipe closes, which is when we end however we do.
WATCH = """
import os, signal, sys
groups = set()
def end(*_):
    for group in groups:
        try: os.killpg(group, signal.SIGKILL)
        except ProcessLookupError: pass
    os._exit(0)
signal.signal(signal.SIGALRM, end)
signal.alarm(int(sys.argv[1]))
for line in sys.stdin:
    number = int(line)
    groups.add(number) if number > 0 else groups.discard(-number)
end()
"""


class Watcher:
    """Ends every process group it was told of, should we be killed or take too long."""

    def __init__(self):
        command = [sys.executable, "-I", "-c", WATCH, str(SECONDS_TO_LIVE)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)

    def tell(self, number):
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Part:
    """One process of the estate and all that it started; ``command`` is what its container runs."""

    def __init__(self, name, command, *, folder, watcher, environment=None, is_ready=lambda: True, project=PROJECT):
        self.name = name
        self.project = project
        self.command = command
        self.environment = environment
        self.is_ready = is_ready
        self.folder = folder
        self.log = folder / f"{name}.log"
        self.watcher = watcher
        self.process = None

    @property
    def is_up(self):
        return self.process is not None and self.process.poll() is None

    def start(self, *, wait=True):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.project,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.watcher.tell(self.process.pid)
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self):
        wait_for(lambda: not self.is_up or self.is_ready(), f"{self.name} is ready. {self.last_words()}")
        if not self.is_up:
            pytest.fail(f"{self.name} ended. {self.last_words()}")

    def kill(self):
        """The whole group at once, as the kernel does when memory runs out; nothing is said to anybody."""
        self.signal_all(signal.SIGKILL)
        self.gone()

    def stop(self):
        """As ``docker stop``: asked, and killed if it does not end."""
        if not self.is_up:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS_TO_STOP)
        self.kill()

    def restart(self):
        self.stop()
        self.start()

    def signal_all(self, number):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def gone(self):
        """Until the last of the group is, too: the kernel takes a moment for what the head had started."""
        if self.process:
            self.process.wait()
            wait_for(lambda: not self.lives(), f"all of {self.name} is gone")
            self.watcher.tell(-self.process.pid)

    def lives(self):
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def last_words(self):
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


class PostgreSQL(embedded.Keeper):
    """As the container's: its own defaults, so that what it has acknowledged is on the disc."""

    lasting = {}
    environment = {}  # beside ours

    def __init__(self, folder, watcher):
        folder.mkdir()
        super().__init__(folder, throwaway=False)
        self.watcher = watcher

    @property
    def is_up(self):
        return self.process is not None and self.process.poll() is None

    def url(self, role=embedded.OWNER, database=embedded.DATABASE):
        return f"postgres://{role}@{str(self.sockets).replace('/', '%2F')}/{database}"

    def start(self):
        with pytest.MonkeyPatch.context() as given:
            for name, value in self.environment.items():
                given.setenv(name, value)
            super().start()

    def _wait_until_ready(self, log_path):
        self.watcher.tell(self.process.pid)
        super()._wait_until_ready(log_path)

    def stop(self, mode="fast"):
        """``mode``: "smart", "fast" or "immediate", as pg_ctl calls them."""
        how = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode]
        if self.is_up:
            self.process.send_signal(how)
            self.process.wait()
            self.watcher.tell(-self.process.pid)

    def kill(self):
        """The first process and all it started, as a power cut would."""
        if self.is_up:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.watcher.tell(-self.process.pid)

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()


class Redis(Part):
    """As the container's: it writes down what it holds."""

    def __init__(self, folder, watcher):
        folder.mkdir()
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        super().__init__(
            "redis",
            ["redis-server", "--appendonly", "yes", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", folder],
            folder=folder.parent,
            watcher=watcher,
            is_ready=lambda: listens("127.0.0.1", self.port),
        )
        self.data = folder

    def flush(self):
        """Killed, and all it held is lost; then there again."""
        self.kill()
        shutil.rmtree(self.data)
        self.data.mkdir()
        self.start()


class Mail:
    """Takes every mail; ``taken`` is their text. ``hangs``: it is called and never says a word."""

    def __init__(self):
        self.taken = []
        self.hangs = False
        self.port = free_port()
        self.controller = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        while self.hangs:
            await asyncio.sleep(0.5)
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(envelope.content.decode(errors="replace"))
        return "250 OK"

    def start(self):
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would tell of every line of every mail
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
            self.controller = None


def listens(address, port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
