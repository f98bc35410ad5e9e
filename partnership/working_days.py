"""Working days of England: Monday to Friday, without bank holidays and, where asked, without closures.

A deadline in working days skips those of England alone: asked for the "United Kingdom" the library
would add other nations' days too, and St Andrew's Day would move an English deadline. Clocks of law
count by ``ENGLAND``; ``partnership.closures`` gives what local steps count by. Days are days in
England: "by 10 March" is over when 10 March is, whatever the clocks do on it.
"""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
# England has eight bank holidays in a plain year; a year for which the library has fewer is not known yet.
BANK_HOLIDAYS_A_YEAR = 8
YEARS_LOOKED_AT = 5


@lru_cache(maxsize=64)
def names_of_bank_holidays(year):
    """{day: name} of England's bank holidays, the days in lieu included and called as the government does."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: name.replace("(observed)", "(substitute day)") for day, name in found.items()}


@lru_cache(maxsize=64)
def bank_holidays(year):
    """England's bank holidays of a year, the days in lieu included."""
    return frozenset(names_of_bank_holidays(year))


def each_day(first, last):
    """The days from ``first`` to ``last``, both included."""
    return (first + ONE_DAY * number for number in range((last - first).days + 1))


def bank_holidays_known_until(*, on):
    """The last day up to which bank holidays are known without a gap, or None: five years ahead at most."""
    known = None
    for year in range(on.year, on.year + YEARS_LOOKED_AT + 1):
        if len(bank_holidays(year)) < BANK_HOLIDAYS_A_YEAR:
            break
        known = date(year, 12, 31)
    return known


@lru_cache(maxsize=64)
def _weekdays_at_work(year):
    """England's working days of a year, in order."""
    off = bank_holidays(year)
    days = (date(year, 1, 1) + ONE_DAY * number for number in range(366))
    return [day for day in days if day.year == year and day.weekday() < 5 and day not in off]


class WorkingDays:
    """Counting in working days where besides the ``closed`` days are off.

    A year's days are listed once, so a count costs the same however long it is.
    """

    def __init__(self, closed=frozenset()):
        self.closed = frozenset(closed)
        self._years_with_closures = {day.year for day in self.closed}
        self._years = {}

    def is_working_day(self, day):
        return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in self.closed

    def add(self, day, count):
        """The working day that is ``count`` after ``day`` (before it, where negative).

        ``day`` itself never counts, so from a Saturday 1 is Monday and -1 Friday. 0 is ``day`` as it is.
        """
        if count == 0:
            return day
        year, days = day.year, self._of(day.year)
        place = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
        while place >= len(days):
            place -= len(days)
            year += 1
            days = self._of(year)
        while place < 0:
            year -= 1
            days = self._of(year)
            place += len(days)
        return days[place]

    def between(self, first, last):
        """How many working days come after ``first`` up to and with ``last``; negative where it is earlier."""
        if last < first:
            return -self.between(last, first)
        whole = sum(len(self._of(year)) for year in range(first.year, last.year))
        return whole + bisect_right(self._of(last.year), last) - bisect_right(self._of(first.year), first)

    def this_or_next(self, day):
        return day if self.is_working_day(day) else self.add(day, 1)

    def _of(self, year):
        if year not in self._years_with_closures:
            return _weekdays_at_work(year)
        if year not in self._years:
            self._years[year] = [day for day in _weekdays_at_work(year) if day not in self.closed]
        return self._years[year]


ENGLAND = WorkingDays()

is_working_day = ENGLAND.is_working_day
add_working_days = ENGLAND.add
working_days_between = ENGLAND.between
this_or_next_working_day = ENGLAND.this_or_next
