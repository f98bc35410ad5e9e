"""What evaluations tell: honest rates, and nothing from which one person's answer could be worked out."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EvaluationFactory, TrainingPolicyFactory
from training.evaluation.asking import figures_by_event, figures_of
from training.evaluation.charts import drawings_of, in_words
from training.evaluation.figures import Pairs, Spread
from training.evaluation.telling import AGREES, CHANGED, KEPT, LEARNED, tells_of_enough, told_groups
from training.models import Evaluation, Place

pytestmark = pytest.mark.django_db

Stage = Evaluation.Stage
HELD = date(2026, 10, 6)
SAID_AT = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
CLOSES = {
    Stage.BEFORE: HELD,
    Stage.AFTER: HELD + timedelta(weeks=3),
    Stage.LATER: HELD + timedelta(weeks=8),
}
EVERYTHING_CLOSED = HELD + timedelta(weeks=11)
ANSWERS = {
    Stage.BEFORE: {"confidence": 2},
    Stage.AFTER: {"confidence": 4, "usefulness": 5},
    Stage.LATER: {"confidence": 4, "changed": "yes"},
}


@pytest.fixture
def held(partnership):
    course = CourseFactory(partnerships=[partnership])
    return EventFactory(course=course, starts_at=datetime(2026, 10, 6, 9, 30, tzinfo=UTC))


@pytest.fixture
def came(hospital):
    """``came(event, count)``: places of people who came."""

    def came(event, count):
        fields = {"event": event, "organisation": hospital, "status": Place.Status.ATTENDED}
        return [PlaceFactory(**fields, person=f"Person {n}") for n in range(count)]

    return came


def say(place, stage, **said):
    """An answer; with ``said`` None, a question without one."""
    fields = {"place": place, "stage": stage, "opens_on": HELD - timedelta(days=7), "closes_on": CLOSES[stage]}
    answers = {"answered_at": SAID_AT} | ANSWERS[stage] | said
    return EvaluationFactory(**fields, **answers)


def ask(place, stage):
    fields = {"place": place, "stage": stage, "opens_on": HELD - timedelta(days=7), "closes_on": CLOSES[stage]}
    return EvaluationFactory(**fields)


def told(event, *, on=EVERYTHING_CLOSED):
    return figures_of(event, on=on)


# Rates


def test_rates_are_of_those_asked_and_of_those_who_came(held, came):
    places = came(held, 10)
    for place in places[:6]:
        say(place, Stage.AFTER)
    for place in places[6:8]:
        ask(place, Stage.AFTER)
    after = told(held).after
    assert (after.asked_count, after.answered_count, after.came_count) == (8, 6, 10)
    assert (after.asked_share, after.came_share, after.left_out_count) == (75, 60, 2)


def test_whoever_gave_the_place_back_without_an_answer_was_not_asked(held, came):
    gone, *places = came(held, 6)
    for place in places:
        say(place, Stage.BEFORE)
    ask(gone, Stage.BEFORE)
    assert told(held).before.asked_count == 6
    Place.objects.filter(pk=gone.pk).update(status=Place.Status.CANCELLED)
    assert told(held).before.asked_count == 5


def test_an_answer_stays_in_the_figures_whatever_becomes_of_the_place(held, came):
    """Or the register, put right afterwards, would give away what one person said."""
    places = came(held, 6)
    for place in places:
        say(place, Stage.AFTER)
    before = told(held).after
    Place.objects.filter(pk=places[0].pk).update(status=Place.Status.MISSED)
    after = told(held).after
    assert (after.confidence, after.answered_count) == (before.confidence, before.answered_count)


def test_an_event_of_which_nobody_was_asked_has_no_rates(held, came):
    came(held, 3)
    figures = told(held)
    assert [(each.asked_share, each.came_share) for each in figures.stages] == [(None, None)] * 3
    assert (in_words(figures), drawings_of(figures), figures.is_asked) == ([], [], False)


# What people said


def test_confidence_usefulness_and_change_are_told_with_the_pairs(held, came):
    for number, place in enumerate(came(held, 6)):
        say(place, Stage.BEFORE, confidence=2 + number % 2)
        say(place, Stage.AFTER, confidence=3 if number else 2, usefulness=5)
        say(
            place,
            Stage.LATER,
            changed="yes" if number < 4 else "not-yet",
            manager_email="m@hospital.example",
            manager_answered_at=SAID_AT,
            manager_changed="yes",
        )
    figures = told(held)
    assert figures.before.confidence == Spread((0, 3, 3, 0, 0))
    assert figures.after.usefulness == Spread((0, 0, 0, 0, 6))
    assert figures.later.changed == Spread((4, 0, 2, 0))
    assert figures.learned == Pairs(Spread((0, 3, 3, 0, 0)), Spread((0, 1, 5, 0, 0)), more_count=2, less_count=0)
    assert (figures.learned.count, figures.learned.same_count) == (6, 4)
    assert (figures.learned.earlier.mean, figures.learned.later.mean) == (2.5, 2.8)
    assert (figures.manager.changed, figures.manager.agree_count) == (Spread((6, 0, 0, 0)), 4)
    assert figures.manager.agreement_count == 6
    assert in_words(figures)[2] == (
        "Of 6 people who said how confident they were before and straight after, 2 were more confident, "
        "4 as confident and 0 less: the mean went from 2.5 to 2.8 of 5."
    )


@pytest.mark.parametrize(("count", "is_told"), [(4, False), (5, True)])
def test_fewer_than_five_are_not_told(held, came, count, is_told):
    for place in came(held, count):
        for stage in Stage:
            say(place, stage)
    figures = told(held)
    shown = [figures.before.confidence, figures.after.usefulness, figures.later.changed, figures.learned, figures.kept]
    assert [each is not None for each in shown] == [is_told] * 5
    assert bool(drawings_of(figures)) == is_told
    assert figures.after.answered_count == count


def test_the_partnerships_own_number_counts_where_it_is_higher(held, came, partnership):
    TrainingPolicyFactory(partnership=partnership, fewest_answers=7)
    for place in came(held, 6):
        say(place, Stage.AFTER)
    assert (told(held).after.confidence, told(held).fewest) == (None, 7)


def test_nothing_is_told_while_somebody_can_still_answer(held, came):
    """Or the mean of six minus that of five would be what the sixth has just said."""
    for place in came(held, 6):
        say(place, Stage.AFTER)
    assert told(held, on=CLOSES[Stage.AFTER]).after.confidence is None
    assert told(held, on=CLOSES[Stage.AFTER] + timedelta(days=1)).after.confidence == Spread((0, 0, 0, 6, 0))


def test_managers_are_told_of_once_they_cannot_answer_any_more(held, came):
    manager = {"manager_email": "m@hospital.example", "manager_answered_at": SAID_AT, "manager_changed": "yes"}
    for place in came(held, 5):
        say(place, Stage.LATER, **manager)
    closed = CLOSES[Stage.LATER] + timedelta(days=14)
    assert told(held, on=closed).manager.changed is None
    assert told(held, on=closed + timedelta(days=1)).manager.changed == Spread((5, 0, 0, 0))


# Nobody by subtraction


def test_of_those_who_answered_twice_and_of_all_only_one_is_told_where_the_others_are_few(held, came):
    """Of six before, five after too: six minus five is what the sixth said before."""
    *both, alone = came(held, 6)
    for place in both:
        for stage in (Stage.BEFORE, Stage.AFTER):
            say(place, stage)
    say(alone, Stage.BEFORE, confidence=5)
    say(alone, Stage.LATER)
    figures = told(held)
    assert (figures.learned.count, figures.before.confidence) == (5, None)
    assert figures.after.confidence.count == 5


def test_both_are_told_where_the_others_are_many(held, came):
    places = came(held, 10)
    for place in places:
        say(place, Stage.BEFORE)
    for place in places[:5]:
        say(place, Stage.AFTER)
    say(places[0], Stage.LATER)
    assert (told(held).learned.count, told(held).before.confidence.count) == (5, 10)


def test_managers_are_not_compared_where_the_practitioners_without_one_are_few(held, came):
    manager = {"manager_email": "m@hospital.example", "manager_answered_at": SAID_AT, "manager_changed": "yes"}
    *places, alone = came(held, 6)
    for place in places:
        say(place, Stage.LATER, **manager)
    say(alone, Stage.LATER, changed="no")
    figures = told(held)
    assert (figures.later.changed.count, figures.manager.changed.count) == (6, 5)
    assert (figures.manager.agreement_count, figures.manager.agree_count) == (None, None)


def test_totals_add_up_only_what_is_told_of_each_event(held, came, partnership):
    """A course minus its events, or a longer stretch of days minus a shorter, leaves nothing that was not told."""
    small = EventFactory(course=held.course, starts_at=held.starts_at)
    for place in came(held, 6):
        say(place, Stage.AFTER)
    for place in came(small, 4):
        say(place, Stage.AFTER, confidence=1)
    both, large = figures_of([held, small], on=EVERYTHING_CLOSED), told(held)
    assert both.after.confidence == large.after.confidence == Spread((0, 0, 0, 6, 0))
    assert (both.after.answered_count, both.after.few_event_count, both.event_count) == (10, 1, 2)
    assert [told(small).after.confidence, told(small).after.answered_count] == [None, 4]


def combinations_of(groups):
    """People in each sum and difference of up to twice each group, by how often they count."""
    for factors in product(range(-2, 3), repeat=len(groups)):
        weights = {}
        for factor, people in zip(factors, groups, strict=True):
            for person in people:
                weights[person] = weights.get(person, 0) + factor
        yield {person for person, weight in weights.items() if weight}


ANSWERS_OF = {
    "confidence before": [Stage.BEFORE, LEARNED, KEPT],
    "confidence after": [Stage.AFTER, LEARNED],
    "confidence later": [Stage.LATER, KEPT],
    "changed": [CHANGED, AGREES],
}


def some_answers(random):
    """Rows of an event of 5 to 24 people, of whom some answered which stage, and some with a manager."""
    people, shares = range(random.randint(5, 24)), [random.choice([0.3, 0.6, 0.9, 1]) for _stage in range(4)]
    rows = {stage: {} for stage in Stage}
    for stage, share in zip(Stage, shares, strict=False):
        for person in people:
            is_said, has_manager = random.random() < share, random.random() < shares[3]
            rows[stage][person] = Evaluation(
                stage=stage,
                closes_on=CLOSES[stage],
                answered_at=SAID_AT if is_said else None,
                manager_answered_at=SAID_AT if is_said and has_manager else None,
                **ANSWERS[stage],
            )
    return rows


def attack(found, *, fewest):
    """How few people each small combination of what is told is about, where that is fewer than ``fewest``."""
    few = set()
    for names in ANSWERS_OF.values():
        groups = [people for name, people in found if name in names]
        few |= {len(people) for people in combinations_of(groups)} & set(range(1, fewest))
    return few


@pytest.mark.parametrize(("fewest", "least_shown"), [(5, 1500), (7, 1000)])
def test_no_sum_or_difference_of_what_is_told_is_about_fewer_people(fewest, least_shown):
    """Three hundred events, each attacked with every small combination of its figures."""
    random, shown = Random(11), 0
    for _event in range(300):
        found = told_groups(some_answers(random), on=EVERYTHING_CLOSED, fewest=fewest)
        shown += len(found)
        assert attack(found.items(), fewest=fewest) == set()
    assert shown > least_shown  # it is not by hiding everything


def test_asking_for_five_and_then_for_seven_tells_of_nobody_alone():
    random = Random(12)
    for _event in range(200):
        rows = some_answers(random)
        found = {
            (name, people)
            for fewest in (5, 7)
            for name, people in told_groups(rows, on=EVERYTHING_CLOSED, fewest=fewest).items()
        }
        assert attack(found, fewest=5) == set()


def test_the_attack_finds_what_is_wrong():
    """What the test above would have found without the rule."""
    six, five = frozenset(range(6)), frozenset(range(5))
    assert {len(few) for few in combinations_of([six, five])} & {1, 2, 3, 4} == {1}
    assert not tells_of_enough([six, five], 5)
    assert tells_of_enough([six, six], 5)


def test_a_later_stage_never_takes_back_what_was_told():
    random = Random(5)
    for _event in range(60):
        rows = {
            stage: {
                person: Evaluation(
                    stage=stage,
                    closes_on=CLOSES[stage],
                    answered_at=SAID_AT if random.random() < 0.8 else None,
                    **ANSWERS[stage],
                )
                for person in range(14)
            }
            for stage in Stage
        }
        days = [closes + timedelta(days=1) for closes in CLOSES.values()]
        names = [set(told_groups(rows, on=day, fewest=5)) for day in days]
        assert names[0] <= names[1] <= names[2]


@pytest.mark.parametrize("count", [1, 3, 10])
def test_figures_of_many_events_cost_the_same(partnership, came, django_assert_num_queries, count):
    events = [EventFactory(course=CourseFactory(partnerships=[partnership])) for _ in range(count)]
    for event in events:
        for place in came(event, 2):
            say(place, Stage.AFTER)
    with django_assert_num_queries(5):
        figures_by_event(events, on=EVERYTHING_CLOSED)
