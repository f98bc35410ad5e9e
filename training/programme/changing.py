"""What happens to courses and events: held again, changed with everybody told whom it concerns, called off."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from partnership.models import Partnership
from partnership.refusals import NotNow
from training.mails.mailing import Kind
from training.models import Course
from training.places.bookings import fill_places, lock, tell

# Of these whoever counts on an event is told, and their invitations change.
TOLD = ["starts_at", "ends_at", "venue", "link", "joining"]
# Of these it depends who gets a free place.
SHARED_OUT = ["capacity", "places_per_organisation", "shares_until_on"]

CALLED_OFF = "This event was called off. It stays in the programme as it was, and nothing of it changes any more."


def lock_partnerships(partnership_ids):
    """Nobody else adds a course to them, or writes their rules of training, before this ends."""
    rows = Partnership.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=partnership_ids)
    list(rows.order_by("pk"))


@dataclass
class Outcome:
    """What a change of an event brought about: who is told of it, who cannot be, who waited and has a place now."""

    event: object
    told_count: int = 0
    without_address_count: int = 0
    given_count: int = 0


# Courses


def same_course(title, partnerships, *, besides=None):
    """The Course of that name that is held already in one of ``partnerships``, or None."""
    found = Course.objects.offered().filter(title__iexact=title, partnerships__in=partnerships)
    return found.exclude(pk=besides).first()


@transaction.atomic
def retire_course(course, *, on):
    """Not held any more. Events to come stay, with their places; retired already, the first day stands."""
    course = locked_course(course)
    if course.retired_on is None:
        course.retired_on = on
        course.save(update_fields=["retired_on"])


@transaction.atomic
def bring_back(course):
    """It is offered again. Raises NotNow where another course has its name meanwhile."""
    course = locked_course(course)
    other = same_course(course.title, course.partnerships.all(), besides=course.pk)
    if course.retired_on and other:
        raise NotNow(f"Another course is called “{course.title}” now. Change the name of one of them first.")
    course.retired_on = None
    course.save(update_fields=["retired_on"])


def locked_course(course):
    return Course.objects.select_for_update(of=["self"], no_key=True).get(pk=course.pk)


# Events


@transaction.atomic
def add_event(event):
    """Save a new ``event``; (the event, whether it is new). The same course there and then is one event.

    Raises NotNow where its course was retired.
    """
    course = locked_course(event.course)
    if course.retired_on:
        raise NotNow("This course is not held any more. Bring it back first.")
    same = course.held_events.not_cancelled().filter(starts_at=event.starts_at, venue__iexact=event.venue).first()
    if same:
        return same, False
    event.save()
    return event, True


@transaction.atomic
def change_event(event, *, at, **fields):
    """Write ``fields`` of an event; the Outcome.

    Whoever counts on it is told where its day, time or place changed, unless it is over; more room goes to
    those who wait. Raises NotNow where it was called off, or was held already and would be again.
    """
    event = lock(event)
    if event.is_cancelled:
        raise NotNow(CALLED_OFF)
    if event.register_closed_at and fields.get("starts_at", event.starts_at) > at:
        raise NotNow("Its register is closed: it was held. Hold the course again on another day instead.")
    changed = {name for name, value in fields.items() if getattr(event, name) != value}
    was_over = event.is_over(at=at)
    for name in changed:
        setattr(event, name, fields[name])
    is_told = not changed.isdisjoint(TOLD)
    event.sequence += is_told
    if changed:
        event.save()
    outcome = Outcome(event)
    if is_told and not (was_over and event.is_over(at=at)):
        tell_all(Kind.MOVED, outcome)
    if not changed.isdisjoint(SHARED_OUT):
        outcome.given_count = len(fill_places(event, at=at))
    return outcome


@transaction.atomic
def call_off(event, *, because, at):
    """It is not held, with the reason; the Outcome. Places stay as they were. Twice is once.

    Raises NotNow where its register is closed.
    """
    event = lock(event)
    outcome = Outcome(event)
    if event.is_cancelled:
        return outcome
    if event.register_closed_at:
        raise NotNow("Its register is closed: it was held, and can’t be called off.")
    event.cancelled_at, event.cancelled_because = at, because
    event.sequence += 1
    event.save(update_fields=["cancelled_at", "cancelled_because", "sequence"])
    if timezone.localdate(event.ends_at or event.starts_at) >= timezone.localdate(at):
        tell_all(Kind.CALLED_OFF, outcome)
    return outcome


def tell_all(kind, outcome):
    """Mail everybody who counts on the event, and count in ``outcome`` who is told and who has no address."""
    for place in outcome.event.places.concerned().select_related("practitioner").order_by("pk"):
        tell(kind, outcome.event, place)
        has_address = place.practitioner is not None and bool(place.practitioner.email)
        outcome.told_count += has_address
        outcome.without_address_count += not has_address


def held_and_to_come(course, *, at):
    """(events to come and called off ones among them, the next first; those held, the latest first), with counts."""
    events = list(course.held_events.with_place_counts().order_by("starts_at", "pk"))
    coming = [event for event in events if not event.is_over(at=at)]
    return coming, [event for event in reversed(events) if event.is_over(at=at)]


def standing_in(event):
    """How an event ``with_place_counts`` stands, in a word or two: what a list says beside it."""
    if event.is_cancelled:
        return "Cancelled"
    if event.left_count:
        return f"{event.left_count} left"
    return f"Full, {event.waiting_count} waiting" if event.waiting_count else "Full"
