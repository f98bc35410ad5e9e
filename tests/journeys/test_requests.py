"""A request from its questions to its end: the office builds, sends and closes it; an organisation finds it."""

from datetime import date

from playwright.sync_api import expect

from tests.factories import TimetableEntryFactory
from tests.factories_assurance import QuestionSetFactory, SetQuestionFactory
from tests.journeys.conftest import PHONE


def fill_day(page, day, month, year):
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(box, exact=True).fill(typed)


def test_a_request_is_built_sent_followed_and_closed(
    visit, check_page, office, advisor, partner, partnership, charity, hospital
):
    own = QuestionSetFactory(partnership=partnership, title="How you hear children")
    SetQuestionFactory(question_set=own, position=1, text="Who was heard?")
    SetQuestionFactory(question_set=own, position=2, text="What changed because of it?")

    page = visit(office)
    page.goto("/requests/")
    check_page(page)
    page.get_by_role("link", name="Ask organisations").click()
    page.get_by_role("button", name="Go on to its questions").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what the request is called")
    check_page(page)
    page.get_by_label("What is the request called?").fill("Hearing children 2027")
    page.get_by_label(partnership.name).check()
    fill_day(page, "26", "2", "2027")
    page.get_by_label("How you hear children").check()
    page.get_by_role("button", name="Go on to its questions").click()

    second = page.get_by_role("group", name="Question 2")
    second.get_by_label("Place").fill("1")
    check_page(page)
    page.get_by_role("button", name="Save the questions").click()
    expect(page.locator(".question-text").first).to_have_text("What changed because of it?")
    check_page(page)

    page.get_by_role("link", name="As an organisation sees it").click()
    expect(page.get_by_role("heading", name="1. What changed because of it?")).to_be_visible()
    check_page(page)
    page.go_back()
    page.get_by_role("link", name="Choose whom it asks").click()
    expect(page.get_by_label(hospital.name)).to_be_checked()
    check_page(page)
    page.get_by_role("button", name="Save whom it asks").click()

    page.get_by_role("link", name="Send it").click()
    expect(page.get_by_text("Nobody represents St Brannoc’s Hospital Trust.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("1 person is mailed")).to_be_visible()
    check_page(page)

    phone = visit(partner, screen=PHONE)
    phone.goto("/my-work/")
    expect(phone.get_by_text("Hearing children 2027").first).to_be_visible()

    page.get_by_role("link", name="More time for Lantern Family Trust").click()
    fill_day(page, "12", "3", "2027")
    page.get_by_label("Why does it need more time?").fill("Its safeguarding lead is ill")
    check_page(page)
    page.get_by_role("button", name="Give more time").click()
    expect(page.get_by_role("row", name="Lantern Family Trust")).to_contain_text("12 March 2027")

    looking = visit(advisor)
    looking.goto(page.url)
    expect(looking.get_by_text("Nothing is submitted yet")).to_be_visible()
    expect(looking.get_by_text("Lantern")).to_have_count(0)
    check_page(looking)

    page.get_by_role("link", name="Close it").click()
    check_page(page)
    page.get_by_role("button", name="Close the request").click()
    page.get_by_role("button", name="Make next year’s from it").click()
    expect(page.get_by_role("heading", name="Hearing children 2028")).to_be_visible()
    check_page(page)
    page.goto("/question-sets/")
    page.get_by_role("link", name="How you hear children").click()
    page.get_by_role("link", name="Change", exact=True).click()
    check_page(page)


def test_an_entry_is_dragged_into_another_quarter(visit, check_page, office, partnership):
    timetable_entry = TimetableEntryFactory(partnerships=[partnership], quarter_on=date(2027, 4, 1))
    page = visit(office)
    page.goto("/timetable/")
    check_page(page)
    entry = page.get_by_role("listitem").filter(has_text=timetable_entry.title).last
    entry.drag_to(page.get_by_role("cell").filter(has_text="Nothing planned").last)
    expect(page.get_by_text(f"“{timetable_entry.title}” is in January to March 2029 now.")).to_be_visible()
    page.reload()
    last = page.get_by_role("row", name="2028 to 2029").get_by_role("cell").last
    expect(last).to_contain_text(timetable_entry.title)
    check_page(page)
