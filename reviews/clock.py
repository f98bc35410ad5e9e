"""The clocks of a case: by when the Panel is told of it, and by when it has the rapid review."""

from django.db.models import F, OuterRef

from partnership.clocks import by_clock
from partnership.models import Rule

NOTIFICATION, RAPID_REVIEW = "notify-panel", "rapid-review"


def with_notification_clock(cases):
    """Annotate ``clock_rule`` and ``clock_due_on``: when the Panel is to be told, from becoming aware."""
    return by_clock(cases, in_force(NOTIFICATION, "aware_on"), counted_from="aware_on")


def with_rapid_review_clock(cases):
    """Annotate ``clock_rule`` and ``clock_due_on``: the rapid review's, from the day the notification was sent."""
    return by_clock(cases, in_force(RAPID_REVIEW, "notified_on"), counted_from="notified_on")


def with_clocks(cases):
    """Annotate both: ``notification_rule`` and ``notification_due_on``, and the same of ``rapid_review``."""
    told = with_notification_clock(cases).annotate(
        notification_rule=F("clock_rule"), notification_due_on=F("clock_due_on")
    )
    return with_rapid_review_clock(told).annotate(
        rapid_review_rule=F("clock_rule"), rapid_review_due_on=F("clock_due_on")
    )


def in_force(code, day):
    """The clock of the edition in force on that day of a case, for its kind of partnership."""
    return Rule.objects.clock(code, on=OuterRef(day), audience=OuterRef("partnership__kind"))
