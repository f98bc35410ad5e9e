"""Evaluations: who is asked when, by one mail a stage, and what they can answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.at_once import at_once
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EvaluationFactory, PractitionerFactory, TrainingPolicyFactory
from training import links
from training.evaluation.asking import (
    State,
    answer,
    answer_as_manager,
    open_evaluations,
    state_of,
    state_of_manager,
    waiting_for,
)
from training.models import Evaluation, Place, TrainingMail

pytestmark = pytest.mark.django_db

Stage, Status = Evaluation.Stage, Place.Status
HELD = date(2027, 2, 9)
STARTS = datetime(2027, 2, 9, 9, 30, tzinfo=UTC)
ENDS = datetime(2027, 2, 9, 12, 30, tzinfo=UTC)


def on_day(day, hour=8):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), tick=False)


def run(day, hour=8):
    """Beat, in the morning of that day."""
    with on_day(day, hour):
        return open_evaluations(on=day, at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def asked(stage=None):
    found = Evaluation.objects.order_by("stage", "place__person")
    return [(each.stage, each.place.person) for each in (found.filter(stage=stage) if stage else found)]


def days_of(stage):
    return Evaluation.objects.filter(stage=stage).values_list("opens_on", "closes_on").distinct().get()


def mails():
    return sorted(TrainingMail.objects.values_list("kind", "address"))


@pytest.fixture
def training(partnership):
    return EventFactory(
        course=CourseFactory(partnerships=[partnership], afterwards="Ask to see where the baby sleeps"), ends_at=ENDS
    )


@pytest.fixture
def person(training, hospital):
    """``person(name)``: a place of somebody with an address."""

    def person(name, *, status=Status.BOOKED, **fields):
        email = f"{name.casefold()}@hospital.example"
        practitioner = PractitionerFactory(name=name, email=email, organisation=hospital)
        fields = {"practitioner": practitioner} | fields
        return PlaceFactory(event=training, organisation=hospital, person=name, status=status, **fields)

    return person


# Asking


def test_the_booked_are_asked_before_from_two_days_before_they_are_reminded(person):
    person("Ann")
    person("Ben", status=Status.WAITING)
    person("Cay", status=Status.UNCONFIRMED)
    person("Dot", status=Status.CANCELLED)
    assert (run(HELD - timedelta(days=8)), asked()) == (0, [])
    assert (run(HELD - timedelta(days=7)), asked()) == (1, [("before", "Ann")])
    assert days_of(Stage.BEFORE) == (HELD - timedelta(days=7), HELD)
    assert mails() == [("evaluate", "ann@hospital.example")]


def test_those_who_came_are_asked_once_the_event_is_over(person):
    person("Ann", status=Status.ATTENDED)
    person("Ben", status=Status.MISSED)
    run(HELD, hour=11)
    assert asked(Stage.AFTER) == []
    run(HELD, hour=13)
    assert asked() == [("after", "Ann")]
    assert days_of(Stage.AFTER) == (HELD, HELD + timedelta(weeks=3))


def test_a_closed_register_says_that_it_is_over(training, person):
    person("Ann", status=Status.ATTENDED)
    training.register_closed_at = STARTS + timedelta(hours=1)
    training.save()
    run(HELD, hour=11)
    assert asked() == [("after", "Ann")]


def test_an_event_without_an_end_is_over_the_next_day(training, person):
    training.ends_at = None
    training.save()
    person("Ann", status=Status.ATTENDED)
    run(HELD, hour=18)
    assert asked() == []
    run(HELD + timedelta(days=1))
    assert asked() == [("after", "Ann")]


def test_weeks_later_they_are_asked_once_more_by_the_partnerships_own_weeks(training, person, partnership):
    TrainingPolicyFactory(partnership=partnership, later_weeks=7, later_closing_weeks=10)
    person("Ann", status=Status.ATTENDED)
    run(HELD + timedelta(weeks=7) - timedelta(days=1))
    assert asked(Stage.LATER) == []
    run(HELD + timedelta(weeks=7))
    assert asked() == [("later", "Ann")]
    assert days_of(Stage.LATER) == (HELD + timedelta(weeks=7), HELD + timedelta(weeks=10))


def test_running_twice_asks_nobody_twice(person):
    person("Ann")
    day = HELD - timedelta(days=7)
    assert [run(day), run(day), run(day + timedelta(days=1))] == [1, 0, 0]
    assert mails() == [("evaluate", "ann@hospital.example")]


def test_after_a_week_without_a_worker_late_ones_are_asked_and_closed_ones_are_not(training, person):
    person("Ann", status=Status.ATTENDED)
    run(HELD + timedelta(days=10))
    assert asked() == [("after", "Ann")]
    assert days_of(Stage.AFTER) == (HELD, HELD + timedelta(weeks=3))
    run(HELD + timedelta(weeks=8, days=1))
    assert asked(Stage.LATER) == []


def test_whoever_has_no_address_or_has_left_is_left_out(person, hospital):
    left = PractitionerFactory(email="left@hospital.example", organisation=hospital, left_on=HELD - timedelta(days=20))
    person("Ann", practitioner=None)
    person("Ben", practitioner=PractitionerFactory(email="", organisation=hospital))
    person("Cay", practitioner=left)
    assert (run(HELD - timedelta(days=7)), asked()) == (0, [])


def test_nobody_is_asked_of_an_event_that_is_called_off(training, person):
    person("Ann")
    training.cancelled_at, training.cancelled_because = STARTS - timedelta(days=10), "Snow"
    training.save()
    assert (run(HELD - timedelta(days=7)), asked()) == (0, [])


def test_questions_before_move_with_the_event_and_answers_stay(training, person):
    person("Ann")
    answered = person("Ben")
    run(HELD - timedelta(days=7))
    Evaluation.objects.filter(place=answered).update(answered_at=STARTS - timedelta(days=6), confidence=2)
    training.starts_at, training.ends_at = STARTS + timedelta(days=28), ENDS + timedelta(days=28)
    training.save()
    assert run(HELD - timedelta(days=6)) == 0
    waits = Evaluation.objects.get(answered_at=None)
    assert (waits.opens_on, waits.closes_on) == (HELD + timedelta(days=21), HELD + timedelta(days=28))
    assert Evaluation.objects.get(place=answered).confidence == 2
    assert state_of(waits, at=STARTS) == State.EARLY
    assert run(HELD + timedelta(days=21)) == 1  # of the new day Ann is told once more
    assert [address for _kind, address in mails()] == ["ann@hospital.example"] * 2 + ["ben@hospital.example"]


def test_one_reminder_goes_a_week_before_closing_to_whoever_has_not_answered(person):
    person("Ann", status=Status.ATTENDED)
    answered = person("Ben", status=Status.ATTENDED)
    gone = person("Cay", status=Status.ATTENDED)
    run(HELD + timedelta(days=1))
    Evaluation.objects.filter(place=answered).update(answered_at=ENDS + timedelta(days=1), confidence=4)
    Place.objects.filter(pk=gone.pk).update(status=Status.MISSED)
    counts = [run(HELD + timedelta(days=day)) for day in (13, 14, 14, 15, 20)]
    assert counts == [0, 1, 0, 0, 0]
    assert [address for _kind, address in mails()].count("ann@hospital.example") == 2
    assert len(mails()) == 4


def test_whoever_was_asked_only_just_before_is_not_reminded(person):
    person("Ann")
    run(HELD - timedelta(days=7))
    assert [run(HELD - timedelta(days=day)) for day in (6, 4, 1)] == [0, 0, 0]


def test_where_questions_have_closed_nobody_is_asked_any_more(training, person):
    """Or one late answer could be worked out from figures told before."""
    person("Ann")
    run(HELD - timedelta(days=7))
    training.starts_at = STARTS + timedelta(days=28)
    training.ends_at = ENDS + timedelta(days=28)
    training.save()
    person("Ben")
    Evaluation.objects.update(closes_on=HELD)
    assert (run(HELD + timedelta(days=22)), asked()) == (0, [("before", "Ann")])


@pytest.mark.parametrize("count", [1, 3])
def test_a_run_with_nothing_to_do_asks_the_database_the_same_of_many_events(
    partnership, django_assert_num_queries, count
):
    course = CourseFactory(partnerships=[partnership])
    for _ in range(count):
        place = PlaceFactory(event=EventFactory(course=course), practitioner=PractitionerFactory())
        EvaluationFactory(place=place, opens_on=HELD - timedelta(days=7), closes_on=HELD)
    with django_assert_num_queries(14):
        run(HELD - timedelta(days=5))


# Answering


@pytest.fixture
def evaluation(person):
    """Of the last stage, open on the day they are asked."""
    place = person("Ann", status=Status.ATTENDED)
    opens_on = HELD + timedelta(weeks=6)
    return EvaluationFactory(place=place, stage=Stage.LATER, opens_on=opens_on, closes_on=opens_on + timedelta(weeks=2))


ASKED_AT = datetime(2027, 3, 24, 9, 0, tzinfo=UTC)
LATER = {"confidence": 4, "changed": "yes", "words": "I ask to see the cot", "hindered": "", "is_with_manager": False}


def test_the_first_answer_stands(evaluation):
    assert answer(evaluation, at=ASKED_AT, **LATER) == State.OPEN
    assert answer(evaluation, at=ASKED_AT, **LATER | {"confidence": 1}) == State.ANSWERED
    evaluation.refresh_from_db()
    assert (evaluation.confidence, evaluation.answered_at) == (4, ASKED_AT)


def test_a_managers_address_gets_one_mail_with_a_link_of_its_own(evaluation):
    for _press in range(2):
        answer(evaluation, at=ASKED_AT, **LATER, manager_email="boss@hospital.example")
    assert mails() == [("manager", "boss@hospital.example")]
    addresses = {links.address_of(kind, evaluation) for kind in (links.EVALUATION, links.EVALUATION_MANAGER)}
    assert len(addresses) == 2


def test_a_manager_answers_once_and_some_days_after_the_practitioner_could(evaluation):
    late = ASKED_AT + timedelta(weeks=2)
    assert state_of_manager(evaluation, at=ASKED_AT) == State.ENDED
    answer(evaluation, at=ASKED_AT, **LATER, manager_email="boss@hospital.example")
    assert answer_as_manager(evaluation, at=late, changed="partly", words="I saw it once") == State.OPEN
    assert answer_as_manager(evaluation, at=late, changed="no", words="") == State.ANSWERED
    evaluation.refresh_from_db()
    assert (evaluation.manager_changed, evaluation.manager_words) == ("partly", "I saw it once")


def test_a_manager_cannot_answer_for_ever(evaluation):
    answer(evaluation, at=ASKED_AT, **LATER, manager_email="boss@hospital.example")
    evaluation.refresh_from_db()
    assert state_of_manager(evaluation, at=ASKED_AT + timedelta(days=27)) == State.OPEN
    assert state_of_manager(evaluation, at=ASKED_AT + timedelta(days=28)) == State.CLOSED


@pytest.mark.parametrize(
    ("change", "at", "state"),
    [
        ({}, ASKED_AT - timedelta(days=2), State.EARLY),
        ({}, ASKED_AT, State.OPEN),
        ({}, ASKED_AT + timedelta(weeks=2), State.CLOSED),
        ({"status": Status.MISSED}, ASKED_AT, State.ENDED),
        ({"status": Status.CANCELLED}, ASKED_AT, State.ENDED),
    ],
)
def test_what_a_link_finds(evaluation, change, at, state):
    Place.objects.filter(pk=evaluation.place_id).update(**change)
    assert answer(evaluation, at=at, **LATER) == state
    assert Evaluation.objects.filter(answered_at__isnull=False).exists() == (state == State.OPEN)


def test_questions_before_close_when_the_event_starts(person):
    evaluation = EvaluationFactory(place=person("Ann"), closes_on=HELD)
    assert state_of(evaluation, at=STARTS - timedelta(minutes=1)) == State.OPEN
    assert state_of(evaluation, at=STARTS) == State.CLOSED


def test_what_waits_is_offered_with_its_address_until_it_is_answered(evaluation):
    places = [evaluation.place]
    assert waiting_for(places, at=ASKED_AT) == [(evaluation, links.address_of(links.EVALUATION, evaluation))]
    answer(evaluation, at=ASKED_AT, **LATER)
    assert waiting_for(places, at=ASKED_AT) == []


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(evaluation):
    states = at_once(
        *[lambda number=n: answer(evaluation, at=ASKED_AT, **LATER | {"confidence": number}) for n in (1, 5)]
    )
    assert sorted(states) == [State.ANSWERED, State.OPEN]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_everybody_once(person):
    for name in ("Ann", "Ben", "Cay"):
        person(name)
    day = HELD - timedelta(days=7)
    with on_day(day):
        counts = at_once(*[lambda: open_evaluations(on=day) for _worker in range(2)])
    assert (sum(counts), len(mails())) == (3, 3)
