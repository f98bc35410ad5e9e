"""The page of an outcome statement: its address lasts, and it tells what was published and no more."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from assurance.models import QuarterlyReport
from plans.models import OutcomeJudgement
from plans.outcome_marks import outcomes_of
from tests.factories import DeliverableFactory, OutcomeStatementFactory, PlanVersionFactory, PriorityFactory
from tests.factories_judged import IndicatorFactory, IndicatorValueFactory, QuarterlyLineFactory, QuarterlyReportFactory

WHEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def outcome(plan, plan_version):
    """The first statement as the public reads it."""
    return outcomes_of(plan_version.snapshot)[0]


@pytest.fixture
def statement(plan, outcome):
    return plan.priorities.get(pk=outcome.priority).outcomes.get(text=outcome.text)


@pytest.fixture
def open_page(client, partnership, outcome):
    def open_page(mark=outcome.mark):
        return client.get(reverse("plans:public-outcome", args=[partnership.slug, mark]))

    return open_page


@pytest.fixture
def quarterly(statement, round_past, office):
    """A report that is not published yet, in which the statement is judged."""
    report = QuarterlyReportFactory(round=round_past, begun_by=office)
    QuarterlyLineFactory(report=report, outcome=statement, position=1)
    OutcomeJudgement.objects.create(
        outcome=statement,
        round=round_past,
        level=OutcomeJudgement.Level.PARTLY,
        words="Canary of how we know",
        judged_by=office,
        judged_at=WHEN,
    )
    return report


def publish(report, office):
    QuarterlyReport.objects.filter(pk=report.pk).update(published_at=WHEN, published_by=office)


def test_the_list_leads_to_each_statement_of_the_plan(client, partnership, plan_version):
    page = client.get(reverse("plans:public-outcomes", args=[partnership.slug])).content.decode()
    for each in outcomes_of(plan_version.snapshot):
        assert reverse("plans:public-outcome", args=[partnership.slug, each.mark]) in page


def test_it_says_what_serves_it(open_page, outcome):
    page = open_page()
    assert page.context["outcome"] == outcome
    assert "A shared plan with every family before a birth" in page.content.decode()


def test_its_address_lasts_when_a_later_version_says_it_otherwise(open_page, plan, statement, office):
    statement.text = "Families say that they are safe."
    statement.save()
    assert open_page().context["is_said_today"] is True  # the plan as it stands is not what is published
    PlanVersionFactory(plan=plan, number="2.0", made_by=office, made_at=WHEN)
    page = open_page()
    assert (page.status_code, page.context["is_said_today"], page.context["is_in_newest"]) == (200, False, True)
    assert "stood in version 1.0" in page.content.decode()


@pytest.mark.parametrize("mark", ["1-abc", "x", "999999999999999-1", "-", "1"])
def test_no_other_address_is_one(open_page, mark):
    assert open_page(mark).status_code == 404


def test_a_statement_of_a_draft_has_no_page(open_page, draft_plan):
    priority = PriorityFactory(plan=draft_plan)
    OutcomeStatementFactory(priority=priority, text="Canary")
    found = outcomes_of({"priorities": [{"key": priority.pk, "outcomes": ["Canary"]}]})
    assert open_page(found[0].mark).status_code == 404


def test_a_judgement_is_told_once_its_report_is_published_and_nobody_s_words_with_it(open_page, quarterly, office):
    assert open_page().context["judgements"] == []
    publish(quarterly, office)
    page = open_page()
    assert [(each.level, each.published_at) for each in page.context["judgements"]] == [("Partly shown", WHEN)]
    assert "Canary of how we know" not in page.content.decode()


def test_what_is_judged_after_the_report_is_not_told(open_page, quarterly, statement, round_past, office):
    publish(quarterly, office)
    earlier = OutcomeJudgement.objects.get()
    later = OutcomeJudgement.objects.create(
        outcome=statement, round=round_past, level="shown", words="w", judged_by=office,
        judged_at=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip
    OutcomeJudgement.objects.filter(pk=earlier.pk).update(superseded_by=later)
    assert [each.level for each in open_page().context["judgements"]] == ["Partly shown"]


@pytest.mark.parametrize(("is_public", "told"), [(True, 1), (False, 0)])
def test_only_indicators_that_may_be_told_are(open_page, partnership, statement, is_public, told):
    indicator = IndicatorFactory(partnership=partnership, outcomes=[statement], is_public=is_public)
    IndicatorValueFactory(indicator=indicator)
    assert len(open_page().context["indicators"]) == told


def test_small_numbers_are_hidden_from_the_public(open_page, partnership, statement):
    indicator = IndicatorFactory(partnership=partnership, outcomes=[statement], is_public=True, small_below=5)
    IndicatorValueFactory(indicator=indicator, value=3)
    [shown] = open_page().context["indicators"]
    assert shown.words == "Its figures are hidden: small numbers."


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(client, partnership, plan, statement, django_assert_num_queries, office, open_page, count):
    for number in range(count):
        indicator = IndicatorFactory(partnership=partnership, outcomes=[statement], is_public=True)
        IndicatorValueFactory(indicator=indicator, starts_on=date(2026, 1 + number, 1))
        OutcomeStatementFactory(priority=statement.priority, text=f"Different {number}")
        DeliverableFactory(priority=statement.priority, title=f"Promise {number}")
    PlanVersionFactory(plan=plan, number="2.0", made_by=office, made_at=WHEN)
    with django_assert_num_queries(10):
        open_page()
    with django_assert_num_queries(5):
        client.get(reverse("plans:public-outcomes", args=[partnership.slug]))
