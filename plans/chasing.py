"""Ask those who are silent in a round again: everybody, one group or one person, by one press."""

from django.db import transaction
from django.utils import timezone

from partnership.deadlines import deadlines
from partnership.reminders.chasing import chase
from plans.models import UpdateRound
from plans.responders import Responders


@transaction.atomic
def chase_round(round, *, who, by, now):
    """Ask ``who`` ("all", "group-5", "organisation-3" or "person-12") for what they owe in ``round``.

    Gives ``partnership.reminders.Chased``, or None where the round asks nobody. Two who press at once are
    taken one after the other. Nothing leaves here: the worker finds what waits in the ledger. Raises LookupError
    where nobody of that name answers in the round.
    """
    round = UpdateRound.objects.select_for_update(of=["self"], no_key=True).select_related("plan").get(pk=round.pk)
    today = timezone.localdate(now)
    who_answers = Responders(round, on=today)
    only = who_answers.pairs_of(who)
    if not UpdateRound.objects.newest_answerable_on(today).filter(pk=round.pk).exists():
        return None
    prefix = f"update:{round.pk}:"
    due = [each for each in deadlines(on=today, partnership_ids=round.partnership_ids) if each.key.startswith(prefix)]
    if only is not None:
        keys = {f"{prefix}{line.key}" for line in who_answers.silent if who in line.circles or who in line.person_keys}
        due = [each for each in due if each.key in keys]
    return chase(due, by=by, now=now, only=only)
