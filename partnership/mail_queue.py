"""Mails to people without an account leave: claimed in batches, handed to the carrier of all our mails, noted as sent.

PostgreSQL knows what waits, so nothing is lost with the queue; beat looks for it every minute. One worker at a time
hands over the mails of a queue, for as long as it lives: that no second one sends what a first one has in hand does not
hang on anybody's clock, which may be set ahead meanwhile. A worker that is killed leaves a batch in doubt: what it had
claimed is sent again when the lease is over, under the same Message-ID, by which mail servers know a second copy.
"""

import logging
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string

from partnership.models import MailBrake
from partnership.reminders import brake
from partnership.reminders.bounces import record_bounce
from partnership.reminders.carriers import Refused, Unreachable, carrier
from partnership.reminders.mails import AUTOMATIC

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=10)  # twice as long as a task may run (CELERY_TASK_TIME_LIMIT)
SECONDS_FOR_A_RUN = 120  # then the next run goes on
GIVE_UP_AFTER = timedelta(days=2)  # a mail that is put off again and again
A_MINUTE = timedelta(minutes=1)
LONGEST_SUBJECT = 200
CANNOT_BE_WRITTEN = "It could not be written: something is wrong in this system, and its log says what."


class NotSent(Exception):
    """The mail leaves no more. The words say why, and are kept with it for a person to read."""


@dataclass(frozen=True)
class MailQueue:
    """The mails of ``model``, which has ``address made_at claimed_at sent_at problem``.

    ``name``: with the key of the mail its number in Message-IDs, so that it never changes. ``select``: a queryset of
    mails with all that is needed to write them. ``write``: one mail as an EmailMessage, without receiver and number,
    as it is true at its ``claimed_at``; raises NotSent where it says nothing that is. Name the queue in
    ``settings.MAIL_QUEUES`` too: by those is counted what leaves in a minute, and known what comes back.
    """

    model: type[Model]
    name: str
    select: Callable
    write: Callable

    def send_waiting(self):
        """Claim and hand over batch after batch; how many mails were taken. Running it twice sends nothing twice."""
        with alone(f"mails of {self.name}") as is_alone:
            return self.send_by_batches() if is_alone else 0

    def send_by_batches(self):
        sent = 0
        stop_at = time.monotonic() + SECONDS_FOR_A_RUN
        while time.monotonic() < stop_at and brake.may_send():
            mails = self.claim(at=timezone.now())
            if not mails:
                break
            sent += self.hand_over(mails)
        return sent

    def waiting(self, *, at):
        """Mails that nobody has in hand: not claimed, or claimed by a worker that fell."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)
        return self.model.objects.filter(free, sent_at=None, problem="").exclude(address="")

    @transaction.atomic(durable=True)
    def claim(self, *, at):
        """Take as many waiting mails as may leave now, for the length of a lease."""
        mails = list(
            self.select(self.waiting(at=at))
            .order_by("made_at", "pk")
            .select_for_update(skip_locked=True, of=["self"])[: room(at=at)]
        )
        self.model.objects.filter(pk__in=[mail.pk for mail in mails]).update(claimed_at=at)
        for mail in mails:
            mail.claimed_at = at
        return mails

    def hand_over(self, mails):
        """Send claimed ``mails`` by one connection; how many were taken. What became of them is noted in any case."""
        batch, through = Batch(self, mails), carrier()
        try:
            through.open()
            for mail in mails:
                batch.send(mail, through)
        except Unreachable as trouble:
            brake.failed(trouble)
        finally:
            through.close()
            batch.note()
        return len(batch.sent)

    def number_of(self, mail):
        """The same whenever it is sent. Signed, so that nobody makes up a notice that it came back."""
        return signed(f"{self.name}-{mail.pk}")

    def message_of(self, mail):
        """``mail`` as it is handed over. Raises NotSent; anything else where it can't be written."""
        message = self.write(mail)
        message.subject = " ".join(message.subject.split())[:LONGEST_SUBJECT]
        message.to = [mail.address]
        number = f"<{self.number_of(mail)}@{urlsplit(settings.SITE_URL).hostname}>"
        message.extra_headers |= {"Message-ID": number, **AUTOMATIC}
        message.message()  # what no mail can hold, as a header of two lines, is found out here
        return message


@contextmanager
def alone(what):
    """Gives whether nobody else is at it. The lock is the connection's: it ends with its worker, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [what])
        [is_alone] = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [what])


def queues():
    return [import_string(name) for name in settings.MAIL_QUEUES]


def signed(number):
    """Short, as a Message-ID that does not fit into a line is cut from its name by the mail's own library."""
    return f"{number}.{salted_hmac('partnership.mail_queue', number).hexdigest()[:16]}"


def mail_of(number):
    """The mail that left under that number, or None."""
    bare = number.rpartition(".")[0]
    name, _, key = bare.rpartition("-")
    if not constant_time_compare(signed(bare), number):
        return None
    found = [queue.model.objects.filter(pk=int(key)).first() for queue in queues() if queue.name == name]
    return found[0] if found else None


def room(*, at):
    """How many mails may leave in one batch now, by ``settings.MAIL_PER_MINUTE`` (0: as many as are taken).

    Counted are those of all queues, in hand or gone, and the reminders, which themselves wait for no queue. Inside a
    transaction: until its end no other worker counts.
    """
    most = settings.MAIL_PER_MINUTE
    if not most:
        return BATCH
    MailBrake.objects.bulk_create([MailBrake(pk=1)], ignore_conflicts=True)
    MailBrake.objects.select_for_update().get(pk=1)
    lately = Q(sent_at__gt=at - A_MINUTE) | Q(sent_at=None, problem="", claimed_at__gt=at - A_MINUTE)
    gone = sum(queue.model.objects.filter(lately).exclude(address="").count() for queue in queues())
    return min(BATCH, max(0, most - gone - brake.left_in_a_minute(most)))


class Batch:
    """What became of claimed mails, written down in a few statements however many they are."""

    def __init__(self, queue, mails):
        self.queue, self.mails = queue, mails
        self.sent, self.ended, self.put_off, self.doubtful = [], [], [], []  # a mail may stand in several

    def send(self, mail, through):
        """Raises Unreachable where nothing was taken. A mail in doubt keeps its claim, and is tried again after it."""
        message = self.write(mail)
        if message is None:
            return
        try:
            through.prepare(message)
            self.doubtful.append(mail)  # until it is answered
            through.submit(message, self.queue.number_of(mail))
        except Refused as refusal:
            self.refuse(mail, str(refusal), is_permanent=refusal.is_permanent)
            if refusal.is_of_address:
                record_bounce(mail.address, is_permanent=True, answer=str(refusal), message=None, at=timezone.now())
            return
        except Unreachable:
            raise
        except Exception as trouble:
            logger.exception("Mail %s may or may not have been sent", self.queue.number_of(mail))
            self.doubtful.append(mail)
            raise Unreachable(str(trouble)) from trouble
        self.sent.append(mail)

    def write(self, mail):
        """The message, or None where there is none: one that can't be written keeps no other back."""
        try:
            return self.queue.message_of(mail)
        except NotSent as reason:
            self.refuse(mail, str(reason), is_permanent=True)
        except Exception:
            logger.exception("Mail %s could not be written", self.queue.number_of(mail))
            self.refuse(mail, CANNOT_BE_WRITTEN, is_permanent=False)
        return None

    def refuse(self, mail, words, *, is_permanent):
        """It ends here and says why, or is put off: then it keeps its claim, and is tried again after the lease."""
        if is_permanent or mail.made_at < timezone.now() - GIVE_UP_AFTER:
            mail.problem = words[:300]
            self.ended.append(mail)
        else:
            self.put_off.append(mail)

    @transaction.atomic(durable=True)
    def note(self):
        mails = self.queue.model.objects
        touched = {mail.pk for mail in [*self.sent, *self.ended, *self.put_off, *self.doubtful]}
        untouched = [mail.pk for mail in self.mails if mail.pk not in touched]
        mails.filter(pk__in=[mail.pk for mail in self.sent]).update(sent_at=timezone.now())
        if self.ended:
            mails.bulk_update(self.ended, ["problem"])
        if untouched:
            mails.filter(pk__in=untouched).update(claimed_at=None)
        if self.sent:
            brake.succeeded()
