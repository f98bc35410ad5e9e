"""Invitations for people's own calendars (iTIP, RFC 5546): to whom is booked, again where it moves, cancelled with it.

An invitation is of one place, so its UID is the place's and stays; its SEQUENCE is the event's, so that one of a new
day or room takes the place of the one before it. Nobody is asked to answer: who has a place is coming.

The hours are those of London, with its clock changes in the file itself (RFC 5545, 3.6.5): Outlook takes no name of a
time zone without them. They are written here, since what icalendar 7.3 makes of the zone begins summer time an hour
late in a program that reads nothing else.
"""

from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership.calendar_feeds import in_one_line
from training import links

FILE_NAME = "invite.ics"
HOURS_OF_A_DAY = 6  # of training, where nobody said when it ends
LONDON = icalendar.Timezone.from_ical(
    """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
"""
)
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def invitation_to(place, *, to, at):
    """The bytes of an invitation to ``place``, mailed to ``to``; it replaces whatever was sent before it."""
    return as_file(REQUEST, place, at=at, attendee=attendee_of(place, to), sequence=place.event.sequence)


def cancellation_of(place, *, to, at):
    """What takes an invitation out of a calendar again. Nothing follows it: another place has its own."""
    return as_file(CANCEL, place, at=at, attendee=attendee_of(place, to), sequence=place.event.sequence + 1)


def calendar_file_of(place, *, at):
    """The same event for somebody who saves the file by hand: nobody is invited in it (RFC 5546, 3.2.1)."""
    return as_file(PUBLISH, place, at=at, attendee=None, sequence=place.event.sequence)


def attach_to(message, content, *, method):
    """``content`` as Outlook, Google and Apple take it: as another form of the mail's words, and as a file."""
    text = content.decode().replace("\r\n", "\n")  # the mail has its own ends of lines
    message.attach_alternative(text, f"text/calendar; method={method}")
    message.attach(FILE_NAME, content, "application/ics")


def as_file(method, place, *, at, attendee, sequence):
    event, is_cancelled = place.event, method == CANCEL
    starts, ends = hours_of(event)
    entry = icalendar.Event.new(
        uid=uid_of(place),
        stamp=at,
        sequence=sequence,
        start=starts,
        end=ends,
        summary=in_one_line(event.course.title),
        description=description_of(place, is_cancelled=is_cancelled),
        location=location_of(event),
        status="CANCELLED" if is_cancelled else "CONFIRMED",
        transparency="TRANSPARENT" if is_cancelled else "OPAQUE",
        organizer=organizer_of(event.course.home),
        attendees=[attendee] if attendee else None,
        url=None if is_cancelled else links.address_of(links.PLACE, place),
    )
    file = icalendar.Calendar.new(
        prodid="-//Partnership Planner//EN", method=method, calscale="GREGORIAN", subcomponents=[LONDON, entry]
    )
    del file["uid"]  # of the whole file, which some programs take for the event's
    return file.to_ical()


def uid_of(place):
    return f"place-{place.pk}@{urlsplit(settings.SITE_URL).hostname}"


def hours_of(event):
    """(start, end) on the clocks of London."""
    zone = timezone.get_default_timezone()
    ends = event.ends_at or event.starts_at + timedelta(hours=float(event.length) * HOURS_OF_A_DAY)
    return event.starts_at.astimezone(zone), ends.astimezone(zone)


def location_of(event):
    """The room; for an event that has none the address at which one joins."""
    venue = in_one_line(event.venue)
    return event.link if event.link and venue.casefold() == "online" else venue


def description_of(place, *, is_cancelled):
    """Nothing about anybody else: calendars are shared."""
    if is_cancelled:
        return "This place is cancelled."
    event = place.event
    parts = [
        f"Join here: {event.link}" if event.link else "",
        event.joining.strip(),
        f"Your place, also to cancel it: {links.address_of(links.PLACE, place)}",
    ]
    return "\n\n".join(part for part in parts if part)


def organizer_of(partnership):
    """The office; as the mail is sent by another address, that stands as what sends for it (RFC 6047, 2.2.1)."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    office = (partnership.office_email if partnership else "") or sender
    organizer = icalendar.vCalAddress(f"mailto:{office}")
    organizer.params["CN"] = in_one_line(partnership.name if partnership else office)
    if office != sender:
        organizer.params["SENT-BY"] = f"mailto:{sender}"
    return organizer


def attendee_of(place, address):
    attendee = icalendar.vCalAddress(f"mailto:{address}")
    name = place.practitioner.name if place.practitioner else place.person
    attendee.params["CN"] = in_one_line(name)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def calendar_address_of(place):
    """Where the file is, for mails that can carry none."""
    return settings.SITE_URL + reverse("training:place-calendar", args=[links.token_of(links.PLACE, place)])
