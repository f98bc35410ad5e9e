"""What search engines read: which pages there are, and which they need not ask for."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.contrib.sitemaps.views import sitemap as contrib_sitemap
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from partnership.models import Partnership
from partnership.public import FOOTER_PAGES, PUBLIC_PAGES, find_partnership
from partnership.published import public_addresses, published_by

AN_HOUR = 3600
# All else wants an account, answers to a signed link, or is an answer to a question.
OPEN_TO_ALL = (
    "/$",
    "/p/",
    "/files/",
    "/static/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/about/",
    "/.well-known/",
    "/sitemap.xml$",
)


class PartnershipSitemap(Sitemap):
    """Each public page of a partnership once, with the day it last changed where that is known."""

    def __init__(self, partnership, *, on):
        self.partnership, self.on = partnership, on

    def items(self):
        """(path, when it last changed or None)."""
        names = [each.name for each in (*PUBLIC_PAGES, *FOOTER_PAGES)]
        found = {reverse(name, args=[self.partnership.slug]): None for name in names}
        for each in published_by(self.partnership):
            found[each.url] = max(filter(None, [found.get(each.url), each.updated_at]))
        return [*found.items(), *public_addresses(self.partnership, on=self.on)]

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return item[0]

    def lastmod(self, item):
        return item[1]


@login_not_required
@require_safe
@cache_control(public=True, max_age=AN_HOUR)
@conditional_page
def partnership_sitemap(request, slug):
    pages = PartnershipSitemap(find_partnership(slug), on=timezone.localdate())
    return as_written(contrib_sitemap(request, {"pages": pages}))


@login_not_required
@require_safe
@cache_control(public=True, max_age=AN_HOUR)
@conditional_page
def sitemap_index(request):
    """One line for each partnership whose pages are open."""
    slugs = Partnership.objects.published().values_list("slug", flat=True)
    maps = [
        SitemapIndexItem(settings.SITE_URL + reverse("partnership:public-sitemap", args=[slug]), None) for slug in slugs
    ]
    return as_written(TemplateResponse(request, "sitemap_index.xml", {"sitemaps": maps}))


def as_written(response):
    """What a template gave, at once: of what is drawn later nobody can say whether it is still the same."""
    return HttpResponse(response.render().content, content_type="application/xml")


def robots_words():
    lines = ["User-agent: *", *[f"Allow: {each}" for each in OPEN_TO_ALL], "Disallow: /", ""]
    return "\n".join([*lines, f"Sitemap: {settings.SITE_URL}{reverse('partnership:sitemap')}", ""])


@login_not_required
@require_safe
@cache_control(public=True, max_age=AN_HOUR)
@conditional_page
def robots(request):
    return HttpResponse(robots_words(), content_type="text/plain; charset=utf-8")


patterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("p/<slug:slug>/sitemap.xml", partnership_sitemap, name="public-sitemap"),
]
