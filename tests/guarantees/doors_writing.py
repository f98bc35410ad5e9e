"""Doors of the plan's editor: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, METHOD, MOVED, REFUSED, Door, only, page, signed_in

# A published plan is seen by all who sign in, a draft by those inside; both are changed by the office alone.
PUBLISHED = only("office", otherwise=REFUSED)
DRAFT = only("office") | {"advisor": REFUSED}
PUBLISHED_CHANGED = only("office", otherwise=REFUSED, answer=INVALID)
DRAFT_CHANGED = only("office", answer=INVALID) | {"advisor": REFUSED}


def cell(plan, kind, name, cell):
    """The place of a cell of ``world.<name>`` in ``world.<plan>``."""
    return lambda world: {
        "pk": getattr(world, plan).pk,
        "kind": kind,
        "row_pk": getattr(world, name).pk,
        "cell": cell,
    }


def row(plan, kind, name):
    return lambda world: {"pk": getattr(world, plan).pk, "kind": kind, "row_pk": getattr(world, name).pk}


def add(plan, kind, name):
    return lambda world: {"pk": getattr(world, plan).pk, "kind": kind, "parent_pk": getattr(world, name).pk}


def plan(name):
    return lambda world: {"pk": getattr(world, name).pk}


DOORS = [
    Door(
        "plans:cell-change",
        "of a published plan",
        PUBLISHED,
        PUBLISHED_CHANGED,
        cell("plan", "deliverable", "led_deliverable", "promise"),
    ),
    Door(
        "plans:cell-change",
        "of a draft plan",
        DRAFT,
        DRAFT_CHANGED,
        cell("draft_plan", "deliverable", "draft_deliverable", "promise"),
    ),
    Door("plans:row-add", "to a published plan", PUBLISHED, PUBLISHED_CHANGED, add("plan", "priority", "plan")),
    Door("plans:row-add", "to a draft plan", DRAFT, DRAFT_CHANGED, add("draft_plan", "priority", "draft_plan")),
    Door(
        "plans:row-arrange",
        "of a published plan",
        PUBLISHED,
        only("office", otherwise=REFUSED, answer=MOVED),
        row("plan", "deliverable", "led_deliverable"),
        body=lambda world: {"do": "down"},
    ),
    Door(
        "plans:row-arrange",
        "of a draft plan",
        DRAFT,
        only("office", answer=MOVED) | {"advisor": REFUSED},
        row("draft_plan", "deliverable", "draft_deliverable"),
        body=lambda world: {"do": "copy"},
    ),
    Door(
        "plans:row-retire",
        "of a published plan",
        PUBLISHED,
        PUBLISHED_CHANGED,
        row("plan", "deliverable", "led_deliverable"),
    ),
    page("plans:rows-retired", PUBLISHED, plan("plan"), "of a published plan"),
    page("plans:rows-retired", DRAFT, plan("draft_plan"), "of a draft plan"),
    page("plans:timescale-read", PUBLISHED, plan("plan"), "of a published plan"),
    Door(
        "plans:plan-undo",
        "of a draft plan",
        signed_in(METHOD),
        only("office", answer=MOVED) | {"advisor": REFUSED},
        plan("draft_plan"),
    ),
]
