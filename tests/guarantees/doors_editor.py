"""Doors of what the office sets round its plan's rows, and of whole blocks of rows: see ``access_table.py``."""

from tests.guarantees.doors import Door
from tests.guarantees.doors_writing import DRAFT, DRAFT_CHANGED, PUBLISHED, PUBLISHED_CHANGED, add, plan

DOORS = [
    Door("plans:plan-columns", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:plan-columns", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door("plans:plan-renumber", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:plan-renumber", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door(
        "plans:rows-paste",
        "to a published plan",
        PUBLISHED,
        PUBLISHED_CHANGED,
        add("plan", "activity", "led_deliverable"),
    ),
    Door("plans:rows-paste", "to a draft plan", DRAFT, DRAFT_CHANGED, add("draft_plan", "priority", "draft_plan")),
]
