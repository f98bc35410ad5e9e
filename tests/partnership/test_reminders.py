"""Who is told of what, when, in which words; and what the ledger remembers."""

import weakref
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db.models.functions import Now

from partnership.logs import SECRET_ADDRESSES
from partnership.models import GroupMember, Message, Reminder, ReminderPolicy, User
from partnership.reminders import agenda
from partnership.reminders.agenda import Planner, latest_step
from partnership.reminders.hours import is_sending_time, next_sending_day
from partnership.reminders.loop import send_reminders
from partnership.reminders.preview import who_will_be_told
from partnership.reminders.unsubscribing import unsubscribe_address
from tests.conftest import hold
from tests.factories import MilestoneFactory
from tests.reminding import send_on


def ledger():
    return [
        (reminder.recipient.name, reminder.deadline_key.partition(":")[0], reminder.step, reminder.state)
        for reminder in Reminder.objects.select_related("recipient").order_by("planned_at", "pk")
    ]


# When


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 1, 6), None),
        (date(2027, 1, 7), -5),
        (date(2027, 1, 12), -5),
        (date(2027, 1, 13), -1),
        (date(2027, 1, 14), -1),
        (date(2027, 1, 15), 1),
        (date(2027, 1, 20), 1),
        (date(2027, 1, 21), 5),
        (date(2028, 1, 21), 5),
    ],
)
def test_the_latest_step_that_has_come_counts_in_working_days(day, expected):
    assert latest_step(date(2027, 1, 14), (-5, -1, 1, 5), on=day) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 1, 12, 7, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 12, 8, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 12, 17, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 12, 18, 0, tzinfo=UTC), False),
        (datetime(2027, 7, 13, 7, 30, tzinfo=UTC), True),  # half past eight by summer time
        (datetime(2027, 1, 9, 10, 0, tzinfo=UTC), False),  # a Saturday
        (datetime(2027, 3, 29, 10, 0, tzinfo=UTC), False),  # Easter Monday
    ],
)
def test_mails_go_out_in_office_hours_of_working_days(moment, expected):
    assert is_sending_time(moment) is expected


def test_the_demo_sends_round_the_clock(settings):
    settings.REMINDER_HOURS = (0, 24)
    assert is_sending_time(datetime(2027, 1, 9, 3, 0, tzinfo=UTC))
    assert next_sending_day(datetime(2027, 1, 8, 3, 0, tzinfo=UTC)) == date(2027, 1, 9)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 1, 8, 7, 0, tzinfo=UTC), date(2027, 1, 8)),
        (datetime(2027, 1, 8, 8, 0, tzinfo=UTC), date(2027, 1, 11)),
        (datetime(2027, 1, 9, 7, 0, tzinfo=UTC), date(2027, 1, 11)),
    ],
)
def test_the_next_day_is_todays_before_its_hours_and_never_a_weekend(moment, expected):
    assert next_sending_day(moment) == expected


def test_outside_the_hours_nothing_is_planned_or_sent(milestone, today):
    assert send_reminders(on=today, now=datetime(2027, 1, 12, 22, 0, tzinfo=UTC)) == 0
    assert (mail.outbox, ledger()) == ([], [])


# Who, and in which words


def test_the_person_gets_one_mail_with_everything_that_is_due(milestone, round_open, today, chair, group_deliverable):
    MilestoneFactory(activity=milestone.activity, position=4, label="Briefing sent", due_on=date(2027, 1, 8))
    assert send_on(date(2027, 1, 18)) == 2  # the lead of 1.1 is asked for an update too
    [message] = [each for each in mail.outbox if each.to == [chair.email]]
    assert message.subject == "Three things are due from you, the first since 8 January 2027"
    assert (
        SECRET_ADDRESSES.sub(r"\1…", message.body)
        == f"""Hello Tomasz,

Three things are due from you.

Answer on one page, without signing in:
http://localhost:8000/answer/…/

This link is yours alone. Do not forward this e-mail: whoever has the link could answer in your name. It shows what is \
due from you and nothing else, works until 26 January 2027 and opens in 3 browsers at most. A new link, if it has run \
out: http://localhost:8000/answer/again/
To see who used it, or to stop it, sign in: http://localhost:8000/links/

Late

* 1.2 Run the winter campaign. (Briefing sent)
  It was due on 8 January 2027: 10 days late.
  Asked of you as Chair of Learning and Development Subgroup.
  http://localhost:8000/deliverables/{group_deliverable.pk}/

* 1.2 Run the winter campaign. (Posters are up)
  It was due on 14 January 2027: 4 days late.
  Asked of you as Chair of Learning and Development Subgroup.
  http://localhost:8000/deliverables/{group_deliverable.pk}/

Coming up

* 1.2 Safer sleep advice that reaches fathers
  Due on 22 January 2027.
  Asked of you as Chair of Learning and Development Subgroup.
  http://localhost:8000/deliverables/{group_deliverable.pk}/update/

Everything that is due from you is on one page:
http://localhost:8000/my-work/

Not yours any more? Tell the business office who does it now: office@example.org
You get one e-mail a day at most, on days when something is due soon or has become late, unless you asked to hear of \
something at once. Choose how often: http://localhost:8000/my-reminders/
Hear as little as you can, without signing in: http://localhost:8000/unsubscribe/…/
"""
    )


def test_the_mail_says_that_a_machine_wrote_it_and_has_an_id_that_stays(milestone, today, chair):
    send_on(today)
    [message] = mail.outbox
    [row] = Message.objects.all()
    assert message.extra_headers == {
        "Message-ID": f"<{row.idem_key}@localhost>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{unsubscribe_address(chair)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_of_a_restricted_deadline_the_mail_says_only_that_there_is_something(case, case_group, today):
    case_chair = hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    send_on(date(2027, 1, 27))
    [message] = mail.outbox
    assert (message.to, message.subject) == ([case_chair.email], "Something is due from you")
    assert (
        SECRET_ADDRESSES.sub(r"\1…", message.body)
        == """Hello Morag,

Something is due from you.

You can read what it is after you sign in.

Everything that is due from you is on one page:
http://localhost:8000/my-work/

You get one e-mail a day at most, on days when something is due soon or has become late, unless you asked to hear of \
something at once. Choose how often: http://localhost:8000/my-reminders/
Hear as little as you can, without signing in: http://localhost:8000/unsubscribe/…/
"""
    )
    [reminder] = Reminder.objects.all()
    assert (reminder.title, reminder.why, reminder.is_restricted) == ("", "", True)


def test_nobody_is_recorded_as_reminded_who_has_no_address(milestone, today, chair, office):
    User.objects.filter(pk=chair.pk).update(email="")
    assert send_on(today) == 0
    assert ledger() == []
    [reach] = who_will_be_told(office, on=today).unreached
    assert reach.missing == ("Tomasz Brindle (Chair of Learning and Development Subgroup) has no e-mail address.",)


def test_a_kind_may_have_steps_of_its_own(milestone, today):
    ReminderPolicy.objects.create(kind="milestone", steps=[-30, 0])
    send_on(date(2027, 1, 14))
    assert ledger() == [("Tomasz Brindle", "milestone", 0, "done")]


# What the ledger remembers


def test_each_step_is_said_once_however_often_the_task_runs(milestone, today):
    days = [date(2027, 1, day) for day in (6, 7, 13, 14, 15, 18, 21, 22)]
    for day in days:
        send_on(day)
        send_on(day)
    assert ledger() == [
        ("Tomasz Brindle", "milestone", -5, "done"),
        ("Tomasz Brindle", "milestone", -1, "done"),
        ("Tomasz Brindle", "milestone", 1, "done"),
        ("Tomasz Brindle", "milestone", 5, "done"),
    ]
    assert len(mail.outbox) == 4


def test_after_an_outage_only_the_latest_step_is_said(milestone, today):
    send_on(date(2027, 1, 21))
    assert ledger() == [("Tomasz Brindle", "milestone", 5, "done")]
    assert len(mail.outbox) == 1


def test_what_is_done_before_it_is_sent_is_not_said(milestone, today, mail_server, chair):
    mail_server.at["connected"] = lambda: (_ for _ in ()).throw(ConnectionRefusedError("no server"))
    send_on(today)
    milestone.met_on = today
    milestone.save()
    mail_server.at.clear()
    Message.objects.update(send_after=None)
    send_on(today)
    assert mail_server.delivered == []
    assert ledger() == [("Tomasz Brindle", "milestone", -5, "suppressed")]
    assert [message.state for message in Message.objects.all()] == ["withdrawn"]


def test_a_moved_date_is_reminded_of_anew(milestone, today):
    send_on(today)
    milestone.due_on = date(2027, 1, 20)
    milestone.save()
    send_on(date(2027, 1, 13))
    assert [(reminder.due_on, reminder.state) for reminder in Reminder.objects.all()] == [
        (date(2027, 1, 14), "done"),
        (date(2027, 1, 20), "done"),
    ]


def test_a_successor_is_told_and_the_one_who_left_is_not(milestone, today, chair, learning_group):
    post = chair.holdings.get().post
    chair.holdings.update(to_on=date(2027, 1, 11))
    successor = User.objects.create(name="Yusuf Pell", email="yusuf.pell@example.org")
    post.holdings.create(user=successor, from_on=today)
    send_on(today)
    assert [message.to for message in mail.outbox] == [["yusuf.pell@example.org"]]


# Trouble with the mail server


def refuse(code):
    def refusal():
        raise SMTPRecipientsRefused({"someone@example.org": (code, b"no")})

    return refusal


def test_a_refusal_for_good_is_the_last_word(milestone, today, mail_server):
    mail_server.at["leaving"] = refuse(550)
    assert send_on(today) == 0
    assert ledger() == [("Tomasz Brindle", "milestone", -5, "failed")]
    mail_server.at.clear()
    assert send_on(today) == 0


def test_a_refusal_that_may_pass_is_tried_again_later(milestone, today, mail_server):
    mail_server.at["leaving"] = refuse(451)
    assert send_on(today) == 0
    mail_server.at.clear()
    assert send_on(today) == 0  # not at once
    Message.objects.update(send_after=Now() - timedelta(seconds=1))
    assert send_on(today) == 1
    assert len(mail_server.delivered) == 1


def test_a_server_that_cannot_be_reached_is_waited_for(milestone, today, mail_server):
    def unreachable():
        raise ConnectionRefusedError("Connection refused")

    mail_server.at["connected"] = unreachable
    for _ in range(3):
        send_on(today)
        Message.objects.update(send_after=None)
    assert [(message.state, message.attempt_count) for message in Message.objects.all()] == [("planned", 3)]
    mail_server.at.clear()
    assert send_on(today) == 1


def test_while_a_worker_has_yesterdays_mail_todays_waits_and_then_says_both(milestone, today, mail_server):
    def unreachable():
        raise ConnectionRefusedError("Connection refused")

    milestone.due_on = date(2027, 1, 19)
    milestone.save()
    mail_server.at["connected"] = unreachable
    send_on(date(2027, 1, 12))
    Message.objects.update(state=Message.State.CLAIMED, lease_until=Now() + timedelta(minutes=10))
    MilestoneFactory(activity=milestone.activity, position=4, due_on=date(2027, 1, 20))
    mail_server.at.clear()
    assert send_on(date(2027, 1, 13)) == 0
    Message.objects.update(lease_until=Now() - timedelta(minutes=10))
    assert send_on(date(2027, 1, 13)) == 1
    assert {state for _name, _kind, _step, state in ledger()} == {"done"}
    assert Reminder.objects.filter(message=Message.objects.get(state=Message.State.ACCEPTED)).count() == 2


def test_a_connection_lost_in_between_leaves_a_doubt_and_no_second_mail(milestone, today, mail_server):
    def lost():
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    mail_server.at["taken"] = lost
    assert send_on(today) == 0
    mail_server.at.clear()
    assert send_on(today) == 0
    assert ledger() == [("Tomasz Brindle", "milestone", -5, "held")]
    assert len(mail_server.delivered) == 1


def test_what_was_doubtful_is_said_again_in_the_next_days_digest(milestone, today, mail_server):
    milestone.due_on = date(2027, 1, 19)
    milestone.save()
    mail_server.at["leaving"] = lambda: (_ for _ in ()).throw(TimeoutError())
    send_on(date(2027, 1, 12))
    mail_server.at.clear()
    assert send_on(date(2027, 1, 13)) == 1
    assert send_on(date(2027, 1, 14)) == 0
    assert ledger() == [
        ("Tomasz Brindle", "milestone", -5, "held"),
        ("Tomasz Brindle", "milestone", -5, "done"),
    ]


# Beforehand


def test_the_preview_tells_an_office_of_its_own_partnerships_alone(milestone, today, office, stranger):
    assert [person.name for person, _ in who_will_be_told(office, on=today).people] == ["Tomasz Brindle"]
    assert who_will_be_told(stranger, on=today).people == ()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_a_whole_run(milestone, today, count, django_assert_num_queries):
    for number in range(1, count):
        MilestoneFactory(activity=milestone.activity, position=3 + number, due_on=date(2027, 1, 14))
    with django_assert_num_queries(69):
        send_on(today)
    assert len(mail.outbox) == 1


def test_of_all_that_is_due_one_part_at_a_time_is_held(milestone, today, monkeypatch):
    """Nor what was worked out for the others: a nation's turn takes no more memory than a county's."""
    monkeypatch.setattr(agenda, "DEADLINES_AT_A_TIME", 1)
    MilestoneFactory(activity=milestone.activity, position=4, due_on=date(2027, 1, 15))
    held, of_each = [], []
    for part in Planner(on=today).agendas():
        of_each.append([each() for each in held])
        [due] = part.due
        held = [weakref.ref(part), weakref.ref(due), weakref.ref(due.partnership_ids)]
        del part, due
    assert len(of_each) > 1
    assert of_each[1:] == [[None, None, None]] * (len(of_each) - 1)
