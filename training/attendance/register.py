"""Who was there: ticked on the list, or signed in by the code that is said in the room; and the register closed.

Whatever changes who was there locks the event first, as booking does: of two people who tick at once both count, and
somebody who is ticked and signs in was there once, from the first of the two.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import pghistory
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from partnership.refusals import ChangedMeanwhile, NotNow
from training.attendance.certificates import LETTERS, ends_at_of, is_earned, number_of
from training.mails import mailing
from training.models import COMING, HELD, Event, Place, PlaceStatus
from training.places.bookings import lock, lock_place
from training.practitioners.finding import practitioner_for

EARLY, LATE = timedelta(hours=1), timedelta(hours=2)  # before the beginning and after the end a code works
CODE_LENGTH = 6
LONGEST = timedelta(days=31)  # no event goes on for longer
UNMARKED = [PlaceStatus.AGREEMENT, PlaceStatus.BOOKED]
ASIDE = [PlaceStatus.UNCONFIRMED, PlaceStatus.WAITING]  # without a place, and yet they may come
SIGN_IN = [*UNMARKED, PlaceStatus.MISSED, PlaceStatus.ATTENDED]


def has_begun(event, *, at):
    return at >= event.starts_at


def is_day_of(event, *, at):
    """From the morning of its first day on somebody can be there."""
    return timezone.localdate(at) >= timezone.localdate(event.starts_at)


def takes_sign_in(event, *, at):
    return not event.is_cancelled and event.starts_at - EARLY <= at <= ends_at_of(event) + LATE


def refuse_unless_open(event, *, at):
    if event.is_cancelled:
        raise NotNow("The event was called off, so nobody was there.")
    if event.register_closed_at:
        raise NotNow("The register is closed. Open it again to change who was there.")
    if not is_day_of(event, at=at):
        raise NotNow("The event is still to come. Say who was there on its day.")


# The list


@dataclass(frozen=True)
class Register:
    """``expected``: everybody with a place, by name. ``aside``: who has none and may have come all the same."""

    expected: list
    aside: list

    @property
    def came_count(self):
        return sum(place.status == PlaceStatus.ATTENDED for place in self.expected)

    @property
    def missed_count(self):
        return sum(place.status == PlaceStatus.MISSED for place in self.expected)

    @property
    def unmarked(self):
        return [place for place in self.expected if place.status in UNMARKED]

    @property
    def in_room_count(self):
        """Who is there or may still come."""
        return len(self.expected) - self.missed_count


def register_of(event):
    """One query."""
    places = event.places.filter(status__in=[*COMING, *ASIDE]).select_related("organisation", "practitioner")
    places = list(places.order_by(Lower("person"), "pk"))
    return Register(
        [place for place in places if place.status in COMING], [place for place in places if place.status in ASIDE]
    )


def clashes_of(event):
    """{practitioner: another Event at the same time} of those who were at both. One query."""
    there = event.places.filter(status=PlaceStatus.ATTENDED, practitioner__isnull=False)
    others = Place.objects.filter(
        status=PlaceStatus.ATTENDED,
        practitioner__in=there.values("practitioner"),
        event__starts_at__lt=ends_at_of(event),
        event__starts_at__gt=event.starts_at - LONGEST,
    ).exclude(event=event)
    return {
        place.practitioner_id: place.event
        for place in others.select_related("event__course")
        if ends_at_of(place.event) > event.starts_at
    }


@transaction.atomic
def mark(place, status, *, by, at):
    """Tick ``place`` as attended or missed, or with "" take the tick back. Gives the place as it is then.

    Who is ticked twice keeps the first moment.
    """
    event, place = lock_place(place)
    refuse_unless_open(event, at=at)
    if place.status not in [*SIGN_IN, *ASIDE]:
        raise NotNow(f"{place.person}’s place was cancelled. Add them as somebody who is not on the list.")
    with pghistory.context(user=by.pk):
        if status == PlaceStatus.ATTENDED:
            come(place, how=Place.How.LIST, at=at)
        elif status == PlaceStatus.MISSED and place.status == PlaceStatus.ATTENDED:
            raise NotNow(f"{place.person} was there, as somebody said by now. Undo that first if it is wrong.")
        elif status == PlaceStatus.MISSED and place.status in UNMARKED:
            be(place, PlaceStatus.MISSED)
        elif not status and place.status in HELD:
            take_back(place, at=at)
    return place


def come(place, *, how, at):
    """Was there; gives whether that is new."""
    if place.status == PlaceStatus.ATTENDED:
        return False
    be(place, PlaceStatus.ATTENDED, signed_in_at=at, signed_in_how=how)
    return True


def be(place, status, *, signed_in_at=None, signed_in_how=""):
    place.status, place.signed_in_at, place.signed_in_how = status, signed_in_at, signed_in_how
    place.save(update_fields=["status", "signed_in_at", "signed_in_how"])


def take_back(place, *, at):
    """As it was before somebody was ticked: booked, waiting; gone where the tick was all there was."""
    before = place.events.exclude(status__in=HELD).order_by("-pgh_id").values_list("status", flat=True).first()
    if before is None or before == PlaceStatus.CANCELLED:
        place.cancelled_at, place.cancelled_because = at, "Was put on the register by mistake"
        place.save(update_fields=["cancelled_at", "cancelled_because"])
        before = PlaceStatus.CANCELLED
    be(place, before)


@transaction.atomic
def everyone_came(event, *, by, at):
    """Tick all who are not marked yet; gives how many those were."""
    event = lock(event)
    refuse_unless_open(event, at=at)
    with pghistory.context(user=by.pk):
        return event.places.filter(status__in=UNMARKED).update(
            status=PlaceStatus.ATTENDED, signed_in_at=at, signed_in_how=Place.How.LIST
        )


@transaction.atomic
def add_walk_in(event, *, name, email, organisation, by, at):
    """Somebody who is not on the list was there: their Place. Who is on it, even waiting, is ticked there.

    The room may hold one more than was planned: whoever adds them sees them sit in it.
    """
    event = lock(event)
    refuse_unless_open(event, at=at)
    with pghistory.context(user=by.pk):
        practitioner = practitioner_for(email=email, name=name, organisation=organisation)
        there = event.places.filter(practitioner=practitioner)
        place = there.exclude(status=PlaceStatus.CANCELLED).first()
        if place:
            come(place, how=Place.How.LIST, at=at)
            return place
        return event.places.create(
            practitioner=practitioner,
            person=name,
            organisation=organisation,
            booked_by=by,
            asked_at=at,
            status=PlaceStatus.ATTENDED,
            signed_in_at=at,
            signed_in_how=Place.How.LIST,
        )


# The code


@dataclass(frozen=True)
class SignedIn:
    place: Place
    is_new: bool


@transaction.atomic
def start_code(event, *, by, at):
    """A new code for the room; one before it works no more."""
    event = lock(event)
    if event.is_cancelled or event.register_closed_at or at > ends_at_of(event) + LATE:
        raise NotNow("Nobody signs in any more: the event is over, called off, or its register is closed.")
    event.sign_in_code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    with pghistory.context(user=by.pk):
        event.save(update_fields=["sign_in_code"])
    return event.sign_in_code


def as_code(typed):
    """What somebody typed as codes are kept: "ac4-3 ht" is "AC43HT"."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def events_of_code(typed, *, at):
    """The events whose code that is, as long as it works: one, unless chance made two codes the same."""
    code = as_code(typed)
    if len(code) != CODE_LENGTH:
        return []
    return [event for event in Event.objects.filter(sign_in_code=code) if takes_sign_in(event, at=at)]


def sign_in(event_code, email, *, at):
    """Somebody is in the room: a SignedIn; None where the code or the address is not known, or it is not the time."""
    events = events_of_code(event_code, at=at)
    places = Place.objects.filter(event__in=events, practitioner__email__iexact=email.strip(), status__in=SIGN_IN)
    place = places.first() if events else None
    return signed_in(place, at=at) if place else None


def sign_in_here(place, event_code, *, at):
    """The same from one's own place page, where the address is known already."""
    is_code = place.event_id in {event.pk for event in events_of_code(event_code, at=at)}
    return signed_in(place, at=at) if is_code else None


def own_part(place, *, at):
    """What one's own place page says of being there: whether a code can be typed, whether there is a certificate."""
    event = place.event
    is_open = takes_sign_in(event, at=at) and not event.register_closed_at and event.sign_in_code
    return {
        "takes_sign_in": bool(is_open) and place.status in [*UNMARKED, PlaceStatus.MISSED],
        "has_certificate": is_earned(place, at=at),
    }


@transaction.atomic
def signed_in(place, *, at):
    event, place = lock_place(place)
    is_over = event.register_closed_at and place.status != PlaceStatus.ATTENDED
    if is_over or place.status not in SIGN_IN:
        return None
    return SignedIn(place, come(place, how=Place.How.CODE, at=at))


# Closing


@transaction.atomic
def close_register(event, *, by, at, seen=None):
    """Whoever is not marked did not come; those who came are sent their certificates. Gives the places of the former.

    ``seen``: keys of those whom the page named. Raises ChangedMeanwhile where somebody else would be said not to
    have come. Closing twice changes nothing.
    """
    event = lock(event)
    if event.register_closed_at:
        return []
    refuse_unless_open(event, at=at)
    if not has_begun(event, at=at):
        raise NotNow("The event has not begun. Close the register when it is over.")
    places = list(event.places.filter(status__in=UNMARKED))
    if seen is not None and {place.pk for place in places} - set(seen):
        raise ChangedMeanwhile
    with pghistory.context(user=by.pk):
        event.places.filter(pk__in=[place.pk for place in places]).update(status=PlaceStatus.MISSED)
        event.register_closed_at = at
        event.save(update_fields=["register_closed_at"])
    for place in event.places.filter(status=PlaceStatus.ATTENDED).select_related("practitioner"):
        tell_of_certificate(place)
    return places


@transaction.atomic
def reopen_register(event, *, by):
    """Who was there may be corrected; nobody who was marked loses the mark."""
    event = lock(event)
    with pghistory.context(user=by.pk):
        event.register_closed_at = None
        event.save(update_fields=["register_closed_at"])
    return event


def tell_of_certificate(place):
    """Mail that it is there; a corrected name makes another certificate, and so another mail."""
    if place.practitioner:
        mailing.put(mailing.Kind.CERTIFICATE, key=number_of(place), address=place.practitioner.email, place=place)


@transaction.atomic
def correct_name(place, *, name, everywhere, by):
    """Write ``name`` on the certificate of ``place``; ``everywhere``: wherever else that person is named, too."""
    event, place = lock_place(place)
    with pghistory.context(user=by.pk):
        places = Place.objects.filter(Q(pk=place.pk))
        if everywhere and place.practitioner_id:
            places = Place.objects.filter(Q(pk=place.pk) | Q(practitioner=place.practitioner_id))
            place.practitioner.name = name
            place.practitioner.save(update_fields=["name"])
        places.exclude(person=name).update(person=name)
    place.refresh_from_db(fields=["person"])
    if event.register_closed_at and place.status == PlaceStatus.ATTENDED:
        tell_of_certificate(place)
    return place
