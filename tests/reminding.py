"""What the tests of reminders share: a day's turn, the ledger in short, and one source of deadlines instead of all."""

from datetime import UTC, datetime

from django.db.models import F, Q

from partnership.deadlines import as_deadlines
from partnership.models import Reminder
from partnership.reminders.loop import send_reminders
from plans.models import Milestone

LEADS = "activity__deliverable__leads"
PLAN = "activity__deliverable__priority__plan"


def milestones(on):
    """Milestones not met, led by a post or a group, with the plan's scrutiny group above it."""
    return as_deadlines(
        Milestone.objects.filter(met_on=None).filter(Q(**{f"{LEADS}__isnull": False})),
        key="milestone",
        kind="Milestone",
        due_on="due_on",
        title=F("label"),
        url_name="plans:deliverable-detail",
        url_pk="activity__deliverable",
        partnership=f"{PLAN}__partnerships",
        post=f"{LEADS}__post",
        group=f"{LEADS}__group",
        group_above=f"{PLAN}__scrutiny_group",
    )


def at(day, hour=9):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def send_on(day, hour=9):
    return send_reminders(on=day, now=at(day, hour))


def ledger(**narrowed):
    """(who, as what, at which step, what became of it) of each reminder, as they were planned."""
    return [
        (reminder.recipient.name, reminder.rung, reminder.step, reminder.state)
        for reminder in Reminder.objects.filter(**narrowed).select_related("recipient").order_by("planned_at", "pk")
    ]
