"""One clock for the whole estate, which a test sets ahead and back while everything runs.

PostgreSQL's by libfaketime (Debian's package faketime), Python's by ``moved_clock/sitecustomize.py``. The proxy and
Redis keep the machine's: nothing that they do hangs on the time of day.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
HERE = Path(__file__).resolve().parent
SECONDS_TO_BE_SEEN = 2


class MovedClock:
    def __init__(self, folder):
        self.file = folder / "clock"
        self.postgres_file = folder / "clock-of-postgres"
        self.by = 0
        self.write()

    @property
    def environment(self):
        """For Python."""
        return {"PYTHONPATH": str(HERE / "moved_clock"), "MOVED_CLOCK": str(self.file)}

    @property
    def environment_of_postgres(self):
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.postgres_file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def now(self):
        return datetime.fromtimestamp(time.time() + self.by, UTC)

    def set(self, moment):
        """It is ``moment`` now, everywhere."""
        self.by = round(moment.timestamp() - time.time())
        self.write()
        time.sleep(SECONDS_TO_BE_SEEN)

    def write(self):
        for file, words in ((self.file, str(self.by)), (self.postgres_file, f"{self.by:+d}")):
            beside = file.with_suffix(".new")
            beside.write_text(words)
            os.chmod(beside, 0o644)
            beside.rename(file)
