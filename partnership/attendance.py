"""Who is expected at a group's meetings, who came, and who is seldom there.

An organisation is expected that a seat's post belonged to on the day of the meeting, and one for which
such a post was nominated to speak. Observers and advisors come for themselves. A deputy counts as there.
"""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import Q

from partnership.agenda import lock
from partnership.meetings import held, locked, may_still_be_written
from partnership.models import (
    Attendance,
    FormerName,
    FormerOrganisation,
    GroupMember,
    Meeting,
    Nomination,
    Organisation,
)

SPEAK_FOR_THEMSELVES = (GroupMember.Role.OBSERVER, GroupMember.Role.ADVISOR)
THERE = (Attendance.Status.PRESENT, Attendance.Status.DEPUTY)
FEWEST_MEETINGS = 2  # of one meeting nobody can be "seldom" away


class Expected:
    """The organisations expected at meetings of ``groups``, on any day; read once, in three queries, two for names.

    ``also`` are keys of organisations whose names are wanted though they are not expected.
    """

    def __init__(self, *groups, also=()):
        seats = GroupMember.objects.filter(group__in=groups).exclude(role__in=SPEAK_FOR_THEMSELVES)
        self.seats = list(seats.select_related("post"))
        posts = {seat.post_id for seat in self.seats}
        self.former_places = defaultdict(list)
        for former in FormerOrganisation.objects.filter(post__in=posts).order_by("to_on"):
            self.former_places[former.post_id].append(former)
        self.nominations = defaultdict(list)
        for nomination in Nomination.objects.filter(post__in=posts):
            self.nominations[nomination.post_id].append(nomination)
        self.names = Names(posts, also)

    def of(self, group):
        """The same for one of the groups alone."""
        alone = copy(self)
        alone.seats = [seat for seat in self.seats if seat.group_id == group.pk]
        return alone

    def on(self, day):
        """Keys of the organisations expected on ``day``."""
        found = set()
        for seat in self.seats:
            if not includes(seat, day):
                continue
            found.add(self._place_of(seat.post, day))
            found.update(each.organisation_id for each in self.nominations[seat.post_id] if includes(each, day))
        return found - {None}

    def _place_of(self, post, day):
        """The organisation to which ``post`` belonged on ``day``."""
        for former in self.former_places[post.pk]:
            if day <= former.to_on:
                return former.organisation_id
        return post.organisation_id

    def name(self, key, day):
        """What the organisation was called on ``day``."""
        return self.names.on(day, key)


class Names:
    """What the organisations of ``posts`` and ``also`` others were called on any day; read when first asked."""

    def __init__(self, posts, also):
        self.posts, self.also = posts, also

    @cached_property
    def organisations(self):
        posts = self.posts
        named = Q(posts__in=posts) | Q(former_posts__post__in=posts) | Q(nominations__post__in=posts)
        return Organisation.objects.filter(named | Q(pk__in=self.also)).distinct().in_bulk()

    @cached_property
    def former(self):
        found = defaultdict(list)
        for name in FormerName.objects.filter(organisation__in=self.organisations).order_by("to_on"):
            found[name.organisation_id].append(name)
        return found

    def on(self, day, key):
        for former in self.former[key]:
            if day <= former.to_on:
                return former.name
        return self.organisations[key].name


def includes(period, day):
    return (period.from_on is None or period.from_on <= day) and (period.to_on is None or day <= period.to_on)


# One meeting


@dataclass(frozen=True)
class Answer:
    """What one organisation answered for one meeting; ``name`` is what it was called that day."""

    organisation_id: int
    name: str
    status: str
    who: str
    is_expected: bool

    @property
    def status_words(self):
        return Attendance.Status(self.status).label


def answers_for(meeting):
    """An Answer for each expected organisation and each other that has a row, by name."""
    rows = {row.organisation_id: row for row in meeting.attendance.all()}
    expected = Expected(meeting.group, also=rows)
    keys = expected.on(meeting.meets_on)
    answers = []
    for key in keys | set(rows):
        row = rows.get(key)
        status, who = (row.status, row.who) if row else (Attendance.Status.NONE, "")
        answers.append(Answer(key, expected.name(key, meeting.meets_on), status, who, key in keys))
    return sorted(answers, key=lambda answer: answer.name)


@transaction.atomic
def record_attendance(meeting, *, on, answers):
    """Keep who was there: ``answers`` are (status, who) by the organisation's key.

    Before the meeting's day apologies can be noted; from that day on it counts as held. Raises
    ValidationError for a cancelled meeting and once the minutes are agreed.
    """
    lock(meeting.group)
    if meeting.meets_on <= on:
        meeting = held(meeting, on=on)
    else:
        meeting = locked(meeting)
        may_still_be_written(meeting)
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, organisation_id=key, status=status, who=who)
            for key, (status, who) in answers.items()
        ],
        update_conflicts=True,
        unique_fields=["meeting", "organisation"],
        update_fields=["status", "who"],
    )
    return meeting


# A year of them

# The letter and the words of every kind of cell.
MARKS = {
    "present": ("P", "Present"),
    "deputy": ("D", "Deputy"),
    "apologies": ("A", "Apologies"),
    "none": ("N", "No response"),
    "cancelled": ("×", "Meeting cancelled"),
    "unknown": ("?", "Not recorded"),
    "outside": ("–", "No seat then"),
}


@dataclass(frozen=True)
class Cell:
    """One organisation at one meeting. ``kind`` is a status, or "cancelled", "unknown" or "outside"."""

    kind: str
    who: str = ""

    @property
    def letter(self):
        return MARKS[self.kind][0]

    @property
    def words(self):
        return MARKS[self.kind][1]

    @property
    def text(self):
        """ "Deputy (Bronwen Pugh)"."""
        return f"{self.words} ({self.who})" if self.who else self.words


@dataclass(frozen=True)
class Line:
    """One organisation over a year. ``percent`` is None where no meeting counts yet."""

    name: str
    cells: tuple
    there_count: int
    asked_count: int
    is_seldom_there: bool

    @property
    def percent(self):
        return round(100 * self.there_count / self.asked_count) if self.asked_count else None


@dataclass(frozen=True)
class HeatMap:
    """Organisations by meetings, both in order; meetings that were held or cancelled."""

    meetings: tuple
    lines: tuple
    to_come_count: int

    @property
    def seldom_there(self):
        return [line for line in self.lines if line.is_seldom_there]

    @property
    def cancelled(self):
        return [meeting for meeting in self.meetings if meeting.is_cancelled]

    @property
    def held_count(self):
        return len(self.meetings) - len(self.cancelled)


def heat_map(group, *, first, last):
    """Who was there from ``first`` to ``last``, however many meetings in the same number of queries."""
    return heat_maps([group], first=first, last=last)[group]


def heat_maps(groups, *, first, last):
    """{group: its HeatMap}, however many groups in the same number of queries."""
    meetings = Meeting.objects.filter(group__in=groups).between(first, last)
    meetings = meetings.select_related("group").prefetch_related("attendance")
    of_group = defaultdict(list)
    for meeting in meetings:
        of_group[meeting.group_id].append(meeting)
    answered = {row.organisation_id for meeting in meetings for row in meeting.attendance.all()}
    expected = Expected(*groups, also=answered)
    return {group: _map(group, of_group[group.pk], expected.of(group), last=last) for group in groups}


def _map(group, found, expected, *, last):
    meetings = [meeting for meeting in found if meeting.status != Meeting.Status.PLANNED]
    rows = {
        meeting.pk: {} if meeting.is_cancelled else {row.organisation_id: row for row in meeting.attendance.all()}
        for meeting in meetings
    }
    asked = {meeting.pk: expected.on(meeting.meets_on) for meeting in meetings}
    keys = {
        key for meeting in meetings if not meeting.is_cancelled for key in asked[meeting.pk] | set(rows[meeting.pk])
    }
    latest = max((meeting.meets_on for meeting in meetings), default=last)
    lines = [
        _line(
            expected.name(key, latest),
            [_cell(meeting, key, rows[meeting.pk], asked[meeting.pk]) for meeting in meetings],
            group.attendance_percent,
        )
        for key in keys
    ]
    return HeatMap(tuple(meetings), tuple(sorted(lines, key=lambda line: line.name)), len(found) - len(meetings))


def _cell(meeting, key, rows, asked):
    if meeting.is_cancelled:
        return Cell("cancelled")
    if key in rows:
        return Cell(rows[key].status, rows[key].who)
    if key not in asked:
        return Cell("outside")
    return Cell("none") if rows else Cell("unknown")


def _line(name, cells, threshold):
    counted = [cell for cell in cells if cell.kind in Attendance.Status.values]
    there = sum(cell.kind in THERE for cell in counted)
    is_seldom = len(counted) >= FEWEST_MEETINGS and 100 * there < threshold * len(counted)
    return Line(name, tuple(cells), there, len(counted), is_seldom)
