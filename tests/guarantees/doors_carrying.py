"""Doors of starting a plan and carrying it forward: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, REFUSED, Door, only, page, record, signed_in

# A published plan is seen by all who sign in, and carried forward by its office.
OFFICE = only("office", otherwise=REFUSED)
OFFICE_MOVED = only("office", otherwise=REFUSED, answer=MOVED)
OFFICE_INVALID = only("office", otherwise=REFUSED, answer=INVALID)


def row(world):
    return {"pk": world.carried_plan.pk, "row_pk": world.carried_deliverable.pk}


def priority(world):
    return {"pk": world.carried_plan.pk, "priority_pk": world.carried_deliverable.priority_id}


def reading(world):
    return {"pk": world.carried_plan.pk, "activity_pk": world.carried_deliverable.activities.first().pk}


DOORS = [
    Door(
        "plans:plan-start",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    Door("plans:plan-carry", "nothing follows yet", OFFICE, OFFICE_INVALID, record("plan")),
    Door(
        "plans:plan-carry",
        "of a draft",
        only("office") | {"advisor": REFUSED},
        only("office", answer=INVALID) | {"advisor": REFUSED},
        record("draft_plan"),
    ),
    Door("plans:plan-carry", "into a draft", OFFICE, OFFICE_MOVED, record("carried_plan")),
    Door("plans:carry-decide", "", OFFICE, OFFICE_INVALID, row),
    Door(
        "plans:carry-priority",
        "",
        signed_in(METHOD),
        OFFICE_MOVED,
        priority,
        body=lambda world: {"do": "take"},
    ),
    page("plans:carry-reading", OFFICE, reading),
    Door("plans:carry-finish", "", signed_in(METHOD), OFFICE_MOVED, record("carried_plan")),
    Door(
        "plans:carry-priority-start",
        "from what is not there",
        only("office", answer=MOVED, otherwise=REFUSED),
        only("office", answer=MOVED, otherwise=REFUSED),
        record("carried_plan"),
    ),
    page("plans:plan-outcomes", only(*MEMBERS, otherwise=REFUSED), record("plan"), "of a published plan"),
    page("plans:plan-outcomes", only("office", "advisor"), record("draft_plan"), "of a draft"),
    page("plans:plan-outcomes", only(*MEMBERS, otherwise=REFUSED), record("carried_plan"), "into a draft"),
]
