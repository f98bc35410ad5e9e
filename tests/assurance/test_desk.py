"""The office desk: every running plan, what is late, silent and drifting, with one step each."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    MilestoneFactory,
    PlanFactory,
    PriorityFactory,
    UpdateFactory,
    UpdateRoundFactory,
)
from tests.plans.test_plan_page import count_queries

DESK = reverse("assurance:desk")


@pytest.fixture
def adults_plan(partnership, other_partnership, rating_key):
    """A second plan that runs, of the same office."""
    plan = PlanFactory(
        title="Adults plan 2026 to 2027", partnerships=[partnership, other_partnership], rating_key=rating_key
    )
    row = DeliverableFactory(priority=PriorityFactory(plan=plan), title="Falls at home")
    activity = ActivityFactory(deliverable=row, timescale_kind="date")
    MilestoneFactory(activity=activity, due_on=date(2026, 12, 1))
    return plan


@pytest.fixture
def far_plan(far_partnership, rating_key):
    return PlanFactory(title="Farholme’s plan", partnerships=[far_partnership], rating_key=rating_key)


def lines_of(desk):
    return [(line.plan.title, line.kind.code, line.what) for line in (*desk.silent, *desk.drift)]


def test_the_desk_shows_all_running_plans_and_can_be_narrowed_to_one(
    client_of, office, plan, adults_plan, far_plan, round_past, led_deliverable, ratings, lead
):
    UpdateFactory(deliverable=led_deliverable, round=round_past, rating=ratings["G"], submitted_by=lead)
    desk = client_of(office).get(DESK).context["desk"]
    assert {each.title for each in desk.plans} == {plan.title, adults_plan.title}
    assert lines_of(desk) == [
        (adults_plan.title, "nobody", "Falls at home"),
        (plan.title, "nobody", "2.1 Families get help before neglect becomes harm"),
        (plan.title, "well-but-late", "1.1 A shared plan with every family before a birth"),
    ]
    assert [(each.title, promise.title, days) for each, promise, days in desk.late] == [
        (plan.title, "A shared plan with every family before a birth", 43),
        (adults_plan.title, "Falls at home", 42),
    ]
    narrowed = client_of(office).get(DESK, {"plan": adults_plan.pk}).context["desk"]
    assert lines_of(narrowed) == [(adults_plan.title, "nobody", "Falls at home")]


@pytest.mark.parametrize("asked", ["0", "x", "999999999999999999999", "<script>"])
def test_a_plan_that_is_not_the_offices_narrows_nothing(client_of, office, plan, far_plan, asked):
    for each in (asked, str(far_plan.pk)):
        assert client_of(office).get(DESK, {"plan": each}).context["desk"].shown[0].plan == plan


def test_the_desk_takes_as_many_queries_for_two_plans_with_rounds_as_for_one(
    client_of, office, plan, round_past, rating_key, partnership, ratings, lead
):
    client = client_of(office)
    at_1 = count_queries(client, DESK)
    for n in range(2):
        other = PlanFactory(title=f"Plan {n}", partnerships=[partnership], rating_key=rating_key)
        row = DeliverableFactory(priority=PriorityFactory(plan=other))
        UpdateFactory(deliverable=row, round=UpdateRoundFactory(plan=other), rating=ratings["A"], submitted_by=lead)
    assert count_queries(client, DESK) == at_1
