"""The last pages and tasks that ended in a fault of ours, by the reference that whoever met it was shown."""

from django.db import models

from partnership.request_ids import reference


class Fault(models.Model):
    """One of them. Not who met it, nor what they typed: the log, under the same id, has the rest."""

    class Kind(models.TextChoices):
        PAGE = "page", "Page"
        TASK = "task", "Task"

    request = models.CharField(max_length=36, blank=True, db_index=True, help_text="The request's id, or the task's")
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(max_length=120, blank=True, help_text="The view's name, or the task's")
    error = models.CharField(max_length=80, blank=True, help_text="The class of the exception")
    where = models.CharField(
        max_length=200, blank=True, help_text="The last place in our own code that it came through"
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.error} in {self.name}"

    @property
    def reference(self):
        return reference(self.request)
