"""The queue of mails to people without an account, here with training's mails and words of its own.

That a killed worker loses none, and what a real one sends twice: ``tests/assurance/test_schools.py``,
``tests/training/test_mailing.py`` and ``tests/faults/test_killed_school_run.py``.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.models import SchoolMail
from partnership import mail_queue
from partnership.mail_queue import BATCH, CANNOT_BE_WRITTEN, GIVE_UP_AFTER, LEASE, MailQueue, NotSent
from partnership.models import Bounce, MailBrake
from tests.factories_assurance import SchoolFactory, SchoolReturnFactory
from training.models import TrainingMail

pytestmark = pytest.mark.django_db


def words_of(mail):
    if mail.address.startswith("late"):
        raise NotSent("It was over.")
    if mail.address.startswith("broken"):
        raise RuntimeError("No such page")
    return EmailMessage(f"To {mail.address}\r\nBcc: everybody@example.org", "Words")


@pytest.fixture
def queue():
    return MailQueue(TrainingMail, "test-mail", select=lambda mails: mails, write=words_of)


def make(count=1, address="person{n}@example.org"):
    return TrainingMail.objects.bulk_create(
        [TrainingMail(kind="booked", key=f"{address[:60]}-{n}", address=address.format(n=n)) for n in range(count)]
    )


def to_whom(mail_server):
    return [message.to[0] for message in mail_server.delivered]


class Fussy:
    """A carrier that refuses ``address`` with ``refusal``."""

    refusal = None

    def open(self):
        pass

    def prepare(self, message):
        if self.refusal:
            raise self.refusal

    def submit(self, message, reference):
        return ""

    def close(self):
        pass


@pytest.fixture
def refusing(monkeypatch):
    monkeypatch.setattr(mail_queue, "carrier", Fussy)

    def refusing(*words, **why):
        monkeypatch.setattr(Fussy, "refusal", mail_queue.Refused(*words, **why))

    return refusing


def test_each_leaves_once_and_says_which_it_is(queue, mail_server):
    mails = make(BATCH + 2)
    assert [queue.send_waiting(), queue.send_waiting()] == [BATCH + 2, 0]
    assert sorted(to_whom(mail_server)) == sorted(mail.address for mail in mails)
    numbers = {message.extra_headers["Message-ID"] for message in mail_server.delivered}
    assert numbers == {f"<{queue.number_of(mail)}@localhost>" for mail in mails}
    message = mail_server.delivered[0]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert b"\nMessage-ID: <test-mail-" in message.message().as_bytes()  # in one line


def test_a_subject_is_one_short_line_whatever_stands_in_it(queue, mail_server):
    make(address=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example")
    queue.send_waiting()
    [message] = mail_server.delivered
    assert (len(message.subject), "\n" in message.subject, "\r" in message.subject) == (200, False, False)
    assert message.recipients() == message.to
    assert "Bcc" not in message.message()


def test_what_is_no_longer_true_or_cannot_be_written_keeps_no_other_back(queue, mail_server, caplog):
    [late], [broken], [well] = make(address="late@example.org"), make(address="broken@example.org"), make()
    assert queue.send_waiting() == 1
    assert to_whom(mail_server) == [well.address]
    late.refresh_from_db()
    broken.refresh_from_db()
    assert (late.problem, broken.problem) == ("It was over.", "")
    assert "could not be written" in caplog.text
    assert not MailBrake.objects.filter(failure_count__gt=0).exists()
    TrainingMail.objects.filter(pk=broken.pk).update(
        made_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1), claimed_at=timezone.now() - 2 * LEASE
    )
    queue.send_waiting()
    broken.refresh_from_db()
    assert broken.problem == CANNOT_BE_WRITTEN


def test_a_refusal_for_good_is_told_and_a_dead_address_is_remembered(queue, refusing):
    [mail] = make()
    refusing("550 5.1.1 No such user", is_permanent=True, is_of_address=True)
    assert queue.send_waiting() == 0
    mail.refresh_from_db()
    assert (mail.problem, mail.sent_at) == ("550 5.1.1 No such user", None)
    assert list(Bounce.objects.values_list("email", "is_permanent")) == [(mail.address, True)]


def test_a_refusal_that_may_pass_is_tried_again_after_the_lease_and_given_up_after_days(queue, refusing):
    [mail] = make()
    refusing("452 4.2.2 Mailbox full")
    for _run in range(2):
        queue.send_waiting()
    mail.refresh_from_db()
    assert (mail.problem, mail.claimed_at is None) == ("", False)
    TrainingMail.objects.update(made_at=timezone.now() - 2 * GIVE_UP_AFTER, claimed_at=timezone.now() - 2 * LEASE)
    queue.send_waiting()
    mail.refresh_from_db()
    assert mail.problem == "452 4.2.2 Mailbox full"
    assert not Bounce.objects.exists()


def test_with_no_server_none_is_claimed_any_more(queue, mail_server):
    make(3)
    mail_server.at["connected"] = lambda: (_ for _ in ()).throw(OSError("connection refused"))
    queue.send_waiting()
    assert not TrainingMail.objects.exclude(claimed_at=None, sent_at=None, problem="").exists()


def test_one_number_a_minute_holds_over_all_queues(queue, mail_server, settings):
    settings.MAIL_PER_MINUTE = 7
    school = SchoolMail(record=SchoolReturnFactory(school=SchoolFactory()), kind="asked", address="head@example.org")
    school.made_at = school.claimed_at = school.sent_at = timezone.now()
    school.save()
    make(10)
    assert [queue.send_waiting(), queue.send_waiting()] == [6, 0]
    SchoolMail.objects.update(claimed_at=timezone.now() - timedelta(minutes=2), sent_at=None, problem="x")
    assert queue.send_waiting() == 1
    TrainingMail.objects.exclude(sent_at=None).update(sent_at=timezone.now() - timedelta(minutes=2))
    assert queue.send_waiting() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most", [0, 8])
def test_two_workers_at_once_never_send_one_mail_nor_more_than_may_leave(queue, mail_server, settings, most):
    settings.MAIL_PER_MINUTE = most
    make(BATCH * 2)

    def work(_worker):
        try:
            return queue.send_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        counts = list(workers.map(work, range(4)))
    assert sum(counts) == (most or BATCH * 2)
    assert len(set(to_whom(mail_server))) == len(mail_server.delivered) == sum(counts)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("how", "sent"), [("send_waiting", 3), ("send_by_batches", 6)])
def test_a_clock_that_is_set_ahead_meanwhile_gives_nothing_to_a_second_worker(queue, mail_server, how, sent):
    """The second case is the control: without being alone at it, both send all."""
    make(3)
    overtook = []

    def ahead():
        mail_server.at.clear()
        with time_machine.travel(timezone.now() + LEASE * 2, tick=True), ThreadPoolExecutor(1) as other:
            overtook.append(other.submit(elsewhere, queue, how).result())

    mail_server.at["leaving"] = ahead
    getattr(queue, how)()
    assert (overtook, len(mail_server.delivered)) == ([sent - 3], sent)


def elsewhere(queue, how):
    try:
        return getattr(queue, how)()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_has_in_hand_is_passed_over(queue):
    make(3)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        locked = TrainingMail.objects.select_for_update().order_by("pk").first()

        def claim():
            try:
                return [mail.pk for mail in queue.claim(at=timezone.now())]
            finally:
                connection.close()

        claimed = other.submit(claim).result()
    assert (len(claimed), locked.pk in claimed) == (2, False)


@pytest.mark.parametrize("count", [1, 3, BATCH])
def test_a_batch_asks_the_database_the_same_however_many_it_holds(queue, mail_server, count):
    make(count)
    with CaptureQueriesContext(connection) as asked:
        queue.send_waiting()
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 9
