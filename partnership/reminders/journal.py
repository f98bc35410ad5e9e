"""What left the house, written down outside the database, for the day on which the database goes back in time.

A backup of yesterday knows nothing of today's mails. Put back, it would plan them anew and send them a
second time. So one line is written to disc before each message leaves, and each turn of the loop compares:
a line of a try that the ledger does not know means that the database is older than the line. Then what the
line says is written into the ledger as sent.

``settings.SENT_JOURNAL`` is a folder with one file a day, in a folder of its own for each database, so that
a demo begun anew is not taken for one put back. Several workers append to one file, each line in one write.
A line holds keys and dates, never a title, a name or an address. It names reminders of restricted deadlines
too, by their keys, so the folder is open to its owner alone.

Keep it apart from the database's backups: whoever puts both back to yesterday has lost what it knew, and
the messages since then go a second time. A journal that is gone while the ledger stands is begun anew: the
ledger is the truth, and the journal matters only from the next backup on. It is said in the log.
"""

import json
import logging
import os
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.utils import timezone

from partnership.models import Heartbeat, Message, MessageAttempt, Reminder, User

logger = logging.getLogger(__name__)

DAYS_KEPT = 60
MARKS = "sent-journal"  # the Heartbeat that says how far each file has been compared
RESTORED = "Sent before the database was restored."
IDENTITY = ("deadline_key", "due_on", "step", "turn")
FIELDS = (*IDENTITY, "rung", "is_restricted", "partnership_ids")


LINES = ({"at", "message", "try", "to", "day", "slot", "reminders"}, {"message", "not_taken"})


# Writing


def write_down(message):
    """One line, on the disc when this returns: ``message`` is about to leave. Raises OSError: then it may not."""
    if not settings.SENT_JOURNAL:
        return
    bundled = message.reminders.filter(state=Reminder.State.BUNDLED).order_by("pk")
    _append(
        {
            "at": timezone.now().isoformat(),
            "message": message.idem_key,
            "try": message.fence,
            "to": message.recipient_id,
            "day": message.day.isoformat(),
            "slot": message.slot,
            "reminders": [
                [str(each) if isinstance(each, date) else each for each in row] for row in bundled.values_list(*FIELDS)
            ],
        }
    )


def take_back(message):
    """It did not leave after all. Where even this cannot be written, a restored ledger holds it for sent."""
    if not settings.SENT_JOURNAL:
        return
    try:
        _append({"message": message.idem_key, "not_taken": message.fence})
    except OSError as trouble:
        logger.warning("The journal of sent mails cannot be written: %s", trouble)


def _append(content):
    """Between two line ends, so that half a line, left by a full disc, does not spoil the next."""
    folder = folder_of_this_database()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"\n{json.dumps(content)}\n".encode()
    path = folder / f"{timezone.localdate().isoformat()}.jsonl"
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(file, line) != len(line):
            raise OSError(f"Only a part of the line could be written to {path.name}")
        os.fsync(file)
    finally:
        os.close(file)


def folder_of_this_database():
    return settings.SENT_JOURNAL / name_of_this_database()


def name_of_this_database():
    """The moment of its first migration, which a dump carries along and a new database has not."""
    first = MigrationRecorder.Migration.objects.order_by("pk").values_list("applied", flat=True).first()
    return f"{first:%Y%m%dT%H%M%S%f}"


# Comparing


@dataclass(frozen=True)
class Compared:
    """``lines`` that were read, ``restored`` messages that the ledger did not know, ``unknown`` recipients."""

    lines: int = 0
    restored: int = 0
    unknown: int = 0
    unreadable: int = 0


@transaction.atomic
def compare(*, whole=False):
    """Write into the ledger what the journal knows and the ledger does not. Reads only what is new, unless ``whole``.

    How far was read is kept in the database: a database put back has an older mark, so what it has forgotten
    is read again.
    """
    if not settings.SENT_JOURNAL:
        return Compared()
    folder = folder_of_this_database()
    marks = {} if whole else _marks()
    lines, unreadable, read_to = [], 0, {}
    for path in sorted(folder.glob("*.jsonl")):
        start, size = marks.get(path.name, 0), path.stat().st_size
        if size < start:
            logger.warning("The journal of sent mails of %s is shorter than it was: it is read anew", path.stem)
            start = 0
        read_to[path.name] = start
        if size > start:
            new, bad, read_to[path.name] = _read(path, start)
            lines += new
            unreadable += bad
    gone = sorted(name for name in marks.keys() - read_to.keys() if name > min(read_to, default=""))
    if gone:
        logger.warning("Files of the journal of sent mails are gone: %s", ", ".join(gone))
    compared = _restore(lines, unreadable)
    if read_to != marks:
        _keep_marks(read_to)
    return compared


def _marks():
    outcomes = Heartbeat.objects.filter(name=MARKS).values_list("outcome", flat=True)
    return dict(next(iter(outcomes), {}))


def _keep_marks(read_to):
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=MARKS, began_at=Now(), ended_at=Now(), outcome=read_to)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["began_at", "ended_at", "outcome"],
    )


def _read(path, start):
    """(the lines from ``start`` on, how many cannot be read, where the next begins)."""
    with path.open("rb") as file:
        file.seek(start)
        content = file.read()
    whole, end, _half = content.rpartition(b"\n")
    lines, unreadable = [], 0
    for line in filter(None, whole.split(b"\n")):
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if isinstance(said, dict) and said.keys() in LINES:
            lines.append(said)
        else:
            unreadable += 1
    return lines, unreadable, start + len(whole) + len(end)


def _restore(lines, unreadable):
    not_taken = {(line["message"], line["not_taken"]) for line in lines if "not_taken" in line}
    left = {
        (line["message"], line["try"]): line
        for line in lines
        if "try" in line and (line["message"], line["try"]) not in not_taken
    }
    known = MessageAttempt.objects.filter(message__idem_key__in={key for key, _ in left})
    unknown = sorted(left.keys() - set(known.values_list("message__idem_key", "number")))
    last_tries = {key: left[key, number] for key, number in unknown}
    people = set(User.objects.filter(pk__in={line["to"] for line in last_tries.values()}).values_list("pk", flat=True))
    restored = {key: line for key, line in last_tries.items() if line["to"] in people}
    if restored:
        _write_as_sent(restored)
        logger.error("The database is older than the journal: %s messages are written down as sent", len(restored))
    return Compared(len(lines), len(restored), len(last_tries) - len(restored), unreadable)


def _write_as_sent(lines):
    """``lines`` by idempotency key: messages and reminders as they stood after they left, without words."""
    values = {
        key: {"state": Message.State.ACCEPTED, "lease_until": None, "last_answer": RESTORED}
        | {"accepted_at": line["at"], "fence": line["try"]}
        for key, line in lines.items()
    }
    Message.objects.bulk_create(
        [
            Message(idem_key=key, recipient_id=line["to"], day=line["day"], slot=line["slot"], **values[key])
            for key, line in lines.items()
        ],
        update_conflicts=True,
        unique_fields=["idem_key"],
        update_fields=["state", "lease_until", "last_answer", "accepted_at", "fence"],
        batch_size=1000,
    )
    messages = dict(Message.objects.filter(idem_key__in=lines).values_list("idem_key", "pk"))
    MessageAttempt.objects.bulk_create(
        MessageAttempt(
            message_id=messages[key], number=line["try"], worker="journal", outcome="restored", answer=RESTORED
        )
        for key, line in lines.items()
    )
    reminders = {}
    for key, line in lines.items():
        for row in line["reminders"]:
            reminder = Reminder(
                **dict(zip(FIELDS, row, strict=True)),
                recipient_id=line["to"],
                message_id=messages[key],
                state=Reminder.State.DONE,
                reason=RESTORED,
            )
            reminders[line["to"], *row[: len(IDENTITY)]] = reminder
    Reminder.objects.bulk_create(
        reminders.values(),
        update_conflicts=True,
        unique_fields=[*IDENTITY, "recipient"],
        update_fields=["state", "message", "reason"],
        batch_size=1000,
    )


def forget_old(*, on):
    """Files older than any backup that anybody would put back are removed."""
    if not settings.SENT_JOURNAL:
        return
    oldest = (on - timedelta(days=DAYS_KEPT)).isoformat()
    for path in folder_of_this_database().glob("*.jsonl"):
        if path.stem < oldest:
            path.unlink(missing_ok=True)
