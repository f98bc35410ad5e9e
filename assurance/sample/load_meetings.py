"""Rows of meetings: two years gone by and most of one to come, with agendas, answers and the action log."""

from datetime import time, timedelta

from assurance.sample import meetings as content
from assurance.sample import people
from partnership.actions import prefix_of
from partnership.agenda import STEP
from partnership.attendance import Expected
from partnership.meetings import days_of_pattern, papers_due_before
from partnership.models import (
    ActionUpdate,
    AgendaItem,
    Attendance,
    Meeting,
    MeetingAction,
    MeetingDecision,
    MeetingMove,
    StandingItem,
)
from partnership.working_days import this_or_next_working_day

YEARS_BACK = timedelta(days=728)  # of whole weeks, so that the weekday stays
AHEAD = 300
ANSWERS = dict(zip("PDAN", Attendance.Status.values, strict=True))


def load_meetings(cast):
    load_standing_items(cast)
    for name, round in content.ROUNDS.items():
        load_group(cast, name, round)


def load_standing_items(cast):
    young = cast.groups[people.SOUNDING_BOARD]
    for name, items in content.STANDING.items():
        rows = [(item.title, item.kind, item.minutes, None) for item in items]
        if name in content.HEARD_BY:
            rows.append((content.HEARD, content.ASSURANCE, 15, young))
        StandingItem.objects.bulk_create(
            StandingItem(
                group=cast.groups[name], position=position, title=title, kind=kind, minutes=minutes, asked_by=asked_by
            )
            for position, (title, kind, minutes, asked_by) in enumerate(rows, start=1)
        )


def load_group(cast, name, round):
    """One group's meetings with all that belongs to them; the minutes are agreed last of all."""
    gone_by, to_come = plan(cast, name, round)
    cancelled = {back: reason for of, back, reason in content.CANCELLED if of == name}
    held = []
    for back, meeting in enumerate(reversed(gone_by)):
        if back in cancelled:
            meeting.status, meeting.cancelled_reason = Meeting.Status.CANCELLED, cancelled[back]
        elif back or name != content.NOT_WRITTEN_UP:
            meeting.status = Meeting.Status.HELD
            held.insert(0, meeting)
    if held and name in content.HEARD_BY:
        held[-1].also_there = content.ALSO_THERE
    if name == content.LED_BY_YOUNG_PEOPLE:
        to_come[0].led_by = cast.groups[people.SOUNDING_BOARD]
    Meeting.objects.bulk_create([*gone_by, *to_come])
    load_moves(cast, name, to_come)
    load_agendas(cast, name, held, to_come)
    load_attendance(cast.groups[name], held)
    load_actions(cast, name, held)
    for meeting, following in zip(held, held[1:], strict=False):
        Meeting.objects.filter(pk=meeting.pk).update(minutes_agreed_on=following.meets_on)


def plan(cast, name, round):
    """The group's meetings (unsaved) before today and from tomorrow on, by date, within its life."""
    group, today = cast.groups[name], cast.calendar.today
    next_on = cast.calendar.day(round.next_in)
    next_on += timedelta(days=(round.weekday - next_on.weekday()) % 7)
    days = {
        day.on
        for day in days_of_pattern(next_on - YEARS_BACK, frequency=round.frequency, until=cast.calendar.day(AHEAD))
    }
    starts_at, ends_at = (time.fromisoformat(hour) for hour in round.hours)
    papers_due = papers_due_before(days, group)
    meetings = [
        Meeting(
            group=group,
            meets_on=day,
            starts_at=starts_at,
            ends_at=ends_at,
            venue=round.venue,
            link=round.link,
            papers_due_on=papers_due[day],
        )
        for day in sorted(days)
        if group.is_open(on=day) and day != today
    ]
    return [each for each in meetings if each.meets_on < today], [each for each in meetings if each.meets_on > today]


def load_moves(cast, name, to_come):
    MeetingMove.objects.bulk_create(
        MeetingMove(
            meeting=to_come[ahead],
            was_on=this_or_next_working_day(to_come[ahead].meets_on - timedelta(days=days)),
            now_on=to_come[ahead].meets_on,
            reason=reason,
            moved_by=cast.holders["manager"],
            moved_at=cast.calendar.moment(cast.calendar.day(-25)),
        )
        for of, ahead, days, reason in content.MOVED
        if of == name
    )


# Agendas


def load_agendas(cast, name, held, to_come):
    items, decisions = [], []
    taken = content.TAKEN[name]
    for back, meeting in enumerate(reversed(held)):
        for item, row in agenda_of(cast, name, meeting, taken[back % len(taken)], is_held=True):
            items.append(row)
            if item.decided:
                decisions.append((row, item))
    for ahead, meeting in enumerate(to_come):
        own = content.NEXT.get(name, []) if ahead == 0 else []
        items += [row for _item, row in agenda_of(cast, name, meeting, own, is_held=False)]
    group = cast.groups[name]
    for position, item in enumerate(content.WAITING.get(name, []), start=1):
        items.append(row_of(cast, item, group=group, position=position * STEP))
    AgendaItem.objects.bulk_create(items)
    MeetingDecision.objects.bulk_create(
        MeetingDecision(meeting=row.meeting, item=row, ref=f"D{number}", text=item.decided, reason=item.because)
        for number, (row, item) in enumerate(decisions, start=1)
    )


def agenda_of(cast, name, meeting, own, *, is_held):
    """(content, row) of every item of one meeting: the standing ones first."""
    rows = []
    standing = list(meeting.group.standing_items.select_related("asked_by"))
    for position, each in enumerate(standing, start=1):
        whose = f"Standing item of the {each.asked_by}" if each.asked_by else "Standing item"
        item = content.Taken(each.title, each.kind, minutes=each.minutes, source=whose)
        rows.append((item, row_of(cast, item, group=meeting.group, meeting=meeting, position=position * STEP)))
    for position, item in enumerate(own, start=len(standing) + 1):
        row = row_of(cast, item, group=meeting.group, meeting=meeting, position=position * STEP)
        row.discussion = item.said if is_held else ""
        rows.append((item, row))
    return rows


def row_of(cast, item, *, group, position, meeting=None):
    due = None
    if item.paper is not None and meeting:
        due = meeting.papers_due_on + timedelta(days=item.paper)
    return AgendaItem(
        group=group,
        meeting=meeting,
        position=position,
        title=item.title,
        kind=item.kind,
        asked=item.asked,
        minutes=item.minutes,
        lead_post=cast.posts.get(item.lead),
        needs_paper=item.paper is not None,
        paper_due_on=due,
        wanted_by=None if item.wanted_in is None else cast.calendar.day(item.wanted_in),
        source=item.source,
    )


# Who came


def load_attendance(group, held):
    expected = Expected(group)
    rows = []
    for number, meeting in enumerate(held):
        for place, key in enumerate(sorted(expected.on(meeting.meets_on))):
            name = expected.names.organisations[key].name
            answers = content.OFTEN_AWAY.get(name, content.USUALLY)
            letter = answers[(number + (0 if name in content.OFTEN_AWAY else 3 * place)) % len(answers)]
            who = {"D": content.DEPUTIES, "A": content.APOLOGIES}.get(letter, [""])
            rows.append(
                Attendance(
                    meeting=meeting,
                    organisation_id=key,
                    status=ANSWERS[letter],
                    who=who[(number + place) % len(who)],
                )
            )
    Attendance.objects.bulk_create(rows)


# The action log


def load_actions(cast, name, held):
    group, day = cast.groups[name], cast.calendar.day
    promised = content.PROMISED.get(name, [])
    in_order = sorted(promised, key=lambda each: -each.agreed)
    actions = MeetingAction.objects.bulk_create(
        MeetingAction(
            group=group,
            meeting=held[-1 - each.agreed] if each.agreed < len(held) else None,
            ref=f"{prefix_of(group)}-{number}",
            text=each.text,
            lead_post=cast.posts.get(each.post),
            lead_group=cast.groups.get(each.group),
            lead_organisation=cast.agencies.get(each.agency),
            due_on=day(each.due),
            closed_on=None if each.closed is None else day(each.closed),
            outcome=each.outcome,
        )
        for number, each in enumerate(in_order, start=1)
    )
    ActionUpdate.objects.bulk_create(
        ActionUpdate(action=action, text=words, said_by=cast.holders[by], said_at=cast.calendar.moment(day(on)))
        for action, each in zip(actions, in_order, strict=True)
        for on, by, words in each.updates
    )
