"""Training as evidence of how we are doing: by the priorities of its courses, told as its evaluation tells it."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.quarterly import writing
from assurance.quarterly.evidence import all_offers
from assurance.quarterly.offers import Quarter
from plans.models import UpdateRound
from tests.factories import CourseFactory, EventFactory, OrganisationFactory, PlaceFactory, PriorityFactory
from tests.factories_training import EvaluationFactory, EvaluationSummaryFactory
from training.models import Evaluation, Place

TODAY = date(2027, 1, 12)
Stage = Evaluation.Stage


@pytest.fixture
def babies(plan):
    return plan.priorities.get(position=1)


@pytest.fixture
def course(partnership, babies):
    """It serves the first priority."""
    return course_for(partnership, babies)


def course_for(partnership, *priorities, title="Safer sleep"):
    course = CourseFactory(partnerships=[partnership], title=title)
    course.priorities.set(priorities)
    return course


def held(course, month, *, people=0, organisation=None, **fields):
    event = EventFactory(course=course, starts_at=datetime(2026, month, 10, 9, tzinfo=UTC), **fields)
    organisation = organisation or OrganisationFactory()
    for number in range(people):
        status = Place.Status.ATTENDED
        PlaceFactory(event=event, organisation=organisation, person=f"Person {number}", status=status)
    return event


def asked(event, stage, closes_on, **said):
    """Everybody who came answered."""
    for place in event.places.all():
        answers = {"confidence": 4, "usefulness": 5, "changed": "yes"} | said
        answered_at = datetime(2026, 12, 1, tzinfo=UTC)
        opens_on = min(closes_on, date(2026, 7, 1))
        days = {"opens_on": opens_on, "closes_on": closes_on, "answered_at": answered_at}
        EvaluationFactory(place=place, stage=stage, **days, **answers)


def begin(round, office):
    return writing.begin_report(round, by=office, at=datetime(2027, 1, 12, 8, tzinfo=UTC), on=TODAY)


def of_training(report, position=1):
    return {
        each.source_key.partition(":")[0]: each
        for each in report.evidence.filter(stream="training").filter(line__position=position)
    }


def test_who_came_to_a_course_stands_under_the_priority_that_it_serves(course, round_open, office, hospital, charity):
    held(course, 10, people=3, organisation=hospital)
    held(course, 12, people=2, organisation=charity)
    held(course, 11, people=4, cancelled_at=datetime(2026, 11, 1, tzinfo=UTC), cancelled_because="The trainer is ill")
    held(course, 9, people=7)
    report = begin(round_open, office)
    [row] = of_training(report).values()
    assert (row.reference, row.text) == (
        "Courses held, and who came",
        "2 events, with how many people came: Safer sleep (5).",
    )
    assert row.dated_on == date(2026, 12, 10)
    assert of_training(report, position=2) == {}


def test_courses_of_one_priority_are_told_together(partnership, babies, round_open, office):
    for title, people in (("Safer sleep", 3), ("Bruises", 6)):
        event = held(course_for(partnership, babies, title=title), 10, people=people)
        asked(event, Stage.LATER, date(2026, 12, 5))
    rows = of_training(begin(round_open, office))
    assert rows["training-came"].text == "2 events, with how many people came: Bruises (6) and Safer sleep (3)."
    assert "Of 6 people, 6 said that their practice has changed" in rows["training-said"].text
    assert sorted(rows) == ["training-came", "training-said"]


def test_a_course_of_no_priority_or_of_another_partnership_shows_nothing(
    partnership, far_partnership, babies, round_open, office
):
    held(course_for(partnership), 10, people=6)
    held(course_for(far_partnership, babies), 10, people=6)
    held(course_for(partnership, babies, title="Nobody came"), 10)
    assert of_training(begin(round_open, office)) == {}


def test_what_was_said_belongs_to_the_quarter_in_which_its_questions_closed(course, round_open, office):
    event = held(course, 9, people=6)
    asked(event, Stage.BEFORE, date(2026, 9, 10), confidence=2)
    asked(event, Stage.AFTER, date(2026, 9, 24))
    asked(event, Stage.LATER, date(2026, 11, 5))
    [row] = of_training(begin(round_open, office)).values()
    assert row.reference == "What those say who took part in courses"
    assert row.dated_on == date(2026, 11, 5)
    assert "Some weeks later, 6 of 6 who were asked answered" in row.text
    assert "Of 6 people, 6 said that their practice has changed" in row.text
    assert "Straight after" not in row.text
    assert row.text.endswith("Courses: Safer sleep.")


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (5, True)])
def test_what_few_people_said_is_not_told(course, round_open, office, people, is_told):
    asked(held(course, 9, people=people), Stage.LATER, date(2026, 11, 5))
    assert ("training-said" in of_training(begin(round_open, office))) == is_told


def test_what_can_still_be_answered_is_not_told(course, round_open, office):
    asked(held(course, 12, people=6), Stage.LATER, TODAY)
    assert "training-said" not in of_training(begin(round_open, office))


def test_what_people_wrote_is_told_as_it_was_put_together(course, round_open, office):
    event = held(course, 9)
    written = {"event": event, "written_by": office, "answer_count": 6}
    in_quarter = datetime(2026, 11, 20, 9, tzinfo=UTC)
    EvaluationSummaryFactory(
        **written,
        stage=Stage.LATER,
        text="They see the cot.",
        difference="Two risks were found.",
        written_at=in_quarter,
    )
    late = {"difference": "More of them.", "written_at": datetime(2027, 1, 5, 9, tzinfo=UTC)}
    EvaluationSummaryFactory(**written, stage=Stage.AFTER, **late)
    EvaluationSummaryFactory(**written, stage=Stage.BEFORE, text="A longer break.", written_at=in_quarter)
    [row] = of_training(begin(round_open, office)).values()
    assert row.reference == "Safer sleep, 10 September 2026: what people wrote"
    assert row.text == "Some weeks later, 6 answers: They see the cot. Difference made: Two risks were found."


def test_a_course_of_last_years_priority_serves_the_one_it_was_carried_into(partnership, babies, round_open, office):
    before = PriorityFactory(ref="OLD")
    babies.carried_from = before
    babies.save(update_fields=["carried_from"])
    held(course_for(partnership, before), 10, people=6)
    assert list(of_training(begin(round_open, office))) == ["training-came"]


def test_queries_are_as_many_for_three_courses_as_for_one(partnership, babies, round_open, office):
    def count():
        round = UpdateRound.objects.get(pk=round_open.pk)
        with CaptureQueriesContext(connection) as queries:
            list(all_offers(Quarter.of(round), on=TODAY))
        return len(queries)

    def one_more():
        event = held(course_for(partnership, babies, title=f"Course {Place.objects.count()}"), 10, people=6)
        asked(event, Stage.LATER, date(2026, 12, 5))
        EvaluationSummaryFactory(
            event=event, difference="Much.", written_by=office, written_at=datetime(2026, 12, 9, tzinfo=UTC)
        )

    one_more()
    at_1 = count()
    one_more()
    one_more()
    assert count() == at_1
