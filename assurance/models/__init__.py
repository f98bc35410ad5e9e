"""Requests, returns and what is made of them; standards, schools, the timetable, voices, the annual report."""

from assurance.models.annual_reports import AnnualReport, ReportBuild, ReportEvidence, ReportSection
from assurance.models.practitioners import (
    PractitionerMark,
    PractitionerReply,
    PractitionerSurvey,
    SurveyInvitation,
    SurveyStatement,
)
from assurance.models.questions import QuestionSet, SetQuestion
from assurance.models.returns import Answer, AssuranceRequest, Question, Return, ReturnCopy, ReturnEvidence
from assurance.models.schools import (
    School,
    SchoolAnswer,
    SchoolImport,
    SchoolLetters,
    SchoolMail,
    SchoolQuestion,
    SchoolReturn,
    SchoolSurvey,
)
from assurance.models.scrutiny import (
    AssuranceLevel,
    Scrutiny,
    ScrutinyAction,
    ScrutinyComment,
    ScrutinyResponse,
    SummarySection,
    ThematicSummary,
)
from assurance.models.standards import (
    Assessment,
    Improvement,
    ModeratedScore,
    ModerationPanel,
    Scale,
    ScalePoint,
    Standard,
    StandardSet,
)
from assurance.models.timetable import TimetableEntry
from assurance.models.voice import VoiceEntry

__all__ = [
    "AnnualReport",
    "Answer",
    "Assessment",
    "AssuranceLevel",
    "AssuranceRequest",
    "Improvement",
    "ModeratedScore",
    "ModerationPanel",
    "PractitionerMark",
    "PractitionerReply",
    "PractitionerSurvey",
    "Question",
    "QuestionSet",
    "ReportBuild",
    "ReportEvidence",
    "ReportSection",
    "Return",
    "ReturnCopy",
    "ReturnEvidence",
    "Scale",
    "ScalePoint",
    "School",
    "SchoolAnswer",
    "SchoolImport",
    "SchoolLetters",
    "SchoolMail",
    "SchoolQuestion",
    "SchoolReturn",
    "SchoolSurvey",
    "Scrutiny",
    "ScrutinyAction",
    "ScrutinyComment",
    "ScrutinyResponse",
    "SetQuestion",
    "Standard",
    "StandardSet",
    "SummarySection",
    "SurveyInvitation",
    "SurveyStatement",
    "ThematicSummary",
    "TimetableEntry",
    "VoiceEntry",
]
