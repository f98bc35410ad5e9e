"""Plans and everything in them; the cycle of updates and reviews; imports waiting for a yes."""

from plans.models.cycle import PriorityReview, Update, UpdateRound
from plans.models.imports import PlanImport
from plans.models.plan import Plan, Rating, RatingKey
from plans.models.rows import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Priority,
    RationaleItem,
)

__all__ = [
    "Activity",
    "Deliverable",
    "DeliverableLead",
    "Milestone",
    "OutcomeStatement",
    "Plan",
    "PlanImport",
    "Priority",
    "PriorityReview",
    "Rating",
    "RatingKey",
    "RationaleItem",
    "Update",
    "UpdateRound",
]
