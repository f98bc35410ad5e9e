"""The date as read, in the few words that stand under what a person wrote.

One function for every page that shows a timescale: the plan, a deliverable, an update, the import.
"""

from dataclasses import dataclass

from partnership.templatetags.components import sentence_join
from plans.models import Activity

ICONS = {
    Activity.Kind.DATE: "date",
    Activity.Kind.DATES: "several",
    Activity.Kind.WINDOW: "date",
    Activity.Kind.RECURRING: "recurring",
    Activity.Kind.MEETING: "meeting",
    Activity.Kind.RELATIVE: "tbc",
    Activity.Kind.CONTINUOUS: "ongoing",
    Activity.Kind.UNSET: "tbc",
}
MOST_NAMED = 4  # so many dates are counted, fewer are named


@dataclass(frozen=True, slots=True)
class DueWords:
    """``icon`` is a name in the sprite; ``days_late`` is 0 unless something is overdue."""

    icon: str
    words: str
    days_late: int = 0


def due_words(kind, milestones, *, on):
    """What an activity's timescale comes to on a day.

    ``milestones``: (due_on or None, met_on or None) in the order written. Continuous and unset
    timescales are never overdue; a window is overdue only after its end.
    """
    dated = [(due, met) for due, met in milestones if due]
    if kind == Activity.Kind.WINDOW and len(milestones) == 2:
        return _window(milestones[0][0], *milestones[1], on=on)
    if kind == Activity.Kind.CONTINUOUS:
        return DueWords("ongoing", "Never overdue. Asked about each round")
    if not dated:
        return _undated(kind)
    missing = [due for due, met in dated if not met]
    if not missing:
        last = max(met for _due, met in dated)
        return DueWords("tick", f"Met on {long(last)}")
    first = min(missing)
    if first < on:
        days = (on - first).days
        return DueWords("late", f"Was due {long(first)}: {days_late(days)}", days)
    return _coming(kind, first, dated)


def _window(start, end, met, *, on):
    if met:
        return DueWords("tick", f"Met on {long(met)}")
    if end and end < on:
        days = (on - end).days
        return DueWords("late", f"Was due {long(end)}: {days_late(days)}", days)
    if start and end:
        return DueWords("date", f"From {long(start)} to {long(end)}")
    if start:
        return DueWords("date", f"Starts {long(start)}" if start > on else f"Since {long(start)}")
    if end:
        return DueWords("date", f"By {long(end)}")
    return _undated(Activity.Kind.WINDOW)


def _undated(kind):
    if kind == Activity.Kind.RECURRING:
        return DueWords("recurring", "Comes round again. Asked about each round")
    if kind == Activity.Kind.MEETING:
        return DueWords("meeting", "At a meeting that has no date yet. Asked about each round")
    if kind == Activity.Kind.RELATIVE:
        return DueWords("tbc", "Follows something else. Asked about each round")
    return DueWords("tbc", "No date yet. Asked about each round")


def _coming(kind, first, dated):
    met_count = sum(1 for _due, met in dated if met)
    if kind == Activity.Kind.RECURRING:
        words = f"Next: {long(first)}" if met_count else f"First: {long(first)}"
    elif kind == Activity.Kind.MEETING:
        words = f"Meeting of {long(first)}"
    elif len(dated) > 1 and not met_count:
        words = sentence_join([long(due) for due, _met in dated]) if len(dated) < MOST_NAMED else _several(dated)
    elif len(dated) > 1:
        words = f"{met_count} of {len(dated)} met, next {long(first)}"
    else:
        words = f"By {long(first)}"
    return DueWords(ICONS[kind], words)


def _several(dated):
    return f"{len(dated)} dates, first {long(min(due for due, _met in dated))}"


def long(day):
    """31 March 2022."""
    return f"{day.day} {day:%B %Y}"


def days_late(days):
    return "1 day late" if days == 1 else f"{days} days late"
