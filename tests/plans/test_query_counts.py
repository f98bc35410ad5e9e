"""Pages of plans take as many queries for three rows as for one."""

import pytest
from django.urls import reverse

from partnership.models import MeetingDecision, Rule
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    MeetingFactory,
    PlanFactory,
    PriorityFactory,
    RationaleItemFactory,
    RuleFactory,
    UpdateFactory,
)
from tests.plans.test_plan_page import count_queries


def add_answered_deliverables(priority, round, ratings, by, *, count, position):
    """Deliverables with an update in the round, of ``by``."""
    for n in range(count):
        deliverable = DeliverableFactory(priority=priority, position=position + n, ref=str(position + n))
        UpdateFactory(deliverable=deliverable, round=round, rating=ratings["G"], submitted_by=by)


def test_plan_list_takes_as_many_queries_for_three_plans_as_for_one(
    client_of, office, plan, partnership, other_partnership
):
    client, url = client_of(office), reverse("plans:plan-list")
    at_1 = count_queries(client, url)
    for year in ("2024 to 2025", "2025 to 2026"):
        PlanFactory(title=f"Business plan {year}", partnerships=[partnership, other_partnership])
    assert count_queries(client, url) == at_1


@pytest.mark.parametrize("page", ["round", "review"])
def test_page_of_a_round_takes_as_many_queries_for_three_deliverables_as_for_one(
    client_of, office, plan, round_open, ratings, lead, page
):
    client, neglect = client_of(office), plan.priorities.get(position=2)
    url = round_open.get_absolute_url()
    if page == "review":
        url = reverse("plans:review-detail", args=[neglect.pk, round_open.pk])
    neglect.deliverables.all().delete()
    add_answered_deliverables(neglect, round_open, ratings, lead, count=1, position=1)
    at_1 = count_queries(client, url)
    add_answered_deliverables(neglect, round_open, ratings, lead, count=2, position=2)
    assert count_queries(client, url) == at_1


def test_page_of_a_deliverable_takes_as_many_queries_for_three_updates_as_for_one(
    client_of, office, led_deliverable, round_past, past_update, ratings, lead
):
    client, url = client_of(office), led_deliverable.get_absolute_url()
    at_1 = count_queries(client, url)
    earlier = past_update
    for _again in range(2):
        earlier = UpdateFactory(
            deliverable=led_deliverable,
            round=round_past,
            rating=ratings["R"],
            submitted_by=lead,
            superseded_by=earlier,
        )
    assert count_queries(client, url) == at_1


def test_page_of_a_plan_takes_as_many_queries_for_sixty_deliverables_as_for_ten(
    client_of, office, plan, executive, other_partner
):
    meeting = MeetingFactory(group=executive, status="held")
    decision = MeetingDecision.objects.create(meeting=meeting, ref="D1", text="Babies come first.")
    duty = RuleFactory(unit=Rule.Unit.DUTY)
    pages = [(client_of(person), plan.get_absolute_url()) for person in (office, other_partner)]
    counts = []
    for count in (10, 50):
        priority = PriorityFactory(plan=plan, position=10 + count, ref=str(10 + count))
        for n in range(count):
            RationaleItemFactory(priority=priority, position=n, source_key=f"decision:{decision.pk}", source_label="D1")
            plan.drivers.create(position=count + n, text="A driver", source_key=f"decision:{decision.pk}")
            row = DeliverableFactory(priority=priority, position=n, duty=duty)
            ActivityFactory(deliverable=row, position=1)
        counts.append([count_queries(client, url) for client, url in pages])
    assert counts[0] == counts[1]
