"""The single-agency training return: asked once a year, drafted by several people, submitted, handed back, compared."""

from dataclasses import dataclass, field
from itertools import pairwise

import pghistory
from django.db import transaction

from partnership.refusals import ChangedMeanwhile, NotNow
from training.models import AgencyCourse, AgencyTrainingReturn

WORDS = ["assured", "difference"]
COURSE_FIELDS = ["title", "level", "needed_count", "trained_count"]
SUBMITTED = "This return is submitted, so it can no longer be changed. Ask the training office to hand it back"
NOT_SUBMITTED = "This return is not submitted, so there is nothing to hand back"
BEGUN = "Its organisation has begun to write. It can no longer be taken back"


@transaction.atomic
def ask(partnership, organisations, *, starts_on, ends_on, due_on, on):
    """Ask each of ``organisations`` for a year; those asked before stay as they are. Gives how many are new."""
    asked = AgencyTrainingReturn.objects.filter(partnership=partnership, starts_on=starts_on)
    before = asked.count()
    AgencyTrainingReturn.objects.bulk_create(
        (
            AgencyTrainingReturn(
                partnership=partnership,
                organisation=organisation,
                starts_on=starts_on,
                ends_on=ends_on,
                asked_on=on,
                due_on=due_on,
            )
            for organisation in organisations
        ),
        ignore_conflicts=True,
    )
    return asked.count() - before


def locked(record):
    return AgencyTrainingReturn.objects.select_for_update(of=["self"]).get(pk=record.pk)


def said_in(record):
    """What stands in it, as ``save_draft`` takes it."""
    courses = list(record.courses.values(*COURSE_FIELDS))
    return {**{name: getattr(record, name) for name in WORDS}, "courses": courses}


@transaction.atomic
def save_draft(record, *, seen, said):
    """Keep what an organisation writes. ``seen``: the version that stood when the page was made.

    Raises NotNow where it is submitted, ChangedMeanwhile with the return as a colleague saved it since. The same words
    sent twice are one saving.
    """
    record = locked(record)
    if record.submitted_at:
        raise NotNow(SUBMITTED)
    if said_in(record) == said:
        return record
    if record.version != seen:
        raise ChangedMeanwhile(record)
    for name in WORDS:
        setattr(record, name, said[name])
    record.version += 1
    record.save(update_fields=[*WORDS, "version"])
    rows = list(record.courses.all())
    for position, values in enumerate(said["courses"], start=1):
        row = rows[position - 1] if position <= len(rows) else AgencyCourse(record=record)
        if row.pk is None or any(getattr(row, name) != values[name] for name in COURSE_FIELDS):
            for name in COURSE_FIELDS:
                setattr(row, name, values[name])
            row.position = position
            row.save()
    for row in rows[len(said["courses"]) :]:
        row.delete()
    return record


def missing_of(record):
    """In words what keeps it from being submitted."""
    said = said_in(record)
    missing = [
        f"Say for “{course['title']}” how many people need it and how many took it"
        for course in said["courses"]
        if course["needed_count"] is None or course["trained_count"] is None
    ]
    if not said["courses"] and not said["difference"]:
        missing.append("Enter the courses that you gave, or say under “Difference it made” why there were none")
    if not said["assured"]:
        missing.append("Say how you know that it is good")
    return missing


@transaction.atomic
def submit(record, *, by, at):
    """Freeze it. Submitted already, it stays as it is. Raises NotNow where something is missing."""
    record = locked(record)
    if record.submitted_at:
        return record
    missing = missing_of(record)
    if missing:
        raise NotNow(". ".join(missing))
    record.submitted_at, record.submitted_by = at, by
    record.save(update_fields=["submitted_at", "submitted_by"])
    return record


@transaction.atomic
def hand_back(record, *, because, due_on, by):
    """Make a submitted return a draft again, with the reason, due on another day. Raises NotNow where it is none."""
    record = locked(record)
    if record.submitted_at is None:
        raise NotNow(NOT_SUBMITTED)
    record.submitted_at = record.submitted_by = None
    record.due_on = due_on
    record.version += 1
    with pghistory.context(user=by.pk, reason=because):
        record.save()
    return record


def handed_back_because(record):
    """The reason for which it was handed back last; empty where it never was, or was submitted since."""
    if record.submitted_at:
        return ""
    events = list(record.events.select_related("pgh_context").order_by("-pgh_id"))
    for event, earlier in pairwise(events):
        if earlier.submitted_at and not event.submitted_at:
            return event.pgh_context.metadata.get("reason", "") if event.pgh_context else ""
    return ""


@transaction.atomic
def take_back(record):
    """No longer ask an organisation that has not begun. Raises NotNow where it has."""
    record = locked(record)
    if record.submitted_at or record.version > 1:
        raise NotNow(BEGUN)
    record.delete()


# What they come to


@dataclass
class Count:
    """People who need training and who took it, of courses that said both."""

    needed: int = 0
    trained: int = 0

    def add(self, other):
        self.needed += other.needed
        self.trained += other.trained

    @property
    def share(self):
        """In per cent; more than a hundred where more took it than needed it."""
        return round(100 * self.trained / self.needed) if self.needed else None


@dataclass
class Line:
    """An organisation (or None: all of them) in one year: its return, and a Count a level. ``before``: last year."""

    organisation: object
    record: object = None
    levels: dict = field(default_factory=dict)
    whole: Count = field(default_factory=Count)
    before: Count = field(default_factory=Count)

    def add(self, level, count):
        self.levels.setdefault(level, Count()).add(count)
        self.whole.add(count)


@dataclass(frozen=True)
class Year:
    starts_on: object
    ends_on: object
    levels: list
    lines: list
    total: Line
    asked_count: int
    submitted_count: int


def year_before(day):
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def year_of(partnership, starts_on):
    """What organisations said of the year that begins on ``starts_on``, beside the year before. Two queries.

    Only submitted returns are read; of the others is known that they were asked.
    """
    asked = AgencyTrainingReturn.objects.filter(partnership=partnership)
    records = list(asked.filter(starts_on=starts_on).select_related("organisation", "submitted_by"))
    lines = {record.organisation_id: Line(record.organisation, record) for record in records}
    total = Line(None)
    before = year_before(starts_on)
    for row in asked.filter(starts_on__in=[starts_on, before]).figures():
        line = lines.get(row["organisation"])
        count = Count(row["needed"], row["trained"])
        if row["starts_on"] == starts_on:
            line.add(row["level"], count)
            total.add(row["level"], count)
        else:
            total.before.add(count)
            if line:
                line.before.add(count)
    ends_on = records[0].ends_on if records else None
    submitted = sum(record.submitted_at is not None for record in records)
    in_order = sorted(lines.values(), key=lambda line: line.organisation.name)
    return Year(starts_on, ends_on, sorted(total.levels), in_order, total, len(records), submitted)
