"""Figures of training over a stretch of days, against the same days a year before: counts, and never a name.

An event counts from the moment it begins, so a year that still runs is laid beside as much of the year before. What
was called off is counted by itself. A place is counted once, under the one thing that became of it. However many
events there are, three queries answer: the events, what became of their places, and who trained.
"""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone

from training.models import AgencyTrainingReturn, Course, Event, EventTrainer, Place, PlaceStatus

NO_AGENCY = "No agency of ours"


@dataclass(frozen=True)
class Stretch:
    """Days from ``starts_on`` to ``ends_on``, both included."""

    starts_on: date
    ends_on: date

    @property
    def year_before(self):
        return Stretch(a_year_before(self.starts_on), a_year_before(self.ends_on))

    def until(self, day):
        """As much of it as is over on ``day``; at least its first day."""
        return Stretch(self.starts_on, max(self.starts_on, min(self.ends_on, day)))


def a_year_before(day):
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def year_of(partnership, day):
    """The financial Stretch in which ``day`` is; without a partnership that from April."""
    month = partnership.financial_year_starts_month if partnership else 4
    starts_on = date(day.year - (day < date(day.year, month, 1)), month, 1)
    return Stretch(starts_on, starts_on.replace(year=starts_on.year + 1) - timedelta(days=1))


@dataclass(frozen=True)
class Tally:
    """What was offered and what became of it. ``late``: cancelled too late; ``unserved``: waited in vain."""

    events: int = 0
    offered: int = 0
    taken: int = 0
    attended: int = 0
    missed: int = 0
    late: int = 0
    cancelled: int = 0
    unserved: int = 0

    def __add__(self, other):
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)))

    @property
    def known(self):
        """Places of which it is known whether somebody came."""
        return self.attended + self.missed

    @property
    def attended_share(self):
        return share(self.attended, self.known)

    @property
    def filled_share(self):
        return share(self.taken, self.offered)


NOTHING = Tally()


def share(part, whole):
    """Per cent, rounded; None of nothing."""
    return round(100 * part / whole) if whole else None


BECAME = {
    PlaceStatus.ATTENDED: Tally(taken=1, attended=1),
    PlaceStatus.MISSED: Tally(taken=1, missed=1),
    PlaceStatus.BOOKED: Tally(taken=1),
    PlaceStatus.AGREEMENT: Tally(taken=1),
    PlaceStatus.WAITING: Tally(unserved=1),
    PlaceStatus.UNCONFIRMED: NOTHING,
}


def tally_of(status, is_late, count):
    one = Tally(late=1) if is_late else Tally(cancelled=1)
    one = BECAME.get(status, one)
    return Tally(*(getattr(one, each.name) * count for each in fields(Tally)))


@dataclass(frozen=True)
class Line:
    """One agency, month, course or way: ``now``, and the ``before`` of the year before."""

    name: str
    now: Tally
    before: Tally
    key: object = None


@dataclass(frozen=True)
class TrainerLine:
    name: str
    now: Decimal
    before: Decimal


@dataclass(frozen=True)
class Figures:
    """``stretch`` is what is counted, as far as it is over; ``before`` the same days a year earlier."""

    stretch: Stretch
    before: Stretch
    now: Tally
    then: Tally
    called_off: int
    called_off_then: int
    course_count: int
    course_count_then: int
    to_come: int
    agencies: list
    months: list
    courses: list
    modes: list
    trainers: list
    events: list

    @property
    def has_any(self):
        return bool(self.now.events or self.then.events or self.to_come)

    @property
    def trainer_days(self):
        return sum((line.now for line in self.trainers), Decimal(0))

    @property
    def trainer_days_then(self):
        return sum((line.before for line in self.trainers), Decimal(0))

    @property
    def totals(self):
        """(what, now, a year before) of the first table, in words."""
        now, then = self.now, self.then
        return [
            ("Courses held", self.course_count, self.course_count_then),
            ("Events held", now.events, then.events),
            ("Events called off", self.called_off, self.called_off_then),
            ("Places offered", now.offered, then.offered),
            ("Places taken", now.taken, then.taken),
            ("Attended", now.attended, then.attended),
            ("Did not attend", now.missed, then.missed),
            ("Cancelled too late", now.late, then.late),
            ("Cancelled in time", now.cancelled, then.cancelled),
            ("Waited and got no place", now.unserved, then.unserved),
            ("Trainer days given", self.trainer_days, self.trainer_days_then),
        ]


def figures_of_training(events, stretch, *, at, organisations=None):
    """Figures over ``stretch`` of ``events`` (an Event queryset). ``organisations`` narrows places and trainer days.

    Whoever asks says by ``events`` what they may know; all figures are counts.
    """
    today = timezone.localdate(at)
    counted = stretch.until(today)
    before = counted.year_before
    known = Event.objects.filter(pk__in=events.order_by().values("pk"))
    rows = list(
        known.filter(starts_at__date__range=(before.starts_on, stretch.ends_on))
        .select_related("course")
        .order_by("starts_at", "pk")
    )
    now, then = _within(rows, counted, at), _within(rows, before, at)
    held = [event for event in now if not event.is_cancelled]
    held_then = [event for event in then if not event.is_cancelled]
    keys = [event.pk for event in (*held, *held_then)]
    places = _places(keys, organisations)
    sums = _Sums()
    for is_now, some in [(True, held), (False, held_then)]:
        for event in some:
            sums.add(event, places.get(event.pk, {}), is_now=is_now, is_whole=organisations is None)
    return Figures(
        stretch=counted,
        before=before,
        now=sums.total(is_now=True),
        then=sums.total(is_now=False),
        called_off=len(now) - len(held),
        called_off_then=len(then) - len(held_then),
        course_count=len({event.course_id for event in held}),
        course_count_then=len({event.course_id for event in held_then}),
        to_come=sum(event.starts_at > at and not event.is_cancelled for event in rows),
        agencies=sums.lines("agency"),
        months=sums.months(counted),
        courses=sums.lines("course"),
        modes=sums.lines("mode"),
        trainers=_trainers({event.pk for event in held}, keys, organisations),
        events=held,
    )


def _within(rows, stretch, at):
    days = (stretch.starts_on, stretch.ends_on)
    return [event for event in rows if days[0] <= day_of(event) <= days[1] and event.starts_at <= at]


def day_of(event):
    return timezone.localdate(event.starts_at)


def _places(keys, organisations):
    """{event: {organisation: Tally}}. One query, of counts alone."""
    places = Place.objects.filter(event__in=keys).order_by()
    if organisations is not None:
        places = places.filter(organisation__in=organisations)
    found = defaultdict(lambda: defaultdict(Tally))
    rows = places.values_list("event", "organisation__name", "status", "is_late").annotate(count=Count("pk"))
    for event, organisation, status, is_late, count in rows:
        found[event][organisation] += tally_of(status, is_late, count)
    return found


def _trainers(now, keys, organisations):
    """A TrainerLine for each agency, those who gave most first. One query."""
    people = EventTrainer.objects.filter(event__in=keys)
    if organisations is not None:
        people = people.filter(organisation__in=organisations)
    days = defaultdict(lambda: {True: Decimal(0), False: Decimal(0)})
    for event, name, count in people.values_list("event", "organisation__name", "days"):
        days[name or NO_AGENCY][event in now] += count
    lines = [TrainerLine(name, each[True], each[False]) for name, each in days.items()]
    return sorted(lines, key=lambda line: (-line.now, -line.before, line.name))


class _Sums:
    """Tallies by everything that a page shows, filled event by event."""

    def __init__(self):
        self.by = defaultdict(lambda: {True: NOTHING, False: NOTHING})
        self.names = {}

    def add(self, event, places, *, is_now, is_whole):
        whole = Tally(events=1, offered=event.capacity if is_whole else 0)
        for tally in places.values():
            whole += tally
        day = day_of(event)
        for kind, key, name in [
            ("all", None, ""),
            ("month", day.month, ""),
            ("course", event.course_id, event.course.title),
            ("mode", event.course.mode, event.course.get_mode_display()),
        ]:
            self._put(kind, key, name, whole, is_now=is_now)
        for organisation, tally in places.items():
            self._put("agency", organisation, organisation, tally + Tally(events=1), is_now=is_now)

    def _put(self, kind, key, name, tally, *, is_now):
        self.by[kind, key][is_now] += tally
        self.names[kind, key] = name

    def total(self, *, is_now):
        return self.by["all", None][is_now]

    def lines(self, kind):
        """Those with most places taken first."""
        lines = [
            Line(self.names[found, key], each[True], each[False], key)
            for (found, key), each in self.by.items()
            if found == kind
        ]
        return sorted(lines, key=lambda line: (-line.now.taken, -line.before.taken, line.name))

    def months(self, stretch):
        """Of each month of the stretch, as it runs; of more than a year each month of the calendar once."""
        first, count = stretch.starts_on.replace(day=1), 0
        lines = []
        while first <= stretch.ends_on and count < 12:
            each = self.by["month", first.month]
            lines.append(Line(f"{first:%B}", each[True], each[False], first.month))
            first, count = (first + timedelta(days=32)).replace(day=1), count + 1
        return lines


def events_for(user, partnership):
    """The events that ``user`` may know of; of one ``partnership`` where it is not None."""
    events = Event.objects.visible_to(user)
    if partnership is not None:
        events = events.filter(course__in=Course.objects.filter(partnerships=partnership).values("pk"))
    return events


@dataclass(frozen=True)
class OwnTraining:
    """What one agency said in its single-agency return: lines, people who need it, people who took it."""

    record: AgencyTrainingReturn
    courses: int
    needed: int
    trained: int

    @property
    def share(self):
        return share(self.trained, self.needed)


def own_training_for(user, stretch, partnership):
    """The submitted single-agency returns of the stretch that ``user`` reads; counted where both counts are given."""
    records = (
        AgencyTrainingReturn.objects.visible_to(user)
        .exclude(submitted_at=None)
        .filter(starts_on__lte=stretch.ends_on, ends_on__gte=stretch.starts_on)
        .select_related("organisation")
        .prefetch_related("courses")
        .order_by("organisation__name", "starts_on")
    )
    if partnership is not None:
        records = records.filter(partnership=partnership)
    found = []
    for record in records:
        lines = list(record.courses.all())
        counted = [line for line in lines if line.needed_count is not None and line.trained_count is not None]
        needed = sum(line.needed_count for line in counted)
        found.append(OwnTraining(record, len(lines), needed, sum(line.trained_count for line in counted)))
    return found
