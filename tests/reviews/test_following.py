"""A recommendation goes with its row into the next year's plan, for those who may see that."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from plans.models import Evidence
from plans.writing import retire_row
from reviews.recommendations import answer_recommendation, link_row
from tests.conftest import TODAY
from tests.factories import DeliverableFactory, RecommendationFactory, UpdateFactory

LIST = reverse("reviews:recommendation-list")


@pytest.fixture
def accepted(partnership, office):
    recommendation = RecommendationFactory(partnership=partnership, text="Ask about everybody who cares for the baby.")
    return answer_recommendation(recommendation, answer="accepted", because="", on=TODAY, by=office)


@pytest.fixture
def carried(office, accepted, plan, draft_plan, ratings, round_past):
    """(the row of this year that carries it out, the same promise in next year's plan)."""
    row = plan.priorities.first().deliverables.first()
    link_row(accepted, row, by=office)
    UpdateFactory(deliverable=row, round=round_past, rating=ratings["A"], progress="Half the teams were asked.")
    return row, DeliverableFactory(priority__plan=draft_plan, title="The same, next year", carried_from=row)


def test_it_follows_its_row_into_next_years_plan_for_those_who_may_see_that(
    client_of, office, lead, accepted, carried, draft_plan
):
    row, later = carried
    page = accepted.get_absolute_url()

    def seen_by(who):
        [action] = client_of(who).get(page).context["rows"]
        return action.now, action.latest["progress"]

    said = "Half the teams were asked."
    assert [seen_by(office), seen_by(lead)] == [(later, said), (row, said)]
    assert "The same, next year" not in client_of(lead).get(page).content.decode()
    assert link_row(accepted, later, by=office).deliverable == row
    draft_plan.status = "published"
    draft_plan.save()
    assert seen_by(lead) == (later, said)
    words = client_of(lead).get(page).content.decode()
    assert (later.get_absolute_url() in words, row.get_absolute_url() in words) == (True, True)
    assert later.get_absolute_url() in client_of(lead).get(LIST).content.decode()
    assert accepted.text in client_of(lead).get(later.get_absolute_url()).content.decode()
    retire_row(draft_plan, later, on=TODAY, reason="Done by another board")
    assert "Done by another board" in client_of(lead).get(page).content.decode()


def test_what_next_years_updates_bring_is_evidence_of_it_too(client_of, office, accepted, carried, round_past):
    for each in carried:
        Evidence.objects.create(
            deliverable=each, round=round_past, label=f"Of {each}", address="https://a.example", added_by=office,
            added_at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
        )  # fmt: skip
    page = client_of(office).get(accepted.get_absolute_url())
    assert page.context["recommendation"].evidence_count == 2
    assert all(f"Of {each}" in page.content.decode() for each in carried)
