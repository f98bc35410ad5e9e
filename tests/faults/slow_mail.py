"""Real SMTP that stands still at a chosen point, so that the worker can be killed just there."""

import time
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


def stand_still(point):
    if point == settings.STOP_AT:
        Path(settings.REACHED_FILE).touch()
        time.sleep(120)
