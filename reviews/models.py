"""Cases: restricted to the case review group of their partnership. No names, opaque addresses."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Partnership
from partnership.rules import is_case_group
from partnership.standing import standing_of
from reviews.clock import with_clocks


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody outside the partnership's case review group learns that a case exists."""
        return self.filter(partnership__in=standing_of(user).case_group_ids)

    def open(self):
        return self.exclude(stage=Case.Stage.CLOSED)

    def with_clocks(self):
        """Annotate by when each stage is due and by which rule: see ``reviews.clock``."""
        return with_clocks(self)


@recorded
class Case(RulesModel):
    """A serious incident looked at by the case review group, known by a local reference only."""

    class Stage(models.TextChoices):
        AWARE = "aware", "Aware, not yet notified"
        RAPID_REVIEW = "rapid-review", "Rapid review"
        PRACTICE_REVIEW = "practice-review", "Practice review"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=20, help_text="Local reference. Never a name")
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.AWARE)
    category = models.CharField(max_length=120)
    summary = models.TextField(help_text="What happened, without anything that identifies a person")
    aware_on = models.DateField()
    notified_on = models.DateField(null=True, blank=True)
    rapid_review_sent_on = models.DateField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-aware_on"]
        constraints = [models.UniqueConstraint(fields=["partnership", "reference"], name="one_case_a_local_reference")]
        rules_permissions = {"view": is_case_group, "change": is_case_group}

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("reviews:case-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    def note_reading(self, *, by):
        """Remember that ``by`` opened this case."""
        self.readings.create(read_by=by)


@recorded
class CaseReading(models.Model):
    """Who looked at a case, and when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="readings")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-read_at"]

    def __str__(self):
        return f"{self.case} read by {self.read_by}"
