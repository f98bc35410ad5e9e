"""What cases, practice reviews and learning have that is due.

What belongs to a case is restricted: only the case review group, or who was asked, is told that it exists.
"""

from django.db.models import Case, F, FilteredRelation, Q, TextField, Value, When
from django.db.models.functions import Coalesce, Concat

from partnership.deadlines import OFFICE, as_deadlines
from partnership.models import Group, Post
from reviews.clock import NOTIFIED
from reviews.models import AgencySummary, DisseminationStep, Receipt, ReCheck, Stage


def notifications(on):
    """Cases of which the Panel was not yet told."""
    return _owed_by_group(Stage.objects.waiting().filter(code=NOTIFIED), "notification", "Notification to the Panel")


def stages(on):
    """Every other stage of a case or a practice review that has a day."""
    return _owed_by_group(Stage.objects.waiting().exclude(code=NOTIFIED), "rapid-review", "Stage of a review")


def _owed_by_group(stages, key, kind):
    """By the chair of the case review group, where a rule or a plan gives a day."""
    reference = Coalesce("case__reference", "review__reference")
    rows = stages.with_clock().exclude(due_on=None).annotate(case_group=_case_group_of("partnership"))
    return as_deadlines(
        rows,
        key=key,
        kind=kind,
        due_on="due_on",
        title=Concat(reference, Value(": "), F("title"), output_field=TextField()),
        url_name=Case(When(review=None, then=Value("reviews:case-detail")), default=Value("reviews:review-detail")),
        url_pk=Coalesce("case_id", "review_id"),
        partnership="partnership",
        group="case_group",
        is_restricted=True,
        rule="clock_rule",
        counted_from="counted_from",
    )


def summaries(on):
    """Agency summaries asked for and not returned: by the contact whom the agency named, who alone is told."""
    return as_deadlines(
        AgencySummary.objects.waiting().filter(contact__isnull=False),
        key="summary",
        kind="Agency summary",
        due_on="due_on",
        title=Concat(Value("Summary of your agency on "), F("case__reference"), output_field=TextField()),
        url_name="reviews:summary-detail",
        partnership=None,
        user="contact",
        is_restricted=True,
    )


def rechecks(on):
    """Re-checks planned and not done: by the office; of what is restricted by the case review group."""
    partnership = "recommendation__partnership"
    hidden = ~Q(recommendation__case=None, recommendation__review=None) & Q(recommendation__released_on=None)
    rows = ReCheck.objects.waiting().annotate(
        case_group=_case_group_of(partnership),
        office=FilteredRelation(
            f"{partnership}__posts", condition=Q(**{f"{partnership}__posts__duty": Post.Duty.OFFICE})
        ),
    )
    return as_deadlines(
        rows,
        key="recheck",
        kind="Re-check of a recommendation",
        due_on="planned_on",
        title=Concat(Value("Is it embedded? "), F("recommendation__text"), output_field=TextField()),
        url_name="reviews:recommendation-detail",
        url_pk="recommendation",
        partnership=partnership,
        group=Case(When(hidden, then="case_group")),
        post=Case(When(~hidden, then="office")),
        is_restricted=hidden,
    )


def _case_group_of(partnership):
    """A join to the case review group of ``partnership``, the way to it."""
    return FilteredRelation(
        f"{partnership}__groups", condition=Q(**{f"{partnership}__groups__kind": Group.Kind.CASE_REVIEW})
    )


def dissemination(on):
    """Steps of spreading a briefing that was published, by the post that takes each."""
    waiting = DisseminationStep.objects.filter(done_on=None, briefing__published_at__isnull=False)
    return as_deadlines(
        waiting,
        key="dissemination",
        kind="Spreading a briefing",
        due_on="due_on",
        title=Concat(F("briefing__title"), Value(": "), F("channel"), output_field=TextField()),
        url_name="reviews:briefing-detail",
        url_pk="briefing",
        partnership="briefing__partnership",
        post="lead_post",
    )


def receipts(on):
    """What agencies have not yet said of a briefing that they were sent."""
    return as_deadlines(
        Receipt.objects.waiting().filter(briefing__published_at__isnull=False),
        key="receipt",
        kind="What you did with a briefing",
        due_on="due_on",
        title="briefing__title",
        url_name="reviews:receipt-write",
        audience=OFFICE,
        look_name="reviews:briefing-detail",
        look_pk="briefing",
        partnership="briefing__partnership",
        organisation="organisation",
    )
