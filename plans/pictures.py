"""A plan in pictures, as numbers that templates turn into SVG.

Every place is a share of the width, from 0 to 100: the drawing is as wide as its page, and its words keep
their size on a phone and on paper. What a picture shows is said in words too (``words`` of a row, the
tables beside the drawings). Nothing here reads the database: ``plans.course`` does.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse

from plans.drift import capital, counted, named, number
from plans.due_words import days_late, long
from plans.models import Activity

MONTHS_NAMED_ONE_BY_ONE = 18
FURTHEST = timedelta(days=400)  # beyond the plan's own days: a mistyped year does not squash the picture


@dataclass(frozen=True)
class Scale:
    """Days from ``first`` to ``last`` as shares of the width."""

    first: date
    last: date

    @classmethod
    def of(cls, course):
        """The plan's days, and those of milestones a little before or after them."""
        plan = course.plan
        days = [mark.due_on for promise in course.promises for mark in promise.promised]
        near = [day for day in days if plan.starts_on - FURTHEST <= day <= plan.ends_on + FURTHEST]
        first, last = min([plan.starts_on, *near]), max([plan.ends_on, *near])
        return cls(first.replace(day=1), end_of_month(last))

    def at(self, day):
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(100 * min(max(share, 0), 1), 2)

    @property
    def months(self):
        """The first day of each month, or of each quarter where there are many."""
        step = 1 if self.count <= MONTHS_NAMED_ONE_BY_ONE else 3
        return [self.month(place) for place in range(0, self.count, step)]

    @property
    def count(self):
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def month(self, place):
        months = self.first.year * 12 + self.first.month - 1 + place
        return date(months // 12, months % 12 + 1, 1)

    @property
    def ticks(self):
        """Where each month begins. ``is_major``: named where there is little room, too."""
        return [
            Tick(self.at(day), f"{day:%b}", str(day.year) if place == 0 or day.month == 1 else "", place % 3 == 0)
            for place, day in enumerate(self.months)
        ]


@dataclass(frozen=True)
class Tick:
    x: float
    label: str
    year: str
    is_major: bool


def end_of_month(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


# At a glance: priorities and rounds


@dataclass(frozen=True)
class Cell:
    """One priority in one round. ``words``: "Amber, proposed" for those who cannot see the shape."""

    round: object
    rating: object
    is_proposed: bool
    is_changed: bool
    url: str

    @property
    def words(self):
        if self.rating is None:
            return "Not rated"
        if self.is_proposed:
            return f"{self.rating.word}, proposed"
        return f"{self.rating.word}, changed by the deciding group" if self.is_changed else self.rating.word


@dataclass(frozen=True)
class GlanceRow:
    heading: str
    url: str
    cells: list


def glance(course, *, on, most=None):
    """(rounds, [GlanceRow]): each priority in the rounds that have begun, or in the last ``most`` of them."""
    rounds = [each for each in course.rounds if each.opens_on <= on]
    rounds = rounds[-most:] if most else rounds
    address = reverse("plans:review-detail", args=[0, 0])
    rows = []
    for aim in course.aims:
        cells = []
        for round in rounds:
            verdict = aim.verdicts.get(round.pk)
            cells.append(
                Cell(
                    round=round,
                    rating=verdict.rating if verdict else None,
                    is_proposed=bool(verdict and verdict.is_proposed_only),
                    is_changed=bool(verdict and verdict.differs),
                    url=address.replace("/0/", f"/{aim.pk}/", 1).replace("/0/", f"/{round.pk}/", 1),
                )
            )
        rows.append(GlanceRow(aim.heading, f"{course.plan.get_absolute_url()}#priority-{aim.pk}", cells))
    return rounds, rows


# Deliverables over time


@dataclass(frozen=True)
class Point:
    """A milestone on its day. ``kind``: met, late, next, or left: a day that was moved away from."""

    x: float
    kind: str
    words: str


@dataclass(frozen=True)
class Shift:
    """From the day that was promised to the one that was agreed instead."""

    x: float
    to: float

    @property
    def start(self):
        return min(self.x, self.to)

    @property
    def width(self):
        return round(abs(self.to - self.x), 2)


@dataclass(frozen=True)
class Row:
    """One deliverable: its bar from ``x`` and so wide, and its points. ``has_dates``: else the bar says nothing."""

    promise: object
    url: str
    x: float
    width: float
    has_dates: bool
    points: list = field(default_factory=list)
    shifts: list = field(default_factory=list)
    words: str = ""


@dataclass(frozen=True)
class Timeline:
    """``groups``: pairs of a priority and its Rows; ``today``: where today stands, or None outside the picture."""

    ticks: list
    groups: list
    today: float | None
    on: date

    @property
    def has_dates(self):
        return any(row.has_dates for _aim, rows in self.groups for row in rows)


def timeline(course, *, on):
    """Every deliverable from its first day to its last, with what was met, missed and moved on the way."""
    scale = Scale.of(course)
    day = course.plan.judged_on(on)
    address = reverse("plans:deliverable-detail", args=[0])
    groups = [
        (aim, [_row(promise, scale, course.plan, day, address) for promise in aim.promises]) for aim in course.aims
    ]
    return Timeline(scale.ticks, groups, scale.at(on) if scale.first <= on <= scale.last else None, on)


def _row(promise, scale, plan, on, address):
    first, last, has_dates = span_of(promise, plan)
    x = scale.at(first)
    return Row(
        promise=promise,
        url=address.replace("/0/", f"/{promise.pk}/", 1),
        x=x,
        width=max(round(scale.at(last) - x, 2), 0.5),
        has_dates=has_dates,
        points=sorted(_points(promise, scale, on), key=lambda point: point.kind != "left"),
        shifts=[
            Shift(scale.at(move.before_due_on), scale.at(move.after_due_on))
            for work in promise.works
            for move in work.moves
            if move.holds and move.before_due_on and move.after_due_on
        ],
        words=_words(promise, on),
    )


def span_of(promise, plan):
    """(first day, last day, whether anything says so). What has a day to end by begins with the plan."""
    firsts, lasts = [], []
    for work in promise.works:
        starts = [mark.due_on for mark in work.marks if mark.is_start and mark.due_on]
        ends = [mark.due_on for mark in work.promised]
        is_open = work.kind == Activity.Kind.CONTINUOUS or (starts and not ends)
        if starts or ends or is_open:
            firsts += starts or [plan.starts_on]
            lasts += ends or [plan.ends_on]
    if not firsts:
        return plan.starts_on, plan.ends_on, False
    return min(firsts), max(lasts), True


def _points(promise, scale, on):
    for work in promise.works:
        for mark in work.promised:
            kind = "met" if mark.met_on else "late" if mark.due_on < on else "next"
            yield Point(scale.at(mark.due_on), kind, point_words(work, mark, on))
        for move in work.moves:
            if move.holds and move.before_due_on:
                yield Point(
                    scale.at(move.before_due_on), "left", f"{named(work)}: was {long(move.before_due_on)}, moved"
                )


def point_words(work, mark, on):
    if mark.met_on:
        return f"{named(work)}: due {long(mark.due_on)}, met {long(mark.met_on)}"
    late = (on - mark.due_on).days
    return f"{named(work)}: due {long(mark.due_on)}" + (f", {days_late(late)}" if late > 0 else "")


def _words(promise, on):
    """What a row shows, in one sentence."""
    marks = promise.promised
    rating = promise.rating.word if promise.rating else "Not rated"
    if not marks:
        return f"{promise.name}. {rating}. No milestone has a date."
    met = [mark for mark in marks if mark.met_on]
    said = [f"{number(len(met))} of {counted(len(marks), 'milestone')} met" if met else "no milestone met yet"]
    missed = promise.missed(on)
    if missed:
        said.append(f"{number(len(missed))} late, the first was due {long(missed[0][1].due_on)}")
    coming = sorted(mark.due_on for mark in marks if not mark.met_on and mark.due_on >= on)
    if coming:
        said.append(f"next {long(coming[0])}")
    moves = [move for work in promise.works for move in work.moves if move.holds]
    if moves:
        said.append(f"{counted(len(moves), 'date')} moved")
    return f"{promise.name}. {rating}. {capital(', '.join(said))}."


# Completion over time


@dataclass(frozen=True)
class Month:
    """How many milestones were due and met by the end of a month; ``met``: None in the future."""

    ends_on: date
    due: int
    met: int | None


@dataclass(frozen=True)
class Completion:
    """Milestones due and met, added up. ``due_path`` and ``met_path`` in a box of 100 by 100."""

    ticks: list
    levels: list
    due_path: str
    met_path: str
    today: float | None
    total: int
    due_count: int
    met_count: int
    met_y: float
    due_y: float
    months: list
    on: date

    @property
    def words(self):
        """ "By 12 January 2027, four of six milestones were due and three are met"."""
        was_or_were = "was" if self.due_count == 1 else "were"
        is_or_are = "is" if self.met_count == 1 else "are"
        what = counted(self.total, "milestone")
        due, met = (
            number(self.due_count) if self.due_count else "none",
            number(self.met_count) if self.met_count else "none",
        )
        return f"By {long(self.on)}, {due} of {what} {was_or_were} due and {met} {is_or_are} met."


def completion(course, *, on):
    """Milestones due and met over time, or None where none has a date."""
    marks = [mark for promise in course.promises for mark in promise.promised]
    if not marks:
        return None
    scale, until = Scale.of(course), min(on, course.plan.judged_on(on))
    total = len(marks)
    due = sorted(mark.due_on for mark in marks)
    met = sorted(mark.met_on for mark in marks if mark.met_on and mark.met_on <= on)
    is_now = scale.first <= on <= scale.last
    due_count = sum(1 for day in due if day <= until)
    return Completion(
        ticks=scale.ticks,
        levels=[Level(round(100 - 100 * count / total, 2), count) for count in levels_of(total)],
        due_path=steps(due, scale, total, until=scale.last),
        met_path=steps(met, scale, total, until=min(max(on, scale.first), scale.last)),
        today=scale.at(on) if is_now else None,
        total=total,
        due_count=due_count,
        met_count=len(met),
        met_y=round(100 - 100 * len(met) / total, 2),
        due_y=round(100 - 100 * due_count / total, 2),
        months=months_of(scale, due, met, on=on),
        on=until,
    )


@dataclass(frozen=True)
class Level:
    y: float
    count: int


def levels_of(total):
    """Nought, about the half, and all."""
    return sorted({0, round(total / 2), total})


def steps(days, scale, total, *, until):
    """A staircase from the lower left corner: up by one at each day, on to ``until``."""
    path = ["M0 100"]
    for height, day in enumerate(days, start=1):
        path.append(f"H{scale.at(day):g}V{100 - 100 * height / total:.4g}")
    return "".join([*path, f"H{scale.at(until):g}"])


def months_of(scale, due, met, *, on):
    found = []
    months = scale.months
    for place, first in enumerate(months):
        following = months[place + 1] if place + 1 < len(months) else None
        ends_on = following - timedelta(days=1) if following else scale.last
        is_over = first <= on
        found.append(
            Month(
                ends_on=ends_on,
                due=sum(1 for day in due if day <= ends_on),
                met=sum(1 for day in met if day <= ends_on) if is_over else None,
            )
        )
    return found
