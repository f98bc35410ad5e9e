"""What the office has seen of a plan's drift and let be for a while."""

from django.conf import settings
from django.db import models

from partnership.history import recorded
from plans.models.plan import Plan


class DriftNoteQuerySet(models.QuerySet):
    def in_force(self, *, on):
        """Until the day named, that day included."""
        return self.filter(until__gte=on)


@recorded
class DriftNote(models.Model):
    """One line of drift that was set aside, why, and until when. It comes back by itself on the day after."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="drift_notes")
    key = models.CharField(max_length=60, help_text="The rule and the row, like silent:12")
    reason = models.TextField()
    until = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = DriftNoteQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "until"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="one_note_a_line_of_drift")]

    def __str__(self):
        return f"{self.key} until {self.until}"
