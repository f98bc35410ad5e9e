"""From a list of staff to who lacks what and where it is learned; and a year of an agency's own training."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.journeys.conftest import PHONE
from training.models import Competency, Practitioner

STAFF = (
    "Name\tE-mail\tJob\tRole\tStart date\n"
    "Priya Shah\tpriya@lantern.example\tFamily worker\tFamily support worker\t1 April 2024\n"
    "Jo Bell\tjo@lantern.example\tFamily worker\tFamily suport worker\t1 November 2026\n"
)


def fill_day(page, legend, day, month, year):
    boxes = page.get_by_role("group", name=legend)
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(box).fill(typed)


def test_from_a_framework_and_a_list_of_staff_to_who_lacks_what(
    visit, check_page, training_coordinator, partner, partnership, charity
):
    page = visit(training_coordinator)
    page.goto("/training/framework/")
    expect(page.get_by_text("Nothing is in the framework yet")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Add a role").click()
    page.get_by_role("button", name="Save the role").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what the role is called")
    check_page(page)
    page.get_by_label("What is the role called?").fill("Family support worker")
    page.get_by_role("button", name="Save the role").click()
    check_page(page)
    page.goto("/training/framework/")
    page.get_by_role("link", name="Add a competency").click()
    page.get_by_label("What do people have to know or be able to do?").fill("Safer sleep")
    page.get_by_label("Refreshed every so many months").fill("36")
    page.get_by_role("button", name="Save the competency").click()
    check_page(page)
    page.goto("/training/framework/")
    page.get_by_role("link", name="Tick what is needed").click()
    page.get_by_label("Family support worker needs Safer sleep").check()
    check_page(page)
    page.get_by_role("button", name="Save what is ticked").click()
    expect(page.get_by_role("cell", name="Needed 6 months")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Family support worker").click()
    page.get_by_role("link", name="By when").click()
    page.get_by_label("Safer sleep").fill("3")
    check_page(page)
    page.get_by_role("button", name="Save the months").click()
    expect(page.get_by_text("within 3 months")).to_be_visible()
    page.goto(f"/training/framework/{partnership.pk}/order/")
    check_page(page)

    course = CourseFactory(title="Safer sleep for all", partnerships=[partnership])
    course.competencies.add(Competency.objects.get())
    EventFactory(course=course)

    theirs = visit(partner)
    theirs.goto("/training/practitioners/")
    check_page(theirs)
    theirs.get_by_role("link", name="Bring a list of staff").click()
    theirs.get_by_label("Or the rows pasted, with their headings").fill(STAFF)
    check_page(theirs)
    theirs.get_by_role("button", name="Read the list").click()
    expect(theirs.get_by_text("Did you mean “Family support worker”?")).to_be_visible()
    check_page(theirs)
    theirs.get_by_role("button", name="Yes, make all of this").first.click()
    expect(theirs.get_by_text("2 new, 0 were there already")).to_be_visible()
    check_page(theirs)
    theirs.get_by_role("link", name="Jo Bell").click()
    expect(theirs.get_by_text("They have no role of the framework yet")).to_be_visible()
    theirs.get_by_role("link", name="Change", exact=True).click()
    theirs.get_by_label("Role in the framework").select_option("Family support worker")
    check_page(theirs)
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Not yet, still in time")).to_be_visible()
    check_page(theirs)

    phone = visit(partner, screen=PHONE)
    phone.goto("/training/competence/")
    check_page(phone)
    phone.get_by_role("link", name="1 lacks").click()
    expect(phone.get_by_role("link", name="Safer sleep for all")).to_be_visible()
    expect(phone.get_by_text("Missing")).to_be_visible()
    check_page(phone)
    phone.get_by_role("link", name="Priya Shah").click()
    phone.get_by_role("link", name="Record a competency").click()
    phone.get_by_role("button", name="Record it").click()
    expect(phone.get_by_role("alert")).to_contain_text("Choose what they gained")
    phone.get_by_label("What did they gain?").select_option("Safer sleep")
    fill_day(phone, "When?", "1", "6", "2026")
    phone.get_by_label("How do you know?").fill("The trust’s own course")
    check_page(phone)
    phone.get_by_role("button", name="Record it").click()
    expect(phone.get_by_text("until 1 June 2029")).to_be_visible()
    check_page(phone)

    page.goto("/training/competence/")
    expect(page.get_by_role("row", name="Lantern Family Trust").get_by_text("50%").first).to_be_visible()
    check_page(page)


def test_one_person_who_is_there_twice_becomes_one(visit, check_page, partner, charity, partnership):
    course = CourseFactory(partnerships=[partnership])
    event = EventFactory(course=course, starts_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    for email, status in (("priya@lantern.example", "missed"), ("", "attended")):
        person = Practitioner.objects.create(name="Priya Shah", email=email, organisation=charity)
        PlaceFactory(event=event, practitioner=person, organisation=charity, person=person.name, status=status)
    page = visit(partner)
    page.goto("/training/practitioners/")
    page.get_by_role("link", name="Priya Shah").first.click()
    page.get_by_role("link", name="The same person twice?").click()
    check_page(page)
    page.get_by_role("link", name="Priya Shah, no job said").click()
    expect(page.get_by_text("“attended” stays, “did not attend” goes")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Yes, it is one person").click()
    expect(page.get_by_role("cell", name="Attended")).to_be_visible()
    page.get_by_role("link", name="They left").click()
    check_page(page)
    page.get_by_role("button", name="Say that they left").click()
    expect(page.get_by_text("Left on 12 January 2027.")).to_be_visible()
    check_page(page)


def test_own_training_is_asked_for_answered_handed_back_and_compared(
    visit, check_page, training_coordinator, partner, charity, hospital
):
    page = visit(training_coordinator)
    page.goto("/training/own/")
    check_page(page)
    page.get_by_role("link", name="Ask organisations").click()
    fill_day(page, "By when?", "26", "2", "2027")
    check_page(page)
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("2 organisations are asked")).to_be_visible()
    check_page(page)

    phone = visit(partner, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name="Own training, year from 2026").first.click()
    phone.get_by_label("Course (optional)").first.fill("Safeguarding for everybody")
    phone.get_by_label("People who need it").first.fill("lots")
    phone.get_by_role("button", name="Save and check").click()
    expect(phone.get_by_role("alert")).to_contain_text("Enter a whole number, in figures")
    check_page(phone)
    phone.get_by_label("People who need it").first.fill("120")
    phone.get_by_label("People who took it").first.fill("96")
    phone.get_by_role("button", name="Save and check").click()
    expect(phone.get_by_text("Say how you know that it is good")).to_be_visible()
    check_page(phone)
    phone.get_by_role("link", name="Write it").click()
    phone.get_by_label("How do you know that it is good?").fill("Two sessions were observed.")
    check_page(phone)
    phone.get_by_role("button", name="Save and check").click()
    phone.get_by_role("button", name="Submit it").click()
    expect(phone.get_by_text("Submitted on 12 January 2027 by Greta Holloway.")).to_be_visible()
    check_page(phone)

    page.reload()
    expect(page.get_by_role("row", name="Lantern Family Trust").get_by_text("80%").first).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Lantern Family Trust").click()
    page.get_by_role("link", name="Hand it back").click()
    page.get_by_label("What is to be put right?").fill("Volunteers are missing.")
    fill_day(page, "By when?", "5", "3", "2027")
    check_page(page)
    page.get_by_role("button", name="Hand it back").click()
    expect(page.get_by_text("The organisation has not submitted it yet.")).to_be_visible()
    check_page(page)
    phone.reload()
    expect(phone.get_by_text("Volunteers are missing.")).to_be_visible()
    check_page(phone)
