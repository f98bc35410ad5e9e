"""Reading from a copy of the database: who may, what never does, and that it is left alone where it is behind.

Here the copy is a second, read-only connection to the same database; a real one that streams: ``tests/faults``.
"""

import re
from unittest.mock import Mock

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from partnership import replica_reading
from partnership.models import Group, Partnership, Post
from partnership.replica import REPLICA, Follower, Router, in_use
from partnership.replica_reading import PublicFromReplica, caught_up, from_replica
from partnership.row_security import READER, all_rows, read_by
from tests.factories import GroupFactory, PartnershipFactory, UserFactory


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


class Log:
    """Where the first one stands and the replica is, in numbers."""

    def __init__(self, monkeypatch):
        self.first = self.there = 100
        self.fault = None
        monkeypatch.setattr("partnership.replica.position_of_first", lambda: self.first)
        monkeypatch.setattr("partnership.replica.has_arrived", self.has_arrived)
        monkeypatch.setattr("partnership.replica.SECONDS_TO_CATCH_UP", 0)

    def has_arrived(self, position):
        if self.fault:
            raise self.fault
        return self.there >= position


@pytest.fixture
def log(monkeypatch):
    return Log(monkeypatch)


@pytest.fixture
def copy(settings):
    """The alias ``replica``, a connection of its own that may only read; gone afterwards."""
    database = connection.settings_dict
    options = database["OPTIONS"].get("options", "") + " -c default_transaction_read_only=on"
    connections.settings[REPLICA] = {
        **database,
        "OPTIONS": {**database["OPTIONS"], "options": options},
        "ATOMIC_REQUESTS": False,
    }
    settings.DATABASE_ROUTERS = ["partnership.replica.Router"]
    connections[REPLICA].connect()  # by itself: a test may not ensure connections that were not there when it began
    yield connections[REPLICA]
    connections[REPLICA].close()
    del connections[REPLICA]
    del connections.settings[REPLICA]


# How close it is


@pytest.fixture
def follower(log, monkeypatch):
    monkeypatch.setattr("partnership.replica.connections", {REPLICA: Mock()})
    return Follower(clock=Clock())


def after(follower, seconds):
    follower.clock.now += seconds
    return follower.is_usable()


def test_one_that_has_all_is_read_and_one_that_lags_is_not(follower, log):
    assert after(follower, 0)
    log.first = 200
    assert after(follower, 6)  # it has what the first one had a look ago
    assert not after(follower, 6)
    log.there = 200
    assert after(follower, 6)


def test_after_a_long_rest_an_old_position_counts_for_nothing(follower, log):
    assert after(follower, 0)
    log.first = 200
    assert not after(follower, 600)


def test_between_two_looks_nobody_is_asked(follower, log):
    assert after(follower, 0)
    log.fault = OperationalError("away")
    assert after(follower, 4)
    assert not after(follower, 2)


def test_one_that_is_away_is_left_alone_and_asked_again_later(follower, log):
    log.fault = OperationalError("away")
    assert not after(follower, 0)
    log.fault = None
    assert not after(follower, 20)
    assert after(follower, 20)


def test_a_document_waits_until_everything_has_arrived_and_not_for_ever(follower, log):
    assert follower.catches_up()
    log.first = 200
    assert not follower.catches_up()
    log.fault = OperationalError("away")
    assert not follower.catches_up()


@pytest.mark.django_db(transaction=True)
def test_one_that_follows_nobody_is_never_read(copy):
    """This one is the first itself, not in recovery: as a replica is that was promoted."""
    assert not Follower().is_usable()


# Where questions go


@pytest.mark.django_db(transaction=True)
def test_our_records_are_read_there_and_all_else_here(copy):
    PartnershipFactory()
    outside = Partnership.objects.get()._state.db
    with from_replica():
        found = Partnership.objects.get()
        inside = found._state.db
        others = Router().db_for_read(connections_of_sessions())
    assert (outside, inside, others) == (DEFAULT_DB_ALIAS, REPLICA, DEFAULT_DB_ALIAS)
    assert Group.objects.filter(partnerships=found).count() == 0
    assert found.groups.all().db == DEFAULT_DB_ALIAS  # what was read there is asked for here afterwards


def connections_of_sessions():
    from_framework = type("Session", (), {})
    from_framework._meta = type("Meta", (), {"app_label": "sessions"})
    return from_framework


@pytest.mark.django_db(transaction=True)
def test_after_a_write_everything_is_read_where_it_was_written(copy):
    with from_replica():
        partnership = PartnershipFactory()
        assert in_use() == [DEFAULT_DB_ALIAS]
        assert Partnership.objects.get() == partnership
        assert Partnership.objects.get()._state.db == DEFAULT_DB_ALIAS


@pytest.mark.django_db(transaction=True)
def test_a_record_read_there_is_changed_here(copy):
    PartnershipFactory()
    with from_replica():
        found = Partnership.objects.get()
    found.short_name = "Changed"
    found.save()
    assert Partnership.objects.get().short_name == "Changed"


@pytest.mark.django_db(transaction=True)
def test_the_replica_is_told_who_reads_and_forgets_it_afterwards(copy):
    person = UserFactory()
    with read_by(person), from_replica():
        assert told_there(copy) == str(person.pk)
        with all_rows():
            assert told_there(copy) == "*"
        assert told_there(copy) == str(person.pk)
    assert told_there(copy) == ""


def told_there(copy):
    with copy.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [READER])
        return cursor.fetchone()[0]


# Documents


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("there", "alias"), [(100, REPLICA), (99, DEFAULT_DB_ALIAS)])
def test_a_document_is_made_of_what_the_replica_holds_only_if_it_holds_all(copy, log, monkeypatch, there, alias):
    monkeypatch.setattr(replica_reading, "follower", Follower())
    PartnershipFactory()
    log.there = there
    assert caught_up(lambda: Partnership.objects.get()._state.db) == alias


@pytest.mark.django_db(transaction=True)
def test_a_replica_that_fails_in_the_middle_costs_no_document(copy, log, monkeypatch):
    monkeypatch.setattr(replica_reading, "follower", Follower())
    asked = []

    def read():
        asked.append(in_use()[-1])
        if asked == [REPLICA]:
            raise OperationalError("conflict with recovery")
        return "read"

    assert (caught_up(read), asked) == ("read", [REPLICA, DEFAULT_DB_ALIAS])


def test_without_a_replica_nothing_is_different():
    assert (caught_up(lambda: in_use()), in_use()) == ([DEFAULT_DB_ALIAS], [DEFAULT_DB_ALIAS])


# Pages


@pytest.fixture
def ask(copy, log, monkeypatch):
    """``ask(route)``: what the middleware answers for a view there, or None, and where the view read."""
    monkeypatch.setattr(replica_reading, "follower", Follower())
    middleware = PublicFromReplica(lambda request: HttpResponse())

    def ask(route="p/<slug:slug>/plan/", *, method="get", cookies=None, view=None):
        request = getattr(RequestFactory(), method)("/p/ashford-vale/plan/")
        request.COOKIES.update(cookies or {})
        read_from = []

        def usual(request):
            read_from.append(in_use()[-1])
            return view() if view else HttpResponse("a page")

        request.resolver_match = ResolverMatch(usual, (), {}, route=route)
        answer = middleware.process_view(request, usual, (), {})
        return answer and answer.content.decode(), read_from

    return ask


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cookies", [{}, {"csrftoken": "which every page gives"}])
def test_a_public_page_is_read_there(ask, cookies):
    assert ask(cookies=cookies) == ("a page", [REPLICA])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "how",
    [
        {"route": "plans/<int:pk>/"},
        {"route": "p/<slug:slug>/training/<int:pk>/book/"},
        {"route": "sign-in/"},
        {"method": "post"},
        {"cookies": {"__Host-sid": "x"}},
        {"cookies": {"__Host-seen": "x"}},
    ],
)
def test_nobody_who_may_have_changed_something_is_shown_an_older_page(ask, how):
    assert ask(**how) == (None, [])


def fail(fault):
    raise fault


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "view",
    [
        lambda: HttpResponse(status=404),
        lambda: fail(Http404()),
        lambda: fail(ValueError()),
        lambda: fail(OperationalError("gone")),
        lambda: HttpResponse(status=302),
    ],
)
def test_what_it_does_not_know_is_asked_of_the_first_one(ask, view):
    assert ask(view=view) == (None, [REPLICA])


@pytest.mark.django_db(transaction=True)
def test_one_that_failed_is_left_alone(ask):
    ask(view=lambda: fail(OperationalError("gone")))
    assert ask() == (None, [])


@pytest.mark.django_db(transaction=True)
def test_the_page_is_the_same_from_both(copy, log, monkeypatch):
    partnership = PartnershipFactory()
    GroupFactory(partnerships=[partnership])
    address = f"/p/{partnership.slug}/structure/"
    pages = []
    for there in (0, 100):
        monkeypatch.setattr(replica_reading, "follower", Follower())
        log.there = there
        response = Client().get(address)
        response.headers.pop("X-Request-ID")
        words = re.sub(rb'"X-CSRFToken": "\w+"', b"", response.content)
        pages.append((response.status_code, words, dict(response.headers)))
    assert pages[0] == pages[1]
    assert pages[0][0] == 200


@pytest.mark.django_db(transaction=True)
def test_no_view_writes_there(copy):
    with pytest.raises(Exception, match="read-only"), copy.cursor() as cursor:
        cursor.execute("DELETE FROM partnership_post")
    assert Post.objects.count() == 0
