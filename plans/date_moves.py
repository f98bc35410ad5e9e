"""A date that no longer holds: a lead asks for another in an update, and the office agrees or does not.

Where the old date is put back into the plan afterwards, by an undo, in the table or by a document, the request
says so: agreed, then taken back. It can be answered again.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.cells import CELLS, read_in, write_dates
from plans.models import DateMove
from plans.undoing import cell_step
from plans.writing import lock

CELL = ("activity", "timescale")


@transaction.atomic
def agree_to_move(move, *, by, at, seen=None):
    """Put the new words into the plan, with the dates read in them; the step that an undo takes back.

    ``seen``: the words that stood in the plan when the page was shown. Raises ValidationError where it was
    decided already, where the plan says something else by now, or where the row has left the plan.
    """
    move = _undecided(move)
    activity, plan = move.activity, move.update.round.plan
    if activity.is_retired or activity.deliverable.is_retired:
        raise ValidationError("This row has left the plan, so its date stays as it was.")
    if seen is not None and seen != activity.timescale_text:
        raise ValidationError(f"The plan says “{activity.timescale_text}” by now. Look again before you agree.")
    before = dict(CELLS[CELL](instance=activity, plan=plan).initial)
    activity.timescale_text = move.after_text
    write_dates(activity, read_in(plan, move.after_text))
    _decide(move, True, by=by, at=at)
    fresh = CELLS[CELL](instance=activity, plan=plan)
    data = {name: before[name] for name in fresh.fields if before.get(name) not in (None, False)}
    return cell_step(CELL[0], activity, CELL[1], data=data, seen=fresh.fields["seen"].initial)


@transaction.atomic
def decline_move(move, *, by, at, reason):
    """Leave the plan's date as it is, and say why. Raises ValidationError where it was decided already."""
    move = _undecided(move)
    _decide(move, False, by=by, at=at, reason=reason)
    return move


@transaction.atomic
def settle_moves(plan, *, by, at):
    """Say of agreed dates of ``plan`` whether they still stand, after ``by`` changed the plan's timescales.

    One is taken back where the plan says again what it said before it, and with it those agreed later. It
    holds again where its own words are put back. Any third date is a change of its own.
    """
    lock(plan)
    agreed = DateMove.objects.filter(is_agreed=True, update__round__plan=plan).select_for_update(of=["self"])
    by_activity = defaultdict(list)
    for move in agreed.select_related("activity").order_by("decided_at", "pk"):
        by_activity[move.activity].append(move)
    for activity, moves in by_activity.items():
        standing = [move for move in moves if move.taken_back_at is None]
        first = next((n for n, move in enumerate(standing) if _is_said(move.before_text, activity)), None)
        for move in standing[first:] if first is not None else []:
            move.taken_back_by, move.taken_back_at = by, at
            move.save(update_fields=["taken_back_by", "taken_back_at"])
        last = moves[-1]
        if last.taken_back_at and last not in standing and _is_said(last.after_text, activity):
            last.taken_back_by = last.taken_back_at = None
            last.save(update_fields=["taken_back_by", "taken_back_at"])


def _is_said(words, activity):
    return words.split() == activity.timescale_text.split()


def _decide(move, is_agreed, *, by, at, reason=""):
    move.is_agreed, move.decision_reason, move.decided_by, move.decided_at = is_agreed, reason, by, at
    move.taken_back_by = move.taken_back_at = None
    move.save()


def _undecided(move):
    """The request as it is now; the plan is locked, so that nobody changes its rows meanwhile."""
    lock(move.update.round.plan)
    rows = DateMove.objects.select_for_update(of=["self"])
    move = rows.select_related("activity__deliverable__priority", "update__round__plan", "decided_by").get(pk=move.pk)
    if move.decided_at and not move.taken_back_at:
        verb = "agreed" if move.is_agreed else "declined"
        raise ValidationError(f"{move.decided_by} has {verb} this already.")
    if move.update.superseded_by_id:
        raise ValidationError("The lead has answered again since. What they ask for now stands in the list.")
    return move
