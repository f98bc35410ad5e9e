"""Years as safeguarding partnerships report them: from April to March, known by the year in which they begin."""

from datetime import date

from django.db.models import Case, When
from django.db.models.functions import ExtractYear

BEGINS = 4  # April
YEARS_BACK = 5


def year_of(day):
    """2026 of 1 April 2026 as of 31 March 2027."""
    return day.year if day.month >= BEGINS else day.year - 1


def year_of_field(name):
    """The same of a date in the database."""
    return Case(When(**{f"{name}__month__gte": BEGINS}, then=ExtractYear(name)), default=ExtractYear(name) - 1)


def first_day_of(year):
    return date(year, BEGINS, 1)


def name_of_year(year):
    """ "2026 to 2027"."""
    return f"{year} to {year + 1}"


def years_to_choose(*, on):
    """This year and those before it, the newest first."""
    return [year_of(on) - back for back in range(YEARS_BACK)]
