"""Whether a figure moved by more than chance explains: control limits, run charts and the rules that read them.

Limits are those of a chart of individual values (XmR): the mean, and 2.66 times the mean moving range to each side.
2.66 is 3 / 1.128, which makes a mean range of two into three standard deviations. Sources: W. A. Shewhart; D. J.
Wheeler, "Understanding Variation" (2000), chapter 4; NIST/SEMATECH e-Handbook, 6.3.2.2; NHS England, "Making Data
Count" (2019), whose four rules are the ones here:

- outside: a point outside a limit (random figures are, about once in 370)
- shift: seven or more in a row on one side of the mean (seven coin tosses alike, begun anywhere: 1 in 64)
- trend: six or more in a row that all rise or all fall (1 in 360)
- near: two of three beyond two thirds of the way to the same limit

With fewer than twelve points a limit is a guess, so the line is the median and what is asked is how often the figures
cross it: J. Anhøj and A. V. Olesen, "Run charts revisited", PLoS ONE 9 (2014) e113825. Their other rule, the longest
run, cannot fire on so few. Six in a row that all rise or fall are a trend there too. With fewer than six
points nothing is said of chance at all.

From a day on (``Indicator.limits_from``) limits are counted anew; before it they are those of the figures before.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import comb
from statistics import median

from assurance.models import Indicator

ENOUGH_FOR_LIMITS, ENOUGH_FOR_A_MEDIAN, ENOUGH_TO_CROSS = 12, 6, 10
REACH, NEAR_REACH = Decimal("2.66"), Decimal("2.66") * 2 / 3
SHIFT, TREND = 7, 6
UNLIKELY = 0.05

OUTSIDE_KIND, SHIFT_KIND, TREND_KIND, NEAR_KIND = "outside", "shift", "trend", "near"
UNBOUNDED = {Indicator.Unit.SCORE}


@dataclass(frozen=True)
class Limits:
    """Decimals, in the figures' own unit. ``step`` is the mean moving range."""

    mean: Decimal
    step: Decimal

    @property
    def lower(self):
        return self.mean - REACH * self.step

    @property
    def upper(self):
        return self.mean + REACH * self.step

    def within(self, lowest, highest):
        """(lower, upper), no further than a figure of this kind can go; None: it can go as far as it likes."""
        lower = self.lower if lowest is None else max(self.lower, lowest)
        upper = self.upper if highest is None else min(self.upper, highest)
        return lower, upper


@dataclass(frozen=True)
class Mark:
    """Why a point is more than chance explains, and to which side: 1 is up, -1 down."""

    kind: str
    side: int


@dataclass(frozen=True)
class Phase:
    """Points of one stretch, in which limits or a median stay the same.

    ``places`` are those of its points in the series; ``lower`` and ``upper`` are None where ``center`` is a median,
    and all three where the points are too few. ``crossings`` (crossed, least by chance) is None but for a median.
    """

    places: range
    center: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    crossings: tuple | None = None

    @property
    def has_limits(self):
        return self.lower is not None

    @property
    def crosses_too_seldom(self):
        return self.crossings is not None and self.crossings[0] < self.crossings[1]


@dataclass(frozen=True)
class Reading:
    """What the rules say of a series. ``marks``: one for each point, None where chance explains it."""

    phases: tuple
    marks: tuple

    @property
    def now(self):
        """The phase that still goes on, or None."""
        return self.phases[-1] if self.phases else None


def limits_of(values):
    """Limits of ``values`` (at least two numbers, in order)."""
    steps = [abs(later - earlier) for earlier, later in zip(values, values[1:], strict=False)]
    return Limits(mean=sum(values) / len(values), step=sum(steps) / len(steps))


def bounds_of(indicator):
    """(lowest, highest) that the indicator's figures can be; None where nothing holds them."""
    if indicator.unit == Indicator.Unit.PERCENT:
        return Decimal(0), Decimal(100)
    return (None, None) if indicator.unit in UNBOUNDED else (Decimal(0), None)


def read_series(indicator, points):
    """A ``Reading`` of one series: ``points`` have ``starts_on`` and a ``value`` that is a number, in order."""
    phases, marks = [], []
    for places in _stretches(points, indicator.limits_from):
        values = [points[place].value for place in places]
        phase, found = _read(values, places, bounds_of(indicator))
        phases.append(phase)
        marks += found
    return Reading(tuple(phases), tuple(marks))


def _stretches(points, limits_from):
    before = sum(limits_from is not None and point.starts_on < limits_from for point in points)
    return [places for places in (range(before), range(before, len(points))) if places]


def _read(values, places, bounds):
    trends = _trends(values)
    if len(values) >= ENOUGH_FOR_LIMITS:
        limits = limits_of(values)
        lower, upper = limits.within(*bounds)
        rules = zip(_outside(values, limits), _shifts(values, limits), trends, _near(values, limits), strict=True)
        found = [next((mark for mark in marks if mark), None) for marks in rules]
        return Phase(places, limits.mean, lower, upper), found
    if len(values) >= ENOUGH_FOR_A_MEDIAN:
        center = median(values)
        return Phase(places, center, crossings=_crossings(values, center)), trends
    return Phase(places), [None] * len(values)


# The rules: each gives one Mark or None for each point


def _outside(values, limits):
    return [
        Mark(OUTSIDE_KIND, _sign(value - limits.mean)) if abs(value - limits.mean) > REACH * limits.step else None
        for value in values
    ]


def _shifts(values, limits):
    sides = [_sign(value - limits.mean) for value in values]
    found = [None] * len(values)
    for side, places in _runs(sides):
        if side and len(places) >= SHIFT:
            for place in places:
                found[place] = Mark(SHIFT_KIND, side)
    return found


def _trends(values):
    ways = [_sign(later - earlier) for earlier, later in zip(values, values[1:], strict=False)]
    found = [None] * len(values)
    for way, places in _runs(ways):
        if way and len(places) >= TREND - 1:
            for place in (*places, places[-1] + 1):
                found[place] = found[place] or Mark(TREND_KIND, way)
    return found


def _near(values, limits):
    sides = [
        _sign(value - limits.mean) if abs(value - limits.mean) > NEAR_REACH * limits.step else 0 for value in values
    ]
    return [
        Mark(NEAR_KIND, side) if side and sides[max(place - 2, 0) : place + 3].count(side) > 1 else None
        for place, side in enumerate(sides)
    ]


def _crossings(values, center):
    """(how often they cross the center, the least to be expected), or None of too few. On the center is no side."""
    sides = [side for side in (_sign(value - center) for value in values) if side]
    if len(sides) < ENOUGH_TO_CROSS:
        return None
    return len(_runs(sides)) - 1, fewest_crossings(len(sides))


def fewest_crossings(count):
    """The fewest crossings of a median that chance gives ``count`` points, but for one time in twenty."""
    tosses, sum_so_far = count - 1, 0
    for crossings in range(count):
        sum_so_far += comb(tosses, crossings)
        if sum_so_far >= UNLIKELY * 2**tosses:
            return crossings
    return tosses


def _runs(sides):
    """[(side, places)] of neighbours that are alike."""
    runs = []
    for place, side in enumerate(sides):
        if runs and runs[-1][0] == side:
            runs[-1][1].append(place)
        else:
            runs.append((side, [place]))
    return runs


def _sign(number):
    return (number > 0) - (number < 0)
