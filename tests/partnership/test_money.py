"""Money: amounts as people type them, a statement that adds up, and a budget from draft to closed."""

import csv
import io
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from partnership.models import BudgetYear, Contribution, Membership, Organisation, SpendingLine
from partnership.money import (
    CannotDo,
    Given,
    Lack,
    Spent,
    Statement,
    close_budget,
    heir_of,
    in_pounds,
    lacks,
    last_day,
    needs_reason,
    shares,
    start_budget,
    statement,
)
from partnership.money_forms import MoneyField
from partnership.money_lists import as_csv, bars
from tests.conftest import TODAY
from tests.factories import (
    BudgetYearFactory,
    ContributionFactory,
    MembershipFactory,
    OrganisationFactory,
    SpendingLineFactory,
)

LIST = reverse("partnership:budget-list")
ADD = reverse("partnership:budget-add")

POUNDS = st.integers(min_value=0, max_value=9_999_999_999).map(lambda pence: Decimal(pence).scaleb(-2))


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def everything():
    return BudgetYear.objects.all()


def errors(response, form="form"):
    return {name: list(found) for name, found in response.context[form].errors.items()}


def three_boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


# Amounts


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("£112,633", "112633.00"),
        ("112633.00", "112633.00"),
        ("112 633", "112633.00"),
        ("112\u00a0633.5", "112633.50"),
        (" £ 1,250.75 ", "1250.75"),
        ("1,000,000", "1000000.00"),
        ("0", "0.00"),
        (".50", "0.50"),
        ("007", "7.00"),
        ("99,999,999.99", "99999999.99"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, amount):
    assert str(MoneyField().clean(typed)) == amount


FIGURES = "Enter the amount in figures, like 112,633.50"
IN_POUNDS = "Enter the amount in pounds, like £112,633.50"
COMMAS = "Put a comma before each three figures, or a point before pence, like 112,633.50"
PENCE = "Enter pounds and pence, with two figures after the point, like 112,633.50"
NEGATIVE = "Enter an amount of £0 or more"
IN_FULL = "Enter the amount in full, in figures, like 112,000"
TOO_MUCH = "Enter an amount of £99,999,999.99 or less"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("€100", IN_POUNDS),
        ("$5", IN_POUNDS),
        ("GBP 100", IN_POUNDS),
        ("100 euros", IN_POUNDS),
        ("-5", NEGATIVE),
        ("£-5", NEGATIVE),
        ("−5.00", NEGATIVE),
        ("(5,000)", NEGATIVE),
        ("1.234", PENCE),
        ("£112,633.005", PENCE),
        ("112,63", COMMAS),
        ("1,12,633", COMMAS),
        ("112.633,50", FIGURES),
        ("1.2k", IN_FULL),
        ("3m", IN_FULL),
        ("2 million", IN_FULL),
        ("a lot", FIGURES),
        ("NaN", FIGURES),
        ("Infinity", FIGURES),
        ("1e10", FIGURES),
        ("0x10", FIGURES),
        ("１２３", FIGURES),
        ("1/2", FIGURES),
        ("£", FIGURES),
        ("5.", FIGURES),
        ("1 2", FIGURES),
        ("10\x00", FIGURES),
        ("100000000", TOO_MUCH),
        ("9" * 5000, TOO_MUCH),
    ],
)
def test_what_is_no_amount_is_refused_with_one_sentence(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)
    assert refused.value.messages == [sentence]


@given(st.text())
def test_whatever_is_typed_is_an_amount_or_refused(typed):
    try:
        amount = MoneyField(required=False).clean(typed)
    except ValidationError as refused:
        assert len(refused.messages) == 1
    else:
        assert amount is None or (amount.is_finite() and amount >= 0 and amount == round(amount, 2))


@given(POUNDS)
def test_an_amount_printed_is_read_again(amount):
    assert MoneyField().clean(in_pounds(amount)) == amount
    assert MoneyField().clean(in_pounds(amount, short=True)) == amount


# Figures that add up


@given(st.lists(POUNDS, max_size=30))
def test_shares_add_up_to_a_hundred(amounts):
    found = shares(amounts)
    total = sum(amounts)
    assert len(found) == len(amounts)
    assert sum(found) == (Decimal("100.0") if total else 0)
    assert all(
        abs(share - amount * 100 / total) < Decimal("0.1")
        for share, amount in zip(found, amounts, strict=True)
        if total
    )


def test_shares_go_to_the_largest_remainder():
    assert [str(each) for each in shares([Decimal(1)] * 3)] == ["33.4", "33.3", "33.3"]
    assert [str(each) for each in shares([Decimal("112633.00"), Decimal("250691.00"), Decimal(0)])] == [
        "31.0",
        "69.0",
        "0.0",
    ]
    assert shares([Decimal(0), Decimal(0)]) == [Decimal("0.0")] * 2
    assert shares([]) == []


def told_of(amounts, lines, opening=Decimal(0)):
    """A Statement of these figures, without a database."""
    budget = SimpleNamespace(opening_reserve=opening)
    given = [
        Given(None, SimpleNamespace(in_kind_amount=None, reason=""), amount, share, before, None)
        for (amount, before), share in zip(amounts, shares([amount for amount, _ in amounts]), strict=True)
    ]
    spent = [Spent(SimpleNamespace(planned=planned, spent=spent, reason="")) for planned, spent in lines]
    return Statement(budget, tuple(given), tuple(spent), None, None, None)


@given(
    st.lists(st.tuples(POUNDS, st.none() | POUNDS), max_size=12),
    st.lists(st.tuples(POUNDS, st.none() | POUNDS), max_size=12),
    POUNDS,
)
def test_a_statement_adds_up_to_the_penny(amounts, lines, opening):
    told = told_of(amounts, lines, opening)
    assert told.contributed == sum(amount for amount, _ in amounts)
    assert told.closing_planned == opening + told.contributed - told.planned
    is_known = bool(lines) and all(spent is not None for _, spent in lines)
    assert (told.closing is not None) == (told.spent is not None) == is_known
    if is_known:
        assert told.closing == opening + told.contributed - told.spent
        assert told.difference == sum(each.difference for each in told.lines)
    if told.change is not None:
        assert told.change == sum(each.change for each in told.given)


@pytest.mark.parametrize(
    ("difference", "before", "is_needed"),
    [
        ("499.99", "0", False),
        ("500", "5000", False),
        ("500", "4999.99", True),
        ("-500", "4999.99", True),
        ("4999.99", "60000", False),
        ("5000", "600000", True),
        ("-25233", "137866", True),
    ],
)
def test_who_reads_it_asks_why(difference, before, is_needed):
    assert needs_reason(Decimal(difference), before=Decimal(before)) is is_needed


def test_a_chain_of_mergers_that_closes_on_itself_ends():
    organisations = {1: SimpleNamespace(successor_id=2), 2: SimpleNamespace(successor_id=1)}
    assert heir_of(1, organisations, present=set()) == 2


def test_years_have_their_last_day():
    assert [last_day(date(2026, 4, 1)), last_day(date(2028, 2, 29))] == [date(2027, 3, 31), date(2029, 2, 28)]


# The statement


@pytest.fixture
def council(partnership):
    organisation = OrganisationFactory(name="Ashford Vale County Council", kind=Organisation.Kind.LOCAL_AUTHORITY)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


@pytest.fixture
def last_budget(partnership, other_partnership, health_board):
    """The year before ``budget``, closed: £9,000 in, £4,000 spent, £20,000 left."""
    last = BudgetYearFactory(
        partnerships=[partnership, other_partnership],
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        status=BudgetYear.Status.CLOSED,
        opening_reserve=Decimal("15000.00"),
    )
    ContributionFactory(budget=last, organisation=health_board, amount=Decimal("9000.00"))
    SpendingLineFactory(budget=last, title="Staff", planned=Decimal("4500.00"), spent=Decimal("4000.00"))
    return last


def rows(told):
    return [(each.name, each.amount, each.before, each.was) for each in told.given]


def test_last_years_amounts_are_those_kept_here(budget, last_budget):
    told = statement(budget, among=everything())
    assert rows(told) == [("Vale and Mill Integrated Care Board", Decimal("10000"), Decimal("9000"), ())]
    assert (told.last, told.last_closing, told.before, told.change) == (last_budget, 20000, 9000, 1000)


def test_an_amount_of_last_year_that_is_not_kept_here_is_what_somebody_entered(budget, health_board, council):
    assert rows(statement(budget, among=everything()))[0][2] is None
    assert statement(budget, among=everything()).before is None
    budget.contributions.update(prior_amount=Decimal("7000.00"))
    assert rows(statement(budget, among=everything()))[0][2] == 7000


def test_merged_organisations_stand_under_whoever_followed_them(budget, last_budget, health_board):
    trust = OrganisationFactory(name="Vale Care Trust", to_on=date(2026, 6, 30), successor=health_board)
    group = OrganisationFactory(name="Vale Commissioning Group", to_on=date(2025, 6, 30), successor=trust)
    ContributionFactory(budget=last_budget, organisation=group, amount=Decimal("500.00"))
    told = statement(budget, among=everything())
    assert rows(told) == [
        ("Vale and Mill Integrated Care Board", Decimal("10000"), Decimal("9500"), ("Vale Commissioning Group",))
    ]


def test_who_gave_last_year_and_gives_no_more_still_counts_and_is_missed(budget, last_budget, charity):
    ContributionFactory(budget=last_budget, organisation=charity, amount=Decimal("300.00"))
    told = statement(budget, among=everything())
    assert rows(told)[1] == ("Lantern Family Trust", Decimal("0.00"), Decimal("300.00"), ())
    assert (told.before, told.change, sum(each.share for each in told.given)) == (9300, 700, Decimal("100.0"))
    assert "Lantern Family Trust gave £300 last year: say what it gives now" in [
        each.what for each in lacks(told, on=TODAY)
    ]


def test_a_budget_of_other_partnerships_or_of_longer_ago_is_not_last_years(
    budget, last_budget, partnership, other_partnership
):
    last_budget.partnerships.set([partnership])
    assert statement(budget, among=everything()).last is None
    last_budget.partnerships.set([partnership, other_partnership])
    BudgetYear.objects.filter(pk=last_budget.pk).update(starts_on=date(2024, 4, 1), ends_on=date(2025, 3, 31))
    assert statement(budget, among=everything()).last is None


def test_an_organisation_has_a_share_of_this_budget_and_of_all_the_money(
    client_of, office, partner, budget, partnership, health_board, council
):
    own = BudgetYearFactory(partnerships=[partnership])
    ContributionFactory(budget=own, organisation=council, amount=Decimal("30000.00"))
    sentence = "Vale and Mill Integrated Care Board gives 100.0% of this budget, 25.0% of all the money"
    assert sentence in client_of(office).get(budget.get_absolute_url()).content.decode()
    BudgetYear.objects.filter(pk=own.pk).update(status=BudgetYear.Status.DRAFT, agreed_on=None)
    assert "of all the money" not in client_of(office).get(budget.get_absolute_url()).content.decode()


def test_what_a_reader_may_not_see_is_in_no_total(budget, other_partnership, partner, client_of, council):
    hidden = BudgetYearFactory(partnerships=[other_partnership])
    ContributionFactory(budget=hidden, organisation=council)
    page = client_of(partner).get(budget.get_absolute_url())
    assert (page.status_code, page.context["told"].wider) == (200, None)
    assert client_of(partner).get(hidden.get_absolute_url()).status_code == 404


def test_what_is_missing_is_said_until_it_is_mended(budget, last_budget, health_board, council):
    budget.contributions.update(amount=Decimal("10000.01"))
    budget.spending.update(spent=Decimal("5600.00"))
    budget.opening_reserve = Decimal("19999.99")
    contributions, change = url("contributions-change", budget), url("budget-change", budget)
    contribution, line = budget.contributions.get(), budget.spending.get()
    assert lacks(statement(budget, among=everything()), on=date(2027, 4, 1)) == [
        Lack("The contribution of Ashford Vale County Council, a statutory safeguarding partner", contributions),
        Lack(
            "Why Vale and Mill Integrated Care Board gives £1,000.01 more than last year",
            url("contribution-change", contribution),
        ),
        Lack("Why £600 more than planned went on Staff", url("spending-change", line)),
        Lack(
            "Last year’s budget leaves £20,000, and this one begins with £19,999.99: mend the one or the other", change
        ),
        Lack("How the cost is shared, in a sentence or two", change),
        Lack("What the money achieved: changes on last year, and value for money", change),
        Lack("That it is closed: its year is over", url("budget-close", budget)),
    ]
    ContributionFactory(budget=budget, organisation=council, amount=Decimal("0.00"))
    budget.contributions.update(reason="Agreed in March")
    budget.spending.update(reason="A second review")
    budget.opening_reserve, budget.principles, budget.note = Decimal("20000.00"), "By children", "Much"
    budget.status = BudgetYear.Status.CLOSED
    assert lacks(statement(budget, among=everything()), on=date(2027, 4, 1)) == []


def test_a_partner_that_gives_to_another_budget_of_these_days_is_not_missed(budget, partnership, council, charity):
    own = BudgetYearFactory(partnerships=[partnership])
    ContributionFactory(budget=own, organisation=charity)

    def missed():
        return [each.what for each in lacks(statement(own, among=everything()), on=TODAY) if "partner" in each.what]

    assert missed() == ["The contribution of Ashford Vale County Council, a statutory safeguarding partner"]
    ContributionFactory(budget=budget, organisation=council)
    assert missed() == []


def test_more_is_not_spent_than_there_is_unsaid(budget):
    budget.spending.update(planned=Decimal("30000.01"))
    found = [each.what for each in lacks(statement(budget, among=everything()), on=TODAY)]
    assert "£0.01: more is to be spent than there is" in found


def test_a_page_of_a_year_shows_the_names_of_then(client_of, office, budget, health_board):
    health_board.former_names.create(name="Vale Health", to_on=date(2026, 5, 31))
    assert client_of(office).get(budget.get_absolute_url()).context["told"].given[0].name == "Vale Health"


# Reading


def test_the_list_has_totals_and_is_narrowed(client_of, office, budget, draft_budget, last_budget, partnership):
    client = client_of(office)
    table = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[1:] == [
        ["1 April 2027 to 31 March 2028", partnership.name, "Draft", "8000.00", "7000.00", "", "21000.00"],
        [
            "1 April 2026 to 31 March 2027",
            "Ashford Vale Safeguarding Children Partnership, Millbrook Safeguarding Children Partnership",
            "Agreed",
            "10000.00",
            "5000.00",
            "",
            "25000.00",
        ],
        [
            "1 April 2025 to 31 March 2026",
            "Ashford Vale Safeguarding Children Partnership, Millbrook Safeguarding Children Partnership",
            "Closed",
            "9000.00",
            "4500.00",
            "4000.00",
            "20000.00",
        ],
    ]
    narrowed = client.get(LIST, {"status": "agreed", "partnership": partnership.pk})
    assert [row.record for row in narrowed.context["table"].rows] == [budget]


def test_drafts_are_for_the_office_and_the_advisor(client_of, office, advisor, partner, stranger, draft_budget, budget):
    def listed(user):
        return [row.record for row in client_of(user).get(LIST).context["table"].rows]

    assert [listed(user) for user in (office, advisor, partner, stranger)] == [
        [draft_budget, budget],
        [draft_budget, budget],
        [budget],
        [],
    ]


def test_an_empty_list_teaches(client_of, office):
    page = client_of(office).get(LIST).content.decode()
    assert "No budgets yet" in page
    assert "Start with this year’s" in page


def test_the_statement_is_given_away_as_tables(client_of, office, budget, last_budget):
    budget.contributions.update(in_kind="=HYPERLINK(1)", in_kind_amount=Decimal("12.50"))
    client = client_of(office)
    book = openpyxl.load_workbook(io.BytesIO(client.get(budget.get_absolute_url(), {"export": "xlsx"}).content))
    sheets = {sheet.title: [list(row) for row in sheet.values][1:] for sheet in book}
    assert sheets["Contributions"] == [
        ["Vale and Mill Integrated Care Board", 10000, 100, 9000, 100, 1000, "'=HYPERLINK(1)", 12.5, None],
        ["All organisations", 10000, 100, 9000, None, 1000, None, 12.5, None],
    ]
    assert sheets["Reserve"][-1] == ["Reserve at the end", 25000, None]
    response = client.get(budget.get_absolute_url(), {"export": "csv-spending"})
    assert response["Content-Disposition"] == 'attachment; filename="budget-2026-2027-spending.csv"'
    assert response.content.decode("utf-8-sig").splitlines() == [
        "On what,Planned,Spent,Difference,Reason",
        "Staff,5000.00,,,",
        "Everything,5000.00,,,",
    ]
    assert b"<h1" in client.get(budget.get_absolute_url(), {"export": "exe"}).content


def test_csv_begins_with_a_byte_order_mark(budget):
    assert as_csv(statement(budget, among=everything()), "contributions").startswith("\ufeffOrganisation,")


def test_bars_say_every_amount_in_words_and_leave_out_who_gives_nothing():
    drawn = bars(
        "Money",
        [("A", Decimal(100), None), ("B", Decimal(25), Decimal("50.50")), ("C", Decimal(0), None)],
        main_name="Now",
        other_name="Before",
    )
    assert drawn.words == "A: now £100, before not known; B: now £25, before £50.50."
    assert [[bar["width"] for bar in row["bars"]] for row in drawn.rows] == [["72.0%"], ["18.0%", "36.36%"]]
    assert bars("Money", [("A", Decimal(0), None)], main_name="Now", other_name="Before") is None


@pytest.mark.parametrize("count", [1, 3, 10])
def test_statement_query_count(client_of, office, budget, last_budget, django_assert_num_queries, count):
    for _ in range(count - 1):
        organisation = ContributionFactory(budget=budget).organisation
        ContributionFactory(budget=last_budget, organisation=organisation)
        SpendingLineFactory(budget=budget)
    client = client_of(office)
    # the frame's ten; budget, budgets around it, partnerships of all, contributions, lines, names, partners, next
    with django_assert_num_queries(16):
        assert client.get(budget.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 10])
def test_contributions_page_query_count(client_of, office, budget, django_assert_num_queries, count):
    for _ in range(count - 1):
        ContributionFactory(budget=budget)
    client = client_of(office)
    with django_assert_num_queries(16):
        assert client.get(url("contributions-change", budget)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client_of, office, partnership, django_assert_num_queries, count):
    for place in range(count):
        budget = BudgetYearFactory(
            partnerships=[partnership], starts_on=date(2020 + place, 4, 1), ends_on=date(2021 + place, 3, 31)
        )
        ContributionFactory(budget=budget)
    client = client_of(office)
    with django_assert_num_queries(9):
        assert client.get(LIST).status_code == 200


# Starting


def start_answers(partnerships, **changed):
    days = {"starts_on": date(2027, 4, 1), "ends_on": date(2028, 3, 31)} | changed
    return {
        "partnerships": [each.pk for each in partnerships],
        **three_boxes("starts_on", days["starts_on"]),
        **three_boxes("ends_on", days["ends_on"]),
        "copied": changed.get("copied", ""),
    }


def test_next_year_is_offered_as_it_will_most_likely_be(client_of, office, budget, partnership, other_partnership):
    form = client_of(office).get(ADD).context["form"]
    assert form.initial == {
        "partnerships": {partnership.pk, other_partnership.pk},
        "starts_on": date(2027, 4, 1),
        "ends_on": date(2028, 3, 31),
        "copied": budget.pk,
    }


@pytest.mark.parametrize("wanted", ["", "x", "0", "99999999999999999999", "²"])
def test_an_address_that_names_no_budget_is_as_without(client_of, office, budget, wanted):
    assert client_of(office).get(ADD, {"from": wanted}).context["form"].initial["copied"] == budget.pk


def test_the_first_budget_of_all_is_of_this_financial_year(client_of, office):
    form = client_of(office).get(ADD).context["form"]
    assert form.initial == {"partnerships": [], "starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31)}


def test_a_year_begins_with_last_years_lines_amounts_and_reserve(
    client_of, office, budget, health_board, partnership, other_partnership
):
    old = OrganisationFactory(name="Old Trust", to_on=date(2027, 3, 31), successor=health_board)
    gone = OrganisationFactory(name="Gone Trust", to_on=date(2027, 3, 31))
    ContributionFactory(budget=budget, organisation=old, amount=Decimal("2500.00"), in_kind="Rooms")
    ContributionFactory(budget=budget, organisation=gone, amount=Decimal("100.00"))
    answers = start_answers([partnership, other_partnership], copied=budget.pk)
    response = client_of(office).post(ADD, answers)
    made = BudgetYear.objects.latest("pk")
    assert (response.status_code, response.url) == (302, made.get_absolute_url())
    assert made.partnership_ids == {partnership.pk, other_partnership.pk}
    assert (made.status, made.opening_reserve) == ("draft", Decimal("27600.00"))
    assert list(made.contributions.values_list("organisation__name", "amount", "prior_amount", "in_kind")) == [
        ("Vale and Mill Integrated Care Board", Decimal("12500.00"), Decimal("12500.00"), "Rooms")
    ]
    assert list(made.spending.values_list("title", "planned", "spent")) == [("Staff", Decimal("5000.00"), None)]


def test_the_same_press_twice_starts_one_budget(client_of, office, partnership):
    client = client_of(office)
    assert client.post(ADD, start_answers([partnership])).status_code == 302
    again = client.post(ADD, start_answers([partnership]))
    assert (again.status_code, errors(again)) == (
        422,
        {
            "starts_on": [
                "There is a budget for these days already: Budget 2027 to 2028. Open that one, or choose other days"
            ]
        },
    )
    assert BudgetYear.objects.count() == 1


def test_one_alone_and_several_together_have_budgets_side_by_side(client_of, office, partnership, other_partnership):
    client = client_of(office)
    for shared_by in ([partnership], [partnership, other_partnership], [other_partnership]):
        assert client.post(ADD, start_answers(shared_by)).status_code == 302
    assert BudgetYear.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"partnerships": []}, {"partnerships": ["Choose at least one partnership"]}),
        (
            {"ends_on": date(2027, 4, 1)},
            {"ends_on": ["Choose a last day after the first day, 1 April 2027"]},
        ),
        (
            {"ends_on": date(2029, 3, 31)},
            {"ends_on": ["A budget is for one year: choose a last day within 18 months of the first"]},
        ),
        (
            {"starts_on": date(2207, 4, 1), "ends_on": date(2208, 3, 31)},
            {"starts_on": ["Check the year: 2207 is far away"]},
        ),
    ],
)
def test_a_budget_that_cannot_be_is_refused_in_one_sentence(client_of, office, partnership, changed, found):
    partnerships = changed.pop("partnerships", [partnership])
    response = client_of(office).post(ADD, start_answers(partnerships, **changed))
    assert (response.status_code, errors(response), BudgetYear.objects.count()) == (422, found, 0)


def test_a_year_is_not_copied_from_a_later_one(client_of, office, partnership, draft_budget):
    answers = start_answers(
        [partnership], starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), copied=draft_budget.pk
    )
    assert errors(client_of(office).post(ADD, answers)) == {"copied": ["Choose a budget of a year before this one"]}


def test_an_office_starts_budgets_of_its_own_partnerships_alone(client_of, stranger, partnership, budget):
    response = client_of(stranger).post(ADD, start_answers([partnership], copied=budget.pk))
    assert response.status_code == 422
    assert set(errors(response)) == {"partnerships", "copied"}


# Contributions and lines


def contribution_answers(organisation=None, **changed):
    own = {"organisation": organisation.pk} if organisation else {}
    return {**own, "amount": "1,000", "in_kind": "", "in_kind_amount": "", "reason": "", **changed}


def test_a_contribution_is_added_to_a_draft(client_of, office, stranger, draft_budget, charity):
    add = url("contribution-add", draft_budget)
    assert client_of(stranger).post(add, contribution_answers(charity)).status_code == 404
    answers = contribution_answers(charity, amount="£112,633", in_kind="Hosts the office", in_kind_amount="40 000")
    assert client_of(office).post(add, answers).status_code == 302
    made = draft_budget.contributions.get(organisation=charity)
    assert (made.amount, made.in_kind, made.in_kind_amount) == (
        Decimal("112633.00"),
        "Hosts the office",
        Decimal("40000.00"),
    )


def test_a_bad_amount_is_refused_and_all_that_was_typed_is_kept(client_of, office, draft_budget, charity):
    answers = contribution_answers(charity, amount="112,63", reason="More children", in_kind_amount="5")
    response = client_of(office).post(url("contribution-add", draft_budget), answers)
    assert (response.status_code, errors(response)) == (
        422,
        {"amount": [COMMAS], "in_kind": ["Say what the help is that is worth this"]},
    )
    page = response.content.decode()
    assert 'value="112,63"' in page
    assert "More children" in page
    assert not draft_budget.contributions.filter(organisation=charity).exists()


def test_the_same_press_twice_adds_one_contribution(client_of, office, draft_budget, charity):
    client, add = client_of(office), url("contribution-add", draft_budget)
    answers = contribution_answers(charity)
    assert client.post(add, answers).status_code == 302
    again = client.post(add, answers)
    assert (again.status_code, errors(again)) == (
        422,
        {"organisation": ["Lantern Family Trust stands in this budget already. Change that contribution instead"]},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(budget=draft_budget, organisation=charity, amount=1)


def test_who_is_no_member_cannot_be_chosen(client_of, office, draft_budget, far_partnership):
    theirs = MembershipFactory(partnership=far_partnership).organisation
    response = client_of(office).post(url("contribution-add", draft_budget), contribution_answers(theirs))
    assert errors(response) == {"organisation": ["Choose an answer from the list"]}


def test_after_agreement_an_amount_changes_only_with_a_reason(client_of, office, budget):
    contribution = budget.contributions.get()
    client, change = client_of(office), url("contribution-change", contribution)
    seen = client.get(change).context["form"]["seen"].initial
    response = client.post(change, contribution_answers(amount="12000", seen=seen, why=""))
    assert (response.status_code, errors(response)) == (
        422,
        {"why": ["Say why: this budget was agreed with other amounts"]},
    )
    assert (
        client.post(
            change, contribution_answers(amount="12000", reason="More births.", why="A nurse more", seen=seen)
        ).status_code
        == 302
    )
    contribution.refresh_from_db()
    assert (contribution.amount, contribution.reason) == (
        Decimal("12000.00"),
        "More births.\n12 January 2027: amount £12,000 instead of £10,000. A nurse more",
    )
    assert list(contribution.events.order_by("pgh_id").values_list("amount", flat=True))[-2:] == [10000, 12000]
    history = client.get(reverse("partnership:record-history", args=["partnership.contribution", contribution.pk]))
    assert "A nurse more" in history.content.decode()


def test_after_agreement_words_change_without_one(client_of, office, budget):
    contribution = budget.contributions.get()
    answers = contribution_answers(amount="10000", reason="As agreed", why="")
    assert client_of(office).post(url("contribution-change", contribution), answers).status_code == 302
    contribution.refresh_from_db()
    assert contribution.reason == "As agreed"


def test_what_is_added_after_agreement_says_why(client_of, office, budget, charity):
    client, add = client_of(office), url("contribution-add", budget)
    assert errors(client.post(add, contribution_answers(charity, why=""))) == {
        "why": ["Say why: this budget was agreed with other amounts"]
    }
    assert client.post(add, contribution_answers(charity, why="It joined in May")).status_code == 302
    assert budget.contributions.get(organisation=charity).reason == (
        "12 January 2027: amount £1,000 instead of £0. It joined in May"
    )


def test_two_people_change_one_contribution_and_nothing_is_lost_unseen(client_of, office, draft_budget):
    contribution = draft_budget.contributions.get()
    client, change = client_of(office), url("contribution-change", contribution)
    seen = client.get(change).context["form"]["seen"].initial
    Contribution.objects.filter(pk=contribution.pk).update(amount=Decimal("8500.00"))
    response = client.post(change, contribution_answers(amount="9000", seen=seen))
    assert response.status_code == 409
    contribution.refresh_from_db()
    assert contribution.amount == Decimal("8500.00")


def test_a_draft_loses_a_contribution_and_an_agreed_budget_none(client_of, office, budget, draft_budget):
    client = client_of(office)
    mine, kept = draft_budget.contributions.get(), budget.contributions.get()
    assert client.get(url("contribution-remove", mine)).status_code == 200
    assert client.post(url("contribution-remove", mine)).status_code == 302
    assert client.post(url("contribution-remove", mine)).status_code == 404
    assert client.post(url("contribution-remove", kept)).status_code == 403
    assert client.post(url("spending-remove", draft_budget.spending.get())).status_code == 302
    assert client.post(url("spending-remove", budget.spending.get())).status_code == 403
    assert (Contribution.objects.get(), SpendingLine.objects.get().budget) == (kept, budget)


def test_lines_of_spending_have_titles_of_their_own(client_of, office, draft_budget):
    client, add = client_of(office), url("spending-add", draft_budget)
    assert client.post(add, {"title": "Reviews", "planned": "70,000", "spent": "", "reason": ""}).status_code == 302
    again = client.post(add, {"title": "Reviews", "planned": "1", "spent": "", "reason": ""})
    assert (again.status_code, errors(again)) == (
        422,
        {"title": ["There is a line “Reviews” in this budget already. Give this one another name"]},
    )
    assert list(draft_budget.spending.values_list("title", "position")) == [("Training", 1), ("Reviews", 2)]


def test_what_is_spent_in_the_year_needs_no_other_reason(client_of, office, budget):
    line = budget.spending.get()
    answers = {"title": "Staff", "planned": "5000", "spent": "4,321.09", "reason": "", "why": ""}
    assert client_of(office).post(url("spending-change", line), answers).status_code == 302
    line.refresh_from_db()
    assert line.spent == Decimal("4321.09")


# All contributions on one page


def page_answers(client, budget, changed):
    """What a browser sends of the page, with ``changed`` ({name of a field: words}) typed over."""
    formset = client.get(url("contributions-change", budget)).context["rows"]
    data = {field.html_name: field.value() for field in formset.management_form}
    for form in formset:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else value
    return data | changed


def test_all_contributions_are_typed_on_one_page(client_of, office, draft_budget, charity, council):
    client = client_of(office)
    changed = {
        "rows-0-amount": "£8,250",
        "rows-1-amount": "30000",  # of the partner that was missing and is offered
        "rows-2-organisation": charity.pk,
        "rows-2-amount": "0",
        "rows-2-in_kind": "Volunteers",
    }
    response = client.post(url("contributions-change", draft_budget), page_answers(client, draft_budget, changed))
    assert response.status_code == 302
    assert list(draft_budget.contributions.values_list("organisation__name", "amount", "in_kind")) == [
        ("Ashford Vale County Council", Decimal("30000.00"), ""),
        ("Vale and Mill Integrated Care Board", Decimal("8250.00"), ""),
        ("Lantern Family Trust", Decimal("0.00"), "Volunteers"),
    ]


def test_one_bad_row_keeps_every_row_as_typed_and_saves_none(client_of, office, draft_budget, charity):
    client = client_of(office)
    changed = {
        "rows-0-amount": "9,000",
        "rows-1-organisation": charity.pk,
        "rows-1-amount": "a bit",
        "rows-2-amount": "5",
        "rows-3-organisation": charity.pk,
        "rows-3-amount": "6",
    }
    response = client.post(url("contributions-change", draft_budget), page_answers(client, draft_budget, changed))
    assert response.status_code == 422
    found = [{name: list(texts) for name, texts in each.items()} for each in response.context["rows"].errors]
    assert found == [
        {},
        {"amount": [FIGURES]},
        {"organisation": ["Choose the organisation"]},
        {"organisation": ["Lantern Family Trust stands on this page twice. Keep one of the two"]},
    ]
    page = response.content.decode()
    assert [f'value="{typed}"' in page for typed in ("9,000", "a bit", "5", "6")] == [True] * 4
    assert list(draft_budget.contributions.values_list("amount", flat=True)) == [8000]


def test_a_page_of_an_agreed_budget_asks_once_why(client_of, office, budget):
    client, page = client_of(office), url("contributions-change", budget)
    assert client.post(page, page_answers(client, budget, {"why": ""})).status_code == 302
    refused = client.post(page, page_answers(client, budget, {"rows-0-amount": "11000", "why": ""}))
    assert (refused.status_code, errors(refused)) == (
        422,
        {"why": ["Say why: this budget was agreed with other amounts"]},
    )
    answers = page_answers(client, budget, {"rows-0-amount": "11000", "why": "Prices"})
    assert client.post(page, answers).status_code == 302
    contribution = budget.contributions.get()
    assert (contribution.amount, contribution.reason) == (
        Decimal("11000.00"),
        "12 January 2027: amount £11,000 instead of £10,000. Prices",
    )


def test_the_page_never_overwrites_what_somebody_else_has_just_written(client_of, office, draft_budget):
    client = client_of(office)
    answers = page_answers(client, draft_budget, {"rows-0-in_kind": "Rooms"})
    draft_budget.contributions.update(amount=Decimal("8500.00"))
    assert client.post(url("contributions-change", draft_budget), answers).status_code == 302
    contribution = draft_budget.contributions.get()
    assert (contribution.amount, contribution.in_kind) == (Decimal("8500.00"), "Rooms")
    answers = page_answers(client, draft_budget, {"rows-0-amount": "9000"})
    draft_budget.contributions.update(amount=Decimal("8600.00"))
    assert client.post(url("contributions-change", draft_budget), answers).status_code == 409
    assert draft_budget.contributions.get().amount == Decimal("8600.00")


@pytest.mark.parametrize(
    "data",
    [{}, {"rows-TOTAL_FORMS": "x"}, {"rows-TOTAL_FORMS": "99999", "rows-INITIAL_FORMS": "0"}, {"rows-0-amount": "1"}],
)
def test_a_page_sent_in_pieces_is_no_fault(client_of, office, draft_budget, data):
    assert client_of(office).post(url("contributions-change", draft_budget), data).status_code == 422


def test_a_row_removed_meanwhile_says_so(client_of, office, draft_budget):
    client = client_of(office)
    answers = page_answers(client, draft_budget, {"rows-0-amount": "9000"})
    draft_budget.contributions.all().delete()
    response = client.post(url("contributions-change", draft_budget), answers)
    assert response.status_code == 422
    assert "Somebody removed this contribution while you were typing" in response.content.decode()


# Agreeing and closing


def test_a_budget_is_agreed_on_a_day_and_read_by_all_from_then_on(client_of, office, partner, draft_budget):
    agree = url("budget-agree", draft_budget)
    assert client_of(partner).get(draft_budget.get_absolute_url()).status_code == 404
    answers = {**three_boxes("agreed_on", date(2027, 1, 11)), "agreed_by": "The Executive"}
    assert client_of(office).post(agree, answers).status_code == 302
    draft_budget.refresh_from_db()
    assert (draft_budget.status, draft_budget.agreed_on, draft_budget.agreed_by) == (
        "agreed",
        date(2027, 1, 11),
        "The Executive",
    )
    page = client_of(partner).get(draft_budget.get_absolute_url()).content.decode()
    assert "Agreed on 11 January 2027 by The Executive" in page
    assert "Recorded by Nadia Fenwick" in page
    assert client_of(office).post(agree, answers).status_code == 403


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2027, 1, 13), "Choose today or a day before: it is recorded once it has happened"),
        (date(1927, 1, 13), "Check the year: 1927 is far away"),
    ],
)
def test_a_day_on_which_nobody_agreed_is_refused(client_of, office, draft_budget, day, sentence):
    response = client_of(office).post(url("budget-agree", draft_budget), three_boxes("agreed_on", day))
    assert errors(response) == {"agreed_on": [sentence], "agreed_by": ["Answer “Who agreed it?”"]}


def test_a_budget_without_contributions_is_not_agreed(client_of, office, draft_budget):
    draft_budget.contributions.all().delete()
    answers = {**three_boxes("agreed_on", TODAY), "agreed_by": "The Executive"}
    response = client_of(office).post(url("budget-agree", draft_budget), answers)
    assert (response.status_code, errors(response)) == (
        422,
        {"__all__": ["Enter who gives what first: there is nothing to agree yet"]},
    )


def close_answers(client, budget, **changed):
    formset = client.get(url("budget-close", budget)).context["lines"]
    data = {field.html_name: field.value() for field in formset.management_form}
    for form in formset:
        data |= {field.html_name: "" if field.value() is None else field.value() for field in form}
    return data | changed


def test_a_year_is_closed_with_what_was_spent_and_its_reserve_goes_on(
    client_of, office, budget, draft_budget, other_partnership
):
    draft_budget.partnerships.add(other_partnership)
    client = client_of(office)
    answers = close_answers(client, budget, **{"lines-0-spent": "£4,000.50", "is_carried": "on"})
    assert client.post(url("budget-close", budget), answers).status_code == 302
    budget.refresh_from_db()
    draft_budget.refresh_from_db()
    assert (budget.status, budget.spending.get().spent, draft_budget.opening_reserve) == (
        "closed",
        Decimal("4000.50"),
        Decimal("25999.50"),
    )
    assert client.get(url("budget-close", budget)).status_code == 403


def test_a_year_is_not_closed_while_a_line_is_unknown(client_of, office, budget):
    client = client_of(office)
    response = client.post(url("budget-close", budget), close_answers(client, budget))
    assert response.status_code == 422
    assert "Enter what was spent on Staff, or 0" in response.content.decode()
    with pytest.raises(CannotDo, match="Enter what was spent on every line first"):
        close_budget(budget, is_carried=False)


def test_a_year_is_not_closed_on_money_that_was_not_there(client_of, office, budget):
    client = client_of(office)
    answers = close_answers(client, budget, **{"lines-0-spent": "30,000.01"})
    response = client.post(url("budget-close", budget), answers)
    assert (response.status_code, errors(response)) == (
        422,
        {
            "__all__": [
                "£0.01 more was spent than there was. Add who paid for that as a contribution, then close the year. "
                "What you typed for each line is saved"
            ]
        },
    )
    budget.refresh_from_db()
    assert (budget.status, budget.spending.get().spent) == ("agreed", Decimal("30000.01"))


def test_a_closed_year_is_corrected_with_a_reason_and_lacks_no_line(client_of, office, last_budget):
    line = last_budget.spending.get()
    client, change = client_of(office), url("spending-change", line)
    empty = {"title": "Staff", "planned": "4500", "spent": "", "reason": "", "why": ""}
    assert errors(client.post(change, empty)) == {"spent": ["Enter what was spent, or 0: this year is closed"]}


def test_the_reserve_of_an_agreed_budget_changes_with_a_reason_that_stays(client_of, office, budget):
    client, change = client_of(office), url("budget-change", budget)
    answers = {"opening_reserve": "21,000", "principles": "", "note": "", "agreed_by": "The Executive", "why": ""}
    assert errors(client.post(change, answers)) == {"why": ["Say why: this budget was agreed with other amounts"]}
    assert client.post(change, answers | {"why": "The audit found more"}).status_code == 302
    budget.refresh_from_db()
    assert (budget.opening_reserve, budget.note) == (
        Decimal("21000.00"),
        "12 January 2027: reserve at the start £21,000 instead of £20,000. The audit found more",
    )


def test_a_draft_moves_to_days_that_are_free(client_of, office, draft_budget, partnership):
    taken = BudgetYearFactory(partnerships=[partnership])
    client, change = client_of(office), url("budget-change", draft_budget)
    answers = {"opening_reserve": "0", "principles": "", "note": ""}
    clash = answers | three_boxes("starts_on", date(2027, 3, 31)) | three_boxes("ends_on", date(2028, 3, 30))
    assert errors(client.post(change, clash)) == {
        "starts_on": [f"There is a budget for these days already: {taken}. Open that one, or choose other days"]
    }
    free = answers | three_boxes("starts_on", date(2027, 4, 6)) | three_boxes("ends_on", date(2028, 4, 5))
    assert client.post(change, free).status_code == 302
    draft_budget.refresh_from_db()
    assert draft_budget.starts_on == date(2027, 4, 6)


# Races


def test_whoever_starts_a_budget_holds_its_partnerships(partnership):
    with CaptureQueriesContext(connection) as queries:
        start_budget([partnership], starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31))
    locked = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert ['FROM "partnership_partnership"' in sql for sql in locked] == [True]
