"""Journeys: one person's way through the product, in a real browser, against a live server.

A journey says what somebody sees and presses, by the words on the page. ``visit`` opens a browser
of their own; ``check_page`` is what every page of every journey must stand. Whatever the browser
complained of on the way (a script's error, something that the content security policy refused, a
missing file) fails the journey at its end.
"""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe, AxeResults
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error, expect

from tests.settling import PATIENCE

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Chromium says this of the page itself when its answer is 422; a page's own files are watched below.
ANSWER_REPORTED = "Failed to load resource"
DEAD_LINKS = """links => links
    .filter(link => link.pathname === location.pathname && link.hash.length > 1)
    .filter(link => !document.getElementById(decodeURIComponent(link.hash.slice(1))))
    .map(link => link.getAttribute("href"))"""
OF_THE_STYLE_SHEET = "css-orientation-lock"  # and of no width
PAGE_CHECK = Path(__file__).with_name("page_check.js").read_text()
HAS_NO_SCRIPTS = "() => matchMedia('(scripting: none)').matches"
IS_WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"

OPEN_PAGES = pytest.StashKey()
LONGEST_TOLD = 6_000  # characters of a page


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A journey that failed says where it stood: the address of each page and what a screen reader would find."""
    report = yield
    if report.when == "call" and report.failed:
        for page in item.stash.get(OPEN_PAGES, []):
            try:
                report.sections.append((f"Page {page.url}", page.locator("body").aria_snapshot()[:LONGEST_TOLD]))
            except Error as problem:
                report.sections.append((f"Page {page.url}", f"cannot be read any more: {problem}"))
    return report


@pytest.fixture
def complaints():
    """What browsers complained of during the journey; there must be nothing."""
    said = []
    yield said
    assert said == []


@pytest.fixture
def address(transactional_db, live_server):
    """Where the product answers. Its server reads what the test has written, and the other way."""
    return live_server.url


@pytest.fixture
def visit(address, new_context, complaints, today, request):
    """``visit(user)``: a page of a browser in which ``user`` is signed in; without one, the public's.

    Keywords: ``screen`` (DESK or PHONE) and whatever else Playwright's new_context takes.
    """

    pages = request.node.stash[OPEN_PAGES] = []

    def visit(user=None, *, screen=DESK, **options):
        context = new_context(base_url=address, viewport=screen, **options)
        context.set_default_timeout(PATIENCE)
        if user:
            context.add_cookies([session_of(user, address)])
        page = context.new_page()
        pages.append(page)
        listen(page, complaints)
        return page

    return visit


@pytest.fixture
def on_day(address):
    """``on_day(day, page, user)``: it is nine in the morning of ``day``, and ``user`` has just signed in."""
    travellers = []

    def on_day(day, page, user):
        traveller = time_machine.travel(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC), tick=True)
        traveller.start()
        travellers.append(traveller)
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.context.add_cookies([session_of(user, address)])
        return page

    yield on_day
    for traveller in reversed(travellers):
        traveller.stop()


def session_of(user, address):
    """The cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": address,
    }


def listen(page, complaints):
    """Note every error of a script, refusal by the policy, and file of a page that did not come."""

    def on_console(message):
        if message.type == "error" and ANSWER_REPORTED not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def on_response(response):
        is_asked_to_mend = response.status in {409, 422}  # the answer to a form, whoever sent it
        if response.status >= 400 and not is_asked_to_mend and not response.request.is_navigation_request():
            complaints.append(f"{page.url}: {response.status} for {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", on_response)


def save_by_itself(page, box, words):
    """Type ``words`` and wait until the page has saved them without a press, and says so."""

    def is_saved(response):
        return response.request.method == "POST" and words in unquote_plus(response.request.post_data or "")

    with page.expect_response(is_saved):
        box.fill(words)
    page.lookout.settle()


@pytest.fixture(scope="session")
def readable():
    """The looks of words that axe found readable, whichever page had them."""
    return set()


@pytest.fixture
def check_page(readable):
    """``check_page(page)``: nothing for axe to say, no dead link, one heading; wide and narrow."""

    def check_page(page):
        own = page.viewport_size
        assert not page.evaluate(HAS_NO_SCRIPTS), "axe would wait for ever where timers do not run"
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator('a[href*="#"]').evaluate_all(DEAD_LINKS) == [], page.url
        page.evaluate(Axe().axe_script)
        for screen, without in ((DESK, []), (PHONE, [OF_THE_STYLE_SHEET])):
            resize(page, screen)
            assert not page.evaluate(IS_WIDER_THAN_SCREEN), f"{page.url} is wider than {screen['width']} pixels"
            asked = {"options": AXE_OPTIONS, "known": list(readable), "without": without}
            found = page.evaluate(PAGE_CHECK, asked)
            results = AxeResults({"violations": found["violations"]})
            assert results.violations_count == 0, f"{page.url} at {screen['width']}:\n{results.generate_report()}"
            readable.update(found["readable"])
        resize(page, own)

    return check_page


def resize(page, screen):
    """Unless it has that size: to be told so makes Chromium lay the page out again."""
    if page.viewport_size != screen:
        page.set_viewport_size(screen)
