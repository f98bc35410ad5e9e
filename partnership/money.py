"""A budget's year: the statement of who gave what and what became of it, and what is done with a budget.

All is reckoned in ``Decimal`` pounds and pence: totals are sums to the penny, and the shares of a
total add up to 100.0. Nothing here is stored; a statement is made from the rows whenever it is read.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse

from partnership.models import BudgetYear, Contribution, Membership, Organisation, Partnership, SpendingLine
from partnership.models.money import LONGEST_GAP

NOTHING = Decimal("0.00")

# A difference needs a reason from £5,000 on, and from £500 on where it is more than a tenth.
GREAT, NOTABLE, A_TENTH = Decimal(5000), Decimal(500), 10


def needs_reason(difference, *, before):
    """Whether somebody who reads the statement will ask why."""
    size = abs(difference)
    return size >= GREAT or (size >= NOTABLE and size * A_TENTH > before)


def in_pounds(amount, *, short=False):
    """ "£112,633.00"; ``short`` leaves out pence that are none: "£112,633"."""
    pence = 0 if short and amount == int(amount) else 2
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.{pence}f}"


def shares(amounts):
    """What percentage of their sum each of ``amounts`` is, to one decimal place.

    By largest remainder, so that they add up to 100.0 exactly; all are 0.0 where the sum is nothing.
    """
    pence = [int(amount * 100) for amount in amounts]
    total = sum(pence)
    if not total:
        return [Decimal("0.0") for _ in pence]
    tenths, remainders = zip(*(divmod(each * 1000, total) for each in pence), strict=True)
    tenths = list(tenths)
    by_remainder = sorted(range(len(pence)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: 1000 - sum(tenths)]:
        tenths[place] += 1
    return [Decimal(each).scaleb(-1) for each in tenths]


# The statement


@dataclass(frozen=True)
class Given:
    """What one organisation gives. ``before`` is last year's amount, None where nobody knows it.

    ``contribution`` is None for one that gave last year and does not stand in this budget;
    ``was`` names the merged organisations whose amounts are in ``before``.
    """

    organisation: Organisation
    contribution: Contribution | None
    amount: Decimal
    share: Decimal
    before: Decimal | None
    share_before: Decimal | None
    was: tuple = ()

    @property
    def name(self):
        return getattr(self.organisation, "name_then", self.organisation.name)

    @property
    def change(self):
        return None if self.before is None else self.amount - self.before

    @property
    def reason(self):
        return self.contribution.reason if self.contribution else ""

    @property
    def lacks_reason(self):
        return bool(self.change) and not self.reason.strip() and needs_reason(self.change, before=self.before)


@dataclass(frozen=True)
class Spent:
    """One line of spending; ``spent`` is None until somebody has entered it."""

    line: SpendingLine

    @property
    def difference(self):
        return None if self.line.spent is None else self.line.spent - self.line.planned

    @property
    def lacks_reason(self):
        line = self.line
        return bool(self.difference) and not line.reason.strip() and needs_reason(self.difference, before=line.planned)


@dataclass(frozen=True)
class Wider:
    """All the money of the year: of this budget and of those that it is tied to by a partnership."""

    budgets: tuple
    total: Decimal
    share_of: dict


@dataclass(frozen=True)
class Lack:
    """Something that the statement still lacks, and where to mend it."""

    what: str
    url: str


@dataclass(frozen=True)
class Statement:
    """A budget as its partners read it. ``spent`` and ``closing`` are None until every line is known.

    ``partners``: the statutory ones at its end, whether they give or not.
    """

    budget: BudgetYear
    given: tuple
    lines: tuple
    last: BudgetYear | None
    last_closing: Decimal | None
    wider: Wider | None
    partners: tuple = ()

    @property
    def contributed(self):
        return sum((each.amount for each in self.given), NOTHING)

    @property
    def in_kind(self):
        worths = (each.contribution.in_kind_amount for each in self.given if each.contribution)
        return sum((worth for worth in worths if worth), NOTHING)

    @property
    def before(self):
        """All of last year's contributions; None where one of them is not known."""
        amounts = [each.before for each in self.given]
        return None if None in amounts or not amounts else sum(amounts, NOTHING)

    @property
    def change(self):
        return None if self.before is None else self.contributed - self.before

    @property
    def planned(self):
        return sum((each.line.planned for each in self.lines), NOTHING)

    @property
    def is_spent(self):
        """Whether what was spent is known on every line."""
        return bool(self.lines) and all(each.line.spent is not None for each in self.lines)

    @property
    def spent_so_far(self):
        return sum((each.line.spent for each in self.lines if each.line.spent is not None), NOTHING)

    @property
    def spent(self):
        return self.spent_so_far if self.is_spent else None

    @property
    def difference(self):
        return None if self.spent is None else self.spent - self.planned

    # The reserve: what was there, and what came and went

    @property
    def opening(self):
        return self.budget.opening_reserve

    @property
    def closing_planned(self):
        return self.opening + self.contributed - self.planned

    @property
    def closing(self):
        return None if self.spent is None else self.opening + self.contributed - self.spent

    @property
    def left(self):
        """What is left at the end as far as is known."""
        return self.closing_planned if self.closing is None else self.closing


def statement(budget, *, among):
    """The statement of ``budget``; ``among`` (a queryset of budgets) is what its reader may know of.

    Last year's amounts are those of the budget kept here of the same partnerships, where organisations
    that have merged stand under the one that followed them; without such a budget they are what
    somebody entered. ``among`` must hold last year's if the reader is to see it.
    """
    return statements([budget], among=among)[0]


def statements(budgets, *, among):
    """The statement of each of ``budgets``: the same number of queries however many have the same days."""
    around = list(among.around(budgets).with_totals())
    prefetch_related_objects([*around, *budgets], "partnerships")
    known = {each.pk: each for each in [*around, *budgets]}
    contributions, spending = rows_of(Contribution, known), rows_of(SpendingLine, known)
    days = {(each.starts_on, each.ends_on) for each in budgets}
    found = {}
    for starts_on, ends_on in days:
        together = [each for each in budgets if (each.starts_on, each.ends_on) == (starts_on, ends_on)]
        lasts = {each.pk: last_of(each, around) for each in together}
        told = {each.pk for each in [*together, *filter(None, lasts.values())]}
        organisations = named([row for key in told for row in contributions[key]], on=starts_on)
        partners = statutory_partners(together, on=ends_on)
        for budget in together:
            last = lasts[budget.pk]
            found[budget.pk] = Statement(
                budget=budget,
                given=given_in(contributions[budget.pk], contributions[last.pk] if last else None, organisations),
                lines=tuple(Spent(line) for line in spending[budget.pk]),
                last=last,
                last_closing=closing_of(last) if last else None,
                wider=wider_shares(budget, around, contributions),
                partners=tuple(partners[budget.pk]),
            )
    return [found[budget.pk] for budget in budgets]


def rows_of(model, budgets):
    """The rows of each of ``budgets`` (by key), by the budget's key."""
    rows = defaultdict(list)
    for row in model.objects.filter(budget__in=budgets):
        row.budget = budgets[row.budget_id]
        rows[row.budget_id].append(row)
    return rows


def last_of(budget, around):
    """Of the budgets ``around`` it that of the same partnerships which ended when it began, or None."""
    earliest = budget.starts_on - LONGEST_GAP
    before = [
        each
        for each in around
        if earliest <= each.ends_on < budget.starts_on and each.partnership_ids == budget.partnership_ids
    ]
    return max(before, key=lambda each: each.ends_on, default=None)


def has_last(budget, *, among):
    """Whether the year before is kept here, as far as its reader may know."""
    return last_of(budget, among.around([budget]).prefetch_related("partnerships")) is not None


def statutory_partners(budgets, *, on):
    """``{key of a budget: its statutory partners on that day, after any merger}``."""
    ids = set().union(*(budget.partnership_ids for budget in budgets))
    memberships = Membership.objects.current(on=on).filter(partnership__in=ids, role=Membership.Role.STATUTORY)
    living = memberships.filter(organisation__in=Organisation.objects.current(on=on).values("pk"))
    partners = living.select_related("organisation").order_by("organisation__name", "organisation")
    return {
        budget.pk: dict.fromkeys(
            each.organisation for each in partners if each.partnership_id in budget.partnership_ids
        )
        for budget in budgets
    }


def given_in(contributions, former, organisations):
    """Who gives what. ``former`` are last year's contributions, or None where that year is not kept here."""
    before, was, gone = amounts_before(contributions, former or [], organisations, is_kept=former is not None)
    given = [(each.organisation_id, each, each.amount) for each in contributions]
    given += [(organisation_id, None, NOTHING) for organisation_id in gone]
    befores = [before.get(organisation_id) for organisation_id, _, _ in given]
    shares_before = shares(befores) if None not in befores and any(befores) else [None] * len(given)
    rows = zip(given, shares([amount for *_, amount in given]), befores, shares_before, strict=True)
    return tuple(
        Given(
            organisation=organisations[organisation_id],
            contribution=contribution,
            amount=amount,
            share=share,
            before=amount_before,
            share_before=share_before,
            was=tuple(was[organisation_id]),
        )
        for (organisation_id, contribution, amount), share, amount_before, share_before in rows
    )


def named(contributions, *, on):
    """The organisations of ``contributions`` and all that followed one, by key, with their names of that day."""
    organisations = Organisation.objects.named_on(on)
    found = organisations.in_bulk({each.organisation_id for each in contributions})
    wanted = {each.successor_id for each in found.values()} - set(found) - {None}
    while wanted:  # once for each link of the longest chain of mergers
        found |= organisations.in_bulk(wanted)
        wanted = {each.successor_id for each in found.values()} - set(found) - {None}
    return found


def amounts_before(contributions, former, organisations, *, is_kept):
    """Last year's amounts by organisation, who was merged into it, and who gave then and gives no more."""
    present = {each.organisation_id for each in contributions}
    if not is_kept:
        return {each.organisation_id: each.prior_amount for each in contributions}, defaultdict(list), []
    before, was, gone = dict.fromkeys(present, NOTHING), defaultdict(list), []
    for each in former:
        heir = heir_of(each.organisation_id, organisations, present)
        if heir not in before:
            before[heir] = NOTHING
            gone.append(heir)
        before[heir] += each.amount
        if heir != each.organisation_id:
            was[heir].append(organisations[each.organisation_id].name_then)
    return before, was, gone


def heir_of(organisation_id, organisations, present):
    """The first of an organisation and those that followed it which is ``present``, or the last of them."""
    seen = []
    while organisation_id is not None and organisation_id not in seen:
        if organisation_id in present:
            return organisation_id
        seen.append(organisation_id)
        organisation_id = organisations[organisation_id].successor_id
    return seen[-1]


def closing_of(budget):
    """What a budget with totals (``with_totals``) leaves: as spent where that is known, else as planned."""
    went = budget.spent if budget.line_count and budget.line_count == budget.spent_count else budget.planned
    return budget.opening_reserve + budget.contributed - went


def wider_shares(budget, around, contributions):
    """Each contributor's share of the budgets of the same days that share a partnership, one through another.

    ``contributions``: those of each budget by its key.
    """
    days = budget.starts_on, budget.ends_on
    others = [
        each
        for each in around
        if each.pk != budget.pk and (each.starts_on, each.ends_on) == days and each.status != BudgetYear.Status.DRAFT
    ]
    tied, partnership_ids = [], set(budget.partnership_ids)
    while found := [each for each in others if each.partnership_ids & partnership_ids]:
        for each in found:
            tied.append(each)
            partnership_ids |= each.partnership_ids
            others.remove(each)
    if not tied:
        return None
    amounts = defaultdict(lambda: NOTHING)
    for each in (row for one in [budget, *tied] for row in contributions[one.pk]):
        amounts[each.organisation_id] += each.amount
    return Wider(
        budgets=tuple(tied),
        total=sum(amounts.values(), NOTHING),
        share_of=dict(zip(amounts, shares(amounts.values()), strict=True)),
    )


def shares_in_words(told):
    """For each contributor its share of this budget beside that of all the money of these days."""
    if told.wider is None:
        return []
    share_of = told.wider.share_of
    return [
        f"{each.name} gives {each.share}% of this budget, {share_of[each.organisation.pk]}% of all the money"
        for each in told.given
        if each.amount
    ]


# What is still missing


def lacks(told, *, on):
    """What the statement ``told`` lacks for someone who was not in the room, as of ``on``."""
    budget = told.budget
    change = reverse("partnership:budget-change", args=[budget.pk])
    return [
        *lacks_of_contributions(told),
        *lacks_of_spending(told, on=on),
        *lacks_of_reserve(told, change=change),
        *lacks_of_words(budget, on=on, change=change),
    ]


def lacks_of_contributions(told):
    page = reverse("partnership:contributions-change", args=[told.budget.pk])
    if not told.given:
        yield Lack("Who gives what", page)
    for partner in partners_without_contribution(told):
        yield Lack(f"The contribution of {partner}, a statutory safeguarding partner", page)
    for each in told.given:
        if each.contribution is None:
            yield Lack(f"{each.name} gave {in_pounds(each.before, short=True)} last year: say what it gives now", page)
        elif each.lacks_reason:
            url = reverse("partnership:contribution-change", args=[each.contribution.pk])
            more_or_less = "more" if each.change > 0 else "less"
            difference = in_pounds(abs(each.change), short=True)
            yield Lack(f"Why {each.name} gives {difference} {more_or_less} than last year", url)


def partners_without_contribution(told):
    """Statutory partners at the end of the year (after any merger) that neither give nor gave last year.

    Whoever gives to another budget of these days has done its part: a small one of one partnership
    need not name them all.
    """
    listed = {each.organisation.pk for each in told.given} | set(told.wider.share_of if told.wider else ())
    return [partner for partner in told.partners if partner.pk not in listed]


def absent_from(told):
    """The organisations that one would expect in the budget and that are not: partners, and last year's."""
    gone = [each.organisation for each in told.given if each.contribution is None]
    return [*gone, *partners_without_contribution(told)]


def lacks_of_spending(told, *, on):
    budget = told.budget
    if not told.lines:
        yield Lack("What the money is for", reverse("partnership:spending-add", args=[budget.pk]))
    for each in told.lines:
        url = reverse("partnership:spending-change", args=[each.line.pk])
        if each.lacks_reason:
            more_or_less = "more" if each.difference > 0 else "less"
            difference = in_pounds(abs(each.difference), short=True)
            yield Lack(f"Why {difference} {more_or_less} than planned went on {each.line.title}", url)
        elif each.line.spent is None and budget.ends_on < on:
            yield Lack(f"What was spent on {each.line.title}", url)


def lacks_of_reserve(told, *, change):
    if told.left < 0:
        yield Lack(f"{in_pounds(-told.left, short=True)}: more is to be spent than there is", change)
    if told.last is not None and told.last_closing != told.opening:
        left = in_pounds(told.last_closing, short=True)
        opening = in_pounds(told.opening, short=True)
        yield Lack(
            f"Last year’s budget leaves {left}, and this one begins with {opening}: mend the one or the other", change
        )


def lacks_of_words(budget, *, on, change):
    if not budget.principles.strip():
        yield Lack("How the cost is shared, in a sentence or two", change)
    if budget.status == BudgetYear.Status.DRAFT and budget.starts_on <= on:
        yield Lack("That it is agreed: its year has begun", reverse("partnership:budget-agree", args=[budget.pk]))
    if budget.ends_on < on:
        if not budget.note.strip():
            yield Lack("What the money achieved: changes on last year, and value for money", change)
        if budget.status == BudgetYear.Status.AGREED:
            yield Lack("That it is closed: its year is over", reverse("partnership:budget-close", args=[budget.pk]))


# What is done with a budget


class CannotDo(Exception):
    """A sentence that says what to do first."""


@transaction.atomic
def start_budget(partnerships, *, starts_on, ends_on, copied=None):
    """A draft of these partnerships together; raises CannotDo where they have one for any of these days.

    From ``copied``, a budget of a year before, come its contributors (merged ones as whoever followed
    them) and its lines, each with its amount, how the cost is shared, and what it leaves as a reserve.
    """
    pks = sorted(partnership.pk for partnership in partnerships)
    # Locked, so that the same press twice makes one budget.
    list(Partnership.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk"))
    if existing := BudgetYear.objects.of_exactly(pks).touching(starts_on=starts_on, ends_on=ends_on).first():
        raise CannotDo(f"There is a budget for these days already: {existing}. Open that one, or choose other days")
    budget = BudgetYear.objects.create(starts_on=starts_on, ends_on=ends_on)
    budget.partnerships.set(pks)
    if copied:
        copy_budget(copied, to=budget)
    return budget


def copy_budget(copied, *, to):
    source = BudgetYear.objects.with_totals().get(pk=copied.pk)
    to.principles = source.principles
    to.opening_reserve = max(closing_of(source), NOTHING)
    to.save()
    contributions = list(source.contributions.all())
    organisations = named(contributions, on=to.starts_on)
    fields = defaultdict(lambda: {"amount": NOTHING, "in_kind": [], "in_kind_amount": None})
    for each in contributions:
        heir = heir_on(organisations[each.organisation_id], organisations, day=to.starts_on)
        if heir is None:
            continue
        row = fields[heir.pk]
        row["amount"] += each.amount
        row["in_kind"] += [each.in_kind] if each.in_kind else []
        if each.in_kind_amount is not None:
            row["in_kind_amount"] = (row["in_kind_amount"] or NOTHING) + each.in_kind_amount
    Contribution.objects.bulk_create(
        Contribution(
            budget=to,
            organisation_id=organisation_id,
            amount=row["amount"],
            prior_amount=row["amount"],
            in_kind="; ".join(row["in_kind"])[:200],
            in_kind_amount=row["in_kind_amount"],
        )
        for organisation_id, row in fields.items()
    )
    SpendingLine.objects.bulk_create(
        SpendingLine(budget=to, position=line.position, title=line.title, planned=line.planned)
        for line in source.spending.all()
    )


def heir_on(organisation, organisations, *, day):
    """Of an organisation and those that followed it the one that lives on ``day``; None where none does."""
    seen = set()
    while organisation.to_on is not None and organisation.to_on < day:
        seen.add(organisation.pk)
        organisation = organisations.get(organisation.successor_id)
        if organisation is None or organisation.pk in seen:
            return None
    return organisation


@transaction.atomic
def agree_budget(budget, *, agreed_on, agreed_by):
    """From now on an amount is changed only with a reason; raises CannotDo without anything to agree."""
    budget = BudgetYear.objects.select_for_update(of=["self"]).get(pk=budget.pk)
    if budget.status != BudgetYear.Status.DRAFT:
        raise CannotDo("This budget is agreed already")
    if not budget.contributions.exists():
        raise CannotDo("Enter who gives what first: there is nothing to agree yet")
    budget.status, budget.agreed_on, budget.agreed_by = BudgetYear.Status.AGREED, agreed_on, agreed_by
    budget.save()
    return budget


@transaction.atomic
def close_budget(budget, *, is_carried):
    """End the year; ``is_carried`` has next year's draft begin with what is left. Gives what is left.

    Raises CannotDo while a line lacks what was spent, or more was spent than there was.
    """
    budget = BudgetYear.objects.select_for_update(of=["self"]).get(pk=budget.pk)
    if budget.status != BudgetYear.Status.AGREED:
        raise CannotDo("Only a budget that is agreed can be closed")
    told = statement(budget, among=BudgetYear.objects.all())
    if told.closing is None:
        raise CannotDo("Enter what was spent on every line first")
    if told.closing < 0:
        raise CannotDo(
            f"{in_pounds(-told.closing, short=True)} more was spent than there was. "
            "Add who paid for that as a contribution, then close the year"
        )
    budget.status = BudgetYear.Status.CLOSED
    budget.save()
    following = next_draft(budget)
    if is_carried and following:
        following.opening_reserve = told.closing
        following.save()
    return told.closing


def next_draft(budget):
    """Next year's budget while it is a draft, or None."""
    following = BudgetYear.objects.year_after(budget).first()
    return following if following and following.status == BudgetYear.Status.DRAFT else None


def explained(words, *, what, was, now, why, on):
    """``words`` and a line that says what changed after the budget was agreed, and why."""
    day = f"{on.day} {on:%B %Y}"
    line = f"{day}: {what} {in_pounds(now, short=True)} instead of {in_pounds(was, short=True)}. {why.strip()}"
    return f"{words.strip()}\n{line}".strip()


def first_day(month, *, on):
    """The first day of the financial year, which begins in ``month``, that holds ``on``."""
    return on.replace(year=on.year if on.month >= month else on.year - 1, month=month, day=1)


def last_day(starts_on):
    """The last day of the year that begins on ``starts_on``."""
    try:
        return starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return starts_on.replace(year=starts_on.year + 1, day=28)
