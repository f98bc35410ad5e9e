"""A year's rounds, proposed: before each review date of the plan, or else after each of its quarters.

On a review date ratings are decided. The round before it ends in three steps, counted back in working
days, without those on which the office is closed: ratings decided, ratings proposed, last answers, round
opens. A plan without review dates has its quarters; there the same steps are counted forward from the first
working day after each.
"""

import calendar
from dataclasses import dataclass, replace
from datetime import timedelta

from partnership.closures import working_days_for
from partnership.working_days import ENGLAND, WorkingDays

ONE_DAY = timedelta(days=1)
QUARTER = 3  # months


@dataclass(frozen=True)
class Steps:
    """Working days that leads have to answer, then until ratings are proposed, then until they are decided."""

    to_answer: int = 15
    to_propose: int = 5
    to_decide: int = 5
    days: WorkingDays = ENGLAND

    def back_from(self, decided_on):
        """The four days of a round whose ratings are decided on a day."""
        proposed_on = self.days.add(decided_on, -self.to_decide)
        closes_on = self.days.add(proposed_on, -self.to_propose)
        return self._days(self.days.add(closes_on, -self.to_answer), closes_on, proposed_on, decided_on)

    def on_from(self, opens_on):
        """The four days of a round that opens on a day."""
        closes_on = self.days.add(opens_on, self.to_answer)
        proposed_on = self.days.add(closes_on, self.to_propose)
        return self._days(opens_on, closes_on, proposed_on, self.days.add(proposed_on, self.to_decide))

    @staticmethod
    def _days(opens_on, closes_on, proposed_on, decided_on):
        return {
            "opens_on": opens_on,
            "closes_on": closes_on,
            "proposals_due_on": proposed_on,
            "decisions_due_on": decided_on,
        }


def proposed_rounds(plan, *, standing, steps=None):
    """The rounds that are still to be planned, as dicts of their fields in order.

    ``standing``: the plan's rounds that are there. What they ask about is not asked about again.
    """
    steps = replace(steps or Steps(), days=working_days_for(plan.partnership_ids))
    dates = list(plan.review_dates.order_by("held_on").values_list("held_on", flat=True))
    if dates:
        return _before(dates, plan, standing, steps)
    return [period | steps.on_from(steps.days.add(period["ends_on"], 1)) for period in _quarters(plan, standing)]


def _before(dates, plan, standing, steps):
    found, starts_on = [], plan.starts_on
    decided = {round.decisions_due_on for round in standing}
    for day in dates:
        ends_on = min(_last_of_month_before(day), plan.ends_on)
        if ends_on < starts_on:
            ends_on = min(day - ONE_DAY, plan.ends_on)
        starts_on = _first_free(starts_on, ends_on, standing)
        if starts_on < ends_on and day not in decided:
            found.append(_period(starts_on, ends_on) | steps.back_from(day))
            starts_on = ends_on + ONE_DAY
    return found


def _quarters(plan, standing):
    """Three months each from the plan's first day, but for what ``standing`` asks about."""
    starts_on = plan.starts_on
    while starts_on <= plan.ends_on:
        ends_on = min(_last_of_month(starts_on, QUARTER - 1), plan.ends_on)
        free = _first_free(starts_on, ends_on, standing)
        if free < ends_on:
            yield _period(free, ends_on)
        starts_on = ends_on + ONE_DAY


def _first_free(starts_on, ends_on, standing):
    """The first day from ``starts_on`` on that no round asks about that begins by ``ends_on``."""
    for round in sorted(standing, key=lambda each: each.starts_on):
        if round.starts_on <= ends_on and round.ends_on >= starts_on:
            starts_on = round.ends_on + ONE_DAY
    return starts_on


def _period(starts_on, ends_on):
    return {"name": name_of(starts_on, ends_on), "starts_on": starts_on, "ends_on": ends_on}


def name_of(starts_on, ends_on):
    """ "October to December 2026"; a month by itself, days where it is part of one, both years where they differ."""
    is_whole = starts_on.day == 1 and (ends_on + ONE_DAY).day == 1
    if not is_whole:
        return f"{starts_on:%-d %B} to {ends_on:%-d %B %Y}"
    if starts_on.year != ends_on.year:
        return f"{starts_on:%B %Y} to {ends_on:%B %Y}"
    return f"{ends_on:%B %Y}" if starts_on.month == ends_on.month else f"{starts_on:%B} to {ends_on:%B %Y}"


def _last_of_month(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=calendar.monthrange(year, month)[1])


def _last_of_month_before(day):
    return day.replace(day=1) - ONE_DAY
