"""A plan from draft to closed: sent out, commented on from a phone, approved, published, changed."""

import re

from playwright.sync_api import expect

from plans.models import Plan
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    OutcomeStatementFactory,
    PriorityFactory,
)
from tests.journeys.conftest import PHONE


def fill_day(page, day, month, year):
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(box, exact=True).fill(typed)


def else_(page, name):
    """Open what else can be done with the plan, and follow one of it."""
    page.get_by_text("What else you can do").click()
    page.get_by_role("link", name=name, exact=True).click()


def test_a_plan_from_draft_to_closed(
    visit, check_page, office, partner, draft_plan, lead, scrutiny_group, executive, charity
):
    priority = PriorityFactory(plan=draft_plan, position=1, ref="1", title="Fathers")
    OutcomeStatementFactory(priority=priority, position=1, text="Fathers are asked.")
    row = DeliverableFactory(priority=priority, position=1, ref="1", title="Ask every father")
    DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)

    page = visit(office)
    page.goto(draft_plan.get_absolute_url())
    page.get_by_role("link", name="Send for comment").first.click()
    expect(page.get_by_text("1.1 Ask every father has no activity")).to_be_visible()
    check_page(page)
    page.get_by_label("What would you like them to look at?").fill("Is anything missing?")
    page.get_by_role("button", name="Send for comment").click()
    expect(page.get_by_role("alert")).to_contain_text("The members can comment until 2 February 2027.")
    check_page(page)

    phone = visit(partner, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name="Business plan 2027 to 2028").click()
    expect(phone.get_by_text("Is anything missing?")).to_be_visible()
    phone.get_by_role("link", name="Comment on Ask every father").click()
    check_page(phone)
    phone.get_by_label("Your comment").fill("Grandfathers too.")
    phone.get_by_role("button", name="Send your comment").click()
    expect(phone.get_by_text("1 so far")).to_be_visible()

    page.goto(draft_plan.get_absolute_url())
    page.get_by_role("link", name="Answer the comments").click()
    check_page(page)
    page.get_by_role("link", name=re.compile("^Answer")).click()
    page.get_by_label("The plan was changed", exact=True).check()
    page.get_by_label("Your answer").fill("They are asked now.")
    page.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Every comment is answered.")

    page.goto(draft_plan.get_absolute_url())
    page.get_by_role("link", name="Record its approval").first.click()
    fill_day(page, "11", "January", "2027")
    page.get_by_label("Which group approved it?").select_option(label="Executive")
    check_page(page)
    page.get_by_role("button", name="Record the approval").click()
    expect(page.get_by_text("Version 1.0 was approved by Executive on 11 January 2027.")).to_be_visible()

    page.get_by_role("link", name="Publish it").click()
    page.get_by_label("Which group proposes ratings?").select_option(label="Quality and Scrutiny Subgroup")
    page.get_by_label("Which group decides them?").select_option(label="Executive")
    page.get_by_role("button", name="Publish the plan").click()
    expect(page.get_by_text("Something is missing.").first).to_be_visible()
    check_page(page)
    ActivityFactory(deliverable=row, position=1, text="Ask.", timescale_text="ongoing", timescale_kind="continuous")
    page.get_by_role("button", name="Publish the plan").click()
    expect(page.get_by_text("1 row changed since the plan was approved.")).to_be_visible()
    page.get_by_label("Which group approved it?").select_option(label="Executive")
    fill_day(page, "11", "January", "2027")
    page.get_by_label("Version number").fill("1.1")
    page.get_by_role("button", name="Publish the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("The plan is published.")

    row.title = "Ask every father and grandfather"
    row.save()
    page.reload()
    expect(page.get_by_text("1 row changed since version 1.1 was published.")).to_be_visible()
    page.get_by_role("link", name="Publish the change").click()
    page.get_by_label("What changed, and why?").fill("Grandfathers are asked too, as members wished.")
    page.get_by_role("button", name="Publish the change").click()
    expect(page.get_by_text("Everyone reads version 1.2")).to_be_visible()

    else_(page, "Versions")
    check_page(page)
    page.get_by_role("link", name=re.compile("^Version 1.2")).click()
    check_page(page)

    page.goto(draft_plan.get_absolute_url())
    else_(page, "Close the plan")
    page.get_by_label("How did it end?").fill("Every father was asked.")
    page.get_by_label("Close it although it runs until 31 March 2028").check()
    check_page(page)
    page.get_by_role("button", name="Close the plan").click()
    expect(page.get_by_text("Every father was asked.")).to_be_visible()
    assert Plan.objects.get(pk=draft_plan.pk).status == "closed"
