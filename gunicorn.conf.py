"""The web server's settings; gunicorn reads this file from the folder it starts in."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

in_production = os.environ.get("MODE", "production") == "production"

# In production the proxy's network; the demo is for the person at this machine.
bind = f"{'0.0.0.0' if in_production else '127.0.0.1'}:{os.environ.get('PORT', '8000')}"  # noqa: S104
# Pages are bound by the processor, so one request a worker and two workers a core at most.
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "sync"
timeout = 60
graceful_timeout = 20
preload_app = True
control_socket_disable = True
accesslog = "-" if in_production else None
logger_class = "partnership.access_log.MaskingLogger"
# A heartbeat file on a slow disk would hold a worker up.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


# Each process counts its answers in a file here, and whichever is asked adds them up: partnership/metrics.py.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="planner-counts-", dir=worker_tmp_dir)


def on_exit(server):
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def when_ready(server):
    """Leave what the application loaded out of every later collection; workers then share it."""
    gc.collect()
    gc.freeze()


def post_fork(server, worker):
    """Collect less often: a page makes many short-lived objects and few cycles."""
    gc.set_threshold(50_000, 20, 20)
