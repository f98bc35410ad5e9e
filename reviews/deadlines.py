"""What cases have that is due. Restricted: only the case review group is told that they exist."""

from django.db.models import Case as Choose
from django.db.models import DateField, FilteredRelation, Q, Value, When

from partnership.deadlines import as_deadlines
from partnership.models import Group
from reviews.clock import rapid_review_due_on
from reviews.models import Case


def stages(on):
    """Rapid reviews not yet sent to the Panel, owed by the chair of the case review group.

    Working days are counted in Python; the few days on which the open cases were notified take a
    small query of their own.
    """
    waiting = Case.objects.filter(
        stage=Case.Stage.RAPID_REVIEW, rapid_review_sent_on=None, notified_on__isnull=False
    ).annotate(
        case_group=FilteredRelation(
            "partnership__groups",
            condition=Q(partnership__groups__kind=Group.Kind.CASE_REVIEW),
        )
    )
    days = waiting.order_by().values_list("notified_on", flat=True).distinct()
    due_on = Choose(
        *[When(notified_on=day, then=Value(rapid_review_due_on(day), DateField())) for day in days],
        output_field=DateField(),
    )
    return as_deadlines(
        waiting,
        key="rapid-review",
        kind="Rapid review",
        due_on=due_on,
        title="reference",
        url_name="reviews:case-detail",
        partnership="partnership",
        group="case_group",
        is_restricted=True,
    )
