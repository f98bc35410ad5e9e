"""The calendar and its feeds: what is due and when groups meet, to whom it may be known and nobody else."""

import html
from datetime import UTC, date, datetime, time, timedelta
from unittest import mock

import icalendar
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partnership.calendar_feeds import DAYS_AHEAD, DAYS_BACK, make_feed, note_changes
from partnership.calendars import (
    ALL,
    MINE,
    MONTHS,
    MOST_IN_A_DAY,
    Entry,
    entries_between,
    month_after,
    span_of,
    weeks_of,
)
from partnership.days_off import DaysOff
from partnership.models import CalendarFeed, Closure, FeedEvent, Meeting
from partnership.views.calendar import MOST_FEEDS, MOST_MISSES
from partnership.working_days import ENGLAND
from tests.factories import MeetingActionFactory, MeetingFactory, MilestoneFactory, TermsFactory

CALENDAR = reverse("partnership:calendar")
FEEDS = reverse("partnership:calendar-feeds")
MARCH = (date(2027, 3, 1), date(2027, 4, 4))
NO_DAYS_OFF = DaysOff(ENGLAND, {})


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
    weeks = weeks_of(year, month, [], on=first, off=NO_DAYS_OFF)
    days = [day.date for week in weeks for day in week]
    assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in weeks)
    assert {day.date for week in weeks for day in week if day.is_of_month} == {
        day for day in days if (day.year, day.month) == (year, month)
    }


def entries_on(page, day):
    """The titles that a page (its context) shows on a day, whether as a month or as an agenda."""
    days = [each for week in page.context.get("weeks", []) for each in week]
    days += [each for month in page.context.get("months", []) for each in month.days]
    return [entry.title for each in days for entry in each.entries if each.date == day]


def shown(client, **asked):
    answer = client.get(CALENDAR, asked)
    assert answer.status_code == 200
    return answer


def test_days_off_are_shaded_and_named(client_of, office, partnership, other_partnership):
    """Ashford Vale alone is closed on the 24th, both are from Sunday 28; Friday 26 and Monday 29 are of Easter."""
    for each in (partnership, other_partnership):
        Closure.objects.create(partnership=each, title="Inset", first_day=date(2027, 3, 30), last_day=date(2027, 3, 31))
    Closure.objects.create(
        partnership=partnership, title="Moving", first_day=date(2027, 3, 24), last_day=date(2027, 3, 24)
    )
    weeks = shown(client_of(office), month="2027-03", whose="all").context["weeks"]
    days = {day.date.day: day for week in weeks for day in week if day.is_of_month}
    assert {number for number, day in days.items() if day.is_off} == {6, 7, 13, 14, 20, 21, 27, 28, 26, 29, 30, 31}
    assert {number: day.off for number, day in days.items() if day.off} == {
        24: ("AV closed: Moving",),
        26: ("Good Friday",),
        29: ("Easter Monday",),
        30: ("Offices closed: Inset",),
        31: ("Offices closed: Inset",),
    }
    page = shown(client_of(office), month="2027-03", whose=f"partnership-{partnership.pk}")
    days = {day.date.day: day for week in page.context["weeks"] for day in week if day.is_of_month}
    assert (days[24].is_off, days[24].off) == (True, ("Office closed: Moving",))
    assert '<p class="day-off">Good Friday</p>' in page.content.decode()


def test_a_day_in_lieu_is_off_too(client_of, chair):
    weeks = shown(client_of(chair), month="2026-12").context["weeks"]
    off = {day.date.day: day.off for week in weeks for day in week if day.is_of_month and day.off}
    assert off == {25: ("Christmas Day",), 26: ("Boxing Day",), 28: ("Boxing Day (substitute day)",)}


def test_a_closure_of_another_partnership_shows_to_nobody_of_ours(client_of, office, far_partnership):
    Closure.objects.create(
        partnership=far_partnership, title="Canary", first_day=date(2027, 3, 1), last_day=date(2027, 3, 31)
    )
    assert "Canary" not in shown(client_of(office), month="2027-03", whose="all").content.decode()


def test_today_is_marked(client_of, chair):
    page = shown(client_of(chair)).content.decode()
    assert page.count('class="month-today"') == 1
    assert page.index("Tuesday </span>12") < page.index('class="month-today"') < page.index("Wednesday </span>13")


def test_a_full_day_leads_to_all_of_it(client_of, chair, learning_group, lead):
    day = date(2027, 3, 9)
    for number in range(6):
        MeetingActionFactory(group=learning_group, ref=f"LD-{number}", lead_group=learning_group, due_on=day)
    page = shown(client_of(chair), month="2027-03").content.decode()
    assert page.count("Write to every school") == MOST_IN_A_DAY
    link = html.unescape(page.split('class="month-more"><a class="govuk-link" href="')[1].split('"')[0])
    assert link == "?whose=mine&kind=&view=list&months=1&month=2027-03#day-2027-03-09"
    listed = client_of(chair).get(f"{CALENDAR}{link.partition('#')[0]}")
    assert len(entries_on(listed, day)) == 6
    assert 'id="day-2027-03-09"' in listed.content.decode()


def test_what_is_the_same_many_times_on_a_day_stands_there_once(client_of, chair, learning_group, group_deliverable):
    day = date(2027, 3, 9)
    MeetingActionFactory(group=learning_group, ref="A1", text="Ask", lead_group=learning_group, due_on=day)
    for number in range(5):
        MilestoneFactory(
            activity=group_deliverable.activities.get(position=2), position=9 + number, label="Report", due_on=day
        )
    page = shown(client_of(chair), month="2027-03")
    [found] = [each for week in page.context["weeks"] for each in week if each.date == day]
    assert ([(entry.title, count) for entry, count in found.shown], found.more_count) == (
        [("A1 Ask", 1), ("1.2 Run the winter campaign. (Report)", 5)],
        0,
    )
    assert "Milestone, 5 of them" in page.content.decode()
    assert "month=2027-03#day-2027-03-09" in page.content.decode()


def test_a_list_has_the_days_of_a_month_or_of_twelve(client_of, chair, meeting, learning_group):
    later = MeetingFactory(group=learning_group, title="Next winter", meets_on=date(2027, 12, 31))
    MeetingFactory(group=learning_group, title="A year on", meets_on=date(2028, 1, 4))
    march = shown(client_of(chair), view="list", month="2027-03")
    assert [month.first for month in march.context["months"]] == [date(2027, 3, 1)]
    assert entries_on(march, meeting.meets_on) == [learning_group.name]
    year = shown(client_of(chair), view="list", months="12")
    assert [month.first for month in year.context["months"]] == [date(2027, n, 1) for n in range(1, 13)]
    assert entries_on(year, meeting.meets_on) == [learning_group.name]
    assert entries_on(year, later.meets_on) == ["Next winter"]
    assert "A year on" not in year.content.decode()
    assert "January 2027 to December 2027" in year.content.decode()
    assert 'month=2028-01">12 months after' in year.content.decode()


def test_a_list_from_this_month_begins_with_what_is_late(client_of, lead, plan):
    trial = "1.1 Try it in two maternity units."
    assert [entry.title for entry in shown(client_of(lead), view="list").context["late"]] == [trial]
    assert "due 30 November 2026: 43 days late" in shown(client_of(lead), view="list").content.decode()
    assert shown(client_of(lead), view="list", month="2027-03").context["late"] == []
    assert entries_on(shown(client_of(lead), view="list", month="2026-11"), date(2026, 11, 30)) == [trial]


def test_both_ways_show_the_same_of_a_month(client_of, office, plan, meeting, agenda_item):
    for month in ("2027-02", "2027-03"):
        as_month = shown(client_of(office), month=month, whose="all").context["weeks"]
        as_list = shown(client_of(office), month=month, whose="all", view="list").context["months"]
        assert [entry for week in as_month for day in week if day.is_of_month for entry in day.entries] == [
            entry for each in as_list for day in each.days for entry in day.entries
        ]


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(-30, 30))
def test_months_go_forward_and_back(day, count):
    first = day.replace(day=1)
    after = month_after(first, count)
    assert (after.year - first.year) * 12 + after.month - first.month == count
    assert month_after(after, -count) == first


VIEWS = [{"month": "2027-03"}, {"month": "2027-03", "view": "list"}, {"view": "list", "months": "12"}]


@pytest.mark.parametrize("asked", VIEWS)
@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count(client_of, chair, learning_group, asked, count, django_assert_num_queries):
    for n in range(count):
        MeetingFactory(group=learning_group, meets_on=date(2027, 3, 2) + timedelta(n))
        MeetingActionFactory(group=learning_group, ref=f"{n}", lead_group=learning_group, due_on=date(2027, 3, 3))
    client = client_of(chair)
    client.get(CALENDAR)
    with django_assert_num_queries(QUERIES):
        client.get(CALENDAR, asked)


# session, user, savepoint (2), standing; groups, partnerships; deadlines, names of groups; meetings; closures
QUERIES = 11


# What a group has before it


def group_calendar(client, group):
    answer = client.get(reverse("partnership:calendar-group", args=[group.pk]))
    assert answer.status_code == 200
    return answer


def test_a_group_finds_what_it_owes_and_when_it_meets(client_of, partner, group_deliverable, meeting, learning_group):
    late = MeetingActionFactory(group=learning_group, ref="LD-1", lead_group=learning_group, due_on=date(2026, 12, 1))
    MeetingActionFactory(group=learning_group, ref="LD-2", due_on=date(2027, 2, 1), text="Owed by somebody else")
    page = group_calendar(client_of(partner), learning_group)
    assert [entry.key for entry in page.context["late"] if entry.kind == "Action"] == [f"action:{late.pk}"]
    assert entries_on(page, meeting.meets_on) == [learning_group.name]
    assert entries_on(page, date(2027, 2, 1)) == []
    assert [month.first for month in page.context["months"]][::MONTHS] == [date(2027, 1, 1), date(2028, 1, 1)]
    words = page.content.decode()
    assert "from 12 January 2027 to 31 January 2028" in words
    assert f"?of=group-{learning_group.pk}" in words


def test_what_a_group_page_leads_to(client_of, chair, learning_group):
    page = client_of(chair).get(learning_group.get_absolute_url()).content.decode()
    assert reverse("partnership:calendar-group", args=[learning_group.pk]) in page


def test_the_dates_of_a_case_review_group_are_for_its_members(client_of, office, case_group_member, case_meeting, case):
    group = case_meeting.group
    hidden = group_calendar(client_of(office), group).content.decode()
    assert "Its dates are for its members alone" in hidden
    assert (case.reference in hidden, case_meeting.title in hidden) == (False, False)
    TermsFactory(group=group)
    hidden = group_calendar(client_of(office), group).content.decode()
    assert "Terms of reference of Case Review Group, Ashford Vale" in hidden
    assert "is known to its members alone" in hidden
    assert (case.reference in hidden, case_meeting.title in hidden) == (False, False)
    open_to = group_calendar(client_of(case_group_member), group).content.decode()
    assert (case.reference in open_to, case_meeting.title in open_to) == (True, True)
    assert "own calendar" not in open_to.split("<main")[1]


def test_a_group_with_nothing_before_it_says_what_comes_here(client_of, chair, learning_group):
    assert "Nothing stands before this group yet" in group_calendar(client_of(chair), learning_group).content.decode()


def test_a_strangers_group_is_not_there(client_of, stranger, learning_group):
    assert client_of(stranger).get(reverse("partnership:calendar-group", args=[learning_group.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count_of_a_groups_calendar(client_of, chair, learning_group, count, django_assert_num_queries):
    for n in range(count):
        MeetingFactory(group=learning_group, meets_on=date(2027, 3, 2) + timedelta(n))
        MeetingActionFactory(group=learning_group, ref=f"{n}", lead_group=learning_group, due_on=date(2027, 3, 3))
    client = client_of(chair)
    group_calendar(client, learning_group)
    with django_assert_num_queries(QUERIES_OF_A_GROUP):
        group_calendar(client, learning_group)


# session, user, savepoint (2), standing; the group, its partnerships (2); deadlines, names of groups; meetings;
# closures
QUERIES_OF_A_GROUP = 12


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


def test_words_of_a_meeting_cannot_add_lines_to_the_file(chair, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(title="Tea; cakes, and\nATTENDEE:mailto:x@example.org", venue="A\r\nB")
    _feed, address = feed_of(chair)
    event = events_at(address)[f"meeting:{meeting.pk}@localhost"]
    assert "attendee" not in event
    assert (event["summary"], event["location"]) == ("Tea; cakes, and ATTENDEE:mailto:x@example.org", "A B")


def test_a_case_review_group_offers_no_feed(client_of, case_group_member, case_group):
    answer = client_of(case_group_member).post(FEEDS, {"of": f"group-{case_group.pk}"})
    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()


def test_another_partnerships_feed_is_refused(client_of, chair, far_partnership):
    assert client_of(chair).post(FEEDS, {"of": f"partnership-{far_partnership.pk}"}).status_code == 422


def refused(address, client=None):
    return (client or Client()).get(address).status_code == 404


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


def test_a_feed_is_kept_by_its_reader_alone(chair):
    _feed, address = feed_of(chair)
    answer = Client().get(address)
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


def test_reading_is_noted_at_most_once_an_hour(chair, django_assert_num_queries):
    feed, address = feed_of(chair)
    Client().get(address)
    feed.refresh_from_db()
    noted = feed.last_read_at
    Client().get(address)
    feed.refresh_from_db()
    assert feed.last_read_at == noted


def test_taking_back_is_a_press_of_a_button(client_of, chair):
    feed, address = feed_of(chair)
    client_of(chair).post(reverse("partnership:calendar-feed-revoke", args=[feed.pk]))
    assert refused(address)


def test_whoever_is_of_no_partnership_gets_no_address(client_of, leaver):
    answer = client_of(leaver).post(FEEDS, {"of": MINE})
    assert answer.status_code == 422
    assert "You hold no post in a partnership today" in answer.content.decode()


def test_a_groups_page_offers_its_own_feed(client_of, chair, learning_group):
    page = client_of(chair).get(FEEDS, {"of": f"group-{learning_group.pk}"}).content.decode()
    assert f'<option value="group-{learning_group.pk}" selected>' in page


def test_there_is_an_end_to_addresses(client_of, chair):
    for _n in range(MOST_FEEDS):
        make_feed(chair, at=timezone.now())
    answer = client_of(chair).post(FEEDS, {"of": MINE})
    assert answer.status_code == 422
    assert "Take one back" in answer.content.decode()


def test_an_entry_keeps_its_key_when_its_day_changes():
    first = Entry("meeting:1", date(2027, 3, 9), "Board", "Meeting", "/meetings/1/")
    assert first.order < Entry("meeting:0", date(2027, 3, 10), "Board", "Meeting", "/meetings/0/").order


# How a program knows what has changed


def versions_at(address):
    """{uid: (sequence, last modified, stamp)}"""
    return {
        uid: (event["sequence"], event["last-modified"].dt, event["dtstamp"].dt)
        for uid, event in events_at(address).items()
    }


def test_an_event_that_changes_says_so_and_no_other(chair, meeting, learning_group):
    other = MeetingFactory(group=learning_group, meets_on=date(2027, 4, 6))
    _feed, address = feed_of(chair)
    first = versions_at(address)
    with time_machine.travel(datetime(2027, 1, 12, 15, 30, tzinfo=UTC), tick=False):
        assert versions_at(address) == first, "reading alone changes nothing"
        Meeting.objects.filter(pk=meeting.pk).update(venue="Elsewhere")
        second = versions_at(address)
    uid, moment = f"meeting:{meeting.pk}@localhost", datetime(2027, 1, 12, 15, 30, tzinfo=UTC)
    assert second[uid] == (1, moment, moment)
    assert {**second, uid: first[uid]} == first
    assert f"meeting:{other.pk}@localhost" in second
    Meeting.objects.filter(pk=meeting.pk).update(venue="")
    assert versions_at(address)[uid][0] == 2, "going back is a change too"


def test_every_feed_tells_the_same_of_an_event(chair, office, meeting, learning_group, partnership, plan):
    Meeting.objects.filter(pk=meeting.pk).update(venue="Town Hall")
    addresses = [
        feed_of(chair)[1],
        feed_of(chair, group=learning_group)[1],
        feed_of(office, partnership=partnership)[1],
    ]
    told = [events_at(address) for address in addresses]
    shared = set.intersection(*map(set, told))
    assert f"meeting:{meeting.pk}@localhost" in shared
    for uid in shared:
        assert len({each[uid].to_ical() for each in told}) == 1
    assert set(FeedEvent.objects.values_list("sequence", flat=True)) == {0}


def test_becoming_late_is_a_change_and_being_done_takes_it_out(chair, milestone):
    _feed, address = feed_of(chair)
    uid = f"milestone:{milestone.pk}@localhost"
    assert events_at(address)[uid]["summary"].startswith("Milestone: 1.2")
    with time_machine.travel(datetime(2027, 1, 15, 9, 0, tzinfo=UTC), tick=False):
        late = events_at(address)[uid]
        assert (str(late["summary"])[:15], late["sequence"]) == ("Late milestone:", 1)
        milestone.met_on = date(2027, 1, 15)
        milestone.save()
        assert uid not in events_at(address)


def test_two_readings_at_once_count_a_change_once(db, today):
    at = timezone.now()
    note_changes({"meeting:1": "a" * 64}, at=at)
    seen_before = FeedEvent.objects.in_bulk
    note_changes({"meeting:1": "b" * 64}, at=at)
    stale = {"meeting:1": FeedEvent(key="meeting:1", fingerprint="a" * 64, changed_at=at)}
    with mock.patch.object(FeedEvent.objects, "in_bulk", side_effect=[stale, seen_before(["meeting:1"])]):
        assert note_changes({"meeting:1": "b" * 64}, at=at)["meeting:1"].sequence == 1


def test_what_has_not_changed_is_not_sent_again(chair, meeting):
    _feed, address = feed_of(chair)
    client = Client()
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "private, no-cache")
    assert client.get(address).content == first.content
    Meeting.objects.filter(pk=meeting.pk).update(venue="Elsewhere")
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_feed_looks_a_month_back_and_a_year_ahead(chair, learning_group, today):
    days = [today - DAYS_BACK, today + DAYS_AHEAD]
    inside = [MeetingFactory(group=learning_group, meets_on=day) for day in days]
    for day in (days[0] - timedelta(1), days[1] + timedelta(1)):
        MeetingFactory(group=learning_group, meets_on=day)
    assert (DAYS_BACK.days, DAYS_AHEAD.days) == (31, 366)
    _feed, address = feed_of(chair)
    assert set(events_at(address)) == {f"meeting:{each.pk}@localhost" for each in inside}


def test_there_is_an_end_to_the_size_of_a_feed(chair, learning_group, monkeypatch):
    monkeypatch.setattr("partnership.calendar_feeds.MOST_EVENTS", 2)
    for month in (5, 3, 4):
        MeetingFactory(group=learning_group, meets_on=date(2027, month, 9))
    _feed, address = feed_of(chair)
    assert [event.start.month for event in events_at(address).values()] == [3, 4], "the soonest stay"


@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count_of_a_feed(chair, learning_group, count, django_assert_num_queries):
    for n in range(count):
        MeetingFactory(group=learning_group, meets_on=date(2027, 3, 2) + timedelta(n))
        MeetingActionFactory(group=learning_group, ref=f"{n}", lead_group=learning_group, due_on=date(2027, 3, 3))
    _feed, address = feed_of(chair)
    Client().get(address)
    with django_assert_num_queries(QUERIES_OF_A_FEED):
        assert len(events_at(address)) == 2 * count


# savepoint (2), the feed, standing of its owner; deadlines, names of groups; meetings; what was told
QUERIES_OF_A_FEED = 8
