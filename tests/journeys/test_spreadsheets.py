"""The office's spreadsheets: a plan kept in Excel, taken away and brought back; a tracker of actions."""

from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from partnership.models import MeetingAction
from plans.models import Plan
from tests.factories import MeetingActionFactory
from tests.plans.samples.workbooks import sheet_for_each_priority


def test_office_brings_its_plan_from_excel_takes_it_away_and_brings_it_back(
    visit, check_page, office, rating_key, scrutiny_group, executive, tmp_path
):
    book, _plan = sheet_for_each_priority()
    own = tmp_path / "Business plan.xlsx"
    book.save(own)
    page = visit(office)

    def bring(path):
        page.goto("/plans/import/")
        check_page(page)
        page.get_by_label("Your plan").set_input_files(path)
        page.get_by_role("button", name="Read the plan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What we understood")
        check_page(page)
        page.get_by_role("button", name="Yes, make this plan").first.click()
        expect(page.get_by_role("alert")).to_contain_text("The plan is imported as a draft.")

    bring(own)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel", exact=True).click()
    taken = tmp_path / "taken.xlsx"
    download.value.save_as(taken)
    assert load_workbook(taken).sheetnames == ["About", "Plan", "Priorities"]
    bring(taken)
    one, two = Plan.objects.order_by("pk")
    assert says(one) == says(two)


def says(plan):
    """Everything that stands in a plan's table, by its words."""
    rows = plan.priorities.order_by("position").prefetch_related("deliverables__activities", "deliverables__leads")
    return [
        (
            priority.ref,
            priority.title,
            [
                (row.full_ref, row.title, [lead.text for lead in row.leads.all()], activities_of(row))
                for row in priority.deliverables.all()
            ],
        )
        for priority in rows
    ]


def activities_of(row):
    return [(each.text, each.timescale_text, each.timescale_kind) for each in row.activities.all()]


@pytest.fixture
def tracker(tmp_path):
    """``tracker(*rows)``: a spreadsheet of actions with these rows."""

    def tracker(*rows):
        book = Workbook()
        book.active.append(["Action tracker of the subgroup"])
        book.active.append(["Action No.", "Agreed action", "By whom", "By when", "Comments", "Status", "Cost code"])
        for row in rows:
            book.active.append(row)
        path = tmp_path / "tracker.xlsx"
        book.save(path)
        return path

    return tracker


def test_chair_brings_the_tracker_mends_it_and_says_what_counts(
    visit, check_page, chair, learning_group, tracker, lead
):
    MeetingActionFactory(group=learning_group, ref="LD-1", text="Write to schools", due_on=date(2027, 2, 1))
    page = visit(chair)
    page.goto(f"/actions/?group={learning_group.pk}")
    check_page(page)
    page.get_by_role("link", name="Bring actions from a spreadsheet").click()
    check_page(page)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the file that holds the actions")
    check_page(page)

    def bring(*rows):
        page.get_by_label("The spreadsheet").set_input_files(tracker(*rows))
        page.get_by_role("button", name="Read the file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What we understood")
        check_page(page)

    changed = ["LD-1", "Write to all schools", "Head of Midwifery", "1 March 2027", "Drafted", "Open", "77"]
    closed = ["LD-2", "Agree the fees", "Somebody else", date(2026, 12, 1), "Agreed", "Closed"]
    bring(changed, ["LD-3", "Ring them", "", "soon", "", "Open"])
    expect(page.get_by_role("heading", name="1 thing to mend in your file")).to_be_visible()
    expect(page.get_by_role("row", name="D4")).to_contain_text("We can’t read “soon” as a day.")
    page.get_by_role("link", name="Bring the mended file").click()
    bring(changed, closed)
    expect(page.get_by_text("Columns that we left out: Cost code (G2).")).to_be_visible()
    page.get_by_role("button", name="Yes, put these in the log").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose whether the lines that are there already change")
    check_page(page)
    page.get_by_label("Change them to what the spreadsheet says").check()
    page.get_by_role("button", name="Yes, put these in the log").click()
    expect(page.get_by_role("alert")).to_contain_text("The actions are in the log")
    check_page(page)
    page.get_by_role("link", name="See the action log").click()
    expect(page.get_by_role("row", name="LD-1")).to_contain_text("Write to all schools")
    check_page(page)
    found = MeetingAction.objects.order_by("ref").values_list("ref", "text", "due_on", "outcome")
    assert list(found) == [
        ("LD-1", "Write to all schools", date(2027, 3, 1), ""),
        ("LD-2", "Agree the fees", date(2026, 12, 1), "Agreed"),
    ]
