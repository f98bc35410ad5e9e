"""What cases have that is due. Restricted: only the case review group is told that they exist."""

from django.db.models import FilteredRelation, Q

from partnership.deadlines import as_deadlines
from partnership.models import Group
from reviews.clock import with_notification_clock, with_rapid_review_clock
from reviews.models import Case


def notifications(on):
    """Cases of which the Panel was not yet told."""
    waiting = Case.objects.filter(stage=Case.Stage.AWARE, notified_on=None)
    return _owed_by_group(with_notification_clock(waiting), "notification", "Notification to the Panel", "aware_on")


def stages(on):
    """Rapid reviews not yet sent to the Panel."""
    waiting = Case.objects.filter(stage=Case.Stage.RAPID_REVIEW, rapid_review_sent_on=None)
    return _owed_by_group(with_rapid_review_clock(waiting), "rapid-review", "Rapid review", "notified_on")


def _owed_by_group(cases, key, kind, counted_from):
    """By the chair of the case review group, where a rule gives a day."""
    case_group = FilteredRelation("partnership__groups", condition=Q(partnership__groups__kind=Group.Kind.CASE_REVIEW))
    return as_deadlines(
        cases.exclude(clock_rule=None).annotate(case_group=case_group),
        key=key,
        kind=kind,
        due_on="clock_due_on",
        title="reference",
        url_name="reviews:case-detail",
        partnership="partnership",
        group="case_group",
        is_restricted=True,
        rule="clock_rule",
        counted_from=counted_from,
    )
