"""The administrator sees what runs, what does not, and what to do about it; by a constant number of questions."""

import json
import os
import time
from datetime import timedelta

import pytest
import redis
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from partnership.heartbeats import HISTORY, REMINDERS, RETENTION
from partnership.models import BackupRun, BoardPack, Fault, Heartbeat, MailBrake
from partnership.operations import broker as brokers
from partnership.operations import readings as reading
from partnership.operations import signs
from partnership.operations.readings import Disk, read_all
from partnership.operations.schedule import LOG
from partnership.operations.signs import signs_of
from partnership.request_ids import ASKED_AT
from tests.ownership import as_owner

PAGE = "/operations/"


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "broker").mkdir()
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "broker")}
    return tmp_path / "broker"


@pytest.fixture
def well(db, folder, today, monkeypatch):
    """Everything runs. The clock of the tests is PostgreSQL's not: what it writes down itself is set to ours."""
    beat = Heartbeat(name=REMINDERS, began_at=now(), ended_at=now(), outcome={})
    beat.age = timedelta(0)
    monkeypatch.setattr("partnership.health.last_turn", lambda: beat)
    monkeypatch.setattr("partnership.health.troubles", lambda *_: [])
    every_minute = IntervalSchedule.objects.create(every=1, period="minutes")
    PeriodicTask.objects.create(name="beat", task="a", interval=every_minute, last_run_at=now())
    Heartbeat.objects.create(name=RETENTION, began_at=now(), ended_at=now())
    for kind in ("backup", "drill"):
        a_run(kind)


def now():
    return timezone.now()


def a_run(kind, *, ago=timedelta(0), state="done", problem=""):
    began = now() - ago
    ended = None if state == "running" else began + timedelta(seconds=90)
    return BackupRun.objects.create(
        kind=kind, state=state, began_at=began, ended_at=ended, snapshot="4f1d" * 4, size=3_000_000_000, problem=problem
    )


def ill():
    """{part that is not well: what is said of it}."""
    return {
        sign.code: [trouble for trouble, _advice in sign.troubles]
        for sign in signs_of(read_all(now=now()))
        if sign.troubles
    }


def test_where_all_is_well_it_says_so(well, client_of, administrator):
    page = client_of(administrator).get(PAGE).content.decode()
    assert (ill(), "All 9 parts are well." in page) == ({}, True)


def test_nobody_else_sees_it(well, client, client_of, office, stranger):
    assert [client_of(each).get(PAGE).status_code for each in (office, stranger)] == [403, 403]
    assert client.get(PAGE).status_code == 302


def test_each_trouble_comes_with_what_to_do(well):
    Fault.objects.create(request="a" * 32, at=now(), kind="page", name="a:b", error="ValueError")
    [sign] = [sign for sign in signs_of(read_all(now=now())) if sign.troubles]
    assert (sign.code, [bool(advice) for _trouble, advice in sign.troubles]) == ("faults", [True])


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_queries_are_constant(well, client_of, administrator, django_assert_num_queries, rows, held_meeting):
    for number in range(rows):
        Fault.objects.create(request=f"{number:032}", at=now(), kind="page", name="a:b", error="ValueError")
        a_run("backup", ago=timedelta(hours=number))
        BoardPack.objects.create(meeting=held_meeting, requested_by=administrator)
    client = client_of(administrator)
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


# The session, who asks; of health five; the last beats, backups and drills, documents, mails of four kinds, faults,
# their number, the size of the database, migrations; a savepoint; and what stands around every page.
QUERIES = 25


# What is not well


def test_a_clock_that_stands_still_is_seen(well):
    PeriodicTask.objects.update(last_run_at=now() - timedelta(minutes=11))
    assert ill() == {"beat": ["The clock (beat) last gave out work on 12 January 2027 at 8:49."]}


def test_a_clock_that_never_ran_is_seen(well):
    PeriodicTask.objects.all().delete()
    assert ill() == {"beat": ["The clock (beat) has given out no work yet."]}


def test_jobs_that_wait_too_long_are_seen(well, folder):
    message = folder / "1_2.celery.msg"
    message.touch()
    os.utime(message, (time.time(), time.time()))
    assert ill() == {}
    os.utime(message, (time.time() - 700, time.time() - 700))
    assert list(ill()) == ["queue"]


def test_a_document_that_nobody_makes_is_seen(well, held_meeting, administrator):
    pack = BoardPack.objects.create(meeting=held_meeting, requested_by=administrator)
    BoardPack.objects.filter(pk=pack.pk).update(requested_at=now() - timedelta(minutes=31))
    assert ill() == {"queue": ["A document has waited since 12 January 2027 at 8:29 to be made."]}


def test_mail_that_is_stopped_is_seen(well):
    MailBrake.objects.create(pk=1, failure_count=20, stopped_until=Now() + timedelta(minutes=5))
    assert ill() == {"mail": ["One mail after another was not taken, so all wait."]}


def test_a_night_without_its_work_is_seen(well):
    Heartbeat.objects.filter(name=RETENTION).update(ended_at=now() - timedelta(hours=27))
    assert list(ill()) == ["nights"]


def test_a_missed_backup_is_seen(well, settings):
    settings.BACKUP_EVERY_MINUTES = 60
    BackupRun.objects.backups().update(began_at=now() - timedelta(minutes=179))
    assert ill() == {}
    BackupRun.objects.backups().update(began_at=now() - timedelta(minutes=181))
    assert ill() == {"backup": ["The last good backup is of 12 January 2027 at 5:59; one is due every 60 minutes."]}


@pytest.mark.parametrize("kind", ["backup", "drill"])
def test_a_run_that_failed_or_never_was_is_seen(well, kind):
    a_run(kind, state="running")
    assert ill() == {}
    BackupRun.objects.filter(state="running").delete()
    a_run(kind, state="failed", problem="The repository is full.")
    [[trouble]] = ill().values()
    assert trouble.endswith("The repository is full.")
    BackupRun.objects.filter(kind=kind).delete()
    assert list(ill()) == [kind]


def test_a_full_disk_is_seen(well, monkeypatch):
    monkeypatch.setattr(reading, "disk", lambda: Disk(total=100_000_000_000, free=9_000_000_000))
    assert ill() == {"disk": ["Only 9.0 GB are free on the disk of DATA_DIR."]}


def test_a_database_of_another_version_is_seen(well):
    with as_owner():
        MigrationRecorder.Migration.objects.filter(app="plans").order_by("-name").first().delete()
    assert list(ill()) == ["versions"]


def lose_a_table():
    """As before its migration has run."""
    with as_owner(), connection.cursor() as cursor:
        MigrationRecorder.Migration.objects.filter(app="plans").order_by("-name").first().delete()
        cursor.execute("ALTER TABLE partnership_backuprun RENAME TO partnership_backuprun_of_old")


def test_a_database_that_lacks_a_table_is_said_plainly_on_the_page(well, client_of, administrator):
    client = client_of(administrator)
    lose_a_table()
    response = client.get(PAGE)
    said = response.content.decode()
    assert (response.status_code, "The database lacks 1 migration of this version" in said) == (200, True)
    assert "Run ./run migrate" in said


def test_where_another_page_lacks_it_everybody_is_told_to_come_back(db, monkeypatch):
    lose_a_table()
    monkeypatch.setattr("partnership.public.render", lambda *_: list(BackupRun.objects.all()))
    response = Client(raise_request_exception=False).get("/help/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "its database lacks part of this version. Run ./run migrate" in response.content.decode()
    assert Fault.objects.count() == 0


def test_control_where_every_migration_has_run_it_is_a_fault(db, monkeypatch):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partnership_backuprun RENAME TO partnership_backuprun_of_old")
    monkeypatch.setattr("partnership.public.render", lambda *_: list(BackupRun.objects.all()))
    response = Client(raise_request_exception=False).get("/help/")
    assert (response.status_code, Fault.objects.count()) == (500, 1)


# Redis


def test_without_redis_the_page_comes_and_says_so(well, settings, client_of, administrator):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    begun = time.monotonic()
    response = client_of(administrator).get(PAGE)
    assert (response.status_code, "Redis cannot be reached." in response.content.decode()) == (200, True)
    assert time.monotonic() - begun < 5 + brokers.SECONDS


class Pretended:
    """As much of Redis as is asked."""

    @classmethod
    def from_url(cls, *_arguments, **_named):
        return cls()

    def pipeline(self, transaction):
        self.found = []
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def llen(self, name):
        self.found.append(7)
        return self

    def lindex(self, name, place):
        self.found.append(json.dumps({"headers": {ASKED_AT: time.time() - 60}}))
        return self

    def info(self, section):
        self.found.append({"redis_version": "7.0.15"})
        return self

    def execute(self):
        return self.found

    def close(self):
        pass


def test_redis_is_asked_how_much_waits_and_since_when(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(redis, "Redis", Pretended)
    found = brokers.read_broker()
    assert (found.is_there, found.version, set(found.queues.values())) == (True, "7.0.15", {7})
    assert 59 < found.oldest_seconds < 61


def test_words_for_how_long():
    assert [signs.lasting(each) for each in (None, 1, 90, 3600, 7200, 200_000)] == [
        "Not known",
        "1 second",
        "90 seconds",
        "60 minutes",
        "2 hours",
        "2 days",
    ]


# Prometheus


@pytest.fixture
def scraped(well, client, settings):
    """``scraped()``: {name with labels: number} as Prometheus reads it."""
    settings.MONITOR_TOKEN = "the-monitors-own-token-of-forty-characters"

    def scrape():
        response = client.get("/metrics", headers={"authorization": f"Bearer {settings.MONITOR_TOKEN}"})
        lines = [line.rpartition(" ") for line in response.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(number) for name, _, number in lines}

    return scrape


def test_prometheus_reads_what_the_page_says(scraped):
    a_run("backup", ago=timedelta(minutes=-5), state="failed")
    Fault.objects.create(request="a" * 32, at=now(), kind="page", name="a:b", error="ValueError")
    found = scraped()
    names = [
        "broker_up",
        "faults_last_day",
        "backup_age_seconds",
        "backup_failed",
        "drill_failed",
        "migrations_waiting",
    ]
    assert [round(found[f"planner_{name}"]) for name in names] == [1, 1, 0, 1, 0, 0]


def test_what_never_was_is_absent(scraped):
    BackupRun.objects.all().delete()
    assert [name for name in scraped() if "backup_age" in name] == []


def test_answers_are_counted_by_status_and_not_by_whose_they_are(scraped, client):
    before = scraped()
    for path in ("/help/", "/help/", "/nowhere/", "/health/"):
        client.get(path)
    after = scraped()
    rose = {name: after[name] - before.get(name, 0) for name in after if name.startswith("planner_answers_total")}
    assert {name: by for name, by in rose.items() if by} == {
        'planner_answers_total{status="2xx"}': 2,
        'planner_answers_total{status="4xx"}': 1,
    }
    assert (
        after['planner_answer_seconds_count{method="GET"}']
        - before.get('planner_answer_seconds_count{method="GET"}', 0)
        == 3
    )


def test_a_history_that_was_changed_is_said(well):
    beat = Heartbeat.objects.create(name=HISTORY, began_at=now(), ended_at=now(), outcome={"seals": 3, "faults": 2})
    assert ill() == {"nights": ["The history is not as it was sealed, in 2 places."]}
    beat.outcome = {"seals": 3, "faults": 0}
    beat.save()
    assert ill() == {}


def test_a_log_of_changes_that_stands_still_is_said(well, settings):
    settings.BACKUP_LOG, settings.BACKUP_LOG_MINUTES = True, 5
    assert ill() == {"backup": ["No change is kept yet."]}
    beat = Heartbeat.objects.create(name=LOG, began_at=now(), ended_at=now() - timedelta(minutes=14))
    assert ill() == {}
    beat.ended_at = now() - timedelta(minutes=16)
    beat.save()
    assert [words.startswith("The log of changes was last stored") for words in ill()["backup"]] == [True]
