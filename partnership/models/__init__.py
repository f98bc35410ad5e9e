"""People, posts, organisations, partnerships, groups, rule sets, documents and reminders."""

from partnership.models.documents import Document, PublishedFile
from partnership.models.groups import Group, GroupMember
from partnership.models.organisations import Area, Membership, Organisation, Partnership
from partnership.models.people import Post, PostHolding, User
from partnership.models.reminders import Message, OutboxMail, Reminder, ReminderPolicy
from partnership.models.rulesets import Rule, RuleSet

__all__ = [
    "Area",
    "Document",
    "Group",
    "GroupMember",
    "Membership",
    "Message",
    "Organisation",
    "OutboxMail",
    "Partnership",
    "Post",
    "PostHolding",
    "PublishedFile",
    "Reminder",
    "ReminderPolicy",
    "Rule",
    "RuleSet",
    "User",
]
