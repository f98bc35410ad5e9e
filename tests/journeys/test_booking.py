"""A practitioner without an account books by phone, waits when it is full, and moves up when somebody cannot come."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from partnership.tasks import send_mails
from tests.factories import CourseFactory, EventFactory
from tests.factories_training import WorkRoleFactory
from tests.journeys.conftest import PHONE
from training.mails.mailing import QUEUE
from training.models import Place, TrainingMail

SECRET = "https://meet.example.org/safer-sleep"


@pytest.fixture
def course(partnership):
    WorkRoleFactory(partnership=partnership, title="Health visitor")
    return CourseFactory(title="Safer sleep", partnerships=[partnership], run_by=partnership)


@pytest.fixture
def small(course):
    """One place, in three weeks."""
    return EventFactory(
        course=course, starts_at=datetime(2027, 2, 9, 9, 30, tzinfo=UTC), capacity=1, link=SECRET, joining="Ring twice."
    )


@pytest.fixture
def link_in_mail(mailoutbox):
    """``link_in_mail(address, words)``: where the first link of the newest mail to ``address`` leads."""

    def link_in_mail(address, words):
        send_mails(QUEUE)
        mail = [each for each in mailoutbox if each.to == [address]][-1]
        assert words in f"{mail.subject}\n{mail.body}"
        return urlsplit(next(line for line in mail.body.splitlines() if line.startswith("http"))).path

    return link_in_mail


def book(page, event, organisation, name, email, manager=""):
    page.goto("/p/ashford-vale/training/")
    page.locator(f'a[href$="/training/{event.pk}/book/"]').click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your work e-mail").fill(email)
    page.get_by_label("Who do you work or volunteer for?").select_option(organisation.name)
    if manager:
        page.get_by_label("Your manager’s work e-mail").fill(manager)
    page.get_by_role("button", name="Ask for a place").click()


def test_from_the_public_page_to_a_place_that_somebody_gave_back(
    visit, check_page, small, charity, hospital, partner, link_in_mail
):
    priya = visit(screen=PHONE)
    book(priya, small, charity, "Priya Shah", "priya@gmail.com")
    expect(priya.get_by_role("alert")).to_contain_text("gmail.com is for private addresses")
    check_page(priya)
    priya.get_by_label("Your work e-mail").fill("priya@charity.example")
    priya.get_by_role("button", name="Ask for a place").click()
    expect(priya.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    check_page(priya)

    priya.goto(link_in_mail("priya@charity.example", "Confirm your place"))
    expect(priya.get_by_text("You have no place yet.")).to_be_visible()
    check_page(priya)
    priya.get_by_label("Which of these is your role?").select_option("Health visitor")
    priya.get_by_role("button", name="Confirm my place").click()
    expect(priya.get_by_text("You are booked.")).to_be_visible()
    expect(priya.get_by_role("link", name=SECRET)).to_be_visible()
    check_page(priya)

    owen = visit(screen=PHONE)
    owen.goto(f"/p/ashford-vale/training/{small.pk}/book/")
    expect(owen.get_by_text("It is full.")).to_be_visible()
    check_page(owen)
    book(owen, small, hospital, "Owen Reed", "owen@nhs.example")
    owen.goto(link_in_mail("owen@nhs.example", "Confirm your place"))
    owen.get_by_role("button", name="Confirm my place").click()
    expect(owen.get_by_text("You are number 1 of 1 on the waiting list.")).to_be_visible()
    assert SECRET not in owen.content()
    check_page(owen)

    priya.get_by_role("link", name="I cannot come").click()
    expect(priya.get_by_text("It costs nothing until 2 February 2027.")).to_be_visible()
    check_page(priya)
    priya.get_by_role("button", name="Give my place back").click()
    expect(priya.get_by_role("alert")).to_contain_text("Say why, in a few words")
    priya.get_by_label("Why can you not come?").fill("Court that day")
    priya.get_by_role("button", name="Give my place back").click()
    expect(priya.get_by_text("This place was given back on 12 January 2027.")).to_be_visible()
    check_page(priya)

    owen.goto(link_in_mail("owen@nhs.example", "Booked"))
    expect(owen.get_by_text("You are booked.")).to_be_visible()
    assert list(small.places.taken().values_list("person", flat=True)) == ["Owen Reed"]


def test_a_manager_agrees_by_a_press_on_a_phone(visit, check_page, course, small, charity, link_in_mail):
    course.is_agreement_needed = True
    course.save()
    priya, manager = visit(screen=PHONE), visit(screen=PHONE)
    book(priya, small, charity, "Priya Shah", "priya@charity.example", "boss@charity.example")
    priya.goto(link_in_mail("priya@charity.example", "Confirm your place"))
    priya.get_by_role("button", name="Confirm my place").click()
    expect(priya.get_by_text("Your place is kept until 17 January 2027")).to_be_visible()
    check_page(priya)

    manager.goto(link_in_mail("boss@charity.example", "Do you agree?"))
    check_page(manager)
    manager.get_by_role("button", name="Do not agree").click()
    expect(manager.get_by_role("alert")).to_contain_text("Say why, in a few words")
    check_page(manager)
    manager.get_by_role("button", name="Agree", exact=True).click()
    expect(manager.get_by_text("You agreed on 12 January 2027.")).to_be_visible()
    check_page(manager)
    priya.reload()
    expect(priya.get_by_text("You are booked.")).to_be_visible()


def test_a_representative_books_a_list_and_passes_a_place_on(visit, check_page, small, charity, partner):
    screen = visit(partner, screen=PHONE)
    screen.goto(small.get_absolute_url())
    screen.get_by_role("link", name="Book, and who has a place").click()
    check_page(screen)
    screen.get_by_role("link", name="Book people").click()
    check_page(screen)
    screen.get_by_label("A longer list").fill("Priya Shah\tpriya@charity.example\nOwen Reed")
    screen.get_by_role("button", name="Book them").click()
    expect(screen.get_by_role("alert")).to_contain_text("Line 2, “Owen Reed”: write an e-mail address in it")
    check_page(screen)
    screen.get_by_label("A longer list").fill("Priya Shah\tpriya@charity.example\nOwen Reed\towen@charity.example")
    screen.get_by_role("button", name="Book them").click()
    expect(screen.get_by_text("Booked: Priya Shah")).to_be_visible()
    expect(screen.get_by_text("On the waiting list: Owen Reed")).to_be_visible()
    check_page(screen)

    screen.get_by_role("link", name="Priya Shah").click()
    check_page(screen)
    screen.get_by_role("link", name="Another person comes instead").click()
    check_page(screen)
    screen.get_by_label("Who comes instead?").fill("Ann Lee")
    screen.get_by_label("Their work e-mail").fill("ann@charity.example")
    screen.get_by_role("button", name="Give them the place").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Ann Lee")
    screen.get_by_role("link", name="Give the place back").click()
    check_page(screen)
    screen.get_by_label("Why?").fill("Leaves the agency")
    screen.get_by_role("button", name="Give the place back").click()
    expect(screen.get_by_text("Ann Lee has no place any more")).to_be_visible()
    assert list(small.places.taken().values_list("person", flat=True)) == ["Owen Reed"]
    screen.goto("/training/places/?when=all")
    expect(screen.get_by_role("link", name="Owen Reed")).to_be_visible()
    check_page(screen)
    assert TrainingMail.objects.filter(place__in=Place.objects.filter(person="Ann Lee")).count() == 2
