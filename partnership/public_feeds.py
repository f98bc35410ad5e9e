"""What a partnership publishes, for whoever wants to be told: one Atom feed, the newest first."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.urls import path, reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from partnership.public import find_partnership
from partnership.published import lasting_name, published_by

ENTRIES = 50
A_QUARTER_HOUR = 900
LONGEST_SUMMARY = 600


class PartnershipFeed(Feed):
    """What every feed of a partnership has in common; ``find`` gives its entries."""

    feed_type = Atom1Feed
    page_name = feed_name = ""

    def get_object(self, request, slug):
        return find_partnership(slug)

    def link(self, partnership):
        return settings.SITE_URL + reverse(self.page_name, args=[partnership.slug])

    def feed_url(self, partnership):
        return settings.SITE_URL + reverse(self.feed_name, args=[partnership.slug])

    def feed_guid(self, partnership):
        return lasting_name(f"{self.feed_name.partition(':')[2]}/{partnership.pk}")

    def author_name(self, partnership):
        return partnership.name

    def item_author_name(self, item):
        return None


class PublishedFeed(PartnershipFeed):
    page_name, feed_name = "partnership:public-home", "partnership:public-feed"

    def title(self, partnership):
        return f"Published by {partnership}"

    def subtitle(self, partnership):
        return "Plans, reports, arrangements, reviews and briefings, the newest first"

    def items(self, partnership):
        return published_by(partnership)[:ENTRIES]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return Truncator(item.summary).chars(LONGEST_SUMMARY)

    def item_link(self, item):
        return item.address

    def item_guid(self, item):
        return lasting_name(item.key)

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.updated_at

    def item_categories(self, item):
        return [item.kind]


def as_feed(feed):
    """``feed`` (a Feed) as a view for everyone, which answers "not modified" to whoever has the same already."""

    @login_not_required
    @require_safe
    @cache_control(public=True, max_age=A_QUARTER_HOUR)
    @conditional_page
    def view(request, slug):
        return feed(request, slug=slug)

    return view


patterns = [path("p/<slug:slug>/feed/", as_feed(PublishedFeed()), name="public-feed")]
