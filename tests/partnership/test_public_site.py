"""The frame of a partnership's public site: its head, its sitemap, what robots may read, and its feed."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.urls import reverse
from lxml import etree, html

from partnership.house_style import house_icon
from partnership.models import PublishedFile
from partnership.public import FOOTER_PAGES, PUBLIC_PAGES
from partnership.publishing import publish_file
from partnership.site_map import robots_words
from tests.factories import AnnualReportFactory, GroupFactory, PartnershipFactory

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
EVERY_PAGE = [each.name for each in (*PUBLIC_PAGES, *FOOTER_PAGES)]


def address(name, partnership, *more):
    return reverse(name, args=[partnership.slug, *more])


def published_report(partnership, office, *, number=1):
    report = AnnualReportFactory(partnerships=[partnership], title=f"Annual report {number}")
    report.published_file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename="report.pdf",
        content=b"%PDF-1.7",
        by=office,
        at=datetime(2026, 9, number, 9, 0, tzinfo=UTC),
    )
    report.save()
    return report


@pytest.fixture
def report(partnership, office):
    return published_report(partnership, office)


# The head of every page


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_every_page_says_what_it_is_and_where_it_stands(client, settings, partnership, name):
    page = client.get(address(name, partnership) + "?somebody=came-from").content.decode()
    own = settings.SITE_URL + address(name, partnership)
    assert f'<link rel="canonical" href="{own}">' in page
    assert f'<meta property="og:url" content="{own}">' in page
    [description] = re.findall(r'<meta name="description" content="([^"]+)">', page)
    [social] = re.findall(r'<meta property="og:description" content="([^"]+)">', page)
    assert description == social
    assert 20 < len(description) <= 155 + len("&#x27;") * 3
    assert page.count('<meta name="theme-color" content="#') == 1
    assert page.count('type="application/atom+xml"') == 2
    assert len(re.findall(r"<h1\b", page)) == 1


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_name_stands_twice_on_a_page_and_no_heading_is_skipped(client, partnership, plan, learning_group, name):
    page = html.fromstring(client.get(address(name, partnership)).content)
    names = page.xpath("//@id")
    assert sorted(set(names)) == sorted(names)
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4")]
    assert [(one, two) for one, two in pairwise(levels) if two > one + 1] == []


def test_descriptions_tell_pages_apart(client, partnership):
    pages = [client.get(address(name, partnership)).content.decode() for name in EVERY_PAGE]
    found = [re.search(r'name="description" content="([^"]+)"', page)[1] for page in pages]
    assert len(set(found)) == len(EVERY_PAGE)


def test_no_page_asks_anything_of_another_site(client, partnership):
    for name in EVERY_PAGE:
        page = client.get(address(name, partnership)).content.decode()
        assert re.findall(r'<(?:script|img|iframe|link rel="stylesheet")[^>]*(?:src|href)="https?:', page) == []


def test_the_icon_is_in_the_colour_of_the_partnership_with_letters_that_can_be_read(client, partnership):
    page = client.get(address("partnership:public-icon", partnership))
    assert page["Content-Type"] == "image/svg+xml"
    assert f'fill="{partnership.house_colour}"' in page.content.decode()
    assert 'fill="#ffffff">AV' in house_icon("#0b4f5c", "AVX")
    assert 'fill="#1d1823">AV' in house_icon("#ffd500", "AV")
    assert "<script" not in house_icon("<script>", "<b")


# For search engines


def places(response):
    tree = etree.fromstring(response.content)
    return [(each.find("s:loc", MAP).text, each.findtext("s:lastmod", None, MAP)) for each in tree]


def test_the_index_names_the_map_of_each_public_partnership(client, settings, partnership, other_partnership):
    PartnershipFactory(is_public=False)
    found = places(client.get("/sitemap.xml"))
    assert found == [
        (settings.SITE_URL + address("partnership:public-sitemap", each), None)
        for each in (partnership, other_partnership)
    ]


def test_a_map_names_what_is_public_and_nothing_else(client, settings, partnership, learning_group, report):
    hidden = GroupFactory(partnerships=[partnership], is_public=False)
    draft = AnnualReportFactory(partnerships=[partnership])
    found = dict(places(client.get(address("partnership:public-sitemap", partnership))))
    own = {url.removeprefix(settings.SITE_URL) for url in found}
    assert {address(name, partnership) for name in EVERY_PAGE} <= own
    assert address("partnership:public-group", partnership, learning_group.pk) in own
    assert address("partnership:public-group", partnership, hidden.pk) not in own
    assert address("assurance:public-report", partnership, draft.pk) not in own
    assert found[settings.SITE_URL + address("assurance:public-report", partnership, report.pk)] == "2026-09-01"


def test_every_address_of_a_map_is_a_page(client, settings, partnership, plan, learning_group, event, report):
    for url, _changed in places(client.get(address("partnership:public-sitemap", partnership))):
        assert client.get(url.removeprefix(settings.SITE_URL)).status_code == 200, url


@pytest.mark.django_db
def test_robots_may_read_what_is_public_and_find_the_map(client, settings):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Allow: /p/" in lines
    assert lines.index("Disallow: /") > lines.index("Allow: /p/")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert [line for line in robots_words().splitlines() if "sign-in" in line] == []


# The feed


def entries(response):
    tree = etree.fromstring(response.content)
    return [
        (each.findtext("a:title", "", ATOM), each.findtext("a:id", "", ATOM)) for each in tree.findall("a:entry", ATOM)
    ]


def test_the_feed_tells_what_was_published_the_newest_first(client, partnership, office):
    one, two = (published_report(partnership, office, number=number) for number in (1, 2))
    AnnualReportFactory(partnerships=[partnership], title="A draft")
    response = client.get(address("partnership:public-feed", partnership))
    assert response["Content-Type"].startswith("application/atom+xml")
    assert entries(response) == [
        ("Annual report 2", f"tag:localhost,2026:annual-report:{two.pk}"),
        ("Annual report 1", f"tag:localhost,2026:annual-report:{one.pk}"),
    ]


@pytest.mark.parametrize("name", ["partnership:public-feed", "partnership:public-sitemap"])
def test_whoever_has_it_already_is_told_so(client, partnership, report, name):
    first = client.get(address(name, partnership))
    assert "public" in first["Cache-Control"]
    again = client.get(address(name, partnership), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(address(name, partnership), headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("partnership:public-feed", 10), ("partnership:public-sitemap", 13)])
def test_query_counts(client, partnership, office, django_assert_num_queries, name, queries, count):
    for number in range(1, count + 1):
        published_report(partnership, office, number=number)
        GroupFactory(partnerships=[partnership])
    with django_assert_num_queries(queries):
        client.get(address(name, partnership))


def test_training_to_come_is_a_feed_that_says_what_is_called_off(client, partnership, event):
    name = address("training:public-feed", partnership)
    [(title, identity)] = entries(client.get(name))
    assert (title, identity) == (
        "Safer sleep for every home visitor, 9 February 2027",
        f"tag:localhost,2026:training:{event.pk}",
    )
    event.cancelled_at, event.cancelled_because = datetime(2027, 1, 11, tzinfo=UTC), "The trainer is ill."
    event.save()
    response = client.get(name)
    assert entries(response) == [(f"Called off: {title}", identity)]
    assert "The trainer is ill." in response.content.decode()
    event.is_public = False
    event.save()
    assert entries(client.get(name)) == []
