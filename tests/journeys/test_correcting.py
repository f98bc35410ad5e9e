"""The office puts right what was read of its plan before it says yes: by keyboard alone, and on a phone."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from partnership.pdf import render_pdf
from plans.documents import content_of
from plans.models import Activity, Plan, PlanImport
from plans.plan_pdf import print_assets, print_html
from tests.factories import PlanVersionFactory
from tests.journeys.conftest import PHONE
from tests.journeys.test_writing import open_cell

SAMPLE = finders.find("plans/sample-plan.docx")


@pytest.fixture
def plan_pdf(plan, office, tmp_path):
    """Our own PDF of a plan, as another office would bring it: with no sign of where it was made."""
    content = content_of(PlanVersionFactory(plan=plan, number="1.1", made_by=office)) | {"sha256": ""}
    path = tmp_path / "plan.pdf"
    path.write_bytes(render_pdf(print_html(content), assets=print_assets(content)).content)
    return path


def bring(page, path):
    page.goto("/plans/import/")
    page.get_by_label("Your plan").set_input_files(path)
    page.get_by_role("button", name="Read the plan").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What we understood")


def press(page, role, name):
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press("Enter")


def test_a_pdf_is_put_right_and_confirmed_by_keyboard_alone(visit, check_page, office, plan, plan_pdf):
    page = visit(office)
    bring(page, plan_pdf)
    check_page(page)
    before = Plan.objects.count()

    form = open_cell(page, "Edit title, period and version")
    check_page(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("Plan that we put right")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    expect(page.get_by_text("Plan that we put right").first).to_be_visible()
    expect(page.get_by_role("link", name="Edit title, period and version")).to_be_focused()

    form = open_cell(page, "Edit the timescale of 1.1, activity b")
    form.locator("summary").focus()
    page.keyboard.press("Enter")
    form.get_by_label("What we read in the words").focus()
    page.keyboard.press("ArrowDown")
    check_page(page)
    form.get_by_label("Which days?").focus()
    page.keyboard.type("15 January 2027")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Corrected by hand")).to_be_visible()
    expect(page.get_by_text("By 15 January 2027")).to_be_visible()

    open_cell(page, "Edit activity a of 1.1")
    page.keyboard.press("Control+A")
    page.keyboard.type("Words that nobody wanted")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Words that nobody wanted").first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("cell", name="Words that nobody wanted")).to_have_count(0)
    assert Plan.objects.count() == before

    press(page, "button", "Yes, make this plan")
    expect(page.get_by_role("alert")).to_contain_text("The plan is imported as a draft.")
    made = Plan.objects.get(title="Plan that we put right")
    assert Activity.objects.get(deliverable__priority__plan=made, timescale_by_hand="15 January 2027")
    check_page(page)


def test_doubts_are_settled_on_a_phone_one_after_the_other(visit, check_page, office, rating_key):
    page = visit(office, screen=PHONE)
    bring(page, SAMPLE)
    check_page(page)
    staged = PlanImport.objects.get()
    doubts = page.locator("ol.doubts a")
    if not doubts.first.is_visible():
        page.get_by_text("Where they are").click()
    count = doubts.count()
    assert count
    expect(page.get_by_text(f"{count} of {count} doubts left")).to_be_visible()
    place = doubts.first.get_attribute("href")
    doubts.first.click()
    cell = page.locator(place)
    expect(cell).to_be_in_viewport()
    cell.get_by_role("button", name="This is right").click()
    expect(page.get_by_text(f"{count - 1} of {count} doubts left")).to_be_visible()
    expect(page.locator(place).get_by_role("link").first).to_be_focused()
    check_page(page)

    page.get_by_role("link", name="Move, split, join or take out").first.click()
    check_page(page)
    page.get_by_role("link", name="Split into two").first.click()
    check_page(page)
    page.get_by_label("The second activity").fill("What else is done")
    page.get_by_role("button", name="Make two activities of it").click()
    expect(page.get_by_text("What else is done").first).to_be_visible()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("cell", name="What else is done")).to_have_count(0)
    assert [step.what for step in staged.corrections.standing()] == ["right"]
    assert Plan.objects.count() == 0


def test_two_at_one_cell_both_see_both_versions(visit, check_page, office, rating_key):
    page = visit(office)
    bring(page, SAMPLE)
    staged = PlanImport.objects.get()
    form = open_cell(page, "Edit title, period and version")
    other = Client()
    other.force_login(office)
    address = reverse("plans:import-cell", args=[staged.pk, "plan", "introduction"])
    open_form = other.get(address).context["form"]
    page.keyboard.press("Escape")
    form = open_cell(page, "Edit the introduction")
    other.post(address, {"introduction": "Theirs.", "seen": open_form["seen"].value()})
    form.get_by_label("Introduction").fill("Mine.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("It now says “Theirs.”")
    check_page(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Mine.").first).to_be_visible()
