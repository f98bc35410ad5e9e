"""T6: days on which nothing ran, a worker whose clock is wrong, nights with an hour more or less, 29 February."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.models.functions import Now
from django.utils import timezone

from partnership.models import Message, Reminder
from partnership.reminders import loop
from partnership.working_days import add_working_days
from tests.factories import MilestoneFactory

TUESDAY = date(2027, 1, 12)


def turn(moment):
    """One turn at a moment; how many mails were taken."""
    return loop.send_reminders(on=timezone.localdate(moment), now=moment)


def nine_o_clock(day):
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


@pytest.fixture
def due(plan, group_deliverable):
    """``due(day)``: the one milestone that is left, due on a day and owed by one person."""
    for deliverable in group_deliverable.priority.deliverables.all():
        for activity in deliverable.activities.all():
            activity.milestones.update(met_on=date(2026, 12, 1))
    activity = group_deliverable.activities.get(position=2)
    return lambda day: MilestoneFactory(activity=activity, position=3, due_on=day)


def days_told(milestone):
    """On which days its lead was told, and at which steps."""
    told = Reminder.objects.filter(deadline_key=f"milestone:{milestone.pk}", state="done", rung="lead")
    return [(each.message.day, each.step) for each in told.select_related("message").order_by("message__day")]


# The broker is gone, so nothing wakes the worker


def test_what_came_due_while_nothing_ran_is_said_on_return_once_and_without_its_earlier_steps(due, mail_server):
    milestone = due(date(2027, 1, 21))
    told = [turn(nine_o_clock(day)) for day in (TUESDAY, date(2027, 1, 13), date(2027, 1, 25), date(2027, 1, 26))]
    assert (told, days_told(milestone)) == ([0, 0, 1, 0], [(date(2027, 1, 25), 1)])


def test_after_one_day_away_each_is_told_once_at_the_step_that_was_missed(due, mail_server):
    milestone = due(date(2027, 1, 14))
    turn(nine_o_clock(TUESDAY))
    turn(nine_o_clock(date(2027, 1, 14)))
    assert days_told(milestone) == [(TUESDAY, -5), (date(2027, 1, 14), -1)]


# A worker's clock


def test_a_worker_whose_clock_is_two_hours_ahead_takes_nothing_from_one_that_is_sending(due, mail_server):
    """Leases run by PostgreSQL's clock, which is one for all."""
    due(date(2027, 1, 14))
    overtook = []

    def ahead():
        mail_server.at.clear()
        with time_machine.travel(nine_o_clock(TUESDAY) + timedelta(hours=2), tick=True):
            overtook.append(turn(nine_o_clock(TUESDAY) + timedelta(hours=2)))

    mail_server.at["leaving"] = ahead
    assert (turn(nine_o_clock(TUESDAY)), overtook, len(mail_server.delivered)) == (1, [0], 1)


def test_control_with_the_lease_over_it_would(due, mail_server):
    due(date(2027, 1, 14))

    def ahead():
        mail_server.at.clear()
        Message.objects.update(lease_until=Now() - timedelta(seconds=1))
        turn(nine_o_clock(TUESDAY))

    mail_server.at["connected"] = ahead
    turn(nine_o_clock(TUESDAY))
    assert len(mail_server.delivered) == 1
    assert Message.objects.get().fence == 2  # the other took it over


def test_a_clock_that_is_set_back_an_hour_says_nothing_twice(due, mail_server):
    due(date(2027, 1, 14))
    noon = nine_o_clock(TUESDAY) + timedelta(hours=3)
    assert [turn(noon), turn(noon - timedelta(hours=1)), turn(noon)] == [1, 0, 0]


# Nights with an hour more or less


@pytest.mark.parametrize(
    ("day", "opens_at"),
    [
        (date(2026, 3, 27), 8),  # Friday, winter time
        (date(2026, 3, 30), 7),  # Monday, summer time
        (date(2026, 10, 23), 7),
        (date(2026, 10, 26), 8),
    ],
)
def test_the_hour_of_the_first_mail_is_the_clock_on_the_wall(due, mail_server, day, opens_at):
    due(add_working_days(day, 2))
    opening = datetime(day.year, day.month, day.day, opens_at, 0, tzinfo=UTC)
    assert [turn(opening - timedelta(minutes=1)), turn(opening)] == [0, 1]


@pytest.mark.parametrize("night", [date(2026, 3, 28), date(2026, 10, 24)])
def test_in_a_day_of_23_or_25_hours_everybody_has_one_mail(due, mail_server, settings, night):
    settings.REMINDER_HOURS = (0, 24)
    milestone = due(add_working_days(night, 2))
    ten = datetime(night.year, night.month, night.day, 22, 0, tzinfo=UTC)
    told = [turn(ten + timedelta(hours=n)) for n in range(6)]
    assert (told, len(mail_server.delivered)) == ([1, 0, 0, 0, 0, 0], 1)
    assert len(days_told(milestone)) == 1


# 29 February


@pytest.mark.parametrize(
    ("due_on", "told_on"),
    [
        (
            date(2028, 2, 29),
            [date(2028, 2, 22), date(2028, 2, 28), date(2028, 3, 1), date(2028, 3, 7)],
        ),
        (
            date(2028, 3, 1),
            [date(2028, 2, 23), date(2028, 2, 29), date(2028, 3, 2), date(2028, 3, 8)],
        ),
    ],
)
def test_a_leap_day_counts_as_the_working_day_that_it_is(due, mail_server, plan, due_on, told_on):
    milestone = due(due_on)
    for day in told_on:
        turn(nine_o_clock(add_working_days(day, -1)))
        turn(nine_o_clock(day))
    assert days_told(milestone) == list(zip(told_on, (-5, -1, 1, 5), strict=True))
