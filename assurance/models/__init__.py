"""Returns asked of organisations, voice entries, the timetable, and the annual report."""

from assurance.models.annual_reports import (
    AnnualReport,
    ReportBuild,
    ReportEvidence,
    ReportSection,
)
from assurance.models.returns import Answer, AssuranceRequest, Question, Return
from assurance.models.timetable import TimetableEntry
from assurance.models.voice import VoiceEntry

__all__ = [
    "AnnualReport",
    "Answer",
    "AssuranceRequest",
    "Question",
    "ReportBuild",
    "ReportEvidence",
    "ReportSection",
    "Return",
    "TimetableEntry",
    "VoiceEntry",
]
