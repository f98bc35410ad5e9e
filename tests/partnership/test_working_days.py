"""Working days are England's, and nobody else's; forward and backward they are the same days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership.working_days import (
    ENGLAND,
    WorkingDays,
    add_working_days,
    bank_holidays,
    bank_holidays_known_until,
    is_working_day,
    this_or_next_working_day,
    working_days_between,
)

ONE_DAY = timedelta(days=1)
CHRISTMAS = frozenset(date(2026, 12, 24) + ONE_DAY * number for number in range(10))
OFFICE = WorkingDays(CHRISTMAS)

days = st.dates(date(2018, 1, 1), date(2039, 12, 31))
counts = st.integers(1, 300)
calendars = st.sampled_from([ENGLAND, OFFICE])


# Properties


@settings(deadline=None)  # a machine may be busy
@given(calendars, days, counts)
def test_a_count_never_lands_on_a_day_off(calendar, day, count):
    assert calendar.is_working_day(calendar.add(day, count))
    assert calendar.is_working_day(calendar.add(day, -count))


@settings(deadline=None)  # a machine may be busy
@given(calendars, days, counts)
def test_back_is_the_inverse_of_forth(calendar, day, count):
    day = calendar.this_or_next(day)
    assert calendar.add(calendar.add(day, count), -count) == day
    assert calendar.add(calendar.add(day, -count), count) == day


@settings(deadline=None)  # a machine may be busy
@given(calendars, days, counts)
def test_between_counts_what_was_added(calendar, day, count):
    assert calendar.between(day, calendar.add(day, count)) == count
    assert calendar.between(calendar.add(day, count), day) == -count


@settings(deadline=None)  # a machine may be busy
@given(calendars, days, days, counts)
def test_a_later_day_never_gives_an_earlier_one(calendar, first, second, count):
    first, second = sorted([first, second])
    assert calendar.add(first, count) <= calendar.add(second, count)
    assert calendar.add(first, -count) <= calendar.add(second, -count)
    assert calendar.add(first, count) < calendar.add(first, count + 1)


@settings(deadline=None)  # a machine may be busy
@given(days, st.integers(-300, 300))
def test_it_counts_as_one_would_on_a_wall_calendar(day, count):
    """Against the plainest way there is: a day at a time."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    found, left = day, abs(count)
    while left:
        found += step
        left -= found.weekday() < 5 and found not in bank_holidays(found.year) and found not in CHRISTMAS
    assert OFFICE.add(day, count) == found


@settings(deadline=None)  # a machine may be busy
@given(days)
def test_a_weekend_or_holiday_moves_on_and_a_working_day_stays(day):
    moved = ENGLAND.this_or_next(day)
    assert moved == (day if ENGLAND.is_working_day(day) else ENGLAND.add(day, 1))


# Worked examples


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # 15 working days from the day the notification was sent: domain.md 1.1, C5
        pytest.param(date(2027, 1, 7), 15, date(2027, 1, 28), id="no holiday between"),
        pytest.param(date(2026, 12, 23), 15, date(2027, 1, 18), id="Christmas, Boxing Day in lieu, New Year"),
        pytest.param(date(2021, 12, 20), 15, date(2022, 1, 13), id="Christmas at a weekend, both days in lieu"),
        pytest.param(date(2022, 5, 20), 15, date(2022, 6, 14), id="spring holiday moved, and the Jubilee"),
        pytest.param(date(2022, 9, 9), 15, date(2022, 10, 3), id="the Queen’s funeral"),
        pytest.param(date(2023, 4, 28), 15, date(2023, 5, 23), id="the coronation and May Day"),
        pytest.param(date(2024, 3, 20), 15, date(2024, 4, 12), id="an early Easter"),
        pytest.param(date(2025, 4, 9), 15, date(2025, 5, 2), id="a late Easter"),
        pytest.param(date(2027, 12, 23), 15, date(2028, 1, 18), id="year end, three days in lieu"),
        # 5 working days from becoming aware: C1 and C2
        pytest.param(date(2027, 1, 5), 5, date(2027, 1, 12), id="aware on a Tuesday"),
        pytest.param(date(2027, 1, 9), 5, date(2027, 1, 15), id="aware on a Saturday"),
        pytest.param(date(2026, 12, 24), 5, date(2027, 1, 5), id="aware on Christmas Eve"),
        # 7 working days before publication: C9
        pytest.param(date(2027, 3, 10), -7, date(2027, 3, 1), id="before publication"),
        pytest.param(date(2027, 4, 6), -7, date(2027, 3, 24), id="before publication, over Easter"),
        pytest.param(date(2028, 3, 6), -7, date(2028, 2, 24), id="before publication, over 29 February"),
        # the rest
        pytest.param(date(2028, 2, 28), 2, date(2028, 3, 1), id="29 February is a working day"),
        pytest.param(date(2027, 3, 25), 1, date(2027, 3, 30), id="Good Friday and Easter Monday"),
        pytest.param(date(2026, 3, 27), 1, date(2026, 3, 30), id="the clocks go forward"),
        pytest.param(date(2026, 10, 23), 1, date(2026, 10, 26), id="the clocks go back"),
        pytest.param(date(2027, 1, 9), -1, date(2027, 1, 8), id="back from a Saturday"),
        pytest.param(date(2027, 1, 9), 0, date(2027, 1, 9), id="nothing is counted"),
    ],
)
def test_days_of_the_calendar(day, count, expected):
    assert add_working_days(day, count) == expected


def test_a_closure_is_stepped_over_by_the_office_and_not_by_the_law():
    assert OFFICE.add(date(2026, 12, 23), 1) == date(2027, 1, 4)
    assert add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 24)
    assert OFFICE.between(date(2026, 12, 23), date(2027, 1, 4)) == 1
    assert working_days_between(date(2026, 12, 23), date(2027, 1, 4)) == 5


def test_a_year_that_is_closed_throughout_is_passed_over():
    whole_year = WorkingDays(date(2027, 1, 1) + ONE_DAY * number for number in range(365))
    assert whole_year.add(date(2026, 12, 31), 1) == date(2028, 1, 4)
    assert whole_year.add(date(2028, 1, 4), -1) == date(2026, 12, 31)
    assert whole_year.between(date(2026, 12, 31), date(2028, 1, 4)) == 1


def test_other_nations_holidays_are_working_days_in_england():
    st_andrews_day, second_of_january, battle_of_the_boyne = date(2026, 11, 30), date(2029, 1, 2), date(2027, 7, 12)
    easter_monday = date(2027, 3, 29)  # none in Scotland
    tried = [st_andrews_day, second_of_january, battle_of_the_boyne, easter_monday]
    assert [is_working_day(day) for day in tried] == [True, True, True, False]


@pytest.mark.parametrize("day", [date(2027, 3, 10), date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_is_over_when_it_is_over_in_england(day):
    """ "By 10 March" ends at the end of 10 March local time, on the days of the clock changes too."""
    london = ZoneInfo("Europe/London")
    last = datetime(day.year, day.month, day.day, 23, 59, tzinfo=london)
    assert last.date() == day
    assert (last.astimezone(ZoneInfo("UTC")) + timedelta(minutes=1)).astimezone(london).date() == day + ONE_DAY


def test_a_weekend_moves_to_monday():
    assert this_or_next_working_day(date(2027, 1, 9)) == date(2027, 1, 11)
    assert this_or_next_working_day(date(2027, 1, 12)) == date(2027, 1, 12)


# How far we can see


def test_bank_holidays_are_known_for_more_than_a_year():
    today = date(2026, 11, 22)
    assert bank_holidays_known_until(on=today) == date(2031, 12, 31)


def test_a_year_without_its_bank_holidays_ends_what_is_known(monkeypatch):
    known = {2026: 8, 2027: 9, 2028: 3}
    monkeypatch.setattr("partnership.working_days.bank_holidays", lambda year: frozenset(range(known.get(year, 8))))
    assert bank_holidays_known_until(on=date(2026, 11, 22)) == date(2027, 12, 31)
    assert bank_holidays_known_until(on=date(2028, 1, 1)) is None
