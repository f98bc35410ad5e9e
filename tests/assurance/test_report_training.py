"""What the annual report says of training: what it changed and which needs it met, not only how many came."""

from datetime import UTC, date, datetime

import pytest

from assurance.annual.training import NO_IMPACT, facts_of_training, lacks_of_training
from assurance.annual.year import Year
from tests.factories import CourseFactory, EventFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import (
    AgencyTrainingReturnFactory,
    EvaluationFactory,
    EvaluationSummaryFactory,
    EventTrainerFactory,
    LearningNeedFactory,
    NeedsAnalysisFactory,
)
from training.models import Evaluation, PlaceStatus

STARTS, ENDS = date(2025, 4, 1), date(2026, 3, 31)
NIGHT = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def year(partnership, today):
    return Year(frozenset({partnership.pk}), STARTS, ENDS)


def held(partnership, answers=0):
    event = EventFactory(
        course=CourseFactory(title="Safer sleep", partnerships=[partnership]),
        starts_at=datetime(2025, 11, 10, 9, 30, tzinfo=UTC),
    )
    for _ in range(max(answers, 1)):
        place = PlaceFactory(event=event, status=PlaceStatus.ATTENDED)
        if answers:
            EvaluationFactory(
                place=place,
                stage=Evaluation.Stage.LATER,
                opens_on=date(2025, 12, 22),
                closes_on=date(2026, 1, 5),
                answered_at=NIGHT,
                confidence=4,
                changed="yes",
            )
    return event


def told(year):
    return {fact.source_key.removeprefix("training-").split(":")[0]: fact for fact in facts_of_training(year)}


def test_what_those_who_took_part_say_is_a_difference(year, partnership):
    held(partnership, answers=6)
    fact = told(year)["evaluation"]
    assert "Of 6 people, 6 said that their practice has changed" in fact.text
    assert (fact.shows, list(lacks_of_training(year))) == ("difference", [])


def test_what_few_say_is_not_told_and_the_report_lacks_it(year, partnership):
    held(partnership, answers=4)
    assert "evaluation" not in told(year)
    assert [what for what, _url in lacks_of_training(year)] == [NO_IMPACT]


def test_a_year_without_training_lacks_nothing_of_it(year):
    assert (told(year), list(lacks_of_training(year))) == ({}, [])


def test_a_summary_by_hand_with_its_difference_is_evidence(year, partnership, office):
    EvaluationSummaryFactory(
        event=held(partnership), stage="later", text="They ask.", difference="Fewer babies on sofas.", written_by=office
    )
    fact = told(year)["summary"]
    assert fact.text == "Safer sleep, 6 answers some weeks later: They ask. Fewer babies on sofas."
    assert (fact.shows, list(lacks_of_training(year))) == ("difference", [])


def test_needs_say_how_many_came_or_why_they_were_left(year, partnership):
    analysis = NeedsAnalysisFactory(
        partnership=partnership, starts_on=STARTS, ends_on=ENDS, opens_on=None, closes_on=None, settled_on=STARTS
    )
    draft = NeedsAnalysisFactory(partnership=partnership, starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    event = held(partnership)
    LearningNeedFactory(analysis=analysis, position=1, topic="Sleep", decision="met", courses=[event.course])
    LearningNeedFactory(analysis=analysis, position=2, topic="Records", decision="unmet", reasons="No rule yet.")
    LearningNeedFactory(analysis=draft, topic="Canary", decision="unmet", reasons="Not settled")
    assert [fact.text for fact in facts_of_training(year) if "need" in fact.source_key] == [
        "Learning need “Sleep”: met by courses, 1 person came.",
        "Learning need “Records”: left unmet. No rule yet.",
    ]


def test_agencies_that_gave_trainers_are_named_with_their_days(year, partnership):
    event = held(partnership)
    EventTrainerFactory(event=event, organisation=OrganisationFactory(name="Police"), days="1.5")
    EventTrainerFactory(event=event, organisation=OrganisationFactory(name="Council"), days="0.5")
    assert told(year)["trainers"].text == (
        "Agencies gave 2 trainer days. Most came from Police (1.5) and Council (0.5)."
    )


def test_own_training_counts_once_it_is_submitted(year, partnership):
    for number, moment in enumerate([NIGHT, None]):
        AgencyTrainingReturnFactory(
            partnership=partnership,
            organisation=OrganisationFactory(name=f"Agency {number}"),
            starts_on=STARTS,
            ends_on=ENDS,
            difference="Canary of a draft" if moment is None else "Files say more.",
            submitted_at=moment,
        )
    assert [fact.text for fact in facts_of_training(year)] == ["Agency 0, on its own training: Files say more."]


@pytest.mark.parametrize("count", [1, 3])
def test_a_fuller_year_asks_no_more(year, partnership, office, count, django_assert_num_queries):
    analysis = NeedsAnalysisFactory(
        partnership=partnership, starts_on=STARTS, ends_on=ENDS, opens_on=None, closes_on=None, settled_on=STARTS
    )
    for _ in range(count):
        event = held(partnership, answers=6)
        LearningNeedFactory(analysis=analysis, decision="met", courses=[event.course])
        EvaluationSummaryFactory(event=event, stage="later", written_by=office)
        EventTrainerFactory(event=event)
    with django_assert_num_queries(12):
        list(facts_of_training(year))
