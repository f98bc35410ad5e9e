"""The loop with one guard taken out, by name: what must go wrong without it. "" takes out none."""

import uuid
from datetime import timedelta

from django.db import transaction

from partnership.models import Message, Reminder
from partnership.reminders import ledger, loop, sending

SHORT_LEASE = timedelta(seconds=12)
SHORTLY_AFTER = timedelta(seconds=2)


def sabotage(guard):
    sending.LEASE, sending.BETWEEN_LOOK_UPS = SHORT_LEASE, SHORTLY_AFTER
    if guard:
        GUARDS[guard]()


def without_memory():
    """No unique keys: each turn plans and bundles everything anew."""

    def plan(agenda, *, on):
        turn = int(uuid.uuid4().int % 30_000)
        Reminder.objects.bulk_create(
            [telling.as_reminder(turn=turn) for telling in agenda.tellings.values()], ignore_conflicts=True
        )

    replace(ledger, "plan", plan)
    replace(ledger, "idem_key", lambda *_arguments, **_named: uuid.uuid4().hex)


def without_claim():
    """Each worker takes the first that waits, whether or not another has it, and never looks again."""

    def claim():
        message = Message.objects.filter(state=Message.State.PLANNED).order_by("?").first()
        if message:
            message.fence += 1
        return message

    def mark_submitting(*_arguments, **_named):
        return True

    class Anyone:
        def __init__(self, message):
            self.messages = Message.objects.filter(pk=message.pk)

        def filter(self, **_):
            return self.messages

        def update(self, **values):
            return self.messages.update(**values)

    replace(sending, "claim", claim)
    replace(sending, "mark_submitting", mark_submitting)
    replace(sending, "still_ours", Anyone)


def without_recovery():
    """What a dead worker left is never looked at."""
    replace(loop, "recover", lambda *_arguments, **_named: None)


def accepted_beforehand():
    """Marked as sent when it is about to leave, not when the mail server has taken it."""

    def mark_submitting(message, *_arguments, **_named):
        with transaction.atomic():
            mine = Message.objects.filter(pk=message.pk, fence=message.fence, state=Message.State.CLAIMED)
            mine.update(state=Message.State.ACCEPTED, lease_until=None)
            message.reminders.filter(state=Reminder.State.BUNDLED).update(state=Reminder.State.DONE)
        return True

    replace(sending, "mark_submitting", mark_submitting)
    replace(sending, "accept", lambda *_arguments, **_named: True)


GUARDS = {guard.__name__: guard for guard in (without_memory, without_claim, without_recovery, accepted_beforehand)}


def replace(module, name, other):
    getattr(module, name)  # or the guard has another name by now, and this control would prove nothing
    setattr(module, name, other)
