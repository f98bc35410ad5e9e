"""What plans offer as a source of the next plan's reasons (see ``plans.sources``)."""

from django.urls import reverse

from plans.models import Plan, PriorityReview


def reviews(user, partnership_ids, only=None):
    """Decided judgements on the priorities of these partnerships' plans; the public sees them beside the plan."""
    found = (
        PriorityReview.objects.decided()
        .visible_to(user)
        .filter(round__plan__partnerships__in=partnership_ids, round__plan__status__in=Plan.PUBLIC_STATUSES)
    )
    if only is not None:
        found = found.filter(pk__in=only)
    found = found.select_related("priority__plan", "round", "decided_rating").distinct().order_by("-decided_at", "-pk")
    return [
        (
            review.pk,
            "Judgement on a priority",
            f"Priority {review.priority.ref or review.priority.title[:60]} in {review.round.name}: "
            f"{review.decided_rating.word.lower()}",
            reverse("plans:review-detail", args=[review.priority_id, review.round_id]),
            review.priority.title if review.priority.ref else "",
        )
        for review in found
    ]
