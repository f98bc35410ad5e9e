"""The bucket of files and the copy of the database: asked by a worker, shown where they are set, with what to do.

A copy that really streams: ``tests/faults/test_scale.py``.
"""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from partnership import replica
from partnership.metrics import in_words_of_prometheus
from partnership.models import Heartbeat
from partnership.operations import neighbours
from partnership.operations.neighbours import BUCKET, COPY
from partnership.operations.readings import read_all
from partnership.operations.signs import signs_of
from partnership.tasks import look_at_neighbours
from tests.object_server import object_server

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with object_server() as server:
        yield server


@pytest.fixture
def use_bucket(settings, server, today):
    def use(**otherwise):
        backend = {"BACKEND": "partnership.bucket_storage.BucketStorage", "OPTIONS": server.options | otherwise}
        settings.STORAGES = settings.STORAGES | {"s3": backend}

    return use


@pytest.fixture
def use_copy(monkeypatch, today):
    """``use_copy(standing)``: what asking it gives, or the fault that it raises."""
    monkeypatch.setitem(connections.settings, replica.REPLICA, connections.settings["default"])

    def use(found):
        def standing():
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(replica, "standing", standing)

    yield use
    with suppress(AttributeError):  # nobody asked for a connection
        del connections[replica.REPLICA]


def now():
    return timezone.now()


def look(ago=timedelta(0)):
    """As beat has it done; PostgreSQL's clock is not that of the tests."""
    found = neighbours.look(at=now() - ago)
    Heartbeat.objects.update(ended_at=now() - ago)
    return found


def sign(name, later=timedelta(0)):
    [found] = [each for each in signs_of(read_all(now=now() + later)) if each.code == name]
    return found


def said(name, later=timedelta(0)):
    return [trouble for trouble, _advice in sign(name, later).troubles]


def number(name):
    told = in_words_of_prometheus(read_all(now=now())).decode()
    return [float(line.rpartition(" ")[2]) for line in told.splitlines() if line.startswith(f"{name} ")]


def test_where_neither_is_set_nobody_asks_and_nothing_is_shown(today):
    Heartbeat.objects.create(name=BUCKET, began_at=now(), outcome={"trouble": "away", "said": "", "well_at": None})
    assert neighbours.look(at=now()) == {}
    assert {each.code for each in signs_of(read_all(now=now()))} & {BUCKET, COPY} == set()
    assert number("planner_bucket_up") == []


def test_a_bucket_that_was_never_asked_is_not_called_well(use_bucket):
    use_bucket()
    assert said(BUCKET) == ["It has not been asked yet."]


def test_a_bucket_that_answers_is_well(use_bucket):
    use_bucket()
    assert look() == {}
    assert (said(BUCKET), dict(sign(BUCKET).facts)["Last well"]) == ([], "12 January 2027 at 9:00")
    assert number("planner_bucket_up") == [1]


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        ({"endpoint_url": "http://127.0.0.1:9"}, "does not answer"),
        ({"bucket_name": "somebody-elses"}, "The bucket is not there."),
    ],
)
def test_a_bucket_that_is_away_or_not_there_is_seen_with_when_it_was_last_well(use_bucket, otherwise, words):
    use_bucket()
    look(ago=timedelta(minutes=3))
    use_bucket(**otherwise)
    assert list(look()) == [BUCKET]
    assert [words in each for each in said(BUCKET)] == [True]
    assert dict(sign(BUCKET).facts) == {
        "Last asked": "12 January 2027 at 9:00",
        "Last well": "12 January 2027 at 8:57",
    }
    assert number("planner_bucket_up") == [0]


def test_the_next_answer_that_is_good_ends_it(use_bucket):
    use_bucket(bucket_name="somebody-elses")
    look()
    use_bucket()
    look_at_neighbours()
    outcome = Heartbeat.objects.get(name=BUCKET).outcome
    assert (outcome["trouble"], outcome["said"]) == ("", "")
    assert now() - datetime.fromisoformat(outcome["well_at"]) < timedelta(minutes=1)


def test_a_verdict_of_long_ago_is_no_verdict(use_bucket):
    use_bucket()
    look()
    assert said(BUCKET, later=timedelta(minutes=11)) == ["It was last asked on 12 January 2027 at 9:00."]


def test_a_copy_that_follows_is_well(use_copy):
    use_copy((True, 0))
    look()
    assert (said(COPY), dict(sign(COPY).facts)["Lacking"]) == ([], "Nothing")
    assert (number("planner_replica_close"), number("planner_replica_behind_bytes")) == ([1], [0])


def test_a_copy_that_stays_behind_is_seen_after_two_minutes(use_copy):
    use_copy((True, 0))
    look(ago=timedelta(minutes=1))
    use_copy((True, 3_400_000))
    look()
    assert (said(COPY), dict(sign(COPY).facts)["Lacking"]) == ([], "3.4 MB")
    assert said(COPY, later=timedelta(minutes=2)) == ["It lacks 3.4 MB of what was written."]
    assert (number("planner_replica_close"), number("planner_replica_behind_bytes")) == ([0], [3_400_000])


def test_a_copy_that_follows_nobody_or_is_away_is_seen_at_once(use_copy):
    use_copy((False, 0))
    look()
    assert said(COPY) == ["It follows no other database any more, so it may hold another truth."]
    use_copy(OperationalError("connection refused"))
    look()
    assert said(COPY) == ["It can’t be asked: connection refused"]
    assert (number("planner_replica_close"), number("planner_replica_behind_bytes")) == ([0], [])


def test_this_very_database_is_a_copy_that_follows_nobody(monkeypatch):
    """Asked as in earnest, but for the second server."""
    monkeypatch.setattr(replica, "SECONDS_TO_CATCH_UP", 0)
    monkeypatch.setattr(replica, "REPLICA", "default")
    assert replica.standing()[0] is False
