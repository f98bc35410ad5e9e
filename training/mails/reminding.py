"""Reminders of events to whoever is booked, some days before; by the rules of training of who runs the course."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from training.mails.mailing import Kind, put_all
from training.models import Event, Place, TrainingMail
from training.programme.policies import policies_of

LONGEST = timedelta(days=366)  # nobody is reminded earlier, whatever the rules say
TEXT = CharField()


def is_sending_hour(at):
    first, last = settings.REMINDER_HOURS
    return first <= timezone.localtime(at).hour < last


@transaction.atomic
def remind(*, at):
    """Put the reminders that are due by ``at``; how many. Running it twice puts none twice.

    What was not done on its day is done on the next, until the event begins. Whoever heard of the event since that day,
    because they were booked or it was moved, needs no reminder; of one that moves to a later day there is another.
    """
    coming = Event.objects.not_cancelled().filter(starts_at__gt=at, starts_at__lte=at + LONGEST)
    since = remind_days(list(coming.order_by("starts_at", "pk")))
    today = timezone.localdate(at)
    due = [key for key, day in since.items() if day <= today]
    mails = [reminder_of(place) for place in not_reminded(due) if not was_told(place, since=since[place.event_id])]
    if mails:
        put_all(mails)
    return len(mails)


def remind_days(events):
    """{key of an event: the day on which those who are booked are reminded}."""
    policies = policies_of(events)
    return {
        event.pk: timezone.localdate(event.starts_at) - timedelta(days=policies[event.pk].remind_days_before)
        for event in events
    }


def not_reminded(event_ids):
    """Booked places with an address whose people have no reminder of the event as it is now; ``told_at``: the last
    time they were told when it is."""
    places = Place.objects.filter(event__in=event_ids, status=Place.Status.BOOKED)
    places = places.exclude(practitioner=None).exclude(practitioner__email="")
    key = Concat(Value(f"{Kind.REMINDER}-"), Cast("pk", TEXT), Value("-"), Cast("event__sequence", TEXT))
    told = TrainingMail.objects.filter(place=OuterRef("pk"), kind__in=[Kind.BOOKED, Kind.MOVED])
    places = places.annotate(key=key, told_at=Subquery(told.order_by("-made_at").values("made_at")[:1]))
    reminded = TrainingMail.objects.filter(key=OuterRef("key"))
    return places.exclude(Exists(reminded)).select_related("practitioner", "event").order_by("pk")


def was_told(place, *, since):
    return place.told_at is not None and timezone.localdate(place.told_at) >= since


def reminder_of(place):
    return TrainingMail(
        kind=Kind.REMINDER,
        key=place.key,
        address=place.practitioner.email,
        place=place,
        sequence=place.event.sequence,
    )
