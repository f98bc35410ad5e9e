"""Duties and clocks of the field, by edition, each with its source. Editable data, never constants."""

from django.db import models

from partnership.history import recorded


@recorded
class RuleSet(models.Model):
    """One edition of guidance or law, for example Working Together 2018."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=160)
    published_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.title


@recorded
class Rule(models.Model):
    """One duty: a number with a unit and what it is counted from, a heading a report must have, or work to be done."""

    class Unit(models.TextChoices):
        WORKING_DAYS = "working-days", "working days"
        DAYS = "days", "days"
        MONTHS = "months", "months"
        HEADING = "heading", "heading of the yearly report"
        DUTY = "duty", "duty a plan can promise to meet"

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    code = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=130, blank=True, help_text="As printed beside a section")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=14, choices=Unit, default=Unit.HEADING)
    counted_from = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, help_text="Edition and paragraph")
    verified_on = models.DateField(null=True, blank=True, help_text="Empty: to be verified")

    class Meta:
        ordering = ["rule_set", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "code"], name="one_rule_a_code")]

    def __str__(self):
        return f"{self.rule_set}: {self.title}"
