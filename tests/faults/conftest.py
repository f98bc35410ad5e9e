"""Real workers on the test's own database, a broker of files, and a mail server that keeps what it took."""

import os
import signal
import socket
import subprocess
import sys
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from celery import Celery
from django.conf import settings
from django.db import connection

from tests.faults.estate import empty_estate, estate, make_estate, prepared  # noqa: F401
from tests.faults.services import wait_for
from tests.faults.small_disk import mounts  # noqa: F401
from tests.faults.writers import writing  # noqa: F401


class Sink:
    """Takes every mail and keeps its Message-ID."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        headers = envelope.content.decode().splitlines()
        self.taken += [line for line in headers if line.lower().startswith("message-id:")]
        return "250 OK"


@pytest.fixture
def sink():
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


class Workers:
    """Starts real Celery workers, gives them tasks, and kills them."""

    def __init__(self, folder, sink):
        self.folder = folder
        self.sink = sink
        self.running = []
        for name in ("broker", "broker-control"):
            (folder / name).mkdir()

    def start(self, stop_at=""):
        """A worker of one child process; ``stop_at`` is the point at which it stands still."""
        log = open(self.folder / f"worker-{len(self.running)}.log", "w")  # noqa: SIM115
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "partnership", "worker", "--concurrency", "1"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "MODE": "test",
                "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
                "DATABASE_URL": database_url(),
                "DATA_DIR": str(self.folder),
                "SINK_PORT": str(self.sink.port),
                "STOP_AT": stop_at,
                "REACHED_FILE": str(self.folder / "reached"),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.running.append(worker)
        return worker

    def give(self, task):
        """Put ``task`` into the broker, as beat does every minute."""
        broker = str(self.folder / "broker")
        application = Celery(broker="filesystem://", set_as_current=False)
        application.conf.broker_transport_options = {
            "data_folder_in": broker,
            "data_folder_out": broker,
            "control_folder": str(self.folder / "broker-control"),
        }
        application.send_task(task, ignore_result=True)

    def finish(self, task):
        """Have ``task`` done to its end: a worker takes up the second only then."""
        self.give(task)
        self.give(task)
        broker = self.folder / "broker"
        wait_for(lambda: not list(broker.iterdir()), f"both are taken up. {self.last_words()}")

    def wait_until_it_stands_still(self):
        wait_for((self.folder / "reached").exists, f"the worker stands still. {self.last_words()}")

    def last_words(self):
        return "\n".join(log.read_text()[-2000:] for log in self.folder.glob("worker-*.log"))

    @staticmethod
    def kill(worker):
        """The whole process group at once, as a power cut would."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def kill_all(self):
        for worker in self.running:
            if worker.poll() is None:
                self.kill(worker)


def database_url():
    """Of the database that this test writes to."""
    database = connection.settings_dict
    host = quote(database["HOST"] or "localhost", safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    password = f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    return f"postgres://{database['USER']}{password}@{host}{port}/{database['NAME']}"


@pytest.fixture
def workers(tmp_path, sink):
    workers = Workers(tmp_path, sink)
    yield workers
    workers.kill_all()
