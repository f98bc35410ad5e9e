"""What a search finds of plans: their rows, what leads said of them, and the groups' reports."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat

from partnership.searching.kinds import Kind
from plans.models import (
    Activity,
    Deliverable,
    Evidence,
    HighlightReport,
    OutcomeStatement,
    Plan,
    PlanComment,
    Priority,
    Update,
)


def of_priorities(manager, **conditions):
    """Rows that are seen with their priority."""
    return lambda user: manager.filter(priority__in=Priority.objects.visible_to(user).values("pk"), **conditions)


def activities_seen_by(user):
    return Activity.objects.filter(retired_on=None, deliverable__in=Deliverable.objects.visible_to(user).values("pk"))


# As ``Deliverable.full_ref``.
FULL_REF = Case(
    When(Q(ref="") | Q(ref__contains=".") | Q(priority__ref=""), then=F("ref")),
    default=Concat("priority__ref", Value("."), "ref"),
)


def of_plan(row):
    return row.priority.plan.title


KINDS = [
    Kind(
        key="plan",
        one="Plan",
        label="Plans",
        model=Plan,
        title=("title",),
        text=("introduction",),
        on="starts_on",
        of="partnerships",
    ),
    Kind(
        key="priority",
        one="Priority",
        label="Priorities",
        model=Priority,
        title=("ref", "title"),
        text=("note",),
        ref="ref",
        on="plan__starts_on",
        of="plan__partnerships",
        seen=lambda user: Priority.objects.visible_to(user).filter(retired_on=None),
        with_=("plan",),
        place=lambda priority: priority.plan.title,
    ),
    Kind(
        key="outcome",
        one="Outcome statement",
        label="Outcome statements",
        model=OutcomeStatement,
        title=("text",),
        on="priority__plan__starts_on",
        of="priority__plan__partnerships",
        seen=of_priorities(OutcomeStatement.objects, priority__retired_on=None),
        with_=("priority__plan",),
        place=of_plan,
        url=lambda outcome: outcome.priority.get_absolute_url(),
    ),
    Kind(
        key="deliverable",
        one="Deliverable",
        label="Deliverables",
        model=Deliverable,
        title=("ref", "title"),
        text=("description", "evidence_measures"),
        ref=FULL_REF,
        on="priority__plan__starts_on",
        of="priority__plan__partnerships",
        with_=("priority__plan",),
        place=of_plan,
    ),
    Kind(
        key="activity",
        one="Activity",
        label="Activities",
        model=Activity,
        title=("text",),
        on="deliverable__priority__plan__starts_on",
        of="deliverable__priority__plan__partnerships",
        seen=activities_seen_by,
        with_=("deliverable__priority__plan",),
        heading=lambda activity: activity.text,
        place=lambda activity: f"{activity.deliverable.priority.plan.title}: {activity.deliverable}",
        url=lambda activity: activity.deliverable.get_absolute_url(),
    ),
    Kind(
        key="update",
        one="Update",
        label="Updates",
        model=Update,
        text=("progress", "difference_made", "voice", "risk"),
        on="round__closes_on",
        seen=lambda user: Update.objects.visible_to(user).filter(superseded_by=None),
        with_=("deliverable__priority__plan", "round"),
        heading=lambda update: f"Update on {update.deliverable}",
        place=lambda update: f"{update.deliverable.priority.plan.title}, {update.round}",
        url=lambda update: update.deliverable.get_absolute_url(),
    ),
    Kind(
        key="evidence",
        one="Evidence",
        label="Evidence",
        model=Evidence,
        title=("label",),
        on="round__closes_on",
        seen=lambda user: Evidence.objects.visible_to(user).exclude(deliverable=None),
        with_=("deliverable__priority__plan",),
        heading=lambda evidence: evidence.label or "Evidence",
        place=lambda evidence: str(evidence.deliverable),
        url=lambda evidence: evidence.deliverable.get_absolute_url(),
    ),
    Kind(
        key="highlight",
        one="Highlight report",
        label="Highlight reports",
        model=HighlightReport,
        text=("achievements", "difference_made", "voice", "risks", "escalations", "next_period"),
        on="round__closes_on",
        with_=("group", "round"),
        heading=lambda report: f"Highlight report of {report.group}",
        place=lambda report: str(report.round),
    ),
    Kind(
        key="comment",
        one="Comment",
        label="Comments on plans",
        model=PlanComment,
        text=("text", "answer"),
        with_=("plan",),
        heading=lambda comment: f"Comment on {comment.plan.title}",
        place=lambda comment: comment.about,
    ),
]
