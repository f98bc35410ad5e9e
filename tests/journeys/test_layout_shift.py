"""Nothing on a main page jumps away under a thumb: what was drawn stays there while fonts and scripts still come."""

import pytest
from django.urls import reverse

from tests.journeys.conftest import PHONE

MOST = 0.02  # of the screen, as browsers count it: https://web.dev/articles/cls
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}  # bytes a second
WATCH = """window.shifted = 0
new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value
}).observe({ type: "layout-shift", buffered: true })"""
LATE_LINES = """addEventListener("load", () => setTimeout(() => {
    const late = document.createElement("p")
    late.style.height = "300px"
    document.getElementById("main").before(late)
}, 300))"""
QUIET = 600  # milliseconds after the last file


@pytest.fixture
def shift_of(visit, office):
    """``shift_of(path, script="")``: how far the page moved on a slow phone whose browser keeps nothing yet."""

    def shift_of(path, script=""):
        page = visit(office, screen=PHONE, bypass_csp=bool(script))
        page.add_init_script(WATCH)
        if script:
            page.add_init_script(script)
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        assert page.goto(path).status == 200
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(QUIET)
        shifted = page.evaluate("window.shifted")
        page.context.close()
        return shifted

    return shift_of


@pytest.fixture
def main_pages(partnership, plan, meeting):
    """The addresses that Lighthouse measures as well: see ``assurance.benchmarks.lighthouse``."""
    return [
        reverse("assurance:my-work"),
        reverse("assurance:desk"),
        plan.get_absolute_url(),
        reverse("partnership:calendar"),
        reverse("partnership:meeting-list"),
        meeting.get_absolute_url(),
        reverse("partnership:action-list"),
        reverse("assurance:indicator-list"),
        partnership.get_absolute_url(),
        reverse("plans:public-plan", args=[partnership.slug]),
    ]


def test_no_main_page_shifts_on_a_slow_phone(shift_of, main_pages):
    shifts = {path: shift_of(path) for path in main_pages}
    assert {path: shift for path, shift in shifts.items() if shift >= MOST} == {}


def test_lines_that_come_late_are_noticed(shift_of):
    assert shift_of(reverse("assurance:my-work"), LATE_LINES) >= MOST
