"""One turn of the whole loop."""

from django.db import transaction

from partnership.heartbeats import REMINDERS, beating
from partnership.reminders.agenda import agenda
from partnership.reminders.hours import is_sending_time
from partnership.reminders.ledger import plan_and_bundle
from partnership.reminders.reckoning import reckon
from partnership.reminders.sending import hand_over_waiting, recover


def send_reminders(*, on, now):
    """One turn of the whole loop on a local day; how many messages a mail server accepted."""
    with beating(REMINDERS) as outcome:
        recover(on=on)
        if not is_sending_time(now):
            return 0
        wanted = agenda(on=on)
        with transaction.atomic():
            plan_and_bundle(wanted, on=on)
        accepted = hand_over_waiting(on=on)
        outcome.update(reckon(wanted))
    return accepted
