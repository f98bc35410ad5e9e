"""The way into the case review group's records for somebody outside it, when lives depend on it."""

import uuid

import rules
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.organisations import Partnership
from partnership.rules import is_case_group, is_lead_partner
from partnership.standing import standing_of


class EmergencyAccessQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of partnerships whose lead partner or case review group one is."""
        standing = standing_of(user)
        second = standing.lead_partner_ids | standing.own_case_group_ids
        return self.filter(Q(asked_by=standing.user_id) | Q(partnership__in=second))

    def open(self, *, at):
        """Allowed, not ended, and its hours are not over."""
        return self.filter(allowed_at__isnull=False, ended_at=None, ends_at__gt=at)

    def waiting(self):
        """Asked for and not answered."""
        return self.filter(allowed_at=None, refused_by=None, ended_at=None)


@rules.predicate
def is_asker(user, access):
    return user.pk == access.asked_by_id


@recorded
class EmergencyAccess(RulesModel):
    """One person's way into one partnership's cases for a few hours, with a reason, allowed by a second person.

    It is asked for a partnership and never for a case, so that asking tells nobody whether there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("why you need to see the cases now")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    allowed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_because = models.TextField("why not", blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    asking_told_at = models.DateTimeField(null=True, blank=True, help_text="When those who can answer were mailed")
    answer_told_at = models.DateTimeField(null=True, blank=True, help_text="When the group and the asker were mailed")

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name_plural = "emergency access"
        rules_permissions = {
            "view": is_asker | is_lead_partner | is_case_group,
            "answer": (is_lead_partner | is_case_group) & ~is_asker,
            "end": is_asker | is_lead_partner | is_case_group,
        }
        constraints = [
            models.CheckConstraint(
                name="emergency_access_takes_two", condition=Q(allowed_by=None) | ~Q(allowed_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="emergency_access_ends",
                condition=Q(allowed_at=None, allowed_by=None, ends_at=None)
                | Q(allowed_at__isnull=False, allowed_by__isnull=False, ends_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.asked_by} into the cases of {self.partnership}"

    def get_absolute_url(self):
        return reverse("partnership:emergency-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    def is_open(self, *, at):
        return bool(self.allowed_at and not self.ended_at and self.ends_at > at)
