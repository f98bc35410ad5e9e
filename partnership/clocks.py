"""The day that a rule gives, reckoned by PostgreSQL beside the row that it is for.

So what is due stays one query however many editions there are, and a day is always by the rule as it
stands. ``partnership.working_days`` counts the same way in Python; a test holds the two together.
"""

from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, DateField, ExpressionWrapper, F, Func, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast

from partnership.models import Rule
from partnership.templatetags.components import long_date
from partnership.working_days import bank_holidays

YEARS = range(2017, 2041)  # between which working days are reckoned; nothing was counted by our editions before


@cache
def days_off():
    """England's bank holidays of ``YEARS`` as PostgreSQL writes an array."""
    days = sorted(day for year in YEARS for day in bank_holidays(year))
    return "{" + ",".join(day.isoformat() for day in days) + "}"


class WorkingDay(Func):
    """The day that is ``count`` working days of England after ``day``, or before it where ``count`` is negative.

    ``day`` itself never counts; 0 gives ``day`` as it is.
    """

    output_field = DateField()
    template = """(
        SELECT CASE WHEN max(given.count) = 0 THEN max(given.day)
            ELSE (array_agg(stepped.day ORDER BY step))[max(abs(given.count))] END
        FROM (SELECT %(expressions)s) AS given (day, count, off)
        CROSS JOIN generate_series(1, abs(given.count) * 2 + 30) AS step
        CROSS JOIN LATERAL (SELECT given.day + sign(given.count)::int * step AS day) AS stepped
        WHERE given.count = 0 OR extract(isodow FROM stepped.day) < 6 AND stepped.day <> ALL (given.off)
    )"""

    def __init__(self, day, count):
        off = Cast(Value(days_off()), ArrayField(DateField()))
        super().__init__(Cast(day, DateField()), Cast(count, IntegerField()), off)


class Later(Func):
    """``day`` and so many days or months; a month later than 31 January is the last of February."""

    output_field = DateField()

    def __init__(self, day, count, unit):
        self.template = f"(%(expressions)s * interval '1 {unit}')::date"
        super().__init__(Cast(day, DateField()), Cast(count, IntegerField()), arg_joiner=" + ")


def by_clock(rows, rules, *, counted_from):
    """``rows`` with ``clock_rule`` (the first of ``rules``) and ``clock_due_on``, the day that it gives.

    ``rules`` are rules that refer to the row (``OuterRef``), ``counted_from`` names a date of the row. Rows without
    that date, or for which no rule counts, have None in both.
    """
    sign = Case(When(is_before=True, then=Value(-1)), default=Value(1))
    count = ExpressionWrapper(F("number") * sign, output_field=IntegerField())
    day = OuterRef(counted_from)
    due_on = Case(
        When(unit=Rule.Unit.WORKING_DAYS, then=WorkingDay(day, count)),
        When(unit=Rule.Unit.MONTHS, then=Later(day, count, "month")),
        default=Later(day, count, "day"),
        output_field=DateField(),
    )
    return rows.annotate(
        clock_rule=Subquery(rules.values("pk")[:1]),
        clock_due_on=Subquery(rules.annotate(due_on=due_on).values("due_on")[:1]),
    )


def why(rule, day):
    """In words why a day counted by ``rule`` from ``day`` is the day that it is, and where that stands."""
    return f"{rule.span}, {long_date(day)} ({rule.standing})"
