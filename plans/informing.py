"""What should inform the priorities of the next plan, from whichever app, in one shape.

An app offers what it has by functions named in ``settings.PLAN_INFORMANTS``. Each takes the plan that
ends, the person who asks and the day, and gives ``Informant``s, the most pressing first. Only what that
person may see is offered. The page beside which the next plan is written reads this and nothing else.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.module_loading import import_string

from plans.models import CarryDecision, Deliverable, Plan, Priority, PriorityReview

MOST_OF_A_KIND = 12


@dataclass(frozen=True)
class Informant:
    """One thing to know. ``key`` names the record ("voice:12"), ``label`` what it is called, ``heading`` its kind."""

    key: str
    heading: str
    label: str
    text: str
    url: str = ""


def informants_of(plan, *, user, on):
    """Every Informant on the plan that ends, in the order of the sources."""
    found = []
    for name in settings.PLAN_INFORMANTS:
        found.extend(list(import_string(name)(plan, user=user, on=on))[:MOST_OF_A_KIND])
    return found


def find_informant(plan, key, *, user, on):
    """The one of that key, or None: what is linked is never taken from an address alone."""
    return next((each for each in informants_of(plan, user=user, on=on) if each.key == key), None)


def judged(plan, *, user, on):
    """Priorities whose last decided rating worries, and why."""
    reviews = PriorityReview.objects.decided().visible_to(user).select_related("decided_rating", "round")
    priorities = plan.priorities.in_plan().prefetch_related(
        Prefetch("reviews", reviews.order_by("-round__closes_on"), to_attr="decided")
    )
    for priority in priorities.order_by("position"):
        last = priority.decided[0] if priority.decided else None
        if last and last.decided_rating.worries:
            said = last.decision_reason or last.decision_comments or last.scrutiny_comments
            yield Informant(
                key=f"review:{last.pk}",
                heading="Judged at risk or off track",
                label=f"{priority}, {last.round}",
                text=f"{last.decided_rating.word} in {last.round.short_name}. {said}".strip(),
                url=reverse("plans:review-detail", args=[priority.pk, last.round_id]),
            )


def late_or_silent(plan, *, user, on):
    """Promises that are late, and those about which nobody said anything in the last round."""
    rows = Deliverable.objects.visible_to(user).in_plan().filter(priority__plan=plan, priority__retired_on=None)
    rows = rows.select_related("priority").order_by("priority__position", "position")
    day = min(plan.judged_on(on), plan.ends_on)
    last = plan.rounds.filter(closes_on__lt=on).order_by("-closes_on").first()
    late = set(rows.overdue(on=day).values_list("pk", flat=True))
    silent = set(rows.without_update_in([last]).values_list("pk", flat=True)) if last else set()
    for row in rows:
        words = [
            "a milestone is missed" if row.pk in late else "",
            f"nothing was heard in {last.short_name}" if row.pk in silent else "",
        ]
        if any(words):
            yield Informant(
                key=f"deliverable:{row.pk}",
                heading="Late or silent",
                label=str(row),
                text=f"{row.title}: {' and '.join(filter(None, words))}",
                url=row.get_absolute_url(),
            )


def dropped_before(plan, *, user, on):
    """Promises that earlier plans of these partnerships dropped, with the reasons."""
    earlier = Plan.objects.filter(partnerships__in=plan.partnership_ids, starts_on__lt=plan.starts_on)
    dropped = (
        CarryDecision.objects.visible_to(user)
        .filter(decision=CarryDecision.Decision.DROPPED, deliverable__priority__plan__in=earlier.values("pk"))
        .select_related("deliverable__priority__plan")
        .order_by("-deliverable__priority__plan__starts_on", "deliverable__priority__position", "deliverable__position")
    )
    for decision in dropped:
        row = decision.deliverable
        yield Informant(
            key=f"dropped:{decision.pk}",
            heading="Dropped before",
            label=f"{row}, {row.priority.plan}",
            text=f"{row.title} ({row.priority.plan}). {decision.reason}",
            url=row.get_absolute_url(),
        )


def linked_keys(following):
    """The keys of what priorities of the new plan were started from already."""
    items = Priority.rationale.rel.related_model.objects.filter(priority__plan=following).exclude(source_key="")
    return set(items.values_list("source_key", flat=True))
