"""The history of one record as people read it: who, when, from what to what.

Reads the rows that the triggers of ``partnership.history`` wrote. Their context holds the primary
key of whoever was signed in; a row without one was written by the worker or by a command.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as format_date

from partnership.models import User

MADE, CHANGED, DELETED = "made", "changed", "deleted"
EMPTY = (None, "")
WHAT_HAPPENED = {"insert": MADE, "update": CHANGED, "delete": DELETED}


@dataclass(frozen=True)
class FieldChange:
    """``before`` and ``after`` are words; empty for nothing."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    at: datetime.datetime
    by: str
    what: str
    fields: tuple
    reason: str = ""


def changes_of(record):
    """Every Change of ``record``, the newest first."""
    events = list(record.events.select_related("pgh_context").order_by("pgh_id"))
    fields = shown_fields(type(record), events)
    names = names_of_people(events)
    related = names_of_related(fields, events)
    changes, earlier = [], None
    for event in events:
        what = WHAT_HAPPENED[event.pgh_label]
        differences = tuple(
            FieldChange(
                field.name,
                label_of(field),
                words(field, earlier, related),
                words(field, event, related) if what != DELETED else "",
            )
            for field in fields
            if what == DELETED or differs(field, earlier, event)
        )
        earlier = event
        if differences or what != CHANGED:
            changes.append(Change(event.pgh_created_at, person(event, names), what, differences, reason_of(event)))
    return changes[::-1]


def last_change(record):
    """Who changed ``record`` last and when, as a Change without its fields; None if nobody is known."""
    event = record.events.select_related("pgh_context").order_by("-pgh_id").first()
    if event is None:
        return None
    names = names_of_people([event])
    return Change(event.pgh_created_at, person(event, names), WHAT_HAPPENED[event.pgh_label], ())


def shown_fields(model, events):
    """The fields that the history keeps, but for the key and the moment of the last change."""
    kept = {field.name for field in events[0]._meta.fields} if events else set()
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in kept and not field.primary_key and not getattr(field, "auto_now", False)
    ]


def label_of(field):
    label = field.verbose_name
    return label[:1].upper() + label[1:]


def differs(field, earlier, event):
    before = getattr(earlier, field.attname) if earlier else None
    after = getattr(event, field.attname)
    return before != after and not (before in EMPTY and after in EMPTY)


def words(field, event, related):
    """The value of ``field`` in ``event`` as a person would say it."""
    value = getattr(event, field.attname) if event else None
    if value is None or value == "":
        return ""
    if field.is_relation:
        return str(related[field.name].get(value, "something since removed"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return format_date(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, datetime.date):
        return format_date(value, "j F Y")
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, list | dict):
        return counted(len(value))
    return str(value)


def counted(entries):
    """What stands for a list or a table of answers, which nobody could read as it is kept."""
    return {0: "", 1: "1 entry"}.get(entries, f"{entries} entries")


def names_of_related(fields, events):
    """For each field that points at a record: what each key it ever held is called."""
    found = {}
    for field in fields:
        if not field.is_relation:
            continue
        keys = {getattr(event, field.attname) for event in events} - {None}
        model = field.related_model
        bytes_of_files = [each.name for each in model._meta.concrete_fields if isinstance(each, models.BinaryField)]
        found[field.name] = model._base_manager.defer(*bytes_of_files).in_bulk(keys)
    return found


def names_of_people(events):
    keys = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context}
    return User.objects.in_bulk(keys - {None})


def person(event, names):
    if event.pgh_context is None:
        return "Partnership Planner"
    return str(names.get(event.pgh_context.metadata.get("user"), "Partnership Planner"))


def reason_of(event):
    """Why, where whoever did it was asked (``pghistory.context(reason=…)``)."""
    return event.pgh_context.metadata.get("reason", "") if event.pgh_context else ""
