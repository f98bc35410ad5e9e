"""An office finds what is late from the page of its partnership, sorts a list and takes it away."""

from datetime import date

import pytest
from playwright.sync_api import expect

from plans.models import Plan
from tests.factories import MeetingActionFactory, PlanFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def plans(plan, partnership):
    PlanFactory(
        title="An earlier plan",
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        status=Plan.Status.CLOSED,
        partnerships=[partnership],
    )


def rows(page):
    return page.locator("tbody th")


def test_from_a_count_to_its_list(visit, check_page, office, learning_group):
    MeetingActionFactory(group=learning_group, text="Write to every school", due_on=date(2027, 1, 4))
    MeetingActionFactory(group=learning_group, text="Not due yet", due_on=date(2027, 3, 4))
    page = visit(office)
    page.goto("/")
    page.get_by_role("link", name="Partnership", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Partnership")
    check_page(page)
    page.get_by_role("link", name="1 late action").click()
    expect(page.get_by_text("Write to every school")).to_be_visible()
    expect(page.get_by_text("Not due yet")).to_have_count(0)
    check_page(page)
    page.goto("/desk/")
    expect(page.get_by_role("link", name="1 late action")).to_be_visible()
    check_page(page)


def test_a_list_is_sorted_by_keyboard_and_narrowed(visit, check_page, office, plans):
    page = visit(office)
    page.goto("/plans/")
    check_page(page)
    expect(rows(page)).to_have_text(["Business plan 2026 to 2027", "An earlier plan"])
    heading = page.get_by_role("columnheader", name="Plan", exact=True)
    for direction, first in (("ascending", "An earlier plan"), ("descending", "Business plan 2026 to 2027")):
        heading.get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", direction)
        expect(rows(page).first).to_have_text(first)
    page.get_by_label("Status").select_option("Closed")
    page.get_by_role("button", name="Show").click()
    expect(rows(page)).to_have_text(["An earlier plan"])
    check_page(page)

    link = page.url
    other = visit(office)
    other.goto(link)
    expect(rows(other)).to_have_text(["An earlier plan"])
    with other.expect_download() as download:
        other.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == "plans.xlsx"

    page.get_by_label("Words").fill("zebra")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing fits that")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Show the whole list").first.click()
    expect(rows(page)).to_have_count(2)


def test_on_a_phone_the_sorting_is_a_box_and_on_paper_the_boxes_are_gone(visit, office, plans):
    page = visit(office, screen=PHONE)
    page.goto("/plans/")
    expect(page.get_by_label("Sorted by")).to_be_hidden()
    page.get_by_text("Narrow or sort this list").click()
    page.get_by_label("Sorted by").select_option("Plan")
    page.get_by_role("button", name="Show").click()
    expect(rows(page)).to_have_text(["An earlier plan", "Business plan 2026 to 2027"])
    page.get_by_text("Narrow or sort this list").click()
    expect(page.get_by_label("Sorted by")).to_have_value("title")
    page.emulate_media(media="print")
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("link", name="Excel")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()


def test_on_a_phone_a_long_list_shows_twenty_rows_until_the_others_are_asked_for(
    visit, check_page, office, partnership
):
    for number in range(22):
        PlanFactory(partnerships=[partnership], title=f"Plan {number:02}")
    page = visit(office, screen=PHONE)
    page.goto("/plans/?sort=title")
    last = page.get_by_role("link", name="Plan 21", exact=True)
    expect(last).to_be_hidden()
    page.get_by_text("All 22 of this page").click()
    expect(last).to_be_visible()
    check_page(page)
    expect(page.get_by_text("All 22 of this page")).to_be_visible()
    page.emulate_media(media="print")
    expect(last).to_be_visible()


def test_a_long_name_leaves_the_menu_button_on_its_line(visit, partnership):
    page = visit(screen=PHONE)
    page.goto(f"/p/{partnership.slug}/")
    name, button = (page.locator(selector).bounding_box() for selector in (".mark", ".menu-button"))
    assert name["x"] + name["width"] <= button["x"]
    assert name["y"] < button["y"] + button["height"] and button["y"] < name["y"] + name["height"]
