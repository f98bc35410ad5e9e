"""How often somebody hears of a kind of deadline, and on which of their days and hours."""

from datetime import date

import pytest
from django.core import mail

from partnership.deadlines import deadlines
from partnership.models import Closure, Message, Reminder, ReminderHours, ReminderPolicy
from partnership.reminders.chasing import chase
from partnership.reminders.paces import CannotBeTurnedOff, OwnHours, Pace, Paces, set_pace
from partnership.reminders.preview import who_will_be_told
from tests.factories import MeetingFactory, MilestoneFactory
from tests.reminding import at, ledger, send_on

MONDAY_BEFORE, MONDAY, TUESDAY = date(2027, 1, 11), date(2027, 1, 18), date(2027, 1, 19)


@pytest.fixture
def alone(milestone, settings):
    """``chair`` owes ``milestone`` by Thursday 14 January and nothing else is looked at."""
    settings.DEADLINE_SOURCES = {"tests.reminding.milestones": "milestone", "partnership.due_dates.meetings": "meeting"}


@pytest.fixture
def weekly(alone, chair):
    set_pace(chair, "milestone", Pace.WEEKLY)


def why_not(office, day):
    return [(person.name, why) for person, _deadline, why in who_will_be_told(office, on=day).not_told]


# Choosing


def test_a_pace_stands_for_its_kind_and_the_empty_one_for_all_others(chair):
    set_pace(chair, "", Pace.WEEKLY)
    set_pace(chair, "milestone", Pace.AT_ONCE)
    set_pace(chair, "meeting", Pace.OFF)
    paces = Paces.read([chair])
    assert [paces.of(chair, kind) for kind in ("milestone", "meeting", "update")] == ["at-once", "off", "weekly"]


def test_without_a_choice_it_is_daily(chair):
    assert Paces.read([chair]).of(chair, "milestone") == Pace.DAILY


@pytest.mark.parametrize("kind", ["milestone", "", "a-kind-that-nobody-has-listed"])
def test_a_duty_is_slowed_and_never_turned_off(chair, kind):
    with pytest.raises(CannotBeTurnedOff, match="once a week"):
        set_pace(chair, kind, Pace.OFF)
    assert Paces.read([chair]).chosen == {}


def test_a_duty_that_was_turned_off_all_the_same_comes_weekly(chair):
    chair.reminder_preferences.create(kind="milestone", pace=Pace.OFF)
    assert Paces.read([chair]).of(chair, "milestone") == Pace.WEEKLY


# Weekly


def test_weekly_is_the_first_working_day_of_the_week_at_the_latest_step_of_each(weekly, milestone, office):
    MilestoneFactory(activity=milestone.activity, position=7, due_on=date(2027, 1, 22))
    for day in [(1, 12), (1, 13), (1, 15), (1, 18), (1, 19), (1, 21), (1, 22), (1, 25)]:
        send_on(date(2027, *day))
    assert ledger() == [
        ("Tomasz Brindle", "lead", -5, "done"),  # on the first turn there ever was, which makes up for Monday
        ("Tomasz Brindle", "lead", 1, "done"),
        ("Tomasz Brindle", "lead", -5, "done"),
        ("Tomasz Brindle", "lead", 5, "done"),
        ("Tomasz Brindle", "lead", 1, "done"),
    ]
    assert sorted(Message.objects.values_list("day", flat=True)) == [
        date(2027, 1, 12),
        date(2027, 1, 18),
        date(2027, 1, 25),
    ]


def test_whoever_hears_weekly_stands_in_the_preview_with_the_day(weekly, office):
    send_on(MONDAY_BEFORE)
    assert why_not(office, date(2027, 1, 13)) == [
        ("Tomasz Brindle", "Hears of this kind once a week: on 18 January 2027.")
    ]


def test_where_nothing_ran_on_the_weekly_day_the_next_one_makes_up_for_it(weekly):
    send_on(MONDAY_BEFORE)
    send_on(TUESDAY)
    assert [(each.step, each.message.day) for each in Reminder.objects.filter(state="done").order_by("step")] == [
        (-5, MONDAY_BEFORE),
        (1, TUESDAY),
    ]


def test_where_no_mail_left_on_the_weekly_day_it_leaves_on_the_next_and_not_a_week_later(weekly, mail_server):
    def unreachable():
        raise ConnectionRefusedError("Connection refused")

    mail_server.at["connected"] = unreachable
    send_on(MONDAY_BEFORE)
    mail_server.at.clear()
    send_on(date(2027, 1, 12))
    send_on(date(2027, 1, 13))
    assert [(each.state, each.message.day) for each in Reminder.objects.all()] == [("done", date(2027, 1, 12))]


def test_a_kind_that_may_not_be_slowed_comes_daily(weekly):
    ReminderPolicy.objects.create(kind="milestone", steps=[-1], may_be_slowed=False)
    send_on(MONDAY_BEFORE)
    send_on(date(2027, 1, 13))
    assert ledger() == [("Tomasz Brindle", "lead", -1, "done")]


@pytest.mark.parametrize(
    ("weekdays", "day", "expected"),
    [
        ({0, 1, 2, 3, 4}, date(2027, 1, 13), date(2027, 1, 11)),
        ({2, 3}, date(2027, 1, 15), date(2027, 1, 13)),
        ({0}, date(2027, 3, 30), None),  # Easter Monday
        ({0, 1}, date(2027, 3, 30), date(2027, 3, 30)),
        ({5, 6}, date(2027, 1, 13), date(2027, 1, 11)),  # no day of ours: every day is
        (set(), date(2027, 1, 13), date(2027, 1, 11)),
    ],
)
def test_the_first_day_of_their_week(weekdays, day, expected):
    assert OwnHours(frozenset(weekdays)).weekly_day(day) == expected


# Never


def test_what_is_turned_off_is_not_told_and_the_office_sees_that(alone, learning_group, chair, office):
    MeetingFactory(group=learning_group, meets_on=date(2027, 1, 19), papers_due_on=None)
    set_pace(chair, "meeting", Pace.OFF)
    assert why_not(office, date(2027, 1, 12)) == [("Tomasz Brindle", "Has turned this kind off.")]
    send_on(date(2027, 1, 12))
    assert [each.deadline_key.partition(":")[0] for each in Reminder.objects.all()] == ["milestone"]


# Part-timers


def test_on_a_day_that_is_not_theirs_the_message_waits_and_says_the_latest_step(alone, chair, office):
    ReminderHours.objects.create(user=chair, weekdays=[4], first_hour=0, last_hour=24)  # Fridays
    assert why_not(office, date(2027, 1, 7)) == [
        ("Tomasz Brindle", "Takes no mail on that day of the week: it leaves on 8 January 2027.")
    ]
    for day in [(1, 7), (1, 8), (1, 13), (1, 14), (1, 15)]:
        send_on(date(2027, *day))
    assert [(each.step, each.message.day) for each in Reminder.objects.order_by("step")] == [
        (-5, date(2027, 1, 8)),
        (1, date(2027, 1, 15)),
    ]


def test_within_the_day_it_waits_for_their_hours(alone, chair, today):
    ReminderHours.objects.create(user=chair, weekdays=[0, 1, 2, 3, 4], first_hour=14, last_hour=16)
    assert [send_on(today, hour) for hour in (9, 13, 14, 15)] == [0, 0, 1, 0]
    assert ledger() == [("Tomasz Brindle", "lead", -5, "done")]


def test_hours_in_which_nothing_goes_out_are_as_good_as_none(alone, chair, today):
    ReminderHours.objects.create(user=chair, weekdays=[5, 6], first_hour=20, last_hour=23)
    assert send_on(today) == 1


def test_a_mail_that_somebody_asks_for_waits_for_their_day_too(alone, chair, office, milestone, today):
    ReminderHours.objects.create(user=chair, weekdays=[4], first_hour=0, last_hour=24)
    came_to = chase(deadlines(on=today), by=office, now=at(today))
    assert (came_to.told, came_to.later) == ((), ())
    assert came_to.already == ((chair, "takes no mail on that day of the week: it leaves on 15 January 2027"),)
    assert [send_on(date(2027, 1, day)) for day in (12, 13, 14, 15)] == [0, 0, 0, 1]
    assert Reminder.objects.get(state="done").asked_by == office


# At once


def test_what_comes_after_the_days_mail_waits_for_tomorrow_or_comes_at_once(alone, milestone, chair, lead, today):
    send_on(today)
    for number in (8, 9):
        MilestoneFactory(activity=milestone.activity, position=number, due_on=date(2027, 1, 13))
    assert send_on(today) == 0
    set_pace(chair, "milestone", Pace.AT_ONCE)
    assert [send_on(today), send_on(today)] == [2, 0]
    assert sorted(each.slot.partition("-")[0] for each in Message.objects.all()) == ["at", "at", "digest"]
    assert [send_on(date(2027, 1, 13)), len(mail.outbox)] == [1, 4]


def test_somebody_who_wants_it_at_once_is_asked_today_though_todays_mail_has_left(
    alone, milestone, chair, office, today
):
    later = MilestoneFactory(activity=milestone.activity, position=8, due_on=date(2027, 3, 1))
    send_on(today)
    set_pace(chair, "", Pace.AT_ONCE)
    due = [each for each in deadlines(on=today) if each.key == f"milestone:{later.pk}"]
    assert chase(due, by=office, now=at(today)).told == (chair,)
    assert [send_on(today), send_on(today)] == [1, 0]


# Closures


def test_while_the_offices_are_closed_nobody_is_told_and_steps_count_around_it(
    alone, partnership, other_partnership, office
):
    for each in (partnership, other_partnership):
        Closure.objects.create(partnership=each, title="Move", first_day=date(2027, 1, 13), last_day=date(2027, 1, 15))
    # Five working days before Thursday 14 January still is the 7th; one day before is the 12th, one after Monday.
    for day in [(1, 7), (1, 12), (1, 13), (1, 15), (1, 18)]:
        send_on(date(2027, *day))
    assert [(each.step, each.message.day) for each in Reminder.objects.order_by("step")] == [
        (-5, date(2027, 1, 7)),
        (-1, date(2027, 1, 12)),
        (1, date(2027, 1, 18)),
    ]


def test_what_would_be_said_during_a_closure_is_said_after_it(alone, milestone, partnership, other_partnership, office):
    for each in (partnership, other_partnership):
        Closure.objects.create(partnership=each, title="Move", first_day=date(2027, 1, 12), last_day=date(2027, 1, 13))
    assert why_not(office, date(2027, 1, 12)) == [("Tomasz Brindle", "The office is closed until 14 January 2027.")]
    assert [send_on(date(2027, 1, day)) for day in (12, 13, 14)] == [0, 0, 1]


def test_where_one_of_two_offices_is_open_what_they_share_is_told(alone, partnership, today):
    Closure.objects.create(partnership=partnership, title="Move", first_day=today, last_day=today)
    assert send_on(today) == 1
