"""What the readings mean: for each part of running it a verdict in a sentence, and what to do where it is not well.

The limits are those of ``deployment/alerts.yml``, so that the page and the alarm never disagree.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from partnership.heartbeats import HISTORY, RETENTION
from partnership.operations.neighbours import ALONE, AWAY, BEHIND, BUCKET, COPY, neighbours
from partnership.operations.schedule import LOG
from partnership.templatetags.components import long_date, size_in_words

LONGEST_SILENCE = timedelta(minutes=10)
OLDEST_MESSAGE = timedelta(minutes=10)
OLDEST_BUILD = timedelta(minutes=30)
LONGEST_CATCHING_UP = timedelta(minutes=2)  # a question that lasts there may hold it up for half a minute
LEAST_ROOM = 0.10  # of the disk
MISSED_BACKUPS = 3  # so many intervals without one, and something is wrong
LONGEST_NIGHT = timedelta(hours=26)
NIGHTLY = {RETENTION: "Letting go of what is over its time", HISTORY: "Sealing the history"}


@dataclass(frozen=True)
class Sign:
    """``troubles``: pairs of what is wrong and what to do. ``facts``: pairs of words, whether or not all is well."""

    code: str
    title: str
    fine: str
    troubles: list
    facts: list

    @property
    def is_well(self):
        return not self.troubles


def signs_of(readings):
    """Of what stands outside only what is set."""
    outside = [{BUCKET: bucket, COPY: copy}[name] for name in neighbours()]
    every = (beat, queue, mail, nights, backup, drill, disk, *outside, faults, versions)
    return [each(readings) for each in every]


def beat(readings):
    times, troubles = readings.health.times, []
    last = times["last_beat_at"]
    if last is None or readings.at - last > LONGEST_SILENCE:
        said = f"last gave out work on {moment(last)}" if last else "has given out no work yet"
        troubles.append((f"The clock (beat) {said}.", "Start the service “beat” again."))
    if (said := readings.health.troubles) and not troubles:
        troubles += [(trouble, "Look at the log of the service “worker”.") for trouble in said]
    return Sign(
        "beat",
        "The clock and the reminders",
        "The clock gives out work, and reminders are looked at every minute.",
        troubles,
        [
            ("The clock last gave out work", moment(last)),
            ("Reminders were last looked at", moment(times["last_turn_ended_at"])),
        ],
    )


def queue(readings):
    broker, builds, troubles = readings.broker, readings.builds, []
    if not broker.is_there:
        troubles.append(
            (
                "Redis cannot be reached. Every page works; mails and documents are taken up again when it is back.",
                "Start the service “redis” again. Nothing in it need be saved: what must happen stands in PostgreSQL.",
            )
        )
    elif broker.oldest_seconds and broker.oldest_seconds > OLDEST_MESSAGE.total_seconds():
        troubles.append(
            (
                f"A job has waited for {lasting(broker.oldest_seconds)}.",
                "Look whether the service “worker” runs, and at its log; start another where there is too much work.",
            )
        )
    if builds["since"] and readings.at - builds["since"] > OLDEST_BUILD:
        troubles.append(
            (
                f"A document has waited since {moment(builds['since'])} to be made.",
                "Look at the log of the service “worker” for “build”; the page of the document says what it waits for.",
            )
        )
    by_queue = [(f"Jobs waiting in the queue “{name}”", f"{count:,}") for name, count in broker.queues.items()]
    return Sign(
        "queue",
        "Work that waits",
        f"Waiting for a worker: {counted(broker.waiting, 'job')} and {counted(builds['waiting'], 'document')}.",
        troubles,
        [
            *(by_queue or [("Jobs waiting", "Not known")]),
            (
                "The oldest job has waited",
                lasting(broker.oldest_seconds) if broker.waiting or not broker.is_there else "None waits",
            ),
            ("Documents waiting to be made", f"{builds['waiting']:,}"),
            ("The oldest document was asked for", moment(builds["since"]) if builds["since"] else "None waits"),
        ],
    )


def mail(readings):
    mails, numbers, troubles = readings.mails, readings.health.numbers, []
    if numbers["is_mail_stopped"]:
        troubles.append(
            ("One mail after another was not taken, so all wait.", "Look whether the mail server of EMAIL_URL answers.")
        )
    elif numbers["queue_seconds"] > 30 * 60:
        troubles.append(
            (
                f"A reminder has waited for {lasting(numbers['queue_seconds'])}.",
                "Look whether the mail server of EMAIL_URL answers, and at the log of the service “worker”.",
            )
        )
    if mails["held"]:
        troubles.append(
            (
                f"{counted(mails['held'], 'mail')} may or may not have left when the worker fell.",
                "Each office sees on its page of reminders which, and decides whether they go again.",
            )
        )
    return Sign(
        "mail",
        "Mail",
        f"Waiting for their turn: {counted(mails['waiting'], 'mail')}; none is in doubt.",
        troubles,
        [
            ("The last mail left", moment(mails["last"])),
            ("Waiting", f"{mails['waiting']:,}"),
            ("May not have arrived", f"{mails['held']:,}"),
            ("Refused in the last day", f"{mails['refused']:,}"),
        ],
    )


def nights(readings):
    troubles, facts = [], []
    for name, words in NIGHTLY.items():
        found = readings.heartbeats.get(name)
        ended = found.ended_at if found else None
        facts.append((words, moment(ended)))
        if found and (ended is None or readings.at - ended > LONGEST_NIGHT):
            advice = f"Look in the log of the service “worker” for “{name}”, in last night’s lines."
            said = f"last ended well on {moment(ended)}" if ended else "has not ended well yet"
            troubles.append((f"{words} {said}.", advice))
    if HISTORY in readings.heartbeats and (faults := readings.heartbeats[HISTORY].outcome.get("faults")):
        troubles.append(
            (
                f"The history is not as it was sealed, in {faults:,} {'place' if faults == 1 else 'places'}.",
                "Run ./run manage verify_history, and see “Incidents” in the administrator’s guide.",
            )
        )
    fine = (
        "What ran at night has ended well." if readings.heartbeats.keys() & NIGHTLY.keys() else "No night has come yet."
    )
    return Sign("nights", "What runs at night", fine, troubles, facts)


def backup(readings):
    runs, troubles = readings.backups, []
    interval = timedelta(minutes=settings.BACKUP_EVERY_MINUTES)
    if runs.good is None:
        troubles.append(("No backup has been made yet.", "Set BACKUP_REPOSITORY and BACKUP_PASSWORD; start “backup”."))
    elif readings.at - runs.good.began_at > MISSED_BACKUPS * interval:
        troubles.append(
            (
                f"The last good backup is of {moment(runs.good.began_at)}; one is due every {minutes(interval)}.",
                "Look at the log of the service “backup”, then run ./run backup by hand.",
            )
        )
    if settings.BACKUP_LOG:
        stored = readings.heartbeats[LOG].ended_at if LOG in readings.heartbeats else None
        if stored is None or readings.at - stored > MISSED_BACKUPS * timedelta(minutes=settings.BACKUP_LOG_MINUTES):
            troubles.append(
                (
                    f"The log of changes was last stored on {moment(stored)}." if stored else "No change is kept yet.",
                    "Look at the log of the service “backup”. What PostgreSQL can’t hand over fills its disc.",
                )
            )
    if runs.newest and runs.newest.state == runs.newest.State.FAILED:
        troubles.append((f"The newest backup failed. {runs.newest.problem}".strip(), "Run ./run backup by hand."))
    return Sign(
        "backup",
        "Backup",
        f"The last backup was made on {moment(runs.good.began_at)}." if runs.good else "",
        troubles,
        facts_of_runs(runs, "backup"),
    )


def drill(readings):
    runs, troubles = readings.drills, []
    interval = timedelta(days=settings.DRILL_EVERY_DAYS)
    if runs.good is None:
        troubles.append(
            ("No backup has been put back to try it yet.", "Run ./run manage verify_restore: it touches nothing here.")
        )
    elif readings.at - runs.good.began_at > MISSED_BACKUPS * interval:
        troubles.append(
            (f"The last good drill was on {moment(runs.good.began_at)}.", "Run ./run manage verify_restore by hand.")
        )
    if runs.newest and runs.newest.state == runs.newest.State.FAILED:
        troubles.append(
            (
                f"The newest drill failed, so the backup may not come back. {runs.newest.problem}".strip(),
                "Do not delete older backups. Make a new one with ./run backup and try that.",
            )
        )
    return Sign(
        "drill",
        "Restore drill",
        "The newest backup tried was put back whole." if runs.good else "",
        troubles,
        facts_of_runs(runs, "drill"),
    )


def facts_of_runs(runs, word):
    facts = [(f"Last good {word}", moment(runs.good.began_at) if runs.good else "None yet")]
    if runs.good:
        facts.append(("It took", lasting((runs.good.ended_at - runs.good.began_at).total_seconds())))
        if runs.good.size:
            facts.append(("Size before it is packed", size_in_words(runs.good.size)))
        if runs.good.snapshot:
            facts.append(("Snapshot", runs.good.snapshot[:8]))
    if runs.newest and runs.newest != runs.good:
        facts.append((f"Newest {word}", f"{moment(runs.newest.began_at)}: {runs.newest.get_state_display().lower()}"))
    return facts


def disk(readings):
    found, troubles = readings.disk, []
    if found.share_free < LEAST_ROOM:
        troubles.append(
            (
                f"Only {size_in_words(found.free)} are free on the disk of DATA_DIR.",
                "Make room or give it a bigger disk: without room no file is taken and no mail leaves.",
            )
        )
    return Sign(
        "disk",
        "Disk",
        f"{size_in_words(found.free)} of {size_in_words(found.total)} are free.",
        troubles,
        [
            ("Free on the disk of DATA_DIR", f"{size_in_words(found.free)} ({found.share_free:.0%})"),
            ("The database holds", size_in_words(readings.database_bytes)),
        ],
    )


def bucket(readings):
    found, troubles, facts = neighbour(readings, BUCKET)
    if found["trouble"]:
        troubles.append(
            (
                f"Files can neither be read nor added: {found['said']}",
                "Look whether FILES_S3_ENDPOINT answers and FILES_S3_ACCESS_KEY still holds. Pages work, documents "
                "that were asked for wait, and nothing need be started again when it is back.",
            )
        )
    return Sign(BUCKET, "The bucket of files", "It answers and lets us in.", troubles, facts)


def copy(readings):
    found, troubles, facts = neighbour(readings, COPY)
    behind = size_in_words(found.get("bytes_behind") or 0)
    said = {
        AWAY: f"It can’t be asked: {found['said']}",
        ALONE: "It follows no other database any more, so it may hold another truth.",
        BEHIND: f"It lacks {behind} of what was written.",
    }
    well_at = moment_of(found["well_at"])
    is_catching_up = found["trouble"] == BEHIND and well_at and readings.at - well_at < LONGEST_CATCHING_UP
    if found["trouble"] and not is_catching_up:
        troubles.append(
            (
                said[found["trouble"]],
                "Look at the log of the PostgreSQL that DATABASE_REPLICA_URL names; make it anew if it no longer "
                "follows. Everything is read from the first one meanwhile.",
            )
        )
    if found.get("bytes_behind") is not None:
        facts.append(("Lacking", behind if found["bytes_behind"] else "Nothing"))
    return Sign(COPY, "The copy of the database", "It follows the first one.", troubles, facts)


def neighbour(readings, name):
    """(what a worker found of it, troubles, facts): a trouble here where that was long ago."""
    beat, troubles = readings.heartbeats.get(name), []
    asked_at = beat.ended_at if beat else None
    found = beat.outcome if asked_at else {"trouble": "", "said": "", "well_at": None}
    if asked_at is None or readings.at - asked_at > LONGEST_SILENCE:
        said = f"was last asked on {moment(asked_at)}" if asked_at else "has not been asked yet"
        troubles.append((f"It {said}.", "Look whether the service “worker” runs, and at its log."))
    return found, troubles, [("Last asked", moment(asked_at)), ("Last well", moment(moment_of(found["well_at"])))]


def faults(readings):
    """The last ones stand in a table below the verdict."""
    count, troubles = readings.faults_in_a_day, []
    if count:
        troubles.append(
            (
                f"{counted(count, 'page or job', 'pages or jobs')} ended in a fault of ours in the last day.",
                "Search the log for the reference, and send what it says to whoever supports the software.",
            )
        )
    return Sign("faults", "Faults", "No page and no job ended in a fault of ours in the last day.", troubles, [])


def versions(readings):
    return sign_of_versions(readings.versions)


def sign_of_versions(found):
    """Of ``Versions`` alone: what can still be said where the database lacks what the other readings ask for."""
    troubles = []
    if found.waiting_migrations:
        troubles.append(
            (
                f"The database lacks {counted(len(found.waiting_migrations), 'migration')} of this version: "
                f"{', '.join(found.waiting_migrations[:5])}.",
                "Run ./run migrate, which can be done while the product runs.",
            )
        )
    facts = [("Partnership Planner", found.release or "Not said: set RELEASE where the image is built")]
    facts += [("PostgreSQL", found.postgres), ("Redis", found.redis or "Not used or not reached")]
    facts += [(f"Schema of {app}", name) for app, name in sorted(found.schema.items())]
    facts += [(name, number) for name, number in found.libraries.items()]
    return Sign("versions", "Versions", "The database is that of this version.", troubles, facts)


def moment(at):
    if at is None:
        return "Never"
    return f"{long_date(at)} at {timezone.localtime(at):%-H:%M}"


def moment_of(words):
    """What ``isoformat`` has written, or None."""
    return datetime.fromisoformat(words) if words else None


def lasting(seconds):
    """Seconds in words that are as exact as anybody needs."""
    if seconds is None:
        return "Not known"
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}s"
    return counted(round(seconds), "second")


def minutes(interval):
    return lasting(interval.total_seconds())


def counted(number, word, plural=""):
    return f"{number:,} {word if number == 1 else plural or word + 's'}"
