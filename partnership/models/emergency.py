"""The way into the case review group's records for somebody outside it, when lives depend on it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partnership.history import recorded
from partnership.models.organisations import Partnership


class EmergencyAccessQuerySet(models.QuerySet):
    def open(self, *, at):
        """Allowed, not ended, and its hours are not over."""
        return self.filter(allowed_at__isnull=False, ended_at=None, ends_at__gt=at)


@recorded
class EmergencyAccess(models.Model):
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

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name_plural = "emergency access"
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
