"""Training of a stretch of days as one workbook, for whoever runs it: what our own import reads again, and the rest.

"People" has a row for each place, "Events" a row for each event with a column for each agency: the two shapes that
``training.importing`` knows.
"""

from collections import Counter

from django.utils import timezone
from tablib import Dataset

from training.models import EventTrainer, Place, PlaceStatus


def people_sheet(places):
    """Needs the event's course, the organisation and the practitioner."""
    sheet = Dataset(headers=["Course", "Date", "Name", "Organisation", "E-mail", "Attended"], title="People")
    for place in places:
        email = place.practitioner.email if place.practitioner else ""
        sheet.append(
            [
                place.event.course.title,
                timezone.localdate(place.event.starts_at),
                place.person,
                place.organisation.name,
                email,
                place.get_status_display(),
            ]
        )
    return sheet


def events_sheet(events, places):
    """``events`` with their course; ``places`` of them with organisation."""
    counts = Counter((place.event_id, place.organisation.name, place.status) for place in places)
    agencies = sorted({name for _event, name, _status in counts})
    trainers = {}
    for trainer in EventTrainer.objects.filter(event__in=events).select_related("organisation").order_by("-pk"):
        if trainer.organisation:
            trainers[trainer.event_id] = trainer
    heads = ["Course", "Date", "Mode", "Venue", "Length", "Capacity", "Trainer agency", "Trainer days"]
    heads += ["Booked", "Number attended", "Did not attend"]
    heads += agencies + [f"{name}, did not attend" for name in agencies]
    sheet = Dataset(headers=heads, title="Events")
    for event in events:
        trainer = trainers.get(event.pk)
        came = [counts[event.pk, name, PlaceStatus.ATTENDED] for name in agencies]
        missed = [counts[event.pk, name, PlaceStatus.MISSED] for name in agencies]
        sheet.append(
            [
                event.course.title,
                timezone.localdate(event.starts_at),
                event.course.get_mode_display(),
                event.venue,
                event.length,
                event.capacity,
                trainer.organisation.name if trainer else "",
                trainer.days if trainer else "",
                sum(came) + sum(missed),
                sum(came),
                sum(missed),
                *came,
                *missed,
            ]
        )
    return sheet


def year_sheets(events):
    """Of Events with their course: "Events" and "People"."""
    events = list(events)
    places = list(
        Place.objects.filter(event__in=events)
        .select_related("event__course", "organisation", "practitioner")
        .order_by("event__starts_at", "event", "organisation__name", "person", "pk")
    )
    return [events_sheet(events, places), people_sheet(places)]
