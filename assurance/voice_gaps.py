"""Where nobody was heard, or nothing came of it: by priorities, by quarters, by whose voice, by who listened."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q

from assurance.models import VoiceEntry
from assurance.models.timetable import FIRST_MONTH, first_of_quarter, quarter_after, year_of
from assurance.timetable import name_of_quarter
from assurance.voices import entries_of
from partnership.models import Group, Organisation
from plans.models import Plan

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Cell:
    """One quarter, from ``day``, of one line. ``people``: how many were heard, of those who were counted."""

    day: date
    quarter: str
    entries: int
    people: int
    is_to_come: bool


@dataclass(frozen=True)
class Line:
    """``query``: by what the register shows the same, like ``priority=12``; empty where nothing does."""

    label: str
    cells: list
    query: str = ""


@dataclass(frozen=True)
class Kind:
    """Whose voice, and when they were last heard (a date, or None)."""

    label: str
    last_on: date | None
    is_gap: bool


def plans_of(user):
    """The plans whose gaps this person may look at, the newest first; nobody was heard for a draft yet."""
    return Plan.objects.of_person(user).exclude(status=Plan.Status.DRAFT).prefetch_related("partnerships")


def quarters_of(plan, *, on):
    """The first days of the four quarters of the plan's year in which ``on`` is, or of its first or last year."""
    year = year_of(min(max(on, plan.starts_on), plan.ends_on))
    return [quarter_after(date(year, FIRST_MONTH, 1), n) for n in range(4)]


def by_priority(plan, user, quarters, *, on):
    """A Line for each priority of ``plan``, and one for what is linked to none. Three queries."""
    entries = heard_in(plan, user, quarters)
    priorities = list(plan.priorities.in_plan())
    own = {priority.pk for priority in priorities}
    links = VoiceEntry.priorities.through.objects.filter(voiceentry__in=entries.keys())
    of_priority = defaultdict(set)
    for entry, *keys in links.values_list(
        "voiceentry", "priority", "priority__carried_to", "priority__carried_to__carried_to"
    ):
        for key in own & set(keys):
            of_priority[key].add(entry)
    linked = set().union(*of_priority.values())
    lines = [
        line_of(
            str(priority),
            [entries[key] for key in of_priority[priority.pk]],
            quarters,
            on=on,
            query=f"priority={priority.pk}",
        )
        for priority in priorities
    ]
    rest = [found for key, found in entries.items() if key not in linked]
    return [*lines, line_of("About no priority of this plan", rest, quarters, on=on)]


def by_people(plan, user, quarters, *, on):
    """A Line for each kind of people. One query."""
    of_people = defaultdict(list)
    for people, heard_on, count in heard_rows(plan, user, quarters).values_list("people", "heard_on", "people_count"):
        of_people[people].append((heard_on, count))
    return [
        line_of(label, of_people[value], quarters, on=on, query=f"people={value}")
        for value, label in VoiceEntry.People.choices
    ]


def heard_rows(plan, user, quarters):
    last = quarter_after(quarters[-1]) - timedelta(days=1)
    return VoiceEntry.objects.visible_to(user).of_partnerships(plan.partnership_ids).between(quarters[0], last)


def heard_in(plan, user, quarters):
    """{entry: (day, how many)}."""
    rows = heard_rows(plan, user, quarters).values_list("pk", "heard_on", "people_count")
    return {pk: (heard_on, count) for pk, heard_on, count in rows}


def line_of(label, found, quarters, *, on, query=""):
    """``found``: pairs of a day and how many were heard."""
    of_quarter = defaultdict(list)
    for heard_on, count in found:
        of_quarter[first_of_quarter(heard_on)].append(count)
    return Line(
        label,
        [
            Cell(day, name_of_quarter(day), len(of_quarter[day]), sum(of_quarter[day]), is_to_come=day > on)
            for day in quarters
        ],
        query,
    )


def kinds_of_people(user, *, on):
    """When each kind of people was last heard; a gap where that is over a year ago, or never. One query."""
    rows = VoiceEntry.objects.visible_to(user).order_by().values("people").annotate(last_on=Max("heard_on"))
    last = dict(rows.values_list("people", "last_on"))
    return [
        Kind(label, last.get(value), is_gap=value not in last or last[value] < on - YEAR)
        for value, label in VoiceEntry.People.choices
    ]


def silent_listeners(user, *, on):
    """(groups, organisations) of this person's partnerships that told of nobody within a year. Two queries."""
    ids = user.standing.partnership_ids
    recent = VoiceEntry.objects.visible_to(user).filter(heard_on__gte=on - YEAR)
    groups = (
        Group.objects.open()
        .filter(Q(partnerships__in=ids))
        .exclude(kind=Group.Kind.CASE_REVIEW)
        .exclude(pk__in=recent.exclude(group=None).values("group"))
        .distinct()
        .order_by("name")
    )
    organisations = (
        Organisation.objects.members_of(ids, on=on)
        .exclude(pk__in=recent.exclude(organisation=None).values("organisation"))
        .order_by("name")
    )
    return list(groups), list(organisations)


def waiting(user, *, on):
    """(what is unanswered for too long, what was done without saying what changed): the oldest first."""
    entries = entries_of(user).order_by("heard_on", "pk")
    return list(entries.unanswered(on=on)), list(entries.without_change(on=on))
