"""The office merges a commissioning group into the board that follows it, and last year's page stays right."""

from playwright.sync_api import expect

from partnership.models import Organisation
from tests.journeys.conftest import PHONE

NEW = "Vale and Coast Integrated Care Board"


def enter_day(page, day, month, year):
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(month)
    page.get_by_label("Year").fill(year)


def test_the_office_merges_an_organisation_and_everybody_reads_who_was_a_member(
    visit, check_page, office, partnership, health_board, charity, lead
):
    page = visit(office)
    page.goto("/organisations/")
    check_page(page)
    page.get_by_role("link", name=health_board.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(health_board.name)
    check_page(page)

    page.get_by_role("link", name="Merge").click()
    page.get_by_role("button", name="Show what will happen").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Choose the organisation that it goes over into, or enter a new name below")
    expect(summary).to_contain_text("Enter first day after the merger")
    check_page(page)
    page.get_by_label("Or the name of a new one").fill(NEW)
    enter_day(page, "1", "July", "2026")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    expect(page.get_by_text("Head of Midwifery: Delia Marchetti")).to_be_visible()
    check_page(page)
    assert not Organisation.objects.filter(name=NEW).exists()

    page.get_by_role("button", name="Yes, merge them").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{health_board.name} is merged into {NEW}")
    expect(page.get_by_role("heading", level=1)).to_have_text(NEW)
    check_page(page)

    page = visit(screen=PHONE)
    page.goto(f"/p/{partnership.slug}/members/")
    expect(page.get_by_text(NEW)).to_be_visible()
    check_page(page)
    page.get_by_label("As it was on").fill("2026-06-30")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who belonged on 30 June 2026")
    expect(page.get_by_text(health_board.name)).to_be_visible()
    expect(page.get_by_text(NEW)).to_have_count(0)


def test_the_office_changes_its_partnership_and_a_membership(visit, check_page, office, partnership, charity):
    page = visit(office, screen=PHONE)
    page.goto(f"/partnerships/{partnership.pk}/change/")
    check_page(page)
    page.get_by_label("House colour").fill("#ffd500")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("White words cannot be read on #ffd500")
    check_page(page)
    page.get_by_label("House colour").fill("#8d7400")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("is saved")

    page.goto(charity.get_absolute_url())
    page.get_by_role("link", name="Change the membership").click()
    check_page(page)
    page.get_by_label("Virtual member").check()
    page.get_by_label("The old role was written down wrongly").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="Virtual member")).to_be_visible()
    page.get_by_role("link", name="Name who speaks for it").click()
    check_page(page)


def test_an_administrator_looks_after_partnerships_and_areas(visit, check_page, administrator, partnership):
    page = visit(administrator)
    page.goto("/administration/")
    check_page(page)
    page.get_by_role("link", name="Areas").click()
    check_page(page)
    page.get_by_role("link", name="Add an area").click()
    page.get_by_label("Name of the local authority area").fill("Moorland")
    page.get_by_role("button", name="Add the area").click()
    expect(page.get_by_role("rowheader", name="Moorland")).to_be_visible()
    page.goto("/partnerships/add/")
    check_page(page)
