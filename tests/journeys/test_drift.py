"""Drift: the office works through the list, writes why a deliverable stood still, and looks at the plan in pictures."""

from datetime import date

from playwright.sync_api import expect

from tests.factories import UpdateRoundFactory


def test_the_office_works_through_drift_and_writes_why_a_deliverable_stood_still(
    visit, check_page, office, plan, round_past, review_proposed, past_update, group_deliverable, chair
):
    UpdateRoundFactory(
        plan=plan,
        name="April to June 2026",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        opens_on=date(2026, 7, 1),
        closes_on=date(2026, 7, 22),
    )
    page = visit(office)
    page.goto("/desk/")
    expect(page.get_by_text("No answer from Chair, Learning and Development Subgroup")).to_be_visible()
    check_page(page)

    page.goto(f"/plans/{plan.pk}/drift/")
    line = page.get_by_role("row").filter(has_text="is vacant")
    expect(line.get_by_role("link", name="Fill the post")).to_be_visible()
    check_page(page)
    line.get_by_role("link", name="Set aside").click()
    page.get_by_label("Why can this wait?").fill("They begin in March.")
    for name, value in (("Day", "31"), ("Month", "3"), ("Year", "2027")):
        page.get_by_label(name).fill(value)
    check_page(page)
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside until 31 March 2027.")).to_be_visible()

    page.get_by_role("link", name="Little or no progress, and why").click()
    check_page(page)
    story = page.get_by_role("article").filter(has_text=group_deliverable.title)
    story.get_by_role("link", name="Edit").click()
    check_page(page)
    words = page.get_by_label("What is said of it")
    words.fill("The chair changed twice, so nobody answered.")
    page.reload()  # a tab that was closed takes nothing away
    page.get_by_role("button", name="Put my words back").click()
    expect(words).to_have_value("The chair changed twice, so nobody answered.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The chair changed twice, so nobody answered.")).to_be_visible()

    page.goto(f"/plans/{plan.pk}/pictures/")
    expect(page.get_by_role("img", name="1.1 A shared plan with every family before a birth.")).to_be_visible()
    check_page(page)
    page.get_by_text("The timeline as a table").click()
    expect(page.get_by_role("row", name="1.1 A shared plan")).to_contain_text("due 30 November 2026, 43 days late")
    check_page(page)
