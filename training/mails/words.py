"""What each mail to people without an account says, written from its record at the moment at which it leaves.

Whoever waits, or was booked yesterday, may have a place by now or none: what is no longer true does not leave, and
the mail says why. Where and how to join stands only in mails to those who are booked. A subject names the course and
the day and nobody.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator

from partnership.calendar_feeds import in_one_line
from partnership.mail_queue import MailQueue, NotSent
from partnership.reminders.bounces import bounced_at
from partnership.templatetags.components import long_date
from training import links
from training.evaluation.asking import State, state_of, state_of_manager
from training.mails import invitations
from training.models import CONCERNED, PlaceStatus, TrainingMail, TrainingPolicy
from training.models.mails import OVERTAKEN, RECORD_LASTS

Kind = TrainingMail.Kind

LONGEST_TITLE = 120
EMPTY_LINES = re.compile(r"\n(?:[ \t\r]*\n){2,}")  # where a template leaves something out
SUBJECTS = {
    Kind.CONFIRM: "Confirm your place: {event}",
    Kind.BOOKED: "Booked: {event}",
    Kind.WAITING: "Waiting list: {event}",
    Kind.AGREE: "Do you agree? A place at: {event}",
    Kind.DECLINED: "Not agreed: {event}",
    Kind.MOVED: "Changed: {event}",
    Kind.CANCELLED: "Place cancelled: {event}",
    Kind.CALLED_OFF: "Called off: {event}",
    Kind.REMINDER: "Reminder: {event}",
    Kind.EVALUATION: "A few questions: {event}",
    Kind.EVALUATION_MANAGER: "What has changed since? {event}",
    Kind.CERTIFICATE: "Certificate: {event}",
    Kind.NEEDS: "What do people have to learn?",
    Kind.RECORD: "Your training record",
    Kind.STATEMENT: "Statement of training",
}
# How the place has to stand, or the mail has been overtaken.
STATUSES = {
    Kind.CONFIRM: [PlaceStatus.UNCONFIRMED],
    Kind.BOOKED: [PlaceStatus.BOOKED],
    Kind.WAITING: [PlaceStatus.WAITING, PlaceStatus.AGREEMENT],
    Kind.AGREE: [PlaceStatus.AGREEMENT],
    Kind.DECLINED: [PlaceStatus.CANCELLED],
    Kind.MOVED: CONCERNED,
    Kind.CANCELLED: [PlaceStatus.CANCELLED],
    Kind.CALLED_OFF: CONCERNED,
    Kind.REMINDER: [PlaceStatus.BOOKED],
    Kind.CERTIFICATE: [PlaceStatus.ATTENDED],
}
# Said of an event that was called off, and of one that is over.
OF_NO_EVENT = [Kind.CALLED_OFF, Kind.CANCELLED, Kind.DECLINED]
OF_THE_PAST = [Kind.CERTIFICATE, Kind.CANCELLED, Kind.DECLINED]
OF_THIS_CHANGE = [Kind.MOVED, Kind.REMINDER]  # a further change has a mail of its own
INVITED = [Kind.BOOKED, Kind.MOVED]
UNINVITED = [Kind.CANCELLED, Kind.CALLED_OFF]
OVER = f"{OVERTAKEN}the event was over."
DEAD = "Mail to this address comes back."


def with_records(mails):
    """``mails`` with all that their words need; ``was_invited`` says whether an invitation may have gone out before."""
    invited = TrainingMail.objects.filter(place=OuterRef("place"), kind__in=INVITED, claimed_at__isnull=False)
    course = "place__event__course"
    evaluated = "evaluation__place__event__course"
    return (
        mails.select_related(
            f"{course}__run_by__training_policy",
            "place__practitioner",
            f"{evaluated}__run_by",
            "evaluation__place__practitioner",
            "invitation__analysis__partnership",
            "invitation__organisation",
            "invitation__group",
            "practitioner",
            "statement__partnership",
            "statement__organisation",
        )
        .prefetch_related(f"{course}__partnerships__training_policy", f"{evaluated}__partnerships")
        .annotate(came_back_at=bounced_at("address"), was_invited=Exists(invited))
    )


def write(mail):
    """``mail`` as a message. Raises NotSent where it is no longer true. Its links are made anew, so they work."""
    if mail.came_back_at:
        raise NotSent(DEAD)
    about = about_of(mail)
    partnership = about["partnership"]
    body = EMPTY_LINES.sub("\n\n", render_to_string(f"emails/training_{mail.kind}.txt", about))
    office = partnership.office_email if partnership else ""
    message = EmailMultiAlternatives(
        subject_of(mail, about), body.strip() + "\n", reply_to=[office] if office else None
    )
    add_invitation(message, mail)
    return message


def subject_of(mail, about):
    event = about.get("event")
    if event is None:
        return SUBJECTS[mail.kind]
    title = Truncator(about["course"]).chars(LONGEST_TITLE)
    return SUBJECTS[mail.kind].format(event=f"{title}, {long_date(event.starts_at)}")


def add_invitation(message, mail):
    """Only whoever is booked is invited, and only an invitation that may have left is taken back."""
    place, at = mail.place, mail.claimed_at
    if mail.kind in INVITED and place.status == PlaceStatus.BOOKED:
        invitation = invitations.invitation_to(place, to=mail.address, at=at)
        invitations.attach_to(message, invitation, method=invitations.REQUEST)
    elif mail.kind in UNINVITED and mail.was_invited:
        cancellation = invitations.cancellation_of(place, to=mail.address, at=at)
        invitations.attach_to(message, cancellation, method=invitations.CANCEL)


def about_of(mail):
    """What the template of ``mail`` is given. Raises NotSent."""
    if mail.place_id:
        return about_place(mail)
    if mail.evaluation_id:
        return about_evaluation(mail)
    if mail.invitation_id:
        return about_invitation(mail)
    if mail.practitioner_id:
        return about_record(mail)
    return about_statement(mail)


# Places


def about_place(mail):
    place = mail.place
    event = place.event
    refuse_overtaken(mail, place, event)
    home = event.course.home
    manager = mail.kind == Kind.AGREE
    return event_in_words(event) | {
        "reader": "" if manager else person_of(place),
        "person": person_of(place),
        "place": place,
        "partnership": home,
        "link": links.address_of(links.MANAGER if manager else links.PLACE, place),
        "calendar": invitations.calendar_address_of(place),
        "agree_by": moment_in_words(place.agree_by_at),
        "confirm_by": moment_in_words(confirm_by(place, home)),
    }


def refuse_overtaken(mail, place, event):
    if event.is_cancelled and mail.kind not in OF_NO_EVENT:
        raise NotSent(f"{OVERTAKEN}the event was called off.")
    if not event.is_cancelled and mail.kind == Kind.CALLED_OFF:
        raise NotSent(f"{OVERTAKEN}the event is held after all.")
    if place.status not in STATUSES[mail.kind]:
        raise NotSent(f"{OVERTAKEN}the place was otherwise by then, {place.get_status_display().lower()}.")
    if mail.sequence < event.sequence and mail.kind in OF_THIS_CHANGE:
        raise NotSent(f"{OVERTAKEN}the event changed again, and a newer mail says how.")
    if event.is_over(at=mail.claimed_at) and mail.kind not in OF_THE_PAST:
        raise NotSent(OVER)
    if mail.kind == Kind.REMINDER and event.starts_at <= mail.claimed_at:
        raise NotSent(OVER)


def confirm_by(place, home):
    """Until when a booking is kept for whoever asked, by the partnership's own rules where it wrote any."""
    policy = getattr(home, "training_policy", None) or TrainingPolicy()
    return place.asked_at + timedelta(hours=policy.confirm_hours) if place.asked_at else None


def event_in_words(event):
    return {"event": event, "course": in_one_line(event.course.title), "when": when_in_words(event)}


def when_in_words(event):
    """ "Tuesday 9 February 2027, 09:30 to 12:30"."""
    starts = timezone.localtime(event.starts_at)
    words = f"{starts:%A} {moment_in_words(starts)}"
    if event.ends_at is None:
        return words
    ends = timezone.localtime(event.ends_at)
    return f"{words} to {ends:%H:%M}" if ends.date() == starts.date() else f"{words} to {moment_in_words(ends)}"


def moment_in_words(moment):
    return f"{long_date(moment)}, {timezone.localtime(moment):%H:%M}" if moment else ""


def person_of(place):
    return in_one_line(place.practitioner.name if place.practitioner else place.person)


# Questions


def about_evaluation(mail):
    evaluation, at = mail.evaluation, mail.claimed_at
    place = evaluation.place
    is_manager = mail.kind == Kind.EVALUATION_MANAGER
    state = state_of_manager(evaluation, at=at) if is_manager else state_of(evaluation, at=at)
    if state not in (State.OPEN, State.EARLY):
        raise NotSent(STATES[state])
    kind = links.EVALUATION_MANAGER if is_manager else links.EVALUATION
    return event_in_words(place.event) | {
        "reader": "" if is_manager else person_of(place),
        "person": person_of(place),
        "evaluation": evaluation,
        "partnership": place.event.course.home,
        "link": links.address_of(kind, evaluation),
    }


STATES = {
    State.ANSWERED: f"{OVERTAKEN}the questions were answered.",
    State.CLOSED: f"{OVERTAKEN}the questions were closed.",
    State.ENDED: f"{OVERTAKEN}the place or the event was cancelled.",
}


# All else


def about_invitation(mail):
    invitation = mail.invitation
    analysis = invitation.analysis
    day = timezone.localdate(mail.claimed_at)
    if analysis.settled_on or (analysis.closes_on and analysis.closes_on < day):
        raise NotSent(f"{OVERTAKEN}the questions were closed.")
    return {
        "partnership": analysis.partnership,
        "asker": analysis.partnership.name,
        "asked": str(invitation.organisation or invitation.group),
        "analysis": analysis,
        "invitation": invitation,
        "link": links.address_of(links.NEEDS, invitation),
    }


def about_record(mail):
    """A link by which somebody reads all about themselves goes out when they ask for it, or not at all."""
    if mail.made_at < mail.claimed_at - RECORD_LASTS:
        raise NotSent(f"{OVERTAKEN}it was asked for more than a day before it could leave.")
    practitioner = mail.practitioner
    return {
        "reader": in_one_line(practitioner.name),
        "partnership": None,
        "link": links.record_address_of(practitioner),
    }


def about_statement(mail):
    statement = mail.statement
    return {
        "partnership": statement.partnership,
        "organisation": statement.organisation.name,
        "statement": statement,
        "link": settings.SITE_URL + statement.get_absolute_url(),
    }


QUEUE = MailQueue(TrainingMail, "training-mail", select=with_records, write=write)
