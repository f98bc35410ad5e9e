"""An outcome is judged on a phone with a lead's words quoted; an office makes its own ratings."""

from playwright.sync_api import expect

from plans.models import OutcomeJudgement, RatingKey
from tests.journeys.conftest import PHONE


def test_an_outcome_is_judged_on_a_phone_by_what_a_lead_said(visit, check_page, scrutiny_chair, past_update, plan):
    page = visit(scrutiny_chair, screen=PHONE)
    page.goto(f"/plans/{plan.pk}/outcome-statements/")
    check_page(page)
    page.get_by_role("link", name="Babies are safe in their first year.").click()
    expect(page.get_by_text("Nobody has judged whether this is so yet.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Judge it").or_(page.get_by_role("link", name="Judge it", exact=True)).first.click()
    check_page(page)
    page.get_by_role("button", name="Quote this").click()
    expect(page.get_by_label("How do we know?")).to_have_value(
        "“Plans were in place in 14 of 20 cases.” (1.1, Delia Marchetti)"
    )
    page.get_by_role("button", name="Record the judgement").click()
    expect(page.get_by_text("Choose how far it is shown").first).to_be_visible()
    check_page(page)
    page.get_by_label("Partly shown").check()
    page.get_by_role("button", name="Record the judgement").click()
    expect(page.get_by_role("alert")).to_contain_text("Recorded: partly shown.")
    expect(page.get_by_text("It was judged partly shown, and nothing is attached that shows it.")).to_be_visible()
    page.get_by_label("What does it show?").fill("Audit of 20 birth plans")
    page.get_by_label("Or a link").fill("https://example.org/audit")
    page.get_by_role("button", name="Add the evidence").click()
    expect(page.get_by_role("link", name="Audit of 20 birth plans")).to_be_visible()
    check_page(page)
    assert OutcomeJudgement.objects.get().level == "partly"


def test_an_office_makes_a_key_looks_at_it_and_uses_it(visit, check_page, office, plan):
    page = visit(office)
    page.goto(f"/plans/{plan.pk}/ratings/")
    check_page(page)
    page.get_by_role("button", name="Make a key of your own").or_(
        page.get_by_role("link", name="Make a key of your own")
    ).first.click()
    page.get_by_label("What is this key called?").fill("Stuck to embedded")
    page.get_by_role("group", name="Blue").get_by_label("Word", exact=True).fill("Embedded")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("table", name="How it looks")).to_contain_text("Embedded")
    check_page(page)
    page.get_by_role("button", name="Save the key").click()
    page.get_by_label("Stuck to embedded: Embedded, Green, Amber, Red").check()
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("alert")).to_contain_text("The plan is rated by “Stuck to embedded” from now on.")
    plan.refresh_from_db()
    assert plan.rating_key == RatingKey.objects.get(name="Stuck to embedded")
