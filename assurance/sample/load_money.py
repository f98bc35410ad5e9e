"""Rows of the budgets: the years of both partnerships together, two of Millbrook alone, and a draft."""

from datetime import date
from decimal import Decimal

from assurance.sample import money, people
from assurance.sample.dates import last_day_of_year
from partnership.models import BudgetYear, Contribution, SpendingLine
from partnership.money import start_budget

AGREED_MONTH, AGREED_DAY = 2, 24


def load_money(cast):
    reported = cast.calendar.reported_year.year
    current = cast.calendar.year_starts_on.year - reported
    opening = money.OPENING
    for place in range(money.FIRST, current + 1):
        budget = make_budget(cast.both, reported + place, opening=opening, is_closed=place <= money.REPORTED)
        budget.principles = money.PRINCIPLES
        if place <= money.REPORTED:
            budget.note = money.NOTES.get(place, money.USUAL_NOTE)
        budget.save()
        opening += fill_year(cast, budget, place)
    load_own(cast, reported)
    start_next_year(cast, budget)


def make_budget(partnerships, year, *, opening, is_closed):
    starts_on = date(year, 4, 1)
    budget = BudgetYear.objects.create(
        starts_on=starts_on,
        ends_on=last_day_of_year(starts_on),
        status=BudgetYear.Status.CLOSED if is_closed else BudgetYear.Status.AGREED,
        agreed_on=date(year, AGREED_MONTH, AGREED_DAY),
        agreed_by=money.AGREED_BY,
        opening_reserve=opening,
    )
    budget.partnerships.set(partnerships)
    return budget


def fill_year(cast, budget, place):
    """The rows of the year at ``place``; gives what went to the reserve (less than nothing: came from it)."""
    column = place - money.FIRST
    contributions = [
        Contribution(
            budget=budget,
            organisation=cast.agencies[payer(who, budget)],
            amount=amounts[column],
            in_kind=money.IN_KIND.get(who, ("", None))[0],
            in_kind_amount=money.IN_KIND.get(who, ("", None))[1],
            reason=money.REASONS.get((who, place), ""),
        )
        for who, amounts in money.CONTRIBUTIONS.items()
    ]
    lines = [
        SpendingLine(
            budget=budget,
            position=position,
            title=title,
            planned=planned[column],
            spent=money.SPENT[title][column] if place <= money.REPORTED else None,
            reason=money.WHY_SPENT.get((title, place), ""),
        )
        for position, (title, planned) in enumerate(money.PLANNED.items(), start=1)
    ]
    Contribution.objects.bulk_create(contributions)
    SpendingLine.objects.bulk_create(lines)
    went = sum(line.planned if line.spent is None else line.spent for line in lines)
    return sum(each.amount for each in contributions) - went


def payer(who, budget):
    """Health paid as a clinical commissioning group until the year in which the board took over."""
    if who != money.HEALTH:
        return who
    return people.CCG if budget.ends_on < people.HEALTH_CHANGED_ON else people.ICB


def load_own(cast, reported):
    """Millbrook's own small budget, of the year reported on and of the one after."""
    opening = 0
    for column, is_closed in enumerate([True, False]):
        budget = make_budget([cast.partnerships[people.MB]], reported + column, opening=opening, is_closed=is_closed)
        budget.principles = money.OWN_PRINCIPLES
        budget.note = money.OWN_NOTE if is_closed else ""
        budget.save()
        Contribution.objects.bulk_create(
            Contribution(budget=budget, organisation=cast.agencies[who], amount=amounts[column])
            for who, amounts in money.OWN_CONTRIBUTIONS.items()
        )
        SpendingLine.objects.bulk_create(
            SpendingLine(
                budget=budget,
                position=position,
                title=title,
                planned=planned[column],
                spent=spent[column] if is_closed else None,
            )
            for position, (title, (planned, spent)) in enumerate(money.OWN_LINES.items(), start=1)
        )
        given = sum(amounts[0] for amounts in money.OWN_CONTRIBUTIONS.values())
        opening = given - sum(spent[0] for _, spent in money.OWN_LINES.values())


def start_next_year(cast, budget):
    """Next year's draft, copied from this year's and changed in two places that lack a reason."""
    starts_on = date(budget.starts_on.year + 1, 4, 1)
    draft = start_budget(cast.both, starts_on=starts_on, ends_on=last_day_of_year(starts_on), copied=budget)
    for who, more in money.NEXT_YEAR.items():
        contribution = draft.contributions.get(organisation=cast.agencies[who])
        contribution.amount += Decimal(more)
        contribution.save()
