"""Messages out of the house, each claimed, submitted and accepted; and what a dead worker left."""

import logging
import time
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from partnership.models import Message, Reminder
from partnership.reminders.ledger import suppress_reminders
from partnership.reminders.mails import write

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
SECONDS_FOR_A_MAIL = 30  # a mail server that takes longer has left us in doubt; far below the lease
SECONDS_FOR_A_RUN = 120  # then the next run goes on; far below CELERY_TASK_TIME_LIMIT
MINUTES_BEFORE_ANOTHER_TRY = (1, 2, 5, 10, 30, 60, 120)


def hand_over_waiting(*, on):
    """Claim and hand over one message after another; how many were accepted."""
    accepted = 0
    stop_at = time.monotonic() + SECONDS_FOR_A_RUN
    while time.monotonic() < stop_at:
        message = claim()
        if message is None:
            break
        accepted += hand_over(message, on=on)
    return accepted


@transaction.atomic(durable=True)
def claim():
    """Take one waiting message for the length of a lease, or None. No two workers get the same."""
    message = Message.objects.waiting().select_for_update(skip_locked=True).first()
    if message is None:
        return None
    message.fence += 1
    message.state = Message.State.CLAIMED
    message.lease_until = Now() + LEASE
    message.save(update_fields=["fence", "state", "lease_until"])
    return message


def hand_over(message, *, on):
    """Write the mail, say that it is about to leave, let it leave; whether it was accepted.

    Until ``mark_submitting`` nothing has left, so any trouble is harmless. After it, only a mail
    server's own refusal says that nothing was taken; everything else leaves us in doubt.
    """
    mail, left_out = write(message, on=on)
    if mail is None:
        withdraw(message)
        return False
    connection = get_connection(timeout=SECONDS_FOR_A_MAIL)
    try:
        connection.open()
    except OSError as trouble:
        try_later(message, trouble)
        return False
    try:
        return mark_submitting(message, left_out) and submit(message, mail, connection)
    finally:
        with suppress(OSError):
            connection.close()


def submit(message, mail, connection):
    """The one call that cannot be taken back, and what its answer means."""
    try:
        taken = connection.send_messages([mail])
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError) as refusal:
        refused(message, refusal)
        return False
    except Exception as trouble:
        logger.exception("Message %s may or may not have been sent", message.pk)
        hold(still_ours(message), trouble)
        return False
    if not taken:
        with transaction.atomic(durable=True):
            give_up(message, "The mail server was given nobody to send to.")
        return False
    return accept(message)


def still_ours(message):
    """The message, if our claim on it still stands: everything we write goes through this."""
    return Message.objects.filter(pk=message.pk, fence=message.fence)


@transaction.atomic(durable=True)
def mark_submitting(message, left_out):
    """Commit that the message is about to leave. False where another worker has it by now."""
    is_ours = (
        still_ours(message)
        .filter(state=Message.State.CLAIMED, lease_until__gt=Now())
        .update(state=Message.State.SUBMITTING, lease_until=Now() + LEASE)
    )
    if is_ours:
        suppress_reminders(left_out, "Done, moved, or no longer theirs.")
    return bool(is_ours)


@transaction.atomic(durable=True)
def accept(message):
    """The mail server took it. True unless the claim is lost; the truth may come after the lease."""
    states = [Message.State.SUBMITTING, Message.State.HELD]
    is_ours = (
        still_ours(message)
        .filter(state__in=states)
        .update(state=Message.State.ACCEPTED, accepted_at=Now(), lease_until=None, last_answer="Accepted")
    )
    if is_ours:
        message.reminders.filter(state__in=[Reminder.State.BUNDLED, Reminder.State.HELD]).update(
            state=Reminder.State.DONE
        )
    return bool(is_ours)


@transaction.atomic(durable=True)
def withdraw(message):
    """Nothing of it is due any more."""
    if still_ours(message).update(state=Message.State.WITHDRAWN, lease_until=None):
        suppress_reminders(message.reminders.values("pk"), "Done, moved, or no longer theirs.")


@transaction.atomic(durable=True)
def try_later(message, trouble):
    """Nothing left the house: again after a pause that grows, and at last not at all."""
    if message.attempt_count == len(MINUTES_BEFORE_ANOTHER_TRY):
        give_up(message, trouble)
        return
    pause = timedelta(minutes=MINUTES_BEFORE_ANOTHER_TRY[message.attempt_count])
    still_ours(message).update(
        state=Message.State.PLANNED,
        lease_until=None,
        attempt_count=F("attempt_count") + 1,
        send_after=Now() + pause,
        last_answer=str(trouble)[:1000],
    )


def refused(message, refusal):
    """A refusal with 4xx may pass; one with 5xx is the server's last word on this address."""
    codes = (
        [code for code, _ in refusal.recipients.values()]
        if isinstance(refusal, SMTPRecipientsRefused)
        else [refusal.smtp_code]
    )
    if all(400 <= code < 500 for code in codes):
        try_later(message, refusal)
    else:
        with transaction.atomic(durable=True):
            give_up(message, refusal)


def give_up(message, trouble):
    """The office is told that this person was not reminded."""
    answer = str(trouble)[:1000]
    if still_ours(message).update(state=Message.State.FAILED, lease_until=None, last_answer=answer):
        message.reminders.filter(state=Reminder.State.BUNDLED).update(state=Reminder.State.FAILED, reason=answer[:200])


# 6: what a dead worker left


def recover():
    """Give back what was only claimed; hold what was leaving when its worker fell silent."""
    stale = Message.objects.lease_over()
    stale.filter(state=Message.State.CLAIMED).update(state=Message.State.PLANNED, lease_until=None)
    hold(stale.filter(state=Message.State.SUBMITTING), "The worker stopped while sending.")


@transaction.atomic(durable=True)
def hold(messages, trouble):
    """Nobody knows whether these arrived. Not sent again; tomorrow's digest says what is still due."""
    pks = list(
        messages.filter(state=Message.State.SUBMITTING).select_for_update(skip_locked=True).values_list("pk", flat=True)
    )
    Message.objects.filter(pk__in=pks).update(
        state=Message.State.HELD, lease_until=None, last_answer=str(trouble)[:1000]
    )
    Reminder.objects.filter(message__in=pks, state=Reminder.State.BUNDLED).update(state=Reminder.State.HELD)
