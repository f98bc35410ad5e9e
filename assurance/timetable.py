"""What a partnership looks into, by quarters and years; what is late of it; and its panel beside a plan.

A year is a plan's: April to March. An entry is late once its quarter has passed and it is not done.
"""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from assurance.models import AssuranceRequest, TimetableEntry
from assurance.models.timetable import FIRST_MONTH, first_of_quarter, quarter_after, year_of
from partnership.models import Partnership
from partnership.standing import standing_of
from plans.models import Plan
from plans.panels import Panel

YEARS_SHOWN = 3
QUARTERS = {4: "April to June", 7: "July to September", 10: "October to December", 1: "January to March"}


def name_of_quarter(day):
    """ "April to June 2026"."""
    return f"{QUARTERS[day.month]} {day.year}"


@dataclass
class Cell:
    """One quarter of one year, with its entries."""

    starts_on: date
    is_now: bool
    entries: list = field(default_factory=list)

    @property
    def name(self):
        return name_of_quarter(self.starts_on)


@dataclass
class Year:
    starts: int
    cells: list

    @property
    def name(self):
        return f"{self.starts} to {self.starts + 1}"


def years_of(entries, *, first, on):
    """``entries`` (of ``span_of(first)``, in order of time) as three Years from April of the year ``first``."""
    years, cells = [], {}
    for starts in range(first, first + YEARS_SHOWN):
        days = [quarter_after(date(starts, FIRST_MONTH, 1), n) for n in range(4)]
        years.append(Year(starts, [Cell(day, is_now=day == first_of_quarter(on)) for day in days]))
        cells |= {cell.starts_on: cell for cell in years[-1].cells}
    for entry in entries:
        cells[entry.quarter_on].entries.append(entry)
    return years


def span_of(first):
    """(first day, last quarter's first day) of the three years from April of the year ``first``."""
    return date(first, FIRST_MONTH, 1), date(first + YEARS_SHOWN, 1, 1)


@transaction.atomic
def add_entry(*, partnerships, **fields):
    """(the entry, whether it is new): one that says the same already is the answer to a second press."""
    ids = {partnership.pk for partnership in partnerships}
    lock_partnerships(ids)
    for same in TimetableEntry.objects.filter(**fields).prefetch_related("partnerships"):
        if same.partnership_ids == ids:
            return same, False
    entry = TimetableEntry.objects.create(**fields)
    entry.partnerships.set(partnerships)
    return entry, True


def lock_partnerships(ids):
    """Nobody else adds to what is theirs before this ends. In one order, so that two cannot wait for each other."""
    list(Partnership.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=ids).order_by("pk"))


@transaction.atomic
def move_entry(entry, *, to, seen):
    """Put it into the quarter that begins on ``to``; whether it moved.

    Raises ValidationError where it stands in the quarter ``seen`` no more, is done, or ``to`` begins no quarter.
    """
    entry = TimetableEntry.objects.select_for_update(of=["self"], no_key=True).get(pk=entry.pk)
    if entry.quarter_on == to:
        return False
    if entry.quarter_on != seen:
        raise ValidationError(f"Somebody has moved it to {name_of_quarter(entry.quarter_on)} meanwhile.")
    if entry.done_on:
        raise ValidationError("It is done, so it stays in its quarter.")
    if to != first_of_quarter(to):
        raise ValidationError("Choose a quarter of the timetable.")
    entry.quarter_on = to
    entry.save(update_fields=["quarter_on"])
    return True


# Rolled forward


def to_roll(user, *, year):
    """What this person may plan again of the year that began in April of ``year``, each with ``is_there``.

    ``is_there``: the next year holds the same already, in whatever quarter. ``next_on``: where it would come.
    """
    start = date(year, FIRST_MONTH, 1)
    rows = TimetableEntry.objects.of_partnerships(standing_of(user).office_ids).prefetch_related("partnerships")
    entries = list(rows.between(start, quarter_after(start, 3)).for_pages())
    there = {identity_of(each) for each in rows.between(quarter_after(start, 4), quarter_after(start, 7))}
    for entry in entries:
        entry.is_there = identity_of(entry) in there
        entry.next_on = quarter_after(entry.quarter_on, 4)
    return entries


def identity_of(entry):
    return (entry.title.casefold(), entry.kind, frozenset(entry.partnership_ids))


@transaction.atomic
def roll_forward(user, *, year, keys):
    """Plan the entries of these keys again for the year after ``year``; the new ones. What is there is not doubled.

    A group that was closed, and a priority whose plan has ended by then, are left out.
    """
    lock_partnerships(standing_of(user).office_ids)
    made = []
    for entry in to_roll(user, year=year):
        if entry.pk not in keys or entry.is_there:
            continue
        group, priority = entry.group, entry.priority
        new, is_new = add_entry(
            partnerships=list(entry.partnerships.all()),
            title=entry.title,
            kind=entry.kind,
            quarter_on=entry.next_on,
            group=group if group and group.closed_on is None else None,
            priority=priority if priority and priority.plan.ends_on >= entry.next_on else None,
            is_yearly=entry.is_yearly,
        )
        if is_new:
            made.append(new)
    return made


def plan_panel(plan, user, *, on):
    """The timetable of the plan's partnerships, three years from its first, beside the plan. One query."""
    first = year_of(plan.starts_on)
    visible = TimetableEntry.objects.visible_to(user).of_partnerships(plan.partnership_ids)
    entries = list(visible.between(*span_of(first)).for_pages())
    for entry in entries:
        entry.is_of_plan = entry.priority is not None and entry.priority.plan_id == plan.pk
        entry.is_late = entry.is_overdue(on=on)
    years = years_of(entries, first=first, on=on)
    last = first + YEARS_SHOWN
    return Panel("assurance/timetable_panel.html", {"first": first, "last": last, "years": years, "entries": entries})


def with_words(entries, user, *, on):
    """``entries`` (with their partnerships) as a list, each with what this person may know of it and do to it.

    ``is_late``; ``shown_priority``, None for one of a plan that they may not see; ``shown_requests``; ``may_change``.
    Two queries.
    """
    entries = list(entries)
    asked = {}
    for request in AssuranceRequest.objects.followed_by(user).filter(entry__in=[entry.pk for entry in entries]):
        asked.setdefault(request.entry_id, []).append(request)
    plans = {entry.priority.plan_id for entry in entries if entry.priority}
    seen = set(Plan.objects.visible_to(user).filter(pk__in=plans).values_list("pk", flat=True)) if plans else set()
    for entry in entries:
        entry.is_late = entry.is_overdue(on=on)
        entry.shown_requests = asked.get(entry.pk, [])
        entry.shown_priority = entry.priority if entry.priority and entry.priority.plan_id in seen else None
        entry.may_change = bool(standing_of(user).office_ids & entry.partnership_ids)
    return entries
