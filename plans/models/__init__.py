"""Plans and everything in them; the cycle of updates and reviews; imports waiting for a yes."""

from plans.models.cycle import PriorityReview, Update, UpdateRound
from plans.models.imports import PlanImport
from plans.models.plan import Plan, PlanDriver, Rating, RatingKey, ReviewDate
from plans.models.rows import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Priority,
    RationaleItem,
)
from plans.models.versions import CarryDecision, PlanComment, PlanDocument, PlanVersion, StageNote

__all__ = [
    "Activity",
    "CarryDecision",
    "Deliverable",
    "DeliverableLead",
    "Milestone",
    "OutcomeStatement",
    "Plan",
    "PlanComment",
    "PlanDocument",
    "PlanDriver",
    "PlanImport",
    "PlanVersion",
    "Priority",
    "PriorityReview",
    "Rating",
    "RatingKey",
    "RationaleItem",
    "ReviewDate",
    "StageNote",
    "Update",
    "UpdateRound",
]
