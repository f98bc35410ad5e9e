"""What a round still waits for stands on the right person's list, and on nobody else's."""

from datetime import UTC, date, datetime

import pytest

from partnership.deadlines import deadlines, deadlines_for
from plans.models import Plan, PriorityReview
from plans.reviewing import decide_rating, propose_rating
from tests.conftest import TODAY
from tests.factories import PlanFactory

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def rated_round(round_open):
    round_open.proposals_due_on = "2027-02-05"
    round_open.decisions_due_on = "2027-02-19"
    round_open.save()
    round_open.refresh_from_db()
    return round_open


def titles_due(kind):
    return sorted(deadline.title for deadline in deadlines(on=TODAY) if deadline.kind == kind)


def test_two_running_plans_of_one_partnership_are_told_apart(plan, rated_round, partnership, far_partnership, office):
    plan.review_dates.create(held_on=date(2027, 1, 20), label="Quarter 3")
    told = {
        "Highlight report": ["Highlight report for October to December 2026"],
        "Rating": ["Propose a rating for each priority: October to December 2026"],
        "Review of the plan": ["Look at the plan again: Quarter 3"],
        "Round": ["Closes: October to December 2026"],
    }
    PlanFactory(partnerships=[far_partnership])
    PlanFactory(partnerships=[partnership], status=Plan.Status.DRAFT)
    assert {kind: titles_due(kind) for kind in told} == told
    PlanFactory(partnerships=[partnership], title="A plan beside it")
    assert {kind: titles_due(kind) for kind in told} == {
        kind: [f"{title}, {plan.title}"] for kind, [title] in told.items()
    }


def ratings_due_from(user):
    return [deadline.key for deadline in deadlines_for(user, on=TODAY) if deadline.kind == "Rating"]


def test_scrutiny_is_asked_to_propose_until_every_priority_has_a_proposal(
    plan, rated_round, scrutiny_chair, executive_chair, office
):
    key = f"proposals:{rated_round.pk}"
    assert (ratings_due_from(scrutiny_chair), ratings_due_from(executive_chair)) == ([key], [])
    first, *others = plan.priorities.all()
    for priority in [first, *others]:
        assert ratings_due_from(scrutiny_chair) == [key]
        review = PriorityReview(priority=priority, round=rated_round)
        propose_rating(review, by=scrutiny_chair, at=NOW, proposed_rating=plan.ratings[0], scrutiny_comments="Seen")
    assert (ratings_due_from(scrutiny_chair), ratings_due_from(office)) == ([], [])


def test_the_deciding_group_is_asked_once_something_is_proposed(plan, rated_round, scrutiny_chair, executive_chair):
    review = PriorityReview(priority=plan.priorities.first(), round=rated_round)
    review = propose_rating(
        review, by=scrutiny_chair, at=NOW, proposed_rating=plan.ratings[0], scrutiny_comments="Seen"
    )
    assert ratings_due_from(executive_chair) == [f"decisions:{rated_round.pk}"]
    decide_rating(review, by=executive_chair, at=NOW, decided_rating=plan.ratings[0])
    assert ratings_due_from(executive_chair) == []


def test_a_round_without_dates_for_ratings_asks_nobody(plan, round_open, scrutiny_chair):
    assert ratings_due_from(scrutiny_chair) == []
