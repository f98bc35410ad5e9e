"""The plan page: what it shows to whom, and that it does not grow with its rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.due_words import due_words
from plans.models import Activity, Deliverable, Milestone
from tests.conftest import TODAY


def count_queries(client, url):
    """Queries of one page; the savepoint that the test's own transaction adds is not the page's."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len([q for q in captured if "SAVEPOINT" not in q["sql"]])


def add_deliverables(plan, count, *, activities=3):
    priority = plan.priorities.first()
    for n in range(count):
        deliverable = Deliverable.objects.create(priority=priority, position=100 + n, ref=str(n), title=f"Promise {n}")
        for m in range(activities):
            activity = Activity.objects.create(
                deliverable=deliverable,
                position=m + 1,
                text="Do it",
                timescale_text="March 2027",
                timescale_kind="date",
            )
            Milestone.objects.create(activity=activity, due_on="2027-03-31")


def test_plan_page_takes_at_most_12_queries_for_10_and_60_deliverables(client_of, office, plan, round_open):
    client = client_of(office)
    add_deliverables(plan, 10)
    at_10 = count_queries(client, plan.get_absolute_url())
    add_deliverables(plan, 50)
    assert count_queries(client, plan.get_absolute_url()) == at_10
    assert at_10 <= 12


def test_plan_shows_the_words_written_and_the_date_as_read(client_of, office, plan):
    page = client_of(office).get(plan.get_absolute_url()).content.decode()
    activity = Activity.objects.filter(deliverable__priority__plan=plan, timescale_kind="date").first()
    milestones = activity.milestones.values_list("due_on", "met_on")
    assert activity.timescale_text in page
    assert due_words(activity.timescale_kind, list(milestones), on=TODAY).words in page


@pytest.mark.parametrize("status", ["draft", "consultation"])
def test_unpublished_plan_does_not_exist_for_a_stranger(client_of, stranger, plan, status):
    plan.status = status
    plan.save()
    assert client_of(stranger).get(plan.get_absolute_url()).status_code == 404


def test_stranger_reads_a_published_plan_without_proposals_or_rounds(
    client_of, stranger, plan, round_past, review_proposed
):
    response = client_of(stranger).get(plan.get_absolute_url(), follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(plan.versions.get().get_absolute_url(), 302)]
    assert plan.title in page
    assert "proposed" not in page
    assert str(round_past) not in page


def test_filter_keeps_only_overdue_deliverables(client_of, office, plan):
    response = client_of(office).get(plan.get_absolute_url(), {"timescale": "overdue"})
    shown = {row.pk for row in response.context["table"].deliverables}
    assert shown == {row.pk for row in response.context["table"].deliverables if row.is_overdue}
    assert shown


@pytest.mark.parametrize("query", ["rating=nonsense", "lead=%00", "partnership=999999", "timescale=<script>"])
def test_a_nonsense_filter_is_no_server_error(client_of, office, plan, query):
    response = client_of(office).get(f"{plan.get_absolute_url()}?{query}")
    assert response.status_code in {200, 400}
