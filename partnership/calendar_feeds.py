"""Calendar feeds: what the calendar shows its owner, as a file that their own program reads again and again.

Whether and what a feed gives is asked anew at each reading. It never holds anything restricted, not even
as a busy hour. What is done or removed is no longer in it: a program that reads the address lets go
of it at its next reading. A cancelled meeting stays, as cancelled; so does one that was held.

How a program knows that an event has changed: those that read an address go by the UID and take what
stands there now. Those into which a file is imported keep what they have, unless the same UID comes
with a higher SEQUENCE, or with the same and a later DTSTAMP (RFC 5546, 2.1.5). So both rise when an
event has changed, and only then: ``FeedEvent`` remembers what was told last. As nothing in the file
says when it was made, it stays the same to the byte while nothing changes, and a program that asks
by ETag gets a short answer.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from unicodedata import category
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partnership.calendars import MINE, entries_between
from partnership.models import CalendarFeed, FeedEvent, Group
from partnership.standing import standing_of

DAYS_BACK, DAYS_AHEAD = timedelta(days=31), timedelta(days=366)  # how far a feed looks
MOST_EVENTS = 2000  # and how much it holds: about a megabyte
LONGEST_SUMMARY = 200  # characters; a program shows one line
ASKED_AGAIN = timedelta(hours=6)  # how often calendar programs are told to ask
USUAL_MEETING = timedelta(hours=1)  # where nobody said when it ends
TOKEN_BYTES = 32
IDLE = timedelta(days=90)  # after which a feed that nobody read gives nothing any more
NOTED_EVERY = timedelta(hours=1)


# Addresses


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
    """The feed that ``token`` opens, that somebody still reads and may still read, or None."""
    feeds = CalendarFeed.objects.usable().select_related("owner", "group", "partnership")
    feed = feeds.filter(token_hash=hash_of(token)).first()
    if feed is None or at - (feed.last_read_at or feed.made_at) > IDLE or not is_open_to_its_owner(feed):
        return None
    return feed


def is_open_to_its_owner(feed):
    """Whether who made it may see what it is of today. Who is of no partnership any more has nothing of their own."""
    if feed.group:
        return not feed.group.is_restricted and Group.objects.visible_to(feed.owner).filter(pk=feed.group_id).exists()
    own = standing_of(feed.owner).partnership_ids
    return feed.partnership_id in own if feed.partnership else bool(own)


def note_reading(feed, *, at):
    """Say that the feed was read, at most once an hour: calendar programs ask often."""
    if feed.last_read_at is None or at - feed.last_read_at >= NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)


# What a feed gives


def entries_of_feed(feed, *, on):
    """What its owner may know today and a feed may hold: never anything restricted; the soonest where they are many."""
    first, last = on - DAYS_BACK, on + DAYS_AHEAD
    whose = feed.group or feed.partnership or MINE
    entries = entries_between(feed.owner, first, last, on=on, whose=whose)
    return [entry for entry in entries if not entry.is_restricted][:MOST_EVENTS]


def as_icalendar(feed, entries, *, at):
    """``entries`` as the bytes of an iCalendar file (RFC 5545), each with a UID that stays."""
    host = urlsplit(settings.SITE_URL).hostname
    told = {entry.key: _told(entry) for entry in entries}
    known = note_changes({key: fingerprint_of(event) for key, event in told.items()}, at=at)
    file = icalendar.Calendar.new(
        name=str(feed),
        prodid="-//Partnership Planner//EN",
        subcomponents=[
            icalendar.Event.new(
                uid=f"{key}@{host}",
                stamp=known[key].changed_at,
                last_modified=known[key].changed_at,
                sequence=known[key].sequence,
                **event,
            )
            for key, event in told.items()
        ],
    )
    del file["uid"]  # of the whole file: vdirsyncer takes it for that of every event, and keeps one of them
    file.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", icalendar.vDuration(ASKED_AGAIN))  # the same, as Outlook has it
    return file.to_ical()


def _told(entry):
    """What an event says, but for what tells its versions apart. The same whoever reads."""
    kind = f"Late {entry.kind[0].lower()}{entry.kind[1:]}" if entry.is_late else entry.kind
    summary = in_one_line(entry.title if kind == "Meeting" else f"{kind}: {entry.title}")
    url = settings.SITE_URL + (entry.shared_url or entry.url)
    starts, ends = entry.day, entry.day + timedelta(days=1)  # the end of whole days is the day after
    if entry.starts_at:
        starts = _moment(entry.day, entry.starts_at)
        ends = _moment(entry.day, entry.ends_at) if entry.ends_at else starts + USUAL_MEETING
    return {
        "start": starts,
        "end": ends,
        "summary": shortened(summary),
        "description": url if summary == shortened(summary) else f"{summary}\n\n{url}",
        "location": in_one_line(entry.place) or None,
        "status": "CANCELLED" if entry.is_cancelled else "CONFIRMED",
        "transparency": "OPAQUE" if entry.starts_at and not entry.is_cancelled else "TRANSPARENT",
        "url": url,
    }


def in_one_line(text):
    """``text`` without line breaks and without what no calendar file may hold."""
    return " ".join("".join(" " if category(letter) == "Cc" else letter for letter in text).split())


def shortened(text):
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}…"


def _moment(day, time):
    """A local day and time as UTC, which every calendar program reads alike, clock changes included."""
    return datetime.combine(day, time, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


# What has changed since it was told


def fingerprint_of(event):
    return hashlib.sha256(repr(event).encode()).hexdigest()


def note_changes(fingerprints, *, at):
    """{key: FeedEvent} of ``fingerprints`` (by key), those that are new or have changed noted as from ``at``.

    One query while nothing has changed. Two readings at once that find the same change count it once.
    """
    known = FeedEvent.objects.in_bulk(fingerprints)
    new = sorted(fingerprints.keys() - known.keys())
    changed = [key for key, event in known.items() if event.fingerprint != fingerprints[key]]
    if not new and not changed:
        return known
    at = at.replace(microsecond=0)
    with transaction.atomic():
        FeedEvent.objects.bulk_create(
            [FeedEvent(key=key, fingerprint=fingerprints[key], changed_at=at) for key in new], ignore_conflicts=True
        )
        outdated = [
            event
            for event in FeedEvent.objects.select_for_update().filter(pk__in=changed).order_by("pk")
            if event.fingerprint != fingerprints[event.key]
        ]
        for event in outdated:
            event.fingerprint = fingerprints[event.key]
            event.sequence += 1
            event.changed_at = max(at, event.changed_at)
        FeedEvent.objects.bulk_update(outdated, ["fingerprint", "sequence", "changed_at"])
    return FeedEvent.objects.in_bulk(fingerprints)
