"""One turn of the whole loop."""

from django.db import transaction

from partnership.reminders.agenda import agenda
from partnership.reminders.hours import is_sending_time
from partnership.reminders.ledger import plan_and_bundle
from partnership.reminders.sending import hand_over_waiting, recover


def send_reminders(*, on, now):
    """One turn of the whole loop on a local day; how many messages a mail server accepted."""
    recover()
    if not is_sending_time(now):
        return 0
    with transaction.atomic():
        plan_and_bundle(agenda(on=on), on=on)
    return hand_over_waiting(on=on)
