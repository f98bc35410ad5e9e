"""What figures said before they were corrected or taken away: for those who see small numbers alone."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from assurance.indicators.importing import WHOLE
from assurance.indicators.numbers import plainly
from assurance.indicators.periods import Period
from partnership.changes import names_of_people, person
from partnership.models import Area

MOST = 50
FIGURES = {"value": "", "numerator": "number", "denominator": "out of", "comparator": "compared with", "note": "note"}


@dataclass(frozen=True)
class Correction:
    at: datetime
    by: str
    area: str
    period: Period
    words: str


def corrections_of(indicator):
    """The newest first, at most ``MOST``; figures that were typed once are none."""
    model = apps.get_model("assurance", "IndicatorValueEvent")
    events = list(model.objects.filter(indicator=indicator.pk).select_related("pgh_context").order_by("pgh_id"))
    before, found = {}, []
    for event in events:
        earlier = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        if earlier and (words := _words(earlier, event)):
            found.append((event, words))
    found = found[: -MOST - 1 : -1]
    names = names_of_people([event for event, _words in found])
    areas = Area.objects.in_bulk({event.area_id for event, _words in found} - {None})
    return [
        Correction(
            event.pgh_created_at,
            person(event, names),
            str(areas.get(event.area_id, WHOLE)),
            Period(event.starts_on, event.ends_on),
            words,
        )
        for event, words in found
    ]


def _words(earlier, event):
    if event.pgh_label == "delete":
        return f"{_said(event, 'value') or 'nothing'} was taken away"
    changes = []
    for name, called in FIGURES.items():
        was, now = _said(earlier, name), _said(event, name)
        if was != now:
            changes.append(f"{called} {was or 'nothing'} became {now or 'nothing'}".strip())
    return "; ".join(changes)


def _said(event, name):
    value = getattr(event, name)
    return value if name == "note" else plainly(value)
