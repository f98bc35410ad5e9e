"""The administrator changes a clock; a case's date moves, and says why."""

from functools import partial

from playwright.sync_api import expect

from tests.factories import CaseFactory
from tests.journeys.conftest import PHONE


def test_a_clock_is_changed_and_a_cases_date_moves(
    visit, check_page, rule_sets, administrator, case_group_member, partnership, published_arrangements
):
    case = CaseFactory(partnership=partnership, reference="AV-2027-01")

    page = visit(administrator)
    page.goto("/administration/")
    page.get_by_role("link", name="Working Together 2023").click()
    check_page(page)
    change = partial(rule_to_change, page, check_page)
    change("published arrangements are looked at", "Change The published arrangements are looked at again")
    page.get_by_label("How many?").fill("none")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("Enter a whole number, in figures").first).to_be_visible()
    check_page(page)
    page.get_by_label("How many?").fill("9")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("1 open date will move.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Move them and save").click()
    expect(page.get_by_text("1 open date moved.")).to_be_visible()

    # Of cases nobody else is told how many there are.
    change("rapid review is finished", "Change The rapid review is finished and with the Panel")
    page.get_by_label("How many?").fill("10")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_role("heading", name="Working Together 2023")).to_be_visible()

    reader = visit(case_group_member, screen=PHONE)
    reader.goto(case.get_absolute_url())
    expect(reader.get_by_text("By 21 January 2027", exact=True)).to_be_visible()
    expect(reader.get_by_text("10 working days from the day the notification was sent, 7 January 2027")).to_be_visible()
    check_page(reader)


def rule_to_change(page, check_page, words, link):
    """From the edition's page to the form of the rule that ``words`` find."""
    page.get_by_label("Words").fill(words)
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name=link).click()
    check_page(page)


def test_the_office_closes_over_christmas(visit, check_page, office, partnership):
    page = visit(office)
    page.goto("/partnership/")
    page.get_by_role("link", name="Days on which the office is closed").first.click()
    expect(page.get_by_text(partnership.name).last).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Add a closure").click()
    page.get_by_label("What is it?").fill("Christmas closure")
    for name, (day, month, year) in {"First": ("24", "12", "2027"), "Last": ("1", "1", "2028")}.items():
        boxes = page.get_by_role("group", name=f"{name} day closed")
        boxes.get_by_label("Day").fill(day)
        boxes.get_by_label("Month").fill(month)
        boxes.get_by_label("Year").fill(year)
    check_page(page)
    page.get_by_role("button", name="Save the closure").click()
    expect(page.get_by_text("is saved: 4 working days")).to_be_visible()
    check_page(page)
