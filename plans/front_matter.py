"""What stands before the rows of a plan: what drives it, and the days on which it is looked at again."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.dateparse import parse_date

from plans.models import ReviewDate
from plans.sources import addresses
from plans.writing import lock

QUARTERS = [1, 4, 7, 10]  # the months in which the sector looks at its plans
MIDDLE = 15  # of the month, until somebody types the day of the meeting
SATURDAY = 6
MONTHS_AFTER_THE_END = 2  # the last quarter is looked at when it is over


def last_review_day(plan):
    """The last day on which a plan may be looked at again: two months after it ends."""
    month = plan.ends_on.month + MONTHS_AFTER_THE_END
    following = plan.ends_on.replace(year=plan.ends_on.year + month // 12, month=month % 12 + 1, day=1)
    return following - timedelta(days=1)


def quarters_of(plan):
    """A weekday in the middle of January, April, July and October, from the plan's first quarter to after its last."""
    days = [
        plan.starts_on.replace(year=year, month=month, day=MIDDLE)
        for year in range(plan.starts_on.year, plan.ends_on.year + 2)
        for month in QUARTERS
    ]
    first = plan.starts_on + timedelta(days=60)
    days = [day for day in days if first < day <= last_review_day(plan)]
    return [day + timedelta(days=max(8 - day.isoweekday(), 0) if day.isoweekday() >= SATURDAY else 0) for day in days]


@transaction.atomic
def write_review_dates(plan, days):
    """Make the plan's review dates ``{day: what is looked at}``. A day that stays keeps its row."""
    lock(plan)
    rows = {row.held_on: row for row in plan.review_dates.all()}
    left = [row for day, row in rows.items() if day not in days]
    for day, label in sorted(days.items()):
        row = rows.get(day) or (left.pop(0) if left else ReviewDate(plan=plan))
        if (row.held_on, row.label) != (day, label):
            row.held_on, row.label = day, label
            row.save()
    for row in left:
        row.delete()


@dataclass(frozen=True)
class Line:
    """A driver as it is shown: ``url`` only for whoever may see the record it comes from."""

    text: str
    source: str = ""
    url: str = ""


@dataclass(frozen=True)
class FrontMatter:
    """``drivers`` as Lines, as the reader may see them; ``review_dates`` with ``held_on`` and ``label``."""

    drivers: list
    review_dates: list


def front_matter_of(plan, user):
    """What stands before the rows of ``plan``, which was read ``with_front_matter``, for ``user``.

    One query for each kind of source linked to, as a rule none.
    """
    urls = addresses(user, plan.partnership_ids, [row["key"] for row in plan.driver_rows if row["key"]])
    return FrontMatter(
        drivers=[Line(row["text"], row["source"], urls.get(row["key"], "")) for row in plan.driver_rows],
        review_dates=[ReviewDate(held_on=parse_date(row["held_on"]), label=row["label"]) for row in plan.review_rows],
    )


def link_reasons(table, plan, user):
    """Give each reason of ``table`` the address of the record it comes from, where ``user`` may see it."""
    reasons = [reason for priority in table.priorities for reason in priority.rationale if reason.source_key]
    urls = addresses(user, plan.partnership_ids, {reason.source_key for reason in reasons})
    for reason in reasons:
        reason.url = urls.get(reason.source_key, "")
