"""Counts by theme and year, with small numbers kept back, and whatever else would give them away.

A number from 1 to one below ``smallest`` is not shown. Then totals are kept back, one after the other, until none
of those numbers can be worked out. Whether one can is asked exactly: a table with its totals is a flow (from the
whole to themes, from themes to years, and back), a number that is shown is fixed, and one that is not could be
another just where the flow can go round through it another way. A reader is taken to know the rule: a cell that is
kept back is small and not nought; of a total that is kept back nothing is known.

The way is that of statistics offices (secondary suppression, Cox 1980), with totals alone to give up, so that every
number from ``smallest`` on that stands in a cell is shown.
"""

from dataclasses import dataclass, field

LEAST_SMALLEST = 3  # below, "fewer than 2" would say 1
USUAL_SMALLEST = 5
_WHOLE, _END = ("whole",), ("end",)


@dataclass(frozen=True)
class Counts:
    """``cells`` is {(row, column): number}; what is missing is nought. ``hidden``: what is not shown.

    A row's total has the key (row, None), a column's (None, column), the whole (None, None).
    """

    rows: list
    columns: list
    cells: dict
    hidden: frozenset = field(default_factory=frozenset)

    def number(self, row, column):
        """The number behind any key."""
        rows = self.rows if row is None else [row]
        columns = self.columns if column is None else [column]
        return sum(self.cells.get((r, c), 0) for r in rows for c in columns)

    def shown(self, row, column):
        """The number, or None where it is kept back."""
        return None if (row, column) in self.hidden else self.number(row, column)

    @property
    def keys(self):
        return [(row, column) for row in (*self.rows, None) for column in (*self.columns, None)]


def with_small_ones_hidden(counts, *, smallest):
    """``counts`` as somebody may read them who may not know of numbers below ``smallest`` (3 or more)."""
    small = frozenset(key for key in counts.keys if 0 < counts.number(*key) < smallest)
    hidden = small
    while key := next((key for key in sorted(small, key=repr) if _is_known(key, counts, hidden, smallest)), None):
        hidden |= {_next_total(key, counts, hidden)}
    return Counts(counts.rows, counts.columns, counts.cells, hidden)


def _next_total(key, counts, hidden):
    """The total to give up next: of its column, of its row, the whole, then the smallest that is left."""
    row, column = key
    near = [(None, column), (row, None), (None, None)]
    others = sorted((each for each in counts.keys if None in each), key=lambda each: (counts.number(*each), repr(each)))
    return next(each for each in (*near, *others) if None in each and each not in hidden)


def _is_known(key, counts, hidden, smallest):
    """Whether the shown numbers leave but one possibility for the hidden ``key``."""
    tail, head = _ends(key)
    least, most = _bounds(key, counts, hidden, smallest)
    number = counts.number(*key)
    ways = _ways(counts, hidden, smallest, without=key)
    can_grow = number < most and _reaches(ways, head, tail)
    can_shrink = number > least and _reaches(ways, tail, head)
    return not (can_grow or can_shrink)


def _ends(key):
    """Between which points the flow of a number runs."""
    row, column = key
    if row is None and column is None:
        return _END, _WHOLE
    if column is None:
        return _WHOLE, ("row", row)
    if row is None:
        return ("column", column), _END
    return ("row", row), ("column", column)


def _bounds(key, counts, hidden, smallest):
    """The least and the most that a reader must think possible."""
    number = counts.number(*key)
    if key not in hidden:
        return number, number
    return (0, float("inf")) if None in key else (1, smallest - 1)


def _ways(counts, hidden, smallest, *, without):
    """{point: points to which one more can flow}, by adding to a number or taking from one; ``without`` one number."""
    ways = {}
    for key in hidden - {without}:
        tail, head = _ends(key)
        least, most = _bounds(key, counts, hidden, smallest)
        number = counts.number(*key)
        if number < most:
            ways.setdefault(tail, set()).add(head)
        if number > least:
            ways.setdefault(head, set()).add(tail)
    return ways


def _reaches(ways, start, goal):
    seen, waiting = {start}, [start]
    while waiting:
        point = waiting.pop()
        if point == goal:
            return True
        new = ways.get(point, set()) - seen
        seen |= new
        waiting.extend(new)
    return False
