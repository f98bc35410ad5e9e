"""The last step taken back: a cell as it was, rows that were just made, refs before they were given anew.

What an undo needs is kept in the session, so only whoever took the step can take it back, and only the
last one.
"""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from plans.cells import CELLS, MODELS, find_row
from plans.models import Activity, Deliverable, DeliverableLead, Milestone, OutcomeStatement, RationaleItem
from plans.writing import HasAnswers, delete_row, lock

CHANGED_SINCE = "Somebody has changed it since, so it was left as it is."
ROWS_CHANGED_SINCE = "Somebody has changed these rows since, so they were left as they are."


def cell_step(kind, row, cell, *, data, seen):
    """A cell before its change: ``data`` is what its form held, ``seen`` the values it stands at now."""
    return {"what": "cell", "row": [kind, row.pk, cell], "data": data, "seen": seen}


def rows_step(kind, rows):
    """Rows that were just made, all of one kind."""
    keys = [row.pk for row in rows]
    return {"what": "rows", "kind": kind, "keys": keys, "digest": digest_of(kind, keys)}


def refs_step(changes):
    """Refs that were given anew: [(kind, key, before, after)]."""
    return {"what": "refs", "changes": [list(change) for change in changes]}


def remember(session, plan, step):
    session["undo"] = step | {"plan": plan.pk}


def waits(session, plan):
    """Whether there is a step of this plan to take back."""
    return session.get("undo", {}).get("plan") == plan.pk


def take_back(session, plan):
    """Undo the last step: (whether it was done, a sentence, the row to go to or None)."""
    if not waits(session, plan):
        return False, "There is nothing to undo.", None
    step = session.pop("undo")
    return STEPS[step["what"]](plan, step)


def _cell(plan, step):
    kind, key, cell = step["row"]
    row = find_row(plan, kind, key)
    form = CELLS[kind, cell](step["data"] | {"seen": step["seen"]}, instance=row, plan=plan)
    if not form.is_valid():
        return False, CHANGED_SINCE, row
    form.save()
    return True, "Undone.", row


@transaction.atomic
def _rows(plan, step):
    lock(plan)
    kind, keys = step["kind"], step["keys"]
    if digest_of(kind, keys) != step["digest"]:
        return False, ROWS_CHANGED_SINCE, None
    try:
        with transaction.atomic():
            for key in keys:
                delete_row(plan, find_row(plan, kind, key))
    except HasAnswers as answered:
        return False, str(answered), None
    return True, "Undone: the rows are gone again.", None


@transaction.atomic
def _refs(plan, step):
    lock(plan)
    done = 0
    for kind, key, before, after in step["changes"]:
        row = find_row(plan, kind, key)
        if row.ref == after:
            row.ref = before
            row.save(update_fields=["ref"])
            done += 1
    left = len(step["changes"]) - done
    kept = f" {left} that somebody has changed since {'was' if left == 1 else 'were'} left alone." if left else ""
    return bool(done), f"Undone: the refs are as they were.{kept}", None


STEPS = {"cell": _cell, "rows": _rows, "refs": _refs}


def digest_of(kind, keys):
    """A hash of all that stands in these rows and below them."""
    parts = {"priority": [], "deliverable": [], "activity": []} | {kind: list(keys)}
    if kind == "priority":
        parts["deliverable"] = list(Deliverable.objects.filter(priority__in=keys).values_list("pk", flat=True))
    if kind != "activity":
        under = Activity.objects.filter(deliverable__in=parts["deliverable"])
        parts["activity"] = list(under.values_list("pk", flat=True))
    found = [list(MODELS[name].objects.filter(pk__in=pks).order_by("pk").values()) for name, pks in parts.items()]
    found += [
        list(rows.order_by("pk").values())
        for rows in (
            RationaleItem.objects.filter(priority__in=parts["priority"]),
            OutcomeStatement.objects.filter(priority__in=parts["priority"]),
            DeliverableLead.objects.filter(deliverable__in=parts["deliverable"]),
            Milestone.objects.filter(activity__in=parts["activity"]),
        )
    ]
    return hashlib.sha256(json.dumps(found, cls=DjangoJSONEncoder).encode()).hexdigest()
