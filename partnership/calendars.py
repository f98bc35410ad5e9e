"""The calendar: what is due and when groups meet, as the days of a month or as an agenda of many.

Everything with a due date comes from ``partnership.deadlines``; meetings come with their hours and
stay when they were held or cancelled. ``partnership.calendar_feeds`` gives the same to other programs.
"""

from calendar import MONDAY, Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from partnership.deadlines import deadlines, deadlines_of
from partnership.models import Group, Meeting, Organisation, Partnership, Post
from partnership.standing import standing_of
from partnership.templatetags.components import sentence_join

MINE, ALL = "mine", "all"
MONTHS = 12
MOST_IN_A_DAY = 4


# Whose


def words_for_whose(user):
    """{word of an address: (label, Group or Partnership)} of what ``user`` may ask for beside MINE and ALL."""
    groups = Group.objects.visible_to(user).open().order_by("name")
    own = Partnership.objects.filter(pk__in=standing_of(user).partnership_ids).order_by("name")
    return {f"partnership-{each.pk}": each for each in own} | {f"group-{each.pk}": each for each in groups}


def choices_of_whose(found):
    """``found`` (of ``words_for_whose``) as the choices of a field, by kind; one partnership alone is everything."""
    partnerships = [(word, each.name) for word, each in found.items() if isinstance(each, Partnership)]
    groups = [(word, each.name) for word, each in found.items() if isinstance(each, Group)]
    choices = [("A partnership", partnerships)] if len(partnerships) > 1 else []
    return choices + ([("A group", groups)] if groups else [])


def due_of(whose, standing, *, on, until=None):
    """The Deadlines that the person of ``standing`` may know of: late ones first, then as they come.

    ``whose``: MINE (due from them), ALL of their partnerships, one Partnership, or a Group (what it owes).
    """
    mine = deadlines_of(standing, on=on, until=until) if whose in (MINE, ALL) else []
    if whose == MINE:
        return mine
    ids = standing.partnership_ids
    if isinstance(whose, Partnership):
        ids &= {whose.pk}
    due = deadlines(on=on, until=until, partnership_ids=ids, standing=standing)
    if isinstance(whose, Group):
        return [each for each in due if any(owner.group_id == whose.pk for owner in each.owners)]
    known = {each.key for each in due}  # what only its owner may know of is of no partnership
    due += [each for each in mine if each.key not in known]
    return sorted(due, key=lambda each: (each.due_on, each.key))


class OwnerNames:
    """What those who owe any of ``due`` are called, in three queries however many there are."""

    def __init__(self, due):
        owners = {owner for deadline in due for owner in deadline.owners}
        self.posts = Post.objects.select_related("organisation").in_bulk({each.post_id for each in owners} - {None})
        self.groups = Group.objects.in_bulk({each.group_id for each in owners} - {None})
        self.organisations = Organisation.objects.in_bulk({each.organisation_id for each in owners} - {None})

    def of(self, deadline):
        """ "Head of Midwifery and Lantern Family Trust"; nothing where nobody is named. Deputies only by themselves."""
        owners = [owner for owner in deadline.owners if not owner.user_id] or deadline.owners
        names = sorted({name for name in map(self._name, owners) if name})
        return sentence_join(names) if names else ""

    def _name(self, owner):
        return (
            owner.text
            or str(self.posts.get(owner.post_id, ""))
            or str(self.groups.get(owner.group_id, ""))
            or str(self.organisations.get(owner.organisation_id, ""))
        )


# Entries


@dataclass(frozen=True)
class Entry:
    """One thing on one day. ``key`` stays the same for ever, however its day or title change.

    ``url`` is for whoever asked; ``shared_url`` for everybody who knows of it, where that is another.
    """

    key: str
    day: date
    title: str
    kind: str
    url: str
    whose: str = ""
    starts_at: object = None
    ends_at: object = None
    place: str = ""
    is_late: bool = False
    is_cancelled: bool = False
    is_restricted: bool = False
    shared_url: str = ""

    @property
    def order(self):
        return (self.day, self.starts_at is None, str(self.starts_at), self.kind, self.title, self.key)


def entries_between(user, first, last, *, on, whose=ALL, is_late_wanted=False):
    """The Entries from ``first`` to ``last`` that ``user`` may know of, in order.

    ``whose``: as in ``due_of``; MINE has the meetings of one's groups too, a Group its own. What is due before
    ``on`` is still to be done, and late: ``is_late_wanted`` adds what has been so since before ``first``.
    """
    standing = standing_of(user)
    met = Meeting.objects.visible_to(user).between(first, last).select_related("group")
    if whose == MINE:
        met = met.filter(group__in=standing.group_ids)
    elif isinstance(whose, Partnership):
        met = met.filter(group__in=Group.objects.filter(partnerships=whose).values("pk"))
    elif isinstance(whose, Group):
        met = met.filter(group=whose)
    due = [
        each
        for each in due_of(whose, standing, on=on, until=last)
        if first <= each.due_on or (is_late_wanted and each.is_late(on=on))
    ]
    names = OwnerNames(due)
    entries = {each.key: of_deadline(each, names.of(each), standing, on=on) for each in due}
    entries |= {entry.key: entry for entry in map(of_meeting, met)}
    return sorted(entries.values(), key=lambda entry: entry.order)


def of_deadline(deadline, whose, standing, *, on):
    return Entry(
        key=deadline.key,
        day=deadline.due_on,
        title=deadline.title,
        kind=deadline.kind,
        url=deadline.url_for(standing),
        shared_url=deadline.look_url,
        whose=whose,
        is_late=deadline.is_late(on=on),
        is_restricted=deadline.is_restricted,
    )


def of_meeting(meeting):
    return Entry(
        key=f"meeting:{meeting.pk}",
        day=meeting.meets_on,
        title=meeting.title or meeting.group.name,
        kind="Meeting",
        url=meeting.get_absolute_url(),
        whose=meeting.group.name if meeting.title else "",
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.venue,
        is_cancelled=meeting.is_cancelled,
        is_restricted=meeting.group.is_restricted,
    )


# A month and an agenda


@dataclass(frozen=True)
class Day:
    """``off`` says in words why nobody works that day, where it is no weekend."""

    date: date
    entries: tuple
    is_today: bool = False
    is_off: bool = False
    off: tuple = ()
    is_of_month: bool = True

    @property
    def shown(self):
        """(entry, how many it stands for) pairs, as many as a day of the month has room for; the agenda has them all.

        What has the same title and kind, as the returns of one request, stands there once.
        """
        alike = defaultdict(list)
        for entry in self.entries:
            alike[entry.title, entry.kind, entry.starts_at, entry.is_cancelled].append(entry)
        return [(entries[0], len(entries)) for entries in islice(alike.values(), MOST_IN_A_DAY)]

    @property
    def more_count(self):
        return len(self.entries) - sum(count for _entry, count in self.shown)


def span_of(year, month):
    """The first and last day of the whole weeks, Monday to Sunday, that a month touches."""
    days = list(Calendar(MONDAY).itermonthdates(year, month))
    return days[0], days[-1]


def weeks_of(year, month, entries, *, on, off):
    """The month as weeks of seven Days, each with its entries; ``off`` are its DaysOff."""
    by_day = _by_day(entries)
    return [
        [_day(day, by_day, on=on, off=off, is_of_month=day.month == month) for day in week]
        for week in Calendar(MONDAY).monthdatescalendar(year, month)
    ]


@dataclass(frozen=True)
class Month:
    first: date
    days: tuple


def month_after(first, count):
    """The first of the month that is ``count`` after the one of ``first`` (before it, where negative)."""
    year, index = divmod(first.year * MONTHS + first.month - 1 + count, MONTHS)
    return date(year, index + 1, 1)


def last_of_month(first):
    return month_after(first, 1) - timedelta(days=1)


def agenda_of(first, count, entries, *, on, off):
    """``count`` Months from ``first`` (the first of a month), each with the Days on which there is something."""
    by_day = _by_day(entries)
    firsts = [month_after(first, number) for number in range(count)]
    return [
        Month(
            month,
            tuple(
                _day(day, by_day, on=on, off=off)
                for day in sorted(by_day)
                if (day.year, day.month) == (month.year, month.month)
            ),
        )
        for month in firsts
    ]


def _by_day(entries):
    by_day = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    return by_day


def _day(day, by_day, *, on, off, is_of_month=True):
    entries = tuple(by_day.get(day, ()))
    return Day(day, entries, day == on, off.is_off(day), tuple(off.words(day)), is_of_month)
