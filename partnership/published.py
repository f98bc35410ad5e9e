"""All that a partnership has published, from whichever app, in one shape: for its feed and its sitemap.

Each app offers its own by functions named in ``settings.PUBLISHED``: given a partnership, they give ``Published``
things that the public may read today. Addresses that were not published on a day of their own (a priority, a group,
a training event) come from ``settings.PUBLIC_ADDRESSES`` as (path, when it last changed or None).
"""

from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from partnership.models import Arrangements, Group


@dataclass(frozen=True)
class Published:
    """``key`` stays the same for ever: "annual-report:12". ``url`` is a path; ``summary`` plain words."""

    key: str
    kind: str
    title: str
    summary: str
    url: str
    published_at: datetime
    updated_at: datetime

    @property
    def address(self):
        return settings.SITE_URL + self.url


def published_by(partnership):
    """Everything of ``partnership`` that was published, the newest first."""
    found = [each for source in settings.PUBLISHED for each in import_string(source)(partnership)]
    return sorted(found, key=lambda each: (each.published_at, each.key), reverse=True)


def public_addresses(partnership, *, on):
    """(path, when it last changed or None) of every other page that belongs to a record."""
    return [each for source in settings.PUBLIC_ADDRESSES for each in import_string(source)(partnership, on=on)]


def lasting_name(key):
    """``key`` as a name for one thing in the whole world, which stays when its address does not (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{key}"


def start_of(day):
    """The first moment of a day here: of what is known by its day alone."""
    return timezone.make_aware(datetime.combine(day, time.min))


# What this app has


def arrangements(partnership):
    url = reverse("partnership:public-arrangements", args=[partnership.slug])
    return [
        Published(
            key=f"arrangements:{each.pk}",
            kind="Arrangements",
            title=f"{each.title}, version {each.version}",
            summary=each.summary,
            url=url,
            published_at=each.published_at,
            updated_at=each.published_at,
        )
        for each in Arrangements.objects.published().filter(partnership=partnership)
    ]


def group_addresses(partnership, *, on):
    groups = Group.objects.published().filter(partnerships=partnership).order_by("pk")
    return [
        (reverse("partnership:public-group", args=[partnership.slug, pk]), None)
        for pk in groups.values_list("pk", flat=True)
    ]
