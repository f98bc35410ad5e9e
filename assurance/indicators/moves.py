"""What a figure did, in words: moved by more than chance, got to its target or away from it, or neither.

``figures`` are what one person may see of an indicator, all its periods and areas in order: ``figures_of`` in
``small_numbers`` gives them. What is hidden from them is nothing here: it stands in no mean, limit, run or word.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from assurance.indicators.limits import (
    NEAR_KIND,
    OUTSIDE_KIND,
    SHIFT_KIND,
    TREND_KIND,
    Reading,
    read_series,
)
from assurance.indicators.words import amount, counted, name_of_period, number
from assurance.models import Indicator
from partnership.models import Area

CROSSED = "crossed"
DAYS_LOOKED_BACK = 365  # what moved earlier need not be explained any more
RECENT_POINTS = 4
SAID_FIRST = [SHIFT_KIND, TREND_KIND, OUTSIDE_KIND, NEAR_KIND]
IMPROVED, CONCERN, MOVED, STEADY, TOO_FEW, NOTHING = "improved", "concern", "moved", "steady", "few", "none"
WORDS = {
    IMPROVED: "Improvement",
    CONCERN: "Concern",
    MOVED: "Moved",
    STEADY: "No more than chance",
    TOO_FEW: "Too few to say",
    NOTHING: "No figures",
}


@dataclass(frozen=True)
class Series:
    """The figures of one area, or of the whole partnership (no area), and what the rules say of them.

    ``points`` are those of ``figures`` that have a value to show.
    """

    area: Area | None
    figures: tuple
    points: tuple
    reading: Reading

    @property
    def name(self):
        return str(self.area) if self.area else "Whole partnership"


@dataclass(frozen=True)
class Move:
    """Neighbouring points of a series that are more than chance explains, or one that crossed the target.

    ``side`` is 1 for up and -1 for down. ``is_better`` is None where nobody said which way is better.
    """

    area: Area | None
    kind: str
    side: int
    points: tuple
    is_better: bool | None
    words: str

    @property
    def last(self):
        return self.points[-1]

    @property
    def is_special(self):
        """More than chance explains, whatever the target."""
        return self.kind != CROSSED

    @property
    def judgement(self):
        return {True: IMPROVED, False: CONCERN, None: MOVED}[self.is_better]

    def holds(self, day):
        """Whether the period that begins on ``day`` is one of its."""
        return any(point.starts_on == day for point in self.points)


def series_of(indicator, figures):
    """The whole partnership first, then each area by its name."""
    by_area = {}
    for figure in figures:
        by_area.setdefault(figure.area_id, []).append(figure)
    found = []
    for own in by_area.values():
        points = tuple(figure for figure in own if figure.value is not None)
        found.append(Series(own[0].area, tuple(own), points, read_series(indicator, points)))
    return sorted(found, key=lambda series: (series.area is not None, series.name))


def judged_series(indicator, figures):
    """The series whose moves count: the whole, or where nobody counts a whole, each area."""
    found = [each for each in series_of(indicator, figures) if each.points or any(f.is_hidden for f in each.figures)]
    return found[:1] if found and found[0].area is None else found


def moves_of(indicator, figures):
    """Every ``Move`` of the series that count, in order of their last points."""
    found = [move for series in judged_series(indicator, figures) for move in moves_in(indicator, series)]
    return sorted(found, key=lambda move: move.last.starts_on)


def moves_in(indicator, series):
    return [*_special(indicator, series), *_crossings_of_target(indicator, series)]


def _special(indicator, series):
    together = []
    for phase in series.reading.phases:
        last = None
        for place in phase.places:
            mark = series.reading.marks[place]
            if mark and last and mark.side == last.side:
                together[-1].append((place, mark))
            elif mark:
                together.append([(place, mark)])
            last = mark
    return [_move(indicator, series, marked) for marked in together]


def _move(indicator, series, marked):
    points = tuple(series.points[place] for place, _mark in marked)
    kinds = {mark.kind for _place, mark in marked}
    kind, side = next(each for each in SAID_FIRST if each in kinds), marked[0][1].side
    outside = [series.points[place] for place, mark in marked if mark.kind == OUTSIDE_KIND]
    words = _said(indicator, kind, side, points)
    if outside and kind != OUTSIDE_KIND:
        words = f"{words}; {'higher' if side > 0 else 'lower'} than limits in {_when(outside)}"
    better = {indicator.Polarity.HIGHER: side > 0, indicator.Polarity.LOWER: side < 0}.get(indicator.polarity)
    return Move(series.area, kind, side, points, better, f"{words}: more than chance explains")


def _said(indicator, kind, side, points):
    up, when, length = side > 0, _when(points), counted(len(points), indicator.frequency)
    if kind == SHIFT_KIND:
        return f"{length.capitalize()} in a row {'above' if up else 'below'} the mean, {when}"
    if kind == TREND_KIND:
        return f"{'Rising' if up else 'Falling'} {indicator.frequency} after {indicator.frequency}, {when}"
    if kind == OUTSIDE_KIND:
        return f"{'Higher' if up else 'Lower'} than limits in {when}"
    return f"Close to its {'upper' if up else 'lower'} limit in {when}"


def _when(points):
    return name_of_period(points[0].starts_on, points[-1].ends_on)


def is_met(indicator, value):
    """Whether ``value`` is at the target or better; None without a target or a better way."""
    if indicator.target is None or indicator.polarity == indicator.Polarity.NEITHER:
        return None
    return value >= indicator.target if indicator.polarity == Indicator.Polarity.HIGHER else value <= indicator.target


def _crossings_of_target(indicator, series):
    """Where limits are, they say what a target means: a crossing within them is chance, and one beyond is a move."""
    target = None if indicator.target is None else number(indicator, indicator.target)
    limited = {place for phase in series.reading.phases if phase.has_limits for place in phase.places}
    found = []
    for place, (before, point) in enumerate(pairwise(series.points), start=1):
        if place in limited:
            continue
        was, is_now = is_met(indicator, before.value), is_met(indicator, point.value)
        if was == is_now:
            continue
        said = f"{'Reached' if is_now else 'Fell behind'} its target, {target}, in {_when([point])}"
        side = 1 if point.value > before.value else -1
        found.append(Move(series.area, CROSSED, side, (point,), is_now, said))
    return found


# What must be explained


def has_moved(indicator, figures, period_on):
    """The moves in which the period that begins on that day stands."""
    return [move for move in moves_of(indicator, figures) if move.holds(period_on)]


def unexplained(indicator, figures, commented, *, on):
    """Moves of the year before ``on`` that hold no period of ``commented`` (first days): the oldest first.

    ``owed`` in ``comments`` asks PostgreSQL the same of all indicators at once; a test holds the two together.
    """
    if indicator.retired_on:
        return []
    earliest = on - timedelta(days=DAYS_LOOKED_BACK)
    recent = [move for move in moves_of(indicator, figures) if move.last.ends_on >= earliest]
    return [move for move in recent if not any(move.holds(day) for day in commented)]


# In words


def judgement_of(indicator, figures):
    """One of the keys of ``WORDS``, by the newest point of what counts; of several areas the one that matters most."""
    found = [_judgement(indicator, series) for series in judged_series(indicator, figures)]
    return min(found, key=[CONCERN, MOVED, IMPROVED, STEADY, TOO_FEW, NOTHING].index, default=NOTHING)


def _judgement(indicator, series):
    if not series.points:
        return NOTHING
    move = _latest_now(indicator, series)
    if move:
        return move.judgement
    phase = series.reading.now
    if phase.crosses_too_seldom:
        return MOVED
    return TOO_FEW if phase.center is None else STEADY


def _latest(indicator, series):
    """The move by more than chance that ended last, if limits were not counted anew since; or None."""
    found = _special(indicator, series)
    first = series.points[series.reading.now.places[0]]
    return found[-1] if found and found[-1].last.starts_on >= first.starts_on else None


def in_words(indicator, figures):
    """What the figures say, in a few sentences: where it stands, whether it moved, how far it is from its target."""
    found = judged_series(indicator, figures)
    if not found:
        return "No figures yet."
    if len(found) > 1:
        return " ".join(f"{series.name}: {series_in_words(indicator, series)}" for series in found)
    areas = [series for series in series_of(indicator, figures) if series.area and series.area != found[0].area]
    moved = [(series, _latest_now(indicator, series)) for series in areas]
    apart = [f"{series.name}: {move.words}{ENDINGS[move.judgement]}" for series, move in moved if move]
    return " ".join([series_in_words(indicator, found[0]), *apart])


def _latest_now(indicator, series):
    """The move by more than chance in which the newest point stands, or None."""
    move = _latest(indicator, series) if series.points else None
    return move if move and move.last == series.points[-1] else None


def series_in_words(indicator, series):
    """The same of one area, or of the whole."""
    if not series.points:
        return "Its figures are hidden: small numbers." if series.figures else "No figures yet."
    return " ".join(
        sentence
        for sentence in (
            _where_it_stands(indicator, series),
            _whether_it_moved(indicator, series),
            _how_far(indicator, series),
        )
        if sentence
    )


def finding(indicator, series):
    """One sentence for the head of a chart."""
    if not series.points:
        return series_in_words(indicator, series)
    return _whether_it_moved(indicator, series) or _where_it_stands(indicator, series)


def _where_it_stands(indicator, series):
    point, newest = series.points[-1], series.figures[-1]
    stands = f"{amount(indicator, point.value)} in {_when([point])}."
    hidden = [figure for figure in series.figures if figure.is_hidden and figure.starts_on > point.starts_on]
    if hidden and newest.is_hidden:
        return f"{stands} The figure of {_when(hidden)} is hidden: small number."
    return stands


def _whether_it_moved(indicator, series):
    points, phase = series.points, series.reading.now
    if len(points) == 1:
        return ""
    move = _latest(indicator, series)
    if move and move.last == points[-1]:
        return f"{move.words}{ENDINGS[move.judgement]}"
    since = _points_since(points, move) if move else None
    if move and since <= RECENT_POINTS:
        return f"{move.words}{ENDINGS[move.judgement]} Since then no more than chance explains."
    if phase.center is None:
        return _too_few(indicator, series)
    return _no_more_than_chance(indicator, phase)


ENDINGS = {IMPROVED: ". An improvement.", CONCERN: ". A concern.", MOVED: "."}


def _points_since(points, move):
    return sum(point.starts_on > move.last.starts_on for point in points)


def _too_few(indicator, series):
    own = [series.points[place] for place in series.reading.now.places]
    length = counted(len(own), indicator.frequency)
    if len(series.reading.phases) > 1:
        head = f"Limits are counted anew from {own[0].starts_on:%B %Y}; {length} since then: too few to say"
    else:
        head = f"{length.capitalize()}: too few to say"
    if len(own) == 1:
        return f"{head} whether it moved."
    return f"{head} more than that it {_went(indicator, own[0].value, own[-1].value)}."


def _went(indicator, first, last):
    if first == last:
        return f"stands where it stood, at {number(indicator, last)}"
    return f"went {'up' if last > first else 'down'}, from {number(indicator, first)} to {number(indicator, last)}"


def _no_more_than_chance(indicator, phase):
    length = counted(len(phase.places), indicator.frequency)
    if phase.has_limits:
        lower, upper = number(indicator, phase.lower).removesuffix(" days"), number(indicator, phase.upper)
        return f"Within its limits, {lower} to {upper}: it goes up and down no more than chance explains."
    center = number(indicator, phase.center)
    if phase.crosses_too_seldom:
        crossed, least = phase.crossings
        times = {0: "never", 1: "once"}.get(crossed, f"{counted(crossed, 'time')}")
        return (
            f"It crossed its median, {center}, {times} in {length}, where chance gives "
            f"{counted(least, 'crossing').removesuffix(' crossings')} or more: it moved."
        )
    return f"{length.capitalize()} around a median of {center}: no more than chance explains."


def _how_far(indicator, series):
    value, phase = series.points[-1].value, series.reading.now
    sentences = []
    met = is_met(indicator, value)
    if indicator.target is not None:
        target = number(indicator, indicator.target)
        if met is None:
            sentences.append(f"The target is {target}.")
        else:
            said = f"The target, {target}, is {'met' if met else 'not met'}"
            is_steady = phase.has_limits and not _latest_now(indicator, series)
            sentences.append(f"{said}{_reach(indicator, phase, met) if is_steady else ''}.")
    if indicator.baseline is not None and not phase.has_limits:
        sentences.append(_against_baseline(indicator, value))
    return " ".join(sentences)


def _reach(indicator, phase, is_met_now):
    """What limits mean for a target, while nothing moves: Making Data Count's "assurance"."""
    reached = {is_met(indicator, phase.lower), is_met(indicator, phase.upper)}
    if reached == {True, False}:
        return "; chance alone may meet it or miss it"
    if reached == {is_met_now}:
        return ", and chance alone will not miss it" if is_met_now else ", and will not be unless something changes"
    return ""


def _against_baseline(indicator, value):
    words = indicator.baseline_words or "before"
    base = f"the baseline, {number(indicator, indicator.baseline)} ({words})"
    if value == indicator.baseline:
        return f"That is {base}."
    return f"That is {'above' if value > indicator.baseline else 'below'} {base}."


def newest_period(figures):
    """(first day, last day) of the newest period of which there is a figure, shown or hidden; None without any."""
    periods = {(f.starts_on, f.ends_on) for f in figures if f.value is not None or f.is_hidden}
    return max(periods, default=None)


def periods_of(figures) -> list[tuple[date, date]]:
    """Every period of which there is a figure, the newest first."""
    return sorted({(f.starts_on, f.ends_on) for f in figures if f.value is not None or f.is_hidden}, reverse=True)
