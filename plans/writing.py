"""Rows of a plan's table: added, moved, copied, retired, brought back, deleted.

``kind`` is "priority", "deliverable" or "activity". Each command locks the plan, so that two people
who move rows at once take turns. What somebody has answered is never deleted.
"""

from django.db import transaction
from django.db.models import Max, ProtectedError, Q

from plans.cells import MODELS, read_in, write_dates
from plans.models import (
    Activity,
    CarryDecision,
    Deliverable,
    Milestone,
    Plan,
    PlanComment,
    Priority,
    PriorityReview,
    Update,
)

PARENTS = {"priority": "plan", "deliverable": "priority", "activity": "deliverable"}


class HasAnswers(Exception):
    """The row was answered, judged or met, so it can be retired but not deleted. The message says which."""


def kind_of(row):
    return row._meta.model_name


def siblings(row):
    """The rows that stand beside ``row``, itself included, in their order."""
    parent = PARENTS[kind_of(row)]
    return type(row).objects.filter(**{parent: getattr(row, f"{parent}_id")}).order_by("position", "pk")


def lock(plan):
    Plan.objects.select_for_update(of=["self"]).get(pk=plan.pk)


@transaction.atomic
def add_rows(plan, kind, parent, texts):
    """New rows at the end of ``parent`` (the plan, a priority, a deliverable), one for each text.

    An activity's text may hold its timescale after a tab, as a row copied from a table does.
    """
    lock(plan)
    model, field = MODELS[kind], PARENTS[kind]
    last = model.objects.filter(**{field: parent}).aggregate(last=Max("position"))["last"] or 0
    rows = []
    for position, text in enumerate(texts, start=last + 1):
        words, _, timescale = text.partition("\t")
        name = "text" if kind == "activity" else "title"
        row = model.objects.create(**{field: parent, "position": position, name: words.strip()})
        if timescale.strip():
            row.timescale_text = timescale.strip()
            write_dates(row, read_in(plan, row.timescale_text))
        rows.append(row)
    return rows


@transaction.atomic
def move_row(plan, row, *, by):
    """One place up (``by`` = -1) or down (1) among the rows that are in the plan; at an end it stays."""
    lock(plan)
    order = list(siblings(row))
    shown = [each for each in order if not each.is_retired]
    here = next((n for n, each in enumerate(shown) if each.pk == row.pk), None)
    if here is None or not 0 <= here + by < len(shown):
        return False
    other = shown[here + by]
    one, two = order.index(shown[here]), order.index(other)
    order[one], order[two] = order[two], order[one]
    number(order)
    return True


def number(rows):
    """Give ``rows`` the positions 1, 2, 3 … in the order they come."""
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            type(each).objects.filter(pk=each.pk).update(position=position)


@transaction.atomic
def copy_row(plan, row):
    """The same row again, right below it, with what stands in it and nothing that was answered."""
    lock(plan)
    order = list(siblings(row))
    copy = COPIES[kind_of(row)](row, getattr(row, PARENTS[kind_of(row)]), row.position)
    order.insert(order.index(row) + 1, copy)
    number(order)
    return copy


# A copy is a row of its own: it was neither taken out nor carried from last year.
NOT_COPIED = {"retired_on", "retired_reason", "carried_from"}


def _again(row, **changed):
    """A new row with the columns of ``row``, but for ``changed``."""
    own = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in NOT_COPIED
    }
    return type(row).objects.create(**own | changed)


def _copy_priority(row, plan, position):
    copy = _again(row, plan_id=plan.pk, position=position)
    for related in (row.rationale, row.outcomes):
        for each in related.all():
            _again(each, priority_id=copy.pk)
    for each in row.deliverables.in_plan():
        _copy_deliverable(each, copy, each.position)
    return copy


def _copy_deliverable(row, priority, position):
    copy = _again(row, priority_id=priority.pk, position=position)
    leads = {lead.pk: _again(lead, deliverable_id=copy.pk) for lead in row.leads.all()}
    for each in row.activities.in_plan():
        _copy_activity(each, copy, each.position, leads)
    return copy


def _copy_activity(row, deliverable, position, leads=None):
    lead = leads.get(row.lead_id) if leads is not None else row.lead
    copy = _again(row, deliverable_id=deliverable.pk, position=position, lead_id=lead.pk if lead else None)
    for milestone in row.milestones.all():
        _again(milestone, activity_id=copy.pk, met_on=None)
    return copy


COPIES = {"priority": _copy_priority, "deliverable": _copy_deliverable, "activity": _copy_activity}


@transaction.atomic
def retire_row(plan, row, *, on, reason):
    """Take ``row`` out of the plan from a day, saying why. Its history and its updates stay."""
    lock(plan)
    row.retired_on, row.retired_reason = on, reason
    row.save(update_fields=["retired_on", "retired_reason"])


@transaction.atomic
def restore_row(plan, row):
    """Put a retired row back where it stood."""
    lock(plan)
    row.retired_on, row.retired_reason = None, ""
    row.save(update_fields=["retired_on", "retired_reason"])


@transaction.atomic
def delete_row(plan, row):
    """Delete ``row`` and all in it. Raises HasAnswers where anything in it was answered, or rests on it."""
    lock(plan)
    answers = answers_in(row)
    if answers:
        raise HasAnswers(f"This {kind_of(row)} has {answers}, which stay on record. Retire it instead.")
    try:
        row.delete()
    except ProtectedError:  # a record of a higher app, which is not known here
        raise HasAnswers(
            f"Something rests on this {kind_of(row)}, like a recommendation that it carries out. Retire it instead."
        ) from None


def answers_in(row):
    """What of ``row`` was answered or judged, in words; empty where nothing was."""
    deliverables = {
        "priority": lambda: Deliverable.objects.filter(priority=row),
        "deliverable": lambda: Deliverable.objects.filter(pk=row.pk),
        "activity": lambda: Deliverable.objects.none(),
    }[kind_of(row)]()
    activities = row.__class__.objects.filter(pk=row.pk) if kind_of(row) == "activity" else None
    if activities is None:
        activities = Activity.objects.filter(deliverable__in=deliverables)
    on_priority = Q(priority=row.pk) if isinstance(row, Priority) else Q()
    found = [
        ("updates", Update.objects.filter(deliverable__in=deliverables)),
        ("milestones met", Milestone.objects.filter(activity__in=activities).exclude(met_on=None)),
        ("ratings", PriorityReview.objects.filter(priority=row.pk) if isinstance(row, Priority) else None),
        ("decisions on what becomes of it", CarryDecision.objects.filter(deliverable__in=deliverables)),
        ("comments", PlanComment.objects.filter(Q(deliverable__in=deliverables) | on_priority)),
    ]
    return " and ".join(words for words, rows in found if rows is not None and rows.exists())
