"""What the partnership costs, who pays what, and what was done with it."""

from datetime import timedelta
from decimal import Decimal

import rules
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models.organisations import Organisation, Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of

LONGEST_GAP = timedelta(days=31)  # between two budgets of which one is the year after the other
NOT_NEGATIVE = [MinValueValidator(Decimal("0.00"), "Enter an amount of £0 or more")]


@rules.predicate
def is_draft(user, record):
    """Of a budget, or of the budget that the record stands in."""
    return getattr(record, "budget", record).status == BudgetYear.Status.DRAFT


@rules.predicate
def is_agreed(user, record):
    """Agreed and not closed: the year that money is spent in."""
    return record.status == BudgetYear.Status.AGREED


def pounds(verbose_name="", **options):
    """A column for an amount in pounds and pence."""
    return models.DecimalField(verbose_name, max_digits=12, decimal_places=2, validators=NOT_NEGATIVE, **options)


class BudgetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Agreed budgets are for all people of the partnership, a draft for its office and advisor."""
        standing = standing_of(user)
        links = BudgetYear.partnerships.through.objects
        own = links.filter(partnership__in=standing.partnership_ids).values("budgetyear")
        wide = links.filter(partnership__in=standing.wide_ids).values("budgetyear")
        return self.filter(Q(pk__in=wide) | ~Q(status=BudgetYear.Status.DRAFT) & Q(pk__in=own))

    def agreed(self):
        return self.exclude(status=BudgetYear.Status.DRAFT)

    def of_exactly(self, partnership_ids):
        """Of these partnerships together: of each of them and of no other."""
        links = BudgetYear.partnerships.through.objects.filter(budgetyear=OuterRef("pk"))
        budgets = self.exclude(Exists(links.exclude(partnership__in=partnership_ids)))
        for partnership_id in partnership_ids:
            budgets = budgets.filter(Exists(links.filter(partnership=partnership_id)))
        return budgets

    def touching(self, *, starts_on, ends_on):
        """That share a day with these."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)

    def around(self, budgets):
        """What stands beside ``budgets`` (a list): of the same days, or ended when one of them began."""
        beside = Q(pk__in=[])
        for starts_on, ends_on in {(each.starts_on, each.ends_on) for each in budgets}:
            ended = (starts_on - LONGEST_GAP, starts_on - timedelta(days=1))
            beside |= Q(starts_on=starts_on, ends_on=ends_on) | Q(ends_on__range=ended)
        return self.filter(beside)

    def year_after(self, budget):
        """The budget of the same partnerships that began when ``budget`` ended."""
        began = (budget.ends_on + timedelta(days=1), budget.ends_on + LONGEST_GAP)
        return self.of_exactly(budget.partnership_ids).filter(starts_on__range=began).order_by("starts_on")[:1]

    def with_totals(self):
        """Annotate ``contributed planned spent``, sums of its rows, and ``line_count spent_count``."""
        given = Contribution.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
        lines = SpendingLine.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
        nothing = Value(Decimal("0.00"))
        return self.annotate(
            contributed=Coalesce(Subquery(given.annotate(sum=Sum("amount")).values("sum")), nothing),
            planned=Coalesce(Subquery(lines.annotate(sum=Sum("planned")).values("sum")), nothing),
            spent=Coalesce(Subquery(lines.annotate(sum=Sum("spent")).values("sum")), nothing),
            line_count=Coalesce(Subquery(lines.annotate(count=Count("pk")).values("count")), 0),
            spent_count=Coalesce(Subquery(lines.annotate(count=Count("spent")).values("count")), 0),
        )


@recorded
class BudgetYear(RulesModel):
    """One year's money of a partnership, or of several that share the cost."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        AGREED = "agreed", "Agreed"
        CLOSED = "closed", "Closed"

    partnerships = models.ManyToManyField(Partnership, related_name="budgets")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    agreed_on = models.DateField(null=True, blank=True)
    agreed_by = models.CharField(
        max_length=200, blank=True, help_text="As “the Executive”, or each partner that agreed"
    )
    opening_reserve = pounds("reserve at the start", default=Decimal("0.00"))
    principles = models.TextField("how the cost is shared", blank=True)
    note = models.TextField(
        "what the money achieved", blank=True, help_text="Changes on last year, and value for money"
    )

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        verbose_name = "budget"
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office,
            "agree": is_office & is_draft,
            "close": is_office & is_agreed,
        }
        constraints = [
            models.CheckConstraint(name="budget_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="reserve_is_not_negative", condition=Q(opening_reserve__gte=0)),
            models.CheckConstraint(name="agreed_budget_has_a_day", condition=Q(status="draft") | ~Q(agreed_on=None)),
        ]

    def __str__(self):
        return f"Budget {self.starts_on.year} to {self.ends_on.year}"

    def get_absolute_url(self):
        return reverse("partnership:budget-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}


@links
class BudgetPartnership(BudgetYear.partnerships.through):
    class Meta:
        proxy = True


class OfBudgetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What stands in a budget is seen with it."""
        return self.filter(budget__in=BudgetYear.objects.visible_to(user))


@recorded
class Contribution(RulesModel):
    """What an organisation gives in a year: money, and help that is not money."""

    budget = models.ForeignKey(BudgetYear, on_delete=models.CASCADE, related_name="contributions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contributions")
    amount = pounds()
    prior_amount = pounds(
        "last year", null=True, blank=True, help_text="Only where last year’s budget is not kept here"
    )
    in_kind = models.CharField("in kind", max_length=200, blank=True, help_text="As “hosts the office”")
    in_kind_amount = pounds("worth of it", null=True, blank=True)
    reason = models.TextField("reason for a difference", blank=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["budget", "-amount", "organisation__name"]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office, "remove": is_office & is_draft}
        constraints = [
            models.UniqueConstraint(fields=["budget", "organisation"], name="one_contribution_a_year"),
            models.CheckConstraint(
                name="contribution_is_not_negative",
                condition=Q(amount__gte=0)
                & (Q(prior_amount=None) | Q(prior_amount__gte=0))
                & (Q(in_kind_amount=None) | Q(in_kind_amount__gte=0)),
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: £{self.amount:,.2f}"

    def get_absolute_url(self):
        return self.budget.get_absolute_url()

    @property
    def partnership_ids(self):
        return self.budget.partnership_ids


@recorded
class SpendingLine(RulesModel):
    """What is to be spent on one thing in a year, and what was."""

    budget = models.ForeignKey(BudgetYear, on_delete=models.CASCADE, related_name="spending")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField("on what", max_length=160)
    planned = pounds()
    spent = pounds(null=True, blank=True)
    reason = models.TextField("reason for a difference", blank=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["budget", "position", "pk"]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office, "remove": is_office & is_draft}
        constraints = [
            models.UniqueConstraint(fields=["budget", "title"], name="one_spending_line_a_title"),
            models.CheckConstraint(
                name="spending_is_not_negative",
                condition=Q(planned__gte=0) & (Q(spent=None) | Q(spent__gte=0)),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.budget.get_absolute_url()

    @property
    def partnership_ids(self):
        return self.budget.partnership_ids
