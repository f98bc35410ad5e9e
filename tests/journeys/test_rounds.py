"""The office plans a year, asks whoever is silent, and reads a tracker that came back."""

import re

from openpyxl import load_workbook
from playwright.sync_api import expect

from plans.models import ReviewDate, Update
from tests.journeys.conftest import PHONE


def test_the_office_plans_the_year_asks_again_and_reads_a_tracker(
    visit, check_page, office, plan, round_open, tmp_path
):
    ReviewDate.objects.create(plan=plan, held_on="2027-04-29")
    page = visit(office)
    page.goto(f"/plans/{plan.pk}/rounds/")
    check_page(page)
    page.get_by_label("Name").last.fill("The last quarter")
    page.get_by_role("button", name="Plan these rounds").click()
    expect(page.get_by_text("is planned. Each opens by itself on its day.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("The last quarter.*Planned"))).to_be_visible()

    page.get_by_role("link", name="October to December 2026", exact=True).click()
    expect(page.get_by_text("0 of 3 deliverables answered")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Ask everybody who is silent").click()
    expect(page.get_by_text("2 people are mailed")).to_be_visible()
    expect(page.get_by_text("Cannot be mailed")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Tracker to answer in, as Excel").click()
    tracker = tmp_path / "tracker.xlsx"
    download.value.save_as(tracker)
    fill_in(tracker)
    page.get_by_role("link", name="Read a tracker that came back").click()
    check_page(page)
    page.get_by_label("The tracker").set_input_files(tracker)
    page.get_by_role("button", name="Read the tracker").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What we read")
    check_page(page)
    page.get_by_role("button", name="Yes, put these into the round").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tracker read")
    assert [(each.deliverable.full_ref, each.progress) for each in Update.objects.all()] == [("1.1", "Two visits")]

    phone = visit(office, screen=PHONE)
    phone.goto(round_open.get_absolute_url())
    expect(phone.get_by_text("1 of 3 deliverables answered")).to_be_visible()
    check_page(phone)
    phone.goto(f"/plans/{plan.pk}/rounds/")
    check_page(phone)


def fill_in(path):
    """Amber and two words for 1.1."""
    book = load_workbook(path)
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[3]}
    at = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[0].value == "1.1")
    sheet.cell(at, columns["Rating"]).value = "Amber"
    sheet.cell(at, columns["Progress"]).value = "Two visits"
    book.save(path)
