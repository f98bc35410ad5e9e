"""Plans and everything in them; the cycle of updates and reviews; imports waiting for a yes."""

from plans.models.answers import (
    DateMove,
    Delegation,
    Evidence,
    UpdateDraft,
    UpdateImport,
    UpdateLink,
    UpdateLinkUse,
)
from plans.models.cycle import PriorityReview, Update, UpdateRound
from plans.models.drift import DriftNote
from plans.models.imports import ImportCorrection, PlanImport
from plans.models.issues import PlanIssue
from plans.models.judgements import (
    EarlierDecision,
    HighlightLine,
    HighlightReport,
    OutcomeJudgement,
    ReviewAction,
    ReviewDraft,
    StandstillNote,
)
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
    "DateMove",
    "Delegation",
    "Deliverable",
    "DeliverableLead",
    "DriftNote",
    "EarlierDecision",
    "Evidence",
    "HighlightLine",
    "HighlightReport",
    "ImportCorrection",
    "Milestone",
    "OutcomeJudgement",
    "OutcomeStatement",
    "Plan",
    "PlanComment",
    "PlanDocument",
    "PlanDriver",
    "PlanImport",
    "PlanIssue",
    "PlanVersion",
    "Priority",
    "PriorityReview",
    "Rating",
    "RatingKey",
    "RationaleItem",
    "ReviewAction",
    "ReviewDate",
    "ReviewDraft",
    "StageNote",
    "StandstillNote",
    "Update",
    "UpdateDraft",
    "UpdateImport",
    "UpdateLink",
    "UpdateLinkUse",
    "UpdateRound",
]
