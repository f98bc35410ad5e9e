"""What stands outside and may be away: the bucket of files and the copy of the database, asked every minute.

By a worker: a page would have to wait for what doesn't answer. What came of it is kept as a heartbeat of each, whose
``outcome`` is {"trouble": "" or one of the words below, "said": what it answered, "well_at": when it last was}, of the
copy also {"bytes_behind": …}. How far behind is told in bytes of PostgreSQL's log, which no clock can get wrong.
"""

from django.conf import settings
from django.core.files.storage import storages
from django.db import connections

from partnership import replica
from partnership.heartbeats import beating
from partnership.kept_bytes import S3
from partnership.models import Heartbeat

BUCKET, COPY = "bucket", "replica"
AWAY, ALONE, BEHIND = "away", "alone", "behind"


def neighbours():
    """The names of those that are set."""
    return [name for name, is_set in ((BUCKET, S3 in settings.STORAGES), (COPY, replica.is_set())) if is_set]


def look(*, at):
    """Ask each that is set, and keep what it answered; {name: trouble} of those that are not well."""
    found = {}
    for name in neighbours():
        earlier = Heartbeat.objects.filter(name=name).values_list("outcome__well_at", flat=True).first()
        with beating(name) as outcome:
            outcome.update({"trouble": "", "said": "", **ASK[name]()})
            outcome["well_at"] = earlier if outcome["trouble"] else at.isoformat()
        if outcome["trouble"]:
            found[name] = " ".join(filter(None, [outcome["trouble"], outcome["said"]]))
    return found


def ask_bucket():
    try:
        storages[S3].ask()
    except OSError as problem:
        return {"trouble": AWAY, "said": str(problem)}
    return {}


def ask_copy():
    try:
        is_following, bytes_behind = replica.standing()
    except replica.TROUBLE as problem:
        connections[replica.REPLICA].close()
        return {"trouble": AWAY, "said": str(problem).strip()}
    if not is_following:
        return {"trouble": ALONE}
    return {"trouble": BEHIND if bytes_behind else "", "bytes_behind": bytes_behind}


ASK = {BUCKET: ask_bucket, COPY: ask_copy}
