"""What the year cost, for the annual report: who gave what, what changed, where it went, what is left.

Only budgets that are agreed are told, those that began in the year and are of any of its partnerships.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from assurance.models import ReportEvidence
from partnership import money
from partnership.frame import joined_names
from partnership.models import BudgetYear
from partnership.money import in_pounds
from partnership.templatetags.components import sentence_join

HOW_MUCH, HOW_WELL, DIFFERENCE = ReportEvidence.Shows


@dataclass(frozen=True)
class Fact:
    """One thing that can be filed, in words, with the page on which it stands."""

    source_key: str
    reference: str
    kind: str
    text: str
    shows: str
    dated_on: date
    address: str = ""


def facts_of_money(year):
    """Every Fact of the budgets of ``year`` (a ``year.Year``)."""
    for told in statements(year):
        for what, shows, text in facts_of(told):
            if text:
                yield Fact(
                    source_key=f"budget:{told.budget.pk}:{what}",
                    reference=f"M-{told.budget.pk}",
                    kind="money",
                    text=text,
                    shows=shows,
                    dated_on=told.budget.ends_on,
                    address=told.budget.get_absolute_url(),
                )


def budgets_of(year):
    of_ours = BudgetYear.objects.filter(partnerships__in=year.partnership_ids).values("pk")
    began = BudgetYear.objects.filter(pk__in=of_ours, starts_on__range=(year.starts_on, year.ends_on))
    return began.order_by("starts_on", "pk")


def statements(year):
    return of_budgets(budgets_of(year).agreed())


def of_budgets(budgets):
    return money.statements(list(budgets), among=BudgetYear.objects.agreed())


def facts_of(told):
    yield "received", HOW_MUCH, received(told)
    yield "in-kind", HOW_MUCH, in_kind(told)
    yield "changes", HOW_WELL, changes(told)
    yield "spent", HOW_WELL, spent(told)
    yield "reserve", HOW_MUCH, reserve(told)
    yield "value", DIFFERENCE, told.budget.note.strip()


def received(told):
    """ "£562,000 came from 8 organisations, £23,500 more than the year before: …"."""
    givers = [each for each in told.given if each.amount]
    if not givers:
        return ""
    whose = joined_names([partnership.name for partnership in told.budget.partnerships.all()])
    change = f", {more_or_less(told.change)} than the year before" if told.change else ""
    shares = sentence_join(f"{each.name} {short(each.amount)} ({each.share}%)" for each in givers)
    number = "1 organisation" if len(givers) == 1 else f"{len(givers)} organisations"
    return f"{whose}: {short(told.contributed)} came from {number}{change}: {shares}."


def in_kind(told):
    helps = [each for each in told.given if each.contribution and each.contribution.in_kind]
    if not helps:
        return ""
    return f"Beside money: {'; '.join(help_in_words(each) for each in helps)}."


def help_in_words(given):
    worth = given.contribution.in_kind_amount
    worth = "" if worth is None else f", worth {short(worth)}"
    return f"{given.name}: {given.contribution.in_kind}{worth}"


def changes(told):
    """What each organisation gives more or less, and why where somebody has said so."""
    changed = [each for each in told.given if each.change]
    sentences = [
        with_reason(f"{each.name} gave {more_or_less(each.change)} than the year before", each.reason)
        for each in changed
    ]
    return " ".join(sentences)


def spent(told):
    if not told.lines:
        return ""
    if told.spent is None:
        lines = sentence_join(f"{each.line.title} {short(each.line.planned)}" for each in told.lines)
        return f"{short(told.planned)} was planned: {lines}. What was spent is not yet known."
    lines = sentence_join(
        f"{each.line.title} {short(each.line.spent)}"
        + (f" (planned {short(each.line.planned)})" if each.difference else "")
        for each in told.lines
    )
    reasons = [
        with_reason(f"{each.line.title}, {more_or_less(each.difference)} than planned", each.line.reason)
        for each in told.lines
        if each.difference and each.line.reason
    ]
    return " ".join([f"{short(told.spent)} was spent, where {short(told.planned)} was planned: {lines}.", *reasons])


def reserve(told):
    at_the_end = f"is to be {short(told.closing_planned)}" if told.closing is None else f"was {short(told.closing)}"
    return f"The reserve was {short(told.opening)} at the start and {at_the_end} at the end."


def with_reason(sentence, reason):
    """ "A gave more: because of B." """
    return f"{sentence}: {' '.join(reason.split()).rstrip('.')}." if reason.strip() else f"{sentence}."


def more_or_less(change):
    return f"{short(abs(change))} {'more' if change > 0 else 'less'}"


def short(amount):
    return in_pounds(amount, short=True)


# What is missing


def lacks_of_money(year):
    """(what, where) for everything that the year's costs still lack."""
    budgets = list(budgets_of(year))
    if not budgets:
        yield "The costs: no budget of the year is entered", reverse("partnership:budget-list")
    for budget in budgets:
        if budget.status == BudgetYear.Status.DRAFT:
            yield f"The costs: {budget} is not agreed", budget.get_absolute_url()
    for told in of_budgets(each for each in budgets if each.status != BudgetYear.Status.DRAFT):
        for lack in money.lacks(told, on=year.starts_on):
            yield f"{lack.what} ({told.budget})", lack.url
        unknown = [each for each in told.lines if each.line.spent is None]
        if unknown:
            lines = "1 line" if len(unknown) == 1 else f"{len(unknown)} lines"
            yield f"What was spent on {lines} of {told.budget}", told.budget.get_absolute_url()
        if not told.budget.note.strip():
            url = reverse("partnership:budget-change", args=[told.budget.pk])
            yield f"What the money of {told.budget} achieved", url
