"""What stands behind the words of an annual report: what is typed and not saved, and what its writers were shown."""

from django.conf import settings
from django.db import models

from assurance.models.annual_reports import AnnualReport


class ReportDraft(models.Model):
    """What somebody has typed for one page of a report and not saved. Nobody else reads it."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=30, help_text="foreword, in-short, or a section, like section:12")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict, help_text="The form’s fields as they were typed")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["report", "page", "author"], name="one_report_draft_a_page_and_person")
        ]

    def __str__(self):
        return f"{self.report}, {self.page}"


class ReportSeen(models.Model):
    """Something as the writers of a report were shown it: the value of a figure, or a piece of the plan's trail.

    So a number typed by hand is known again after its figure has moved on, and a second drafting tells what is new.
    """

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="seen")
    key = models.CharField(max_length=80, help_text="figure:places-taken-up, or trail:standstill:12")
    value = models.CharField(max_length=80, help_text="As it was printed, or a hash of longer words")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["seen_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "key", "value"], name="seen_once_by_a_report")]

    def __str__(self):
        return f"{self.key}: {self.value}"
