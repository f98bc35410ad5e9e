"""A year's learning needs from the first question to what members read: asked, offered, ranked, decided, settled."""

from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.factories import CourseFactory
from tests.factories_judged import AuditFactory, AuditFindingFactory
from tests.journeys.conftest import PHONE


def fill_day(page, legend, day, month, year):
    boxes = page.get_by_role("group", name=legend)
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(box).fill(typed)


def test_a_years_needs_are_asked_offered_ranked_decided_and_settled(
    visit, check_page, on_day, office, partner, partnership, charity
):
    CourseFactory(title="Talking about sleep", partnerships=[partnership])
    audit = AuditFactory(partnerships=[partnership], moderated_on=date(2026, 11, 10), released_on=date(2026, 11, 20))
    AuditFindingFactory(audit=audit, training_need="How to begin a talk with a father")

    # The office begins the year and asks.
    page = visit(office)
    page.goto("/training/needs/")
    check_page(page)
    page.get_by_role("link", name="Begin next year’s").click()
    check_page(page)
    page.get_by_label("Ashford Vale Safeguarding Children Partnership").check()
    page.get_by_label("What should whoever is asked read first?").fill("We plan next year’s courses.")
    fill_day(page, "First day of the questions", "12", "1", "2027")
    page.get_by_role("button", name="Begin the analysis").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the day on which the questions close")
    expect(page.get_by_label("What should whoever is asked read first?")).to_have_value("We plan next year’s courses.")
    fill_day(page, "Last day of the questions", "15", "1", "2027")
    page.get_by_role("button", name="Begin the analysis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Learning needs 2027–28")
    check_page(page)
    here = urlsplit(page.url).path
    page.get_by_role("link", name="Ask members, groups and practitioners").click()
    page.get_by_role("group", name="Member organisations").get_by_label(charity.name).check()
    page.get_by_role("group", name="Practitioners of").get_by_label(charity.name).check()
    page.get_by_role("button", name="Make their links").click()
    expect(page.get_by_text("Made 2 links")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Mail everybody who has not answered").click()
    expect(page.get_by_text(f"Mailed to {charity.name}.")).to_be_visible()
    link = page.get_by_label(f"Link of practitioners of {charity.name}").input_value()

    # Five practitioners answer on their phones, without an account.
    phone = visit(screen=PHONE)
    for number in range(5):
        phone.goto(urlsplit(link).path)
        if number == 0:
            check_page(phone)
            phone.get_by_role("button", name="Send").click()
            expect(phone.get_by_role("alert")).to_contain_text("Enter at least one thing to learn")
            check_page(phone)
        phone.get_by_label("What would you, or the people you work with, like to learn?").fill("Safer sleep")
        phone.get_by_label("Soon").first.check()
        phone.get_by_role("button", name="Send").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    check_page(phone)

    # The member finds it in their work and answers by name.
    member = visit(partner, screen=PHONE)
    member.goto("/my-work/")
    member.get_by_role("link", name="Say what there is to learn: Learning needs 2027–28").first.click()
    check_page(member)
    expect(member.get_by_label("Your name")).to_have_value("Greta Holloway")
    member.get_by_label("What would you, or the people you work with, like to learn?").fill("Neglect, named early")
    member.get_by_role("button", name="Send").click()
    expect(member.get_by_text("Your answer is in.")).to_be_visible()
    check_page(member)

    # What others show is taken with one press; what was said is put under needs.
    page.goto(here)
    page.get_by_role("link", name="Take up what reviews, audits, priorities and figures show").click()
    check_page(page)
    page.get_by_label("How to begin a talk with a father").check()
    page.get_by_role("button", name="Take as needs").click()
    expect(page.get_by_text("1 taken as a need")).to_be_visible()
    on_day(date(2027, 1, 18), page, office)
    page.goto(here)
    page.get_by_role("link", name="Put what was said under needs").click()
    check_page(page)
    page.get_by_label("Safer sleep (practitioners of 1 agency)").check()
    page.get_by_label("Or: what is the new need called?").fill("Safer sleep in every home")
    page.get_by_role("button", name="Make a need of it").click()
    page.get_by_label("Neglect, named early (1 organisation)").check()
    page.get_by_role("button", name="Make a need of it").click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    check_page(page)

    # Ranked.
    page.goto(f"{here}rank/")
    check_page(page)
    page.get_by_label("Rank of Safer sleep in every home").fill("1")
    page.get_by_role("button", name="Save the order").last.click()
    needs = page.get_by_role("rowheader")
    expect(needs).to_have_text(
        [
            "1. Safer sleep in every home",
            "2. How to begin a talk with a father",
            "3. Neglect, named early",
        ]
    )

    # Settling is refused, naming what is open; each is decided.
    page.get_by_role("link", name="Settle it").click()
    check_page(page)
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_role("alert")).to_contain_text("“Safer sleep in every home”")
    check_page(page)
    page.get_by_role("link", name="1. Safer sleep in every home").click()
    page.get_by_label("By these courses", exact=True).check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one course")
    check_page(page)
    page.get_by_label("Talking about sleep").check()
    page.get_by_role("button", name="Save the decision").click()
    for topic in ("How to begin a talk with a father", "Neglect, named early"):
        page.get_by_role("link", name=f"Decide on {topic}").click()
        page.get_by_label("It is left unmet this year").check()
        page.get_by_label("Why, and what is left?").fill("No trainer has the time this year.")
        page.get_by_role("button", name="Save the decision").click()
    check_page(page)
    page.get_by_role("link", name="Settle it").click()
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_text("Every member reads it.")).to_be_visible()
    with page.expect_download() as pdf:
        page.get_by_role("link", name="PDF").click()
    assert pdf.value.suggested_filename == "learning-needs-2027–28.pdf"

    # Members read what is met, what is left and why, and how many asked.
    on_day(date(2027, 1, 18), member, partner)
    member.goto(here)
    expect(member.get_by_text("Asked by practitioners of 1 agency")).to_be_visible()
    expect(member.get_by_role("listitem").filter(has_text="Neglect, named early")).to_contain_text("No trainer has")
    check_page(member)
    member.get_by_role("link", name="Safer sleep in every home").click()
    expect(member.get_by_role("link", name="Talking about sleep")).to_be_visible()
    check_page(member)
