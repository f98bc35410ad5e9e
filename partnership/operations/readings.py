"""What is read for the Operations page and for Prometheus: numbers and moments, in a constant number of queries.

Everything counts, restricted things too; nothing is named. What can't be asked (Redis away, no rights) is None.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import CharField, Count, Max, Min, Q, Value
from django.utils.module_loading import import_string

from partnership.health import Health, health_of_reminders
from partnership.models import BackupRun, Fault, Heartbeat, Message
from partnership.models.builds import Build
from partnership.operations.broker import Broker, read_broker
from partnership.operations.versions import Versions, read_versions

SHOWN_FAULTS = 10
A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=30)
UNDECIDED = [Message.State.PLANNED, Message.State.HELD]


@dataclass(frozen=True)
class Disk:
    total: int
    free: int

    @property
    def share_free(self):
        return self.free / self.total


@dataclass(frozen=True)
class Runs:
    """Of one kind of BackupRun: the newest, and the newest that ended well; None where there is none."""

    newest: BackupRun | None
    good: BackupRun | None


@dataclass(frozen=True)
class Readings:
    at: datetime
    health: Health
    heartbeats: dict
    broker: Broker
    builds: dict
    mails: dict
    disk: Disk
    database_bytes: int
    backups: Runs
    drills: Runs
    faults: list
    faults_in_a_day: int
    versions: Versions


def read_all(*, now):
    broker = read_broker()
    backups, drills = runs()
    faults = Fault.objects.all()
    return Readings(
        at=now,
        health=health_of_reminders(now=now),
        heartbeats={beat.name: beat for beat in Heartbeat.objects.all()},
        broker=broker,
        builds=builds(at=now),
        mails=mails(at=now),
        disk=disk(),
        database_bytes=database_bytes(),
        backups=backups,
        drills=drills,
        faults=list(faults[:SHOWN_FAULTS]),
        faults_in_a_day=faults.filter(at__gt=now - A_DAY).count(),
        versions=read_versions(redis=broker.version),
    )


def runs():
    """Those of backups and those of drills, in one query."""
    newest = BackupRun.objects.order_by("kind", "-began_at").distinct("kind")
    good = BackupRun.objects.done().order_by("kind", "-began_at").distinct("kind")
    found = {"newest": {}, "good": {}}
    for which, rows in (("newest", newest), ("good", good)):
        found[which] = {run.kind: run for run in rows}
    return tuple(Runs(found["newest"].get(kind), found["good"].get(kind)) for kind in BackupRun.Kind.values)


def builds(*, at):
    """Files that a worker is to make: how many nobody has in hand, and since when the oldest was asked for."""
    kinds = [model for model in apps.get_models() if issubclass(model, Build)]
    each = [
        model.objects.waiting(at=at)
        .order_by()
        .values(kind=Value(model._meta.label, CharField()))
        .annotate(count=Count("pk"), since=Min("requested_at"))
        for model in kinds
    ]
    rows = list(each[0].union(*each[1:], all=True))
    since = [row["since"] for row in rows if row["since"]]
    return {"waiting": sum(row["count"] for row in rows), "since": min(since, default=None)}


def mails(*, at):
    """Of reminders and of every queue of mails: what waits, what was given up in a day, and when the last one left."""
    recent = at - A_MONTH
    of_reminders = Message.objects.filter(Q(created_at__gt=recent) | Q(state__in=UNDECIDED)).aggregate(
        waiting=Count("pk", filter=Q(state=Message.State.PLANNED)),
        held=Count("pk", filter=Q(state=Message.State.HELD)),
        refused=Count("pk", filter=Q(state=Message.State.FAILED, day__gt=(at - A_DAY).date())),
        last=Max("accepted_at"),
    )
    found = [of_reminders]
    for name in settings.MAIL_QUEUES:
        queue = import_string(name)
        waiting = Q(sent_at=None, problem="") & ~Q(address="")
        found.append(
            queue.model.objects.filter(waiting | Q(made_at__gt=recent)).aggregate(
                waiting=Count("pk", filter=waiting),
                refused=Count("pk", filter=~Q(problem="") & Q(made_at__gt=at - A_DAY)),
                last=Max("sent_at"),
            )
        )
    lasts = [each["last"] for each in found if each["last"]]
    return {
        "waiting": sum(each["waiting"] for each in found),
        "held": of_reminders["held"],
        "refused": sum(each["refused"] for each in found),
        "last": max(lasts, default=None),
    }


def disk():
    """Of DATA_DIR, on this machine."""
    folder = Path(settings.DATA_DIR)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    usage = shutil.disk_usage(there)
    return Disk(usage.total, usage.free)


def database_bytes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
