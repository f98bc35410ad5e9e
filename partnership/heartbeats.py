"""Signs of life of what runs in the background: when it last began, when it last ended well, what came of it.

Kept in PostgreSQL by PostgreSQL's clock, so that workers whose clocks disagree agree here, and whoever
asks needs neither the broker nor the worker.
"""

import logging
from contextlib import contextmanager
from http.client import HTTPException
from urllib.request import HTTPRedirectHandler, build_opener

from django.conf import settings
from django.db.models.functions import Now

from partnership.models import Heartbeat

logger = logging.getLogger(__name__)

REMINDERS = "reminders"
RETENTION = "retention"
HISTORY = "history"
SECONDS_FOR_THE_MONITOR = 5


@contextmanager
def beating(name):
    """Write down that ``name`` has begun and, unless it fails, that it ended and what was put into the dict given.

    Of several at once the last to end stands. Outside a transaction, or a crash would take the beginning with it.
    """
    outcome = {}
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, began_at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["began_at"],
    )
    yield outcome
    Heartbeat.objects.filter(name=name).update(ended_at=Now(), outcome=outcome)


def tell_monitor():
    """Ask for the monitor's address, so that it knows. Whether it hears us changes nothing here."""
    try:
        with build_opener(NoRedirects).open(settings.HEARTBEAT_URL, timeout=SECONDS_FOR_THE_MONITOR):
            pass
    except (OSError, HTTPException) as trouble:
        logger.warning("The monitor did not hear of this turn: %s", trouble)


class NoRedirects(HTTPRedirectHandler):
    """The address was checked when settings were read; nobody sends us to another."""

    def redirect_request(self, *_arguments):
        return None
