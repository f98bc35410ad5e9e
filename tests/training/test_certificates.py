"""Certificates: who has one, what is on it, whether a number is ours, and a name put right."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from partnership.pdf import PdfProblem
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import CompetencyFactory, EventTrainerFactory, PractitionerFactory
from training.attendance import register as attendance
from training.attendance.certificates import certificate_of, earned_at, is_earned, make_certificates, number_of
from training.links import PLACE, token_of
from training.models import Place, TrainingMail

STARTS = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OVER = STARTS + timedelta(hours=3)
CHECK = reverse("training:certificate-check")
Status = Place.Status
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clean_counts():
    cache.clear()


@pytest.fixture
def event(partnership, hospital):
    """Last November, from half past nine to half past twelve."""
    course = CourseFactory(title="Safer sleep", level="Group 2", partnerships=[partnership], run_by=partnership)
    course.competencies.add(CompetencyFactory(partnership=partnership, title="Seeing where babies sleep"))
    event = EventFactory(course=course, starts_at=STARTS, ends_at=OVER)
    EventTrainerFactory(event=event, name="Named nurse", organisation=hospital)
    return event


@pytest.fixture
def place(event, charity):
    person = PractitionerFactory(name="Łucja O’Neil", organisation=charity, email="lucja@lantern.example")
    return PlaceFactory(
        event=event,
        organisation=charity,
        practitioner=person,
        person="Łucja O’Neil",
        status=Status.ATTENDED,
        signed_in_at=STARTS,
        signed_in_how=Place.How.CODE,
    )


def text_of(pdf):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def test_the_paper_says_who_what_when_and_how_to_check_it(place, event):
    pdf = make_certificates(event, [place])
    words = " ".join(text_of(pdf.content).split())
    assert pdf.page_count == 1
    for said in (
        "Ashford Vale Safeguarding Children Partnership",
        "Łucja O’Neil",
        "Safer sleep",
        "24 November 2026",
        "Half a day, 09:30 to 12:30",
        "Group 2",
        "Seeing where babies sleep",
        "Named nurse, St Brannoc’s Hospital Trust",
        number_of(place),
        CHECK,
    ):
        assert said in words


def test_all_of_an_event_are_one_file_by_name_and_only_of_those_who_came(
    client_of, training_coordinator, event, place, charity, today
):
    PlaceFactory(event=event, organisation=charity, person="Anna First", status=Status.ATTENDED)
    for status in (Status.MISSED, Status.BOOKED, Status.WAITING, Status.CANCELLED):
        PlaceFactory(event=event, organisation=charity, person="Canary absent", status=status)
    assert [each.person for each in earned_at(event, at=OVER)] == ["Anna First", "Łucja O’Neil"]
    response = client_of(training_coordinator).get(reverse("training:certificates", args=[event.pk]))
    assert response["Content-Type"] == "application/pdf"
    words = text_of(response.content)
    assert (words.count("took part in"), "Canary" in words) == (2, False)


@pytest.mark.parametrize("status", Status)
def test_only_attended_earns_one_and_only_once_it_is_over(place, status):
    place.status = status
    earned = [is_earned(place, at=at) for at in (OVER - timedelta(minutes=1), OVER)]
    assert earned == [False, status == Status.ATTENDED]


def test_the_register_on_paper_has_everybody_and_room_for_others(client_of, office, event, place, charity, today):
    PlaceFactory(event=event, organisation=charity, person="Wanda Wait", status=Status.WAITING)
    words = text_of(client_of(office).get(reverse("training:register-paper", args=[event.pk])).content)
    assert [said in words for said in ("Łucja O’Neil", "Wanda Wait", "Signature", "Not on the list")] == [True] * 4


# Numbers


def test_a_number_tells_what_it_is_for_and_any_other_tells_nothing(client, place, event, today):
    page = client.get(CHECK, {"number": number_of(place).lower().replace("-", " ")}).content.decode()
    assert "This certificate was issued for Safer sleep on 24 November 2026." in page
    assert "The name on it is Łucja O’Neil." in page
    for wrong in (f"{place.pk}-AAAA-AAAA", f"{place.pk}", "", "x" * 9, f"{place.pk + 1}{number_of(place)[-10:]}"):
        page = client.get(CHECK, {"number": wrong})
        assert (page.status_code, "Safer sleep" in page.content.decode()) == (422, False)
    assert client.get(CHECK).status_code == 200


def test_numbers_are_of_one_place_and_one_name(place, event, charity):
    other = PlaceFactory(event=event, organisation=charity, person=place.person, status=Status.ATTENDED)
    assert number_of(place)[-9:] != number_of(other)[-9:]


def test_a_secret_that_was_changed_does_not_end_certificates(place, settings):
    number = number_of(place)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert number_of(place) != number
    assert certificate_of(number, at=OVER).name == place.person
    settings.SECRET_KEY_FALLBACKS = []
    assert certificate_of(number, at=OVER) is None


def test_checking_without_end_is_too_often(client, today):
    answers = [client.get(CHECK, {"number": "1-AAAA-AAAA"}).status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]


def test_who_was_there_in_error_has_no_certificate_any_more(client, place, event, office, today):
    number = number_of(place)
    place.status = Status.MISSED
    place.save()
    page = client.get(CHECK, {"number": number}).content.decode()
    assert ("was withdrawn" in page, place.person in page) == (True, False)


# A name put right


def test_a_name_put_right_makes_another_certificate_and_says_so_of_the_first(
    client_of, client, training_coordinator, place, event, today
):
    attendance.close_register(event, by=training_coordinator, at=OVER)
    old, elsewhere = number_of(place), PlaceFactory(event=EventFactory(), practitioner=place.practitioner, person="Old")
    url = reverse("training:certificate-name", args=[place.pk])
    client_of(training_coordinator).post(url, {"name": " Lucy  O’Neil ", "is_everywhere": "on"})
    place.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (place.person, place.practitioner.name, elsewhere.person) == ("Lucy O’Neil",) * 3
    assert number_of(place) != old
    assert TrainingMail.objects.filter(kind=TrainingMail.Kind.CERTIFICATE, place=place).count() == 2
    first, second = (client.get(CHECK, {"number": each}).content.decode() for each in (old, number_of(place)))
    assert ("was replaced" in first, "Łucja O’Neil" in first) == (True, True)
    assert "The name on it is Lucy O’Neil." in second


def test_a_name_that_is_right_elsewhere_is_left_there(place, office):
    other = PlaceFactory(event=EventFactory(), practitioner=place.practitioner, person="Łucja Married")
    attendance.correct_name(place, name="Lucy O’Neil", everywhere=False, by=office)
    other.refresh_from_db()
    place.practitioner.refresh_from_db()
    assert (other.person, place.practitioner.name) == ("Łucja Married", "Łucja O’Neil")


def test_saving_the_same_name_mails_nothing_again(place, event, office):
    attendance.close_register(event, by=office, at=OVER)
    attendance.correct_name(place, name=place.person, everywhere=True, by=office)
    assert TrainingMail.objects.count() == 1


def test_an_empty_name_is_asked_for_again(client_of, office, place, today):
    page = client_of(office).post(reverse("training:certificate-name", args=[place.pk]), {"name": "  "})
    assert page.status_code == 422
    place.refresh_from_db()
    assert place.person == "Łucja O’Neil"


# By the link


def test_the_link_to_ones_own_place_gives_the_certificate(client, place, event, today):
    url = reverse("training:place-certificate", args=[token_of(PLACE, place)])
    response = client.get(url)
    assert "Łucja O’Neil" in text_of(response.content)
    assert response["Cache-Control"] == "private, no-store"
    place.status = Status.MISSED
    place.save()
    assert client.get(url).url == reverse("training:place-open", args=[token_of(PLACE, place)])


def test_an_engine_that_fails_is_said_and_nothing_is_lost(client_of, office, event, place, today, monkeypatch):
    def fail(*args, **kwargs):
        raise PdfProblem("The PDF engine did not start.")

    monkeypatch.setattr("training.attendance.certificates.render_pdf", fail)
    response = client_of(office).get(reverse("training:certificates", args=[event.pk]), follow=True)
    assert response.status_code == 200
    assert "The PDF engine did not start." in response.content.decode()
