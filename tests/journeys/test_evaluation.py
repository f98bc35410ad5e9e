"""Six people are asked before, straight after and weeks later, and what came of it is put together."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import PractitionerFactory
from tests.journeys.conftest import PHONE
from training import links
from training.evaluation.asking import answer, open_evaluations
from training.models import Evaluation, Place

HELD = date(2027, 2, 9)
STARTS = datetime(2027, 2, 9, 9, 30, tzinfo=UTC)
WEEKS_LATER = HELD + timedelta(weeks=6)
NAMES = ["Ann", "Ben", "Cay", "Dot", "Eli", "Fay"]
OTHERS = {
    "before": {"confidence": 2, "words": "How to begin to talk about it"},
    "after": {"confidence": 4, "usefulness": 5, "words": "Ask to see the cot"},
    "later": {"confidence": 5, "changed": "yes", "words": "I ask each time"},
}


@pytest.fixture
def held(partnership, hospital):
    """An event with six people booked."""
    course = CourseFactory(
        title="Safer sleep", partnerships=[partnership], afterwards="Ask to see where the baby sleeps"
    )
    event = EventFactory(course=course, starts_at=STARTS, ends_at=STARTS + timedelta(hours=3))
    for name in NAMES:
        practitioner = PractitionerFactory(name=name, email=f"{name}@hospital.example".lower(), organisation=hospital)
        PlaceFactory(event=event, organisation=hospital, person=name, practitioner=practitioner)
    return event


def ask(stage, *, on):
    """Beat, and what five of the six answer; gives the path of the link that Ann was mailed."""
    at = datetime(on.year, on.month, on.day, 9, 30, tzinfo=UTC)
    open_evaluations(on=on, at=at)
    evaluations = {each.place.person: each for each in Evaluation.objects.filter(stage=stage).select_related("place")}
    assert sorted(evaluations) == NAMES
    for name in NAMES[1:]:
        answer(evaluations[name], at=at, **OTHERS[stage])
    return path_of(links.EVALUATION, evaluations["Ann"])


def path_of(kind, evaluation):
    return "/" + links.address_of(kind, evaluation).split("/", 3)[3]


def choose(page, question, choice):
    page.get_by_role("group", name=question).get_by_label(choice).check()


def test_six_people_say_what_an_event_changed(visit, check_page, on_day, training_coordinator, partner, held):
    desk, phone = visit(training_coordinator), visit(screen=PHONE)

    on_day(HELD - timedelta(days=7), desk, training_coordinator)
    address = ask("before", on=HELD - timedelta(days=7))
    phone.goto(address)
    expect(phone.get_by_text("Ask to see where the baby sleeps")).to_be_visible()
    phone.get_by_label("What do you want from the day?").fill("To know what to say")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("alert")).to_contain_text("Choose a number from 1 to 5")
    expect(phone.get_by_label("What do you want from the day?")).to_have_value("To know what to say")
    check_page(phone)
    choose(phone, "How confident are you today", "2 Not very confident")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    check_page(phone)
    phone.goto(address)
    expect(phone.get_by_role("heading", name="You have answered already")).to_be_visible()
    expect(phone.get_by_text("To know what to say")).to_have_count(0)
    check_page(phone)

    on_day(HELD + timedelta(days=1), desk, training_coordinator)
    Place.objects.filter(event=held).update(status=Place.Status.ATTENDED)
    phone.goto(ask("after", on=HELD + timedelta(days=1)))
    check_page(phone)
    choose(phone, "How confident are you now", "4 Confident")
    choose(phone, "How useful was it", "5 Very useful")
    phone.get_by_label("What will you do differently?").fill("Ask before I leave")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    on_day(WEEKS_LATER, desk, training_coordinator)
    phone.goto(ask("later", on=WEEKS_LATER))
    choose(phone, "How confident are you now", "5 Very confident")
    choose(phone, "Has your practice changed", "Partly")
    choose(phone, "Did you answer with your manager?", "No, but ask my manager too")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("alert")).to_contain_text("Enter your manager’s work e-mail")
    check_page(phone)
    phone.get_by_label("Your manager’s work e-mail").fill("boss@hospital.example")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    manager = visit(screen=PHONE)
    manager.goto(path_of(links.EVALUATION_MANAGER, Evaluation.objects.get(place__person="Ann", stage="later")))
    expect(manager.get_by_text("You do not see what Ann answered")).to_be_visible()
    check_page(manager)
    choose(manager, "Has their practice changed", "Yes, and it made a difference")
    manager.get_by_role("button", name="Send my answers").click()
    expect(manager.get_by_role("heading", name="Thank you")).to_be_visible()

    on_day(WEEKS_LATER + timedelta(weeks=5), desk, training_coordinator)
    desk.goto(f"/training/{held.pk}/evaluation/")
    expect(desk.get_by_text("6 were more confident, 0 as confident and 0 less").first).to_be_visible()
    expect(desk.get_by_role("img", name="Whether practice changed")).to_be_visible()
    check_page(desk)
    desk.get_by_role("link", name="Read the words and put them together").last.click()
    expect(desk.get_by_text("I ask each time")).to_have_count(5)
    desk.get_by_label("What do people say?").fill("They ask at every visit.")
    desk.get_by_label("What difference did it make in practice?").fill("Where a baby sleeps is seen.")
    check_page(desk)
    desk.get_by_role("button", name="Save the summary").click()
    expect(desk.get_by_text("Where a baby sleeps is seen.")).to_be_visible()
    check_page(desk)
    desk.goto("/training/evaluation/")
    check_page(desk)

    member = visit(partner)
    on_day(WEEKS_LATER + timedelta(weeks=5), member, partner)
    member.goto(f"/training/{held.pk}/")
    expect(member.get_by_text("They ask at every visit.")).to_be_visible()
    expect(member.get_by_text("I ask each time")).to_have_count(0)
    check_page(member)
