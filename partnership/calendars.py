"""The calendar: what is due and when groups meet, as days of a month and as a feed for other programs.

Everything with a due date comes from ``partnership.deadlines``; meetings come with their hours and
stay when they were held or cancelled. A feed never holds anything restricted, not even as a busy hour.
"""

import hashlib
import secrets
from calendar import MONDAY, Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import deadlines, deadlines_of
from partnership.models import CalendarFeed, Group, Meeting, Partnership
from partnership.standing import standing_of

DAYS_BACK, DAYS_AHEAD = timedelta(days=31), timedelta(days=366)  # how far a feed looks
ASKED_AGAIN = timedelta(hours=6)  # how often calendar programs are told to ask
USUAL_MEETING = timedelta(hours=1)  # where nobody said when it ends
TOKEN_BYTES = 32
IDLE = timedelta(days=90)  # after which a feed that nobody read gives nothing any more
NOTED_EVERY = timedelta(hours=1)
MINE, ALL = "mine", "all"


@dataclass(frozen=True)
class Entry:
    """One thing on one day. ``key`` stays the same for ever, however its day or title change."""

    key: str
    day: date
    title: str
    kind: str
    url: str
    starts_at: object = None
    ends_at: object = None
    place: str = ""
    is_late: bool = False
    is_cancelled: bool = False
    is_restricted: bool = False

    @property
    def order(self):
        return (self.day, self.starts_at is None, str(self.starts_at), self.kind, self.title, self.key)


@dataclass(frozen=True)
class Day:
    date: date
    is_of_month: bool
    is_today: bool
    entries: tuple


def entries_between(user, first, last, *, on, whose=ALL):
    """The Entries from ``first`` to ``last`` that ``user`` may know of, in order.

    ``whose``: MINE (due from them, and their groups' meetings), ALL of their partnerships, one Partnership,
    or a Group (what it owes, and its meetings). What is due before ``on`` is still to be done, and late.
    """
    standing = standing_of(user)
    met = Meeting.objects.visible_to(user).between(first, last).select_related("group")
    ids = standing.partnership_ids
    if isinstance(whose, Partnership):
        ids &= {whose.pk}
        met = met.filter(group__in=Group.objects.filter(partnerships=whose).values("pk"))
    if whose == MINE:
        due = deadlines_of(standing, on=on, until=last)
        met = met.filter(group__in=standing.group_ids)
    else:
        due = deadlines(on=on, until=last, partnership_ids=ids, standing=standing)
    if isinstance(whose, Group):
        due = [each for each in due if any(owner.group_id == whose.pk for owner in each.owners)]
        met = met.filter(group=whose)
    entries = {each.key: of_deadline(each, on=on) for each in due if first <= each.due_on}
    entries |= {entry.key: entry for entry in map(of_meeting, met)}
    return sorted(entries.values(), key=lambda entry: entry.order)


def of_deadline(deadline, *, on):
    return Entry(
        key=deadline.key,
        day=deadline.due_on,
        title=deadline.title,
        kind=deadline.kind,
        url=deadline.url,
        is_late=deadline.is_late(on=on),
        is_restricted=deadline.is_restricted,
    )


def of_meeting(meeting):
    return Entry(
        key=f"meeting:{meeting.pk}",
        day=meeting.meets_on,
        title=meeting.title or meeting.group.name,
        kind="Meeting",
        url=meeting.get_absolute_url(),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.venue,
        is_cancelled=meeting.is_cancelled,
        is_restricted=meeting.group.kind == Group.Kind.CASE_REVIEW,
    )


def span_of(year, month):
    """The first and last day of the whole weeks, Monday to Sunday, that a month touches."""
    days = list(Calendar(MONDAY).itermonthdates(year, month))
    return days[0], days[-1]


def weeks_of(year, month, entries, *, on):
    """The month as weeks of seven Days, each with its entries."""
    by_day = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    return [
        [Day(day, day.month == month, day == on, tuple(by_day[day])) for day in week]
        for week in Calendar(MONDAY).monthdatescalendar(year, month)
    ]


# Feeds


def make_feed(owner, *, at, group=None, partnership=None):
    """A new feed, and its token, which nobody can read again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(
        owner=owner, group=group, partnership=partnership, token_hash=hash_of(token), made_at=at
    )
    return feed, token


def hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(token):
    return settings.SITE_URL + reverse("partnership:calendar-feed", args=[token])


def feed_of_token(token, *, at):
    """The feed that ``token`` opens and that somebody still reads, or None."""
    feeds = CalendarFeed.objects.usable().select_related("owner", "group", "partnership")
    feed = feeds.filter(token_hash=hash_of(token)).first()
    if feed is None or at - (feed.last_read_at or feed.made_at) > IDLE:
        return None
    return feed


def note_reading(feed, *, at):
    """Say that the feed was read, at most once an hour: calendar programs ask often."""
    if feed.last_read_at is None or at - feed.last_read_at >= NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)


def entries_of_feed(feed, *, on):
    """What its owner may know today and a feed may hold: never anything restricted."""
    first, last = on - DAYS_BACK, on + DAYS_AHEAD
    whose = feed.group or feed.partnership or MINE
    entries = entries_between(feed.owner, first, last, on=on, whose=whose)
    return [entry for entry in entries if not entry.is_restricted]


def as_icalendar(feed, entries, *, at):
    """``entries`` as the bytes of an iCalendar file (RFC 5545), each with a UID that stays."""
    host = urlsplit(settings.SITE_URL).hostname
    file = icalendar.Calendar.new(
        name=str(feed),
        prodid="-//Partnership Planner//EN",
        refresh_interval=ASKED_AGAIN,
        subcomponents=[_event(entry, f"{entry.key}@{host}", at=at) for entry in entries],
    )
    return file.to_ical()


def _event(entry, uid, *, at):
    late = "Late: " if entry.is_late else ""
    kind = "" if entry.kind == "Meeting" else f"{entry.kind}: "
    starts, ends = entry.day, entry.day + timedelta(days=1)
    if entry.starts_at:
        starts = _moment(entry.day, entry.starts_at)
        ends = _moment(entry.day, entry.ends_at) if entry.ends_at else starts + USUAL_MEETING
    return icalendar.Event.new(
        uid=uid,
        stamp=at,
        start=starts,
        end=ends,
        summary=f"{late}{kind}{entry.title}",
        location=entry.place or None,
        status="CANCELLED" if entry.is_cancelled else "CONFIRMED",
        transparency="OPAQUE" if entry.starts_at and not entry.is_cancelled else "TRANSPARENT",
        url=settings.SITE_URL + entry.url,
    )


def _moment(day, time):
    """A local day and time as UTC, which every calendar program reads alike, clock changes included."""
    return datetime.combine(day, time, tzinfo=timezone.get_default_timezone()).astimezone(UTC)
