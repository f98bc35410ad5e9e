"""A subgroup's chair writes the quarter's highlight report on a phone; whoever it goes to reads and prints it."""

import re

import pytest
from playwright.sync_api import expect

from partnership.models import Group, GroupMember
from plans.models import HighlightReport
from tests.conftest import hold
from tests.factories import DeliverableFactory, DeliverableLeadFactory, GroupFactory, UpdateFactory
from tests.journeys.conftest import PHONE, save_by_itself

HEARD = "Fathers told us that nobody asks them. We ask now."


@pytest.fixture
def delivery_chair(partnership, other_partnership, executive):
    group = GroupFactory(
        name="Planning and Delivery Group",
        kind=Group.Kind.DELIVERY,
        partnerships=[partnership, other_partnership],
        parent=executive,
    )
    return hold("Hannah Whitlock", "Chair of Planning and Delivery", group=group, role=GroupMember.Role.CHAIR)


def test_a_chair_reports_on_a_phone_and_the_planning_and_delivery_group_reads_and_prints(
    visit, check_page, chair, delivery_chair, learning_group, group_deliverable, round_open, ratings
):
    UpdateFactory(
        deliverable=group_deliverable,
        round=round_open,
        rating=ratings["G"],
        progress="The campaign ran in both areas.",
        difference_made="Sixty fathers took the leaflet.",
    )

    page = visit(chair, screen=PHONE)
    page.goto("/")
    page.get_by_role("link", name=re.compile("Highlight report for October to December 2026")).first.click()
    page.get_by_role("button", name="Begin the report for October to December 2026").click()
    expect(page.get_by_label("What has happened with 1.2")).to_have_value("The campaign ran in both areas.")
    check_page(page)

    # What is written is saved without a press; offered words go in by one.
    save_by_itself(page, page.get_by_label("Achievements"), "We reached both areas.")
    expect(page.get_by_text(re.compile(r"Saved at \d\d:\d\d\. You can close this page"))).to_be_visible()
    page.get_by_role("button", name="Use the words on 1.2 for Difference made").click()
    expect(page.get_by_label("Difference made")).to_have_value("Sixty fathers took the leaflet.")
    expect(page.get_by_label("Achievements")).to_have_value("We reached both areas.")

    # Nothing goes without voice.
    page.get_by_role("button", name="Check and submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Submit the report for October to December 2026")
    check_page(page)
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_text("Say how the group heard children and what came of it.").first).to_be_visible()
    page.get_by_role("textbox", name="Voice of children").fill("n/a")
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_text("“n/a” does not say why.").first).to_be_visible()
    page.get_by_role("textbox", name="Voice of children").fill(HEARD)
    expect(page.get_by_label("To which group does it go?").locator("option:checked")).to_have_text(
        "Planning and Delivery Group"
    )
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_text("The report has gone to the Planning and Delivery Group")).to_be_visible()
    check_page(page)

    reader = visit(delivery_chair)
    reader.goto(f"/groups/{Group.objects.get(kind='delivery').pk}/")
    expect(reader.get_by_text("1 of 1 group reported")).to_be_visible()
    check_page(reader)
    reader.get_by_role("link", name="Learning and Development Subgroup").last.click()
    expect(reader.get_by_text(HEARD)).to_be_visible()
    check_page(reader)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == (
        "highlight-report-learning-and-development-subgroup-october-to-december-2026.pdf"
    )
    assert HighlightReport.objects.get().submitted_by == chair


def test_without_a_script_the_same_page_works(visit, chair, learning_group, round_open, group_deliverable):
    second = DeliverableFactory(priority=group_deliverable.priority, position=90, ref="9", title="Ask fathers again")
    DeliverableLeadFactory(deliverable=second, group=learning_group)
    page = visit(chair, screen=PHONE, java_script_enabled=False)
    page.goto(f"/groups/{learning_group.pk}/")
    page.get_by_role("button", name="Begin the report for October to December 2026").click()
    # A line goes up at one press, with what is typed, and the keyboard goes on from it.
    page.get_by_label("What has happened with 1.9").fill("Forty asked.")
    page.get_by_role("button", name="Move up 1.9").focus()
    page.keyboard.press("Enter")
    lines = page.locator(".report-line")
    expect(lines.first).to_contain_text("1.9 Ask fathers again")
    expect(page.get_by_label("What has happened with 1.9")).to_have_value("Forty asked.")
    page.keyboard.press("Tab")
    expect(lines.first.get_by_role("button", name="Move down 1.9")).to_be_focused()

    page.get_by_label("Next period").fill("Print it again.")
    page.get_by_role("button", name="Use the words on 1.2 for Next period").click()
    expect(page.get_by_label("Next period")).to_have_value(
        "Print it again.\n\nRun the winter campaign, by 28 February 2027."
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
