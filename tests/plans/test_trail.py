"""What became of a promise and where it comes from; and that a draft of next year is not told of."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance.annual.starting import start_report
from assurance.models import ReportEvidence
from plans.carrying import finish
from plans.models import Deliverable, Plan
from plans.trail import totals_of, trail_of, years_of
from tests.factories import DeliverableFactory, PlanFactory, PriorityFactory, RuleFactory
from tests.plans.conftest import carry, settle
from tests.plans.test_plan_page import add_deliverables, count_queries

pytestmark = pytest.mark.django_db


def publish(plan):
    Plan.objects.filter(pk=plan.pk).update(status="published")


def outcomes(plan):
    return reverse("plans:plan-outcomes", args=[plan.pk])


@pytest.fixture
def carried(plan, decided, shared_deliverable):
    """2.1 of the draft, carried from 2.1 of the plan that runs."""
    finish(plan, decided)
    return Deliverable.objects.get(carried_from=shared_deliverable)


@pytest.fixture
def long_kept(shared_deliverable, partnership):
    """The promise that 2.1 was in each of the two years before: 4.2 and, before that, 1.3."""
    earlier = None
    for year, ref, own in ((2024, "1", "3"), (2025, "4", "2")):
        old = PlanFactory(
            title=f"Business plan {year} to {year + 1}",
            starts_on=date(year, 4, 1),
            ends_on=date(year + 1, 3, 31),
            status="closed",
            partnerships=[partnership],
        )
        priority = PriorityFactory(plan=old, ref=ref)
        earlier = DeliverableFactory(priority=priority, ref=own, carried_from=earlier, title="The same promise")
    shared_deliverable.carried_from = earlier
    shared_deliverable.save()
    return earlier


# On the page of the promise


def test_this_year_s_promise_says_through_which_years_it_came(client_of, lead, shared_deliverable, long_kept):
    trail = trail_of(shared_deliverable, lead)
    assert [str(row) for row in trail.before] == ["4.2 The same promise", "1.3 The same promise"]
    assert trail.since == "2024-25"
    page = " ".join(client_of(lead).get(shared_deliverable.get_absolute_url()).content.decode().split())
    assert (
        f'<a class="govuk-link" href="{long_kept.get_absolute_url()}">4.2 of Business plan 2025 to 2026</a>, promised '
        "since 2024-25."
    ) in page


def test_last_year_s_promise_says_what_became_of_it(client_of, lead, carried, led_deliverable, shared_deliverable):
    publish(carried.priority.plan)
    browser = client_of(lead)
    page = browser.get(shared_deliverable.get_absolute_url()).content.decode()
    assert (
        f'Carried into <a class="govuk-link" href="{carried.get_absolute_url()}">2.1 of Business plan 2027 to 2028</a>.'
        in page
    )
    page = browser.get(led_deliverable.get_absolute_url()).content.decode()
    assert "<strong>Done:</strong> Seen in 14 of 20 cases." in page


def test_a_dropped_one_says_why(client_of, lead, following, office, shared_deliverable):
    settle(shared_deliverable, following, office, decision="dropped", reason="The money has ended.")
    publish(following)
    page = client_of(lead).get(shared_deliverable.get_absolute_url()).content.decode()
    assert "<strong>Dropped:</strong> The money has ended." in page


def test_years_are_named_as_offices_name_them(plan):
    assert years_of(plan) == "2026-27"
    plan.starts_on, plan.ends_on = date(2027, 1, 1), date(2027, 12, 31)
    assert years_of(plan) == "2027"


def test_a_trail_takes_as_many_queries_for_ten_years_as_for_two(
    client_of, office, shared_deliverable, long_kept, partnership
):
    client, url = client_of(office), shared_deliverable.get_absolute_url()
    at_2 = count_queries(client, url)
    row = long_kept.carried_from
    for year in range(2015, 2023):
        old = PlanFactory(
            starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31), status="closed", partnerships=[partnership]
        )
        earlier = DeliverableFactory(priority=PriorityFactory(plan=old))
        Deliverable.objects.filter(pk=row.pk).update(carried_from=earlier)
        row = earlier
    assert len(trail_of(shared_deliverable, office).before) == 10
    assert count_queries(client, url) == at_2


# All of them


def test_what_became_of_every_promise(client_of, office, plan, carried, led_deliverable):
    neglect = plan.priorities.get(position=2)
    DeliverableFactory(priority=neglect, position=8, ref="8", retired_on=date(2026, 11, 2), retired_reason="Merged.")
    DeliverableFactory(priority=neglect, position=9, ref="9", title="Forgotten")
    response = client_of(office).get(outcomes(plan))
    table = response.context["table"]
    assert [
        (row.get_cell("title") and str(row.record), row.get_cell("outcome"), row.record.reason, row.record.outcome_on)
        for row in table.rows
    ] == [
        ("1.1 A shared plan with every family before a birth", "Done", "Seen in 14 of 20 cases.", date(2027, 1, 12)),
        ("1.2 Safer sleep advice that reaches fathers", "Carried forward", "", date(2027, 1, 12)),
        ("2.1 Families get help before neglect becomes harm", "Carried forward", "", date(2027, 1, 12)),
        ("2.8 A deliverable", "Taken out during the plan", "Merged.", date(2026, 11, 2)),
        ("2.9 Forgotten", "Not decided yet", "", None),
    ]
    assert response.context["totals"] == [
        ("done", "Done", 1),
        ("carried", "Carried forward", 2),
        ("retired", "Taken out during the plan", 1),
        ("undecided", "Not decided yet", 1),
    ]
    assert "2.1 of Business plan 2027 to 2028" in response.content.decode()
    narrowed = client_of(office).get(outcomes(plan) + "?outcome=done").context["table"]
    assert [row.record for row in narrowed.rows] == [led_deliverable]


def test_it_can_be_taken_away_as_a_spreadsheet(client_of, office, plan, carried):
    response = client_of(office).get(outcomes(plan) + "?export=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]] == [
        "Deliverable",
        "Priority",
        "What became of it",
        "Difference made, or why",
        "Goes on as",
        "Since",
    ]
    assert [[cell.value for cell in row][2:5] for row in sheet.iter_rows(min_row=2)] == [
        ["Done", "Seen in 14 of 20 cases.", None],
        ["Carried forward", None, "1.1 of Business plan 2027 to 2028"],
        ["Carried forward", None, "2.1 of Business plan 2027 to 2028"],
    ]


def test_it_takes_as_many_queries_for_33_promises_as_for_3(client_of, office, plan, following):
    client = client_of(office)
    carry(plan.priorities.get(position=1).deliverables.get(position=1), following, office)
    finish(plan, following)
    at_3 = count_queries(client, outcomes(plan))
    add_deliverables(plan, 30)
    for row in Deliverable.objects.filter(priority__plan=plan, title__startswith="Promise 1"):
        carry(row, following, office)
    assert count_queries(client, outcomes(plan)) == at_3


# Nobody learns of a draft


def pages_of(browser, plan):
    """Every page of a plan and its promises as this browser gets them, without what changes by itself."""
    rows = Deliverable.objects.filter(priority__plan=plan).order_by("pk")
    urls = [plan.get_absolute_url(), outcomes(plan), "/plans/", *[row.get_absolute_url() for row in rows]]
    return [without_tokens(browser.get(url).content.decode()) for url in urls]


def without_tokens(page):
    return "\n".join(line for line in page.splitlines() if "csrf" not in line.lower())


@pytest.mark.parametrize("name", ["lead", "chair", "partner", "executive_chair"])
def test_a_member_sees_the_same_whether_or_not_a_next_plan_is_being_written(
    request, client_of, office, plan, shared_deliverable, led_deliverable, group_deliverable, name
):
    browser = client_of(request.getfixturevalue(name))
    before = pages_of(browser, plan)
    following = request.getfixturevalue("following")
    settle(led_deliverable, following, office)
    settle(group_deliverable, following, office, decision="dropped", reason="The money has ended.")
    carry(shared_deliverable, following, office)
    finish(plan, following)
    assert pages_of(browser, plan) == before


def test_the_control_those_inside_see_it(client_of, advisor, plan, carried, shared_deliverable):
    pages = "".join(pages_of(client_of(advisor), plan))
    assert "Carried into" in pages
    assert carried.get_absolute_url() in pages
    assert totals_of(plan, advisor) == [("done", "Done", 1), ("carried", "Carried forward", 2)]


# In the annual report


@pytest.fixture
def report(partnership, rule_set):
    """Of the year of the plan, by guidance that asks for impact and for little or no progress."""
    RuleFactory(rule_set=rule_set, code="little-progress", position=3, title="Little or no progress")

    def make():
        return start_report(
            [partnership],
            starts_on=date(2026, 4, 1),
            ends_on=date(2027, 3, 31),
            rule_set=rule_set,
        )

    return make


def filed(report):
    found = ReportEvidence.objects.filter(section__report=report, kind="outcome of a promise")
    return list(found.order_by("section__position").values_list("section__rule__code", "reference", "text", "shows"))


def test_the_report_tells_what_was_done_and_what_was_dropped_and_why(
    report,
    following,
    office,
    led_deliverable,
    group_deliverable,
    shared_deliverable,
):
    settle(led_deliverable, following, office)
    settle(group_deliverable, following, office, decision="dropped", reason="The money has ended.")
    carry(shared_deliverable, following, office)
    assert filed(report()) == []  # the next plan is a draft
    publish(following)
    assert sorted(filed(report())) == [
        (
            "impact",
            "P-1.1",
            "A shared plan with every family before a birth: done. Seen in 14 of 20 cases.",
            "difference",
        ),
        (
            "little-progress",
            "P-1.2",
            "Safer sleep advice that reaches fathers: dropped. The money has ended.",
            "how-well",
        ),
    ]
