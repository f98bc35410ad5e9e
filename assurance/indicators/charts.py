"""Drawings of an indicator's figures, as numbers that templates turn into SVG.

On a page places are shares of the drawing (0 to 100), so it is as wide as its page while its words keep their size; in
print (``for_print``) they are units of a quarter of a millimetre, of which 672 fill the width. Everything comes from
the figures that a person may see: what is hidden has no height, no line to it and no part in the scale.

The vertical axis begins at nought unless everything drawn lies in the upper half of it; then it says where it begins.
It never stretches a small difference over its whole height: without limits it spans a quarter of the highest figure.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from assurance.indicators.limits import bounds_of
from assurance.indicators.moves import (
    CONCERN,
    IMPROVED,
    MOVED,
    finding,
    in_words,
    moves_in,
    series_in_words,
    series_of,
)
from assurance.indicators.words import amount, name_of_period, number, of_what, short_period
from assurance.models import Indicator

WIDTH = 672
STEPS = [Decimal(step) for step in ("1", "2", "2.5", "5", "10")]
TICKS_WANTED = 5
LEAST_SPAN = Decimal("0.25")
QUARTER_STARTS = {1: 4, 4: 1, 7: 2, 10: 3}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
INITIALS = "JFMAMJJASOND"
LONGEST_LABEL = 22
COLUMNS_IN_PRINT = 8
KINDS = ["own", "target", "compared", "center", "limit"]
MARKS = {
    CONCERN: "more than chance: a concern",
    IMPROVED: "more than chance: an improvement",
    MOVED: "more than chance",
}


@dataclass(frozen=True)
class Frame:
    """Where the figures are drawn; ``gap`` is the least room between two labels, ``labels`` where they stand."""

    left: float
    right: float
    top: float
    bottom: float
    gap: float
    labels: float = 0

    def x(self, share):
        return round(self.left + float(share) * (self.right - self.left), 2)

    def y(self, share):
        return round(self.bottom - float(share) * (self.bottom - self.top), 2)


PAGE = Frame(left=0, right=100, top=4, bottom=96, gap=7.5)
SMALL_ON_PAGE = Frame(left=0, right=100, top=8, bottom=94, gap=12)
PRINT = Frame(left=46, right=500, top=14, bottom=182, gap=15, labels=510)
SMALL_IN_PRINT = Frame(left=36, right=270, top=30, bottom=112, gap=15, labels=274)
SPARK = Frame(left=4, right=116, top=5, bottom=27, gap=1)


@dataclass(frozen=True)
class Times:
    """The time from the first period to the last, in months."""

    first: int
    last: int
    step: int

    def share(self, month):
        return (month - self.first) / max(self.last - self.first, 1)

    def middle(self, figure):
        return self.share((month_of(figure.starts_on) + month_of(figure.ends_on) + 1) / 2)


def month_of(day):
    return day.year * 12 + day.month - 1


def times_of(indicator, figures):
    return Times(
        min(month_of(figure.starts_on) for figure in figures),
        max(month_of(figure.ends_on) for figure in figures) + 1,
        MONTHS_OF[indicator.frequency],
    )


@dataclass(frozen=True)
class Scale:
    """The vertical axis: Decimals from ``lowest`` to ``highest``, with a line every ``step``."""

    lowest: Decimal
    highest: Decimal
    step: Decimal

    def share(self, value):
        return (value - self.lowest) / (self.highest - self.lowest)

    @property
    def ticks(self):
        count = int((self.highest - self.lowest) / self.step)
        return [self.lowest + self.step * place for place in range(count + 1)]


def scale_of(indicator, all_series, *, with_target=True):
    """One scale for all that is drawn of ``all_series``."""
    drawn, has_limits = [], False
    for series in all_series:
        drawn += [point.value for point in series.points]
        drawn += [figure.comparator for figure in series.figures if figure.comparator is not None]
        for phase in series.reading.phases:
            drawn += [each for each in (phase.center, phase.lower, phase.upper) if each is not None]
            has_limits = has_limits or phase.has_limits
    if with_target and indicator.target is not None:
        drawn.append(indicator.target)
    lowest, highest = (min(drawn), max(drawn)) if drawn else (Decimal(0), Decimal(1))
    if 0 <= lowest <= highest / 2:
        lowest = Decimal(0)
    if lowest == highest == 0:
        highest = Decimal(1)
    span = highest - lowest
    least = 0 if has_limits else abs(highest) * LEAST_SPAN
    if span < least or not span:
        wider = (least or Decimal(1)) - span
        lowest, highest = lowest - wider / 2, highest + wider / 2
        top = bounds_of(indicator)[1]
        if top is not None and highest > top >= max(drawn, default=0):
            lowest, highest = lowest - (highest - top), top
    return _rounded(lowest, highest, bounds_of(indicator), Decimal(10) ** -indicator.decimals)


def _rounded(lowest, highest, bounds, finest):
    """With round numbers on its lines, none finer than the figures themselves (``finest``)."""
    wanted = (highest - lowest) / TICKS_WANTED
    power = Decimal(10) ** wanted.adjusted()
    step = max(next(each * power for each in STEPS if each * power >= wanted), finest)
    bottom = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    top = (highest / step).to_integral_value(ROUND_CEILING) * step
    if bounds[0] is not None:
        bottom = max(bottom, bounds[0])
    if bounds[1] is not None and top > bounds[1]:
        top = max(bounds[1], highest)
    return Scale(bottom, max(top, bottom + step), step)


# What pages and reports show


def charts_of(indicator, figures):
    """Of a page: ``words``, ``main`` (the whole, or the only area) and ``areas`` (small ones on one scale)."""
    return _charts(indicator, figures, PAGE, SMALL_ON_PAGE)


def for_print(indicator, figures):
    """The same for ``indicator_chart_print.html``, which WeasyPrint draws."""
    return _charts(indicator, figures, PRINT, SMALL_IN_PRINT)


def _charts(indicator, figures, frame, small):
    found = [series for series in series_of(indicator, figures) if _is_drawn(series)]
    main = found[0] if found and (len(found) == 1 or found[0].area is None) else None
    areas = [series for series in found if series is not main]
    picture = {"indicator": indicator, "words": in_words(indicator, figures), "main": None, "areas": []}
    if main:
        times = times_of(indicator, main.figures)
        picture["main"] = _chart(indicator, main, times, scale_of(indicator, [main]), frame)
    if areas:
        times = times_of(indicator, [figure for series in areas for figure in series.figures])
        scale = scale_of(indicator, areas)
        charts = picture["areas"] = [_chart(indicator, series, times, scale, small) for series in areas]
        kinds = {mark["kind"] for chart in charts for mark in chart["marks"]}
        picture["marks"] = [{"kind": kind, "words": MARKS[kind]} for kind in MARKS if kind in kinds]
        picture["key"] = _key_of_areas(charts)
        picture["table"] = _table_of_areas(indicator, areas)
        picture["has_hidden"] = any(chart["hidden"] for chart in charts)
    return picture


def _table_of_areas(indicator, areas):
    """The last figures of all areas: ``periods`` in short, and ``rows`` of ``name`` and ``cells``."""
    periods = sorted({(figure.starts_on, figure.ends_on) for series in areas for figure in series.figures})
    periods = periods[-COLUMNS_IN_PRINT:]
    rows = []
    for series in areas:
        by_period = {figure.starts_on: figure for figure in series.figures}
        rows.append({"name": series.name, "cells": [_cell(indicator, by_period.get(day)) for day, _last in periods]})
    return {"periods": [short_period(*period) for period in periods], "rows": rows}


def _cell(indicator, figure):
    if figure is None or (figure.value is None and not figure.is_hidden):
        return "none"
    return "hidden" if figure.is_hidden else number(indicator, figure.value)


def _is_drawn(series):
    return bool(series.points) or any(figure.is_hidden for figure in series.figures)


def spark_of(indicator, figures):
    """A line of a word's size for lists, or None where there is nothing to draw: the whole, or the first area."""
    found = [series for series in series_of(indicator, figures) if series.points]
    if not found:
        return None
    series = found[0]
    times, scale = times_of(indicator, series.figures), scale_of(indicator, [series])
    last = series.points[-1]
    return {
        "path": _line(series.figures, times, scale, SPARK),
        "x": SPARK.x(times.middle(last)),
        "y": SPARK.y(scale.share(last.value)),
        "target": None if indicator.target is None else SPARK.y(scale.share(indicator.target)),
    }


def _chart(indicator, series, times, scale, frame):
    judged = _judgements(indicator, series)
    points = [_point(indicator, figure, judged.get(figure.pk), times, scale, frame) for figure in series.points]
    hidden = [figure for figure in series.figures if figure.is_hidden]
    rows = _rows(indicator, series, judged)
    return {
        "id": f"chart-{indicator.pk}-{series.area.pk if series.area else 'all'}",
        "name": series.name,
        "is_whole": series.area is None,
        "finding": finding(indicator, series),
        "rest": series_in_words(indicator, series).replace(finding(indicator, series), "").strip(),
        "stands": amount(indicator, series.points[-1].value) if series.points else "",
        "values": _values_in_words(indicator, series),
        "scale": _scale_in_words(indicator, scale),
        "width": WIDTH,
        "frame": frame,
        "ticks": _ticks(indicator, scale, frame),
        "periods": _period_ticks(times, frame),
        "years": _year_ticks(times, frame),
        "line": _line(series.figures, times, scale, frame),
        "comparator": _line(series.figures, times, scale, frame, of="comparator"),
        "comparator_name": indicator.comparator_name or "Compared with",
        "target": None if indicator.target is None else frame.y(scale.share(indicator.target)),
        "phases": [_phase(phase, series, times, scale, frame) for phase in series.reading.phases],
        "rebase": _rebase(indicator, times, frame),
        "rebase_words": _rebase_in_words(indicator, times),
        "points": points,
        "first": points[0] if len(points) > 1 else None,
        "last": points[-1] if points else None,
        "marks": [{"kind": kind, "words": MARKS[kind]} for kind in MARKS if kind in judged.values()],
        "hidden": [{"x": frame.x(times.middle(each)), "y": frame.bottom} for each in hidden],
        "labels": _labels(indicator, series, scale, frame),
        "key": _key(indicator, series),
        "rows": rows,
        "last_rows": rows[-COLUMNS_IN_PRINT:],
    }


def _judgements(indicator, series):
    """``{pk of a point: judgement}`` of those that are more than chance explains."""
    special = [move for move in moves_in(indicator, series) if move.is_special]
    return {point.pk: move.judgement for move in special for point in move.points}


def _point(indicator, figure, judgement, times, scale, frame):
    return {
        "x": frame.x(times.middle(figure)),
        "y": frame.y(scale.share(figure.value)),
        "kind": judgement or "",
        "words": number(indicator, figure.value),
        "period": short_period(figure.starts_on, figure.ends_on),
    }


def _line(figures, times, scale, frame, of="value"):
    """An SVG path from figure to figure; where there is none, or a period is left out, it breaks."""
    path, before = [], None
    for figure in figures:
        value = getattr(figure, of)
        if value is None:
            before = None
            continue
        begins = before is None or month_of(figure.starts_on) != month_of(before.ends_on) + 1
        path.append(f"{'M' if begins else 'L'}{frame.x(times.middle(figure))} {frame.y(scale.share(value))}")
        before = figure
    return " ".join(path)


def _phase(phase, series, times, scale, frame):
    own = [series.points[place] for place in phase.places]
    x = frame.x(times.share(month_of(own[0].starts_on)))
    end = frame.x(times.share(month_of(own[-1].ends_on) + 1))
    drawn = {"x": x, "end": end, "width": round(end - x, 2), "center": None, "upper": None, "lower": None}
    if phase.center is not None:
        drawn["center"] = frame.y(scale.share(phase.center))
    if phase.has_limits:
        drawn["upper"], drawn["lower"] = frame.y(scale.share(phase.upper)), frame.y(scale.share(phase.lower))
        drawn["height"] = round(drawn["lower"] - drawn["upper"], 2)
    return drawn


def _rebase(indicator, times, frame):
    """Where limits are counted anew, if that is within what is drawn."""
    if indicator.limits_from is None or not times.first < month_of(indicator.limits_from) < times.last:
        return None
    return frame.x(times.share(month_of(indicator.limits_from)))


def _rebase_in_words(indicator, times):
    if _rebase(indicator, times, PAGE) is None:
        return ""
    return f"Limits are counted anew from {indicator.limits_from:%B %Y}: {indicator.limits_because}"


# Axes


def _ticks(indicator, scale, frame):
    places = max(0, -scale.step.normalize().as_tuple().exponent)
    return [
        {"y": frame.y(scale.share(tick)), "label": number(indicator, tick, decimals=places).removesuffix(" days")}
        for tick in scale.ticks
    ]


def _period_ticks(times, frame):
    """A word under each period: a quarter of the financial year, a month's first letter, a year."""
    found = []
    for month in range(times.first, times.last, times.step):
        of_year = month % 12 + 1
        if times.step == 12:
            label, is_major = _year(month) if of_year == 4 else str(month // 12), True
        elif times.step == 3 and of_year in QUARTER_STARTS:
            label, is_major = f"Q{QUARTER_STARTS[of_year]}", QUARTER_STARTS[of_year] % 2 == 1
        else:
            label, is_major = INITIALS[of_year - 1], of_year % 3 == 1
        found.append({"x": frame.x(times.share(month + times.step / 2)), "label": label, "is_major": is_major})
    return found


def _year_ticks(times, frame):
    """Financial years under months and quarters: where each begins, and its name in the middle of what is seen."""
    if times.step == 12:
        return []
    found, month = [], times.first
    while month < times.last:
        after = min((month - 3) // 12 * 12 + 15, times.last)
        found.append(
            {
                "x": frame.x(times.share((month + after) / 2)),
                "begins": frame.x(times.share(month)) if month > times.first else None,
                "label": _year(month),
                "is_major": after - month > 3,
            }
        )
        month = after
    return found


def _year(month):
    """ "2026–27", the financial year of that month."""
    year = (month - 3) // 12
    return f"{year}–{(year + 1) % 100:02}"


def _scale_in_words(indicator, scale):
    counted = of_what(indicator)
    if indicator.unit == Indicator.Unit.PERCENT or not counted:
        counted = f"{indicator.get_unit_display()} {counted}".strip()
    begins = "" if scale.lowest == 0 else f" The vertical axis starts at {number(indicator, scale.lowest)}."
    return f"{counted[:1].upper()}{counted[1:]}.{begins}"


# Words beside the lines, and the same in a key where there is no room beside them


def _key(indicator, series):
    """[(kind, name, words)] of each line that is drawn, the figures first."""
    lines = []
    if series.points:
        last = series.points[-1]
        name = str(series.area) if series.area else "This partnership"
        lines.append({"kind": "own", "name": name, "words": number(indicator, last.value), "value": last.value})
    if indicator.target is not None:
        target = indicator.target
        lines.append({"kind": "target", "name": "Target", "words": number(indicator, target), "value": target})
    compared = [figure.comparator for figure in series.figures if figure.comparator is not None]
    if compared:
        name = indicator.comparator_name or "Compared with"
        lines.append(
            {"kind": "compared", "name": name, "words": number(indicator, compared[-1]), "value": compared[-1]}
        )
    phase = series.reading.now
    if phase and phase.center is not None:
        name = "Mean" if phase.has_limits else "Median"
        lines.append({"kind": "center", "name": name, "words": number(indicator, phase.center), "value": phase.center})
    if phase and phase.has_limits:
        for name, value in (("Upper limit", phase.upper), ("Lower limit", phase.lower)):
            lines.append({"kind": "limit", "name": name, "words": number(indicator, value), "value": value})
    return lines


def _key_of_areas(charts):
    """One line of each kind for all of them."""
    called = {"own": "Each area", "limit": "Limits"}
    lines = {line["kind"]: line for chart in charts for line in reversed(chart["key"])}
    return [lines[kind] | {"name": called.get(kind, lines[kind]["name"])} for kind in KINDS if kind in lines]


def _labels(indicator, series, scale, frame):
    """The key's lines at the height where each line ends, moved apart so that none covers another."""
    labels = [
        {
            "kind": line["kind"],
            "name": _shortened(line["name"], LONGEST_LABEL - len(line["words"])),
            "words": line["words"],
            "x": frame.labels,
            "y": frame.y(scale.share(line["value"])),
        }
        for line in _key(indicator, series)
    ]
    labels.sort(key=lambda label: label["y"])
    for above, label in zip(labels, labels[1:], strict=False):
        label["y"] = max(label["y"], round(above["y"] + frame.gap, 2))
    lowest = frame.bottom
    for label in reversed(labels):
        label["y"] = min(label["y"], lowest)
        lowest = round(label["y"] - frame.gap, 2)
    return labels


def _shortened(text, length):
    return text if len(text) <= length else f"{text[: max(length - 1, 6)].rstrip()}…"


# The same as words and as a table


def _values_in_words(indicator, series):
    said = []
    for figure in series.figures:
        when = name_of_period(figure.starts_on, figure.ends_on)
        if figure.value is not None:
            said.append(f"{when} {number(indicator, figure.value)}")
        elif figure.is_hidden:
            said.append(f"{when} hidden")
    return f"{'; '.join(said)}." if said else ""


def _rows(indicator, series, judged):
    """The table: each period with its figure, what it is compared with and whether it is more than chance."""
    return [
        {
            "period": name_of_period(figure.starts_on, figure.ends_on),
            "short": short_period(figure.starts_on, figure.ends_on),
            "value": None if figure.value is None else number(indicator, figure.value),
            "is_hidden": figure.is_hidden,
            "comparator": None if figure.comparator is None else number(indicator, figure.comparator),
            "mark": MARKS.get(judged.get(figure.pk), ""),
            "note": figure.note,
        }
        for figure in series.figures
    ]
