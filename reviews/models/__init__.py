"""What is kept of cases, practice reviews, recommendations and learning."""

from reviews.models.cases import AgencySummary, Case, CaseReading, RapidReview, RestrictedQuerySet, Stage, Theme
from reviews.models.decisions import (
    ADULTS_OUTCOMES,
    CHILDREN_OUTCOMES,
    Advice,
    CaseDispute,
    Outcome,
    PanelLetter,
    PanelPoint,
    PartnerDecision,
)
from reviews.models.deletion import CaseDeletion, CaseHold
from reviews.models.learning import Briefing, DisseminationStep, LearningPoint, LearningSettings, Receipt
from reviews.models.practice import (
    Appointment,
    FamilyStep,
    PracticeReview,
    PublicationStep,
    ReviewDraft,
    Reviewer,
    ReviewPublication,
)
from reviews.models.recommendations import ReCheck, Recommendation, RecommendationAction, RecommendationEvidence

__all__ = [
    "ADULTS_OUTCOMES",
    "CHILDREN_OUTCOMES",
    "Advice",
    "AgencySummary",
    "Appointment",
    "Briefing",
    "Case",
    "CaseDeletion",
    "CaseDispute",
    "CaseHold",
    "CaseReading",
    "DisseminationStep",
    "FamilyStep",
    "LearningPoint",
    "LearningSettings",
    "Outcome",
    "PanelLetter",
    "PanelPoint",
    "PartnerDecision",
    "PracticeReview",
    "PublicationStep",
    "RapidReview",
    "ReCheck",
    "Receipt",
    "Recommendation",
    "RecommendationAction",
    "RecommendationEvidence",
    "RestrictedQuerySet",
    "ReviewDraft",
    "ReviewPublication",
    "Reviewer",
    "Stage",
    "Theme",
]
