"""How long a kind of record is kept, in words and as a day."""

from dateutil.relativedelta import relativedelta

A_YEAR = 12
FOR_GOOD = "For good"


def in_months(months):
    """ "6 years", "18 months", "For good"."""
    if months is None:
        return FOR_GOOD
    if months % A_YEAR:
        return f"{months} months" if months != 1 else "1 month"
    years = months // A_YEAR
    return f"{years} years" if years != 1 else "1 year"


def older_than(months, *, on):
    """The first day that is not over yet: what is dated before it is."""
    return on - relativedelta(months=months)
