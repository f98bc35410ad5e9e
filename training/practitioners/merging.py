"""Two entries of one practitioner become one: everything of the second goes to the first. The history keeps both."""

from dataclasses import dataclass, field

from django.db import transaction

from training.models import COMING, Event, Place, PlaceStatus, Practitioner
from training.places.bookings import fill_places

# Of two places at one event the one further along stays: who was there, was there.
FURTHEST = [
    PlaceStatus.ATTENDED,
    PlaceStatus.MISSED,
    PlaceStatus.BOOKED,
    PlaceStatus.AGREEMENT,
    PlaceStatus.WAITING,
    PlaceStatus.UNCONFIRMED,
]
# What the first entry takes from the second where it is empty itself.
TAKEN_OVER = ["email", "job", "role_id", "began_on", "manager_name", "manager_email"]


@dataclass
class Merge:
    """What merging does: places that move, (the one that stays, the one that goes) at one event, fields, records."""

    kept: Practitioner
    other: Practitioner
    moved: list = field(default_factory=list)
    clashes: list = field(default_factory=list)
    fields: dict = field(default_factory=dict)
    record_count: int = 0


def merge_of(kept, other):
    """The Merge of two entries as they stand."""
    merge = Merge(kept, other, record_count=other.records.count())
    own = {place.event_id: place for place in places_of(kept) if place.status != PlaceStatus.CANCELLED}
    for place in places_of(other):
        there = own.get(place.event_id)
        if there is None or place.status == PlaceStatus.CANCELLED:
            merge.moved.append(place)
        else:
            first, second = sorted([there, place], key=lambda each: FURTHEST.index(each.status))
            merge.clashes.append((first, second))
    merge.fields = {name: getattr(other, name) for name in TAKEN_OVER if not getattr(kept, name)}
    merge.fields = {name: value for name, value in merge.fields.items() if value}
    return merge


def places_of(practitioner):
    return practitioner.places.select_related("event__course").order_by("event__starts_at", "pk")


@transaction.atomic
def merge_practitioners(kept, other, *, at):
    """Give everything of ``other`` to ``kept`` and take its entry away; somebody who is here has not left.

    Gives the Merge that was done. Where both had a place at one event, the one further along stays with what was
    answered in both, and a place so freed goes to the waiting list. Done already, it does nothing and gives None.
    """
    events = Event.objects.filter(places__practitioner__in=[kept.pk, other.pk]).order_by("pk")
    list(Event.objects.select_for_update(of=["self"]).filter(pk__in=events.values("pk")).order_by("pk"))
    both = Practitioner.objects.select_for_update(of=["self"]).filter(pk__in=[kept.pk, other.pk]).order_by("pk")
    found = {each.pk: each for each in both}
    if len(found) < 2:
        return None
    kept, other = found[kept.pk], found[other.pk]
    merge = merge_of(kept, other)
    freed = [let_go(stays, goes) for stays, goes in merge.clashes]
    other.places.update(practitioner=kept)
    move_records(kept, other)
    other.mails.update(practitioner=kept)
    is_here = kept.left_on is None or other.left_on is None
    left_on = None if is_here else max(kept.left_on, other.left_on)
    other.delete()  # before its address goes over: an address is one person's
    Practitioner.objects.filter(pk=kept.pk).update(**merge.fields, left_on=left_on)
    for event in filter(None, freed):
        fill_places(event, at=at)
    return merge


def move_records(kept, other):
    """The same thing recorded for both on the same day is one."""
    known = set(kept.records.values_list("competency", "gained_on"))
    for record in other.records.all():
        if (record.competency_id, record.gained_on) in known:
            record.delete()
        else:
            record.practitioner = kept
            record.save(update_fields=["practitioner"])


def let_go(stays, goes):
    """Put two places at one event together. Gives the event where that frees a place that somebody waits for."""
    answered = set(stays.evaluations.exclude(answered_at=None).values_list("stage", flat=True))
    for evaluation in goes.evaluations.exclude(answered_at=None).exclude(stage__in=answered):
        stays.evaluations.filter(stage=evaluation.stage).delete()
        evaluation.place = stays
        evaluation.save(update_fields=["place"])
    goes.mails.update(place=stays)
    was_taken = goes.status in COMING
    Place.objects.filter(pk=goes.pk).delete()
    return goes.event if was_taken else None
