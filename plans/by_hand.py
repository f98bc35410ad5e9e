"""What a timescale means, said by a person where our reading of the words is not what was meant.

The words of the plan stay as they are written. What they mean is one line of plain English beside them,
so that it can be read in the history, in an exported document and in a file that comes back::

    15 October 2027
    30 June 2027: first draft; 30 September 2027
    From 1 June 2027 to 31 March 2028
    Every 3 months from 30 June 2027
    At a meeting on 3 June 2027
    Throughout the plan
    After something else
    Not known yet

``say`` writes that line and ``read`` reads it; ``reading_of`` gives its days as ``plans.timescale`` does.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from plans.timescale import ReadMilestone, Timescale

BY_HAND = "Corrected by hand:"  # stands before the line in a document
MOST_DATES = 60  # days in one timescale: weekly for a year, with a few to spare
UNITS = ("weeks", "months", "years")
LONGEST_LABEL = 200

ALWAYS = {"continuous": "Throughout the plan", "relative": "After something else", "unset": "Not known yet"}
MEETING = "At a meeting"
AGAIN = "Comes round again"

_DAY = r"(\d{1,2} [A-Z][a-z]+ \d{4})"
_WINDOW = re.compile(rf"^From {_DAY}(?: to {_DAY}|, with no end)$")
_EVERY = re.compile(rf"^Every (?:(\d{{1,2}}) )?(week|month|year)s?(?: from {_DAY})?$")
_MEETING = re.compile(rf"^{MEETING}(?: on {_DAY})?$")
_DATED = re.compile(rf"^{_DAY}(?:: (.+))?$")


@dataclass(frozen=True)
class Meaning:
    """``days``: (day, label) of each date in order; a window has its first day and its last, or one alone."""

    kind: str
    days: tuple = ()
    every: int | None = None
    unit: str = ""

    def __str__(self):
        return say(self)


def say(meaning):
    """The line that says ``meaning``."""
    days = [long(day) for day, _label in meaning.days]
    if meaning.kind in ALWAYS:
        return ALWAYS[meaning.kind]
    if meaning.kind == "window":
        return f"From {days[0]} to {days[1]}" if len(days) > 1 else f"From {days[0]}, with no end"
    if meaning.kind == "recurring":
        if not meaning.every:
            return AGAIN
        how_often = meaning.unit.removesuffix("s") if meaning.every == 1 else f"{meaning.every} {meaning.unit}"
        return f"Every {how_often}" + (f" from {days[0]}" if days else "")
    if meaning.kind == "meeting":
        return f"{MEETING} on {days[0]}" if days else MEETING
    parts = [f"{day}: {label}" if label else day for day, (_, label) in zip(days, meaning.days, strict=True)]
    return "; ".join(parts)


def read(line):
    """The Meaning that ``line`` says, or None where it says none."""
    line = " ".join(line.split())
    kind = next((kind for kind, words in ALWAYS.items() if words == line), None)
    if kind:
        return Meaning(kind)
    if line == AGAIN:
        return Meaning("recurring")
    try:
        return _window(line) or _every(line) or _meeting(line) or _dates(line)
    except ValueError:  # 31 June 2027
        return None


def _window(line):
    match = _WINDOW.match(line)
    return Meaning("window", _days(*match.groups())) if match else None


def _every(line):
    match = _EVERY.match(line)
    if not match:
        return None
    every, unit, first = match.groups()
    return Meaning("recurring", _days(first), int(every or 1), f"{unit}s")


def _meeting(line):
    match = _MEETING.match(line)
    return Meaning("meeting", _days(*match.groups())) if match else None


def _dates(line):
    found = [_DATED.match(part) for part in line.split("; ")]
    if not all(found) or len(found) > MOST_DATES:
        return None
    days = tuple((day_of(match[1]), (match[2] or "")[:LONGEST_LABEL]) for match in found)
    return Meaning("date" if len(days) == 1 else "dates", days)


def _days(*said):
    return tuple((day_of(day), "") for day in said if day)


def reading_of(meaning, *, ends_on):
    """``meaning`` as a Timescale of a plan that ends on a day: what comes round again does so until then."""
    days = meaning.days
    if meaning.kind == "recurring" and days and meaning.every:
        days = tuple((day, "") for day in repeated(days[0][0], meaning.every, meaning.unit, until=ends_on))
    milestones = [ReadMilestone(day, label or None, "day") for day, label in days]
    if meaning.kind == "window" and len(days) == 1:
        milestones.append(ReadMilestone(None, None, "day"))
    return Timescale(meaning.kind, tuple(milestones))


def repeated(first, every, unit, *, until):
    """``first`` and the days that follow it at that interval, up to ``until``; never more than MOST_DATES."""
    days = []
    for turn in range(MOST_DATES):
        day = first + timedelta(weeks=every * turn) if unit == "weeks" else _months_on(first, every * turn, unit)
        if day is None or (day > until and days):
            break
        days.append(day)
    return days


def _months_on(first, count, unit):
    """The same day of a later month, its last day where that month is shorter; None past the calendar's end."""
    months = first.year * 12 + first.month - 1 + count * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    if year > date.max.year:
        return None
    is_last = first.day == calendar.monthrange(first.year, first.month)[1]
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if is_last else min(first.day, last))


def apart(written):
    """(the words as written, what a person said they mean) of a timescale from a document of ours.

    An export puts the second under the first, after "Corrected by hand:".
    """
    before, found, after = written.rpartition(BY_HAND)
    meaning = read(after) if found else None
    return (before.strip(), say(meaning)) if meaning else (written, "")


def together(written, by_hand):
    """The words as written, with what they mean under them."""
    return "\n".join(filter(None, [written, f"{BY_HAND} {by_hand}"])) if by_hand else written


def day_of(said):
    """The date of "15 October 2027". Raises ValueError."""
    day, month, year = said.split()
    return date(int(year), list(calendar.month_name).index(month), int(day))


def long(day):
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
