"""T11: whoever leaves is out at the next request: sessions, calendar addresses, links of mails and invitations.

All of it ends in the transaction that ends their posts. The controls leave one thing out and find it still open.
"""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.accounts import leaving
from partnership.accounts.leaving import cut_off_leavers, switch_off
from partnership.appointments import end_holding, leave
from partnership.calendar_feeds import make_feed
from partnership.models import AccountEvent, CalendarFeed, Invitation, User
from partnership.refusals import NotNow
from plans.links import make_link
from tests.at_once import at_once
from tests.factories import PostFactory, PostHoldingFactory, UserFactory
from tests.guarantees.figures import record

pytestmark = pytest.mark.django_db

PAGE = reverse("partnership:person-list")
BROWSERS = 3


@pytest.fixture
def ways_in(client_of, lead):
    """Everything by which ``lead`` could come in or read on, and how many of them are open."""
    browsers = [client_of(lead) for _ in range(BROWSERS)]
    now = timezone.now()
    _feed, feed = make_feed(lead, at=now)
    _link, link = make_link(lead, at=now)
    Invitation.objects.create(user=lead, token_hash="0" * 64, made_at=now, expires_at=now + timedelta(days=7))
    feed_url = reverse("partnership:calendar-feed", args=[feed])
    link_url = reverse("plans:answer-open", args=[link])

    def open_ways():
        now = timezone.now()
        return {
            "sessions": sum(browser.get(PAGE).status_code == 200 for browser in browsers),
            "feeds": int(Client().get(feed_url).status_code == 200),
            "links": int(b"no longer" not in Client().get(link_url).content and is_usable(lead, now)),
            "invitations": Invitation.objects.filter(user=lead).open(at=now).count(),
        }

    return open_ways


def is_usable(holder, now):
    return holder.update_links.filter(revoked_at=None, expires_at__gt=now).exists()


ALL = {"sessions": BROWSERS, "feeds": 1, "links": 1, "invitations": 1}
NONE = dict.fromkeys(ALL, 0)


def by_leaving(office, lead):
    leave(lead, at=timezone.now(), by=office)


def by_the_end_of_the_last_post(office, lead):
    end_holding(lead.holdings.get(), to_on=timezone.localdate(), at=timezone.now(), by=office)


def by_switching_off(office, lead):
    switch_off(lead, at=timezone.now(), by=office)


@pytest.mark.parametrize("end", [by_leaving, by_the_end_of_the_last_post, by_switching_off])
def test_everything_ends_with_the_next_request(ways_in, office, lead, end):
    assert ways_in() == ALL
    end(office, lead)
    assert ways_in() == NONE
    record("T11 access", "{ways} ways in shut at the next request after leaving", ways=sum(ALL.values()))


def test_a_last_post_that_ended_by_its_day_is_found_the_night_after(ways_in, office, lead):
    holding = lead.holdings.get()
    end_holding(holding, to_on=date(2027, 1, 13), at=timezone.now(), by=office)
    assert cut_off_leavers(on=date(2027, 1, 13), at=timezone.now()) == 0
    assert ways_in() == ALL
    with time_machine.travel(datetime(2027, 1, 14, 0, 20, tzinfo=UTC)):
        assert cut_off_leavers(on=date(2027, 1, 14), at=timezone.now()) == 1
        assert ways_in() == NONE
        assert cut_off_leavers(on=date(2027, 1, 14), at=timezone.now()) == 0


def test_who_holds_something_else_stays_in_with_that(ways_in, office, lead, partnership):
    PostHoldingFactory(post=PostFactory(partnerships=[partnership]), user=lead)
    holding = lead.holdings.order_by("pk").first()
    end_holding(holding, to_on=timezone.localdate(), at=timezone.now(), by=office)
    assert ways_in() == ALL


def test_nobody_elses_end_with_theirs(ways_in, office, lead, partner, client_of):
    others = client_of(partner)
    _feed, token = make_feed(partner, at=timezone.now())
    leave(lead, at=timezone.now(), by=office)
    assert others.get(PAGE).status_code == 200
    assert Client().get(reverse("partnership:calendar-feed", args=[token])).status_code == 200


def test_what_fails_undoes_all_of_it(ways_in, office, lead, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(leaving.import_string("plans.links"), "revoke_of", fail)
    with pytest.raises(RuntimeError):
        leave(lead, at=timezone.now(), by=office)
    lead.refresh_from_db()
    assert (ways_in(), lead.is_active) == (ALL, True)


def test_control_an_app_that_is_not_asked_leaves_its_links_open(ways_in, office, lead, settings):
    settings.ENDED_WITH_ACCOUNTS = []
    by_the_end_of_the_last_post(office, lead)
    assert ways_in() == NONE | {"links": 1}


def test_control_sessions_that_are_not_ended_go_on(ways_in, office, lead, monkeypatch):
    monkeypatch.setattr(leaving, "end_sessions", lambda people: 0)
    by_the_end_of_the_last_post(office, lead)
    assert ways_in() == NONE | {"sessions": BROWSERS}


def test_it_is_written_down_once(ways_in, office, lead):
    leave(lead, at=timezone.now(), by=office)
    leave(lead, at=timezone.now(), by=office)
    events = AccountEvent.objects.filter(user=lead).exclude(kind="signed-in").order_by("pk")
    assert [(event.kind, event.by, event.detail) for event in events] == [
        ("session-ended", office, "Account switched off"),
        ("switched-off", office, "Left"),
    ]


@pytest.mark.parametrize("people", [1, 3, 10])
def test_the_night_asks_the_same_however_many_left(django_assert_num_queries, db, people):
    for _ in range(people):
        user = UserFactory()
        PostHoldingFactory(user=user, to_on=date(2027, 1, 1))
        make_feed(user, at=timezone.now())
    with django_assert_num_queries(13):
        assert cut_off_leavers(on=date(2027, 1, 12), at=timezone.now()) == people
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()


# The last administrator


def test_the_last_administrator_stays(administrator, office):
    with pytest.raises(NotNow):
        switch_off(administrator, at=timezone.now(), by=office)
    administrator.refresh_from_db()
    assert administrator.is_active


def both_go():
    administrators = [UserFactory(name=name, is_administrator=True) for name in ("One", "Two")]
    now = timezone.now()
    came_to = at_once(*[lambda each=each: switch_off(each, at=now, by=each) for each in administrators])
    left = User.objects.filter(is_administrator=True, is_active=True).count()
    return sorted(type(each).__name__ for each in came_to), left


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_one_stays_though_both_go_at_once():
    assert both_go() == (["NoneType", "NotNow"], 1)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_none_is_left(monkeypatch):
    both_looked = threading.Barrier(2)
    monkeypatch.setattr(leaving, "locked", lambda person: None)
    monkeypatch.setattr(leaving, "cut_off", lambda *args, **kwargs: both_looked.wait(10))
    assert both_go()[1] == 0


# Sessions have their owners beside them


def test_every_session_has_its_owner_beside_it(client_of, lead, partner):
    for each in (lead, lead, partner):
        client_of(each)
    assert set(UserSession.objects.values_list("session_key", flat=True)) == set(
        Session.objects.values_list("session_key", flat=True)
    )
