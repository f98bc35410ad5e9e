"""Independent scrutiny: the advisor writes on a phone and asks, a charity answers, and members read what came of it."""

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


def test_what_the_advisor_saw_from_the_phone_to_the_members(
    visit, check_page, advisor, partner, chair, partnership, plan
):
    phone = visit(advisor, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name="Write what you looked at").click()
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("alert")).to_contain_text("Enter what was looked at")
    check_page(phone)
    phone.get_by_label("For which partnership?").select_option(partnership.name)
    phone.get_by_label("What was looked at?").fill("Ten plans for children living with neglect")
    phone.get_by_label("What do you say of it?").fill("The child’s day is described in four of ten.")
    phone.get_by_label("What do you ask?").fill("What will you change?")
    phone.get_by_label("Which organisation should answer?").select_option("Lantern Family Trust")
    by_when = phone.get_by_role("group", name="By when?")
    for box, typed in (("Day", "29"), ("Month", "1"), ("Year", "2027")):
        by_when.get_by_label(box, exact=True).fill(typed)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("and Lantern Family Trust, who is asked to answer")).to_be_visible()
    check_page(phone)

    page = visit(partner)
    page.goto("/my-work/")
    check_page(page)
    page.get_by_role("link", name="Answer What will you change?").click()
    page.get_by_label("What do you answer?").fill("Supervision begins with the child’s day.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Supervision begins with the child’s day.")).to_be_visible()

    phone.reload()
    phone.get_by_role("link", name="Close it").click()
    phone.get_by_label("What difference did it make?").fill("Nine of ten now.")
    phone.get_by_role("button", name="Close it").click()
    phone.get_by_role("button", name="Share it with members").click()
    phone.get_by_role("button", name="Assurance").click()
    phone.get_by_role("navigation", name="Assurance").get_by_role("link", name="Independent scrutiny").click()
    check_page(phone)

    other = visit(chair)
    other.goto("/risks/")
    other.get_by_role("navigation", name="Assurance").get_by_role("link", name="Independent scrutiny").click()
    expect(other.get_by_role("cell", name="Nine of ten now.")).to_be_visible()
