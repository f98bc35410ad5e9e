"""Themes over years as a drawing: a row for each theme, a circle for each year, as large as its number.

Places are shares of the width, so that the drawing is as wide as its page and its words keep their size. What it
shows stands in the table beside it, and each circle says itself in words.
"""

from dataclasses import dataclass
from math import sqrt

from reviews.years import name_of_year

LEFT, RIGHT = 6, 94
ROW, HEAD = 58, 26
LARGEST = 15


@dataclass(frozen=True)
class Circle:
    """``number`` is None where it is kept back; then the circle is an empty one of one size."""

    x: float
    radius: float
    number: int | None
    words: str


@dataclass(frozen=True)
class Line:
    title: str
    y: int
    middle: int
    circles: list


@dataclass(frozen=True)
class Drawing:
    height: int
    years: list
    lines: list
    words: str


def draw(measure, *, smallest):
    """``reviews.learning.Measure`` as a Drawing."""
    counts = measure.counts
    places = _places(counts.columns)
    most = max([counts.shown(row, year) or 0 for row in counts.rows for year in counts.columns], default=0)
    lines = []
    for number, row in enumerate(counts.rows):
        circles = []
        for year in counts.columns:
            shown = counts.shown(row, year)
            if shown == 0:
                continue
            said = f"fewer than {smallest}" if shown is None else str(shown)
            radius = 6 if shown is None else max(5, LARGEST * sqrt(shown / most))
            circles.append(Circle(places[year], round(radius, 1), shown, f"{row}, {name_of_year(year)}: {said}"))
        top = HEAD + number * ROW
        lines.append(Line(str(row), top + 16, top + 38, circles))
    first, last = counts.columns[0], counts.columns[-1]
    words = f"{measure.heading} by theme in the years from {first} to {last + 1}. The table has the same numbers."
    years = [(places[year], f"{year % 100:02}/{(year + 1) % 100:02}") for year in counts.columns]
    return Drawing(HEAD + ROW * len(lines), years, lines, words)


def _places(years):
    step = (RIGHT - LEFT) / max(len(years) - 1, 1)
    return {year: round(LEFT + step * place, 1) for place, year in enumerate(years)}
