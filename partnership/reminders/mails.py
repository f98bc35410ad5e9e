"""What a reminder mail says, asked of the deadlines again when it is written."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.module_loading import import_string
from django.utils.text import Truncator

from partnership.deadlines import with_people
from partnership.models import Partnership, Reminder
from partnership.reminders.agenda import still_told
from partnership.reminders.bounces import bounced_addresses
from partnership.reminders.unsubscribing import unsubscribe_address
from partnership.templatetags.components import days_late, long_date, sentence_join

# So that no mailbox answers: RFC 3834, and what Exchange asks for.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

LONGEST_TITLE = 160
ADDRESS_IS_DEAD = "Mail to their address comes back."


def write(message, *, on):
    """The mail with what its reader is still to be told, and {key of each other reminder: why it is left out}.

    Asked again, because hours may have gone by since the message was put together: still due on that day,
    still theirs, still allowed to know. (None, …) where nothing is left.
    """
    reader = message.recipient
    reminders = list(message.reminders.filter(state=Reminder.State.BUNDLED).select_related("asked_by"))
    if bounced_addresses([reader.email]):
        return None, {reminder.pk: ADDRESS_IS_DEAD for reminder in reminders}
    told, left_out = still_told(reader, reminders, on=on)
    return (mail_of(message, told, on=on) if told else None), left_out


@dataclass(frozen=True)
class Item:
    """One deadline as a mail speaks of it: its title, sentences about it, the address of a page its reader may open."""

    title: str
    sentences: tuple
    address: str


def item_of(told, owing, *, on):
    deadline = told.deadline
    return Item(
        title=Truncator(deadline.title).chars(LONGEST_TITLE),
        sentences=sentences_of(told, owing, on=on),
        address=settings.SITE_URL + (deadline.look_url if is_above(told) else deadline.url),
    )


def mail_of(message, told, *, on):
    """A digest, as text and the same as HTML: what somebody asks for, late things, today's, others; no tracking.

    Of restricted deadlines it says only, in words that are always the same, that there is something;
    neither the subject nor any count gives them away.
    """
    plain = [each for each in told if not each.deadline.is_restricted]
    own = [each for each in plain if each.reminder.rung == Reminder.Rung.LEAD]
    ids = {pk for each in plain for pk in each.deadline.partnership_ids}
    partnerships = Partnership.objects.in_bulk(ids)
    opening = openings_of(own, plain)
    context = {
        "reader": message.recipient,
        "subject": subject_of(own, plain, on=on),
        "opening": " ".join(f"{words}." for words in opening),
        "links": links_for(message.recipient, [each.deadline for each in own]),
        "sections": sections_of(plain, partnerships, on=on),
        "has_restricted": len(plain) < len(told),
        "offices": sorted({each.office_email for each in partnerships.values()} - {""}),
        "unsubscribe": unsubscribe_address(message.recipient),
        "site": settings.SITE_URL,
    }
    mail = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string("emails/reminders.txt", context).strip() + "\n",
        to=[message.recipient.email],
        headers={
            "Message-ID": f"<{message.idem_key}@{urlsplit(settings.SITE_URL).hostname}>",
            **AUTOMATIC,
            "List-Unsubscribe": f"<{context['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("emails/reminders.html", context), "text/html")
    return mail


def links_for(reader, due):
    """What apps above say in the mail before its list: see ``settings.MAIL_LINKS``. Never of a restricted deadline."""
    now = timezone.now()
    words = [import_string(name)(reader, due, at=now) for name in settings.MAIL_LINKS]
    return [each for each in words if each]


# The list


def sections_of(plain, partnerships, *, on):
    """[(heading, [(partnerships in words, or "" where all are of the same, [Item])])], the most pressing first."""
    reaches = with_people([each.deadline for each in plain if is_above(each)], on=on)
    owing = {reach.deadline.key: reach for reach in reaches}
    is_several = len({each.deadline.partnership_ids for each in plain}) > 1
    sections = {"Asked for now": {}, "Late": {}, "Due today": {}, "Coming up": {}}
    for each in sorted(plain, key=lambda each: (each.deadline.due_on, each.deadline.key)):
        names = sorted(str(partnerships[pk]) for pk in each.deadline.partnership_ids) if is_several else []
        items = sections[heading_of(each, on=on)].setdefault(sentence_join(names), [])
        items.append(item_of(each, owing, on=on))
    return [(heading, list(places.items())) for heading, places in sections.items() if places]


def is_above(told):
    """Whether its reader does not owe it, but hears of it because it stayed undone."""
    return told.reminder.rung != Reminder.Rung.LEAD


def heading_of(told, *, on):
    if told.reminder.asked_by:
        return "Asked for now"
    if told.deadline.is_late(on=on):
        return "Late"
    return "Due today" if told.deadline.due_on == on else "Coming up"


def sentences_of(told, owing, *, on):
    """When it is due, why this reader is told, and who else is."""
    reminder, due_on = told.reminder, told.deadline.due_on
    day = (
        f"It was due on {long_date(due_on)}: {days_late(due_on, on)}."
        if due_on < on
        else f"Due on {long_date(due_on)}."
    )
    asked = f"{reminder.asked_by} asks for it. " if reminder.asked_by else ""
    sentences = [asked + day]
    if is_above(told):
        sentences += owing_in_words(owing[told.deadline.key])
        after = f" because it was not done {reminder.step_in_words} its date" if reminder.step > 0 else ""
        why = reminder.why.replace(OFFICE, "the business office", 1)
        sentences.append(f"You are told as {why}{'' if 'because' in why else after}.")
    elif reminder.why:
        sentences.append(f"Asked of you as {reminder.why}.")
    if told.heard_by:
        words = sentence_join(told.heard_by)
        verb = "hears" if len(told.heard_by) == 1 else "hear"
        sentences.append(f"{words[0].upper()}{words[1:]} {verb} of this too.")
    return tuple(sentences)


OFFICE = Reminder.Rung.OFFICE.label


def owing_in_words(reach):
    """Who owes it, and why somebody of them cannot be told, in sentences."""
    who = [f"{each.user.name} ({each.why})" for each in reach.recipients]
    return [*([f"Asked of {sentence_join(who)}."] if who else []), *reach.missing]


# How it begins

NUMBERS = ("Nothing", "One thing", "Two things", "Three things", "Four things")


def number_of(count):
    return NUMBERS[count] if count < len(NUMBERS) else f"{count} things"


def openings_of(own, plain):
    """ "Two things are due from you", "One thing that others owe is late"; of restricted ones not a word."""
    others = len(plain) - len(own)
    words = []
    if own:
        words.append(f"{number_of(len(own))} {'is' if len(own) == 1 else 'are'} due from you")
    if others:
        words.append(f"{number_of(others)} that others owe {'is' if others == 1 else 'are'} late")
    return words or ["Something is due from you"]


def subject_of(own, plain, *, on):
    """ "Two things are due from you, the first by 22 January 2027", and what others owe where that is all."""
    first, *_ = openings_of(own, plain)
    if not own:
        return first
    due_on = min(each.deadline.due_on for each in own)
    the_first = " " if len(own) == 1 else ", the first "
    return f"{first}{the_first}{'since' if due_on < on else 'by'} {date_format(due_on, 'j F Y')}"
