"""A course from its first words to two events: one moves and the other is called off; the public programme follows."""

from playwright.sync_api import expect

from tests.factories import PlaceFactory
from tests.factories_training import PractitionerFactory
from tests.journeys.conftest import PHONE
from training.models import Event, TrainingMail


def fill_day(page, legend, day, month, year):
    boxes = page.get_by_role("group", name=legend, exact=True)
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(box, exact=True).fill(typed)


def test_the_coordinator_makes_a_programme_and_the_public_page_follows(
    visit, check_page, training_coordinator, charity, partnership, plan
):
    page = visit(training_coordinator)
    page.goto("/training/")
    expect(page.get_by_text("No event is coming")).to_be_visible()
    page.get_by_role("link", name="Courses", exact=True).click()
    page.get_by_role("link", name="Add a course").click()
    page.get_by_role("button", name="Save the course").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what the course is called")
    check_page(page)
    page.get_by_label("What is it called?").fill("Naming neglect")
    page.get_by_label("What can people do afterwards?").fill("Say what was seen, in the same words.")
    page.get_by_label("For whom is it?").fill("School staff")
    page.get_by_role("group", name="How is it taught?").get_by_label("In a room").check()
    page.get_by_role("group", name="Which partnerships is it of?").get_by_label(partnership.name).check()
    page.get_by_label("Which of them runs it?").select_option(partnership.name)
    page.get_by_label("2. Seeing neglect early").check()
    page.get_by_role("button", name="Save the course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Naming neglect")
    expect(page.get_by_role("link", name="2. Seeing neglect early")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Add an event").click()
    fill_day(page, "Day", "9", "2", "2027")
    page.get_by_label("From").fill("9.30")
    page.get_by_label("To", exact=False).first.fill("9:00")
    page.get_by_label("Where?").fill("Town Hall")
    page.get_by_label("Joining details").fill("The door code is 4711.")
    page.get_by_label("Places", exact=True).fill("20")
    page.get_by_label("Post or name").first.fill("Named nurse")
    page.get_by_label("Agency").first.select_option(str(charity))
    page.get_by_role("button", name="Save the event").click()
    expect(page.get_by_role("alert")).to_contain_text("It starts at 09:30. Enter a later time for its end")
    expect(page.get_by_label("Post or name").first).to_have_value("Named nurse")
    check_page(page)
    page.get_by_label("To", exact=False).first.fill("12:30")
    page.get_by_role("button", name="Save the event").click()
    expect(page.get_by_text("It is in the programme on 9 February 2027")).to_be_visible()
    expect(page.get_by_text("The door code is 4711.")).to_be_visible()
    check_page(page)

    event = Event.objects.get()
    priya = PractitionerFactory(organisation=charity, email="priya@charity.example")
    PlaceFactory(event=event, organisation=charity, practitioner=priya, person=priya.name)
    page.get_by_role("link", name="Hold it again").click()
    fill_day(page, "Day", "9", "3", "2027")
    page.get_by_role("button", name="Save the event").click()
    expect(page.get_by_text("It is in the programme on 9 March 2027")).to_be_visible()
    page.get_by_role("link", name="Call it off").click()
    page.get_by_label("Why is it called off?").fill("The hall is flooded.")
    check_page(page)
    page.get_by_role("button", name="Call it off").click()
    expect(page.get_by_text("Cancelled on 12 January 2027.")).to_be_visible()
    check_page(page)

    page.goto(f"/training/{event.pk}/")
    page.get_by_role("link", name="Change the event").click()
    page.get_by_label("Where?").fill("Old library")
    page.get_by_role("button", name="Save the event").click()
    expect(page.get_by_text("1 person is told by e-mail.")).to_be_visible()
    assert list(TrainingMail.objects.filter(kind="moved").values_list("address", flat=True)) == [priya.email]

    public = visit(None, screen=PHONE)
    public.goto(f"/p/{partnership.slug}/training/")
    rows = public.get_by_role("listitem").filter(has_text="Naming neglect")
    expect(rows).to_contain_text(["Old library", "Cancelled"])
    check_page(public)
    public.get_by_label("Month").select_option("February 2027")
    public.get_by_role("button", name="Show").click()
    expect(public.get_by_text("1 of 2 events")).to_be_visible()
    public.get_by_role("link", name="Naming neglect on 9 February 2027").click()
    expect(public.get_by_text("19 places left")).to_be_visible()
    expect(public.get_by_text("4711")).to_have_count(0)
    check_page(public)

    page.goto("/training/calendar/?month=2027-02")
    expect(page.get_by_role("link", name="Naming neglect")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Rules", exact=True).click()
    page.get_by_role("link", name=partnership.name).click()
    check_page(page)
    page.get_by_role("link", name="Change the rules").click()
    page.get_by_label("Charge for not coming, in pounds").fill("65")
    check_page(page)
    page.get_by_role("button", name="Save the rules").click()
    expect(page.get_by_text("The rules are saved.")).to_be_visible()
