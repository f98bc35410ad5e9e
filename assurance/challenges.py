"""Challenges between partners: raised, answered, the difference they made, closed and opened again."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assurance.models import Challenge
from assurance.risks import lock_partnership, next_ref


@transaction.atomic
def add_challenge(partnership, *, priorities, **fields):
    """(the challenge, whether it is new); the next ref is drawn. Sent twice, it is one."""
    lock_partnership(partnership)
    same = Challenge.objects.open().filter(partnership=partnership, **fields).first()
    if same:
        return same, False
    ref = next_ref(Challenge.objects.filter(partnership=partnership), "C")
    challenge = Challenge.objects.create(partnership=partnership, ref=ref, **fields)
    challenge.priorities.set(priorities)
    return challenge, True


def locked(challenge):
    return Challenge.objects.select_for_update(of=["self"], no_key=True).get(pk=challenge.pk)


@transaction.atomic
def answer_challenge(challenge, *, answer, by, on):
    """What the party says to it. Corrected later, the day of the first answer stays, as the history keeps its words.

    Raises ValidationError where it is closed.
    """
    challenge = locked(challenge)
    if challenge.closed_on:
        raise ValidationError("This challenge is closed. Ask the office to open it again first")
    if challenge.answer == answer:
        return
    challenge.answer, challenge.answered_by = answer, by
    challenge.answered_on = challenge.answered_on or on
    challenge.save(update_fields=["answer", "answered_by", "answered_on"])


@transaction.atomic
def end_challenge(challenge, *, difference, on=None):
    """Write down the difference it made; with ``on`` it is closed by that."""
    challenge = locked(challenge)
    challenge.difference = difference
    challenge.closed_on = challenge.closed_on or on
    challenge.save(update_fields=["difference", "closed_on"])


@transaction.atomic
def reopen_challenge(challenge):
    challenge = locked(challenge)
    challenge.closed_on = None
    challenge.save(update_fields=["closed_on"])
