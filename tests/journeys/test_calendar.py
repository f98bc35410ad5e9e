"""Whoever sits in groups reads a month, at a desk and on a phone, and takes it into their own calendar."""

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


def test_a_month_is_read_and_taken_along(visit, check_page, chair, meeting, plan):
    page = visit(chair)
    page.goto("/calendar/?month=2027-03")
    check_page(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("March 2027")
    expect(page.get_by_role("link", name=meeting.group.name)).to_be_visible()
    page.get_by_role("link", name="February 2027").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("February 2027")
    page.get_by_role("link", name="March 2027").click()
    page.get_by_label("Whose").select_option("Everything")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("March 2027")

    page.get_by_role("link", name="Read it in your own calendar").click()
    page.get_by_label("What should it show?").select_option(label="What is due from me, and meetings of my groups")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_label("Address of the calendar").input_value()
    check_page(page)
    answer = page.request.get(address[address.index("/calendar/feed/") :])
    assert answer.ok
    assert "BEGIN:VEVENT" in answer.text()


def test_a_phone_lists_the_days_on_which_there_is_something(visit, check_page, chair, meeting):
    page = visit(chair, screen=PHONE)
    page.goto("/calendar/?month=2027-03")
    check_page(page)
    expect(page.get_by_role("heading", name="Tuesday 9 March")).to_be_visible()
    expect(page.locator(".month-day.free").first).to_be_hidden()
