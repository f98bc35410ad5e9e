"""Months, quarters and years as people write them, and as we write them.

A year is a financial one, from April, unless it says its months: "2026/27" is April 2026 to March 2027, "Q3 2026/27"
October to December 2026. What could be read in two ways ("Q3 2026") is refused with both readings.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assurance.indicators.words import name_of_period, short_period
from assurance.models import Indicator
from partnership.forms import MONTHS
from partnership.sheets import day_of

Frequency = Indicator.Frequency
MONTHS_OF = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}
CALLED = {1: "a month", 3: "a quarter", 12: "a year"}
EXAMPLES = {Frequency.MONTH: "October 2026", Frequency.QUARTER: "Q3 2026/27", Frequency.YEAR: "2026/27"}
FIRST_MONTH_OF_YEAR = 4
# Excel keeps a day as a number of days from this one; only those of 2000 to 2099 are taken for days.
EXCELS_FIRST = date(1899, 12, 30)
EXCELS_DAYS = range(36_526, 73_051)

MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
TO = r"\s*(?:-|–|—|to|until)\s*"
YEAR = r"((?:20)?\d\d)"
DOUBLE_YEAR = r"(20\d\d|\d\d)\s*(?:/|-|–|—|to)\s*((?:20)?\d\d)"
QUARTER = r"(?:q|qtr|quarter)\s*([1-4])"

OF_YEAR = re.compile(rf"(?:fy|year|financial year|academic year)?\s*{DOUBLE_YEAR}", re.I)
QUARTER_OF_YEAR = re.compile(rf"{QUARTER}[\s,(-]*(?:fy|of)?\s*{DOUBLE_YEAR}\)?", re.I)
YEAR_AND_QUARTER = re.compile(rf"(?:fy)?\s*{DOUBLE_YEAR}[\s,:(-]*{QUARTER}\)?", re.I)
BARE_QUARTER = re.compile(rf"(?:{QUARTER}[\s,(-]*{YEAR}\)?|{YEAR}[\s,-]*{QUARTER})", re.I)
ONE_MONTH = re.compile(rf"{MONTH}[\s,’'/-]*{YEAR}", re.I)
MONTHS_OF_ONE_YEAR = re.compile(rf"{MONTH}{TO}{MONTH}[\s,’']*{YEAR}", re.I)
MONTHS_OF_DOUBLE_YEAR = re.compile(rf"{MONTH}{TO}{MONTH}[\s,]*{DOUBLE_YEAR}", re.I)
MONTHS_WITH_YEARS = re.compile(rf"{MONTH}[\s,’']*{YEAR}{TO}{MONTH}[\s,’']*{YEAR}", re.I)
TWO_DAYS = re.compile(r"(.+?\d{4})\s*(?:-|–|—|to|until)\s+(.+\d{4})", re.I)
SERIAL = re.compile(r"\d{5}")


class UnreadablePeriod(Exception):
    """The message says what to write instead."""


@dataclass(frozen=True, order=True)
class Period:
    """First and last day."""

    starts_on: date
    ends_on: date

    @property
    def months(self):
        """How many whole months it is; None if it is none."""
        if self.starts_on.day != 1 or (self.ends_on + timedelta(days=1)).day != 1:
            return None
        return (self.ends_on.year - self.starts_on.year) * 12 + self.ends_on.month - self.starts_on.month + 1

    @property
    def name(self):
        """ "October 2026", "October to December 2026", "April 2026 to March 2027", or its days."""
        if self.months is None:
            return f"{self.starts_on.day} {self.starts_on:%B %Y} to {self.ends_on.day} {self.ends_on:%B %Y}"
        return name_of_period(self.starts_on, self.ends_on)

    @property
    def short(self):
        """For the head of a column: "Oct 2026", "Oct–Dec 2026", "Apr 2026–Mar 2027", or its days."""
        return self.name if self.months is None else short_period(self.starts_on, self.ends_on)

    def overlaps(self, other):
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def from_month(year, month, months=1):
    """The period of ``months`` whole months from ``month`` of ``year`` on."""
    ends = (month - 1 + months) % 12 + 1, year + (month - 1 + months) // 12
    return Period(date(year, month, 1), date(ends[1], ends[0], 1) - timedelta(days=1))


def period_with(day, frequency):
    """The month, quarter or financial year in which ``day`` is."""
    months = MONTHS_OF[frequency]
    since_april = (day.month - FIRST_MONTH_OF_YEAR) % 12
    year = day.year - (day.month < FIRST_MONTH_OF_YEAR)
    return later(from_month(year, FIRST_MONTH_OF_YEAR, months), since_april // months)


def later(period, times):
    """The period ``times`` after ``period``, of as many whole months; before it where ``times`` is negative."""
    month = period.starts_on.year * 12 + period.starts_on.month - 1 + times * period.months
    return from_month(month // 12, month % 12 + 1, period.months)


def read_period(text, frequency=None):
    """The Period that ``text`` means. Raises UnreadablePeriod.

    A day stands for the month, quarter or year (as ``frequency`` says) of which it is the first or the last.
    """
    text = " ".join(str(text).split())
    for shape, meaning in SHAPES:
        found = shape.fullmatch(text)
        if found and (period := meaning(*found.groups())):
            return period
    if BARE_QUARTER.fullmatch(text):
        _two_readings(text)
    day = excels_day(text) or day_of(text)
    if day is None and (found := TWO_DAYS.fullmatch(text)):
        first, last = day_of(found[1]), day_of(found[2])
        if first and last and first <= last:
            return Period(first, last)
    example = EXAMPLES[frequency or Frequency.QUARTER]
    if day is None:
        raise UnreadablePeriod(f"We can’t read “{text[:60]}” as a period. Write it like {example}")
    period = period_with(day, frequency or Frequency.MONTH)
    if day not in (period.starts_on, period.ends_on):
        called = CALLED[period.months]
        raise UnreadablePeriod(
            f"{day.day} {day:%B %Y} is neither the first nor the last day of {called}. Write the period like {example}"
        )
    return period


def excels_day(text):
    """The day that Excel keeps as this number; None if it is none."""
    text = text.removesuffix(".0")
    if SERIAL.fullmatch(text) and int(text) in EXCELS_DAYS:
        return EXCELS_FIRST + timedelta(days=int(text))
    return None


def written(value):
    """A cell's value (a text, number, date or moment) as the text that ``read_period`` reads."""
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)


def looks_like_period(text):
    """Whether it is meant as a period, be it one that has two readings."""
    text = " ".join(str(text).split())
    if BARE_QUARTER.fullmatch(text):
        return True
    try:
        read_period(text)
    except UnreadablePeriod:
        return bool(excels_day(text) or day_of(text))
    return True


def _two_readings(text):
    quarter, year, again, quarter_again = BARE_QUARTER.fullmatch(text).groups()
    quarter, year = int(quarter or quarter_again), _year(year or again)
    calendar = from_month(year, quarter * 3 - 2, 3)
    raise UnreadablePeriod(
        f"“{text}” may be {calendar.name}, or {_quarter(quarter, year).name}. "
        f"Write {calendar.short}, or Q{quarter} {year}/{(year + 1) % 100:02}"
    )


def _year(text):
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(text):
    return MONTHS.index(text[:3].lower()) + 1


def _quarter(number, year):
    return later(from_month(year, FIRST_MONTH_OF_YEAR, 3), number - 1)


def _is_double(first, second):
    return _year(second) == _year(first) + 1


def _of_year(first, second):
    return from_month(_year(first), FIRST_MONTH_OF_YEAR, 12) if _is_double(first, second) else None


def _quarter_of_year(quarter, first, second):
    return _quarter(int(quarter), _year(first)) if _is_double(first, second) else None


def _year_and_quarter(first, second, quarter):
    return _quarter_of_year(quarter, first, second)


def _one_month(month, year):
    return from_month(_year(year), _month(month))


def _span(first, first_year, last, last_year):
    months = (last_year - first_year) * 12 + last - first + 1
    return from_month(first_year, first, months) if months > 0 else None


def _months_of_one_year(first, last, year):
    """ "Nov-Jan 2027" ends in the year named."""
    first, last, year = _month(first), _month(last), _year(year)
    return _span(first, year - (first > last), last, year)


def _months_of_double_year(first, last, year, second):
    if not _is_double(year, second):
        return None
    first, last, year = _month(first), _month(last), _year(year)
    begins = year + (first < FIRST_MONTH_OF_YEAR)
    return _span(first, begins, last, begins + (last < first))


def _months_with_years(first, first_year, last, last_year):
    return _span(_month(first), _year(first_year), _month(last), _year(last_year))


SHAPES = (
    (QUARTER_OF_YEAR, _quarter_of_year),
    (YEAR_AND_QUARTER, _year_and_quarter),
    (OF_YEAR, _of_year),
    (MONTHS_OF_DOUBLE_YEAR, _months_of_double_year),
    (MONTHS_WITH_YEARS, _months_with_years),
    (MONTHS_OF_ONE_YEAR, _months_of_one_year),
    (ONE_MONTH, _one_month),
)
