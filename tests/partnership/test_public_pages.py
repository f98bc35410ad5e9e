"""Public pages are made once for all: for seconds, for nobody who is known, and never with anybody's token in them."""

import gzip

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from partnership import public_pages
from tests.factories import PartnershipFactory, VoiceEntryFactory

PAGES = [
    "partnership:public-home",
    "partnership:public-structure",
    "partnership:public-meetings",
    "partnership:public-arrangements",
    "partnership:public-members",
    "partnership:public-accessibility",
    "partnership:public-privacy",
    "plans:public-plan",
    "plans:public-outcomes",
    "assurance:public-voices",
    "assurance:public-report-list",
    "reviews:public-review-list",
    "reviews:public-learning",
    "training:public-programme",
]


@pytest.fixture
def kept(settings, monkeypatch):
    """Pages are kept for 5 seconds; ``kept.pass_by(seconds)`` lets these go by."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

        def pass_by(self, seconds):
            self.now += seconds

    settings.PUBLIC_PAGES_KEPT = 5
    clock = Clock()
    monkeypatch.setattr(public_pages, "time", clock)
    return clock


@pytest.fixture
def visit():
    """``visit(address, …)``: somebody new comes to the one web server that all of a test visit."""
    server = Client()

    def visit(address, *, cookies=(), **headers):
        server.cookies.clear()
        for name in cookies:
            server.cookies[name] = "x"
        return server.get(address, headers=headers)

    return visit


@pytest.fixture
def address(partnership):
    VoiceEntryFactory(partnerships=[partnership], is_public=True, said="Ask us.", did="We asked.")
    return reverse("assurance:public-voices", args=[partnership.slug])


@pytest.mark.parametrize("name", PAGES)
def test_every_public_page_is_the_same_for_all_and_has_a_mark(client, plan, partnership, name):
    own = reverse(name, args=[partnership.slug])
    first, second = client.get(own), Client().get(own)
    assert first.content == second.content
    assert (first["ETag"], first["Cache-Control"], dict(first.cookies)) == (second["ETag"], "no-cache", {})
    assert client.get(own, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_whoever_has_the_page_is_told_only_that(visit, address, partnership):
    page = visit(address)
    same = visit(address, **{"If-None-Match": page["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", page["ETag"])
    partnership.name = "Renamed"
    partnership.save()
    other = visit(address, **{"If-None-Match": page["ETag"]})
    assert (other.status_code, "Renamed" in other.content.decode()) == (200, True)
    assert other["ETag"] != page["ETag"]


def test_a_page_that_is_kept_asks_the_database_nothing(visit, address, kept, django_assert_num_queries):
    page = visit(address)
    with django_assert_num_queries(0):
        again = visit(address)
        assert visit(address, **{"If-None-Match": page["ETag"]}).status_code == 304
        assert visit(address, cookies=[settings.CSRF_COOKIE_NAME]).content == page.content
    assert (again.content, dict(again.items()) | {"X-Request-ID": ""}) == (
        page.content,
        dict(page.items()) | {"X-Request-ID": ""},
    )


def test_what_changed_stands_there_after_its_seconds_and_for_who_is_known_at_once(
    visit, address, kept, partnership, client_of, office
):
    visit(address)
    partnership.name = "Renamed"
    partnership.save()
    assert "Renamed" not in visit(address).content.decode()
    assert "Renamed" in client_of(office).get(address).content.decode()
    assert "Renamed" in visit(address, cookies=["sessionid"]).content.decode()
    kept.pass_by(4.9)
    assert "Renamed" not in visit(address).content.decode()
    kept.pass_by(0.2)
    assert "Renamed" in visit(address).content.decode()


def test_a_site_that_is_closed_is_gone_after_its_seconds(visit, address, kept, partnership):
    visit(address)
    partnership.is_public = False
    partnership.save()
    kept.pass_by(5)
    assert visit(address).status_code == 404


def test_nothing_is_kept_where_the_setting_says_so(visit, address, partnership, settings):
    assert settings.PUBLIC_PAGES_KEPT == 0
    visit(address)
    partnership.name = "Renamed"
    partnership.save()
    assert "Renamed" in visit(address).content.decode()


def test_a_page_with_a_form_is_made_for_each(visit, kept, partnership, event, today):
    own = reverse("training:public-book", args=[partnership.slug, event.pk])
    page = visit(own)
    assert (page.status_code, b"csrfmiddlewaretoken" in page.content, "ETag" in page) == (200, True, False)
    assert page.content != visit(own).content


def test_each_address_is_a_page_of_its_own(visit, address, kept):
    other = PartnershipFactory(name="Elsewhere", is_public=True)
    visit(address)
    assert "Elsewhere" in visit(other.get_absolute_url()).content.decode()
    assert visit(f"{address}?people=none").status_code == 200
    assert visit(f"{address}no/").status_code == 404
    assert visit(address, Host="elsewhere.example.org").status_code == 400


def test_it_is_compressed_for_who_takes_that(visit, address, kept):
    plain, small = visit(address), visit(address, **{"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    assert (small["Content-Encoding"], small["ETag"]) == ("gzip", plain["ETag"])
    assert "Content-Encoding" not in plain
    assert [{"Cookie", "Accept-Encoding"} <= set(page["Vary"].split(", ")) for page in (plain, small)] == [True, True]
    assert [int(page["Content-Length"]) for page in (plain, small)] == [len(plain.content), len(small.content)]


def test_what_belongs_to_somebody_is_not_compressed(client_of, office, address):
    page = client_of(office).get(address, headers={"Accept-Encoding": "gzip"})
    assert ("Content-Encoding" in page, "ETag" in page) == (False, False)
    assert set(page["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_many_addresses_push_out_what_was_asked_for_longest_ago(visit, address, kept, monkeypatch):
    page = visit(address)
    size = len(page.content) + len(visit(address, **{"Accept-Encoding": "gzip"}).content)
    monkeypatch.setattr(public_pages, "MOST_BYTES", 3 * size)
    middleware = public_pages.PublicPages(lambda request: None)
    one = public_pages.Page(kept.now, page.content, b"", {})
    for number in range(20):
        middleware.keep(number, one)
        assert middleware.bytes == sum(each.size for each in middleware.pages.values()) <= 3 * size
    middleware.keep(19, one)
    assert list(middleware.pages)[-1] == 19
    assert middleware.kept(0) is None
    assert middleware.kept(19) == one
