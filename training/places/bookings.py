"""Places asked for, confirmed, agreed to, given back, and filled from the waiting list.

Each change first locks the event's row, so that changes of one event happen one after another: what is free cannot
be given twice, and the waiting list is in the order in which people came. Mails are put in the same transaction.
Who gets a free place is said in ``training.places.waiting_list``.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from partnership.access import may
from partnership.closures import working_days_for
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date
from training.mails.mailing import Kind, put
from training.models import COMING, Event, Place, Practitioner, TrainingMail
from training.places.waiting_list import fills_by_itself, offered, room_of

Status = Place.Status

SECONDS_IN_TURN = 20  # for the event's row: longer than for any other, and shorter than a statement may take
MAILS_AN_HOUR = 3  # to one address, from forms that anybody can fill in
AN_HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)
NOT_AGREED_IN_TIME = "The manager did not answer in time."


# Finding what is changed


def lock(event):
    """``event`` as it is now, for this transaction alone. Two hundred who press at once wait some seconds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{SECONDS_IN_TURN}s'")
    return Event.objects.select_for_update(of=["self"]).select_related("course__run_by").get(pk=event.pk)


def lock_place(place):
    """(its event, ``place``) as they are now, for this transaction alone."""
    event = lock(Event(pk=place.event_id))
    found = Place.objects.select_for_update(of=["self"]).select_related("organisation", "practitioner")
    place = found.get(pk=place.pk)
    place.event = event
    return event, place


def why_not_now(event, *, at, by=None):
    """Why nobody can book ``event`` any more, in words; empty where they can. Who runs it can until it begins."""
    if event.is_cancelled:
        return "This event is cancelled."
    if at >= event.starts_at:
        return "This event has begun."
    last = event.books_until_on
    if last and timezone.localdate(at) > last and not (by and may(by, "change", event)):
        return f"Booking closed on {long_date(last)}."
    return ""


def free_until(event):
    """The last day on which a place can be given back without a charge."""
    days = working_days_for(event.partnership_ids)
    return days.add(timezone.localdate(event.starts_at), -event.course.policy.free_cancelling_days)


# Asking


@transaction.atomic
def ask_for_place(event, *, practitioner, at, by=None, manager_email="", needs=""):
    """A place for ``practitioner``. Asked for without an account it holds nothing until it is confirmed by mail.

    ``by``: whoever has an account and books for them. Then there is nothing to confirm, and without a manager's
    address they answer for the agreement. Somebody who has a place already is told so: the person by mail, as a
    public form may not say it; an account by NotNow.
    """
    event = lock(event)
    refuse_unless_open(event, at=at, by=by)
    place = event.places.exclude(status=Status.CANCELLED).filter(practitioner=practitioner).first()
    if place and place.status != Status.UNCONFIRMED:
        if by:
            raise NotNow(f"{place.person} has a place already: {place.get_status_display().lower()}.")
        tell_again(event, place, at=at)
        return place
    place = place or Place(event=event, practitioner=practitioner, status=Status.UNCONFIRMED)
    place.organisation, place.person, place.asked_at = practitioner.organisation, practitioner.name, at
    place.manager_email, place.needs = manager_email.lower(), needs
    if by:
        place.booked_by = by
        place.agreed_at = None if manager_email else at
        seat(event, place, at=at)
        return place
    place.save()
    tell_again(event, place, at=at)
    return place


def refuse_unless_open(event, *, at, by=None):
    why = why_not_now(event, at=at, by=by)
    if why:
        raise NotNow(why)


def tell_again(event, place, *, at):
    """Mail somebody who filled in the public form how their place stands; a few times an hour and no more."""
    address = place.practitioner.email
    lately = TrainingMail.objects.filter(address=address, made_at__gt=at - AN_HOUR, kind__in=AGAIN.values())
    count = lately.count()
    if count < MAILS_AN_HOUR:
        key = f"{place.pk}-{place.generation}-{event.sequence}-{at:%Y%m%d%H%M%S}-{count}"
        put(AGAIN[place.status], key=key, address=address, place=place, sequence=event.sequence)


AGAIN = {
    Status.UNCONFIRMED: Kind.CONFIRM,
    Status.AGREEMENT: Kind.WAITING,
    Status.WAITING: Kind.WAITING,
    Status.BOOKED: Kind.BOOKED,
    Status.ATTENDED: Kind.BOOKED,
    Status.MISSED: Kind.BOOKED,
}


@transaction.atomic
def confirm_place(place, *, at):
    """The person asked for it indeed: a place if one is free for their organisation, or the waiting list.

    Pressing twice is once.
    """
    event, place = lock_place(place)
    if place.status == Status.CANCELLED:
        raise NotNow("This place was cancelled. You can book again.")
    if place.status != Status.UNCONFIRMED:
        return place
    if event.is_cancelled or at >= event.starts_at:
        raise NotNow(why_not_now(event, at=at))
    place.confirmed_at = at
    seat(event, place, at=at)
    return place


def seat(event, place, *, at):
    """Give ``place`` what is free for it, or put it last on the waiting list. Nobody who waits is overtaken."""
    last = event.places.exclude(pk=place.pk).order_by("-waiting_since").exclude(waiting_since=None).first()
    place.waiting_since = max(at, last.waiting_since + A_MOMENT) if last else at
    fill(event, at=at)
    if is_next(event, place, at=at):
        give(event, place, at=at)
    else:
        place.status = Status.WAITING
        place.save()
        tell(Kind.WAITING, event, place)


def is_next(event, place, *, at):
    """Whether ``place``, come last, has what is free after everybody who waits. A full event reads no list."""
    room = room_of(event, at=at)
    if not room.free:
        return False
    line = [*event.places.waiting(), place]
    return place in room.next_in_line(line, leaves_none_free=not fills_by_itself(event, at=at))


def give(event, place, *, at):
    """The place is theirs: booked, or kept until the manager agrees."""
    if event.course.is_agreement_needed and place.agreed_at is None:
        place.status = Status.AGREEMENT
        place.agree_by_at = min(at + timedelta(days=event.course.policy.agreement_days), event.starts_at)
        place.save()
        tell(Kind.AGREE, event, place, address=place.manager_email)
    else:
        place.status = Status.BOOKED
        place.save()
        tell(Kind.BOOKED, event, place)


def tell(kind, event, place, *, address=None):
    """Mail whoever has the place, or ``address``; once for each thing that became of it."""
    if address is None:
        address = place.practitioner.email if place.practitioner else ""
    key = f"{place.pk}-{place.generation}-{event.sequence}"
    put(kind, key=key, address=address, place=place, sequence=event.sequence)


# The manager


@transaction.atomic
def agree(place, *, at):
    """The manager agrees. Pressing twice is once."""
    event, place = lock_place(place)
    if place.agreed_at and place.status != Status.CANCELLED:
        return place
    refuse_answer(event, place, at=at)
    place.status, place.agreed_at = Status.BOOKED, at
    place.save(update_fields=["status", "agreed_at"])
    tell(Kind.BOOKED, event, place)
    return place


@transaction.atomic
def decline(place, *, because, at):
    """The manager does not agree, and says why. Whoever is next in line gets the place."""
    event, place = lock_place(place)
    if place.status == Status.CANCELLED and place.cancelled_because == not_agreed(because):
        return place
    refuse_answer(event, place, at=at)
    end(place, because=not_agreed(because), at=at)
    tell(Kind.DECLINED, event, place)
    fill(event, at=at)
    return place


def not_agreed(because):
    return f"The manager did not agree: {because}"[:300]


def refuse_answer(event, place, *, at):
    if place.status == Status.CANCELLED:
        raise NotNow("This place was given back meanwhile. They can book again.")
    if place.status != Status.AGREEMENT:
        raise NotNow("Nobody waits for an answer any more.")
    if event.is_cancelled or at >= event.starts_at:
        raise NotNow(why_not_now(event, at=at))


# Giving back


@transaction.atomic
def cancel_place(place, *, because, at, by=None):
    """Give ``place`` back, with the reason; whoever is next in line gets it. Pressing twice is once.

    ``is_late`` says that a booked place came back too late to be free: the policy says what that costs.
    """
    event, place = lock_place(place)
    if place.status == Status.CANCELLED:
        return place
    if place.status not in OPEN or at >= event.starts_at:
        raise NotNow("The event has begun: its register says who came.")
    was = place.status
    end(place, because=because, at=at, is_late=would_be_late(event, place, at=at))
    if was != Status.UNCONFIRMED:
        tell(Kind.CANCELLED, event, place)
    if was in COMING:
        fill(event, at=at)
    return place


OPEN = [Status.UNCONFIRMED, Status.AGREEMENT, Status.BOOKED, Status.WAITING]


def would_be_late(event, place, *, at):
    is_held = place.status == Status.BOOKED and not event.is_cancelled
    return is_held and timezone.localdate(at) > free_until(event)


def end(place, *, because, at, is_late=False):
    place.status, place.cancelled_at, place.cancelled_because = Status.CANCELLED, at, because[:300]
    place.is_late = is_late
    place.save(update_fields=["status", "cancelled_at", "cancelled_because", "is_late"])


# Filling


@transaction.atomic
def fill_places(event, *, at, by=None):
    """Give what is free to those next in line; the Places that were given.

    It does nothing in the last days before the event, unless somebody does it by hand (``by``).
    """
    return fill(lock(event), at=at, is_hand=by is not None)


def fill(event, *, at, is_hand=False):
    """``event`` is locked."""
    if event.is_cancelled or at >= event.starts_at or not (is_hand or fills_by_itself(event, at=at)):
        return []
    room = room_of(event, at=at)
    if not room.free:
        return []
    waiting = event.places.waiting().select_related("organisation", "practitioner")
    given = room.next_in_line(waiting, leaves_none_free=is_hand)
    for place in given:
        give(event, place, at=at)
    return given


@transaction.atomic
def take_place(place, *, at):
    """Somebody who waits takes the place that their page offers them in the last days. Pressing twice is once."""
    event, place = lock_place(place)
    if place.status in [Status.BOOKED, Status.AGREEMENT]:
        return place
    if place.status != Status.WAITING or place.pk not in offered(event, at=at):
        raise NotNow("This place is taken meanwhile. You are still on the waiting list.")
    give(event, place, at=at)
    return place


@transaction.atomic
def move_up(place, *, at):
    """Whoever runs the training gives a free place to somebody who waits, out of their turn."""
    event, place = lock_place(place)
    if place.status != Status.WAITING:
        raise NotNow(f"{place.person} does not wait any more: {place.get_status_display().lower()}.")
    refuse_unless_running(event, at=at)
    if not room_of(event, at=at).free:
        raise NotNow("No place is free. Cancel one, or let more people in, first.")
    give(event, place, at=at)
    return place


def refuse_unless_running(event, *, at):
    if event.is_cancelled or at >= event.starts_at:
        raise NotNow(why_not_now(event, at=at))


@transaction.atomic
def swap_person(place, *, practitioner, at, by):
    """``practitioner`` comes instead: the place passes within its organisation and nobody on the list is overtaken.

    The first person's place is cancelled, never late; gives the place of the other.
    """
    event, place = lock_place(place)
    refuse_unless_running(event, at=at)
    if place.status not in [Status.BOOKED, Status.AGREEMENT]:
        raise NotNow("Only a place that somebody has can be passed on.")
    if practitioner.organisation_id != place.organisation_id:
        raise NotNow(f"{practitioner.name} is not with {place.organisation}. A place passes on within an organisation.")
    other = event.places.exclude(status=Status.CANCELLED).filter(practitioner=practitioner).first()
    if other and other.status not in [Status.WAITING, Status.UNCONFIRMED]:
        raise NotNow(f"{practitioner.name} has a place already.")
    end(place, because=f"{practitioner.name} comes instead."[:300], at=at)
    tell(Kind.CANCELLED, event, place)
    other = other or Place(event=event, practitioner=practitioner, organisation=place.organisation, asked_at=at)
    other.person, other.booked_by, other.agreed_at = practitioner.name, by, at
    give(event, other, at=at)
    return other


# What nobody answers


def let_go(*, at):
    """Give back what was not confirmed or agreed to in time; how many. Running it twice gives back nothing more.

    A booking that was never confirmed never was one: it is removed, and with it somebody known by nothing else.
    """
    holding = Place.objects.filter(status=Status.UNCONFIRMED) | Place.objects.filter(
        status=Status.AGREEMENT, agree_by_at__lte=at
    )
    keys = holding.order_by().values_list("event", flat=True).distinct()
    return sum(let_go_of(Event(pk=key), at=at) for key in sorted(keys))


@transaction.atomic
def let_go_of(event, *, at):
    event = lock(event)
    too_old = at - timedelta(hours=event.course.policy.confirm_hours)
    unconfirmed = event.places.filter(status=Status.UNCONFIRMED, asked_at__lte=too_old)
    people = list(unconfirmed.values_list("practitioner", flat=True))
    unconfirmed.delete()
    known_by_nothing = {"places": None, "records": None, "role": None, "began_on": None, "manager_name": ""}
    Practitioner.objects.filter(pk__in=people, **known_by_nothing).delete()
    late = event.places.filter(status=Status.AGREEMENT, agree_by_at__lte=at).select_related("practitioner")
    late = [] if event.is_cancelled else list(late)
    for place in late:
        end(place, because=NOT_AGREED_IN_TIME, at=at)
        tell(Kind.CANCELLED, event, place)
    if late:
        fill(event, at=at)
    return len(people) + len(late)


def fill_everywhere(*, at):
    """Fill events where places came free without anybody's doing, as when fair shares end; how many places."""
    waiting = Place.objects.waiting().filter(event__cancelled_at=None, event__starts_at__gt=at)
    keys = waiting.order_by().values_list("event", flat=True).distinct()
    return sum(len(fill_places(Event(pk=key), at=at)) for key in sorted(keys))
