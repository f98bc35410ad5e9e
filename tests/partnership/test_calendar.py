"""The calendar and its feeds: what is due and when groups meet, to whom it may be known and nobody else."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partnership import calendars
from partnership.calendars import ALL, MINE, Entry, entries_between, make_feed, span_of, weeks_of
from partnership.models import CalendarFeed, Meeting, PostHolding
from partnership.views.calendar import MOST_FEEDS, MOST_MISSES
from tests.factories import MeetingFactory

CALENDAR = reverse("partnership:calendar")
FEEDS = reverse("partnership:calendar-feeds")
MARCH = (date(2027, 3, 1), date(2027, 4, 4))


def feed_of(owner, **of):
    """A new feed of ``owner``'s and its address."""
    feed, token = make_feed(owner, at=timezone.now(), **of)
    return feed, reverse("partnership:calendar-feed", args=[token])


def events_at(address, client=None):
    """The events that a calendar program reads at ``address``: {uid: event}."""
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, answer.status_code
    return {str(event["uid"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


# The page


def test_a_chair_finds_the_meeting_and_what_is_due(client_of, chair, meeting):
    meeting.starts_at, meeting.ends_at, meeting.venue = time(14, 0), time(16, 30), "Town Hall"
    meeting.save()
    page = client_of(chair).get(CALENDAR, {"month": "2027-03"}).content.decode()
    assert "March 2027" in page
    assert f'<a class="govuk-link" href="{meeting.get_absolute_url()}">{meeting.group.name}</a>' in page
    assert "Meeting, 14:00 to 16:30, Town Hall" in page


def test_mine_everything_and_a_group_differ(chair, partner, meeting, plan, today):
    mine = entries_between(partner, *MARCH, on=today, whose=MINE)
    everything = entries_between(partner, *MARCH, on=today, whose=ALL)
    of_group = entries_between(partner, *MARCH, on=today, whose=meeting.group)
    assert f"meeting:{meeting.pk}" not in {entry.key for entry in mine}
    assert f"meeting:{meeting.pk}" in {entry.key for entry in everything}
    assert {entry.key for entry in of_group} <= {entry.key for entry in everything}
    assert f"meeting:{meeting.pk}" in {entry.key for entry in of_group}


def test_a_cancelled_meeting_stays_and_says_so(client_of, chair, meeting):
    meeting.status, meeting.cancelled_reason = Meeting.Status.CANCELLED, "Snow"
    meeting.save()
    assert "Cancelled. Meeting" in client_of(chair).get(CALENDAR, {"month": "2027-03"}).content.decode()


def test_meetings_of_a_case_review_group_show_to_its_members_alone(client_of, case_group, case_group_member, office):
    MeetingFactory(group=case_group)
    march = {"month": "2027-03", "whose": "all"}
    assert case_group.name in client_of(case_group_member).get(CALENDAR, march).content.decode()
    days = client_of(office).get(CALENDAR, march).content.decode().split("month-days")[1]
    assert case_group.name not in days


def test_a_stranger_finds_nothing_of_ours(client_of, stranger, meeting, plan):
    page = client_of(stranger).get(CALENDAR, {"month": "2027-03", "whose": "all"}).content.decode()
    assert "Nothing stands in this month" in page
    assert meeting.group.name not in page


@pytest.mark.parametrize(
    "asked", [{"month": "2027-13"}, {"month": "x"}, {"month": "0001-01"}, {"whose": "group-999"}, {"kind": "Nonsense"}]
)
def test_an_address_that_makes_no_sense_shows_this_month(client_of, chair, asked):
    answer = client_of(chair).get(CALENDAR, asked)
    assert answer.status_code == 200
    assert "January 2027" in answer.content.decode()


@pytest.mark.parametrize(("month", "before", "after"), [("2000-01", False, True), ("2100-12", True, False)])
def test_the_years_of_a_calendar_end(client_of, chair, month, before, after):
    page = client_of(chair).get(CALENDAR, {"month": month}).content.decode()
    assert ('rel="prev"' in page, 'rel="next"' in page) == (before, after)


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_a_month_is_whole_weeks_from_monday(year, month):
    first, last = span_of(year, month)
    weeks = weeks_of(year, month, [], on=first)
    days = [day.date for week in weeks for day in week]
    assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in weeks)
    assert {day.date for week in weeks for day in week if day.is_of_month} == {
        day for day in days if (day.year, day.month) == (year, month)
    }


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client_of, chair, learning_group, count, django_assert_num_queries):
    for n in range(count):
        MeetingFactory(group=learning_group, meets_on=date(2027, 3, 2 + n))
    client = client_of(chair)
    client.get(CALENDAR)
    with django_assert_num_queries(QUERIES):
        client.get(CALENDAR, {"month": "2027-03"})


QUERIES = 9  # session, user, savepoint (2), standing; groups; clocks of cases, deadlines; meetings


# Feeds


def test_an_address_is_shown_once_and_read_without_signing_in(client_of, chair, meeting):
    client = client_of(chair)
    page = client.post(FEEDS, {"of": MINE}, follow=True).content.decode()
    address = page.split('readonly value="')[1].split('"')[0]
    assert "Copy this address now" in page
    assert "Copy this address now" not in client.get(FEEDS).content.decode()
    event = events_at(address[address.index("/calendar") :])[f"meeting:{meeting.pk}@localhost"]
    assert event["summary"] == meeting.group.name
    assert event.start == date(2027, 3, 9)


def test_only_a_hash_of_the_secret_is_kept(chair):
    _feed, address = feed_of(chair)
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    kept = str(CalendarFeed.objects.values().get())
    assert token not in kept


def test_a_moved_meeting_moves_and_is_not_there_twice(chair, meeting):
    _feed, address = feed_of(chair)
    before = events_at(address)
    Meeting.objects.filter(pk=meeting.pk).update(meets_on=date(2027, 3, 16), starts_at=time(9, 30))
    after = events_at(address)
    assert before.keys() == after.keys()
    assert after[f"meeting:{meeting.pk}@localhost"].start == datetime(2027, 3, 16, 9, 30, tzinfo=UTC)


def test_hours_follow_the_change_of_clocks(chair, meeting):
    """Half past nine is half past eight in UTC once summer time has begun, on 28 March 2027."""
    Meeting.objects.filter(pk=meeting.pk).update(meets_on=date(2027, 3, 30), starts_at=time(9, 30), ends_at=time(11, 0))
    _feed, address = feed_of(chair)
    event = events_at(address)[f"meeting:{meeting.pk}@localhost"]
    assert (event.start, event.end) == (
        datetime(2027, 3, 30, 8, 30, tzinfo=UTC),
        datetime(2027, 3, 30, 10, 0, tzinfo=UTC),
    )


def test_a_cancelled_meeting_is_cancelled_in_the_feed(chair, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled", cancelled_reason="Snow")
    _feed, address = feed_of(chair)
    assert str(events_at(address)[f"meeting:{meeting.pk}@localhost"]["status"]) == "CANCELLED"


def test_words_of_a_meeting_cannot_add_lines_to_the_file(chair, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(title="Tea; cakes, and\nATTENDEE:mailto:x@example.org", venue="A\r\nB")
    _feed, address = feed_of(chair)
    event = events_at(address)[f"meeting:{meeting.pk}@localhost"]
    assert "attendee" not in event
    assert event["summary"] == "Tea; cakes, and\nATTENDEE:mailto:x@example.org"


def test_nothing_restricted_is_ever_in_a_feed(case_group, case_group_member, partnership, case):
    """Negative control: the page, for the same person, shows the meeting."""
    restricted = MeetingFactory(group=case_group)
    today = timezone.localdate()
    on_page = entries_between(case_group_member, *MARCH, on=today, whose=ALL)
    assert f"meeting:{restricted.pk}" in {entry.key for entry in on_page}
    for of in [{}, {"partnership": partnership}, {"group": case_group}]:
        _feed, address = feed_of(case_group_member, **of)
        body = Client().get(address).content.decode()
        assert case.reference not in body
        assert not [uid for uid in events_at(address) if uid.startswith(f"meeting:{restricted.pk}@")]


def test_a_case_review_group_offers_no_feed(client_of, case_group_member, case_group):
    answer = client_of(case_group_member).post(FEEDS, {"of": f"group-{case_group.pk}"})
    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()


def test_another_partnerships_feed_is_refused(client_of, chair, far_partnership):
    assert client_of(chair).post(FEEDS, {"of": f"partnership-{far_partnership.pk}"}).status_code == 422


def test_whoever_leaves_the_post_reads_nothing_more(chair, meeting):
    _feed, address = feed_of(chair, group=meeting.group)
    assert events_at(address)
    PostHolding.objects.filter(user=chair).update(to_on=date(2026, 12, 31))
    assert events_at(address) == {}


def refused(address, client=None):
    return (client or Client()).get(address).status_code == 404


def test_an_address_dies_with_the_account_by_being_taken_back_and_by_idleness(client_of, chair, meeting, today):
    feed, address = feed_of(chair)
    assert events_at(address)
    CalendarFeed.objects.update(last_read_at=timezone.now() - calendars.IDLE - timedelta(days=1))
    assert refused(address)
    CalendarFeed.objects.update(last_read_at=timezone.now())
    assert not refused(address)
    chair.is_active = False
    chair.save()
    assert refused(address)
    chair.is_active = True
    chair.save()
    client_of(chair).post(reverse("partnership:calendar-feed-revoke", args=[feed.pk]))
    assert refused(address)


def test_nobody_takes_back_the_address_of_another(client_of, chair, office):
    feed, _address = feed_of(chair)
    assert client_of(office).post(reverse("partnership:calendar-feed-revoke", args=[feed.pk])).status_code == 404
    feed.refresh_from_db()
    assert feed.revoked_at is None


def test_a_wrong_address_is_like_any_other_and_guessing_is_stopped(chair):
    _feed, address = feed_of(chair)
    client = Client()
    for n in range(MOST_MISSES):
        assert refused(reverse("partnership:calendar-feed", args=[f"guess{n}"]), client)
    assert client.get(reverse("partnership:calendar-feed", args=["guess"])).status_code == 429
    assert client.get(address).status_code == 200, "whoever shares the guesser's address still gets their own"


def test_no_cache_keeps_a_feed(chair):
    _feed, address = feed_of(chair)
    answer = Client().get(address)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


def test_reading_is_noted_at_most_once_an_hour(chair, django_assert_num_queries):
    feed, address = feed_of(chair)
    Client().get(address)
    feed.refresh_from_db()
    noted = feed.last_read_at
    Client().get(address)
    feed.refresh_from_db()
    assert feed.last_read_at == noted


def test_there_is_an_end_to_addresses(client_of, chair):
    for _n in range(MOST_FEEDS):
        make_feed(chair, at=timezone.now())
    answer = client_of(chair).post(FEEDS, {"of": MINE})
    assert answer.status_code == 422
    assert "Take one back" in answer.content.decode()


def test_an_entry_keeps_its_key_when_its_day_changes():
    first = Entry("meeting:1", date(2027, 3, 9), "Board", "Meeting", "/meetings/1/")
    assert first.order < Entry("meeting:0", date(2027, 3, 10), "Board", "Meeting", "/meetings/0/").order
