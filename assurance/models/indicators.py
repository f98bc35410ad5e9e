"""Indicators: what is counted, by whom, against what; their values by period and area; what they mean."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import BigIntegerField, Case, DateField, F, Func, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, TruncMonth, TruncQuarter, TruncYear
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.rules import is_owner_organisation
from partnership.clocks import Later
from partnership.history import links, recorded
from partnership.models import Area, Document, Organisation, Partnership
from partnership.models.of_partnership import OfPartnership
from partnership.rules import is_advisor, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import OutcomeStatement, Priority


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).partnership_ids)

    def in_use(self):
        """Not retired."""
        return self.filter(retired_on=None)

    def in_order(self):
        """By ref as people count, I9 before I10; those without one last, by their title."""
        letters = Func("ref", Value(r"\d.*$"), Value(""), function="regexp_replace", output_field=TextField())
        number = Func("ref", Value(r"\d+"), function="substring", output_field=TextField())
        return self.order_by(
            Case(When(ref="", then=1), default=0), letters, Cast(number, BigIntegerField()), "ref", "title", "pk"
        )

    def of_families(self, keys):
        """Those of ``keys`` and what counts the same as they do."""
        return self.filter(Q(pk__in=keys) | Q(same_as__in=keys))

    def with_next_figure(self, *, on):
        """Annotate the first period without a figure: ``next_starts_on``, ``next_ends_on`` and ``next_due_on``.

        It follows the newest figure (``newest_ends_on``). Where there was none ever, it is the last period of the
        calendar (a year begins in April) whose figure should be there ``on`` that day.
        """
        newest = self.model.values.rel.related_model.objects.filter(indicator=OuterRef("pk"), value__isnull=False)
        months = Case(When(frequency="month", then=1), When(frequency="quarter", then=3), default=12)
        reported = Later(Value(on), F("days_to_report") * -1 + 1, "day")
        first = Case(
            When(frequency="month", then=TruncMonth(reported)),
            When(frequency="quarter", then=TruncQuarter(reported)),
            default=Later(TruncYear(Later(reported, -3, "month")), 3, "month"),
            output_field=DateField(),
        )
        return (
            self.annotate(newest_ends_on=Subquery(newest.order_by("-ends_on").values("ends_on")[:1]))
            .annotate(
                next_starts_on=Coalesce(Later("newest_ends_on", 1, "day"), Later(first, months * -1, "month")),
            )
            .annotate(next_ends_on=Later(Later("next_starts_on", months, "month"), -1, "day"))
            .annotate(next_due_on=Later("next_ends_on", "days_to_report", "day"))
        )

    def stale(self, *, on):
        """In use, and without a figure that was due before that day; the longest late first."""
        return self.in_use().with_next_figure(on=on).filter(next_due_on__lt=on).order_by("next_due_on", "title", "pk")


@recorded
class Indicator(OfPartnership):
    """One figure that is followed over time: what it counts, who answers for it, and what it should come to.

    Everybody of the partnership sees it with small numbers hidden; who works with the figures (the office, the
    advisor and the organisation that answers for it) sees them all.
    """

    class Unit(models.TextChoices):
        COUNT = "count", "Number"
        PERCENT = "percent", "Per cent"
        RATE = "rate", "Rate"
        DAYS = "days", "Days"
        SCORE = "score", "Score"

    class Polarity(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"
        NEITHER = "neither", "Neither: it is watched"

    class Frequency(models.TextChoices):
        MONTH = "month", "Every month"
        QUARTER = "quarter", "Every quarter"
        YEAR = "year", "Every year"

    ref = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=200)
    definition = models.TextField("how it is counted", blank=True)
    source = models.CharField("where the figures come from", max_length=200, blank=True)
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="indicators",
        verbose_name="organisation that answers for it",
    )
    unit = models.CharField(max_length=8, choices=Unit, default=Unit.COUNT)
    unit_words = models.CharField(
        "what is counted", max_length=60, blank=True, help_text="Printed after a value: children, per 10,000 children"
    )
    rate_per = models.PositiveIntegerField("rate for each", default=10_000, help_text="10,000 for “per 10,000”")
    decimals = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(3)])
    polarity = models.CharField("which way is better", max_length=8, choices=Polarity, default=Polarity.NEITHER)
    frequency = models.CharField("how often", max_length=8, choices=Frequency, default=Frequency.QUARTER)
    baseline = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    baseline_words = models.CharField("when the baseline was", max_length=80, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    target_by = models.DateField("target to be reached by", null=True, blank=True)
    comparator_name = models.CharField("compared with", max_length=80, blank=True, help_text="England")
    days_to_report = models.PositiveSmallIntegerField(
        "days after a period until its figure is expected", default=42, validators=[MaxValueValidator(730)]
    )
    small_below = models.PositiveSmallIntegerField(
        "numbers below this are hidden", default=5, validators=[MaxValueValidator(50)], help_text="0: none is"
    )
    same_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="counts the same as",
        help_text="The same over a year, or as a rate: small numbers are hidden in both together",
    )
    limits_from = models.DateField(
        "limits are counted from", null=True, blank=True, help_text="After a change that was meant to move it"
    )
    limits_because = models.CharField("why from then", max_length=300, blank=True)
    is_public = models.BooleanField("may be shown to the public", default=False)
    priorities = models.ManyToManyField(Priority, related_name="indicators", blank=True)
    outcomes = models.ManyToManyField(OutcomeStatement, related_name="indicators", blank=True)
    retired_on = models.DateField("no longer followed from", null=True, blank=True)
    retired_because = models.CharField("why", max_length=300, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["ref", "title", "pk"]
        rules_permissions = {
            "view": is_person_of_partnership,
            "read_small": is_office | is_advisor | (is_person_of_partnership & is_owner_organisation),
            "change": is_office,
            "enter": is_office | (is_person_of_partnership & is_owner_organisation),
        }
        constraints = [
            models.UniqueConstraint(fields=["partnership", "ref"], condition=~Q(ref=""), name="one_indicator_a_ref"),
            models.UniqueConstraint(fields=["partnership", "title"], name="one_indicator_a_title"),
            models.CheckConstraint(
                name="limits_of_an_indicator_say_why", condition=Q(limits_from=None) | ~Q(limits_because="")
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.title}".strip()

    def get_absolute_url(self):
        return reverse("assurance:indicator-detail", args=[self.pk])


@links
class IndicatorPriority(Indicator.priorities.through):
    class Meta:
        proxy = True


@links
class IndicatorOutcome(Indicator.outcomes.through):
    class Meta:
        proxy = True


@recorded
class IndicatorValue(models.Model):
    """What was counted in one period, in one area or in all (no area), and what it is compared with there.

    ``numerator`` and ``denominator`` are the people behind a per cent or a rate, by which small numbers are known;
    of a number they are empty. A period is named by its first and last day.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="None: the whole partnership"
    )
    starts_on = models.DateField("period from")
    ends_on = models.DateField("period to")
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    comparator = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Provisional; counted in a new way")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["indicator", "starts_on", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "starts_on"], nulls_distinct=False, name="one_value_a_period_and_area"
            ),
            models.CheckConstraint(name="value_period_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="value_says_something", condition=Q(value__isnull=False) | Q(comparator__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.starts_on:%B %Y}"


class IndicatorCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(indicator__in=Indicator.objects.visible_to(user).values("pk"))


@recorded
class IndicatorComment(RulesModel):
    """So what: why a figure moved, and what is done about it. The latest of a period counts, none is overwritten."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="comments")
    period_on = models.DateField("about the period from")
    why = models.TextField("why it moved")
    so_what = models.TextField("so what: what it means, and what is done")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    objects = IndicatorCommentQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "-period_on", "-said_at", "-pk"]

    def __str__(self):
        return self.so_what[:80]


class IndicatorImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).office_ids)


@recorded
class IndicatorImport(RulesModel):
    """One file of figures, or figures that were pasted, and what they would change. Nothing counts until a yes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="indicator_imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    pasted = models.TextField(blank=True)
    understood = models.JSONField(help_text="What each row means and what is wrong with it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = IndicatorImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": is_office, "confirm": is_office}

    def __str__(self):
        return str(self.document) if self.document else "Pasted figures"

    def get_absolute_url(self):
        return reverse("assurance:indicator-import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}
