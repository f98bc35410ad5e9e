"""When people are told of a kind of deadline, and who above them hears of it while it stays undone."""

from datetime import date

import pytest
from django.core import mail

from partnership.deadlines import deadlines
from partnership.models import Bounce, GroupMember, Message, PostHolding, Reminder, ReminderPolicy, User
from partnership.reminders.ladder import Ladder
from partnership.reminders.ledger import plan_day
from partnership.reminders.policies import Policies, Policy, usual_policy
from partnership.reminders.preview import who_will_be_told
from tests.conftest import hold
from tests.factories import CaseFactory, GroupMemberFactory, MilestoneFactory
from tests.reminding import at, ledger, send_on


@pytest.fixture
def due(plan, led_deliverable, settings):
    """``lead`` owes it by Thursday 14 January, and nobody owes anything else."""
    settings.DEADLINE_SOURCES = {"tests.reminding.milestones": "milestone"}
    activities = [each for each in led_deliverable.activities.all()]
    for activity in activities:
        activity.milestones.all().delete()
    plan.priorities.exclude(pk=led_deliverable.priority_id).delete()
    led_deliverable.priority.deliverables.exclude(pk=led_deliverable.pk).delete()
    return MilestoneFactory(activity=activities[0], label="Checklist in use", due_on=date(2027, 1, 14))


@pytest.fixture
def everybody(due, scrutiny_chair, office, executive_chair):
    """The ladder of ``due``: Delia Marchetti, Ruth Adeyinka-Cole, Nadia Fenwick, Imogen Stallard."""


# Which policy


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("milestone", Policy((-5, -1, 1, 5), 5, 10, 15)),
        ("a-kind-that-nobody-has-listed", Policy((-5, -1, 1, 5), 5, 10, 15)),
        ("meeting", Policy((-5, -1))),
        ("event", Policy((-5, -1))),
        ("plan-review", Policy((-5, -1))),
        ("rapid-review", Policy((-10, -5, -2, -1, 0, 1), 1, 2, 5, may_be_slowed=False)),
    ],
)
def test_what_stands_where_nobody_said_anything(kind, expected):
    assert usual_policy(kind) == expected


def test_a_partnerships_own_rule_stands_before_the_installations_and_that_before_the_usual(
    partnership, other_partnership
):
    ReminderPolicy.objects.create(kind="milestone", steps=[-7])
    ReminderPolicy.objects.create(kind="milestone", steps=[-3], chair_after=4, partnership=partnership)
    policies = Policies.read()
    own, others = frozenset({partnership.pk}), frozenset({other_partnership.pk})
    assert policies.of("milestone", own) == Policy((-3,), 4)
    assert policies.of("milestone", others) == Policy((-7,))
    assert policies.of("milestone", own | others) == Policy((-3,), 4)
    assert policies.of("update", own) == usual_policy("update")


def test_what_two_partnerships_share_is_told_on_the_days_of_both_and_goes_up_when_the_first_says(
    partnership, other_partnership
):
    ReminderPolicy.objects.create(
        kind="milestone", steps=[-3, 1], chair_after=8, office_after=9, partnership=partnership
    )
    ReminderPolicy.objects.create(
        kind="milestone", steps=[1, -9], chair_after=4, partnership=other_partnership, may_be_slowed=False
    )
    shared = frozenset({partnership.pk, other_partnership.pk})
    assert Policies.read().of("milestone", shared) == Policy((-9, -3, 1), 4, 9, None, may_be_slowed=False)


def test_a_rule_without_steps_tells_nobody(everybody):
    ReminderPolicy.objects.create(kind="milestone", steps=[], chair_after=1)
    assert send_on(date(2027, 1, 21)) == 0
    assert ledger() == []


# The ladder


def test_while_it_stays_undone_one_rung_after_another_hears_of_it_and_its_lead_each_time(everybody):
    for day in [(1, 7), (1, 13), (1, 15), (1, 20), (1, 21), (1, 27), (1, 28), (2, 3), (2, 4), (3, 9)]:
        send_on(date(2027, *day))
        send_on(date(2027, *day))
    assert ledger() == [
        ("Delia Marchetti", "lead", -5, "done"),
        ("Delia Marchetti", "lead", -1, "done"),
        ("Delia Marchetti", "lead", 1, "done"),
        ("Delia Marchetti", "lead", 5, "done"),
        ("Ruth Adeyinka-Cole", "chair", 5, "done"),
        ("Delia Marchetti", "lead", 10, "done"),
        ("Nadia Fenwick", "office", 10, "done"),
        ("Delia Marchetti", "lead", 15, "done"),
        ("Imogen Stallard", "executive", 15, "done"),
    ]


def test_whoever_hears_of_it_late_has_the_same_time_as_everybody(everybody):
    """It is weeks late when it comes into the product: nobody above hears of it in the days after."""
    days = [(2, 8), (2, 12), (2, 15), (2, 19), (2, 22), (2, 26), (3, 1)]
    for day in days:
        send_on(date(2027, *day))
    told_on = Reminder.objects.exclude(message=None).values_list("rung", "message__day").order_by("message__day")
    assert [each for each in told_on if each[0] != "lead"] == [
        ("chair", date(2027, 2, 15)),
        ("office", date(2027, 2, 22)),
        ("executive", date(2027, 3, 1)),
    ]


def test_on_a_rung_without_anybody_the_next_one_hears_of_it_on_its_own_day(due, office):
    for day in [(1, 13), (1, 21), (1, 28)]:
        send_on(date(2027, *day))
    assert ledger(rung="office") == [("Nadia Fenwick", "office", 10, "done")]
    assert ledger(rung="chair") == []


def test_of_whom_nobody_could_remind_the_office_hears_and_nobody_above(everybody, lead):
    User.objects.filter(pk=lead.pk).update(email="")
    for day in [(1, 15), (1, 21), (1, 28), (2, 4)]:
        send_on(date(2027, *day))
    assert ledger() == [
        ("Nadia Fenwick", "office", 5, "done"),
        ("Nadia Fenwick", "office", 10, "done"),
        ("Nadia Fenwick", "office", 15, "done"),
    ]
    why = "Business office, because nobody who owes it could be reminded"
    assert set(Reminder.objects.values_list("why", flat=True)) == {why}


def test_an_address_from_which_mail_comes_back_is_none(everybody, lead, office):
    Bounce.objects.create(email=lead.email.upper(), is_permanent=True)
    send_on(date(2027, 1, 21))
    assert ledger() == [("Nadia Fenwick", "office", 5, "done")]
    [reach] = who_will_be_told(office, on=date(2027, 1, 21)).unreached
    assert ["sends mail back" in words for words in reach.missing] == [True]


def test_a_mail_that_is_only_waiting_climbs_no_rung(everybody, office, mail_server):
    mail_server.at["connected"] = lambda: (_ for _ in ()).throw(ConnectionRefusedError("no server"))
    send_on(date(2027, 1, 21))
    mail_server.at.clear()
    assert ledger() == [("Delia Marchetti", "lead", 5, "bundled")]
    preview = who_will_be_told(office, on=date(2027, 1, 22))
    assert [(person, why) for person, _deadline, why in preview.not_told] == [
        (None, "Nobody above hears of it before whoever owes it has been told.")
    ]


def test_a_successor_on_a_rung_is_told_and_nobody_twice(everybody, scrutiny_chair):
    send_on(date(2027, 1, 13))
    send_on(date(2027, 1, 21))
    post = scrutiny_chair.holdings.get().post
    scrutiny_chair.holdings.update(to_on=date(2027, 1, 21))
    successor = User.objects.create(name="Yusuf Pell", email="yusuf.pell@example.org")
    PostHolding.objects.create(post=post, user=successor, from_on=date(2027, 1, 22))
    send_on(date(2027, 1, 22))
    send_on(date(2027, 1, 25))
    assert ledger(rung="chair") == [
        ("Ruth Adeyinka-Cole", "chair", 5, "done"),
        ("Yusuf Pell", "chair", 5, "done"),
    ]


# Until the mail leaves


def plan_only(day):
    plan_day(on=day, now=at(day))


def test_what_is_done_between_planning_and_sending_nobody_above_hears_of(everybody, due):
    send_on(date(2027, 1, 13))
    plan_only(date(2027, 1, 21))
    due.met_on = date(2027, 1, 21)
    due.save()
    mail.outbox.clear()
    assert send_on(date(2027, 1, 21)) == 0
    assert (mail.outbox, ledger(step=5)) == (
        [],
        [("Delia Marchetti", "lead", 5, "suppressed"), ("Ruth Adeyinka-Cole", "chair", 5, "suppressed")],
    )


def test_a_date_moved_between_planning_and_sending_stops_every_rung(everybody, due):
    send_on(date(2027, 1, 13))
    plan_only(date(2027, 1, 21))
    due.due_on = date(2027, 3, 31)
    due.save()
    assert send_on(date(2027, 1, 21)) == 0
    assert {state for _who, _rung, step, state in ledger() if step == 5} == {"suppressed"}


def test_whoever_left_the_rung_after_the_planning_is_told_nothing(everybody, scrutiny_chair):
    send_on(date(2027, 1, 13))
    plan_only(date(2027, 1, 21))
    scrutiny_chair.holdings.update(to_on=date(2027, 1, 20))
    assert send_on(date(2027, 1, 21)) == 1
    assert ledger(rung="chair") == [("Ruth Adeyinka-Cole", "chair", 5, "suppressed")]


def test_the_lead_reads_who_else_hears_of_it(everybody, lead):
    for day in [(1, 13), (1, 21), (1, 28)]:
        send_on(date(2027, *day))
    mails = [each for each in mail.outbox if each.to == [lead.email]]
    assert ["chair" in each.body for each in mails] == [False, True, True]
    assert ["business office" in each.body.replace("Tell the business office", "") for each in mails[:2]] == [False] * 2


# Restricted


@pytest.fixture
def overdue_case(partnership, case_group, settings):
    settings.DEADLINE_SOURCES = {"reviews.deadlines.stages": "rapid-review"}
    return CaseFactory(partnership=partnership, reference="CANARY-1")


def test_a_case_is_known_on_no_rung_outside_its_group(overdue_case, case_group, office, executive_chair):
    hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    for day in [(1, 27), (1, 29), (2, 1), (2, 2), (2, 5), (2, 10)]:
        send_on(date(2027, *day))
    assert {who for who, *_ in ledger()} == {"Morag Teale"}
    assert {(each.title, each.why) for each in Reminder.objects.all()} == {("", "")}


def test_an_office_that_sits_in_the_group_hears_of_it(overdue_case, case_group, office, executive_chair):
    hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    GroupMemberFactory(group=case_group, post=office.holdings.get().post, role=GroupMember.Role.MEMBER)
    for day in [(1, 27), (1, 29), (2, 1), (2, 2)]:
        send_on(date(2027, *day))
    assert {(who, rung) for who, rung, *_ in ledger()} == {("Morag Teale", "lead"), ("Nadia Fenwick", "office")}


def test_an_observer_of_the_group_hears_nothing(overdue_case, case_group, office):
    GroupMemberFactory(group=case_group, post=office.holdings.get().post, role=GroupMember.Role.OBSERVER)
    [deadline] = deadlines(on=date(2027, 2, 2))
    assert Ladder(on=date(2027, 2, 2)).on_rung(deadline, "office") == {}


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_a_turn_that_climbs(everybody, due, count, django_assert_num_queries):
    for number in range(1, count):
        MilestoneFactory(activity=due.activity, position=5 + number, due_on=date(2027, 1, 14))
    send_on(date(2027, 1, 13))
    Message.objects.update(state=Message.State.ACCEPTED)
    with django_assert_num_queries(30):
        plan_only(date(2027, 1, 21))
