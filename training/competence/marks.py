"""Who holds which competency on a day: by a course that gives it, or by what their agency says.

It is required by somebody's role, within so many months of their beginning in it, and runs out where it has to be
refreshed. All is read at once: as many queries for ten practitioners as for ten thousand.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from partnership.models import Organisation
from partnership.standing import standing_of
from training.models import Competency, CompetencyRecord, Event, Place, PlaceStatus, Practitioner, RoleRequirement

SOON_MONTHS = 3
# Of a smaller group nobody outside says more: who lacks something could be worked out.
FEWEST_PEOPLE = 5


class State(models.TextChoices):
    """The worst last, but for what nobody asks."""

    HELD = "held", "Held"
    SOON = "soon", "Runs out soon"
    IN_TIME = "in-time", "Not yet, still in time"
    OVER = "over", "Has run out"
    NEVER = "never", "Missing"


HOLDING = {State.HELD, State.SOON}
LACKING = {State.OVER, State.NEVER}


def months_after(day, months):
    """The same day so many months later; the last of the month where it has no such day, as PostgreSQL reckons."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class Gain:
    """The last time somebody gained something, and how: the course's title, or the words of their agency."""

    on: date
    how: str


@dataclass(frozen=True)
class Mark:
    """One practitioner and one competency. ``due_on``: by when somebody new has to have it."""

    practitioner: Practitioner
    competency: Competency
    state: str
    gained: Gain | None = None
    runs_out_on: date | None = None
    due_on: date | None = None
    is_required: bool = True

    @property
    def is_lacking(self):
        return self.is_required and self.state in LACKING

    @property
    def words(self):
        return State(self.state).label


def gains_of(practitioners, competencies, *, on):
    """{(practitioner's key, competency's key): the last Gain until ``on``}. Two queries."""
    people, wanted = practitioners.order_by().values("pk"), competencies.order_by().values("pk")
    attended = (
        Place.objects.annotate(competency=F("event__course__competencies"), day=TruncDate("event__starts_at"))
        .filter(status=PlaceStatus.ATTENDED, practitioner__in=people, competency__in=wanted, day__lte=on)
        .order_by("practitioner", "competency", "-day", "pk")
        .distinct("practitioner", "competency")
        .values_list("practitioner", "competency", "day", "event__course__title")
    )
    recorded = (
        CompetencyRecord.objects.filter(practitioner__in=people, competency__in=wanted, gained_on__lte=on)
        .order_by("practitioner", "competency", "-gained_on", "pk")
        .distinct("practitioner", "competency")
        .values_list("practitioner", "competency", "gained_on", "evidence")
    )
    gains = {}
    for person, competency, day, how in [*attended, *recorded]:
        known = gains.get((person, competency))
        if known is None or day > known.on:
            gains[person, competency] = Gain(day, how)
    return gains


def mark_of(practitioner, competency, gain, *, on, within_months=None):
    """``within_months`` is None for what their role does not ask for."""
    runs_out_on = due_on = None
    if gain:
        if competency.valid_months:
            runs_out_on = months_after(gain.on, competency.valid_months)
        if runs_out_on and runs_out_on < on:
            state = State.OVER
        elif runs_out_on and runs_out_on <= months_after(on, SOON_MONTHS):
            state = State.SOON
        else:
            state = State.HELD
    else:
        if practitioner.began_on is not None and within_months is not None:
            due_on = months_after(practitioner.began_on, within_months)
        state = State.IN_TIME if due_on and on <= due_on else State.NEVER
    return Mark(practitioner, competency, state, gain, runs_out_on, due_on, is_required=within_months is not None)


def marks_of(practitioners, *, on, competencies=None):
    """A Mark for all that the role of each of ``practitioners`` asks for. Four queries.

    ``competencies`` keeps those of some alone.
    """
    if competencies is None:
        competencies = Competency.objects.all()
    requirements = RoleRequirement.objects.filter(competency__in=competencies.order_by().values("pk"))
    requirements = requirements.select_related("competency").order_by("competency__position", "competency__title")
    asked = {}
    for requirement in requirements:
        asked.setdefault(requirement.role_id, []).append(requirement)
    people = practitioners.filter(role__in=asked)
    gains = gains_of(people, competencies, on=on)
    return [
        mark_of(
            person,
            requirement.competency,
            gains.get((person.pk, requirement.competency_id)),
            on=on,
            within_months=requirement.within_months,
        )
        for person in people.select_related("organisation", "role")
        for requirement in asked[person.role_id]
    ]


def marks_of_person(practitioner, *, on, competencies):
    """What they need by their role first, then what they hold beside it, as marks that are not required."""
    alone = Practitioner.objects.filter(pk=practitioner.pk)
    required = marks_of(alone, on=on, competencies=competencies)
    beside = competencies.exclude(pk__in=[mark.competency.pk for mark in required])
    gains = gains_of(alone, beside, on=on)
    held = beside.filter(pk__in=[competency for _person, competency in gains])
    return required + [mark_of(practitioner, each, gains[practitioner.pk, each.pk], on=on) for each in held]


def lacking(practitioners, *, on, competencies=None):
    """The keys of those who lack any of ``competencies`` that their role asks for."""
    marks = marks_of(practitioners, on=on, competencies=competencies)
    return {mark.practitioner.pk for mark in marks if mark.is_lacking}


# By agency


@dataclass
class Tally:
    """How it stands with so many people and one competency, or with all of them."""

    states: dict = field(default_factory=lambda: dict.fromkeys(State.values, 0))
    is_hidden: bool = False

    def add(self, mark):
        self.states[mark.state] += 1

    def merge(self, other):
        for state, count in other.states.items():
            self.states[state] += count

    @property
    def needed(self):
        return sum(self.states.values())

    @property
    def held(self):
        return self.states[State.HELD] + self.states[State.SOON]

    @property
    def soon(self):
        return self.states[State.SOON]

    @property
    def lacked(self):
        return self.states[State.OVER] + self.states[State.NEVER]

    @property
    def in_time(self):
        return self.states[State.IN_TIME]

    @property
    def share(self):
        """Of those who need it, in per cent, how many hold it; None where nobody does."""
        return round(100 * self.held / self.needed) if self.needed else None


@dataclass(frozen=True)
class Line:
    """An organisation, or all of them together (None). ``cells``: a Tally for each competency."""

    organisation: Organisation | None
    cells: list
    whole: Tally
    people: int = 0
    without_role: int = 0


@dataclass(frozen=True)
class Gaps:
    """``total`` is None where it would say too much of others; ``is_whole``: every organisation stands there."""

    competencies: list
    lines: list
    total: Line | None
    is_whole: bool
    absent: list


def gaps_of(user, partnership, *, on):
    """Who lacks what by agency, as ``user`` may see it.

    Whoever runs training sees all. The advisor sees the organisations' numbers, but none of fewer than five people.
    A member sees its own organisation's line, and the whole where five people of two other organisations stand in it.
    """
    standing = standing_of(user)
    people = Practitioner.objects.of_partnership(partnership).on_day(on)
    competencies = list(Competency.objects.filter(partnership=partnership, requirements__isnull=False).distinct())
    members = list(Organisation.objects.members_of([partnership.pk], on=on).order_by("name"))
    lines = lines_of(people, competencies, members, partnership, on=on)
    runs = partnership.pk in standing.training_ids | standing.office_ids
    if runs or partnership.pk in standing.advisor_ids:
        shown, total = lines, sum_of(lines, competencies)
        if not runs:
            for line in shown:
                hide_small(line)
        is_whole = True
    else:
        shown = [line for line in lines if line.organisation.pk in standing.organisation_ids]
        others = [line for line in lines if line not in shown and line.whole.needed]
        many = len(others) > 1 and sum(line.people for line in others) >= FEWEST_PEOPLE
        total, is_whole = sum_of(lines, competencies) if many else None, False
        if total:
            hide_small_rest(total, shown, competencies)
    absent = [line.organisation for line in shown if not line.people] if is_whole else []
    return Gaps(competencies, [line for line in shown if line.people or not is_whole], total, is_whole, absent)


def lines_of(people, competencies, members, partnership, *, on):
    places = {competency.pk: number for number, competency in enumerate(competencies)}
    organisations = {each.pk: each for each in members}
    found = {each.pk: [Tally() for _ in competencies] for each in members}
    own = Competency.objects.filter(partnership=partnership)
    for mark in marks_of(people.filter(role__partnership=partnership), on=on, competencies=own):
        organisation = mark.practitioner.organisation
        if organisation.pk not in found:  # was a member, and its people are still in the register
            organisations[organisation.pk] = organisation
            found[organisation.pk] = [Tally() for _ in competencies]
        found[organisation.pk][places[mark.competency.pk]].add(mark)
    counts = {
        row["organisation"]: (row["people"], row["without_role"])
        for row in people.order_by()
        .values("organisation")
        .annotate(people=models.Count("pk"), without_role=models.Count("pk", filter=Q(role=None)))
    }
    lines = []
    for pk, cells in found.items():
        whole = Tally()
        for cell in cells:
            whole.merge(cell)
        lines.append(Line(organisations[pk], cells, whole, *counts.get(pk, (0, 0))))
    return sorted(lines, key=lambda line: line.organisation.name)


def sum_of(lines, competencies):
    cells, whole = [Tally() for _ in competencies], Tally()
    for line in lines:
        whole.merge(line.whole)
        for cell, each in zip(cells, line.cells, strict=True):
            cell.merge(each)
    return Line(None, cells, whole, sum(line.people for line in lines), sum(line.without_role for line in lines))


def hide_small(line):
    """No number of fewer than five people; nor what all come to where one hidden number could be worked out of it."""
    hidden = [cell for cell in line.cells if 0 < cell.needed < FEWEST_PEOPLE]
    for cell in hidden:
        cell.is_hidden = True
    line.whole.is_hidden = bool(hidden)


def hide_small_rest(total, shown, competencies):
    """In the whole, no number from which a member could work out what fewer than five others hold."""
    for number, _competency in enumerate(competencies):
        own = sum(line.cells[number].needed for line in shown)
        total.cells[number].is_hidden = 0 < total.cells[number].needed - own < FEWEST_PEOPLE
    total.whole.is_hidden = any(cell.is_hidden for cell in total.cells)


# What closes a gap


def coming_events(user, competency, *, at):
    """Events to come of courses that give it, as ``user`` may see them, the soonest first, with their places."""
    visible = Event.objects.visible_to(user).filter(course__competencies=competency).order_by()
    events = Event.objects.filter(pk__in=visible.values("pk"), starts_at__gte=at).not_cancelled()
    return events.select_related("course").with_place_counts().order_by("starts_at", "pk")


def booked_for(practitioner_ids, competency, *, at):
    """{practitioner's key: when they come next to a course that gives it}."""
    places = Place.objects.taken().filter(
        practitioner__in=practitioner_ids,
        event__course__competencies=competency,
        event__starts_at__gte=at,
        event__cancelled_at=None,
    )
    soonest = places.order_by("practitioner").values("practitioner").annotate(soonest=models.Min("event__starts_at"))
    return {row["practitioner"]: row["soonest"] for row in soonest}


def uses_of(record):
    """In words what still uses a competency or a role: nobody takes it away before."""
    if isinstance(record, Competency):
        counted = [
            (record.requirements.count(), "role", "roles"),
            (record.courses.count(), "course", "courses"),
            (record.records.count(), "record of a practitioner", "records of practitioners"),
        ]
    else:
        counted = [
            (record.practitioners.count(), "practitioner", "practitioners"),
            (record.requirements.count(), "requirement", "requirements"),
        ]
    return [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
