"""Who gets a free place: the rule of the waiting list, and nothing that changes anything.

Whoever waits longest comes first. Where an event has a fair share (``places_per_organisation``), an organisation
that has so many places is passed over until the day on which shares end; places stay free for the others so long.
After that day it is whoever waits longest again. The list fills by itself until ``fill_until_days`` before the
event, so that nobody is booked who cannot come any more; from then on those next in line are offered a free place
on their own page, and whoever runs the training fills by hand. By hand nothing stays free: once those within their
share have places, whoever waits longest gets what is left.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from training.models import PlaceStatus


def has_shares(event, *, on):
    """Whether fair shares count on that day."""
    if event.places_per_organisation is None:
        return False
    return event.shares_until_on is None or on <= event.shares_until_on


def fills_until(event):
    """The last day on which the list fills by itself."""
    days = event.course.policy.fill_until_days
    return timezone.localdate(event.starts_at) - timedelta(days=days)


def fills_by_itself(event, *, at):
    return at < event.starts_at and timezone.localdate(at) <= fills_until(event)


@dataclass
class Room:
    """What is free at an event at one moment. ``taken``: {organisation's key: how many places it has}."""

    capacity: int
    share: int | None
    taken: Counter

    @property
    def free(self):
        return max(0, self.capacity - self.taken.total())

    def is_at_share(self, organisation_id):
        return self.share is not None and self.taken[organisation_id] >= self.share

    def next_in_line(self, waiting, *, leaves_none_free=False):
        """Those of ``waiting``, longest first, who get what is free. Counts their places as taken."""
        given, passed_over = [], []
        for place in waiting:
            if not self.free:
                break
            if self.is_at_share(place.organisation_id):
                passed_over.append(place)
            else:
                self.taken[place.organisation_id] += 1
                given.append(place)
        if leaves_none_free:
            for place in passed_over[: self.free]:
                self.taken[place.organisation_id] += 1
                given.append(place)
        return given


def room_of(event, *, at):
    """The Room of ``event`` as the database has it now."""
    taken = Counter(event.places.taken().order_by().values_list("organisation", flat=True))
    share = event.places_per_organisation if has_shares(event, on=timezone.localdate(at)) else None
    return Room(event.capacity, share, taken)


def offered(event, *, at):
    """Keys of those who may take a free place themselves now: next in line, in the last days before the event."""
    if event.is_cancelled or fills_by_itself(event, at=at) or at >= event.starts_at:
        return []
    line = room_of(event, at=at).next_in_line(event.places.waiting(), leaves_none_free=True)
    return [place.pk for place in line]


def standing_in_line(place):
    """(which, of how many) on the waiting list, longest first; None for somebody who does not wait."""
    if place.status != PlaceStatus.WAITING:
        return None
    keys = list(place.event.places.waiting().values_list("pk", flat=True))
    return keys.index(place.pk) + 1, len(keys)


def is_at_share(place, *, at):
    """Whether ``place`` waits because its organisation has its share, and not because nothing is free."""
    room = room_of(place.event, at=at)
    return room.free > 0 and room.is_at_share(place.organisation_id)
