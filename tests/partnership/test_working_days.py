"""Working days are England's, and nobody else's."""

from datetime import date

import pytest

from partnership.working_days import (
    add_working_days,
    is_working_day,
    this_or_next_working_day,
    working_days_between,
)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2027, 1, 7), 15, date(2027, 1, 28)),  # three weeks without a holiday
        (date(2026, 12, 23), 15, date(2027, 1, 18)),  # over Christmas, Boxing Day in lieu, New Year
        (date(2027, 3, 25), 1, date(2027, 3, 30)),  # over Easter
        (date(2027, 3, 30), -1, date(2027, 3, 25)),
        (date(2027, 1, 9), 1, date(2027, 1, 11)),  # a Saturday
        (date(2027, 1, 9), -1, date(2027, 1, 8)),
        (date(2027, 1, 9), 0, date(2027, 1, 9)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),  # a leap day is a working day
    ],
)
def test_working_days_are_counted_over_weekends_and_bank_holidays(day, count, expected):
    assert add_working_days(day, count) == expected


def test_other_nations_holidays_are_working_days_in_england():
    st_andrews_day, second_of_january, battle_of_the_boyne = (
        date(2026, 11, 30),
        date(2029, 1, 2),
        date(2027, 7, 12),
    )
    easter_monday = date(2027, 3, 29)  # none in Scotland
    assert [is_working_day(day) for day in (st_andrews_day, second_of_january, battle_of_the_boyne, easter_monday)] == [
        True,
        True,
        True,
        False,
    ]


def test_working_days_between_counts_the_last_day_and_not_the_first():
    assert working_days_between(date(2027, 1, 7), date(2027, 1, 28)) == 15
    assert working_days_between(date(2027, 1, 28), date(2027, 1, 7)) == -15
    assert working_days_between(date(2027, 1, 7), date(2027, 1, 7)) == 0


def test_there_and_back_again():
    day = date(2026, 12, 1)
    for count in range(1, 60):
        assert add_working_days(add_working_days(day, count), -count) == day
        assert working_days_between(day, add_working_days(day, count)) == count


def test_a_weekend_moves_to_monday():
    assert this_or_next_working_day(date(2027, 1, 9)) == date(2027, 1, 11)
    assert this_or_next_working_day(date(2027, 1, 12)) == date(2027, 1, 12)
