"""T2: no calendar feed ever holds anything restricted, and each asks anew at every reading whether it may be read.

Every feed that anybody can make is read as its owner's calendar program would. A *control* runs the same
scene with its guard taken away and must find what the guard keeps out.
"""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership import calendar_feeds
from partnership.calendar_feeds import IDLE, make_feed
from partnership.models import CalendarFeed, FeedEvent, GroupMember, PostHolding
from tests.factories import (
    AgendaItemFactory,
    CaseFactory,
    MeetingActionFactory,
    MeetingFactory,
    PostFactory,
    PostHoldingFactory,
    TermsFactory,
)

pytestmark = pytest.mark.django_db

CANARY = "Quetzal"


def address_of(token):
    return reverse("partnership:calendar-feed", args=[token])


def read(address, **headers):
    """The answer to a calendar program: it has no session."""
    return Client().get(address, headers=headers)


@pytest.fixture
def cast(office, lead, case_group_member, meeting, agenda_item):
    """Those who make feeds; between them they may know of every restricted thing in ``restricted``."""
    return [office, lead, case_group_member]


@pytest.fixture
def restricted(case_group, case_group_member, partnership, dispute):
    """Everything dated that is restricted, each with a word that stands nowhere else."""
    GroupMember.objects.filter(group=case_group).update(role=GroupMember.Role.CHAIR)
    meeting = MeetingFactory(group=case_group, title=f"{CANARY} meeting", venue=f"{CANARY} House")
    post = case_group_member.holdings.get().post
    AgendaItemFactory(
        meeting=meeting, title=f"{CANARY} item", lead_post=post, needs_paper=True, paper_due_on=date(2027, 3, 2)
    )
    MeetingActionFactory(group=case_group, text=f"{CANARY} action", lead_post=post)
    CaseFactory(partnership=partnership, reference=f"{CANARY}-1")
    dispute.stages.update(name=f"{CANARY} dispute")
    return dispute


@pytest.fixture
def feeds(cast, case_group, learning_group, partnership):
    """(owner and what, address) of every kind of feed that can be kept of them, also of what no form offers."""
    of = [{}, {"group": case_group}, {"group": learning_group}, {"partnership": partnership}]
    made = [make_feed(owner, at=timezone.now(), **each) for owner in cast for each in of]
    return [(f"{feed.owner}: {feed}", address_of(token)) for feed, token in made]


def feeds_with_the_canary(feeds):
    """Those in whose answer, headers included, the word stands."""
    found = []
    for words, address in feeds:
        answer = read(address)
        if CANARY.lower() in f"{answer.headers} {answer.content.decode()}".lower():
            found.append(words)
    return found


def test_no_feed_holds_anything_restricted(feeds, restricted):
    assert feeds_with_the_canary(feeds) == []
    kept = {key.partition(":")[0] for key in FeedEvent.objects.values_list("key", flat=True)}
    assert kept == {"meeting", "paper"}, "nothing is remembered either but of what anybody may know"


def test_control_without_the_guard_the_word_is_found(feeds, restricted, monkeypatch):
    def everything(feed, *, on):
        whose = feed.group or feed.partnership or calendar_feeds.MINE
        span = (on - calendar_feeds.DAYS_BACK, on + calendar_feeds.DAYS_AHEAD)
        return calendar_feeds.entries_between(feed.owner, *span, on=on, whose=whose)

    monkeypatch.setattr("partnership.views.calendar.entries_of_feed", everything)
    assert feeds_with_the_canary(feeds) == [
        "Delia Marchetti: What is due from me",  # the answer in the dispute
        "Sunita Rao: What is due from me",
        "Sunita Rao: Ashford Vale Safeguarding Children Partnership",
    ]


def test_a_case_changes_no_byte_of_any_feed(feeds, case_group, learning_group, partnership):
    """Also not of its members' feeds, so that no file says when there is one. Control: an open meeting changes some."""

    def answers():
        return [(answer.status_code, answer.content) for _words, address in feeds for answer in [read(address)]]

    before = answers()
    CaseFactory(partnership=partnership, reference=f"{CANARY}-2", notified_on=date(2027, 1, 4))
    MeetingFactory(group=case_group, meets_on=date(2027, 2, 2))
    assert answers() == before
    MeetingFactory(group=learning_group, meets_on=date(2027, 2, 2))
    assert answers() != before


# Rights are asked anew


def ends(feed, chair, **_):
    PostHolding.objects.filter(user=chair).update(to_on=date(2026, 12, 31))


def is_switched_off(feed, chair, **_):
    chair.is_active = False
    chair.save()


def is_taken_back(feed, **_):
    CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=timezone.now())


def is_idle(feed, **_):
    CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=timezone.now() - IDLE - timedelta(days=1))


def other_post(feed, chair, far_partnership, **_):
    """Moves to another partnership: there are posts, but none here."""
    ends(feed, chair)
    PostHoldingFactory(post=PostFactory(duty="office", partnerships=[far_partnership]), user=chair)


@pytest.mark.parametrize("change", [ends, is_switched_off, is_taken_back, is_idle, other_post])
def test_whoever_may_not_read_any_more_gets_what_a_wrong_address_gets(
    change, chair, meeting, learning_group, partnership, far_partnership
):
    of = [{}, {"group": learning_group}, {"partnership": partnership}]
    made = [make_feed(chair, at=timezone.now(), **each) for each in of]
    before = [read(address_of(token)) for _feed, token in made]
    assert [f"meeting:{meeting.pk}@" in answer.content.decode() for answer in before] == [True] * 3

    for feed, _token in made:
        change(feed, chair=chair, far_partnership=far_partnership)
    after = [
        read(address_of(token), if_none_match=answer["ETag"]) for (_, token), answer in zip(made, before, strict=True)
    ]
    if change is other_post:
        own = after.pop(0)
        assert own.status_code == 200
        assert b"VEVENT" not in own.content, "their own feed goes with them, without what was"
    wrong = read(address_of("x" * 43))
    assert wrong.status_code == 404
    for answer in after:
        assert (answer.status_code, answer.content, dict(answer.headers)) == (404, wrong.content, dict(wrong.headers))


def test_who_joins_the_case_review_group_reads_no_more_than_before(chair, restricted, case_group, meeting):
    _feed, token = make_feed(chair, at=timezone.now())
    before = read(address_of(token)).content
    PostHolding.objects.create(
        user=chair, post=GroupMember.objects.get(group=case_group).post, from_on=date(2027, 1, 1)
    )
    assert read(address_of(token)).content == before


def test_a_group_that_leaves_the_partnership_leaves_its_feed(office, learning_group, meeting, far_partnership):
    _feed, token = make_feed(office, at=timezone.now(), group=learning_group)
    assert read(address_of(token)).status_code == 200
    learning_group.partnerships.set([far_partnership])
    assert read(address_of(token)).status_code == 404


def test_terms_of_a_group_are_no_secret(chair, learning_group):
    """Control of the above: what is open is in the feed."""
    terms = TermsFactory(group=learning_group)
    _feed, token = make_feed(chair, at=timezone.now())
    assert f"terms:{terms.pk}@" in read(address_of(token)).content.decode()
