"""The office brings its Word plan, sees what was understood, says yes, and asks its leads."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from plans.models import Plan

SAMPLE = finders.find("plans/sample-plan.docx")
SHARED = Path(__file__).resolve().parents[3] / "shared"
REAL = SHARED / "plans" / "llr-2021-22.docx"


@pytest.fixture
def import_plan(visit, check_page, office, rating_key, scrutiny_group, executive):
    """``import_plan(path)``: bring the document and say yes. Gives the page, now on the plan."""

    def import_plan(path):
        page = visit(office)
        page.goto("/plans/")
        page.get_by_role("link", name="Import a plan").click()
        check_page(page)
        page.get_by_label("Your plan").set_input_files(path)
        page.get_by_role("button", name="Read the plan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What we understood")
        assert Plan.objects.count() == 0
        check_page(page)
        understood = shown(page)
        assert understood
        page.get_by_role("button", name="Yes, make this plan").first.click()
        expect(page.get_by_role("alert")).to_contain_text("The plan is imported as a draft.")
        check_page(page)
        assert shown(page) == understood
        return page

    return import_plan


def shown(page):
    """What the plan's tables are called and how many rows of activities each has."""
    tables = page.get_by_role("table", name=re.compile("^Deliverables of")).all()
    return [(table.locator("caption").inner_text(), table.locator("tr:not(.row-tools)").count()) for table in tables]


def publish_and_ask(page, check_page, plan, *, deliverables):
    """Say who leads, publish the plan and open its first round."""
    page.get_by_text("What else you can do").click()
    page.get_by_role("link", name="Say who leads").click()
    check_page(page)
    first = page.get_by_role("combobox").first
    first.select_option(label="Learning and Development Subgroup")
    page.get_by_role("button", name="Save who leads").click()
    expect(page.get_by_role("alert")).to_contain_text("Saved who leads.")
    assert plan.leads().exclude(group=None).exists()

    page.get_by_role("link", name="Publish it").click()
    check_page(page)
    page.get_by_label("Which group approved it?").select_option(label="Executive")
    for box, typed in (("Day", "11"), ("Month", "January"), ("Year", "2027")):
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_label("Which group proposes ratings?").select_option(label="Quality and Scrutiny Subgroup")
    page.get_by_label("Which group decides them?").select_option(label="Executive")
    page.get_by_role("button", name="Publish the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("The plan is published.")

    page.get_by_text("What else you can do").click()  # its year is over
    page.get_by_role("link", name="Open a round of updates").click()
    check_page(page)
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("alert")).to_contain_text("is open until")
    expect(page.get_by_text(f"0 of {deliverables} deliverables answered")).to_be_visible()
    check_page(page)


def test_office_tries_our_sample_plan(import_plan, visit, office, address, tmp_path):
    page = visit(office)
    page.goto("/plans/import/")
    with page.expect_download() as download:
        page.get_by_role("link", name="our sample plan").click()
    brought = tmp_path / "sample-plan.docx"
    download.value.save_as(brought)
    assert brought.read_bytes() == Path(SAMPLE).read_bytes()
    import_plan(brought)
    assert Plan.objects.get().status == "draft"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with real plans is not beside this one")
def test_office_imports_a_real_plan_and_opens_its_first_round(import_plan, check_page, learning_group, partnership):
    page = import_plan(REAL)
    plan = Plan.objects.get()
    priorities = list(plan.priorities.all())
    assert [priority.is_cross_cutting for priority in priorities] == [True] + [False] * 5
    assert [priority.deliverables.count() for priority in priorities] == [0, 3, 2, 1, 2, 3]
    publish_and_ask(page, check_page, plan, deliverables=11)


def test_a_file_that_is_no_plan_says_so_and_makes_nothing(visit, check_page, office, rating_key, tmp_path):
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"This is not a Word document.")
    page = visit(office)
    page.goto("/plans/import/")
    page.get_by_label("Your plan").set_input_files(letter)
    page.get_by_role("button", name="Read the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check_page(page)
    assert Plan.objects.count() == 0


def test_a_chair_is_told_that_importing_is_the_offices(visit, chair):
    page = visit(chair)
    response = page.goto("/plans/import/")
    assert response.status == 403
    expect(page.get_by_role("heading", level=1)).to_be_visible()
