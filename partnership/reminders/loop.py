"""One turn of the whole loop."""

from django.db import transaction

from partnership.heartbeats import REMINDERS, beating
from partnership.reminders.agenda import Agenda
from partnership.reminders.hours import is_sending_time
from partnership.reminders.ledger import plan_day
from partnership.reminders.reckoning import outcome_of, reckon
from partnership.reminders.sending import hand_over_waiting, recover
from partnership.row_security import all_rows


def send_reminders(*, on, now):
    """One turn of the whole loop on a local day; how many messages a mail server accepted."""
    with beating(REMINDERS) as outcome, all_rows():
        recover(on=on)
        if not is_sending_time(now):
            return 0
        with transaction.atomic():
            turn = plan_day(on=on, now=now)
        accepted = hand_over_waiting(on=on)
        if turn:
            outcome.update(reckoned(turn))
    return accepted


def reckoned(turn):
    """As ``reckon``: what was said on earlier turns as it was then read, the others read back now."""
    sums = reckon(Agenda(turn.open, ()))
    for states, count in turn.came_to.items():
        sums["due"] += count
        outcome = outcome_of(*states)
        if outcome:
            sums[outcome] += count
    return sums
