"""The reviews and briefings that are public, for the partnership's feed and its sitemap."""

from django.urls import reverse

from partnership.published import Published, start_of
from reviews import public, public_learning


def reviews(partnership):
    """Named by the review, so that a correction is the same entry, told anew."""
    return [
        Published(
            key=f"review:{each.review}",
            kind="Practice review",
            title=each.title,
            summary=each.summary,
            url=reverse("reviews:public-review", args=[partnership.slug, each.pk]),
            published_at=start_of(each.first_published_on),
            updated_at=start_of(each.published_on),
        )
        for each in public.published_of(partnership).newest_first()
    ]


def briefings(partnership):
    return [
        Published(
            key=f"briefing:{each.pk}",
            kind="Briefing",
            title=each.title,
            summary=each.background,
            url=reverse("reviews:public-briefing", args=[partnership.slug, each.pk]),
            published_at=each.published_at,
            updated_at=each.published_at,
        )
        for each in public_learning.published_of(partnership)
    ]
