"""Meetings of a group: a year is planned, one is moved, cancelled or held, its minutes are agreed."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.actions import add_action
from partnership.agenda import lock, return_to_forward_plan, standing_items_for
from partnership.closures import working_days_for
from partnership.models import AgendaItem, Frequency, Meeting, MeetingDecision
from partnership.templatetags.components import long_date
from partnership.working_days import is_working_day, this_or_next_working_day

MONTHS_BETWEEN = {
    Frequency.MONTHLY: 1,
    Frequency.TWO_MONTHS: 2,
    Frequency.QUARTERLY: 3,
    Frequency.TERMLY: 4,
    Frequency.TWICE: 6,
    Frequency.YEARLY: 12,
}
FIFTH = 5
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", FIFTH: "last"}
WEEKEND = 5  # Saturday, as ``date.weekday`` counts
LONGEST_PATTERN = 40  # meetings planned in one step


class DaysRefused(ValidationError):
    """The group cannot meet on some of the days. ``refused`` has a sentence for each such day."""

    def __init__(self, refused):
        self.refused = refused
        super().__init__(list(refused.values()))


# A pattern of days


@dataclass(frozen=True)
class PatternDay:
    """One day of a pattern: ``on`` is ``wanted_on``, or the next working day where that is none."""

    on: date
    wanted_on: date

    @property
    def is_moved(self):
        return self.on != self.wanted_on

    @property
    def why(self):
        """In words why it is not the day of the pattern; nothing where it is."""
        if not self.is_moved:
            return ""
        reason = "a weekend" if self.wanted_on.weekday() >= WEEKEND else "a bank holiday"
        return f"Moved from {self.wanted_on:%A} {long_date(self.wanted_on)}, {reason}"


def days_of_pattern(first, *, frequency, until):
    """The days on which a group meets that begins on ``first``, up to and with ``until``.

    The pattern keeps the weekday's place in its month: from Tuesday 9 March, every second Tuesday. From
    a fifth Tuesday it keeps the last one, for most months have no fifth.
    """
    place = (first.day - 1) // 7 + 1
    days, months = [], 0
    while (wanted := _weekday_of_month(first, months, place)) <= until:
        days.append(PatternDay(this_or_next_working_day(wanted), wanted))
        months += MONTHS_BETWEEN[frequency]
    return days


def words_of_pattern(first):
    """ "second Tuesday" for 9 March 2027."""
    return f"{ORDINALS[(first.day - 1) // 7 + 1]} {first:%A}"


def _weekday_of_month(first, months, place):
    """The ``place``th such weekday as ``first`` in the month that lies ``months`` after it."""
    count = first.year * 12 + first.month - 1 + months
    year, month = count // 12, count % 12 + 1
    weekday_of_the_first, length = calendar.monthrange(year, month)
    day = 1 + (first.weekday() - weekday_of_the_first) % 7 + 7 * (place - 1)
    return date(year, month, day if day <= length else day - 7)


# A group's year


@dataclass(frozen=True)
class Year:
    """A partnership's year; ``key`` is the calendar year in which it starts."""

    starts_on: date
    ends_on: date

    @property
    def key(self):
        return self.starts_on.year

    def __str__(self):
        return f"{self.starts_on:%B %Y} to {self.ends_on:%B %Y}"


def year_of(group, day):
    """The year of the group's partnerships that holds ``day``; April to March unless they say otherwise."""
    months = [partnership.financial_year_starts_month for partnership in group.partnerships.all()]
    month = min(months, default=4)
    return year_starting(day.year if day.month >= month else day.year - 1, month)


def year_starting(year, month):
    next_start = date(year + 1, month, 1)
    return Year(date(year, month, 1), next_start - timedelta(days=1))


def years_of(group, *, on):
    """The years in which the group met or will meet, and this one; the latest first."""
    days = [*group.meetings.values_list("meets_on", flat=True), on]
    return sorted({year_of(group, day) for day in days}, key=lambda year: year.starts_on, reverse=True)


# Planning


@transaction.atomic
def plan_meetings(group, *, days, **details):
    """Plan a meeting of ``group`` on each of ``days``, with its standing items; all of them or none.

    ``details``: title, starts_at, ends_at, venue, link, led_by. Gives the meetings, none where just these
    are planned already (somebody pressed twice). Raises DaysRefused.
    """
    lock(group)
    if days and group.meetings.planned().filter(meets_on__in=days, **details).count() == len(days):
        return []
    refused = refusals(group, days)
    if refused:
        raise DaysRefused(refused)
    meetings = Meeting.objects.bulk_create(
        Meeting(group=group, meets_on=day, papers_due_on=papers_due_on, **details)
        for day, papers_due_on in papers_due_before(days, group).items()
    )
    AgendaItem.objects.bulk_create(item for meeting in meetings for item in standing_items_for(meeting))
    return meetings


def papers_due_before(days, group):
    """``{day of a meeting: day on which its papers are due}``, not counting days on which the office is closed."""
    working_days = working_days_for(group.partnership_ids)
    return {day: working_days.add(day, -group.papers_working_days) for day in days}


def refusals(group, days, *, moving=None):
    """For each of ``days`` on which the group cannot meet, a sentence that says why.

    ``moving`` is the meeting that is looking for a day, which is not in its own way.
    """
    others = group.meetings.exclude(status=Meeting.Status.CANCELLED).filter(meets_on__in=days)
    taken = set(others.exclude(pk=moving.pk if moving else None).values_list("meets_on", flat=True))
    refused = {}
    for day in days:
        if group.opened_on and day < group.opened_on:
            refused[day] = f"The group began on {long_date(group.opened_on)}, so it cannot meet on {long_date(day)}"
        elif group.closed_on and day > group.closed_on:
            refused[day] = f"The group closed on {long_date(group.closed_on)}, so it cannot meet on {long_date(day)}"
        elif day in taken:
            refused[day] = f"The group already meets on {long_date(day)}. Choose another day"
        elif days.count(day) > 1:
            refused[day] = f"{long_date(day)} stands here twice. Change one or leave it out"
    return refused


def remark_on(day):
    """A sentence where people do not usually work on ``day``; nothing otherwise."""
    if is_working_day(day):
        return ""
    what = f"a {day:%A}" if day.weekday() >= WEEKEND else "a bank holiday"
    return f"Note that {long_date(day)} is {what}."


# What becomes of a planned meeting


@transaction.atomic
def move_meeting(meeting, *, to, reason, by):
    """Hold ``meeting`` on another day. Its agenda goes with it and its papers are due as many days before.

    Raises ValidationError where it is no longer planned, DaysRefused where the group cannot meet then.
    """
    lock(meeting.group)
    meeting = planned(meeting)
    was_on, papers_were_due_on = meeting.meets_on, meeting.papers_due_on
    if to == was_on:
        raise ValidationError(f"{long_date(to)} is the day it is planned for already. Choose another day")
    refused = refusals(meeting.group, [to], moving=meeting)
    if refused:
        raise DaysRefused(refused)
    meeting.meets_on, meeting.papers_due_on = to, papers_due_before([to], meeting.group)[to]
    meeting.save(update_fields=["meets_on", "papers_due_on"])
    for item in meeting.items.exclude(paper_due_on=None):
        if item.paper_due_on == papers_were_due_on or item.paper_due_on > meeting.papers_due_on:
            item.paper_due_on = meeting.papers_due_on
            item.save(update_fields=["paper_due_on"])
    meeting.moves.create(was_on=was_on, now_on=to, reason=reason, moved_by=by, moved_at=timezone.now())
    return meeting


@transaction.atomic
def cancel_meeting(meeting, *, reason):
    """The meeting is not held; what was on its agenda waits on the forward plan again.

    Raises ValidationError where it is no longer planned.
    """
    lock(meeting.group)
    meeting = planned(meeting)
    return_to_forward_plan(meeting)
    meeting.status, meeting.cancelled_reason = Meeting.Status.CANCELLED, reason
    meeting.save(update_fields=["status", "cancelled_reason"])
    return meeting


def planned(meeting):
    meeting = locked(meeting)
    if meeting.status != Meeting.Status.PLANNED:
        raise ValidationError(f"This meeting is {meeting.get_status_display().lower()}, so it stays as it is")
    return meeting


# What is said of a meeting that was held


@dataclass(frozen=True)
class Decided:
    """A decision in the minutes: a new one, or other words for ``decision``; no words take it out."""

    text: str
    reason: str
    decision: MeetingDecision | None = None
    item: AgendaItem | None = None


@dataclass(frozen=True)
class Agreed:
    """An action that the meeting agreed. ``lead`` has one of lead_post, lead_group, lead_organisation."""

    text: str
    lead: dict
    due_on: date
    item: AgendaItem | None = None


@transaction.atomic
def record_minutes(meeting, *, on, discussions, decisions, actions, also_there):
    """Keep what was said (``discussions``: words by item), decided and agreed; the meeting counts as held.

    What stands there already is not written twice, so that sending it again changes nothing. Raises
    ValidationError before the meeting's day, for a cancelled one, and once the minutes are agreed.
    """
    lock(meeting.group)
    meeting = held(meeting, on=on)
    for item, words in discussions.items():
        item.discussion = words
        item.save(update_fields=["discussion"])
    for decided in decisions:
        _keep_decision(meeting, decided)
    for agreed in actions:
        add_action(
            meeting.group, meeting=meeting, item=agreed.item, text=agreed.text, due_on=agreed.due_on, **agreed.lead
        )
    meeting.also_there = also_there
    meeting.save(update_fields=["also_there"])
    return meeting


def _keep_decision(meeting, decided):
    if decided.decision is None:
        words = {"item": decided.item, "text": decided.text, "reason": decided.reason}
        if not meeting.decisions.filter(**words).exists():
            meeting.decisions.create(ref=_next_ref(meeting), **words)
    elif not decided.text:
        decided.decision.delete()
    else:
        decided.decision.text, decided.decision.reason = decided.text, decided.reason
        decided.decision.save(update_fields=["text", "reason"])


def _next_ref(meeting):
    """D1, D2 and so on; a number that was taken out is not used again while a later one stands."""
    numbers = [int(ref[1:]) for ref in meeting.decisions.values_list("ref", flat=True) if ref[1:].isdecimal()]
    return f"D{max(numbers, default=0) + 1}"


@transaction.atomic
def agree_minutes(meeting, *, agreed_on):
    """The minutes are agreed: from then on the record of the meeting stands, in the database too.

    Raises ValidationError where it was not held, was agreed already, or that day lies before it.
    """
    lock(meeting.group)
    meeting = locked(meeting)
    may_still_be_written(meeting)
    if meeting.status != Meeting.Status.HELD:
        raise ValidationError("Write down who was there or what was said first. Then the minutes can be agreed")
    if agreed_on < meeting.meets_on:
        raise ValidationError(f"The meeting was on {long_date(meeting.meets_on)}. Enter a day after that")
    meeting.minutes_agreed_on = agreed_on
    meeting.save(update_fields=["minutes_agreed_on"])
    return meeting


def held(meeting, *, on):
    """``meeting``, locked, as one that was held. ValidationError where it cannot have been on that day."""
    meeting = locked(meeting)
    may_still_be_written(meeting)
    if meeting.meets_on > on:
        raise ValidationError(f"The meeting is on {long_date(meeting.meets_on)}. Write it up from that day on")
    if meeting.status == Meeting.Status.PLANNED:
        meeting.status = Meeting.Status.HELD
        meeting.save(update_fields=["status"])
    return meeting


def may_still_be_written(meeting):
    """ValidationError where the record of ``meeting`` stands: it is cancelled or its minutes are agreed."""
    if meeting.is_cancelled:
        raise ValidationError("This meeting was cancelled, so there is nothing to write down")
    if meeting.has_agreed_minutes:
        raise ValidationError(
            f"The minutes were agreed on {long_date(meeting.minutes_agreed_on)}, so the record stands. "
            "What was wrong in them is minuted at the next meeting"
        )


def locked(meeting):
    """``meeting`` as it is now, which nobody else may change until this is done."""
    return Meeting.objects.select_for_update(no_key=True, of=["self"]).select_related("group").get(pk=meeting.pk)
