"""A nest of workers that can be killed by the hundred: each is a whole Celery worker, forked from a process
that has imported everything, so that the next stands at once where one fell.

``python -m tests.faults.nest FOLDER COUNT``; ends with whoever started it, or after its time.
"""

import ctypes
import faulthandler
import os
import signal
import sys
import warnings
from pathlib import Path

import celery.bin.worker  # noqa: F401  what each worker would import anew
import celery.concurrency.solo  # noqa: F401
import celery.worker.consumer  # noqa: F401
import django
import kombu.transport.redis  # noqa: F401
from celery.signals import task_prerun

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
django.setup()

from django.template.loader import get_template  # noqa: E402
from django.urls import reverse  # noqa: E402

from partnership.celery import app  # noqa: E402
from tests.faults.sabotage import sabotage  # noqa: E402

SECONDS_TO_LIVE = 1500
PR_SET_PDEATHSIG = 1


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def be_a_worker(folder, number):
    """Celery until killed. On SIGUSR2 it writes down where it is, so that the test can say what it killed."""
    die_with_parent()
    warnings.simplefilter("ignore")  # of root, who plays only here
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.alarm(SECONDS_TO_LIVE)
    task_prerun.connect(lambda **_: (folder / f"busy-{os.getpid()}").touch(), weak=False)
    where = open(folder / f"where-{os.getpid()}", "w")  # noqa: SIM115
    faulthandler.register(signal.SIGUSR2, file=where, all_threads=False)
    log = os.open(folder / "workers.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    arguments = ["worker", "--pool=solo", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    app.worker_main(["--quiet", *arguments, "--loglevel=WARNING", f"--hostname=worker{number}@nest"])


def main(folder, count):
    sabotage(os.environ.get("SABOTAGE", ""))
    app.finalize()
    reverse("partnership:home")  # imports every page
    get_template("emails/reminders.txt")
    die_with_parent()
    signal.alarm(SECONDS_TO_LIVE)
    living, born = {}, 0
    while True:
        while len(living) < count:
            born += 1
            pid = os.fork()
            if pid == 0:
                try:
                    be_a_worker(folder, born)
                finally:
                    os._exit(1)
            living[pid] = born
        beside = folder / "pids.new"
        beside.write_text("\n".join(str(pid) for pid in living))
        beside.rename(folder / "pids")
        dead, _status = os.wait()
        living.pop(dead, None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
