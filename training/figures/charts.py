"""Figures of training as bars: this year solid, the year before as an outline, each with its number.

Widths are per cent of what there is, so a drawing fits a phone and paper. Without colour it says the same: solid and
outline differ, and the numbers stand beside the bars. The table that follows a drawing says all of it in words.
"""

from dataclasses import dataclass

ROOM_FOR_BAR = 82  # per cent; the number stands after it
ROW = 58  # pixels: a name, two bars
MOST_ROWS = 14


@dataclass(frozen=True)
class Bar:
    name: str
    now: int
    before: int
    y: int
    now_width: float
    before_width: float

    @property
    def now_y(self):
        return self.y + 7

    @property
    def before_y(self):
        return self.y + 24

    @property
    def now_text_y(self):
        return self.y + 20

    @property
    def before_text_y(self):
        return self.y + 36


@dataclass(frozen=True)
class Drawing:
    """``what`` is counted; ``key`` names it among the page's drawings."""

    key: str
    title: str
    what: str
    bars: list
    others: int = 0

    @property
    def height(self):
        return ROW * len(self.bars)

    @property
    def words(self):
        return " ".join(f"{bar.name}: {bar.now}, a year before {bar.before}." for bar in self.bars)


def drawing_of(key, title, lines, *, what="attended", most=MOST_ROWS):
    """Of Lines, their Tally's ``what``; None where nothing was counted."""
    rows = [(line.name, getattr(line.now, what), getattr(line.before, what)) for line in lines]
    longest = max((max(now, before) for _name, now, before in rows), default=0)
    if not longest:
        return None
    bars = [
        Bar(
            name,
            now,
            before,
            y=place * ROW + 14,
            now_width=round(ROOM_FOR_BAR * now / longest, 2),
            before_width=round(ROOM_FOR_BAR * before / longest, 2),
        )
        for place, (name, now, before) in enumerate(rows[:most])
    ]
    return Drawing(key, title, what, bars, max(len(rows) - most, 0))


@dataclass(frozen=True)
class Column:
    name: str
    now: int
    before: int
    x: float
    now_y: float
    now_height: float
    before_y: float
    before_height: float

    @property
    def before_x(self):
        return self.x

    @property
    def now_x(self):
        return self.x + 3.2

    @property
    def middle(self):
        return self.x + 3.1

    @property
    def text_y(self):
        return min(self.now_y, self.before_y) - 6


@dataclass(frozen=True)
class Months:
    """A column for each month, side by side."""

    columns: list
    height: int = 190
    base: int = 160

    @property
    def words(self):
        return " ".join(f"{each.name}: {each.now}, a year before {each.before}." for each in self.columns)


HIGHEST, BASE = 130, 160


def months_of(lines, *, what="attended"):
    """None where nothing was counted."""
    rows = [(line.name, getattr(line.now, what), getattr(line.before, what)) for line in lines]
    most = max((max(now, before) for _name, now, before in rows), default=0)
    if not most:
        return None
    columns = []
    for place, (name, now, before) in enumerate(rows):
        now_height, before_height = HIGHEST * now / most, HIGHEST * before / most
        columns.append(
            Column(
                name,
                now,
                before,
                x=round(place * 100 / 12 + 0.8, 2),
                now_y=round(BASE - now_height, 1),
                now_height=round(now_height, 1),
                before_y=round(BASE - before_height, 1),
                before_height=round(before_height, 1),
            )
        )
    return Months(columns)
