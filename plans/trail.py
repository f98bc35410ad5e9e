"""What became of a promise, and where it comes from: the trail of a row through the years.

Nobody learns from it of a plan that they may not see: until the next plan leaves its draft, its rows
and what was decided for it exist for those inside alone.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, CharField, DateField, F, OuterRef, Prefetch, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, TruncDate

from plans.models import CarryDecision, Deliverable

RETIRED, UNDECIDED = "retired", "undecided"
OUTCOMES = [
    *CarryDecision.Decision.choices,
    (RETIRED, "Taken out during the plan"),
    (UNDECIDED, "Not decided yet"),
]


@dataclass(frozen=True)
class Trail:
    """``before``: the rows it was carried from, the latest first. ``after``: those it was carried into."""

    before: list
    decision: CarryDecision | None
    after: list

    @property
    def since(self):
        """The first year in which it was promised, as "2025-26"; empty where that is this plan."""
        return years_of(self.before[-1].priority.plan) if self.before else ""


def trail_of(deliverable, user):
    """The Trail of one promise as ``user`` may know it. Three queries, however many years."""
    seen = Deliverable.objects.visible_to(user).select_related("priority__plan")
    decision = CarryDecision.objects.visible_to(user).filter(deliverable=deliverable).select_related("plan").first()
    keys = Deliverable.objects.keys_before(deliverable) if deliverable.carried_from_id else []
    earlier = seen.in_bulk(keys) if keys else {}
    return Trail(
        before=[earlier[key] for key in keys if key in earlier],
        decision=decision,
        after=list(seen.filter(carried_from=deliverable).order_by("priority__plan__starts_on", "position")),
    )


def years_of(plan):
    """ "2025-26", as offices name a year; one year where the plan begins and ends in it."""
    first, last = plan.starts_on.year, plan.ends_on.year
    return str(first) if first == last else f"{first}-{last % 100:02}"


def with_outcomes(plan, user):
    """Every promise of ``plan`` with ``outcome`` (a code), ``reason``, ``outcome_on`` and ``goes_on`` (a list)."""
    own = CarryDecision.objects.visible_to(user).filter(deliverable=OuterRef("pk"))
    seen = Deliverable.objects.visible_to(user).select_related("priority__plan").order_by("priority__plan__starts_on")
    decided = Subquery(own.values("decision")[:1], output_field=CharField())
    return (
        Deliverable.objects.filter(priority__plan=plan)
        .select_related("priority")
        .annotate(
            decided=decided,
            left_on=Coalesce("retired_on", "priority__retired_on"),
        )
        .annotate(
            outcome=Case(
                When(decided__isnull=False, then=F("decided")),
                When(left_on__isnull=False, then=Value(RETIRED)),
                default=Value(UNDECIDED),
                output_field=CharField(),
            ),
            reason=Case(
                When(decided__isnull=False, then=Subquery(own.values("reason")[:1])),
                When(retired_on__isnull=False, then=F("retired_reason")),
                default=F("priority__retired_reason"),
                output_field=TextField(),
            ),
            outcome_on=Case(
                When(decided__isnull=False, then=Subquery(own.values(day=TruncDate("decided_at"))[:1])),
                default=F("left_on"),
                output_field=DateField(),
            ),
        )
        .prefetch_related(Prefetch("carried_to", seen, to_attr="goes_on"))
        .order_by("priority__position", "position", "pk")
    )


def totals_of(plan, user):
    """[(code, words, how many)] of each outcome that there is. One query."""
    given = Counter(with_outcomes(plan, user).order_by().values_list("outcome", flat=True))
    return [(code, words, given[code]) for code, words in OUTCOMES if given[code]]
