"""Which date belongs to which activity, where one row of a plan's table lists both.

In the table the two lists are side by side and lined up by eye. With as many dates as activities the
order decides. Otherwise the words decide ("Evaluation ready by April" is the date of "Evaluate the
programme"), then the place on the page; and the person is told that it was a judgement.
"""

import re
from dataclasses import dataclass

from plans.moments import MONTHS, SEASONS, words

_WORD = re.compile(r"[a-z]{4,}")
_COMMON = (
    words(
        """
        with from that this their will each have been into year complete completed ready place work
        throughout ongoing continue start begin report
        """
    )
    | set(MONTHS)
    | set(SEASONS)
)
# "Adapt the programme throughout the year" has its own timescale and needs none beside it.
_LASTS = re.compile(r"\b(?:throughout|ongoing|continuously|all year)\b", re.IGNORECASE)
MOST_TRIED = 10_000
# A shared word outweighs any distance on the page.
A_WORD_COUNTS = 100


@dataclass(frozen=True)
class Pairing:
    """For each activity the lines of the Timescale cell that are its own; ``doubt`` if we judged."""

    lines: list
    doubt: str | None = None


def pair(activities, lines):
    """Pair ``activities`` with the ``lines`` of the Timescale cell in the same row."""
    count = len(activities)
    if count <= 1 or len(lines) <= 1:
        return Pairing([list(lines) for _ in activities])
    if count * len(lines) > MOST_TRIED:
        return Pairing([list(lines), *([] for _ in activities[1:])], _judged(count, len(lines)))
    if count == len(lines):
        return Pairing([[line] for line in lines], None if _is_plain(activities) else _by_order(count))
    paired = [[] for _ in activities]
    for line, place in zip(lines, _best_places(activities, lines), strict=True):
        paired[place].append(line)
    return Pairing(paired, _judged(count, len(lines)))


def _is_plain(activities):
    return all(activity.is_item and not activity.points for activity in activities)


def _by_order(count):
    return f"This row has {count} activities and {count} timescales. We paired them in their order."


def _judged(activities, lines):
    return (
        f"This row has {activities} activities and {lines} timescales. "
        "We paired them by their words and their place on the page."
    )


def _best_places(activities, lines):
    """The place of an activity for each line, in order, at the least cost.

    With fewer lines than activities no activity gets two.
    """
    step = 1 if len(lines) < len(activities) else 0
    costs = [[_cost(activity, line) for activity in activities] for line in lines]
    best = [costs[0]]
    came = []
    for row in costs[1:]:
        totals, origins = [], []
        for place, cost in enumerate(row):
            earlier = best[-1][: place + 1 - step]
            least = min(earlier, default=float("inf"))
            totals.append(least + cost)
            origins.append(earlier.index(least) if earlier else 0)
        best.append(totals)
        came.append(origins)
    places = [best[-1].index(min(best[-1]))]
    for origins in reversed(came):
        places.append(origins[places[-1]])
    return places[::-1]


def _cost(activity, line):
    shared = _stems(line.text) & _stems(" ".join([activity.text, *activity.points]))
    times_itself = bool(_LASTS.search(activity.text))
    return abs(activity.at - line.at) - (len(shared) - times_itself / 2) * A_WORD_COUNTS


def _stems(text):
    return {word[:5] for word in _WORD.findall(text.lower()) if word not in _COMMON}
