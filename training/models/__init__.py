"""Needs, courses, events, places, attendance, evaluation, competence, charges."""

from training.models.charges import AgencyCourse, AgencyTrainingReturn, ChargeStatement, TrainingImport
from training.models.competencies import Competency, CompetencyRecord, Practitioner, RoleRequirement, WorkRole
from training.models.courses import Course, CoursePartnership, Event, EventTrainer, TrainingPolicy
from training.models.evaluations import Evaluation, EvaluationSummary
from training.models.mails import TrainingMail
from training.models.needs import (
    FEWEST_REPLIES,
    LearningNeed,
    NeedLeftOut,
    NeedsAnalysis,
    NeedsInvitation,
    NeedsReply,
    NeedsWish,
    Urgency,
)
from training.models.places import Place
from training.models.statuses import COMING, CONCERNED, HELD, PlaceStatus

__all__ = [
    "COMING",
    "CONCERNED",
    "FEWEST_REPLIES",
    "HELD",
    "AgencyCourse",
    "AgencyTrainingReturn",
    "ChargeStatement",
    "Competency",
    "CompetencyRecord",
    "Course",
    "CoursePartnership",
    "Evaluation",
    "EvaluationSummary",
    "Event",
    "EventTrainer",
    "LearningNeed",
    "NeedLeftOut",
    "NeedsAnalysis",
    "NeedsInvitation",
    "NeedsReply",
    "NeedsWish",
    "Place",
    "PlaceStatus",
    "Practitioner",
    "RoleRequirement",
    "TrainingImport",
    "TrainingMail",
    "TrainingPolicy",
    "Urgency",
    "WorkRole",
]
