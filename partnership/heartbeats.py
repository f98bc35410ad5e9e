"""Signs of life of what runs in the background: when it last began, when it last ended well, what came of it.

Kept in PostgreSQL by PostgreSQL's clock, so that workers whose clocks disagree agree here, and whoever
asks needs neither the broker nor the worker.
"""

from contextlib import contextmanager

from django.db.models.functions import Now

from partnership.models import Heartbeat

REMINDERS = "reminders"


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
