"""Documents brought into a plan, the first and every later issue of it, and what came of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded_except
from partnership.rules import is_office
from partnership.standing import standing_of
from plans.models.imports import PlanImport
from plans.models.plan import Plan


class PlanIssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of plans in whose office this person is."""
        links = Plan.partnerships.through.objects.filter(partnership__in=standing_of(user).office_ids)
        return self.filter(plan__in=links.values("plan"))

    def standing(self):
        """Not taken back."""
        return self.filter(taken_back_at=None)

    def newest_first(self):
        return self.order_by("-brought_at", "-pk")

    def for_list(self):
        """With the names that a list shows, and ``step_count`` in place of the steps."""
        length = Func(F("steps"), function="jsonb_array_length", output_field=IntegerField())
        people = self.annotate(step_count=length).select_related("staged__document", "brought_by", "taken_back_by")
        return people.defer("content", "steps", "staged__understood", "staged__document__content")


@recorded_except("content", "steps")
class PlanIssue(RulesModel):
    """One document that was brought into a plan. The first made the plan; a later one changed it.

    ``content`` is what the document said, by the plan's own rows (see ``plans.reimporting_rows``): a still
    later issue is held against it, so that what was changed in the document is told from what was changed
    here. ``steps`` are what the document changed, so that it can be taken back.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="issues")
    staged = models.ForeignKey(PlanImport, on_delete=models.PROTECT, related_name="issues")
    content = models.JSONField()
    steps = models.JSONField(default=list)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = PlanIssueQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-brought_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staged"], condition=Q(taken_back_at=None), name="a_document_is_brought_in_once"
            )
        ]
        rules_permissions = {"view": is_office, "take_back": is_office}

    def __str__(self):
        return f"{self.staged}, brought into {self.plan}"

    def get_absolute_url(self):
        return reverse("plans:reimport-upload", args=[self.plan_id])

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids
