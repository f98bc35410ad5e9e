"""What an office stops by hand, and what becomes of it afterwards; and what is said after nothing ran for days."""

from datetime import date, timedelta

import pytest
from django.core import mail

from partnership.deadlines import deadlines
from partnership.models import Message, Reminder, ReminderPause
from partnership.reminders.chasing import chase
from partnership.reminders.ledger import PASSED_OVER, plan_day
from partnership.reminders.pauses import CannotPause, CannotSkip, lift, pause, skip
from partnership.reminders.preview import who_will_be_told
from tests.conftest import hold
from tests.factories import CaseFactory, MilestoneFactory
from tests.reminding import at, ledger, send_on

REASON = "Its lead is in hospital."


@pytest.fixture
def deadline(milestone, settings):
    """The only one: ``chair`` owes it by Thursday 14 January."""
    settings.DEADLINE_SOURCES = {"tests.reminding.milestones": "milestone"}
    [deadline] = deadlines(on=date(2027, 1, 12))
    return deadline


def paused(deadline, office, *, recipient=None, until=None, on=date(2027, 1, 12)):
    return pause(deadline, recipient=recipient, until=until, reason=REASON, by=office, at=at(on))


def skipped(deadline, person, office, on):
    return skip(deadline.key, deadline.due_on, person, reason=REASON, by=office, on=on)


def days(*numbers):
    return [date(2027, 1, 1) + timedelta(days=number - 1) for number in numbers]


# Pausing


def test_while_it_is_paused_nobody_is_told_and_then_the_latest_step_once(deadline, office):
    paused(deadline, office, until=date(2027, 1, 18))
    for day in days(12, 13, 15, 18, 19):
        send_on(day)
    assert ledger() == [("Tomasz Brindle", "lead", 1, "done")]


def test_until_somebody_lifts_it(deadline, office):
    made = paused(deadline, office)
    assert [send_on(day) for day in days(12, 13, 15)] == [0, 0, 0]
    lift(made, by=office, at=at(date(2027, 1, 15)))
    lift(made, by=office, at=at(date(2027, 1, 16)))
    assert [send_on(day) for day in days(15, 18)] == [1, 0]
    made.refresh_from_db()
    assert (made.lifted_by, made.lifted_at) == (office, at(date(2027, 1, 15)))


def test_one_person_may_be_paused_alone(deadline, office, chair, lead):
    paused(deadline, office, recipient=lead)
    assert send_on(date(2027, 1, 12)) == 1
    paused(deadline, office, recipient=chair)
    assert send_on(date(2027, 1, 13)) == 0


def test_the_office_sees_who_is_paused_by_whom_until_when_and_why(deadline, office, chair):
    paused(deadline, office, until=date(2027, 1, 18))
    preview = who_will_be_told(office, on=date(2027, 1, 13))
    why = "Nadia Fenwick has paused it until 18 January 2027: Its lead is in hospital."
    assert (preview.people, preview.not_told) == ((), ((chair, deadline, why),))


def test_what_is_paused_between_planning_and_sending_is_not_sent_and_comes_when_it_is_over(deadline, office):
    plan_day(on=date(2027, 1, 12), now=at(date(2027, 1, 12)))
    made = paused(deadline, office)
    assert send_on(date(2027, 1, 12)) == 0
    assert mail.outbox == []
    lift(made, by=office, at=at(date(2027, 1, 12)))
    assert send_on(date(2027, 1, 13)) == 1


def test_a_moved_date_is_another_date_and_not_paused(deadline, office, milestone):
    paused(deadline, office)
    milestone.due_on = date(2027, 1, 13)
    milestone.save()
    assert send_on(date(2027, 1, 12)) == 1


def test_saying_it_twice_pauses_once_and_another_day_is_refused(deadline, office):
    until = date(2027, 1, 18)
    assert paused(deadline, office, until=until) == paused(deadline, office, until=until)
    with pytest.raises(CannotPause, match="Nadia Fenwick has paused it already, until 18 January 2027"):
        paused(deadline, office)
    assert ReminderPause.objects.count() == 1


def test_a_pause_until_today_is_refused(deadline, office):
    with pytest.raises(CannotPause, match="Enter a day after today"):
        paused(deadline, office, until=date(2027, 1, 12))


def test_nobody_who_is_paused_is_chased(deadline, office, chair):
    paused(deadline, office)
    came_to = chase([deadline], by=office, now=at(date(2027, 1, 12)))
    words = "is not told for now: Nadia Fenwick has paused it: Its lead is in hospital."
    assert (came_to.told, came_to.already) == ((), ((chair, words),))
    assert Reminder.objects.count() == 0


# Skipping


def test_one_step_is_left_out_and_the_next_one_comes(deadline, office, chair):
    skipped(deadline, chair, office, date(2027, 1, 13))
    skipped(deadline, chair, office, date(2027, 1, 13))
    for day in days(13, 14, 15):
        send_on(day)
    assert ledger() == [("Tomasz Brindle", "lead", -1, "skipped"), ("Tomasz Brindle", "lead", 1, "done")]
    row = Reminder.objects.get(state="skipped")
    assert (row.reason, row.skipped_by, row.message) == (REASON, office, None)


def test_the_office_sees_the_step_that_it_left_out_on_its_day(deadline, office, chair):
    send_on(date(2027, 1, 12))
    skipped(deadline, chair, office, date(2027, 1, 13))
    why = "Nadia Fenwick has left this step out: Its lead is in hospital."
    assert [who_will_be_told(office, on=day).not_told for day in days(12, 13)] == [(), ((chair, deadline, why),)]
    send_on(date(2027, 1, 13))
    assert who_will_be_told(office, on=date(2027, 1, 14)).not_told == ()


def test_what_waits_in_a_message_is_left_out_of_it(deadline, office, chair):
    plan_day(on=date(2027, 1, 13), now=at(date(2027, 1, 13)))
    skipped(deadline, chair, office, date(2027, 1, 13))
    assert send_on(date(2027, 1, 13)) == 0
    assert ([each.state for each in Message.objects.all()], ledger()) == (
        ["withdrawn"],
        [("Tomasz Brindle", "lead", -1, "skipped")],
    )


def test_what_is_leaving_cannot_be_skipped(deadline, office, chair):
    plan_day(on=date(2027, 1, 13), now=at(date(2027, 1, 13)))
    Message.objects.update(state=Message.State.CLAIMED)
    with pytest.raises(CannotSkip, match="is on its way already"):
        skipped(deadline, chair, office, date(2027, 1, 13))


def test_what_was_said_or_is_not_to_be_said_cannot_be_skipped(deadline, office, chair, lead):
    send_on(date(2027, 1, 13))
    with pytest.raises(CannotSkip, match="has been told of it already"):
        skipped(deadline, chair, office, date(2027, 1, 13))
    with pytest.raises(CannotSkip, match="would not be told of it on that day"):
        skipped(deadline, lead, office, date(2027, 1, 13))


def test_a_skipped_step_of_a_case_says_nothing_of_it(partnership, case_group, office, settings):
    settings.DEADLINE_SOURCES = {"reviews.deadlines.stages": "rapid-review"}
    CaseFactory(partnership=partnership, reference="CANARY-1")
    case_chair = hold("Morag Teale", "Chair", group=case_group, role="chair")
    [deadline] = deadlines(on=date(2027, 1, 27))
    row = skipped(deadline, case_chair, office, date(2027, 1, 27))
    made = paused(deadline, office)
    assert (row.title, row.why, made.title) == ("", "", "")


# After nothing ran


def test_after_days_without_a_turn_it_is_told_once_and_the_steps_that_passed_are_written_down(deadline):
    for day in days(7, 21, 22):
        send_on(day)
    assert ledger(state="done") == [("Tomasz Brindle", "lead", -5, "done"), ("Tomasz Brindle", "lead", 5, "done")]
    passed = Reminder.objects.filter(state="suppressed").order_by("step")
    assert [(each.step, each.reason) for each in passed] == [(-1, PASSED_OVER), (1, PASSED_OVER)]
    assert len(mail.outbox) == 2


def test_a_deadline_that_is_new_has_no_steps_that_passed(deadline, milestone):
    send_on(date(2027, 1, 12))
    MilestoneFactory(activity=milestone.activity, position=8, due_on=date(2027, 1, 14))
    send_on(date(2027, 1, 13))
    assert {state for _who, _rung, _step, state in ledger()} == {"done"}


def test_after_half_a_year_without_a_turn_nothing_is_lost_and_nothing_comes_in_a_burst(deadline):
    send_on(date(2027, 1, 7))
    for day in (date(2027, 7, 14), date(2027, 7, 15)):  # a Wednesday: the first turn of its week
        send_on(day)
    assert ledger(state="done") == [("Tomasz Brindle", "lead", -5, "done"), ("Tomasz Brindle", "lead", 5, "done")]


def test_an_old_date_that_comes_into_the_product_is_told_within_a_week(deadline, milestone):
    send_on(date(2027, 1, 11))
    old = MilestoneFactory(activity=milestone.activity, position=8, due_on=date(2026, 6, 1))
    of_it = {"deadline_key": f"milestone:{old.pk}"}
    for day in days(12, 15):
        send_on(day)
    assert ledger(**of_it) == []
    for day in days(18, 19):
        send_on(day)
    assert ledger(**of_it) == [("Tomasz Brindle", "lead", 5, "done")]
