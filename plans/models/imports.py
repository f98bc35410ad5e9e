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
        """Imports of the partnerships whose office this person is in."""
        ids = standing_of(user).office_ids
        return self.filter(partnerships__in=ids).distinct()


@recorded
class PlanImport(RulesModel):
    """One uploaded document, what was understood of it, and the plan it became (once)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnerships = models.ManyToManyField(Partnership, related_name="plan_imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    understood = models.JSONField(help_text="The staged draft, in the shape read_plan gives")
    plan = models.OneToOneField(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="source_import")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": is_office, "confirm": is_office}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("plans:import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))
