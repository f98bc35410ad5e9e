"""Numbers of few people are hidden, and so is what would give them away."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assurance.indicators.small_numbers import hidden
from assurance.models import Indicator, IndicatorValue

QUARTERS = [
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 12, 31)),
    (date(2027, 1, 1), date(2027, 3, 31)),
]
YEAR = (date(2026, 4, 1), date(2027, 3, 31))
NUMBER = Indicator(pk=1)
OF_YEAR = Indicator(pk=2, same_as_id=1, frequency=Indicator.Frequency.YEAR)
PERCENT = Indicator(pk=3, unit=Indicator.Unit.PERCENT)
RATE = Indicator(pk=4, unit=Indicator.Unit.RATE, same_as_id=1)
DAYS = Indicator(pk=5, unit=Indicator.Unit.DAYS)


def value_of(key, indicator, area, period, value, numerator=None, denominator=None):
    def number(given):
        return None if given is None else Decimal(str(given))

    return IndicatorValue(
        pk=key,
        indicator=indicator,
        area_id=area,
        starts_on=period[0],
        ends_on=period[1],
        value=number(value),
        numerator=number(numerator),
        denominator=number(denominator),
    )


def of_areas(*numbers, whole=None, indicator=NUMBER, period=QUARTERS[0], start=0):
    """Values of areas 1, 2, … with keys from ``start``, and of the whole with key ``start``."""
    rows = [value_of(start + area, indicator, area, period, number) for area, number in enumerate(numbers, 1)]
    return rows if whole is None else [value_of(start, indicator, None, period, whole), *rows]


@pytest.mark.parametrize(
    ("rows", "away"),
    [
        (of_areas(10, 20, whole=30), set()),
        (of_areas(3, 20), {1}),
        (of_areas(0, 20, whole=20), set()),
        (of_areas(5, 20, whole=25), set()),
        (of_areas(3, 20, 9, whole=32), {1, 3}),
        (of_areas(1, 1, 30, 40, whole=72), {1, 2, 3}),  # two ones would be known from their sum
        (of_areas(1, 2, 0, 0, whole=3), {0, 1, 2}),
        (of_areas(4, 0, 0, whole=4), {0, 1}),
        (of_areas(4, 0, 9, whole=13), {1, 3}),
    ],
    ids=["large", "small", "nought", "at-the-bar", "whole", "ones", "small-whole", "alone", "nought-protects-nothing"],
)
def test_small_number_is_hidden_and_so_is_what_gives_it_away(rows, away):
    assert hidden(rows) == away


def test_year_that_counts_the_same_does_not_give_a_quarter_away():
    quarters = [
        value_of(n, NUMBER, None, period, number)
        for n, (period, number) in enumerate(zip(QUARTERS, [3, 8, 9, 10], strict=True))
    ]
    year = [value_of(9, OF_YEAR, None, YEAR, 30)]
    assert hidden(quarters) == {0}
    assert hidden([*quarters, *year]) == {0, 1}


def test_area_hidden_in_a_quarter_is_hidden_across_and_along():
    rows = []
    for n, (period, (first, second)) in enumerate(zip(QUARTERS, [(3, 20), (30, 20), (30, 21), (30, 22)], strict=True)):
        rows += of_areas(first, second, whole=first + second, period=period, start=10 * n)
    rows += of_areas(93, 83, whole=176, period=YEAR, indicator=OF_YEAR, start=100)
    away = hidden(rows)
    assert {1} < away
    assert not set(derived(rows, away)) & {1}


def test_rate_that_gives_the_number_away_is_hidden_with_it():
    rows = [
        value_of(1, NUMBER, 1, QUARTERS[0], 3),
        value_of(2, RATE, 1, QUARTERS[0], 1.5),  # known with a population of 20,000
        value_of(3, RATE, 2, QUARTERS[0], 15, denominator=20_000),
    ]
    assert hidden(rows) == {1, 2}


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_hidden"),
    [
        (3, 100, True),
        (97, 100, True),
        (None, 4, True),
        (40, 100, False),
        (0, 100, False),
        (100, 100, False),
        (None, None, False),
    ],
    ids=["few", "few-left", "of-few", "many", "none", "all", "unknown"],
)
def test_per_cent_is_hidden_by_the_people_behind_it(numerator, denominator, is_hidden):
    share = 50 if numerator is None else 100 * numerator / denominator
    rows = [value_of(1, PERCENT, 1, QUARTERS[0], share, numerator, denominator)]
    assert hidden(rows) == ({1} if is_hidden else set())


def test_county_among_its_districts_does_not_give_one_away():
    assert hidden(of_areas(30, 3, 9, 18)) == {2, 3}
    assert hidden(of_areas(30, 3, 9, 18, whole=30)) == {2, 3}


def test_average_of_few_is_hidden():
    rows = [value_of(1, DAYS, 1, QUARTERS[0], 12, denominator=3), value_of(2, DAYS, 2, QUARTERS[0], 12)]
    assert hidden(rows) == {1}


def test_indicator_without_a_bar_hides_nothing():
    assert hidden(of_areas(3, 20, whole=23, indicator=Indicator(pk=9, small_below=0))) == set()


AREAS = st.integers(min_value=1, max_value=4)
PEOPLE = st.one_of(st.integers(0, 6), st.integers(0, 60))


@st.composite
def tables(draw):
    """Numbers of up to four areas in up to four quarters, wholes, and a year in which all is counted again."""
    areas, quarters = draw(AREAS), draw(st.integers(1, 4))
    counted = [[draw(PEOPLE) for _ in range(areas)] for _ in range(quarters)]
    rows, key = [], 0

    def add(indicator, area, period, number):
        nonlocal key
        key += 1
        rows.append(value_of(key, indicator, area, period, number))

    for period, numbers in zip(QUARTERS, counted, strict=False):
        for area, number in enumerate(numbers, 1):
            add(NUMBER, area, period, number)
        if draw(st.booleans()):
            add(NUMBER, None, period, sum(numbers))
    if quarters == 4 and draw(st.booleans()):
        for area in range(areas):
            add(OF_YEAR, area + 1, YEAR, sum(numbers[area] for numbers in counted))
        add(OF_YEAR, None, YEAR, sum(map(sum, counted)))
    return rows


def equations(rows):
    """Each row as factors of the numbers of all areas in all quarters."""
    areas = sorted({row.area_id for row in rows if row.area_id})
    pieces = [(area, start, end) for area in areas for start, end in QUARTERS]
    return {
        row.pk: [
            Fraction(row.area_id in (None, area) and row.starts_on <= start and end <= row.ends_on)
            for area, start, end in pieces
        ]
        for row in rows
    }


def rank(matrix):
    matrix, found = [list(row) for row in matrix], 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((n for n in range(found, len(matrix)) if matrix[n][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for n in range(found + 1, len(matrix)):
            factor = matrix[n][column] / matrix[found][column]
            matrix[n] = [a - factor * b for a, b in zip(matrix[n], matrix[found], strict=True)]
        found += 1
    return found


def derived(rows, away):
    """Keys of small numbers that follow from what is shown."""
    factors = equations(rows)
    seen = [factors[row.pk] for row in rows if row.pk not in away]
    known = rank(seen)
    return [row.pk for row in rows if 0 < row.value < 5 and rank([*seen, factors[row.pk]]) == known]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_small_number_follows_from_what_is_shown(rows):
    assert derived(rows, hidden(rows)) == []


def test_the_test_of_what_follows_can_fail():
    rows = of_areas(3, 20, 9, whole=32)
    assert derived(rows, {1}) == [1]


@settings(max_examples=60, deadline=None)
@given(st.lists(PEOPLE, min_size=2, max_size=6))
def test_sums_leave_a_small_number_a_range(numbers):
    rows = of_areas(*numbers, whole=sum(numbers))
    away = hidden(rows)
    areas = [row for row in rows[1:] if row.pk in away]
    if 0 not in away and any(0 < row.value < 5 for row in areas):
        assert sum(row.value for row in areas) - (len(areas) - 1) >= 5


@given(st.lists(st.integers(5, 90), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_nothing_is_hidden_where_nothing_is_small(numbers):
    assert hidden(of_areas(*numbers, whole=sum(numbers))) == set()
