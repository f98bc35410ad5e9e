"""Why a figure moved: owed, said, said again; and figures that have not come."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from assurance.indicators.comments import latest_of, talk_of
from assurance.indicators.offers import told
from assurance.indicators.small_numbers import figures_of
from assurance.indicators.stale import in_words
from assurance.models import Indicator, IndicatorComment
from partnership.deadlines import deadlines_for
from tests.factories_judged import IndicatorCommentFactory, IndicatorFactory, IndicatorValueFactory

TODAY = date(2027, 1, 12)
NEWEST = date(2026, 10, 1)
WORDS = {"period_on": "2026-10-01", "why": "Two large families.", "so_what": "We visit both weekly until March."}


@pytest.fixture
def indicator(partnership, charity):
    """It fell behind its target in the newest quarter."""
    indicator = IndicatorFactory(
        partnership=partnership, owner=charity, title="Children on a plan", target=Decimal(40), unit_words="children"
    )
    IndicatorValueFactory(indicator=indicator, starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 30), value=Decimal(38))
    IndicatorValueFactory(indicator=indicator, value=Decimal(47))
    return indicator


@pytest.fixture
def address(indicator):
    return reverse("assurance:indicator-comment", args=[indicator.pk])


def due(user, kind):
    return [(each.due_on, each.title) for each in deadlines_for(user, on=TODAY) if each.kind == kind]


def test_whoever_answers_for_it_says_why_and_owes_it_no_more(client_of, partner, other_partner, indicator, address):
    owed = [(date(2027, 1, 19), "Say why it moved: Children on a plan")]
    assert (due(partner, "Why a figure moved"), due(other_partner, "Why a figure moved")) == (owed, [])
    assert client_of(other_partner).post(address, WORDS).status_code in (403, 404)
    client = client_of(partner)
    page = client.get(address).content.decode()
    assert "Fell behind its target, 40, in October to December 2026" in page
    assert "October to December 2026: it moved, and nobody has said why" in page
    assert client.post(address, WORDS).url == indicator.get_absolute_url()
    comment = indicator.comments.get()
    assert (comment.period_on, comment.why, comment.so_what, comment.said_by) == (
        NEWEST,
        WORDS["why"],
        WORDS["so_what"],
        partner,
    )
    assert due(partner, "Why a figure moved") == []


def test_the_office_says_it_too(client_of, office, address):
    assert client_of(office).post(address, WORDS).status_code == 302


def test_the_same_words_sent_twice_are_kept_once_and_other_words_beside_them(client_of, office, indicator, address):
    client = client_of(office)
    for words in (WORDS, WORDS, WORDS | {"why": "Three large families."}):
        client.post(address, words)
    latest = latest_of(indicator)[NEWEST]
    assert (latest.why, [each.why for each in latest.earlier]) == ("Three large families.", ["Two large families."])
    assert "Three large families." in client.get(f"{address}?period=2026-10-01").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"why": " "}, "Enter why it moved, or that you do not know yet"),
        ({"so_what": ""}, "Enter what it means and what is done about it"),
        ({"period_on": "2020-01-01"}, "Choose a period from the list"),
        ({"period_on": ""}, "Choose the period"),
        ({"period_on": "x"}, "Choose a period from the list"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(client_of, office, address, wrong, said):
    answer = client_of(office).post(address, WORDS | {"why": "Two large families, we think."} | wrong)
    page = answer.content.decode()
    assert (answer.status_code, said in page, IndicatorComment.objects.count()) == (422, True, 0)
    assert "why" in wrong or "Two large families, we think." in page


@pytest.mark.parametrize("asked", ["2026-10-01", "2026-07-01", "1999-01-01", "2026-13-01", "x", ""])
def test_a_period_in_the_address_that_makes_no_sense_is_passed_over(client_of, office, address, asked):
    assert client_of(office).get(address, {"period": asked}).status_code == 200


def test_without_figures_there_is_nothing_to_explain(client_of, office, partnership):
    empty = IndicatorFactory(partnership=partnership)
    answer = client_of(office).get(reverse("assurance:indicator-comment", args=[empty.pk]))
    assert answer.url == empty.get_absolute_url()


def test_what_is_said_of_a_hidden_figure_is_hidden_with_it(partner, lead, indicator):
    indicator.values.filter(starts_on=NEWEST).update(value=Decimal(3))
    IndicatorCommentFactory(indicator=indicator)

    def hidden(user):
        figures = figures_of([indicator], user)[indicator.pk]
        return [comment.is_hidden for comment in talk_of(indicator, figures, on=TODAY)["said"]]

    assert (hidden(partner), hidden(lead)) == ([False], [True])


def test_nobody_owes_an_explanation_of_what_is_no_longer_followed(partner, indicator):
    indicator.retired_on = TODAY
    indicator.save()
    assert due(partner, "Why a figure moved") == due(partner, "Figures due") == []


# What has not come


def next_figure(indicator, *, on=TODAY):
    found = Indicator.objects.with_next_figure(on=on).get(pk=indicator.pk)
    return found.next_starts_on, found.next_ends_on, found.next_due_on


def test_the_next_figure_follows_the_newest(partner, other_partner, indicator):
    assert next_figure(indicator) == (date(2027, 1, 1), date(2027, 3, 31), date(2027, 5, 12))
    assert (due(partner, "Figures due"), due(other_partner, "Figures due")) == (
        [(date(2027, 5, 12), "Figure of Children on a plan")],
        [],
    )


@pytest.mark.parametrize(
    ("frequency", "period"),
    [
        ("month", (date(2026, 11, 1), date(2026, 11, 30), date(2027, 1, 11))),
        ("quarter", (date(2026, 7, 1), date(2026, 9, 30), date(2026, 11, 11))),
        ("year", (date(2025, 4, 1), date(2026, 3, 31), date(2026, 5, 12))),
    ],
)
def test_of_what_never_had_a_figure_the_last_that_should_be_there_is_missing(partnership, frequency, period):
    indicator = IndicatorFactory(partnership=partnership, frequency=frequency)
    assert next_figure(indicator) == period


def test_a_figure_is_late_on_the_day_after_it_was_due_and_not_before(indicator):
    due_on = date(2027, 5, 12)
    assert list(Indicator.objects.stale(on=due_on)) == []
    (late,) = Indicator.objects.stale(on=due_on + timedelta(days=1))
    assert in_words(late, on=due_on + timedelta(days=1)) == "The figure of January to March 2027 is 1 day late."


def test_a_comparator_alone_is_no_figure(indicator):
    IndicatorValueFactory(
        indicator=indicator,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 3, 31),
        value=None,
        comparator=Decimal(41),
    )
    assert next_figure(indicator)[0] == date(2027, 1, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_due_is_one_query_however_many_moved(partner, partnership, charity, count, django_assert_num_queries):
    for _ in range(count):
        moved = IndicatorFactory(partnership=partnership, owner=charity, target=Decimal(40))
        IndicatorValueFactory(indicator=moved, starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 30), value=Decimal(38))
        IndicatorValueFactory(indicator=moved, value=Decimal(47))
    deadlines_for(partner, on=TODAY)
    with django_assert_num_queries(1):
        found = deadlines_for(partner, on=TODAY)
    assert sum(each.kind == "Why a figure moved" for each in found) == count


# As a reason of a plan


def test_what_may_be_shown_to_the_public_is_offered_as_a_reason_of_a_plan(office, stranger, partnership, indicator):
    assert told(office, [partnership.pk]) == []
    indicator.is_public = True
    indicator.save()
    assert told(office, [partnership.pk]) == [
        (
            indicator.pk,
            "Indicator",
            "Indicator: Children on a plan",
            indicator.get_absolute_url(),
            "47 children in October to December 2026. Two quarters: too few to say more than that it went up, from 38 "
            "to 47. The target, 40, is not met.",
        )
    ]
    assert told(stranger, [partnership.pk]) == []
    assert told(office, [partnership.pk], only=[]) == []
