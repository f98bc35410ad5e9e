"""The versions of plans that were published, for the partnership's feed, its sitemap and its data."""

from django.db.models.fields.json import KT
from django.urls import reverse

from partnership.published import Published
from plans.models import PlanVersion
from plans.outcome_marks import outcomes_of
from plans.public import published_versions


def versions(partnership):
    """Every version that was ever published: the newest of a plan at the plan's page, earlier ones at their list."""
    newest = set(published_versions(partnership).values_list("pk", flat=True))
    own = PlanVersion.objects.published().filter(plan__partnerships=partnership).without_snapshot()
    of_today, of_before = (
        reverse(name, args=[partnership.slug]) for name in ("plans:public-plan", "plans:public-versions")
    )
    return [
        Published(
            key=f"plan-version:{each.pk}",
            kind="Plan",
            title=f"{each.title}, version {each.number}",
            summary=each.reason or "The first version that was published.",
            url=of_today if each.pk in newest else of_before,
            published_at=each.made_at,
            updated_at=each.made_at,
        )
        for each in own.annotate(title=KT("snapshot__plan__title"))
    ]


def addresses(partnership, *, on):
    """The pages of priorities and outcome statements, as they stand in the newest version of each plan."""
    found = []
    for version in published_versions(partnership):
        for row in version.snapshot["priorities"]:
            page = reverse("plans:public-priority", args=[partnership.slug, row["key"]])
            found.append((page, version.made_at))
        for outcome in outcomes_of(version.snapshot):
            page = reverse("plans:public-outcome", args=[partnership.slug, outcome.mark])
            found.append((page, version.made_at))
    return found
