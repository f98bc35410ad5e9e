"""Whoever sits in groups reads a month, at a desk and on a phone, and takes it into their own calendar."""

from io import BytesIO

import pdfplumber
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


def test_a_group_takes_its_year_to_the_table_and_the_office_what_is_late(visit, check_page, office, meeting, plan):
    page = visit(office)
    page.goto(meeting.group.get_absolute_url())
    page.get_by_role("link", name="What it owes and meets in the next 12 months").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{meeting.group.name}: the next 12 months")
    expect(page.get_by_role("heading", name="Tuesday 9 March")).to_be_visible()
    check_page(page)

    page.goto("/calendar/?whose=all&month=2027-02")
    page.get_by_label("Month", exact=True).fill("2027-03")
    page.get_by_label("Month", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("March 2027")
    expect(page.get_by_text("Good Friday")).to_be_visible()
    page.get_by_role("link", name="12 months", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("March 2027 to February 2028")
    expect(page.get_by_role("link", name=meeting.group.name, exact=True)).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Everything due").click()
    page.get_by_label("When").select_option("Late only")
    page.get_by_label("Words").fill("maternity")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("43 days late")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="1.1 Try it in two maternity units.").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A shared plan with every family before a birth")


def test_a_month_is_one_sheet_of_paper(visit, chair, meeting, plan):
    page = visit(chair)
    page.goto("/calendar/?month=2027-03&whose=all")
    with pdfplumber.open(BytesIO(page.pdf(prefer_css_page_size=True))) as sheet:
        assert [(round(each.width), round(each.height)) for each in sheet.pages] == [(842, 595)]
        assert meeting.group.name.split()[0] in sheet.pages[0].extract_text()
