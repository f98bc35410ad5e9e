"""What whoever coordinates training sees on My work, and the office of training on its desk."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from partnership.reminders.bounces import record_bounce
from tests.assurance.test_role_panels import DESK, MY_WORK, listed, panel_of
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import (
    EvaluationFactory,
    EvaluationSummaryFactory,
    NeedsAnalysisFactory,
    PractitionerFactory,
    TrainingPolicyFactory,
)
from tests.plans.test_plan_page import count_queries
from training.mails.mailing import Kind, put
from training.models import Evaluation, Place, TrainingMail

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
NEXT_WEEK, LAST_WEEK = NOW + timedelta(days=7), NOW - timedelta(days=7)


def places(event, count, status=Place.Status.BOOKED):
    return [PlaceFactory(event=event, person=f"Person {number}", status=status) for number in range(count)]


def mail_about(place, address, *, kind=Kind.BOOKED, **fields):
    put(kind, key=f"{kind}-{place.pk}", address=address, place=place)
    TrainingMail.objects.filter(key__contains=f"{kind}-{place.pk}").update(**fields)


def answered(event, count, *, stage=Evaluation.Stage.AFTER, closes_on=date(2027, 1, 8), words="I ask to see the cot"):
    for place in places(event, count, Place.Status.ATTENDED):
        days = {"opens_on": date(2027, 1, 5), "closes_on": closes_on}
        answers = {"confidence": 4, "usefulness": 4, "answered_at": NOW, "words": words}
        EvaluationFactory(place=place, stage=stage, **days, **answers)


@pytest.fixture
def course(partnership, other_partnership):
    """Of two partnerships, so that nothing may be counted twice."""
    return CourseFactory(partnerships=[partnership, other_partnership])


@pytest.fixture
def waiting(course, partnership, far_partnership):
    """One of everything that wants looking at; beside it the same of a far partnership, and some that are well."""
    for each in (course, CourseFactory(partnerships=[far_partnership])):
        places(EventFactory(course=each, starts_at=NEXT_WEEK, capacity=10), 4)
        full = EventFactory(course=each, starts_at=NEXT_WEEK + timedelta(days=1), capacity=4)
        places(full, 3)
        places(full, 2, Place.Status.WAITING)
        PlaceFactory(event=full, status=Place.Status.AGREEMENT)
        held = EventFactory(course=each, starts_at=LAST_WEEK)
        [place] = places(held, 1)
        mail_about(place, "gone@agency.example", kind=Kind.CERTIFICATE, problem="550 No such user")
        closed = EventFactory(course=each, starts_at=LAST_WEEK - timedelta(days=7), register_closed_at=LAST_WEEK)
        answered(closed, 5)
    places(EventFactory(course=course, starts_at=NEXT_WEEK, capacity=10), 5)
    far_away = EventFactory(course=course, starts_at=NOW + timedelta(days=29), capacity=4)
    EventFactory(course=course, starts_at=NEXT_WEEK, cancelled_at=NOW, cancelled_because="The trainer is ill")
    mail_about(places(far_away, 1)[0], "well@agency.example", sent_at=NOW)
    NeedsAnalysisFactory(partnership=far_partnership, closes_on=date(2027, 1, 8))
    NeedsAnalysisFactory(partnership=partnership, closes_on=date(2027, 1, 8))


def test_a_coordinator_sees_the_next_weeks_and_what_waits_and_each_figure_is_as_long_as_its_list(
    client_of, training_coordinator, waiting
):
    client = client_of(training_coordinator)
    panel = panel_of(client, "training")
    assert listed(client, panel["coming"]) == {
        "events in the next four weeks": 3,
        "with fewer than half of its places taken": 1,
        "full or nearly full": 1,
    }
    assert listed(client, panel["waiting"]) == {
        "event with a waiting list": 1,
        "place that waits for a manager’s agreement": 1,
        "register not closed in time": 1,
        "mail that did not arrive": 1,
        "learning needs analysis to settle": 1,
        "event whose answers nobody has summed up": 1,
    }


def test_a_coordinator_of_whom_nothing_waits_reads_so(client_of, training_coordinator, far_partnership):
    EventFactory(course=CourseFactory(partnerships=[far_partnership]), starts_at=NEXT_WEEK)
    page = client_of(training_coordinator).get(MY_WORK)
    assert "No event is planned in the next four weeks" in page.text
    assert "Nobody waits for a place" in page.text


def test_the_panel_is_the_coordinators_alone(client_of, office, partner, chair, advisor, waiting):
    assert [panel_of(client_of(each), "training") for each in (office, partner, chair, advisor)] == [None] * 4


def test_the_desk_says_what_of_training_is_late(client_of, office, stranger, plan, waiting):
    client = client_of(office)
    late = {"register not closed in time": 1, "mail that did not arrive": 1, "learning needs analysis to settle": 1}
    page = client.get(DESK)
    assert listed(client, page.context["trained"]) == late
    assert "In training" in page.text


def test_a_desk_where_nothing_of_training_is_late_says_nothing_of_it(client_of, office, plan):
    assert "In training" not in client_of(office).get(DESK).text


def test_a_register_is_late_after_the_working_day_that_follows(client_of, training_coordinator, course):
    for day in (date(2027, 1, 7), date(2027, 1, 8), date(2027, 1, 11)):  # Thursday, Friday, Monday; it is Tuesday
        places(EventFactory(course=course, starts_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC)), 1)
    client = client_of(training_coordinator)
    assert listed(client, panel_of(client, "training")["waiting"]) == {"registers not closed in time": 2}


@pytest.mark.parametrize(
    ("kind", "held_at", "fields", "count"),
    [
        (Kind.BOOKED, NEXT_WEEK, {"problem": "550 No such user"}, 1),
        (Kind.BOOKED, NEXT_WEEK, {"sent_at": NOW}, 0),
        (Kind.BOOKED, NEXT_WEEK, {"problem": "Not needed any more: the place was otherwise by then."}, 0),
        (Kind.REMINDER, LAST_WEEK, {"problem": "550 No such user"}, 0),
        (Kind.CERTIFICATE, LAST_WEEK, {"problem": "550 No such user"}, 1),
    ],
)
def test_a_mail_is_missed_as_long_as_it_is_of_use(
    client_of, training_coordinator, course, kind, held_at, fields, count
):
    event = EventFactory(course=course, starts_at=held_at, capacity=2, register_closed_at=NOW)
    mail_about(places(event, 1)[0], "person@agency.example", kind=kind, **fields)
    client = client_of(training_coordinator)
    assert sum(listed(client, panel_of(client, "training")["waiting"]).values()) == count


def test_a_mail_to_an_address_from_which_mail_comes_back_did_not_arrive(client_of, training_coordinator, course):
    place = PlaceFactory(
        event=EventFactory(course=course, starts_at=NEXT_WEEK, capacity=2), practitioner=PractitionerFactory()
    )
    mail_about(place, "person@agency.example", sent_at=LAST_WEEK)
    record_bounce("person@agency.example", is_permanent=True, answer="5.1.1", message=None, at=NOW)
    client = client_of(training_coordinator)
    assert listed(client, panel_of(client, "training")["waiting"]) == {"mail that did not arrive": 1}


@pytest.mark.parametrize(
    ("count", "said", "to_sum_up"),
    [
        (5, {}, 1),
        (4, {}, 0),
        (5, {"words": ""}, 0),
        (5, {"closes_on": date(2027, 1, 12)}, 0),
        (5, {"stage": Evaluation.Stage.BEFORE}, 0),
    ],
)
def test_answers_are_to_be_summed_up_once_enough_said_something_and_no_more_can(
    client_of, training_coordinator, course, count, said, to_sum_up
):
    answered(EventFactory(course=course, starts_at=LAST_WEEK, register_closed_at=NOW), count, **said)
    client = client_of(training_coordinator)
    assert sum(listed(client, panel_of(client, "training")["waiting"]).values()) == to_sum_up


def test_answers_summed_up_wait_no_more_nor_fewer_than_the_rules_ask_for(
    client_of, training_coordinator, course, partnership
):
    event = EventFactory(course=course, starts_at=LAST_WEEK, register_closed_at=NOW)
    answered(event, 5)
    client = client_of(training_coordinator)
    assert panel_of(client, "training")["waiting"] != []
    course.run_by = partnership
    course.save(update_fields=["run_by"])
    policy = TrainingPolicyFactory(partnership=partnership, fewest_answers=6)
    assert panel_of(client, "training")["waiting"] == []
    policy.delete()
    EvaluationSummaryFactory(event=event, written_by=training_coordinator)
    assert panel_of(client, "training")["waiting"] == []


def test_my_work_and_the_desk_take_as_many_queries_for_three_of_each_as_for_one(
    client_of, training_coordinator, office, plan, course, waiting
):
    at_1 = [count_queries(client_of(training_coordinator), MY_WORK), count_queries(client_of(office), DESK)]
    for number in range(2):
        places(EventFactory(course=course, starts_at=LAST_WEEK - timedelta(days=number)), 2)
        answered(EventFactory(course=course, starts_at=LAST_WEEK - timedelta(days=30 + number)), 6)
        full = EventFactory(course=course, starts_at=NEXT_WEEK + timedelta(hours=number), capacity=1)
        places(full, 1)
        places(full, 1, Place.Status.WAITING)
    assert [count_queries(client_of(training_coordinator), MY_WORK), count_queries(client_of(office), DESK)] == at_1


def test_who_runs_no_training_is_not_offered_registers_to_close(client_of, training_coordinator, partner, course):
    def offered(person):
        form = client_of(person).get(reverse("training:event-list")).context["filter"].form
        return [value for value, _words in form.fields["when"].choices]

    assert (offered(training_coordinator), offered(partner)) == (
        ["", "soon", "past", "late", "all"],
        ["", "soon", "past", "all"],
    )
