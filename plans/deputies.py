"""Deputies: a lead lets somebody else answer, one deliverable in a round, or all of theirs while away.

What is handed on ends by itself: with the round, with the days away, as soon as the lead no longer
leads it, and as soon as the deputy is no longer of the partnership. Nobody hands on what was handed to them.
"""

from django.db.models import BigIntegerField, Exists, F, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from partnership.deadlines import COLUMNS
from plans.deadlines import milestones, updates
from plans.models import Delegation, Deliverable


def deliverables_of_deputy(user, *, on):
    """The open deliverables that ``user`` may answer on that day for a lead who handed them on."""
    return Deliverable.objects.open().handed_to(user, on=on)


# Reminders: a deputy is told beside the lead of what was handed on for a round, and instead of one who is away


def updates_handed_on(on):
    """Updates that a lead handed on for the round, owed by the deputy too."""
    handed = Delegation.objects.in_force(on=on).exclude(deliverable=None)
    of_row = handed.filter(deliverable=OuterRef("pk"), round=OuterRef("priority__plan__rounds")).of_lead(
        on=on, lead="leads__", deliverable="pk"
    )
    return _owed_by(of_row, updates(on), if_any=handed)


def updates_covered(on):
    """Updates of leads who are away, owed by whoever answers meanwhile."""
    away = Delegation.objects.in_force(on=on).filter(deliverable=None)
    return _owed_by(away.of_lead(on=on, lead="leads__", deliverable="pk"), updates(on), if_any=away, is_instead=True)


def milestones_covered(on):
    """Milestones of leads who are away."""
    away = Delegation.objects.in_force(on=on).filter(deliverable=None)
    of_lead = away.of_lead(on=on, lead="activity__deliverable__leads__", deliverable="activity__deliverable")
    return _owed_by(of_lead, milestones(on), if_any=away, is_instead=True)


def _owed_by(delegations, due, *, if_any, is_instead=False):
    """``due`` (a source of deadlines) once more, owed by the deputy of ``delegations`` (of the lead of its row).

    One deputy a lead: where a post or an organisation has two people away at once, the other one is still told
    themselves. ``if_any`` asks the database once whether to look at all.
    """
    first = delegations.order_by("-made_at", "-pk")
    nobody = Cast(Value(None), BigIntegerField())
    name = Concat(Value("deputy for "), Subquery(first.values("given_by__name")[:1]), output_field=TextField())
    giver = Subquery(first.values("given_by")[:1], output_field=BigIntegerField())
    own = {
        "deadline_user": Subquery(first.values("given_to")[:1], output_field=BigIntegerField()),
        "deadline_instead_of": giver if is_instead else nobody,
        "deadline_owner_text": name,
        "deadline_post": nobody,
        "deadline_group": nobody,
        "deadline_organisation": nobody,
    }
    others = {column: F(column) for column in COLUMNS if column not in own}
    rows = due.filter(Exists(if_any.order_by())).values("pk")  # or its columns could not be said anew
    return rows.annotate(**own, **others).filter(deadline_user__isnull=False).values(*COLUMNS)
