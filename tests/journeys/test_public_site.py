"""A visitor: from the home page to the annual report in two clicks, and through every public page."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnership.models import PublishedFile
from partnership.public import FOOTER_PAGES, PUBLIC_PAGES
from partnership.publishing import publish_file
from partnership.statements import begin_statement
from plans.outcome_marks import outcomes_of
from tests.factories import AnnualReportFactory
from tests.journeys.conftest import PHONE

COUNT_CLICKS = """() => {
    addEventListener("click", () => sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1, true)
}"""


@pytest.fixture
def report(partnership, office):
    report = AnnualReportFactory(partnerships=[partnership])
    report.published_file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename="report.pdf",
        content=b"%PDF-1.7 bytes that never change",
        by=office,
        at=datetime(2026, 9, 1, 9, 0, tzinfo=UTC),
    )
    report.save()
    return report


@pytest.mark.parametrize("screen", [PHONE, None])
def test_a_partner_finds_and_downloads_the_annual_report_in_two_clicks(visit, partnership, report, screen):
    page = visit(**({"screen": screen} if screen else {}))
    page.add_init_script(f"({COUNT_CLICKS})()")
    page.goto(partnership.get_absolute_url())
    page.get_by_role("link", name="Read the annual report").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.path().read_bytes() == b"%PDF-1.7 bytes that never change"
    assert int(page.evaluate("sessionStorage.clicks")) == 2


def test_every_public_page_can_be_read_by_everyone(
    visit, check_page, partnership, plan, plan_version, report, learning_group, event
):
    page = visit()
    outcome = outcomes_of(plan_version.snapshot)[0]
    addresses = [reverse(each.name, args=[partnership.slug]) for each in (*PUBLIC_PAGES, *FOOTER_PAGES)]
    addresses += [
        reverse("plans:public-outcome", args=[partnership.slug, outcome.mark]),
        reverse("partnership:public-group", args=[partnership.slug, learning_group.pk]),
        reverse("training:public-event", args=[partnership.slug, event.pk]),
    ]
    for address in addresses:
        page.goto(address)
        check_page(page)


def test_an_office_makes_the_accessibility_statement_its_own(visit, check_page, office, partnership):
    page = visit(office)
    page.goto(reverse("partnership:statement-list", args=[partnership.pk]))
    check_page(page)
    page.get_by_role("region", name="Accessibility statement").get_by_role("button", name="Write our own").click()
    check_page(page)
    page.get_by_label("What it says").fill("Ring us, and we read it to you.")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Ring us, and we read it to you.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 stands since")).to_be_visible()
    check_page(page)

    public = visit(screen=PHONE)
    public.goto(partnership.get_absolute_url())
    public.get_by_role("contentinfo").get_by_role("link", name="Accessibility").click()
    expect(public.get_by_text("Ring us, and we read it to you.")).to_be_visible()
    check_page(public)
    assert begin_statement(partnership, "accessibility", by=office).words == "Ring us, and we read it to you."
