"""Money: the office makes a year from the last, the partnership reads it, and the year is closed."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from playwright.sync_api import expect

from partnership.models import BudgetYear
from tests.factories import ContributionFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def council_gives(budget, charity):
    ContributionFactory(
        budget=budget,
        organisation=charity,
        amount=Decimal("2500.00"),
        in_kind="Hosts the office",
        in_kind_amount=Decimal("4000.00"),
    )


def test_a_year_from_its_draft_to_its_end(visit, check_page, office, partner, budget, council_gives):
    page = visit(office)
    page.goto("/money/")
    check_page(page)
    page.get_by_role("link", name="Start a budget").click()
    check_page(page)
    page.get_by_role("button", name="Start the budget").click()
    expect(page.get_by_role("heading", name="Budget 2027 to 2028")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Type all contributions").click()
    check_page(page)
    first = page.get_by_role("row", name="Vale and Mill Integrated Care Board")
    first.get_by_label("Amount").fill("£12,50")
    first.get_by_label("Reason for a difference").fill("A nurse in each team")
    page.get_by_role("button", name="Save all contributions").click()
    expect(page.get_by_role("alert")).to_contain_text("Put a comma before each three figures")
    expect(first.get_by_label("Reason for a difference")).to_have_value("A nurse in each team")
    check_page(page)
    first.get_by_label("Amount").fill("£12,500")
    page.get_by_role("button", name="Save all contributions").click()
    expect(page.get_by_role("row", name="All organisations")).to_contain_text("£15,000.00")
    expect(page.get_by_role("row", name="All organisations")).to_contain_text("100.0%")

    page.get_by_role("link", name="Add a line").click()
    check_page(page)
    page.get_by_label("On what?").fill("Reviews")
    page.get_by_label("Planned").fill("4,000")
    page.get_by_role("button", name="Save the line").click()
    expect(page.get_by_role("img", name="Spending, planned and as it went")).to_be_visible()

    page.get_by_role("link", name="Record that it is agreed").click()
    page.get_by_label("Who agreed it?").fill("The Executive")
    check_page(page)
    page.get_by_role("button", name="Record that it is agreed").click()
    expect(page.get_by_text("Agreed on 12 January 2027 by The Executive")).to_be_visible()
    check_page(page)

    theirs = visit(partner, screen=PHONE)
    theirs.goto("/money/")
    theirs.get_by_role("link", name="1 April 2027 to 31 March 2028").click()
    expect(theirs.get_by_role("row", name="Vale and Mill Integrated Care Board")).to_contain_text("£12,500.00")
    expect(theirs.get_by_role("link", name="Type all contributions")).to_have_count(0)
    check_page(theirs)


def test_a_year_is_closed_and_what_is_left_goes_on(visit, check_page, office, budget, partnership, other_partnership):
    BudgetYear.objects.filter(pk=budget.pk).update(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    page = visit(office)
    page.goto(budget.get_absolute_url())
    expect(page.get_by_text("What was spent on Staff")).to_be_visible()
    page.get_by_role("link", name="Close the year").click()
    page.get_by_role("button", name="Close the year").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what was spent on Staff, or 0")
    check_page(page)
    page.get_by_role("textbox", name="Spent").fill("4,900.50")
    page.get_by_role("button", name="Close the year").click()
    expect(page.get_by_role("row", name="Reserve at the end")).to_contain_text("£25,099.50")
    check_page(page)
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1
    page.get_by_role("link", name="Start next year’s budget").click()
    page.get_by_role("button", name="Start the budget").click()
    expect(page.get_by_role("row", name="Reserve at the start")).to_contain_text("£25,099.50")
