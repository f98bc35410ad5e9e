"""What the office may see beforehand."""

from dataclasses import dataclass

from django.db import transaction

from partnership.models import Reminder
from partnership.reminders.agenda import agenda
from partnership.reminders.ledger import plan_and_bundle


@dataclass(frozen=True)
class Preview:
    """``people``: (person, their reminders) pairs; ``unreached``: deadlines with somebody to whom none goes."""

    day: object
    people: tuple
    unreached: tuple


def who_will_be_told(user, *, on):
    """Whom ``send_reminders`` would tell on a day if nothing changed, of ``user``'s partnerships.

    The very same planning, undone again: so what is shown is what is sent.
    """
    standing = user.standing
    with transaction.atomic():
        wanted = agenda(on=on, standing=standing, partnership_ids=standing.office_ids)
        plan_and_bundle(wanted, on=on)
        told = list(
            Reminder.objects.visible_to(user)
            .filter(state=Reminder.State.BUNDLED, message__day=on)
            .select_related("recipient", "asked_by")
            .order_by("recipient__name", "recipient", "due_on", "deadline_key")
        )
        transaction.set_rollback(True)
    people = {}
    for reminder in told:
        people.setdefault(reminder.recipient, []).append(reminder)
    return Preview(on, tuple(people.items()), wanted.unreached)
