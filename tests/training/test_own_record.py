"""A practitioner's own record: asked for by a work address, open for a day, and theirs alone."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import (
    CompetencyFactory,
    EvaluationFactory,
    PractitionerFactory,
    RoleRequirementFactory,
    WorkRoleFactory,
)
from training.attendance.certificates import number_of
from training.attendance.own_record import ask_for_record
from training.links import EVALUATION, RECORDS, address_of, record_address_of
from training.models import Evaluation, Place, TrainingMail

ASK = reverse("training:record-ask")
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PAST, COMING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC), datetime(2027, 2, 9, 9, 30, tzinfo=UTC)
Status = Place.Status
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clean_counts():
    cache.clear()


@pytest.fixture
def priya(charity, partnership):
    role = WorkRoleFactory(partnership=partnership)
    return PractitionerFactory(name="Priya Shah", organisation=charity, email="priya@lantern.example", role=role)


@pytest.fixture
def course(partnership, priya):
    course = CourseFactory(title="Safer sleep", partnerships=[partnership])
    competency = CompetencyFactory(partnership=partnership, title="Seeing where babies sleep", valid_months=12)
    RoleRequirementFactory(role=priya.role, competency=competency)
    course.competencies.add(competency)
    return course


def place_at(course, practitioner, starts_at, status=Status.BOOKED, **fields):
    event = EventFactory(course=course, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), **fields)
    return PlaceFactory(
        event=event,
        practitioner=practitioner,
        organisation=practitioner.organisation,
        person=practitioner.name,
        status=status,
    )


def page_of(practitioner, page="record-open", *more):
    return reverse(f"training:{page}", args=[RECORDS.sign(str(practitioner.pk)), *more])


# Asking


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(client, priya, today):
    def answer(email):
        response = client.post(ASK, {"email": email}, follow=True)
        return response.status_code, response.redirect_chain, response.context["request"].path

    assert answer("PRIYA@lantern.example ") == answer("nobody@lantern.example")
    mail = TrainingMail.objects.get()
    assert (mail.kind, mail.address, mail.practitioner) == (
        TrainingMail.Kind.RECORD,
        "priya@lantern.example",
        priya,
    )


def test_nobody_is_mailed_more_than_once_an_hour(priya):
    for minutes in (0, 20, 59):
        ask_for_record(priya.email, at=NOW + timedelta(minutes=minutes))
    assert TrainingMail.objects.count() == 1
    ask_for_record(priya.email, at=NOW + timedelta(minutes=60))
    assert TrainingMail.objects.count() == 2


def test_who_left_and_who_has_no_address_is_mailed_nothing(priya, charity):
    PractitionerFactory(organisation=charity, email="")
    priya.left_on = date(2027, 1, 4)
    priya.save()
    for email in (priya.email, ""):
        ask_for_record(email, at=NOW)
    assert not TrainingMail.objects.exists()


def test_asking_without_end_from_one_address_is_too_often(client, today):
    answers = [client.post(ASK, {"email": f"a{number}@b.example"}).status_code for number in range(61)]
    assert answers == [302] * 60 + [429]


def test_something_that_is_no_address_is_said_so(client, today):
    assert client.post(ASK, {"email": "priya"}).status_code == 422


# The record


def test_it_holds_what_is_coming_waited_for_and_past_with_what_is_to_be_refreshed(client, priya, course, today):
    attended = place_at(course, priya, PAST, Status.ATTENDED)
    coming = place_at(course, priya, COMING)
    waiting = place_at(course, priya, COMING + timedelta(days=7), Status.WAITING)
    missed = place_at(course, priya, PAST - timedelta(days=30), Status.MISSED)
    place_at(course, priya, PAST - timedelta(days=60), Status.WAITING)
    place_at(course, priya, COMING, Status.CANCELLED)
    page = client.get(page_of(priya))
    record = page.context["record"]
    assert (record.coming, record.waiting, record.past) == ([coming], [waiting], [attended, missed])
    assert [(place.has_certificate, place.number) for place in record.past] == [
        (True, number_of(attended)),
        (False, ""),
    ]
    assert [(mark.words, mark.runs_out_on) for mark in record.marks] == [("Held", date(2027, 11, 24))]
    assert reverse("training:record-certificate", args=[page.context["token"], attended.pk]) in page.content.decode()


def test_it_leads_to_the_questions_that_wait(client, priya, course, today):
    place = place_at(course, priya, PAST, Status.ATTENDED)
    fields = {"place": place, "opens_on": date(2027, 1, 5), "closes_on": date(2027, 1, 19)}
    waits = EvaluationFactory(stage=Evaluation.Stage.LATER, **fields)
    EvaluationFactory(stage=Evaluation.Stage.AFTER, answered_at=NOW, **fields)
    page = client.get(page_of(priya))
    assert page.context["record"].questions == [(waits, address_of(EVALUATION, waits))]
    assert address_of(EVALUATION, waits) in page.content.decode()


def test_it_says_whom_to_tell_of_a_new_name_or_agency(client, priya, partnership, today):
    partnership.office_email = "office@ashford.example"
    partnership.save()
    assert "mailto:office@ashford.example" in client.get(page_of(priya)).content.decode()


def test_somebody_new_is_told_what_will_stand_there(client, charity, today):
    page = client.get(page_of(PractitionerFactory(organisation=charity))).content.decode()
    assert "You are booked on nothing at the moment." in page
    assert "Courses stand here with their certificates once you have been to one." in page


def test_it_is_theirs_alone(client, priya, course, today, hospital):
    other = PractitionerFactory(name="Canary", organisation=hospital)
    theirs = place_at(course, other, PAST, Status.ATTENDED)
    assert "Canary" not in client.get(page_of(priya)).content.decode()
    assert client.get(page_of(priya, "record-certificate", theirs.pk)).status_code == 404
    assert client.get(page_of(other, "record-certificate", theirs.pk)).status_code == 200


def test_the_link_works_for_a_day_and_then_says_how_to_get_another(client, priya):
    with time_machine.travel(NOW, tick=False):
        address = record_address_of(priya)
    path = address[address.index("/t/") :]
    answers = {}
    for hours in (23, 25):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            answers[hours] = client.get(path)
    assert [answer.status_code for answer in answers.values()] == [200, 404]
    assert ASK in answers[25].content.decode()
    assert [answer["Cache-Control"] for answer in answers.values()] == ["private, no-store"] * 2
    assert answers[23]["Referrer-Policy"] == "strict-origin"


def test_it_can_be_taken_away(client, priya, course, today):
    place = place_at(course, priya, PAST, Status.ATTENDED)
    assert client.get(page_of(priya, "record-pdf")).content.startswith(b"%PDF")
    book = load_workbook(BytesIO(client.get(page_of(priya, "record-xlsx")).content))
    assert book.sheetnames == ["Training", "Coming", "Competencies"]
    row = [cell.value for cell in book["Training"][2]]
    assert (row[0], row[2].date(), row[-2:]) == ("Safer sleep", date(2026, 11, 24), ["Attended", number_of(place)])


@pytest.mark.parametrize("count", [1, 3, 10])
def test_record_query_count(client, priya, course, today, django_assert_num_queries, count):
    for number in range(count):
        past = place_at(course, priya, PAST - timedelta(days=number), Status.ATTENDED)
        place_at(course, priya, COMING + timedelta(days=number))
        EvaluationFactory(
            place=past, stage=Evaluation.Stage.LATER, opens_on=date(2027, 1, 5), closes_on=date(2027, 1, 19)
        )
    with django_assert_num_queries(
        13
    ):  # whose it is, places, questions, competencies as ``training.competence.marks`` reads them
        client.get(page_of(priya))
