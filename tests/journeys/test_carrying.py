"""The year ends: the office starts the next plan, says what becomes of each promise, and the trail stays."""

import re

from playwright.sync_api import expect

from plans.models import CarryDecision, Deliverable
from tests.journeys.conftest import PHONE


def row_of(page, title):
    return page.get_by_role("article", name=re.compile(title))


def test_a_plan_is_started_from_last_year_s_and_carried_row_by_row(
    visit, check_page, office, plan, past_update, voice_entry
):
    page = visit(office)
    page.goto("/plans/")
    page.get_by_role("link", name="Start a plan").click()
    check_page(page)
    page.get_by_label("What is it called?").fill("Business plan 2027 to 2028")
    page.get_by_role("button", name="Start the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Carry the plan forward")
    expect(page.get_by_text("0 of 3 decided")).to_be_visible()
    check_page(page)

    # By keyboard: done asks what difference it made, and knows what the last update said.
    row = row_of(page, "A shared plan with every family")
    row.get_by_role("radio", name="Carried forward").focus()
    page.keyboard.press("ArrowLeft")
    expect(row.get_by_label("What difference did it make?")).to_have_value("Plans were in place in 14 of 20 cases.")
    row.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("1 of 3 decided")).to_be_visible()
    expect(row.get_by_text("Plans were in place in 14 of 20 cases.").first).to_be_visible()

    # A new timescale is read beside the box while it is typed.
    row = row_of(page, "Safer sleep advice")
    expect(row.get_by_text("Needs a new date: 28 February 2027 is before")).to_be_visible()
    row.get_by_role("textbox", name="Timescale of: Run the winter campaign.").fill("December")
    expect(row.get_by_text("We read this as due 31 December 2027")).to_be_visible()
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 of 3 decided")).to_be_visible()

    # Dropped without a reason comes back in its place.
    row = row_of(page, "Families get help before")
    row.get_by_role("radio", name="Dropped").check()
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_text("Say why it is dropped.")).to_be_visible()
    expect(row.get_by_label("Why is it dropped?")).to_be_focused()
    row.get_by_label("Why is it dropped?").fill("The money has ended.")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_text("3 of 3 decided: 1 carried, 1 done, 1 dropped.")).to_be_visible()
    check_page(page)

    page.get_by_role("button", name="Put what is carried into the new plan").click()
    expect(page.get_by_text("has what was carried: 1 carried, 1 done, 1 dropped.")).to_be_visible()
    expect(page.get_by_role("link", name="Safer sleep advice that reaches fathers", exact=True)).to_be_visible()

    page.goto(Deliverable.objects.get(title__startswith="Safer", priority__plan=plan).get_absolute_url())
    expect(page.get_by_text("Carried into 1.1 of Business plan 2027 to 2028.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="1.1 of Business plan 2027 to 2028").click()
    expect(page.get_by_text("Carried from 1.2 of Business plan 2026 to 2027, promised since 2026-27.")).to_be_visible()

    page.goto(f"{plan.get_absolute_url()}outcomes/")
    expect(page.get_by_role("row")).to_have_count(4)
    check_page(page)


def test_on_a_phone_without_a_script_a_colleague_goes_on(visit, check_page, office, plan):
    page = visit(office, screen=PHONE, java_script_enabled=False)
    page.goto(f"/plans/start/?from={plan.pk}")
    page.get_by_role("button", name="Start the plan").click()
    page.get_by_role("link", name="Not decided: 3").click()
    row = row_of(page, "Families get help before")
    row.get_by_role("button", name="Save").click()
    expect(
        page.get_by_text("Saved what becomes of “2.1 Families get help before neglect becomes harm”.")
    ).to_be_visible()
    expect(page.get_by_text("1 of 3 decided")).to_be_visible()
    expect(row_of(page, "Families get help before")).to_have_count(0)

    row = row_of(page, "Safer sleep advice")
    row.get_by_text("Done", exact=True).click()
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Say what difference it made")).to_be_visible()
    page.get_by_label("What difference did it make?").fill("Fathers can say it back.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 of 3 decided")).to_be_visible()
    assert sorted(CarryDecision.objects.values_list("decision", flat=True)) == ["carried", "done"]
