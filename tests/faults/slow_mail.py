"""Real SMTP that stands still at a chosen point, so that the worker can be killed just there."""

import time
from collections import Counter
from pathlib import Path

from django.conf import settings

from partnership.reminders.carriers import SmtpCarrier


class SlowCarrier(SmtpCarrier):
    """Points: "connected", "all but the dot" (nothing said to the ledger yet), "leaving" (said, not sent), "taken"."""

    def open(self):
        super().open()
        stand_still("connected")

    def prepare(self, mail):
        super().prepare(mail)
        stand_still("all but the dot")

    def submit(self, mail, reference):
        stand_still("leaving")
        provider_id = super().submit(mail, reference)
        stand_still("taken")
        return provider_id


TURNS = Counter()


def stand_still(point):
    """At the first turn of ``STOP_AT``, or at that which it names: "taken 25"."""
    TURNS[point] += 1
    if settings.STOP_AT in (point, f"{point} {TURNS[point]}"):
        Path(settings.REACHED_FILE).touch()
        time.sleep(120)
