"""The clock of a Python process as a file says: so many seconds beside the machine's, looked at again and again.

Python loads this by its name from PYTHONPATH, before anything else. Only the clock on the wall is moved; what counts
seconds (time.monotonic) goes on, as it does where an administrator sets a machine's clock.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

FILE = Path(os.environ["MOVED_CLOCK"])
EVERY = 0.2  # seconds
moved = {"by": float(FILE.read_text()), "clock": None}


def follow():
    while True:
        time.sleep(EVERY)
        by = float(FILE.read_text() or moved["by"])
        if by != moved["by"]:
            moved["by"] = by
            moved["clock"].move_to(time_machine.escape_hatch.time.time() + by)


def follow_in_a_thread():
    threading.Thread(target=follow, daemon=True).start()


moved["clock"] = time_machine.travel(time.time() + moved["by"], tick=True).start()
os.register_at_fork(after_in_child=follow_in_a_thread)
follow_in_a_thread()
