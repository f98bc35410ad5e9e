"""T17: nothing of a case is left where others look when a real worker reminds of it: in Redis, its log, mails, reports.

Redis is overheard while it works, as a message that was taken is no longer in it. What Celery packs up is unpacked.
"""

import base64
import binascii
import re
import shutil
import subprocess
from email import message_from_bytes, policy

import pytest
import time_machine
from celery import Celery
from django.db import connection

from partnership.models import Fault, GroupMember, Message
from partnership.working_days import add_working_days
from reviews.models import Stage
from tests.conftest import hold
from tests.factories import AgencySummaryFactory, CaseFactory
from tests.faults.conftest import wait_for
from tests.faults.services import Redis
from tests.guarantees.figures import record

TASK = "partnership.tasks.send_reminders"
CANARY = "Canary-7f3a"
PACKED = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("redis-cli"), reason="There is no Redis on this machine"),
]


@pytest.fixture
def redis(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    redis = Redis(folder)
    redis.start()
    ping = ["redis-cli", "-u", redis.url, "ping"]
    wait_for(lambda: b"PONG" in subprocess.run(ping, capture_output=True).stdout, "Redis answers")
    yield redis
    redis.stop()


@pytest.fixture
def overheard(redis, tmp_path):
    """The file with every word that is said to Redis."""
    file = tmp_path / "overheard"
    with file.open("wb") as out:
        ear = subprocess.Popen(["redis-cli", "-u", redis.url, "monitor"], stdout=out, stdin=subprocess.DEVNULL)
        wait_for(lambda: b"OK" in file.read_bytes(), "Redis is overheard")
        yield file
        ear.kill()
        ear.wait()


@pytest.fixture
def mails(sink, monkeypatch):
    """Whole, as they came."""
    taken = []

    async def keep(server, session, envelope):
        taken.append(envelope.content)
        return "250 OK"

    sink.handle_DATA = keep
    return taken


@pytest.fixture
def case_due(transactional_db, partnership, rule_sets, case_group, charity, partner):
    """A stage and an agency's summary, due in two working days. The workers live in the real today."""
    day = add_working_days(time_machine.escape_hatch.datetime.datetime.now().date(), 2)
    hold("Amara Whitlock", "Head of service", group=case_group, role=GroupMember.Role.CHAIR)
    case = CaseFactory(
        partnership=partnership,
        reference=f"{CANARY}-1",
        category=f"{CANARY} category",
        summary=f"{CANARY} summary",
    )
    Stage.objects.create(
        partnership=partnership, case=case, position=9, code="meets", title=f"{CANARY} stage", planned_on=day
    )
    AgencySummaryFactory(case=case, organisation=charity, contact=partner, due_on=day, asked_with=f"{CANARY} asked")
    return case


def unpacked(content):
    """``content`` and whatever stands packed up in it."""
    found = [content]
    for packed in PACKED.findall(content):
        try:
            found.append(base64.b64decode(packed + b"=" * (-len(packed) % 4)))
        except binascii.Error:
            continue
    return b"\n".join(found)


def words_of(mail):
    """Its heads and its parts as they are read."""
    message = message_from_bytes(mail, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*map(str, message.values()), *parts])


def statements():
    """What PostgreSQL remembers of what it was asked, where it does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'")
        if cursor.fetchone() is None:
            return ""
        cursor.execute("SELECT string_agg(query, E'\\n') FROM pg_stat_statements")
        return cursor.fetchone()[0] or ""


def places(overheard, workers, mails):
    """{place: what stands in it}."""
    return {
        "Redis": unpacked(overheard.read_bytes()).decode(errors="replace"),
        "the worker’s log": "\n".join(log.read_text() for log in workers.folder.glob("worker-*.log")),
        "mails": "\n".join(map(words_of, mails)),
        "error reports": "\n".join(map(str, Fault.objects.values_list())),
        "PostgreSQL’s statements": statements(),
    }


def holding(places):
    return {place for place, words in places.items() if CANARY in words}


def remind(workers):
    workers.start()
    workers.give(TASK)
    wait_for(
        lambda: Message.objects.filter(state=Message.State.ACCEPTED).count() >= 2,
        f"both are reminded. {workers.last_words()}",
    )


@pytest.fixture
def workers_of_redis(workers, redis, monkeypatch):
    """They take their work from Redis."""
    monkeypatch.setenv("REDIS_URL", redis.url)
    workers.give = lambda task, **kwargs: Celery(broker=redis.url, set_as_current=False).send_task(
        task, ignore_result=True, **kwargs
    )
    return workers


def test_a_worker_that_reminds_of_a_case_leaves_nothing_of_it(case_due, workers_of_redis, overheard, mails):
    remind(workers_of_redis)
    found = places(overheard, workers_of_redis, mails)
    assert holding(found) == set()
    assert TASK in found["Redis"]
    assert len(mails) >= 2
    record(
        "T17",
        "{bytes:,} bytes said to Redis, a real worker’s log and {mails} mails about a case that is due: {found} words "
        "of it in them",
        bytes=len(found["Redis"]),
        mails=len(mails),
        found=0,
    )


def test_what_a_task_would_carry_is_found(case_due, workers_of_redis, overheard, mails):
    """The control: a task that is given words instead of keys, which the worker does not know and says so."""
    workers_of_redis.start()
    workers_of_redis.give("partnership.tasks.tell_of_a_case", kwargs={"words": case_due.summary})
    wait_for(lambda: "unregistered task" in workers_of_redis.last_words(), "the worker says what it was given")
    assert {"Redis", "the worker’s log"} <= holding(places(overheard, workers_of_redis, mails))
