"""The assurance timetable: the office plans a deep dive and says later that it is done; a lead sees both."""

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


def test_something_to_look_into_from_planned_to_done(visit, check_page, office, lead, plan):
    page = visit(office)
    page.goto("/returns/")
    page.get_by_role("link", name="What we look into, by quarter").click()
    expect(page.get_by_text("Nothing is planned in these three years")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Put something on it").click()
    page.get_by_role("button", name="Put it on the timetable").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what you look into")
    check_page(page)
    page.get_by_label("What do you look into?").fill("Neglect that nobody named")
    page.get_by_label("Deep dive").check()
    page.get_by_label("In which quarter?").select_option("January to March 2027")
    page.get_by_label("Ashford Vale Safeguarding Children Partnership").check()
    page.get_by_label("Which priority of a plan is it about?").select_option(label=f"{plan}: 2. Seeing neglect early")
    page.get_by_role("button", name="Put it on the timetable").click()
    expect(page.get_by_role("cell", name="Neglect that nobody named")).to_contain_text("This quarter")
    check_page(page)

    phone = visit(lead, screen=PHONE)
    phone.goto(plan.get_absolute_url())
    panel = phone.get_by_role("region", name="What we look into, 2026 to 2029")
    expect(panel.get_by_text("priority 2 of this plan")).to_be_visible()

    owed = page.get_by_role("region", name="Owed this quarter, January to March 2027")
    owed.get_by_role("link", name="Neglect that nobody named", exact=True).click()
    for box, typed in (("Day", "8"), ("Month", "1"), ("Year", "2027")):
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Done 8 January 2027")).to_be_visible()
    page.get_by_role("link", name="As a list").click()
    check_page(page)
