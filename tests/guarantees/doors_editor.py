"""Doors of what the office sets round its plan's rows, and of whole blocks of rows: see ``access_table.py``."""

from tests.guarantees.doors import Door
from tests.guarantees.doors_writing import DRAFT, DRAFT_CHANGED, PUBLISHED, PUBLISHED_CHANGED, add, plan


def reasons(plan, priority):
    """The place of a priority of ``world.<plan>``."""
    return lambda world: {"pk": getattr(world, plan).pk, "priority_pk": priority(world).pk}


DOORS = [
    Door("plans:plan-columns", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:plan-columns", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door("plans:plan-renumber", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:plan-renumber", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door("plans:plan-drivers", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:plan-drivers", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door("plans:plan-review-dates", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:plan-review-dates", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door("plans:duties-add", "to a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:duties-add", "to a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door(
        "plans:priority-sources",
        "of a published plan",
        PUBLISHED,
        PUBLISHED_CHANGED,
        reasons("plan", lambda world: world.led_deliverable.priority),
    ),
    Door(
        "plans:priority-sources",
        "of a draft plan",
        DRAFT,
        DRAFT_CHANGED,
        reasons("draft_plan", lambda world: world.draft_deliverable.priority),
    ),
    Door(
        "plans:rows-paste",
        "to a published plan",
        PUBLISHED,
        PUBLISHED_CHANGED,
        add("plan", "activity", "led_deliverable"),
    ),
    Door("plans:rows-paste", "to a draft plan", DRAFT, DRAFT_CHANGED, add("draft_plan", "priority", "draft_plan")),
]
