"""What a reminder mail says, asked of the deadlines again when it is written."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.module_loading import import_string

from partnership.deadlines import deadlines_of
from partnership.models import Partnership, Reminder
from partnership.models.people import read_standing


def write(message, *, on):
    """The mail with what is still due from its reader, and the reminders that have nothing to say.

    Asked of the deadlines again, because hours may have gone by since the message was put together:
    still due on that day, still theirs, still allowed to know. (None, …) where nothing is left.
    """
    reader = message.recipient
    due = {}
    if reader.is_active and reader.email:
        standing = read_standing(reader, on=on)
        due = {(each.key, each.due_on): each for each in deadlines_of(standing, on=on)}
    items, left_out = [], []
    for reminder in message.reminders.filter(state=Reminder.State.BUNDLED).select_related("asked_by"):
        deadline = due.get((reminder.deadline_key, reminder.due_on))
        if deadline:
            items.append(Item(deadline, reminder.why, reminder.asked_by))
        else:
            left_out.append(reminder.pk)
    return (mail_of(message, items, on=on) if items else None), left_out


@dataclass(frozen=True)
class Item:
    """One deadline as a mail speaks of it."""

    deadline: object
    why: str
    asked_by: object = None

    @property
    def address(self):
        return settings.SITE_URL + self.deadline.url


def mail_of(message, items, *, on):
    """A digest in plain text: what somebody asks for, late things, others; each with date and address, no tracking.

    Of restricted deadlines it says only, in words that are always the same, that there is something;
    neither the subject nor any count gives them away.
    """
    plain = [item for item in items if not item.deadline.is_restricted]
    usual = [item for item in plain if not item.asked_by]
    ids = {pk for item in plain for pk in item.deadline.partnership_ids}
    offices = Partnership.objects.filter(pk__in=ids).exclude(office_email="")
    body = render_to_string(
        "emails/reminders.txt",
        {
            "reader": message.recipient,
            "opening": opening_of(len(plain)),
            "links": links_for(message.recipient, [item.deadline for item in plain]),
            "asked": [(item, item.deadline.is_late(on=on)) for item in plain if item.asked_by],
            "late": [item for item in usual if item.deadline.is_late(on=on)],
            "coming": [item for item in usual if not item.deadline.is_late(on=on)],
            "has_restricted": len(plain) < len(items),
            "offices": sorted(set(offices.values_list("office_email", flat=True))),
            "site": settings.SITE_URL,
            "on": on,
        },
    )
    return EmailMessage(
        subject=subject_of(plain, on=on),
        body=body.strip() + "\n",
        to=[message.recipient.email],
        headers={
            "Message-ID": f"<{message.idem_key}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def links_for(reader, due):
    """What apps above say in the mail before its list: see ``settings.MAIL_LINKS``. Never of a restricted deadline."""
    now = timezone.now()
    words = [import_string(name)(reader, due, at=now) for name in settings.MAIL_LINKS]
    return [each for each in words if each]


COUNTS = ("Something is", "One thing is", "Two things are", "Three things are", "Four things are")


def opening_of(count):
    start = COUNTS[count] if count < len(COUNTS) else f"{count} things are"
    return f"{start} due from you"


def subject_of(plain, *, on):
    """ "Two things are due from you, the first by 22 January 2027"; of restricted ones not a word."""
    if not plain:
        return opening_of(0)
    due_on = min(item.deadline.due_on for item in plain)
    first = " " if len(plain) == 1 else ", the first "
    by = "since" if due_on < on else "by"
    return f"{opening_of(len(plain))}{first}{by} {date_format(due_on, 'j F Y')}"
