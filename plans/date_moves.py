"""A date that no longer holds: a lead asks for another in an update, and the office agrees or does not."""

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
    move.is_agreed, move.decided_by, move.decided_at = True, by, at
    move.save()
    fresh = CELLS[CELL](instance=activity, plan=plan)
    data = {name: before[name] for name in fresh.fields if before.get(name) not in (None, False)}
    return cell_step(CELL[0], activity, CELL[1], data=data, seen=fresh.fields["seen"].initial)


@transaction.atomic
def decline_move(move, *, by, at, reason):
    """Leave the plan's date as it is, and say why. Raises ValidationError where it was decided already."""
    move = _undecided(move)
    move.is_agreed, move.decision_reason, move.decided_by, move.decided_at = False, reason, by, at
    move.save()
    return move


def _undecided(move):
    """The request as it is now; the plan is locked, so that nobody changes its rows meanwhile."""
    lock(move.update.round.plan)
    rows = DateMove.objects.select_for_update(of=["self"])
    move = rows.select_related("activity__deliverable__priority", "update__round__plan", "decided_by").get(pk=move.pk)
    if move.decided_at:
        verb = "agreed" if move.is_agreed else "declined"
        raise ValidationError(f"{move.decided_by} has {verb} this already.")
    if move.update.superseded_by_id:
        raise ValidationError("The lead has answered again since. What they ask for now stands in the list.")
    return move
