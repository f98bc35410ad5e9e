"""A document read and waiting for a person's yes. Nothing in it counts until then."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Document, Partnership
from partnership.rules import is_office
from partnership.standing import standing_of
from plans.models.plan import Plan


class PlanImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports of the partnerships whose office this person is in, without the bytes of their documents."""
        ids = standing_of(user).office_ids
        own = self.model.partnerships.through.objects.filter(partnership__in=ids)
        found = self.filter(pk__in=own.values("planimport"))
        return found.select_related("document").defer("document__content")


@recorded
class PlanImport(RulesModel):
    """One uploaded document, what was understood of it, and the plan it became (once)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnerships = models.ManyToManyField(Partnership, related_name="plan_imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    understood = models.JSONField(help_text="The staged draft as it was read, in the shape read_plan gives")
    plan = models.OneToOneField(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="source_import")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": is_office, "change": is_office, "confirm": is_office}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("plans:import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))


class ImportCorrectionQuerySet(models.QuerySet):
    def standing(self):
        """Not undone."""
        return self.filter(undone_at=None)


@recorded
class ImportCorrection(models.Model):
    """One thing that a person put right in a staged draft before the yes.

    What was read stays as it was read; the draft is that with these put on it in their order. A correction
    that is undone stays too, so nothing that anybody typed is lost.
    """

    class What(models.TextChoices):
        CELL = "cell", "changed"
        RIGHT = "right", "found right"
        OUT = "out", "taken out"
        MOVE = "move", "moved"
        SPLIT = "split", "split into two"
        JOIN = "join", "joined with the next"

    staged = models.ForeignKey(PlanImport, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=5, choices=What)
    row = models.CharField(max_length=80, help_text="The key of the row in the draft, or “plan”")
    cell = models.CharField(max_length=20, blank=True)
    values = models.JSONField(default=dict)
    place = models.TextField(help_text="The cell in words, as it was then")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["staged", "number"]
        constraints = [models.UniqueConstraint(fields=["staged", "number"], name="one_correction_at_a_time")]

    def __str__(self):
        return f"{self.place}: {self.get_what_display()}"
