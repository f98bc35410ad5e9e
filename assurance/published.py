"""The annual reports that were published, for the partnership's feed, its sitemap and its data."""

from django.urls import reverse

from assurance.models import AnnualReport
from partnership.published import Published


def published_of(partnership):
    """Every edition, the newest first, with the facts of its file and not the bytes."""
    reports = AnnualReport.objects.published().filter(partnerships=partnership).for_list()
    return reports.order_by("-ends_on", "-edition", "-pk")


def reports(partnership):
    return [
        Published(
            key=f"annual-report:{each.pk}",
            kind="Annual report",
            title=f"{each}, edition {each.edition}" if each.edition > 1 else str(each),
            summary=each.changes or each.in_short or "What we did together in the year, and what difference it made.",
            url=reverse("assurance:public-report", args=[partnership.slug, each.pk]),
            published_at=each.published_file.published_at,
            updated_at=each.published_file.published_at,
        )
        for each in published_of(partnership)
    ]
