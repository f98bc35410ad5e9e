"""People, posts, organisations, groups, meetings, money, arrangements, documents and reminders."""

from partnership.models.accounts import AccessReview, AccessReviewLine, AccountEvent, Invitation
from partnership.models.arrangements import (
    Arrangements,
    ArrangementsChange,
    Dispute,
    DisputeStage,
    DisputeStep,
    Endorsement,
)
from partnership.models.backups import BackupRun
from partnership.models.closures import Closure
from partnership.models.documents import Document, PublicStatement, PublishedFile
from partnership.models.emergency import EmergencyAccess
from partnership.models.exit_packs import ExitPack, ExitPackPart
from partnership.models.faults import Fault
from partnership.models.feeds import CalendarFeed, FeedEvent
from partnership.models.glossary import GlossaryTerm
from partnership.models.groups import Frequency, Group, GroupMember, TermsOfReference
from partnership.models.imports import ActionImport, PeopleImport
from partnership.models.meetings import (
    ActionUpdate,
    AgendaItem,
    Attendance,
    ItemKind,
    Meeting,
    MeetingAction,
    MeetingDecision,
    MeetingMove,
    Paper,
    StandingItem,
)
from partnership.models.money import BudgetYear, Contribution, SpendingLine
from partnership.models.organisations import Area, FormerName, Membership, Organisation, Partnership
from partnership.models.packs import BoardPack
from partnership.models.people import FormerOrganisation, Nomination, Post, PostHolding, User
from partnership.models.reminders import (
    Bounce,
    Heartbeat,
    MailBrake,
    Message,
    MessageAttempt,
    OutboxMail,
    Reminder,
    ReminderHours,
    ReminderPause,
    ReminderPolicy,
    ReminderPreference,
)
from partnership.models.retention import Erasure, LegalHold, RetentionPeriod, RetentionRun, SubjectAccess
from partnership.models.rulesets import Rule, RuleSet
from partnership.models.seals import Seal, SealedRows
from partnership.models.subject_copies import SubjectCopy

__all__ = [
    "AccessReview",
    "AccessReviewLine",
    "AccountEvent",
    "ActionImport",
    "ActionUpdate",
    "AgendaItem",
    "Area",
    "Arrangements",
    "ArrangementsChange",
    "Attendance",
    "BackupRun",
    "BoardPack",
    "Bounce",
    "BudgetYear",
    "CalendarFeed",
    "Closure",
    "Contribution",
    "Dispute",
    "DisputeStage",
    "DisputeStep",
    "Document",
    "EmergencyAccess",
    "Endorsement",
    "Erasure",
    "ExitPack",
    "ExitPackPart",
    "Fault",
    "FeedEvent",
    "FormerName",
    "FormerOrganisation",
    "Frequency",
    "GlossaryTerm",
    "Group",
    "GroupMember",
    "Heartbeat",
    "Invitation",
    "ItemKind",
    "LegalHold",
    "MailBrake",
    "Meeting",
    "MeetingAction",
    "MeetingDecision",
    "MeetingMove",
    "Membership",
    "Message",
    "MessageAttempt",
    "Nomination",
    "Organisation",
    "OutboxMail",
    "Paper",
    "Partnership",
    "PeopleImport",
    "Post",
    "PostHolding",
    "PublicStatement",
    "PublishedFile",
    "Reminder",
    "ReminderHours",
    "ReminderPause",
    "ReminderPolicy",
    "ReminderPreference",
    "RetentionPeriod",
    "RetentionRun",
    "Rule",
    "RuleSet",
    "Seal",
    "SealedRows",
    "SpendingLine",
    "StandingItem",
    "SubjectAccess",
    "SubjectCopy",
    "TermsOfReference",
    "User",
]
