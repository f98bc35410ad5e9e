"""A month, a quarter or a year is read as people write it."""

from datetime import date

import pytest

from assurance.indicators.periods import Frequency, Period, UnreadablePeriod, period_with, read_period

AUTUMN = Period(date(2026, 10, 1), date(2026, 12, 31))
WINTER = Period(date(2027, 1, 1), date(2027, 3, 31))
YEAR = Period(date(2026, 4, 1), date(2027, 3, 31))
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Q3 2026/27", AUTUMN),
        ("Quarter 3 2026-27", AUTUMN),
        ("2026/27 Q3", AUTUMN),
        ("Q3 26/27", AUTUMN),
        ("q3 (2026 to 2027)", AUTUMN),
        ("Oct-Dec 2026", AUTUMN),
        ("Oct – Dec 2026", AUTUMN),
        ("October to December 2026", AUTUMN),
        ("Oct-Dec 2026/27", AUTUMN),
        ("Jan-Mar 2026/27", WINTER),
        ("1 October 2026 to 31 December 2026", AUTUMN),
        ("01/10/2026 - 31/12/2026", AUTUMN),
        ("2026-10-01", AUTUMN),
        ("31/12/2026", AUTUMN),
        ("46296", AUTUMN),
        ("Oct 2026 - Dec 2026", AUTUMN),
        ("2026-27", YEAR),
        ("2026/2027", YEAR),
        ("FY 2026/27", YEAR),
        ("April 2026 to March 2027", YEAR),
        ("Oct-26", OCTOBER),
        ("October 2026", OCTOBER),
        ("Nov-Jan 2027", Period(date(2026, 11, 1), date(2027, 1, 31))),
    ],
)
def test_period_is_read(text, period):
    assert read_period(text, Frequency.QUARTER) == period


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "Q3 2026",
            "“Q3 2026” may be July to September 2026, or October to December 2026. Write Jul–Sep 2026, or Q3 2026/27",
        ),
        (
            "15 November 2026",
            "15 November 2026 is neither the first nor the last day of a quarter. Write the period like Q3 2026/27",
        ),
        ("2026-28", "We can’t read “2026-28” as a period. Write it like Q3 2026/27"),
        ("autumn", "We can’t read “autumn” as a period. Write it like Q3 2026/27"),
        ("2026", "We can’t read “2026” as a period. Write it like Q3 2026/27"),
        ("Q5 2026/27", "We can’t read “Q5 2026/27” as a period. Write it like Q3 2026/27"),
    ],
)
def test_what_is_no_period_or_two_is_refused_in_words(text, says):
    with pytest.raises(UnreadablePeriod, match=r".") as refusal:
        read_period(text, Frequency.QUARTER)
    assert str(refusal.value) == says


@pytest.mark.parametrize("period", [AUTUMN, WINTER, YEAR, OCTOBER])
def test_what_we_write_is_read_again(period):
    assert [read_period(period.name), read_period(period.short)] == [period, period]


def test_day_belongs_to_its_quarter_and_year():
    assert period_with(date(2027, 2, 14), Frequency.QUARTER) == WINTER
    assert period_with(date(2027, 2, 14), Frequency.YEAR) == YEAR
    assert period_with(date(2026, 10, 31), Frequency.MONTH) == OCTOBER
