"""What the partnership costs, who pays what, and what was done with it."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models.organisations import Organisation, Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of

NOT_NEGATIVE = [MinValueValidator(Decimal("0.00"), "Enter an amount of £0 or more")]


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
    opening_reserve = pounds("reserve at the start", default=Decimal("0.00"))
    principles = models.TextField("how the cost is shared", blank=True)
    note = models.TextField(
        "what the money achieved", blank=True, help_text="Changes on last year, and value for money"
    )

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        verbose_name = "budget"
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}
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
        return set(self.partnerships.values_list("pk", flat=True))


@links
class BudgetPartnership(BudgetYear.partnerships.through):
    class Meta:
        proxy = True


@recorded
class Contribution(models.Model):
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

    class Meta:
        ordering = ["budget", "-amount", "organisation__name"]
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


@recorded
class SpendingLine(models.Model):
    """What is to be spent on one thing in a year, and what was."""

    budget = models.ForeignKey(BudgetYear, on_delete=models.CASCADE, related_name="spending")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField("on what", max_length=160)
    planned = pounds()
    spent = pounds(null=True, blank=True)
    reason = models.TextField("reason for a difference", blank=True)

    class Meta:
        ordering = ["budget", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "title"], name="one_spending_line_a_title"),
            models.CheckConstraint(
                name="spending_is_not_negative",
                condition=Q(planned__gte=0) & (Q(spent=None) | Q(spent__gte=0)),
            ),
        ]

    def __str__(self):
        return self.title
