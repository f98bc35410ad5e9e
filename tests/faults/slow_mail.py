"""Real SMTP that stands still at a chosen point, so that the worker can be killed just there."""

import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend


class SlowSMTP(EmailBackend):
    """Points: "connected" (nothing said to the ledger yet), "leaving" (said, not sent), "taken"."""

    def open(self):
        opened = super().open()
        if opened:
            stand_still("connected")
        return opened

    def send_messages(self, messages):
        stand_still("leaving")
        count = super().send_messages(messages)
        stand_still("taken")
        return count


def stand_still(point):
    if point == settings.STOP_AT:
        Path(settings.REACHED_FILE).touch()
        time.sleep(120)
