"""Duties and clocks of the field, by edition, each with its source. Editable data, never constants."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.organisations import Partnership
from partnership.rules import edits_policy, is_signed_in
from partnership.standing import standing_of

TO_BE_VERIFIED = "to be verified"


class RuleSetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Law and guidance are for everybody who is signed in; a partnership's own for its people."""
        if not is_signed_in(user):
            return self.none()
        return self.filter(Q(partnership=None) | Q(partnership__in=standing_of(user).partnership_ids))


@recorded
class RuleSet(RulesModel):
    """One edition of guidance or law, for example Working Together 2018.

    ``audience`` says for which kind of partnership it counts (a ``Partnership.Kind`` of the same word), and the
    two days when. Without a first day it does not count yet; where two count, the one that began last does.
    """

    class Audience(models.TextChoices):
        CHILDREN = "children", "Children’s partnerships"
        ADULTS = "adults", "Adults boards"

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=160)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.CHILDREN)
    published_on = models.DateField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_sets",
        help_text="Empty: of law or guidance. Otherwise the headings that a partnership has set itself",
    )

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        rules_permissions = {"view": is_signed_in, "change": edits_policy}
        constraints = [
            models.CheckConstraint(
                name="rule_set_ends_after_it_begins",
                condition=Q(in_force_until=None)
                | Q(in_force_from__isnull=False, in_force_until__gte=F("in_force_from")),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnership:rule-set-detail", args=[self.pk])

    @property
    def is_own(self):
        return self.partnership_id is not None


class RuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(rule_set__in=RuleSet.objects.visible_to(user).values("pk"))

    def clocks(self):
        """Those that give a day."""
        return self.filter(unit__in=Rule.CLOCKS, number__isnull=False)

    def clock(self, code, *, on, audience):
        """The clock of that code of each edition of law or guidance in force on a day, the newest first.

        Both may be expressions of the query in which this one stands.
        """
        return (
            self.clocks()
            .filter(
                Q(rule_set__in_force_until=None) | Q(rule_set__in_force_until__gte=on),
                code=code,
                rule_set__partnership=None,
                rule_set__in_force_from__lte=on,
                rule_set__audience=audience,
            )
            .order_by("-rule_set__in_force_from", "-rule_set__pk")
        )


@recorded
class Rule(RulesModel):
    """One duty: a number with a unit and what it is counted from, a heading a report must have, or work to be done."""

    class Unit(models.TextChoices):
        WORKING_DAYS = "working-days", "working days"
        DAYS = "days", "days"
        MONTHS = "months", "months"
        HEADING = "heading", "heading of the yearly report"
        DUTY = "duty", "duty a plan can promise to meet"
        RECIPIENT = "recipient", "recipient of the yearly report"

    CLOCKS = (Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS)

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    code = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=130, blank=True, help_text="As printed beside a section")
    evidence = models.TextField("what counts as evidence", blank=True, help_text="Of a heading")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=14, choices=Unit, default=Unit.HEADING)
    is_before = models.BooleanField("counted backwards", default=False)
    counted_from = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, help_text="Edition and paragraph")
    verified_on = models.DateField(null=True, blank=True, help_text="Empty: to be verified")

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["rule_set", "position", "code"]
        rules_permissions = {"view": is_signed_in, "change": edits_policy}
        constraints = [models.UniqueConstraint(fields=["rule_set", "code"], name="one_rule_a_code")]

    def __str__(self):
        return f"{self.rule_set}: {self.title}"

    def get_absolute_url(self):
        return f"{self.rule_set.get_absolute_url()}#rule-{self.pk}"

    @property
    def partnership_id(self):
        return self.rule_set.partnership_id

    @property
    def is_clock(self):
        return self.unit in self.CLOCKS and self.number is not None

    @property
    def span(self):
        """ "15 working days from the day the notification was sent"."""
        unit = self.get_unit_display()
        return f"{self.number} {unit[:-1] if self.number == 1 else unit} {self.direction} {self.counted_from}"

    @property
    def direction(self):
        return "before" if self.is_before else "from"

    @property
    def is_to_be_verified(self):
        """Nobody has read it where it stands. What stands nowhere but in a partnership's own set needs no reading."""
        is_ours_alone = self.rule_set.is_own and self.source == self.rule_set.title[:200]
        return self.verified_on is None and not is_ours_alone

    @property
    def standing(self):
        """Where it stands, and whether anybody read it there."""
        is_said = self.verified_on or TO_BE_VERIFIED in self.source
        if not is_said and not self.is_clock:
            is_said = not self.is_to_be_verified
        return self.source if is_said else f"{self.source}; {TO_BE_VERIFIED}"
