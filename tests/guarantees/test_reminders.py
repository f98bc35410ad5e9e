"""T6: nobody gets a reminder twice, and none is lost in silence. Each guard is also tried switched off.

A *control* runs the same scene without its guard and must go wrong; otherwise the scene proves
nothing about the guard.
"""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from partnership.logs import masked
from partnership.models import GroupMember, Heartbeat, Message, MessageAttempt, Reminder, User
from partnership.reminders import ledger, loop, mails, sending
from partnership.reminders.agenda import Told, agenda
from partnership.reminders.carriers import NotifyCarrier
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


def test_two_planners_that_read_the_same_plan_it_once(milestone):
    day = date(2027, 1, 12)
    first, second = agenda(on=day), agenda(on=day)
    ledger.plan_and_bundle(first, on=day)
    ledger.plan_and_bundle(second, on=day)
    assert (Message.objects.count(), Reminder.objects.count()) == (1, 1)


def test_control_without_keys_that_stay_the_same_two_planners_plan_it_twice(milestone, monkeypatch):
    day = date(2027, 1, 12)
    monkeypatch.setattr(ledger, "idem_key", lambda *_: uuid.uuid4().hex)
    first, second = agenda(on=day), agenda(on=day)
    ledger.plan_and_bundle(first, on=day)
    Reminder.objects.update(turn=7)  # as if the second knew another number for the same
    ledger.plan_and_bundle(second, on=day)
    assert (Message.objects.count(), Reminder.objects.count()) == (2, 2)


# Killed


def killed(*_arguments, **_named):
    raise Killed


def test_killed_before_the_claim_is_committed_it_is_sent_once(milestone, mail_server, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Message, "save", killed)
        send()
    assert states() == ["planned"]
    assert [send(), send()] == [1, 0]
    assert len(mail_server.delivered) == 1


def test_killed_while_the_mail_is_written_it_is_sent_later_and_once(milestone, mail_server, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "write", killed)
        send()
    assert states() == ["claimed"]
    let_leases_run_out()
    assert [send(), send()] == [1, 0]
    assert len(mail_server.delivered) == 1


def test_control_with_a_claim_that_has_no_end_it_is_lost(milestone, mail_server, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "LEASE", timedelta(days=36500))
        patch.setattr(sending, "write", killed)
        send()
    assert [send(), send()] == [0, 0]
    assert (len(mail_server.delivered), states()) == (0, ["claimed"])


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
    monkeypatch.setattr(loop, "recover", lambda **_: None)
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
    while_slow(mail_server, "taken", lambda: sending.recover(on=date(2027, 1, 12)))
    assert send() == 1
    assert (len(mail_server.delivered), states()) == (1, ["accepted"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["done"]


# A provider that can be asked


def a_minute_later():
    Message.objects.exclude(looked_up_at=None).update(looked_up_at=Now() - timedelta(seconds=61))


@pytest.mark.parametrize("trouble", ["lost", "dropped", (500, "Internal server error")])
def test_whatever_becomes_of_the_answer_it_is_taken_once_in_the_end(milestone, notify, trouble):
    notify.next.append(trouble)
    assert (send(), states()) == (0, ["submitting"])
    let_leases_run_out()
    send()
    send()  # within the minute: not asked again
    a_minute_later()
    send()
    assert (len(notify.taken), states()) == (1, ["accepted"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["done"]
    assert notify.look_ups == (1 if trouble == "lost" else 2)


def test_killed_before_the_request_left_it_is_asked_for_and_sent_once(milestone, notify, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(NotifyCarrier, "submit", killed)
        send()
    let_leases_run_out()
    for _ in range(3):
        send()
        a_minute_later()
    assert (len(notify.taken), states()) == (1, ["accepted"])


def test_control_without_asking_it_is_taken_twice(milestone, notify, monkeypatch):
    def ask_nobody(leaving, through):
        leaving.update(state=Message.State.PLANNED, lease_until=None)

    monkeypatch.setattr(sending, "ask_about", ask_nobody)
    notify.next.append("lost")
    send()
    let_leases_run_out()
    send()
    assert len(notify.taken) == 2


def test_a_mail_that_the_provider_lists_late_is_found_at_the_second_look(milestone, notify):
    notify.next.append("lost")
    notify.listed_from = 2
    send()
    let_leases_run_out()
    send()
    a_minute_later()
    send()
    assert (len(notify.taken), states()) == (1, ["accepted"])


def test_control_with_one_look_alone_it_is_taken_twice(milestone, notify, monkeypatch):
    monkeypatch.setattr(sending, "LOOK_UPS", 1)
    notify.next.append("lost")
    notify.listed_from = 2
    send()
    let_leases_run_out()
    send()
    assert len(notify.taken) == 2


def test_too_many_requests_is_a_refusal_and_waits(milestone, notify):
    notify.next.append((429, "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"))
    assert (send(), states()) == (0, ["planned"])
    assert send() == 0
    Message.objects.update(send_after=None)
    assert (send(), len(notify.taken)) == (1, 1)


# What changes between the planning and the sending


def done(milestone, chair):
    milestone.met_on = date(2027, 1, 12)
    milestone.save()


def moved(milestone, chair):
    milestone.due_on = date(2027, 3, 1)
    milestone.save()


def switched_off(milestone, chair):
    User.objects.filter(pk=chair.pk).update(is_active=False)


def left_the_post(milestone, chair):
    chair.holdings.update(to_on=date(2027, 1, 11))


CHANGES = [done, moved, switched_off, left_the_post]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_longer_so_when_the_mail_leaves_is_not_said(milestone, chair, mail_server, change):
    bundled(date(2027, 1, 12))
    change(milestone, chair)
    assert sending.hand_over_waiting(on=date(2027, 1, 12)) == 0
    assert (mail_server.delivered, states()) == ([], ["withdrawn"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["suppressed"]


@pytest.mark.parametrize("change", CHANGES)
def test_control_without_asking_again_it_is_said(milestone, chair, mail_server, monkeypatch, change):
    day = date(2027, 1, 12)
    bundled(day)
    [telling] = agenda(on=day).tellings.values()
    monkeypatch.setattr(
        mails, "still_told", lambda _reader, reminders, on: ([Told(each, telling.deadline) for each in reminders], {})
    )
    change(milestone, chair)
    assert (sending.hand_over_waiting(on=day), len(mail_server.delivered)) == (1, 1)


def bundled(day):
    ledger.plan_and_bundle(agenda(on=day), on=day)
    assert states() == ["planned"]


# A backup that is put back


LEDGER = (Message, Reminder, MessageAttempt, Heartbeat)


def backup():
    return {model: list(model.objects.all()) for model in LEDGER}


def put_back(rows):
    for model in reversed(LEDGER):
        model.objects.all().delete()
    for model in LEDGER:
        model.objects.bulk_create(rows[model])


def before_the_planning():
    pass


def planned():
    bundled(date(2027, 1, 12))


def claimed():
    planned()
    sending.claim()


@pytest.mark.parametrize("come_so_far", [before_the_planning, planned, claimed])
def test_after_a_backup_is_put_back_nothing_goes_twice(milestone, mail_server, settings, tmp_path, come_so_far):
    settings.SENT_JOURNAL = tmp_path
    come_so_far()
    yesterday = backup()
    let_leases_run_out()
    assert (send(), len(mail_server.delivered)) == (1, 1)
    put_back(yesterday)
    let_leases_run_out()
    assert [send(), send()] == [0, 0]
    assert (len(mail_server.delivered), states()) == (1, ["accepted"])
    assert send(date(2027, 1, 13)) == 1  # the next step is another


@pytest.mark.parametrize("come_so_far", [before_the_planning, planned, claimed])
def test_control_without_the_journal_a_backup_sends_it_twice(milestone, mail_server, come_so_far):
    come_so_far()
    yesterday = backup()
    let_leases_run_out()
    send()
    put_back(yesterday)
    let_leases_run_out()
    send()
    assert len(mail_server.delivered) == 2


def test_where_the_journal_is_lost_too_the_day_is_held_and_the_next_says_it_again(
    milestone, mail_server, settings, tmp_path
):
    settings.SENT_JOURNAL = tmp_path
    yesterday = backup()
    send()
    put_back(yesterday)
    settings.SENT_JOURNAL = tmp_path / "another disc"
    call_command("after_restore", journal_lost=True)
    assert [send(), send()] == [0, 0]
    assert (len(mail_server.delivered), states()) == (1, ["held"])
    assert send(date(2027, 1, 13)) == 1


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
        for model in (MessageAttempt, Reminder, Message):
            model.objects.all().delete()
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
