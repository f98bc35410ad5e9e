"""One morning in a room: a code, people who sign in by phone, a list that is ticked, a register that is closed."""

import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import CompetencyFactory, EventTrainerFactory, PractitionerFactory
from tests.journeys.conftest import PHONE
from training.attendance.certificates import number_of
from training.links import PLACE, address_of, record_address_of
from training.models import Place, TrainingMail

STARTS = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def morning(partnership, charity, hospital):
    """An event this morning, two with a place and one who waits."""
    course = CourseFactory(title="Safer sleep", level="Group 2", partnerships=[partnership], run_by=partnership)
    course.competencies.add(CompetencyFactory(partnership=partnership, title="Seeing where babies sleep"))
    event = EventFactory(course=course, starts_at=STARTS, ends_at=STARTS + timedelta(hours=3))
    EventTrainerFactory(event=event, name="Named nurse", organisation=hospital)
    for name, organisation, status in (
        ("Priya Shah", charity, Place.Status.BOOKED),
        ("Owen Ellis", hospital, Place.Status.BOOKED),
        ("Nora None", hospital, Place.Status.BOOKED),
        ("Wanda Wait", charity, Place.Status.WAITING),
    ):
        email = f"{name.split()[0].lower()}@agency.example"
        person = PractitionerFactory(name=name, organisation=organisation, email=email)
        PlaceFactory(event=event, organisation=organisation, practitioner=person, person=name, status=status)
    return event


def row_of(page, name):
    return page.get_by_role("listitem").filter(has_text=name)


def path_of(address):
    return urlsplit(address).path


def test_a_morning_from_the_code_to_the_certificate(visit, check_page, on_day, training_coordinator, morning, charity):
    screen = visit(training_coordinator)
    screen.goto(morning.get_absolute_url())
    screen.get_by_role("link", name="Register", exact=True).click()
    check_page(screen)
    screen.get_by_role("link", name="Sign-in code").click()
    screen.get_by_role("button", name="Make the code").click()
    expect(screen.get_by_text("0 of 3")).to_be_visible()
    check_page(screen)
    morning.refresh_from_db()

    phone = visit(screen=PHONE)
    phone.goto("/training/sign-in/")
    phone.get_by_label("Code").fill("wwwwww")
    phone.get_by_label("Work e-mail").fill("priya@agency.example")
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("alert")).to_contain_text("We could not sign you in with this code and this address")
    check_page(phone)
    code = morning.sign_in_code
    phone.get_by_label("Code").fill(f"{code[:3].lower()} {code[3:].lower()}")
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are signed in")
    check_page(phone)
    phone.goto(f"/training/sign-in/?code={code}")
    phone.get_by_label("Work e-mail").fill("PRIYA@agency.example")
    phone.get_by_role("button", name="Sign in").click()
    first = morning.places.get(person="Priya Shah").signed_in_at
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"You were signed in at {first:%H:%M}")

    owen = morning.places.select_related("practitioner").get(person="Owen Ellis")
    phone.goto(path_of(address_of(PLACE, owen)))
    phone.get_by_label("Code").fill(code)
    check_page(phone)
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are signed in")

    tablet = visit(training_coordinator, screen=PHONE)
    tablet.goto(f"/training/{morning.pk}/register/")
    expect(tablet.get_by_role("status")).to_contain_text("2 of 3 signed in, 1 not marked")
    row_of(tablet, "Nora None").get_by_role("button", name="Did not come").click()
    expect(row_of(tablet, "Nora None").get_by_role("button", name="Undo")).to_be_focused()
    row_of(tablet, "Nora None").get_by_role("button", name="Undo").click()
    expect(row_of(tablet, "Nora None").get_by_role("button", name="Came")).to_be_focused()
    row_of(tablet, "Wanda Wait").get_by_role("button", name="Came").click()
    expect(row_of(tablet, "Wanda Wait")).to_contain_text("Came, ")
    expect(tablet.get_by_role("status")).to_contain_text("3 of 4 signed in, 1 not marked")
    expect(row_of(tablet, "Nora None").get_by_role("button", name="Came")).to_be_visible()
    check_page(tablet)
    tablet.get_by_role("link", name="Somebody who is not on the list").click()
    tablet.get_by_role("button", name="Add them as there").click()
    expect(tablet.get_by_role("alert")).to_contain_text("Enter")
    check_page(tablet)
    tablet.get_by_label("Name").fill("Tom Late")
    tablet.get_by_label("Work e-mail").fill("tom@agency.example")
    tablet.get_by_label("Organisation").fill(charity.name)
    tablet.get_by_role("button", name="Add them as there").click()
    expect(row_of(tablet, "Tom Late")).to_contain_text("Came, ")

    on_day(datetime(2027, 1, 13, tzinfo=UTC), tablet, training_coordinator)
    tablet.goto("/my-work/")
    tablet.get_by_role("link", name="Safer sleep").first.click()
    tablet.get_by_role("link", name="Close the register").click()
    expect(tablet.get_by_role("listitem").filter(has_text="Nora None, ")).to_be_visible()
    check_page(tablet)
    tablet.get_by_role("button", name="Close the register").click()
    expect(tablet.get_by_text("1 did not attend")).to_be_visible()
    check_page(tablet)
    addresses = TrainingMail.objects.filter(kind=TrainingMail.Kind.CERTIFICATE).values_list("address", flat=True)
    assert sorted(addresses) == [f"{name}@agency.example" for name in ("owen", "priya", "tom", "wanda")]

    row_of(tablet, "Owen Ellis").get_by_role("link", name="Put the name right").click()
    tablet.get_by_label("Name", exact=True).fill("Owain Ellis")
    check_page(tablet)
    tablet.get_by_role("button", name="Save the name").click()
    expect(row_of(tablet, "Owain Ellis")).to_be_visible()

    owen.refresh_from_db()
    phone.goto(path_of(address_of(PLACE, owen)))
    check_page(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Certificate (PDF)").click()
    words = subprocess.run(
        ["pdftotext", "-layout", download.value.path(), "-"], capture_output=True, check=True, text=True
    ).stdout
    assert [said in words for said in ("Owain Ellis", "Safer sleep", "12 January 2027", number_of(owen))] == [True] * 4
    phone.goto("/training/certificates/")
    phone.get_by_label("Number of the certificate").fill(number_of(owen))
    phone.get_by_role("button", name="Check it").click()
    expect(phone.get_by_text("This certificate was issued for Safer sleep on 12 January 2027.")).to_be_visible()
    check_page(phone)


def test_somebody_reads_all_about_their_own_training(visit, check_page, morning, charity):
    phone = visit(screen=PHONE)
    phone.goto("/my-training/")
    phone.get_by_label("Your work e-mail").fill("priya")
    phone.get_by_role("button", name="Send me the link").click()
    expect(phone.get_by_role("alert")).to_contain_text("Enter an e-mail address like name@example.org")
    check_page(phone)
    phone.get_by_label("Your work e-mail").fill("priya@agency.example")
    phone.get_by_role("button", name="Send me the link").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    check_page(phone)
    mail = TrainingMail.objects.get()
    phone.goto(path_of(record_address_of(mail.practitioner)))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Priya Shah: training")
    expect(phone.get_by_role("link", name="Safer sleep")).to_be_visible()
    check_page(phone)
    phone.goto("/t/record/wrong/")
    check_page(phone)
    phone.get_by_role("link", name="Get a new link").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your own training record")


def test_the_list_is_ticked_without_a_script(visit, training_coordinator, morning):
    page = visit(training_coordinator, screen=PHONE, java_script_enabled=False)
    page.goto(f"/training/{morning.pk}/register/?words=priya")
    row_of(page, "Priya Shah").get_by_role("button", name="Came").click()
    expect(row_of(page, "Priya Shah")).to_contain_text("Came, ")
    expect(page.get_by_text("Nora None")).to_have_count(0)
    row_of(page, "Priya Shah").get_by_role("button", name="Undo").click()
    expect(row_of(page, "Priya Shah").get_by_role("button", name="Came")).to_be_visible()
