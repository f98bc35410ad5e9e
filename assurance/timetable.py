"""What a partnership looks into, by quarters and years; what is late of it; and its panel beside a plan.

A year is a plan's: April to March. An entry is late once its quarter has passed and it is not done.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from assurance.models import TimetableEntry
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
    # Always in one order, so that two presses cannot wait for each other.
    list(Partnership.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=ids).order_by("pk"))
    for same in TimetableEntry.objects.filter(**fields).prefetch_related("partnerships"):
        if same.partnership_ids == ids:
            return same, False
    entry = TimetableEntry.objects.create(**fields)
    entry.partnerships.set(partnerships)
    return entry, True


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

    ``is_late``; ``shown_priority``, None for one of a plan that they may not see; ``may_change``. One query.
    """
    entries = list(entries)
    plans = {entry.priority.plan_id for entry in entries if entry.priority}
    seen = set(Plan.objects.visible_to(user).filter(pk__in=plans).values_list("pk", flat=True)) if plans else set()
    for entry in entries:
        entry.is_late = entry.is_overdue(on=on)
        entry.shown_priority = entry.priority if entry.priority and entry.priority.plan_id in seen else None
        entry.may_change = bool(standing_of(user).office_ids & entry.partnership_ids)
    return entries
