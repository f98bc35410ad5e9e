"""What the year cost, as the annual report tells it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assurance.annual.gathering import gather_evidence
from assurance.annual.missing import missing
from assurance.annual.money import facts_of_money, lacks_of_money
from assurance.annual.year import Year
from assurance.models import ReportEvidence
from partnership.models import BudgetYear
from tests.conftest import TODAY
from tests.factories import BudgetYearFactory, ContributionFactory, OrganisationFactory, SpendingLineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def this_year(partnership, other_partnership):
    return Year(frozenset({partnership.pk, other_partnership.pk}), date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture
def council():
    return OrganisationFactory(name="Ashford Vale County Council")


@pytest.fixture
def full_budget(budget, partnership, other_partnership, council, health_board):
    """This year's with the year before, all spent and explained."""
    last = BudgetYearFactory(
        partnerships=[partnership, other_partnership],
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        status=BudgetYear.Status.CLOSED,
        opening_reserve=Decimal("10000.00"),
    )
    ContributionFactory(budget=last, organisation=health_board, amount=Decimal("8000.00"))
    ContributionFactory(budget=last, organisation=council, amount=Decimal("30000.00"))
    SpendingLineFactory(budget=last, planned=Decimal("28000.00"), spent=Decimal("28000.00"))
    budget.contributions.update(reason="A nurse in each team.\nFor good")
    ContributionFactory(
        budget=budget,
        organisation=council,
        amount=Decimal("30000.50"),
        in_kind="Hosts the office",
        in_kind_amount=Decimal("4000.00"),
    )
    budget.spending.update(spent=Decimal("5900.00"), reason="Two posts were filled sooner.")
    budget.principles, budget.note = "By the number of children.", "A place on a course cost £36."
    budget.save()
    return budget


def test_a_budget_is_told_in_words(this_year, full_budget):
    facts = {fact.source_key.rpartition(":")[2]: (fact.text, fact.shows) for fact in facts_of_money(this_year)}
    assert facts == {
        "received": (
            "Ashford Vale and Millbrook Safeguarding Children Partnership: £40,000.50 came from 2 organisations, "
            "£2,000.50 more than the year before: Ashford Vale County Council £30,000.50 (75.0%) and "
            "Vale and Mill Integrated Care Board £10,000 (25.0%).",
            "how-much",
        ),
        "in-kind": ("Beside money: Ashford Vale County Council: Hosts the office, worth £4,000.", "how-much"),
        "changes": (
            "Ashford Vale County Council gave £0.50 more than the year before. Vale and Mill Integrated Care Board "
            "gave £2,000 more than the year before: A nurse in each team. For good.",
            "how-well",
        ),
        "spent": (
            "£5,900 was spent, where £5,000 was planned: Staff £5,900 (planned £5,000). "
            "Staff, £900 more than planned: Two posts were filled sooner.",
            "how-well",
        ),
        "reserve": ("The reserve was £20,000 at the start and was £54,100.50 at the end.", "how-much"),
        "value": ("A place on a course cost £36.", "difference"),
    }
    assert list(lacks_of_money(this_year)) == []


def test_it_is_filed_under_the_heading_for_costs_and_again_changes_nothing(report, full_budget):
    gather_evidence(report)
    filed = ReportEvidence.objects.filter(section__report=report, kind="money")
    assert set(filed.values_list("section__rule__code", flat=True)) == {"costs"}
    before = list(filed.values_list("pk", "text"))
    gather_evidence(report)
    assert (len(before), list(filed.values_list("pk", "text"))) == (6, before)


def test_what_is_not_known_yet_is_planned_and_missing(this_year, budget):
    texts = {fact.source_key.rpartition(":")[2]: fact.text for fact in facts_of_money(this_year)}
    assert texts["spent"] == "£5,000 was planned: Staff £5,000. What was spent is not yet known."
    assert texts["reserve"] == "The reserve was £20,000 at the start and is to be £25,000 at the end."
    detail, change = budget.get_absolute_url(), reverse("partnership:budget-change", args=[budget.pk])
    assert list(lacks_of_money(this_year)) == [
        ("How the cost is shared, in a sentence or two (Budget 2026 to 2027)", change),
        ("What was spent on 1 line of Budget 2026 to 2027", detail),
        ("What the money of Budget 2026 to 2027 achieved", change),
    ]


def test_a_draft_is_not_told_but_missed(this_year, budget):
    BudgetYear.objects.filter(pk=budget.pk).update(status=BudgetYear.Status.DRAFT)
    assert list(facts_of_money(this_year)) == []
    assert list(lacks_of_money(this_year)) == [
        ("The costs: Budget 2026 to 2027 is not agreed", budget.get_absolute_url())
    ]


def test_another_partnerships_money_and_another_years_are_not_told(this_year, far_partnership, partnership):
    theirs = BudgetYearFactory(partnerships=[far_partnership])
    earlier = BudgetYearFactory(partnerships=[partnership], starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31))
    for budget in (theirs, earlier):
        ContributionFactory(budget=budget)
    assert list(facts_of_money(this_year)) == []
    assert [what for what, _ in lacks_of_money(this_year)] == ["The costs: no budget of the year is entered"]


def test_a_report_without_a_heading_for_costs_misses_none(report, budget):
    assert "What the money of Budget 2026 to 2027 achieved" in [each.what for each in missing(report, on=TODAY)]
    report.sections.filter(rule__code="costs").delete()
    assert [each.what for each in missing(report, on=TODAY) if "Budget" in each.what] == []


@pytest.mark.parametrize("count", [1, 3, 10])
def test_query_count(this_year, budget, django_assert_num_queries, count):
    for _ in range(count - 1):
        ContributionFactory(budget=budget)
        SpendingLineFactory(budget=budget)
    # budgets, partnerships; last year's, contributions, names, lines, other budgets of the year
    with django_assert_num_queries(7):
        list(facts_of_money(this_year))
