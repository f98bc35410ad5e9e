"""The cycle's turns: a round opens, leads answer, the office closes it. Judging is in ``reviewing``."""

from collections import defaultdict

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from partnership.templatetags.components import long_date
from plans.models import Deliverable, Plan, UpdateRound


class RoundClosed(Exception):
    """The round takes no answer that day: it has not opened yet, or is closed for good. ``round`` says which."""

    def __init__(self, round):
        self.round = round
        super().__init__(f"The round {round} is not open.")


class Clashes(Exception):
    """Rounds that do not go together. ``problems``: {number of the row, from 0: [(field, sentence)]}."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(" ".join(said for row in problems.values() for _field, said in row))


def open_round(plan, *, name, starts_on, ends_on, **dates):
    """Start a turn of the cycle, now or on a day to come.

    ``dates``: opens_on, closes_on, proposals_due_on, decisions_due_on. Raises ValidationError where
    it does not go together with another round of the plan.
    """
    fields = {"name": name, "starts_on": starts_on, "ends_on": ends_on, **dates}
    try:
        made = plan_rounds(plan, rounds=[fields])
    except Clashes as clashes:
        raise ValidationError(str(clashes)) from clashes
    return made[0] if made else plan.rounds.get(starts_on=starts_on)


@transaction.atomic
def plan_rounds(plan, *, rounds):
    """Put rounds into the plan's year, all or none; those made. ``rounds``: a dict of each one's fields.

    Nothing has to open them: each takes answers from its own day on. One that is there already, day for
    day, is not made again. Raises Clashes.
    """
    lock_rounds(plan)
    standing = list(plan.rounds.all())
    rounds = [fields for fields in rounds if not any(is_same(each, fields) for each in standing)]
    problems = clashes_of(rounds, standing)
    if problems:
        raise Clashes(problems)
    made = [UpdateRound(plan=plan, **fields) for fields in rounds]
    for round in made:
        round.full_clean()
        round.save()
    return made


@transaction.atomic
def change_round(round, *, on, **dates):
    """Other days or another name. Of a round that has opened only what is still to come.

    Raises ValidationError where the round is closed, or where it no longer goes together with others.
    """
    lock_rounds(round.plan)
    now = UpdateRound.objects.get(pk=round.pk)
    if now.closed_at:
        raise ValidationError("This round is closed. Reopen it first.")
    if on >= now.opens_on and any(dates[name] != getattr(now, name) for name in FIXED_ONCE_OPEN if name in dates):
        raise ValidationError("This round has opened, so what it asks about and the day it opened stay as they are.")
    fields = {name: getattr(now, name) for name in DAYS} | {"name": now.name} | dates
    problems = clashes_of([fields], round.plan.rounds.exclude(pk=round.pk))
    if problems:
        raise ValidationError(str(Clashes(problems)))
    for name, value in dates.items():
        setattr(now, name, value)
    now.full_clean()
    now.save()
    return now


@transaction.atomic
def delete_round(round, *, on):
    """Take a round out of the year that has not opened. Raises ValidationError where anything hangs on it."""
    lock_rounds(round.plan)
    now = UpdateRound.objects.filter(pk=round.pk).first()
    if now is None:
        return
    if on >= now.opens_on:
        raise ValidationError("This round has opened, so it stays on record. You can close it.")
    try:
        now.delete()
    except ProtectedError as problem:
        raise ValidationError("Something is written in this round already, so it stays on record.") from problem


@transaction.atomic
def close_round(round, *, by, at):
    """Take no answers any more, not even late ones; whether it was this call that closed it.

    Whoever is silent now stands on the round's page for good. Raises ValidationError before it opens.
    """
    now = UpdateRound.objects.select_for_update(of=["self"]).get(pk=round.pk)
    if now.closed_at:
        return False
    if timezone.localdate(at) < now.opens_on:
        raise ValidationError("This round has not opened yet. Take it out of the year instead.")
    now.closed_at, now.closed_by = at, by
    now.save(update_fields=["closed_at", "closed_by"])
    return True


@transaction.atomic
def reopen_round(round, *, reason):
    """Take late answers again; whether the round was closed. ``reason`` stays in its history."""
    now = UpdateRound.objects.select_for_update(of=["self"]).get(pk=round.pk)
    if now.closed_at is None:
        return False
    now.closed_at = now.closed_by = None
    with pghistory.context(reason=reason):
        now.save(update_fields=["closed_at", "closed_by"])
    return True


DAYS = ["starts_on", "ends_on", "opens_on", "closes_on", "proposals_due_on", "decisions_due_on"]
FIXED_ONCE_OPEN = ["starts_on", "ends_on", "opens_on"]


def lock_rounds(plan):
    """Nobody else changes which rounds the plan has until this transaction ends."""
    Plan.objects.select_for_update().get(pk=plan.pk)


def clashes_of(rows, standing):
    """{number of the row: [(field, sentence)]} of what does not go together, in a row, between rows, with rounds.

    ``rows``: dicts of a round's fields, some of which may be missing; ``standing``: rounds that are there.
    """
    problems, before = defaultdict(list), [days_of(each) for each in standing]
    for number, row in enumerate(rows):
        problems[number] += order_of(row)
        for other in before:
            if overlap(row, other, "starts_on", "ends_on"):
                said = f"This period overlaps the round {other['name']}. Choose other dates."
                problems[number].append(("starts_on", said))
            elif overlap(row, other, "opens_on", "closes_on"):
                days = f"from {long_date(other['opens_on'])} to {long_date(other['closes_on'])}"
                said = f"The round {other['name']} takes answers {days}. Two at once would ask people twice."
                problems[number].append(("opens_on", said))
        before.append(row)
    return {number: found for number, found in problems.items() if found}


def is_same(round, fields):
    return all(getattr(round, name) == value for name, value in fields.items())


def days_of(round):
    """The fields of a round that is there; one closed for good takes no answers, whatever its days were."""
    fields = {name: getattr(round, name) for name in ["name", *DAYS]}
    return fields | {"opens_on": None} if round.closed_at else fields


def overlap(one, other, first, last):
    days = [one.get(first), one.get(last), other.get(first), other.get(last)]
    return all(days) and days[0] <= days[3] and days[2] <= days[1]


def order_of(row):
    """What is in the wrong order in one round, as (field, sentence)."""
    wrong = []
    for first, last, said in [
        ("starts_on", "ends_on", "The last day it asks about must be after the first"),
        ("opens_on", "closes_on", "The last day to answer must not be before the round opens"),
        ("closes_on", "proposals_due_on", "Ratings are proposed after the last day to answer"),
        ("proposals_due_on", "decisions_due_on", "Ratings are proposed before they are decided"),
    ]:
        days = row.get(first), row.get(last)
        if all(days) and (days[1] < days[0] or (days[1] == days[0] and last == "ends_on")):
            wrong.append((last, said))
    return wrong


@transaction.atomic
def submit_update(deliverable, *, round, by, on, at=None, **answers):
    """Record ``by``'s update for this round; an earlier one in the round is superseded, not lost.

    ``answers``: rating, progress and the other columns of an Update. After the round's last day it is late.
    Raises RoundClosed. What makes an answer acceptable is asked in ``plans.answering``, which is where to send one.
    """
    Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if not round.is_answerable(on=on):
        raise RoundClosed(round)
    earlier = deliverable.updates.in_round(round).current().first()
    update = deliverable.updates.create(
        round=round, submitted_by=by, submitted_at=at or timezone.now(), is_late=on > round.closes_on, **answers
    )
    if earlier:
        earlier.superseded_by = update
        earlier.save(update_fields=["superseded_by"])
    return update


def last_update(deliverable, *, before):
    """The deliverable's last word in a round that closed before ``before`` did, or None."""
    return (
        deliverable.updates.current()
        .filter(round__closes_on__lt=before.closes_on)
        .select_related("rating", "round", "submitted_by")
        .order_by("-round__closes_on")
        .first()
    )


def meet_milestone(milestone, *, on):
    """The milestone was met that day; None takes it back."""
    milestone.met_on = on
    milestone.save(update_fields=["met_on"])
