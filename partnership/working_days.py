"""Working days of England: Monday to Friday, without bank holidays.

A deadline in working days skips those of England alone: asked for the "United Kingdom" the library
would add other nations' days too, and St Andrew's Day would move an English deadline.
"""

from datetime import timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def bank_holidays(year):
    """England's bank holidays of a year, the days in lieu included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day):
    return day.weekday() < 5 and day not in bank_holidays(day.year)


@lru_cache(maxsize=4096)
def add_working_days(day, count):
    """The working day that is ``count`` after ``day`` (before it, where negative).

    ``day`` itself never counts, so from a Saturday 1 is Monday and -1 Friday. 0 is ``day`` as it is.
    """
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(first, last):
    """How many working days come after ``first`` up to and with ``last``; negative where it is earlier."""
    if last < first:
        return -working_days_between(last, first)
    days = (first + ONE_DAY * number for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def this_or_next_working_day(day):
    return day if is_working_day(day) else add_working_days(day, 1)
