"""Nobody gets a reminder twice, and none is lost in silence. Each guard is also tried switched off.

A *control* runs the same scene without its guard and must go wrong; otherwise the scene proves
nothing about the guard.
"""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from partnership.logs import masked
from partnership.models import GroupMember, Message, Reminder
from partnership.reminders import ledger, loop, sending
from partnership.reminders.agenda import agenda
from tests.conftest import hold
from tests.factories import CaseFactory, MilestoneFactory
from tests.mail_server import Killed, kill


def send(day=date(2027, 1, 12)):
    now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
    return loop.send_reminders(on=day, now=now)


def let_leases_run_out():
    Message.objects.exclude(lease_until=None).update(lease_until=Now() - timedelta(seconds=1))


def states():
    return sorted(Message.objects.values_list("state", flat=True))


@pytest.fixture
def milestone(plan, group_deliverable):
    """The one thing to remind of: owed by ``chair``, two working days from the cast's morning."""
    for deliverable in group_deliverable.priority.deliverables.all():
        for activity in deliverable.activities.all():
            activity.milestones.update(met_on=date(2026, 12, 1))
    activity = group_deliverable.activities.get(position=2)
    return MilestoneFactory(activity=activity, position=3, due_on=date(2027, 1, 14))


# Twice


def test_run_twice_it_sends_once(milestone, mail_server):
    assert [send(), send()] == [1, 0]
    assert len(mail_server.delivered) == 1


def test_control_without_the_ledgers_memory_it_sends_twice(milestone, mail_server, monkeypatch):
    def plan_without_looking(agenda, *, on):
        turn = Reminder.objects.count()
        Reminder.objects.bulk_create([telling.as_reminder(turn=turn) for telling in agenda.tellings.values()])

    monkeypatch.setattr(ledger, "plan", plan_without_looking)
    monkeypatch.setattr(ledger, "idem_key", lambda *_: uuid.uuid4().hex)
    assert [send(), send()] == [1, 1]
    assert len(mail_server.delivered) == 2


# Killed


def kill_at(point, mail_server):
    mail_server.at[point] = kill
    with pytest.raises(Killed):
        send()
    mail_server.at.clear()


def test_killed_after_the_claim_it_is_sent_later_and_once(milestone, mail_server):
    kill_at("connected", mail_server)
    assert (len(mail_server.delivered), states()) == (0, ["claimed"])
    assert send() == 0  # its lease has not run out: the worker may only be slow
    let_leases_run_out()
    assert [send(), send()] == [1, 0]
    assert (len(mail_server.delivered), states()) == (1, ["accepted"])


def test_control_without_recovery_it_is_lost(milestone, mail_server, monkeypatch):
    monkeypatch.setattr(loop, "recover", lambda: None)
    kill_at("connected", mail_server)
    let_leases_run_out()
    assert [send(), send()] == [0, 0]
    assert (len(mail_server.delivered), states()) == (0, ["claimed"])


@pytest.mark.parametrize(("point", "delivered"), [("leaving", 0), ("taken", 1)])
def test_killed_while_sending_it_is_not_sent_again_and_listed_as_doubtful(milestone, mail_server, point, delivered):
    kill_at(point, mail_server)
    assert states() == ["submitting"]
    let_leases_run_out()
    assert [send(), send()] == [0, 0]
    assert (len(mail_server.delivered), states()) == (delivered, ["held"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["held"]


def test_control_with_doubtful_ones_sent_again_it_arrives_twice(milestone, mail_server, monkeypatch):
    def put_back(messages, trouble):
        messages.update(state=Message.State.PLANNED)

    monkeypatch.setattr(sending, "hold", put_back)
    kill_at("taken", mail_server)
    let_leases_run_out()
    send()
    assert len(mail_server.delivered) == 2


def test_control_marked_as_sent_beforehand_it_is_lost(milestone, mail_server, monkeypatch):
    monkeypatch.setattr(sending, "mark_submitting", lambda message, _: sending.accept(message))
    monkeypatch.setattr(
        sending,
        "still_ours",
        lambda message: AnyState(Message.objects.filter(pk=message.pk)),
    )
    kill_at("leaving", mail_server)
    let_leases_run_out()
    assert [send(), send()] == [0, 0]
    assert (len(mail_server.delivered), states()) == (0, ["accepted"])


class AnyState:
    """A message that may be written to in whatever state it is."""

    def __init__(self, messages):
        self.messages = messages

    def filter(self, **_):
        return self.messages

    def update(self, **values):
        return self.messages.update(**values)


# A slow worker whose lease has run out


def while_slow(mail_server, point, what):
    """Have another worker do ``what`` while the first is held up at ``point``."""

    def overtake():
        mail_server.at.clear()
        let_leases_run_out()
        what()

    mail_server.at[point] = overtake


def test_a_worker_that_was_overtaken_sends_nothing(milestone, mail_server):
    while_slow(mail_server, "connected", send)
    assert send() == 0
    assert (len(mail_server.delivered), states()) == (1, ["accepted"])


def test_control_without_the_fence_the_overtaken_worker_sends_too(milestone, mail_server, monkeypatch):
    monkeypatch.setattr(sending, "mark_submitting", lambda *_: True)
    while_slow(mail_server, "connected", send)
    send()
    assert len(mail_server.delivered) == 2


def test_a_slow_yes_ends_the_doubt(milestone, mail_server):
    """The server's answer came after the message was held: it did arrive, and the ledger says so."""
    while_slow(mail_server, "taken", sending.recover)
    assert send() == 1
    assert (len(mail_server.delivered), states()) == (1, ["accepted"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["done"]


# At once


def at_once(count, what):
    """Run ``what`` in ``count`` threads with connections of their own, begun together."""
    start = threading.Barrier(count)
    problems = []

    def run():
        try:
            start.wait(10)
            what()
        except Exception as problem:  # pytest sees nothing of other threads
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_once(transactional_db, milestone, mail_server):
    at_once(4, send)
    assert (len(mail_server.delivered), states()) == (1, ["accepted"])


@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_workers_at_once_send_twice(transactional_db, milestone, mail_server, monkeypatch):
    on = date(2027, 1, 12)
    ledger.plan_and_bundle(agenda(on=on), on=on)
    monkeypatch.setattr(sending, "mark_submitting", lambda *_: True)
    monkeypatch.setattr(
        sending,
        "still_ours",
        lambda message: AnyState(Message.objects.filter(pk=message.pk)),
    )
    both_are_leaving = threading.Barrier(2)
    mail_server.at["leaving"] = lambda: both_are_leaving.wait(20)
    at_once(2, lambda: sending.hand_over(Message.objects.waiting().get(), on=on))
    assert len(mail_server.delivered) == 2


# Whom it is not for


def test_a_case_changes_no_byte_of_what_anybody_outside_its_group_is_sent(
    milestone, round_open, draft_return, event, training_coordinator, case_group, partnership, mail_server
):
    """The same mails with and without a case, but for the one to the group's chair."""
    case_chair = hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)

    def mails(day):
        send(day)
        sent = [(each.to, each.subject, masked(each.body)) for each in mail_server.delivered]
        mail_server.delivered.clear()
        Reminder.objects.all().delete()
        Message.objects.all().delete()
        return [each for each in sent if each[0] != [case_chair.email]], len(sent)

    day = date(2027, 1, 27)
    without, count_without = mails(day)
    CaseFactory(partnership=partnership, reference="CANARY-1")
    with_case, count_with = mails(day)
    assert with_case == without
    assert (count_without, count_with) == (3, 4)


def test_somebody_who_left_the_case_group_after_the_planning_is_sent_nothing(case, case_group, mail_server):
    case_chair = hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    day = date(2027, 1, 27)
    ledger.plan_and_bundle(agenda(on=day), on=day)
    case_chair.holdings.update(to_on=date(2027, 1, 26))
    assert send(day) == 0
    assert (mail_server.delivered, states()) == ([], ["withdrawn"])
