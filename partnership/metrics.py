"""What Prometheus reads: the numbers of the Operations page, and how the pages of this web server were answered.

The first are read from PostgreSQL when asked for, so it does not matter which web server answers. The second are
counted by each of gunicorn's processes in a file of its own (``PROMETHEUS_MULTIPROC_DIR``, set by gunicorn.conf.py) and
added up by whichever is asked; with several web servers Prometheus asks each.
"""

import os
import time

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from partnership.operations.neighbours import BUCKET, COPY, neighbours
from partnership.operations.signs import NIGHTLY

UNCOUNTED = ("/static/", "/health/", "/metrics")
COUNTED = CollectorRegistry()
ANSWERS = Counter("planner_answers", "Answers, by the first figure of their status", ["status"], registry=COUNTED)
SECONDS = Histogram(
    "planner_answer_seconds",
    "How long an answer took",
    ["method"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 1.5, 3, 10, 30),
    registry=COUNTED,
)


class CountAnswers:
    """Of pages, not of what machines ask every few seconds. Neither whose they were nor which."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(UNCOUNTED):
            return self.get_response(request)
        begun = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        SECONDS.labels(method).observe(time.perf_counter() - begun)
        ANSWERS.labels(f"{response.status_code // 100}xx").inc()
        return response


def in_words_of_prometheus(readings):
    """The page as bytes. A registry of its own: nothing is kept between two answers."""
    registry = CollectorRegistry()
    registry.register(Numbers(readings))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(COUNTED)


class Numbers:
    """A collector of one answer."""

    def __init__(self, readings):
        self.readings = readings

    def describe(self):
        """Nothing beforehand: or the registry would collect once to learn the names."""
        return []

    def collect(self):
        yield from self.of_reminders()
        yield from self.of_work()
        yield from self.of_backups()
        yield from self.of_neighbours()

    def of_reminders(self):
        health = self.readings.health
        numbers = health.numbers
        yield gauge("planner_well", "1 while /health/reminders/ finds no trouble", health.is_well)
        yield gauge("planner_reminders_astray", "Reminders due that the ledger does not account for", numbers["astray"])
        yield gauge("planner_queue_age_seconds", "Of the oldest mail that could leave", numbers["queue_seconds"])
        yield gauge("planner_mail_stopped", "1 while the brake is on", numbers["is_mail_stopped"])
        yield gauge("planner_bank_holidays_ahead", "Known in the next year", numbers["bank_holidays_ahead"])
        if numbers["seconds_since_turn"] is not None:
            yield gauge(
                "planner_reminders_turn_age_seconds", "Since the last turn ended", numbers["seconds_since_turn"]
            )
        yield of_each("planner_messages_today", "Mails of this day", "state", numbers["messages_today"])
        for span in ("last_turn", "last_hour", "last_day"):
            yield of_each(f"planner_reminders_{span}", "Reminders due, and what each came to", "outcome", numbers[span])

    def of_work(self):
        found = self.readings
        mails = {name: found.mails[name] for name in ("waiting", "held", "refused")}
        yield from self.age(
            "planner_beat_age_seconds", "Since the clock gave out work", found.health.times["last_beat_at"]
        )
        yield gauge("planner_broker_up", "1 while the broker answers", found.broker.is_there)
        yield of_each("planner_jobs_waiting", "Messages in the broker", "queue", found.broker.queues)
        yield gauge("planner_oldest_job_seconds", "Of the oldest message there", found.broker.oldest_seconds or 0)
        yield gauge("planner_documents_waiting", "That no worker has in hand", found.builds["waiting"])
        yield from self.age("planner_oldest_document_seconds", "Since it was asked for", found.builds["since"])
        yield of_each("planner_mails", "Waiting, in doubt, refused in a day", "state", mails)
        nights = {
            name: (found.at - beat.ended_at).total_seconds()
            for name, beat in found.heartbeats.items()
            if name in NIGHTLY and beat.ended_at
        }
        yield of_each("planner_night_age_seconds", "Since it last ended well", "work", nights)
        yield gauge("planner_disk_free_ratio", "Of the disk of DATA_DIR", found.disk.share_free)
        yield gauge("planner_database_bytes", "What the database holds", found.database_bytes)
        yield gauge("planner_faults_last_day", "Pages and jobs that ended in a fault of ours", found.faults_in_a_day)
        yield gauge("planner_migrations_waiting", "That the database lacks", len(found.versions.waiting_migrations))

    def of_backups(self):
        for name, runs in (("backup", self.readings.backups), ("drill", self.readings.drills)):
            yield from self.age(
                f"planner_{name}_age_seconds", f"Since the last good {name}", runs.good and runs.good.began_at
            )
            failed = runs.newest is not None and runs.newest.state == runs.newest.State.FAILED
            yield gauge(f"planner_{name}_failed", f"1 where the newest {name} failed", failed)
        yield gauge("planner_backup_interval_seconds", "How often one is due", settings.BACKUP_EVERY_MINUTES * 60)
        yield gauge("planner_drill_interval_seconds", "How often one is due", settings.DRILL_EVERY_DAYS * 86400)

    def of_neighbours(self):
        """Nothing of what is not set, or was not asked yet."""
        found = {name: beat.outcome for name, beat in self.readings.heartbeats.items() if name in neighbours()}
        if outcome := found.get(BUCKET):
            yield gauge("planner_bucket_up", "1 while the bucket of files answers", not outcome["trouble"])
        if outcome := found.get(COPY):
            yield gauge("planner_replica_close", "1 while the copy of the database follows", not outcome["trouble"])
            if outcome.get("bytes_behind") is not None:
                yield gauge("planner_replica_behind_bytes", "Of the log that it lacks", outcome["bytes_behind"])

    def age(self, name, words, since):
        """Nothing where it never was, so that a rule can ask whether it is absent."""
        if since is not None:
            yield gauge(name, words, (self.readings.at - since).total_seconds())


def gauge(name, words, value):
    return GaugeMetricFamily(name, words, value=float(value))


def of_each(name, words, label, values):
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
