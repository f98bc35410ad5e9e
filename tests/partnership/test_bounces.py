"""Mails that come back: which notices are believed, and what follows for the address and for its deadlines."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partnership.deadlines import deadlines, with_people
from partnership.models import Bounce, Message, User
from partnership.reminders.bounces import bounced_addresses, clear, record_bounce
from partnership.reminders.preview import who_will_be_told
from partnership.reminders.returned_mail import MOST_BYTES, notices_in
from tests.conftest import TODAY
from tests.factories_training import PractitionerFactory
from tests.partnership.test_carriers import message_to
from training.mails.words import QUEUE
from training.models import TrainingMail

OURS = "{key}@localhost"


def report(key="", *, recipient="rfc822; ada@example.org", status="5.1.1", action="failed", message_id=OURS, more=""):
    """A delivery status notification as Postfix writes it, of a mail with our ``key``."""
    return (
        f"""From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: planner@localhost
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b="

--=b=
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=b=
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Tue, 12 Jan 2027 09:00:02 +0000

Final-Recipient: {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>:
    Recipient address rejected

{more}--=b=
Content-Type: text/rfc822-headers

From: planner@localhost
To: ada@example.org
Message-ID: <{message_id.format(key=key)}>

--=b=--
"""
    ).encode()


def read(content, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(content)))
    call_command("read_bounces")


@pytest.fixture
def message(db):
    """Sent to Ada an hour ago."""
    message = message_to("Ada")
    Message.objects.update(state=Message.State.ACCEPTED, accepted_at=timezone.now() - timedelta(hours=1))
    message.reminders.update(state="done")
    message.refresh_from_db()
    return message


def test_a_notice_of_our_own_mail_stops_reminders_to_its_address(message, monkeypatch, capsys):
    read(report(message.idem_key), monkeypatch)
    assert capsys.readouterr().out == "Mails read: 1. Notices in them: 1. New bounces: 1.\n"
    [bounce] = Bounce.objects.all()
    assert (bounce.email, bounce.is_permanent, bounce.message) == ("ada@example.org", True, message)
    assert bounce.answer == "5.1.1 smtp; 550 5.1.1 <ada@example.org>: Recipient address rejected"
    assert bounced_addresses(["Ada@Example.org", "yusuf@example.org"]) == {"ada@example.org"}
    message.refresh_from_db()
    assert bool(message.bounced_at)
    assert [each.state for each in message.reminders.all()] == ["failed"]


def test_the_same_notice_twice_is_one_bounce(message, monkeypatch, capsys):
    read(report(message.idem_key), monkeypatch)
    read(report(message.idem_key), monkeypatch)
    assert capsys.readouterr().out.splitlines()[1] == "Mails read: 1. Notices in them: 1. New bounces: 0."
    assert Bounce.objects.count() == 1


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.3.4", "5.5.0", "", "yes", "5.1.1.1", "4.4.7"])
def test_what_may_pass_or_is_our_fault_or_says_no_status_counts_as_not_told_and_stops_nothing(
    message, monkeypatch, status
):
    read(report(message.idem_key, status=status), monkeypatch)
    assert [each.is_permanent for each in Bounce.objects.all()] == [False]
    assert bounced_addresses(["ada@example.org"]) == set()
    assert [each.state for each in message.reminders.all()] == ["failed"]


@pytest.mark.parametrize(
    "given",
    [
        {"message_id": "somebody@else.example.org"},
        {"message_id": "{key}@else.example.org"},
        {"message_id": ""},
        {"message_id": "f" * 64 + "@localhost"},
    ],
)
def test_a_notice_that_names_none_of_our_mails_silences_nobody(message, monkeypatch, given):
    read(report(message.idem_key, **given), monkeypatch)
    assert bounced_addresses(["ada@example.org"]) == set()
    assert [each.state for each in message.reminders.all()] == ["done"]
    [bounce] = Bounce.objects.all()
    assert bounce.answer.endswith("(This notice names none of our mails, so reminders go on.)")


def test_a_notice_of_somebody_elses_address_with_our_mail_silences_neither(message, monkeypatch):
    message_to("Yusuf", 1)
    read(report(message.idem_key, recipient="rfc822; yusuf@example.org"), monkeypatch)
    assert bounced_addresses(["ada@example.org", "yusuf@example.org"]) == set()


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_only_late_or_has_arrived_is_no_bounce(message, monkeypatch, action):
    read(report(message.idem_key, action=action), monkeypatch)
    assert (Bounce.objects.count(), message.reminders.get().state) == (0, "done")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 1000,
        b"Subject: Out of office\n\nI am back on Monday.\n",
        b'Content-Type: multipart/report; boundary="x"\n\n--x\nContent-Type: message/delivery-status\n\n--x--\n',
        b'Content-Type: multipart/report; boundary="x"\n\nno part at all\n',
        b"Content-Type: multipart/report\n\nFinal-Recipient: rfc822; ada@example.org\nAction: failed\n",
        b"".join(b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (n, n) for n in range(2000)),
        report() + b"x" * MOST_BYTES,
    ],
    ids=["empty", "zeros", "a reply", "no recipient", "no part", "no boundary", "2,000 deep", "too large"],
)
def test_what_is_no_notice_is_none(content):
    assert notices_in(content) == []


def test_a_notice_of_a_thousand_recipients_is_read_as_far_as_twenty():
    block = "Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.1.1\n\n"
    assert len(notices_in(report(more=block * 1000))) == 20


def test_an_address_in_its_strangest_form_is_only_text(message, monkeypatch):
    read(report(message.idem_key, recipient="rfc822; " + "<" * 500 + "\0'); drop table;@" + "x" * 5000), monkeypatch)
    assert bounced_addresses(["ada@example.org"]) == set()


def test_a_maildir_is_read_once_and_what_is_no_notice_is_left_for_people(message, tmp_path, capsys):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.notice").write_bytes(report(message.idem_key))
    (tmp_path / "new" / "2.reply").write_bytes(b"Subject: Out of office\n\nI am back on Monday.\n")
    (tmp_path / "cur" / "3.flagged:2,F").write_bytes(report(message.idem_key))
    call_command("read_bounces", maildir=tmp_path)
    call_command("read_bounces", maildir=tmp_path)
    assert capsys.readouterr().out.splitlines() == [
        "Mails read: 3. Notices in them: 2. New bounces: 1.",
        "Mails read: 1. Notices in them: 0. New bounces: 0.",
    ]
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["1.notice:2,S", "2.reply", "3.flagged:2,FS"]


def test_no_maildir_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="There is no Maildir at"):
        call_command("read_bounces", maildir=tmp_path)


# What follows


def come_back(user, at):
    return record_bounce(user.email, is_permanent=True, answer="550 User unknown", message=None, at=at)


def test_whoever_has_a_dead_address_is_listed_as_not_reached_with_the_day(milestone, chair, office):
    come_back(chair, timezone.now())
    [reach] = who_will_be_told(office, on=TODAY).unreached
    assert reach.missing == (
        "Tomasz Brindle’s address (Chair of Learning and Development Subgroup) sends mail back since 12 January 2027.",
    )


def test_a_new_address_is_reminded_again(milestone, chair):
    come_back(chair, timezone.now())
    User.objects.filter(pk=chair.pk).update(email="tomasz@new.example.org")
    [reach] = with_people([each for each in deadlines(on=TODAY) if each.key == f"milestone:{milestone.pk}"], on=TODAY)
    assert ([each.user for each in reach.recipients], reach.missing) == ([chair], ())


def test_an_address_that_an_office_cleared_stays_clear_whatever_older_mails_come_back(message, office):
    bounce = record_bounce("ada@example.org", is_permanent=True, answer="no", message=message, at=timezone.now())
    clear(bounce, by=office, at=timezone.now())
    assert bounced_addresses(["ada@example.org"]) == set()
    assert record_bounce("ada@example.org", is_permanent=True, answer="no", message=message, at=timezone.now()) is None
    assert bounced_addresses(["ada@example.org"]) == set()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_people_with_dead_addresses(milestone, chair, office, count, django_assert_num_queries):
    for _ in range(count):
        come_back(chair, timezone.now())
        Bounce.objects.update(is_permanent=True, cleared_at=None)
    due = [each for each in deadlines(on=TODAY) if each.key == f"milestone:{milestone.pk}"] * count
    with django_assert_num_queries(3):  # the group, its seats, their holders with their addresses
        with_people(due, on=TODAY)


# People without an account


@pytest.fixture
def queued(db):
    """A mail of training that left for somebody without an account; and its number."""
    mail = TrainingMail.objects.create(
        kind="record", key="1", address="Ada@example.org", practitioner=PractitionerFactory(), sent_at=timezone.now()
    )
    return mail, QUEUE.number_of(mail)


def test_what_comes_back_from_somebody_without_an_account_stops_mail_there_and_is_shown(queued, monkeypatch, capsys):
    mail, number = queued
    for _turn in range(2):
        read(report(number), monkeypatch)
    assert capsys.readouterr().out.splitlines() == [
        "Mails read: 1. Notices in them: 1. New bounces: 1.",
        "Mails read: 1. Notices in them: 1. New bounces: 0.",
    ]
    assert bounced_addresses(["ada@example.org"]) == {"ada@example.org"}
    mail.refresh_from_db()
    assert mail.problem.startswith("The mail came back: 5.1.1 smtp; 550 5.1.1")


def test_a_full_mailbox_of_theirs_is_shown_and_stops_nothing(queued, monkeypatch):
    mail, number = queued
    read(report(number, status="5.2.2"), monkeypatch)
    assert bounced_addresses(["ada@example.org"]) == set()
    mail.refresh_from_db()
    assert mail.problem.startswith("The mail came back: 5.2.2")


@pytest.mark.parametrize(
    "made_up", ["training-mail-{pk}", "training-mail-{pk}.{tail}", "school-mail-{pk}.{tail}", ".", "-"]
)
def test_a_number_that_is_made_up_silences_nobody(queued, monkeypatch, made_up):
    mail, number = queued
    tail = number.rpartition(".")[2]
    other = made_up.format(pk=mail.pk if "school" in made_up else mail.pk + 1, tail=tail)
    read(report(other), monkeypatch)
    mail.refresh_from_db()
    assert (mail.problem, Bounce.objects.count()) == ("", 0)


def test_a_notice_of_another_address_silences_nobody_without_an_account(queued, monkeypatch):
    mail, number = queued
    read(report(number, recipient="rfc822; yusuf@example.org"), monkeypatch)
    mail.refresh_from_db()
    assert (mail.problem, Bounce.objects.count()) == ("", 0)
