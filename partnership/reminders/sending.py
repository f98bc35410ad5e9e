"""Messages out of the house, each claimed, submitted and accepted; and what a dead worker left."""

import logging
import os
import socket
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from partnership.models import Message, MessageAttempt, Reminder
from partnership.reminders import brake, journal
from partnership.reminders.bounces import record_bounce
from partnership.reminders.carriers import (
    DELIVERED,
    NO_SUCH_ADDRESS,
    UNDER_WAY,
    Refused,
    Unreachable,
    carrier,
)
from partnership.reminders.ledger import plan_day, suppress_reminders
from partnership.reminders.mails import write

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
SECONDS_FOR_A_RUN = 120  # then the next run goes on; far below CELERY_TASK_TIME_LIMIT
# Seconds before another try, the last again and again: after what passes quickly, and after what does not.
QUICK = (10, 30, 60, 300, 900)
SLOW = (60, 300, 600, 1200, 1800)
MOST_TRIES = 12  # refused so often, a message is given up; a carrier that cannot be reached is waited for

LOOK_UPS = 2  # so often a carrier must not know a message before it is sent again
BETWEEN_LOOK_UPS = timedelta(seconds=60)
LOOKED_UP_AT_ONCE = 20  # in one turn, of those in doubt and of those on their way
CARRIERS_REMEMBER = timedelta(days=7)
FIRST_NEWS_AFTER, NEWS_EVERY = timedelta(minutes=2), timedelta(hours=1)

WORKER = f"{socket.gethostname()[:80]} {os.getpid()}"


def hand_over_waiting(*, on):
    """Claim and hand over one message after another; how many were accepted."""
    accepted = 0
    stop_at = time.monotonic() + SECONDS_FOR_A_RUN
    while time.monotonic() < stop_at and brake.may_send():
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
    message.lookup_count, message.looked_up_at = 0, None
    message.save(update_fields=["fence", "state", "lease_until", "lookup_count", "looked_up_at"])
    return message


def hand_over(message, *, on):
    """Write the mail, say that it is about to leave, let it leave; whether it was accepted.

    Until ``mark_submitting`` nothing has left, so any trouble is harmless: the carrier has been told all of it but
    the last word. After it, only the carrier's own refusal says that nothing was taken; everything else leaves us
    in doubt.
    """
    try:
        mail, left_out = write(message, on=on)
        if mail is None:
            withdraw(message, left_out)
            return False
        mail.message()  # whatever cannot be put into a mail is found now
    except Exception as trouble:
        logger.exception("Message %s cannot be written", message.pk)
        try_later(message, trouble, "not written", SLOW)
        return False
    through = carrier()
    try:
        through.open()
        through.prepare(mail)
        return mark_submitting(message, left_out) and submit(message, mail, through)
    except Refused as refusal:
        refused(message, mail.to[0], refusal)
        return False
    except Unreachable as trouble:
        brake.failed(trouble)
        wait(message, trouble, "unreachable", QUICK)
        return False
    finally:
        through.close()


def submit(message, mail, through):
    """The one call that cannot be taken back, and what its answer means."""
    try:
        journal.write_down(message)
    except OSError as trouble:
        logger.exception("Message %s waits: the journal of sent mails cannot be written", message.pk)
        brake.failed(trouble, is_of_all=True)
        wait(message, f"The journal of sent mails cannot be written: {trouble}", "no journal", QUICK)
        return False
    try:
        provider_id = through.submit(mail, message.idem_key)
    except Refused as refusal:
        journal.take_back(message)
        refused(message, mail.to[0], refusal)
        return False
    except Exception as trouble:
        logger.exception("Message %s may or may not have been sent", message.pk)
        brake.failed(trouble)
        doubt(message, trouble, through)
        return False
    brake.succeeded()
    return accept(message, provider_id)


def still_ours(message):
    """The message, if our claim on it still stands: everything we write goes through this."""
    return Message.objects.filter(pk=message.pk, fence=message.fence)


def note(message, outcome, answer="", provider_id=""):
    """One more line of what was tried. Only ever added."""
    attempt(message.pk, message.fence, outcome, answer, provider_id).save(force_insert=True)


def attempt(pk, fence, outcome, answer="", provider_id=""):
    return MessageAttempt(
        message_id=pk,
        number=fence,
        worker=WORKER,
        began_at=Now(),
        outcome=outcome,
        answer=str(answer)[:1000],
        provider_id=provider_id,
    )


@transaction.atomic(durable=True)
def mark_submitting(message, left_out):
    """Commit that the message is about to leave. False where another worker has it by now."""
    is_ours = (
        still_ours(message)
        .filter(state=Message.State.CLAIMED, lease_until__gt=Now())
        .update(state=Message.State.SUBMITTING, lease_until=Now() + LEASE)
    )
    if is_ours:
        leave_out(left_out)
        note(message, brake.LEAVING)
    return bool(is_ours)


@transaction.atomic(durable=True)
def accept(message, provider_id="", answer="Accepted"):
    """The carrier took it. True unless the claim is lost; the truth may come after the lease, or by look-up."""
    states = [Message.State.SUBMITTING, Message.State.HELD, Message.State.PLANNED]
    is_ours = (
        still_ours(message)
        .filter(state__in=states)
        .update(
            state=Message.State.ACCEPTED,
            accepted_at=Now(),
            lease_until=None,
            last_answer=answer,
            provider_id=provider_id,
            looked_up_at=None,
        )
    )
    if is_ours:
        note(message, "accepted", answer, provider_id)
        message.reminders.filter(state__in=[Reminder.State.BUNDLED, Reminder.State.HELD]).update(
            state=Reminder.State.DONE
        )
    return bool(is_ours)


@transaction.atomic(durable=True)
def withdraw(message, left_out):
    """Nothing of it is to be said any more."""
    if still_ours(message).update(state=Message.State.WITHDRAWN, lease_until=None):
        note(message, "nothing to say")
        leave_out(left_out)


def leave_out(left_out):
    """``left_out``: {reminder's key: why}."""
    for why in set(left_out.values()):
        suppress_reminders([pk for pk, words in left_out.items() if words == why], why)


@transaction.atomic(durable=True)
def wait(message, trouble, outcome, ladder):
    """Nothing left the house: again after a pause that grows."""
    pause = timedelta(seconds=ladder[min(message.attempt_count, len(ladder) - 1)])
    is_ours = still_ours(message).update(
        state=Message.State.PLANNED,
        lease_until=None,
        attempt_count=F("attempt_count") + 1,
        send_after=Now() + pause,
        last_answer=str(trouble)[:1000],
    )
    if is_ours:
        note(message, outcome, trouble)
        message.reminders.filter(state=Reminder.State.HELD).update(state=Reminder.State.BUNDLED)


def try_later(message, trouble, outcome, ladder):
    """Again after a pause, and at last not at all."""
    if message.attempt_count < MOST_TRIES:
        wait(message, trouble, outcome, ladder)
    else:
        give_up(message, trouble)


def refused(message, email, refusal):
    """By the carrier, so nothing left. Of an address that does not exist, nothing goes there any more."""
    if not refusal.is_of_address:
        brake.failed(refusal)
    if not refusal.is_permanent:
        try_later(message, refusal, "refused for now", SLOW if refusal.is_slow else QUICK)
        return
    with transaction.atomic(durable=True):
        if give_up(message, refusal) and refusal.is_of_address:
            record_bounce(email, is_permanent=True, answer=str(refusal), message=message, at=timezone.now())


@transaction.atomic
def give_up(message, trouble):
    """The office is told that this person was not reminded. Whether it was still ours to say."""
    answer = str(trouble)[:1000]
    is_ours = still_ours(message).update(state=Message.State.FAILED, lease_until=None, last_answer=answer)
    if is_ours:
        note(message, "refused for good", answer)
        message.reminders.filter(state__in=[Reminder.State.BUNDLED, Reminder.State.HELD]).update(
            state=Reminder.State.FAILED, reason=answer[:200]
        )
    return bool(is_ours)


def doubt(message, trouble, through):
    """It may or may not have been taken. Who can be asked is asked when the lease is over: see ``recover``."""
    note(message, "in doubt", trouble)
    still_ours(message).update(last_answer=str(trouble)[:1000])
    if not through.can_look_up:
        hold(still_ours(message), trouble)


# 6: what a dead worker left, and what became of what was accepted


def recover(*, on):
    """Give back what was only claimed; ask about what was leaving when its worker fell silent, or hold it.

    And what the ledger forgot with an older database, what was never sent on an earlier day, and what
    the carrier says now of what it took.
    """
    journal.compare()
    journal.forget_old(on=on)
    stale = Message.objects.lease_over()
    stale.filter(state=Message.State.CLAIMED).update(state=Message.State.PLANNED, lease_until=None)
    leaving = stale.filter(state=Message.State.SUBMITTING)
    through = carrier()
    try:
        if through.can_look_up:
            ask_about(leaving, through)
            follow(through)
        else:
            hold(leaving, "The worker stopped while sending.")
    except Unreachable as trouble:
        logger.warning("The carrier cannot be asked: %s", trouble)
    finally:
        through.close()
    roll_over(on=on)


@transaction.atomic
def roll_over(*, on):
    """What an earlier day's message did not get to say goes into the next: nobody gets two on one day."""
    old = Message.objects.filter(state=Message.State.PLANNED, day__lt=on).select_for_update(skip_locked=True)
    pks = list(old.values_list("pk", flat=True))
    if not pks:
        return
    Reminder.objects.filter(message__in=pks, state=Reminder.State.BUNDLED).update(
        state=Reminder.State.PLANNED, message=None
    )
    Message.objects.filter(pk__in=pks).update(
        state=Message.State.WITHDRAWN, last_answer="It could not be sent on its day; the next day's says the same."
    )


def ask_about(leaving, through):
    """Look each up by its reference, twice, with a minute between. Raises Unreachable."""
    never_or_a_while_ago = Q(looked_up_at=None) | Q(looked_up_at__lt=Now() - BETWEEN_LOOK_UPS)
    hold(leaving.filter(lease_until__lt=Now() - CARRIERS_REMEMBER), "The carrier could not be asked in its time.")
    for message in leaving.filter(never_or_a_while_ago).order_by("lease_until")[:LOOKED_UP_AT_ONCE]:
        known = through.look_up(message.idem_key)
        if known:
            accept(message, known.provider_id, f"Found by its reference. {known.answer}")
        elif message.lookup_count + 1 < LOOK_UPS:
            still_ours(message).filter(state=Message.State.SUBMITTING, lookup_count=message.lookup_count).update(
                lookup_count=F("lookup_count") + 1, looked_up_at=Now()
            )
        else:
            put_back(message)


@transaction.atomic(durable=True)
def put_back(message):
    """The carrier does not know it, so it never had it: it waits again to be sent."""
    is_ours = (
        still_ours(message)
        .filter(state=Message.State.SUBMITTING, lookup_count=message.lookup_count)
        .update(state=Message.State.PLANNED, lease_until=None, send_after=None, last_answer="The carrier never had it.")
    )
    if is_ours:
        note(message, "not found")


def follow(through):
    """Whether what was accepted has arrived, as long as the carrier remembers. Raises Unreachable."""
    on_its_way = Message.objects.filter(
        state=Message.State.ACCEPTED,
        delivered_at=None,
        bounced_at=None,
        accepted_at__gt=Now() - CARRIERS_REMEMBER,
        accepted_at__lt=Now() - FIRST_NEWS_AFTER,
    ).exclude(provider_id="")
    due = on_its_way.filter(Q(looked_up_at=None) | Q(looked_up_at__lt=Now() - NEWS_EVERY))
    for message in due.order_by(F("looked_up_at").asc(nulls_first=True))[:LOOKED_UP_AT_ONCE]:
        known = through.look_up(message.idem_key)
        Message.objects.filter(pk=message.pk).update(looked_up_at=Now())
        if known is None or known.status == UNDER_WAY:
            continue
        if known.status == DELIVERED:
            Message.objects.filter(pk=message.pk).update(delivered_at=Now())
        else:
            is_permanent = known.status == NO_SUCH_ADDRESS
            record_bounce(
                known.email, is_permanent=is_permanent, answer=known.answer, message=message, at=timezone.now()
            )


@transaction.atomic(durable=True)
def hold(messages, trouble):
    """Nobody knows whether these arrived. Not sent again; tomorrow's digest says what is still due."""
    _hold(messages.filter(state=Message.State.SUBMITTING), trouble)


@transaction.atomic(durable=True)
def hold_day(*, on):
    """Hold all that would be said on a day, as perhaps said already; how many messages, or None while others plan."""
    roll_over(on=on)
    if plan_day(on=on, now=None) is None:
        return None
    return _hold(Message.objects.filter(state=Message.State.PLANNED, day=on), "The journal of sent mails was lost.")


def _hold(messages, trouble):
    fences = dict(messages.select_for_update(skip_locked=True).values_list("pk", "fence"))
    Message.objects.filter(pk__in=fences).update(
        state=Message.State.HELD, lease_until=None, last_answer=str(trouble)[:1000]
    )
    Reminder.objects.filter(message__in=fences, state=Reminder.State.BUNDLED).update(state=Reminder.State.HELD)
    MessageAttempt.objects.bulk_create(attempt(pk, fence, "held", trouble) for pk, fence in fences.items())
    return len(fences)
