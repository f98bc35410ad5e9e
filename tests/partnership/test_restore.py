"""T12: the journal of what left the house, and the database that is put back to an earlier day.

That nothing goes twice then is shown in ``tests/guarantees/test_reminders.py``.
"""

import json
import logging
import stat
from datetime import date
from io import StringIO
from smtplib import SMTPDataError

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from partnership.models import Heartbeat, MailBrake, Message, MessageAttempt, Reminder
from partnership.reminders import journal
from partnership.reminders.journal import Compared, compare
from partnership.reminders.sending import hand_over_waiting
from tests.at_once import at_once
from tests.conftest import TODAY
from tests.ownership import as_owner
from tests.partnership import test_carriers
from tests.partnership.test_carriers import hand_over, message_to

message = test_carriers.message


@pytest.fixture
def folder(settings, tmp_path, db):
    """Where the journal is kept, of the test's database."""
    settings.SENT_JOURNAL = tmp_path / "sent-journal"
    return journal.folder_of_this_database()


def forget_all():
    """The database as it was before anything was sent, its people apart."""
    for model in (MessageAttempt, Reminder, Message, Heartbeat):
        model.objects.all().delete()


def after_restore():
    said = StringIO()
    call_command("after_restore", stdout=said)
    return said.getvalue().splitlines()


def test_a_line_holds_keys_and_dates_and_is_the_owners_alone(message, mail_server, folder):
    Reminder.objects.update(title="1.2 Run the winter campaign", why="Chair", partnership_ids=[7])
    assert hand_over() == 1
    [path] = folder.iterdir()
    [line] = [json.loads(line) for line in path.read_text().split("\n") if line]
    del line["at"]
    assert line == {
        "message": message.idem_key,
        "try": 1,
        "to": message.recipient_id,
        "day": "2027-01-12",
        "slot": "digest",
        "reminders": [["milestone:0", "2027-01-12", 0, 0, "lead", False, [7]]],
    }
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, path)] == [0o700, 0o600]


def test_where_the_journal_cannot_be_written_nothing_leaves_until_it_can(message, mail_server, folder):
    folder.parent.mkdir()
    folder.write_text("a file in the way")
    assert hand_over() == 0
    message.refresh_from_db()
    assert (message.state, mail_server.delivered) == ("planned", [])
    assert message.last_answer.startswith("The journal of sent mails cannot be written")
    assert (hand_over(), Message.objects.get().attempt_count) == (0, 1)  # nor is any other tried for a while
    folder.unlink()
    MailBrake.objects.update(stopped_until=None)
    assert hand_over() == 1


def test_what_was_refused_is_not_taken_for_sent(message, mail_server, folder):
    def refuse():
        raise SMTPDataError(451, b"4.3.0 Try again")

    mail_server.at["leaving"] = refuse
    assert hand_over() == 0
    forget_all()
    assert compare() == Compared(lines=2)
    assert Message.objects.count() == 0


def test_what_the_ledger_has_forgotten_is_written_down_as_sent_and_said(message, mail_server, folder, caplog):
    Reminder.objects.update(partnership_ids=[7], is_restricted=True)
    assert hand_over() == 1
    forget_all()
    with caplog.at_level(logging.ERROR):
        assert after_restore()[:2] == [
            "Lines in the journal of sent mails: 1.",
            "Messages that the database did not know, now written down as sent: 1.",
        ]
    assert caplog.messages == ["The database is older than the journal: 1 messages are written down as sent"]
    [restored] = Message.objects.all()
    [reminder] = restored.reminders.all()
    assert (restored.idem_key, restored.recipient, restored.day, restored.state, restored.last_answer) == (
        message.idem_key,
        message.recipient,
        date(2027, 1, 12),
        "accepted",
        "Sent before the database was restored.",
    )
    assert (reminder.deadline_key, reminder.state, reminder.is_restricted, reminder.partnership_ids) == (
        "milestone:0",
        "done",
        True,
        [7],
    )
    assert after_restore()[1] == "Messages that the database did not know, now written down as sent: 0."


def test_only_what_is_new_is_read(message, mail_server, folder, django_assert_num_queries):
    hand_over()
    assert [compare().lines, compare().lines] == [1, 0]
    with django_assert_num_queries(4):  # savepoint, which database, how far it was read, savepoint
        compare()
    message_to("Yusuf", 1)
    hand_over()
    assert [compare().lines, compare().lines] == [1, 0]


def test_a_message_to_somebody_of_whom_the_database_knows_nothing_is_counted(message, mail_server, folder):
    hand_over()
    forget_all()
    message.recipient.delete()
    assert after_restore()[2] == "Messages to people whom this database does not know: 1."
    assert Message.objects.count() == 0


def test_half_a_line_spoils_no_other(message, mail_server, folder):
    folder.mkdir(parents=True)
    path = folder / "2026-12-01.jsonl"
    path.write_bytes(b'\n{"message": "abc", "tr')
    assert compare() == Compared()
    with path.open("ab") as file:
        file.write(b'\n{"message": "abc", "not_taken": 1}\n\n[]\n\n{"message": 3}\n')
    assert compare() == Compared(lines=1, unreadable=3)


def test_the_journal_of_another_database_is_not_read(message, mail_server, folder):
    hand_over()
    forget_all()
    first = MigrationRecorder.Migration.objects.order_by("pk").first()
    first.applied = first.applied.replace(year=2020)
    with as_owner():
        first.save()
    assert compare() == Compared()


def test_a_journal_that_is_gone_is_said_once_and_begun_anew(message, mail_server, folder, caplog):
    hand_over()
    compare()
    for path in folder.iterdir():
        path.unlink()
    compare()
    compare()
    assert [each for each in caplog.messages if "gone" in each] == [
        f"Files of the journal of sent mails are gone: {path.name}"
    ]
    assert after_restore()[2].startswith("The journal is empty.")


def test_files_older_than_sixty_days_go(folder):
    folder.mkdir(parents=True)
    for day in ("2026-11-12", "2026-11-13", "2027-01-12"):
        (folder / f"{day}.jsonl").touch()
    journal.forget_old(on=TODAY)
    assert sorted(path.stem for path in folder.iterdir()) == ["2026-11-13", "2027-01-12"]


@pytest.mark.django_db(transaction=True)
def test_several_workers_write_into_one_file(transactional_db, message, mail_server, folder):
    for number in range(1, 41):
        message_to("Ada", number)
    assert sum(at_once(*[lambda: hand_over_waiting(on=TODAY)] * 4)) == 41
    Heartbeat.objects.all().delete()
    assert compare(whole=True) == Compared(lines=41)
