"""The published plan, for everyone. Only what was decided shows: no proposals, no leads' updates."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.public import find_partnership, public_page
from plans.models import Plan, PriorityReview, Rating
from plans.table import read_table

ROUNDS_SHOWN = 4


@dataclass(frozen=True)
class PlanPart:
    """A plan's part of the partnership's public home page."""

    plan: Plan
    priorities: list


def plan_part(partnership, *, on):
    """The current plan with each priority's last decided rating; None while nothing is published."""
    plan = published_plan(partnership, on=on)
    if plan is None:
        return None
    return PlanPart(plan, with_decided_ratings(plan))


def published_plan(partnership, *, on):
    """The published plan of the day; before the first begins, the one that is coming."""
    plans = Plan.objects.published().filter(partnerships=partnership).order_by("-starts_on", "-pk")
    return plans.filter(starts_on__lte=on).first() or plans.last()


def with_decided_ratings(plan):
    """The plan's priorities, each with ``outcomes``, ``rating`` (or None) and ``rated_in``."""
    decided = PriorityReview.objects.decided().filter(priority=OuterRef("pk")).order_by("-round__closes_on")
    priorities = list(
        plan.priorities.prefetch_related("outcomes").annotate(
            rating_id=Subquery(decided.values("decided_rating")[:1]),
            rated_in=Subquery(decided.values("round__name")[:1]),
        )
    )
    ratings = Rating.objects.in_bulk([priority.rating_id for priority in priorities])
    for priority in priorities:
        priority.rating = ratings.get(priority.rating_id)
    return priorities


@login_not_required
@require_safe
def current_plan(request, slug):
    """The whole table of the published plan, as on paper."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    plan = published_plan(partnership, on=today)
    if plan is None:
        return public_page(request, partnership, "plans/public_plan.html", plan=None)
    rounds = list(plan.rounds.filter(closes_on__lt=today).order_by("closes_on"))[-ROUNDS_SHOWN:]
    table = read_table(plan, on=today, rounds=rounds, is_public=True)
    partners = plan.partnerships.published().exclude(pk=partnership.pk)
    return public_page(
        request,
        partnership,
        "plans/public_plan.html",
        plan=plan,
        table=table,
        rounds=rounds,
        partners=partners,
    )
